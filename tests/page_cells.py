"""The cells of a page, run outside a notebook, so that a test can look at what they leave."""

from contextlib import redirect_stdout
from io import StringIO

import numpy as np
import pandas as pd

import pebbletrail as pt
from pebbletrail.page_source import all_pages, source


def run_cells(number, ids, after=None):
    """The names that the cells with these ids leave, run in this order; ``after(id, names)`` is called behind each."""
    cells = {cell["id"]: source(cell) for cell in all_pages()[number].cells}
    names = {"pt": pt, "pd": pd, "np": np}
    for id in ids:
        exec(cells[id], names)
        if after is not None:
            after(id, names)
    return names


def run_and_listen(number, ids):
    """``run_cells``, with two names more: ``after``, the names behind each cell, and ``said``, what each has printed."""
    after, said = {}, {}

    def keep(id, now):
        after[id], said[id] = dict(now), printed.getvalue()
        printed.seek(0)
        printed.truncate()

    with redirect_stdout(StringIO()) as printed:
        last = run_cells(number, ids, after=keep)
    return {**last, "after": after, "said": said}
