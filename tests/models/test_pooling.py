"""Pooling studies.

Expected values come from R's metafor (``tests/oracles/pooling.R``), from statsmodels, from formulas that hold in special
cases, from a fine grid over the restricted likelihood, written here with matrices, and from the root of its derivative.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, stats

import pebbletrail as pt
from pebbletrail.models.pooling.studies import pool

ORACLES = Path(__file__).resolve().parents[1] / "oracles"
STUDIES = pd.read_csv(ORACLES / "pooling-studies.csv", comment="#")
FITS = pd.read_csv(ORACLES / "pooling-fits.csv", comment="#")
TESTS = {"knha": "knapp-hartung", "z": "z"}
METHODS = {"REML": "REML", "PM": "PM", "DL": "DL", "FE": "fixed"}
SIX_DIGITS = 1e-6


def studies(case):
    chosen = STUDIES[STUDIES["case"] == case]
    return chosen["yi"].to_numpy(), chosen["vi"].to_numpy()


# --- metafor --------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("expected", [pytest.param(row, id=f"{row.case}-{row.method}-{row.test}")
                                      for row in FITS.itertuples()])
def test_metafor_gives_the_same_to_six_digits(expected):
    found = pool(*studies(expected.case), method=METHODS[expected.method], test=TESTS[expected.test])
    like_metafor = {"rel": SIX_DIGITS, "abs": 1e-9}
    assert found.estimate == pytest.approx(expected.estimate, **like_metafor)
    assert found.se == pytest.approx(expected.se, **like_metafor)
    assert found.tau2 == pytest.approx(expected.tau2, **like_metafor)
    assert found.i2 == pytest.approx(expected.i2, **like_metafor)
    assert found.statistic == pytest.approx(expected.statistic, **like_metafor)
    assert found.p_value == pytest.approx(expected.p_value, rel=1e-5)
    assert found.ci == pytest.approx((expected.ci_low, expected.ci_high), **like_metafor)
    assert (found.q, found.q_df) == (pytest.approx(expected.q, **like_metafor), found.k - 1)
    assert found.q_p == pytest.approx(expected.q_p, rel=1e-5)
    if expected.method == "FE":  # metafor has neither interval for a common effect
        return
    assert found.tau2_ci == pytest.approx((expected.tau2_low, expected.tau2_high), **like_metafor)
    assert found.i2_ci == pytest.approx((expected.i2_low, expected.i2_high), **like_metafor)
    if expected.test == "knha" and found.k > 2:
        assert found.prediction == pytest.approx((expected.pi_low, expected.pi_high), **like_metafor)


def test_the_bcg_trials_with_the_figures_that_the_design_notes_give():
    found = pool(*studies("bcg"))
    assert (round(found.estimate, 6), round(found.se, 6), round(found.tau2, 6)) == (-0.714532, 0.180792, 0.313243)
    assert tuple(round(end, 6) for end in found.ci) == (-1.108444, -0.320621)
    assert round(pool(*studies("bcg"), test="z").se, 6) == 0.179782


def test_the_stored_log_risk_ratios_follow_from_their_counts():
    """log(a/(a+b)) − log(c/(c+d)), with variance 1/a − 1/(a+b) + 1/c − 1/(c+d)."""
    trials = STUDIES[STUDIES["case"] == "bcg"]
    treated, control = trials["tpos"] + trials["tneg"], trials["cpos"] + trials["cneg"]
    assert len(trials) == 13
    np.testing.assert_allclose(np.log(trials["tpos"] / treated) - np.log(trials["cpos"] / control), trials["yi"], rtol=1e-12)
    np.testing.assert_allclose(1 / trials["tpos"] - 1 / treated + 1 / trials["cpos"] - 1 / control, trials["vi"], rtol=1e-12)


def test_the_hidden_costs_laboratories_are_those_of_the_data_set():
    table = pt.load("hidden-costs-summary")
    table = table[(table["incentives"] == "real") & (table["treatment"] == "C10")]
    found = pool(table["mean_difference"], table["sd_difference"] ** 2 / table["agents"], labels=table["laboratory"])
    expected = FITS.query("case == 'hidden-costs' and test == 'knha' and method == 'REML'").iloc[0]
    assert found.k == 6
    assert found.table["study"].to_list() == ["Zurich", "Jena 1", "Trento", "Jena 2", "Jena 3", "Massachusetts"]
    assert found.estimate == pytest.approx(expected["estimate"], rel=SIX_DIGITS)
    assert found.prediction == pytest.approx((expected["pi_low"], expected["pi_high"]), rel=SIX_DIGITS)


# --- statsmodels ----------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("method", "theirs"), [("DL", "dl"), ("PM", "iterated")])
@pytest.mark.parametrize("case", ["bcg", "hidden-costs", "made-up", "equal-variances"])
def test_statsmodels_gives_the_same_mean_errors_and_variance_between_studies(case, method, theirs):
    from statsmodels.stats.meta_analysis import combine_effects

    y, v = studies(case)
    # Their iteration gives 0 once rounding puts its equation below 0; at 1e-6 it ends above, with eight digits or more.
    expected = combine_effects(y, v, method_re=theirs, **({} if theirs == "dl" else {"atol": 1e-6, "maxiter": 1000}))
    classical, knapp_hartung = pool(y, v, method, "z"), pool(y, v, method)
    assert classical.tau2 == pytest.approx(expected.tau2, rel=1e-6)
    assert classical.estimate == pytest.approx(expected.mean_effect_re, rel=1e-6)
    assert classical.se == pytest.approx(expected.sd_eff_w_re, rel=1e-6)
    assert knapp_hartung.se == pytest.approx(expected.var_hksj_re**0.5, rel=1e-6)
    assert classical.q == pytest.approx(expected.q, rel=1e-9)
    common = pool(y, v, "fixed", "z")
    assert (common.estimate, common.se) == pytest.approx((expected.mean_effect_fe, expected.sd_eff_w_fe), rel=1e-9)


# --- formulas that hold in special cases ----------------------------------------------------------------------------

def test_without_heterogeneity_it_is_the_fixed_effect_mean():
    y, v = studies("no-heterogeneity")
    w, t = 1 / v, stats.t(len(v) - 1).ppf(0.975)
    mean = (w * y).sum() / w.sum()
    classical, knapp_hartung = pool(y, v, test="z"), pool(y, v)
    for found in (classical, knapp_hartung):
        assert (found.tau2, found.i2) == (0.0, 0.0)
        assert found.estimate == pytest.approx(mean)
    assert classical.se == pytest.approx(w.sum() ** -0.5)
    assert classical.ci == pytest.approx((mean - 1.959963985 * classical.se, mean + 1.959963985 * classical.se))
    assert knapp_hartung.se == pytest.approx(((w * (y - mean) ** 2).sum() / ((len(y) - 1) * w.sum())) ** 0.5)
    assert knapp_hartung.ci == pytest.approx((mean - t * knapp_hartung.se, mean + t * knapp_hartung.se))
    assert knapp_hartung.prediction == pytest.approx(knapp_hartung.ci)  # nothing is left that differs between studies


@pytest.mark.parametrize("method", ["REML", "PM", "DL"])
@pytest.mark.parametrize("k", [2, 3, 5, 30])
@pytest.mark.parametrize("v", [0.01, 0.5, 1.0, 4.0])
def test_with_equal_variances_everything_has_a_closed_form(k, v, method):
    """τ² = max(0, s² − v), the mean is the plain mean, and Knapp-Hartung is the one-sample t test."""
    y = np.random.default_rng(k).normal(0.3, 1, size=k)
    found, spread = pool(y, np.full(k, v), method), y.var(ddof=1)
    assert found.tau2 == pytest.approx(max(0.0, spread - v), rel=SIX_DIGITS, abs=SIX_DIGITS * v)
    assert found.i2 == pytest.approx(100 * max(0.0, spread - v) / max(spread, v), rel=SIX_DIGITS, abs=1e-4)
    assert found.estimate == pytest.approx(y.mean())
    plain = stats.ttest_1samp(y, 0.0)
    assert found.se == pytest.approx(stats.sem(y))
    assert found.statistic == pytest.approx(plain.statistic)
    assert found.p_value == pytest.approx(plain.pvalue)
    assert found.df == k - 1
    assert found.ci == pytest.approx(tuple(plain.confidence_interval()))
    assert found.table["weight"].to_list() == pytest.approx([100 / k] * k)
    assert pool(y, np.full(k, v), method, "z").se == pytest.approx((max(spread, v) / k) ** 0.5, rel=SIX_DIGITS)
    # (k − 1) s² / (v + τ²) has a chi-squared distribution, and I² is τ² / (v + τ²)
    ends = [max(0.0, (k - 1) * spread / stats.chi2(k - 1).ppf(level) - v) for level in (0.975, 0.025)]
    assert found.tau2_ci == pytest.approx(ends, rel=SIX_DIGITS, abs=1e-9)
    assert found.i2_ci == pytest.approx([100 * end / (end + v) for end in ends], rel=SIX_DIGITS, abs=1e-9)
    assert found.q == pytest.approx((k - 1) * spread / v)
    assert found.q_p == pytest.approx(stats.chi2(k - 1).sf((k - 1) * spread / v))


def test_two_studies_by_hand():
    """y = 0, 1 with v = 0.1 each: s² = 0.5, τ² = 0.4, mean 0.5, se = √(0.5 / 2) = 0.5, t(1) = 12.7062."""
    found = pool([0, 1], [0.1, 0.1])
    assert (found.k, found.df) == (2, 1)
    assert found.tau2 == pytest.approx(0.4, rel=SIX_DIGITS)
    assert (found.estimate, found.se) == pytest.approx((0.5, 0.5))
    assert found.ci == pytest.approx((0.5 - 12.7062 * 0.5, 0.5 + 12.7062 * 0.5), rel=1e-5)
    assert found.i2 == pytest.approx(80, rel=SIX_DIGITS)
    reach = 12.7062 * (0.25 + 0.4) ** 0.5
    assert found.prediction == pytest.approx((0.5 - reach, 0.5 + reach), rel=1e-5)


def test_two_studies_that_agree_leave_no_heterogeneity():
    found = pool([0.30, 0.32], [0.1, 0.1], test="z")
    assert found.tau2 == 0
    assert found.se == pytest.approx((0.1 / 2) ** 0.5)


@pytest.mark.parametrize("case", ["bcg", "made-up", "no-heterogeneity"])
def test_a_common_effect_has_no_variance_between_studies_and_a_prediction_that_is_no_more_than_the_mean(case):
    """Mean Σwy / Σw, error 1 / √Σw; I² = 1 − (k − 1) / Q; prediction μ ± t(k − 1) √(se² + 0); τ²'s interval as for REML."""
    y, v = studies(case)
    found, w = pool(y, v, "fixed", "z"), 1 / v
    assert (found.tau2, found.method) == (0.0, "fixed")
    assert (found.estimate, found.se) == pytest.approx(((w * y).sum() / w.sum(), w.sum() ** -0.5))
    assert found.i2 == pytest.approx(max(0, 100 * (1 - (len(y) - 1) / (w * (y - found.estimate) ** 2).sum())))
    reach = stats.t(len(y) - 1).ppf(0.975) * found.se
    assert found.prediction == pytest.approx((found.estimate - reach, found.estimate + reach))
    assert (found.tau2_ci, found.i2_ci) == (pool(y, v).tau2_ci, pool(y, v).i2_ci)
    assert found.ci == pytest.approx((found.estimate - 1.959963985 * found.se, found.estimate + 1.959963985 * found.se))


