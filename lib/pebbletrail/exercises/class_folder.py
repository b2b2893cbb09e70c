"""The folder of a class: what lies where in it, and ``class.json``, which says what it was built from."""

import contextlib
import errno
import hashlib
import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pebbletrail import __version__
from pebbletrail.exercises.class_record import other_versions, read_json, versions
from pebbletrail.exercises.packet import MAKING, as_json
from pebbletrail.exercises.secret import fingerprint
from pebbletrail.page_source import source

FORMAT = 1
LOCK = ".building"  # held by the build that is at work; the empty file itself says nothing and stays
PRIVATE = 0o600
_RECORD = {"format": int, "pebbletrail": str, "secret": str, "modules": {str: {"sources": dict}}}
_ROSTER = {"students": [{"id": str, "name": str, "left": bool}]}
_KEY = {"questions": [{"id": str}], "files": dict, "handed_out": dict}
_COPY = "Put it back from where you keep a copy"
READ_ME = """Never hand out anything from this folder.

<NN-name>/<student id>.json   what marks the answers of one student to one module: right answers, wrong ways, hints
roster.json                   who is in the class, with names

Hand out the folders beside this one, one a student. Keep this folder: without it nothing can be marked.
"""


class ClassFolderError(ValueError):
    """A class folder that cannot be read, or may not be built on; the message says what to do."""


@dataclass(frozen=True)
class ClassFolder:
    """``<student>/<module>/`` is handed out, ``keys/`` never, ``class.json`` holds no names."""

    path: Path

    @property
    def keys(self):
        return self.path / "keys"

    def hand_out(self, student, module):
        return self.path / student / module

    def key_file(self, student, module):
        return self.keys / module / f"{student}.json"

    def record(self):
        """What the class was built from: format, fingerprint of the secret, modules with versions and sources' SHA-256."""
        path, damaged = self.path / "class.json", f"{_COPY}; without one, name a new folder"
        known = _read(path, "There is no class in this folder. `pebbletrail class build` makes one.", {"format": int},
                      damaged)
        if known["format"] != FORMAT:
            raise ClassFolderError(f"{self.path}: built by another version of Pebbletrail ({known.get('pebbletrail')}). Use "
                                   "that version, or name a new folder.")
        return _read(path, "", _RECORD, damaged)

    def students(self):
        """Everybody for whom something was built: id, name, and whether they have left the roster."""
        return _read(self.keys / "roster.json", "`pebbletrail class build` writes it again.", _ROSTER,
                     f"{_COPY}; without one, delete it, and `pebbletrail class build` writes it anew, without those who "
                     "have left")["students"]

    def key(self, student, module):
        """What marks one student's answers to one module, and ``handed_out``: each file's SHA-256."""
        return _read(self.key_file(student, module), "`pebbletrail class build` makes what is missing.", _KEY,
                     f"{_COPY}; without one, delete it, and `pebbletrail class build` makes it again")

    def found(self):
        """The record of the class that is here; None where there is nothing yet.

        Raises
        ------
        ClassFolderError
            Something else is here, or a class whose record is gone.
        """
        with disk_trouble(self.path):
            here = [one.name for one in self.path.iterdir() if not one.name.startswith(".")] if self.path.exists() else []
        if "class.json" in here:
            return self.record()
        if (self.keys / "READ-ME-FIRST.txt").is_file():
            raise ClassFolderError(f"{self.path / 'class.json'}: it is gone. {_COPY}; without one, name a new folder. "
                                   "Nothing was written.")
        if here:
            raise ClassFolderError(f"{self.path}: this folder holds {sorted(here)[0]!r}, and no class. Name a new folder.")
        return None

    def begin(self, secret, modules):
        """Begin the class, or see that it may be built on; nothing that is there is written over.

        Parameters
        ----------
        secret : bytes
        modules : list of Module

        Returns
        -------
        list of str
            What to mind: at most that modules were begun with other versions of what draws.

        Raises
        ------
        ClassFolderError
            It is another class's, or not a class's at all, or damaged, or a module has changed since.
        """
        known = self.found()
        if known is not None and known["secret"] != fingerprint(secret):
            raise ClassFolderError(f"{self.path}: this class was built with another secret. Give the file that it was built "
                                   "with, or name a new folder.")
        self._enrolled()  # a damaged one is said before anything is written
        if known is None:
            known = {"format": FORMAT, "pebbletrail": __version__, "made": date.today().isoformat(),
                     "secret": fingerprint(secret), "modules": {}}
        for module in modules:
            known["modules"][module.name] = self._entry(module, known["modules"].get(module.name))
        known["modules"] = dict(sorted(known["modules"].items()))
        with disk_trouble(self.path):
            write_file(self.path / "class.json", as_json(known))
            self._make_keys(modules)
        older = other_versions({module.name: known["modules"][module.name] for module in modules})
        return [older] if older else []

    def _entry(self, module, before):
        now = sources(module)
        if before is not None and before["sources"] == now:
            return before
        has_keys = any((self.keys / module.name).glob("*.json"))
        if before is None and has_keys:
            raise ClassFolderError(
                f"{self.path / 'class.json'}: it is damaged (it does not know {module.name}, of which there are keys). "
                f"{_COPY}; without one, name a new folder. Nothing was written.")
        if has_keys:
            then = before["sources"]
            files = ", ".join(sorted(name for name in now.keys() | then.keys() if now.get(name) != then.get(name)))
            raise ClassFolderError(
                f"{module.name}: its sources ({files}) have changed since {self.path} was built, so its students would not "
                "all have the same module. Nothing was written. Take the sources back as they were, or name a new folder. "
                f"If nothing of {module.name} was handed out yet, delete {self.keys / module.name} and the folder "
                f"{module.name} of each student, and build again.")
        return {"title": module.title, "version": module.version, "made": date.today().isoformat(),
                "versions": versions(), "sources": now}

    def _make_keys(self, modules):
        for folder in (self.keys, *(self.keys / module.name for module in modules)):
            folder.mkdir(exist_ok=True)
            _set_mode(folder, 0o700)
        write_file(self.keys / "READ-ME-FIRST.txt", READ_ME.encode("utf-8"))
        write_file(self.keys / ".gitignore", b"*\n")  # a class put under git does not publish its keys

    def enrol(self, students):
        """Write the roster beside the keys, for marking; who has left it stays known.

        Returns
        -------
        list of str
            The ids of those who are no longer on the roster.
        """
        on = {student.id: {"id": student.id, "name": student.name, "left": False} for student in students}
        before = self._enrolled()
        former = {one["id"]: {**one, "left": True} for one in before if one["id"] not in on}
        lower = {id.lower(): id for id in former}
        if near := [id for id in on if id.lower() in lower]:
            raise ClassFolderError(f"roster: {near[0]!r} is built already as {lower[near[0].lower()]!r}, and the two would "
                                   "share a folder on some systems. Write the id as it was.")
        with disk_trouble(self.path):
            write_file(self.keys / "roster.json", as_json({"format": FORMAT, "students": [*on.values(), *former.values()]}),
                       PRIVATE)
        return list(former)

    def _enrolled(self):
        return self.students() if (self.keys / "roster.json").exists() else []

    def sweep(self):
        """Take away what an interrupted run left unfinished. Only for who holds the folder: see ``class_build.building``."""
        for pattern in (f"{MAKING}*", f"*/{MAKING}*", f"keys/*/{MAKING}*"):
            for path in list(self.path.glob(pattern)):
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


