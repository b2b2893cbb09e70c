"""Files for Moodle: read back as Moodle reads them; a worksheet keeps every byte that is not a grade or feedback."""

import csv
import io
from dataclasses import replace

import pandas as pd
import pytest
from tests.grading.known import build, plan, results

from pebbletrail.grading import moodle
from pebbletrail.grading.filling import CannotFill
from pebbletrail.grading.results import ABSENT, PERSON, WAITING, Results

MODULE, OTHER = "04-control", "07-audit"
GIVEN = 2.5  # what a person gives for each text
HEADING = ('Identifier,"Full name","ID number","Email address",Status,Grade,"Maximum grade","Grade can be changed",'
           '"Last modified (submission)","Last modified (grade)","Feedback comments"')


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return build(tmp_path_factory.mktemp("moodle") / "class", 8, (MODULE, OTHER))


@pytest.fixture(scope="module")
def graded(place):
    """Everybody's texts are marked; s003 handed in nothing, s004 waits, a text of s005 is not marked."""
    works = results(place, (MODULE, OTHER), absent={("s003", MODULE)}).works
    return Results(tuple(_marked(work) if work.student != "s005" else work for work in works))


def _marked(work):
    if work.student == "s004":
        return replace(work, state=WAITING)
    items = tuple(replace(item, points=GIVEN, by=PERSON, comment="Say for whom.") if item.points is None else item
                  for item in work.items)
    return replace(work, items=items) if work.state != ABSENT else work


def total(place, student):
    """By the plan, not by the works."""
    return sum(GIVEN if one.points is None else one.points for one in plan(place, student, MODULE).values())


def worksheet(rows, mark=b"\xef\xbb\xbf", end="\n"):
    return mark + end.join([HEADING, *rows, ""]).encode("utf-8")


def line(number, name, id="", grade="", maximum="20.00", change="Yes", feedback=""):
    return (f'"Participant {number}","{name}",{id},x@uni.example,"Submitted for grading - , odd",{grade},{maximum},{change},'
            f'"Monday, 2 March 2026, 9:15 AM",-,{feedback}')


def read(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


def test_the_import_file_has_a_row_for_each_student_and_a_grade_where_it_is_final(place, graded):
    rows = read(moodle.import_csv(graded, MODULE))
    assert [row["ID number"] for row in rows] == [f"s{number:03d}" for number in range(1, 9)]
    assert [row["Full name"] for row in rows] == [one["name"] for one in place.students()]
    for row in rows:
        if row["ID number"] in ("s003", "s004", "s005"):
            assert (row[MODULE], row[f"{MODULE} feedback"]) == ("", "")
        else:
            assert row[MODULE] == f"{total(place, row['ID number']):g}"
            assert row[f"{MODULE} feedback"].startswith(f"Pebbletrail: {row[MODULE]} of 20 points. q1")


def test_the_import_file_reads_in_pandas_and_the_grades_are_numbers(place, graded):
    table = pd.read_csv(io.BytesIO(moodle.import_csv(graded, MODULE)), index_col="ID number")
    final = ("s001", "s002", "s006", "s007", "s008")
    assert table[MODULE].dropna().to_dict() == pytest.approx({id: total(place, id) for id in final})


def test_feedback_has_the_points_and_comments_in_one_line_and_no_tag(graded):
    work = next(work for work in graded.of(MODULE) if work.student == "s001")
    items = (replace(work.items[0], points=0.5, comment="p<b>oor,\n  p < .05 \\"), *work.items[1:])
    said = read(moodle.import_csv(Results((replace(work, items=items),)), MODULE))[0][f"{MODULE} feedback"]
    assert "\n" not in said
    first = work.items[0]
    assert f"{first.id}: 0.5 of {first.possible:g} (p< b>oor, p < .05 \\)" in said
    assert all(f"{item.id}: {item.points:g} of {item.possible:g}" in said for item in items)


def test_no_key_is_in_the_feedback(place, graded):
    for row in read(moodle.import_csv(graded, MODULE)):
        for key in place.key(row["ID number"], MODULE)["questions"]:
            words = [key.get("worked", ""), *key.get("why", {}).values(), *(one["text"] for one in key.get("specimens", []))]
            assert not any(word and word in row[f"{MODULE} feedback"] for word in words)


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "+1+1", "@SUM(1)", "-2+3", "\t=1", 'Bo "\\" Lind', "Lind, Bo\\",
                                  "Bo\nLind"])
