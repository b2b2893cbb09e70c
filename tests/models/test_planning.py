"""Plans: what they say, what they refuse, and that they come out the same whoever computes them."""

import pickle
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given as supposing
from hypothesis import settings
from hypothesis import strategies as st
from statsmodels.api import GLM
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.families.links import Probit
from statsmodels.stats.proportion import proportion_confint

from pebbletrail.models.planning import runs as planning_runs
from pebbletrail.models.planning import search as planning_search
from pebbletrail.models.planning.asked import QUESTIONS
from pebbletrail.models.planning.planned import plan
from pebbletrail.models.planning.runs import wilson
from pebbletrail.models.planning.search import probit_curve
from pebbletrail.models.planning.text import of_100, short

GIVEN = {
    "paired": {"effect": 0.5, "sd_difference": 1},
    "clustered": {"effect": 0.5, "icc": 0.1, "cluster_size": 8, "size_cv": 0.3, "dropout": 0.1},
    "difference-in-differences": {"effect": 0.5, "correlation": 0.5},
    "mediation": {"a": 0.4, "b": 0.4},
    "moderation": {"effect": 0.4, "reliability_x": 0.9},
}
every_design = pytest.mark.parametrize("design", GIVEN)


def small(design, **more):
    return plan(design, **({"draws": 300, "seed": 5} | GIVEN[design] | more))


# --- what a plan holds ----------------------------------------------------------------------------------------------

@every_design
def test_a_plan_holds_curve_smallest_design_and_what_can_be_detected(design):
    found = small(design)
    table = found.table
    assert table["size"].is_monotonic_increasing
    assert table["size"].is_unique
    assert found.smallest.size in table["size"].to_list()
    assert found.smallest.low <= found.smallest.size <= found.smallest.high
    assert found.smallest.power >= 0.8
    for name in ("power", "detectable"):
        assert (table[f"{name}_low"] < table[name]).all()
        assert (table[name] < table[f"{name}_high"]).all()
    assert table["power"].iloc[0] < 0.6
    assert table["power"].iloc[-1] > 0.9
    assert table["half_width"].is_monotonic_decreasing
    assert (table["draws"] == 300).all()
    assert found.detectable["effect"].equals(table["detectable"].rename("effect"))


@every_design
def test_everything_that_is_assumed_is_listed_with_unit_and_meaning_defaults_too(design):
    assumed = small(design).assumptions.set_index("assumption")
    assert list(assumed.index) == [one.name for one in QUESTIONS[design].asked]
    assert set(assumed.index[assumed["given"]]) == set(GIVEN[design])
    assert assumed["meaning"].str.len().min() > 10
    assert assumed["unit"].str.len().min() > 3
    for name, value in GIVEN[design].items():
        assert assumed.loc[name, "value"] == value


def test_asked_sizes_alone_are_in_the_table_and_the_search_is_in_the_curve_too():
    found = small("paired", size=[40, 10, 40])
    assert found.table["size"].to_list() == [10, 40]
    assert found.smallest.size in found.curve["size"].to_list()
    assert found.curve[found.curve["size"].isin([10, 40])].reset_index(drop=True).equals(found.table)


def test_the_callers_sizes_are_left_as_they_are():
    sizes = [30, 10]
    small("paired", size=sizes)
    assert sizes == [30, 10]


@pytest.mark.parametrize("size", [24, np.int64(24), [24], (24,), np.array([24]), pd.Series([24]), range(24, 25), "24", 24.0])
def test_a_size_may_come_in_many_forms(size):
    assert small("paired", size=size).table.equals(small("paired", size=24).table)


def test_unequal_shares_and_people_are_counted():
    found = plan("clustered", size=[10, 25], icc=0.1, cluster_size=8, share=0.3, draws=200, seed=1)
    assert found.table[["treated", "people"]].to_numpy().tolist() == [[3, 80], [8, 200]]


