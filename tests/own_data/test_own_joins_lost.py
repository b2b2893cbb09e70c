"""What joins lose, and why: counted both ways against a plain loop; joined files held to the same windows."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from own_firms import AFTER, ANSWER_HEAD, ANSWER_ROWS, HEAD, MAPPING, PRACTICE, ROWS, files

from pebbletrail.own_data.given import NotUsable
from pebbletrail.own_data.joins import in_window, joined
from pebbletrail.own_data.messages import told
from pebbletrail.own_data.prepare import prepare

DAY = pd.Timedelta(days=1)
START = pd.Timestamp(2026, 3, 1)
WINDOW = dataclasses.replace(AFTER, least=1, most=10)
events = st.lists(st.tuples(st.sampled_from(["a", "b", "c", None]), st.one_of(st.none(), st.integers(0, 40))), max_size=10)


def table(rows, when, more):
    made = pd.DataFrame({"call": pd.Series([key for key, _ in rows], dtype=object), more: range(len(rows))})
    return made.assign(**{when: pd.Series([pd.NaT if day is None else START + day * DAY for _, day in rows],
                                          dtype="datetime64[us]")})


def fate(row, calls):
    """What becomes of one answer, by the rule: its best call decides."""
    key, day = row
    same = [when for name, when in calls if key is not None and name == key]
    if not same:
        return "alone"
    gaps = [day - when for when in same if day is not None and when is not None]
    if any(1 <= gap <= 10 for gap in gaps):
        return "taken"
    return "undated" if not gaps else "early" if max(gaps) < 1 else "late"


@settings(deadline=None)
@given(events, events)
def test_every_answer_is_placed_or_has_its_reason(calls, answers):
    found = joined(table(calls, "time", "number"), table(answers, "answered", "carried"), WINDOW, keep=False)
    [step] = found.steps
    expected = [fate(answer, calls) for answer in answers]
    counts = dict(step.values)
    assert {name: counts[name] for name in ("taken", "alone", "early", "late", "undated")} == {
        name: expected.count(name) for name in ("taken", "alone", "early", "late", "undated")}
    assert counts["beside"] == len(answers)
    assert found.rows["number"].is_unique


def test_many_rows_may_share_one_of_the_other_table_and_keep_their_order():
    left = pd.DataFrame({"agent": ["b", "a", None, "b", "c"], "n": range(5)})
    right = pd.DataFrame({"agent": ["a", "b", "z"], "mood": [1.0, 2.0, 3.0], "n": [9, 9, 9]})
    join = dataclasses.replace(AFTER, on="agent", when="", when_to="", take="only")
    kept, lost = (joined(left, right, join, keep) for keep in (True, False))
    np.testing.assert_array_equal(kept.rows["mood"], [2, 1, np.nan, 2, np.nan])
    assert kept.rows["n"].tolist() == [0, 1, 2, 3, 4]
    assert lost.rows["n"].tolist() == [0, 1, 3]
    assert [(one.steps[0].before, one.steps[0].after) for one in (kept, lost)] == [(5, 5), (5, 3)]
    assert left.columns.tolist() == ["agent", "n"]


def test_a_window_that_no_date_checks_is_said(tmp_path):
    answers = [row.replace(f";{number + 2:02}/03/2026", "") for number, row in enumerate(ANSWER_ROWS)]
    ready = prepare(PRACTICE, files(tmp_path, answers=(ANSWER_HEAD.replace(";answered", ""), *answers)), MAPPING)
    [problem] = [problem for problem in ready.problems if problem.code == "window-unchecked"]
    assert problem.found == "answered"
    assert "without answered nothing shows" in told([problem])[0]


def test_a_window_without_dates_cannot_choose_among_several(tmp_path):
    answers = [row.replace(f";{number + 2:02}/03/2026", "") for number, row in enumerate(ANSWER_ROWS)]
    with pytest.raises(NotUsable) as error:
        prepare(PRACTICE, files(tmp_path, answers=(ANSWER_HEAD.replace(";answered", ""), *answers, "A3;7;1;oui")), MAPPING)
    [problem] = [problem for problem in error.value.problems if problem.stops]
    assert (problem.code, problem.found, problem.count) == ("multiplies", "A3", 1)


def test_codes_written_in_two_ways_are_recognised_and_not_matched(tmp_path):
    calls, answers = ([row.replace("A", zeros, 1) for row in rows] for zeros, rows in (("00", ROWS), ("", ANSWER_ROWS)))
    with pytest.raises(NotUsable, match=r"\(007 and 7\) and capitals, 24 rows would"):
        prepare(PRACTICE, files(tmp_path, calls=(HEAD, *calls), answers=(ANSWER_HEAD, *answers)), MAPPING)


@pytest.mark.parametrize("required", [True, False])
def test_a_file_that_is_joined_already_is_held_to_the_same_window(required):
    answers = dataclasses.replace(PRACTICE.tables[1], required=required)
    about = dataclasses.replace(PRACTICE, tables=(PRACTICE.tables[0], answers))
    rows = pd.DataFrame({"time": [START] * 4, "answered": [START + day * DAY for day in (-1, 5, 31)] + [pd.NaT],
                         "quality": [1.0, 2.0, 3.0, np.nan], "control": range(4)})
    before = rows.copy()
    left, [step] = in_window(rows, about)
    assert dict(step.values) == {"early": 1, "late": 1}
    assert (step.code, step.before, step.after) == ("outside-window", 4, 2 if required else 4)
    np.testing.assert_array_equal(left["quality"], [2, np.nan] if required else [np.nan, 2, np.nan, np.nan])
    assert left["control"].tolist() == ([1, 3] if required else [0, 1, 2, 3])
    pd.testing.assert_frame_equal(rows, before)
