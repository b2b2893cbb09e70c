"""What the measures are given: the moments of named variables, whatever the data come as, and how much they rest on."""

import pandas as pd

from pebbletrail.moments.accept import is_table, moments_of
from pebbletrail.moments.checks import checked_frame, known_names
from pebbletrail.moments.core import Moments

LEVEL = 0.95  # of every interval here


def moments_given(data, names, argument, at_least):
    """The moments of some variables of a frame, of moments or of an Ibis table.

    Parameters
    ----------
    data : DataFrame, Moments or Ibis table
    names : list of str, optional
        Default: all numeric columns, or all variables of the moments.
    argument : str
        What the caller's argument is called, for the messages.
    at_least : int
        The fewest variables that make sense.

    Raises
    ------
    ValueError
        Data of another kind; unknown, repeated, too few or non-numeric names; a variable that does not vary.
    """
    names = named(data, names if names is None or isinstance(names, str) else list(names), argument)
    if len(names) < at_least:
        given = ", ".join(map(str, names)) or "none"
        raise ValueError(f"{argument}: at least {at_least} are needed, not {len(names)} ({given}).")
    moments = moments_of(data, names)
    if (flat := ~(moments.sd.to_numpy() > 0)).any() and moments.n != 1:
        constant = ", ".join(str(name) for name, same in zip(names, flat, strict=True) if same)
        raise ValueError(f"{argument}: {constant} does not vary (every value is the same), so it goes together with "
                         "nothing; leave it out.")
    return moments


def named(data, names, argument):
    """The names, checked against those there are; all of them where none are given."""
    if isinstance(data, Moments):
        there = list(data.names)
        every = there
    elif isinstance(data, pd.DataFrame):
        there = list(data.columns)
        every = None if names is not None else checked_frame(data, None, None)
    elif is_table(data):
        there = list(data.columns)
        every = None if names is not None else list(Moments.from_table(data).names)
    else:
        raise ValueError(f"data: a DataFrame, a Moments or an Ibis table is needed, not {type(data).__name__}.")
    if names is None:
        return every
    known_names(names, there, argument)
    if isinstance(data, pd.DataFrame):
        for name in names:
            if not isinstance(data[name], pd.DataFrame) and not pd.api.types.is_numeric_dtype(data[name]):
                raise ValueError(f"{argument}: {name!r} holds {data[name].dtype}, not numbers; turn its answers into "
                                 "numbers first, such as 1 to 5.")
    return list(names)


def free(moments):
    """Degrees of freedom of a variance: n − 1, or n less the groups whose means were taken out; None where n is unknown."""
    return None if moments.n is None else moments.n - max(moments.absorbed, 1)


def two(value):
    """A number with two decimals, and never a minus before 0.00."""
    return f"{round(float(value), 2) + 0.0:.2f}"
