"""Intervals of ``pt.pls`` hold PLS's own population value in 95 of 100 samples.

The population value is the model fitted to the population's correlations; with an interaction, to a million rows. It is not
the path between error-free constructs, which PLS underestimates.
"""

import numpy as np
import pandas as pd
import pytest
from designs import Design, assert_nominal

import pebbletrail as pt

pytestmark = pytest.mark.slow
REPLICATES = 199  # the ends are then the 5th replicate from either side
CHAIN = "Q =~ q1 + q2 + q3; V =~ v1 + v2; S =~ s1 + s2 + s3; V ~ Q; S ~ Q + V"
MODERATED = "Q =~ q1 + q2 + q3; W =~ w1 + w2; s1 ~ Q + W + Q:W"
ITEMS = ["q1", "q2", "q3", "v1", "v2", "s1", "s2", "s3"]


def population():
    """Correlations of eight items: loadings of 0.8, 0.7, 0.6 on three factors; V = 0.5 Q; S = 0.4 Q + 0.3 V."""
    factors = np.array([[1, 0.5, 0.55], [0.5, 1, 0.5], [0.55, 0.5, 1]])
    loadings = np.zeros((8, 3))
    loadings[[0, 1, 2], 0] = 0.8, 0.7, 0.6
    loadings[[3, 4], 1] = 0.8, 0.7
    loadings[[5, 6, 7], 2] = 0.8, 0.7, 0.6
    R = loadings @ factors @ loadings.T
    np.fill_diagonal(R, 1)
    return pd.DataFrame(R, ITEMS, ITEMS)


def normal(n):
    root = np.linalg.cholesky(population())

    def sample(rng):
        return pd.DataFrame(rng.normal(size=(n, 8)) @ root.T, columns=ITEMS)

    return sample


def moderated(n):
    def sample(rng):
        quality, week = rng.normal(size=(2, n))
        stay = 0.5 * quality + 0.2 * week + 0.25 * quality * week + rng.normal(size=n)
        items = {f"q{i}": 0.8 * quality + 0.6 * rng.normal(size=n) for i in (1, 2, 3)}
        items |= {f"w{i}": 0.8 * week + 0.6 * rng.normal(size=n) for i in (1, 2)}
        return pd.DataFrame(items | {"s1": stay})

    return sample


def named(table):
    return {f"{row.outcome} ~ {row.predictor}": row.estimate for row in table.itertuples()}


def fitted(text, intervals, part="table"):
    def fit(data, seed):
        return getattr(pt.pls(data, text, scheme="path", intervals=intervals, replicates=REPLICATES, seed=seed), part)

    return fit


def truth(text, part="table"):
    return getattr(pt.pls(pt.Moments.from_correlations(population()), text, scheme="path"), part)


def chain(rows, seed):
    return Design("Three constructs of two or three items.", normal(rows), named(truth(CHAIN)), seed)


def test_percentile_intervals_of_paths_cover():
    assert_nominal(chain(200, 31).coverage(fitted(CHAIN, "percentile")))


def test_corrected_intervals_of_paths_cover_with_500_rows():
    assert_nominal(chain(500, 36).coverage(fitted(CHAIN, "bca")))


def test_corrected_intervals_fall_a_little_short_with_200_rows():
    """PLS's search for weights makes V ~ Q a little too large in samples and more so in resamples; the correction for that
    bias overshoots, with 199 replicates as with 2,000."""
    found = chain(200, 32).coverage(fitted(CHAIN, "bca"))
    print(found.to_dict())
    assert found["V ~ Q"] > 0.91
    assert_nominal(found.drop("V ~ Q"))


def test_indirect_and_total_effects_cover():
    def effects(data, seed):
        found = fitted(CHAIN, "percentile", "effects")(data, seed)
        return found[found["kind"] != "direct"].query("source == 'Q' and target == 'S'")

    wanted = truth(CHAIN, "effects").query("source == 'Q' and target == 'S' and kind != 'direct'")
    design = Design("The same.", normal(200), dict(zip(wanted["kind"], wanted["estimate"], strict=True)), 33)
    assert_nominal(design.coverage(effects))


def test_an_interaction_in_two_stages_covers():
    """The population value from a million rows; its own error is a hundredth of a sample's."""
    whole = pt.pls(moderated(1_000_000)(np.random.default_rng(34)), MODERATED, scheme="path")
    design = Design("An interaction of two constructs, 200 rows.", moderated(200), named(whole.table), 35)
    assert_nominal(design.coverage(fitted(MODERATED, "percentile")))
