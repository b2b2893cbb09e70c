"""A firm's tables that no machine's memory would hold: prepared inside an engine, and never fetched row by row."""

from contextlib import contextmanager
from datetime import datetime

import pandas as pd

from pebbletrail.own_data.big_columns import chosen
from pebbletrail.own_data.big_engine import engine, table_of
from pebbletrail.own_data.big_sources import address_of, is_large, opened, private_folder
from pebbletrail.own_data.big_tables import ASIDE, kept, laid_out, once_each
from pebbletrail.own_data.big_whole import finished, put_together
from pebbletrail.own_data.connection import first_line, not_usable, parted
from pebbletrail.own_data.given import NotUsable, Prepared, Step

__all__ = ["prepare_big", "table_of", "wanted"]
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
    place = private_folder(folder)
    there = engine(address_of(sources), place)
    with _in_our_words(there):
        found = {table: opened(there, source, table, place) for table, source in sources.items()}
        columns, absent = chosen(about, {table: one.headings for table, one in found.items()}, mapping, scales)
        parts = {table: _part(found[table], table, columns[table], dates) for table in columns}
        _enough_left(parts, most_set_aside)
        rows, joins, problems = put_together(about, {table: part.rows for table, part in parts.items()}, columns)
        rows, more, personal = finished(about, rows)
    flow = [step for part in parts.values() for step in part.steps] + joins
    problems = [*(one for part in parts.values() for one in part.problems), *problems, *more]
    stops = [one for one in problems if one.stops]
    if stops:
        raise NotUsable(" ".join(f"{one.table}: {one.found} {one.mend}" for one in stops), problems)
    passports = tuple(found[table].passport(table, part.read) for table, part in parts.items())
    prepared = Prepared(about.name, None, tuple(flow), tuple(problems), _aside(parts), passports, absent, personal,
                        engine=there.name, table=rows)
    return prepared, there.recipe(rows)


def _part(source, table, columns, dates):
    """One source, read, checked and without its bad rows."""
    laid = laid_out(source, table, columns.columns, dates)
    part = kept(laid, table, columns.columns, datetime.now(), source.skipped, source.first)
    alone = [name for name, (column, _) in columns.columns.items() if column.unique]
    rows, problems = part.rows, [*source.problems, *part.problems]
    steps = [Step("read", table, part.read, part.read), *part.steps]
    for name in alone:
        rows, step, problem = once_each(rows, name, table)
        steps += [step] if step else []
        problems += [problem] if problem else []
    return part.with_rows(rows, tuple(steps), tuple(problems))


def _enough_left(parts, most):
    """Refuses data of which too much is set aside: what is left would speak for something else."""
    wrong = [(table, part) for table, part in parts.items() if part.read == 0 or part.bad > most * part.read]
    if wrong:
        problems = [problem for _, part in wrong for problem in part.problems]
        told = " ".join(f"{table}: {part.bad:,} of {part.read:,} rows would be set aside." for table, part in wrong)
        raise NotUsable(f"{told} At most {most:.0%} may be: --most-set-aside.", problems)


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
        raise not_usable("engine-failed", "data", there.name, f"{there.name}: {first_line(error)}",
                         "Is the disk full, or a file damaged? Nothing was written.") from error
