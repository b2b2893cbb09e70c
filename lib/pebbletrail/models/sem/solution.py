"""A fitted structural equation model: every quantity that follows from its unknowns, with errors, as tables."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from pebbletrail.models.routes import along, traced
from pebbletrail.models.sem.fit import implied

NUMBERS = ["estimate", "se", "statistic", "p_value", "ci_low", "ci_high", "standardized"]
STEP = 1e-20  # of the complex step, whose derivatives are exact to the last digit


@dataclass(frozen=True)
class Solution:
    """The values of a ``SemModel``'s unknowns for correlations, and their covariance (None where there is no n).

    ``sd`` turns units back: the standard deviations of the indicators, in the order of ``model.items``.
    """

    model: object  # SemModel
    values: np.ndarray
    V: np.ndarray | None
    sd: np.ndarray
    standardized: bool

    @cached_property
    def effects(self):
        return traced(self.model.arrows)

    @cached_property
    def _places(self):
        """Row and column numbers of each kind's quantities."""
        model = self.model
        f = {name: number for number, name in enumerate(model.constructs)}
        y = {name: number for number, name in enumerate(model.items)}
        return {
            "loadings": np.array([(y[item], f[name]) for name, item in model.loadings]).T,
            "paths": np.array([(f[b], f[a]) for a, b in model.arrows], dtype=int).reshape(-1, 2).T,
            "pairs": np.array([(f[a], f[b]) for a, b in model.covariances], dtype=int).reshape(-1, 2).T,
            "error pairs": np.array([(y[a], y[b]) for a, b in model.errors], dtype=int).reshape(-1, 2).T,
            "effects": np.array([(f[one.target], f[one.source]) for one in self.effects], dtype=int).reshape(-1, 2).T,
        }

    def quantities(self, values):
        """Everything, ``(2, quantities)``: in the units of the correlations, and standardised.

        Loadings, paths, the constructs' and the indicators' remaining variances, their covariances, effects.
        """
        L, B, P, T = matrices = self.model.matrices(values)
        S, C = implied(matrices)
        with np.errstate(invalid="ignore"):  # a negative variance has no root, and what hangs on it no standardised value
            f, y, d, e = (_root(np.diag(one)) for one in (C, S, P, T))
        (lr, lc), (pr, pc), (ar, ac), (br, bc), _ = self._places.values()
        raw, scaled = (along(self.effects, one) for one in (B[pr, pc], B[pr, pc] * f[pc] / f[pr]))
        variances = [np.diag(P), np.diag(T)]
        own = [L[lr, lc], B[pr, pc], *variances, P[ar, ac], T[br, bc], raw]
        standard = [L[lr, lc] * f[lc] / y[lr], B[pr, pc] * f[pc] / f[pr], np.diag(P) / np.diag(C), np.diag(T) / np.diag(S),
                    P[ar, ac] / (d[ar] * d[ac]), T[br, bc] / (e[br] * e[bc]), scaled]
        return np.array([np.concatenate(own), np.concatenate(standard)])

    @cached_property
    def _units(self):
        """What each quantity is multiplied by to stand in the data's own units."""
        first = [self.model.items.index(block[0]) for block in self.model.blocks.values()]
        f, y = self.sd[first], self.sd
        (lr, lc), (pr, pc), (ar, ac), (br, bc), (er, ec) = self._places.values()
        return np.concatenate([y[lr] / f[lc], f[pr] / f[pc], f**2, y**2, f[ar] * f[ac], y[br] * y[bc], f[er] / f[ec]])

    @cached_property
    def numbers(self):
        """The ``NUMBERS`` of every quantity; what is fixed has no error."""
        from scipy.special import ndtr, ndtri

        own, standard = self.quantities(self.values)
        units = np.ones(len(own)) if self.standardized else self._units
        estimates = standard if self.standardized else own * units
        if self.V is None:
            se = np.full(len(own), np.nan)
        else:
            J = self._slopes()[int(self.standardized)]
            se = np.sqrt(np.maximum(np.einsum("qi,ij,qj->q", J, self.V, J), 0))
            se = np.where(se > 1e-9 * np.maximum(1, np.abs(estimates / units)), se * units, np.nan)
        statistic, half = estimates / se, se * ndtri(0.975)
        return pd.DataFrame(dict(zip(NUMBERS, [estimates, se, statistic, 2 * ndtr(-np.abs(statistic)), estimates - half,
                                               estimates + half, standard], strict=True)))

    def _slopes(self):
        """How every quantity answers to every unknown, ``(2, quantities, unknowns)``, by complex steps."""
        turned = self.values + 1j * STEP * np.eye(len(self.values))
        return np.stack([self.quantities(one).imag / STEP for one in turned], axis=-1)

    def tables(self):
        """``table, loadings, variances, covariances, effects``, as ``SEM`` holds them."""
        model, seen = self.model, self.model.observed
        ends = np.cumsum([len(model.loadings), len(model.arrows), len(model.constructs), len(model.items),
                          len(model.covariances), len(model.errors), len(self.effects)])
        loadings, paths, constructs, items, pairs, errors, effects = (
            self.numbers.iloc[start:end].reset_index(drop=True) for start, end in zip([0, *ends], ends, strict=False))
        kinds = ["disturbance" if name in model.regressions else "construct" for name in model.constructs]
        kinds += ["error"] * len(model.items)
        met = ["disturbances" if {a, b} & set(model.regressions) else "constructs" for a, b in model.covariances]
        met += ["errors"] * len(model.errors)
        loadings = _beside(loadings, construct=[a for a, _ in model.loadings], indicator=[b for _, b in model.loadings])
        variances = _beside(pd.concat([constructs, items]), term=[*model.constructs, *model.items], kind=kinds)
        own = variances["term"].isin(seen) & (variances["kind"] == "error")  # an observed variable has no error to speak of
        return {
            "table": _beside(paths, outcome=[b for _, b in model.arrows], predictor=[a for a, _ in model.arrows]),
            "loadings": loadings[~loadings["construct"].isin(seen)].reset_index(drop=True),
            "variances": variances[~own].reset_index(drop=True),
            "covariances": _beside(pd.concat([pairs, errors]), first=[a for a, _ in (*model.covariances, *model.errors)],
                                   second=[b for _, b in (*model.covariances, *model.errors)], kind=met),
            "effects": _beside(effects, source=[one.source for one in self.effects],
                               target=[one.target for one in self.effects], via=[one.via for one in self.effects],
                               kind=[one.kind for one in self.effects]),
        }


