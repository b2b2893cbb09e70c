"""Incidents and staying: which rows and columns are used, the logistic models, and the same again in other ways."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pebbletrail.models.logistic import logistic
from pebbletrail.models.logistic.some import margin_of_some
from pebbletrail.models.regress import regress
from pebbletrail.own_data.given import NotUsable

PARTS = ("distributive", "procedural", "interactional")
NUMBERS, GROUPS = ("severity", "tenure"), ("kind", "channel")  # what comes before the answer, or beside it
AFTER = ("compensated", "response_days")                       # what the answer consists of: described, never adjusted for
FILLED, LEVELS, ROWS = 0.8, 20, 100   # least share of values; most levels of a group, and rows that one should have
OTHER = "(other)"
LARGEST = 20                          # units that are left out one by one


@dataclass(frozen=True)
class Cases:
    """The incidents that the estimate rests on, and how it is made.

    ``still`` counts rows left out because all of their level (a year, a kind) stayed, or none: no odds can be had there.
    ``watched`` has also the rows of which it is not known yet whether they stay, for the analysis of months.
    """

    rows: pd.DataFrame
    exposure: str
    adjusted_for: tuple
    by: str | None
    still: int = 0
    watched: pd.DataFrame = None

    @property
    def formula(self):
        return " + ".join([f"stayed ~ {self.exposure}", *self.adjusted_for])

    @property
    def scale(self):
        """Whether justice is a scale; else it is a yes or no."""
        return self.exposure == "justice"

    @property
    def errors(self):
        return {"errors": "cluster", "by": self.by} if self.by else {"errors": "classical"}


def data_of(study):
    """``(rows, exposure)``: all incidents, with ``justice`` the mean of its kinds where only these were given.

    Raises
    ------
    NotUsable
        Neither a scale of justice nor a yes or no was given, or it is the same in every row.
    """
    data = study.data.to_pandas() if study.in_engine else study.data
    parts = [name for name in PARTS if name in data]
    if "justice" not in data and parts:
        data["justice"] = data[parts].mean(axis=1, skipna=False)
    exposure = next((name for name in ("justice", "just") if name in data), None)
    if exposure is None:
        raise NotUsable("justice: nothing says how just the answer was. Map a scale (--map justice=q1+q2+q3), one of its "
                        "kinds (--map procedural=q4+q5), or a yes or no of your records (--map just=ANSWERED_IN_TIME).")
    judged = data.dropna(subset=[exposure, "stayed"])
    for name in (exposure, "stayed"):
        if judged[name].nunique() < 2:
            raise NotUsable(f"{name}: it is the same in all {len(judged):,} rows that have {exposure} and stayed, so "
                            "nothing can be compared.")
    return data, exposure


def cases(study):
    """The ``Cases`` of a study. Small levels of a group become one; a column that says nothing new is not used."""
    data, exposure = data_of(study)
    if "time" in data:
        data["year"] = data["time"].dt.year.astype("Int64").astype("string").astype(object)
    answer = ("answer",) if exposure == "just" else ()  # beside one side of justice, the others are held still
    judged = data.dropna(subset=[exposure, "stayed"])
    numbers, groups = ([name for name in names if name in judged and judged[name].notna().mean() >= FILLED]
                       for names in (NUMBERS, (*GROUPS, *answer, "year")))
    whole = data.dropna(subset=[exposure, *numbers, *groups]).reset_index(drop=True)
    known, before = whole["stayed"].notna(), int(whole["stayed"].notna().sum())
    for name in groups:
        whole[name] = _merged(whole[name], known)
    for name in groups:
        mean = whole.groupby(name)["stayed"].transform("mean")  # of those known
        whole = whole[(mean > 0) & (mean < 1)].reset_index(drop=True)
    rows = whole.dropna(subset=["stayed"]).reset_index(drop=True)
    by = "unit" if "unit" in rows and len(rows["unit"].unique()) > 1 else None
    return Cases(rows, exposure, _of_their_own(rows, exposure, numbers, groups), by, before - len(rows), whole)


def _merged(values, known):
    """A group's levels, those of few known outcomes as one."""
    sizes = values[known].value_counts()
    least = min(ROWS, max(ROWS / 5, known.sum() / LEVELS))
    kept = sizes.index[sizes >= least][:LEVELS]
    return values.where(values.isin(kept), OTHER)


