"""Real tables broken in the ways in which files come broken: each refusal names its place, and leaves nothing behind.

Faults that are seen before the notebook runs are given to the command in this process; what needs its own is few.
"""

import hashlib
import os
import signal
import tempfile
from pathlib import Path

import pandas as pd
import psutil
import pytest
from real_tables import FAULTS, ITEMS, OF_ONE, REAL, as_csv, changed, every, rows_of
from test_replicate_command import given, left_in, started, told, until

from pebbletrail.cli import main

pytestmark = pytest.mark.usefixtures("open_data")
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and limits are Unix's")


@pytest.fixture
def refused(tmp_path, monkeypatch, capsys):
    """Gives words to the command, which has to refuse them in one message; returns it."""

    def refuse(*words, out="à lire.html"):
        scratch = tmp_path / "tmp"
        scratch.mkdir(exist_ok=True)
        monkeypatch.setattr(tempfile, "tempdir", str(scratch))
        monkeypatch.chdir(tmp_path)
        before = prints(tmp_path)
        assert main(["replicate", *map(str, words), "--out", str(out)]) == 2
        said = capsys.readouterr()
        assert said.out == ""
        assert told(said.err).startswith("pebbletrail: ")
        assert "Traceback" not in said.err
        assert list(scratch.iterdir()) == []
        assert prints(tmp_path) == before, "the input as it was, and nothing beside it"
        return told(said.err)

    return refuse


def prints(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir() if path.is_file()}


def put(folder, content, name="à nous, 2026.csv"):
    path = Path(folder) / name
    path.write_bytes(content if isinstance(content, bytes) else as_csv(content))
    return path


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", REAL)
def test_a_real_table_broken_is_refused(name, fault, tmp_path, refused):
    change, said = FAULTS[fault]
    real, ending = REAL[name], ".parquet" if "parquet" in fault else ".csv"
    path = put(tmp_path, change(real, rows_of(name)), f"à nous, 2026{ending}")
    message = refused(*real.words(path))
    assert all(word in message for word in said(real)), message
    assert "=201050" not in message, "a constant is no heading of the file"


@pytest.mark.parametrize(("name", "change", "more", "said"), OF_ONE)
def test_what_one_table_alone_can_show(name, change, more, said, tmp_path, refused):
    message = refused(*REAL[name].words(put(tmp_path, change(rows_of(name))), *more))
    assert all(word in message for word in said), message
    assert "have an answer" not in message, "who answered is nothing to be mended"


def test_other_ends_are_told_once_for_each_scale(tmp_path, refused):
    real = REAL["ecsi"]
    words = real.words(put(tmp_path, rows_of("ecsi")))[:-len(ITEMS)]
    message = refused(*words, *(f"{name}=1..5" for name in ITEMS))
    assert message.count("do not fit the scale (answers from 1 to 5)") == len(ITEMS)
    assert "quality (PERQ1, PERQ2, PERQ3, PERQ4, PERQ5, PERQ6, PERQ7)" in message
    assert all(f"--scale {name}=1..10" in message for name in ITEMS)


def test_a_second_file_that_multiplies_rows_or_is_none_of_the_study(tmp_path, refused):
    rows = [[*row, "no" if number == 0 else str(number)] for number, row in enumerate(rows_of("cfpb"))]
    rows[0][-1] = "incident"
    marks = [[row[-1], row[-2]] for row in rows] + [["7", "Yes" if rows[7][-2] == "No" else "No"]]
    here, there = put(tmp_path, [row[:-2] + row[-1:] for row in rows], "a.csv"), put(tmp_path, marks, "b.csv")
    message = refused(*REAL["cfpb"].words(here), "--data", f"staying={there}")
    assert "with the same incident (7)" in message
    assert "Keep the one that counts" in message
    ecsi = put(tmp_path, rows_of("ecsi"), "c.csv")
    message = refused(*REAL["ecsi"].words(ecsi), "--data", f"surveys={ecsi}")
    assert "no table 'surveys'; it has survey. Did you mean survey?" in message


@pytest.mark.parametrize(("out", "said"), [
    ("a file/r.html", "no folder"), ("/proc/r.html", "nothing can be written into /proc"), ("tmp", "must end in .html"),
    ("à nous, 2026.csv", "must end in .html")])
def test_an_output_that_takes_nothing(out, said, tmp_path, refused):
    if out.startswith("/proc") and not Path("/proc/self").exists():
        pytest.skip("no /proc here")
    (tmp_path / "a file").write_text("", encoding="utf-8")
    message = refused(*REAL["ecsi"].words(put(tmp_path, rows_of("ecsi"))), out=out)
    assert "--out" in message
    assert said in message


