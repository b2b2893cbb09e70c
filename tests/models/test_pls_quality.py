"""Reliability, heterotrait ratios, variance inflation and f², against figures of seminr's authors and hand formulas."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import pebbletrail as pt
from ecsi_model import ECSI
from pebbletrail.models.pls import pls
from pebbletrail.models.pls.quality import composite, rho_a
from pebbletrail.moments import Moments
from reputation_model import MODERATED, SIMPLE, reputation_rows

SEMINR = pd.read_csv(Path(__file__).parents[1] / "oracles" / "seminr.csv", comment="#", keep_default_na=False)
MOBILE = """Image =~ IMAG1 + IMAG2 + IMAG3 + IMAG4 + IMAG5
Expectation =~ CUEX1 + CUEX2 + CUEX3
Value =~ PERV1 + PERV2
Satisfaction =~ CUSA1 + CUSA2 + CUSA3
Satisfaction ~ Image + Expectation + Value"""


def seminrs(model, quantity):
    chosen = SEMINR[(SEMINR["model"] == model) & (SEMINR["quantity"] == quantity)]
    return {(first, second) if second else first: value
            for first, second, value in zip(chosen["first"], chosen["second"], chosen["value"], strict=True)}


@pytest.fixture(scope="module")
def mobile():
    return pls(pt.load("ecsi-mobile-correlations"), MOBILE, scheme="path")


@pytest.fixture(scope="module")
def moderated(open_data):
    return pls(reputation_rows(), MODERATED, scheme="path")


# --- seminr ---------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("quantity", ["rho_a", "composite", "ave"])
def test_reliabilities_are_those_of_seminr(mobile, quantity):
    expected = seminrs("mobile", quantity)
    assert len(expected) == 4
    # the table of correlations has eight decimals
    assert mobile.reliability.set_index("construct")[quantity].to_dict() == pytest.approx(expected, abs=1e-7)


def test_alpha_of_standardised_items_is_that_of_seminr(mobile):
    """seminr standardises; ours is the raw alpha, and the same where the data are correlations alone."""
    table = Moments.from_correlations(pt.load("ecsi-mobile-correlations").cor, n=250)
    found = pls(table, MOBILE, scheme="path").reliability.set_index("construct")["alpha"]
    assert found.to_dict() == pytest.approx(seminrs("mobile", "alpha"), abs=1e-7)
    raw = mobile.reliability.set_index("construct")["alpha"]
    assert raw["Image"] == pytest.approx(pt.load("ecsi-mobile-correlations").alpha([f"IMAG{i}" for i in range(1, 6)]))


def test_heterotrait_ratios_are_those_of_seminr(mobile):
    expected = seminrs("mobile", "htmt")
    assert len(expected) == 6
    found = {frozenset((row[1], row[2])): row.estimate for row in mobile.htmt.itertuples()}
    assert found == pytest.approx({frozenset(pair): value for pair, value in expected.items()}, abs=1e-7)


def test_paths_of_the_simple_reputation_model_are_those_of_seminr(open_data):
    found = pls(reputation_rows(), SIMPLE, scheme="path").table.set_index(["predictor", "outcome"])["estimate"]
    expected = seminrs("simple", "path")
    assert len(expected) == 5
    assert found.to_dict() == pytest.approx(expected, abs=1e-9)


def test_f_squared_of_every_arrow_of_the_moderated_model_is_that_of_seminr(moderated):
    """Each time the whole model, both stages, is fitted again without the arrow."""
    expected = seminrs("interaction", "f2")
    assert len(expected) == 13
    found = moderated.f2.set_index(["predictor", "outcome"])["f2"]
    assert found.dropna().to_dict() == pytest.approx(expected, abs=1e-9)
    assert set(found[found.isna()].index) == {("CUSA", "CUSL"), ("SC", "CUSL")}  # as in seminr: a product needs them


# --- by hand --------------------------------------------------------------------------------------------------------

def test_items_that_measure_alike_give_the_textbook_reliabilities():
    """Four items with loadings of 0.8 on one factor: their correlations are 0.64, and every formula has a closed form."""
    R = np.full((4, 4), 0.64)
    np.fill_diagonal(R, 1)
    weight = np.ones(4) / np.sqrt(R.sum())
    loading = R @ weight  # of the composite: sqrt((1 + 3 × 0.64) / 4)
    np.testing.assert_allclose(loading, np.sqrt(2.92 / 4))
    true = 16 * 0.64 / (16 * 0.64 + 4 * 0.36)  # of a sum of the four
    assert rho_a(R, weight) == pytest.approx(true)
    assert composite(np.full(4, 0.8)) == pytest.approx(true)


def test_rho_a_is_consistent_where_composite_reliability_is_not():
    """Weights in proportion to unequal loadings (Mode A in the population) give back the score's true reliability."""
    loading = np.array([0.9, 0.7, 0.5])
    R = np.outer(loading, loading)
    np.fill_diagonal(R, 1)
    weight = loading / np.sqrt(loading @ R @ loading)
    assert rho_a(R, weight) == pytest.approx((weight @ loading) ** 2)
    assert composite(R @ weight) > (weight @ loading) ** 2 + 0.02


def test_ave_is_the_mean_squared_loading_and_single_items_and_formed_blocks_have_none():
    fit = pls(pt.load("ecsi-mobile-correlations"), ECSI.replace("Image =~", "Image <~"))
    found = fit.reliability.set_index("construct")
    value = fit.loadings.query("construct == 'Value'")["estimate"]
    assert found.loc["Value", "ave"] == pytest.approx((value**2).mean())
    assert found.loc[["Complaints", "Image"], ["alpha", "rho_a", "composite", "ave"]].isna().all().all()
    assert found["mode"].to_dict() == {name: "B" if name == "Image" else "A" for name in found.index}
    assert found["items"].to_dict() == {"Image": 5, "Expectation": 3, "Quality": 7, "Value": 2, "Satisfaction": 3,
                                        "Complaints": 1, "Loyalty": 3}


