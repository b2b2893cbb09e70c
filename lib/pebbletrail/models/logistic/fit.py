"""The likelihood of a logistic model: its maximum by Newton's method, and the three kinds of errors."""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from pebbletrail.models.cluster import cr1
from pebbletrail.models.solve import inverse
from pebbletrail.models.system import FLAT

FIRST_STEPS, MOST_STEPS, SETTLED = 15, 100, 1e-10  # steps before separation is looked for, and at most
AT_ONCE, LARGE = 2000, 100  # rows taken together; rows of a group
CERTAIN, FAR = 0.5, 30.0  # see Peak.certain; log odds beyond which 1 − p is but rounding


@dataclass(frozen=True, eq=False)
class Peak:
    """Where Newton's method ended, in columns that were centred and scaled.

    Attributes
    ----------
    Z : array (n, k)
    b : array (k,)
    p : array (n,)
        Fitted probabilities.
    information : array (k, k)
    step : array (k,)
        The next step, were one taken.
    loglik : float
    back : array (k, k)
        Takes coefficients to those of the columns as they are.
    settled : bool
    counts : array (n,), or 1.0
        For how many rows alike each row stands.
    """

    Z: np.ndarray
    b: np.ndarray
    p: np.ndarray
    information: np.ndarray
    step: np.ndarray
    loglik: float
    back: np.ndarray
    settled: bool
    counts: object = 1.0

    @property
    def n(self):
        """Rows, those alike written out."""
        return len(self.Z) if np.ndim(self.counts) == 0 else int(self.counts.sum())

    @property
    def certain(self):
        """Whether a finite maximum exists for sure; where not, separation has to be looked for.

        Along any direction the likelihood's third derivative is at most its second times the largest change in a row's log
        odds. For such functions a maximum exists where Newton's decrement, times the largest √(z'H⁻¹z) of a row, is below
        one half (Bach 2010, Electronic Journal of Statistics 4). Where the outcome is separated, each step moves some row's
        log odds by about 1, and the product never falls.
        """
        if not self.settled or np.abs(self.Z @ self.b).max() > FAR:
            return False
        decrement = np.sqrt(max(self.step @ self.information @ self.step, 0.0))
        reach = max(((part @ self.bread) * part).sum(axis=1).max() for part in _pieces(self.Z))
        return bool(decrement * np.sqrt(reach) < CERTAIN)

    @cached_property
    def bread(self):
        return np.linalg.inv(self.information)

    @property
    def coefficients(self):
        return self.back @ self.b

    def covariance(self, meat=None):
        """Of the coefficients; ``meat``: the covariance of the scores, instead of the information."""
        V = self.bread if meat is None else self.bread @ meat @ self.bread
        return self.back @ V @ self.back.T


@dataclass(frozen=True, eq=False)
class Scores:
    """What ``cluster.cr1`` asks of a fit: a logistic one is a weighted regression whose residuals are y − p."""

    bread: np.ndarray
    back: np.ndarray
    weights: np.ndarray
    rss: float
    by_group: object


def peak(X, y, names, intercept, steps=MOST_STEPS, counts=None, start=None):
    """The maximum of the likelihood, as far as it was reached in so many steps: a ``Peak``.

    ``counts``: for how many rows alike each row stands. ``start``, coefficients of the columns as they are: where the first
    step is taken from; the likelihood has one maximum, whichever way leads there.
    """
    n, k = len(X) if counts is None else int(counts.sum()), X.shape[1]
    if n <= k:
        raise ValueError(f"data: {n} observations are too few for {k} coefficients.")
    Z, back = scaled(X, names, intercept, counts)
    counts = 1.0 if counts is None else counts
    inverse(_products(Z, np.broadcast_to(counts, len(Z))), names)  # refuses collinear columns by name
    b = np.zeros(k) if start is None else np.linalg.solve(back, start)
    sign = 2 * y - 1
    loglik = _loglik(Z, b, sign, counts)
    step, settled = np.zeros(k), False
    for _ in range(steps):
        p, information = _here(Z, b, counts)
        try:
            step = np.linalg.solve(information, Z.T @ (counts * (y - p)))
        except np.linalg.LinAlgError:
            break
        moves = np.abs(Z @ step).max()
        if not np.isfinite(moves):
            break
        if moves < SETTLED:
            settled = True
            break
        b, loglik = climb(lambda at: _loglik(Z, at, sign, counts), b, step, loglik)
    if not settled:  # else nothing has moved since
        p, information = _here(Z, b, counts)
    return Peak(Z, b, p, information, step, loglik, back, settled, counts)


