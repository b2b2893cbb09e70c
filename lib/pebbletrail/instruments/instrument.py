"""An instrument, as a notebook has it: what is asked, what a score means, and everything that is done with answers."""

from dataclasses import dataclass
from html import escape

import pandas as pd

from pebbletrail.instruments.answers import chosen
from pebbletrail.instruments.definition import Definition, filled
from pebbletrail.instruments.kinds import KINDS


@dataclass(frozen=True, repr=False)
class Instrument:
    """A questionnaire with its scoring, in one language and with its gaps filled; ``pt.instrument`` gives one.

    What respondents read is in that language, as are ``meaning`` and ``limits``; what an analyst reads of results is in
    English. Nothing is written without a path, and nothing is sent.

    Attributes
    ----------
    definition : Definition
    language : {"en", "fr"}
    words : dict
        What fills the gaps of the items.
    """

    definition: Definition
    language: str
    words: dict

    @property
    def name(self):
        return self.definition.name

    @property
    def version(self):
        return self.definition.version

    @property
    def title(self):
        return self.filled(self.definition.titles)

    @property
    def kind(self):
        """The kind of answers: what is allowed, and how a score is made of them."""
        return KINDS[self.definition.answers]

    @property
    def forms(self):
        """Who is asked: one form for each kind of respondent."""
        return tuple(form.name for form in self.definition.forms)

    @property
    def limits(self):
        """What no result of this instrument can tell: sentences."""
        return tuple(self.definition.limits[self.language])

    @property
    def table(self):
        """DataFrame, one row an item: ``number`` (as printed), ``item`` (the column of the answers), ``form, scale, text,
        reversed, facet``."""
        return pd.DataFrame([
            {"number": number, "item": item.id, "form": form, "scale": scale, "text": self.filled(item.texts),
             "reversed": item.reversed, "facet": item.facet}
            for form in self.forms for number, (scale, item) in enumerate(
                ((scale.name, item) for scale in self.definition.scales_of(form) for item in scale.items), 1)])

    @property
    def options(self):
        """DataFrame, one row an item and possible answer: ``item, value, label, text`` (what is described, where it is)."""
        return pd.DataFrame([
            {"item": item.id, "value": value, "label": label, "text": text} for form in self.forms
            for item in self.definition.items_of(form) for value, label, text in self.kind.options(item, self.language)])

    @property
    def meaning(self):
        """DataFrame, one row a scale: ``scale, form, title, items, says, does_not_say``."""
        return pd.DataFrame([
            {"scale": scale.name, "form": scale.form, "title": scale.titles[self.language], "items": len(scale.items),
             "says": scale.says[self.language], "does_not_say": scale.does_not_say[self.language]}
            for scale in self.definition.scales])

    def filled(self, texts):
        """A text of the definition in this language, with its gaps filled."""
        return filled(texts[self.language], self.words)

    def score(self, answers, form=None, **choices):
        """Score answers.

        Parameters
        ----------
        answers : DataFrame
            One row a respondent (rater, message), one column an item (``.table`` names them), as ``.read`` gives it: whole
            numbers as they were ticked (reversed items are turned here), NaN where there is none. Other columns are kept.
        form : str, optional
            Where there are several forms; otherwise told from the columns.
        **choices
            ethics-stages: ``by``, the column whose groups are compared (default ``firm``), ``small`` (True: the
            stages of sides with fewer than 10 raters too). openness-to-dialogue: ``weights`` of the index (a dict; default
            all equal), ``within`` (hours, 24), ``replicates``, ``seed``.

        Returns
        -------
        Scores, StageProfile or Openness
            ``.table``, ``.text``, ``.figure()`` and more, by the kind of answers. Of agreement from 1 to 7: the mean of the
            answered items of each scale; where fewer than two thirds of them are answered there is none. Of stages: how many
            raters stand where, medians that are stages, agreement; no mean. Of messages: shares with intervals, an index.

        Raises
        ------
        ValueError
            Items missing or unknown, columns of two forms, answers that are not allowed or contradict themselves (with row
            and column), no row, choices that this instrument does not have.
        """
        if strange := [one for one in choices if one not in self.kind.choices]:
            has = ", ".join(self.kind.choices) or "none"
            raise ValueError(f"{strange[0]}: scoring {self.name} has no such choice; it has {has}.")
        return self.kind.result(self, answers, form, **choices)

    def reliability(self, answers, form=None):
        """How reliable the scales are on these answers (as for ``score``); of raters and coders, how far they agree.

        Returns
        -------
        Reliability or Agreement
            Of scales: ``.table`` (alpha with Feldt's interval, omega), ``.items``, ``.scales`` (the scores' correlations),
            ``.text``, ``.figure()``. All from ``pt.item_analysis`` and ``pt.correlations``, over the respondents who
            answered all items of a scale; their notes say what is assumed. Of raters: Krippendorff's alpha, kappa of two.
        """
        return self.kind.reliability(self, answers, form)

    def example(self, seed=0, rows=None, form=None):
        """A made-up table of answers, to see how the instrument works. Never evidence: nobody said any of it.

        Parameters
        ----------
        seed : int, SeedSequence or Generator
        rows : int, optional
            Respondents (default 120), raters of one firm (7), messages to each of three brands (40).
        form : str
            Where there are several.

        Returns
        -------
        DataFrame
            As ``.score`` takes it. Its identifiers say "made-up"; ``.attrs["made_up"]`` holds the sentence to print with it.
        """
        from pebbletrail.instruments.made_up import example

        return example(self, chosen(self, form), seed, rows)

    def read(self, path, form=None):
        """Read a filled-in CSV file: commas, semicolons or tabs, UTF-8 or western European, ``5`` or ``5,0``.

        An empty cell or ``?`` is no answer; a line with fewer cells than the header is an error. Words (yes, oui) are read
        in either language. Columns that are no items stay texts.

        Raises
        ------
        ValueError
            A file that is none, columns as in ``score``, answers that are not allowed, by line and column.
        """
        from pebbletrail.instruments.reading import read

        return read(self, path, form)

    def template(self, path=None, form=None):
        """The header of a table of answers, without a row: an example would be counted as a respondent.

        Parameters
        ----------
        path : path, optional
            A new CSV file (with semicolons in French, as Excel expects there); its path is returned. Without it: an empty
            DataFrame.
        """
        from pebbletrail.instruments.writing import write_csv

        asked = self.definition.form(chosen(self, form))
        columns = [*asked.keys, *(item.id for item in self.definition.items_of(asked.name))]
        return pd.DataFrame(columns=columns) if path is None else write_csv(path, [columns], self.language)

    def questionnaire(self, path=None, form=None, asked_by=None, contact=None, until=None):
        """A page to print: instruction, note on privacy, one box an answer; one HTML file without scripts.

        Parameters
        ----------
        path : path, optional
            A new file; its path is returned. Without it the page is shown in the notebook.
        form : str
            Where there are several.
        asked_by, contact, until : str, optional
            Who asks, where questions go, when answers are deleted. Left out: a line to write on.
        """
        from pebbletrail.instruments.printed import questionnaire

        page = questionnaire(self, chosen(self, form), asked_by, contact, until)
        return page if path is None else page.save(path)

    def fill_in(self, form=None):
        """A panel to fill in, from the keyboard too. The answers stay in the memory of the notebook's kernel.

        Returns
        -------
        FillIn
            ``.answers`` (a DataFrame with one row; of messages, with a row for each that was kept), ``.scores`` (once asked
            for), ``.static()``.
        """
        if self.kind.name == "contacts":
            from pebbletrail.instruments.fill_in_rows import FillInRows

            return FillInRows(self, chosen(self, form))
        from pebbletrail.instruments.fill_in import FillIn

        return FillIn(self, chosen(self, form))

    def kit(self, folder):
        """Write everything for a study into a folder: questionnaires, templates, the list of items, and a README with the
        design; nothing if one of the files is there already. In both languages, but in this one only where one's own words
        fill the gaps.

        Returns
        -------
        list of Path
        """
        from pebbletrail.instruments.kit import write_kit

        return write_kit(self, folder)

    def __repr__(self):
        return f"{self.title} ({self.name}, version {self.version})\n{self.limits[0]}\n\n{self.table.to_string(index=False)}"

    def _repr_html_(self):
        return (f"<p><b>{escape(self.title)}</b> ({escape(self.name)}, version {escape(self.version)}). "
                f"{escape(self.limits[0])}</p>{self.table.to_html(index=False, border=0)}")
