"""Sources of an engine: CSV too large for memory, folders, DuckDB files, addresses with secrets, what cannot be read."""

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pytest

import pebbletrail as pt
from pebbletrail.own_data import big, big_csv, big_files, big_sources, connection
from pebbletrail.own_data.big_csv import streamed
from pebbletrail.own_data.given import NotUsable
from pebbletrail.own_data.messages import told
from pebbletrail.practice.definition import Column, Practice, Table

pytest.importorskip("ibis")
duckdb = pytest.importorskip("duckdb")
ROWS = 900


def practice():
    columns = (Column("team", "group", {}, {}, may_lack=False), Column("control", "number", {}, {}, low=0, high=100),
               Column("quality", "scale", {}, {}, low=1, high=7), Column("when", "date", {}, {}, required=False))
    return Practice("firm", "1", "", {}, {}, {}, {}, "", (), "team", "control", "quality", {}, {},
                    (Table("calls", "", {}, columns),), (), "", {})


@pytest.fixture
def rows():
    rng = np.random.default_rng(2)
    return pd.DataFrame({"team": [f"équipe {number % 15}" for number in range(ROWS)], "control": rng.uniform(0, 100, ROWS),
                         "quality": rng.integers(1, 8, ROWS)})


def moments(recipe, by="team"):
    return pt.Moments.from_table(big.table_of(recipe), ["control", "quality"], by=by)


def same(recipe, rows):
    expected = pt.Moments.from_frame(rows, ["control", "quality"], by="team")
    found = moments(recipe)
    assert (found.n, sorted(found.groups)) == (expected.n, sorted(expected.groups))
    np.testing.assert_allclose(found.cov, expected.cov, rtol=1e-9)


def refused(source, **options):
    with pytest.raises(NotUsable) as error:
        big.prepare_big(practice(), {"calls": str(source)}, {}, **options)
    return error.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize(("separator", "decimal"), [(";", ","), (",", "."), ("\t", ",")])
def test_a_large_csv_is_read_in_pieces_as_it_is_written(rows, tmp_path, monkeypatch, encoding, separator, decimal):
    monkeypatch.setattr(big_files, "LARGE", 1000)
    monkeypatch.setattr(big_sources, "LARGE", 1000)
    written = rows.assign(when=pd.Timestamp("2026-01-31").strftime("%d/%m/%Y"), note="a “note”\r\nof two lines")
    path = tmp_path / "appels d'été.csv"
    written.to_csv(path, sep=separator, decimal=decimal, encoding=encoding, index=False)
    before = path.read_bytes()
    assert big.wanted(str(path))
    private = tmp_path / "private"
    private.mkdir()
    held, recipe = big.prepare_big(practice(), {"calls": str(path)}, {}, folder=private)
    same(recipe, rows)
    assert held.table.when.max().execute() == pd.Timestamp("2026-01-31")
    assert separator.replace("\t", "tab") in held.passports[0].read_as
    assert path.read_bytes() == before


def test_rows_cut_short_are_counted_and_those_after_keep_their_numbers(tmp_path):
    path = tmp_path / "calls.csv"
    path.write_text("team;control;quality\na;1;2\nb;3\nc;\"4\n5\";6\nd;7;8;9\ne;500;1\n", encoding="utf-8")
    found = streamed(path, "calls", tmp_path / "calls.parquet")
    assert found.skipped == (3, 5)
    assert [(one.code, one.rows, one.count) for one in found.problems] == [("ragged", (3, 5), 2)]
    assert pd.read_parquet(tmp_path / "calls.parquet")["team"].tolist() == ["a", "c", "e"]


LINES = [f"{number};team {number % 20};{number % 100},5" for number in range(120_000)]
ODD, SHUT = '100;"team 3;5,5', '110;team 3";5,5'


