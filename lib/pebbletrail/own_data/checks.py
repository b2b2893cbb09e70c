"""Checks of a table in memory: every value that cannot be used, with its row, its reason, and what is allowed."""

import numpy as np
import pandas as pd

from pebbletrail.own_data.big_checks import allowed
from pebbletrail.own_data.given import Problem

SHOWN, SOME = 20, 3
ENDS = (5.0, 7.0, 9.0, 10.0, 11.0, 100.0)  # high ends of scales that people use
MANY = 0.02  # of answers beyond the declared end, from which a scale rather than a slip is wrong
MEND = "Mend the values at their source; until then these rows are set aside."


def checked(values, raw, column, table, own, unread, now):
    """What is wrong with one own column.

    Parameters
    ----------
    values, raw : Series
        The column as the study reads it, and as it stands in the file; their index numbers the rows.
    column : definition.Column
    table, own : str
    unread : Series of bool
        Values that are there and could not be read.
    now : Timestamp
        A later date is impossible.

    Returns
    -------
    (dict, tuple of Problem)
        ``{code: Series of bool}``, true for the rows to be set aside; and the problems that stop everything.
    """
    bad = {}
    if unread.any():
        bad[{"date": "not-a-date", "yes-no": "not-yes-or-no"}.get(column.kind, "not-a-number")] = unread
    if not column.may_lack:
        bad["missing"] = values.isna() & ~unread
    if column.kind == "date":
        bad["future-date"] = values > now
    elif column.kind in ("number", "count", "scale"):
        if stop := _other_ends(values, column, table, own):
            return {}, (stop,)
        bad["not-a-number"] = bad.get("not-a-number", False) | pd.Series(np.isinf(values), index=values.index)
        bad["out-of-range"] = _outside(values, column) & ~np.isinf(values)
        if column.kind == "count":
            bad["not-whole"] = values.notna() & ~np.isinf(values) & (values % 1 != 0)
    return {code: rows.fillna(False).astype(bool) for code, rows in bad.items() if rows.any()}, ()


def problems_of(bad, raw, column, table, own):
    """The problems of one own column that set rows aside."""
    made = []
    for code, rows in bad.items():
        numbers = rows.index[rows]
        some = list(dict.fromkeys(str(value) for value in raw[numbers][:200] if not pd.isna(value)))[:SOME]
        made.append(Problem(code, table, column.name, own, tuple(int(row) for row in numbers[:SHOWN]), len(numbers),
                            ", ".join(some), allowed(column), MEND))
    return made


def _outside(values, column):
    low = -np.inf if column.low is None else column.low
    high = np.inf if column.high is None else column.high
    return (values < low) | (values > high)


def _other_ends(values, column, table, own):
    """The problem of answers on another scale than the declared one: 1 to 7 where 1 to 5 was said."""
    if column.kind != "scale":
        return None
    given = values.dropna()
    beyond = given[(given > column.high) | (given < column.low)]
    if not len(given) or len(beyond) < max(2, MANY * len(given)) or (beyond % 1 != 0).any():
        return None
    low, high = min(column.low, given.min()), next((end for end in ENDS if end >= given.max()), given.max())
    rows = tuple(int(row) for row in beyond.index[:SHOWN])
    return Problem("wrong-ends", table, column.name, own, rows, len(beyond), f"{given.min():g} to {given.max():g}",
                   f"answers from {column.low:g} to {column.high:g}",
                   f"If the scale has other ends, say so: --scale {column.name}={low:g}..{high:g}.", True)
