"""Marks worked out by hand."""

import pytest

from pebbletrail.exercises.marking import FOLLOWS, NOT_YET, NOTED, OPEN, RIGHT, Mark, mark, total, within

Q2 = {"id": "q2", "kind": "number", "points": 2, "right": 0.4237, "decimals": 3, "unit": "points", "tolerance": 0.0005,
      "routes": [{"name": "groups reversed", "value": -0.4237, "hint": "Which group first?", "earns": 0.5},
                 {"name": "clusters ignored", "value": 0.3121, "hint": "Calls are not agents.", "earns": 0.0}],
      "hints": ["first", "second"], "worked": "way", "follows": None}
Q3 = {**Q2, "id": "q3", "points": 4, "right": 0.4237 * 1200, "decimals": 0, "tolerance": 0.5, "routes": [], "unit": "euro",
      "follows": {"formula": "q2 * 1200", "uses": ["q2"]}}
CHOICE = {"id": "q5", "kind": "choice", "points": 2, "right": "b", "why": {"a": "No lots were drawn.", "c": "Too few."}}
ARROWS = {"id": "q5", "kind": "arrows", "points": 2, "nodes": ["s", "l", "q", "t"],
          "right": ["s -> l", "s -> q", "l -> t"], "traps": {"l -> q": "Nobody said that listening acts."}}


@pytest.mark.parametrize(("answer", "state", "points", "route"), [
    (0.4237, RIGHT, 2, ""), (0.424, RIGHT, 2, ""), (0.423, NOT_YET, 0, ""), (0.4242, RIGHT, 2, ""), (0.4243, NOT_YET, 0, ""),
    (-0.424, NOT_YET, 1, "groups reversed"), (0.312, NOT_YET, 0, "clusters ignored"),
    (0.42, NOT_YET, 1, "rounded too early"), (0.4, NOT_YET, 0, ""),
    (42.37, NOT_YET, 1, "percent for share"), (42.4, NOT_YET, 1, "percent for share"),
    (0.004237, NOT_YET, 1, "share for percent"),
    (0.0, NOT_YET, 0, ""),
    (0.41, NOT_YET, 0, ""), (7.0, NOT_YET, 0, "")])
def test_numbers(answer, state, points, route):
    result = mark(Q2, answer)
    assert (result.state, result.points, result.route) == (state, points, route)
    assert bool(result.hint) == bool(route)


def test_a_route_that_earns_all_counts_and_says_why():
    routes = [{"name": "Welch", "value": 0.43, "hint": "Fine too.", "earns": 1.0}]
    assert mark({**Q2, "routes": routes}, 0.43) == Mark(RIGHT, 2.0, "Welch", "Fine too.")


def test_a_sign_is_recognised_without_being_listed():
    assert mark({**Q2, "routes": []}, -0.4237) == Mark(NOT_YET, 0.0, "wrong sign", mark({**Q2, "routes": []}, -0.4237).hint)


def test_zero_never_counts_as_a_rounded_answer():
    """A right answer near zero rounds to 0 with fewer decimals: an empty guess must not earn half the points."""
    assert mark({**Q2, "right": 0.0123, "routes": []}, 0.0).points == 0


@pytest.mark.parametrize(("right", "guess"), [(0.639, 1.0), (1.878, 2.0), (3.29, 3.0), (0.0123, 0.0), (0.43, 0.4)])
def test_a_round_guess_earns_nothing(right, guess):
    assert mark({**Q2, "right": right, "routes": []}, guess).points == 0


def test_nothing_follows_from_nonsense():
    """A zero for the standard error would make the printed mean the end of its own interval."""
    low = {**Q2, "id": "q3b", "right": 2.3, "routes": [],
           "follows": {"formula": "6.1 - 2 * q3", "uses": ["q3"], "rights": {"q3": 1.9}}}
    assert mark(low, 6.1, {"q3": 0.0}).points == 0
    assert mark(low, 6.1 - 2 * 500, {"q3": 500.0}).points == 0
    assert mark(low, 6.1 - 2 * 13.1, {"q3": 13.1}).state == FOLLOWS  # the standard deviation in place of the error
    width = {**low, "follows": {"formula": "1 - q3", "uses": ["q3"], "rights": {"q3": 0.64}}}
    assert mark(width, 0.0, {"q3": 1.0}).points == 0


