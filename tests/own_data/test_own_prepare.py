"""A firm's tables made ready: named, checked, set aside with reasons, joined, counted; the files stay as they are."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from own_firms import ANSWER_HEAD, ANSWER_ROWS, HEAD, MAPPING, PRACTICE, ROWS, files, with_ends

from pebbletrail.own_data.given import NotUsable
from pebbletrail.own_data.prepare import prepare


def prepared(folder, mapping=MAPPING, **given):
    options = {name: given.pop(name) for name in ("scales", "dates", "most_set_aside", "about") if name in given}
    return prepare(options.pop("about", PRACTICE), files(folder, **given), mapping, **options)


def refused(folder, **given):
    with pytest.raises(NotUsable) as error:
        prepared(folder, **given)
    return {problem.code: problem for problem in error.value.problems}, str(error.value)


def edited(rows, **changes):
    """Rows with cells changed: ``edited(ROWS, r3=(2, "x"))`` writes x into the third value of the fourth row."""
    made = list(rows)
    for name, (place, value) in changes.items():
        cells = made[int(name[1:])].split(";")
        cells[place] = value
        made[int(name[1:])] = ";".join(cells)
    return tuple(made)


def test_a_firm_without_faults(tmp_path):
    ready = prepared(tmp_path)
    number = np.arange(24)
    assert ready.frame["control"].tolist() == (10.5 + number).tolist()
    first, second = 1 + number % 7, 8 - (7 - number % 7)  # the second item is turned round: 1 + 7 minus it
    assert ready.frame["quality"].tolist() == ((first + second) / 2).tolist()
    assert ready.frame["quality.1"].tolist() == first.tolist()
    assert ready.frame["quality.2"].tolist() == second.tolist()
    assert ready.frame["stayed"].tolist() == (number % 2).tolist()
    assert ready.frame["time"].iloc[3] == pd.Timestamp(2026, 3, 4, 10)
    assert all((step.before, step.after) == (24, 24) for step in ready.flow)
    assert [step.table for step in ready.flow if step.code == "read"] == ["calls", "answers"]
    assert ready.flow[-1].code == "joined"
    assert [problem.code for problem in ready.problems] == ["few-clusters"]
    assert len(ready.set_aside) == 0
    assert [one.source for one in ready.passports] == ["appels été.csv", "réponses.csv"]


def test_who_a_person_is_does_not_go_on(tmp_path):
    ready = prepared(tmp_path)
    assert "agent" in ready.personal
    assert not ready.frame.astype(str).apply(lambda cells: cells.str.contains("Ada")).any().any()
    assert ready.frame["agent"].nunique() == 24


def test_the_files_are_not_changed(tmp_path):
    sources = files(tmp_path)
    before = {path: Path(path).read_bytes() for path in sources.values()}
    prepare(PRACTICE, sources, MAPPING)
    assert {path: Path(path).read_bytes() for path in sources.values()} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["appels été.csv", "réponses.csv"]


def test_rows_are_set_aside_each_with_its_reason(tmp_path):
    calls = edited(ROWS, r1=(2, "viel"), r4=(2, "250"), r6=(1, ""), r9=(5, "1,5"))
    ready = prepared(tmp_path, calls=(HEAD, *calls))
    told = [(line.row, line.column, line.own, line.value, line.reason) for line in ready.set_aside.itertuples()]
    assert told == [(3, "control", "control", "viel", "not-a-number"), (6, "control", "control", "250", "out-of-range"),
                    (8, "team", "team", "", "missing"), (11, "restarts", "restarts", "1,5", "not-whole")]
    assert ready.set_aside["allowed"].tolist() == ["a number from 0 to 100"] * 2 + ["a name or a code",
                                                                                     "a whole number, 0 or more"]
    left = set(range(24)) - {1, 4, 6, 9}
    assert ready.frame["control"].tolist() == [10.5 + number for number in sorted(left)]
    assert {step.code: (step.before, step.after) for step in ready.flow if step.table == "calls"}["set-aside"] == (24, 20)


def test_a_row_with_two_reasons_is_one_row(tmp_path):
    ready = prepared(tmp_path, calls=(HEAD, *edited(ROWS, r1=(2, "viel"), r2=(5, "-3")), ROWS[0]))
    assert len(ready.frame) == 22
    assert sorted(ready.set_aside["reason"]) == ["duplicate-row", "not-a-number", "out-of-range"]


def test_too_many_bad_rows_stop_and_all_are_named(tmp_path):
    bad = edited(ROWS, **{f"r{row}": (2, "x") for row in range(6)})
    problems, told = refused(tmp_path, calls=(HEAD, *bad))
    assert problems["not-a-number"].rows == (2, 3, 4, 5, 6, 7)
    assert "calls: 6 of 24 rows would be set aside" in told
    assert "--most-set-aside" in told
    assert len(prepared(tmp_path, calls=(HEAD, *bad), most_set_aside=0.25).frame) == 18


@pytest.mark.parametrize("backend", ["numpy_nullable", "pyarrow"])
def test_what_lacks_a_value_in_a_column_of_whole_numbers_is_read_as_elsewhere(tmp_path, backend):
    """A parquet file of a warehouse has whole numbers and yes-no with gaps, which a sheet has not."""
    given = files(tmp_path)
    calls = pd.read_csv(given["calls"], sep=";", decimal=",", encoding="cp1252").assign(agent=range(24))
    answers = pd.read_csv(given["answers"], sep=";", encoding="cp1252")
    calls.loc[[3, 5], ["agent", "restarts"]] = None
    answers.loc[[4, 6], ["q1", "stayed"]] = None
    paths = {}
    for kind in ("plain", "gaps"):
        paths[kind] = {name: str(tmp_path / f"{kind} {name}.parquet") for name in given}
        for name, table in (("calls", calls), ("answers", answers)):
            turned = table if kind == "plain" else table.convert_dtypes(dtype_backend=backend)
            turned.to_parquet(paths[kind][name])
    plain, gaps = (prepare(PRACTICE, paths[kind], MAPPING).frame for kind in ("plain", "gaps"))
    assert gaps[["agent", "restarts"]].isna().sum().tolist() == [2, 2]
    assert gaps["stayed"].isna().sum() == 2
    pd.testing.assert_frame_equal(gaps, plain)


def test_columns_are_missing_and_the_nearest_is_named(tmp_path):
    problems, told = refused(tmp_path, calls=(HEAD.replace("control", "controle prescrit").replace("team", "Teem"), *ROWS))
    assert problems["missing-column"].stops
    assert "there is no column 'team'. The nearest name is 'Teem'. Say which it is: --map team='Teem'." in told
    assert "there is no column 'control'." in told, "every missing column at once"


def test_headings_that_differ_in_case_and_accents_alone_need_no_map(tmp_path):
    assert len(prepared(tmp_path, calls=(HEAD.replace("team", "Téam").replace("control", "CONTROL"), *ROWS)).frame) == 24


def test_the_same_twice_once_with_a_key_and_once_without(tmp_path):
    ready = prepared(tmp_path, calls=(HEAD, *ROWS, ROWS[3], ROWS[5].replace(",5", ",9")))
    told = {(line.row, line.reason, line.value) for line in ready.set_aside.itertuples()}
    assert told == {(26, "duplicate-row", ""), (27, "duplicate-key", "A5")}
    assert len(ready.frame) == 24


def test_all_values_missing(tmp_path):
    gone = edited(ROWS, **{f"r{row}": (5, "") for row in range(24)})
    assert "restarts" in prepared(tmp_path, calls=(HEAD, *gone)).absent
    answers = edited(ANSWER_ROWS, **{f"r{row}": (2, "") for row in range(24)})
    problems, told = refused(tmp_path, answers=(ANSWER_HEAD, *answers))
    assert problems["all-missing"].column == "quality"
    assert "no row has a value" in told


def test_one_team_and_nothing_that_varies(tmp_path):
    one = edited(ROWS, **{f"r{row}": (1, "Nord") for row in range(24)})
    assert refused(tmp_path, calls=(HEAD, *one))[0]["one-cluster"].count == 1
    same = edited(ROWS, **{f"r{row}": (2, "50") for row in range(24)})
    assert refused(tmp_path, calls=(HEAD, *same))[0]["constant"].column == "control"


def test_answers_on_another_scale_than_was_said(tmp_path):
    problems, told = refused(tmp_path, about=with_ends(1, 5))
    assert problems["wrong-ends"].found == "1–7"
    assert "--scale quality=1..7" in told
    assert len(prepared(tmp_path, about=with_ends(1, 5), scales={"quality": (1, 7)}).frame) == 24


def test_impossible_times(tmp_path):
    ready = prepared(tmp_path, calls=(HEAD, *edited(ROWS, r2=(3, "01/01/2199 10:00"))))
    assert [(line.row, line.reason) for line in ready.set_aside.itertuples()] == [(4, "future-date")]


def test_the_order_of_dates_may_be_stated(tmp_path):
    early = tuple(row for row in ROWS[:11])
    answers = tuple(row for row in ANSWER_ROWS[:10])
    problems, _ = refused(tmp_path, calls=(HEAD, *early), answers=(ANSWER_HEAD, *answers))
    assert problems["ambiguous-dates"].stops
    assert len(prepared(tmp_path, calls=(HEAD, *early), answers=(ANSWER_HEAD, *answers), dates="dmy").frame) == 10


def test_html_and_formulas_stay_words(tmp_path):
    hostile = edited(ROWS, r1=(1, "<script>alert(1)</script>"), r2=(1, "=cmd()"))
    ready = prepared(tmp_path, calls=(HEAD, *hostile))
    assert {"<script>alert(1)</script>", "=cmd()"} <= set(ready.frame["team"])


def test_one_file_that_holds_both_tables(tmp_path):
    path = tmp_path / "tout.csv"
    both = [f"{call};{answer.partition(';')[2]}" for call, answer in zip(ROWS, ANSWER_ROWS, strict=True)]
    path.write_text("\n".join([f"{HEAD};{ANSWER_HEAD.partition(';')[2]}", *both]), encoding="utf-8")
    alone = prepare(PRACTICE, {"calls": str(path)}, MAPPING).frame
    pd.testing.assert_frame_equal(alone, prepared(tmp_path).frame, check_like=True)


def test_a_stated_constant(tmp_path):
    ready = prepared(tmp_path, {**MAPPING, "restarts": "=3"})
    assert set(ready.frame["restarts"]) == {3.0}