def test_people_who_are_lost_count_among_those_who_start():
    lost = plan("paired", size=100, effect=0.3, sd_difference=1, dropout=0.2, draws=500, seed=1)
    kept = plan("paired", size=80, effect=0.3, sd_difference=1, draws=500, seed=1)
    assert lost.table["half_width"][0] == pytest.approx(kept.table["half_width"][0], rel=0.03)
    assert lost.smallest.size == pytest.approx(kept.smallest.size / 0.8, rel=0.1)


def test_before_and_after_people_are_lost_in_each_arm():
    made = plan("difference-in-differences", size=11, correlation=0.5, dropout=0.2, draws=200, seed=1).made
    assert made._arms(11) == (4, 4)  # of 6 and 5


# --- sentences ------------------------------------------------------------------------------------------------------

def test_the_sentences_about_one_size_hold_power_precision_detection_and_the_smallest_design():
    found = plan("clustered", size=24, effect=0.3, icc=0.05, cluster_size=15, seed=1)
    row, least = found.table.iloc[0], found.smallest
    low, high = (f"{100 * row[f'power_{end}']:.0f}" for end in ("low", "high"))
    least_effect, *effects = (short(row[name], 3) for name in ("detectable", "detectable_low", "detectable_high"))
    assert found.text == (
        "With 24 groups of 15 (12 treated; 360 people in all), a difference of 0.3 between treated and untreated would be "
        f"found in {100 * row['power']:.0f} of 100 such studies (Monte Carlo error: {low} to {high} of 100). "
        f"The 95 % interval would reach about {short(row['half_width'])} to either side of the estimate. "
        f"The smallest effect that such a study would find in 80 of 100 cases is {least_effect} in size "
        f"(Monte Carlo error: {effects[0]} to {effects[1]}). "
        "The smallest design that finds a difference of 0.3 between treated and untreated in 80 of 100 such studies has "
        f"{least.size} groups of 15 ({least.size // 2} treated; {least.size * 15} people in all). "
        f"By Monte Carlo error it might be {least.low} to {least.high} groups. "
        "With only 24 groups the clustered errors (CR1) come out too small; errors='cluster-cr2' allows for it. "
        "\"Found\" means that the 95 % interval leaves out 0. "
        "All this rests on what is assumed, not known: sd 1, icc 0.05, cluster_size 15, size_cv 0, share 0.5, errors "
        "cluster, dropout 0. It says how often such an effect would be found if it is there, not that it is there.")


@pytest.mark.parametrize(("design", "given", "told"), [
    ("paired", {"size": [10, 30]}, "found in 32 of 100 such studies with 10 people, each under both conditions, and in 76"),
    ("paired", {"size": 20, "effect": 0}, "both conditions, and no effect, 7 of 100 such studies would still claim one"),
    ("paired", {"size": 20, "effect": None}, "With 20 people, each under both conditions, the 95 % interval would reach"),
    ("paired", {"effect": -0.5}, "The smallest design that finds a mean difference of -0.5 in 80 of 100 such studies has 3"),
    ("paired", {"effect": 1e-4, "size": 50}, "Fewer than 80 of 100 studies of 10,000,000 people would find a mean"),
    ("difference-in-differences", {}, "between treated and untreated in how they change"),
    ("difference-in-differences", {}, "treated), each measured before and after."),
    ("mediation", {}, "Stronger and weaker indirect effects are taken to have a and b in the same proportion."),
    ("moderation", {}, "the estimate would average 90 % of the interaction"),
    ("moderation", {"size": 7}, "No effect that is possible would be found by such a study in 80 of 100 cases."),
])
def test_sentences_say_what_was_found(design, given, told):
    assert told in small(design, **given).text


def test_no_sentence_rounds_a_share_to_none_or_all():
    assert of_100(0.9999) == "more than 99 of 100"
    assert of_100(0.001) == "fewer than 1 of 100"
    assert [of_100(share) for share in (0, 0.806, 0.994, 1)] == ["0 of 100", "81 of 100", "99 of 100", "100 of 100"]


