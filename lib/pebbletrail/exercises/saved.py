"""The student's notebook as it is saved: which file it is, and what of it is handed in."""

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

from pebbletrail.exercises.answers import AnswerError
from pebbletrail.exercises.packet import as_json
from pebbletrail.exercises.sheet import practice_folder
from pebbletrail.page_source import source

LARGEST = 20 * 1024 * 1024  # bytes
RUNNING = "JPY_SESSION_NAME"  # Jupyter's name for the notebook that a kernel belongs to


class NotHandedIn(AnswerError):
    """Nothing was handed in, and nothing written. The sentences say why, and what to do."""


@dataclass(frozen=True)
class Saved:
    """A saved notebook: where it is, and its cells as written, without outputs. ``content`` is what is handed in."""

    path: Path
    notebook: dict
    content: bytes


def find(sheet, notebook=None):
    """The notebook to hand in: the one named, else the one that runs, else the one that belongs to the module.

    Raises
    ------
    NotHandedIn
        None, or more than one, could be meant; the message lists them.
    """
    folders = _folders(sheet)
    if notebook is not None:
        named = Path(notebook) if isinstance(notebook, (str, os.PathLike)) else Path()
        if named.suffix != ".ipynb" or not named.is_file():
            raise NotHandedIn(f"notebook: there is no notebook {notebook!r} here. {_listed(_all(folders))}")
        return named
    running = Path.cwd() / os.environ.get(RUNNING, "")
    if running.suffix == ".ipynb" and running.is_file() and running.parent.resolve() in folders:
        return running
    for folder in folders:
        if (folder / f"{sheet.module}.ipynb").is_file():
            return folder / f"{sheet.module}.ipynb"
    mine = [path for path in _all(folders) if _opens(path, sheet.module)]
    if len(mine) == 1:
        return mine[0]
    if mine:
        raise NotHandedIn(f"Which notebook? {len(mine)} of them open {sheet.module}. {_listed(mine)}")
    raise NotHandedIn(f"Which notebook? No saved one in this folder opens {sheet.module}. {_listed(_all(folders))}")


def _folders(sheet):
    """Where the notebook may be: the current folder, and the sheet's, unless that is the installed package's own."""
    places = [Path.cwd().resolve()]
    if sheet.folder.resolve().parent != practice_folder().resolve():
        places.append(sheet.folder.resolve())
    return list(dict.fromkeys(places))


def _all(folders):
    return [path for folder in folders for path in sorted(folder.glob("*.ipynb"))]


def _listed(paths):
    if not paths:
        return "There is no notebook at all: save yours in the folder of the exercise (Ctrl + S; on a Mac ⌘ + S)."
    shown = ", ".join(path.name for path in paths[:8]) + (", …" if len(paths) > 8 else "")
    return f"There {'are' if len(paths) > 1 else 'is'} {shown}. Name yours: sheet.submit(\"{paths[0].name}\")."


def _opens(path, module):
    """Whether a notebook opens this module's sheet."""
    try:
        cells = read(path).notebook["cells"]
    except NotHandedIn:
        return False
    call = re.compile(rf"\bexercise\(\s*[\"']{re.escape(module)}[\"']")
    return any(cell["cell_type"] == "code" and call.search(source(cell)) for cell in cells)


def read(path):
    """A saved notebook, its cells byte for byte, its outputs left out.

    Raises
    ------
    NotHandedIn
        A link, too large, or no notebook.
    """
    path = Path(path)
    if path.is_symlink():
        raise NotHandedIn(f"{path.name} is a link to another place. Hand in the notebook itself: copy it into this folder.")
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise NotHandedIn(f"{path.name} cannot be read: {error.strerror}.") from None
    return Saved(path, *parse(path.name, content))


def parse(name, content):
    """What is handed in of a notebook's file: ``(notebook, content)``, its cells as written and the bytes of that.

    Parameters
    ----------
    name : str
        What the file is called; for messages alone.
    content : bytes

    Raises
    ------
    NotHandedIn
        Too large, or no notebook.
    """
    notebook = without_outputs(name, content)
    try:
        return notebook, as_json(notebook)
    except (ValueError, RecursionError):
        raise _damaged(name) from None


def without_outputs(name, content):
    """What ``parse`` hands in, before it is written as bytes; raises ``NotHandedIn`` as that does."""
    if len(content) > LARGEST:
        raise NotHandedIn(f"{name} is larger than {LARGEST // 1024 ** 2} MB. Choose Edit, Clear Outputs of All Cells, "
                          "take pasted pictures out, save, and hand in again.")
    try:
        return _bare(json.loads(content.decode("utf-8"), parse_constant=_refused))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise _damaged(name) from None


def _damaged(name):
    return NotHandedIn(f"{name} is damaged, or not a notebook that Jupyter saved. Open it in JupyterLab and save it again. "
                       "If it does not open, take the exercise's notebook again from where you got it.")


def _bare(notebook):
    """What people wrote: no outputs, no counts of runs, no state of widgets."""
    if notebook["nbformat"] != 4:
        raise ValueError(notebook["nbformat"])
    cells = []
    for cell in notebook["cells"]:
        kept = {"metadata": {}, **cell}
        if not isinstance(source(cell), str) or not isinstance(kept["metadata"].get("tags", []), list):
            raise TypeError(cell)
        if cell["cell_type"] == "code":
            kept |= {"outputs": [], "execution_count": None}
        cells.append(kept)
    metadata = {name: value for name, value in notebook["metadata"].items() if name != "widgets"}
    return {**notebook, "metadata": metadata, "cells": cells}


def _refused(constant):
    raise ValueError(constant)
