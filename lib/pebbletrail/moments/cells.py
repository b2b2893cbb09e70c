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
    bounds = np.searchsorted(group[order], np.arange(groups + 1))
    total, centre = np.zeros(groups, dtype=int), np.zeros((groups, len(recipes)))
    products = np.zeros((groups, len(recipes), len(recipes)))
    blocks = [(i, j, np.flatnonzero(base == i), np.flatnonzero(base == j))
              for i in set(base) - {constant} for j in set(base) - {constant}]
    for number in range(groups):
        cells = order[bounds[number] : bounds[number + 1]]
        weight = sizes[cells].astype(float)
        total[number] = sizes[cells].sum()
        apart = values[cells] - values[cells[0]]  # distances keep the digits of a mean that is large beside its spread
        shift = weight @ apart / total[number]
        centre[number] = values[cells[0]] + shift
        apart -= shift
        products[number] = (apart * weight[:, None]).T @ apart
        for i, j, rows, columns in blocks:
            inside = on[np.ix_(cells, rows)].T @ (on[np.ix_(cells, columns)] * sums[cells, i, j][:, None])
            products[number][np.ix_(rows, columns)] += inside
    return total, centre, products
