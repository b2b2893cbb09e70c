"""What a path model says, beyond its coefficients: slopes where there are interactions, effects along routes, moderation.

With a product A:B in the model, the slope of A depends on B. Effects are then taken at the means of all variables, and where
a variable moderates a step of a route, the route's effect is given at several of its values too.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from pebbletrail.models.equations import Equations
from pebbletrail.models.model_text import read_model
from pebbletrail.models.routes import along, slopes_of, traced
from pebbletrail.moments.from_print import NO_MEANS, NO_SPREADS


@dataclass(frozen=True)
class Moderated:
    """An effect at one value of a moderator (``low`` None), or between two values, one unit apart (the index)."""

    effect: object
    moderator: str
    kind: str  # conditional | index
    at: str
    value: float
    low: float | None = None


@dataclass(frozen=True)
class PathModel:
    """A model of observed variables. Made by ``path_model``; ``means`` and ``sds`` are those of the whole data."""

    names: tuple  # the variables, then the products
    equations: Equations
    products: dict  # place of a product -> places of its two factors
    means: np.ndarray
    sds: np.ndarray
    binary: np.ndarray  # which variables are 0 or 1
    standardized: bool

    @cached_property
    def arrows(self):
        """``(predictor, outcome)`` between variables; a product counts as an arrow of either factor."""
        found = {}
        for predictor, outcome in self.equations.arrows:
            found |= {(name, outcome): None for name in predictor.split(":")}
        return list(found)

    @cached_property
    def effects(self):
        return traced(self.arrows)

    @cached_property
    def moderated(self):
        """Every ``Moderated`` of the model."""
        found = []
        for effect in (one for one in self.effects if one.kind != "total"):
            route = (effect.source, *effect.stations, effect.target)
            steps = [self._moderators(*step) for step in pairwise(route)]
            for name in dict.fromkeys(name for step in steps for name in step):
                if name in route:
                    continue
                found += [Moderated(effect, name, "conditional", at, value) for at, value in self._values(name)]
                if effect.kind == "indirect" and sum(name in step for step in steps) == 1:
                    found.append(Moderated(effect, name, "index", "", 1.0, 0.0))
        return found

    def _moderators(self, predictor, outcome):
        terms = [term.split(":") for term in self.equations.regressions[outcome] if ":" in term]
        return [other for term in terms if predictor in term for other in term if other != predictor]

    def _values(self, name):
        at = self.names.index(name)
        if self.binary[at] and not self.standardized:
            return [("0", 0.0), ("1", 1.0)]
        mean, sd = (0.0, 1.0) if self.standardized else (self.means[at], self.sds[at])
        return [("mean − sd", mean - sd), ("mean", mean), ("mean + sd", mean + sd)]

    def coefficients(self, means, S):
        """Coefficients ``(…, arrows)`` from means ``(…, p)`` and covariances ``S (…, p, p)``."""
        if not self.standardized:
            return self.equations.coefficients(S)
        sd = np.sqrt(np.einsum("...ii->...i", S)).copy()
        if self.products:  # the product of two standardised variables is a mixture of the product and its factors
            mix = np.broadcast_to(np.eye(S.shape[-1]), S.shape).copy()
            for at, (a, b) in self.products.items():
                mix[..., at, a], mix[..., at, b] = -means[..., b], -means[..., a]
                sd[..., at] = sd[..., a] * sd[..., b]
            S = mix @ S @ np.swapaxes(mix, -1, -2)
        return self.equations.coefficients(S) * self.equations.scale(sd)

    def slopes(self, given=None):
        """Matrix (arrows between variables, coefficients): slopes with moderators at their means, but for ``given``."""
        values = dict(zip(self.names, np.zeros(len(self.names)) if self.standardized else self.means, strict=True))
        values |= given or {}
        matrix = np.zeros((len(self.arrows), len(self.equations.arrows)))
        for column, (term, outcome) in enumerate(self.equations.arrows):
            factors = term.split(":")
            for name in factors:
                others = [values[other] for other in factors if other != name]
                matrix[self.arrows.index((name, outcome)), column] = np.prod(others)
        return matrix

    def quantities(self, b):
        """Effects, then moderated effects, of coefficients ``b (…, arrows)``: ``(…, effects + moderated)``."""
        parts = [along(self.effects, b @ self.slopes().T)]
        for one in self.moderated:
            value = along([one.effect], b @ self.slopes({one.moderator: one.value}).T)
            if one.low is not None:
                value = value - along([one.effect], b @ self.slopes({one.moderator: one.low}).T)
            parts.append(value)
        return np.concatenate(parts, axis=-1)

    def derivatives(self, b):
        """How each of ``quantities`` answers to each coefficient, ``(effects + moderated, arrows)``."""
        def at(effects, given=None):
            turn = self.slopes(given)
            return slopes_of(effects, turn @ b) @ turn

        rows = [at(self.effects)]
        for one in self.moderated:
            row = at([one.effect], {one.moderator: one.value})
            rows.append(row if one.low is None else row - at([one.effect], {one.moderator: one.low}))
        return np.concatenate(rows)

    def evaluate(self, sizes, means, products):
        """Everything at once, for the bootstrap: coefficients, effects and moderated effects ``(replicates, …)``."""
        b = self.coefficients(means, products / (sizes - 1)[:, None, None])  # the divisor counts where products are scaled
        return np.concatenate([b, self.quantities(b)], axis=-1)


def read_paths(text):
    """``(variables, products, regressions)`` of a path model's text; constructs with indicators are refused."""
    model = read_model(text)
    if model.blocks:
        raise ValueError(f"MODEL: {next(iter(model.blocks))} is a construct with indicators, and paths takes observed "
                         "variables. Make scales first (Moments.scales), or use pt.pls.")
    if not model.regressions:
        raise ValueError("MODEL: it has no regression; add a line such as `Satisfaction ~ Quality`.")
    regressions = _one_spelling(model.regressions)
    terms = list(dict.fromkeys(term for outcome, given in regressions.items() for term in (*given, outcome)))
    products = [term for term in terms if ":" in term]
    if square := [term for term in products if len(set(term.split(":"))) < 2]:
        raise ValueError(f"MODEL: {square[0]} multiplies a variable by itself; add a column for its square to the data.")
    variables = list(dict.fromkeys(name for term in terms for name in term.split(":")))
    return variables, products, regressions