def test_studies_that_all_find_the_same_have_an_interval_of_no_width_and_are_told_about_it():
    found = pool([0.3, 0.3, 0.3], [0.1, 0.2, 0.3])
    assert (found.estimate, found.tau2, found.i2, found.q) == (pytest.approx(0.3), 0, 0, pytest.approx(0, abs=1e-25))
    assert (found.tau2_ci, found.i2_ci) == ((0, 0), (0, 0))
    assert found.se == pytest.approx(0, abs=1e-12)
    z = pool([0.3, 0.3, 0.3], [0.1, 0.2, 0.3], test="z")
    assert "differ less than chance makes studies differ on average" in found.text
    assert f"test='z' gives {z.ci[0]:.2f} to {z.ci[1]:.2f}" in found.text
    nothing = pool([0.0, 0.0], [0.1, 0.1])
    assert np.isnan(nothing.statistic)
    assert np.isnan(nothing.p_value)


# --- the likelihood -------------------------------------------------------------------------------------------------

def deviance(tau2, y, v):
    """−2 times the restricted log-likelihood, without its constant, from matrices."""
    V, X = np.diag(np.asarray(v) + tau2), np.ones((len(y), 1))
    inverse = np.linalg.inv(V)
    information = X.T @ inverse @ X
    residual = np.asarray(y) - (X @ np.linalg.solve(information, X.T @ inverse @ y)).ravel()
    return np.linalg.slogdet(V)[1] + np.linalg.slogdet(information)[1] + residual @ inverse @ residual


