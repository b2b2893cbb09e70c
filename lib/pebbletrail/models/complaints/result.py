"""What better complaint handling brings: its tables, and the sentence that says how much of it rests on a correlation."""

from dataclasses import dataclass
from html import escape

import numpy as np
import pandas as pd

from pebbletrail.models.complaints.words import amount, cell
from pebbletrail.shown import Shown
from pebbletrail.words import said


@dataclass(frozen=True, repr=False)
class ComplaintReturn(Shown):
    """The decision: value at risk, what is kept, what it costs, what is left.

    Attributes
    ----------
    table : DataFrame
        ``quantity, unit, likely, mean, median, low_95, low_80, high_80, high_95``: value at risk (the most that can be at
        stake), customers kept, retained value, word of mouth, total cost, net, return (net per euro of cost). ``likely`` has
        every input at its likely value; the rest describes the draws.
    inputs : DataFrame
        ``input, low, likely, high, unit, meaning, source`` (given or assumed).
    break_even : DataFrame
        ``quantity, needed, likely, unit, within_reach``: what it would take for the net value to be 0, one thing at a time,
        all else at its likely value.
    tornado : DataFrame
        Of each input that is not known: ``input, low, high, net_at_low, net_at_high, swing`` (others at their likely value),
        ``rank_correlation`` with the net value over the draws, ``worth_knowing`` (euros that knowing it for sure, before
        deciding, would be worth on average). The largest swing first.
    draws : DataFrame
        One row a draw: every input, every outcome, and ``complaints``.
    expected : float
        The mean net value, without the error of drawing.
    years : int
    shape : str
    """

    table: pd.DataFrame
    inputs: pd.DataFrame
    break_even: pd.DataFrame
    tornado: pd.DataFrame
    draws: pd.DataFrame
    expected: float
    years: int
    shape: str

    @property
    def pays(self):
        """The share of the draws in which the net value is above 0."""
        return float((self.draws["net"] > 0).mean())

    @property
    def text(self):
        """What is kept, what it costs, how often it pays, what it takes to pay, and what all of it rests on."""
        line = self.table.set_index("quantity")
        money = line.loc["retained value", "mean"] + line.loc["word of mouth", "mean"]
        problems = self.inputs.set_index("input").loc["problems", "likely"]
        years = "1 year" if self.years == 1 else f"{self.years} years"
        cost, net = amount(line.loc["total cost", "mean"]), _spread(line.loc["net"], " euros")
        return (f"Of some {amount(problems)} customers with a problem in a year, better handling keeps "
                f"{_spread(line.loc['customers kept'], '')}, worth {amount(money)} euros over {years}, and costs {cost} "
                f"euros. The net value is {net}, above 0 in {said(100 * self.pays)} of 100 draws. {self._even()} "
                f"{self._cause()}{self._odd()} {self._matters()} {self._sources()}")

    def _even(self):
        kept, causal = (self.break_even.set_index("quantity").loc[name] for name in (
            "customers kept of 1,000 complaints", "causal_share"))
        told = (f"With the likely values it pays from {said(kept['needed'])} customers kept of 1,000 complaints on; they "
                f"give {said(kept['likely'])}.")
        if np.isnan(kept["needed"]):
            told = "With the likely values nobody complains, or a customer who stays is worth nothing: nothing can pay."
        elif kept["needed"] <= 0:
            told = "With the likely values no customer has to be kept for it to pay."
        elif causal["within_reach"]:
            told += f" That takes a causal share of {said(causal['needed'])}."
        else:
            told += " No causal share up to 1 would do."
        return told

    def _cause(self):
        low, likely, high = self.inputs.set_index("input").loc["causal_share", ["low", "likely", "high"]]
        share = f"is set to {said(likely)}" if low == high else f"ranges from {said(low)} to {said(high)}"
        return ("That satisfied complainers leave less is a correlation: how much of the difference handling itself makes "
                f"(causal_share) {share} here.")

    def _odd(self):
        """Warnings of ranges that say the opposite of what the words say."""
        worse = float((self.draws["satisfied_better"] < self.draws["satisfied_now"]).mean())
        turned = float((self.draws["leave_unsatisfied"] < self.draws["leave_satisfied"]).mean())
        found = ""
        if worse > 0:
            found += f" In {said(100 * worse)} of 100 draws better handling satisfies fewer: look at these two ranges."
        if turned > 0:
            found += f" In {said(100 * turned)} of 100 draws unsatisfied complainers leave less: look at these two ranges."
        at = self.inputs.set_index("input")["likely"]
        if at["leave_satisfied"] < at["leave_no_problem"]:
            found += (" Satisfied complainers leave less here than customers without a problem: a recovery paradox, and "
                      "value at risk is then not the most that can be kept.")
        return found

    def _matters(self):
        if self.tornado.empty:
            return "Every input is taken as known."
        first = self.tornado.iloc[0]
        best = self.tornado.loc[self.tornado["worth_knowing"].idxmax()]
        told = (f"Over its range {first['input']} moves the net value most, from {amount(first['net_at_low'])} to "
                f"{amount(first['net_at_high'])} euros.")
        if best["worth_knowing"] <= 1e-9 * max(abs(self.expected), 1):
            return f"{told} Knowing any one input for sure would not change the decision."
        return f"{told} Worth most to know before deciding: {best['input']}, {amount(best['worth_knowing'])} euros."

    def _sources(self):
        assumed = int((self.inputs["source"] == "assumed").sum())
        if not assumed:
            return "All inputs are the reader's own."
        return f"{assumed} of {len(self.inputs)} inputs are assumed: they describe no firm, and are no evidence."

    def __repr__(self):
        return f"{self.text}\n\n{self.table.to_string(index=False, float_format=cell)}"

    def _repr_html_(self):
        return f"<p>{escape(self.text)}</p>{self.table.to_html(index=False, float_format=cell, border=0)}"

    def figure(self, show="money", alt=None):
        """``"money"``: value at risk, what is kept, cost and net, with their ranges; ``"net"``: the draws; ``"tornado"``."""
        from pebbletrail.models.complaints import picture

        kinds = {"money": picture.money, "net": picture.net, "tornado": picture.tornado}
        if show not in kinds:
            raise ValueError(f"show: {show!r} is not one of {', '.join(kinds)}.")
        return kinds[show](self, alt)


def _spread(row, unit):
    return f"{amount(row['mean'])}{unit} on average (80 % range {amount(row['low_80'])} to {amount(row['high_80'])})"
