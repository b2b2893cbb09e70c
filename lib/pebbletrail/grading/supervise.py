"""A process watched from outside: time, memory, processes and output have an end, and nothing of it stays behind."""

import os
import subprocess
import threading
import time
from dataclasses import dataclass

from pebbletrail.reproduce.process import end_with_children

EVERY, OFTEN = 0.2, 0.05  # seconds between two looks at what it uses, and at whether it has ended
PATIENCE = 2.0  # seconds, for what still lies in its pipes
NOISE = 20_000  # bytes kept of what it says of itself
CHUNK = 65_536

ENDED, TIME, MEMORY, PROCESSES, OUTPUT = "ended", "time", "memory", "processes", "output"
MACHINE = "machine"  # its memory was running out, for whatever reason
SCARCE = 0.1  # of the machine's memory


@dataclass(frozen=True)
class Seen:
    """What came out, and how it ended: ``"ended"`` by itself, or by the limit that it met."""

    output: bytes
    noise: str
    ended: str
    status: int | None
    seconds: float
    peak: int  # bytes of memory, at the most heavy look
    busy: float  # seconds of processor, as of the last look


def supervised(command, environment, limits, pass_fds=(), folder=None):
    """Run a command to its end or to its first limit.

    Parameters
    ----------
    command : list of str
    environment : dict
    limits : Limits
    pass_fds : tuple of int
    folder : Path, optional
        Where it runs.

    Returns
    -------
    Seen

    Raises
    ------
    OSError
        It could not be started.
    """
    start = time.monotonic()
    child = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, pass_fds=pass_fds, cwd=folder, start_new_session=True)
    watch = _Watch(child.pid, limits)
    readers = output, noise = [_Reader(stream, limits.output) for stream in (child.stdout, child.stderr)]
    try:
        ended = _wait(child, watch, readers, start + limits.seconds)
    finally:
        end_with_children(child.pid)
        child.wait()
    seconds = time.monotonic() - start
    for reader in readers:
        reader.join(PATIENCE)
    ended = OUTPUT if any(reader.over for reader in readers) else ended
    told = noise.kept[-NOISE:].decode("utf-8", "replace")
    return Seen(bytes(output.kept), told, ended, child.returncode, seconds, watch.peak, watch.busy)


def _wait(child, watch, readers, deadline):
    """How it ended; looked at so often that an end is noticed at once."""
    while True:
        try:
            child.wait(OFTEN)
            return ENDED
        except subprocess.TimeoutExpired:
            if any(reader.over for reader in readers):
                return OUTPUT
            if time.monotonic() > deadline:
                return TIME
            if found := watch.found():
                return found


class _Reader(threading.Thread):
    """Reads a stream to its end, or up to so many bytes. A thread, since not every system can wait for several pipes."""

    def __init__(self, stream, most):
        super().__init__(daemon=True)  # who inherits the pipe and lives on is not waited for
        self._stream, self._most, self.kept, self.over = stream, most, bytearray(), False
        self.start()

    def run(self):
        with self._stream:
            while chunk := os.read(self._stream.fileno(), CHUNK):
                self.kept += chunk
                if len(self.kept) > self._most:
                    self.over = True
                    return


class _Watch:
    """Memory, processor and number of a process and of all that it has started."""

    def __init__(self, pid, limits):
        self._pid, self._limits, self._next, self.peak, self.busy = pid, limits, 0.0, 0, 0.0

    def found(self):
        """The limit that is passed, or None."""
        if time.monotonic() < self._next:
            return None
        family = _family(self._pid)
        used = sum(_memory(one, "rss") for one in family)
        if used > self._limits.memory:  # pages that several share count once
            used = sum(_memory(one, "pss") for one in family)
        self.peak = max(self.peak, used)
        self.busy = max(self.busy, sum(map(_busy, family)))
        self._next = time.monotonic() + EVERY
        if self.busy > self._limits.seconds:
            return TIME
        if _scarce():  # memory that belongs to no process is seen only here
            return MACHINE
        if len(family) > self._limits.processes + 8:  # what keeps it apart are processes too
            return PROCESSES
        return MEMORY if used > self._limits.memory else None


def _family(pid):
    import psutil

    try:
        parent = psutil.Process(pid)
        return [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _memory(process, kind):
    import psutil

    try:
        if kind == "rss":
            return process.memory_info().rss
        full = process.memory_full_info()
        return getattr(full, "pss", full.rss)
    except psutil.AccessDenied:
        return _memory(process, "rss") if kind != "rss" else 0
    except psutil.NoSuchProcess:
        return 0


def _busy(process):
    """Seconds of processor that a process and those that it has seen end have had."""
    import psutil

    try:
        return sum(process.cpu_times()[:4])
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0.0


def _scarce():
    import psutil

    memory = psutil.virtual_memory()
    return memory.available < SCARCE * memory.total
