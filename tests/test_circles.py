"""Page 5: its own arithmetic, run here, against other routes; and its lessons over other seeds."""

from math import log
from pathlib import Path

import numpy as np
import pandas as pd
import pingouin
import pytest
from scipy import stats

import pebbletrail as pt
from page_cells import run_cells
from pebbletrail.explorers.circle import spend

# the cells of the page that compute, in order
CELLS = ("setup", "load", "interval", "three", "williams", "world", "round-one", "round-two", "states", "push", "tip-hand",
         "tip", "warning", "levers", "spill", "tough", "same-round", "together", "side")
CENTRE = {"demand": 0.55, "breaks": 10, "autonomy": 0.0, "resolve": 85, "drain": 15, "morning": 0}


@pytest.fixture(scope="module")
def page():
    return run_cells(5, CELLS)


# --- the survey -----------------------------------------------------------------------------------------------------

def test_the_test_by_hand_is_psychs(page):
    """tests/oracles/measures.R holds these very correlations."""
    oracle = pd.read_csv(Path(__file__).parent / "oracles" / "measures-dependent.csv", comment="#")
    (row,) = oracle[(oracle["test"] == "t") & (oracle["r12"] == page["r_quality"])].itertuples()
    assert (row.r13, row.r23, row.n) == (page["r_productivity"], page["between"], 305)
    assert page["williams"](page["r_quality"], page["r_productivity"], page["between"], 305) == pytest.approx(row.statistic)


@pytest.mark.parametrize("r", [-0.362, -0.181, -0.126, -0.193])
def test_the_interval_by_hand_is_pingouins(page, r):
    theirs = pingouin.compute_esci(stat=r, nx=305, ny=305, eftype="r", decimals=6)
    assert page["interval"](r, 305) == pytest.approx(theirs, abs=1e-4)  # 1.96 there stands for 1.959964


def test_the_table_is_one_of_correlations(page):
    scales = page["scales"]
    R = scales[scales.index].to_numpy()
    assert np.array_equal(R, R.T)
    assert np.array_equal(np.diag(R), np.ones(17))
    assert np.linalg.eigvalsh(R).min() > 0
    assert set(scales["n"]) == {305}


def test_a_scale_of_both_kinds_and_the_regressions_are_those_of_the_matrix(page):
    scales, names = page["scales"], page["names"]
    sd = scales.loc[names, "sd"].to_numpy()
    cov = scales.loc[names, names].to_numpy() * np.outer(sd, sd)
    both = np.array([0, 0, 0.5, 0.5])
    spread = np.sqrt(both @ cov @ both)
    for at, outcome in enumerate(("quality", "productivity")):
        assert page["both"].cor.loc["burnout", outcome] == pytest.approx((cov @ both)[at] / spread / sd[at], abs=1e-12)
        slopes = np.linalg.solve(cov[2:, 2:], cov[2:, at])
        left = (cov[at, at] - slopes @ cov[2:, at]) * 304 / 302
        errors = np.sqrt(np.diag(np.linalg.inv(cov[2:, 2:])) * left / 304)
        table = page["beside"](outcome)
        assert table["estimate"].to_numpy() == pytest.approx(slopes, abs=0.005)  # the page rounds to two decimals
        assert table["ci_low"].to_numpy() == pytest.approx(slopes - 1.9678 * errors, abs=0.0051)


def test_a_quarter_of_the_reliability_would_halve_a_correlation(page):
    assert (page["r_productivity"] / page["r_quality"]) ** 2 == pytest.approx(0.25)


# --- the world ------------------------------------------------------------------------------------------------------

def test_two_rounds_by_hand_are_the_worlds(page):
    second, third = page["world"].path(rounds=3).iloc[[1, 2]].itertuples()
    by_hand = [page["waiting"], page["solved"], page["upset"]]
    assert by_hand == pytest.approx([second.waiting, second.solved, third.upset], abs=1e-12)
    assert page["worn_out"] * (1 - page["world"].quit) == pytest.approx(third.worn, abs=1e-12)


