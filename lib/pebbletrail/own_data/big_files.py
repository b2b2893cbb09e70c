"""Files that an engine reads: parquet as it lies, and a CSV too large for memory, rewritten once as parquet."""

import glob
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pebbletrail.own_data.big_engine import ROW
from pebbletrail.own_data.given import FilePassport

PARQUET = (".parquet", ".pq")
TEXT = (".csv", ".txt", ".tsv")
LARGE = 200_000_000  # bytes: in memory a CSV takes several times as much, and so does parquet
PIECES = 20_000_000  # bytes of a CSV from which on it is read in pieces, where an engine is at work already


def parquet_files(source):
    """The parquet files of a path, a folder or a pattern; empty where it is something else.

    A folder is searched with all below it; names that begin with ``_`` or ``.`` are notes of the program that wrote it.
    """
    path = Path(source)
    if path.is_file():
        return (path,) if path.suffix.lower() in PARQUET else ()
    if path.is_dir():
        found = [one for one in path.rglob("*") if one.suffix.lower() in PARQUET]
    else:
        found = [Path(one) for one in glob.glob(str(source), recursive=True) if one.lower().endswith(PARQUET)]
    return tuple(sorted(one for one in found if one.is_file() and not one.name.startswith(("_", "."))))


def file_passport(table, source, files, rows, columns, read_as="parquet"):
    """The passport of one file or of several; of several, the fingerprint is that of the list of their fingerprints."""
    prints = [fingerprint(file) for file in files]
    joined = prints[0] if len(prints) == 1 else hashlib.sha256("\n".join(prints).encode()).hexdigest()
    told = read_as if len(files) == 1 else f"{read_as}, {len(files)} files"
    return FilePassport(table, Path(source).name, joined, sum(file.stat().st_size for file in files), rows, columns, told)


@dataclass(frozen=True)
class Summary:
    """A column as the files' own notes sum it up: how many values there are, the lowest and the highest (no NaN)."""

    there: int
    low: object
    high: object


def summary(files, name):
    """What the notes of parquet files tell of a column, or None where one of them does not tell."""
    there, lows, highs = 0, [], []
    for piece in (piece for file in files for piece in _notes(file, file.stat().st_mtime_ns).get(name, (None,))):
        if piece is None or not piece.has_null_count or not (piece.has_min_max or not piece.num_values):
            return None
        there += piece.num_values
        lows, highs = ([*lows, piece.min], [*highs, piece.max]) if piece.has_min_max else (lows, highs)
    if not lows or isinstance(lows[0], bytes):
        return None
    words = isinstance(lows[0], str)  # a text has no lowest value that anybody asks for
    return Summary(there, None, None) if words else Summary(there, min(lows), max(highs))


@lru_cache(maxsize=10_000)
def _notes(file, _changed):
    """The notes on each column of a file, by its name: one for each piece of the file."""
    from pyarrow import parquet

    notes, made = parquet.read_metadata(file), {}
    for group in (notes.row_group(number) for number in range(notes.num_row_groups)):
        for place in range(notes.num_columns):
            column = group.column(place)
            made.setdefault(column.path_in_schema, []).append(column.statistics)
    return made


def fingerprint(file):
    """SHA-256 of a file, read piece by piece."""
    with Path(file).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@dataclass(frozen=True)
class Rewritten:
    """Another file's rows as parquet in the private folder."""

    file: Path
    decimal: str
    read_as: str
    problems: tuple = ()
    skipped: tuple = ()  # numbers of rows that could not be taken apart


def as_parquet(source, table, folder):
    """A CSV, a sheet or the like as parquet in the private folder, so that every engine reads the same values.

    A large CSV is read a piece at a time, every value as text; what is smaller goes the way it goes without an engine.
    """
    target, path = folder / f"{table}.parquet", Path(source)
    if path.is_file() and path.suffix.lower() in TEXT and path.stat().st_size > min(LARGE, PIECES):
        from pebbletrail.own_data.big_csv import streamed

        found = streamed(path, table, target)
        return Rewritten(target, found.decimal, found.read_as, found.problems, found.skipped)
    from pebbletrail.own_data.read import read

    found = read(source, table)
    frame = found.frame.assign(**{ROW: found.frame.index - 2})
    texts = frame.select_dtypes("object").columns
    frame.astype(dict.fromkeys(texts, "string")).to_parquet(target, index=False)
    return Rewritten(target, found.decimal, found.passport.read_as, found.problems)
