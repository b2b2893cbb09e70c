"""A class as a CSV file with the columns id and name: read as it is, every problem told at once, never changed."""

import csv
import difflib
import io
import re
from dataclasses import dataclass
from pathlib import Path

COLUMNS = ("id", "name")
LONGEST = 64
_SEPARATORS = ",;\t"  # where a heading fits several, the first
_ALLOWED = re.compile(r"[A-Za-z0-9._@+-]+")
_SHORTENED = re.compile(r"\d([.]\d+)?E[+]\d+", re.IGNORECASE)  # what a spreadsheet makes of a long number
_WINDOWS = {"con", "prn", "aux", "nul", *(f"{port}{digit}" for port in ("com", "lpt") for digit in range(10))}
_OURS = {"keys": "is the folder of the keys", "class.json": "is a file of the class",
         "practice": "is the public practice variant"}
_SAVE = "In the spreadsheet choose Save as, CSV UTF-8."


class BadRoster(ValueError):
    """A roster from which no class can be built; the message has every problem, with its row."""


@dataclass(frozen=True)
class Student:
    """One line of the roster. ``id`` is text: 007 stays 007."""

    id: str
    name: str


def read_roster(path):
    """The students of a class, in the order of the file.

    The file is CSV with commas, semicolons or tabs, in UTF-8, UTF-16 or Windows-1252, as spreadsheets and learning platforms
    write it. Columns may stand in any order; further ones are left alone; empty rows are passed over.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    tuple of Student

    Raises
    ------
    BadRoster
        With all that is wrong, by row as a spreadsheet counts them (the heading is row 1).
    """
    path = Path(path)
    rows = _rows(path, _text(path))
    heading = next((number for number, row in enumerate(rows) if any(row)), None)
    if heading is None:
        raise BadRoster(f"{path}: the file is empty. It needs a heading id,name and a row for each student.")
    places = _places(path, rows[heading])
    students, problems = [], []
    for number, row in enumerate(rows[heading + 1:], start=heading + 2):
        if any(row):
            student, wrong = _student(row, places, len(rows[heading]))
            problems += [f"row {number}: {one}" for one in wrong]
            students.append((number, student))
    problems += _doubles(students)
    if problems:
        count = "one problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise BadRoster("\n  ".join([f"{path}: {count}; mend the file and give the command again.", *problems]))
    if not students:
        raise BadRoster(f"{path}: nobody is in it; below the heading there is no row.")
    return tuple(student for _, student in students)


def id_fault(id):
    """Why an id cannot name a folder on every system, or None."""
    if not id:
        return "the id is empty"
    if not _ALLOWED.fullmatch(id):
        strange = next(sign for sign in id if not _ALLOWED.fullmatch(sign))
        return f"the id {id!r} has {strange!r} in it; letters without accents, digits and . _ - @ + are allowed"
    if len(id) > LONGEST:
        return f"the id {id!r} has {len(id)} characters; {LONGEST} are allowed"
    if id[0] in ".-" or id[-1] == ".":
        return f"the id {id!r} begins with . or -, or ends with ."
    if id[0] in "+@":
        return f"the id {id!r} begins with {id[0]}, so a spreadsheet takes it for a formula; leave the sign out"
    if id.lower() in _OURS:
        return f"the id {id!r} cannot be used: it {_OURS[id.lower()]}"
    if id.lower().split(".")[0] in _WINDOWS:
        return f"the id {id!r} cannot be a folder on Windows"
    if _SHORTENED.fullmatch(id):
        return f"the id {id!r} is a number that a spreadsheet has shortened; set the column to text and enter it again"
    return None


def _text(path):
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise BadRoster(f"{path}: there is no such file. A roster is a CSV file with the columns id and name.") from None
    except OSError as error:
        raise BadRoster(f"{path}: it cannot be read ({error.strerror}).") from None
    if content.startswith(b"PK\x03\x04"):
        raise BadRoster(f"{path}: this is a spreadsheet's own format, not CSV. {_SAVE}")
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadRoster(f"{path}: its letters are neither UTF-8 nor Windows-1252. {_SAVE}")


def _rows(path, text):
    """Every row as a list of bare cells; an empty row stays, so that rows count as in a spreadsheet."""
    said = re.match(r"sep=(.)\r?\n", text)  # a line that some spreadsheets write above the heading
    if said:
        text = "\n" + text[said.end():]
    heading = next((line for line in text.splitlines() if line.strip()), "")
    separator = said[1] if said else max(_SEPARATORS, key=lambda one: _fit(heading, one))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        return [[cell.strip() for cell in row] for row in reader]
    except csv.Error as error:
        raise BadRoster(f"{path}: it cannot be read from line {reader.line_num} on ({error}). Is a quotation mark missing, "
                        "or one too many?") from None


def _fit(heading, separator):
    """How well a heading reads with this between its cells."""
    cells = [cell.strip().casefold() for cell in next(csv.reader([heading], delimiter=separator), [])]
    return len(set(cells) & set(COLUMNS)), len(cells)


def _places(path, heading):
    """Where the columns stand."""
    named, problems = [cell.casefold() for cell in heading], []
    for column in COLUMNS:
        if column not in named:
            near = _near(column, heading)
            guess = f" Is it {near!r}? Then name that column {column}." if near else ""
            problems.append(f"there is no column {column!r}.{guess}")
        elif named.count(column) > 1:
            problems.append(f"the column {column!r} is there {named.count(column)} times")
    if problems:
        there = ", ".join(repr(cell) for cell in heading if cell)
        raise BadRoster("\n  ".join([f"{path}: the heading has {there}.", *problems]))
    return {column: named.index(column) for column in COLUMNS}


def _near(column, heading):
    """The column that may be meant."""
    by_word = [cell for cell in heading if column in re.split(r"\W+|_", cell.casefold())]
    inside = [cell for cell in heading if column in cell.casefold()]
    alike = difflib.get_close_matches(column, heading, n=1, cutoff=0.5)
    return next(iter([*by_word, *inside, *alike]), None)


def _student(row, places, width):
    cells = {column: row[place] if place < len(row) else "" for column, place in places.items()}
    wrong = [fault] if (fault := id_fault(cells["id"])) else []
    if any(row[width:]):
        wrong.append(f"it has {len(row)} cells, the heading has {width}; a comma inside a name needs quotation marks around "
                     "the name")
    if "\n" in cells["name"] or "\r" in cells["name"]:
        wrong.append("the name runs over several lines; is a quotation mark missing?")
    return Student(cells["id"], cells["name"]), wrong


def _doubles(students):
    """Ids that would share a folder: the same, or the same but for capitals."""
    rows, problems = {}, []
    for number, student in students:
        if student.id:
            rows.setdefault(student.id.lower(), []).append((number, student.id))
    for same in (one for one in rows.values() if len(one) > 1):
        at = ", ".join(str(number) for number, _ in same)
        ids = list(dict.fromkeys(id for _, id in same))
        problems.append(f"rows {at}: the id {ids[0]!r} is there {len(same)} times" if len(ids) == 1 else
                        f"rows {at}: the ids {', '.join(map(repr, ids))} differ in capitals only, so they would share a "
                        "folder on some systems")
    return problems
