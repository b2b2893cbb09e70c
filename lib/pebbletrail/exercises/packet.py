"""What is handed out for one variant: the student's notebook, the tables, the sheet; for practice, the keys too."""

import json
import os
import shutil
import tempfile
from pathlib import Path

from pebbletrail.exercises.module import PRACTICE, PUBLIC_SECRET, make_variant
from pebbletrail.exercises.sheet import KEYS, SHEET
from pebbletrail.exercises.source import read_source, student_notebook
from pebbletrail.exercises.wording import fill

MAKING = ".making-"  # begins the name of what is not finished


def practice_variant(module):
    """The public variant of a module."""
    return make_variant(module, PRACTICE, PUBLIC_SECRET, practice=True)


def handed_out(variant, practice=False, notebook=None):
    """The files a student gets, as bytes by name.

    Parameters
    ----------
    variant : Variant
    practice : bool
        Whether the keys travel along, for hints at once. Never true for a class.
    notebook : dict, optional
        The module's student notebook, when many variants are made of it.
    """
    module = variant.module
    notebook = notebook or student_notebook(read_source(module.solution))
    files = {f"{module.name}.ipynb": as_json(fill(notebook, variant, practice), indent=1), SHEET: as_json(variant.public()),
             **variant.files}
    return {**files, KEYS: as_json(variant.keys())} if practice else files


def as_json(data, indent=1):
    """Bytes of JSON, the same on every system; not-a-number is an error."""
    return (json.dumps(data, indent=indent, ensure_ascii=False, allow_nan=False) + "\n").encode("utf-8")


def write_folder(folder, files):
    """A new folder with these files, there whole or not at all."""
    folder = Path(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=MAKING, dir=folder.parent))
    try:
        for name, content in files.items():
            (beside / name).write_bytes(content)
        beside.chmod(0o755)
        os.replace(beside, folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
