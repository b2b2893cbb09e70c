"""Moments of a DataFrame's rows. Expected values come from pandas, or from numpy on data whose mean was taken away."""

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal, assert_series_equal

from pebbletrail.moments import Moments

EXACT = {"rtol": 1e-12, "atol": 1e-12, "check_names": False}


@pytest.fixture
def frame():
    """Sixty rows of three correlated columns in unlike units, seven of them with a gap, in three teams."""
    rng = np.random.default_rng(3)
    common = rng.normal(size=60)
    data = pd.DataFrame({"calls": 40 + 9 * (common + rng.normal(size=60)), "quality": common + rng.normal(size=60),
                         "trust": 0.001 * rng.normal(size=60), "team": rng.choice(["north", "south", "west"], 60),
                         "comment": "none"}, index=[f"agent {i}" for i in range(60)])
    data.loc["agent 4", "calls"] = np.nan
    data.loc[["agent 10", "agent 11", "agent 50"], "quality"] = np.nan
    data.loc[["agent 20", "agent 21"], "trust"] = np.nan
    data.loc["agent 30", ["calls", "trust"]] = np.nan
    return data


NUMERIC = ["calls", "quality", "trust"]


def test_n_mean_sd_cov_and_cor_are_those_of_pandas_on_the_complete_rows(frame):
    m, complete = Moments.from_frame(frame, NUMERIC), frame[NUMERIC].dropna()
    assert m.n == len(complete) == 53
    assert m.names == tuple(NUMERIC)
    assert_series_equal(m.mean, complete.mean(), **EXACT)
    assert_series_equal(m.sd, complete.std(), **EXACT)
    assert_frame_equal(m.cov, complete.cov(), **EXACT)
    assert_frame_equal(m.cor, complete.corr(), **EXACT)


def test_without_by_there_is_one_group_labelled_none(frame):
    m = Moments.from_frame(frame, NUMERIC)
    assert list(m.groups) == [None]
    assert_frame_equal(m.groups[None].cov, m.cov)


def test_by_group_each_group_is_pandas_on_its_rows_and_the_whole_is_pandas_on_all(frame):
    m, complete = Moments.from_frame(frame, NUMERIC, by="team"), frame.dropna()
    assert list(m.groups) == sorted(complete["team"].unique())
    assert len(m.groups) == 3
    for team, rows in complete.groupby("team")[NUMERIC]:
        group = m.groups[team]
        assert group.n == len(rows)
        assert_series_equal(group.mean, rows.mean(), **EXACT)
        assert_frame_equal(group.cov, rows.cov(), **EXACT)
        assert_frame_equal(group.cor, rows.corr(), **EXACT)
    assert_series_equal(m.mean, complete[NUMERIC].mean(), **EXACT)
    assert_frame_equal(m.cov, complete[NUMERIC].cov(), **EXACT)


@pytest.mark.parametrize("labels", [
    pytest.param([2, 1, 2, 1, 3, 3], id="whole numbers"),
    pytest.param([0.5, 0.25, 0.5, 0.25, 9.0, 9.0], id="decimals"),
    pytest.param([True, False, True, False, True, False], id="yes and no"),
    pytest.param(pd.to_datetime(["2024-05-01", "2024-06-01"] * 3), id="dates"),
    pytest.param(pd.Categorical(["b", "a"] * 3, categories=["c", "b", "a"], ordered=True), id="ordered categories"),
    pytest.param(["b", 1, "b", 1, "b", 1], id="words and numbers mixed"),
])
def test_any_kind_of_label_makes_groups_and_an_empty_category_makes_none(labels):
    data = pd.DataFrame({"x": [1.0, 2.0, 4.0, 8.0, 16.0, 32.0], "g": labels})
    m = Moments.from_frame(data, ["x"], by="g")
    for label in set(labels):
        assert m.groups[label].mean["x"] == pytest.approx(data.loc[data["g"] == label, "x"].mean())
    assert len(m.groups) == len(set(labels))


def test_an_unknown_group_is_a_key_error_that_names_it(frame):
    with pytest.raises(KeyError, match="east"):
        Moments.from_frame(frame, NUMERIC, by="team").groups["east"]


def test_columns_default_to_every_numeric_one_but_by():
    data = pd.DataFrame({"g": [1, 1, 2, 2], "word": list("abcd"), "x": [1.0, 2, 3, 5], "k": [1, 2, 2, 9]})
    assert Moments.from_frame(data).names == ("g", "x", "k")
    assert Moments.from_frame(data, by="g").names == ("x", "k")


