"""Euro and chances: held against the normal and t distributions, and against drawing them another way."""

import math
import re
from statistics import NormalDist

import numpy as np
import pytest
from scipy import stats

from pebbletrail.practice.definition import practice
from pebbletrail.report.money import EVERYTHING, GRID, Money, reckoned

MAIN = {"estimate": 0.5, "se": 0.1, "low": 0.304, "high": 0.696}
Z95 = NormalDist().inv_cdf(0.95)


def test_what_is_typed_is_read():
    money = Money.read({"worth": "4,5", "volume": "40 000..60000", "change": "-10..-5..-2", "cost": "6e4",
                        "causal": "0.2..0.4"})
    assert money.worth == (4.5, 4.5, 4.5)
    assert money.volume == (40_000, 50_000, 60_000)
    assert money.change == (-10, -5, -2)
    assert money.cost == (60_000, 60_000, 60_000)
    assert money.causal == pytest.approx((0.2, 0.3, 0.4))
    assert Money(4, 50_000, 60_000).change == EVERYTHING
    assert Money.read({"worth": "4 €", "volume": "5", "cost": "0"}).causal is None


@pytest.mark.parametrize(("given", "told"), [
    ({"worth": "much"}, "--worth: 'much' is not a number"),
    ({"worth": "12,000"}, "--worth: '12,000' may be 12000 or 12.000"),
    ({"volume": "-3"}, "--volume: it must be 0 or more"),
    ({"volume": "9..3"}, "--volume: a range rises"),
    ({"change": "1..2..3..4"}, "--change:"),
    ({"causal": "1.2"}, "--causal: it must be from 0 to 1"),
    ({"causal": ""}, "--causal: '' is not a number"),
    ({"cost": "nan"}, "--cost: 'nan' is not a number"),
    ({"cost": "1e999"}, "--cost: "),
    ({"price": "3"}, "--price: there is no such option"),
])
def test_what_cannot_be_read_names_its_option(given, told):
    with pytest.raises(ValueError, match=f"^{re.escape(told)}"):
        Money.read({"worth": "4", "volume": "5", "cost": "6", **given})


def test_what_lacks_is_asked_for():
    with pytest.raises(ValueError, match="--volume: cases a year; --cost: euro a year"):
        Money.read({"worth": "4"})


def test_known_inputs_give_the_normal_distribution():
    """0.5 x 10 x 4 x 50,000 is a million, and 0.1 of it 200,000."""
    found = reckoned(Money(4, 50_000, 900_000, 10), MAIN, "before-after")
    assert found.median == pytest.approx(1e6, rel=1e-3)
    assert found.low == pytest.approx(1e6 - Z95 * 2e5, rel=2e-3)
    assert found.high == pytest.approx(1e6 + Z95 * 2e5, rel=2e-3)
    assert found.chance == pytest.approx(NormalDist(1e6, 2e5).cdf(1.1e6), abs=5e-4)  # as far below 1.1 as 0.9 is below 1
    assert (found.share, found.stated) == (EVERYTHING, False)


def test_few_clusters_give_the_t_distribution():
    found = reckoned(Money(4, 50_000, 900_000, 10), {**MAIN, "df": 5}, "randomised")
    assert found.chance == pytest.approx(stats.t(5, 1e6, 2e5).sf(9e5), abs=5e-4)
    assert found.low == pytest.approx(stats.t(5, 1e6, 2e5).ppf(0.05), rel=3e-3)


def test_without_an_error_the_interval_gives_it():
    """A 95 % interval of +- 1.96 x 0.1."""
    half = NormalDist().inv_cdf(0.975) * 0.1
    main = {"estimate": 0.5, "low": 0.5 - half, "high": 0.5 + half}
    assert reckoned(Money(4, 5e4, 9e5, 10), main, "randomised") == reckoned(Money(4, 5e4, 9e5, 10), MAIN, "randomised")


