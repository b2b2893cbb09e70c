"""The solution notebook of a module, filled for the practice variant or for one student."""

import difflib
from pathlib import Path

from pebbletrail.exercises.class_folder import (
    PRIVATE,
    ClassFolder,
    ClassFolderError,
    disk_trouble,
    sources,
    write_file,
)
from pebbletrail.exercises.class_variant import stored_variant
from pebbletrail.exercises.packet import as_json, practice_variant
from pebbletrail.exercises.source import read_source, solved_notebook
from pebbletrail.exercises.wording import fill


def write_solution(module, out, student=None, folder="class"):
    """Write a filled solution notebook; for one student, their tables and their sheet beside it, so that it runs there.

    Parameters
    ----------
    module : Module
    out : str or Path
        The notebook's file. Nothing that is there already is written over.
    student : str, optional
        Whose; without it, the public practice variant's.
    folder : str or Path
        The class in which the student is.

    Returns
    -------
    list of Path
        What was written, the notebook first.

    Raises
    ------
    ClassFolderError
        Nothing was written; the message says why.
    """
    out, place = Path(out), ClassFolder(Path(folder))
    if out.suffix != ".ipynb":
        raise ClassFolderError(f"--out: {out} is no name of a notebook; give one that ends with .ipynb.")
    if found := _class_around(out):
        raise ClassFolderError(f"--out: {out} lies in the folder of a class, among keys and hand-outs. Name a file outside "
                               f"{found}.")
    if student is None:
        variant, beside = practice_variant(module), {}
    else:
        variant = _of_student(place, module, student)
        beside = variant.files
    notebook = fill(solved_notebook(read_source(module.solution)), variant, practice=student is None)
    files = {out: as_json(notebook), **{out.with_name(name): content for name, content in beside.items()}}
    if there := [path for path, content in files.items() if path.exists() and (path == out or path.read_bytes() != content)]:
        raise ClassFolderError(f"{there[0]}: there is a file already, and it stays as it is. Name a file in another folder.")
    with disk_trouble(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        for path, content in files.items():
            write_file(path, content, PRIVATE)
    return list(files)


def _class_around(out):
    """The class in whose folder a file would be, also where its record or its keys are gone."""
    return next((folder for folder in out.resolve().parents if (folder / "class.json").is_file()
                 or (folder / "keys" / "roster.json").is_file()), None)


def _of_student(place, module, student):
    built = place.record()["modules"]
    if module.name not in built:
        raise ClassFolderError(f"{place.path}: {module.name} was not built in this class; there are {', '.join(built)}.")
    if built[module.name]["sources"] != sources(module):
        raise ClassFolderError(f"{module.name}: its sources have changed since {place.path} was built, so this would not be "
                               "the solution of what was handed out. Take the sources back as they were.")
    ids = [one["id"] for one in place.students()]
    if student not in ids:
        near = difflib.get_close_matches(student, ids, n=1)
        guess = f" Did you mean {near[0]!r}?" if near else ""
        raise ClassFolderError(f"--student: there is no {student!r} in {place.path}.{guess}")
    return stored_variant(place, module, student)
