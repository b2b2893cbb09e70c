"""Pooling correlations: against metafor's ``escalc`` and ``rma`` (tests/oracles/pooling.R), and against pt.pool."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pebbletrail.models.pooling.correlations import pool_correlations
from pebbletrail.models.pooling.studies import pool

ORACLES = Path(__file__).resolve().parents[1] / "oracles"
STUDIES = pd.read_csv(ORACLES / "pooling-correlations.csv", comment="#")
FITS = pd.read_csv(ORACLES / "pooling-correlation-fits.csv", comment="#")
TESTS = {"knha": "knapp-hartung", "z": "z"}
RELIABILITIES = {"reliability_x": STUDIES["reliability_x"], "reliability_y": 0.85}


@pytest.mark.parametrize("expected", [pytest.param(row, id=f"{row.scale}-{row.method}-{row.test}")
                                      for row in FITS.itertuples()])
def test_metafor_gives_the_same_to_six_digits(expected):
    stated = RELIABILITIES if expected.scale == "corrected" else {}
    found = pool_correlations(STUDIES["r"], STUDIES["n"], method=expected.method, test=TESTS[expected.test], **stated)
    assert found.estimate == pytest.approx(expected.estimate, rel=1e-6)
    assert found.ci == pytest.approx((expected.ci_low, expected.ci_high), rel=1e-6)
    assert (found.se, found.tau2, found.i2) == pytest.approx((expected.se, expected.tau2, expected.i2), rel=1e-6)
    assert (found.q, found.p_value) == pytest.approx((expected.q, expected.p_value), rel=1e-5)
    if expected.test == "knha":
        assert found.prediction == pytest.approx((expected.pi_low, expected.pi_high), rel=1e-6)


def test_it_is_the_pool_of_fishers_z_turned_back():
    found, z = pool_correlations(STUDIES["r"], STUDIES["n"]), pool(np.arctanh(STUDIES["r"]), 1 / (STUDIES["n"] - 3))
    assert (found.scale, found.uncorrected, found.k) == ("Fisher's z", None, 15)
    assert found.estimate == pytest.approx(np.tanh(z.estimate))
    assert found.prediction == pytest.approx(np.tanh(z.prediction))
    assert (found.tau2_ci, found.i2_ci, found.q_p) == (z.tau2_ci, z.i2_ci, z.q_p)
    table = found.table
    assert table.columns.to_list() == ["study", "n", "estimate", "ci_low", "ci_high", "weight", "z", "se_z"]
    np.testing.assert_allclose(table["estimate"], STUDIES["r"])
    np.testing.assert_allclose(table["se_z"], (STUDIES["n"] - 3) ** -0.5)
    np.testing.assert_allclose(np.arctanh(table["ci_high"]), table["z"] + 1.959963985 * table["se_z"])
    np.testing.assert_allclose(table["weight"], z.table["weight"])


def test_a_correction_divides_by_the_roots_of_the_reliabilities():
    found = pool_correlations(STUDIES["r"], STUDIES["n"], **RELIABILITIES)
    a = np.sqrt(STUDIES["reliability_x"] * 0.85)
    assert found.scale == "corrected correlations"
    np.testing.assert_allclose(found.table["estimate"], STUDIES["r"] / a)
    np.testing.assert_allclose(found.table["observed"], STUDIES["r"])
    mean = (STUDIES["n"] * STUDIES["r"]).sum() / STUDIES["n"].sum()
    np.testing.assert_allclose(found.table["se"], (1 - mean**2) / np.sqrt(STUDIES["n"] - 1) / a)
    flat = pool(STUDIES["r"], (1 - mean**2) ** 2 / (STUDIES["n"] - 1))
    assert (found.uncorrected.scale, found.uncorrected.estimate, found.uncorrected.ci) == (
        "correlations", flat.estimate, flat.ci)
    assert found.uncorrected.table.columns.to_list() == ["study", "n", *flat.table.columns[1:]]
    one = pool_correlations(STUDIES["r"], STUDIES["n"], reliability_x=STUDIES["reliability_x"])
    np.testing.assert_allclose(one.table["estimate"], STUDIES["r"] / np.sqrt(STUDIES["reliability_x"]))


def test_perfect_reliabilities_change_nothing_in_a_correlation():
    found = pool_correlations(STUDIES["r"], STUDIES["n"], reliability_x=1, reliability_y=1.0)
    np.testing.assert_allclose(found.table["estimate"], STUDIES["r"])
    without = found.uncorrected
    assert (without.estimate, without.ci, without.prediction) == (found.estimate, found.ci, found.prediction)
    assert without.text.startswith("Across 15 studies the mean correlation is 0.41")
    assert without.figure().axes[0].get_xlabel() == "correlation (dashed line: no correlation)"
    assert without.heterogeneity.endswith("(in correlations)")


def test_turning_the_correlations_around_turns_everything_around():
    one, other = (pool_correlations(sign * STUDIES["r"], STUDIES["n"], **RELIABILITIES) for sign in (1, -1))
    assert other.estimate == pytest.approx(-one.estimate)
    assert other.ci == pytest.approx((-one.ci[1], -one.ci[0]))


def test_one_size_may_serve_for_all():
    one, other = pool_correlations([0.1, 0.4, 0.5], 50), pool_correlations([0.1, 0.4, 0.5], [50, 50, 50])
    assert one.ci == other.ci


def test_leaving_one_out_gives_correlations():
    found = pool_correlations(STUDIES["r"], STUDIES["n"])
    table = found.leave_one_out()
    assert table.columns.to_list() == ["left_out", "estimate", "ci_low", "ci_high", "p_value", "i2"]
    rest = pool_correlations(STUDIES["r"][1:], STUDIES["n"][1:])
    assert table.loc[0, ["estimate", "ci_low", "ci_high", "p_value", "i2"]].to_list() == pytest.approx(
        [rest.estimate, *rest.ci, rest.p_value, rest.i2])
    assert f"instead of {found.estimate:.2f}" in found.leave_one_out_text
    corrected = pool_correlations(STUDIES["r"], STUDIES["n"], **RELIABILITIES)
    assert corrected.leave_one_out()["estimate"].to_list() == corrected.pooled.leave_one_out()["estimate"].to_list()


# --- sentences ------------------------------------------------------------------------------------------------------

def test_the_sentence_is_in_correlations():
    assert pool_correlations(STUDIES["r"], STUDIES["n"]).text == (
        "Across 15 studies the mean correlation is 0.42 (95 % interval 0.33 to 0.50); 70 % of the variation lies between "
        "studies (42 to 88 %). If the model holds, a new study's true correlation would lie between 0.11 and 0.66 (95 % in "
        "theory; nearer 85 to 90 % where studies differ about as much as chance makes them, and 15 studies hardly show "
        "which).")
    fixed = pool_correlations(STUDIES["r"], STUDIES["n"], method="fixed", test="z").text
    assert fixed.startswith("If all 15 studies estimate one and the same correlation, it is 0.4")
    assert "a new study" not in fixed


def test_the_sentence_of_a_common_correlation_says_whether_the_studies_agree_with_it():
    r = [0.1, 0.6, -0.2, 0.7, 0.5]
    text = pool_correlations(r, [100] * 5, method="fixed", test="z").text
    z = pool(np.arctanh(r), [1 / 97] * 5, "fixed", "z")
    assert (f"They differ more than that allows (Q = {z.q:.1f} on 4 degrees of freedom, p < .001): about {z.i2:.0f} % of "
            "the "
            "variation lies between studies. This model makes no room for it; method='REML' does.") in text
    spread = pool_correlations(r, [100] * 5, method="fixed").text
    assert f"(test='z'), it is {np.tanh(z.ci[0]):.2f} to {np.tanh(z.ci[1]):.2f}." in spread


def test_where_studies_differ_less_than_chance_the_sentence_gives_the_longer_interval_too():
    r, n = [0.3, 0.31, 0.29, 0.3, 0.3, 0.31, 0.3, 0.29], [40] * 8
    ends = np.tanh(pool(np.arctanh(r), 1 / (np.array(n) - 3), test="z").ci)
    text = pool_correlations(r, n).text
    assert f"test='z' gives {ends[0]:.2f} to {ends[1]:.2f} for the mean, which is safer here." in text
    assert "safer" in pool_correlations(r, n, reliability_x=0.9).text
    assert "safer" not in pool_correlations(r, n, test="z").text


def test_correlations_near_1_are_not_called_1():
    found = pool_correlations([0.999, 0.99, 0.6], [10, 12, 9])
    assert found.ci[1] > 0.995
    assert "over 0.9" in found.text
    assert "1.00" not in found.text + found.leave_one_out_text
    assert not any("1.00" in text.get_text() for text in found.figure().axes[0].texts)
    assert "(x 0.999; y 1)" in pool_correlations([0.3, 0.4], [50, 60], reliability_x=0.999, reliability_y=1).text
    assert "(x over 0.9999)" in pool_correlations([0.3, 0.4], [50, 60], reliability_x=0.999999).text


def test_a_prediction_beyond_1_is_told_though_the_mean_is_sure():
    found = pool_correlations([0.9, 0.5, 0.8, 0.4, 0.85, 0.95, 0.3, 0.7], [400] * 8, reliability_x=0.96)
    assert max(*found.ci, *found.table["estimate"]) < 1 < found.prediction[1]
    assert "An interval reaches beyond 1" in found.text


def test_the_sentence_of_a_correction_says_what_it_rests_on():
    found = pool_correlations(STUDIES["r"], STUDIES["n"], **RELIABILITIES)
    assert "the mean corrected correlation is 0.5" in found.text
    assert ("The correction is no better than the reliabilities stated (x 0.7 to 0.88; y 0.85); uncorrected it is 0.41 "
            "(0.33 to 0.49).") in found.text
    assert "(in corrected correlations)" in found.heterogeneity


def test_a_correlation_corrected_beyond_1_is_named_and_kept():
    found = pool_correlations([0.9, 0.5, 0.6], [20, 40, 50], labels=["tiny", "b", "c"], reliability_x=0.6, reliability_y=0.8)
    assert found.table["estimate"][0] == pytest.approx(0.9 / 0.48**0.5)
    assert "tiny: corrected beyond 1, which no correlation can be" in found.text
    assert "An interval reaches beyond 1" in found.text
    assert "beyond 1" not in pool_correlations([0.3, 0.35, 0.4], [200, 240, 250], reliability_x=0.8).text


def test_the_forest_is_in_correlations():
    found = pool_correlations(STUDIES["r"], STUDIES["n"])
    fig = found.figure()
    texts = [text.get_text().strip() for text in fig.axes[0].texts]
    assert texts[0] == f"{STUDIES['r'][0]:.2f} [{found.table['ci_low'][0]:.2f}, {found.table['ci_high'][0]:.2f}]"
    assert fig.axes[0].get_xlabel() == "correlation (dashed line: no correlation)"
    assert " ".join(fig.get_supxlabel().split()).endswith("p < .001 (in Fisher's z)")
    assert found.text in fig.alt
    corrected = pool_correlations(STUDIES["r"], STUDIES["n"], **RELIABILITIES).figure()
    assert corrected.axes[0].get_xlabel() == "correlation, corrected (dashed line: no correlation)"


# --- errors ---------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("arguments", "options", "message"), [
    pytest.param(([0.1, -1.0], [50, 50]), {}, r"^r: study 2 has -1; a correlation above −1 and below 1", id="minus 1"),
    pytest.param(([0.1, 1.2], [50, 50]), {}, r"^r: study 2 has 1.2", id="beyond 1"),
    pytest.param(([0.1, np.nan], [50, 50]), {}, r"^r: study 2 has nan", id="missing"),
    pytest.param(([0.1, 0.2], [3, 50]), {}, r"^n: study 1 has 3; a sample size above 3 is needed", id="three people"),
    pytest.param(([0.1, 0.2], [50, np.nan]), {}, r"^n: study 2 has nan", id="a size missing"),
    pytest.param(([0.1, 0.2], [50, np.inf]), {}, r"^n: study 2 has inf", id="an infinite size"),
    pytest.param(([0.1], [50]), {}, r"^r: pooling needs at least two studies, not 1", id="one study"),
    pytest.param(([0.1, 0.2], [50]), {}, r"^r, n, labels: one of each a study is needed, not 2, 1 and 2", id="lengths"),
    pytest.param(([0.1, 0.2], None), {}, r"^n: no sample sizes are given.* An unweighted mean is all", id="no sizes"),
    pytest.param(([0.1, 0.2], [50, 50]), {"labels": ["a", "a"]}, r"^labels: 'a' stands more than once", id="labels"),
    pytest.param(([0.1, 0.2], [50, 50]), {"reliability_x": 0}, r"^reliability_x: study 1 has 0; a reliability above 0",
                 id="reliability of 0"),
    pytest.param(([0.1, 0.2], [50, 50]), {"reliability_y": [0.8, 1.1]}, r"^reliability_y: study 2 has 1.1", id="above 1"),
    pytest.param(([0.1, 0.2], [50, 50]), {"reliability_y": [0.8, None]}, r"^reliability_y: study 2 has nan",
                 id="a reliability missing"),
    pytest.param(([0.1, 0.2], [50, 50]), {"reliability_y": [0.8]},
                 r"^reliability_y: one for all studies or one for each of 2", id="too few reliabilities"),
    pytest.param(([0.1, 0.2], [50, 50]), {"method": "HS"}, r"^method: 'HS'", id="method"),
])
def test_wrong_arguments_are_errors_that_name_argument_and_study(arguments, options, message):
    with pytest.raises(ValueError, match=message):
        pool_correlations(*arguments, **options)


@pytest.mark.parametrize("argument", ["n", "reliability_x"])
def test_series_in_another_order_are_refused(argument):
    r = pd.Series([0.1, 0.2, 0.5], index=["a", "b", "c"])
    other = pd.Series([50, 60, 70], index=["b", "a", "c"])
    given = {"n": other} if argument == "n" else {"n": 50, "reliability_x": other / 100}
    with pytest.raises(ValueError, match=f"^{argument}: the index is not that of r"):
        pool_correlations(r, **given)


def test_series_are_compared_with_each_other_also_where_r_has_no_index():
    n, reliability = pd.Series([50, 60], ["a", "b"]), pd.Series([0.7, 0.8], ["b", "a"])
    with pytest.raises(ValueError, match=r"^reliability_x: the index is not that of n, in the same order"):
        pool_correlations([0.1, 0.2], n, reliability_x=reliability)
