"""What a PLS path model says: constructs with their indicators, and the arrows between them."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from pebbletrail.models.model_text import read_model


@dataclass(frozen=True, eq=False)
class Structure:
    """Constructs and arrows, as arrays need them.

    Attributes
    ----------
    blocks : dict of str to tuple of str
        Construct to its indicators.
    modes : dict of str to {"A", "B"}
    regressions : dict of str to tuple of str
        Outcome to its predictors; a product ``A:B`` among them is a construct of its own in ``blocks``.
    """

    blocks: dict
    modes: dict
    regressions: dict

    @cached_property
    def names(self):
        return list(self.blocks)

    @cached_property
    def indicators(self):
        return [indicator for block in self.blocks.values() for indicator in block]

    @cached_property
    def columns(self):
        """For each construct, the positions of its indicators."""
        ends = np.cumsum([len(block) for block in self.blocks.values()])
        return [np.arange(end - len(block), end) for end, block in zip(ends, self.blocks.values(), strict=True)]

    @cached_property
    def inside(self):
        """``(constructs, indicators)``: whether an indicator belongs to a construct."""
        found = np.zeros((len(self.names), len(self.indicators)), dtype=bool)
        for row, at in enumerate(self.columns):
            found[row, at] = True
        return found

    @cached_property
    def arrows(self):
        """Every arrow as ``(predictor, outcome)``, in the order of the text."""
        return [(predictor, outcome) for outcome, given in self.regressions.items() for predictor in given]

    @cached_property
    def pointing(self):
        """``(constructs, constructs)``: [i, j] is True when construct j points at construct i."""
        found = np.zeros((len(self.names), len(self.names)), dtype=bool)
        for predictor, outcome in self.arrows:
            found[self.names.index(outcome), self.names.index(predictor)] = True
        return found

    @cached_property
    def products(self):
        """The interactions, each once: ``A:B`` and ``B:A`` are one."""
        return list(dict.fromkeys(ordered(name, self.names) for name, _ in self.arrows if ":" in name))

    @property
    def pairs(self):
        """Each pair of constructs of indicators, for what is said of two at a time."""
        real = [name for name in self.names if ":" not in name]
        return [(first, second) for number, first in enumerate(real) for second in real[number + 1 :]]

    def without(self, *arrows):
        """The model without some arrows, and without what no arrow touches then; None where no arrow is left."""
        kept = {outcome: tuple(one for one in given if (one, outcome) not in arrows)
                for outcome, given in self.regressions.items()}
        regressions = {outcome: given for outcome, given in kept.items() if given}
        touched = {name for outcome, given in regressions.items() for name in (outcome, *given)}
        if not touched:
            return None
        return Structure({name: block for name, block in self.blocks.items() if name in touched}, self.modes, regressions)

    def plain(self):
        """The model without its interactions: what the first of two stages fits."""
        return self.without(*((name, outcome) for name, outcome in self.arrows if ":" in name))


def ordered(product, names):
    """A product's name with its factors in the order of ``names``."""
    return ":".join(sorted(product.split(":"), key=lambda name: names.index(name) if name in names else -1))


def structure(text):
    """Read a model's text.

    Raises
    ------
    ValueError
        No regression, a construct that no arrow touches, an indicator of two constructs, an interaction without both of
        its factors beside it.
    """
    model = read_model(text)
    if not model.regressions:
        raise ValueError("MODEL: it has no regression; add a line such as `Satisfaction ~ Quality`.")
    inner = list(dict.fromkeys(name for arrow in model.arrows for name in arrow if ":" not in name))
    regressions = {}
    for outcome, predictors in model.regressions.items():
        for product in (name for name in predictors if ":" in name):
            first, second = product.split(":")
            if first == second:
                raise ValueError(f"MODEL: {product} multiplies {first} with itself; an interaction has two constructs.")
            if absent := [name for name in (first, second) if name not in predictors]:
                raise ValueError(f"MODEL: {outcome} ~ {product} needs {' and '.join(absent)} beside it; an interaction "
                                 "without both of its factors takes their effects for its own.")
        regressions[outcome] = tuple(ordered(name, inner) if ":" in name else name for name in predictors)
    if alone := [name for name in model.blocks if name not in inner]:
        raise ValueError(f"MODEL: no arrow touches {', '.join(alone)}; PLS weights come from neighbours in the model.")
    blocks = {name: model.blocks.get(name, (name,)) for name in inner}
    used = [indicator for block in blocks.values() for indicator in block]
    if twice := sorted({item for item in used if used.count(item) > 1}):
        raise ValueError(f"MODEL: {', '.join(twice)} serves two constructs; each indicator belongs to one.")
    products = dict.fromkeys(name for given in regressions.values() for name in given if ":" in name)
    blocks |= {name: (name,) for name in products}
    return Structure(blocks, {name: model.modes.get(name, "A") for name in blocks}, regressions)
