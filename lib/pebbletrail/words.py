"""Numbers as sentences say them."""

import re

import numpy as np


def said(value, sign=False):
    """Three significant digits, in figures that people read aloud: 12,300 and not 1.23e+04.

    Very small and very large numbers keep their power of ten. With ``sign``, a plus stands before what is positive.
    """
    plus = "+" if sign else ""
    if value == 0 or not np.isfinite(value) or not 1e-4 <= abs(value) < 1e6:
        return f"{value:{plus}.3g}"
    rounded = float(f"{value:.3g}")
    return f"{rounded:{plus},.10g}"


def fixed(value, decimals):
    """A number with its decimals for people: thousands apart, a true minus, and no minus before nothing."""
    return f"{value:z,.{decimals}f}".replace("-", "−")


def counted(count, what):
    """``1 work``, ``2 works``."""
    return f"{count:,} {what}{'s' * (count != 1)}"


def some(names, most, between=", "):
    """The first few names, and a sign that there are more."""
    return between.join(names[:most]) + " …" * (len(names) > most)


def minus(text):
    """A text whose numbers below zero have a true minus; words with hyphens and code in brackets stay."""
    return re.sub(r"(?<![\w.\[])-(?=\d)", "−", text)
