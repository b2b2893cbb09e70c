"""Every claim with its verdict on one page, and a legend that a newcomer can read."""

from dataclasses import dataclass
from html import escape

import pandas as pd

from pebbletrail.course import NOT_YET, claims
from pebbletrail.ledger_view import VERDICT_COLOURS
from pebbletrail.page_source import all_pages

MARKS = {"supported": "●", "mixed": "◐", "contradicted": "○", "untested": "?"}
MEANING = {
    "supported": "what was measured speaks clearly for it.",
    "mixed": "some of what was measured speaks for it, some against it; the page says what, and how near it comes.",
    "contradicted": "what was measured speaks clearly against it, or against the way in which it is told.",
    "untested": "nothing that we found tests it: it is neither true nor false for us, but unknown. The page says where we "
                "looked and what a test would need.",
}
KINDS = {
    "finding": "says that something was measured. It can be checked.",
    "belief": "says that something is so. It can be tested.",
    "forecast": "says what will come. It can be tested later.",
    "aim": "says what one should do. Data cannot refute it; what is tested is the sentence that it takes for granted.",
    "question": "asks. It cannot be supported; what is weighed is an answer to it.",
}
THEMES = {"Control and quality": range(1, 5), "Engagement and growth": range(5, 9), "Building trust": range(9, 14)}
CELL = 'style="text-align:left;vertical-align:top;padding:.35em .8em"'


@dataclass(frozen=True, repr=False)
class VerdictMap:
    """The claims by theme, each with its mark.

    Attributes
    ----------
    table : DataFrame
        As ``pt.claims()``, with ``theme`` and ``because`` (the reason, as the page gives it; empty where the page is not
        written).
    """

    table: pd.DataFrame

    @property
    def text(self):
        """How many claims have which verdict."""
        return f"{len(self.table)} claims: {_counts(self.table)}."

    def __repr__(self):
        return self.text

    def _repr_html_(self):
        parts = [f"<p>{escape(self.text)}</p>", _legend("The mark", MEANING, MARKS),
                 _legend("The kind of sentence", KINDS, {})]
        for theme, rows in self.table.groupby("theme", sort=False):
            parts.append(f"<h4>{escape(theme)} <small>({escape(_counts(rows))})</small></h4>{_rows(rows)}")
        return "".join(parts)


def verdict_map():
    """Every claim that the kit examines, by theme, with its verdict, the reason, and a legend.

    Returns
    -------
    VerdictMap
        Shows itself as a table in a notebook. A mark never stands without its word.
    """
    reasons = {one["claim"]: one["because"] for page in all_pages().values() for one in page.verdicts()}
    table = claims()
    theme = {page: name for name, numbers in THEMES.items() for page in numbers}
    return VerdictMap(table.assign(theme=table["page"].map(theme), because=table["id"].map(reasons).fillna("")))


def _counts(rows):
    found = rows["verdict"].value_counts()
    return ", ".join(f"{found[verdict]} {verdict}" for verdict in [*MARKS, NOT_YET] if verdict in found)


def _mark(verdict):
    sign = MARKS.get(verdict, "")
    return f'<b style="color:{VERDICT_COLOURS.get(verdict, "inherit")};white-space:nowrap">{sign} {escape(verdict)}</b>'


def _legend(title, meanings, marks):
    rows = "".join(f"<tr><td {CELL}>{_mark(word) if word in marks else f'<b>{escape(word)}</b>'}</td>"
                   f"<td {CELL}>{escape(meaning)}</td></tr>" for word, meaning in meanings.items())
    return f"<p><b>{escape(title)}</b></p><table>{rows}</table>"


def _rows(rows):
    head = "".join(f'<th scope="col" {CELL}>{word}</th>' for word in ("verdict", "claim", "who says it", "kind", "page"))
    body = "".join(_row(row) for row in rows.itertuples())
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _row(row):
    page = all_pages().get(row.page)
    where = f'<a href="{escape(page.path.name)}">{row.page}</a>' if page else f"{row.page}"
    why = f"<details><summary>why</summary>{escape(row.because.rstrip('.'))}.</details>" if row.because else ""
    cells = (_mark(row.verdict), f"{escape(row.claim)}{why}", escape(row.speaker), escape(row.kind), where)
    return f"<tr>{''.join(f'<td {CELL}>{cell}</td>' for cell in cells)}</tr>"
