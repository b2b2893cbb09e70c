"""What a model is given, as ``Moments``: a DataFrame, ``Moments`` made before, or an Ibis table."""

import pandas as pd

from pebbletrail.moments.core import Moments
from pebbletrail.moments.terms import expand


def is_table(data):
    """Whether ``data`` is an Ibis table, found without importing Ibis."""
    return any(kind.__module__.split(".")[0] == "ibis" and kind.__name__ == "Table" for kind in type(data).__mro__)


def moments_of(data, terms, by=None):
    """The moments of some terms, whatever the data come as.

    Parameters
    ----------
    data : DataFrame, Moments or Ibis table
    terms : list of str
        Column names, products such as ``x:w``, dummies such as ``C(week)``.
    by : str, optional
        For rows only: the column whose values name the groups.

    Returns
    -------
    Moments
        Of the expanded terms, in order.

    Raises
    ------
    ValueError
        Data of another kind; a term that is not there; ``by`` beside ``Moments``.
    """
    if isinstance(data, pd.DataFrame):
        return Moments.from_frame(data, terms, by=by)
    if isinstance(data, Moments):
        if by is not None:
            kept = "is kept by group already: leave by= out"
            if data.labels == (None,):
                kept = "is not kept by group: make it with by="
            raise ValueError(f"by: by={by!r} is for rows, and data is a Moments, which {kept}.")
        return data.select(expand(terms, data.names, data._levels))
    if is_table(data):
        return Moments.from_table(data, terms, by=by)
    raise ValueError(f"data: a DataFrame, a Moments or an Ibis table is needed, not {type(data).__name__}.")
