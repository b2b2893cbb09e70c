"""Pictures of measures: item-rest correlations as bars, correlations as a map."""

from textwrap import fill

import numpy as np

from pebbletrail.figures import INK, MUTED, PALETTE, new_figure
from pebbletrail.measures.given import two

WIDE = 26  # characters of a name in one line
WITH_INTERVALS, WITH_NUMBERS = 8, 16  # variables up to which a map of correlations shows these in its cells


def item_bars(analysis, floor):
    """Bars of item-rest correlations; ``floor`` is where an item adds little. Flagged items are coloured and say why."""
    table = analysis.table
    rows = np.arange(k := len(table))
    fig, ax = new_figure(7.5, 1.3 + 0.36 * k)
    flags, values = table["flag"].to_list(), table["item_rest"].to_numpy()
    ends = np.nan_to_num(values)
    ax.barh(rows, ends, color=[PALETTE[1] if flag else PALETTE[0] for flag in flags], height=0.66)
    ax.axvline(0, color=INK, linewidth=1)
    ax.axvline(floor, color=MUTED, linewidth=1, linestyle="--", zorder=0)
    for row, value, flag in zip(rows, values, flags, strict=True):
        shown = "none" if np.isnan(value) else two(value)
        ax.annotate(f"{shown}  {flag}".rstrip(), (max(ends[row], 0), row), xytext=(5, 0), textcoords="offset points",
                    va="center", fontsize=9.5, bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6})
    lowest = min(0.0, ends.min())
    longest = max(max(end, 0) + 0.017 * (len(flag) + 7) for end, flag in zip(ends, flags, strict=True))
    ax.set(xlim=(lowest * 1.08, max(1.0, longest)), ylim=(k - 0.4, -0.6), xlabel="correlation with the rest of the scale")
    ax.set_yticks(rows, [fill(str(item), WIDE) for item in table["item"]])
    ax.set_xticks([tick for tick in np.arange(-1, 1.01, 0.2).round(1) if tick >= lowest - 0.01])
    ax.tick_params(axis="y", length=0)
    ax.spines[["top", "right", "left"]].set_visible(False)
    fig.suptitle(f"Cronbach's alpha {analysis.alpha:.2f} (dashed line: {floor:.2f}, a customary floor for an item)", x=0.01,
                 ha="left", fontsize=11)
    return fig


def correlation_map(names, pairs):
    """The lower triangle of a table of correlations, coloured by size and sign.

    Parameters
    ----------
    names : list
    pairs : dict of (row, column) to (estimate, ci_low, ci_high)
        Positions below the diagonal.
    """
    from matplotlib import colormaps

    k = len(names)
    cell = 1.02 if k <= WITH_INTERVALS else 0.6 if k <= WITH_NUMBERS else 0.32
    labels = [fill(str(name), WIDE) if k <= WITH_NUMBERS else str(name) for name in names]
    fig, ax = new_figure(2.6 + cell * (k - 1), 2.1 + cell * 0.72 * (k - 1))
    values = np.full((k - 1, k - 1), np.nan)
    for (row, column), (estimate, *_) in pairs.items():
        values[row - 1, column] = estimate
    colours = colormaps["PuOr_r"]
    drawn = ax.pcolormesh(values, cmap=colours, vmin=-1, vmax=1, edgecolors="white", linewidth=1.5)
    for (row, column), (estimate, low, high) in pairs.items() if k <= WITH_NUMBERS else ():
        text = two(estimate)
        if k <= WITH_INTERVALS and np.isfinite(low):
            text += f"\n[{two(low)}, {two(high)}]"
        light = np.dot(colours((estimate + 1) / 2)[:3], [0.299, 0.587, 0.114])  # how bright the cell looks
        ax.text(column + 0.5, row - 0.5, text, ha="center", va="center", color="white" if light < 0.5 else INK, fontsize=9,
                linespacing=1.4)
    ax.set_xticks(np.arange(k - 1) + 0.5, labels[:-1], rotation=40, ha="right", rotation_mode="anchor")
    ax.set_yticks(np.arange(k - 1) + 0.5, labels[1:])
    ax.set(ylim=(k - 1, 0), xlim=(0, k - 1))
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    if k > WITH_NUMBERS:
        fig.colorbar(drawn, ax=ax, label="correlation", shrink=0.7)
    else:
        fig.suptitle("orange: above 0; violet: below 0", x=0.01, ha="left", fontsize=10)
    return fig
