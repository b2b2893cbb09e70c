"""Checks of a table that an engine holds: one query adds up what each column shows, and bad rows are filtered, not fetched.

Of the rows set aside the first thousand are listed, each with its reasons; all are counted.
"""

import math
from dataclasses import dataclass

from pebbletrail.moments.fetching import fetched
from pebbletrail.own_data.given import Problem

NOT_READ = {"yes-no": "not-yes-or-no", "date": "not-a-date"}
STRAY, STRAY_SHARE = 3, 0.05  # so many answers beyond the ends of a scale are no slips: the ends are others
LISTED = 1_000  # rows set aside that are listed
SHOWN = 20      # row numbers in a problem


@dataclass(frozen=True)
class Field:
    """One own column as it is checked: where its value and its text stand in the table, and what is allowed."""

    name: str       # the study's
    own: str
    column: object  # definition.Column, with the ends that hold here
    read: str       # column of the table with the value
    raw: str        # and with what stands in the file
    summary: object = None  # big_files.Summary of the own column, where the file tells it and nothing was changed


@dataclass(frozen=True)
class Reason:
    """Why a row is set aside: ``bad`` is an Ibis condition, true for such a row."""

    field: Field
    code: str
    allowed: str
    bad: object


def seen(rows, fields):
    """What each field shows: ``{"rows": …, (place, "there" | "given" | "low" | "high"): …}`` by one query.

    The lowest and highest values are fetched instead of counting each value out of range: that costs the engine less, where
    all are in range nothing more is asked, and parquet files tell them without a look at the rows. What they do not tell is
    whether a value is NaN.
    """
    asked, known = {"rows": rows.count()}, {}
    for place, field in enumerate(fields):
        value, summary = rows[field.read], field.summary
        if field.raw != field.read:
            asked[f"given{place}"] = rows[field.raw].count()
        if value.type().is_floating():
            asked[f"nan{place}"] = value.isnan().any()
        if summary is not None:
            known |= {f"there{place}": summary.there, f"low{place}": summary.low, f"high{place}": summary.high}
            continue
        asked[f"there{place}"] = value.count()
        if value.type().is_numeric() or value.type().is_timestamp():
            asked[f"low{place}"], asked[f"high{place}"] = value.min(), value.max()
    found = fetched(rows.aggregate(**asked))
    return {name: found[name][0].as_py() for name in found.column_names} | known


def reasons(rows, fields, found, latest=None):
    """The reasons that set rows of this table aside, of those that may occur at all.

    Parameters
    ----------
    rows : Ibis table
    fields : list of Field
    found : dict
        From ``seen``.
    latest : datetime, optional
        This date and later ones are impossible.
    """
    made = []
    for place, field in enumerate(fields):
        value, there = rows[field.read], found[f"there{place}"]
        given = found.get(f"given{place}", there)
        low, high = found.get(f"low{place}"), found.get(f"high{place}")
        if given > there:
            made.append(Reason(field, NOT_READ.get(field.column.kind, "not-a-number"), allowed(field.column), value.isnull()
                               & rows[field.raw].notnull()))
        if not field.column.may_lack and given < found["rows"]:
            made.append(Reason(field, "missing", allowed(field.column), rows[field.raw].isnull()))
        made += _beyond(field, value, low, high, latest)
    return made


def _beyond(field, value, low, high, latest):
    if low is None:
        return []
    column = field.column
    if column.kind == "date":
        late = latest is not None and high >= latest and not column.planned
        return [Reason(field, "future-date", allowed(column), value >= latest)] if late else []
    made, outside = [], _outside(column, value)
    if not (math.isfinite(low) and math.isfinite(high)):
        endless = _infinite(value)
        made.append(Reason(field, "not-a-number", allowed(column), endless))
        made.append(Reason(field, "out-of-range", allowed(column), outside & ~endless))
    elif _ends(column, low, high):
        made.append(Reason(field, "out-of-range", allowed(column), outside))
    if column.kind == "count":
        made.append(Reason(field, "not-whole", allowed(column), value != value.floor()))
    return made


def other_ends(rows, reason, table, there):
    """The problem of answers on another scale than the declared one, as ``checks`` finds it in memory; or None."""
    column, value = reason.field.column, rows[reason.field.read]
    if reason.code != "out-of-range" or column.kind != "scale":
        return None
    odd = _outside(column, value).fill_null(False)
    seen_ = fetched(rows.aggregate(count=odd.cast("int64").sum(), low=value.min(), high=value.max(),
                                   halves=(value != value.floor()).any()))
    count, low, high, halves = (seen_[name][0].as_py() for name in ("count", "low", "high", "halves"))
    if count < max(STRAY, STRAY_SHARE * there) or halves:
        return None
    ends = f"{min(column.low, low):g}..{max(column.high, high):g}"
    return Problem("wrong-ends", table, column.name, reason.field.own, (), count, f"{low:g}–{high:g}",
                   f"answers from {column.low:g} to {column.high:g}",
                   f"Say the scale's ends: --scale {column.name}={ends}.", True)


def _ends(column, low, high):
    return (column.low is not None and low < column.low) or (column.high is not None and high > column.high)


def _infinite(value):
    """Beyond the largest number there is; Ibis's own word for it finds none on Spark."""
    import ibis

    return value.abs() > ibis.literal("1.7976931348623157e308").cast("float64")


def _outside(column, value):
    import ibis

    outside = ibis.literal(False)
    if column.low is not None:
        outside |= value < column.low
    if column.high is not None:
        outside |= value > column.high
    return outside


def allowed(column):
    """What may stand in a column, in a few words."""
    if column.kind == "yes-no":
        return "yes or no"
    if column.kind == "date":
        return "a date" if column.planned else "a date, not after today"
    if column.kind in ("code", "group", "text"):
        return "a name or a code"
    what = "a whole number" if column.kind == "count" else "a number"
    if column.low is not None and column.high is not None:
        return f"{what} from {column.low:g} to {column.high:g}"
    if column.low is not None:
        return f"{what}, {column.low:g} or more"
    return f"{what}, {column.high:g} or less" if column.high is not None else what


def problem(reason, table, count, aside):
    """What is said of the rows that one reason sets aside."""
    field = reason.field
    mine = aside[(aside["own"] == field.own) & (aside["reason"] == reason.code)]
    some = list(dict.fromkeys(value for value in mine["value"] if value))[:3]
    rows = tuple(int(row) for row in mine["row"].dropna()[:SHOWN])
    return Problem(reason.code, table, field.name, field.own, rows, count, ", ".join(some), reason.allowed,
                   "Mend the values at their source; until then these rows are set aside.")
