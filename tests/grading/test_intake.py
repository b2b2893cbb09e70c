"""What was received, from a folder and from a platform's zip: every file once, hostile ones as a sentence, the rest read."""

import contextlib
import hashlib
import io
import os
import struct
import subprocess
import tempfile
import zipfile
from pathlib import Path

import pytest

from pebbletrail.grading import intake
from pebbletrail.grading.intake import NothingReceived, Received, received
from pebbletrail.grading.results import Problem


def file(name, content=b"content"):
    return Received(name, content, hashlib.sha256(content).hexdigest())


def write(folder, *names, content=b"content"):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def packed(path, entries, **options):
    """A zip with these entries: pairs of a name (or ZipInfo) and content."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **options) as made:
        for name, content in entries:
            made.writestr(name, content)
    return path


def told(found, name):
    """What is said of the one file of this name."""
    (only,) = [one for one in found if isinstance(one, Problem) and one.file == name]
    return only.what


# --- a folder ------------------------------------------------------------------------------------------------------------


def test_a_folder_in_the_order_of_names(tmp_path):
    write(tmp_path, "s002/b.zip", "s001/B.ZIP", "s001/a.ipynb", "z.zip", "s001/deep/er/c.zip", "s001.zip")
    assert list(received(tmp_path)) == [file(name) for name in (
        "s001/B.ZIP", "s001/a.ipynb", "s001/deep/er/c.zip", "s001.zip", "s002/b.zip", "z.zip")]
    assert list(received(str(tmp_path))) == list(received(tmp_path))


def test_what_systems_leave_is_passed_over_and_other_files_are_told(tmp_path):
    write(tmp_path, "a.zip", ".hidden.zip", ".git/b.zip", "__MACOSX/a.zip", "s/Thumbs.db", "s/.DS_Store", "desktop.ini",
          "04-control-s001-20260301T120000Z-receipt.txt", "04-receipt-1.txt", "notes.docx",
          "s001/submission.json", "b.zip.exe")
    found = list(received(tmp_path))
    assert found[0] == file("a.zip")
    assert [one.file for one in found[1:]] == ["b.zip.exe", "notes.docx", "s001/submission.json"]
    assert all("It is not a submission" in one.what for one in found[1:])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="links and pipes are made as on Linux and macOS")
def test_links_and_devices_are_never_followed(tmp_path):
    outside = tmp_path / "outside"
    write(outside, "secret.zip")
    inside = tmp_path / "inside"
    write(inside, "a.zip")
    (inside / "file.zip").symlink_to(outside / "secret.zip")
    (inside / "folder").symlink_to(outside)
    (inside / "round").symlink_to(inside)
    (inside / "gone.zip").symlink_to(tmp_path / "nowhere")
    os.mkfifo(inside / "pipe.zip")  # opening it would wait for ever
    found = list(received(inside))
    assert [one for one in found if isinstance(one, Received)] == [file("a.zip")]
    for name in ("file.zip", "folder", "round", "gone.zip"):
        assert "is a link to another place" in told(found, name)
    assert "is not a submission" in told(found, "pipe.zip")
    assert len(found) == 6


def test_the_folder_itself_may_be_a_link(tmp_path):
    write(tmp_path / "real", "a.zip")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert list(received(tmp_path / "link")) == [file("a.zip")]


def test_a_file_that_is_too_large(tmp_path):
    write(tmp_path, "most.zip", content=bytes(intake.LARGEST))
    write(tmp_path, "more.zip", content=bytes(intake.LARGEST + 1))
    large, most = received(tmp_path)
    assert large == Problem("more.zip", "It is larger than 30 MB, so it was not read.")
    assert len(most.content) == 30 * 1024 ** 2


@contextlib.contextmanager
def nobody():
    """Whoever may read everything reads as nobody for a while: root does, where tests run in a container."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


@pytest.mark.skipif(os.name != "posix", reason="Windows has other rights")
def test_what_may_not_be_read_is_told_and_the_rest_is_read():
    with nobody(), tempfile.TemporaryDirectory() as name:  # pytest's own folder is closed to others
        folder = Path(name)
        write(folder, "a/x.zip", "b.zip", "c.zip")
        (folder / "a").chmod(0)
        (folder / "b.zip").chmod(0)
        try:
            found = list(received(folder))
        finally:
            (folder / "a").chmod(0o700)
    assert [one.what for one in found[:2]] == ["It cannot be read (Permission denied)."] * 2
    assert found[2:] == [file("c.zip")]


