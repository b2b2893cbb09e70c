"""Tipping points: against R, against the conditions for a fold and a kink solved on their own, and against iteration."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import root
from tests.worlds.circle_by_hand import hand_round
from tests.worlds.test_circle_states import CASES, ORACLES, made_up, world_of

import pebbletrail as pt

TURNS = pd.read_csv(ORACLES / "circle-turns.csv", comment="#")


@pytest.mark.parametrize("case", TURNS["case"].unique())
def test_tipping_points_are_those_found_in_r(case):
    """tests/oracles/circle.R: the demand that keeps so many upset callers, highest and lowest by ``optimize``."""
    told = TURNS[TURNS["case"] == case]
    found = world_of(case).tipping().table
    # optimize leaves 2e-9 at a kink, where the demand has a corner
    assert found["demand"].to_numpy() == pytest.approx(told["demand"].to_numpy(), rel=5e-9)
    assert ["above" in what for what in found["what"]] == (told["kind"] == "highest").tolist()


def test_a_world_without_tipping_says_so():
    world = world_of("no_tipping")
    ends = world.tipping()
    assert (ends.calm_ends, ends.vicious_ends, len(ends.table)) == (None, None, 0)
    assert "Nothing tips" in ends.text
    assert world.levers().table[["calm_ends", "vicious_ends", "calm_change"]].isna().all(axis=None)
    assert "no lever" in world.levers().text


@pytest.fixture(scope="module")
def formulas():
    """The change in a round and its derivative by the state, on each side of the kink, by calculus."""
    sympy = pytest.importorskip("sympy")
    a, w, v, d = sympy.symbols("a w v d", positive=True)
    names = [name for name in CASES.columns if name != "demand"]
    p = dict(zip(names, sympy.symbols(names), strict=True))
    sides = {}
    for side, calls in (("idle", d + a), ("queue", (1 - v) * (1 - p["breaks"]))):
        u, share = a / (d + a), calls / (1 - v)  # share: of the people who are there, those who answer
        s00, s01 = p["resolve"], p["resolve"] * (1 - p["upset_loss"])
        s10, s11 = s00 * (1 - p["worn_loss"]) * (1 - p["rub"]), s01 * (1 - p["worn_loss"])
        solved = share * ((1 - v - w) * ((1 - u) * s00 + u * s01) + w * ((1 - u) * s10 + u * s11))
        up = (1 - v - w) * share * u * p["drain"] * (1 - p["autonomy"] * p["relief"])
        down = w * (p["breaks"] * p["rest"] + (1 - p["breaks"] - share) * p["lull"] + share * (1 - u) * s10 * p["thanks"])
        end = w + up - down
        change = sympy.Matrix([p["returns"] * (d + a - solved) - a, (1 - p["quit"]) * end - w,
                               p["quit"] * end - p["hire"] * v])
        sides[side] = sympy.lambdify((a, w, v, d, *p.values()), [list(change), change.jacobian([a, w, v])])
    return sides, names


@pytest.mark.parametrize("case", ["usual", "many_breaks", "many_quit", "few_hired", "queue_only", "thankful"])
def test_folds_and_kinks_solve_their_own_equations(formulas, case):
    """A fold: no change, and one eigenvalue is 1: F = 0, det(J − I) = 0. A kink: F = 0, and all agents just busy.

    Solved by MINPACK from a start some percent off, with the derivative from sympy.
    """
    (sides, names), world = formulas, world_of(case)
    values = [getattr(world, name) for name in names]
    for row in world.tipping().table.itertuples():
        side = sides["queue" if row.upset + row.demand > (1 - row.vacant) * (1 - world.breaks) + 1e-12 else "idle"]

        def equations(x, side=side, kink=row.how == "kink"):
            change, derivative = side(*x, *values)
            spare = (1 - x[2]) * (1 - world.breaks) - x[3] - x[0]
            return [*change, spare if kink else 100 * np.linalg.det(derivative)]

        ours = np.array([row.upset, row.worn, row.vacant, row.demand])
        assert np.abs(equations(ours)).max() < 1e-9
        found = root(equations, ours * [1.02, 0.98, 1.02, 1.005], tol=1e-14)
        assert found.x == pytest.approx(ours, rel=1e-6)
        assert found.x[3] == pytest.approx(row.demand, rel=1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_states_are_there_on_one_side_of_a_tipping_point_and_gone_on_the_other(seed):
    """By iteration of the hand-made round alone, from a fresh morning and from the worst one."""
    world = replace(made_up(300 + seed, tips=True), quit=0.0)  # without quits the two paths only rise, or only fall
    ends = world.tipping()
    if ends.calm_ends is None:
        pytest.skip("without quits this one does not tip")
    for demand, fresh_is_worst in ((ends.calm_ends * 0.998, False), (ends.calm_ends * 1.002, True)):
        low, high = settled(replace(world, demand=demand))
        assert (high - low < 1e-4) == fresh_is_worst
    for demand, worst_is_fresh in ((ends.vicious_ends * 1.002, False), (ends.vicious_ends * 0.998, True)):
        low, high = settled(replace(world, demand=demand))
        assert (high - low < 1e-4) == worst_is_fresh


def settled(world):
    """The share of callers upset in the end, from nobody upset and worn, and from everybody."""
    low, high = (0.0, 0.0, 0.0), (world.returns * world.demand / (1 - world.returns), 1.0, 0.0)
    for _ in range(20_000):
        lower, higher = hand_round(world, *low), hand_round(world, *high)
        moved = max(abs(lower[0] - low[0]), abs(higher[0] - high[0]))
        low, high = lower, higher
        if moved < 1e-11:
            break
    return tuple(state[0] / (state[0] + world.demand) for state in (low, high))


def test_the_calm_state_ends_smoothly_at_the_defaults_and_at_a_kink_with_more_breaks():
    breaks = np.arange(0, 0.41, 0.02)
    table = pt.Circle().lever("breaks", breaks)
    assert table["how"].tolist() == ["fold"] * 6 + ["kink"] * 15
    best = table.loc[table["calm_ends"].idxmax()]
    assert best["breaks"] == pytest.approx(0.16)  # more breaks rest people, and answer fewer calls
    assert table["calm_ends"].iloc[0] < best["calm_ends"] > table["calm_ends"].iloc[-1]
    assert (table["vicious_ends"] < table["calm_ends"]).all()


def test_each_lever_moves_the_tipping_points_as_a_world_with_that_change_has_them():
    world = pt.Circle(autonomy=0.2)
    found = world.levers(0.2)
    now = world.tipping()
    table = found.table.set_index("lever")
    assert table.loc["staffing", ["calm_change", "vicious_change"]].tolist() == pytest.approx([20, 20])
    expected = {"resolve": 0.88, "autonomy": 0.4, "drain": 0.12, "breaks": 0.12, "quit": 0.00008, "rest": 0.72}
    for name, value in expected.items():
        then = replace(world, **{name: value}).tipping()
        assert table.loc[name, "changed_to"] == pytest.approx(value)
        assert table.loc[name, "calm_ends"] == pytest.approx(then.calm_ends, rel=1e-9)
        assert table.loc[name, "vicious_change"] == pytest.approx(100 * (then.vicious_ends / now.vicious_ends - 1), abs=1e-9)
    assert found.table["calm_change"].is_monotonic_decreasing
    assert "returns" not in table.index
    assert found.text.startswith("20 % more staff bears 20 % more calls")


@pytest.mark.parametrize(("ask", "words"), [
    (lambda world: world.lever("weather", [1]), "'weather' is not a lever; there are resolve"),
    (lambda world: world.lever("breaks", [0.9]), "breaks: a number from 0 to 0.6"),
    (lambda world: world.levers(0), "change: a number from 0.001")])
def test_levers_that_are_none_are_told(ask, words):
    with pytest.raises(ValueError, match=words):
        ask(pt.Circle())


def test_a_fold_announces_itself_and_a_kink_does_not():
    """Just below the end of the calm state: how long a disturbance lasts, against 5 % further below."""
    lasts = {}
    for how, breaks in (("fold", 0.08), ("kink", 0.2)):
        world = pt.Circle(breaks=breaks)
        ends = world.tipping()
        assert ends.table["how"].iloc[0] == how
        near, far = (replace(world, demand=share * ends.calm_ends).fixed_points().table.iloc[0]["halving_within_day"]
                     for share in (0.9999, 0.95))
        lasts[how] = near / far
    assert lasts["fold"] > 4
    assert lasts["kink"] < 1.6
