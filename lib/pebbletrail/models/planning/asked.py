"""What a plan must be told: for each design the assumptions, with meaning, unit, default and limits.

The command line is made of these too, so nothing is imported here that takes time.
"""

import math
import numbers
from dataclasses import dataclass

NEEDED = "needed"  # in place of a default
OUTCOME, SHARE, NONE, SPREADS = "unit of the outcome", "share, 0 to 1", "no unit", "standard deviations"


@dataclass(frozen=True)
class Assumption:
    """One thing that a plan rests on. ``low`` and ``high`` are its limits; ``open`` ends (either or both) are excluded."""

    name: str
    meaning: str
    unit: str = NONE
    default: object = NEEDED
    low: float = -math.inf
    high: float = math.inf
    open: tuple = ("low", "high")
    whole: bool = False
    choices: tuple = ()
    absent: str = ""  # what follows where it is left out and has no default

    def checked(self, given):
        """The value as a number, or as one of the choices; a ValueError says what is allowed."""
        if given is None and self.default is None:
            return None
        if self.choices:
            if isinstance(given, str) and given in self.choices:
                return given
            raise ValueError(f"{self.name}: {given!r} is not one of {', '.join(self.choices)}.")
        value = number(given)
        inside = value is not None and (value > self.low if "low" in self.open else value >= self.low) \
            and (value < self.high if "high" in self.open else value <= self.high)
        if not inside or (self.whole and value != int(value)):
            raise ValueError(f"{self.name}: {self.allowed}, not {given!r} ({self.meaning}).")
        return int(value) if self.whole else value

    @property
    def allowed(self):
        """What may be given, in words."""
        kind = "a whole number" if self.whole else "a number"
        if math.isinf(self.low) and math.isinf(self.high):
            return kind
        if math.isinf(self.high):
            return f"{kind} {'above' if 'low' in self.open else 'from'} {self.low:g}{'' if 'low' in self.open else ' on'}"
        ends = {(): "both included", ("low",): f"{self.low:g} excluded", ("high",): f"{self.high:g} excluded"}
        return f"{kind} between {self.low:g} and {self.high:g}, {ends.get(self.open, 'both excluded')}"


def number(given):
    """A finite number from a number, or from the text of a command line; None where it is neither."""
    if isinstance(given, bool) or not isinstance(given, numbers.Real | str):
        return None
    try:
        value = float(given)
    except (ValueError, OverflowError):
        return None
    return value if math.isfinite(value) else None


def _effect(meaning):
    return Assumption("effect", meaning, OUTCOME, None, absent="the plan says only what can be detected")


def _sd(of):
    return Assumption("sd", f"standard deviation {of}; at 1 the effect is in standard deviations", OUTCOME, 1.0, 0)


def _correlation(of, default=NEEDED):
    return Assumption("correlation", f"correlation of {of}", NONE, default, -1, 1)


def _path(name, meaning, default=NEEDED):
    return Assumption(name, f"{meaning}, standardised", SPREADS, default, -1, 1)


DROPOUT = Assumption("dropout", "share of people who are lost before the outcome is known; sizes count those who start",
                     SHARE, 0.0, 0, 0.99, open=())
TREATED = Assumption("share", "share of the groups (or people) that are treated", SHARE, 0.5, 0, 1)
VARIED = Assumption("size_cv", "how unequal groups are: standard deviation of their sizes divided by the mean size",
                    NONE, 0.0, 0, 2, open=())
ERRORS = Assumption("errors", "the analysis: pt.regress(…, errors=…) with this kind of clustered errors", NONE, "cluster",
                    choices=("cluster", "cluster-cr2"))
ICC = Assumption("icc", "share of the outcome's variance that lies between groups (intraclass correlation)", SHARE, NEEDED,
                 0, 1, open=("high",))


@dataclass(frozen=True)
class Question:
    """A design: its name, what it is, what its size counts, and what it must be told."""

    name: str
    what: str
    counted: str
    asked: tuple

    @property
    def needed(self):
        return [one for one in self.asked if one.default == NEEDED]

    def one(self, name):
        return next(one for one in self.asked if one.name == name)


