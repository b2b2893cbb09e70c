"""What a practice notebook needs of the reader's data, read from ``definitions/<name>.toml``."""

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).with_name("definitions")
LANGUAGES = ("en", "fr")
KINDS = {  # kind of column: what stands in it
    "code": "an identifier; never a number to compute with",
    "group": "one of few names: a team, a segment",
    "number": "a number, between low and high where they are given",
    "count": "a whole number from 0 on",
    "scale": "an answer on a rating scale from low to high, as a number or as its words",
    "yes-no": "yes or no, true or false, 1 or 0",
    "date": "a day, or a day and a time",
    "text": "free words; never analysed here, never in a report",
}


@dataclass(frozen=True)
class Column:
    """One column that the study names; ``what`` and ``why`` by language."""

    name: str
    kind: str
    what: dict
    why: dict
    required: bool = True
    low: float | None = None
    high: float | None = None
    unit: dict = field(default_factory=dict)
    may_lack: bool = True      # whether single values may be missing; a row without a value that may not is set aside
    unique: bool = False       # no two rows of its table share a value
    personal: bool = False     # identifies a person: never in a report
    items: bool = False        # whether several own columns may be joined into it: quality=q1+q2+q3
    planned: bool = False      # whether a date may lie after today
    opposite: tuple = ()       # words (or beginnings: churn*) that tell the contrary in an own heading: left, for stayed
    example: str = ""


@dataclass(frozen=True)
class Join:
    """How a table is put beside the table before it.

    Each row of ``to`` gets the row of ``table`` with the same ``on`` that lies inside the window: ``when_to`` and ``when``
    are the date columns of the two, and the row's date lies from ``least`` to ``most`` days after that of ``to``. With
    ``take`` = "first" or "last" one of several is taken; "only" means that a second one is a problem. Without dates the
    key alone decides.
    """

    table: str
    to: str
    on: str
    take: str = "only"
    when: str = ""
    when_to: str = ""
    least: float = 0.0
    most: float = float("inf")


@dataclass(frozen=True)
class Table:
    """A table that may be given with ``--data NAME=FILE``."""

    name: str
    key: str                   # the column that identifies a row, or ""
    what: dict
    columns: tuple
    required: bool = True

    def column(self, name):
        return next((one for one in self.columns if one.name == name), None)


@dataclass(frozen=True)
class Practice:
    """One practice notebook."""

    name: str
    version: str
    date: str
    title: dict
    question: dict
    grain: dict                # what one row of the analysis is
    estimand: dict
    instrument: str            # name for pt.instrument, or ""
    pages: tuple               # the pages that belong to it
    unit: str                  # the column whose values are the independent units (clusters), or ""
    exposure: str              # what a firm could change
    outcome: str               # what it hopes to change by it
    privacy: dict
    council: dict
    tables: tuple
    joins: tuple
    plan: str                  # design for pt.plan, or ""
    words: dict                # id of a finding, assumption, robustness line or rival: {"en": …, "fr": …}
    few: int = 10              # cells with fewer rows are not shown

    @property
    def columns(self):
        """Every column by name; a key that two tables share appears once."""
        return {column.name: column for table in reversed(self.tables) for column in reversed(table.columns)}

    def table(self, name):
        return next((one for one in self.tables if one.name == name), None)


def practices():
    """Names of the practice notebooks there are."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml") if not path.stem.startswith("_")))


@cache
def practice(name):
    """The definition of a practice notebook.

    Raises
    ------
    ValueError
        There is no practice of that name.
    """
    if name not in practices():
        raise ValueError(f"practice: there is no {name!r}; there are {', '.join(practices())}.")
    raw = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    tables = tuple(_table(one) for one in raw.pop("tables"))
    joins = tuple(Join(**one) for one in raw.pop("joins", ()))
    words = {**tomllib.loads((FOLDER / "_common.toml").read_text(encoding="utf-8")), **raw.pop("words", {})}
    raw = {"instrument": "", "unit": "", "plan": "", **raw, "date": str(raw["date"]), "pages": tuple(raw["pages"])}
    return Practice(tables=tables, joins=joins, words=words, **raw)


def _table(raw):
    columns = tuple(Column(**{**one, "opposite": tuple(one.get("opposite", ()))}) for one in raw.pop("columns"))
    return Table(columns=columns, **{"key": "", **raw})
