"""The gradebook keeps what it was told, refuses what is not its own, and is right after a kill at any moment."""

import hashlib
import multiprocessing
import os
import random
import signal
import sqlite3
import stat
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from tests.grading import known

from pebbletrail.exercises.class_folder import ClassFolderError
from pebbletrail.grading import gradebook, gradebook_file
from pebbletrail.grading.gradebook import Gradebook
from pebbletrail.grading.gradebook_file import GradebookError
from pebbletrail.grading.intake import Received
from pebbletrail.grading.people import Row
from pebbletrail.grading.results import Handed, Item, Problem, Results, Work
from pebbletrail.grading.standing import standing

MODULE, CLAIM = "04-control", {"student": "s001", "time": "2026-03-01T12:00:00Z"}
LATER = {**CLAIM, "time": "2026-03-02T08:00:00Z"}
FORK = multiprocessing.get_context("fork")


def file(content, name="a/one.zip"):
    content = content.encode()
    return Received(name, content, hashlib.sha256(content).hexdigest())


def result(points, name="Zoë O'Brien; DROP TABLE marks", answer=0.1 + 0.2):
    """Two questions of one student: one earns ``points`` of 2, the other waits for a person."""
    told = [{"id": "q1", "kind": "number", "points": 2}, {"id": "q2", "kind": "text", "points": 3}]
    items = (Item(told[0], answer, "right", points, ruled=1.5, route="wrong sign", comment="Look again"),
             Item(told[1], "«a» ' text", "open", None))
    handed = Handed("a/one.zip", "ab" * 32, CLAIM)
    return Results((Work("s001", name, MODULE, "Control", items, "graded", handed, ("a note",)),))


def works(answer="an answer", sha256="ab" * 32):
    """What a person had before them who gave marks: two questions of each of five students."""
    items = tuple(Item({"id": id, "kind": "text", "points": 3}, answer, "noted", None) for id in ("q1", "q2"))
    handed = Handed("a/one.zip", sha256, CLAIM)
    return Results(tuple(Work(f"s00{number}", "Ann", MODULE, "Control", items, "graded", handed) for number in range(5)))


WORKS = works()


def stand(book, answer="an answer", sha256="ab" * 32):
    """The points that people gave, as far as they stand for an answer, by student and question."""
    answers = {"q1": answer, "q2": answer}
    return {student: {id: one.points for id, one in standing(said, answers, answers, sha256).given.items()}
            for (student, _), said in book.people().items()}


def rows(*marks, module=MODULE):
    """Rows of a person, each written ``student question points``, with the points or a dash."""
    split = [mark.split() for mark in marks]
    return [Row(student, module, question, None if points == "-" else float(points), f"about {question}")
            for student, question, points in split]


