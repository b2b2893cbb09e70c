"""Bootstrap draws of sums: the weights are those of drawing units with replacement, and the sums those of the drawn rows.

Expected values come from rows that are repeated one by one, from the moments of the multinomial distribution, and from the
influence functions of the textbooks.
"""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from pebbletrail.models import draws
from pebbletrail.models.draws import Clusters, Rows, draw, influences, layout, moments_of_sums, width
from pebbletrail.moments import Moments

SEED = np.random.SeedSequence(11)
FAR = 1e9  # a mean this large beside a standard deviation of 1
steady = settings(deadline=None, max_examples=100, derandomize=True)


class Marked:
    """Units whose sums are marks, one column a unit: what ``draw`` adds up are then the weights themselves."""

    def __init__(self, p, block=None):
        self.names, self.count = range(p), width(p)
        self.block = block or self.count

    def __len__(self):
        return self.count

    def sums(self, start, stop):
        return np.eye(self.count)[start:stop]


def sample(n, mean=0.0, seed=0):
    """Three columns that go together, one of them skewed."""
    rng = np.random.default_rng(seed)
    a = rng.exponential(size=n)
    b = 0.6 * a + rng.normal(size=n)
    return np.column_stack([a, b, a - b + rng.normal(size=n)]) + mean


def by_group(values, sizes):
    frame = pd.DataFrame(values, columns=list("abc")).assign(team=np.repeat(np.arange(len(sizes)), sizes))
    return frame, Moments.from_frame(frame, list("abc"), by="team")


@pytest.fixture
def small_blocks(monkeypatch):
    """Units stream through by 256, and weights are made for few replicates at a time."""
    monkeypatch.setattr(draws, "KEPT", 0)
    monkeypatch.setattr(draws, "WEIGHTS", 600)


# --- the weights ----------------------------------------------------------------------------------------------------

blocks = pytest.mark.parametrize("block", [None, 1, 7, 20], ids=lambda block: f"block of {block or 'all'}")


@blocks
def test_every_replicate_has_as_many_units_as_the_data(block):
    weights = draw(Marked(5, block), SEED, 300)
    assert weights.shape == (300, 21)
    np.testing.assert_array_equal(weights.sum(axis=1), 21)
    assert (weights >= 0).all()
    assert (weights == np.rint(weights)).all()


@blocks
def test_weights_have_the_moments_of_the_multinomial_distribution(block):
    """Mean 1, variance 1 − 1/n, covariance −1/n, each within four Monte Carlo errors (of 231 numbers)."""
    n, replicates = 21, 20000
    weights = draw(Marked(5, block), SEED, replicates)
    assert np.abs(weights.mean(axis=0) - 1).max() < 4 * np.sqrt((1 - 1 / n) / replicates)
    away = weights - 1
    products = away[:, :, None] * away[:, None, :]
    error = products.std(axis=0) / np.sqrt(replicates)
    assert (np.abs(products.mean(axis=0) - (np.eye(n) - 1 / n)) < 4.5 * error).all()


@pytest.mark.parametrize("block", [1, 2, 3])
def test_every_way_of_drawing_three_units_is_as_likely_as_it_should_be(block):
    """Ten ways to draw three of three units; a chi-squared test against 1/27, 3/27 and 6/27."""
    weights = draw(Marked(1, block), SEED, 27000)
    found, counts = np.unique(weights.astype(int), axis=0, return_counts=True)
    assert len(found) == 10
    assert stats.chisquare(counts, 27000 * stats.multinomial(3, [1 / 3] * 3).pmf(found)).pvalue > 0.001


def test_replicates_are_not_alike():
    weights = draw(Marked(8, 20), SEED, 400)
    assert len(np.unique(weights, axis=0)) == 400
    between = np.corrcoef(weights)[np.triu_indices(400, 1)]
    assert abs(between.mean()) < 4 * between.std() / np.sqrt(len(between))


