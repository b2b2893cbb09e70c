"""A work marked: the answers of its run by the stored key, then what people have said."""

from dataclasses import dataclass, replace

from pebbletrail.exercises.marking import mark
from pebbletrail.grading.results import ABSENT, GRADED, PERSON, Item, Work


@dataclass(frozen=True)
class Given:
    """What a person gave for a question: points, and words to the student. ``points`` None leaves the rules' points."""

    points: float | None
    comment: str = ""


def scored(sheet, key, student, name, answers, people=None, state=GRADED, handed=None, notes=(),
           doubts=()):
    """Mark one student's work in one module.

    Parameters
    ----------
    sheet : dict
        The student's ``exercise.json`` as it was handed out.
    key : dict
        What marks it, as ``ClassFolder.key`` returns it.
    student, name : str
    answers : dict
        Cleaned answers by question, of the run that counts; empty without one.
    people : dict of str to Given, optional
        What people gave, by question: it counts before what the rules give.
    state, handed, notes, doubts
        As in ``Work``.

    Returns
    -------
    Work
    """
    keys, people = {one["id"]: one for one in key["questions"]}, people or {}
    items = [_item(told, keys[told["id"]], answers, state) for told in sheet["questions"]]
    items = tuple(_said(item, people[item.id]) if item.id in people else item for item in items)
    return Work(student, name, sheet["module"], sheet["title"], items, state, handed, tuple(notes), tuple(doubts))


def _item(told, key, answers, state):
    answer = answers.get(told["id"])
    found = mark(key, answer, answers)
    points = 0.0 if state == ABSENT else found.points
    return Item(told, answer, found.state, points, ruled=points, route=found.route, hint=found.hint)


def _said(item, given):
    if given.points is None:
        return replace(item, comment=given.comment)
    return replace(item, points=given.points, by=PERSON, comment=given.comment)
