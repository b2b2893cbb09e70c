"""The forest plot: studies, their mean, and what a new study would find; for 3 to 60 studies."""

from textwrap import fill, wrap

import numpy as np

from pebbletrail.figures import INK, MUTED, PALETTE, new_figure
from pebbletrail.models.pooling.effect_words import literal, places, span, told

WIDTH, MANY = 7.5, 20  # inches; studies from which rows draw closer together
ODD = 2.5  # times the median standard error: an interval as wide as that does not set the axis
THIN = 0.004  # of the axis to each side: an interval of hardly any width is still seen
CUT = 1.6  # times the range of the others: an axis longer than that is cut, and arrows show what runs off
UNIT = 60  # letters in a line below the axis
LONG = 26, 34  # letters of a name: a line where there is room for two, and where there is room for one


def forest(pooled, unit="effect", zero="no effect"):
    """A forest plot of pooled studies: one line a study, the mean as a diamond, the prediction interval as a bar.

    The heavier a study, the larger its square. Where a few intervals are so wide that they would squash the others, the axis
    is cut and arrows point to where they go on; the numbers beside are whole. Names too long for their room are shortened.

    Parameters
    ----------
    pooled : Pooled or PooledCorrelations
        What ``pt.pool`` and ``pt.pool_correlations`` return.
    unit : str
        What the axis measures.
    zero : str or None
        What the axis' zero means; None draws no line there, nor is one drawn where 0 lies far from every study.
    """
    table, k = pooled.table, pooled.k
    predicted = pooled.method != "fixed"  # by assumption a new study's effect is the mean itself
    height, size = (0.36, 10.0) if k <= MANY else (0.185, 8.0)
    fig, ax = new_figure(WIDTH, 1.75 + height * (k + 1 + predicted))
    low, high = _limits(pooled, predicted, zero is not None)
    rows = np.arange(k, 0, -1) + float(predicted)
    mean = float(predicted)
    if zero is not None and low < 0 < high:
        ax.axvline(0, color=MUTED, linewidth=1, linestyle="--", zorder=0)
        unit = f"{unit} (dashed line: {zero})"
    unit = literal(fill(unit, UNIT))
    for row, start, end in zip(rows, table["ci_low"], table["ci_high"], strict=True):
        _interval(ax, row, start, end, (low, high), PALETTE[0], 1.6 if k <= MANY else 1.1)
    largest = min(0.62 * height * 72, 11.0)  # points: a square stays within its row
    ax.scatter(table["estimate"], rows, s=(3.5 + (largest - 3.5) * np.sqrt(table["weight"] / table["weight"].max())) ** 2,
               marker="s", color=PALETTE[0], linewidth=0, zorder=3)
    _diamond(ax, pooled, mean, high - low)
    if predicted:
        start, end = pooled.prediction
        more = max(0.0, THIN * (high - low) - (end - start) / 2)
        _interval(ax, 0, start - more, end + more, (low, high), PALETTE[1], 5, alpha=0.55)
    ax.set(xlim=(low, high), ylim=(-0.7, rows[0] + 0.7))
    ax.set_xlabel(unit, fontsize=10.5)
    ax.locator_params(axis="x", nbins=6)
    ax.axhline(rows[-1] - 0.5, color=MUTED, linewidth=0.6)
    ax.set_yticks([*rows, mean, *([0] if predicted else [])],
                  [*map(literal, _short_names(table["study"], k)), "mean", *(["a new study"] if predicted else [])])
    ax.tick_params(axis="y", length=0, labelsize=size, pad=7)
    ax.tick_params(axis="x", labelsize=9.5)
    ax.spines["left"].set_visible(False)
    _numbers(ax, pooled, rows, mean, predicted, size)
    fig.supxlabel(fill(f"How much studies differ: {pooled.heterogeneity}", 108), fontsize=9, color=INK, x=0.01, ha="left")
    return fig