def sources(module):
    """SHA-256 of each source of a module: of its text whatever the line ends, of a notebook's cells without outputs."""
    files = [*sorted(module.folder.glob("*.py")), module.solution]
    return {path.name: hashlib.sha256(_content(path)).hexdigest() for path in files}


def _content(path):
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".ipynb":
        return text.encode("utf-8")
    return as_json([[cell["cell_type"], cell["id"], source(cell)] for cell in json.loads(text)["cells"]])


def _set_mode(path, mode):
    with contextlib.suppress(OSError):  # some drives know no modes
        os.chmod(path, mode)


def write_file(path, content, mode=0o644):
    """A file with this content, there whole or not at all; one that has it already is left alone."""
    if path.is_file() and path.read_bytes() == content:
        return
    descriptor, beside = tempfile.mkstemp(prefix=MAKING, dir=path.parent)  # mkstemp: nobody else may read it meanwhile
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        _set_mode(beside, mode)
        os.replace(beside, path)
    finally:
        with contextlib.suppress(OSError):
            os.unlink(beside)


@contextlib.contextmanager
def disk_trouble(path):
    """A full disk, or a folder that cannot be written, as one sentence."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", None))
        what = "the disk, or your share of it, is full" if full else f"it cannot be written ({error.strerror})"
        named = error.filename if error.filename and MAKING not in str(error.filename) else path
        raise ClassFolderError(f"{named}: {what}. Nothing is half-written and what was made stays; when that is mended, the "
                               "same command goes on from there.") from None


def _read(path, otherwise, shape, damaged):
    """A file of the class; what to do where it is not there, and where it is not what was written."""
    try:
        return read_json(path, shape)
    except FileNotFoundError:
        raise ClassFolderError(f"{path}: not there. {otherwise}") from None
    except OSError as error:
        raise ClassFolderError(f"{path}: it cannot be read ({error.strerror}).") from None
    except ValueError as error:
        raise ClassFolderError(f"{path}: it is damaged ({error}). {damaged}. Nothing was written.") from None
