"""The one file that is handed in, and its receipt: both are there whole, or neither is. Nothing is ever overwritten."""

import contextlib
import errno
import hashlib
import io
import os
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from datetime import datetime
from html import escape
from itertools import count
from pathlib import Path
from urllib.parse import quote

from pebbletrail.ledger_view import AMBER, GREEN

FIXED = (1980, 1, 1, 0, 0, 0)  # the date of what is inside: the same content gives the same file


@dataclass(frozen=True)
class Receipt:
    """What was written, and when.

    Attributes
    ----------
    path : Path
        The file to hand in.
    sha256 : str
        Of that file.
    size : int
        Its bytes.
    time : datetime
        UTC, by this computer's clock.
    unanswered : tuple of str
    notes : tuple of str
        What is not as it should be; empty when the notebook ran and gave what the sheet has.
    text : str
        The receipt, as it also stands in the file beside.
    """

    path: Path
    sha256: str
    size: int
    time: datetime
    unanswered: tuple
    notes: tuple
    text: str

    @property
    def beside(self):
        """The file that holds the text."""
        return self.path.with_name(f"{self.path.stem}-receipt.txt")

    def __repr__(self):
        return self.text

    def _ipython_display_(self):
        """Nothing more: handing in has already shown it."""

    def html(self):
        """A box with links to both files."""
        colour, sign = (AMBER, "○") if self.notes else (GREEN, "✓")
        head = "Your work is in one file, with a note" if self.notes else "Your work is in one file"
        left = f"Unanswered: {', '.join(self.unanswered)}." if self.unanswered else "Every question is answered."
        body = "".join(f"<br>{escape(line)}" for line in (*self.notes, left))
        return (f'<div style="border-left:4px solid {colour};padding:.2em .8em;margin:.3em 0;max-width:50em">'
                f'<b>{sign} {head}</b>{body}'
                f"<br>Give this file to your teacher: {_link(self.path)} ({self.size:,} bytes)"
                f"<br>Keep this receipt: {_link(self.beside)}"
                f"<details><summary>The receipt</summary><pre>{escape(self.text)}</pre></details></div>")


def _link(path):
    """A link that the notebook's page resolves, where the file is in or below its folder."""
    name = escape(path.name)
    with contextlib.suppress(ValueError):
        href = quote(path.resolve().relative_to(Path.cwd().resolve()).as_posix())
        return f'<a href="{escape(href)}" download="{name}">{name}</a>'
    return f"<code>{escape(str(path))}</code>"


def file_name(*parts):
    """Parts of a name made into one that every system takes: letters, digits, points and hyphens."""
    made = []
    for part in parts:
        plain = unicodedata.normalize("NFKD", str(part)).encode("ascii", "ignore").decode()
        made.append(re.sub(r"[^A-Za-z0-9._]+", "-", plain).strip("-._")[:60] or "student")
    return "-".join(made)


def packed(files):
    """A zip file as bytes: the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, FIXED)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(entry, content)
    return buffer.getvalue()


def write(folder, stem, content, time, lines, unanswered, notes):
    """Write the file and its receipt under a free name.

    Parameters
    ----------
    folder : Path
    stem : str
        The name, without ``.zip``; a number is added where it is taken.
    content : bytes
    time : datetime
        UTC.
    lines : sequence of (str, str)
        What else the receipt says, as name and words.
    unanswered, notes : sequence of str

    Raises
    ------
    OSError
        The folder cannot be written to; nothing is left in it.
    """
    digest = hashlib.sha256(content).hexdigest()
    with _reserved(folder, stem) as name:
        path = folder / f"{name}.zip"
        receipt = Receipt(path, digest, len(content), time, tuple(unanswered), tuple(notes),
                          told(path.name, digest, len(content), time, lines, notes))
        _write_all({path: content, receipt.beside: receipt.text.encode("utf-8")})
    return receipt


def told(name, digest, size, time, lines, notes):
    """The receipt's text."""
    here = time.astimezone()
    facts = [("File", f"{name}, {size:,} bytes"), ("SHA-256", digest),
             ("Written", f"{here.isoformat(sep=' ')} local time, {time:%Y-%m-%d %H:%M:%S} UTC, by this computer's clock"),
             *lines, *(("Note", note) for note in notes)]
    width = max(len(fact) for fact, _ in facts) + 2
    shown = "\n".join(f"{fact + ':':<{width}}{words}" for fact, words in facts)
    return (f"Receipt\n\n{shown}\n\n"
            "The SHA-256 is the fingerprint of the file: change one byte, and it is another one. To compute it again, in\n"
            "the folder of the file:\n\n"
            f"  Linux                 sha256sum {name}\n"
            f"  macOS                 shasum -a 256 {name}\n"
            f"  Windows PowerShell    Get-FileHash {name}\n"
            f"  Python                import hashlib; hashlib.sha256(open({name!r}, 'rb').read()).hexdigest()\n")


@contextlib.contextmanager
def _reserved(folder, stem):
    """A name that nothing has yet, kept for us while we write."""
    for number in count(1):
        name = stem if number == 1 else f"{stem}-{number}"
        mark = folder / f".{name}.writing"
        try:
            mark.open("xb").close()
        except FileExistsError:
            continue
        try:
            if not any((folder / f"{name}{end}").exists() for end in (".zip", "-receipt.txt")):
                yield name
                return
        finally:
            mark.unlink(missing_ok=True)


def _write_all(contents):
    """Files that belong together: under other names first, so that an interruption leaves none of them."""
    parts = {path: path.with_name(f".{path.name}.part") for path in contents}
    done = []
    try:
        for path, content in contents.items():
            with parts[path].open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        for path, part in parts.items():
            os.replace(part, path)
            done.append(path)
    except BaseException:
        for path in (*parts.values(), *done):
            path.unlink(missing_ok=True)
        raise


def in_words(error):
    """Why a folder could not be written to, for a person."""
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", None)):
        return "the disk is full"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "this folder may not be written to"
    return error.strerror or type(error).__name__
