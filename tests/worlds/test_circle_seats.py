"""The drawn circle, seat by seat: rounds without a caller, seats that fall vacant and are filled, who comes through."""

import numpy as np
import pandas as pd
import pytest

import pebbletrail as pt


@pytest.mark.parametrize(("changed", "agents", "start"), [
    pytest.param({"demand": 0.01}, 1, (0, 0, 0), id="one agent, hardly a call"),
    pytest.param({}, 2, (0, 0, 0), id="two agents"), pytest.param({}, 5, (0, 0, 0), id="five agents"),
    pytest.param({}, 40, (0.2, 0, 1), id="all seats vacant")])
def test_a_round_may_have_no_caller_or_nobody_to_answer(changed, agents, start):
    world, quiet = pt.Circle(**changed), 0
    for seed in range(20):
        drawn = world.draw(seed, 120, agents, start)
        none = drawn["waiting"] == 0
        assert (drawn.loc[none, ["calls", "solved", "lost"]] == 0).all(axis=None)
        assert np.isfinite(drawn).all(axis=None)
        quiet += none.sum()
        calls = world.calls(seed, 120, agents, start)
        assert len(calls) == round(agents * drawn["calls"].sum())
    if agents < 10:
        assert quiet > 0
    else:
        assert drawn["calls"].iloc[0] == 0 < drawn["waiting"].iloc[0]


def test_a_centre_of_twenty_is_drawn_with_every_seed():
    world = pt.Circle(demand=0.45)
    for seed in range(100):
        assert len(world.draw(seed, 100, 20)) == 100
    rare = world.draw(78, 1_200, 20)  # one seed of a hundred has a round without a caller in 25 days
    assert (rare["waiting"] == 0).sum() == 1


def test_no_call_at_all_is_an_empty_table_of_the_same_kind():
    none, some = pt.Circle(demand=0.01).calls(1, 20, 1), pt.Circle().calls(1, 20, 5)
    assert len(none) == 0 < len(some)
    pd.testing.assert_series_equal(none.dtypes, some.dtypes)


def test_a_seat_that_falls_vacant_stays_so_for_the_next_round_and_is_then_filled():
    """Filled for certain, with all worn at the start and nothing to make them fresh: each vacancy lasts one round."""
    world = pt.Circle(quit=0.05, hire=1, rest=0.01, lull=0, thanks=0, breaks=0)
    seats = 4_000
    drawn = world.draw(3, 40, seats, (0, 1, 0))
    expected = world.path(40, (0, 1, 0))
    assert drawn["vacant"].iloc[0] == 0
    # of those who are worn one in twenty goes; nobody else is missing
    assert drawn["vacant"].iloc[1] == pytest.approx(0.05, abs=5 * np.sqrt(0.05 * 0.95 / seats))
    assert np.abs(drawn["vacant"] - expected["vacant"]).max() < 0.02
    quits = drawn["worn"][:-1].to_numpy() - drawn["worn"][1:].to_numpy()  # at least so many, as some wear out meanwhile
    assert (drawn["vacant"][1:].to_numpy() >= quits - 1e-12).all()


def test_more_breaks_leave_the_first_calls_with_the_same_agents():
    """Nobody's luck changes with a parameter: who is called first is at a desk in both worlds, as long as some are free."""
    few, many = (pt.Circle(demand=0.3, breaks=breaks).calls(6, 1, 1_000)["seat"].tolist() for breaks in (0.05, 0.5))
    assert len(few) > 200
    assert few == many


def test_each_person_has_one_number_and_none_is_left_out():
    """All seats busy in every round: whoever has come has a call in the next one, so that the numbers have no gap."""
    world, seats = pt.Circle(demand=3, breaks=0, quit=0.05, hire=1), 300
    drawn, calls = world.draw(2, 30, seats), world.calls(2, 30, seats)
    came = round(seats * drawn["vacant"][:-1].sum())  # each vacancy is filled one round later, for certain
    assert came > 50
    assert sorted(calls["agent"].unique()) == list(range(seats + came))


def test_who_has_recovered_in_the_round_does_not_quit_at_its_end():
    """All worn, all at rest or free, and sure to recover: nobody is worn at the end of the round, so nobody quits."""
    world = pt.Circle(demand=0.01, quit=0.05, rest=1, lull=1)
    drawn = world.draw(3, 3, 3_000, (0, 1, 0))
    busy = drawn["calls"].iloc[0]
    assert drawn["vacant"].iloc[1] <= busy
    assert drawn["worn"].iloc[1] <= busy


def test_callers_come_through_as_if_drawn_without_replacement():
    """The variance of the upset callers who get through is hypergeometric, a fraction of the binomial one."""
    world, seats = pt.Circle(demand=0.55, breaks=0), 200
    through = []
    for seed in range(300):
        calls, rounds = world.calls(seed, 1, seats, (0.6, 0, 0)), world.draw(seed, 1, seats, (0.6, 0, 0))
        waiting, upset = round(seats * rounds["waiting"].iloc[0]), 120
        if waiting > seats:
            share = upset / waiting
            sd = np.sqrt(seats * share * (1 - share) * (waiting - seats) / (waiting - 1))
            through.append((calls["upset"].sum() - seats * share) / sd)
    assert len(through) > 200
    assert np.std(through) == pytest.approx(1, abs=0.15)  # with replacement it would be about 3
    assert np.mean(through) == pytest.approx(0, abs=0.2)
