"""Moments of a table in a warehouse or in files: one aggregate query, whatever the number of rows."""

import numpy as np

from pebbletrail.moments.cells import cell_moments
from pebbletrail.moments.checks import checked_by, listed
from pebbletrail.moments.fetching import fetched
from pebbletrail.moments.levels import MOST_LEVELS, coded, level_texts, too_many_levels
from pebbletrail.moments.query import aggregate, levels_counted, values_near
from pebbletrail.moments.range import checked_range
from pebbletrail.moments.terms import parsed, products_of, used_columns


def from_table(cls, table, columns=None, by=None, missing="listwise"):
    """Moments of the columns of an Ibis table, such as ``ibis.read_parquet("calls.parquet")``.

    The rows stay where they are: the engine (DuckDB, Spark, a cloud warehouse) adds them up, and only the sums come back.

    Parameters
    ----------
    table : Ibis table
        One row an observation.
    columns : list of str, optional
        Terms to keep, as in ``from_frame``; default: all numeric columns but ``by``. Whole numbers, decimals and booleans
        are turned into floats of 64 bits.
    by : str, optional
        A column whose values name the groups.
    missing : {"listwise", "refuse"}
        ``listwise`` leaves out every row that lacks one of the columns used (NULL or NaN), and says how many in ``rule``.

    Returns
    -------
    Moments
        Equal to ``from_frame`` on the same rows, to rounding; the groups are in the same order.

    Notes
    -----
    One query over all rows groups by ``by`` and the columns inside ``C()``, and takes the mean of each column and the
    covariance of each pair. Dummies are made of its result, so that a hundred of them cost no more than one. Small queries
    go before it: one reads the first rows, since a mean keeps its digits when a value near it is subtracted first; one
    counts the levels when there are ``C()`` terms. Only where a mean comes out as NaN is the query run again, to leave out
    the rows that hold a NaN (NULL is left out at once). On DuckDB a query of more than two seconds shows its progress, and
    Ctrl-C ends it. The result holds groups × columns² numbers in memory.

    Nothing is assumed of how the values are distributed; rows are left out as in ``from_frame``. Of each column one value is
    subtracted: where the first thousand rows are close together and far from all others (one group at 1e9 stored first, the
    others at 0 with a standard deviation of 1e-3), the others lose digits, here up to a relative 1e-4 of a covariance. Sort
    the rows otherwise, or make the moments of each such part with ``table.filter`` and add them.

    Checked against ``from_frame`` on the same rows, and against exact variances with mean 1e9 and standard deviation 1.

    Raises
    ------
    ValueError
        Unknown, repeated or non-numeric columns; infinite values, or values whose squares are beyond what a
        floating-point number holds; fewer than two complete rows; dummies of one level or of more than 500.
    """
    columns = _checked(table, columns, by, missing)
    terms = parsed(columns, table.columns)
    numeric, dummies = used_columns(terms, dummies=False), used_columns(terms, dummies=True)
    _refuse_words(table, numeric)
    for name, count in levels_counted(table, dummies).items():
        if count > MOST_LEVELS:
            raise too_many_levels(name, count)
    keys = list(dict.fromkeys([*dummies, *([] if by is None else [by])]))
    # what the engine multiplies: each product's numeric factors; its dummies come in when the cells are joined
    bases = list(dict.fromkeys(base for term in terms if (base := _numeric_factors(term))))
    near = values_near(table, numeric, bases)
    found, cells, there = _cells(aggregate(table, numeric, keys, bases, near, nan=False))
    if any(not np.isfinite(cells[f"m{number}"][there].astype(float)).all() for number in range(len(bases))):
        found, cells, there = _cells(aggregate(table, numeric, keys, bases, near))
    sizes, lost = cells["rows"][there].astype(int), int(cells["rows"][~there].sum())
    _refuse_infinite(table, numeric, bases, cells, there)
    _enough(int(sizes.sum()), lost, missing)
    codes, levels = {}, {}
    kept = found.filter(there)
    for number, name in enumerate(keys):
        codes[name], levels[name] = coded(kept[f"k{number}"].to_pandas(), name, "by" if name == by else "columns")
    texts = {name: tuple(level_texts(name, levels[name])) for name in dummies}
    products = products_of(terms, texts)
    recipes = []
    for factors in products.values():
        base = tuple(name for name, level in factors if level is None)
        levelled = [(codes[name], level) for name, level in factors if level is not None]
        recipes.append((bases.index(base) if base else None, levelled))
    group, labels = (np.zeros(len(sizes), dtype=int), (None,)) if by is None else (codes[by], tuple(levels[by]))
    means, sums = _unpacked(cells, there, near)
    with np.errstate(over="ignore", invalid="ignore"):  # refused by name when it is done
        moments = cell_moments(sizes, means, sums, recipes, group, len(labels))
    checked_range(products, *moments)
    return cls(tuple(products), labels, "rows of a table", int(sizes.sum()) + lost, lost, *moments, _levels=texts)


