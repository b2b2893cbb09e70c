"""Formulas behind the keys of module 06: restricted maximum likelihood, by hand, independent of the kit."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

NORMAL = stats.norm.ppf(0.975)


@dataclass(frozen=True)
class Pool:
    """Mean, its classical and its Knapp-Hartung error, variance between studies, and the share of it in percent."""

    mean: float
    plain: float
    error: float
    tau2: float
    i2: float
    k: int

    def end(self, side=-1, error=None, reach=None):
        """An end of the interval of the mean."""
        reach = stats.t.ppf(0.975, self.k - 1) if reach is None else reach
        return self.mean + side * reach * (self.error if error is None else error)

    def new(self, side=-1, df=None, reach=None):
        """An end of the interval for a new study."""
        reach = stats.t.ppf(0.975, self.k - 1 if df is None else df) if reach is None else reach
        return self.mean + side * reach * np.sqrt(self.error**2 + self.tau2)


def reml(y, v):
    """Fisher scoring from the moment estimate on, then halving steps until the score vanishes."""
    tau2 = max(0.0, np.var(y, ddof=1) - v.mean())
    for _ in range(500):
        w = 1 / (v + tau2)
        mean = w @ y / w.sum()
        score = w**2 @ (y - mean) ** 2 - (w.sum() - w @ w / w.sum())
        information = w @ w - 2 * (w**3).sum() / w.sum() + (w @ w / w.sum()) ** 2
        step = score / information
        if abs(step) < 1e-12 * (1 + tau2) or (tau2 == 0 and step < 0):
            break
        while tau2 + step < 0:
            step /= 2
            if abs(step) < 1e-14:
                step = -tau2
        tau2 += step
    return pooled(y, v, tau2)


def pooled(y, v, tau2):
    """The weighed mean for a given variance between studies."""
    k, w, fixed = len(y), 1 / (v + tau2), 1 / v
    mean = w @ y / w.sum()
    typical = (k - 1) / (fixed.sum() - fixed @ fixed / fixed.sum())
    error = np.sqrt(w @ (y - mean) ** 2 / ((k - 1) * w.sum()))
    return Pool(mean, 1 / np.sqrt(w.sum()), error, tau2, 100 * tau2 / (tau2 + typical), k)


def dersimonian_laird(y, v):
    """τ² from Q; its I² is 1 − (k − 1) / Q."""
    w = 1 / v
    q = w @ (y - w @ y / w.sum()) ** 2
    return pooled(y, v, max(0.0, (q - len(y) + 1) / (w.sum() - w @ w / w.sum())))


def studies(trials):
    """Effects and their variances."""
    return trials["effect"].to_numpy(), trials["se"].to_numpy() ** 2


def summary(pairs):
    """Each laboratory's mean, standard deviation and number of agents."""
    rows = []
    for _, part in pairs.groupby("laboratory", sort=False):
        d, n = part["difference"].to_numpy(float), part["agents"].to_numpy(float)
        mean = d @ n / n.sum()
        rows.append((mean, np.sqrt(n @ (d - mean) ** 2 / (n.sum() - 1)), n.sum()))
    return np.array(rows).T


def unweighted(pairs):
    """Means and their variances if each row stood for one agent."""
    parts = [part["difference"].to_numpy(float) for _, part in pairs.groupby("laboratory", sort=False)]
    return np.array([part.mean() for part in parts]), np.array([part.var(ddof=1) / len(part) for part in parts])


def tells(y, v):
    """Whether sites plainly differ, and seem not to when errors are taken for variances."""
    return 45 < reml(y, v).i2 < 90 and reml(y, np.sqrt(v)).i2 < 12
