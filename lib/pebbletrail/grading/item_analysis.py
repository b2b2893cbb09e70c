"""How the questions of a module did in a class: how hard each was, whether it tells students apart, and what went wrong."""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from pebbletrail.exercises.marking import FOLLOWS, NOT_YET, NOTED, OPEN, RIGHT
from pebbletrail.grading.item_flags import APART, EASY, HARD, NOT_APART, SURE, TODO, TOO_EASY, TOO_HARD, UNKNOWN
from pebbletrail.grading.left_out import why_left_out
from pebbletrail.grading.results import GRADED
from pebbletrail.measures.correlation_theory import fisher_interval
from pebbletrail.measures.items import feldt
from pebbletrail.moments.core import Moments
from pebbletrail.shown import Shown
from pebbletrail.words import counted, minus

FEWEST = 10  # works: below, one student more or less turns a correlation round
ENOUGH, WIDEST = 20, 0.6  # works, and the width of alpha's interval, between which words may be made of it
APART_FROM_LUCK = 2.8  # standard errors of measurement, 1.96 √2: two sums that differ by less may be equal


@dataclass(frozen=True, repr=False)
class Items(Shown):
    """The questions of one module in one class.

    Attributes
    ----------
    table : DataFrame
        One row a question: ``question, does, possible`` (points), ``handed_in`` (works), ``answered``; over the works that
        are not left out ``difficulty`` (mean share of the points, 0 to 1), ``difficulty_se``, ``discrimination`` (item–rest
        correlation) with ``ci_low, ci_high``; over all works handed in the shares ``right, follows, not_yet, noted`` (no
        right or wrong: predictions and texts) and ``unanswered``;
        ``mistake`` (the commonest wrong way) and ``mistake_count``; ``flag`` in words, ``why`` a number is missing.
    mistakes : DataFrame
        Every wrong way: ``question, way, count, hint``, the commonest of a question first.
    n : int
        Works that were handed in and run.
    left_out : dict of str to int
        Why works among them count in no difficulty, discrimination, alpha or flag, and how many.
    unmarked : dict of str to int
        By question, the answers that a person has yet to mark; these questions are left out of every number.
    possible : float
        The points of the questions that count in ``reliability``.
    reliability, interval : float, (low, high)
        Cronbach's raw alpha of the points, and its 95 % interval (Feldt). NaN where there is none.
    standard_error_of_measurement : float
        In points. With an alpha below 0 it is the standard deviation of the sums.
    """

    table: pd.DataFrame
    mistakes: pd.DataFrame
    n: int
    left_out: dict = field(default_factory=dict)
    unmarked: dict = field(default_factory=dict)
    possible: float = np.nan
    reliability: float = np.nan
    interval: tuple = (np.nan, np.nan)
    standard_error_of_measurement: float = np.nan

    @property
    def text(self):
        """The summary, and which questions to look at."""
        return " ".join([self.summary, *(f"Look at {one}." for one in self.to_look_at)])

    @property
    def summary(self):
        """What the numbers rest on, and how reliable the sum is."""
        return " ".join([*self._basis(), self._reliable()])

    @property
    def analysed(self):
        """How many works the numbers rest on."""
        return self.n - sum(self.left_out.values())

    @property
    def few(self):
        """Whether the works are too few for discrimination, alpha and flags."""
        return self.analysed < FEWEST

    @property
    def to_look_at(self):
        """One sentence, without its full stop, for each flag."""
        found = []
        for flag, todo in TODO.items():
            rows = self.table[[flag in flags.split(", ") for flags in self.table["flag"]]]
            if len(rows):
                found.append(f"{', '.join(rows['question'])} ({flag}): {todo}")
        return found

    def _basis(self):
        told = [f"{counted(self.n, 'work')} {'was' if self.n == 1 else 'were'} handed in and run."]
        if self.left_out:
            gone, reasons = self.n - self.analysed, "; ".join(f"{count}: {why}" for why, count in self.left_out.items())
            told.append(f"{gone} of them {'is' if gone == 1 else 'are'} left out of the share of points, discrimination, "
                        f"alpha and flags ({reasons}): {'it' if gone == 1 else 'they'} would make questions seem to go "
                        "together.")
        told += [f"{question} is left out: {count} answer{'s wait' if count > 1 else ' waits'} for a person's mark."
                 for question, count in self.unmarked.items()]
        return told

    def _reliable(self):
        if self.few:
            return (f"With fewer than {FEWEST} works there is no discrimination, no reliability, no flag: one student more "
                    "or less would turn them round.")
        if np.isnan(self.reliability):
            return "There is no reliability: fewer than two questions, or no sums, differ between students."
        low, high = self.interval
        alpha = minus(f"Cronbach's alpha is {self.reliability:.2f} (95 % interval {low:.2f} to {high:.2f})")
        if self.analysed < ENOUGH or high - low > WIDEST:
            why = f"fewer than {ENOUGH} works" if self.analysed < ENOUGH else "so wide an interval"
            return f"{alpha}: {why} cannot tell how far the sum is to be trusted."
        if self.reliability <= 0:
            return f"{alpha}: the questions do not go together, so the sum tells little; look at them one by one."
        least = APART_FROM_LUCK * self.standard_error_of_measurement
        return (f"{alpha}: if the questions ask for one ability, about {100 * self.reliability:.0f} % of the variance of "
                f"the sums ({100 * max(low, 0):.0f} to {100 * high:.0f} %) is more than luck. The standard error of "
                f"measurement is {self.standard_error_of_measurement:.1f} of {self.possible:g} points: only two sums "
                f"that differ by {least:.1f} points or more ({APART_FROM_LUCK} times as much) differ by more than luck.")


