"""A class as a CSV file with the columns id and name: read as it is, every problem told at once, never changed."""

import re
from dataclasses import dataclass
from pathlib import Path

from pebbletrail.exercises.spreadsheet_file import read, refuse

COLUMNS = ("id", "name")
LONGEST = 64
_ALLOWED = re.compile(r"[A-Za-z0-9._@+-]+")
_SHORTENED = re.compile(r"\d([.]\d+)?E[+]\d+", re.IGNORECASE)  # what a spreadsheet makes of a long number
_WINDOWS = {"con", "prn", "aux", "nul", *(f"{port}{digit}" for port in ("com", "lpt") for digit in range(10))}
_OURS = {"keys": "is the folder of the keys", "class.json": "is a file of the class",
         "practice": "is the public practice variant"}


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
    file = read(path, COLUMNS, "A roster", "student", BadRoster)
    students, problems = [], []
    for number, cells, fault in file.rows:
        wrong = [one for one in (id_fault(cells["id"]), fault, _several_lines(cells["name"])) if one]
        problems += [f"row {number}: {one}" for one in wrong]
        students.append((number, Student(cells["id"], cells["name"])))
    problems += _doubles(students)
    refuse(path, problems, BadRoster)
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


def _several_lines(name):
    runs_on = "\n" in name or "\r" in name
    return "the name runs over several lines; is a quotation mark missing?" if runs_on else None


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
