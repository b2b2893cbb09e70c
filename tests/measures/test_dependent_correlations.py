"""Two correlations of the same respondents.

Expected values come from psych's ``r.test`` (``tests/oracles/measures.R``), from Zou's and Steiger's formulas for a shared
variable as they are usually written, and from the asymptotic covariances worked out with numerical slopes.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pebbletrail as pt
from pebbletrail.measures.correlation_theory import fisher_interval, together
from pebbletrail.measures.dependent_correlations import compare_correlations, steiger, steiger_four

ORACLE = pd.read_csv(Path(__file__).resolve().parents[1] / "oracles" / "measures-dependent.csv", comment="#")
SHARED = ("r12", "r13", "r23", "n")
FOUR = ("r13", "r14", "r23", "r24", "n")


def cases(test):
    return [pytest.param(row, id=f"n = {row.n}, {row.r12}") for row in ORACLE[ORACLE["test"] == test].itertuples()]


def of(row, names):
    return {name: getattr(row, name) for name in names}


def row_of(found, test):
    return found.table.set_index("test").loc[test]


# --- psych ----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("row", cases("t"))
def test_williams_t_is_psychs(row):
    found = steiger(**of(row, SHARED))
    assert found.test == "Williams' t"
    assert found.statistic == pytest.approx(row.statistic, rel=1e-9)
    assert found.df == row.n - 3
    assert found.p_value == pytest.approx(row.p, rel=1e-7)


@pytest.mark.parametrize("row", cases("z"))
def test_steigers_z_of_a_shared_variable_is_psychs_of_four_with_one_twice(row):
    z = row_of(steiger(**of(row, SHARED)), "Steiger's z")
    assert z["statistic"] == pytest.approx(row.statistic, rel=1e-9)
    assert z["p_value"] == pytest.approx(row.p, rel=1e-6, abs=1e-15)
    assert np.isnan(z["df"])


@pytest.mark.parametrize("row", cases("four"))
def test_steigers_z_of_four_variables_is_psychs(row):
    found = steiger_four(row.r12, row.r34, **of(row, FOUR))
    assert found.test == "Steiger's z"
    assert found.df is None
    assert found.statistic == pytest.approx(row.statistic, rel=1e-9)
    assert found.p_value == pytest.approx(row.p, rel=1e-7)
    assert list(found.table["test"]) == ["Steiger's z"]


# --- formulas -------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("row", cases("t"))
def test_zous_interval_is_that_of_his_formula_for_a_shared_variable(row):
    r12, r13, r23, n = (getattr(row, name) for name in SHARED)
    c = ((r23 - r12 * r13 / 2) * (1 - r12**2 - r13**2 - r23**2) + r23**3) / ((1 - r12**2) * (1 - r13**2))
    half = 1.959963984540054 / np.sqrt(n - 3)
    (l1, u1), (l2, u2) = ((np.tanh(np.arctanh(r) - half), np.tanh(np.arctanh(r) + half)) for r in (r12, r13))
    low = r12 - r13 - np.sqrt((r12 - l1) ** 2 + (u2 - r13) ** 2 - 2 * c * (r12 - l1) * (u2 - r13))
    high = r12 - r13 + np.sqrt((u1 - r12) ** 2 + (r13 - l2) ** 2 - 2 * c * (u1 - r12) * (r13 - l2))
    assert steiger(**of(row, SHARED)).ci == pytest.approx((low, high), rel=1e-9)


@pytest.mark.parametrize("row", cases("t"))
def test_steigers_z_of_a_shared_variable_is_that_of_his_formula(row):
    """Steiger 1980: with r̄ in place of both, ψ = r23 (1 − 2r̄²) − r̄² (1 − 2r̄² − r23²) / 2 over (1 − r̄²)²."""
    r12, r13, r23, n = (getattr(row, name) for name in SHARED)
    r = (r12 + r13) / 2
    c = (r23 * (1 - 2 * r**2) - r**2 * (1 - 2 * r**2 - r23**2) / 2) / (1 - r**2) ** 2
    z = (np.arctanh(r12) - np.arctanh(r13)) * np.sqrt((n - 3) / (2 - 2 * c))
    assert row_of(steiger(**of(row, SHARED)), "Steiger's z")["statistic"] == pytest.approx(z, rel=1e-9)


def random_matrix(rng, k):
    A = rng.normal(size=(k, k + 2))
    S = A @ A.T
    d = np.sqrt(np.diag(S))
    return S / np.outer(d, d)


def slopes_of_a_correlation(S, i, j, step=1e-6):
    """∂r/∂s for every entry of a covariance matrix, by central differences; an entry and its mirror image move apart."""
    def r(T):
        return T[i, j] / np.sqrt(T[i, i] * T[j, j])

    made = np.zeros_like(S)
    for a, b in np.ndindex(S.shape):
        up, down = S.copy(), S.copy()
        up[a, b], down[a, b] = S[a, b] + step, S[a, b] - step
        made[a, b] = (r(up) - r(down)) / (2 * step)
    return made


@pytest.mark.parametrize("seed", range(6))
def test_how_two_correlations_vary_together_is_the_delta_method_on_normal_covariances(seed):
    """cov(s_ab, s_cd) = σ_ac σ_bd + σ_ad σ_bc, over n."""
    R = random_matrix(np.random.default_rng(seed), 4)
    normal = np.einsum("ac,bd->abcd", R, R) + np.einsum("ad,bc->abcd", R, R)
    one, other = slopes_of_a_correlation(R, 0, 1), slopes_of_a_correlation(R, 2, 3)
    apart = np.einsum("ab,abcd,cd", one, normal, other)
    own = [np.einsum("ab,abcd,cd", slope, normal, slope) for slope in (one, other)]
    assert together(R) == pytest.approx(apart / np.sqrt(own[0] * own[1]), rel=1e-6)


def test_of_unrelated_pairs_the_interval_is_that_of_independent_correlations():
    """Nothing links 1 and 2 with 3 and 4, so the two vary independently."""
    found = steiger_four(0.5, 0.2, r13=0, r14=0, r23=0, r24=0, n=80)
    (l1, u1), (l2, u2) = (fisher_interval(r, 79) for r in (0.5, 0.2))
    assert found.ci == pytest.approx((0.3 - np.hypot(0.5 - l1, u2 - 0.2), 0.3 + np.hypot(u1 - 0.5, 0.2 - l2)), rel=1e-12)
    z = (np.arctanh(0.5) - np.arctanh(0.2)) / np.sqrt(2 / 77)
    assert found.statistic == pytest.approx(z, rel=1e-12)


# --- properties -----------------------------------------------------------------------------------------------------

@settings(deadline=None, max_examples=100, derandomize=True)
@given(st.integers(0, 2**31), st.integers(5, 1000))
def test_the_two_may_change_places(seed, n):
    R = random_matrix(np.random.default_rng(seed), 4)
    first = steiger(R[0, 1], R[0, 2], R[1, 2], n)
    again = steiger(R[0, 2], R[0, 1], R[1, 2], n)
    np.testing.assert_allclose(first.table["statistic"], -again.table["statistic"], rtol=1e-9)
    np.testing.assert_allclose(first.ci, [-again.ci[1], -again.ci[0]], rtol=1e-9, atol=1e-12)
    assert first.ci[0] < first.difference < first.ci[1]
    four = steiger_four(R[0, 1], R[2, 3], r13=R[0, 2], r14=R[0, 3], r23=R[1, 2], r24=R[1, 3], n=n)
    back = steiger_four(R[2, 3], R[0, 1], r13=R[0, 2], r14=R[1, 2], r23=R[0, 3], r24=R[1, 3], n=n)
    assert four.statistic == pytest.approx(-back.statistic, rel=1e-9)
    assert four.ci[0] < four.difference < four.ci[1]


def test_equal_correlations_do_not_differ():
    found = steiger(0.4, 0.4, 0.2, 50)
    assert found.statistic == 0
    assert found.p_value == pytest.approx(1.0)
    assert found.ci[0] == pytest.approx(-found.ci[1])


# --- from data ------------------------------------------------------------------------------------------------------

def rows(n=90):
    rng = np.random.default_rng(3)
    mood = rng.normal(size=n)
    return pd.DataFrame({name: weight * mood + rng.normal(size=n)
                         for name, weight in {"burnout": -1.0, "quality": 0.9, "output": 0.3, "tenure": 0.1}.items()})


def test_rows_give_what_their_correlations_give():
    data = rows()
    R = data.corr()
    found = compare_correlations(data, ("burnout", "quality"), ("burnout", "output"))
    by_hand = steiger(R.loc["burnout", "quality"], R.loc["burnout", "output"], R.loc["quality", "output"], 90)
    pd.testing.assert_frame_equal(found.table, by_hand.table, rtol=1e-9)
    assert found.names == ("burnout and quality", "burnout and output")


@pytest.mark.parametrize(("first", "second"), [
    (("quality", "burnout"), ("burnout", "output")), (("quality", "burnout"), ("output", "burnout")),
    (["burnout", "quality"], ["output", "burnout"])])
def test_it_does_not_matter_how_the_shared_variable_stands(first, second):
    data = rows()
    expected = compare_correlations(data, ("burnout", "quality"), ("burnout", "output"))
    pd.testing.assert_frame_equal(compare_correlations(data, first, second).table, expected.table)


def test_pairs_that_share_nothing_take_steigers_z():
    data = rows()
    R = data.corr()
    found = compare_correlations(data, ("burnout", "quality"), ("output", "tenure"))
    by_hand = steiger_four(R.loc["burnout", "quality"], R.loc["output", "tenure"], r13=R.loc["burnout", "output"],
                           r14=R.loc["burnout", "tenure"], r23=R.loc["quality", "output"],
                           r24=R.loc["quality", "tenure"], n=90)
    pd.testing.assert_frame_equal(found.table, by_hand.table, rtol=1e-9)


def test_moments_and_printed_tables_give_the_same_as_rows():
    data, pairs = rows(), (("burnout", "quality"), ("burnout", "output"))
    expected = compare_correlations(data, *pairs).table
    for given_data in (pt.Moments.from_frame(data), pt.Moments.from_correlations(data.corr(), n=90)):
        pd.testing.assert_frame_equal(compare_correlations(given_data, *pairs).table, expected, rtol=1e-9)


def test_within_groups_the_means_taken_out_are_counted():
    data = rows().assign(team=np.arange(90) % 10)
    names = ["burnout", "quality", "output"]
    found = compare_correlations(pt.Moments.from_frame(data, names, by="team").within(), names[:2], [names[0], names[2]])
    assert found.n == 81
    assert found.df == 78


def test_rows_that_lack_one_of_the_variables_are_left_out():
    data = rows()
    data.loc[:9, "output"] = np.nan
    data.loc[:39, "tenure"] = np.nan
    assert compare_correlations(data, ("burnout", "quality"), ("burnout", "output")).n == 80


@pytest.mark.parametrize(("data", "first", "second", "message"), [
    pytest.param(rows(), "burnout", ("burnout", "output"), r"^first: two names are needed.*not 'burnout'", id="one name"),
    pytest.param(rows(), ("burnout", "burnout"), ("burnout", "output"), r"^first: two names", id="with itself"),
    pytest.param(rows(), ("burnout", "output"), ("a", "b", "c"), r"^second: two names", id="three names"),
    pytest.param(rows(), ("burnout", "output"), ("output", "burnout"), r"^second: .* is the same pair as first",
                 id="same pair"),
    pytest.param(rows(), ("burnout", "output"), ("burnout", "qality"), r"no 'qality'.*Did you mean 'quality'",
                 id="misspelt"),
    pytest.param(rows().assign(tenure=1), ("burnout", "output"), ("burnout", "tenure"), r"tenure does not vary",
                 id="constant"),
    pytest.param(rows().assign(tenure=lambda d: d["output"] * 2), ("burnout", "output"), ("burnout", "tenure"),
                 r"one of burnout, output, tenure follows exactly from the others", id="twice the same"),
    pytest.param(rows(4), ("burnout", "output"), ("burnout", "tenure"), r"^data: 4 observations; at least 5", id="few rows"),
    pytest.param(pt.Moments.from_correlations(rows().corr()), ("burnout", "output"), ("burnout", "tenure"),
                 r"^data: these moments do not say how many observations", id="no n"),
])
def test_wrong_data_and_pairs_are_an_error(data, first, second, message):
    with pytest.raises(ValueError, match=message):
        compare_correlations(data, first, second)


@pytest.mark.parametrize(("given_values", "message"), [
    pytest.param((0.9, -0.9, 0.9, 100), r"no data can have r12 = 0.9, r13 = -0.9, r23 = 0.9 together \(their matrix is not "
                 r"positive definite", id="impossible together"),
    pytest.param((0.6, 0.8, 0.0, 100), r"unless one variable follows exactly from the others", id="at the very edge"),
    pytest.param((1.0, 0.2, 0.2, 100), r"^r12: a correlation between -1 and 1 is needed, neither included, not 1", id="one"),
    pytest.param((0.1, -1.2, 0.2, 100), r"^r13: a correlation between -1 and 1", id="beyond"),
    pytest.param((0.1, 0.2, np.nan, 100), r"^r23: a correlation between -1 and 1", id="missing"),
    pytest.param(("0.1", 0.2, 0.3, 100), r"^r12: .* not '0.1'", id="a text"),
    pytest.param((0.1, 0.2, True, 100), r"^r23: .* not True", id="a truth value"),
    pytest.param((0.1, 0.2, 0.3, 4), r"^n: at least 5 respondents are needed, not 4", id="few"),
    pytest.param((0.1, 0.2, 0.3, None), r"^n: at least 5 respondents are needed, not None", id="no n"),
    pytest.param((0.1, 0.2, 0.3, 20.5), r"^n: a sample size is a whole number", id="half a respondent"),
])
def test_wrong_correlations_are_an_error(given_values, message):
    with pytest.raises(ValueError, match=message):
        steiger(*given_values)


def test_four_that_no_data_can_have_are_an_error():
    with pytest.raises(ValueError, match="no data can have"):
        steiger_four(0.9, 0.9, r13=0.9, r14=-0.9, r23=0.9, r24=0.9, n=50)


# --- how it is shown ------------------------------------------------------------------------------------------------

def test_a_clear_difference_is_said_with_the_closer_link():
    text = steiger(-0.362, -0.181, 0.523, 305).text
    assert "variables 1 and 2 is -0.36, that of variables 1 and 3 -0.18, in the same 305 observations" in text
    assert "the difference is -0.18, 95 % interval -0.28 to -0.08 (Williams' t(302) = -3.44, p < 0.001)" in text
    assert text.endswith("the link of variables 1 and 2 is the closer one.")
    assert steiger(-0.181, -0.362, 0.523, 305).text.endswith("the link of variables 1 and 3 is the closer one.")


def test_no_clear_difference_is_not_said_to_be_equality():
    text = steiger(-0.126, -0.193, 0.523, 305).text
    assert "p = 0.226" in text
    assert "it does not show that they are equal" in text


def test_unlike_signs_are_not_said_to_be_unlike_strengths():
    assert "does not say which link is the stronger" in steiger(0.3, -0.3, 0.1, 200).text
