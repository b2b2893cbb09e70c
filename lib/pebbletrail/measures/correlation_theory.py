"""The formulas behind correlations and their differences; each takes numbers, most take arrays too."""

from math import sqrt

import numpy as np

from pebbletrail.measures.given import LEVEL


def fisher_interval(r, free, inflation=1.0):
    """Interval of correlations through Fisher's z, whose error is 1 / √(n − 3).

    Parameters
    ----------
    r : float or array
    free : int or array
        Degrees of freedom of a variance, n − 1. NaN ends where they are below 3, and where r is 1 or −1.
    inflation : float or array
        What the variance of z is multiplied by (1 + r²/2 for a rank correlation).
    """
    from scipy.special import ndtri

    r, free = np.asarray(r, dtype=float), np.asarray(free, dtype=float)
    usable = (np.abs(r) < 1) & (free > 2)
    z = np.arctanh(np.where(usable, r, 0.0))
    half = ndtri((1 + LEVEL) / 2) * np.sqrt(inflation / np.where(usable, free - 2, 1.0))
    return np.where(usable, np.tanh(z - half), np.nan), np.where(usable, np.tanh(z + half), np.nan)


def williams(r12, r13, r23, n):
    """Williams' (1959) t, formula 7 of Steiger (1980), on n − 3 degrees of freedom."""
    determinant = 1 - r12**2 - r13**2 - r23**2 + 2 * r12 * r13 * r23
    spread = 2 * (n - 1) / (n - 3) * determinant + (r12 + r13) ** 2 / 4 * (1 - r23) ** 3
    return (r12 - r13) * sqrt((n - 1) * (1 + r23) / spread)


def together(R):
    """The asymptotic correlation of r12 with r34 (Pearson & Filon 1898), from the matrix of four variables."""
    r12, r34, r13, r14, r23, r24 = R[0, 1], R[2, 3], R[0, 2], R[0, 3], R[1, 2], R[1, 3]
    covariance = (r12 * r34 * (r13**2 + r14**2 + r23**2 + r24**2) / 2 + r13 * r24 + r14 * r23
                  - r12 * (r13 * r14 + r23 * r24) - r34 * (r13 * r23 + r14 * r24))
    return covariance / ((1 - r12**2) * (1 - r34**2))


def zou(first, second, correlated, n):
    """``(low, high)`` of ``first − second`` (Zou 2007); ``correlated`` is how the two vary together. Arrays go too."""
    (low1, high1), (low2, high2) = (fisher_interval(r, n - 1) for r in (first, second))
    down, up = (np.sqrt(a**2 + b**2 - 2 * correlated * a * b)
                for a, b in ((first - low1, high2 - second), (high1 - first, second - low2)))
    return first - second - down, first - second + up


def holm(p):
    """Holm's (1979) adjusted p values."""
    order = np.argsort(p, kind="stable")
    raised = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(raised, 1.0)
    return adjusted
