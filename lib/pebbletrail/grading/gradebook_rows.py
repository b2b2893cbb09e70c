"""The rows of the gradebook: files, runs and what people said as they are read; current marks as they are written."""

import json
import re
from dataclasses import dataclass
from datetime import date, timedelta

from pebbletrail.grading.gradebook_file import as_text, storable
from pebbletrail.grading.people import EVERYBODY, WHOLE

FILED = ("SELECT sha256, placed.name, suffix, bytes, received.seen, student, module, claim, notes, problems "
         "FROM placed JOIN received USING (sha256)")
RUN = "work, student, module, sha256, answers, error, seconds, isolation, ended, notes, made"
SAID = "student, module, question, points, comment, source, answer, sha256, given"
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


@dataclass(frozen=True)
class Filed:
    """A received file that is somebody's. ``seen``: when it was first received, UTC; ``claim``: what it says of itself."""

    sha256: str
    name: str
    suffix: str
    bytes: int
    seen: str
    student: str
    module: str
    claim: dict
    notes: tuple
    problems: tuple

    @classmethod
    def read(cls, row):
        """From a row of ``FILED``."""
        return cls(*row[:7], json.loads(row[7]), tuple(json.loads(row[8])), tuple(json.loads(row[9])))

    @property
    def time(self):
        """When it was handed in, as it says itself; empty where it does not say so in the form that we write."""
        time = self.claim.get("time")
        known = isinstance(time, str) and _TIME.fullmatch(time)
        return time if known and time[:10] <= self._next_day else ""  # a clock that is years ahead would win for ever

    @property
    def day(self):
        """On which it was first received, by the teacher's clock."""
        return self.seen[:10]

    @property
    def _next_day(self):
        return (date.fromisoformat(self.day) + timedelta(days=1)).isoformat()


@dataclass(frozen=True)
class Run:
    """What an execution gave. ``work`` names what was executed; ``made``: when, UTC."""

    work: str
    student: str
    module: str
    sha256: str
    answers: dict
    error: dict | None
    seconds: float
    isolation: str
    ended: str
    notes: tuple
    made: str

    @classmethod
    def read(cls, row):
        """From a row of ``RUN``."""
        work, student, module, sha256, answers, error, seconds, isolation, ended, notes, made = row
        return cls(work, student, module, sha256, json.loads(answers), json.loads(error), seconds, isolation, ended,
                   tuple(json.loads(notes)), made)


@dataclass(frozen=True)
class Said:
    """What a person gave for a question, from which source and when (UTC). ``points`` None: back to the rules' points.

    ``answer`` (JSON) is the one that it was given to, ``sha256`` the file that a word on the whole work is about; None where
    it is about neither.
    """

    student: str
    module: str
    question: str
    points: float | None
    comment: str
    source: str
    answer: str | None
    sha256: str | None
    given: str


def said_rows(rows, source, results):
    """What people gave: a row for each of theirs, with what it was given to."""
    works = {(work.student, work.module): work for work in results.works}
    return [(row.student, row.module, row.question, row.points, storable(row.comment), storable(source),
             *_given_to(row, works.get((row.student, row.module)))) for row in rows]


def _given_to(row, work):
    """The answer, as JSON, or the file of a whole work; neither of a row for everybody."""
    if row.student == EVERYBODY:
        return None, None
    if row.question == WHOLE:
        return None, work.handed.sha256
    return as_text(next(item.answer for item in work.items if item.id == row.question)), None


def mark_rows(results):
    """The table of current marks: a row for each question of each work."""
    return [(work.student, storable(work.name), work.module, item.id, item.kind, as_text(item.answer), item.state,
             item.points, item.possible, item.by, item.ruled, storable(item.route), storable(item.comment))
            for work in results.works for item in work.items]


def work_rows(results):
    """The table of current works: a row for each student and module."""
    return [(work.student, storable(work.name), work.module, work.title, work.state, work.earned, work.possible,
             len(work.unmarked), int(work.complete), *_handed(work.handed), as_text(list(work.notes)),
             as_text(list(work.doubts)))
            for work in results.works]


def _handed(handed):
    return (storable(handed.time), storable(handed.name), handed.sha256) if handed else ("", "", "")
