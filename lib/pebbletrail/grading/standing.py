"""Which of the marks that people gave stand: each holds for the answer, or for the whole file, that it was given to."""

import json
from dataclasses import dataclass

from pebbletrail.exercises.submission import same
from pebbletrail.grading.people import EVERYBODY, WHOLE
from pebbletrail.grading.results import WAITING
from pebbletrail.grading.scoring import Given


@dataclass(frozen=True)
class Standing:
    """What stands of all that people said of one work.

    Attributes
    ----------
    given : dict of str to Given
        By question.
    personal : frozenset of str
        Questions whose points were given to this student alone.
    lost : tuple of str
        Questions whose mark was given to an earlier answer, and that nobody has marked since.
    """

    given: dict
    personal: frozenset
    lost: tuple


def standing(said, questions, answers, sha256):
    """What stands, by the rule that the last row for a question counts, of those that hold.

    Parameters
    ----------
    said : iterable of Said
        Rows for this student and for everybody, the first first. Those for everybody hold always, but do not lift a 0 that
        was given to the whole work; a later row for the student does.
    questions : iterable of str
    answers : dict
        Those that count now, by question.
    sha256 : str
        Of the file that counts now.

    Returns
    -------
    Standing
    """
    word, given, personal, lost, nothing = _word(said, sha256), {}, set(), set(), set()
    for one in said:
        id, mark = one.question, Given(one.points, one.comment)
        if one is word and one.points is not None:
            given, personal, lost, nothing = dict.fromkeys(questions, mark), set(), set(), set(questions)
        elif id == WHOLE or (one.student == EVERYBODY and id in nothing):
            continue
        elif one.student == EVERYBODY:
            given[id] = mark
            personal.discard(id)
            lost.discard(id)
        elif same(json.loads(one.answer), answers.get(id)):
            given[id] = mark
            (personal.discard if one.points is None else personal.add)(id)
            lost.discard(id)
            nothing.discard(id)
        elif one.points is None:
            lost.discard(id)
        elif id not in personal | nothing:
            lost.add(id)
    return Standing(given, frozenset(personal), tuple(sorted(lost)))


def of(work, said):
    """What stands for a work as it is marked."""
    answers = {item.id: item.answer for item in work.items}
    return standing(said, list(answers), answers, work.handed.sha256 if work.handed else "")


def settled(said, sha256):
    """Whether the teacher has looked at the file that counts, and said what becomes of the work."""
    return _word(said, sha256) is not None


def nothing_before(said, sha256):
    """That a person gave 0 for the whole work to an earlier file: one sentence for the teacher, in a tuple, or none."""
    last = next((one for one in reversed(said) if one.question == WHOLE), None)
    if last is None or last.points is None or last.sha256 == sha256:
        return ()
    why = f" (“{last.comment}”)" if last.comment else ""
    return (f"A person gave 0 for the whole work to an earlier file{why}; this file came since, and may hold the same.",)


def outlived(work, said):
    """Marks given to earlier answers, which count no longer, as a sentence for the teacher; empty without any."""
    lost = () if work.state == WAITING else of(work, said).lost
    if len(lost) < 2:
        return "".join(f"{id} was marked by a person for an earlier answer, and that mark counts no longer: mark it again."
                       for id in lost)
    return (f"{', '.join(lost[:-1])} and {lost[-1]} were marked by a person for earlier answers, and those marks count no "
            "longer: mark them again.")


def _word(said, sha256):
    """The last word on the whole work that was said of this file, or None."""
    return next((one for one in reversed(said) if one.question == WHOLE and one.sha256 == sha256), None)
