"""Works that are alike: a reason to talk to people, never a verdict."""

from dataclasses import dataclass
from itertools import combinations

FILE, TABLES, ANSWERS = "the same file", "another's tables", "another's answers"
CODE, WORDS = "the same code", "the same words"
KINDS = (FILE, TABLES, ANSWERS, CODE, WORDS)
RARE = 0.01  # what is less probable than this in any pair of a module is said


@dataclass(frozen=True)
class Pair:
    """Two works of one module that are alike in one way, or more than two.

    Attributes
    ----------
    module : str
    one, other : str
        Ids. With another's tables or answers, ``one`` handed in what belongs to ``other``; else in the roster's order.
    kind : str
        One of ``KINDS``.
    count : int
        How much is alike: files, tables, answers, lines, or runs of five words.
    chance : float or None
        How probable at least so much is by chance, in any pair of the module; None where nothing tells.
    said : str
        The pair in one sentence, with names, for the teacher.
    shown : tuple of str
        What is alike, piece by piece: an answer, a line of code, a passage. Text from outside: escape it.
    more : tuple of str
        Ids of further students of whom the same is true.
    """

    module: str
    one: str
    other: str
    kind: str
    count: int
    chance: float | None
    said: str
    shown: tuple = ()
    more: tuple = ()

    @property
    def students(self):
        return (self.one, self.other, *self.more)

    @property
    def couples(self):
        """Every two of them."""
        return {frozenset(two) for two in combinations(self.students, 2)}


def together(names):
    """Names as a list in a sentence: A, B and C."""
    return f"{', '.join(names[:-1])} and {names[-1]}"


def odds(chance):
    """A small probability in words."""
    return "less than 1 in 1,000,000" if chance < 1e-6 else f"about 1 in {round(1 / chance):,}"
