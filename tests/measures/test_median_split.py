"""Halves of a correlation: against simulation, against scipy's integration, and against the textbook formulas.

Integration is scipy's: ``quad`` over one coordinate, ``multivariate_normal.cdf`` for the chance of a corner.
"""

from math import asin, erf, log, pi, sqrt

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

import pebbletrail as pt
from pebbletrail.measures.median_split import _share
from pebbletrail.measures.normal_orthants import both_above, both_and_median
from pebbletrail.measures.split import Split, percent
from pebbletrail.measures.split_picture import densities

ONE = [0.101, 0.3, 0.62, -0.25, 0.95]
THREE = [(0.3, 0.3, 0.3), (0.34, 0.101, 0.2), (0.5, -0.2, 0.4), (0.6, 0.6, 0.0), (-0.3, -0.1, -0.2), (0.9, 0.8, 0.75)]
PARTS = [0.5, 0.25, 0.1]
N = 400_000


@pytest.fixture(scope="module")
def luck():
    return np.random.default_rng(20261122).standard_normal((3, N))


def corner(lower, R, error=1e-9):
    """P(all above ``lower``), by scipy, which for three variables tries points at random until it is near enough."""
    return stats.multivariate_normal.cdf(-np.asarray(lower, dtype=float), cov=R, abseps=error, releps=error,
                                         rng=np.random.default_rng(1))


def matrix(first, second, between):
    return [[1, between, first], [between, 1, second], [first, second, 1]]


# --- one variable ---------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("r", ONE)
def test_halves_are_the_textbook_formulas(r):
    found = pt.halves(r, cv=0.4)
    share = 0.5 + asin(r) / pi
    assert found.size == 0.5
    assert found.gap == pytest.approx(2 * sqrt(2 / pi) * r, rel=1e-12)
    assert found.share_high == pytest.approx(share, rel=1e-12)
    assert found.share_low == pytest.approx(1 - share, rel=1e-12)
    assert found.share_ratio == pytest.approx((pi / 2 + asin(r)) / (pi / 2 - asin(r)), rel=1e-10)
    assert found.odds_ratio == pytest.approx(found.share_ratio**2, rel=1e-10)
    k = sqrt(2 / pi) * r * 0.4
    assert found.ratio == pytest.approx((1 + k) / (1 - k), rel=1e-12)


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("r", ONE)
def test_one_cut_is_scipys_integration(r, part):
    h = stats.norm.ppf(1 - part)
    mean = integrate.quad(lambda x: r * x * stats.norm.pdf(x), h, np.inf)[0] / part
    share = integrate.quad(lambda x: stats.norm.pdf(x) * stats.norm.cdf(r * x / sqrt(1 - r**2)), h, np.inf)[0] / part
    found = pt.halves(r, part=part)
    assert [found.high, found.low] == pytest.approx([mean, -mean], abs=1e-8)
    assert [found.share_high, found.share_low] == pytest.approx([share, 1 - share], abs=1e-8)


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("r", [0.3, -0.6])
def test_one_cut_is_what_simulated_units_show(luck, r, part):
    x, y = luck[0], r * luck[0] + sqrt(1 - r**2) * luck[1]
    high, low = y[x > np.quantile(x, 1 - part)], y[x < np.quantile(x, part)]
    found = pt.halves(r, cv=0.5, part=part)
    error = 5 / sqrt(N * part)
    assert [found.high, found.low] == pytest.approx([high.mean(), low.mean()], abs=error)
    assert [found.share_high, found.share_low] == pytest.approx([(high > 0).mean(), (low > 0).mean()], abs=error)
    assert found.ratio == pytest.approx((1 + 0.5 * high.mean()) / (1 + 0.5 * low.mean()), rel=3 * error)