def test_a_hostile_name_keeps_rows_and_cells_apart(graded, name):
    works = tuple(replace(work, name=name) for work in graded.of(MODULE))
    content = moodle.import_csv(Results(works), MODULE)
    rows = read(content)
    assert len(rows) == 8
    assert not any(row["Full name"].startswith(("=", "+", "-", "@", "\t")) for row in rows)
    # As PHP's fgetcsv reads, to whom a backslash hides the quotation mark after it.
    by_php = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), escapechar="\\"))
    assert [len(row) for row in by_php] == [4] * 9
    assert [row[0] for row in by_php[1:]] == [f"s{number:03d}" for number in range(1, 9)]


def test_another_module_is_refused(graded):
    with pytest.raises(ValueError, match="04-control, 07-audit"):
        moodle.import_csv(graded, "05-experiment")


def test_a_worksheet_is_filled_in_and_keeps_all_other_bytes(place, graded):
    numbers = {"11": "s001", "12": "s002"}
    rows = [line(11, "Somebody"), line(12, "Other", grade="3.00", feedback='"Pebbletrail: 3 of 20 points. q1"'),
            line(13, "x", id="S006"), line(14, "Hugo LIND"), line(15, "Bob Foo"), line(16, "Lind Ines", change="No"),
            line(17, "Chen Lind", grade="9.00"), line(18, "Dina Lind", id="s004")]
    before = worksheet(rows)
    filled = moodle.filled_worksheet(before, graded, MODULE, numbers)
    assert filled.students == ("s001", "s002", "s006", "s008")
    after = read(filled.content)
    assert [row["Grade"] for row in after] == [f"{total(place, id):g}" for id in filled.students] + ["", "", "9.00", ""]
    said = [row["Feedback comments"].partition(" points.")[0] for row in after]
    assert said == [f"Pebbletrail: {total(place, id):g} of 20" for id in filled.students] + [""] * 4
    kept = before.decode("utf-8").splitlines(keepends=True)
    now = filled.content.decode("utf-8").splitlines(keepends=True)
    assert [now[0], *now[5:]] == [kept[0], *kept[5:]]
    for one, was in zip(now[1:5], kept[1:5], strict=True):  # the cells before Grade, and between Grade and feedback
        assert one.startswith(was[:was.index("odd\",") + 5])
        assert one.endswith("\n")
        assert ',20.00,Yes,"Monday, 2 March 2026, 9:15 AM",-,' in one
    notes = " ".join(filled.notes)
    assert "row 6 (Bob Foo: nobody in the class), row 7 (Lind Ines: nobody in the class)" in notes
    assert "no final grade yet: s003, s004" in notes
    assert "There is no row for these, who have a final grade; enter it by hand: s007" in notes


def test_a_work_in_doubt_gets_no_grade_and_it_is_said_why(place, graded):
    works = Results(tuple(replace(work, doubts=("odd",)) if work.student in ("s001", "s004") else work
                          for work in graded.works))
    rows = {row["ID number"]: row for row in read(moodle.import_csv(works, MODULE))}
    assert (rows["s001"][MODULE], rows["s001"][f"{MODULE} feedback"]) == ("", "")
    assert rows["s002"][MODULE] == f"{total(place, 's002'):g}"
    before = worksheet([line(1, "", id="s001"), line(2, "", id="s002"), line(3, "", id="s003")])
    filled = moodle.filled_worksheet(before, works, MODULE, {})
    assert filled.students == ("s002",)
    assert before.splitlines()[1] in filled.content
    assert any(note.endswith("in doubt until you settle it (see the class report): s001.") for note in filled.notes)
    assert any(note.endswith("no final grade yet: s003.") for note in filled.notes)
    assert not any("in doubt" in note for note in moodle.filled_worksheet(before, graded, MODULE, {}).notes)


def test_a_comment_on_the_whole_work_is_said_once(graded):
    work = next(work for work in graded.of(MODULE) if work.student == "s001")
    items = tuple(replace(item, points=0.0, by=PERSON, comment="We spoke about it.") for item in work.items)
    said = read(moodle.import_csv(Results((replace(work, items=items),)), MODULE))[0][f"{MODULE} feedback"]
    assert said.startswith(f"Pebbletrail: 0 of 20 points (We spoke about it.). {items[0].id}: 0 of {items[0].possible:g} · ")
    assert said.count("We spoke") == 1


def test_a_locked_row_is_left_and_said(graded):
    before = worksheet([line(1, "", id="s001", change="No"), line(2, "", id="s002")])
    filled = moodle.filled_worksheet(before, graded, MODULE, {})
    assert filled.students == ("s002",)
    assert before.splitlines()[1] in filled.content
    assert any("cannot be changed: row 2 (s001)" in note for note in filled.notes)


