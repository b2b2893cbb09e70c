"""Grading a class, whole: the same again, interrupted, without a sandbox, after an appeal; nothing received is changed."""

import csv
import io
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace

import pytest
from tests.grading import submissions
from tests.grading.known import answers, build, plan

import pebbletrail as pt
from pebbletrail import cli
from pebbletrail.exercises.class_folder import ClassFolder
from pebbletrail.grading import batch, bubblewrap
from pebbletrail.grading.execution import MACHINE, Ran
from pebbletrail.grading.gradebook import Gradebook
from pebbletrail.grading.isolation import LIMITS, NoSandbox
from pebbletrail.grading.limits import MB, Limits
from pebbletrail.grading.run import grade_class
from pebbletrail.grading.take_marks import take_marks

MODULE = "04-control"


@pytest.fixture(scope="module")
def handed(tmp_path_factory):
    """A class of four; three hand in what their plans say, one nothing."""
    root = tmp_path_factory.mktemp("class")
    place = build(root / "class", 4, [MODULE])
    for student in ("s001", "s002", "s003"):
        given = answers(plan(place, student, MODULE))
        submissions.write(root / "handed-in", place, student, MODULE, submissions.answering(MODULE, given), given)
    return place


@pytest.fixture(scope="module")
def graded(handed, tmp_path_factory):
    out = tmp_path_factory.mktemp("out") / "grades"
    return grade(handed, out), out


def grade(place, out, **more):
    return grade_class(place.path.parent / "handed-in", place.path, out, **more)


def written(out):
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*")
            if path.is_file() and path.name != "gradebook.sqlite"}


def every_byte(out):
    return written(out) | {"book": (out / "gradebook.sqlite").read_bytes()}


def dump(out):
    with sqlite3.connect(out / "gradebook.sqlite") as book:
        return list(book.iterdump())


def test_marks_are_what_the_known_answers_imply(graded, handed):
    found, _ = graded
    for work in found.results.works:
        planned = plan(handed, work.student, MODULE)
        if work.student == "s004":
            assert (work.state, work.earned) == ("not handed in", 0)
            continue
        assert {item.id: item.points for item in work.items} == {id: one.points for id, one in planned.items()}
        assert work.notes == ()
    assert not found.results.problems


def test_what_is_written_is_all_there(graded):
    found, out = graded
    files = written(out)
    assert {name for name in files if "received" not in name} == {
        ".grading", "report.html", "canvas.csv", f"moodle/{MODULE}.csv", f"texts/{MODULE}.html",
        *(f"feedback/s00{number}/{MODULE}.html" for number in (1, 2, 3, 4))}
    assert len([name for name in files if name.startswith("received/")]) == 3
    assert all(str(path.relative_to(out)) in found.text for path in (out / "report.html", out / "canvas.csv"))
    with sqlite3.connect(out / "gradebook.sqlite") as book:
        rows = dict(book.execute("SELECT student, points FROM totals"))
    assert rows == {work.student: work.earned for work in found.results.works}


def test_graded_again_nothing_runs_and_every_byte_is_the_same(graded, handed):
    _, out = graded
    before = every_byte(out)
    again = grade(handed, out)
    assert again.executed == 0
    assert every_byte(out) == before


HEADING = "student,module,question,points,comment\n"


def work_of(results, student):
    return next(work for work in results.works if work.student == student)


def cell(out, student):
    """A student's sum in the table for Canvas."""
    table = list(csv.reader(io.StringIO((out / "canvas.csv").read_bytes().decode("utf-8-sig"))))
    column = next(place for place, one in enumerate(table[0]) if one.startswith("04 "))
    return next(row[column] for row in table[2:] if row[2] == student)


def said_by_a_person(place, out, path, *rows):
    path.write_text(HEADING + "".join(f"{row}\n" for row in rows))
    return take_marks(path, place.path, out)


