"""Meta-regression: against metafor's ``rma(mods = …)`` (tests/oracles/pooling.R) and closed forms."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from pebbletrail.models.pooling.meta_regression import meta_regress
from pebbletrail.models.pooling.studies import pool

ORACLES = Path(__file__).resolve().parents[1] / "oracles"
STUDIES = pd.read_csv(ORACLES / "pooling-studies.csv", comment="#")
FITS = pd.read_csv(ORACLES / "pooling-regressions.csv", comment="#")
NAMES = {"knha": "knapp-hartung", "FE": "fixed"}
COLUMNS = ["term", "estimate", "se", "statistic", "df", "p_value", "ci_low", "ci_high"]


def studies(case):
    return STUDIES[STUDIES["case"] == case].reset_index(drop=True)


def fitted(case="bcg", moderators=("one",), **options):
    data = studies(case)
    return meta_regress(data["yi"], data["vi"], data[list(moderators)], **options)


def ours(term):
    """metafor's name of a coefficient in our words."""
    if term.startswith("level"):
        return f"C(level)[{term.removeprefix('level')}]"
    return term.replace("intrcpt", "intercept")


@pytest.mark.parametrize(("case", "model", "method", "test"),
                         [group for group, _ in FITS.groupby(["case", "model", "method", "test"])])
def test_metafor_gives_the_same_to_six_digits(case, model, method, test):
    expected = FITS.query("case == @case and model == @model and method == @method and test == @test")
    one = expected.iloc[0]
    found = fitted(case, model[2:].split(" + "), method=NAMES.get(method, method), test=NAMES.get(test, test))
    assert found.table.columns.to_list() == COLUMNS
    table = found.table.set_index("term").loc[[ours(term) for term in expected["term"]]]
    for column in ("estimate", "se", "statistic", "p_value", "ci_low", "ci_high"):
        np.testing.assert_allclose(table[column], expected[column], rtol=2e-6, atol=1e-9, err_msg=column)
    assert found.tau2 == pytest.approx(one["tau2"], rel=1e-6, abs=1e-9)
    assert found.i2 == pytest.approx(one["i2"], rel=1e-6, abs=1e-6)
    assert (found.qe, found.qe_p) == (pytest.approx(one["qe"], rel=1e-7), pytest.approx(one["qe_p"], rel=1e-5))
    assert (found.qm, found.qm_p) == (pytest.approx(one["qm"], rel=1e-6), pytest.approx(one["qm_p"], rel=1e-5))
    free, m = found.k - len(expected), len(expected) - 1
    assert (found.qe_df, found.qm_df) == (free, (m, free if test == "knha" else None))
    assert table["df"].eq(free).all() if test == "knha" else table["df"].isna().all()
    if method == "FE":  # metafor then gives the R² of the weighted regression; we say that there is no τ² to explain
        assert np.isnan(found.r2)
    else:
        assert 100 * found.r2 == pytest.approx(one["r2"], rel=1e-6, abs=1e-6)


def test_two_groups_of_equal_variances_are_a_t_test():
    """Knapp-Hartung with a dummy is then Student's t test of two groups, whatever τ² is."""
    y = pd.Series([0.1, 0.5, 0.3, 0.9, 1.4, 0.8, 1.1])
    group = pd.Series(["a", "a", "a", "b", "b", "b", "b"], name="market")
    found = meta_regress(y, pd.Series([0.04] * 7), group)
    plain = stats.ttest_ind(y[3:], y[:3])
    row = found.table.set_index("term").loc["C(market)[b]"]
    assert row["estimate"] == pytest.approx(y[3:].mean() - y[:3].mean())
    assert (row["statistic"], row["p_value"], row["df"]) == pytest.approx((plain.statistic, plain.pvalue, 5))
    assert found.reference == {"market": "a"}
    assert (found.qm, found.qm_p) == pytest.approx((plain.statistic**2, plain.pvalue))
    spread = (y[:3].var() * 2 + y[3:].var() * 3) / 5
    assert found.tau2 == pytest.approx(spread - 0.04, rel=1e-6)
    ends = [max(0, 5 * spread / stats.chi2(5).ppf(level) - 0.04) for level in (0.975, 0.025)]
    assert found.tau2_ci == pytest.approx(ends, rel=1e-6)
    alone = pool(y, [0.04] * 7).tau2
    assert found.r2 == pytest.approx(1 - found.tau2 / alone)


