"""The mean path: against storms where it holds, shown not to hold where it does not, and its spread numbers by hand."""

import math
import re
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

import pebbletrail as pt
from pebbletrail.worlds.firestorm.crowd import crowd, joined, lucks
from pebbletrail.worlds.firestorm.degrees import degrees, excess
from pebbletrail.worlds.firestorm.expected import _reached
from pebbletrail.worlds.firestorm.generations import makes, tellings
from pebbletrail.worlds.firestorm.outcomes import sizes, telling
from pebbletrail.worlds.firestorm.spread import Heard, spread
from pebbletrail.worlds.firestorm.tempers import shared, tempers

NEVER = math.inf
LARGE = pt.Firestorm(customers=8_000, first=400)  # many hit: the luck of single customers evens out
ANSWERS = [{"answer_after": NEVER}, {}, {"public": False, "answer_after": 6, "interactional": 1.0},
           {"answer_after": 10, "distributive": 1.0, "interactional": 0.0},
           {"answer_after": 0, "noticed": 0.5, "cools": 1.0},
           {"trust_spread": 0.0, "retold": 1.0, "answer_after": NEVER, "tell": 0.08}]


@cache
def drawn(network, at, customers=8_000, first=400):
    """Eight storms on two large networks, with the numbers of their rows and their hours."""
    world = replace(LARGE, network=network, customers=customers, first=first, **ANSWERS[at])
    numbers = [40 * k + net for k in range(4) for net in (0, 1)]
    luck = [lucks(world, 11, number) for number in numbers]
    heard = spread(joined([crowd(world, *one) for one in luck]))
    places = [slice(customers * k, customers * (k + 1)) for k in range(8)]
    parts = [Heard(**{name: values[place] for name, values in vars(heard).items()}) for place in places]
    rows = [sizes(world, one[1], part) for one, part in zip(luck, parts, strict=True)]
    hours = np.array([[(part.hour[part.hour >= 0] <= hour).sum() for hour in range(101)] for part in parts])
    tells = np.array([telling(part, 400)[:101] for part in parts])
    return world, rows, hours, tells


@pytest.mark.parametrize("at", range(len(ANSWERS)))
def test_on_a_random_network_the_mean_path_is_that_of_large_storms(at):
    world, rows, hours, tells = drawn("random", at)
    found = world.expected(hours=300)
    for name, near in (("reach", 0.03), ("leavers", 0.08), ("answering", 0.04)):
        assert getattr(found, name) == pytest.approx(np.mean([row[name] for row in rows]), rel=near), name
    assert found.cost == pytest.approx(found.answering + world.value * found.leavers)
    for hour in (6, 12, 24, 48, 96):
        assert found.table["heard"][hour] == pytest.approx(hours[:, hour].mean(), rel=0.03)
        assert found.table["telling"][hour] == pytest.approx(tells[:, hour].mean(), rel=0.12, abs=5)


def test_emotion_is_that_of_a_large_storm():
    world = replace(LARGE, answer_after=12)
    storms, found = [world.storm(seed).hours["emotion"] for seed in (0, 40)], world.expected().table["emotion"]
    for hour in (0, 5, 12, 20, 40):
        assert found[hour] == pytest.approx(np.mean([storm[hour] for storm in storms]), rel=0.05)
    private = replace(world, public=False, interactional=1.0)
    one = private.storm(0).hours["emotion"]
    assert private.expected().table["emotion"][20] == pytest.approx(one[20], rel=0.05)


def test_with_hubs_it_ends_close_and_begins_too_quick():
    for at in (0, 1):
        world, rows, hours, _ = drawn("hubs", at, 4_000, 20)
        found = world.expected(hours=300)
        assert found.reach == pytest.approx(np.mean([row["reach"] for row in rows]), rel=0.05)
        assert found.table["heard"][12] > 1.04 * hours[:, 12].mean()


@pytest.mark.parametrize("network", ["small world", "communities"])
def test_where_acquaintances_know_each_other_it_does_not_hold(network):
    """As the docstring says: storms reach about a third to two thirds."""
    for at in (0, 1):
        world, rows, _, _ = drawn(network, at, 4_000, 20)
        assert 0.28 < np.mean([row["reach"] for row in rows]) / world.expected(hours=300).reach < 0.7


def test_by_default_it_lies_within_the_spread_of_storms():
    storms = pt.Firestorm().storms(draws=20, inputs=False).summary.set_index("quantity")
    found = pt.Firestorm().expected()
    assert storms.loc["reach", "low80"] < found.reach < storms.loc["reach", "high80"]
    assert storms.loc["leavers", "low80"] < found.leavers < storms.loc["leavers", "high80"]


