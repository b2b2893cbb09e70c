"""What the bootstrap computes in each resample: a model's coefficients in batches, or whatever a callable gives."""

import numbers
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pebbletrail.models.draws import Rows
from pebbletrail.models.formula import read_formula
from pebbletrail.models.path_model import path_model, read_paths
from pebbletrail.models.replicates import SumsJob, end_when_told, units_of
from pebbletrail.models.solve import solved
from pebbletrail.models.system import system
from pebbletrail.moments import Moments
from pebbletrail.moments.from_print import NO_SPREADS
from pebbletrail.progress import Progress

CALLS = 20  # replicates in a batch of calls, each of which may be slow: how often work is shown, shared out or kept
FIELDS = ("term", "outcome", "predictor")
NUMBER = numbers.Real | np.bool_


def values_of(result, argument="statistic"):
    """A statistic's result as a dict from name to number."""
    table = getattr(result, "table", result)
    if isinstance(table, pd.DataFrame) and "estimate" in table:
        fields = [field for field in FIELDS if field in table]
        names = [" ~ ".join(str(row[field]) for field in fields) or str(at) for at, row in table.iterrows()]
        pairs = list(zip(names, table["estimate"], strict=True))
    elif isinstance(result, pd.Series | dict):
        pairs = list(result.items())
    elif isinstance(result, NUMBER) or (isinstance(result, np.ndarray) and result.ndim == 0):
        pairs = [("statistic", result)]
    elif isinstance(result, list | tuple) or (isinstance(result, np.ndarray) and result.ndim == 1):
        pairs = [(f"statistic {number}", value) for number, value in enumerate(result, start=1)]
    else:
        raise ValueError(f"{argument}: it must give a number, a Series, a dict, a sequence of numbers, or a result with "
                         f".table, not {type(result).__name__}.")
    found = {}
    for name, value in pairs:
        value = value[()] if isinstance(value, np.ndarray) and value.ndim == 0 else value
        if not isinstance(value, NUMBER):
            raise ValueError(f"{argument}: {name} is {value!r}; every value must be a number.")
        if name in found:
            raise ValueError(f"{argument}: it gives two values named {name!r}; each needs a name of its own.")
        found[name] = float(value)
    if not found:
        raise ValueError(f"{argument}: it gives nothing.")
    return found


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


@dataclass(frozen=True, eq=False)
class Called:
    """A callable's values, in a fixed order; NaN where it refuses a resample."""

    statistic: object
    names: tuple

    def __call__(self, sample):
        end_when_told()
        try:
            found = values_of(self.statistic(sample))
        except (ValueError, ArithmeticError, LookupError):  # such as a resample without variation, or without some level
            found = {}
        values = np.array([found.get(name, np.nan) for name in self.names])
        return np.where(np.isfinite(values), values, np.nan)

    def whole(self, data):
        """``(names, values)`` of the statistic on all data, where nothing may be missing."""
        found = values_of(self.statistic(data))
        if odd := [name for name, value in found.items() if not np.isfinite(value)]:
            raise ValueError(f"statistic: {odd[0]} is {found[odd[0]]} on the whole data, so there is nothing to resample.")
        return found


@dataclass(frozen=True, eq=False)
class OfSums:
    """A callable of Moments, for resampled rows: the Moments of each replicate are made from its sums."""

    called: Called
    like: Moments
    at_once = CALLS

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
        return [_jackknife(self._of, len(self))]

    def _of(self, at):
        m = self.moments
        taken = len(at) if m.absorbed else 0
        return self.called(replace(m, labels=tuple(range(len(at))), _sizes=m._sizes[at], _means=m._means[at],
                                   _products=m._products[at], _taken=taken))


@dataclass(frozen=True, eq=False)
class RowsJob:
    """A callable of rows: of a frame's resampled rows, or of the rows of its resampled groups.

    These groups carry new labels, 0, 1, …: a group drawn twice is two groups to a statistic that looks at the label.
    """

    called: Called
    data: pd.DataFrame
    by: object = None
    parts: list | None = None  # the places of each group's rows

    def __len__(self):
        return len(self.data if self.parts is None else self.parts)

    def layout(self, replicates):
        return _slow_layout(replicates)

    def batch(self, seed, size):
        rng = np.random.default_rng(seed)
        return np.array([self._of(rng.integers(0, len(self), len(self))) for _ in range(size)])

    def influences(self):
        return [_jackknife(self._of, len(self))]

    def _of(self, at):
        if self.parts is None:
            return self.called(self.data.iloc[at])
        taken = [self.parts[one] for one in at]
        sample = self.data.iloc[np.concatenate(taken)]
        sample[self.by] = np.repeat(np.arange(len(at)), [len(rows) for rows in taken])
        return self.called(sample)


def _slow_layout(replicates):
    return [min(CALLS, replicates - start) for start in range(0, replicates, CALLS)]


def _jackknife(compute, count):
    """Influence of each unit by leaving it out, ``(units, statistics)``; 0 where the rest gives nothing."""
    everyone, left = np.arange(count), []
    with Progress(count, "units left out") as progress:
        for out in everyone:
            left.append(compute(np.delete(everyone, out)))
            progress.add()
    left = np.array(left)
    there = np.isfinite(left)
    mean = np.where(there, left, 0).sum(axis=0) / np.maximum(there.sum(axis=0), 1)
    return (count - 1) * np.where(there, mean - left, 0)


def of_callable(data, statistic, of, columns, by):
    """``(job, names, estimates, rule, of)`` for a callable of Moments or, where it refuses these, of rows."""
    refused, on_whole = None, Called(statistic, ()).whole
    if of != "rows":
        try:
            units, moments = units_of(data, columns, by)
            whole = on_whole(moments)
        except Exception as error:
            if of == "moments" or columns is not None or not isinstance(data, pd.DataFrame):
                raise
            refused = error
        else:
            called = Called(statistic, tuple(whole))
            job = SumsJob(units, OfSums(called, moments)) if isinstance(units, Rows) else GroupsJob(called, moments)
            return job, list(whole), np.array(list(whole.values())), moments.rule, "moments"
    # a copy that shares its values: what a statistic adds to its frame is not added to the caller's
    rows = data.copy(deep=False) if by is None else data[data[by].notna()]
    try:
        whole = on_whole(rows.copy(deep=False))
    except Exception as error:
        if refused is not None:
            error.add_note(f"statistic: on Moments of the data it had failed before: {refused}")
        raise
    rule = f"{len(data):,} rows"
    if lost := len(data) - len(rows):
        rule += f", {lost:,} of them left out for a missing {by}"
    job = RowsJob(Called(statistic, tuple(whole)), rows, by, None if by is None else _parts(rows, by))
    return job, list(whole), np.array(list(whole.values())), rule, "rows"


def _parts(rows, by):
    """The places of each group's rows, in the order that Moments keep the groups."""
    codes, labels = pd.factorize(rows[by], sort=True)
    if len(labels) < 2:
        raise ValueError(f"by: {by!r} has {len(labels)} groups with a label; at least two are needed to resample.")
    return np.split(np.argsort(codes, kind="stable"), np.cumsum(np.bincount(codes))[:-1])
