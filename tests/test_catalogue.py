"""Data: every data set against its passport, and every way it can be missing."""

import http.server
import threading
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import pebbletrail as pt
from pebbletrail import catalogue, fetch
from pebbletrail.cli import main
from pebbletrail.passports import all_passports, passport

OPEN = [p for p in all_passports().values() if p.kind == "open"]
OWN = [p for p in all_passports().values() if p.kind != "open"]


@pytest.fixture
def nowhere(tmp_path, monkeypatch):
    """A machine without any open data."""
    monkeypatch.setenv("PEBBLETRAIL_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PEBBLETRAIL_DATA", raising=False)
    return tmp_path


@pytest.fixture
def server(tmp_path):
    """A web server on this machine that serves ``tmp_path/served``; yields its address."""
    folder = tmp_path / "served"
    folder.mkdir()
    handler = lambda *args: Quiet(*args, directory=str(folder))  # noqa: E731
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}", folder
        running.shutdown()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@pytest.mark.parametrize("about", OWN, ids=lambda p: p.name)
def test_own_tables_load(about):
    data = pt.load(about.name)
    assert (len(data) if isinstance(data, pd.DataFrame) else len(data.names)) == about.rows


def test_loading_twice_gives_independent_copies():
    first = pt.load("hidden-costs-summary")
    first.loc[:, "agents"] = 0
    assert pt.load("hidden-costs-summary")["agents"].min() > 0


@pytest.mark.parametrize("about", OPEN, ids=lambda p: p.name)
def test_open_data_loads_from_the_real_bytes(about, open_data):
    data = pt.load(about.name)
    assert len(data) == about.rows
    assert set(data) == set(about.columns)
    # counted in the files: -99, weeks without a score, complaints without kind, state or mark
    empty = {"corporate-reputation": 70, "ctrip-performance": 707, "cfpb-complaints": 977 + 20 + 57}
    assert data.isna().sum().sum() == empty.get(about.name, 0)


@pytest.mark.parametrize(("cost", "quality"), [("switch_1", "qual_6"), ("switch_2", "qual_7"), ("switch_3", "qual_5"),
                                               ("switch_4", "qual_6")])
def test_the_switching_costs_of_the_reputation_rows_follow_from_quality_as_their_passport_says(open_data, cost, quality):
    rows = pt.load("corporate-reputation")
    assert ((pd.crosstab(rows[quality], rows[cost]) > 0).sum(axis=1) == 1).all()
    assert f"{cost} from {quality}" in passport("corporate-reputation").caution.replace("switch_1 and switch_4",
                                                                                        "switch_1 from qual_6, switch_4")


def test_every_open_data_set_has_an_address_a_licence_and_a_citation():
    for about in OPEN:
        assert about.url.startswith("https://")
        assert len(about.sha256) == 64
        assert about.licence
        assert about.citation


def test_datasets_lists_all_and_says_what_is_here(nowhere):
    listed = pt.datasets()
    assert list(listed) == ["name", "kind", "rows", "licence", "source", "available"]
    assert set(listed.loc[~listed["available"], "kind"]) == {"open"}
    assert len(listed) == len(all_passports())


def test_unknown_name_gives_the_nearest():
    with pytest.raises(ValueError, match=r"'ecsi-mobil'.*Did you mean 'ecsi-mobile'"):
        pt.load("ecsi-mobil")


def test_offline_says_what_to_do(nowhere):
    with pytest.raises(pt.DataUnavailable, match=r"'ecsi-mobile' is not on this machine.*offline.*data fetch ecsi-mobile.*"
                                                 r"mobi\.rda.*PEBBLETRAIL_DATA"):
        pt.load("ecsi-mobile")


def test_the_message_in_a_notebook_is_one_line_without_traceback(nowhere):
    with pytest.raises(pt.DataUnavailable) as caught:
        pt.load("ecsi-mobile")
    told = caught.value._render_traceback_()
    assert len(told) == 1
    assert told[0].startswith("Not run: the data set 'ecsi-mobile'")


def test_no_network_is_one_message(nowhere, monkeypatch):
    monkeypatch.setenv("PEBBLETRAIL_OFFLINE", "0")
    closed = replace(passport("ecsi-mobile"), url="http://127.0.0.1:9/mobi.rda")
    with pytest.raises(pt.DataUnavailable, match=r"download failed \(ConnectionError\).*pebbletrail data fetch"):
        fetch.fetch(closed, progress=False)


