"""The funnel plot: effects against their standard errors, the most precise study on top."""

import numpy as np

from pebbletrail.figures import INK, MUTED, PALETTE, new_figure
from pebbletrail.models.pooling.effect_words import literal


def draw(pooled, unit, caution):
    """Draw a Pooled; ``caution`` stands below, for a funnel is often read as proof."""
    from textwrap import fill

    y, error = pooled.around.y, np.sqrt(pooled.around.v)
    fig, ax = new_figure(7.0, 4.8)
    deep = 1.06 * error.max()
    middle, reach = pooled.estimate, 1.959964 * deep
    ax.vlines(middle, 0, deep, color=PALETTE[1], linewidth=1.6, zorder=1, label="mean")
    ax.fill([middle, middle - reach, middle + reach], [0, deep, deep], color=PALETTE[5], alpha=0.16, linewidth=0, zorder=0,
            label="95 % of studies, if only chance spreads them")
    ax.plot([middle - reach, middle, middle + reach], [deep, 0, deep], color=MUTED, linewidth=1, linestyle="--", zorder=1)
    ax.scatter(y, error, s=34, color=PALETTE[0], edgecolor="white", linewidth=0.6, zorder=3, clip_on=False)
    ax.set(ylim=(deep, 0), xlabel=literal(fill(unit, 80)), ylabel="standard error (small studies below)")
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, fontsize=9.5, borderaxespad=0.3, frameon=False)
    fig.supxlabel(fill(caution, 96), fontsize=9, color=INK, x=0.02, ha="left")
    return fig
