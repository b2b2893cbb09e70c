"""Every page, executed in a real kernel: no error, no wordless figure, a static twin for every widget."""

import html.parser
import json
import re

import pytest

from pebbletrail.page_source import Page, all_pages, source
from pebbletrail.passports import all_passports
from pebbletrail.reproduce.execute import code_cells, execute_page
from pebbletrail.reproduce.harvest import harvest

pytestmark = pytest.mark.notebooks
NUMBERS = list(all_pages())
WIDGET = "application/vnd.jupyter.widget-view+json"


class Images(html.parser.HTMLParser):
    """Collects the descriptions of the images in a piece of HTML."""

    def __init__(self, text):
        super().__init__()
        self.described = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        if tag == "img":
            self.described.append(dict(attributes).get("alt") or "")


def outputs(page):
    return [output for cell in page.notebook["cells"] if cell["cell_type"] == "code" for output in cell["outputs"]]


@pytest.mark.parametrize("number", NUMBERS)
def test_page_runs_without_error(executed_pages, number):
    page = executed_pages[number]
    assert page.error is None
    assert sum(cell["execution_count"] is not None for cell in page.notebook["cells"] if cell["cell_type"] == "code") == \
        code_cells(page.notebook)


@pytest.mark.parametrize("number", NUMBERS)
def test_no_warning_reaches_the_reader(executed_pages, number):
    noise = ["".join(output["text"]) for output in outputs(executed_pages[number])
             if output["output_type"] == "stream" and output["name"] == "stderr"]
    assert noise == []


@pytest.mark.parametrize("number", NUMBERS)
def test_every_figure_has_words(executed_pages, number):
    shown = outputs(executed_pages[number])
    assert not [output for output in shown if "image/png" in output.get("data", {})], "a figure went round pt.show"
    described = [alt for output in shown for alt in Images("".join(output.get("data", {}).get("text/html", ""))).described]
    assert described or number == 0
    assert [alt for alt in described if len(alt.split()) < 6] == []


@pytest.mark.parametrize("number", NUMBERS)
def test_every_widget_has_a_static_twin(executed_pages, number):
    for output in outputs(executed_pages[number]):
        data = output.get("data", {})
        if WIDGET in data:
            assert "text/html" in data
            assert len("".join(data["text/html"])) > 40


def without_further(page, folder):
    """The page as a reader meets it who skips every part headed *Further*."""
    kept, skipping = [], False
    for cell in page.cells:
        if cell["cell_type"] == "code":
            kept += [] if skipping else [cell]
            continue
        for line in source(cell).splitlines():
            if line.startswith(("## ", "### ")):
                skipping = bool(re.match(r"### [\d.]+ Further", line))
    path = folder / page.path.name
    path.write_text(json.dumps({**page.notebook, "cells": kept}), encoding="utf-8")
    return Page(page.number, path)


@pytest.mark.parametrize("number", [number for number in NUMBERS if number > 0])
def test_the_core_runs_for_a_reader_who_skips_what_is_further(number, tmp_path):
    page = without_further(all_pages()[number], tmp_path)
    assert len(page.cells) < sum(cell["cell_type"] == "code" for cell in all_pages()[number].cells)
    open_sets = [name for name, about in all_passports().items() if about.kind == "open"]
    assert execute_page(page, missing=open_sets).error is None


def test_every_line_comes_out_as_the_ledger_expects(executed_pages):
    studies = [page for number, page in executed_pages.items() if number > 0]
    results, verdicts, problems = harvest(studies)
    assert problems == []
    agreeing = {result.id for result in results if result.status == "agrees"}
    not_run = {result.id for result in results if result.status == "not run"}
    assert len(agreeing) + len(not_run) >= 25
    assert {verdict["claim"] for verdict in verdicts} >= {"relational-chain", "preference-over-trust"}


def test_with_the_open_data_nothing_is_left_out(executed_pages, open_data):
    results, _, _ = harvest([page for number, page in executed_pages.items() if number > 0])
    assert [result.id for result in results if result.status == "not run"] == []
    assert all(page.left_out == () for page in executed_pages.values())
