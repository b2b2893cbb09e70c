"""``pt.floodlight``: a slope at every value of a moderator, from a regression with a product."""

import numpy as np
import pandas as pd

from pebbletrail.models.floodlight.line import BANDS, Line
from pebbletrail.models.floodlight.region import region_table
from pebbletrail.models.floodlight.result import Floodlight
from pebbletrail.models.formula import read_formula
from pebbletrail.models.regress import regress
from pebbletrail.moments.accept import moments_of
from pebbletrail.moments.design import design
from pebbletrail.moments.terms import factors_of

TAKEN = ("at", "estimate", "se", "statistic", "df", "p_value", "ci_low", "ci_high")  # the table's own columns
NOTHING = 1e-12  # of a standard deviation: what the mean of a centred moderator leaves of 0


def floodlight(data, formula, moderator, predictor=None, errors="classical", by=None, within=False, band="pointwise"):
    """The slope of a predictor along a moderator, and the region where its interval excludes 0 (Johnson-Neyman).

    Parameters
    ----------
    data : DataFrame, Moments or Ibis table
        As for ``pt.regress``. Moments must have the product among their columns, and do not know the moderator's range.
    formula : str
        With a product of the moderator: ``"loyalty ~ satisfaction * costs"``; more predictors may stand beside.
    moderator : str
        A number, not a category.
    predictor : str, optional
        Whose slope; needed where several products hold the moderator. ``"C(plan)[gold]"`` for a dummy.
    errors, by, within
        As for ``pt.regress``, without ``"cluster-cr2"``.
    band : {"pointwise", "simultaneous"}
        ``pointwise``: 95 % at each value of the moderator taken alone. ``simultaneous``: 95 % for the whole line at once
        (Scheffé, √(2 F(2, df))), and so for the region as a whole.

    Returns
    -------
    Floodlight

    Raises
    ------
    ValueError
        What ``pt.regress`` refuses; no product with the moderator, or a product of three; a category as moderator, or one
        named like a column of the table (``"se"``); a formula without the predictor itself; an exact fit, or a table without
        sample size or standard deviations: no interval.

    Notes
    -----
    Assumes that the slope changes by the same amount for each unit of the moderator: a straight line, at the ends too, where
    few rows may lie. Edges of a region are not thresholds in the world: they move outwards as rows are added.

    Checked against R (lm, sandwich and the covariance of its coefficients, edges by bisection).

    Sources: Johnson & Neyman 1936; Potthoff 1964 for the simultaneous band; Spiller, Fitzsimons, Lynch & McClelland 2013 for
    the name.
    """
    if moderator in TAKEN:
        raise ValueError(f"moderator: a column named {moderator!r} cannot be told from the table's own; rename it, "
                         f"data.rename(columns={{{moderator!r}: '{moderator}_'}}).")
    if band not in BANDS:
        raise ValueError(f"band: {band!r} is not one of {', '.join(BANDS)}.")
    if errors == "cluster-cr2":
        raise ValueError("errors: 'cluster-cr2' has other degrees of freedom at each value of the moderator; use 'cluster'.")
    read = read_formula(formula)
    partner = _partner(read, moderator, predictor)
    fit = regress(data, formula, errors=errors, by=by, within=within)
    if fit.standardized:
        raise ValueError("data: a table of correlations without standard deviations does not say how large the product is; "
                         "give sd= to Moments.from_correlations.")
    if fit.n is None:
        raise ValueError("data: the sample size is unknown, so the slope has no interval; give n= to from_correlations.")
    values, mean, sd = _of_moderator(data, read, moderator, by if within or errors == "cluster" else None)
    pair = _pair(fit, moderator, partner, predictor)
    near, origin = fit, 0.0
    if values is not None and _may_move(read, moderator, within):
        # about the moderator's mean the line keeps all its digits, also where the moderator is a calendar year
        origin = mean
        near = regress(data.assign(**{moderator: data[moderator] - mean}), formula, errors=errors, by=by, within=within)
    b = near.table.set_index("term").loc[pair, "estimate"].to_numpy()
    V = near.covariance.loc[pair, pair].to_numpy()
    if not V[1, 1] > 0 or np.isnan(V).any():
        raise ValueError(f"data: {pair[1]} has no error ({'the fit is exact' if V[1, 1] == 0 else 'too few groups'}), so "
                         "the slope has no interval.")
    df = float(fit.table.set_index("term").loc[pair[1], "df"])
    line = Line(b, V, df, origin, band)
    observed = None if values is None else (float(values.min()), float(values.max()))
    places = {"lowest": observed and observed[0], "mean − 1 SD": mean - sd, "mean": mean, "mean + 1 SD": mean + sd,
              "highest": observed and observed[1]}
    places = {name: 0.0 if abs(value) < NOTHING * sd else value for name, value in places.items() if value is not None}
    table = line.at(moderator, list(places.values()))
    table.insert(0, "at", list(places))
    return Floodlight(table, region_table(line.regions, values, observed), observed, band, moderator, *pair, read.outcome,
                      fit, line, values)


