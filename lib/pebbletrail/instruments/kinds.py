"""What an answer may be: agreement from 1 to 7, one of five stages, or what was seen of a contact (``contacts.py``).

A kind has a ``name``; ``options(item, language)``, the boxes of a line (none where a number or a text is written);
``numbers(answers, items)`` or the like, which checks a table; ``read(item, cell)``, which reads one cell of a file;
``allowed(item)`` in words; ``result``, which makes of the answers what ``Instrument.score`` gives; ``reliability``; and
``choices``, the further arguments of ``result``. ``listed`` kinds have their boxes one below the other.
"""

import numbers
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pebbletrail.instruments.contacts import Contacts
from pebbletrail.instruments.definition import common
from pebbletrail.moments.levels import plain

SHOWN = 5  # wrong answers that a message lists
NO_ANSWER = ("", "?")  # nothing, or the box for those who cannot say


@dataclass(frozen=True)
class Whole:
    """Whole numbers from ``low`` to ``high``."""

    low: int
    high: int
    name: str

    @property
    def allowed_values(self):
        return range(self.low, self.high + 1)

    def allowed(self, item=None):
        return f"a whole number from {self.low} to {self.high}, or nothing where no answer was given"

    def words(self, language):
        """What each value means: ``{1: "strongly disagree", …}``."""
        return dict(zip(self.allowed_values, common()["answers"][self.name][language], strict=True))

    def numbers(self, answers, items):
        """The answers as floats, NaN where there is none.

        Raises
        ------
        ValueError
            Answers that are not allowed, with their rows and columns.
        """
        made, wrong = {}, []
        for item in items:
            column = answers[item]
            of = pd.api.types
            if of.is_numeric_dtype(column) and not of.is_bool_dtype(column) and not of.is_complex_dtype(column):
                made[item] = column.to_numpy(dtype=float, na_value=np.nan)
            else:
                made[item] = np.array([_number(one) for one in column], dtype=float)
            bad = ~np.isnan(made[item]) & ~np.isin(made[item], self.allowed_values)
            wrong += [(row, item) for row in np.flatnonzero(bad)]
        if wrong:
            raise ValueError(self._told(answers, sorted(wrong, key=lambda at: at[0])))
        return pd.DataFrame(made, index=answers.index)

    def _told(self, answers, wrong):
        cells = [f"row {plain(answers.index[row])!r}, column {item!r}: {plain(answers[item].iloc[row])!r}"
                 for row, item in wrong[:SHOWN]]
        more = f"; and {len(wrong) - SHOWN} more" if len(wrong) > SHOWN else ""
        text = any(isinstance(answers[item].iloc[row], str) for row, item in wrong)
        hint = " Text is not read as a number here; .read(path) reads a CSV file and does it." if text else ""
        return f"answers: {'; '.join(cells)}{more}. Allowed is {self.allowed()}.{hint}"

    def read(self, item, cell):
        """``(value, whether it is allowed)`` of one cell of a file; NaN for no answer."""
        if cell in NO_ANSWER:
            return np.nan, True
        try:
            value = float(cell.replace(",", "."))
        except ValueError:
            return cell, False
        return (value, True) if value in self.allowed_values else (cell, False)

    def column(self, item):
        """The type of an item's column."""
        return float


@dataclass(frozen=True)
class Agreement(Whole):
    """Agreement with a statement; a scale's score is the mean of its answered items."""

    low: int = 1
    high: int = 7
    name: str = "agreement"
    listed = False
    choices = ()

    def options(self, item, language):
        """``(value, label, text)`` of each box."""
        return [(value, label, "") for value, label in self.words(language).items()]

    def turned(self, values):
        """The answers to a reversed item, turned round: 1 becomes 7, 2 becomes 6."""
        return self.low + self.high - values

    def needed(self, items):
        """How many of a scale's items must be answered for a score: at least two thirds."""
        return -(-2 * items // 3)

    def score(self, values):
        """``(score, answered)`` of each respondent, from the turned answers to one scale's items, NaN where too few are."""
        given = values.to_numpy()
        answered = (~np.isnan(given)).sum(axis=1)
        total = np.nansum(given, axis=1)
        enough = answered >= self.needed(given.shape[1])
        return np.divide(total, answered, out=np.full(len(given), np.nan), where=enough), answered

    def result(self, instrument, answers, form):
        from pebbletrail.instruments.scoring import score

        return score(instrument, answers, form)

    def reliability(self, instrument, answers, form):
        from pebbletrail.instruments.reliability import reliability

        return reliability(instrument, answers, form)


@dataclass(frozen=True)
class Stages(Whole):
    """One of five ordered stages, each a description of its own. An order and no more: nothing is averaged."""

    low: int = 1
    high: int = 5
    name: str = "stages"
    listed = True
    choices = ("by", "small", "replicates", "seed")

    def options(self, item, language):
        """``(stage, its name, the practice that is described)``."""
        return [(stage, label, option.texts[language])
                for (stage, label), option in zip(self.words(language).items(), item.options, strict=True)]

    def result(self, instrument, answers, form, **choices):
        from pebbletrail.instruments.stages_score import profile

        return profile(instrument, answers, form, **choices)

    def reliability(self, instrument, answers, form):
        return self.result(instrument, answers, form).agreement


def _number(given):
    """A number as a float, NaN for no answer, and infinity (never allowed) for everything else."""
    if isinstance(given, str):
        return np.inf if given.strip() else np.nan
    if isinstance(given, bool | np.bool_):
        return np.inf
    if given is None or given is pd.NA or given is pd.NaT:
        return np.nan
    return float(given) if isinstance(given, numbers.Real) else np.inf


KINDS = {kind.name: kind for kind in (Agreement(), Stages(), Contacts())}
