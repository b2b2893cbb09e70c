"""An exercise in a real JupyterLab, as a student does it: mistakes, hints, the way, the progress table, handing in."""

import hashlib
import json
import re
import sys
import urllib.parse
import urllib.request
import zipfile
from pathlib import Path

import pytest
from lab import IDLE, ROOT

from pebbletrail.exercises.feedback import AFTER
from pebbletrail.exercises.module import make_variant
from pebbletrail.exercises.packet import handed_out
from pebbletrail.exercises.trial import solved

sys.path.insert(0, str(ROOT / "tests" / "exercises"))
from toy_module import toy

pytestmark = pytest.mark.browser
PRACTICE = "04-control"
FIND = """const panel = window.jupyterapp.shell.currentWidget.content;
          const holds = model => model.type === 'code' && model.sharedModel.source.includes(words);
          const widget = panel.widgets.find(one => holds(one.model));"""
GO = f"""async words => {{ {FIND} panel.activeCellIndex = panel.widgets.indexOf(widget); widget.model.clearExecution();
         await panel.scrollToItem(panel.activeCellIndex) }}"""
EDITOR = f"words => {{ {FIND} return widget.editorWidget.node.querySelector('.cm-content') }}"
HAS_FOCUS = f"words => {{ {FIND} return widget.editorWidget.node.contains(document.activeElement) }}"
HAS_RUN = f"words => {{ {FIND} return widget.model.executionCount }}"
SHOWN = f"words => {{ {FIND} return widget.outputArea.node.innerText.replaceAll('\\u00a0', ' ') }}"
HTML = f"words => {{ {FIND} return widget.outputArea.node.innerHTML }}"
CLEAN = "() => !window.jupyterapp.shell.currentWidget.content.model.dirty"


class Student:
    """Writes into a cell with the keyboard, runs it, and reads what comes."""

    def __init__(self, reader):
        self.reader, self.page = reader, reader.page

    def type(self, words, text, timeout=60_000):
        """Write ``text`` into the first cell that holds ``words``, run it; what is shown below it then."""
        self.page.evaluate(GO, words)
        self.page.evaluate_handle(EDITOR, words).as_element().click()
        self.page.wait_for_function(HAS_FOCUS, arg=words)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(text)
        self.page.keyboard.press("Control+Enter")
        marker = words if words in text else text
        self.page.wait_for_function(HAS_RUN, arg=marker, timeout=timeout)
        self.page.wait_for_function(IDLE, timeout=timeout)
        return self.page.evaluate(SHOWN, marker)

    def answer(self, id, value):
        """Answer a question: the cell's own lines go, the answer stands there instead."""
        return self.type(f'sheet.answer("{id}"', f'mine = {value!r}\nsheet.answer("{id}", mine)')

    def submit(self, call="sheet.submit()"):
        return self.type("sheet.submit(", call, timeout=120_000)

    def save(self):
        self.page.keyboard.press("ControlOrMeta+s")
        self.page.wait_for_function(CLEAN)


def put_folder(reader, folder, files):
    """Write files into a folder that the server shows."""
    for name, content in {"": None, **files}.items():
        about = {"type": "directory"} if content is None else {"type": "file", "format": "text", "content": content.decode()}
        path = urllib.parse.quote(f"{folder}/{name}".rstrip("/"))
        request = urllib.request.Request(f"{reader.address}/api/contents/{path}?token={reader.token}", method="PUT",
                                         data=json.dumps(about).encode(), headers={"Content-Type": "application/json"})
        urllib.request.urlopen(request, timeout=20).read()


def names(reader, folder):
    """The names in a folder that the server shows."""
    address = f"{reader.address}/api/contents/{urllib.parse.quote(folder)}?token={reader.token}"
    return sorted(one["name"] for one in json.load(urllib.request.urlopen(address, timeout=20))["content"])


def download(page, end):
    """The bytes behind the last link to a file whose name ends so, and that name."""
    with page.expect_download() as waiting:
        page.locator(f"a[download$='{end}']").last.click()
    return Path(waiting.value.path()).read_bytes(), waiting.value.suggested_filename


@pytest.fixture
def student(reader):
    reader.script_errors.clear()
    return Student(reader)


def keys_of(module):
    """The public practice variant's keys by question."""
    content = (ROOT / "notebooks" / "exercises" / module / "practice.json").read_text(encoding="utf-8")
    return {key["id"]: key for key in json.loads(content)["questions"]}


