"""From the cells of a table (each group, each combination of levels) to the moments of the expanded terms by group."""

import numpy as np


def cell_moments(sizes, means, sums, recipes, group, groups):
    """Sizes, means and centred products of the columns that ``recipes`` make, by group.

    In a cell a dummy is constant, so a column is one of the bases, or 1, times 0 or 1: what varies inside cells is taken
    from their sums, and what varies between them from their means.

    Parameters
    ----------
    sizes : int array (cells,)
    means : array (cells, bases)
    sums : array (cells, bases, bases)
        Centred products inside each cell.
    recipes : list
        For each column ``(base, dummies)``: the number of its base, None for 1, and pairs ``(codes, level)``, the codes
        being those of the cells.
    group : int array (cells,)
        Each cell's group.
    groups : int

    Returns
    -------
    sizes (groups,), means (groups, columns), products (groups, columns, columns)
    """
    plain = [base for base, dummies in recipes if not dummies]
    if len(plain) == len(recipes) and len(sizes) == groups:  # one cell a group: nothing to join
        order = np.argsort(group)
        return sizes[order], means[order][:, plain], sums[order][:, plain][:, :, plain]
    on = np.ones((len(sizes), len(recipes)))
    for column, (_, dummies) in enumerate(recipes):
        for codes, level in dummies:
            on[:, column] *= codes == level
    constant = means.shape[1]  # one base more, which is 1 everywhere
    base = np.array([constant if number is None else number for number, _ in recipes])
    values = np.column_stack([means, np.ones(len(sizes))])[:, base] * on
    order = np.argsort(group, kind="stable")
    counts = np.bincount(group, minlength=groups)
    starts = np.cumsum(counts) - counts
    total, centre = np.bincount(group, weights=sizes, minlength=groups).astype(int), np.empty((groups, len(recipes)))
    products = np.empty((groups, len(recipes), len(recipes)))
    of_base = {number: np.flatnonzero(base == number) for number in set(base) - {constant}}
    by_count = np.argsort(counts, kind="stable")
    # groups with one number of cells are done at once, for where there are thousands of groups
    for alike in np.split(by_count, np.flatnonzero(np.diff(counts[by_count])) + 1):
        cells = order[starts[alike][:, None] + np.arange(counts[alike[0]])]  # (groups, cells of a group)
        weight = sizes[cells][:, :, None].astype(float)
        apart = values[cells] - values[cells[:, :1]]  # distances keep the digits of a mean that is large beside its spread
        shift = (weight * apart).sum(axis=1, keepdims=True) / total[alike][:, None, None]
        centre[alike] = values[cells[:, 0]] + shift[:, 0]
        apart -= shift
        joined = (apart * weight).transpose(0, 2, 1) @ apart
        for i, rows in of_base.items():
            left = on[cells[:, :, None], rows].transpose(0, 2, 1)
            for j, columns in of_base.items():
                inside = left @ (on[cells[:, :, None], columns] * sums[cells, i, j][:, :, None])
                joined[:, rows[:, None], columns] += inside
        products[alike] = joined
    return total, centre, products
