"""The relational chain as pictures, from moments alone."""

import numpy as np

from pebbletrail.figures import PALETTE, new_figure
from pebbletrail.practice import chain_fit
from pebbletrail.practice.pictures import worded


def look(study, m):
    """Mean and standard deviation of each construct; nothing is seen of how they go together."""
    names = chain_fit.given(study)
    fig, ax = new_figure(6.4, 0.45 * len(names) + 1.2)
    rows = np.arange(len(names))[::-1]
    ax.errorbar([m.mean[name] for name in names], rows, xerr=[m.sd[name] for name in names], fmt="o", color=PALETTE[0],
                capsize=3)
    ax.set_yticks(rows, [study.say(f"label.{name}") for name in names])
    ax.set(xlabel=study.say("label.scale"))
    return worded(study, fig, study.say("alt.look", constructs=len(names), n=int(m.n)))


def paths_found(study, found):
    """Every path with its 95 % interval."""
    table = found.table.iloc[::-1].reset_index(drop=True)
    fig, ax = new_figure(6.8, 0.34 * len(table) + 1.2)
    half = [table["estimate"] - table["ci_low"], table["ci_high"] - table["estimate"]]
    ax.errorbar(table["estimate"], table.index, xerr=half, fmt="o", color=PALETTE[0], capsize=3)
    ax.axvline(0, color="#777777", linewidth=1, linestyle="--")
    names = {name: study.say(f"label.{name}") for name in chain_fit.given(study)}
    ax.set_yticks(table.index, [f"{names[one]} → {names[other]}" for one, other in zip(table["predictor"], table["outcome"],
                                                                                       strict=True)])
    ax.set(xlabel=study.say("label.path"))
    return worded(study, fig, study.say("alt.paths", paths=len(table)))
