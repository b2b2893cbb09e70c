"""Tables written for spreadsheets: what begins like a formula is no formula any more."""

import io

from pebbletrail.grading.spreadsheet import MARK, neutral

SEPARATOR = {"en": ",", "fr": ";"}


def csv_bytes(frame, language="en"):
    """A table as the bytes of a CSV that a spreadsheet opens: UTF-8 with its mark, every text harmless."""
    made = io.StringIO()
    safe = frame.map(lambda cell: neutral(cell) if isinstance(cell, str) else cell)
    safe.columns = [neutral(str(name)) for name in frame.columns]
    safe.to_csv(made, sep=SEPARATOR[language], index=False, lineterminator="\r\n")
    return MARK + made.getvalue().encode("utf-8")
