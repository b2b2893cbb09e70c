"""Texts in an engine: what people write is read there as it is in memory, from the same file."""

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pebbletrail.own_data import big, big_files, big_words, messages
from pebbletrail.own_data.given import NotUsable
from pebbletrail.own_data.prepare import prepare
from pebbletrail.practice.definition import Column, Practice, Table

pytest.importorskip("ibis")
pytest.importorskip("duckdb")
ROWS = 600
NEEDS_ROWS = ("looks-personal", "personal-dropped")  # said only of rows in hand
WORDS = ("Pas du tout d'accord", "Plutôt pas d’accord", "ni d'accord ni pas d'accord", "plutôt d'accord",
         "Tout à fait d'accord")


def column(name, kind, **more):
    return Column(name, kind, {}, {}, **more)


def practice(**ends):
    columns = (column("call", "code", unique=True, may_lack=False), column("team", "group", may_lack=False),
               column("control", "number", low=0, high=100, may_lack=False), column("trust", "scale", **{
                   "low": 1, "high": 5, **ends}), column("solved", "yes-no", required=False),
               column("when", "date", required=False), column("restarts", "count", required=False))
    return Practice("firm", "1", "", {}, {}, {}, {}, "", (), "team", "control", "trust", {}, {},
                    (Table("calls", "call", {}, columns),), (), "", {})


@pytest.fixture
def texts():
    """What a French firm's export may hold, every value as text, some of it wrong."""
    rng = np.random.default_rng(8)
    value = rng.uniform(0, 99, ROWS).round(2)
    data = pd.DataFrame({
        "call": [f" {number:04} " for number in range(ROWS)], "team": [f"Équipe {number % 12}" for number in range(ROWS)],
        "control": [f"{one:.2f}".replace(".", ",") for one in value], "trust": rng.choice(WORDS, ROWS),
        "solved": rng.choice(["oui", "Non", "x", "0"], ROWS), "restarts": rng.integers(0, 4, ROWS).astype(str),
        "when": [f"{1 + day % 28}/03/2026 9:05" for day in range(ROWS)]})
    data.loc[[1, 2, 3, 4], "control"] = ["beaucoup", "12 %", "101", ""]
    data.loc[[5, 6, 7], "trust"] = ["Ne sait pas", "9", "5 - tout à fait d'accord"]
    data.loc[[8, 9], "when"] = ["31/02/2026", "2026-03-04"]
    data.loc[[10, 11], "restarts"] = ["2,5", "sans objet"]
    data.loc[[12, 13], "solved"] = ["peut-être", "N/A"]
    data.loc[14, "call"] = " 0015 "
    return data


def both(path, **options):
    one = prepare(practice(), {"calls": str(path)}, {}, **options)
    other, recipe = big.prepare_big(practice(), {"calls": str(path)}, {}, **options)
    return one, other, big.table_of(recipe).execute()


@pytest.mark.parametrize("most_words", [big_words.MOST, 0])
@pytest.mark.parametrize("large", [False, True])
def test_a_csv_is_read_in_pieces_as_it_is_in_memory(texts, tmp_path, monkeypatch, large, most_words):
    """Whether texts are looked up, being few, or each is taken apart."""
    monkeypatch.setattr(big_words, "MOST", most_words)
    path = tmp_path / "appels.csv"
    texts.to_csv(path, sep=";", index=False, encoding="cp1252")
    small = prepare(practice(), {"calls": str(path)}, {})
    if large:
        monkeypatch.setattr(big_files, "LARGE", 1000)
    held, recipe = big.prepare_big(practice(), {"calls": str(path)}, {})
    assert_same(small, held, big.table_of(recipe).execute())


def test_texts_are_read_once_and_queries_find_values(texts, tmp_path):
    """What the notebook's queries read is the file of values alone, whatever has become of the firm's."""
    path, folder = tmp_path / "appels.csv", tmp_path / "private"
    folder.mkdir()
    texts.to_csv(path, sep=";", index=False, encoding="cp1252")
    held, recipe = big.prepare_big(practice(), {"calls": str(path)}, {}, folder=folder)
    (view,) = recipe["views"]
    read = Path(view["paths"][0])
    assert read.parent == folder
    for other in {path, *folder.glob("*.parquet")} - {read}:
        other.unlink()
    rows = big.table_of(recipe).execute()
    assert len(rows) == held.flow[-1].after == ROWS - 8
    assert rows["control"].dtype == rows["trust"].dtype == float


