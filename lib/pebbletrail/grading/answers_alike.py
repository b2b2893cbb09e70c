"""Wrong numbers that are another student's right ones, and how probable so many of them are by chance."""

import math
import numbers
from dataclasses import dataclass
from functools import reduce

import numpy as np

from pebbletrail.exercises.marking import HAIR, NOT_YET, mark
from pebbletrail.grading.pair import ANSWERS, RARE, Pair, odds

FEWEST, SHOWN = 2, 8


@dataclass(frozen=True)
class _Rights:
    """Everybody's right answer to one question, each with its own tolerance."""

    students: list
    right: np.ndarray
    room: np.ndarray

    def distances(self, value):
        """How far a number lies from everybody's right answer, in tolerances; up to 1 it hits."""
        with np.errstate(over="ignore"):  # a number may be as large as it likes
            return np.abs(value - self.right) / self.room


def answers_alike(works, keys, named):
    """Pairs of which one gave, wrongly, what is right for the other.

    Looked at are the wrong numbers of the run that counts and those that the file says it had at handing in: both, since
    answers typed by hand, and a notebook run on another's tables, show in either. Passed over is what follows from the
    student's own earlier answer, and what a known mistake explains.

    Assumes that a wrong number of one's own falls where right answers of others fall, and that questions are independent.
    The chance is Poisson-binomial over the wrong numbers, times the number of pairs tried (Bonferroni). Three typed numbers
    are found nearly always in a class of 60 and two times in three in one of 300, four nearly always.

    Parameters
    ----------
    works : sequence of Work
        Of one module, handed in.
    keys : dict of str to dict
        Every student's key of that module.
    named : dict of str to str
        Students as they are named in sentences.

    Returns
    -------
    list of Pair
        ``one`` gave what is right for ``other``.
    """
    asked = {student: {one["id"]: one for one in key["questions"]} for student, key in keys.items()}
    rights, tries, found = _rights(asked), len(works) * (len(keys) - 1), []
    for work in works:
        wrong = {id: values for id, values in wrong_numbers(work, asked[work.student]).items() if id in rights}
        distances = {id: [rights[id].distances(value) for value in values] for id, values in wrong.items()}
        for other, hits in _hits(distances, rights, work.student).items():
            if len(hits) < FEWEST:
                continue
            shares = [min(1.0, math.fsum(base_rate(*_without(rights[id], one, (work.student, other))) for one in each))
                      for id, each in distances.items()]
            chance = min(1.0, tail(shares, len(hits)) * tries)
            if chance < RARE:
                found.append(_pair(work, other, hits, wrong, chance, asked, named))
    return found


def _rights(asked):
    found = {}
    for student, questions in asked.items():
        for id, key in questions.items():
            if key["kind"] == "number":
                room = key["tolerance"] + HAIR * max(1.0, abs(key["right"]))
                found.setdefault(id, []).append((student, key["right"], room))
    return {id: _Rights([row[0] for row in rows], *(np.array([row[at] for row in rows], dtype=float) for at in (1, 2)))
            for id, rows in found.items()}


def wrong_numbers(work, asked):
    """A work's wrong numbers by question that nothing of the student's own explains, each one once."""
    claimed = work.handed.claim.get("answers")
    claimed = claimed if isinstance(claimed, dict) else {}
    claimed = {id: float(value) for id, value in claimed.items() if id in asked and _is_number(value)}
    found = {}
    for item in work.items:
        if item.kind != "number":
            continue
        values = [item.answer] if item.answer is not None and item.state == NOT_YET and not item.route else []
        if item.id in claimed and claimed[item.id] not in values:
            marked = mark(asked[item.id], claimed[item.id], claimed)
            values += [claimed[item.id]] * (marked.state == NOT_YET and not marked.route)
        if values:
            found[item.id] = values
    return found


def _is_number(value):
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        return False
    try:
        return math.isfinite(float(value))
    except OverflowError:
        return False


def _hits(distances, rights, student):
    """Questions by the student whose right answer is hit."""
    found = {}
    for id, each in distances.items():
        for at in np.flatnonzero(np.any([one <= 1 for one in each], axis=0)):
            if (other := rights[id].students[at]) != student:
                found.setdefault(other, []).append(id)
    return found


def _without(rights, distances, left_out):
    kept = [at for at, student in enumerate(rights.students) if student not in left_out]
    return distances[kept], rights.right[kept]


def base_rate(distances, right):
    """How probably a number hits the right answer of one more student, by those of everybody else.

    The largest share of right answers that lie within so many tolerances, divided by that many: the share that is hit, or
    what the neighbourhood lets expect where nobody else is hit. Right answers that repeat (a choice of few real tables)
    stand for others that are not seen: the rate is then not below what so few of them make likely.

    Parameters
    ----------
    distances, right : ndarray, shape (students,)
        Of everybody else: distances in tolerances, and the right answers themselves.
    """
    if not len(distances):
        return 1.0
    near = np.sort(distances)
    share = np.arange(1, len(near) + 1) / len(near)
    few = 1 / len(np.unique(np.round(right, 9))) - 1 / len(right)
    return float(min(1.0, max(np.max(share / np.maximum(near, 1.0)), few)))


def tail(shares, least):
    """The probability of at least so many hits, each with its own probability (Poisson-binomial, exact)."""
    return math.fsum(reduce(np.convolve, [np.array([1 - share, share]) for share in shares], np.ones(1))[least:])


def _pair(work, other, hits, wrong, chance, asked, named):
    one, far = named[work.student], named[other]
    letters, same = _letters(work, asked[other])
    beside = f" So are wrong letters and diagrams: {same} of {letters}." if same else ""
    said = (f"{one} gave {len(hits)} wrong numbers ({', '.join(hits)}; {len(wrong)} wrong in all) that are right for {far}, "
            f"on other tables.{_claimed(work, hits, wrong)} By chance, in any pair of the module: {odds(chance)}.{beside}")
    shown = tuple(f"{id}: gave {' and '.join(f'{value:.10g}' for value in wrong[id])}; right for {far} is "
                  f"{_right(asked[other][id])}, for {one} {_right(asked[work.student][id])}" for id in hits[:SHOWN])
    return Pair(work.module, work.student, other, ANSWERS, len(hits), chance, said, shown)


def _claimed(work, hits, wrong):
    """Which of the numbers the grading run did not give: they stand only in what the file says of the student's own run."""
    ran = {item.id: item.answer for item in work.items}
    only = [id for id in hits if ran.get(id) not in wrong[id]]
    return f" Not in the run that counts, but by the file when it was handed in: {', '.join(only)}." if only else ""


def _letters(work, asked):
    """How many choices and diagrams are wrong, and how many of them are right for the other."""
    wrong = [item for item in work.items if item.kind in ("choice", "arrows") and item.state == NOT_YET]
    return len(wrong), sum(item.id in asked and _plain(item.answer) == _plain(asked[item.id]["right"]) for item in wrong)


def _plain(answer):
    return answer if isinstance(answer, str) else sorted(answer)


def _right(key):
    return f"{key['right']:.{key['decimals']}f}"

