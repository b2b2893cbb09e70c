"""A column as it stands in a file, read as the kind of column that the study needs."""

import numpy as np
import pandas as pd

from pebbletrail.own_data.big_checks import allowed
from pebbletrail.own_data.dates import EXCEL, TURNED, dates
from pebbletrail.own_data.given import Problem
from pebbletrail.own_data.likert import CANNOT_SAY, folded, places_of, scales_of
from pebbletrail.own_data.numbers import decimal_of, missing, number, numbers

YES = {"yes", "y", "oui", "o", "true", "vrai", "1", "1.0", "x", "ja", "j"}
NO = {"no", "n", "non", "false", "faux", "0", "0.0", "nein"}
SHOWN, SOME = 20, 3


def parsed(found, column, decimal, table, own, dates=None):
    """A file's column as values of the study.

    Parameters
    ----------
    found : Series
        Texts, or values as Excel or parquet hold them; its index numbers the rows as the reader sees them.
    column : definition.Column
        The kind, and the ends that hold here.
    decimal : {".", ","}
        The file's decimal mark.
    table, own : str
        The table's name in the study, the column's in the file.
    dates : {"dmy", "mdy", "ymd"}, optional
        The order in dates, where it was stated.

    Returns
    -------
    (Series, tuple of Problem)
        Text (missing: None), floats (missing: NaN; yes is 1, no is 0) or dates (missing: NaT). What cannot be read is
        missing, and named in a problem. Nothing, ``NA``, ``n/a``, ``null``, ``-``, ``.``, ``sans objet`` and an Excel error
        are missing; in a scale, so is an answer such as *don't know* or *ne sait pas*.
    """
    if column.kind in ("code", "group", "text"):
        return _texts(found), ()
    if column.kind == "date":
        return _dates(found, column, table, own, dates)
    if column.kind == "yes-no":
        return _yes_no(found, column, table, own)
    return _numbers(found, column, decimal, table, own)


def _texts(found):
    """Trimmed texts; 7 and 7.0 are the same code, as a missing one beside it would make of it in a sheet."""
    whole = pd.api.types.is_float_dtype(found)
    known = {value: None if missing(value) else _written(value, whole) for value in pd.unique(found)}
    return pd.Series([None if pd.isna(value) else known[value] for value in found], index=found.index, dtype=object)


def _written(value, whole):
    return str(int(value)) if whole and float(value).is_integer() else str(value).strip()


def _numbers(found, column, decimal, table, own):
    if pd.api.types.is_numeric_dtype(found) or pd.api.types.is_bool_dtype(found):
        return found.astype(float), ()
    texts = found.astype("object").where(found.notna(), None)
    given = texts[[not missing(text) for text in texts]]
    mark = decimal_of(given.astype(str), decimal)
    if mark is None:
        return _nothing(found), (_ambiguous_marks(given, column, table, own),)
    percent = {1.0: 1.0, 100.0: 100.0}.get(column.high)
    values = numbers(texts.map(lambda text: None if missing(text) else str(text)), mark, percent)
    if column.kind == "scale":
        values, stop = _words(texts, values, column, mark, table, own)
        if stop:
            return _nothing(found), (stop,)
        given = given[[folded(text) not in CANNOT_SAY for text in given]]
    lost = given.index[values[given.index].isna()]
    return values, _unread("not-a-number", given, lost, column, table, own)


def _words(texts, values, column, mark, table, own):
    """Answers in words put on the scale; and the problem when the words belong to a scale of other points."""
    odd = texts[values.isna() & texts.notna()]
    odd = odd[[not missing(text) for text in odd]]
    said = {text: _bare(text) for text in pd.unique(odd)}
    numbered = {text: number(head, mark) for text, (head, _) in said.items() if head}
    words = {text: word for text, (head, word) in said.items() if text not in numbered and word not in CANNOT_SAY}
    made = dict(numbered)
    if words:
        points, allowed_points = scales_of(set(words.values())), round((column.high or 0) - (column.low or 0)) + 1
        if points and allowed_points not in points:
            return values, _other_points(words, points, column, table, own)
        known = places_of(set(words.values()), allowed_points)
        span = column.high - column.low
        made |= {text: column.low + known[word] * span for text, word in words.items() if word in known}
    return values.fillna(texts.map(made).astype(float)), None


