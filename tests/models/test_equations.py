"""Regressions from covariances and the errors of their coefficients: against least squares on rows, numerical derivatives,
the textbook covariances of normal sample covariances, Wishart draws, and influence functions of rows."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pebbletrail.models.equations import Equations, cluster_covariance, normal_covariance
from pebbletrail.moments import Moments

# five variables; "e" lacks an arrow from "b", "d" lacks two: the model leaves relations unexplained
NAMES = ("a", "b", "c", "d", "e")
MODEL = {"c": ("a", "b"), "d": ("c",), "e": ("d", "c", "a")}
SIZES = [2, 3, 4, 5, 6, 7, 8, 9, 10, 26]


@pytest.fixture
def equations():
    return Equations(NAMES, MODEL)


@pytest.fixture
def rows():
    """Eighty rows in ten groups of unlike size, in unlike units, with disturbances that go together."""
    rng = np.random.default_rng(41)
    group = np.repeat(np.arange(10), SIZES)
    values = rng.normal(size=(80, 5)) @ rng.normal(size=(5, 5)) + 0.7 * rng.normal(size=(10, 5))[group]
    return pd.DataFrame(50 + values * [1, 10, 0.1, 100, 1], columns=NAMES).assign(group=group)


@pytest.fixture
def moments(rows):
    return Moments.from_frame(rows, list(NAMES), by="group")


def least_squares(rows, outcome, predictors):
    X = np.column_stack([np.ones(len(rows)), rows[list(predictors)]])
    b, rss, *_ = np.linalg.lstsq(X, rows[outcome])
    return b, float(rss[0]), X


def of_rows(rows, model=MODEL, standardized=False):
    """Every coefficient by numpy's least squares on rows; in standard deviations, on z scores."""
    if standardized:
        rows = (rows - rows.mean()) / rows.std()
    return np.concatenate([least_squares(rows, outcome, given)[0][1:] for outcome, given in model.items()])


def coefficients(equations, S, standardized):
    scale = equations.scale(np.sqrt(np.diag(S))) if standardized else 1
    return equations.coefficients(S) * scale


# --- coefficients ----------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("standardized", [False, True])
def test_coefficients_are_those_of_least_squares_on_rows(equations, rows, standardized):
    S = rows[list(NAMES)].cov().to_numpy()
    np.testing.assert_allclose(coefficients(equations, S, standardized), of_rows(rows, standardized=standardized), rtol=1e-9)


def test_explained_is_the_share_that_least_squares_explains(equations, rows):
    shares = []
    for outcome, given_ in MODEL.items():
        total = np.sum((rows[outcome] - rows[outcome].mean()) ** 2)
        shares.append(1 - least_squares(rows, outcome, given_)[1] / total)
    np.testing.assert_allclose(equations.explained(rows[list(NAMES)].cov().to_numpy()), shares, rtol=1e-10)


def test_many_matrices_at_once_give_what_each_gives_alone(equations):
    rng = np.random.default_rng(7)
    X = rng.normal(size=(6, 30, 5))
    S = np.einsum("rni,rnj->rij", X, X)
    assert equations.coefficients(S).shape == (6, 6)
    np.testing.assert_allclose(equations.coefficients(S), [equations.coefficients(one) for one in S], rtol=1e-12)
    np.testing.assert_allclose(equations.explained(S), [equations.explained(one) for one in S], rtol=1e-12)


def test_a_singular_matrix_among_many_is_nan_in_its_equations_only(equations):
    S = np.stack([np.eye(5) + 0.3, np.eye(5) + 0.3])
    S[1, :, 1] = S[1, :, 0]
    S[1, 1, :] = S[1, 0, :]  # b is a, so c ~ a + b cannot be told apart; the other equations hold no b
    b = equations.coefficients(S)
    assert np.isnan(b[1, :2]).all()
    assert np.isfinite(b[1, 2:]).all()
    np.testing.assert_allclose(b[0], equations.coefficients(S[0]))


def test_arrows_scale_and_free_go_in_the_order_of_the_text(equations):
    assert equations.arrows == [("a", "c"), ("b", "c"), ("c", "d"), ("d", "e"), ("c", "e"), ("a", "e")]
    np.testing.assert_allclose(equations.scale(np.array([1.0, 2, 4, 8, 16])), [1 / 4, 2 / 4, 4 / 8, 8 / 16, 4 / 16, 1 / 16])
    assert list(equations.free(20)) == [17, 17, 18, 16, 16, 16]
    assert list(equations.free(20, 5)) == [13, 13, 14, 12, 12, 12]


# --- derivatives -----------------------------------------------------------------------------------------------------