def test_a_file_that_vanishes_is_told(tmp_path):
    write(tmp_path, "a.zip", "b.zip", "c.zip")
    found = received(tmp_path)
    assert next(found) == file("a.zip")
    (tmp_path / "b.zip").unlink()
    assert list(found) == [Problem("b.zip", "It cannot be read (No such file or directory)."), file("c.zip")]


def test_names_that_cannot_be_shown(tmp_path):
    for name in (b"s\xff.zip", "a\u202egpj.zip".encode(), b"b\x1b[31m\n.zip"):
        with open(os.fsencode(tmp_path) + b"/" + name, "wb") as made:
            made.write(b"content")
    assert list(received(tmp_path)) == [file("agpj.zip"), file("b[31m.zip"), file("s?.zip")]


def test_folders_deeper_than_pythons_calls(tmp_path):
    names = "d/" * 1_500
    place = os.open(tmp_path, os.O_RDONLY)
    for _ in range(1_500):
        os.mkdir("d", dir_fd=place)
        deeper = os.open("d", os.O_RDONLY, dir_fd=place)
        os.close(place)
        place = deeper
    made = os.open("x.zip", os.O_WRONLY | os.O_CREAT, dir_fd=place)
    os.write(made, b"content")
    os.close(made)
    os.close(place)
    found = list(received(tmp_path))
    subprocess.run(["rm", "-r", tmp_path / "d"], check=True)  # too deep for what clears up after a test
    assert found == [file(f"{names}x.zip")]


def test_one_file_at_a_time(tmp_path):
    write(tmp_path, "a.zip")
    found = received(tmp_path)
    write(tmp_path, "a.zip", content=b"later")
    assert next(found) == file("a.zip")  # read at once, so that an empty folder is said at once
    assert list(found) == []


@pytest.mark.parametrize("name", ["nowhere", "empty", "passed"])
def test_nothing_to_grade(tmp_path, name):
    (tmp_path / "empty" / "in it").mkdir(parents=True)
    write(tmp_path, "passed/.DS_Store", "passed/__MACOSX/x.zip")
    with pytest.raises(NothingReceived, match=rf"{name}: (there is no such folder|nothing was handed in there)"):
        received(tmp_path / name)


# --- one file, and a platform's zip --------------------------------------------------------------------------------------


def test_one_submission_by_itself(tmp_path):
    write(tmp_path, "Ada.ipynb")
    assert list(received(tmp_path / "Ada.ipynb")) == [file("Ada.ipynb")]
    path = packed(tmp_path / "x.zip", [("notebook.ipynb", b"{}"), ("submission.json", b"{}")])
    assert list(received(path)) == [file("x.zip", path.read_bytes())]


def test_a_platforms_zip_is_as_the_folder_it_makes(tmp_path):
    names = ["Zoë Lind_1_assignsubmission_file_/x.zip", "Ada Lind_2_assignsubmission_file/deep/y.ipynb", "lindada_1_2_z.ZIP"]
    passed = [".x.zip", "__MACOSX/Ada Lind/y.zip", "a/.DS_Store", "b/x-receipt.txt", "c/"]
    path = packed(tmp_path / "all.zip", [*((name, name.encode()) for name in names), *((name, b"") for name in passed),
                                         ("a/notes.txt", b"")])
    (tmp_path / "out").mkdir()
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path / "out")
    found = list(received(path))
    assert found == list(received(tmp_path / "out"))
    assert {one.name for one in found if isinstance(one, Received)} == set(names)
    assert "It is not a submission" in told(found, "a/notes.txt")


def test_nothing_is_written_to_disk(tmp_path, monkeypatch):
    packed(tmp_path / "all.zip", [("../out.zip", b"x"), ("a.zip", b"content")])
    monkeypatch.chdir(tmp_path)
    assert file("a.zip") in list(received("all.zip"))
    assert os.listdir(tmp_path) == ["all.zip"]


@pytest.mark.parametrize("name", ["../x.zip", "a/../../x.zip", "a/..", "/etc/x.zip", "C:/x.zip", "c:x.zip", "a\\x.zip",
                                  "..\\x.zip", "a/b/../x.ipynb"])
def test_names_that_lead_elsewhere(tmp_path, name):
    found = list(received(packed(tmp_path / "all.zip", [(name, b"x"), ("s001/a.zip", b"content")])))
    assert file("s001/a.zip") in found
    assert len(found) == 2
    assert told(found, name)
    assert name.endswith("..") or "Its name leads to another place" in told(found, name)


