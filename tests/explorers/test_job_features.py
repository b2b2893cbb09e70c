"""The explorer of page 3: weights of the ticked features, from the table of correlations alone."""

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pebbletrail.explorers.explore import explore
from pebbletrail.explorers.job_features import FEATURES, FOCUS, OUTCOMES, Bars, two, weigh

ALL = dict.fromkeys(FEATURES, True)
ORACLE = pd.read_csv(Path(__file__).parents[1] / "oracles" / "job_design-weights.csv", comment="#")


@pytest.fixture(scope="module")
def explorer():
    return explore("job-features")


def test_all_ten_are_those_of_psych():
    theirs = ORACLE[(ORACLE["outcome"] == "performance") & (ORACLE["features"] == 10)].set_index("term")
    found = weigh("performance", **ALL)
    assert found.weights == pytest.approx(theirs["weight"].to_dict(), abs=1e-12)
    assert found.r2 == pytest.approx(theirs["r2"].iloc[0], abs=1e-12)


@pytest.mark.parametrize("outcome", OUTCOMES.values())
def test_one_feature_weighs_its_correlation(outcome):
    for name in FEATURES:
        found = weigh(outcome, **{name: True})
        assert found.weights == pytest.approx(found.correlations)
        assert found.r2 == pytest.approx(found.correlations[name] ** 2)


def test_two_features_by_the_textbook_formula():
    found = weigh("performance", autonomy=True, skill_variety=True)
    a, s, both = 0.23, 0.07, 0.64
    assert found.weights["autonomy"] == pytest.approx((a - both * s) / (1 - both**2), abs=1e-12)
    assert found.weights["skill_variety"] == pytest.approx((s - both * a) / (1 - both**2), abs=1e-12)
    assert found.r2 == pytest.approx((a**2 + s**2 - 2 * a * s * both) / (1 - both**2), abs=1e-12)
    assert found.without == pytest.approx(s**2, abs=1e-12)


def test_what_autonomy_adds_is_the_rest_left_out():
    found, rest = weigh("satisfaction", **ALL), weigh("satisfaction", **{**ALL, FOCUS: False})
    assert found.without == pytest.approx(rest.r2, abs=1e-12)
    assert rest.without == rest.r2
    assert FOCUS not in rest.weights
    assert weigh("satisfaction", autonomy=True).without == 0


@pytest.mark.parametrize(("given", "said"), [
    ({"outcome": "loyalty", "autonomy": True}, "outcome: 'loyalty' is not one of performance, satisfaction"),
    ({"outcome": "performance", "luck": True}, "features: there is no 'luck'; there are autonomy,"),
])
def test_what_is_impossible_is_told(given, said):
    with pytest.raises(ValueError, match=said):
        weigh(**given)


@pytest.mark.parametrize("outcome", OUTCOMES.values())
def test_no_weight_of_any_choice_leaves_the_axes(outcome):
    from pebbletrail.explorers.job_features import _table

    table = _table()
    assert not table.isna().any().any()
    low, high = Bars().fig.axes[0].get_xlim()
    for size in range(1, 11):
        sets = np.array(list(itertools.combinations(range(10), size)))
        R, r = table.to_numpy()[:, :10], table[outcome].to_numpy()
        weights = np.linalg.solve(R[sets[:, :, None], sets[:, None, :]], r[sets][..., None])
        assert low < weights.min()
        assert weights.max() < min(high, 0.7)  # the numbers stand from 0.75 on


def test_bars_diamonds_and_numbers_follow(explorer):
    explorer.reset()
    explorer.controls["skill_variety"].value = True
    bars = dict(zip(FEATURES, explorer.scene.bars, strict=True))
    notes = dict(zip(FEATURES, explorer.scene.notes, strict=True))
    assert bars["autonomy"].get_width() == pytest.approx(0.3137, abs=1e-4)
    assert bars["skill_variety"].get_width() == pytest.approx(-0.1308, abs=1e-4)
    assert bars["task_variety"].get_width() == 0
    assert (notes["autonomy"].get_text(), notes["skill_variety"].get_text(), notes["task_variety"].get_text()) == (
        "0.31", "−0.13", "")
    assert list(explorer.scene.marks.get_xdata()) == [0.23, 0.07]
    assert list(explorer.scene.marks.get_ydata()) == [0, 1]
    explorer.button.click()
    assert bars["skill_variety"].get_width() == 0
    now = {name: control.value for name, control in explorer.controls.items()}
    assert now == {"outcome": "performance", **{name: name == FOCUS for name in FEATURES}}


