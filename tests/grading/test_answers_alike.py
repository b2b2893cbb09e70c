"""How probable it is that wrong numbers are another's right ones: by enumeration, and by numbers drawn by chance."""

import math
import random
from itertools import product

import numpy as np
import pytest
from scipy import stats
from tests.grading import known

from pebbletrail.grading.answers_alike import answers_alike, base_rate, tail, wrong_numbers
from pebbletrail.grading.results import Handed
from pebbletrail.grading.scoring import scored

MODULES = ["04-control", "07-audit"]


def enumerated(shares, least):
    ways = product([0, 1], repeat=len(shares))
    return sum(math.prod(share if hit else 1 - share for share, hit in zip(shares, way, strict=True)) for way in ways
               if sum(way) >= least)


@pytest.mark.parametrize("seed", range(8))
def test_the_tail_is_that_of_every_outcome_counted_and_scipy_s(seed):
    rng = np.random.default_rng(seed)
    shares = list(rng.beta(0.4, 3, size=1 + seed))
    for least in range(len(shares) + 1):
        assert tail(shares, least) == pytest.approx(enumerated(shares, least), rel=1e-12)
        assert tail(shares, least) == pytest.approx(stats.poisson_binom.sf(least - 1, shares), abs=1e-12)


def test_the_tail_by_hand():
    assert tail([0.5, 0.1], 2) == pytest.approx(0.05)
    assert tail([0.5, 0.1], 1) == pytest.approx(0.55)
    assert tail([1e-9] * 3, 3) == pytest.approx(1e-27, rel=1e-6)  # one minus the rest would be nothing here
    assert tail([], 0) == 1
    assert tail([0.3], 2) == 0


def test_the_base_rate_by_hand():
    far = np.arange(100.0)  # all rights differ
    assert base_rate(np.array([0.5, 1, 40, 80]), far[:4]) == 0.5  # two of four are hit
    assert base_rate(np.array([100.0, 200, 300, 1600]), far[:4]) == pytest.approx(0.0025)  # a quarter in each hundred
    assert base_rate(np.array([1000.0] * 4), np.array([7.0, 7, 8, 8])) == pytest.approx(1 / 2 - 1 / 4)  # few, which repeat
    assert base_rate(np.array([]), np.array([])) == 1  # nobody to compare with


def rights(key):
    return {one["id"]: one["right"] for one in key["questions"] if one["kind"] == "number"}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return known.build(tmp_path_factory.mktemp("ghosts") / "class", 60, MODULES)


@pytest.mark.parametrize("module", MODULES)
def test_numbers_drawn_from_right_answers_of_strangers_are_nobody_s(place, module):
    """The hardest luck: every answer is wrong, and right for somebody outside the class of 30."""
    students = [one["id"] for one in place.students()]
    keys = {student: place.key(student, module) for student in students}
    here, strangers, found = students[:30], students[30:], []
    for seed in range(5):
        luck, works = random.Random(seed), []
        for student in here:
            answers = {id: rights(keys[luck.choice(strangers)])[id] for id in rights(keys[student])}
            sheet = known.sheet_of(place, student, module)
            works.append(scored(sheet, keys[student], student, student, answers, handed=Handed("a.zip", "0" * 64)))
        found += answers_alike(works, {student: keys[student] for student in here}, dict(zip(here, here, strict=True)))
    assert found == []


def test_what_a_known_mistake_explains_is_nobody_else_s(place):
    key = place.key("s001", "04-control")
    asked = {one["id"]: one for one in key["questions"]}
    given = {"q1b": asked["q1b"]["routes"][0]["value"], "q3": -asked["q3"]["right"], "q7": 3.21}
    for answers, claimed in ((given, {}), ({}, given), (given, {**given, "q7": 3.22})):
        work = scored(known.sheet_of(place, "s001", "04-control"), key, "s001", "s001", answers,
                      handed=Handed("a.zip", "0" * 64, {"answers": claimed}))
        assert list(wrong_numbers(work, asked)) == ["q7"]


@pytest.mark.parametrize("count", [3, 8, 30])
def test_three_exact_numbers_of_another_are_found_in_a_class_of_any_size(place, count):
    students = [one["id"] for one in place.students()][:count]
    keys = {student: place.key(student, "04-control") for student in students}
    first, last, named = students[0], students[-1], dict(zip(students, students, strict=True))
    typed, works = {id: rights(keys[last])[id] for id in ("q1b", "q3b", "q7")}, []
    for student in students:
        answers = rights(keys[student]) | (typed if student == first else {})
        works.append(scored(known.sheet_of(place, student, "04-control"), keys[student], student, student, answers,
                            handed=Handed("a.zip", "0" * 64)))
    found = answers_alike(works, keys, named)
    assert [(pair.one, pair.other, pair.count) for pair in found] == [(first, last, 3)]
    one = scored(known.sheet_of(place, first, "04-control"), keys[first], first, first, rights(keys[first])
                 | {"q3b": typed["q3b"]}, handed=Handed("a.zip", "0" * 64))
    assert answers_alike([one], keys, named) == []  # one number alone tells nothing