def reliabilities(model, values):
    """``construct, indicators, omega, ave`` from the standardised loadings; NaN for one indicator, or one that is shared.

    Omega (McDonald 1999; the composite reliability of Fornell & Larcker 1981) is the share of the variance of the sum of
    standardised indicators that the construct explains, AVE the mean of its shares in each indicator. Errors that may go
    together count as error.
    """
    matrices = model.matrices(values)
    S, C = implied(matrices)
    with np.errstate(invalid="ignore"):
        spread = np.sqrt(np.diag(S))
        scaled = matrices[0] * np.sqrt(np.diag(C)) / spread[:, None]
    rows = []
    for column, (name, block) in enumerate(model.blocks.items()):
        if name in model.observed:
            continue
        at = [model.items.index(item) for item in block]
        own = scaled[at, column]
        lone = len(block) == 1 or any(sum(item in other for other in model.blocks.values()) > 1 for item in block)
        noise = (matrices[3] / np.outer(spread, spread))[np.ix_(at, at)].sum()
        rows.append((name, len(block), *((np.nan, np.nan) if lone else (own.sum()**2 / (own.sum()**2 + noise),
                                                                        np.mean(own**2)))))
    return pd.DataFrame(rows, columns=["construct", "indicators", "omega", "ave"])


def _root(values):
    return np.sqrt(np.where(values.real > 0, values, np.nan))


def _beside(numbers, **names):
    numbers = numbers.reset_index(drop=True)
    return pd.concat([pd.DataFrame(names, index=numbers.index, dtype=str), numbers], axis=1)