@pytest.mark.parametrize("seed", range(12))
def test_no_value_on_a_fine_grid_does_better(seed):
    rng = np.random.default_rng(seed)
    v = np.exp(rng.normal(size=4 + seed))
    y = rng.normal(size=4 + seed) * np.sqrt(v + rng.choice([0, 0.3, 3]))
    found = deviance(pool(y, v).tau2, y, v)
    grid = np.concatenate([[0.0], np.geomspace(1e-6, 1e3, 300)])
    assert found <= min(deviance(tau2, y, v) for tau2 in grid) + 1e-9


@pytest.mark.parametrize(("y", "v", "near"), [
    pytest.param([-3.05, -0.88, -3.34, -3.0], [0.002, 0.384, 0.248, 0.001], 0.753, id="the far hill is higher"),
    pytest.param([-5.34, -1.22, -5.47], [0.008, 2.062, 0.018], 0.0, id="the hill at zero is higher"),
    pytest.param([-6.26, 3.3, 3.23], [10.966, 0.001, 0.002], 0.00099, id="the higher hill is narrow and near zero"),
    pytest.param([-0.104, -8.296, 3.174, -12.998, -0.446, 0.605], [0.0042, 12.8535, 2.3757, 103.9629, 30.4568, 0.4686],
                 0.6664, id="two hills near each other"),
])
def test_of_two_hills_of_the_likelihood_the_higher_one_is_found(y, v, near):
    grid = np.concatenate([[0.0], np.geomspace(1e-5, 1e3, 1500)])
    heights = np.array([deviance(tau2, y, v) for tau2 in grid])
    inside = (heights[1:-1] < heights[:-2]) & (heights[1:-1] < heights[2:])
    hills = np.flatnonzero(np.concatenate([[heights[0] < heights[1]], inside, [False]]))
    assert len(hills) == 2
    assert pool(y, v).tau2 == pytest.approx(near, rel=0.01)
    assert deviance(pool(y, v).tau2, y, v) <= heights.min() + 1e-9


