"""Levels and labels: the values that dummies and groups are made of, the same whether they come of a frame or of a table."""

import datetime
from decimal import Decimal

import numpy as np
import pandas as pd

MOST_LEVELS = 500


def coded(column, name, argument):
    """``(codes, levels)``: the place of each value among the levels (-1 where it is missing), and the levels in order.

    A day is a Timestamp and a decimal is a float, whichever of the two a frame, a file or a warehouse holds: parts from
    unlike sources then have the same groups.
    """
    if pd.api.types.is_object_dtype(column.dtype) and pd.api.types.infer_dtype(column, skipna=True) == "decimal":
        column = column.map(lambda value: float(value) if isinstance(value, Decimal) else np.nan)
    if pd.api.types.is_float_dtype(column.dtype) and np.isinf(column.to_numpy(dtype=float, na_value=np.nan)).any():
        raise ValueError(f"{argument}: {name!r} holds an infinite value.")
    codes, levels = pd.factorize(column, sort=True)
    return codes, [as_kept(level) for level in levels]


def as_kept(label):
    """A label as moments keep it: plain, without numpy's type, and a day as a Timestamp."""
    if type(label) is datetime.date:
        return pd.Timestamp(label)
    return plain(label)


def plain(label):
    """A label of a row or a group without numpy's type, which a message would show."""
    return label.item() if isinstance(label, np.generic) and not isinstance(label, np.datetime64 | np.timedelta64) else label


def shown(levels):
    """Levels as texts: whole numbers without a point, dates as ISO, and without the time where none of them has one."""
    levels = list(levels)
    if all(isinstance(level, pd.Timestamp) and level == level.normalize() for level in levels):
        return [level.date().isoformat() for level in levels]
    if all(hasattr(level, "isoformat") and not isinstance(level, pd.Timedelta) for level in levels):
        return [level.isoformat() for level in levels]
    if all(isinstance(level, float) and level.is_integer() for level in levels):
        return [str(int(level)) for level in levels]
    return [str(level) for level in levels]


def level_texts(column, levels):
    """How the levels of ``C(column)`` are shown. Refuses one or too many."""
    levels = list(levels)
    if len(levels) > MOST_LEVELS:
        raise too_many_levels(column, len(levels))
    if len(levels) < 2:
        only = f"one level ({levels[0]})" if levels else "no level"
        raise ValueError(f"columns: C({column}) has {only} in the complete rows; dummies need at least two levels.")
    texts = shown(levels)
    if len(set(texts)) < len(texts):
        same = next(text for text in texts if texts.count(text) > 1)
        raise ValueError(f"columns: two levels of C({column}) are both shown as {same!r}; give them unlike names.")
    return texts


def too_many_levels(column, levels):
    return ValueError(f"columns: C({column}) has {levels} levels; at most {MOST_LEVELS} can become dummies. Keep the "
                      f"moments by group instead, by={column!r}, and use .within(): it takes out every group's mean.")


def refuse_unlike_kinds(one, other):
    """Refuse labels that only differ in kind between two parts, such as 1 and '1': each would be a group of its own."""
    if len({type(label) for label in (*one, *other)}) < 2:
        return
    there = {shown([label])[0]: label for label in set(one) - set(other)}
    for label in set(other) - set(one):
        if (text := shown([label])[0]) in there:
            left, right = (f"{single!r} ({type(single).__name__})" for single in (there[text], label))
            raise ValueError(f"The group {text!r} is {left} on one side and {right} on the other, so it would count as two; "
                             "give the column of the groups the same type on both sides.")
