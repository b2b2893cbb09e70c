"""Linear regression, from rows, from moments, or from a table in a warehouse."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pebbletrail.models.cluster import cr1, cr2
from pebbletrail.models.equations import Equations, normal_covariance
from pebbletrail.models.formula import read_formula
from pebbletrail.models.robust import hc3
from pebbletrail.models.system import refuse_constant, standardized, system
from pebbletrail.moments.accept import moments_of
from pebbletrail.moments.from_print import NO_MEANS, NO_SPREADS
from pebbletrail.words import said

ERRORS = {
    "classical": "classical",
    "HC3": "HC3 (robust to unequal variances)",
    "cluster": "cluster-robust (CR1)",
    "cluster-cr2": "cluster-robust (CR2, Satterthwaite)",
}
COLUMNS = ["term", "estimate", "se", "statistic", "df", "p_value", "ci_low", "ci_high"]


@dataclass(frozen=True)
class Regression:
    """A fitted regression.

    Attributes
    ----------
    table : DataFrame
        ``term, estimate, se, statistic, df, p_value, ci_low, ci_high`` (t distribution, 95 % intervals), one row a
        coefficient; NaN from ``se`` on where no sample size is known.
    covariance : DataFrame
        Of the coefficients, terms on both sides.
    r2 : float
        Share of variance explained; within groups where these were absorbed; about 0 where there is no intercept.
    n : int or None
    clusters : int or None
        Number of groups that the errors rest on.
    absorbed : int
        Number of group means taken out.
    errors, formula, rule : str
        Kind of errors; the formula as read; where the numbers come from and what happened to missing values.
    standardized : bool
        Whether the coefficients are in standard deviations: so they are from a table without any.
    """

    table: pd.DataFrame
    covariance: pd.DataFrame
    r2: float
    n: int | None
    clusters: int | None
    absorbed: int
    errors: str
    formula: str
    rule: str
    standardized: bool = False

    @property
    def text(self):
        """The first predictor's coefficient with its interval, and what stands behind it."""
        shown = self.table.query("term != 'Intercept'") if len(self.table) > 1 else self.table
        row, outcome = shown.iloc[0], self.formula.split(" ~ ")[0]
        size = "An unknown number of observations" if self.n is None else f"{self.n:,} observations"
        groups = "" if self.clusters is None else f" in {self.clusters:,} groups"
        if row["term"] == "Intercept":
            told = f"the mean of {outcome} is {said(row['estimate'])}"
        else:
            one, of = ("one standard deviation more", "standard deviations of") if self.standardized else ("one more", "of")
            told = f"{one} of {row['term']} goes with {said(row['estimate'], sign=True)} {of} {outcome}"
        if row["se"] > 0:
            return (f"{size}{groups}: {told} (95 % interval {said(row['ci_low'])} to {said(row['ci_high'])}). "
                    f"Errors: {self.errors}. Data: {self.rule}.")
        none = "each part of it rests on one group alone"
        if self.n is None:
            none = "the sample size is unknown"
        elif row["se"] == 0:
            none = "the fit is exact"
        return f"{size}{groups}: {told}. No interval, since {none}. Data: {self.rule}."


def regress(data, formula, errors="classical", by=None, within=False, count_absorbed=False):
    """Fit a linear regression by least squares.

    Parameters
    ----------
    data : DataFrame, Moments or Ibis table
        Rows that lack one of the formula's columns are left out and counted in ``rule``.
    formula : str
        ``"y ~ x + z"``. ``x:z`` is a product, ``x*z`` both and their product, ``- 1`` leaves out the intercept. ``C(week)``
        is a dummy for each week but the first; where nothing stands for that one (``C(week) - 1``, or ``C(week):x`` without
        ``x``), it is refused, but ``within`` groups: there the first week's effect is 0.
        From Moments, products and dummies must be among its columns: make it with
        ``columns=["y", "x", "z", "x:z", "C(week)"]``.
    errors : {"classical", "HC3", "cluster", "cluster-cr2"}
        ``classical`` assumes independent observations of equal variance. ``HC3`` allows unequal variances and needs rows.
        ``cluster`` (CR1, t with G − 1 degrees of freedom) and ``cluster-cr2`` (bias-reduced, Satterthwaite degrees of
        freedom; for few groups) assume only that groups are independent: give ``by``, or Moments kept by group.
    by : str, optional
        The column that names the groups, of a frame or table.
    within : bool
        Take out each group's own mean first: fixed effects of the groups, exactly, without dummies. A second fixed effect
        is added as ``C(week)``. Moments that are a within part already (``m.within()``) need no ``within=True``.
    count_absorbed : bool
        For ``cluster`` errors with ``within``: whether the absorbed means count among the K estimated coefficients in
        (N − 1) / (N − K). False: K = slopes + 1, as is usual where groups are the clusters (Stata's ``xtreg``). True:
        K = slopes + groups, as with dummies (``areg``). Classical errors always count them; CR2 has no such factor.

    Returns
    -------
    Regression

    Raises
    ------
    ValueError
        A formula that cannot be read, unknown, constant or collinear columns (named), too few observations, fewer than two
        groups, errors that the data cannot give.

    Notes
    -----
    A table of correlations without standard deviations gives standardised weights, and their errors are those of a
    correlation structure (normal theory), since the standard deviations were estimated too. Without a sample size there are
    point estimates alone.

    Where the fit is exact (residuals within the rounding of the sums, R² within about 1e-13 of 1) errors are 0, and there is
    no statistic. A coefficient that single groups settle alone, such as a treatment that varies in one group, has no
    clustered error: NaN.

    Checked against statsmodels (classical, HC3, clusters, dummies), R's sandwich and clubSandwich (CR1, CR2, degrees of
    freedom) and lavaan (standardised weights).
    """
    if not isinstance(errors, str) or errors not in ERRORS:
        raise ValueError(f"errors: {errors!r} is not one of {', '.join(ERRORS)}.")
    read = read_formula(formula)
    if not within and not getattr(data, "absorbed", 0):
        read.check_references()
    if errors == "HC3":
        return _from_rows(data, read, by, within)
    if by is not None and errors == "classical" and not within:
        raise ValueError(f"by: {by!r} would not be used; add errors='cluster', or within=True for fixed effects.")
    moments = moments_of(data, [read.outcome, *read.terms], by=by)
    if within and not moments.absorbed:
        moments = moments.within()
    return _fitted(moments, read, errors, count_absorbed)


