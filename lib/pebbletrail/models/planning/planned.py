"""Planning a study by simulation: how often it would find an effect, how precisely, and how large it has to be."""

import numbers
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pebbletrail.models.planning.asked import answered, number, question
from pebbletrail.models.planning.designs import Paired
from pebbletrail.models.planning.groups import Groups
from pebbletrail.models.planning.mediation import Mediation
from pebbletrail.models.planning.moderation import Moderation
from pebbletrail.models.planning.runs import row_of, simulate
from pebbletrail.models.planning.search import Smallest, TooSmall, search
from pebbletrail.models.replicates import seeds
from pebbletrail.shown import Shown

MADE = {"paired": Paired.of, "clustered": Groups.clustered, "difference-in-differences": Groups.before_and_after,
        "mediation": Mediation.of, "moderation": Moderation.of}
DRAWS, FEWEST_DRAWS, MOST_DRAWS = 5000, 100, 10**6
WIDE = (1 / 3, 1, 2)  # what the curve shows besides the sizes of the search, as shares of the smallest


@dataclass(frozen=True, repr=False)
class Plan(Shown):
    """What simulated studies say of a design.

    Attributes
    ----------
    table : DataFrame
        One row a size: ``size`` (and ``treated``, ``people``); ``power``, the share of the simulated studies whose 95 %
        interval excludes 0, with its Monte Carlo interval ``power_low, power_high`` (95 %, Wilson); ``half_width``, how far
        the interval reaches to either side, on average; ``detectable``, the smallest effect that is found in the share
        ``target`` of the studies, without its sign, and the effects ``detectable_low`` to ``detectable_high`` whose own
        Monte Carlo interval holds the target; ``false_alarms``, the share that would find an effect where there is none;
        ``draws``, the number of simulated studies. Without an effect there is no power.
    curve : DataFrame
        The same for all sizes that were simulated, those of the search for the smallest one too.
    smallest : Smallest or None
        The smallest ``size`` that reaches the target, its ``power``, and the sizes from ``low`` to ``high`` that the Monte
        Carlo error leaves open (95 %).
    effect : float or None
        The effect that is to be found (for mediation, a × b).
    assumptions : DataFrame
        ``assumption, value, unit, meaning, given``: everything that the plan rests on; ``given`` is False for a default.
    target : float
    seed : int, SeedSequence or Generator
        What was given, or a number that was made: with it the plan comes out the same.
    made : Paired, Groups, Mediation or Moderation
        The design as it is simulated.
    asked_sizes, too_small, interrupted : bool
        Whether the sizes were asked for; whether no size finds the effect; whether Ctrl-C came.
    """

    design: str
    table: pd.DataFrame
    curve: pd.DataFrame
    smallest: Smallest | None
    effect: float | None
    assumptions: pd.DataFrame
    target: float
    seed: object
    made: object
    asked_sizes: bool
    too_small: bool = False
    interrupted: bool = False

    @property
    def text(self):
        """What it means, for a reader who is no statistician."""
        from pebbletrail.models.planning.text import told

        return told(self)

    @property
    def detectable(self):
        """The smallest effects that each size finds: ``size, effect, low, high``."""
        names = {"size": "size", "detectable": "effect", "detectable_low": "low", "detectable_high": "high"}
        return self.table[list(names)].rename(columns=names)

    def figure(self, alt=None):
        """The curves: power (or the smallest detectable effect) and half-width against the size."""
        from pebbletrail.figures import described
        from pebbletrail.models.planning.picture import curves

        return described(curves(self), alt, f"Curves of power and precision against the size of the study. {self.text}")


