"""Tables prepared inside DuckDB. Expected values: plain pandas over the same rows, written out here step by step."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

import pebbletrail as pt
from pebbletrail.own_data import big, big_keys, big_tables
from pebbletrail.own_data.given import NotUsable, Step
from pebbletrail.practice.definition import Column, Join, Practice, Table

pytest.importorskip("ibis")
duckdb = pytest.importorskip("duckdb")
CALLS, ANSWERS = 3000, 1500
NEEDS_ROWS = ("looks-personal", "personal-dropped")  # said only of rows in hand
HOSTILE = "team\"; drop table calls; --'é"
MAPPING = {"call": "Call id", "answers.call": "call", "team": HOSTILE, "time": "call time", "quality": "q 1+q.2-q'3"}


def column(name, kind, **more):
    return Column(name, kind, {}, {}, **more)


def practice(**more):
    """Calls with a team, and answers given within thirty days after the call."""
    calls = Table("calls", "call", {}, (
        column("call", "code", unique=True, may_lack=False), column("team", "group", may_lack=False),
        column("control", "number", low=0, high=100, may_lack=False), column("time", "date", required=False),
        column("agent", "code", required=False, personal=True), column("tenure", "number", required=False)))
    answers = Table("answers", "call", {}, (
        column("call", "code", may_lack=False), column("answered", "date", required=False),
        column("quality", "scale", low=1, high=7, items=True), column("restarts", "count", required=False)))
    join = Join("answers", "calls", "call", take="first", when="answered", when_to="time", least=0, most=30)
    made = Practice("firm", "1", "", {}, {}, {}, {}, "", (), "team", "control", "quality", {}, {}, (calls, answers), (join,),
                    "", {})
    return dataclasses.replace(made, **more)


@pytest.fixture(scope="module")
def firm():
    """The firm's rows, with a few that are wrong."""
    rng = np.random.default_rng(5)
    calls = pd.DataFrame({"Call id": np.arange(CALLS), HOSTILE: rng.integers(0, 20, CALLS).astype(str),
                          "control": rng.uniform(0, 100, CALLS), "agent": rng.integers(0, 90, CALLS).astype(str)})
    calls["call time"] = pd.Timestamp("2026-01-05") + pd.to_timedelta(rng.integers(0, 90 * 1440, CALLS), "min")
    calls.loc[[3, 4, 5, 6], "control"] = [120, np.nan, -3, np.inf]
    answers = pd.DataFrame({"call": rng.integers(0, CALLS + 100, ANSWERS)})
    asked = calls["call time"].reindex(answers["call"]).to_numpy()
    late = rng.integers(-10 * 1440, 45 * 1440, ANSWERS).astype("timedelta64[m]")
    answers["answered"] = np.where(np.isnat(asked), np.datetime64("2026-02-01"), asked + late)
    for name in ("q 1", "q.2", "q'3"):
        answers[name] = rng.integers(1, 8, ANSWERS).astype(float)
    answers.loc[7, "q.2"], answers.loc[[8, 9], "q 1"] = 9, np.nan
    return calls, answers


@pytest.fixture(scope="module")
def files(firm, tmp_path_factory):
    """The same rows as parquet, in a folder whose name is awkward."""
    folder = tmp_path_factory.mktemp("Été [1] d'un \"soir\"")
    paths = {"calls": folder / "appels; drop*.parquet", "answers": folder / "answers.parquet"}
    for path, frame in zip(paths.values(), firm, strict=True):
        frame.to_parquet(path)
    return {name: str(path) for name, path in paths.items()}


def by_hand(firm):
    """What ought to be left: the rule for each row, spelt out."""
    calls, answers = firm
    calls = calls[calls["control"].between(0, 100)]
    answers = answers[answers[["q 1", "q.2", "q'3"]].max(axis=1) <= 7]
    both = calls.merge(answers, left_on="Call id", right_on="call")
    wait = both["answered"] - both["call time"]
    both = both[(wait >= pd.Timedelta(0)) & (wait <= pd.Timedelta(days=30))]
    both = both.sort_values(["answered"], kind="stable").groupby("Call id").head(1)
    both["quality"] = (both["q 1"] + both["q.2"] + 8 - both["q'3"]) / 3
    return both.rename(columns={HOSTILE: "team"})


