"""Item analysis: which items carry a scale, and which do not belong."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pebbletrail.measures.given import LEVEL, free, moments_given
from pebbletrail.measures.omega import AGAINST, FEWEST, noise, one_factor
from pebbletrail.shown import Shown

LITTLE = 0.30  # a customary floor for the correlation of an item with the rest
HALF = 0.5  # of the answers at one end of the scale
BACKWARDS, ADDS_LITTLE = "possibly coded backwards", "adds little"
FLOOR, CEILING = "at floor", "at ceiling"


@dataclass(frozen=True, repr=False)
class ItemAnalysis(Shown):
    """The items of one scale.

    Attributes
    ----------
    table : DataFrame
        One row an item: ``item, n`` (complete rows; where it is known), ``mean, sd, item_rest`` (its correlation with the
        sum of the other items), ``alpha_without`` (the scale's alpha without it), ``loading`` on one factor, ``flag`` in
        words. From rows also ``missing`` (answers that are not there) and ``at_lowest, at_highest`` (shares of answers at
        the ends of the scale).
    alpha, ci : float, (low, high)
        Cronbach's raw alpha and its 95 % interval (Feldt); None where n is unknown.
    standardized : float
        Alpha of the standardised items.
    omega : float
        One-factor omega of the items as they stand; NaN for two items, for no more rows than items, or where no common
        factor can be made out.
    improper : tuple of str
        Items whose loading stops at its limit of 1, so that omega is not to be relied on.
    between_items : float
        The mean correlation of two items.
    ends : (lowest, highest) or None
        The ends of the answer scale.
    n : int or None
    rule : str
        Where the numbers come from, in words.
    """

    table: pd.DataFrame
    alpha: float
    ci: tuple | None
    standardized: float
    omega: float
    improper: tuple
    between_items: float
    ends: tuple | None
    n: int | None
    rule: str

    @property
    def text(self):
        """Alpha and omega, what they mean for use, and which items to look at."""
        known = "" if self.ci is None else f", 95 % interval {self.ci[0]:.2f} to {self.ci[1]:.2f}"
        factor = f"; omega is {self.omega:.2f}" if np.isfinite(self.omega) else ""
        if self.improper:
            factor += f" (not to be relied on: the loading of {', '.join(map(str, self.improper))} stops at its limit of 1)"
        told = [f"Cronbach's alpha of the {len(self.table)} items is {self.alpha:.2f}{known}{factor}; two items correlate "
                f"{self.between_items:.2f} on average. {noise(self.alpha, 'the items are equally good signs of one thing')}"]
        if self.alpha > 0:
            told.append("Custom asks for 0.70 to compare groups and for 0.90 to decide about one person. Alpha does not "
                        "show that the items measure one thing, or the right thing; longer scales tend to have more.")
        odd = self.table[self.table["flag"] != ""]
        if len(odd):
            told.append("Look at: " + "; ".join(f"{', '.join(map(str, items))} ({flag})"
                                                for flag, items in odd.groupby("flag", sort=False)["item"]) + ".")
        without = "" if self.ends else " Only rows show missing answers, floor and ceiling; there are none here."
        return f"{' '.join(told)} Data: {self.rule}.{without}"

    def figure(self, alt=None):
        """Bars of each item's correlation with the rest of the scale; flagged items stand out and say why."""
        from pebbletrail.figures import described
        from pebbletrail.measures.pictures import item_bars

        parts = "; ".join(f"{row.item} {row.item_rest:.2f}{f' ({row.flag})' if row.flag else ''}"
                          for row in self.table.itertuples())
        told = f"Bars of the correlation of each item with the rest of its scale: {parts}."
        return described(item_bars(self, LITTLE), alt, told)


def item_analysis(data, items=None, ends=None):
    """How each item of a scale behaves, and how reliable the whole is.

    Parameters
    ----------
    data : DataFrame, Moments or Ibis table
        Rows that lack one of the items are left out.
    items : list of str, optional
        At least two; default: all numeric columns.
    ends : (number, number), optional
        The lowest and highest possible answer, such as ``(1, 7)``, for rows alone. Default: those that occur.

    Returns
    -------
    ItemAnalysis
        ``.table``, ``.text``, ``.figure()``.

    Raises
    ------
    ValueError
        Fewer than two items, unknown or non-numeric ones, an item that does not vary, a sum of items that does not vary, an
        answer beyond ``ends``.

    Notes
    -----
    Flags are signs to look, not verdicts. *possibly coded backwards*: the item goes against the rest (loading below −.10, or
    item-rest correlation where there is no loading); *adds little*: otherwise, item-rest correlation below .30, or alpha
    higher without the item by more than .01; *at floor*, *at ceiling*: more than half of the answers at one end, so that
    differences there are not seen. The .30 is a custom; the other bounds are ours.

    Feldt's interval for alpha assumes normal answers of independent respondents, and items that are equally good; a
    population in which they are not moves it little. With pairwise moments it rests on the smallest count.

    Checked against psych's ``alpha`` and ``fa``, pingouin's ``cronbach_alpha``, and the coverage of the interval.
    """
    moments = moments_given(data, items, "items", 2)
    alpha = moments.alpha(list(moments.names))
    S, R = moments.cov.to_numpy(), moments.cor.to_numpy()
    k, size = len(S), free(moments)
    enough = k >= FEWEST and (moments.n is None or moments.n > k)  # with fewer rows noise looks like one factor
    loading, improper = one_factor(R) if enough else (None, None)
    item_rest, without = _apart(S)
    names = list(moments.names)
    table = pd.DataFrame({"item": names, "mean": moments.mean.to_numpy(),
                          "sd": moments.sd.to_numpy(), "item_rest": item_rest, "alpha_without": without,
                          "loading": np.full(k, np.nan) if loading is None else loading})
    if moments.n is not None:
        table.insert(1, "n", moments.n)
    if isinstance(data, pd.DataFrame):
        extra, ends = _of_rows(data[names], ends)
        table = table.join(extra)
    elif ends is not None:
        raise ValueError("ends: floor and ceiling are seen only in rows; leave ends= out, or give a DataFrame.")
    table["flag"] = [_flag(row, alpha) for _, row in table.iterrows()]
    omega = np.nan if loading is None else float((table["sd"] @ loading) ** 2 / S.sum())
    ci = None if size is None else tuple(map(float, feldt(alpha, size, k)))
    between = float(R[np.triu_indices(k, 1)].mean())
    stopped = () if loading is None else tuple(table["item"][improper])
    return ItemAnalysis(table, alpha, ci, float(k / (k - 1) * (1 - k / R.sum())), omega, stopped, between, ends, moments.n,
                        moments.rule)


def feldt(alpha, free, items):
    """``(low, high)``: Feldt's (1965) interval of alpha, ``free`` = n − 1 degrees of freedom. Arrays go too."""
    from scipy.special import fdtri

    more = free * (items - 1)
    return tuple(1 - (1 - alpha) * fdtri(free, more, tail) for tail in ((1 + LEVEL) / 2, (1 - LEVEL) / 2))


def _apart(S):
    """Each item's correlation with the sum of the others, and the raw alpha of the others; NaN where there is none."""
    k, own, row = len(S), np.diag(S), S.sum(axis=1)
    rest = S.sum() - 2 * row + own  # the variance of the sum of the other items
    rest = np.where(rest > 1e-12 * np.abs(S).sum(), rest, np.nan)
    without = np.full(k, np.nan) if k == 2 else (k - 1) / (k - 2) * (1 - (own.sum() - own) / rest)
    return (row - own) / np.sqrt(own * rest), without


def _of_rows(rows, ends):
    """Missing answers and shares at the ends of the scale, and these ends."""
    values = rows.to_numpy(dtype=float, na_value=np.nan)
    complete = values[~np.isnan(values).any(axis=1)]
    seen = (float(complete.min()), float(complete.max()))
    if ends is None:
        ends = seen
    else:
        try:
            low, high = (float(end) for end in ends)
        except (TypeError, ValueError):
            raise ValueError(f"ends: the lowest and the highest possible answer are needed, such as (1, 7), not {ends!r}."
                             ) from None
        if not low < high or seen[0] < low or seen[1] > high:
            raise ValueError(f"ends: answers run from {seen[0]:g} to {seen[1]:g}, which is not within {ends!r}.")
        ends = (low, high)
    return pd.DataFrame({"missing": np.isnan(values).sum(axis=0), "at_lowest": (complete == ends[0]).mean(axis=0),
                         "at_highest": (complete == ends[1]).mean(axis=0)}), ends


def _flag(row, alpha):
    told = []
    if (row["loading"] if np.isfinite(row["loading"]) else row["item_rest"]) < AGAINST:
        told.append(BACKWARDS)
    elif row["item_rest"] < LITTLE or row["alpha_without"] > alpha + 0.01:
        told.append(ADDS_LITTLE)
    if row.get("at_lowest", 0) > HALF:
        told.append(FLOOR)
    if row.get("at_highest", 0) > HALF:
        told.append(CEILING)
    return ", ".join(told)
