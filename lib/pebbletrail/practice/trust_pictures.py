"""Trust across stages as pictures: counts and means of groups, never of few people."""

from itertools import pairwise
from textwrap import fill

import numpy as np
import pandas as pd

from pebbletrail.figures import PALETTE, new_figure
from pebbletrail.moments.accept import is_table
from pebbletrail.practice.pictures import worded
from pebbletrail.practice.trust_fit import levels

YEARS = (0, 6, 12, 24, 48, 96, np.inf)  # months: a stage grows as the relationship does


def look(study):
    """How many customers there are by length of the relationship; nothing is seen of trust and intention together."""
    counts = _by_length(study, ())
    fig, ax = new_figure(6.4, 3.2)
    shown = counts[counts["n"] >= study.about.few]
    ax.bar(shown["label"], shown["n"], color=PALETTE[0])
    ax.set(xlabel=study.say("label.months"), ylabel=study.say("label.customers"))
    return worded(study, fig, study.say("alt.look", shown=len(shown), few=study.about.few))


def by_length(study):
    """Mean of each level of trust by length of the relationship, with 95 % intervals."""
    fig, ax = new_figure(6.6, 3.8)
    names = levels(study)
    means = _by_length(study, names)
    shown = means[means["n"] >= study.about.few].reset_index(drop=True)
    for place, name in enumerate(names):
        half = 1.96 * shown[f"{name} sd"] / np.sqrt(shown["n"])
        ax.errorbar(np.arange(len(shown)) + 0.12 * (place - 1), shown[name], yerr=half, fmt="os^"[place],
                    color=PALETTE[place], capsize=3, label=study.say(f"label.{name}"))
    ax.set_xticks(np.arange(len(shown)), shown["label"])
    ax.set(xlabel=study.say("label.months"), ylabel=study.say("label.trust"))
    fig.legend(loc="outside upper left", fontsize=10, frameon=False, ncols=len(names))
    return worded(study, fig, study.say("alt.by-length", shown=len(shown), few=study.about.few))


def by_stage(study, stages):
    """Mean of each level of trust in each stage that the firm names, with 95 % intervals."""
    def means(name):
        return stages.table[name], stages.table[f"{name} half"]

    return _stages(study, stages, means, "trust", "alt.stages")


def slopes_by_stage(study, stages):
    """What each level of trust counts for in each stage: slopes of intention, with 95 % intervals."""
    def slopes(name):
        found = stages.slopes(name)
        return found["estimate"], found["high"] - found["estimate"]

    return _stages(study, stages, slopes, "slope", "alt.slopes")


def _stages(study, stages, shown, label, alt):
    fig, ax = new_figure(6.6, 3.8)
    names, titles = levels(study), stages.table["stage"].astype(str)
    for place, name in enumerate(names):
        middle, half = shown(name)
        ax.errorbar(np.arange(len(titles)) + 0.12 * (place - 1), middle, yerr=half, fmt="os^"[place], color=PALETTE[place],
                    capsize=3, label=study.say(f"label.{name}"))
    if label == "slope":
        ax.axhline(0, color="0.5", lw=1, zorder=0)
    ax.set_xticks(np.arange(len(titles)), [fill(title, 14) for title in titles], parse_math=False)
    ax.set(xlabel=study.say("label.stage"), ylabel=study.say(f"label.{label}"))
    fig.legend(loc="outside upper left", fontsize=10, frameon=False, ncols=len(names))
    return worded(study, fig, study.say(alt, names=", ".join(titles)))


def _by_length(study, names):
    """One row a span of months: ``label, n``, and the mean and standard deviation of some columns."""
    data, made = study.data, []
    for low, high in pairwise(YEARS):
        part = _between(data, low, high)
        row = {"label": f"{low}–{high:g}" if np.isfinite(high) else f"{low}+", "n": _size(part)}
        for name in names if row["n"] else ():
            row |= {name: _one(part[name].mean()), f"{name} sd": _one(part[name].std())}
        made.append(row)
    return pd.DataFrame(made)


def _between(data, low, high):
    months = data["months"]
    inside = (months >= low) & (months < (1e9 if np.isinf(high) else high))
    return data.filter(inside) if is_table(data) else data[inside]


def _size(part):
    return int(part.count().to_pandas()) if is_table(part) else len(part)


def _one(value):
    value = value.to_pandas() if hasattr(value, "to_pandas") else value
    return float("nan") if value is None else float(value)
