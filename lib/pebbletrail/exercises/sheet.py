"""The answer sheet: ``sheet = pt.exercise("04-control")``, ``sheet.answer("q1", 0.42)``, ``sheet.progress()``."""

import difflib
import hashlib
import json
import os
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from pebbletrail.exercises import feedback
from pebbletrail.exercises.answers import AnswerError, cleaned
from pebbletrail.exercises.marking import NOT_YET, NOTED, OPEN, mark
from pebbletrail.exercises.module import PRACTICE, read
from pebbletrail.exercises.standing import Standing
from pebbletrail.home import project_folder
from pebbletrail.shown import publish

OWNER = "pebbletrail"  # in a notebook's metadata: whose it is
SHEET, KEYS = "exercise.json", "practice.json"
_OPENED = {}


def exercise(name):
    """Open the answer sheet of a module.

    The sheet stands beside the notebook, in the folder that a teacher handed out; without one, the public practice variant
    is opened, which marks at once.

    Parameters
    ----------
    name : str
        The module, such as ``"04-control"``.

    Returns
    -------
    Sheet
        Asked for again in the same notebook, the same sheet with what has been answered; ``sheet.reset()`` empties it.

    Raises
    ------
    ValueError
        No module of this name; the message lists them.
    """
    folder = _folder(name)
    if folder not in _OPENED:
        _OPENED[folder] = Sheet(folder)
    check_owner(_running(), _OPENED[folder])
    publish({"text/plain": f"{_OPENED[folder]!r}."})  # so that nobody works on another variant than they think
    return _OPENED[folder]


def practice_folder():
    """Where the public practice variants are."""
    return project_folder("notebooks") / "exercises"


def _folder(name):
    for place in (Path.cwd(), Path.cwd() / str(name)):
        if (place / SHEET).is_file() and _read(place / SHEET)["module"] == name:
            return place.resolve()
    known = sorted(path.parent.name for path in practice_folder().glob(f"*/{SHEET}"))
    if name not in known:
        near = difflib.get_close_matches(str(name), known, n=1, cutoff=0.4)
        guess = f" Did you mean {near[0]!r}?" if near else ""
        raise AnswerError(f"name: there is no exercise {name!r}.{guess} There are {', '.join(known)}.")
    return practice_folder() / name


def _running():
    """The notebook that runs, where JupyterLab says which; else an empty one."""
    path = Path.cwd() / os.environ.get("JPY_SESSION_NAME", "")
    try:
        return json.loads(path.read_text(encoding="utf-8")) if path.suffix == ".ipynb" else {}
    except (ValueError, OSError):
        return {}


def check_owner(notebook, sheet):
    """A notebook made for a student must not be answered on another sheet: its numbers would all be wrong.

    Raises
    ------
    AnswerError
        Says where the notebook belongs.
    """
    about = notebook.get("metadata", {}) if isinstance(notebook, dict) else {}
    owner = about.get(OWNER) if isinstance(about, dict) else None
    student = owner.get("student") if isinstance(owner, dict) else None
    if student is not None and student != sheet.student:
        kind = "the public practice variant" if sheet.student == PRACTICE else f"that of {sheet.student}"
        raise AnswerError(f"This notebook is that of {student}, and the sheet beside it is {kind}. Put the notebook back "
                          f"into the folder in which it was handed out: {SHEET} and the tables must lie beside it.")