@pytest.fixture(scope="module")
def prepared(files):
    return big.prepare_big(practice(), files, MAPPING)


def test_the_rows_and_their_moments_are_those_of_pandas(firm, prepared):
    held, recipe = prepared
    assert held.frame is None
    assert held.engine == "duckdb"
    expected = by_hand(firm)[["control", "quality", "team"]]
    assert held.flow[-1].after == len(expected)
    ours = pt.Moments.from_table(big.table_of(recipe), ["control", "quality"], by="team")
    theirs = pt.Moments.from_frame(expected, ["control", "quality"], by="team")
    assert ours.n == theirs.n
    np.testing.assert_allclose(ours.cov, theirs.cov, rtol=1e-9)
    for team, group in theirs.groups.items():
        np.testing.assert_allclose(ours.groups[team].mean, group.mean, rtol=1e-9)


def test_the_regression_with_clusters_is_that_of_the_rows(firm, prepared):
    rows = by_hand(firm).dropna(subset=["control", "quality"])
    ours = pt.regress(prepared[0].table, "quality ~ control", errors="cluster", by="team").table
    theirs = pt.regress(rows, "quality ~ control", errors="cluster", by="team").table
    np.testing.assert_allclose(ours[["estimate", "se"]], theirs[["estimate", "se"]], rtol=1e-9)


def test_every_bad_row_is_counted_and_said_with_its_number(prepared):
    held, _ = prepared
    aside = held.set_aside[["table", "row", "column", "own", "reason"]].to_numpy().tolist()
    assert aside == [["calls", 4, "control", "control", "out-of-range"], ["calls", 5, "control", "control", "missing"],
                     ["calls", 6, "control", "control", "out-of-range"], ["calls", 7, "control", "control", "not-a-number"],
                     ["answers", 8, "quality", "q.2", "out-of-range"]]
    assert Step("set-aside", "calls", CALLS, CALLS - 4) in held.flow
    assert Step("set-aside", "answers", ANSWERS, ANSWERS - 1) in held.flow


def test_small_and_large_give_the_same(files, prepared):
    """The same files in memory: the same counts, problems and sums; of the rows alike in all columns nothing is said."""
    from pebbletrail.own_data.prepare import prepare

    small, (large, _) = prepare(practice(), files, MAPPING), prepared
    counts = [[(step.code, step.table, step.before, step.after) for step in one.flow] for one in (small, large)]
    assert counts[0] == counts[1]
    ours, theirs = (one.flow[-1].__dict__["values"].items() for one in (large, small))
    assert ours <= theirs
    said = [{one.code: one for one in held.problems if one.code not in NEEDS_ROWS} for held in (small, large)]
    assert said[0] == said[1]
    assert small.passports == large.passports
    assert (small.absent, small.personal) == (large.absent, large.personal)
    columns = ["table", "row", "column", "own", "reason", "allowed"]
    pd.testing.assert_frame_equal(small.set_aside[columns], large.set_aside[columns], check_dtype=False)
    names = ["control", "quality", "quality.1", "quality.3"]
    ours = pt.Moments.from_table(large.table, names, by="team")
    theirs = pt.Moments.from_frame(small.frame, names, by="team")
    assert ours.n == theirs.n
    np.testing.assert_allclose(ours.cov, theirs.cov, rtol=1e-9)
    assert set(large.table.columns) == set(small.frame.columns)


def test_who_did_not_answer_is_counted_in_the_engine(firm, prepared):
    """Newcombe's interval has its own test; the shares are counted here, of calls that found an answer in time."""
    calls, teams = firm[0], by_hand(firm)["team"].value_counts()
    [told] = [one for one in prepared[0].problems if one.code.startswith("non-response")]
    asked = calls[calls["control"].between(0, 100)][HOSTILE].value_counts()
    share = (teams / asked)[(teams >= 10) & (asked - teams >= 10)]
    assert (told.code, told.column, told.own) == ("non-response.unit", "team", HOSTILE)
    assert (told.values["of"], told.count) == (CALLS - 4, CALLS - 4 - teams.sum())
    assert (told.values["most_group"], told.values["least_group"]) == (share.idxmax(), share.idxmin())
    assert told.values["gap"] == round(100 * (share.max() - share.min()), 1)
    assert told.values["groups"] == len(share)


