"""Pooling correlations: in Fisher's z, or corrected for unreliability where reliabilities are stated."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from pebbletrail.models.pooling.effect_words import places, span, told
from pebbletrail.models.pooling.influence import sentence
from pebbletrail.models.pooling.pooled import Pooled, pooled
from pebbletrail.models.pooling.sentences import of_pool
from pebbletrail.models.pooling.studies import checked_options, named, numbers, one_order, refuse, refuse_twice
from pebbletrail.shown import Shown

FISHER, CORRECTED, OBSERVED = "Fisher's z", "corrected correlations", "correlations"
SAME = ("k", "method", "test", "i2", "i2_ci", "q", "q_df", "q_p", "statistic", "df", "p_value", "tau2", "tau2_ci", "se")


@dataclass(frozen=True, repr=False, eq=False)
class PooledCorrelations(Shown):
    """Pooled correlations.

    Attributes
    ----------
    estimate : float
        The correlation at the mean of Fisher's z (not the mean of the correlations; where all have one sign, that is a
        little nearer to 0); or, with reliabilities, the mean corrected correlation.
    ci, prediction : (low, high)
        95 % interval of it; 95 % interval for the true correlation in a new study.
    table : DataFrame
        One row a study: ``study, n, estimate, ci_low, ci_high, weight`` (percent), as correlations, and ``z, se_z``; or
        with reliabilities ``study, n, observed, estimate`` (corrected), ``se, ci_low, ci_high, weight``.
    scale : str
        What was pooled: ``"Fisher's z"`` or ``"corrected correlations"``; in ``uncorrected`` ``"correlations"``.
    pooled : Pooled
        The pool on that scale, with ``se``, ``tau2``, ``statistic`` and the rest.
    uncorrected : PooledCorrelations or None
        The same without the correction, where there is one: the mean of the observed correlations as they are, with
        variance (1 − r̄²)² / (n − 1). What pooling them in Fisher's z gives is ``pool_correlations`` without reliabilities.
    stated : str
        The reliabilities that the correction rests on, in words.
    k, method, test, i2, i2_ci, q, q_df, q_p, statistic, df, p_value, tau2, tau2_ci, se
        As in ``Pooled``; the last three on ``scale``.
    """

    estimate: float
    ci: tuple
    prediction: tuple
    scale: str
    pooled: Pooled
    observed: np.ndarray
    sizes: np.ndarray
    uncorrected: "PooledCorrelations | None" = None
    stated: str = ""

    @cached_property
    def table(self):
        given = self.pooled.table.copy()
        if self.scale != FISHER:
            given.insert(1, "n", self.sizes)
            if self.scale == CORRECTED:
                given.insert(2, "observed", self.observed)
            return given
        return pd.DataFrame({"study": given["study"], "n": self.sizes, "estimate": self.observed,
                             "ci_low": np.tanh(given["ci_low"]), "ci_high": np.tanh(given["ci_high"]),
                             "weight": given["weight"], "z": given["estimate"], "se_z": given["se"]})

    def __getattr__(self, name):
        if name in SAME:
            return getattr(self.pooled, name)
        raise AttributeError(f"PooledCorrelations has no {name!r}.")

    @property
    def text(self):
        """The correlation, its interval, how much studies differ, and what a correction rests on."""
        decimals = places((self.ci[1] - self.ci[0]) / 4)
        what = "corrected correlation" if self.scale == CORRECTED else "correlation"
        return f"{of_pool(self, what, decimals, np.tanh if self.scale == FISHER else None)}{self._doubts(decimals)}"

    def _doubts(self, decimals):
        if self.scale == FISHER:
            return ""
        without = self.uncorrected
        found = "" if without is None else (
            f" The correction is no better than the reliabilities stated ({self.stated}); uncorrected it is "
            f"{told(without.estimate, decimals)} ({span(without.ci, decimals)}).")
        above = self.table.loc[self.table["estimate"].abs() > 1, "study"]
        if len(above):
            found += (f" {', '.join(above)}: corrected beyond 1, which no correlation can be; is the stated reliability too "
                      "low, or is it chance in a small study? It is kept, since dropping it would bend the mean.")
        if max(abs(end) for end in (*self.ci, *self.prediction)) > 1:
            found += " An interval reaches beyond 1: read it as ending there."
        return found

    @property
    def heterogeneity(self):
        """τ², I² and Q in one line."""
        return f"{self.pooled.heterogeneity} (in {self.scale})"

    def leave_one_out(self):
        """The pool without each study in turn, as correlations: ``left_out, estimate, ci_low, ci_high, p_value, i2``.

        The mean with which observed correlations are weighed stays that of all studies where there is a correction.
        """
        found = self.pooled.leave_one_out().drop(columns=["se", "tau2"])
        if self.scale == FISHER:
            ends = ["estimate", "ci_low", "ci_high"]
            found[ends] = np.tanh(found[ends])
        return found

    @property
    def leave_one_out_text(self):
        """Which study moves the correlation most, and whether leaving one out turns the conclusion."""
        return sentence(self.leave_one_out(), self.estimate, self.ci, (self.ci[1] - self.ci[0]) / 4, self.scale == FISHER)

    def figure(self, unit="correlation", zero="no correlation", alt=None):
        """A forest plot in correlations; see ``Pooled.figure``."""
        from pebbletrail.figures import described
        from pebbletrail.forest_plot import forest

        unit = f"{unit}, corrected" if self.scale == CORRECTED else unit
        return described(forest(self, unit, zero), alt, f"Forest plot of {self.k} studies. {self.text}")

    def funnel(self, alt=None):
        """A funnel plot on ``scale``; see ``Pooled.funnel``."""
        from pebbletrail.models.pooling.small_studies import funnel

        return funnel(self.pooled, alt, "effect", self.scale)

    def egger(self):
        """Egger's test on ``scale``; see ``Pooled.egger``."""
        from pebbletrail.models.pooling.small_studies import egger

        return egger(self.pooled, self.scale)

    def pet_peese(self):
        """PET and PEESE on ``scale``; see ``Pooled.pet_peese``."""
        from pebbletrail.models.pooling.small_studies import pet_peese

        return pet_peese(self.pooled, self.scale)


