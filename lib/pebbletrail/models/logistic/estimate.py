"""``pt.logistic``: what goes with the odds, and with the probability, of an event."""

import numpy as np
import pandas as pd

from pebbletrail.models.formula import read_formula
from pebbletrail.models.logistic.fit import FIRST_STEPS, clustered, hc0, peak
from pebbletrail.models.logistic.result import ERRORS, Logistic, logistic_table
from pebbletrail.models.logistic.rows import read_rows
from pebbletrail.models.logistic.separation import UNSETTLED, separated
from pebbletrail.models.regress import own_dummies

MEANT = {"hc1": "HC0", "hc3": "HC0", "robust": "HC0", "clustered": "cluster", "cr1": "cluster", "cluster-cr2": "cluster"}


def logistic(data, formula, success=None, errors="classical", by=None, counts=None):
    """Fit a logistic regression by maximum likelihood.

    Parameters
    ----------
    data : DataFrame
        One row an observation. Rows that lack one of the formula's columns are left out, and counted in ``rule``.
    formula : str
        As for ``pt.regress``: ``"left ~ months + C(plan)"``. Text needs the ``C()``. The reference of ``C(plan)`` is the
        first level in sorted order; a pandas Categorical keeps its own order: put the reference first.
    success : optional
        Which of the outcome's two values is the event. Not needed where these are 0 and 1, or False and True.
    errors : {"classical", "HC0", "cluster"}
        ``classical`` assumes independent rows and the right model. ``HC0`` is the sandwich for independent rows.
        ``cluster`` assumes only that the groups named by ``by`` are independent.
    by : str, optional
        The column that names the groups, for ``errors="cluster"`` alone.
    counts : str, optional
        Column of whole numbers from 1 on: for how many rows alike each row stands. Everything is, N and the errors too, as
        if they were written out one by one.

    Returns
    -------
    Logistic

    Raises
    ------
    ValueError
        A formula that cannot be read; unknown, constant or collinear columns; an outcome of one value, or of more than two;
        separation (the message names the term); too few rows or groups; data that are not rows.

    Notes
    -----
    Clustered errors follow the house's CR1: the sandwich of the groups' scores times G / (G − 1) · (N − 1) / (N − K), t
    distribution with G − 1 degrees of freedom. sandwich's ``vcovCL(type = "HC1")`` and statsmodels' ``cov_type="cluster"``
    have the same factor, and stay with the normal distribution; Stata's ``vce(cluster)`` has G / (G − 1) alone. Dummies of
    the groups themselves have no clustered error, nor has the intercept beside them.

    An odds ratio is not a ratio of probabilities, and it changes when a predictor is added even if that has nothing to do
    with the others: compare ``margins()`` between models, not odds ratios.

    Checked against R (glm, sandwich's vcovHC and vcovCL, predictions, margins by numeric derivatives) and statsmodels
    (Logit, ``get_margeff``).
    """
    if isinstance(formula, pd.DataFrame):
        raise ValueError("formula: data and formula are swapped; write logistic(data, formula).")
    if not isinstance(data, pd.DataFrame):
        raise ValueError("data: a logistic model needs rows, since means and covariances do not hold what it asks for; give "
                         f"a DataFrame, not {type(data).__name__}.")
    if not isinstance(errors, str) or errors not in ERRORS:
        meant = MEANT.get(str(errors).lower())
        raise ValueError(f"errors: {errors!r} is not one of {', '.join(ERRORS)}."
                         + (f" {meant!r} is what there is for it." if meant else ""))
    if (by is None) == (errors == "cluster"):
        raise ValueError("by: errors='cluster' needs the column of the groups, by='company'." if by is None else
                         f"by: {by!r} would not be used; add errors='cluster'.")
    read = read_formula(formula)
    if read.intercept and "Intercept" in read.terms:
        raise ValueError("formula: a column named 'Intercept' cannot be told from the intercept; rename it.")
    read.check_references()
    rows = read_rows(data, read, success, by, counts)
    names = list(rows.columns.names)
    found = peak(rows.X, rows.y, names, read.intercept, FIRST_STEPS, rows.counts)
    if not found.certain:
        if told := separated(rows, found):
            raise ValueError(f"formula: {told}")
        found = found if found.settled else peak(rows.X, rows.y, names, read.intercept, counts=rows.counts)
        if not found.settled:
            raise ValueError(f"formula: {UNSETTLED}")
    V, df, groups, resting = found.covariance(), np.inf, None, None
    if errors == "HC0":
        V = hc0(found, rows.y)
    elif errors == "cluster":
        V, df, groups, resting = _clustered(rows, found, by, names)
    return Logistic(logistic_table(names, found.coefficients, V, df), pd.DataFrame(V, names, names), rows.n,
                    rows.events, rows.event, rows.other, float(found.loglik), groups, ERRORS[errors], str(read),
                    rows.rule, resting, rows)


def _clustered(rows, found, by, names):
    there, group = np.unique(rows.group, return_inverse=True)
    if len(there) < 2:
        raise ValueError(f"errors: 'cluster' needs at least two groups; there is only {rows.labels[there[0]]!r}.")
    V, resting = clustered(found, rows.y, group, len(there))
    own = own_dummies(names, by)
    V[own, :] = V[:, own] = np.nan
    return V, len(there) - 1, len(there), pd.Series(resting, names, name="rests_on")
