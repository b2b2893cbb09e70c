"""The within and the between part. Expected values come from pandas on rows, and from statsmodels with a dummy a group."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from pebbletrail.moments import Moments

EXACT = {"rtol": 1e-10, "atol": 1e-12}
NAMES = ["y", "x", "z"]


@pytest.fixture
def frame():
    """Forty-one people with three to nine weeks each (and one with a single week); what lies between them is large."""
    rng = np.random.default_rng(4)
    person = np.repeat(np.arange(41), [1, *rng.integers(3, 10, 40)])
    level = rng.normal(0, 10, size=(41, 3))[person]
    data = pd.DataFrame(level + rng.normal(size=(len(person), 3)), columns=NAMES)
    data["y"] += 0.7 * data["x"]
    return data.assign(person=person, week=rng.integers(1, 5, len(person)))


def test_within_is_the_covariance_of_deviations_with_divisor_n_minus_groups(frame):
    m = Moments.from_frame(frame, NAMES, by="person").within()
    deviations = frame[NAMES] - frame.groupby("person")[NAMES].transform("mean")
    expected = deviations.T @ deviations / (len(frame) - 41)
    assert_frame_equal(m.cov, expected, **EXACT)
    assert m.mean.tolist() == [0, 0, 0]
    assert m.n == len(frame)
    assert m.absorbed == 41
    np.testing.assert_allclose(m.cor, deviations.corr(), **EXACT)
    np.testing.assert_allclose(m.sd**2, np.diag(expected), **EXACT)


def test_a_group_of_the_within_part_has_its_own_covariance_and_no_mean(frame):
    m = Moments.from_frame(frame, NAMES, by="person")
    for label, group in m.within().groups.items():
        assert group.absorbed == 1
        assert group.mean.tolist() == [0, 0, 0]
        assert_frame_equal(group.cov, m.groups[label].cov)  # divisor: its own size less 1
    assert m.absorbed == m.groups[3].absorbed == 0


def test_two_way_fixed_effects_are_those_of_statsmodels_with_all_dummies(frame):
    smf = pytest.importorskip("statsmodels.formula.api")
    m = Moments.from_frame(frame, ["y", "x", "z", "C(week)"], by="person").within()
    S = m.cov.to_numpy()
    slopes = np.linalg.solve(S[1:, 1:], S[1:, 0])
    expected = smf.ols("y ~ x + z + C(week) + C(person)", frame).fit().params
    np.testing.assert_allclose(slopes, expected[["x", "z", "C(week)[T.2]", "C(week)[T.3]", "C(week)[T.4]"]], rtol=1e-9)


def test_between_is_the_covariance_of_the_group_means_each_counting_once(frame):
    m = Moments.from_frame(frame, NAMES, by="person").between()
    means = frame.groupby("person")[NAMES].mean()
    assert_frame_equal(m.cov, means.cov(), **EXACT)
    np.testing.assert_allclose(m.mean, means.mean(), **EXACT)
    assert m.n == 41
    assert m.absorbed == 0
    assert list(m.groups) == [None]


def test_selecting_and_scales_keep_what_was_taken_out(frame):
    m, scale = Moments.from_frame(frame, NAMES, by="person"), {"s": ["x", "z"], "y": ["y"]}
    for part in ("within", "between"):
        split = getattr(m, part)()
        assert split.select(["z"]).rule == split.scales(scale).rule == split.rule
        assert split.select(["z"]).absorbed == split.absorbed
        assert_frame_equal(split.scales(scale).cov, getattr(m.scales(scale), part)().cov, **EXACT)


def test_the_rule_says_what_was_done(frame):
    frame.loc[10, "x"] = np.nan
    m = Moments.from_frame(frame, NAMES, by="person")
    rows = f"{len(frame)} rows, 1 of them left out for missing values (listwise)"
    assert m.within().rule == f"deviations from the means of 41 groups, {rows}"
    own = f"{(frame['person'] == 3).sum()} rows of the group 3"
    assert m.within().groups[3].rule == f"deviations from the mean of the group, {own}"
    assert m.groups[3].rule == m.groups[3].select(["z"]).rule == own
    assert m.between().rule == f"means of 41 groups, {rows}"
    assert m.rule == rows


def test_thousands_are_marked():
    data = pd.DataFrame({"x": np.arange(2500.0), "g": np.arange(2500) // 2})
    assert Moments.from_frame(data, ["x"], by="g").within().rule == "deviations from the means of 1,250 groups, 2,500 rows"


def test_within_twice_is_within_once(frame):
    m = Moments.from_frame(frame, NAMES, by="person").within()
    assert_frame_equal(m.within().cov, m.cov)
    assert m.within().rule == m.rule


def test_splitting_changes_nothing_in_the_whole(frame):
    m = Moments.from_frame(frame, NAMES, by="person")
    before = m.cov, m.mean
    m.within(), m.between()
    assert m.cov.equals(before[0])
    assert m.mean.equals(before[1])


def test_a_mean_of_1e9_leaves_the_within_part_its_digits(frame):
    far = frame.assign(x=1e9 + frame["x"])
    near = far.assign(x=far["x"] - 1e9)  # exact
    for part in ("within", "between"):
        one, other = (getattr(Moments.from_frame(rows, NAMES, by="person"), part)().cov for rows in (far, near))
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-6)


@settings(deadline=None, max_examples=60, derandomize=True)
@given(rows=st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50), st.sampled_from("abc")), min_size=3, max_size=25))
def test_the_parts_add_up_and_may_be_split_after_merging(rows):
    data = pd.DataFrame([*rows, (0, 0, "a"), (1, 1, "b")], columns=["x", "y", "g"])
    m = Moments.from_frame(data, ["x", "y"], by="g")
    merged = Moments.from_frame(data[:2], ["x", "y"], by="g") + Moments.from_frame(data[2:], ["x", "y"], by="g")
    means = data.groupby("g")[["x", "y"]].transform("mean")
    between = (means - means.mean()).T @ (means - means.mean())
    if m.n > len(m.groups):
        within = m.within().cov * (m.n - len(m.groups))
        np.testing.assert_allclose(within + between, m.cov * (m.n - 1), atol=1e-8)
        np.testing.assert_allclose(merged.within().cov, m.within().cov, atol=1e-8)
    np.testing.assert_allclose(merged.between().cov, m.between().cov, atol=1e-8)


# --- what is refused ------------------------------------------------------------------------------------------------

GROUPED = Moments.from_frame(pd.DataFrame({"x": [1.0, 2, 4, 3], "g": list("aabb")}), ["x"], by="g")


@pytest.mark.parametrize("part", ["within", "between"])
def test_moments_without_groups_or_without_n_have_no_parts(part):
    with pytest.raises(ValueError, match=rf"^{part}: these moments are not kept by group; make them with by="):
        getattr(Moments.from_frame(pd.DataFrame({"x": [1.0, 2, 3]})), part)()
    with pytest.raises(ValueError, match=rf"^{part}: the sample size is unknown"):
        getattr(Moments.from_correlations(pd.DataFrame(np.eye(2), list("ab"), list("ab"))), part)()


def test_between_needs_two_groups_and_whole_moments():
    with pytest.raises(ValueError, match=r"^between: there is one group only"):
        Moments.from_frame(pd.DataFrame({"x": [1.0, 2, 3], "g": "a"}), ["x"], by="g").between()
    with pytest.raises(ValueError, match=r"^between: these are deviations from the groups' means"):
        GROUPED.within().between()


@pytest.mark.parametrize("part", ["within", "between"])
def test_a_part_is_not_added_since_its_means_are_gone(part):
    split = getattr(GROUPED, part)()
    for one, other in ((split, split), (split, GROUPED), (GROUPED, split)):
        with pytest.raises(ValueError, match=rf"^A {part} part cannot be added.*add the whole moments first.*\.{part}\(\)"):
            one + other


def test_with_one_row_a_group_nothing_is_left_within():
    m = Moments.from_frame(pd.DataFrame({"x": [1.0, 2, 3], "g": list("abc")}), ["x"], by="g").within()
    assert m.cov.isna().all().all()


@pytest.mark.parametrize("far", [0, 1e6, 1e9])
def test_rounding_does_not_count_as_variation_inside_groups(far):
    """x less its own deviations is the group mean again, but for the last digits."""
    rng = np.random.default_rng(1)
    data = pd.DataFrame({"x": rng.normal(size=60), "g": rng.integers(0, 8, 60)})
    own = data["x"] - data.groupby("g")["x"].transform("mean")
    data["mean"] = data["x"] - own + far
    part = Moments.from_frame(data, ["x", "mean"], by="g").within()
    assert part.cov.loc["mean"].tolist() == [0, 0]
    assert part.cov.loc["x", "x"] == pytest.approx(own.pow(2).sum() / (60 - 8))


def test_what_varies_little_inside_groups_is_kept():
    rng = np.random.default_rng(1)
    data = pd.DataFrame({"g": np.repeat(np.arange(6), 10), "x": rng.normal(size=60)})
    data["x"] = 1e6 * data["g"] + 1e-4 * data["x"]
    part = Moments.from_frame(data, ["x"], by="g").within()
    own = data["x"] - data.groupby("g")["x"].transform("mean")
    assert part.cov.loc["x", "x"] == pytest.approx(own.pow(2).sum() / 54, rel=1e-4)
    assert part.cov.loc["x", "x"] > 0
