"""What may become moments: every refusal names the argument, the place, and what is allowed."""

import math
import numbers

import numpy as np
import pandas as pd

from pebbletrail.moments.levels import plain

ASYMMETRY = 1e-8  # two copies of one printed entry are equal; this leaves room for a computed matrix
NEGATIVE_EIGENVALUE = -1e-8


def checked_frame(data, columns, by):
    """The terms to make of ``data``; all numeric columns but ``by`` when none are named."""
    if not isinstance(data, pd.DataFrame):
        raise ValueError(f"data: a DataFrame is needed, not {type(data).__name__}.")
    checked_by(by, data.columns)
    if by is not None and isinstance(data[by], pd.DataFrame):
        raise ValueError(f"by: {by!r} stands more than once in the data.")
    if columns is None:
        columns = [name for name in data.select_dtypes("number", exclude=["timedelta", "complex"]) if name != by]
    return listed(columns)


def checked_by(by, there, kinds=object):
    """Refuse what is no name, of one of the ``kinds``, of one of the columns ``there``."""
    if not pd.api.types.is_hashable(by) or not isinstance(by, kinds):
        given = repr(by) if isinstance(by, list) else type(by).__name__
        raise ValueError(f"by: the name of one column is needed, such as {str(next(iter(there), 'team'))!r}, not {given}.")
    if by is not None and by not in there:
        raise ValueError(f"by: there is no column {by!r}; there are {', '.join(map(str, there))}.{meant(by, there)}")


def listed(columns):
    columns = [columns] if isinstance(columns, str) else list(columns)
    if not columns:
        raise ValueError("columns: there is no numeric column to use.")
    return columns


def numbers_of(data, name):
    """A column as an array of floats, NaN where it is missing; an infinite value is refused with its column and row."""
    column = once(data, name)
    if not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_complex_dtype(column):
        raise ValueError(f"columns: {name!r} holds {column.dtype}, not numbers; 'C({name})' makes dummies of its levels.")
    values = column.to_numpy(dtype=float, na_value=np.nan)
    if np.isinf(values).any():
        row = plain(data.index[int(np.argmax(np.isinf(values)))])
        raise ValueError(f"columns: {name!r} holds an infinite value in row {row!r}.")
    return values


def once(data, name):
    """A column that stands once in the data."""
    if isinstance(data[name], pd.DataFrame):
        raise ValueError(f"columns: {name!r} stands more than once in the data.")
    return data[name]


def meant(wrong, known):
    """A guess at what was meant by a name that is not there, as a sentence, or nothing."""
    from difflib import get_close_matches

    names = {str(name).strip().lower(): name for name in known}
    near = get_close_matches(str(wrong).strip().lower(), names, n=1, cutoff=0.75)
    return f" Did you mean {names[near[0]]!r}?" if near else ""


def known_names(names, known, argument="names"):
    """The positions of ``names`` among ``known``."""
    if isinstance(names, str):
        raise ValueError(f"{argument}: give a list of names, such as [{names!r}].")
    known = list(known)
    if missing := [name for name in names if name not in known]:
        raise ValueError(f"{argument}: there is no {', '.join(map(repr, missing))}; there are {', '.join(map(str, known))}."
                         + meant(missing[0], known))
    if len(set(names)) < len(names):
        twice = sorted({name for name in names if list(names).count(name) > 1})
        raise ValueError(f"{argument}: {', '.join(twice)} is named more than once.")
    return [known.index(name) for name in names]


def checked_scales(scales, known):
    """The matrix (scales, items) whose product with the items gives each scale as the mean of its items."""
    if not isinstance(scales, dict) or not scales:
        raise ValueError("scales: give a dict from scale name to its items, such as {'trust': ['t1', 't2']}.")
    weights = np.zeros((len(scales), len(known)))
    for row, (scale, items) in enumerate(scales.items()):
        if not len(items):
            raise ValueError(f"scales: {scale!r} has no items.")
        weights[row, known_names(items, known, f"scales[{scale!r}]")] = 1 / len(items)
    return weights


def checked_size(n):
    whole = isinstance(n, numbers.Real) and not isinstance(n, bool) and math.isfinite(n) and int(n) == n
    if n is not None and not (whole and n >= 2):
        raise ValueError(f"n: a sample size is a whole number from 2 on, not {n!r}; leave it out when it is unknown.")
    return None if n is None else int(n)


def checked_matrix(R):
    """``(array, names)`` of a table of correlations."""
    if not isinstance(R, pd.DataFrame):
        raise ValueError(f"R: a square DataFrame is needed, with the names on both sides, not {type(R).__name__}.")
    if R.shape[0] != R.shape[1]:
        raise ValueError(f"R: it has {R.shape[0]} rows and {R.shape[1]} columns; a correlation matrix is square.")
    names = tuple(R.columns)
    if not names:
        raise ValueError("R: it is empty.")
    if set(R.index) != set(names) or len(set(names)) < len(names):
        odd = sorted(map(str, set(R.index) ^ set(names)))
        raise ValueError("R: its rows and columns must carry the same names, each once"
                         + (f"; only one side has {', '.join(odd)}." if odd else "."))
    table = R.loc[list(names)]
    matrix = table.apply(pd.to_numeric, errors="coerce").to_numpy(dtype=float)
    if (odd := ~np.isfinite(matrix)).any():
        row, column = np.argwhere(odd)[0]
        given = table.iloc[row, column]
        raise ValueError(f"R: the entry ({names[row]}, {names[column]}) is "
                         f"{repr(given) if isinstance(given, str) else given}; every entry must be a number.")
    _refuse(np.abs(matrix - matrix.T) > ASYMMETRY, matrix, names, "is {value}, but its mirror image is {mirror}")
    off = np.eye(len(names), dtype=bool) & (np.abs(matrix - 1) > ASYMMETRY)
    _refuse(off, matrix, names, "is {value}; the diagonal of a correlation matrix is 1")
    _refuse(np.abs(matrix) > 1 + ASYMMETRY, matrix, names, "is {value}; a correlation lies between -1 and 1")
    matrix = (matrix + matrix.T) / 2
    smallest = np.linalg.eigvalsh(matrix)[0]
    if smallest < NEGATIVE_EIGENVALUE:
        raise ValueError(f"R: it is not positive semidefinite (smallest eigenvalue {smallest:.3g}), so no data can have "
                         "these correlations: look for a misprint, for entries from different samples, or for rounding "
                         "to few decimals.")
    return matrix, names


def _refuse(wrong, matrix, names, sentence):
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        told = sentence.format(value=f"{matrix[row, column]:.10g}", mirror=f"{matrix[column, row]:.10g}")
        raise ValueError(f"R: the entry ({names[row]}, {names[column]}) {told}.")


def checked_beside(given, names, argument, default, positive=False):
    """Standard deviations or means in the order of ``names``."""
    if given is None:
        return np.full(len(names), default)
    if isinstance(given, dict | pd.Series):
        series = pd.Series(given)
        if missing := [name for name in names if name not in series.index]:
            raise ValueError(f"{argument}: nothing is given for {', '.join(map(str, missing))}.")
        values = series.loc[list(names)].to_numpy(dtype=float)
    else:
        values = np.asarray(given, dtype=float)
    if values.shape != (len(names),):
        raise ValueError(f"{argument}: {len(names)} values are needed, one for each variable, not {values.size}.")
    bad = ~np.isfinite(values) | (positive & (values <= 0))
    if bad.any():
        raise ValueError(f"{argument}: {names[int(np.argmax(bad))]} has {values[bad][0]:g}; "
                         + ("a standard deviation is above 0." if positive else "a finite number is needed."))
    return values
