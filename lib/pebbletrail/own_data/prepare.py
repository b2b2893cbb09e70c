"""A firm's tables as one: read, named as the study names them, checked, put beside each other; every row counted."""

import numpy as np
import pandas as pd

from pebbletrail.own_data.checks import checked
from pebbletrail.own_data.constants import with_constants
from pebbletrail.own_data.given import NotUsable, Prepared, Problem, Step
from pebbletrail.own_data.joins import in_window, joined
from pebbletrail.own_data.mapping import chosen, headings
from pebbletrail.own_data.messages import refusal
from pebbletrail.own_data.non_response import non_response
from pebbletrail.own_data.personal import coded, looked_over
from pebbletrail.own_data.read import read
from pebbletrail.own_data.set_aside import ASIDE, kept, too_many

FEW_UNITS = 10


def prepare(about, sources, mapping, *, scales=None, dates=None, most_set_aside=0.2, progress=None):
    """Prepare a firm's tables for a practice. They are opened for reading only, and nothing is written.

    Parameters
    ----------
    about : practice.definition.Practice
    sources : dict
        A file for each table. One that holds the columns of several tables is given as the first of them.
    mapping : dict
        Own headings by the study's names: ``{"quality": "q1+q2"}``; ``"survey.call"`` where tables differ.
    scales : dict, optional
        Ends of rating scales, ``{"quality": (1, 5)}``, where they are not the definition's.
    dates : {"dmy", "mdy", "ymd"}, optional
        The order in dates, where the column does not tell.
    most_set_aside : float
        The largest share of a table's rows that may be set aside.
    progress : callable, optional
        Called with a few words at each step.

    Returns
    -------
    Prepared
        Items of a scale stand beside it as ``quality.1``, ``quality.2``; codes of persons are replaced by others.

    Raises
    ------
    NotUsable
        With every problem that can be seen at that point, those that stop first.
    """
    say = progress or (lambda words: None)
    say("reading")
    reads = {place: with_constants(one, mapping) for place, one in _read(sources).items()}
    taken, absent = chosen(about, {place: list(one.frame.columns) for place, one in reads.items()}, mapping or {}, scales)
    say("checking")
    parts, empty, personal, problems = _parts(taken, reads, dates)
    found = [problem for part in parts.values() for problem in part.problems] + problems + too_many(parts, most_set_aside)
    _stop(found)
    say("joining")
    rows, steps, more = _together(about, taken, parts, personal)
    _stop([*more, *found])
    found += more
    rows = coded(rows, [name for name in personal if name in rows])
    judged = _judged(about, rows)
    _stop([*judged, *found])
    flow = [step for place, part in parts.items() for step in _mapped(part.steps, reads[place], taken[place])] + steps
    passports, gone = tuple(one.passport for one in reads.values()), tuple(dict.fromkeys([*absent, *empty]))
    return Prepared(about.name, rows, tuple(flow), (*found, *judged), _aside(parts, personal), passports, gone,
                    tuple(name for name in personal if name in rows), headings=headings(taken))


def _read(sources):
    """Every file that was given; what is wrong with several of them is said at once."""
    found, problems, told = {}, [], []
    for table, source in sources.items():
        try:
            found[table] = read(source, table)
        except NotUsable as error:
            problems += error.problems
            told.append(str(error))
    if problems:
        raise NotUsable(told[0] if len(told) == 1 else refusal((), read=told), problems)
    if not found:
        raise NotUsable("--data: no file was given, such as --data calls=calls.csv.",
                        [Problem("no-data", "", mend="Give a file: --data calls=calls.csv.", stops=True)])
    return found


def _parts(taken, reads, dates):
    """``(good rows by source, columns without a value, personal columns, problems)``."""
    parts, empty, personal, problems = {}, [], [], []
    for place, one in taken.items():
        seen = checked(reads[place], place, one.columns, dates)
        alone = [column.name for column in one.tables[0].columns if column.unique]
        parts[place] = kept(seen, reads[place], place, one.columns, alone)
        names, said = looked_over(reads[place], place, one.columns)
        empty, personal, problems = empty + list(seen.empty), personal + names, problems + said
    return parts, empty, list(dict.fromkeys(personal)), problems


def _together(about, taken, parts, personal):
    """``(rows, steps, problems)``: every table given beside the first, in the order of the definition."""
    held = {table.name: place for place, one in taken.items() for table in one.tables}
    start = held[about.tables[0].name]
    rows, done, steps, problems, asked = parts[start].rows.reset_index(drop=True), [start], [], [], None
    for join in about.joins:
        place, table = held.get(join.table), about.table(join.table)
        if place is None or place in done:
            continue
        found = joined(rows, parts[place].rows, join, keep=not table.required)
        if asked is None and table.column(about.outcome):
            asked = (rows, found.found)
        rows, steps, problems, done = found.rows, [*steps, *found.steps], [*problems, *found.problems], [*done, place]
        if any(problem.stops for problem in found.problems):
            return rows, steps, problems
    if len(held) > len(done):
        rows, fitted = in_window(rows, about)
        steps += fitted
    if asked is None and about.outcome in rows:
        asked = (rows, rows[about.outcome].notna())
    return rows, steps, problems + _answers(about, taken, asked, personal)


def _answers(about, taken, asked, personal):
    """Who did not answer, by groups. A code may be one person, of whom nothing is told."""
    if asked is None:
        return []
    known = {name: (column, owns) for one in taken.values() for name, (column, owns) in one.columns.items()}
    names = [name for name in asked[0] if name not in personal and name in known and known[name][0].kind == "group"]
    return non_response(*asked, names, {name: known[name][1][0][0] for name in names}, about.few, about.unit)


def _judged(about, rows):
    """What the whole shows: no rows, nothing that varies, few independent units."""
    if rows.empty:
        return [Problem("nothing-left", "", stops=True)]
    problems = [Problem("constant", "", name, name, count=len(rows), stops=True) for name in (about.exposure, about.outcome)
                if name in rows and rows[name].nunique() < 2]
    units = rows[about.unit].nunique() if about.unit in rows else np.inf
    if units < FEW_UNITS:
        code = "few-clusters" if units > 1 else "one-cluster"
        problems.append(Problem(code, "", about.unit, about.unit, count=units, found=str(units), stops=units < 2))
    return problems


def _mapped(steps, one, taken):
    """The steps of a table, with a word on its columns: how many of the file's are used. The others go no further."""
    stated = set(one.frame.columns[one.passport.columns:])  # constants are no columns of the file
    used = {own for column, owns in taken.columns.values() if column.kind != "text" for own, _ in owns} - stated
    counts = {"used": len(used), "columns": one.passport.columns}
    return [steps[0], Step("mapped", steps[0].table, steps[0].after, steps[0].after, counts), *steps[1:]]


def _aside(parts, personal):
    """The rows set aside, one line for each reason; what names a person is not repeated there."""
    some = [part.aside for part in parts.values() if len(part.aside)]
    found = pd.concat(some, ignore_index=True) if some else pd.DataFrame(columns=ASIDE)
    return found.assign(value=found["value"].mask(found["column"].isin(personal), ""))


def _stop(problems):
    if any(problem.stops for problem in problems):
        raise NotUsable(refusal(problems), problems)