def test_the_path_adds_up():
    table = pt.Firestorm().expected(hours=120).table
    assert table["hour"].tolist() == list(range(121))
    assert table["heard"].diff()[1:].to_numpy() == pytest.approx(table["new"][1:].to_numpy())
    assert table["heard"][0] == table["new"][0] == 10
    assert table["telling"][1] == pytest.approx(10)
    assert table["emotion"][0] == pytest.approx(0.8 * 10 / 2000)
    assert (table >= 0).all().all()
    longer = pt.Firestorm().expected(hours=400).table
    assert longer.iloc[:121].to_numpy() == pytest.approx(table.to_numpy())
    assert longer["telling"].iloc[-1] == 0


def hand_tellings(world, heat, answered):
    """A teller of this heat at one tie, hour by hour: [(probability, emotion)] of the telling, in plain Python."""
    found, ways = [], [(1.0, heat, None)] if not answered else [
        (world.known if not world.public else 1.0, heat, False), (1 - world.known if not world.public else 0.0, heat, None)]
    for _ in range(2_000):
        later = []
        for chance, now, reached in ways:
            if chance < 1e-14 or now < world.warm - 1e-9:
                continue
            branches = [(chance, now, reached)]
            if reached is False:
                branches = [(chance * (1 - world.noticed), now, False),
                            (chance * world.noticed, now * world.kept(False), True)]
            for p, emotion, was in branches:
                if emotion < world.warm - 1e-9:
                    continue
                rate = world.tell * emotion * (world.louder if was else 1)
                found.append((p * (1 - math.exp(-rate)), emotion))
                later.append((p * math.exp(-rate), emotion * 0.5 ** (1 / world.half_life), was))
        ways = later
    return found


@pytest.mark.parametrize("answered", [False, True])
@pytest.mark.parametrize("changed", [{}, {"public": False, "known": 0.4}, {"distributive": 1.0, "interactional": 0.0}, {
    "half_life": 3, "tell": 0.2, "noticed": 0.4}], ids=str)
def test_the_spread_number_is_what_one_teller_makes_worked_out_by_hand(changed, answered):
    """Hour by hour, with trust in a thousand steps: further tellers are those who catch enough to be warm."""
    world = pt.Firestorm(**changed)
    trust = np.clip(0.5 + 0.2 * np.sqrt(2) * erfinv(2 * (np.arange(1000) + 0.5) / 1000 - 1), 0, 1)
    by_hand = sum(p * (np.minimum(emotion * 1.5 * (1 - 0.5 * trust), 1) >= world.warm).mean()
                  for p, emotion in hand_tellings(world, world.heat, answered))
    found = world.expected(hours=1)
    number = found.spread_after if answered else found.spread_number
    assert number == pytest.approx(excess(degrees(world)) * by_hand, rel=0.02)  # the grid of tempers is a little coarse


def erfinv(values):
    from scipy.special import erfinv

    return erfinv(values)


def test_rounds_follow_from_each_other():
    """A Monte Carlo of three rounds on an endless tree: tellers by their own heat, each with ``excess`` acquaintances."""
    world = pt.Firestorm(answer_after=NEVER, tell=0.04)
    chance = np.random.default_rng(3)
    tellers, made = np.full(4_000, world.heat), []
    for _ in range(3):
        heard = []
        for emotion in tellers:
            needs, told, now = chance.exponential(), 0.0, emotion
            while now >= world.warm:
                told += world.tell * now
                if told >= needs:
                    trust = min(1, max(0, chance.normal(0.5, 0.2)))
                    heard.append(min(1, now * 1.5 * (1 - 0.5 * trust)))
                    break
                now *= 0.5 ** (1 / 12)
        warm = np.array([one for one in heard if one >= world.warm])
        made.append(len(warm) / len(tellers))
        tellers = chance.choice(warm, 4_000)
    rounds = world.expected(hours=1).rounds
    assert rounds["alone"][:3].to_numpy() == pytest.approx(excess(degrees(world)) * np.array(made), rel=0.08)
    assert rounds["round"].tolist() == list(range(1, 11))


def test_whom_the_answer_ever_reaches_by_hand():
    """In public as many chances as hours in which she is warm and the answer is out; in private all whom the firm knows."""
    world = pt.Firestorm(answer_after=10, noticed=0.2, known=0.3)
    for hour, warm, chances in ((0, 5, 0), (0, 10, 0), (0, 14, 4), (8, 14, 12), (10, 6, 6), (30, 5, 5), (30, 0, 0)):
        assert _reached(world, hour, np.array(warm)) == pytest.approx(1 - 0.8**chances)
    private = replace(world, public=False)
    assert _reached(private, 40, np.array(2)) == 0.3
    assert _reached(private, 0, np.array(2), hit=True) == 1
    assert _reached(replace(private, answer_after=NEVER), 0, np.array(9), hit=True) == 0
    assert _reached(replace(private, noticed=0), 0, np.array(9)) == 0