def _bare(text):
    """``5 - Strongly agree`` as its number and its word; a word alone as ``("", word)``."""
    plain = folded(text)
    head, _, word = plain.partition(" ")
    if head.rstrip(".:=-)").replace(",", ".").replace(".", "", 1).isdigit() and word:
        return head.rstrip(".:=-)"), word.lstrip("-–=:. ")
    return "", plain


def _yes_no(found, column, table, own):
    if pd.api.types.is_bool_dtype(found):
        return found.astype(float), ()
    known = {value: np.nan if missing(value) else 1.0 if folded(value) in YES else 0.0 if folded(value) in NO else None
             for value in pd.unique(found)}
    values = pd.Series([np.nan if pd.isna(value) else known[value] for value in found], index=found.index, dtype=object)
    lost = values.index[[value is None for value in values]]
    return values.map(lambda value: np.nan if value is None else value).astype(float), _unread(
        "not-yes-or-no", found, lost, column, table, own)


def _dates(found, column, table, own, order):
    if pd.api.types.is_datetime64_any_dtype(found):
        plain = found.dt.tz_convert("UTC").dt.tz_localize(None) if getattr(found.dtype, "tz", None) else found
        return plain.astype("datetime64[us]"), ()
    given = found[[not missing(value) for value in found]]
    serial = given[[isinstance(value, int | float) for value in given]]
    texts = given.drop(serial.index).astype(str)
    known, doubt = dates(texts, order)
    values = pd.Series(pd.NaT, index=found.index, dtype="datetime64[us]")
    values[texts.index] = texts.map(known).astype("datetime64[us]")
    days = serial[[1 <= float(value) < 200_000 for value in serial]]  # Excel's days since the end of 1899, to the year 2447
    values[days.index] = [EXCEL + pd.Timedelta(days=float(value)) for value in days]
    lost = given.index[values[given.index].isna()]
    if doubt:
        lost = lost[[bool(TURNED.match(str(given[row]))) for row in lost]]  # others are no dates in any order
        mend = "Say the order: --dates dmy, --dates mdy or --dates ymd."
        return values, (Problem("ambiguous-dates", table, column.name, own, *_rows(lost), _some(given, lost),
                                "dates whose order can be seen", mend, True),)
    return values, _unread("not-a-date", given, lost, column, table, own)


def _unread(code, given, lost, column, table, own):
    if not len(lost):
        return ()
    mend = "Mend the values at their source; until then these rows are set aside."
    return (Problem(code, table, column.name, own, *_rows(lost), _some(given, lost), allowed(column), mend),)


def _ambiguous_marks(given, column, table, own):
    marked = given[[any(mark in str(text) for mark in ".,") for text in given]]
    return Problem("ambiguous-numbers", table, column.name, own, *_rows(marked.index), _some(given, marked.index),
                   "numbers whose decimal mark can be seen", "Is 1.234 a little more than one, or more than a thousand? "
                   "Save the column without marks between the thousands.", True)


def _other_points(words, points, column, table, own):
    name = f"{column.low:g}..{column.low + max(points) - 1:g}"
    return Problem("wrong-ends", table, column.name, own, (), len(words), ", ".join(list(words)[:SOME]),
                   f"answers from {column.low:g} to {column.high:g}",
                   f"These words are of a scale of {max(points)} points. Say so: --scale {column.name}={name}.", True)


def _rows(index):
    return tuple(int(row) for row in index[:SHOWN]), len(index)


def _some(given, lost):
    return ", ".join(list(dict.fromkeys(str(value) for value in given[lost][:200]))[:SOME])


def _nothing(found):
    return pd.Series(np.nan, index=found.index)
