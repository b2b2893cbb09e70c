"""A PLS model fitted to data: at one go, or, with an interaction, in two stages.

Either way everything that a fit reports comes as one row of numbers, for the whole data and for any resample of it.
"""

from dataclasses import dataclass, replace

import numpy as np

from pebbletrail.models.draws import DRAWS, counted_draws
from pebbletrail.models.pls.fit import Fitter, Numbers, correlations
from pebbletrail.models.replicates import SumsJob, units_of
from pebbletrail.moments.design import design
from pebbletrail.progress import Progress

AT_ONCE = 512  # replicates fitted side by side
HELD = 2**20  # numbers in one block of weights of rows


@dataclass(frozen=True, eq=False)
class Whole:
    """A model fitted to the whole data: the fits of its stages (one or two), the correlations of the last, all numbers."""

    stages: tuple
    R: np.ndarray
    values: np.ndarray

    @property
    def fit(self):
        return self.stages[-1]

    @property
    def toward(self):
        """The loadings that say where each stage's constructs point."""
        return tuple(stage.crossed[0] for stage in self.stages)

    @property
    def rounds(self):
        return int(sum(stage.rounds[0] for stage in self.stages))


@dataclass(frozen=True, eq=False)
class OneStage:
    """A model without interactions: a correlation matrix is all it needs."""

    fitter: Fitter
    numbers: Numbers

    def whole(self, moments):
        R = moments.select(self.fitter.structure.indicators).cor.to_numpy()
        fit = self.fitter.one(R)
        return Whole((fit,), R, self.numbers.of(fit, R[None])[0])

    def without(self, *arrows):
        """The model without some arrows; None where no arrow is left."""
        left = self.fitter.structure.without(*arrows)
        return None if left is None else OneStage(replace(self.fitter, structure=left), Numbers(left))

    def job(self, data, by, whole):
        units, _ = units_of(data, self.fitter.structure.indicators, by)
        return SumsJob(units, OfSums(self, whole))


@dataclass(frozen=True, eq=False)
class OfSums:
    """The numbers of replicates' moments, and whether a construct was turned: what ``SumsJob`` evaluates."""

    model: OneStage
    whole: Whole
    at_once = AT_ONCE

    def __call__(self, sizes, means, products):
        R = correlations(products)
        fits = self.model.fitter.fit(R, self.whole.toward[0])
        return _complete(self.model.numbers.of(fits, R), _turned(fits), self.whole.values)


def _complete(values, turned, whole):
    """The replicates' rows and a mark, NaN throughout where a number is missing that the whole data has.

    A resample in which a part cannot be computed counts nowhere. What the whole data does not have either is 0.
    """
    defined = np.isfinite(whole)
    rows = np.column_stack([np.where(defined, values, 0.0), turned])
    rows[~np.isfinite(rows).all(axis=1)] = np.nan
    return rows


def _turned(*stages):
    return np.any([stage.turned.any(axis=1) for stage in stages], axis=0)