def items(works):
    """Analyse the questions of one module.

    Parameters
    ----------
    works : sequence of Work
        Of one module. Those not handed in, and those that could not be run yet, are passed over.

    Returns
    -------
    Items

    Notes
    -----
    A question of which one answer waits for a person is left out of difficulty, discrimination and alpha: those marked first
    need not be like the others. A question for which everybody has the same points has no discrimination, and does not count
    in alpha (as in psych). Below 10 works neither is given, nor a flag. Students have other numbers, and in some questions
    other stories, so that a difficulty is the mean over these.

    Works that say little of the questions are left out of these numbers (see ``left_out``): three notebooks of 60 that stop
    early lift the alpha of unrelated questions from 0 to .4.

    "Does not go with the rest" needs a correlation below .1 whose interval ends below .2. Simulated with ten questions of
    one ability (loadings .5) and 10 to 300 works, that flags 1 % of them, where the correlation alone flags 25 % at 10.

    Discrimination is the corrected item–total correlation with the sum of all other questions, in points. Fisher's and
    Feldt's intervals assume normal scores, which points are not: read them as a rough guide.

    Checked against psych's ``alpha`` (``raw_alpha``, ``r.drop``, ``alpha.ci``) and pingouin's ``cronbach_alpha``.
    """
    ran = [work for work in works if work.state == GRADED]
    asked = {item.id: item for work in works for item in work.items}
    columns = {id: [item for work in ran for item in work.items if item.id == id] for id in asked}
    unmarked = {id: count for id, column in columns.items() if (count := sum(item.points is None for item in column))}
    reasons = [(work, why_left_out(work)) for work in ran]
    left_out = Counter(why for _, why in reasons if why)
    analysed = [work for work, why in reasons if not why]
    points = pd.DataFrame({id: [item.points for work in analysed for item in work.items if item.id == id] for id in asked
                           if id not in unmarked}, dtype=float)
    mistakes = _mistakes(columns)
    rows = [{"question": id, "does": asked[id].told["does"], "possible": asked[id].possible, **_counted(columns[id]),
             **_measured(id, points, asked[id].possible), **_commonest(id, mistakes)} for id in asked]
    table = pd.DataFrame(rows, columns=list(rows[0]) if rows else ["question", "flag"])
    few = len(analysed) < FEWEST
    table["why"] = [_why(row, unmarked, few) for row in rows]
    table["flag"] = ["" if few else _flag(row, asked[row["question"]].kind) for row in rows]
    return Items(table, mistakes, len(ran), dict(left_out), unmarked, **_reliability(points, asked))


