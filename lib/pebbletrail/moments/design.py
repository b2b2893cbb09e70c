"""A frame's terms as columns of numbers: what moments, row-wise errors and the bootstrap of rows are made from."""

from dataclasses import dataclass, field

import numpy as np

from pebbletrail.moments.checks import checked_frame, numbers_of, once
from pebbletrail.moments.levels import coded, level_texts, plain
from pebbletrail.moments.terms import parsed, products_of, used_columns

MISSING = ("listwise", "pairwise", "refuse")
CHUNK = 8192  # rows filled at a time: the columns of a part stay in the processor's cache, which halves the time


@dataclass(frozen=True, eq=False)
class Design:
    """The terms of a frame's complete rows (of all its rows, where the moments are pairwise)."""

    names: tuple
    values: np.ndarray  # (rows, columns)
    group: np.ndarray  # (rows,): the place of each row's group in labels
    labels: list
    complete: np.ndarray  # which rows of the frame these are
    levels: dict = field(default_factory=dict)  # of each C() column the texts of its levels, the reference first

    @property
    def lost(self):
        return int(len(self.complete) - self.complete.sum())


def design(data, columns=None, by=None, missing="listwise"):
    """The ``Design`` of some terms of a frame; what is wrong with them is a ValueError that names it."""
    columns = checked_frame(data, columns, by)
    if missing not in MISSING:
        raise ValueError(f"missing: {missing!r} is not one of {', '.join(MISSING)}.")
    if missing == "pairwise" and by is not None:
        raise ValueError("missing: pairwise moments are kept in one group only, since parts whose covariances come from "
                         "unlike rows cannot be joined. Leave by out, or use missing='listwise'.")
    terms = parsed(columns, data)
    numeric = {name: numbers_of(data, name) for name in used_columns(terms, dummies=False)}
    codes, levels = {}, {}
    for name in used_columns(terms, dummies=True):
        codes[name], levels[name] = coded(once(data, name), name, "columns")
    group, labels = (np.zeros(len(data), dtype=int), [None]) if by is None else coded(once(data, by), by, "by")
    complete = group >= 0
    if missing != "pairwise":
        for value in numeric.values():
            complete &= ~np.isnan(value)
        for code in codes.values():
            complete &= code >= 0
        _enough(data, complete, missing)
        if not complete.all():
            numeric = {name: value[complete] for name, value in numeric.items()}
            codes, group = {name: code[complete] for name, code in codes.items()}, group[complete]
    texts = {}
    for name, code in codes.items():
        there, codes[name] = np.unique(code, return_inverse=True)  # a level of incomplete rows alone is no level
        codes[name] -= there[0] < 0  # in pairwise data, the missing level is -1 still
        texts[name] = level_texts(name, [levels[name][at] for at in there if at >= 0])
    products = products_of(terms, texts)
    values = _columns(products.values(), numeric, codes, len(group))
    if np.isinf(values).any():
        row, column = np.argwhere(np.isinf(values))[0]
        row = plain(data.index[complete][row])
        raise ValueError(f"columns: {list(products)[column]!r} is too large a product in row {row!r}.")
    return Design(tuple(products), values, group, labels, complete, {name: tuple(texts[name]) for name in texts})


def _enough(data, complete, missing):
    left = int(complete.sum())
    if left < len(data) and missing == "refuse":
        first = plain(data.index[~complete][0])
        raise ValueError(f"data: {len(data) - left} of {len(data)} rows lack a value (the first is row {first!r}), and "
                         "missing='refuse'. Mend them, or use missing='listwise'.")
    if left < 2:
        raise ValueError(f"data: {left} complete rows are left of {len(data)}; at least 2 are needed.")


def _columns(products, numeric, codes, rows):
    """Array (rows, columns): the product of each column's factors; NaN where a factor is missing."""
    values = np.empty((rows, len(products)))
    for start in range(0, rows, CHUNK):
        part = slice(start, start + CHUNK)
        for place, factors in enumerate(products):
            column = values[part, place]
            for number, (name, level) in enumerate(factors):
                factor = numeric[name][part] if level is None else _dummy(codes[name][part], level)
                with np.errstate(over="ignore"):  # refused by name when it is done
                    column[:] = factor if not number else column * factor
    return values


def _dummy(codes, level):
    return np.where(codes < 0, np.nan, codes == level)