@every_design
def test_a_figure_shows_curve_target_and_smallest_design_and_says_so(design):
    found = small(design)
    fig = found.figure()
    assert found.text in fig.alt
    upper, lower = fig.axes
    assert f"from {found.smallest.size:,} {found.made.counted} on" in upper.get_title(loc="left")
    x, y = upper.lines[0].get_data()
    assert x.tolist() == found.curve["size"].to_list()
    assert y.tolist() == found.curve["power"].to_list()
    assert upper.lines[-1].get_ydata() == [0.8, 0.8]
    assert {float(line.get_xdata()[0]) for line in lower.lines if len(line.get_xdata()) == 2} == {found.smallest.size}
    assert found.figure(alt="A curve that rises from left to right, for a test.").alt.startswith("A curve")
    fig.canvas.draw()
    labels = [label.get_window_extent() for label in lower.get_xticklabels() if label.get_text()]
    assert all(left.x1 < right.x0 for left, right in pairwise(labels))


def test_without_an_effect_the_figure_shows_what_can_be_detected():
    found = small("paired", effect=None, size=[10, 500])
    assert "power" not in found.table
    assert found.smallest is None
    upper = found.figure().axes[0]
    assert upper.get_title(loc="left") == "smallest effect that is found in 80 of 100 studies"
    assert upper.get_xscale() == "log"
    assert upper.lines[0].get_ydata().tolist() == found.table["detectable"].to_list()


# --- the same whoever computes it -----------------------------------------------------------------------------------

@pytest.mark.parametrize("design", ["clustered", "mediation", "moderation"])
def test_a_plan_is_the_same_bit_for_bit_for_any_workers(design, monkeypatch):
    monkeypatch.setattr(planning_runs, "BATCH", 80)  # several batches of each size
    alone = small(design)
    with ThreadPoolExecutor(3) as threads, ProcessPoolExecutor(2) as processes:
        for workers in (2, threads, processes):
            found = small(design, workers=workers)
            pd.testing.assert_frame_equal(found.curve, alone.curve, check_exact=True)
            assert found.smallest == alone.smallest


def test_a_seed_settles_a_plan_and_is_kept():
    one = small("paired", seed=None)
    again = small("paired", seed=one.seed)
    assert again.table.equals(one.table)
    assert not small("paired", seed=None).table.equals(one.table)
    sequence = np.random.SeedSequence(5)
    assert small("paired", seed=sequence).table.equals(small("paired").table)
    assert sequence.n_children_spawned == 0


def test_a_sizes_studies_are_the_same_whatever_else_is_asked():
    alone = small("paired", size=24).table
    beside = small("paired", size=[12, 24, 48], target=0.9).table
    assert beside.loc[beside["size"] == 24, "power"].item() == alone["power"][0]
    assert beside["power"].nunique() == 3


def test_batches_do_not_repeat_each_other(monkeypatch):
    monkeypatch.setattr(planning_runs, "BATCH", 10)
    made = small("paired").made
    (studies,) = planning_runs.simulate(made, [24], 1000, np.random.SeedSequence(1))[0].values()
    assert len(np.unique(studies[:, 0])) == 1000


def test_a_large_design_needs_little_memory_at_a_time():
    made = small("moderation").made
    counts = planning_runs._batches(made, 20_000, 5000)
    assert sum(counts) == 5000
    assert max(counts) * 20_000 * 10 <= planning_runs.CELLS


def test_plans_can_be_sent_and_kept():
    found = small("clustered")
    assert pickle.loads(pickle.dumps(found)).table.equals(found.table)


# --- Ctrl-C ---------------------------------------------------------------------------------------------------------

