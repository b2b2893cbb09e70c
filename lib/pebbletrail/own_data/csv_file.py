"""A CSV as it stands: its encoding, its separator, its decimal mark are seen from the file; every value stays a text."""

import codecs
import csv
import io
import re
from dataclasses import dataclass
from itertools import chain

import pandas as pd

from pebbletrail.own_data.given import NotUsable, Problem

SEPARATORS = ";,\t|"
LOOKED_AT = 200  # rows from which the shape is seen
NUMBERED = 20
SIGNS = {";": "semicolons (;)", ",": "commas (,)", "\t": "tabs", "|": "bars (|)"}
END = "\ue000"  # put behind the text: read as a row of its own unless a quotation mark is open
CONTROL = [bytes([code]) for code in (*range(1, 9), *range(14, 26), *range(27, 32))]
TWICE = re.compile(rb"[\xc3\xc5][\x80-\xbf]|\xe2\x80[\x90-\xbf]")  # accents and typographic signs as UTF-8 writes them
_NUMBER = {",": re.compile(r"^[+-]?\d+,\d+$"), ".": re.compile(r"^[+-]?\d+\.\d+$")}
csv.field_size_limit(2**31 - 1)  # else a value of more than 131,072 signs is an error without a place


@dataclass(frozen=True)
class Taken:
    """The table of a text, how it was read, and the rows that could not be taken apart."""

    frame: pd.DataFrame
    decimal: str
    read_as: str
    problems: tuple


def taken(raw, table, name, whole=False):
    """The table in a CSV file's bytes.

    Parameters
    ----------
    raw : bytes
    table : str
        The study's name for it.
    name : str
        The file's, for messages.
    whole : bool
        Whether these are all bytes of the file: then its end is looked at too. A piece may well end inside a row.

    Raises
    ------
    NotUsable
        It is empty, has headings only, is no text, has a heading twice or one column only, is in two encodings, has a
        quotation mark that swallows rows, or was cut short.
    """
    text, encoding = as_text(raw, table, name)
    separator, text = separator_of(text)
    rows, open_at = _rows(text, separator)
    if not rows or not any(cell.strip() for cell in rows[0]):
        raise _stop("empty", table, name, f"{name} holds nothing.", "Export it again, with a row of headings.")
    headings = _headings(rows[0], table, name, separator)
    body = [(number, row) for number, row in enumerate(rows[1:], start=2) if any(cell.strip() for cell in row)]
    if not body:
        raise _stop("headings-only", table, name, f"{name} has headings and no row.", "Export it again with its rows.")
    fitted = [(number, _fitted(row, len(headings))) for number, row in body]
    ragged = [number for number, row in fitted if row is None]
    refuse_swallowed(body, len(headings), separator, open_at if whole else None, table, name)
    if whole and ragged and ragged[-1] == body[-1][0] and 1 < len(body[-1][1]) < len(headings) and text[-1] not in "\r\n":
        raise cut_short(table, name, ragged[-1])
    if len(headings) == 1 or 2 * len(ragged) > len(fitted):
        _refuse_another_separator(headings, table, name, separator, len(ragged), len(fitted))
    frame = pd.DataFrame([row for _, row in fitted if row is not None], columns=headings, dtype=object,
                         index=[number for number, row in fitted if row is not None])
    frame = frame.map(lambda cell: cell if cell.strip() else None)
    decimal = _decimal(frame, separator)
    mark = "decimal comma" if decimal == "," else "decimal point"
    told = f"CSV, separated by {SIGNS.get(separator, separator)}, {mark}, {encoding}"
    return Taken(frame, decimal, told, _ragged(ragged, table, len(headings)))


def _rows(text, separator):
    """The rows of a text; and the number of the last one, where a quotation mark is open there to the end."""
    rows = list(csv.reader(chain(io.StringIO(text, newline=""), ["\n", END]), delimiter=separator))
    if rows[-1] == [END]:
        return rows[:-1], None
    return rows, len(rows)


def cut_short(table, name, row):
    """The error of a file that ends inside a row."""
    return _stop("cut-short", table, name, f"{name} ends inside row {row:,}: it was cut short.",
                 "Copy or export it again. If that row is a note and not a row, delete it.", row=row)


def refuse_swallowed(body, width, separator, open_at, table, name):
    """Rows inside one value: a quotation mark stands where none was meant, and all up to the next one went with it.

    ``body`` has ``(number, row)``; ``open_at`` is the number of the row at whose end a mark is open.
    """
    for number, row in body:
        inside = [line for cell in row if "\n" in cell for line in cell.splitlines()[1:-1]]
        like_rows = sum(line.count(separator) == width - 1 for line in inside)
        # a comment in a good row may have as many commas by chance, but not in every line
        enough = max(2, len(inside) / 2) if _fitted(row, width) is None else max(3, len(inside))
        if number == open_at or (width > 2 and like_rows >= enough):
            lines = sum(cell.count("\n") for cell in row)
            raise _stop("open-quote", table, name, f"{name}: in row {number:,} a quotation mark opens a value that goes on "
                        f"for {lines:,} lines more, and swallows the rows there.",
                        "Take the mark out, or close it behind its value.", row=number, lines=lines)


