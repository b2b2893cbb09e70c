"""Combining signed evidence: against scipy's Stouffer, numerical integration of likelihood times prior, and formulas."""

import numpy as np
import pandas as pd
import pytest
from scipy import integrate, stats

from pebbletrail.models.pooling.evidence import combine_evidence

ESTIMATES, ERRORS = [0.3, -0.1, 0.45, 0.2], [0.1, 0.2, 0.3, 0.15]
SIZES = [120, 40, 60, 90]
# four studies of past experience and trust, from linear, probit and logistic models (Kuiper and others 2013)
TRUST = pd.DataFrame({"b": [0.09, 0.14, 1.09, 1.781], "se": [0.029, 0.054, 0.093, 0.179], "n": [971, 348, 1249, 2160]})


@pytest.mark.parametrize("weights", [None, [3, 1, 2, 5], np.sqrt(SIZES)])
def test_scipy_combines_the_z_values_alike(weights):
    found = combine_evidence(ESTIMATES, ERRORS, weights=weights)
    one_sided = stats.norm.sf(np.divide(ESTIMATES, ERRORS))
    expected = stats.combine_pvalues(one_sided, "stouffer", weights=weights)
    assert (found.z, found.p_positive) == pytest.approx((expected.statistic, expected.pvalue))
    assert found.p_negative == pytest.approx(1 - expected.pvalue)
    assert found.p_value == pytest.approx(2 * min(expected.pvalue, 1 - expected.pvalue))
    np.testing.assert_allclose(found.table["p_positive"], one_sided)
    np.testing.assert_allclose(found.table["p_negative"], 1 - one_sided)
    assert found.table["weight"].sum() == pytest.approx(100)


def marginal(b, se, prior, low, high):
    """How likely an estimate is under a normal prior between two limits."""
    whole = stats.norm.cdf(high, 0, prior) - stats.norm.cdf(low, 0, prior)
    return integrate.quad(lambda beta: stats.norm.pdf(b, beta, se) * stats.norm.pdf(beta, 0, prior), low, high,
                          points=[b] if low < b < high else None, epsabs=0, epsrel=1e-10)[0] / whole


def by_integration(prior):
    """Products over the four studies of positive against negative and of positive against exactly 0."""
    signs = nulls = 1.0
    for b, se, width in zip(ESTIMATES, ERRORS, prior, strict=True):
        above, below = marginal(b, se, width, 0, 12 * width), marginal(b, se, width, -12 * width, 0)
        signs, nulls = signs * above / below, nulls * above / stats.norm.pdf(b, 0, se)
    return np.log10(signs), np.log10(nulls)


@pytest.mark.parametrize("width", [1.0, 2.0, 5.0])
def test_factors_of_signs_are_those_of_numerical_integration(width):
    table = combine_evidence(ESTIMATES, ERRORS).sensitivity.set_index("prior")
    expected = by_integration(width * np.array(ERRORS))[0]
    assert table.loc[f"{width:g} standard errors", "log10_bayes_factor"] == pytest.approx(expected, rel=1e-7)


@pytest.mark.parametrize(("name", "factor"), [("0.5 × one observation", 0.5), ("1 × one observation (used)", 1.0),
                                              ("2 × one observation", 2.0)])
def test_factors_against_0_are_those_of_numerical_integration(name, factor):
    found = combine_evidence(ESTIMATES, ERRORS, sizes=SIZES)
    row = found.sensitivity.set_index("prior").loc[name]
    signs, nulls = by_integration(factor * np.sqrt(SIZES) * ERRORS)
    assert (row["log10_bayes_factor"], row["log10_null"]) == pytest.approx((signs, nulls), rel=1e-7)
    if factor == 1:
        assert found.log10_null == row["log10_null"]
        assert np.log10(found.table["bayes_factor_null"]).sum() == pytest.approx(nulls)


def test_a_wide_prior_makes_each_factor_the_odds_of_the_one_sided_p():
    found = combine_evidence(ESTIMATES, ERRORS)
    p = found.table["p_positive"]
    np.testing.assert_allclose(found.table["bayes_factor"], (1 - p) / p)
    assert found.log10_bayes_factor == pytest.approx(np.log10((1 - p) / p).sum())
    assert found.log10_null is None
    assert "log10_null" not in found.sensitivity


