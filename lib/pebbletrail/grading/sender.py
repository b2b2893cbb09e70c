"""Who handed a file in, from its path alone: the teacher's own folders, Moodle's and Canvas' names.

Moodle (its source ``mod/assign/classes/downloader.php``): ``Full Name_1234567_assignsubmission_file/x.zip``, in older
versions with ``_`` at the folder's end, and without folders ``Full Name_1234567_assignsubmission_file_x.zip``. The number is
the participant's in that assignment; signs such as ``'`` are left out of names.
Canvas (its source ``lib/content_zipper.rb``): ``lastfirst_LATE_12345_67890_x.zip``, the family name first, lower case,
letters alone; the numbers are Canvas' own, of the user and of the file; ``anon_…`` where grading is anonymous.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_MOODLE = re.compile(r"(?P<name>[^_]*)_(?P<number>\d{1,20})_assignsubmission_")
_CANVAS = re.compile(r"(?P<name>.+?)_(?:LATE_)?\d+_\d+_.", re.DOTALL)
_APOSTROPHES = re.compile("['`´ʼ‘’]")
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"})  # nothing to take an accent from


@dataclass(frozen=True)
class Sender:
    """Who handed a file in.

    Attributes
    ----------
    student : str or None
        Of the roster; None where the path does not say, or could mean several.
    how : str
        What it was seen from, or why nobody could be seen, in words.
    number : str
        Moodle's number of the participant; empty where there is none.
    """

    student: str | None
    how: str
    number: str = ""


def sender(name, students):
    """Who handed in the file of this name.

    What stands further out counts: below the folder that a platform made, names are the student's own.

    Parameters
    ----------
    name : str
        The path below the folder of submissions, with ``/``.
    students : list of dict
        The roster: ``id`` and ``name`` of each, as ``ClassFolder.students`` returns it.

    Returns
    -------
    Sender
    """
    *folders, file = name.split("/")
    ids = {one["id"].casefold(): one["id"] for one in students}
    for folder in folders:
        if folder.casefold() in ids:
            return Sender(ids[folder.casefold()], f"the folder {folder}")
        if "_assignsubmission_" in folder:
            return _moodle(folder, students)
    if _MOODLE.match(file):
        return _moodle(file, students)
    if match := _CANVAS.match(file):  # the end of such a name is the student's own, whatever it says
        same = [one["id"] for one in students if "".join(_words(match["name"])) in _joined(one["name"])]
        return _named("Canvas", match["name"], same)
    if "_assignsubmission_" in file:
        return _moodle(file, students)
    return Sender(None, "its path does not say who handed it in")


def _moodle(part, students):
    match = _MOODLE.match(part)
    if match is None:
        return Sender(None, f"{part!r} is not as Moodle names what it packs")
    words = sorted(_words(match["name"]))
    same = [one["id"] for one in students if words and words == sorted(_words(one["name"]))]
    return _named("Moodle", match["name"], same, match["number"])


def _named(platform, name, same, number=""):
    if len(same) == 1:
        return Sender(same[0], f"the name {name!r} from {platform}", number)
    whose = f"that of {len(same)} students ({', '.join(same)})" if same else "nobody's on the roster"
    return Sender(None, f"the name {name!r} from {platform} is {whose}", number)


@lru_cache(10_000)
def _words(name):
    """The words of a name, without accents, capitals and signs."""
    letters = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", name).casefold().translate(_LETTERS))
    letters = "".join(sign for sign in letters if not unicodedata.combining(sign))
    return tuple(re.sub(r"[\W_]+", " ", letters).split())


@lru_cache(10_000)
def _joined(name):
    """A name's letters as one word, whatever word the family name begins with."""
    words = _words(name)
    return frozenset("".join(words[first:] + words[:first]) for first in range(len(words)))
