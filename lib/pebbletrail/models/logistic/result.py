"""A fitted logistic model: its table, and the sentence that gives the odds ratio beside the change in probability."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from pebbletrail.models.logistic import margins as average
from pebbletrail.models.logistic.rows import Rows, level_of
from pebbletrail.models.regression import FEW, MANY, coefficient_table
from pebbletrail.moments.checks import meant
from pebbletrail.moments.terms import factors_of
from pebbletrail.shown import Shown
from pebbletrail.words import said

ERRORS = {"classical": "classical", "HC0": "HC0 (robust, rows independent)", "cluster": "cluster-robust (CR1)"}
LEAST_SD, MOST_SD = 0.02, 100.0  # of a predictor: beyond, a sentence speaks of one SD more and not of one more
ENOUGH = 10  # of the rarer outcome, for each coefficient: a rule of thumb


@dataclass(frozen=True, repr=False)
class Logistic(Shown):
    """A fitted logistic regression.

    Attributes
    ----------
    table : DataFrame
        ``term, estimate`` (log odds), ``se, statistic, df, p_value, ci_low, ci_high, odds_ratio, odds_low, odds_high``; 95 %
        intervals. ``df`` is infinite (normal distribution), or G − 1 with clustered errors.
    covariance : DataFrame
        Of the coefficients, terms on both sides.
    n, events : int
        Rows used, and those of them with the event.
    event, other : str
        What the two outcomes are, such as ``disputed = Yes``.
    loglik : float
    clusters : int or None
    errors, formula, rule : str
        Kind of errors; the formula as read; how many rows there were and what happened to missing values.
    rests_on : Series or None
        With clustered errors, how many groups each coefficient rests on, as in ``pt.regress``.
    """

    table: pd.DataFrame
    covariance: pd.DataFrame
    n: int
    events: int
    event: str
    other: str
    loglik: float
    clusters: int | None
    errors: str
    formula: str
    rule: str
    rests_on: pd.Series | None = None
    _rows: Rows = field(default=None, compare=False)

    @property
    def _parts(self):
        return self._rows, self.table["estimate"].to_numpy(), self.covariance.to_numpy(), float(self.table["df"].iloc[0])

    def margins(self, term=None):
        """Average marginal effects, in probability: 0.10 is ten percentage points.

        Parameters
        ----------
        term : str, optional
            A column as the formula writes it (``"late"``, ``"C(response)"``), or one level (``"C(response)[Closed]"``).

        Returns
        -------
        DataFrame
            ``term, change, estimate, se, statistic, df, p_value, ci_low, ci_high, probability_from, probability_to``. For a
            category, and for a column of 0 and 1, every row is moved from the reference to the level, all else as it is: the
            mean change in probability, and the two mean probabilities. For a number: the slope of the probability, averaged
            over the rows. Products move along.

        Notes
        -----
        Errors by the delta method, from ``covariance``; the rows are taken as they are, as if they were all the rows that
        matter. Checked against statsmodels' ``get_margeff`` and against R (numeric derivatives).
        """
        return average.margins(*self._parts, term)

    def predict(self, frame):
        """Probabilities of the event for the rows of a frame.

        Parameters
        ----------
        frame : DataFrame
            With the columns of the predictors; the outcome is not needed.

        Returns
        -------
        DataFrame
            ``probability, ci_low, ci_high``, with the index of ``frame``; NaN where a predictor is missing. The interval
            (95 %) is that of the mean of such rows, made on the scale of the log odds: it stays within 0 and 1.

        Raises
        ------
        ValueError
            A column that is not there, or a level that was not there when the model was fitted.
        """
        return average.predicted(*self._parts, frame)

    def figure(self, show="odds", alt=None):
        """The coefficients with 95 % intervals: ``"odds"`` ratios on a log axis, or ``"margins"`` in percentage points."""
        from pebbletrail.models.logistic.picture import of_margins, of_odds

        if show not in ("odds", "margins"):
            raise ValueError(f"show: 'odds' or 'margins', not {show!r}.")
        return of_odds(self, alt) if show == "odds" else of_margins(self, alt)

    @property
    def text(self):
        """The first predictor as odds ratio and as change in probability, and what stands against them."""
        return self.sentence()

    def sentence(self, term=None):
        """What ``text`` says, of any one coefficient; ``term`` as it stands in the table."""
        names = [name for name in self.table["term"] if name != "Intercept"]
        if term is not None and term not in names:
            raise ValueError(f"term: there is no {term!r}; there are {', '.join(names)}.{meant(term, names)}")
        size = f"{self.n:,} rows" + ("" if self.clusters is None else f" in {self.clusters:,} groups")
        size += f", {self.events:,} of them with {self.event}"
        rest = f" Errors: {self.errors}.{self._cautions()} Data: {self.rule}."
        if not names:
            low, high = (100 / (1 + np.exp(-self.table[name].iloc[0])) for name in ("ci_low", "ci_high"))
            span = f" (95 % interval {said(low)} % to {said(high)} %)" if low == low else ""
            return f"{size}: that is {said(100 * self.events / self.n)} %{span}.{rest}"
        row = self.table[self.table["term"] == (term or names[0])].iloc[0]
        margin, unit = self._margin(row["term"]), self._unit(row["term"])
        told = f"{self._odds_in_words(row, margin, unit)}{self._beside(row['term'])}"
        return f"{size}: {told}. {self._points(row['term'], margin, unit)}{rest}"

    def _unit(self, term):
        """The step that is said: 1, or a standard deviation where one more would be next to nothing, or beyond all rows."""
        columns = self._rows.columns
        values = self._rows.held.get((term, False)) if term in columns.products else None
        if values is None or average.is_binary(values):
            return 1.0
        sd = self._rows.sd(values)
        return 1.0 if LEAST_SD <= sd <= MOST_SD else sd

    def _odds_in_words(self, row, margin, unit):
        """What multiplies the odds by how much."""
        term = row["term"]
        with np.errstate(over="ignore"):
            odds, low, high = np.exp(row[["estimate", "ci_low", "ci_high"]].to_numpy(dtype=float) * unit)
        return self._step(term, said(odds), margin, unit) + _span(low, high)

    def _step(self, term, by, margin, unit):
        factors = factors_of(term)
        if len(factors) > 1:
            return f"one more of the product {' × '.join(factors)} goes with odds of {self.event} {by} times as high"
        if level := level_of(term):
            texts = self._rows.columns.texts[level[0]]
            return f"at {level[0]} {level[1]} the odds of {self.event} are {by} times those at {texts[0]}"
        if margin is not None and margin["change"] != average.SLOPE:  # a column of 0 and 1
            return f"at {term} 1 the odds of {self.event} are {by} times those at {term} 0"
        return f"{_more(unit)} of {term} goes with odds of {self.event} {by} times as high"

    def _beside(self, term):
        """Where an odds ratio holds, and what else is held constant."""
        others = [name for name in self.table["term"] if name not in ("Intercept", term)]
        own = set(factors_of(term))
        products = [name for name in others if own < set(factors_of(name))]
        changing = dict.fromkeys(factor for name in products for factor in factors_of(name) if factor not in own)
        places = list(dict.fromkeys(self._place(factor) for factor in changing))
        column = level_of(term)[0] if len(own) == 1 and level_of(term) else None
        held = [name for name in others if name not in products and not any(
            factor in changing or (level_of(factor) or (None,))[0] == column is not None for factor in factors_of(name))]
        where = f" where {' and '.join(places)}" if places else ""
        return where + (f", with {held[0] if len(held) == 1 else f'{len(held)} others'} held constant" if held else "")

    def _place(self, factor):
        level = level_of(factor)
        return f"{level[0]} is {self._rows.columns.texts[level[0]][0]}" if level else f"{factor} is 0"

    def _margin(self, term):
        """The row of ``margins`` of a term, or None where it has none: a product, a column both as number and category."""
        columns = self._rows.columns
        if len(factors_of(term)) > 1 or set(columns.numeric) & set(columns.levels):
            return None
        return self.margins(term).iloc[0]

    def _points(self, term, row, unit):
        """The same as a change in probability, where that holds, and that an odds ratio is no ratio of probabilities."""
        if row is None:
            return ("What it does to the probability depends on where one stands: see predict(). An odds ratio is no ratio "
                    "of probabilities.")
        low, high, change = (100 * unit * row[name] for name in ("ci_low", "ci_high", "estimate"))
        change = round(change, 9) + 0.0  # rounding is no change, and never -0
        points = f"{said(change, sign=True)} percentage points{_span(low, high)}"
        slope = f" for {_more(unit)} of {term}, by the slope of the curve" if row["change"] == average.SLOPE else ""
        if others := self._partners(term):
            # the odds ratio holds at one value of these, the change over all rows: the two may even differ in direction
            told = (f"Averaged over all rows, whatever their {' and '.join(others)}, the change in probability is {points}"
                    f"{slope}")
        else:
            told = f"In probability that is {points}{slope}, averaged over these rows"
        if slope:
            return f"{told}. An odds ratio is no ratio of probabilities."
        low, high = f"{term} 0", f"{term} 1"
        if level := level_of(term):
            low, high = self._rows.columns.texts[level[0]][0], level[1]
        before, after = row["probability_from"], row["probability_to"]
        both = f"{said(100 * after)} % at {high} against {said(100 * before)} % at {low}"
        return (f"{told}: {both}, says the model. Their ratio is {said(after / before)}: an odds ratio is no ratio of "
                "probabilities.")

    def _partners(self, term):
        """The columns with which a coefficient's own column is multiplied, each once."""
        own = factors_of(term)
        found = [level_of(factor) or (factor,) for name in self.table["term"] if len(factors_of(name)) > 1
                 and set(own) <= set(factors_of(name)) for factor in factors_of(name) if factor not in own]
        return list(dict.fromkeys(column[0] for column in found))

    def _cautions(self):
        """What stands against the errors, each in a sentence with a space before it."""
        found, k = "", len(self.table)
        if (rarer := min(self.events, self.n - self.events)) < ENOUGH * k:
            few = self.event if self.events <= self.n - self.events else self.other
            found = (f" Only {rarer:,} rows with {few} for {k} coefficients, fewer than {ENOUGH} each (a rule of thumb): "
                     "odds ratios may come out too far from 1, and their intervals cannot be relied on.")
        if self.clusters is None:
            return found
        for name, count in self.rests_on[self.rests_on < FEW].head(3).items():
            found += f" {name} rests on about {count:.1f} groups: no error of it can be trusted."
        if self.clusters < MANY:
            found += f" With fewer than {MANY} groups CR1 tends to be too small."
        return found


def _more(unit):
    return "one more" if unit == 1 else f"one SD ({said(unit)}) more"


def _span(low, high):
    return f" (95 % interval {said(low)} to {said(high)})" if low == low else " (no interval)"


def logistic_table(names, b, V, df):
    """The table of coefficients, with odds ratios."""
    table = coefficient_table(names, b, V, np.full(len(b), df))
    with np.errstate(over="ignore"):  # an odds ratio beyond what a number holds is infinite
        return table.assign(odds_ratio=np.exp(table["estimate"]), odds_low=np.exp(table["ci_low"]),
                            odds_high=np.exp(table["ci_high"]))
