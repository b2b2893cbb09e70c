"""Execute pages in parallel, each in a process of its own with a hard time limit and one counted retry.

The notebook client has been seen to wait for ever on an idle kernel. So the parent only believes in finished cells: a page
over its limit is ended with all its processes, and tried once more. A page that raises is not tried again.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from pebbletrail.home import child_environment
from pebbletrail.page_source import needs, source

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
    """The page's notebook without the cells whose data is missing, each cell knowing its number.

    ``raises-exception`` lets a reader without a network go on past a cell; here such a cell has its data, and must run.
    """
    kept = []
    for number, cell in enumerate(page.cells, start=1):
        if not set(needs(cell)) & set(missing):
            tags = [tag for tag in cell["metadata"].get("tags", []) if tag != "raises-exception"]
            kept.append({**cell, "metadata": {**cell["metadata"], "tags": tags, "pebbletrail_cell": number}})
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
    start = time.perf_counter()
    for attempt in range(RETRIES + 1):  # noqa: B007 (the number of the last attempt is reported)
        with tempfile.TemporaryDirectory(prefix="pebbletrail-", ignore_cleanup_errors=True) as folder:
            notebook, error = _attempt(page, prepared, Path(folder), limit, on_cell)
        if error is None or error["name"] != "hang":
            break
    return Executed(page.number, notebook, time.perf_counter() - start, attempt, left_out, error)


def _attempt(page, prepared, folder, limit, on_cell):
    given, made = folder / "page.ipynb", folder / "executed.ipynb"
    given.write_text(json.dumps(prepared), encoding="utf-8")
    child = subprocess.Popen(
        [sys.executable, "-m", "pebbletrail.reproduce.run_page", str(given), str(made)], env=_environment(folder),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8")
    hung = threading.Event()
    clock = threading.Timer(limit, lambda: (hung.set(), end_with_children(child.pid)))
    clock.start()
    noise = []
    drain = threading.Thread(target=lambda: noise.extend(child.stderr), daemon=True)
    drain.start()
    error = None
    try:
        for line in child.stdout:
            word, _, rest = line.partition(" ")
            if word == "cell" and on_cell:
                on_cell(page.number)
            elif word == "error":
                error = json.loads(rest)
        child.wait()
    finally:
        clock.cancel()
        end_with_children(child.pid)
        drain.join(5)
    if hung.is_set():
        return None, {"cell": None, "name": "hang", "message": f"not finished after {limit:g} seconds", "traceback": ""}
    if not made.is_file():
        told = "".join(noise)[-2000:]
        last = told.strip().splitlines()[-1] if told.strip() else f"it ended with status {child.returncode}"
        return None, error or {"cell": None, "name": "no kernel", "message": last, "traceback": told}
    return json.loads(made.read_text(encoding="utf-8")), _located(error, page)


def _environment(folder):
    """Without the user's start-up files, and without the network."""
    return child_environment(IPYTHONDIR=str(folder / "ipython"), PEBBLETRAIL_OFFLINE="1", PYTHONIOENCODING="utf-8",
                             JUPYTER_PLATFORM_DIRS="1")


def _located(error, page):
    """The error with the section and the first line of its cell, so that a reader finds the place."""
    if error is None or not error["cell"]:
        return error
    before = page.cells[: error["cell"]]
    titles = [line for cell in before if cell["cell_type"] == "markdown" for line in source(cell).splitlines()
              if line.startswith("#")]
    code = next((line for line in source(before[-1]).splitlines() if line.strip()), "")
    return {**error, "section": titles[-1].lstrip("# ") if titles else "", "code": code}


def end_with_children(pid):
    """End a process and everything it started, the kernel included."""
    import psutil

    try:
        parent = psutil.Process(pid)
    except psutil.NoSuchProcess:
        return
    family = [*parent.children(recursive=True), parent]
    for process in family:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(family, timeout=10)
