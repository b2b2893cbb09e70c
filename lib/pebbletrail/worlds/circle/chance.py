"""The circle with chance: every seat and every call of every round.

Each kind of luck comes from a stream of its own, one number for each seat and round, so that the same seed gives a seat the
same luck whatever the parameters. A longer draw begins with the shorter one.
"""

import numpy as np
import pandas as pd

from pebbletrail.progress import Progress
from pebbletrail.worlds.circle.checks import check_rounds, check_shock, one_start
from pebbletrail.worlds.circle.round import COLUMNS, chance_of_solving, extra_calls, strain
from pebbletrail.worlds.parameters import checked

# The order is part of what a seed means: new streams go to the end.
OF_SEATS = ("turn", "mood", "help", "change", "leave")
OF_ROUNDS = ("new", "through", "again")
BLOCK = 200_000  # luck drawn at a time, for each stream
MOST_SEATS = 10_000_000


def draw(world, seed, rounds, agents, start, shock, calls=False):
    """The rounds as a table, and the calls as a table or None; see ``Circle.draw`` and ``Circle.calls``."""
    rounds, agents = check_rounds(rounds), checked("agents", agents, 1, MOST_SEATS, whole=True)
    streams = _streams(checked("seed", seed, 0, np.inf, whole=True))
    load = agents * (world.demand + extra_calls(check_shock(shock, rounds), rounds))
    new = _poisson(streams["new"].random(rounds), load)
    centre = _Centre(world, agents, one_start(start), streams, calls)
    block = max(1, BLOCK // agents)
    counted = np.empty((rounds, len(COLUMNS) - 1))
    with Progress(rounds, "rounds") as progress:
        for first in range(0, rounds, block):
            size = min(block, rounds - first)
            luck = {name: streams[name].random((size, agents)) for name in OF_SEATS}
            for at in range(size):
                counted[first + at] = centre.round(first + at + 1, int(new[first + at]), {n: luck[n][at] for n in OF_SEATS})
            progress.add(size)
    table = pd.DataFrame(counted / agents, columns=COLUMNS[1:])
    table.insert(0, "round", np.arange(1, rounds + 1))
    return table, centre.told() if calls else None


def _streams(seed):
    names = (*OF_SEATS, *OF_ROUNDS)
    seeds = np.random.SeedSequence(seed).spawn(len(names))
    return {name: np.random.default_rng(one) for name, one in zip(names, seeds, strict=True)}


def _poisson(uniform, mean):
    """The Poisson quantiles: more demand never gives fewer calls with the same luck."""
    from scipy.special import pdtr, pdtrik

    above = np.ceil(pdtrik(uniform, mean))
    below = np.maximum(above - 1, 0)
    return np.where(pdtr(below, mean) >= uniform, below, above)


class _Centre:
    """The seats, and the callers who wait."""

    def __init__(self, world, agents, start, streams, calls):
        self.world, self.agents, self.streams = world, agents, streams
        upset, worn, vacant = (round(agents * share) for share in start.tolist())
        vacant = min(vacant, agents - worn)
        self.upset = upset
        self.worn, self.vacant = np.zeros(agents, bool), np.zeros(agents, bool)
        self.worn[:worn] = True
        self.vacant[worn:worn + vacant] = True
        # chance of solving by agent (fresh, worn) and caller (calm, upset)
        self.solving = np.array([[chance_of_solving(world, w, x) for x in (0, 1)] for w in (0, 1)])
        self.person, self.next_person = np.arange(agents), agents
        self.kept = [] if calls else None

    def round(self, number, new, luck):
        """One round; the counts of ``COLUMNS`` from ``upset`` on."""
        world, worn = self.world, self.worn
        upset, before = self.upset, (self.upset, np.count_nonzero(worn), np.count_nonzero(self.vacant))
        waiting = upset + new
        # one number tells who has a break and, of the rest, who is called first
        present = luck["turn"] >= world.breaks
        present &= ~self.vacant
        busy = np.flatnonzero(present)
        if waiting == 0:
            busy = busy[:0]
        elif len(busy) > waiting:
            busy = np.sort(busy[np.argpartition(luck["turn"][busy], len(busy) - waiting)[len(busy) - waiting:]])
        with_upset = self._moods(busy, upset, new, luck["mood"])
        tired = worn[busy]
        solved = luck["help"][busy] < self.solving[tired.astype(np.intp), with_upset.astype(np.intp)]
        # who changes: after a call; the rest of those worn in a break or a lull
        change = luck["change"]
        now_worn = worn & (change >= np.where(present, world.lull, world.rest))
        eased = solved & ~with_upset & (change[busy] < world.thanks)
        drained = with_upset & (change[busy] < strain(world))
        now_worn[busy] = np.where(tired, ~eased, drained)
        if self.kept is not None:
            who = np.full(len(busy), number), busy, self.person[busy]
            self.kept.append((*who, with_upset, tired, solved, now_worn[busy]))
        self._leave(now_worn, luck["leave"])
        failed = waiting - np.count_nonzero(solved)
        self.upset = int(self.streams["again"].binomial(failed, world.returns))
        return (*before, new, waiting, len(busy), waiting - failed, failed - self.upset)

    def _moods(self, busy, upset, new, luck):
        """Which busy agents have an upset caller: as many as chance brings through, on the seats with the least luck."""
        with_upset = np.zeros(len(busy), bool)
        if len(busy) == 0:
            return with_upset
        through = upset if len(busy) == upset + new else self.streams["through"].hypergeometric(upset, new, len(busy))
        if 0 < through < len(busy):
            with_upset[np.argpartition(luck[busy], through)[:through]] = True
        elif through:
            with_upset[:] = True
        return with_upset

    def _leave(self, now_worn, luck):
        """Who is worn may quit; seats vacant before the round may be filled."""
        quits = now_worn & (luck < self.world.quit)
        filled = self.vacant & (luck < self.world.hire)
        self.worn = now_worn & ~quits
        self.vacant = (self.vacant & ~filled) | quits
        if self.kept is not None and filled.any():
            places = np.flatnonzero(filled)
            self.person[places] = self.next_person + np.arange(len(places))
            self.next_person += len(places)

    def told(self):
        """The calls as a table, in the order of rounds and seats, each with the same agent's call before it."""
        names = ("round", "seat", "agent", "upset", "worn", "solved", "worn_after")
        table = pd.DataFrame({name: np.concatenate(part).astype(int)
                              for name, part in zip(names, zip(*self.kept, strict=True), strict=True)})
        last = table.groupby("agent")[["upset", "round"]].shift()
        since = table["round"] - last["round"]
        # float also where nobody called, so that the missing ones have a type
        return table.assign(previous_upset=last["upset"].astype(float), since=since.astype(float))
