"""Days and times as files write them; which number is the day is decided from the whole column, or stated."""

import re

import pandas as pd

_ISO = re.compile(r"^\s*(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"
                  r"(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?\s*(?:Z|UTC)?\s*$")
TURNED = re.compile(r"^\s*(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?:[T ,]+(\d{1,2})[:h](\d{2})(?::(\d{2}))?)?\s*$")
ORDERS = ("dmy", "mdy", "ymd")
EXCEL = pd.Timestamp("1899-12-30")


def dates(texts, order=None):
    """Texts as dates.

    Parameters
    ----------
    texts : Series of str
        Without missing ones.
    order : {"dmy", "mdy", "ymd"}, optional

    Returns
    -------
    (dict, bool)
        ``{text: Timestamp or NaT}`` of each different text, and whether the order of day and month is in doubt: then the
        texts that it matters to are NaT.
    """
    unlike = [str(text) for text in pd.unique(texts)]
    turned = {text: match for text in unlike if (match := TURNED.match(text))}
    doubt = False
    if order not in ("dmy", "mdy") and turned:
        pairs = [(int(match[1]), int(match[2])) for match in turned.values()]
        first = any(12 < one <= 31 and other <= 12 for one, other in pairs)  # 99.99.2024 is a date in neither order
        second = any(12 < other <= 31 and one <= 12 for one, other in pairs)
        dots = all("." in text.split()[0] for text in turned)  # 3.4.2026 is written by those who put the day first
        order = "dmy" if (first and not second) or (dots and not second) else "mdy" if second and not first else None
        doubt = order is None and not (first and second)
    return {text: _date(text, turned.get(text), order) for text in unlike}, doubt


def _date(text, turned, order):
    if match := _ISO.match(text):
        return _made(*match.groups())
    if not turned:
        return pd.NaT
    first, second, year, *time = turned.groups()
    year = f"20{year}" if len(year) == 2 else year
    if order is None:  # a column of both orders: what can only be read in one way is read
        order = "dmy" if int(first) > 12 else "mdy" if int(second) > 12 else None
    if order is None:
        return pd.NaT
    day, month = (first, second) if order == "dmy" else (second, first)
    return _made(year, month, day, *time)


def _made(year, month, day, hour=None, minute=None, second=None):
    try:
        return pd.Timestamp(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0))
    except ValueError:
        return pd.NaT