def plan(design, *, size=None, effect=None, target=0.80, draws=DRAWS, seed=None, workers=1, **assumptions):
    """Plan a study by simulation.

    Parameters
    ----------
    design : {"paired", "clustered", "difference-in-differences", "mediation", "moderation"}
    size : int or sequence of int, optional
        How many start: people, or groups where whole groups are treated, in all arms together. Left out, sizes about the
        smallest that reaches the target are taken.
    effect : float, optional
        The effect that is to be found, in the unit of the outcome; left out, only what each ``size`` can detect is said.
        Mediation has ``a`` and ``b`` instead. With 0, ``power`` is the share of false alarms.
    target : float
        The power that is wanted, from 0.5 to 0.99.
    draws : int
        Simulated studies of each size.
    seed : int, SeedSequence or Generator, optional
    workers : int or concurrent.futures.Executor
        The result is the same for any number.
    **assumptions
        What the design rests on; ``pebbletrail plan DESIGN --help`` says what each means, its unit and default.

        - paired: ``sd_difference`` (or ``sd`` and ``correlation``), ``dropout``
        - clustered: ``icc``, ``cluster_size``, ``sd``, ``size_cv``, ``share``, ``errors``, ``dropout``
        - difference-in-differences: ``correlation``, ``sd``, ``cluster_size``, ``icc``, ``person_correlation``, ``size_cv``,
          ``share``, ``errors``, ``dropout``
        - mediation: ``a``, ``b``, ``direct``, ``dropout``
        - moderation: ``sd``, ``correlation``, ``slope_x``, ``slope_w``, ``reliability_x``, ``reliability_w``, ``dropout``

    Returns
    -------
    Plan

    Raises
    ------
    ValueError
        An unknown design or assumption (with a guess at what was meant), a missing or impossible value, sizes that leave
        nothing to estimate, an effect of 0 without a size, an effect that no size finds.

    Notes
    -----
    Tests are two-sided at 5 %. Normal variables throughout. Each study is analysed as this kit would: paired by the t test;
    groups by ``pt.regress(errors="cluster")`` of ``y ~ treated``, or of ``y ~ treated * after`` over the same people (for
    other people at each time, whose own parts are then uncorrelated, the same holds as far as groups keep their size);
    mediation by the Monte Carlo interval of ``pt.paths``; moderation by classical errors. What an analysis rests on is drawn
    itself where its distribution is known (means, sums of squares), otherwise rows are.

    The smallest size is the first at which a probit curve, fitted to seven sizes about it, reaches the target; the curve
    runs in the root of what the analysis has of a size (people who stay; for arms, 4 / (1 / treated + 1 / untreated)), so
    that it rises in steps where this does. Its Monte Carlo interval is that of the curve. Where there are so few steps that
    each is simulated, it is the first that reaches the target. The interval is about the simulation only: the assumptions
    may be wrong by far more.

    Checked against the noncentral t distribution (paired, groups of one size under either kind of errors, before and after,
    moderation given the predictors), and against ``pt.regress`` and ``pt.paths`` on simulated rows.
    """
    asked = question(design)
    values = answered(asked, _with_effect(asked, effect, assumptions))
    made = MADE[design](**values)
    effect, target, draws = made.effect, _target(target), _draws(draws)
    sizes = None if size is None else _sizes(size, made, asked)
    if sizes is None and not effect:
        raise ValueError(_NO_EFFECT if effect is None else _EFFECT_OF_0)
    if seed is None:
        seed = int(np.random.SeedSequence().generate_state(1)[0])
    roots = seeds(seed, 2)
    done, interrupted = simulate(made, sizes, draws, roots[1], workers) if sizes else ({}, False)
    asked_for, smallest, too_small = set(done), None, False
    if effect and not interrupted:
        try:
            smallest, more, interrupted = _searched(made, effect, target, draws, roots, workers)
            done |= more
        except TooSmall:
            if not sizes:
                raise
            too_small = True
        except KeyboardInterrupt:
            if not done:
                raise
            interrupted = True
    curve = pd.DataFrame([row_of(made, one, done[one], effect, target) for one in sorted(done)])
    table = curve[curve["size"].isin(asked_for)].reset_index(drop=True) if sizes else curve.copy()
    return Plan(design, table, curve, smallest, effect, _assumed(asked, values, assumptions, made), target, seed, made,
                bool(sizes), too_small, interrupted)


def _searched(made, effect, target, draws, roots, workers):
    """What ``search`` gives, with the studies of the smallest size itself, and of one well below and one well above."""
    smallest, done, interrupted = search(made, effect, target, draws, roots, workers)
    if smallest is None or interrupted:
        return smallest, done, interrupted
    step = made.step
    wide = {min(max(step * round(share * smallest.size / step), made.fewest), made.most) for share in WIDE}
    try:
        more, interrupted = simulate(made, sorted(wide - set(done)), draws, roots[1], workers)
    except KeyboardInterrupt:
        more, interrupted = {}, True
    return smallest, done | more, interrupted


_NO_EFFECT = "effect: give the effect that is to be found, or a size, for what such a study can detect."
_EFFECT_OF_0 = ("effect: no design finds an effect of 0; give the smallest effect that would matter, or a size, for how "
                "often such a study claims what is not there.")


def _with_effect(asked, effect, assumptions):
    if "effect" in [one.name for one in asked.asked]:
        return {"effect": effect, **assumptions}
    if effect is not None:
        raise ValueError("effect: mediation has two steps instead; give a= and b=, whose product is the indirect effect.")
    return assumptions


def _target(given):
    value = number(given)
    if value is None or not 0.5 <= value <= 0.99:
        raise ValueError(f"target: the power that is wanted, a number from 0.5 to 0.99, not {given!r}.")
    return value


def _draws(given):
    value = number(given)
    if value is None or value != int(value) or not FEWEST_DRAWS <= value <= MOST_DRAWS:
        raise ValueError(f"draws: a whole number from {FEWEST_DRAWS} to {MOST_DRAWS:,}, not {given!r}.")
    return int(value)


def _sizes(given, made, asked):
    """The sizes that were asked for, in order."""
    several = [given] if isinstance(given, numbers.Real | str) else given
    try:
        several = list(several)
    except TypeError:
        several = [given]
    if not several:
        raise ValueError(f"size: it is empty; give {asked.counted}, or leave it out.")
    for one in several:
        value = number(one)
        if value is None or value != int(value) or not made.fewest <= value <= made.most:
            raise ValueError(f"size: {asked.counted}; whole numbers from {made.fewest:,} ({made.least}) to {made.most:,}, "
                             f"not {one!r}.")
    return sorted({int(float(one)) for one in several})


def _assumed(asked, values, given, made):
    values = values | ({"sd_difference": made.sd} if asked.name == "paired" else {})
    return pd.DataFrame({
        "assumption": [one.name for one in asked.asked],
        "value": pd.Series([values[one.name] for one in asked.asked], dtype=object),
        "unit": [one.unit for one in asked.asked],
        "meaning": [one.meaning for one in asked.asked],
        "given": [given.get(one.name) is not None or (one.name == "effect" and values["effect"] is not None)
                  for one in asked.asked]})