def pool_correlations(r, n=None, labels=None, reliability_x=None, reliability_y=None, method="REML", test="knapp-hartung"):
    """Pool correlations of several studies.

    Parameters
    ----------
    r, n : sequence of float
        Each study's correlation and sample size, above 3. A Series' index serves as labels.
    labels : sequence of str, optional
    reliability_x, reliability_y : float or sequence of float, optional
        Reliabilities of the two measures, above 0 and up to 1: one for all studies, or one for each. They correct for
        unreliability, and are stated by you: nothing is supposed about a study that does not report any. Give one of the
        two to correct for that measure alone.
    method, test
        As in ``pt.pool``.

    Returns
    -------
    PooledCorrelations

    Raises
    ------
    ValueError
        No sample sizes, fewer than two studies, a correlation of 1 or beyond, a sample of 3 or fewer, a reliability that is
        missing or not above 0 and up to 1, two studies of one name.

    Notes
    -----
    Without reliabilities, Fisher's z = artanh r is pooled with variance 1 / (n − 3), and estimate and intervals are turned
    back with tanh. For moderators give ``numpy.arctanh(r)`` and ``1 / (n - 3)`` to ``pt.meta_regress``.

    With reliabilities each r is divided by a = √(reliability_x · reliability_y), and the corrected ones are pooled as they
    are, with variance (1 − r̄²)² / (n − 1) / a², where r̄ is the mean observed correlation weighed by n (Hunter & Schmidt
    2004). r̄ and not each r, since otherwise a study that by chance finds more gets more weight, and the interval falls
    short. The reliabilities count as known. A corrected correlation can be beyond 1; ``.text`` names it.

    Agrees with metafor: ``escalc(measure="ZCOR")``, and ``escalc(measure="COR", vtype="AV")`` divided by a and a².
    """
    checked_options(method, test)
    one_order(r=r, n=n, labels=labels, reliability_x=reliability_x, reliability_y=reliability_y)
    names, r, n = _checked(r, n, labels)
    fisher = pooled(names, np.arctanh(r), 1 / (n - 3), method, test)
    plain = PooledCorrelations(float(np.tanh(fisher.estimate)), _back(fisher.ci), _back(fisher.prediction), FISHER, fisher,
                               r, n)
    if reliability_x is None and reliability_y is None:
        return plain
    given = {"x": reliability_x, "y": reliability_y}
    stated = {side: _reliabilities(one, side, names) for side, one in given.items() if one is not None}
    a = np.sqrt(np.prod(list(stated.values()), axis=0))
    mean = n @ r / n.sum()
    v = (1 - mean**2) ** 2 / (n - 1)
    whole, flat = pooled(names, r / a, v / a**2, method, test), pooled(names, r, v, method, test)
    uncorrected = PooledCorrelations(flat.estimate, flat.ci, flat.prediction, OBSERVED, flat, r, n)
    words = "; ".join(f"{side} {_range(values)}" for side, values in stated.items())
    return PooledCorrelations(whole.estimate, whole.ci, whole.prediction, CORRECTED, whole, r, n, uncorrected,
                              words)


def _checked(r, n, labels):
    if n is None:
        raise ValueError(
            "n: no sample sizes are given. Without them nobody knows the sampling errors: the studies cannot be "
            "weighed, real differences cannot be told from chance, and a funnel, Egger's test and PET-PEESE have nothing to "
            "go on. An unweighted mean is all there is: pt.regress(data, 'r ~ 1').")
    values, sizes = numbers(r, "r"), numbers(n, "n")
    if sizes.ndim == 0 and values.ndim == 1:
        sizes = np.full(values.shape, float(sizes))
    names = named(r, labels, values.size)
    if values.ndim != 1 or values.shape != sizes.shape or len(names) != values.size:
        raise ValueError(f"r, n, labels: one of each a study is needed, not {values.size}, {sizes.size} and {len(names)}.")
    if values.size < 2:
        raise ValueError(f"r: pooling needs at least two studies, not {values.size}.")
    refuse(~np.isfinite(values), values, names, "r", "a correlation")
    refuse(np.abs(values) >= 1, values, names, "r", "a correlation above −1 and below 1 (1 itself leaves no sampling error)")
    refuse(~(np.isfinite(sizes) & (sizes > 3)), sizes, names, "n", "a sample size above 3")
    refuse_twice(names)
    return names, values, sizes


def _reliabilities(given, side, names):
    argument, k = f"reliability_{side}", len(names)
    values = numbers(given, argument)
    if values.ndim == 0:
        values = np.full(k, float(values))
    if values.shape != (k,):
        raise ValueError(f"{argument}: one for all studies or one for each of {k} is needed, not {values.size}.")
    refuse(~((values > 0) & (values <= 1)), values, names, argument, "a reliability above 0 and up to 1")
    return values


def _range(values):
    low, high = map(_stated, (values.min(), values.max()))
    return low if low == high else f"{low} to {high}"


def _stated(reliability):
    """Two digits, or more where these would make 1 of what is less."""
    texts = [f"{reliability:.{digits}g}" for digits in (2, 3, 4)]
    return next((text for text in texts if float(text) < 1 or reliability == 1), "over 0.9999")


def _back(ends):
    return tuple(float(np.tanh(end)) for end in ends)
