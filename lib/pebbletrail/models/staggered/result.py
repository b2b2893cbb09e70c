"""A fitted roll-out: its tables, its sentences, its picture."""

from dataclasses import dataclass

import pandas as pd

from pebbletrail.models.staggered.leads import Leads
from pebbletrail.models.staggered.two_way import TwoWay
from pebbletrail.shown import Shown
from pebbletrail.words import said

FEW, FEW_TREATED = 25, 10  # clusters, and treated clusters, below which simulated intervals hold the truth too rarely


@dataclass(frozen=True, repr=False, eq=False)
class Staggered(Shown):
    """Effects of a staggered roll-out.

    Attributes
    ----------
    table : DataFrame
        One row a time since the start (0 is the first treated one): ``term, since, estimate, se, statistic, df, p_value,
        ci_low, ci_high, rows, units, clusters`` (t distribution, 95 % intervals; the last three count what is treated).
        Later rows rest on those that started early: the units behind them change.
    overall : DataFrame
        One row of the same columns but ``since``: the mean effect over all treated rows that have a counterfactual.
    leads : Leads or None
        Differences before the start, and their joint test; None where none can be told apart, or none was asked for.
    two_way : TwoWay
        The two-way fixed-effects coefficient of the same rows, for comparison, and its weights.
    outcome, unit, time, start, by : str
        The columns' names; ``by`` are the clusters.
    clusters, untreated : int
        Clusters in all; untreated rows that the counterfactuals come from.
    left_out : dict
        Rows left out: ``missing`` (no outcome), ``beyond`` (after the horizon), and treated ones without a counterfactual:
        ``alone`` (unit never seen untreated), ``no_other`` (no untreated row at that time), ``apart`` (nothing links them).
    """

    table: pd.DataFrame
    overall: pd.DataFrame
    leads: Leads | None
    two_way: TwoWay
    outcome: str
    unit: str
    time: str
    start: str
    by: str
    clusters: int
    untreated: int
    left_out: dict

    @property
    def estimate(self):
        return float(self.overall["estimate"].iloc[0])

    @property
    def se(self):
        return float(self.overall["se"].iloc[0])

    @property
    def ci(self):
        """``(low, high)`` of the overall estimate."""
        return tuple(self.overall[["ci_low", "ci_high"]].iloc[0].astype(float))

    @property
    def text(self):
        """What was estimated, the number with its interval, and what the two-way regression would have said."""
        row = self.overall.iloc[0]
        low, high = self.ci
        span = f" (95 % interval {said(low)} to {said(high)})" if self.se > 0 else ""
        before = self.leads.text if self.leads is not None else "Nothing was looked at before the start."
        return " ".join(filter(None, (
            f"From {self.start} on, {self.outcome} is {said(self.estimate, sign=True)} on average against what it would "
            f"have been{span}: {row['rows']:,} treated rows of {_many(row['units'], 'unit', self.unit)}, each held against "
            f"a value imputed from {self.untreated:,} untreated rows.",
            self._course(), self.two_way.text, before, self._left_out(), self._errors())))

    def _course(self):
        if len(self.table) < 2:
            return ""
        first, last = self.table.iloc[0], self.table.iloc[-1]
        return (f"By {self.time} since the start it goes from {said(first['estimate'], sign=True)} at {first['since']} to "
                f"{said(last['estimate'], sign=True)} at {last['since']}, where {_many(last['units'], 'unit')} "
                f"{'is' if last['units'] == 1 else 'are'} left.")

    def _left_out(self):
        told = {
            "alone": "of units never seen untreated", "no_other": f"in a {self.time} without an untreated row",
            "apart": "that no chain of untreated rows links to the others"}
        parts = [f"{self.left_out[name]:,} {what}" for name, what in told.items() if self.left_out[name]]
        found = f"Left out, for want of a counterfactual: treated rows, {', '.join(parts)}." if parts else ""
        if self.left_out["missing"]:
            found += f" Left out: {_many(self.left_out['missing'], 'row')} without {self.outcome}."
        if self.left_out["beyond"]:
            found += f" Left out: {_many(self.left_out['beyond'], 'treated row')} after the horizon."
        return found.strip()

    def _errors(self):
        treated = int(self.overall["clusters"].iloc[0])
        if self.se == 0:
            return "No interval, since the fit is exact."
        if not self.se > 0:
            return f"No interval, since all that is treated is one {self.by}."
        few = self.clusters < FEW or treated < FEW_TREATED
        rough = f" With so few, {treated} of them treated, the interval is rough: it tends to be too short." if few else ""
        return (f"Errors: conservative, {_many(self.clusters, 'cluster', self.by)}, t with {self.clusters - 1} degrees of "
                f"freedom.{rough} It all rests on parallel movement without treatment, and on nothing happening before the "
                "start.")

    def figure(self, alt=None):
        """The event study: each time since the start with its interval, before and after, and the two-way coefficient."""
        from pebbletrail.models.staggered.picture import event_study

        return event_study(self, alt)


def _many(number, what, name=None):
    """``45 units (agent)``."""
    return f"{number:,} {what}{'s' if number != 1 else ''}" + (f" ({name})" if name else "")
