"""A CSV as it stands: its encoding, its separator, its decimal mark are seen from the file; every value stays a text."""

import codecs
import csv
import io
import re
from dataclasses import dataclass

import pandas as pd

from pebbletrail.own_data.connection import not_usable
from pebbletrail.own_data.given import Problem

SEPARATORS = ";,\t|"
LOOKED_AT = 200  # rows from which the shape is seen
NUMBERED = 20
_NUMBER = {",": re.compile(r"^[+-]?\d+,\d+$"), ".": re.compile(r"^[+-]?\d+\.\d+$")}


@dataclass(frozen=True)
class Taken:
    """The table of a text, how it was read, and the rows that could not be taken apart."""

    frame: pd.DataFrame
    decimal: str
    read_as: str
    problems: tuple


def taken(raw, table, name):
    """The table in a CSV file's bytes.

    Parameters
    ----------
    raw : bytes
    table : str
        The study's name for it.
    name : str
        The file's, for messages.

    Raises
    ------
    NotUsable
        It is empty, has headings only, is no text, has a heading twice or one column only.
    """
    text, encoding = as_text(raw, table, name)
    separator, text = separator_of(text)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    if not rows or not any(cell.strip() for cell in rows[0]):
        raise _stop("empty", table, name, f"{name} holds nothing.", "Export it again, with a row of headings.")
    headings = _headings(rows[0], table, name, separator)
    body = [(number, row) for number, row in enumerate(rows[1:], start=2) if any(cell.strip() for cell in row)]
    if not body:
        raise _stop("headings-only", table, name, f"{name} has headings and no row.", "Export it again with its rows.")
    whole = [(number, _fitted(row, len(headings))) for number, row in body]
    ragged = [number for number, row in whole if row is None]
    if len(headings) == 1 or 2 * len(ragged) > len(whole):
        _refuse_another_separator(headings, table, name, separator, len(ragged), len(whole))
    frame = pd.DataFrame([row for _, row in whole if row is not None], columns=headings, dtype=object,
                         index=[number for number, row in whole if row is not None])
    frame = frame.map(lambda cell: cell if cell.strip() else None)
    decimal = _decimal(frame, separator)
    mark = "decimal comma" if decimal == "," else "decimal point"
    told = f"CSV, separator {'tab' if separator == chr(9) else separator}, {mark}, {encoding}"
    return Taken(frame, decimal, told, _ragged(ragged, table, len(headings)))


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
    if b"\0" in raw[:4000]:
        raise _stop("other-format", table, name, f"{name} is no text.", "Give a CSV, an .xlsx or a .parquet file.")
    if raw[:200].lstrip().lower().startswith((b"<!doctype", b"<html")):
        raise _stop("other-format", table, name, f"{name} is a web page, not a table.", "Export the table as CSV.")
    try:
        return raw.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _older(raw), "cp1252"


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
                    "Give each heading a name of its own.")
    return headings


def _refuse_another_separator(headings, table, name, separator, ragged, rows):
    shown = "tab" if separator == "\t" else separator
    other = next((sign for sign in ";,\t|:~^" if sign != separator and any(sign in heading for heading in headings)), None)
    if ragged == 0 and other is None:  # a table of one column
        return
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


def _stop(code, table, name, told, mend):
    return not_usable(code, table, name, f"--data {table}: {told}", mend)
