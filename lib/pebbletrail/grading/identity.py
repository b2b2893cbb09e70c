"""Whose work a file is, and of which module. Who handed it in is believed before what the file says of itself."""

import json
from dataclasses import dataclass
from functools import lru_cache

from pebbletrail.exercises.module import PRACTICE
from pebbletrail.exercises.sheet import SHEET, practice_folder

_ASK, _ASK_BOTH = "ask the student.", "ask both students."
_FOLDER = "put the file into a folder named by the student's id, and give the command again."
_AGAIN = "have the student hand in again the file that sheet.submit() writes."


class Held(ValueError):
    """A file that is not graded until the teacher says whose it is; the sentence ends in what to do."""


@dataclass(frozen=True)
class Placed:
    """Whose work a file is.

    Attributes
    ----------
    student, module : str
        Of this class.
    notes : tuple of str
        What the student should know.
    problems : tuple of str
        What the teacher should look at, as sentences.
    """

    student: str
    module: str
    notes: tuple = ()
    problems: tuple = ()


@dataclass(frozen=True)
class _HandedOut:
    """What was handed out of one module: tables' SHA-256 and version by student, and who got each table."""

    roster: dict
    files: dict
    versions: dict
    owners: dict

    def single(self, digests):
        """Whose tables these are, of those that one student alone got."""
        owners = [self.owners.get(digest, frozenset()) for digest in digests]
        return sorted({student for some in owners if len(some) == 1 for student in some})


def whose(opened, sender, place):
    """Whose work a file is.

    Parameters
    ----------
    opened : archive.Opened
    sender : sender.Sender
    place : ClassFolder

    Returns
    -------
    Placed
        A known sender's own work, whatever the file says. Without one, the claimed student's, if the file names the tables
        that only this student got.

    Raises
    ------
    Held
        It cannot be said.
    ClassFolderError
        The class folder is damaged.
    """
    module = _module(opened.claim, place)
    handed_out = _handed_out(place, module, _stamp(place, module))
    student = sender.student or _proved(opened.claim, sender, handed_out)
    if student not in handed_out.files:
        raise Held(f"It is of {module}, and nothing of {module} was built for {student}: give `pebbletrail class build` "
                   "with that module, and the command again.")
    return Placed(student, module, tuple(_notes(opened.claim, handed_out.versions[student])),
                  tuple(_problems(opened.claim, student, handed_out)))


def _module(claim, place):
    """The claimed module, once this class is known to have it."""
    module, built = claim.get("module"), place.record()["modules"]
    if not module:
        raise Held(f"It does not say of which module it is: {_AGAIN}")
    if module not in built:
        raise Held(f"It says that it is of {module!r}, and this class has {', '.join(sorted(built))}: {_AGAIN}")
    return module


def _proved(claim, sender, handed_out):
    """The claimed student, if the file names this student's own tables: only who has the hand-out knows them."""
    said, files = claim.get("student", ""), claim.get("files", {})
    student = handed_out.roster.get(said.casefold())
    if student and files == handed_out.files.get(student) and handed_out.single(files.values()) == [student]:
        return student
    if not said:
        told = "It does not say whose it is"
    elif said == PRACTICE:
        told = "It was made with the public practice variant, which is nobody's"
    elif student is None:
        told = f"It says that it is the work of {said!r}, who is not on the roster"
    else:
        told = f"It says that it is the work of {student}, and does not name the tables that {student} got"
    raise Held(f"{told}; {sender.how}: {_FOLDER}")


def _notes(claim, version):
    made = claim.get("version", version)
    if made != version:
        yield f"It says that it is of version {made} of the module; version {version}, which was handed out, is marked."


def _problems(claim, student, handed_out):
    said = claim.get("student", student)
    if said.casefold() != student.casefold():
        other = handed_out.roster.get(said.casefold())
        yield (f"It says that it is the public practice variant: {_ASK}" if said == PRACTICE else
               f"It says that it is the work of {other}: {_ASK_BOTH}" if other else
               f"It says that it is the work of {said!r}, who is not on the roster: {_ASK}")
    digests = claim.get("files", {}).values()
    if not digests:
        yield f"It does not say with which tables it was made: {_AGAIN}"
    for other in handed_out.single(digests):
        if other != student:
            named = "the public practice variant" if other == PRACTICE else other
            yield (f"It was made with the tables of {named}, and is run on those of {student}: "
                   f"{_ASK if other == PRACTICE else _ASK_BOTH}")
    if unknown := [name for name, digest in claim.get("files", {}).items() if digest not in handed_out.owners]:
        yield f"It was made with tables that nobody in this class got ({', '.join(sorted(unknown)[:5])}): {_ASK}"


def _stamp(place, module):
    """Changes when a further student's key is written, so that what was read before is not taken for all."""
    return tuple(path.stat().st_mtime_ns if path.exists() else 0
                 for path in (place.keys / module, place.keys / "roster.json"))


@lru_cache(64)
def _handed_out(place, module, stamp):
    """Every key of a module, read once for the whole class."""
    roster = {one["id"].casefold(): one["id"] for one in place.students()}
    keys = {student: place.key(student, module) for student in roster.values() if place.key_file(student, module).is_file()}
    files = {student: key["files"] for student, key in keys.items()}
    owners = {}
    for student, tables in [*files.items(), (PRACTICE, _practice_files(module))]:
        for digest in tables.values():
            owners.setdefault(digest, set()).add(student)
    return _HandedOut(roster, files, {student: key.get("version") for student, key in keys.items()}, owners)


def _practice_files(module):
    path = practice_folder() / module / SHEET
    return json.loads(path.read_text(encoding="utf-8"))["files"] if path.is_file() else {}