# --- two variables --------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("three", THREE)
def test_both_halves_are_the_formulas_with_arc_sines(three):
    first, second, between = three
    size = 1 / 4 + asin(between) / (2 * pi)
    found = pt.both_halves(*three)
    assert found.size == pytest.approx(size, rel=1e-12)
    assert found.gap == pytest.approx(2 * (first + second) / (2 * sqrt(2 * pi)) / size, rel=1e-12)
    all_three = 1 / 8 + sum(map(asin, three)) / (4 * pi)
    assert found.share_high == pytest.approx(all_three / size, rel=1e-11)


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("three", THREE)
def test_both_cuts_are_scipys_integration(three, part):
    """The chance of the two high ones, given the outcome, summed over the outcome."""
    first, second, between = three
    h = stats.norm.ppf(1 - part)
    left = [[1 - first**2, between - first * second], [between - first * second, 1 - second**2]]
    y = np.linspace(-9, 9, 1801)  # the trapezoid rule on a smooth bell is exact to far more digits than are compared
    lines = np.column_stack([first * y - h, second * y - h])
    height = stats.norm.pdf(y) * stats.multivariate_normal.cdf(lines, cov=left)
    size = integrate.trapezoid(height, y)
    found = pt.both_halves(*three, part=part)
    assert found.size == pytest.approx(size, abs=1e-8)
    assert found.size == pytest.approx(corner([h, h], [[1, between], [between, 1]]), abs=1e-8)
    assert found.high == pytest.approx(integrate.trapezoid(y * height, y) / size, abs=1e-7)
    above = integrate.simpson(height[y >= -1e-9], y[y >= -1e-9])
    assert found.share_high == pytest.approx(above / size, abs=1e-7)
    lines = np.column_stack([-h - first * y, -h - second * y])
    both_low = stats.norm.pdf(y) * stats.multivariate_normal.cdf(lines, cov=left)
    assert found.low == pytest.approx(integrate.trapezoid(y * both_low, y) / size, abs=1e-7)
    assert found.share_low == pytest.approx(integrate.simpson(both_low[y >= -1e-9], y[y >= -1e-9]) / size, abs=1e-7)


@pytest.mark.parametrize(("three", "part"), [((0.3, 0.3, 0.3), 0.5), ((0.5, -0.2, 0.4), 0.25), ((0.34, 0.101, 0.2), 0.1)])
def test_both_cuts_are_what_simulated_units_show(luck, three, part):
    staff, customers, y = np.linalg.cholesky(matrix(*three)) @ luck
    cuts = [np.quantile(x, [part, 1 - part]) for x in (staff, customers)]
    high = y[(staff > cuts[0][1]) & (customers > cuts[1][1])]
    low = y[(staff < cuts[0][0]) & (customers < cuts[1][0])]
    found = pt.both_halves(*three, part=part)
    error = 5 / sqrt(len(high))
    assert found.size == pytest.approx(len(high) / N, abs=5 * sqrt(found.size / N))
    assert [found.high, found.low] == pytest.approx([high.mean(), low.mean()], abs=error)
    assert [found.share_high, found.share_low] == pytest.approx([(high > 0).mean(), (low > 0).mean()], abs=error)


@settings(max_examples=60, deadline=None)
@given(*[st.floats(-0.95, 0.95)] * 3, st.floats(-1.5, 1.5))
def test_corners_are_scipys(first, second, between, h):
    R = np.array(matrix(first, second, between))
    assume(np.linalg.eigvalsh(R)[0] > 0.02)
    assert both_above(h, -h / 2, between) == pytest.approx(corner([h, -h / 2], R[:2, :2]), abs=1e-7)
    assert both_and_median(h, first, second, between) == pytest.approx(corner([h, h, 0], R, 1e-5), abs=5e-5)


def test_corners_take_arrays():
    a, b = np.array([0.0, 0.5, -1.0]), np.array([0.2, 0.2, 3.0])
    assert both_above(a, b, 0.4) == pytest.approx([both_above(x, z, 0.4) for x, z in zip(a, b, strict=True)], abs=1e-15)


