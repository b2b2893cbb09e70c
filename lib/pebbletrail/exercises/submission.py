"""Handing in: the saved notebook is run once more from the start; what it gives goes into one file, with a receipt."""

import hashlib
import os
from datetime import UTC, datetime
from importlib.util import find_spec

import pebbletrail
from pebbletrail.exercises.answers import word_count
from pebbletrail.exercises.marking import within
from pebbletrail.exercises.packet import as_json
from pebbletrail.exercises.receipt import file_name, in_words, packed, write
from pebbletrail.exercises.rerun import UNDER_WAY, rerun
from pebbletrail.exercises.saved import NotHandedIn, find, read
from pebbletrail.exercises.sheet import check_owner
from pebbletrail.reproduce.process import HANG, NO_KERNEL
from pebbletrail.shown import publish

NEEDED = ("ipykernel", "nbclient", "nbformat", "psutil")
TOO_LONG = (HANG, "CellTimeoutError")
SAVE = "save (Ctrl + S; on a Mac ⌘ + S)"
RUN_ALL = "Kernel, Restart Kernel and Run All Cells…"
USUAL = ("Usual reasons: the notebook was changed and not saved; cells ran in another order, or were changed or deleted "
         "after they ran; numbers are drawn by chance without a seed.")
ANYWAY = "To hand in all the same, with a note on it: sheet.submit(anyway=True)."


def submit(sheet, notebook=None, anyway=False):
    """Hand in the saved notebook: check that it runs from start to end, then write one file and its receipt.

    The file is a zip with ``notebook.ipynb`` (the cells as written, no outputs) and ``submission.json``: ``format``,
    ``module``, ``version``, ``student``, ``practice``, ``time``, ``pebbletrail``, ``files`` and ``notebook`` with their
    SHA-256, ``answers`` of this run, ``unanswered``, ``error`` (or null), ``differs`` (the questions), ``anyway``.

    Parameters
    ----------
    sheet : Sheet
    notebook : path, optional
        Default: the notebook that runs.
    anyway : bool
        Hand in even if the notebook stops at an error, or gives other answers than the sheet has. The file says so.

    Returns
    -------
    Receipt
        ``.path``, ``.sha256``, ``.time``, ``.unanswered``, ``.text``. None when the notebook is being run once more.

    Raises
    ------
    NotHandedIn
        Nothing was written; the message says why, and what to do.
    """
    if os.environ.get(UNDER_WAY) == "1":
        told = "Handing in is under way: this run of the notebook hands in nothing itself."
        publish({"text/html": f"<p>{told}</p>", "text/plain": told})
        return None
    if missing := [name for name in NEEDED if find_spec(name) is None]:
        raise NotHandedIn(f"Handing in runs your notebook once more, and needs {', '.join(missing)}. Install with: "
                          "pip install 'pebbletrail[lab]'")
    saved = read(find(sheet, notebook))
    check_owner(saved.notebook, sheet)
    try:
        run = rerun(sheet, saved.notebook)
    except OSError as error:
        raise NotHandedIn(f"Your notebook could not be run once more: {in_words(error)}. Nothing was handed in.") from None
    reached = run.answers if run.error else sheet.questions
    differs = [id for id in reached if not same(sheet.answers.get(id), run.answers.get(id))]
    if not anyway:
        if run.error:
            raise NotHandedIn(stopped(saved.path.name, run.error))
        if differs:
            raise NotHandedIn(other_answers(saved.path, sheet, run, differs))
    receipt = _written(sheet, saved, run, differs, anyway)
    publish({"text/html": receipt.html(), "text/plain": receipt.text})
    return receipt


def same(one, other):
    """Whether two answers are the same; numbers, but for what adding up in another order changes."""
    both = isinstance(one, float) and isinstance(other, float)
    return within(one, other, 0) if both else one == other


def stopped(name, error):
    """The notebook does not reach its end: where, why, and how to mend it."""
    where = f"In section “{error['section']}”, the" if error["section"] else "The"
    begins = f"{where} cell that begins with\n    {error['code']}\n"
    if error["name"] == NO_KERNEL:
        what, hint = f"It could not be run: {error['message']}", ""
    elif error["name"] in TOO_LONG:
        what = f"{begins}did not come to an end in the time that there is."
        hint = "Is there a loop that never ends, or something that waits for you?"
    else:
        what = f"{begins}stops with {error['name']}: {error['message']}"
        hint = HINTS.get(error["name"], "")
    return (f"{name}, as it is saved, does not run from start to end. Nothing was handed in.\n{what}\n{hint}".rstrip()
            + f"\n\nTo mend it: choose {RUN_ALL}, mend the cell where it stops, {SAVE}, and hand in again.\n{ANYWAY}")


