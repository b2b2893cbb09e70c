"""A firm's tables made ready for a study, in memory: read, named, read as numbers and dates, checked, joined, counted."""

from dataclasses import dataclass, replace

import pandas as pd

from pebbletrail.own_data.big_columns import chosen
from pebbletrail.own_data.checks import checked, problems_of
from pebbletrail.own_data.given import NotUsable, Prepared, Problem, Step
from pebbletrail.own_data.messages import refused
from pebbletrail.own_data.personal import looks_personal
from pebbletrail.own_data.read import read
from pebbletrail.own_data.values import parsed
from pebbletrail.own_data.whole import finished, put_together

ASIDE = ["table", "row", "column", "own", "value", "reason", "allowed"]


@dataclass(frozen=True)
class Part:
    """One source: its good rows in the study's names, and what became of the others."""

    rows: pd.DataFrame
    aside: tuple        # of dicts, one for each reason that a row was set aside
    problems: tuple
    steps: tuple
    read: int
    bad: int
    personal: tuple = ()
    empty: tuple = ()   # optional columns without a value


def prepare(about, sources, mapping, *, scales=None, dates=None, most_set_aside=0.2, progress=None):
    """A firm's tables, ready for the analysis.

    Parameters
    ----------
    about : definition.Practice
    sources : dict
        Files by table. A table that is not given may be part of the first one, already joined.
    mapping : dict
        The firm's headings by the study's names: ``{"quality": "q1+q2-q3"}`` is the mean of three items, the third turned
        round; the items are kept as ``quality.1`` and so on. ``{"start": "=201050"}`` is the same in every row.
    scales : dict, optional
        ``{name: (low, high)}`` of rating scales whose ends are not the expected ones.
    dates : {"dmy", "mdy", "ymd"}, optional
        The order in dates, where nothing shows it.
    most_set_aside : float
        The largest share of a table's rows that may be set aside.
    progress
        Not used: reading shows its own.

    Returns
    -------
    Prepared

    Raises
    ------
    NotUsable
        With every problem that is there, those that stop first. The files are never changed.
    """
    if unknown := [name for name in sources if about.table(name) is None]:
        raise ValueError(f"sources: {about.name} has no table {unknown[0]!r}; it has "
                         f"{', '.join(table.name for table in about.tables)}.")
    found = {table.name: _with_constants(read(sources[table.name], table.name), mapping)
             for table in about.tables if table.name in sources}
    columns, absent = chosen(about, {name: tuple(one.frame.columns) for name, one in found.items()}, mapping, scales)
    now = pd.Timestamp.now()
    parts = {name: _part(name, found[name], columns[name], dates, now) for name in columns}
    problems = [problem for part in parts.values() for problem in part.problems]
    _go_on(about, problems)
    _enough_left(parts, most_set_aside, problems)
    empty = {name for part in parts.values() for name in part.empty}
    rows, joins, more = put_together(about, {name: part.rows for name, part in parts.items()}, columns)
    _go_on(about, [*problems, *more])
    rows, last, personal = finished(about, rows, {name for part in parts.values() for name in part.personal})
    _go_on(about, problems := [*problems, *more, *last])
    steps = [step for part in parts.values() for step in part.steps] + joins
    aside = pd.DataFrame([line for part in parts.values() for line in part.aside], columns=ASIDE)
    return Prepared(about.name, rows, tuple(steps), tuple(problems), aside, tuple(one.passport for one in found.values()),
                    (*absent, *sorted(empty - set(absent))), personal)


def _with_constants(found, mapping):
    """What ``--map start==201050`` says is no heading of the file: a column of that name holds it."""
    stated = [own for own in mapping.values() if own.startswith("=") and own not in found.frame.columns]
    more = {own: own.removeprefix("=").strip() for own in stated}
    return replace(found, frame=found.frame.assign(**more)) if more else found


def _go_on(about, problems):
    if any(problem.stops for problem in problems):
        raise NotUsable(refused(about, problems), problems)


def _enough_left(parts, most, problems):
    wrong = [(name, part) for name, part in parts.items() if part.bad > most * part.read]
    if wrong:
        told = [f"{name}: {part.bad:,} of {part.read:,} rows would be set aside." for name, part in wrong]
        told.append(f"At most {most:.0%} may be. Mend what follows, or allow more with --most-set-aside.")
        raise NotUsable(refused(None, problems, told), problems)


