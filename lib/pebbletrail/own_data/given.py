"""What the steps of preparing a firm's data hand to each other."""

from dataclasses import dataclass, field

import pandas as pd


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with what was given, said so that the reader can mend it.

    ``rows`` are numbered as the reader's own program numbers them (a CSV's line, a sheet's row; the heading is row 1), at
    most twenty of them; ``count`` counts all. ``stops`` says whether nothing can be done before it is mended; other
    problems set their rows aside. ``code`` is a short stable name (``not-a-number``), by which tests and translations
    find it; ``found`` and ``allowed`` fill the sentence.
    """

    code: str
    table: str
    column: str = ""      # the study's name
    own: str = ""         # the reader's name for it
    rows: tuple = ()
    count: int = 0
    found: str = ""       # some of the values, as they stand in the file
    allowed: str = ""
    mend: str = ""        # what to do, in one sentence
    stops: bool = False
    values: dict = field(default_factory=dict)  # further numbers that its sentence tells, by name


@dataclass(frozen=True)
class FilePassport:
    """Where a table came from, so that somebody else can check that it is the same."""

    table: str
    source: str           # the file's name without its folder, or the table's name in the warehouse
    sha256: str           # empty for a table in a warehouse
    bytes: int            # -1 for a table in a warehouse
    rows: int
    columns: int
    read_as: str          # "CSV, separated by semicolons (;), decimal comma, cp1252", "Excel, sheet Antworten", "parquet", …


@dataclass(frozen=True)
class Read:
    """A table as it was found: nothing renamed, nothing converted that the file did not say.

    ``frame`` has the file's headings; of a CSV every value is text (missing: ``None``). Its index is the row's number as the
    reader sees it. ``marks`` is the decimal mark of a text's numbers, "." or ",".
    """

    frame: pd.DataFrame
    passport: FilePassport
    decimal: str = "."
    problems: tuple = ()


@dataclass(frozen=True)
class Step:
    """How many rows there were before and after something was done. ``code`` names the sentence, ``values`` fill it."""

    code: str
    table: str
    before: int
    after: int
    values: dict = field(default_factory=dict)


class NotUsable(ValueError):
    """Data from which nothing can be computed: every problem at once, in ``problems``; the message lists them."""

    def __init__(self, message, problems=()):
        super().__init__(message)
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Prepared:
    """Rows ready for the analysis, in the study's names, with their history.

    ``frame`` has one row for each unit of the analysis (for example a call) and a plain index from 0; it is None when an
    engine holds the rows, and then ``moments`` answers (see ``own_data.big``). ``set_aside`` has one row for each reason
    that a row was set aside: ``table, row, column, own, value, reason, allowed``.
    """

    practice: str
    frame: pd.DataFrame | None
    flow: tuple           # of Step
    problems: tuple       # of Problem, none of which stops
    set_aside: pd.DataFrame
    passports: tuple      # of FilePassport
    absent: tuple         # optional columns that were not given
    personal: tuple       # columns that look personal; the report leaves their values out
    headings: tuple = ()  # (table, the study's name, the reader's headings) of every column taken up
    engine: str = "pandas"
    table: object = None  # an Ibis table in the study's names, when an engine holds the rows