def test_only_autonomy_has_the_other_colour():
    colours = [bar.get_facecolor() for bar in Bars().bars]
    assert colours.count(colours[0]) == 1
    assert len(set(colours)) == 2


@pytest.mark.parametrize(("ticked", "said"), [
    ({}, "Autonomy alone: 0.23; it explains 5.3 % of the differences in performance, corrected for noise. Tick another"),
    ({"skill_variety": True}, "Beside skill variety its weight is 0.31. Together they explain 6.3 % (R²); autonomy, entered "
                              "last, adds 5.8 points, more than it explains alone."),
    (ALL, "Beside 9 other features its weight is 0.06. Together they explain 33.1 % (R²); autonomy, entered last, adds 0.1 "
          "points."),
    ({"job_complexity": True, "feedback_from_others": True},
     "its weight is −0.10 (negative: performance is lower where autonomy is higher). Together they explain 21.9 % (R²); "
     "autonomy, entered last, adds 0.6 points."),
    ({"job_complexity": True, "job_feedback": True}, "(R²); autonomy, entered last, adds less than 0.1 points."),
    ({"outcome": "satisfaction"}, "it explains 23.0 % of the differences in satisfaction, corrected for noise."),
    ({"autonomy": False, "job_complexity": True}, "Without autonomy, complexity explains 13.7 % of the differences in "
                                                  "performance, corrected for noise (R²). Tick autonomy"),
    ({"autonomy": False, "job_complexity": True, "job_feedback": True},
     "Without autonomy, the 2 ticked features together explain 15.3 % of the differences"),
])
def test_sentence(explorer, ticked, said):
    explorer.reset()
    assert said in explorer.static(**ticked)


@pytest.mark.parametrize("outcome", OUTCOMES.values())
def test_no_sentence_says_that_nothing_was_added_or_hides_a_turned_sign(outcome):
    """Every choice beside autonomy: what it adds is never told as 0.0, and a negative weight never without a word."""
    scene, more = Bars(), 0
    for size in range(1, 10):
        for beside in itertools.combinations(list(FEATURES)[1:], size):
            found = weigh(outcome, autonomy=True, **dict.fromkeys(beside, True))
            said = scene.sentence(found)
            assert "adds 0.0" not in said
            assert ("(negative: " in said) == (two(found.weights[FOCUS])[0] == "−")
            assert ", more than it explains alone" not in said or found.r2 - found.without > found.correlations[FOCUS] ** 2
            more += "more than" in said
    assert more == {"performance": 7, "satisfaction": 0}[outcome]  # beside a suppressor


def test_description_names_every_ticked_feature(explorer):
    told = explorer.scene.alt(weigh("satisfaction", **ALL))
    assert all(f"{label} " in told for label in FEATURES.values())
    assert "satisfaction" in told


def test_nothing_ticked_explains_nothing(explorer):
    nothing = weigh("performance")
    assert (nothing.weights, nothing.correlations, nothing.r2, nothing.without) == ({}, {}, 0, 0)
    explorer.reset()
    explorer.controls["autonomy"].value = False
    assert explorer.picture.sentence.startswith("Nothing is ticked, so 0 % of the differences in performance")
    assert "no bar" in explorer.picture.alt
    assert {bar.get_width() for bar in explorer.scene.bars} == {0}
    explorer.reset()


@pytest.mark.parametrize(("number", "text"), [(0.314, "0.31"), (-0.131, "−0.13"), (-0.001, "0.00"), (0.0, "0.00")])
def test_two_decimals(number, text):
    assert two(number) == text
