"""Marks that people gave, as a CSV file: read with every problem told at once, or taken in as a whole."""

import difflib
import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from textwrap import shorten

from pebbletrail.exercises.spreadsheet_file import read as read_file
from pebbletrail.exercises.spreadsheet_file import refuse
from pebbletrail.grading.results import WAITING
from pebbletrail.words import some

COLUMNS = ("student", "module", "question", "points", "comment")
TEXT = "answer-code"  # a further column, which the page of texts writes: the code of the answer that a mark was given to
EVERYBODY = "*"  # as a student: who handed in that module
WHOLE = "*"  # as a question: the whole work
_POINT = "Where a comma stands between the cells, write a point: 2.5"
_CODE = re.compile("t[0-9a-f]{12}")
_NUMBER = re.compile(r"[0-9]+(\.[0-9]*)?|\.[0-9]+")


class BadMarks(ValueError):
    """A file of marks of which nothing was taken in; the message has every problem, with its row."""


@dataclass(frozen=True)
class Row:
    """What a person gave for a question. ``points`` None: back to what the rules gave. ``student`` may be ``*``.

    ``question`` may be ``*``: the whole work earns 0, or (None) it was looked at, and its marks stand. ``text``: the code of
    the answer that it was given to, where it came from the page of texts.
    """

    student: str
    module: str
    question: str
    points: float | None
    comment: str
    text: str = ""


def code_of(answer):
    """The code of an answer in a file of marks. It begins with a letter, so that no spreadsheet makes a number of it."""
    return "t" + hashlib.sha256(json.dumps(answer).encode("ascii")).hexdigest()[:12]


def outdated(rows, results):
    """Those of the rows whose mark was given to another answer than the one that is there now.

    Rows of ``unread`` are to be taken out before.
    """
    now = {(work.student, work.module, item.id): code_of(item.answer) for work in results.works for item in work.items}
    return tuple(row for row in rows if row.text and row.text != now.get((row.student, row.module, row.question)))


def unread(rows, results):
    """Those of the rows that no mark can be made of now: the work's sheet cannot be read, or its answer is not known yet."""
    works = {(work.student, work.module): work for work in results.works}
    of = [(row, works.get((row.student, row.module))) for row in rows]
    return tuple(row for row, work in of if work and (not work.items or (row.text and work.state == WAITING)))


def read(path, results):
    """The rows of a file of marks.

    The file is CSV with commas, semicolons or tabs and the columns ``student,module,question,points,comment``, as
    spreadsheets and the page of texts write it; the latter adds a column ``answer-code``. Where a semicolon or a tab stands
    between cells, points may have a decimal comma.

    Parameters
    ----------
    path : str or Path
    results : Results
        The class as it is graded now: what may be marked.

    Returns
    -------
    tuple of Row

    Raises
    ------
    BadMarks
        With all that is wrong, by row as a spreadsheet counts them (the heading is row 1).
    """
    path = Path(path)
    file = read_file(path, COLUMNS, "A file of marks", "mark", BadMarks, (TEXT,))
    possible = {}
    for work in results.works:
        possible.setdefault(work.module, {})[work.student] = {item.id: item.possible for item in work.items}
    handed = {(work.student, work.module) for work in results.works if work.handed}
    rows, problems, before = [], [], {}
    for number, cells, fault in file.rows:
        points, wrong = _points(cells, file.separator)
        whole = cells["question"] == WHOLE
        wrong = wrong or (_whole(cells, points, possible, handed) if whole else _too_large(cells, points, possible))
        wrong = [fault, *_unknown(cells, possible), wrong, _code(cells), _twice(cells, number, before)]
        problems += [f"row {number}: {one}" for one in wrong if one]
        rows.append(Row(cells["student"], cells["module"], cells["question"], points, cells["comment"], cells[TEXT]))
    refuse(path, problems, BadMarks)
    if not rows:
        raise BadMarks(f"{path}: no mark is in it; below the heading there is no row.")
    return tuple(rows)


def _points(cells, separator):
    """The points, or what is wrong with them; neither where the cell is empty."""
    text, comma = cells["points"], separator == ","
    if not text:
        return None, None
    if comma and text.isdecimal() and cells["comment"].isdecimal():  # 2,5 without quotation marks is two cells
        return None, f"the points are {text} and the comment is {cells['comment']}: a decimal comma? {_POINT}"
    number = text if comma else text.replace(",", ".", 1)
    if _NUMBER.fullmatch(number):
        return float(number), None
    if _NUMBER.fullmatch(number.removeprefix("-")):
        return None, f"the points are {text}; they begin at 0"
    if _NUMBER.fullmatch(number.replace(",", ".", 1)):
        return None, f"the points are {text!r}. {_POINT}"
    return None, f"the points {text!r} are not a number such as 2.5; leave the cell empty for what the rules gave"


def _unknown(cells, possible):
    """What is not in the class as it is graded, with the nearest that is."""
    student, module, question = cells["student"], cells["module"], cells["question"]
    students = {one for works in possible.values() for one in works}
    if student not in students | {EVERYBODY}:
        yield f"there is no student {student!r} in this class{_near(student, students)}"
    if module not in possible:
        yield f"nobody has handed in a module {module!r}{_near(module, possible)}"
    elif student in students and student not in possible[module]:
        yield f"{student} has no sheet in {module}"
    elif question != WHOLE and question not in (known := _questions(student, module, possible)):
        yield f"{module} has no question {question!r}{_near(question, known)}"


def _too_large(cells, points, possible):
    most = _questions(cells["student"], cells["module"], possible).get(cells["question"])
    if points is not None and most is not None and points > most:
        return f"the points are {cells['points']}; {cells['question']} of {cells['module']} earns at most {most:g}"
    return None


def _code(cells):
    """What is wrong with the code of an answer."""
    code = cells[TEXT]
    if code and not _CODE.fullmatch(code):
        return f"in the column {TEXT} stands {shorten(code, 40)!r}; leave there what the page of texts wrote, or nothing"
    if code and "*" in (cells["student"], cells["question"]):
        return f"a row with * is for more than one answer, so it has no code of one: empty the cell in the column {TEXT}"
    return None


def _whole(cells, points, possible, handed):
    """What is wrong with a word on a whole work."""
    student, module = cells["student"], cells["module"]
    if student == EVERYBODY:
        return "* stands for the student and for the question; a whole work is one student's, so name the student"
    if points:
        return f"the points are {cells['points']}; for a whole work (question *) they are 0, or empty: its marks stand"
    if possible.get(module, {}).get(student) and (student, module) not in handed:
        return f"{student} has handed in nothing in {module}, so there is no whole work (question *) to speak of"
    return None


def _questions(student, module, possible):
    """Questions and what they earn at most; a module asks everybody the same."""
    works = possible.get(module, {})
    return works.get(student) or next(filter(None, works.values()), {})


def _twice(cells, number, before):
    what = cells["student"], cells["module"], cells["question"]
    if (first := before.setdefault(what, number)) != number:
        return f"{', '.join(what)} stands in row {first} already; which of the two counts?"
    return None


def _near(given, known):
    """The one that may be meant; a spreadsheet takes the zeros from the front of 007."""
    bare = [one for one in sorted(known) if one.lstrip("0").casefold() == given.lstrip("0").casefold()]
    near = bare or difflib.get_close_matches(given, sorted(known), n=1, cutoff=0.5)
    return f"; is it {near[0]!r}?" if near else f"; there are {some(sorted(known), 10)}"
