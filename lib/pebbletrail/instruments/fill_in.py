"""A panel to fill in an instrument, with the scores and what they mean at its end. Answers stay in the kernel's memory."""

import numbers
from html import escape

import pandas as pd

from pebbletrail.explorers.panel import WithTwin
from pebbletrail.explorers.turns import in_turn
from pebbletrail.instruments.definition import words
from pebbletrail.instruments.fill_in_results import results
from pebbletrail.instruments.fill_in_view import sheet

UNSURE = ""  # the value of the box for those who cannot say


class FillIn(WithTwin):
    """One respondent's sheet.

    Attributes
    ----------
    answers : DataFrame
        One row, one column an item; NaN where there is no answer.
    scores : Scores, StageProfile or None
        The scores as they were asked for; None before, and after an answer was changed.
    sentence : str
        What the panel says below the lines.
    """

    def __init__(self, instrument, form):
        self.instrument, self.form = instrument, form
        self._says = words("panel", instrument.kind.name, instrument.language)
        self._page = words("page", instrument.kind.name, instrument.language)
        self.title = instrument.filled(instrument.definition.form(form).titles)
        self._asked = {item.id: item for item in instrument.definition.items_of(form)}
        self._items = list(self._asked)
        self._ticked, self.scores, self._results = {}, None, []
        self._turns = {}  # the latest message of each view
        self.sentence = self._count()
        self._told = self._words()
        self.widget = sheet(self._told)
        self.widget.on_msg(self._heard)

    def _words(self):
        kind, language = self.instrument.kind, self.instrument.language
        lines = [self._line(item) for item in self._asked.values()]
        ends = None if kind.listed else [lines[0]["options"][0]["label"], lines[0]["options"][-2]["label"]]
        return {"title": self.title, "language": language, "lines": lines, "ends": ends, "listed": kind.listed,
                **{name: self._says[name] for name in ("how", "stays", "show", "again", "sure", "ask", "lost")}}

    def _line(self, item):
        """A line of the form: its boxes, with one for those who cannot say; a line without boxes is written on."""
        boxes = [{"value": str(value), "shown": str(value) if isinstance(value, int) else "", "label": text or label}
                 for value, label, text in self.instrument.kind.options(item, self.instrument.language)]
        unsure = {"value": UNSURE, "shown": self._page["unsure"], "label": self._page["unsure_meaning"]}
        return {"item": item.id, "text": self.instrument.filled(item.texts), "options": [*boxes, unsure] if boxes else [],
                "unit": "" if boxes else self._page["hours"]}

    @property
    def answers(self):
        return pd.DataFrame([[self._value(item) for item in self._items]], columns=self._items)

    def _value(self, item):
        return self.instrument.kind.read(self._asked[item], self._ticked.get(item) or "")[0]

    def _count(self):
        return self._says["count"].format(answered=int(self.answers.notna().sum(axis=1)[0]), items=len(self._items))

    @in_turn
    def _heard(self, widget, message, buffers=None):
        """What the browser says: a view has opened and asks how things stand, a box was ticked, a button pressed.

        Each message holds all that is ticked, so that one which comes late, after a newer one, can be left aside.
        """
        press, view, turn = message["press"], message["view"], message["turn"]
        if press == "hello":
            return self._tell()
        if turn <= self._turns.get(view, 0):
            return None
        self._turns[view] = turn
        if press == "again":
            return self.reset()
        self._take(message["answers"], view)
        return self.show() if press == "show" else None

    def _tell(self, view=None, first=None):
        """All views follow, but not the one in which it was ticked. The view ``first`` begins again at its first line."""
        told = {"answers": self._ticked, "sentence": self.sentence, "results": self._results, "view": view}
        self.widget.send({**told, "first": first} if first else told)

    def answer(self, item, value):
        """Tick a box: ``value`` is an allowed answer, or None for "cannot say". Scores that are shown no longer hold."""
        if isinstance(value, numbers.Real) and not isinstance(value, bool) and float(value).is_integer():
            value = int(value)  # 5.0 is a 5
        ticked = UNSURE if value is None else str(value)
        self._check(item, ticked)
        self._take({**self._ticked, item: ticked})

    def _take(self, ticked, view=None):
        for item, value in ticked.items():
            self._check(item, value, typing=True)
        self._ticked = dict(ticked)
        self.scores, self._results, self.sentence = None, [], self._count()
        self._tell(view)

    def _check(self, item, value, typing=False):
        """That an item is there and its value allowed; what is still being typed is looked at when it is to be used."""
        if item not in self._asked:
            raise ValueError(f"item: {item!r} is not one of {', '.join(self._items)}.")
        kind, asked = self.instrument.kind, self._asked[item]
        boxes = {str(value) for value, _, _ in kind.options(asked, self.instrument.language)}
        fine = value in {UNSURE, *boxes} if boxes else typing or kind.read(asked, value)[1]
        if not fine:
            raise ValueError(f"value: {value!r} is not allowed; {kind.allowed(asked)}.")

    def reset(self):
        """Take every answer back."""
        self._ticked, self.scores, self._results, self.sentence = {}, None, [], self._says["blank"]
        self._tell()

    def show(self):
        """Show the scores, with what each says and does not say."""
        self.scores = self.instrument.score(self.answers, self.form)
        told, some = results(self.instrument, self.form, self.scores, self._says)
        limits = {"head": self._says["limits"], "lines": list(self.instrument.limits)}
        self._results = [*told, limits] if some else []
        self.sentence = self._says["shown" if some else "none"]
        self._tell()

    def static(self):
        """The sheet as plain HTML, for a page in which nothing can be moved: without the answers that were ticked."""
        told = self._told["lines"]
        if self._told["listed"]:
            values, below = "", [f"<ul>{''.join(f'<li>{_shown(one)}</li>' for one in line['options'][:-1])}</ul>"
                                 if line["options"] else "" for line in told]
        else:
            values, below = "; ".join(map(_shown, told[0]["options"][:-1])), [""] * len(told)
        lines = "".join(f"<li>{escape(line['text'])}{more}</li>" for line, more in zip(told, below, strict=True))
        return (f'<div lang="{self.instrument.language}"><p><b>{escape(self.title)}</b> ({self._page["open_to_move"]})</p>'
                f"{f'<p>{values}</p>' if values else ''}<ol>{lines}</ol></div>")


def _shown(option):
    return escape(f"{option['shown']} {option['label']}".strip())