def test_a_persons_mark_counts_for_the_answer_that_it_was_given_to(handed, tmp_path):
    """Handed in again, the text is to be read again, and an answer that is right now is not lowered by an old appeal."""
    folder, out, marks = tmp_path / "handed-in", tmp_path / "grades", tmp_path / "marks.csv"
    key = handed.key("s001", MODULE)
    right = {one["id"]: one["right"] for one in key["questions"] if one["kind"] == "number"}
    first = {"q1b": right["q1b"] + 1000, "q8": "My first words."}
    second = {"q1b": right["q1b"], "q8": "Quite other words."}
    worth = {one["id"]: one["points"] for one in key["questions"]}["q1b"]
    submissions.write(folder, handed, "s001", MODULE, submissions.answering(MODULE, first), first, "a/s001.zip")
    grade_class(folder, handed.path, out)
    said_by_a_person(handed, out, marks, f"s001,{MODULE},q1b,{worth / 2},half", f"s001,{MODULE},q8,1.5,good")
    later = {"time": "2026-03-02T12:00:00Z"}
    submissions.write(folder, handed, "s001", MODULE, submissions.answering(MODULE, second), second, "b/s001.zip", **later)
    found = grade_class(folder, handed.path, out)
    work = work_of(found.results, "s001")
    points = {item.id: (item.points, item.by, item.comment) for item in work.items}
    assert (points["q1b"], points["q8"]) == ((worth, "rules", ""), (None, "rules", ""))
    assert not work.complete
    assert [(one.file, one.student, one.module, one.what) for one in found.results.problems] == [
        ("b/s001.zip", "s001", MODULE, "q1b and q8 were marked by a person for earlier answers, and those marks count no "
         "longer: mark them again.")]
    taken = said_by_a_person(handed, out, marks, f"s001,{MODULE},q1b,,", f"s001,{MODULE},q8,2,better")
    assert not taken.results.problems
    assert {item.id: item.points for item in work_of(taken.results, "s001").items} == {
        **{id: one[0] for id, one in points.items()}, "q8": 2}
    assert not grade_class(folder, handed.path, out).results.problems


def test_marks_saved_from_an_old_page_of_texts_do_not_go_to_a_text_handed_in_since(handed, tmp_path):
    folder, out, marks = tmp_path / "handed-in", tmp_path / "grades", tmp_path / "marks.csv"

    def hand_in(student, text, name, **said):
        given = {"q8": text}
        submissions.write(folder, handed, student, MODULE, submissions.answering(MODULE, given), given, name, **said)

    hand_in("s001", "My first words.", "a/s001.zip")
    hand_in("s002", "Mine alone.", "a/s002.zip")
    grade_class(folder, handed.path, out)
    held = re.search(r'id="data">(.*?)</script', (out / "texts" / f"{MODULE}.html").read_text(encoding="utf-8"))[1]
    codes = {one["student"]: one["code"] for one in json.loads(held)["texts"]}
    rows = "".join(f"{student},{MODULE},q8,1.5,{codes[student]},good\n" for student in ("s001", "s002"))
    marks.write_text(HEADING.replace("comment", "answer-code,comment") + rows)
    hand_in("s001", "Quite other words.", "b/s001.zip", time="2026-03-02T12:00:00Z")
    grade_class(folder, handed.path, out)
    for new in (1, 0):
        taken = take_marks(marks, handed.path, out)
        points = {one.student: [item.points for item in one.items if item.id == "q8"] for one in taken.results.works}
        assert (points["s001"], points["s002"]) == ([None], [1.5])
        assert (taken.rows, taken.outdated) == (new, (("s001", MODULE, "q8"),))
        assert (f"1 mark left aside: it was given to a text handed in anew since (s001, {MODULE}, q8). Open "
                f"texts/{MODULE}.html again and mark the new one there.") in taken.text
    assert "No mark is new; nothing changed." in taken.text


@pytest.fixture
def doubted(handed, tmp_path):
    """s002 handed in the file of s001; both texts are marked."""
    folder, out = tmp_path / "handed-in", tmp_path / "grades"
    given = answers(plan(handed, "s001", MODULE)) | {"q8": "Some words."}
    for student in ("s001", "s002"):
        submissions.write(folder, handed, "s001", MODULE, submissions.answering(MODULE, given), given, f"{student}/x.zip")
    (folder / "essay.pdf").write_bytes(b"%PDF")
    (folder / "nobody.zip").write_bytes(b"no zip")
    grade_class(folder, handed.path, out)
    said_by_a_person(handed, out, tmp_path / "texts.csv", *(f"{one},{MODULE},q8,1,read" for one in ("s001", "s002")))
    return folder, out


def of(results, student):
    return [one.what for one in results.problems if one.student == student]


def test_a_work_in_doubt_has_no_sum_until_the_teacher_lets_it_stand(handed, doubted, tmp_path):
    folder, out = doubted
    found = grade_class(folder, handed.path, out).results
    assert [work_of(found, student).complete for student in ("s001", "s002")] == [True, False]
    assert cell(out, "s001") == f"{work_of(found, 's001').earned:g}"
    assert cell(out, "s002") == ""
    assert of(found, "s001") == []
    told = of(found, "s002")
    assert any("tables of s001" in one for one in told)
    until = ("; until you say in a marks file that it stands (question *, points empty) or earns nothing (question *, "
             "points 0), it has no sum in the tables.")
    assert sum(one.endswith(until) for one in told) == 1
    page = (out / "feedback" / "s002" / f"{MODULE}.html").read_text()
    assert not any(word in page for word in ("s001", "tables of", "ask both"))
    before = every_byte(out)
    assert grade_class(folder, handed.path, out).executed == 0
    assert every_byte(out) == before
    settled = said_by_a_person(handed, out, tmp_path / "a.csv", f"s002,{MODULE},*,,").results
    assert of(settled, "s002") == []
    assert len(settled.problems) == len(found.problems) - len(told)
    assert replace(work_of(found, "s002"), doubts=()) == work_of(settled, "s002")
    assert cell(out, "s002") == f"{work_of(found, 's002').earned:g}"
    assert of(grade_class(folder, handed.path, out).results, "s002") == []


