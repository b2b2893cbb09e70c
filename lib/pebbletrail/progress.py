"""A progress bar for work that lasts: nothing is shown, or imported, before two seconds have passed."""

import sys
import time

PATIENCE = 2.0  # seconds


class Progress:
    """Counts work done, and shows a bar once it lasts.

        with Progress(5000, "replicates") as progress:
            progress.add(100)

    ``at_once`` is for work that is known to last.
    """

    def __init__(self, total, unit, at_once=False):
        self.total, self.unit, self.done = total, unit, 0
        self._start, self._bar = time.monotonic(), _bar(total, unit) if at_once else None

    def add(self, amount=1):
        self.done += amount
        if self._bar is None and self.done < self.total and time.monotonic() - self._start > PATIENCE:
            self._bar = _bar(self.total, self.unit)
            if self._bar is not None:
                self._bar.update(self.done)
        elif self._bar is not None:
            self._bar.update(amount)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self._bar is not None:
            self._bar.close()


def _bar(total, unit):
    if _in_notebook():
        return PageBar(total, unit)
    try:
        from tqdm.auto import tqdm
    except ImportError:  # an extra: without it the work goes on in silence
        return None
    return tqdm(total=total, unit=f" {unit}", leave=False)


def _in_notebook():
    """Whether a Jupyter kernel runs this."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return getattr(shell, "kernel", None) is not None


class PageBar:
    """A bar in a notebook, in plain HTML that is gone when the work is done.

    tqdm's is a widget: a saved or printed page would keep an empty place for it, or an error.
    """

    def __init__(self, total, unit):
        from IPython.display import display

        self.total, self.unit, self.n = total, unit, 0
        self._drawn = time.monotonic()
        self._place = display(self._bundle(), raw=True, display_id=True)

    def _bundle(self):
        told = f"{self.n:,} of {self.total:,} {self.unit}"
        return {"text/html": f"<progress max='{self.total}' value='{self.n}'></progress> {told}", "text/plain": told}

    def update(self, amount):
        self.n += amount
        if time.monotonic() - self._drawn > 0.2:
            self._drawn = time.monotonic()
            self._place.update(self._bundle(), raw=True)

    def close(self):
        self._place.update({"text/html": "", "text/plain": ""}, raw=True)
