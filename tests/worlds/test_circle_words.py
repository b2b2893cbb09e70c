"""What the circle says of its states, and its tipping points: true in usual worlds, odd ones and rare ones."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from tests.worlds.circle_by_hand import hand_round
from tests.worlds.test_circle_states import ORACLES, made_up, world_of
from tests.worlds.test_circle_tipping import TURNS, settled

import pebbletrail as pt
from pebbletrail.ledger_table import ledger
from pebbletrail.words import said

STATES = pd.read_csv(ORACLES / "circle-states.csv", comment="#")
# two rare worlds whose curve turns four times: two S, one over the other, and two S side by side
STAIRS = {"breaks": 0.145, "autonomy": 0.22, "resolve": 0.95, "worn_loss": 0.245, "upset_loss": 0.67, "drain": 0.8,
          "relief": 0.29, "rest": 0.047, "lull": 0, "thanks": 0.35, "rub": 0.66, "returns": 0.99, "quit": 0.0155,
          "hire": 0.002}
THREE = {"breaks": 0.277, "autonomy": 0.999, "resolve": 0.986, "worn_loss": 0.313, "upset_loss": 0.553, "drain": 0.857,
         "relief": 0.624, "rest": 0.092, "lull": 0.02, "thanks": 0.376, "rub": 0.601, "returns": 0.921, "quit": 0.018,
         "hire": 0.002}
# and one in which the next state up is not the uppermost
STEP = {"breaks": 0.256, "autonomy": 0.747, "resolve": 0.989, "worn_loss": 0.713, "upset_loss": 0.409, "drain": 0.439,
        "relief": 0.53, "rest": 0.094, "lull": 0, "thanks": 0.452, "rub": 0.21, "returns": 0.935, "quit": 0.01,
        "hire": 0.004}


@pytest.mark.parametrize(("demand", "kinds"), [(0.02, ["between"]), (0.0272, ["between", "tipping", "vicious"])])
def test_with_four_tipping_points_there_is_a_state_in_between(demand, kinds):
    """A rare and odd world, one of two met in 3,000 at random."""
    world = pt.Circle(demand=demand, **STAIRS)
    found = world.fixed_points()
    assert list(found.table["kind"]) == kinds
    assert found.table["stable"].tolist() == [kind != "tipping" for kind in kinds]
    ends = world.tipping()
    assert (ends.calm_ends, ends.vicious_ends) == tuple(ends.table["demand"].iloc[[0, 3]])
    assert len(ends.table) == 4
    assert "4 tipping points" in ends.text


def test_three_stable_states_have_two_edges_and_the_text_tells_both():
    found = pt.Circle(demand=0.057, **THREE).fixed_points()
    assert found.table["stable"].tolist() == [True, False, True, False, True]
    for _, row in found.table.iterrows():
        state = row[["upset", "worn", "vacant"]].to_numpy(float)
        assert hand_round(found.world, *state) == pytest.approx(state, abs=1e-12)
        assert f"{said(row['upset'])} upset callers a seat" in found.text
    assert "there are 3 stable states" in found.text
    assert found.text.count("and near") == 1


@pytest.mark.parametrize("changed", [STAIRS, THREE], ids=["stairs", "three"])
def test_with_four_tipping_points_each_branch_is_there_where_the_text_says(changed):
    """Second way: the states at demands on either side of each told end, which the hand-made round leaves as they are."""
    ends = pt.Circle(**changed, demand=0.05).tipping()
    at = ends.table["demand"].tolist()
    assert f"the calm one is there up to {said(at[0])}, one in between from {said(at[1])} to {said(at[2])}" in ends.text
    assert f"the vicious one from {said(at[3])} on" in ends.text
    assert "4 tipping points, and 3 kinds of stable states" in ends.text
    for demand in (0.01, 0.02, 0.027, 0.04, 0.05, 0.056, 0.07, 0.09):
        world = pt.Circle(**changed, demand=demand)
        kinds = set(world.fixed_points().table.query("stable")["kind"])
        assert kinds == {kind for kind, there in (("calm", world.demand < at[0]), ("between", at[1] < world.demand < at[2]),
                                                  ("vicious", world.demand > at[3])) if there}
        for _, row in world.fixed_points().table.iterrows():
            state = row[["upset", "worn", "vacant"]].to_numpy(float)
            assert hand_round(world, *state) == pytest.approx(state, abs=1e-12)


# States


def stable_rows(seeds):
    """Stable states of worlds at random, with names as the text gives them."""
    for seed in seeds:
        found = made_up(seed, tips=seed % 3 > 0).fixed_points()
        names = re.findall(r"(?:: |; )([a-z ]+) \(", found.text.split("Between")[0].split("Push")[0])
        rows = found.table.query("stable")
        assert len(names) == len(rows)
        yield from zip(names, rows.to_dict("records"), strict=True)


def test_a_state_is_named_by_what_goes_on_in_it():
    seen = set()
    for name, row in stable_rows(range(2_000, 2_080)):
        seen.add(name)
        answered = row["calls"] > row["waiting"] * (1 - 1e-9)
        upset = row["upset"] / row["waiting"]
        tired = row["worn"] / (1 - row["vacant"])
        assert answered == (name in ("calm", "strained"))
        assert (upset < 0.4) == (name in ("calm", "overloaded"))
        if name.startswith("vicious"):
            assert (tired < 1 / 3) == (name == "vicious queue")
    assert seen >= {"calm", "strained", "vicious", "vicious queue"}


def test_the_text_has_the_numbers_found_in_r():
    told, rows = pt.Circle().fixed_points().text, STATES.query("case == 'usual'")
    calm, edge, vicious = rows.itertuples()
    for name, row in (("calm", calm), ("vicious", vicious)):
        assert f"{name} ({row.upset:.3g} upset callers a seat, {100 * row.worn:.3g} % of seats worn, " in told
    assert f"the way divides near {edge.upset:.3g} upset callers a seat with {100 * edge.worn:.3g} % of seats worn" in told
    slow = np.log(0.5) / np.log(calm.largest)
    assert f"{slow:.0f} rounds ({slow / 48:.1f} working days)" in told


def test_within_a_day_means_that_vacant_seats_stand_still():
    """Second way: a push to callers and agents, with seats that nobody leaves and nobody fills."""
    found = pt.Circle().fixed_points()
    row, calm = found.table.iloc[0], np.array(found.calm)
    state, sizes = calm + np.array([1e-5, 0, 0]), []
    for _ in range(80):
        state = np.array([*hand_round(found.world, *state)[:2], calm[2]])
        sizes.append(state[0] - calm[0])
    lasts = np.log(0.5) / (np.log(sizes[79] / sizes[39]) / 40)
    assert row["halving_within_day"] == pytest.approx(lasts, rel=1e-3)
    assert f"after {lasts:.1f} rounds ({lasts / 6:.2f} hours)".replace(".0 rounds", " rounds") in found.text


# Tipping points


def test_the_text_has_the_edges_found_in_r():
    highest, lowest = TURNS.query("case == 'usual'")["demand"]
    told = pt.Circle().tipping().text
    assert told.startswith(f"Above {highest:.3g} calls a seat and round the calm state is gone.")
    assert f"gone only below {lowest:.3g}, {100 * (highest - lowest) / highest:.3g} % fewer calls" in told


@pytest.mark.parametrize("case", TURNS["case"].unique())
def test_how_busy_agents_are_at_an_edge_counts_upset_callers_too(case):
    """Second way: the share of those not at rest who have a call in one round of the path."""
    world = world_of(case)
    for row in world.tipping().table.itertuples():
        first = replace(world, demand=row.demand).path(1, (row.upset, row.worn, row.vacant)).iloc[0]
        assert row.busy == pytest.approx(first["calls"] / ((1 - row.vacant) * (1 - world.breaks)), abs=1e-9)
        if row.how == "kink":
            assert row.busy == pytest.approx(1, abs=1e-9)


def test_a_lower_branch_that_is_not_calm_at_its_end_is_not_called_so():
    ends = pt.Circle(demand=0.3, resolve=0.7, drain=0.4, breaks=0).tipping()
    first = ends.table.iloc[0]
    assert first["upset"] / (first["upset"] + first["demand"]) > 0.4
    assert "calm" not in ends.text
    assert first["what"] == "lower state gone above"


@pytest.mark.parametrize(("changed", "edges"), [
    ({"drain": 0.001}, (0.746, 0.724)), ({"worn_loss": 0.01}, (0.728, 0.686)), ({"upset_loss": 0}, (0.643, 0.580)),
    ({"drain": 0.001, "upset_loss": 0}, None)])
def test_each_of_the_two_loops_tips_without_the_other_and_nothing_does_without_both(changed, edges):
    """Second way: the hand-made round from a fresh morning and from the worst, on either side of the told edges."""
    world = pt.Circle(**changed)
    ends = world.tipping()
    if edges is None:
        assert ends.calm_ends is None
        for demand in np.linspace(0.6, 0.85, 11):
            low, high = settled(replace(world, demand=demand, quit=0))
            assert high - low < 1e-4
        return
    assert (ends.calm_ends, ends.vicious_ends) == pytest.approx(edges, abs=6e-4)
    still = replace(world, quit=0)  # vacancies would take months to settle
    above, below = still.tipping().calm_ends, still.tipping().vicious_ends
    apart = [high - low > 0.01 for low, high in
             (settled(replace(still, demand=demand)) for demand in (below - 0.003, (above + below) / 2, above + 0.003))]
    assert apart == [False, True, False]
    if "drain" in changed or "upset_loss" in changed:
        told = re.sub(r"\s+", " ", pt.Circle.__doc__)
        assert f"between {edges[1]:.3f} and {edges[0]:.3f}" in told


# Sources


def test_every_source_named_is_a_line_of_the_ledger():
    named = set()
    for row in pt.Circle().table.itertuples():
        ids = re.findall(r"\b[a-z]+\d\d(?:-[a-z]+)*\b|\b[a-z]+(?:-[a-z]+)+\b", row.source)
        assert ids or row.source == "assumed", row.parameter
        named |= set(ids)
    assert {"singh00", "yue-next", "bloom15-quit"} <= named
    assert named <= set(ledger())
