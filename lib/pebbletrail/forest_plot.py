"""The forest plot: studies, their mean, and what a new study would find."""

from pebbletrail.figures import MUTED, PALETTE, new_figure


def forest(pooled, unit="effect", zero="no effect"):
    """A forest plot of pooled studies: one line a study, the mean as a diamond, the prediction interval as a bar.

    Parameters
    ----------
    pooled : Pooled
        What ``pt.pool`` returns.
    unit, zero : str
        What the axis measures, and what its zero means.
    """
    table, k = pooled.table, pooled.k
    fig, ax = new_figure(7.5, 1.6 + 0.36 * (k + 2))
    rows = range(k + 1, 1, -1)
    ax.axvline(0, color=MUTED, linewidth=1, linestyle="--", zorder=0)
    ax.hlines(rows, table["ci_low"], table["ci_high"], color=PALETTE[0], linewidth=1.6)
    ax.scatter(table["estimate"], rows, s=18 + 5 * table["weight"], marker="s", color=PALETTE[0], zorder=3)
    _diamond(ax, pooled, height=1)
    ax.hlines(0, *pooled.prediction, color=PALETTE[1], linewidth=5, alpha=0.55)
    ax.set_yticks([*rows, 1, 0], [*table["study"], "mean", "a new study"])
    for row, (_, study) in zip(rows, table.iterrows(), strict=True):
        _beside(ax, row, f"{study['estimate']:.2f} [{study['ci_low']:.2f}, {study['ci_high']:.2f}]")
    _beside(ax, 1, f"{pooled.estimate:.2f} [{pooled.ci[0]:.2f}, {pooled.ci[1]:.2f}]")
    _beside(ax, 0, f"[{pooled.prediction[0]:.2f}, {pooled.prediction[1]:.2f}]")
    ax.set(xlabel=f"{unit} (dashed line: {zero})", ylim=(-0.7, k + 1.7))
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    return fig


def _diamond(ax, pooled, height):
    (low, high), middle = pooled.ci, pooled.estimate
    ax.fill([low, middle, high, middle], [height, height + 0.28, height, height - 0.28], color=PALETTE[1], zorder=3)


def _beside(ax, row, text):
    """Numbers in a column to the right of the axes."""
    ax.annotate(text, (1.02, row), xycoords=("axes fraction", "data"), va="center", fontsize=9.5,
                family="DejaVu Sans Mono")
