"""Unit and time effects by least squares, for panels of any shape.

Units are eliminated from the normal equations, so that one dense system in the few times is left: the rows' incidence
matrix is sparse, and a panel of 100,000 rows is a matter of milliseconds.
"""

import numpy as np

ROUNDING = 3e-14  # a share of the outcome's spread: what lies below is the arithmetic's


class Effects:
    """The least-squares fit of unit plus time effects in rows given by their unit and time numbers.

    Attributes
    ----------
    part_of_unit, part_of_time : int arrays
        Which connected part each unit and time belongs to. Only within one part are effects comparable: a unit and a time
        of two parts have no fitted value.
    """

    def __init__(self, unit, time, units, times):
        from scipy.linalg import cho_factor
        from scipy.sparse import bmat, csr_array
        from scipy.sparse.csgraph import connected_components

        self.unit, self.time = unit, time
        self._there = csr_array((np.ones(len(unit)), (unit, time)), shape=(units, times))
        self.per_unit = np.bincount(unit, minlength=units)
        self._one_over = 1 / np.maximum(self.per_unit, 1)
        _, part = connected_components(bmat([[None, self._there], [self._there.T, None]]), directed=False)
        self.part_of_unit, self.part_of_time = part[:units], part[units:]
        self.per_time = np.bincount(time, minlength=times)
        weighted = self._there.multiply(self._one_over[:, None]).tocsr()
        system = np.diag(self.per_time.astype(float)) - (self._there.T @ weighted).toarray()
        # one time of each part is the reference; what is left is positive definite
        firsts = np.unique(self.part_of_time, return_index=True)[1]
        self._free = np.setdiff1d(np.flatnonzero(self.per_time), firsts)
        self._factor = cho_factor(system[np.ix_(self._free, self._free)]) if len(self._free) else None

    def solve_times(self, of_units, of_times):
        """The time part of the normal equations' solution, ``(times, k)``, for k right-hand sides of each kind."""
        from scipy.linalg import cho_solve

        right = of_times - _dense(self._there.T @ _scaled(of_units, self._one_over))
        found = np.zeros(right.shape)
        if len(self._free):
            found[self._free] = cho_solve(self._factor, right[self._free])
        return found

    def solve(self, of_units, of_times):
        """``(unit part, time part)`` of the solution, for dense right-hand sides."""
        b = self.solve_times(of_units, of_times)
        return (of_units - self._there @ b) * self._one_over[:, None], b

    def fit(self, values):
        """``(unit effects, time effects)`` of ``values`` (rows, k)."""
        return self.solve(*self._sums(values))

    def residuals(self, values):
        """What unit and time effects leave of ``values`` (rows, k)."""
        a, b = self.fit(values)
        return values - a[self.unit] - b[self.time]

    def _sums(self, values):
        return tuple(np.column_stack([np.bincount(codes, column, minlength=size) for column in values.T])
                     for codes, size in ((self.unit, len(self.per_unit)), (self.time, len(self.per_time))))


def _scaled(matrix, factors):
    return matrix.multiply(factors[:, None]) if hasattr(matrix, "multiply") else matrix * factors[:, None]


def _dense(matrix):
    return matrix.toarray() if hasattr(matrix, "toarray") else matrix


def exact_or(residual, spread):
    """The residuals, or zeros where all of them are rounding."""
    return residual if np.abs(residual).max(initial=0) > ROUNDING * spread else np.zeros_like(residual)


def clustered(X, residual, cluster, estimated):
    """``(coefficients' covariance, degrees of freedom)``, CR1, for regressors whose unit and time effects are taken out.

    A regressor that is other than 0 in one cluster only gets an error near 0, which is wrong: callers blank it.
    """
    n, labels = len(residual), np.unique(cluster, return_inverse=True)[1]
    G = labels.max() + 1
    scores = np.column_stack([np.bincount(labels, column * residual, minlength=G) for column in X.T])
    scores = np.where(np.abs(scores) > ROUNDING * n * np.abs(X * residual[:, None]).max(axis=0), scores, 0.0)
    bread = np.linalg.inv(X.T @ X)
    factor = G / (G - 1) * (n - 1) / (n - estimated) if G > 1 and n > estimated else np.nan
    return factor * bread @ (scores.T @ scores) @ bread, G - 1
