"""Executing pages in real kernels: hangs are ended and retried, errors are located, missing data leaves cells out."""

import json
import os

import nbformat
import psutil
import pytest

from pebbletrail import fetch
from pebbletrail.page_source import Page
from pebbletrail.passports import passport
from pebbletrail.reproduce.execute import execute, execute_page, prepare
from pebbletrail.reproduce.harvest import describe, harvest

pytestmark = pytest.mark.notebooks


def page_of(folder, *cells, number=1):
    """A page of these cells: a text is code, ``("md", text)`` is prose, ``(text, tags)`` is tagged code."""
    made = []
    for cell in cells:
        if isinstance(cell, tuple) and cell[0] == "md":
            made.append(nbformat.v4.new_markdown_cell(cell[1]))
        elif isinstance(cell, tuple):
            made.append(nbformat.v4.new_code_cell(cell[0], metadata={"tags": cell[1]}))
        else:
            made.append(nbformat.v4.new_code_cell(cell))
    notebook = nbformat.v4.new_notebook(cells=made, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    path = folder / f"{number:02}-page.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return Page(number, path)


def kernels():
    return {p.pid for p in psutil.process_iter(["cmdline"]) if "ipykernel_launcher" in " ".join(p.info["cmdline"] or [])}


def test_a_page_runs_and_its_comparisons_are_harvested(tmp_path):
    page = page_of(tmp_path, "import pebbletrail as pt", "x = 7.526316 / 2", "pt.compare('bhl18-c10', x)")
    seen = []
    done = execute_page(page, on_cell=seen.append)
    assert done.error is None
    assert done.retries == 0
    assert seen == [1, 1, 1]
    results, _, problems = harvest([done])
    result = next(one for one in results if one.id == "bhl18-c10")
    assert (result.reproduced, result.status) == (3.763158, "agrees")
    assert any(p == "bhl18-tp10: page 1 never compares it" for p in problems)


def test_a_hanging_page_is_ended_with_its_kernel_and_retried_once(tmp_path):
    before = kernels()
    page = page_of(tmp_path, "import time", "while True:\n    time.sleep(0.1)")
    done = execute_page(page, limit=6)
    assert done.error["name"] == "hang"
    assert done.retries == 1
    assert done.seconds >= 12
    assert kernels() <= before
    assert describe(done) == "page 1: not finished after 6 seconds, in 2 attempts"


def test_a_page_that_hangs_once_succeeds_at_the_second_attempt(tmp_path):
    flag = tmp_path / "was-here"
    code = (f"import pathlib, time\nflag = pathlib.Path({str(flag)!r})\n"
            "first = not flag.exists()\nflag.touch()\nwhile first:\n    time.sleep(0.1)")
    done = execute_page(page_of(tmp_path, code), limit=8)
    assert done.error is None
    assert done.retries == 1


def test_an_error_names_page_section_cell_and_error(tmp_path):
    page = page_of(tmp_path, ("md", "# 1 A page"), "x = 1", ("md", "## 1.2 Try it"), "y = {'a': 1}\ny['b']", number=1)
    done = execute_page(page)
    assert done.retries == 0
    told = describe(done)
    assert told == "page 1, cell 4 (section 1.2 Try it: \"y = {'a': 1}\") raised KeyError: 'b'"


def test_a_kernel_that_dies_is_an_error_not_a_wait(tmp_path):
    done = execute_page(page_of(tmp_path, "import os", "os._exit(3)"), limit=60)
    assert done.error["name"] == "DeadKernelError"


def test_cells_without_their_data_are_left_out_and_the_others_keep_their_numbers(tmp_path):
    page = page_of(tmp_path, "x = 1", ("raise SystemError", ["needs:ecsi-mobile", "raises-exception"]), "1 / 0")
    done = execute_page(page, missing=["ecsi-mobile"])
    assert done.left_out == ("ecsi-mobile",)
    assert done.error["cell"] == 3
    assert done.error["name"] == "ZeroDivisionError"


def test_an_error_allowed_to_a_reader_is_an_error_in_the_run(tmp_path):
    page = page_of(tmp_path, ("raise ValueError('no')", ["needs:ecsi-mobile", "raises-exception"]))
    assert execute_page(page).error["name"] == "ValueError"
    assert page.cells[0]["metadata"]["tags"] == ["needs:ecsi-mobile", "raises-exception"], "the page itself is unchanged"
    assert prepare(page, ["ecsi-mobile"])["cells"] == []


def test_pages_have_no_network(tmp_path):
    code = "import os\nassert os.environ['PEBBLETRAIL_OFFLINE'] == '1'"
    assert execute_page(page_of(tmp_path, code)).error is None


def test_a_relative_data_folder_is_found_from_the_page(tmp_path, monkeypatch, open_data):
    folder = fetch.find(passport("ecsi-mobile"))[0].parent
    monkeypatch.setenv("PEBBLETRAIL_DATA", os.path.relpath(folder))
    monkeypatch.setenv("PEBBLETRAIL_HOME", str(tmp_path / "empty"))
    page = page_of(tmp_path, "import pebbletrail as pt\npt.load('ecsi-mobile')")
    assert execute_page(page).error is None


def test_results_keep_the_order_of_the_pages_whatever_the_number_of_workers(tmp_path):
    pages = [page_of(tmp_path, f"import time\ntime.sleep({2 - number})", number=number) for number in (1, 2)]
    assert [done.number for done in execute(pages, jobs=2)] == [1, 2]
    assert [done.number for done in execute(pages[::-1], jobs=1)] == [2, 1]
