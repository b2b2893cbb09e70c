"""Explorer of page 8: what a made-up rule of memory keeps of a call, and when one outstanding minute pays.

All of it is assumed: the calls, the rule and its weights. It shows what a rule of memory would do, and is evidence for none.
"""

import math
import numbers
from dataclasses import dataclass

import numpy as np

from pebbletrail.explorers.explorer import Explorer, Scene, choice, slider
from pebbletrail.figures import INK, MUTED, PALETTE, new_figure

MINUTES, TOP = 10, 10
CALLS = {  # mood of the customer in each minute, 0 to 10; nowhere above 9, every plain average 4.5
    "ends well": (5, 4, 4, 3, 2, 3, 5, 6, 6, 7),
    "same minutes, ends badly": (5, 6, 6, 7, 5, 4, 4, 3, 3, 2),
    "flat": (4.5,) * MINUTES,
    "slow decline": tuple(6.75 - 0.5 * minute for minute in range(MINUTES)),
    "one wow": (4, 4, 4, 4, 9, 4, 4, 4, 4, 4),
}
PARTS = ("the best minute", "the last minute", "the average", "the worst minute")
SEEN = 0.005  # what two decimals show


@dataclass(frozen=True)
class Remembered:
    """A call remembered as it was, with one minute lifted, and with every minute a point better."""

    call: str
    moments: np.ndarray  # mood, 0 to 10, minute by minute
    lifted: np.ndarray  # the same with the added wow
    better: np.ndarray  # the same with every minute a point better
    weights: np.ndarray  # shares of PARTS, adding up to 1
    fading: float  # percent that a minute's weight in the average loses with each minute after it
    wow: float
    minute: int

    @property
    def average(self):
        """The plain average of the ten minutes."""
        return float(self.moments.mean())

    def parts(self, moments):
        """Best minute, last minute, average (with fading) and worst minute."""
        kept = (1 - self.fading / 100) ** np.arange(MINUTES - 1, -1, -1)
        return np.array([moments.max(), moments[-1], moments @ kept / kept.sum(), moments.min()])

    def score(self, moments):
        """What is remembered of these minutes, 0 to 10."""
        return float(self.weights @ self.parts(moments))

    @property
    def scores(self):
        """Remembered: as it was, with the wow, with every minute a point better."""
        return tuple(self.score(moments) for moments in (self.moments, self.lifted, self.better))

    @property
    def moved(self):
        """``[(part, by how much)]``: what the wow changes of what this rule keeps."""
        change = self.parts(self.lifted) - self.parts(self.moments)
        return [(part, step) for part, step, weight in zip(PARTS, change, self.weights, strict=True)
                if weight > 0 and step >= SEEN]


def remember(call="ends well", best=1, last=1, average=0, worst=0, fading=0, wow=3, minute=4):
    """What a rule of memory keeps of a call.

    Parameters
    ----------
    call : str
        One of ``CALLS``.
    best, last, average, worst : float
        Weights of the best minute, the last, the average and the worst, from 0 up; only their proportions count. 1, 1, 0, 0
        is the peak-end rule of a pleasant episode, 0, 1, 0, 1 that of an unpleasant one, whose peak is its worst minute.
    fading : float
        Percent, 0 to below 100, by which a minute counts less in the average than the next one.
    wow : float
        Points, 0 to 10, by which one minute is lifted; the scale ends at 10.
    minute : int
        Which, 1 to 10.

    Raises
    ------
    ValueError
        An unknown call, a minute that is not there, fading or wow beyond its range, a weight that is no number from 0 up,
        weights that are all 0.
    """
    if not isinstance(call, str) or call not in CALLS:
        raise ValueError(f"call: there is no call {call!r}; there are {', '.join(CALLS)}.")
    if isinstance(minute, bool) or not isinstance(minute, numbers.Integral) or not 1 <= minute <= MINUTES:
        raise ValueError(f"minute: {minute!r} is not one of the whole numbers 1 to {MINUTES}.")
    if not _number(fading) or not 0 <= fading < 100:
        raise ValueError(f"fading: {fading!r} is not a percentage from 0 to below 100.")
    if not _number(wow) or not 0 <= wow <= TOP:
        raise ValueError(f"wow: {wow!r} is not a number of points from 0 to {TOP}.")
    for name, weight in (("best", best), ("last", last), ("average", average), ("worst", worst)):
        if not _number(weight) or weight < 0:
            raise ValueError(f"{name}: {weight!r} is not a weight; give a number from 0 up.")
    given = np.array([best, last, average, worst], dtype=float)
    if given.max() == 0:
        raise ValueError("a memory without any weight keeps nothing: give best, last, average or worst a weight above 0.")
    given /= given.max()  # so that huge weights cannot run over when they are added up
    moments = np.array(CALLS[call], dtype=float)
    lifted = moments.copy()
    lifted[minute - 1] = min(TOP, lifted[minute - 1] + wow)
    return Remembered(call, moments, lifted, moments + 1, given / given.sum(), fading, wow, minute)


def _number(value):
    return isinstance(value, numbers.Real) and not isinstance(value, bool) and math.isfinite(value)


