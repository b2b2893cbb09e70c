"""``Moments + Moments``: any split of the rows gives the whole.

The whole is made from the joined rows in one go (and in the group tests by pandas), so the merging formula is never checked
against itself. Tolerances are relative to the data: with values of size ``spread`` about ``offset``, a mean is stored to a
rounding of ``offset``, and a covariance can differ by that times the spread.
"""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pebbletrail.moments import Moments

NAMES = ("a", "b", "c")
ROUNDING = np.finfo(float).eps
steady = settings(deadline=None, max_examples=60, derandomize=True)  # the same examples on every machine

numbers = st.integers(-1000, 1000)
row = st.tuples(numbers, numbers, numbers)
parts_of_rows = st.lists(st.lists(row, min_size=2, max_size=8), min_size=2, max_size=5)
offsets = st.sampled_from([0.0, 1.0, -40.0, 1e4, 1e9])
units = st.sampled_from([1e-6, 0.001, 0.37, 1.0, 60.0, 1e5])


def frames(parts, offset=0.0, unit=1.0):
    return [pd.DataFrame(part, columns=NAMES, dtype=float) * unit + offset * unit for part in parts]


def same(one, other, offset=0.0, unit=1.0):
    """Equal n, means and covariances, within what rounding does to data of this size."""
    assert one.n == other.n
    spread = 2000 * unit  # the largest distance between two values
    step = ROUNDING * (spread + abs(offset) * unit)  # what one rounding can do to a mean
    np.testing.assert_allclose(one.mean, other.mean, rtol=0, atol=8 * step)
    np.testing.assert_allclose(one.cov, other.cov, rtol=0, atol=32 * spread * step)


@steady
@given(parts=parts_of_rows, offset=offsets, unit=units)
def test_merging_any_split_gives_the_whole(parts, offset, unit):
    split = frames(parts, offset, unit)
    merged = Moments.from_frame(split[0])
    for part in split[1:]:
        merged = merged + Moments.from_frame(part)
    same(merged, Moments.from_frame(pd.concat(split, ignore_index=True)), offset, unit)


@steady
@given(parts=parts_of_rows, offset=offsets, unit=units)
def test_the_order_and_the_grouping_of_the_sum_do_not_matter(parts, offset, unit):
    first, second, *others = [Moments.from_frame(part) for part in frames(parts, offset, unit)]
    same(first + second, second + first, offset, unit)
    for other in others:
        same((first + second) + other, first + (second + other), offset, unit)


@steady
@given(parts=parts_of_rows, offset=offsets, unit=units, data=st.data())
def test_merging_by_group_gives_each_group_of_the_whole(parts, offset, unit, data):
    split = [part.assign(team=data.draw(st.lists(st.sampled_from("xyz"), min_size=len(part), max_size=len(part))))
             for part in frames(parts, offset, unit)]
    merged = Moments.from_frame(split[0], NAMES, by="team")
    for part in split[1:]:
        merged = merged + Moments.from_frame(part, NAMES, by="team")
    rows = pd.concat(split, ignore_index=True)
    same(merged, Moments.from_frame(rows, NAMES), offset, unit)
    assert set(merged.groups) == set(rows["team"])
    for team, own in rows.groupby("team")[list(NAMES)]:
        assert merged.groups[team].n == len(own)
        if len(own) > 1:
            same(merged.groups[team], Moments.from_frame(own), offset, unit)


@steady
@given(parts=parts_of_rows, order=st.permutations(NAMES))
def test_the_order_of_the_columns_does_not_matter(parts, order):
    one, other, *_ = frames(parts)
    whole = Moments.from_frame(pd.concat([one, other], ignore_index=True))
    merged = Moments.from_frame(one) + Moments.from_frame(other[order])
    assert merged.names == NAMES  # the left side's order
    same(merged, whole)
    same(Moments.from_frame(one[order]) + Moments.from_frame(other), whole.select(order))


@steady
@given(parts=parts_of_rows, change=st.tuples(units, units, units))
def test_a_change_of_units_changes_covariances_by_the_units_and_nothing_else(parts, change):
    one, other, *_ = frames(parts)
    change = np.array(change)
    merged = Moments.from_frame(one) + Moments.from_frame(other)
    changed = Moments.from_frame(one * change) + Moments.from_frame(other * change)
    largest = np.outer(change, change) * 2000.0**2
    np.testing.assert_allclose(changed.cov / largest, merged.cov * np.outer(change, change) / largest, rtol=0, atol=1e-13)
    np.testing.assert_allclose(changed.mean / change, merged.mean, rtol=0, atol=1e-12 * 2000)


@steady
@given(parts=parts_of_rows, offset=offsets)
def test_selecting_and_scales_may_come_before_or_after_merging(parts, offset):
    one, other, *_ = (Moments.from_frame(part) for part in frames(parts, offset))
    chosen = {"both": ["c", "a"], "b": ["b"]}
    same((one + other).scales(chosen), one.scales(chosen) + other.scales(chosen), offset)
    same((one + other).select(["c", "a"]), one.select(["c", "a"]) + other.select(["c", "a"]), offset)


@steady
@given(parts=parts_of_rows)
def test_merging_changes_neither_side(parts):
    one, other, *_ = (Moments.from_frame(part) for part in frames(parts))
    before = one.cov, other.cov, one.mean, other.mean
    _ = one + other
    for then, now in zip(before, (one.cov, other.cov, one.mean, other.mean), strict=True):
        assert then.equals(now)


