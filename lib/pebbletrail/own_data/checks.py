"""Every value of a table looked at before any analysis: all that is wrong at once, with row, column and what is allowed.

The rules are those of ``big_checks``, one by one, so that rows in hand and rows in an engine are judged alike. A schema of
pandera's would judge the values after they were read, while a reader has to be told what stands in the file: "élevée" in row
43, not that a number is missing there. That, and its second of import, is why it is not used here.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pebbletrail.own_data.big_checks import NOT_READ, allowed
from pebbletrail.own_data.given import Problem
from pebbletrail.own_data.likert import CANNOT_SAY, folded
from pebbletrail.own_data.numbers import missing
from pebbletrail.own_data.values import parsed

SHOWN, SOME = 20, 3           # row numbers and values in a problem
STRAY, STRAY_SHARE = 3, 0.05  # so many answers beyond the ends of a scale are no slips: the ends are others
ENOUGH = 100                  # answers from which an end that nobody reached tells something
MANY = 20  # values that tell how a column is written


@dataclass(frozen=True)
class Checked:
    """A table's rows in the study's names, numbered as in the file, and what is wrong with some of them."""

    rows: pd.DataFrame
    reasons: tuple    # of Reason
    problems: tuple
    empty: tuple      # columns without any value


@dataclass(frozen=True)
class Reason:
    """Why some rows are set aside."""

    code: str
    column: object    # definition.Column
    own: str
    rows: pd.Series   # what stands in the file, of the bad rows alone
    hidden: bool = False  # whether the values tell about a person

    @property
    def allowed(self):
        return allowed(self.column)


def checked(read, table, columns, dates=None, latest=None):
    """The values of a table in the study's names, and every reason to set rows aside.

    Parameters
    ----------
    read : given.Read
    table : str
    columns : dict
        ``{name: (definition.Column, ((own, turned round), …))}``, from ``mapping.chosen``.
    dates : {"dmy", "mdy", "ymd"}, optional
    latest : Timestamp, optional
        A later date is impossible. Default: the end of today.

    Returns
    -------
    Checked
    """
    latest = latest or pd.Timestamp.now().normalize() + pd.Timedelta(days=1)
    made, reasons, problems, empty = {}, [], [], []
    for name, (column, owns) in columns.items():
        if column.kind == "text":
            continue
        items = [_item(read, table, column, own, dates, latest) for own, _ in owns]
        for item in items:
            reasons += item.reasons
        problems += _said_once([problem for item in items for problem in item.problems], column)
        if not all(item.read.notna().any() for item in items):
            problems += _all_missing(table, column, items)
            empty.append(name)
            continue
        turned = [_turned(item.read, column, round) for item, (_, round) in zip(items, owns, strict=True)]
        made[name] = turned[0] if len(turned) == 1 else sum(turned) / len(turned)
        made |= {f"{name}.{place}": values for place, values in enumerate(turned, 1) if len(turned) > 1}
    reasons = [one for one in reasons if one.column.name not in empty]
    return Checked(pd.DataFrame(made, index=read.frame.index), tuple(reasons), tuple(problems), tuple(empty))


@dataclass(frozen=True)
class _Item:
    own: str
    read: pd.Series
    reasons: tuple
    problems: tuple


def _item(read, table, column, own, dates, latest):
    """One own column, read and judged."""
    raw = read.frame[own]
    values, problems = parsed(raw, column, read.decimal, table, own, dates)
    stops = tuple(one for one in problems if one.stops)
    if stops or not values.notna().any():
        lost = [] if stops else [(one.code, _given(raw, column) & values.isna()) for one in problems]
        return _Item(own, values, _reasons(lost, column, own, raw), stops)
    problem = _other_ends(values, column, table, own)
    if column.kind == "number":
        problem = problem or shares(column, float(values.max()), int(values.notna().sum()), table, own)
    if problem:
        return _Item(own, values, (), (problem,))
    lost = _given(raw, column) & values.isna() if values.isna().any() else pd.Series(data=False, index=raw.index)
    if values.dtype.kind == "f":
        lost |= np.isinf(values)
    bad = [(NOT_READ.get(column.kind, "not-a-number"), lost)]
    if not column.may_lack:
        bad.append(("missing", values.isna() & ~lost))
    reasons = _reasons([*bad, *_beyond(values, column, latest)], column, own, raw)
    return _Item(own, values, reasons, _unreached(values, column, table, own))


def shares(column, highest, count, table, own):
    """The problem of shares where percent are meant: all would pass for next to nothing, and estimates be a hundredfold."""
    if column.kind != "number" or (column.low, column.high) != (0, 100) or not 0 < highest <= 1 or count < MANY:
        return None
    return Problem("shares-for-percent", table, column.name, own, (), 0, f"{highest:g}", "percent from 0 to 100",
                   "Multiply the column by 100.", True)


def _reasons(bad, column, own, raw):
    return tuple(Reason(code, column, own, raw[mask], column.personal) for code, mask in bad if mask.any())


def _given(raw, column):
    """Whether something stands there that is to be read; "don't know" on a scale is no answer, and no slip."""
    if raw.dtype.kind in "biufmM":
        return raw.notna()
    silent = CANNOT_SAY if column.kind == "scale" else ()
    known = {value: not missing(value) and folded(value) not in silent for value in pd.unique(raw.dropna())}
    return raw.map(known).eq(other=True)


def _beyond(values, column, latest):
    """``(code, mask)`` of values that are read, and cannot be."""
    if column.kind == "date":
        return [] if column.planned else [("future-date", values >= latest)]
    if values.dtype.kind != "f":
        return []
    finite = values.where(np.isfinite(values))
    outside = pd.Series(data=False, index=values.index)
    if column.low is not None:
        outside |= finite < column.low
    if column.high is not None:
        outside |= finite > column.high
    whole = finite.isna() | (finite == np.floor(finite))
    return [("out-of-range", outside), *([("not-whole", ~whole)] if column.kind == "count" else [])]


def _other_ends(values, column, table, own):
    """Answers from 1 to 7 where the scale is said to end at 5: not slips but other ends."""
    if column.kind != "scale" or column.low is None or column.high is None:
        return None
    beyond = values[(values < column.low) | (values > column.high)]
    finite = values[np.isfinite(values)]
    if len(beyond) < STRAY or len(beyond) < STRAY_SHARE * values.notna().sum() or not (finite == np.floor(finite)).all():
        return None
    low, high = min(finite.min(), column.low), max(finite.max(), column.high)
    return Problem("wrong-ends", table, column.name, own, tuple(map(int, beyond.index[:SHOWN])), len(beyond),
                   f"{finite.min():g}–{finite.max():g}", f"answers from {column.low:g} to {column.high:g}",
                   f"Say the scale's ends: --scale {column.name}={low:g}..{high:g}.", stops=True)


def _unreached(values, column, table, own):
    """A scale whose upper points nobody chose may end earlier: said, not decided."""
    if column.kind != "scale" or column.high is None or values.count() < ENOUGH or values.max() > column.high - 1:
        return ()
    return (Problem("ends-not-reached", table, column.name, own, found=f"{values.max():g}", values={"low": column.low},
                    allowed=f"answers from {column.low:g} to {column.high:g}"),)


def _said_once(problems, column):
    """Items of one scale have the same ends: what is to be done is said once, with the ends that hold for all of them."""
    other = [one for one in problems if one.code == "wrong-ends" and one.rows]
    if len(other) < 2:
        return problems
    ends = [float(end) for one in other for end in one.found.split("–")]
    low, high = min(*ends, column.low), max(*ends, column.high)
    first = replace(other[0], own=", ".join(one.own for one in other), count=sum(one.count for one in other),
                    found=f"{min(ends):g}–{max(ends):g}",
                    mend=f"Say the scale's ends: --scale {column.name}={low:g}..{high:g}.")
    return [one for one in problems if one not in other] + [first]


def _turned(values, column, turned):
    return column.low + column.high - values if turned else values


def _all_missing(table, column, items):
    """A column without any value stops where it is needed, and is left out where it is not."""
    if any(problem.stops for item in items for problem in item.problems):
        return []
    silent = [item for item in items if not item.read.notna().any()]
    unread = [one for item in silent for one in item.reasons]
    if unread and not column.required:
        return [all_unread(table, column, one.own, len(one.rows)) for one in unread]
    own = ", ".join(item.own for item in silent)
    told = [replace(problem_of(one, table), stops=True) for one in unread]
    return [*told, Problem("all-missing", table, column.name, own, stops=column.required)]


def all_unread(table, column, own, count):
    """A column that the study can do without, with values none of which can be read. They may be anything: none is told."""
    return Problem("all-unread", table, column.name, own, count=count, allowed=allowed(column))


def problem_of(reason, table):
    """What is said of the rows that one reason sets aside."""
    some = [] if reason.hidden else [str(value) for value in pd.unique(reason.rows.dropna())[:SOME]]
    return Problem(reason.code, table, reason.column.name, reason.own, tuple(map(int, reason.rows.index[:SHOWN])),
                   len(reason.rows), ", ".join(some), reason.allowed,
                   "Mend the values at their source; until then these rows are set aside.")
