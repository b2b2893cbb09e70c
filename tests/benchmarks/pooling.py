"""Pooling 60 studies by restricted maximum likelihood against statsmodels' DerSimonian-Laird, which does not iterate."""

import statistics

import numpy as np
from statsmodels.stats.meta_analysis import combine_effects
from tests.benchmarks.measure import Line, once

import pebbletrail as pt

ROUNDS = 15


def studies(k):
    """Made-up effects and their variances."""
    rng = np.random.default_rng(20260103)
    v = rng.uniform(0.01, 0.1, size=k)
    return 0.3 + rng.normal(size=k) * np.sqrt(v + 0.05), v


def alternately(functions, times):
    """The median seconds of a call of each, measured in turns, so that a busy moment of the machine meets all of them."""
    def often(function):
        for _ in range(times):
            function()

    for function in functions:
        often(function)
    rounds = [[once(lambda f=function: often(f)) / times for function in functions] for _ in range(ROUNDS)]
    return [statistics.median(column) for column in zip(*rounds, strict=True)]


def lines():
    y, v = studies(60)
    ours, shown, theirs, shown_theirs = alternately([
        lambda: pt.pool(y, v), lambda: (found := pt.pool(y, v), found.table, found.tau2_ci, found.text),
        lambda: combine_effects(y, v, method_re="dl"), lambda: combine_effects(y, v, method_re="dl").summary_frame()],
        times=50)
    yield Line("REML and Knapp-Hartung of 60 studies: statsmodels' DL / pt.pool", theirs / ours, ours, "≥ 0.33")
    yield Line("the same with table, interval of τ² and sentence: statsmodels' DL with its table / pt.pool",
               shown_theirs / shown, shown)
    y, v = studies(10_000)
    ours, theirs = alternately([lambda: pt.pool(y, v), lambda: combine_effects(y, v, method_re="dl")], times=2)
    yield Line("REML of 10,000 studies: statsmodels' DL / pt.pool", theirs / ours, ours)
