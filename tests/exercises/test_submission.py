"""Handing in: what is checked, what is written, what is said, and that nothing half done is ever left."""

import dataclasses
import errno
import hashlib
import json
import os
import secrets
import zipfile
from datetime import UTC, datetime

import psutil
import pytest
from toy_module import toy

import pebbletrail as pt
from pebbletrail.exercises import answers, receipt, rerun, saved, submission
from pebbletrail.exercises.feedback import ANSWER
from pebbletrail.exercises.module import make_variant
from pebbletrail.exercises.packet import as_json, handed_out, practice_variant, write_folder
from pebbletrail.exercises.receipt import file_name, packed
from pebbletrail.exercises.rerun import Rerun, answers_in
from pebbletrail.exercises.saved import NotHandedIn, find, read
from pebbletrail.exercises.source import read_source, solved_notebook
from pebbletrail.exercises.submission import submit
from pebbletrail.exercises.trial import solved
from pebbletrail.exercises.wording import fill
from pebbletrail.page_source import source

NOW = datetime(2026, 3, 1, 9, 30, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def student(tmp_path_factory):
    """One student's variant, the notebook of someone who knew everything, and the answers."""
    folder = tmp_path_factory.mktemp("sources")
    variant = make_variant(toy(folder), "s007", b"a secret of this course")
    notebook = fill(solved_notebook(read_source(variant.module.solution)), variant, practice=False)
    return variant, notebook, solved(variant)


@pytest.fixture
def folder(student, tmp_path, monkeypatch):
    """The student's folder, where the notebook runs; answered and saved."""
    variant, notebook, _ = student
    made = tmp_path / "04-toy"
    write_folder(made, handed_out(variant) | {"04-toy.ipynb": as_json(notebook)})
    monkeypatch.chdir(made)
    monkeypatch.setenv(saved.RUNNING, str(made / "04-toy.ipynb"))
    return made


@pytest.fixture
def sheet(student, folder, capsys):
    """The sheet in memory after every cell has run."""
    made = pt.exercise("04-toy")
    for id, answer in student[2].items():
        made.answer(id, answer)
    capsys.readouterr()
    return made


@pytest.fixture
def quick(monkeypatch, student):
    """Instead of a kernel: a run that gives the solution's answers, or what a test puts in."""
    given = {"run": Rerun(dict(student[2]), None), "seen": []}
    monkeypatch.setattr(submission, "rerun", lambda sheet, notebook: given["seen"].append(notebook) or given["run"])
    return given


def save(folder, notebook, name="04-toy.ipynb"):
    (folder / name).write_bytes(as_json(notebook))


def changed(notebook, cells):
    """The notebook with other sources in the cells of these ids; None takes a cell out."""
    return {**notebook, "cells": [{**cell, "source": cells.get(cell["id"], cell["source"])} for cell in notebook["cells"]
                                  if cells.get(cell["id"], "") is not None]}


def written(folder):
    return sorted({path.name for path in folder.iterdir() if path.suffix not in (".ipynb", ".csv")} - {"exercise.json"})


@pytest.fixture
def left_running(monkeypatch):
    """The processes, apart from this one, that a test's runs have left behind: they carry its mark."""
    mark = secrets.token_hex(8)
    monkeypatch.setenv("PEBBLETRAIL_TEST", mark)

    def found():
        processes = psutil.process_iter(["pid", "environ"])
        return [one for one in processes if (one.info["environ"] or {}).get("PEBBLETRAIL_TEST") == mark]
    return found


# --- with real kernels ---------------------------------------------------------------------------------------------------


@pytest.mark.notebooks
def test_the_file_and_its_receipt(student, folder, sheet, capsys):
    variant, notebook, answers = student
    save(folder, changed(notebook, {"submit": "sheet.submit()", "q7": None}))  # it hands in nothing while it is run again
    sheet.answer("q7", ...)
    capsys.readouterr()
    made = sheet.submit()

    content = made.path.read_bytes()
    assert made.sha256 == hashlib.sha256(content).hexdigest()
    assert made.size == len(content)
    assert made.path.parent == folder
    assert made.path.name == f"04-toy-s007-{made.time:%Y%m%dT%H%M%SZ}.zip"
    assert abs((datetime.now(UTC) - made.time).total_seconds()) < 60
    assert made.unanswered == ("q7",)
    assert made.notes == ()
    assert written(folder) == [made.beside.name, made.path.name]
    with pytest.raises(dataclasses.FrozenInstanceError):
        made.sha256 = ""

    with zipfile.ZipFile(made.path) as archive:
        assert archive.namelist() == ["notebook.ipynb", "submission.json"]
        assert archive.testzip() is None
        inside, about = archive.read("notebook.ipynb"), json.loads(archive.read("submission.json"))
    assert [cell["source"] for cell in json.loads(inside)["cells"]] == [
        cell["source"] for cell in json.loads((folder / "04-toy.ipynb").read_bytes())["cells"]]
    assert about == {
        "format": 1, "module": "04-toy", "version": 1, "student": "s007", "practice": False,
        "time": f"{made.time:%Y-%m-%dT%H:%M:%SZ}", "pebbletrail": pt.__version__,
        "files": {"agents.csv": hashlib.sha256(variant.files["agents.csv"]).hexdigest()},
        "notebook": {"name": "04-toy.ipynb", "sha256": hashlib.sha256(inside).hexdigest()},
        "answers": {id: answer for id, answer in answers.items() if id != "q7"},
        "unanswered": ["q7"], "error": None, "differs": [], "anyway": False}

    assert made.beside.read_text(encoding="utf-8") == made.text
    for word in (made.sha256, f"{made.size:,} bytes", f"{made.time:%Y-%m-%d %H:%M:%S} UTC", "Unanswered: q7",
                 "(9 of 10)", f"sha256sum {made.path.name}", f"Get-FileHash {made.path.name}"):
        assert word in made.text
    assert made.text in capsys.readouterr().out
    assert repr(made) == made.text


@pytest.mark.notebooks
def test_a_cell_that_fails_is_named_and_nothing_is_written(student, folder, sheet):
    _, notebook, answers = student
    cells = {"q3": "\ndifference = agents.groupby('watch')['quality'].mean().diff().iloc[-1]\nsheet.answer('q3', 1)"}
    wrong = changed(notebook, cells)
    at = [cell["id"] for cell in wrong["cells"]].index("q1")
    wrong["cells"].insert(at, {"cell_type": "code", "id": "blank", "metadata": {}, "source": " \n", "outputs": [],
                               "execution_count": None})
    save(folder, wrong)
    with pytest.raises(NotHandedIn) as told:
        sheet.submit()
    said = str(told.value)
    assert "04-toy.ipynb, as it is saved, does not run from start to end. Nothing was handed in." in said
    assert "In section “4.3 q3 · Compute and interpret · 4 points · 18 minutes”" in said
    assert "difference = agents.groupby('watch')['quality'].mean().diff().iloc[-1]" in said
    assert "stops with KeyError: 'watch'" in said
    assert "Restart Kernel and Run All Cells" in said
    assert "sheet.submit(anyway=True)" in said
    assert written(folder) == []

    made = sheet.submit(anyway=True)
    with zipfile.ZipFile(made.path) as archive:
        about = json.loads(archive.read("submission.json"))
    assert about["error"] == {"section": "4.3 q3 · Compute and interpret · 4 points · 18 minutes",
                              "code": cells["q3"].splitlines()[1], "name": "KeyError", "message": "'watch'"}
    assert about["answers"] == {id: answers[id] for id in ("q1", "q1b", "q2")}
    assert about["anyway"] is True
    assert about["differs"] == []  # those that the run reached are the same
    assert "does not run to its end: KeyError" in made.text
    assert made.unanswered == ("q3", "q3b", "q4", "q5", "q6", "q7", "q8")


@pytest.mark.notebooks
def test_what_was_not_saved_is_named(student, folder, sheet):
    sheet.answer("q3", 1.5)
    sheet.answer("q6", ...)
    sheet.answer("q8", "The board should know that I changed this paragraph.")
    with pytest.raises(NotHandedIn) as told:
        sheet.submit()
    said = str(told.value)
    assert "The answers on your sheet are not those of 04-toy.ipynb as it is saved" in said
    assert f"q3: the sheet has 1.5, the saved notebook gives {student[2]['q3']:.10g}" in said
    assert f"q6: the sheet has none, the saved notebook gives {student[2]['q6']}" in said
    assert "q8: the sheet has a text of 9 words" in said
    assert "q4:" not in said
    assert "another notebook" not in said
    assert "Ctrl + S" in said
    assert "sheet.submit(anyway=True)" in said
    assert written(folder) == []


@pytest.mark.notebooks
def test_only_what_was_handed_out_is_there_and_an_endless_loop_is_ended(student, folder, sheet, left_running):
    _, notebook, _ = student
    (folder / "mine.csv").write_text("a\n1\n")
    save(folder, changed(notebook, {"q2": "line = float(open('mine.csv').read()[2:])\nsheet.answer('q2', line)"}))
    with pytest.raises(NotHandedIn, match=r"FileNotFoundError: .*mine\.csv.*\n.*Only the files that came with the exercise"):
        sheet.submit()

    save(folder, changed(notebook, {"q2": "while True:\n    pass"}))
    run = rerun.rerun(sheet, read(folder / "04-toy.ipynb").notebook, limit=3_600, cell_limit=5)  # ends by the second
    assert left_running() == []
    assert run.answers == {id: student[2][id] for id in ("q1", "q1b")}  # what was there before it
    said = submission.stopped("04-toy.ipynb", run.error)
    assert "In section “4.2 q2 · Read a figure · 2 points · 6 minutes”, the cell that begins with\n    while True" in said
    assert "a loop that never ends" in said
    assert written(folder) == []


# --- which notebook ------------------------------------------------------------------------------------------------------


def test_the_notebook_that_runs_is_handed_in(student, folder, sheet, quick, monkeypatch):
    """Under whatever name it was saved, with another one of the module's own name beside it."""
    save(folder, changed(student[1], {"q1": "# mine"}), "my work.ipynb")
    monkeypatch.setenv(saved.RUNNING, str(folder / "my work.ipynb"))
    sheet.submit()
    assert "# mine" in [source(cell) for cell in quick["seen"][0]["cells"]]
    assert find(sheet, "04-toy.ipynb").name == "04-toy.ipynb"


@pytest.mark.parametrize("running", [None, "", "/nowhere/04-toy.ipynb", "gone.ipynb", "../elsewhere.ipynb", "agents.csv"])
def test_without_jupyters_word_it_is_the_notebook_of_the_modules_name(folder, sheet, monkeypatch, running):
    (folder.parent / "elsewhere.ipynb").write_bytes((folder / "04-toy.ipynb").read_bytes())
    monkeypatch.delenv(saved.RUNNING) if running is None else monkeypatch.setenv(saved.RUNNING, running)
    assert find(sheet) == folder / "04-toy.ipynb"


def test_else_it_is_the_only_one_that_opens_the_module(student, folder, sheet, monkeypatch):
    monkeypatch.delenv(saved.RUNNING)
    (folder / "04-toy.ipynb").rename(folder / "renamed.ipynb")
    save(folder, changed(student[1], {"tools": "x = 1"}), "other.ipynb")
    (folder / "broken.ipynb").write_text("{")
    assert find(sheet).name == "renamed.ipynb"
    save(folder, student[1], "again.ipynb")
    with pytest.raises(NotHandedIn, match=r"2 of them open 04-toy. There are again.ipynb, renamed.ipynb. Name yours: "
                                          r"sheet.submit\(\"again.ipynb\"\)"):
        find(sheet)
    for name in ("again.ipynb", "renamed.ipynb"):
        (folder / name).unlink()
    with pytest.raises(NotHandedIn, match=r"No saved one in this folder opens 04-toy. There are broken.ipynb, other.ipynb"):
        find(sheet)
    for path in folder.glob("*.ipynb"):
        path.unlink()
    with pytest.raises(NotHandedIn, match="There is no notebook at all: save yours"):
        find(sheet)


@pytest.mark.parametrize("given", ["nothing.ipynb", "agents.csv", "", True, 3])
def test_a_notebook_that_is_not_there(folder, sheet, given):
    with pytest.raises(NotHandedIn, match=r"there is no notebook .* here. There is 04-toy.ipynb. Name yours"):
        sheet.submit(given)
    assert written(folder) == []


def test_the_installed_packages_practice_is_handed_in_from_the_current_folder(student, tmp_path, monkeypatch, quick):
    variant = practice_variant(student[0].module)
    write_folder(tmp_path / "installed" / "exercises" / "04-toy", handed_out(variant, practice=True))
    monkeypatch.setattr("pebbletrail.exercises.sheet.project_folder", lambda name: tmp_path / "installed")
    (tmp_path / "mine").mkdir()
    monkeypatch.chdir(tmp_path / "mine")
    monkeypatch.delenv(saved.RUNNING, raising=False)
    sheet = pt.exercise("04-toy")
    assert sheet.practice
    with pytest.raises(NotHandedIn, match="There is no notebook at all"):
        sheet.submit()
    (tmp_path / "mine" / "a.ipynb").write_bytes((sheet.folder / "04-toy.ipynb").read_bytes())
    quick["run"] = Rerun({}, None)
    made = sheet.submit()
    assert made.path.parent == tmp_path / "mine"
    assert made.path.name.startswith("04-toy-practice-")
    assert len(made.unanswered) == 10
    assert len(written(sheet.folder)) == 1  # the keys, as before


# --- what a saved notebook may be ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [
    b"", b"{", b"[]", b"null", b"[" * 200_000, b"\xff\xfe", b"{}", b'{"nbformat": 4, "metadata": {}}', b"not a notebook",
    b'{"nbformat": 3, "metadata": {}, "worksheets": []}', b'{"nbformat": 4, "metadata": {}, "cells": 7}',
    b'{"nbformat": 4, "metadata": {}, "cells": [7]}', b'{"nbformat": 4, "metadata": {"x": NaN}, "cells": []}',
    b'{"nbformat": 4, "metadata": {}, "cells": [{"cell_type": "code", "source": 7}]}',
    b'{"nbformat": 4, "metadata": {}, "cells": [{"cell_type": "code", "source": "\\ud800"}]}',
    b'{"nbformat": 4, "metadata": {}, "cells": [{"cell_type": "code", "source": "", "metadata": {"tags": 4}}]}',
    b'{"nbformat": 4, "metadata": {}, "cells": [{"cell_type": "code", "source": "", "metadata": []}]}'])
