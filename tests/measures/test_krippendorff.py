"""Krippendorff's alpha.

Expected values come from a matrix of coincidences written out here, from pairs counted by hand, from the example in the
documentation of the package krippendorff (recomputed), and from Cohen's kappa where the two nearly meet.
"""

import sys

import numpy as np
import pandas as pd
import pytest

from pebbletrail.measures.kappa import kappa
from pebbletrail.measures.krippendorff_alpha import LEVELS, krippendorff

pytest.importorskip("krippendorff")
GAP = np.nan
THREE = pd.DataFrame({  # three raters, fifteen units, many gaps
    "one": [GAP, GAP, GAP, GAP, GAP, 3, 4, 1, 2, 1, 1, 3, 3, GAP, 3],
    "two": [1, GAP, 2, 1, 3, 3, 4, 3, GAP, GAP, GAP, GAP, GAP, GAP, GAP],
    "three": [GAP, GAP, 2, 1, 3, 4, 4, GAP, 2, 1, 1, 3, 3, GAP, 4]})


def by_coincidences(ratings, level):
    """1 − observed / expected disagreement, pair by pair of ratings within and across units."""
    units = [[value for value in row if not np.isnan(value)] for row in ratings.to_numpy(dtype=float)]
    units = [unit for unit in units if len(unit) > 1]
    everything = [value for unit in units for value in unit]
    often = {value: everything.count(value) for value in sorted(set(everything))}

    def apart(a, b):
        if level == "nominal":
            return float(a != b)
        if level == "interval":
            return (a - b) ** 2
        if level == "ratio":
            return 0.0 if a == b == 0 else ((a - b) / (a + b)) ** 2
        between = sum(count for value, count in often.items() if min(a, b) <= value <= max(a, b))
        return (between - (often[a] + often[b]) / 2) ** 2

    observed = sum(apart(unit[i], unit[j]) / (len(unit) - 1) for unit in units
                   for i in range(len(unit)) for j in range(len(unit)) if i != j)
    n = len(everything)
    expected = sum(apart(everything[i], everything[j]) for i in range(n) for j in range(n) if i != j) / (n - 1)
    return 1 - observed / expected


def drawn(seed, units=25, raters=4, gaps=0.25):
    rng = np.random.default_rng(seed)
    true = rng.integers(1, 6, size=(units, 1))
    values = np.clip(true + rng.integers(-1, 2, size=(units, raters)), 0, 6).astype(float)
    return pd.DataFrame(np.where(rng.random(values.shape) < gaps, np.nan, values))


# --- the estimate ---------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("ratings", [pytest.param(THREE, id="three raters"), *(pytest.param(drawn(k), id=f"drawn {k}")
                                                                              for k in range(3))])
def test_alpha_is_that_of_the_coincidences_written_out(ratings, level):
    found = krippendorff(ratings, level, replicates=50, seed=1).estimate
    assert found == pytest.approx(by_coincidences(ratings, level), rel=1e-10)


def test_two_raters_counted_by_hand():
    """Values aa, aa, ab, bb: 2 of 8 ordered pairs differ; of 8 ratings 5 are a, so 30 of 56 would. 1 − (2/8) / (30/56)."""
    ratings = pd.DataFrame({"one": ["a", "a", "a", "b"], "two": ["a", "a", "b", "b"]})
    assert krippendorff(ratings, replicates=50, seed=1).estimate == pytest.approx(1 - (2 / 8) / (30 / 56))


def test_for_two_raters_and_many_units_it_comes_near_cohens_kappa():
    pytest.importorskip("statsmodels")
    rng = np.random.default_rng(6)
    first = rng.integers(0, 3, 4000)
    second = np.where(rng.random(4000) < 0.6, first, rng.integers(0, 3, 4000))
    found = krippendorff(pd.DataFrame({"a": first, "b": second}), replicates=50, seed=1).estimate
    assert found == pytest.approx(kappa(first, second).estimate, abs=1e-3)


