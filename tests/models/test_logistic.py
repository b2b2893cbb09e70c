"""Logistic models: coefficients, errors, changes in probability, predictions, and what is refused.

Expected values come from R (``tests/oracles/logistic.R``: glm, sandwich, margins by central differences), from statsmodels
(Logit, get_margeff, predictions) and, for a two by two table, from its four counts by hand.
"""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy import stats

import pebbletrail as pt
from pebbletrail.models.logistic import fit as fitting
from pebbletrail.models.logistic.fit import peak
from pebbletrail.models.logistic.separation import direction
from pebbletrail.words import said

ORACLES = Path(__file__).resolve().parents[1] / "oracles"
ROWS, FITS, MARGINS, PREDICTIONS = (pd.read_csv(ORACLES / f"logistic-{name}.csv", comment="#")
                                    for name in ("rows", "fits", "margins", "predictions"))
FORMULAS = {"plain": "y ~ x + z", "category": "y ~ C(g) + t", "product": "y ~ x*t + z", "dummies-product": "y ~ x*C(g)",
            "rare": "y ~ C(g) + x + t", "no-intercept": "y ~ x + z - 1"}
KINDS = {"classical": {"errors": "classical"}, "hc0": {"errors": "HC0"}, "cr1": {"errors": "cluster", "by": "firm"}}


def rows(design):
    return ROWS[ROWS["design"] == design]


def as_in_r(term):
    """``C(g)[money]:x`` as R writes it."""
    return re.sub(r"C\(g\)\[(\w+)\]", r"factor(g)\1", term).replace("Intercept", "(Intercept)")