@given(st.floats(-0.9, 0.9), st.floats(-0.9, 0.9))
def test_two_that_know_nothing_of_each_other_add_up(first, second):
    """With no correlation between, the mean of the high group is the sum of the two single ones."""
    assume(first**2 + second**2 < 0.98)
    together = pt.both_halves(first, second, 0.0)
    assert together.high == pytest.approx(pt.halves(first).high + pt.halves(second).high, abs=1e-12)
    assert together.size == pytest.approx(0.25)


def test_two_that_are_nearly_one_are_as_one():
    both, one = pt.both_halves(0.4, 0.4, 0.99999), pt.halves(0.4)
    assert [both.size, both.high, both.share_high] == pytest.approx([one.size, one.high, one.share_high], abs=2e-3)


@pytest.mark.parametrize("three", [(0.9999, 0.3, 0.3), (0.999, 0.999, 0.9985), (-0.9999, 0.005, 0.0), (0.6, 0.79, 0.0)])
def test_nearly_impossible_correlations_keep_their_digits_at_the_median(three):
    """By the general integration, held against the arc sines, which have none of its difficulties."""
    exact = 1 / 8 + sum(map(asin, three)) / (4 * pi)
    assert both_and_median(0.0, *three) == pytest.approx(exact, abs=1e-13)


@pytest.mark.parametrize(("three", "part"), [
    ((-0.901787, 0.928431, -0.676693), 0.45), ((-0.9, 0.9, -0.6203), 0.45), ((0.142, -0.353, 0.876), 0.25)])
def test_nearly_impossible_correlations_keep_their_digits_elsewhere(three, part):
    """Against the trapezoid rule over 40,000 outcomes, fine enough for the sharp edges that such correlations make."""
    first, second, between = three
    h = stats.norm.ppf(1 - part)
    left = [[1 - first**2, between - first * second], [between - first * second, 1 - second**2]]
    assert np.linalg.eigvalsh(matrix(*three))[0] < 0.01
    y = np.linspace(0, 9, 40_001)
    height = stats.norm.pdf(y) * stats.multivariate_normal.cdf(
        np.column_stack([first * y - h, second * y - h]), cov=left, allow_singular=True)
    exact = integrate.trapezoid(height, y)
    assert both_and_median(h, *three) == pytest.approx(exact, abs=2e-7)


@pytest.mark.parametrize(("three", "part"), [
    ((0.999, 0.3, 0.3), 0.25), ((0.9999, 0.9999, 0.9999), 0.1), ((0.6, 0.79, 0.0), 0.01)])
def test_shares_never_leave_nothing_and_all(three, part):
    """Nearly all of the high group is above the median; a share of 1.0000000002 would make a ratio of −5 billion."""
    found = pt.both_halves(*three, part=part)
    assert 0 <= found.share_low < 1e-8
    assert 1 - 1e-8 < found.share_high <= 1
    assert found.share_ratio > 1e8
    assert found.odds_ratio > 1e8
    assert "nan" not in found.text
    assert "over 99.9 % of them are above the median, against under 0.1 %" in found.text


def test_a_perfect_split_has_no_ratio_and_says_so():
    found = pt.halves(0.9999, part=0.1, cv=0.2)
    assert (found.share_high, found.share_low) == (1, 0)
    assert (found.share_ratio, found.odds_ratio) == (np.inf, np.inf)
    assert "against under 0.1 %: too near to all and none for a ratio." in found.text
    reverse = pt.halves(-0.9999, part=0.1)
    assert (reverse.share_ratio, reverse.odds_ratio) == (0, 0)
    assert "too near to all and none for a ratio" in reverse.text
    assert np.isfinite(found.table["difference"].iloc[:3]).all()
    assert found.figure().alt.endswith("over 99.9 percent of the high group lie above the median of all units.")


