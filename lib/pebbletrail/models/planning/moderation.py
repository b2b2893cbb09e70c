"""Simulated studies of moderation: of each are kept the few numbers from which the interaction follows for any slopes."""

import math
from dataclasses import dataclass

import numpy as np

from pebbletrail.models.planning.designs import Simulated, critical, fewest_who_start, staying


def kept_of_rows(x, w, e, measured_x, measured_w):
    """What is kept of studies' rows, all ``(draws, n)``; ``e`` are the outcome's residuals, in units of their spread.

    Returns
    -------
    array (draws, 21)
        The weights that make the product's coefficient in the regression on measured x, w and x·w out of the true slopes of
        x, w and x·w and the residual spread (4); the same for the residual sum of squares, a quadratic form (16); and the
        factor that makes the squared reach of the interval of that sum.
    """
    draws, n = x.shape
    true = np.stack([x, w, x * w, e], axis=1)
    seen = np.stack([np.ones(x.shape), measured_x, measured_w, measured_x * measured_w], axis=1)
    other = seen.transpose(0, 2, 1)
    bread, cross = np.linalg.inv(seen @ other), true @ other
    weights = cross @ bread
    left = true @ true.transpose(0, 2, 1) - weights @ cross.transpose(0, 2, 1)
    factor = critical(n - 4) ** 2 / (n - 4) * bread[:, 3, 3]
    return np.column_stack([weights[:, :, 3], left.reshape(draws, 16), factor])


def kept_of_predictors(rng, x, w):
    """The same of x and w that are measured without error: given these, the rest is drawn as it is spread, without rows."""
    draws, n = x.shape
    seen = np.stack([np.ones(x.shape), x, w, x * w], axis=1)
    own = np.linalg.inv(seen @ seen.transpose(0, 2, 1))[:, 3, 3]
    weights, left = np.zeros((draws, 4)), np.zeros((draws, 16))
    weights[:, 2], weights[:, 3] = 1, np.sqrt(own) * rng.standard_normal(draws)
    left[:, 15] = rng.chisquare(n - 4, draws)
    return np.column_stack([weights, left, critical(n - 4) ** 2 / (n - 4) * own])


@dataclass(frozen=True)
class Moderation(Simulated):
    """x and w normal, the outcome a linear function of x, w and x·w with normal residuals; classical errors.

    Reliabilities below 1 add measurement error to x and w, so that the analysis sees less of the interaction than there is.
    """

    effect: float | None
    sd: float
    correlation: float
    slope_x: float
    slope_w: float
    reliability_x: float
    reliability_w: float
    dropout: float
    most = 50_000
    step = 1
    least = "six people whose values are known"
    counted = "people"

    @classmethod
    def of(cls, **given):
        made = cls(**given)
        if not made._left(made.effect or 0.0) > 0:
            raise ValueError(f"effect, slope_x, slope_w: together they would explain all that the outcome varies by sd = "
                             f"{made.sd:g}, or more; give a larger sd, or smaller slopes.")
        return made

    def _left(self, effect):
        """The outcome's variance that x, w and x·w leave."""
        explained = self.slope_x**2 + self.slope_w**2 + 2 * self.correlation * self.slope_x * self.slope_w
        return self.sd**2 - explained - effect**2 * (1 + self.correlation**2)

    @property
    def largest(self):
        return math.sqrt(self._left(0.0) / (1 + self.correlation**2)) * (1 - 1e-9)

    @property
    def fewest(self):
        return fewest_who_start(6, self.dropout)

    def cells(self, size):
        return 10 * size

    def draw(self, rng, size, draws):
        """``(draws, 21)``, see ``kept_of_rows``."""
        shape = draws, staying(size, self.dropout)
        x, w = rng.standard_normal((2, *shape))
        w = self.correlation * x + math.sqrt(1 - self.correlation**2) * w
        if self.reliability_x == self.reliability_w == 1:
            return kept_of_predictors(rng, x, w)
        e = rng.standard_normal(shape)
        measured = [one if reliability == 1 else one + math.sqrt(1 / reliability - 1) * rng.standard_normal(shape)
                    for one, reliability in ((x, self.reliability_x), (w, self.reliability_w))]
        return kept_of_rows(x, w, e, *measured)

    def _estimates(self, studies, effect):
        """``(estimate, reach of the interval)``, each ``(draws,)``."""
        made_of = np.array([self.slope_x, self.slope_w, effect, math.sqrt(self._left(effect))])
        squares = np.maximum(studies[:, 4:20] @ np.outer(made_of, made_of).ravel(), 0)
        return studies[:, :4] @ made_of, np.sqrt(studies[:, 20] * squares)

    def found(self, studies, effect):
        """Whether each study's interval excludes 0, ``(draws,)``."""
        estimate, reach = self._estimates(studies, effect)
        return np.abs(estimate) > reach

    def half_widths(self, studies, effect):
        return self._estimates(studies, effect or 0.0)[1]

    @property
    def shrinking(self):
        """What share of the interaction the measured x and w show on average (Bohrnstedt & Marwell 1978)."""
        squared = self.correlation**2
        return (1 + squared) / (1 / (self.reliability_x * self.reliability_w) + squared)

    def said_size(self, size):
        return f"{size:,} people"

    def said_effect(self, effect):
        return f"an interaction of {effect} (x's slope per standard deviation of w)"

    def remarks(self, size, alarms, surely):
        if self.shrinking == 1:
            return []
        return [f"Because x and w are measured with error, the estimate would average {100 * self.shrinking:.0f} % of the "
                "interaction; better measures would do with fewer people."]
