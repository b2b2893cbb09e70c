"""A table downloaded from Moodle or Canvas, filled in with the grades: found out by its heading, written to a new file."""

from dataclasses import dataclass
from pathlib import Path

from pebbletrail.exercises.class_folder import PRIVATE, ClassFolder, disk_trouble, write_file
from pebbletrail.grading import canvas, moodle
from pebbletrail.grading.assemble import results
from pebbletrail.grading.filling import CannotFill
from pebbletrail.grading.gradebook import Gradebook
from pebbletrail.grading.gradebook_file import must_be_there
from pebbletrail.grading.sender import sender
from pebbletrail.words import counted

HEADINGS = (b"Identifier", b"Student", b"LastName")


@dataclass(frozen=True)
class Written:
    """What was filled in, for whom, and what was left as it was."""

    path: Path
    students: tuple
    notes: tuple

    @property
    def text(self):
        lines = [f"{self.path}: filled in for {counted(len(self.students), 'student')}; everything else is as it was. Load "
                 "it up where the table came from.", *self.notes]
        return "\n".join(lines)


def fill(file, folder, out, new, module=None):
    """Fill in a grading worksheet of a Moodle assignment, or a gradebook that Canvas exported.

    Parameters
    ----------
    file : str or Path
        As the platform gave it; it stays as it is.
    folder, out : str or Path
        The class, and its grades.
    new : str or Path
        The file to write; nothing that is there is written over.
    module : str, optional
        Of which module a Moodle worksheet is: ``"04-control"`` or ``"4"``. Not needed when only one was handed in.

    Returns
    -------
    Written

    Raises
    ------
    ValueError
        Nothing was written; the message says why.
    """
    file, new, place = Path(file), Path(new), ClassFolder(Path(folder))
    if not file.is_file():
        raise CannotFill(f"{file}: there is no such file. Download it from the platform.")
    if new.exists():
        raise CannotFill(f"--out: {new} is there already, and stays as it is. Name a new file.")
    content = file.read_bytes()
    must_be_there(Path(out))
    with Gradebook(out) as book:
        book.begin(place.record()["secret"], place.path)
        found = results(book, place)
    heading = content.removeprefix(b"\xef\xbb\xbf").lstrip(b'"')
    if not heading.startswith(HEADINGS):
        raise CannotFill(f"{file}: it is neither a grading worksheet from Moodle, in English (its heading begins with "
                         "Identifier), nor a gradebook from Canvas (Student).")
    if heading.startswith(b"Identifier"):
        filled = moodle.filled_worksheet(content, found, _module(found, module), _numbers(found, place))
    else:
        filled = canvas.filled(content, found)
    with disk_trouble(new):
        new.parent.mkdir(parents=True, exist_ok=True)
        write_file(new, filled.content, PRIVATE)
    return Written(new, filled.students, filled.notes)


def _module(found, named):
    modules = list(found.modules)
    chosen = [one for one in modules if named is None or one == named or (named.isdecimal() and int(one[:2]) == int(named))]
    if len(chosen) == 1:
        return chosen[0]
    raise CannotFill(f"--module: of which module is this worksheet? There are {', '.join(modules) or 'none yet'}; the "
                     "number of the week is enough.")


def _numbers(found, place):
    """Students by Moodle's participant number, as the names of what they handed in have it."""
    students = place.students()
    senders = [(work, sender(work.handed.name, students)) for work in found.works if work.handed]
    return {one.number: work.student for work, one in senders if one.number and one.student == work.student}
