"""What follows from a PLS model's weights: loadings, paths, explained shares, effects; for one fit or for thousands.

All that a fit reports lies side by side in one row of numbers, so that a bootstrap resamples all of it at once.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from pebbletrail.models.pls.structure import Structure
from pebbletrail.models.pls.weights import refuse_unsettled, search
from pebbletrail.models.routes import along, traced
from pebbletrail.models.solve import solved

SCHEMES = ("centroid", "factorial", "path")


@dataclass(frozen=True, eq=False)
class Fits:
    """B fits of one structure, NaN where the weights did not settle."""

    W: np.ndarray  # (B, constructs, indicators)
    crossed: np.ndarray  # (B, constructs, indicators): correlations of every score with every indicator
    C: np.ndarray  # (B, constructs, constructs)
    paths: np.ndarray  # (B, arrows)
    r2: np.ndarray  # (B, outcomes)
    rounds: np.ndarray  # (B,)
    turned: np.ndarray  # (B, constructs): whether a score was turned round to point where ``toward`` points


@dataclass(frozen=True, eq=False)
class Fitter:
    """How a structure is fitted."""

    structure: Structure
    scheme: str
    tolerance: float
    iterations: int

    def fit(self, R, toward=None):
        """``Fits`` of the correlation matrices ``R (B, p, p)``.

        ``toward``, the loadings (constructs, indicators) of the fit to all rows, says where each construct is to point; by
        default a construct points where the sum of its loadings does.
        """
        found = search(R, self.structure, self.scheme, self.tolerance, self.iterations)
        if len(R) == 1 and toward is None:
            refuse_unsettled(found, self.structure, self.iterations)
        crossed = found.W @ R
        inside = self.structure.inside
        own = np.where(inside, crossed, 0.0).sum(axis=2)
        aim = own if toward is None else (crossed * np.where(inside, toward, 0.0)).sum(axis=2)
        sign = np.where(aim < 0, -1.0, 1.0)
        W, crossed = found.W * sign[:, :, None], crossed * sign[:, :, None]
        C = crossed @ W.swapaxes(1, 2)
        at = np.arange(C.shape[1])
        C[:, at, at] = np.where(np.isnan(C[:, at, at]), np.nan, 1.0)
        paths, r2 = self._regressed(C)
        return Fits(W, crossed, C, paths, r2, found.rounds, own * sign < 0)

    def one(self, R):
        """The fit of one matrix, or an error that says why there is none."""
        refuse_collinear_blocks(R, self.structure)
        return self.fit(R[None])

    def _regressed(self, C):
        paths, r2 = [], []
        for outcome, predictors in self.structure.regressions.items():
            at, to = [self.structure.names.index(name) for name in predictors], self.structure.names.index(outcome)
            b = solved(C[:, np.array(at)[:, None], at], C[:, at, to])
            if len(C) == 1 and np.isnan(b).any() and not np.isnan(C).any():
                raise ValueError(f"MODEL: the predictors of {outcome} ({', '.join(predictors)}) are collinear.")
            paths.append(b)
            r2.append((b * C[:, at, to]).sum(axis=1))
        return np.concatenate(paths, axis=1), np.stack(r2, axis=1)


def refuse_collinear_blocks(R, structure):
    for (name, block), at in zip(structure.blocks.items(), structure.columns, strict=True):
        if structure.modes[name] == "B" and np.linalg.matrix_rank(R[np.ix_(at, at)], tol=1e-8) < len(at):
            raise ValueError(f"MODEL: the indicators of {name} ({', '.join(block)}) are collinear, so Mode B has no "
                             "single set of weights; take one away or use =~.")


def correlations(products):
    """Correlation matrices from matrices of sums of squares and products; NaN throughout where something does not vary."""
    size = np.sqrt(np.maximum(np.einsum("bii->bi", products), 0))
    with np.errstate(divide="ignore", invalid="ignore"):
        R = products / (size[:, :, None] * size[:, None])
    R[~(size > 0).all(axis=1)] = np.nan
    at = np.arange(R.shape[1])
    R[:, at, at] = np.where(np.isnan(R[:, at, at]), np.nan, 1.0)
    return R


@dataclass(frozen=True, eq=False)
class Numbers:
    """The row of numbers that a fit reports, and where each kind of them stands in it.

    Attributes
    ----------
    structure : Structure
        With its interactions, whose products are left out of weights, loadings and heterotrait ratios.
    """

    structure: Structure

    @cached_property
    def effects(self):
        """Along arrows between constructs; those of a product's factors then hold where the other factor is at its mean."""
        return traced([arrow for arrow in self.structure.arrows if ":" not in arrow[0]])

    @cached_property
    def _plain(self):
        return [number for number, (name, _) in enumerate(self.structure.arrows) if ":" not in name]

    @cached_property
    def belongs(self):
        """``(constructs, indicators)`` of what is reported, as positions, in the order of the blocks."""
        real = np.array([":" not in name for name in self.structure.names])
        return np.nonzero(self.structure.inside & real[:, None])

    @cached_property
    def slopes(self):
        """``(source, target, moderator, value)`` of each conditional slope: at the moderator's mean and a deviation off."""
        return [(source, outcome, moderator, value) for product, outcome in self.structure.arrows if ":" in product
                for source, moderator in (product.split(":"), product.split(":")[::-1]) for value in (-1.0, 0.0, 1.0)]

    @cached_property
    def parts(self):
        """Name of a kind to its slice of the row."""
        s = self.structure
        sizes = {"paths": len(s.arrows), "effects": len(self.effects), "r2": len(s.regressions),
                 "weights": len(self.belongs[0]), "loadings": len(self.belongs[0]), "htmt": len(s.pairs),
                 "slopes": len(self.slopes)}
        ends = np.cumsum(list(sizes.values()))
        return {name: slice(end - size, end) for (name, size), end in zip(sizes.items(), ends, strict=True)}

    def of(self, fits, R, spreads=None):
        """The rows ``(B, numbers)`` of some fits; ``spreads (B, constructs)`` is a product's standard deviation, else 1."""
        s, paths = self.structure, fits.paths
        if spreads is not None:  # a product is a product of standardised scores, and not standardised again
            paths = paths / spreads[:, [s.names.index(name) for name, _ in s.arrows]]
        rows, columns = self.belongs
        return np.concatenate([paths, along(self.effects, paths[:, self._plain]), fits.r2, fits.W[:, rows, columns],
                               fits.crossed[:, rows, columns], heterotrait(R, s), self._conditional(paths)], axis=1)

    def _conditional(self, paths):
        number = {arrow: at for at, arrow in enumerate(self.structure.arrows)}
        found = np.empty((len(paths), len(self.slopes)))
        for column, (source, outcome, moderator, value) in enumerate(self.slopes):
            added = paths[:, number[self._product(source, moderator), outcome]]
            found[:, column] = paths[:, number[source, outcome]] + value * added
        return found

    def _product(self, source, moderator):
        return next(name for name in self.structure.products if set(name.split(":")) == {source, moderator})


