"""The class with known answers is marked as the plans say."""

from tests.grading.known import OPEN, RIGHT, answers, build, plan, results

MODULES = ("04-control", "07-audit")


def test_the_marks_are_what_the_known_answers_imply(tmp_path):
    place = build(tmp_path / "class", 8, MODULES)
    kinds = set()
    for work in results(place, MODULES).works:
        planned = plan(place, work.student, work.module)
        kinds |= {one.kind for one in planned.values()}
        assert {item.id: item.points for item in work.items} == {id: one.points for id, one in planned.items()}
        assert {item.id for item in work.items if item.answer is not None} == set(answers(planned))
    assert {RIGHT, OPEN, "route", "another letter", "one arrow less", "text"} <= kinds
