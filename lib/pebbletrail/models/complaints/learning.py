"""Which input matters: its swing, its rank correlation with the net value, and what it would be worth to know it.

The net value is a sum of products in which every input stands at most once, save that what a customer is worth is a curve of
leaving and discount. As the inputs are independent, the mean of the net value for a known input is therefore the net value
at the means of all others: no nested simulation is needed.
"""

import numpy as np
import pandas as pd

from pebbletrail.models.complaints.inputs import mean, quantile
from pebbletrail.models.complaints.money import outcomes, worth

GRID = 400  # places of an input's distribution, each as likely as the next
CURVE = ("leave_no_problem", "discount")


def tornado(ranges, shape, years, draws, net, progress):
    """One row an input that is not known: ``input, low, high, net_at_low, net_at_high, swing, rank_correlation,
    worth_knowing``; the largest swing first."""
    likely = {name: span[1] for name, span in ranges.items()}
    expects = Expects(ranges, shape, years)
    rows = []
    ranked = _ranks(net)
    for name, (low, _, high) in ranges.items():
        progress.add()
        if low == high:
            continue
        ends = [float(outcomes({**likely, name: end}, years)["net"]) for end in (low, high)]
        with np.errstate(invalid="ignore"):
            correlation = np.corrcoef(_ranks(draws[name]), ranked)[0, 1] if np.ptp(net) else 0.0
        rows.append((name, low, high, *ends, abs(ends[1] - ends[0]), float(correlation), expects.worth_knowing(name)))
    table = pd.DataFrame(rows, columns=["input", "low", "high", "net_at_low", "net_at_high", "swing", "rank_correlation",
                                        "worth_knowing"])
    return table.sort_values("swing", ascending=False, kind="stable", ignore_index=True)


def _ranks(values):
    """Ranks from 0: draws of a range are all different."""
    ranks = np.empty(len(values))
    ranks[np.argsort(values, kind="stable")] = np.arange(len(values))
    return ranks


class Expects:
    """Means of the net value over the ranges, whole and for a known input."""

    def __init__(self, ranges, shape, years):
        self.years = years
        self.at = (np.arange(GRID) + 0.5) / GRID
        self.grid = {name: quantile(shape, span, self.at) for name, span in ranges.items()}
        self.means = {name: mean(shape, span) for name, span in ranges.items()}
        # the worth of a margin of one euro, at all pairs of places: leaving down, discount across
        self.curve = worth(1.0, self.grid[CURVE[0]][:, None], self.grid[CURVE[1]][None, :], years)

    def of_net(self, name=None):
        """The mean net value; with a ``name``, at each place of that input's distribution."""
        unit = {None: self.curve.mean(), CURVE[0]: self.curve.mean(axis=1), CURVE[1]: self.curve.mean(axis=0)}
        unit = unit.get(name, unit[None])
        x = self.means if name is None or name in CURVE else {**self.means, name: self.grid[name]}
        return outcomes(x, self.years, value=x["margin"] * unit)["net"]

    def worth_knowing(self, name):
        """What knowing an input for sure, before deciding, would be worth on average."""
        net = np.broadcast_to(self.of_net(name), GRID)
        return float(np.maximum(net, 0).mean() - max(net.mean(), 0.0))
