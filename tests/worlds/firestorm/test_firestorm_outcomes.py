"""What is left of a storm: resentment, leaving and cost, counted again by hand from the tables."""

import math
from dataclasses import replace

import numpy as np
import pytest
from firestorm_by_hand import hand_justice, hand_leaving, hand_storm, hand_trust

import pebbletrail as pt
from pebbletrail.worlds.firestorm.crowd import lucks
from pebbletrail.worlds.firestorm.outcomes import leaving

WORLDS = [pt.Firestorm(customers=200, tell=0.05), pt.Firestorm(customers=200, network="hubs", public=False, answer_after=5),
          pt.Firestorm(customers=200, tell=0.05, answer_after=math.inf, months=3, fades=20, days=10),
          pt.Firestorm(customers=200, tell=0.08, distributive=1, interactional=0, answer_after=2, leave=0.1)]


@pytest.fixture(params=range(len(WORLDS)))
def both(request):
    """A storm as the world tells it and as a plain loop does."""
    world = WORLDS[request.param]
    network, luck = lucks(world, 7)
    return world, world.storm(7), hand_storm(world, network, luck), luck


def test_people_are_those_of_the_plain_loop(both):
    world, storm, (hour, by, peak, answered, _), luck = both
    people = storm.people
    assert people["customer"].tolist() == list(range(1, 201))
    assert people["heard_at"].tolist() == pytest.approx([np.nan if h is None else h for h in hour], nan_ok=True)
    assert people["told_by"].tolist() == pytest.approx([np.nan if b is None else b + 1 for b in by], nan_ok=True)
    assert people["answered_at"].tolist() == pytest.approx([np.nan if a is None else a for a in answered], nan_ok=True)
    assert people["emotion"].tolist() == pytest.approx([p or 0 for p in peak])
    trust = hand_trust(world, luck)
    assert people["trust"].tolist() == pytest.approx(trust)
    for one in range(200):
        stays = world.sticks * (peak[one] or 0)
        if answered[one] is not None:
            stays *= 1 - world.mends * hand_justice(world, hour[one] == 0)
        assert people["resentment"][one] == pytest.approx(stays)
        assert people["left"][one] == (luck.leaves[one] < hand_leaving(world, stays, trust[one]))
        stayed = luck.leaves[one] >= hand_leaving(world, 0, trust[one])
        assert people["because"][one] == (people["left"][one] and stayed)


def test_hours_are_counted_from_people(both):
    world, storm, (hour, _, peak, answered, told), _ = both
    hours = storm.hours
    assert hours["hour"].tolist() == list(range(len(hours)))
    heard = [h for h in hour if h is not None]
    keep = 0.5 ** (1 / world.half_life)
    for now in range(0, len(hours), 3):
        row = hours.iloc[now]
        assert row["heard"] == sum(h <= now for h in heard)
        assert row["new"] == heard.count(now)
        assert row["telling"] == sum(h is not None and h < now <= h + t for h, t in zip(hour, told, strict=True) if t)
        emotion = 0.0
        for one in range(200):
            if hour[one] is not None and hour[one] <= now:
                left = 1.0
                if answered[one] is not None and answered[one] <= now:
                    left = 1 - world.cools * hand_justice(world, hour[one] == 0)
                emotion += left * peak[one] * keep ** (now - hour[one])
        assert row["emotion"] == pytest.approx(emotion / 200)
    assert hours["telling"].iloc[-1] > 0
    assert max(h + t for h, t in zip(hour, told, strict=True) if t) == hours["hour"].iloc[-1]


def test_the_row_of_a_storm_is_counted_from_its_tables(both):
    world, storm, _, _ = both
    row, people = storm.table.iloc[0], storm.people
    assert row["reach"] == people["heard_at"].notna().mean()
    assert row["peak_hour"] == storm.hours["telling"].idxmax()
    assert row["length"] == people["heard_at"].max()
    assert row["leavers"] == people["because"].sum()
    assert row["lasting"] == (people["resentment"] * 0.5 ** (world.days / world.fades) > world.line).mean()
    reached = people["answered_at"].notna()
    paid = 0 if math.isinf(world.answer_after) else (
        world.answer_cost + world.compensation * world.distributive * (reached & (people["heard_at"] == 0)).sum()
        + (0 if world.public else world.handling * reached.sum()))
    assert row["answering"] == pytest.approx(paid)
    assert row["cost"] == pytest.approx(paid + world.value * row["leavers"])


