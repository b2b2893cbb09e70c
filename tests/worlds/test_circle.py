"""The circle's round: against the story told agent by agent, and against drawn worlds that come near it as seats grow."""

from dataclasses import FrozenInstanceError, fields

import numpy as np
import pandas as pd
import pytest
from tests.worlds.circle_by_hand import hand_round

import pebbletrail as pt
from pebbletrail.worlds.circle.round import jacobian

WORLDS = {"calm": {}, "queue": {"demand": 0.75}, "many quit": {"demand": 0.5, "quit": 0.03, "hire": 0.05},
          "worn and gone": {"drain": 1.0, "quit": 0.05, "hire": 0.3},
          "all levers": {"autonomy": 0.7, "relief": 0.8, "thanks": 0.6, "rub": 0.4, "lull": 0.1, "breaks": 0.25,
                         "returns": 0.6}}
STARTS = [(0, 0, 0), (0.2, 0.15, 0.01), (2.6, 0.6, 0.06), (0.4, 0.1, 0.3), (0.05, 0.9, 0.1), (0.7, 0.0, 1.0)]


def each_limit():
    """Worlds with one parameter at one of its limits."""
    return [pytest.param({one.name: one.metadata[end]}, id=f"{one.name} {end}est") for one in fields(pt.Circle)
            for end in ("low", "high")]


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("changed", [*[pytest.param(one, id=name) for name, one in WORLDS.items()], *each_limit()])
def test_a_round_is_the_story_added_up(changed, start):
    world = pt.Circle(**changed)
    assert world.step(start) == pytest.approx(hand_round(world, *start), abs=1e-14)


def test_a_round_takes_many_states_at_once():
    world, states = pt.Circle(), np.array(STARTS).T
    together = world.step(states)
    assert together.shape == states.shape
    for at, start in enumerate(STARTS):
        assert together[:, at] == pytest.approx(world.step(start))


@pytest.mark.parametrize("changed", WORLDS.values(), ids=list(WORLDS))
def test_a_path_is_round_after_round_and_no_caller_is_lost_from_sight(changed):
    world = pt.Circle(**changed)
    path = world.path(60, start=(0.1, 0.2, 0.05))
    state = (0.1, 0.2, 0.05)
    for row in path.itertuples():
        assert (row.upset, row.worn, row.vacant) == pytest.approx(state, abs=1e-13)
        state = hand_round(world, *state)
    assert path["round"].tolist() == list(range(1, 61))
    assert np.allclose(path["waiting"], path["upset"] + path["new"])
    after = path["upset"].shift(-1).dropna()
    assert np.allclose((path["solved"] + path["lost"])[:-1] + after, path["waiting"][:-1])
    able = (1 - path["vacant"]) * (1 - world.breaks)
    assert np.allclose(path["calls"], np.minimum(path["waiting"], able))


def test_shares_stay_shares_from_any_start():
    rng = np.random.default_rng(7)
    for changed in WORLDS.values():
        worn, vacant = rng.dirichlet([1, 1, 1], size=200).T[:2]
        state = np.stack([rng.exponential(1, 200), worn, vacant])
        for _ in range(50):
            state = pt.Circle(**changed).step(state)
            assert (state >= 0).all()
            assert (state[1] + state[2] <= 1 + 1e-12).all()


@pytest.mark.parametrize("queue", [False, True])
@pytest.mark.parametrize("changed", WORLDS.values(), ids=list(WORLDS))
def test_the_derivative_is_that_of_the_round_told_by_hand(changed, queue):
    """Second way: central differences of the hand-made round, away from the kink."""
    world = pt.Circle(**changed)
    state = np.array([2.0, 0.4, 0.1] if queue else [0.05, 0.2, 0.02])
    waiting, able = world.demand + state[0], (1 - state[2]) * (1 - world.breaks)
    assert (waiting > able) == queue
    h = 1e-6
    after = [[np.array(hand_round(world, *(state + way * h * side))) for way in (1, -1)] for side in np.eye(3)]
    differences = np.array([(up - down) / (2 * h) for up, down in after]).T
    assert jacobian(world, state, queue) == pytest.approx(differences, abs=1e-8)


# The drawn world and its limit


@pytest.mark.parametrize("start", STARTS[:5])
@pytest.mark.parametrize("changed", WORLDS.values(), ids=list(WORLDS))
def test_one_drawn_round_is_within_chance_of_the_limit(changed, start):
    """Each share is an average over seats of events with variance at most ¼; new calls add theirs. Six standard errors."""
    world, seats = pt.Circle(**changed), 60_000
    drawn = world.draw(3, rounds=2, agents=seats, start=start)
    step = world.step(start)
    bounds = 6 * np.sqrt(np.array([world.demand + start[0] + 0.25, 0.25, 0.25]) / seats)
    assert (np.abs(drawn.loc[1, ["upset", "worn", "vacant"]].to_numpy(float) - step) < bounds).all()