def test_nothing_for_a_work_holds_for_its_file_and_can_be_taken_back(handed, doubted, tmp_path):
    folder, out = doubted
    was = work_of(grade_class(folder, handed.path, out).results, "s002")
    nothing = said_by_a_person(handed, out, tmp_path / "a.csv", f"s002,{MODULE},*,0,We spoke about it.")
    work = work_of(nothing.results, "s002")
    assert {(item.points, item.by, item.comment) for item in work.items} == {(0.0, "person", "We spoke about it.")}
    assert (work.complete, cell(out, "s002"), of(nothing.results, "s002")) == (True, "0", [])
    assert "We spoke about it." in (out / "feedback" / "s002" / f"{MODULE}.html").read_text()
    assert nothing.changed == (("s002", MODULE, was.earned, 0.0),)
    back = said_by_a_person(handed, out, tmp_path / "b.csv", f"s002,{MODULE},*,,").results
    assert work_of(back, "s002") == replace(was, doubts=())
    said_by_a_person(handed, out, tmp_path / "a.csv", f"s002,{MODULE},*,0,We spoke about it.")
    own = answers(plan(handed, "s002", MODULE)) | {"q8": "My own words."}
    submissions.write(folder, handed, "s002", MODULE, submissions.answering(MODULE, own), own, "s002/own.zip")
    new = work_of(grade_class(folder, handed.path, out).results, "s002")
    planned = plan(handed, "s002", MODULE)
    assert {item.id: item.points for item in new.items if item.id != "q8"} == {
        id: one.points for id, one in planned.items() if id != "q8"}
    since = "A person gave 0 for the whole work to an earlier file (“We spoke about it.”); this file came since"
    assert new.doubts[0].startswith(since)
    assert (new.complete, cell(out, "s002")) == (False, "")
    settled = said_by_a_person(handed, out, tmp_path / "c.csv", f"s002,{MODULE},q8,1,", f"s002,{MODULE},*,,own work").results
    assert (work_of(settled, "s002").complete, work_of(settled, "s002").doubts) == (True, ())
    assert not any("earlier file" in one for one in of(settled, "s002"))
    assert cell(out, "s002") == f"{work_of(settled, 's002').earned:g}"


def test_nothing_for_a_work_is_not_lost_in_silence_when_the_same_notebook_comes_in_another_zip(handed, tmp_path):
    folder, out = tmp_path / "handed-in", tmp_path / "grades"
    given = answers(plan(handed, "s001", MODULE)) | {"q8": "Some words."}
    cells = submissions.answering(MODULE, given)
    submissions.write(folder, handed, "s001", MODULE, cells, given, "a/s001.zip")
    grade_class(folder, handed.path, out)
    rows = f"s001,{MODULE},q8,1,read", f"s001,{MODULE},*,0,copied"
    assert work_of(said_by_a_person(handed, out, tmp_path / "a.csv", *rows).results, "s001").earned == 0
    assert cell(out, "s001") == "0"
    submissions.write(folder, handed, "s001", MODULE, cells, given, "b/s001.zip", time="2026-03-01T12:00:01Z")
    found = grade_class(folder, handed.path, out)
    assert found.executed == 0
    assert cell(out, "s001") == ""
    (told,) = of(found.results, "s001")
    assert "to an earlier file (“copied”)" in told
    assert told.endswith("it has no sum in the tables.")
    assert "copied" not in (out / "feedback" / "s001" / f"{MODULE}.html").read_text(encoding="utf-8")
    said_by_a_person(handed, out, tmp_path / "b.csv", f"s001,{MODULE},*,0,copied")
    assert cell(out, "s001") == "0"


@pytest.mark.parametrize("student", ["s001", "s004"])
def test_a_damaged_hand_out_costs_one_cell_and_no_mark_of_others(handed, graded, tmp_path, student):
    """The first and the last of the roster, who handed in nothing: titles and points of the module are the others'."""
    root, out = shutil.copytree(handed.path.parent, tmp_path / "copy"), tmp_path / "grades"
    sheet = root / "class" / student / MODULE / "exercise.json"
    sheet.write_text(sheet.read_text(encoding="utf-8") + " ", encoding="utf-8")
    found = grade_class(root / "handed-in", root / "class", out).results
    assert work_of(found, student).items == ()
    assert of(found, student) != []
    assert found.modules == graded[0].results.modules
    headings, worth = list(csv.reader(io.StringIO((out / "canvas.csv").read_text(encoding="utf-8"))))[:2]
    assert headings[5:] == [f"04 {title}" for title in found.modules.values()]
    assert worth[5:] == ["20"]
    marks = tmp_path / "marks.csv"
    rows = f"s002,{MODULE},q8,1,read", f"s003,{MODULE},q8,1,read", f"{student},{MODULE},q1b,1,", f"{student},{MODULE},*,,"
    marks.write_text(HEADING + "".join(f"{row}\n" for row in rows))
    taken = take_marks(marks, root / "class", out)
    for other in ("s002", "s003"):
        assert next(item.points for item in work_of(taken.results, other).items if item.id == "q8") == 1
    assert taken.unread == ((student, MODULE, "q1b"), (student, MODULE, "*"))
    assert "2 marks left aside: the work cannot be read or was not run yet" in taken.text


