"""What was seen of a contact: yes or no, hours, one of a few words, a level from 1 to 5; each cell and each row checked."""

import numbers
import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pebbletrail.instruments.definition import LANGUAGES, NARROW, common
from pebbletrail.moments.levels import plain

SHOWN = 5  # problems that a message lists
NO_ANSWER = ("", "?")
YES_NO = {"yes": ("yes", "y", "true", "1", "1.0", "1,0", "oui", "o", "vrai"),
          "no": ("no", "n", "false", "0", "0.0", "0,0", "non", "faux")}
THOUSAND = re.compile(r"[+-]?\d+(,\d{3})+(\.\d*)?")
PUBLIC = "public"  # the channel on which others can read along


@dataclass(frozen=True)
class Contacts:
    """One row a message that was sent to a brand; the kind of each answer is its item's ``type``."""

    name: str = "contacts"
    listed = True
    choices = ("weights", "within", "replicates", "seed")

    def options(self, item, language):
        """``(value, label, text)`` of each box; none where hours are written."""
        if item.type == "yes-no":
            return [(value, label, "") for value, label in zip(YES_NO, common()["answers"]["yes-no"][language], strict=True)]
        return [(option.value, "", option.texts[language]) for option in item.options]

    def allowed(self, item):
        """What may stand in an item's cells, in words."""
        told = {"yes-no": "yes or no", "level": f"a whole number from 1 to {len(item.options)}",
                "hours": "a number of hours from 0 on"}
        what = told.get(item.type) or " or ".join(str(option.value) for option in item.options)
        hint = " (1,000 may be a thousand or one: write 1000 or 1.0)" if item.type == "hours" else ""
        return f"{what} in {item.id}{hint}, or nothing"

    def column(self, item):
        """The type of an item's column."""
        return float if item.type in ("hours", "level") else object

    def read(self, item, cell):
        """``(value, whether it is allowed)`` of a text; None or NaN for no answer. Words of either language are read."""
        cell = cell.strip()
        if cell in NO_ANSWER:
            return (np.nan if self.column(item) is float else None), True
        if item.type == "yes-no":
            known = {word: value for value, words in YES_NO.items() for word in words}
        elif item.type == "choice":
            known = {told.replace(NARROW, " ").casefold(): option.value for option in item.options
                     for told in (option.value, *(option.texts[language] for language in LANGUAGES))}
        else:
            return self._number(item, cell)
        word = cell.replace(NARROW, " ").casefold()
        return (known[word], True) if word in known else (cell, False)

    @staticmethod
    def _number(item, cell):
        if THOUSAND.fullmatch(cell):
            return cell, False  # 1,000 is a thousand to some and one to others
        try:
            value = float(cell.replace(",", "."))
        except ValueError:
            return cell, False
        fine = np.isfinite(value) and value >= 0 if item.type == "hours" else value in range(1, len(item.options) + 1)
        return (value, True) if fine else (cell, False)

    def numbers(self, answers, items):
        """The rows as they are counted: ``yes`` and ``no``, the words of a choice, numbers; None or NaN for nothing.

        Raises
        ------
        ValueError
            Cells that are not allowed, by row and column.
        """
        made, wrong = {}, []
        for item in items:
            known = {}  # thousands of cells hold the same few words and numbers
            told = [self._known(item, one, known) for one in answers[item.id]]
            made[item.id] = pd.Series([value for value, _ in told], index=answers.index, dtype=object)
            wrong += [(row, item) for row, (_, fine) in enumerate(told) if not fine]
        if wrong:
            wrong.sort(key=lambda at: at[0])
            cells = [f"{row_of(answers, row)}, column {item.id!r}: {plain(answers[item.id].iloc[row])!r}"
                     for row, item in wrong[:SHOWN]]
            allowed = dict.fromkeys(self.allowed(item) for _, item in wrong[:SHOWN])
            raise ValueError(f"answers: {listed(cells, len(wrong))}. Allowed is {'; '.join(allowed)}.")
        return pd.DataFrame({item.id: made[item.id].astype(self.column(item)) for item in items})

    def _known(self, item, given, known):
        if not isinstance(given, str | float):
            return self._cell(item, given)
        if given not in known:
            known[given] = self._cell(item, given)
        return known[given]

    def _cell(self, item, given):
        """As ``read``, of a cell that may be a truth or a number too."""
        if given is None or given is pd.NA or given is pd.NaT or (isinstance(given, float) and np.isnan(given)):
            return self.read(item, "")
        if isinstance(given, bool | np.bool_):
            return ("yes" if given else "no", True) if item.type == "yes-no" else (given, False)
        if isinstance(given, numbers.Real):
            return self.read(item, f"{float(given)!r}")
        return self.read(item, given) if isinstance(given, str) else (given, False)

    def result(self, instrument, answers, form, **choices):
        from pebbletrail.instruments.openness import score

        return score(instrument, answers, form, **choices)

    def reliability(self, instrument, answers, form):
        from pebbletrail.instruments.openness import messages_of
        from pebbletrail.instruments.openness_tone import coders_agreement

        return coders_agreement(messages_of(instrument, answers, form))


def row_of(answers, row):
    """A row by its message, or by its place."""
    label = f"row {plain(answers.index[row])!r}"
    return f"{label} (message {answers['message'].iloc[row]!r})" if "message" in answers else label


def listed(problems, total=None):
    """The first problems, and how many more there are."""
    total = len(problems) if total is None else total
    return "; ".join(problems[:SHOWN]) + (f"; and {total - SHOWN} more" if total > SHOWN else "")