def test_raters_and_units_may_stand_in_any_order():
    shuffled = THREE.sample(frac=1, random_state=3)[["three", "one", "two"]]
    assert krippendorff(shuffled, "ordinal", replicates=50, seed=1).estimate == pytest.approx(
        krippendorff(THREE, "ordinal", replicates=50, seed=1).estimate, rel=1e-12)


def test_the_ordinal_level_asks_for_the_order_alone():
    found = krippendorff(THREE, "ordinal", replicates=50, seed=1).estimate
    stretched = THREE.replace({1: 1, 2: 10, 3: 11, 4: 500})
    assert krippendorff(stretched, "ordinal", replicates=50, seed=1).estimate == pytest.approx(found, rel=1e-12)
    words = THREE.astype(object).replace({1: "low", 2: "fair", 3: "good", 4: "best"})
    order = ["low", "fair", "good", "best"]
    of_words = krippendorff(words, "ordinal", categories=order, replicates=50, seed=1)
    assert of_words.estimate == pytest.approx(found, rel=1e-12)
    kind = pd.CategoricalDtype(order, ordered=True)
    assert krippendorff(words.astype(kind), "ordinal", replicates=50, seed=1).estimate == pytest.approx(found, rel=1e-12)


def test_a_category_that_nobody_uses_changes_nothing():
    words = THREE.astype(object).replace({1: "low", 2: "fair", 3: "good", 4: "best"})
    order = ["none", "low", "fair", "middling", "good", "best"]
    more = krippendorff(words, "ordinal", categories=order, replicates=50, seed=1)
    assert more.estimate == pytest.approx(krippendorff(THREE, "ordinal", replicates=50, seed=1).estimate, rel=1e-12)


def test_units_with_fewer_than_two_ratings_are_left_out_and_counted():
    found = krippendorff(THREE, replicates=50, seed=1)
    assert (found.units, found.left_out, found.raters, found.ratings) == (12, 3, 3, 26)
    assert "3 units with fewer than two ratings" in found.text
    again = krippendorff(THREE[THREE.notna().sum(axis=1) > 1], replicates=50, seed=1)
    assert again.estimate == found.estimate
    assert again.ci == found.ci


# --- the interval ---------------------------------------------------------------------------------------------------

def test_the_same_seed_gives_the_same_interval_and_another_a_similar_one():
    ratings = drawn(4, units=60)
    first, again, other = (krippendorff(ratings, "interval", replicates=400, seed=seed).ci for seed in (1, 1, 2))
    assert first == again
    assert first != other
    assert first == pytest.approx(other, abs=0.05)


def test_the_interval_is_made_of_ranks_of_replicates_of_units():
    """Ranks .025 (R + 1) and .975 (R + 1) of 399 replicates, and a spread like that of units resampled here."""
    ratings = drawn(5, units=60, gaps=0)
    found = krippendorff(ratings, "interval", replicates=399, seed=1)
    ordered = np.sort(found.draws)
    assert len(ordered) == found.replicates == 399
    assert found.ci == pytest.approx((ordered[9], ordered[389]), rel=1e-12)
    rng = np.random.default_rng(9)
    here = [by_coincidences(ratings.iloc[rng.integers(0, 60, 60)], "interval") for _ in range(80)]
    assert found.draws.std() == pytest.approx(np.std(here), rel=0.3)
    assert found.draws.mean() == pytest.approx(np.mean(here), abs=0.02)


@pytest.mark.filterwarnings("error")
def test_replicates_without_variation_are_counted():
    """One unit of twelve holds all the variation: about a third of the resamples miss it."""
    ratings = pd.DataFrame({"a": [1] * 11 + [2], "b": [1] * 12})
    found = krippendorff(ratings, replicates=300, seed=1)
    assert 60 < found.failed < 150
    assert f"{found.failed} of them without variation" in found.text


# --- the ends of what is possible -----------------------------------------------------------------------------------

@pytest.mark.parametrize("level", LEVELS)
def test_full_agreement_has_no_interval(level):
    ratings = pd.DataFrame({"a": [1, 2, 3, GAP], "b": [1, 2, 3, 2], "c": [1, GAP, 3, 2]})
    found = krippendorff(ratings, level)
    assert found.estimate == 1
    assert np.isnan(found.ci).all()
    assert "they agree throughout" in found.text
    assert found.table["ci_low"].isna().all()


