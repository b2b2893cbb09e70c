"""Moments of a DataFrame's rows."""

import numpy as np

from pebbletrail.moments.design import design
from pebbletrail.moments.pairwise import pairwise_moments
from pebbletrail.moments.range import checked_range
from pebbletrail.moments.sums import centred_sums


def from_frame(cls, data, columns=None, by=None, missing="listwise"):
    """Moments of the columns of a DataFrame.

    Parameters
    ----------
    data : DataFrame
        One row an observation. Never changed.
    columns : list of str, optional
        Terms to keep; default: all numeric columns but ``by``. A term is a numeric column, a product ``"x:w"``, the dummies
        ``"C(week)"`` of all levels but the first (``C(week)[201002]``, …), or a product with them.
    by : str, optional
        A column whose values name the groups. Rows without a group are left out and counted in ``rule``.
    missing : {"listwise", "pairwise", "refuse"}
        ``listwise`` leaves out every row that lacks one of the columns, and says how many in ``rule``. ``pairwise`` takes
        each mean from the values there and each covariance from the rows where both are there; ``n`` is then the
        smallest count of any pair. It assumes that values are missing completely at random, and allows no ``by``.

    Returns
    -------
    Moments
        By group, in the order of the sorted labels. A day (``datetime.date``) is a Timestamp among the labels.

    Notes
    -----
    Nothing is assumed of how the values are distributed. ``listwise`` describes the complete rows: it stands for all rows
    only where values are missing completely at random.

    Checked against pandas on the complete rows, whole and by group (columns of products and dummies made by hand), with
    a mean of 1e9 beside a standard deviation of 1, and, pairwise, against pandas' own ``DataFrame.cov``.

    Raises
    ------
    ValueError
        Unknown, repeated or non-numeric columns; infinite values, or values whose squares are beyond what a
        floating-point number holds; fewer than two complete rows; dummies of one level or of more than 500; pairwise
        covariances that no data can have together.
    """
    return cls(**_fields(data, columns, by, missing))


def _fields(data, columns, by, missing):
    made = design(data, columns, by, missing)
    fields = {"names": made.names, "labels": (None,), "source": "rows", "read": len(data), "lost": 0,
              "_levels": made.levels}
    with np.errstate(over="ignore", invalid="ignore"):  # refused by name when it is done
        if missing == "pairwise":
            found = pairwise_moments(made.values, made.names)
            checked_range(made.names, found["_sizes"], found["_means"], found["_products"], made.values)
            return fields | found
        sizes, means, sums = centred_sums(made.values, made.group, len(made.labels))
    kept = sizes > 0
    checked_range(made.names, sizes[kept], means[kept], sums[kept], made.values)
    return fields | {"labels": tuple(label for label, keep in zip(made.labels, kept, strict=True) if keep),
                     "lost": made.lost, "_sizes": sizes[kept], "_means": means[kept], "_products": sums[kept]}
