"""Intervals from bootstrap replicates: percentile and BCa."""

import numpy as np

LEVEL = 0.95
RANKS = "weibull"  # numpy's name for taking rank p (R + 1) of R replicates: beyond it lies p on average, not a little more


def percentile(draws, level=LEVEL):
    """``(low, high)`` of each statistic, from replicates ``(replicates, statistics)``; failed ones are NaN.

    Of R replicates the one of rank 0.025 (R + 1) for 95 %, as in R's boot.
    """
    tail = (1 - level) / 2
    quantile = np.nanquantile if np.isnan(draws).any() else np.quantile  # the first is several times slower
    return quantile(draws, [tail, 1 - tail], axis=0, method=RANKS)


def bca(draws, estimates, influences, null=None, level=LEVEL):
    """Bias-corrected and accelerated intervals (Efron 1987), ``(low, high)`` of each statistic.

    Parameters
    ----------
    draws : array (replicates, statistics)
    estimates : array (statistics,)
    influences : iterable of arrays (units, statistics)
        Each unit's influence on each statistic, block by block; their skewness is the acceleration.
    null : float, optional
        A value to be tested.
    level : float
        Coverage of the intervals.

    Returns
    -------
    array (2, statistics), or with ``null`` that and the p values (statistics,)
        The level at which the interval would end at ``null`` gives p, or, where no replicate lies beyond ``null``, the
        smallest that so many replicates can tell: 2 / (replicates + 1). NaN where the correction has no finite value: all
        replicates (or, where one unit outweighs the others, nearly all) lie on one side of the estimate, or no unit has
        any influence.
    """
    from scipy.special import ndtr, ndtri

    there = np.isfinite(draws)
    with np.errstate(divide="ignore", invalid="ignore"):
        # replicates equal to the estimate count half, so that a statistic on a grid is not pushed to one side
        below = (np.sum(draws < estimates, axis=0) + np.sum(draws == estimates, axis=0) / 2) / there.sum(axis=0)
        z0 = ndtri(below)
        a = _acceleration(influences)
        z = ndtri([(1 - level) / 2, (1 + level) / 2])[:, None]
        turn = 1 - a * (z0 + z)
        levels = ndtr(z0 + (z0 + z) / turn)
    usable = np.isfinite(z0) & np.isfinite(a) & (turn > 0).all(axis=0)
    found = np.full((2, len(estimates)), np.nan)
    for column in np.flatnonzero(usable):
        found[:, column] = np.nanquantile(draws[:, column], levels[:, column], method=RANKS)
    if null is None:
        return found
    least = 2 / (there.sum(axis=0) + 1)  # as for percentiles: so many replicates know no smaller one
    place, outside = np.transpose([_place(column, null) for column in draws.T])
    with np.errstate(divide="ignore", invalid="ignore"):
        away = ndtri(place) - z0
        tail = ndtr(away / (1 + a * away) - z0)  # the level of which null is the BCa limit
        p = np.where(outside > 0, least, np.maximum(2 * np.minimum(tail, 1 - tail), least))
    return found, np.where(usable & (1 + a * away > 0), p, np.nan)


def _place(draws, null):
    """``(level of which null is the quantile, whether it lies beyond all replicates)``, by the ranks of the intervals."""
    there = np.sort(draws[np.isfinite(draws)])
    if not len(there):
        return np.nan, False
    levels = np.arange(1, len(there) + 1) / (len(there) + 1)
    return np.interp(null, there, levels), not there[0] <= null <= there[-1]


def _acceleration(influences):
    second = third = 0.0
    for block in influences:
        squared = block * block
        second, third = second + squared.sum(axis=0), third + (squared * block).sum(axis=0)
    return third / (6 * second**1.5)


def two_sided(draws):
    """The p value that the percentile interval implies for 0: twice the smaller share of replicates beyond it."""
    there = np.isfinite(draws).sum(axis=0)
    beyond = np.minimum(np.sum(draws <= 0, axis=0), np.sum(draws >= 0, axis=0))
    return np.minimum(2 * (beyond + 1) / (there + 1), 1.0)
