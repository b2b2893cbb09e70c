"""Tipping points: the demand at which a state is gone, and the way back."""

from dataclasses import dataclass

import pandas as pd

from pebbletrail.shown import Shown
from pebbletrail.words import said
from pebbletrail.worlds.circle.curve import Curve
from pebbletrail.worlds.circle.states import UPSET


@dataclass(frozen=True, repr=False)
class Tipping(Shown):
    """Where the circle tips, in new calls a seat and round.

    Attributes
    ----------
    calm_ends : float or None
        Above this demand the calm state (the lower branch) is gone. None where nothing tips: more demand makes matters
        worse by degrees.
    vicious_ends : float or None
        Below this demand the vicious state (the upper branch) is gone: the way back. Between the two both are there, in the
        usual world with two tipping points; there are rare ones with four, where a third state lies in between (``text``).
    table : DataFrame
        what (calm and vicious; lower, if 40 % or more of the callers are upset already where that branch ends, and upper, if
        fewer are where that one does), demand, how (``fold``: the stable state and the one where the way divides melt into
        one; ``kink``: they meet where all agents have just become busy), upset, worn, vacant (per seat, there), busy (calls
        for each agent who has no break).
    text : str

    Notes
    -----
    A round has a kink where callers begin to wait in vain, so that a state may end in two ways. At the defaults both ends
    are smooth folds, the calm one only just: 99 % of the agents are busy there. With breaks in more than 10 % of rounds,
    some autonomy or less drain, agents stay calm until all of them are busy, and the calm state ends at the kink. Near a
    fold a disturbance takes longer and longer to die out (``FixedPoints.table``: halving_within_day); near a kink it does
    not, and nothing warns. Checked against tests/oracles/circle.R, which looks for the highest and lowest demand by
    ``optimize``, and against the extended systems: F = 0 with det(J − I) = 0, or with all agents just busy.
    """

    world: object
    table: pd.DataFrame
    calm_ends: float | None
    vicious_ends: float | None

    @property
    def text(self):
        if self.calm_ends is None:
            return "Nothing tips in this world: with more calls matters get worse by degrees, and better again the same way."
        if len(self.table) > 2:
            return self._many()
        back = 100 * (1 - self.vicious_ends / self.calm_ends)
        calm, vicious = (what.split()[0] for what in self.table["what"])
        return (f"Above {said(self.calm_ends)} calls a seat and round the {calm} state is gone. The way back is longer: the "
                f"{vicious} state is gone only below {said(self.vicious_ends)}, {said(back)} % fewer calls. In between it "
                "depends on where one comes from.")

    def _many(self):
        """Where each of three or more branches is there: each ends at a highest demand, the next begins at a lowest one."""
        at = [said(demand) for demand in self.table["demand"]]
        lower, upper = (self.table["what"].iloc[end].split()[0] for end in (0, -1))
        between = [f"one in between from {at[one]} to {at[one + 1]}" for one in range(1, len(at) - 1, 2)]
        return (f"This world has {len(at)} tipping points, and {len(at) // 2 + 1} kinds of stable states. In calls a seat "
                f"and round, from few upset callers to many: the {lower} one is there up to {at[0]}, {', '.join(between)}, "
                f"and the {upper} one from {at[-1]} on. Where two or more are there, it depends on where one comes from.")


def tipping(world):
    """See ``Circle.tipping``."""
    curve = Curve(world)
    tips = ends(curve)
    rows = []
    for turn in curve.turns:
        upset, worn, vacant = map(float, curve.state(turn.share))
        able = (1 - vacant) * (1 - world.breaks)
        rows.append({"what": f"{branch(turn, curve)} state gone {_side(turn)}", "demand": turn.demand, "how": turn.how,
                     "upset": upset, "worn": worn, "vacant": vacant, "busy": min(1.0, (turn.demand + upset) / able)})
    columns = ["what", "demand", "how", "upset", "worn", "vacant", "busy"]
    return Tipping(world, pd.DataFrame(rows, columns=columns), *tips)


def branch(turn, curve):
    """What the states that end at this turn are called; calm and vicious only if they are, at least at that end."""
    if turn is curve.turns[0]:
        return "calm" if turn.share < UPSET else "lower"
    if turn is curve.turns[-1]:
        return "vicious" if turn.share >= UPSET else "upper"
    return "in-between"


def _side(turn):
    return "above" if turn.kind == "highest" else "below"


def ends(curve):
    """Demand at which the calm state, and at which the vicious one is gone; (None, None) if nothing tips."""
    if not curve.turns:
        return None, None
    return curve.turns[0].demand, curve.turns[-1].demand
