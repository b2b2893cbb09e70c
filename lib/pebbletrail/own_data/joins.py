"""Tables put beside each other by key and window: counted both ways, never multiplying rows, nothing before its time."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pebbletrail.own_data.given import Problem, Step

SOME = 5                 # keys that a message names
MANY_PAIRS = 50_000_000  # more pairs by key alone do not fit into memory: the key tells too little apart
LEFT, RIGHT, GAP = "pebbletrail left", "pebbletrail right", "pebbletrail gap"


@dataclass(frozen=True)
class Joined:
    """The rows after a join, what was done, and which rows of the table before found a partner."""

    rows: pd.DataFrame
    steps: tuple
    problems: tuple
    found: np.ndarray  # one truth for each row before


def joined(left, right, join, keep):
    """Each row of ``left`` with its row of ``right``.

    Parameters
    ----------
    left, right : DataFrame
        In the study's names, ``left`` numbered from 0. Of a column that both have, that of ``left`` is used.
    join : definition.Join
    keep : bool
        Whether rows of ``left`` that find none stay, with nothing beside them.

    Returns
    -------
    Joined
    """
    spare = [name for name in right.columns if name in left.columns and name != join.on]
    window = bool(join.when) and join.when in right and join.when_to in left
    right = right.drop(columns=[name for name in spare if name != join.when]).reset_index(drop=True)
    counts = left[join.on].map(right[join.on].value_counts()).fillna(0)
    if (problem := _several_at_once(left, join, counts, window)) is not None:
        return Joined(left, (), (problem,), counts.to_numpy() > 0)
    pairs = _pairs(left, right, join, window)
    inside = pairs[pairs[GAP].between(join.least, join.most)] if window else pairs
    each = inside[LEFT].value_counts()
    values = {"on": join.on, "beside": len(right), "same_key": int((counts > 0).sum()),
              "taken": int(inside[RIGHT].nunique()), **_lost(right, pairs, inside, join, window)}
    step = Step("joined", join.table, len(left), len(left) if keep else int(each.size), values)
    problems = [] if window or not join.when else [_unchecked(left, right, join)]
    if each.empty:
        problems.append(_nothing(left, right, join))
    elif join.take == "only" and each.max() > 1:
        problems.append(_multiplies(left, join, each.index[each > 1]))
    chosen = _one_each(inside, join).set_index(LEFT)[RIGHT]
    beside = right.drop(columns=[join.on, *(name for name in spare if name in right)])
    beside = beside.loc[chosen.to_numpy()].set_axis(chosen.index)
    rows = left.join(beside, how="left" if keep else "inner").reset_index(drop=True)
    return Joined(rows, (step,), tuple(problems), left.index.isin(each.index))


def _pairs(left, right, join, window):
    """Places of rows that share a key, and the days between them."""
    here = pd.DataFrame({join.on: left[join.on], LEFT: np.arange(len(left))})
    there = pd.DataFrame({join.on: right[join.on], RIGHT: np.arange(len(right))})
    pairs = here.dropna(subset=[join.on]).merge(there.dropna(subset=[join.on]), on=join.on)
    pairs[GAP] = 0.0
    if window:
        start, then = left[join.when_to].to_numpy()[pairs[LEFT]], right[join.when].to_numpy()[pairs[RIGHT]]
        pairs[GAP] = (then - start) / np.timedelta64(1, "D")
    return pairs


def _one_each(pairs, join):
    """The first or the last of several by date; of several at the same time, the one that stands first in its file."""
    order = pairs.assign(**{GAP: -pairs[GAP]}) if join.take == "last" else pairs
    return order.sort_values([LEFT, GAP, RIGHT], kind="stable").drop_duplicates(LEFT)


def _lost(right, pairs, inside, join, window):
    """Why rows of the table put beside found no place: another key, before their time, after it, no date."""
    out = pairs[~pairs[RIGHT].isin(inside[RIGHT])]
    best = out.groupby(RIGHT)[GAP].max() if window else pd.Series(dtype=float)
    undated = int(best.isna().sum())
    early = int((best < join.least).sum())
    return {"alone": len(right) - int(pairs[RIGHT].nunique()), "early": early, "late": len(best) - early - undated,
            "undated": undated}


def _several_at_once(left, join, counts, window):
    """The problem of rows that find several by key, where nothing tells which of them counts."""
    if window and counts.sum() <= MANY_PAIRS:
        return None
    several = np.flatnonzero(counts > 1)
    return _multiplies(left, join, several) if len(several) else None


def _multiplies(left, join, places):
    keys = left[join.on].iloc[places].drop_duplicates()[:SOME]
    return Problem("multiplies", join.table, join.on, join.on, count=len(places), found=", ".join(map(str, keys)),
                   allowed="one row each", stops=True)


def _unchecked(left, right, join):
    names = [name for name, there in ((join.when_to, join.when_to in left), (join.when, join.when in right)) if not there]
    return Problem("window-unchecked", join.table, join.when, found=", ".join(names))


def _nothing(left, right, join):
    """Nothing matches: would it, if 007 were written 7?"""
    here, there = (side[join.on].dropna().astype(str) for side in (left, right))
    bare = [keys.str.casefold().str.removesuffix(".0").str.lstrip("0") for keys in (here, there)]
    would = 0 if here.isin(there).any() else int(bare[0].isin(bare[1]).sum())
    return Problem("nothing-matches", join.table, join.on, join.on, found=str(would) if would else "", stops=True)


def in_window(rows, about):
    """Rows that came joined already, held to the same windows: nothing from before its time counts.

    Returns
    -------
    (DataFrame, list of Step)
        Rows of a required table leave with what does not fit; of an optional one its values leave alone.
    """
    steps = []
    for join in about.joins:
        if not join.when or join.when not in rows or join.when_to not in rows:
            continue
        days = (rows[join.when] - rows[join.when_to]) / pd.Timedelta(days=1)
        early, late = days < join.least, days > join.most
        outside, table = early | late, about.table(join.table)
        if not outside.any():
            continue
        counts = {"early": int(early.sum()), "late": int(late.sum())}
        steps.append(Step("outside-window", join.table, len(rows), len(rows) - table.required * int(outside.sum()), counts))
        if table.required:
            rows = rows[~outside]
        else:
            own = [column.name for column in table.columns if column.name in rows and column.name != join.on]
            rows = rows.copy()
            rows.loc[outside, own] = None
    return rows.reset_index(drop=True), steps
