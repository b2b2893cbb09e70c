"""Two groups before and after: what a difference in differences gets right, and what bends it.

A made-up firm with a known truth. One group works from home from month 0 on, the other stays in the office. The draws are
the same at every setting, so that what changes in the picture is what the reader moved, and not luck.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from pebbletrail.explorers.explorer import Explorer, Scene, slider, tick
from pebbletrail.figures import INK, MUTED, PALETTE, new_figure
from pebbletrail.path_picture import signed

MONTHS = np.arange(-12, 9)
DURING = MONTHS >= 0
MOST = 200  # people a group
LEVELS = 0.6  # standard deviation of people's own level
SEED = 228  # picked so that chance is small at the starting values, and can be seen with few people
SEEN = 1e-3  # standard deviations: what is smaller bends nothing that could be seen
TURNS, ENOUGH = 60, 1e-6  # of taking out person and month means, until nothing moves that could be seen


@dataclass(frozen=True)
class Compared:
    """What the made-up firm shows.

    ``home`` and ``office`` are mean scores by month of who is there, ``without`` is what the home group would have scored in
    the office. ``parts`` says what the estimate is made of: the effect, the drift, who left, and chance; they add up to it.
    """

    home: np.ndarray
    office: np.ndarray
    without: np.ndarray
    parts: dict
    people: int
    left: int
    own: bool

    @property
    def truth(self):
        return self.parts["effect"]

    @property
    def estimate(self):
        return sum(self.parts.values())

    @property
    def bias(self):
        return self.estimate - self.truth


@cache
def _draws():
    """Levels ``(2, MOST)`` and monthly noise ``(2, MOST, months)``, in standard deviations; home first, then office."""
    generator = np.random.default_rng(SEED)
    return generator.standard_normal((2, MOST)), generator.standard_normal((2, MOST, len(MONTHS)))


def compute(effect=0.2, drift=0.0, shock=0.0, leaving=0, people=100, noise=0.8, own=False):
    """The two groups, and the estimate taken apart.

    Parameters
    ----------
    effect, shock, noise : float
        Standard deviations: true effect of working from home, a shock that hits both groups from month 0 on, and
        what changes a person's score from month to month.
    drift : float
        Standard deviations a month by which the home group pulls away, all along.
    leaving : int
        Percent of the office group that leaves by the last month, the weakest first.
    people : int
        In each group, 10 to 200.
    own : bool
        Compare each person with their own past (person and month effects) instead of four means.
    """
    if not 2 <= people <= MOST:
        raise ValueError(f"people: {people} is not within 2 to {MOST}.")
    if not 0 <= leaving <= 80:
        raise ValueError(f"leaving: {leaving} percent is not within 0 to 80.")
    levels, luck = (draw[:, :people] for draw in _draws())
    there, left = _who_is_there(levels[1], leaving)
    level, noises = LEVELS * levels[:, :, None] + np.zeros(len(MONTHS)), noise * luck
    drifts = np.zeros_like(level)
    drifts[0] = drift * (MONTHS + 0.5)  # nil at the moment of the start
    switch = np.zeros_like(level)
    switch[0, :, DURING] = 1
    both = shock * DURING
    gap = _by_person if own else _four_means
    parts = {"effect": effect, "drift": gap(drifts, switch, there), "leaving": gap(level, switch, there),
             "chance": gap(noises, switch, there)}
    score = level + drifts + noises + both
    without, office = (np.sum(score[i] * there[i], axis=0) / np.sum(there[i], axis=0) for i in (0, 1))
    return Compared(without + effect * DURING, office, without, parts, people, left, own)


def _who_is_there(level, leaving):
    """``(who is there (2, people, months), how many left in the end)``; the weakest leave, month by month."""
    there = np.ones((2, len(level), len(MONTHS)), dtype=bool)
    rank = np.argsort(np.argsort(level))  # 0: the weakest
    gone = np.round(len(level) * leaving / 100 * np.clip(MONTHS + 1, 0, None) / (MONTHS[-1] + 1)).astype(int)
    there[1] = rank[:, None] >= gone
    return there, int(gone[-1])


def _four_means(y, switch, there):
    """Change of the home group minus change of the office group, each mean over who is there."""
    def mean(group, when):
        return y[group][:, when][there[group][:, when]].mean()

    return float(mean(0, DURING) - mean(0, ~DURING) - mean(1, DURING) + mean(1, ~DURING))


def _by_person(y, switch, there):
    """The slope on the switch once person and month means are out of both."""
    present = there.reshape(-1, len(MONTHS)).astype(float)
    d = _freed(switch, present)
    return float(np.sum(d * y.reshape(d.shape)) / np.sum(d * d))


def _freed(values, present):
    left = values.reshape(present.shape) * present
    weeks, people = present.sum(axis=1, keepdims=True), present.sum(axis=0)
    for _ in range(TURNS):
        before = left
        left = (left - left.sum(axis=1, keepdims=True) / weeks) * present
        left = (left - left.sum(axis=0) / people) * present
        if np.abs(left - before).max() < ENOUGH:
            break
    return left


def _bend(value):
    """Two decimals with their sign, plus or minus."""
    return ("+" if value > 0 else "") + signed(value)


def told_parts(result):
    """``(how far off, {what bends the estimate: by how much})``, in hundredths that add up as they are shown.

    Everything is rounded once: how far off is the shown estimate minus the shown truth, and the last of the parts gets
    what rounding leaves over, so that a reader who adds up finds no gap. Parts that show as 0.00 are left out.
    """
    off = round(round(result.estimate, 2) - round(result.truth, 2), 2) + 0.0
    words = {"drift": "the drift", "leaving": "who left", "chance": "chance"}
    bends = [name for name in words if abs(result.parts[name]) >= SEEN]
    told = {words[name]: round(result.parts[name], 2) for name in bends[:-1]}
    if bends:
        told[words[bends[-1]]] = round(off - sum(told.values()), 2)
    return off, {word: part for word, part in told.items() if part}


class TwoGroups(Scene):
    """Two lines over months, what the home group would have done, and at the right the estimate beside the truth."""

    def __init__(self):
        self.fig, ax = new_figure(7.8, 3.6)
        ax.set(xlim=(-12.6, 13.6), ylim=(-1.9, 2.1), xlabel="months since the start", ylabel="score (standard deviations)",
               xticks=range(-12, 9, 4))
        ax.axhline(0, color=MUTED, linewidth=0.8)
        ax.axvline(-0.5, color=MUTED, linewidth=1, linestyle=":")
        ax.axvline(8.8, color=MUTED, linewidth=0.8)
        ax.text(-0.3, -1.83, "home working begins", color=MUTED, fontsize=9)
        self.home, = ax.plot(MONTHS, np.zeros(len(MONTHS)), color=PALETTE[0], label="home group")
        self.office, = ax.plot(MONTHS, np.zeros(len(MONTHS)), color=PALETTE[1], label="office group")
        self.without, = ax.plot(MONTHS[DURING], np.zeros(DURING.sum()), color=PALETTE[0], linestyle="--", linewidth=1.4,
                                label="home, had it stayed (never seen)")
        ax.legend(loc="upper left", fontsize=9.5)
        self.bars = [ax.plot([x, x], [0, 0], color=colour, linewidth=9, solid_capstyle="butt")[0]
                     for x, colour in ((10.1, INK), (12.3, PALETTE[2]))]
        self.labels = [ax.text(x, 0, "", ha="center", fontsize=9.5) for x in (10.1, 12.3)]
        self.moving = [self.home, self.office, self.without, *self.bars, *self.labels]

    def update(self, result):
        self.home.set_ydata(result.home)
        self.office.set_ydata(result.office)
        self.without.set_ydata(result.without[DURING])
        for bar, label, word, value in zip(self.bars, self.labels, ("truth", "estimate"), (result.truth, result.estimate),
                                           strict=True):
            bar.set_ydata([0, value])
            label.set_text(f"{word}\n{signed(value)}")
            label.set_va("bottom" if value >= 0 else "top")
            label.set_y(value + (0.06 if value >= 0 else -0.06))

    def alt(self, result):
        return ("Two lines of mean scores from month −12 to month 8. In the last month the home group is at "
                f"{signed(result.home[-1])} and the office group at {signed(result.office[-1])}; without the effect the "
                f"home group would be at {signed(result.without[-1])}. Two bars at the right: truth {signed(result.truth)}, "
                f"estimate {signed(result.estimate)}.")

    def sentence(self, result):
        way = "each person with their own past" if result.own else "four means"
        off, told = told_parts(result)
        start = (f"Estimate ({way}): {signed(result.estimate)} standard deviations. Truth: {signed(result.truth)}. "
                 + (f"The estimate is off by {_bend(off)}" if off else "The estimate is right to two decimals"))
        listed = ", ".join(f"{_bend(part)} from {word}" for word, part in told.items())
        cancel = "; these cancel" if told and not off else ""
        left = f" {result.left} of {result.people} left the office group." if result.left else ""
        return f"{start}{': ' if listed else ''}{listed}{cancel}.{left}"


def two_groups():
    """Move the truth, and see what a comparison of changes makes of it."""
    controls = {
        "effect": slider("true effect", "SD", -0.5, 0.8, 0.2, 0.05),
        "drift": slider("home group pulls away", "a month", -0.05, 0.05, 0.0, 0.005),
        "shock": slider("shock to both groups", "SD", -0.4, 0.4, 0.0, 0.1),
        "leaving": slider("weakest leave the office", "percent", 0, 60, 0, 5),
        "people": slider("people in each group", "", 20, MOST, 100, 10),
        "noise": slider("chance from month to month", "SD", 0.0, 1.2, 0.8, 0.2),
        "own": tick("compare each person with their own past"),
    }
    return Explorer(controls, compute, TwoGroups(), "Home or office: does the comparison find the truth?")
