"""The filled solution notebook: it earns full marks where it is written, and is never among what is handed out."""

import contextlib
import io
import json
import os
import stat

import pytest
from toy_module import toy

from pebbletrail import cli
from pebbletrail.exercises.class_build import build_class
from pebbletrail.exercises.class_folder import ClassFolder, ClassFolderError
from pebbletrail.exercises.class_solution import write_solution
from pebbletrail.exercises.marking import NOTED, RIGHT, mark
from pebbletrail.exercises.module import load_module
from pebbletrail.exercises.packet import handed_out, practice_variant, write_folder
from pebbletrail.exercises.roster import Student
from pebbletrail.exercises.sheet import Sheet

CLASS = (Student("007", "Zoë Quillfeather"), Student("ann", "Ann"))


@pytest.fixture
def built(tmp_path):
    """A class of two, and its module."""
    module = toy(tmp_path)
    build_class(CLASS, b"correct horse battery staple, and more", tmp_path / "class", [module], jobs=1)
    return tmp_path / "class", module


def answers(notebook):
    """What the cells of a notebook answer, run where it lies."""
    names, cells = {}, json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    with contextlib.chdir(notebook.parent), contextlib.redirect_stdout(io.StringIO()):
        for cell in (one for one in cells if one["cell_type"] == "code"):
            exec(compile(cell["source"], cell["id"], "exec"), names)
    return names["sheet"].answers


def states(keys, given):
    return {one["id"]: mark(one, given.get(one["id"]), given).state for one in keys}


@pytest.mark.parametrize("student", ["007", "ann"])
def test_a_students_solution_earns_everything_where_it_is_written(built, tmp_path, student):
    written = write_solution(built[1], tmp_path / "solved" / "mine.ipynb", student, built[0])
    assert [path.name for path in written] == ["mine.ipynb", "exercise.json", "agents.csv"]
    given = answers(written[0])
    for one in CLASS:
        found = states(ClassFolder(built[0]).key(one.id, "04-toy")["questions"], given)
        numbers = {id: state for id, state in found.items() if id in ("q1b", "q2", "q3", "q3b", "q4", "q7")}
        assert set(numbers.values()) == ({RIGHT} if one.id == student else {"not yet"})
        if one.id == student:
            assert {found[id] for id in ("q5", "q6")} == {RIGHT}
            assert {found[id] for id in ("q1", "q8")} == {NOTED}


def test_the_practice_solution_earns_everything_on_the_practice_variant(tmp_path):
    module = toy(tmp_path)
    write_folder(tmp_path / "practice", handed_out(practice_variant(module), practice=True))
    [path] = write_solution(module, tmp_path / "practice" / "solved.ipynb")
    given = answers(path)
    assert set(given) == set(Sheet(tmp_path / "practice").questions)
    found = states(practice_variant(module).keys()["questions"], given)
    assert set(found.values()) == {RIGHT, NOTED}
    text = path.read_text(encoding="utf-8")
    assert "BEGIN SOLUTION" not in text
    assert "{{" not in text


@pytest.mark.skipif(os.name != "posix", reason="modes of files")
def test_it_is_for_its_owner_alone(built, tmp_path):
    for path in write_solution(built[1], tmp_path / "solved" / "mine.ipynb", "ann", built[0]):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_it_has_the_words_of_the_students_own_notebook(built, tmp_path):
    """Markdown cells are the same to the letter as those that were handed out."""
    path, *_ = write_solution(built[1], tmp_path / "mine.ipynb", "ann", built[0])
    handed = json.loads((built[0] / "ann" / "04-toy" / "04-toy.ipynb").read_text(encoding="utf-8"))
    solved = json.loads(path.read_text(encoding="utf-8"))
    told, solved = ([cell["source"] for cell in one["cells"] if cell["cell_type"] == "markdown"] for one in (handed, solved))
    assert told == solved


def refused(told, *given):
    with pytest.raises(ClassFolderError, match=told):
        write_solution(*given)


def test_nothing_is_written_over(built, tmp_path):
    (tmp_path / "x").mkdir()
    for name in ("mine.ipynb", "exercise.json"):
        (tmp_path / "x" / name).write_text("mine")
        refused(f"{name}: there is a file already", built[1], tmp_path / "x" / "mine.ipynb", "ann", built[0])
        assert [path.name for path in (tmp_path / "x").iterdir()] == [name]
        (tmp_path / "x" / name).unlink()


def test_it_is_not_written_among_hand_outs_or_keys(built, tmp_path):
    before = sorted(built[0].rglob("*"))
    for place in ("s.ipynb", "ann/s.ipynb", "ann/04-toy/s.ipynb", "keys/../007/s.ipynb", "keys/s.ipynb",
                  "keys/04-toy/s.ipynb", "new/s.ipynb", "../class/keys/new/s.ipynb"):
        for student, folder in (("ann", built[0]), (None, built[0]), (None, tmp_path / "another class")):
            refused("in the folder of a class, among keys and hand-outs. Name a file outside", built[1], built[0] / place,
                    student, folder)
    for lost in ("class.json", "keys/roster.json"):  # one of them is enough to know a class by
        (built[0] / lost).rename(tmp_path / "away")
        refused("in the folder of a class", built[1], built[0] / "keys" / "04-toy" / "s.ipynb", None, built[0])
        (tmp_path / "away").rename(built[0] / lost)
    (tmp_path / "link").symlink_to(built[0] / "keys")
    refused("in the folder of a class", built[1], tmp_path / "link" / "s.ipynb", "ann", built[0])
    assert sorted(built[0].rglob("*")) == before


def test_what_cannot_be_had_is_said(built, tmp_path):
    out = tmp_path / "s.ipynb"
    refused("no name of a notebook", built[1], tmp_path / "s.txt")
    refused("there is no 'an' in .* Did you mean 'ann'", built[1], out, "an", built[0])
    refused("no class in this folder", built[1], out, "ann", tmp_path / "nowhere")
    refused("06-other was not built in this class; there are 04-toy", toy(tmp_path, "06-other"), out, "ann", built[0])
    table = built[0] / "ann" / "04-toy" / "agents.csv"
    table.write_text(table.read_text() + "1,1,1,1\n")
    refused(r"agents.csv: it is not there, or not as it was handed out", built[1], out, "ann", built[0])
    table.unlink()
    refused(r"agents.csv: it is not there", built[1], out, "ann", built[0])
    code = built[1].folder / "module.py"
    code.write_text(code.read_text(encoding="utf-8") + "\n# more\n", encoding="utf-8")
    load_module.cache_clear()
    refused("its sources have changed since", load_module(built[1].folder), out, "007", built[0])
    assert not out.exists()


def test_the_command(built, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("pebbletrail.exercises.module.module_folders", lambda: {"04-toy": built[1].folder})
    monkeypatch.chdir(tmp_path)
    assert cli.main(["class", "solution", "4", "--out", "p.ipynb"]) == 0
    assert "the solution of 04-toy, for the practice variant. Not for students." in capsys.readouterr().out
    assert cli.main(["class", "solution", "04-toy", "--student", "007", "--out", "x/s.ipynb"]) == 0  # the class is in class
    assert "Beside it: exercise.json, agents.csv. Run it where it is." in capsys.readouterr().out
    assert cli.main(["class", "solution", "04-toy", "--student", "007", "--class", "class", "--out", "x/s.ipynb"]) == 2
    assert "s.ipynb: there is a file already" in capsys.readouterr().err
    assert answers(tmp_path / "x" / "s.ipynb")
