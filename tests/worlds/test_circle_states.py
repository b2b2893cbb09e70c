"""The states that stay: none missed, none invented, and stable or not as an independent computation says."""

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import root
from tests.worlds.circle_by_hand import hand_round

import pebbletrail as pt
from pebbletrail.worlds.circle.curve import Curve

ORACLES = Path(__file__).resolve().parents[1] / "oracles"
STATE = ["upset", "worn", "vacant"]
CASES = pd.read_csv(ORACLES / "circle-cases.csv", comment="#").set_index("case")


def world_of(case):
    return pt.Circle(**CASES.loc[case].to_dict())


def made_up(seed, tips=False):
    """A world with every parameter at random, and its demand where things happen; ``tips``: one that has a tipping point."""
    rng = np.random.default_rng(seed)
    while True:
        values = {one.name: rng.uniform(one.metadata["low"], one.metadata["high"]) for one in fields(pt.Circle)}
        values |= {"quit": rng.uniform(0, 0.02), "hire": rng.uniform(0.02, 0.2), "thanks": rng.uniform(0, 0.4),
                   "returns": rng.uniform(0.8, 0.99), "demand": rng.uniform(0.1, 1)}
        world = pt.Circle(**values)
        ends = world.tipping()
        if ends.calm_ends is not None:
            return replace(world, demand=min(rng.uniform(*sorted((ends.vicious_ends, ends.calm_ends))), 3))
        if not tips:
            return world


@pytest.mark.parametrize("case", CASES.index)
def test_states_and_stability_are_those_found_in_r(case):
    """tests/oracles/circle.R: its own round, uniroot over upset callers, eigenvalues of central differences."""
    told = pd.read_csv(ORACLES / "circle-states.csv", comment="#").query("case == @case")
    found = world_of(case).fixed_points().table
    assert len(found) == len(told)
    assert found[STATE].to_numpy() == pytest.approx(told[STATE].to_numpy(), rel=1e-9)
    assert found["eigenvalue"].to_numpy() == pytest.approx(told["largest"].to_numpy(), abs=2e-6)
    assert (found["stable"].to_numpy() == (told["largest"] < 1).to_numpy()).all()


@pytest.mark.parametrize("seed", range(8))
def test_no_state_is_missed_by_an_independent_solver_from_many_starts(seed):
    """MINPACK's hybrid method on the hand-made round, from 120 starts."""
    world, rng = made_up(seed, tips=seed % 2 == 0), np.random.default_rng(seed)
    ours = world.fixed_points().table[STATE].to_numpy()
    for state in ours:
        assert hand_round(world, *state) == pytest.approx(state, rel=1e-9, abs=1e-10)
    met = np.zeros(len(ours), bool)
    most = world.returns * world.demand / (1 - world.returns)
    for _ in range(120):
        worn, vacant, _ = rng.dirichlet([1, 1, 1])
        start = (most * 10 ** rng.uniform(-4, 0), worn, vacant)
        found = root(lambda state: np.subtract(hand_round(world, *state), state), start, tol=1e-12)
        inside = (found.x > -1e-9).all() and found.x[1:].sum() <= 1
        if found.success and inside and np.abs(found.fun).max() < 1e-11:
            near = np.abs(ours - found.x).max(axis=1) < 1e-5 * (1 + found.x[0])
            assert near.any(), found.x
            met |= near
    assert met.all()


@pytest.mark.parametrize("case", ["usual", "below_tip", "many_quit", "few_hired", "queue_only", *range(5)])
def test_every_start_ends_in_a_stable_state_and_every_stable_state_is_reached(case):
    """45 starts, iterated until they stand: no cycles, no other ends."""
    world = world_of(case) if isinstance(case, str) else made_up(100 + case)
    # vacancies settle slowly: the same states are reached if people quit and are hired faster in the same proportion
    leave, pace = world.quit / (1 - world.quit), min(0.2 / world.hire, 0.02 * (1 - world.quit) / max(world.quit, 1e-9))
    if pace > 1:
        world = replace(world, quit=pace * leave / (1 + pace * leave), hire=pace * world.hire)
    found = world.fixed_points().table
    stable = found.loc[found["stable"], STATE].to_numpy()
    most = world.returns * world.demand / (1 - world.returns)
    starts = [(a, w, v) for a in np.array([0, 0.02, 0.1, 0.3, 1]) * most for w in (0, 0.4, 0.9) for v in (0, 0.05, 0.1)]
    state = np.array(starts).T
    for _ in range(2_500):
        state = world.step(state)
    ends = np.abs(state.T[:, None, :] - stable).max(axis=2) < 1e-3 * (1 + most)
    assert ends.any(axis=1).all()
    assert ends.any(axis=0).all()


