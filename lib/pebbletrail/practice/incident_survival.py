"""Incidents and staying: how long customers stay, where some were still there when last seen."""

import numpy as np
import pandas as pd

from pebbletrail.models.logistic import logistic
from pebbletrail.models.logistic.trend import trend
from pebbletrail.models.survival import survival
from pebbletrail.practice.incident_fit import odds, usable
from pebbletrail.practice.incident_fit import values as values_of
from pebbletrail.practice.judged import Judged

BANDS, EVENTS = 6, 10      # most stretches of time with a rate of their own, and leavers that each should have
MOST = 3_000_000           # customers times months
LOWER, UPPER = "lower", "upper"


def watched(study, cases):
    """Incidents with months and left, in two groups by justice; None where these were not given, or nobody left."""
    if not study.has("months", "left"):
        return None
    rows = cases.watched.dropna(subset=["months", "left"]).copy()
    cut = rows[cases.exposure].median() if cases.scale else 0.0
    rows["group"] = np.where(rows[cases.exposure] > cut, UPPER, LOWER)
    enough = rows.groupby("group").size().min() >= study.about.few if rows["group"].nunique() == 2 else False
    return rows if enough and rows["left"].sum() >= EVENTS else None


def curves(rows):
    """Kaplan-Meier curves of the two groups."""
    return survival(rows, "months", "left", by="group")


def told(curves, few=10):
    """Shares still there at the last month at which both groups have enough customers, and the log-rank test."""
    times = np.unique(curves.table["time"])
    seen = curves.at(times).pivot_table(index="time", columns="group", values="at_risk")
    last = float(seen.index[(seen >= few).all(axis=1)].max())
    there = curves.at(last).set_index("group")
    shares = {f"{group}_{name}": float(100 * there.loc[group, column]) for group in (LOWER, UPPER)
              for name, column in (("share", "staying"), ("low", "ci_low"), ("high", "ci_high"))}
    return {"month": last, **shares, "p": float(curves.test["p_value"].iloc[0]), "n": curves.n, "left": curves.left}


def sentence(cases, told):
    """The sentence for the curves: a p too small to be read is said to be below 0.001."""
    return f"curve.{'scale' if cases.scale else 'yes'}{'.clear' if told['p'] < 0.001 else ''}"


def person_months(rows):
    """The months begun with each customer: ``gone`` is 1 in the month in which she left. None without rows.

    A month in which she was last seen while still there, and that was not over, tells nothing and is not counted. Months
    are bound together into stretches of about equally many leavers (``band``). Months of a customer in the same stretch
    and with the same ``gone`` differ in nothing that the model has: they are one row, ``first`` the first of these months
    and ``alike`` their number.
    """
    if rows is None:
        return None
    gone = (rows["left"] == 1).to_numpy()
    months = np.where(gone, np.maximum(np.ceil(rows["months"]), 1), np.floor(rows["months"])).astype(int)
    if months.sum() > MOST:
        raise ValueError(f"months: {months.sum():,} months of customers are more than {MOST:,}.")
    leaving = months[gone]
    count = max(min(BANDS, len(leaving) // EVENTS), 1)
    edges = np.unique(np.quantile(leaving, np.arange(1, count) / count)) if count > 1 else np.empty(0)
    stayed, last = months - gone, np.append(np.floor(edges), MOST).astype(int)  # last month of each stretch
    first = np.append(1, last[:-1] + 1)
    there = np.maximum(np.minimum(stayed[:, None], last) - first + 1, 0)  # (customers, stretches): months not left in
    who, band = np.nonzero(there)
    made = rows.iloc[np.append(who, np.flatnonzero(gone))].assign(
        first=np.append(first[band], leaving), alike=np.append(there[who, band], np.ones(len(leaving), dtype=int)),
        gone=np.repeat([0.0, 1.0], [len(who), len(leaving)]))
    places = np.append(band, np.searchsorted(edges, leaving, side="left"))
    made["band"] = np.array([f"band {place}" for place in range(len(last))], dtype=object)[places]
    return made.reset_index(drop=True)


def hazards(cases, made):
    """The discrete-time model: the odds of leaving in a month, given that one was still there."""
    bands = ["C(band)"] if len(made["band"].unique()) > 1 else []
    formula = " + ".join([f"gone ~ {cases.exposure}", *cases.adjusted_for, *bands])
    return logistic(made, formula, counts="alike", **cases.errors)


def hazard(cases, fit):
    """Values of the hazard model ``fit``: odds ratio, and the change of the monthly chance of leaving."""
    margin = values_of(fit.margins(cases.exposure).iloc[0])
    change = {f"chance_{name}": margin[f"{name}_points"] for name in ("estimate", "low", "high")}
    return {**odds(fit, cases.exposure), **change, "n": fit.n, "left": fit.events}


def side(found):
    """The sentence for an odds ratio: ``more`` leaving, ``less``, or ``open``."""
    return f"hazard.{'more' if found['low'] > 1 else 'less' if found['high'] < 1 else 'open'}"


def steady(cases, made, fit):
    """Whether justice does the same early and late: its product with the month, put beside the model ``fit`` of ``made``."""
    row = usable(trend, fit, cases.exposure, made["first"].to_numpy())
    if row is None:
        return None
    return Judged("pass" if row["p_value"] >= 0.05 else "doubtful", "steady", {"p": float(row["p_value"])})


def drawn(curves, few=10):
    """``{group: (times, shares)}`` as far as enough customers were watched in it."""
    made = {}
    for group, table in curves.table.groupby("group", sort=False):
        shown = table[table["at_risk"] >= few]
        made[group] = pd.Series(shown["staying"].to_numpy(), index=shown["time"].to_numpy())
    return made
