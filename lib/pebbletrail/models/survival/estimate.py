"""``pt.survival``: the share still there after a time, where some were not watched to the end."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pebbletrail.models.survival.result import Survival
from pebbletrail.moments.checks import checked_by, meant, numbers_of, once
from pebbletrail.moments.levels import coded, level_texts

HALF = 0.5
ROUNDING = 1e-9  # of a share: products of fractions that should be one half are so within this
COLUMNS = ["group", "time", "at_risk", "left", "staying", "se", "ci_low", "ci_high"]


@dataclass(frozen=True, eq=False)
class Spells:
    """Complete rows: how long each was watched, whether that ended in leaving, and the group."""

    time: np.ndarray
    left: np.ndarray
    group: np.ndarray
    texts: list
    rule: str


def survival(data, time, event, by=None):
    """Kaplan-Meier curves: the share still there after a time.

    Parameters
    ----------
    data : DataFrame
        One row a customer (or contract, or agent). Rows that lack one of the columns are left out, and counted in ``rule``.
    time : str
        Column: how long the customer was watched, from 0 on.
    event : str
        Column of 0 and 1 or False and True: 1 where she left at that time, 0 where she was still there when last seen
        (censored).
    by : str, optional
        Column that names groups to compare.

    Returns
    -------
    Survival

    Raises
    ------
    ValueError
        Unknown columns, times below 0 or infinite, an event that is not 0 or 1, one group alone, no complete row.

    Notes
    -----
    The curve falls by (left / at risk) of its height at each time at which somebody left; who was last seen at that very
    time counts as still at risk. It is right only where those not watched on would have gone on like those who were: a
    customer who is dropped from the records *because* she is about to leave spoils it.

    Errors are Greenwood's, intervals (95 %, at each time taken alone) on the scale of log(−log), so that they stay within 0
    and 1; where nobody, or everybody, has left there is none. A median is the first time at which half or fewer are still
    there (R takes the middle of a stretch at exactly one half). The interval of a median is where that band crosses one half
    (Brookmeyer & Crowley 1982). The log-rank test weighs all times alike, and is weak where curves cross. A group of which
    nobody is watched any more when the first of all leaves cannot be tested, and is left out of it (as by R's ``survdiff``).

    By statsmodels (``SurvfuncRight``, ``survdiff``). Checked against R's survival on the remission times of Freireich and
    others (1963), against a product written out in R, and against worlds whose truth is known.
    """
    spells = _spells(data, time, event, by)
    parts = [spells.group == place for place in range(len(spells.texts))]
    tables = [_curve(spells.time[part], spells.left[part], text) for part, text in zip(parts, spells.texts, strict=True)]
    medians = [_median(table, spells.time[part]) for table, part in zip(tables, parts, strict=True)]
    return Survival(pd.concat(tables, ignore_index=True), pd.DataFrame(medians), _test(spells), time, event, by,
                    len(spells.time), int(spells.left.sum()), spells.rule,
                    {text: np.sort(spells.time[part]) for part, text in zip(parts, spells.texts, strict=True)})


def _spells(data, time, event, by):
    if not isinstance(data, pd.DataFrame):
        raise ValueError(f"data: a DataFrame of rows is needed, not {type(data).__name__}.")
    for argument, name in (("time", time), ("event", event)):
        if not pd.api.types.is_hashable(name) or name not in data.columns:
            raise ValueError(f"{argument}: there is no column {name!r}; there are {', '.join(map(str, data.columns))}."
                             f"{meant(name, data.columns)}")
    checked_by(by, data.columns)
    used = [time, event, *([] if by is None else [by])]
    if len(set(used)) < len(used):
        raise ValueError(f"data: time, event and by are different columns, not {', '.join(map(repr, used))}.")
    length, happened = numbers_of(data, time), numbers_of(data, event)
    if (odd := ~np.isin(happened, (0, 1)) & ~np.isnan(happened)).any():
        raise ValueError(f"event: {event!r} holds {happened[odd][0]:g}; 1 says that the customer left then, 0 that she was "
                         "still there when last seen.")
    if (below := length < 0).any():
        raise ValueError(f"time: {time!r} holds {length[below][0]:g}; a time is 0 or more.")
    codes, levels = (np.zeros(len(data), dtype=int), ["all"]) if by is None else coded(once(data, by), by, "by")
    complete = ~np.isnan(length) & ~np.isnan(happened) & (codes >= 0)
    if not complete.any():
        raise ValueError(f"data: none of {len(data):,} rows is complete.")
    there, group = np.unique(codes[complete], return_inverse=True)
    texts = ["all"] if by is None else level_texts(by, [levels[at] for at in there])
    lost = len(data) - int(complete.sum())
    rule = f"{len(data):,} rows" + (f", {lost:,} of them left out for missing values (listwise)" if lost else "")
    return Spells(length[complete], happened[complete] == 1, group, texts, rule)


def _curve(time, left, text):
    """One row at 0, and one a time at which somebody left."""
    from statsmodels.duration.survfunc import SurvfuncRight

    found = SurvfuncRight(time, left.astype(int))
    times, staying, risk, events = (np.asarray(values, dtype=float) for values in (
        found.surv_times, found.surv_prob, found.n_risk, found.n_events))
    with np.errstate(divide="ignore", invalid="ignore"):  # Greenwood; no error where nobody is left
        spread = np.sqrt(np.cumsum(events / (risk * (risk - events))))
        far = np.exp(1.959963984540054 * spread / np.log(staying))
        se, low, high = staying * spread, staying ** (1 / far), staying**far
    gone = staying == 0
    se[gone] = low[gone] = high[gone] = np.nan
    made = [times, risk, events, staying, se, np.minimum(low, high), np.maximum(low, high)]
    if not len(times) or times[0] > 0:
        made = [np.append(start, values) for start, values in zip((0, len(time), 0, 1, 0, 1, 1), made, strict=True)]
    made[1:3] = made[1].astype(int), made[2].astype(int)
    return pd.DataFrame(dict(zip(COLUMNS, ([text] * len(made[0]), *made), strict=True)))


def _median(table, time):
    """The time at which half have left, with its interval; NaN, or infinite, where the curve does not come down to it."""
    def first(values):
        at = table["time"][values <= HALF + ROUNDING]
        return at.iloc[0] if len(at) else np.nan

    median, low = first(table["staying"]), first(table["ci_low"])
    high = first(table["ci_high"])
    return {"group": table["group"].iloc[0], "n": len(time), "left": int(table["left"].sum()), "median": median,
            "ci_low": low, "ci_high": high if high == high or low != low else np.inf}


def _test(spells):
    """The log-rank test: a table of one row, or None."""
    if len(spells.texts) < 2:
        return None
    from scipy.special import chdtrc
    from statsmodels.duration.survfunc import survdiff

    df, statistic = len(spells.texts) - 1, np.nan
    if spells.left.any():
        # who is watched when the first leaves; a group without such people expects nobody to leave, and says nothing
        watched = spells.time >= spells.time[spells.left].min()
        there = np.unique(spells.group[watched])
        df, kept = len(there) - 1, np.isin(spells.group, there)
        if df > 0:
            try:
                statistic = float(survdiff(spells.time[kept], spells.left[kept].astype(int), spells.group[kept])[0])
            except np.linalg.LinAlgError:  # all who were still watched left at once
                statistic = np.nan
    p = np.nan if np.isnan(statistic) else float(chdtrc(df, statistic))
    return pd.DataFrame({"statistic": [statistic], "df": [df], "p_value": [p]})