def test_a_second_time_gives_the_same_bytes_and_nothing_known_changes_nothing(graded):
    before = worksheet([line(1, "Ada Lind"), line(2, "Bo Lind")], mark=b"", end="\r\n")
    once = moodle.filled_worksheet(before, graded, MODULE, {}).content
    assert once != before
    assert moodle.filled_worksheet(once, graded, MODULE, {}).content == once
    strangers = worksheet([line(1, "Nobody"), line(2, "Någon")])
    assert moodle.filled_worksheet(strangers, graded, MODULE, {}).content == strangers


def test_a_comment_with_quotation_marks_and_formulas_stays_in_its_cell(graded):
    work = next(work for work in graded.of(MODULE) if work.student == "s001")
    items = (replace(work.items[0], comment='see "\\"; =1+1, and "this\\'), *work.items[1:])
    works = Results((replace(work, student="S01", items=items),))
    content = moodle.filled_worksheet(worksheet([line(1, "x", id="s01"), line(2, "y")]), works, MODULE, {}).content
    first, second = read(content)
    assert """(see "\\ ";' =1+1, and "this\\)""" in first["Feedback comments"]
    assert second["Full name"] == "y"
    by_php = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), escapechar="\\"))
    assert [len(row) for row in by_php] == [11] * 3


def test_a_teachers_own_feedback_stays(place, graded):
    before = worksheet([line(1, "", id="s001", feedback='"<p>See me, please.</p>"')])
    filled = moodle.filled_worksheet(before, graded, MODULE, {})
    row = read(filled.content)[0]
    assert (row["Grade"], row["Feedback comments"]) == (f"{total(place, 's001'):g}", "<p>See me, please.</p>")
    assert any("other feedback, which was there already, was left: row 2 (s001)" in note for note in filled.notes)


@pytest.mark.parametrize(("rows", "why"), [
    ([line(11, "Ada Lind", id="s002")], "those of s001 and s002"),
    ([line(11, "x"), line(12, "y", id="s001")], "s001 has another row as well"),
    ([line(1, "Ada Lind"), line(2, "Lind, Ada")], "more than one has this name"),
])
def test_who_is_not_certain_gets_no_grade(graded, rows, why):
    before = worksheet(rows)
    filled = moodle.filled_worksheet(before, graded, MODULE, {"11": "s001"})
    assert filled.content == before
    assert any(why in note for note in filled.notes)


def test_two_students_of_one_name_are_not_told_apart_by_it(graded):
    works = tuple(replace(work, name="Ada Lind") for work in graded.of(MODULE))
    before = worksheet([line(1, "Ada Lind")])
    assert moodle.filled_worksheet(before, Results(works), MODULE, {}).content == before


def test_anonymous_worksheets_go_by_number_alone(place, graded):
    before = b"Identifier,Status,Grade,Maximum grade\nParticipant 77,ok,,20\nParticipant 8,ok,,20\n"
    filled = moodle.filled_worksheet(before, graded, MODULE, {"77": "s008", "7": "s001"})
    assert filled.content == before.replace(b"77,ok,,", f"77,ok,{total(place, 's008'):g},".encode())
    assert any("no column 'Feedback comments'" in note for note in filled.notes)


@pytest.mark.parametrize(("content", "said"), [
    (b"", "is empty"),
    (b"\xff\xfeI", "not UTF-8"),
    (HEADING.replace("Identifier", "Identifiant").encode(), "one column 'Identifier' is needed"),
    (worksheet([line(1, "A", maximum="100.00")]), "row 2: the maximum grade is '100.00', and the module has 20 points"),
    (worksheet([line(1, "A", maximum='"20,5"')]), "'20,5'"),
    (worksheet([line(1, "Ada Lind", maximum="20,5")]), "row 2: it has 12 cells, the heading has 11"),
    (HEADING.replace("Maximum grade", "Scale").encode(), "on a scale"),
    (worksheet([line(1, "A"), '"Participant 2,x']), "row 3: a quotation mark is missing"),
    (worksheet(['"Participant 1"x,y']), "row 2: a quotation mark"),
])
def test_what_cannot_be_filled_in_is_refused_in_words(graded, content, said):
    with pytest.raises(CannotFill, match="the worksheet") as error:
        moodle.filled_worksheet(content, graded, MODULE, {})
    assert said in str(error.value)
