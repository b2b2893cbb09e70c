"""The explorer of page 13: the world's own storms, a picture that holds them, and words that are true at every setting."""

import itertools
import re

import numpy as np
import pytest

from pebbletrail.explorers.explore import explore
from pebbletrail.explorers.firestorm import (
    ANSWERS,
    CUSTOMERS,
    FIRST,
    HOURS,
    LIMITS,
    MOST,
    ROUNDS,
    SEED,
    STORMS,
    Fire,
    Storms,
    burn,
)
from pebbletrail.explorers.firestorm_words import _above
from pebbletrail.worlds.firestorm import Firestorm
from pebbletrail.worlds.firestorm.crowd import crowd, lucks
from pebbletrail.worlds.firestorm.outcomes import telling
from pebbletrail.worlds.firestorm.spread import spread
from pebbletrail.worlds.firestorm.truth import NETWORKS

START = {"heat": 0.8, "retold": 1.5, "network": "random", "where": "in public", "hours": 24, "outcome": 0.5, "tone": 0.5}
STEPS = {"heat": 0.05, "retold": 0.1, "hours": 1, "outcome": 0.1, "tone": 0.1}
CORNERS = [dict(zip(START, values, strict=True)) for values in itertools.product(
    (0.2, 1.0), (0.5, 2.5), NETWORKS, ANSWERS, (0,), (0.0, 1.0), (0.0, 1.0))]


def between(seed, how_many):
    """Settings that the controls can make, drawn over all of them."""
    luck = np.random.default_rng(seed)
    for _ in range(how_many):
        given = {name: round(low + STEPS[name] * int(luck.integers(0, round((high - low) / STEPS[name]), endpoint=True)), 6)
                 for name, (low, high) in LIMITS.items()}
        yield {**given, "hours": int(given["hours"]), "network": NETWORKS[luck.integers(4)],
               "where": ANSWERS[luck.integers(3)]}


def world_of(given):
    after = float("inf") if given["where"] == "not at all" else given["hours"]
    return Firestorm(network=given["network"], customers=CUSTOMERS, first=FIRST, heat=given["heat"], retold=given["retold"],
                     answer_after=after, public=given["where"] == "in public", distributive=given["outcome"],
                     interactional=given["tone"])


@pytest.fixture(scope="module")
def explorer():
    return explore("firestorm")


@pytest.fixture(scope="module")
def told():
    scene = Storms()
    settings = (START, {**START, "where": "not at all"}, {**START, "retold": 2.5, "network": "small world"},
                *between(0, 30), *CORNERS[::7])
    return [(given, result, scene.sentence(result), scene.alt(result))
            for given, result in ((given, burn(**given)) for given in settings)]


def test_the_start_is_the_world_as_it_is_among_fewer(explorer):
    assert explorer.start == START
    changed = world_of(START).table.query("value != default")["parameter"].tolist()
    assert changed == ["customers", "first"]


def test_its_storms_are_the_worlds_storms_one_by_one(told):
    for given, result, _, _ in told[::4]:
        world = world_of(given)
        tells = np.zeros(HOURS + 1)
        for storm in range(STORMS):
            heard = spread(crowd(world, *lucks(world, SEED, storm)))
            hours = heard.hour[heard.hour >= 0]
            know = [(hours <= hour).mean() * len(hours) / CUSTOMERS for hour in range(HOURS + 1)]
            assert result.know[storm] == pytest.approx(know)
            tells += telling(heard, HOURS)[:HOURS + 1]
        assert result.tell == pytest.approx(tells / (STORMS * CUSTOMERS))
        alone = burn(**{**given, "where": "not at all"})
        assert (result.alone == alone.know).all()


def test_its_rounds_are_the_worlds_rounds(told):
    for given, result, _, _ in told[::5]:
        rounds = world_of({**given, "where": given["where"].replace("not at all", "in public")}).expected(hours=1).rounds
        assert result.rounds[0] == pytest.approx(rounds["alone"][:ROUNDS].to_numpy())
        answered = "alone" if given["where"] == "not at all" else "answered"
        assert result.rounds[1] == pytest.approx(rounds[answered][:ROUNDS].to_numpy())


def percents(words):
    return [float(number) for number in re.findall(r"([\d.]+) %", words)]


def test_the_sentence_is_true_at_every_setting(told):
    for given, result, sentence, _ in told:
        reach = 100 * result.know[:, -1]
        still = 100 * result.tell[-1]
        shown = percents(sentence)
        wanted = [reach.mean(), reach.min(), reach.max(), *([still] if still >= 0.05 else []),
                  *([] if given["where"] == "not at all" else [100 * result.alone[:, -1].mean()])]
        assert shown == pytest.approx(wanted, abs=0.5), given
        assert all(abs(a - b) <= 0.0501 for a, b in zip(shown, wanted, strict=True) if b < 0.95)
        saved = 100 * (result.alone[:, -1].mean() - result.know[:, -1].mean())
        words = "The firm does not answer" if given["where"] == "not at all" else (
            "changes next to nothing" if abs(saved) < 0.5 or (saved < 0 and given["where"] == "in private")
            else "holds it back" if saved > 0 else "feeds it")
        assert words in sentence
        assert ("many do, so that it is fewer" in sentence) == (given["network"] in ("small world", "communities"))
        above = [at + 1 for at, number in enumerate(result.rounds[1]) if number > 1]
        assert named_rounds(sentence) == above, sentence