@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), standardized=st.booleans())
def test_gradients_are_the_numerical_derivatives_of_the_coefficients(seed, standardized):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(12, 5)) * np.exp(rng.normal(size=5))
    S, equations = X.T @ X / 11, Equations(NAMES, MODEL)
    G = equations.gradients(S, standardized)
    assert G.shape == (6, 5, 5)
    np.testing.assert_allclose(G, G.transpose(0, 2, 1))
    for _ in range(3):
        dS = rng.normal(size=(5, 5))
        dS = (dS + dS.T) * np.sqrt(np.outer(np.diag(S), np.diag(S))) * 0.1
        step = 1e-5
        up, down = (coefficients(equations, S + sign * step * dS, standardized) for sign in (1, -1))
        numerical = (up - down) / (2 * step)
        np.testing.assert_allclose(np.einsum("kij,ij->k", G, dS), numerical, rtol=2e-5, atol=1e-6 * np.abs(numerical).max())


# --- errors of independent, normal observations ----------------------------------------------------------------------

def test_an_unstandardised_error_is_exactly_that_of_least_squares(equations, rows):
    S, n = rows[list(NAMES)].cov().to_numpy(), len(rows)
    V = normal_covariance(equations.gradients(S), S, n, equations.free(n))
    expected = []
    for outcome, given_ in MODEL.items():
        _, rss, X = least_squares(rows, outcome, given_)
        expected += list(np.sqrt(np.diag(np.linalg.inv(X.T @ X))[1:] * rss / (n - X.shape[1])))
    np.testing.assert_allclose(np.sqrt(np.diag(V)), expected, rtol=1e-9)


def test_coefficients_of_seemingly_unrelated_regressions_covary_as_zellner_has_it(rows):
    """Two outcomes of the same predictors: σ12 (X'X)⁻¹, with the square roots of both equations' n / (n − k − 1)."""
    S, n = rows[list(NAMES)].cov().to_numpy(), len(rows)
    equations = Equations(NAMES, {"c": ("a", "b"), "d": ("a", "b")})
    V = normal_covariance(equations.gradients(S), S, n, equations.free(n))
    X = np.column_stack([np.ones(n), rows[["a", "b"]]])
    e = rows[["c", "d"]] - X @ np.linalg.lstsq(X, rows[["c", "d"]])[0]
    np.testing.assert_allclose(V[:2, 2:], (e["c"] @ e["d"]) / (n - 3) * np.linalg.inv(X.T @ X)[1:, 1:], rtol=1e-8)


@pytest.mark.parametrize("standardized", [False, True])
def test_the_covariance_is_the_delta_method_on_the_covariances_of_a_normal_covariance_matrix(equations, rows, standardized):
    """n cov(S_ij, S_kl) = S_ik S_jl + S_il S_jk, written out entry by entry, with numerical derivatives."""
    S, n, p = rows[list(NAMES)].cov().to_numpy(), len(rows), len(NAMES)
    pairs = [(i, j) for i in range(p) for j in range(i + 1)]
    gamma = np.array([[(S[i, k] * S[j, m] + S[i, m] * S[j, k]) / n for k, m in pairs] for i, j in pairs])
    jacobian = np.empty((6, len(pairs)))
    for at, (i, j) in enumerate(pairs):
        move = np.zeros((p, p))
        move[i, j] = move[j, i] = 1e-5 * np.sqrt(S[i, i] * S[j, j])
        up, down = (coefficients(equations, S + sign * move, standardized) for sign in (1, -1))
        jacobian[:, at] = (up - down) / (2 * move[i, j])
    factor = np.sqrt(n / equations.free(n))
    expected = jacobian @ gamma @ jacobian.T * np.outer(factor, factor)
    found = normal_covariance(equations.gradients(S, standardized), S, n, equations.free(n))
    size = np.sqrt(np.outer(np.diag(expected), np.diag(expected)))
    np.testing.assert_allclose(found / size, expected / size, atol=1e-7)


@pytest.mark.parametrize("standardized", [False, True])
def test_the_covariance_is_that_of_coefficients_of_wishart_draws(equations, rows, standardized):
    """4,000 samples of 400 from normal variables: correlations of the coefficients to ± 0.06, errors to ± 6 %."""
    rng = np.random.default_rng(8)
    n, draws = 400, 4000
    S = rows[list(NAMES)].cov().to_numpy()
    R = S / np.sqrt(np.outer(np.diag(S), np.diag(S)))
    L, bartlett = np.linalg.cholesky(R), np.zeros((draws, 5, 5))
    bartlett[:, range(5), range(5)] = np.sqrt(rng.chisquare(n - 1 - np.arange(5), size=(draws, 5)))
    i, j = np.tril_indices(5, -1)
    bartlett[:, i, j] = rng.normal(size=(draws, len(i)))
    drawn = L @ bartlett
    W = drawn @ drawn.transpose(0, 2, 1) / (n - 1)
    sd = np.sqrt(np.einsum("rii->ri", W))
    b = equations.coefficients(W) * (equations.scale(sd) if standardized else 1)
    V = normal_covariance(equations.gradients(R, standardized), R, n, equations.free(n))
    se = np.sqrt(np.diag(V))
    np.testing.assert_allclose(b.std(axis=0), se, rtol=0.06)  # the Monte Carlo error of an sd is 1.1 %
    np.testing.assert_allclose(np.corrcoef(b.T), V / np.outer(se, se), atol=0.06)


