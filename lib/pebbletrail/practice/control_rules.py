"""Control and quality: assumptions and rival explanations, each judged by a rule that its sentence states."""

import numpy as np

from pebbletrail.models.regress import regress
from pebbletrail.moments.accept import is_table
from pebbletrail.practice.control_fit import formula, inside, moments, row
from pebbletrail.practice.judged import AGAINST, FOR, OPEN, SPARE, Judged, by_adjusting, by_size, within_and_between

SMALL = 0.1   # standard deviations: a reaction smaller than that is hardly one


def teams_enough(fit):
    """Whether clustered errors can be trusted: 40 teams or more, 10 or more."""
    return Judged(by_size(-fit.clusters, -39.5, -9.5), "teams-enough", {"clusters": fit.clusters})


def support(m, adjusted_for):
    """Whether control still varies among calls alike in what is adjusted for."""
    if not adjusted_for:
        return Judged("doubtful", "support.none")
    share = 100 * regress(m, f"control ~ {' + '.join(adjusted_for)}").r2
    return Judged(by_size(share, 50, 80), "support", {"share": float(share)})


def straight(data, columns):
    """Whether the square of control adds to the line; None where it cannot be told, as with a yes or no."""
    square = {"control_squared": data["control"] * data["control"]}
    data = data.mutate(**square) if is_table(data) else data.assign(**square)
    try:
        fit = regress(moments(data, [*columns, "control_squared"]), f"{formula(columns[2:])} + control_squared", "cluster")
    except ValueError:
        return None
    p = row(fit, "control_squared")["p_value"]
    return Judged("pass" if p >= 0.05 else "doubtful", "straight", {"p": float(p)}) if np.isfinite(p) else None


def answers(study):
    """Who answered: by control where calls without an answer are among the rows, else by their number."""
    data, rows = study.data, study.prepared
    share, difference = _answered(data)
    if share < 1 and difference is not None:
        return Judged(by_size(abs(difference), 0.1, 0.25), "answers.same",
                      {"share": float(100 * share), "difference": float(difference)})
    calls = max((step.before for step in rows.flow if step.table == "calls"), default=0)
    answered = share * (data.count().to_pandas() if is_table(data) else len(data))
    if 0 < answered < calls:
        return Judged("doubtful", "answers.share", {"share": float(100 * answered / calls)})
    return Judged("doubtful", "answers.unknown")


def _answered(data):
    """Share of rows with an answer, and by how many standard deviations of control these differ from the others."""
    if is_table(data):
        there, control = data["quality"].notnull(), data["control"]
        one = data.aggregate(share=there.cast("float64").mean(), some=control.mean(where=there),
                             none=control.mean(where=~there), sd=control.std()).to_pandas().iloc[0].astype(float)
        share, difference = one["share"], (one["some"] - one["none"]) / one["sd"]
    else:
        there, control = data["quality"].notna(), data["control"]
        share, difference = there.mean(), (control[there].mean() - control[~there].mean()) / control.std()
    return float(share), float(difference) if np.isfinite(difference) else None


def sources(study):
    """Whether control and quality came from two files, and so hardly from one person's mood."""
    held = {name: table for table, name, _ in study.prepared.headings}
    two = held.get("control") != held.get("quality")
    return Judged("pass" if two else "doubtful", "two-sources" if two else "one-source")


def hard_calls(m, adjusted_for):
    """Rival: hard and busy calls. Does taking them into account move the estimate by a fifth?"""
    calls = [name for name in ("difficulty", "waiting") if name in adjusted_for]
    if not calls:
        return Judged(OPEN, "rival.calls.unseen")
    others = [name for name in adjusted_for if name not in calls]
    found = [row(regress(m, formula(kept), errors="cluster")) for kept in (others, [*others, *calls])]
    return by_adjusting("rival.calls", *(one["estimate"] for one in found), [one["p_value"] for one in found])


def good_teams(data, columns):
    """Rival: teams differ in more than control. Is the slope between teams another than within them?

    Both slopes are adjusted for the same; for nothing where that leaves too few teams, or a column tells teams not apart.
    """
    adjusted, bare = (_within_and_between(data, some) for some in (columns, columns[:2]))
    return adjusted or bare or Judged(OPEN, "rival.teams.unseen")


def _within_and_between(data, columns):
    own, apart = inside(data, columns), moments(data, columns)
    if own is None or (len(columns) > 2 and len(apart.labels) < len(columns) + SPARE):
        return None
    try:
        one, other = row(own), row(regress(apart.between(), formula(columns[2:])))
    except ValueError:
        return None
    within = one["estimate"], one["se"], one["ci_low"], one["ci_high"]
    return within_and_between("rival.teams", within, (other["estimate"], other["se"]), other["df"])


def reverse(study):
    """Rival: poor quality brings control. Does an agent's last judged call say something of the next one's control?"""
    if study.in_engine or not study.has("agent", "time"):
        return Judged(OPEN, "rival.reverse.unseen")
    rows = study.data.dropna(subset=["quality", "control", "agent", "time"]).sort_values("time", kind="stable")
    rows["last_quality"] = rows.groupby("agent")["quality"].shift()
    try:
        found = row(regress(moments(rows, ["control", "last_quality"]).within(), "control ~ last_quality", errors="cluster"),
                    "last_quality")
    except ValueError:
        return Judged(OPEN, "rival.reverse.unseen")
    values = {"estimate": float(found["estimate"]), "low": float(found["ci_low"]), "high": float(found["ci_high"])}
    if not np.isfinite(found["se"]):
        return Judged(OPEN, "rival.reverse.unseen")
    if values["low"] > 0 or values["high"] < 0:
        return Judged(FOR, "rival.reverse.seen", values)
    small = SMALL * rows["control"].std() / rows["quality"].std()
    if max(-values["low"], values["high"]) <= small:
        return Judged(AGAINST, "rival.reverse.none", values)
    return Judged(OPEN, "rival.reverse.open", values)