def as_text(raw, table, name):
    if not raw.strip():
        raise _stop("empty", table, name, f"{name} is empty.", "Export it again, with a row of headings.")
    if raw[:4] == b"PK\x03\x04":
        raise _stop("other-format", table, name, f"{name} is an Excel file under another name.", "Call it .xlsx.")
    if raw[:4] == b"PAR1":
        raise _stop("other-format", table, name, f"{name} is a parquet file under another name.", "Call it .parquet.")
    for mark, encoding in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if raw.startswith(mark):
            return _decoded(raw, encoding, table, name), encoding
    if encoding := _two_bytes(raw):
        return _decoded(raw, encoding, table, name), encoding
    if b"\0" in raw[:4000] or sum(raw[:4000].count(sign) for sign in CONTROL) > len(raw[:4000]) / 100:
        raise _stop("other-format", table, name, f"{name} is no text.", "Give a CSV, an .xlsx or a .parquet file.")
    if raw[:200].lstrip().lower().startswith((b"<!doctype", b"<html")):
        raise _stop("other-format", table, name, f"{name} is a web page, not a table.", "Export the table as CSV.")
    try:
        return raw.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        if TWICE.search(raw):  # signs that only UTF-8 writes, beside one that it cannot: Ã© and é would be two teams
            row = raw.count(b"\n", 0, error.start) + 1
            raise _stop("mixed-encodings", table, name, f"{name} is written in two encodings: line {row:,} is not in UTF-8, "
                        "as others are.", "Save it again as CSV UTF-8, before files are put together.", row=row) from None
        return _older(raw), "cp1252"


def _two_bytes(raw):
    """UTF-16 without its mark: every other byte of the headings is empty."""
    head = raw[:400]
    for encoding, empty, full in (("utf-16-le", head[1::2], head[::2]), ("utf-16-be", head[::2], head[1::2])):
        if len(empty) > 1 and empty.count(0) > 0.9 * len(empty) and 0 not in full:
            return encoding
    return None


def _decoded(raw, encoding, table, name):
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        raise _stop("wrong-encoding", table, name, f"{name} begins as {encoding} and does not go on so.",
                    "Save it again as CSV UTF-8.") from None


def _older(raw):
    """Windows' Western encoding, whose five empty places are those of Latin-1."""
    return "".join(bytes([byte]).decode("latin-1") for byte in raw) if any(
        byte in raw for byte in (0x81, 0x8d, 0x8f, 0x90, 0x9d)) else raw.decode("cp1252")


def separator_of(text):
    """The sign that takes most rows apart into the same number of values, more than one."""
    first, _, rest = text.partition("\n")
    if match := re.fullmatch(r"sep=(.)\r?", first):  # what Excel writes so that it knows itself
        return match[1], rest
    best = (",", 0)
    for sign in SEPARATORS:
        some = io.StringIO(text[:200_000], newline="")
        widths = [len(row) for _, row in zip(range(LOOKED_AT), csv.reader(some, delimiter=sign), strict=False) if row]
        agree = sum(width == widths[0] for width in widths) / len(widths) if widths and widths[0] > 1 else 0
        if agree * widths[0] > best[1]:
            best = (sign, agree * widths[0])
    return best[0], text


def _headings(row, table, name, separator):
    headings = [cell.strip() for cell in row]
    while headings and not headings[-1]:
        headings.pop()
    # programs that number their rows leave the heading of the numbers empty
    headings = [heading or f"(column {place})" for place, heading in enumerate(headings, 1)]
    if twice := sorted({heading for heading in headings if headings.count(heading) > 1}):
        raise _stop("duplicated-headings", table, name, f"{name} has more than one column {', '.join(map(repr, twice))}.",
                    "Give each heading a name of its own.", which=", ".join(twice))
    return headings


def _refuse_another_separator(headings, table, name, separator, ragged, rows):
    shown = "tab" if separator == "\t" else separator
    other = next((sign for sign in ";,\t|:~^" if sign != separator and any(sign in heading for heading in headings)), None)
    if len(headings) == 1 and other is None:  # a table of one column
        return
    if len(headings) == 1:
        raise _stop("wrong-separator", table, name, f"{name} has one column only, {headings[0][:60]!r}: what separates "
                    f"its values, is it {other!r}?", "Export it with one of ; , | or tabs between the values.")
    told = (f"{name}: {ragged:,} of {rows:,} rows do not have the {len(headings)} values of the headings when taken apart "
            f"at {shown!r}")
    raise _stop("wrong-separator", table, name, f"{told}{f'; is it {other!r}?' if other else '.'}",
                "Export it with one of ; , | or tabs between the values, and quote texts that hold that sign.")


def _fitted(row, width):
    """A row of so many values; more are allowed where they are empty. None where it does not fit."""
    if len(row) > width and not any(cell.strip() for cell in row[width:]):
        return row[:width]
    return row if len(row) == width else None


def _decimal(frame, separator):
    some = [cell.strip() for name in frame for cell in frame[name].dropna()[:LOOKED_AT]]
    counts = {mark: sum(bool(_NUMBER[mark].match(cell)) for cell in some) for mark in ",."}
    if separator == ",":
        return "," if counts[","] and not counts["."] else "."
    return "," if counts[","] > counts["."] else "."


def _ragged(rows, table, width):
    if not rows:
        return ()
    return (Problem("ragged", table, rows=tuple(rows[:NUMBERED]), count=len(rows), allowed=f"{width} values, as there are "
                    "headings", mend="Quote values that hold the separator; until then these rows are set aside."),)


def _stop(code, table, name, told, mend, **values):
    problem = Problem(code, table, found=name, mend=mend, stops=True, values=values)
    return NotUsable(f"--data {table}: {told} {mend}", [problem])
