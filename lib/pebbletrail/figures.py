"""One look for every figure, and no figure without words: ``theme()`` and ``show(fig, alt=…)``."""

import base64
import io
import os
from functools import cache
from html import escape

# Okabe and Ito's colours, told apart by readers with any kind of colour vision; the first two also differ in grey.
PALETTE = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#444444"]
INK, MUTED = "#222222", "#777777"
UNSEEN = "PEBBLETRAIL_UNSEEN"  # set where nobody looks: drawing takes longer than the rest of many a notebook
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
    return png_tag(png(fig), alt)


def png_tag(image, alt):
    """PNG bytes as an HTML image that carries its description."""
    data = base64.b64encode(image).decode("ascii")
    return f'<img alt="{escape(checked_alt(alt), quote=True)}" style="max-width:100%" src="data:image/png;base64,{data}">'


def checked_alt(alt):
    """The description, or an error that says what one is for."""
    if not isinstance(alt, str) or len(alt.split()) < 6:
        raise ValueError(f"alt: {alt!r} does not describe a figure: use a sentence of at least six words that says what it "
                         "shows, for readers who cannot see it.")
    return " ".join(alt.split())


def show(fig, alt=None):
    """Show a figure with its description.

    Parameters
    ----------
    fig : matplotlib Figure, or anything that has one as ``.figure`` (an Axes, a seaborn grid)
    alt : str
        What the figure shows, in a sentence or two, for a reader who cannot see it. A figure that a result drew
        (``fit.figure()``) brings a description of its own, which this one replaces.
    """
    from IPython.display import display

    fig = fig if hasattr(fig, "savefig") and not hasattr(fig, "axes_dict") else fig.figure
    alt = getattr(fig, "alt", None) if alt is None else alt
    picture = "" if os.environ.get(UNSEEN) == "1" else image_tag(fig, alt)
    bundle = {"text/html": f"<figure style='margin:0'>{picture}</figure>", "text/plain": checked_alt(alt)}
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

    with mpl.rc_context({**STYLE, "axes.prop_cycle": cycler(color=PALETTE)}):
        fig = _described_figure()(figsize=(width, height), layout="constrained")
        return fig, fig.add_subplot()


@cache
def _described_figure():
    """A matplotlib Figure that may carry its description; as the last line of a cell it shows itself with it."""
    from matplotlib.figure import Figure

    class Described(Figure):
        alt = None

        def _ipython_display_(self):
            show(self)

    return Described


def described(fig, alt, default):
    """The figure, with ``alt`` or else a sentence of its own as its description."""
    fig.alt = checked_alt(default if alt is None else alt)
    return fig


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
