"""Where the project's own files are, in a checkout and in an installed copy alike."""

import os
import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
CHECKOUT = PACKAGE.parents[1]


def in_checkout():
    """Whether this package runs from a source checkout (so that its notebooks may be edited in place)."""
    return (CHECKOUT / "pyproject.toml").is_file() and (CHECKOUT / "datasets").is_dir()


def project_folder(name):
    """The folder ``datasets`` or ``notebooks``: from the wheel if they travel in it, else from the checkout."""
    packed = PACKAGE / f"_{name}"
    if packed.is_dir():
        return packed
    if in_checkout():
        return CHECKOUT / name
    raise FileNotFoundError(f"The folder {name!r} is neither inside the installed package nor in a checkout around it. "
                            "Install pebbletrail again.")


def child_environment(**more):
    """The environment for a process that starts in another folder: a relative path of the user's stays where it points."""
    paths = {name: str(Path(os.environ[name]).expanduser().resolve())
             for name in ("PEBBLETRAIL_DATA", "PEBBLETRAIL_HOME") if os.environ.get(name)}
    return {**os.environ, "JUPYTER_PREFER_ENV_PATH": "1", **paths, **more}  # this interpreter's own kernel


def user_folder():
    """Where this user's cache and beliefs are kept; ``PEBBLETRAIL_HOME`` moves it."""
    if chosen := os.environ.get("PEBBLETRAIL_HOME"):
        return Path(chosen).expanduser()
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share")
    return Path(base) / "pebbletrail"