def test_variance_inflation_is_one_over_what_the_other_predictors_leave():
    """R² of each predictor on the others, by least squares."""
    fit = pls(pt.load("ecsi-mobile-correlations"), ECSI)
    C = fit.construct_cor
    for row in fit.vif.itertuples():
        others = [name for name in fit.vif.query("outcome == @row.outcome")["predictor"] if name != row.predictor]
        shared = C.loc[others, row.predictor] @ np.linalg.pinv(C.loc[others, others]) @ C.loc[others, row.predictor]
        assert row.vif == pytest.approx(1 / (1 - shared))


def test_variance_inflation_of_indicators_is_within_their_block():
    """statsmodels' variance inflation factor on standardised rows."""
    from statsmodels.stats.outliers_influence import variance_inflation_factor

    rng = np.random.default_rng(3)
    rows = pd.DataFrame(rng.normal(size=(90, 3)) @ rng.normal(size=(3, 6)) + rng.normal(size=(90, 6)),
                        columns=["a1", "a2", "a3", "b1", "b2", "c"])
    fit = pls(rows, "A =~ a1 + a2 + a3; B <~ b1 + b2; c ~ A + B")
    Z = ((rows - rows.mean()) / rows.std()).to_numpy()
    expected = {name: variance_inflation_factor(Z[:, block], at) for block in ([0, 1, 2], [3, 4])
                for at, name in enumerate(rows.columns[block])}
    assert fit.indicator_vif.set_index("indicator")["vif"].to_dict() == pytest.approx(expected)


def test_items_that_say_the_same_inflate_without_end():
    rng = np.random.default_rng(4)
    a, b = rng.normal(size=(2, 60))
    rows = pd.DataFrame({"a1": a, "a2": 2 * a + 3, "b": a + b})
    assert np.isinf(pls(rows, "A =~ a1 + a2; b ~ A").indicator_vif["vif"]).all()
    rows["a3"] = 0.5 * a + rng.normal(size=60)
    found = pls(rows, "A =~ a1 + a2 + a3; b ~ A").indicator_vif.set_index("indicator")["vif"]
    assert np.isinf(found[["a1", "a2"]]).all()
    assert found["a3"] == pytest.approx(1 / (1 - rows["a1"].corr(rows["a3"]) ** 2))


def test_heterotrait_ratio_of_single_items_is_their_absolute_correlation():
    R = pd.DataFrame([[1, -0.4], [-0.4, 1]], ["x", "y"], ["x", "y"])
    assert pls(Moments.from_correlations(R, n=50), "y ~ x").htmt["estimate"].item() == pytest.approx(0.4)


def test_heterotrait_ratios_take_absolute_correlations():
    """Two items a construct, one of them coded backwards: mean |r| between, over the root of the two within."""
    names = ["a1", "a2", "b1", "b2"]
    R = pd.DataFrame([[1, -0.6, 0.3, 0.2], [-0.6, 1, -0.4, -0.1], [0.3, -0.4, 1, 0.5], [0.2, -0.1, 0.5, 1]], names, names)
    fit = pls(Moments.from_correlations(R, n=80), "A =~ a1 + a2; B =~ b1 + b2; B ~ A")
    assert fit.htmt["estimate"].item() == pytest.approx(0.25 / np.sqrt(0.6 * 0.5))
    assert "a2 loads against the other items of the construct: coded backwards?" in fit.text or "a1 loads" in fit.text


def test_a_block_that_its_items_form_has_no_heterotrait_ratio():
    fit = pls(pt.load("ecsi-mobile-correlations"), ECSI.replace("Image =~", "Image <~"))
    with_image = (fit.htmt["first"] == "Image") | (fit.htmt["second"] == "Image")
    assert fit.htmt.loc[with_image, "estimate"].isna().all()
    assert fit.htmt.loc[~with_image, "estimate"].notna().all()


def test_an_arrow_without_which_there_is_no_model_has_no_f_squared_and_the_others_keep_theirs():
    """C goes with B alone: without that arrow nothing weighs its items."""
    names = ["a", "b", "c1", "c2"]
    R = pd.DataFrame([[1, 0.4, 0, 0], [0.4, 1, 0.3, 0.2], [0, 0.3, 1, 0.5], [0, 0.2, 0.5, 1]], names, names)
    found = pls(Moments.from_correlations(R, n=90), "C =~ c1 + c2; b ~ a + C; C ~ a").f2.set_index(["predictor", "outcome"])
    assert np.isnan(found.loc[("C", "b"), "f2"])
    assert found.loc[("a", "b"), "f2"] > 0


def test_where_nothing_stays_unexplained_an_arrow_that_adds_nothing_has_no_f_squared():
    rng = np.random.default_rng(6)
    rows = pd.DataFrame(rng.normal(size=(50, 2)), columns=["x", "z"])
    found = pls(rows.assign(y=3 * rows["x"]), "y ~ x + z").f2.set_index("predictor")["f2"]
    assert np.isinf(found["x"])
    assert np.isnan(found["z"])


def test_f_squared_of_one_arrow_is_r2_over_what_it_leaves():
    R = pd.DataFrame([[1, 0.6], [0.6, 1]], ["x", "y"], ["x", "y"])
    assert pls(Moments.from_correlations(R, n=50), "y ~ x").f2["f2"].item() == pytest.approx(0.36 / 0.64)
