"""The rows of a logistic model: the outcome as 0 and 1, and columns that can be made again of other rows."""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pebbletrail.moments.checks import meant, numbers_of, once
from pebbletrail.moments.design import design
from pebbletrail.moments.levels import coded, plain, shown
from pebbletrail.moments.terms import parsed, products_of, used_columns

MOST_SHOWN = 5
DUMMY = re.compile(r"C\((.+?)\)\[(.*)\]")


@dataclass(frozen=True, eq=False)
class Columns:
    """How rows become the columns of the model.

    Attributes
    ----------
    names : tuple of str
        The coefficients, the intercept first where there is one.
    products : dict
        From the name of a predictor to the ``(column, level)`` that it multiplies; level None for a column's own values.
    levels, texts : dict
        For each ``C()`` column its levels and how they are shown, the reference first.
    numeric : tuple of str
        Columns used as numbers.
    intercept : bool
    """

    names: tuple
    products: dict
    levels: dict
    texts: dict
    numeric: tuple
    intercept: bool

    def held(self, frame):
        """``{(column, dummies): array}`` of a frame: numbers, or places among the levels; NaN or -1 where missing."""
        if gone := [name for name in (*self.numeric, *self.levels) if name not in frame.columns]:
            raise ValueError(f"frame: there is no column {gone[0]!r}; there are {', '.join(map(str, frame.columns))}."
                             f"{meant(gone[0], frame.columns)}")
        found = {(name, False): numbers_of(frame, name) for name in self.numeric}
        return found | {(name, True): self._places(frame, name) for name in self.levels}

    def _places(self, frame, name):
        codes, there = coded(once(frame, name), name, "frame")
        known = {level: place for place, level in enumerate(self.levels[name])}
        if new := [level for level in there if level not in known]:
            raise ValueError(f"frame: {name!r} holds {new[0]!r}, which was not there when the model was fitted; known are "
                             f"{', '.join(self.texts[name])}.")
        places = np.array([*(known[level] for level in there), -1])
        return places[codes]

    def matrix(self, held, without=None, only=None):
        """The columns (rows, coefficients), NaN where a value is missing.

        ``without``, a numeric column: the derivative of each column with respect to it instead. ``only``, names of
        predictors: these alone.
        """
        rows = len(next(iter(held.values()))) if held else 0
        made = [np.full(rows, 0.0 if without else 1.0)] if self.intercept and only is None else []
        for product, factors in self.products.items():
            if only is not None and product not in only:
                continue
            column = np.ones(rows)
            if without is not None and (without, None) not in factors:
                column[:] = 0.0
            for name, level in factors:
                if level is not None:
                    places = held[name, True]
                    column = column * np.where(places < 0, np.nan, places == level)
                elif name != without:
                    column = column * held[name, False]
            made.append(column)
        return np.column_stack(made)


@dataclass(frozen=True, eq=False)
class Rows:
    """Complete rows: ``y`` 0 or 1, ``X`` as ``columns`` makes it of ``held``, the groups, and what was left out.

    ``counts``: for how many rows alike each row stands, None where each is one.
    """

    y: np.ndarray
    X: np.ndarray
    columns: Columns
    held: dict
    group: np.ndarray
    labels: list
    event: str
    other: str
    rule: str
    counts: np.ndarray | None = None

    @property
    def n(self):
        """Rows, those alike written out."""
        return len(self.y) if self.counts is None else int(self.counts.sum())

    @property
    def events(self):
        return int(self.y.sum() if self.counts is None else self.counts @ self.y)

    def counted(self, which):
        """How many of the rows these are, those alike written out; ``which`` (n,) of bool."""
        return int(which.sum() if self.counts is None else self.counts[which].sum())

    def mean(self, values):
        """Over the rows, those alike written out; ``values`` (n,)."""
        return float(np.average(values, weights=self.counts))

    def sd(self, values):
        """Of a sample: divided by one less than the rows, those alike written out."""
        return float(np.sqrt(self.mean((values - self.mean(values)) ** 2) * self.n / (self.n - 1)))