def _one_spelling(regressions):
    """The regressions with every product spelt as it was first: B:A is A:B."""
    first, spelt = {}, {}
    for outcome, given in regressions.items():
        spelt[outcome] = tuple(first.setdefault(frozenset(term.split(":")), term) for term in given)
        if twice := [term for term in spelt[outcome] if spelt[outcome].count(term) > 1]:
            raise ValueError(f"MODEL: the arrow {twice[0]} → {outcome} was written twice.")
    return spelt


def path_model(moments, variables, products, regressions, standardized):
    """A ``PathModel`` for moments whose names are ``variables`` and then ``products``, perhaps with factors swapped.

    Raises
    ------
    ValueError
        Products in moments that do not hold what their effects need: the means of the factors, in the units of the product.
    """
    if products:
        _refuse_without_means(moments, products[0])
    names = (*variables, *products)
    at = {name: number for number, name in enumerate(names)}
    mean, cov, n = moments.mean.to_numpy(), moments.cov.to_numpy(), moments.n
    variance = np.diag(cov) * (1 - 1 / n if n else 1)
    binary = np.abs(variance + mean**2 - mean) < 1e-9 * mean  # the sum of squares is the sum, as of zeros and ones
    factors = {at[product]: tuple(at[name] for name in product.split(":")) for product in products}
    return PathModel(names, Equations(names, regressions), factors, mean, np.sqrt(np.diag(cov)), binary & (mean < 1),
                     standardized)


def _refuse_without_means(moments, product):
    why = None
    if moments.source == NO_SPREADS:
        why = f"a table of correlations alone does not tell how {product} is spread beside its factors; give sd and mean"
    elif moments.source == NO_MEANS:
        why = "the table has none; give mean to from_correlations, zeros where variables were centred before multiplying"
    elif moments._part:
        why = f"a {moments._part} part does not keep them; use the whole moments, or pt.regress for the coefficients alone"
    if why:
        raise ValueError(f"MODEL: with {product}, effects are taken at the variables' means, and {why}.")
