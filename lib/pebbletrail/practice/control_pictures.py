"""Control and quality as pictures, from counts and moments: no picture shows single calls, or few of them."""

import numpy as np
import pandas as pd

from pebbletrail.figures import INK, PALETTE, new_figure
from pebbletrail.moments.accept import is_table
from pebbletrail.practice.pictures import worded

AGENTS = 3  # of a team that is drawn, at the least
BARS = 10   # about as many on the axis of control


def counts(data, column, width=1.0):
    """Rows by steps of ``width`` of a column, a Series by the step's lower end; missing values are not counted."""
    if is_table(data):
        step = (data[column] / width).floor().cast("float64")
        there = data.mutate(step=step).filter(lambda some: some["step"] == some["step"])  # NULL is left out, and NaN
        found = there.group_by("step").agg(rows=lambda some: some.count()).to_pandas()
        counted = pd.Series(found["rows"].to_numpy(), index=found["step"].to_numpy(dtype=float))
    else:
        counted = np.floor(data[column].dropna() / width).value_counts()
    return pd.Series(counted.to_numpy(), index=counted.index.to_numpy(dtype=float) * width, name="rows").sort_index()


def look(study, m):
    """How control and quality are spread, each by itself, so that nothing is seen of how they go together."""
    fig, left = new_figure(7.4, 3.2)
    left.remove()
    few = study.about.few
    width = _step(counts(study.data, "control").index.max())
    for place, (name, step) in enumerate((("control", width), ("quality", 1.0)), 1):
        ax = fig.add_subplot(1, 2, place)
        bars = counts(study.data, name, step)
        bars = bars[bars >= few]
        ax.bar(bars.index + (step / 2 if name == "control" else 0), bars, width=0.9 * step, color=PALETTE[place - 1])
        ax.spines[["top", "right"]].set_visible(False)
        ax.set(xlabel=study.say(f"label.{name}"), ylabel=study.say("label.rows") if place == 1 else "")
    words = {name: float(m.mean[name]) for name in ("control", "quality")}
    return worded(study, fig, study.say("alt.look", few=few, **words))


def _step(most):
    """The width of a bar of control: tens of percent, or what suits a share or a rating."""
    return 10.0 if most > BARS else 1.0 if most > 1 else 0.1


def _alone(study):
    """Teams of so few agents that the team's mean is a person's, where agents were given."""
    if study.in_engine or not study.has("agent"):
        return []
    agents = study.data.groupby("team")["agent"].nunique()
    return agents.index[agents.between(1, AGENTS - 1)]


def teams(study, m, fit):
    """Each team's mean control and quality, larger with more calls, and the main estimate's line through the mean."""
    few = study.about.few
    means = pd.DataFrame([{"n": group.n, **group.mean[["control", "quality"]]} for group in m.groups.values()],
                         index=list(m.groups))
    shown = means[(means["n"] >= few) & ~means.index.isin(_alone(study))]
    slope = float(fit.table.set_index("term").loc["control", "estimate"])
    fig, ax = new_figure(6.4, 4.2)
    ax.scatter(shown["control"], shown["quality"], s=20 + 120 * shown["n"] / means["n"].max(), color=PALETTE[0], alpha=0.6,
               label=study.say("label.teams"))
    ends = np.array([shown["control"].min(), shown["control"].max()]) if len(shown) else np.array([0.0, 1.0])
    ax.plot(ends, m.mean["quality"] + slope * (ends - m.mean["control"]), color=INK, label=study.say("label.slope"))
    ax.set(xlabel=study.say("label.control"), ylabel=study.say("label.quality"))
    fig.legend(loc="outside upper left", fontsize=10, frameon=False)
    alt = study.say("alt.teams", shown=len(shown), hidden=len(means) - len(shown), estimate=slope, few=few,
                    agents=AGENTS)
    return worded(study, fig, alt)
