"""The two-way fixed-effects regression, for comparison: its coefficient, and how much each treated row counts in it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pebbletrail.models.regression import coefficient_table
from pebbletrail.models.staggered.effects import Effects, clustered, exact_or
from pebbletrail.shown import Shown
from pebbletrail.words import said

NOTHING = 1e-12  # of the largest weight: smaller ones are 0


@dataclass(frozen=True, repr=False, eq=False)
class TwoWay(Shown):
    """The coefficient of a treatment dummy beside unit and time effects. Not an average effect where effects change.

    Attributes
    ----------
    table : DataFrame
        One row: ``term, estimate, se, statistic, df, p_value, ci_low, ci_high``; CR1 errors.
    weights : DataFrame
        ``since, rows, weight, negative``: what effects at each time since the start count in the coefficient in all (sums
        to 1), beside the number of treated rows and of those with a negative weight.
    negative : float
        Share of treated rows whose effect counts with a negative weight (de Chaisemartin & D'Haultfœuille 2020).
    negative_sum : float
        Sum of the negative weights.
    """

    table: pd.DataFrame
    weights: pd.DataFrame
    negative: float
    negative_sum: float

    @property
    def text(self):
        """The coefficient, and why it need not be an average effect."""
        row = self.table.iloc[0]
        span = f" (95 % interval {said(row['ci_low'])} to {said(row['ci_high'])})" if row["se"] > 0 else ""
        start = f"The two-way fixed-effects regression of all rows says {said(row['estimate'], sign=True)}{span}"
        if self.negative == 0:
            return f"{start}; no treated row counts with a negative weight in it."
        return (f"{start}. In it {said(100 * self.negative)} of 100 treated rows count with a negative weight "
                f"({said(self.negative_sum)} in all, where all weights sum to 1): the larger their effect, the smaller its "
                "coefficient.")


def two_way(panel):
    """Regress all rows on treatment, unit and time effects."""
    treated = panel.treated
    effects = Effects(panel.unit, panel.time, panel.units, panel.times)
    both = effects.residuals(np.column_stack([treated, panel.y - panel.y.mean()]).astype(float))
    X, y = both[:, :1], both[:, 1]
    if X[:, 0] @ X[:, 0] < NOTHING * len(y):
        raise ValueError("start: treatment cannot be told from unit and time effects in these rows.")
    b = np.array([X[:, 0] @ y / (X[:, 0] @ X[:, 0])])
    rest = exact_or(y - X @ b, np.ptp(panel.y))
    count = effects.per_unit[panel.unit] > 1  # a unit seen once holds nothing within
    V, df = clustered(X[count], rest[count], panel.cluster[count], 1 + panel.times)
    if len(np.unique(panel.cluster[treated])) < 2:
        V = V * np.nan
    # the coefficient is Σ w effect over treated rows, w their residual treatment over its sum
    weight = X[treated, 0] / X[treated, 0].sum()
    below = weight < -NOTHING * np.abs(weight).max()
    since, at = np.unique(panel.since[treated].astype(int), return_inverse=True)
    weights = pd.DataFrame({"since": since, "rows": np.bincount(at), "weight": np.bincount(at, weight),
                            "negative": np.bincount(at, below).astype(int)})
    return TwoWay(coefficient_table(["two-way fixed effects"], b, V, df), weights, below.mean(), weight[below].sum())
