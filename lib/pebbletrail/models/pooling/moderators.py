"""Moderators of a meta-regression as columns: numbers as they are, words as dummies against their first level."""

from decimal import Decimal
from numbers import Real

import numpy as np
import pandas as pd

from pebbletrail.moments.levels import coded, level_texts

COLLINEAR = 1e-9
TAKEN = ("intercept", "study", "estimate", "se", "fitted")  # columns and terms of the result


def design(moderators, names):
    """``(X, terms, reference, levels)``: the intercept and the moderators as columns.

    ``reference`` has the first level of each moderator in words, ``levels`` the moderator and the level of each dummy.
    """
    if isinstance(moderators, pd.Series):
        moderators = moderators.to_frame("moderator" if moderators.name is None else moderators.name)
    if not isinstance(moderators, pd.DataFrame):
        raise ValueError(f"moderators: a DataFrame is needed, one column a moderator, not {type(moderators).__name__}.")
    if moderators.shape[0] != len(names) or not moderators.shape[1]:
        raise ValueError(f"moderators: one row a study and at least one column are needed, not {moderators.shape[0]} rows "
                         f"and {moderators.shape[1]} columns for {len(names)} studies.")
    if moderators.columns.duplicated().any():
        raise ValueError(f"moderators: {moderators.columns[moderators.columns.duplicated()][0]!r} stands more than once.")
    columns, terms, reference, dummies = [np.ones(len(names))], ["intercept"], {}, {}
    for name in moderators:
        column = moderators[name]
        if (missing := column.isna().to_numpy()).any():
            raise ValueError(f"moderators: {name!r} is missing for {names[int(np.argmax(missing))]}. Fill it in, or leave "
                             "the study out of effects, variances and moderators alike.")
        column = _numbers_as_such(column)
        if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
            values = column.to_numpy(dtype=float)
            if not np.isfinite(values).all():
                raise ValueError(f"moderators: {name!r} is {values[~np.isfinite(values)][0]} for "
                                 f"{names[int(np.argmax(~np.isfinite(values)))]}; a finite number is needed.")
            if np.ptp(values) == 0:
                raise ValueError(f"moderators: {name!r} is {values[0]:g} for every study, so it explains no difference; "
                                 "leave it out.")
            columns.append(values)
            terms.append(str(name))
            continue
        codes, levels = coded(column, name, "moderators")
        texts = level_texts(name, levels) if len(levels) > 1 else None
        if texts is None:
            raise ValueError(f"moderators: {name!r} is {levels[0]!r} for every study, so it explains no difference; leave "
                             "it out.")
        reference[str(name)] = texts[0]
        columns += [(codes == code).astype(float) for code in range(1, len(levels))]
        dummies |= {f"C({name})[{text}]": (str(name), text) for text in texts[1:]}
        terms += [f"C({name})[{text}]" for text in texts[1:]]
    for at, term in enumerate(terms[1:], 1):
        if term in TAKEN or term in terms[:at]:
            raise ValueError(f"moderators: the result has a column or another term called {term!r}; rename the moderator.")
    return np.column_stack(columns), terms, reference, dummies


def _numbers_as_such(column):
    """Numbers that stand in a column of objects, as databases and spreadsheets give them, as floats."""
    if column.dtype == object and all(isinstance(value, Real | Decimal) and not isinstance(value, bool) for value in column):
        return column.astype(float)
    return column


def independent(X, terms):
    """``(Q, R)`` of X, or an error that names the column which the ones before it make up."""
    scale = np.abs(X).max(axis=0)
    Q, R = np.linalg.qr(X / scale)
    left = np.abs(np.diag(R)) / np.linalg.norm(X / scale, axis=0)
    # what is left of a year once its mean is taken off is small beside the year, but not beside rounding
    if (left < COLLINEAR).any():
        raise ValueError(f"moderators: {terms[int(np.argmax(left < COLLINEAR))]} is a combination of the others; leave one "
                         "of them out.")
    return Q, R * scale