def test_units_change_standardised_errors_not_at_all(equations, rows):
    S, n = rows[list(NAMES)].cov().to_numpy(), len(rows)
    R = rows[list(NAMES)].corr().to_numpy()
    one, other = (normal_covariance(equations.gradients(M, True), M, n, equations.free(n)) for M in (S, R))
    np.testing.assert_allclose(one, other, rtol=1e-7, atol=1e-14)


# --- errors of groups ------------------------------------------------------------------------------------------------

def residuals(rows, outcome, given_):
    b, _, X = least_squares(rows, outcome, given_)
    return X, rows[outcome].to_numpy() - X @ b


def row_scores(rows, standardized):
    """Each row's influence on each coefficient, times n: (X'X / n)⁻¹ x e, on z scores with the spreads' own influence."""
    n = len(rows)
    data = rows[list(NAMES)]
    Z = (data - data.mean()) / data.std(ddof=0) if standardized else data
    scores = []
    for outcome, given_ in MODEL.items():
        X, e = residuals(Z, outcome, given_)
        b = least_squares(Z, outcome, given_)[0][1:]
        own = (X * e[:, None]) @ np.linalg.inv(X.T @ X / n)
        for at, name in enumerate(given_):
            score = own[:, at + 1]
            if standardized:  # b · sd(x) / sd(y), the derivative of a standard deviation being (z² − 1) / 2
                score = score + b[at] * ((Z[name] ** 2 - 1) / 2 - (Z[outcome] ** 2 - 1) / 2)
            scores.append(np.asarray(score))
    return np.column_stack(scores)


@pytest.mark.parametrize("standardized", [False, True])
def test_cluster_covariances_are_those_of_the_rows_influence_functions(equations, rows, moments, standardized):
    n, groups = len(rows), 10
    sums = np.stack([row_scores(rows, standardized)[rows["group"] == g].sum(axis=0) for g in range(groups)]) / n
    factor = np.sqrt(groups / (groups - 1) * (n - 1) / equations.free(n))
    expected = sums.T @ sums * np.outer(factor, factor)
    gradients = equations.gradients(moments.cov.to_numpy(), standardized)
    found = cluster_covariance(gradients, moments, n, groups, equations.free(n))
    size = np.sqrt(np.outer(np.diag(expected), np.diag(expected)))
    np.testing.assert_allclose(found / size, expected / size, atol=1e-8)


def test_groups_of_one_row_give_the_sandwich_of_rows(equations, rows):
    """With every row its own group, CR1 is White's estimator times n / (n − 1) · (n − 1) / (n − k − 1): HC1."""
    import statsmodels.api as sm

    each = Moments.from_frame(rows.assign(own=range(len(rows))), list(NAMES), by="own")
    n = len(rows)
    V = cluster_covariance(equations.gradients(each.cov.to_numpy()), each, n, n, equations.free(n))
    fits = [sm.OLS(rows[outcome], sm.add_constant(rows[list(given_)])) for outcome, given_ in MODEL.items()]
    expected = np.concatenate([fit.fit(cov_type="HC1").bse.to_numpy()[1:] for fit in fits])
    np.testing.assert_allclose(np.sqrt(np.diag(V)), expected, rtol=1e-8)


# --- what is refused -------------------------------------------------------------------------------------------------

def test_a_combination_of_predictors_is_named(rows):
    rows["both"] = rows["a"] + 2 * rows["b"]
    equations = Equations(("a", "b", "both", "e"), {"e": ("a", "b", "both")})
    with pytest.raises(ValueError, match=r"MODEL: both is a combination of a, b \(collinear\)"):
        equations.check(Moments.from_frame(rows, ["a", "b", "both", "e"]))


def test_a_constant_is_named_even_as_an_outcome(rows):
    equations = Equations(("a", "e"), {"e": ("a",)})
    with pytest.raises(ValueError, match="MODEL: e does not vary"):
        equations.check(Moments.from_frame(rows.assign(e=3.7), ["a", "e"]))


@pytest.mark.parametrize(("count", "enough"), [(5, True), (4, False)])
def test_an_equation_needs_one_degree_of_freedom(rows, count, enough):
    """Three predictors and a mean: four observations leave nothing to judge the errors by."""
    m = Moments.from_frame(rows.iloc[:: len(rows) // count][:count], ["a", "c", "d", "e"])
    equations = Equations(m.names, {"c": ("a",), "e": ("a", "c", "d")})
    assert m.n == count
    if enough:
        equations.check(m)
    else:
        with pytest.raises(ValueError, match="4 observations are too few for e ~ a \\+ c \\+ d; at least 5 are needed"):
            equations.check(m)


def test_group_means_taken_out_count_against_the_degrees_of_freedom(rows):
    """Two groups of two rows: n − G − k = 4 − 2 − 2 = 0."""
    within = Moments.from_frame(rows.iloc[[0, 1, 2, 3]], ["a", "b", "c"], by="group").within()
    assert (within.n, within.absorbed) == (4, 2)
    with pytest.raises(ValueError, match="at least 5 are needed"):
        Equations(within.names, {"c": ("a", "b")}).check(within)
