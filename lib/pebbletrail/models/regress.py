"""Linear regression, from rows, from moments, or from a table in a warehouse."""

import numpy as np
import pandas as pd

from pebbletrail.models.cluster import counted, cr1, cr2
from pebbletrail.models.equations import Equations, normal_covariance
from pebbletrail.models.formula import read_formula
from pebbletrail.models.regression import ERRORS, Regression, coefficient_table
from pebbletrail.models.robust import hc3
from pebbletrail.models.system import refuse_constant, standardized, system
from pebbletrail.moments import Moments
from pebbletrail.moments.accept import moments_of
from pebbletrail.moments.from_print import NO_MEANS, NO_SPREADS
from pebbletrail.moments.terms import expand

MEANT = {"hc3": "HC3", "robust": "HC3", "cr1": "cluster", "clustered": "cluster", "cr2": "cluster-cr2", "ols": "classical"}


def regress(data, formula, errors="classical", by=None, within=False, count_absorbed=False):
    """Fit a linear regression by least squares.

    Parameters
    ----------
    data : DataFrame, Moments or Ibis table
        Rows that lack one of the formula's columns are left out and counted in ``rule``.
    formula : str
        ``"y ~ x + z"``. ``x:z`` is a product, ``x*z`` both and their product, ``- 1`` leaves out the intercept. ``C(week)``
        is a dummy for each week but the first; where nothing stands for that one (``C(week) - 1``, or ``C(week):x`` without
        ``x``), it is refused, unless ``x`` does not vary ``within`` groups.
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

    Dummies of the groups themselves (``C(team)`` with ``by="team"``) have no clustered error, nor has the intercept beside
    them; ``within=True`` gives the same slopes without them.

    Where the fit is exact (residuals within the rounding of the sums, R² within about 1e-13 of 1) errors are 0, and there is
    no statistic. No clustered error is right for a coefficient that rests on hardly more than one group, such as a
    treatment that one group received: ``rests_on`` counts, below 1.01 groups the error is NaN, and below 2 ``.text`` warns.
    CR1 comes out too small with fewer than about 40 groups, and with more where a predictor varies between groups only and
    is unequally spread over them. Within groups, a group of one observation holds nothing, and counts neither in N nor in G
    of CR1 (as in reghdfe); with ``count_absorbed=True`` it does, as with dummies.

    Weights of scales made of standardised items (``m.scales`` of a table of correlations) are standardised once more; their
    errors allow for the scale's standard deviation, not for those of its items.

    Checked against statsmodels (classical, HC3, clusters, dummies), R's sandwich and clubSandwich (CR1, CR2, degrees of
    freedom) and lavaan (standardised weights).
    """
    if not isinstance(errors, str) or errors not in ERRORS:
        meant = MEANT.get(str(errors).lower())
        raise ValueError(f"errors: {errors!r} is not one of {', '.join(ERRORS)}."
                         + (f" {meant!r} is what you mean, it seems." if meant else ""))
    if isinstance(formula, pd.DataFrame):
        raise ValueError("formula: data and formula are swapped; write regress(data, formula).")
    for name, given in (("within", within), ("count_absorbed", count_absorbed)):
        if not isinstance(given, bool):
            raise ValueError(f"{name}: True or False, not {given!r}; the column of the groups goes into by=.")
    if within and by is None and not isinstance(data, Moments):
        raise ValueError("within: groups are needed; name their column with by=….")
    read = read_formula(formula)
    if read.intercept and "Intercept" in read.terms:
        raise ValueError("formula: a column named 'Intercept' cannot be told from the intercept; rename it.")
    if errors == "HC3":
        return _from_rows(data, read, by, within)
    if by is not None and errors == "classical" and not within:
        raise ValueError(f"by: {by!r} would not be used; add errors='cluster', or within=True for fixed effects.")
    return _fitted(_moments(data, read, by, within), read, errors, count_absorbed, by)