def slope(tau2, y, v):
    """The derivative of the deviance: 0 at a hill."""
    w = 1 / (v + tau2)
    residual = y - w @ y / w.sum()
    return w.sum() - (w**2).sum() / w.sum() - w**2 @ residual**2


@pytest.mark.parametrize("times", [1e2, 1e4, 1e6, 1e8, 1e10, 1e12])
def test_a_study_of_hardly_any_information_costs_no_digits(times):
    """The sixth study's variance is ``times`` the others': in the limit it drops out."""
    y, v = np.array([0.1, 0.5, -0.2, 0.9, 0.3, 0.0]), np.array([0.001, 0.002, 0.001, 0.0015, 0.002, 0.002 * times])
    root = optimize.brentq(slope, 0.01, 10, args=(y, v), xtol=1e-14)
    assert pool(y, v).tau2 == pytest.approx(root, rel=SIX_DIGITS)
    if times >= 1e8:
        assert root == pytest.approx(pool(y[:5], v[:5]).tau2, rel=SIX_DIGITS)


@pytest.mark.parametrize("times", [1e4, 1e10, 1e16])
def test_one_study_of_nearly_all_the_information_costs_no_digits(times):
    """Of two studies each method's τ² is (d² − v₁ − v₂) / 2, and the typical variance is (v₁ + v₂) / 2."""
    d, v = 5.0, np.array([1 / times, 1.0])
    expected = (d**2 - v.sum()) / 2
    for method in ("DL", "PM", "REML"):
        found = pool([0.0, d], v, method)
        assert found.tau2 == pytest.approx(expected, rel=1e-9)
        assert found.i2 == pytest.approx(100 * expected / (expected + v.sum() / 2), rel=1e-9)