@dataclass(frozen=True, eq=False)
class TwoStages:
    """A model with interactions, whose products need rows.

    The first stage fits the model without them; its scores, standardised, are multiplied row by row. The second stage fits
    the whole model with each product as a construct of one indicator (Henseler & Chin 2010). A product's path is per unit
    of the product of standardised scores, which is not standardised again.

    Attributes
    ----------
    first, second : Fitter
    numbers : Numbers
        Of the second stage.
    Z : array (rows, indicators)
        Measured from their means.
    group : array (rows,)
        What is resampled whole: each row's group, or its own number.
    """

    first: Fitter
    second: Fitter
    numbers: Numbers
    Z: np.ndarray
    group: np.ndarray

    @classmethod
    def of(cls, data, first, second, numbers, by=None):
        made = design(data, first.structure.indicators, by)
        rows = np.arange(len(made.values)) if by is None else np.unique(made.group, return_inverse=True)[1]
        return cls(first, second, numbers, made.values - made.values.mean(axis=0), rows)

    def whole(self, moments):
        _ = moments.cor  # refuses, with its name, an indicator that does not vary
        stages, R, values = self._fit(np.ones((1, len(self.Z))), None)
        return Whole(stages, R[0], values[0])

    def without(self, *arrows):
        """The model without some arrows, in one stage where they were its interactions; None where no arrow is left."""
        left = self.second.structure.without(*arrows)
        if left is None or not left.products:
            return None if left is None else OneStage(replace(self.second, structure=left), Numbers(left))
        plain, place = left.plain(), {name: at for at, name in enumerate(self.first.structure.indicators)}
        return TwoStages(replace(self.first, structure=plain), replace(self.second, structure=left), Numbers(left),
                         self.Z[:, [place[name] for name in plain.indicators]], self.group)

    def job(self, data, by, whole):
        if self.group.max() < 1:
            raise ValueError(f"by: {by!r} has one group only; at least two are needed to resample.")
        return TwoStageJob(self, whole)

    def _fit(self, weights, toward):
        """Stages, correlations and numbers where row i counts ``weights[b, i]`` times in replicate b."""
        total = weights.sum(axis=1)
        mean = weights @ self.Z / total[:, None]
        S = np.stack([(row[:, None] * self.Z).T @ self.Z for row in weights]) / total[:, None, None]
        S -= mean[:, :, None] * mean[:, None]
        R = correlations(S.copy())
        first = self.first.one(R[0]) if toward is None else self.first.fit(R, toward[0])
        products = self._products(first, S, mean)
        S = _with_products(S, mean, self.Z, products, weights / total[:, None])
        R = correlations(S)
        second = self.second.one(R[0]) if toward is None else self.second.fit(R, toward[1])
        spreads = np.ones((len(weights), len(self.second.structure.names)))
        spreads[:, -len(products):] = np.sqrt(np.maximum(np.einsum("bii->bi", S)[:, -len(products):], 0))
        return (first, second), R, self.numbers.of(second, R, spreads)

    def _products(self, first, S, mean):
        """Each row's product of two standardised scores, one array ``(B, rows)`` an interaction."""
        with np.errstate(divide="ignore", invalid="ignore"):
            per_unit = first.W / np.sqrt(np.einsum("bii->bi", S))[:, None]
        at = {name: number for number, name in enumerate(self.first.structure.names)}

        def score(name):
            weight = per_unit[:, at[name]]
            return weight @ self.Z.T - (weight * mean).sum(axis=1)[:, None]

        return [score(a) * score(b) for a, b in (product.split(":") for product in self.second.structure.products)]


def _with_products(S, mean, Z, products, share):
    """Covariances of the indicators and the products; ``share (B, rows)`` are the rows' weights, which sum to 1."""
    p, q = S.shape[1], len(products)
    full = np.empty((len(S), p + q, p + q))
    full[:, :p, :p] = S
    centre = [(share * one).sum(axis=1) for one in products]
    for i in range(q):
        full[:, p + i, :p] = full[:, :p, p + i] = (share * products[i]) @ Z - centre[i][:, None] * mean
        for j in range(i + 1):
            shared = np.einsum("bi,bi,bi->b", share, products[i], products[j]) - centre[i] * centre[j]
            full[:, p + i, p + j] = full[:, p + j, p + i] = shared
    return full


@dataclass(frozen=True, eq=False)
class TwoStageJob:
    """Resamples of rows, or of whole groups of rows, for ``collect``."""

    model: TwoStages
    whole: Whole

    def __len__(self):
        return int(self.model.group.max()) + 1

    def layout(self, replicates):
        rows = len(self.model.Z)
        size = max(1, min(AT_ONCE, DRAWS // rows, HELD // rows))
        return [min(size, replicates - start) for start in range(0, replicates, size)]

    def batch(self, seed, size):
        drawn = counted_draws(np.random.default_rng(seed), np.full(size, len(self)), len(self)).astype(float)
        return self._numbers(drawn[:, self.model.group])

    def _numbers(self, weights):
        stages, _, values = self.model._fit(weights, self.whole.toward)
        return _complete(values, _turned(*stages), self.whole.values)

    def influences(self):
        """What each unit's absence moves, times one less than the units: the jackknife's empirical influence."""
        whole, group = self._numbers(np.ones((1, len(self.model.Z)))), self.model.group
        step = max(1, min(AT_ONCE, HELD // len(group)))
        with Progress(len(self), "rows or groups left out") as progress:
            for start in range(0, len(self), step):
                left_out = np.arange(start, min(start + step, len(self)))
                moved = (len(self) - 1) * (whole - self._numbers((group != left_out[:, None]).astype(float)))
                progress.add(len(left_out))
                yield moved[np.isfinite(moved[:, -1])]  # without some units there may be no fit: these tell nothing