def test_a_duration_is_no_numeric_column_by_default():
    data = pd.DataFrame({"x": [1.0, 2, 3], "handling": pd.to_timedelta([60, 90, 200], unit="s")})
    assert Moments.from_frame(data).names == ("x",)


def test_columns_that_are_named_by_numbers_can_be_shown():
    data = pd.DataFrame(np.random.default_rng(0).normal(size=(6, 2)))  # what numpy users bring: columns 0 and 1
    assert "n = 6" in repr(Moments.from_frame(data))


def test_whole_numbers_yes_or_no_and_nullable_columns_are_numbers_too():
    data = pd.DataFrame({"count": pd.array([1, 2, None, 4], dtype="Int64"), "yes": [True, False, True, True],
                         "share": pd.array([0.1, 0.4, 0.2, 0.8], dtype="Float64")})
    m, complete = Moments.from_frame(data, list(data)), data.dropna().astype(float)
    assert m.n == 3
    assert_frame_equal(m.cov, complete.cov(), **EXACT)


# --- missing values -------------------------------------------------------------------------------------------------

def test_listwise_counts_the_rows_left_out_in_rule(frame):
    assert "60 rows, 7 of them left out" in Moments.from_frame(frame, NUMERIC).rule
    assert "60 rows, 3 of them left out" in Moments.from_frame(frame, ["quality"]).rule
    assert Moments.from_frame(frame.dropna(), NUMERIC).rule == "53 rows"


def test_rows_without_a_group_are_left_out_and_counted(frame):
    data = frame.dropna().copy()
    data.iloc[[5, 8], data.columns.get_loc("team")] = None
    m = Moments.from_frame(data, NUMERIC, by="team")
    assert m.n == 51
    assert "53 rows, 2 of them left out" in m.rule
    assert_frame_equal(m.cov, data.dropna()[NUMERIC].cov(), **EXACT)


def test_a_group_whose_rows_are_all_incomplete_disappears():
    data = pd.DataFrame({"x": [1.0, 2, 3, np.nan], "g": list("aabc")})
    assert list(Moments.from_frame(data, by="g").groups) == ["a", "b"]


def test_refuse_names_the_first_row_that_lacks_a_value(frame):
    with pytest.raises(ValueError, match=r"7 of 60 rows lack a value.*'agent 4'"):
        Moments.from_frame(frame, NUMERIC, missing="refuse")
    assert Moments.from_frame(frame.dropna(), NUMERIC, missing="refuse").n == 53


# --- the caller's data ----------------------------------------------------------------------------------------------

def test_the_callers_frame_is_not_changed_nor_kept(frame):
    before = frame.copy(deep=True)
    m = Moments.from_frame(frame, NUMERIC, by="team")
    cov = m.cov
    _ = m.cor, m.groups["north"].cov, m.scales({"both": ["calls", "quality"]}).cov
    assert_frame_equal(frame, before)
    frame[NUMERIC] = 0.0
    assert_frame_equal(m.cov, cov)


def test_changing_a_result_changes_nothing_else(frame):
    m = Moments.from_frame(frame, NUMERIC)
    cov, mean = m.cov, m.mean
    cov.iloc[0, 0], mean.iloc[0] = -1.0, -1.0
    assert m.cov.iloc[0, 0] > 0
    assert m.mean.iloc[0] > 0


# --- errors ---------------------------------------------------------------------------------------------------------

FOUR = pd.DataFrame({"x": [1.0, 2, 3, 5], "y": [2.0, 2, 4, 1], "word": list("abcd"),
                     "when": pd.to_datetime(["2024-01-01"] * 4), "hole": [1.0, np.nan, np.nan, np.nan]},
                    index=["r1", "r2", "r3", "r4"])


@pytest.mark.parametrize(("columns", "by", "message"), [
    pytest.param(["x", "z"], None, r"^columns: there is no 'z'; there are x, y, word", id="unknown column"),
    pytest.param(["x", "y", "x"], None, r"^columns: x is named more than once", id="column named twice"),
    pytest.param(["x", "word"], None, r"^columns: 'word' holds .*, not numbers", id="words"),
    pytest.param(["x", "when"], None, r"^columns: 'when' holds datetime", id="dates"),
    pytest.param([], None, r"^columns: there is no numeric column", id="no columns"),
    pytest.param(["x"], "team", r"^by: there is no column 'team'; there are x, y", id="unknown by"),
    pytest.param(["x", "hole"], None, r"^data: 1 complete rows are left of 4; at least 2", id="one complete row"),
])
def test_a_wrong_column_is_an_error_that_names_it(columns, by, message):
    with pytest.raises(ValueError, match=message):
        Moments.from_frame(FOUR, columns, by=by)


