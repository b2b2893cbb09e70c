"""A module's folder, and one student's variant of it: drawn by HMAC, rounded, stored; keys from the stored file."""

import hashlib
import hmac
import io
import math
import re
from dataclasses import dataclass
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import numpy as np
import pandas as pd

from pebbletrail.exercises.arithmetic import evaluate
from pebbletrail.exercises.authoring import Redraw
from pebbletrail.exercises.marking import within
from pebbletrail.home import CHECKOUT, in_checkout

PRACTICE, PUBLIC_SECRET = "practice", b"pebbletrail: the public practice variant"
MOST_DRAWS = 200
_NAME = re.compile(r"^(\d\d)-[a-z-]+$")


@dataclass(frozen=True)
class Module:
    """One folder of ``exercises/``."""

    folder: Path
    code: object

    @property
    def name(self):
        return self.folder.name

    @property
    def week(self):
        return int(self.name[:2])

    @property
    def version(self):
        return int(self.code.VERSION)

    @property
    def title(self):
        return self.code.TITLE

    @property
    def solution(self):
        return self.folder / "solution.ipynb"


@dataclass(frozen=True)
class Variant:
    """What one student gets, and what marks it.

    Attributes
    ----------
    module : Module
    student : str
    draws : int
        How often was drawn; above 1 where a wrong route fell too near the right one.
    files : dict of str to bytes
        The student's tables as CSV.
    words : dict
        The story's words; scalars may be shown, dealt cases may not.
    questions : tuple
        With their keys.
    """

    module: Module
    student: str
    draws: int
    files: dict
    words: dict
    questions: tuple

    @property
    def given(self):
        """The scalars of the story, which a student may see."""
        return {name: value for name, value in self.words.items() if isinstance(value, (str, int, float))}

    def public(self):
        """What the answer sheet of the student knows. No key."""
        return {"format": 1, "module": self.module.name, "title": self.module.title, "version": self.module.version,
                "student": self.student, "given": self.given,
                "questions": [question.public(self.module.week) for question in self.questions],
                "files": {name: hashlib.sha256(content).hexdigest() for name, content in self.files.items()}}

    def keys(self):
        """What marks the answers. Never handed out, but for the public practice variant."""
        keys = [question.key() for question in self.questions]
        numbers = {key["id"]: key for key in keys if key["kind"] == "number"}
        for follows in filter(None, (key["follows"] for key in numbers.values())):
            for about, what in (("rights", "right"), ("decimals", "decimals")):
                follows[about] = {id: numbers[id][what] for id in follows["uses"]}
        return {"format": 1, "module": self.module.name, "version": self.module.version, "student": self.student,
                "draws": self.draws, "questions": _steady(keys), "files": self.public()["files"]}


def _steady(data):
    """The same with numbers to twelve digits: the last ones differ between processors, and a key must not."""
    if isinstance(data, float):
        return float(f"{data:.12g}")
    if isinstance(data, dict):
        return {name: _steady(value) for name, value in data.items()}
    return [_steady(value) for value in data] if isinstance(data, list) else data


@cache
def load_module(folder):
    """The module in a folder of ``exercises/``."""
    folder = Path(folder)
    spec = spec_from_file_location(f"pebbletrail_exercise_{folder.name}".replace("-", "_"), folder / "module.py")
    code = module_from_spec(spec)
    spec.loader.exec_module(code)
    return Module(folder, code)


def source_folder():
    """Where the modules' sources are; they are not part of an installed copy, since they hold the solutions."""
    if not in_checkout():
        raise FileNotFoundError("The exercises' sources hold the solutions, so they travel in the project's checkout and "
                                "not in the installed package. Clone the project, and run the command there.")
    return CHECKOUT / "exercises"


def module_folders():
    """The folder of every module by name, in the order of weeks."""
    return {path.name: path for path in sorted(source_folder().iterdir())
            if path.is_dir() and _NAME.match(path.name) and (path / "module.py").is_file()}


def all_modules():
    """Every module by name, in the order of weeks."""
    return {name: load_module(folder) for name, folder in module_folders().items()}


def make_variant(module, student, secret, practice=False):
    """One student's variant of a module.

    Parameters
    ----------
    module : Module
    student : str
        The id; the same id and secret give the same variant.
    secret : bytes
        The course's secret.
    practice : bool
        The public variant, whose stories are kept out of graded ones.

    Raises
    ------
    ValueError
        The module cannot be drawn: the message says which question, and why.
    """
    reason = ""
    for attempt in range(1, MOST_DRAWS + 1):
        drawn = module.code.draw(_generator(secret, module, student, attempt), practice)
        words = {name: value.item() if hasattr(value, "item") else value for name, value in drawn.words.items()}
        files = {f"{name}.csv": stored(table) for name, table in drawn.tables.items()}
        tables = {name: read(files[f"{name}.csv"]) for name in drawn.tables}
        try:
            questions = tuple(module.code.questions(tables, words))
        except Redraw as no_good:
            reason = str(no_good)
            continue
        reason = too_near(questions)
        if not reason:
            return Variant(module, student, attempt, files, words, questions)
    raise ValueError(f"{module.name}: no draw is good for {student!r} in {MOST_DRAWS} attempts; the last one: {reason}")


def stored(table):
    """A table as the bytes of a CSV file, the same on every system."""
    return table.to_csv(index=False, lineterminator="\n").encode("utf-8")


def read(content):
    """A table from the bytes of its CSV."""
    return pd.read_csv(io.BytesIO(content))


def too_near(questions):
    """Why a draw must be made again: a wrong route that lands on the right answer. Empty where there is none."""
    rights = {question.id: question.right for question in questions if question.kind == "number"}
    for question in (one for one in questions if one.kind == "number"):
        if not math.isfinite(question.right):
            raise ValueError(f"{question.id}: the right answer is {question.right}.")
        if question.follows:
            value = evaluate(question.follows.formula, {id: float(rights[id]) for id in question.follows.uses})
            if value is None or not within(value, question.right, question.margin):
                raise ValueError(f"{question.id}: the formula {question.follows.formula!r} gives {value}, the key says "
                                 f"{question.right}.")
        for route in question.routes:
            if not math.isfinite(route.value):
                raise ValueError(f"{question.id}: the route {route.name!r} leads to {route.value}.")
            if within(route.value, question.right, 2 * question.margin):
                return f"{question.id}: the route {route.name!r} lands on the right answer"
    return ""


def _generator(secret, module, student, attempt):
    message = f"pebbletrail exercise\n{module.name}\n{module.version}\n{student}\n{attempt}"
    digest = hmac.new(secret, message.encode("utf-8"), hashlib.sha256).digest()
    return np.random.default_rng(int.from_bytes(digest, "big"))
