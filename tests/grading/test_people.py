"""Marks that people gave are read as a spreadsheet writes them, and taken in as a whole or not at all."""

import hashlib
import json
import re
from dataclasses import replace

import pytest

from pebbletrail.grading.people import BadMarks, Row, outdated, read
from pebbletrail.grading.results import Handed, Item, Results, Work

HEAD = "student,module,question,points,comment\n"
PLAIN = HEAD + '007,04-control,q8,2.5,"Good, but short"\n*,07-audit,q1,0,\ns.1,04-control,q1,,back to the rules\n'
ROWS = (Row("007", "04-control", "q8", 2.5, "Good, but short"), Row("*", "07-audit", "q1", 0.0, ""),
        Row("s.1", "04-control", "q1", None, "back to the rules"))
QUESTIONS = {"04-control": {"q1": 1, "q8": 3}, "07-audit": {"q1": 2, "q2": 0.5}}
RESULTS = Results(tuple(
    Work(student, "Ann", module, "Title", tuple(Item({"id": id, "kind": "text", "points": points}, None, "open", None)
                                                for id, points in questions.items()), "graded")
    for module, questions in QUESTIONS.items() for student in ("007", "s.1", "Zoe")))


@pytest.fixture
def marks(tmp_path):
    """Writes a file of marks and gives its path."""
    def write(content, encoding="utf-8"):
        path = tmp_path / "marks.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path
    return write


