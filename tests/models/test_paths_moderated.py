"""Path models with interactions: slopes at the means, conditional effects, the index of moderated mediation.

Expected values come from lavaan (``tests/oracles/paths.R``), from ``pt.regress`` on variables measured from the value in
question, from least squares on z scores, and from numerical derivatives.
"""

from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

import pebbletrail as pt
from pebbletrail.models.path_model import path_model, read_paths

ORACLES = Path(__file__).resolve().parents[1] / "oracles"
NUMBERS = ["estimate", "se", "statistic", "df", "p_value", "ci_low", "ci_high"]
FIRST = "m1 ~ x + w + x:w + c; y ~ m1 + x + c"
SECOND = "m1 ~ x; y ~ m1 + w + m1:w + x"
BOTH = "m1 ~ x + w + x:w; y ~ m1 + w + m1:w + x + x:w"
LAVAAN = {
    "first-stage": f"{FIRST} + w + x:w",
    "second-stage": SECOND,
    "both-stages": BOTH,
    "binary": "m1 ~ x + d + x:d; y ~ m1 + x + d + x:d",
    "treatment-mediator": "m1 ~ x; y ~ m1 + x + x:m1",
}
OF_LAVAAN = {"xw": "x:w", "m1w": "m1:w", "xd": "x:d", "xm1": "x:m1"}  # there a product is a column with a name of its own
KEYS = ["kind", "source", "target", "via", "moderator", "at"]


@pytest.fixture(scope="module")
def rows():
    return pd.read_csv(ORACLES / "paths-rows.csv", comment="#")


@pytest.fixture(scope="module")
def lavaan():
    table = pd.read_csv(ORACLES / "paths-fits.csv", comment="#", keep_default_na=False, dtype={"at": str})
    table["source"] = table["source"].replace(OF_LAVAAN)
    table[["est", "se", "corrected"]] = table[["est", "se", "corrected"]].apply(pd.to_numeric)
    return table[table["kind"] != "r2"].set_index(["case", *KEYS])


def by_name(fit):
    table = fit.table.rename(columns={"predictor": "source", "outcome": "target"}).assign(kind="coefficient", via="")
    return pd.concat([table, fit.effects, fit.moderation]).fillna({"moderator": "", "at": ""}).set_index(KEYS)[NUMBERS]


def model_of(data, text, standardized=False):
    variables, products, regressions = read_paths(text)
    moments = pt.Moments.from_frame(data, [*variables, *products])
    return path_model(moments, variables, products, regressions, standardized)


# --- against lavaan --------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("case", LAVAAN)
def test_coefficients_effects_and_index_are_lavaans(rows, lavaan, case):
    """Errors after lavaan's covariance of the coefficients was corrected by n / (n − k − 1) of each equation."""
    expected = lavaan.loc[case]
    found = by_name(pt.paths(rows, LAVAAN[case])).loc[expected.index]
    assert expected.index.get_level_values("kind").nunique() >= 2
    np.testing.assert_allclose(found["estimate"], expected["est"], rtol=1e-8)
    np.testing.assert_allclose(found["se"], expected["corrected"], rtol=1e-7)


def test_where_the_moderator_has_no_direct_arrow_coefficients_are_lavaans_and_effects_allow_for_what_is_left(rows, lavaan):
    """Arrows w → y and x:w → y are left out. For lavaan a and b are then independent; here what the two equations leave
    over together counts, and the error comes nearer to that of the sandwich of rows."""
    expected = lavaan.loc["first-stage-only"].sort_index()
    found = by_name(pt.paths(rows, FIRST)).loc[expected.index]
    np.testing.assert_allclose(found["estimate"], expected["est"], rtol=1e-8)
    single = expected.loc["coefficient"]
    factor = np.sqrt(120 / single.index.get_level_values("target").map({"m1": 115, "y": 116}))
    np.testing.assert_allclose(found.loc["coefficient", "se"], single["se"] * factor, rtol=1e-8)
    at_mean = ("conditional", "x", "y", "m1", "w", "mean")
    robust = by_name(pt.paths(rows.assign(row=range(120)), FIRST, errors="cluster", by="row")).loc[at_mean, "se"]
    assert abs(found.loc[at_mean, "se"] - robust) < abs(expected.loc[at_mean, "corrected"] - robust)
    np.testing.assert_allclose(found["se"], expected["corrected"], rtol=0.1)


