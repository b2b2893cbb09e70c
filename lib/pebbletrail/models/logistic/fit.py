"""The likelihood of a logistic model: its maximum by Newton's method, and the three kinds of errors."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from pebbletrail.models.cluster import cr1
from pebbletrail.models.solve import inverse
from pebbletrail.models.system import FLAT

FIRST_STEPS, MOST_STEPS, SETTLED = 15, 100, 1e-10  # steps before separation is looked for, and at most
AT_ONCE = 2000  # rows
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
    """

    Z: np.ndarray
    b: np.ndarray
    p: np.ndarray
    information: np.ndarray
    step: np.ndarray
    loglik: float
    back: np.ndarray
    settled: bool

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
        reach = np.sqrt(((self.Z @ self.bread) * self.Z).sum(axis=1).max())
        return bool(decrement * reach < CERTAIN)

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


def peak(X, y, names, intercept, steps=MOST_STEPS):
    """The maximum of the likelihood, as far as it was reached in so many steps: a ``Peak``."""
    n, k = X.shape
    if n <= k:
        raise ValueError(f"data: {n} observations are too few for {k} coefficients.")
    Z, back = _scaled(X, names, intercept)
    inverse(Z.T @ Z, names)  # refuses collinear columns by name
    b = np.zeros(k)
    sign = 2 * y - 1
    loglik = _loglik(Z, b, sign)
    step, settled = np.zeros(k), False
    for _ in range(steps):
        p, information = _here(Z, b)
        try:
            step = np.linalg.solve(information, Z.T @ (y - p))
        except np.linalg.LinAlgError:
            break
        moves = np.abs(Z @ step).max()
        if not np.isfinite(moves):
            break
        if moves < SETTLED:
            settled = True
            break
        b, loglik = _climb(Z, b, step, sign, loglik)
    p, information = _here(Z, b)
    return Peak(Z, b, p, information, step, loglik, back, settled)


def _here(Z, b):
    from scipy.special import expit

    p = expit(Z @ b)
    root, information = np.sqrt(p * (1 - p)), np.zeros((len(b), len(b)))
    for start in range(0, len(Z), AT_ONCE):  # in pieces that stay near the processor
        weighted = Z[start:start + AT_ONCE] * root[start:start + AT_ONCE, None]
        information += weighted.T @ weighted
    return p, information


def _loglik(Z, b, sign):
    return -np.logaddexp(0, -sign * (Z @ b)).sum()


def _climb(Z, b, step, sign, loglik):
    """A whole step, or a shorter one where that would lead downhill."""
    for _ in range(40):
        there = _loglik(Z, b + step, sign)
        if there >= loglik - 1e-12 * abs(loglik):
            break
        step = step / 2
    return b + step, there


def _scaled(X, names, intercept):
    """Columns about their means (where there is an intercept), in standard deviations, and the way back."""
    one = int(intercept)
    mean = X.mean(axis=0) * one
    spread = np.sqrt(np.mean((X - mean) ** 2, axis=0))
    flat = spread <= FLAT * np.abs(X).max(axis=0)
    flat[:one] = False
    if flat.any():
        raise ValueError(f"formula: {names[int(np.argmax(flat))]} does not vary, so it explains nothing; leave it out.")
    mean[:one], spread[:one] = 0.0, 1.0
    back = np.diag(1 / spread)
    if intercept:
        back[0, 1:] = -mean[1:] / spread[1:]
    return (X - mean) / spread, back


def hc0(found, y):
    """The sandwich: rows independent, nothing said of their variance."""
    scores = found.Z * (y - found.p)[:, None]
    return found.covariance(scores.T @ scores)


def clustered(found, y, group, groups):
    """``(covariance, groups that each coefficient rests on)`` by CR1: G / (G − 1) · (N − 1) / (N − K)."""
    n, k = found.Z.shape
    order = np.argsort(group, kind="stable")
    starts = np.searchsorted(group[order], np.arange(groups))
    Z, p = found.Z[order], found.p[order]

    def sums(values):
        return np.add.reduceat(values, starts, axis=0)

    def by_group():
        weighted = Z * (p * (1 - p))[:, None]
        H = np.stack([sums(weighted * Z[:, [column]]) for column in range(k)], axis=1)
        return H, sums(Z * (y[order] - p)[:, None])

    return cr1(Scores(found.bread, found.back, np.zeros(k), 1.0, by_group), n, groups, k)
