"""What one upset caller does to the same agent's next call: the truth that drawn calls should give back."""

from dataclasses import dataclass

import pandas as pd

from pebbletrail.shown import Shown
from pebbletrail.words import said
from pebbletrail.worlds.circle.checks import one_start
from pebbletrail.worlds.circle.round import chance_of_solving, flows, strain

STABLE = ("calm", "only", "vicious")


@dataclass(frozen=True, repr=False)
class Spillover(Shown):
    """The effect of an upset caller, against a calm one, on whether the same agent's next call is solved.

    Attributes
    ----------
    estimate : float
        Change of the probability that the next call is solved.
    table : DataFrame
        term, estimate: the three steps, and their product ``next call``.
    text : str

    Notes
    -----
    Holds as long as the circle stays where it is: load, mood and the share of agents who are worn do not change from this
    call to the next. With c the chance of a call in a round, and b the chance that a worn agent recovers in a round without
    one, an agent is still worn at the next call with probability c / (c + (1 − c) b). Who quits has no next call; that this
    takes a few of the worn out of the comparison is left out (0.0001 a round at the defaults).
    """

    table: pd.DataFrame
    estimate: float
    state: tuple

    @property
    def text(self):
        wear, still, loss = self.table["estimate"].iloc[:3]
        return (f"After an upset caller the same agent's next call is solved {said(-100 * self.estimate)} points (of 100) "
                f"less often than after a calm one: {said(100 * wear)} more of 100 agents are worn, {said(100 * still)} % "
                f"of these still are at the next call, and a worn agent solves {said(-100 * loss)} of 100 calls fewer.")


def spillover(world, state=None):
    """See ``Circle.spillover``."""
    state = tuple(one_start(_usual(world) if state is None else state).tolist())
    happens = flows(world, *state)
    seated = 1 - state[2]
    if seated == 0:
        raise ValueError("state: all seats are vacant, so that nobody takes a next call.")
    busy, tired, mood = happens["calls"] / seated, state[1] / seated, state[0] / happens["waiting"]
    wear = (1 - tired) * strain(world) + tired * chance_of_solving(world, 1, 0) * world.thanks
    eased = world.breaks * world.rest + (1 - world.breaks - busy) * world.lull  # (1 − c) b
    still = busy / (busy + eased)
    loss = sum(share * (chance_of_solving(world, 1, caller) - chance_of_solving(world, 0, caller))
               for caller, share in ((0, 1 - mood), (1, mood)))
    steps = {"worn after the call": wear, "of these, still worn at the next call": still, "solved by a worn agent": loss,
             "next call": wear * still * loss}
    table = pd.DataFrame({"term": list(steps), "estimate": [float(step) for step in steps.values()]})
    return Spillover(table, float(steps["next call"]), state)


def _usual(world):
    found = world.fixed_points()
    return next(filter(None, map(found.state, STABLE)))
