"""Centred sums of squares and products: made from rows, and merged.

Deviations are taken before anything is squared, so that a column with mean 1e9 and standard deviation 1 keeps its variance.
"""

import numpy as np


def centred_sums(values, group, groups):
    """Sizes, means and centred products of the rows of ``values``, group by group.

    Parameters
    ----------
    values : array (rows, variables)
    group : int array (rows,)
        Each row's group, from 0.
    groups : int
        How many groups there are; one may be empty.

    Returns
    -------
    sizes (groups,), means (groups, variables), products (groups, variables, variables)
    """
    sizes = np.bincount(group, minlength=groups)
    if groups > 1:
        values = values[np.argsort(group, kind="stable")]
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    variables = values.shape[1]
    means, products = np.zeros((groups, variables)), np.zeros((groups, variables, variables))
    for number in np.flatnonzero(sizes):
        block = values[starts[number] : starts[number] + sizes[number]]
        near = block[0]  # shifting first keeps the digits of the mean when it is large beside the spread
        deviations = block - near
        shift = deviations.mean(axis=0)
        means[number] = near + shift
        deviations -= shift
        products[number] = deviations.T @ deviations
    return sizes, means, products


def merged_sums(sizes, means, products, into, groups):
    """Join parts into groups: part ``i`` goes into group ``into[i]``.

    The products of the whole are those of the parts plus what the distances between their means add (Chan, Golub &
    LeVeque's pairwise formula, for any number of parts at once).

    Returns
    -------
    sizes, means, products
        As in ``centred_sums``, for the joined groups.
    """
    total = np.bincount(into, weights=sizes, minlength=groups)
    first = np.zeros((groups, means.shape[1]))
    first[into[::-1]] = means[::-1]  # any part's mean will do as the point to measure distances from
    shift = np.zeros_like(first)
    np.add.at(shift, into, sizes[:, None] * (means - first[into]))
    shift /= np.maximum(total, 1)[:, None]
    between = (means - first[into]) - shift[into]
    joined = np.zeros((groups, *products.shape[1:]))
    np.add.at(joined, into, products + sizes[:, None, None] * between[:, :, None] * between[:, None, :])
    return total.astype(sizes.dtype), first + shift, joined