def test_starting_from_both_sides_brackets_the_tipping_points(page):
    """Where the two starts end apart both states are there; the library's ends lie in the gaps between the demands."""
    apart = [abs(a - b) > 0.5 for a, b in zip(page["fresh"], page["vicious"], strict=True)]
    assert apart == [False, False, True, True, True, False]
    assert 0.49 < page["tip"].vicious_ends < 0.52
    assert 0.58 < page["tip"].calm_ends < 0.61


def test_a_push_dies_out_at_the_calm_state_as_fast_as_told_and_grows_between(page):
    world = pt.Circle(quit=0)  # without vacancies, whose slow return would hide how fast the rest comes back
    state = world.fixed_points()
    path = world.path(62, start=(state.calm[0] + 1e-4, *state.calm[1:]))
    off = np.hypot(path["upset"] - state.calm[0], path["worn"] - state.calm[1]).to_numpy()
    assert log(2) / log(off[60] / off[61]) == pytest.approx(state.table.iloc[0]["halving_within_day"], rel=0.01)
    assert page["pushed"]("calm")[1] < 0.001 < 0.3 < page["pushed"]("tipping")[1]


def test_recovery_slows_down_towards_a_fold_and_hardly_towards_a_kink(page):
    """At a fold the time to recover goes with one over the root of the distance: a quarter of it, twice the time."""
    assert [page["minutes"](near, 0.1) for near in page["steps"]] == [57, 83, 115, 221, 433]
    world = {"quit": 0, "breaks": 0.05}  # a smooth edge, and no vacancies
    edge = pt.Circle(**world).tipping()
    assert edge.table["how"].iloc[0] == "fold"
    near = [pt.Circle(**world, demand=edge.calm_ends - off).fixed_points().table["halving_within_day"].iloc[0]
            for off in (4e-5, 1e-5)]
    assert near[1] / near[0] == pytest.approx(2, rel=0.02)
    kink = pt.Circle(breaks=0.15).tipping()
    assert kink.table["how"].iloc[0] == "kink"
    assert [page["minutes"](near, 0.15) for near in page["steps"]] == [52, 73, 94, 137, 157]
    assert page["minutes"](1 - 1e-6, 0.15) < 170


@pytest.mark.parametrize(("lever", "value"), [("resolve", 0.865), ("drain", 0.135), ("autonomy", 0.1), ("breaks", 0.11)])
def test_a_lever_is_another_world_with_its_own_edge(page, lever, value):
    """Just inside the told edge a fresh morning stays calm, just outside it does not."""
    edge = page["levers"].table.set_index("lever").loc[lever, "calm_ends"]
    ends = [pt.Circle(**{lever: value}, demand=edge * near).path(20_000)["upset"].iloc[-1] for near in (0.995, 1.005)]
    assert ends[0] < 0.5
    assert ends[1] > 2


def test_what_the_reader_is_told_of_the_game_is_so():
    def end(**moved):
        return spend(**{**CENTRE, **moved}).ends[0]

    assert [end(morning=70), end(morning=75)] == ["calm", "vicious"]
    assert [end(demand=0.58, morning=45), end(demand=0.58, morning=50)] == ["calm", "vicious"]
    assert end(demand=0.6) == "vicious"
    assert {end(demand=0.6, **one) for one in ({"resolve": 87}, {"autonomy": 0.3}, {"drain": 12})} == {"calm"}
    assert {end(demand=0.6, breaks=share) for share in range(41)} == {"vicious"}
    assert [share for share in range(41) if end(demand=0.59, breaks=share) == "calm"] == list(range(12, 20))


@pytest.mark.parametrize("seed", [20, 30])
def test_small_centres_fall_by_luck_and_large_ones_do_not(page, seed):
    edge = page["states"].tipping[0]
    fallen = {agents: sum(page["world"].draw(one, rounds=1200, agents=agents)["upset"].iloc[-1] > edge
                          for one in range(seed, seed + 5)) for agents in (20, 1000)}
    assert fallen[20] >= 4
    assert fallen[1000] == 0


@pytest.mark.parametrize(("world", "minutes", "ends"), [
    ({}, (20, 30), (0.19, 2.49)), ({"autonomy": 0.5}, (50, 60), (0.16, 1.73))])
