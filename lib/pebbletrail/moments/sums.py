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
    starts = np.cumsum(sizes) - sizes
    if groups > 1:
        values = values[np.argsort(group, kind="stable")]
    variables = values.shape[1]
    means, products = np.zeros((groups, variables)), np.zeros((groups, variables, variables))
    by_size = np.argsort(sizes, kind="stable")
    # groups of one size are done at once: with thousands of small groups a loop over them would take most of the time
    for alike in np.split(by_size, np.flatnonzero(np.diff(sizes[by_size])) + 1):
        size, start = sizes[alike[0]], starts[alike[0]]
        if not size:
            continue
        # one group alone is a slice, so no copy
        block = values[start : start + size][None] if len(alike) == 1 else values[starts[alike][:, None] + np.arange(size)]
        near = block[:, :1]  # shifting first keeps the digits of the mean when it is large beside the spread
        deviations = block - near
        shift = deviations.mean(axis=1, keepdims=True)
        means[alike] = (near + shift)[:, 0]
        deviations -= shift
        products[alike] = deviations.transpose(0, 2, 1) @ deviations
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
