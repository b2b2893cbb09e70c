"""The thirty made-up comments and the codebook: ``pt.verbatims()`` and ``pt.codebook()``."""

import tomllib
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files

import pandas as pd

from pebbletrail.catalogue import load
from pebbletrail.instruments.definition import LANGUAGES, typeset

COLUMNS = ("name", "definition", "include", "exclude", "example")


@cache
def workshop():
    """What ``workshop.toml`` holds, with French set as French is."""
    text = (files("pebbletrail.coding") / "workshop.toml").read_text(encoding="utf-8")
    found = tomllib.loads(text)
    for code in found["codes"]:
        code["fr"] = {key: typeset(value) for key, value in code["fr"].items()}
    french = found["panel"]["fr"]
    french.update({key: typeset(value) for key, value in french.items() if isinstance(value, str)})
    return found


@cache
def codes():
    """The codes in the order of the codebook; the last one is for what cannot be told."""
    return tuple(code["code"] for code in workshop()["codes"])


def verbatims(language=None):
    """Thirty customers' comments, fifteen in French and fifteen in English. **Made up by us**: nobody wrote them.

    Parameters
    ----------
    language : {"en", "fr"}, optional
        Only those written in this language.

    Returns
    -------
    DataFrame
        One row a comment: ``id, language, text, translation`` (the same in the other language, ours).

    Notes
    -----
    They are the data set ``verbatims``. Irony, mixed and thin comments are in it on purpose, so how often something occurs
    says nothing on any firm.
    """
    checked_language(language, or_both=True)
    table = load("verbatims")
    for column, french in (("text", table["language"] == "fr"), ("translation", table["language"] == "en")):
        table[column] = table[column].where(~french, table[column].map(typeset))
    return table if language is None else table[table["language"] == language].reset_index(drop=True)


def checked_language(language, or_both=False, argument="language"):
    """The language, or a ValueError that says which there are."""
    if language in LANGUAGES or (or_both and language is None):
        return language
    both = ", or nothing for both" if or_both else ""
    raise ValueError(f"{argument}: {language!r} is not one of {', '.join(LANGUAGES)}{both}.")


@dataclass(frozen=True, repr=False)
class Codebook:
    """What each code means. ``language`` is that of its words; ``version`` counts its revisions."""

    language: str
    version: str

    @property
    def table(self):
        """DataFrame, one row a code: ``code`` (as it is stored), ``name, definition, include, exclude, example``."""
        rows = [{"code": one["code"], **{column: one[self.language][column] for column in COLUMNS}}
                for one in workshop()["codes"]]
        return pd.DataFrame(rows)

    @property
    def names(self):
        """Dict from code to its name in this language."""
        return {one["code"]: one[self.language]["name"] for one in workshop()["codes"]}

    @property
    def text(self):
        """What kind of thing it is, in a sentence."""
        return (f"A codebook of {len(codes()) - 1} codes and a way out, version {self.version}, ours. Nobody has shown that "
                "it measures what matters to customers.")

    def __repr__(self):
        return f"{self.text}\n\n{self.table.to_string(index=False)}"

    def _repr_html_(self):
        return f"<p>{escape(self.text)}</p>{html_table(self)}"


def html_table(book):
    """The codebook as an HTML table whose cells wrap."""
    heads = workshop()["panel"][book.language]["heads"]
    rows = "".join("<tr>" + "".join(f'<td style="text-align:left;vertical-align:top">{escape(row[column])}</td>'
                                    for column in COLUMNS) + "</tr>" for row in book.table.to_dict("records"))
    top = "".join(f'<th style="text-align:left">{escape(head)}</th>' for head in heads)
    return f'<table lang="{book.language}"><thead><tr>{top}</tr></thead><tbody>{rows}</tbody></table>'


def codebook(language="en"):
    """The codebook of the verbatim workshop.

    Parameters
    ----------
    language : {"en", "fr"}

    Returns
    -------
    Codebook
        ``.table`` (code, name, definition, include, exclude, example), ``.names``, ``.text``.
    """
    return Codebook(checked_language(language), workshop()["version"])
