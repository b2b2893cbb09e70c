"""Simulated studies of mediation: of each are kept the few numbers from which both steps follow for any a and b."""

import math
from dataclasses import dataclass, replace

import numpy as np

from pebbletrail.models.planning.designs import Simulated, fewest_who_start, staying

REPLICATES, WIDTHS = 999, 250  # draws of the coefficients for a Monte Carlo interval; studies of a batch that get one
TAIL = 0.025
SHORT = 0.055  # false alarms above which it is said that the interval is too short


@dataclass(frozen=True)
class Mediation(Simulated):
    """x acts on y through m; all three have standard deviation 1.

    The two regressions' estimates and residual variances are drawn as they are spread (normal and χ² variables, given the
    predictors). The interval is the Monte Carlo one of ``pt.paths``. It excludes 0 where the product of two normal variables
    about a and b lies beyond 0 with probability below 2.5 %, which has a closed form: what infinitely many replicates give.
    """

    a: float
    b: float
    direct: float
    dropout: float
    most = 10**7
    step = 1
    least = "five people whose values are known"
    counted = "people"

    @classmethod
    def of(cls, a, b, direct, dropout):
        made = cls(a, b, direct, dropout)
        if not made._left > 0:
            raise ValueError(f"a, b, direct: {a:g}, {b:g} and {direct:g} cannot go together as standardised paths: they "
                             "would explain all of y's variance or more.")
        return made

    @property
    def effect(self):
        return self.a * self.b

    @property
    def largest(self):
        """The largest indirect effect with a and b in the same proportion that leaves m and y some variance of their own."""
        if self.effect == 0:
            return 0.0
        low, high = 0.0, (1 - 1e-9) / max(abs(self.a), abs(self.b))
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if self._times(middle)._left > 0 else (low, middle)
        return low**2 * abs(self.effect)

    @property
    def _left(self):
        return 1 - (self.b**2 + self.direct**2 + 2 * self.a * self.b * self.direct)

    def _times(self, factor):
        return replace(self, a=self.a * factor, b=self.b * factor)

    @property
    def fewest(self):
        return fewest_who_start(5, self.dropout)

    def cells(self, size):
        return 8

    def draw(self, rng, size, draws):
        """``(draws, 7)``: the error of a, x's and m's residual sums of squares, the error of b, y's residual sum of squares,
        all in units of their spread; n; and half the width of the interval, NaN after the first 250 studies."""
        from pebbletrail.models.intervals import percentile

        n = staying(size, self.dropout)
        of_a, of_b = rng.standard_normal((2, draws))
        x, m, y = (rng.chisquare(n - lost, draws) for lost in (1, 2, 3))
        studies = np.column_stack([of_a, x, m, of_b, y, np.full(draws, n), np.full(draws, np.nan)])
        (a, se_a), (b, se_b) = self._estimates(studies[:WIDTHS])
        first, second = rng.standard_normal((2, REPLICATES, len(a)))
        low, high = percentile((a + se_a * first) * (b + se_b * second))
        studies[:WIDTHS, 6] = (high - low) / 2
        return studies

    def _estimates(self, studies):
        """``((a, its error), (b, its error))``, each ``(draws,)``."""
        of_a, x, m, of_b, y, n = studies.T[:6]
        own_m, own_y = math.sqrt(1 - self.a**2), math.sqrt(self._left)
        rest = own_m * np.sqrt(m)  # what of m x leaves, as the root of its sum of squares
        return ((self.a + own_m * of_a / np.sqrt(x), own_m * np.sqrt(m / (n - 2) / x)),
                (self.b + own_y * of_b / rest, own_y * np.sqrt(y / (n - 3)) / rest))

    def found(self, studies, effect):
        """Whether each study's interval excludes 0, ``(draws,)``.

        Another ``effect`` changes a and b in proportion; no effect is b at 0 and a as it is assumed.
        """
        from scipy.special import ndtr

        if effect == self.effect:
            world = self  # an effect of 0 too, whichever of a and b it comes from
        else:
            world = replace(self, b=0.0) if effect == 0 else self._times(math.sqrt(effect / self.effect))
        (a, se_a), (b, se_b) = world._estimates(studies)
        below_a, below_b = ndtr(-a / se_a), ndtr(-b / se_b)
        below = below_a * (1 - below_b) + (1 - below_a) * below_b  # the product is below 0 where one factor is
        return (below < TAIL) | (below > 1 - TAIL)

    def half_widths(self, studies, effect):
        return studies[np.isfinite(studies[:, 6]), 6]

    def said_size(self, size):
        return f"{size:,} people"

    def said_effect(self, effect):
        return f"an indirect effect of {effect}"

    def remarks(self, size, alarms, surely):
        told = ["Stronger and weaker indirect effects are taken to have a and b in the same proportion."]
        if surely > SHORT:
            told.append(f"With so few people this interval comes out too short: about {100 * alarms:.0f} of 100 such "
                        "studies would claim an indirect effect where there is none, not 5.")
        return told
