"""Amounts as the decision's sentences and tables say them."""

from pebbletrail.words import said

NOTHING = 1e-9  # euros or customers: what sums leave of nothing


def amount(value):
    """Three significant digits; millions as such, and not as a power of ten; rounding is 0, and never -0."""
    value = 0.0 if abs(value) < NOTHING else value
    return f"{value / 1e6:,.3g} million" if abs(value) >= 999_500 else said(value)


def cell(value):
    """A number in a table: whole from 1,000 on, three significant digits below."""
    if value != value:
        return ""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{0.0 if abs(value) < NOTHING else value:.3g}"