def test_the_settled_number_is_where_the_rounds_go():
    for changed in ({}, {"retold": 2.0}, {"network": "hubs"}):
        found = pt.Firestorm(**changed).expected(hours=1)
        step = excess(degrees(found.world)) * makes(found.world)
        now = np.ones(len(step))
        for _ in range(300):
            now = now @ step
            now = now / now.sum()
        assert found.settled_number == pytest.approx((now @ step).sum(), rel=1e-6)
        assert found.rounds["alone"].iloc[-1] == pytest.approx(found.settled_number, rel=0.03)


def test_all_furious_by_closed_form():
    """Retold so hot that all catch 1: each makes 1 − exp(−tell × Σ emotion over its warm hours) for each acquaintance."""
    world = pt.Firestorm(heat=1, retold=5, shield=0, warm=0.25, half_life=4, tell=0.05)
    emotion = 0.5 ** (np.arange(9) / 4)  # 1 down to 0.25, both included
    number = (1 - math.exp(-0.05 * emotion.sum())) * excess(degrees(world))
    found = world.expected(hours=1)
    assert found.rounds["alone"].to_numpy() == pytest.approx(np.full(10, number))
    assert found.settled_number == pytest.approx(number)
    assert tellings(world).sum(axis=1)[0] == pytest.approx(1 - math.exp(-0.05 * emotion.sum()))


@pytest.mark.parametrize(("changed", "course", "words"), [
    ({"tell": 0.005}, "dies out", "and the story dies out"), ({"retold": 1.0}, "flares up", "dies down by itself"),
    ({"retold": 2.0}, "grows", "once tempers have settled: the story grows"),
    ({"heat": 0.0}, "dies out", "and the story dies out")])
def test_what_becomes_of_a_story(changed, course, words):
    found = pt.Firestorm(**changed, answer_after=NEVER).expected()
    assert found.course == course
    assert words in found.text
    assert (found.spread_number > 1) == (course != "dies out")
    assert (found.settled_number > 1 and found.spread_number > 0) == (course == "grows")


def test_the_grid_shares_emotion_out_and_keeps_its_mean():
    grid = tempers(pt.Firestorm(half_life=0.3))
    assert grid.step * (-np.log2(grid.heat[1])) == pytest.approx(1 / 0.3)
    for emotion in (1.0, 0.83, 0.1, grid.heat[-1], grid.heat[3]):
        shares = shared(emotion, grid.heat)
        assert shares.sum() == pytest.approx(1)
        assert shares @ grid.heat == pytest.approx(emotion)
        assert (shares > 0).sum() <= 2
    cool = grid.heat[-1] / 4
    assert shared(cool, grid.heat) @ grid.heat == pytest.approx(cool)
    assert grid.catch.sum(axis=0).sum(axis=0) == pytest.approx(np.ones(grid.tells), abs=0.02)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("changed", [
    {"tell": 0}, {"heat": 0}, {"noticed": 0}, {"half_life": 0.1}, {"retold": 0}, {"friends": 2, "network": "hubs"},
    {"shortcuts": 0, "network": "small world"}, {"first": 1_000}, {"warm": 1}], ids=str)
def test_edges_of_the_limits(changed):
    found = pt.Firestorm(**changed).expected(hours=40)
    assert np.isfinite(found.table.to_numpy()).all()
    assert 0 < found.reach <= 1
    assert np.isfinite([found.leavers, found.cost, found.spread_number, found.spread_after, found.settled_number]).all()
    assert "nan" not in found.text
    if changed in ({"tell": 0}, {"heat": 0}):
        assert found.reach == pytest.approx(0.005)
        assert found.spread_number == 0
        storm = pt.Firestorm(**changed).storm()
        telling = storm.hours["telling"].reindex(range(41), fill_value=0)
        assert found.table["telling"][:14].tolist() == pytest.approx(telling[:14].tolist())  # before the answer


@pytest.mark.parametrize("hours", [0, 1.5, 2_001, "long", None])
def test_hours_are_whole(hours):
    with pytest.raises(ValueError, match=re.escape("hours: a whole number from 1 to 2000 is needed")):
        pt.Firestorm().expected(hours)
