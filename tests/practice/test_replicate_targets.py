"""What ``pebbletrail replicate`` writes: everything or nothing, and never over somebody else's file."""

import errno
import os
import signal

import pytest

from pebbletrail.practice.record import BadRecord, Record
from pebbletrail.practice.targets import MARK, NotWritten, targets, write_all


def test_a_report_goes_beside_its_companions(tmp_path):
    made = targets(tmp_path / "à board.html")
    assert (made.set_aside.name, made.record.name) == ("à board.set-aside.csv", "à board.specifications.json")


@pytest.mark.parametrize(("name", "words"), [
    ("report.pdf", "must end in .html"), ("nowhere/report.html", "there is no folder"), ("folder.html", "is a folder")])
def test_outputs_that_cannot_be(tmp_path, name, words):
    (tmp_path / "folder.html").mkdir()
    with pytest.raises(NotWritten, match=words):
        targets(tmp_path / name)


def test_a_page_that_is_none_of_ours_stays(tmp_path):
    page = tmp_path / "report.html"
    page.write_text("<html>mine</html>")
    with pytest.raises(NotWritten, match="is no report of this command"):
        targets(page)
    assert page.read_text() == "<html>mine</html>"
    page.write_text(f"<html><head>{MARK}</head></html>")
    assert targets(page).report == page


@pytest.mark.skipif(not os.path.exists("/proc/self"), reason="root may write anywhere but there")
def test_a_folder_that_takes_no_file():
    with pytest.raises(NotWritten, match="nothing can be written into"):
        targets("/proc/self/report.html")


def test_all_is_written_or_nothing(tmp_path, monkeypatch):
    first, second = tmp_path / "a.html", tmp_path / "b.csv"
    first.write_text("before")
    write_all({first: "après", second: b"x;y"})
    assert first.read_text(encoding="utf-8") == "après"
    assert second.read_bytes() == b"x;y"
    assert first.stat().st_mode & 0o077 == 0

    def full(handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NotWritten, match="the disk is full"):
        write_all({first: "later", second: "later"})
    assert first.read_text(encoding="utf-8") == "après"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.html", "b.csv"]


def test_ctrl_c_amid_putting_files_into_place_is_heard_when_all_are_there(tmp_path, monkeypatch):
    files, replace = {tmp_path / name: name for name in ("a.html", "b.json", "c.csv")}, os.replace

    def interrupted(made, path):
        signal.raise_signal(signal.SIGINT)
        replace(made, path)

    monkeypatch.setattr(os, "replace", interrupted)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a run in the background is started deaf to it
    try:
        with pytest.raises(KeyboardInterrupt):
            write_all(files)
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)
    assert {path: path.read_text() for path in tmp_path.iterdir()} == files


@pytest.mark.skipif(os.name != "posix", reason="limits on the size of files are Unix's")
def test_a_disk_that_is_full_in_earnest(tmp_path):
    """A small file system of its own would need rights; a limit on the size of files ends writing in the same way."""
    import subprocess
    import sys

    code = ("import resource, signal, sys; from pathlib import Path; from pebbletrail.practice.targets import write_all;"
            "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000));"
            "write_all({Path(sys.argv[1]): 'x' * 5000})")
    run = subprocess.run([sys.executable, "-c", code, str(tmp_path / "r.html")], capture_output=True, text=True, check=False)
    assert "NotWritten: --out: the report was not written" in run.stderr
    assert list(tmp_path.iterdir()) == []


ENTRY = {"at": "2026-11-22T10:00", "practice": "p", "fingerprint": "a", "formula": "y ~ x", "data": "calls:1"}


def test_another_specification_of_the_same_data_is_remembered(tmp_path):
    path = tmp_path / "record.json"
    assert Record.read(path).entries == ()
    path.write_text(Record().with_entry(ENTRY).text(), encoding="utf-8")
    read = Record.read(path)
    assert read.others(ENTRY) == ()
    assert read.others({**ENTRY, "fingerprint": "b"}) == (ENTRY,)
    assert read.others({**ENTRY, "fingerprint": "b", "data": "calls:2"}) == ()
    assert read.others({**ENTRY, "fingerprint": "b", "practice": "q"}) == ()


def test_a_report_under_another_name_has_seen_results_too(tmp_path):
    late = {**ENTRY, "at": "2026-11-23T10:00"}
    for name, entry in (("b", late), ("a", ENTRY), ("mine", {**ENTRY, "formula": "own"})):
        (tmp_path / f"{name}.specifications.json").write_text(Record().with_entry(entry).text(), encoding="utf-8")
    (tmp_path / "broken.specifications.json").write_text("{}x", encoding="utf-8")
    (tmp_path / "other.json").write_text(Record().with_entry(ENTRY).text(), encoding="utf-8")
    assert Record.around(tmp_path / "mine.specifications.json").entries == (ENTRY, late)


@pytest.mark.parametrize("text", ["", "{}x", "[1]", '[{"at": "x"}]'])
def test_a_record_that_is_none_stops_and_stays(tmp_path, text):
    path = tmp_path / "record.json"
    path.write_text(text)
    with pytest.raises(BadRecord, match="not a record of specifications any more"):
        Record.read(path)
    assert path.read_text() == text