def _part(table, found, chosen_here, dates, now):
    """One source, read as the study's columns, without its bad rows."""
    values, bad, problems, lines, personal = {}, pd.Series(False, index=found.frame.index), list(found.problems), [], []
    for column, owns in chosen_here.columns.values():
        read_of = {}
        for own, turned in owns:
            one, wrong, stop = _column(found, own, column, table, dates, now)
            problems += stop
            problems += problems_of(wrong, found.frame[own], column, table, own)
            lines += _lines(wrong, found.frame[own], column, table, own)
            for rows in wrong.values():
                bad |= rows
            read_of[own] = column.low + column.high - one if turned else one
            if column.personal or (column.kind in ("code", "group") and looks_personal(own, found.frame[own])):
                personal.append(column.name)
        values |= _joined_items(column.name, list(read_of.values()))
    rows = pd.DataFrame(values, index=found.frame.index)
    again, said = _repeated(rows, found.frame, chosen_here, table, bad)
    lines += _said_again(again, rows, table)
    problems += said
    out = bad | again.ne("")
    ragged = found.passport.rows - len(found.frame)
    lines += [{"table": table, "row": row, "column": "", "own": "", "value": "", "reason": "ragged",
               "allowed": one.allowed} for one in found.problems if one.code == "ragged" for row in one.rows]
    kept, empty = _without_empty(rows[~out], chosen_here, problems, table)
    count = found.passport.rows
    steps = [Step("read", table, count, count)]
    steps += [Step("set-aside", table, count, count - int(bad.sum()) - ragged)] if bad.any() or ragged else []
    steps += [Step("duplicates", table, count - int(bad.sum()) - ragged, len(kept))] if again.ne("").any() else []
    return Part(kept, tuple(sorted(lines, key=lambda line: line["row"])), tuple(problems), tuple(steps), count,
                int(out.sum()) + ragged, tuple(personal), empty)


def _column(found, own, column, table, dates, now):
    raw = found.frame[own]
    one, problems = parsed(raw, column, found.decimal, table, own, dates=dates)
    stop = [problem for problem in problems if problem.stops]
    if stop:
        return one, {}, stop
    lost = {row for problem in problems for row in _all_rows(problem, raw, one)}
    unread = pd.Series([row in lost for row in raw.index], index=raw.index)
    wrong, stop = checked(one, raw, column, table, own, unread, now)
    return one, wrong, list(stop)


def _all_rows(problem, raw, one):
    """All rows of a problem, which names the first twenty alone: those that have a text and got no value."""
    from pebbletrail.own_data.likert import CANNOT_SAY, folded
    from pebbletrail.own_data.numbers import missing

    empty = one.index[one.isna()]
    return [row for row in empty if not missing(raw[row]) and not (problem.code == "not-a-number"
                                                                   and folded(raw[row]) in CANNOT_SAY)]


def _joined_items(name, values):
    if len(values) == 1:
        return {name: values[0]}
    items = {f"{name}.{place}": one for place, one in enumerate(values, 1)}
    return {name: sum(values[1:], values[0]) / len(values), **items}


def _lines(wrong, raw, column, table, own):
    from pebbletrail.own_data.big_checks import allowed

    return [{"table": table, "row": int(row), "column": column.name, "own": own,
             "value": "" if pd.isna(raw[row]) else str(raw[row]), "reason": code, "allowed": allowed(column)}
            for code, rows in wrong.items() for row in rows.index[rows]]


def _repeated(rows, frame, chosen_here, table, bad):
    """Which rows stand there a second time, and why they go; a table whose rows have no name may hold two that are alike."""
    again, problems = pd.Series("", index=rows.index), []
    keys = [name for name, (column, _) in chosen_here.columns.items() if column.unique]
    named = any(column.kind in ("code", "date") for column, _ in chosen_here.columns.values())
    good = frame[~bad]
    alike = good.index[good.duplicated()]
    if len(alike):
        told = Problem("duplicate-row" if named else "rows-alike", table, rows=tuple(int(row) for row in alike[:20]),
                       count=len(alike), allowed="each row once" if named else "rows that are alike in every column",
                       mend="The first of them is used." if named else "They are kept: nothing tells whether one is a copy.")
        problems.append(told)
        if named:
            again[alike] = "duplicate-row"
    for key in keys:
        left = rows[~bad & again.eq("")]
        twice = left.index[left[key].notna() & left[key].duplicated()]
        if len(twice):
            again[twice] = f"duplicate-key:{key}"
            problems.append(Problem("duplicate-key", table, key, chosen_here.columns[key][1][0][0],
                                    tuple(int(row) for row in twice[:20]), len(twice),
                                    ", ".join(map(str, rows.loc[twice, key].unique()[:3])), "each only once",
                                    "Find out which of them is right; until then the first one is used."))
    return again, problems


def _said_again(again, rows, table):
    return [{"table": table, "row": int(row), "column": why.partition(":")[2], "own": "",
             "value": "" if ":" not in why else str(rows.loc[row, why.partition(":")[2]]), "reason": why.partition(":")[0],
             "allowed": "each only once"} for row, why in again[again.ne("")].items()]


def _without_empty(rows, chosen_here, problems, table):
    """Without optional columns that hold no value; a needed one without any stops."""
    empty = []
    for name, (column, owns) in chosen_here.columns.items():
        if len(rows) and rows[name].isna().all():
            if column.required:
                problems.append(Problem("all-missing", table, name, owns[0][0], (), len(rows), "", "values",
                                        "The study needs this column: was it exported with its values?", True))
            else:
                empty.append(name)
    gone = [one for one in rows.columns if one.partition(".")[0] in empty]
    return rows.drop(columns=gone), tuple(empty)