def test_what_is_no_notebook(folder, sheet, quick, content):
    (folder / "04-toy.ipynb").write_bytes(content)
    with pytest.raises(NotHandedIn, match=r"04-toy.ipynb is damaged, or not a notebook that Jupyter saved"):
        sheet.submit()
    assert written(folder) == []


def test_a_notebook_that_is_too_large_or_a_link(folder, sheet, quick, student):
    big = changed(student[1], {})
    big["cells"][-1] = {**big["cells"][-1], "outputs": ["x" * saved.LARGEST]}
    save(folder, big)
    with pytest.raises(NotHandedIn, match=r"larger than 20 MB. Choose Edit, Clear Outputs of All Cells"):
        sheet.submit()
    (folder / "04-toy.ipynb").unlink()
    (folder / "04-toy.ipynb").symlink_to(student[0].module.solution)
    with pytest.raises(NotHandedIn, match="is a link to another place"):
        sheet.submit()
    assert written(folder) == []


def test_cells_stay_byte_for_byte_and_outputs_go(tmp_path):
    text = ["a = 'ünï 日本 ✓'\n", "b = 1\t# \u2028 tab"]
    picture = {"p.png": {"image/png": "QQ=="}}
    cells = [{"cell_type": "markdown", "id": "m", "metadata": {}, "source": text, "attachments": picture},
             {"cell_type": "code", "id": "c", "metadata": {"tags": ["mine"]}, "source": text, "execution_count": 7,
              "outputs": [{"output_type": "stream", "name": "stdout", "text": "/home/me"}]},
             {"cell_type": "raw", "id": "r", "metadata": {}, "source": ""}]
    path = tmp_path / "n.ipynb"
    path.write_text(json.dumps({"cells": cells, "metadata": {"kernelspec": {"name": "x"}, "widgets": {"state": 1}},
                                "nbformat": 4, "nbformat_minor": 5}))
    made = json.loads(read(path).content)
    assert made["cells"] == [cells[0], cells[1] | {"outputs": [], "execution_count": None}, cells[2]]
    assert made["metadata"] == {"kernelspec": {"name": "x"}}