def test_the_four_studies_of_trust():
    """z values 3.10, 2.59, 11.72 and 9.95, combined 13.7."""
    found = combine_evidence(TRUST["b"], TRUST["se"])
    assert found.table["z"].round(2).to_list() == [3.10, 2.59, 11.72, 9.95]
    assert found.z == pytest.approx(27.37 / 2, abs=0.01)
    assert round(found.z, 1) == 13.7


def test_evidence_beyond_any_number_stays_finite_in_logarithms():
    found = combine_evidence([50, 60], [1, 1], sizes=[1000, 1000])
    assert np.isinf(found.table["bayes_factor"]).all()
    # log Φ(−z) is about −z² / 2 − log(z √(2π)) − 1 / z²
    tail = sum(z**2 / 2 + np.log(z * np.sqrt(2 * np.pi)) + 1 / z**2 for z in (50, 60))
    assert found.log10_bayes_factor == pytest.approx(tail / np.log(10), rel=1e-8)
    assert np.isfinite(found.log10_null)
    assert "about 10 to the power" in found.text


def test_turning_every_sign_turns_the_evidence():
    one = combine_evidence(ESTIMATES, ERRORS)
    other = combine_evidence(np.negative(ESTIMATES), ERRORS)
    assert (other.z, other.log10_bayes_factor) == pytest.approx((-one.z, -one.log10_bayes_factor))
    assert (other.p_positive, other.p_value) == pytest.approx((one.p_negative, one.p_value))


def test_the_units_of_the_studies_do_not_matter():
    unit = np.array([1, 1000, 0.01, 7])
    one, other = combine_evidence(ESTIMATES, ERRORS), combine_evidence(ESTIMATES * unit, ERRORS * unit)
    assert other.z == pytest.approx(one.z)
    pd.testing.assert_frame_equal(one.sensitivity, other.sensitivity)


# --- sentences ------------------------------------------------------------------------------------------------------

def test_the_sentence_says_what_the_evidence_is_for_under_which_prior_and_that_it_has_no_size():
    text = combine_evidence(TRUST["b"], TRUST["se"]).text
    assert text == (
        "4 of 4 estimates are positive. Combined (Stouffer), z = 13.68 speaks for a positive effect: if there were no "
        "effect in any study, this much in that direction would be seen in fewer than 1 of 1,000 such sets of studies "
        "(one-sided p < .001). Bayes factor: the estimates are about 10 to the power 60 times as likely if the effect is "
        "positive in "
        "every study as if it is negative in every one. That is under a wide prior centred on 0; one as narrow as each "
        "study's own error gives about 10 to the power 32. None of this says how large an effect is, or that it has the "
        "same sign everywhere.")


def test_the_sentence_with_sizes_holds_it_against_nothing_at_all():
    text = combine_evidence(TRUST["b"], TRUST["se"], sizes=TRUST["n"]).text
    assert ("And they are about 10 to the power 50 times as likely if it is positive in every study as if it is exactly 0 "
            "in every one, under a prior worth one observation; with half or twice its width: about 10 to the power 49 to "
            "about 10 to the power 51.") in text


def test_signs_that_differ_and_weak_evidence_are_said():
    text = combine_evidence([0.1, -0.2, 0.05], [0.1, 0.1, 0.1], sizes=[100, 100, 100]).text
    assert text.startswith("2 of 3 estimates are positive. Combined (Stouffer), z = -0.29 leans to a negative effect")
    assert "in 38.6 of 100 such sets of studies (one-sided p = .386)" in text
    assert "Signs differ, so perhaps neither is true." in text
    assert "times as likely if it is exactly 0 in every study as if it is positive in every one" in text


def test_a_narrow_prior_that_turns_the_evidence_is_told():
    """Against an effect that is positive in every study, one z of 4 stands alone; the wide prior counts it most."""
    found = combine_evidence([4, -1.5, -1.5, -1.5, -1], [1] * 5)
    shrunk = np.array([4, -1.5, -1.5, -1.5, -1]) / np.sqrt(2)
    narrow = np.log10(stats.norm.cdf(-shrunk) / stats.norm.cdf(shrunk)).sum()
    assert 0 < narrow < 4
    assert found.log10_bayes_factor > 0
    assert (f"as narrow as each study's own error turns it: under that one they are {10**narrow:.3g} times as likely if it "
            "is "
            "negative in every study as if it is positive in every one.") in found.text
    turned = combine_evidence([-4, 1.5, 1.5, 1.5, 1], [1] * 5).text
    assert f"{10**narrow:.3g} times as likely if it is positive in every study as if it is negative" in turned


