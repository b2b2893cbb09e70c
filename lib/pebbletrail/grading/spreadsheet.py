"""CSV files that a spreadsheet opens without running anything: no name or comment begins as a formula.

Rows as in RFC 4180: commas, CRLF, quotation marks doubled, UTF-8. What begins a formula, and that separators inside a cell
count too (a spreadsheet whose separator is the semicolon splits a cell there), follows OWASP's page *CSV Injection*,
owasp.org/www-community/attacks/CSV_Injection.
"""

import csv
import io
import re

from pebbletrail.grading.pages import seen

MARK = b"\xef\xbb\xbf"  # by which a spreadsheet knows UTF-8
_SIGNS = r"\-－﹣=＝﹦+＋﹢@＠﹫"
# A spreadsheet may pass over these to what follows: blanks, signs without a width, quotation marks.
_PASSED = " \xa0\u1680\u2000-\u200f\u202f\u205f\u2060\u3000\ufeff\x0b\x0c\x1c-\x1f\x85\"'`“”„«»‘’‚‹›"
_FORMULA = re.compile(rf"^(?!')(?=[{_PASSED}\s]*[{_SIGNS}\t])|(?<=[;\t\n])(?!')(?=[{_PASSED}]*[{_SIGNS}])")


def neutral(text):
    """A text that no spreadsheet takes for a formula: an apostrophe stands before what would begin one.

    It stands at the beginning, and inside the text after a semicolon, a tab or a line's end. What is harmless already stays
    as it is; what no reader sees (control characters, marks that turn the direction of text) is left out.
    """
    return _FORMULA.sub("'", seen(text))


def csv_bytes(rows, mark=False):
    """Rows as the content of a CSV file; every text in it is ``neutral``.

    Parameters
    ----------
    rows : iterable of iterable of str
    mark : bool
        Whether the file begins with the mark of UTF-8, for who opens it in a spreadsheet. Not every platform reads past it.
    """
    made = io.StringIO(newline="")
    csv.writer(made).writerows([neutral(cell) for cell in row] for row in rows)
    return MARK * mark + made.getvalue().encode("utf-8")