HINTS = {
    "NameError": "The name is made further down, or in a cell that is gone: each cell may only use what stands above it.",
    "FileNotFoundError": "Only the files that came with the exercise are there when your work is marked.",
    "DataUnavailable": "Only the files that came with the exercise are there when your work is marked: no download.",
    "DeadKernelError": "It may need more memory than there is, or end Python itself.",
    "StdinNotImplementedError": "Nobody is there to type when your work is marked.",
}


def other_answers(path, sheet, run, differs):
    """The sheet and the saved notebook say different things: which, and how to make them agree."""
    if not sheet.answers:
        told = "Your sheet is empty: no cell with an answer has run since the notebook was opened."
    else:
        lines = [f"    {id}: the sheet has {_short(sheet.questions[id], sheet.answers.get(id))}, the saved notebook gives "
                 f"{_short(sheet.questions[id], run.answers.get(id))}" for id in differs]
        told = "\n".join([f"The answers on your sheet are not those of {path.name} as it is saved:", *lines, USUAL])
    if others := sorted(one.name for one in path.parent.glob("*.ipynb") if one.name != path.name):
        told += f"\nIf yours is another notebook, name it: sheet.submit(\"{others[0]}\")."
    return (f"{told}\nNothing was handed in.\n\nTo mend it: {SAVE}, choose {RUN_ALL}, look at the answers, and hand in "
            f"again.\n{ANYWAY}")


def _short(question, value):
    if value is None:
        return "none"
    if question["kind"] == "text":
        return f"a text of {word_count(value)} words" + (f" (“{value[:30]}…”)" if len(value) > 30 else "")
    return f"{value:.10g}" if isinstance(value, float) else ", ".join(value) if isinstance(value, list) else value


def _written(sheet, saved, run, differs, anyway):
    time = datetime.now(UTC).replace(microsecond=0)
    unanswered = [id for id in sheet.questions if id not in run.answers]
    about = {"format": 1, "module": sheet.module, "version": sheet.version, "student": sheet.student,
             "practice": sheet.practice, "time": f"{time:%Y-%m-%dT%H:%M:%SZ}", "pebbletrail": pebbletrail.__version__,
             "files": dict(sheet.files),
             "notebook": {"name": saved.path.name, "sha256": hashlib.sha256(saved.content).hexdigest()},
             "answers": run.answers, "unanswered": unanswered, "error": run.error, "differs": differs,
             "anyway": bool(anyway)}
    answered = ", ".join(run.answers) or "none"
    lines = [("Module", f"{sheet.module}, {sheet.title} (version {sheet.version})"), ("Student", sheet.student),
             ("Notebook", saved.path.name), ("Answered", f"{answered} ({len(run.answers)} of {len(sheet.questions)})"),
             ("Unanswered", ", ".join(unanswered) or "none")]
    folder, stem = saved.path.parent, f"{file_name(sheet.module, sheet.student)}-{time:%Y%m%dT%H%M%SZ}"
    try:
        return write(folder, stem, packed({"notebook.ipynb": saved.content, "submission.json": as_json(about)}), time, lines,
                     unanswered, _notes(run, differs))
    except OSError as error:
        raise NotHandedIn(f"The file could not be written: {in_words(error)}. Make room, or copy the "
                          "exercise's folder to another place, and hand in from there. Nothing was handed in.") from None


def _notes(run, differs):
    notes = []
    if run.error:
        where = f" in section “{run.error['section']}”" if run.error["section"] else ""
        why = {NO_KERNEL: "no kernel started", **dict.fromkeys(TOO_LONG, "too slow")}
        why = why.get(run.error["name"], run.error["name"])
        notes.append(f"The saved notebook does not run to its end: {why}{where}. Answers after it are not in.")
    if differs:
        notes.append(f"The sheet had other answers than the saved notebook gives: {', '.join(differs)}. Those of the saved "
                     "notebook are handed in.")
    return notes
