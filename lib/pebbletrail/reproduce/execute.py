"""Execute pages in parallel, each in a process of its own with a hard time limit and one counted retry.

A page over its limit is ended with all its processes, and tried once more. A page that raises is not tried again.
"""

import os
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from pebbletrail.page_source import needs
from pebbletrail.reproduce.process import HANG, located, numbered, run_in_process

PAGE_LIMIT = 300  # seconds
RETRIES = 1


@dataclass(frozen=True)
class Executed:
    """One page after execution. ``notebook`` is None when it could not be finished; ``error`` then says why."""

    number: int
    notebook: dict | None
    seconds: float
    retries: int
    left_out: tuple  # names of open data sets whose cells were left out
    error: dict | None


def prepare(page, missing):
    """The page's notebook without the cells whose data is missing, each cell knowing its number."""
    kept = []
    for number, cell in enumerate(page.cells, start=1):
        if not set(needs(cell)) & set(missing):
            kept.append(numbered(number, cell))
    return {**page.notebook, "cells": kept}


def code_cells(notebook):
    return sum(cell["cell_type"] == "code" for cell in notebook["cells"])


def execute(pages, missing=(), jobs=None, limit=PAGE_LIMIT, on_cell=None, on_page=None, executor=None):
    """Execute pages.

    Parameters
    ----------
    pages : list of Page
    missing : collection of str
        Open data sets that are not on this machine.
    jobs : int, optional
        How many at a time; default: the number of cores.
    limit : float
        Seconds for one attempt at one page.
    on_cell : callable, optional
        Called with the page's number whenever one of its cells has finished.
    on_page : callable, optional
        Called with each ``Executed`` as soon as it is there.
    executor : concurrent.futures.Executor, optional
        Where the pages run; default: threads that each wait for one process of their own.

    Returns
    -------
    list of Executed, in the order of ``pages``
    """
    run = executor or ThreadPoolExecutor(jobs or os.cpu_count() or 1)
    futures = [run.submit(execute_page, page, missing, limit, on_cell) for page in pages]
    for future in futures if on_page else ():
        future.add_done_callback(lambda done: done.exception() or on_page(done.result()))
    try:
        return [future.result() for future in futures]
    finally:
        if executor is None:
            run.shutdown(cancel_futures=True)


def execute_page(page, missing=(), limit=PAGE_LIMIT, on_cell=None):
    """Execute one page, with one retry when it hangs."""
    prepared = prepare(page, missing)
    left_out = tuple(sorted({name for cell in page.cells for name in needs(cell)} & set(missing)))
    told = on_cell and (lambda place: on_cell(page.number))
    start = time.perf_counter()
    for attempt in range(RETRIES + 1):  # noqa: B007 (the number of the last attempt is reported)
        with tempfile.TemporaryDirectory(prefix="pebbletrail-", ignore_cleanup_errors=True) as folder:
            notebook, error = run_in_process(prepared, Path(folder), limit, on_cell=told)
        if error is None or error["name"] != HANG:
            break
    return Executed(page.number, notebook, time.perf_counter() - start, attempt, left_out, located(error, page.cells))
