"""HC3: errors that allow each observation its own variance. They need rows."""

from dataclasses import dataclass

import numpy as np

from pebbletrail.models.system import system
from pebbletrail.moments.design import design
from pebbletrail.moments.levels import plain

FITTED = 1e-10  # a row whose leverage comes this near to 1 is fitted exactly: its residual says nothing


@dataclass(frozen=True)
class Robust:
    """Coefficients and their HC3 covariance."""

    names: tuple
    b: np.ndarray
    V: np.ndarray
    df: int
    r2: float
    n: int
    absorbed: int
    rule: str


def hc3(data, formula, by, moments):
    """Fit ``formula`` (as read) to rows; ``by`` names the groups whose means are taken out, or is None.

    ``moments`` are those of the formula's terms in these rows, their within part where there is a ``by``.

    Each squared residual is divided by (1 − h)², h being the row's leverage (MacKinnon & White 1985).
    """
    rows = design(data, [formula.outcome, *formula.terms], by)
    intercept = formula.intercept and by is None
    fit = system(moments, rows.names[0], rows.names[1:], intercept)
    values = rows.values
    n, k = len(values), len(fit.names) + moments.absorbed
    if n <= k:
        raise ValueError(f"data: {n} observations are too few for {k} coefficients.")
    sizes = np.bincount(rows.group, minlength=len(rows.labels))
    away = _deviations(values, rows.group, sizes) if intercept or by is not None else values
    X = np.column_stack([np.ones(n), away[:, 1:]]) if intercept else away[:, 1:]
    leverage = np.einsum("ij,jk,ik->i", X, fit.bread, X)
    if by is not None:
        leverage = leverage + 1 / sizes[rows.group]
    if (exact := leverage > 1 - FITTED).any():
        first = plain(data.index[rows.complete][int(np.argmax(exact))])
        raise ValueError(f"errors: row {first!r} alone settles a coefficient (leverage 1), so HC3 has no value; leave out "
                         "the group or level that it is alone in, or use other errors.")
    residual = away[:, 0] - X @ fit.weights if fit.rss > 0 else np.zeros(n)  # an exact fit leaves rounding
    score = X * (residual / (1 - leverage))[:, None]
    return Robust(fit.names, fit.coefficients, fit.covariance(score.T @ score), n - k, 1 - fit.rss / fit.yy, n,
                  moments.absorbed, moments.rule)


def _deviations(values, group, sizes):
    """From the means of the groups (one group holds all rows where there is no ``by``)."""
    first = np.zeros((len(sizes), values.shape[1]))
    first[group[::-1]] = values[::-1]
    apart = values - first[group]  # distances keep the digits of groups that are far from each other, or from 0
    shift = np.zeros_like(first)
    np.add.at(shift, group, apart)
    return apart - (shift / np.maximum(sizes, 1)[:, None])[group]