@pytest.mark.parametrize(("by", "given"), [
    pytest.param(["word"], r"\['word'\]", id="a list"), pytest.param(FOUR["word"], "Series", id="a column"),
    pytest.param(FOUR["word"].to_numpy(), "[A-Z]?[a-zA-Z]*[aA]rray", id="an array"),
])
def test_by_is_the_name_of_one_column(by, given):
    with pytest.raises(ValueError, match=rf"^by: the name of one column is needed, such as 'x', not {given}\.$"):
        Moments.from_frame(FOUR, ["x"], by=by)


def test_a_row_is_named_by_its_plain_label():
    data = pd.DataFrame({"x": [1.0, np.inf, 2], "y": [np.nan, 1, 2]}, index=[10, 11, 12])
    with pytest.raises(ValueError, match=r"'x' holds an infinite value in row 11\.$"):
        Moments.from_frame(data)
    with pytest.raises(ValueError, match=r"the first is row 10\)"):
        Moments.from_frame(data, ["y"], missing="refuse")
    with pytest.raises(ValueError, match=r"too large a product in row 12\.$"):
        Moments.from_frame(data.assign(x=1e200, y=[1, 1, 1e200]), ["x:y"])


@pytest.mark.parametrize("infinite", [np.inf, -np.inf])
def test_an_infinite_value_is_an_error_that_names_column_and_row(infinite):
    data = FOUR.assign(y=[2.0, 2, infinite, 1])
    with pytest.raises(ValueError, match=r"^columns: 'y' holds an infinite value in row 'r3'"):
        Moments.from_frame(data, ["x", "y"])


def test_a_column_that_stands_twice_in_the_data_is_an_error_that_names_it():
    data = pd.DataFrame([[1.0, 2.0, 3.0], [2.0, 1.0, 5.0]], columns=["x", "y", "y"])
    with pytest.raises(ValueError, match=r"^columns: 'y' stands more than once in the data"):
        Moments.from_frame(data, ["x", "y"])
    assert Moments.from_frame(data, ["x"]).n == 2


@pytest.mark.parametrize("rows", [0, 1])
def test_fewer_than_two_rows_are_an_error(rows):
    with pytest.raises(ValueError, match=rf"^data: {rows} complete rows are left of {rows}; at least 2"):
        Moments.from_frame(FOUR.head(rows), ["x", "y"])


def test_an_unknown_missing_rule_and_data_of_another_kind_are_errors():
    with pytest.raises(ValueError, match=r"^missing: 'drop' is not one of listwise, pairwise, refuse"):
        Moments.from_frame(FOUR, ["x"], missing="drop")
    with pytest.raises(ValueError, match=r"^data: a DataFrame is needed, not list"):
        Moments.from_frame([[1, 2], [3, 4]])


def test_a_constant_column_has_moments_but_no_correlation():
    m = Moments.from_frame(FOUR.assign(fixed=0.1), ["x", "fixed", "y"])
    assert m.cov.loc["fixed", "fixed"] == 0
    with pytest.raises(ValueError, match=r"^fixed: every value is the same"):
        _ = m.cor


@pytest.mark.parametrize(("column", "message"), [
    pytest.param(pd.to_timedelta([1, 2, 3, 4], unit="h"), r"holds timedelta64\[us\]", id="durations"),
    pytest.param(np.array([1, 2, 3, 4j]), r"holds complex128", id="complex numbers"),
    pytest.param(pd.Categorical([1, 2, 3, 3]), r"holds category", id="categories"),
    pytest.param(np.array([1.0, 2, "3", None], dtype=object), r"holds object", id="a mixture"),
])
def test_a_column_that_is_no_number_is_refused_and_dummies_are_offered(column, message):
    with pytest.raises(ValueError, match=rf"^columns: 'odd' {message}, not numbers; 'C\(odd\)' makes dummies"):
        Moments.from_frame(FOUR.assign(odd=column), ["x", "odd"])


def test_a_group_column_that_stands_twice_or_is_infinite_is_an_error_that_names_it():
    twice = pd.DataFrame([[1.0, 2.0, 3.0], [2.0, 1.0, 5.0]], columns=["x", "g", "g"])
    with pytest.raises(ValueError, match=r"^by: 'g' stands more than once in the data"):
        Moments.from_frame(twice, ["x"], by="g")
    with pytest.raises(ValueError, match=r"^by: 'g' holds an infinite value"):
        Moments.from_frame(FOUR.assign(g=[1.0, 1.0, np.inf, 2.0]), ["x"], by="g")


# --- many groups ----------------------------------------------------------------------------------------------------

