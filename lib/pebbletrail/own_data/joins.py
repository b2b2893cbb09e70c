"""Tables put beside each other by key and window, in memory: counted, never multiplied, never backwards in time."""

from dataclasses import dataclass

import pandas as pd

LEFT, RIGHT = "pebbletrail left", "pebbletrail right"  # numbers of rows; never a name of a study
SOME = 5


@dataclass(frozen=True)
class Joined:
    """The rows after a join, and how many there were of what: the same counts as ``big_joins.Joined``."""

    rows: pd.DataFrame | None  # None where a row would have become two
    before: int
    beside: int
    same_key: int
    matched: int
    taken: int
    several: int
    keys: tuple = ()


def joined(left, right, join, keep, window):
    """Each row of ``left`` with its row of ``right``.

    Parameters
    ----------
    left, right : DataFrame
        In the study's names; they share no column but the key.
    join : definition.Join
    keep : bool
        Whether rows of ``left`` that find none stay, with nothing beside them.
    window : bool
        Whether both have the dates that the window is about. Without them nothing tells the first of several rows, and
        several are as many as too many.
    """
    left = left.assign(**{LEFT: range(len(left))})
    right = right.assign(**{RIGHT: range(len(right))})
    known = right[right[join.on].notna()]
    pairs = left[left[join.on].notna()].merge(known, on=join.on, how="inner")
    same_key = pairs[LEFT].nunique()
    if window:
        days = (pairs[join.when] - pairs[join.when_to]) / pd.Timedelta(days=1)
        pairs = pairs[(days >= join.least) & (days <= join.most)]
    each = pairs[LEFT].value_counts()
    several = int((each > 1).sum())
    counts = {"before": len(left), "beside": len(right), "same_key": same_key, "matched": len(each),
              "taken": pairs[RIGHT].nunique(), "several": several}
    if several and (join.take == "only" or not window):
        found = pairs.loc[pairs[LEFT].isin(each.index[each > 1]), join.on]
        return Joined(None, **counts, keys=tuple(sorted(found.unique())[:SOME]))
    if several:
        order = pairs.sort_values([join.when, RIGHT], ascending=[join.take == "first", True], kind="stable")
        pairs = order.drop_duplicates(LEFT)
    if keep:
        spare = [name for name in right.columns if name != join.on]
        pairs = left.merge(pairs[[LEFT, *spare]], on=LEFT, how="left")
    rows = pairs.sort_values(LEFT, kind="stable").drop(columns=[LEFT, RIGHT]).reset_index(drop=True)
    return Joined(rows, **counts)