@pytest.mark.parametrize(("change", "end", "code", "row"), [
    ({}, "", None, None), ({119_999: "119999;te"}, "", "cut-short", 120_001), ({119_999: "119999;te"}, "\n", None, None),
    ({100: ODD}, "\n", "open-quote", 102), ({100: ODD, 110: SHUT}, "\n", "open-quote", 102),
    ({100: ODD, 110: '110;"team" 3;5,5'}, "\n", "open-quote", 102), ({119_990: ODD}, "\n", "open-quote", 119_992),
    ({50: "cut", 100: ODD, 110: SHUT}, "\n", "open-quote", 102),
    ({100: '100;"team\n3\n\nof four; lines";7'}, "\n", None, None)])
def test_a_large_csv_that_was_cut_or_swallows_rows_is_refused(change, end, code, row, tmp_path):
    """As in a small one; nothing of it is analysed in silence."""
    path = tmp_path / "calls.csv"
    lines = [change.get(place, line) for place, line in enumerate(LINES)]
    path.write_text("\n".join(["call;team;control", *lines]) + end, encoding="utf-8")
    if code is None:
        streamed(path, "calls", tmp_path / "calls.parquet")
        assert len(pd.read_parquet(tmp_path / "calls.parquet")) == 120_000 - ("te" in lines[-1][-2:])
        return
    with pytest.raises(NotUsable) as error:
        streamed(path, "calls", tmp_path / "calls.parquet")
    [problem] = error.value.problems
    assert (problem.code, problem.values["row"]) == (code, row)
    for language in ("en", "fr"):
        assert str(row)[:3] in told([problem], language)[0]


def test_a_value_longer_than_a_piece_is_an_open_quotation_mark(tmp_path, monkeypatch):
    monkeypatch.setattr(big_csv, "PIECE", 1 << 20)
    path = tmp_path / "calls.csv"
    path.write_text("\n".join(["call;team;control", *LINES, ODD, *LINES, *LINES, *LINES]), encoding="utf-8")
    with pytest.raises(NotUsable, match="a quotation mark opens a value that goes on for millions of signs") as error:
        streamed(path, "calls", tmp_path / "calls.parquet")
    [problem] = error.value.problems
    assert problem.code == "open-quote-long"
    assert 0 < problem.values["row"] <= 120_001
    assert "guillemet" in told([problem], "fr")[0]
    assert not (tmp_path / "calls.parquet").exists()


def test_numbers_of_bad_rows_count_the_rows_that_were_cut(rows, tmp_path, monkeypatch):
    monkeypatch.setattr(big_files, "LARGE", 1000)
    path = tmp_path / "calls.csv"
    rows.loc[10, "control"] = 200  # in row 12 of the file, and in 13 once a row is cut before it
    lines = rows.to_csv(index=False).splitlines()
    path.write_text("\n".join([*lines[:5], "cut", *lines[5:]]), encoding="utf-8")
    held, _ = big.prepare_big(practice(), {"calls": str(path)}, {})
    assert held.set_aside[["row", "reason"]].to_numpy().tolist() == [[6, "ragged"], [13, "out-of-range"]]
    assert held.flow[0].before == ROWS + 1
    assert held.flow[-1].after == ROWS - 1


def test_a_folder_of_parquet_a_pattern_and_a_table_of_duckdb_are_the_same_rows(rows, tmp_path):
    folder = tmp_path / "part's {1} [a]"
    (folder / "below").mkdir(parents=True)
    rows.iloc[:400].to_parquet(folder / "one.parquet")
    rows.iloc[400:].to_parquet(folder / "below" / "two.parquet")
    (folder / "_SUCCESS").write_text("")
    base = tmp_path / "firm's.db"
    with duckdb.connect(str(base)) as con:
        con.register("given", rows)
        con.execute('CREATE SCHEMA "nord; drop"')
        con.execute('CREATE TABLE "nord; drop".calls AS SELECT * FROM given')
        con.execute("CREATE TABLE calls AS SELECT * FROM given")
    flat = tmp_path / "flat"
    flat.mkdir()
    rows.iloc[:1].to_parquet(flat / "a.parquet")
    rows.iloc[1:].to_parquet(flat / "b.parquet")
    for source in (folder, flat / "*.parquet", f"calls@duckdb://{base}", f"nord; drop.calls@duckdb://{base}"):
        assert big.wanted(str(source))
        _, recipe = big.prepare_big(practice(), {"calls": str(source)}, {})
        same(recipe, rows)


