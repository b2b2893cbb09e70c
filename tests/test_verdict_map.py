"""The map of verdicts: every claim once, with its home page's verdict and reason, and a legend for each word."""

import ast
import csv
import json
import re
from html import unescape

import pytest

import pebbletrail as pt
from pebbletrail.claims_map import KINDS, MARKS, THEMES
from pebbletrail.home import project_folder


@pytest.fixture(scope="module")
def board():
    return pt.verdict_map()


@pytest.fixture(scope="module")
def in_sources():
    """Claim, verdict and reason, read from the notebooks' files by another way: every call named ``verdict``."""
    found = {}
    for path in project_folder("notebooks").glob("[0-9]*.ipynb"):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            text = "".join(cell["source"])
            if cell["cell_type"] == "code" and "pt.verdict(" in text:
                call = ast.parse(text).body[0].value
                words = {one.arg: ast.literal_eval(one.value) for one in call.keywords}
                found[call.args[0].value] = (call.args[1].value, words["because"])
    return found


@pytest.fixture(scope="module")
def rows(board):
    """What stands in the table, row by row: theme, mark, verdict, claim, reason, speaker, kind, link, page."""
    found = []
    for part in board._repr_html_().split("<h4>")[1:]:
        theme = unescape(re.match(r"[^<]*", part)[0]).strip()
        for row in part.split("<tbody>")[1].split("</tr>")[:-1]:
            verdict, claim, speaker, kind, page = re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)
            mark, word = re.fullmatch(r"<b[^>]*>(.) (\w+)</b>", verdict).groups()
            claim, because = re.fullmatch(r"(.*?)<details><summary>why</summary>(.*)</details>", claim, re.DOTALL).groups()
            link, number = re.fullmatch(r'<a href="([^"]+)">(\d+)</a>', page).groups()
            found.append((theme, mark, word, *map(unescape, (claim, because, speaker, kind)), link, int(number)))
    return found


def test_every_claim_has_a_verdict_and_stands_once(board, in_sources):
    assert len(board.table) == board.table["id"].nunique() == 36
    shown = {row.id: (row.verdict, row.because) for row in board.table.itertuples()}
    assert shown == in_sources
    assert set(board.table["verdict"]) <= set(MARKS)


def test_the_table_that_readers_see_has_all_of_it(board):
    html = board._repr_html_()
    assert html.count("<details>") == 36
    rows = re.findall(r"<tr><td[^>]*><b[^>]*>(.) (\w+)</b></td><td", html)
    assert len(rows) == 36 + len(MARKS)
    assert all(MARKS[word] == mark for mark, word in rows), "a mark never stands beside another word"
    for files in re.findall(r'<a href="([^"]+)">', html):
        assert (project_folder("notebooks") / files).is_file()


def test_themes_and_counts(board):
    assert list(dict.fromkeys(board.table["theme"])) == list(THEMES)
    numbers = [int(one) for one in re.findall(r"(\d+) (?:supported|mixed|contradicted|untested)", board.text)]
    assert sum(numbers) == 36


def test_the_legend_explains_every_kind_and_verdict_that_occurs(board):
    html = board._repr_html_()
    for kind in board.table["kind"]:
        assert kind.split(",")[0].split(" ")[0] in KINDS
    for word in (*KINDS, *MARKS):
        assert re.search(rf"<b[^>]*>(?:. )?{word}</b></td>", html), word


def test_each_row_has_the_verdict_reason_and_page_of_its_own_claim(rows, in_sources):
    """Claims read from their file, verdicts and reasons from the notebooks; marks and themes are written here."""
    with open(project_folder("datasets") / "claims.csv", encoding="utf-8", newline="") as file:
        claims = {one["claim"]: one for one in csv.DictReader(file)}
    marks = {"supported": "●", "mixed": "◐", "contradicted": "○", "untested": "?"}
    assert sorted(row[3] for row in rows) == sorted(claims)
    for theme, mark, word, claim, because, speaker, kind, link, page in rows:
        one = claims[claim]
        verdict, reason = in_sources[one["id"]]
        assert (word, mark) == (verdict, marks[verdict]), claim
        assert because == reason.rstrip(".") + ".", claim
        assert (speaker, kind, page) == (one["speaker"], one["kind"], int(one["home_page"])), claim
        assert link.startswith(f"{page:02d}-")
        wanted = "Control and quality" if page <= 4 else "Engagement and growth" if page <= 8 else "Building trust"
        assert theme == wanted, claim


def test_the_counts_are_those_of_the_rows(board, rows):
    def counted(words):
        return ", ".join(f"{words.count(word)} {word}" for word in MARKS if word in words)

    assert board.text == f"36 claims: {counted([row[2] for row in rows])}."
    html = board._repr_html_()
    for theme in THEMES:
        assert f"<h4>{theme} <small>({counted([row[2] for row in rows if row[0] == theme])})</small>" in html


@pytest.mark.parametrize(("word", "says"), [
    ("supported", "speaks clearly for it"), ("mixed", "some of what was measured speaks for it, some against"),
    ("contradicted", "speaks clearly against it"), ("untested", "nothing that we found tests it"),
    ("finding", "something was measured"), ("belief", "something is so"), ("forecast", "what will come"),
    ("aim", "what one should do"), ("question", "asks"),
])
def test_each_word_of_the_legend_has_its_own_meaning(board, word, says):
    legend = board._repr_html_().split("<h4>")[0]
    (meaning,) = re.findall(rf"<b[^>]*>(?:. )?{word}</b></td><td[^>]*>(.*?)</td></tr>", legend)
    assert says in meaning