def test_a_mistake_is_named_and_the_third_attempt_shows_the_way(reader, student):
    page, keys = reader.page, keys_of(PRACTICE)
    reader.open(f"exercises/{PRACTICE}/{PRACTICE}.ipynb")
    reader.run_all()
    assert reader.cell_errors() == []  # as it is handed out, it runs to its end
    assert reader.unfinished_cells() == 0

    key = next(key for key in keys.values() if key["kind"] == "number" and key["id"].startswith("q3"))
    route = key["routes"][0]
    told = student.answer(key["id"], route["value"])
    assert f"○ {key['id']} not yet" in told
    assert route["hint"] in told
    assert key["hints"][0] not in told
    assert f"The way is shown after {AFTER - 1} more attempts." in told
    odd = key["right"] + 1234.5
    told = student.answer(key["id"], odd)
    assert key["hints"][0] in told
    assert key["worked"] not in told
    told = student.answer(key["id"], odd + 1)
    assert key["hints"][1] in told
    assert key["worked"] not in told  # it is there, folded away
    page.get_by_text("The way", exact=True).last.click()
    assert key["worked"] in page.evaluate(SHOWN, f'sheet.answer("{key["id"]}"')
    told = student.answer(key["id"], round(key["right"], key["decimals"]))
    assert f"✓ {key['id']} right" in told
    assert "hint" not in told

    choice = next(key for key in keys.values() if key["kind"] == "choice")
    letter = next(iter(choice["why"]))
    told = student.answer(choice["id"], letter)
    assert choice["why"][letter] in told
    told = student.type(f'sheet.answer("{choice["id"]}"', f'sheet.answer("{choice["id"]}", "x")')
    assert "AnswerError" in told
    assert "takes one of the letters" in told
    assert "Traceback" not in told
    student.answer(choice["id"], choice["right"])
    student.answer("q1", "a")
    assert "60 to 150 are asked for" in student.answer("q8", "Too short.")

    table = student.type("sheet.progress()", "sheet.progress()")
    assert f"4 of {len(keys)} answered" in table
    assert re.search(rf"{key['id']}\s+Compute and interpret\s.*✓ right\s+3\s", table)
    earned = key["points"] + choice["points"] + keys["q1"]["points"]
    assert f"So far {earned} of 20 points" in table
    assert reader.script_errors == []
    assert reader.outside == set()


def test_a_students_own_variant_is_handed_in(reader, student, tmp_path):
    variant = make_variant(toy(tmp_path), "s007", b"a secret of this course")
    answers = solved(variant)
    files = handed_out(variant)
    put_folder(reader, "s007", files | {"my work.ipynb": files["04-toy.ipynb"]})  # a copy, under a name of the student's
    reader.open("s007/my%20work.ipynb")
    reader.run_all()
    assert reader.cell_errors() == []

    told = student.answer("q3", answers["q3"])
    assert "• q3 noted" in told
    assert "You may change it until you hand in" in told
    assert told.replace("q3", "q2").split("Noted")[0] == student.answer("q2", 12.5).split("Noted")[0]  # nothing told
    html = reader.page.evaluate(HTML, 'sheet.answer("q3"')
    assert "right" not in html
    told = student.submit()
    assert "NotHandedIn" in told
    assert re.search(r"q3: the sheet has -?[\d.]+, the saved notebook gives none", told)
    assert "Ctrl + S" in told
    assert [name for name in names(reader, "s007") if name.startswith("04-toy-")] == []

    broken = student.type('sheet.answer("q7"', 'sheet.answer("q7", spred)')
    assert "NameError" in broken
    student.save()
    told = student.submit()
    assert "does not run from start to end" in told
    assert "In section “4.7 q7 · From an earlier week · 2 points · 6 minutes”" in told
    assert "NameError: name 'spred' is not defined" in told
    assert "sheet.submit(anyway=True)" in told

    student.answer("q7", answers["q7"])
    student.save()
    told = student.submit()
    assert "✓ Your work is in one file" in told
    assert "Unanswered: q1, q1b, q3b, q4, q5, q6, q8." in told
    content, name = download(reader.page, ".zip")
    receipt, beside = download(reader.page, "-receipt.txt")
    assert re.fullmatch(r"04-toy-s007-\d{8}T\d{6}Z\.zip", name)
    assert beside == name.replace(".zip", "-receipt.txt")
    assert hashlib.sha256(content).hexdigest() in receipt.decode()
    (tmp_path / name).write_bytes(content)
    with zipfile.ZipFile(tmp_path / name) as archive:
        about = json.loads(archive.read("submission.json"))
        assert "mine = 12.5" in archive.read("notebook.ipynb").decode()
    assert about["answers"] == {"q2": 12.5, "q3": answers["q3"], "q7": answers["q7"]}
    assert about["error"] is None
    assert about["notebook"]["name"] == "my work.ipynb"

    # the next day: a fresh kernel, the notebook as it was saved with its last line
    reader.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    reader.page.wait_for_function(IDLE)
    student.type("pt.exercise(", 'import pebbletrail as pt\nsheet = pt.exercise("04-toy")')
    assert "Your sheet is empty" in student.submit()
    student.save()
    reader.run_all()
    assert reader.cell_errors() == []
    assert "✓ Your work is in one file" in reader.page.evaluate(SHOWN, "sheet.submit(")
    assert len([one for one in names(reader, "s007") if one.endswith(".zip")]) == 2
    first = urllib.request.urlopen(f"{reader.address}/files/s007/{name}?token={reader.token}", timeout=20).read()
    assert first == content
    assert reader.script_errors == []
    assert reader.outside == set()