# --- what must not matter, and what must ------------------------------------------------------------------------------

@pytest.mark.parametrize("method", ["REML", "PM", "DL", "fixed"])
@pytest.mark.parametrize("test", ["knapp-hartung", "z"])
@pytest.mark.parametrize("case", ["bcg", "hidden-costs", "no-heterogeneity"])
class TestInvariance:
    def test_the_order_of_the_studies(self, case, test, method):
        y, v = studies(case)
        one, other = pool(y, v, method, test), pool(y[::-1], v[::-1], method, test)
        assert (one.estimate, one.se, one.i2) == pytest.approx((other.estimate, other.se, other.i2), rel=SIX_DIGITS)

    def test_the_unit_of_the_effects(self, case, test, method):
        y, v = studies(case)
        one = pool(y, v, method, test)
        for unit in (1e-6, 100.0, 1e6):
            other = pool(y * unit, v * unit**2, method, test)
            assert other.estimate == pytest.approx(one.estimate * unit, rel=SIX_DIGITS)
            assert other.se == pytest.approx(one.se * unit, rel=SIX_DIGITS)
            assert other.tau2 == pytest.approx(one.tau2 * unit**2, rel=SIX_DIGITS, abs=1e-9 * unit**2)
            assert (other.i2, other.p_value) == pytest.approx((one.i2, one.p_value), rel=1e-5, abs=1e-9)
            assert (*other.i2_ci, other.q) == pytest.approx((*one.i2_ci, one.q), rel=1e-6)

    def test_the_origin_moves_the_mean_and_the_intervals_and_nothing_else(self, case, test, method):
        y, v = studies(case)
        one, other = pool(y, v, method, test), pool(y + 1000, v, method, test)
        assert other.estimate == pytest.approx(one.estimate + 1000, rel=1e-9)
        assert (other.se, other.tau2) == pytest.approx((one.se, one.tau2), rel=SIX_DIGITS, abs=1e-9)
        assert np.subtract(other.prediction, 1000) == pytest.approx(one.prediction, rel=1e-5)

    def test_turning_the_effects_around_turns_everything_around(self, case, test, method):
        y, v = studies(case)
        one, other = pool(y, v, method, test), pool(-y, v, method, test)
        assert (other.estimate, other.statistic) == pytest.approx((-one.estimate, -one.statistic), rel=SIX_DIGITS)
        assert other.ci == pytest.approx((-one.ci[1], -one.ci[0]), rel=SIX_DIGITS)
        assert other.p_value == pytest.approx(one.p_value, rel=1e-5)


@pytest.mark.parametrize("test", ["knapp-hartung", "z"])
def test_the_prediction_interval_uses_t_on_k_minus_1_whatever_the_test(test):
    found = pool(*studies("bcg"), test=test)
    reach = stats.t(12).ppf(0.975) * (found.se**2 + found.tau2) ** 0.5
    assert found.prediction == pytest.approx((found.estimate - reach, found.estimate + reach))


def test_the_mean_is_the_weighted_mean_of_the_table():
    y, v = studies("bcg")
    found = pool(y, v, test="z")
    table = found.table
    assert list(table.columns) == ["study", "estimate", "se", "ci_low", "ci_high", "weight"]
    assert table["weight"].sum() == pytest.approx(100)
    np.testing.assert_allclose(table["weight"], 100 / (v + found.tau2) / (1 / (v + found.tau2)).sum())
    assert (table["weight"] * table["estimate"]).sum() / 100 == pytest.approx(found.estimate)
    np.testing.assert_allclose(table["ci_high"] - table["estimate"], 1.959963985 * v**0.5)
    np.testing.assert_allclose(table["estimate"] - table["ci_low"], 1.959963985 * v**0.5)
    assert (found.df, found.test, found.method) == (None, "z", "REML")


def test_a_thousand_and_ten_thousand_studies_give_back_what_made_them():
    for k in (1000, 10_000):
        rng = np.random.default_rng(k)
        v = rng.uniform(0.01, 0.1, k)
        found = pool(0.3 + rng.normal(size=k) * np.sqrt(v + 0.05), v)
        assert abs(found.estimate - 0.3) < 4 * found.se
        assert found.tau2 == pytest.approx(0.05, abs=10 * 0.05 / k**0.5)


