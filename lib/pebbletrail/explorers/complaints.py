"""Explorer of page 12: does better handling of complaints pay, and what does that hang on?

A calculation with assumed numbers, all of which the reader can move: it is evidence for nothing.
"""

from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from pebbletrail.explorers.complaints_words import alt, euros, percent, sentence
from pebbletrail.explorers.explorer import Explorer, Scene, slider
from pebbletrail.figures import INK, MUTED, PALETTE, STYLE, new_figure
from pebbletrail.models.complaints.inputs import INPUTS, share_below
from pebbletrail.models.complaints.money import outcomes
from pebbletrail.worlds.parameters import checked

CUSTOMERS, DRAWS = 10_000, 1_000
FLOOR, CEILING = -60.0, 120.0  # thousand euros: what the axes hold; beyond, bars and lines are cut
MOST_AT_RISK = 2_000.0
CAUSAL = np.linspace(0, 1, 21)
NAMES = ("kept", "cost", "net")
COLOURS = {"kept": PALETTE[2], "cost": PALETTE[4], "net": PALETTE[0]}
LIMITS = {  # of the controls, in their units; nobody leaves less than a customer without a problem (8 %)
    "complain": (10, 80), "speak_up": (0, 30), "satisfied_now": (10, 90), "satisfied_better": (10, 95),
    "leave_satisfied": (8, 40), "leave_unsatisfied": (8, 60), "causal": (0, 100), "margin": (50, 600), "years": (1, 10),
    "cost": (0, 40), "unsure": (0, 100)}


@dataclass(frozen=True)
class Account:
    """Money of 10,000 customers with a problem, in euros: at the values set, and what is left open.

    Attributes
    ----------
    problems : int
    complaints, customers, at_risk, kept, cost, net : float
        Complaints handled; customers kept; the most that is at stake; what they are worth; what it costs; the difference.
    spans : dict
        Of kept, cost and net: where 80 of 100 draws lie.
    pays : float
        The share of the draws with a net value above 0.
    whole : float
        What is kept if handling makes the whole difference.
    low, high : array (21,)
        Where 80 of 100 draws of the net value lie, by causal share.
    causal : float
    years : int
    open : bool
        Whether anything is left open.
    """

    problems: int
    complaints: float
    customers: float
    at_risk: float
    kept: float
    cost: float
    net: float
    spans: dict
    pays: float
    whole: float
    low: np.ndarray
    high: np.ndarray
    causal: float
    years: int
    open: bool

    @property
    def needed(self):
        """The causal share from which it pays; None where no share up to 1 would do."""
        if self.whole <= 0 or self.cost > self.whole:
            return None
        return self.cost / self.whole


@cache
def luck():
    """For each input numbers between 0 and 1, evenly spread, in an order of its own."""
    rng = np.random.default_rng(12)
    return {name: (rng.permutation(DRAWS) + 0.5) / DRAWS for name in INPUTS}


def account(complain=35, speak_up=5, satisfied_now=45, satisfied_better=60, leave_satisfied=12, leave_unsatisfied=30,
            causal=50, margin=250, years=5, cost=8, unsure=100):
    """The account, from values in the units of the controls; other inputs at the likely values of ``pt.complaint_return``.

    ``unsure``: how much of its ranges is left open, in percent; they lie about what is set.

    Raises
    ------
    ValueError
        A value beyond the ends of its control.
    """
    given = locals()
    for name, (low, high) in LIMITS.items():
        checked(name, given[name], low, high)
    likely = {name: one.default[1] for name, one in INPUTS.items()}
    likely |= {"problems": CUSTOMERS, "causal_share": causal / 100, "margin": margin, "cost": cost}
    likely |= {name: given[name] / 100 for name in ("complain", "speak_up", "satisfied_now", "satisfied_better",
                                                    "leave_satisfied", "leave_unsatisfied")}
    found = outcomes(likely, years)
    whole = outcomes({**likely, "causal_share": 1.0}, years)["retained value"]
    x = {name: _draws(name, *_span(name, value, unsure / 100)) for name, value in likely.items()}
    drawn = outcomes({**x, "causal_share": 1.0}, years)
    kept, spent = drawn["retained value"], drawn["total cost"]
    open_ = {"kept": x["causal_share"] * kept, "cost": spent, "net": x["causal_share"] * kept - spent}
    low, high = np.percentile(CAUSAL * kept[:, None] - spent[:, None], (10, 90), axis=0)
    return Account(CUSTOMERS, float(found["complaints"]), float(found["customers kept"]), float(found["value at risk"]),
                   float(found["retained value"]), float(found["total cost"]), float(found["net"]),
                   {name: tuple(map(float, np.percentile(values, (10, 90)))) for name, values in open_.items()},
                   float((open_["net"] > 0).mean()), float(whole), low, high, causal / 100, int(years), unsure > 0)


