"""Files for Canvas: read back by the rules of Canvas' own importer; an exported gradebook keeps every other byte."""

import csv
import io
import re
from dataclasses import replace

import pandas as pd
import pytest
from tests.grading.known import build, plan, results

from pebbletrail.exercises.class_modules import load
from pebbletrail.exercises.module import module_folders
from pebbletrail.grading import canvas
from pebbletrail.grading.filling import CannotFill
from pebbletrail.grading.results import ABSENT, PERSON, RULES, Results

CONTROL, AUDIT = "04-control", "07-audit"
GIVEN = 1.5
SUMS = ("Current Score|Current Points|Current Grade|Final Score|Final Points|Final Grade|Override Score|Override Grade|"
        "Override Status")  # a heading with any of these is not an assignment


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return build(tmp_path_factory.mktemp("canvas") / "class", 8, (CONTROL, AUDIT))


@pytest.fixture(scope="module")
def graded(place):
    """Everybody's texts are marked; s003 handed in nothing of one module, and s005's text of it is not marked."""
    works = results(place, (CONTROL, AUDIT), absent={("s003", CONTROL)}).works
    return Results(tuple(work if (work.student, work.module) == ("s005", CONTROL) else _marked(work) for work in works))


def _marked(work):
    items = tuple(replace(item, points=GIVEN, by=PERSON) if item.points is None else item for item in work.items)
    return replace(work, items=items) if work.state != ABSENT else work


def total(place, student, module):
    if (student, module) in (("s003", CONTROL), ("s005", CONTROL)):
        return ""
    return f"{sum(GIVEN if one.points is None else one.points for one in plan(place, student, module).values()):g}"


def imported(content):
    """What Canvas takes in, by the rules of its importer: points by assignment, and (ids, grades) by student."""
    lines = content.decode("utf-8").split("\n")[:3]
    semicolons = {len(next(csv.reader([one], delimiter=";"))) for one in lines if one}
    commas = {len(next(csv.reader([one]))) for one in lines if one}
    separator = ";" if len(semicolons) == 1 and semicolons > commas else ","
    rows = list(csv.reader(io.StringIO(content.decode("utf-8"), newline=""), delimiter=separator, strict=True))
    heading = rows[0]
    assert "Student" in heading[0]
    assert "ID" in heading[1]
    assert re.search(r"SIS\s+User\s+ID", heading[2])
    assert re.search(r"SIS\s+Login\s+ID", heading[3])
    assert "Section" in heading[4]
    titles = {title: place for place, title in enumerate(heading) if place > 4 and not re.search(SUMS, title)}
    worth, students = {}, {}
    for row in rows[1:]:
        if "Points Possible" in row[0]:
            worth = {title: row[place] for title, place in titles.items()}
        elif not all(re.fullmatch(r"\s*(Muted|Manual Posting.*)?\s*", cell, re.IGNORECASE) for cell in row):
            students[row[0]] = (row[2], row[3], {title: row[place].strip() for title, place in titles.items()})
    return worth, students


def test_canvas_takes_in_every_final_grade_and_no_other(place, graded):
    worth, students = imported(canvas.import_csv(graded))
    titles = {module: canvas.heading(module, title) for module, title in graded.modules.items()}
    assert worth == dict.fromkeys(titles.values(), "20")
    for one in place.students():
        user, login, grades = students[one["name"]]
        assert (user, login) == (one["id"], one["id"])
        assert grades == {titles[module]: total(place, one["id"], module) for module in (CONTROL, AUDIT)}


