"""A judgement made by a stated rule: its status, its sentence, and the numbers it rests on."""

from dataclasses import dataclass, field

import numpy as np
from scipy import stats

FOR, AGAINST, OPEN = "speaks for it", "speaks against it", "cannot tell"
MOVED = 0.2  # share of the estimate from which an adjustment matters
SPARE = 10   # groups more than terms, from which a regression of their means is worth one


@dataclass(frozen=True)
class Judged:
    """What a rule said. ``status`` and ``id`` are those of a Finding; ``values`` fill its sentence."""

    status: str
    id: str
    values: dict = field(default_factory=dict)

    def tell(self, say):
        """Hand it to ``study.assumption`` or ``study.rival``."""
        say(self.status, self.id, **self.values)


def side(name, row):
    """``name`` with what the interval says: ``.more`` above 0, ``.less`` below it, ``.open`` where it holds 0.

    Sentences are chosen by this, so that none assumes a sign.
    """
    low, high = row["ci_low"], row["ci_high"]
    return f"{name}.{'more' if low > 0 else 'less' if high < 0 else 'open'}"


def by_size(value, pass_below, doubtful_below):
    """``pass`` below the first number, ``doubtful`` below the second, ``fail`` from there on (and for no number)."""
    return "pass" if value < pass_below else "doubtful" if value < doubtful_below else "fail"


def by_adjusting(name, before, after, p_values):
    """Rival: something else explains it. Does taking that into account move the estimate by a fifth of the larger?

    With and without it, all else alike. Where neither estimate is clearly other than 0 there is nothing to explain.

    Parameters
    ----------
    name : str
        Begins the id of the sentence: ``.moved``, ``.still`` or ``.open``.
    before, after : float
        The estimate without and with it, in the unit of the sentence.
    p_values : pair of float
        Theirs.
    """
    values = {"before": float(before), "after": float(after)}
    if min(p_values) >= 0.05:
        return Judged(OPEN, f"{name}.open", values)
    if abs(before - after) >= MOVED * max(abs(before), abs(after)):
        return Judged(FOR, f"{name}.moved", values)
    return Judged(AGAINST, f"{name}.still", values)


def within_and_between(name, within, between, df, times=1):
    """Rival: the groups differ in more than this. Is the slope between groups another than the slope within them?

    The difference of the two is judged over its standard error from both. Against the rival: only a slope within groups
    whose interval leaves 0 out and that has the sign of the slope between them.

    Parameters
    ----------
    name : str
        Begins the id of the sentence: ``.apart``, ``.alike``, ``.open`` or ``.unseen``.
    within, between : tuple of float
        Each slope and its standard error; of the one within, the ends of its interval too.
    df : float
        Degrees of freedom of the slope between groups, the less certain of the two.
    times : float
        What makes the slopes those of the sentence.
    """
    (inside, se, low, high), (apart, se_apart) = within, between
    if not np.isfinite([se, se_apart, df]).all():
        return Judged(OPEN, f"{name}.unseen")
    p = float(2 * stats.t.sf(abs(inside - apart) / np.hypot(se, se_apart), df))
    values = {"within": float(times * inside), "between": float(times * apart), "p": p}
    if p < 0.05:
        return Judged(FOR, f"{name}.apart", values)
    if (low > 0 and apart > 0) or (high < 0 and apart < 0):
        return Judged(AGAINST, f"{name}.alike", values)
    return Judged(OPEN, f"{name}.open", values)