# --- the run -------------------------------------------------------------------------------------------------------------


def test_while_it_is_under_way_nothing_is_handed_in(folder, sheet, monkeypatch, capsys):
    monkeypatch.setenv(rerun.UNDER_WAY, "1")
    assert sheet.submit() is None
    assert "Handing in is under way" in capsys.readouterr().out
    assert written(folder) == []


def test_the_last_answer_to_a_question_counts_and_what_is_no_answer_is_left_out(student):
    questions = {question.id: question.public(4) for question in student[0].questions}

    def gave(id, value):
        return shown({"question": id, "value": value})

    def shown(data):
        return {"cell_type": "code", "outputs": [{"output_type": "display_data", "data": {ANSWER: data}}]}

    executed = {"cells": [gave("q3", 1.0), gave("q3", 2.5), gave("q6", "b"), gave("q6", None), gave("q99", 4),
                          gave("q2", "x"), gave("q5", ["calls -> wait"]), gave("q8", "words"), gave("q4", True),
                          gave(["q1"], "a"), shown("q3"), shown(None), shown({}), {"cell_type": "markdown"},
                          {"cell_type": "code", "outputs": [{"output_type": "stream"}]}]}
    assert answers_in(executed, questions) == {"q3": 2.5, "q5": ["calls -> wait"], "q8": "words"}


