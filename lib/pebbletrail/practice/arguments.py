"""``--data``, ``--map`` and ``--scale`` as people type them."""

import difflib
import re
from pathlib import Path

from pebbletrail.at_once import AtOnce

_RANGE = re.compile(r"^\s*(-?\d+(?:[.,]\d+)?)\s*\.\.\s*(-?\d+(?:[.,]\d+)?)\s*$")


def sources_of(given, about):
    """``{table: file}`` of ``--data calls=calls.csv``; a file without a table is the first table, or holds all.

    Raises
    ------
    ValueError
        A table that the practice does not have, or one given twice.
    """
    found, told = {}, AtOnce()
    for text in given:
        with told.later():
            table, file = _sourced(text, about)
            if table in found and "=" not in text:
                names = [table.name for table in about.tables]
                named = " ".join(f"--data {name}={file}" for name, file in zip(names, given, strict=False))
                raise ValueError(f"--data: which table is which? {about.name} has {', '.join(names)}. Name each: {named}.")
            if table in found:
                raise ValueError(f"--data: {table} is given twice, as {found[table]} and as {file}. Put the files into "
                                 "one, or give one of them.")
            found[table] = file
    told.now()
    return found


def _sourced(text, about):
    names = [table.name for table in about.tables]
    table, file = _keyed(text, names)
    if table is None:
        return names[0], text
    if table not in names:
        raise ValueError(f"--data: {about.name} has no table {table!r}; it has {', '.join(names)}."
                         f"{_nearest(table, names)}")
    return table, file


def _keyed(text, names):
    """``calls=calls.csv`` taken apart, unless the equals sign belongs to a file's name."""
    key, sign, file = text.partition("=")
    if not sign or ((not re.fullmatch(r"[\w-]+", key) or Path(text).exists()) and key not in names):
        return None, text
    return key.strip(), file


def mapping_of(given, about):
    """``{study's name: own heading or expression}`` of ``--map quality=q1+q2``.

    Raises
    ------
    ValueError
        No equals sign, an empty side, a name that the study does not have, or one given twice.
    """
    found, told = {}, AtOnce()
    for text in given:
        with told.later():
            name, own = _mapped(text, about)
            if name in found:
                raise ValueError(f"--map: {name} is given twice, as {found[name]} and as {own}.")
            found[name] = own
    told.now()
    return found


def _mapped(text, about):
    name, sign, own = text.partition("=")
    name, own, known = name.strip(), own.strip(), _known(about)
    if not (sign and name and own):
        raise ValueError(f"--map: {text!r} is not STUDY=OWN, such as quality=q_score. Quote a heading with blanks: "
                         "--map 'quality=Note globale'.")
    if name not in known:
        raise ValueError(f"--map: the study has no column {name!r}; it has {', '.join(about.columns)}."
                         f"{_nearest(name, known)}")
    return name, own


def scales_of(given, about):
    """``{column: (low, high)}`` of ``--scale quality=1..7``."""
    found, told = {}, AtOnce()
    for text in given:
        with told.later():
            name, ends = _scaled(text, about)
            found[name] = ends
    told.now()
    return found


def _scaled(text, about):
    name, _, ends = text.partition("=")
    name, match = name.strip(), _RANGE.match(ends)
    rated = [one for one, column in about.columns.items() if column.kind == "scale"]
    if not match:
        raise ValueError(f"--scale: {text!r} is not NAME=LOW..HIGH, such as quality=1..7.")
    if name not in rated:
        raise ValueError(f"--scale: {name!r} is no rating scale of {about.name}; these are: {', '.join(rated)}."
                         f"{_nearest(name, rated)}")
    low, high = (float(end.replace(",", ".")) for end in match.groups())
    if low >= high:
        raise ValueError(f"--scale: in {text!r} the low end is not below the high one.")
    return name, (low, high)


def _known(about):
    return {*about.columns, *(f"{table.name}.{column.name}" for table in about.tables for column in table.columns)}


def _nearest(name, known):
    close = difflib.get_close_matches(name, known, 1)
    return f" Did you mean {close[0]}?" if close else ""
