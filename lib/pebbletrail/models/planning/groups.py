"""Simulated studies of groups that are treated or not, once, or before and after; errors clustered by group."""

import math
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from pebbletrail.models.planning.designs import Comparison, critical, staying

FEW = 30  # groups below which it is said that CR1 comes out too small
MANY_ALARMS = 0.06  # and the share of false alarms above which it is said of any number


@dataclass(frozen=True)
class Arm:
    """An arm of some studies: its mean, what it adds to the estimate's variance before CR1's factor, its people, and what it
    adds to the divisor of CR2's degrees of freedom. Each ``(draws,)`` or a number."""

    mean: np.ndarray
    variance: np.ndarray
    people: np.ndarray
    spread: np.ndarray


def arm_of(means, n, errors):
    """The ``Arm`` of the means and numbers of people of its groups, both ``(draws, groups)``."""
    people = n.sum(axis=1)
    share = n / people[:, None]
    mean = (share * means).sum(axis=1)
    squares = (share * (means - mean[:, None])) ** 2
    if errors == "cluster":
        return Arm(mean, squares.sum(axis=1), people, np.nan)
    left = share**2 / (1 - share)  # CR2 divides a group's residuals by the root of what the fit leaves of them
    spread = ((share**2).sum(axis=1) + left.sum(axis=1) ** 2 - (left**2).sum(axis=1)) / people**2
    return Arm(mean, (squares / (1 - share)).sum(axis=1), people, spread)


def compared(treated, untreated, groups, waves, errors):
    """``(estimate, reach of its 95 % interval)``, as of ``pt.regress`` with these clustered errors."""
    variance = treated.variance + untreated.variance
    if errors == "cluster":
        rows = waves * (treated.people + untreated.people)
        variance = variance * groups / (groups - 1) * (rows - 1) / (rows - 2 * waves)
        df = groups - 1
    else:
        df = (1 / treated.people + 1 / untreated.people) ** 2 / (treated.spread + untreated.spread)
    return treated.mean - untreated.mean, critical(df) * np.sqrt(variance)