def _here(Z, b, counts=1.0):
    from scipy.special import expit

    p = expit(Z @ b)
    return p, _products(Z, counts * p * (1 - p))


def _products(Z, weights):
    """Z' W Z, made in pieces that stay near the processor."""
    found = np.zeros((Z.shape[1], Z.shape[1]))
    for part, root in zip(_pieces(Z), _pieces(np.sqrt(weights)), strict=True):
        weighted = part * root[:, None]
        found += weighted.T @ weighted
    return found


def _pieces(values):
    return (values[start:start + AT_ONCE] for start in range(0, len(values), AT_ONCE))


def _loglik(Z, b, sign, counts):
    return -(counts * log_sum(-sign * (Z @ b))).sum()


def log_sum(x):
    """log(1 + exp(x)), without overflow."""
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def climb(loglik_at, b, step, loglik):
    """A whole step, or a shorter one where that would lead downhill."""
    for _ in range(40):
        there = loglik_at(b + step)
        if there >= loglik - 1e-12 * abs(loglik):
            break
        step = step / 2
    return b + step, there


def scaled(X, names, intercept, counts=None):
    """Columns about their means (where there is an intercept), in standard deviations, and the way back."""
    one = int(intercept)
    mean = np.average(X, axis=0, weights=counts) * one
    Z = X - mean
    spread = np.sqrt((np.ones(len(X)) if counts is None else counts) @ np.square(Z)
                     / (len(X) if counts is None else counts.sum()))
    flat = spread <= FLAT * np.abs(X).max(axis=0)
    flat[:one] = False
    if flat.any():
        raise ValueError(f"formula: {names[int(np.argmax(flat))]} does not vary, so it explains nothing; leave it out.")
    mean[:one], spread[:one] = 0.0, 1.0
    back = np.diag(1 / spread)
    if intercept:
        back[0, 1:] = -mean[1:] / spread[1:]
    if intercept:
        Z[:, 0] = 1.0
    Z /= spread
    return Z, back


def hc0(found, y):
    """The sandwich: rows independent, nothing said of their variance."""
    return found.covariance(_products(found.Z, found.counts * (y - found.p) ** 2))


def clustered(found, y, group, groups):
    """``(covariance, groups that each coefficient rests on)`` by CR1: G / (G − 1) · (N − 1) / (N − K)."""
    n, k = found.n, found.Z.shape[1]
    order = np.argsort(group, kind="stable")
    edges = np.searchsorted(group[order], np.arange(groups + 1))
    Z, weight, rest = found.Z[order], found.counts * found.p * (1 - found.p), found.counts * (y - found.p)

    def by_group():
        scores = np.add.reduceat(Z * rest[order][:, None], edges[:-1], axis=0)
        if n >= LARGE * groups:  # a product for each group, where groups are large enough to be worth a call
            w = weight[order]
            return np.stack([_products(Z[low:high], w[low:high]) for low, high in pairwise(edges)]), scores
        weighted = Z * weight[order][:, None]
        return np.stack([np.add.reduceat(weighted * Z[:, [column]], edges[:-1], axis=0) for column in range(k)],
                        axis=1), scores

    return cr1(Scores(found.bread, found.back, np.zeros(k), 1.0, by_group), n, groups, k)
