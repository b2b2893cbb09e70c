"""Do small studies find other effects than large ones? The funnel, Egger's test, PET and PEESE.

All three look at one thing, effects against their standard errors, and none can say why they go together. A few lines of
weighted least squares; checked against metafor's ``regtest(model="lm")`` and R's ``lm``.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pebbletrail.models.pooling.effect_words import places, span, told, told_p, told_share
from pebbletrail.models.pooling.pooled import ROUNDING
from pebbletrail.models.regression import coefficient_table
from pebbletrail.shown import Shown

FEWEST = 10
ALIKE = 1e-6  # relative difference between standard errors below which there is nothing to regress on
ONE_SIDED = 0.05
LITTLE, MUCH = 20, 50  # studies below which PET-PEESE is unreliable; I² above which it is, in percent
CAUTION = ("An asymmetric funnel has other causes than studies left unpublished: effects that truly differ with the size or "
           "design of a study, and chance.")


@dataclass(frozen=True, repr=False, eq=False)
class Egger(Shown):
    """Egger's regression test.

    Attributes
    ----------
    table : DataFrame
        ``term, estimate, se, statistic, df, p_value, ci_low, ci_high`` of the ``intercept`` (a study without error) and of
        ``standard error`` (the slope, which is tested).
    statistic, df, p_value : float, int, float
        t test of the slope; NaN where the effects lie exactly on a line.
    k : int
        Number of studies.
    scale : str
        What the effects are, where they are not as given (``Fisher's z``).
    """

    table: pd.DataFrame
    statistic: float
    df: int
    p_value: float
    k: int
    mean: float
    scale: str

    @property
    def text(self):
        """What the test found, and what it cannot tell."""
        slope = self.table.iloc[1]
        if not slope["se"] > 0:
            return (f"Egger's test: the effects lie exactly on a line over their standard errors{_of(self.scale)}, so there "
                    f"is no error to test against, and no test. {CAUTION}")
        found = f"t = {self.statistic:.2f} on {self.df} degrees of freedom, {told_p(self.p_value)}"
        if self.p_value < 0.05:
            way = "higher" if slope["estimate"] > 0 else "lower"
            start = f"Egger's test: studies with larger errors find {way} effects ({found}{_of(self.scale)}). {CAUTION}"
            return f"{start} The test does not tell which."
        return (f"Egger's test: no sign that effects go with the size of a study's error ({found}{_of(self.scale)}). With "
                f"{self.k} studies it finds only strong asymmetry: this does not show that no study is missing. {CAUTION}")


@dataclass(frozen=True, repr=False, eq=False)
class PetPeese(Shown):
    """The effect of a study without sampling error, extrapolated from those that there are.

    Attributes
    ----------
    table : DataFrame
        ``term, estimate, se, statistic, df, p_value, ci_low, ci_high``; terms ``PET`` and ``PEESE`` (the extrapolated
        effects), ``PET slope`` and ``PEESE slope``.
    chosen : {"PET", "PEESE"}
        PEESE where PET's effect differs from 0 in the direction of the pooled mean (one-sided p < .05), else PET.
    estimate, se, ci, p_value
        Of the chosen one; ``p_value`` is two-sided.
    k : int
    """

    table: pd.DataFrame
    chosen: str
    estimate: float
    se: float
    ci: tuple
    p_value: float
    k: int
    mean: float
    i2: float
    scale: str

    @property
    def text(self):
        """The extrapolated effect beside the pooled one, the rule, and how far it can be trusted."""
        decimals = places(self.se)
        rule = f"{'differs' if self.chosen == 'PEESE' else 'does not differ'} from 0 in the direction of the pooled mean"
        why = f"PET's effect {rule} (one-sided test at .05)"
        if not self.table.loc[0, "se"] > 0:
            why = "the effects lie exactly on its line, so that there is nothing to test"
        sure = f"95 % interval {span(self.ci, decimals)}" if self.se > 0 else "no interval, since the fit is exact"
        start = (f"A study without sampling error would find {told(self.estimate, decimals)} ({sure}{_of(self.scale)}), if "
                 f"effects change with the error as {self.chosen} supposes; the pooled mean is "
                 f"{told(self.mean, decimals)}. {self.chosen} was chosen since {why}.")
        weak = [reason for reason, holds in ((f"only {self.k} studies", self.k < LITTLE),
                                            (f"{told_share(self.i2)} % of the variation between studies", self.i2 > MUCH))
                if holds]
        doubt = f" With {' and '.join(weak)} this is unreliable." if weak else ""
        return f"{start}{doubt} It is a check, no better estimate. {CAUTION}"


def egger(pooled, scale=""):
    """Egger's regression test of a Pooled (Egger, Davey Smith, Schneider & Minder 1997).

    Effects are regressed on their standard errors with weights 1 / variance and an error that multiplies these (as in
    ``lm``). Where effect and error are bound together by their formulas (odds ratios, standardised mean differences,
    correlations that are not in Fisher's z), the test finds asymmetry too often.
    """
    error = _errors(pooled, "egger")
    table = _weighted_line(pooled, error, ["intercept", "standard error"])
    slope = table.iloc[1]
    return Egger(table, float(slope["statistic"]), pooled.k - 2, float(slope["p_value"]), pooled.k, pooled.estimate, scale)


def pet_peese(pooled, scale=""):
    """PET and PEESE of a Pooled (Stanley & Doucouliagos 2014).

    PET regresses effects on standard errors, PEESE on variances, both by weighted least squares with weights 1 / variance
    and an error that multiplies these (as in ``lm``); the intercept is the effect at an error of 0.
    """
    error = _errors(pooled, "pet_peese")
    table = pd.concat([_weighted_line(pooled, error, ["PET", "PET slope"]),
                       _weighted_line(pooled, error**2, ["PEESE", "PEESE slope"])]).iloc[[0, 2, 1, 3]]
    pet = table.iloc[0]
    onward = pet["statistic"] * np.sign(pooled.estimate) > 0
    chosen = "PEESE" if onward and pet["p_value"] / 2 < ONE_SIDED else "PET"
    row = table[table["term"] == chosen].iloc[0]
    return PetPeese(table.reset_index(drop=True), chosen, float(row["estimate"]), float(row["se"]),
                    (float(row["ci_low"]), float(row["ci_high"])), float(row["p_value"]), pooled.k, pooled.estimate,
                    pooled.i2, scale)


def funnel(pooled, alt=None, unit="effect", scale=""):
    """The funnel plot of a Pooled, with its caution."""
    from pebbletrail.figures import described
    from pebbletrail.funnel_plot import draw

    error = _errors(pooled, "funnel")
    outside = int((np.abs(pooled.around.y - pooled.estimate) > 1.959964 * error).sum())
    told_so = (f"Funnel plot of {pooled.k} studies: effects{_of(scale)} against standard errors, the most precise on top; "
               f"{outside} lie outside the lines that hold 95 % if chance alone spreads them around the mean of "
               f"{told(pooled.estimate, places(pooled.se))}. {CAUTION}")
    return described(draw(pooled, f"{unit}{_of(scale)}", CAUTION), alt, told_so)


def _errors(pooled, what):
    """The standard errors, or the reason why nothing can be said from them."""
    error = np.sqrt(pooled.around.v)
    if pooled.k < FEWEST:
        raise ValueError(f"{what}: {pooled.k} studies are too few. With fewer than {FEWEST}, a difference between small and "
                         "large studies cannot be told from chance; look at the studies themselves in .figure().")
    if error.max() <= error.min() * (1 + ALIKE):
        raise ValueError(f"{what}: all {pooled.k} standard errors are {error[0]:.4g}, so no study is smaller or larger than "
                         "another, and there is nothing to compare.")
    return error


def _weighted_line(pooled, x, names):
    """Effects on ``x``, weighed by 1 / variance, with the variance of residuals estimated (k − 2 degrees of freedom)."""
    root = 1 / np.sqrt(pooled.around.v)
    Q, R = np.linalg.qr(root[:, None] * np.column_stack([np.ones(pooled.k), x]))
    z = root * pooled.around.y
    inside = Q.T @ z
    back, residual, free = np.linalg.inv(R), z - Q @ inside, pooled.k - 2
    left = residual @ residual if residual @ residual > ROUNDING * (z @ z) else 0.0
    return coefficient_table(names, back @ inside, left / free * back @ back.T, free)


def _of(scale):
    return f", in {scale}" if scale else ""
