"""A progress bar for work that lasts: nothing is shown, or imported, before two seconds have passed."""

import time

PATIENCE = 2.0  # seconds


class Progress:
    """Counts work done, and shows a bar once it lasts.

        with Progress(5000, "replicates") as progress:
            progress.add(100)
    """

    def __init__(self, total, unit):
        self.total, self.unit, self.done = total, unit, 0
        self._start, self._bar = time.monotonic(), None

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
    try:
        from tqdm.auto import tqdm
    except ImportError:  # an extra: without it the work goes on in silence
        return None
    return tqdm(total=total, unit=f" {unit}", leave=False)
