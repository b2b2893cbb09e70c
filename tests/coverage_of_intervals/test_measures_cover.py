"""How often the intervals of correlations, their differences, alpha and kappa hold the truth.

Each design was written down, with its seed, before its coverage was looked at. All 2,000 samples of a design are drawn and
worked out at once by the formulas behind the public functions; on a few of them the functions are called themselves.
"""

import numpy as np
import pandas as pd
import pytest
from designs import ENOUGH, SAMPLES, TOO_MUCH

from pebbletrail.measures.correlation_table import correlations
from pebbletrail.measures.correlation_theory import fisher_interval, together, zou
from pebbletrail.measures.dependent_correlations import compare_correlations
from pebbletrail.measures.items import feldt, item_analysis
from pebbletrail.measures.kappa import distances, kappa, of_counts

pytestmark = pytest.mark.slow
FEW = 5


def assert_nominal(low, high, truth):
    assert low.shape == (SAMPLES,)
    assert (low < high).all()
    found = ((low <= truth) & (truth <= high)).mean()
    print(found)
    assert ENOUGH <= found <= TOO_MUCH, found


def normal(rng, R, n):
    """``(samples, n, variables)`` of standard normal variables with the correlations R."""
    return rng.normal(size=(SAMPLES, n, len(R))) @ np.linalg.cholesky(R).T


def covariances(X):
    away = X - X.mean(axis=1, keepdims=True)
    return np.swapaxes(away, 1, 2) @ away / (X.shape[1] - 1)


def correlation_matrices(X):
    S = covariances(X)
    sd = np.sqrt(np.einsum("sii->si", S))
    return S / (sd[:, :, None] * sd[:, None, :])


def frames(X):
    return [pd.DataFrame(one, columns=list("abcdefgh")[:X.shape[2]]) for one in X[:FEW]]


@pytest.mark.parametrize(("rho", "n", "seed"), [(0.5, 40, 101), (0.85, 25, 102), (0.0, 15, 103)])
def test_fishers_interval_covers(rho, n, seed):
    X = normal(np.random.default_rng(seed), np.array([[1, rho], [rho, 1]]), n)
    low, high = fisher_interval(correlation_matrices(X)[:, 0, 1], n - 1)
    assert_nominal(low, high, rho)
    public = [correlations(one).table.loc[0, ["ci_low", "ci_high"]].to_list() for one in frames(X)]
    np.testing.assert_allclose(public, np.column_stack([low, high])[:FEW], rtol=1e-9)


@pytest.mark.parametrize(("rho", "n", "seed"), [(0.3, 50, 104), (0.8, 50, 105)])
def test_the_interval_of_a_rank_correlation_covers(rho, n, seed):
    """Of two normal variables the rank correlation is 6/π asin(ρ/2)."""
    X = normal(np.random.default_rng(seed), np.array([[1, rho], [rho, 1]]), n)
    r = correlation_matrices(X.argsort(axis=1).argsort(axis=1).astype(float))[:, 0, 1]
    low, high = fisher_interval(r, n - 1, 1 + r**2 / 2)
    assert_nominal(low, high, 6 / np.pi * np.arcsin(rho / 2))
    public = [correlations(one, method="spearman").table.loc[0, ["ci_low", "ci_high"]].to_list() for one in frames(X)]
    np.testing.assert_allclose(public, np.column_stack([low, high])[:FEW], rtol=1e-9)


@pytest.mark.parametrize(("loadings", "n", "seed"), [
    pytest.param([0.7] * 5, 50, 106, id="equally good items"),
    pytest.param([0.4, 0.5, 0.6, 0.7, 0.8, 0.9], 100, 107, id="unequally good items"),
])
def test_feldts_interval_of_alpha_covers(loadings, n, seed):
    loadings = np.array(loadings)
    R, k = np.outer(loadings, loadings), len(loadings)
    np.fill_diagonal(R, 1.0)
    X = normal(np.random.default_rng(seed), R, n)
    S = covariances(X)
    found = k / (k - 1) * (1 - np.einsum("sii->s", S) / S.sum(axis=(1, 2)))
    low, high = feldt(found, n - 1, k)
    assert_nominal(low, high, k / (k - 1) * (1 - k / R.sum()))
    np.testing.assert_allclose([item_analysis(one).ci for one in frames(X)], np.column_stack([low, high])[:FEW], rtol=1e-9)


THREE = np.array([[1, 0.6, 0.3], [0.6, 1, 0.5], [0.3, 0.5, 1]])
FOUR = np.array([[1, 0.5, 0.4, 0.2], [0.5, 1, 0.3, 0.3], [0.4, 0.3, 1, 0.1], [0.2, 0.3, 0.1, 1]])


@pytest.mark.parametrize(("R", "n", "seed"), [
    pytest.param(THREE, 40, 108, id="a shared variable, n = 40"),
    pytest.param(np.where(np.eye(3), 1, 0.5), 100, 109, id="a shared variable, equal correlations, n = 100"),
    pytest.param(FOUR, 60, 110, id="nothing shared, n = 60"),
])
def test_zous_interval_of_a_difference_covers(R, n, seed):
    X = normal(np.random.default_rng(seed), R, n)
    found = correlation_matrices(X)
    pairs, other = (("a", "b"), ("c", "d")), (2, 3)
    if len(R) == 3:
        pairs, other = (("a", "b"), ("a", "c")), (0, 2)
    four = found[:, [[0], [1], [0], [2]], [0, 1, 0, 2]] if len(R) == 3 else found
    correlated = together(np.moveaxis(four, 0, -1))
    low, high = zou(found[:, 0, 1], found[:, *other], correlated, n)
    assert_nominal(low, high, R[0, 1] - R[other])
    public = [compare_correlations(one, *pairs).ci for one in frames(X)]
    np.testing.assert_allclose(public, np.column_stack([low, high])[:FEW], rtol=1e-9)


SHARES = np.array([[0.30, 0.06, 0.02], [0.05, 0.25, 0.06], [0.01, 0.05, 0.20]])


@pytest.mark.parametrize(("weights", "seed"), [(None, 111), ("linear", 112), ("quadratic", 113)])
def test_kappas_interval_covers_with_a_hundred_cases(weights, seed):
    pytest.importorskip("statsmodels")
    drawn = np.random.default_rng(seed).multinomial(100, SHARES.ravel(), size=SAMPLES).reshape(-1, 3, 3)
    apart = distances([1, 2, 3], weights)
    truth = of_counts(SHARES, apart)[0]
    low, high = np.array([of_counts(counts, apart)[2] for counts in drawn]).T
    assert_nominal(low, high, truth)
    for counts, ends in zip(drawn[:FEW], np.column_stack([low, high]), strict=False):
        first, second = (np.repeat(places, counts.ravel()) for places in np.indices((3, 3)).reshape(2, -1) + 1)
        assert kappa(first, second, weights=weights).ci == pytest.approx(tuple(ends), rel=1e-12)
