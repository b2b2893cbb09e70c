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
    plain = pool_correlations(STUDIES["r"], STUDIES["n"])
    assert found.uncorrected.estimate == plain.estimate
    one = pool_correlations(STUDIES["r"], STUDIES["n"], reliability_x=STUDIES["reliability_x"])
    np.testing.assert_allclose(one.table["estimate"], STUDIES["r"] / np.sqrt(STUDIES["reliability_x"]))


def test_perfect_reliabilities_change_nothing_in_a_correlation():
    found = pool_correlations(STUDIES["r"], STUDIES["n"], reliability_x=1, reliability_y=1.0)
    np.testing.assert_allclose(found.table["estimate"], STUDIES["r"])


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
        "studies (42 to 88 %). If the model holds, a new study's true one would lie between 0.11 and 0.66 (95 %, in "
        "practice fewer, since how much studies differ is hardly known from these).")
    fixed = pool_correlations(STUDIES["r"], STUDIES["n"], method="fixed", test="z").text
    assert fixed.startswith("If all 15 studies estimate one and the same correlation, it is 0.4")
    assert "a new study" not in fixed


def test_the_sentence_of_a_correction_says_what_it_rests_on():
    found = pool_correlations(STUDIES["r"], STUDIES["n"], **RELIABILITIES)
    assert "the mean corrected correlation is 0.5" in found.text
    assert ("The correction is no better than the reliabilities stated (x 0.7 to 0.88; y 0.85); uncorrected it is 0.42 "
            "(0.33 to 0.50).") in found.text
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
    with pytest.raises(ValueError, match=f"^{argument}: its labels are not those of r"):
        pool_correlations(r, **given)
