"""Trust across stages: the regressions of intention on levels of trust, from rows or from an engine's moments."""

import numpy as np

from pebbletrail.models.regress import regress
from pebbletrail.moments.accept import is_table
from pebbletrail.practice.control_fit import moments, row, times

LEVELS = ("person", "brand", "trade")
UNITS = 10  # groups from which errors by group are better than errors by row


def levels(study):
    """The levels of trust that were asked."""
    return tuple(name for name in LEVELS if study.has(name))


def terms(study):
    """What intention is regressed on: the levels of trust, and how long the customer has been one."""
    return (*levels(study), "months")


def formula(of):
    """The specification in words that the models read."""
    return f"intention ~ {' + '.join(of)}"


def by_unit(study):
    """The column that errors are clustered by: the unit, where there are enough of them; else none."""
    if not study.has("unit"):
        return ""
    data = study.data
    units = data["unit"].nunique().to_pandas() if is_table(data) else data["unit"].nunique()
    return "unit" if units >= UNITS else ""


def errors(study):
    """The kind of standard errors that these rows allow."""
    return "cluster" if by_unit(study) else "classical" if study.in_engine else "HC3"


def fit(study, of, data=None):
    """Intention on some terms, with errors by unit, by row (HC3), or classical ones where an engine holds the rows.

    Parameters
    ----------
    study : Study
    of : sequence of str
        Terms, an interaction among them as ``person:months``, dummies as ``C(stage)``.
    data : DataFrame or Ibis table, optional
        Other rows than the study's.
    """
    data = study.data if data is None else data
    needed = list(dict.fromkeys(part for term in of for part in term.split(":")))
    columns = ["intention", *needed, *(term for term in of if ":" in term)]
    if by := by_unit(study):
        return regress(moments(data, columns, by), formula(of), "cluster")
    if is_table(data):
        return regress(moments(data, columns, None), formula(of))
    bare = [name.removeprefix("C(").removesuffix(")") for name in needed]
    return regress(data.dropna(subset=["intention", *bare]), formula(of), errors="HC3")


def later(study):
    """Whether the person counts for more, or less, in a year: the interaction with months, times 12, as a dict."""
    return times(fit(study, [*terms(study), "person:months"]), 12.0, "person:months")


def grown(study, level):
    """How a level of trust differs for a year more with the firm, as a dict: a difference between people, not growth."""
    return times(over_time(study.data, level, ["months"]), 12.0, "months")


def over_time(data, level, of):
    """A level of trust on terms of time, with errors by row (HC3), or classical ones where an engine holds the rows."""
    columns, line = [level, *of], f"{level} ~ {' + '.join(of)}"
    if is_table(data):
        return regress(moments(data, columns, None), line)
    return regress(data.dropna(subset=columns), line, errors="HC3")


def halves(study):
    """``(short, long)``: the main slope among customers up to the median of months, and beyond it. Needs rows."""
    data = study.data
    middle = data["months"].median()
    parts = data[data["months"] <= middle], data[data["months"] > middle]
    return tuple(_or_none(study, part) for part in parts), float(middle)


def _or_none(study, part):
    varying = [name for name in terms(study) if name != "months" or part["months"].nunique() > 1]
    try:
        found = times(fit(study, varying, part), 1.0, "person")
    except ValueError:
        return None
    return found if np.isfinite(found["se"]) else None


def without_one(study):
    """The main slope without the unit that moves it most, and the range over all units; None without units. Needs rows."""
    if not by_unit(study) or study.in_engine:
        return None
    data = study.data.dropna(subset=["intention", "unit", *terms(study)])
    main = row(fit(study, terms(study)), "person")["estimate"]
    left_out = {name: times(fit(study, terms(study), data[data["unit"] != name]), 1.0, "person")
                for name in data["unit"].unique()}
    farthest = max(left_out.values(), key=lambda one: abs(one["estimate"] - main))
    slopes = [one["estimate"] for one in left_out.values()]
    return {**farthest, "least": float(min(slopes)), "most": float(max(slopes))}
