"""The mean path of a storm as a result: its spread numbers, who leaves in the end, and what that costs."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from pebbletrail.shown import Shown
from pebbletrail.words import said
from pebbletrail.worlds.firestorm import generations
from pebbletrail.worlds.firestorm.crowd import LATE
from pebbletrail.worlds.firestorm.outcomes import answering, leaving, resentment
from pebbletrail.worlds.firestorm.path import path
from pebbletrail.worlds.firestorm.tempers import CLASSES, shared, tempers
from pebbletrail.worlds.parameters import checked

MOST_HOURS = 2_000
ROUNDS = 10


@dataclass(frozen=True, repr=False)
class Expected(Shown):
    """The mean path of a storm.

    Attributes
    ----------
    table : DataFrame
        hour; heard, new, telling (customers, with fractions), emotion: as in ``Storm.hours``.
    spread_number, spread_after : float
        How many further tellers one teller makes who is as hot as those hit and has heard it from somebody (so that hubs
        count for more): without an answer, and with the world's answer out from the start.
    rounds : DataFrame
        round (1 to 10), alone, answered: the same for the tellers of each round, who are as hot as the round before made
        them; the first row holds ``spread_number`` and ``spread_after``.
    settled_number : float
        What ``alone`` comes to after many rounds in an endless crowd, when the mix of tempers has settled.
    first_round : float
        How many tellers one of those hit makes, without an answer.
    course : "dies out", "flares up" or "grows"
        What becomes of the story without an answer, as long as nearly all have yet to hear it: it grows, at once or from
        some round on, when ``settled_number`` is more than 1 (and somebody tells); it flares up, and dies down by itself,
        when only ``spread_number`` is; else it dies out.
    reach, leavers, answering, cost : float
        As in ``Storm.table``, at the end of the path.
    text : str
    """

    table: pd.DataFrame
    world: object
    path: object

    @cached_property
    def rounds(self):
        alone, answered = (generations.rounds(self.world, ROUNDS, is_) for is_ in (False, True))
        return pd.DataFrame({"round": np.arange(1, ROUNDS + 1), "alone": alone, "answered": answered})

    @property
    def spread_number(self):
        return float(self.rounds["alone"].iloc[0])

    @property
    def spread_after(self):
        return float(self.rounds["answered"].iloc[0])

    @cached_property
    def settled_number(self):
        return generations.settled_number(self.world)

    @cached_property
    def first_round(self):
        return generations.first_round(self.world)

    @property
    def course(self):
        return generations.course(self.spread_number, self.settled_number)

    @property
    def reach(self):
        return float(self.path.heard[-1])

    @property
    def leavers(self):
        return self._end[0]

    @property
    def answering(self):
        return self._end[1]

    @property
    def cost(self):
        return self.answering + self.world.value * self.leavers

    @cached_property
    def _end(self):
        return _left(self.world, self.path)

    @property
    def text(self):
        world, top = self.world, self.table.loc[self.table["telling"].idxmax()]
        how = {"dies out": "and the story dies out",
               "grows": f"{said(self.settled_number)} once tempers have settled: the story grows as long as most have "
                        "yet to hear it",
               "flares up": "but emotion wears off from round to round: the story flares up and dies down by itself"}
        return (f"Without chance: {said(100 * self.reach)} % of {world.customers:,} customers have heard it after "
                f"{len(self.table) - 1} hours; most tell in hour {top['hour']:.0f} ({said(top['telling'])}). Left alone, "
                f"one teller makes {said(self.spread_number)} further tellers at first, {how[self.course]}. "
                f"{said(self.leavers)} customers leave because of it; that costs {said(self.cost)} euros, "
                f"{said(self.answering)} of them for the answer.")

    def figure(self, alt=None):
        """The shares who have heard it and who tell it, hour by hour."""
        from pebbletrail.worlds.firestorm.pictures import of_expected

        return of_expected(self, alt)


def expected(world, hours):
    """See ``Firestorm.expected``."""
    found = path(world, checked("hours", hours, 1, MOST_HOURS, whole=True))
    size = world.customers
    table = pd.DataFrame({"hour": np.arange(len(found.heard)), "heard": size * found.heard, "new": size * found.new,
                          "telling": size * found.telling, "emotion": found.emotion})
    return Expected(table, world, found)


def _left(world, found):
    """How many customers more leave, of those who have heard, and what the answer costs them all."""
    grid, hit = tempers(world), world.first / world.customers
    apart = np.arange(len(grid.heat)) / (grid.step * world.half_life)  # octaves below 1
    warm = np.maximum(np.floor((np.log2(1 / world.warm) - apart) * world.half_life + 1e-9) + 1, 0)  # hours
    reached = _reached(world, np.arange(len(found.new))[:, None], warm)  # (hours, tempers)
    born = grid.catch @ found.source.sum(axis=0)  # (classes, tempers)
    among = np.einsum("cbt,bt->cb", grid.catch, reached.T @ found.source)  # of them, those whom the answer reaches
    began = np.broadcast_to(hit * shared(world.heat, grid.heat) / CLASSES, born.shape)
    hit_reached = began * _reached(world, 0, warm, hit=True)
    trusts = grid.trust[:, None]
    usual = leaving(world, np.zeros((CLASSES, 1)), trusts)
    alone, heard, was_hit = (leaving(world, resentment(world, grid.heat, *is_), trusts) - usual
                             for is_ in ((False, False), (True, False), (True, True)))
    more = (born + began - among - hit_reached) * alone + among * heard + hit_reached * was_hit
    size = world.customers
    paid = answering(world, size * float(hit_reached.sum()), size * float((among + hit_reached).sum()))
    return float(size * more.sum()), paid


def _reached(world, hour, warm, hit=False):
    """The probability that the answer ever reaches who heard in an hour and was warm for so many hours."""
    out = min(world.answer_after, LATE)
    if not world.public:  # it waits for them
        return np.broadcast_to((1.0 if hit else world.known) * (world.noticed > 0) * (out < LATE), np.shape(hour + warm))
    return 1 - (1 - world.noticed) ** np.maximum(hour + warm - np.maximum(out, hour), 0)
