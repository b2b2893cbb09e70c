"""Explorer of page 11: how much satisfaction counts for loyalty where leaving costs more, and how surely one would know.

Nothing in it is measured: the reader sets what is true, and sees what a survey of so many customers could say of it.
"""

from dataclasses import dataclass
from math import erf, sqrt

import numpy as np

from pebbletrail.explorers.explorer import Explorer, Scene, slider
from pebbletrail.figures import INK, MUTED, PALETTE, new_figure

Z = np.linspace(-3, 3, 121)  # exit costs, in SD from the mean
SURE = 1.959964
LEAST = 0.02  # of the spread of loyalty that must be left for everything else
SHOWN = ((-1, "low"), (0, "average"), (1, "high"))  # exit costs of the three lines


@dataclass(frozen=True)
class Lens:
    """What is set, the slope of satisfaction at each of ``Z``, and how far an interval reaches to either side of it."""

    slope: float
    change: float
    own: float
    together: float
    customers: int
    slopes: np.ndarray
    reach: np.ndarray
    region: tuple  # (low, high) where the interval holds zero, in SD; infinite ends where it never ends; empty where nowhere
    unsure: float  # share of customers there

    @property
    def at(self):
        """The slope at low, average and high exit costs."""
        return tuple(self.slope + self.change * z for z, _ in SHOWN)

    @property
    def change_reach(self):
        """Half the interval of the change itself."""
        return SURE * sqrt(spread_left(self.slope, self.change, self.own, self.together)
                           / (self.customers * (1 + self.together**2)))

    @property
    def power(self):
        """Share of such surveys whose interval of the change leaves out zero."""
        errors = abs(self.change) / self.change_reach * SURE
        return normal(errors - SURE) + normal(-errors - SURE)


def spread_left(slope, change, own, together):
    """The variance of loyalty that satisfaction, exit costs and their product leave, where loyalty has variance 1."""
    return 1 - (slope**2 + own**2 + 2 * slope * own * together + change**2 * (1 + together**2))


def lens(slope=0.45, change=-0.07, own=0.1, together=0.4, customers=340):
    """The floodlight that a survey of so many customers has on average, in large samples.

    Satisfaction and exit costs are normal with mean 0, SD 1 and correlation ``together``; loyalty has SD 1. Their product is
    then uncorrelated with both, so that the slope at z has the variance s²/n · (1 / (1 − r²) + z² / (1 + r²)).

    Raises
    ------
    ValueError
        Where the four together would explain more than there is, without a customer, or at a correlation of 1.
    """
    if customers < 1 or not -1 < together < 1:
        raise ValueError(f"customers: {customers}, together: {together}. Allowed are 1 customer or more, and a correlation "
                         "between -1 and 1.")
    left = spread_left(slope, change, own, together)
    if left < LEAST:
        raise ValueError(f"These four would explain {100 * (1 - left):.0f} % of the differences in loyalty; at most "
                         f"{100 * (1 - LEAST):.0f} % can be. Make one of the first three nearer to 0.")
    a, b = left / customers / (1 - together**2), left / customers / (1 + together**2)
    region = _unsure(slope, change, SURE**2 * a, SURE**2 * b)
    return Lens(slope, change, own, together, customers, slope + change * Z, SURE * np.sqrt(a + b * Z**2), region,
                _share(region))


def _unsure(slope, change, a, b):
    """Where (slope + change z)² ≤ a + b z²: the ends, which are the roots of a quadratic."""
    square, double, rest = change**2 - b, 2 * slope * change, slope**2 - a
    if abs(square) < 1e-15:
        if abs(double) < 1e-15:
            return () if rest > 0 else (-np.inf, np.inf)
        end = -rest / double
        return (-np.inf, end) if double > 0 else (end, np.inf)
    inner = double**2 - 4 * square * rest
    if inner <= 0:
        return () if square > 0 else (-np.inf, np.inf)
    low, high = sorted((-double + sign * sqrt(inner)) / (2 * square) for sign in (-1, 1))
    return (low, high) if square > 0 else _outside(low, high)


def _outside(low, high):
    """Both tails, as a pair of pairs."""
    return (-np.inf, low), (high, np.inf)


def _pieces(region):
    return () if not region else region if isinstance(region[0], tuple) else (region,)


def normal(z):
    """Share of the normal curve below z."""
    return 0.5 * (1 + erf(z / sqrt(2)))


def _share(region):
    """Share of customers whose exit costs lie there."""
    below = [normal(end) for piece in _pieces(region) for end in piece]
    return sum(below[1::2]) - sum(below[::2])


def two(number):
    return f"{number:z.2f}".replace("-", "−")


