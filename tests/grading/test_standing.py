"""A person's mark stands for the answer, and a word on a whole work for the file, that it was given to."""

import json

import pytest

from pebbletrail.grading.gradebook_rows import Said
from pebbletrail.grading.results import ABSENT, GRADED, WAITING, Handed, Item, Work
from pebbletrail.grading.scoring import Given
from pebbletrail.grading.standing import nothing_before, outlived, settled, standing

OLD, NEW = "a" * 64, "b" * 64
EARLIER, NOW = "the earlier text", "the text that counts"
QUESTIONS, ANSWERS = ("q1", "q8"), {"q1": 0.3, "q8": NOW}


def given(question, points, answer=NOW, comment="said"):
    """A row for one student."""
    return Said("s001", "04-control", question, points, comment, "a.csv", json.dumps(answer), None, "")


def everybody(question, points):
    return Said("*", "04-control", question, points, "void", "b.csv", None, None, "")


def whole(points, sha256=NEW, comment="copied"):
    return Said("s001", "04-control", "*", points, comment, "c.csv", None, sha256, "")


def stand(*said):
    """Points by question, and the questions whose mark is lost."""
    found = standing(said, QUESTIONS, ANSWERS, NEW)
    return {id: one.points for id, one in found.given.items()}, found.lost


@pytest.mark.parametrize(("said", "points", "lost"), [
    ([given("q8", 2)], {"q8": 2}, ()),
    ([given("q8", 2), given("q8", 1)], {"q8": 1}, ()),
    ([given("q8", 2), given("q8", None)], {"q8": None}, ()),
    ([given("q8", 2, EARLIER)], {}, ("q8",)),
    ([given("q8", 2, None)], {}, ("q8",)),
    ([given("q8", 2, EARLIER), given("q8", 1)], {"q8": 1}, ()),
    ([given("q8", 2), given("q8", 1, EARLIER)], {"q8": 2}, ()),  # the first text has come back
    ([given("q8", 2, EARLIER), given("q8", None, EARLIER)], {}, ()),  # was taken back
    ([given("q8", 2, EARLIER), given("q8", None)], {"q8": None}, ()),  # looked at: the rules' points
    ([given("q8", None), given("q8", 2, EARLIER)], {"q8": None}, ("q8",)),
    ([given("q1", 1, 0.1 + 0.2)], {"q1": 1}, ()),  # 0.30000000000000004 is 0.3
    ([given("q1", 1, 0.3001)], {}, ("q1",)),
    ([given("q1", 1, "0.3")], {}, ("q1",)),
    ([given("q1", 1, 7.0), given("q8", 2, EARLIER)], {}, ("q1", "q8"))])
def test_a_mark_holds_for_its_answer(said, points, lost):
    assert stand(*said) == (points, lost)


@pytest.mark.parametrize(("said", "points", "lost"), [
    ([everybody("q8", 3)], {"q8": 3}, ()),
    ([given("q8", 2), everybody("q8", 3)], {"q8": 3}, ()),
    ([everybody("q8", 3), given("q8", 2)], {"q8": 2}, ()),
    ([everybody("q8", 3), given("q8", 2, EARLIER)], {"q8": 3}, ("q8",)),
    ([given("q8", 2, EARLIER), everybody("q8", 3)], {"q8": 3}, ())])
def test_a_row_for_everybody_holds_always(said, points, lost):
    assert stand(*said) == (points, lost)


@pytest.mark.parametrize(("said", "points", "lost"), [
    ([whole(0)], {"q1": 0, "q8": 0}, ()),
    ([given("q8", 2), whole(0)], {"q1": 0, "q8": 0}, ()),
    ([given("q8", 2, EARLIER), whole(0)], {"q1": 0, "q8": 0}, ()),
    ([whole(0), given("q8", 2)], {"q1": 0, "q8": 2}, ()),
    ([whole(0), everybody("q8", 3)], {"q1": 0, "q8": 0}, ()),  # a void question is no gift to who copied
    ([whole(0), given("q8", 2), everybody("q8", 3)], {"q1": 0, "q8": 3}, ()),
    ([whole(0, OLD)], {}, ()),
    ([given("q8", 2), whole(0, OLD)], {"q8": 2}, ()),
    ([given("q8", 2), whole(0), whole(None)], {"q8": 2}, ()),
    ([given("q8", 2), whole(None), whole(0)], {"q1": 0, "q8": 0}, ()),
    ([given("q8", 2), whole(0), whole(None, OLD)], {"q1": 0, "q8": 0}, ())])
def test_nothing_for_a_whole_work_holds_for_its_file(said, points, lost):
    assert stand(*said) == (points, lost)


def test_the_comment_on_a_whole_work_is_on_every_question():
    assert standing([whole(0)], QUESTIONS, ANSWERS, NEW).given == dict.fromkeys(QUESTIONS, Given(0, "copied"))
    assert standing([given("q8", 2), whole(None)], QUESTIONS, ANSWERS, NEW).given == {"q8": Given(2, "said")}


@pytest.mark.parametrize(("said", "is_settled"), [
    ([], False), ([given("q8", 2)], False), ([everybody("q8", 2)], False), ([whole(0)], True), ([whole(None)], True),
    ([whole(None, OLD)], False), ([whole(None), whole(0, OLD)], True)])
def test_a_word_settles_its_file_alone(said, is_settled):
    assert settled(said, NEW) is is_settled


def test_what_was_given_to_one_alone():
    assert standing([given("q8", 2), everybody("q1", 1)], QUESTIONS, ANSWERS, NEW).personal == {"q8"}
    assert standing([given("q8", 2), everybody("q8", 1)], QUESTIONS, ANSWERS, NEW).personal == set()
    assert standing([given("q8", None)], QUESTIONS, ANSWERS, NEW).personal == set()


def test_what_the_teacher_is_told_of_marks_that_count_no_longer():
    items = tuple(Item({"id": id, "kind": "text", "points": 3}, ANSWERS.get(id), "noted", None) for id in ("q1", "q7", "q8"))
    work = Work("s001", "Ann", "04-control", "Control", items, GRADED, Handed("x.zip", NEW))
    old = [given(id, 1, EARLIER) for id in ("q8", "q1", "q7")]
    assert outlived(work, old[:1]) == (
        "q8 was marked by a person for an earlier answer, and that mark counts no longer: mark it again.")
    assert outlived(work, old) == (
        "q1, q7 and q8 were marked by a person for earlier answers, and those marks count no longer: mark them again.")
    assert outlived(work, [given("q8", 1)]) == ""
    assert outlived(Work("s001", "Ann", "04-control", "Control", items, WAITING, Handed("x.zip", NEW)), old) == ""
    assert outlived(Work("s001", "Ann", "04-control", "Control", items, ABSENT), old)


@pytest.mark.parametrize(("said", "told"), [
    ([], False), ([given("q8", 0, EARLIER)], False), ([everybody("q8", 0)], False),
    ([whole(0, OLD)], True), ([whole(None, OLD)], False), ([whole(0)], False),
    ([whole(0, OLD), whole(None)], False), ([whole(0, OLD), whole(0)], False), ([whole(0), whole(0, OLD)], True),
    ([whole(0, OLD), whole(None, OLD)], False)])
def test_nothing_for_an_earlier_file_is_told_until_the_teacher_speaks_of_this_one(said, told):
    assert bool(nothing_before(said, NEW)) is told
