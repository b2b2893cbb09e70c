"""A coding: which code was given to which comment, checked, and kept in a CSV file of two columns."""

import csv
import io
from functools import cache

import numpy as np
import pandas as pd

from pebbletrail.coding.codebook import codes, verbatims, workshop
from pebbletrail.instruments.writing import as_path, told, write_csv

LONGEST = 100_000  # bytes of a file of codes; thirty lines take less than a thousand
SHOWN = 5
NOBODY = "nobody"  # in a Series' attrs: who coded was no person


@cache
def known_ids():
    """The ids of all comments, in their order."""
    return tuple(verbatims()["id"])


def checked(given, argument="coding"):
    """A coding of all comments: a Series from id to code, NaN where there is none.

    Parameters
    ----------
    given : Series, mapping, or anything with a ``.coding`` (the panel, the simulated coder)

    Raises
    ------
    ValueError
        Ids or codes that are unknown, an id that stands twice, another kind of thing.
    """
    given = getattr(given, "coding", given)
    if not isinstance(given, pd.Series):
        if not hasattr(given, "items"):
            raise ValueError(f"{argument}: a Series or a dict from id to code is needed, such as {{'v01': 'waiting'}}, not "
                             f"{type(given).__name__}.")
        given = pd.Series(dict(given), dtype=object)
    if given.index.has_duplicates:
        raise ValueError(f"{argument}: {given.index[given.index.duplicated()][0]!r} stands there more than once.")
    ids = known_ids()
    if strange := [one for one in given.index if one not in ids]:
        raise ValueError(f"{argument}: there is no comment {strange[0]!r}; they are {ids[0]} to {ids[-1]}.")
    there = given.dropna()
    if wrong := [(id, code) for id, code in there.items() if code not in codes()]:
        listed = "; ".join(f"{id}: {code!r}" for id, code in wrong[:SHOWN])
        raise ValueError(f"{argument}: {listed}. Allowed are {', '.join(codes())}, and nothing where no code was given.")
    made = there.reindex(ids).astype(object).where(lambda one: one.notna(), np.nan).rename("code").rename_axis("id")
    made.attrs = {NOBODY: given.attrs[NOBODY]} if NOBODY in given.attrs else {}
    return made


def by_nobody(coding, kind):
    """The coding with a mark that no person made it: ``"simulated"`` or ``"made up"``."""
    coding.attrs[NOBODY] = kind
    return coding


def example_coding():
    """A coding that we made up, as one careful reader might have coded; nobody did."""
    return by_nobody(checked(workshop()["example"]), "made up")


def save(coding, path, language="en"):
    """Write a coding to a new CSV file (``id, code``; an empty cell where there is no code); the path."""
    rows = [["id", "code"], *([id, "" if code != code else code] for id, code in checked(coding).items())]
    return write_csv(path, rows, language)


def read(path):
    """The coding in a CSV file.

    Raises
    ------
    ValueError
        A file that cannot be read, or holds no coding; as in ``checked``.
    """
    path = as_path(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ValueError(f"path: {path} cannot be read ({told(error)}).") from None
    return from_text(raw.decode("utf-8-sig", errors="replace"), path.name)


def from_text(text, name):
    """The coding in the text of a CSV file, with commas, semicolons or tabs."""
    if len(text) > LONGEST:
        raise ValueError(f"path: {name} is too large to be a file of codes.")
    lines = [line for line in text.lstrip("\ufeff").splitlines() if line.strip()]
    separator = max(",;\t", key=lines[0].count) if lines else ","
    reader = csv.reader(io.StringIO("\n".join(lines)), delimiter=separator)
    rows = [[cell.strip() for cell in row] for row in reader]
    if not rows or not {"id", "code"} <= set(rows[0]):
        raise ValueError(f"path: {name} has no first line with the columns id and code.")
    at = rows[0].index("id"), rows[0].index("code")
    if short := [number for number, row in enumerate(rows, 1) if len(row) <= max(at)]:
        raise ValueError(f"path: line {short[0]} of {name} is cut off.")
    pairs = [(row[at[0]], row[at[1]]) for row in rows[1:]]
    if not pairs:
        raise ValueError(f"path: {name} holds no line below its header.")
    given = pd.Series([code or np.nan for _, code in pairs], index=[id for id, _ in pairs], dtype=object)
    return checked(given, f"path: {name}")
