"""Percentile intervals of ``pt.bootstrap`` hold the truth in 95 of 100 samples, or fall short where theory says so."""

import pytest
from designs import ENOUGH, RESAMPLED, assert_nominal

import pebbletrail as pt

pytestmark = pytest.mark.slow


def of(text, **given):
    return lambda data, seed: pt.bootstrap(data, text, replicates=599, seed=seed, **given).table


def correlation(data, seed):
    """As the only standardised path, many resamples at once; ``pt.bootstrap`` of a callable gives the same, more slowly."""
    return pt.paths(data, "y ~ x", standardized=True, intervals="bootstrap", replicates=599, seed=seed).table


@pytest.mark.parametrize(("name", "fit"), [
    ("clusters, 200", of("y ~ style + load", by="team")),
    ("slope, n = 100", of("y ~ x + z")),
    ("correlation, n = 100", correlation),
])
def test_percentile_intervals_cover(name, fit):
    assert_nominal(RESAMPLED[name].coverage(fit))


@pytest.mark.parametrize(("name", "fit"), [
    ("clusters, 50", of("y ~ style + load", by="team")),
    ("clusters, 50, half treated", of("y ~ style + load", by="team")),
    ("slope, lognormal x", of("y ~ x")),
])
def test_few_clusters_and_far_values_fall_short_by_one_to_four_percent(name, fit):
    """Known: percentiles of replicates amount to a variance without its small-sample factor (HC0), and to a normal
    distribution in place of t. With 50 clusters, or a predictor of few far values, that can be seen."""
    found = RESAMPLED[name].coverage(fit)
    print(found.to_dict())
    assert found.between(0.90, 0.95).all()
    assert found.min() < ENOUGH
