"""The average marginal effect in a part of the rows of a fit: what leaving one group out asks for, many times."""

from dataclasses import replace

import numpy as np

from pebbletrail.models.logistic.fit import FIRST_STEPS, peak
from pebbletrail.models.logistic.margins import margins


def margin_of_some(fit, term, keep):
    """The estimate of ``fit.margins(term)`` in a fit of some of its rows, from columns that are there already.

    Newton's method begins at the coefficients of all rows: it ends at the same maximum, after fewer steps.

    Parameters
    ----------
    fit : Logistic
    term : str
        A column of one effect: a number, or a column of 0 and 1.
    keep : array of bool (n,)
        Of the rows used.

    Returns
    -------
    float or None
        None where these rows need columns of their own (a level is not among them), or where no finite maximum is certain:
        fit them by themselves then, which says what is wrong.
    """
    rows = fit._rows
    some = replace(rows, y=rows.y[keep], X=rows.X[keep], held={name: values[keep] for name, values in rows.held.items()},
                   group=rows.group[keep], counts=None if rows.counts is None else rows.counts[keep])
    names = list(rows.columns.names)
    if some.y.min() == some.y.max():
        return None
    try:
        found = peak(some.X, some.y, names, rows.columns.intercept, FIRST_STEPS, some.counts,
                     fit.table["estimate"].to_numpy())
    except ValueError:  # a column that does not vary, or is a combination of others, among these
        return None
    if not found.certain:
        return None
    b = found.coefficients
    return float(margins(some, b, np.zeros((len(b), len(b))), np.inf, term)["estimate"].iloc[0])
