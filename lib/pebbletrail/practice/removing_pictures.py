"""Removing control as pictures: who lost control when, and the course of the difference."""

import pandas as pd

from pebbletrail.figures import INK, MUTED, PALETTE, new_figure
from pebbletrail.practice.pictures import worded


def look(study, rows):
    """How many units have had their control removed, period by period: nothing of the outcome."""
    units = rows.groupby("unit")["start"].first()
    periods = range(int(rows["period"].min()), int(rows["period"].max()) + 1)
    gone = pd.Series({period: int((units <= period).sum()) for period in periods})
    fig, ax = new_figure(6.8, 3.2)
    ax.step(gone.index, gone, where="post", color=PALETTE[1])
    ax.fill_between(gone.index, gone, step="post", color=PALETTE[1], alpha=0.2)
    ax.set(xlabel=study.say("label.period"), ylabel=study.say("label.units"), ylim=(0, len(units)))
    return worded(study, fig, study.say("alt.look", periods=len(gone), units=len(units), last=int(gone.iloc[-1])))


def course(study, fit):
    """The difference by period since the removal, with what was seen before it."""
    few = study.about.few
    fig, ax = new_figure(7.2, 4.0)
    ax.axhline(0, color=INK, linewidth=1)
    parts = [(fit.table, PALETTE[0], "o")] + ([(fit.leads.table, MUTED, "s")] if fit.leads is not None else [])
    for table, color, marker in parts:
        shown = table[table["rows"] >= few]
        half = (shown["ci_high"] - shown["estimate"]).fillna(0)
        ax.errorbar(shown["since"], shown["estimate"], half, color=color, marker=marker, markersize=5, linestyle="none",
                    elinewidth=1.4)
    ax.axvline(-0.5, color=MUTED, linestyle=":", linewidth=1)
    ax.hlines(fit.estimate, -0.5, fit.table["since"].max() + 0.5, color=PALETTE[1], linestyle="--", linewidth=1.4)
    ax.set(xlabel=study.say("label.since"), ylabel=study.say("label.effect"))
    alt = study.say("alt.course", estimate=fit.estimate, low=fit.ci[0], high=fit.ci[1], few=few)
    return worded(study, fig, alt)
