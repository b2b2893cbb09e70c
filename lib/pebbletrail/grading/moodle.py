r"""Grades for Moodle: a file for its gradebook, or the offline grading worksheet of an assignment filled in.

Looked up in Moodle's documentation (docs.moodle.org: *Grade import*, versions 2.7, 3.11 and 4.5; *Assignment settings*, 4.1)
and in what Moodle itself reads and writes (the repository moodle/moodle: ``grade/import/csv/classes/load_data.php``,
``lib/csvlib.class.php``, ``mod/assign/gradingtable.php``, ``mod/assign/feedback/offline``). What follows from them:

- Both readers drop the mark of UTF-8. They read by PHP's ``fgetcsv``: a backslash before a quotation mark hides it.
- *Grades, Import*: the teacher says which column is which. With one unknown ID number nothing is imported. Feedback and
  grade must both be mapped. An empty cell takes away a grade that was there.
- Worksheet: a row is found by the number at the end of *Identifier*; an empty grade is passed over. Headings are in the
  language of who downloads it. Feedback is shown as HTML.
"""

import re

from pebbletrail.grading.filling import IN_DOUBT, CannotFill, Filled, Table, owners, sentences
from pebbletrail.grading.pages import points
from pebbletrail.grading.spreadsheet import csv_bytes

OURS = "Pebbletrail: "  # how our feedback begins, so that it is told from a teacher's own


def import_csv(results, module):
    """The file for *Grades, Import, CSV file*: one row a student, of one module.

    Parameters
    ----------
    results : Results
    module : str
        Such as ``"04-control"``.

    Returns
    -------
    bytes
        Columns *ID number* (the roster's id), *Full name*, the module's name (points) and the same with *feedback*. Both are
        empty while the work is not complete or is in doubt.
    """
    rows = [["ID number", "Full name", module, f"{module} feedback"]]
    for work in _works(results, module).values():
        rows.append([work.student, _read_by_php(work.name), *(_said(work) if work.complete else ("", ""))])
    return csv_bytes(rows, mark=True)


def filled_worksheet(worksheet, results, module, numbers):
    """An offline grading worksheet with *Grade* and *Feedback comments* filled in; everything else keeps its bytes.

    Parameters
    ----------
    worksheet : bytes
        As downloaded, in English.
    results : Results
    module : str
    numbers : dict of str to str
        Students by Moodle's participant number, as the names of the submitted files have it.

    Returns
    -------
    Filled
        A row is left as it was when nobody in the class is recognised by it, when its grade cannot be changed, and while the
        work is not complete or is in doubt. A teacher's own feedback stays.

    Raises
    ------
    CannotFill
        It is not such a worksheet, or the assignment has another maximum grade than the module has points.
    """
    table, works = Table(worksheet, "the worksheet"), _works(results, module)
    identifier, grade, feedback = _column(table, "Identifier"), _column(table, "Grade"), table.column("Feedback comments")
    rows = [row for row in range(1, len(table)) if any(table.row(row))]
    _same_maximum(table, rows, _possible(results, module))
    names = {id: work.name for id, work in works.items()}
    found, doubts = owners({row: _who(table, row, identifier, works, numbers) for row in rows}, names)
    waiting, doubted, locked, kept, filled = [], [], [], [], []
    for row, student in found.items():
        before = table.cell(row, feedback)
        if not works[student].complete:
            (doubted if works[student].doubts else waiting).append(student)
            continue
        if table.cell(row, table.column("Grade can be changed")).casefold() == "no":
            locked.append(f"row {row + 1} ({student})")
            continue
        total, said = _said(works[student])
        table.put(row, grade, total)
        filled.append(student)
        if before and not before.startswith(OURS):
            kept.append(f"row {row + 1} ({student})")
        elif feedback is not None:
            table.put(row, feedback, said)
    missing = [f"{id} ({work.name})" for id, work in works.items() if work.complete and id not in found.values()]
    notes = sentences([
        ([f"row {row + 1} ({_shown(table, row)}: {why})" for row, why in sorted(doubts.items())],
         "Left as they were, because it is not certain whose they are: {}."),
        (missing, "There is no row for these, who have a final grade; enter it by hand: {}."),
        (doubted, IN_DOUBT),
        (waiting, "Left as they were, because there is no final grade yet: {}."),
        (locked, "Left as they were, because Moodle says that the grade cannot be changed: {}."),
        (kept, "The grade was filled in, and other feedback, which was there already, was left: {}.")])
    if feedback is None:
        notes.append("There is no column 'Feedback comments', so only grades were filled in.")
    return Filled(table.content(), tuple(filled), tuple(notes))


def _works(results, module):
    works = {work.student: work for work in results.of(module)}
    if not works:
        there = ", ".join(results.modules) or "none"
        raise ValueError(f"module: nothing of {module!r} was graded; graded are: {there}.")
    return works


def _possible(results, module):
    possible = results.possible(module)
    if possible is None:
        raise CannotFill(f"the worksheet: none of the sheets of {module} can be read, so there is no grade to fill in; the "
                         "class report says why.")
    return possible


def _said(work):
    """The sum, and points with people's comments by question, in one line: shown as HTML it would have no line ends."""
    comments = [" ".join(item.comment.split()) for item in work.items]
    whole = comments[0] if len(comments) > 1 and len(set(comments)) == 1 else ""  # of a whole work: said once
    parts = [f"{item.id}: {points(item.points)} of {points(item.possible)}"
             + (f" ({comment})" if comment and not whole else "")
             for item, comment in zip(work.items, comments, strict=True)]
    text = f"{OURS}{points(work.earned)} of {points(work.possible)} points{whole and f' ({whole})'}. " + " · ".join(parts)
    return points(work.earned), _read_by_php(re.sub(r"<(?=[A-Za-z/!?])", "< ", text))


def _read_by_php(text):
    return re.sub(r'\\(?="|$)', r"\\ ", text)


def _column(table, name):
    place = table.column(name)
    if place is None:
        there = ", ".join(map(repr, table.row(0)))
        raise CannotFill(f"the worksheet: one column {name!r} is needed; there are {there}. Give an offline grading "
                         "worksheet that was downloaded with Moodle set to English, and upload it so, too.")
    return place


def _same_maximum(table, rows, possible):
    again = (f"In Moodle, set the assignment's grade to points, with the maximum {points(possible)}, and download the "
             "worksheet again.")
    if table.column("Scale") is not None:
        raise CannotFill(f"the worksheet: the assignment is graded on a scale. {again}")
    column = table.column("Maximum grade")
    for row in rows if column is not None else ():
        said = table.cell(row, column)
        if not re.fullmatch(r"\d+([.,]\d+)?", said) or float(said.replace(",", ".")) != possible:
            raise CannotFill(f"the worksheet, row {row + 1}: the maximum grade is {said!r}, and the module has "
                             f"{points(possible)} points. {again}")


def _who(table, row, identifier, works, numbers):
    """Whom the participant number and the ID number point to, and the name beside them."""
    number = re.search(r"\d+$", table.cell(row, identifier))
    id = table.cell(row, table.column("ID number")).casefold()
    pointed = {numbers.get(number[0]) if number else None} | {student for student in works if student.casefold() == id}
    return pointed & works.keys(), table.cell(row, table.column("Full name"))


def _shown(table, row):
    return table.cell(row, table.column("Full name")) or table.cell(row, 0)