def _of_their_own(rows, exposure, numbers, groups):
    """The terms to adjust for: those that vary, and are no copy of what stands before them."""
    made, kept = [np.ones(len(rows)), _standard(rows[exposure])], []
    for name in (*numbers, *groups):
        dummies = pd.get_dummies(rows[name], drop_first=True, dtype=float) if name in groups else rows[[name]]
        new = [_standard(dummies[one]) for one in dummies if dummies[one].std() > 0]
        if new and np.linalg.matrix_rank(np.column_stack([*made, *new]), tol=1e-6 * len(rows)**0.5) == len(made) + len(new):
            made += new
            kept.append(f"C({name})" if name in groups else name)
    return tuple(kept)


def _standard(values):
    spread = values.std()
    return ((values - values.mean()) / (spread if spread > 0 else 1.0)).to_numpy(dtype=float)


def fitted(cases, adjusted_for=None, rows=None, more=(), **errors):
    """The logistic model, with other columns to adjust for, other rows or other errors where they are given."""
    terms = cases.adjusted_for if adjusted_for is None else adjusted_for
    formula = " + ".join([f"stayed ~ {cases.exposure}", *more, *terms])
    return logistic(cases.rows if rows is None else rows, formula, **(errors or cases.errors))


def usable(fit, *given, **options):
    """What a function finds; None where these rows do not allow it."""
    try:
        return fit(*given, **options)
    except ValueError:
        return None


def effect(fit, term, times=1.0):
    """The average marginal effect of a term as values: probability, and the same in percentage points."""
    return {**values(fit.margins(term).iloc[0], times), "n": fit.n, **({"clusters": fit.clusters} if fit.clusters else {})}


def values(row, times=1.0):
    """A row of a result's table as values of a finding."""
    estimate, low, high = (float(times * row[name]) for name in ("estimate", "ci_low", "ci_high"))
    df = {"df": float(row["df"])} if np.isfinite(row["df"]) else {}
    found = {"estimate": estimate, "low": min(low, high), "high": max(low, high), "se": float(abs(times) * row["se"]), **df,
             "p": float(row["p_value"])}
    return found | {f"{name}_points": 100 * found[name] for name in ("estimate", "low", "high")}


def odds(fit, term):
    """A term's odds ratio and its interval."""
    row = fit.table.set_index("term").loc[term]
    return {"estimate": float(row["odds_ratio"]), "low": float(row["odds_low"]), "high": float(row["odds_high"])}


def described(cases):
    """``(id, values)``: the kinds of justice beside each other; then what the records say of the answer, one by one."""
    parts = [name for name in PARTS if name in cases.rows] if cases.scale else []
    sets = [("part", parts)] * (len(parts) > 1) + [("after", [name]) for name in AFTER if name in cases.rows]
    for place, names in sets:
        formula = " + ".join([f"stayed ~ {' + '.join(names)}", *cases.adjusted_for])
        fit = usable(logistic, cases.rows, formula, **cases.errors)
        yield from ((f"{place}.{name}", effect(fit, name)) for name in names if fit)


def straight(cases, adjusted_for=None, within=False):
    """A straight line instead of the logistic curve: values, within units where asked; None where there is none."""
    terms = cases.adjusted_for if adjusted_for is None else adjusted_for
    how = {"errors": "cluster", "by": cases.by, "within": within} if cases.by else {"errors": "HC3"}
    fit = usable(regress, cases.rows, " + ".join([f"stayed ~ {cases.exposure}", *terms]), **how)
    row = None if fit is None else fit.table.set_index("term").loc[cases.exposure]
    return values(row) if row is not None and np.isfinite(row["se"]) else None


def inside(cases):
    """The straight line within units, adjusted as far as that is possible there; None where it is not."""
    if not cases.by:
        return None
    return straight(cases, within=True) or straight(cases, (), within=True)


def without_one(cases):
    """The estimate without the unit that matters most among the largest, and how far any of these moves it."""
    if not cases.by or cases.rows["unit"].nunique() < 3:
        return None
    fit, every = fitted(cases), {}
    place, group = {unit: at for at, unit in enumerate(fit._rows.labels)}, fit._rows.group
    for unit in cases.rows["unit"].value_counts().index[:LARGEST]:
        every[unit] = margin_of_some(fit, cases.exposure, group != place[unit])
        if every[unit] is None:
            alone = usable(_without, cases, unit)
            if alone is None:
                return None
            every[unit] = alone["estimate"]
    whole = float(fit.margins(cases.exposure)["estimate"].iloc[0])
    worst = max(every, key=lambda unit: abs(every[unit] - whole))
    points = [100 * one for one in every.values()]
    return {**_without(cases, worst), "least": min(points), "most": max(points), "units": len(points)}


def _without(cases, unit):
    """The effect with its error, fitted without a unit."""
    return effect(fitted(cases, rows=cases.rows[cases.rows["unit"] != unit]), cases.exposure)