# --- what is given ---------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("model", "expected"), [
    pytest.param("m1 ~ x; y ~ m1 + x", set(), id="no product"),
    pytest.param(FIRST, {"x-m1-y by w", "w-m1-y by x"}, id="first stage"),
    pytest.param(SECOND, {"x-m1-y by w"}, id="second stage"),
    pytest.param(BOTH, {"w-m1-y by x"}, id="one moderator of both stages: x's effect is no straight line in it"),
    pytest.param("m1 ~ x + w + x:w; y ~ m1 + d + m1:d", {"x-m1-y by w", "x-m1-y by d", "w-m1-y by x", "w-m1-y by d"},
                 id="another moderator at each stage"),
    pytest.param("m1 ~ x + w + d + x:w + x:d; y ~ m1", {"x-m1-y by w", "x-m1-y by d", "w-m1-y by x", "d-m1-y by x"},
                 id="two moderators of one stage"),
    pytest.param("m1 ~ x; m2 ~ m1 + w + m1:w; y ~ m2 + m1", {"x-m1-m2 by w", "x-m1-m2-y by w", "m1-m2-y by w",
                                                             "w-m2-y by m1"}, id="serial, in the middle"),
    pytest.param("m1 ~ x + w + x:w; m2 ~ m1 + w + m1:w; y ~ m2", {"w-m1-m2 by x", "w-m1-m2-y by x", "m1-m2-y by w",
                                                                  "w-m2-y by m1"}, id="serial, twice"),
    pytest.param("m1 ~ x; y ~ m1 + x + x:m1", set(), id="treatment and mediator"),
    pytest.param("y ~ x + w + x:w", set(), id="no mediator"),
])
def test_an_index_is_given_only_where_one_step_is_moderated(rows, model, expected):
    table = pt.paths(rows, model).moderation.query("kind == 'index'")
    routes = table["source"] + "-" + table["via"].str.replace(" → ", "-") + "-" + table["target"]
    assert set(routes + " by " + table["moderator"]) == expected
    assert table["value"].isna().all()


@pytest.mark.parametrize("model", [BOTH, LAVAAN["treatment-mediator"], "m1 ~ x; m2 ~ m1 + x; y ~ m2 + m1 + m1:m2"])
def test_what_stands_on_a_route_does_not_moderate_it(rows, model):
    """Nothing can be held at a value on its way from the source to the target."""
    table = pt.paths(rows, model).moderation
    assert len(table)
    for row in table.itertuples():
        assert row.moderator not in (row.source, *row.via.split(" → "), row.target)


def test_conditional_effects_are_given_at_the_mean_and_one_sd_to_either_side(rows):
    fit = pt.paths(rows, SECOND)
    table = fit.moderation.query("source == 'x' and kind == 'conditional'")
    assert list(table["at"]) == ["mean − sd", "mean", "mean + sd"]
    np.testing.assert_allclose(table["value"], rows["w"].mean() + rows["w"].std() * np.array([-1, 0, 1]))
    middle = fit.effects.query("source == 'x' and kind == 'indirect'").iloc[0]
    np.testing.assert_array_equal(table.iloc[1][NUMBERS].astype(float), middle[NUMBERS].astype(float))


@pytest.mark.parametrize(("values", "at"), [
    pytest.param(lambda d: d, ["0", "1"], id="zeros and ones"),
    pytest.param(lambda d: d == 1, ["0", "1"], id="yes and no"),
    pytest.param(lambda d: d + 1, ["mean − sd", "mean", "mean + sd"], id="ones and twos"),
    pytest.param(lambda d: d * 1e-12 + np.arange(120) * 1e-13, ["mean − sd", "mean", "mean + sd"], id="very small numbers"),
    pytest.param(lambda d: d + 0.5 * (np.arange(120) == 7), ["mean − sd", "mean", "mean + sd"], id="one half between"),
])
def test_only_a_variable_of_zeros_and_ones_is_taken_at_zero_and_one(rows, values, at):
    data = rows.assign(d=values(rows["d"]))
    for given_ in (data, pt.Moments.from_frame(data, ["m1", "y", "x", "d", "x:d"], by=None)):
        table = pt.paths(given_, "m1 ~ x + d + x:d; y ~ m1").moderation
        table = table.query("source == 'x' and target == 'y' and kind == 'conditional'")
        assert list(table["at"]) == at
    if at == ["0", "1"]:
        assert list(table["value"]) == [0, 1]