def test_an_empty_sheet_is_told_what_it_needs(folder, sheet, quick):
    sheet.reset()
    with pytest.raises(NotHandedIn, match=r"Your sheet is empty: no cell with an answer has run"):
        sheet.submit()


def test_numbers_may_differ_by_a_hair(folder, sheet, quick, student):
    answers = dict(student[2])
    quick["run"] = Rerun(answers | {"q3": answers["q3"] * (1 + 1e-13)}, None)
    assert sheet.submit().notes == ()
    quick["run"] = Rerun(answers | {"q3": answers["q3"] * (1 + 1e-6)}, None)
    save(folder, student[1], "final.ipynb")
    with pytest.raises(NotHandedIn, match=r"q3: the sheet has[^$]*If yours is another notebook.*submit\(\"final.ipynb\"\)"):
        sheet.submit()
    made = sheet.submit(anyway=True)
    assert made.notes == ("The sheet had other answers than the saved notebook gives: q3. Those of the saved notebook are "
                          "handed in.",)
    assert made.notes[0] in made.text
    assert made.notes[0] in made.html()


def test_unanswered_questions_do_not_stop_it(folder, sheet, quick):
    sheet.reset()
    quick["run"] = Rerun({}, None)
    made = sheet.submit()
    assert made.unanswered == tuple(sheet.questions)
    assert "none (0 of 10)" in made.text