def test_categories_truth_values_and_numbers():
    data = studies("made-up")
    levels = pd.Categorical(data["level"], categories=["c", "a", "b"])
    found = meta_regress(data["yi"], data["vi"], pd.DataFrame({"level": levels, "late": data["two"] > 3}))
    assert found.table["term"].to_list() == ["intercept", "C(level)[a]", "C(level)[b]", "C(late)[True]"]
    assert found.reference == {"level": "c", "late": "False"}
    turned = meta_regress(data["yi"], data["vi"], data[["level"]])
    assert turned.reference == {"level": "a"}


def test_fitted_values_are_those_of_the_table():
    found = fitted("bcg", ["one", "level"])
    X = found.studies.assign(intercept=1.0)[found.table["term"]]
    np.testing.assert_allclose(found.studies["fitted"], X.to_numpy() @ found.table["estimate"], rtol=1e-9)
    np.testing.assert_allclose(np.diag(found.covariance), found.table["se"] ** 2)


def test_the_origin_and_unit_of_a_moderator_change_its_coefficient_and_nothing_else():
    data = studies("bcg")
    one = meta_regress(data["yi"], data["vi"], data[["two"]])
    other = meta_regress(data["yi"], data["vi"], data[["two"]].sub(1e6).mul(1000))
    assert other.table["estimate"][1] == pytest.approx(one.table["estimate"][1] / 1000, rel=1e-5)
    assert other.table["p_value"][1] == pytest.approx(one.table["p_value"][1], rel=1e-5)
    assert (other.tau2, other.qm) == pytest.approx((one.tau2, one.qm), rel=1e-5)


@pytest.mark.parametrize("units", [(1, 1e-9), (1e9, 1), (1e-9, 1e9)])
def test_moderators_of_very_unlike_scales_are_tested_together_as_those_of_one_scale(units):
    """A share from 0 to 1 beside a revenue of 1e8 to 2e9."""
    rng = np.random.default_rng(0)
    share, revenue = rng.uniform(size=20), rng.uniform(1e8, 2e9, size=20)
    y = 0.2 + share - 4e-10 * revenue + 0.15 * rng.normal(size=20)
    one = meta_regress(y, np.full(20, 0.01), pd.DataFrame({"share": share, "revenue": revenue}))
    other = meta_regress(y, np.full(20, 0.01), pd.DataFrame({"share": share * units[0], "revenue": revenue * units[1]}))
    assert (other.qm, other.qm_p) == pytest.approx((one.qm, one.qm_p), rel=1e-9)
    small = meta_regress(y, np.full(20, 0.01), pd.DataFrame({"share": share, "revenue": revenue / 1e9}))
    b, V = small.table["estimate"].to_numpy()[1:], small.covariance.to_numpy()[1:, 1:]
    assert one.qm == pytest.approx(b @ np.linalg.inv(V) @ b / 2, rel=1e-9)


@pytest.mark.parametrize("values", [[1, 2, 4, 3, 7], [Decimal("1"), 2, 4.0, np.int64(3), Decimal("7")]])
def test_numbers_in_a_column_of_objects_are_numbers(values):
    y, v = [0.1, 0.2, 0.5, 0.4, 0.6], [0.01] * 5
    found = meta_regress(y, v, pd.Series(values, dtype=object, name="size"))
    assert found.table["term"].to_list() == ["intercept", "size"]
    assert found.qm == meta_regress(y, v, pd.Series([1.0, 2, 4, 3, 7], name="size")).qm


@pytest.mark.parametrize(("noise", "refused"), [(1e-7, False), (1e-11, True)])
def test_what_is_nearly_a_combination_of_others_is_refused_only_where_no_digits_are_left(noise, refused):
    a = np.arange(8.0)
    moderators = pd.DataFrame({"a": a, "b": 2 * a + 1 + noise * np.array([1, -1, 1, 1, -1, 1, -1, -1])})
    if refused:
        with pytest.raises(ValueError, match=r"^moderators: b is a combination of the others"):
            meta_regress(a, np.ones(8), moderators)
    else:
        assert np.isfinite(meta_regress(a**2, np.ones(8), moderators).table["estimate"]).all()


def test_the_callers_table_is_not_changed():
    data = studies("bcg")
    before = data.copy()
    meta_regress(data["yi"], data["vi"], data[["one", "level"]])
    pd.testing.assert_frame_equal(data, before)


# --- sentences ------------------------------------------------------------------------------------------------------

def test_the_sentence_of_a_number():
    assert fitted("bcg", ["one", "two"]).text == (
        "Across 13 studies, where one is higher by 1, the effect is lower by 0.028 on average, with two held constant (95 % "
        "interval of the difference -0.053 to -0.003, p = .033). Tested together, the 2 coefficients differ from 0 (F = 5.0 "
        "on 2 and 10 degrees of freedom, p = .032). The moderators take the estimate of the variance between studies from "
        "0.313 to 0.111 (R² 65 %); with so few studies this share is hardly known. Of what varies beside them, 72 % lies "
        "between studies. With 13 studies for 2 coefficients results change easily when one study is left out; 10 for each "
        "are a usual minimum. Nobody assigned studies to their moderators: other differences between them may be the "
        "reason.")


