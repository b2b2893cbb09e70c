"""Whether what a predictor does changes with time: time, and their product, put beside a model of rows alike.

A row of that model stands for ``counts`` points of time in turn, which differ in time t alone: their log odds are B + t D,
B and D the same for all points of the row. So the sums over points that Newton's method and the errors ask for need but
three numbers a row: the sums of w, w t and w t². No columns are written out for each point, and the maximum and its errors
are those of the points written out.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from pebbletrail.models.cluster import cr1
from pebbletrail.models.logistic.fit import (
    CERTAIN,
    FAR,
    FIRST_STEPS,
    SETTLED,
    Scores,
    climb,
    clustered,
    log_sum,
    peak,
    scaled,
)
from pebbletrail.models.logistic.separation import UNSETTLED, direction
from pebbletrail.models.regression import coefficient_table
from pebbletrail.models.solve import inverse


def trend(fit, term, first):
    """The coefficient of ``term:time`` in the model of a fit with ``time`` and ``term:time`` beside its own terms.

    Parameters
    ----------
    fit : Logistic
        With an intercept, and with ``counts``: row i stands for the times ``first[i]``, ``first[i]`` + 1, … of these.
        Errors are of the same kind as in the fit, classical or clustered.
    term : str
        A number among its predictors, no product.
    first : array (n,)
        Of the rows used; whole numbers.

    Returns
    -------
    Series
        ``term, estimate`` (log odds for one more of both), ``se, statistic, df, p_value, ci_low, ci_high``.

    Raises
    ------
    ValueError
        Time that does not vary or is a combination of the predictors, separation, too few points, unfit arguments.

    Notes
    -----
    Checked against statsmodels (Logit, clustered errors) on points written out one by one.
    """
    rows, names = fit._rows, list(fit.table["term"])
    if rows.counts is None or not rows.columns.intercept or (term, False) not in rows.held or term not in names:
        raise ValueError(f"term: {term!r} has to be a number in a model with an intercept, fitted with counts.")
    if len(first) != len(rows.y):
        raise ValueError(f"first: {len(first)} values for {len(rows.y)} rows.")
    if fit.errors.startswith("HC0"):
        raise ValueError("fit: its errors have to be classical or clustered.")
    order = np.arange(len(rows.y)) if fit.clusters is None else np.argsort(rows.group, kind="stable")
    points, unit = _points(rows, order, names.index(term), np.asarray(first))
    names = [*names, "time", f"{term}:time"]
    start = np.append(np.linalg.solve(points.back, fit.table["estimate"].to_numpy()), [0.0, 0.0])
    found = _climbed(points, names, start)
    group = None if fit.clusters is None else np.unique(rows.group[order], return_inverse=True)[1]
    if found is None:  # no finite maximum is certain to exist: the points written out are looked at one by one
        found = _written_out(points, names)
        V = found.covariance() if group is None else clustered(
            found, points.each(points.y), points.each(group), fit.clusters)[0]
        b, variance = found.coefficients[-1], V[-1, -1]
    else:
        b, information = found
        bread = np.linalg.inv(information)
        V = bread if group is None else _clustered(points, b, bread, group, fit.clusters)
        b, variance = b[-1], V[-1, -1]
    df = np.inf if group is None else fit.clusters - 1
    return coefficient_table(names[-1:], np.array([b * unit]), np.array([[variance * unit**2]]), np.array([df])).iloc[0]


@dataclass(frozen=True, eq=False)
class Points:
    """Rows ``Z`` (r, k) with the factors ``D`` (r, 2) of time, and the points of time ``t`` (N,), row after row.

    ``counts`` (r,) points belong to a row, those from ``starts`` on; ``y`` (r,) is their outcome. ``back`` takes
    coefficients of ``Z`` to those of the columns as they were.
    """

    Z: np.ndarray
    D: np.ndarray
    y: np.ndarray
    t: np.ndarray
    starts: np.ndarray
    counts: np.ndarray
    back: np.ndarray

    def each(self, values):
        """Values of rows, given to each of their points."""
        return np.repeat(values, self.counts, axis=0)

    def sums(self, w):
        """``(r,)`` each: over a row's points, of w, w t and w t²."""
        wt = w * self.t
        return tuple(np.add.reduceat(one, self.starts) for one in (w, wt, wt * self.t))

    def log_odds(self, b):
        return self.each(self.Z @ b[:-2]) + self.t * self.each(self.D @ b[-2:])

    def ends(self):
        """Time at the first and at the last point of each row: what is convex in time is largest at one of them."""
        return self.t[self.starts], self.t[self.starts + self.counts - 1]

    def largest(self, b):
        """The largest change in a point's log odds that coefficients make, up or down."""
        still, moving = self.Z @ b[:-2], self.D @ b[-2:]
        return max(np.abs(still + t * moving).max() for t in self.ends())

    def reach(self, bread):
        """The largest z' H⁻¹ z of a point."""
        still = ((self.Z @ bread[:-2, :-2]) * self.Z).sum(axis=1)
        once = 2 * ((self.Z @ bread[:-2, -2:]) * self.D).sum(axis=1)
        twice = ((self.D @ bread[-2:, -2:]) * self.D).sum(axis=1)
        return max((still + t * once + t**2 * twice).max() for t in self.ends())

    def products(self, sums, part=slice(None)):
        """The sum over points of w z z', ``(k + 2, k + 2)``, of all rows or a part of them."""
        (w, wt, wtt), Z, D = (one[part] for one in sums), self.Z[part], self.D[part]
        both = (Z * wt[:, None]).T @ D
        return np.block([[(Z * w[:, None]).T @ Z, both], [both.T, (D * wtt[:, None]).T @ D]])

    def rest(self, b):
        """Of each row the sums over its points of y − p and of (y − p) t, ``(r,)`` each."""
        return self.sums(self.each(self.y) - _chance(self.log_odds(b)))[:2]

    def score(self, b):
        """Of all points, ``(k + 2,)``."""
        rest, times = self.rest(b)
        return np.append(self.Z.T @ rest, self.D.T @ times)

    def weights(self, b):
        p = _chance(self.log_odds(b))
        return self.sums(p * (1 - p))

    def loglik(self, b):
        return -log_sum(self.each(1 - 2 * self.y) * self.log_odds(b)).sum()


