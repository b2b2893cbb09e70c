"""The bootstrap: of any statistic of moments (fast), or of any statistic of rows (slower)."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pebbletrail.models.intervals import bca, percentile
from pebbletrail.models.replicates import collect
from pebbletrail.models.statistics import of_callable, of_text
from pebbletrail.moments import Moments
from pebbletrail.moments.accept import is_table

INTERVALS = ("percentile", "bca")
OF = ("moments", "rows")


@dataclass(frozen=True)
class Bootstrap:
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
    """

    table: pd.DataFrame
    draws: pd.DataFrame
    replicates: int
    failed: int
    interrupted: bool
    of: str
    units: str
    interval: str
    rule: str

    @property
    def text(self):
        """The first statistic with its interval, and how it was got."""
        row = self.table.iloc[self._first]
        done = f"{self.replicates:,} replicates" + (", stopped early" if self.interrupted else "")
        lost = f", {self.failed:,} of them could not be computed" if self.failed else ""
        return (f"{row['term']}: {row['estimate']:.3g}, 95 % interval {row['ci_low']:.3g} to {row['ci_high']:.3g} "
                f"({self.interval}, {done} of {self.units}{lost}). Data: {self.rule}.")

    @property
    def _first(self):
        return int(self.table["term"].iloc[0] == "Intercept" and len(self.table) > 1)

    def figure(self, term=None):
        """Histogram of a statistic's replicates, with estimate and interval. Show it with ``pt.show(fig, alt=…)``."""
        from pebbletrail.figures import replicates

        names = list(self.table["term"])
        if term is not None and term not in names:
            raise ValueError(f"term: there is no {term!r}; there are {', '.join(map(str, names))}.")
        at = self._first if term is None else names.index(term)
        return replicates(self.draws.iloc[:, at].dropna(), self.table.iloc[at])


def bootstrap(data, statistic, replicates=5000, seed=None, by=None, interval="percentile", of=None, columns=None, workers=1):
    """Resample the data, compute the statistic each time, and give 95 % intervals.

    Parameters
    ----------
    data : DataFrame, or Moments kept by group
        Rows are resampled; with ``by``, or with Moments, whole groups are.
    statistic : str or callable
        A text is a formula (``"y ~ x"``) or a path model (``"M ~ X; Y ~ M + X"``): its coefficients, and a model's effects,
        are bootstrapped in batches, the fastest way. A callable takes ``Moments`` (fast) or a DataFrame of resampled rows
        (slower), and gives a number, a Series, a dict, or a result with ``.table``.
    replicates : int
    seed : int, SeedSequence or Generator, optional
        The same seed gives the same replicates, whatever ``workers`` is.
    by : str, optional
        Column of a frame whose groups are resampled whole, as they must be when rows of one group go together.
    interval : {"percentile", "bca"}
        ``bca`` corrects bias and skewness (Efron 1987).
    of : {"moments", "rows"}, optional
        What a callable takes. Default: Moments if the callable works on them, else rows; the result says which.
    columns : list of str, optional
        Columns of a frame that the Moments hold; default: all numeric ones. Rows that lack one are left out.
    workers : int or concurrent.futures.Executor
        Threads for moments, processes for rows, or an executor of your own.

    Returns
    -------
    Bootstrap
        Ctrl-C ends with the replicates that are done, if there are 50 of them.

    Raises
    ------
    ValueError
        Data without units to resample, an unknown option, a statistic that fails on the whole data or in more than half of
        the replicates.

    Notes
    -----
    It assumes independent units. Memory does not grow with rows or replicates beyond the data and the replicates' values.
    Checked against R's boot, scipy's BCa, closed-form errors of a mean, and by the coverage of its intervals.
    """
    _check(data, interval, of, by)
    if isinstance(statistic, str):
        job, names, estimates, rule = of_text(data, statistic, by)
        of = "moments"
    elif callable(statistic):
        job, names, estimates, rule, of = of_callable(data, statistic, of, columns, by)
    else:
        raise ValueError(f"statistic: a callable or a model's text is needed, not {type(statistic).__name__}.")
    drawn = collect(job, replicates, seed, workers)
    limits = bca(drawn.draws, estimates, job.influences()) if interval == "bca" else percentile(drawn.draws)
    table = pd.DataFrame({"term": names, "estimate": estimates, "se": np.nanstd(drawn.draws, axis=0, ddof=1),
                          "bias": np.nanmean(drawn.draws, axis=0) - estimates, "ci_low": limits[0], "ci_high": limits[1]})
    units = "groups" if by is not None or isinstance(data, Moments) else "rows"
    return Bootstrap(table, pd.DataFrame(drawn.draws, columns=names), *drawn.counts, of, units, interval, rule)


def _check(data, interval, of, by):
    if interval not in INTERVALS:
        raise ValueError(f"interval: {interval!r} is not one of {', '.join(INTERVALS)}.")
    if of is not None and of not in OF:
        raise ValueError(f"of: {of!r} is not one of {', '.join(OF)}.")
    if isinstance(data, Moments):
        if of == "rows":
            raise ValueError("of: Moments hold no rows; leave of='rows' out, or give a DataFrame.")
    elif not isinstance(data, pd.DataFrame) and not is_table(data):
        raise ValueError(f"data: a DataFrame, or Moments kept by group, not {type(data).__name__}.")
    elif by is not None and by not in getattr(data, "columns", ()):
        raise ValueError(f"by: there is no column {by!r}; there are {', '.join(map(str, data.columns))}.")
