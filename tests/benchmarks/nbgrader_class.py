"""The same class for nbgrader: an environment of its own, a course as an instructor lays it out, and its autograder run.

nbgrader has one assignment for all, and here every student has other numbers. So its hidden tests look up the key of whoever
handed in, among the class's keys on the instructor's own computer: what an instructor with such a class would write.
"""

import csv
import hashlib
import json
import os
import re
import subprocess
import sys

from tests.benchmarks.measure import ROOT

from pebbletrail.exercises.module import PRACTICE, PUBLIC_SECRET, make_variant
from pebbletrail.exercises.packet import as_json
from pebbletrail.exercises.sheet import SHEET
from pebbletrail.exercises.source import BEGIN, END, JOINED, parts, read_source
from pebbletrail.exercises.wording import fill
from pebbletrail.home import child_environment
from pebbletrail.page_source import source, tags

VERSION = "0.9.6"
PLACE = ROOT / "build" / "nbgrader"
LOCK = ROOT / "locks" / "requirements.txt"
ASSIGNMENT = "04"
TESTS = {
    "number": "assert abs(sheet.answers[{id!r}] - keys[{id!r}]['right']) <= keys[{id!r}]['tolerance']",
    "choice": "assert sheet.answers[{id!r}] == keys[{id!r}]['right']",
    "prediction": "assert {id!r} in sheet.answers",
}
READ_KEYS = """import json
from pathlib import Path
place = Path("../../../../class/keys") / sheet.module / f"{sheet.student}.json"
keys = {key["id"]: key for key in json.loads(place.read_text(encoding="utf-8"))["questions"]}
"""
STALE = """
import importlib, struct, sys
from pathlib import Path
for name in sys.argv[1:]:
    importlib.import_module(name)
stale = []
for module in list(sys.modules.values()):
    file, cached = getattr(module, "__file__", None), getattr(module, "__cached__", None)
    if not file or not file.endswith(".py") or module.__spec__ and module.__spec__.origin == "frozen":
        continue
    head = Path(cached).read_bytes()[:16] if cached and Path(cached).is_file() else b""
    flags, time, size = struct.unpack("<4x3I", head) if head else (0, 0, 0)
    stat = Path(file).stat()
    if not head or not flags and (time, size) != (int(stat.st_mtime), stat.st_size):
        stale.append(file)
print(*stale, sep="\\n")
"""


class NoNbgrader(Exception):
    """nbgrader cannot be had here; the message says why in one line."""


def environment():
    """The folder with nbgrader's commands; the environment is made on first use, with our own versions of all it shares.

    Raises
    ------
    NoNbgrader
        The registry, or nbgrader in it, is not to be had.
    """
    mark, made_of = PLACE / ".ready", f"{VERSION} {hashlib.sha256(LOCK.read_bytes()).hexdigest()}"
    python = PLACE / "bin" / "python"
    if not (mark.is_file() and mark.read_text() == made_of):
        uv = [sys.executable, "-m", "uv"]
        _made(*uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(PLACE))
        _made(*uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", str(python), "--constraint", str(LOCK),
              f"nbgrader=={VERSION}", "--editable", f"{ROOT}[lab]")
        mark.write_text(made_of)
    return PLACE / "bin"


def _made(*command):
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        causes = [line.split("cause:")[1].strip() for line in done.stderr.splitlines() if "cause:" in line]
        raise NoNbgrader(f"not measured: nbgrader {VERSION} cannot be installed: {(causes or ['uv gave no reason'])[-1]}")


def not_compiled(python, *modules):
    """The source files behind some modules, and all that they import, whose bytecode is missing or out of date."""
    done = subprocess.run([str(python), "-c", STALE, *modules], capture_output=True, text=True, check=True, cwd=ROOT)
    return done.stdout.split()


def assignment(module):
    """A module's solution as an nbgrader source: each answer in one cell, a cell of hidden tests after it.

    Cells have nbgrader's metadata; the places for a variant's own words are still there.
    """
    variant = make_variant(module, PRACTICE, PUBLIC_SECRET, practice=True)
    keys = {key["id"]: key for key in variant.keys()["questions"]}
    cells, first = [], READ_KEYS
    for cell in _joined(read_source(module.solution)["cells"]):
        cells.append(cell)
        if asked := re.search(r'sheet\.answer\("(\w+)"', source(cell)):
            key = keys[asked[1]]
            by_hand = key["kind"] == "text"
            cell["metadata"] = _nbgrader(cell["id"], solution=True, points=key["points"] if by_hand else None)
            if not by_hand:
                cells.append(_tests(key, first))
                first = ""
    return cells


