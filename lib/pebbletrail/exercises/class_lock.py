"""One build at a time in a folder: a lock file with the process at work, taken over when that process is gone."""

import contextlib
import hashlib
import json
import os
import platform
import time
from datetime import datetime
from secrets import token_hex

from pebbletrail.exercises.class_folder import LOCK, ClassFolderError, disk_trouble

_PATIENCE = 1.0  # seconds that another process has between making its lock and writing into it
_ours = set()  # what the locks of this process say


@contextlib.contextmanager
def building(folder):
    """Hold the folder of a class for one build; it is made if need be.

    Parameters
    ----------
    folder : Path

    Yields
    ------
    str
        A sentence, where the lock of a build that was killed has been taken over; else empty.

    Raises
    ------
    ClassFolderError
        Another build is at work there.
    """
    lock = folder.resolve() / LOCK
    mine = json.dumps({"process": os.getpid(), "machine": platform.node(), "since": datetime.now().isoformat(),
                       "mark": token_hex(8)}).encode()
    _ours.add(mine)
    try:
        with disk_trouble(folder):
            folder.mkdir(parents=True, exist_ok=True)
            told = _held(lock, mine)
        yield told
    finally:
        _ours.discard(mine)
        with contextlib.suppress(OSError):
            if lock.read_bytes() == mine:
                lock.unlink()


def _made(path, content):
    """Whether this process has made the file; False where it is there already."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
    except OSError:
        path.unlink(missing_ok=True)
        raise
    return path.read_bytes() == content  # another where somebody waited too long for it


def _held(lock, mine):
    """Make the lock, or put this build's in the place of one whose process is gone; returns what to say of that.

    Of several that find the same old lock, one alone can hold the file named after it (got like the lock itself), and nobody
    else exchanges the old lock meanwhile. So the lock that is exchanged is the one that was seen to be left behind.
    """
    if _made(lock, mine):
        return ""
    left = _content(lock)
    if left is None:
        if _made(lock, mine):  # the other build has just ended
            return ""
        raise _busy(lock, _content(lock) or b"")
    if _at_work(left):
        raise _busy(lock, left)
    claim = lock.with_name(f"{LOCK}-{hashlib.sha256(left).hexdigest()[:16]}")
    _held(claim, mine)
    if _content(lock) != left:
        claim.unlink(missing_ok=True)
        return _held(lock, mine)
    os.replace(claim, lock)
    return f"an earlier build in this folder{_whose(left)} ended before it was done; this one has taken its place."


def _content(path):
    """What a lock says, None where there is none; an empty one may be about to be written."""
    patience = time.monotonic() + _PATIENCE
    while True:
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        if content or time.monotonic() > patience:
            return content
        time.sleep(0.02)


def _read(content):
    """Process, machine and time of a lock; None of one that was left half-written."""
    try:
        said = json.loads(content)
        return int(said["process"]), str(said["machine"]), datetime.fromisoformat(said["since"])
    except (ValueError, KeyError, TypeError):
        return None


def _at_work(content):
    """Whether the process of a lock still runs. On another machine that cannot be seen: then it does."""
    known = _read(content)
    if known is None:
        return False
    process, machine, _ = known
    if machine != platform.node():
        return True
    return content in _ours if process == os.getpid() else _runs(process)


def _runs(process):
    if os.name == "nt":  # os.kill would end it there
        import ctypes

        kernel, code = ctypes.windll.kernel32, ctypes.c_ulong()
        handle = kernel.OpenProcess(0x1000, False, process)
        found = bool(handle) and bool(kernel.GetExitCodeProcess(handle, ctypes.byref(code))) and code.value == 259
        kernel.CloseHandle(handle)
        return found
    try:
        os.kill(process, 0)  # no signal: only whether one could be sent
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True  # somebody else's
    return True


def _busy(lock, content):
    return ClassFolderError(f"{lock.parent}: another build is at work in this folder{_whose(content)}; wait until it has "
                            f"ended or, if there is none, delete {lock}, and give the command again.")


def _whose(content):
    known = _read(content)
    return f" (process {known[0]} on {known[1] or 'this machine'}, since {known[2]:%Y-%m-%d %H:%M})" if known else ""
