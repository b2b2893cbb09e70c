"""What the bootstrap computes in each resample: a model's coefficients in batches, or whatever a callable gives."""

import numbers
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pebbletrail.models.draws import Rows
from pebbletrail.models.formula import read_formula
from pebbletrail.models.path_model import path_model, read_paths
from pebbletrail.models.replicates import SumsJob, units_of
from pebbletrail.models.solve import solved
from pebbletrail.models.system import system
from pebbletrail.moments import Moments
from pebbletrail.moments.from_print import NO_SPREADS

ROWS_A_BATCH = 20  # replicates between two looks at the keyboard, for statistics that are slow
FIELDS = ("term", "outcome", "predictor")


def values_of(result, argument="statistic"):
    """A statistic's result as a dict from name to number."""
    table = getattr(result, "table", result)
    if isinstance(table, pd.DataFrame) and "estimate" in table:
        names = [" ~ ".join(str(row[field]) for field in FIELDS if field in table) or str(at) for at, row in table.iterrows()]
        found = dict(zip(names, table["estimate"], strict=True))
    elif isinstance(result, pd.Series | dict):
        found = dict(result)
    elif isinstance(result, numbers.Number):
        found = {"statistic": result}
    elif isinstance(result, np.ndarray | list | tuple) and np.ndim(result) == 1:
        found = {f"statistic {number}": value for number, value in enumerate(result, start=1)}
    else:
        raise ValueError(f"{argument}: it must give a number, a Series, a dict, a sequence of numbers, or a result with .table, "
                         f"not {type(result).__name__}.")
    if wrong := [name for name, value in found.items() if not isinstance(value, numbers.Number)]:
        raise ValueError(f"{argument}: {wrong[0]} is {found[wrong[0]]!r}; every value must be a number.")
    if not found:
        raise ValueError(f"{argument}: it gives nothing.")
    return {name: float(value) for name, value in found.items()}


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
        intercept = formula.intercept and not moments.absorbed
        outcome, *predictors = moments.names
        fit = system(moments, outcome, predictors, intercept)
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


@dataclass(frozen=True, eq=False)
class Called:
    """A callable's values, in a fixed order; NaN where it refuses a resample."""

    statistic: object
    names: tuple

    def __call__(self, sample):
        try:
            found = values_of(self.statistic(sample))
        except (ValueError, ZeroDivisionError, FloatingPointError, np.linalg.LinAlgError):
            return [np.nan] * len(self.names)  # such as a resample without variation
        return [found.get(name, np.nan) for name in self.names]


@dataclass(frozen=True, eq=False)
class OfSums:
    """A callable of Moments, for resampled rows: the Moments of each replicate are made from its sums."""

    called: Called
    like: Moments

    def __call__(self, sizes, means, products):
        whole = np.rint(sizes).astype(int)
        return np.array([self.called(replace(self.like, _sizes=whole[[at]], _means=means[[at]], _products=products[[at]]))
                         for at in range(len(sizes))])


@dataclass(frozen=True, eq=False)
class GroupsJob:
    """A callable of Moments kept by group, for resampled groups; a group drawn twice counts as two."""

    called: Called
    moments: Moments

    def __len__(self):
        return len(self.moments.labels)

    def layout(self, replicates):
        return _slow_layout(replicates)

    def batch(self, seed, size):
        rng = np.random.default_rng(seed)
        return np.array([self._of(rng.integers(0, len(self), len(self))) for _ in range(size)])

    def influences(self):
        return _jackknife(self._of, len(self))

    def _of(self, at):
        m = self.moments
        taken = len(at) if m.absorbed else 0
        return self.called(replace(m, labels=tuple(range(len(at))), _sizes=m._sizes[at], _means=m._means[at],
                                   _products=m._products[at], _taken=taken))


@dataclass(frozen=True, eq=False)
class RowsJob:
    """A callable of rows: of a frame's resampled rows, or of the rows of its resampled groups."""

    called: Called
    data: pd.DataFrame
    parts: list | None  # the places of each group's rows

    def __len__(self):
        return len(self.data if self.parts is None else self.parts)

    def layout(self, replicates):
        return _slow_layout(replicates)

    def batch(self, seed, size):
        rng = np.random.default_rng(seed)
        return np.array([self._of(rng.integers(0, len(self), len(self))) for _ in range(size)])

    def influences(self):
        return _jackknife(self._of, len(self))

    def _of(self, at):
        rows = at if self.parts is None else np.concatenate([self.parts[one] for one in at])
        return self.called(self.data.iloc[rows])


def _slow_layout(replicates):
    return [min(ROWS_A_BATCH, replicates - start) for start in range(0, replicates, ROWS_A_BATCH)]


def _jackknife(compute, count):
    """Influence of each unit by leaving it out, ``(units, statistics)``."""
    left = np.array([compute(np.delete(np.arange(count), out)) for out in range(count)])
    return (count - 1) * (np.nanmean(left, axis=0) - np.nan_to_num(left, nan=np.nanmean(left)))


def of_callable(data, statistic, of, columns, by):
    """``(job, names, estimates, rule, of)`` for a callable of Moments or, where it refuses these, of rows."""
    refused = None
    if of != "rows":
        try:
            units, moments = units_of(data, columns, by)
            whole = values_of(statistic(moments))
        except Exception as error:
            if of == "moments" or isinstance(data, Moments):
                raise
            refused = error
        else:
            called = Called(statistic, tuple(whole))
            job = SumsJob(units, OfSums(called, moments)) if isinstance(units, Rows) else GroupsJob(called, moments)
            return job, list(whole), np.array(list(whole.values())), moments.rule, "moments"
    rows, lost = (data, 0) if by is None else (data[data[by].notna()], int(data[by].isna().sum()))
    try:
        whole = values_of(statistic(rows))
    except Exception as error:
        if refused is not None:
            error.add_note(f"statistic: on Moments of the data it had failed before: {refused}")
        raise
    parts = None if by is None else [at for _, at in sorted(rows.groupby(by, observed=True).indices.items())]
    if parts is not None and len(parts) < 2:
        raise ValueError(f"by: {by!r} has one group only; at least two are needed to resample.")
    rule = f"{len(data):,} rows" + (f", {lost} of them left out for a missing {by}" if lost else "")
    return RowsJob(Called(statistic, tuple(whole)), rows, parts), list(whole), np.array(list(whole.values())), rule, "rows"
