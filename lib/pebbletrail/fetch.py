"""Open data: found on this machine, or fetched once from its authors' address and kept.

Two places are looked at before the network: the folder that ``PEBBLETRAIL_DATA`` names, and the cache. A file counts only
when its SHA-256 is the registered one. ``PEBBLETRAIL_OFFLINE=1`` forbids the network.
"""

import os
from pathlib import Path

from pebbletrail.home import user_folder
from pebbletrail.passports import sha256_of

TIMEOUT = 15  # seconds without an answer before a download is given up


class DataUnavailable(ValueError):
    """Open data that is not on this machine and could not be fetched. The message says what to do."""

    def _render_traceback_(self):
        """In a notebook: the message alone. A reader without a network has done nothing wrong."""
        return [f"Not run: {self}"]


def cache_folder():
    return user_folder() / "open-data"


def places(passport):
    """The files that could serve, best first: the user's own folder, then the cache."""
    own = os.environ.get("PEBBLETRAIL_DATA")
    return [*([Path(own).expanduser() / passport.file] if own else []), cache_folder() / passport.file]


def find(passport):
    """``(path, None)`` for a file with the registered SHA-256, else ``(None, why)``."""
    wrong = []
    for path in places(passport):
        if path.is_file():
            if (got := sha256_of(path)) == passport.sha256:
                return path, None
            wrong.append(f"{path} is there, but its SHA-256 begins {got[:12]}, not {passport.sha256[:12]}: "
                         "it is another version or damaged; delete it")
    return None, "; ".join(wrong)


def available(passport):
    """Whether the data set can be read now, without a network."""
    return passport.kind != "open" or find(passport)[0] is not None


def fetch(passport, progress=True):
    """The path of an open data set, downloaded into the cache when it is not on this machine yet.

    Raises
    ------
    DataUnavailable
        No network, a refusal, a file of another version: with the reason and what to do.
    """
    path, wrong = find(passport)
    if path:
        return path
    if os.environ.get("PEBBLETRAIL_OFFLINE") == "1":
        raise DataUnavailable(_advice(passport, wrong, "downloading is switched off (offline)"))
    return _download(passport, progress, wrong)


def _download(passport, progress, wrong):
    try:
        import pooch
    except ImportError:
        raise DataUnavailable(_advice(passport, wrong, "pooch is missing: pip install 'pebbletrail[data]'")) from None
    pooch.get_logger().setLevel("ERROR")
    stale = cache_folder() / passport.file
    if stale.is_file() and sha256_of(stale) != passport.sha256:
        stale.replace(stale.with_name(stale.name + ".other-version"))
    try:
        return Path(pooch.retrieve(
            passport.url, known_hash=f"sha256:{passport.sha256}", fname=passport.file, path=cache_folder(),
            downloader=pooch.HTTPDownloader(progressbar=progress, timeout=TIMEOUT)))
    except ValueError as error:  # pooch's word for a wrong hash
        reason = "the address now serves other bytes than the registered ones" if "hash" in str(error) else str(error)
    except Exception as error:  # whatever the network does, the reader gets one sentence
        reason = f"the download failed ({type(error).__name__})"
    raise DataUnavailable(_advice(passport, wrong, reason))


def _advice(passport, wrong, reason):
    return (f"the data set {passport.name!r} is not on this machine, and {reason}. "
            + (f"({wrong}.) " if wrong else "")
            + f"To get it: connect and run `pebbletrail data fetch {passport.name}`; or save "
            f"{passport.url} as {passport.file} in a folder and set PEBBLETRAIL_DATA to that folder.")
