"""The groups of a ``Moments``: a mapping, where a million groups cost nothing until one is asked for; and fits in each."""

import numbers
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from pebbletrail.moments.levels import as_kept, plain, shown
from pebbletrail.moments.parts import checked_groups


class Groups(Mapping):
    """The groups of a ``Moments``, each one made when it is asked for."""

    def __init__(self, whole):
        self._whole = whole
        self._at = {label: number for number, label in enumerate(whole.labels)}

    def __getitem__(self, label):
        label, whole = as_kept(label), self._whole
        if label not in self._at:
            raise KeyError(f"no group {label!r}; there are {len(self)}, the first is {plain(whole.labels[0])!r}")
        if whole.labels == (None,):
            return whole
        at = [self._at[label]]
        return replace(whole, labels=(None,), read=int(whole._sizes[at[0]]), lost=0, _sizes=whole._sizes[at],
                       _means=whole._means[at], _products=whole._products[at], _taken=min(whole._taken, 1),
                       _group=repr(label) if isinstance(label, str) else shown([label])[0])

    def __iter__(self):
        return iter(self._at)

    def __len__(self):
        return len(self._at)

    def __repr__(self):
        shown = ", ".join(map(str, list(self._at)[:6])) + (", …" if len(self) > 6 else "")
        return f"{len(self):,} groups: {shown}"


def each(self, fit):
    """A model fitted in each group, as one table.

    Parameters
    ----------
    fit : callable
        Given the ``Moments`` of one group, returns a result with ``.table``, or a DataFrame, Series, dict or number. For
        instance ``lambda m: pt.regress(m, "y ~ x")``.

    Returns
    -------
    DataFrame
        The rows of every group's result, with its label in the first column, ``group``. A group that ``fit`` refuses with a
        ValueError is a row without numbers that gives the reason in ``problem``; the column is there only when one did.

    Notes
    -----
    Each group is fitted on its own: nothing is assumed of what groups have in common, and nothing is borrowed from others.

    Checked against numpy's and pandas' slopes and covariances on each group's rows.
    """
    checked_groups(self, "each")
    if not callable(fit):
        raise ValueError(f"fit: a function of one group's Moments is needed, not {fit!r}; for instance "
                         "lambda m: pt.regress(m, 'y ~ x').")
    tables, refused = [], False
    for label, group in self.groups.items():
        try:
            made = _table(fit(group))
        except ValueError as error:
            made, refused = pd.DataFrame({"problem": [str(error)]}), True
        else:
            if "group" in made:
                raise ValueError("fit: its result has a column 'group' already; give that column another name.")
        made.insert(0, "group", pd.Series([label] * len(made), index=made.index))
        tables.append(made)
    whole = pd.concat(tables, ignore_index=True)
    return whole[[*whole.columns.drop("problem"), "problem"]] if refused else whole


def _table(result):
    result = getattr(result, "table", result)
    if isinstance(result, pd.DataFrame):
        # an index with names in it is a column too; it would be lost when the groups are put together
        plain = isinstance(result.index, pd.RangeIndex)
        return result.copy() if plain else result.rename_axis(index=lambda name: name or "term").reset_index()
    if isinstance(result, pd.Series):
        return result.to_frame().T.reset_index(drop=True).infer_objects()
    if isinstance(result, dict):
        return pd.DataFrame([result])
    if isinstance(result, numbers.Number):
        return pd.DataFrame({"estimate": [result]})
    given = type(result).__name__
    raise TypeError(f"fit: it must return a result with .table, a DataFrame, Series, dict or number, not {given}.")