def test_how_long_an_outage_is_survived_from_the_calm_state(world, minutes, ends):
    """Round after round by step(), without path()."""
    centre, busy = pt.Circle(**world), pt.Circle(**world, demand=0.95)
    for lasts, end in zip(minutes, ends, strict=True):
        state = np.array(centre.fixed_points().calm)
        for at in range(959):
            state = (busy if at < lasts // 10 else centre).step(state)
        assert round(state[0], 2) == end


def test_a_short_strong_relief_frees_a_centre_and_a_small_lasting_one_does_not():
    state = pt.Circle().fixed_points().vicious
    relieved = pt.Circle(demand=0.15).path(13, start=state).iloc[-1][["upset", "worn", "vacant"]]
    assert pt.Circle().path(960, start=tuple(relieved))["upset"].iloc[-1] < 0.25
    assert pt.Circle(demand=0.51).path(20_000, start=state)["upset"].iloc[-1] > 1


def test_two_loops_and_what_breaks_do():
    alone = pt.Circle(drain=0.001).tipping()
    assert [round(alone.vicious_ends, 3), round(alone.calm_ends, 3)] == [0.724, 0.746]
    shares = np.linspace(0, 0.4, 41)
    assert pt.Circle(lull=0.6).lever("breaks", shares)["calm_ends"].idxmax() == 0
    assert pt.Circle().lever("breaks", shares)["calm_ends"].idxmax() == 15


def test_averages_warn_too():
    calm = {demand: pt.Circle(demand=demand).fixed_points().table.iloc[0] for demand in (0.5, 0.58)}
    assert [round(row["upset"], 3) for row in calm.values()] == [0.152, 0.259]
    assert [round(100 * row["worn"]) for row in calm.values()] == [13, 29]


def test_noise_alone_would_need_between_a_twentieth_and_six_tenths_of_the_reliability():
    """By 20,000 drawn samples of 305 people with the three correlations."""
    rng, R = np.random.default_rng(3), np.array([[1, -0.362, -0.181], [-0.362, 1, 0.523], [-0.181, 0.523, 1]])
    cross = stats.wishart(304, R / 304).rvs(20_000, random_state=rng)
    ratio = (cross[:, 0, 2] / cross[:, 0, 1]) ** 2 * cross[:, 1, 1] / cross[:, 2, 2]
    assert np.quantile(ratio, [0.025, 0.975]) == pytest.approx([0.05, 0.59], abs=0.01)


# --- the next customer ------------------------------------------------------------------------------------------------

def test_same_round_is_a_regression_with_a_dummy_for_each_round(page):
    rows = page["bad_morning"]
    rows = rows[(rows["since"] == 1) & rows["round"].between(50, 80)].reset_index(drop=True)
    rounds = pd.get_dummies(rows["round"], dtype=float)
    X = np.column_stack([rows["previous_upset"], rounds])
    slope = np.linalg.lstsq(X, rows["solved"].to_numpy(float), rcond=None)[0][0]
    assert page["same_round"](rows) == pytest.approx(slope, abs=1e-9)


@pytest.mark.parametrize("seed", [2, 3, 4])
def test_a_bad_morning_looks_like_a_spillover_until_rounds_are_compared(page, seed):
    calls = page["tough"].calls(seed=seed, rounds=144, shock=(50, 24, 0.6))
    plain = calls.groupby("previous_upset")["solved"].mean().diff().iloc[-1]
    assert plain < -0.05
    assert abs(page["same_round"](calls)) < 0.012  # three standard errors of a share from some 80,000 calls in few rounds


@pytest.mark.parametrize("seed", [2, 3])
def test_in_the_calm_state_the_plain_comparison_is_the_truth(page, seed):
    calls = page["world"].calls(seed=seed, start=page["states"].calm)
    truth = page["world"].spillover()
    assert calls.groupby("previous_upset")["solved"].mean().diff().iloc[-1] == pytest.approx(truth.estimate, abs=0.006)
    direct = truth.table["estimate"].iloc[0] * truth.table["estimate"].iloc[2]  # no break between the two calls
    assert page["same_round"](calls) == pytest.approx(direct, abs=0.007)
