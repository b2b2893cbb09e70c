"""The formula of a regression: ``outcome ~ predictor + predictor``, as its users write it elsewhere.

    quality ~ control + skill            an intercept is added
    quality ~ control*skill              control + skill + control:skill
    quality ~ control + C(week)          a dummy for each week but the first
    quality ~ control - 1                without an intercept
    quality ~ `handling time`            a name that is more than letters, digits and _
"""

import re
from dataclasses import dataclass

_FACTOR = r"(?:C\(\s*(?:`[^`]+`|[^\W\d][\w.]*)\s*\)|`[^`]+`|[^\W\d][\w.]*)"
_TERM = re.compile(rf"{_FACTOR}(?:\s*[:*]\s*{_FACTOR})*")
_OUTSIDE = r"(?=(?:[^`]*`[^`]*`)*[^`]*$)"  # a sign that does not stand inside backticks
_HOW = "Write `outcome ~ predictor + predictor`; x:z is a product, x*z both and their product, C(week) dummies."


@dataclass(frozen=True)
class Formula:
    """A formula as read; ``terms`` holds each predictor or product once, in the order written."""

    outcome: str
    terms: tuple
    intercept: bool

    def __str__(self):
        right = [*self.terms] + ([] if self.intercept else ["0"])
        return f"{self.outcome} ~ {' + '.join(right) or '1'}"


def read_formula(text):
    """Read a formula.

    Raises
    ------
    ValueError
        A text that is no formula, a term that cannot be read, or an outcome that predicts itself.
    """
    if not isinstance(text, str) or text.count("~") != 1:
        raise ValueError(f"formula: {text!r} is no formula. {_HOW}")
    left, right = (side.strip() for side in text.split("~"))
    if not re.fullmatch(_FACTOR, left) or left.startswith("C("):
        raise ValueError(f"formula: {left!r} cannot be an outcome; one column's name stands left of ~. {_HOW}")
    outcome, terms, intercept = left.strip("`"), [], True
    for sign, written in _signed(right, text):
        if written in ("0", "1"):
            intercept = (written == "1") == (sign == "+")
        elif sign == "-":
            raise ValueError(f"formula: -{written} takes nothing away; only - 1 (no intercept) may be subtracted.")
        elif not _TERM.fullmatch(written):
            raise ValueError(f"formula: {written!r} in {text!r} cannot be read. {_HOW}")
        else:
            terms += _products(written)
    factors = [frozenset(_factors(term)) for term in terms]  # x:z is z:x
    terms = [term for number, term in enumerate(terms) if factors.index(factors[number]) == number]
    if square := [term for term in terms if len(set(_factors(term))) < len(_factors(term))]:
        raise ValueError(f"formula: {square[0]!r} multiplies a column by itself; add a column for its square to the data.")
    if any(outcome in _factors(term) for term in terms):
        raise ValueError(f"formula: {outcome} cannot predict itself, in {text!r}.")
    if not terms and not intercept:
        raise ValueError(f"formula: nothing predicts {outcome} in {text!r}. {_HOW}")
    return Formula(outcome, tuple(terms), intercept)


def _signed(right, text):
    """``(sign, term)`` of each part of the right side; + and - inside backticks belong to a name."""
    parts = re.split(rf"([+-]){_OUTSIDE}", right)
    parts = ["+", *parts] if parts[0].strip() else parts[1:]
    pairs = [(sign, term.strip()) for sign, term in zip(parts[::2], parts[1::2], strict=True)]
    if not pairs or any(not term for _, term in pairs):
        raise ValueError(f"formula: a predictor is missing in {text!r}. {_HOW}")
    return pairs


def _products(written):
    """``x*z`` as x, z and x:z; anything else as it stands, without backticks and blanks."""
    products = []
    for one in (":".join(_factors(part)) for part in re.split(rf"\*{_OUTSIDE}", written)):
        # every selection of the starred parts
        products += [one] + [f"{before}:{one}" for before in products]
    return sorted(products, key=lambda term: term.count(":"))


def _factors(term):
    """The factors of a product, each without backticks and blanks."""
    parts = re.split(rf":{_OUTSIDE}", term)
    return [re.sub(r"^C\(\s*(.*?)\s*\)$", r"C(\1)", part.strip()).replace("`", "") for part in parts]
