"""The house rules of a page, checked on its source."""

import ast
import json
import re
import statistics

import nbformat
import pytest

from pebbletrail.course import pages as page_table
from pebbletrail.course import read_syllabus, syllabus
from pebbletrail.home import project_folder
from pebbletrail.ledger_table import claims, ledger
from pebbletrail.page_source import Page, all_pages, needs, source, tags
from pebbletrail.passports import all_passports

PAGES = list(all_pages().values())
STUDIES = [page for page in PAGES if page.number > 0]
NOTEBOOKS = project_folder("notebooks")
SECTIONS = ["The claim", "Try it", "The evidence", "Look", "Estimate", "Published beside reproduced", "Verdict",
            "Check yourself"]
NAMES = {"ids": lambda page: page.path.stem}


def code_cells(page):
    return [cell for cell in page.cells if cell["cell_type"] == "code"]


def lines_of(cell):
    return [line for line in source(cell).splitlines() if line.strip()]


def test_the_pages_are_found():
    assert set(range(14)) == {page.number for page in PAGES}
    assert list(page_table()["page"]) == [page.number for page in PAGES]


@pytest.mark.parametrize("page", PAGES, **NAMES)
def test_code_fits_beside_the_side_bar(page):
    assert [line for cell in code_cells(page) for line in source(cell).splitlines() if len(line) > 100] == []


@pytest.mark.parametrize("page", PAGES, **NAMES)
def test_stored_without_outputs_or_widget_state(page):
    nbformat.validate(nbformat.from_dict(page.notebook))
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code_cells(page))
    assert "widgets" not in page.notebook["metadata"]
    assert page.notebook["metadata"]["kernelspec"]["name"] == "python3"


@pytest.mark.parametrize("page", PAGES, **NAMES)
def test_cells_are_short(page):
    lengths = [len(lines_of(cell)) for cell in code_cells(page)]
    assert max(lengths) <= 15
    assert statistics.median(lengths) <= 3


@pytest.mark.parametrize("page", PAGES, **NAMES)
def test_titles_are_numbered(page):
    level, title = page.headings[0]
    assert level == 1
    assert title.startswith(f"{page.number} ")
    assert [text for level, text in page.headings[1:] if level == 1] == []
    numbered = [text for level, text in page.headings if level == 2]
    assert [text.split()[0] for text in numbered] == [f"{page.number}.{i}" for i in range(1, len(numbered) + 1)]
    section, count = "", 0
    for level, text in page.headings[1:]:
        if level == 2:
            section, count = text.split()[0], 0
        elif level == 3:
            count += 1
            assert text.startswith(f"{section}.{count} "), text


@pytest.mark.parametrize("page", STUDIES, **NAMES)
def test_skeleton(page):
    assert [re.sub(r"^\S+ ", "", text) for level, text in page.headings if level == 2] == SECTIONS
    parts = [text for level, text in page.headings if level == 3 and text.startswith(f"{page.number}.5.")]
    kinds = [re.sub(r"^\S+ ", "", text).split(":")[0] for text in parts]
    assert set(kinds) == {"Core", "Further"}
    assert kinds == sorted(kinds), "the core comes first"
    claim_calls = [ast.literal_eval(call.args[0]) for _, call in page.calls("belief")]
    assert len(claim_calls) >= 2, "belief is asked before and after"
    assert set(claim_calls) <= set(claims())


@pytest.mark.parametrize("page", PAGES, **NAMES)
def test_quiz_answers_are_folded(page):
    text = "\n".join(source(cell) for cell in page.cells if cell["cell_type"] == "markdown")
    assert text.count("<details>") == text.count("</details>") >= 4


@pytest.mark.parametrize("page", PAGES, **NAMES)
def test_figures_are_shown_with_words_only(page):
    for cell in code_cells(page):
        assert not re.search(r"plt\.show\(|%matplotlib", source(cell))
    for _, call in page.calls("show"):
        given = {keyword.arg: keyword.value for keyword in call.keywords}
        assert "alt" in given


@pytest.mark.parametrize("page", PAGES, **NAMES)
def test_no_network_but_through_load(page):
    for cell in code_cells(page):
        assert not re.search(r"https?://|urllib|requests|pooch", source(cell))


def literal_names(page):
    """Names that a page assigns from constants alone."""
    found, computed = set(), set()
    for cell in code_cells(page):
        for node in ast.walk(ast.parse(source(cell))):
            if isinstance(node, ast.Assign):
                names = {target.id for target in node.targets if isinstance(target, ast.Name)}
                (computed if any(isinstance(part, ast.Call | ast.Subscript | ast.Attribute | ast.Name)
                                 for part in ast.walk(node.value)) else found).update(names)
    return found - computed


