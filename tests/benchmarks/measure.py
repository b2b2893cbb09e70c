"""What the benchmarks share: medians of times, fresh processes, and the table that is printed."""

import contextlib
import json
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Line:
    """One row of the table: how many times faster than the peer, the aim if there is one, and our own time."""

    what: str
    ratio: float
    own: float  # seconds
    aim: str = ""
    note: str = ""


def seconds(function, repeats=7):
    """The median time of a call, after one call to warm up."""
    function()
    return statistics.median(once(function) for _ in range(repeats))


def once(function):
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def in_fresh_process(module, *arguments):
    """What ``python -m module arguments`` prints as JSON, from a process of its own: its memory is nobody else's."""
    done = subprocess.run([sys.executable, "-m", module, *map(str, arguments)], cwd=ROOT, check=True, capture_output=True,
                          text=True)
    return json.loads(done.stdout.splitlines()[-1])


def peak_megabytes():
    """The most memory that this process has held, so far or since ``forget_peak`` (Linux; elsewhere so far)."""
    try:
        status = Path("/proc/self/status").read_text()
        return next(float(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024
    except (OSError, StopIteration):
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def forget_peak():
    """Let the peak begin again at what is held now, and say how much that is, in megabytes."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")
    return peak_megabytes()


def shown(lines):
    """The table as text."""
    rows = [f"{'ratio':>8}  {'aim':>10}  {'ours, ms':>9}  what"]
    for line in lines:
        rows.append(f"{line.ratio:8.1f}  {line.aim:>10}  {1000 * line.own:9.1f}  {line.what}")
        rows += [f"{'':8}  {'':>10}  {'':>9}  {line.note}"] if line.note else []
    return "\n".join(rows)