QUESTIONS = {one.name: one for one in (
    Question("paired", "each person under both conditions; a paired t test", "people", (
        _effect("the mean difference between the two conditions"),
        Assumption("sd_difference", "standard deviation of a person's difference between the conditions", OUTCOME, None, 0,
                   absent="give sd and correlation"),
        Assumption("sd", "standard deviation of the outcome under either condition", OUTCOME, None, 0,
                   absent="give sd_difference"),
        Assumption("correlation", "correlation of a person's two values", NONE, None, -1, 1, absent="give sd_difference"),
        DROPOUT)),
    Question("clustered", "whole groups (teams, shops, classes) are treated or not; clustered errors", "groups in all", (
        _effect("the difference between treated and untreated"),
        _sd("of the outcome among people with the same treatment"), ICC,
        Assumption("cluster_size", "people in a group, on average", "people", low=1, open=("high",), whole=True),
        VARIED, TREATED, ERRORS, DROPOUT)),
    Question("difference-in-differences", "people or groups measured before and after; some are treated in between; "
             "clustered errors", "people, or groups where cluster_size is above 1, in all", (
        _effect("the treated's change minus the untreated's change"),
        _sd("of the outcome at either time"),
        _correlation("before and after: of a person's values, or of what the people of a group have in common"),
        Assumption("cluster_size", "people in a group; 1 where people are treated one by one", "people", 1, 1,
                   open=("high",), whole=True),
        Assumption("icc", ICC.meaning, SHARE, None, 0, 1, open=("high",), absent="right where cluster_size is 1 only"),
        Assumption("person_correlation", "correlation before and after of what sets a person apart in the group; 0 where "
                   "other people are asked", NONE, None, -1, 1, absent="as correlation"),
        VARIED, TREATED, ERRORS, DROPOUT)),
    Question("mediation", "x acts on y through m; the indirect effect a × b, by its Monte Carlo interval", "people", (
        _path("a", "effect of x on m"), _path("b", "effect of m on y with x held constant"),
        _path("direct", "effect of x on y with m held constant", 0.0), DROPOUT)),
    Question("moderation", "the slope of x depends on w: the product x·w in a regression", "people", (
        _effect("by how much x's slope on the outcome changes with a standard deviation of w, x in standard deviations too"),
        _sd("of the outcome"), _correlation("x and w", 0.0),
        Assumption("slope_x", "x's slope at the mean of w, x in standard deviations", OUTCOME, 0.0),
        Assumption("slope_w", "w's slope at the mean of x, w in standard deviations", OUTCOME, 0.0),
        Assumption("reliability_x", "share of the variance of the measured x that is not measurement error", SHARE, 1.0, 0,
                   1, open=("low",)),
        Assumption("reliability_w", "the same of w", SHARE, 1.0, 0, 1, open=("low",)), DROPOUT)),
)}
OTHER_NAMES = {
    "did": "difference-in-differences", "diff-in-diff": "difference-in-differences", "cluster": "clustered",
    "power": "target", "n": "size", "clusters": "size", "groups": "size", "m": "cluster_size", "rho": "correlation",
    "r": "correlation", "d": "effect", "difference": "effect", "interaction": "effect", "sd_diff": "sd_difference",
    "replicates": "draws", "simulations": "draws", "attrition": "dropout", "c": "direct", "cv": "size_cv",
}
COMMON = ("size", "target", "draws", "seed", "workers")


def question(design):
    """The ``Question`` of a design's name."""
    from pebbletrail.moments.checks import meant

    if not isinstance(design, str) or design not in QUESTIONS:
        guess = OTHER_NAMES.get(str(design).lower().replace("_", "-"))
        told = f" Did you mean {guess!r}?" if guess in QUESTIONS else meant(design, QUESTIONS)
        raise ValueError(f"design: {design!r} is not one of {', '.join(QUESTIONS)}.{told}")
    return QUESTIONS[design]


def answered(asked, given):
    """``given`` checked, and completed by the defaults: a dict in the order of the question."""
    known = [one.name for one in asked.asked]
    for name in given:
        if name not in known:
            raise ValueError(f"{name}: {asked.name} has no such assumption; it has {', '.join(known)}."
                             + guess(name, [*known, *COMMON]))
    for one in asked.needed:
        if given.get(one.name) is None:
            raise ValueError(f"{one.name}: {asked.name} needs it: {one.meaning} ({one.unit}).")
    return {one.name: one.checked(given[one.name]) if given.get(one.name) is not None else one.default
            for one in asked.asked}


def guess(name, known):
    """What was meant by an unknown name, as a sentence, or nothing."""
    from pebbletrail.moments.checks import meant

    other = OTHER_NAMES.get(name)
    return f" Did you mean {other!r}?" if other in known else meant(name, known)