def _counted(column):
    """How many handed in and answered, and the share of each state."""
    n, states = len(column), Counter(item.state for item in column)
    shares = {"right": RIGHT, "follows": FOLLOWS, "not_yet": NOT_YET, "noted": NOTED, "unanswered": OPEN}
    return {"handed_in": n, "answered": n - states[OPEN],
            **{name: states[state] / n if n else np.nan for name, state in shares.items()}}


def _measured(id, points, possible):
    """Difficulty and discrimination; NaN where there is none."""
    gone = dict.fromkeys(("difficulty", "difficulty_se", "discrimination", "ci_low", "ci_high"), np.nan)
    if id not in points or points.empty:
        return gone
    share, n = points[id] / possible, len(points)
    found = gone | {"difficulty": float(share.mean()), "difficulty_se": float(share.std() / np.sqrt(n)) if n > 1 else np.nan}
    rest = points.drop(columns=id).sum(axis=1)
    if n < FEWEST or not (_varies(share) and _varies(rest)):
        return found
    r = float(np.clip(np.corrcoef(share, rest)[0, 1], -1, 1))
    low, high = fisher_interval(r, n - 1)
    return found | {"discrimination": r, "ci_low": float(low), "ci_high": float(high)}


def _varies(values):
    return bool(np.ptp(values) > 1e-9)  # points are hundredths at least; less is what adding up leaves


def _mistakes(columns):
    """Every wrong way that was taken, and by how many. Options go by their words: letters are dealt to each student."""
    rows = []
    for id, column in columns.items():
        wrong = [item for item in column if item.state == NOT_YET and item.points < item.possible]
        ways = Counter(_way(item) for item in wrong)
        for way, count in sorted(ways.items(), key=lambda one: (one[0] == UNKNOWN, -one[1], one[0])):
            hints = Counter(item.hint for item in wrong if _way(item) == way)
            rows.append((id, way, count, max(hints, key=lambda hint: (hints[hint], hint))))
    return pd.DataFrame(rows, columns=["question", "way", "count", "hint"])


def _way(item):
    if item.kind == "choice":
        return item.told["options"].get(item.answer, UNKNOWN)
    return "arrows missing" if item.route == "missing" else item.route or UNKNOWN


def _commonest(id, mistakes):
    known = mistakes[(mistakes["question"] == id) & (mistakes["way"] != UNKNOWN)]
    return {"mistake": known.iloc[0]["way"], "mistake_count": int(known.iloc[0]["count"])} if len(known) else {
        "mistake": "", "mistake_count": 0}


def _why(row, unmarked, few):
    """Why a discrimination is missing, in words; empty where it is there."""
    if row["question"] in unmarked:
        return "waits for marks"
    if few:
        return f"fewer than {FEWEST} works"
    if not np.isnan(row["discrimination"]):
        return ""
    return "all the same" if row["difficulty_se"] == 0 else "nothing to compare with"


def _flag(row, kind):
    if kind == "prediction":  # any guess has its point, as is meant
        return ""
    told = [TOO_EASY] if row["difficulty"] > EASY else [TOO_HARD] if row["difficulty"] < HARD else []
    return ", ".join([*told, NOT_APART] if row["discrimination"] < APART and row["ci_high"] < SURE else told)


def _reliability(points, asked):
    varying = [id for id in points if _varies(points[id])] if len(points) >= FEWEST else []
    sums = points[varying].sum(axis=1)
    if len(varying) < 2 or not _varies(sums):
        return {}
    alpha = Moments.from_frame(points, varying).alpha(varying)
    error = float(sums.std() * np.sqrt(1 - max(alpha, 0.0)))
    interval = tuple(map(float, feldt(alpha, len(points) - 1, len(varying))))
    return {"possible": sum(asked[id].possible for id in points), "reliability": alpha, "interval": interval,
            "standard_error_of_measurement": error}