def test_values_that_are_nan_are_missing_whatever_the_files_notes_say(rows, tmp_path):
    import pyarrow as pa
    from pyarrow import parquet

    rows.loc[[1, 2], "control"] = np.nan
    parquet.write_table(pa.table({name: pa.array(rows[name].to_numpy(), from_pandas=False) for name in rows}),
                        tmp_path / "calls.parquet")
    held, recipe = big.prepare_big(practice(), {"calls": str(tmp_path / "calls.parquet")}, {})
    assert held.table.control.count().execute() == ROWS - 2
    same(recipe, rows)


@pytest.mark.parametrize(("source", "code"), [
    ("calls@duckdb:///no/such.db", "no-such-file"), ("callz@duckdb://{db}", "no-such-table"),
    ("{cut}", "not-readable"), ("calls@duckdb://{cut}", "not-readable"), ("calls@env:NO_SUCH_NAME", "no-connection"),
    ("calls@nothing://host/db", "no-connection"), ("calls@postgres://u:p:/x@[host", "no-connection")])
def test_what_cannot_be_reached_is_named(rows, tmp_path, source, code):
    with duckdb.connect(str(tmp_path / "firm.db")) as con:
        con.execute("CREATE TABLE calls AS SELECT 1 AS a")
    rows.to_parquet(tmp_path / "whole.parquet")
    cut = tmp_path / "half.parquet"
    cut.write_bytes((tmp_path / "whole.parquet").read_bytes()[:5000])
    error = refused(source.format(db=tmp_path / "firm.db", cut=cut))
    assert [problem.code for problem in error.problems] == [code]
    assert "--data calls" in str(error) or "--data data" in str(error)


def test_a_password_is_neither_said_nor_stored(monkeypatch):
    secret = "s3cret%2Fword"
    source = f"calls@postgres://anna:{secret}@127.0.0.1:1/firm?token={secret}"
    error = refused(source)
    assert secret not in str(error)
    assert "s3cret/word" not in str(error)
    address = connection.plain(source.partition("@")[2])
    assert address.startswith("env:")
    assert secret not in address
    assert os.environ[address.removeprefix("env:")].startswith("postgres://anna")
    assert connection.shown(address) == "postgres://127.0.0.1:1/firm"
    monkeypatch.delenv(address.removeprefix("env:"))


def test_tables_of_two_engines_are_refused_without_asking_either(tmp_path):
    with pytest.raises(NotUsable, match="cannot be joined"):
        big_sources.address_of({"calls": "calls@spark:local", "survey": "s@postgres://u:hidden@host/db"})
    with pytest.raises(NotUsable, match="cannot see a file"):
        big_sources.address_of({"calls": "calls@postgres://host/db", "survey": str(tmp_path / "s.parquet")})


def test_a_private_folder_that_cannot_be_written_is_named(rows, tmp_path):
    rows.to_parquet(tmp_path / "calls.parquet")
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    if os.name == "posix" and os.geteuid() == 0:
        locked = "/proc"  # where root itself can put nothing
    error = refused(tmp_path / "calls.parquet", folder=locked)
    assert [one.code for one in error.problems] == ["not-writable"]
    assert repr(str(locked)) in str(error)


LONG = """
import sys
from pebbletrail.own_data import big, big_engine
there = big_engine.engine("duckdb:", big.private_folder(None))
rows = there.backend.sql("SELECT hash(range * 17) AS h, range % 1000003 AS g FROM range(100000000000)")
from pebbletrail.moments.fetching import fetched
print("begun", flush=True)
fetched(rows.aggregate(n=rows.h.nunique()))
"""


def test_ctrl_c_ends_a_query_and_its_files_are_removed(tmp_path):
    process = subprocess.Popen([sys.executable, "-c", LONG], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               env={**os.environ, "TMPDIR": str(tmp_path)})
    assert process.stdout.readline() == "begun\n"
    time.sleep(1)  # into the query; were it still before it, the answer would be the same
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert "KeyboardInterrupt" in said
    assert list(tmp_path.iterdir()) == []
