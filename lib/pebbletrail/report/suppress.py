"""Counts for a report: none below ten, nor any that the totals would give away."""

import numpy as np
import pandas as pd

TOTAL = "total"
MOST = 400  # cells of a table up to which it is tried, cell by cell, what a reader could work out


def shown_counts(frame, few=10, total=TOTAL):
    """A table of counts with its totals, and None in place of what must not be seen.

    Parameters
    ----------
    frame : DataFrame
        Counts, (rows, columns), without totals. Not changed.
    few : int
        Counts from 1 to ``few - 1`` are hidden, totals too. Nobody is no person: 0 is shown, unless it has to hide others.
    total : str
        Heading of the totals.

    Returns
    -------
    DataFrame
        (rows + 1, columns + 1), of int and None. Whoever knows the totals and that counts are whole numbers from 0 on cannot
        tell any hidden count: for each at least two values remain possible, and not all of them lie below ``few``.

    Raises
    ------
    ValueError
        A count that is missing, below 0, or no whole number.

    Notes
    -----
    Where a small count stands alone in its row or column, the smallest count beside it is hidden with it, until a linear
    programme per hidden count finds room enough (complementary suppression; not the fewest possible cells). A table above
    400 cells gives its totals alone. Checked against trying all tables that fit.
    """
    counts = frame.to_numpy(dtype=float)
    if not (np.isfinite(counts).all() and (counts >= 0).all() and (counts == np.floor(counts)).all()):
        raise ValueError("frame: counts are whole numbers from 0 on, and none may be missing.")
    whole = np.block([[counts, counts.sum(axis=1, keepdims=True)],
                      [counts.sum(axis=0, keepdims=True), counts.sum(keepdims=True).reshape(1, 1)]])
    hidden = (whole > 0) & (whole < few)
    if whole.size > MOST:
        hidden[:-1, :-1] = True
    while (more := _told(whole, hidden, few)) is not None:
        hidden[more] = True
    cells = [[None if hide else int(value) for value, hide in zip(*line, strict=True)]
             for line in zip(whole, hidden, strict=True)]
    return pd.DataFrame(cells, index=[*frame.index, total], columns=[*frame.columns, total], dtype=object)


def _told(whole, hidden, few):
    """The next cell to hide because a hidden one could be worked out; None where none can."""
    for cell in zip(*np.nonzero(hidden & (whole > 0) & (whole < few)), strict=True):
        low, high = _room(whole, hidden, cell)
        if high - low < 1 or high < few:
            return _beside(whole, hidden)
    return None


def _beside(whole, hidden):
    """The smallest cell still seen in a row or column with a hidden one; inner cells before totals, nobody last."""
    rows, columns = np.indices(whole.shape)
    if hidden.all():
        return None
    near = hidden.any(axis=1)[:, None] | hidden.any(axis=0)[None, :]
    edge = (rows == whole.shape[0] - 1) | (columns == whole.shape[1] - 1)
    order = np.lexsort((whole.ravel(), (whole == 0).ravel(), edge.ravel(), ~near.ravel(), hidden.ravel()))
    return np.unravel_index(order[0], whole.shape)


def _room(whole, hidden, cell):
    """The least and the most that a hidden cell can be, given every cell that is seen and that the totals add up."""
    from scipy.optimize import linprog

    places = {tuple(map(int, one)): number for number, one in enumerate(zip(*np.nonzero(hidden), strict=True))}
    lines, sums = [], []
    for row in range(whole.shape[0]):
        _line(whole, places, [(row, column) for column in range(whole.shape[1])], lines, sums)
    for column in range(whole.shape[1]):
        _line(whole, places, [(row, column) for row in range(whole.shape[0])], lines, sums)
    goal = np.zeros(len(places))
    goal[places[tuple(map(int, cell))]] = 1
    ends = []
    for sign in (1, -1):
        found = linprog(sign * goal, A_eq=np.array(lines), b_eq=np.array(sums), bounds=(0, None))
        ends.append(np.inf if found.status == 3 else sign * found.fun)
    return ends[0], ends[1]


def _line(whole, places, cells, lines, sums):
    """One row or column: its inner cells less its total are 0."""
    signs = [1] * (len(cells) - 1) + [-1]
    if any(cell in places for cell in cells):
        line = np.zeros(len(places))
        for sign, cell in zip(signs, cells, strict=True):
            if cell in places:
                line[places[cell]] = sign
        lines.append(line)
        sums.append(-sum(sign * whole[cell] for sign, cell in zip(signs, cells, strict=True) if cell not in places))
