"""Removing control: assumptions and rival explanations, each judged by a rule that its sentence states."""

import numpy as np

from pebbletrail.practice.judged import AGAINST, FOR, OPEN, Judged, by_size
from pebbletrail.practice.removing_fit import imputed, or_none, overall, stayed, waves
from pebbletrail.practice.removing_panel import clusters, left_early

MOVED = 0.25  # share of the estimate by which those who left may make it
SHARP = 0.5   # share of the estimate beyond which no difference before the start may lie, by its interval
FEW_PERSONS = 10  # below, an average tells of persons


def design(rows):
    """Who decided: lots, if every row says so; else somebody did."""
    units = rows.groupby("unit")["start"].first()
    counts = {"treated": int(units.notna().sum()), "units": len(units), "starts": int(units.nunique())}
    if drawn(rows):
        return Judged("randomised", "design.drawn", counts)
    return Judged("before-after", "design.chosen", counts)


def drawn(rows):
    """Whether every row says that lots decided."""
    return "drawn" in rows and bool((rows["drawn"] == 1).all())


def clusters_enough(fit):
    """25 clusters with 10 treated, or 10 with 4: below, simulated intervals hold the truth too rarely."""
    treated = int(fit.overall["clusters"].iloc[0])
    good, some = fit.clusters >= 25 and treated >= 10, fit.clusters >= 10 and treated >= 4
    return Judged("pass" if good else "doubtful" if some else "fail", "clusters-enough",
                  {"clusters": fit.clusters, "treated": treated})


def _before(fit):
    """``(p of the joint test, the end farthest from 0 of the leads' intervals, how many)``; None without a test."""
    if fit.leads is None or not fit.leads.p_value >= 0:
        return None
    reach = float(fit.leads.table[["ci_low", "ci_high"]].abs().to_numpy().max())
    return float(fit.leads.p_value), reach, len(fit.leads.table)


def parallel(fit):
    """Parallel movement, by the differences before the start: a joint test, and whether it could have seen anything."""
    if (found := _before(fit)) is None:
        return Judged("doubtful", "parallel.unseen")
    p, reach, many = found
    if p < 0.05:
        return Judged("fail", "parallel.apart", {"p": p, "many": many})
    sharp = reach < SHARP * abs(fit.estimate)
    return Judged("pass" if sharp else "doubtful", "parallel.seen" if sharp else "parallel.weak",
                  {"p": p, "many": many, "reach": reach})


def comparison(fit):
    """Treated rows that have no counterfactual."""
    lost = sum(fit.left_out[name] for name in ("alone", "no_other", "apart"))
    share = 100 * lost / (lost + int(fit.overall["rows"].iloc[0]))
    return Judged(by_size(share, 5, 25), "comparison", {"share": float(share)})


def values_there(rows):
    """Whether the outcome is missing more often without control than with it."""
    gone = 100 * rows["outcome"].isna()
    treated, others = (float(gone[rows["removed"] == one].mean()) for one in (1, 0))
    return Judged(by_size(abs(treated - others), 5, 15), "values-there", {"treated": treated, "others": others})


def drift(fit, drawn=False):
    """Rival: they were on another path anyhow. Read from the differences before the start, if these are sharp enough."""
    if (found := _before(fit)) is None:
        return Judged(OPEN, "rival.drift.open")
    p, reach, _ = found
    if p < 0.05:
        return Judged(FOR, "rival.drift.apart", {"p": p})
    if drawn:
        return Judged(AGAINST, "rival.drift.drawn", {"p": p})
    if reach < SHARP * abs(fit.estimate):
        return Judged(AGAINST, "rival.drift.alike", {"reach": reach})
    return Judged(OPEN, "rival.drift.open")


def leavers(rows, fit):
    """Rival: those who stayed are others. Does the estimate move by a quarter among units seen to the end?"""
    treated, others = (100 * share for share in left_early(rows))
    if treated == others == 0:
        return Judged(OPEN, "rival.leavers.none")
    shares = {"treated": treated, "others": others}
    among, clear = stayed(rows), fit.ci[0] > 0 or fit.ci[1] < 0
    if among is None or not clear:
        return Judged(OPEN, "rival.leavers.open", shares)
    told = {**shares, "estimate": among["estimate"]}
    if abs(among["estimate"] - fit.estimate) >= MOVED * abs(fit.estimate):
        return Judged(FOR, "rival.leavers.moved", told)
    return Judged(AGAINST, "rival.leavers.still", told)


def event(rows):
    """Rival: something else at the same time. Several starts leave less room for it; nothing in such rows rules it out.

    What came with every removal, or touched all the treated later, makes the waves point the same way too.
    """
    if "workload" in rows and (changed := _workload(rows)):
        return Judged(FOR, "rival.event.workload", changed)
    starts = rows["start"].nunique()
    if starts == 1:
        return Judged(OPEN, "rival.event.one")
    told = _tellable(rows, waves(rows))
    if len(told) < 2:
        told = _tellable(rows, _halves(rows))
    if len(told) < 2:
        return Judged(OPEN, "rival.event.open", {"starts": int(starts)})
    values = {"starts": int(starts), "waves": len(told), "least": min(told), "most": max(told)}
    same = min(told) > 0 or max(told) < 0
    return Judged(OPEN, "rival.event.each" if same else "rival.event.some", values)


def _tellable(rows, fits):
    """Estimates that may be told one by one. Units that lie in clusters are persons: fewer than ten are not told apart."""
    least = FEW_PERSONS if clusters(rows) == "cluster" else 1
    return [one["estimate"] for one in fits if one["units"] >= least]


def _halves(rows):
    """The early and the late starters, each beside all that are untreated: where nobody is never treated."""
    middle = np.median(rows["start"].dropna().unique())
    early = rows[(rows["start"] <= middle) | rows["removed"].eq(0)]
    late = rows[(rows["start"] > middle) | rows["removed"].eq(0)]
    made = [(overall(or_none(imputed, part, leads=0)), part) for part in (early, late)]
    return [{**one, "units": int(part[part["removed"].eq(1)]["unit"].nunique())} for one, part in made if one is not None]


def _workload(rows):
    """What the removal seems to do to the workload, where that is clearly something."""
    there = rows.dropna(subset=["workload"]).drop(columns="outcome").rename(columns={"workload": "outcome"})
    found = overall(or_none(imputed, there, leads=0))
    if found is None or found["low"] <= 0 <= found["high"]:
        return None
    return {name: found[name] for name in ("estimate", "low", "high")}