@pytest.mark.parametrize("student", ["s001", "s004"])
def test_a_damaged_key_keeps_nobody_elses_marks_from_being_taken_in(handed, tmp_path, student):
    root, out = shutil.copytree(handed.path.parent, tmp_path / "copy"), tmp_path / "grades"
    before = grade_class(root / "handed-in", root / "class", out).results
    place = ClassFolder(root / "class")
    place.key_file(student, MODULE).write_text("{}", encoding="utf-8")
    taken = said_by_a_person(place, out, tmp_path / "marks.csv", f"s002,{MODULE},q8,1,read")
    assert taken.rows == 1
    assert of(taken.results, student) != []
    assert work_of(taken.results, "s003") == work_of(before, "s003")
    assert next(item.points for item in work_of(taken.results, "s002").items if item.id == "q8") == 1


def test_points_for_what_was_written_on_paper_stand_in_the_tables(handed, graded, tmp_path):
    out = shutil.copytree(graded[1], tmp_path / "grades")
    assert cell(out, "s004") == ""
    rows = f"s004,{MODULE},q1b,1,on paper", f"s004,{MODULE},q8,0.5,on paper"
    taken = said_by_a_person(handed, out, tmp_path / "a.csv", *rows)
    work = work_of(taken.results, "s004")
    assert (work.state, work.earned, work.complete, cell(out, "s004")) == ("not handed in", 1.5, True, "1.5")
    moodle = {row["ID number"]: row[MODULE] for row in csv.DictReader(
        io.StringIO((out / "moodle" / f"{MODULE}.csv").read_bytes().decode("utf-8-sig")))}
    assert moodle["s004"] == "1.5"
    back = said_by_a_person(handed, out, tmp_path / "b.csv", f"s004,{MODULE},q1b,,", f"s004,{MODULE},q8,,")
    assert (work_of(back.results, "s004").complete, cell(out, "s004")) == (False, "")


def test_a_row_for_everybody_says_which_marks_of_one_it_took_the_place_of(graded, handed, tmp_path):
    out = shutil.copytree(graded[1], tmp_path / "grades")
    first = said_by_a_person(handed, out, tmp_path / "a.csv", f"s001,{MODULE},q1b,0,", f"s002,{MODULE},q1b,0.5,")
    assert first.overridden == ()
    void = said_by_a_person(handed, out, tmp_path / "b.csv", f"*,{MODULE},q1b,1,void", f"s002,{MODULE},q1b,0.5,as before")
    assert void.overridden == (("s001", MODULE, "q1b"),)
    assert ("1 mark given to one student alone gave way to a row for everybody (*): s001, 04-control, q1b. To keep one, "
            "give it again.") in void.text
    again = said_by_a_person(handed, out, tmp_path / "c.csv", f"*,{MODULE},q1b,,")
    assert again.overridden == (("s002", MODULE, "q1b"),)
    assert said_by_a_person(handed, out, tmp_path / "d.csv", f"*,{MODULE},q1b,1,").overridden == ()


def test_an_older_file_of_marks_given_once_more_says_which_later_marks_it_takes_back(graded, handed, tmp_path):
    out, first = shutil.copytree(graded[1], tmp_path / "grades"), tmp_path / "a.csv"
    rows = f"s001,{MODULE},q8,1,read", f"s002,{MODULE},q8,2,read", f"s003,{MODULE},q8,1,read"
    assert said_by_a_person(handed, out, first, *rows).back == ()
    said_by_a_person(handed, out, tmp_path / "appeal.csv", f"s002,{MODULE},q8,3,after the appeal")
    more = f"s001,{MODULE},q8,2,read once more"
    again = said_by_a_person(handed, out, first, *rows[1:], more)
    assert again.back == (("s002", MODULE, "q8"),)
    assert ("1 mark given since gave way to what was given before, which this file gives once more: s002, 04-control, q8. "
            "To keep one, give it again.") in again.text
    assert next(item.points for item in work_of(again.results, "s002").items if item.id == "q8") == 2
    twice = said_by_a_person(handed, out, first, *rows[1:], more)
    assert (twice.rows, twice.back) == (0, ())


