"""Small counts stay hidden: every table that fits what is seen is tried."""

import itertools

import numpy as np
import pandas as pd
import pytest

from pebbletrail.report.suppress import shown_counts

FEW = 3


def fitting(shown, shape, most=9):
    """All inner tables of whole numbers from 0 to ``most`` that agree with what is seen, totals too."""
    seen = shown.to_numpy()
    inner = [[range(most + 1) if seen[row, column] is None else [seen[row, column]] for column in range(shape[1])]
             for row in range(shape[0])]
    tables = np.array(list(itertools.product(*itertools.chain(*inner)))).reshape(-1, *shape)
    for row in range(shape[0]):
        if seen[row, -1] is not None:
            tables = tables[tables[:, row].sum(axis=1) == seen[row, -1]]
    for column in range(shape[1]):
        if seen[-1, column] is not None:
            tables = tables[tables[:, :, column].sum(axis=1) == seen[-1, column]]
    return tables[tables.sum(axis=(1, 2)) == seen[-1, -1]] if seen[-1, -1] is not None else tables


@pytest.mark.parametrize("shape", [(2, 2), (3, 2), (1, 3), (3, 1)])
def test_no_small_count_can_be_worked_out(shape):
    rng = np.random.default_rng(7)
    for _ in range(12):
        counts = rng.choice([0, 1, 2, 4, 5, 7], shape)
        shown = shown_counts(pd.DataFrame(counts), FEW)
        tables = fitting(shown, shape)
        for cell in zip(*np.nonzero((counts > 0) & (counts < FEW)), strict=True):
            assert shown.to_numpy()[cell] is None
            possible = set(tables[:, cell[0], cell[1]])
            assert len(possible) > 1
            assert max(possible) >= FEW


def test_large_counts_and_their_totals_are_all_seen():
    frame = pd.DataFrame({"a": [30, 20], "b": [40, 0]}, index=["x", "y"])
    before = frame.copy()
    shown = shown_counts(frame)
    assert shown.to_numpy().tolist() == [[30, 40, 70], [20, 0, 20], [50, 40, 90]]
    assert (list(shown.index), list(shown.columns)) == (["x", "y", "total"], ["a", "b", "total"])
    pd.testing.assert_frame_equal(frame, before)


def test_a_total_that_is_small_is_hidden_too():
    assert shown_counts(pd.DataFrame({"a": [3]})).to_numpy().tolist() == [[None, None], [None, None]]


def test_a_large_table_gives_its_totals():
    shown = shown_counts(pd.DataFrame(np.full((30, 20), 50)))
    assert shown.iloc[0, 0] is None
    assert shown.iloc[-1, -1] == 30_000


@pytest.mark.parametrize("counts", [[1.5, 2], [-1, 4], [np.nan, 3]])
def test_what_is_no_count_is_refused(counts):
    with pytest.raises(ValueError, match="frame: counts"):
        shown_counts(pd.DataFrame({"a": counts}))
