"""The regressions of an observed path model, fitted from covariances, with the errors of their coefficients.

A coefficient b of the outcome y is a function of the covariance matrix S. Its derivative in the direction dS is
v' dS u, where v holds the predictor's row of the inverse of the predictors' covariances and u the weights that make the
residual (1 for the outcome, −b for the predictors). Sampling errors of S therefore carry over to every coefficient and,
jointly, to coefficients of different equations; and a standardised coefficient b · sd(x) / sd(y) only adds the derivatives
of the two standard deviations. This is what makes the errors those of a *correlation* structure.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from pebbletrail.models.cluster import ALONE, resting_on
from pebbletrail.models.solve import inverse, solved
from pebbletrail.models.system import EXACT, refuse_constant, system


@dataclass(frozen=True)
class Equations:
    """Regressions among the variables ``names``; ``regressions`` maps an outcome to its predictors."""

    names: tuple
    regressions: dict

    @cached_property
    def arrows(self):
        """``(predictor, outcome)`` of every coefficient, in the order in which they are kept."""
        return [(predictor, outcome) for outcome, given in self.regressions.items() for predictor in given]

    @cached_property
    def _places(self):
        at = {name: number for number, name in enumerate(self.names)}
        return [(at[outcome], [at[name] for name in given]) for outcome, given in self.regressions.items()]

    def check(self, moments):
        """Refuse, by name, constant variables, collinear predictors and too few observations."""
        refuse_constant(moments, "MODEL")
        S = moments.cov.to_numpy()
        for (outcome, given), (_, x) in zip(self.regressions.items(), self._places, strict=True):
            needed = len(given) + max(moments.absorbed, 1) + 1
            if moments.n is not None and moments.n < needed:
                raise ValueError(f"data: {moments.n} observations are too few for {outcome} ~ {' + '.join(given)}; "
                                 f"at least {needed} are needed.")
            inverse(S[np.ix_(x, x)], given, "MODEL")

    def alone(self, moments):
        """Which coefficients rest on single groups, so that clustered errors have nothing to go by."""
        names, slopes = moments.names, slice(int(not moments.absorbed), None)
        fits = [system(moments, names[y], [names[one] for one in x], not moments.absorbed) for y, x in self._places]
        return np.concatenate([resting_on(fit)[slopes] < ALONE for fit in fits])

    def coefficients(self, S):
        """Coefficients ``(…, arrows)`` of covariance matrices ``S (…, p, p)``; NaN where predictors are collinear."""
        return np.concatenate([solved(S[..., x, :][..., x], S[..., x, y]) for y, x in self._places], axis=-1)

    def explained(self, S):
        """Share of each outcome's variance that is explained, ``(…, outcomes)``."""
        shares = []
        for y, x in self._places:
            b = solved(S[..., x, :][..., x], S[..., x, y])
            shares.append(np.sum(b * S[..., x, y], axis=-1) / S[..., y, y])
        return np.stack(shares, axis=-1)

    def scale(self, sd):
        """sd(predictor) / sd(outcome) of every arrow, ``(…, arrows)``, from standard deviations ``(…, p)``."""
        return np.concatenate([sd[..., x] / sd[..., [y]] for y, x in self._places], axis=-1)

    def free(self, n, means=1):
        """Degrees of freedom that each coefficient's equation leaves in ``n`` observations after ``means`` means."""
        return np.concatenate([np.full(len(x), n - len(x) - means) for _, x in self._places])

    def gradients(self, S, standardized=False):
        """``(arrows, p, p)``: symmetric G with d b = tr(G dS), for each coefficient."""
        found, p = [], len(S)
        scale = self.scale(np.sqrt(np.diag(S))) if standardized else np.ones(len(self.arrows))
        for y, x in self._places:
            V = np.zeros((len(x), p))
            V[:, x] = np.linalg.inv(S[np.ix_(x, x)])
            b = V[:, x] @ S[x, y]
            u = np.zeros(p)
            u[y], u[x] = 1, -b
            for place, row, weight in zip(x, V, b, strict=True):
                G = (np.outer(row, u) + np.outer(u, row)) / 2
                if standardized:
                    G[place, place] += weight / (2 * S[place, place])
                    G[y, y] -= weight / (2 * S[y, y])
                found.append(G)
        return np.array(found) * scale[:, None, None]


def normal_covariance(gradients, S, n, free):
    """Covariance (arrows, arrows) of coefficients when the observations are normal and independent.

    n · cov(S_ij, S_kl) = S_ik S_jl + S_il S_jk, so that cov(tr G S, tr H S) = 2 tr(G S H S) / n. The factor n / free gives
    an unstandardised coefficient exactly its least-squares error.
    """
    B = gradients @ S
    correct = np.where(_exact(gradients, S), 0.0, np.sqrt(n / free))
    return 2 * np.einsum("kij,lji->kl", B, B) / n * np.outer(correct, correct)


def _exact(gradients, S):
    """Which coefficients have no error, as far as the digits can tell: those of a fit without residuals."""
    B, most = gradients @ S, np.abs(gradients) @ np.abs(S)
    return np.einsum("kij,kji->k", B, B) <= EXACT * np.einsum("kij,kji->k", most, most)


def cluster_covariance(gradients, moments, rows, groups, free):
    """Covariance (arrows, arrows) of coefficients when only groups are independent (CR1); gradients at ``moments.cov``.

    ``rows`` and ``groups`` are N and G of the factor, ``free`` is N − K.
    """
    n, mean, products = moments._whole()
    divisor = n - max(moments.absorbed, 1)  # that of the covariances at which the gradients were taken
    sizes, away = moments._sizes.astype(float), moments._means - mean
    sums = moments._products + sizes[:, None, None] * away[:, :, None] * away[:, None, :]
    # what a group's sums have beyond its share of all sums would count alone; that share moves no coefficient, tr(G S) = 0
    scores = np.einsum("kij,gij->gk", gradients, sums) / divisor
    exact = _exact(gradients, products / divisor)
    correct = np.where(exact, 0.0, np.sqrt(groups / (groups - 1) * (rows - 1) / free))
    return scores.T @ scores * np.outer(correct, correct)
