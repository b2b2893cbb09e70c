"""Solving the normal equations: one system with reasons, many at once with NaN for those that have no solution.

Expected values come from numpy's own inverse and solve on matrices that are well scaled, and from exact fractions.
"""

from fractions import Fraction

import numpy as np
import pytest

from pebbletrail.models.solve import COLLINEAR, inverse, solved

UNITS = np.array([1e-6, 1.0, 1e6, 37.0])


def gram(seed, k, rows=30):
    X = np.random.default_rng(seed).normal(size=(rows, k))
    return X.T @ X


@pytest.mark.parametrize("k", [1, 2, 4])
def test_the_inverse_is_numpys_whatever_the_units(k):
    A = gram(k, k)
    np.testing.assert_allclose(inverse(A, "abcd"[:k]), np.linalg.inv(A), rtol=1e-10)
    units = np.outer(UNITS[:k], UNITS[:k])
    np.testing.assert_allclose(inverse(A * units, "abcd"[:k]), np.linalg.inv(A) / units, rtol=1e-10)


def test_nothing_has_an_inverse_of_nothing():
    assert inverse(np.zeros((0, 0)), ()).shape == (0, 0)


def test_a_matrix_that_is_hard_to_invert_keeps_half_its_digits():
    """Predictors of which a millionth is their own; the inverse of a 2 × 2 matrix in exact fractions."""
    a, b, c = 1.0, 1.0 - 5e-7, 1.0
    fa, fb, fc = map(Fraction, (a, b, c))
    exact = np.array([[fc, -fb], [-fb, fa]]) / (fa * fc - fb * fb)
    np.testing.assert_allclose(inverse(np.array([[a, b], [b, c]]), "ab"), exact.astype(float), rtol=1e-9)


def test_a_predictor_that_does_not_vary_is_named():
    A = gram(1, 3)
    A[1, :] = A[:, 1] = 0
    with pytest.raises(ValueError, match=r"^formula: b does not vary, so it explains nothing"):
        inverse(A, "abc")
    with pytest.raises(ValueError, match=r"^MODEL: b does not vary"):
        inverse(A, "abc", "MODEL")


@pytest.mark.parametrize(("weights", "told"), [
    ({"a": 1.0, "c": -2.0}, "e is a combination of a, c"),
    ({"b": 3.0}, "e is a combination of b"),
    ({"a": 1e-5, "b": 1e5, "d": 1.0}, "e is a combination of a, b, d"),
])
def test_a_combination_is_named_with_what_it_is_made_of(weights, told):
    X = np.random.default_rng(3).normal(size=(30, 5)) * [1e4, 1e-5, 1, 1, 1]
    X[:, 4] = sum(weight * X[:, "abcd".index(name)] for name, weight in weights.items())
    with pytest.raises(ValueError, match=rf"^formula: {told} \(collinear\)"):
        inverse(X.T @ X, "abcde")


@pytest.mark.parametrize("share", [COLLINEAR / 3, COLLINEAR * 3])
def test_where_collinearity_begins(share):
    """Of the second predictor, ``share`` of the variance is its own."""
    r = (1 - share) ** 0.5
    A = np.array([[1.0, r], [r, 1.0]])
    both = solved(A, A[0])
    if share < COLLINEAR:
        with pytest.raises(ValueError, match="b is a combination of a"):
            inverse(A, "ab")
        assert np.isnan(both).all()
    else:
        np.testing.assert_allclose(inverse(A, "ab")[1, 1] * share, 1, rtol=1e-5)
        np.testing.assert_allclose(both, [1, 0], atol=1e-5)


@pytest.mark.parametrize("k", [1, 3, 4])
def test_many_systems_at_once_are_numpys_one_by_one(k):
    A = np.array([[gram(seed + 10 * other, k) for seed in range(5)] for other in range(2)])
    c = np.random.default_rng(9).normal(size=(2, 5, k))
    kept = A.copy(), c.copy()
    units = UNITS[:k]
    expected = np.array([[np.linalg.solve(A[i, j], c[i, j]) for j in range(5)] for i in range(2)])
    np.testing.assert_allclose(solved(A, c), expected, rtol=1e-9)
    np.testing.assert_allclose(solved(A * np.outer(units, units), c * units), expected / units, rtol=1e-9)
    np.testing.assert_allclose(solved(A[0, 0], c[0, 0]), expected[0, 0], rtol=1e-9)
    np.testing.assert_array_equal(A, kept[0])
    np.testing.assert_array_equal(c, kept[1])


def test_a_system_without_a_solution_is_nan_and_spoils_no_other():
    A, c = np.array([gram(seed, 3) for seed in range(6)]), np.ones((6, 3))
    expected = np.array([np.linalg.solve(one, [1, 1, 1]) for one in A])
    A[1][2, :] = A[1][:, 2] = 0  # a predictor that does not vary
    A[2] = np.ones((3, 3))  # one predictor three times
    A[3][0, 0] = np.nan
    A[4][0, 0] = -1
    c[5][1] = np.inf
    found = solved(A, c)
    np.testing.assert_allclose(found[0], expected[0])
    assert np.isnan(found[1:5]).all()
    assert not np.isfinite(found[5]).any()


def test_no_predictors_have_no_weights():
    assert solved(np.zeros((4, 0, 0)), np.zeros((4, 0))).shape == (4, 0)
