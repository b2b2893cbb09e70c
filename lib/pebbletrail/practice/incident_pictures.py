"""Incidents and staying as pictures, from counts, means and curves: no picture shows single customers, or few of them."""

import numpy as np

from pebbletrail.figures import INK, PALETTE, new_figure
from pebbletrail.measures.proportion import wilson
from pebbletrail.practice.incident_survival import LOWER, UPPER, drawn
from pebbletrail.practice.pictures import worded

GRID, ROWS = 9, 5000  # places of the curve, and rows that it is averaged over


def look(study, cases):
    """How justice and staying are spread, each by itself, so that nothing is seen of how they go together."""
    fig, left = new_figure(7.4, 3.2)
    left.remove()
    few = study.about.few
    for place, name in enumerate((cases.exposure, "stayed"), 1):
        ax = fig.add_subplot(1, 2, place)
        bars = cases.rows[name].round().value_counts().sort_index()
        bars = bars[bars >= few]
        ax.bar(bars.index, bars, width=0.8, color=PALETTE[place - 1])
        if name != "justice":
            ax.set_xticks([0, 1], [study.say("label.no"), study.say("label.yes")])
        ax.spines[["top", "right"]].set_visible(False)
        ax.set(xlabel=study.say(f"label.{name}"), ylabel=study.say("label.rows") if place == 1 else "")
    values = {"n": len(cases.rows), "stayed": float(100 * cases.rows["stayed"].mean())}
    return worded(study, fig, study.say("alt.look", few=few, **values))


def shares(study, cases, fit):
    """The share who stayed by justice, as counted and as the model has it on average over the same incidents."""
    few, name = study.about.few, cases.exposure
    steps = cases.rows.groupby(cases.rows[name].round())["stayed"].agg(["size", "mean", "sum"])
    shown = steps[(steps["sum"] >= few) & (steps["size"] - steps["sum"] >= few)]  # a share must not tell of a few people
    fig, ax = new_figure(6.4, 4.0)
    low, high = zip(*(wilson(round(mean * size), size) for size, mean in shown[["size", "mean"]].itertuples(index=False)),
                    strict=True)
    ax.vlines(shown.index, 100 * np.array(low), 100 * np.array(high), color=PALETTE[0], alpha=0.5, linewidth=1)
    ax.scatter(shown.index, 100 * shown["mean"], s=20 + 180 * shown["size"] / steps["size"].max(), color=PALETTE[0],
               alpha=0.7, label=study.say("label.counted"))
    rows = cases.rows if len(cases.rows) <= ROWS else cases.rows.sample(ROWS, random_state=1)
    grid = np.linspace(cases.rows[name].min(), cases.rows[name].max(), GRID)
    ax.plot(grid, [100 * fit.predict(rows.assign(**{name: at}))["probability"].mean() for at in grid], color=INK,
            label=study.say("label.model"))
    if name == "just":
        ax.set_xticks([0, 1], [study.say("label.no"), study.say("label.yes")])
    ax.set(xlabel=study.say(f"label.{name}"), ylabel=study.say("label.share"))
    fig.legend(loc="outside upper left", fontsize=10, frameon=False)
    low, high = (float(100 * value) for value in (shown["mean"].min(), shown["mean"].max()))
    alt = study.say("alt.shares", shown=len(shown), hidden=len(steps) - len(shown), low=low, high=high, few=few)
    return worded(study, fig, alt)


def curves(study, cases, found, told):
    """Kaplan-Meier curves of the two groups, as far as enough customers were watched."""
    fig, ax = new_figure(6.8, 4.0)
    kind = "scale" if cases.scale else "yes"
    for (group, line), color in zip(drawn(found, study.about.few).items(), PALETTE, strict=False):
        ax.step([0, *line.index], [100, *(100 * line)], where="post", color=color, label=study.say(f"label.{group}.{kind}"))
    ax.set(xlabel=study.say("label.months"), ylabel=study.say("label.there"), ylim=(0, 101))
    fig.legend(loc="outside upper left", fontsize=10, frameon=False)
    ends = {name: told[f"{name}_share"] for name in (LOWER, UPPER)}
    return worded(study, fig, study.say("alt.curves", month=told["month"], few=study.about.few, **ends))
