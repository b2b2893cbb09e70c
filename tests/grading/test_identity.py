"""Whose work a file is: the sender's whatever it claims, a claim only with proof, and never a path made of a claim."""

import json
import os

import pytest
from known import build, sheet_of

from pebbletrail.exercises.class_folder import ClassFolder, ClassFolderError
from pebbletrail.exercises.sheet import practice_folder
from pebbletrail.grading.archive import Opened
from pebbletrail.grading.identity import Held, Placed, whose
from pebbletrail.grading.sender import Sender

MODULE = "04-control"
UNKNOWN = Sender(None, "its path does not say who handed it in")
UNSAID = ("It does not say with which tables it was made: have the student hand in again the file that sheet.submit() "
          "writes.")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return build(tmp_path_factory.mktemp("identity") / "class", 4, [MODULE, "07-audit"])


@pytest.fixture(scope="module")
def made(place):
    """A function: the file that a student's ``sheet.submit()`` writes, but for what the claim says else (None: nothing)."""

    def made(of="s001", module=MODULE, **says):
        sheet = sheet_of(place, of, module)
        claim = {"student": of, "module": module, "version": sheet["version"], "files": sheet["files"], **says}
        return Opened({}, b"", {name: value for name, value in claim.items() if value is not None})

    return made


def by(student):
    return Sender(student, f"the folder {student}")


def practice_files():
    return json.loads((practice_folder() / MODULE / "exercise.json").read_text())["files"]


def files_of(place, student, module=MODULE):
    return sheet_of(place, student, module)["files"]


# --- a known sender ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("module", [MODULE, "07-audit"])
def test_ones_own_work(place, made, module):
    assert whose(made(module=module), by("s001"), place) == Placed("s001", module)
    assert whose(made(module=module), UNKNOWN, place) == Placed("s001", module)


def test_the_sender_is_believed_and_what_is_another_students_is_told(place, made):
    placed = whose(made("s003"), by("s001"), place)
    assert (placed.student, placed.module, placed.notes) == ("s001", MODULE, ())
    assert placed.problems == ("It says that it is the work of s003: ask both students.",
                               "It was made with the tables of s003, and is run on those of s001: ask both students.")


def test_one_table_of_anothers_is_enough(place, made):
    own, other = files_of(place, "s001"), files_of(place, "s002")
    for table in own:
        shared = own[table] == other[table]
        placed = whose(made(files=own | {table: other[table]}), by("s001"), place)
        assert placed.problems == (() if shared else (
            "It was made with the tables of s002, and is run on those of s001: ask both students.",))
    assert any(own[table] != other[table] for table in own)


def test_the_practice_variant_is_told(place, made):
    placed = whose(made("s002", files=practice_files()), by("s002"), place)
    assert placed.problems == ("It was made with the tables of the public practice variant, and is run on those of "
                               "s002: ask the student.",)
    first, second = whose(made(student="practice", files=practice_files()), by("s002"), place).problems
    assert first == "It says that it is the public practice variant: ask the student."
    assert "public practice variant" in second


def test_tables_that_nobody_got(place, made):
    placed = whose(made(files=files_of(place, "s001") | {"calls.csv": "ab" * 32}), by("s001"), place)
    assert placed.problems == ("It was made with tables that nobody in this class got (calls.csv): ask the student.",)


def test_a_bare_notebook_of_a_known_sender(place, made):
    assert whose(made(files=None, version=None), by("s001"), place) == Placed(
        "s001", MODULE, problems=(UNSAID,))
    assert whose(made(files=None, student=None), by("s001"), place) == Placed(
        "s001", MODULE, problems=(UNSAID,))


def test_another_version_is_a_note(place, made):
    placed = whose(made(version=9), by("s001"), place)
    assert placed.problems == ()
    version = sheet_of(place, "s001", MODULE)["version"]
    assert placed.notes == (f"It says that it is of version 9 of the module; version {version}, which was handed out, is "
                            "marked.",)


def test_capitals_in_a_claim_are_forgiven(place, made):
    for who in (by("s001"), UNKNOWN):
        assert whose(made(student="S001"), who, place) == Placed("s001", MODULE)


# --- nobody known --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("changes", "said"), [
    ({"files": None}, "It says that it is the work of s001, and does not name the tables that s001 got"),
    ({"files": {}}, "It says that it is the work of s001, and does not name the tables that s001 got"),
    ({"student": "s999"}, "It says that it is the work of 's999', who is not on the roster"),
    ({"student": "../keys"}, "It says that it is the work of '../keys', who is not on the roster"),
    ({"student": None}, "It does not say whose it is"), ({"student": ""}, "It does not say whose it is"),
    ({"student": "practice", "files": practice_files()}, "It was made with the public practice variant, which is nobody's")])
