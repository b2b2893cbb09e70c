"""Control and quality: assumptions and rival explanations, each judged by a rule that its sentence states."""

import numpy as np
from scipy import stats

from pebbletrail.models.regress import regress
from pebbletrail.moments.accept import is_table
from pebbletrail.practice.control_fit import formula, inside, moments, row
from pebbletrail.practice.judged import Judged, by_size

FOR, AGAINST, OPEN = "speaks for it", "speaks against it", "cannot tell"
MOVED = 0.2   # share of the estimate from which an adjustment matters
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
    """Rival: hard and busy calls. Does taking them into account move the estimate by a fifth?

    With and without them, all else alike. Where neither estimate is clearly other than 0 there is nothing to explain.
    """
    calls = [name for name in ("difficulty", "waiting") if name in adjusted_for]
    if not calls:
        return Judged(OPEN, "rival.calls.unseen")
    others = [name for name in adjusted_for if name not in calls]
    before, after = (row(regress(m, formula(kept), errors="cluster")) for kept in (others, [*others, *calls]))
    values = {"before": float(before["estimate"]), "after": float(after["estimate"])}
    if min(before["p_value"], after["p_value"]) >= 0.05:
        return Judged(OPEN, "rival.calls.open", values)
    largest = max(abs(values["before"]), abs(values["after"]))
    if abs(values["before"] - values["after"]) >= MOVED * largest:
        return Judged(FOR, "rival.calls.moved", values)
    return Judged(AGAINST, "rival.calls.still", values)


def good_teams(data, columns):
    """Rival: teams differ in more than control. Is the slope between teams another than within them?

    The difference of the two, over its standard error from both; against it, only a slope within teams whose interval
    leaves 0 out and that has the sign of the slope between them.
    """
    own = inside(data, columns)
    if own is None:
        return Judged(OPEN, "rival.teams.unseen")
    try:
        apart = regress(moments(data, columns).between(), formula())
    except ValueError:
        return Judged(OPEN, "rival.teams.unseen")
    one, other = row(own), row(apart)
    z = (one["estimate"] - other["estimate"]) / np.hypot(one["se"], other["se"])
    p = float(2 * stats.t.sf(abs(z), other["df"]))
    values = {"within": float(one["estimate"]), "between": float(other["estimate"]), "p": p}
    if p < 0.05:
        return Judged(FOR, "rival.teams.apart", values)
    if (one["ci_low"] > 0 and other["estimate"] > 0) or (one["ci_high"] < 0 and other["estimate"] < 0):
        return Judged(AGAINST, "rival.teams.alike", values)
    return Judged(OPEN, "rival.teams.open", values)


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