def stop_after(monkeypatch, batches):
    """Ctrl-C is pressed when so many batches are done."""
    done, real = [], planning_runs.Job.batch

    def batch(self, seed, what):
        if len(done) == batches:
            raise KeyboardInterrupt
        done.append(1)
        return real(self, seed, what)

    monkeypatch.setattr(planning_runs.Job, "batch", batch)


def test_ctrl_c_amid_the_asked_sizes_keeps_those_that_are_done(monkeypatch):
    whole = small("paired", size=[10, 20, 30])
    stop_after(monkeypatch, 2)
    found = small("paired", size=[10, 20, 30])
    assert found.interrupted
    assert found.smallest is None
    pd.testing.assert_frame_equal(found.table, whole.table.iloc[:2])
    assert "The simulation was stopped early; what was done is used." in found.text
    assert "is left open: the search was stopped." in found.text


def test_a_size_with_too_few_studies_when_ctrl_c_came_is_left_out(monkeypatch):
    monkeypatch.setattr(planning_runs, "BATCH", 20)
    stop_after(monkeypatch, 17)  # 300 studies of the first size, 40 of the second
    found = small("paired", size=[10, 20])
    assert found.table[["size", "draws"]].to_numpy().tolist() == [[10, 300]]


@pytest.mark.parametrize("batches", [4, 9, 16])
def test_ctrl_c_amid_the_search_keeps_the_asked_size(monkeypatch, batches):
    whole = small("paired", size=10)
    stop_after(monkeypatch, batches)
    found = small("paired", size=10)
    assert found.interrupted
    pd.testing.assert_frame_equal(found.table, whole.table)


def test_ctrl_c_before_anything_is_done_is_ctrl_c(monkeypatch):
    stop_after(monkeypatch, 0)
    with pytest.raises(KeyboardInterrupt):
        small("paired", size=10)
    with pytest.raises(KeyboardInterrupt):
        small("paired")


# --- properties -----------------------------------------------------------------------------------------------------

scales = st.floats(0.01, 1000)


@settings(max_examples=25, deadline=None)
@supposing(scale=scales, icc=st.floats(0, 0.9), errors=st.sampled_from(["cluster", "cluster-cr2"]),
           cv=st.sampled_from([0.0, 0.4]))
def test_a_change_of_unit_changes_no_power_and_every_width(scale, icc, errors, cv):
    given = {"size": 9, "icc": icc, "cluster_size": 6, "errors": errors, "size_cv": cv, "share": 0.4}
    one, other = (plan("clustered", sd=sd, draws=100, seed=2, **given).table.iloc[0] for sd in (1.0, scale))
    for name in ("half_width", "detectable", "detectable_low", "detectable_high"):
        assert other[name] == pytest.approx(scale * one[name], rel=1e-5)
    assert other["false_alarms"] == one["false_alarms"]


@settings(max_examples=20, deadline=None)
@supposing(design=st.sampled_from(["paired", "clustered", "moderation"]), effect=st.floats(0.2, 0.6))
def test_a_larger_effect_is_found_more_often_and_a_negative_one_as_often(design, effect):
    made = small(design).made
    studies = made.draw(np.random.default_rng(3), 20, 4000)
    one, larger = (made.found(studies, size).mean() for size in (effect, 1.1 * effect))
    assert larger >= one
    assert made.found(studies, -effect).mean() == pytest.approx(one, abs=0.06)


@settings(max_examples=50, deadline=None)
@supposing(found=st.integers(0, 500), draws=st.integers(500, 10_000))
def test_the_interval_of_a_share_is_that_of_statsmodels(found, draws):
    expected = proportion_confint(found, draws, method="wilson")
    assert wilson(found / draws, draws) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("draws", [100, 2000, 4999, 10**6])
def test_the_wilson_interval_holds_the_share_itself_where_all_or_none_are_found(draws):
    assert wilson(1.0, draws)[1] == 1
    assert wilson(0.0, draws)[0] == 0


