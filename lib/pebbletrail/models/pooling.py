"""Pooling studies: the random-effects mean, how much studies differ, and what a new study would find.

Restricted maximum likelihood with the Knapp-Hartung interval. No package that is kept up offers both in Python
(statsmodels has DerSimonian-Laird and Paule-Mandel), so they are here, and checked against R's metafor.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pebbletrail.models.shown import Shown

METHODS = ("REML",)
TESTS = ("knapp-hartung", "z")


@dataclass(frozen=True, repr=False)
class Pooled(Shown):
    """A random-effects mean.

    Attributes
    ----------
    estimate, se : float
        The mean effect and its standard error, in the unit of the effects.
    tau2 : float
        Variance of the true effects between studies.
    i2 : float
        Percent of the variation that is between studies, for studies of typical size.
    ci, prediction : (low, high)
        95 % interval for the mean; 95 % interval for the true effect in a new study.
    statistic, df, p_value : float
        Test of a mean effect of 0; df is None for ``test="z"``.
    table : DataFrame
        One row a study: ``study, estimate, se, ci_low, ci_high, weight`` (percent).
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
    table: pd.DataFrame
    method: str
    test: str

    @property
    def text(self):
        """Mean, interval, heterogeneity and prediction, in two sentences."""
        start = (f"Across {self.k} studies the mean effect is {self.estimate:.2f} (95 % interval {self.ci[0]:.2f} to "
                 f"{self.ci[1]:.2f}); {self.i2:.0f} % of the variation lies between studies.")
        low, high = self.prediction
        return f"{start} If the model holds, a new study's true effect would lie between {low:.2f} and {high:.2f} (95 %)."

    def figure(self, unit="effect", zero="no effect", alt=None):
        """A forest plot: studies, mean, prediction interval. ``alt`` describes it for readers who cannot see it."""
        from pebbletrail.figures import described
        from pebbletrail.forest_plot import forest

        return described(forest(self, unit, zero), alt, f"Forest plot of {self.k} studies. {self.text}")


def pool(effects, variances, method="REML", test="knapp-hartung", labels=None):
    """Pool effects of several studies with a random-effects model.

    Parameters
    ----------
    effects, variances : sequence of float
        Each study's effect and its squared standard error, in one unit for all. A Series' index serves as labels.
    method : {"REML"}
        How the between-study variance is estimated.
    test : {"knapp-hartung", "z"}
        ``knapp-hartung``: the error comes from the spread of the effects, with a t distribution on k − 1 degrees of
        freedom. ``z``: the classical error, whose interval tends to be too narrow when there are few studies. Where
        studies differ less than chance would make them, Knapp-Hartung gives the shorter one (metafor does the same).
    labels : sequence of str, optional
        Names of the studies.

    Returns
    -------
    Pooled

    Raises
    ------
    ValueError
        Fewer than two studies, sequences of different length, or a variance that is not above 0.

    Notes
    -----
    Assumes independent studies with known sampling variances and normal true effects. The prediction interval is
    μ ± t(k − 1) · √(se² + τ²) for either test. I² is τ² beside the typical sampling variance (Higgins & Thompson 2002).
    Agrees with metafor's ``rma`` (REML, with and without ``test="knha"``), but for the prediction interval under ``z``,
    where metafor takes the normal distribution.
    """
    from scipy import stats

    if method not in METHODS:
        raise ValueError(f"method: {method!r} is not one of {', '.join(METHODS)}.")
    if test not in TESTS:
        raise ValueError(f"test: {test!r} is not one of {', '.join(TESTS)}.")
    if isinstance(effects, pd.Series) and isinstance(variances, pd.Series) and not effects.index.equals(variances.index):
        raise ValueError("variances: its labels are not those of effects, in the same order; sort both alike, for "
                         "example variances.loc[effects.index].")
    names, y, v = _checked(effects, variances, labels)
    k = len(y)
    tau2 = _reml(y, v)
    w = 1 / (v + tau2)
    mean = float(w @ y / w.sum())
    spread = float(w @ (y - mean) ** 2 / (k - 1))
    se = float(np.sqrt((spread if test == "knapp-hartung" else 1.0) / w.sum()))
    statistic = mean / se if se > 0 else np.copysign(np.inf, mean) if mean else np.nan
    law = stats.t(k - 1) if test == "knapp-hartung" else stats.norm()
    half = law.ppf(0.975) * se
    reach = stats.t(k - 1).ppf(0.975) * np.sqrt(se**2 + tau2)
    error = np.sqrt(v)
    z = stats.norm.ppf(0.975)
    table = pd.DataFrame({"study": names, "estimate": y, "se": error, "ci_low": y - z * error, "ci_high": y + z * error,
                          "weight": 100 * w / w.sum()})
    return Pooled(mean, se, tau2, _i2(v, tau2), (float(mean - half), float(mean + half)),
                  (float(mean - reach), float(mean + reach)), float(statistic),
                  k - 1 if test == "knapp-hartung" else None, float(2 * law.sf(abs(statistic))), k, table, method, test)


def _checked(effects, variances, labels):
    try:
        y, v = np.array(effects, dtype=float), np.array(variances, dtype=float)
    except (TypeError, ValueError) as error:
        raise ValueError(f"effects, variances: sequences of numbers are needed ({error}).") from None
    if labels is None:
        labels = effects.index if isinstance(effects, pd.Series) else [f"study {i}" for i in range(1, y.size + 1)]
    names = [str(label) for label in labels]
    if y.ndim != 1 or y.shape != v.shape or len(names) != y.size:
        raise ValueError("effects, variances, labels: one of each a study is needed, "
                         f"not {y.size}, {v.size} and {len(names)}.")
    if y.size < 2:
        raise ValueError(f"effects: pooling needs at least two studies, not {y.size}.")
    for argument, bad in (("effects", ~np.isfinite(y)), ("variances", ~(np.isfinite(v) & (v > 0)))):
        if bad.any():
            at = int(np.argmax(bad))
            given = {"effects": y, "variances": v}[argument][at]
            need = "a finite number" if argument == "effects" else "a squared standard error above 0"
            raise ValueError(f"{argument}: {names[at]} has {given:g}; {need} is needed.")
    return names, y, v


def _reml(y, v):
    """The between-study variance that maximises the restricted likelihood; 0 when nothing above 0 does better."""
    from scipy.optimize import minimize_scalar

    def deviance(tau2):
        w = 1 / (v + tau2)
        residual = y - w @ y / w.sum()
        return np.log(v + tau2).sum() + np.log(w.sum()) + w @ residual**2

    top = 10 * (y.var() + v.max())
    # the likelihood can have more than one hill: start from the best point of a grid, fine near 0
    grid = np.concatenate([[0.0], np.geomspace(min(top, v.min()) * 1e-6, top, 400)])
    best = int(np.argmin([deviance(tau2) for tau2 in grid]))
    low, high = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
    found = minimize_scalar(deviance, bounds=(low, high), method="bounded", options={"xatol": (high - low) * 1e-12})
    return float(found.x) if found.fun < deviance(0.0) else 0.0


def _i2(v, tau2):
    w = 1 / v
    typical = (len(v) - 1) * w.sum() / (w.sum() ** 2 - (w**2).sum())
    return float(100 * tau2 / (tau2 + typical))
