"""One student's variant in a class folder: made once, found again, or reported; and read back from what is stored."""

import hashlib
import json
from dataclasses import dataclass

from pebbletrail.exercises.class_folder import PRIVATE, ClassFolderError, disk_trouble, write_file
from pebbletrail.exercises.module import load_module, make_variant
from pebbletrail.exercises.packet import as_json, handed_out, write_folder
from pebbletrail.exercises.sheet import SHEET

MADE, THERE, AGAIN, CHANGED, FAILED = "made", "there", "made again", "changed", "not made"
_PASSED_OVER = (".", "Thumbs.db", "desktop.ini")  # what a system or an editor leaves in a folder


@dataclass(frozen=True)
class Settled:
    """What became of one variant."""

    module: str
    student: str
    state: str
    detail: str = ""


def settle(place, folder, notebook, secret, students):
    """Settle one module for some students, in whatever process this runs.

    Parameters
    ----------
    place : ClassFolder
    folder : Path
        The module's sources.
    notebook : dict
        Its student notebook, with the places for a variant's words.
    secret : bytes
    students : list of str

    Returns
    -------
    list of Settled

    Raises
    ------
    ClassFolderError
        The disk is full or cannot be written. An error in one variant is not raised: it is that variant's state.
    """
    module = load_module(folder)
    return [Settled(module.name, student, *_settled(place, module, notebook, secret, student)) for student in students]


def _settled(place, module, notebook, secret, student):
    """``(state, detail)``. The key is written last: where it is, the hand-out was whole."""
    hand_out, key_file = place.hand_out(student, module.name), place.key_file(student, module.name)
    with disk_trouble(hand_out):
        known = key_file.read_bytes() if key_file.is_file() else b""
        is_out = hand_out.is_dir() and any(hand_out.iterdir())
    if known and is_out:
        return _compared(hand_out, known)
    try:
        variant = make_variant(module, student, secret)
        files = handed_out(variant, notebook=notebook)
        key = as_json({**variant.keys(), "handed_out": {name: _sha(content) for name, content in files.items()}})
    except Exception as error:  # an author's mistake in one variant must not cost the others
        return FAILED, f"{type(error).__name__}: {error}"
    if known and known != key:
        return FAILED, (f"its hand-out is gone and cannot be made again as it was: Pebbletrail has changed since. Put "
                        f"{hand_out} back from where you keep a copy")
    if is_out and _compared(hand_out, key)[0] != THERE:
        return FAILED, f"{hand_out} was there without its key, and is not what would be made. Move it away and build again"
    with disk_trouble(hand_out):
        if not is_out:
            if hand_out.is_dir():  # an empty one
                hand_out.rmdir()
            write_folder(hand_out, files)
        write_file(key_file, key, PRIVATE)
    return (AGAIN if known else MADE), ""


def _compared(hand_out, key):
    """Whether a hand-out is as its key says."""
    try:
        expected = json.loads(key)["handed_out"]
    except (ValueError, KeyError, TypeError):
        return FAILED, "its key cannot be read. Delete the key's file and build again"
    with disk_trouble(hand_out):
        there = {path.name: _sha(path.read_bytes()) if path.is_file() else "" for path in sorted(hand_out.iterdir())
                 if path.name in expected or not path.name.startswith(_PASSED_OVER)}
    gone = [f"{name} is gone" for name in expected if name not in there]
    other = [f"{name} is another" for name in expected if name in there and there[name] != expected[name]]
    more = [f"{name} is there besides" for name in there if name not in expected]
    found = ", ".join([*gone, *other, *more])
    return (CHANGED, found) if found else (THERE, "")


def _sha(content):
    return hashlib.sha256(content).hexdigest()


class Told:
    """Something that has ``told``: a question as it was handed out."""

    @property
    def id(self):
        return self.told["id"]

    @property
    def kind(self):
        return self.told["kind"]


@dataclass(frozen=True)
class StoredQuestion(Told):
    """A question as it was handed out, with its stored key."""

    told: dict
    marks: dict

    @property
    def points(self):
        return self.told["points"]

    @property
    def minutes(self):
        return self.told["minutes"]

    def public(self, week):
        return self.told

    def key(self):
        return self.marks


@dataclass(frozen=True)
class StoredVariant:
    """A student's variant, read from a class folder; words and keys as when it was built, without the secret."""

    module: object
    student: str
    given: dict
    questions: tuple
    files: dict


def stored(place, student, module):
    """What was handed out to a student of a module, and what marks it; it needs neither the secret nor the sources.

    Parameters
    ----------
    place : ClassFolder
    student, module : str

    Returns
    -------
    (dict, dict, dict of str to bytes)
        The sheet, the key, and the files: the sheet's and the tables'.

    Raises
    ------
    ClassFolderError
        Something is missing, or is not as it was handed out.
    """
    key, hand_out = place.key(student, module), place.hand_out(student, module)
    files = {}
    for name in (SHEET, *key["files"]):
        path = hand_out / name
        content = path.read_bytes() if path.is_file() else b""
        if _sha(content) != key["handed_out"].get(name):
            raise ClassFolderError(f"{path}: it is not there, or not as it was handed out. Move the folder {hand_out} away, "
                                   "and `pebbletrail class build` makes it again.")
        files[name] = content
    return json.loads(files[SHEET]), key, files


def stored_variant(place, module, student):
    """A student's variant as it was handed out.

    Parameters
    ----------
    place : ClassFolder
    module : Module
    student : str

    Raises
    ------
    ClassFolderError
        Something is missing, or is not as it was handed out.
    """
    sheet, key, files = stored(place, student, module.name)
    marks = {one["id"]: one for one in key["questions"]}
    questions = tuple(StoredQuestion(told, marks[told["id"]]) for told in sheet["questions"])
    return StoredVariant(module, student, sheet["given"], questions, files)
