"""What answering sooner, or more justly, brings: the same storms, answered in different ways."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pebbletrail.shown import Shown
from pebbletrail.words import said
from pebbletrail.worlds.firestorm.inputs import drawn
from pebbletrail.worlds.firestorm.many import run
from pebbletrail.worlds.firestorm.storms import check_yes
from pebbletrail.worlds.firestorm.truth import NEVER
from pebbletrail.worlds.parameters import checked

AS_SET = "as set"
PARTS = ("distributive", "procedural", "interactional")


@dataclass(frozen=True, repr=False)
class Answers(Shown):
    """The same storms under each answer.

    Attributes
    ----------
    table : DataFrame
        One row an answer, the first is none at all: hours (inf: never), justice (its name), public; reach, leavers,
        answering, cost: means over the storms, as in ``Storm.table``; saved (euros, the mean of what no answer would have
        cost less what this one costs); ci_low, ci_high (95 % interval of that mean, by t; savings are skewed, so that it
        is short below some 100 draws, and more draws make it narrower, not the assumed sizes truer); low80, high80 (between
        which 80 % of
        storms lie); cheaper (share of storms in which it costs less than no answer).
    draws : DataFrame
        One row a storm and answer: answer (the row of ``table``), storm, and its numbers.
    text : str
    """

    table: pd.DataFrame
    draws: pd.DataFrame
    world: object

    @property
    def text(self):
        others = self.table.iloc[1:]
        best = others.loc[others["saved"].idxmax()]
        number = self.draws["storm"].nunique()
        if best["saved"] <= 0:
            return (f"Over {number} made-up storms none of the answers saves money; the best is {named(best)} "
                    f"({_interval(best)}).")
        sure = "" if best["ci_low"] > 0 else "; the interval holds 0, so that more storms are needed to tell"
        ways = "one way" if len(others) == 1 else f"{len(others)} ways"
        return (f"Over {number} made-up storms, each answered in {ways} with the same luck, {named(best)} saves "
                f"most against no answer: {_interval(best)}{sure}. It costs less than no answer in "
                f"{100 * best['cheaper']:.0f} % of the storms. What it takes to answer so soon is not in these euros.")

    def figure(self, alt=None):
        """What each answer saves, with its interval and the range of storms."""
        from pebbletrail.worlds.firestorm.pictures import of_answers

        return of_answers(self, alt)


def named(row):
    """An answer in words."""
    if np.isinf(row["hours"]):
        return "no answer"
    justice = "" if row["justice"] == AS_SET else f" with {row['justice']}"
    hours = "1 hour" if row["hours"] == 1 else f"{row['hours']:.0f} hours"
    return f"answering in {'public' if row['public'] else 'private'} after {hours}{justice}"


def _interval(row):
    return f"{said(row['saved'])} euros on average, 95 % interval {said(row['ci_low'])} to {said(row['ci_high'])}"


def answers(world, hours, justice, public, draws, seed, inputs):
    """See ``Firestorm.answers``."""
    draws = checked("draws", draws, 2, 100_000, whole=True)
    seed = checked("seed", seed, 0, np.inf, whole=True)
    check_yes("inputs", inputs)
    ways = [{"answer_after": NEVER}] + [
        {"answer_after": after, "public": where, **dict(zip(PARTS, parts, strict=True)), "justice": name}
        for name, parts in _justice(world, justice).items() for where in _public(world, public) for after in _hours(hours)]
    worlds = drawn(world, seed, draws)[0] if inputs else [world] * draws
    jobs = [(replace(one, **{name: value for name, value in way.items() if name != "justice"}), storm)
            for storm, one in enumerate(worlds) for way in ways]
    found = pd.DataFrame(run(jobs, seed))
    found.insert(0, "answer", np.tile(np.arange(len(ways)), draws))
    found.insert(1, "storm", np.repeat(np.arange(draws), len(ways)))
    return Answers(_table(ways, found, world), found, world)


def _table(ways, found, world):
    from scipy import stats

    cost = found["cost"].to_numpy().reshape(-1, len(ways))
    saved = cost[:, :1] - cost
    means = found.groupby("answer")[["reach", "leavers", "answering", "cost"]].mean()
    table = pd.DataFrame({"hours": [way["answer_after"] for way in ways],
                          "justice": [way.get("justice", "") for way in ways],
                          "public": [way.get("public", world.public) for way in ways]}).join(means)
    reach = stats.t.ppf(0.975, len(saved) - 1) * saved.std(axis=0, ddof=1) / np.sqrt(len(saved))
    low, high = np.quantile(saved, [0.1, 0.9], axis=0)
    middle = saved.mean(axis=0)
    return table.assign(saved=middle, ci_low=middle - reach, ci_high=middle + reach, low80=low, high80=high,
                        cheaper=(saved > 0).mean(axis=0))


def _hours(hours):
    given = list(np.atleast_1d(np.asarray(hours, dtype=object)))
    if not given or any(isinstance(one, float) and np.isinf(one) for one in given):
        raise ValueError(f"hours: at least one whole number is needed, as in (1, 6, 24); no answer at all is there anyway. "
                         f"Given: {hours!r}.")
    return given


def _public(world, public):
    given = [world.public] if public is None else list(public) if isinstance(public, (tuple, list)) else [public]
    if not given:
        raise ValueError("public: True, False or both are needed, as in (True, False); nothing is given.")
    for one in given:
        check_yes("public", one)
    return given


def _justice(world, justice):
    if justice is None:
        return {AS_SET: tuple(getattr(world, part) for part in PARTS)}
    try:
        told = {name: tuple(parts) for name, parts in justice.items()}
    except (AttributeError, TypeError):
        told = {}
    if not told or any(len(parts) != 3 or not isinstance(name, str) for name, parts in told.items()):
        raise ValueError("justice: names with three numbers each are needed (distributive, procedural, interactional), as "
                         f"in {{'apology': (0, 0, 1)}}, not {justice!r}.")
    return told
