"""The field's own text form of a model (lavaan's), read into constructs and regressions.

    Quality =~ q1 + q2            a construct and its indicators (Mode A)
    Brand <~ b1 + b2              a construct formed by its indicators (Mode B)
    Satisfaction ~ Quality + Value
"""

import re
from dataclasses import dataclass

_NAME = r"[^\W\d]\w*"
_TERM = re.compile(rf"^{_NAME}(:{_NAME})?$")
_LINE = re.compile(r"^(?P<left>[^~=<]+?)\s*(?P<sign>=~|<~|~)\s*(?P<right>[^~=<]*)$")
MODES = {"=~": "A", "<~": "B"}


@dataclass(frozen=True)
class Model:
    """A model as written. ``regressions`` keeps the order of the text."""

    blocks: dict  # construct -> tuple of indicators
    modes: dict  # construct -> "A" or "B"
    regressions: dict  # outcome -> tuple of predictors

    @property
    def arrows(self):
        """Every arrow as ``(predictor, outcome)``."""
        return [(predictor, outcome) for outcome, given in self.regressions.items() for predictor in given]


def read_model(text):
    """Read a model.

    Raises
    ------
    ValueError
        A line that cannot be read (with its number), a construct defined twice, an arrow written twice or onto itself, or
        arrows that run in a circle.
    """
    blocks, modes, regressions = {}, {}, {}
    for number, line in _lines(text):
        match = _LINE.match(line)
        if not match:
            raise ValueError(f"MODEL, line {number}: {line!r} cannot be read. A line is `outcome ~ predictor + "
                             "predictor`, or of a construct `Construct =~ item + item` or `Construct <~ item + item`; lines "
                             "are parted by ; or stand below each other.")
        left, sign = match["left"].strip(), match["sign"]
        right = _terms(match["right"], number, line)
        if not re.fullmatch(_NAME, left):
            raise ValueError(f"MODEL, line {number}: {left!r} is not a name (letters, digits and _, no digit first).")
        if sign in MODES:
            if left in blocks:
                raise ValueError(f"MODEL, line {number}: the construct {left} is defined twice.")
            blocks[left], modes[left] = right, MODES[sign]
        else:
            _add_regression(regressions, left, right, number)
    if circle := find_circle({outcome: _factors(terms) for outcome, terms in regressions.items()}):
        raise ValueError(f"MODEL: the arrows run in a circle, {' → '.join(circle)}; take one of them away.")
    return Model(blocks, modes, regressions)


def _lines(text):
    if not isinstance(text, str) or not text.strip():
        raise ValueError("MODEL: a text is needed, such as 'Quality =~ q1 + q2\\nSatisfaction ~ Quality'.")
    for number, raw in enumerate(text.splitlines(), start=1):
        for part in raw.split("#")[0].split(";"):
            if part.strip():
                yield number, part.strip()


def _terms(text, number, line):
    terms = tuple(term.strip() for term in text.split("+"))
    for term in terms:
        if not _TERM.match(term):
            what = "nothing stands" if not term else f"{term!r} is not a name"
            raise ValueError(f"MODEL, line {number}: {what} on the right of {line!r}; join names with +.")
    same = [sorted(term.split(":")) for term in terms]  # A:B is B:A
    if any(same.count(factors) > 1 for factors in same):
        twice = next(term for term, factors in zip(terms, same, strict=True) if same.count(factors) > 1)
        raise ValueError(f"MODEL, line {number}: {twice} stands twice in {line!r}.")
    return terms


def _add_regression(regressions, outcome, predictors, number):
    if outcome in _factors(predictors):
        raise ValueError(f"MODEL, line {number}: {outcome} cannot point at itself.")
    before = regressions.get(outcome, ())
    if twice := [term for term in predictors if term in before]:
        raise ValueError(f"MODEL, line {number}: the arrow {twice[0]} → {outcome} was written before.")
    regressions[outcome] = before + predictors


def _factors(terms):
    """The names in a list of terms; an interaction has two."""
    return tuple(name for term in terms for name in term.split(":"))


def find_circle(regressions):
    """The names along a circle of arrows, or None. ``regressions`` maps an outcome to its predictors."""
    done, path = set(), []

    def visit(name):
        if name in path:
            return [*path[path.index(name):], name][::-1]
        if name in done:
            return None
        path.append(name)
        for predictor in regressions.get(name, ()):
            if circle := visit(predictor):
                return circle
        done.add(path.pop())
        return None

    return next((circle for name in regressions if (circle := visit(name))), None)
