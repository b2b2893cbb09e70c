"""Pooling correlations: in Fisher's z, or corrected for unreliability where reliabilities are stated."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from pebbletrail.models.pooling.effect_words import places, span, told, told_shares
from pebbletrail.models.pooling.influence import sentence
from pebbletrail.models.pooling.pooled import Pooled, of_new, pooled
from pebbletrail.models.pooling.studies import checked_options, named, numbers, refuse, refuse_twice
from pebbletrail.models.shown import Shown

FISHER, CORRECTED = "Fisher's z", "corrected correlations"
SAME = ("k", "method", "test", "i2", "i2_ci", "q", "q_df", "q_p", "statistic", "df", "p_value", "tau2", "tau2_ci", "se")


@dataclass(frozen=True, repr=False, eq=False)
class PooledCorrelations(Shown):
    """Pooled correlations.

    Attributes
    ----------
    estimate : float
        The correlation at the mean of Fisher's z (not the mean of the correlations, which is a little nearer to 0); or,
        with reliabilities, the mean corrected correlation.
    ci, prediction : (low, high)
        95 % interval of it; 95 % interval for the true correlation in a new study.
    table : DataFrame
        One row a study: ``study, n, estimate, ci_low, ci_high, weight`` (percent), as correlations, and ``z, se_z``; or
        with reliabilities ``study, n, observed, estimate`` (corrected), ``se, ci_low, ci_high, weight``.
    scale : str
        What was pooled: ``"Fisher's z"`` or ``"corrected correlations"``.
    pooled : Pooled
        The pool on that scale, with ``se``, ``tau2``, ``statistic`` and the rest.
    uncorrected : PooledCorrelations or None
        The same without the correction, where there is one.
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
        if self.scale == CORRECTED:
            given.insert(1, "n", self.sizes)
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
        what = "correlation" if self.scale == FISHER else "corrected correlation"
        sure = f" ({told_shares(self.i2_ci)})" if self.i2_ci[1] > 0 else ""
        if self.method == "fixed":
            start, between = f"If all {self.k} studies estimate one and the same {what}, it is", ""
        else:
            start = f"Across {self.k} studies the mean {what} is"
            between = (f"; {self.i2:.0f} % of the variation lies between studies{sure}. If the model holds, a new study's "
                       f"true one would lie between {span(self.prediction, decimals, ' and ')} ({of_new(self.k, self.i2)})")
        found = f"{start} {told(self.estimate, decimals)} (95 % interval {span(self.ci, decimals)}){between}."
        return f"{found}{self._doubts(decimals)}"

    def _doubts(self, decimals):
        if self.scale == FISHER:
            return ""
        without = self.uncorrected
        found = (f" The correction is no better than the reliabilities stated ({self.stated}); uncorrected it is "
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
        return sentence(self.leave_one_out(), self.estimate, self.ci, (self.ci[1] - self.ci[0]) / 4)

    def figure(self, unit="correlation", zero="no correlation", alt=None):
        """A forest plot in correlations; see ``Pooled.figure``."""
        from pebbletrail.figures import described
        from pebbletrail.forest_plot import forest

        unit = unit if self.scale == FISHER else f"{unit}, corrected"
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
    r_given, (names, r, n) = r, _checked(r, n, labels)
    fisher = pooled(names, np.arctanh(r), 1 / (n - 3), method, test)
    plain = PooledCorrelations(float(np.tanh(fisher.estimate)), _back(fisher.ci), _back(fisher.prediction), FISHER, fisher,
                               r, n)
    if reliability_x is None and reliability_y is None:
        return plain
    given = {"x": reliability_x, "y": reliability_y}
    stated = {side: _reliabilities(one, side, r_given, names) for side, one in given.items() if one is not None}
    a = np.sqrt(np.prod(list(stated.values()), axis=0))
    mean = n @ r / n.sum()
    whole = pooled(names, r / a, (1 - mean**2) ** 2 / (n - 1) / a**2, method, test)
    words = "; ".join(f"{side} {_range(values)}" for side, values in stated.items())
    return PooledCorrelations(whole.estimate, whole.ci, whole.prediction, CORRECTED, whole, r, n, plain, words)


def _checked(r, n, labels):
    if n is None:
        raise ValueError(
            "n: no sample sizes are given. Without them nobody knows the sampling errors: the studies cannot be "
            "weighed, real differences cannot be told from chance, and a funnel, Egger's test and PET-PEESE have nothing to "
            "go on. An unweighted mean is all there is: pt.regress(data, 'r ~ 1').")
    if isinstance(r, pd.Series) and isinstance(n, pd.Series) and not r.index.equals(n.index):
        raise ValueError("n: its labels are not those of r, in the same order; sort both alike, for example n.loc[r.index].")
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


def _reliabilities(given, side, r, names):
    argument, k = f"reliability_{side}", len(names)
    if isinstance(r, pd.Series) and isinstance(given, pd.Series) and not r.index.equals(given.index):
        raise ValueError(f"{argument}: its labels are not those of r, in the same order; sort both alike.")
    values = numbers(given, argument)
    if values.ndim == 0:
        values = np.full(k, float(values))
    if values.shape != (k,):
        raise ValueError(f"{argument}: one for all studies or one for each of {k} is needed, not {values.size}.")
    refuse(~((values > 0) & (values <= 1)), values, names, argument, "a reliability above 0 and up to 1")
    return values


def _range(values):
    low, high = (f"{end:.2g}" for end in (values.min(), values.max()))
    return low if low == high else f"{low} to {high}"


def _back(ends):
    return tuple(float(np.tanh(end)) for end in ends)
