"""What better complaint handling brings: its tables, and the sentence that says how much of it rests on a correlation."""

from dataclasses import dataclass
from html import escape

import numpy as np
import pandas as pd

from pebbletrail.models.complaints.words import NOTHING, amount, cell
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
        every input at its likely value; the rest describes the draws. Where the cost may come near 0 the mean of ``return``
        is NaN, since it would never settle: its median is what there is.
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
        problems = self.inputs.set_index("input").loc["problems", "likely"]
        years = "1 year" if self.years == 1 else f"{self.years} years"
        cost, net = amount(line.loc["total cost", "mean"]), _spread(line.loc["net"], " euros")
        return (f"Of some {amount(problems)} customers with a problem in a year, better handling {self._kept()} over {years}"
                f"{self._heard()} costs {cost} euros. The net value is {net}, above 0 in {said(100 * self.pays)} of 100 "
                f"draws. {self._even()} {self._cause()}{self._odd()} {self._matters()} {self._sources()}")

    def _kept(self):
        """Customers kept, or lost, and what they are worth."""
        line = self.table.set_index("quantity")
        kept, euros = line.loc["customers kept"], line.loc["retained value", "mean"]
        if kept["mean"] >= 0:
            return f"keeps {_spread(kept, '')}, worth {amount(euros)} euros"
        ends = " to ".join(_lost_or_kept(kept[end]) for end in ("low_80", "high_80"))
        return f"loses {amount(-kept['mean'])} customers on average (80 % range {ends}), worth {amount(-euros)} euros"

    def _heard(self):
        """What word of mouth saves or loses, where there is any."""
        word = self.table.set_index("quantity").loc["word of mouth"]
        if not word[["low_95", "mean", "high_95"]].any():
            return ", and"
        does = "saves" if word["mean"] >= 0 else "loses"
        return f", {does} {amount(abs(word['mean']))} euros more by word of mouth, and"

    def _even(self):
        even, line = self.break_even.set_index("quantity"), self.table.set_index("quantity")["likely"]
        kept, causal = (even.loc[name] for name in ("customers kept of 1,000 complaints", "causal_share"))
        now, beside = kept["likely"], " beside word of mouth" if line["word of mouth"] else ""
        if even.loc["margin", "likely"] == 0:
            return "With the likely values a customer who stays is worth nothing (margin 0): keeping them cannot pay."
        if np.isnan(kept["needed"]):
            return "With the likely values nobody complains: there is nothing to handle better."
        does = f"{'keeps' if now >= 0 else 'loses'} {amount(abs(now))} of 1,000 complaints"
        if kept["needed"] <= 0:
            if not beside:
                return f"With the likely values it costs nothing: it pays if it keeps any customer, and it {does}."
            return ("With the likely values word of mouth alone pays for it, as long as it does not lose "
                    f"{amount(-kept['needed'])} customers of 1,000 complaints or more; it {does}.")
        if kept["needed"] > 1000:
            return (f"With the likely values it cannot pay{beside}: of 1,000 complaints not even 1,000 customers kept would "
                    f"do; it {does}.")
        gives = f"they give {amount(now)}" if now >= 0 else f"they lose {amount(-now)}"
        told = (f"With the likely values it pays from {said(kept['needed'])} customers kept of 1,000 complaints on{beside}; "
                f"{gives}.")
        if causal["within_reach"]:
            return f"{told} That takes a causal share of {said(causal['needed'])}."
        return f"{told} No causal share up to 1 would do."

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
        if first["swing"] < NOTHING:
            return "No input moves the net value over its range, all others at their likely value."
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


def _lost_or_kept(customers):
    return f"{amount(abs(customers))} {'kept' if customers > 0 else 'lost'}"
