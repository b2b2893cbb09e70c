"""The bootstrap: of any statistic of moments (fast), or of any statistic of rows (slower)."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pebbletrail.models.callables import of_callable
from pebbletrail.models.intervals import bca, percentile
from pebbletrail.models.replicates import checked_replicates, collect
from pebbletrail.models.statistics import of_text
from pebbletrail.moments import Moments
from pebbletrail.moments.accept import is_table
from pebbletrail.moments.checks import checked_frame
from pebbletrail.shown import Shown
from pebbletrail.words import said

INTERVALS = ("percentile", "bca")
FEW = 10  # units below which the sentence warns
OF = ("moments", "rows")


@dataclass(frozen=True, repr=False)
class Bootstrap(Shown):
    """What a bootstrap found.

    Attributes
    ----------
    table : DataFrame
        ``term, estimate, se, bias, ci_low, ci_high`` (95 %), one row a statistic; ``se`` is the standard deviation of the
        replicates, ``bias`` their mean minus the estimate.
    draws : DataFrame
        The replicates, one row each, one column a statistic; NaN where a replicate could not be computed.
    replicates, failed : int
        Replicates done, and those of them that could not be computed (a resample may lose all variation of a column).
    interrupted : bool
        Whether the work was stopped before all replicates were done.
    of, units, interval, rule : str
        Statistic of ``moments`` or of ``rows``; what was resampled; kind of interval; the data and what was missing.
    size : int
        How many rows or groups there are to resample.
    """

    table: pd.DataFrame
    draws: pd.DataFrame
    replicates: int
    failed: int
    interrupted: bool
    of: str
    units: str
    size: int
    interval: str
    rule: str

    @property
    def text(self):
        """The first statistic with its interval, and how it was got."""
        row = self.table.iloc[self._first]
        done = f"{self.replicates:,} replicates" + (", stopped early" if self.interrupted else "")
        lost = f", {self.failed:,} of them could not be computed" if self.failed else ""
        few = f" With {self.size} {self.units} such an interval is too short." if self.size < FEW else ""
        return (f"{row['term']}: {said(row['estimate'])}, 95 % interval {said(row['ci_low'])} to {said(row['ci_high'])} "
                f"({self.interval}, {done} of {self.size:,} {self.units}{lost}).{few} Data: {self.rule}.")

    @property
    def _first(self):
        return int(self.table["term"].iloc[0] == "Intercept" and len(self.table) > 1)

    def figure(self, term=None, alt=None):
        """Histogram of a statistic's replicates, with estimate and interval; ``alt`` describes it in words."""
        from pebbletrail.figures import described, replicates

        names = list(self.table["term"])
        if term is not None and term not in names:
            raise ValueError(f"term: there is no {term!r}; there are {', '.join(map(str, names))}.")
        at = self._first if term is None else names.index(term)
        row = self.table.iloc[at]
        fig = replicates(self.draws.iloc[:, at].dropna(), row)
        told = f"estimate {said(row['estimate'])} and 95 % interval {said(row['ci_low'])} to {said(row['ci_high'])}"
        return described(fig, alt, f"Histogram of the replicates of {row['term']}, with {told}.")