# --- R ----------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("design", FORMULAS)
def test_glm_and_sandwich_give_the_same(design, kind):
    expected = FITS[FITS["design"] == design].set_index("term")
    fit = pt.logistic(rows(design), FORMULAS[design], **KINDS[kind])
    table = fit.table
    expected = expected.loc[table["term"].map(as_in_r)]
    assert len(table) == len(FITS[FITS["design"] == design])
    assert_allclose(table["estimate"], expected["estimate"], rtol=1e-8)
    assert_allclose(table["se"], expected[kind], rtol=1e-7)
    assert_allclose(np.sqrt(np.diag(fit.covariance)), expected[kind], rtol=1e-7)
    assert fit.loglik == pytest.approx(expected["loglik"].iloc[0], rel=1e-12)
    groups = rows(design)["firm"].nunique()
    assert fit.clusters == (groups if kind == "cr1" else None)
    df = groups - 1 if kind == "cr1" else np.inf
    assert set(table["df"]) == {df}
    t = stats.t(df) if kind == "cr1" else stats.norm
    assert_allclose(table["p_value"], 2 * t.sf(abs(expected["estimate"] / expected[kind])), rtol=1e-6)
    for name, sign in (("odds_low", -1), ("odds_ratio", 0), ("odds_high", 1)):
        half = t.ppf(0.975) * expected[kind]
        assert_allclose(table[name], np.exp(expected["estimate"] + sign * half), rtol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("design", FORMULAS)
def test_average_changes_in_probability_are_those_of_numeric_derivatives(design, kind):
    expected = MARGINS[MARGINS["design"] == design].set_index("term")
    fit = pt.logistic(rows(design), FORMULAS[design], **KINDS[kind])
    found = fit.margins()
    short = found["term"].str.replace(r"C\(g\)\[(\w+)\]", r"\1", regex=True)
    assert sorted(short) == sorted(expected.index)
    expected = expected.loc[short]
    assert_allclose(found["estimate"], expected["estimate"], rtol=2e-8)
    assert_allclose(found["se"], expected[kind], rtol=2e-7)
    t = stats.t(fit.clusters - 1) if kind == "cr1" else stats.norm
    assert_allclose(found["ci_low"], expected["estimate"] - t.ppf(0.975) * expected[kind], atol=1e-7)
    assert_allclose(found["ci_high"], expected["estimate"] + t.ppf(0.975) * expected[kind], atol=1e-7)
    assert_allclose(found["p_value"], 2 * t.sf(abs(expected["estimate"] / expected[kind])), rtol=1e-5)


@pytest.mark.parametrize("design", FORMULAS)
def test_predictions_are_those_of_glm(design):
    expected = PREDICTIONS[PREDICTIONS["design"] == design]
    found = pt.logistic(rows(design), FORMULAS[design]).predict(expected[["x", "z", "t", "g"]])
    assert_allclose(found, expected[["probability", "ci_low", "ci_high"]], rtol=1e-7)
    assert found.index.equals(expected.index)


# --- statsmodels ------------------------------------------------------------------------------------------------------

def theirs(design, **how):
    """statsmodels' Logit with the columns in our order."""
    sm = pytest.importorskip("statsmodels.api")
    data, fit = rows(design), pt.logistic(rows(design), FORMULAS[design])
    values = {"Intercept": 1.0, "x": data["x"], "z": data["z"], "t": data["t"]}
    values |= {f"C(g)[{level}]": data["g"] == level for level in ("money", "other")}
    values = {name: np.broadcast_to(value, len(data)).astype(float) for name, value in values.items()}
    X = np.column_stack([np.prod([values[one] for one in term.split(":")], axis=0) for term in fit.table["term"]])
    return sm.Logit(data["y"].to_numpy(), X).fit(disp=0, tol=1e-12, **how), data


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("design", ["plain", "category", "rare", "product"])
def test_statsmodels_has_the_same_errors(design, kind):
    """Its cluster correction has both factors, as the house's CR1."""
    data = rows(design)
    how = {"classical": {}, "hc0": {"cov_type": "HC0"},
           "cr1": {"cov_type": "cluster", "cov_kwds": {"groups": data["firm"].to_numpy()}}}[kind]
    expected, _ = theirs(design, **how)
    fit = pt.logistic(data, FORMULAS[design], **KINDS[kind])
    assert_allclose(fit.table["estimate"], expected.params, rtol=1e-8)
    assert_allclose(fit.covariance, expected.cov_params(), rtol=1e-6, atol=1e-10)
    assert fit.loglik == pytest.approx(expected.llf, rel=1e-12)


@pytest.mark.parametrize("design", ["plain", "category", "rare"])
def test_statsmodels_has_the_same_margins(design):
    expected, _ = theirs(design)
    effect = expected.get_margeff(at="overall", dummy=True)
    if design != "plain":  # its dummies of one category are moved one by one; ours leave the category's other levels
        pytest.importorskip("statsmodels.formula.api")
        plain = rows(design).query("g != 'other'").assign(money=lambda d: (d["g"] == "money") * 1.0)
        import statsmodels.formula.api as smf

        formula = FORMULAS[design].replace("C(g)", "money")
        effect = smf.logit(formula, plain).fit(disp=0, tol=1e-12).get_margeff(at="overall", dummy=True)
        fit = pt.logistic(plain, FORMULAS[design])
    else:
        fit = pt.logistic(rows(design), FORMULAS[design])
    assert_allclose(fit.margins()["estimate"], effect.margeff, rtol=1e-8)
    assert_allclose(fit.margins()["se"], effect.margeff_se, rtol=1e-6)


# --- by hand ----------------------------------------------------------------------------------------------------------

COUNTS = {("money", 1): 16, ("money", 0): 199, ("words", 1): 525, ("words", 0): 1943}


def two_by_two():
    return pd.DataFrame([(given, disputed) for (given, disputed), times in COUNTS.items() for _ in range(times)],
                        columns=["given", "disputed"])


def test_a_table_of_four_counts_gives_woolfs_interval_and_the_difference_of_two_shares():
    fit = pt.logistic(two_by_two(), "disputed ~ C(given)")
    row = fit.table.iloc[1]
    odds, se = (525 / 1943) / (16 / 199), np.sqrt(1 / 16 + 1 / 199 + 1 / 525 + 1 / 1943)
    assert row["odds_ratio"] == pytest.approx(odds, rel=1e-9)
    assert (row["odds_low"], row["odds_high"]) == pytest.approx(odds * np.exp([-1.959964 * se, 1.959964 * se]), rel=1e-6)
    margin = fit.margins().iloc[0]
    low, high = 16 / 215, 525 / 2468
    assert (margin["probability_from"], margin["probability_to"]) == pytest.approx((low, high))
    assert margin["estimate"] == pytest.approx(high - low)
    assert margin["se"] == pytest.approx(np.sqrt(low * (1 - low) / 215 + high * (1 - high) / 2468))
    assert fit.predict(pd.DataFrame({"given": ["words", "money"]}))["probability"].tolist() == pytest.approx([high, low])


def test_the_sentence_has_the_odds_ratio_and_the_points_and_says_that_they_are_not_the_same():
    """3.36, and 21.3 % less 7.44 %, are counted by hand above; the ratio of the two shares is 2.86."""
    assert pt.logistic(two_by_two(), "disputed ~ C(given)").text == (
        "2,683 rows, 541 of them with disputed = 1: at given words the odds of disputed = 1 are 3.36 times those at money "
        "(95 % interval 2 to 5.64). In probability that is +13.8 percentage points (95 % interval 9.97 to 17.7), averaged "
        "over these rows: 21.3 % at words against 7.44 % at money, says the model. Their ratio is 2.86: an odds ratio is no "
        "ratio of probabilities. Errors: classical. Data: 2,683 rows.")


def test_no_predictor_gives_the_share():
    fit = pt.logistic(two_by_two(), "disputed ~ 1")
    assert fit.table["estimate"].iloc[0] == pytest.approx(np.log(541 / 2142))
    assert fit.table["se"].iloc[0] == pytest.approx(np.sqrt(1 / 541 + 1 / 2142))
    assert "541 of them with disputed = 1: that is 20.2 % (95 % interval 18.7 % to 21.7 %)" in fit.text
    for asked in (fit.margins, fit.figure):
        with pytest.raises(ValueError, match="no predictor"):
            asked()
    assert fit.predict(pd.DataFrame(index=["a", "b"]))["probability"].tolist() == pytest.approx([541 / 2683] * 2)


# --- the outcome ------------------------------------------------------------------------------------------------------

OUTCOMES = {
    "numbers": (lambda y: y, None, "y = 1"), "floats": (lambda y: y * 1.0, None, "y = 1"),
    "bool": (lambda y: y == 1, None, "y = True"), "nullable": (lambda y: (y == 1).astype("boolean"), None, "y = True"),
    "text": (lambda y: y.map({0: "No", 1: "Yes"}), "Yes", "y = Yes"),
    "category": (lambda y: y.map({0: "No", 1: "Yes"}).astype("category"), "Yes", "y = Yes"),
    "one and two": (lambda y: y + 1, 2, "y = 2"), "turned": (lambda y: 1 - y, 0, "y = 0"),
    "named one": (lambda y: y, 1, "y = 1")}


@pytest.mark.parametrize("kind", OUTCOMES)
def test_the_outcome_may_come_in_several_kinds(kind):
    made, success, event = OUTCOMES[kind]
    data = rows("plain")
    fit = pt.logistic(data.assign(y=made(data["y"].astype(int))), FORMULAS["plain"], success=success)
    assert_allclose(fit.table["estimate"], FITS.loc[FITS["design"] == "plain", "estimate"], rtol=1e-8)
    assert (fit.event, fit.events) == (event, int(data["y"].sum()))


def test_the_other_event_turns_every_sign():
    data = rows("category").assign(y=lambda d: d["y"].map({0: "stayed", 1: "left"}))
    one, other = (pt.logistic(data, "y ~ C(g) + t", success=which) for which in ("left", "stayed"))
    assert_allclose(one.table["estimate"], -other.table["estimate"], rtol=1e-9)
    assert_allclose(one.margins()["estimate"], -other.margins()["estimate"], rtol=1e-9)
    assert one.events + other.events == one.n


@pytest.mark.parametrize(("change", "success", "told"), [
    ({"y": lambda d: d["y"].map({0: "No", 1: "Yes"})}, None, "holds .*; say which of them is the event, such as success="),
    ({"y": lambda d: d["y"].map({0: "No", 1: "Yes"})}, "yes", "success: 'yes' is not among the values of 'y': "),
    ({"y": lambda d: np.arange(len(d)) % 3}, None, r"the outcome 'y' has 3 values \(0, 1, 2\); a logistic model needs two"),
    ({"y": 0}, None, "all 180 complete rows have y = 0, so there is nothing to tell apart"),
    ({"y": "Yes"}, "Yes", "all 180 complete rows have y = Yes"),
    ({"x": 4.0}, None, "formula: x does not vary, so it explains nothing"),
    ({"x": 1e9}, None, "formula: x does not vary"),
    ({"x": lambda d: 2 * d["z"] - 1}, None, r"formula: z is a combination of .*x .*leave one of them out"),
    ({"x": "a"}, None, r"'x' holds (str|object), not numbers; 'C\(x\)' makes dummies"),
    ({"x": np.inf}, None, "'x' holds an infinite value"),
])
def test_what_cannot_be_fitted_is_told(change, success, told):
    data = rows("plain").assign(**change)
    with pytest.raises(ValueError, match=told):
        pt.logistic(data, "y ~ x + z", success=success)


@pytest.mark.parametrize(("formula", "how", "told"), [
    ("y ~ xx", {}, r"there is no 'xx'"), ("w ~ x", {}, "formula: there is no column 'w'"),
    ("y ~ C(g) - 1", {}, "leaves out the first level"), ("y ~ x:C(g)", {}, "leaves out the first level"),
    ("y ~ log(x)", {}, "Make such a column first"),
    ("y ~ x", {"errors": "HC3"}, "errors: 'HC3' is not one of classical, HC0, cluster. 'HC0' is what there is"),
    ("y ~ x", {"errors": "cluster"}, "needs the column of the groups, by="),
    ("y ~ x", {"by": "firm"}, "by: 'firm' would not be used"),
    ("y ~ x", {"errors": "cluster", "by": "shop"}, "by: there is no column 'shop'"),
    ("y ~ x", {"errors": "cluster", "by": "design"}, "at least two groups; there is only 'plain'"),
])
def test_a_mistake_in_the_call_is_told(formula, how, told):
    with pytest.raises(ValueError, match=told):
        pt.logistic(rows("plain"), formula, **how)


def test_what_are_no_rows_is_refused():
    moments = pt.Moments.from_frame(rows("plain"), ["y", "x"])
    with pytest.raises(ValueError, match=r"data: a logistic model needs rows.*not Moments"):
        pt.logistic(moments, "y ~ x")
    with pytest.raises(ValueError, match="swapped"):
        pt.logistic("y ~ x", rows("plain"))
    with pytest.raises(ValueError, match="3 observations are too few for 3 coefficients"):
        pt.logistic(pd.DataFrame({"y": [0, 1, 0], "x": [1, 2, 3], "z": [1, 0, 1]}), "y ~ x + z")
    with pytest.raises(ValueError, match="'Intercept' cannot be told"):
        pt.logistic(rows("plain").assign(Intercept=1), "y ~ Intercept")


def test_rows_that_lack_a_value_are_left_out_aloud_and_the_data_stay_as_they_were():
    data = rows("category").astype({"t": "Int64", "y": "Int64"}).set_index("firm")
    data.iloc[[3, 8], data.columns.get_loc("g")] = None
    data.iloc[5, data.columns.get_loc("y")] = pd.NA
    data.iloc[8, data.columns.get_loc("t")] = pd.NA
    before = data.copy(deep=True)
    fit = pt.logistic(data, "y ~ C(g) + t")
    pd.testing.assert_frame_equal(data, before)
    complete = pt.logistic(data.dropna(), "y ~ C(g) + t")
    pd.testing.assert_frame_equal(fit.table, complete.table)
    pd.testing.assert_frame_equal(fit.margins(), complete.margins())
    assert fit.n == len(data) - 3
    assert fit.text.endswith(f"Data: {len(data)} rows, 3 of them left out for missing values (listwise).")


def test_rows_without_a_group_are_left_out_where_groups_count():
    data = rows("category").astype({"firm": float})
    data.loc[data.index[:7], "firm"] = np.nan
    fit = pt.logistic(data, "y ~ C(g)", errors="cluster", by="firm")
    pd.testing.assert_frame_equal(fit.table, pt.logistic(data[7:], "y ~ C(g)", errors="cluster", by="firm").table)


# --- separation -------------------------------------------------------------------------------------------------------

def separated(kind):
    rng = np.random.default_rng(4)
    data = pd.DataFrame({"x": rng.normal(size=60), "z": rng.normal(size=60), "g": np.resize(["a", "b", "c"], 60)})
    data["y"] = (rng.random(60) < 0.5) * 1
    if kind == "level":
        data.loc[data["g"] == "b", "y"] = 1
    elif kind == "reference":
        data.loc[data["g"] == "a", "y"] = 0
    elif kind == "number":
        data["y"] = (data["x"] > 0.3) * 1
    elif kind == "turned":
        data["y"] = (data["x"] < 0.3) * 1
    elif kind == "tie":
        data["x"] = data["x"].round()
        data["y"] = np.where(data["x"] == 0, data["y"], data["x"] > 0) * 1
    elif kind == "together":
        data["y"] = (data["x"] + data["z"] > 0.2) * 1
    elif kind == "product":
        data["t"], data["s"] = np.resize([0, 1], 60), np.resize([0, 0, 1, 1], 60)
        data.loc[(data["t"] == 1) & (data["s"] == 1), "y"] = 1
    elif kind == "ones":
        data["t"] = np.resize([0, 0, 1], 60)
        data.loc[data["t"] == 1, "y"] = 1
    return data


@pytest.mark.parametrize(("kind", "formula", "told"), [
    ("level", "y ~ x + C(g)", r"C\(g\)\[b\] tells the outcome without error \(separation\): all 20 rows at "
                              "this level have y = 1"),
    ("reference", "y ~ C(g)", r"C\(g\)\[a\] tells the outcome .* all 20 rows at this level have y = 0"),
    ("number", "y ~ x + z", r"x tells the outcome without error \(separation\): y = 1 in every row above 0\.\d+, "
                            "y = 0 in every row below 0"),
    ("turned", "y ~ x + z", "x tells the outcome .*: y = 0 in every row above 0.* y = 1 in every row below 0"),
    ("tie", "y ~ x", r"x tells .*\(separation\): y = 1 in every row above 0, y = 0 in every row below 0"),
    ("together", "y ~ x + z", r"x, z together tell the outcome of at least 5[5-9] of 60 rows without error \(separation\)"),
    ("ones", "y ~ t + x", r"t tells the outcome without error \(separation\): all 20 rows where it is 1 have y = 1, so"),
    ("product", "y ~ t*s + x", "t:s tells the outcome of at least 15 of 60 rows without error .* Leave it out, join levels"),
])
@pytest.mark.parametrize("stretch", [1, 1e-6, 1e6])
def test_separation_is_refused_and_named(kind, formula, told, stretch):
    data = separated(kind).assign(z=lambda d: d["z"] * stretch)
    if kind in ("level", "together", "product"):  # the words of the others hold x's own numbers
        data["x"] /= stretch
    with pytest.raises(ValueError, match=told):
        pt.logistic(data, formula)


def test_one_row_on_the_other_side_ends_separation():
    data = separated("level")
    data.loc[data["g"].eq("b").idxmax(), "y"] = 0
    fit = pt.logistic(data, "y ~ x + C(g)")
    assert fit.table["odds_ratio"].iloc[2] > 5
    assert np.isfinite(fit.table["se"]).all()


@pytest.mark.parametrize("seed", range(60))
def test_a_fit_is_certain_exactly_where_the_linear_programme_finds_no_separation(seed):
    """Small samples of few values: about half are separated. The two ways to know share nothing."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(8, 24))
    X = np.column_stack([np.ones(n), rng.integers(0, 3, n), rng.integers(0, 2, n)]).astype(float)
    y = (rng.random(n) < 0.4) * 1.0
    if y.min() == y.max() or np.linalg.matrix_rank(X) < 3:
        pytest.skip("a sample without a model")
    found = peak(X, y, ["Intercept", "a", "b"], True)
    assert found.certain == (direction(found.Z, y) is None)


def test_both_kinds_of_samples_were_among_these():
    kinds = set()
    for seed in range(60):
        rng = np.random.default_rng(seed)
        n = int(rng.integers(8, 24))
        X = np.column_stack([np.ones(n), rng.integers(0, 3, n), rng.integers(0, 2, n)]).astype(float)
        y = (rng.random(n) < 0.4) * 1.0
        if y.min() < y.max() and np.linalg.matrix_rank(X) == 3:
            kinds.add(peak(X, y, ["Intercept", "a", "b"], True).certain)
    assert kinds == {True, False}


@pytest.mark.parametrize("kind", ["level", "number", "together"])
def test_no_step_on_the_way_to_infinity_looks_like_a_maximum(kind):
    """Each of them is taken for the last one here: the bound alone must tell."""
    data = separated(kind)
    X = np.column_stack([np.ones(60), data[["x", "z"]], data["g"] == "b", data["g"] == "c"]).astype(float)
    y = data["y"].to_numpy(float)
    start = fitting.peak(X, y, ["Intercept", "x", "z", "b", "c"], True)
    b = np.zeros(5)
    for _ in range(25):
        p, information = fitting._here(start.Z, b)
        step = np.linalg.solve(information, start.Z.T @ (y - p))
        assert not replace(start, b=b, p=p, information=information, step=step, settled=True).certain
        b = b + step


def test_a_row_far_from_all_others_is_fitted():
    """A plain Newton step overshoots here; statsmodels' GLM and its BFGS both give these coefficients."""
    x = [0.41, -0.02, -2.49, -0.01, 0.78, -0.04, -5.31, 57.06, 1198971.89, 0.46, 1.27, -2773.47, -0.12, -1.47, -0.27, -8.58,
         -17.96, -0.49, 39.24, 0.32, 0.09, -0.43, 0.27, 0.46, -240.97, 41.16, -0.95, 24.78, 0.02, 108.83, -2828.55, 690.71]
    data = pd.DataFrame({"x": x, "y": [0] * 30 + [1] * 2})
    fit = pt.logistic(data, "y ~ x")
    assert_allclose(fit.table["estimate"], [-3.09925466, -0.93741657e-3], rtol=1e-8)
    assert fit.loglik == pytest.approx(-6.42256158632)


# --- places and units -------------------------------------------------------------------------------------------------

def test_units_and_origins_change_nothing_but_the_units():
    data = rows("product")
    far = data.assign(x=data["x"] * 1e-6, z=2000 + data["z"] / 1000)
    one, other = (pt.logistic(d, "y ~ x*t + z").table.set_index("term") for d in (data, far))
    units = pd.Series({"x": 1e6, "t": 1, "z": 1000, "x:t": 1e6})
    assert_allclose(other.loc[units.index, "estimate"], one.loc[units.index, "estimate"] * units, rtol=1e-7)
    assert_allclose(other.loc[units.index, "se"], one.loc[units.index, "se"] * units, rtol=1e-7)


def test_a_category_keeps_its_own_order_and_other_references_say_the_same():
    data = rows("category").assign(g=lambda d: pd.Categorical(d["g"], ["other", "explained", "money"]))
    fit, usual = pt.logistic(data, "y ~ C(g) + t"), pt.logistic(rows("category"), "y ~ C(g) + t")
    assert fit.table["term"].tolist() == ["Intercept", "C(g)[explained]", "C(g)[money]", "t"]
    assert fit.loglik == pytest.approx(usual.loglik)
    assert fit.table["estimate"][1] == pytest.approx(-usual.table["estimate"][2])
    assert fit.margins("C(g)[explained]")["estimate"].iloc[0] == pytest.approx(-usual.margins()["estimate"].iloc[1])


def test_margins_of_one_term():
    fit = pt.logistic(rows("category"), "y ~ C(g) + t")
    everything = fit.margins()
    assert fit.margins("C(g)")["term"].tolist() == ["C(g)[money]", "C(g)[other]"]
    pd.testing.assert_frame_equal(fit.margins("t"), everything.iloc[[2]].reset_index(drop=True))
    assert everything["change"].tolist() == ["from explained to money", "from explained to other", "from 0 to 1"]
    assert_allclose(everything["probability_to"] - everything["probability_from"], everything["estimate"])
    with pytest.raises(ValueError, match=r"term: there is no 'g'; there are C\(g\)\[money\]"):
        fit.margins("g")


def test_a_truth_value_is_a_step_and_a_number_a_slope():
    data = rows("product").assign(t=lambda d: d["t"] == 1)
    found = pt.logistic(data, "y ~ x*t + z").margins()
    assert found["change"].tolist() == ["one more, by the slope", "from 0 to 1", "one more, by the slope"]
    assert found["probability_from"].isna().tolist() == [True, False, True]


def test_a_column_both_as_number_and_as_category_has_no_margin():
    data = rows("plain").assign(w=lambda d: np.arange(len(d)) % 3)
    fit = pt.logistic(data.assign(w2=data["w"]), "y ~ x + C(w)")
    assert len(fit.margins()) == 3
    both = pt.logistic(rows("plain").assign(w=np.arange(180) % 4), "y ~ w:x + C(w)*z")
    with pytest.raises(ValueError, match="w stands in the formula both as a number and as a category"):
        both.margins()
    assert "What it does to the probability depends on where one stands: see predict()." in both.text


def test_new_rows_may_lack_values_and_may_not_bring_new_levels():
    fit = pt.logistic(rows("rare"), FORMULAS["rare"])
    new = pd.DataFrame({"g": ["money", None, "other"], "x": [0.5, 1, np.nan], "t": [0, 1, 1]}, index=[7, 8, 9])
    found = fit.predict(new)
    assert found.index.tolist() == [7, 8, 9]
    assert found.notna().all(axis=1).tolist() == [True, False, False]
    assert (found.loc[7, "ci_low"] < found.loc[7, "probability"] < found.loc[7, "ci_high"])
    with pytest.raises(ValueError, match="frame: 'g' holds 'gift', which was not there when the model was fitted; known"):
        fit.predict(new.assign(g="gift"))
    with pytest.raises(ValueError, match="frame: there is no column 'x'"):
        fit.predict(new.drop(columns="x"))
    with pytest.raises(ValueError, match="frame: a DataFrame"):
        fit.predict({"x": 1})


def test_predictions_with_clustered_errors_use_t_with_one_less_than_the_clusters():
    """The interval of the linear predictor by hand: covariance of the fit, t of scipy."""
    rng = np.random.default_rng(9)
    data = pd.DataFrame({"x": rng.normal(size=120), "team": np.repeat(np.arange(6), 20)})
    data["y"] = (rng.random(120) < 1 / (1 + np.exp(-data["x"]))) * 1
    fit = pt.logistic(data, "y ~ x", errors="cluster", by="team")
    row, found = np.array([1, 0.7]), fit.predict(pd.DataFrame({"x": [0.7]})).iloc[0]
    eta = row @ fit.table["estimate"].to_numpy()
    half = stats.t.ppf(0.975, 5) * np.sqrt(row @ fit.covariance.to_numpy() @ row)
    assert found["ci_low"] == pytest.approx(1 / (1 + np.exp(-(eta - half))))
    assert found["ci_high"] == pytest.approx(1 / (1 + np.exp(-(eta + half))))


def test_predictions_of_the_rows_average_to_the_share_of_events():
    """The first-order condition of the intercept."""
    fit = pt.logistic(rows("rare"), FORMULAS["rare"])
    assert fit.predict(rows("rare"))["probability"].mean() == pytest.approx(fit.events / fit.n)


# --- groups -----------------------------------------------------------------------------------------------------------

def test_dummies_of_the_groups_have_no_clustered_error():
    data = rows("category").query("firm in [4, 6, 8, 11]")
    table = pt.logistic(data, "y ~ t + C(firm)", errors="cluster", by="firm").table.set_index("term")
    assert table.loc["t", "se"] > 0
    assert table.drop(index="t")["se"].isna().all()


def test_a_treatment_that_one_group_received_has_no_error_and_the_text_says_so():
    data = rows("category").assign(one=lambda d: (d["firm"] == 8) * 1.0)
    fit = pt.logistic(data, "y ~ one + t", errors="cluster", by="firm")
    assert 1 < fit.rests_on["one"] < 1.25
    assert "one rests on about 1.2 groups: no error of it can be trusted." in fit.text
    assert "With fewer than 40 groups CR1 tends to be too small." in fit.text


# --- what is said and drawn -------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("design", "formula", "term", "told"), [
    ("plain", "y ~ x", None, "one more of x goes with odds of y = 1 {} times as high (95 %"),
    ("plain", "y ~ x + z", None, "goes with odds of y = 1 {} times as high (95 % interval {low} to {high}), with z held "
                                 "constant."),
    ("product", "y ~ x*t + z", None, "times as high (95 % interval {low} to {high}) where t is 0, with z held constant."),
    ("product", "y ~ x*t + z", "x:t", "one more of the product x × t goes with odds of y = 1 {} times as high"),
    ("dummies-product", "y ~ x*C(g)", None, "{high}) where g is explained. Averaged over all rows, whatever their g, "
                                          "the change in probability is"),
    ("rare", "y ~ C(g) + x + t", "C(g)[other]", "at g other the odds of y = 1 are {} times those at explained (95 % "
                                                "interval {low} to {high}), with 2 others held constant."),
])
def test_the_sentence_says_where_an_odds_ratio_holds(design, formula, term, told):
    fit = pt.logistic(rows(design), formula)
    row = fit.table.iloc[1] if term is None else fit.table.set_index("term").loc[term]
    words = {name: f"{row[f'odds_{name}']:.3g}" for name in ("low", "high")}
    assert told.format(f"{row['odds_ratio']:.3g}", **words) in fit.sentence(term)
    assert fit.text == fit.sentence(fit.table["term"][1])
    with pytest.raises(ValueError, match="term: there is no 'w'"):
        fit.sentence("w")


