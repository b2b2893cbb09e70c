"""One submission executed: what goes in, and what of that which comes out is taken."""

import json
import shutil
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path

from pebbletrail.exercises.answers import cleaned
from pebbletrail.exercises.submission import same
from pebbletrail.grading.inside import KERNEL, PLAIN
from pebbletrail.grading.isolation import Isolation
from pebbletrail.grading.limits import Limits
from pebbletrail.grading.supervise import ENDED, MACHINE, MEMORY, OUTPUT, PROCESSES, TIME
from pebbletrail.page_source import source
from pebbletrail.reproduce.process import located

ENGINE = 2  # raised when the same notebook may come to other answers
DIED = "died"
STARVED = 0.8  # of its seconds: who had less processor than that may have been kept from it by others
WIDEST = 200_000  # bytes of a line; the longest text that is taken has a tenth of it
LONGEST = 300  # characters of what an error says
IN_WORDS = {TIME: "it did not come to an end within {seconds} seconds", MEMORY: "it used more memory than there is for it",
            MACHINE: "the memory of the machine was running out",
            PROCESSES: "it started too many processes", OUTPUT: "it wrote too much output",
            DIED: "Python itself was ended by it"}


class NotRun(RuntimeError):
    """The run never began: the fault is this machine's, not the submission's."""


@dataclass(frozen=True)
class Task:
    """What one run needs; it travels to whatever process or machine does the work.

    Attributes
    ----------
    work : str
        Names what is executed: see ``assemble.digest``.
    name, student, module, sha256 : str
        The file that counts, whose it is, and of which module.
    cells : list of dict
        The notebook's cells as written.
    files : dict of str to bytes
        The stored sheet and tables of this student.
    questions : dict of str to dict
        The public part of each question.
    claimed : dict or None
        The answers that the student's own run gave, as the file says; None when it says none.
    """

    work: str
    name: str
    student: str
    module: str
    sha256: str
    cells: list
    files: dict
    questions: dict
    claimed: dict | None
    isolation: Isolation
    limits: Limits


@dataclass(frozen=True)
class Ran:
    """What a run gave. ``error``: section, code, name, message of where it stopped, or None. ``ended``: how."""

    answers: dict
    error: dict | None
    ended: str
    seconds: float
    isolation: str
    peak: int = 0
    busy: float = 0.0
    mode: str = PLAIN
    cell: int | None = field(default=None, repr=False)


def execute(task):
    """Run a submission, and once more in a Jupyter kernel where the student's own run gave something else.

    Raises
    ------
    NotRun
        Nothing of it was executed.
    """
    ran = _run(task, PLAIN)
    if task.claimed is not None and ran.ended in (ENDED, DIED) and _disputed(task, ran):
        again = _run(task, KERNEL)
        if again.ended == ENDED and (again.error is None or len(again.answers) >= len(ran.answers)):
            return replace(again, seconds=ran.seconds + again.seconds, peak=max(ran.peak, again.peak))
    return ran


def claimed_answers(claim, sheet, questions):
    """The answers of the student's own run, as the file says; None where it says none, or was made with other tables."""
    if claim.get("files") != sheet["files"] or not isinstance(claim.get("answers"), dict):
        return None
    return {id: value for id, told in questions.items() if (value := _cleaned(told, claim["answers"].get(id))) is not None}


def starved(task, ran):
    """Whether a run may have ended for what others did: it is worth another one, alone."""
    return ran.ended == MACHINE or (ran.ended == TIME and ran.busy < STARVED * task.limits.seconds)


def _disputed(task, ran):
    return any(not same(task.claimed.get(id), ran.answers.get(id)) for id in task.questions)


def _run(task, mode):
    cells = [[number, source(cell)] for number, cell in enumerate(task.cells, start=1)
             if cell["cell_type"] == "code" and source(cell).strip()]
    with tempfile.TemporaryDirectory(prefix="pebbletrail-", ignore_cleanup_errors=True) as place:
        folder = Path(place) / "in"
        (folder / "files").mkdir(parents=True)
        for name, content in task.files.items():
            (folder / "files" / name).write_bytes(content)
        (folder / "notebook.json").write_text(json.dumps(cells), encoding="utf-8")
        _add_fonts(folder / "fonts")
        for path in (folder, *folder.rglob("*")):  # whoever runs it may be somebody else
            path.chmod(0o755 if path.is_dir() else 0o644)
        plan = {"mode": mode, "limits": _own(task), "user": task.isolation.user()}
        arguments = ["pebbletrail.grading.inside", "{folder}", json.dumps(plan)]
        seen = task.isolation.run(arguments, folder, task.limits)
    lines = list(_lines(seen.output))
    if seen.ended == ENDED and not any(line.get("begun") is True for line in lines):
        told = seen.noise.strip().splitlines()
        raise NotRun(told[-1] if told else f"it ended with status {seen.status}")
    return _taken(task, lines, seen, mode)


def _own(task):
    """The limits that the run takes on itself. Without walls all of a user's processes count together: no number fits."""
    limits = task.limits.data()
    return limits if task.isolation.level == "bubblewrap" else {**limits, "processes": None}


def _add_fonts(folder):
    """matplotlib's list of fonts, if this machine has one: each run would otherwise look for them anew."""
    from matplotlib import get_cachedir

    folder.mkdir()
    for path in Path(get_cachedir()).glob("fontlist*.json"):
        shutil.copyfile(path, folder / path.name)


def _lines(output):
    """Whatever is a JSON object on a line of its own; of all else nothing is taken."""
    for line in output.split(b"\n"):
        try:
            said = json.loads(line) if len(line) <= WIDEST else None
        except (ValueError, RecursionError):
            continue
        if isinstance(said, dict):
            yield said


def _taken(task, lines, seen, mode):
    """Answers and error of a run: the last answer to each question, as far as it is of the kind asked for."""
    answers, error, cell, reached = {}, None, None, False
    for line in lines:
        if isinstance(line.get("cell"), int):
            cell = line["cell"]
        answer = line.get("answer")
        id = answer.get("question") if isinstance(answer, dict) else None
        if isinstance(id, str) and id in task.questions:
            answers[id] = _cleaned(task.questions[id], answer.get("value"))
        if isinstance(line.get("error"), dict):
            error = line["error"]
        reached |= line.get("end") is True
    ended = DIED if seen.ended == ENDED and not reached else seen.ended
    if ended != ENDED:
        error = {"name": ended, "message": IN_WORDS[ended].format(seconds=task.limits.seconds)}
    error = error and _located({"cell": cell, **error}, task.cells)
    answers = {id: answers[id] for id in task.questions if answers.get(id) is not None}
    return Ran(answers, error, ended, seen.seconds, task.isolation.level, seen.peak, seen.busy, mode, cell)


def _cleaned(question, value):
    try:
        return cleaned(question, value)
    except (ValueError, TypeError, OverflowError, RecursionError, AttributeError, KeyError):
        return None


def _located(error, cells):
    number = error["cell"] if isinstance(error["cell"], int) and 0 < error["cell"] <= len(cells) else None
    found = located({**error, "cell": number}, cells)
    return {name: _plain(found.get(name, "")) for name in ("section", "code", "name", "message")}


def _plain(text):
    """Short, and without half characters, which nothing can store."""
    return text[:LONGEST].encode("utf-8", "replace").decode("utf-8") if isinstance(text, str) else ""