def test_a_claim_without_proof_is_held(place, made, changes, said):
    with pytest.raises(Held) as caught:
        whose(made(**changes), UNKNOWN, place)
    assert str(caught.value) == (f"{said}; its path does not say who handed it in: put the file into a folder named by the "
                                 "student's id, and give the command again.")


def test_a_claim_with_other_tables_is_held(place, made):
    own, other = files_of(place, "s001"), files_of(place, "s002")
    private = next(table for table in own if own[table] != other[table])
    for files in (other, own | {private: other[private]}, {private: own[private]}, own | {"more.csv": "ab" * 32},
                  practice_files()):
        with pytest.raises(Held, match="does not name the tables that s001 got"):
            whose(made(files=files), UNKNOWN, place)


def test_tables_of_another_module_prove_nothing(place, made):
    with pytest.raises(Held, match="does not name the tables that s001 got"):
        whose(made(files=files_of(place, "s001", "07-audit")), UNKNOWN, place)


def test_tables_that_everybody_got_prove_nothing(place, made, tmp_path):
    """A module whose data are the same for all: then whoever has them may be anybody."""
    folder = copied(place, tmp_path)
    for student in ("s001", "s002", "s003", "s004"):
        path = folder.key_file(student, MODULE)
        key = json.loads(path.read_text())
        key["files"] = key["handed_out"] = {"same.csv": "cd" * 32}
        path.write_text(json.dumps(key))
    with pytest.raises(Held, match="does not name the tables that s001 got"):
        whose(made(files={"same.csv": "cd" * 32}), UNKNOWN, folder)
    assert whose(made(files={"same.csv": "cd" * 32}), by("s001"), folder) == Placed("s001", MODULE)


# --- modules -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("module", ["99-x", "../keys", "/etc", "04-control/../04-control", "04-CONTROL", "01-minimum"])
def test_a_module_that_this_class_does_not_have_is_held(place, made, module):
    for who in (by("s001"), UNKNOWN):
        with pytest.raises(Held, match=r"this class has 04-control, 07-audit: have the student hand in again") as caught:
            whose(Opened({}, b"", made().claim | {"module": module}), who, place)
        assert repr(module) in str(caught.value)


@pytest.mark.parametrize("claim", [{}, {"student": "s001"}, {"module": ""}])
def test_no_module_is_held(place, claim):
    with pytest.raises(Held, match="does not say of which module it is: have the student"):
        whose(Opened({}, b"", claim), by("s001"), place)


# --- the class folder ----------------------------------------------------------------------------------------------------


def copied(place, folder):
    """The class without its hand-outs, to change."""
    for path in [place.path / "class.json", *place.keys.rglob("*.json")]:
        copy = folder / path.relative_to(place.path)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    return ClassFolder(folder)


def test_somebody_for_whom_nothing_was_built(place, made, tmp_path):
    folder = copied(place, tmp_path)
    folder.key_file("s004", MODULE).unlink()
    with pytest.raises(Held, match="nothing of 04-control was built for s004: give `pebbletrail class build`"):
        whose(made(), by("s004"), folder)
    assert whose(made(), by("s001"), folder).student == "s001"


def test_a_key_that_was_built_since_is_seen(place, made, tmp_path):
    folder = copied(place, tmp_path)
    path = folder.key_file("s004", MODULE)
    key = path.read_bytes()
    path.unlink()
    with pytest.raises(Held):
        whose(made("s004"), UNKNOWN, folder)
    path.write_bytes(key)
    os.utime(path.parent, ns=(1, 1))  # whatever the clock's grain
    assert whose(made("s004"), UNKNOWN, folder) == Placed("s004", MODULE)


def test_a_damaged_class_is_said_as_such(place, made, tmp_path):
    folder = copied(place, tmp_path)
    folder.key_file("s004", MODULE).write_text("{")
    with pytest.raises(ClassFolderError, match=r"s004.json: it is damaged"):
        whose(made(), by("s001"), folder)


def test_the_keys_are_read_once(place, made, tmp_path, monkeypatch):
    folder, read = copied(place, tmp_path), []
    one = ClassFolder.key
    monkeypatch.setattr(ClassFolder, "key", lambda self, student, module: read.append(student) or one(self, student, module))
    for student in ("s001", "s002", "s003", "s004") * 5:
        whose(made(student), by(student), folder)
    assert sorted(read) == ["s001", "s002", "s003", "s004"]