def _joined(cells):
    """What stands between the marks, and what students get as the end of a cell, put under the cell before."""
    made = []
    for cell in cells:
        whole = cell["cell_type"] != "code" or not made or (JOINED not in tags(cell) and any(map(str.strip, parts(cell)[0])))
        if whole:
            made.append({**cell, "source": source(cell), "metadata": {}})
        else:
            made[-1]["source"] += f"\n{source(cell)}"
    return made


def _tests(key, first):
    hidden = first + TESTS[key["kind"]].format(id=key["id"])
    return {"cell_type": "code", "id": f"test-{key['id']}", "execution_count": None, "outputs": [],
            "metadata": _nbgrader(f"test-{key['id']}", solution=False, points=key["points"]),
            "source": f"# {key['id']} is marked here\n### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS"}


def _nbgrader(id, solution, points):
    graded = points is not None
    return {"nbgrader": {"schema_version": 3, "grade_id": id, "grade": graded, "solution": solution, "task": False,
                         "locked": not solution} | ({"points": points} if graded else {})}


def notebook(module, variant, cells):
    """A notebook of these cells in a variant's words."""
    return fill({**read_source(module.solution), "cells": cells}, variant, practice=False)


def answered(cells):
    """The cells as a student leaves them who knew everything: no marks, and no tests."""
    kept = [cell for cell in cells if not cell["id"].startswith("test-")]
    lines = [[line for line in source(cell).split("\n") if line.strip() not in (BEGIN, END)] for cell in kept]
    return [{**cell, "metadata": {}, "source": "\n".join(told)} for cell, told in zip(kept, lines, strict=True)]


def lay_out(place, module, variants):
    """``place/course`` with the assignment generated and handed in by everybody; ``place/class/keys`` marks it."""
    cells, course = assignment(module), place / "course"
    practice = make_variant(module, PRACTICE, PUBLIC_SECRET, practice=True)
    _write(course / "source" / ASSIGNMENT, {f"{module.name}.ipynb": as_json(notebook(module, practice, cells))})
    nbgrader(course, "generate_assignment", ASSIGNMENT)
    released = read_source(course / "release" / ASSIGNMENT / f"{module.name}.ipynb")["cells"]
    mine = {cell["id"]: cell for cell in answered(cells)}
    handed_in = [{**cell, "source": mine[cell["id"]]["source"]} if cell["id"] in mine else cell for cell in released]
    for variant in variants:
        filled = as_json(notebook(module, variant, handed_in))
        _write(course / "submitted" / variant.student / ASSIGNMENT,
               {f"{module.name}.ipynb": filled, SHEET: as_json(variant.public()), **variant.files})
    return course


def _write(folder, files):
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)


def autograde(course, students="*", **environment):
    """nbgrader's autograder as it comes, on the students whose ids fit; it has begun when this returns: see ``finish``."""
    return _start(course, "autograde", ASSIGNMENT, f"--student={students}", **environment)


def nbgrader(course, *arguments):
    """Run an nbgrader command in a course to its end."""
    finish(_start(course, *arguments))


def _start(course, *arguments, **environment):
    environment = child_environment(PATH=f"{PLACE / 'bin'}{os.pathsep}{os.environ['PATH']}", **environment)
    log = course / f"{len(list(course.glob('*.log')))}-{arguments[0]}.log"
    with log.open("x") as file:
        process = subprocess.Popen([str(PLACE / "bin" / "nbgrader"), *arguments], cwd=course, env=environment, stdout=file,
                                   stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    return process, log


def finish(*started):
    """Wait for nbgrader commands, all of them.

    Raises
    ------
    RuntimeError
        One failed; with the errors that it told.
    """
    for process, _ in started:
        process.wait()
    for process, log in started:
        if process.returncode:
            lines = log.read_text(encoding="utf-8").splitlines()
            told = [line for line in lines if "ERROR" in line] or lines
            raise RuntimeError("\n".join([f"{' '.join(process.args)} ended with status {process.returncode}:", *told[-20:]]))


def points(course):
    """What nbgrader gave: ``{student: (points, points there are)}``; those that a person gives are not among the first."""
    nbgrader(course, "export")
    with (course / "grades.csv").open(encoding="utf-8", newline="") as file:
        return {row["student_id"]: (float(row["score"]), float(row["max_score"])) for row in csv.DictReader(file)}


def as_submitted(module, variant, cells):
    """The notebook that the same student hands in to us."""
    return json.loads(as_json(notebook(module, variant, answered(cells))))
