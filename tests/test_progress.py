"""The progress bar: silence for what is quick, a bar with the right numbers for what lasts."""

import subprocess
import sys

import pytest

from pebbletrail import progress
from pebbletrail.progress import Progress


class Bar:
    """Stands in for tqdm, and writes down what is done to it."""

    def __init__(self, total, unit, leave):
        self.total, self.unit, self.leave = total, unit, leave
        self.shown, self.closed = 0, False

    def update(self, amount):
        assert not self.closed
        self.shown += amount

    def close(self):
        self.closed = True


@pytest.fixture
def bars(monkeypatch):
    """The bars that were made."""
    made = []
    monkeypatch.setattr("tqdm.auto.tqdm", lambda **given: made.append(Bar(**given)) or made[-1])
    return made


@pytest.fixture
def clock(monkeypatch):
    """A clock that a test moves: ``clock[0]`` is the time."""
    time = [100.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: time[0])
    return time


def test_quick_work_shows_nothing(bars, clock):
    with Progress(10, "replicates") as work:
        for _ in range(10):
            clock[0] += 0.19
            work.add()
    assert bars == []


def test_work_of_more_than_two_seconds_shows_a_bar_that_is_closed_at_the_end(bars, clock):
    with Progress(100, "replicates") as work:
        for _ in range(10):
            clock[0] += 0.5
            work.add(10)
            if clock[0] < 102.5:
                assert bars == []
    (bar,) = bars
    assert (bar.total, bar.unit, bar.leave) == (100, " replicates", False)
    assert bar.shown == 100  # what was done before the bar came counts too
    assert bar.closed


def test_two_seconds_are_the_patience(bars, clock):
    assert progress.PATIENCE == 2.0
    with Progress(10, "files") as work:
        clock[0] += 2.0
        work.add()
        assert bars == []
        clock[0] += 0.01
        work.add()
        assert len(bars) == 1


def test_a_last_step_brings_no_bar_that_would_vanish_at_once(bars, clock):
    with Progress(1, "files") as work:
        clock[0] += 60
        work.add()
    assert bars == []


def test_the_bar_is_closed_when_the_work_fails(bars, clock):
    def fail():
        with Progress(10, "files") as work:
            clock[0] += 3
            work.add()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert bars[0].closed


def test_without_tqdm_the_work_goes_on_in_silence(monkeypatch, clock, capsys):
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)  # importing it fails
    with Progress(10, "files") as work:
        for _ in range(10):
            clock[0] += 3
            work.add()
    assert work.done == 10
    assert capsys.readouterr() == ("", "")


def test_nothing_is_imported_for_quick_work():
    code = ("import sys\nfrom pebbletrail.progress import Progress\n"
            "with Progress(5, 'files') as work:\n    work.add(3); work.add(2)\nprint('tqdm' in sys.modules)")
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_the_real_bar_counts_to_the_end(monkeypatch, capsys):
    monkeypatch.setattr(progress, "PATIENCE", -1)
    with Progress(40, "replicates") as work:
        work.add(20)
        assert (work._bar.n, work._bar.total) == (20, 40)
        work.add(20)
        assert work._bar.n == 40
    assert "replicates" in capsys.readouterr().err


@pytest.mark.notebooks
def test_in_a_notebook_the_bar_is_plain_html_and_is_gone_at_the_end():
    """A real kernel: the bar is seen while the work goes on, no widget is made, and nothing is left to be printed."""
    import nbformat
    from nbclient import NotebookClient

    code = ("from pebbletrail import progress\nprogress.PATIENCE = -1\nshown = []\n"
            "whole = progress.PageBar._bundle\n"
            "progress.PageBar._bundle = lambda bar: shown.append(whole(bar)['text/plain']) or whole(bar)\n"
            "import time\n"
            "with progress.Progress(40, 'replicates') as work:\n"
            "    for _ in range(4):\n        work.add(10)\n        time.sleep(0.25)\n"
            "print(shown)")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    outputs = notebook.cells[0].outputs
    data = [output["data"] for output in outputs if output.output_type == "display_data"]
    assert data == [{"text/html": "", "text/plain": ""}]
    said = next(output["text"] for output in outputs if output.output_type == "stream")
    assert "20 of 40 replicates" in said