@pytest.mark.parametrize(("ratings", "options", "message"), [
    pytest.param(pd.DataFrame({"a": [1, 1], "b": [1, 1]}), {}, r"^ratings: every rating is 1\..*alpha is undefined",
                 id="one value"),
    pytest.param(pd.DataFrame({"a": [1, 1, 7], "b": [1, 1, GAP]}), {}, r"^ratings: every rating is 1\.",
                 id="one value in pairs"),
    pytest.param(pd.DataFrame({"a": [1, 2]}), {}, r"^ratings: at least 2 raters \(columns\) are needed, not 1",
                 id="one rater"),
    pytest.param(pd.DataFrame({"a": [1, GAP], "b": [2, 1]}), {},
                 r"^ratings: at least 2 units with two ratings each are needed, "
                 "not 1", id="one unit"),
    pytest.param(pd.DataFrame({"a": [GAP, GAP], "b": [GAP, GAP]}), {}, r"at least 2 units .* not 0", id="nothing"),
    pytest.param([[1, 2], [1, 2]], {},
                 r"^ratings: a DataFrame is needed, one row a unit and one column a rater, not list", id="list"),
    pytest.param(THREE, {"level": "Nominal"}, r"^level: 'Nominal' is not one of nominal, ordinal, interval, ratio",
                 id="level"),
    pytest.param(pd.DataFrame({"a": ["x", "y"], "b": ["x", "x"]}), {"level": "interval"},
                 r"^ratings: the interval level needs "
                 "numbers", id="texts on a numeric level"),
    pytest.param(pd.DataFrame({"a": ["x", "y"], "b": ["x", "x"]}), {"level": "ordinal"},
                 r"^categories: 'x', 'y' have no order",
                 id="texts without an order"),
    pytest.param(THREE - 3, {"level": "ratio"}, r"^ratings: the ratio level needs values from 0 on", id="below 0"),
    pytest.param(THREE.replace(4, np.inf), {}, r"^ratings: they hold an infinite value", id="infinite"),
    pytest.param(THREE, {"replicates": 10}, r"^replicates: a whole number from 50 on", id="few replicates"),
    pytest.param(THREE, {"seed": "x"}, r"^seed: ", id="seed"),
])
def test_wrong_ratings_are_an_error(ratings, options, message):
    with pytest.raises(ValueError, match=message):
        krippendorff(ratings, **options)


def test_a_scale_too_fine_to_be_counted_is_an_error_that_names_another_measure():
    rng = np.random.default_rng(1)
    with pytest.raises(ValueError, match=r"900 units with 1,\d{3} different values are too many.*Moments.icc"):
        krippendorff(pd.DataFrame(rng.normal(size=(900, 2))), "interval")


def test_a_missing_package_is_named_with_the_way_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "krippendorff", None)
    message = r"pt.krippendorff needs the package krippendorff: pip install 'pebbletrail\[models\]'"
    with pytest.raises(ImportError, match=message):
        krippendorff(THREE)


# --- how it is shown ------------------------------------------------------------------------------------------------

def test_the_sentence_says_what_alpha_means_and_what_custom_asks_for():
    text = krippendorff(THREE, replicates=200, seed=1).text
    assert text.startswith("Krippendorff's alpha (nominal) of 3 raters on 12 units is 0.69, 95 % interval")
    assert "Their disagreement is 31 % of what it would be" in text
    assert "Custom asks for 0.80" in text
    assert "With 12 units the interval is a rough one." in text


def test_disagreement_beyond_chance_is_said_to_be_no_agreement():
    ratings = pd.DataFrame({"a": [1, 2] * 20, "b": [2, 1] * 20})
    found = krippendorff(ratings, replicates=100, seed=1)
    assert found.estimate < 0
    assert "no more than ratings dealt out at random" in found.text


def test_the_callers_ratings_are_left_as_they_are():
    before = THREE.copy()
    krippendorff(THREE, replicates=50, seed=1)
    pd.testing.assert_frame_equal(THREE, before)