def _moments(data, read, by, within):
    """The moments of a formula's terms, their within part where wanted; dummies without a reference are refused."""
    terms = [read.outcome, *read.terms]
    if not within and not getattr(data, "absorbed", 0):
        read.check_references()
        return moments_of(data, terms, by=by)
    # C(week):treated without treated is well defined where treated does not vary within groups, and only there
    needed = {":".join(rest): term for term, _, rest in read.unreferenced() if rest}
    if isinstance(data, Moments) and (gone := [name for name in needed if name not in data.names]):
        raise ValueError(f"formula: {needed[gone[0]]} stands without {gone[0]}, which is right only where {gone[0]} does "
                         f"not vary within groups; keep it among the columns of the Moments, or add it to '{read}'.")
    whole = moments_of(data, [*terms, *needed], by=by)
    whole = whole if whole.absorbed else whole.within()
    for name, term in needed.items():
        if (np.diag(whole.select(expand([name], whole.names, whole._levels)).cov) > 0).any():
            raise ValueError(f"formula: {term} would leave the first level without a slope, since {name} varies within "
                             f"groups; add {name}.")
    return whole.select(expand(terms, whole.names, whole._levels))


def _fitted(moments, read, errors, count_absorbed, by):
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
    n, k, clusters, resting, told = moments.n, len(fit.names), None, None, ERRORS[errors]
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
        rows, clusters = _groups(moments, errors, count_absorbed)
        estimated = k + (moments.absorbed if count_absorbed else bool(moments.absorbed))
        if errors == "cluster":
            (V, resting), df = cr1(fit, rows, clusters, estimated), clusters - 1
        else:
            V, df, resting = cr2(fit)
        own = own_dummies(fit.names, by)
        V[own, :] = V[:, own] = np.nan
    explained = 1 - fit.rss / fit.yy
    keep = slice(int(no_means), None)  # without means there is no intercept to report
    return Regression(coefficient_table(fit.names[keep], b[keep], V[keep, keep], df),
                      pd.DataFrame(V[keep, keep], fit.names[keep], fit.names[keep]), float(explained), n, clusters,
                      moments.absorbed, told, str(read), moments.rule, moments.source == NO_SPREADS,
                      None if resting is None else pd.Series(resting[keep], fit.names[keep], name="rests_on"))


def own_dummies(names, by):
    """Which coefficients belong to single groups, where the formula has dummies of the groups: these, and the intercept."""
    own = np.array([any(factor.startswith(f"C({by})[") for factor in name.split(":")) for name in names], dtype=bool)
    return own | (own.any() & (np.array(names) == "Intercept"))


def _refuse_no_slope(read):
    """Within groups there are slopes, and nothing else to estimate or to leave out."""
    if not read.intercept:
        raise ValueError("formula: within groups there is no intercept to leave out; drop the - 1.")
    if not read.terms:
        raise ValueError("formula: within groups there is no mean left to estimate; name a predictor.")


def _groups(moments, errors, all_count):
    """``(rows, groups)`` that count; all of them where the absorbed means do."""
    if moments.labels == (None,):
        raise ValueError(f"errors: {errors!r} needs groups; name their column with by=…, or give Moments kept by group.")
    rows, groups = (moments.n, len(moments.labels)) if all_count else counted(moments)
    if groups < 2:
        told = f"there is only {moments.labels[0]!r}" if len(moments.labels) == 1 else "the others hold one observation each"
        raise ValueError(f"errors: {errors!r} needs at least two groups; {told}.")
    return rows, groups


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
    if not isinstance(data, pd.DataFrame):
        raise ValueError("errors: 'HC3' needs rows, since it weighs each row's residual; give a DataFrame"
                         f"{', or use clusters' if isinstance(data, Moments) else ''}, not {type(data).__name__}.")
    fit = hc3(data, read, by, _moments(data, read, by, within))
    return Regression(coefficient_table(fit.names, fit.b, fit.V, fit.df), pd.DataFrame(fit.V, fit.names, fit.names), fit.r2,
                      fit.n, None, fit.absorbed, ERRORS["HC3"], str(read), fit.rule)
