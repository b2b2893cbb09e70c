"""A firm's tables that no machine's memory would hold: prepared inside an engine, and never fetched row by row."""

from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

import pandas as pd

from pebbletrail.moments.fetching import fetched
from pebbletrail.own_data.big_engine import engine, table_of
from pebbletrail.own_data.big_non_response import without_answer
from pebbletrail.own_data.big_sources import address_of, is_large, opened, private_folder
from pebbletrail.own_data.big_tables import ASIDE, kept, laid_out, once_each
from pebbletrail.own_data.big_whole import finished, put_together
from pebbletrail.own_data.connection import first_line, not_usable, parted
from pebbletrail.own_data.given import NotUsable, Prepared, Step
from pebbletrail.own_data.mapping import chosen, headings
from pebbletrail.own_data.messages import refusal
from pebbletrail.own_data.personal import LOOKED_AT, looks_personal
from pebbletrail.own_data.set_aside import too_many

__all__ = ["prepare_big", "table_of", "wanted"]
NO_MEMORY = ("One step needs more memory than an engine may take here. Give fewer columns, or one table joined already, "
             "or the table in a warehouse.")
ENGINES = ("duckdb", "pyspark", "py4j")


def wanted(source):
    """Whether a source is for an engine: a warehouse's table, several files of parquet, or a file too large."""
    return parted(source) is not None or is_large(source)


def prepare_big(about, sources, mapping, *, scales=None, dates=None, most_set_aside=0.2, folder=None, progress=None):
    """A firm's tables as ``own_data.prepare.prepare`` makes them, with the rows left in an engine.

    DuckDB takes parquet, CSV and DuckDB's own files; Spark and other warehouses take their own tables. The values, the
    checks and the counts are those of ``prepare``. What would need all rows in hand is left out: rows alike in every column
    are not looked for, and of the rows set aside the first thousand of each table are listed, while all are counted.

    Parameters
    ----------
    about : definition.Practice
    sources : dict
        By table: a file, a folder or pattern of parquet, or ``name@address`` (``duckdb:///firm.db``, ``spark:local``,
        ``spark://host:7077``, any address that Ibis knows, or ``env:NAME``, a variable that holds the address).
    mapping : dict
        Own headings by the study's names, as for ``prepare``.
    scales, dates, most_set_aside
        As for ``prepare``.
    folder : path, optional
        A private folder for what does not fit into memory. Default: one of its own, removed when Python ends.
    progress
        Not used: an engine's queries show their own.

    Returns
    -------
    (Prepared, dict)
        The prepared data with ``frame=None`` and ``table``, and a recipe by which ``table_of`` finds the rows again in
        another process. It holds no secret: an address with a password is kept in this process's environment alone.

    Raises
    ------
    NotUsable
        With every problem that stops.
    """
    if unknown := [name for name in sources if about.table(name) is None]:
        raise ValueError(f"sources: {about.name} has no table {unknown[0]!r}; it has "
                         f"{', '.join(table.name for table in about.tables)}.")
    place = private_folder(folder)
    there = engine(address_of(sources), place)
    with _in_our_words(there):
        found = {table.name: opened(there, sources[table.name], table.name, place).with_constants(mapping)
                 for table in about.tables if table.name in sources}
        columns, absent = chosen(about, {table: one.headings for table, one in found.items()}, mapping, scales)
        parts = {table: _part(there, found[table], table, columns[table], dates) for table in columns}
        problems = [one for part in parts.values() for one in part.problems]
        _go_on(problems + too_many(parts, most_set_aside))
        rows, joins, more, asked = put_together(about, parts, columns)
        _go_on([*problems, *more])
        who = _personal(found, columns)
        rows, last, personal = finished(about, rows, who)
        _go_on(problems := [*problems, *more, *last])
        problems += without_answer(about, asked, columns, who)
        if there.settles and (joins or personal):
            rows = there.settled(rows, "pebbletrail_prepared")
        passports = tuple(found[table].passport(table, part.read) for table, part in parts.items())
    flow = [step for part in parts.values() for step in part.steps] + joins
    empty = {name for part in parts.values() for name in part.empty}
    prepared = Prepared(about.name, None, tuple(flow), tuple(problems), _aside(parts), passports,
                        (*absent, *sorted(empty - set(absent))), personal, engine=there.name, table=rows,
                        headings=headings(columns))
    return prepared, there.recipe(rows)


def _go_on(problems):
    if any(problem.stops for problem in problems):
        raise NotUsable(refusal(problems), problems)


def _personal(found, columns):
    """Columns that tell who somebody is, by their heading, or by their first values."""
    names = set()
    for table, here in columns.items():
        for name, (column, owns) in here.columns.items():
            own = owns[0][0]
            if column.personal:
                names.add(name)
            elif column.kind in ("code", "group"):
                some = fetched(found[table].rows.select(own).limit(LOOKED_AT))[own].to_pandas()
                names |= {name} if looks_personal(own, some) else set()
    return names


def _part(there, source, table, columns, dates):
    """One source, read, checked and without its bad rows."""
    laid = laid_out(there, source, table, columns.columns, dates).settled(there, table)
    part = kept(laid, table, columns.columns, _tomorrow(), source.skipped, source.first)
    alone = [name for name, (column, _) in columns.columns.items() if column.unique]
    rows, problems = part.rows, [*source.problems, *part.problems]
    used = {own for column, owns in columns.columns.values() if column.kind != "text" for own, _ in owns}
    counts = {"used": len(used - set(source.stated)), "columns": source.columns}
    steps = [Step("read", table, part.read, part.read), Step("mapped", table, part.read, part.read, counts), *part.steps]
    for name in alone:
        rows, step, problem = once_each(rows, name, table)
        steps += [step] if step else []
        problems += [problem] if problem else []
    return part.with_rows(rows, tuple(steps), tuple(problems))


def _tomorrow():
    """Clocks differ, and so do the hours of the day: what is impossible begins tomorrow."""
    return datetime.combine(date.today() + timedelta(days=1), time())


def _aside(parts):
    made = [part.aside for part in parts.values() if len(part.aside)]
    return pd.concat(made, ignore_index=True) if made else pd.DataFrame(columns=ASIDE)


@contextmanager
def _in_our_words(there):
    """An engine's own error in the words of this program."""
    try:
        yield
    except (ValueError, KeyboardInterrupt):
        raise
    except Exception as error:
        if type(error).__module__.partition(".")[0].lstrip("_") not in ENGINES:
            raise
        mend = NO_MEMORY if "Out of Memory" in str(error) else "Is the disk full, or a file damaged?"
        raise not_usable("engine-failed", "data", there.name, f"{there.name}: {first_line(error)}.",
                         f"{mend} Nothing was written.") from error