@pytest.mark.parametrize(("changed", "start"), [
    pytest.param({}, (0.0, 0.3, 0.0), id="calm"), pytest.param({"demand": 0.58}, (3.0, 0.5, 0.02), id="vicious"),
    pytest.param({"demand": 0.75}, (0.0, 0.0, 0.0), id="sliding into the queue"),
    pytest.param({"demand": 0.5, "quit": 0.03, "hire": 0.05}, (2.0, 0.3, 0.2), id="many quit")])
def test_the_distance_shrinks_with_the_root_of_the_number_of_seats(changed, start):
    """Kurtz: the error is of order 1/√N, so from 500 seats to 50,000 the logs have slope −½ (chance: ±0.06)."""
    world, rounds = pt.Circle(**changed), 20
    path = world.path(rounds, start)[["upset", "worn", "vacant"]].to_numpy()
    sizes, errors = [500, 50_000], []
    for seats in sizes:
        squares = [np.mean((world.draw(seed, rounds, seats, start)[["upset", "worn", "vacant"]].to_numpy() - path) ** 2)
                   for seed in range(6)]
        errors.append(np.sqrt(np.mean(squares)))
    slope = np.polyfit(np.log(sizes), np.log(errors), 1)[0]
    assert -0.65 < slope < -0.35
    assert errors[-1] < 3 / np.sqrt(sizes[-1])


def test_a_shock_pushes_the_drawn_world_over_the_edge_as_it_does_the_limit():
    world = pt.Circle()
    calm = world.fixed_points().calm
    small, large = (49, 2, 0.05), (49, 12, 0.4)
    for shock, vicious in ((small, False), (large, True)):
        assert (world.path(400, calm, shock)["worn"].iloc[-1] > 0.4) == vicious
        drawn = world.draw(5, 400, 5_000, calm, shock)
        assert (drawn["worn"].iloc[-1] > 0.4) == vicious
        assert drawn["new"][48:60].mean() == pytest.approx(world.path(400, calm, shock)["new"][48:60].mean(), rel=0.02)
    assert world.path(60, calm, large)["new"].round(9).tolist() == [0.55] * 48 + [0.95] * 12


# Parameters and what a user may ask


def test_the_table_has_every_parameter_within_its_limits():
    table = pt.Circle(drain=0.3).table
    assert list(table["parameter"]) == [one.name for one in fields(pt.Circle)]
    assert ((table["low"] <= table["default"]) & (table["default"] <= table["high"])).all()
    assert table.set_index("parameter").loc["drain", ["value", "default"]].tolist() == [0.3, 0.15]
    assert table["source"].str.len().min() > 5


@pytest.mark.parametrize(("changed", "words"), [
    ({"demand": 0}, "demand: a number from 0.01 to 3 is needed, not 0"), ({"breaks": "often"}, "breaks: a number"),
    ({"returns": 1}, "returns: a number from 0.05 to 0.99"), ({"quit": float("nan")}, "quit: a number"),
    ({"drain": True}, "drain: a number")])
def test_a_parameter_outside_its_limits_is_told(changed, words):
    with pytest.raises(ValueError, match=words):
        pt.Circle(**changed)


@pytest.mark.parametrize(("ask", "words"), [
    (lambda world: world.step((0, 0)), "start: three numbers"), (lambda world: world.step("calm"), "start: three numbers"),
    (lambda world: world.path(5, (0, 0.7, 0.5)), "together 0 to 1"), (lambda world: world.path(5, (-1, 0, 0)), "from 0"),
    (lambda world: world.path(5, np.zeros((3, 2))), "one state of three numbers"),
    (lambda world: world.path(0), "rounds: a whole"),
    (lambda world: world.path(5, shock=(9, 1, 1)), "first round: a whole number from 1 to 5"),
    (lambda world: world.path(5, shock=3), "shock: "), (lambda world: world.path(5, shock=(1, 1, -1)), "more calls"),
    (lambda world: world.draw(-1), "seed"), (lambda world: world.draw(1, agents=0), "agents"),
    (lambda world: world.draw(1, rounds=2.5), "rounds")])
def test_what_cannot_be_is_told(ask, words):
    with pytest.raises(ValueError, match=words):
        ask(pt.Circle())


def test_the_world_is_frozen_and_keeps_the_callers_start():
    world, start = pt.Circle(), np.array([0.1, 0.1, 0.1])
    world.step(start), world.path(3, start), world.draw(1, 3, 10, start)
    assert start.tolist() == [0.1, 0.1, 0.1]
    with pytest.raises(FrozenInstanceError):
        world.demand = 1


def test_public_tables_have_the_same_columns():
    world = pt.Circle()
    assert list(world.path(2)) == list(world.draw(1, 2, 10))
    pd.testing.assert_frame_equal(world.path(2), world.path(2))


def test_the_share_who_quit_in_nine_months_is_what_the_table_says():
    """39 weeks of five days; each person is worn as often as people are, and quits with ``quit`` in each such round."""
    world = pt.Circle()
    source = world.table.set_index("parameter").loc["quit", "source"]
    found = world.fixed_points().table.set_index("kind")
    for kind in ("calm", "vicious"):
        worn = found.loc[kind, "worn"] / (1 - found.loc[kind, "vacant"])
        assert f"{1 - (1 - world.quit * worn) ** (39 * 5 * 48):.0%}".replace("%", " %") in source
