"""A CSV file as spreadsheets and learning platforms write it: read as it is, by columns, never changed."""

import csv
import difflib
import io
import re
from dataclasses import dataclass

_SEPARATORS = ",;\t"  # where a heading fits several, the first
_SAVE = "In the spreadsheet choose Save as, CSV UTF-8."


@dataclass(frozen=True)
class SpreadsheetFile:
    """``rows``: its number as a spreadsheet counts (the heading is row 1), cells by column, and what is wrong or None."""

    separator: str
    rows: tuple


def read(path, columns, kind, each, error, optional=()):
    """The rows of a CSV file with commas, semicolons or tabs, in UTF-8, UTF-16 or Windows-1252.

    Columns may stand in any order; further ones are left alone; empty rows are passed over.

    Parameters
    ----------
    path : Path
    columns : tuple of str
        Those that it must have; the last holds free text.
    kind, each : str
        What the file is ("A roster") and what a row stands for ("student"), for messages.
    error : type
        What is raised, with one sentence, when the file cannot be read or a column is missing.
    optional : tuple of str, optional
        Columns that it may have; the cells of one that is not there are empty.

    Returns
    -------
    SpreadsheetFile
    """
    separator, rows = _rows(path, _text(path, columns, kind, error), columns, error)
    heading = next((number for number, row in enumerate(rows) if any(row)), None)
    if heading is None:
        raise error(f"{path}: the file is empty. It needs a heading {','.join(columns)} and a row for each {each}.")
    places = _places(path, rows[heading], columns, optional, error)
    found = []
    for number, row in enumerate(rows[heading + 1:], start=heading + 2):
        if any(row):
            cells = {column: row[place] if place < len(row) else "" for column, place in places.items()}
            found.append((number, dict.fromkeys(optional, "") | cells, _too_many(row, len(rows[heading]), columns[-1])))
    return SpreadsheetFile(separator, tuple(found))


def refuse(path, problems, error):
    """Raise all problems at once, if there are any."""
    if problems:
        count = "one problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise error("\n  ".join([f"{path}: {count}; mend the file and give the command again.", *problems]))


def _text(path, columns, kind, error):
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        *first, last = columns
        raise error(f"{path}: there is no such file. {kind} is a CSV file with the columns {', '.join(first)} and "
                    f"{last}.") from None
    except OSError as fault:
        raise error(f"{path}: it cannot be read ({fault.strerror}).") from None
    if content.startswith(b"PK\x03\x04"):
        raise error(f"{path}: this is a spreadsheet's own format, not CSV. {_SAVE}")
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise error(f"{path}: its letters are neither UTF-8 nor Windows-1252. {_SAVE}")


def _rows(path, text, columns, error):
    """Every row as a list of bare cells; an empty row stays, so that rows count as in a spreadsheet."""
    said = re.match(r"sep=(.)\r?\n", text)  # a line that some spreadsheets write above the heading
    if said:
        text = "\n" + text[said.end():]
    heading = next((line for line in text.splitlines() if line.strip()), "")
    separator = said[1] if said else max(_SEPARATORS, key=lambda one: _fit(heading, one, columns))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        return separator, [[cell.strip() for cell in row] for row in reader]
    except csv.Error as fault:
        raise error(f"{path}: it cannot be read from line {reader.line_num} on ({fault}). Is a quotation mark missing, "
                    "or one too many?") from None


def _fit(heading, separator, columns):
    """How well a heading reads with this between its cells."""
    cells = [cell.strip().casefold() for cell in next(csv.reader([heading], delimiter=separator), [])]
    return len(set(cells) & set(columns)), len(cells)


def _places(path, heading, columns, optional, error):
    """Where the columns stand."""
    named, problems = [cell.casefold() for cell in heading], []
    for column in (*columns, *optional):
        if column not in named and column in columns:
            near = _near(column, heading)
            guess = f" Is it {near!r}? Then name that column {column}." if near else ""
            problems.append(f"there is no column {column!r}.{guess}")
        elif named.count(column) > 1:
            problems.append(f"the column {column!r} is there {named.count(column)} times")
    if problems:
        there = ", ".join(repr(cell) for cell in heading if cell)
        raise error("\n  ".join([f"{path}: the heading has {there}.", *problems]))
    return {column: named.index(column) for column in (*columns, *optional) if column in named}


def _near(column, heading):
    """The column that may be meant."""
    by_word = [cell for cell in heading if column in re.split(r"\W+|_", cell.casefold())]
    inside = [cell for cell in heading if column in cell.casefold()]
    alike = difflib.get_close_matches(column, heading, n=1, cutoff=0.5)
    return next(iter([*by_word, *inside, *alike]), None)


def _too_many(row, width, column):
    if any(row[width:]):
        return (f"it has {len(row)} cells, the heading has {width}; a comma inside a {column} needs quotation marks around "
                f"the {column}")
    return None
