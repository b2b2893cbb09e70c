"""Pairwise moments. Expected values come from pandas' own ``DataFrame.cov``, which is pairwise."""

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from pebbletrail.moments import Moments

EXACT = {"rtol": 1e-11, "atol": 1e-12}
NAMES = list("abcd")


def holes(mean=0.0, rows=300, seed=1):
    rng = np.random.default_rng(seed)
    data = pd.DataFrame(mean + rng.normal(size=(rows, 4)) + rng.normal(size=(rows, 1)), columns=NAMES)
    for name, share in zip("abc", (0.2, 0.1, 0.05), strict=True):
        data.loc[rng.random(rows) < share, name] = np.nan
    return data


def pairwise(data, columns=None):
    return Moments.from_frame(data, columns, missing="pairwise")


def counted(data):
    there = data.notna().astype(int)
    return there.T @ there


def test_means_covariances_and_counts_are_those_of_pandas():
    data = holes(5.0)
    m = pairwise(data)
    assert_frame_equal(m.cov, data.cov(), **EXACT)
    np.testing.assert_allclose(m.mean, data.mean(), **EXACT)
    assert_frame_equal(m.pair_counts, counted(data), check_dtype=False)
    assert m.n == counted(data).min().min()
    assert m.rule == (f"300 rows, pairwise: each covariance from {m.n} to 300 rows; errors use the smallest")


def test_correlations_divide_by_each_variables_own_standard_deviation():
    data = holes(5.0)
    spread = data.std()
    assert_frame_equal(pairwise(data).cor, data.cov() / np.outer(spread, spread), **EXACT)


def test_a_mean_of_1e9_leaves_the_digits():
    far = holes(1e9)
    near = far - 1e9  # exact
    np.testing.assert_allclose(pairwise(far).cov, near.cov(), rtol=1e-6)
    np.testing.assert_allclose(pairwise(far).mean - 1e9, near.mean(), atol=1e-6)


def test_without_missing_values_it_is_listwise():
    data = holes().dropna()
    m = pairwise(data)
    assert_frame_equal(m.cov, Moments.from_frame(data).cov, **EXACT)
    assert m.rule == f"{len(data)} rows, pairwise: each covariance from {len(data)} rows; errors use the smallest"


def test_products_and_dummies_lack_a_value_where_a_factor_does():
    data = holes(3.0).assign(team=np.random.default_rng(2).choice(["x", "y", None], 300))
    made = data[["d"]].assign(**{"a:b": data["a"] * data["b"]})
    made["C(team)[y]"] = (data["team"] == "y").where(data["team"].notna()).astype(float)
    m = pairwise(data, ["d", "a:b", "C(team)"])
    assert m.names == ("d", "a:b", "C(team)[y]")
    assert_frame_equal(m.cov, made.cov(), **EXACT)
    assert_frame_equal(m.pair_counts, counted(made), check_dtype=False)


def test_selecting_takes_the_smallest_count_of_what_is_left():
    data = holes()
    m = pairwise(data).select(["d", "c"])
    assert m.n == counted(data).loc["c", "c"]
    assert_frame_equal(m.cov, data[["d", "c"]].cov(), **EXACT)
    assert_frame_equal(m.pair_counts, counted(data[["d", "c"]]), check_dtype=False)


def test_a_scale_is_linear_in_the_pairwise_covariances():
    data = holes()
    m = pairwise(data).scales({"ab": ["a", "b"], "d": ["d"]})
    C, counts = data.cov(), counted(data)
    assert m.cov.loc["ab", "ab"] == pytest.approx((C.loc["a", "a"] + C.loc["b", "b"] + 2 * C.loc["a", "b"]) / 4)
    assert m.cov.loc["ab", "d"] == pytest.approx((C.loc["a", "d"] + C.loc["b", "d"]) / 2)
    assert m.n == counts.loc["a", "b"]
    assert m.pair_counts.loc["ab", "d"] == counts.loc["a", "a"]


def test_other_moments_have_no_pair_counts():
    assert Moments.from_frame(holes()).pair_counts is None


def test_the_callers_frame_is_not_changed():
    data = holes()
    before = data.copy(deep=True)
    _ = pairwise(data).cov
    assert_frame_equal(data, before)


# --- what is refused ------------------------------------------------------------------------------------------------

def test_covariances_that_no_data_can_have_together_are_refused_with_the_eigenvalue():
    a = np.array([1.0, 2, 3, 4])
    none = np.full(4, np.nan)
    data = pd.DataFrame({"x": [*a, *a, *none], "y": [*a, *none, *a], "z": [*none, *a, *-a]})
    cov = data.cov().to_numpy()
    smallest = np.linalg.eigvalsh(cov / np.sqrt(np.outer(np.diag(cov), np.diag(cov))))[0]
    with pytest.raises(ValueError, match=r"^data: the pairwise correlations are not positive semidefinite") as error:
        pairwise(data)
    assert f"{smallest:.3g}" in str(error.value)
    assert "listwise" in str(error.value)


@pytest.mark.parametrize(("data", "message"), [
    pytest.param({"x": [1.0, 2, 3, np.nan], "y": [np.nan, np.nan, 5, 6.0]}, r"^data: 'x' and 'y' stand together in 1 rows",
                 id="two columns"),
    pytest.param({"x": [1.0, 2, 3], "y": [np.nan, np.nan, 5]}, r"^data: 'x' and 'y' stand together in 1 rows",
                 id="one value"),
    pytest.param({"y": [np.nan, np.nan, 5.0]}, r"^data: 'y' stands in 1 rows", id="one column"),
    pytest.param({"y": [np.nan, np.nan]}, r"^data: 'y' stands in 0 rows", id="nothing"),
])
def test_a_pair_with_less_than_two_rows_is_refused_by_name(data, message):
    with pytest.raises(ValueError, match=message):
        pairwise(pd.DataFrame(data))


def test_a_constant_column_is_allowed_and_has_no_correlation():
    m = pairwise(holes().assign(fixed=2.5))
    assert m.cov["fixed"].tolist() == [0] * 5
    with pytest.raises(ValueError, match=r"^fixed: every value is the same"):
        _ = m.cor


def test_groups_adding_and_parts_are_refused_with_the_reason():
    data = holes().assign(team="t")
    with pytest.raises(ValueError, match=r"^missing: pairwise .* one group only.*cannot be joined"):
        Moments.from_frame(data, NAMES, by="team", missing="pairwise")
    one, other = pairwise(data), Moments.from_frame(data)
    for left, right in ((one, one), (one, other), (other, one)):
        with pytest.raises(ValueError, match=r"^Pairwise moments cannot be added"):
            left + right
    with pytest.raises(ValueError, match=r"^within: these moments are not kept by group"):
        one.within()
