"""The imputation estimator: averages of treated rows' distances from what untreated rows say they would have been."""

from dataclasses import dataclass

import numpy as np

from pebbletrail.models.staggered.cells import cells_of
from pebbletrail.models.staggered.effects import ROUNDING, Effects


@dataclass(frozen=True, eq=False)
class Imputed:
    """Untreated rows with their residuals, treated rows with their effects, and how many rows could not be imputed.

    ``alone``: treated rows of units without an untreated row. ``no_other``: treated rows at times without an untreated row.
    ``apart``: treated rows whose unit and time are linked by no chain of untreated rows.
    """

    untreated: object
    residual: np.ndarray
    treated: object
    effect: np.ndarray
    alone: int
    no_other: int
    apart: int
    fitted: Effects
    spread: float

    @property
    def left_out(self):
        return self.alone + self.no_other + self.apart


def impute(panel):
    """Fit unit and time effects to the untreated rows, and take them from the treated ones that have both."""
    untreated, treated = panel.rows(~panel.treated), panel.rows(panel.treated)
    fitted = Effects(untreated.unit, untreated.time, panel.units, panel.times)
    alone = fitted.per_unit[treated.unit] == 0
    no_other = ~alone & (fitted.per_time[treated.time] == 0)
    apart = ~alone & ~no_other & (fitted.part_of_unit[treated.unit] != fitted.part_of_time[treated.time])
    treated = treated.rows(~(alone | no_other | apart))
    middle = untreated.y.mean()
    a, b = fitted.fit((untreated.y - middle)[:, None])
    residual, effect = (part.y - middle - a[part.unit, 0] - b[part.time, 0] for part in (untreated, treated))
    spread = np.abs(panel.y - middle).max()
    return Imputed(untreated, residual, treated, effect, *(int(part.sum()) for part in (alone, no_other, apart)), fitted,
                   spread)


def averages(imputed, groups, leave_out=True):
    """``(estimates, errors)`` of the mean effect in each group of treated rows (``groups``: list of row-number arrays).

    The estimator is linear in the outcome, Σ v y, with v = 1/m in the group's m rows and, in untreated rows,
    v₀ = −Z₀ (Z₀'Z₀)⁻¹ Z₁'v₁. Its variance is estimated by Σ over clusters of (Σ v ε)², where ε is the residual of an
    untreated row, and of a treated row its effect's distance from the mean effect of its cell. Effects that truly differ
    within a cell make this too large, never too small. With ``leave_out``, a cell's mean is that of its other clusters,
    since a mean that holds the cluster itself follows it, and would make the error too small where clusters are few.
    NaN where all rows of a group are of one cluster.
    """
    from scipy.sparse import csr_array

    treated, untreated, G = imputed.treated, imputed.untreated, imputed.treated.clusters
    sizes = np.array([len(rows) for rows in groups])
    which, rows = np.repeat(np.arange(len(groups)), sizes), np.concatenate(groups)
    weight = 1 / sizes[which]
    of_units = csr_array((weight, (treated.unit[rows], which)), shape=(treated.units, len(groups)))
    of_times = np.bincount(treated.time[rows] * len(groups) + which, weight, minlength=treated.times * len(groups))
    b = imputed.fitted.solve_times(of_units, of_times.reshape(treated.times, len(groups)))
    # an untreated row weighs −(a + b) with its unit's a and its time's b; residuals add up to 0 in each unit, and a cluster
    # holds its units whole, so the units' part adds nothing
    sums = csr_array((imputed.residual, (untreated.cluster, untreated.time)), shape=(G, untreated.times))
    shares = -(sums @ b)
    cells = cells_of(treated.start, treated.since, treated.cluster)
    estimates, errors = np.empty(len(groups)), np.empty(len(groups))
    for number, chosen in enumerate(groups):
        effect, cluster = imputed.effect[chosen], treated.cluster[chosen]
        estimates[number] = effect.mean()
        own = _treated_shares(effect / len(chosen), 1 / len(chosen), cells[chosen], cluster, G, leave_out)
        if own is None:  # a cell holds one cluster of this group: compare with all of the group
            own = _treated_shares(effect / len(chosen), 1 / len(chosen), np.zeros(len(chosen), int), cluster, G, leave_out)
        errors[number] = np.nan if own is None else np.sqrt(np.sum((shares[:, number] + own) ** 2))
    return estimates, np.where(errors < ROUNDING * imputed.spread, 0.0, errors)


def _treated_shares(weighted, weight, cells, cluster, G, leave_out):
    """Each cluster's Σ v ε over its treated rows, or None where a cell holds only one cluster."""
    pairs, at = np.unique(cells * G + cluster, return_inverse=True)
    cell = np.unique(pairs // G, return_inverse=True)[1]
    if (np.bincount(cell) < 2).any():
        return None
    v, v_effect = weight * np.bincount(at), np.bincount(at, weighted)
    # the mean that makes the estimate smallest weighs clusters by their own weight squared
    above, below = np.bincount(cell, v * v_effect)[cell], np.bincount(cell, v * v)[cell]
    if leave_out:
        above, below = above - v * v_effect, below - v * v
    return np.bincount(pairs % G, v_effect - v * above / below, minlength=G)
