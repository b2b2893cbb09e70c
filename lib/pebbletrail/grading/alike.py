"""Works that are alike: the same file, another's tables, another's answers, the same code, the same words."""

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass

from pebbletrail.exercises.class_folder import ClassFolderError
from pebbletrail.grading.answers_alike import answers_alike
from pebbletrail.grading.code_alike import code_alike
from pebbletrail.grading.given_out import handed_out_cells
from pebbletrail.grading.pair import FILE, KINDS, TABLES, Pair, together
from pebbletrail.grading.texts_alike import texts_alike
from pebbletrail.words import counted

__all__ = ["Alike", "Pair", "alike"]
COLUMNS = ("module", "student", "other", "kind", "count", "chance", "said", "more")


@dataclass(frozen=True)
class Alike:
    """The pairs (or groups) that are alike, by module, kind, and how much is alike; ``works`` is how many were looked at."""

    pairs: tuple = ()
    works: int = 0

    @property
    def table(self):
        """One row a pair: module, student, other, kind, count, chance (NaN where nothing tells), said, more (ids)."""
        import pandas as pd

        rows = [(pair.module, pair.one, pair.other, pair.kind, pair.count, pair.chance, pair.said, " ".join(pair.more))
                for pair in self.pairs]
        return pd.DataFrame(rows, columns=COLUMNS).astype({"chance": float})

    @property
    def text(self):
        """How many pairs and groups there are of each kind, and what they are: no verdict."""
        if not self.pairs:
            return (f"No pair stands out among {counted(self.works, 'work')}. That clears nobody: what was told, copied and "
                    "then changed, or taken by many from one place outside the course, need not show.")
        counts = {kind: sum(pair.kind == kind for pair in self.pairs) for kind in KINDS}
        told = ", ".join(f"{kind} {count}" for kind, count in counts.items() if count)
        groups = sum(bool(pair.more) for pair in self.pairs)
        found = [counted(number, what) for number, what in ((len(self.pairs) - groups, "pair"), (groups, "group")) if number]
        return (f"{' and '.join(found)} alike among {self.works} works ({told}). "
                "Likeness is a reason to talk to them, not a verdict.")


def alike(results, place):
    """Which works are more alike than chance makes them.

    Compared are the works of one module with each other, and with the stored keys of everybody for whom the class was
    built, whether they handed in or not.

    Parameters
    ----------
    results : Results
    place : ClassFolder

    Returns
    -------
    Alike
    """
    named = {one["id"]: f"{one['name']} ({one['id']})" for one in place.students()}
    pairs, count = [], 0
    for module in results.modules:
        works = [work for work in results.of(module) if work.handed]
        keys = _keys(place, named, module)
        pairs += _of_module(works, keys, handed_out_cells(works, place), named) if works else []
        count += len(works)
    return Alike(tuple(sorted(pairs, key=lambda pair: (pair.module, KINDS.index(pair.kind), -pair.count))), count)


def _keys(place, students, module):
    """The stored keys that can be read; that one cannot, the results say already."""
    keys = {}
    for student in students:
        if place.key_file(student, module).is_file():
            with suppress(ClassFolderError):
                keys[student] = place.key(student, module)
    return keys


def _of_module(works, keys, cells, named):
    tables = tables_alike(works, keys, named)
    files = files_alike(works, tables, named)
    found = [*files, *_apart(tables, files)]
    others = [*answers_alike(works, keys, named), *code_alike(works, cells, named), *texts_alike(works, keys, cells, named)]
    return [*found, *_apart(others, found)]


def _apart(pairs, explained):
    """Pairs that are not explained by others: who has another's file has the answers, the code and the words as well."""
    there = set().union(*(pair.couples for pair in explained))
    return [pair for pair in pairs if not pair.couples <= there]


def files_alike(works, tables, named):
    """Students who handed in the same file, to the byte; ``tables`` say with whose it was made."""
    by, found = {}, []
    for work in works:
        by.setdefault(work.handed.sha256, []).append(work)
    for same in by.values():
        if len(same) > 1:
            students = [work.student for work in same]
            owner = next((named[pair.other] for pair in tables if pair.one in students), "")
            made = f" It was made with the tables of {owner}." if owner else ""
            said = f"{together([named[one] for one in students])} handed in the same file (its SHA-256 is the same).{made}"
            found.append(Pair(same[0].module, *students[:2], FILE, 1, None, said, more=tuple(students[2:])))
    return found


def tables_alike(works, keys, named):
    """Pairs of which one handed in a file that was made with the tables of the other: their SHA-256 says so.

    A table that is the student's own too says nothing; one that several others have, as of real data there are few, says
    whose tables these are only together with the rest.
    """
    owners, found = {}, []
    for student, key in keys.items():
        for sha in set(key["files"].values()):
            owners.setdefault(sha, set()).add(student)
    for work in works:
        claimed = work.handed.claim.get("files")
        claimed = [sha for sha in claimed.values() if isinstance(sha, str)] if isinstance(claimed, dict) else []
        whose = [owners.get(sha, ()) for sha in claimed]
        others = Counter(other for owner in whose if work.student not in owner for other in owner)
        ranked = others.most_common(2)
        if ranked and (len(ranked) == 1 or ranked[0][1] > ranked[1][1]):
            other, count = ranked[0]
            said = (f"{named[work.student]} handed in a file that was made with the tables of {named[other]}: {count} of "
                    f"its {len(claimed)} tables.")
            found.append(Pair(work.module, work.student, other, TABLES, count, None, said))
    return found