def test_only_rounding_is_cut_off():
    assert _share(1 + 1e-14, 0.5) == 1
    assert _share(-1e-14, 0.5) == 0
    assert _share(0.3, 0.5) == 0.3
    for wrong in (1.001, -0.001):
        with pytest.raises(ValueError, match=r"^correlations: they lie so near to what no data can have"):
            _share(wrong, 0.5)


@pytest.mark.parametrize(("three", "part"), [
    ((0.05, 0.05, -0.95), 0.1), ((0.05, 0.05, -0.99), 0.25), ((0.3, 0.3, -0.3), 1e-4)])
def test_groups_too_small_to_be_worked_out_are_refused(three, part):
    told = f"^part, r_between: with part = {part:g} and r_between = {three[2]:g} hardly a unit"
    with pytest.raises(ValueError, match=told):
        pt.both_halves(*three, part=part)


# --- an outcome that cannot be negative -----------------------------------------------------------------------------

@pytest.mark.parametrize("cv", [0.2, 1.0, 3.0])
@pytest.mark.parametrize("r", [0.3, -0.5])
def test_log_normal_halves_are_the_formula(r, cv):
    s = sqrt(log(1 + cv**2))
    phi = [(1 + erf(sign * r * s / sqrt(2))) / 2 for sign in (1, -1)]
    found = pt.halves(r, cv=cv, shape="log-normal")
    assert found.ratio == pytest.approx(phi[0] / phi[1], rel=1e-10)
    assert found.means == pytest.approx((2 * phi[0], 2 * phi[1]), rel=1e-10)
    assert found.share_high == pt.halves(r).share_high  # ranks do not change
    assert found.below_zero == 0


@pytest.mark.parametrize("part", [0.5, 0.1])
def test_log_normal_groups_are_what_simulated_units_show(luck, part):
    three, cv = (0.3, 0.2, 0.3), 0.8
    s = sqrt(log(1 + cv**2))
    staff, customers, z = np.linalg.cholesky(matrix(*three)) @ luck
    y, h = np.exp(s * z - s**2 / 2), stats.norm.ppf(1 - part)
    assert y.std() / y.mean() == pytest.approx(cv, rel=0.02)
    high, low = y[(staff > h) & (customers > h)], y[(staff < -h) & (customers < -h)]
    both = pt.both_halves(*three, cv=cv, part=part, shape="log-normal")
    assert both.means == pytest.approx((high.mean(), low.mean()), abs=5 * high.std() / sqrt(len(high)))
    one = pt.halves(three[0], cv=cv, part=part, shape="log-normal")
    high, low = y[staff > h], y[staff < -h]
    assert one.means == pytest.approx((high.mean(), low.mean()), abs=5 * high.std() / sqrt(N * part))


def test_a_small_spread_makes_the_two_shapes_alike():
    ratios = [pt.both_halves(0.3, 0.3, 0.3, cv=0.02, shape=shape).ratio for shape in ("normal", "log-normal")]
    assert ratios[0] == pytest.approx(ratios[1], rel=1e-4)
    gaps = [pt.both_halves(0.3, 0.3, 0.3, cv=0.001, shape=shape).gap for shape in ("normal", "log-normal")]
    assert gaps[0] == pytest.approx(gaps[1], rel=1e-5)


# --- what a ratio needs ---------------------------------------------------------------------------------------------

@pytest.mark.parametrize("ratio", [1.26, 3.4, 5, 40])
@pytest.mark.parametrize("split", [pt.halves(0.3), pt.both_halves(0.34, 0.1, 0.2, part=0.25)], ids=["one", "both"])
def test_the_spread_for_a_ratio_gives_that_ratio(split, ratio):
    cv = split.spread_for(ratio)
    made = pt.halves(*split.correlations, cv=cv, part=split.part) if len(split.correlations) == 1 else (
        pt.both_halves(*split.correlations, cv=cv, part=split.part))
    assert made.ratio == pytest.approx(ratio, rel=1e-10)


