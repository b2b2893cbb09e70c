"""A slope along a moderator: its table, its regions, and the sentence on where it can be told from 0."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from pebbletrail.models.floodlight.line import Line
from pebbletrail.models.floodlight.region import in_words, precisely
from pebbletrail.models.regression import Regression
from pebbletrail.shown import Shown
from pebbletrail.words import said

HOLDS = {"pointwise": "The interval holds at each value taken alone, not for the whole line (band='simultaneous' does).",
         "simultaneous": "The interval holds for the whole line at once (Scheffé)."}


@dataclass(frozen=True, repr=False)
class Floodlight(Shown):
    """The slope of a predictor along a moderator.

    Attributes
    ----------
    table : DataFrame
        ``at`` (lowest, mean − 1 SD, mean, mean + 1 SD, highest), the moderator's value in a column of its own name,
        ``estimate, se, statistic, df, p_value, ci_low, ci_high`` of the slope there.
    regions : DataFrame
        Where the interval excludes 0, one row a region: ``low, high`` (may be infinite), ``sign`` of the slope, ``inside``
        (does it meet the observed range), ``share`` (of the rows in it). NaN where there are no rows.
    observed : tuple of float, or None
        The moderator's lowest and highest value; None from Moments.
    band : str
        "pointwise" or "simultaneous".
    moderator, predictor, product, outcome : str
    regression : Regression
        The fit behind.
    """

    table: pd.DataFrame
    regions: pd.DataFrame
    observed: tuple | None
    band: str
    moderator: str
    predictor: str
    product: str
    outcome: str
    regression: Regression
    _line: Line = field(compare=False)
    _values: np.ndarray | None = field(default=None, compare=False)

    @property
    def edges(self):
        """The values of the moderator at which an end of the interval is 0: none, one or two, rising."""
        ends = self.regions[["low", "high"]].to_numpy().ravel()
        return tuple(sorted(float(end) for end in ends if np.isfinite(end)))

    @property
    def covered(self):
        """The share of the rows at which the interval excludes 0; None from Moments."""
        return None if self._values is None else float(self.regions["share"].sum())

    def at(self, values):
        """The slope at any values of the moderator: the columns of ``table`` without ``at``."""
        given = np.atleast_1d(np.asarray(values, dtype=float))
        if given.ndim != 1 or not np.isfinite(given).all():
            raise ValueError(f"values: finite numbers of {self.moderator} are needed, not {values!r}.")
        return self._line.at(self.moderator, given)

    def figure(self, alt=None):
        """The slope with its band along the moderator, the zero line, the regions, and how many rows lie where."""
        from pebbletrail.models.floodlight.picture import figure

        return figure(self, alt)

    @property
    def text(self):
        """The slope at both ends, where it can be told from 0, how many rows lie there, and what that does not mean."""
        ends = self.table.iloc[[0, -1]]
        told = " and with ".join(
            f"{said(row['estimate'], sign=True)}{of} (95 % interval {said(row['ci_low'])} to {said(row['ci_high'])}) where "
            f"{self.moderator} is {self.placed(row[self.moderator])} ({row['at']})"
            for of, (_, row) in zip((f" of {self.outcome}", ""), ends.iterrows(), strict=True))
        product = self.regression.table.set_index("term").loc[self.product]
        change = (f"Each one more of {self.moderator} changes that slope by {said(product['estimate'], sign=True)} (95 % "
                  f"interval {said(product['ci_low'])} to {said(product['ci_high'])}).")
        if product["ci_low"] <= 0 <= product["ci_high"]:
            change += f" So it is not shown that the slope changes with {self.moderator} at all."
        return (f"{self.regression.n:,} observations: one more of {self.predictor} goes with {told}. "
                f"{change} {self.where} {HOLDS[self.band]} Errors: {self.regression.errors}. Data: {self.regression.rule}.")

    @property
    def where(self):
        """Where the interval excludes 0, in a sentence or two."""
        unknown = self.observed is None
        if self.regions.empty:
            return (f"At no value of {self.moderator} does the interval exclude 0: the slope cannot be told from 0, which "
                    "does not mean that it is 0.")
        near = self.regions if unknown else self.regions[self.regions["inside"].astype(bool)]
        far = self.regions.drop(near.index)
        beyond = "" if far.empty else (
            f" It would exclude 0 with {self.moderator} {self._places(far)} as well, but no row lies there: only the "
            "straight line says so.")
        if near.empty:
            return (f"At no observed value of {self.moderator} ({self._span()}) does the interval exclude 0; only beyond "
                    f"them, with {self.moderator} {self._places(far)}, where no row lies and only the straight line speaks.")
        if not unknown and len(near) == 1 and (near["low"].iloc[0] < self.observed[0]
                                               and near["high"].iloc[0] > self.observed[1]):
            return (f"At every observed value of {self.moderator} ({self._span()}) the interval excludes 0, and the slope "
                    f"is {near['sign'].iloc[0]}.{beyond}")
        rows = "" if unknown else f", {said(100 * self.covered)} % of the rows"
        rest = " Elsewhere it cannot be told from 0, which does not mean that it is 0."
        rest = " Which values were observed is not known here." if unknown else rest
        return f"The interval excludes 0 with {self.moderator} {self._places(near)}{rows}.{rest}{beyond}"

    def _places(self, regions):
        return " and ".join(f"{in_words(row['low'], row['high'], self.placed)} (slope {row['sign']})"
                            for _, row in regions.iterrows())

    def _span(self):
        return f"{self.placed(self.observed[0])} to {self.placed(self.observed[1])}"

    def placed(self, value):
        """A value of the moderator as sentences say it, with digits enough to tell it from others of its range."""
        values = self.table[self.moderator]
        return precisely(value, values.min(), values.max())