def test_the_index_is_the_difference_between_the_two_groups_of_a_binary_moderator(rows):
    fit = pt.paths(rows, LAVAAN["binary"])
    at = fit.moderation.query("via == 'm1' and moderator == 'd'").set_index(["kind", "at"])["estimate"]
    assert at["index", ""] == pytest.approx(at["conditional", "1"] - at["conditional", "0"], rel=1e-12)
    zero, one = (pt.paths(rows.assign(d=rows["d"] - value), LAVAAN["binary"]).table for value in (0, 1))
    for value, table in ((0, zero), (1, one)):  # with d measured from the value, x's own coefficient is its slope there
        b = table.set_index(["predictor", "outcome"])["estimate"]
        assert at["conditional", str(value)] == pytest.approx(b["x", "m1"] * b["m1", "y"], rel=1e-9)


@pytest.mark.parametrize("model", [FIRST, SECOND, BOTH, LAVAAN["treatment-mediator"]])
def test_effects_are_those_of_data_measured_from_their_means(rows, model):
    """Centred, the products' coefficients are unchanged and every other coefficient is the slope at the means."""
    centred = rows - rows.mean()
    one, other = pt.paths(rows, model), pt.paths(centred, model)
    assert_frame_equal(one.effects, other.effects, rtol=1e-7)
    assert_frame_equal(one.moderation.drop(columns="value"), other.moderation.drop(columns="value"), rtol=1e-7)
    direct = other.effects.query("kind == 'direct'").set_index(["source", "target"])[NUMBERS]
    table = other.table[~other.table["predictor"].str.contains(":")].set_index(["predictor", "outcome"])[NUMBERS]
    assert_frame_equal(direct.loc[table.index], table, check_names=False, rtol=1e-7)


@pytest.mark.parametrize("errors", [{}, {"errors": "cluster", "by": "group"}], ids=["classical", "cluster"])
def test_a_conditional_direct_effect_is_the_simple_slope_with_its_t_interval(rows, errors):
    """Aiken and West: measure the moderator from the value; the coefficient of x is then the slope there."""
    fit = pt.paths(rows, "m1 ~ x + w + x:w; y ~ m1 + x", **errors)
    table = fit.moderation.query("source == 'x' and target == 'm1' and moderator == 'w'")
    assert len(table) == 3
    for row in table.itertuples():
        one = pt.regress(rows.assign(w=rows["w"] - row.value), "m1 ~ x + w + x:w", **errors).table.set_index("term").loc["x"]
        np.testing.assert_allclose([getattr(row, name) for name in NUMBERS], one[NUMBERS].astype(float), rtol=1e-8)
    assert set(table["df"]) == ({13.0} if errors else {116.0})


def test_covariates_moderate_nothing(rows):
    assert not pt.paths(rows, FIRST).moderation["moderator"].isin(["c"]).any()


def test_a_product_without_its_factors_has_slopes_through_zero(rows):
    """m1 = b x w: the slope of x is b times the mean of w, and w = 0 leaves nothing, exactly."""
    fit = pt.paths(rows, "m1 ~ x:w; y ~ m1")
    b = fit.table["estimate"][0]
    effects = fit.effects.set_index(["source", "target"])["estimate"]
    assert effects["x", "m1"].iloc[0] == pytest.approx(b * rows["w"].mean())
    nothing = pt.paths(rows, "m1 ~ x:d; y ~ m1").moderation.query("source == 'x' and target == 'm1' and at == '0'").iloc[0]
    assert nothing["estimate"] == nothing["se"] == 0
    assert np.isnan(nothing["statistic"])


def test_text_says_that_the_effect_is_at_the_means(rows):
    assert "through m1 is 1.12 at the means of the moderators (95 % interval " in pt.paths(rows, FIRST).text


# --- products --------------------------------------------------------------------------------------------------------

def test_factors_may_stand_in_either_order(rows):
    first = pt.paths(rows, BOTH)
    for text in (BOTH.replace("x:w", "w:x"), BOTH.replace("m1:w", "w:m1")):
        swapped = pt.paths(rows, text)
        assert_frame_equal(swapped.effects.sort_values(["source", "target", "via", "kind"], ignore_index=True),
                           first.effects.sort_values(["source", "target", "via", "kind"], ignore_index=True), rtol=1e-9)
    m = pt.Moments.from_frame(rows, ["m1", "y", "x", "w", "w:x", "w:m1"])
    assert_frame_equal(pt.paths(m, BOTH).table, first.table, rtol=1e-9)