def test_download_is_kept_and_not_repeated(nowhere, server, monkeypatch):
    monkeypatch.setenv("PEBBLETRAIL_OFFLINE", "0")
    address, folder = server
    (folder / "small.csv").write_bytes(b"a,b\n1,2\n")
    about = replace(passport("ecsi-mobile"), name="small", file="small.csv", url=f"{address}/small.csv",
                    sha256=fetch.sha256_of(folder / "small.csv"))
    first = fetch.fetch(about, progress=False)
    (folder / "small.csv").unlink()
    assert fetch.fetch(about, progress=False) == first
    assert first.read_bytes() == b"a,b\n1,2\n"


def test_other_bytes_at_the_address_are_refused_and_not_kept(nowhere, server, monkeypatch):
    monkeypatch.setenv("PEBBLETRAIL_OFFLINE", "0")
    address, folder = server
    (folder / "mobi.rda").write_bytes(b"something else")
    about = replace(passport("ecsi-mobile"), url=f"{address}/mobi.rda")
    with pytest.raises(pt.DataUnavailable, match="serves other bytes than the registered ones"):
        fetch.fetch(about, progress=False)
    assert not fetch.available(about)


def test_a_missing_file_at_the_address_is_one_message(nowhere, server, monkeypatch):
    monkeypatch.setenv("PEBBLETRAIL_OFFLINE", "0")
    about = replace(passport("ecsi-mobile"), url=f"{server[0]}/gone.rda")
    with pytest.raises(pt.DataUnavailable, match=r"download failed \(HTTPError\)"):
        fetch.fetch(about, progress=False)


def test_a_damaged_file_in_the_users_folder_is_named_and_not_used(nowhere, monkeypatch):
    own = nowhere / "own"
    own.mkdir()
    (own / "mobi.rda").write_bytes(b"damaged")
    monkeypatch.setenv("PEBBLETRAIL_DATA", str(own))
    with pytest.raises(pt.DataUnavailable, match=r"SHA-256 begins [0-9a-f]{12}, not 5c3c4c8d80a6"):
        pt.load("ecsi-mobile")
    assert (own / "mobi.rda").read_bytes() == b"damaged"


def test_a_damaged_file_in_the_cache_is_set_aside_and_fetched_again(nowhere, server, monkeypatch):
    monkeypatch.setenv("PEBBLETRAIL_OFFLINE", "0")
    address, folder = server
    (folder / "small.csv").write_bytes(b"right")
    about = replace(passport("ecsi-mobile"), file="small.csv", url=f"{address}/small.csv",
                    sha256=fetch.sha256_of(folder / "small.csv"))
    fetch.cache_folder().mkdir(parents=True)
    (fetch.cache_folder() / "small.csv").write_bytes(b"wrong")
    assert fetch.fetch(about, progress=False).read_bytes() == b"right"
    assert [p.read_bytes() for p in fetch.cache_folder().glob("*.other-version")] == [b"wrong"]


def test_a_changed_own_table_is_refused(tmp_path, monkeypatch):
    copied = tmp_path / "tables"
    copied.mkdir()
    original = Path(catalogue.project_folder("datasets")) / "tables" / "hidden-costs-summary.csv"
    (copied / original.name).write_text(original.read_text(encoding="utf-8").replace("72", "73"), encoding="utf-8")
    monkeypatch.setattr(catalogue, "project_folder", lambda name: tmp_path)
    with pytest.raises(ValueError, match=r"'hidden-costs-summary.csv' was changed.*git checkout"):
        pt.load("hidden-costs-summary")


def test_rows_without_permission_to_redistribute_are_left_out(open_data):
    rows = pt.load("hidden-costs-of-control")
    assert rows["laboratory"].value_counts().to_dict() == {
        "Zurich": 72, "Jena, flat fee": 57, "Massachusetts, third party": 53, "Massachusetts": 38, "Jena 2": 33,
        "Trento": 30, "Jena 1": 29, "Jena 3": 28}


def test_data_commands(capsys, open_data):
    assert main(["data", "list"]) == 0
    assert "ecsi-mobile" in capsys.readouterr().out
    assert main(["data", "check"]) == 0
    assert capsys.readouterr().out.count("✓") == len(all_passports())
    assert main(["data", "fetch", "ecsi-mobile", "hidden-costs-summary"]) == 0
    told = capsys.readouterr().out
    assert "ecsi-mobile: here already" in told
    assert "hidden-costs-summary: travels with the project" in told


def test_data_fetch_offline_fails_with_one_line(capsys, nowhere):
    assert main(["data", "fetch", "ecsi-mobile"]) == 2
    assert "Traceback" not in capsys.readouterr().err
    assert main(["data", "check"]) == 0
    assert capsys.readouterr().out.count("○") == len(OPEN)
