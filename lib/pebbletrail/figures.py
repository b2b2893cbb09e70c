"""One look for every figure, and no figure without words: ``theme()`` and ``show(fig, alt=…)``."""

import base64
import io
from html import escape

# Okabe and Ito's colours, told apart by readers with any kind of colour vision; the first two also differ in grey.
PALETTE = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#444444"]
INK, MUTED = "#222222", "#777777"
STYLE = {
    "figure.dpi": 110,
    "figure.constrained_layout.use": True,
    "font.size": 11,
    "axes.titlesize": 12,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "text.color": INK,
    "legend.frameon": False,
    "lines.linewidth": 2,
}


def theme():
    """Give the figures of this notebook the kit's look. Called once, in a page's first code cell."""
    import seaborn as sns

    sns.set_theme(context="notebook", style="ticks", palette=PALETTE, rc=STYLE)


def png(fig, dpi=110):
    """A figure as PNG bytes."""
    buffer = io.BytesIO()
    fig.savefig(buffer, format="png", dpi=dpi, bbox_inches="tight", facecolor="white")
    return buffer.getvalue()


def image_tag(fig, alt):
    """A figure as an HTML image that carries its description."""
    data = base64.b64encode(png(fig)).decode("ascii")
    return f'<img alt="{escape(checked_alt(alt), quote=True)}" style="max-width:100%" src="data:image/png;base64,{data}">'


def checked_alt(alt):
    """The description, or an error that says what one is for."""
    if not isinstance(alt, str) or len(alt.split()) < 6:
        raise ValueError(f"alt: {alt!r} does not describe a figure: use a sentence of at least six words that says what it "
                         "shows, for readers who cannot see it.")
    return " ".join(alt.split())


def show(fig, alt):
    """Show a figure with its description.

    Parameters
    ----------
    fig : matplotlib Figure, or anything that has one as ``.figure`` (an Axes, a seaborn grid)
    alt : str
        What the figure shows, in a sentence or two, for a reader who cannot see it.
    """
    from IPython.display import display

    fig = fig if hasattr(fig, "savefig") and not hasattr(fig, "axes_dict") else fig.figure
    bundle = {"text/html": f"<figure style='margin:0'>{image_tag(fig, alt)}</figure>", "text/plain": checked_alt(alt)}
    _close(fig)
    display(bundle, raw=True)


def _close(fig):
    """Drop the figure, so that the notebook does not draw it a second time, without words."""
    import sys

    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close(fig)


def new_figure(width=7.0, height=4.0):
    """``(figure, axes)`` in the kit's look, outside pyplot: nothing global is touched and nothing is drawn twice."""
    import matplotlib as mpl
    from cycler import cycler
    from matplotlib.figure import Figure

    with mpl.rc_context({**STYLE, "axes.prop_cycle": cycler(color=PALETTE)}):
        fig = Figure(figsize=(width, height), layout="constrained")
        return fig, fig.add_subplot()


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


def replicates(draws, row):
    """The histogram of a bootstrap's replicates (a Series), with the estimate and interval of ``row`` of its table."""
    from pebbletrail.words import said

    fig, ax = new_figure(6.5, 3.4)
    ax.hist(draws, bins=min(60, max(10, int(len(draws) ** 0.5))), color=PALETTE[5], edgecolor="white", linewidth=0.4)
    ax.axvspan(row["ci_low"], row["ci_high"], color=PALETTE[0], alpha=0.12, zorder=0)
    ax.axvline(row["estimate"], color=INK, linewidth=1.6)
    ax.set(xlabel=str(row["term"]), ylabel="resamples")
    estimate, low, high = map(said, row[["estimate", "ci_low", "ci_high"]])
    ax.set_title(f"estimate {estimate}, 95 % interval {low} to {high}", fontsize=11)
    ax.spines[["top", "right"]].set_visible(False)
    return fig