def everything(folder):
    """Every file's bytes, but for the lock."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*"))
            if path.is_file() and path.name != gradebook_file.LOCK}


@pytest.fixture
def book(tmp_path):
    with Gradebook(tmp_path / "grades") as opened:
        yield opened


def placed(book, content, student="s001", claim=CLAIM, problems=(), name=None, module=MODULE):
    """A file received and placed; returns its SHA-256."""
    received = file(content, name or f"{content}.zip")
    book.receive(received)
    book.place(received.sha256, student, module, claim, (), problems, received.name)
    return received.sha256


@pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX")
def test_names_and_marks_are_for_their_owner_alone(tmp_path):
    folder, before = tmp_path / "grades", os.umask(0)
    try:
        with Gradebook(folder) as book:
            book.receive(file("one"))
            book.write(result(1.0))
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in [folder, *folder.rglob("*")]}
    assert modes.pop(gradebook_file.LOCK) is not None  # it holds nothing
    assert {name: f"{mode:o}" for name, mode in modes.items()} == {
        "grades": "700", "gradebook.sqlite": "600", "received": "700", f"{file('one').sha256}.zip": "600"}


def test_what_was_left_unfinished_is_taken_away_and_modes_are_mended(tmp_path):
    folder = tmp_path / "grades"
    command(folder)
    (folder / "gradebook.sqlite").chmod(0o644)
    folder.chmod(0o755)
    (folder / "feedback" / "s001").mkdir(parents=True)
    left = [folder / ".making-1", folder / "received" / ".making-2", folder / "feedback" / "s001" / ".making-3"]
    for path in left:
        path.write_text("half")
    with Gradebook(folder):
        assert not any(path.exists() for path in left)
    assert {stat.S_IMODE(path.stat().st_mode) for path in (folder, folder / "gradebook.sqlite")} == {0o700, 0o600}


def test_a_file_is_kept_once_with_every_name(book):
    assert book.receive(file("one", "a/one.zip")) is True
    assert book.receive(file("one", "b/again.zip")) is False
    assert book.receive(file("one", "a/one.zip")) is False
    assert book.receive(file("two", "two.IPYNB")) is True
    assert book.names(file("one").sha256) == ("a/one.zip", "b/again.zip")
    assert book.content(file("one").sha256) == b"one"
    assert sorted(path.name for path in (book.folder / "received").iterdir()) == sorted(
        [f"{file('one').sha256}.zip", f"{file('two').sha256}.ipynb"])


@pytest.mark.parametrize("spoil", [lambda path: path.write_bytes(b"onf"), Path.unlink])
def test_a_copy_that_was_changed_or_lost_is_said_and_put_back_by_the_same_command(book, spoil):
    book.receive(file("one"))
    path = book.folder / "received" / f"{file('one').sha256}.zip"
    spoil(path)
    with pytest.raises(GradebookError, match="puts it back"):
        book.content(file("one").sha256)
    book.receive(file("one"))
    assert book.content(file("one").sha256) == b"one"


def test_names_that_nothing_else_can_store(book):
    for number, name in enumerate(["\udcff.zip", "a\x00b.zip", "'; DROP TABLE received; --.zip", "../../up.zip", "x.zip/",
                                   "\u202e.zip", "n" * 5000 + ".zip", "a.zip:stream"]):
        placed(book, f"content {number}", name=name, claim={"note": name}, problems=[name])
    assert all(book.content(one.sha256) for one in [*book.counting().values(), *book.others()])
    assert len(book.others()) == 7
    assert {path.suffix for path in (book.folder / "received").iterdir()} <= {".zip", ""}
    assert len(list(book.folder.rglob("*"))) == 8 + 3  # nothing but the folder, the book and the lock


def test_the_latest_by_its_own_time_counts_then_by_sha256(book):
    late = placed(book, "late", claim=LATER)
    early = placed(book, "early")
    times = ["", "zzz", 7, "2027", "9999-12-31T00:00"]
    no_time = [placed(book, "z" * number, claim={"time": time}) for number, time in enumerate(times)]
    assert book.counting()["s001", MODULE].sha256 == late
    assert {one.sha256 for one in book.others()} == {early, *no_time}
    ties = [placed(book, content, student="s002") for content in ("x", "y", "w")]
    assert book.counting()["s002", MODULE].sha256 == max(ties)
    assert placed(book, "of another module", module="05-other") == book.counting()["s001", "05-other"].sha256
    found = book.counting()["s001", MODULE]
    assert (found.name, found.suffix, found.bytes, found.claim, found.time) == ("late.zip", ".zip", 4, LATER, LATER["time"])


def test_a_time_of_another_form_does_not_come_last(book):
    own = placed(book, "own")
    placed(book, "x", claim={"time": "zzz"})
    assert book.counting()["s001", MODULE].sha256 == own


def test_a_file_is_held_until_it_is_somebodys(book):
    book.receive(file("one", "top.zip"))
    book.hold(file("one").sha256, "whose is it?")
    assert book.held() == (Problem("top.zip", "whose is it?"),)
    book.hold(file("one").sha256, "still nobody's")
    assert book.held() == (Problem("top.zip", "still nobody's"),)
    placed(book, "one", name="s001/top.zip")
    assert book.held() == ()
    assert book.counting()["s001", MODULE].name == "s001/top.zip"
    book.hold(file("one").sha256, "a copy of which nobody is known takes nothing away")
    assert book.held() == ()
    assert list(book.counting()) == [("s001", MODULE)]


def test_what_is_said_again_of_a_file_replaces_what_was_said(book):
    sha256 = placed(book, "one", problems=["odd"])
    book.place(sha256, "s001", "05-other", LATER, ["a note"], ["odder"])
    (found,) = book.counting().values()
    assert (found.module, found.claim, found.notes, found.problems) == ("05-other", LATER, ("a note",), ("odder",))


def test_who_hands_in_anothers_file_takes_nothing_from_them(tmp_path):
    copied = ["made with the tables of s001"]
    with Gradebook(tmp_path / "grades") as book:
        placed(book, "the file of s001")
    with Gradebook(tmp_path / "grades") as book:  # the zip of the next week, where s002 hands it in again
        placed(book, "the file of s001", "s002", problems=copied, name="s002/x.zip")
        assert set(book.counting()) == {("s001", MODULE), ("s002", MODULE)}
    with Gradebook(tmp_path / "grades") as book:  # both at once, in either order
        placed(book, "the file of s001", "s002", problems=copied, name="s002/x.zip")
        placed(book, "the file of s001")
        assert set(book.counting()) == {("s001", MODULE), ("s002", MODULE)}
        assert [one.name for one in book.counting().values()] == ["the file of s001.zip", "s002/x.zip"]


def test_a_copy_takes_nothing_either_from_whose_work_has_a_problem_itself(tmp_path):
    for student in ("s001", "s002"):
        with Gradebook(tmp_path / "grades") as book:
            placed(book, "on the practice tables", student, problems=["made with the practice variant"])
    with Gradebook(tmp_path / "grades") as book:
        assert set(book.counting()) == {("s001", MODULE), ("s002", MODULE)}


def test_a_file_that_says_nothing_of_whose_it_is_may_be_two_students(tmp_path):
    for student in ("s001", "s002"):
        with Gradebook(tmp_path / "grades") as book:
            placed(book, "a bare notebook", student, claim={})
    with Gradebook(tmp_path / "grades") as book:
        assert set(book.counting()) == {("s001", MODULE), ("s002", MODULE)}


def test_a_file_that_the_teacher_put_into_the_wrong_folder_moves(tmp_path):
    with Gradebook(tmp_path / "grades") as book:
        placed(book, "one", "s002", problems=["made with the tables of s001"], name="s002/one.zip")
    with Gradebook(tmp_path / "grades") as book:
        placed(book, "one", "s001", name="s001/one.zip")
        assert set(book.counting()) == {("s001", MODULE)}


def test_runs_stay_and_the_latest_counts(book):
    sha256 = placed(book, "one")
    error = {"section": "4.2", "name": "NameError", "message": "\ud800 lone", "code": "x"}
    answers = {"q1": 0.1 + 0.2, "q2": ["a -> b"], "q3": "«text»"}
    book.add_run("w1", "s001", MODULE, sha256, {"q1": 1.0}, None, 2.5, "bubblewrap", "ended")
    assert book.run("w1").error is None
    book.add_run("w1", "s001", MODULE, sha256, answers, error, 0.5, "limits", "died", ["a note"])
    found = book.run("w1")
    assert (found.answers, found.error["message"], found.seconds, found.isolation, found.ended, found.notes) == (
        answers, "? lone", 0.5, "limits", "died", ("a note",))
    assert book.run("w2") is None
    with sqlite3.connect(book.path) as other:
        assert other.execute("SELECT count(*) FROM runs").fetchone() == (2,)
        for change in ("DELETE FROM runs", "UPDATE runs SET seconds = 0", "DELETE FROM people"):
            if "runs" in change:
                with pytest.raises(sqlite3.IntegrityError, match="rows of runs stay"):
                    other.execute(change)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_what_is_no_number_is_nowhere_stored(book, value):
    sha256 = placed(book, "one")
    before = book.path.read_bytes()
    with pytest.raises(ValueError, match="JSON compliant"):
        book.add_run("w", "s001", MODULE, sha256, {"q1": value}, None, 1.0, "limits", "ended")
    with pytest.raises(ValueError, match="JSON compliant"):
        book.place(sha256, "s001", MODULE, {"answers": [value]})
    with pytest.raises(ValueError, match="JSON compliant"):
        book.write(result(1.0, answer=value))
    assert book.path.read_bytes() == before


def test_the_last_row_for_a_question_counts(book):
    assert book.give(rows("s001 q1 1", "s001 q2 2", "s002 q1 3"), "first.csv", WORKS) == 3
    assert book.give(rows("s001 q1 0.5", "s002 q1 -"), "appeal.csv", WORKS) == 2
    assert stand(book) == {"s001": {"q1": 0.5, "q2": 2.0}, "s002": {"q1": None}}
    assert [one.comment for one in book.people()["s001", MODULE]] == ["about q1", "about q2", "about q1"]
    assert [(one.question, one.points, one.source) for one in book.history("s001", MODULE)] == [
        ("q1", 1.0, "first.csv"), ("q2", 2.0, "first.csv"), ("q1", 0.5, "appeal.csv")]
    with sqlite3.connect(book.path) as other, pytest.raises(sqlite3.IntegrityError, match="rows of people stay"):
        other.execute("DELETE FROM people")


def test_everybody_is_who_handed_in_that_module_until_a_later_row_for_one(book):
    placed(book, "one", "s001")
    placed(book, "two", "s002")
    placed(book, "three", "s003", module="05-other")
    book.give(rows("s002 q1 1"), "before.csv", WORKS)
    book.give(rows("* q1 2", "s001 q1 0"), "q1 was void.csv", WORKS)
    assert stand(book) == {"s001": {"q1": 0.0}, "s002": {"q1": 2.0}}
    placed(book, "four", "s004")  # who hands in later is everybody too
    assert stand(book, "another answer") == {"s001": {"q1": 2.0}, "s002": {"q1": 2.0}, "s004": {"q1": 2.0}}
    assert [one.points for one in book.history("s002", MODULE)] == [1.0, 2.0]
    assert book.history("s005", MODULE) == ()


def test_the_same_file_of_marks_taken_in_twice_running_adds_nothing(book):
    marks = rows("s001 q1 1", "s001 q2 -")
    assert book.give(marks, "a.csv", WORKS) == 2
    assert book.give(marks, "a.csv", WORKS) == 0
    assert [book.give(rows("s001 q1 2"), "b.csv", WORKS) for _ in range(2)] == [1, 0]
    assert book.give(marks, "a.csv", WORKS) == 2  # a word taken back is said again
    assert stand(book)["s001"]["q1"] == 1.0


def test_a_mark_keeps_the_answer_and_a_word_on_the_whole_work_the_file_that_it_was_given_to(book):
    placed(book, "one")
    marks = rows("s001 q1 1", "s001 * 0", "* q2 2")
    assert book.give(marks, "a.csv", WORKS) == 3
    assert [(one.answer, one.sha256) for one in book.history("s001", MODULE)] == [
        ('"an answer"', None), (None, "ab" * 32), (None, None)]
    assert book.give(marks, "a.csv", WORKS) == 0
    assert book.give(marks, "a.csv", works("another answer")) == 3  # the same marks, of what came since
    assert book.give(marks, "a.csv", works("another answer", "cd" * 32)) == 3
    assert book.give(rows("s002 q1 1"), "b.csv", works(0.1 + 0.2)) == 1
    assert book.history("s002", MODULE)[0].answer == "0.30000000000000004"


def test_nothing_is_said_of_a_file_that_was_not_received(book):
    with pytest.raises(sqlite3.IntegrityError):
        book.add_run("w", "s001", MODULE, "ab" * 32, {}, None, 1.0, "limits", "ended")
    with pytest.raises(sqlite3.IntegrityError):
        book.place("ab" * 32, "s001", MODULE, CLAIM, name="x.zip")
    assert book.counting() == {}


def test_what_was_noticed_is_that_of_the_last_time(book):
    problems = [Problem("b.txt", "no submission"), Problem("a\ud800", "broken", "s001", MODULE)]
    book.notice(problems)
    assert book.noticed() == (problems[0], Problem("a?", "broken", "s001", MODULE))
    book.notice([])
    assert book.noticed() == ()


def test_a_teacher_can_query_the_current_marks(tmp_path):
    place = known.build(tmp_path / "class", 4, (MODULE,))
    results = known.results(place, (MODULE,), absent=[("s002", MODULE)])
    with Gradebook(tmp_path / "grades") as book:
        book.write(result(2.0))
        book.write(results)
    with sqlite3.connect(tmp_path / "grades" / "gradebook.sqlite") as file:
        marks, totals = (pd.read_sql(f"SELECT * FROM {view}", file) for view in ("marks", "totals"))
        answers = file.execute("SELECT answer ->> '$' FROM marks WHERE student = 's001' AND kind = 'number'").fetchall()
    for student in ("s001", "s003", "s004"):
        planned = known.plan(place, student, MODULE)
        points = marks[marks["student"] == student].set_index("question")["points"]
        expected = pd.Series({id: one.points for id, one in planned.items()}, dtype=float)
        pd.testing.assert_series_equal(points, expected, check_names=False)
        row = totals.set_index("student").loc[student]
        assert row["points"] == pytest.approx(expected.sum(), abs=1e-12)
        assert row["questions_to_mark"] == expected.isna().sum()
        assert row["complete"] == (not expected.isna().any())
    planned = known.plan(place, "s001", MODULE)
    kinds = marks.set_index(["student", "question"])["kind"]
    assert [value for value, in answers] == [one.answer for id, one in planned.items() if kinds["s001", id] == "number"]
    away = totals.set_index("student").loc["s002"]
    assert (away["state"], away["points"], away["handed_in"], away["file"]) == ("not handed in", 0.0, "", "")
    assert list(totals["name"]) == [one["name"] for one in place.students()]
    assert (totals["possible"] == 20).all()


def test_a_work_in_doubt_is_not_complete_and_the_book_says_why(book):
    work = replace(result(1.0).works[0], items=result(1.0).works[0].items[:1])
    book.write(Results((work, replace(work, student="s002", doubts=("made with the tables of s001: ask both.",)))))
    assert book._rows("SELECT student, complete, doubts FROM totals ORDER BY student") == [
        ("s001", 1, "[]"), ("s002", 0, '["made with the tables of s001: ask both."]')]


def test_hostile_names_and_answers_in_the_current_marks(book):
    work = result(1.0).works[0]
    told = {"id": "q3", "kind": "text", "points": 1}
    text = "'); DELETE FROM people; --\x00 \ud800 \u202e" + "x" * 20_000
    hostile = replace(work, items=(*work.items, Item(told, text, "open", None, comment=text)), name=text)
    book.write(Results((hostile,)))
    with sqlite3.connect(book.path) as other:
        stored = other.execute("SELECT comment FROM marks WHERE question = 'q3'").fetchone()[0]
    assert stored == text.replace("\ud800", "?")


def test_a_copied_file_graded_again_leaves_the_same_bytes(tmp_path):
    """Whose it is comes first, without a problem; who copied it is said after that, at every command."""
    after = []
    for _ in range(3):
        with Gradebook(tmp_path / "grades") as book:
            placed(book, "of s001", name="s001/x.zip")
            placed(book, "of s001", "s002", problems=["made with the tables of s001"], name="s002/x.zip")
            assert set(book.counting()) == {("s001", MODULE), ("s002", MODULE)}
        after.append(everything(tmp_path / "grades"))
    assert after[1:] == after[:1] * 2


def test_the_same_again_leaves_the_same_bytes(tmp_path):
    folder = tmp_path / "grades"
    command(folder)
    before = everything(folder)
    command(folder, marks=False)
    assert everything(folder) == before
    with Gradebook(folder) as book:
        book.notice([])
        book.hold(file("held").sha256, "whose?")
        book.people(), book.others(), book.held(), book.history("s001", MODULE)
    assert everything(folder) == before


def test_another_classs_grades_are_refused(tmp_path):
    with Gradebook(tmp_path / "grades") as book:
        assert book.about("class") is None
        book.begin("one class", tmp_path / "class")
        book.begin("one class")
        assert book.about("folder") == str(tmp_path / "class")
    before = everything(tmp_path / "grades")
    with Gradebook(tmp_path / "grades") as book, pytest.raises(GradebookError, match="grades of another class"):
        book.begin("another class", tmp_path)
    assert everything(tmp_path / "grades") == before


def test_two_commands_do_not_work_in_one_folder(tmp_path):
    folder = tmp_path / "grades"
    there, go = FORK.Event(), FORK.Event()

    def hold():
        with Gradebook(folder):
            there.set()
            go.wait(30)

    other = FORK.Process(target=hold)
    other.start()
    assert there.wait(30)
    with pytest.raises(GradebookError, match="another command is at work in this folder"), Gradebook(folder):
        pass
    os.kill(other.pid, signal.SIGKILL)
    other.join()
    with Gradebook(folder) as book:
        assert book.about("class") is None


def foreign(path):
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE theirs (a)")
    other.close()


def newer(path):
    with sqlite3.connect(path) as other:
        other.execute("PRAGMA user_version = 2")
    other.close()


def spoilt(path):
    content = bytearray(path.read_bytes())
    for page in range(1, len(content) // 4096):
        content[page * 4096:page * 4096 + 200] = b"\xff" * 200
    path.write_bytes(content)


@pytest.mark.parametrize(("spoil", "told"), [
    (lambda path: path.write_bytes(b"id,name\n" * 4000), "damaged, or no gradebook .file is not a database"),
    (lambda path: (path.unlink(), foreign(path)), "a database of another program"),
    (newer, "another version of Pebbletrail .format 2, this one writes 1"), (spoilt, "it is damaged"),
    (lambda path: path.write_bytes(path.read_bytes()[:20_000]), "it is damaged"),
    (lambda path: path.write_bytes(b""), "it is gone, or empty"), (Path.unlink, "it is gone, or empty"),
    (lambda path: (path.unlink(), path.mkdir()), "it cannot be used")])
def test_what_is_no_gradebook_of_ours_is_refused_in_one_sentence_and_stays(tmp_path, spoil, told):
    folder = tmp_path / "grades"
    command(folder)
    spoil(folder / "gradebook.sqlite")
    before = everything(folder)
    with pytest.raises(GradebookError, match=told) as error, Gradebook(folder):
        pass
    assert "\n" not in str(error.value)
    assert str(folder) in str(error.value)
    assert everything(folder) == before


def test_a_folder_with_something_else_gets_neither_lock_nor_book(tmp_path):
    (tmp_path / "essay.txt").write_text("mine")
    mode = tmp_path.stat().st_mode
    with pytest.raises(GradebookError, match=r"holds 'essay\.txt', and no gradebook"), Gradebook(tmp_path):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["essay.txt"]
    assert tmp_path.stat().st_mode == mode
    with pytest.raises(ClassFolderError, match="Not a directory"), Gradebook(tmp_path / "essay.txt"):
        pass


def test_a_full_disk_is_said_and_costs_nothing_that_was_written(tmp_path):
    with Gradebook(tmp_path / "grades") as book:
        book.write(result(1.0))
        pages = book._database.execute("PRAGMA page_count").fetchone()[0]
        book._database.execute(f"PRAGMA max_page_count = {pages}")  # SQLite then says what it says of a full disk
        with pytest.raises(GradebookError, match="the disk, or your share of it, is full"):
            book.write(result(2.0, name="n" * 100_000))
        with pytest.raises(GradebookError, match="is full"):
            book.give(rows(*["s001 q1 1"] * 5_000), "long.csv", WORKS)
    with Gradebook(tmp_path / "grades") as book:
        assert book.people() == {}
        assert book._rows("SELECT points FROM marks") == [(1.0,), (None,)]


def test_a_program_that_is_writing_to_the_book_is_told_of(tmp_path, monkeypatch):
    monkeypatch.setattr(gradebook_file, "PATIENCE", 0.1)
    with Gradebook(tmp_path / "grades") as book:
        viewer = sqlite3.connect(book.path)
        viewer.execute("BEGIN IMMEDIATE")
        with pytest.raises(GradebookError, match=r"another program is writing to it\. Close it there"):
            book.write(result(1.0))
        viewer.close()
        book.write(result(1.0))


def command(folder, marks=True):
    """What a command does with a book, from its beginning to its end."""
    with Gradebook(folder) as book:
        book.begin("a class", folder)
        for number in range(3):
            received = file(f"content {number}" * 3000, f"{number}.zip")
            book.receive(received)
            book.place(received.sha256, f"s00{number}", MODULE, CLAIM, ["a note"])
            if book.run(f"w{number}") is None:
                answers = {"q1": number * 0.1}
                book.add_run(f"w{number}", f"s00{number}", MODULE, received.sha256, answers, None, 1.0, "limits", "ended")
        book.receive(file("held"))
        book.hold(file("held").sha256, "whose?")
        if marks:
            book.give(rows("s000 q1 1", "s001 q1 1", "* q2 1"), "a.csv", WORKS)
            book.give(rows("s000 q1 2", "* q2 0.5"), "b.csv", WORKS)
            book.write(result(1.0))
        book.write(result(2.0, name="long " * 5000))


def right(folder):
    """See that a book is whole, at whatever moment its command was killed; returns how far that had come."""
    if not (folder / "gradebook.sqlite").exists():
        assert not folder.exists() or not [path for path in folder.iterdir() if not path.name.startswith(".")]
        return 0
    with Gradebook(folder) as book:
        assert not list(folder.rglob(".making-*"))
        assert book._rows("PRAGMA integrity_check") == [("ok",)]
        assert book._rows("PRAGMA foreign_key_check") == []
        kept = [sha256 for sha256, in book._rows("SELECT sha256 FROM received")]
        assert all(hashlib.sha256(book.content(sha256)).hexdigest() == sha256 and book.names(sha256) for sha256 in kept)
        batches = Counter(book._rows("SELECT batch, source FROM people"))
        assert all(count == {"a.csv": 3, "b.csv": 2}[source] for (_, source), count in batches.items())
        works, marks = (book._rows(f"SELECT * FROM {table}") for table in ("current_works", "current_marks"))
        assert (len(works), len(marks)) in {(0, 0), (1, 2)}
        assert not works or (works[0][5], works[0][1]) == (marks[0][7], marks[0][1])
        tables = [name for name, in book._rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return sum(book._rows(f"SELECT count(*) FROM {table}")[0][0] for table in tables)


def told(folder):
    """All that a book says, without the times at which it was said."""
    with Gradebook(folder) as book:
        filed = [replace(one, seen="") for one in book.counting().values()]
        runs = [replace(book.run(f"w{number}"), made="") for number in range(3)]
        count = [book._rows(f"SELECT count(*) FROM {table}") for table in ("runs", "received", "received_names", "placed")]
        current = [book._rows(f"SELECT * FROM {table}") for table in ("current_works", "current_marks")]
        return filed, runs, count, book.held(), stand(book), book.about("class"), current


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("undisturbed") / "grades"
    command(folder)
    return told(folder)


def killed_at(folder, step):
    """Give the command in a child that is killed at a step: an instruction of SQLite, or a call to the system.

    Returns the exit status, and how many steps the command took.
    """
    steps = FORK.Value("q", 0, lock=False)

    def count(*_):
        steps.value += 1
        if steps.value == step:
            os.kill(os.getpid(), signal.SIGKILL)

    def child():
        def connected(*arguments, connect=sqlite3.connect, **options):
            database = connect(*arguments, **options)
            database.set_progress_handler(count, 1)
            return database

        sqlite3.connect = connected
        sys.addaudithook(lambda event, _: count() if event.startswith(("os.", "open", "tempfile.", "shutil.")) else None)
        command(folder)

    process = FORK.Process(target=child)
    process.start()
    process.join(60)
    return process.exitcode, steps.value


def test_killed_at_any_step_the_same_command_goes_on(tmp_path, undisturbed):
    status, steps = killed_at(tmp_path / "to the end", None)
    assert status == 0
    reached = set()
    for number in range(72):
        folder, step = tmp_path / str(number), 1 + number * steps // 72
        assert killed_at(folder, step)[0] == -signal.SIGKILL
        reached.add(right(folder))
        if number % 3 == 0:
            command(folder)
            assert told(folder) == undisturbed
    assert len(reached) > 12  # the kills fell between and into many of the transactions


def test_killed_again_and_again_at_any_time_the_same_command_goes_on(tmp_path, undisturbed):
    """Kills from outside, which also fall into the middle of SQLite's own writing."""
    start = time.monotonic()
    command(tmp_path / "timed")
    luck, kills, takes = random.Random(10), 0, time.monotonic() - start
    for number in range(6):
        folder, longest = tmp_path / str(number), 1.5 * takes
        for _ in range(10):
            process, wait = FORK.Process(target=command, args=(folder,)), luck.uniform(0, longest)
            process.start()
            time.sleep(wait)
            process.kill()
            process.join()
            if process.exitcode == -signal.SIGKILL:
                kills += 1
            else:  # it was done by then; what is left of the work takes less and less
                longest = wait
            right(folder)
        command(folder)
        assert told(folder) == undisturbed
    assert kills > 15