def test_the_sentence_of_a_level_and_of_a_common_effect():
    assert ("where level is random, the effect is lower by 0.45 on average than where it is alternate (95 % interval of the "
            "difference -1.55 to 0.65, p = .385). Tested together, the 2 coefficients do not differ from 0 beyond chance (F "
            "= " in fitted("bcg", ["level"]).text)
    held = fitted("bcg", ["level", "one", "two"]).text
    assert "than where it is alternate, with 2 others held constant" in held
    assert "(chi-squared = " in fitted("bcg", ["level"], test="z").text
    assert "on 2 degrees of freedom" in fitted("bcg", ["level"], test="z").text
    common = fitted("bcg", ["one"], method="fixed", test="z").text
    assert "What the moderators leave is more than chance explains (Q = 30.7 on 11 degrees of freedom, p = .001)" in common


def test_no_caution_about_numbers_where_there_are_enough():
    assert "change easily" not in fitted("made-up", ["one"]).text
    assert "change easily" in fitted("made-up", ["one", "two", "level"]).text
    two = fitted("bcg", ["one", "two"])
    assert "change easily" in replace(two, k=19).text
    assert "change easily" not in replace(two, k=20).text
    assert "hardly known" in replace(two, k=29).text
    assert "hardly known" not in replace(two, k=30).text


@pytest.mark.parametrize(("p", "told"), [(0.04, "is more than chance"), (0.06, "is no more than chance")])
def test_what_is_left_is_more_than_chance_where_that_is_surprising(p, told):
    assert told in replace(fitted("bcg", ["one"], method="fixed"), qe_p=p).text


def test_a_shorter_interval_than_that_of_z_is_told():
    x = np.arange(8.0)
    y = 0.1 * x + 0.01 * np.array([1, -1, 1, 1, -1, -1, 1, -1])
    found = meta_regress(y, np.full(8, 0.02), pd.Series(x, name="x"))
    z = meta_regress(y, np.full(8, 0.02), pd.Series(x, name="x"), test="z").table.loc[1]
    assert found.table["se"][1] < z["se"] / 3
    assert (f"Beside the moderators the studies differ less than chance makes studies differ on average, which shortens the "
            f"intervals; test='z' gives {z['ci_low']:.3f} to {z['ci_high']:.3f} for this difference, which is safer here."
            ) in found.text
    assert "safer" not in fitted("bcg", ["one"]).text
    # an error below z's is not enough: t on one degree of freedom makes the interval the longer one
    few = meta_regress([0.1, 0.3, 0.4], [0.02] * 3, pd.Series([0.0, 1, 2], name="x"))
    assert few.table["se"][1] < 0.1 == pytest.approx((0.02 / 2) ** 0.5)
    assert "safer" not in few.text


def test_a_moderator_may_have_brackets_in_its_name():
    x = [1.0, 2, 4, 5, 3]
    text = meta_regress([0.1, 0.12, 0.4, 0.5, 0.45], [0.01] * 5, pd.DataFrame({"C(co2)": x})).text
    assert "where C(co2) is higher by 1, the effect is higher by 0.11 on average" in text
    level = pd.DataFrame({"a)[b": ["x", "x", "y", "y", "y"]})
    assert "where a)[b is y, the effect is higher" in meta_regress([0.1, 0.12, 0.4, 0.5, 0.45], [0.01] * 5, level).text


def test_a_difference_of_nothing_has_no_direction():
    text = meta_regress([0.1] * 4, [0.1] * 4, pd.Series([1.0, 2, 4, 5], name="x")).text
    assert "where x is higher by 1, the effect differs by 0.00 on average (no interval, since the fit is exact)." in text
    group = pd.DataFrame({"g": list("abab"), "x": [1.0, 2, 4, 5]})
    found = meta_regress([0.0] * 4, [0.1] * 4, group)
    assert "where g is b, the effect differs by 0.00 on average from where it is a, with x held constant (no" in found.text
    assert "e-" not in found.text + text
    assert "nan" not in found.text + text


def test_nothing_to_explain_is_said():
    y = pd.Series([0.30, 0.31, 0.29, 0.30, 0.32])
    found = meta_regress(y, pd.Series([0.1] * 5), pd.Series([1, 2, 3, 4, 5], name="year"))
    assert np.isnan(found.r2)
    assert ("Without the moderators the variance between studies is estimated at 0, so there is no share to explain. Of "
            "what varies beside them, 0 % lies") in found.text