def _draws(name, low, likely, high):
    """The draws of an input from its range, as ``pt.complaint_return`` has them."""
    return low + (high - low) * _unit(name, (likely - low) / (high - low)) if high > low else np.full(DRAWS, likely)


@lru_cache(maxsize=512)
def _unit(name, place):
    """Draws from 0 to 1 with the likely value at ``place``, read off a table of 512 steps: exact ones take too long."""
    steps = np.linspace(0, 1, 513)
    return np.interp(luck()[name], share_below((0.0, place, 1.0), steps), steps)


def _span(name, value, part):
    """The usual range of an input, moved to the value that is set, and no wider than its limits."""
    low, usual, high = INPUTS[name].default
    least, most = INPUTS[name].limits
    if name == "problems":
        low = high = usual = value  # the account is of 10,000, no more and no fewer
    return max(value - part * (usual - low), least), value, min(value + part * (high - usual), most)


class Ledger(Scene):
    """Left what is at risk; in the middle kept, cost and net; right the net value by how much handling itself makes."""

    def __init__(self):
        import matplotlib as mpl

        self.fig, spare = new_figure(10, 4.2)
        spare.remove()
        with mpl.rc_context(STYLE):
            left, middle, right = self.fig.subplots(1, 3, width_ratios=[0.7, 1.5, 1.9])
        left.set(xlim=(-0.6, 0.6), ylim=(0, 1.12 * MOST_AT_RISK), xticks=[0], ylabel="thousand euros")
        left.set_xticklabels(["at risk,\nat most"])
        (self.risk,) = left.bar([0], [0], width=0.7, color=MUTED)
        (self.part,) = left.bar([0], [0], width=0.7, color=COLOURS["kept"])
        top = {"ha": "center", "va": "center", "fontsize": 10}
        self.risk_words = left.text(0, 1.06 * MOST_AT_RISK, "", **top)
        self.bars = dict(zip(NAMES, middle.bar(range(3), [0] * 3, width=0.62, color=list(COLOURS.values())), strict=True))
        self.strokes = {name: middle.plot([at, at], [0, 0], color=INK, linewidth=3, solid_capstyle="butt")[0]
                        for at, name in enumerate(NAMES)}
        self.words = {name: middle.text(at, CEILING + 6, "", **top) for at, name in enumerate(NAMES)}
        (self.even,) = middle.plot([-0.42, 0.42], [0, 0], "--", color=PALETTE[1], linewidth=2.2)
        middle.axhline(0, color=INK, linewidth=1)
        middle.set(xlim=(-0.6, 2.6), ylim=(FLOOR, CEILING + 12), xticks=range(3), ylabel="thousand euros")
        middle.set_xticklabels(["what is\nkept", "what it\ncosts", "what is\nleft"])
        self.band = right.fill_between(100 * CAUSAL, 0 * CAUSAL, 0 * CAUSAL, color=MUTED, alpha=0.25, linewidth=0)
        (self.line,) = right.plot([0, 100], [0, 0], color=COLOURS["net"], linewidth=2.2)
        (self.here,) = right.plot([0], [0], "o", color=INK, markersize=8, clip_on=False)
        (self.turn,) = right.plot([0, 0], [FLOOR, CEILING], "--", color=PALETTE[1], linewidth=1.6)
        self.turn_words = right.text(50, CEILING + 6, "", color=PALETTE[1], **top)
        right.axhline(0, color=INK, linewidth=1)
        right.set(xlim=(0, 100), ylim=(FLOOR, CEILING + 12), ylabel="what is left (thousand euros)",
                  xlabel="of the difference in leaving,\nmade by handling itself (%)")
        self.fig.legend([self.even, self.strokes["net"], self.here], [
            "what must be kept for it to pay; the share from which it pays", "80 of 100 draws (so is the band)", "as set"],
            loc="outside upper left", ncols=3, fontsize=9.5, frameon=False)
        self.moving = [self.risk, self.part, self.risk_words, *self.bars.values(), *self.strokes.values(),
                       *self.words.values(), self.even, self.band, self.line, self.here, self.turn, self.turn_words]

    def update(self, result):
        self.risk.set_height(_inside(result.at_risk, 0, MOST_AT_RISK))
        share = min(max(result.kept, 0) / result.at_risk, 1) if result.at_risk > 0 else 0.0
        self.part.set_height(share * self.risk.get_height())  # a part of the bar, also of one that is cut
        self.risk_words.set_text(f"{euros(result.at_risk)}{_arrow(result.at_risk, 0, MOST_AT_RISK)}")
        for name in NAMES:
            value = getattr(result, name)
            self.bars[name].set_height(_inside(value))
            self.strokes[name].set_ydata([_inside(end) for end in result.spans[name]])
            self.words[name].set_text(f"{euros(value)}{_arrow(value)}")
        self.even.set_ydata([_inside(result.cost)] * 2)
        self.even.set_visible(result.cost / 1000 <= CEILING)
        corners = np.concatenate([result.low, result.high[::-1]]) / 1000
        self.band.set_verts([np.column_stack([100 * np.concatenate([CAUSAL, CAUSAL[::-1]]), corners])])
        self.line.set_ydata([-result.cost / 1000, (result.whole - result.cost) / 1000])
        self.here.set_data([100 * result.causal], [_inside(result.net)])
        self.here.set_marker({" ↑": "^", " ↓": "v"}.get(_arrow(result.net), "o"))
        needed = result.needed
        self.turn.set_visible(needed is not None)
        self.turn.set_xdata([100 * (needed or 0)] * 2)
        self.turn_words.set_text("no share would do" if needed is None else f"it pays from {percent(needed)} % on")

    def alt(self, result):
        return alt(result)

    def sentence(self, result):
        return sentence(result)


