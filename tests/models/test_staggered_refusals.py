"""``pt.staggered``: what it refuses, and in which words."""

import re
import warnings

import numpy as np
import pandas as pd
import pytest

from pebbletrail.models.staggered import staggered

NAMES = {"outcome": "quality", "unit": "agent", "time": "week", "start": "removed_from"}


def panel():
    rng = np.random.default_rng(0)
    rows = pd.DataFrame([(agent, week) for agent in range(12) for week in range(1, 7)], columns=["agent", "week"])
    rows["team"] = rows["agent"] // 2
    rows["removed_from"] = np.array([3, 5, np.nan])[rows["agent"] % 3]
    return rows.assign(quality=rng.normal(size=len(rows)))


def repeated(rows):
    return pd.concat([rows, rows.iloc[[5]]])


def two_starts(rows):
    rows.loc[rows.index[7], "removed_from"] = 4.0
    return rows


def moved(rows):
    rows.loc[rows.index[7], "team"] = 5
    return rows


def partly_never(rows):
    rows.loc[rows.index[0], "removed_from"] = np.nan
    return rows


DATES = pd.date_range("2024-01-01", periods=72)


@pytest.mark.parametrize(("change", "more", "words"), [
    (lambda d: d.assign(removed_from=np.nan), {}, "start: no row is treated: all are missing"),
    (lambda d: d.assign(removed_from=7.0), {}, "start: no row is treated: every start lies after"),
    (lambda d: d.assign(removed_from=1.0), {}, "start: every row is treated"),
    (lambda d: d.assign(removed_from=0.0), {}, "If a start of 0 means never, leave it empty"),
    (lambda d: d.assign(removed_from=3.0), {}, "no treated row has a counterfactual: 48 in a week without"),
    (lambda d: d.assign(removed_from=np.where(d["agent"] % 3 == 0, 1.0, np.nan)), {}, "24 of units never seen untreated"),
    (lambda d: d.assign(firm=1), {"by": "firm"}, "by: all rows are of one firm"),
    (repeated, {}, "rows: agent 0 has more than one row in week 6"),
    (two_starts, {}, "start: 1 has two different values of 'removed_from'"),
    (partly_never, {}, "start: 0 has two different values"),
    (moved, {"by": "team"}, "by: 1 has rows in two values of 'team'"),
    (lambda d: d.assign(removed_from="week 3"), {}, "start: 'removed_from' holds 'week 3'"),
    (lambda d: d.assign(quality="good"), {}, "outcome: 'quality' holds 'good'"),
    (lambda d: d.assign(quality=pd.Categorical(["a"] * len(d))), {}, "outcome: 'quality' holds 'a'"),
    (lambda d: d.assign(quality=np.inf), {}, "outcome: 'quality' holds infinite values"),
    (lambda d: d.assign(quality=np.nan), {}, "rows: no row has a value of 'quality'"),
    (lambda d: d.assign(week=DATES), {}, "time: 'week' holds dates; number the times"),
    (lambda d: d.assign(removed_from=DATES), {}, "start: 'removed_from' holds dates"),
    (lambda d: d.assign(week=d["week"] + 0.5), {}, "time: 'week' holds 1.5"),
    (lambda d: d.assign(removed_from=d["removed_from"] + 0.5), {}, "start: 'removed_from' holds 3.5"),
    (lambda d: d.assign(removed_from=-np.inf), {}, "start: 'removed_from' holds −inf"),
    (lambda d: d.assign(week=d["week"].where(d["week"] > 1)), {}, "time: 'week' is missing or infinite"),
    (lambda d: d.assign(agent=d["agent"].where(d["agent"] > 0)), {}, "unit: 6 rows have no 'agent'"),
    (lambda d: d.assign(team=d["team"].where(d["agent"] > 0)), {"by": "team"}, "by: 6 rows have no 'team'"),
    (lambda d: d.iloc[:0], {}, "rows: the table is empty"),
    (lambda d: d.set_axis(["agent", "week", "team", "removed_from", "team"], axis=1), {"outcome": "team"}, "two columns"),
    (lambda d: d, {"by": "site"}, "by: 'site' is not a column. There are: agent, week"),
    (lambda d: d, {"unit": None}, "unit: None is not a column"),
    (lambda d: d.to_dict(), {}, "rows: a DataFrame with one row a unit and time is needed, not dict. Moments"),
    (lambda d: d, {"method": "two-way"}, "method: 'two-way' is not known; 'imputation' is the only one"),
    (lambda d: d, {"leads": -1}, "leads: -1 is not a whole number"),
    (lambda d: d, {"leads": True}, "leads: True is not a whole number"),
    (lambda d: d, {"leads": 9}, "leads: 9 cannot be told"),
    (lambda d: d, {"horizon": 2.5}, "horizon: 2.5 is not a whole number"),
])
def test_what_cannot_be_estimated_is_refused_in_words(change, more, words):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ValueError, match=re.escape(words)):
            staggered(change(panel()), **{**NAMES, **more})


@pytest.mark.parametrize("change", [
    lambda d: d.assign(removed_from=d["removed_from"].astype("Int64")),
    lambda d: d.assign(week=d["week"].astype("int8"), quality=d["quality"].astype("Float64")),
    lambda d: d.assign(agent=d["agent"].map("agent {}".format)),
    lambda d: d.assign(agent=pd.Categorical(d["agent"])),
    lambda d: d.assign(week=d["week"] + 2020, removed_from=d["removed_from"] + 2020),
    lambda d: d.set_index("team"),
])
def test_how_the_columns_are_kept_changes_nothing(change):
    plain = staggered(panel(), **NAMES)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        other = staggered(change(panel()), **NAMES)
    pd.testing.assert_frame_equal(plain.table, other.table)
    assert plain.leads.p_value == pytest.approx(other.leads.p_value)


def test_few_units_and_few_weeks_warn_nowhere():
    """Three agents, three weeks: a number, or none, but nothing that only a programmer could read."""
    rows = panel().query("agent < 3 and week in (2, 3, 4)")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fit = staggered(rows, **NAMES)
        fit.figure()
    assert fit.table["rows"].tolist() == [1, 1]
    assert "nan" not in fit.text
