"""The queries that moments of a table are made from, as Ibis expressions."""

import numpy as np

from pebbletrail.moments.fetching import fetched

HEAD = 1000  # rows looked at to find a value near each column's middle
FAR = 1000  # a middle this many times the spread costs a mean of many rows digits; below, fewer than three of its sixteen


def aggregate(table, numeric, keys, bases, near, nan=True):
    """Rows, means and covariances of the bases in each combination of the keys.

    Parameters
    ----------
    table : Ibis table
    numeric, keys : list of str
        The columns used as numbers, and those whose values make the cells. A row that lacks one of them (NULL or NaN) is in
        a cell whose ``there`` is not 1.
    bases : list of tuple of str
        The columns whose product is taken.
    near : array (bases,)
        What is subtracted from each base, so that no sum loses digits.
    nan : bool
        Whether to look for NaN among the numbers, which takes a quarter more time. Where there is one and nobody looks, the
        mean of its cell is NaN.

    Returns
    -------
    Ibis table
        One row a cell: ``there``, keys ``k0, …``, ``rows``, means ``m0, …`` and covariances (divisor n) ``s0_0, s0_1, …``.
    """
    import ibis

    there = ibis.literal(True)
    for name in dict.fromkeys([*numeric, *keys]):
        there &= _there(table[name]) if nan or name in keys else table[name].notnull()
    # A key that is null where a row lacks a value costs nothing that can be measured; a filter on every aggregate trebles
    # the time, and a condition on the rows would hide how many were left out.
    columns = {f"k{number}": there.ifelse(table[name], ibis.null()) for number, name in enumerate(keys)}
    columns = columns or {"there": there.ifelse(1, ibis.null("int8"))}
    cells = list(columns)
    for number, base in enumerate(bases):
        value = table[base[0]].cast("float64")
        for name in base[1:]:
            value *= table[name].cast("float64")
        # as text: every engine reads that to the last digit, while a number may pass through a decimal type on its way
        columns[f"x{number}"] = value - ibis.literal(repr(float(near[number]))).cast("float64") if near[number] else value
    rows = table.select(**columns)
    places = range(len(bases))
    sums = {"rows": rows.count()} | {f"m{i}": rows[f"x{i}"].mean() for i in places}
    sums |= {f"s{i}_{j}": rows[f"x{i}"].cov(rows[f"x{j}"], how="pop") for i in places for j in places if i <= j}
    made = rows.group_by(cells).aggregate(**sums)
    return made.mutate(there=_there(made["k0"]).ifelse(1, 0)) if keys else made


def values_near(table, numeric, bases):
    """A value near the middle of each base, from the first rows; 0 where the spread there is not small beside it.

    Without much to gain nothing is subtracted: where the first rows are unlike the others (a table sorted by size), it
    would cost the small values digits.
    """
    if not bases:
        return np.zeros(0)
    columns = {f"x{number}": table[name].cast("float64") for number, name in enumerate(numeric)}
    head = fetched(table.select(**columns).limit(HEAD))
    values = {name: head[f"x{number}"].to_numpy() for number, name in enumerate(numeric)}
    near = np.zeros(len(bases))
    for number, base in enumerate(bases):
        with np.errstate(over="ignore", invalid="ignore"):  # an infinite product is refused by name later
            there = np.prod([values[name] for name in base], axis=0)
        there = there[np.isfinite(there)]
        low, middle, high = np.percentile(there, [25, 50, 75]) if len(there) else (0.0, 0.0, 0.0)
        near[number] = middle if abs(middle) > FAR * (high - low) else 0.0
    return near


def levels_counted(table, columns):
    """How many values each of the columns has."""
    if not columns:
        return {}
    counts = fetched(table.aggregate(**{f"c{number}": table[name].nunique() for number, name in enumerate(columns)}))
    return {name: counts[f"c{number}"][0].as_py() for number, name in enumerate(columns)}


def _there(column):
    there = column.notnull()
    return there & ~column.isnan() if column.type().is_floating() else there