@pytest.mark.parametrize("seed", range(40))
def test_demand_rises_along_the_curve_where_the_state_is_stable(seed):
    """Stability from the eigenvalues, against the geometry: a stable state moves up with demand, a dividing one down."""
    world = made_up(1000 + seed, tips=seed % 4 > 0)
    curve = Curve(world)
    found = world.fixed_points().table
    for row in found.itertuples():
        h = 1e-7 * row.upset_share
        rises = curve.demand(row.upset_share + h) > curve.demand(row.upset_share - h)
        assert row.stable == rises
    assert len(found) % 2 == 1
    assert (found["stable"] == (np.arange(len(found)) % 2 == 0)).all()
    assert found["upset"].is_monotonic_increasing


@pytest.mark.parametrize("demand", [0.2, 0.5, 0.55, 0.58, 0.7])
def test_the_curve_of_all_states_is_the_demand_that_keeps_them(demand):
    """Each place on the curve, put into a world with its demand, does not move."""
    curve = Curve(pt.Circle(breaks=0.15, quit=0.002))
    for share in np.linspace(curve.lowest, curve.highest, 25)[1:-1]:
        needed = float(curve.demand(share))
        if 0.01 <= needed <= 3:
            world = pt.Circle(breaks=0.15, quit=0.002, demand=needed)
            state = curve.state(share)
            assert hand_round(world, *state) == pytest.approx(state, abs=1e-12)
            assert state[0] / (needed + state[0]) == pytest.approx(share)
    shares = curve.shares_at(demand)
    assert curve.demand(np.array(shares)) == pytest.approx(np.full(len(shares), demand), rel=1e-9)


@pytest.mark.parametrize(("changed", "kinds"), [
    ({}, ["calm", "tipping", "vicious"]), ({"demand": 0.4}, ["calm"]), ({"demand": 0.8}, ["vicious"]),
    ({"returns": 0.6, "drain": 0.02}, ["only"])])
def test_states_are_called_by_what_they_are(changed, kinds):
    found = pt.Circle(**changed).fixed_points()
    assert list(found.table["kind"]) == kinds
    assert (found.table["queue"] == (found.table["waiting"] > found.table["calls"] + 1e-12)).all()
    for kind in ("calm", "tipping", "vicious"):
        state = getattr(found, kind)
        assert (state is None) == (kind not in kinds)
        if state:
            assert found.world.step(state) == pytest.approx(state, abs=1e-12)
    assert f"{len(kinds) // 2 + 1 if len(kinds) > 1 else 'one'} stable state" in found.text


@pytest.mark.parametrize("case", ["usual", "many_quit", "queue_only"])
def test_half_of_a_disturbance_is_left_when_it_says_so(case):
    """Second way: a small push away from the calm state, iterated."""
    world = world_of(case)
    row = world.fixed_points().table.iloc[0]
    calm = row[STATE].to_numpy(float)
    state, sizes = calm + np.array([1e-6, 1e-6, 1e-6]), []
    for _ in range(6 * int(row["halving"])):
        state = world.step(state)
        sizes.append(np.abs(state - calm).max())
    late = len(sizes) // 2  # by then only the slowest part is left
    halving = np.log(0.5) / (np.log(sizes[-1] / sizes[late]) / (len(sizes) - 1 - late))
    assert halving == pytest.approx(row["halving"], rel=0.01)


def test_on_the_kink_both_sides_are_looked_at():
    """Demand such that the calm state has every agent busy and nobody waits in vain: it ends at a kink here."""
    ends = pt.Circle(breaks=0.2).tipping()
    assert ends.table["how"].iloc[0] == "kink"
    world = pt.Circle(breaks=0.2, demand=ends.calm_ends)
    row = world.fixed_points().table.iloc[0]
    assert row["waiting"] == pytest.approx((1 - row["vacant"]) * 0.8, abs=1e-9)
    assert row["kind"] == "tipping"
    assert not row["stable"]
    state = row[STATE].to_numpy(float)
    sizes = [np.abs(np.linalg.eigvals(differences(world, state, side))).max() for side in (-1, 1)]
    assert sizes[0] < 1 < sizes[1]
    assert row["eigenvalue"] == pytest.approx(max(sizes), abs=1e-4)


def differences(world, state, side, h=1e-7):
    """One-sided differences of the hand-made round: below (−1) or above (1) the load at which all are busy."""
    # more upset callers, and more vacant seats, lead into the queue
    steps = np.diag([side * h, h, side * h])
    here = np.array(hand_round(world, *state))
    return np.array([(np.array(hand_round(world, *(state + step))) - here) / step.sum() for step in steps]).T