class Beam(Scene):
    """Left three lines of loyalty against satisfaction; right the slope along exit costs, with its interval."""

    def __init__(self):
        self.fig, spare = new_figure(9, 3.9)
        spare.remove()
        left, right = self.fig.subplots(1, 2, width_ratios=[1, 1.35])
        colours = (PALETTE[0], MUTED, PALETTE[1])
        self.lines = [left.plot([-2, 2], [0, 0], color=colour, linestyle=style, linewidth=2)[0]
                      for colour, style in zip(colours, ("-", ":", "--"), strict=True)]
        self.names = [left.text(-1.35, 2.9 - 0.45 * row, "", fontsize=9.5, va="top") for row in range(3)]
        for row, line in enumerate(self.lines):
            left.plot([-1.95, -1.45], [2.78 - 0.45 * row] * 2, color=line.get_color(), linestyle=line.get_linestyle(),
                      linewidth=2)
        left.set(xlim=(-2, 2), ylim=(-3, 3), xlabel="satisfaction (SD from the mean)", ylabel="loyalty (SD from the mean)")
        (self.line,) = right.plot(Z, np.zeros(len(Z)), color=INK, linewidth=2)
        (self.band,) = right.fill([0, 1, 1], [0, 0, 1], color=PALETTE[2], alpha=0.3, linewidth=0)
        self.shades = [right.fill([9, 9, 9], [0, 0, 0], color=MUTED, alpha=0.25, linewidth=0)[0] for _ in range(2)]
        right.axhline(0, color=INK, linewidth=1)
        hill = np.exp(-Z**2 / 2)
        right.fill_between(Z, -1.5, -1.5 + 0.3 * hill, color=MUTED, alpha=0.5, linewidth=0)
        right.text(-2.95, -1.35, "how many customers", fontsize=9, color=INK, va="bottom")
        self.note = right.text(0, 2.05, "", ha="center", va="top", fontsize=9.5)
        right.set(xlim=(-3, 3), ylim=(-1.5, 2.1), xlabel="exit costs (SD from the mean)",
                  ylabel="loyalty for one SD of\nsatisfaction (SD)")
        self.moving = [*self.lines, *self.names, *self.shades, self.band, self.line, self.note]

    def update(self, result):
        for line, name, (z, word), slope in zip(self.lines, self.names, SHOWN, result.at, strict=True):
            line.set_ydata([result.own * z - 2 * slope, result.own * z + 2 * slope])
            name.set_text(f"{word} exit costs: slope {two(slope)}")
        self.line.set_ydata(result.slopes)
        self.band.set_xy(np.column_stack([[*Z, *Z[::-1]], [*(result.slopes + result.reach),
                                                          *(result.slopes - result.reach)[::-1]]]))
        pieces = _pieces(result.region)
        for number, shade in enumerate(self.shades):
            low, high = np.clip(pieces[number], -3, 3) if number < len(pieces) else (9, 9)
            shade.set_xy([[low, -1.15], [high, -1.15], [high, 1.8], [low, 1.8]])
        self.note.set_text("grey: here the survey cannot tell the slope from 0" if result.unsure >= 0.0005 else
                           "nearly everywhere the survey tells the slope from 0")

    def alt(self, result):
        low, _, high = result.at
        return (f"Left, three lines of loyalty against satisfaction, with slope {two(low)} at low, {two(result.slope)} at "
                f"average and {two(high)} at high exit costs. Right, the slope along exit costs, {two(result.slopes[0])} at "
                f"3 SD below the mean and {two(result.slopes[-1])} at 3 SD above, with an interval of ± "
                f"{two(result.reach[60])} at the mean and ± {two(result.reach[-1])} at the ends; {_grey(result)}.")

    def sentence(self, result):
        low, _, high = result.at
        moves = ("Exit costs change nothing in what satisfaction does." if round(result.change, 3) == 0 else
                 f"With each SD more of exit costs the slope changes by {two(result.change)} (± "
                 f"{two(result.change_reach)}): {_hits(result.power)} surveys of this size would tell that from no change.")
        return (f"Of customers with low exit costs (1 SD below the mean), one who is 1 SD more satisfied is "
                f"{_more(low)} loyal; with high ones {_more(high)} loyal. {moves} {_grey(result).capitalize()}.")


def _more(slope):
    return "just as" if round(slope, 2) == 0 else f"{two(abs(slope))} SD {'more' if slope > 0 else 'less'}"


def _hits(power):
    hundred = round(100 * power)
    return "nearly all" if hundred > 99 else f"about {hundred} of 100"


def _grey(result):
    share = 100 * result.unsure
    said = "over 99.9" if share > 99.95 else f"{share:.1f}"
    if share < 0.05:
        return "for nearly all customers the slope can be told from 0"
    return f"the slope cannot be told from 0 for {said} % of customers, those in grey"


def exit_costs():
    """Set what satisfaction and exit costs truly do, and see what a survey would know of it."""
    controls = {
        "slope": slider("slope of satisfaction at average exit costs", "SD for an SD", -0.2, 0.7, 0.45, 0.01),
        "change": slider("change of that slope", "for an SD of exit costs", -0.2, 0.2, -0.07, 0.01),
        "own": slider("what exit costs add to loyalty themselves", "SD for an SD", -0.2, 0.2, 0.1, 0.01),
        "together": slider("correlation of satisfaction and exit costs", "", -0.5, 0.7, 0.4, 0.05),
        "customers": slider("customers asked", "", 100, 3000, 340, 10),
    }
    return Explorer(controls, lens, Beam(), "How far does satisfaction count where leaving costs?")