def test_what_is_not_installed_is_named(folder, sheet, monkeypatch):
    monkeypatch.setattr(submission, "find_spec", lambda name: None if name in ("nbclient", "psutil") else name)
    with pytest.raises(NotHandedIn, match=r"needs nbclient, psutil. Install with: pip install 'pebbletrail\[lab\]'"):
        sheet.submit()


def test_a_kernel_that_does_not_start(folder, sheet, quick):
    quick["run"] = Rerun({}, {"section": "", "code": "", "name": "no kernel", "message": "No such kernel named python3"})
    with pytest.raises(NotHandedIn, match=r"It could not be run: No such kernel named python3"):
        sheet.submit()


def test_an_interruption_of_the_run_leaves_no_kernel_and_no_file(folder, sheet, monkeypatch, left_running):
    seen = []

    def interrupted(self, amount=1):
        if amount:
            seen.extend(left_running())
            raise KeyboardInterrupt

    monkeypatch.setattr(rerun.Progress, "add", interrupted)
    with pytest.raises(KeyboardInterrupt):
        sheet.submit()
    assert len(seen) > 1, "the run and its kernel"
    assert left_running() == []
    assert written(folder) == []


# --- the file and the receipt --------------------------------------------------------------------------------------------


def test_nothing_is_ever_overwritten(folder, sheet, quick, monkeypatch):
    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return NOW

    monkeypatch.setattr(submission, "datetime", Clock)
    made = [sheet.submit() for _ in range(3)]
    stem = "04-toy-s007-20260301T093005Z"
    assert [one.path.name for one in made] == [f"{stem}.zip", f"{stem}-2.zip", f"{stem}-3.zip"]
    assert len(written(folder)) == 6
    assert len({one.sha256 for one in made}) == 1, "the same content at the same time is the same file"
    made[1].path.unlink()
    assert sheet.submit().path.name == f"{stem}-4.zip", "the receipt of the second is still there"
    assert made[1].beside.read_text() == made[1].text