def test_what_has_a_problem_pushes_nothing_aside(tmp_path):
    """A later time, or a file named like another student's, is easily forged; that student's tables are not."""
    with Gradebook(tmp_path / "grades") as book:
        proved, forged = (Received(name, content, hashlib.sha256(content).hexdigest())
                          for name, content in (("a.zip", b"a"), ("b.zip", b"b")))
        for one in (proved, forged):
            book.receive(one)
        book.place(forged.sha256, "s001", "04-control", {"time": "2027-01-01T00:00:00Z"}, problems=["It does not say …"])
        assert book.counting()["s001", "04-control"].sha256 == forged.sha256
        book.place(proved.sha256, "s001", "04-control", {"time": "2026-01-01T00:00:00Z"})
        assert book.counting()["s001", "04-control"].sha256 == proved.sha256
        assert [one.sha256 for one in book.others()] == [forged.sha256]


def test_a_later_day_counts_before_a_later_clock(tmp_path, monkeypatch):
    """Students' clocks are wrong, or set wrong; by which day a file came is the teacher's."""
    files = [Received(name, name.encode(), hashlib.sha256(name.encode()).hexdigest()) for name in ("a", "b", "c")]
    times = ["2026-03-02T08:00:00Z", "2026-03-01T08:00:00Z", "2099-01-01T00:00:00Z"]
    seen = ["2026-03-01T18:00:00Z", "2026-03-02T18:00:00Z", "2026-03-02T18:00:00Z"]
    with Gradebook(tmp_path / "grades") as book:
        for one, time, now in zip(files, times, seen, strict=True):
            monkeypatch.setattr(gradebook, "_now", lambda now=now: now)
            book.receive(one)
            book.place(one.sha256, "s001", "04-control", {"time": time})
        assert [one.sha256 for one in (book.counting()["s001", "04-control"], *book.others())] == [
            files[1].sha256, files[0].sha256, files[2].sha256]
