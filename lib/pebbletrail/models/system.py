"""The normal equations of a regression, made from moments, whole and by group.

Everything is measured from the grand means, where there is an intercept: sums about a far origin lose the digits that
errors need. The intercept of the result is carried back to the origin of the data.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from pebbletrail.models.solve import inverse

FLAT = 1e-13  # a standard deviation this small beside the mean is rounding, not variation
EXACT = 1e-13  # a sum of squares this small beside what it is the difference of is rounding, not residuals


@dataclass(frozen=True)
class System:
    """``A b = c`` for one outcome. Made by ``system``.

    Attributes
    ----------
    names : tuple of str
        The coefficients, the intercept first where there is one.
    A, c, yy : array (k, k), array (k,), float
        Sums of products of the predictors, of predictors and outcome, and of the outcome, about the origin.
    inner, off : array (p, p), array (p,)
        What these are made of, outcome first: the sums about the means, and √n times the means' distance from the origin.
    by_group : callable
        Gives ``(G, k, k)`` and ``(G, k)``, the same sums of each group.
    back : array (k, k)
        Takes coefficients about the origin to coefficients of the data as they are.
    """

    names: tuple
    A: np.ndarray
    c: np.ndarray
    yy: float
    inner: np.ndarray
    off: np.ndarray
    by_group: object
    back: np.ndarray
    centre: np.ndarray  # the outcome's and the predictors' means; zeros where there is no intercept
    intercept: bool

    @cached_property
    def bread(self):
        return inverse(self.A, self.names)

    @cached_property
    def weights(self):
        """Coefficients about the origin."""
        return self.bread @ self.c

    @cached_property
    def coefficients(self):
        """Coefficients of the data as they are."""
        given = self.back @ self.weights
        if self.intercept:
            given[0] += self.centre[0]
        return given

    @cached_property
    def rss(self):
        """Sum of squared residuals; 0 where the fit is exact, as far as the digits of the sums can tell.

        The squared length of outcome minus fit, not the difference of their squared lengths: that loses more digits when
        predictors are nearly collinear, or far from the origin.
        """
        u = np.concatenate([[1.0], -self.weights[int(self.intercept) :]])
        left = u @ self.inner @ u + (u @ self.off) ** 2
        size = np.abs(u)
        rounding = EXACT * (size @ np.abs(self.inner) @ size) + (EXACT * (size @ np.abs(self.off))) ** 2
        return float(left) if left > rounding else 0.0

    def covariance(self, meat):
        """The coefficients' covariance, from that of the scores."""
        return self.back @ self.bread @ meat @ self.bread @ self.back.T


def system(moments, outcome, predictors, intercept):
    """The ``System`` of a regression; ``predictors`` are names of columns of the moments."""
    chosen = moments.select([outcome, *predictors])
    refuse_constant(chosen, "formula")
    n, mean, products = chosen._whole()
    weigh = 1.0 if n is None else float(n)  # without a sample size, products are covariances: one observation's worth
    centre = mean if intercept else np.zeros_like(mean)
    off = np.sqrt(weigh) * (mean - centre)
    S = products + np.outer(off, off)
    one = int(intercept)
    k = len(predictors) + one
    A, c, back = np.zeros((k, k)), np.zeros(k), np.eye(k)
    A[one:, one:], c[one:] = S[1:, 1:], S[0, 1:]
    if intercept:
        A[0, 0], back[0, 1:] = weigh, -centre[1:]

    def by_group():
        sizes, away = chosen._sizes.astype(float), chosen._means - centre
        sums = chosen._products + sizes[:, None, None] * away[:, :, None] * away[:, None, :]
        X, y = np.zeros((len(sizes), k, k)), np.zeros((len(sizes), k))
        X[:, one:, one:], y[:, one:] = sums[:, 1:, 1:], sums[:, 0, 1:]
        if intercept:
            X[:, 0, 0], y[:, 0] = sizes, sizes * away[:, 0]
            X[:, 0, 1:] = X[:, 1:, 0] = sizes[:, None] * away[:, 1:]
        return X, y

    names = (("Intercept",) if intercept else ()) + tuple(predictors)
    return System(names, A, c, float(S[0, 0]), products, off, by_group, back, centre, intercept)


def refuse_constant(moments, argument):
    """Refuse a variable that does not vary, by name."""
    n, mean, products = moments._whole()
    if n == 1:
        raise ValueError(f"{argument}: there is one observation only, so nothing varies.")
    spread = np.sqrt(np.diag(products) / max(n or 2, 1))
    flat = spread <= FLAT * np.abs(mean)
    if flat.any():
        inside = " within its groups" if moments.absorbed else ""
        raise ValueError(f"{argument}: {moments.names[int(np.argmax(flat))]} does not vary{inside}, so it neither explains "
                         "anything nor can be explained; leave it out.")


def standardized(moments):
    """The moments with every variable divided by its standard deviation.

    A scale made of standardised items varies less than they do, so a table of correlations needs this before a fit.
    """
    sd = moments.sd.to_numpy()
    return replace(moments, _means=moments._means / sd, _products=moments._products / np.outer(sd, sd))