@pytest.mark.parametrize("at", range(5))
@pytest.mark.parametrize("what", [KeyboardInterrupt(), OSError(errno.ENOSPC, "No space left on device")])
def test_an_interrupted_write_leaves_nothing(folder, sheet, quick, monkeypatch, at, what):
    """At whichever of its steps: two files are written and made to last, two are renamed."""
    calls = []

    def step(original):
        def stepped(*given):
            calls.append(original)
            if len(calls) == at + 1:
                raise what
            return original(*given)
        return stepped

    monkeypatch.setattr(receipt.os, "fsync", step(os.fsync))
    monkeypatch.setattr(receipt.os, "replace", step(os.replace))
    before = sorted(folder.iterdir())
    if at == 4:  # no fifth step: it is handed in
        assert sheet.submit().path.is_file()
        assert len(written(folder)) == 2
        return
    with pytest.raises(KeyboardInterrupt if isinstance(what, KeyboardInterrupt) else NotHandedIn) as told:
        sheet.submit()
    assert sorted(folder.iterdir()) == before
    if told.type is NotHandedIn:
        assert "The file could not be written: the disk is full" in str(told.value)


def test_a_folder_that_may_not_be_written_to(folder, sheet, quick, monkeypatch):
    def refused(*_):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(receipt, "_write_all", refused)
    with pytest.raises(NotHandedIn, match="could not be written: this folder may not be written to"):
        sheet.submit()
    assert written(folder) == []


@pytest.mark.parametrize(("student", "name"), [
    ("s007", "s007"), ("Zoë Müller", "Zoe-Muller"), ("../../etc/passwd", "etc-passwd"), ("a/b\\c:d*e?", "a-b-c-d-e"),
    ("山田", "student"), ("", "student"), ("-rf", "rf"), (".hidden", "hidden"), ("x" * 500, "x" * 60),
    ("con\n\x00nul", "con-nul")])
def test_any_student_makes_a_file_name(student, name):
    assert file_name("04-toy", student) == f"04-toy-{name}"


def test_a_student_name_stays_text(folder, sheet, quick, monkeypatch):
    sheet.student = "<script>alert(1)</script>"
    monkeypatch.setattr(submission, "check_owner", lambda notebook, sheet: None)
    made = sheet.submit()
    assert made.path.name.startswith("04-toy-script-alert-1-script-")
    assert "<script" not in made.html()
    assert f'href="{made.path.name}" download="{made.path.name}"' in made.html()


def test_the_same_content_gives_the_same_zip():
    files = {"notebook.ipynb": b"x" * 1000, "submission.json": "ü".encode()}
    first = packed(files)
    assert first == packed(files)
    assert first != packed(files | {"submission.json": b"u"})


def test_a_message_stands_alone_in_a_notebook():
    assert NotHandedIn("why\n\n    q3: 4")._render_traceback_() == ["NotHandedIn: why", "", "    q3: 4"]
    long = NotHandedIn("a word " * 40)._render_traceback_()[0]
    assert max(map(len, long.split("\n"))) <= answers.WIDTH
    assert isinstance(NotHandedIn("why"), ValueError)


def test_submit_is_what_the_sheet_calls(folder, sheet, quick):
    assert submit(sheet).sha256 == hashlib.sha256(submit(sheet).path.read_bytes()).hexdigest()
