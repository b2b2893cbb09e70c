"""A model's text as a statistic: its coefficients, and a path model's effects, in many resamples at once."""

from dataclasses import dataclass

import numpy as np

from pebbletrail.models.formula import read_formula
from pebbletrail.models.path_model import path_model, read_paths
from pebbletrail.models.replicates import SumsJob, units_of
from pebbletrail.models.solve import solved
from pebbletrail.models.system import system
from pebbletrail.moments.from_print import NO_SPREADS


@dataclass(frozen=True, eq=False)
class Text:
    """A formula's coefficients, many replicates at once."""

    intercept: bool

    def __call__(self, sizes, means, products):
        if not self.intercept:
            products = products + sizes[:, None, None] * means[:, :, None] * means[:, None, :]
        b = solved(products[:, 1:, 1:], products[:, 0, 1:])
        return np.column_stack([means[:, 0] - np.sum(b * means[:, 1:], axis=1), b]) if self.intercept else b


def of_text(data, text, by):
    """``(job, names, estimates, rule)`` for a formula, or for a path model of several outcomes."""
    if isinstance(text, str) and text.count("~") == 1:
        formula = read_formula(text)
        units, moments = units_of(data, [formula.outcome, *formula.terms], by)
        if not moments.absorbed:
            formula.check_references()
        intercept = formula.intercept and not moments.absorbed
        outcome, *predictors = moments.names
        fit = system(moments, outcome, predictors, intercept)
        if moments.n <= (count := len(fit.names) + moments.absorbed):
            raise ValueError(f"data: {moments.n} observations are too few for {count} coefficients.")
        return SumsJob(units, Text(intercept)), fit.names, fit.coefficients, moments.rule
    variables, products, regressions = read_paths(text)
    units, moments = units_of(data, [*variables, *products], by)
    model = path_model(moments, variables, products, regressions, standardized=moments.source == NO_SPREADS)
    model.equations.check(moments)
    b = model.coefficients(moments.mean.to_numpy(), moments.cov.to_numpy())
    names = [f"{outcome} ~ {predictor}" for predictor, outcome in model.equations.arrows]
    names += [" → ".join([one.source, *one.stations, one.target]) + (" (total)" if one.kind == "total" else "")
              for one in model.effects]
    names += [f"{' → '.join([one.effect.source, *one.effect.stations, one.effect.target])} ({one.kind}, {one.moderator}"
              + (f" at {one.at})" if one.at else ")") for one in model.moderated]
    return SumsJob(units, model.evaluate), names, np.concatenate([b, model.quantities(b)]), moments.rule