def test_one_product_spelt_in_two_ways_is_one_variable(rows):
    one = pt.paths(rows, "m1 ~ x + w + x:w; y ~ m1 + x + w + x:w")
    other = pt.paths(rows, "m1 ~ x + w + x:w; y ~ m1 + x + w + w:x")
    assert_frame_equal(other.table, one.table)
    assert_frame_equal(other.moderation, one.moderation)


def test_moments_must_hold_the_product(rows):
    m = pt.Moments.from_frame(rows)
    with pytest.raises(ValueError, match=r"there is no 'x:w'; .* A product needs rows: make the Moments with columns="):
        pt.paths(m, FIRST)
    with_it = pt.Moments.from_frame(rows, ["m1", "y", "x", "w", "c", "w:x"], by=None)
    assert_frame_equal(pt.paths(with_it, FIRST).moderation, pt.paths(rows, FIRST).moderation, rtol=1e-9)


# --- where the means are not known -----------------------------------------------------------------------------------

def test_a_printed_table_with_means_and_spreads_gives_what_the_rows_give(rows):
    data = rows.assign(**{"x:w": rows["x"] * rows["w"]})[["m1", "y", "x", "w", "c", "x:w"]]
    m = pt.Moments.from_correlations(data.corr(), n=120, sd=data.std(), mean=data.mean())
    one, other = by_name(pt.paths(m, FIRST)), by_name(pt.paths(rows, FIRST))
    assert_frame_equal(one, other, rtol=1e-7)


@pytest.mark.parametrize(("made", "message"), [
    (lambda data, rows: pt.Moments.from_correlations(data.corr()), "does not tell how x:w is spread beside its factors"),
    (lambda data, rows: pt.Moments.from_correlations(data.corr(), n=120), "does not tell how x:w is spread"),
    (lambda data, rows: pt.Moments.from_correlations(data.corr(), n=120, mean=data.mean()), "give sd and mean"),
    (lambda data, rows: pt.Moments.from_correlations(data.corr(), n=120, sd=data.std()), "give mean to from_correlations"),
    (lambda data, rows: pt.Moments.from_frame(rows, list(data), by="group").within(), "a within part does not keep them"),
    (lambda data, rows: pt.Moments.from_frame(rows, list(data), by="group").between(), "a between part does not keep them"),
], ids=["correlations", "with n", "with means", "with sds", "within", "between"])
def test_without_means_or_spreads_an_interaction_is_refused(rows, made, message):
    """Effects at the means, and products of z scores, cannot be had from these: a number would be a wrong one."""
    data = rows.assign(**{"x:w": rows["x"] * rows["w"]})[["m1", "y", "x", "w", "x:w"]]
    with pytest.raises(ValueError, match=message):
        pt.paths(made(data, rows), "m1 ~ x + w + x:w; y ~ m1")


# --- standardised ----------------------------------------------------------------------------------------------------

def of_z_scores(rows, model):
    """Coefficients by least squares on z scores and the products of z scores."""
    Z, found = (rows - rows.mean()) / rows.std(), {}
    for line in model.split(";"):
        outcome, right = (part.strip() for part in line.split("~"))
        terms = [term.strip() for term in right.split("+")]
        X = np.column_stack([np.ones(len(Z)), *(np.prod([Z[name] for name in term.split(":")], axis=0) for term in terms)])
        found |= dict(zip(product(terms, [outcome]), np.linalg.lstsq(X, Z[outcome])[0][1:], strict=True))
    return found


@pytest.mark.parametrize("model", [FIRST, SECOND, BOTH, LAVAAN["binary"], LAVAAN["treatment-mediator"]])
def test_standardised_coefficients_are_those_of_z_scores_and_their_products(rows, model):
    fit = pt.paths(rows, model, standardized=True, intervals="bootstrap", replicates=50, seed=1)
    expected = of_z_scores(rows, model)
    found = fit.table.set_index(["predictor", "outcome"])["estimate"]
    assert found.to_dict() == pytest.approx(expected, rel=1e-8)
    direct = fit.effects.query("kind == 'direct'").set_index(["source", "target"])["estimate"]
    assert direct.to_dict() == pytest.approx({arrow: expected[arrow] for arrow in direct.index}, rel=1e-8)
    values = fit.moderation.query("kind == 'conditional'").groupby("at")["value"].unique()
    assert set(values.map(tuple).items()) == {("mean − sd", (-1.0,)), ("mean", (0.0,)), ("mean + sd", (1.0,))}


