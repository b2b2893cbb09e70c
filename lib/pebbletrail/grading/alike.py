"""Works that are alike: another's tables, another's answers, the same code, the same words."""

from collections import Counter
from dataclasses import dataclass

from pebbletrail.grading.answers_alike import answers_alike
from pebbletrail.grading.code_alike import code_alike
from pebbletrail.grading.given_out import handed_out_cells
from pebbletrail.grading.pair import KINDS, TABLES, Pair
from pebbletrail.grading.texts_alike import texts_alike

__all__ = ["Alike", "Pair", "alike"]
COLUMNS = ("module", "student", "other", "kind", "count", "chance", "said")


@dataclass(frozen=True)
class Alike:
    """The pairs of a class that are alike, by module, kind, and how much is alike; ``works`` is how many were looked at."""

    pairs: tuple = ()
    works: int = 0

    @property
    def table(self):
        """One row a pair: module, student, other, kind, count, chance (NaN where nothing tells), said."""
        import pandas as pd

        rows = [(pair.module, pair.one, pair.other, pair.kind, pair.count, pair.chance, pair.said) for pair in self.pairs]
        return pd.DataFrame(rows, columns=COLUMNS).astype({"chance": float})

    @property
    def text(self):
        """How many pairs there are of each kind, in one sentence, and what they are: no verdict."""
        if not self.pairs:
            return f"Nothing in {self.works} work{'s' * (self.works != 1)} is more alike than chance makes it."
        counts = {kind: sum(pair.kind == kind for pair in self.pairs) for kind in KINDS}
        told = ", ".join(f"{kind} {count}" for kind, count in counts.items() if count)
        return (f"{len(self.pairs)} pair{'s' * (len(self.pairs) != 1)} alike among {self.works} works ({told}). "
                "Likeness is a reason to talk to both, not a verdict.")


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
        keys = {student: place.key(student, module) for student in named if place.key_file(student, module).is_file()}
        pairs += _of_module(works, keys, handed_out_cells(works, place), named) if works else []
        count += len(works)
    return Alike(tuple(sorted(pairs, key=lambda pair: (pair.module, KINDS.index(pair.kind), -pair.count))), count)


def _of_module(works, keys, cells, named):
    return [*tables_alike(works, keys, named), *answers_alike(works, keys, named), *code_alike(works, cells, named),
            *texts_alike(works, keys, cells, named)]


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
