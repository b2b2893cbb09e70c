"""Each thing that may be wrong with a value or a table: its code, its rows, its sentence."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from own_firms import ANSWER_HEAD, ANSWER_ROWS, HEAD, MAPPING, PRACTICE, ROWS, column, files

from pebbletrail.own_data.checks import checked
from pebbletrail.own_data.given import FilePassport, NotUsable, Read
from pebbletrail.own_data.messages import told
from pebbletrail.own_data.prepare import prepare
from pebbletrail.own_data.set_aside import kept, too_many

NUMBER = column("control", "number", low=0, high=100)
SCALE = column("quality", "scale", low=1, high=7, items=True)


def read(problems=(), **columns):
    """A table as a file gave it; rows are numbered from 2, as under a heading."""
    frame = pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns.items()})
    frame.index = range(2, len(frame) + 2)
    return Read(frame, FilePassport("calls", "calls.csv", "", 0, len(frame), len(columns), "CSV"), problems=problems)


def judged(column, *values, **options):
    """``({code: rows}, problems that came beside them, values)`` of one column."""
    found = checked(read(own=list(values)), "calls", {column.name: (column, (("own", False),))}, **options)
    return ({one.code: list(one.rows.index) for one in found.reasons}, list(found.problems),
            list(found.rows.get(column.name, [])))


@pytest.mark.parametrize(("about", "values", "expected"), [
    (NUMBER, ["1", "x", "101", "-1", None, "100"], {"not-a-number": [3], "out-of-range": [4, 5]}),
    (dataclasses.replace(NUMBER, may_lack=False), ["1", "n/a", None, "y"], {"missing": [3, 4], "not-a-number": [5]}),
    (column("n", "count", low=0), ["0", "1.5", "-1", "2"], {"not-whole": [3], "out-of-range": [4]}),
    (column("n", "number"), ["1", np.inf, 2.0, "-1e400"], {"not-a-number": [3, 5]}),
    (SCALE, ["1", "7", "don't know", "Je ne sais pas", "8", "so so"], {"out-of-range": [6], "not-a-number": [7]}),
    (column("y", "yes-no"), ["oui", "no", "maybe", None], {"not-yes-or-no": [4]}),
    (column("d", "date"), ["2026-02-28", "2026-02-30", "2199-01-01", "soon"], {"not-a-date": [3, 5], "future-date": [4]}),
    (column("t", "group", may_lack=False), ["a", " ", "-", "<b>"], {"missing": [3, 4]}),
])
def test_what_is_wrong_with_a_value(about, values, expected):
    assert judged(about, *values)[0] == expected


@pytest.mark.parametrize(("values", "stops"), [
    ([0.1, 0.95] * 15, True), ([0.1, 0.95] * 15 + [1.01], False), ([0.1, 0.95] * 9, False), ([0] * 30, False)])
def test_shares_where_percent_are_meant_stop(values, stops):
    reasons, problems, _ = judged(NUMBER, *map(str, values))
    assert [problem.code for problem in problems] == ["shares-for-percent"] * stops
    assert reasons == {}
    if stops:
        assert "multiply the column by 100" in told(problems)[0]


def test_a_date_of_today_is_possible_and_one_of_tomorrow_is_not():
    today = pd.Timestamp.now().normalize()
    days = [str((today + pd.Timedelta(days=day)).date()) for day in (-1, 0, 1)]
    assert judged(column("d", "date"), *days)[0] == {"future-date": [4]}
    assert judged(column("d", "date", planned=True), *days, "soon")[0] == {"not-a-date": [5]}


def test_some_answers_beyond_the_ends_are_slips_and_many_are_another_scale():
    few = ["3"] * 60 + ["9", "9"]
    assert judged(SCALE, *few)[0] == {"out-of-range": [62, 63]}
    reasons, [problem], _ = judged(SCALE, *["3"] * 60, *["9"] * 4)
    assert reasons == {}
    assert (problem.code, problem.stops, problem.rows, problem.count) == ("wrong-ends", True, (62, 63, 64, 65), 4)
    assert "--scale quality=1..9" in told([problem])[0]
    assert "--scale quality=1..9" in told([problem], "fr")[0]


def test_upper_points_that_nobody_chose_are_pointed_out():
    _, [problem], values = judged(SCALE, *["1", "5"] * 60)
    assert (problem.code, problem.stops) == ("ends-not-reached", False)
    assert "--scale quality=1..5" in told([problem])[0]
    assert max(values) == 5
    assert judged(SCALE, *["1", "7"] * 60)[1] == judged(SCALE, *["1", "5"] * 40)[1] == []


def test_items_become_their_mean_and_stay_beside_it():
    both = read(a=["1", "7", None, "x"], b=["3", "5", "2", "2"])
    found = checked(both, "survey", {"quality": (SCALE, (("a", False), ("b", True)))})
    np.testing.assert_array_equal(found.rows["quality"], [(1 + 5) / 2, (7 + 3) / 2, np.nan, np.nan])
    assert found.rows["quality.2"].tolist() == [5, 3, 6, 6]
    [reason] = found.reasons
    assert (reason.code, reason.own, list(reason.rows.index)) == ("not-a-number", "a", [5])


@pytest.mark.parametrize("required", [True, False])
def test_a_column_without_a_value(required):
    about = dataclasses.replace(NUMBER, required=required)
    unread = ["not-a-number", "all-missing"] if required else ["all-unread"]
    for values, codes in ((["", None], ["all-missing"]), (["x", "y"], unread)):
        found = checked(read(own=values), "calls", {"control": (about, (("own", False),))})
        assert [problem.code for problem in found.problems] == codes
        assert all(problem.stops == required for problem in found.problems)
        assert (found.empty, list(found.rows)) == (("control",), [])


def test_free_words_are_not_even_looked_at():
    about = column("remarks", "text")
    found = checked(read(own=["Call Ada on 0612345678"]), "calls", {"remarks": (about, (("own", False),))})
    assert (list(found.rows), found.reasons, found.empty) == ([], (), ())


def test_rows_alike_are_copies_only_where_something_tells_rows_apart():
    ratings = {"quality": (SCALE, (("q", False),))}
    answers = read(q=["7", "7", "6"])
    part = kept(checked(answers, "survey", ratings), answers, "survey", ratings)
    assert len(part.rows) == 3
    assert [(problem.code, problem.count) for problem in part.problems] == [("alike", 1)]
    coded = {"call": (column("call", "code"), (("c", False),)), **ratings}
    answers = read(c=["a", "a", "a"], q=["7", "7", "6"])
    part = kept(checked(answers, "survey", coded), answers, "survey", coded)
    assert part.rows.index.tolist() == [2, 4]
    assert part.aside[["row", "reason"]].to_numpy().tolist() == [[3, "duplicate-row"]]
    assert [(step.code, step.before, step.after) for step in part.steps] == [("read", 3, 3), ("duplicates", 3, 2)]


def test_so_many_may_be_set_aside_and_no_more():
    values = read(own=["1"] * 8 + ["x", "y"])
    about = {"control": (NUMBER, (("own", False),))}
    part = kept(checked(values, "calls", about), values, "calls", about)
    assert too_many({"calls": part}, 0.2) == []
    [problem] = too_many({"calls": part}, 0.19)
    assert problem.stops
    assert "2 of 10 rows would be set aside, more than 19%" in told([problem])[0]


@pytest.mark.parametrize(("language", "said"), [
    ("en", "calls: 1,700 of 7,200 rows would be set aside, more than 20%"),
    ("fr", "calls : 1\u202f700 lignes sur 7\u202f200 seraient écartées, plus de 20")])
def test_how_many_would_be_set_aside_is_written_as_the_language_writes_numbers(language, said):
    values = read(own=["10"] * 5_500 + ["x"] * 1_700)
    about = {"control": (NUMBER, (("own", False),))}
    part = kept(checked(values, "calls", about), values, "calls", about)
    assert told(too_many({"calls": part}, 0.2), language)[0].startswith(said)


def refused(folder, about=PRACTICE, **given):
    with pytest.raises(NotUsable) as error:
        prepare(about, files(folder, **given), MAPPING)
    return {problem.code for problem in error.value.problems if problem.stops}, str(error.value)


def test_what_stops_in_two_files_is_said_at_once(tmp_path):
    codes, message = refused(tmp_path, calls=(HEAD.replace("team", "équipage"), *ROWS),
                             answers=(ANSWER_HEAD.replace("call", "appel"), *ANSWER_ROWS))
    assert codes == {"missing-column"}
    assert "'team'" in message
    assert "'call'" in message


def test_files_that_cannot_be_opened_are_all_named(tmp_path):
    with pytest.raises(NotUsable) as error:
        prepare(PRACTICE, {"calls": tmp_path / "no.csv", "answers": tmp_path / "nowhere.csv"}, {})
    assert [problem.code for problem in error.value.problems] == ["no-file", "no-file"]
    assert str(error.value).count("there is no file") == 2
    with pytest.raises(NotUsable, match="no file was given"):
        prepare(PRACTICE, {}, {})


def test_nothing_left_to_join_or_to_learn_from(tmp_path):
    late = [row.replace("/03/2026", "/09/2025") for row in ANSWER_ROWS]
    assert refused(tmp_path, answers=(ANSWER_HEAD, *late))[0] == {"nothing-matches"}
    same = [";".join([*row.split(";")[:2], "4", "4", row.split(";")[4]]) for row in ANSWER_ROWS]
    assert refused(tmp_path, answers=(ANSWER_HEAD, *same))[0] == {"constant"}
