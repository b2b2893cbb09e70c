"""Combining evidence on a sign where effects are not on one scale: signed z, Stouffer's test, products of Bayes factors."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pebbletrail.models.pooling.effect_words import told_p
from pebbletrail.models.pooling.studies import named, numbers, one_order, refuse, refuse_twice
from pebbletrail.shown import Shown
from pebbletrail.words import said

WIDTHS = (1.0, 2.0, 5.0, np.inf)  # of the prior, in standard errors of each study
CLEAR = 0.025  # one-sided
NOTHING = 1e-9  # a z or a logarithm nearer to 0 is rounding
FACTORS = (0.5, 1.0, 2.0)  # of the unit-information prior's standard deviation


@dataclass(frozen=True, repr=False, eq=False)
class Evidence(Shown):
    """Combined evidence.

    Attributes
    ----------
    table : DataFrame
        One row a study: ``study, estimate, se, z, p_positive`` (one-sided, against an effect of 0 or below),
        ``p_negative, bayes_factor`` (positive against negative), ``weight`` (Stouffer's, percent); with ``sizes`` also
        ``bayes_factor_null`` (positive against exactly 0). A Bayes factor beyond 10³⁰⁸ shows as inf.
    z, p_positive, p_negative, p_value : float
        Stouffer's z, its one-sided p values, and the two-sided one.
    log10_bayes_factor : float
        Logarithm to base 10 of the product of Bayes factors, positive in every study against negative in every study.
    log10_null : float or None
        The same against an effect of exactly 0 in every study; None without ``sizes``.
    sensitivity : DataFrame
        ``prior, log10_bayes_factor``, and with ``sizes`` ``log10_null``: the products under narrower and wider priors.
    k : int
    """

    table: pd.DataFrame
    z: float
    p_positive: float
    p_negative: float
    p_value: float
    log10_bayes_factor: float
    log10_null: float | None
    sensitivity: pd.DataFrame
    k: int

    @property
    def text(self):
        """What the studies say together about the sign, under which prior, and that they say nothing about size."""
        above, below = (int((sign * self.table["estimate"] > 0).sum()) for sign in (1, -1))
        way, p = ("positive", self.p_positive) if self.z >= 0 else ("negative", self.p_negative)
        often = "fewer than 1 of 1,000" if p < 0.001 else f"{said(100 * p)} of 100"
        z = f"{round(self.z, 2) + 0.0:.2f}" if abs(self.z) < 10_000 else said(self.z)
        found = (f"{'speaks for' if p < CLEAR else 'leans to'} a {way} effect: if there were no effect in any study, this "
                 f"much in that direction would be seen in {often} such sets of studies (one-sided {told_p(p)})")
        if abs(self.z) < NOTHING:
            found = "leans to neither sign"
        start = f"{above} of {self.k} estimates are positive. Combined (Stouffer), z = {z} {found}."
        differ = " Signs differ, so perhaps neither is true." if above and below else ""
        return (f"{start} {self._signs()}{differ}{self._null()} None of this says how large an effect is, or that it has "
                "the same sign everywhere.")

    def _signs(self):
        first, second = ("positive", "negative") if self.log10_bayes_factor >= 0 else ("negative", "positive")
        narrow = float(self.sensitivity["log10_bayes_factor"].iloc[0]) * (1 if first == "positive" else -1)
        other = f"gives {_times(narrow)}"
        if narrow < -NOTHING:
            other = (f"turns it: under that one they are {_as(-narrow)} likely if it is {second} in every study "
                     f"as if it is {first} in every one")
        return (f"Bayes factor: the estimates are {_as(abs(self.log10_bayes_factor))} likely if the effect is "
                f"{first} in every study as if it is {second} in every one. That is under a wide prior centred on 0; one as "
                f"narrow as each study's own error {other}.")

    def _null(self):
        if self.log10_null is None:
            return ""
        first, second = ("positive", "exactly 0") if self.log10_null >= 0 else ("exactly 0", "positive")
        ends = sorted(self.sensitivity["log10_null"].dropna() * (1 if self.log10_null >= 0 else -1))
        return (f" And they are {_times(abs(self.log10_null))} times as likely if it is {first} in every study as if it is "
                f"{second} in every one, under a prior worth one observation; with half or twice its width: "
                f"{_times(ends[0])} to {_times(ends[-1])}.")


def combine_evidence(estimates, errors, labels=None, weights=None, sizes=None):
    """Combine what studies say about the sign of an effect that each measured on a scale of its own.

    Parameters
    ----------
    estimates, errors : sequence of float
        Each study's estimate and its standard error, in that study's unit: a regression weight here, a log odds ratio there.
        All signed alike: positive means the same in every study. A Series' index serves as labels.
    labels : sequence of str, optional
    weights : sequence of float, optional
        Weights of the z values in Stouffer's test, such as the square roots of the sample sizes. Default: equal.
    sizes : sequence of float, optional
        Sample sizes. With them, positive is also held against exactly 0, under a prior as informative as one observation.

    Returns
    -------
    Evidence

    Raises
    ------
    ValueError
        Fewer than two studies, sequences of different length, an error, weight or size that is not above 0, two studies of
        one name.

    Notes
    -----
    Assumes independent studies and estimates that are about normal with known errors.

    *Stouffer.* z = Σ w z / √(Σ w²), normal if there is no effect in any study. A small p says that in at least one study,
    and on balance, the sign is as found.

    *Bayes factors*, multiplied over studies as Kuiper, Buskens, Raub & Hoijtink (2013) propose. For one study, under a
    normal prior centred on 0 with standard deviation g times the standard error, the factor of positive against negative is
    Φ(z') / Φ(−z') with z' = z g / √(1 + g²). ``table`` and ``log10_bayes_factor`` take g without limit, so that the factor
    is (1 − p) / p of the one-sided p and holds nothing that p does not; ``sensitivity`` shows narrower priors. The product
    holds *positive in every study* against *negative in every study*; if signs truly differ, neither is true. The paper's
    own prior was not at hand, so these are not its factors.

    Against *exactly 0* a Bayes factor depends on the width of the prior without limit, so it is given only where ``sizes``
    say what one observation is worth: a prior of standard deviation √n times the standard error (unit information; the
    widely used fractional prior of the same width gives nearly the same, unless z² is near n). ``sensitivity`` halves and
    doubles it.

    Checked against scipy's ``combine_pvalues`` (Stouffer) and numerical integration of likelihood times prior.
    """
    one_order(estimates=estimates, errors=errors, labels=labels, weights=weights, sizes=sizes)
    names, b, se = _checked(estimates, errors, labels)
    w = _positive(weights, "weights", names) if weights is not None else np.ones(len(b))
    n = _positive(sizes, "sizes", names) if sizes is not None else None
    from scipy.special import ndtr

    with np.errstate(over="ignore"):
        z = b / se
        refuse(~np.isfinite(z**2), z, names, "estimates", "an estimate that is not that many standard errors from 0")
    w = w / w.max()
    whole = float(w @ z / np.sqrt(w @ w))
    logs = _positive_or_negative(z, np.inf)
    with np.errstate(over="ignore"):
        table = pd.DataFrame({"study": list(names), "estimate": b, "se": se, "z": z, "p_positive": ndtr(-z),
                              "p_negative": ndtr(z), "bayes_factor": np.exp(logs), "weight": 100 * w / w.sum()})
        if n is not None:
            table["bayes_factor_null"] = np.exp(_positive_or_null(z, np.sqrt(n)))
    rows = [(f"{width:g} standard errors" if np.isfinite(width) else "without limit (used)",
             _log10(_positive_or_negative(z, width))) for width in WIDTHS]
    sensitivity = pd.DataFrame(rows, columns=["prior", "log10_bayes_factor"])
    if n is not None:
        more = pd.DataFrame([(f"{factor:g} × one observation" + (" (used)" if factor == 1 else ""),
                              _log10(_positive_or_negative(z, factor * np.sqrt(n))),
                              _log10(_positive_or_null(z, factor * np.sqrt(n)))) for factor in FACTORS],
                            columns=["prior", "log10_bayes_factor", "log10_null"])
        sensitivity = pd.concat([sensitivity, more], ignore_index=True)
    return Evidence(table, whole, float(ndtr(-whole)), float(ndtr(whole)), float(2 * ndtr(-abs(whole))), _log10(logs),
                    None if n is None else _log10(_positive_or_null(z, np.sqrt(n))), sensitivity, len(b))


def _positive_or_negative(z, g):
    """Logarithm of each Bayes factor of positive against negative, under a prior g standard errors wide."""
    from scipy.special import log_ndtr

    shrunk = z * np.sqrt(1 / (1 + 1 / np.square(g)))
    return log_ndtr(shrunk) - log_ndtr(-shrunk)


def _positive_or_null(z, g):
    """Logarithm of each Bayes factor of positive (half of the prior, doubled) against exactly 0."""
    from scipy.special import log_ndtr

    kept = np.square(g) / (1 + np.square(g))
    return np.log(2) + log_ndtr(z * np.sqrt(kept)) + kept * z**2 / 2 - np.log1p(np.square(g)) / 2


def _log10(logs):
    return float(logs.sum() / np.log(10))


def _as(power):
    return "as" if abs(power) < NOTHING else f"{_times(power)} times as"


def _times(power):
    """A factor given by its logarithm: 2.4, 350, about 10 to the power 45."""
    if -4 < power < 5:
        return said(10**power)
    return f"about 10 to the power {power:.0f}" if abs(power) < 1e6 else f"about 10 to the power {said(power)}"


def _checked(estimates, errors, labels):
    b, se = numbers(estimates, "estimates"), numbers(errors, "errors")
    names = named(estimates, labels, b.size)
    if b.ndim != 1 or b.shape != se.shape or len(names) != b.size:
        raise ValueError("estimates, errors, labels: one of each a study is needed, "
                         f"not {b.size}, {se.size} and {len(names)}.")
    if b.size < 2:
        raise ValueError(f"estimates: combining needs at least two studies, not {b.size}.")
    refuse(~np.isfinite(b), b, names, "estimates", "a finite number")
    refuse(~(np.isfinite(se) & (se > 0)), se, names, "errors", "a standard error above 0")
    refuse_twice(names)
    return names, b, se


def _positive(given, argument, names):
    values = numbers(given, argument)
    if values.shape != (len(names),):
        raise ValueError(f"{argument}: one for each of {len(names)} studies is needed, not {values.size}.")
    refuse(~(np.isfinite(values) & (values > 0)), values, names, argument, "a number above 0")
    return values