@pytest.mark.parametrize(("content", "said"), [
    (lambda rows: b"", ["survey : à nous, 2026.csv est vide", "ligne d'intitulés"]),
    (lambda rows: as_csv([[one.replace("PERQ1", "PERQ") for one in rows[0]], *rows[1:]]), [
        "survey : il n'y a pas de colonne « PERQ1 »", "Le nom le plus proche est « PERQ »", "--map quality='PERQ+PERQ2"]),
    (lambda rows: changed(rows, "CUSL1", every(2, "élevé")), [
        "125 lignes sur 250 seraient écartées", "(lignes 3, 5, 7", "Admis : un nombre de 1 à 10"]),
    (lambda rows: as_csv(rows[:99]) + b"1,2", ["s'arrête au milieu de la ligne 100"]),
])
def test_a_refusal_in_french(content, said, tmp_path, refused):
    message = refused(*REAL["ecsi"].words(put(tmp_path, content(rows_of("ecsi")))), "--lang", "fr")
    assert "Ces données ne sont pas encore utilisables" in message
    assert all(word in message.replace("\u00a0", " ") for word in said), message


def test_what_the_notebook_finds_out_is_a_refusal_too(tmp_path):
    """Nobody can be compared: the column that would tell has no value, which was seen before."""
    path = put(tmp_path, changed(rows_of("ctrip"), "expgroup", lambda *_: ""))
    status, out, complaints = given(tmp_path, *REAL["ctrip"].words(path))
    assert (status, out) == (2, "")
    assert told(complaints).startswith("pebbletrail: This data cannot be used yet:\n- treated: all units start")
    assert "treated (expgroup): no row has a value" in complaints
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted([path.name, "tmp"])


def test_what_can_be_survived_is_set_aside_and_harmless(tmp_path):
    """Formulas, a third word, markup in a name, a path with blanks and accents: one report, its rows to be mended beside."""
    rows = changed(rows_of("cfpb"), "Date received", every(200, "=cmd|' /C calc'!A0"))
    changed(rows, "Consumer disputed?", every(300, "+perhaps"))
    changed(rows, "Product", lambda _, old: "<script>alert(1)</script>" if old == "Money transfers" else old)
    changed(rows, "Company", every(3, "<img src=x onerror=alert(2)>"))
    folder = tmp_path / "chez nous, été"
    folder.mkdir()
    path = put(folder, rows)
    before = prints(folder)
    status, out, complaints = given(tmp_path, *REAL["cfpb"].words(path, "unit=Company"), "--out", f"{folder}/à lire.html")
    assert status == 0, complaints
    assert prints(folder).items() > before.items()
    assert {one.name for one in folder.iterdir()} == {path.name, "à lire.html", "à lire.set-aside.csv",
                                                      "à lire.specifications.json"}
    aside = pd.read_csv(folder / "à lire.set-aside.csv")
    assert set(aside["reason"]) == {"not-a-date", "not-yes-or-no", "duplicate-row"}
    assert aside.loc[aside["reason"] == "not-a-date", "row"].tolist()[:2] == [3, 203]
    assert all(not str(value).startswith(("=", "+")) for value in aside["value"])
    assert f"{aside['row'].nunique()} rows set aside" in out
    page = (folder / "à lire.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert "alert(1)" not in page, "no group is named of which fewer than ten kept silent"
    assert "<img src=x" not in page


@POSIX
@pytest.mark.parametrize("limit", [2_000, 30_000])
def test_a_full_disk_for_what_is_made_on_the_way(limit, tmp_path):
    """While rows are stored, and while the executed notebook is."""
    import resource

    def small():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    path = put(tmp_path, rows_of("ecsi"))
    process = started(tmp_path, *REAL["ecsi"].words(path), preexec_fn=small)
    out, complaints = process.communicate(timeout=120)
    assert (process.returncode, out) == (2, "")
    assert f"TMPDIR: {tmp_path / 'tmp'} took no more" in complaints or "could not be kept whole" in complaints
    assert "set TMPDIR to a folder with room" in complaints
    assert "Traceback" not in complaints
    assert left_in(tmp_path) == []


def heard():
    """Signals do what they usually do, also where the tests were started in the background or under nohup."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


@POSIX
@pytest.mark.parametrize(("number", "stage"), [(signal.SIGTERM, "kept"), (signal.SIGTERM, "executed"),
                                               (signal.SIGINT, "executed"), (signal.SIGHUP, "kept")])
def test_told_to_end_it_leaves_nothing(number, stage, tmp_path):
    """When its private folder is there, and when its kernel runs. Told twice, as impatient people do, it is the same."""
    path = put(tmp_path, rows_of("ctrip"))
    before = prints(tmp_path)
    process = started(tmp_path, *REAL["ctrip"].words(path), start_new_session=True, preexec_fn=heard)
    family = until(stage, process, tmp_path)
    os.killpg(process.pid, number)
    process.send_signal(number)
    out, complaints = process.communicate(timeout=60)
    assert process.returncode in ((128 + number, -number) if number == signal.SIGINT else (128 + number,))
    assert out == ""
    assert "Nothing was half-written" in complaints
    assert "Traceback" not in complaints
    assert prints(tmp_path) == before
    assert left_in(tmp_path) == []
    psutil.wait_procs(family, timeout=60)
    assert not [one for one in family if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]
