"""A structural equation model as read from its text: what is fixed in it, and what is to be estimated."""

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np

from pebbletrail.models.model_text import _NAME, read_model

_PAIRS = re.compile(rf"^\s*(?P<left>{_NAME})\s*~~\s*(?P<right>{_NAME}(\s*\+\s*{_NAME})*)\s*$")


@dataclass(frozen=True)
class SemModel:
    """Constructs, their indicators and the arrows among constructs; an observed variable is a block of one.

    Matrices are those of Bollen (1989), all latent: indicators = Λ · constructs + errors (covariance Θ), constructs = B ·
    constructs + disturbances (covariance Ψ). The first indicator of a block has the loading 1.
    """

    blocks: dict  # construct -> tuple of indicators
    regressions: dict  # outcome -> tuple of predictors
    covariances: tuple  # pairs of constructs whose disturbances (or who themselves, where no arrow ends) may go together
    errors: tuple  # pairs of indicators whose errors may go together

    @cached_property
    def constructs(self):
        return tuple(self.blocks)

    @cached_property
    def items(self):
        return tuple(dict.fromkeys(item for block in self.blocks.values() for item in block))

    @cached_property
    def loadings(self):
        """``(construct, indicator)`` of every loading, the fixed ones among them."""
        return [(name, item) for name, block in self.blocks.items() for item in block]

    @property
    def arrows(self):
        """``(predictor, outcome)``"""
        return [(predictor, outcome) for outcome, given in self.regressions.items() for predictor in given]

    @property
    def alone(self):
        """Constructs with one indicator, whose error is fixed at 0."""
        return [name for name, block in self.blocks.items() if len(block) == 1]

    @property
    def observed(self):
        """Constructs that are but observed variables in arrows."""
        return [name for name, block in self.blocks.items() if block == (name,)]

    @cached_property
    def unknowns(self):
        """Where each unknown stands: ``(matrix, row, column)``, the matrices named loading, path, construct and error."""
        f = {name: number for number, name in enumerate(self.constructs)}
        y = {name: number for number, name in enumerate(self.items)}
        exact = {self.blocks[name][0] for name in self.alone}
        return (*(("loading", y[item], f[name]) for name, item in self.loadings if item != self.blocks[name][0]),
                *(("path", f[outcome], f[predictor]) for predictor, outcome in self.arrows),
                *(("construct", at, at) for at in f.values()),
                *(("construct", f[a], f[b]) for a, b in self.covariances),
                *(("error", y[item], y[item]) for item in self.items if item not in exact),
                *(("error", y[a], y[b]) for a, b in self.errors))

    def name_of(self, unknown):
        """An unknown in words."""
        kind, row, column = unknown
        if kind == "loading":
            return f"the loading of {self.items[row]} on {self.constructs[column]}"
        if kind == "path":
            return f"the path {self.constructs[column]} → {self.constructs[row]}"
        a, b = (names := self.constructs if kind == "construct" else self.items)[row], names[column]
        what = "error" if kind == "error" else "disturbance"
        if a != b:
            return f"the covariance of {a} and {b}"
        return f"the variance of {a}" if kind == "construct" and a not in self.regressions else f"the {what} variance of {a}"

    def matrices(self, values):
        """``(Λ, B, Ψ, Θ)`` for values of the unknowns, in their order."""
        p, m = len(self.items), len(self.constructs)
        shapes = {"loading": (p, m), "path": (m, m), "construct": (m, m), "error": (p, p)}
        found = {kind: np.zeros(shape, dtype=np.asarray(values).dtype) for kind, shape in shapes.items()}
        for column, block in enumerate(self.blocks.values()):
            found["loading"][self.items.index(block[0]), column] = 1
        for (kind, row, column), value in zip(self.unknowns, values, strict=True):
            found[kind][row, column] = value
            if kind in ("construct", "error"):
                found[kind][column, row] = value
        return tuple(found.values())

    def start(self, R):
        """Values from which the search starts, for the indicators' correlations ``R``, in their order.

        A construct takes the loadings of its block's first principal component, freed of the items' own variation.
        """
        sizes = {}
        for name, block in self.blocks.items():
            at = [self.items.index(item) for item in block]
            roots, axes = np.linalg.eigh(R[np.ix_(at, at)])
            k = len(block)
            size = axes[:, -1] * np.sqrt(k * (roots[-1] - 1) / (k - 1)) if k > 1 else np.ones(1)
            sizes[name] = np.where(size < 0, -1, 1) * np.clip(np.abs(size), 0.3, 0.9 if k > 1 else 1.0)
        errors = {item: 1 - size**2 for name, block in self.blocks.items()
                  for item, size in zip(block, sizes[name], strict=True)}
        found = []
        for kind, row, column in self.unknowns:
            if kind == "loading":
                name = self.constructs[column]
                found.append(sizes[name][self.blocks[name].index(self.items[row])] / sizes[name][0])
            elif kind == "path" or row != column:
                found.append(0.0)
            else:
                found.append(sizes[self.constructs[row]][0] ** 2 if kind == "construct" else errors[self.items[row]])
        return np.array(found)


