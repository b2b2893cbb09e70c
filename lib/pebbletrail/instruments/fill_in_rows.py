"""A panel for a table of observations: one row after the other, each checked before it is kept."""

import pandas as pd

from pebbletrail.instruments.contradictions import at_line, contradictions, of_line
from pebbletrail.instruments.definition import NARROW
from pebbletrail.instruments.fill_in import UNSURE, FillIn


class FillInRows(FillIn):
    """As ``FillIn``, of messages: "keep this message" adds the row to ``answers`` and empties the form for the next.

    Attributes
    ----------
    answers : DataFrame
        One row a message that was kept; score them with ``instrument.score(panel.answers)``.
    """

    KEY = "brand"

    def __init__(self, instrument, form):
        self._kept, self._asker = [], None
        super().__init__(instrument, form)

    def _words(self):
        told = super()._words()
        title = self.instrument.definition.form(self.form).key_titles[self.KEY][self.instrument.language]
        brand = {"item": self.KEY, "text": title, "options": [], "unit": ""}
        return {**told, "lines": [brand, *told["lines"]]}

    @property
    def answers(self):
        made = pd.DataFrame(self._kept, columns=["message", self.KEY, *self._items])
        return made.astype({item.id: self.instrument.kind.column(item) for item in self._asked.values()})

    def _count(self):
        filled = sum(1 for value in self._ticked.values() if value != UNSURE)
        return self._says["count"].format(answered=filled, items=len(self._items) + 1, kept=len(self._kept))

    def _check(self, item, value, typing=False):
        if item != self.KEY:
            super()._check(item, value, typing)

    def _heard(self, widget, message, buffers=None):
        self._asker = message["view"]
        super()._heard(widget, message, buffers)
        self._asker = None

    def show(self):
        """Keep the message, if it can be true; else say what is wrong with it."""
        brand = (self._ticked.get(self.KEY) or "").strip()
        if not brand:
            return self._say(self._says["none"])
        row = {"message": f"m{len(self._kept) + 1:03}", self.KEY: brand, **{item: self._value(item) for item in self._items}}
        if why := self._wrong(row):
            return self._say(self._says["wrong"].format(why=why))
        self._kept.append(row)
        self._ticked = {self.KEY: brand}  # the next message often goes to the same brand
        self._results = [*self._told_so_far(), {"head": self._says["limits"], "lines": list(self.instrument.limits)}]
        self.sentence = self._says["shown"].format(kept=len(self._kept))
        return self._tell(first=self._asker)

    def _wrong(self, row):
        """What cannot be true, or nothing; told by the lines of the form, since columns are not seen there."""
        kind, language, lines = self.instrument.kind, self.instrument.language, self._told["lines"]
        for item in self._asked.values():
            typed = self._ticked.get(item.id) or ""
            if not kind.read(item, typed)[1]:
                return at_line(item.id, lines, language, self._says["odd"].format(typed=typed))
        found = contradictions(pd.DataFrame([row]).astype({item.id: kind.column(item) for item in self._asked.values()}))
        return of_line(found[0][1], lines, language) if found else ""

    def _told_so_far(self):
        colon = f"{NARROW}:" if self.instrument.language == "fr" else ":"
        rows = self.answers
        for brand, mine in rows.groupby(self.KEY, sort=False):
            counts = {"messages": len(mine), **{name: int((mine[name] == "yes").sum()) for name in ("answered", "resolved")}}
            yield {"head": f"{brand}{colon} {self._says['score'].format(**counts)}", "lines": []}

    def _say(self, sentence):
        self.sentence = sentence
        self._tell()

    def reset(self):
        """Take every message back."""
        self._kept = []
        super().reset()