def test_a_figure_is_made_where_all_studies_find_the_effect():
    found = plan("paired", effect=2, sd_difference=1, size=[50, 60], draws=2000, seed=1)
    assert found.table["power"].to_list() == [1, 1]
    assert found.figure().axes[0].lines


@pytest.mark.parametrize(("dropout", "sizes", "first"), [(0.9, (95, 125), [90, 100, 110, 120]), (0, (5, 8), [5, 6, 7, 8]),
                                                         (0.5, (7, 10), [6, 8, 10])])
def test_steps_are_the_first_sizes_that_keep_one_more(dropout, sizes, first):
    assert planning_search._steps(small("paired", dropout=dropout).made, *sizes).tolist() == first


def test_a_target_is_told_in_its_own_digits():
    found = small("paired", target=0.875, size=20)
    assert "in 87.5 of 100 cases" in found.text
    assert "in 87.5 of 100 such studies has" in found.text


def test_an_effect_that_the_least_plan_finds_is_told_as_such():
    found = small("paired", effect=1e6)
    assert ("The least that a plan allows, 3 people, each under both conditions, already finds a mean difference of "
            "1e+06 in 100 of 100 such studies; 80 of 100 were wanted.") in found.text


def test_the_probit_curve_is_that_of_statsmodels():
    x = np.sqrt([52, 63, 75, 87, 101, 116, 132])
    found, draws = np.array([281, 320, 370, 401, 420, 448, 470]), np.full(7, 500)
    for X in (np.column_stack([np.ones(7), x]), np.column_stack([np.ones(7), x, 1 / x])):
        fit = GLM(np.column_stack([found, draws - found]), X, Binomial(Probit())).fit(tol=1e-14)
        b, covariance = probit_curve(X, found, draws)
        np.testing.assert_allclose(b, fit.params, rtol=1e-6)
        np.testing.assert_allclose(covariance, fit.cov_params(), rtol=1e-6)


# --- errors ---------------------------------------------------------------------------------------------------------

DID, CLUSTERED = "difference-in-differences", {"icc": 0.1, "cluster_size": 8}