def test_run_again_the_marks_are_the_same(graded, handed, tmp_path):
    found, _ = graded
    again = grade(handed, tmp_path / "grades", jobs=1, executor=ThreadPoolExecutor(2))
    assert again.results == found.results
    once_more = grade(handed, tmp_path / "grades", again=True)
    assert once_more.executed == 3
    assert once_more.results == found.results


def test_an_executor_that_breaks_costs_nobody_anything(graded, handed, tmp_path):
    with ProcessPoolExecutor(1, initializer=os._exit, initargs=(1,)) as broken:
        found = grade(handed, tmp_path / "grades", executor=broken)
    assert found.executed == 3
    assert found.results == graded[0].results


def test_what_others_starved_is_run_again_alone_whoever_the_executor_is(monkeypatch):
    ended = {"first": MACHINE, "second": "end"}
    monkeypatch.setattr(batch, "attempt", lambda task: Ran({}, None, ended[task], 1.0, "bubblewrap"))
    monkeypatch.setattr(batch, "_alone", lambda task: "alone")
    with ThreadPoolExecutor(1) as executor:
        found = dict(batch.executed(["first", "second"], executor))
    assert found == {"first": "alone", "second": Ran({}, None, "end", 1.0, "bubblewrap")}


@pytest.mark.parametrize("callers", [True, False])
def test_a_pool_that_breaks_midway_loses_nothing(monkeypatch, callers):
    """The third of twenty tasks breaks its pool; another pool goes on, and that task is run alone."""
    class Breaking(ThreadPoolExecutor):
        def submit(self, do, task):
            drawn.append(task)
            if len(drawn) != 3:
                return super().submit(do, task)
            broken = Future()
            broken.set_exception(BrokenExecutor("gone"))
            return broken

    drawn, alone = [], []
    monkeypatch.setattr(batch, "attempt", lambda task: f"ran {task}")
    monkeypatch.setattr(batch, "_alone", lambda task: alone.append(task) or f"ran {task} alone")
    monkeypatch.setattr(batch, "process_pool", Breaking)
    with Breaking(2) as executor:
        found = list(batch.executed(range(20), executor if callers else None, 2))
    assert sorted(task for task, _ in found) == list(range(20))
    assert alone == [2]
    assert drawn == list(range(20))


def test_what_the_machine_has_no_memory_for_even_alone_has_no_sum_until_a_person_looks(handed, tmp_path, monkeypatch):
    """Its author's doing or the machine's: nobody can tell from here."""
    short = Ran({}, {"section": "", "code": "", "name": MACHINE, "message": ""}, MACHINE, 1.0, "bubblewrap")
    attempt = batch.attempt
    monkeypatch.setattr(batch, "process_pool", lambda jobs: ThreadPoolExecutor(1))
    monkeypatch.setattr(batch, "attempt", lambda task: short if task.student == "s002" else attempt(task))
    out = tmp_path / "grades"
    assert grade(handed, out).executed == 3
    marks = f"s001,{MODULE},q8,1,", f"s002,{MODULE},q8,1,"
    found = said_by_a_person(handed, out, tmp_path / "a.csv", *marks).results
    assert "The memory of this machine was running out" in of(found, "s002")[0]
    assert cell(out, "s001") != ""
    assert cell(out, "s002") == ""
    said_by_a_person(handed, out, tmp_path / "b.csv", f"s002,{MODULE},*,,looked at")
    assert cell(out, "s002") == "1"


def test_what_could_not_be_begun_waits_and_is_run_with_the_next_command(graded, handed, tmp_path, monkeypatch):
    attempt = batch.attempt
    monkeypatch.setattr(batch, "process_pool", lambda jobs: ThreadPoolExecutor(1))
    monkeypatch.setattr(batch, "attempt", lambda task: "no room" if task.student == "s002" else attempt(task))
    found = grade(handed, tmp_path / "grades")
    assert (found.waiting, found.executed) == (1, 2)
    assert "2 submissions graded, of 04-control; 2 run now" in found.text
    assert "1 submission not run yet (s002, 04-control): no mark is lost." in found.text
    assert "no room" in of(found.results, "s002")[0]
    assert cell(tmp_path / "grades", "s002") == ""
    monkeypatch.undo()
    again = grade(handed, tmp_path / "grades")
    assert again.executed == 1
    assert again.results == graded[0].results