def test_rounding_on_the_border_is_right_either_way():
    for answer in (0.123, 0.124):
        assert mark({**Q2, "right": 0.1235}, answer).state == RIGHT


@pytest.mark.parametrize(("answers", "state", "points"), [
    ({"q2": 0.4237, "q3": 508.44}, RIGHT, 4),
    ({"q2": 0.3121, "q3": 374.52}, FOLLOWS, 4),
    ({"q2": 0.42, "q3": 504.0}, FOLLOWS, 4),
    ({"q2": 0.3121, "q3": 375.3}, NOT_YET, 0),
    ({"q3": 374.52}, NOT_YET, 0),
])
def test_a_mistake_is_not_punished_twice(answers, state, points):
    result = mark(Q3, answers["q3"], answers)
    assert (result.state, result.points) == (state, points)


def test_an_earlier_mistake_typed_rounded_carries_on():
    """q3 is asked for with 3 decimals; the student goes on with the unrounded one."""
    key = {**Q3, "follows": {"formula": "q2 * 1200", "uses": ["q2"], "rights": {"q2": 0.4237}, "decimals": {"q2": 3}}}
    assert mark(key, 0.31212 * 1200 + 0.4, {"q2": 0.312}).state == FOLLOWS
    assert mark(key, 0.312 * 1200 + 0.7, {"q2": 0.312}).state == FOLLOWS  # half a unit, 0.0005 * 1200 = 0.6, and its own 0.5
    assert mark(key, 0.312 * 1200 + 1.2, {"q2": 0.312}).points == 0
    assert mark(key, 0.31212 * 1200 + 0.7, {"q2": 0.31212}).points == 0  # not typed rounded: nothing to excuse


def test_rounding_excuses_no_guess_where_the_result_hangs_on_it():
    steep = {**Q2, "id": "q3", "right": 2.0, "routes": [],
             "follows": {"formula": "1 / q2", "uses": ["q2"], "rights": {"q2": 0.5}, "decimals": {"q2": 0}}}
    assert mark(steep, 9.0, {"q2": 1.0}).points == 0


def test_of_two_ways_that_look_alike_the_better_counts():
    routes = [{"name": "nothing", "value": 0.3, "hint": "a", "earns": 0.0},
              {"name": "half", "value": 0.3001, "hint": "b", "earns": 0.5}]
    assert mark({**Q2, "routes": routes}, 0.3).route == "half"


def test_choices_and_their_reasons():
    assert mark(CHOICE, "b") == Mark(RIGHT, 2.0)
    assert mark(CHOICE, "a") == Mark(NOT_YET, 0.0, "option a", "No lots were drawn.")


@pytest.mark.parametrize(("given", "points", "route", "told"), [
    (["s -> l", "s -> q", "l -> t"], 2, "", ""),
    (["s -> l", "s -> q"], 1, "missing", "one arrow is still missing"),
    (["s -> l"], 0, "missing", "2 arrows are still missing"),
    (["s -> l", "s -> q", "t -> l"], 1, "reversed: t -> l", "Which comes first"),
    (["s -> l", "s -> q", "l -> t", "s -> t"], 1, "extra: s -> t", "Nothing in the story"),
    (["s -> l", "s -> q", "l -> t", "l -> q"], 1, "trap: l -> q", "Nobody said"),
    (["l -> s", "q -> s", "l -> t"], 0, "reversed: l -> s", "Which comes first"),
    (["s -> l", "l -> t", "l -> q"], 0, "trap: l -> q", "Nobody said"),
])
def test_arrows_earn_half_for_one_slip(given, points, route, told):
    result = mark(ARROWS, given)
    assert (result.points, result.route) == (points, route)
    assert told in result.hint


def test_what_people_mark_has_no_points_yet_and_what_is_open_has_none():
    assert mark({"kind": "text", "points": 3}, "Nobody drew lots.") == Mark(NOTED, None)
    assert mark({"kind": "prediction", "points": 1}, "c") == Mark(NOTED, 1.0)
    assert mark(Q2, None) == Mark(OPEN, 0.0)
    assert total([Mark(RIGHT, 2.0), Mark(NOTED, None), Mark(NOT_YET, 0.5)]) == 2.5


def test_a_hair_for_adding_up_in_another_order():
    assert within(0.1 + 0.2, 0.3, 0.0)
    assert not within(0.3 + 1e-6, 0.3, 0.0)