def test_a_resample_is_standardised_anew_to_the_last_digit(rows):
    """What the bootstrap computes from a resample's sums is least squares on the resample's own z scores."""
    made = model_of(rows, BOTH, standardized=True)
    for seed in range(3):
        some = rows.sample(frac=1, replace=True, random_state=seed)
        values = np.column_stack([some[list(made.names[:4])], some["x"] * some["w"], some["m1"] * some["w"]])
        assert made.names == ("x", "w", "m1", "y", "x:w", "m1:w")
        away = values - values.mean(axis=0)
        b = made.evaluate(np.array([120.0]), values.mean(axis=0)[None], (away.T @ away)[None])[0]
        expected = of_z_scores(some.drop(columns="group"), BOTH)
        np.testing.assert_allclose(b[: len(expected)], [expected[arrow] for arrow in made.equations.arrows], rtol=1e-7)


@pytest.mark.parametrize("intervals", ["delta", "monte-carlo"])
def test_standardised_interactions_have_no_delta_or_monte_carlo_intervals(rows, intervals):
    with pytest.raises(ValueError, match="an interaction have bootstrap intervals only; use intervals='boot"):
        pt.paths(rows, FIRST, standardized=True, intervals=intervals)


@pytest.mark.parametrize("intervals", ["bootstrap", "bootstrap-bca"])
def test_standardised_interactions_have_bootstrap_intervals(rows, intervals):
    fit = pt.paths(rows, FIRST, standardized=True, intervals=intervals, replicates=400, seed=1)
    found = by_name(fit)
    assert found[["se", "ci_low", "ci_high"]].notna().all(axis=None)
    assert ((found["ci_low"] < found["estimate"]) & (found["estimate"] < found["ci_high"])).all()


# --- derivatives and intervals ---------------------------------------------------------------------------------------

@settings(max_examples=20, deadline=None)
@given(st.sampled_from([FIRST, SECOND, BOTH, LAVAAN["binary"], LAVAAN["treatment-mediator"]]), st.integers(0, 10**6))
def test_derivatives_are_the_numerical_derivatives(model, seed):
    made = model_of(pd.read_csv(ORACLES / "paths-rows.csv", comment="#"), model)
    b = np.random.default_rng(seed).normal(size=len(made.equations.arrows))
    step = 1e-5 * np.eye(len(b))
    numerical = (made.quantities(b + step) - made.quantities(b - step)) / 2e-5
    np.testing.assert_allclose(made.derivatives(b), numerical.T, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("intervals", ["monte-carlo", "bootstrap", "bootstrap-bca"])
def test_the_index_has_an_interval_of_every_kind_near_the_delta_one(rows, intervals):
    delta = pt.paths(rows, LAVAAN["binary"]).moderation.query("kind == 'index' and moderator == 'd'").iloc[0]
    found = pt.paths(rows, LAVAAN["binary"], intervals=intervals, replicates=4000, seed=4).moderation
    found = found.query("kind == 'index' and moderator == 'd'").iloc[0]
    assert found["estimate"] == pytest.approx(delta["estimate"], rel=1e-12)
    assert found["se"] == pytest.approx(delta["se"], rel=0.2)
    assert found["ci_low"] == pytest.approx(delta["ci_low"], abs=0.4 * delta["se"])
    assert found["ci_high"] == pytest.approx(delta["ci_high"], abs=0.4 * delta["se"])


def test_the_product_counts_in_every_row_of_a_bootstrap(rows):
    """Resampling sums of products equals resampling rows: the same spread as a loop of least squares over resamples."""
    fit = pt.paths(rows, LAVAAN["binary"], intervals="bootstrap", replicates=3000, seed=2)
    se = fit.table.set_index(["predictor", "outcome"])["se"]["x:d", "m1"]
    X = np.column_stack([np.ones(120), rows["x"], rows["d"], rows["x"] * rows["d"]])
    y, rng = rows["m1"].to_numpy(), np.random.default_rng(3)
    drawn = [np.linalg.lstsq(X[at], y[at])[0][3] for at in rng.integers(0, 120, (3000, 120))]
    assert se == pytest.approx(np.std(drawn), rel=0.09)  # five times the Monte Carlo error of two standard deviations
