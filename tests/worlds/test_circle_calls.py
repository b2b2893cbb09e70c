"""The drawn circle, call by call: luck that no parameter changes, counts that add up, and the truth given back."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import pebbletrail as pt
from pebbletrail.worlds.circle.chance import _poisson

SMALL = {"rounds": 60, "agents": 300}
STATE = ["upset", "worn", "vacant"]
WORLD = pt.Circle(demand=0.58, quit=0.01, hire=0.05)


@pytest.fixture(scope="module")
def drawn():
    return WORLD.draw(4, **SMALL), WORLD.calls(4, **SMALL)


def test_the_same_seed_gives_the_same_rounds_and_another_seed_others():
    pd.testing.assert_frame_equal(WORLD.draw(4, **SMALL), WORLD.draw(4, **SMALL))
    assert (WORLD.draw(4, **SMALL)["new"] != WORLD.draw(5, **SMALL)["new"]).mean() > 0.8


def test_numpys_global_generator_is_not_touched():
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    WORLD.draw(4, **SMALL)
    assert (np.random.get_state()[1] == before).all()  # noqa: NPY002


def test_a_longer_draw_begins_with_the_shorter_one():
    """Also where the luck is drawn in several blocks."""
    long, short = WORLD.draw(4, 30, 20_000), WORLD.draw(4, 13, 20_000)
    pd.testing.assert_frame_equal(long[:13], short)


@pytest.mark.parametrize("change", [{"drain": 0.4}, {"breaks": 0.3}, {"resolve": 0.6}, {"returns": 0.5}, {"quit": 0.0}])
def test_the_same_calls_come_in_whatever_the_parameters(change):
    other = replace(WORLD, **change).draw(4, **SMALL)
    assert (other["new"] == WORLD.draw(4, **SMALL)["new"]).all()
    more = replace(WORLD, demand=0.7).draw(4, **SMALL)
    assert (more["new"] >= other["new"]).all()


@pytest.mark.parametrize("mean", [0.02, 3.0, 550.0, 55_000.0])
def test_new_calls_are_poisson_quantiles(mean):
    """Second way: scipy.stats; the library does without it, as it is slow to load."""
    from scipy.stats import poisson

    uniform = np.append(np.random.default_rng(1).random(2_000), poisson.cdf(np.arange(3), 3.0))
    assert (_poisson(uniform, np.full(len(uniform), mean)) == poisson.ppf(uniform, mean)).all()


def test_more_luck_in_solving_never_solves_fewer_of_the_first_calls():
    first = [replace(WORLD, resolve=resolve).draw(4, 1, 300)["solved"].iloc[0] for resolve in (0.3, 0.5, 0.7, 0.9)]
    assert first == sorted(first)
    assert first[0] < first[-1]


def test_counts_add_up_in_every_round(drawn):
    rounds, _ = drawn
    seats = SMALL["agents"]
    counts = (rounds.drop(columns="round") * seats).round().astype(int)
    assert np.allclose(rounds.drop(columns="round") * seats, counts)
    assert (counts["waiting"] == counts["new"] + counts["upset"]).all()
    after = counts["upset"].shift(-1).dropna()
    assert (counts["solved"] + counts["lost"])[:-1].to_numpy() + after.to_numpy() == pytest.approx(counts["waiting"][:-1])
    assert (counts["calls"] <= counts["waiting"]).all()
    assert (counts["calls"] <= seats - counts["vacant"]).all()
    assert (counts["solved"] <= counts["calls"]).all()


def test_calls_are_the_rounds_told_one_by_one(drawn):
    rounds, calls = drawn
    by_round = calls.groupby("round")
    seats = SMALL["agents"]
    assert by_round.size().to_numpy() == pytest.approx(rounds["calls"] * seats)
    assert by_round["solved"].sum().to_numpy() == pytest.approx(rounds["solved"] * seats)
    assert not calls.duplicated(["round", "seat"]).any()
    upset = by_round["upset"].sum()
    assert (upset <= (rounds.set_index("round")["upset"] * seats).round()).all()
    everybody = (rounds["calls"] == rounds["waiting"]).to_numpy()
    assert (upset.to_numpy() == (rounds["upset"] * seats).round().to_numpy())[everybody].all()
    fresh_and_calm = (calls["worn"] == 0) & (calls["upset"] == 0)
    assert (calls.loc[fresh_and_calm, "worn_after"] == 0).all()
    stays_worn = (calls["worn"] == 1) & ((calls["upset"] == 1) | (calls["solved"] == 0))
    assert (calls.loc[stays_worn, "worn_after"] == 1).all()


def test_nobody_gets_through_who_did_not_wait():
    """A short queue and nobody at rest: nearly all who wait are answered, upset or calm, and no more than there are."""
    world = pt.Circle(demand=0.55, breaks=0)
    for seed in range(60):
        calls, rounds = (draw(seed, 1, 300, (0.5, 0, 0)) for draw in (world.calls, world.draw))
        through, new = calls["upset"].sum(), round(300 * rounds["new"].iloc[0])
        assert through <= 150
        assert len(calls) - through <= new


def test_the_call_before_is_the_same_agents(drawn):
    _, calls = drawn
    for _, own in calls.groupby("agent"):
        assert own["round"].is_monotonic_increasing
        assert (own["seat"] == own["seat"].iloc[0]).all()
        assert own["previous_upset"].iloc[1:].tolist() == own["upset"].iloc[:-1].tolist()
        assert own["since"].iloc[1:].tolist() == np.diff(own["round"]).tolist()
        assert np.isnan(own["previous_upset"].iloc[0])
    newcomers = calls[calls["agent"] >= SMALL["agents"]].groupby("agent").first()
    assert len(newcomers) > 5
    assert (newcomers["worn"] == 0).all()


@pytest.mark.parametrize(("chance", "which", "outcome"), [
    ("resolve", {"worn": 0, "upset": 0}, "solved"), ("drain", {"worn": 0, "upset": 1}, "worn_after")])
def test_chances_are_those_of_the_parameters(chance, which, outcome):
    world = pt.Circle(demand=0.6, quit=0)
    calls = world.calls(1, 100, 3_000)
    kept = calls[(calls[list(which)] == pd.Series(which)).all(axis=1)]
    expected = getattr(world, chance)
    assert kept[outcome].mean() == pytest.approx(expected, abs=5 * np.sqrt(expected * (1 - expected) / len(kept)))


@pytest.mark.parametrize(("worn", "upset", "share"), [
    (1, 0, 0.85 * 0.5 * 0.95), (0, 1, 0.85 * 0.8), (1, 1, 0.85 * 0.5 * 0.8)])
def test_worn_agents_and_upset_callers_fare_worse(worn, upset, share):
    calls = pt.Circle(demand=0.6, quit=0).calls(2, 100, 3_000)
    kept = calls[(calls["worn"] == worn) & (calls["upset"] == upset)]["solved"]
    assert kept.mean() == pytest.approx(share, abs=5 * np.sqrt(share * (1 - share) / len(kept)))


@pytest.mark.parametrize("changed", [{}, {"demand": 0.7}, {"thanks": 0.6, "lull": 0.1, "drain": 0.3, "demand": 0.4}])
def test_the_effect_on_the_next_call_is_given_back_in_a_state_that_stays(changed):
    """In a round who gets whom is chance, so that a plain difference of means is right as long as nothing drifts."""
    world = pt.Circle(**changed, quit=0)
    truth = world.spillover()
    calls = pd.concat([world.calls(seed, 60, 20_000, truth.state) for seed in (1, 2)]).dropna()
    groups = calls.groupby("previous_upset")["solved"].agg(["mean", "var", "size"])
    se = np.sqrt((groups["var"] / groups["size"]).sum())
    assert groups["mean"].diff().iloc[1] == pytest.approx(truth.estimate, abs=4 * se)
    assert se < 0.002
    steps = truth.table["estimate"]
    assert truth.estimate == pytest.approx(steps[:3].prod())
    # the first two steps, from the agents' own states
    after = calls.groupby("upset")["worn_after"].mean().diff().iloc[1]
    assert after == pytest.approx(steps[0], abs=0.005)
    still = calls.groupby("previous_upset")["worn"].mean().diff().iloc[1]
    assert still == pytest.approx(steps[0] * steps[1], abs=0.005)


def test_days_of_unlike_load_together_make_too_much_of_it_and_comparing_within_rounds_does_not():
    """Busy days have more upset callers and more worn agents, in this call and in the next: a common cause."""
    naive, within, truths = [], [], []
    for seed in (1, 2, 3):
        days = []
        for day, demand in enumerate(np.linspace(0.2, 0.62, 8)):
            world = pt.Circle(demand=demand, quit=0)
            start = world.fixed_points().table.iloc[0][STATE]
            one = world.calls(10 * seed + day, 48, 1_000, tuple(start)).assign(day=day)
            # what a comparison within rounds weighs a day with: calls, and how mixed their callers before are
            share = one["previous_upset"].mean()
            truths.append((world.spillover().estimate, one["previous_upset"].count() * share * (1 - share)))
            days.append(one)
        calls = pd.concat(days).dropna()
        naive.append(calls.groupby("previous_upset")["solved"].mean().diff().iloc[1])
        together = calls.groupby(["day", "round"])
        x, y = (calls[name] - together[name].transform("mean") for name in ("previous_upset", "solved"))
        within.append((x * y).sum() / (x * x).sum())
    effects, weights = np.array(truths).T
    truth = np.average(effects, weights=weights)
    assert np.mean(within) == pytest.approx(truth, abs=0.006)  # a standard error of 0.0015
    assert np.mean(naive) < truth - 0.012


@pytest.mark.parametrize("state", [(0.5, 0.5, 0.5), None])
def test_the_truth_says_itself(state):
    told = pt.Circle().spillover(state)
    assert f"{-100 * told.estimate:.3g} points" in told.text


def test_nobody_there_means_no_next_call():
    with pytest.raises(ValueError, match="all seats are vacant"):
        pt.Circle().spillover((0.2, 0, 1))
