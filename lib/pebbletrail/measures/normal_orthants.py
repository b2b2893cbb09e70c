"""How often normal variables lie above a line together, and what that says of one that goes with them.

Everything is in standard deviations. The two that are cut share one line ``h``: 0 for halves, 0.674 for quarters. No formula
here has an approximation in it beyond the nodes of its quadrature.
"""

from functools import cache

import numpy as np

NODES = 100


@cache
def _nodes():
    """Gauss-Legendre nodes and weights on 0 to 1."""
    x, w = np.polynomial.legendre.leggauss(NODES)
    return (x + 1) / 2, w / 2


def both_above(a, b, rho):
    """P(X₁ > a, X₂ > b) of two standard normal variables.

    Parameters
    ----------
    a, b : float or array
    rho : float
        Their correlation, between −1 and 1.

    Notes
    -----
    Plackett (1954): the slope of the probability in the correlation is the normal density at (a, b). Integrated from
    independence on, along the arc sine of the correlation, where it is smooth. At a = b = 0: 1/4 + asin(ρ) / 2π.
    """
    from scipy.special import ndtr

    a, b = np.asarray(a, dtype=float)[..., None], np.asarray(b, dtype=float)[..., None]
    x, w = _nodes()
    angle = np.arcsin(rho) * x
    density = np.exp(-(a**2 + b**2 - 2 * a * b * np.sin(angle)) / (2 * np.cos(angle) ** 2)) / (2 * np.pi)
    return (ndtr(-a) * ndtr(-b))[..., 0] + np.arcsin(rho) * (density @ w)


def one_and_median(h, r):
    """P(X > h, Y > 0), for a correlation r. Owen (1956); at h = 0 it is 1/4 + asin(r) / 2π."""
    from scipy.special import ndtr, owens_t

    return ndtr(-h) / 2 + owens_t(h, r / np.sqrt(1 - r**2))


def both_and_median(h, first, second, between):
    """P(X₁ > h, X₂ > h, Y > 0), for correlations ``first`` and ``second`` with Y, and ``between`` X₁ and X₂.

    Plackett's identity again: both correlations with Y grow together from 0 to what they are, the larger along its arc sine.
    At h = 0 the result is 1/8 + (asin ``first`` + asin ``second`` + asin ``between``) / 4π.
    """
    x, w = _nodes()
    largest = max(abs(first), abs(second))
    if largest == 0:
        return float(both_above(h, h, between) / 2)
    near, w = 1 - (1 - x) ** 4, 4 * w * (1 - x) ** 3  # denser at the end, where the three may come near to what cannot be
    angle = np.arcsin(largest) * near
    t, w = np.sin(angle) / largest, w * np.cos(angle) * np.arcsin(largest) / largest
    slopes = _slope(h, t, first, second, between) + _slope(h, t, second, first, between)
    return float(both_above(h, h, between) / 2 + slopes @ w)


def _slope(h, t, grown, other, between):
    """``grown`` times the slope of the probability in the correlation t · ``grown`` of X₁ with Y."""
    from scipy.special import ndtr

    r, s = t * grown, t * other
    left = 1 - r**2
    density = np.exp(-(h**2) / (2 * left)) / (2 * np.pi * np.sqrt(left))
    expected = (between - s * r) / left * h  # of X₂ where X₁ = h and Y = 0
    spread = np.sqrt(1 - (between**2 + s**2 - 2 * between * s * r) / left)
    return grown * density * ndtr((expected - h) / spread)


def mean_one(h, r):
    """E(Y | X > h): r times the height of the normal curve at h, over the share above it. At h = 0: r · √(2/π)."""
    from scipy.special import ndtr

    return r * np.exp(-(h**2) / 2) / np.sqrt(2 * np.pi) / ndtr(-h)


def mean_both(h, first, second, between):
    """E(Y | X₁ > h, X₂ > h). Rosenbaum (1961); at h = 0 it is (``first`` + ``second``) / 2√(2π) over the share."""
    from scipy.special import ndtr

    height = np.exp(-(h**2) / 2) / np.sqrt(2 * np.pi)
    return float((first + second) * height * ndtr(-h * np.sqrt((1 - between) / (1 + between))) / both_above(h, h, between))