def read_rows(data, read, success, by, counts=None):
    """The ``Rows`` of a formula as read; what is wrong with them is a ValueError that names it."""
    for argument, name in (("formula", read.outcome), ("by", by), ("counts", counts)):
        if name is not None and name not in data.columns:
            raise ValueError(f"{argument}: there is no column {name!r}; there are {', '.join(map(str, data.columns))}."
                             f"{meant(name, data.columns)}")
    y, (other, event) = _coded_outcome(once(data, read.outcome), read.outcome, success)
    frame = data.assign(**{read.outcome: y})
    made = design(frame, [read.outcome, *read.terms], by)
    complete = frame[made.complete]
    terms = parsed(list(read.terms), data.columns)
    levels = {name: _levels(complete, name) for name in made.levels}
    products = products_of(terms, made.levels)
    columns = Columns((("Intercept",) if read.intercept else ()) + tuple(products), products, levels, made.levels,
                      tuple(used_columns(terms, dummies=False)), read.intercept)
    values = made.values  # noqa: PD011 (an array, no pandas object)
    y, X = values[:, 0], values[:, 1:]
    if y.min() == y.max():
        only = event if y[0] else other
        raise ValueError(f"formula: all {len(y):,} complete rows have {only}, so there is nothing to tell apart.")
    X = np.column_stack([np.ones(len(y)), X]) if read.intercept else X
    alike = None if counts is None else _alike(data, counts)
    total, lost = (len(data), made.lost) if alike is None else (int(alike.sum()), int(alike[~made.complete].sum()))
    rule = f"{total:,} rows" + (f", {lost:,} of them left out for missing values (listwise)" if lost else "")
    return Rows(y, X, columns, columns.held(complete), made.group, made.labels, event, other, rule,
                None if alike is None else alike[made.complete])


def _alike(data, counts):
    """The column of counts as floats: whole numbers from 1 on."""
    found = numbers_of(data, counts)
    if (odd := ~(found >= 1) | (found != np.round(found))).any():
        raise ValueError(f"counts: {counts!r} holds {found[odd][0]:g}; whole numbers from 1 on say for how many rows alike "
                         "a row stands.")
    return found


def level_of(term):
    """``(column, level)`` of a dummy's name, or None."""
    found = DUMMY.fullmatch(term)
    return found.groups() if found else None


def _levels(complete, name):
    codes, levels = coded(once(complete, name), name, "columns")
    return [levels[at] for at in np.unique(codes)]


def _coded_outcome(column, name, success):
    """The outcome as floats, NaN where missing; and in words what 0 and 1 stand for."""
    values = [plain(value) for value in pd.unique(column.dropna())]
    texts = shown(values)
    told = ", ".join(texts[:MOST_SHOWN]) + (", …" if len(texts) > MOST_SHOWN else "")
    if len(values) > 2:
        raise ValueError(f"formula: the outcome {name!r} has {len(values)} values ({told}); a logistic model needs two. "
                         "Make a column that is 1 where it happened and 0 where not, or use pt.regress for a number.")
    binary = set(values) <= {0, 1}  # True is 1, and False is 0
    if success is None:
        if not binary:
            raise ValueError(f"success: the outcome {name!r} holds {told}; say which of them is the event, such as "
                             f"success={values[-1] if values else 'yes'!r}.")
        success = 1
    elif success not in values and not (binary and success in (0, 1)):
        raise ValueError(f"success: {success!r} is not among the values of {name!r}: {told}.")
    happened = np.where(column.isna(), np.nan, (column == success).to_numpy(dtype=float, na_value=np.nan))
    if binary:
        kind = bool if pd.api.types.is_bool_dtype(column.dropna().infer_objects().dtype) else int
        event, other = (f"{name} = {kind(value)}" for value in (success, 1 - success))
    else:
        others = [text for text, value in zip(texts, values, strict=True) if value != success]
        event, other = f"{name} = {shown([success])[0]}", f"{name} = {others[0] if others else f'not {success}'}"
    return happened, (other, event)