def _points(rows, order, place, first):
    """``(Points, unit)``: rows in this order; ``unit`` takes the product's coefficient to the columns as they are."""
    counts = rows.counts[order].astype(int)
    starts = np.append(0, np.cumsum(counts)[:-1])
    time = np.repeat(first[order] - starts, counts) + np.arange(counts.sum(), dtype=float)
    spread = time.std()
    if not spread > 0:
        raise ValueError("first: time does not vary, so it explains nothing.")
    Z, back = scaled(rows.X, list(rows.columns.names), True, rows.counts)
    Z = Z[order]
    D = np.column_stack([np.ones(len(Z)), Z[:, place]])
    return (Points(Z, D, rows.y[order], (time - time.mean()) / spread, starts, counts, back),
            back[place, place] / spread)


def _chance(eta):
    from scipy.special import expit

    return expit(eta)


def _climbed(points, names, b):
    """``(coefficients, information)`` at the maximum, None where it is not certain that there is one (``Peak.certain``)."""
    if len(points.t) <= len(names):
        raise ValueError(f"data: {len(points.t)} observations are too few for {len(names)} coefficients.")
    inverse(points.products(points.sums(np.ones(len(points.t)))), names)  # refuses collinear columns by name
    loglik = points.loglik(b)
    for _ in range(FIRST_STEPS):
        information = points.products(points.weights(b))
        try:
            step = np.linalg.solve(information, points.score(b))
        except np.linalg.LinAlgError:
            return None
        moves = points.largest(step)
        if not np.isfinite(moves):
            return None
        if moves < SETTLED:
            decrement = np.sqrt(max(step @ information @ step, 0.0))
            sure = points.largest(b) <= FAR and decrement * np.sqrt(points.reach(np.linalg.inv(information))) < CERTAIN
            return (b, information) if sure else None
        b, loglik = climb(points.loglik, b, step, loglik)
    return None


def _written_out(points, names):
    """The ``Peak`` of all points, one a row."""
    y = points.each(points.y)
    found = peak(np.column_stack([points.each(points.Z), points.each(points.D) * points.t[:, None]]), y, names, True)
    if not found.certain and direction(found.Z, y):
        raise ValueError(f"formula: beside time and {names[-1]} the predictors tell the outcome of some rows without error "
                         "(separation), so no finite odds ratios fit best.")
    if not found.settled:
        raise ValueError(f"formula: {UNSETTLED}")
    return found


def _clustered(points, b, bread, group, groups):
    """The covariance by CR1, ``group`` in ascending order."""
    edges = np.searchsorted(group, np.arange(groups + 1))

    def by_group():
        weights = points.weights(b)
        H = np.stack([points.products(weights, slice(low, high)) for low, high in pairwise(edges)])
        rest, times = points.rest(b)
        scores = np.column_stack([points.Z * rest[:, None], points.D * times[:, None]])
        return H, np.add.reduceat(scores, edges[:-1], axis=0)

    k = len(b)
    return cr1(Scores(bread, np.eye(k), np.zeros(k), 1.0, by_group), len(points.t), groups, k)[0]
