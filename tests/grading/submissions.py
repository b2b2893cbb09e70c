"""Submissions written as ``sheet.submit()`` writes them, for tests: by cells, or by the answers that they must come to."""

import json

from tests.grading.known import sheet_of

from pebbletrail.exercises.packet import as_json
from pebbletrail.exercises.receipt import packed

TIME = "2026-03-01T12:00:00Z"


def notebook(*sources):
    """A notebook of code cells."""
    empty = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    cells = [{**empty, "id": f"c{number}", "source": text}
             for number, text in enumerate(sources)]
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def opening(module):
    return f"import pebbletrail as pt\nsheet = pt.exercise({module!r})"


def answering(module, answers):
    """Cells that give these answers."""
    return [opening(module), *(f"sheet.answer({id!r}, {json.dumps(value)})" for id, value in answers.items())]


def claim(place, student, module, answers=None, **more):
    """What ``submission.json`` says of an honest submission; ``more`` says otherwise."""
    sheet = sheet_of(place, student, module)
    said = {"format": 1, "module": module, "version": sheet["version"], "student": student, "practice": False, "time": TIME,
            "pebbletrail": "0.1.0", "files": sheet["files"], "notebook": {"name": f"{module}.ipynb", "sha256": "0" * 64},
            "unanswered": [], "error": None, "differs": [], "anyway": False}
    return {**said, **({} if answers is None else {"answers": answers}), **more}


def write(folder, place, student, module, cells, answers=None, name=None, **more):
    """Write a submission into a folder; returns its path."""
    said = claim(place, student, module, answers, **more)
    content = packed({"notebook.ipynb": as_json(notebook(*cells)), "submission.json": as_json(said)})
    path = folder / (name or f"{module}-{student}-20260301T120000Z.zip")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