@dataclass(frozen=True)
class Groups(Comparison):
    """Groups, treated or not, with people in them; once after, or before and after (``waves`` 1 or 2).

    The analysis regresses the outcome on ``treated`` (after only) or ``treated * after``, with errors clustered by group.
    Its estimate and errors rest on each group's mean (change) and number of people alone, so only these are drawn. Where
    all groups are alike even less is: the arms' means and sums of squares.
    """

    effect: float | None
    between: float  # variance of a group's own part of its mean, or mean change
    within: float  # that of a person's part
    people: int
    size_cv: float
    share: float
    errors: str
    dropout: float
    waves: int
    most = 10**6
    least = "two groups, or people, in each arm: one alone does not say how much they differ"

    @classmethod
    def clustered(cls, effect, sd, icc, cluster_size, size_cv, share, errors, dropout):
        if cluster_size == 1 and size_cv > 0:
            raise ValueError("size_cv: groups of one person are all alike; leave it out, or raise cluster_size.")
        return cls(effect, icc * sd**2, (1 - icc) * sd**2, cluster_size, size_cv, share, errors, dropout, 1)

    @classmethod
    def before_and_after(cls, effect, sd, correlation, cluster_size, icc, person_correlation, size_cv, share, errors,
                         dropout):
        if cluster_size == 1:
            for name, given in (("icc", icc), ("person_correlation", person_correlation), ("size_cv", size_cv or None)):
                if given is not None:
                    raise ValueError(f"{name}: it means something only where groups have several people; give cluster_size "
                                     "above 1, or leave it out.")
            return cls(effect, 0.0, 2 * (1 - correlation) * sd**2, 1, 0.0, share, errors, dropout, 2)
        if icc is None:
            raise ValueError("icc: difference-in-differences needs it where cluster_size is above 1: the share of the "
                             "outcome's variance that lies between groups.")
        own = correlation if person_correlation is None else person_correlation
        return cls(effect, 2 * (1 - correlation) * icc * sd**2, 2 * (1 - own) * (1 - icc) * sd**2, cluster_size, size_cv,
                   share, errors, dropout, 2)

    @property
    def counted(self):
        return "people" if self.people == 1 else "groups"

    @property
    def step(self):
        return 2 if self.share == 0.5 else 1

    @cached_property
    def fewest(self):
        """The fewest groups that leave two in each arm."""
        fewest = bisect_left(range(self.most), 2, key=lambda size: min(self._arms(size)))
        if fewest == self.most:
            raise ValueError(f"share: with {self.share:g} treated and dropout {self.dropout:g}, no number of {self.counted} "
                             f"up to {self.most:,} leaves two in each arm.")
        return fewest

    def treated(self, size):
        return math.floor(self.share * size + 0.5)

    def _arms(self, size):
        """Groups in the analysis, treated and untreated; people on their own are lost in each arm alike."""
        arms = self.treated(size), size - self.treated(size)
        return tuple(staying(arm, self.dropout) for arm in arms) if self.people == 1 else arms

    @property
    def smooth(self):
        return self.share == 0.5  # otherwise the degrees of freedom of few treated groups make jumps of their own

    def counts(self, sizes):
        """Balanced groups that would tell as much, 4 / (1 / treated + 1 / untreated)."""
        treated = np.floor(self.share * np.asarray(sizes) + 0.5)
        arms = treated, np.asarray(sizes) - treated
        if self.people == 1:
            arms = (np.floor(arm * (1 - self.dropout) + 1e-9) for arm in arms)
        one, other = arms
        return 4 / (1 / one + 1 / other)

    @property
    def _alike(self):
        return self.people == 1 or (self.size_cv == 0 and self.dropout == 0)

    def cells(self, size):
        return 8 if self._alike else 4 * size

    def draw(self, rng, size, draws):
        """``(draws, 2)``"""
        groups = self._arms(size)
        arms = [self._alike_arm(rng, k, draws) if self._alike else self._arm(rng, k, draws) for k in groups]
        return np.column_stack(compared(*arms, sum(groups), self.waves, self.errors))

    def _alike_arm(self, rng, groups, draws):
        """The ``Arm`` of groups that are all alike, its mean and sum of squares drawn as they are spread."""
        variance = self.between + self.within / self.people
        means = math.sqrt(variance / groups) * rng.standard_normal(draws)
        squares, people = variance * rng.chisquare(groups - 1, draws), groups * self.people
        divisor = groups if self.errors == "cluster" else groups - 1
        return Arm(means, squares / groups / divisor, people, 1 / people**2 / (groups - 1))

    def _arm(self, rng, groups, draws):
        n = self._sizes(rng, (draws, groups))
        means = np.sqrt(self.between + self.within / n) * rng.standard_normal((draws, groups))
        return arm_of(means, n, self.errors)

    def _sizes(self, rng, shape):
        """People who stay in each group, at least 1; the sizes at the start are gamma variables, rounded."""
        n = np.full(shape, self.people)
        if self.size_cv > 0:
            wide = self.size_cv**2
            n = np.maximum(np.rint(rng.gamma(1 / wide, self.people * wide, shape)), 1).astype(int)
        return np.maximum(rng.binomial(n, 1 - self.dropout), 1) if self.dropout > 0 else n

    def beside(self, size):
        return {"treated": self.treated(size)} | ({"people": size * self.people} if self.people > 1 else {})

    def said_size(self, size):
        treated, times = f"{self.treated(size):,} treated", ", each measured before and after" if self.waves == 2 else ""
        if self.people == 1:
            return f"{size:,} people ({treated}){times}"
        about = "about " if self.size_cv > 0 else ""
        return f"{size:,} groups of {about}{self.people:,} ({treated}; {about}{size * self.people:,} people in all){times}"

    def said_effect(self, effect):
        return f"a difference of {effect} between treated and untreated" + " in how they change" * (self.waves == 2)

    def remarks(self, size, alarms, surely):
        groups = sum(self._arms(size))
        if self.errors != "cluster" or (groups >= FEW and surely <= MANY_ALARMS):
            return []
        told = f": about {100 * alarms:.0f} of 100 such studies would claim an effect where there is none, not 5, and " \
               "part of the power is of that kind" if surely > 0.05 else ""
        why = f"With only {groups} {self.counted}"
        if groups >= FEW:
            fewer, arm = (self.treated(size), "treated") if self.share <= 0.5 else (size - self.treated(size), "untreated")
            why = f"With so few {arm} {self.counted} ({fewer:,} of {size:,})" + ", or groups so unequal," * (not self._alike)
        return [f"{why} the clustered errors (CR1) come out too small{told}; "
                "errors='cluster-cr2' allows for it."]
