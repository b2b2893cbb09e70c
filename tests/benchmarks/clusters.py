"""The cluster bootstrap of a regression, against a loop over statsmodels."""

import numpy as np
import pandas as pd
from tests.benchmarks.measure import Line, once, seconds

import pebbletrail as pt

GROUPS, SIZE, REPLICATES, LOOPED = 500, 200, 2000, 60


def teams():
    rng = np.random.default_rng(20260103)
    team = np.repeat(np.arange(GROUPS), SIZE)
    own = rng.normal(size=GROUPS)[team]
    x, z = rng.normal(size=(2, GROUPS * SIZE)) + 0.5 * own
    return pd.DataFrame({"team": team, "x": x, "z": z, "y": 1 + 0.5 * x - 0.2 * z + own + rng.normal(size=GROUPS * SIZE)})


def loop(data, replicates):
    """Teams drawn with replacement, their rows put together, one fit: as it is usually written."""
    import statsmodels.api as sm

    rng = np.random.default_rng(1)
    y, X = data["y"].to_numpy(), sm.add_constant(data[["x", "z"]]).to_numpy()
    rows = [np.flatnonzero(data["team"].to_numpy() == team) for team in range(GROUPS)]
    found = []
    for _ in range(replicates):
        at = np.concatenate([rows[team] for team in rng.integers(0, GROUPS, GROUPS)])
        found.append(sm.OLS(y[at], X[at]).fit().params)
    return np.array(found)


def lines():
    data = teams()
    bare = once(lambda: loop(data, 3)) and once(lambda: loop(data, LOOPED)) / LOOPED * REPLICATES
    rows = seconds(lambda: pt.bootstrap(data, "y ~ x + z", by="team", replicates=REPLICATES, seed=1), repeats=5)
    moments = pt.Moments.from_frame(data, ["y", "x", "z"], by="team")
    kept = seconds(lambda: pt.bootstrap(moments, "y ~ x + z", replicates=REPLICATES, seed=1), repeats=5)
    making = seconds(lambda: pt.Moments.from_frame(data, ["y", "x", "z"], by="team"), repeats=5)
    what = f"cluster bootstrap, {GROUPS} × {SIZE} rows, {REPLICATES:,} resamples: loop over statsmodels"
    yield Line(f"{what} / pt.bootstrap from rows", bare / rows, rows, "≥ 100",
               f"the loop is timed on {LOOPED} resamples; {making / rows:.0%} of our time makes the moments")
    yield Line(f"{what} / pt.bootstrap from moments kept before", bare / kept, kept, "≥ 100")
