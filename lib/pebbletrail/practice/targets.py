"""The files that ``pebbletrail replicate`` writes: all of them or none, and never over something that is not its own."""

import errno
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pebbletrail.signals import undisturbed

MARK = '<meta name="generator" content="pebbletrail replicate">'


class NotWritten(ValueError):
    """The report could not be written; nothing was changed."""


@dataclass(frozen=True)
class Targets:
    """The report, and what is put beside it."""

    report: Path

    @property
    def set_aside(self):
        return self.report.with_suffix(".set-aside.csv")

    @property
    def record(self):
        return self.report.with_suffix(".specifications.json")


def targets(out):
    """The files for ``--out``, after trying that they can be written.

    Raises
    ------
    NotWritten
        No ``.html``; a folder that is not there or takes no file; a file that no earlier report is.
    """
    report = Path(out).expanduser()
    if report.suffix.lower() not in (".html", ".htm"):
        raise NotWritten(f"--out: {out!r} must end in .html, such as report.html.")
    if report.is_dir():
        raise NotWritten(f"--out: {report} is a folder; name a file in it, such as {report / 'report.html'}.")
    if not report.parent.is_dir():
        raise NotWritten(f"--out: there is no folder {report.parent}. Make it first, or name another one.")
    if report.exists() and MARK not in _beginning(report):
        raise NotWritten(f"--out: {report} is there already and is no report of this command. It is left as it is: name "
                         "another file, or move that one away.")
    try:
        with tempfile.NamedTemporaryFile(dir=report.parent, prefix=".pebbletrail-"):
            pass
    except OSError as error:
        raise NotWritten(f"--out: nothing can be written into {report.parent} ({error.strerror}). Name a folder that is "
                         "yours.") from None
    return Targets(report)


def write_all(files):
    """Write texts to paths: first all beside their places, then all into place.

    Parameters
    ----------
    files : dict
        ``{Path: str or bytes}``.

    Raises
    ------
    NotWritten
        The disk is full, or took no file. What stood there before stands there still.
    """
    waiting = {}
    try:
        for path, text in files.items():
            waiting[path] = _beside(path, text)
        with undisturbed():  # some files new and some old would be neither of two reports
            for path, made in waiting.items():
                os.replace(made, path)
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        what = "the disk is full; make room" if full else f"{error.strerror}; look at the folder"
        raise NotWritten(f"--out: the report was not written: {what}, then give the same command again.") from None
    finally:
        for made in waiting.values():
            with suppress(FileNotFoundError):
                os.unlink(made)


def _beside(path, text):
    handle, made = tempfile.mkstemp(dir=path.parent, prefix=".pebbletrail-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8") if isinstance(text, str) else text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(made, 0o600)  # a firm's figures are its own
    except BaseException:
        os.unlink(made)
        raise
    return made


def _beginning(path):
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return file.read(4000)
    except OSError as error:
        raise NotWritten(f"--out: {path} cannot be read ({error.strerror}). Name another file.") from None
