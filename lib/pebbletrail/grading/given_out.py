"""What everybody of a class could have copied from: hand-outs, pages of the course, practice variants."""

import json
from dataclasses import dataclass
from functools import lru_cache

from pebbletrail.exercises.sheet import practice_folder
from pebbletrail.page_source import all_pages, source


@dataclass(frozen=True)
class Cells:
    """Sources of cells, each one once."""

    code: frozenset = frozenset()
    words: frozenset = frozenset()

    @property
    def every(self):
        return self.code | self.words


def handed_out_cells(works, place):
    """All cells of one module's hand-outs, over the class."""
    return _cells(place.hand_out(work.student, work.module) / f"{work.module}.ipynb" for work in works)


@lru_cache(maxsize=1)
def course_cells():
    """All cells of the course's pages and practice variants."""
    return _cells([*(page.path for page in all_pages().values()), *sorted(practice_folder().glob("*/*.ipynb"))])


def _cells(paths):
    """A hand-out that cannot be read gives none: those of the others, which differ by a few words, stand for it."""
    found = {"code": set(), "markdown": set(), "raw": set()}
    for path in paths:
        try:
            for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
                found[cell["cell_type"]].add(source(cell))
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return Cells(frozenset(found["code"]), frozenset(found["markdown"] | found["raw"]))
