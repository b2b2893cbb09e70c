"""Cohen's kappa.

Expected values come from psych's ``cohen.kappa`` (``tests/oracles/measures.R``), from the delta method worked out with
numerical slopes, and from tables small enough to be counted by hand.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pebbletrail.measures.kappa import kappa

pytest.importorskip("statsmodels")
ORACLES = Path(__file__).resolve().parents[1] / "oracles"
COUNTS = pd.read_csv(ORACLES / "measures-counts.csv", comment="#")
KAPPAS = pd.read_csv(ORACLES / "measures-kappa.csv", comment="#").replace({"weights": {"none": None}})
EACH = [pytest.param(row, id=f"{row.name}-{row.weights}") for row in KAPPAS.itertuples(index=False)]


def ratings(name):
    one = COUNTS[COUNTS["name"] == name]
    rows = one.loc[one.index.repeat(one["count"])].reset_index(drop=True)
    return rows["first"], rows["second"]


def option(row):
    return row.weights if isinstance(row.weights, str) else None


# --- psych and the delta method -------------------------------------------------------------------------------------

@pytest.mark.parametrize("row", EACH)
def test_kappa_is_psychs(row):
    assert kappa(*ratings(row.name), weights=option(row)).estimate == pytest.approx(row.kappa, rel=1e-12)


@pytest.mark.parametrize("row", [one for one in EACH if one.id.endswith(("nan", "None"))])
def test_error_and_interval_without_weights_are_psychs(row):
    found = kappa(*ratings(row.name))
    assert found.se == pytest.approx(np.sqrt(row.variance), rel=1e-9)
    assert found.ci == pytest.approx((row.low, row.high), rel=1e-9)


@pytest.mark.parametrize("row", EACH)
def test_the_error_is_that_of_the_delta_method(row):
    first, second = ratings(row.name)
    counts = pd.crosstab(first, second).to_numpy(dtype=float)
    n, k = counts.sum(), len(counts)
    apart = np.abs(np.subtract.outer(np.arange(k), np.arange(k)))
    cost = {None: (apart > 0) * 1.0, "linear": apart, "quadratic": apart**2}[option(row)]

    def of(share):
        share = share / share.sum()
        return 1 - (cost * share).sum() / (cost * np.outer(share.sum(axis=1), share.sum(axis=0))).sum()

    share, step = counts / n, 1e-6
    slope = np.zeros_like(share)
    for at in np.ndindex(share.shape):
        up, down = share.copy(), share.copy()
        up[at], down[at] = up[at] + step, down[at] - step
        slope[at] = (of(up) - of(down)) / (2 * step)
    variance = ((share * slope**2).sum() - (share * slope).sum() ** 2) / n
    assert kappa(first, second, weights=option(row)).se == pytest.approx(np.sqrt(variance), rel=1e-6)


# --- by hand --------------------------------------------------------------------------------------------------------

A = ["yes", "yes", "yes", "no", "no", "no", "no", "no", "yes", "no"]
B = ["yes", "yes", "no", "no", "no", "no", "no", "yes", "yes", "no"]


def test_ten_cases_counted_by_hand():
    """8 of 10 agree; both say yes to 4, so chance gives .4 · .4 + .6 · .6 = .52, and kappa (.8 − .52) / .48."""
    found = kappa(A, B)
    assert found.agreement == pytest.approx(0.8)
    assert found.expected == pytest.approx(0.52)
    assert found.estimate == pytest.approx(0.28 / 0.48)
    assert found.counts.loc["yes", "no"] == 1
    assert found.counts.loc["no", "yes"] == 1
    assert found.counts.loc["no", "no"] == 5
    assert found.counts.index.name == "first"
    assert list(found.table.columns) == ["term", "estimate", "se", "ci_low", "ci_high", "agreement", "expected", "n"]


def test_linear_weights_give_half_a_credit_for_half_the_way():
    """1, 2, 3 against 1, 2, 2: agreement (1 + 1 + ½) / 3; chance is the mean credit of all nine pairings."""
    found = kappa([1, 2, 3], [1, 2, 2], weights="linear", categories=[1, 2, 3])
    credit = [1 - abs(a - b) / 2 for a in (1, 2, 3) for b in (1, 2, 2)]
    assert found.agreement == pytest.approx(2.5 / 3)
    assert found.expected == pytest.approx(sum(credit) / 9)
    assert found.estimate == pytest.approx((2.5 / 3 - sum(credit) / 9) / (1 - sum(credit) / 9))


def test_a_gap_between_numbers_counts_as_one():
    """Nobody uses 3, yet 2 and 4 are two steps apart: the same as with 3 named among the categories."""
    first, second = [1, 2, 4, 4, 2, 1, 5], [1, 4, 4, 5, 2, 2, 5]
    with_gap = kappa(first, second, weights="quadratic")
    named = kappa(first, second, weights="quadratic", categories=[1, 2, 3, 4, 5])
    assert with_gap.estimate == pytest.approx(named.estimate, rel=1e-12)
    assert with_gap.se == pytest.approx(named.se, rel=1e-9)
    packed = kappa([1, 2, 3, 3, 2, 1, 4], [1, 3, 3, 4, 2, 2, 4], weights="quadratic")
    assert packed.estimate != pytest.approx(with_gap.estimate, abs=1e-3)


def test_texts_take_their_order_from_the_caller_or_from_a_categorical():
    first, second = ["low", "high", "mid", "mid", "low"], ["low", "mid", "mid", "high", "mid"]
    order = ["low", "mid", "high"]
    expected = kappa([1, 3, 2, 2, 1], [1, 2, 2, 3, 2], weights="linear").estimate
    assert kappa(first, second, weights="linear", categories=order).estimate == pytest.approx(expected)
    kind = pd.CategoricalDtype(order, ordered=True)
    ordered = kappa(pd.Series(first, dtype=kind), pd.Series(second, dtype=kind), weights="linear")
    assert ordered.estimate == pytest.approx(expected)
    assert list(ordered.counts.index) == order


def test_series_lists_and_arrays_are_the_same():
    found = [kappa(A, B), kappa(pd.Series(A), pd.Series(B)), kappa(np.array(A), np.array(B)),
             kappa(pd.Series(A, dtype="category"), B)]
    assert {one.estimate for one in found} == {found[0].estimate}


def test_cases_that_lack_a_rating_are_left_out_and_counted():
    found = kappa([*A, None, "yes", None], [*B, "yes", np.nan, None])
    assert (found.estimate, found.n, found.lost) == (kappa(A, B).estimate, 10, 3)
    assert "Left out for lack of a rating: 3." in found.text


def test_numbers_that_gaps_made_into_floats_are_shown_whole():
    found = kappa([1, 2, 2, None, 1], [1, 2, 1, 1, 1])
    assert list(found.counts.index) == [1, 2]
    assert "Rare: 2;" in found.text


# --- the ends of what is possible -----------------------------------------------------------------------------------

def test_full_agreement_has_no_interval():
    found = kappa(A, A)
    assert found.estimate == 1
    assert np.isnan([found.se, *found.ci]).all()
    assert "with no case in dispute there is no usual interval" in found.text


def test_one_category_alone_leaves_kappa_undefined():
    with pytest.raises(ValueError, match=r"both raters gave 'no' to all 4 cases.*kappa is undefined"):
        kappa(["no"] * 4, ["no"] * 4)


def test_a_rater_who_gives_one_category_makes_kappa_nought_by_itself():
    found = kappa(["no"] * 10, A)
    assert found.estimate == 0
    assert np.isnan(found.ci).all()
    assert "cannot be anything else: one rater gave the same category to all cases" in found.text
    assert "Used by one rater only: 'yes'." in found.text


def test_raters_who_never_agree_are_below_chance():
    found = kappa(["x", "y"] * 30, ["y", "x"] * 30)
    assert found.estimate == pytest.approx(-1.0)
    assert "less than chance" in found.text


def test_the_interval_is_cut_off_at_one():
    first = ["x"] * 10 + ["y"] * 10
    found = kappa(first, [*first[:-1], "x"])
    assert found.ci[1] == 1.0
    assert found.estimate + 1.96 * found.se > 1


def test_lopsided_categories_are_said_to_raise_chance_agreement():
    """94 % agreement, kappa .22: 92 % would agree anyhow."""
    found = kappa(["x"] * 95 + ["y"] * 5, ["x"] * 93 + ["y"] * 3 + ["x"] * 4)
    assert found.agreement == pytest.approx(0.94)
    assert "Caution: 96 % of the ratings are 'x'" in found.text
    assert "Caution" not in kappa(*ratings("two")).text


def test_rare_categories_are_named():
    first, second = ratings("two")
    found = kappa([*first, 3], [*second, 3])
    assert "Rare: 3;" in found.text


def test_few_cases_are_said_to_give_a_rough_interval():
    assert "With 10 cases the interval is a rough one." in kappa(A, B).text
    assert "rough" not in kappa(*ratings("two")).text


def test_the_sentence_says_what_kappa_adds_to_the_percentage():
    text = kappa(*ratings("two")).text
    assert "gave the same category to 88 % of 100 cases" in text
    assert "would give 50 %" in text
    assert "Kappa is 0.76 (95 % interval 0.63 to 0.89): they go 76 % of the way from chance to full agreement." in text
    weighted = kappa(*ratings("three"), weights="linear").text
    assert "with partial credit for near misses (linear weights) they agree to" in weighted


@pytest.mark.parametrize(("given_values", "options", "message"), [
    pytest.param((A, B[:-1]), {}, r"^second: 9 ratings beside 10 of first", id="unlike length"),
    pytest.param((pd.Series(A), pd.Series(B, index=range(1, 11))), {}, r"^second: its index is not that of first",
                 id="index"),
    pytest.param((A, B), {"weights": "cubic"}, r"^weights: 'cubic' is not one of None, linear, quadratic", id="weights"),
    pytest.param((A, B), {"weights": "linear"}, r"^categories: 'no', 'yes' have no order of their own", id="texts"),
    pytest.param((A, B), {"categories": ["yes"]}, r"^categories: the ratings hold 'no' too", id="a category missing"),
    pytest.param((A, B), {"categories": ["yes", "no", "yes"]}, r"^categories: each may stand once", id="twice"),
    pytest.param((A, B), {"categories": "yes"}, r"^categories: a list is needed", id="a text for a list"),
    pytest.param(("yes", B), {}, r"^first: one rating a case is needed.*not str", id="a text"),
    pytest.param((A, pd.DataFrame({"b": B})), {}, r"^second: one rating a case is needed.*not DataFrame", id="a table"),
    pytest.param((["x"], ["x"]), {}, r"at least 2 cases rated by both are needed, not 1", id="one case"),
    pytest.param(([None, None], ["x", "y"]), {}, r"at least 2 cases rated by both are needed, not 0",
                 id="none rated by both"),
])
def test_wrong_ratings_are_an_error(given_values, options, message):
    with pytest.raises(ValueError, match=message):
        kappa(*given_values, **options)


def test_a_missing_package_is_named_with_the_way_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "statsmodels.stats.inter_rater", None)
    with pytest.raises(ImportError, match=r"pt.kappa needs the package statsmodels: pip install 'pebbletrail\[models\]'"):
        kappa(A, B)


def test_nearly_full_agreement_is_not_called_full():
    first = ["yes"] * 999 + ["no"]
    told = kappa(first, ["yes"] * 998 + ["no", "no"]).text
    assert "to 99.9 % of 1,000 cases" in told
    assert "100 %" not in told.split("Kappa")[0]


@pytest.mark.parametrize("weights", [None, "linear"])
def test_an_infinite_rating_is_refused(weights):
    with pytest.raises(ValueError, match=r"^ratings: inf is no category"):
        kappa([1.0, 2.0, np.inf, 1.0], [1.0, 2.0, 2.0, 1.0], weights)