def _read(path):
    try:
        return _checked(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        raise AnswerError(f"{path.name} beside the notebook cannot be read ({error}). Take the file again from where the "
                         "exercise was handed out; your notebook can stay.") from None


def _checked(about):
    """A sheet or its keys with all that is needed, and no file that lies elsewhere."""
    needed = {"module", "version", "student", "questions", "files"}
    if lost := needed - set(about):
        raise ValueError(f"{', '.join(sorted(lost))} missing")
    if odd := [name for name in about["files"] if Path(name).name != name or "\\" in name]:
        raise ValueError(f"{odd[0]!r} is no plain file name")
    for question in about["questions"]:
        question["id"], question["kind"]
    return about


class Given(dict):
    """The numbers and words of the story. An unknown name gets those that there are."""

    def __missing__(self, name):
        raise AnswerError(f"given: there is no {name!r}; there are {', '.join(self)}.")


class Sheet:
    """One student's answers to one module. Made by ``pt.exercise``."""

    def __init__(self, folder):
        self.folder = Path(folder)
        about = _read(self.folder / SHEET)
        self.module, self.title, self.student = about["module"], about["title"], about["student"]
        self.version, self.files = about["version"], about["files"]
        self.given = MappingProxyType(Given(about["given"]))
        self.questions = {question["id"]: question for question in about["questions"]}
        keys = _read(self.folder / KEYS) if (self.folder / KEYS).is_file() else {}
        # a graded folder may have been unpacked over the practice one: its sheet is not marked by the public keys
        mine = keys.get("files") == self.files and keys.get("student") == self.student
        self._keys = {key["id"]: key for key in keys["questions"]} if mine else {}
        self.reset()

    @property
    def practice(self):
        """Whether this is the public variant, which marks at once."""
        return bool(self._keys)

    def reset(self):
        """Forget every answer and attempt of this run; what is written in the notebook stays."""
        self.answers, self._wrong = {}, {}

    def data(self, name):
        """A table of this exercise.

        Raises
        ------
        ValueError
            No table of this name, or its file is not the one that was handed out.
        """
        file = f"{name}.csv"
        if file not in self.files:
            tables = ", ".join(Path(one).stem for one in self.files)
            raise AnswerError(f"name: there is no table {name!r}; there is {tables}.")
        try:
            content = (self.folder / file).read_bytes()
        except OSError:
            raise AnswerError(f"{file} is not beside {SHEET}. Take the exercise's files again; your notebook can "
                              "stay.") from None
        if hashlib.sha256(content).hexdigest() != self.files[file]:
            raise AnswerError(f"{file} is not as it was handed out: a spreadsheet may have saved it in its own way, or it "
                              "is another student's. Take the file again; your notebook can stay.")
        return read(content)

    def answer(self, question, value):
        """Write an answer on the sheet. In practice it is marked at once; the last answer to a question counts.

        Parameters
        ----------
        question : str
            Its name, such as ``"q3"``.
        value : float, str or list
            A number, a letter, arrows or a text, as the question asks. ``...`` says that there is none yet.

        Raises
        ------
        ValueError
            No such question, or not the kind of answer it takes; the message says what it takes. The sheet stays as it was.
        """
        if question not in self.questions:
            raise AnswerError(f"question: there is no {question!r}; there are {', '.join(self.questions)}.")
        about = self.questions[question]
        value = cleaned(about, value)
        self.answers.pop(question, None)
        if value is not None:
            self.answers[question] = value
        if not self.practice:
            return feedback.noted(about, value)
        result = self._mark(question)
        tried = self._wrong.setdefault(question, [])
        if result.state == NOT_YET and value not in tried:  # the same answer again is no new attempt
            tried.append(value)
        return feedback.marked(about, self._keys[question], value, result, len(tried))

    def _mark(self, question):
        return mark(self._keys[question], self.answers.get(question), self.answers)

    def progress(self):
        """Where you stand: each question, whether it is answered, and in practice what it earns.

        Returns
        -------
        Standing
            ``.table`` (question, asks for, points, minutes, state, attempts, earned) and ``.text``.
        """
        rows = []
        for id, about in self.questions.items():
            result = self._mark(id) if self.practice else None
            state = result.state if result else NOTED if id in self.answers else OPEN
            rows.append({"question": id, "asks for": about["does"], "points": about["points"], "minutes": about["minutes"],
                         "state": state, "attempts": len(self._wrong.get(id, [])),
                         "earned": result.points if result else None})
        table = pd.DataFrame(rows)
        return Standing(f"{self.module} {self.title}", self.student, table if self.practice else table.iloc[:, :5])

    def submit(self, notebook=None, anyway=False):
        """Hand in: run the notebook once more from the start, then write one file and a receipt.

        See ``pebbletrail.exercises.submission.submit``.
        """
        from pebbletrail.exercises.submission import submit

        return submit(self, notebook, anyway)

    def __repr__(self):
        kind = "practice variant, marked at once" if self.practice else f"variant of {self.student}"
        return f"{self.module} {self.title}: {len(self.questions)} answers, {kind}"
