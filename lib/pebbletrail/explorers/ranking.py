"""Explorer of page 7: eleven measures, few firms; does the best measure come out on top?

A made-up trade with a known truth. Five hundred studies hold eleven measures of customers' loyalty against the growth of
firms. The draws are the same at every setting, so that what changes in the picture is what the reader moved.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from pebbletrail.explorers.explorer import Explorer, Scene, slider
from pebbletrail.figures import INK, MUTED, PALETTE, new_figure

MEASURES, STUDIES, LEAST, MOST = 11, 500, 4, 200  # LEAST and MOST firms in a study
SEED = 55
LOTS = round(STUDIES / MEASURES)  # studies in which a measure comes first if lots are drawn
NAMES = "ABCDEFGHIJK"
EXACT = 1e-9  # what rounding in the machine may take off a square


def _two(value):
    """Two decimals, and no minus before a nought."""
    return f"{round(float(value), 2) + 0.0:.2f}"


@dataclass(frozen=True)
class Ranked:
    """What the studies find.

    ``found`` is studies × measures: each measure's correlation with growth. Measure 0 is the one that may truly be better.
    """

    firms: int
    true: np.ndarray  # one for each measure
    among: float
    found: np.ndarray

    @property
    def best_on_top(self):
        """How many of the studies have measure 0 first."""
        return int((self.found.argmax(axis=1) == 0).sum())

    @property
    def gaps(self):
        """Largest less smallest correlation, a number for each study."""
        return np.ptp(self.found, axis=1)

    @property
    def middle(self):
        """Where the middle 90 percent of the studies lie: lows and highs, one for each measure."""
        return np.percentile(self.found, [5, 95], axis=0)


@cache
def _draws():
    """Growth, what the measures share beside it, and what each has for itself: studies × firms (× measures)."""
    rng = np.random.default_rng(SEED)
    alone = rng.standard_normal((STUDIES, MOST, MEASURES + 2))
    return alone[..., 0], alone[..., 1], alone[..., 2:]


@cache
def _sums():
    """Running sums over the firms of what correlations are made of: firms × studies × measures (or × 1)."""
    g, c, own = (np.moveaxis(draws, 1, 0) for draws in _draws())
    g, c = g[..., None], c[..., None]
    plain, products = (g, c, own), (g * g, c * c, g * c, g * own, c * own, own * own)
    return tuple(np.cumsum(one, axis=0) for one in plain), tuple(np.cumsum(one, axis=0) for one in products)


def _products(firms):
    """Sums of products over the first ``firms`` firms, each variable less its mean there: of growth, shared and own.

    The running sums cost once what a setting of ``firms`` would cost each time. A plain sum of products less n times the
    product of means is safe here: all draws have mean 0 and spread 1.
    """
    (g, c, own), products = _sums()
    at = firms - 1
    means = ((g, g), (c, c), (g, c), (g, own), (c, own), (own, own))
    return tuple(xy[at] - x[at] * y[at] / firms for xy, (x, y) in zip(products, means, strict=True))


def loadings(true, among):
    """How much of what is left of a measure, once growth is taken out, it shares with the others; one for each measure.

    All pairs of measures correlate ``among``. ``true`` are their correlations with growth; all but the first are the same.
    """
    ordinary = (among - true[1] ** 2) / (1 - true[1] ** 2)
    first = (among - true[0] * true[1]) / np.sqrt((1 - true[0] ** 2) * (1 - true[1] ** 2))
    if ordinary <= 0 or abs(first) > np.sqrt(ordinary) + EXACT:
        raise ValueError(f"among: measures that correlate {true[0]:g} and {true[1]:g} with growth cannot all correlate "
                         f"{among:g} with each other.")
    shared = np.sqrt(ordinary)
    return np.array([min(1.0, max(-1.0, first / shared)), *[shared] * (len(true) - 1)])


def compute(firms, true, among, better):
    """The studies, where measure A truly correlates ``true + better`` with growth, and each of the others ``true``.

    Parameters
    ----------
    firms : int
        4 to 200.
    true, among, better : float
        ``among`` is how each measure correlates with each other one, below 1.

    Raises
    ------
    ValueError
        If there are too few or too many firms, or no measures could correlate so; the message says which.
    """
    if not (np.isfinite(firms) and LEAST <= firms <= MOST and firms == int(firms)):
        raise ValueError(f"firms: {firms} is not a whole number from {LEAST} to {MOST}, which the studies hold.")
    for name, value in {"true": true, "true + better": true + better, "among": among}.items():
        if not abs(value) < 1:
            raise ValueError(f"{name}: {value:g} is not a correlation between -1 and 1 (ends left out).")
    truth = np.array([true + better, *[true] * (MEASURES - 1)])
    share, left = loadings(truth, among), np.sqrt(1 - truth**2)
    a, b = left * share, left * np.sqrt(1 - share**2)
    gg, cc, gc, ge, ce, ee = _products(int(firms))
    covariance = truth * gg + a * gc + b * ge
    variance = truth**2 * gg + a**2 * cc + b**2 * ee + 2 * (truth * a * gc + truth * b * ge + a * b * ce)
    return Ranked(int(firms), truth, among, covariance / np.sqrt(gg * variance))


class Measures(Scene):
    """A row for each measure: where the studies find it, the truth, and one study."""

    def __init__(self):
        self.fig, ax = new_figure(7.5, 4.4)
        rows = np.arange(MEASURES)
        ax.plot([0, 0], [-0.7, MEASURES - 0.4], color=MUTED, linewidth=0.8, zorder=0)
        self.bars = [ax.plot([], [], color=PALETTE[1 if row == 0 else 5], linewidth=8, alpha=0.55, solid_capstyle="butt",
                             zorder=1)[0] for row in rows]
        (self.truth,) = ax.plot(0 * rows, rows, "|", color=INK, markersize=15, markeredgewidth=2, zorder=2,
                                label="the truth")
        (self.one,) = ax.plot(0 * rows, rows, "o", color=PALETTE[0], markersize=7, zorder=3, label="one study")
        (self.winner,) = ax.plot([], [], "o", color="none", markeredgecolor=INK, markersize=14, markeredgewidth=1.6,
                                 zorder=4, label="comes first in it")
        for colour, name in ((PALETTE[1], "9 of 10 studies: A"), (PALETTE[5], "the others")):
            ax.plot([], [], color=colour, alpha=0.55, linewidth=8, solid_capstyle="butt", label=name)
        self.note = ax.text(0.0, -2.05, "", ha="center", va="center", fontsize=11)
        ax.set(xlim=(-1.02, 1.02), ylim=(MEASURES - 0.4, -2.8), xlabel="correlation with growth, as a study finds it")
        ax.set_yticks(rows, [f"measure {name}" for name in NAMES])
        ax.tick_params(axis="y", length=0)
        ax.spines["left"].set_bounds(-0.7, MEASURES - 0.4)  # below the words at the top
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=5, handletextpad=0.6, columnspacing=1.0,
                  frameon=False)
        self.moving = [*self.bars, self.truth, self.one, self.winner, self.note]

    def update(self, result):
        low, high = result.middle
        for row, bar in enumerate(self.bars):
            bar.set_data([low[row], high[row]], [row, row])
        self.truth.set_xdata(result.true)
        first = result.found[0]
        self.one.set_xdata(first)
        self.winner.set_data([first.max()], [first.argmax()])
        self.note.set_text(f"measure A comes first in {result.best_on_top} of {STUDIES} studies; "
                           f"typical gap of first and last: {np.median(result.gaps):.2f}")

    def alt(self, result):
        low, high = result.middle
        first = result.found[0]
        a, b, dots = ([_two(one) for one in pair] for pair in
                      ((low[0], high[0]), (low[1], high[1]), (first.min(), first.max())))
        return (f"Eleven rows, a measure each. Nine of ten studies find measure A between {a[0]} and {a[1]}, the truth "
                f"being {_two(result.true[0])}; measure B between {b[0]} and {b[1]}, the truth being "
                f"{_two(result.true[1])}. In the study shown the dots run from {dots[0]} to {dots[1]}, and measure "
                f"{NAMES[first.argmax()]} comes first.")

    def sentence(self, result):
        top, gap = result.best_on_top, np.median(result.gaps)
        start = f"Studies of {result.firms} firms, eleven measures that correlate {result.among:.2f} with each other."
        spread = f"In half of the studies the first and the last measure are at least {gap:.2f} apart"
        if result.true[0] == result.true[1]:
            return (f"{start} All truly go with growth alike, {result.true[0]:.2f}. {spread}: that is luck alone. Measure A "
                    f"comes first in {top} of {STUDIES} studies; drawing lots would give {LOTS}.")
        return (f"{start} Measure A truly goes with growth most, {result.true[0]:.2f}; the others {result.true[1]:.2f}. It "
                f"comes first in {top} of {STUDIES} studies (drawing lots would give {LOTS}), another one in "
                f"{STUDIES - top}. {spread}, where the truth is {result.true[0] - result.true[1]:.2f}.")


def ranking():
    """Move the number of firms and the truth, and see how far a ranking of measures can be trusted."""
    controls = {
        "firms": slider("firms in a study", "", LEAST, MOST, 12, 1),
        "true": slider("every measure's true link with growth", "r", 0.0, 0.5, 0.3, 0.05),
        "among": slider("the measures' links with each other", "r", 0.3, 0.9, 0.7, 0.05),
        "better": slider("measure A is truly better by", "r", 0.0, 0.25, 0.0, 0.05),
    }
    return Explorer(controls, compute, Measures(), "Which measure is best?")