def _inside(value, low=FLOOR, high=CEILING):
    """In thousand euros, no further than the axis reaches."""
    return min(max(value / 1000, low), high)


def _arrow(value, low=FLOOR, high=CEILING):
    """Where a bar is cut, the side on which it goes on."""
    return " ↑" if value / 1000 > high else " ↓" if value / 1000 < low else ""


def complaints():
    """The explorer, as ``pt.explore("complaints")`` opens it."""
    words = {
        "complain": ("customers with a problem who complain", "%", 35),
        "speak_up": ("silent ones who complain when handling is better", "%", 5),
        "satisfied_now": ("complainers satisfied today", "%", 45),
        "satisfied_better": ("complainers satisfied with better handling", "%", 60),
        "leave_satisfied": ("satisfied complainers who leave in a year", "%", 12),
        "leave_unsatisfied": ("unsatisfied complainers who leave in a year", "%", 30),
        "causal": ("of that difference, made by handling itself", "%", 50),
        "margin": ("margin of a customer", "euros a year", 250), "years": ("years looked ahead", "", 5),
        "cost": ("better handling of a complaint costs more by", "euros", 8),
        "unsure": ("left open of the usual ranges", "%", 100)}
    steps = {"margin": 10, "unsure": 10}
    controls = {name: slider(label, unit, *LIMITS[name], start, steps.get(name, 1))
                for name, (label, unit, start) in words.items()}
    return Explorer(controls, account, Ledger(), "Does better handling of complaints pay?")