def test_the_spread_for_five_times_between_halves_by_hand():
    """(1 + k) / (1 − k) = 5 for k = 2/3."""
    assert pt.halves(0.3).spread_for(5) == pytest.approx(2 / 3 / (0.3 * sqrt(2 / pi)), rel=1e-12)
    assert pt.halves(-0.3).spread_for(0.2) == pytest.approx(pt.halves(0.3).spread_for(5), rel=1e-12)


@pytest.mark.parametrize(("r", "ratio", "said"), [
    (0.3, 0.8, "0.8 cannot come about: the high group lies \\+0.479 SD"), (-0.3, 5, "5 cannot come about"),
    (0.0, 5, "5 cannot come about"), (0.3, 0, "a number above 0 is needed, not 0"), (0.3, "5", "a number above 0"),
    (0.3, float("nan"), "a number above 0"),
])
def test_a_ratio_that_cannot_be_is_told(r, ratio, said):
    with pytest.raises(ValueError, match=said):
        pt.halves(r).spread_for(ratio)


def test_the_spread_is_not_worked_out_for_a_log_normal_outcome():
    with pytest.raises(ValueError, match="for a normal outcome only"):
        pt.halves(0.3, cv=1, shape="log-normal").spread_for(5)


@pytest.mark.parametrize(("r", "which"), [(0.3, "low"), (-0.3, "high")])
def test_without_a_positive_mean_there_is_no_ratio_and_the_text_says_so(r, which):
    found = pt.halves(r, cv=5)
    assert np.isnan(found.ratio)
    assert min(found.means) < 0
    assert f"there is no ratio of means: that of the {which} group is not above zero" in found.text


def test_odds_and_shares_of_groups_that_do_not_mirror_each_other():
    """6 of 10 against 3 of 10: twice the share; odds of 1.5 against 3/7, so 3.5 times."""
    made = Split((0.3,), 0.5, None, "normal", 0.5, 0.2, -0.1, 0.6, 0.3)
    assert (made.share_ratio, made.odds_ratio) == pytest.approx((2, 3.5))


def test_no_gap_is_said_in_words():
    for found in (pt.halves(0.0, cv=0.2), pt.both_halves(0.3, -0.3, 0.1)):
        assert "have on average the same outcome as those in the bottom half" in found.text
        assert found.gap == 0
        assert "−0" not in found.figure().alt


def test_how_often_a_normal_outcome_is_negative():
    assert pt.halves(0.3, cv=1).below_zero == pytest.approx(stats.norm.cdf(-1), rel=1e-12)
    assert np.isnan(pt.halves(0.3).below_zero)
    assert "below zero in 15.9 % of all units" in pt.halves(0.3, cv=1).text
    assert "below zero" not in pt.halves(0.3, cv=0.2).text
    assert "below zero in 2.28 % of all units" in pt.halves(0.3, cv=0.5).text
    assert "below zero" not in pt.halves(0.3, cv=0.42).text  # 0.9 percent of a bell lie 2.4 SD below its mean


# --- what is shown --------------------------------------------------------------------------------------------------

def test_the_table_holds_the_same_numbers():
    found = pt.both_halves(0.3, 0.3, 0.3, cv=0.5)
    table = found.table.set_index("quantity")
    assert list(found.table.columns) == ["quantity", "high", "low", "difference", "ratio"]
    assert table.loc["mean, in SD from the mean of all", ["high", "low", "difference"]].tolist() == [
        found.high, found.low, found.gap]
    assert table.loc["mean, the mean of all being 1", ["high", "low", "ratio"]].tolist() == [*found.means, found.ratio]
    assert table.loc["share above the median", "ratio"] == found.share_ratio
    odds = table.loc["odds of being above the median"]
    assert odds["ratio"] == pytest.approx(odds["high"] / odds["low"]) == found.odds_ratio
    assert len(pt.halves(0.3).table) == 3


