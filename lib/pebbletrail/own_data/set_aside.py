"""Rows that the study cannot use: listed with their reasons, counted, and refused when they are too many."""

from dataclasses import dataclass

import pandas as pd

from pebbletrail.own_data.checks import SHOWN, problem_of
from pebbletrail.own_data.given import Problem, Step

ASIDE = ["table", "row", "column", "own", "value", "reason", "allowed"]
TELLS_APART = ("code", "date")  # kinds by which two rows that look alike are known to be one


@dataclass(frozen=True)
class Kept:
    """The good rows of a table, and what became of the others."""

    rows: pd.DataFrame
    steps: tuple
    problems: tuple
    aside: pd.DataFrame
    read: int
    bad: int          # rows with a wrong value, or that could not be taken apart; copies are not among them


def kept(checked, read, table, columns, alone=()):
    """The rows of a table that the study can use.

    Parameters
    ----------
    checked : checks.Checked
    read : given.Read
    table : str
    columns : dict
        The study's columns of this source, from ``mapping.chosen``.
    alone : iterable of str
        Columns of which no two rows share a value.

    Returns
    -------
    Kept
    """
    ragged = [one for one in read.problems if one.code == "ragged"]
    unread = sum(one.count for one in ragged)
    bad = set().union(*(one.rows.index for one in checked.reasons))
    good = checked.rows[~checked.rows.index.isin(bad)]
    total = len(checked.rows) + unread
    lines = [line for one in ragged for line in _unread_lines(one, table)] + _lines(checked.reasons, table)
    problems = [*read.problems, *checked.problems, *(problem_of(one, table) for one in checked.reasons)]
    steps = [Step("read", table, total, total)]
    if bad or unread:
        steps.append(Step("set-aside", table, total, len(good)))
    rows, more, said = _once_each(good, read.frame, table, columns, alone)
    if len(rows) < len(good):
        steps.append(Step("duplicates", table, len(good), len(rows)))
    aside = pd.DataFrame([*lines, *more], columns=ASIDE).sort_values("row", kind="stable", ignore_index=True)
    return Kept(rows, tuple(steps), (*problems, *said), aside, total, len(bad) + unread)


def too_many(parts, most):
    """The problems of tables of which more is set aside than may be: the rest would speak for something else."""
    problems = []
    for table, part in parts.items():
        if part.bad > most * part.read:
            share = part.bad / part.read
            values = {"limit": f"{most:.0%}", "more": f"{min(1.0, share + 0.005):.2f}"}
            code = "all-set-aside" if part.bad == part.read else "too-many-set-aside"  # nothing is left to allow
            problems.append(Problem(code, table, count=part.bad, values=values | {"bad": part.bad, "read": part.read},
                                    stops=True))
    return problems


def _lines(reasons, table):
    """One line for each reason that a row is set aside."""
    return [{"table": table, "row": int(row), "column": one.column.name, "own": one.own, "reason": one.code,
             "value": "" if one.hidden or pd.isna(value) else str(value), "allowed": one.allowed}
            for one in reasons for row, value in one.rows.items()]


def _unread_lines(ragged, table):
    return [{"table": table, "row": int(row), "column": "", "own": "", "value": "", "reason": "ragged",
             "allowed": ragged.allowed} for row in ragged.rows]


def _once_each(rows, raw, table, columns, alone):
    """``(rows, lines, problems)``: a row typed twice counts once, and so does a code that ought to be alone.

    Rows alike in every column are copies where a code or a date tells rows apart. Where none does, for example where each
    row is a customer's ratings alone, two may well be alike: they stay, and are counted.
    """
    again = raw.loc[rows.index].astype(str).duplicated()
    named = any(column.kind in TELLS_APART for name, (column, _) in columns.items() if name in rows)
    copies = rows.index[again]
    lines, problems = [], []
    if len(copies) and named:
        lines += [_line(table, row, "", "", "", "duplicate-row") for row in copies]
        problems.append(Problem("duplicate-row", table, rows=_some(copies), count=len(copies)))
        rows = rows[~again]
    elif len(copies):
        problems.append(Problem("alike", table, count=len(copies)))
    for name in alone:
        if name in rows:
            spare = rows.index[rows[name].notna() & rows[name].duplicated()]
            column, owns = columns[name]
            shown = "" if column.personal else rows[name]
            lines += [_line(table, row, name, owns[0][0], shown if column.personal else shown[row], "duplicate-key")
                      for row in spare]
            if len(spare):
                problems.append(Problem("duplicate-key", table, name, owns[0][0], _some(spare), len(spare)))
            rows = rows.drop(index=spare)
    return rows, lines, problems


def _line(table, row, column, own, value, reason):
    return {"table": table, "row": int(row), "column": column, "own": own, "value": str(value), "reason": reason,
            "allowed": "each only once"}


def _some(index):
    return tuple(int(row) for row in index[:SHOWN])
