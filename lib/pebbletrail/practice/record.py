"""Which specifications were tried on the same data, and when: a record beside the report that only grows."""

import json
from dataclasses import dataclass


class BadRecord(ValueError):
    """The record beside the report cannot be read."""


@dataclass(frozen=True)
class Record:
    """Entries, oldest first: ``at, practice, fingerprint, formula, data`` (the files' SHA-256, joined)."""

    entries: tuple = ()

    @classmethod
    def read(cls, path):
        """The record of a file; empty where there is none yet.

        Raises
        ------
        BadRecord
            There is a file that is no record. It is not touched.
        """
        if not path.exists():
            return cls()
        try:
            entries = json.loads(path.read_text(encoding="utf-8"))
            return cls(tuple({name: str(one[name]) for name in ("at", "practice", "fingerprint", "formula", "data")}
                             for one in entries))
        except (ValueError, KeyError, TypeError, OSError):
            raise BadRecord(f"{path}: this is not a record of specifications any more. Put it back as it was, or move it "
                            "away: then the report begins a new one, and cannot say what was tried before.") from None

    @classmethod
    def around(cls, path):
        """What all records of a folder hold, that of ``path`` aside: a report under another name has seen results too.

        Files that are no records are passed over.
        """
        entries = []
        for one in sorted(path.parent.glob(f"*{''.join(path.suffixes[-2:])}")):
            if one.resolve() != path.resolve():
                try:
                    entries += cls.read(one).entries
                except BadRecord:
                    continue
        return cls(tuple(sorted(entries, key=lambda entry: entry["at"])))

    def with_entry(self, entry):
        """The record with one more entry."""
        return Record((*self.entries, entry))

    def others(self, entry):
        """Earlier entries on the same data with another specification: results had appeared before this one was fixed."""
        same = [one for one in self.entries if one["practice"] == entry["practice"] and one["data"] == entry["data"]]
        return tuple(one for one in same if one["fingerprint"] != entry["fingerprint"])

    def text(self):
        """As it is written."""
        return json.dumps(list(self.entries), indent=1, ensure_ascii=False) + "\n"


def data_print(passports):
    """One text for all files together: the same data, the same text."""
    return " ".join(sorted(f"{one.table}:{one.sha256 or one.source}" for one in passports))