@pytest.mark.parametrize(("design", "given", "message"), [
    ("did", {}, r"^design: 'did' is not one of paired, .*Did you mean 'difference-in-differences'\?$"),
    ("pared", {}, r"^design: .*Did you mean 'paired'\?$"),
    (3, {}, r"^design: 3 is not one of"),
    ("clustered", {"icc": 0.1, "clustersize": 8}, r"^clustersize: clustered has no such assumption; it has effect, sd, icc, "
                                                   r".*Did you mean 'cluster_size'\?$"),
    ("clustered", {**CLUSTERED, "power": 0.9}, r"^power: .* Did you mean 'target'\?$"),
    ("clustered", {**CLUSTERED, "n": 0.9}, r"^n: .* Did you mean 'size'\?$"),
    ("paired", {"sd": 1, "r": 0.5}, r"^r: .* Did you mean 'correlation'\?$"),
    ("clustered", {"icc": 0.1}, r"^cluster_size: clustered needs it: people in a group, on average \(people\)\.$"),
    ("clustered", {"icc": 1, "cluster_size": 8}, r"^icc: a number between 0 and 1, 1 excluded, not 1 \("),
    ("clustered", {"icc": -0.1, "cluster_size": 8}, r"^icc: .* not -0\.1"),
    ("clustered", {"icc": np.nan, "cluster_size": 8}, r"^icc: .* not nan"),
    ("clustered", {"icc": "much", "cluster_size": 8}, r"^icc: .* not 'much'"),
    ("clustered", {"icc": 0.1, "cluster_size": 2.5}, r"^cluster_size: a whole number from 1 on, not 2\.5"),
    ("clustered", {"icc": 0.1, "cluster_size": 1, "size_cv": 0.2}, r"^size_cv: groups of one person are all alike"),
    ("clustered", {**CLUSTERED, "sd": 0}, r"^sd: a number above 0, not 0"),
    ("clustered", {**CLUSTERED, "sd": True}, r"^sd: a number above 0, not True"),
    ("clustered", {**CLUSTERED, "share": 1}, r"^share: a number between 0 and 1, both excluded, not 1"),
    ("clustered", {**CLUSTERED, "effect": 1, "share": 1e-7}, r"^share: with 1e-07 treated and dropout 0, no number of "),
    ("clustered", {**CLUSTERED, "errors": "HC3"}, r"^errors: 'HC3' is not one of cluster, cluster-cr2\.$"),
    ("clustered", {**CLUSTERED, "size": 2}, r"^size: groups in all; whole numbers from 4 \(two groups, or people, in "
                                            r"each arm: .*\) to 1,000,000, not 2\.$"),
    ("clustered", {**CLUSTERED, "size": 10, "share": 0.1}, r"^size: groups in all; whole numbers from 15 "),
    ("paired", {"sd_difference": 1, "size": 10.5}, r"^size: people; whole numbers from 3 .* not 10\.5"),
    ("paired", {"sd_difference": 1, "size": [20, -1]}, r"^size: .* not -1"),
    ("paired", {"sd_difference": 1, "size": []}, r"^size: it is empty"),
    ("paired", {"sd_difference": 1, "size": np.inf}, r"^size: .* not inf"),
    ("paired", {"sd_difference": 1, "size": True}, r"^size: .* not True"),
    ("paired", {"sd_difference": 1, "size": 10**400}, r"^size: .* not 1000"),
    ("paired", {"sd_difference": 1, "effect": 10**400}, r"^effect: a number, not 1000"),
    ("paired", {"sd_difference": 1, "size": object}, r"^size: .* not <class 'object'>"),
    ("paired", {"sd_difference": 1, "size": 10**8}, r"^size: .* to 10,000,000, not 100000000"),
    ("paired", {"sd_difference": 1}, r"^effect: give the effect that is to be found, or a size"),
    ("paired", {"sd_difference": 1, "effect": 0}, r"^effect: no design finds an effect of 0; give the smallest effect that"),
    ("paired", {"sd_difference": 1, "effect": np.inf}, r"^effect: a number, not inf"),
    ("paired", {"sd_difference": 1, "effect": 1e-5}, r"^effect: 1e-05 is so small beside the spread that over 10,000,000"),
    ("paired", {"effect": 1}, r"^sd_difference: give either sd_difference, or sd and correlation together"),
    ("paired", {"effect": 1, "sd": 1}, r"^sd_difference: give either"),
    ("paired", {"effect": 1, "sd_difference": 1, "sd": 1}, r"^sd_difference: give either"),
    ("paired", {"effect": 1, "sd": 1, "correlation": 1}, r"^correlation: a number between -1 and 1, both excluded, not 1"),
    ("paired", {"effect": 1, "sd_difference": 1, "target": 1}, r"^target: the power that is wanted, a number from 0\.5 "),
    ("paired", {"effect": 1, "sd_difference": 1, "draws": 99}, r"^draws: a whole number from 100 to 1,000,000, not 99"),
    ("paired", {"effect": 1, "sd_difference": 1, "draws": 150.5}, r"^draws: "),
    ("paired", {"effect": 1, "sd_difference": 1, "dropout": 1}, r"^dropout: a number between 0 and 0\.99, both included"),
    ("paired", {"effect": 1, "sd_difference": 1, "workers": 0}, r"^workers: a whole number from 1 on"),
    ("paired", {"effect": 1, "sd_difference": 1, "seed": -1}, r"^seed: a whole number from 0 on"),
    (DID, {"effect": 1, "correlation": 0.5, "icc": 0.1}, r"^icc: it means something only where groups"),
    (DID, {"effect": 1, "correlation": 0.5, "cluster_size": 9}, r"^icc: difference-in-differences needs"),
    (DID, {"effect": 1}, r"^correlation: difference-in-differences needs it"),
    ("mediation", {"effect": 0.09}, r"^effect: mediation has two steps instead; give a= and b="),
    ("mediation", {"a": 0.3, "b": 0}, r"^effect: no design finds an effect of 0"),
    ("mediation", {"a": 0.3, "b": 1.2}, r"^b: a number between -1 and 1"),
    ("mediation", {"a": 0.9, "b": 0.7, "direct": 0.7}, r"^a, b, direct: 0\.9, 0\.7 and 0\.7 cannot go together"),
    ("moderation", {"effect": 0.9, "slope_x": 0.6}, r"^effect, slope_x, slope_w: together they would explain all that the "
                                                    r"outcome varies by sd = 1"),
    ("moderation", {"effect": 0.2, "reliability_x": 0}, r"^reliability_x: a number between 0 and 1, 0 excluded, not 0"),
])
def test_what_cannot_be_is_one_error_that_names_the_argument(design, given, message):
    with pytest.raises(ValueError, match=message) as caught:
        plan(design, **given)
    assert "\n" not in str(caught.value)