# --- by hand --------------------------------------------------------------------------------------------------------

def test_two_parts_by_hand():
    """{0, 2} and {10, 14, 18}: mean 44/5 = 8.8; squared deviations 77.44 + 46.24 + 1.44 + 27.04 + 84.64 = 236.8."""
    merged = Moments.from_frame(pd.DataFrame({"x": [0.0, 2]})) + Moments.from_frame(pd.DataFrame({"x": [10.0, 14, 18]}))
    assert merged.n == 5
    assert merged.mean["x"] == pytest.approx(8.8)
    assert merged.cov.loc["x", "x"] == pytest.approx(236.8 / 4)


def test_groups_that_only_one_side_has_are_kept():
    one = Moments.from_frame(pd.DataFrame({"x": [1.0, 2, 5], "g": list("aab")}), by="g", columns=["x"])
    other = Moments.from_frame(pd.DataFrame({"x": [7.0, 9, 4], "g": list("ccb")}), by="g", columns=["x"])
    merged = one + other
    assert {label: group.n for label, group in merged.groups.items()} == {"a": 2, "b": 2, "c": 2}
    assert merged.groups["b"].mean["x"] == 4.5


def test_a_printed_table_with_its_n_merges_with_rows():
    rows = pd.DataFrame(np.random.default_rng(4).normal(3, 2, size=(50, 2)), columns=["x", "y"])
    first, second = rows.iloc[:20], rows.iloc[20:]
    printed = Moments.from_correlations(first.corr(), n=20, sd=first.std(), mean=first.mean())
    np.testing.assert_allclose((printed + Moments.from_frame(second)).cov, rows.cov(), rtol=1e-12)


def test_the_rule_tells_of_both_sides():
    part = pd.DataFrame({"x": [1.0, 2, np.nan]})
    rule = (Moments.from_frame(part) + Moments.from_frame(pd.DataFrame({"x": [4.0, 5]}))).rule
    assert rule == "5 rows, 1 of them left out for missing values (listwise)"


def test_the_rule_stays_short_however_many_parts():
    part = Moments.from_frame(pd.DataFrame({"x": [1.0, 2, np.nan]}))
    whole = sum([part] * 100)
    assert whole.n == 200
    assert whole.rule == "300 rows, 100 of them left out for missing values (listwise)"


def test_rows_and_a_printed_table_together_name_both():
    rows = Moments.from_frame(pd.DataFrame({"x": [1.0, 2, 4], "y": [3.0, 1, 2]}))
    R = pd.DataFrame(np.eye(2), ["x", "y"], ["x", "y"])
    both = rows + Moments.from_correlations(R, n=50, sd=[1, 2], mean=[2, 3])
    assert both.rule == "rows and a table of correlations, with standard deviations and means"
    assert both.n == 53


@pytest.mark.parametrize("beside", [{}, {"sd": [1, 2]}, {"mean": [2, 3]}])
def test_a_table_without_spreads_and_means_is_not_added(beside):
    rows = Moments.from_frame(pd.DataFrame({"x": [1.0, 2, 4], "y": [3.0, 1, 2]}))
    R = pd.DataFrame(np.eye(2), ["x", "y"], ["x", "y"])
    with pytest.raises(ValueError, match="Give sd and mean to from_correlations"):
        rows + Moments.from_correlations(R, n=50, **beside)


def test_one_observation_has_neither_covariance_nor_correlation():
    one = Moments.from_frame(pd.DataFrame({"x": [1.0, 2, 3], "g": list("abb")}), ["x"], by="g").groups["a"]
    assert one.n == 1
    assert one.cov.isna().all().all()
    with pytest.raises(ValueError, match="One observation"):
        _ = one.cor


# --- what it refuses ------------------------------------------------------------------------------------------------

XY = Moments.from_frame(pd.DataFrame({"x": [1.0, 2, 4], "y": [3.0, 1, 2]}))
GROUPED = Moments.from_frame(pd.DataFrame({"x": [1.0, 2, 4], "y": [3.0, 1, 2], "g": list("aab")}), ["x", "y"], by="g")
TABLE = Moments.from_correlations(pd.DataFrame(np.eye(2), ["x", "y"], ["x", "y"]))


def test_different_variables_are_refused_by_name():
    with pytest.raises(ValueError, match=r"same variables; only one side holds y, z"):
        XY + Moments.from_frame(pd.DataFrame({"x": [1.0, 2, 4], "z": [3.0, 1, 2]}))
    with pytest.raises(ValueError, match=r"only one side holds y"):
        XY + XY.select(["x"])


def test_an_unknown_sample_size_is_refused():
    for one, other in ((XY, TABLE), (TABLE, XY), (TABLE, TABLE)):
        with pytest.raises(ValueError, match="without a sample size cannot be added"):
            one + other


def test_grouped_with_ungrouped_is_refused():
    for one, other in ((XY, GROUPED), (GROUPED, XY)):
        with pytest.raises(ValueError, match="by group and the other is not"):
            one + other
    assert (XY + GROUPED.groups["a"]).n == 5  # one group taken out is ungrouped


def test_something_else_is_refused():
    with pytest.raises(TypeError):
        XY + 1