def test_the_points_in_the_sentence_are_the_margin():
    fit = pt.logistic(rows("rare"), FORMULAS["rare"])
    step, slope = fit.margins().iloc[1], fit.margins("x").iloc[0]
    assert (f"{100 * step['estimate']:+.3g} percentage points (95 % interval {100 * step['ci_low']:.3g} to "
            f"{100 * step['ci_high']:.3g}), averaged over these rows: {100 * step['probability_to']:.3g} % at other against "
            f"{100 * step['probability_from']:.3g} % at explained, says the model. Their ratio is "
            f"{step['probability_to'] / step['probability_from']:.3g}:") in fit.sentence("C(g)[other]")
    assert (f"{100 * slope['estimate']:+.3g} percentage points (95 % interval {100 * slope['ci_low']:.3g} to "
            f"{100 * slope['ci_high']:.3g}) for one more of x, by the slope of the curve") in fit.sentence("x")
    odds = fit.table["odds_ratio"].iloc[-1]
    assert f"at t 1 the odds of y = 1 are {odds:.3g} times those at t 0 (95 %" in fit.sentence("t")
    assert "% at t 1 against" in fit.sentence("t")
    product = pt.logistic(rows("product"), "y ~ x*t + z").sentence("x:t")
    assert "In probability" not in product
    assert "depends on where one stands: see predict(). An odds ratio is no ratio of probabilities." in product


