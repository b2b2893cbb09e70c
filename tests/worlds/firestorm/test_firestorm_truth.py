"""The parameters: limits in words, what goes together, sources, and the numbers that follow from them."""

import math
import re
from dataclasses import fields, replace

import numpy as np
import pytest

import pebbletrail as pt
from pebbletrail.worlds.firestorm.truth import NETWORKS, UNSURE


def test_the_table_has_every_parameter_with_unit_limits_meaning_and_source():
    table = pt.Firestorm().table
    assert table.columns.tolist() == ["parameter", "value", "unit", "default", "low", "high", "unsure", "meaning", "source"]
    assert table["parameter"].tolist() == [one.name for one in fields(pt.Firestorm)]
    assert (table["value"] == table["default"]).all()
    assert table[["unit", "meaning", "source"]].map(lambda words: isinstance(words, str) and len(words) > 1).all().all()
    changed = pt.Firestorm(heat=0.3).table.set_index("parameter")
    assert changed.loc["heat", "value"] == 0.3
    assert changed.loc["heat", "default"] == 0.8


def test_each_size_that_nobody_has_measured_has_a_range_and_no_other():
    table = pt.Firestorm().table
    ranges = table[table["unsure"].notna()]
    assert set(ranges["parameter"]) == set(UNSURE)
    assert (ranges["unsure"] > 1).all()
    assert all("size assumed" in source or source == "assumed" for source in ranges["source"])
    assert ((ranges["value"] / ranges["unsure"]).astype(float) >= ranges["low"].astype(float)).all()
    assert ((ranges["value"] * ranges["unsure"]).astype(float) <= ranges["high"].astype(float)).all()


def test_what_was_read_at_second_hand_says_so():
    sources = pt.Firestorm().table["source"]
    for source in sources[sources.str.contains("her-comp")]:
        assert "second hand" in source


@pytest.mark.parametrize(("given", "says"), [
    ({"heat": 1.2}, "heat: a number from 0 to 1 is needed, not 1.2. It is: emotion of those whom the incident hits"),
    ({"tell": -1}, "tell: a number from 0 to 5"), ({"half_life": 0}, "half_life: a number from 0.1 to 72"),
    ({"first": 2.5}, "first: a whole number from 1 to 1000"), ({"first": True}, "first: a whole number"),
    ({"heat": "hot"}, "not 'hot'"), ({"heat": math.nan}, "heat: a number from 0 to 1 is needed, not nan"),
    ({"network": "star"}, "network: 'star' is none of 'random', 'hubs', 'small world', 'communities'"),
    ({"network": 1}, "network: 1 is none of"), ({"public": 1}, "public: 1 is none of True, False"),
    ({"public": "yes"}, "public: 'yes' is none of"), ({"answer_after": 1.5}, "answer_after: a whole number from 0 to 720"),
    ({"answer_after": -math.inf}, "answer_after: a whole number from 0 to 720 is needed, not -inf"),
    ({"answer_after": None}, "whole hours, to 720; or inf: never"), ({"friends": 5}, "friends: an even number is needed"),
    ({"friends": 30, "customers": 50}, "friends: fewer than half of the customers (50)"),
    ({"first": 100, "customers": 50}, "first: at most as many as there are customers (50)"),
    ({"by_distributive": 0.8, "by_interactional": 0.3}, "together at most 1 (what is left is the way's), not 1.1"),
    ({"network": "communities", "circle": 6}, "from 11 to 1000 are needed, not 6"),
    ({"network": "communities", "circle": 60, "customers": 100}, "from 11 to 50 are needed, not 60"),
    ({"customers": 49}, "customers: a whole number from 50 to 20000"), ({"retold": np.inf}, "retold: a number from 0 to 5")])
def test_what_cannot_be_is_told(given, says):
    with pytest.raises(ValueError, match=re.escape(says)):
        pt.Firestorm(**given)


def test_whole_numbers_stay_whole_and_a_circle_matters_to_communities_alone():
    world = pt.Firestorm(customers=100.0, first=3.0, answer_after=6.0, circle=900)
    assert (world.customers, world.first, world.answer_after) == (100, 3, 6)
    assert isinstance(world.customers, int)
    assert isinstance(pt.Firestorm(heat=1).heat, float)
    assert pt.Firestorm(answer_after=math.inf).answer_after == math.inf


@pytest.mark.parametrize("circle", [11, 25, 33, 130])
@pytest.mark.parametrize("customers", [260, 287])
def test_every_circle_that_is_allowed_can_be_drawn(circle, customers):
    world = pt.Firestorm(network="communities", customers=customers, circle=circle, first=2)
    assert world.people().customers["degree"].mean() == pytest.approx(8, rel=0.1)


@pytest.mark.parametrize(("parts", "hit", "others"), [
    ((1, 0, 0), 0.5, 0.0), ((0, 1, 0), 0.15, 0.15), ((0, 0, 1), 0.35, 0.35), ((1, 1, 1), 1.0, 0.5), ((0, 0, 0), 0, 0),
    ((0.5, 0.5, 0.5), 0.5, 0.25)])
def test_how_just_an_answer_is_by_hand(parts, hit, others):
    """Outcome .5, tone .35, way .15; the outcome is made good to those hit alone."""
    world = pt.Firestorm(distributive=parts[0], procedural=parts[1], interactional=parts[2])
    assert (world.justice(True), world.justice(False)) == pytest.approx((hit, others))
    assert world.kept(True) == pytest.approx(1 - 0.8 * hit)
    assert world.mended(False) == pytest.approx(0.8 * others)
    assert world.louder == pytest.approx(math.exp(0.5 * parts[0] - 0.5 * parts[2]))
    assert replace(world, public=False).louder == 1


def test_the_directions_that_are_cited():
    """Outcome before tone before way (ors-order); compensation in public feeds and empathy calms (her-comp)."""
    parts = [pt.Firestorm(**{"distributive": 0, "procedural": 0, "interactional": 0, name: 1}).justice(True)
             for name in ("distributive", "interactional", "procedural")]
    assert parts == sorted(parts, reverse=True)
    assert pt.Firestorm(distributive=1, interactional=0).louder > 1 > pt.Firestorm(distributive=0, interactional=1).louder
    assert pt.Firestorm(mends=1, distributive=1, procedural=1, interactional=1).mended(True) == pytest.approx(1)  # mat-rep


def test_nobody_can_change_a_world_in_place():
    with pytest.raises(AttributeError):
        pt.Firestorm().heat = 0.1
    assert NETWORKS == ("random", "hubs", "small world", "communities")
