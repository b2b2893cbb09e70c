"""Passports: what a data set is, where it comes from, under which licence, and what its columns mean.

One TOML file a data set in ``datasets/passports``. The project's own small tables lie in ``datasets/tables``; open data
(third parties' files) is only described here: address, SHA-256, licence.
"""

import hashlib
import tomllib
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache

from pebbletrail.home import project_folder

KINDS = {
    "published": "figures printed or listed by others",
    "computed": "summaries we computed from data that others published; never called printed",
    "open": "real microdata, fetched from its authors' address",
    "simulated": "made up: drawn from a world whose truth is stated, or written by us to practise on; never evidence",
}


@dataclass(frozen=True)
class Passport:
    """What the kit knows about one data set. ``rows`` is what ``load`` returns; ``sha256`` is of the file's bytes."""

    name: str
    title: str
    kind: str
    rows: int
    licence: str
    citation: str
    source: str
    file: str
    sha256: str
    columns: dict
    unit_of_row: str
    url: str | None = None
    caution: str = ""
    reader: str = "csv"
    reader_options: dict = field(default_factory=dict)

    @property
    def text(self):
        """The passport in one paragraph: kind, what a row is, source and licence."""
        parts = [f"{self.title}. {self.rows} rows, one for each {self.unit_of_row}.",
                 f"Kind: {self.kind} ({KINDS[self.kind]}).", f"Source: {self.source}.", f"Licence: {self.licence}."]
        return " ".join([*parts, *([f"Caution: {self.caution}"] if self.caution else [])])

    def __repr__(self):
        return f"{self.name}: {self.text}"

    def _repr_markdown_(self):
        rows = "\n".join(f"| `{name}` | {meaning} |" for name, meaning in self.columns.items())
        return f"**{self.name}**: {self.text}\n\n*Cite:* {self.citation}\n\n| column | meaning |\n|---|---|\n{rows}"


@cache
def all_passports():
    """Every passport by name, in alphabetical order."""
    found = {}
    for path in sorted((project_folder("datasets") / "passports").glob("*.toml"), key=lambda path: path.stem):
        entry = tomllib.loads(path.read_text(encoding="utf-8"))
        if entry["kind"] not in KINDS:
            raise ValueError(f"{path.name}: kind {entry['kind']!r} is not one of {', '.join(KINDS)}.")
        found[path.stem] = Passport(name=path.stem, **entry)
    return found


def passport(name):
    """The passport of one data set.

    Raises
    ------
    ValueError
        When no data set has this name; the message gives the nearest names.
    """
    known = all_passports()
    if name not in known:
        near = get_close_matches(str(name), known, n=3, cutoff=0.4)
        hint = f"Did you mean {' or '.join(map(repr, near))}? " if near else ""
        raise ValueError(f"No data set is called {name!r}. {hint}pt.datasets() lists all {len(known)}.")
    return known[name]


def sha256_of(path):
    """The SHA-256 of a file's bytes, in hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
