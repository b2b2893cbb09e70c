"""Cohen's kappa: how far two raters agree, beyond what chance would give."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pebbletrail.measures.given import LEVEL, two
from pebbletrail.measures.raters import extra, numeric, ordered_categories, whole
from pebbletrail.shown import Shown

WEIGHTS = (None, "linear", "quadratic")
LOPSIDED = 0.80  # share of the commonest category above which chance agreement is high
RARE = 5  # times a category is used, by both together, below which it is called rare
FEW = 50  # cases below which the interval is called rough


@dataclass(frozen=True, repr=False)
class Kappa(Shown):
    """Agreement of two raters.

    Attributes
    ----------
    estimate, se : float
        Kappa and its standard error.
    ci : (low, high)
        95 % interval. It and the error are NaN where the raters agree throughout, or one gave a single category.
    agreement, expected : float
        Share of cases on which they agree, and the share that chance would give; partly, with weights.
    counts : DataFrame
        Cases by the first rater's category (rows) and the second's (columns).
    n, lost : int
        Cases rated by both, and cases left out because a rating was missing.
    weights : str or None
    """

    estimate: float
    se: float
    ci: tuple
    agreement: float
    expected: float
    counts: pd.DataFrame
    n: int
    lost: int
    weights: str | None

    @property
    def table(self):
        """One row: ``term, estimate, se, ci_low, ci_high, agreement, expected, n``."""
        term = "kappa" if self.weights is None else f"kappa, {self.weights} weights"
        return pd.DataFrame({"term": [term], "estimate": self.estimate, "se": self.se, "ci_low": self.ci[0],
                             "ci_high": self.ci[1], "agreement": self.agreement, "expected": self.expected, "n": self.n})

    @property
    def text(self):
        """Percent agreement, what chance would give, kappa, and cautions."""
        exact = float(np.trace(self.counts)) / self.n
        told = f"The two raters gave the same category to {percent(exact)} of {self.n:,} cases"
        if self.weights:
            told += (f"; with partial credit for near misses ({self.weights} weights) they agree to "
                     f"{percent(self.agreement)}")
        told += f". Chance alone, given how often each uses each category, would give {percent(self.expected)}. "
        if np.isfinite(self.ci[0]):
            way = (f"they go {100 * self.estimate:.0f} % of the way from chance to full agreement." if self.estimate > 0
                   else "they agree no more than chance would make them." if self.ci[1] >= 0
                   else "they agree less than chance would make them.")
            told += f"Kappa is {two(self.estimate)} (95 % interval {two(self.ci[0])} to {two(self.ci[1])}): {way}"
        elif self.agreement == 1:
            told += f"Kappa is {two(self.estimate)}; with no case in dispute there is no usual interval."
        else:
            told += (f"Kappa is {two(self.estimate)}, and cannot be anything else: one rater gave the same category to all "
                     "cases, so that nothing shows whether they agree beyond chance.")
        lost = f"Left out for lack of a rating: {self.lost:,}."
        return " ".join([told, *self._cautions(), *([lost] if self.lost else [])])

    def _cautions(self):
        used = self.counts.sum(axis=0) + self.counts.sum(axis=1)
        share = used / (2 * self.n)
        if share.max() > LOPSIDED and self.agreement < 1:
            yield (f"Caution: {100 * share.max():.0f} % of the ratings are {share.idxmax()!r}, so chance agreement is high "
                   "and a few cases move kappa much; read the percentage and the table beside it.")
        if self.n < FEW and np.isfinite(self.se):
            yield f"With {self.n} cases the interval is a rough one."
        if len(rare := [repr(name) for name, count in used.items() if 0 < count < RARE]):
            yield f"Rare: {', '.join(rare)}; kappa hardly tells how the raters agree on that."
        alone = [repr(name) for name in used.index if used[name] > 0
                 and (self.counts.loc[name].sum() == 0 or self.counts[name].sum() == 0)]
        if alone:
            yield f"Used by one rater only: {', '.join(alone)}."


def percent(share):
    """A share in percent, and never 100 % where a little is missing."""
    decimals = 0 if share in (0, 1) or 0.01 <= share < 0.99 else 1
    return f"{min(100 * share, 99.9 if share < 1 else 100):.{decimals}f} %"


def kappa(first, second, weights=None, categories=None):
    """Cohen's kappa of two raters who put the same cases into categories.

    Parameters
    ----------
    first, second : Series or sequence
        One rating a case, in the same order; two Series must have the same index. Cases that lack one are left out.
    weights : {None, "linear", "quadratic"}
        Partial credit for near misses on ordered categories. Numbers count by their distance, other categories by their
        places in the order.
    categories : sequence, optional
        All categories, in order. Default: the numbers that occur, sorted, or the order of an ordered Categorical.

    Returns
    -------
    Kappa
        ``.estimate, .ci, .agreement, .counts, .table, .text``.

    Raises
    ------
    ValueError
        Ratings of different length or index, fewer than two cases rated by both, one category alone (kappa is then
        undefined, since chance agreement is complete), weights for texts without an order.
    ImportError
        Without statsmodels.

    Notes
    -----
    Computed by statsmodels' ``cohens_kappa``, with the large-sample error of Fleiss, Cohen & Everitt (1969). It assumes that
    cases are independent and that the raters do not see each other's ratings; the interval is rough below some 50 cases
    (with 100, and weights, it held the truth in 93 of 100 samples), and is cut off at 1 and −1.

    Checked against psych's ``cohen.kappa`` (estimates; without weights the error and interval too), the delta method worked
    out with numerical slopes (errors with weights, where psych 2.2.9 goes astray), and the coverage of the interval.
    """
    if weights not in WEIGHTS:
        raise ValueError(f"weights: {weights!r} is not one of {', '.join(map(str, WEIGHTS))}.")
    one, other, lost = _pairs(first, second)
    both = pd.concat([one, other])
    order = ordered_categories(both, [one, other], categories, weights is not None)
    if len(set(both)) < 2:
        raise ValueError(f"first, second: both raters gave {whole(one.iloc[0])!r} to all {len(one)} cases. They agree in "
                         "full, but chance would make them too, so kappa is undefined.")
    codes = {name: number for number, name in enumerate(order)}
    counts = np.zeros((len(order), len(order)), dtype=int)
    np.add.at(counts, (one.map(codes).to_numpy(dtype=int), other.map(codes).to_numpy(dtype=int)), 1)
    found = of_counts(counts, distances(order, weights))
    table = pd.DataFrame(counts, pd.Index(order, name="first"), pd.Index(order, name="second"))
    return Kappa(*found, table, len(one), lost, weights)


def distances(order, weights):
    """How far apart categories are, from 0 to 1; None without weights."""
    if weights is None:
        return None
    places = np.array(order, dtype=float) if numeric(order) else np.arange(len(order), dtype=float)
    apart = np.abs(places[:, None] - places) / np.ptp(places)
    return apart if weights == "linear" else apart**2


def of_counts(counts, apart=None):
    """``(kappa, se, ci, agreement, expected)`` of a table of counts; ``apart`` are the distances of categories."""
    from scipy.special import ndtri

    n = counts.sum()
    credit = np.eye(len(counts)) if apart is None else 1 - apart
    agreement = float((credit * counts).sum() / n)
    expected = float((credit * np.outer(counts.sum(axis=1), counts.sum(axis=0))).sum() / n**2)
    package = extra("statsmodels.stats.inter_rater", "pt.kappa")
    with np.errstate(divide="ignore", invalid="ignore"):  # its test against 0, where one rater gave a single category
        fit = package.cohens_kappa(counts, weights=apart)
    if agreement == 1 or 1 in ((counts.sum(axis=0) > 0).sum(), (counts.sum(axis=1) > 0).sum()):
        return float(fit.kappa), np.nan, (np.nan, np.nan), agreement, expected
    se = float(np.sqrt(max(fit.var_kappa, 0.0)))
    half = ndtri((1 + LEVEL) / 2) * se
    ci = (float(max(fit.kappa - half, -1.0)), float(min(fit.kappa + half, 1.0)))
    return float(fit.kappa), se, ci, agreement, expected


def _pairs(first, second):
    """The two raters' Series of the cases that both rated, and how many cases are left out."""
    series = [rating if isinstance(rating, pd.Series) else pd.Series(_listed(rating, argument))
              for rating, argument in ((first, "first"), (second, "second"))]
    if len(series[0]) != len(series[1]):
        raise ValueError(f"second: {len(series[1])} ratings beside {len(series[0])} of first; one of each a case is needed.")
    if isinstance(first, pd.Series) and isinstance(second, pd.Series) and not first.index.equals(second.index):
        raise ValueError("second: its index is not that of first, in the same order; sort both alike, for example "
                         "second.loc[first.index].")
    there = series[0].notna().to_numpy() & series[1].notna().to_numpy()
    if there.sum() < 2:
        raise ValueError(f"first, second: at least 2 cases rated by both are needed, not {there.sum()}.")
    return *(one[there].reset_index(drop=True) for one in series), int((~there).sum())


def _listed(rating, argument):
    if isinstance(rating, str) or np.ndim(rating) != 1:
        raise ValueError(f"{argument}: one rating a case is needed, as a Series or a list, not {type(rating).__name__}.")
    return list(rating)
