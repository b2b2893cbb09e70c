"""How much a JSON text holds, counted before anybody reads it: Python's own reader has no bounds, and a stack that ends."""

import numpy as np

DEEPEST = 60  # levels; a notebook has about ten, and Python's reader ends at some hundreds, fewer the deeper its caller is
_QUOTE = ord('"')
_STEP = np.zeros(256, np.int8)
_STEP[list(b"[{")], _STEP[list(b"]}")] = 1, -1
_PART = np.zeros(256, bool)
_PART[list(b"[{,")] = True


def json_size(content):
    """Count the parts and the levels of JSON that may be hostile.

    A few passes over the bytes, which neither recurse nor go back: at most about a second for 20 MB of anything.

    Parameters
    ----------
    content : bytes
        Where it is no JSON, the counts hold up to the first mistake, which is where a reader stops.

    Returns
    -------
    tuple of int
        Its parts (brackets that open, and commas, outside texts), and how many brackets deep it is nested.
    """
    signs = np.frombuffer(content.replace(rb"\\", b"").replace(rb"\"", b""), np.uint8)
    within = np.cumsum(signs == _QUOTE, dtype=np.uint8)  # goes round at 256, and stays odd within a text
    signs = signs[within & 1 == 0]
    steps = _STEP[signs]
    deepest = np.cumsum(steps[steps != 0], dtype=np.int32).max(initial=0)
    return int(np.count_nonzero(_PART[signs])), int(deepest)
