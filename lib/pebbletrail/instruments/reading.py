"""A filled-in CSV file, as Excel or a form writes it: commas or semicolons, a byte-order mark, decimal commas."""

import csv
import io

import pandas as pd

from pebbletrail.instruments.answers import check_columns, told_form
from pebbletrail.instruments.writing import as_path

SEPARATORS = ";\t,"
SHOWN = 5


def read(instrument, path, form=None):
    """The answers of a file as a DataFrame; ``Instrument.read`` says what is asked of it."""
    path = as_path(path)
    lines = _lines(path)
    if not lines:
        raise ValueError(f"path: {path.name} is empty.")
    header = [name.strip() for name in lines[0][1]]
    while header and not header[-1]:  # separators that a spreadsheet left at the end of the line
        header.pop()
    if "" in header:
        raise ValueError(f"path: column {header.index('') + 1} of {path.name} has no name in the first line.")
    if not set(header) & {item.id for one in instrument.forms for item in instrument.definition.items_of(one)}:
        raise ValueError(f"path: the first line of {path.name} names no item of {instrument.name}; it has to hold the "
                         "names of the columns, as in .template().")
    form = told_form(instrument, header, form)
    items, _ = check_columns(instrument, form, header, what=f"path: {path.name}")
    rows = [(number, _row(path, number, cells, len(header))) for number, cells in lines[1:]]
    if not rows:
        raise ValueError(f"path: {path.name} has a header and no answers below it.")
    asked = {item.id: item for item in instrument.definition.items_of(form)}
    kind, wrong, columns = instrument.kind, [], {}
    for at, name in enumerate(header):
        cells = [cells[at].strip() for _, cells in rows]
        if name not in items:
            columns[name] = pd.Series([cell or None for cell in cells], dtype=object)
            continue
        told = [kind.read(asked[name], cell) for cell in cells]
        wrong += [(number, name, cell) for (number, _), cell, (_, fine) in zip(rows, cells, told, strict=True) if not fine]
        if all(fine for _, fine in told):
            columns[name] = pd.Series([value for value, _ in told], dtype=kind.column(asked[name]))
    if wrong:
        wrong = sorted(wrong)
        told = "; ".join(f"line {number}, column {name}: {cell!r}" for number, name, cell in wrong[:SHOWN])
        more = f"; and {len(wrong) - SHOWN} more" if len(wrong) > SHOWN else ""
        allowed = dict.fromkeys(kind.allowed(asked[name]) for _, name, _ in wrong[:SHOWN])
        raise ValueError(f"path: {path.name}, {told}{more}. Allowed is {'; '.join(allowed)} (or “?”).")
    return pd.DataFrame(columns)


def _lines(path):
    """``[(line number, cells)]`` of the lines that hold anything."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ValueError(f"path: {path} cannot be read ({error.strerror}).") from None
    if raw[:4] == b"PK\x03\x04":
        raise ValueError(f"path: {path.name} is a spreadsheet, not a CSV file; in Excel: Save as, CSV UTF-8.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")  # what Excel writes in western Europe where UTF-8 is not asked for
    first = next((line for line in text.splitlines() if line.strip()), "")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(SEPARATORS, key=first.count), strict=True)
    try:
        return [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise ValueError(f"path: {path.name} cannot be read as CSV near line {reader.line_num} ({error}).") from None


def _row(path, number, cells, width):
    if len(cells) > width and any(cell.strip() for cell in cells[width:]):
        raise ValueError(f"path: line {number} of {path.name} has {len(cells)} cells and the header {width} names. Is a "
                         "separator inside a cell?")
    if len(cells) < width:
        raise ValueError(f"path: line {number} of {path.name} has {len(cells)} cells and the header {width} names. Is the "
                         "line cut off, or a separator missing? An answer that was not given is an empty cell.")
    return cells[:width]
