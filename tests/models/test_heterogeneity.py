"""The variance between studies, with and without moderators.

Expected values come from the definitions, written out with matrices, and from scipy's chi-squared distribution; metafor's
are in test_pooling.py and test_meta_regression.py.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from pebbletrail.models.pooling.heterogeneity import Line, Mean, between, interval, share

SMALL = settings(max_examples=60, deadline=None)
numbers = st.floats(-5, 5).map(lambda x: round(x, 3))
variances = st.floats(-3, 2).map(lambda x: round(10**x, 5))


@st.composite
def studies(draw, least=3):
    k = draw(st.integers(least, 12))
    y = np.array(draw(st.lists(numbers, min_size=k, max_size=k)))
    return y, np.array(draw(st.lists(variances, min_size=k, max_size=k)))


def projector(v, X, tau2):
    """P = W − WX(X'WX)⁻¹X'W, and X'WX."""
    W = np.diag(1 / (v + tau2))
    return W - W @ X @ np.linalg.solve(X.T @ W @ X, X.T @ W), X.T @ W @ X


def moderated(y, seed=0):
    return np.column_stack([np.ones(len(y)), np.random.default_rng(seed).normal(size=len(y))])


@SMALL
@given(studies(), st.sampled_from([0.0, 0.01, 0.5, 20.0]))
def test_the_quantities_are_those_of_the_matrices(made, tau2):
    y, v = made
    for line, X in ((Mean(y, v), np.ones((len(y), 1))), (Line(y, v, moderated(y)), moderated(y))):
        P, information = projector(v, X, tau2)
        assert line.q(tau2) == pytest.approx(y @ P @ y, rel=1e-8, abs=1e-8)
        assert line.trace(tau2) == pytest.approx(np.trace(P), rel=1e-8)
        assert line.slope(tau2) == pytest.approx(np.trace(P) - y @ P @ P @ y, rel=1e-6, abs=1e-5 * np.trace(P))
        expected = np.log(v + tau2).sum() + np.linalg.slogdet(information)[1] + y @ P @ y
        assert line.deviance(tau2) == pytest.approx(expected, rel=1e-8, abs=1e-8)
        b, V = line.fit(tau2)
        weighed = np.linalg.solve(information, X.T @ ((1 / (v + tau2)) * y))
        np.testing.assert_allclose(np.ravel(b), weighed, rtol=1e-7, atol=1e-9)
        np.testing.assert_allclose(np.atleast_2d(V), np.linalg.inv(information), rtol=1e-7)


@SMALL
@given(studies())
def test_a_mean_is_a_line_without_moderators(made):
    y, v = made
    mean, line = Mean(y, v), Line(y, v, np.ones((len(y), 1)))
    grid = np.geomspace(1e-4, 1e3, 30)
    np.testing.assert_allclose(mean.slopes(grid), line.slopes(grid), rtol=1e-6, atol=1e-6 * np.abs(mean.slopes(grid)).max())
    for method in ("PM", "DL", "fixed"):
        assert between(mean, method) == pytest.approx(between(line, method), rel=1e-6, abs=1e-9)
    # where two hills of the likelihood are equally high, either may be found
    assert mean.deviance(between(mean, "REML")) == pytest.approx(mean.deviance(between(line, "REML")), abs=1e-8)
    assert interval(mean) == pytest.approx(interval(line), rel=1e-6, abs=1e-9)
    assert share(mean, 0.3) == pytest.approx(share(line, 0.3))


@SMALL
@given(studies())
def test_paule_and_mandel_make_q_what_chance_would_make_it(made):
    y, v = made
    for line in (Mean(y, v), Line(y, v, moderated(y))):
        tau2 = between(line, "PM")
        assert line.q(tau2) == pytest.approx(line.free) if tau2 > 0 else line.q() <= line.free * (1 + 1e-9)


@SMALL
@given(studies())
def test_dersimonian_and_laird_solve_the_expectation_of_q(made):
    """E Q = (k − p) + τ² tr P."""
    y, v = made
    for line in (Mean(y, v), Line(y, v, moderated(y))):
        tau2 = between(line, "DL")
        assert line.q() == pytest.approx(line.free + tau2 * line.trace()) if tau2 > 0 else line.q() <= line.free * (1 + 1e-9)


@SMALL
@given(studies())
def test_the_interval_ends_where_q_is_a_quantile_of_chi_squared(made):
    y, v = made
    for line in (Mean(y, v), Line(y, v, moderated(y))):
        for end, level in zip(interval(line), (0.975, 0.025), strict=True):
            target = stats.chi2(line.free).ppf(level)
            assert line.q(end) == pytest.approx(target) if end > 0 else line.q() <= target * (1 + 1e-9)


@pytest.mark.parametrize("seed", range(10))
def test_no_value_beats_the_restricted_likelihood_around_a_line(seed):
    rng = np.random.default_rng(seed)
    v = np.exp(rng.normal(size=5 + seed))
    y = rng.normal(size=5 + seed) * np.sqrt(v + rng.choice([0, 0.3, 3]))
    line = Line(y, v, moderated(y, seed))
    lowest = min(line.deviance(tau2) for tau2 in [0.0, *np.geomspace(1e-6, 1e3, 400)])
    assert line.deviance(between(line, "REML")) <= lowest + 1e-9


def test_no_value_beats_the_restricted_likelihood_where_variances_are_very_unlike():
    grid = np.concatenate([[0.0], np.geomspace(1e-7, 1e4, 2000)])
    for seed in range(200):
        rng = np.random.default_rng(seed)
        v = np.exp(rng.normal(-1, 3, size=rng.integers(3, 9)))
        y = rng.normal(size=len(v)) * np.sqrt(v + rng.choice([0, 0.1, 1, 10]))
        W = 1 / (v + grid[:, None])
        total, mean = W.sum(axis=1), W @ y / W.sum(axis=1)
        heights = np.log(total) - np.log(W).sum(axis=1) + (W * (y - mean[:, None]) ** 2).sum(axis=1)
        found = Mean(y, v)
        assert found.deviance(between(found, "REML")) <= heights.min() + 1e-8, seed


def test_the_far_hill_around_a_line_is_found_too():
    """A case of test_pooling, fitted as a line that has only an intercept."""
    y, v = np.array([-3.05, -0.88, -3.34, -3.0]), np.array([0.002, 0.384, 0.248, 0.001])
    line = Line(y, v, np.ones((4, 1)))
    assert between(line, "REML") == pytest.approx(0.753, rel=0.01)
    assert between(line, "REML") == pytest.approx(optimize.brentq(line.slope, 0.5, 1.0), rel=1e-8)


def test_share_is_the_part_of_a_typical_study():
    """Equal variances of 0.5: typical is 0.5, and 1.5 beside it is three quarters."""
    assert share(Mean(np.array([0.0, 1, 2]), np.full(3, 0.5)), 1.5) == pytest.approx(75)