def test_plain_parquet_is_not_written_again(texts, tmp_path):
    path, folder = tmp_path / "calls.parquet", tmp_path / "private"
    folder.mkdir()
    plain = texts.assign(control=1.0 * np.arange(ROWS) % 100, trust=1 + np.arange(ROWS) % 5, solved=1.0, restarts=2)
    plain.drop(columns=["call", "when"]).rename_axis("call").reset_index().to_parquet(path)
    about = practice()
    table = about.tables[0]
    columns = tuple(dataclasses.replace(one, required=False, unique=False) for one in table.columns if one.name != "call")
    big.prepare_big(dataclasses.replace(about, tables=(dataclasses.replace(table, columns=columns),)),
                    {"calls": str(path)}, {}, folder=folder)
    assert not list(folder.glob("*.parquet"))


def test_texts_in_parquet_are_read_as_in_memory(texts, tmp_path):
    texts.to_parquet(tmp_path / "calls.parquet")
    assert_same(*both(tmp_path / "calls.parquet"))


def assert_same(small, held, rows):
    assert held.flow == small.flow
    said = [sorted((one.code, one.column, one.count) for one in side.problems if one.code not in NEEDS_ROWS)
            for side in (held, small)]
    assert said[0] == said[1]
    assert held.passports == small.passports
    names = list(small.frame.columns)
    ours, theirs = (frame[names].sort_values("call", ignore_index=True) for frame in (rows, small.frame))
    for name in names:
        if name == "when":
            pd.testing.assert_series_equal(ours[name].astype("datetime64[us]"), theirs[name])
        elif theirs[name].dtype == float:
            np.testing.assert_allclose(ours[name], theirs[name], rtol=1e-12)
        else:
            assert ours[name].tolist() == theirs[name].tolist()
    reasons = [frame[["row", "column", "reason"]].to_numpy().tolist() for frame in (held.set_aside, small.set_aside)]
    assert [line for line in reasons[1] if line not in reasons[0]] == [line for line in reasons[1] if "duplicate" in line[2]]


@pytest.mark.parametrize(("change", "code", "count"), [
    ({"restarts": "beaucoup"}, "all-unread", ROWS), ({"when": "jamais"}, "all-unread", ROWS),
    ({"solved": "peut-être"}, "all-unread", ROWS), ({"restarts": None}, "all-missing", 0)])
def test_a_column_that_none_needs_is_left_out_where_nothing_in_it_can_be_used(texts, tmp_path, change, code, count):
    """No row goes with it, and what stood there is not told: a wrong heading may lead to names."""
    path = tmp_path / "calls.parquet"
    texts.assign(**change).to_parquet(path)
    small, large, rows = both(path)
    assert_same(small, large, rows)
    [name] = change
    for made in (small, large):
        [said] = [one for one in made.problems if one.column == name]
        assert (said.code, said.count, said.found, said.stops) == (code, count, "", False)
        assert name in made.absent
        [text] = messages.told([said])
        assert "It is left out." in text
        assert str(change[name]) not in text


def test_what_is_the_same_in_every_row_is_stated_for_an_engine_too(texts, tmp_path):
    path = tmp_path / "calls.parquet"
    texts.drop(columns="restarts").to_parquet(path)
    small = prepare(practice(), {"calls": str(path)}, {"restarts": "=2"})
    large, recipe = big.prepare_big(practice(), {"calls": str(path)}, {"restarts": "=2"})
    rows = big.table_of(recipe).execute()
    assert_same(small, large, rows)
    assert set(rows["restarts"]) == {2.0}
    assert large.passports[0].columns == 6
    with pytest.raises(NotUsable, match="the same in every row"):
        big.prepare_big(practice(), {"calls": str(path)}, {"trust": "=2"})


@pytest.mark.parametrize(("change", "code", "ends"), [
    ({"trust": "6"}, "wrong-ends", {}), ({"trust": "3"}, "constant", {}), ({"when": "03/04/2026"}, "ambiguous-dates", {}),
    ({"control": "1,234"}, "ambiguous-numbers", {}), ({"trust": None}, "all-missing", {}),
    ({"control": "300"}, "all-set-aside", {}), ({}, "wrong-ends", {"high": 9})])
def test_what_stops_in_memory_stops_here(texts, tmp_path, change, code, ends):
    path = tmp_path / "calls.parquet"
    texts.assign(**change).to_parquet(path)
    about = dataclasses.replace(practice(**ends))
    for made in (prepare, big.prepare_big):
        with pytest.raises(NotUsable) as error:
            made(about, {"calls": str(path)}, {})
        stops = [problem.code for problem in error.value.problems if problem.stops]
        assert code in stops
        if code == "all-set-aside":  # to allow more would leave nothing
            assert "--most-set-aside" not in str(error.value)