def _limits(pooled, predicted, with_zero):
    """The ends of the axis: all intervals, unless a few very wide ones would squash the others."""
    table = pooled.table
    start, end = table["ci_low"].to_numpy(), table["ci_high"].to_numpy()
    usual = end - start <= ODD * np.median(end - start)
    core = [min(*start[usual], pooled.ci[0]), max(*end[usual], pooled.ci[1])]
    for low, high in (pooled.prediction if predicted else pooled.ci, (start.min(), end.max())):
        wider = [min(core[0], low), max(core[1], high)]
        if np.ptp(wider) <= CUT * np.ptp(core):
            core = wider
    length = np.ptp(core) or 1.0
    if with_zero and core[0] - length / 2 < 0 < core[1] + length / 2:
        core = [min(core[0], 0.0), max(core[1], 0.0)]
    return core[0] - 0.03 * length, core[1] + 0.03 * length


def _interval(ax, row, start, end, limits, colour, width, alpha=1.0):
    """A line from ``start`` to ``end``, with an arrow where it runs off the axis."""
    low, high = limits
    ax.plot([max(start, low), min(end, high)], [row, row], color=colour, linewidth=width, alpha=alpha, zorder=2,
            solid_capstyle="butt")
    for off, at, marker in ((start < low, low, "<"), (end > high, high, ">")):
        if off:
            ax.plot([at], [row], marker=marker, markersize=4 + width, color=colour, alpha=alpha, markeredgewidth=0, zorder=4,
                    clip_on=False)


def _diamond(ax, pooled, row, length):
    (start, end), middle = pooled.ci, pooled.estimate
    half = THIN * length
    ax.fill([min(start, middle - half), middle, max(end, middle + half), middle], [row, row + 0.3, row, row - 0.3],
            color=PALETTE[1], linewidth=0, zorder=3)


def _numbers(ax, pooled, rows, mean, predicted, size):
    """Estimates with intervals, and weights, in columns to the right of the axes."""
    table = pooled.table
    decimals = places(float(np.median(table["ci_high"] - table["ci_low"])) / 4)
    beside = [(row, one.estimate, (one.ci_low, one.ci_high), _percent(one.weight))
              for row, one in zip(rows, table.itertuples(), strict=True)]
    beside += [(mean, pooled.estimate, pooled.ci, "")]
    within = getattr(pooled, "scale", "") == "Fisher's z"
    texts = [(row, f"{told(estimate, decimals, within)} [{span(ends, decimals, ', ', within)}]", weight)
             for row, estimate, ends, weight in beside]
    if predicted:
        texts.append((0, f"[{span(pooled.prediction, decimals, ', ', within)}]", ""))
    wide = max(len(text) for _, text, _ in texts)
    for row, text, _ in texts:
        _beside(ax, row, text.rjust(wide), size)
    for row, _, weight in texts:
        if weight:
            _beside(ax, row, " " * wide + weight.rjust(9), size)
    _beside(ax, rows[0] + 0.85, "95 % interval".rjust(wide) + "weight".rjust(9), size)


def _beside(ax, row, text, size):
    ax.annotate(text, (1.03, row), xycoords=("axes fraction", "data"), va="center", fontsize=0.92 * size,
                family="DejaVu Sans Mono", annotation_clip=False)


def _percent(weight):
    if 0 < weight < 0.05:
        return "<0.1 %"
    return ">99.9 %" if 99.95 < weight < 100 else f"{weight:.1f} %"


def _short_names(names, k):
    """Names in two lines where rows have room for them, and without their middle where they have not."""
    two, one = LONG
    if k > MANY:
        return [_without_middle(name, one) for name in names]
    return [_in_two_lines(name, two) for name in names]


def _in_two_lines(name, letters):
    """A name in two lines, shortened in its middle until it fits, for words seldom fill their lines."""
    for most in range(2 * letters - 8, 10, -2):
        lines = wrap(_without_middle(name, most), letters)
        if len(lines) <= 2:
            break
    return "\n".join(lines[:2])


def _without_middle(name, most):
    """A name of ``most`` letters: where it has more, its end is kept too, since a year or a number stands there."""
    end = most // 3
    return name if len(name) <= most else f"{name[:most - end - 1].rstrip()}…{name[-end:].lstrip()}"
