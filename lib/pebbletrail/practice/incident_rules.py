"""Incidents and staying: assumptions and rival explanations, each judged by a rule that its sentence states."""

from dataclasses import replace

import pandas as pd

from pebbletrail.models.regress import regress
from pebbletrail.moments import Moments
from pebbletrail.practice.incident_fit import AFTER, effect, fitted, straight, usable
from pebbletrail.practice.judged import AGAINST, FOR, OPEN, SPARE, Judged, by_adjusting, by_size, within_and_between


def units_enough(cases):
    """Whether clustered errors can be trusted: 40 units or more, 10 or more."""
    if not cases.by:
        return Judged("doubtful", "units.none")
    units = int(cases.rows["unit"].nunique())
    return Judged(by_size(-units, -39.5, -9.5), "units-enough", {"clusters": units})


def events(fit):
    """Whether there are enough of the rarer outcome for each coefficient: a rule of thumb."""
    rare = min(fit.events, fit.n - fit.events)
    each = rare / max(len(fit.table) - 1, 1)
    return Judged(by_size(-each, -9.99, -4.99), "events", {"rare": int(rare), "each": float(each)})


def bend(cases):
    """Whether the square of justice adds to the line of the log odds; None for a yes or no."""
    if not cases.scale or cases.rows["justice"].nunique() < 3:
        return None
    middle = cases.rows["justice"] - cases.rows["justice"].mean()
    fit = usable(fitted, cases, rows=cases.rows.assign(justice_squared=middle**2), more=("justice_squared",))
    if fit is None:
        return None
    p = float(fit.table.set_index("term").loc["justice_squared", "p_value"])
    return Judged("pass" if p >= 0.05 else "doubtful", "straight", {"p": p})


def silent(data, exposure):
    """Those not in the estimate: rows without a judgement, or of whom nobody knows whether they stayed."""
    asked, known = data[exposure].notna(), data["stayed"].notna()
    share = float(100 * (asked & known).mean())
    if (known & ~asked).any():
        difference = 100 * (data.loc[known & asked, "stayed"].mean() - data.loc[known & ~asked, "stayed"].mean())
        return Judged(by_size(abs(difference), 3, 10), "silent.judged", {"share": share, "difference": float(difference)})
    if (asked & ~known).any():
        values = data.loc[asked, exposure]
        difference = (values[known].mean() - values[~known].mean()) / values.std()
        told = {"share": share, "difference": float(difference)}
        return Judged(by_size(abs(difference), 0.1, 0.25), "silent.outcome", told)
    return Judged("doubtful", "silent.unknown")


def order(data, exposure):
    """Whether justice was asked before it was known who stays."""
    if exposure == "just":
        return Judged("doubtful", "order.records")
    if "answered" not in data or "seen" not in data:
        return Judged("doubtful", "order.unknown")
    both = data.dropna(subset=["answered", "seen"])
    if both.empty:
        return Judged("doubtful", "order.unknown")
    late = float(100 * (both["answered"] > both["seen"]).mean())
    return Judged(by_size(late, 1, 10), "order.dates", {"share": late})


def hard_cases(cases):
    """Rival: some cases are easy to settle. Does taking them into account move the estimate by a fifth?"""
    if not cases.adjusted_for:
        return Judged(OPEN, "rival.cases.unseen")
    found = [effect(fitted(cases, terms), cases.exposure) for terms in ((), cases.adjusted_for)]
    return by_adjusting("rival.cases", *(one["estimate_points"] for one in found), [one["p"] for one in found])


def good_units(cases):
    """Rival: units differ in more than justice. Is the slope between units another than within them?

    Both are straight lines, adjusted for the same; for nothing where that leaves too few units, or a column tells units not
    apart.
    """
    adjusted, bare = (_within_and_between(cases, terms) for terms in (cases.adjusted_for, ()))
    return adjusted or bare or Judged(OPEN, "rival.units.unseen")


def _within_and_between(cases, terms):
    own = straight(cases, terms, within=True) if cases.by else None
    apart = usable(_between, cases, terms) if own else None
    if apart is None:
        return None
    within = (own[name] for name in ("estimate", "se", "low", "high"))
    return within_and_between("rival.units", tuple(within), (apart["estimate"], apart["se"]), apart["df"], times=100)


def _between(cases, terms):
    """The slope between units: their means, shares of levels among them."""
    names = [term.removeprefix("C(").removesuffix(")") for term in terms]
    wide = pd.get_dummies(cases.rows[names], drop_first=True, dtype=float) if names else cases.rows[[]]
    more = [f"beside_{place}" for place in range(wide.shape[1])]  # levels have names that no formula takes
    if terms and cases.rows[cases.by].nunique() < len(more) + 2 + SPARE:
        return None
    rows = cases.rows[["stayed", cases.exposure, cases.by]].join(wide.set_axis(more, axis=1))
    means = Moments.from_frame(rows, ["stayed", cases.exposure, *more], by=cases.by).between()
    return regress(means, " + ".join([f"stayed ~ {cases.exposure}", *more])).table.set_index("term").loc[cases.exposure]


def mood(cases):
    """Rival: who means to stay anyway judges kindly. Do the firm's records of the answer go with staying too?

    A refund, or days until the answer, is nobody's mood. Against it: one standard deviation of a record goes with more
    staying. For it: a record moves judgements, and staying follows by less than these judgements would let expect, the low
    ends of both intervals multiplied.
    """
    if not cases.scale:
        return Judged(OPEN, "rival.mood.records")
    found = [one for name in AFTER if name in cases.rows and (one := usable(_record, cases, name)) is not None]
    by_verdict = {one.status: one for one in reversed(found)}
    return next((by_verdict[one] for one in (AGAINST, FOR, OPEN) if one in by_verdict), Judged(OPEN, "rival.mood.unseen"))


def _record(cases, name):
    """What one record says of it; None where the record stands still."""
    rows = cases.rows.dropna(subset=[name])
    spread = rows[name].std() * (-1 if name == "response_days" else 1)  # quick is what should keep
    if not abs(spread) > 0:
        return None
    own = replace(cases, rows=rows.assign(record=(rows[name] - rows[name].mean()) / spread), exposure="record")
    found = effect(fitted(own), "record")
    judged = regress(own.rows, " + ".join(["justice ~ record", *cases.adjusted_for]), **own.errors)
    moved = judged.table.set_index("term").loc["record", "ci_low"]
    whole = effect(fitted(cases), "justice")["low"]
    expected = float(100 * moved * whole) if moved > 0 and whole > 0 else 0.0
    values = {end: found[f"{end}_points"] for end in ("estimate", "low", "high")}
    if found["low"] > 0:
        return Judged(AGAINST, f"rival.mood.{name}", values)
    if expected > max(found["high_points"], 0):
        return Judged(FOR, f"rival.mood.less.{name}", {**values, "expected": expected})
    return Judged(OPEN, f"rival.mood.open.{name}", values)