def test_no_difference_is_none_and_not_rounding():
    data = pd.DataFrame({"g": np.resize(["a", "b", "c"], 90), "y": np.resize([0, 1, 1, 0, 1], 90)})
    assert "In probability that is +0 percentage points (95 % interval -24.8 to 24.8)" in pt.logistic(data, "y ~ C(g)").text


def test_too_few_events_are_warned_of_whichever_outcome_is_the_rare_one():
    data = rows("rare").groupby("y").head(22).assign(stayed=lambda d: 1 - d["y"])
    assert len(data) == 44
    few = pd.concat([rows("rare").query("y == 0").head(150), rows("rare").query("y == 1").head(22)])
    fit = pt.logistic(few, "y ~ x + t")
    assert "Only 22 rows with y = 1 for 3 coefficients, fewer than 10 each (a rule of thumb)" in fit.text
    turned = pt.logistic(few, "y ~ x + t", success=0)
    assert "Only 22 rows with y = 1 for 3 coefficients" in turned.text
    assert "Only" not in pt.logistic(few, "y ~ x").text


@pytest.mark.parametrize("show", ["odds", "margins"])
@pytest.mark.parametrize("design", ["category", "product", "dummies-product"])
def test_the_figure_shows_every_coefficient_with_its_numbers(design, show):
    fit = pt.logistic(rows(design), FORMULAS[design], errors="cluster", by="firm")
    fig = fit.figure(show)
    ax = fig.axes[0]
    table = fit.table.iloc[1:] if show == "odds" else fit.margins()
    names = ("odds_ratio", "odds_low", "odds_high") if show == "odds" else ("estimate", "ci_low", "ci_high")
    value, low, high = (table[name] * (1 if show == "odds" else 100) for name in names)
    dots = next(line for line in ax.lines if line.get_marker() == "o")
    assert_allclose(dots.get_xdata(), value)
    assert_allclose([path.vertices[:, 0] for path in ax.collections[0].get_paths()], np.column_stack([low, high]))
    assert len(ax.texts) == len(table)
    assert f"{value.iloc[0]:{'+' if show == 'margins' else ''}.3g} [" in ax.texts[0].get_text()
    labels = [text.get_text() for text in ax.get_yticklabels()]
    if design != "product":
        assert "g, against explained:" in labels
    assert f"{value.iloc[0]:{'+' if show == 'margins' else ''}.3g} [" in fig.alt
    assert ax.get_xscale() == ("log" if show == "odds" else "linear")


