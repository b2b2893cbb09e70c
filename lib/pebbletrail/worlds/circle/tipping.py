"""Tipping points: the demand at which a state is gone, the way back, and what moves them."""

from dataclasses import dataclass, fields, replace

import numpy as np
import pandas as pd

from pebbletrail.shown import Shown
from pebbletrail.words import said
from pebbletrail.worlds.circle.curve import Curve
from pebbletrail.worlds.parameters import checked

# What helps: more of it (1) or less (-1). Fewer callers who call again (``returns``)
# are no lever: they are lost, not helped.
HELPFUL = {"resolve": 1, "worn_loss": -1, "upset_loss": -1, "drain": -1, "autonomy": 1, "rest": 1, "lull": 1,
           "breaks": 1, "thanks": 1, "rub": -1, "quit": -1, "hire": 1}


@dataclass(frozen=True, repr=False)
class Tipping(Shown):
    """Where the circle tips, in new calls a seat and round.

    Attributes
    ----------
    calm_ends : float or None
        Above this demand the calm state is gone. None where nothing tips: more demand makes matters worse by degrees.
    vicious_ends : float or None
        Below this demand the vicious state is gone: the way back. Between the two both are there.
    table : DataFrame
        what, demand, how (``fold``: the stable state and the one where the way divides melt into one; ``kink``: they meet
        where all agents have just become busy), upset, worn, vacant (per seat, there), busy (calls for each agent who has no
        break).
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
            told = "; ".join(f"{row['what']} {said(row['demand'])}" for _, row in self.table.iterrows())
            return f"This world has {len(self.table)} tipping points, in calls a seat and round: {told}."
        back = 100 * (1 - self.vicious_ends / self.calm_ends)
        return (f"Above {said(self.calm_ends)} calls a seat and round the calm state is gone. The way back is longer: the "
                f"vicious state is gone only below {said(self.vicious_ends)}, {said(back)} % fewer calls. In between it "
                "depends on where one comes from.")


def tipping(world):
    """See ``Circle.tipping``."""
    curve = Curve(world)
    ends = _ends(curve)
    rows = []
    for turn in curve.turns:
        upset, worn, vacant = map(float, curve.state(turn.share))
        able = (1 - vacant) * (1 - world.breaks)
        rows.append({"what": _what(turn, curve.turns[0], curve.turns[-1]), "demand": turn.demand, "how": turn.how,
                     "upset": upset, "worn": worn, "vacant": vacant, "busy": min(1.0, (turn.demand + upset) / able)})
    columns = ["what", "demand", "how", "upset", "worn", "vacant", "busy"]
    return Tipping(world, pd.DataFrame(rows, columns=columns), *ends)


def _what(turn, first, last):
    """What is gone where the curve turns."""
    if turn.kind == "highest":
        return f"{'calm' if turn is first else 'in-between'} state gone above"
    return f"{'vicious' if turn is last else 'in-between'} state gone below"


def _ends(curve):
    """Demand at which the calm state, and at which the vicious one is gone; (None, None) if nothing tips."""
    if not curve.turns:
        return None, None
    return curve.turns[0].demand, curve.turns[-1].demand


@dataclass(frozen=True, repr=False)
class Levers(Shown):
    """What the same relative change of each lever does to the tipping points.

    Attributes
    ----------
    table : DataFrame
        lever, now, changed_to, calm_ends, vicious_ends (calls a round for each *present* seat), calm_change, vicious_change
        (percent more calls that the centre bears before the calm state is gone, and at which it comes back); the most
        helpful first, and what each lever is (``meaning``). The row ``staffing`` is the yardstick: a tenth more seats bear
        a tenth more calls.
    text : str
    """

    table: pd.DataFrame
    change: float

    @property
    def text(self):
        known = self.table.dropna(subset=["calm_change"])
        if known.empty:
            return "Nothing tips in this world, so no lever moves a tipping point."
        others = known[known["lever"] != "staffing"]
        best, least = others.iloc[0], others.iloc[-1]
        moved = said(100 * self.change)
        return (f"{moved} % more staff bears {moved} % more calls before the calm state is gone. Of the other levers, moved "
                f"by {moved} % the helpful way, {best['lever']} moves that end most "
                f"({said(best['calm_change'], sign=True)} % calls) and {least['lever']} least "
                f"({said(least['calm_change'], sign=True)} %).")


def levers(world, change=0.1):
    """See ``Circle.levers``."""
    change = checked("change", change, 0.001, 0.9)
    limits = {one.name: one.metadata for one in fields(world)}
    now = _ends(Curve(world))
    rows = [_lever("staffing", 1.0, 1 + change, [end and end * (1 + change) for end in now], now,
                   "seats, for the same calls in all")]
    for name, way in HELPFUL.items():
        old = getattr(world, name)
        new = {"autonomy": old + change, "resolve": 1 - (1 - old) * (1 - change)}.get(name, old * (1 + way * change))
        new = min(max(new, limits[name]["low"]), limits[name]["high"])
        rows.append(_lever(name, old, new, _ends(Curve(replace(world, **{name: new}))), now, limits[name]["meaning"]))
    numbers = ["calm_ends", "vicious_ends", "calm_change", "vicious_change"]
    table = pd.DataFrame(rows).astype(dict.fromkeys(numbers, float))
    return Levers(table.sort_values("calm_change", ascending=False, ignore_index=True), change)


def _lever(name, old, new, then, now, meaning):
    return {"lever": name, "now": old, "changed_to": new, "calm_ends": then[0], "vicious_ends": then[1],
            "calm_change": _percent(then[0], now[0]), "vicious_change": _percent(then[1], now[1]), "meaning": meaning}


def over(world, name, values):
    """See ``Circle.lever``: one row a value."""
    if name not in HELPFUL and name != "relief":
        raise ValueError(f"name: {name!r} is not a lever; there are {', '.join([*HELPFUL, 'relief'])}.")
    rows = []
    for value in np.atleast_1d(values):
        ends = tipping(replace(world, **{name: float(value)}))
        how = None if ends.calm_ends is None else ends.table["how"].iloc[0]
        rows.append({name: float(value), "calm_ends": ends.calm_ends, "vicious_ends": ends.vicious_ends, "how": how})
    return pd.DataFrame(rows).astype({"calm_ends": float, "vicious_ends": float})


def _percent(then, now):
    return None if then is None or now is None else 100 * (then / now - 1)
