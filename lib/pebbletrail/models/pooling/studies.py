"""Pooling studies: ``pt.pool``, and what effects and variances must be.

No package that is kept up offers restricted maximum likelihood with the Knapp-Hartung interval in Python (statsmodels has
DerSimonian-Laird and Paule-Mandel), so they are here, and checked against R's metafor.
"""

import numpy as np
import pandas as pd

from pebbletrail.models.pooling.pooled import NORMAL, pooled
from pebbletrail.moments.checks import meant

APART, TINY = 1e20, 1e-90  # variances that differ more, or are smaller, leave no digits
METHODS = ("REML", "PM", "DL", "fixed")
TESTS = ("knapp-hartung", "z")
ALSO = {"fe": "fixed", "ee": "fixed", "ce": "fixed", "common": "fixed", "fixed effect": "fixed", "paule-mandel": "PM",
        "dersimonian-laird": "DL", "knha": "knapp-hartung", "hksj": "knapp-hartung", "hk": "knapp-hartung",
        "normal": "z", "wald": "z", "ml": "REML"}


def pool(effects, variances=None, method="REML", test="knapp-hartung", labels=None):
    """Pool effects of several studies.

    Parameters
    ----------
    effects, variances : sequence of float
        Each study's effect and its squared standard error, in one unit for all. A Series' index serves as labels.
    method : {"REML", "PM", "DL", "fixed"}
        How the variance between studies is estimated: restricted maximum likelihood, Paule-Mandel, DerSimonian-Laird; or
        ``fixed``: not at all, since all studies are supposed to estimate one common effect.
    test : {"knapp-hartung", "z"}
        ``knapp-hartung``: the error comes from the spread of the effects, with a t distribution on k − 1 degrees of
        freedom. ``z``: the classical error, whose interval tends to be too narrow when there are few studies. Where
        studies differ far less than chance would make them, it can give the shorter one (metafor does the same); then
        ``.text`` says so.
    labels : sequence of str, optional
        Names of the studies, each once.

    Returns
    -------
    Pooled

    Raises
    ------
    ValueError
        No variances, fewer than two studies, sequences of different length, a value that is not finite, a variance that is
        not above 0, two studies of one name, an unknown method or test.

    Notes
    -----
    Assumes independent studies with known sampling variances and normal true effects. Two effects of one study are not
    independent: average them first.

    The prediction interval is μ ± t(k − 1) · √(se² + τ²) for either test (metafor takes the normal distribution under
    ``z``). It takes τ² as known: in samples of normal effects it held 93 to 95 of 100 new ones where I² was 80 % or more,
    there were at least ten studies and their variances were equal, 90 to 94 where these were very unlike, and 84 to 91
    where I² was 50 %; ``.text`` says so. For ``fixed`` τ² is 0 by assumption, and it says no more than the interval of the
    mean.

    I² is τ² beside the typical sampling variance (Higgins & Thompson 2002); for ``fixed``, 1 − (k − 1) / Q. The intervals
    of τ² and I² are Q-profile intervals (Viechtbauer 2007), whatever the method, and can miss what another method
    estimates; (0, 0) where studies differ less than chance would make them in 97.5 of 100 cases.

    Agrees with metafor's ``rma`` (each method, with and without ``test="knha"``), ``confint`` and ``leave1out``, and with
    statsmodels' ``combine_effects`` (DerSimonian-Laird, Paule-Mandel).
    """
    checked_options(method, test)
    names, y, v = checked_studies(effects, variances, labels)
    if len(y) < 2:
        alone = f" {names[0]} by itself: {y[0]:.4g}, 95 % interval {y[0] - NORMAL * v[0] ** 0.5:.4g} to " \
                f"{y[0] + NORMAL * v[0] ** 0.5:.4g}." if len(y) else ""
        raise ValueError(f"effects: pooling needs at least two studies, not {len(y)}.{alone}")
    return pooled(names, y, v, method, test)


def checked_options(method, test):
    """Refuse an unknown method or test, with a guess at what was meant."""
    for argument, given, known in (("method", method, METHODS), ("test", test, TESTS)):
        if not isinstance(given, str) or given not in known:
            other = ALSO.get(str(given).lower())
            guess = f" Did you mean {other!r}?" if other in known else meant(given, known)
            raise ValueError(f"{argument}: {given!r} is not one of {', '.join(known)}.{guess}")


def checked_studies(effects, variances, labels):
    """``(names, effects, variances)``, or an error that names argument and study."""
    if variances is None:
        raise ValueError(
            "variances: none are given. Studies are weighed by their sampling variances (squared standard errors); without "
            "them there is no pooled interval, no measure of how much studies differ, and no funnel, Egger or PET-PEESE. "
            "Correlations with sample sizes go to pt.pool_correlations(r, n); where no errors can be had, an unweighted "
            "mean is all there is: pt.regress(data, 'effect ~ 1').")
    one_order(effects=effects, variances=variances, labels=labels)
    y, v = numbers(effects, "effects"), numbers(variances, "variances")
    names = named(effects, labels, y.size)
    if y.ndim != 1 or y.shape != v.shape or len(names) != y.size:
        raise ValueError("effects, variances, labels: one of each a study is needed, "
                         f"not {y.size}, {v.size} and {len(names)}.")
    refuse(~np.isfinite(y), y, names, "effects", "a finite number")
    refuse(~(np.isfinite(v) & (v > 0)), v, names, "variances", "a squared standard error above 0")
    refuse_twice(names)
    if y.size and (v.max() > APART * v.min() or v.min() < TINY or max(v.max(), np.abs(y).max()) > 1 / TINY):
        raise ValueError(f"effects, variances: effects up to {np.abs(y).max():.3g} and variances from {v.min():.3g} to "
                         f"{v.max():.3g} are too small, too large or too far apart to weigh; look for a misprint, or take "
                         "another unit.")
    return names, y, v


def one_order(**given):
    """Refuse Series and frames whose labels differ or stand in another order: a number would go to another study."""
    labelled = [(argument, values) for argument, values in given.items() if isinstance(values, pd.Series | pd.DataFrame)]
    for argument, values in labelled[1:]:
        first, wanted = labelled[0]
        if len(values) == len(wanted) and not values.index.equals(wanted.index):  # unlike lengths are refused as such
            raise ValueError(f"{argument}: the index is not that of {first}, in the same order; sort both alike, for "
                             f"example {argument}.loc[{first}.index].")


def numbers(values, argument):
    """A fresh array of floats; NaN where a value is missing."""
    try:
        return np.array(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{argument}: a sequence of numbers is needed ({error}).") from None


def named(values, labels, k):
    """The names of ``k`` studies: ``labels``, else the index of a Series, else numbers from 1."""
    if isinstance(labels, str):
        raise ValueError(f"labels: a sequence of names is needed, one a study, not the text {labels!r}.")
    if labels is None:
        if not isinstance(values, pd.Series) or values.index.equals(pd.RangeIndex(k)):
            return tuple(f"study {i}" for i in range(1, k + 1))
        labels = [f"study {label}" for label in values.index] if values.index.dtype.kind in "iu" else values.index
    return tuple(str(label) for label in labels)


def refuse(wrong, values, names, argument, need):
    """Refuse the first study whose value is ``wrong``."""
    if wrong.any():
        at = int(np.argmax(wrong))
        raise ValueError(f"{argument}: {names[at]} has {values[at]:g}; {need} is needed.")


def refuse_twice(names):
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"labels: {twice!r} stands more than once. Give each study a name of its own; several effects of "
                         "one study are not independent, so average them first.")
