"""What people marked, taken in: texts from the queue, and what an appeal changed."""

from dataclasses import dataclass
from pathlib import Path

from pebbletrail.exercises.class_folder import ClassFolder
from pebbletrail.grading import outputs, people, standing
from pebbletrail.grading.assemble import results
from pebbletrail.grading.gradebook import Gradebook
from pebbletrail.grading.gradebook_file import must_be_there
from pebbletrail.grading.pages import points
from pebbletrail.grading.results import Results
from pebbletrail.words import counted, some

SHOWN = 10  # changed sums told in the text


@dataclass(frozen=True)
class Taken:
    """What a file of people's marks did: how many rows were new, whose sums changed, and the results since then.

    ``overridden``: student, module and question of each mark given to one alone that a row for everybody took the place of.
    ``outdated``: those of each mark that was given to a text handed in anew since; ``unread``: those of each mark of a work
    that cannot be read now. Neither were taken in. ``back``: those of each mark that gave way to one which it had itself
    taken the place of, as where an older file is given once more.
    """

    rows: int
    changed: tuple
    results: Results
    overridden: tuple = ()
    outdated: tuple = ()
    unread: tuple = ()
    back: tuple = ()

    @property
    def text(self):
        aside = self._aside()
        if not self.rows:
            return "\n".join([*aside, "No mark is new; nothing changed." if aside else
                              "These marks were taken in before; nothing changed."])
        lines = [f"{counted(self.rows, 'mark')} taken in; {counted(len(self.changed), 'sum')} changed. Every page and table "
                 "is written again."]
        lines += [f"  {student}, {module}: {points(before)} → {points(after)}"
                  for student, module, before, after in self.changed[:SHOWN]]
        lines += [f"  … and {len(self.changed) - SHOWN:,} more"] if len(self.changed) > SHOWN else []
        if self.overridden:
            lines.append(f"{counted(len(self.overridden), 'mark')} given to one student alone gave way to a row for "
                         f"everybody (*): {_which(self.overridden)}. To keep one, give it again.")
        if self.back:
            lines.append(f"{counted(len(self.back), 'mark')} given since gave way to what was given before, which this file "
                         f"gives once more: {_which(self.back)}. To keep one, give it again.")
        lines += aside
        unmarked = sum(len(work.unmarked) for work in self.results.works)
        return "\n".join([*lines, f"Left to mark: {counted(unmarked, 'text')}." if unmarked else "No text is left to mark."])

    def _aside(self):
        """What is said of marks that were left aside."""
        said = []
        if self.unread:
            said.append(f"{counted(len(self.unread), 'mark')} left aside: the work cannot be read or was not run yet "
                        f"({_which(self.unread)}). The class report says why; when that is mended and the class graded "
                        "again, give this file once more.")
        if not self.outdated:
            return said
        where = ", ".join(sorted({f"texts/{module}.html" for _, module, _ in self.outdated}))
        one = len(self.outdated) == 1
        return [*said, f"{counted(len(self.outdated), 'mark')} left aside: {'it was' if one else 'they were'} given to "
                f"{'a text' if one else 'texts'} handed in anew since ({_which(self.outdated)}). Open {where} again and "
                f"mark {'the new one' if one else 'the new ones'} there."]


def take_marks(file, folder, out):
    """Take in what people marked, and write every output again; nothing is executed.

    Parameters
    ----------
    file : str or Path
        A CSV file with the columns student, module, question, points, comment.
    folder, out : str or Path
        The class, and its grades.

    Returns
    -------
    Taken

    Raises
    ------
    ValueError
        Nothing was taken in; the message has every problem, with its row.
    """
    place, out = ClassFolder(Path(folder)), Path(out)
    secret = place.record()["secret"]
    must_be_there(out)
    with Gradebook(out) as book:
        book.begin(secret, place.path)
        before = results(book, place)
        rows = people.read(file, before)
        unread = people.unread(rows, before)
        rows = tuple(row for row in rows if row not in unread)
        old = people.outdated(rows, before)
        rows = tuple(row for row in rows if row not in old)
        said = book.people()
        personal = _personal(before, said)
        taken = book.give(rows, Path(file).name, before)
        found = results(book, place)
        overridden = _overridden(rows, personal - _personal(found, book.people()))
        book.write(found)
        outputs.write(out, found, place)
        back = _back(rows, said) if taken else ()
    return Taken(taken, changed(before, found), found, overridden, _names(old), _names(unread), _names(back))


def _names(rows):
    return tuple((row.student, row.module, row.question) for row in rows)


def _which(names):
    return some([", ".join(name) for name in names], SHOWN, "; ")


def _personal(results, said):
    """Student, module and question of the marks that count and were given to one student alone."""
    return {(work.student, work.module, question) for work in results.works
            for question in standing.of(work, said.get((work.student, work.module), ())).personal}


def _overridden(rows, gone):
    """Those of the marks gone that a row for everybody took the place of."""
    everybody = {(row.module, row.question) for row in rows if row.student == people.EVERYBODY}
    return tuple(sorted(one for one in gone if one[1:] in everybody))


def _back(rows, said):
    """Those of the rows for one student that say what was said before, where something else was said since."""
    found = []
    for row in rows:
        earlier = [(one.points, one.comment) for one in said.get((row.student, row.module), ())
                   if one.question == row.question]
        mark = (row.points, row.comment)
        if row.points is not None and mark in earlier and earlier[-1][0] != row.points:
            found.append(row)
    return found


def changed(before, after):
    """Whose sums are others than before: student, module, the sum before and after."""
    then = {(work.student, work.module): work for work in before.works}
    return tuple((work.student, work.module, then[work.student, work.module].earned, work.earned) for work in after.works
                 if (work.student, work.module) in then and then[work.student, work.module].earned != work.earned)
