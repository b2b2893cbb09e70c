"""Units high on something beside units low on it: what ``halves`` and ``both_halves`` return."""

import numbers
from dataclasses import dataclass
from math import inf, isfinite, nan

import numpy as np
import pandas as pd

from pebbletrail.shown import Shown
from pebbletrail.words import said

OFTEN = 0.01  # share of a normal outcome below zero from which the text speaks of it
NAMES = {0.5: "half", 0.25: "quarter", 0.1: "tenth"}


@dataclass(frozen=True, repr=False)
class Split(Shown):
    """Units high on something against units low on it, and what their outcomes look like.

    Attributes
    ----------
    correlations : tuple of float
        ``(r,)``, or with the outcome, with the outcome, and between the two.
    part : float
        Which share of each variable counts as high, and as low: .5 for halves.
    cv : float or None
        Standard deviation of the outcome over its mean, σ/μ.
    shape : str
        ``"normal"`` or ``"log-normal"``.
    size : float
        Share of all units in each of the two groups.
    high, low : float
        Mean outcome of the groups, in standard deviations from the mean of all units.
    share_high, share_low : float
        Shares of the groups that lie above the median outcome of all units.
    """

    correlations: tuple
    part: float
    cv: float | None
    shape: str
    size: float
    high: float
    low: float
    share_high: float
    share_low: float

    @property
    def gap(self):
        """Mean of the high group minus mean of the low group, in standard deviations of the outcome."""
        return self.high - self.low

    @property
    def means(self):
        """The two means, high and low, where the mean of all units is 1; NaN where σ/μ is not known."""
        return (nan, nan) if self.cv is None else (1 + self.high * self.cv, 1 + self.low * self.cv)

    @property
    def ratio(self):
        """High mean over low mean. NaN where σ/μ is not known, and where one of them is not above zero."""
        high, low = self.means
        return high / low if min(high, low) > 0 else nan

    @property
    def share_ratio(self):
        """High share over low share; infinite where no unit of the low group can be told from none above the median."""
        return _over(self.share_high, self.share_low)

    @property
    def odds_ratio(self):
        """Odds of the high group over odds of the low one; infinite as ``share_ratio``."""
        return _over(self.share_high * (1 - self.share_low), (1 - self.share_high) * self.share_low)

    @property
    def below_zero(self):
        """Share of all units whose outcome is below zero, if it is shaped as supposed; NaN where σ/μ is not known."""
        from scipy.special import ndtr

        return nan if self.cv is None else float(ndtr(-1 / self.cv)) if self.shape == "normal" else 0.0

    @property
    def table(self):
        """``quantity, high, low, difference, ratio``; the mean of all units is 1 in the row that needs σ/μ."""
        high, low = self.means
        rows = [("mean, in SD from the mean of all", self.high, self.low, nan)]
        rows += [] if self.cv is None else [("mean, the mean of all being 1", high, low, self.ratio)]
        odds = [_over(share, 1 - share) for share in (self.share_high, self.share_low)]
        rows += [("share above the median", self.share_high, self.share_low, self.share_ratio),
                 ("odds of being above the median", *odds, self.odds_ratio)]
        found = pd.DataFrame(rows, columns=["quantity", "high", "low", "ratio"])
        found.insert(3, "difference", found["high"] - found["low"])  # an infinite odds less a finite one is infinite
        return found

    @property
    def text(self):
        """The groups, how far apart they are, and what that makes of a ratio."""
        what = NAMES.get(self.part, f"{said(100 * self.part)} %")
        who = (f"the top {what} (r = {self.correlations[0]:g})" if len(self.correlations) == 1 else
               f"the top {what} of both, {said(100 * self.size)} % of all (r = {self.correlations[0]:g} and "
               f"{self.correlations[1]:g}, {self.correlations[2]:g} between them)")
        lie = ("have on average the same outcome as" if self.gap == 0 else
               f"lie on average {said(abs(self.gap))} SD of the outcome {'above' if self.gap > 0 else 'below'}")
        ratios = (f"{said(self.share_ratio)} times the share, {said(self.odds_ratio)} times the odds"
                  if 0 < self.share_low < 1 else "too near to all and none for a ratio")
        text = (f"Units in {who} {lie} those in the bottom {what}; {percent(self.share_high)} % of them are above the "
                f"median, against {percent(self.share_low)} %: {ratios}.")
        return text if self.cv is None else f"{text} {self._means_text()}"

    def _means_text(self):
        start = f"With σ/μ = {said(self.cv)}"
        if self.ratio != self.ratio:
            which = "low" if self.gap > 0 else "high"
            return f"{start} there is no ratio of means: that of the {which} group is not above zero."
        told = f"{start} ({self.shape}) the mean of the high group is {said(self.ratio)} times that of the low one."
        if self.below_zero < OFTEN:
            return told
        return (f"{told} An outcome like this is below zero in {said(100 * self.below_zero)} % of all units: growth or "
                "profit may be, sales may not (shape='log-normal').")

    def spread_for(self, ratio):
        """The σ/μ at which a normal outcome gives this ratio of means.

        Raises
        ------
        ValueError
            For a ratio not above 0, one on the other side of 1 than the gap, and for a log-normal outcome.
        """
        if self.shape != "normal":
            raise ValueError("shape: spread_for is worked out for a normal outcome only; ask for one without shape=.")
        if not is_number(ratio) or ratio <= 0:
            raise ValueError(f"ratio: a number above 0 is needed, not {ratio!r}.")
        if (ratio - 1) * self.gap <= 0:
            raise ValueError(f"ratio: {ratio:g} cannot come about: the high group lies {said(self.gap, sign=True)} SD from "
                             "the low one, whatever σ/μ is.")
        return (ratio - 1) / (self.high - ratio * self.low)

    def figure(self, alt=None):
        """The outcomes of the two groups as two hills, with their means, and zero where σ/μ is known."""
        from pebbletrail.figures import described
        from pebbletrail.measures.split_picture import two_hills

        fig, default = two_hills(self)
        return described(fig, alt, default)


def _over(above, below):
    return above / below if below > 0 else inf


def percent(share):
    """A share in percent, as sentences say it: neither all nor nothing where it is neither."""
    return "over 99.9" if share > 0.9995 else "under 0.1" if share < 0.0005 else said(100 * share)


def is_number(value):
    """Whether a value is one finite real number, and no truth value."""
    return isinstance(value, numbers.Real) and not isinstance(value, bool | np.bool_) and isfinite(value)