def test_leaving_without_a_storm_is_the_base_rate():
    """Months one after the other: 1 − (1 − leave)^months, for the mean customer; trust lowers it, resentment raises it."""
    world = pt.Firestorm()
    assert leaving(world, 0.0, world.trust) == pytest.approx(1 - 0.98**6)
    assert leaving(world, 0.0, 0.9) < leaving(world, 0.0, 0.1)
    assert leaving(world, 0.3, 0.5) > leaving(world, 0.1, 0.5)
    assert leaving(replace(world, resentment_on_leaving=0), 0.3, 0.5) == leaving(world, 0.0, 0.5)
    for resentment, trust in ((0.0, 0.5), (0.24, 0.1), (1.0, 1.0)):
        assert leaving(world, resentment, trust) == pytest.approx(hand_leaving(world, resentment, trust))


def test_what_is_old_counts_less():
    """The first month's odds hold the resentment of its middle, half a month after: worked out by hand."""
    world = pt.Firestorm(months=1, fades=365.25 / 24, leave=0.02)
    odds = math.log(0.02 / 0.98) + 4 * 0.2 / 2  # half a month is one half-life
    assert leaving(world, 0.2, 0.5) == pytest.approx(1 / (1 + math.exp(-odds)))


def test_nobody_stays_because_of_a_storm():
    """The same luck decides with it and without it: leavers are never fewer, and all of them heard."""
    for seed in range(8):
        storm = pt.Firestorm(customers=400, tell=0.05, mends=1, distributive=1, procedural=1, interactional=1).storm(seed)
        assert storm.table["leavers"].iloc[0] >= 0
        assert storm.people.loc[storm.people["because"], "heard_at"].notna().all()
        assert storm.people.loc[storm.people["because"], "left"].all()


def test_a_perfect_answer_to_all_at_once_leaves_the_cost_of_answering():
    """By hand: 5 hit, reached in hour 1, no resentment left, 5 × 50 euros and the 1,000 of any answer."""
    world = pt.Firestorm(customers=100, first=5, noticed=1, answer_after=0, mends=1, cools=1, distributive=1, procedural=1,
                         interactional=1)
    row = world.storm().table.iloc[0]
    assert row["reach"] == 0.05
    assert row["leavers"] == 0
    assert row["cost"] == 1250
    private = replace(world, public=False).storm().table.iloc[0]
    assert private["cost"] == 1250 + 5 * 10


@pytest.mark.parametrize(("changed", "says"), [
    ({"tell": 0.0}, "nobody else heard of it"), ({"heat": 0.05}, "Nobody was angry enough to tell."),
    ({"answer_after": math.inf}, "The firm did not answer."), ({"answer_after": 1}, "in public after 1 hour, reached"),
    ({"public": False}, "The answer, in private after 24 hours"),
    ({"resentment_on_leaving": 0.0}, "nobody leaves because of it"), ({"months": 1, "days": 1}, "Within a month")])
@pytest.mark.filterwarnings("error")
def test_the_sentence_of_a_storm(changed, says):
    storm = pt.Firestorm(**{"customers": 200, "first": 4, **changed}).storm()
    assert says in storm.text
    assert "nan" not in storm.text
    assert storm.text in repr(storm)


def test_the_sentence_says_the_numbers_of_the_table():
    storm = pt.Firestorm().storm()
    row = storm.table.iloc[0]
    reach, lasting = 100 * row["reach"], 100 * row["lasting"]
    reached = storm.people["answered_at"].notna().sum()
    cost, paid = (float(f"{row[name]:.3g}") for name in ("cost", "answering"))
    assert storm.text == (
        f"The incident hit 10 of 2,000 customers; {row['reach'] * 2000:.0f} had heard of it after {row['length']:.0f} hours "
        f"({reach:.3g} %). Most were telling in hour {row['peak_hour']:.0f} ({storm.hours['telling'].max()}). "
        f"The answer, in public after 24 hours, reached {reached} of those who know. Within 6 months "
        f"{row['leavers']:.0f} customers leave because of it, at a cost of {cost:,.0f} euros, of them {paid:,.0f} for the "
        f"answer; and {lasting:.3g} % of all customers still bear a grudge after 30 days.")