def test_an_appeal_changes_one_sum_and_can_be_taken_back(graded, handed, tmp_path):
    found, _ = graded
    out = shutil.copytree(graded[1], tmp_path / "grades")
    sums = {work.student: work.earned for work in found.results.works}
    work = next(one for one in found.results.works if one.student == "s002")
    item = next(one for one in work.items if one.points == 0 and one.kind == "number")
    before = written(out)
    appeal = tmp_path / "appeal.csv"
    heading, half = "student,module,question,points,comment\n", item.possible / 2
    appeal.write_text(f"{heading}s002,{MODULE},{item.id},{half},Your way holds too\n")
    taken = take_marks(appeal, handed.path, out)
    assert taken.changed == (("s002", MODULE, sums["s002"], sums["s002"] + half),)
    page = (out / "feedback" / "s002" / f"{MODULE}.html").read_text()
    assert "Your way holds too" in page
    changed = {name for name, content in written(out).items() if before.get(name) != content}
    assert changed == {f"feedback/s002/{MODULE}.html", "report.html"}
    graded_again = grade(handed, out)
    assert graded_again.executed == 0
    assert {one.student: one.earned for one in graded_again.results.works} == {
        **sums, "s002": sums["s002"] + half}
    appeal.write_text(f"{heading}s002,{MODULE},{item.id},,\n")
    take_marks(appeal, handed.path, out)
    assert written(out) == before
    with Gradebook(out) as book:
        assert len(book.history("s002", MODULE)) == 2


def test_sums_stand_in_the_tables_once_the_texts_are_marked(graded, handed, tmp_path):
    out, found = shutil.copytree(graded[1], tmp_path / "grades"), graded[0].results
    rows = [["student", "module", "question", "points", "comment"]]
    rows += [[work.student, MODULE, "q8", "2.5", "Clear."] for work in found.works if work.unmarked]
    marks = tmp_path / "marks.csv"
    with marks.open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    taken = take_marks(marks, handed.path, out)
    assert taken.rows == len(rows) - 1
    table = list(csv.reader(io.StringIO((out / "canvas.csv").read_bytes().decode("utf-8-sig"))))
    column = next(place for place, cell in enumerate(table[0]) if cell.startswith("04 "))
    sums = {row[table[0].index("SIS User ID")]: row[column] for row in table[2:]}
    for work in found.works:
        expected = work.earned + (2.5 if work.unmarked else 0)
        assert sums[work.student] == ("" if work.state == "not handed in" else f"{expected:g}")


def test_wrong_marks_change_nothing(graded, handed, tmp_path, capsys):
    _, out = graded
    before, book = written(out), dump(out)
    marks = tmp_path / "marks.csv"
    marks.write_text(f"student,module,question,points,comment\ns001,{MODULE},q8,99,\nsoo2,{MODULE},q8,1,\ns003,{MODULE},q88,1,\n")
    assert cli.main(["class", "marks", str(marks), "--class", str(handed.path), "--grades", str(out)]) == 2
    told = capsys.readouterr().err
    assert all(f"row {number}" in told for number in (2, 3, 4))
    assert written(out) == before
    assert dump(out) == book


def test_an_answer_that_comes_out_otherwise_is_told_and_the_run_counts(handed, tmp_path):
    """Typed into the sheet alone, it is not in the notebook; q1b is what the notebook gives."""
    given = answers(plan(handed, "s001", MODULE))
    folder = tmp_path / "handed-in"
    cells = submissions.answering(MODULE, {**given, "q1b": 0.125})
    submissions.write(folder, handed, "s001", MODULE, cells, {**given, "q1b": given["q1b"]})
    work = next(one for one in grade_class(folder, handed.path, tmp_path / "grades").results.works if one.student == "s001")
    assert next(item.answer for item in work.items if item.id == "q1b") == 0.125
    assert [note for note in work.notes if note.startswith("q1b: when you handed in")]


def test_what_needs_a_kernel_is_run_in_one(handed, tmp_path):
    """In the quick run there is no kernel; the student's own run had one, and gave another answer."""
    given = {"q1b": 0.25, "q3": 0.5}
    cells = [submissions.opening(MODULE), 'kernel = get_ipython().kernel.implementation == "ipython"',
             'sheet.answer("q1b", 0.25 if kernel else 9)', 'sheet.answer("q3", 0.5)']
    folder = tmp_path / "handed-in"
    submissions.write(folder, handed, "s001", MODULE, cells, given)
    work = next(one for one in grade_class(folder, handed.path, tmp_path / "grades").results.works if one.student == "s001")
    assert {item.id: item.answer for item in work.items if item.answer is not None} == given
    assert work.notes == ()


def test_what_stops_counts_up_to_there_and_says_where(handed, tmp_path):
    folder = tmp_path / "handed-in"
    cells = [submissions.opening(MODULE), 'sheet.answer("q1", "a")', "agents = sheet.data('agnets')",
             'sheet.answer("q6", "a")']
    submissions.write(folder, handed, "s001", MODULE, cells)
    work = next(one for one in grade_class(folder, handed.path, tmp_path / "grades").results.works if one.student == "s001")
    assert [item.id for item in work.items if item.answer is not None] == ["q1"]
    assert "agents = sheet.data('agnets')" in work.notes[0]
    assert "there is no table 'agnets'" in work.notes[0]