def test_a_name_with_a_zero(tmp_path):
    path = packed(tmp_path / "all.zip", [("s001/a.zipX.txt", b"x"), ("b.zip", b"content")])
    path.write_bytes(path.read_bytes().replace(b"zipX", b"zip\0"))  # zipfile cuts the name there
    found = list(received(path))
    assert "Its name leads to another place" in told(found, "s001/a.zip")
    assert file("b.zip") in found


def test_names_in_utf_8_whatever_the_zip_says(tmp_path):
    path = packed(tmp_path / "all.zip", [("Émile_1_assignsubmission_file_/x.zip", b"content")])
    silent = path.read_bytes()
    for header, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = silent.index(header) + offset
        assert struct.unpack("<H", silent[at:at + 2]) == (0x800,)
        silent = silent[:at] + b"\0\0" + silent[at + 2:]
    (tmp_path / "silent.zip").write_bytes(silent)
    assert list(received(tmp_path / "silent.zip")) == list(received(path))


def entry(name, **fields):
    made = zipfile.ZipInfo(name)
    for field, value in {"compress_type": zipfile.ZIP_DEFLATED, **fields}.items():
        setattr(made, field, value)
    return made


@pytest.mark.parametrize(("hostile", "content", "said"), [
    (entry("x.zip", external_attr=0o120777 << 16), b"/etc/passwd", "a link or a device"),
    (entry("x.zip", compress_type=zipfile.ZIP_BZIP2), b"x", "neither stored nor deflated"),
    (entry("x.zip"), bytes(30 * 1024 ** 2 + 1), "larger than 30 MB"),
    (entry("x.zip"), bytes(10 * 1024 ** 2), "grows more than 200 times"),
    (entry("x.exe"), b"x", "not a submission")])
def test_hostile_entries_are_told_and_the_rest_is_read(tmp_path, hostile, content, said):
    found = list(received(packed(tmp_path / "all.zip", [("a.zip", b"content"), (hostile, content), ("z.zip", b"content")])))
    assert [one for one in found if isinstance(one, Received)] == [file("a.zip"), file("z.zip")]
    assert said in told(found, hostile.filename)


@pytest.mark.parametrize(("offset", "value", "said"), [
    (8, 1, "encrypted"), (10, 99, "neither stored nor deflated"), (16, 7, "damaged"), (20, 2, "damaged"), (24, 3, "damaged"),
    (42, 40_000, "damaged")])
def test_a_table_of_contents_that_lies(tmp_path, offset, value, said):
    path = packed(tmp_path / "all.zip", [("a.zip", b"content"), ("z.zip", b"content" * 100)])
    content = bytearray(path.read_bytes())
    struct.pack_into("<H", content, content.rindex(b"PK\x01\x02") + offset, value)
    path.write_bytes(content)
    first, second = received(path)
    assert first == file("a.zip")
    assert said in second.what


def test_files_of_one_name_are_not_chosen_among(tmp_path):
    with pytest.warns(UserWarning, match="Duplicate"):
        path = packed(tmp_path / "all.zip", [("a.zip", b"one"), ("a.zip", b"two"), ("b.zip", b"content")])
    found = list(received(path))
    assert [one.what for one in found[:2]] == ["The zip has 2 files of this name, so none of them was read."] * 2
    assert found[2:] == [file("b.zip")]


def test_too_many_files(tmp_path, monkeypatch):
    monkeypatch.setattr(intake, "MOST_ENTRIES", 3)
    path = packed(tmp_path / "all.zip", [(f"{number}.zip", b"content") for number in range(5)])
    problem, *rest = received(path)
    assert problem == Problem("all.zip", "The zip has 5 files; only the first 3 were read.")
    assert rest == [file(f"{number}.zip") for number in range(3)]


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + b"\0" * 17])
def test_a_zip_that_is_none(tmp_path, content):
    write(tmp_path, "all.zip", content=content)
    with pytest.raises(NothingReceived, match=r"all.zip: the zip is damaged, or it is no zip"):
        received(tmp_path / "all.zip")


def test_a_zip_with_nothing_in_it(tmp_path):
    with pytest.raises(NothingReceived, match="nothing was handed in there"):
        received(packed(tmp_path / "all.zip", [("__MACOSX/x.zip", b"x")]))


def test_a_zip_inside_is_never_opened_by_itself(tmp_path):
    """A student's zip with folders named by others' ids stays one file of that student."""
    inner = io.BytesIO()
    packed(inner, [("s002/x.zip", b"x")])
    write(tmp_path, "s001/y.zip", content=inner.getvalue())
    assert list(received(tmp_path)) == [file("s001/y.zip", inner.getvalue())]
