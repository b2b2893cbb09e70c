"""Everything that is wrong with what was typed, told at once: a reader mends it in one go."""

from contextlib import contextmanager


class AtOnce:
    """Collects problems.

    Examples
    --------
    >>> told = AtOnce()
    >>> for text in ("7", "x", "y"):
    ...     with told.later():
    ...         number = float(text)
    >>> len(told.problems)
    2
    """

    def __init__(self):
        self.problems = []

    @contextmanager
    def later(self):
        """Keep a ValueError for ``now``, and go on behind the block."""
        try:
            yield
        except ValueError as error:
            self.problems.append(str(error))

    def now(self):
        """Raise a ValueError with every problem, a line each, if there is one."""
        if self.problems:
            raise ValueError("\n".join(self.problems))
