"""Numbers as people and programs write them: 1 234,5 and 1,234.5 and 12 % and 4,50 €."""

import re

import numpy as np
import pandas as pd

MISSING = {"", "na", "n/a", "nan", "null", "none", "-", "–", ".", "#n/a", "#value!", "#ref!", "s/o", "sans objet", "n.d.",
           "nc"}
_SPACES = re.compile(r"(?<=\d)[\s\u00a0\u2007\u2009\u202f'’](?=\d{3}(\D|$))")
_DRESS = re.compile(r"^(?:EUR|USD|[€$£])\s*|\s*(?:EUR|USD|[€$£])$", re.I)
_NUMBER = re.compile(r"^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$", re.I)
_THOUSANDS = {",": re.compile(r"^[+-]?\d{1,3}(\.\d{3})+(,\d+)?$"), ".": re.compile(r"^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$")}


def missing(text):
    """Whether a text says that there is nothing."""
    return text is None or text is pd.NA or text != text or str(text).strip().casefold() in MISSING


def number(text, decimal, percent=None):
    """A text as a number, or NaN.

    Parameters
    ----------
    text : str
    decimal : {".", ","}
        The file's decimal mark; the other mark stands for thousands, where it stands as they do.
    percent : float, optional
        What 100 % stands for in this column; without it a percent sign is no number.
    """
    plain = _DRESS.sub("", str(text).strip().replace("−", "-"))
    factor = 1.0
    if plain.endswith("%") and percent is not None:
        plain, factor = plain[:-1].strip(), percent / 100
    plain = _SPACES.sub("", plain)
    other = "." if decimal == "," else ","
    if _THOUSANDS[decimal].match(plain):
        plain = plain.replace(other, "")
    if decimal == "," and "." not in plain:
        plain = plain.replace(",", ".")
    return float(plain) * factor if _NUMBER.match(plain) else float("nan")


def numbers(texts, decimal, percent=None):
    """A column of texts as numbers: each different text is read once."""
    unlike = {text: (np.nan if missing(text) else number(text, decimal, percent)) for text in pd.unique(texts.dropna())}
    return texts.map(unlike).astype(float)


def decimal_of(texts, stated):
    """The decimal mark of a column: ``None`` where every number with a mark could be read in both ways.

    ``1.234`` alone is a little more than one, or more than a thousand; one value that can only be read in one way decides
    for its column, and else the mark that the rest of the file shows (``stated``).
    """
    other = "." if stated == "," else ","
    plain = [_SPACES.sub("", str(text).strip()) for text in pd.unique(texts.dropna())]
    marked = [text for text in plain if other in text and stated not in text]
    if not marked:
        return stated
    grouped = [text for text in marked if _THOUSANDS[stated].match(text)]
    if len(grouped) == len(marked):
        decided = any(stated in text for text in plain) or any(text.count(other) > 1 for text in marked)
        return stated if decided else None
    return other if not any(stated in text for text in plain) else stated
