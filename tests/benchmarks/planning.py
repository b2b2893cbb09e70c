"""A plan of a clustered design, against a loop over statsmodels, as power is usually simulated."""

import numpy as np
from tests.benchmarks.measure import Line, once, seconds

from pebbletrail.models.planning.planned import plan

PEOPLE, ICC, EFFECT, DRAWS = 15, 0.05, 0.3, 1000
SIZES = range(4, 104, 2)  # 50 designs
LOOPED = 10  # draws of each size that the loop is timed on


def loop(sizes, draws):
    """Rows drawn, one fit with clustered errors, one p value: the share below .05 for each number of groups."""
    import statsmodels.api as sm

    rng, power = np.random.default_rng(1), []
    for groups in sizes:
        team = np.repeat(np.arange(groups), PEOPLE)
        treated = (team < groups // 2).astype(float)
        X, found = sm.add_constant(treated), 0
        for _ in range(draws):
            y = EFFECT * treated + rng.normal(scale=ICC**0.5, size=groups)[team] \
                + rng.normal(scale=(1 - ICC) ** 0.5, size=len(team))
            fit = sm.OLS(y, X).fit(cov_type="cluster", cov_kwds={"groups": team}, use_t=True)
            found += fit.pvalues[1] < 0.05
        power.append(found / draws)
    return power


def planned(**more):
    return plan("clustered", size=list(SIZES), effect=EFFECT, icc=ICC, cluster_size=PEOPLE, draws=DRAWS, seed=1, **more)


def one_by_one():
    """Fifty plans, each of which searches for its smallest design too."""
    for groups in SIZES:
        plan("clustered", size=groups, effect=EFFECT, icc=ICC, cluster_size=PEOPLE, draws=DRAWS, seed=1)


def lines():
    bare = once(lambda: loop(SIZES, 1)) and once(lambda: loop(SIZES, LOOPED)) / LOOPED * DRAWS
    note = f"the loop is timed on {LOOPED} draws of each design and scaled; ours finds the smallest design as well"
    what = f"power of {len(SIZES)} clustered designs, {DRAWS:,} draws each: loop over statsmodels"
    own = seconds(planned, repeats=5)
    yield Line(f"{what} / pt.plan", bare / own, own, "≥ 50", note)
    own = seconds(lambda: planned(size_cv=0.3), repeats=3)
    yield Line(f"{what} / pt.plan, groups of unlike sizes", bare / own, own, "", "every group is drawn")
    own = seconds(one_by_one, repeats=3)
    yield Line(f"{what} / 50 calls of pt.plan", bare / own, own, "", "each call searches for the smallest design again")