@pytest.mark.parametrize("count", [1, 4, 26])
def test_weights_made_for_few_replicates_at_a_time_are_as_good(count, monkeypatch):
    monkeypatch.setattr(draws, "WEIGHTS", 7 * count)
    weights = draw(Marked(5, 7), SEED, 4000)
    np.testing.assert_array_equal(weights.sum(axis=1), 21)
    assert np.abs(weights.mean(axis=0) - 1).max() < 4 * np.sqrt(1 / 4000)
    assert np.abs(weights.var(axis=0) - 20 / 21).max() < 0.15


# --- sums and moments of the drawn rows -----------------------------------------------------------------------------

def drawn_rows(values, weights):
    return np.repeat(values, weights.astype(int), axis=0)


def check_against_rows(sums, centre, rows_of_each, stored=0.0):
    """Sums are those of the rows, and the moments made of them those that ``Moments.from_frame`` makes of the rows.

    ``stored`` is the rounding of a group's mean as a ``Moments`` keeps it, which every row of the group shares.
    """
    sizes, away, products = moments_of_sums(sums, 3)
    for at, rows in enumerate(rows_of_each):
        near = rows - centre
        i, j = np.triu_indices(3)
        expected = [len(rows), *near.sum(axis=0), *(near.T @ near)[i, j]]
        far = 1 + np.abs(near).max()
        np.testing.assert_allclose(sums[at], expected, rtol=1e-12, atol=1e-10 + 2 * len(rows) * far * stored)
        whole = Moments.from_frame(pd.DataFrame(rows, columns=list("abc")))
        assert sizes[at] == whole.n
        # a mean as near as a float of its size can hold
        np.testing.assert_allclose(centre + away[at], whole.mean, rtol=4e-16, atol=1e-12 + 2 * stored)
        np.testing.assert_allclose(products[at] / (len(rows) - 1), whole.cov, rtol=1e-11, atol=1e-11 + 4 * far * stored)


@pytest.mark.parametrize("mean", [0.0, FAR])
def test_sums_of_rows_are_those_of_the_rows_drawn(mean):
    values = sample(45, mean)
    units = Rows.of("abc", values)
    weights = draw(Marked(8), SEED, 30)
    check_against_rows(draw(units, SEED, 30), units.centre, [drawn_rows(values, one) for one in weights])


@pytest.mark.parametrize("mean", [0.0, FAR])
def test_sums_of_rows_that_stream_through_in_blocks_are_those_of_the_rows_drawn(mean, small_blocks):
    values = sample(703, mean)
    units = Rows.of("abc", values)
    assert units.block == 256
    weights = draw(Marked(36, 256), SEED, 7)
    check_against_rows(draw(units, SEED, 7), units.centre, [drawn_rows(values, one) for one in weights])


@pytest.mark.parametrize("mean", [0.0, FAR])
def test_sums_of_groups_are_those_of_all_rows_of_the_groups_drawn(mean):
    sizes = np.resize([1, 4, 2, 9], 45)
    values = sample(sizes.sum(), mean)
    units = Clusters.of(by_group(values, sizes)[1])
    parts = np.split(values, np.cumsum(sizes)[:-1])
    weights = draw(Marked(8), SEED, 30).astype(int)
    check_against_rows(draw(units, SEED, 30), units.centre, [
        np.concatenate([part for part, times in zip(parts, one, strict=True) for _ in range(times)]) for one in weights],
        stored=np.spacing(mean) / 2)


def test_sums_of_groups_that_stream_through_in_blocks_are_those_of_all_their_rows(small_blocks):
    sizes = np.resize([1, 4, 2], 703)
    values = sample(sizes.sum())
    units = Clusters.of(by_group(values, sizes)[1])
    assert units.block == 256
    parts = np.split(values, np.cumsum(sizes)[:-1])
    weights = draw(Marked(36, 256), SEED, 5).astype(int)
    check_against_rows(draw(units, SEED, 5), units.centre, [
        np.concatenate([part for part, times in zip(parts, one, strict=True) for _ in range(times)]) for one in weights])