def _may_move(read, moderator, within):
    """Whether measuring the moderator from elsewhere leaves the model what it is.

    It does where all that is multiplied with the moderator stands alone too: an intercept, where the moderator itself does.
    """
    partners = [factor for factors in read.products if len(factors) == 2 and moderator in factors
                for factor in factors if factor != moderator]
    return all((one,) in read.products for one in partners) and (
        read.intercept or within or (moderator,) not in read.products)


def _partner(read, moderator, predictor):
    """The factor that is multiplied with the moderator, as the formula writes it."""
    products = [factors for factors in read.products if len(factors) > 1 and moderator in factors]
    if not products:
        if any(f"C({moderator})" in factors for factors in read.products):
            raise ValueError(f"moderator: {moderator!r} is a category in '{read}'; a line along it needs a number. Fit the "
                             "groups one by one instead.")
        raise ValueError(f"moderator: '{read}' has no product with {moderator!r}; write x * {moderator}.")
    if long := [factors for factors in products if len(factors) > 2]:
        raise ValueError(f"formula: in {':'.join(long[0])} the slope depends on {len(long[0]) - 1} moderators at once; keep "
                         "products of two.")
    partners = [next(factor for factor in factors if factor != moderator) for factors in products]
    wanted = predictor.split(")[")[0] + ")" if predictor and ")[" in predictor else predictor
    if wanted is None and len(partners) > 1:
        raise ValueError(f"predictor: {moderator!r} is multiplied with {', '.join(partners)}; say whose slope you want, "
                         f"such as predictor={partners[0]!r}.")
    if wanted is not None and wanted not in partners:
        raise ValueError(f"predictor: no product of {moderator!r} with {predictor!r} in '{read}'; there is one with "
                         f"{', '.join(partners)}.")
    partner = wanted or partners[0]
    if (partner,) not in read.products:
        raise ValueError(f"formula: without {partner} itself, its slope is held at 0 where {moderator} is 0; add {partner}.")
    return partner


def _pair(fit, moderator, partner, predictor):
    """The names of the slope and of the product among the coefficients."""
    terms = list(fit.table["term"])
    if partner.startswith("C("):
        dummies = [term for term in terms if term.startswith(f"{partner}[") and len(factors_of(term)) == 1]
        named = [predictor] if predictor in dummies else dummies if predictor in (None, partner) else []
        if len(named) != 1:
            raise ValueError(f"predictor: {partner} has the dummies {', '.join(dummies)}; name one of them.")
        partner = named[0]
    product = next(term for term in terms if set(factors_of(term)) == {partner, moderator})
    return [partner, product]


def _of_moderator(data, read, moderator, by):
    """``(values, mean, sd)`` of the moderator in the rows of the fit; values None where there are no rows."""
    terms = [read.outcome, *read.terms, *([] if moderator in read.terms else [moderator])]
    if isinstance(data, pd.DataFrame):
        made = design(data, terms, by)
        values = data[moderator].to_numpy(dtype=float, na_value=np.nan)[made.complete]
        return values, float(values.mean()), float(values.std(ddof=1))
    moments = moments_of(data, terms, by=by)
    if moments.absorbed:
        raise ValueError("data: these are deviations from the groups' means, so the moderator's own values are gone; give "
                         "the rows with within=True.")
    return None, float(moments.mean[moderator]), float(moments.sd[moderator])
