"""A process watched from outside: time, memory, processes and output have an end, and nothing of it stays behind."""

import os
import selectors
import subprocess
import time
from dataclasses import dataclass

from pebbletrail.reproduce.process import end_with_children

EVERY = 0.2  # seconds between two looks at what it uses
NOISE = 20_000  # bytes kept of what it says of itself
CHUNK = 65_536

ENDED, TIME, MEMORY, PROCESSES, OUTPUT = "ended", "time", "memory", "processes", "output"


@dataclass(frozen=True)
class Seen:
    """What came out, and how it ended: ``"ended"`` by itself, or by the limit that it met."""

    output: bytes
    noise: str
    ended: str
    status: int | None
    seconds: float
    peak: int  # bytes of memory, at the most heavy look


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
    try:
        output, noise, ended = _listen(child, limits, watch, start + limits.seconds)
    finally:
        end_with_children(child.pid)
        child.wait()
        child.stdout.close()
        child.stderr.close()
    return Seen(output, noise.decode("utf-8", "replace"), ended, child.returncode, time.monotonic() - start, watch.peak)


def _listen(child, limits, watch, deadline):
    """Read both streams until the process ends, closes them, or meets a limit."""
    kept, heard = {"out": bytearray(), "err": bytearray()}, 0
    with selectors.DefaultSelector() as streams:
        for stream, name in ((child.stdout, "out"), (child.stderr, "err")):
            os.set_blocking(stream.fileno(), False)
            streams.register(stream, selectors.EVENT_READ, name)
        while True:
            alive = child.poll() is None
            for key, _ in streams.select(EVERY if alive and streams.get_map() else 0):
                chunk = os.read(key.fd, CHUNK)
                heard += len(chunk)
                if not chunk:
                    streams.unregister(key.fileobj)
                elif key.data == "out" or len(kept["err"]) < NOISE:
                    kept[key.data] += chunk
            ended = (OUTPUT if heard > limits.output else TIME if time.monotonic() > deadline else watch.found()
                     if alive else None)
            if ended or not alive:
                if not alive and not ended:
                    _rest(streams, kept, limits.output - heard)
                return bytes(kept["out"]), bytes(kept["err"]), ended or ENDED
            if not streams.get_map():
                time.sleep(EVERY / 4)


def _rest(streams, kept, room):
    """What still lies in the pipes of a process that has ended; whoever inherited them is not waited for."""
    for key in list(streams.get_map().values()):
        while room > 0:
            try:
                chunk = os.read(key.fd, CHUNK)
            except BlockingIOError:
                break
            if not chunk:
                break
            kept[key.data] += chunk
            room -= len(chunk)


class _Watch:
    """Memory and number of a process and of all that it has started."""

    def __init__(self, pid, limits):
        self._pid, self._limits, self._next, self.peak = pid, limits, 0.0, 0

    def found(self):
        """The limit that is passed, or None."""
        if time.monotonic() < self._next:
            return None
        family = _family(self._pid)
        used = sum(_memory(one, "rss") for one in family)
        if used > self._limits.memory:  # pages that several share count once
            used = sum(_memory(one, "pss") for one in family)
        self.peak = max(self.peak, used)
        self._next = time.monotonic() + EVERY
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
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0
