"""What the author of a module writes with: ``from pebbletrail.exercises.authoring import Number, Route, …``.

A module is a folder of ``exercises/`` with ``module.py`` (how a student's tables are drawn, and the keys computed from the
stored tables) and ``solution.ipynb`` (the source of the student's notebook). CONTRIBUTING.md shows how to add one.
"""

from dataclasses import dataclass, field
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from pebbletrail.exercises.banks import ArrowCase, Case, Option, deal
from pebbletrail.exercises.kinds import Arrows, Choice, Criterion, Follow, Number, Prediction, Route, Specimen, Text
from pebbletrail.words import fixed, minus

__all__ = ["ArrowCase", "Arrows", "Case", "Choice", "Criterion", "Draw", "Follow", "Number", "Option", "Prediction",
           "Redraw", "Route", "Specimen", "Text", "beside", "deal", "fixed", "minus"]


class Redraw(Exception):
    """This draw does not show what the question is about: draw again."""


@dataclass(frozen=True)
class Draw:
    """A student's tables by name, rounded as they will be stored, and the words of its story (numbers, text, cases)."""

    tables: dict
    words: dict = field(default_factory=dict)


def beside(file, name):
    """Another file of the same folder, as a module: ``banks = beside(__file__, "banks")``."""
    path = Path(file).with_name(f"{name}.py")
    spec = spec_from_file_location(f"pebbletrail_exercise_{path.parent.name}_{name}".replace("-", "_"), path)
    made = module_from_spec(spec)
    spec.loader.exec_module(made)
    return made
