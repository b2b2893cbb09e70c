"""Intervals of ``pt.paths`` hold the truth in 95 of 100 samples, and where theory says that they do not, they do not."""

import numpy as np
import pytest
from designs import PATHS, TO_SHOW_A_FAILURE, TOO_MUCH, assert_nominal

import pebbletrail as pt

pytestmark = pytest.mark.slow
MODEL = "m ~ x; y ~ m + x"
REPLICATES = 599  # the ends are then the 15th replicate from either side


def indirect(intervals):
    def fit(data, seed):
        effects = pt.paths(data, MODEL, intervals=intervals, replicates=REPLICATES, seed=seed).effects
        return effects[effects["kind"] == "indirect"]

    return fit


@pytest.mark.parametrize(("name", "intervals"), [
    ("indirect, n = 100", "bootstrap"),
    ("indirect, n = 200", "bootstrap"),
    ("indirect, n = 100", "bootstrap-bca"),
    ("indirect, n = 100", "monte-carlo"),
    ("indirect, n = 200", "delta"),
])
def test_intervals_of_an_indirect_effect_cover(name, intervals):
    assert_nominal(PATHS[name].coverage(indirect(intervals)))


@pytest.mark.parametrize("intervals", ["delta", "monte-carlo", "bootstrap"])
def test_intervals_of_an_indirect_effect_that_is_null_at_both_steps_are_too_wide(intervals):
    """Known: the product of two estimates near 0 varies far less than the intervals allow for."""
    (found,) = PATHS["no indirect effect, n = 200"].coverage(indirect(intervals), TO_SHOW_A_FAILURE)
    print(found)
    assert found > TOO_MUCH


def standardised(data, seed=None):
    return pt.paths(data, MODEL, standardized=True).table


def test_standardised_paths_cover():
    assert_nominal(PATHS["standardised, n = 100"].coverage(standardised))


def test_paths_and_regressions_from_a_table_of_correlations_have_the_same_intervals_and_so_cover_as_often():
    """Equal to rounding in 100 samples, so their coverage need not be counted again."""
    design, rng = PATHS["standardised, n = 100"], np.random.default_rng(0)
    for _ in range(100):
        data = design.sample(rng)
        table = pt.Moments.from_correlations(data.corr(), n=len(data))
        ends, expected = ["ci_low", "ci_high"], standardised(data)
        np.testing.assert_allclose(pt.paths(table, MODEL).table[ends], expected[ends], rtol=1e-9)
        fits = [pt.regress(table, formula).table[ends] for formula in ("m ~ x", "y ~ m + x")]
        np.testing.assert_allclose(np.vstack(fits), expected[ends], rtol=1e-9)


def test_errors_that_take_standard_deviations_as_known_do_not_cover():
    """The classical error of b times sd(x) / sd(y): a strong standardised path varies much less than that."""
    def fit(data, seed):
        table, sd = pt.paths(data, MODEL).table, data.std()
        scale = [sd[row.predictor] / sd[row.outcome] for row in table.itertuples()]
        return {end: table[end] * scale for end in ("ci_low", "ci_high")}

    found = PATHS["standardised, n = 100"].coverage(fit, TO_SHOW_A_FAILURE)
    print(found.to_dict())
    assert found["m ~ x"] > 0.99
