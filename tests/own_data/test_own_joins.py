"""Joins in memory, held against a plain loop over all pairs."""

import dataclasses
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from own_firms import AFTER, ANSWER_HEAD, ANSWER_ROWS, HEAD, MAPPING, PRACTICE, ROWS, files

from pebbletrail.own_data.given import NotUsable
from pebbletrail.own_data.joins import joined
from pebbletrail.own_data.prepare import prepare

DAY = pd.Timedelta(days=1)
START = pd.Timestamp(2026, 3, 1)


def by_loop(left, right, join, keep):
    """``[(number of the left row, value of its right row or None)]``: the rule, spelt out."""
    made = []
    for row in left.itertuples():
        fits = [other for other in right.itertuples() if row.call is not None and other.call == row.call
                and join.least <= (other.answered - row.time) / DAY <= join.most]
        turn = 1 if join.take == "first" else -1
        fits.sort(key=lambda other: (turn * other.answered.timestamp(), other.Index))
        if fits or keep:
            made.append((row.number, fits[0].carried if fits else None))
    return made


events = st.lists(st.tuples(st.sampled_from(["a", "b", "c", None]), st.integers(0, 40)), max_size=12)


@settings(deadline=None)
@given(events, events, st.sampled_from(["first", "last"]), st.booleans())
def test_first_and_last_in_a_window(calls, answers, take, keep):
    left = pd.DataFrame([(key, START + day * DAY, place) for place, (key, day) in enumerate(calls)],
                        columns=["call", "time", "number"]).astype({"call": object, "time": "datetime64[us]"})
    right = pd.DataFrame([(key, START + day * DAY, float(place)) for place, (key, day) in enumerate(answers)],
                         columns=["call", "answered", "carried"]).astype({"call": object, "answered": "datetime64[us]"})
    join = dataclasses.replace(AFTER, take=take, least=1, most=10)
    found = joined(left, right, join, keep)
    expected = by_loop(left, right, join, keep)
    assert found.rows["number"].tolist() == [number for number, _ in expected]
    assert [None if np.isnan(value) else value for value in found.rows["carried"]] == [value for _, value in expected]
    [step] = found.steps
    partners = [value for _, value in by_loop(left, right, join, True)]
    assert (step.before, step.after) == (len(calls), len(expected))
    assert found.found.tolist() == [value is not None for value in partners]
    assert step.values["same_key"] == sum(key is not None and key in {key for key, _ in answers} for key, _ in calls)


def test_an_answer_before_its_call_is_no_answer_to_it(tmp_path):
    early = [ANSWER_ROWS[0].replace("02/03/2026", "28/02/2026"), *ANSWER_ROWS[1:]]
    ready = prepare(PRACTICE, files(tmp_path, answers=(ANSWER_HEAD, *early)), MAPPING)
    assert len(ready.frame) == 23
    [step] = [step for step in ready.flow if step.code == "joined"]
    assert {"on": "call", "beside": 24, "same_key": 24, "taken": 23, "early": 1}.items() <= step.values.items()


def test_a_join_that_would_multiply_rows_is_refused(tmp_path):
    only = dataclasses.replace(PRACTICE, joins=(dataclasses.replace(AFTER, take="only"),))
    twice = (*ANSWER_ROWS, ANSWER_ROWS[3].replace(";4;", ";1;", 1))
    with pytest.raises(NotUsable, match="find more than one row") as error:
        prepare(only, files(tmp_path, answers=(ANSWER_HEAD, *twice)), MAPPING)
    assert "A3" in str(error.value)
    assert len(prepare(PRACTICE, files(tmp_path, answers=(ANSWER_HEAD, *twice)), MAPPING).frame) == 24, "the first is taken"


def test_keys_that_never_match_stop_with_a_reason(tmp_path):
    other = [row.replace("A", "00", 1) for row in ANSWER_ROWS]
    with pytest.raises(NotUsable, match="no row belongs to any row") as error:
        prepare(PRACTICE, files(tmp_path, answers=(ANSWER_HEAD, *other)), MAPPING)
    assert "Are the codes written alike" in str(error.value)


@settings(deadline=None, max_examples=30)
@given(st.sets(st.integers(0, 23)), st.sets(st.integers(0, 23)))
def test_every_row_is_accounted_for(tmp_path_factory, bad, late):
    """Read = used + set aside + lost where tables were joined, at each step."""
    rows = [row.replace(",5", ",x") if place in bad else row for place, row in enumerate(ROWS)]
    answers = [row.replace("/03/2026", "/09/2025") if place in late else row for place, row in enumerate(ANSWER_ROWS)]
    if len(bad | late) > 20 or len(bad) > 20:
        return
    sources = files(tmp_path_factory.mktemp("firm"), (HEAD, *rows), (ANSWER_HEAD, *answers))
    ready = prepare(PRACTICE, sources, MAPPING, most_set_aside=1, dates="dmy")
    assert len(ready.frame) == 24 - len(bad | late)
    assert len(ready.set_aside) == len(bad)
    for table in ("calls", "answers"):
        steps = [step for step in ready.flow if step.table == table and step.code != "joined"]
        assert all(one.after == other.before for one, other in pairwise(steps))
    assert ready.flow[-1].after == len(ready.frame)
