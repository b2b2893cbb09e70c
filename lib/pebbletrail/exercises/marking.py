"""What an answer earns, and why: the same rules give hints in practice and marks in a class."""

import math
from dataclasses import dataclass
from itertools import product

from pebbletrail.exercises.arithmetic import evaluate

RIGHT, FOLLOWS, NOT_YET, NOTED, OPEN = "right", "follows", "not yet", "noted", "open"
HAIR = 1e-9  # relative: what adding up in another order changes
EARLY = 0.5  # share of the points for a right number with too few decimals, or as a percent where a share was asked
COARSEST = 0.02  # of the right number: what is rounded more coarsely may be a guess
WIDEST = 0.2  # of the result: more than that, rounding an earlier answer excuses nothing
FAR = 150.0  # nothing follows from an earlier answer that is so many times too large or too small


@dataclass(frozen=True)
class Mark:
    """The result for one question. ``points`` is None where a person marks. ``route`` names a recognised wrong way."""

    state: str
    points: float | None
    route: str = ""
    hint: str = ""


def mark(key, answer, earlier=None):
    """Mark one answer.

    Parameters
    ----------
    key : dict
        The question's key, as ``Question.key()`` gives it.
    answer : float, str, list or None
        As ``answers.cleaned`` returns it.
    earlier : mapping of str to answer, optional
        The student's answers by question, so that what follows from a mistake is not punished again.
    """
    if answer is None:
        return Mark(OPEN, 0.0)
    return {"number": _number, "choice": _choice, "arrows": _arrows,
            "prediction": lambda key, answer, earlier: Mark(NOTED, float(key["points"])),
            "text": lambda key, answer, earlier: Mark(NOTED, None)}[key["kind"]](key, answer, earlier or {})


def within(answer, right, tolerance):
    """Whether an answer lies within the tolerance of what is right."""
    return bool(abs(answer - right) <= tolerance + HAIR * max(1.0, abs(right)))


def _number(key, answer, earlier):
    right, tolerance, points = key["right"], key["tolerance"], float(key["points"])
    if within(answer, right, tolerance):
        return Mark(RIGHT, points)
    if follows_from(key, answer, earlier):
        return Mark(FOLLOWS, points)
    if near := [route for route in key["routes"] if within(answer, route["value"], tolerance)]:
        route = max(near, key=lambda one: one["earns"])  # two mistakes that look alike: the doubt is the student's
        state = RIGHT if route["earns"] == 1 else NOT_YET  # another way that is as good, or one mistake carried on
        return Mark(state, points * route["earns"], route["name"], route["hint"])
    return _general(key, answer, right, tolerance, points)


def follows_from(key, answer, earlier):
    """Whether the answer follows correctly from the student's own earlier answers, wrong or rounded."""
    follows = key.get("follows")
    if not follows or any(not isinstance(earlier.get(id), float) for id in follows["uses"]):
        return False
    if any(not 1 / FAR <= abs(earlier[id] / right) <= FAR for id, right in follows.get("rights", {}).items() if right):
        return False
    value = evaluate(follows["formula"], {id: earlier[id] for id in follows["uses"]})
    if value is None or abs(value) * FAR < abs(key["right"]):
        return False
    room = min(_rounding(follows, earlier, value), max(WIDEST * abs(value), WIDEST * abs(key["right"])))
    return within(answer, value, key["tolerance"] + room)


def _rounding(follows, earlier, value):
    """How far a result may move because earlier answers were typed rounded, as they were asked for."""
    ends = []
    for id in follows["uses"]:
        decimals = follows.get("decimals", {}).get(id)
        rounded = decimals is not None and within(earlier[id], round(earlier[id], decimals), 0)
        half = 0.5 * 10.0 ** -decimals if rounded else 0.0
        ends.append((earlier[id] - half, earlier[id] + half))
    corners = [evaluate(follows["formula"], dict(zip(follows["uses"], corner, strict=True))) for corner in product(*ends)]
    return max((abs(corner - value) for corner in corners if corner is not None), default=0.0)


def _general(key, answer, right, tolerance, points):
    """Mistakes that every number invites; a module may list them itself, with a better hint."""
    decimals = key["decimals"]
    for fewer in range(decimals - 1, -1, -1):
        if tolerance < 0.5 * 10.0 ** -fewer <= COARSEST * abs(right) and within(answer, round(right, fewer), 0):
            return Mark(NOT_YET, points * EARLY, "rounded too early",
                        f"Right as far as it goes. Give {decimals} decimal{'s' * (decimals > 1)}, and round only at the "
                        "very end.")
    if within(answer, -right, tolerance):
        return Mark(NOT_YET, 0.0, "wrong sign", "The size is right, the sign is not: which side is taken from which? Or: "
                    "does one rise or fall with the other?")
    for factor, said, name in ((100.0, "large", "percent for share"), (0.01, "small", "share for percent")):
        if within(answer, right * factor, tolerance * factor) and answer != 0:
            return Mark(NOT_YET, points * EARLY, name, f"A hundred times too {said}: percent, or a share of one? The unit "
                        f"asked for is: {key['unit']}.")
    return Mark(NOT_YET, 0.0)


def _choice(key, answer, earlier):
    if answer == key["right"]:
        return Mark(RIGHT, float(key["points"]))
    return Mark(NOT_YET, 0.0, f"option {answer}", key["why"].get(answer, ""))


def _arrows(key, answer, earlier):
    """Full points for the whole diagram, half for one slip: an arrow missing, too many, or the wrong way round."""
    right, given = set(key["right"]), set(answer)
    if right == given:
        return Mark(RIGHT, float(key["points"]))
    extra, missing = sorted(given - right), sorted(right - given)
    turned = [arrow for arrow in extra if " -> ".join(reversed(arrow.split(" -> "))) in missing]
    slips = len(extra) + len(missing) - len(turned)
    points = key["points"] / 2 if slips == 1 else 0.0
    trap = next((arrow for arrow in extra if arrow in key["traps"]), None)
    if trap:
        return Mark(NOT_YET, points, f"trap: {trap}", key["traps"][trap])
    if turned:
        return Mark(NOT_YET, points, f"reversed: {turned[0]}", f"Which comes first? Look again at “{turned[0]}”.")
    if extra:
        return Mark(NOT_YET, points, f"extra: {extra[0]}", f"Nothing in the story draws “{extra[0]}”.")
    count = "one arrow is" if len(missing) == 1 else f"{len(missing)} arrows are"
    return Mark(NOT_YET, points, "missing", f"What you drew is right; {count} still missing. Who or what decides what?")


def total(marks):
    """Points of several marks; None counts as not yet marked."""
    return math.fsum(one.points for one in marks if one.points is not None)
