"""All states in which the circle can stay, on one curve: the demand that keeps it there, by the share of callers upset.

In a state that stays, let u be the share of waiting callers who are upset. Whether callers queue, how many agents are
worn, and how many calls come in all follow from u alone, so that the states that stay form one line without branches:

* without a queue everybody is answered, so calls must go well with probability 1 − u / returns: that gives the share of
  agents who are worn, that in turn how busy they are, and that the demand;
* with a queue everybody there is busy: that gives the share who are worn, that how well calls go, that the share of callers
  who are answered, and that the demand.

More work wears more people out, so exactly one of the two holds for each u (at a kink both). Each piece is a ratio of two
polynomials in u: where the curve turns, and where its pieces meet, are roots of polynomials. Nothing is searched for on a
grid, and no state is missed. Checked against R (tests/oracles/circle.R), MINPACK from many starts, and iteration.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.polynomial import Polynomial

from pebbletrail.worlds.circle.round import chance_of_solving, strain

NEAR_END = 1 - 1e-13  # of the largest share: there the demand has no limit


@dataclass(frozen=True)
class Turn:
    """Where the curve turns back: beyond this demand (``"end of calm"``), or below it, a state is gone."""

    share: float
    demand: float
    kind: str  # "highest" or "lowest"
    how: str  # "fold": the curve is smooth there; "kink": all agents become busy there


class Curve:
    """The states that stay, for all demands. ``world.demand`` plays no part."""

    def __init__(self, world):
        self.world = world
        self.leave = world.quit / (1 - world.quit)
        self.gap = self.leave / world.hire  # vacant seats for each worn agent
        u = Polynomial([0.0, 1.0])
        solved = {(w, x): chance_of_solving(world, w, x) for w in (0, 1) for x in (0, 1)}
        fresh, worn = ((1 - u) * solved[w, 0] + u * solved[w, 1] for w in (0, 1))
        drain, most = strain(world), 1 - world.breaks
        thanks = (1 - u) * solved[1, 0] * world.thanks
        # without a queue: share worn = short / loss, busy = top / bottom
        self.short, self.loss = fresh - 1 + u / world.returns, fresh - worn
        rest = self.leave + world.breaks * world.rest + most * world.lull
        self.busy_top = self.short * rest
        self.busy_bottom = self.short * (world.lull - thanks) + (self.loss - self.short) * u * drain
        # with a queue: share worn = pushed / all_of, solved calls = well / all_of
        self.pushed = most * drain * u
        self.all_of = self.pushed + self.leave + world.breaks * world.rest + most * thanks
        self.well = fresh * (self.all_of - self.pushed) + worn * self.pushed
        self.free = (self.busy_top * (1 - u) * self.loss, self.busy_bottom * (self.loss + self.gap * self.short))
        self.full = (most * (1 - u) * self.well, (1 - u / world.returns) * (self.all_of + self.gap * self.pushed))

    @property
    def lowest(self):
        """The share of callers upset where next to nobody calls."""
        return float(self.short.roots()[0].real)

    @property
    def highest(self):
        return self.world.returns * NEAR_END

    def queues(self, share):
        """Whether callers wait in vain in the state with this share."""
        return self.well(share) >= (1 - share / self.world.returns) * self.all_of(share)

    def demand(self, share):
        """The calls per seat and round that keep the circle at this share (a number or an array)."""
        (free, by), (full, over) = self.free, self.full
        with np.errstate(divide="ignore", invalid="ignore"):  # the piece that does not hold may have no value
            return np.where(self.queues(share), full(share) / over(share), free(share) / by(share))

    def state(self, share):
        """Upset callers, worn agents and vacant seats, per seat (3,) or (3, n)."""
        tired = np.where(self.queues(share), self.pushed(share) / self.all_of(share), self.short(share) / self.loss(share))
        worn = tired / (1 + self.gap * tired)
        return np.stack([share * self.demand(share) / (1 - share), worn, self.gap * worn])

    @cached_property
    def kinks(self):
        """Shares at which all agents become busy (one side: idle time; other side: a queue)."""
        over = self.well * self.world.returns - (self.world.returns - Polynomial([0.0, 1.0])) * self.all_of
        return self._inside(over)

    @cached_property
    def corners(self):
        """Shares between which the demand only rises or only falls, ends included."""
        slopes = [top.deriv() * bottom - top * bottom.deriv() for top, bottom in (self.free, self.full)]
        inner = np.concatenate([self._inside(slopes[0]), self._inside(slopes[1]), self.kinks])
        return np.array([self.lowest, *np.unique(inner), self.highest])

    @cached_property
    def turns(self):
        """Every ``Turn`` of the curve, from few upset callers to many."""
        shares = self.corners
        demands = self.demand(shares)
        found = []
        for at in range(1, len(shares) - 1):
            before, here, after = demands[at - 1:at + 2]
            if (here > before and here > after) or (here < before and here < after):
                kink = np.abs(self.kinks - shares[at]).min(initial=np.inf) < 1e-12
                found.append(Turn(float(shares[at]), float(here), "highest" if here > before else "lowest",
                                  "kink" if kink else "fold"))
        return tuple(found)

    def shares_at(self, demand):
        """The share of callers upset in every state that stays at this demand, from low to high."""
        from scipy.optimize import brentq

        ends = self.corners
        above = self.demand(ends) - demand
        above[0], above[-1] = -1.0, 1.0  # at the ends the demand is 0 and without limit
        found = [float(end) for end, miss in zip(ends, above, strict=True) if miss == 0]
        for low, high, left, right in zip(ends[:-1], ends[1:], above[:-1], above[1:], strict=True):
            if np.sign(left) * np.sign(right) < 0:
                found.append(brentq(lambda u: float(self.demand(u)) - demand, low, high, xtol=1e-16, rtol=1e-15))
        return sorted(found)

    def _inside(self, polynomial):
        roots = polynomial.roots()
        real = roots.real[np.abs(roots.imag) < 1e-7]  # a double root may come out as a pair
        return np.unique(real[(real > self.lowest) & (real < self.highest)])
