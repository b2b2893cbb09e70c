"""A class whose answers are known: who gives which answer on purpose, and what it must earn by the module's own tables.

What is expected is written down from the plan, never asked of ``marking``.
"""

import hashlib
import json
import random
from dataclasses import dataclass

from pebbletrail.exercises.class_build import build_class
from pebbletrail.exercises.class_folder import ClassFolder
from pebbletrail.exercises.class_modules import load
from pebbletrail.exercises.module import module_folders
from pebbletrail.exercises.roster import Student
from pebbletrail.grading.results import Handed, Results
from pebbletrail.grading.scoring import scored

SECRET = b"a secret of a made-up class, which marks nobody"
RIGHT, ROUTE, FAR, LETTER = "right", "route", "far off", "another letter"
ONE_ARROW, OPEN, TEXT = "one arrow less", "open", "text"
FIRST = ["Ada", "Bo", "Chen", "Dina", "Émile", "Farid", "Greta", "Hugo", "Ines", "Jan"]
LAST = ["Lind", "O'Brien", "Müller", "Costa", "de Vries", "Nowak"]


@dataclass(frozen=True)
class Planned:
    """An answer given on purpose: of which kind, what it is, and the points it must earn (None: a person marks it)."""

    kind: str
    answer: object
    points: float | None


def made_up_students(count, names=None):
    """Students ``s001`` …, with names that hold accents, apostrophes and blanks; every name is another one.

    ``names`` has other names for some, by id.
    """
    usual = {f"s{number + 1:03d}": f"{FIRST[number % 10]} {LAST[number // 10 % 6]}"
             + (f" {number // 60 + 1}" if number >= 60 else "") for number in range(count)}
    return [Student(id, (names or {}).get(id, name)) for id, name in usual.items()]


def build(folder, count, modules, names=None):
    """A class of made-up students; ``modules`` by name, such as ``"04-control"``."""
    folders = module_folders()
    chosen = [load(folders[name]) for name in modules]
    built = build_class(made_up_students(count, names), SECRET, folder, chosen)
    assert not built.failed
    return ClassFolder(folder)


def sheet_of(place, student, module):
    return json.loads((place.hand_out(student, module) / "exercise.json").read_text(encoding="utf-8"))


def plan(place, student, module, share=0.35):
    """What a student answers, by question: right, but for about ``share`` of the questions. The same at every call."""
    luck = random.Random(hashlib.sha256(f"{student}/{module}".encode()).digest())
    planned = {}
    for key in place.key(student, module)["questions"]:
        slips = luck.random() < share
        planned[key["id"]] = _planned(key, luck, slips, planned)
    return planned


def _planned(key, luck, slips, before):
    points = float(key["points"])
    if key["kind"] == "text":
        specimen = luck.choice(key["specimens"])
        return Planned(OPEN, None, 0.0) if slips and luck.random() < 0.2 else Planned(TEXT, specimen["text"], None)
    if key["kind"] == "prediction":
        left = slips and luck.random() < 0.3
        return Planned(OPEN, None, 0.0) if left else Planned(RIGHT, luck.choice(key["options"]), points)
    if not slips:
        return Planned(RIGHT, key["right"], points)
    if luck.random() < 0.15:
        return Planned(OPEN, None, 0.0)
    return {"number": _number, "choice": _choice, "arrows": _arrows}[key["kind"]](key, luck, before, points)


def _number(key, luck, before, points):
    uses = (key["follows"] or {"uses": []})["uses"]
    if any(before[id].kind != RIGHT for id in uses):  # it might follow from that mistake, and count
        return Planned(RIGHT, key["right"], points)
    if key["routes"] and luck.random() < 0.8:
        route = luck.choice(key["routes"])
        alike = [one["earns"] for one in key["routes"] if abs(one["value"] - route["value"]) <= key["tolerance"]]
        return Planned(ROUTE, route["value"], points * max(alike))
    return Planned(FAR, key["right"] * 7.3 + 12345.6, 0.0)


def _choice(key, luck, before, points):
    return Planned(LETTER, luck.choice(sorted(key["why"])), 0.0)


def _arrows(key, luck, before, points):
    return Planned(ONE_ARROW, key["right"][1:], points / 2)


def answers(planned):
    return {id: one.answer for id, one in planned.items() if one.answer is not None}


def results(place, modules, absent=()):
    """The class graded by its plans, without any run: who is in ``absent`` (pairs of student, module) handed in nothing."""
    works = []
    for module in modules:
        for one in place.students():
            sheet, key = sheet_of(place, one["id"], module), place.key(one["id"], module)
            if (one["id"], module) in absent:
                works.append(scored(sheet, key, one["id"], one["name"], {}, state="not handed in"))
                continue
            claim = {"student": one["id"], "module": module, "version": sheet["version"], "time": "2026-03-01T12:00:00Z",
                     "files": sheet["files"]}
            name = f"{module}-{one['id']}-20260301T120000Z.zip"
            handed = Handed(name, hashlib.sha256(name.encode()).hexdigest(), claim)
            works.append(scored(sheet, key, one["id"], one["name"], answers(plan(place, one["id"], module)), handed=handed))
    return Results(tuple(works), isolation={"bubblewrap": len(works) - len(absent)})
