"""The same seed gives the same luck, whatever is changed: so that two answers differ by nothing but the answer."""

import math
from dataclasses import replace

import numpy as np
import pytest

import pebbletrail as pt
from pebbletrail.worlds.firestorm.crowd import NETWORKS, STREAMS, lucks

WORLD = pt.Firestorm(customers=500, tell=0.05, answer_after=12)
OTHERS = [{"answer_after": 30}, {"public": False}, {"distributive": 1.0}, {"noticed": 0.5}, {"tell": 0.02}, {"trust": 0.3}]


@pytest.mark.parametrize("changed", OTHERS, ids=str)
def test_the_same_luck_under_another_answer_and_other_sizes(changed):
    one, other = lucks(WORLD, 3), lucks(replace(WORLD, **changed), 3)
    assert one[0] is other[0]
    for name in STREAMS:
        assert (getattr(one[1], name) == getattr(other[1], name)).all()


@pytest.mark.parametrize("changed", OTHERS[:3], ids=str)
def test_until_the_answer_is_out_two_storms_are_one(changed):
    first, second = WORLD.storm(2), replace(WORLD, **changed).storm(2)
    early = first.people["heard_at"] <= 12
    assert early.sum() > 20
    assert (second.people["heard_at"] <= 12).tolist() == early.tolist()
    for column in ("heard_at", "told_by", "emotion"):
        assert first.people.loc[early, column].tolist() == pytest.approx(
            second.people.loc[early, column].tolist(), nan_ok=True)
    assert first.people["heard_at"].tolist() != pytest.approx(second.people["heard_at"].tolist(), nan_ok=True)


def test_another_answer_changes_nobody_who_was_there():
    first, second = WORLD.storm(2).people, replace(WORLD, answer_after=math.inf).storm(2).people
    assert (first[["customer", "degree", "trust"]] == second[["customer", "degree", "trust"]]).all().all()
    assert (first["heard_at"].eq(0) == second["heard_at"].eq(0)).all()


def test_more_hit_are_the_same_and_others():
    few, many = WORLD.storm(1).people, replace(WORLD, first=40).storm(1).people
    assert few["heard_at"].eq(0).sum() == 10
    assert many.loc[few["heard_at"].eq(0), "heard_at"].eq(0).all()


def test_seeds_and_storms_differ():
    one, other, third = lucks(WORLD, 0, 0), lucks(WORLD, 0, 1), lucks(WORLD, 1, 0)
    assert (one[1].trust != other[1].trust).all()
    assert (one[1].trust != third[1].trust).all()
    assert one[0].friend.tolist() != other[0].friend.tolist()
    assert lucks(WORLD, 0, NETWORKS)[0] is one[0]
    assert (lucks(WORLD, 0, NETWORKS)[1].tells != one[1].tells).any()


def test_streams_are_what_they_are_said_to_be():
    from scipy import stats

    _, luck = lucks(pt.Firestorm(customers=5_000), 4)
    for name in ("hit", "known", "noticed", "leaves"):
        assert stats.kstest(getattr(luck, name), "uniform").pvalue > 0.001
    assert stats.kstest(luck.trust, "norm").pvalue > 0.001
    assert stats.kstest(luck.tells, "expon").pvalue > 0.001
    assert abs(np.corrcoef([luck.hit, luck.known, luck.noticed, luck.leaves, luck.trust]) - np.eye(5)).max() < 0.06


def test_people_are_those_of_the_storm():
    people, storm = WORLD.people(6), WORLD.storm(6)
    assert (people.customers == storm.people[["customer", "degree", "trust"]]).all().all()
    assert people.network is storm.network


@pytest.mark.parametrize("seed", [-1, 0.5, "a", None])
def test_a_seed_is_a_whole_number(seed):
    for draw in (WORLD.people, WORLD.storm):
        with pytest.raises(ValueError, match="seed: a whole number from 0 on"):
            draw(seed)
