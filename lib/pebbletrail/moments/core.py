"""``Moments``: n, means and covariances of some variables, kept by group.

A printed correlation matrix, a class's 300 rows and a warehouse's 300 million rows all become this one object, and every
linear model of the kit is fitted from it.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pebbletrail.moments.checks import (
    checked_beside,
    checked_matrix,
    checked_scales,
    checked_size,
    complete_rows,
    known_names,
    numeric_columns,
)
from pebbletrail.moments.groups import Groups
from pebbletrail.moments.sums import centred_sums, merged_sums

TABLE = "a table of correlations, with standard deviations and means"
NO_MEANS = "a table of correlations with standard deviations; the means count as 0"
NO_SPREADS = "a table of correlations, so every variable is standardised"


@dataclass(frozen=True, eq=False)
class Moments:
    """Moments of ``names``, by group. Make one with ``from_frame`` or ``from_correlations``.

    Attributes
    ----------
    names : tuple of str
        The variables, in order.
    labels : tuple
        The groups; ``(None,)`` when there is one group.
    source : str
        What the numbers were made from, such as ``rows``.
    read, lost : int
        Rows read, and rows left out of them for missing values.

    Notes
    -----
    Kept are the group sizes, the group means and the sums of squares and products about the *group's own mean*: those
    merge without the loss of digits that raw sums of squares suffer when a mean is large beside its spread.
    """

    names: tuple
    labels: tuple
    source: str
    read: int
    lost: int
    _sizes: np.ndarray  # (groups,), or None where the sample size is unknown
    _means: np.ndarray  # (groups, variables)
    _products: np.ndarray  # (groups, variables, variables), about each group's mean; a covariance where n is unknown

    @classmethod
    def from_frame(cls, data, columns=None, by=None, missing="listwise"):
        """Moments of the columns of a DataFrame.

        Parameters
        ----------
        data : DataFrame
            One row an observation. Never changed.
        columns : list of str, optional
            Numeric columns to keep; default: all numeric columns but ``by``.
        by : str, optional
            A column whose values name the groups. Rows without a group are left out and counted in ``rule``.
        missing : {"listwise", "refuse"}
            ``listwise`` leaves out every row that lacks one of the columns, and says how many in ``rule``.

        Raises
        ------
        ValueError
            Unknown, repeated or non-numeric columns; infinite values; fewer than two complete rows.
        """
        chosen = numeric_columns(data, columns, by)
        if missing not in ("listwise", "refuse"):
            raise ValueError(f"missing: {missing!r} is not one of listwise, refuse.")
        values = data[chosen].to_numpy(dtype=float, na_value=np.nan)
        group, labels = (np.zeros(len(data), dtype=int), [None]) if by is None else pd.factorize(data[by], sort=True)
        complete = complete_rows(values, chosen, data.index) & (group >= 0)
        lost = int(len(data) - complete.sum())
        if lost and missing == "refuse":
            first = data.index[~complete][0]
            raise ValueError(f"data: {lost} of {len(data)} rows lack a value (the first is row {first!r}), and "
                             "missing='refuse'. Mend them, or use missing='listwise'.")
        if complete.sum() < 2:
            raise ValueError(f"data: {int(complete.sum())} complete rows are left of {len(data)}; at least 2 are needed.")
        if lost:
            values, group = values[complete], group[complete]
        sizes, means, products = centred_sums(values, group, len(labels))
        kept = sizes > 0
        labels = tuple(label for label, keep in zip(labels, kept, strict=True) if keep)
        return cls(tuple(chosen), labels, "rows", len(data), lost, sizes[kept], means[kept], products[kept])

    @classmethod
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
        covariance = matrix * np.outer(spread, spread)
        source = NO_SPREADS if sd is None else NO_MEANS if mean is None else TABLE
        products = covariance[None] if size is None else covariance[None] * (size - 1)
        return cls(names, (None,), source, size or 0, 0, None if size is None else np.array([size]), centre[None], products)

    @property
    def rule(self):
        """In words: where the numbers come from, and what happened to missing values."""
        if self.source != "rows":
            return self.source
        return f"{self.read} rows" + (f", {self.lost} of them left out for missing values (listwise)" if self.lost else "")

    @property
    def n(self):
        """Number of observations, all groups together; None where it is unknown."""
        return None if self._sizes is None else int(self._sizes.sum())

    @property
    def mean(self):
        """Series: the mean of each variable, all groups together."""
        return pd.Series(self._whole()[1], index=list(self.names), name="mean")

    @property
    def cov(self):
        """DataFrame: covariances (divisor n − 1), all groups together."""
        size, _, products = self._whole()
        if size is None:  # kept as a covariance, since nothing says how many observations it comes from
            return pd.DataFrame(products, index=list(self.names), columns=list(self.names))
        covariance = products / (size - 1) if size > 1 else np.full_like(products, np.nan)
        return pd.DataFrame(covariance, index=list(self.names), columns=list(self.names))

    @property
    def sd(self):
        """Series: the standard deviation of each variable (divisor n − 1)."""
        return pd.Series(np.sqrt(np.diag(self.cov)), index=list(self.names), name="sd")

    @property
    def cor(self):
        """DataFrame: correlations, all groups together. A constant variable is an error that names it."""
        if self.n == 1:
            raise ValueError("One observation has no correlation.")
        sd = self.sd
        if constant := [name for name in self.names if not sd[name] > 0]:
            raise ValueError(f"{', '.join(map(str, constant))}: every value is the same, so there is no correlation.")
        matrix = self.cov.to_numpy() / np.outer(sd, sd)
        np.fill_diagonal(matrix, 1.0)
        return pd.DataFrame(matrix, index=list(self.names), columns=list(self.names))

    @property
    def groups(self):
        """Mapping from a group's label to its own ``Moments``; one group, labelled None, when there was no ``by``."""
        return Groups(self)

    def select(self, names):
        """The moments of some of the variables, in the order given."""
        at = known_names(names, self.names)
        return replace(self, names=tuple(names), _means=self._means[:, at], _products=self._products[:, at][:, :, at])

    def scales(self, scales):
        """The moments of scales: each the mean of its items, exactly as if the rows had been averaged.

        Parameters
        ----------
        scales : dict of str to list of str
            A scale's name and its items, such as ``{"trust": ["t1", "t2"]}``. One item makes a scale too.

        Returns
        -------
        Moments
            Of the scales alone, in the order given. Rows that lacked an item were left out when the moments were made.
        """
        weights = checked_scales(scales, self.names)
        return replace(self, names=tuple(scales), _means=self._means @ weights.T,
                       _products=weights @ self._products @ weights.T)

    def alpha(self, names):
        """Cronbach's alpha of some items, the raw one (from covariances).

        It assumes that the items measure one thing with equal weight and are coded in one direction. From a table of
        correlations without standard deviations it is the standardised alpha.
        """
        if len(names) < 2:
            raise ValueError(f"names: alpha needs at least two items, not {len(names)}.")
        if self.n == 1:
            raise ValueError("One observation has no alpha.")
        block = self.select(names).cov.to_numpy()
        total = block.sum()
        if not total > 0:
            raise ValueError(f"names: the sum of {', '.join(names)} does not vary; is an item coded backwards?")
        return float(len(names) / (len(names) - 1) * (1 - np.trace(block) / total))

    def __add__(self, other):
        """The moments of both sets of observations together; groups with the same label are joined."""
        if not isinstance(other, Moments):
            return NotImplemented
        if set(self.names) != set(other.names):
            odd = sorted(set(self.names) ^ set(other.names), key=str)
            raise ValueError(f"Both sides must hold the same variables; only one side holds {', '.join(map(str, odd))}.")
        if self._sizes is None or other._sizes is None:
            raise ValueError("Moments without a sample size cannot be added: nothing says how much each side weighs.")
        if {self.source, other.source} & {NO_MEANS, NO_SPREADS}:
            raise ValueError("A table of correlations without its standard deviations and means cannot be added: their "
                             "differences between the two sides would be lost. Give sd and mean to from_correlations.")
        if (self.labels == (None,)) != (other.labels == (None,)):
            raise ValueError("One side is kept by group and the other is not; make both with the same `by`.")
        other = other.select(self.names)
        place = {label: number for number, label in enumerate(dict.fromkeys([*self.labels, *other.labels]))}
        at, labels = [place[label] for label in (*self.labels, *other.labels)], tuple(place)
        merged = merged_sums(
            np.concatenate([self._sizes, other._sizes]), np.concatenate([self._means, other._means]),
            np.concatenate([self._products, other._products]), np.array(at), len(labels))
        source = " and ".join(dict.fromkeys([*self.source.split(" and "), *other.source.split(" and ")]))
        return Moments(self.names, labels, source, self.read + other.read, self.lost + other.lost, *merged)

    def __radd__(self, other):
        """``sum(parts)`` begins with 0."""
        return self if isinstance(other, int) and other == 0 else NotImplemented

    def _whole(self):
        """``(n, mean, products)`` of all groups as one."""
        if self._sizes is None:
            return None, self._means[0], self._products[0]
        sizes, means, products = merged_sums(
            self._sizes, self._means, self._products, np.zeros(len(self._sizes), dtype=int), 1)
        return int(sizes[0]), means[0], products[0]

    def __repr__(self):
        size = "n unknown" if self.n is None else f"n = {self.n}"
        groups = "" if self.labels == (None,) else f" in {len(self.labels)} groups"
        shown = ", ".join(map(str, self.names[:6])) + (", …" if len(self.names) > 6 else "")
        return f"Moments of {len(self.names)} variables ({shown}), {size}{groups}; from {self.rule}"