def test_a_figure_that_could_not_be_read_is_refused_and_one_can_be_described():
    data = rows("rare").assign(w=lambda d: np.arange(len(d)) % 35, v=lambda d: np.arange(len(d)) // 35 % 2)
    fit = pt.logistic(data, "v ~ C(w)")
    with pytest.raises(ValueError, match="34 rows are too many to read"):
        fit.figure()
    with pytest.raises(ValueError, match="show: 'odds' or 'margins', not 'bars'"):
        fit.figure("bars")
    words = "Two dots with their intervals on a logarithmic axis."
    assert pt.logistic(data, "y ~ x + z").figure(alt=words).alt == words


def test_a_result_shows_its_sentence_and_its_table():
    fit = pt.logistic(rows("plain"), "y ~ x")
    assert repr(fit).startswith(fit.text)
    assert "odds_ratio" in fit._repr_html_()


def turning():
    """x lowers the odds where t is 0, and raises them where most rows are."""
    rng = np.random.default_rng(5)
    data = pd.DataFrame({"x": rng.normal(size=1500), "t": rng.normal(2, 1, 1500)})
    return data.assign(y=(rng.random(1500) < 1 / (1 + np.exp(data["x"] - 0.8 * data["x"] * data["t"]))).astype(int))


def test_an_odds_ratio_and_points_that_differ_in_direction_say_where_each_holds():
    fit = pt.logistic(turning(), "y ~ x*t")
    margin = fit.margins("x")["estimate"].iloc[0]
    assert fit.table["odds_ratio"][1] < 1
    assert margin > 0
    assert "where t is 0. Averaged over all rows, whatever their t, the change in probability is " in fit.text
    assert f"{100 * margin:+.3g} percentage points" in fit.text
    assert "that is" not in fit.text


@pytest.mark.parametrize("scale", [1e6, 1e-9])
def test_a_scale_on_which_one_more_means_nothing_is_told_by_the_sd(scale):
    data = turning()
    plain, other = pt.logistic(data, "y ~ x"), pt.logistic(data.assign(x=data["x"] * scale), "y ~ x")
    sd = data["x"].std()
    low, odds, high = (f"{np.exp(plain.table[name][1] * sd):.3g}" for name in ("ci_low", "estimate", "ci_high"))
    assert (f"one SD ({said(sd * scale)}) more of x goes with odds of y = 1 {odds} times as high (95 % interval {low} to "
            f"{high}).") in other.text
    assert f"{100 * sd * plain.margins('x')['estimate'].iloc[0]:+.3g} percentage points" in other.text
    rare = data.assign(b=(np.arange(1500) % 750 == 0).astype(int), y=np.resize([0, 1], 1500)).assign(
        y=lambda d: np.where(d.index == 750, 1, d["y"]))
    assert "SD" not in pt.logistic(rare, "y ~ b").text  # 0 and 1 are levels, however rare


def test_one_margin_is_that_of_all_margins():
    fit = pt.logistic(rows("rare"), FORMULAS["rare"])
    every = fit.margins()
    for term in every["term"]:
        pd.testing.assert_frame_equal(fit.margins(term), every[every["term"] == term].reset_index(drop=True))


@pytest.mark.parametrize("told", [True, False])
def test_separation_is_looked_for_in_parts_of_many_rows(told):
    """The whole programme at once, by scipy, says the same."""
    from scipy.optimize import linprog

    rng = np.random.default_rng(3)
    Z = np.column_stack([np.ones(9000), rng.normal(size=(9000, 3))])
    y = (Z @ [0.3, 1, -1, 0.5] > 0).astype(int)
    y[:5] = y[:5] if told else 1 - y[:5]
    S = Z * (2 * y - 1)[:, None]
    whole = linprog(-S.mean(axis=0), A_ub=-S, b_ub=np.zeros(9000), bounds=(-1, 1), method="highs")
    found = direction(Z, y)
    assert (found is not None) == told
    if told:
        assert S.mean(axis=0) @ found[0] == pytest.approx(-whole.fun)
        assert (S @ found[0]).min() > -1e-6
    else:
        assert whole.fun == pytest.approx(0, abs=1e-9)
