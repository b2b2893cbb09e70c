"""A solution notebook, run on one variant as a student would run it, and marked."""

import contextlib
import io
import tempfile
from pathlib import Path

from pebbletrail.exercises.marking import mark
from pebbletrail.exercises.packet import handed_out, write_folder
from pebbletrail.exercises.source import read_source, solved_notebook
from pebbletrail.exercises.wording import fill
from pebbletrail.page_source import source


def solved(variant):
    """The answers that the module's solution gives on a variant: ``{question: answer}``."""
    notebook = fill(solved_notebook(read_source(variant.module.solution)), variant, practice=False)
    return run(notebook, variant)


def run(notebook, variant):
    """The answers that a notebook gives on a variant's files; its cells run in this process, one after the other.

    The working folder of the process is another one meanwhile: not for threads.
    """
    from pebbletrail.exercises.sheet import exercise

    with tempfile.TemporaryDirectory(prefix="pebbletrail-") as place:
        folder = Path(place) / variant.module.name
        write_folder(folder, handed_out(variant))
        with contextlib.chdir(folder), contextlib.redirect_stdout(io.StringIO()):
            names = {"__name__": "__main__"}
            for cell in notebook["cells"]:
                if cell["cell_type"] == "code":
                    exec(compile(source(cell), f"{variant.module.name}, cell {cell['id']}", "exec"), names)
            answers = dict(exercise(variant.module.name).answers)
    return answers


def marks(variant, answers):
    """``{question: Mark}`` for a student's answers."""
    return {key["id"]: mark(key, answers.get(key["id"]), answers) for key in variant.keys()["questions"]}
