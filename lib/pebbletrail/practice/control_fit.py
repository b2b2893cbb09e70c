"""Control and quality: the regressions, from moments by team, so that rows and an engine's table give the same."""

import numpy as np
import pandas as pd

from pebbletrail.models.regress import regress
from pebbletrail.moments import Moments
from pebbletrail.moments.accept import is_table

ADJUST = ("tenure", "difficulty", "waiting")  # what comes before control; what follows from it is never adjusted for
AFTER = ("handling_time", "restarts", "autonomy")
FILLED, COPY = 0.8, 0.999  # least share of values; share explained by the others from which a column says nothing new
HARDLY = 0.02  # share of control's variation inside groups below which nothing can be compared there


def moments(data, columns, by="team"):
    """Moments of some columns by group, from a DataFrame or an Ibis table. Rows that lack one of them are left out."""
    make = Moments.from_table if is_table(data) else Moments.from_frame
    return make(data, list(columns), by=by)


def adjusters(study):
    """Those of ``ADJUST`` that can be used: given, filled in four rows of five, varying, and no copy of the others."""
    data, kept = study.data, []
    for name in [name for name in ADJUST if study.has(name)]:
        if _filled(data, name) >= FILLED and _of_its_own(data, name, kept):
            kept.append(name)
    return tuple(kept)


def _filled(data, name):
    """Share of the judged rows that have a value: rows without one would be lost to the estimate."""
    if is_table(data):
        judged = data.filter(data["quality"].notnull())  # noqa: PD004 (Ibis, not pandas)
        there = judged[name].notnull().cast("float64")  # noqa: PD004
        return float(judged.aggregate(share=there.mean()).to_pandas().iloc[0, 0])
    return float(data.loc[data["quality"].notna(), name].notna().mean())


def _of_its_own(data, name, kept):
    m = moments(data, ["quality", "control", *kept, name])
    spread = m.cov.loc[name, name]
    return bool(spread > 0) and regress(m, f"{name} ~ control{''.join(f' + {one}' for one in kept)}").r2 < COPY


def formula(adjusted_for=()):
    """The specification: quality on control and what is adjusted for."""
    return " + ".join(["quality ~ control", *adjusted_for])


def usable(fit, *given, **options):
    """A fit whose estimate of control has an interval; None where these rows do not allow one."""
    try:
        found = fit(*given, **options)
    except ValueError:
        return None
    return found if found is not None and np.isfinite(row(found)["se"]) else None


def row(fit, term="control"):
    """One coefficient's row."""
    return fit.table.set_index("term").loc[term]


def times(fit, factor, term="control"):
    """A coefficient with its interval in another unit, as a dict for the study."""
    found = row(fit, term)
    estimate, *ends = (factor * found[name] for name in ("estimate", "ci_low", "ci_high"))
    return {"estimate": estimate, "low": min(ends), "high": max(ends), "se": abs(factor) * found["se"], "df": found["df"],
            "p": found["p_value"], "n": fit.n, "clusters": fit.clusters}


def in_deviations(m):
    """Correlation of control with quality, and its interval, from the regression of one on the other with clusters."""
    return times(regress(m, "quality ~ control", errors="cluster"), m.sd["control"] / m.sd["quality"])


def afterwards(study, adjusted_for):
    """``(column, values)`` for what follows from control and was given: each on control, with the same adjustment."""
    for name in AFTER:
        if study.has(name):
            columns = [name, "control", *adjusted_for]
            fit = usable(_on_control, study.data, columns)
            if fit is not None:
                yield name, times(fit, 1.0)


def _on_control(data, columns):
    return regress(moments(data, columns), f"{columns[0]} ~ {' + '.join(columns[1:])}", errors="cluster")


def share_inside(m, name="control"):
    """Share of a column's variation that lies inside the groups."""
    inside, whole = (part.cov.loc[name, name] * (part.n - 1) for part in (m.within(), m))
    return float(inside / whole) if whole > 0 else 0.0


def inside(data, columns, by="team"):
    """The regression within groups, with CR1 errors by group; None where control hardly varies in them."""
    m = moments(data, columns, by)
    if len(m.labels) < 2 or share_inside(m) < HARDLY:
        return None
    own = m.within()
    kept = [name for name in columns[1:] if own.cov.loc[name, name] > 0]  # tenure, say, may stand still inside agents
    return regress(own, " + ".join([f"{columns[0]} ~ {kept[0]}", *kept[1:]]), errors="cluster")


def in_months(data, columns):
    """The regression with calendar months held constant, clustered by team; None where there is one month only."""
    rows = data.dropna(subset=["time", *columns]).assign(month=lambda table: table["time"].dt.strftime("%Y-%m"))
    if rows["month"].nunique() < 2:
        return None
    return regress(rows, f"{formula(columns[2:])} + C(month)", errors="cluster", by="team")


def without_each(m, term="control"):
    """The slope of ``term`` without each group in turn: a Series by group. The first column of ``m`` is the outcome.

    Each group's sums of products are taken off the whole's, so that no row is read again.
    """
    parts = {label: _products(group) for label, group in m.groups.items()}
    whole = sum(parts.values())
    at = 1 + list(m.names).index(term)
    slopes = {}
    for label, own in parts.items():
        left = whole - own
        keep = [0, *range(2, left.shape[0])]  # the intercept and all but the outcome
        try:
            slopes[label] = np.linalg.solve(left[np.ix_(keep, keep)], left[keep, 1])[keep.index(at)]
        except np.linalg.LinAlgError:  # without this group nothing varies any more
            slopes[label] = np.nan
    return pd.Series(slopes, dtype=float)


def _products(group):
    """Sums of products of (1, columns) of one group's rows, about 0."""
    n, mean = group.n, group.mean.to_numpy()
    about = group.cov.to_numpy() * (n - 1) if n > 1 else np.zeros((len(mean), len(mean)))
    first = np.concatenate([[1.0], mean])
    found = n * np.outer(first, first)
    found[1:, 1:] += about
    return found


def without_one(data, m, columns):
    """The estimate without the team that matters most, and how far any one team moves it; None where it cannot be had."""
    slopes = without_each(m)
    whole = row(regress(m, formula(columns[2:]), errors="cluster"))["estimate"]
    fit = usable(without, data, (slopes - whole).abs().idxmax(), columns) if slopes.notna().all() else None
    return fit and {**times(fit, 1.0), "least": float(slopes.min()), "most": float(slopes.max())}


def without(data, label, columns):
    """The regression without one team, clustered by team."""
    kept = data.filter(data["team"] != label) if is_table(data) else data[data["team"] != label]
    return regress(moments(kept, columns), formula(columns[2:]), errors="cluster")
