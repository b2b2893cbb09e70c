"""Moments of a printed table of correlations."""

import numpy as np

from pebbletrail.moments.checks import checked_beside, checked_matrix, checked_size
from pebbletrail.moments.range import checked_range

TABLE = "a table of correlations, with standard deviations and means"
NO_MEANS = "a table of correlations with standard deviations; the means count as 0"
NO_SPREADS = "a table of correlations, so every variable is standardised"


def from_correlations(cls, R, n=None, sd=None, mean=None):
    """Moments from a table of correlations, such as a paper prints.

    Parameters
    ----------
    R : DataFrame
        Square, symmetric, ones on the diagonal, the same names on both sides.
    n : int, optional
        Sample size. Without it (a meta-analytic matrix) there are point estimates, and no errors.
    sd, mean : Series, mapping or sequence, optional
        Standard deviations (default 1: everything is standardised) and means (default 0).

    Notes
    -----
    It assumes that all correlations come from the same ``n`` observations (a matrix that was made pairwise, or pooled from
    several studies, has no such n), and that ``sd`` have the divisor n − 1. Printed digits are taken as they are: what is
    fitted is no more exact than they.

    Checked against pandas: the moments of rows come back from their own table of correlations, means and deviations.

    Raises
    ------
    ValueError
        A matrix that is not square, not symmetric, has another diagonal, an entry beyond ±1, or is not positive
        semidefinite; the message names the entry or the smallest eigenvalue.
    """
    matrix, names = checked_matrix(R)
    size = checked_size(n)
    spread = checked_beside(sd, names, "sd", default=1.0, positive=True)
    centre = checked_beside(mean, names, "mean", default=0.0)
    with np.errstate(over="ignore"):  # refused by name
        covariance = matrix * np.outer(spread, spread)
    checked_range(names, np.ones(1), centre[None], covariance[None], argument="sd")
    source = NO_SPREADS if sd is None else NO_MEANS if mean is None else TABLE
    products = covariance[None] if size is None else covariance[None] * (size - 1)
    return cls(names, (None,), source, size or 0, 0, None if size is None else np.array([size]), centre[None], products)
