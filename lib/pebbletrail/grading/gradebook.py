"""The gradebook: what was received, whose it is, what its runs gave, what people gave, and the marks that count now.

Every method is one transaction, and every file is there whole or not at all: after a kill the book opens, and is right.
"""

import hashlib
from datetime import UTC, datetime
from pathlib import PurePosixPath

from pebbletrail.exercises.class_folder import PRIVATE, disk_trouble, write_file
from pebbletrail.grading.gradebook_file import RECEIVED, BookFile, GradebookError, as_text, storable
from pebbletrail.grading.gradebook_rows import FILED, RUN, SAID, Filed, Run, Said, mark_rows, said_rows, work_rows
from pebbletrail.grading.people import EVERYBODY
from pebbletrail.grading.results import Problem

_SUFFIXES = (".zip", ".ipynb")


class Gradebook(BookFile):
    """The gradebook of a folder, held for one command: ``with Gradebook(folder) as book``. For one thread."""

    def __init__(self, folder):
        super().__init__(folder)
        self._said, self._proved = set(), set()  # whose a file is as this command says; files said without a problem

    def receive(self, received):
        """Keep a copy of what came, and under which name; True when it was not known.

        Parameters
        ----------
        received : Received
            ``name``, ``content``, ``sha256``.
        """
        name, sha256, now = storable(received.name), received.sha256, _now()
        known = self._rows("SELECT suffix FROM received WHERE sha256 = ?", (sha256,))
        suffix = known[0][0] if known else PurePosixPath(name).suffix.lower()
        suffix = suffix if suffix in _SUFFIXES else ""
        with disk_trouble(self.folder):
            (self.folder / RECEIVED).mkdir(mode=0o700, exist_ok=True)
            write_file(self._copy(sha256, suffix), received.content, PRIVATE)
        with self._transaction() as write:
            if not known:
                write("INSERT INTO received VALUES (?, ?, ?, ?, NULL)", (sha256, suffix, len(received.content), now))
            write("INSERT OR IGNORE INTO received_names VALUES (?, ?, ?)", (sha256, name, now))
        return not known

    def content(self, sha256):
        """The bytes of a received file, as they came.

        Raises
        ------
        GradebookError
            The copy is gone, or was changed.
        """
        found = self._rows("SELECT suffix FROM received WHERE sha256 = ?", (sha256,))
        if not found:
            raise KeyError(sha256)
        path = self._copy(sha256, found[0][0])
        again = "Grade the folder in which the submission came once more, which puts it back."
        try:
            content = path.read_bytes()
        except OSError as error:
            raise GradebookError(f"{path}: this copy of what was received cannot be read ({error.strerror}). "
                                 f"{again}") from None
        if hashlib.sha256(content).hexdigest() != sha256:
            raise GradebookError(f"{path}: this is not what was received; it was changed since. {again}")
        return content

    def names(self, sha256):
        """Every name under which a file came, in that order."""
        rows = self._rows("SELECT name FROM received_names WHERE sha256 = ? ORDER BY rowid", (sha256,))
        return tuple(name for name, in rows)

    def place(self, sha256, student, module, claim, notes=(), problems=(), name=None):
        """Say whose a received file is, in place of what was said of it before for that student.

        The same bytes may come from two students: a copy takes nothing away from whose they are. Only what had a problem
        gives way, when a later command says that the file is somebody else's, without a problem.

        Parameters
        ----------
        claim : dict
        notes, problems : sequence of str
        name : str, optional
            Under which it came from this student; default: under which it came first.
        """
        said = (module, as_text(claim), as_text(list(notes)), as_text(list(problems)))
        self._said.add((sha256, student))
        self._proved |= set() if problems else {sha256}
        with self._transaction() as write:
            before = self._rows("SELECT module, claim, notes, problems, name FROM placed WHERE sha256 = ? AND student = ?",
                                (sha256, student))
            if not before or before[0][:4] != said:
                name = before[0][4] if before else storable(name or self.names(sha256)[0])
                module, *told = said
                write("INSERT OR REPLACE INTO placed VALUES (?, ?, ?, ?, ?, ?, ?)", (sha256, student, module, name, *told))
            write("UPDATE received SET held = NULL WHERE sha256 = ? AND held IS NOT NULL", (sha256,))

    def _give_way(self):
        """Take back what earlier commands said with a problem, and this one, when all was said, did not say again."""
        proved, self._proved = self._proved, set()
        old = [one for one in self._rows("SELECT sha256, student FROM placed WHERE problems != '[]'")
               if one[0] in proved and one not in self._said]
        if old:
            with self._transaction() as write:
                for one in old:
                    write("DELETE FROM placed WHERE sha256 = ? AND student = ?", one)

    def hold(self, sha256, why):
        """Say why nobody is known whose a received file is. A file that is somebody's stays theirs."""
        with self._transaction() as write:
            write("UPDATE received SET held = ?1 WHERE sha256 = ?2 AND held IS NOT ?1 AND sha256 NOT IN "
                  "(SELECT sha256 FROM placed)", (storable(why), sha256))

    def counting(self):
        """The file that counts of each student and module: without a problem, of the latest day, by its own time the latest.

        A time is easily forged, and so is a file's name; whoever has not got the student's tables cannot push aside what was
        made with them.

        Returns
        -------
        dict of (str, str) to Filed
        """
        return {(one.student, one.module): one for one in self._filed()}

    def others(self):
        """The files of students that do not count, as a tuple of Filed."""
        counting = {(one.sha256, one.student) for one in self.counting().values()}
        return tuple(one for one in self._filed() if (one.sha256, one.student) not in counting)

    def held(self):
        """The files of which nobody is known, each where it came last, and why, as a tuple of Problem."""
        rows = self._rows("SELECT sha256, held FROM received WHERE held IS NOT NULL")
        return tuple(Problem(name, why) for name, why in sorted((self.names(sha256)[-1], why) for sha256, why in rows))

    def notice(self, problems):
        """Keep what the command at hand found besides, in place of what one before had found."""
        self._replace(noticed=[tuple(map(storable, (one.file, one.what, one.student, one.module))) for one in problems])

    def noticed(self):
        """What the last ``notice`` kept, as a tuple of Problem."""
        return tuple(Problem(*row) for row in self._rows("SELECT * FROM noticed ORDER BY rowid"))

    def _filed(self):
        self._give_way()
        found = map(Filed.read, self._rows(FILED))
        return sorted(found, key=lambda one: (one.student, one.module, not one.problems, one.day, one.time, one.sha256))

    def add_run(self, work, student, module, sha256, answers, error, seconds, isolation, ended, notes=()):
        """Add what an execution gave.

        Parameters
        ----------
        work : str
            Hex digest that names what was executed: notebook, tables, engine.
        answers : dict
        error : dict or None
        seconds : float
        isolation, ended : str
        notes : sequence of str
        """
        row = (work, student, module, sha256, as_text(answers), as_text(error), seconds, isolation, ended,
               as_text(list(notes)), _now())
        with self._transaction() as write:
            write(f"INSERT INTO runs ({RUN}) VALUES ({_places(row)})", row)

    def run(self, work):
        """The latest run of what a digest names, or None."""
        found = self._rows(f"SELECT {RUN} FROM runs WHERE work = ? ORDER BY number DESC LIMIT 1", (work,))
        return Run.read(found[0]) if found else None

    def give(self, rows, source, results):
        """Append what people gave, with the answers that they gave it to.

        The very rows that were appended last, from the same source and to the same answers, are not taken in twice.

        Parameters
        ----------
        rows : sequence of people.Row
        source : str
            Such as the file's name.
        results : Results
            As they are before: what the people who gave the marks had before them.

        Returns
        -------
        int
            How many were appended.
        """
        new = said_rows(rows, source, results)
        with self._transaction() as write:
            last = self._rows("SELECT max(batch) FROM people")[0][0] or 0
            if new == self._rows("SELECT student, module, question, points, comment, source, answer, sha256 FROM people "
                                 "WHERE batch = ? ORDER BY number", (last,)):
                return 0
            for row in new:
                write(f"INSERT INTO people ({SAID}, batch) VALUES ({_places(row)}, ?, ?)", (*row, _now(), last + 1))
        return len(new)

    def people(self):
        """All that people gave, to one student or to everybody who handed in that module; ``standing`` says what counts.

        Returns
        -------
        dict of (str, str) to tuple of Said
            By student and module, the first first.
        """
        found, handed = {}, {}
        for student, module in self.counting():
            handed.setdefault(module, []).append(student)
        for one in self._everything_said():
            for student in handed.get(one.module, []) if one.student == EVERYBODY else [one.student]:
                found.setdefault((student, one.module), []).append(one)
        return {who: tuple(said) for who, said in found.items()}

    def history(self, student, module):
        """All that people gave to one student in one module, the first first, as a tuple of Said."""
        whom = {student, EVERYBODY} if (student, module) in self.counting() else {student}
        return tuple(one for one in self._everything_said() if one.student in whom and one.module == module)

    def _everything_said(self):
        return [Said(*row) for row in self._rows(f"SELECT {SAID} FROM people ORDER BY number")]

    def write(self, results):
        """Put the marks that count now in the place of those before, for whoever looks into the file.

        The views ``marks`` and ``totals`` show them; they are not read again.
        """
        self._replace(current_works=work_rows(results), current_marks=mark_rows(results))

    def _replace(self, **tables):
        """Write whole tables anew, all or none; what is the same stays, so that the file does too."""
        with self._transaction() as write:
            for table, rows in tables.items():
                if rows != self._rows(f"SELECT * FROM {table} ORDER BY rowid"):
                    write(f"DELETE FROM {table}")
                    for row in rows:
                        write(f"INSERT INTO {table} VALUES ({_places(row)})", row)

    def _copy(self, sha256, suffix):
        return self.folder / RECEIVED / f"{sha256}{suffix}"


def _places(row):
    return ", ".join("?" * len(row))


def _now():
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