def bootstrap(data, statistic, replicates=5000, seed=None, by=None, interval="percentile", of=None, columns=None, workers=1):
    """Resample the data, compute the statistic each time, and give 95 % intervals.

    Parameters
    ----------
    data : DataFrame, or Moments kept by group
        Rows are resampled; with ``by``, or with Moments, whole groups are.
    statistic : str or callable
        A text is a formula (``"y ~ x"``) or a path model (``"M ~ X; Y ~ M + X"``): its coefficients, and a model's effects,
        are bootstrapped in batches, the fastest way. A callable takes ``Moments`` (its time does not grow with the rows) or
        a DataFrame of resampled rows, and gives a number, a sequence, a Series, a dict, or a result with ``.table``.
    replicates : int
    seed : int, SeedSequence or Generator, optional
        The same seed gives the same replicates, whatever ``workers`` is.
    by : str, optional
        Column of a frame whose groups are resampled whole, as they must be when rows of one group go together. A group drawn
        twice counts as two: in a resample, groups carry new labels.
    interval : {"percentile", "bca"}
        ``bca`` corrects bias and skewness (Efron 1987).
    of : {"moments", "rows"}, optional
        What a callable takes. Default: Moments if the callable works on them, else rows; the result says which.
    columns : list of str, optional
        Columns that the Moments given to a callable hold; rows that lack one are left out. Default: all numeric ones,
        which must have no gaps then.
    workers : int or concurrent.futures.Executor
        Processes, or an executor of your own, which stays open; one of processes is sent the data with every batch.

    Returns
    -------
    Bootstrap
        Ctrl-C ends with the replicates that are done, if there are 50 of them.

    Raises
    ------
    ValueError
        Data without units to resample, an unknown option, a statistic that gives something else than finite numbers on the
        whole data, or that cannot be computed in more than half of the replicates.
    Exception
        What the statistic itself raises on the whole data, as it is. In a resample a ValueError, ArithmeticError or
        LookupError makes a failed replicate; any other error ends the work.

    Notes
    -----
    It assumes independent units. Memory does not grow with rows or replicates beyond the data and the replicates' values.
    BCa of a callable of rows, or of Moments by group, leaves out each unit once: as many more calls as there are units.

    With few units percentile intervals are a little too narrow, as they make no small-sample correction: with 50 clusters,
    or a predictor of few far values, 95 % intervals held the truth in 92 to 94 of 100 samples.

    Checked against R's boot, scipy's BCa, closed-form errors of a mean, and by the coverage of its intervals.
    """
    _check(data, interval, of, by)
    checked_replicates(replicates)
    if isinstance(statistic, str):
        if "~" not in statistic:
            raise ValueError(f"statistic: {statistic!r} is neither a formula nor a path model. Of another statistic give a "
                             "function, such as lambda d: d['quality'].median().")
        if of == "rows" or columns is not None:
            raise ValueError("of, columns: they are for a callable; a text says itself which columns it needs.")
        job, names, estimates, rule = of_text(data, statistic, by)
        of = "moments"
    elif callable(statistic):
        job, names, estimates, rule, of = of_callable(data, statistic, of, columns, by)
    else:
        raise ValueError(f"statistic: a callable or a model's text is needed, not {type(statistic).__name__}.")
    # influences come first, so that Ctrl-C among the replicates is followed by an interval, not by more work
    influences = job.influences() if interval == "bca" else None
    drawn = collect(job, replicates, seed, workers)
    limits = percentile(drawn.draws) if influences is None else bca(drawn.draws, estimates, influences)
    table = pd.DataFrame({"term": names, "estimate": estimates, "se": np.nanstd(drawn.draws, axis=0, ddof=1),
                          "bias": np.nanmean(drawn.draws, axis=0) - estimates, "ci_low": limits[0], "ci_high": limits[1]})
    units = "groups" if by is not None or isinstance(data, Moments) else "rows"
    return Bootstrap(table, pd.DataFrame(drawn.draws, columns=names), *drawn.counts, of, units, len(job), interval, rule)


def _check(data, interval, of, by):
    if interval not in INTERVALS:
        raise ValueError(f"interval: {interval!r} is not one of {', '.join(INTERVALS)}.")
    if of is not None and of not in OF:
        raise ValueError(f"of: {of!r} is not one of {', '.join(OF)}.")
    if not isinstance(data, pd.DataFrame | Moments) and not is_table(data):
        raise ValueError(f"data: a DataFrame, or Moments kept by group, not {type(data).__name__}.")
    if isinstance(data, pd.DataFrame):
        if not pd.api.types.is_hashable(by):
            raise ValueError(f"by: the name of one column, not {by!r}.")
        if by is not None:
            checked_frame(data, [by], by)
    elif of == "rows":
        raise ValueError("of: only a DataFrame has rows; leave of='rows' out, or give one.")
