"""A panel as arrays: one row a unit and time, numbered, checked, with what was left out."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pebbletrail.moments.levels import plain


@dataclass(frozen=True, eq=False)
class Panel:
    """Rows of a panel, all arrays of one length, in the caller's order.

    ``unit``, ``time`` and ``cluster`` are numbered from 0; ``start`` is infinite for units that are never treated, and
    ``since`` (time minus start) is −inf there. ``first`` is the first time; ``missing`` counts rows without an outcome,
    ``beyond`` treated rows after the horizon.
    """

    y: np.ndarray
    unit: np.ndarray
    time: np.ndarray
    cluster: np.ndarray
    start: np.ndarray
    since: np.ndarray
    units: int
    times: int
    clusters: int
    first: float
    missing: int
    beyond: int

    @property
    def treated(self):
        return self.since >= 0

    def rows(self, chosen):
        """The panel of some rows (a mask or numbers); the numbering of units, times and clusters stays."""
        parts = {name: getattr(self, name)[chosen] for name in ("y", "unit", "time", "cluster", "start", "since")}
        return Panel(**parts, units=self.units, times=self.times, clusters=self.clusters, first=self.first,
                     missing=self.missing, beyond=self.beyond)


def read_panel(rows, outcome, unit, time, start, by, horizon):
    """Check the caller's frame and number it. Raises ValueError in words."""
    _check_columns(rows, outcome=outcome, unit=unit, time=time, start=start, by=by)
    y = _numbers(rows[outcome], "outcome", "what was measured")
    if np.isinf(y).any():
        raise ValueError(f"outcome: {outcome!r} holds infinite values; mend them, or make them missing.")
    when = _numbers(rows[time], "time", "whole numbers such as week numbers")
    begun = _numbers(rows[start], "start", "the time of the first treated row, or nothing where there is none")
    begun = np.where(np.isnan(begun), np.inf, begun)
    if np.isneginf(begun).any():
        raise ValueError(f"start: {start!r} holds −inf; write the first treated {time}, or nothing for never.")
    for name, column, values in (("time", time, when), ("start", start, begun[np.isfinite(begun)])):
        if np.isnan(values).any() or np.isinf(values).any():
            raise ValueError(f"{name}: {column!r} is missing or infinite in some rows; every row needs its {column}.")
        if len(off := values[values != np.round(values)]):
            raise ValueError(f"{name}: {column!r} holds {off[0]:g}; number the times 1, 2, 3 … so that {time} minus {start} "
                             "counts whole steps.")
    names = rows[unit]
    if names.isna().any():
        raise ValueError(f"unit: {int(names.isna().sum())} rows have no {unit!r}; leave them out, or name them.")
    units, labels = pd.factorize(names)
    _refuse_repeats(units, when, labels, unit, time)
    _refuse_differing(units, begun, labels, "start", f"two different values of {start!r} (a missing one means never): each "
                      f"{unit} starts once and stays treated; make one that stops and starts again two, or leave it out")
    clusters = units if by is None or by == unit else _clusters(rows[by], by, units, labels, unit)
    there = ~np.isnan(y)
    since = np.where(np.isfinite(begun), when - begun, -np.inf)
    near = np.ones(len(y), dtype=bool) if horizon is None else since <= horizon
    kept = there & near
    if not kept.any():
        raise ValueError(f"rows: no row has a value of {outcome!r}.")
    unit_codes, cluster_codes = (np.unique(codes[kept], return_inverse=True)[1] for codes in (units, clusters))
    times, time_codes = np.unique(when[kept], return_inverse=True)
    return Panel(y[kept], unit_codes, time_codes, cluster_codes, begun[kept], since[kept], unit_codes.max() + 1, len(times),
                 cluster_codes.max() + 1, times[0], int((~there).sum()), int((there & ~near).sum()))


def _check_columns(rows, **named):
    if not isinstance(rows, pd.DataFrame):
        raise ValueError(f"rows: a DataFrame with one row a unit and time is needed, not {type(rows).__name__}. Moments do "
                         "not hold what came before and after each unit's own start.")
    for argument, column in named.items():
        if column is None and argument == "by":
            continue
        if not isinstance(column, str) or column not in rows.columns:
            raise ValueError(f"{argument}: {column!r} is not a column. There are: {', '.join(map(str, rows.columns))}.")
    if len(rows) == 0:
        raise ValueError("rows: the table is empty.")
    repeated = rows.columns[rows.columns.duplicated()]
    if len(repeated):
        raise ValueError(f"rows: two columns are named {repeated[0]!r}; rename one.")


def _numbers(column, argument, wanted):
    """The column as floats, missing ones as NaN."""
    if column.dtype.kind in "mM" or isinstance(column.dtype, pd.PeriodDtype):
        raise ValueError(f"{argument}: {column.name!r} holds dates; number the times first, for example "
                         "(date - first_date).dt.days // 7 for weeks.")
    try:
        return pd.to_numeric(column).to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError):
        given = column.astype(object)
        bad = given[pd.to_numeric(given, errors="coerce").isna() & given.notna()]
        example = f"holds {bad.iloc[0]!r}" if len(bad) else f"is of type {column.dtype}"
        raise ValueError(f"{argument}: {column.name!r} {example}; {wanted}: a column of numbers is needed.") from None


def _refuse_repeats(units, when, labels, unit, time):
    twice = pd.DataFrame({"unit": units, "time": when}).duplicated().to_numpy()
    if twice.any():
        at = int(np.argmax(twice))
        raise ValueError(f"rows: {unit} {plain(labels[units[at]])!r} has more than one row in {time} {when[at]:g} "
                         f"({int(twice.sum())} rows too many in all); make it one first, for example with "
                         "groupby(...).mean().")


def _refuse_differing(units, values, labels, argument, what):
    """Refuse units whose rows disagree."""
    first = np.empty(units.max() + 1, dtype=np.asarray(values).dtype)
    first[units[::-1]] = values[::-1]
    if (other := first[units] != values).any():
        raise ValueError(f"{argument}: {plain(labels[units[int(np.argmax(other))]])!r} has {what}.")


def _clusters(column, by, units, labels, unit):
    if column.isna().any():
        raise ValueError(f"by: {int(column.isna().sum())} rows have no {by!r}; leave them out, or name them.")
    codes, _ = pd.factorize(column)
    _refuse_differing(units, codes, labels, "by", f"rows in two values of {by!r}: a cluster must hold each {unit} whole; "
                      "use, for example, the one that it began in")
    return codes
