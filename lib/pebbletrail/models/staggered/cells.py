"""Which treated rows are compared with each other when errors are estimated.

Cohort by time since the start, as Borusyak, Jaravel and Spiess propose; but a roll-out team by team has cells with a single
cluster, whose own mean would take all of its deviation out and leave an error near 0. Such cells are joined.
"""

import numpy as np

LEAST = 2  # clusters in a cell


def cells_of(start, since, cluster):
    """A cell's number for each treated row.

    Rows of one start and one time since it form a cell. Cells with a single cluster are joined, those of neighbouring times
    since the start first, until at least two clusters are in each; where that cannot be, all rows are joined by time since
    the start in the same way. With a single cluster in all there is one cell.
    """
    fine = np.unique(np.column_stack([start, since]), axis=0, return_inverse=True)[1].reshape(-1)
    thin = _clusters_in(fine, cluster)[fine] < LEAST
    if not thin.any():
        return fine
    joined = _neighbours(since[thin], cluster[thin])
    if joined is None:
        joined = _neighbours(since, cluster)
        return np.zeros(len(since), dtype=int) if joined is None else joined
    cells = fine.copy()
    cells[thin] = fine.max() + 1 + joined
    return cells


def _clusters_in(cells, cluster):
    """How many clusters each cell holds."""
    pairs = np.unique(np.column_stack([cells, cluster]), axis=0)
    return np.bincount(pairs[:, 0], minlength=cells.max() + 1)


def _neighbours(since, cluster):
    """Runs of neighbouring times since the start, each of at least two clusters; None where all rows are of one cluster."""
    steps, at = np.unique(since, return_inverse=True)
    run, seen, number = np.zeros(len(steps), dtype=int), set(), 0
    members = [set() for _ in steps]
    for step, one in np.unique(np.column_stack([at, cluster]), axis=0):
        members[step].add(one)
    for step, held in enumerate(members):
        run[step], seen = number, seen | held
        if len(seen) >= LEAST:
            number, seen = number + 1, set()
    if number == 0:
        return None
    return np.minimum(run, number - 1)[at]  # what is left at the end joins the last full run