def is_literal(node, constants):
    """Whether an expression holds nothing computed: constants, arithmetic of constants, names of constants."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("float", "int", "round", "abs"):
        return all(is_literal(part, constants) for part in node.args)
    names = [part for part in ast.walk(node) if isinstance(part, ast.Name)]
    made = [part for part in ast.walk(node) if isinstance(part, ast.Call | ast.Subscript | ast.Attribute)]
    return not made and all(name.id in constants for name in names)


def compared_values(page):
    """Each value given to compare or compare_all, as ``(id or None, expression)``."""
    pairs = []
    for _, call in page.calls("compare"):
        pairs.append((ast.literal_eval(call.args[0]), call.args[1]))
    for _, call in page.calls("compare_all"):
        given = call.args[0]
        if isinstance(given, ast.Dict):
            pairs += [(key and ast.literal_eval(key), value) for key, value in zip(given.keys, given.values, strict=True)]
        else:
            pairs.append((None, given))
    return pairs


@pytest.mark.parametrize("page", STUDIES, **NAMES)
def test_no_compared_value_is_a_literal(page):
    constants = literal_names(page)
    pairs = compared_values(page)
    counted = [line.id for line in ledger().values() if line.counts and int(line.page) == page.number]
    assert bool(pairs) == bool(counted), "a page may compare nothing only where all of its figures are quoted"
    assert [id for id, value in pairs if is_literal(value, constants)] == []


@pytest.mark.parametrize("page", STUDIES, **NAMES)
def test_no_compared_value_is_the_printed_one(page):
    """The ledger's own printed text never flows into a compared value."""
    for _, value in compared_values(page):
        assert not [part for part in ast.walk(value) if isinstance(part, ast.Attribute) and part.attr == "published"]


def test_the_literal_check_would_catch_one(tmp_path):
    code = ("half = 3.76\npt.compare('a', 3.76)\npt.compare('b', -half / 1)\n"
            "pt.compare('c', float(3.76))\npt.compare('d', d.mean())")
    path = tmp_path / "01-x.ipynb"
    path.write_text(json.dumps({"cells": [{"cell_type": "code", "source": code}]}), encoding="utf-8")
    page = Page(1, path)
    constants = literal_names(page)
    assert [id for id, value in compared_values(page) if is_literal(value, constants)] == ["a", "b", "c"]


@pytest.mark.parametrize("page", STUDIES, **NAMES)
def test_each_figure_of_the_page_stands_once(page):
    ids = [id for id, _ in compared_values(page) if id]
    assert len(ids) == len(set(ids))
    mine = {line.id for line in ledger().values() if line.counts and int(line.page) == page.number}
    assert set(ids) <= mine


@pytest.mark.parametrize("page", PAGES, **NAMES)
def test_cells_that_need_open_data_stand_alone(page):
    """Tagged, allowed to fail for a reader without a network, loading for themselves, and nothing depends on them."""
    open_sets = {name for name, about in all_passports().items() if about.kind == "open"}
    defined_there, used_elsewhere = set(), set()
    for cell in code_cells(page):
        tree = ast.parse(source(cell))
        loads = {call.args[0].value for call in ast.walk(tree) if isinstance(call, ast.Call)
                 and isinstance(call.func, ast.Attribute) and call.func.attr == "load"}
        assert set(needs(cell)) == loads & open_sets
        stores = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        reads = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
        if needs(cell):
            assert "raises-exception" in tags(cell)
            assert re.match(r"^\w+ = pt\.load\(", source(cell)), "it begins by loading"
            defined_there |= stores
        else:
            assert "raises-exception" not in tags(cell)
            used_elsewhere |= reads - stores
            defined_there -= stores
    assert not defined_there & used_elsewhere


@pytest.mark.parametrize("page", STUDIES, **NAMES)
def test_lines_on_open_data_are_compared_where_it_is_loaded(page):
    for number, call in [*page.calls("compare"), *page.calls("compare_all")]:
        cell = page.cells[number - 1]
        keys = [call.args[0]] if call.func.attr == "compare" else getattr(call.args[0], "keys", [])
        for key in filter(None, keys):  # None: a mapping poured in, whose ids the executed page shows
            assert set(needs(cell)) == {name for name in ledger()[ast.literal_eval(key)].needs
                                        if all_passports()[name].kind == "open"}


@pytest.mark.parametrize("page", STUDIES, **NAMES)
def test_verdicts_are_given_at_home(page):
    home = {claim.id for claim in claims().values() if int(claim.home_page) == page.number}
    assert {verdict["claim"] for verdict in page.verdicts()} == home


def test_syllabus_holds_every_page_and_its_order_is_possible():
    plan = read_syllabus()
    seen = []
    for week in plan["weeks"]:
        for step in week["steps"]:
            if "page" in step:
                assert set(plan["pages"][step["page"]]["after"]) <= set(seen), step
                seen.append(step["page"])
            assert step["part"] in ("core", "further", "choice")
            assert step["hours"] > 0
    assert [week["week"] for week in plan["weeks"]] == list(range(1, 13))
    assert set(seen) == set(plan["pages"]) == set(range(14))
    assert {page.number for page in PAGES} <= set(seen)
    for page in PAGES:
        assert plan["pages"][page.number]["title"] == page.title


def test_rendered_syllabus_says_what_is_written():
    table = syllabus()
    assert table["week"].nunique() == 12
    exercises = table["part"] == "exercise"
    opened = set(table.loc[(table["open"] != "") & ~exercises, "open"])
    assert opened == {page.path.name for page in PAGES}
    assert (~exercises).sum() == sum(len(week["steps"]) for week in read_syllabus()["weeks"])
    assert list(table.loc[exercises, "week"]) == list(range(1, 13))
    assert all((NOTEBOOKS / file).is_file() for file in table.loc[exercises, "open"])
    assert table.loc[exercises, "hours"].between(0.75, 1.5).all()