# --- labels ---------------------------------------------------------------------------------------------------------

def test_labels_come_from_the_argument_or_the_index_or_the_order():
    y = pd.Series([0.1, 0.4, 0.2], index=["Zurich", "Trento", "Jena"])
    v = [0.01, 0.02, 0.03]
    assert pool(y, v).table["study"].to_list() == ["Zurich", "Trento", "Jena"]
    assert pool(y, v, labels=["a", "b", "c"]).table["study"].to_list() == ["a", "b", "c"]
    assert pool(y.to_list(), v).table["study"].to_list() == ["study 1", "study 2", "study 3"]
    assert pool(y.reset_index(drop=True), v).table["study"].to_list() == ["study 1", "study 2", "study 3"]


def test_numbers_in_an_index_are_called_studies():
    assert pool(pd.Series([0.1, 0.4], index=[7, 3]), [0.01, 0.02]).table["study"].to_list() == ["study 7", "study 3"]


def test_two_series_in_unlike_order_are_refused():
    """Never study 1's effect with study 3's variance, without a word."""
    y = pd.Series({"Zurich": 0.1, "Trento": 0.5, "Jena": -0.2, "Boston": 0.9})
    v = pd.Series({"Zurich": 0.001, "Trento": 0.02, "Jena": 0.001, "Boston": 0.15})
    with pytest.raises(ValueError, match=r"^variances: the index is not that of effects, in the same order; sort both"):
        pool(y, v.sort_index())
    with pytest.raises(ValueError, match=r"^labels: the index is not that of variances"):
        pool(y.to_list(), v, labels=pd.Series(list("abcd"), index=v.index[::-1]))


def test_the_callers_arrays_are_not_changed():
    y, v = np.array([0.1, 0.4, 0.2]), np.array([0.01, 0.02, 0.03])
    found = pool(y, v)
    found.table["estimate"] = 0.0
    assert y.tolist() == [0.1, 0.4, 0.2]
    assert v.tolist() == [0.01, 0.02, 0.03]


def test_the_sentence_holds_mean_interval_heterogeneity_and_prediction():
    text = pool(*studies("bcg")).text
    assert text == ("Across 13 studies the mean effect is -0.71 (95 % interval -1.11 to -0.32); 92 % of the variation lies "
                    "between studies (82 to 98 %). If the model holds, a new study's true effect would lie between -2.00 "
                    "and 0.57 (95 % in theory, some 90 to 95 % in practice).")


def test_the_sentence_of_a_common_effect_says_what_is_supposed_and_whether_the_studies_agree_with_it():
    text = pool(*studies("bcg"), method="fixed", test="z").text
    assert text == ("If all 13 studies estimate one and the same effect, it is -0.43 (95 % interval -0.51 to -0.35). They "
                    "differ more than that allows (Q = 152.2 on 12 degrees of freedom, p < .001): about 92 % of the "
                    "variation lies between studies. This model makes no room for it; method='REML' does.")
    assert "do not contradict this (Q = 0.3 on 4 degrees of freedom, p = .991)" in pool(
        *studies("no-heterogeneity"), method="fixed", test="z").text
    spread = pool(*studies("bcg"), method="fixed").text
    assert "is -0.43 (95 % interval -0.74 to -0.12). This interval rests on the spread of the effects" in spread
    assert "(test='z'), it is -0.51 to -0.35." in spread


def test_where_studies_differ_less_than_chance_the_sentence_gives_the_longer_interval_too():
    """0.259 ± 1.96 · 0.0697 is 0.123 to 0.396: metafor's z interval of this case."""
    told = (" The studies differ less than chance makes studies differ on average, which shortens the intervals; test='z' "
            "gives ")
    knapp_hartung = pool(*studies("no-heterogeneity")).text
    assert f"{told}0.12 to 0.40 for the mean" in knapp_hartung
    assert "0 % of the variation lies between studies. If" in knapp_hartung  # an interval of I² from 0 to 0 would say: sure
    assert told not in pool(*studies("no-heterogeneity"), test="z").text
    assert told not in pool(*studies("bcg")).text
    # no variance between studies by REML, and yet Q above k − 1, so that Knapp-Hartung's interval is the longer one
    apart = pool([0.46, 0.21, -0.06, 0.07], [0.06, 0.03, 0.033, 0.004])
    assert (apart.tau2, apart.q > 3) == (0, True)
    assert told not in apart.text


