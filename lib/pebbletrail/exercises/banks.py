"""Banks of cases: the same kind of question with another story for each student, options in another order."""

from dataclasses import dataclass

LETTERS = "abcdefgh"


@dataclass(frozen=True)
class Option:
    """One option of a choice; ``hint`` says why it is not the one."""

    text: str
    right: bool = False
    hint: str = ""


@dataclass(frozen=True)
class Case:
    """A story with options, exactly one of them right; ``worked`` is shown after three attempts."""

    story: str
    options: tuple
    worked: str = ""

    def __post_init__(self):
        object.__setattr__(self, "options", tuple(self.options))
        if sum(option.right for option in self.options) != 1:
            raise ValueError(f"options: exactly one must be right in {self.story[:60]!r}.")
        if lost := [option.text for option in self.options if not option.right and not option.hint]:
            raise ValueError(f"options: {lost[0]!r} has no hint that says why it is not the one.")


@dataclass(frozen=True)
class ArrowCase:
    """A story that settles which arrow runs where. ``traps``: a tempting arrow, and what to say about it."""

    story: str
    nodes: tuple
    arrows: tuple
    traps: dict
    worked: str = ""

    def __post_init__(self):
        object.__setattr__(self, "nodes", tuple(self.nodes))
        object.__setattr__(self, "arrows", tuple(tuple(arrow) for arrow in self.arrows))
        named = {name for arrow in (*self.arrows, *self.traps) for name in arrow}
        if lost := named - set(self.nodes):
            raise ValueError(f"arrows: {sorted(lost)[0]!r} is not among the nodes {', '.join(self.nodes)}.")
        if both := set(self.arrows) & set(self.traps):
            raise ValueError(f"traps: {sorted(both)[0]} is a right arrow.")


def deal(rng, bank, practice):
    """Which case a student gets, and the order of its options.

    The first case is for the public practice variant alone: whoever has done the practice has not seen the graded one.
    """
    case = 0 if practice else int(rng.integers(1, len(bank)))
    if options := getattr(bank[case], "options", ()):
        return {"case": case, "order": [int(place) for place in rng.permutation(len(options))]}
    mixed = rng.spawn(1)[0].permutation(len(bank[case].nodes))  # authors list causes first: the order would tell
    return {"case": case, "order": [int(place) for place in mixed]}


def filled(text, fill):
    """``{name}`` replaced from ``fill``; an unknown name is an author's error."""
    try:
        return text.format_map(fill or {})
    except (KeyError, IndexError, ValueError) as error:
        raise ValueError(f"fill: {error} is missing for the text {text[:60]!r}.") from None
