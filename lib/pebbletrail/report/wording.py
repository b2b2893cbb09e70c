"""A report's own words, numbers, euro and dates, in English or French."""

import math
import re
import tomllib
from datetime import datetime
from functools import cache
from pathlib import Path

from pebbletrail.practice.definition import LANGUAGES
from pebbletrail.words import minus, said

FOLDER = Path(__file__).parent
_NO_TEXT = re.compile(r"(<(style|script|pre|code)\b.*?</\2>|<[^>]*>)", re.DOTALL)
FRENCH = str.maketrans({",": "\u202f", ".": ","})


def french(page):
    """A page in which no line begins with a sign: the blank before it holds, a thin one before ; ! and ?."""
    parts = _NO_TEXT.split(page)
    for place in range(0, len(parts), 3):  # what lies between: a tag, and its name
        parts[place] = re.sub(" ([:%»])", "\u00a0\\1", re.sub(" ([;!?])", "\u202f\\1", parts[place]))
    return "".join(part for place, part in enumerate(parts) if place % 3 < 2)


@cache
def words(language):
    """``{"board.title": "…"}`` of ``words.<language>.toml``."""
    raw = tomllib.loads((FOLDER / f"words.{language}.toml").read_text(encoding="utf-8"))
    return {f"{part}.{name}": text for part, texts in raw.items() for name, text in texts.items()}


class Wording:
    """The words of a language; called with a name, it gives the text with its gaps filled.

    Numbers that fill gaps are said with three significant digits; a count (int) with all of its digits.
    """

    def __init__(self, language):
        if language not in LANGUAGES:
            raise ValueError(f"--lang: {language!r} is not one of {', '.join(LANGUAGES)}.")
        self.language = language
        self._words = words(language)

    def __call__(self, name, **values):
        text = self._words[name]
        return text.format_map({key: self.number(value) for key, value in values.items()}) if values else text

    def has(self, name):
        """Whether there are words of this name."""
        return name in self._words

    def number(self, value):
        """A number as sentences say it; a text as it is."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            return str(value)
        return self._marks(minus(f"{value:,}" if isinstance(value, int) else said(value)))

    def euro(self, value):
        """Whole euro, three significant digits: €1,230,000 or 1 230 000 €."""
        rounded = float(f"{value:.3g}") if abs(value) >= 1 else 0.0
        whole = self._marks(f"{abs(rounded):,.0f}")
        sign = "−" if rounded < 0 else ""
        return f"{sign}{whole}\u00a0€" if self.language == "fr" else f"{sign}€{whole}"

    def entered(self, value):
        """A number as it was entered, with all of its digits."""
        return self._marks(minus(f"{value:,.10g}"))

    def entered_euro(self, value):
        """Euro as they were entered."""
        whole = self.entered(abs(value))
        sign = "−" if value < 0 else ""
        return f"{sign}{whole}\u00a0€" if self.language == "fr" else f"{sign}€{whole}"

    def percent(self, share):
        """A chance, never said to be none or all, since it is counted among draws: 84 %, more than 99 %."""
        whole = "more" if share >= 0.995 else "fewer" if share < 0.005 else ""
        if whole:
            return self(f"share.{whole}")
        return f"{100 * share:.0f}\u00a0%"

    def span(self, ends, told=None):
        """A range as it was entered: one number, low to high, or with what is most likely where that is not the middle."""
        told = told or self.number
        low, likely, high = ends
        if low == high:
            return told(low)
        name = "number.span" if math.isclose(likely, (low + high) / 2) else "number.likely"
        return self(name, low=told(low), high=told(high), **({"likely": told(likely)} if name == "number.likely" else {}))

    def day(self, text):
        """A date, or a date and a time, as people write it; any other text as it is."""
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            return text
        months = self("date.months").split()
        day = f"{at.day} {months[at.month - 1]} {at.year}"
        return f"{day}, {at:%H:%M}" if len(text) > 10 else day

    def _marks(self, text):
        return text.translate(FRENCH) if self.language == "fr" else text
