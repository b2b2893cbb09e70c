"""The map of verdicts: every claim once, with its home page's verdict and reason, and a legend for each word."""

import ast
import json
import re

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