def test_a_work_whose_sheet_cannot_be_read_has_no_say_in_titles_and_points(graded, place):
    """Wherever it stands in the roster; where none can be read, there is no column, which would set the points to 0."""
    works = graded.of(CONTROL)
    gone = [replace(work, title=CONTROL, items=()) for work in works]
    for damaged in ((gone[0], *works[1:]), (*works[:-1], gone[-1])):
        titles, _ = imported(canvas.import_csv(Results(damaged)))
        assert titles == imported(canvas.import_csv(Results(works)))[0]
    assert imported(canvas.import_csv(Results((*gone, *graded.of(AUDIT)))))[0].keys() == imported(
        canvas.import_csv(Results(graded.of(AUDIT))))[0].keys()
    with pytest.raises(CannotFill, match="none of its sheets can be read"):
        canvas.filled(canvas.import_csv(graded), Results(tuple(gone)))


def test_a_zero_is_a_grade_and_nothing_handed_in_is_none(graded):
    work = next(work for work in graded.of(AUDIT) if work.student == "s001")
    zero = replace(work, items=tuple(replace(item, points=0.0) for item in work.items))
    ruled = tuple(replace(item, by=RULES) for item in zero.items)
    absent = replace(zero, student="s002", name="Bo", state=ABSENT, items=ruled)
    cells = [next(iter(grades.values())) for *_, grades in imported(canvas.import_csv(Results((zero, absent))))[1].values()]
    assert cells == ["0", ""]


def test_it_reads_in_pandas_as_numbers(place, graded):
    table = pd.read_csv(io.BytesIO(canvas.import_csv(graded)), skiprows=[1], index_col="SIS Login ID")
    wanted = [float(total(place, id, AUDIT)) for id in table.index]
    assert table[canvas.heading(AUDIT, graded.modules[AUDIT])].tolist() == pytest.approx(wanted)


def test_no_module_has_a_title_that_canvas_would_read_as_something_else():
    for name, folder in module_folders().items():
        title = canvas.heading(name, load(folder).title)
        assert not re.search(SUMS, title)
        assert not re.search(r"\s\(\d+\)$", title)


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "+1+1", "@SUM(1)", "-2+3", "\t=1", 'Bo "B" Lind', "Bo\nLind",
                                  "Bo;=1;Lind"])
def test_a_hostile_name_runs_nowhere_and_shifts_no_grade(place, graded, name):
    works = tuple(replace(work, name=name) if work.student == "s001" else work for work in graded.works)
    content = canvas.import_csv(Results(works))
    students = imported(content)[1]
    grades = next(grades for _, id, grades in students.values() if id == "s001")
    assert list(grades.values()) == [total(place, "s001", CONTROL), total(place, "s001", AUDIT)]
    text = content.decode("utf-8")
    for separator in ",;":
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            assert not any(cell.lstrip(' \t\n"').startswith(("=", "+", "-", "@")) for cell in row)


EXPORT = ("Student,ID,SIS User ID,SIS Login ID,Section,Notes,04-control (901),Essay (902),"
          "07 Audit a claim of your own choice (903),Current Score,Final Score\n"
          ",,,,,,Manual Posting,,,,\n"
          "    Points Possible,,,,,,20.00,10.00,20.00,(read only),(read only)\n"
          '"Lind, Ada",9001,s001,ada@uni,Group 1,"late, twice",,7.5,3,55.1,40.0\n'
          '"Lind, Bo",9002,x77,S002,Group 1,,4.25,8,,55.1,40.0\n'
          '"Lind, Chen",9003,,,Group 2,,6,9,1,,\n'
          '"Lind, Dina",9004,s004,,Group 2,,EX,9,N/A,,\n'
          '"Foo, Bob",9005,s099,bob,Group 2,,5,9,2,,\n'
          '"s006",s007,,,Group 2,,,,,,\n'
          '"Student, Test",9006,,t,Group 1,,,,,,\n')


