"""The cells of a page, run outside a notebook, so that a test can look at what they leave."""

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
