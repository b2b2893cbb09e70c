"""The kinds of question. Each says what a student may see of it (``public``) and what marks it (``key``)."""

from dataclasses import dataclass, field

from pebbletrail.exercises.banks import LETTERS, filled
from pebbletrail.words import minus

DOES = {"q1": "Predict, then run", "q2": "Read a figure", "q3": "Compute and interpret", "q4": "Repair a broken notebook",
        "q6": "Find the flaw", "q7": "From an earlier week", "q8": "A paragraph for the board"}
ODD, EVEN = "Draw the arrows", "Choose the design"


def does(id, week):
    """What a question asks for: the mix is the same in every module; question 5 alternates."""
    return DOES.get(id[:2]) or (ODD if week % 2 else EVEN)


@dataclass(frozen=True)
class Route:
    """A usual wrong way: where it leads, the hint that names the mistake, and what share of the points it earns."""

    name: str
    value: float
    hint: str
    earns: float = 0.0

    def data(self):
        return {"name": self.name, "value": float(self.value), "hint": self.hint, "earns": self.earns}


@dataclass(frozen=True)
class Follow:
    """What follows correctly from earlier answers, as a formula in their ids."""

    formula: str
    uses: tuple


@dataclass(frozen=True)
class _Question:
    id: str
    minutes: int
    points: int

    def _base(self, week):
        return {"id": self.id, "kind": self.kind, "does": does(self.id, week), "points": self.points,
                "minutes": self.minutes}

    def _key(self):
        return {"id": self.id, "kind": self.kind, "points": self.points}


@dataclass(frozen=True)
class Number(_Question):
    """One number, in a unit, with so many decimals."""

    right: float
    decimals: int
    unit: str
    routes: tuple = ()
    hints: tuple = ()
    worked: str = ""
    tolerance: float | None = None
    follows: Follow | None = None
    kind = "number"

    @property
    def margin(self):
        return 0.5 * 10.0 ** -self.decimals if self.tolerance is None else float(self.tolerance)

    def public(self, week):
        return {**self._base(week), "unit": self.unit, "decimals": self.decimals, "tolerance": self.margin}

    def key(self):
        follows = self.follows and {"formula": self.follows.formula, "uses": list(self.follows.uses)}
        return {**self._key(), "right": float(self.right), "decimals": self.decimals, "unit": self.unit,
                "tolerance": self.margin, "routes": [route.data() for route in self.routes], "hints": list(self.hints),
                "worked": minus(self.worked), "follows": follows}


@dataclass(frozen=True)
class _Dealt(_Question):
    """Has a bank of cases, of which a student is dealt one; ``fill`` has the words of its story."""

    bank: tuple
    dealt: dict
    fill: dict = field(default_factory=dict)
    hints: tuple = ()
    worked: str = ""

    @property
    def case(self):
        return self.bank[self.dealt["case"]]

    def _base(self, week):
        return {**super()._base(week), "story": filled(self.case.story, self.fill)}

    def _key(self):
        return {**super()._key(), "case": self.dealt["case"], "hints": list(self.hints),
                "worked": filled(self.case.worked or self.worked, self.fill)}


@dataclass(frozen=True)
class Choice(_Dealt):
    """One of several options of a dealt case."""

    kind = "choice"

    def _options(self):
        return {LETTERS[place]: self.case.options[at] for place, at in enumerate(self.dealt["order"])}

    def public(self, week):
        options = {letter: filled(option.text, self.fill) for letter, option in self._options().items()}
        return {**self._base(week), "options": options}

    def key(self):
        options = self._options()
        return {**self._key(), "order": self.dealt["order"],
                "right": next(letter for letter, option in options.items() if option.right),
                "why": {letter: filled(option.hint, self.fill) for letter, option in options.items() if not option.right}}


@dataclass(frozen=True)
class Prediction(_Question):
    """A guess before the numbers: every option earns the point, none is right or wrong."""

    options: tuple
    afterwards: str
    kind = "prediction"

    def public(self, week):
        options = dict(zip(LETTERS, self.options, strict=False))
        return {**self._base(week), "story": "", "options": options}

    def key(self):
        return {**self._key(), "options": list(LETTERS[:len(self.options)]), "afterwards": minus(self.afterwards)}


@dataclass(frozen=True)
class Arrows(_Dealt):
    """The arrows of a causal diagram, written ``"cause -> effect, …"``."""

    kind = "arrows"

    def public(self, week):
        return {**self._base(week), "nodes": self._nodes()}

    def _nodes(self):
        return [self.case.nodes[place] for place in self.dealt["order"]]

    def key(self):
        return {**self._key(), "nodes": self._nodes(),
                "right": [" -> ".join(arrow) for arrow in self.case.arrows],
                "traps": {" -> ".join(arrow): filled(hint, self.fill) for arrow, hint in self.case.traps.items()}}


@dataclass(frozen=True)
class Criterion:
    """One line of a rubric, and its points."""

    text: str
    points: float


@dataclass(frozen=True)
class Specimen:
    """An anchored example: a text, the points it earns, and why."""

    points: float
    text: str
    why: str


@dataclass(frozen=True)
class Text(_Question):
    """A paragraph, marked by people along a rubric, with anchored specimens beside it."""

    words: tuple
    rubric: tuple
    specimens: tuple
    kind = "text"

    def public(self, week):
        return {**self._base(week), "words": list(self.words),
                "rubric": [{"text": line.text, "points": line.points} for line in self.rubric]}

    def key(self):
        return {**self._key(), "words": list(self.words),
                "rubric": [{"text": line.text, "points": line.points} for line in self.rubric],
                "specimens": [{"points": one.points, "text": one.text, "why": one.why} for one in self.specimens]}
