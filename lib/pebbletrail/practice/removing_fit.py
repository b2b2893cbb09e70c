"""Removing control: the estimate by imputation, the two-way regression, and the same again with parts left out."""

import numpy as np
from scipy import stats

from pebbletrail.models.regress import regress
from pebbletrail.models.staggered import staggered
from pebbletrail.own_data.given import NotUsable
from pebbletrail.practice.removing_panel import clusters, seen_to_the_end

PARTS = 20     # clusters are left out one by one up to here, in as many parts beyond
FEW_ROWS = 10  # treated rows that an estimate must rest on
MANY = 100     # clusters from which errors made for few of them are slow, and change nothing


def imputed(rows, **options):
    """The effect by imputation, errors clustered by cluster, or by unit."""
    return staggered(rows, "outcome", "unit", "period", "start", by=clusters(rows), **options)


def or_none(fit, *given, **options):
    """A fit, or None where these rows do not allow it."""
    try:
        found = fit(*given, **options)
    except ValueError:
        return None
    return found


def overall(fit):
    """The average effect as values of a finding. Without a usable error there is no interval: None."""
    if fit is None or not np.isfinite(fit.se) or fit.overall["rows"].iloc[0] < FEW_ROWS:
        return None
    return values(fit.overall.iloc[0], n=int(fit.overall["rows"].iloc[0]), clusters=fit.clusters)


def values_of(fit):
    """The average effect of the fit that the decision rests on, as values of a finding.

    Raises
    ------
    NotUsable
        All that is treated is one cluster, or fewer than ten rows have a comparison: no interval could be believed.
    """
    if (found := overall(fit)) is None:
        raise NotUsable(f"unit: the effect rests on {fit.overall['rows'].iloc[0]:,} rows of "
                        f"{fit.overall['clusters'].iloc[0]:,} treated {fit.by}s, so no interval can be given. At "
                        f"least two treated ones and {FEW_ROWS} rows without control are needed.")
    return found


def in_deviations(rows, found):
    """The same in standard deviations of the outcome in rows with control."""
    sd = float(rows.loc[rows["removed"] == 0, "outcome"].std())
    return {**found, **{name: found[name] / sd for name in ("estimate", "low", "high", "se")}}


def ends(fit):
    """Effects in the first and in the last period without control that ten rows and two clusters stand behind."""
    told = fit.table[(fit.table["rows"] >= FEW_ROWS) & fit.table["se"].gt(0)]
    if told.empty:
        return None, None
    ends_of = told.iloc[[0, -1]]
    first, last = (values(row, since=int(row["since"]), units=int(row["units"])) for _, row in ends_of.iterrows())
    return (first if first["since"] == 0 else None), (last if last["since"] > 0 else None)


def values(row, **more):
    """A row of a result's table as values of a finding."""
    return {"estimate": float(row["estimate"]), "low": float(row["ci_low"]), "high": float(row["ci_high"]),
            "se": float(row["se"]), "df": float(row["df"]), "p": float(row["p_value"]), **more}


def two_way(rows, errors="cluster"):
    """The regression on unit and period effects and one dummy of the removal, as page 2 has it: values of a finding.

    Where clusters are coarser than units it comes from the fit by imputation, which has it for comparison.
    """
    if clusters(rows) != "unit":
        return values(imputed(rows, leads=0).two_way.table.iloc[0], n=int(rows["outcome"].notna().sum()))
    fit = regress(rows, "outcome ~ C(period) + removed", errors=errors, by="unit", within=True,
                  count_absorbed=errors == "cluster")
    return values(fit.table.set_index("term").loc["removed"], n=fit.n, clusters=fit.clusters)


def cr2(rows):
    """The two-way regression with CR2 errors; None where clusters are coarser than units, or many."""
    if clusters(rows) != "unit" or rows["unit"].nunique() >= MANY:
        return None
    found = or_none(two_way, rows, errors="cluster-cr2")
    return found if found and np.isfinite(found["se"]) else None


def early(rows, fit):
    """``(values, periods)`` of the first half of the periods without control; None where there are fewer than four."""
    last = int(fit.table["since"].max())
    if last < 3:
        return None
    half = last // 2
    found = overall(or_none(imputed, rows, leads=0, horizon=half))
    return None if found is None else {**found, "periods": half + 1}


def stayed(rows):
    """The estimate among units seen to the end; None where all were, or too few are left."""
    kept = seen_to_the_end(rows)
    if kept["unit"].nunique() == rows["unit"].nunique():
        return None
    found = overall(or_none(imputed, kept, leads=0))
    return None if found is None else {**found, "units": int(kept["unit"].nunique())}


def never_treated(rows):
    """Each wave beside the never treated alone, averaged by treated rows: no wave serves another as comparison.

    The never treated serve all waves, so the waves' errors go together: they are averaged as they are, which is the most
    that the average's error can be. None where fewer than ten units are never treated, or there is one wave only.
    """
    never, found = rows["start"].isna(), waves(rows)
    if rows[never]["unit"].nunique() < 10 or len(found) < 2:
        return None
    weights = np.array([one["n"] for one in found]) / sum(one["n"] for one in found)
    estimate, se = (float(weights @ [one[name] for one in found]) for name in ("estimate", "se"))
    df = min(one["df"] for one in found)
    half = float(stats.t.ppf(0.975, df)) * se
    return {"estimate": estimate, "low": estimate - half, "high": estimate + half, "se": se, "df": df}


def waves(rows):
    """Each wave by itself beside the units that are never treated: values, those that can be judged alone."""
    never, made = rows["start"].isna(), []
    for start in np.sort(rows["start"].dropna().unique()):
        found = overall(or_none(imputed, rows[never | (rows["start"] == start)], leads=0))
        if found is not None:
            made.append({**found, "start": int(start), "units": int(rows[rows["start"] == start]["unit"].nunique())})
    return made


def without_parts(rows):
    """Estimates without each cluster, or each part of the clusters where they are many: ``(worst, all, parts)``.

    ``worst`` are the values of the one that is farthest from the estimate with all. None where one cannot be had.
    """
    by = clusters(rows)
    names = np.array(sorted(rows[by].unique(), key=str))
    parts = np.array_split(np.random.default_rng(1).permutation(names), min(PARTS, len(names)))
    found = [overall(or_none(imputed, rows[~rows[by].isin(part)], leads=0)) for part in parts]
    if None in found:
        return None
    whole = imputed(rows, leads=0).estimate
    worst = max(found, key=lambda one: abs(one["estimate"] - whole))
    every = [one["estimate"] for one in found]
    return {**worst, "least": min(every), "most": max(every), "parts": len(parts)}