def test_what_stopped_here_alone_has_no_final_sum(handed, tmp_path):
    """The student's own run went further: it may be this machine's fault, so a person looks before a sum goes out."""
    given = answers(plan(handed, "s001", MODULE))
    cells = submissions.answering(MODULE, given)
    cells.insert(3, "import os\nif 'USER' in os.environ: raise OSError('not here')")
    folder = tmp_path / "handed-in"
    submissions.write(folder, handed, "s001", MODULE, cells, given)
    found = grade_class(folder, handed.path, tmp_path / "grades").results
    work = next(one for one in found.works if one.student == "s001")
    assert not work.complete
    assert "own run had answers" in work.doubts[0]
    assert [problem.student for problem in found.problems] == ["s001"]
    marks = tmp_path / "marks.csv"
    marks.write_text(f"student,module,question,points,comment\ns001,{MODULE},*,,Looked at\n")
    after = take_marks(marks, handed.path, tmp_path / "grades").results
    assert not after.problems
    assert not next(one for one in after.works if one.student == "s001").doubts


def test_an_error_in_the_students_own_run_is_no_excuse_for_answers_lost_here(handed, tmp_path):
    """Handed in with an error further down, and stopped here before it: what lies between had answers."""
    given = answers(plan(handed, "s001", MODULE))
    cells = submissions.answering(MODULE, given)
    cells.insert(3, "import os\nif 'USER' in os.environ: raise OSError('not here')")
    folder = tmp_path / "handed-in"
    submissions.write(folder, handed, "s001", MODULE, [*cells, "1 / 0"], given,
                      error={"section": "", "code": "1 / 0", "name": "ZeroDivisionError", "message": "division by zero"})
    work = work_of(grade_class(folder, handed.path, tmp_path / "grades").results, "s001")
    assert "own run had answers" in work.doubts[0]
    assert not work.complete


def test_of_several_files_the_student_is_told_which_counts(handed, tmp_path):
    folder = tmp_path / "handed-in"
    for hour in ("08", "09"):
        time = f"2026-03-01T{hour}:00:00Z"
        submissions.write(folder, handed, "s001", MODULE, [submissions.opening(MODULE), f'sheet.answer("q1b", 0.{hour})'],
                          name=f"{hour}.zip", time=time)
    found = grade_class(folder, handed.path, tmp_path / "grades")
    work = next(one for one in found.results.works if one.student == "s001")
    assert work.notes == ("2 files came from you for this module. The one that counts is 09.zip.",)
    assert next(item.answer for item in work.items if item.id == "q1b") == 0.09
    assert found.executed == 1