def heterotrait(R, structure):
    """Heterotrait-monotrait ratios of each pair of constructs, ``(B, pairs)``, from absolute correlations.

    The mean correlation of items of two constructs, over the geometric mean of the mean correlations of items within each
    (Henseler, Ringle & Sarstedt 2015, here with absolute correlations, so that items coded backwards do not hide what they
    share); a single item correlates with itself at 1. NaN with a block of Mode B, whose items need not agree.
    """
    size, at = np.abs(R), dict(zip(structure.names, structure.columns, strict=True))

    def within(name):
        i, j = np.triu_indices(len(at[name]), k=1)
        return size[:, at[name][i], at[name][j]].mean(axis=1) if len(i) else np.ones(len(R))

    inner = {name: within(name) for name in structure.names if ":" not in name}
    with np.errstate(divide="ignore", invalid="ignore"):
        found = [size[:, at[a][:, None], at[b]].mean(axis=(1, 2)) / np.sqrt(inner[a] * inner[b]) for a, b in structure.pairs]
    formed = [len(at[name]) > 1 and structure.modes[name] == "B" for name in structure.names]
    formed = {name for name, one in zip(structure.names, formed, strict=True) if one}
    found = [np.full(len(R), np.nan) if {a, b} & formed else one
             for (a, b), one in zip(structure.pairs, found, strict=True)]
    return np.stack(found, axis=1) if found else np.zeros((len(R), 0))
