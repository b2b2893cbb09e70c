"""A notebook run once more from the start, in a fresh kernel, with the files that were handed out and no others."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from pebbletrail.exercises.answers import cleaned
from pebbletrail.exercises.feedback import ANSWER
from pebbletrail.exercises.sheet import KEYS, SHEET
from pebbletrail.page_source import source
from pebbletrail.progress import Progress
from pebbletrail.reproduce.process import NO_KERNEL, located, numbered, run_in_process

UNDER_WAY = "PEBBLETRAIL_HANDING_IN"  # set while the notebook runs once more, so that it hands in nothing itself
LIMIT, CELL_LIMIT = 150, 90  # seconds for the whole notebook, and for one of its cells
LONGEST = 300  # characters of what an error says


@dataclass(frozen=True)
class Rerun:
    """What the run gave.

    Attributes
    ----------
    answers : dict
        The last answer to each question.
    error : dict or None
        Why it did not reach the end: ``section``, ``code`` (the first line of the cell), ``name``, ``message``.
    """

    answers: dict
    error: dict | None


def rerun(sheet, notebook, limit=LIMIT, cell_limit=CELL_LIMIT):
    """Run a notebook on a copy of a sheet's files; the copy is gone afterwards."""
    cells = [numbered(number, cell) for number, cell in enumerate(notebook["cells"], start=1)]
    code = [place for place, cell in enumerate(cells) if cell["cell_type"] == "code" and source(cell).strip()]
    finished = []
    with (tempfile.TemporaryDirectory(prefix="pebbletrail-", ignore_cleanup_errors=True) as place,
          Progress(len(code), "cells of your notebook run again, to check it", at_once=True) as progress):
        scratch, folder = Path(place), Path(place) / sheet.module
        folder.mkdir()
        for name in (SHEET, KEYS, *sheet.files):
            if (sheet.folder / name).is_file():  # what is missing is told by the cell that asks for it
                shutil.copyfile(sheet.folder / name, folder / name)

        def on_cell(place):
            finished.append(place)
            progress.add()

        executed, error = run_in_process({**notebook, "cells": cells}, scratch, limit, folder, on_cell, cell_limit,
                                         **{UNDER_WAY: "1"})
    if error and error["name"] != NO_KERNEL:
        reached = next((place for place in code if place not in finished), code[-1]) if code else 0
        error = located({**error, "cell": error["cell"] or reached + 1}, cells)
    if error:
        error = {name: error.get(name, "")[:LONGEST] for name in ("section", "code", "name", "message")}
    return Rerun(answers_in(executed, sheet.questions) if executed else {}, error)


def answers_in(executed, questions):
    """The answers that an executed notebook carries in its outputs; the last one to a question counts.

    Parameters
    ----------
    executed : dict
        A notebook with outputs.
    questions : mapping of str to dict
        The public part of each question. What answers no question, or not as it asks, is left out.
    """
    found = {}
    for cell in executed["cells"]:
        for output in cell.get("outputs", []):
            bundle = output.get("data") if isinstance(output, dict) else None
            data = bundle.get(ANSWER) if isinstance(bundle, dict) else None
            id = data.get("question") if isinstance(data, dict) else None
            if isinstance(id, str) and id in questions:
                found[id] = _taken(questions[id], data.get("value"))
    return {id: found[id] for id in questions if found.get(id) is not None}


def _taken(question, value):
    try:
        return cleaned(question, value)
    except (ValueError, TypeError, OverflowError, RecursionError):  # of a hostile notebook nothing is taken, and no more
        return None
