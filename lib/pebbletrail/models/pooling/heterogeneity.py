"""How much studies differ beyond chance: the variance τ² of their true effects, its estimators and its interval.

statsmodels has two of the estimators (DerSimonian-Laird, Paule-Mandel, without moderators), and neither restricted maximum
likelihood nor an interval for τ²; so all four are here, on one footing, with and without moderators.
"""

import numpy as np

TAIL = 0.025
STEP = 0.5  # of log τ²: hills of a likelihood are wider than 1, since each weight is 1 / (v + τ²)


class Line:
    """Effects around the line that moderators draw through them, weighed by 1 / (v + τ²).

    Parameters
    ----------
    y, v : array (k,)
        Effects and their sampling variances.
    X : array (k, p)
        The intercept's ones and the moderators; full column rank.
    """

    def __init__(self, y, v, X):
        self.y, self.v, self.X = y, v, X
        self.k, self.p = X.shape
        self.free = self.k - self.p

    def _weighed(self, tau2):
        """Weights, leverages, weighed residuals, and the logarithm of the determinant of X'WX."""
        w = 1 / (self.v + tau2)
        root = np.sqrt(w)
        Q, R = np.linalg.qr(root[:, None] * self.X)
        z = root * self.y
        return w, (Q * Q).sum(axis=1), z - Q @ (Q.T @ z), 2 * np.log(np.abs(np.diag(R))).sum()

    def fit(self, tau2):
        """``(coefficients, (X'WX)⁻¹)``."""
        root = 1 / np.sqrt(self.v + tau2)
        Q, R = np.linalg.qr(root[:, None] * self.X)
        back = np.linalg.inv(R)
        return back @ (Q.T @ (root * self.y)), back @ back.T

    def q(self, tau2=0.0):
        """The weighed squares around the line; with the true τ² it has a chi-squared distribution on k − p."""
        residual = self._weighed(tau2)[2]
        return float(residual @ residual)

    def trace(self, tau2=0.0):
        """Of the matrix P = W − WX(X'WX)⁻¹X'W."""
        w, leverage, _, _ = self._weighed(tau2)
        return float(w @ (1 - leverage))

    def slope(self, tau2):
        """The derivative of ``deviance``."""
        w, leverage, residual, _ = self._weighed(tau2)
        return w @ (1 - leverage) - w @ residual**2

    def slopes(self, grid):
        return np.array([self.slope(tau2) for tau2 in grid])

    def deviance(self, tau2):
        """−2 times the restricted log-likelihood, without its constant."""
        _, _, residual, log_det = self._weighed(tau2)
        return np.log(self.v + tau2).sum() + log_det + residual @ residual

    def squares(self):
        """The plain squares around the plain least-squares line."""
        Q = np.linalg.qr(self.X)[0]
        residual = self.y - Q @ (Q.T @ self.y)
        return float(residual @ residual)


class Mean(Line):
    """Effects around their mean: the same, in fewer operations, for a pool is fitted thousands of times."""

    def __init__(self, y, v):
        self.y, self.v, self.k, self.p, self.free = y, v, len(y), 1, len(y) - 1

    def fit(self, tau2):
        """``(mean, its variance)``."""
        w = 1 / (self.v + tau2)
        total = float(w.sum())
        return float(w @ self.y) / total, 1 / total

    def q(self, tau2=0.0):
        w = 1 / (self.v + tau2)
        residual = self.y - w @ self.y / w.sum()
        return float(w @ (residual * residual))

    def trace(self, tau2=0.0):
        w = np.sort(1 / (self.v + tau2))
        below = np.cumsum(w)
        return float(2 * (w[1:] @ below[:-1]) / below[-1])  # Σw − Σw² / Σw, of which one large study would leave no digits

    def slope(self, tau2):
        w = 1 / (self.v + tau2)
        total = w.sum()
        pull = w * (self.y - w @ self.y / total)
        return total - w @ w / total - pull @ pull

    def slopes(self, grid):
        y = self.y - self.fit(0.0)[0]  # products of centred effects keep their digits
        found, step = [], max(1, 2**22 // self.k)
        for part in (grid[start:start + step] for start in range(0, len(grid), step)):
            W = 1 / (self.v + part[:, None])
            total, mean = W.sum(axis=1), W @ y
            mean /= total
            W *= W
            squares = W @ np.array([np.ones(self.k), y, y * y]).T
            found.append(total - squares[:, 0] / total
                         - (squares[:, 2] - 2 * mean * squares[:, 1] + mean**2 * squares[:, 0]))
        return np.concatenate(found)

    def deviance(self, tau2):
        return np.log(self.v + tau2).sum() + np.log((1 / (self.v + tau2)).sum()) + self.q(tau2)

    def squares(self):
        residual = self.y - self.y.mean()
        return float(residual @ residual)


def between(line, method):
    """The variance τ² of true effects around ``line``, never below 0.

    ``REML`` maximises the restricted likelihood; ``PM`` (Paule & Mandel 1982) makes ``line.q`` equal to its expectation
    k − p; ``DL`` (DerSimonian & Laird 1986) does so with the weights of τ² = 0; ``fixed`` supposes that there is none.
    """
    if method == "REML":
        return _reml(line)
    if method == "PM":
        return _where_q_is(line, line.free)
    return max(0.0, (line.q() - line.free) / line.trace()) if method == "DL" else 0.0


def _reml(line):
    """The highest hill of the restricted likelihood, which can have several, one of them at 0."""
    low, top = line.v.min() * 1e-3, 10 * (line.squares() / line.free + line.v.max())  # beyond top it only falls
    grid = np.concatenate([[0.0], np.exp(np.linspace(np.log(low), np.log(top), int(np.log(top / low) / STEP) + 2))])
    rises = line.slopes(grid) >= 0
    hills = [_root(line.slope, grid[i], grid[i + 1]) for i in np.flatnonzero(rises[1:] > rises[:-1])]
    if rises[0]:
        hills.append(0.0)
    return float(hills[0] if len(hills) == 1 else min(hills, key=line.deviance))


def _root(rising, low, high):
    """Where ``rising`` crosses 0 between ``low`` and ``high``; at an end where rounding has put it there."""
    from scipy.optimize import brentq

    try:
        return brentq(rising, low, high, xtol=1e-20 * high, rtol=1e-13)
    except ValueError:  # no change of sign
        return min(low, high, key=lambda end: abs(rising(end)))


def _where_q_is(line, target):
    """The τ² at which ``line.q``, which falls as τ² grows, comes down to ``target``; 0 where it starts below."""
    if line.q() <= target:
        return 0.0
    top = 2 * line.squares() / target  # q(τ²) is at most squares / τ²
    return float(_root(lambda tau2: target / line.q(tau2) - 1, 0.0, top))


def interval(line):
    """The 95 % interval of τ² (Q-profile, Viechtbauer 2007): the values at which ``line.q`` is not surprising.

    (0, 0) where studies differ less than chance alone would let them in 97.5 of 100 cases.
    """
    from scipy.special import chdtri

    return _where_q_is(line, chdtri(line.free, TAIL)), _where_q_is(line, chdtri(line.free, 1 - TAIL))


def share(line, tau2):
    """I²: τ² in percent of τ² and the sampling variance of a typical study (Higgins & Thompson 2002)."""
    return 100 * tau2 / (tau2 + line.free / line.trace())
