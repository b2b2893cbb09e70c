"""Simulated studies: what every design has, and the paired one. Thousands of studies are drawn and analysed at once."""

import math
from dataclasses import dataclass

import numpy as np


class Simulated:
    """What every design has: ``draw`` makes studies, an array with a row each; the rest reads them.

    ``found(studies, effect)`` says whether each study's 95 % interval excludes 0, ``half_widths(studies, effect)`` how far
    it reaches; ``effect`` need not be the one that was assumed. ``fewest`` and ``most`` are the sizes that a plan may have,
    in steps of ``step``, ``largest`` the largest effect that is possible.
    """

    largest = math.inf
    smooth = True  # whether power is a smooth function of ``counts`` even where these are few

    def counts(self, sizes):
        """What the analysis has of each of the ``sizes``, an array: where this stands still, power does."""
        return np.floor(np.asarray(sizes) * (1 - self.dropout) + 1e-9)

    def beside(self, size):
        """What the table says of a size besides."""
        return {}

    def remarks(self, size, alarms, surely):
        """Sentences on what else a reader must know of a size; ``alarms`` is the share that finds what is not there,
        ``surely`` the lower end of its Monte Carlo interval."""
        return []


class Comparison(Simulated):
    """What the designs share that compare means: a study is two numbers, by how much its estimate is off, and how far its
    95 % interval reaches to either side. Both are the same whatever the effect, so that one set of studies serves them all.
    """

    def found(self, studies, effect):
        return np.abs(effect + studies[:, 0]) > studies[:, 1]

    def half_widths(self, studies, effect):
        return studies[:, 1]


@dataclass(frozen=True)
class Paired(Comparison):
    """Each person under both conditions: a t test. The differences' mean and variance are drawn from their distributions."""

    effect: float | None
    sd: float
    dropout: float
    most = 10**7
    step = 1
    least = "three people whose values are both known"
    counted = "people"

    @classmethod
    def of(cls, effect, sd_difference, sd, correlation, dropout):
        if (sd_difference is None) == (sd is None and correlation is None) or (sd is None) != (correlation is None):
            raise ValueError("sd_difference: give either sd_difference, or sd and correlation together.")
        return cls(effect, sd * math.sqrt(2 * (1 - correlation)) if sd_difference is None else sd_difference, dropout)

    @property
    def fewest(self):
        return fewest_who_start(3, self.dropout)

    def cells(self, size):
        return 4

    def draw(self, rng, size, draws):
        """``(draws, 2)``"""
        n = staying(size, self.dropout)
        error = self.sd / math.sqrt(n) * rng.standard_normal(draws)
        s = self.sd * np.sqrt(rng.chisquare(n - 1, draws) / (n - 1))
        return np.column_stack([error, critical(n - 1) * s / math.sqrt(n)])

    def said_size(self, size):
        return f"{size:,} people, each under both conditions"

    def said_effect(self, effect):
        return f"a mean difference of {effect}"


def staying(size, dropout):
    """How many of those who start are in the analysis."""
    return math.floor(size * (1 - dropout) + 1e-9)


def fewest_who_start(needed, dropout):
    size = needed
    while staying(size, dropout) < needed:
        size = max(size + 1, math.floor(needed / (1 - dropout)) - 1)
    return size


def critical(df):
    """Where a two-sided t test at 5 % begins to reject."""
    from scipy.special import stdtrit

    return stdtrit(df, 0.975)

