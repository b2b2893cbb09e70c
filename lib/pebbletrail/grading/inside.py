"""The inside of one run: a notebook's cells executed one after the other, each answer sent out as a line of JSON.

    python -I -m pebbletrail.grading.inside FOLDER PLAN

FOLDER holds ``notebook.json`` and ``files``; PLAN is JSON: mode, limits, and the user to become. Everything after the first
cell is the student's: what this process says from then on is believed by nobody, only checked for its form.
"""

import contextlib
import gc
import json
import os
import shutil
import signal
import sys
from collections import deque
from pathlib import Path

ANSWER = "application/vnd.pebbletrail.answer+json"
PLAIN, KERNEL = "plain", "kernel"
NO_FILES = 128  # open files
LITTER = (100_000, 50, 50)  # objects until Python tidies up: importing makes many, and all of them stay
DIES_WITH_PARENT = 1  # of prctl(2)
SPARE = 4 << 30  # bytes that libraries reserve and do not use


class Sender:
    """Lines of JSON into the one channel that leads out."""

    def __init__(self, channel):
        self._channel = channel

    def __call__(self, **line):
        os.write(self._channel, (json.dumps(line) + "\n").encode())

    def answers(self, bundle):
        """Send the answer that an output carries, if it does."""
        answer = bundle.get(ANSWER) if isinstance(bundle, dict) else None
        if answer is not None:
            self(answer=answer)


def main(folder, plan):
    send = Sender(_only_channel())
    folder, plan = Path(folder), json.loads(plan)
    _confine(plan)
    work = Path(os.environ["HOME"]) / "work"
    shutil.copytree(folder / "files", work)
    _own_settings(folder)
    os.chdir(work)
    cells = json.loads((folder / "notebook.json").read_text(encoding="utf-8"))
    send(begun=True)
    {PLAIN: run_plain, KERNEL: run_kernel}[plan["mode"]](cells, send)
    send(end=True)
    os._exit(0)  # tidying up takes a third of a second, and nothing here is kept


def _only_channel():
    """What is printed goes nowhere; lines go out where standard output was."""
    channel = os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1):
        os.dup2(nowhere, standard)
    return channel


def _confine(plan):
    """Become the user to be, and take the limits; neither can be taken back."""
    if plan["user"]:
        os.setgroups([])
        os.setresgid(plan["user"], plan["user"], plan["user"])
        os.setresuid(plan["user"], plan["user"], plan["user"])
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(DIES_WITH_PARENT, signal.SIGKILL)
    with contextlib.suppress(ModuleNotFoundError):  # Windows knows no such limits
        _limit(plan["limits"])


def _limit(limits):
    import resource

    wanted = {"RLIMIT_AS": limits["memory"] + SPARE, "RLIMIT_CPU": limits["seconds"] + 5, "RLIMIT_FSIZE": limits["file"],
              "RLIMIT_NPROC": limits["processes"], "RLIMIT_NOFILE": NO_FILES, "RLIMIT_CORE": 0}
    for name, most in wanted.items():
        which = getattr(resource, name, None)
        if which is not None and most is not None:
            hard = resource.getrlimit(which)[1]
            most = most if hard == resource.RLIM_INFINITY else min(most, hard)
            try:
                resource.setrlimit(which, (most, most))
            except (OSError, ValueError):
                if sys.platform == "linux":  # elsewhere some are refused; the watch from outside remains
                    raise


def _own_settings(folder):
    """The list of fonts made before: to look for them again takes seconds."""
    place = Path(os.environ["MPLCONFIGDIR"])
    place.mkdir(exist_ok=True)
    for fonts in (folder / "fonts").glob("*.json"):
        shutil.copy(fonts, place)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # from here on nobody listens


def run_plain(cells, send):
    """In IPython's own shell, in this process: no kernel, no client, no network between them."""
    from IPython.core.displaypub import DisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    class Publisher(DisplayPublisher):
        def publish(self, data, metadata=None, **_):
            send.answers(data)

    gc.set_threshold(*LITTER)
    settings = Config()
    settings.HistoryManager.enabled = False
    shell = InteractiveShell.instance(config=settings, display_pub_class=Publisher)
    shell.history_manager.outputs = _Nowhere()
    for number, source in cells:
        send(cell=number)
        result = shell.run_cell(source, store_history=True)
        if not result.success:
            error = result.error_before_exec or result.error_in_exec
            send(error={"cell": number, "name": type(error).__name__, "message": str(error)[:2000]})
            return


class _Nowhere(dict):
    """In the place of what IPython remembers of every print: nobody asks for it, and it would fill the memory."""

    def __missing__(self, number):
        return deque(maxlen=0)


def run_kernel(cells, send):
    """In a Jupyter kernel, as at handing in: slower, for notebooks that need one."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, DeadKernelError

    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for _, source in cells])
    place = {}

    def begin(cell, cell_index):
        place["cell"] = cells[cell_index][0]
        send(cell=place["cell"])

    def done(cell, cell_index, **_):
        for output in cell.outputs:
            send.answers(output.get("data"))

    client = NotebookClient(notebook, timeout=None, kernel_name="python3", on_cell_start=begin, on_cell_executed=done)
    try:
        client.execute()
    except CellExecutionError as error:
        send(error={"cell": place["cell"], "name": error.ename, "message": error.evalue[:2000]})
    except DeadKernelError:
        send(error={"cell": place.get("cell"), "name": "DeadKernelError", "message": "Python itself ended."})


if __name__ == "__main__":
    main(*sys.argv[1:])