def problems(path):
    with pytest.raises(BadMarks) as told:
        read(path, RESULTS)
    return str(told.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("content", [
    PLAIN, PLAIN.replace("\n", "\r\n"), PLAIN.rstrip("\n"), PLAIN.replace("student,", " Student ,"),
    PLAIN.replace("2.5", "2.50"), PLAIN.replace("2.5", " 2.5 "), PLAIN.replace("\n*", "\n\n,,,\n*"),
    "student;module;question;points;comment\n007;04-control;q8;2,5;Good, but short\n*;07-audit;q1;0,0;\n"
    "s.1;04-control;q1;;back to the rules\n",
    "student\tmodule\tquestion\tpoints\tcomment\n007\t04-control\tq8\t2,5\tGood, but short\n*\t07-audit\tq1\t0\n"
    "s.1\t04-control\tq1\t\tback to the rules\n",
    "sep=;\nstudent;module;question;points;comment\n007;04-control;q8;2.5;Good, but short\n*;07-audit;q1;0;\n"
    "s.1;04-control;q1;;back to the rules\n",
    'name,comment,points,question,module,student\nAnn,"Good, but short",2.5,q8,04-control,007\nall,,0,q1,07-audit,*\n'
    "\n,,,,,\n,back to the rules,,q1,04-control,s.1,,\n"])
def test_what_spreadsheets_and_the_page_of_texts_write_is_read(marks, content, encoding):
    assert read(marks(content, encoding), RESULTS) == ROWS


def test_a_comment_of_every_script_and_of_several_lines(marks):
    said = 'Łukasz: „gut“,\n"weiter" — 王 =1+1 <b>\n\nend'
    (row,) = read(marks(f'{HEAD}007,04-control,q8,3,"{said.replace(chr(34), chr(34) * 2)}"\n'), RESULTS)
    assert row == Row("007", "04-control", "q8", 3.0, said)


def test_every_problem_is_told_at_once_with_its_row_and_nothing_is_taken_in(marks):
    told = problems(marks(HEAD + "\n".join([
        "007,04-control,q8,3,", "7,04-control,q8,1,", "nobody,04-contol,q8,1,", "007,04-control,q9,1,", "",
        "007,07-audit,q1,-1,", "007,04-control,q1,1.5,", "007,04-control,q8,2,again", "s.1,07-audit,q2,half,",
        "*,04-control,q1,2,",
        "zoe,04-control,Q1,1e0,so,and so", "s.1,04-control,q8,nan,", "*,11-late,q1,1,"])))
    rows = dict(re.findall(r"row (\d+): (.*(?:\n  (?!row).*)*)", told))
    assert set(rows) == {"3", "4", "5", "7", "8", "9", "10", "11", "12", "13", "14"}
    for said in ["row 3: there is no student '7' in this class; is it '007'?",
                 "row 4: there is no student 'nobody' in this class; there are 007, Zoe, s.1",
                 "row 4: nobody has handed in a module '04-contol'; is it '04-control'?",
                 "row 5: 04-control has no question 'q9'; is it 'q8'?", "row 7: the points are -1; they begin at 0",
                 "row 8: the points are 1.5; q1 of 04-control earns at most 1",
                 "row 9: 007, 04-control, q8 stands in row 2 already", "row 10: the points 'half' are not a number",
                 "row 11: the points are 2; q1 of 04-control earns at most 1",
                 "row 12: there is no student 'zoe' in this class; is it 'Zoe'?", "row 12: 04-control has no question 'Q1'",
                 "row 12: it has 6 cells, the heading has 5; a comma inside a comment needs quotation marks",
                 "row 12: the points '1e0' are not",
                 "row 13: the points 'nan' are not", "row 14: nobody has handed in a module '11-late'"]:
        assert said in told
    assert "15 problems; mend the file and give the command again." in told


def test_the_page_of_texts_says_which_answer_was_marked(marks):
    content = PLAIN.replace("points,comment", "points,answer-code,comment").replace("2.5,", "2.5,t0123456789ab,")
    first, *others = read(marks(content.replace("q1,0,", "q1,0,,").replace("q1,,", "q1,,,")), RESULTS)
    assert (first, tuple(others)) == (replace(ROWS[0], text="t0123456789ab"), ROWS[1:])
    for cell in ("good", "0123456789ab", "5", "t0123456789AB"):
        told = problems(marks(content.replace("t0123456789ab", cell)))
        assert f"row 2: in the column answer-code stands {cell!r}; leave there" in told
    told = problems(marks(content.replace("q1,0,", "q1,0,t0123456789ab,")))
    assert "row 3: a row with * is for more than one answer, so it has no code of one: empty the cell in the column" in told
    assert "'answer-code' is there 2 times" in problems(marks(content.replace("answer-code", "answer-code,answer-code")))


def test_a_mark_that_was_given_to_another_answer_is_outdated():
    """The code is the beginning of SHA-256 over the answer as JSON; a row without one belongs to what is there."""
    answers = ("First.", "Zweitens, für \ud83d.", None)
    for there in answers:
        item = replace(RESULTS.works[0].items[1], answer=there)
        now = Results((replace(RESULTS.works[0], items=(item,)),))
        rows = [replace(ROWS[0], text="t" + hashlib.sha256(json.dumps(one).encode()).hexdigest()[:12]) for one in answers]
        assert outdated([ROWS[0], *rows], now) == tuple(row for row, one in zip(rows, answers, strict=True) if one != there)


@pytest.mark.parametrize("points", ["0", "0.0", "3", "3.0", "3.", ".5", "03"])
def test_points_that_are_points(marks, points):
    (row,) = read(marks(f"{HEAD}007,04-control,q8,{points},\n"), RESULTS)
    assert row.points == float(points)


@pytest.mark.parametrize(("points", "told"), [
    ("3.0001", "earns at most 3"), ("-0.5", "they begin at 0"), ("inf", "not a number"), ("1_0", "not a number"),
    ("٣", "not a number"), ("1e-1", "not a number"), ("2/3", "not a number"), ("+1", "not a number"), ("−1", "not a number"),
    ("True", "not a number"), (".", "not a number"), ("1.000.0", "not a number"), ('"2,5"', "write a point: 2.5")])
def test_points_that_are_not(marks, points, told):
    assert told in problems(marks(f"{HEAD}007,04-control,q8,{points},\n"))


@pytest.mark.parametrize("row", ["007,04-control,q8,2,5", "007,04-control,q8,2,5,", '007,04-control,q8,2,5,"Good"'])
def test_a_decimal_comma_between_commas_is_not_taken_for_a_comment(marks, row):
    assert "the points are 2 and the comment is 5: a decimal comma?" in problems(marks(f"{HEAD}{row}\n"))


def test_who_has_no_work_in_a_module_and_a_work_that_could_not_be_read(marks):
    broken = Work("007", "Ann", "04-control", "Title", (), "waiting")
    gone = {("007", "04-control"), ("s.1", "07-audit")}
    others = [work for work in RESULTS.works if (work.student, work.module) not in gone]
    path = marks(f"{HEAD}007,04-control,q8,1,\n*,04-control,q8,2,\ns.1,07-audit,q1,1,\n")
    with pytest.raises(BadMarks) as told:
        read(path, Results((broken, *others)))
    assert str(told.value).split("\n")[1:] == ["  row 4: s.1 has no sheet in 07-audit"]


def test_an_id_that_lost_its_zeros_in_a_spreadsheet_is_known_again(marks):
    others = [Work("70", "Bo", work.module, "Title", work.items, "graded") for work in RESULTS.works]
    with pytest.raises(BadMarks, match=r"no student '7' in this class; is it '007'\?"):
        read(marks(f"{HEAD}7,04-control,q8,1,\n"), Results((*RESULTS.works, *others)))


def test_a_comment_that_is_a_number_between_semicolons(marks):
    (row,) = read(marks("student;module;question;points;comment\n007;04-control;q8;2;5\n"), RESULTS)
    assert (row.points, row.comment) == (2.0, "5")


def test_two_decimal_commas_are_no_number(marks):
    told = problems(marks("student;module;question;points;comment\n007;04-control;q8;1,000,0;\n"))
    assert "'1,000,0' are not a number" in told


def test_everybody_and_one_of_them_may_stand_in_one_file(marks):
    rows = read(marks(f"{HEAD}*,04-control,q8,1,\n007,04-control,q8,2,\n"), RESULTS)
    assert [(row.student, row.points) for row in rows] == [("*", 1.0), ("007", 2.0)]


@pytest.mark.parametrize(("content", "told"), [
    ("", "the file is empty. It needs a heading student,module,question,points,comment and a row for each mark"),
    (HEAD, "no mark is in it"), (HEAD + ",,,,\n", "no mark is in it"),
    (b"PK\x03\x04rest", "not CSV. In the spreadsheet choose"),
    (HEAD.replace("points", "mark"), "there is no column 'points'"), ("student_id" + HEAD[7:], "Is it 'student_id'?"),
    (HEAD.replace("comment", "comments"), "Is it 'comments'? Then name that column comment."),
    (HEAD + '007,04-control,q8,1,"open\n', "quotation mark")])
def test_a_file_that_is_no_file_of_marks(marks, content, told):
    assert told in problems(marks(content))


def test_a_word_on_a_whole_work(marks):
    handed = Results(tuple(replace(work, handed=Handed("a.zip", "ab" * 32)) if work.student != "Zoe" else work
                           for work in RESULTS.works))
    found = read(marks(f"{HEAD}007,04-control,*,0,Not yours\ns.1,04-control,*,,\n007,04-control,q8,1,\n"), handed)
    assert [(row.student, row.question, row.points) for row in found] == [
        ("007", "*", 0.0), ("s.1", "*", None), ("007", "q8", 1.0)]
    with pytest.raises(BadMarks) as told:
        read(marks(f"{HEAD}*,04-control,*,0,\n007,04-control,*,0.5,\nZoe,04-control,*,,\n007,07-audit,*,x,\nBo,07-audit,*,0,\n"
                   "s.1,07-audit,*,0,\ns.1,07-audit,*,,\n007,4-control,*,0,\n"), handed)
    assert [line[2:] for line in str(told.value).split("\n")[1:]] == [
        "row 2: * stands for the student and for the question; a whole work is one student's, so name the student",
        "row 3: the points are 0.5; for a whole work (question *) they are 0, or empty: its marks stand",
        "row 4: Zoe has handed in nothing in 04-control, so there is no whole work (question *) to speak of",
        "row 5: the points 'x' are not a number such as 2.5; leave the cell empty for what the rules gave",
        "row 6: there is no student 'Bo' in this class; there are 007, Zoe, s.1",
        "row 8: s.1, 07-audit, * stands in row 7 already; which of the two counts?",
        "row 9: nobody has handed in a module '4-control'; is it '04-control'?"]


def test_no_file(tmp_path):
    assert "A file of marks is a CSV file with the columns student, module, question, points and comment." in problems(
        tmp_path / "marks.csv")