def test_sentences():
    assert pt.halves(0.3).text == (
        "Units in the top half (r = 0.3) lie on average 0.479 SD of the outcome above those in the bottom half; 59.7 % of "
        "them are above the median, against 40.3 %: 1.48 times the share, 2.19 times the odds.")
    assert "Units in the top tenth (r = -0.2) lie on average 0.702 SD of the outcome below those in the bottom tenth" in (
        pt.halves(-0.2, part=0.1).text)
    both = pt.both_halves(0.3, 0.2, 0.1, cv=0.2, part=0.3).text
    assert both.startswith("Units in the top 30 % of both, 10.2 % of all (r = 0.3 and 0.2, 0.1 between them) lie on average")
    assert "With σ/μ = 0.2 (normal) the mean of the high group is 1.2" in both


@pytest.mark.parametrize("made", [
    {"cv": None}, {"cv": 0.2}, {"cv": 2.0}, {"cv": 1.0, "shape": "log-normal"}, {"cv": 0.5, "part": 0.1}])
def test_pictures_have_words_and_hills_of_area_one(made):
    for found in (pt.halves(0.4, **made), pt.both_halves(0.4, -0.1, 0.2, **made)):
        fig = found.figure()
        assert "the high group with its mean at" in fig.alt
        zero = [(text.get_text(), text.get_position()[0]) for text in fig.axes[0].texts]
        assert zero == ([(" outcome 0", -1 / found.cv)] if found.shape == "normal" and found.cv in (0.5, 2.0) else [])
        z = np.linspace(-9, 9, 2001)
        for height, mean in zip(densities(found, z), (1, -1), strict=True):
            assert integrate.trapezoid(height, z) == pytest.approx(1, abs=1e-9)
            if found.shape == "normal":
                assert integrate.trapezoid(z * height, z) == pytest.approx(mean * found.high, abs=1e-9)
    assert pt.halves(0.4).figure(alt="Two hills that a reader has described in words.").alt.startswith("Two hills that")


def drawn(fig):
    """Each hill of a picture as ``(x, height)``, the place of each mean, and what the legend says of it."""
    lines = [line for line in fig.axes[0].lines if line.get_linestyle() != ":"]
    return [(hill.get_xdata(), hill.get_ydata(), mean.get_xdata()[0], hill.get_label())
            for hill, mean in zip(lines[::2], lines[1::2], strict=True)]


@pytest.mark.parametrize("found", [pt.halves(0.4), pt.halves(-0.4, cv=2.0), pt.halves(0.95, cv=0.4, part=0.001),
                                   pt.both_halves(0.3, 0.2, 0.3, part=0.1)], ids=["one", "below", "rare", "both"])
def test_the_hills_that_are_drawn_hold_all_units_and_their_means(found):
    fig = found.figure()
    for (x, height, place, label), name, mean in zip(drawn(fig), ("high", "low"), (found.high, found.low), strict=True):
        assert integrate.trapezoid(height, x) == pytest.approx(1, abs=0.005)
        assert integrate.trapezoid(x * height, x) == pytest.approx(mean, abs=0.02)
        assert place == mean
        assert label.startswith(f"{name} group: mean")
        assert height[[0, -1]].max() < 0.03 * height.max(), "no hill is cut"
    assert fig.axes[0].get_xlim() == (x[0], x[-1])


@pytest.mark.parametrize("cv", [0.02, 1.0, 4.0])
def test_log_normal_hills_stand_where_the_outcomes_are(cv):
    """The axis is named by outcomes; from what is drawn, the means come out as they should, however skewed."""
    found = pt.both_halves(0.3, 0.3, 0.3, cv=cv, shape="log-normal")
    fig, s = found.figure(), sqrt(log(1 + cv**2))
    for tick, label in zip(fig.axes[0].get_xticks(), fig.axes[0].get_xticklabels(), strict=True):
        assert float(label.get_text()) == pytest.approx(np.exp(s * tick - s**2 / 2), rel=0.05 if cv > 0.3 else 0.005)
    z = np.linspace(-12, 12, 4001)
    for (x, height, place, label), whole, mean in zip(drawn(fig), densities(found, z), found.means, strict=True):
        assert height == pytest.approx(np.interp(x, z, whole), abs=1e-4)
        assert integrate.trapezoid(np.exp(s * z - s**2 / 2) * whole, z) == pytest.approx(mean, rel=1e-6)
        assert np.exp(s * place - s**2 / 2) == pytest.approx(mean, rel=1e-9)
        assert float(label.split()[-1]) == pytest.approx(mean, rel=0.01)


