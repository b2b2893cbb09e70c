"""Percentile and BCa intervals, from replicates that others made.

Expected values come from R's boot (``tests/oracles/bootstrap.R``), scipy's ``bootstrap``, and formulas written out here.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, stats

from pebbletrail.models.intervals import bca, percentile, two_sided

ORACLES = Path(__file__).resolve().parents[1] / "oracles"
FOUND = pd.read_csv(ORACLES / "bootstrap.csv", comment="#").set_index(["statistic", "interval", "replicates"])
REPLICATES = pd.read_csv(ORACLES / "bootstrap-replicates.csv", comment="#")
INFLUENCE = pd.read_csv(ORACLES / "bootstrap-influence.csv", comment="#", dtype={"unit": str})
of_each_statistic = pytest.mark.parametrize("name", REPLICATES.columns)


def ranks(draws, values, first=1):
    """Where values lie among sorted draws, linearly between two; the smallest draw has the rank ``first``."""
    return np.interp(values, draws, np.arange(len(draws)) + first)


def columns(*given):
    return np.column_stack([np.asarray(one, dtype=float) for one in given])


# --- R's boot, from the same replicates -----------------------------------------------------------------------------

@of_each_statistic
def test_percentile_limits_are_those_of_boot(name):
    """With 999 replicates boot takes the 25th and the 975th."""
    expected = FOUND.loc[(name, "percentile", 999)]
    assert percentile(columns(REPLICATES[name]))[:, 0] == pytest.approx(expected[["low", "high"]].to_numpy(), rel=1e-12)


@of_each_statistic
def test_bca_takes_the_ranks_that_boot_takes(name):
    """boot gives its ranks to two decimals, and interpolates between two replicates in another way."""
    expected, draws = FOUND.loc[(name, "bca", 999)], np.sort(REPLICATES[name].to_numpy())
    own = INFLUENCE.loc[INFLUENCE["statistic"] == name, "influence"].to_numpy()
    found = bca(columns(draws), np.array([expected["estimate"]]), [columns(own)])[:, 0]
    assert ranks(draws, found) == pytest.approx(expected[["rank_low", "rank_high"]].to_numpy(), abs=0.0051)
    for value, end, rank in zip(found, expected[["low", "high"]], expected[["rank_low", "rank_high"]], strict=True):
        least, most = draws[int(rank - 0.0051) - 1], draws[int(rank + 0.0051)]  # the replicates around that rank
        assert least <= value <= most
        assert least <= end <= most


# --- scipy, from the same replicates --------------------------------------------------------------------------------

def test_scipy_gives_the_same_bca_interval_from_the_same_replicates():
    """Influences by leaving out one value, for a skewed statistic of a skewed sample."""
    values = np.random.default_rng(5).exponential(size=25) ** 1.5
    theirs = stats.bootstrap((values,), np.var, n_resamples=700, method="BCa", rng=np.random.default_rng(1))
    left = np.array([np.var(np.delete(values, out)) for out in range(len(values))])
    draws = np.sort(theirs.bootstrap_distribution)
    found = bca(columns(draws), np.array([np.var(values)]), [columns(left.mean() - left)])[:, 0]
    # scipy counts ranks from 0 and takes the one of p (R − 1)
    levels = ranks(draws, tuple(theirs.confidence_interval), first=0) / 699
    assert ranks(draws, found) / 701 == pytest.approx(levels, rel=1e-9)


# --- by hand --------------------------------------------------------------------------------------------------------

def test_the_percentile_interval_takes_the_fortieth_part_on_either_side():
    """Of 1,999 replicates those of rank 50 and 1,950; as many are beyond as a new one has odds to be, 1 in 40."""
    draws = np.random.default_rng(0).permutation(np.arange(1, 2000))
    assert percentile(columns(draws, 2 * draws - 1)) == pytest.approx(np.array([[50, 99], [1950, 3899]]))
    assert percentile(columns(np.arange(1, 101)))[:, 0] == pytest.approx([2.525, 98.475])  # between two ranks


def test_failed_replicates_are_left_out_statistic_by_statistic():
    draws = columns(np.arange(1, 1999), np.arange(1, 1999))
    draws[::2, 0] = np.nan  # the 999 even numbers are left
    assert percentile(draws)[:, 0] == pytest.approx([2 * 25, 2 * 975])
    assert percentile(draws)[:, 1] == pytest.approx([0.025 * 1999, 0.975 * 1999])
    skewed = [columns(np.arange(9) ** 2 - 204 / 9, np.arange(9) ** 2 - 204 / 9)]
    expected = bca(draws[1::2], np.array([800.0, 800.0]), skewed)
    assert bca(draws, np.array([800.0, 800.0]), skewed)[:, 0] == pytest.approx(expected[:, 0])


def test_bca_by_its_formula():
    """Efron 1987: Φ(z0 + (z0 ± 1.96) / (1 − a (z0 ± 1.96))), z0 from the share of replicates below, a from skewness."""
    draws = np.arange(1, 2000)
    own = np.array([-1.0, -1.0, -1.0, 3.0])
    z0, a = stats.norm.ppf(600 / 1999), (27 - 3) / (6 * (9 + 3) ** 1.5)
    for end, z in enumerate(stats.norm.ppf([0.025, 0.975])):
        level = stats.norm.cdf(z0 + (z0 + z) / (1 - a * (z0 + z)))
        assert bca(columns(draws), np.array([600.2]), [columns(own)])[end, 0] == pytest.approx(2000 * level)


def test_influences_may_come_in_blocks():
    own = np.random.default_rng(2).exponential(size=(40, 3))
    draws, estimates = np.random.default_rng(3).normal(size=(500, 3)), np.array([0.1, 0.0, -0.2])
    found = bca(draws, estimates, iter([own[:7], own[7:8], own[8:]]))
    np.testing.assert_allclose(found, bca(draws, estimates, [own]), rtol=1e-12)


def test_without_bias_and_skewness_bca_is_the_percentile_interval():
    draws = columns(np.linspace(-3, 3, 1001))
    np.testing.assert_allclose(bca(draws, np.zeros(1), [columns([-1, 1, -2, 2])]), percentile(draws))


def test_replicates_equal_to_the_estimate_count_half():
    """A median or a count of few rows falls on the estimate often; that is no bias."""
    draws = columns(np.repeat([1.0, 2.0, 3.0], [300, 400, 300]))
    np.testing.assert_allclose(bca(draws, np.array([2.0]), [columns([-1, 1])]), percentile(draws))


@pytest.mark.parametrize(("draws", "estimate", "own"), [
    pytest.param(np.arange(100.0), -1.0, [-1, 1], id="all replicates above the estimate"),
    pytest.param(np.arange(100.0), 100.0, [-1, 1], id="all replicates below the estimate"),
    pytest.param(np.arange(100.0), 49.5, [0, 0], id="no unit has influence"),
    pytest.param(np.arange(100.0), 49.5, [np.nan, 1], id="influence unknown"),
    pytest.param(np.arange(1e5), 99998.5, [-1] * 999 + [999], id="all but one replicate on one side, one unit counts"),
])
def test_where_bca_has_no_value_it_gives_none(draws, estimate, own):
    good = np.linspace(0, 1, len(draws))
    found = bca(columns(draws, good), np.array([estimate, 0.5]), [columns(own, np.arange(len(own)))])
    assert np.isnan(found[:, 0]).all()
    assert np.isfinite(found[:, 1]).all()  # the statistic beside it keeps its interval


# --- the p value ----------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("draws", "expected"), [
    pytest.param(np.arange(1, 1000), 2 / 1000, id="all above 0: the least it can be"),
    pytest.param(-np.arange(1, 1000), 2 / 1000, id="all below 0"),
    pytest.param(np.r_[-np.arange(1, 10), np.arange(1, 991)], 2 * 10 / 1000, id="nine of 999 below 0"),
    pytest.param(np.zeros(999), 1.0, id="all are 0"),
    pytest.param(np.linspace(-1, 1, 999), 1.0, id="symmetric about 0"),
    pytest.param(np.r_[np.arange(1, 500), [np.nan] * 500], 2 / 500, id="half of them failed"),
])
def test_the_p_value_is_twice_the_smaller_share_beyond_zero(draws, expected):
    assert two_sided(columns(draws))[0] == pytest.approx(expected)


def test_p_is_below_five_percent_when_the_interval_leaves_out_zero():
    """Up to one replicate of 2,000: the interval interpolates between two of them."""
    draws = np.random.default_rng(1).normal(size=(2000, 300)) + np.linspace(1.5, 2.5, 300)
    low, p = percentile(draws)[0], two_sided(draws)
    assert 30 < (low > 0).sum() < 270
    assert (p[low > 0] <= 0.05 + 1e-3).all()
    assert (p[low < 0] >= 0.05 - 1e-3).all()


@pytest.mark.parametrize("skew", [0.0, 0.08, -0.05])
def test_the_p_value_of_bca_is_the_level_at_which_the_interval_ends_at_the_null(skew):
    """Found a second way: the interval's own formula, its level moved until an end lies at the null."""
    rng = np.random.default_rng(4)
    draws = np.sort(rng.normal(0.9, 0.6, 4999) ** 2 - 0.2)
    own = rng.gamma(4, size=40) if skew else rng.normal(size=40)
    own = np.sign(skew or 1) * (own - own.mean())
    a = np.sum(own**3) / (6 * np.sum(own**2) ** 1.5)
    estimate, null = float(np.median(draws)) + 0.02, 0.1
    z0 = stats.norm.ppf(np.mean(draws < estimate))

    def low(level):
        z = z0 + stats.norm.ppf(level / 2)
        return np.quantile(draws, stats.norm.cdf(z0 + z / (1 - a * z)))

    level = optimize.brentq(lambda level: low(level) - null, 1e-4, 0.999)
    _, p = bca(columns(draws), np.array([estimate]), [columns(own)], null=null)
    assert p[0] == pytest.approx(level, rel=5e-3)  # of 4,999 draws, the null lies between two


def test_interval_and_p_value_of_bca_say_the_same():
    rng = np.random.default_rng(5)
    for seed in range(40):
        draws = rng.normal(0.4 + seed / 25, 0.6, 999)[:, None]
        limits, p = bca(draws, np.array([0.4 + seed / 25]), [rng.normal(size=(30, 1))], null=0)
        assert (limits[0, 0] > 0) == (p[0] < 0.05) or abs(p[0] - 0.05) < 0.003