def test_an_association_has_no_euro_until_a_share_is_stated():
    assert reckoned(Money(4, 5e4, 9e5, 10), MAIN, "association") is None
    assert reckoned(None, MAIN, "randomised") is None
    found = reckoned(Money(4, 5e4, 3.6e5, 10, 0.4), MAIN, "association")
    assert found.median == pytest.approx(4e5, rel=1e-3)
    assert found.chance == pytest.approx(NormalDist(4e5, 8e4).cdf(4.4e5), abs=5e-4)


def test_the_grid_runs_from_nothing_to_all():
    found = reckoned(Money(4, 5e4, 3.6e5, 10, 0.4), MAIN, "association")
    assert [share for share, *_ in found.grid] == pytest.approx(np.arange(GRID) / 20)
    assert found.grid[0][1:] == (0, 0, 0, 0)
    for share, low, median, _, chance in found.grid[1:]:
        assert median == pytest.approx(1e6 * share, rel=1e-3)
        assert low == pytest.approx(share * (1e6 - Z95 * 2e5), rel=2e-3)
        assert chance == pytest.approx(NormalDist(1e6 * share, 2e5 * share).cdf(2e6 * share - 3.6e5), abs=5e-4)


def test_ranges_are_drawn_as_beta_distributions():
    money = Money((2, 4, 8), (30_000, 80_000), (100_000, 300_000, 900_000), (5, 10, 11), (0.1, 0.5, 0.6))
    found, rng, n = reckoned(money, MAIN, "association"), np.random.default_rng(3), 400_000

    def pert(low, likely, high):
        place = (likely - low) / (high - low)
        return low + (high - low) * rng.beta(1 + 4 * place, 5 - 4 * place, n)

    benefit = rng.normal(0.5, 0.1, n)
    for name in ("change", "worth", "volume", "causal"):
        benefit *= pert(*getattr(money, name))
    assert found.median == pytest.approx(np.median(benefit), rel=0.02)
    assert (found.low, found.high) == pytest.approx(tuple(np.quantile(benefit, (0.05, 0.95))), rel=0.03)
    assert found.chance == pytest.approx((benefit > pert(*money.cost)).mean(), abs=0.01)


def test_the_same_inputs_give_the_same_figures():
    money = Money((2, 8), 5e4, (1e5, 9e5), 10)
    assert reckoned(money, MAIN, "randomised") == reckoned(money, MAIN, "randomised")


def test_what_pays():
    """60,000 by 4 x 50,000; a worth of nothing pays never, a negative one where the outcome falls."""
    assert Money(4, 50_000, 60_000).worthwhile == pytest.approx(0.3)
    assert Money(-4, 50_000, 60_000).worthwhile == pytest.approx(-0.3)
    assert Money(0, 50_000, 60_000).worthwhile is None


@pytest.mark.parametrize(("money", "falls"), [
    (Money(4, 50_000, 1_000_000, 10), False),  # at best 0.696 x 2 million
    (Money(4, 50_000, 1_400_000, 10), True),
    (Money(4, 50_000, (1_300_000, 1_500_000), 10), False),  # the kindest cost is taken
    (Money(4, 50_000, 60_000, -10), True),  # the wrong way
    (Money(-4, 50_000, 60_000, -10), False),
    (Money((-1, 1), 50_000, 60_000, 10), False),  # which way is good is not known
    (Money(4, 50_000, 60_000, (-10, 10)), False),
])
def test_an_interval_falls_short_at_the_kindest_values(money, falls):
    assert money.falls_short(MAIN) is falls


def test_a_yes_or_no_changes_by_one():
    about = practice("removing-control")
    Money(4, 50_000, 60_000, 1).suits(about)
    Money(4, 50_000, 60_000, (-1, 1)).suits(about)
    with pytest.raises(ValueError, match="--change: treated is yes or no"):
        Money(4, 50_000, 60_000, 10).suits(about)
    Money(4, 50_000, 60_000, 10).suits(practice("control-and-quality"))


def test_no_entered_number_is_infinite():
    with pytest.raises(ValueError, match="--worth"):
        Money(math.inf, 1, 1)
