"""One notebook in a process of its own, with a hard time limit: what hangs is ended, its kernel with it.

The notebook client has been seen to wait for ever on an idle kernel. So the parent only believes in finished cells.
"""

import json
import subprocess
import sys
import threading

from pebbletrail.home import child_environment
from pebbletrail.page_source import source

HANG, NO_KERNEL = "hang", "no kernel"  # names of errors that are not Python's
CELL_LIMIT = 180  # seconds for one cell


def numbered(number, cell):
    """A cell that knows its number, and that must run: ``raises-exception`` is for people who go on past a cell."""
    tags = [tag for tag in cell["metadata"].get("tags", []) if tag != "raises-exception"]
    return {**cell, "metadata": {**cell["metadata"], "tags": tags, "pebbletrail_cell": number}}


def run_in_process(notebook, scratch, limit, folder=None, on_cell=None, cell_limit=CELL_LIMIT, **environment):
    """Execute a notebook in a fresh kernel.

    Parameters
    ----------
    notebook : dict
        Its cells made by ``numbered``.
    scratch : Path
        An empty folder for what this run needs.
    limit : float
        Seconds.
    folder : Path, optional
        Where the notebook runs; default: ``scratch``.
    on_cell : callable, optional
        Called with the place (from 0) of each cell that has finished.
    cell_limit : float
        Seconds for one cell. A cell over it is an error, and what ran before is kept; over ``limit`` nothing is.
    **environment : str
        Variables that the notebook sees beside the usual ones.

    Returns
    -------
    (dict, dict)
        The executed notebook, None when it could not be finished; and the error, or None.
    """
    given, made = scratch / "page.ipynb", scratch / "executed.ipynb"
    given.write_text(json.dumps(notebook), encoding="utf-8")
    command = [sys.executable, "-m", "pebbletrail.reproduce.run_page", str(given), str(made), str(folder or scratch),
               str(cell_limit)]
    child = subprocess.Popen(command, env=_environment(scratch, environment), stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8")
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
                on_cell(int(rest))
            elif word == "error":
                error = json.loads(rest)
        child.wait()
    finally:
        clock.cancel()
        end_with_children(child.pid)
        drain.join(5)
    if hung.is_set():
        return None, {"cell": None, "name": HANG, "message": f"not finished after {limit:g} seconds", "traceback": ""}
    if not made.is_file():
        told = "".join(noise)[-2000:]
        last = told.strip().splitlines()[-1] if told.strip() else f"it ended with status {child.returncode}"
        return None, error or {"cell": None, "name": NO_KERNEL, "message": last, "traceback": told}
    return json.loads(made.read_text(encoding="utf-8")), error


def _environment(scratch, more):
    """Without the user's start-up files, and without the network."""
    return child_environment(IPYTHONDIR=str(scratch / "ipython"), PEBBLETRAIL_OFFLINE="1", PYTHONIOENCODING="utf-8",
                             JUPYTER_PLATFORM_DIRS="1", **more)


def located(error, cells):
    """The error with the section and the first line of its cell, so that a reader finds the place."""
    if error is None or not error["cell"]:
        return error
    before = cells[: error["cell"]]
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