def test_without_a_sandbox_it_is_said_and_what_hangs_costs_only_its_author(handed, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(bubblewrap, "program", lambda: None)
    folder = tmp_path / "handed-in"
    given = answers(plan(handed, "s001", MODULE))
    submissions.write(folder, handed, "s001", MODULE, submissions.answering(MODULE, given), given)
    submissions.write(folder, handed, "s002", MODULE, [submissions.opening(MODULE), "while True: pass"])
    hog = "held = []\nwhile True: held.append(bytearray(b'x' * 50_000_000))"
    submissions.write(folder, handed, "s003", MODULE, [submissions.opening(MODULE), hog])
    found = grade_class(folder, handed.path, tmp_path / "grades", limits=Limits(seconds=20, memory=700 * MB))
    works = {work.student: work for work in found.results.works}
    assert {item.id: item.points for item in works["s001"].items} == {
        id: one.points for id, one in plan(handed, "s001", MODULE).items()}
    assert "20 seconds" in works["s002"].notes[0]
    assert "memory" in works["s003"].notes[0]
    assert found.results.isolation == {LIMITS: 3}
    assert "There is no sandbox here" in found.text
    assert "There is no sandbox here" in (tmp_path / "grades" / "report.html").read_text()
    with pytest.raises(NoSandbox, match="bubblewrap is not installed"):
        grade_class(folder, handed.path, tmp_path / "other", require=True)
    assert not (tmp_path / "other").exists()
    monkeypatch.undo()
    again = grade_class(folder, handed.path, tmp_path / "grades", require=True, limits=Limits(seconds=20, memory=700 * MB))
    assert again.executed == 3
    assert again.results.isolation == {"bubblewrap": 3}


def test_a_submission_that_takes_its_worker_down_costs_no_other(handed, tmp_path, monkeypatch):
    """Without a sandbox a notebook can end the process that waits for it; the others are run all the same."""
    monkeypatch.setattr(bubblewrap, "program", lambda: None)
    folder = tmp_path / "handed-in"
    killer = "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)"
    submissions.write(folder, handed, "s001", MODULE, [submissions.opening(MODULE), killer])
    for student in ("s002", "s003"):
        given = answers(plan(handed, student, MODULE))
        submissions.write(folder, handed, student, MODULE, submissions.answering(MODULE, given), given)
    found = grade_class(folder, handed.path, tmp_path / "grades")
    works = {work.student: work for work in found.results.works}
    assert "ended by it" in works["s001"].notes[0]
    for student in ("s002", "s003"):
        planned = plan(handed, student, MODULE)
        assert {item.id: item.points for item in works[student].items} == {id: one.points for id, one in planned.items()}


def runs_in(out):
    """How many runs the gradebook has, while it is being written."""
    try:
        with closing(sqlite3.connect(f"file:{out / 'gradebook.sqlite'}?mode=ro", uri=True)) as book:
            return book.execute("SELECT COUNT(*) FROM runs").fetchone()[0]
    except sqlite3.OperationalError:  # not there yet, or busy
        return 0


@pytest.mark.parametrize("made", [0, 1, 2])
def test_killed_after_some_runs_the_same_command_goes_on_from_there(handed, tmp_path, made):
    folder, out = tmp_path / "handed-in", tmp_path / "grades"
    for student in ("s001", "s002", "s003"):
        given = answers(plan(handed, student, MODULE))
        cells = [*submissions.answering(MODULE, given), "import time; time.sleep(5)"]
        submissions.write(folder, handed, student, MODULE, cells, given)
    command = [sys.executable, "-m", "pebbletrail", "class", "grade", str(folder), "--class", str(handed.path), "--out",
               str(out), "--jobs", "1"]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    give_up = time.monotonic() + 120
    while not (out / "gradebook.sqlite").is_file() or runs_in(out) < made:
        assert child.poll() is None
        assert time.monotonic() < give_up
        time.sleep(0.05)
    os.kill(child.pid, signal.SIGKILL)
    assert child.wait() == -signal.SIGKILL
    assert (there := runs_in(out)) in (made, made + 1)
    found = grade_class(folder, handed.path, out)
    assert found.executed == 3 - there
    whole = grade_class(folder, handed.path, tmp_path / "whole")
    assert whole.executed == 3
    assert found.results == whole.results
    assert written(out) == written(tmp_path / "whole")


def test_ctrl_c_stops_at_once_and_says_so(handed, tmp_path):
    folder = tmp_path / "handed-in"
    for student in ("s001", "s002", "s003"):
        submissions.write(folder, handed, student, MODULE, [submissions.opening(MODULE), "while True: pass"])
    command = [sys.executable, "-c", "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
               "from pebbletrail.cli import main; sys.exit(main(sys.argv[1:]))", "class", "grade", str(folder), "--class",
               str(handed.path), "--out", str(tmp_path / "grades")]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(8)
    child.send_signal(signal.SIGINT)
    _, told = child.communicate(timeout=60)
    assert child.returncode == 130
    assert "stopped" in told


@pytest.mark.parametrize(("submitted", "folder", "out", "said"), [
    ("nowhere", "class", "grades", "there is no such folder"), ("empty", "class", "grades", "nothing was handed in"),
    ("handed-in", "nowhere", "grades", "no class in this folder"), ("handed-in", "class", "class/grades", "--out"),
    ("handed-in", "class", "handed-in/grades", "--out"), ("class/s001", "class", "grades", "SUBMISSIONS")])
def test_what_cannot_be_graded_is_one_sentence_and_nothing_is_written(handed, capsys, submitted, folder, out, said):
    root = handed.path.parent
    (root / "empty").mkdir(exist_ok=True)
    before = sorted(root.rglob("*"))
    given = ["class", "grade", str(root / submitted), "--class", str(root / folder), "--out", str(root / out)]
    assert cli.main(given) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "Traceback" not in told
    assert sorted(root.rglob("*")) == before


def test_the_gradebook_of_another_class_is_refused(graded, handed, tmp_path):
    _, out = graded
    other = json.loads((handed.path / "class.json").read_text())
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "class.json").write_text(json.dumps({**other, "secret": "another"}))
    (tmp_path / "class" / "keys").symlink_to(handed.keys)
    before = dump(out)
    with pytest.raises(ValueError, match="another class"):
        grade_class(handed.path.parent / "handed-in", tmp_path / "class", out)
    assert dump(out) == before


def test_what_travels_with_the_kit_is_there_in_the_sandbox(handed, tmp_path):
    """As at handing in: a notebook that reads a published table must not lose its answers by being graded."""
    folder = tmp_path / "handed-in"
    cells = [submissions.opening(MODULE), "table = pt.load('hidden-costs-summary')", "pt.cite('kein-gas')",
             'sheet.answer("q1b", float(len(table)))']
    submissions.write(folder, handed, "s001", MODULE, cells)
    work = next(one for one in grade_class(folder, handed.path, tmp_path / "grades").results.works if one.student == "s001")
    assert work.notes == ()
    assert next(item.answer for item in work.items if item.id == "q1b") == len(pt.load("hidden-costs-summary"))
