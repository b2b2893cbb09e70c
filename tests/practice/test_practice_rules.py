"""The house rules of a practice notebook, and of its definition, checked on their sources."""

import ast
import json
import re
import statistics
from string import Formatter

import nbformat
import pytest

from pebbletrail.home import project_folder
from pebbletrail.page_source import source
from pebbletrail.practice.definition import KINDS, LANGUAGES, practice, practices

FOLDER = project_folder("notebooks") / "practice"
NAMES = ("control-and-quality", "incidents-and-staying", "relational-chain", "removing-control", "trust-across-stages")
MODEL = re.compile(r"pt\.(regress|paths|pls|logistic|staggered|survival|mixed)\(")
STATUSES = {"pass", "doubtful", "fail", "association", "before-after", "randomised", "speaks for it", "speaks against it",
            "cannot tell"}
SAYS = ("design", "main", "finding", "robustness", "assumption", "rival", "leave_out", "say")


def notebook(name):
    return json.loads((FOLDER / f"{name}.ipynb").read_text(encoding="utf-8"))


def code(name):
    return [cell for cell in notebook(name)["cells"] if cell["cell_type"] == "code"]


def calls(name):
    """Every call of a method of ``study``, as ``(cell, method, call)``."""
    found = [(place, node) for place, cell in enumerate(code(name)) for node in ast.walk(ast.parse(source(cell)))
             if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    return [(place, node.func.attr, node) for place, node in found if getattr(node.func.value, "id", "") == "study"]


def test_each_practice_has_its_notebook():
    assert practices() == NAMES
    assert {path.stem for path in FOLDER.glob("*.ipynb")} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_cells_are_short_and_stored_empty(name):
    nbformat.validate(nbformat.from_dict(notebook(name)))
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code(name))
    lengths = [len([line for line in source(cell).splitlines() if line.strip()]) for cell in code(name)]
    assert max(lengths) <= 15
    assert statistics.median(lengths) <= 3
    assert [line for cell in code(name) for line in source(cell).splitlines() if len(line) > 100] == []


@pytest.mark.parametrize("name", NAMES)
def test_headings_are_numbered(name):
    prose = [cell for cell in notebook(name)["cells"] if cell["cell_type"] == "markdown"]
    text = [line for cell in prose for line in source(cell).splitlines()]
    assert text[0].startswith("# ")
    sections = [line for line in text if line.startswith("## ")]
    assert [line.split()[1] for line in sections] == [str(number) for number in range(1, len(sections) + 1)]


@pytest.mark.parametrize("name", NAMES)
def test_the_specification_comes_before_every_result(name):
    told = [(place, method) for place, method, _ in calls(name)]
    fixed = [place for place, method in told if method == "specify"]
    results = [place for place, method in told if method in ("main", "finding", "robustness", "rival")]
    assert len(fixed) == 1
    assert results
    assert min(results) > fixed[0]
    fits = [place for place, cell in enumerate(code(name)) if MODEL.search(source(cell))]
    assert all(place > fixed[0] for place in fits), "a model is fitted before it is said which"


@pytest.mark.parametrize("name", NAMES)
def test_no_number_is_written_into_the_prose(name):
    """Prose is there before the data: a figure in it could only be somebody else's."""
    text = "\n".join(source(cell) for cell in notebook(name)["cells"] if cell["cell_type"] == "markdown")
    plain = re.sub(r"`[^`]*`|```.*?```|^#.*$|\[[^\]]*\]\([^)]*\)", "", text, flags=re.M | re.S)
    assert re.findall(r"\d+[.,]\d+", plain) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_definition_is_whole_in_both_languages(name):
    about = practice(name)
    both = [about.title, about.question, about.grain, about.estimand, about.privacy, about.council]
    both += [table.what for table in about.tables] + list(about.words.values())
    both += [words for column in about.columns.values() for words in (column.what, column.why, column.unit) if words]
    assert all(set(words) == set(LANGUAGES) and all(words.values()) for words in both)
    assert all(column.kind in KINDS for column in about.columns.values())
    assert all(column.low is not None and column.high is not None for column in about.columns.values()
               if column.kind == "scale"), "a scale has ends"
    tables = [table.name for table in about.tables]
    for join in about.joins:
        assert {join.table, join.to} <= set(tables)
        assert about.table(join.table).column(join.on)
        assert about.table(join.to).column(join.on)
    assert about.exposure in about.columns
    assert not about.unit or about.unit in about.columns


@pytest.mark.parametrize("name", NAMES)
def test_sentences_have_the_same_gaps_in_both_languages(name):
    for id, words in practice(name).words.items():
        gaps = [{field for _, field, _, _ in Formatter().parse(words[language]) if field} for language in LANGUAGES]
        assert gaps[0] == gaps[1], id


@pytest.mark.parametrize("name", NAMES)
def test_every_sentence_that_a_notebook_names_is_there(name):
    texts = {node.value for _, method, call in calls(name) if method in SAYS
             for part in (*call.args, *(keyword.value for keyword in call.keywords if keyword.arg == "id"))
             for node in ast.walk(part) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    unknown = {text for text in texts - STATUSES if re.fullmatch(r"[a-z]+(-[a-z0-9]+)+", text)} - set(practice(name).words)
    assert unknown == set()
