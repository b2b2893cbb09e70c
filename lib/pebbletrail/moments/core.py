"""``Moments``: n, means and covariances of some variables, kept by group.

A printed correlation matrix, a class's 300 rows and a warehouse's 300 million rows all become this one object, and every
linear model of the kit is fitted from it.
"""

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd

from pebbletrail.moments import from_print, from_rows, from_table, merge, parts, reliability
from pebbletrail.moments.checks import checked_scales, known_names
from pebbletrail.moments.groups import Groups, each
from pebbletrail.moments.pairwise import of_scales
from pebbletrail.moments.sums import merged_sums


@dataclass(frozen=True, eq=False)
class Moments:
    """Moments of ``names``, by group. Make one with ``from_frame``, ``from_table`` or ``from_correlations``.

    Attributes
    ----------
    names : tuple of str
        The variables, in order.
    labels : tuple
        The groups; ``(None,)`` when there is one group.
    source : str
        What the numbers were made from, such as ``rows``.
    read, lost : int
        Rows read, and rows left out of them for missing values; of one group of others, its own rows, and 0.

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
    _part: str = ""  # "within" or "between" when this is one part of the variation
    _taken: int = 0  # the group means taken out of a within part
    _pairs: np.ndarray = None  # (variables, variables), the rows behind each covariance, when pairwise
    _levels: dict = field(default_factory=dict)  # of each C() column the texts of all its levels, the reference first
    _group: str = ""  # the group's label as text when these are one group of others

    from_frame = classmethod(from_rows.from_frame)
    from_table = classmethod(from_table.from_table)
    from_correlations = classmethod(from_print.from_correlations)
    alpha = reliability.alpha
    icc = reliability.icc
    each = each

    @property
    def rule(self):
        """In words: where the numbers come from, what was done to them, and what happened to missing values."""
        return parts.told(self)

    @property
    def n(self):
        """Number of observations, all groups together; None where it is unknown; pairwise, the smallest count of a pair."""
        return None if self._sizes is None else int(self._sizes.sum())

    @property
    def absorbed(self):
        """How many group means were taken out: the number of groups for a within part, 0 otherwise."""
        return self._taken

    @property
    def pair_counts(self):
        """DataFrame: the rows behind each covariance; None unless the moments are pairwise."""
        return None if self._pairs is None else self._square(self._pairs)

    @property
    def mean(self):
        """Series: the mean of each variable, all groups together."""
        return pd.Series(self._whole()[1], index=list(self.names), name="mean")

    @property
    def cov(self):
        """DataFrame: covariances, all groups together. Divisor n − 1, or n − groups for a within part."""
        size, _, products = self._whole()
        if size is None:  # kept as a covariance, since nothing says how many observations it comes from
            return self._square(products)
        free = size - max(self._taken, 1)
        return self._square(products / free if free > 0 else np.full_like(products, np.nan))

    @property
    def sd(self):
        """Series: the standard deviation of each variable, with the divisor of ``cov``."""
        return pd.Series(np.sqrt(np.diag(self.cov)), index=list(self.names), name="sd")

    @property
    def cor(self):
        """DataFrame: correlations, all groups together. A constant variable is an error that names it."""
        if self.n == 1:
            raise ValueError("One observation has no correlation.")
        products = self._whole()[2]
        size = np.sqrt(np.diag(products))  # the divisor of the covariances cancels out
        if (flat := ~(size > 0)).any():
            constant = [str(name) for name, same in zip(self.names, flat, strict=True) if same]
            raise ValueError(f"{', '.join(constant)}: every value is the same, so there is no correlation.")
        matrix = products / np.outer(size, size)
        np.fill_diagonal(matrix, 1.0)
        return self._square(matrix)

    @property
    def groups(self):
        """Mapping from a group's label to its own ``Moments``; one group, labelled None, when there was no ``by``."""
        return Groups(self)

    def select(self, names):
        """The moments of some of the variables, in the order given."""
        at = known_names(names, self.names)
        means, products = self._means[:, at], self._products[:, at][:, :, at]
        return self._of_scales(tuple(names), np.eye(len(self.names))[at], means, products)

    def scales(self, scales):
        """The moments of scales: each the mean of its items, exactly as if the rows had been averaged.

        Parameters
        ----------
        scales : dict of str to list of str
            A scale's name and its items, such as ``{"trust": ["t1", "t2"]}``. One item makes a scale too.

        Returns
        -------
        Moments
            Of the scales alone, in the order given. Rows that lacked an item were left out when the moments were made. From
            pairwise moments a scale's covariances are sums of the items' pairwise ones: no single set of rows has them.

        Notes
        -----
        It assumes that items are coded in one direction and in one unit: each counts with the same weight, as it stands.

        Checked against the moments of pandas' row means, whole and by group.
        """
        weights = checked_scales(scales, self.names)
        products = weights @ self._products @ weights.T
        # items that cancel out (one and its reversed twin) leave rounding, which must not count as variation
        most = np.einsum("si,gij,sj->gs", weights, np.abs(self._products), weights, optimize=True)
        still = np.einsum("gss->gs", products) <= parts.ROUNDING * most
        products = np.where(still[:, :, None] | still[:, None, :], 0.0, products)
        return self._of_scales(tuple(scales), weights, self._means @ weights.T, products)

    def within(self):
        """The part within groups: deviations from each group's own mean, still by group; divisor of ``cov`` n − groups.

        Regressions of it are those with a fixed effect for each group: what is the same in all rows of a group is taken out.
        A variable whose variation inside groups is but rounding has none.

        Checked against pandas' deviations from the groups' means, and against statsmodels with a dummy for each group.
        """
        return replace(self, **parts.within_fields(self))

    def between(self):
        """The part between groups: their means as one group of observations, each counting the same whatever its size.

        It assumes that a group, not a row, is the unit of interest; means of small groups are less certain, and it takes no
        account of that.

        Checked against pandas' covariances of the groups' means.
        """
        return replace(self, **parts.between_fields(self))

    def __add__(self, other):
        """The moments of both sets of observations together; groups with the same label are joined.

        It assumes that no row is on both sides. A dummy of a level that one side has not is 0 there; sides whose dummies
        leave out unlike levels are refused, as are labels that only differ in kind, such as 1 and ``"1"``.

        Checked against the moments of the joined rows (any split, order and grouping, and a thousand parts with mean 1e9 and
        standard deviation 1), and against pandas by group.
        """
        return replace(self, **merge.joined(self, other)) if isinstance(other, Moments) else NotImplemented

    def __radd__(self, other):
        """``sum(parts)`` begins with 0."""
        return self if isinstance(other, int) and other == 0 else NotImplemented

    def _of_scales(self, names, weights, means, products):
        if self._pairs is None:
            return replace(self, names=names, _means=means, _products=products)
        return replace(self, names=names, _means=means, **of_scales(self, weights, products))

    def _square(self, matrix):
        return pd.DataFrame(matrix, index=list(self.names), columns=list(self.names))

    def _whole(self):
        """``(n, mean, products)`` of all groups as one."""
        return self._joined

    @cached_property
    def _joined(self):
        if self._sizes is None or len(self._sizes) == 1:
            return self.n, self._means[0], self._products[0]
        everything = np.zeros(len(self._sizes), dtype=int)
        sizes, means, products = merged_sums(self._sizes, self._means, self._products, everything, 1)
        return int(sizes[0]), means[0], products[0]

    def __repr__(self):
        size = "n unknown" if self.n is None else f"n = {self.n}"
        groups = "" if self.labels == (None,) else f" in {len(self.labels)} groups"
        shown = ", ".join(map(str, self.names[:6])) + (", …" if len(self.names) > 6 else "")
        variables = "1 variable" if len(self.names) == 1 else f"{len(self.names)} variables"
        return f"Moments of {variables} ({shown}), {size}{groups}; from {self.rule}"