def named_rounds(sentence):
    """The rounds that the sentence names, read back from its words."""
    words = re.search(r"more than one in (.*?);", sentence)[1].removesuffix(" only")
    if words == "no round":
        return []
    if words == "all eight rounds":
        return list(range(1, 9))
    found = []
    for first, last in re.findall(r"rounds? (\d)(?: (?:to|and) (\d))?", words):
        found += range(int(first), int(last or first) + 1)
    return found


@pytest.mark.parametrize(("above", "words"), [
    ([1, 0, 0, 0, 0, 0, 0, 0], "in round 1 only"), ([1, 1, 0, 0, 0, 0, 0, 0], "in rounds 1 and 2 only"),
    ([0, 0, 1, 1, 1, 1, 1, 1], "in rounds 3 to 8 only"), ([1] * 8, "in all eight rounds"), ([0] * 8, "in no round"),
    ([1, 0, 0, 1, 1, 1, 0, 0], "in round 1 and rounds 4 to 6 only")])
def test_rounds_in_words(above, words):
    assert _above(np.array(above) * 0.7 + 0.6) == words
    assert _above(np.ones(8)) == "in no round"  # exactly one does not grow


def test_the_description_tells_what_is_drawn(told):
    for given, result, _, alt in told:
        answer = f"an answer {given['where']} after {given['hours']} hour"
        assert ("with no answer" if given["where"] == "not at all" else answer) in alt
        assert f"({given['network']})" in alt
        hour = int(re.search(r"most tell in hour (\d+)", alt)[1])
        assert result.tell[hour] == result.tell.max()


def test_the_picture_holds_every_setting(explorer):
    scene = explorer.scene
    for given in (*CORNERS, *between(4, 40)):
        result = burn(**given)
        assert result.rounds.max() < MOST, given
        assert ((result.know >= 0) & (result.know <= 1)).all()
    scene.update(burn(**START))
    assert scene.know.get_ydata() == pytest.approx(100 * burn(**START).know.mean(axis=0))
    assert scene.answer.get_visible()
    assert scene.answer.get_xdata() == [24, 24]
    scene.update(burn(**{**START, "where": "not at all"}))
    assert not scene.answer.get_visible()
    assert not scene.rounds[1].get_visible()
    explorer.refresh()


def test_what_the_controls_are_there_to_show():
    """In the world we made: hubs carry it furthest at one mean degree, sooner is better, compensation alone feeds it."""
    reach = {shape: burn(**{**START, "network": shape, "where": "not at all"}).reach.mean() for shape in NETWORKS}
    assert reach["hubs"] > reach["random"] > reach["communities"] > reach["small world"]
    by_hours = [burn(**{**START, "hours": hours, "tone": 1.0}).reach.mean() for hours in (0, 12, 24, 48)]
    assert by_hours == sorted(by_hours)
    for hours in (6, 12, 24):
        assert burn(**{**START, "hours": hours, "outcome": 1.0, "tone": 0.0}).saved < -4
        assert burn(**{**START, "hours": hours, "outcome": 0.0, "tone": 1.0}).saved > 4
        assert burn(**{**START, "where": "in private", "hours": hours, "outcome": 1.0, "tone": 0.0}).saved > -0.5
    by_heat = [burn(**{**START, "heat": heat}).reach.mean() for heat in (0.2, 0.6, 1.0)]
    assert by_heat == sorted(by_heat)
    by_retelling = [burn(**{**START, "retold": retold}).reach.mean() for retold in (0.5, 1.5, 2.5)]
    assert by_retelling == sorted(by_retelling)


def test_the_same_setting_gives_the_same_numbers():
    first = burn(**START)
    burn(**CORNERS[-1])
    again = burn(**START)
    for name in ("know", "alone", "tell", "rounds"):
        assert (getattr(first, name) == getattr(again, name)).all()
    assert isinstance(first, Fire)


def test_nothing_that_is_kept_can_be_spoilt():
    """The storms without an answer are kept between settings: who changes a result changes no other."""
    result = burn(**{**START, "where": "not at all"})
    with pytest.raises(ValueError, match="read-only"):
        result.alone[0, 0] = 5


@pytest.mark.parametrize(("name", "value", "says"), [
    ("heat", 0.1, "heat: a number from 0.2 to 1"), ("retold", 3, "retold: a number from 0.5 to 2.5"),
    ("hours", 1.5, "hours: a whole number from 0 to 72"), ("outcome", -1, "outcome: a number from 0 to 1"),
    ("tone", "warm", "tone: a number from 0 to 1 is needed, not 'warm'"),
    ("network", "star", "network: 'star' is none of random, hubs"), ("where", None, "where: None is none of in public")])
def test_what_cannot_be_is_told(name, value, says):
    with pytest.raises(ValueError, match=re.escape(says)):
        burn(**{**START, name: value})


def test_controls_cannot_leave_the_limits(explorer):
    assert set(explorer.controls) == set(START)
    for name, (low, high) in LIMITS.items():
        control = explorer.controls[name]
        assert (control.min, control.max, control.step) == (low, high, STEPS[name])
        assert len(control.description) <= 55  # letters: what fits beside a control
