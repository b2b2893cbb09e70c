"""One thing at a time for what a reader moves.

JupyterLab may have a slider heard in one thread of the kernel and a button in another, and a cell runs in a third. Two
redraws at once paint on the same picture; two answers at once write the same file.
"""

from functools import wraps
from threading import RLock

_TURN = RLock()  # one for all panels: what draws letters is shared between figures


def in_turn(method):
    """Let one thread at a time into any method so marked; a marked method may call another."""
    @wraps(method)
    def waiting(*args, **kwargs):
        with _TURN:
            return method(*args, **kwargs)
    return waiting
