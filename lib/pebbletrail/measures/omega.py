"""McDonald's omega: how much of a scale's variation one common factor explains."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pebbletrail.measures.given import moments_given
from pebbletrail.shown import Shown

FEWEST = 3
MANY = 12  # items up to which the factor is looked for from each of them too
AGAINST = -0.10  # a loading or correlation below this runs against the rest; nearer to 0 it is but weak
NONE = 1e-6  # a singular value this small: the loadings could move without any change of the fit


@dataclass(frozen=True, repr=False)
class Omega(Shown):
    """Omega of a scale.

    Attributes
    ----------
    estimate : float
        (Σλ)² / 1ᵀR1 of the standardised items: one factor's share of the variance of their sum.
    raw : float
        The same loadings for the sum of the items as they stand, (Σ sd λ)² / 1ᵀS1: to be held beside ``Moments.alpha``.
    total : float
        1 − Σ(1 − λ²) / 1ᵀR1: counts as true what items share beyond the factor too. psych prints it as ``omega.tot``.
    table : DataFrame
        One row an item: ``item, loading, unique`` (the share of its variance that is not the factor's).
    backwards, improper : tuple of str
        Items that load against the others (below −.10); items whose loading came to rest at 1 or −1 and would go further
        (Heywood).
    n : int or None
    rule : str
        Where the numbers come from, in words.
    """

    estimate: float
    raw: float
    total: float
    table: pd.DataFrame
    backwards: tuple
    improper: tuple
    n: int | None
    rule: str

    @property
    def text(self):
        """Omega, what it means, and what is wrong with the items if anything is."""
        told = [f"McDonald's omega of the {len(self.table)} items is {self.estimate:.2f} ({self.raw:.2f} where they are "
                "averaged as they stand, unstandardised)."]
        if self.estimate > 1:
            told.append("Above 1 it is no share of anything: one factor does not describe these items.")
        elif not self.improper:
            told.append(noise(self.estimate, "one factor stands behind the items"))
        told.append("Omega does not say whether that factor is what the scale is meant to measure.")
        if self.backwards:
            told.append(f"{_listed(self.backwards)} {_runs(self.backwards)} against the other items: coded backwards? Turn "
                        "it round before the scale is made.")
        if self.improper:
            stops = "loading of {} stops" if len(self.improper) == 1 else "loadings of {} stop"
            told.append(f"Not to be relied on: the {stops.format(_listed(self.improper))} at the limit of 1, a sign of too "
                        "few rows, of too few items, or of more than one factor.")
        return " ".join([*told, f"Data: {self.rule}."])


def omega(data, items=None):
    """McDonald's omega of the items of one scale, from a model with one factor.

    Parameters
    ----------
    data : DataFrame, Moments or Ibis table
        Rows that lack one of the items are left out.
    items : list of str, optional
        At least three; default: all numeric columns.

    Returns
    -------
    Omega
        ``.estimate``, ``.raw``, ``.total``, ``.table`` with each item's loading, and a sentence.

    Raises
    ------
    ValueError
        Fewer than three items (two do not tell how strong a factor is: take alpha), unknown or non-numeric items, an item
        that does not vary, items with so few links among them that no common factor can be made out, a sum that does not
        vary.

    Notes
    -----
    The loadings λ are those of psych's default, minimum residuals on correlations: the λ for which the correlations off the
    diagonal are nearest to λᵢλⱼ in least squares. Each λ is kept between −1 and 1 (psych keeps a unique variance of .005).
    Omega is (Σλ)² divided by the observed variance of the sum (unidimensional omega, as in Flora 2020). Unlike alpha it lets
    items be unequally good; like alpha it assumes that errors of different items are unrelated, and items coded in one
    direction: nothing is turned round. No interval is given; ``pt.bootstrap(rows[items], lambda m: pt.omega(m).estimate)``
    gives one.

    Checked against psych's ``fa`` (minres), lavaan's unweighted least squares and the closed form for three items.
    """
    if items is not None and not isinstance(items, str) and len(items) == 2:
        raise ValueError(f"items: omega needs at least {FEWEST}; two do not tell how strong their common factor is. Take "
                         "alpha, which assumes that both are equally good: Moments.alpha, or pt.item_analysis.")
    moments = moments_given(data, items, "items", FEWEST)
    if moments.n is not None and moments.n <= len(moments.names):
        raise ValueError(f"data: {moments.n} rows are too few for {len(moments.names)} items: with no more rows than items, "
                         "noise looks like a perfect scale. Many more rows are needed than items.")
    R, sd = moments.cor.to_numpy(), moments.sd.to_numpy()
    loadings, improper = one_factor(R)
    if loadings is None:
        raise ValueError("items: too few of them go together for a common factor to be made out, so omega cannot be "
                         "computed. Look at their correlations: pt.correlations(data, items).")
    total = R.sum()
    if not min(total, sd @ R @ sd / (sd @ sd)) > 1e-12:
        raise ValueError(f"items: the sum of {_listed(moments.names)} does not vary; is an item coded backwards?")
    unique = 1 - loadings**2
    table = pd.DataFrame({"item": list(moments.names), "loading": loadings, "unique": unique})
    backwards, stopped = (tuple(table["item"][which]) for which in (loadings < AGAINST, improper))
    return Omega(float(loadings.sum() ** 2 / total), float((sd @ loadings) ** 2 / (sd @ R @ sd)),
                 float(1 - unique.sum() / total), table, backwards, stopped, moments.n, moments.rule)


def one_factor(R):
    """``(loadings, improper)`` of one factor by minimum residuals; ``(None, None)`` where they are not determined.

    statsmodels' ``Factor`` has principal axes, which end in the same place, but no bounds: where a loading would pass 1 it
    wanders off. So scipy's bounded least squares are asked. It can stop in a lesser hollow; started from the first component
    and from each item as if it were the factor, it did not in 1,200 samples of 8 to 60 rows without a clear factor.
    """
    from scipy.optimize import least_squares

    k = len(R)
    i, j = np.triu_indices(k, 1)
    rows = np.arange(len(i))

    def residuals(loading):
        return loading[i] * loading[j] - R[i, j]

    def slopes(loading):
        made = np.zeros((len(i), k))
        made[rows, i], made[rows, j] = loading[j], loading[i]
        return made

    values, vectors = np.linalg.eigh(R)
    starts = [vectors[:, -1] * np.sqrt(values[-1]), *(R if k <= MANY else ())]
    fits = [least_squares(residuals, np.clip(start, -0.98, 0.98), slopes, bounds=(-1, 1), method="dogbox", xtol=1e-14,
                          ftol=1e-14, gtol=1e-14, max_nfev=2000) for start in starts]
    best = min(fits, key=lambda fit: fit.cost)
    if np.linalg.svd(slopes(best.x), compute_uv=False)[-1] < NONE:
        return None, None
    loading = best.x if best.x.sum() >= 0 else -best.x
    beyond = -np.sign(loading) * (slopes(loading).T @ residuals(loading))  # above 0: the fit would gain from going on
    return loading, (np.abs(loading) >= 1 - 1e-9) & (beyond > 1e-8)


def noise(reliability, premise):
    """What a reliability means for use, as a sentence; ``premise`` is what must hold for it to be one."""
    if not reliability > 0:
        return ("At or below 0 it is no reliability at all: the items do not go together, or some are coded against the "
                "others.")
    if reliability >= 0.995:
        return f"If {premise}, hardly any of the differences between scores is noise."
    return (f"If {premise}, about {100 * reliability:.0f} % of the differences between scores are real and the rest is "
            f"noise: a correlation of 0.50 with something measured perfectly would show as {0.5 * reliability**0.5:.2f}.")


def _listed(names):
    return ", ".join(map(str, names))


def _runs(names):
    return "runs" if len(names) == 1 else "run"