@pytest.mark.parametrize("whole", [True, False])
def test_blank_outcomes_of_one_table_are_no_answers(tmp_path, whole):
    """Small teams are not told of; without a blank nothing is said."""
    teams = np.repeat(["a", "b", "c"], [400, 400, 15])
    rows = pd.DataFrame({"team": teams, "control": np.arange(815) % 100.0, "quality": np.arange(815) % 7 + 1.0})
    if not whole:
        rows.loc[:99, "quality"], rows.loc[400:599, "quality"], rows.loc[801:, "quality"] = np.nan, np.nan, np.nan
    rows.to_parquet(tmp_path / "rows.parquet")
    columns = column("team", "group"), column("control", "number"), column("quality", "scale", low=1, high=7)
    table = Table("rows", "row", {}, columns)
    held, _ = big.prepare_big(practice(tables=(table,), joins=()), {"rows": str(tmp_path / "rows.parquet")}, {})
    told = [one.values for one in held.problems if one.code.startswith("non-response")]
    expected = {"of": 815, "most_group": "a", "least_group": "b", "gap": 25.0, "groups": 2, "share": "61\u00a0%"}
    assert told == ([] if whole else [told[0] | expected])


def test_rows_that_came_joined_are_held_to_a_window_without_end(firm, tmp_path):
    """A day after its call at the earliest, and nothing is too late; what came too early is no answer, its call stays."""
    calls, answers = firm
    flat = calls.merge(answers.drop_duplicates("call"), left_on="Call id", right_on="call").drop(columns="call")
    path = tmp_path / "flat.parquet"
    flat.to_parquet(path, index=False)
    about = practice()
    about = dataclasses.replace(about, tables=(about.tables[0], dataclasses.replace(about.tables[1], required=False)),
                                joins=(dataclasses.replace(about.joins[0], least=1, most=float("inf")),))
    flat = flat[flat["control"].between(0, 100) & ~(flat[["q 1", "q.2", "q'3"]].max(axis=1) > 7)]
    early = flat["answered"] < flat["call time"] + pd.Timedelta(days=1)
    assert 100 < early.sum() < len(flat) - 100
    mapping = {name: own for name, own in MAPPING.items() if name != "answers.call"}
    from pebbletrail.own_data.prepare import prepare

    small, (large, recipe) = (made(about, {"calls": str(path)}, mapping) for made in (prepare, big.prepare_big))
    for held, rows in ((small, small.frame), (large, big.table_of(recipe).execute())):
        (step,) = [step for step in held.flow if step.code == "outside-window"]
        assert (step.table, step.before, step.after) == ("answers", len(flat), len(flat))
        assert step.values == {"early": early.sum(), "late": 0}
        assert len(rows) == len(flat)
        there = flat.loc[~early, ["q 1", "q.2", "q'3"]].notna().all(axis=1).sum()
        assert rows["quality"].notna().sum() == there
    silent = [[one for one in held.problems if one.code.startswith("non-response")] for held in (small, large)]
    assert silent[0] == silent[1] != []
    assert silent[0][0].count == len(flat) - there


def test_codes_of_persons_are_not_in_the_table(firm, prepared):
    held, recipe = prepared
    assert held.personal == ("agent",)
    codes = set(big.table_of(recipe).agent.execute())
    assert not codes & set(firm[0]["agent"])
    assert len(codes) == by_hand(firm)["agent"].nunique()
    assert held.absent == ("tenure", "restarts")


def test_the_files_are_not_changed_and_have_their_fingerprint(files):
    import hashlib
    from pathlib import Path

    held, _ = big.prepare_big(practice(), files, MAPPING)
    for passport in held.passports:
        assert passport.sha256 == hashlib.sha256(Path(files[passport.table]).read_bytes()).hexdigest()