def read_sem(text):
    """Read a structural equation model: the kit's text form, and ``a ~~ b`` for two that may go together beyond the model.

    Raises
    ------
    ValueError
        A line that cannot be read; a formative block, an interaction, a construct among another's indicators, an indicator
        in a regression, a covariance that the model has already or that has no place in it.
    """
    plain, pairs = _parted(text)
    model = read_model(plain)
    _refuse_what_pls_does(model)
    items = list(dict.fromkeys(item for block in model.blocks.values() for item in block))
    inner = [name for arrow in model.arrows for name in arrow]
    inner += [name for pair in pairs for name in pair if name not in items]
    _refuse_mixed_levels(model.blocks, items, inner, pairs)
    blocks = model.blocks | {name: (name,) for name in inner if name not in model.blocks}
    if not model.blocks and not model.regressions:
        raise ValueError("MODEL: it has no construct and no regression; add a line such as `Quality =~ q1 + q2 + q3`.")
    errors = [pair for pair in pairs if pair[0] in items]
    stated = [pair for pair in pairs if pair not in errors]
    return SemModel(blocks, model.regressions, tuple(_free_pairs(blocks, model, stated)), tuple(errors))


def _refuse_mixed_levels(blocks, items, inner, pairs):
    """Refuse what is an indicator and something else at once, and an only indicator with a second task."""
    if nested := [name for name in items if name in blocks]:
        raise ValueError(f"MODEL: {nested[0]} names a construct and an indicator. Give the construct another name; where a "
                         "construct stands behind others, write arrows, for sem has one level of constructs.")
    if both := [name for name in inner if name in items]:
        raise ValueError(f"MODEL: {both[0]} is an indicator of a construct and stands in an arrow; use the construct.")
    single = {block[0]: name for name, block in blocks.items() if len(block) == 1}
    if shared := [item for item in single if sum(item in block for block in blocks.values()) > 1]:
        raise ValueError(f"MODEL: {shared[0]} is the only indicator of {single[shared[0]]} and stands for it without error, "
                         "so it can serve no other construct.")
    for a, b in pairs:
        if (a in items) != (b in items):
            raise ValueError(f"MODEL: {a} ~~ {b} joins an indicator and a construct; join two of one kind.")
        if exact := [item for item in (a, b) if item in single]:
            raise ValueError(f"MODEL: {exact[0]} is the only indicator of {single[exact[0]]} and has no error that could go "
                             f"with another; name {single[exact[0]]} itself.")


def _free_pairs(blocks, model, stated):
    """Pairs of constructs that may go together: without arrows to them, at the end of all arrows (as in lavaan), stated."""
    causes = {predictor for predictor, _ in model.arrows}
    first = [name for name in blocks if name not in model.regressions]
    last = [name for name in blocks if name in model.regressions and name not in causes]
    found = {frozenset(pair): pair for names in (first, last) for pair in combinations(names, 2)}
    return {**found, **{frozenset(pair): pair for pair in stated if frozenset(pair) not in found}}.values()


def _refuse_what_pls_does(model):
    if formed := [name for name, mode in model.modes.items() if mode == "B"]:
        raise ValueError(f"MODEL: {formed[0]} is formed by its indicators (<~), and CB-SEM has reflective blocks (=~) only; "
                         "use pt.pls.")
    if products := [predictor for predictor, _ in model.arrows if ":" in predictor]:
        raise ValueError(f"MODEL: {products[0]} is an interaction, which CB-SEM of covariances cannot hold; use pt.pls, or "
                         "pt.paths with scales.")
    if products := [item for block in model.blocks.values() for item in block if ":" in item]:
        raise ValueError(f"MODEL: {products[0]} is a product and no indicator; make it a column of its own.")


def _parted(text):
    """``(the text without its ~~ lines, their pairs)``; the other lines keep their numbers."""
    if not isinstance(text, str):
        return text, []
    plain, pairs = [], []
    for number, raw in enumerate(text.splitlines(), start=1):
        parts = raw.split("#")[0].split(";")
        plain.append(";".join(part for part in parts if "~~" not in part))
        for part in parts:
            if "~~" in part:
                pairs.extend(_pairs(part, number, pairs))
    return "\n".join(plain) + ("\n#" if pairs else ""), pairs


def _pairs(part, number, before):
    match = _PAIRS.match(part)
    if not match:
        raise ValueError(f"MODEL, line {number}: {part.strip()!r} cannot be read; a covariance is `a ~~ b` or `a ~~ b + c`.")
    left, right = match["left"], [name.strip() for name in match["right"].split("+")]
    if left in right:
        raise ValueError(f"MODEL, line {number}: {left} ~~ {left} is a variance, and those are always estimated; leave the "
                         "line out.")
    pairs = [(left, name) for name in right]
    known = [frozenset(pair) for pair in (*before, *pairs)]
    if twice := [pair for pair in pairs if known.count(frozenset(pair)) > 1]:
        raise ValueError(f"MODEL, line {number}: {' ~~ '.join(twice[0])} was written twice.")
    return pairs
