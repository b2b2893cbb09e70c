"""A sheet of an Excel file as it stands: its values, without formulas, styles or hidden wisdom."""

import io
import zipfile

import pandas as pd

from pebbletrail.own_data.connection import not_usable

AGAIN = "Give the file again, with its rows."


def sheet(raw, table, name, wanted=None):
    """``(frame, name of the sheet)`` of an Excel file's bytes; the frame's index numbers the rows as Excel does.

    Parameters
    ----------
    raw : bytes
    table, name : str
        The study's name for the table, the file's for messages.
    wanted : str, optional
        The sheet; default: the only one with rows.

    Raises
    ------
    NotUsable
        A damaged or locked file, an unknown sheet, several with rows, none with rows; a heading twice.
    """
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError):
        locked = raw[:4] == b"\xd0\xcf\x11\xe0"
        told = "is an old .xls file, or protected by a password" if locked else "is damaged, or is no Excel file"
        mend = "Open it in Excel and save it as .xlsx, without a password."
        raise _stop("not-readable", table, name, f"{name} {told}.", mend) from None
    try:
        chosen = _chosen(book, table, name, wanted)
        rows = [list(row) for row in book[chosen].iter_rows(values_only=True)]
    finally:
        book.close()
    return _frame(rows, table, name, chosen), chosen


def _chosen(book, table, name, wanted):
    names = [one.title for one in book.worksheets]
    if wanted is not None:
        if wanted not in names:
            raise _stop("no-sheet", table, name, f"{name} has no sheet {wanted!r}; it has {', '.join(names)}.",
                        f"Write {name}#{names[0]}.")
        return wanted
    filled = [one.title for one in book.worksheets if sum(any(cell is not None for cell in row)
                                                          for row in one.iter_rows(values_only=True, max_row=50)) > 1]
    if not filled:
        raise _stop("headings-only", table, name, f"{name} has no sheet with rows.", AGAIN)
    if len(filled) > 1:
        raise _stop("several-sheets", table, name, f"{name} has several sheets with rows: {', '.join(filled)}.",
                    f"Say which: --data '{table}={name}#{filled[0]}'.")
    return filled[0]


def _frame(rows, table, name, chosen):
    start = next((place for place, row in enumerate(rows) if any(cell is not None for cell in row)), None)
    if start is None or len(rows) <= start + 1:
        raise _stop("headings-only", table, name, f"{name}, sheet {chosen}, has no rows.", AGAIN)
    headings = [None if cell is None else str(cell).strip() for cell in rows[start]]
    width = max(place for place, heading in enumerate(headings, 1) if heading)
    headings = headings[:width]
    headings = [heading or f"(column {place})" for place, heading in enumerate(headings, 1)]
    if twice := sorted({heading for heading in headings if headings.count(heading) > 1}):
        raise _stop("duplicated-headings", table, name, f"{name} has more than one column {', '.join(map(repr, twice))}.",
                    "Give each heading a name of its own.")
    body = [(number, [*row[:width], *[None] * (width - len(row))]) for number, row in enumerate(rows[start + 1:], start + 2)]
    body = [(number, row) for number, row in body if any(cell is not None and str(cell).strip() for cell in row)]
    if not body:
        raise _stop("headings-only", table, name, f"{name}, sheet {chosen}, has no rows.", AGAIN)
    frame = pd.DataFrame([row for _, row in body], columns=headings, index=[number for number, _ in body], dtype=object)
    return frame.infer_objects()


def _stop(code, table, name, told, mend):
    return not_usable(code, table, name, f"--data {table}: {told}", mend)
