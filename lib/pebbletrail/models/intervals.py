"""Intervals from bootstrap replicates: percentile and BCa."""

import numpy as np

LEVEL = 0.95


def percentile(draws):
    """``(low, high)`` of each statistic, from replicates ``(replicates, statistics)``; failed ones are NaN."""
    tail = (1 - LEVEL) / 2
    return np.nanquantile(draws, [tail, 1 - tail], axis=0)


def bca(draws, estimates, influences):
    """Bias-corrected and accelerated intervals (Efron 1987), ``(low, high)`` of each statistic.

    Parameters
    ----------
    draws : array (replicates, statistics)
    estimates : array (statistics,)
    influences : array (units, statistics)
        Each unit's influence on each statistic; their skewness is the acceleration.

    Returns
    -------
    array (2, statistics)
        NaN where all replicates lie on one side of the estimate: the correction has no finite value there.
    """
    from scipy.special import ndtr, ndtri

    there = np.isfinite(draws)
    with np.errstate(divide="ignore", invalid="ignore"):
        # replicates equal to the estimate count half, so that a statistic on a grid is not pushed to one side
        below = (np.sum(draws < estimates, axis=0) + np.sum(draws == estimates, axis=0) / 2) / there.sum(axis=0)
        z0 = ndtri(below)
        a = np.sum(influences**3, axis=0) / (6 * np.sum(influences**2, axis=0) ** 1.5)
        z = ndtri([(1 - LEVEL) / 2, (1 + LEVEL) / 2])[:, None]
        levels = ndtr(z0 + (z0 + z) / (1 - a * (z0 + z)))
    usable = np.isfinite(z0) & np.isfinite(a)
    found = np.full((2, len(estimates)), np.nan)
    for column in np.flatnonzero(usable):
        found[:, column] = np.nanquantile(draws[:, column], levels[:, column])
    return found


def two_sided(draws):
    """The p value that the percentile interval implies for 0: twice the smaller share of replicates beyond it."""
    there = np.isfinite(draws).sum(axis=0)
    beyond = np.minimum(np.sum(draws <= 0, axis=0), np.sum(draws >= 0, axis=0))
    return np.minimum(2 * (beyond + 1) / (there + 1), 1.0)
