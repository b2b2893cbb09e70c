"""Any statistic that a callable gives, resampled: of Moments where the callable takes them, else of rows."""

import numbers
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pebbletrail.models.draws import Rows
from pebbletrail.models.replicates import SumsJob, end_when_told, units_of
from pebbletrail.moments import Moments
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
        """The statistic's values by name on all data, where nothing may be missing."""
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


class Calls:
    """A job that calls once a replicate: ``_of`` gives the values of the units at some places, ``len`` counts the units."""

    def layout(self, replicates):
        return [min(CALLS, replicates - start) for start in range(0, replicates, CALLS)]

    def batch(self, seed, size):
        rng = np.random.default_rng(seed)
        return np.array([self._of(rng.integers(0, len(self), len(self))) for _ in range(size)])

    def influences(self):
        return [_jackknife(self._of, len(self))]


@dataclass(frozen=True, eq=False)
class GroupsJob(Calls):
    """A callable of Moments kept by group, for resampled groups; a group drawn twice counts as two."""

    called: Called
    moments: Moments

    def __len__(self):
        return len(self.moments.labels)

    def _of(self, at):
        m = self.moments
        taken = len(at) if m.absorbed else 0
        return self.called(replace(m, labels=tuple(range(len(at))), _sizes=m._sizes[at], _means=m._means[at],
                                   _products=m._products[at], _taken=taken))


@dataclass(frozen=True, eq=False)
class RowsJob(Calls):
    """A callable of rows: of a frame's resampled rows, or of the rows of its resampled groups.

    These groups carry new labels, 0, 1, …: a group drawn twice is two groups to a statistic that looks at the label.
    """

    called: Called
    data: pd.DataFrame
    by: object = None
    parts: list | None = None  # the places of each group's rows

    def __len__(self):
        return len(self.data if self.parts is None else self.parts)

    def _of(self, at):
        if self.parts is None:
            return self.called(self.data.iloc[at])
        taken = [self.parts[one] for one in at]
        sample = self.data.iloc[np.concatenate(taken)]
        sample[self.by] = np.repeat(np.arange(len(at)), [len(rows) for rows in taken])
        return self.called(sample)


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
            if columns is None and moments.lost and isinstance(data, pd.DataFrame):
                _refuse_gaps(data, moments)
            called = Called(statistic, tuple(whole))
            job = SumsJob(units, OfSums(called, moments)) if isinstance(units, Rows) else GroupsJob(called, moments)
            return job, list(whole), np.array(list(whole.values())), moments.rule, "moments"
    # a copy that shares its values: what a statistic adds to its frame is not added to the caller's
    rows = data.copy(deep=False) if by is None else data[data[by].notna()]
    try:
        whole = on_whole(rows.copy(deep=False))
    except Exception as error:
        if refused is None:
            raise
        raise ValueError(f"statistic: of Moments it failed with {_told(refused)}; of rows, with {_told(error)}. Say which "
                         "it takes, of='moments' or of='rows', to see more.") from error
    rule = f"{len(data):,} rows"
    if lost := len(data) - len(rows):
        rule += f", {lost:,} of them left out for a missing {by}"
    job = RowsJob(Called(statistic, tuple(whole)), rows, by, None if by is None else _parts(rows, by))
    return job, list(whole), np.array(list(whole.values())), rule, "rows"


def _told(error):
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}".rstrip(": ")


def _refuse_gaps(data, moments):
    """Rows must not be lost for a column that the statistic may not even look at."""
    gaps = [str(name) for name in moments.names if data[name].isna().any()]
    if gaps:
        raise ValueError(f"columns: {moments.lost:,} of {moments.read:,} rows lack a value in {', '.join(gaps)}, which the "
                         "statistic may not use. Name the columns that it uses: columns=[…].")


def _parts(rows, by):
    """The places of each group's rows, in the order that Moments keep the groups."""
    codes, labels = pd.factorize(rows[by], sort=True)
    if len(labels) < 2:
        raise ValueError(f"by: {by!r} has {len(labels)} groups with a label; at least two are needed to resample.")
    return np.split(np.argsort(codes, kind="stable"), np.cumsum(np.bincount(codes))[:-1])