@pytest.mark.parametrize(("unit", "told"), [
    (1e-4, "-0.000071 (95 % interval -0.000111 to -0.000032)"),
    (1000, "-715 (95 % interval -1,108 to -321)"),
    (1e-9, "-7.15e-10 (95 % interval -1.11e-09 to -3.21e-10)")])
def test_the_sentence_has_as_many_decimals_as_the_unit_needs(unit, told):
    y, v = studies("bcg")
    assert f"the mean effect is {told}" in pool(y * unit, v * unit**2).text


@pytest.mark.parametrize(("k", "i2", "enough"), [(10, 81, True), (10, 79, False), (9, 99, False), (30, 61, True),
                                                 (30, 59, False), (29, 61, False)])
def test_the_sentence_says_where_a_prediction_interval_is_too_short(k, i2, enough):
    """Effects of variance 1 and equal sampling variances v, so that I² is 1 − v."""
    y = np.linspace(-1, 1, k)
    text = pool(y / y.std(ddof=1), np.full(k, 1 - i2 / 100)).text
    assert f"; {i2} % of the variation" in text
    assert text.endswith("(95 % in theory, some 90 to 95 % in practice)." if enough else
                         "(95 % in theory; nearer 85 to 90 % where studies differ about as much as chance makes them, and "
                         f"{k} studies hardly show which).")


def test_a_share_of_nearly_all_is_not_called_all():
    found = pool([0.0, 1, 2, 3], [1e-5] * 4)
    assert 99.99 < found.i2 < 100
    assert "; over 99.9 % of the variation lies between studies (over 99.9 to over 99.9 %)" in found.text
    assert "I² over 99.9 % (" in found.heterogeneity
    assert "about over 99.9 %" in pool([0.0, 1, 2, 3], [1e-5] * 4, "fixed", "z").text


def test_the_interval_of_a_share_is_told_though_its_lower_end_is_0():
    found = pool([0.1, 0.5, 0.3, 0.6], [0.04] * 4)
    assert found.i2_ci[0] == 0 < found.i2_ci[1]
    assert f"between studies (0 to {found.i2_ci[1]:.0f} %)." in found.text


@pytest.mark.parametrize(("y", "v"), [([0.1, 0.5], [0.1, 0.1]), ([0.1, 0.45, 0.4, 0.2], [0.04] * 4)])
def test_a_smaller_error_is_no_shorter_interval(y, v):
    """Knapp-Hartung's error is below z's, and yet t on so few degrees of freedom makes its interval the wider one."""
    found, z = pool(y, v), pool(y, v, test="z")
    assert (found.tau2, found.se < z.se, np.ptp(found.ci) > np.ptp(z.ci)) == (0, True, True)
    assert "safer" not in found.text


def test_an_interval_shorter_than_that_of_z_is_told_also_where_a_variance_between_studies_was_found():
    """One exact study far off: DerSimonian and Laird's variance is far above what makes Q its expectation."""
    y, v = np.linspace(-1, 1, 40), np.full(40, 0.01)
    v[0] = 1e-6
    found, z = pool(y, v, "DL"), pool(y, v, "DL", "z")
    assert (found.tau2 > 0, np.ptp(found.ci) < np.ptp(z.ci)) == (True, True)
    assert "The studies differ less than the variance estimated between them lets expect" in found.text


def test_effects_that_are_all_alike_leave_no_error_of_rounding():
    found = pool([0.3] * 12, np.linspace(0.01, 0.2, 12))
    assert (found.se, found.p_value) == (0, 0)


def test_the_line_under_a_figure_has_variance_share_and_test():
    found = pool(*studies("bcg"))
    assert found.heterogeneity == "τ² 0.313 (0.12 to 1.11), I² 92 % (82 to 98 %), Q 152.2 on 12 df, p < .001"
    assert pool(*studies("bcg"), method="fixed").heterogeneity.startswith("τ² 0 (assumed), I² 92 % (82 to 98 %)")
    assert pool(*studies("no-heterogeneity")).heterogeneity == "τ² 0, I² 0 %, Q 0.3 on 4 df, p = .991"