class TenMinutes(Scene):
    """The minutes of a call with what is remembered of it; at the right, what two ways of doing better bring."""

    BARS = (12.3, 14.2, 16.1)

    def __init__(self):
        self.fig, ax = new_figure(8.4, 3.9)
        minutes = np.arange(1, MINUTES + 1)
        (self.wow,) = ax.plot([], [], color=PALETTE[1], linewidth=7, solid_capstyle="butt", alpha=0.55, label="added wow")
        (self.mood,) = ax.plot(minutes, np.zeros(MINUTES), "o-", color=PALETTE[0], label="mood, minute by minute")
        (self.average,) = ax.plot([0.6, 10.6], [0, 0], color=MUTED, linestyle="--", linewidth=1.5, label="plain average")
        (self.kept,) = ax.plot([0.6, 10.6], [0, 0], color=INK, linewidth=2.5, label="remembered")
        self.bars = [ax.plot([x, x], [0, 0], color=colour, linewidth=26, solid_capstyle="butt")[0]
                     for x, colour in zip(self.BARS, (INK, PALETTE[1], PALETTE[2]), strict=True)]
        self.notes = [ax.text(x, 0, "", ha="center", va="bottom") for x in self.BARS]
        ax.axvline(11.0, color=MUTED, linewidth=0.8)
        ax.text(14.2, 11.6, "remembered", ha="center", color=MUTED)
        ax.set(xlim=(0.4, 17.3), ylim=(0, 13), ylabel="mood of the customer (0 to 10)", yticks=range(0, 11, 2))
        ax.set_xticks([*minutes, *self.BARS], [*map(str, minutes), "as it is", "with\nthe wow", "every\nminute +1"])
        ax.set_xlabel("minute of the call", loc="left")
        ax.legend(loc="upper left", ncols=2, fontsize=9.5)
        self.moving = [self.wow, self.mood, self.average, self.kept, *self.bars, *self.notes]

    def update(self, result):
        at = result.minute - 1
        self.mood.set_ydata(result.moments)
        self.wow.set_data([result.minute] * 2, [result.moments[at], result.lifted[at]])
        for line, level in ((self.average, result.average), (self.kept, result.scores[0])):
            line.set_ydata([level, level])
        for bar, note, score in zip(self.bars, self.notes, result.scores, strict=True):
            bar.set_ydata([0, score])
            note.set_y(score + 0.15)
            note.set_text(f"{score:.2f}")

    def alt(self, result):
        now, wow, better = result.scores
        return (f"Mood in ten minutes of a call ({result.call}), from {result.moments[0]:g} to {result.moments[-1]:g}, "
                f"plain average {result.average:.2f}. Bars at the right: remembered {now:.2f} as it is, {wow:.2f} with the "
                f"wow, {better:.2f} with every minute a point better.")

    def sentence(self, result):
        now, wow, better = (round(score, 2) for score in result.scores)
        return (f"Plain average {result.average:.2f}, remembered {now:.2f}: {_compared(result, now)}. "
                f"{_wow(result, wow)} Every minute a point better makes it {better:.2f}. "
                f"{_winner(wow, better)}")


def _compared(result, kept):
    """Kept beside the average. Both may come to the same by coincidence; a memory *keeps* the average by its rule only."""
    average = round(result.average, 2)
    if kept == average:
        alone = result.weights[PARTS.index("the average")] == 1 and result.fading == 0
        return "memory keeps the average" if alone else "here memory comes to the same as the average"
    return f"memory is {abs(kept - average):.2f} {'kinder' if kept > average else 'harsher'} than the average"


def _wow(result, wow):
    """What the wow does, and through which part of the call."""
    added = result.lifted[result.minute - 1] - result.moments[result.minute - 1]
    if added < SEEN:
        return "No wow is added."
    cut = ", where the scale ends," if added < result.wow - SEEN else ""
    start = f"A wow of {added:+g} in minute {result.minute}{cut} makes it {wow:.2f}"
    if not result.moved:
        hardly = "hardly anything" if result.scores[1] - result.scores[0] > 1e-9 else "nothing"
        return f"{start}: {hardly} that this memory keeps has changed."
    return f"{start}, through {' and '.join(f'{part} (+{step:.2f})' for part, step in result.moved)}."


def _winner(wow, better):
    if wow == better:
        return "For this memory the two are worth the same."
    return f"For this memory {'the wow' if wow > better else 'the point in every minute'} is worth more."


def memory():
    """Set what a memory keeps, and see when one outstanding minute beats ten slightly better ones."""
    controls = {
        "call": choice("the call", list(CALLS)),
        "best": slider("weight of the best minute", "parts", 0, 5, 1, 1),
        "last": slider("weight of the last minute", "parts", 0, 5, 1, 1),
        "average": slider("weight of the average", "parts", 0, 5, 0, 1),
        "worst": slider("weight of the worst minute", "parts", 0, 5, 0, 1),
        "fading": slider("early minutes fade from the average", "% a minute", 0, 50, 0, 5),
        "wow": slider("a wow lifts one minute by", "points", 0, 5, 3, 0.5),
        "minute": slider("the wow comes in minute", "", 1, MINUTES, 4, 1),
    }
    return Explorer(controls, remember, TenMinutes(), "What does a memory keep of a call?")