@pytest.mark.parametrize(("share", "text"), [
    (0.662, "66.2"), (0.9997, "over 99.9"), (1.0, "over 99.9"), (0.0002, "under 0.1"), (0.0, "under 0.1"), (0.5, "50")])
def test_percentages_are_neither_all_nor_none(share, text):
    assert percent(share) == text


def test_a_result_shows_its_sentence_and_its_table():
    found = pt.halves(np.float64(0.3))
    assert "59.7 %" in repr(found)
    assert "<table" in found._repr_html_()
    assert isinstance(found.table, pd.DataFrame)


# --- what is refused ------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("r", [1, -1, 1.2, np.nan, np.inf, "0.3", None, True])
def test_what_is_no_correlation_is_refused_by_name(r):
    with pytest.raises(ValueError, match=r"^r: a correlation between -1 and 1 is needed, neither included"):
        pt.halves(r)
    for place, name in enumerate(["r_first", "r_second", "r_between"]):
        three = [0.1, 0.1, 0.1]
        three[place] = r
        with pytest.raises(ValueError, match=f"^{name}: a correlation"):
            pt.both_halves(*three)


@pytest.mark.parametrize(("made", "said"), [
    ({"cv": 0}, "^cv: standard deviation over mean, a number above 0, is needed, not 0"),
    ({"cv": -0.5}, "leave cv out"), ({"cv": "1"}, "^cv:"), ({"cv": True}, "^cv:"), ({"cv": np.inf}, "^cv:"),
    ({"part": 0}, "^part: a share of at least 1e-08 and at most 0.5"), ({"part": 0.6}, "^part:"), ({"part": None}, "^part:"),
    ({"shape": "skewed"}, "^shape: 'skewed' is not one of normal, log-normal"),
    ({"part": 1e-300}, "^part: a share of at least 1e-08"), ({"part": 1e-12}, "^part: a share of at least 1e-08"),
    ({"shape": "log-normal"}, "^cv: a log-normal outcome needs it"),
    ({"shape": "log-normal", "cv": 1e-9}, "^cv: for a log-normal outcome a number from 0.001 to 1000 is needed"),
    ({"shape": "log-normal", "cv": 1e155}, "^cv: for a log-normal outcome a number from 0.001 to 1000 is needed"),
])
def test_other_impossible_arguments_are_refused_by_name(made, said):
    for ask in (lambda: pt.halves(0.3, **made), lambda: pt.both_halves(0.3, 0.3, 0.3, **made)):
        with pytest.raises(ValueError, match=said):
            ask()


def test_three_correlations_that_no_data_can_have_are_refused_with_what_would_do():
    with pytest.raises(ValueError, match=r"no data can have r_first = 0.9, .* must lie between 0.620 and 1.000"):
        pt.both_halves(0.9, 0.9, -0.5)
    with pytest.raises(ValueError, match="no data can have"):
        pt.both_halves(0.6, 0.8, 0.0)  # the outcome would follow exactly from the two
    low = 0.9 * 0.9 - (1 - 0.9**2)
    assert np.linalg.eigvalsh(matrix(0.9, 0.9, low + 1e-3))[0] > 0 > np.linalg.eigvalsh(matrix(0.9, 0.9, low - 1e-3))[0]
    assert pt.both_halves(0.9, 0.9, low + 1e-3).share_high == pytest.approx(1, abs=1e-3)
