"""The parts of openness to dialogue, each with its interval: shares by Wilson, times by Kaplan and Meier."""

import warnings

import numpy as np
import pandas as pd

from pebbletrail.instruments.contacts import PUBLIC
from pebbletrail.measures.proportion import LEVEL, wilson

FRIENDLY = 4  # a tone from which an answer counts as friendly
PARTS = ("answered", "median_hours", "within", "tone", "resolved", "kept", "moved")
INDEX = ("answered", "within", "tone", "resolved", "kept")  # the parts of the index: shares, of which more is more open


def indicators(rows, within):
    """What each message counts for, NaN where it does not count: one column a share, and ``time, event`` for the times."""
    answered = rows["answered"] == "yes"
    codes = rows[["tone_a", "tone_b"]]
    friendly = (codes >= FRIENDLY).astype(float).where(codes.notna()).mean(axis=1)  # of two coders who differ: a half
    public = rows["channel"] == PUBLIC
    yes = {name: rows[name].map({"yes": 1.0, "no": 0.0}).astype(float) for name in ("resolved", "moved", "deleted")}
    return pd.DataFrame({
        "answered": answered.astype(float),
        "tone": friendly.where(answered),
        "resolved": yes["resolved"].fillna(0.0),  # of unanswered messages alone: checked rows say it of answered ones
        "kept": (1 - yes["deleted"]).where(public),
        "moved": yes["moved"].where(public & answered),
        "time": rows["hours"].where(answered, rows["watched"]),
        "event": answered.astype(float)}, index=rows.index)


def answered_by(time, event, hours, weights=None):
    """The share that was answered by a time, by Kaplan and Meier; with rows of weights, one share for each row.

    Messages that were watched for less without an answer count as long as they were watched. NaN where nobody watched that
    long and some were still unanswered.
    """
    weights = np.ones((1, len(time))) if weights is None else np.atleast_2d(weights)
    left = np.ones(len(weights))
    moments = np.unique(time[(event > 0) & (time <= hours)])
    if len(moments):
        since = np.searchsorted(moments, time, side="right") - 1  # the last of these moments that a message was waiting at
        at_risk = np.cumsum(_summed(weights, since, len(moments))[:, ::-1], axis=1)[:, ::-1]
        gone = _summed(weights, np.where((event > 0) & (time <= hours), since, -1), len(moments))
        left = np.prod(1 - np.divide(gone, at_risk, out=np.zeros_like(gone), where=at_risk > 0), axis=1)
    unknown = (weights @ (time >= hours).astype(float) == 0) & (left > 1e-12)
    return np.where(unknown, np.nan, 1 - left)


def _summed(weights, places, size):
    """The weights of each row added up by place, 0 to ``size`` − 1: (rows, size). What has a place below 0 is left out."""
    order = np.argsort(places, kind="stable")
    order = order[places[order] >= 0]
    made = np.zeros((len(weights), size))
    if len(order):
        there, starts = np.unique(places[order], return_index=True)
        made[:, there] = np.add.reduceat(weights[:, order], starts, axis=1)
    return made


def median_hours(time, event):
    """``(median, low, high)`` hours to an answer, unanswered messages censored; the median is NaN where it is not reached.

    The curve and the interval (which turns round that of the curve on the log-log scale) are those of statsmodels'
    ``SurvfuncRight``; an end that is not known is infinite (upper) or NaN (lower). That is so where the curve stays within
    the interval to its end, and where it leaves it only on falling to 0: there it has no error that could tell. Where the
    curve stays at exactly one half for a while, the median is the middle of that while, as for numbers that are all known;
    statsmodels takes its end.
    """
    from pebbletrail.measures.raters import extra

    curve = extra("statsmodels.duration.survfunc", "The median time to an answer").SurvfuncRight(time, event)
    below = np.flatnonzero(curve.surv_prob < 0.5 - 1e-12)
    if not below.size:
        return np.nan, np.nan, np.nan
    median, before = float(curve.surv_times[below[0]]), below[0] - 1
    if before >= 0 and abs(curve.surv_prob[before] - 0.5) <= 1e-12:
        median = (median + float(curve.surv_times[before])) / 2
    with warnings.catch_warnings():  # of a curve that touches 0 or 1, where the log-log scale has no end
        warnings.simplefilter("ignore", RuntimeWarning)
        low, high = map(float, curve.quantile_ci(0.5, 1 - LEVEL))
    empty = curve.surv_times[curve.surv_prob < 1e-12]  # from here on nobody was left waiting
    if empty.size:
        low, high = low if low < empty[0] else np.nan, high if high < empty[0] else np.inf
    return median, low, high


def within_interval(time, event, hours, share):
    """The interval of ``answered_by``: Wilson's where all were watched that long, else log-log with Greenwood's error."""
    from scipy.special import ndtri

    if np.isnan(share):
        return np.nan, np.nan
    if ((event > 0) | (time >= hours)).all():
        return wilson(((event > 0) & (time <= hours)).sum(), len(time))
    if not 0 < share < 1:
        return np.nan, np.nan
    total = 0.0
    for moment in np.unique(time[(event > 0) & (time <= hours)]):
        at_risk, gone = (time >= moment).sum(), ((time == moment) & (event > 0)).sum()
        total += gone / (at_risk * (at_risk - gone))
    left = 1 - share
    half = ndtri((1 + LEVEL) / 2) * np.sqrt(total) / abs(np.log(left))
    return float(1 - left ** np.exp(-half)), float(1 - left ** np.exp(half))


def friendly_share(answered, friendly, weights=None):
    """The share of all messages that got a friendly answer: share answered times share friendly of the coded answers.

    So an answer whose tone nobody coded is taken to be as friendly as the coded ones are; one that never came was not a
    friendly one. NaN where there are answers and none of them is coded.
    """
    weights = np.ones((1, len(answered))) if weights is None else np.atleast_2d(weights)
    coded = ~np.isnan(friendly)
    given, known = weights @ answered, weights @ coded.astype(float)
    kind = np.divide(weights @ np.where(coded, friendly, 0), known, out=np.full(len(weights), np.nan), where=known > 0)
    return np.where(given == 0, 0.0, given / weights.sum(axis=1) * kind)


def resampled(counted, hours, replicates, rng):
    """The parts of the index in resamples of one brand's messages: (replicates, parts), NaN where a part has no message."""
    n = len(counted)
    weights = rng.multinomial(n, np.full(n, 1 / n), replicates).astype(float)
    made = []
    for part in INDEX:
        if part == "within":
            made.append(answered_by(counted["time"].to_numpy(), counted["event"].to_numpy(), hours, weights))
            continue
        if part == "tone":
            made.append(friendly_share(counted["answered"].to_numpy(), counted["tone"].to_numpy(), weights))
            continue
        values = counted[part].to_numpy()
        there = ~np.isnan(values)
        size = weights @ there.astype(float)
        made.append(np.divide(weights @ np.where(there, values, 0.0), size, out=np.full(replicates, np.nan), where=size > 0))
    return np.column_stack(made)
