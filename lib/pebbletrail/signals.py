"""Signals that end a run: heard once and cleaned up after, or kept waiting for a moment."""

import signal
import threading
from contextlib import contextmanager

ENDING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class Ended(SystemExit):
    """The process was told to end: whoever made something on the way removes it."""


@contextmanager
def tidy_end():
    """Told to end, or its terminal closed, a run removes its folder and its kernel as on Ctrl-C, undisturbed."""
    if not _heard():
        yield
        return
    before = {number: signal.getsignal(number) for number in ENDING}
    usual = (signal.SIG_DFL, signal.default_int_handler)  # who started this may have said that a signal is not for it
    mine = [number for number, handler in before.items() if handler in usual]

    def end(number, _):
        for one in mine:
            signal.signal(one, signal.SIG_IGN)
        raise KeyboardInterrupt if number == signal.SIGINT else Ended(128 + number)

    for number in mine:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number in mine:
            if signal.getsignal(number) is end:  # after a signal they stay unheard until the process is gone
                signal.signal(number, before[number])


@contextmanager
def undisturbed():
    """What may not be left half done: a signal that comes meanwhile is heard at the end.

    Handlers of other than Python's making are left as they are, and threads have none.
    """
    if not _heard():
        yield
        return
    came, before = [], {number: signal.getsignal(number) for number in ENDING}
    mine = [number for number, handler in before.items() if handler is not None]
    for number in mine:
        signal.signal(number, lambda number, _: came.append(number))
    try:
        yield
    finally:
        for number in mine:
            signal.signal(number, before[number])
        for number in came:
            signal.raise_signal(number)


def _heard():
    """Whether this thread is the one in which Python's handlers run."""
    return threading.current_thread() is threading.main_thread()
