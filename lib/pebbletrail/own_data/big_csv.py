"""A CSV too large for memory, rewritten as parquet a piece at a time, every value as the text that stands there."""

from dataclasses import dataclass
from pathlib import Path

from pebbletrail.own_data.connection import first_line, not_usable
from pebbletrail.own_data.csv_file import as_text, separator_of, taken
from pebbletrail.own_data.given import Problem
from pebbletrail.progress import Progress

HEAD = 1 << 20    # bytes looked at to see how the file is written
PIECE = 8 << 20   # bytes read at a time
NUMBERED = 20     # rows that a problem names


@dataclass(frozen=True)
class Streamed:
    """How the file was read, and the rows that were not."""

    decimal: str
    read_as: str
    problems: tuple
    skipped: tuple


@dataclass(frozen=True)
class Shape:
    """How a CSV is written."""

    encoding: str
    separator: str
    decimal: str
    headings: tuple
    told: str
    before: int  # lines before the headings: Excel's own note on the separator


def streamed(path, table, target):
    """Write a CSV's rows to ``target``.

    A row with too many or too few values is left out and counted.

    Parameters
    ----------
    path : Path
    table : str
        The study's name, for messages.
    target : Path

    Returns
    -------
    Streamed

    Raises
    ------
    NotUsable
        A heading twice, another encoding further down, no room for the parquet.
    """
    import pyarrow as pa
    from pyarrow import csv as arrow
    from pyarrow import parquet

    shape, skipped = shape_of(path, table), []

    def left_out(row):
        skipped.append(row.number)
        return "skip"

    reading = arrow.ReadOptions(block_size=PIECE, encoding=shape.encoding, use_threads=False,
                                skip_rows=shape.before)
    parsing = arrow.ParseOptions(delimiter=shape.separator, newlines_in_values=True, invalid_row_handler=left_out)
    kinds = arrow.ConvertOptions(column_types=dict.fromkeys(shape.headings, pa.string()), strings_can_be_null=True,
                                 null_values=[""], quoted_strings_can_be_null=True)
    size = path.stat().st_size
    try:
        with (Progress(size, "bytes") as progress, arrow.open_csv(path, reading, parsing, kinds) as rows,
              parquet.ParquetWriter(target, rows.schema) as writer):
            for piece in rows:
                writer.write_batch(piece)
                progress.add(min(PIECE, size - progress.done))
    except (pa.ArrowException, UnicodeError, OSError) as error:
        target.unlink(missing_ok=True)  # half of it is of no use, and the disk may be full
        raise _not_read(path, table, error) from error
    numbers = tuple(sorted(number for number in skipped if number))
    return Streamed(shape.decimal, shape.told, _of_skipped(table, skipped, numbers), numbers)


def shape_of(path, table):
    """How a CSV is written, seen from its first million bytes, in the way in which a small one is.

    Raises
    ------
    NotUsable
        It is empty or no text, has a heading twice, or one column only.
    """
    with Path(path).open("rb") as file:
        head = file.read(HEAD)
    if len(head) == HEAD:  # to the end of a line; in UTF-16 that is two bytes
        end = head.rfind(b"\n\0") + 2 if b"\n\0" in head else head.rfind(b"\n") + 1
        head = head[:end] or head
    found = taken(head, table, path.name)
    text, encoding = as_text(head, table, path.name)
    separator, rest = separator_of(text)
    return Shape(encoding, separator, found.decimal, tuple(found.frame.columns), found.read_as, int(rest is not text))


def _of_skipped(table, skipped, numbers):
    if not skipped:
        return ()
    return (Problem("ragged", table, rows=numbers[:NUMBERED], count=len(skipped), allowed="as many values as headings",
                    mend="Quote values that hold the separator; until then these rows are left out."),)


def _not_read(path, table, error):
    full = getattr(error, "errno", None) == 28 or "No space left" in str(error)
    mend = "Make room on the disk, or set TMPDIR to a folder with room." if full else "Save it again as CSV UTF-8."
    return not_usable("disk-full" if full else "not-readable", table, path.name,
                      f"--data {table}: {path.name} cannot be read: {first_line(error)}.", mend)
