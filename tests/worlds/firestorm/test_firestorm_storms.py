"""Many storms: the storms one by one, the unknown sizes within their ranges, and luck told from what is unknown."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

import pebbletrail as pt
from pebbletrail.worlds.firestorm.inputs import drawn
from pebbletrail.worlds.firestorm.many import run
from pebbletrail.worlds.firestorm.shares import shares
from pebbletrail.worlds.firestorm.truth import UNSURE

WORLD = pt.Firestorm(customers=300, first=3, tell=0.05)
SIZES = ["reach", "peak_hour", "length", "leavers", "answering", "cost", "lasting"]


@pytest.fixture(scope="module")
def many():
    return WORLD.storms(draws=60, seed=4, repeats=3)


def test_the_first_storm_is_the_one_of_that_seed():
    storms = WORLD.storms(draws=6, seed=2, inputs=False)
    assert storms.table.loc[0, SIZES].tolist() == pytest.approx(WORLD.storm(2).table.iloc[0].tolist())
    assert storms.table["reach"].nunique() > 1
    assert storms.table.columns.tolist() == ["storm", "inputs", *SIZES]


def test_storms_side_by_side_are_the_storms_with_their_own_sizes(many):
    """Each row again, alone, in the world with the sizes that the table of inputs tells."""
    for storm in (0, 7, 31, 59):
        sizes = many.inputs.iloc[storm // 3].drop("inputs").to_dict()
        (alone,) = run([(replace(WORLD, **sizes), storm)], 4)
        assert many.table.loc[storm, SIZES].tolist() == pytest.approx([alone[name] for name in SIZES])
    assert many.table["inputs"].tolist() == [storm // 3 for storm in range(60)]
    assert many.repeats == 3


def test_more_draws_begin_with_the_same_storms(many):
    fewer = WORLD.storms(draws=30, seed=4, repeats=3)
    assert (fewer.table == many.table.iloc[:30]).all().all()
    assert (fewer.inputs == many.inputs.iloc[:10]).all().all()
    other = WORLD.storms(draws=30, seed=5, repeats=3)
    assert (other.table["cost"] != fewer.table["cost"]).any()


def test_sizes_are_drawn_evenly_on_a_logarithmic_scale_within_their_ranges():
    worlds, table = drawn(pt.Firestorm(), 1, 800)
    assert set(table.columns) == set(UNSURE)
    for name, times in UNSURE.items():
        middle = getattr(pt.Firestorm(), name)
        assert table[name].between(middle / times, middle * times).all()
        assert stats.kstest(np.log(table[name] / middle) / math.log(times), "uniform", (-1, 2)).pvalue > 1e-4
        assert [getattr(world, name) for world in worlds[:5]] == table[name].head().tolist()
    assert np.abs(np.corrcoef(table.T) - np.eye(len(UNSURE))).max() < 0.15
    assert {world.heat for world in worlds} == {0.8}  # what the incident is, is given


def test_a_size_is_kept_within_its_limits():
    _, table = drawn(pt.Firestorm(shield=0.9, cools=1.0, tell=0), 1, 50)
    assert table["shield"].max() == 1
    assert table["cools"].between(0.8, 1).all()
    assert (table["tell"] == 0).all()


def test_the_summary_holds_quantiles_of_the_table(many):
    rows = many.summary.set_index("quantity")
    for name in ("reach", "peak_hour", "length", "leavers", "cost", "lasting"):
        assert rows.loc[name].tolist() == pytest.approx(np.quantile(many.table[name], [0.5, 0.1, 0.9, 0.025, 0.975]))


@pytest.mark.parametrize(("between", "within"), [(3.0, 4.0), (0.0, 2.0), (5.0, 0.5)])
def test_luck_and_inputs_are_told_apart_where_the_truth_is_known(between, within):
    """Normal inputs and normal luck, many times over: the variances are recovered on average."""
    chance = np.random.default_rng(3)
    found = []
    for _ in range(150):
        values = between * chance.standard_normal((40, 1)) + within * chance.standard_normal((40, 4))
        table = shares(values).set_index("source")
        found.append(table["variance"])
        assert table["share"].sum() == pytest.approx(1)
    inputs, luck = np.array(found).T
    assert luck.mean() == pytest.approx(within**2, abs=3.3 * luck.std() / math.sqrt(150))
    if between:
        assert inputs.mean() == pytest.approx(between**2, abs=3.3 * inputs.std() / math.sqrt(150))
    else:
        assert inputs.mean() < 0.05 * within**2


def test_the_interval_of_a_share_holds_the_truth_in_most_cases():
    """True share 0.5; normal. Rows drawn again are known to fall a little short of 95 %."""
    chance = np.random.default_rng(8)
    held = []
    for at in range(200):
        table = shares(chance.standard_normal((50, 1)) + chance.standard_normal((50, 4)), seed=at)
        held.append(table.loc[0, "ci_low"] <= 0.5 <= table.loc[0, "ci_high"])
    assert 0.87 < np.mean(held) < 0.99


def test_shares_by_hand():
    """Two inputs, two lucks: means 1 and 5, variances 2 and 0; between 8 − 1 / 2, within 1."""
    table = shares([[0, 2], [5, 5]])
    assert table["variance"].tolist() == pytest.approx([8 - 1 / 2, 1])
    assert table["share"].tolist() == pytest.approx([7.5 / 8.5, 1 / 8.5])
    assert table["ci_low"][1] == pytest.approx(1 - table["ci_high"][0])


@pytest.mark.filterwarnings("error")
def test_without_any_spread_there_is_nothing_to_share():
    table = shares(np.full((5, 3), 7.0))
    assert table["share"].isna().all()
    storms = replace(WORLD, tell=0, resentment_on_leaving=0, answer_after=math.inf).storms(draws=8, repeats=2)
    assert "The cost does not vary." in storms.text
    assert storms.drivers.empty
    assert len(storms.figure().alt) > 20


def test_what_is_unknown_is_larger_than_luck_here_and_luck_is_all_there_is_without_it(many):
    share = many.shares.set_index("source")["share"]
    assert share["unknown inputs"] > 0.3
    assert f"Of the variance of the cost {100 * share['unknown inputs']:.0f} % come from sizes" in many.text
    fixed = WORLD.storms(draws=40, seed=4, inputs=False)
    assert fixed.shares["share"].tolist() == [0, 1]
    assert fixed.shares["variance"][1] == pytest.approx(fixed.table["cost"].var())
    assert fixed.inputs.drop(columns="inputs").iloc[0].to_dict() == {name: getattr(WORLD, name) for name in UNSURE}
    assert fixed.drivers.empty
    assert "luck alone" in fixed.text


def test_the_luck_share_is_the_variance_that_fixed_sizes_leave():
    """Second way: many lucks at each of a few draws of the sizes, the sizes held."""
    world = replace(WORLD, customers=200)
    storms = world.storms(draws=96, seed=1, repeats=12)
    within = storms.table.groupby("inputs")["cost"].var().mean()
    assert storms.shares.set_index("source").loc["luck", "variance"] == pytest.approx(within)


def test_drivers_are_rank_correlations_with_the_mean_cost(many):
    cost = many.table.groupby("inputs")["cost"].mean()
    for row in many.drivers.itertuples():
        sizes = many.inputs[row.input]
        assert row.correlation == pytest.approx(stats.spearmanr(sizes, cost).statistic)
        assert (row.low, row.high) == (sizes.min(), sizes.max())
    assert many.drivers["correlation"].abs().is_monotonic_decreasing
    assert set(many.drivers["input"]) == set(UNSURE) - {"known"}, "in public it does nothing"


@pytest.mark.parametrize(("answered", "idle"), [
    ({"public": False}, {"feeds", "soothes"}),
    ({"answer_after": math.inf}, {"noticed", "known", "cools", "feeds", "soothes", "mends", "by_distributive",
                                  "by_interactional"})])
def test_sizes_that_can_do_nothing_drive_nothing(answered, idle):
    """Second way: the same storms with such a size changed cost the same."""
    world = replace(WORLD, **answered)
    assert not set(world.storms(draws=8, repeats=2).drivers["input"]) & idle
    for name in idle & {"known", "feeds", "soothes", "noticed", "cools", "mends"}:
        other = replace(world, **{name: 0.9 * getattr(world, name)})
        assert other.storm(3).table.equals(world.storm(3).table), name


def test_the_sentence_tells_medians_and_ranges(many):
    rows = many.summary.set_index("quantity")
    reach, cost = (100 * rows.loc["reach"]), rows.loc["cost"]
    assert many.text.startswith("60 storms. In half of them ")
    for number in (reach["median"], reach["low80"], cost["median"], cost["low95"], cost["high95"]):
        assert f"{float(f'{number:.3g}'):,.10g}" in many.text


@pytest.mark.parametrize(("given", "says"), [
    ({"draws": 10}, "draws: a multiple of repeats (4) is needed, not 10"), ({"draws": 3}, "draws: a whole number from 4"),
    ({"repeats": 1}, "repeats: a whole number from 2 to 100"), ({"repeats": 150}, "repeats: a whole number from 2 to 100"),
    ({"inputs": 1}, "inputs: True or False is needed, not 1"), ({"seed": -3}, "seed: a whole number from 0 on")])
def test_what_cannot_be_is_told(given, says):
    with pytest.raises(ValueError, match=re.escape(says)):
        WORLD.storms(**{"draws": 200, **given})


def test_too_many_storms_are_refused_before_any_is_drawn():
    with pytest.raises(ValueError, match=re.escape("with 20,000 customers at most 2,000 storms, not 2,004")):
        pt.Firestorm(customers=20_000).storms(draws=2_004)
