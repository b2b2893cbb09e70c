"""Removing control: a firm's rows as a panel with whole periods, one row a unit and period."""

import numpy as np
import pandas as pd

from pebbletrail.moments.accept import is_table
from pebbletrail.own_data.given import NotUsable

FIXED = ("start", "start_date", "treated", "announced", "cluster", "drawn")  # the same in all rows of a unit and period
MEASURED = ("outcome", "workload")
WEEK = 7


def panel(study):
    """The rows of a practice as a panel.

    Returns
    -------
    DataFrame
        ``unit, period, start, removed, outcome``, and ``cluster, workload, drawn`` where they were given. Periods are
        numbered from 0 in their order (of dates: weeks from Monday on); ``start`` is the unit's first period without
        control, missing for those who keep it to the end of these rows, also where a later start is planned. Periods from
        the announcement to the start are left out.

    Raises
    ------
    NotUsable
        Neither period nor date, nothing that tells who was treated when, one common start for everybody and no ``treated``
        beside it, a unit with two starts, nobody treated, or nothing to compare with.
    """
    when, begun = _named(study)
    rows = _averaged(study.data, when)
    rows["period"], number = _numbered(rows[when])
    rows["start"] = number(rows[begun])
    if "announced" in rows and when == "period":
        told = number(rows["announced"])
        rows = rows[~((rows["period"] >= told) & (rows["period"] < rows["start"]))]
    if "treated" in rows:
        rows["start"] = rows["start"].where(rows["treated"] == 1)
    rows["start"] = rows["start"].where(rows["start"] <= rows["period"].max())
    # dates of one week, and rows that differ in what should be the same, become one row only now
    kept = {name: "mean" for name in MEASURED if name in rows} | {
        name: "first" for name in ("start", "cluster", "drawn") if name in rows}
    _refuse_two_starts(rows)
    made = rows.groupby(["unit", "period"], as_index=False).agg(kept)
    made["removed"] = (made["period"] >= made["start"]).astype(float)
    _refuse_nothing_to_compare(made)
    return made


def _named(study):
    """``(column of time, column of the start)``."""
    for when, begun in (("period", "start"), ("date", "start_date")):
        if study.has(when):
            if not study.has(begun):
                raise NotUsable(f"{begun}: this column is needed beside {when}, and not empty throughout: the first {when} "
                                f"without control, with nothing for those who keep it. Map it: --map {begun}=YOUR_COLUMN.")
            return when, begun
    raise NotUsable("period: neither period nor date was given, so nothing tells before from after. Map one of them: "
                    "--map period=YOUR_COLUMN or --map date=YOUR_COLUMN.")


def _averaged(data, when):
    """One row a unit and time; an engine does it where the rows lie."""
    fixed = [name for name in FIXED if name in data.columns]
    measured = [name for name in MEASURED if name in data.columns]
    keys = ["unit", when, *fixed]
    if is_table(data):
        return data.group_by(keys).agg(**{name: data[name].mean() for name in measured}).to_pandas()
    return data.groupby(keys, dropna=False, as_index=False)[measured].mean()


def _numbered(times):
    """Times as whole numbers from 0, and the function that numbers others in the same way (missing stays missing)."""
    if times.isna().any():
        raise NotUsable(f"{times.name}: {int(times.isna().sum())} rows have no {times.name}; every row needs one.")
    if times.dtype.kind == "M":
        first = times.min().normalize() - pd.Timedelta(days=int(times.min().weekday()))
        number = lambda some: ((some - first).dt.days // WEEK).astype(float)  # noqa: E731
        return number(times).astype(int), number
    known = np.sort(times.unique())

    def place(some):
        found = np.searchsorted(known, some.to_numpy(dtype=float)).astype(float)
        return pd.Series(np.where(some.isna(), np.nan, found), index=some.index)

    return place(times).astype(int), place


def _refuse_two_starts(rows):
    starts = rows.groupby("unit")["start"].agg(lambda some: len(set(some.fillna(-1))))
    if several := int((starts > 1).sum()):
        raise NotUsable(f"start: {several} units have two different starts (an empty one means never). Each unit starts "
                        "once and stays without control; leave those out that went back, or name each spell as a unit.")


def _refuse_nothing_to_compare(made):
    if not made["removed"].any():
        raise NotUsable("start: no row lies at or after its unit's start, so nobody was treated. It holds the first period "
                        "without control, numbered as the periods are.")
    if (made["start"] <= made["period"].min()).all():
        raise NotUsable("start: control is removed in every row. Earlier periods, or units that keep it, are needed.")
    if made["start"].min() == made["start"].max() and made["start"].notna().all():
        raise NotUsable("treated: all units start in the same period, so there is nobody to compare them with. If some kept "
                        "control, say which with --map treated=YOUR_COLUMN (yes or no), or leave their start empty.")


def clusters(rows):
    """The column that errors are clustered by."""
    return "cluster" if "cluster" in rows else "unit"


def seen_to_the_end(rows):
    """Rows of the units that have an outcome in the last period."""
    there = rows.dropna(subset=["outcome"])
    last = there.groupby("unit")["period"].max()
    return rows[rows["unit"].isin(last.index[last == there["period"].max()])]


def left_early(rows):
    """``(share of the treated units, share of the others)`` that were not seen to the end."""
    stayed = set(seen_to_the_end(rows)["unit"])
    units = rows.groupby("unit")["start"].first()
    gone = pd.Series([unit not in stayed for unit in units.index], index=units.index)
    treated, others = gone[units.notna()], gone[units.isna()]
    return float(treated.mean()), float(others.mean()) if len(others) else 0.0