def test_an_exported_gradebook_is_filled_in_and_keeps_all_other_bytes(place, graded):
    filled = canvas.filled(EXPORT.encode(), graded)
    ada, bo = ((total(place, id, CONTROL), total(place, id, AUDIT)) for id in ("s001", "s002"))
    wanted = (EXPORT.replace(',"late, twice",,7.5,3,', f',"late, twice",{ada[0]},7.5,{ada[1]},')
              .replace(",4.25,8,,", f",{bo[0]},8,{bo[1]},")
              .replace(",6,9,1,", f",6,9,{total(place, 's003', AUDIT)},"))
    assert filled.content.decode() == wanted
    assert filled.students == ("s001", "s002", "s003")
    notes = " ".join(filled.notes)
    assert "whose they are: row 8 (Foo, Bob: nobody in the class), row 9 (s006: nobody in the class)" in notes
    assert "row 7 (s004)" in notes
    assert "s005 (Émile Lind), s006" in notes
    assert "Test" not in notes
    assert canvas.filled(filled.content, graded).content == filled.content


def test_a_work_in_doubt_gets_no_grade_and_it_is_said_why(place, graded):
    works = Results(tuple(replace(work, doubts=("odd",)) if (work.student, work.module) == ("s001", CONTROL) else work
                          for work in graded.works))
    titles = {module: canvas.heading(module, title) for module, title in graded.modules.items()}
    grades = next(grades for _, id, grades in imported(canvas.import_csv(works))[1].values() if id == "s001")
    assert grades == {titles[CONTROL]: "", titles[AUDIT]: total(place, "s001", AUDIT)}
    filled = canvas.filled(EXPORT.encode(), works)
    row = f'"Lind, Ada",9001,s001,ada@uni,Group 1,"late, twice",,7.5,{total(place, "s001", AUDIT)},'
    assert row in filled.content.decode()
    assert any(note.endswith("in doubt until you settle it (see the class report): s001.") for note in filled.notes)
    assert not any("in doubt" in note for note in canvas.filled(EXPORT.encode(), graded).notes)


def test_semicolons_first_and_last_names_and_the_mark_of_utf_8_are_read_too(place, graded):
    before = ("\ufeffLastName;FirstName;ID;SIS Login ID;Section;04-control (1)\r\n    Points Possible;;;;;20,00\r\n"
              "LIND;Emile;5;;A;\r\nMüller;Ada;6;s008;A;3,5\r\n").encode()
    works = tuple(replace(work, student="e5", name="Émile Lind") if work.student == "s002" else work
                  for work in graded.works if work.student != "s005")
    filled = canvas.filled(before, Results(works))
    assert filled.content == (before.replace(b"5;;A;", f"5;;A;{total(place, 's002', CONTROL)}".encode())
                              .replace(b"A;3,5", f"A;{total(place, 's008', CONTROL)}".encode()))


def test_a_column_worth_other_points_and_a_missing_one_are_left_and_said(graded):
    other = EXPORT.replace(",20.00,10.00,20.00,", ",100.00,10.00,20.00,")
    filled = canvas.filled(other.encode(), graded)
    assert ',"late, twice",,7.5,' in filled.content.decode()
    assert any(note.startswith("04-control: its column was left as it was. In Canvas its points possible are '100.00'")
               for note in filled.notes)
    filled = canvas.filled(EXPORT.replace("07 Audit a claim of your own choice", "Week 7").encode(), graded)
    assert any(note.startswith("07-audit: no column is for it") for note in filled.notes)
    twice = canvas.filled(EXPORT.replace("Essay", "04-CONTROL").encode(), graded)
    assert any(note.startswith("04-control: more than one column is for it") for note in twice.notes)


@pytest.mark.parametrize(("content", "said"), [
    (b"Name,Grade\nAda,3\n", "must begin with Student"),
    (b"Student,ID,Section,Essay (1)\nAda,1,A,3\n", "no column can be filled in"),
    (b"\x80abc", "not UTF-8"),
    (b'Student,ID,Section,"04-control\nAda,1,A,3\n', "a quotation mark is missing"),
])
def test_what_cannot_be_filled_in_is_refused_in_words(graded, content, said):
    with pytest.raises(CannotFill, match="the gradebook") as error:
        canvas.filled(content, graded)
    assert said in str(error.value)
