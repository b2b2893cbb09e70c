"""How control of the individual is taken away: from whom, from which week on, and in what order."""

from dataclasses import dataclass

import numpy as np

from pebbletrail.worlds.parameters import checked

UNITS = ("agents", "teams", "sites")
ORDERS = ("lot", "need")


@dataclass(frozen=True)
class Rollout:
    """A removal of individual control, all at once or in waves.

    From its first week on, a unit's control stands at ``level`` and does not react to quality any more.

    Parameters
    ----------
    by : "agents", "teams" or "sites"
        What is assigned as a whole. By agents it is the seat that is assigned: who takes over a seat takes over its rule.
    share : float
        Share of the units whose control is removed by the end, above 0 and up to 1. At 1 nobody is left to compare with
        once the last wave has come.
    start : int
        The first week without control, for the first wave; from 2 on, so that there is a week before.
    waves : int
        1: everyone at the same time. More: one part of the units after another.
    every : int
        Weeks from one wave to the next.
    order : "lot" or "need"
        Who is treated, and who first: by lot, or the units with the poorest quality (the customers' mean score over the
        weeks before ``start``). By need the treated differ from the others before anything has been done.
    level : float
        Where control stands afterwards, in standard deviations from the usual mean; −3 to 0. At −2: 2 calls listened to
        a week, a script for 20 percent of the call, a handling target of 510 seconds.

    Raises
    ------
    ValueError
        A value outside these limits.
    """

    by: str = "teams"
    share: float = 0.5
    start: int = 14
    waves: int = 1
    every: int = 6
    order: str = "lot"
    level: float = -2.0

    def __post_init__(self):
        for name, allowed in (("by", UNITS), ("order", ORDERS)):
            if getattr(self, name) not in allowed:
                raise ValueError(f"{name}: one of {', '.join(allowed)} is needed, not {getattr(self, name)!r}.")
        limits = {"share": (0, 1), "start": (2, np.inf), "waves": (1, np.inf), "every": (1, np.inf), "level": (-3, 0)}
        for name, (low, high) in limits.items():
            value = checked(name, getattr(self, name), low, high, whole=name in ("start", "waves", "every"))
            object.__setattr__(self, name, value)
        if self.share == 0:
            raise ValueError("share: a number above 0 is needed, not 0; for a year without a roll-out leave rollout out.")

    @classmethod
    def randomised(cls, by="agents", share=0.5, start=14, level=-2.0):
        """Everyone at the same time, drawn by lot: the design in which a difference of means is enough."""
        return cls(by=by, share=share, start=start, level=level)

    @classmethod
    def staggered(cls, by="teams", share=0.9, start=8, waves=8, every=4, order="lot", level=-2.0):
        """One part of the units after another, as a firm might do it; the remaining share keeps its control."""
        return cls(by=by, share=share, start=start, waves=waves, every=every, order=order, level=level)

    @property
    def last(self):
        """The first week without control for the last wave."""
        return self.start + (self.waves - 1) * self.every

    def first_weeks(self, lot, score):
        """The first week without control of each unit (n,); infinite for those who keep it.

        ``lot`` (n,) is a random number for each unit; ``score`` (n,) its quality before, used in the order of need.
        """
        order = np.argsort(lot if self.order == "lot" else score, kind="stable")
        first = np.full(len(order), np.inf)
        waves = np.array_split(order[:round(self.share * len(order))], self.waves)
        for number, wave in enumerate(waves):
            first[wave] = self.start + number * self.every
        return first


def check_rollout(rollout, size):
    """A ValueError where a year of this ``Size`` cannot have this roll-out."""
    if not isinstance(rollout, Rollout):
        raise ValueError(f"rollout: a Rollout is needed, such as Rollout.randomised(), not {rollout!r}.")
    if rollout.last > size.weeks:
        raise ValueError(f"rollout: its last wave begins in week {rollout.last}, but only {size.weeks} weeks are drawn; "
                         "give more weeks, or an earlier start, fewer waves or a shorter every.")
    units = getattr(size, rollout.by)
    if (treated := round(rollout.share * units)) < rollout.waves:
        raise ValueError(f"rollout: a share of {rollout.share:g} of {units} {rollout.by} is {treated}, too few for "
                         f"{rollout.waves} wave(s); assign smaller units, or more of them.")