def _fitted(moments, read, errors, count_absorbed):
    outcome, *predictors = moments.names
    if moments.source == NO_SPREADS:
        refuse_constant(moments, "formula")
        moments = standardized(moments)
    if moments.absorbed:
        _refuse_no_slope(read)
    no_means = moments.source in (NO_MEANS, NO_SPREADS)
    if no_means and not read.intercept:
        raise ValueError("formula: the table has no means, so nothing tells where the origin is; drop the - 1.")
    if no_means and not predictors:
        raise ValueError("formula: the table has no means, so a mean alone cannot be estimated; name a predictor.")
    fit = system(moments, outcome, predictors, read.intercept and not moments.absorbed)
    n, k, clusters, told = moments.n, len(fit.names), None, ERRORS[errors]
    free = None if n is None else n - k - moments.absorbed
    if free is not None and free < 1:
        raise ValueError(f"data: {n} observations are too few for {k + moments.absorbed} coefficients.")
    b = fit.coefficients
    if n is None:
        if errors != "classical":
            raise ValueError(f"errors: {errors!r} needs groups of observations; this table has no sample size.")
        V, df, told = np.full((k, k), np.nan), np.nan, "no errors, since the sample size is unknown"
    elif errors == "classical":
        V, df = fit.rss / free * (fit.back @ fit.bread @ fit.back.T), free
        if moments.source == NO_SPREADS:
            V, told = _correlation_structure(moments, outcome, predictors, k, free), f"{told}, of a correlation structure"
    else:
        clusters = _groups(moments, errors)
        counted = k + (moments.absorbed if count_absorbed else bool(moments.absorbed))
        V, df = (cr1(fit, n, counted), clusters - 1) if errors == "cluster" else cr2(fit)
    explained = 1 - fit.rss / fit.yy
    keep = slice(int(no_means), None)  # without means there is no intercept to report
    return Regression(coefficient_table(fit.names[keep], b[keep], V[keep, keep], df),
                      pd.DataFrame(V[keep, keep], fit.names[keep], fit.names[keep]), float(explained), n, clusters,
                      moments.absorbed, told, str(read), moments.rule, moments.source == NO_SPREADS)


def _refuse_no_slope(read):
    """Within groups there are slopes, and nothing else to estimate or to leave out."""
    if not read.intercept:
        raise ValueError("formula: within groups there is no intercept to leave out; drop the - 1.")
    if not read.terms:
        raise ValueError("formula: within groups there is no mean left to estimate; name a predictor.")


def _groups(moments, errors):
    groups = len(moments.labels)
    if moments.labels == (None,):
        raise ValueError(f"errors: {errors!r} needs groups; name their column with by=…, or give Moments kept by group.")
    if groups < 2:
        raise ValueError(f"errors: {errors!r} needs at least two groups; there is only {moments.labels[0]!r}.")
    return groups


def _correlation_structure(moments, outcome, predictors, k, free):
    equation = Equations(moments.names, {outcome: tuple(predictors)})
    R, n = moments.cor.to_numpy(), moments.n
    V = np.zeros((k, k))  # an intercept, where there is one, is not shown: no mean is known
    start = k - len(predictors)
    V[start:, start:] = normal_covariance(equation.gradients(R, standardized=True), R, n, np.full(len(predictors), free))
    return V


def _from_rows(data, read, by, within):
    if (by is None) == within:
        raise ValueError("by: HC3 uses groups only with within=True (fixed effects); give both or neither.")
    if within:
        _refuse_no_slope(read)
    fit = hc3(data, read, by)
    return Regression(coefficient_table(fit.names, fit.b, fit.V, fit.df), pd.DataFrame(fit.V, fit.names, fit.names), fit.r2,
                      fit.n, None, fit.absorbed, ERRORS["HC3"], str(read), fit.rule)


def coefficient_table(names, b, V, df):
    """The table of coefficients with t tests and 95 % intervals."""
    from scipy.special import stdtr, stdtrit

    se = np.sqrt(np.diag(V))
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = np.where(se > 0, b / se, np.nan)
        half = se * stdtrit(df, 0.975)
        p = 2 * stdtr(df, -np.abs(statistic))
    return pd.DataFrame(dict(zip(COLUMNS, (list(names), b, se, statistic, np.broadcast_to(df, b.shape).astype(float), p,
                                           b - half, b + half), strict=True)))