def test_thousands_of_small_groups_of_all_sizes_are_each_those_of_pandas():
    rng = np.random.default_rng(9)
    data = pd.DataFrame(rng.normal(50, [1, 20, 0.1], size=(6000, 3)), columns=list("abc"))
    data["g"] = rng.integers(0, 2000, 6000)
    data.loc[:400, "g"] = 7  # one large group among them
    m = Moments.from_frame(data, list("abc"), by="g")
    own = data.groupby("g")[list("abc")]
    assert m.labels == tuple(own.groups)
    np.testing.assert_array_equal([group.n for group in m.groups.values()], own.size())
    np.testing.assert_allclose([group.mean for group in m.groups.values()], own.mean(), rtol=1e-12)
    own_several = data[data["g"].map(own.size()) > 1].groupby("g")[list("abc")]
    several = list(own_several.groups)
    np.testing.assert_allclose(np.vstack([m.groups[label].cov for label in several]),
                               own_several.cov(), rtol=1e-9, atol=1e-12)


# --- digits ---------------------------------------------------------------------------------------------------------

def far_from_zero(rows, seed=11):
    """Three columns with mean 1e9 and standard deviation 1, and the same rows with 1e9 taken away (exactly)."""
    near = np.random.default_rng(seed).multivariate_normal(np.zeros(3), [[1, 0.5, 0], [0.5, 1, 0], [0, 0, 1]], size=rows)
    far = pd.DataFrame(1e9 + near, columns=list("abc"))
    return far, far - 1e9


def test_a_mean_of_1e9_leaves_a_variance_of_1_its_digits():
    far, near = far_from_zero(5000)
    m = Moments.from_frame(far)
    expected = np.cov(near.to_numpy(), rowvar=False)
    np.testing.assert_allclose(m.cov, expected, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(np.diag(m.cov), np.diag(expected), rtol=1e-6)
    np.testing.assert_allclose(m.mean - 1e9, near.mean(), atol=1e-6)
    assert np.abs((far**2).mean() - far.mean() ** 2 - near.var(ddof=0)).max() > 1  # raw sums of squares would have failed


def test_a_thousand_parts_with_a_mean_of_1e9_merge_into_the_right_variance():
    far, near = far_from_zero(5000)
    expected = np.cov(near.to_numpy(), rowvar=False)
    parts = [Moments.from_frame(far.iloc[start:start + 5]) for start in range(0, 5000, 5)]
    one_by_one = parts[0]
    for part in parts[1:]:
        one_by_one = one_by_one + part
    together = Moments.from_frame(far.assign(part=np.arange(5000) // 5), list("abc"), by="part")
    assert len(together.groups) == 1000
    for whole in (one_by_one, together):
        assert whole.n == 5000
        np.testing.assert_allclose(np.diag(whole.cov), np.diag(expected), rtol=1e-6)
        np.testing.assert_allclose(whole.cov, expected, atol=1e-6)
        np.testing.assert_allclose(whole.mean - 1e9, near.mean(), atol=1e-6)


def test_a_first_row_far_from_the_others_costs_no_digits_in_the_other_columns_or_the_whole():
    data = pd.DataFrame(np.random.default_rng(5).normal(size=(400, 2)), columns=["x", "y"])
    data.loc[0, "x"] = 1e9
    m = Moments.from_frame(data)
    np.testing.assert_allclose(m.cov, data.cov(), rtol=1e-9)
    np.testing.assert_allclose(m.mean, data.mean(), rtol=1e-12)


def test_columns_of_very_unlike_size_keep_their_correlations():
    data = pd.DataFrame(np.random.default_rng(6).normal(size=(50, 3)) @ np.array([[1, 1, 0], [0, 1, 1], [0, 0, 1.0]]),
                        columns=list("abc"))
    np.testing.assert_allclose(Moments.from_frame(data * [1e-140, 1.0, 1e140]).cor, data.corr(), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("seed", range(6))
def test_a_scale_of_an_item_and_its_reversed_twin_does_not_vary(seed):
    """Rounding leaves a trace of about 1e-17, which must not pass for variation."""
    rng = np.random.default_rng(seed)
    data = pd.DataFrame({"a": rng.normal(3, 1.3, 90), "y": rng.normal(size=90)})
    data["b"] = 7.1 - data["a"]
    scales = Moments.from_frame(data).scales({"flat": ["a", "b"], "y": ["y"]})
    assert scales.cov.loc["flat"].tolist() == [0, 0]
    with pytest.raises(ValueError, match=r"^flat: every value is the same"):
        scales.cor  # noqa: B018
