"""The page that tells a student what each answer earned, and why. It is made from a ``Work`` alone, which holds no key."""

import re
from collections import Counter
from dataclasses import dataclass

from pebbletrail.exercises.answers import word_count
from pebbletrail.exercises.feedback import length_note, said, stopped, wanted
from pebbletrail.exercises.marking import FOLLOWS, NOT_YET, NOTED, OPEN, RIGHT
from pebbletrail.grading.pages import page, points
from pebbletrail.grading.results import ABSENT, GRADED, PERSON, WAITING
from pebbletrail.words import minus

FULL, PART, NONE = ("✓", "good"), ("◐", "partly"), ("○", "bad")
NEUTRAL, LATER = ("•", "plain"), ("…", "plain")
GAVE = {"number": "You gave", "arrows": "You drew"}  # a choice is marked among its options, a text stands there in full
PRACTISE = "the practice variant of this module asks the same kinds of questions on other numbers, with hints and the way"
TIME = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)Z")


@dataclass(frozen=True)
class Told:
    """One question as the page shows it: a sign with its tone, the result in a word or two, and sentences."""

    sign: str
    tone: str
    word: str
    lines: tuple


def html(work):
    """The feedback page of one student's work in one module.

    Parameters
    ----------
    work : Work

    Returns
    -------
    str
        A self-contained HTML page; the same work gives the same page.
    """
    shown = [item for item in work.items if work.state == GRADED or item.by == PERSON or item.comment]
    told = [(item, told_of(item)) for item in shown]
    return page("feedback.html", work=work, told=told, sentences=sentences(work, [one for _, one in told]),
                answers={item.id: given(item) for item in shown}, wanted=wanted, worth=worth,
                length=length_note, words=word_count, file=file_name(work.handed), time=time(work.handed),
                graded=work.state == GRADED, absent=work.state == ABSENT, practise=PRACTISE)


def sentences(work, told):
    """Where the work stands: its sum, what is still to be marked, and how many answers came to what."""
    if work.state == ABSENT:
        begin, given = "Nothing has come from you for this module.", any(item.by == PERSON for item in work.items)
        return [begin, f"You have {_sum(work)}, given by a person."] if given else [begin]
    if work.state == WAITING:
        return ["Your file has come in, and could not be marked yet. Nothing is lost, and nothing is counted against you."]
    if work.unmarked:
        left = sum(item.possible for item in work.items if item.points is None)
        first = (f"You have {points(work.earned)} of {points(work.possible)} points so far. A person still marks "
                 f"{' and '.join(work.unmarked)}: up to {points(left)} more.")
    else:
        first = f"You have {_sum(work)}."
    if work.doubts:
        first = f"{first} Your teacher has yet to look at this work, so the sum may change."
    counts = Counter(one.word for one in told)
    return [first, f"{', '.join(f'{count} {word}' for word, count in counts.items())}."]


def _sum(work):
    return f"{points(work.earned)} of {points(work.possible)} points"


def told_of(item):
    """What the page says of one question."""
    if item.by == PERSON:
        return _by_person(item)
    if item.state == OPEN:
        line = f"There is no answer here, and that happens. To try it without any risk: {PRACTISE}."
        return Told(*LATER, "unanswered", (line,))
    return {RIGHT: _right, FOLLOWS: _follows, NOT_YET: _not_yet, NOTED: _noted}[item.state](item)


def _right(item):
    return Told(*FULL, "right", (f"It counts in full. {item.hint}",) if item.hint else ())


def _follows(item):
    line = ("It follows correctly from your own earlier answer, and counts in full: a mistake is not counted twice. That "
            "earlier answer is not right, or was rounded. Look at that one first.")
    return Told(*FULL, "right", (line,))


def _not_yet(item):
    sign, word = (PART, "right in part") if item.points else (NONE, "not right")
    return Told(*sign, word, (item.hint or f"It is none of the usual slips, so there is no hint here; {PRACTISE}.",))


def _noted(item):
    if item.points is None:
        return Told(*LATER, "still to be marked", ("A person still marks this; its points are not in the sum yet.",))
    line = "Every guess counts in full: what matters is that you made it before you saw the number."
    return Told(*NEUTRAL, "noted", (line,))


def _by_person(item):
    sign = FULL if item.points >= item.possible else PART if item.points else NONE
    if item.answer is None or item.ruled in (None, item.points):
        return Told(*sign, "marked by a person", (item.hint,) if item.hint and sign != FULL else ())
    first = f"The rules gave {worth(item.ruled)}; a person looked at it and gave {points(item.points)}, which counts."
    return Told(*sign, "marked by a person", (first, item.hint) if item.hint and sign != FULL else (first,))


def given(item):
    """A sentence with a number or arrows as a person writes them; empty for what is shown in another way."""
    if item.answer is None or item.kind not in GAVE:
        return ""
    return f"{GAVE[item.kind]} {stopped(minus(said(item.told, item.answer)))}"


def worth(value):
    """``1 point``, ``2.5 points``."""
    return f"{points(value)} point{'s' * (value != 1)}"


def file_name(handed):
    """Its last part: the folders above it are the teacher's."""
    return re.split(r"[/\\]", handed.name)[-1] if handed else ""


def time(handed):
    """When it was handed in, by the student's clock, for people."""
    return TIME.sub(r"\1 \2 UTC", handed.time) if handed else ""
