"""Amounts as the decision's sentences and tables say them."""

from pebbletrail.words import said


def amount(value):
    """Three significant digits; millions as such, and not as a power of ten."""
    return f"{value / 1e6:,.3g} million" if abs(value) >= 999_500 else said(value)


def cell(value):
    """A number in a table: whole from 1,000 on, three significant digits below."""
    if value != value:
        return ""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