def test_a_smallest_design_may_be_the_smallest_that_there_is():
    """With 3 people power is .975 for an effect of 5, .745 for one of 3 (noncentral t); with 4 it is 1 and .967."""
    found = [[plan("paired", effect=effect, sd_difference=1, draws=100, seed=seed).smallest for seed in range(20)]
             for effect in (5, 3)]
    assert {(one.size, one.low, one.high) for one in found[0]} == {(3, 3, 3)}
    assert {one.high for one in found[1]} == {4}
    assert {one.low for one in found[1]} == {3, 4}


def test_few_draws_leave_a_hard_question_open_or_answer_it_within_their_error():
    """Of 100 studies with a power of 99 hardly one misses; the exact answer is 76."""
    plans = [plan("paired", effect=0.5, sd_difference=1, target=0.99, draws=100, seed=seed) for seed in range(30)]
    answered = [one.smallest for one in plans if one.smallest is not None]
    assert 3 < len(answered) < 30
    assert np.mean([one.low <= 76 <= one.high for one in answered]) > 0.8
    open_one = next(one for one in plans if one.smallest is None)
    assert "is left open: give more draws." in open_one.text
    assert open_one.figure().axes[0].get_title(loc="left") == "effect 0.5"


@pytest.mark.parametrize(("effect", "exact"), [(2, 5), (0.5, 34), (0.2, 199)])
@pytest.mark.parametrize("wrong", [0.1, 0.5, 2, 10])
def test_a_search_that_begins_in_the_wrong_place_finds_its_way(monkeypatch, effect, exact, wrong):
    """Exact sizes: noncentral t."""
    monkeypatch.setattr(planning_search, "_near", lambda *_: wrong * exact)
    least = plan("paired", effect=effect, sd_difference=1, draws=20_000, seed=3).smallest
    assert least.low <= exact <= least.high
    assert least.size == pytest.approx(exact, rel=0.02)


@pytest.mark.parametrize(("effect", "sizes"), [(0.5, range(40, 60, 3)), (0.5, range(10, 24, 2)), (2, range(7, 12))])
def test_sizes_that_are_all_too_large_or_too_small_do_not_settle_the_smallest(effect, sizes):
    made = small("paired", effect=effect).made
    done, _ = planning_runs.simulate(made, sizes, 5000, np.random.SeedSequence(1))
    assert planning_search._smallest(made, done, effect, 0.8) is None


def test_counts_that_settle_no_curve_give_none():
    x = np.sqrt([9.0, 16.0, 25.0, 36.0])
    assert probit_curve(np.column_stack([np.ones(4), x, 1 / x]), np.array([60, 100, 100, 100]), np.full(4, 100)) is None
