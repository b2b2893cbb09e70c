"""Where a student stands in a module: what is answered, and in practice what it has earned."""

from dataclasses import dataclass
from html import escape

import pandas as pd

from pebbletrail.exercises.feedback import SIGNS
from pebbletrail.exercises.marking import OPEN

NUMBERS = ("points", "minutes", "misses", "earned")


@dataclass(frozen=True)
class Standing:
    """The sheet so far.

    Attributes
    ----------
    title, student : str
    table : DataFrame
        A row a question; ``earned`` is missing where a person marks.
    """

    title: str
    student: str
    table: pd.DataFrame

    @property
    def open(self):
        """The questions without an answer."""
        return list(self.table.loc[self.table["state"] == OPEN, "question"])

    @property
    def text(self):
        count, answered = len(self.table), len(self.table) - len(self.open)
        told = f"{answered} of {count} answered."
        if self.open:
            told += f" Still open: {', '.join(self.open)}."
        if "earned" in self.table:
            by_people = self.table.loc[self.table["earned"].isna(), "points"].sum()
            told += f" So far {self.table['earned'].sum():g} of {self.table['points'].sum()} points"
            told += f"; {by_people} more are for your text, which a person marks." if by_people else "."
        return told

    def _shown(self):
        shown = self.table.copy()
        shown = shown.rename(columns={"attempts": "misses"})
        shown["state"] = [f"{SIGNS[state]} {state}" for state in shown["state"]]
        if "earned" in shown:
            shown["earned"] = ["by a person" if pd.isna(value) else f"{value:g}" for value in shown["earned"]]
        return shown

    def __repr__(self):
        return f"{self.title}\n{self.text}\n\n{self._shown().to_string(index=False)}"

    def _repr_html_(self):
        done = len(self.table) - len(self.open)
        bar = f"<progress max='{len(self.table)}' value='{done}' aria-label='answered'></progress>"
        return f"<p><b>{escape(self.title)}</b> {bar} {escape(self.text)}</p>{_table(self._shown())}"


def _table(shown):
    """Words to the left, numbers to the right: Jupyter would put all to the right."""
    sides = {name: "right" if name in NUMBERS else "left" for name in shown}
    head = "".join(f'<th style="text-align:{sides[name]}">{escape(name)}</th>' for name in shown)
    rows = "".join("<tr>" + "".join(f'<td style="text-align:{sides[name]}">{escape(str(value))}</td>'
                                    for name, value in zip(shown, row, strict=True)) + "</tr>"
                   for row in shown.itertuples(index=False))
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
