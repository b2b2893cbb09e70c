"""Explorer of page 13: how far an incident spreads, by its heat, by who knows whom, and by the firm's answer.

The same eight small storms of the made-up world at every setting, with the same luck. It shows a mechanism, and is evidence
for nothing.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from pebbletrail.explorers.explorer import Explorer, Scene, choice, slider
from pebbletrail.explorers.firestorm_words import CUSTOMERS, FIRST, ROUNDS, alt, sentence
from pebbletrail.figures import INK, MUTED, new_figure
from pebbletrail.worlds.firestorm import Firestorm
from pebbletrail.worlds.firestorm.crowd import crowd, joined, lucks
from pebbletrail.worlds.firestorm.generations import rounds
from pebbletrail.worlds.firestorm.pictures import ANSWER, KNOW, TELL
from pebbletrail.worlds.firestorm.spread import spread
from pebbletrail.worlds.firestorm.truth import NETWORKS, NEVER
from pebbletrail.worlds.parameters import checked

STORMS, SEED = 8, 0
HOURS = 168  # a week
LIMITS = {"heat": (0.2, 1), "retold": (0.5, 2.5), "hours": (0, 72), "outcome": (0, 1), "tone": (0, 1)}
ANSWERS = ("in public", "in private", "not at all")
MOST = 7.2  # further tellers: holds every line


@dataclass(frozen=True)
class Fire:
    """Eight storms of ``CUSTOMERS`` customers, of whom ``FIRST`` are hit, over ``HOURS`` hours; shares of customers.

    ``know``, ``alone``: (storms, hours + 1) who know by the end of each hour, as set and without an answer; ``tell``: (hours
    + 1,) who are angry enough to tell, on average; ``rounds``: (2, ROUNDS) further tellers that one teller makes, round
    after round, without an answer and with it out from the start (as if acquaintances did not know each other); ``after``:
    hours until the answer, or None.
    """

    network: str
    where: str
    after: float | None
    know: np.ndarray
    alone: np.ndarray
    tell: np.ndarray
    rounds: np.ndarray

    @property
    def reach(self):
        """Who know after a week, storm by storm."""
        return self.know[:, -1]

    @property
    def saved(self):
        """By how many percentage points fewer know after a week than without an answer, on average."""
        return 100 * float(self.alone[:, -1].mean() - self.reach.mean())


@lru_cache(maxsize=8)
def _people(network):
    world = Firestorm(network=network, customers=CUSTOMERS, first=FIRST)
    return [lucks(world, SEED, storm) for storm in range(STORMS)]


def _run(world):
    """Who know (storms, hours + 1), and who tell, on average."""
    heard = spread(joined([crowd(world, *luck) for luck in _people(world.network)]), HOURS)
    told = np.flatnonzero(heard.hour >= 0)
    hour, storm = np.minimum(heard.hour[told], HOURS + 1), told // CUSTOMERS
    new = np.bincount(storm * (HOURS + 2) + hour, minlength=STORMS * (HOURS + 2)).reshape(STORMS, -1)[:, :-1]
    begins, ends = hour + 1, np.minimum(hour + heard.hours[told] + 1, HOURS + 2)
    active = np.bincount(begins, minlength=HOURS + 3) - np.bincount(ends, minlength=HOURS + 3)
    return new.cumsum(axis=1) / CUSTOMERS, active.cumsum()[:HOURS + 1] / (STORMS * CUSTOMERS)


@lru_cache(maxsize=64)
def _alone(network, heat, retold):
    """The same storms without an answer, kept for the next move."""
    world = Firestorm(network=network, customers=CUSTOMERS, first=FIRST, heat=heat, retold=retold, answer_after=NEVER)
    found = _run(world)
    for values in found:
        values.setflags(write=False)
    return found


def burn(heat=0.8, retold=1.5, network="random", where="in public", hours=24, outcome=0.5, tone=0.5):
    """Eight storms, as the controls are set; all else as in ``Firestorm``.

    Parameters
    ----------
    heat, retold, network : as in ``Firestorm``
    where : "in public", "in private" or "not at all"
        How the firm answers; if not at all, what follows does nothing.
    hours : int
        Until the answer is out.
    outcome, tone : float
        The world's ``distributive`` and ``interactional``.

    Raises
    ------
    ValueError
        A value that no control can have (``LIMITS``).
    """
    given = locals()
    for name, (low, high) in LIMITS.items():
        checked(name, given[name], low, high, whole=name == "hours")
    for name, options in (("network", NETWORKS), ("where", ANSWERS)):
        if given[name] not in options:
            raise ValueError(f"{name}: {given[name]!r} is none of {', '.join(options)}.")
    alone, tell = _alone(network, float(heat), float(retold))
    world = Firestorm(network=network, customers=CUSTOMERS, first=FIRST, heat=heat, retold=retold, answer_after=hours,
                      public=where == "in public", distributive=outcome, interactional=tone)
    tellers = np.array([rounds(world, ROUNDS), rounds(world, ROUNDS, answered=where != "not at all")])
    if where == "not at all":
        return Fire(network, where, None, alone, alone, tell, tellers)
    know, tell = _run(world)
    return Fire(network, where, hours, know, alone, tell, tellers)


class Storms(Scene):
    """Left, who know and who tell over a week; right, the spread numbers, and who know in the end."""

    def __init__(self):
        self.fig, spare = new_figure(10, 4.5)
        spare.remove()
        grid = self.fig.add_gridspec(2, 2, width_ratios=[1.6, 1])
        left, top, low = (self.fig.add_subplot(part) for part in (grid[:, 0], grid[0, 1], grid[1, 1]))
        self.time = np.arange(HOURS + 1)
        nothing = np.zeros(HOURS + 1)
        self.each = [left.plot(self.time, nothing, color=KNOW, linewidth=0.6, alpha=0.5)[0] for _ in range(STORMS)]
        (self.alone,) = left.plot(self.time, nothing, color=MUTED, linestyle=":", linewidth=1.8)
        (self.know,) = left.plot(self.time, nothing, color=KNOW, linewidth=2.4)
        (self.tell,) = left.plot(self.time, nothing, color=TELL, linestyle="--", linewidth=2)
        (self.answer,) = left.plot([0, 0], [0, 100], color=ANSWER, linewidth=1.5, linestyle="-.")
        left.set(xlim=(0, HOURS), ylim=(0, 100), xticks=range(0, HOURS + 1, 24), xlabel="hours since the incident",
                 ylabel="customers (%)")
        for words, style, colour, width in (
                ("know of it (thin: each of eight storms)", "-", KNOW, 2.4), ("are angry enough to tell", "--", TELL, 2),
                ("would know without an answer", ":", MUTED, 1.8), ("the answer comes out", "-.", ANSWER, 1.5)):
            left.plot([], [], style, color=colour, linewidth=width, label=words)
        left.legend(loc="lower left", bbox_to_anchor=(-0.02, 1.0), fontsize=9, ncols=2, frameon=False,
                    columnspacing=1)
        turns = np.arange(1, ROUNDS + 1)
        looks = (("o:", MUTED, "without an answer"), ("s-", ANSWER, "with the answer out"))
        self.rounds = [top.plot(turns, np.zeros(ROUNDS), style, color=colour, linewidth=1.6, markersize=6, label=words)[0]
                       for style, colour, words in looks]
        top.axhline(1, color=INK, linewidth=1)
        top.set(xlim=(0.6, ROUNDS + 0.4), ylim=(0, MOST), xticks=turns, yticks=range(0, 7, 2), xlabel="round of telling",
                ylabel="further tellers\none teller makes")
        top.legend(loc="lower left", bbox_to_anchor=(-0.06, 0.97), fontsize=9, ncols=2, frameon=False, columnspacing=1)
        self.dots = {way: low.plot(np.zeros(STORMS), np.full(STORMS, at), "o", color=colour, markersize=6, alpha=0.6)[0]
                     for way, at, colour in (("alone", 1, MUTED), ("as set", 0, KNOW))}
        self.means = {way: low.plot([0, 0], [at - 0.3, at + 0.3], color=INK, linewidth=2.5)[0]
                      for way, at in (("alone", 1), ("as set", 0))}
        low.set(xlim=(-2, 102), ylim=(-0.6, 1.6), yticks=[1, 0], yticklabels=("without\nanswer", "as set"),
                xlabel="know after a week (%; stroke: mean)")
        for ax in (left, top, low):
            ax.spines[["top", "right"]].set_visible(False)
        self.moving = [*self.each, self.alone, self.know, self.tell, self.answer, *self.rounds, *self.dots.values(),
                       *self.means.values()]

    def update(self, result):
        for line, storm in zip(self.each, result.know, strict=True):
            line.set_ydata(100 * storm)
        self.know.set_ydata(100 * result.know.mean(axis=0))
        self.alone.set_ydata(100 * result.alone.mean(axis=0))
        self.tell.set_ydata(100 * result.tell)
        answered = result.after is not None
        self.answer.set_visible(answered)
        if answered:
            self.answer.set_xdata([result.after] * 2)
        for line, numbers in zip(self.rounds, result.rounds, strict=True):
            line.set_ydata(numbers)
        self.rounds[1].set_visible(answered)
        for way, reach in (("alone", result.alone[:, -1]), ("as set", result.reach)):
            self.dots[way].set_xdata(100 * reach)
            self.means[way].set_xdata([100 * reach.mean()] * 2)

    def alt(self, result):
        """What the picture shows."""
        return alt(result)

    def sentence(self, result):
        """What is seen, and what it means."""
        return sentence(result)


def firestorm():
    """Move the incident, the network and the answer, and see who hears of it."""
    controls = {
        "heat": slider("emotion of those hit", "0: calm, 1: furious", *LIMITS["heat"], 0.8, 0.05),
        "retold": slider("a story is told", "times as hot as it is felt", *LIMITS["retold"], 1.5, 0.1),
        "network": choice("who knows whom", NETWORKS),
        "where": choice("the firm answers", ANSWERS),
        "hours": slider("the answer comes after", "hours", *LIMITS["hours"], 24, 1),
        "outcome": slider("outcome: made good to those hit", "0: nothing, 1: all", *LIMITS["outcome"], 0.5, 0.1),
        "tone": slider("tone: respect, empathy", "0: none, 1: full", *LIMITS["tone"], 0.5, 0.1),
    }
    for network in NETWORKS:
        _people(network)  # drawn before anybody waits for it
    return Explorer(controls, burn, Storms(), "Does it spread, and what does the answer do?")
