"""The panel of the verbatim workshop: thirty comments, one code each. Codes stay in the kernel's memory until saved."""

from html import escape
from typing import ClassVar

from pebbletrail.coding.codebook import checked_language, codebook, codes, html_table, verbatims, workshop
from pebbletrail.coding.codings import checked, example_coding, from_text, read, save
from pebbletrail.coding.view import form
from pebbletrail.explorers.panel import WithTwin
from pebbletrail.explorers.turns import in_turn
from pebbletrail.instruments.writing import as_path

OURS = ("count", "blank", "loaded", "refused", "earlier", "aside", "over")  # sentences that Python makes


class CodingPanel(WithTwin):
    """A reader's coding.

    Attributes
    ----------
    coding : Series
        From id to code; NaN where none was given.
    sentence : str
        What the panel says below the comments.
    """

    latest: ClassVar[dict] = {}  # the codes of the panel that was last coded in, in this kernel, which a second run loses

    def __init__(self, texts, language, coding):
        self.language, self._says = language, workshop()["panel"][language]
        self.title, self.book = self._says["title"], codebook(language)
        self.comments = verbatims(texts)
        self._given = {} if coding is None else self._shown_of(checked(coding))
        self._turns = {}  # the latest message of each view
        self._earlier = {} if coding is not None else dict(CodingPanel.latest)
        self.sentence = self._count()
        if self._earlier:
            self.sentence += " " + self._says["earlier"].format(number=len(self._earlier))
        self.widget = form(self._words())
        self.widget.on_msg(self._heard)

    def _words(self):
        """What the form says; every text is set as text in the browser."""
        lines = [{"id": row.id, "text": row.text, "language": row.language, "translation": row.translation,
                  "other": "en" if row.language == "fr" else "fr"} for row in self.comments.itertuples()]
        options = [{"value": code, "label": name} for code, name in self.book.names.items()]
        book = [[row[column] for column in ("name", "definition", "include", "exclude", "example")]
                for row in self.book.table.to_dict("records")]
        return {"language": self.language, "lines": lines, "options": options, "book": book, "file": "my-coding.csv",
                **{name: value for name, value in self._says.items() if name not in OURS}}

    def _shown_of(self, coding):
        """The codes of a coding for the comments that are shown here."""
        there = coding.dropna()
        return {id: there[id] for id in self.comments["id"] if id in there.index}

    @property
    def coding(self):
        return checked(self._given)

    @property
    def example(self):
        """A coding that we made up, to see what comes out before you have coded."""
        return example_coding()

    def _count(self):
        return self._says["count"].format(coded=len(self._given), all=len(self.comments))

    @in_turn
    def _heard(self, widget, message, buffers=None):
        """What the browser says: a view has opened, a code was chosen, a file was given, all is to be taken back.

        Each message holds all codes, so that one which comes late, after a newer one, can be left aside.
        """
        press, view, turn = message["press"], message["view"], message["turn"]
        if press == "hello":
            return self._tell()
        if turn <= self._turns.get(view, 0):
            return None
        self._turns[view] = turn
        if press == "again":
            return self.reset()
        if press == "file":
            return self._taken(message["text"], message["name"])
        return self._take(message["codes"], view)

    def _tell(self, view=None):
        """All views follow, but not the one in which it was chosen."""
        self.widget.send({"codes": self._given, "sentence": self.sentence, "view": view})

    def _take(self, given, view=None):
        self._given = self._shown_of(checked(given))
        CodingPanel.latest = dict(self._given)
        self.sentence = self._count()
        self._tell(view)

    def _add(self, coding, name):
        """The codes of a file beside those that are there; what it puts in their place, or finds no comment for, is told."""
        there, new = coding.dropna(), self._shown_of(coding)
        over = sum(self._given.get(id, code) != code for id, code in new.items())
        self._take({**self._given, **new})
        told = [self._says["loaded"].format(coded=len(self._given), all=len(self.comments), name=name)]
        told += [self._says["over"].format(number=over)] if over else []
        told += [self._says["aside"].format(number=len(there) - len(new))] if len(there) > len(new) else []
        self.sentence = " ".join(told)
        self._tell()

    def _taken(self, text, name):
        """The codes of a file that the browser has read; what is wrong with it is told in the panel."""
        try:
            self._add(from_text(text, name), name)
        except ValueError as error:
            self.sentence = self._says["refused"].format(name=name, why=str(error).removeprefix("path: "))
            self._tell()

    def answer(self, id, code):
        """Give a comment a code, or None to take it back."""
        if id not in set(self.comments["id"]):
            raise ValueError(f"id: there is no comment {id!r} here.")
        if code is not None and code not in codes():
            raise ValueError(f"code: {code!r} is not one of {', '.join(codes())}.")
        given = {**self._given, id: code}
        self._take({one: value for one, value in given.items() if value is not None})

    def reset(self):
        """Take every code back."""
        self._given, self.sentence = {}, self._says["blank"]
        self._tell()

    def save(self, path):
        """Write the codes to a new CSV file; nothing is ever overwritten. Returns the path."""
        return save(self.coding, path, self.language)

    def load(self, path):
        """Add the codes of a CSV file (as ``save`` or the panel's button wrote it); how many comments are coded now.

        Where a comment has a code already, that of the file takes its place; ``.sentence`` says how often, and how many
        codes are for comments that this panel does not show.
        """
        self._add(read(path), as_path(path).name)
        return len(self._given)

    def bring_back(self):
        """Take the codes of the panel that was coded in before this one was made; how many comments are coded now."""
        self._take({**self._shown_of(checked(self._earlier)), **self._given})
        return len(self._given)

    def static(self):
        """The comments and the codebook as plain HTML, for a page in which nothing can be chosen: without the codes."""
        lines = "".join(f'<li lang="{row.language}">{escape(row.text)}</li>' for row in self.comments.itertuples())
        return (f'<div lang="{self.language}"><p><b>{escape(self.title)}</b> ({escape(self._says["open_to_move"])}). '
                f"{escape(self._says['made_up'])}</p>{html_table(self.book)}<ol>{lines}</ol></div>")


def coding_workshop(texts=None, language="en", coding=None):
    """A panel to code the thirty made-up comments in, with the keyboard too.

    Parameters
    ----------
    texts : {"en", "fr"}, optional
        Only the comments written in this language; all thirty without it.
    language : {"en", "fr"}
        Of the codebook and of the panel's own words.
    coding : Series or dict, optional
        Codes to begin with, from id to code.

    Returns
    -------
    CodingPanel
        ``.coding`` (a Series), ``.save(path)``, ``.load(path)``, ``.bring_back()`` (the codes of the panel before it),
        ``.example`` (a made-up coding), ``.static()``.

    Raises
    ------
    ValueError
        Another language, a coding with unknown ids or codes.

    Notes
    -----
    Codes stay in the memory of the notebook's kernel and are no part of a saved notebook; the panel's buttons write them to
    a CSV file and take them from one, also when the kernel was restarted.
    """
    checked_language(texts, or_both=True, argument="texts")
    return CodingPanel(texts, checked_language(language), coding)