# --- errors ---------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("arguments", "message"), [
    pytest.param(([0.1], [0.1]), r"^effects: pooling needs at least two studies, not 1. study 1 by itself: 0.1, 95 % "
                 r"interval -0.5198 to 0.7198", id="one study"),
    pytest.param(([0.1, 0.2],), r"^variances: none are given. Studies are weighed .* no funnel, Egger or PET-PEESE",
                 id="no variances"),
    pytest.param(([0.1, 0.2], [1e-30, 1.0]), r"variances from 1e-30 to 1 are .* too far apart to weigh", id="too far apart"),
    pytest.param(([0.1, 0.2], [1e-200, 2e-200]), r"variances from 1e-200 to 2e-200 are too small", id="too small"),
    pytest.param(([0.1, 1e200], [1, 1]), r"effects up to 1e\+200.* too large", id="too large"),
    pytest.param((["a", 0.2], [0.1, 0.1]), r"^effects: a sequence of numbers is needed", id="text"),
    pytest.param(([], []), r"^effects: pooling needs at least two studies, not 0", id="no study"),
    pytest.param(([0.1, 0.2], [0.1]), r"^effects, variances, labels: .* not 2, 1 and 2", id="unlike lengths"),
    pytest.param(([[0.1, 0.2]], [[0.1, 0.2]]), r"^effects, variances", id="two dimensions"),
    pytest.param(([0.1, np.nan], [0.1, 0.1]), r"^effects: study 2 has nan; a finite number", id="missing effect"),
    pytest.param(([0.1, None], [0.1, 0.1]), r"^effects: study 2 has nan", id="no effect"),
    pytest.param(([np.inf, 0.1], [0.1, 0.1]), r"^effects: study 1 has inf", id="infinite effect"),
    pytest.param(([0.1, 0.2], [0.1, 0.0]), r"^variances: study 2 has 0; a squared standard error above 0",
                 id="variance of 0"),
    pytest.param(([0.1, 0.2], [-0.1, 0.1]), r"^variances: study 1 has -0.1", id="negative variance"),
    pytest.param(([0.1, 0.2], [np.nan, 0.1]), r"^variances: study 1 has nan", id="missing variance"),
    pytest.param(([0.1, 0.2], [0.1, np.inf]), r"^variances: study 2 has inf", id="infinite variance"),
])
def test_wrong_studies_are_errors_that_name_argument_and_study(arguments, message):
    with pytest.raises(ValueError, match=message):
        pool(*arguments)


def test_the_study_in_a_message_is_called_by_its_label():
    with pytest.raises(ValueError, match=r"^variances: Trento has 0"):
        pool(pd.Series([0.1, 0.2], index=["Zurich", "Trento"]), [0.1, 0.0])


@pytest.mark.parametrize(("options", "message"), [
    pytest.param({"method": "ML"}, r"^method: 'ML' is not one of REML, PM, DL, fixed\. Did you mean 'REML'\?", id="method"),
    pytest.param({"method": "dl"}, r"^method: 'dl' .* Did you mean 'DL'\?", id="method in small letters"),
    pytest.param({"method": "FE"}, r"^method: 'FE' .* Did you mean 'fixed'\?", id="metafor's name of a method"),
    pytest.param({"method": ["DL"]}, r"^method: \['DL'\] is not one of", id="list of methods"),
    pytest.param({"test": "knha"}, r"^test: 'knha' .* Did you mean 'knapp-hartung'\?", id="metafor's name of a test"),
    pytest.param({"labels": "ab"}, r"^labels: a sequence of names is needed", id="a text as labels"),
    pytest.param({"labels": ["a", "a"]}, r"^labels: 'a' stands more than once.*average them first", id="labels twice"),
    pytest.param({"test": "t"}, r"^test: 't' is not one of knapp-hartung, z", id="test"),
    pytest.param({"labels": ["a"]}, r"^effects, variances, labels: .* not 2, 2 and 1", id="labels"),
])
def test_wrong_options_are_errors_that_name_them(options, message):
    with pytest.raises(ValueError, match=message):
        pool([0.1, 0.2], [0.1, 0.1], **options)