def test_a_factor_of_the_narrow_prior_is_no_other_rows():
    """Of an inner row it would be smaller: the factors of these studies do not grow with the prior's width alone."""
    found = combine_evidence([0.3, -0.1, 0.45, 0.2], [0.1, 0.2, 0.3, 0.15])
    assert f"own error gives {10 ** found.sensitivity['log10_bayes_factor'][0]:.3g}." in found.text


@pytest.mark.parametrize(("z", "verb"), [(2.02, "speaks for a positive effect"), (1.90, "leans to a positive effect"),
                                         (-2.02, "speaks for a negative effect"), (0.0, "leans to neither sign.")])
def test_how_clear_the_evidence_is(z, verb):
    """One-sided p of .022 and .029."""
    text = combine_evidence([z, z], [2**0.5] * 2).text
    assert verb in text
    if z == 0:
        assert "Bayes factor: the estimates are as likely if the effect is positive in every study as if it is neg" in text


def test_only_the_proportions_of_weights_matter():
    one, other = (combine_evidence(ESTIMATES, ERRORS, weights=np.array([3, 1, 2, 5]) * unit) for unit in (1, 1e200))
    assert other.z == pytest.approx(one.z)
    np.testing.assert_allclose(other.table["weight"], one.table["weight"])


@pytest.mark.parametrize("argument", ["weights", "sizes"])
def test_series_in_another_order_are_refused(argument):
    b, other = pd.Series([0.1, 0.2], ["a", "b"]), pd.Series([50, 60], ["b", "a"])
    with pytest.raises(ValueError, match=f"^{argument}: the index is not that of estimates, in the same order"):
        combine_evidence(b, [0.1, 0.1], **{argument: other})
    with pytest.raises(ValueError, match=f"^{argument}: the index is not that of errors"):
        combine_evidence([0.1, 0.2], b, **{argument: other})


# --- errors ---------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("arguments", "options", "message"), [
    pytest.param(([0.1], [0.1]), {}, r"^estimates: combining needs at least two studies, not 1", id="one study"),
    pytest.param(([1e300, 0.2], [1e-10, 0.1]), {}, r"^estimates: study 1 has inf", id="too many errors from 0"),
    pytest.param(([0.1, 0.2], [0.1]), {}, r"^estimates, errors, labels: one of each", id="lengths"),
    pytest.param(([0.1, 0.2], [0.1, 0.0]), {}, r"^errors: study 2 has 0; a standard error above 0", id="an error of 0"),
    pytest.param(([0.1, np.inf], [0.1, 0.1]), {}, r"^estimates: study 2 has inf", id="infinite"),
    pytest.param(([0.1, 0.2], [0.1, np.nan]), {}, r"^errors: study 2 has nan", id="missing"),
    pytest.param(([0.1, 0.2], [0.1, 0.1]), {"weights": [1, 0]}, r"^weights: study 2 has 0; a number above 0", id="weight 0"),
    pytest.param(([0.1, 0.2], [0.1, 0.1]), {"weights": [1]}, r"^weights: one for each of 2 studies", id="one weight"),
    pytest.param(([0.1, 0.2], [0.1, 0.1]), {"sizes": [10, -5]}, r"^sizes: study 2 has -5", id="a negative size"),
    pytest.param(([0.1, 0.2], [0.1, 0.1]), {"labels": ["a", "a"]}, r"^labels: 'a' stands more than once", id="labels"),
    pytest.param((pd.Series([1, 2], ["a", "b"]), pd.Series([1, 2], ["b", "a"])), {}, r"^errors: the index is not that of",
                 id="another order"),
])
def test_wrong_arguments_are_errors_that_name_argument_and_study(arguments, options, message):
    with pytest.raises(ValueError, match=message):
        combine_evidence(*arguments, **options)
