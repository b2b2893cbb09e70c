"""A firm's file as it is found. It is opened for reading only."""

import difflib
import hashlib
import io
from pathlib import Path

import pandas as pd

from pebbletrail.own_data.big_files import LARGE
from pebbletrail.own_data.connection import first_line, not_usable, parted
from pebbletrail.own_data.given import FilePassport, Read
from pebbletrail.progress import Progress

CSV, EXCEL, PARQUET = (".csv", ".txt", ".tsv"), (".xlsx", ".xlsm"), (".parquet", ".pq")
PIECE = 1 << 24


def read(source, table):
    """A table of a file, with the file's headings.

    Parameters
    ----------
    source : str or path
        ``.csv``, ``.txt``, ``.tsv``, ``.xlsx`` (``answers.xlsx#Sheet``) or ``.parquet``.
    table : str
        The study's name for it.

    Returns
    -------
    Read
        Of a CSV every value is text. Rows are numbered as the reader's own program numbers them (the heading is row 1); of
        parquet the first row is 1.

    Raises
    ------
    NotUsable
        There is no such file, or it cannot be read as what it says that it is; larger than 200 MB (an engine takes it).
    """
    if parted(str(source)):
        raise ValueError(f"--data {table}: {source} is a table of a warehouse, not a file.")
    path, part = _parted(source)
    _is_there(path, table)
    raw = _bytes(path, table)
    kind = path.suffix.lower()
    decimal, problems = ".", ()
    if kind in CSV:
        from pebbletrail.own_data.csv_file import taken

        found = taken(raw, table, path.name, whole=True)
        frame, decimal, read_as, problems = found.frame, found.decimal, found.read_as, found.problems
    elif kind in EXCEL:
        from pebbletrail.own_data.excel_file import sheet

        frame, chosen = sheet(raw, table, path.name, part)
        read_as = f"Excel, sheet {chosen}"
    else:
        frame, read_as = _parquet(raw, table, path.name), "parquet"
    passport = FilePassport(table, path.name, hashlib.sha256(raw).hexdigest(), len(raw),
                            len(frame) + sum(one.count for one in problems), len(frame.columns), read_as)
    return Read(frame, passport, decimal, problems)


def _parted(source):
    text = str(source)
    name, sign, part = text.rpartition("#")
    if sign and not Path(text).exists() and Path(name).suffix.lower() in EXCEL:
        return Path(name).expanduser(), part
    return Path(text).expanduser(), None


def _is_there(path, table):
    if path.is_dir():
        raise _stop("folder", table, path, f"{path} is a folder.", "Name a file in it.")
    if not path.exists():
        here = [one.name for one in path.parent.iterdir()] if path.parent.is_dir() else []
        near = difflib.get_close_matches(path.name, here, 1)
        guess = f" Did you mean {path.parent / near[0]}?" if near else " Look at the folder and the spelling."
        raise _stop("no-file", table, path, f"there is no file {path}.", guess.strip())
    if path.suffix.lower() not in (*CSV, *EXCEL, *PARQUET):
        raise _stop("other-format", table, path, f"{path.name} is no .csv, .xlsx or .parquet file.",
                    "Open it in its program and save it as CSV UTF-8.")


def _bytes(path, table):
    size = path.stat().st_size
    if size > LARGE:
        raise _stop("too-large", table, path, f"{path.name} has {size / 1e6:,.0f} MB, more than fit into memory here.",
                    "Give --engine duckdb; an Excel file that large is better exported as CSV.")
    made = io.BytesIO()
    try:
        with path.open("rb") as file, Progress(size, "bytes") as progress:
            while piece := file.read(PIECE):
                made.write(piece)
                progress.add(len(piece))
    except OSError as error:
        raise _stop("not-readable", table, path, f"{path.name} cannot be opened ({error.strerror}).",
                    "Close it in other programs, and look at its rights.") from None
    return made.getvalue()


def _parquet(raw, table, name):
    import pyarrow as pa
    from pyarrow import parquet

    try:
        frame = parquet.read_table(io.BytesIO(raw)).to_pandas()
    except (pa.ArrowException, OSError, ValueError) as error:
        why = "" if "magic bytes" in str(error) else f" ({first_line(error).rstrip('.')})"  # they say no more than this does
        raise _stop("not-readable", table, Path(name), f"{name} is damaged or was cut short, or is no parquet file{why}.",
                    "Write it again, and copy it again: half a parquet file cannot be mended.") from None
    if twice := sorted(set(frame.columns[frame.columns.duplicated()])):
        raise _stop("duplicated-headings", table, Path(name), f"{name} has more than one column {', '.join(twice)}.",
                    "Give each a name of its own.")
    if frame.empty:
        raise _stop("headings-only", table, Path(name), f"{name} has no rows.", "Give the file again, with its rows.")
    frame = frame.reset_index(drop=True)
    frame.columns = [str(heading) for heading in frame.columns]
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    return frame


def _stop(code, table, path, told, mend):
    return not_usable(code, table, path.name, f"--data {table}: {told}", mend)
