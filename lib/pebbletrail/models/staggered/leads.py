"""Before the start: did units that were to be treated already move apart from the others?"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pebbletrail.models.joint import joint
from pebbletrail.models.regression import coefficient_table
from pebbletrail.models.staggered.effects import clustered, exact_or
from pebbletrail.shown import Shown
from pebbletrail.words import said

USUAL = 4  # leads that are looked at unless told otherwise: each more makes the joint test weaker
SAME = 1e-9  # share of a lead's variation below which unit and time effects and the other leads say it all


@dataclass(frozen=True, repr=False, eq=False)
class Leads(Shown):
    """Differences in the last times before the start, from untreated rows alone.

    Attributes
    ----------
    table : DataFrame
        ``term, since, estimate, se, statistic, df, p_value, ci_low, ci_high, rows, units, clusters``; ``since`` is −1 for
        the week before the start, where times are weeks. Each is a difference from the unit's own earlier rows, in the
        course of those not treated yet.
    statistic, df, p_value : float, (int, int), float
        F test that all are 0, in the form for clusters that ``models.joint`` explains; NaN where a lead rests on one
        cluster, or there are no more clusters than leads.
    """

    table: pd.DataFrame
    statistic: float
    df: tuple
    p_value: float

    @property
    def text(self):
        """What the joint test says, and what it does not."""
        many = len(self.table)
        before = f"at the last {many} times before the start" if many > 1 else "just before the start"
        if not self.p_value >= 0:
            return f"Differences {before} are in .leads.table; they have no joint test."
        found = f"F({self.df[0]}, {self.df[1]}) = {self.statistic:.2f}, {_p(self.p_value)}"
        if self.p_value < 0.05:
            return (f"Units to be treated had moved apart from the others already {before} ({found}): the assumption that "
                    "they would have moved in parallel is doubtful, and so is the effect.")
        most = self.table["ci_high"].sub(self.table["ci_low"]).max() / 2
        return (f"No sign that units to be treated had moved apart {before} ({found}). That is not proof that they had not: "
                f"these estimates are good to ± {said(most)} at worst.")


def _p(value):
    return "p < .001" if value < 0.001 else f"p = {value:.3f}".replace("0.", ".", 1)


def leads_of(imputed, wanted):
    """The Leads, or None where none can be told apart; ``wanted``: how many, or None for as many as can be, up to four.

    A regression of the untreated rows on unit and time effects and a dummy for each lead (Borusyak, Jaravel & Spiess's
    test). The reference is all earlier rows, and those of units never treated: not the last time before the start, as is
    usual in two-way event studies.
    """
    untreated = imputed.untreated
    steps = np.unique(untreated.since[np.isfinite(untreated.since)])[::-1][:USUAL if wanted is None else wanted]
    if not len(steps):
        return _none(wanted, 0)
    X = imputed.fitted.residuals((untreated.since[:, None] == steps).astype(float))
    possible = _independent(X)
    if possible == 0 or possible < (wanted or 0):
        return _none(wanted, possible)
    steps, X = steps[:possible], X[:, :possible]
    y = imputed.residual
    b = np.linalg.lstsq(X, y, rcond=None)[0]
    count = imputed.fitted.per_unit[untreated.unit] > 1  # a unit seen once holds nothing within
    rest = exact_or(y - X @ b, imputed.spread)[count]
    times = np.count_nonzero(imputed.fitted.per_time)
    V, df = clustered(X[count], rest, untreated.cluster[count], len(steps) + times)
    table = coefficient_table([f"{step:g}" for step in steps], b, V, df)
    table.insert(1, "since", steps.astype(int))
    held = [untreated.rows(untreated.since == step) for step in steps]
    table["rows"] = [len(part.y) for part in held]
    table["units"] = [len(np.unique(part.unit)) for part in held]
    table["clusters"] = [len(np.unique(part.cluster)) for part in held]
    alone = (table["clusters"] < 2).to_numpy()
    table.loc[alone, ["se", "statistic", "p_value", "ci_low", "ci_high"]] = np.nan
    test = joint(b, np.full_like(V, np.nan) if alone.any() else V, df, clustered=True)
    return Leads(table.iloc[::-1].reset_index(drop=True), *test)


def _none(wanted, possible):
    """None, or an error where leads were asked for."""
    if wanted:
        raise ValueError(f"leads: {wanted} cannot be told from unit and time effects in these rows; {possible} can. Earlier "
                         "rows of the treated units are the reference, so one time at least must be left for it.")


def _independent(X):
    """How many of the first columns are linearly independent."""
    for count in range(1, X.shape[1] + 1):
        gram = X[:, :count].T @ X[:, :count]
        scale = np.sqrt(np.diag(gram))
        if scale.min() < np.sqrt(SAME) or np.linalg.eigvalsh(gram / np.outer(scale, scale))[0] < SAME:
            return count - 1
    return X.shape[1]
