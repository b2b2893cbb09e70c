"""What moves the tipping points: each lever by the same relative change, or one lever over many values."""

from dataclasses import dataclass, fields, replace

import numpy as np
import pandas as pd

from pebbletrail.shown import Shown
from pebbletrail.words import said
from pebbletrail.worlds.circle.curve import Curve
from pebbletrail.worlds.circle.tipping import ends, tipping
from pebbletrail.worlds.parameters import checked

# What helps: more of it (1) or less (-1). Fewer callers who call again (``returns``)
# are no lever: they are lost, not helped.
HELPFUL = {"resolve": 1, "worn_loss": -1, "upset_loss": -1, "drain": -1, "autonomy": 1, "rest": 1, "lull": 1,
           "breaks": 1, "thanks": 1, "rub": -1, "quit": -1, "hire": 1}
NOTHING = 5e-7  # percent: a change nearer to 0 than this is one of rounding


@dataclass(frozen=True, repr=False)
class Levers(Shown):
    """What the same relative change of each lever does to the tipping points.

    Attributes
    ----------
    table : DataFrame
        lever; now, changed_to; moved (``yes``; ``in part``: only as far as its limit; ``no``: it is at its limit already, or
        it is 0 and a share of that is nothing); calm_ends, vicious_ends (calls a round for each *present* seat);
        calm_change, vicious_change (percent more calls that the centre bears before the calm state is gone, and at which it
        comes back); meaning (what the lever is). The most helpful first; for a lever that was not moved the numbers are
        missing, and so they are where nothing tips any more. The row ``staffing`` is the yardstick: a tenth more seats bear
        a tenth more calls.
    text : str

    Notes
    -----
    What helps usually need not help always: more breaks restore agents and answer fewer calls, so that past the best share
    of breaks the calm state ends earlier with more of them.
    """

    table: pd.DataFrame
    change: float

    @property
    def text(self):
        if pd.isna(self.table.set_index("lever").loc["staffing", "calm_ends"]):
            return "Nothing tips in this world, so no lever moves a tipping point."
        percent = said(100 * self.change)
        others = self.table[self.table["lever"] != "staffing"]
        moved, change = others["moved"] != "no", others["calm_change"]
        told = [f"{percent} % more staff bears {percent} % more calls before the calm state is gone. The other levers were "
                f"moved by {percent} % where they could be, the way that is meant to help (resolve: {percent} % of the "
                f"calls that are not solved; autonomy: {said(self.change)} up)."]
        told.append(_most_and_least(others[change > NOTHING]))
        for rows, words in ((others[moved & change.isna()], "Nothing tips any more with a change of"),
                            (others[change.abs() <= NOTHING], "Makes no difference here:"),
                            (others[change < -NOTHING], "Makes matters worse here, as the calm state ends earlier:")):
            if len(rows):
                told.append(f"{words} {', '.join(_with_change(row) for _, row in rows.iterrows())}.")
        for kind, words in (("in part", "Moved less than that, as far as the limit"),
                            ("no", "Not moved, being at the limit or at 0")):
            if (others["moved"] == kind).any():
                told.append(f"{words}: {', '.join(others.loc[others['moved'] == kind, 'lever'])}.")
        return " ".join(told)


def _most_and_least(helped):
    """Which of the levers that helped did so most, and which least."""
    if helped.empty:
        return "None of them moves the end of the calm state up."
    best, least = helped.iloc[0], helped.iloc[-1]
    if len(helped) == 1:
        return f"Only {best['lever']} moves the end of the calm state up ({said(best['calm_change'], sign=True)} % calls)."
    return (f"Of those that help, {best['lever']} moves the end of the calm state most "
            f"({said(best['calm_change'], sign=True)} % calls) and {least['lever']} least "
            f"({said(least['calm_change'], sign=True)} %).")


def _with_change(row):
    return row["lever"] + (f" ({said(row['calm_change'])} %)" if abs(row["calm_change"]) > NOTHING else "")


def levers(world, change=0.1):
    """See ``Circle.levers``."""
    change = checked("change", change, 0.001, 0.9)
    limits = {one.name: one.metadata for one in fields(world)}
    now = ends(Curve(world))
    rows = [_lever("staffing", 1.0, 1 + change, "yes", [end and end * (1 + change) for end in now], now,
                   "seats, for the same calls in all")]
    for name, way in HELPFUL.items():
        old = getattr(world, name)
        asked = {"autonomy": old + change, "resolve": 1 - (1 - old) * (1 - change)}.get(name, old * (1 + way * change))
        new = min(max(asked, limits[name]["low"]), limits[name]["high"])
        moved = "no" if new == old else "yes" if new == asked else "in part"
        then = (None, None) if moved == "no" else ends(Curve(replace(world, **{name: new})))
        rows.append(_lever(name, old, new, moved, then, now, limits[name]["meaning"]))
    numbers = ["calm_ends", "vicious_ends", "calm_change", "vicious_change"]
    table = pd.DataFrame(rows).astype(dict.fromkeys(numbers, float))
    return Levers(table.sort_values("calm_change", ascending=False, ignore_index=True), change)


def _lever(name, old, new, moved, then, now, meaning):
    return {"lever": name, "now": old, "changed_to": new, "moved": moved, "calm_ends": then[0], "vicious_ends": then[1],
            "calm_change": _percent(then[0], now[0]), "vicious_change": _percent(then[1], now[1]), "meaning": meaning}


def over(world, name, values):
    """See ``Circle.lever``: one row a value."""
    if name not in HELPFUL and name != "relief":
        raise ValueError(f"name: {name!r} is not a lever; there are {', '.join([*HELPFUL, 'relief'])}.")
    values = list(np.atleast_1d(values))
    if not values:
        raise ValueError(f"values: at least one number for {name} is needed, as in [0.1, 0.2]; none was given.")
    rows = []
    for value in values:
        tips = tipping(replace(world, **{name: value}))  # the world says what is no number, or out of its limits
        how = None if tips.calm_ends is None else tips.table["how"].iloc[0]
        rows.append({name: float(value), "calm_ends": tips.calm_ends, "vicious_ends": tips.vicious_ends, "how": how})
    return pd.DataFrame(rows).astype({"calm_ends": float, "vicious_ends": float})


def _percent(then, now):
    return None if then is None or now is None else 100 * (then / now - 1)
