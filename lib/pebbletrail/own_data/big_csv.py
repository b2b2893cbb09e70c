"""A CSV too large for memory, rewritten as parquet a piece at a time, every value as the text that stands there."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from pebbletrail.own_data.connection import first_line, not_usable
from pebbletrail.own_data.csv_file import as_text, cut_short, refuse_swallowed, separator_of, taken
from pebbletrail.own_data.given import NotUsable, Problem
from pebbletrail.progress import Progress

HEAD = 1 << 20    # bytes looked at to see how the file is written
PIECE = 8 << 20   # bytes read at a time
NUMBERED = 20     # rows that a problem names
LINES = 3         # lines inside one value, from which they may be rows


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
        A heading twice, another encoding further down, a quotation mark that swallows rows, an end inside a row, no room
        for the parquet.
    """
    import pyarrow as pa
    from pyarrow import csv as arrow
    from pyarrow import parquet

    shape, skipped, odd, count = shape_of(path, table), [], [], 0

    def left_out(row):
        skipped.append(row.number)
        if "\n" in row.text and not odd:
            odd.append((row.number, row.text))
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
                _refuse_swallowed(piece, 2 + count + len(skipped), shape, table, path.name)
                writer.write_batch(piece)
                count += len(piece)
                progress.add(min(PIECE, size - progress.done))
    except (pa.ArrowException, UnicodeError, OSError) as error:
        target.unlink(missing_ok=True)  # half of it is of no use, and the disk may be full
        raise _not_read(path, table, error, 1 + count + len(skipped)) from error
    for number, text in odd:
        [row, *_] = csv.reader(io.StringIO(text, newline=""), delimiter=shape.separator)
        refuse_swallowed([(number, row)], len(shape.headings), shape.separator, None, table, path.name)
    if skipped and _ends_inside_a_row(path, shape):
        raise cut_short(table, path.name, 1 + count + len(skipped))
    numbers = tuple(sorted(number for number in skipped if number))
    return Streamed(shape.decimal, shape.told, _of_skipped(table, skipped, numbers), numbers)


def _refuse_swallowed(piece, first, shape, table, name):
    """Rows inside one value of a piece; only values with as many lines and separators as that takes are looked at."""
    import pyarrow.compute as pc

    width = len(shape.headings)
    for values in piece.columns:
        many = pc.and_(pc.greater_equal(pc.count_substring(values, "\n"), LINES), pc.greater_equal(
            pc.count_substring(values, shape.separator), LINES * (width - 1)))
        if pc.any(many).as_py():
            places = pc.indices_nonzero(many.fill_null(False)).to_pylist()
            body = [(first + place, [column[place].as_py() or "" for column in piece.columns]) for place in places]
            refuse_swallowed(body, width, shape.separator, None, table, name)


def _ends_inside_a_row(path, shape):
    """Whether the last line lacks its end and some of its values."""
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - HEAD, 0))
        tail = file.read()
    lines = tail.decode(shape.encoding.removesuffix("-sig"), errors="replace").splitlines(keepends=True)
    [last, *_] = csv.reader([lines[-1]], delimiter=shape.separator)
    return lines[-1][-1] not in "\r\n" and 1 < len(last) < len(shape.headings)


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


def _not_read(path, table, error, row):
    """What stopped the reading, after so many rows."""
    if "straddl" in str(error):  # a value longer than a piece: nobody writes that
        mend = "Take the mark out, or close it behind its value."
        told = (f"--data {table}: in {path.name}, behind row {row:,}, a quotation mark opens a value that goes on for "
                f"millions of signs, and swallows the rows there. {mend}")
        return NotUsable(told, [Problem("open-quote-long", table, found=path.name, mend=mend, stops=True,
                                        values={"row": row})])
    full = getattr(error, "errno", None) == 28 or "No space left" in str(error)
    mend = "Make room on the disk, or set TMPDIR to a folder with room." if full else "Save it again as CSV UTF-8."
    return not_usable("disk-full" if full else "not-readable", table, path.name,
                      f"--data {table}: {path.name} cannot be read: {first_line(error)}.", mend)
