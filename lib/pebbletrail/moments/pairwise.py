"""Pairwise moments: each mean from the values there, each covariance from the rows where both values are there."""

import numpy as np

from pebbletrail.moments.checks import NEGATIVE_EIGENVALUE


def pairwise_moments(values, names):
    """The fields of a ``Moments`` that pairwise rows give, as a dict.

    Parameters
    ----------
    values : array (rows, variables)
        NaN where a value is missing.
    names : tuple

    Raises
    ------
    ValueError
        Two variables with fewer than two rows in common; covariances that no data can have together.
    """
    there = ~np.isnan(values)
    present = there.astype(float)
    counts = (present.T @ present).astype(int)
    if (counts < 2).any():
        row, column = np.argwhere(counts < 2)[0]
        pair = f"{names[row]!r} stands" if row == column else f"{names[row]!r} and {names[column]!r} stand together"
        raise ValueError(f"data: {pair} in {counts[row, column]} rows; a pairwise covariance needs at least 2.")
    near = values[there.argmax(axis=0), np.arange(values.shape[1])]  # a value of its own keeps the digits of a large mean
    centred = np.where(there, values - near, 0.0)
    shift = centred.sum(axis=0) / np.diag(counts)
    centred = np.where(there, centred - shift, 0.0)
    sums = centred.T @ present  # of the column of the row, over the rows where the column of the column is there too
    covariance = (centred.T @ centred - sums * sums.T / counts) / (counts - 1)
    if np.isfinite(covariance).all():  # who asked refuses the others by name
        _possible(covariance)
    size = counts.min()
    return {"_sizes": np.array([size]), "_means": (near + shift)[None], "_products": covariance[None] * (size - 1),
            "_pairs": counts}


def _possible(covariance):
    spread = np.sqrt(np.diag(covariance))
    spread[spread == 0] = 1.0  # a constant column has no part in it
    smallest = np.linalg.eigvalsh(covariance / np.outer(spread, spread))[0]
    if smallest < NEGATIVE_EIGENVALUE:
        raise ValueError("data: the pairwise correlations are not positive semidefinite (smallest eigenvalue "
                         f"{smallest:.3g}), so no data can have them together: the pairs come from rows too unlike. Use "
                         "missing='listwise'.")


def of_scales(moments, weights, products):
    """The fields of pairwise moments of scales, whose ``products`` still count on the old smallest pair, as a dict.

    A covariance of two scales rests on the smallest count among the pairs of their items.
    """
    used = [np.flatnonzero(row) for row in weights]
    pairs = np.array([[moments._pairs[np.ix_(one, other)].min() for other in used] for one in used])
    size = pairs.min()
    return {"_sizes": np.array([size]), "_pairs": pairs, "_products": products / (moments.n - 1) * (size - 1)}