def test_the_rows_given_are_copied():
    values = sample(10)
    before, units = values.copy(), Rows.of("abc", values)
    draw(units, SEED, 5)
    np.testing.assert_array_equal(values, before)
    values[:] = 0
    np.testing.assert_allclose(units.centre, before.mean(axis=0))


# --- batches --------------------------------------------------------------------------------------------------------

@steady
@given(n=st.integers(2, 10**8), p=st.integers(1, 40), replicates=st.integers(50, 20000))
def test_batches_add_up_and_none_is_large(n, p, replicates):
    units = Marked(p)
    units.count = n
    sizes = layout(units, replicates)
    assert sum(sizes) == replicates
    assert min(sizes) >= 1
    assert max(sizes) == sizes[0] <= draws.BATCH
    # a batch of one is as small as it gets
    assert sizes[0] == 1 or sizes[0] * n <= draws.DRAWS
    assert sizes[0] == 1 or sizes[0] * width(p) <= 8 * draws.WEIGHTS


def test_slow_statistics_come_in_small_batches():
    assert layout(Marked(2), 50, most=20) == [20, 20, 10]


# --- influence ------------------------------------------------------------------------------------------------------

def statistics(sizes, means, products):
    """Mean, variance, covariance, slope of b on a, correlation."""
    S = products / sizes[:, None, None]
    return np.column_stack([means[:, 0], S[:, 0, 0], S[:, 0, 1], S[:, 0, 1] / S[:, 0, 0],
                            S[:, 0, 1] / np.sqrt(S[:, 0, 0] * S[:, 1, 1])])


def textbook(values):
    """Their influence functions, divided by n: the derivative by a row's weight."""
    a, b = (values - values.mean(axis=0))[:, :2].T
    va, vb, cab = (a * a).mean(), (b * b).mean(), (a * b).mean()
    slope, r = cab / va, cab / np.sqrt(va * vb)
    za, zb = a / np.sqrt(va), b / np.sqrt(vb)
    found = [a, a * a - va, a * b - cab, a * (b - slope * a) / va, za * zb - r * (za**2 + zb**2) / 2]
    return np.column_stack(found) / len(a)


@pytest.mark.parametrize("mean", [0.0, FAR])
@pytest.mark.parametrize("n", [40, 703])
def test_influence_is_the_textbooks(n, mean, small_blocks):
    values = sample(n, mean)
    made = list(influences(Rows.of("abc", values), statistics))
    assert len(made) == (1 if n == 40 else 3)  # by blocks
    expected = textbook(values)
    np.testing.assert_allclose(np.vstack(made), expected, rtol=1e-6, atol=1e-6 * np.abs(expected).max())


def test_influence_of_a_group_is_that_of_all_its_rows():
    sizes = np.resize([1, 4, 2, 9], 45)
    values = sample(sizes.sum())
    found = np.vstack(list(influences(Clusters.of(by_group(values, sizes)[1]), statistics)))
    expected = np.add.reduceat(textbook(values), np.cumsum(sizes) - sizes)
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-7)


def test_a_statistic_that_depends_on_the_size_alone_is_influenced_by_unequal_groups_only():
    def size(sizes, means, products):
        return sizes[:, None]

    sizes = np.resize([1, 4, 2, 9], 44)
    found = np.vstack(list(influences(Clusters.of(by_group(sample(sizes.sum()), sizes)[1]), size)))
    np.testing.assert_allclose(found[:, 0], sizes - sizes.mean(), atol=1e-7)
    alike = np.vstack(list(influences(Rows.of("abc", sample(44)), size)))
    np.testing.assert_allclose(alike, 0, atol=1e-9)


def test_influence_adds_up_to_nothing_and_a_constant_column_has_none():
    values = sample(60)
    values[:, 2] = 5.0
    found = np.vstack(list(influences(Rows.of("abc", values), lambda n, m, S: np.column_stack([m, S[:, 2, 2]]))))
    np.testing.assert_allclose(found.sum(axis=0), 0, atol=1e-9)
    np.testing.assert_allclose(found[:, 2:], 0, atol=1e-9)
