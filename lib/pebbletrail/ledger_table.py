"""The ledger, the claims and the references, as the project's own files hold them."""

import csv
import re
from dataclasses import dataclass, fields
from difflib import get_close_matches
from functools import cache

from pebbletrail.agreement import Printed
from pebbletrail.home import project_folder

COMPARED = ("recomputed", "consistency")


@dataclass(frozen=True)
class Line:
    """One printed figure: a row of ``datasets/ledger.csv``."""

    id: str
    study: str
    claim: str
    page: str
    data: str
    quantity: str
    published: str
    unit: str
    how: str
    tolerance: str
    expected: str
    because: str
    where: str
    seen: str
    source: str

    @property
    def counts(self):
        """Whether ``pt.compare`` takes this line; a quoted figure counts nowhere."""
        return self.how in COMPARED

    @property
    def allowed(self):
        """The stated tolerance as a number, or None for half a unit of the last printed digit."""
        return float(self.tolerance.split(":")[0]) if self.tolerance else None

    @property
    def needs(self):
        """Names of the data sets that the line is computed from."""
        return [name for name in self.data.split(";") if name]

    def shown(self, value):
        """Our value as it stands beside the print; empty where there is none."""
        return "" if value is None else Printed.read(self.published).like(value)

    def status(self, value):
        return "agrees" if Printed.read(self.published).agrees(value, self.allowed) else "differs"


@dataclass(frozen=True)
class Claim:
    """One claim of the source texts, in our words: a row of ``datasets/claims.csv``."""

    id: str
    claim: str
    source: str
    speaker: str
    kind: str
    home_page: str
    also_pages: str
    speaks_for: str
    speaks_against: str


def _rows(name, cls):
    with open(project_folder("datasets") / name, encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        wanted = [field.name for field in fields(cls)]
        if reader.fieldnames != wanted:
            raise ValueError(f"{name}: its columns are {reader.fieldnames}, they must be {wanted}.")
        found = {}
        for number, row in enumerate(reader, start=2):
            if None in row or None in row.values():
                raise ValueError(f"{name}, row {number} ({row['id']}): it has more or fewer than {len(wanted)} cells; "
                                 "a text with a comma stands in quotation marks.")
            if row["id"] in found:
                raise ValueError(f"{name}, row {number}: the id {row['id']!r} occurs twice.")
            found[row["id"]] = cls(**row)
    return found


@cache
def ledger():
    """Every printed figure by id."""
    return _rows("ledger.csv", Line)


@cache
def claims():
    """Every claim by id."""
    return _rows("claims.csv", Claim)


@cache
def references():
    """Every reference by key, as a dict of its BibTeX fields.

    Reads the plain form that ``references.bib`` keeps: one field a line, values in braces.
    """
    text = (project_folder("datasets") / "references.bib").read_text(encoding="utf-8")
    entries = re.findall(r"^@\w+\{([\w-]+),\n(.*?)^\}", text, flags=re.M | re.S)
    return {key: dict(re.findall(r"^\s*(\w+) = \{(.*)\},?$", body, flags=re.M)) for key, body in entries}


def short_citation(study):
    """``Burdin, Halliday & Landini 2018``: the authors' family names and the year."""
    entry = references()[study]
    authors = entry["author"].replace(r"\&", "&")  # as BibTeX writes it
    names = [name.split(",")[0].strip("{} ") for name in authors.split(" and ")]
    joined = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} & {names[-1]}"
    return f"{joined if len(names) <= 3 else names[0] + ' and others'} {entry['year']}"


def look_up(table, key, what):
    """The row with this id, or one error that gives the nearest ids."""
    if key in table:
        return table[key]
    near = get_close_matches(str(key), table, n=3, cutoff=0.4)
    hint = f" Did you mean {' or '.join(map(repr, near))}?" if near else ""
    raise ValueError(f"No {what} has the id {key!r}.{hint}")
