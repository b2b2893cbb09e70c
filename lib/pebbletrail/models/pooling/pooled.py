"""Pooled studies: the mean, how much studies differ, what a new study would find, and what it all rests on."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from pebbletrail.models.pooling.effect_words import places, told, told_p, told_share
from pebbletrail.models.pooling.heterogeneity import Mean, between, interval, share
from pebbletrail.models.pooling.sentences import how_sure, of_pool
from pebbletrail.shown import Shown
from pebbletrail.words import said

NORMAL = 1.959963984540054
ROUNDING = 1e-24  # of the weighed squares of the effects: what is left of less than that is not there


@dataclass(frozen=True, repr=False, eq=False)
class Pooled(Shown):
    """Pooled studies.

    Attributes
    ----------
    estimate, se : float
        The mean effect and its standard error, in the unit of the effects.
    tau2, tau2_ci : float, (low, high)
        Variance of the true effects between studies (0 by assumption for ``method="fixed"``), and its 95 % interval
        (Q-profile), which is the same for every method.
    i2, i2_ci : float, (low, high)
        Percent of the variation that is between studies, for studies of typical size, and its 95 % interval.
    q, q_df, q_p : float, int, float
        Cochran's Q, which tests whether one common effect could have given studies as different as these.
    ci, prediction : (low, high)
        95 % interval for the mean; 95 % interval for the true effect in a new study.
    statistic, df, p_value : float
        Test of a mean effect of 0; df is None for ``test="z"``.
    k : int
        Number of studies.
    table : DataFrame
        One row a study: ``study, estimate, se, ci_low, ci_high, weight`` (percent). Intervals are ± 1.96 standard errors.
    method, test : str
    """

    estimate: float
    se: float
    tau2: float
    i2: float
    ci: tuple
    prediction: tuple
    statistic: float
    df: int | None
    p_value: float
    k: int
    method: str
    test: str
    q: float
    q_df: int
    q_p: float
    names: tuple
    around: Mean

    @cached_property
    def table(self):
        y, v = self.around.y, self.around.v
        error, w = np.sqrt(v), 1 / (v + self.tau2)
        half = NORMAL * error
        return pd.DataFrame({"study": list(self.names), "estimate": y, "se": error, "ci_low": y - half, "ci_high": y + half,
                             "weight": 100 * w / w.sum()}, copy=True)

    @cached_property
    def tau2_ci(self):
        return interval(self.around)

    @cached_property
    def i2_ci(self):
        return tuple(share(self.around, end) for end in self.tau2_ci)

    @property
    def text(self):
        """Mean, interval, heterogeneity and prediction, and what stands against them."""
        return of_pool(self, "effect", places(self.se))

    @property
    def classical(self):
        """The 95 % interval of the mean from the variances alone, as ``test="z"`` gives it."""
        half = NORMAL * float(np.sqrt(self.around.fit(self.tau2)[1]))
        return self.estimate - half, self.estimate + half

    @property
    def heterogeneity(self):
        """τ², I² and Q in one line, as a figure shows them."""
        sure = f" ({' to '.join(map(said, self.tau2_ci))})" if self.tau2_ci[1] > 0 else ""
        tau2 = "0 (assumed)" if self.method == "fixed" else f"{said(self.tau2)}{sure}"
        return (f"τ² {tau2}, I² {told_share(self.i2)} %{how_sure(self.i2_ci)}, Q {told(self.q, 1)} on {self.q_df} df, "
                f"{told_p(self.q_p)}")

    def leave_one_out(self):
        """The pool without each study in turn.

        Returns
        -------
        DataFrame
            ``left_out, estimate, se, ci_low, ci_high, p_value, tau2, i2``, one row a study.

        Raises
        ------
        ValueError
            Fewer than three studies.
        """
        from pebbletrail.models.pooling.influence import leave_one_out

        return leave_one_out(self)

    @property
    def leave_one_out_text(self):
        """Which study moves the mean most, and whether leaving one out turns the conclusion."""
        from pebbletrail.models.pooling.influence import sentence

        return sentence(self.leave_one_out(), self.estimate, self.ci, self.se)

    def figure(self, unit="effect", zero="no effect", alt=None):
        """A forest plot: studies, mean, prediction interval.

        Parameters
        ----------
        unit : str
            What the axis measures.
        zero : str or None
            What the axis' zero means; None draws no line there.
        alt : str, optional
            Describes it for readers who cannot see it.
        """
        from pebbletrail.figures import described
        from pebbletrail.forest_plot import forest

        return described(forest(self, unit, zero), alt, f"Forest plot of {self.k} studies. {self.text}")

    def funnel(self, alt=None, unit="effect"):
        """A funnel plot: effects against standard errors, with the region where 95 % lie if only chance spreads them.

        Parameters
        ----------
        alt : str, optional
            Describes it for readers who cannot see it.
        unit : str
            What the effects measure.

        Raises
        ------
        ValueError
            Fewer than ten studies, or standard errors that are all equal.
        """
        from pebbletrail.models.pooling.small_studies import funnel

        return funnel(self, alt, unit)

    def egger(self):
        """Egger's regression test: whether small studies find other effects than large ones.

        Returns
        -------
        Egger

        Raises
        ------
        ValueError
            Fewer than ten studies, or standard errors that are all equal.
        """
        from pebbletrail.models.pooling.small_studies import egger

        return egger(self)

    def pet_peese(self):
        """The effect that a study without sampling error would find, extrapolated (PET, then PEESE).

        Returns
        -------
        PetPeese

        Raises
        ------
        ValueError
            Fewer than ten studies, or standard errors that are all equal.
        """
        from pebbletrail.models.pooling.small_studies import pet_peese

        return pet_peese(self)


def pooled(names, y, v, method, test):
    """Checked effects and variances, pooled."""
    from scipy.special import chdtrc, ndtr, stdtr, stdtrit

    around = Mean(y, v)
    k, q, tau2 = around.k, around.q(), between(around, method)
    mean, variance = around.fit(tau2)
    left = around.q(tau2) if around.q(tau2) > ROUNDING * float(y @ (y / (v + tau2))) else 0.0
    se = np.sqrt(variance * (left / (k - 1) if test == "knapp-hartung" else 1.0))
    # without a τ² of its own, the common-effect model has the I² that Q gives (Higgins & Thompson 2002)
    i2 = share(around, tau2) if method != "fixed" else 100 * max(0.0, 1 - (k - 1) / q) if q > 0 else 0.0
    statistic = mean / se if se > 0 else np.copysign(np.inf, mean) if mean else np.nan
    t = float(stdtrit(k - 1, 0.975))
    half = (t if test == "knapp-hartung" else NORMAL) * se
    p = 2 * (stdtr(k - 1, -abs(statistic)) if test == "knapp-hartung" else ndtr(-abs(statistic)))
    reach = t * np.sqrt(se**2 + tau2)
    return Pooled(mean, float(se), tau2, float(i2), (float(mean - half), float(mean + half)),
                  (float(mean - reach), float(mean + reach)), float(statistic), k - 1 if test == "knapp-hartung" else None,
                  float(p), k, method, test, q, k - 1, float(chdtrc(k - 1, q)), names, around)
