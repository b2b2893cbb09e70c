"""What grading gives: the work of each student in each module, question by question. No key is in it.

Pages for students are made from a ``Work`` alone, so that what it does not hold cannot leak.
"""

import math
from dataclasses import dataclass, field

from pebbletrail.exercises.class_variant import Told

GRADED, WAITING, ABSENT = "graded", "waiting", "not handed in"
RULES, PERSON = "rules", "person"


@dataclass(frozen=True)
class Item(Told):
    """One question of one student's work.

    Attributes
    ----------
    told : dict
        The question as it was handed out (``exercise.json``): id, kind, does, points, minutes, and unit, options, rubric ….
    answer : float, str, list of str or None
        As ``answers.cleaned`` returns it; None is unanswered.
    state : str
        One of the states of ``exercises.marking``: right, follows, not yet, noted, open.
    points : float or None
        What counts; None while a person has yet to mark it.
    by : str
        Who gave the points: ``"rules"`` or ``"person"``.
    ruled : float or None
        What the rules gave.
    route, hint : str
        A recognised wrong way by its name, and the hint that names the mistake; empty when there is none.
    comment : str
        A person's words to the student.
    """

    told: dict
    answer: object
    state: str
    points: float | None
    by: str = RULES
    ruled: float | None = None
    route: str = ""
    hint: str = ""
    comment: str = ""

    @property
    def possible(self):
        """The most that the question earns."""
        return float(self.told["points"])


@dataclass(frozen=True)
class Handed:
    """The file that counts: where it was found (a path below the folder of submissions), its SHA-256, and what it says.

    ``claim`` is what ``submission.json`` says of itself (student, module, time, files …); any of it may be forged.
    ``cells`` are the sources of its code cells.
    """

    name: str
    sha256: str
    claim: dict = field(default_factory=dict)
    cells: tuple = ()

    @property
    def time(self):
        """When it was handed in, by the student's own clock, as ``2026-03-01T12:00:00Z``; empty when it does not say."""
        return self.claim.get("time", "")


@dataclass(frozen=True)
class Work:
    """One student's work in one module.

    Attributes
    ----------
    student, name, module, title : str
    items : tuple of Item
        One for each question, in the order of the sheet. Without a submission every answer is None.
    state : str
        ``"graded"``; ``"waiting"`` (it was handed in and could not be run yet; ``notes`` say why); ``"not handed in"``.
    handed : Handed or None
    notes : tuple of str
        What the student should know: where the notebook stopped, which answers differ from those at handing in ….
    doubts : tuple of str
        What speaks against the file that counts, in sentences for the teacher, until the teacher has settled it. None of it
        is for the student's page.
    """

    student: str
    name: str
    module: str
    title: str
    items: tuple
    state: str
    handed: Handed | None = None
    notes: tuple = ()
    doubts: tuple = ()

    @property
    def earned(self):
        """The points given so far."""
        return math.fsum(item.points for item in self.items if item.points is not None)

    @property
    def possible(self):
        return math.fsum(item.possible for item in self.items)

    @property
    def unmarked(self):
        """Ids of the questions that a person has yet to mark."""
        return tuple(item.id for item in self.items if item.points is None)

    @property
    def complete(self):
        """Whether the sum is final: graded, not in doubt, and nothing is left for a person to mark.

        Of a work that was not handed in it is, once a person has given points for it, as for what was written on paper.
        """
        graded = self.state == GRADED or (self.state == ABSENT and any(item.by == PERSON for item in self.items))
        return graded and not self.unmarked and not self.doubts


@dataclass(frozen=True)
class Problem:
    """A file that was received and is not graded, and why; or a thing to look at. In words for the teacher."""

    file: str
    what: str
    student: str = ""
    module: str = ""


@dataclass(frozen=True)
class Results:
    """A class, graded.

    Attributes
    ----------
    works : tuple of Work
        One for each student and each module of which at least one submission came, by module, then in the roster's order.
    problems : tuple of Problem
    isolation : dict of str to int
        How many of the runs that count were made under which isolation.
    """

    works: tuple
    problems: tuple = ()
    isolation: dict = field(default_factory=dict)

    @property
    def modules(self):
        """Names and titles, in the order of weeks; a title is taken from a work whose sheet can be read, if there is one."""
        read_last = sorted(self.works, key=lambda work: bool(work.items))
        return dict(sorted({work.module: work.title for work in read_last}.items()))

    def possible(self, module):
        """The points of a module, as every sheet of it that can be read has them; None where none can."""
        return next((work.possible for work in self.of(module) if work.items), None)

    def of(self, module):
        """The works of one module."""
        return tuple(work for work in self.works if work.module == module)