def refused(files, mapping=MAPPING, about=None, **options):
    with pytest.raises(NotUsable) as error:
        big.prepare_big(about or practice(), files, mapping, **options)
    return error.value


def test_all_missing_columns_are_named_at_once_with_the_nearest_heading(files):
    error = refused(files, {**MAPPING, "team": "drop table", "control": "controll"})
    assert [problem.column for problem in error.problems] == ["team", "control"]
    assert "'control'" in str(error)


def test_a_join_that_multiplies_rows_is_refused(files, firm):
    once = practice(joins=(Join("answers", "calls", "call"),))
    error = refused(files, about=once)
    [problem] = [one for one in error.problems if one.stops]
    merged = firm[0][firm[0]["control"].between(0, 100)].merge(firm[1].drop(index=7), left_on="Call id", right_on="call")
    assert problem.code == "multiplies"
    assert problem.count == (merged["Call id"].value_counts() > 1).sum()


def test_codes_that_never_match_one_team_and_a_constant_stop(firm, tmp_path):
    calls, answers = firm[0].copy(), firm[1]
    calls[HOSTILE], calls["control"] = "one", 50.0
    calls.to_parquet(tmp_path / "calls.parquet")
    answers.to_parquet(tmp_path / "answers.parquet")
    given = {name: str(tmp_path / f"{name}.parquet") for name in ("calls", "answers")}
    assert {one.code for one in refused(given).problems if one.stops} == {"one-cluster", "constant"}
    answers.assign(call=answers["call"] + 10_000).to_parquet(tmp_path / "answers.parquet")
    assert "nothing-matches" in {one.code for one in refused(given).problems}


def test_too_many_bad_rows_stop_and_rows_sharing_a_code_count_once(firm, tmp_path, files):
    assert "--most-set-aside" in str(refused(files, most_set_aside=0.001))
    twice = pd.concat([firm[0], firm[0].iloc[100:110]])
    twice.to_parquet(tmp_path / "calls.parquet")
    held, _ = big.prepare_big(practice(), {**files, "calls": str(tmp_path / "calls.parquet")}, MAPPING)
    assert Step("duplicates", "calls", CALLS + 10 - 4, CALLS - 4) in held.flow
    assert held.flow[-1].after == len(by_hand(firm))


@pytest.mark.parametrize("at_once", [big_keys.AT_ONCE, 100])
def test_keys_are_counted_in_parts_where_they_are_many(at_once, tmp_path, monkeypatch):
    """Texts and numbers, some twice, some missing; and rows that share a key are found all the same."""
    import ibis

    monkeypatch.setattr(big_keys, "AT_ONCE", at_once)
    keys = pd.Series([None if number % 50 == 0 else f"C{number % 700}" for number in range(1000)])
    frame = pd.DataFrame({"text": keys, "number": np.arange(1000) % 640})
    frame.to_parquet(tmp_path / "keys.parquet")
    rows = ibis.duckdb.connect().read_parquet(tmp_path / "keys.parquet")
    assert big_keys.different(rows, "text") == keys.nunique()
    assert big_keys.different(rows, "number") == 640
    _, step, problem = big_tables.once_each(rows, "number", "calls")
    assert (step.before, step.after, problem.count) == (1000, 640, 360)


def test_more_bad_rows_than_are_listed_are_all_counted(tmp_path):
    rows = pd.DataFrame({"call": np.arange(5000), "team": np.arange(5000) % 30, "control": np.arange(5000) % 50 - 20.0,
                         "quality": np.arange(5000) % 7 + 1.0})
    rows.to_parquet(tmp_path / "all.parquet")
    held, _ = big.prepare_big(practice(), {"calls": str(tmp_path / "all.parquet")}, {}, most_set_aside=0.5)
    assert held.flow[-1].after == 3000
    assert [one.count for one in held.problems] == [2000]
    assert len(held.set_aside) == 1000
    assert held.set_aside["row"].head(3).tolist() == [1, 2, 3]