def _cells(query):
    """``(Arrow table, its numbers by name, which of its cells hold complete rows)``."""
    found = fetched(query)
    cells = {name: found[name].to_numpy() for name in found.column_names if name[0] != "k"}
    return found, cells, cells["there"] == 1


def _checked(table, columns, by, missing):
    from pebbletrail.moments.accept import is_table

    if not is_table(table):
        raise ValueError(f"table: an Ibis table is needed, not {type(table).__name__}; from_frame takes a DataFrame.")
    if missing == "pairwise":
        raise ValueError("missing: pairwise moments are made of a DataFrame (from_frame); a table allows listwise, refuse.")
    if missing not in ("listwise", "refuse"):
        raise ValueError(f"missing: {missing!r} is not one of listwise, refuse.")
    checked_by(by, table.columns, str | None)
    if columns is None:
        columns = [name for name, kind in table.schema().items() if kind.is_numeric() and name != by]
    return listed(columns)


def _refuse_words(table, numeric):
    for name in numeric:
        kind = table[name].type()
        if not (kind.is_numeric() or kind.is_boolean()):  # Ibis does not count yes and no among the numbers
            raise ValueError(f"columns: {name!r} holds {kind}, not numbers; 'C({name})' makes dummies of its levels.")


def _numeric_factors(term):
    return tuple(factor.column for factor in term.factors if not factor.dummies)


def _refuse_infinite(table, numeric, bases, cells, there):
    """An infinite value makes its mean infinite or NaN. So does a NaN among the rows left out: there we look again."""
    doubtful = set()
    for number, base in enumerate(bases):
        mean = cells[f"m{number}"].astype(float)
        if not np.isfinite(mean[there]).all() or np.isinf(mean).any():
            raise ValueError(f"columns: {':'.join(base)!r} holds an infinite value.")
        if (np.isnan(mean) & (cells["rows"] > 0)).any():
            doubtful |= {name for name in base if table[name].type().is_floating()}
    doubtful = [name for name in numeric if name in doubtful]
    if doubtful:
        found = fetched(table.aggregate(**{f"x{number}": table[name].isinf().any() for number, name in enumerate(doubtful)}))
        for number, name in enumerate(doubtful):
            if found[f"x{number}"][0].as_py():
                raise ValueError(f"columns: {name!r} holds an infinite value.")


def _enough(left, lost, missing):
    if lost and missing == "refuse":
        raise ValueError(f"table: {lost} of {left + lost} rows lack a value, and missing='refuse'. Mend them, or use "
                         "missing='listwise'.")
    if left < 2:
        raise ValueError(f"table: {left} complete rows are left of {left + lost}; at least 2 are needed.")


def _unpacked(cells, there, near):
    """The means (cells, bases) and the covariances times n, (cells, bases, bases), of the complete rows."""
    sizes, bases = cells["rows"][there], len(near)
    means, sums = np.empty((len(sizes), bases)), np.empty((len(sizes), bases, bases))
    for i in range(bases):
        means[:, i] = near[i] + cells[f"m{i}"][there]
        for j in range(i, bases):
            sums[:, i, j] = sums[:, j, i] = cells[f"s{i}_{j}"][there] * sizes
    return means, sums
