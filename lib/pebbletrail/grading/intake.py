"""What was received: each submission in a folder, or in the zip that a learning platform packed, one at a time."""

import hashlib
import os
import re
import stat
import zipfile
from collections import Counter
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from pebbletrail.grading.archive import CLAIM, NOTEBOOK
from pebbletrail.grading.claim import plain
from pebbletrail.grading.results import Problem
from pebbletrail.grading.zip_entry import BadEntry, entry_content, entry_name

LARGEST = 30 * 1024 ** 2  # bytes of a submission
MOST_ENTRIES = 20_000  # of a platform's zip
LONGEST = 4_096  # characters of a name
SUFFIXES = (".zip", ".ipynb")
_LEFT_BY_SYSTEMS = ("__macosx", "thumbs.db", "desktop.ini")
_RECEIPT = re.compile(r"-receipt(-\d+)?\.txt$")  # platforms number files of one name
_NOT_ONE = "It is not a submission: that is a .zip which sheet.submit() wrote, or a notebook (.ipynb)."
_LARGE = f"It is larger than {LARGEST // 1024 ** 2} MB, so it was not read."


class NothingReceived(ValueError):
    """There is nothing to grade; one sentence says why."""


@dataclass(frozen=True)
class Received:
    """A file that was received: its path below the folder of submissions (or in the zip), its bytes, their SHA-256."""

    name: str
    content: bytes
    sha256: str


def received(path):
    """Every file that was received.

    Parameters
    ----------
    path : str or Path
        A folder, with folders inside; or the zip that Moodle or Canvas give, which is read in memory and never unpacked to
        disk; or one submission.

    Returns
    -------
    iterator of Received and Problem
        By name; one file at a time is in memory, at most 30 MB. Links are not followed. Hidden files, receipts and what
        systems leave in folders are passed over.

    Raises
    ------
    NothingReceived
        There is no such folder or file, or nothing in it.
    """
    path = Path(path)
    if path.is_dir():
        found = _in_folder(path)
    elif path.is_file():
        found = _in_file(path)
    else:
        raise NothingReceived(f"{path}: there is no such folder or file. Name the folder with what students handed in, or "
                              "the zip that the learning platform gives.")
    first = next(found, None)
    if first is None:
        raise NothingReceived(f"{path}: nothing was handed in there. It should hold the zips that sheet.submit() wrote.")
    return chain([first], found)


def how_many(path):
    """About how many files there are, for a bar that shows how far the work is."""
    path = Path(path)
    if path.is_dir():
        return sum(len(names) for _, _, names in os.walk(path))
    try:
        with zipfile.ZipFile(path) as archive:
            return len(archive.infolist())
    except Exception:  # what is wrong with it is said where it is read
        return 1


def _in_folder(folder):
    waiting = [("", folder)]  # by hand, as folders in folders may go deeper than Python's calls
    while waiting:
        name, path = waiting.pop()
        try:
            about = path.lstat() if name else path.stat()
            if stat.S_ISDIR(about.st_mode):
                inside = sorted((one for one in os.listdir(path) if not _passed_over(one)), reverse=True)
                waiting += [(f"{name}/{one}" if name else one, path / one) for one in inside]
            else:
                yield _file(_shown(name), path, about)
        except OSError as error:
            yield Problem(_shown(name) or ".", f"It cannot be read ({error.strerror}).")


def _file(name, path, about):
    if stat.S_ISLNK(about.st_mode):
        return Problem(name, "It is a link to another place, which is not followed: put the file itself there.")
    if not stat.S_ISREG(about.st_mode) or not name.lower().endswith(SUFFIXES):
        return Problem(name, _NOT_ONE)
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    return Problem(name, _LARGE) if len(content) > LARGEST else _received(name, content)


def _in_file(path):
    """What is in a platform's zip; a submission that was named by itself is one file."""
    if path.suffix.lower() != ".zip":
        yield _file(_shown(path.name), path, path.stat())
        return
    try:
        archive = zipfile.ZipFile(path)
    except Exception:  # zipfile raises a dozen kinds of errors for bytes made to hurt
        raise NothingReceived(f"{path}: the zip is damaged, or it is no zip. Fetch it again from the platform.") from None
    with archive:
        if {NOTEBOOK, CLAIM} <= set(archive.namelist()):
            yield _file(_shown(path.name), path, path.stat())
        else:
            yield from _in_zip(archive)


def _in_zip(archive):
    entries = [entry for entry in archive.infolist() if not entry.filename.endswith("/")
               and not any(map(_passed_over, entry_name(entry).split("/")))]
    entries.sort(key=entry_name)
    times = Counter(map(entry_name, entries))
    if len(entries) > MOST_ENTRIES:
        zip_name = Path(archive.filename).name
        yield Problem(zip_name, f"The zip has {len(entries):,} files; only the first {MOST_ENTRIES:,} were read.")
    for entry in entries[:MOST_ENTRIES]:
        name = entry_name(entry)
        shown = _shown(name)
        if times[name] > 1:
            yield Problem(shown, f"The zip has {times[name]} files of this name, so none of them was read.")
        elif not shown.lower().endswith(SUFFIXES):
            yield Problem(shown, _NOT_ONE)
        else:
            try:
                yield _received(shown, entry_content(archive, entry, LARGEST))
            except BadEntry as error:
                yield Problem(shown, str(error))


def _received(name, content):
    return Received(name, content, hashlib.sha256(content).hexdigest())


def _passed_over(name):
    """Whether a file or folder is none of a student's work: hidden, a receipt, or left there by a system."""
    low = name.lower()
    return re.match(r"\.[^.]", low) or low in _LEFT_BY_SYSTEMS or _RECEIPT.search(low)


def _shown(name):
    return plain(name, LONGEST)
