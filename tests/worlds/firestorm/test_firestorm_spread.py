"""A storm agrees, customer by customer, with a plain loop on the same luck; in distribution also with other luck."""

import math

import numpy as np
import pytest
from firestorm_by_hand import first_hit, hand_storm

import pebbletrail as pt
from pebbletrail.worlds.firestorm.crowd import crowd, joined, lucks
from pebbletrail.worlds.firestorm.spread import spread

NEVER = math.inf
SETTINGS = [
    {}, {"network": "hubs", "answer_after": NEVER}, {"network": "small world", "public": False, "answer_after": 6},
    {"network": "communities", "retold": 2.5, "heat": 1.0, "answer_after": 3}, {"answer_after": 0, "noticed": 1.0},
    {"public": False, "answer_after": 0, "known": 0.0, "noticed": 0.5}, {"noticed": 0.0}, {"tell": 0.0}, {"heat": 0.05},
    {"half_life": 0.2, "tell": 1.0, "retold": 3.0}, {"half_life": 40, "warm": 0.3, "tell": 0.01, "retold": 2.0},
    {"distributive": 1.0, "interactional": 0.0, "answer_after": 4, "feeds": 2.0, "tell": 0.05}, {"cools": 1.0, "warm": 0.02},
    {"network": "hubs", "trust_spread": 0.5, "shield": 1.0, "retold": 3.0}, {"first": 60, "by_distributive": 1.0,
     "by_interactional": 0.0, "answer_after": 5}, {"half_life": 12, "heat": 0.8, "warm": 0.1, "retold": 0.0}]


def told(values):
    return np.array([-1 if value is None else value for value in values])


@pytest.mark.parametrize("changed", SETTINGS, ids=str)
def test_a_storm_is_what_a_plain_loop_makes_of_the_same_luck(changed):
    world = pt.Firestorm(**{"customers": 120, "first": 3, "circle": 20, "friends": 6, "tell": 0.06, **changed})
    network, luck = lucks(world, 5)
    found = spread(crowd(world, network, luck))
    hour, by, peak, answered, hours = hand_storm(world, network, luck)
    assert found.hour.tolist() == told(hour).tolist()
    assert found.by.tolist() == told(by).tolist()
    assert found.answered.tolist() == told(answered).tolist()
    assert found.hours.tolist() == [one or 0 for one in hours]
    assert found.peak == pytest.approx([one or 0.0 for one in peak], abs=1e-12)


def test_these_storms_are_worth_comparing():
    """Some spread far, some not at all; some are answered, by either way, early and late."""
    found = [spread(crowd(world, *lucks(world, 5))) for world in (
        pt.Firestorm(**{"customers": 120, "first": 3, "circle": 20, "friends": 6, "tell": 0.06, **changed})
        for changed in SETTINGS)]
    reach = [(one.hour >= 0).sum() for one in found]
    assert min(reach) == 3
    assert max(reach) > 100
    assert sum((one.answered >= 0).any() for one in found) >= 8
    assert sum((one.answered < 0).all() for one in found) >= 3


def test_storms_run_side_by_side_are_the_storms_one_by_one():
    worlds = [pt.Firestorm(customers=100, first=2, tell=0.08, network=network, circle=20, answer_after=after)
              for network, after in (("hubs", 3), ("random", NEVER), ("communities", 30))]
    crowds = [crowd(world, *lucks(world, 1, number)) for number, world in enumerate(worlds)]
    together, alone = spread(joined(crowds)), [spread(one) for one in crowds]
    for name in ("hour", "peak", "answered", "hours"):
        assert getattr(together, name).tolist() == np.concatenate([getattr(one, name) for one in alone]).tolist()
    shifted = np.concatenate([np.where(one.by < 0, -1, one.by + 100 * at) for at, one in enumerate(alone)])
    assert together.by.tolist() == shifted.tolist()


def test_a_chance_in_every_hour_gives_the_same_storms_in_distribution():
    """The loop with a new random number for each tie and hour, as one would first write it: standardised differences."""
    world = pt.Firestorm(customers=150, first=4, friends=6, tell=0.05, answer_after=8)
    chance = np.random.default_rng(2)

    def anew(tie, power):
        return chance.random() < 1 - math.exp(-power)

    ours, loops = [], []
    for storm in range(40):
        network, luck = lucks(world, 9, storm)
        one = spread(crowd(world, network, luck))
        ours.append([(one.hour >= 0).sum(), one.hour.max(), one.peak.sum(), (one.answered >= 0).sum(), one.hours.sum()])
        hour, _, peak, answered, hours = hand_storm(world, network, luck, anew)
        loops.append([sum(h is not None for h in hour), max(h for h in hour if h is not None), sum(p or 0 for p in peak),
                      sum(a is not None for a in answered), sum(h or 0 for h in hours)])
    ours, loops = np.array(ours, float), np.array(loops, float)
    between = (ours.mean(axis=0) - loops.mean(axis=0)) / np.sqrt((ours.var(axis=0) + loops.var(axis=0)) / 40)
    assert np.abs(between).max() < 3.3
    assert loops[:, 0].std() > 5  # there was something to get wrong


def test_of_several_tellers_in_one_hour_the_hottest_counts():
    """Fast cooling, sure telling: each hears in the hour after the first acquaintance, from the hottest of these."""
    world = pt.Firestorm(customers=80, first=5, friends=6, half_life=0.1, tell=5, retold=1.2, heat=1, answer_after=NEVER,
                         shield=0.9, trust_spread=0.4, warm=0.02)
    network, luck = lucks(world, 3)
    found = spread(crowd(world, network, luck))
    several = 0
    for one in np.flatnonzero(found.hour > 0):
        friends = network.friend[network.start[one]:network.start[one + 1]]
        could = [friend for friend in friends if found.hour[friend] == found.hour[one] - 1 and found.by[friend] != one]
        could = [friend for friend in could if tells(network, luck, friend, one, found.peak[friend], world)]
        assert found.by[one] in could
        assert found.peak[found.by[one]] == max(found.peak[friend] for friend in could)
        several += len(could) > 1
    assert several > 10


def tells(network, luck, source, target, heat, world):
    ties = np.arange(network.start[source], network.start[source + 1])
    (tie,) = ties[network.friend[ties] == target]
    return heat >= world.warm and luck.tells[tie] <= world.tell * heat


def test_those_hit_feel_the_heat_and_trust_does_not_spare_them():
    world = pt.Firestorm(customers=200, first=7, shield=1, trust=1, trust_spread=0, heat=0.6)
    network, luck = lucks(world, 0)
    found = spread(crowd(world, network, luck))
    assert sorted(np.flatnonzero(found.hour == 0)) == sorted(first_hit(world, luck))
    assert (found.peak[found.hour == 0] == 0.6).all()
    assert (found.peak[found.hour > 0] == 0).all()  # full trust keeps all of it off those who hear
