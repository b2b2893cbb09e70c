"""The front door for data: ``load(name)`` and ``datasets()``."""

import pandas as pd

from pebbletrail.fetch import available, fetch
from pebbletrail.home import project_folder
from pebbletrail.passports import all_passports, passport, sha256_of
from pebbletrail.readers import READERS

__all__ = ["datasets", "load", "passport"]


def datasets():
    """Every data set of the kit.

    Returns
    -------
    DataFrame
        One row a data set: ``name, kind, rows, licence, source, available``. ``available`` is False for open data that
        has not been fetched to this machine.
    """
    rows = [{"name": p.name, "kind": p.kind, "rows": p.rows, "licence": p.licence, "source": p.source,
             "available": available(p)} for p in all_passports().values()]
    return pd.DataFrame(rows, columns=["name", "kind", "rows", "licence", "source", "available"])


def load(name):
    """A data set by name, checked against its passport.

    Parameters
    ----------
    name : str
        A name that ``pt.datasets()`` lists.

    Returns
    -------
    DataFrame, or Moments where only a table of moments exists
        A fresh copy: changing it changes nothing else. What its columns mean: ``pt.passport(name)``.

    Raises
    ------
    ValueError
        Unknown name, or a file that does not match its passport.
    DataUnavailable
        Open data that is neither on this machine nor to be had from its address now.
    """
    about = passport(name)
    path = fetch(about) if about.kind == "open" else _own_table(about)
    data = READERS[about.reader](path, **about.reader_options)
    _check(about, data)
    return data


def _own_table(about):
    path = project_folder("datasets") / "tables" / about.file
    if not path.is_file():
        raise ValueError(f"The table {about.file!r} of data set {about.name!r} is missing. Install pebbletrail again.")
    if (got := sha256_of(path)) != about.sha256:
        raise ValueError(f"The table {about.file!r} was changed: its SHA-256 begins {got[:12]}, its passport says "
                         f"{about.sha256[:12]}. Take the file back from the repository (git checkout datasets), "
                         "or, if the change is meant, update its passport.")
    return path


def _check(about, data):
    rows, names = (len(data), list(data)) if isinstance(data, pd.DataFrame) else (len(data.names), list(data.names))
    if rows != about.rows:
        raise ValueError(f"Data set {about.name!r}: {rows} rows were read, its passport says {about.rows}.")
    if set(about.columns) != set(names):
        odd = sorted(set(about.columns) ^ set(names))
        raise ValueError(f"Data set {about.name!r}: the file and its passport disagree on the columns {', '.join(odd)}.")
