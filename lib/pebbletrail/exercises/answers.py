"""An answer as a student gives it, made into what can be marked; or one message that says what is allowed."""

import math
import numbers
import re
import reprlib
import textwrap
from decimal import Decimal
from itertools import pairwise

EMPTY = None
WIDTH = 90  # characters
LONGEST = 20_000  # characters of a text
MOST_ARROWS, LONGEST_ARROWS = 50, 1_000  # of a diagram; characters of one line of it
_ARROW = re.compile(r"(?<![-–=])[-–=]+>|→")  # without what stands before it, many dashes would take the square of the time
_BRIEF = reprlib.Repr()  # looks at the beginning alone, however much was given
_BRIEF.maxlevel, _BRIEF.maxlist, _BRIEF.maxtuple, _BRIEF.maxset, _BRIEF.maxdict = 2, 30, 30, 30, 30
_BRIEF.maxstring, _BRIEF.maxlong, _BRIEF.maxother = 200, 200, 200


class AnswerError(ValueError):
    """What a student must mend. A notebook shows the sentence alone: nobody who answers a sheet needs our traceback."""

    def _render_traceback_(self):
        """Wrapped here, since JupyterLab breaks long lines inside words."""
        lines = f"{type(self).__name__}: {self}".split("\n")
        return [textwrap.fill(line, WIDTH, break_long_words=False, break_on_hyphens=False) for line in lines]


def cleaned(question, given):
    """The answer in the form in which it is kept.

    Parameters
    ----------
    question : dict
        The public part of a question.
    given : object
        What the student wrote; ``...`` and an empty text mean that there is no answer yet.

    Returns
    -------
    float, str, list of str, or None for no answer yet

    Raises
    ------
    AnswerError
        Names the question, what was given and what is allowed.
    """
    if given is ... or given is None or (isinstance(given, str) and not given.strip()):
        return EMPTY
    return {"number": _number, "choice": _letter, "prediction": _letter, "arrows": _arrows, "text": _text}[
        question["kind"]](question, given)


def _number(question, given):
    decimals = f"{question['decimals']} decimal{'s' * (question['decimals'] != 1)}"
    wanted = f"{question['id']} takes one number, such as 0.42 ({question['unit']}, {decimals})"
    if hasattr(given, "shape") or hasattr(given, "__len__"):
        if isinstance(given, str):
            raise AnswerError(f"{wanted}; {_shortened(given)} is text. Write the number without quotation marks, with a "
                              "point.")
        if isinstance(given, tuple) and len(given) == 2 and all(type(part) is int for part in given):
            raise AnswerError(f"{wanted}. With a comma, {given[0]},{given[1]} is two numbers to Python: write a point, "
                              f"{given[0]}.{given[1]}.")
        size = getattr(given, "size", None)
        size = len(given) if size is None else size
        if size != 1 or not hasattr(given, "item"):
            raise AnswerError(f"{wanted}; these are {size} values ({type(given).__name__}). Take out the one that is "
                              "asked for: by its name in square brackets, with .loc[...], or by its place: [0] is the first "
                              "of an array.")
        given = given.item() if not hasattr(given, "to_numpy") else given.to_numpy().item()
    if isinstance(given, bool) or not isinstance(given, (numbers.Real, Decimal)):
        raise AnswerError(f"{wanted}, not {_shortened(given)}.")
    try:
        given = float(given)
    except (OverflowError, ValueError):
        raise AnswerError(f"{wanted}; this one is too large.") from None
    if not math.isfinite(given):
        raise AnswerError(f"{wanted}; {given} is no number. Is something divided by zero, or missing in the table?")
    return given


def _letter(question, given):
    letters = list(question["options"])
    letter = given.strip().lower().rstrip(").") if isinstance(given, str) else None
    if letter not in letters:
        raise AnswerError(f"{question['id']} takes one of the letters {', '.join(letters)} in quotation marks, such as "
                          f"sheet.answer(\"{question['id']}\", \"{letters[0]}\"); you gave {_shortened(given)}.")
    return letter


def _arrows(question, given):
    nodes = {node.lower(): node for node in question["nodes"]}
    wanted = (f"{question['id']} takes arrows such as \"this -> that, that -> another\" between "
              f"{', '.join(question['nodes'])}")
    if isinstance(given, str) and len(given) > LONGEST_ARROWS:
        raise AnswerError(f"{wanted}, at most {LONGEST_ARROWS:,} characters; yours has {len(given):,}.")
    pieces = re.split(r"[,;\n]", given.strip().rstrip(".")) if isinstance(given, str) else given
    if not isinstance(pieces, (list, tuple, set)):
        raise AnswerError(f"{wanted}; you gave {_shortened(given)}.")
    if len(pieces) > MOST_ARROWS:
        raise AnswerError(f"{wanted}; you gave {len(pieces)} of them.")
    found = []
    for piece in pieces:
        if isinstance(piece, str) and not piece.strip():
            continue
        ends = _ends(piece)
        if len(ends) < 2:
            raise AnswerError(f"{wanted}; {_shortened(piece)} is no arrow from one thing to another.")
        if lost := [end for end in ends if end.lower() not in nodes]:
            raise AnswerError(f"{wanted}; there is no {_shortened(lost[0])}.")
        for start, end in pairwise(nodes[end.lower()] for end in ends):  # "a -> b -> c" is two arrows
            if start == end:
                raise AnswerError(f"{wanted}; {start} cannot point at itself.")
            found.append(f"{start} -> {end}")
    return sorted(set(found)) or EMPTY


def _ends(piece):
    """What a chain of arrows joins; nothing where it is none, or longer than any."""
    if isinstance(piece, str):
        return [end.strip() for end in _ARROW.split(piece)] if len(piece) <= LONGEST_ARROWS else []
    short = isinstance(piece, (list, tuple)) and len(piece) <= MOST_ARROWS
    return [end.strip() for end in piece] if short and all(isinstance(end, str) for end in piece) else []


def _text(question, given):
    if not isinstance(given, str):
        raise AnswerError(f"{question['id']} takes a text in quotation marks (three on each side, if it runs over several "
                          f"lines); you gave {_shortened(given)}.")
    if len(given) > LONGEST:
        raise AnswerError(f"{question['id']} takes a text of at most {LONGEST:,} characters; yours has {len(given):,}.")
    return given.strip().encode("utf-8", "replace").decode("utf-8")  # half a character cannot be stored


def word_count(text):
    return len(re.findall(r"\S+", text))


def _shortened(given):
    try:
        told = _BRIEF.repr(given)
    except (RecursionError, ValueError):
        told = f"a {type(given).__name__}"
    return told if len(told) <= 60 else f"{told[:57]}…"
