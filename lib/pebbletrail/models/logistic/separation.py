"""Separation: predictors that tell some rows' outcome without error, so that no finite odds ratio fits best."""

import numpy as np

from pebbletrail.words import said

SEEN, WRONG = 1e-5, 1e-7  # of the scaled columns: less than this is the rounding of the linear programme
AT_ONCE = 2000  # rows that the linear programme takes in at once
UNSETTLED = ("the fit did not settle, though the outcome is not separated; look for predictors that are nearly combinations "
             "of each other, or for single rows far from all others.")


def direction(Z, y):
    """A direction in which the likelihood never falls and somewhere rises, or None where there is none.

    The linear programme of Konis (2007): among all b in the box from −1 to 1 with no row on the wrong side, the one with
    the largest sum of distances. Of many rows only some bind: the programme begins with a part of them, and takes in those
    that its answer leaves on the wrong side until there are none.

    Returns
    -------
    tuple of array (k,) and array of bool (n,), or None
        The direction, and rows whose outcome it tells; a row may be told by another direction only.
    """
    from scipy.optimize import linprog

    S = Z * (2 * y - 1)[:, None]
    aim, taken = -S.mean(axis=0), np.zeros(len(S), dtype=bool)
    taken[:: -(-len(S) // AT_ONCE)] = True
    while True:
        done = linprog(aim, A_ub=-S[taken], b_ub=np.zeros(taken.sum()), bounds=(-1, 1), method="highs")
        if done.x is None or not ((far := S @ done.x) > SEEN).any():
            return None
        wrong = np.flatnonzero((far < -WRONG) & ~taken)
        if not len(wrong):
            return done.x, far > SEEN
        taken[wrong[np.argsort(far[wrong])[:AT_ONCE]]] = True


def separated(rows, found):
    """What tells the outcome without error, in a sentence, or None where nothing does."""
    told = _by_level(rows) or _by_two_values(rows) or _by_number(rows)
    if told is None and (at := direction(found.Z, rows.y)):
        told = _by_several(rows, *at)
    return told


def _by_level(rows):
    """A level of a category whose rows all have one outcome."""
    for column, texts in rows.columns.texts.items():
        if any(factors == ((column, 1),) for factors in rows.columns.products.values()):
            places = rows.held[column, True]
            for place, text in enumerate(texts):
                there = rows.y[places == place]
                if there.min() == there.max():
                    only = rows.event if there[0] else rows.other
                    many = rows.counted(places == place)
                    told = f"all {many:,} rows at this level have" if many > 1 else "the only row there has"
                    return (f"C({column})[{text}] tells the outcome without error (separation): {told} {only}, so its odds "
                            "ratio has no finite value. Join the level with another, or leave its rows out and say so.")
    return None


def _by_two_values(rows):
    """One of two values of a column, such as 0 and 1, whose rows all have one outcome."""
    for column in rows.columns.numeric:
        values = rows.held[column, False]
        both = np.unique(values)
        if len(both) == 2 and ((column, None),) in rows.columns.products.values():
            for value in both:
                there = rows.y[values == value]
                if there.min() == there.max():
                    size = rows.counted(values == value)
                    many = f"all {size:,} rows where it is" if size > 1 else "the only row where it is"
                    return (f"{column} tells the outcome without error (separation): {many} {said(value + 0.0)} "
                            f"{'have' if size > 1 else 'has'} {rows.event if there[0] else rows.other}, so its odds "
                            "ratio has no finite value. Leave it out, or describe the two groups.")
    return None


def _by_number(rows):
    """A number above which all rows have one outcome, and below which all have the other."""
    for column in rows.columns.numeric:
        if ((column, None),) in rows.columns.products.values():
            values = rows.held[column, False]
            no, yes = values[rows.y == 0], values[rows.y == 1]
            for low, high, below, above in ((no, yes, rows.other, rows.event), (yes, no, rows.event, rows.other)):
                if low.max() <= high.min():
                    edges = said(low.max() + 0.0), said(high.min() + 0.0)  # and never -0
                    return (f"{column} tells the outcome without error (separation): {above} in every row above {edges[0]}, "
                            f"{below} in every row below {edges[1]}, so its odds ratio has no finite value. Leave it out, "
                            "or describe the two groups.")
    return None


def _by_several(rows, b, told):
    names = [name for name, weight in zip(rows.columns.names, b, strict=True)
             if abs(weight) > SEEN and name != "Intercept"]
    together, leave = (f"{names[0]} tells", "it") if len(names) == 1 else (
        f"{', '.join(names)} together tell", "one of them")
    return (f"{together} the outcome of at least {rows.counted(told):,} of {rows.n:,} rows without error (separation), so "
            f"no finite odds ratios fit best. Leave {leave} out, join levels, or gather more rows.")