def test_an_exact_fit_has_no_interval():
    x = pd.Series([0.0, 1, 2, 3], name="x")
    found = meta_regress(1 + 0.5 * x, pd.Series([0.1] * 4), x, method="DL")
    assert found.table["estimate"].to_list() == pytest.approx([1, 0.5])
    assert found.table["se"].to_list() == pytest.approx([0, 0], abs=1e-9)
    assert found.tau2 == 0


def test_what_rounding_leaves_of_an_exact_fit_is_no_error():
    x = pd.Series([0.0, 0.1, 0.7, 1.3, 2.9], name="x")
    found = meta_regress(0.3 + 0.7 * x, pd.Series([0.1, 0.07, 0.3, 0.013, 0.2]), x)
    assert found.around.q(found.tau2) > 0  # rounding
    assert found.table["se"].to_list() == [0, 0]
    assert "higher by 0.70 on average (no interval, since the fit is exact)" in found.text


# --- errors ---------------------------------------------------------------------------------------------------------

Y, V = pd.Series([0.1, 0.4, 0.2, 0.5]), pd.Series([0.01, 0.02, 0.03, 0.02])


@pytest.mark.parametrize(("moderators", "message"), [
    pytest.param(pd.DataFrame({"a": [1, 2, 3, 5], "b": [1, 0, 0, 1], "c": [0, 1, 0, 0]}),
                 r"^moderators: 4 studies are too few for 4 coefficients \(intercept, a, b, c\); at least 5", id="too few"),
    pytest.param(pd.DataFrame({"a": [2, 2, 2, 2]}), r"^moderators: 'a' is 2 for every study", id="constant"),
    pytest.param(pd.DataFrame({"a": ["x"] * 4}), r"^moderators: 'a' is 'x' for every study", id="one level"),
    pytest.param(pd.DataFrame({"a": [1, 2, 3, 4], "b": [3, 5, 7, 9]}), r"^moderators: b is a combination of the others",
                 id="collinear"),
    pytest.param(pd.DataFrame({"a": [1, None, 3, 4]}), r"^moderators: 'a' is missing for study 2\. Fill", id="missing"),
    pytest.param(pd.DataFrame({"a": ["x", "y", None, "x"]}), r"^moderators: 'a' is missing for study 3", id="missing level"),
    pytest.param(pd.DataFrame({"a": [1, 2, np.inf, 4]}), r"^moderators: 'a' is inf for study 3", id="infinite"),
    pytest.param(pd.DataFrame({"a": [1, 2, 3]}), r"^moderators: one row a study .* not 3 rows", id="too short"),
    pytest.param(pd.DataFrame(index=range(4)), r"^moderators: one row a study and at least one column", id="no column"),
    pytest.param([1, 2, 3, 4], r"^moderators: a DataFrame is needed, one column a moderator, not list", id="a list"),
    pytest.param(pd.DataFrame({"a": [1, 2, 3, 4]}, index=[3, 2, 1, 0]), r"^moderators: the index is not that of effects",
                 id="another order"),
    pytest.param(pd.DataFrame([[1, 2], [2, 1], [3, 5], [4, 4]], columns=["a", "a"]),
                 r"^moderators: 'a' stands more than once", id="twice"),
    *(pytest.param(pd.DataFrame({name: [1, 2, 4, 3]}),
                   f"^moderators: the result has a column or another term called '{name}'",
                   id=name) for name in ("intercept", "study", "estimate", "se", "fitted")),
    pytest.param(pd.DataFrame({1: [1, 2, 4, 3], "1": [2, 1, 1, 3]}), "^moderators: .* another term called '1'; rename",
                 id="1 and '1'"),
])
def test_wrong_moderators_are_errors_that_name_them(moderators, message):
    with pytest.raises(ValueError, match=message):
        meta_regress(Y, V, moderators)


def test_wrong_studies_and_options_are_errors_as_in_pool():
    with pytest.raises(ValueError, match=r"^variances: study 2 has 0"):
        meta_regress(Y, V.replace(0.02, 0.0), pd.Series([1, 2, 3, 5]))
    with pytest.raises(ValueError, match=r"^method: 'ml'"):
        meta_regress(Y, V, pd.Series([1, 2, 3, 5]), method="ml")


def test_moderators_are_compared_with_variances_where_effects_have_no_index():
    v, x = pd.Series([0.01, 0.02, 0.03], list("abc")), pd.Series([1.0, 2, 4], list("bac"), name="x")
    with pytest.raises(ValueError, match=r"^moderators: the index is not that of variances, in the same order"):
        meta_regress([0.1, 0.4, 0.3], v, x)
