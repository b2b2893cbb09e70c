"""Grades for Canvas: a file for *Gradebook, Import*, or a gradebook that Canvas exported filled in.

Canvas' Instructor Guide describes both (*How do I import grades in the Gradebook?*). Looked up were two universities' pages
that follow it (*Import a CSV file into Carmen grades*, Ohio State; *Gradebook Action Menu*, VCU), and what Canvas itself
reads and writes (the repository instructure/canvas-lms: ``lib/gradebook_importer.rb``, ``lib/gradebook_exporter.rb``):

- The columns up to *Section* stand first, in this order. A student is found by Canvas' own number, else by SIS User ID, else
  by SIS Login ID, else by name.
- An assignment is ``Title (number)``, or a title alone: of an assignment that is there, or of a new one. A heading that
  has words of Canvas' own sums in it (*Final Score* …) is not read.
- *Points Possible* sets what an assignment is worth. Columns with *(read only)* there are passed over.
- Grades have a point or a comma, and are shown with two decimals. An empty cell takes away a grade that was there.
"""

import re
from collections import defaultdict

from pebbletrail.grading.filling import IN_DOUBT, CannotFill, Filled, Table, owners, sentences
from pebbletrail.grading.pages import points
from pebbletrail.grading.spreadsheet import csv_bytes

STUDENT = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
WORTH = "    Points Possible"
TEST_STUDENT = "Student, Test"  # Canvas' own, whom a teacher looks at a course as
WORDS = ("EX", "N/A")  # excused, and not assigned
_POSTING = re.compile(r"\s*(Muted|Manual Posting.*)?\s*", re.IGNORECASE)


def heading(module, title):
    """What a module is called in Canvas: ``04 Does watching …``."""
    return f"{module[:2]} {title}"


def import_csv(results):
    """The file for *Gradebook, Import*: one row a student, one column a module.

    Returns
    -------
    bytes
        The roster's id stands as SIS User ID and as SIS Login ID; it must be one of the two in Canvas. A cell is empty while
        the work is not complete. A module of which no sheet can be read has no column: its points are not known. For
        assignments that hold grades already, ``filled`` is safer.
    """
    works = _by_student(results)
    modules = {module: title for module, title in results.modules.items() if results.possible(module) is not None}
    rows = [[*STUDENT, *(heading(*one) for one in modules.items())],
            [WORTH, "", "", "", "", *(points(results.possible(module)) for module in modules)]]
    for student, by_module in works.items():
        name = next(iter(by_module.values())).name
        rows.append([name, "", student, student, "", *(_grade(by_module.get(module)) for module in modules)])
    return csv_bytes(rows)


def filled(gradebook, results):
    """A gradebook that Canvas exported, with the modules' grades filled in; everything else keeps its bytes.

    Parameters
    ----------
    gradebook : bytes
    results : Results

    Returns
    -------
    Filled
        A column is a module's when its title is the module's name (``04-control``), the module's title, or both as
        ``import_csv`` has them. Left as they were: rows of which it is not certain whose they are, cells with EX (excused)
        or N/A (not assigned), columns that are worth other points, and what is not complete or is in doubt.

    Raises
    ------
    CannotFill
        It is not such a gradebook, or no column is a module's.
    """
    table, works = Table(gradebook, "the gradebook"), _by_student(results)
    if table.cell(0, 0) not in ("Student", "LastName") or table.column("Section") is None:
        raise CannotFill("the gradebook: its heading must begin with Student, and have a column Section. Give a gradebook "
                         "as Canvas exported it.")
    columns, notes = _columns(table, results)
    names = {id: next(iter(by_module.values())).name for id, by_module in works.items()}
    found, doubts = owners({row: _who(table, row, works) for row in range(1, len(table)) if _is_student(table, row)}, names)
    cells = [(row, student, column, _grade(works[student].get(module)))
             for row, student in found.items() for module, column in columns.items()]
    cells = [one for one in cells if one[3]]
    kept = [f"row {row + 1} ({student})" for row, student, column, _ in cells if table.cell(row, column) in WORDS]
    written = [one for one in cells if table.cell(one[0], one[2]) not in WORDS]
    for row, _, column, grade in written:
        table.put(row, column, grade)
    missing = [f"{id} ({names[id]})" for id, by_module in works.items()
               if id not in found.values() and any(_grade(by_module.get(module)) for module in columns)]
    doubted = [student for student in dict.fromkeys(found.values())
               if any(work.doubts for module, work in works[student].items() if module in columns)]
    notes += sentences([
        ([f"row {row + 1} ({_name(table, row)}: {why})" for row, why in sorted(doubts.items())],
         "Left as they were, because it is not certain whose they are: {}."),
        (missing, "There is no row for these, who have a final grade; enter it by hand: {}."),
        (doubted, IN_DOUBT),
        (kept, f"Left as they were, because Canvas has {' or '.join(WORDS)} there: {{}}.")])
    return Filled(table.content(), tuple(dict.fromkeys(student for _, student, *_ in written)), tuple(notes))


def _by_student(results):
    works = defaultdict(dict)
    for work in results.works:
        works[work.student][work.module] = work
    return works


def _grade(work):
    return points(work.earned) if work is not None and work.complete else ""


def _columns(table, results):
    """Where each module's grades stand, and what is to be said of modules without a place."""
    worth = next((row for row in range(1, len(table)) if "Points Possible" in table.cell(row, 0)), None)
    columns, notes = {}, []
    for module, title in results.modules.items():
        if results.possible(module) is None:
            notes.append(f"{module}: nothing was filled in, because none of its sheets can be read; the class report says "
                         "why.")
            continue
        names = {_plain(one) for one in (module, title, heading(module, title))}
        places = [place for place, one in enumerate(table.row(0)) if _plain(re.sub(r"\s\(\d+\)$", "", one)) in names]
        possible = points(results.possible(module))
        said = table.cell(worth, places[0]) if places and worth is not None else possible
        if len(places) != 1:
            notes.append(f"{module}: {'more than one' if places else 'no'} column is for it. In Canvas, have one assignment "
                         f"“{heading(module, title)}” of {possible} points, and export the gradebook again.")
        elif not re.fullmatch(r"\d+([.,]\d+)?", said) or points(float(said.replace(",", "."))) != possible:
            notes.append(f"{module}: its column was left as it was. In Canvas its points possible are {said!r}; set them to "
                         f"{possible}, as they are here, and export the gradebook again.")
        else:
            columns[module] = places[0]
    if not columns:
        raise CannotFill("\n  ".join(["the gradebook: no column can be filled in.", *notes]))
    return columns, notes


def _plain(text):
    return " ".join(text.split()).casefold()


def _is_student(table, row):
    cells = table.row(row)
    about_columns = "Points Possible" in cells[0] or all(_POSTING.fullmatch(cell) for cell in cells)
    return not about_columns and cells[0] != TEST_STUDENT


def _who(table, row, works):
    """Whom the ids point to (never Canvas' own number, which may be another's student number), and the name beside them."""
    ids = {table.cell(row, table.column(name)).casefold() for name in ("SIS User ID", "SIS Login ID")}
    return {student for student in works if student.casefold() in ids}, _name(table, row)


def _name(table, row):
    first = table.cell(row, table.column("FirstName"))
    return f"{table.cell(row, 0)}, {first}" if first else table.cell(row, 0)
