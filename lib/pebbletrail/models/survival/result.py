"""Curves of staying: their table, medians, test, and the sentence that says what was seen and what it rests on."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from pebbletrail.shown import Shown
from pebbletrail.words import said

MOST_NAMED = 4  # groups whose medians a sentence holds


@dataclass(frozen=True, repr=False)
class Survival(Shown):
    """Kaplan-Meier curves, one a group.

    Attributes
    ----------
    table : DataFrame
        ``group, time, at_risk, left, staying, se, ci_low, ci_high``: one row at time 0 and one for each time at which
        somebody left; ``staying`` is the share still there after it. NaN where there is no interval.
    medians : DataFrame
        ``group, n, left, median, ci_low, ci_high``: the time at which half have left; NaN where more than half are still
        there at the end, ``ci_high`` infinite where only the upper end lies beyond.
    test : DataFrame or None
        The log-rank test of no difference, without the groups in ``unwatched``: ``statistic`` (chi²), ``df, p_value``; None
        without groups, NaN where nothing can be compared.
    time, event, by : str
        The columns.
    n, left : int
        Rows used, and those of them that left.
    rule : str
    """

    table: pd.DataFrame
    medians: pd.DataFrame
    test: pd.DataFrame | None
    time: str
    event: str
    by: str | None
    n: int
    left: int
    rule: str
    _watched: dict = field(compare=False)

    def at(self, times):
        """The curves at given times.

        Parameters
        ----------
        times : number, or sequence of numbers

        Returns
        -------
        DataFrame
            ``group, time, at_risk, staying, ci_low, ci_high``. ``at_risk`` counts those who are watched until then, or
            longer. NaN after the last time at which anybody of the group was watched, unless all have left.
        """
        wanted = np.atleast_1d(np.asarray(times, dtype=float))
        if wanted.ndim != 1 or not np.isfinite(wanted).all() or (wanted < 0).any():
            raise ValueError(f"times: finite numbers from 0 on are needed, not {times!r}.")
        parts = []
        for group, curve in self.table.groupby("group", sort=False):
            watched = self._watched[group]
            heights = np.vstack([np.ones(3), curve[["staying", "ci_low", "ci_high"]].to_numpy()])
            known = heights[np.searchsorted(curve["time"].to_numpy(), wanted, side="right")]
            known[(wanted > watched[-1]) & (known[:, 0] > 0)] = np.nan
            risk = len(watched) - np.searchsorted(watched, wanted)
            parts.append(pd.DataFrame({"group": group, "time": wanted, "at_risk": risk, "staying": known[:, 0],
                                       "ci_low": known[:, 1], "ci_high": known[:, 2]}))
        return pd.concat(parts, ignore_index=True)

    @property
    def unwatched(self):
        """The groups of which nobody was watched any more when the first of all left: the log-rank test leaves them out."""
        first = self.table.loc[self.table["left"] > 0, "time"].min()
        return tuple(group for group, watched in self._watched.items() if watched[-1] < first)

    def figure(self, alt=None):
        """The curves as steps, bands where curves are few, strokes where somebody was last seen, how many are watched."""
        from pebbletrail.models.survival.picture import figure

        return figure(self, alt)

    @property
    def text(self):
        """How many left, when half had left, whether groups differ, and what that rests on."""
        told = "; ".join(self._half(row) for _, row in self.medians.head(MOST_NAMED).iterrows())
        if (more := len(self.medians) - MOST_NAMED) > 0:
            told += f"; and {more} more (see .medians)"
        told = f"{told[:1].upper()}{told[1:]}" if self.by is None else f"By {self.by}: {told}"
        return (f"{self.n:,} rows, {self.left:,} of which left (column {self.event}); the others were still there when last "
                f"seen, and count as long as they were watched. {told}. {self._compared()}Right only if those not watched "
                f"on would have gone on like those who were. Data: {self.rule}.")

    def _half(self, row):
        of = "" if self.by is None else f"{row['group']}, "
        if np.isnan(row["median"]):
            curve = self.table[self.table["group"] == row["group"]]
            share, last = curve["staying"].iloc[-1], self._watched[row["group"]][-1]
            return (f"{of}{said(100 * share)} % are still there at {self.time} {said(last)}, the last one seen: no median "
                    "is known")
        end = "an unknown end" if not np.isfinite(row["ci_high"]) else said(row["ci_high"])
        span = f" (95 % interval {said(row['ci_low'])} to {end})" if np.isfinite(row["ci_low"]) else " (no interval)"
        return f"{of}half had left by {self.time} {said(row['median'])}{span}"

    def _compared(self):
        if self.test is None:
            return ""
        statistic, df, p = self.test.iloc[0]
        if np.isnan(statistic):
            return f"The log-rank test has no value: {self._untested()}. "
        freedom = "degree" if df == 1 else "degrees"
        how = "p < 0.001" if p < 0.001 else f"p = {p:.3f}"
        means = ("chance alone would hardly make curves so far apart" if p < 0.05 else
                 "the curves cannot be told apart, which does not mean that they are alike")
        out = self.unwatched
        named = ", ".join(out[:MOST_NAMED]) + (f" and {len(out) - MOST_NAMED} more" if len(out) > MOST_NAMED else "")
        without = f" It leaves out {named}: nobody there was watched any more when the first of all left." if out else ""
        return f"Log-rank test: chi² {said(statistic)} with {df:g} {freedom} of freedom, {how}: {means}.{without} "

    def _untested(self):
        """Why there is no test."""
        if self.left == 0:
            return "nobody left"
        if len(self.medians) - len(self.unwatched) < 2:
            alone = next(group for group in self._watched if group not in self.unwatched)
            return f"when the first of all left, nobody outside {alone} was watched any more"
        return "all who were still watched left at the same time"
