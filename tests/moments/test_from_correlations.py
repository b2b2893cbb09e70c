"""Moments of a printed table; selecting, scales and alpha.

Expected values come from pandas on rows, from pingouin, from R's psych (``tests/oracles/alpha.R``) or from the formula.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal, assert_series_equal

import pebbletrail as pt
from pebbletrail.moments import Moments

ORACLES = Path(__file__).resolve().parents[1] / "oracles"
NAMES = ["a", "b", "c"]
R = pd.DataFrame([[1.0, 0.5, -0.2], [0.5, 1.0, 0.1], [-0.2, 0.1, 1.0]], NAMES, NAMES)


def changed(row, column, value, mirror=None):
    """``R`` with one entry changed, and its mirror image with it unless another value is given."""
    made = R.copy()
    made.loc[row, column] = value
    made.loc[column, row] = value if mirror is None else mirror
    return made


# --- what it holds --------------------------------------------------------------------------------------------------

def test_without_sd_and_mean_every_variable_is_standardised():
    m = Moments.from_correlations(R, n=120)
    assert_frame_equal(m.cov, R, rtol=1e-14)
    assert_frame_equal(m.cor, R, rtol=1e-14)
    assert m.mean.to_dict() == dict.fromkeys(NAMES, 0.0)
    assert m.n == 120
    assert "standardised" in m.rule


def test_n_may_be_unknown():
    m = Moments.from_correlations(R, sd=[2, 3, 4])
    assert m.n is None
    assert "n unknown" in repr(m)
    assert_frame_equal(m.cor, R, rtol=1e-14)
    np.testing.assert_allclose(np.diag(m.cov), [4, 9, 16])
    assert m.groups[None].n is None


@pytest.mark.parametrize("given", [
    pytest.param([2.0, 3.0, 4.0], id="a list"),
    pytest.param((2, 3, 4), id="a tuple"),
    pytest.param(np.array([2.0, 3.0, 4.0]), id="an array"),
    pytest.param({"c": 4.0, "a": 2.0, "b": 3.0}, id="a dict in another order"),
    pytest.param(pd.Series({"b": 3.0, "c": 4.0, "a": 2.0}), id="a Series in another order"),
    pytest.param(pd.Series({"b": 3.0, "other": 9.0, "c": 4.0, "a": 2.0}), id="a Series with more names"),
])
def test_sd_and_mean_beside_go_to_their_names(given):
    m = Moments.from_correlations(R, n=50, sd=given, mean=given)
    assert m.sd.to_dict() == pytest.approx({"a": 2, "b": 3, "c": 4})
    assert m.mean.to_dict() == pytest.approx({"a": 2, "b": 3, "c": 4})
    assert m.cov.loc["a", "c"] == pytest.approx(-0.2 * 2 * 4)


def test_the_moments_of_rows_come_back_from_their_own_table():
    rows = pd.DataFrame(np.random.default_rng(0).normal(5, [1, 20, 0.01], size=(40, 3)), columns=NAMES)
    m = Moments.from_correlations(rows.corr(), n=40, sd=rows.std(), mean=rows.mean())
    assert_frame_equal(m.cov, rows.cov(), rtol=1e-12)
    assert_series_equal(m.mean, rows.mean(), rtol=1e-12, check_names=False)


def test_rows_in_another_order_than_columns_are_put_in_the_columns_order():
    assert_frame_equal(Moments.from_correlations(R.loc[["c", "a", "b"]]).cor, R, rtol=1e-14)


def test_the_callers_table_is_not_changed_nor_kept():
    mine, sd = R.copy(), pd.Series({"c": 4.0, "a": 2.0, "b": 3.0})
    m = Moments.from_correlations(mine, sd=sd)
    assert_frame_equal(mine, R)
    assert list(sd) == [4.0, 2.0, 3.0]
    mine.loc["a", "b"] = 0.9
    assert m.cor.loc["a", "b"] == pytest.approx(0.5)


def test_a_perfect_correlation_is_allowed():
    assert Moments.from_correlations(R.loc[["a", "b"], ["a", "b"]].replace(0.5, 1.0)).cor.loc["a", "b"] == 1


# --- what it refuses ------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("table", "message"), [
    pytest.param(R.iloc[:2], r"^R: it has 2 rows and 3 columns; a correlation matrix is square", id="not square"),
    pytest.param(changed("a", "c", -0.2, 0.2), r"^R: the entry \(a, c\) is -0.2, but its mirror image is 0.2",
                 id="asymmetric"),
    pytest.param(changed("b", "b", 0.98), r"^R: the entry \(b, b\) is 0.98; the diagonal", id="another diagonal"),
    pytest.param(changed("b", "c", 1.01), r"^R: the entry \(b, c\) is 1.01; a correlation lies between", id="above 1"),
    pytest.param(changed("b", "c", -3.0), r"^R: the entry \(b, c\) is -3; a correlation lies between", id="below -1"),
    pytest.param(changed("a", "b", np.nan), r"^R: the entry \(a, b\) is nan; every entry must be a number", id="missing"),
    pytest.param(R.where(np.tri(3, dtype=bool)), r"^R: the entry \(a, b\) is nan", id="lower triangle only"),
    pytest.param(changed("a", "c", 0.95).replace(0.1, -0.9), r"^R: it is not positive semidefinite \(smallest eigenvalue -",
                 id="no data can have it"),
    pytest.param(R.rename(index={"b": "bb"}), r"^R: .*\bbb\b", id="names that differ"),
    pytest.param(pd.DataFrame(np.eye(2), ["a", "a"], ["a", "a"]), r"^R: .*the same names, each once", id="a name twice"),
    pytest.param(pd.DataFrame(), r"^R: ", id="empty"),
    pytest.param(R.astype(object).replace(-0.2, "−.20"), r"^R: the entry \(a, c\)", id="a number left as text"),
    pytest.param(R.to_numpy(), r"^R: a square DataFrame is needed, .* not ndarray", id="an array without names"),
])
def test_a_table_that_is_no_correlation_matrix_is_an_error_that_names_the_entry(table, message):
    with pytest.raises(ValueError, match=message):
        Moments.from_correlations(table)


def test_the_message_on_two_unlike_mirror_images_shows_two_unlike_numbers():
    with pytest.raises(ValueError, match=r"\(a, b\) is 0\.5000001, but its mirror image is 0\.5\b"):
        Moments.from_correlations(changed("a", "b", 0.5000001, 0.5))


def test_the_eigenvalue_in_the_message_is_the_smallest_one():
    impossible = changed("a", "c", 0.95).replace(0.1, -0.9)
    with pytest.raises(ValueError, match="smallest eigenvalue") as error:
        Moments.from_correlations(impossible)
    assert f"{np.linalg.eigvals(impossible.to_numpy()).min():.3g}" in str(error.value)


@pytest.mark.parametrize("n", [0, 1, -5, 2.5, True, "250", float("nan"), float("inf"), "many", [250]])
def test_a_sample_size_that_is_none_is_an_error_that_names_n(n):
    with pytest.raises(ValueError, match=r"^n: "):
        Moments.from_correlations(R, n=n)


@pytest.mark.parametrize("n", [2, 250, 250.0, np.int64(250), np.float64(250)])
def test_a_whole_number_of_any_type_is_a_sample_size(n):
    m = Moments.from_correlations(R, n=n)
    assert m.n == n
    assert isinstance(m.n, int)


@pytest.mark.parametrize(("beside", "message"), [
    pytest.param({"sd": [1, 2]}, r"^sd: 3 values are needed, one for each variable, not 2", id="too few"),
    pytest.param({"mean": [1, 2, 3, 4]}, r"^mean: 3 values are needed, one for each variable, not 4", id="too many"),
    pytest.param({"sd": 2.0}, r"^sd: 3 values are needed", id="one number"),
    pytest.param({"sd": {"a": 1, "b": 2}}, r"^sd: nothing is given for c", id="a name without a value"),
    pytest.param({"mean": pd.Series({"a": 1, "c": 2})}, r"^mean: nothing is given for b", id="a Series without a name"),
    pytest.param({"sd": [1, 0, 2]}, r"^sd: b has 0; a standard deviation is above 0", id="zero"),
    pytest.param({"sd": [1, 2, -2]}, r"^sd: c has -2; a standard deviation is above 0", id="negative"),
    pytest.param({"sd": [1, np.nan, 2]}, r"^sd: b has nan", id="missing sd"),
    pytest.param({"mean": [np.inf, 0, 0]}, r"^mean: a has inf; a finite number is needed", id="infinite mean"),
])
def test_wrong_values_beside_the_table_are_errors_that_name_argument_and_variable(beside, message):
    with pytest.raises(ValueError, match=message):
        Moments.from_correlations(R, **beside)


def test_a_mean_may_be_negative_or_zero():
    assert Moments.from_correlations(R, mean=[-3, 0, 2]).mean.tolist() == [-3, 0, 2]


# --- select ---------------------------------------------------------------------------------------------------------

def test_select_keeps_the_order_asked_for():
    m = Moments.from_correlations(R, n=30, sd=[2, 3, 4], mean=[5, 6, 7]).select(["c", "a"])
    assert m.names == ("c", "a")
    assert m.n == 30
    np.testing.assert_allclose(m.cov, [[16, -1.6], [-1.6, 4]], rtol=1e-14)
    assert m.mean.to_dict() == {"c": 7, "a": 5}


def test_select_by_group_selects_in_each_group():
    rows = pd.DataFrame(np.random.default_rng(1).normal(size=(30, 3)), columns=NAMES).assign(g=list("xyz") * 10)
    m = Moments.from_frame(rows, NAMES, by="g").select(["b", "c"])
    for label, part in rows.groupby("g")[["b", "c"]]:
        assert_frame_equal(m.groups[label].cov, part.cov(), rtol=1e-12)


@pytest.mark.parametrize(("names", "message"), [
    pytest.param(["a", "d"], r"^names: there is no 'd'; there are a, b, c", id="unknown"),
    pytest.param(["a", "a"], r"^names: a is named more than once", id="twice"),
    pytest.param("a", r"^names: give a list of names", id="a bare text"),
])
def test_a_wrong_selection_is_an_error_that_names_it(names, message):
    with pytest.raises(ValueError, match=message):
        Moments.from_correlations(R).select(names)


# --- scales ---------------------------------------------------------------------------------------------------------

@pytest.fixture
def items():
    rng = np.random.default_rng(8)
    trust, loyalty = rng.normal(size=(2, 80))
    data = {f"t{i}": 4 + trust + rng.normal(size=80) for i in (1, 2, 3)}
    data |= {f"l{i}": 50 + 10 * (0.5 * trust + loyalty + rng.normal(size=80)) for i in (1, 2)}
    return pd.DataFrame(data).round(3).assign(team=list("abcd") * 20)


SCALES = {"loyalty": ["l2", "l1"], "trust": ["t1", "t2", "t3"], "single": ["t2"]}


def row_means(rows):
    return pd.DataFrame({scale: rows[names].mean(axis=1) for scale, names in SCALES.items()})


def test_scales_have_the_moments_of_the_rows_own_means(items):
    m, expected = Moments.from_frame(items, [*items][:-1]).scales(SCALES), row_means(items)
    assert m.names == ("loyalty", "trust", "single")
    assert m.n == 80
    assert_frame_equal(m.cov, expected.cov(), rtol=1e-12)
    assert_series_equal(m.mean, expected.mean(), rtol=1e-12, check_names=False)


def test_scales_by_group_are_the_row_means_of_each_group(items):
    m = Moments.from_frame(items, by="team").scales(SCALES)
    for team, rows in items.groupby("team"):
        assert_frame_equal(m.groups[team].cov, row_means(rows).cov(), rtol=1e-12)
        assert_series_equal(m.groups[team].mean, row_means(rows).mean(), rtol=1e-12, check_names=False)


def test_scales_of_a_table_without_n_keep_n_unknown():
    m = Moments.from_correlations(R).scales({"ab": ["a", "b"], "c": ["c"]})
    assert m.n is None
    assert m.cov.loc["ab", "ab"] == pytest.approx((1 + 1 + 2 * 0.5) / 4)
    assert m.cov.loc["ab", "c"] == pytest.approx((-0.2 + 0.1) / 2)


def test_a_scale_that_does_not_vary_has_no_correlation():
    shares = pd.DataFrame(np.random.default_rng(2).dirichlet([2, 3, 4], size=50), columns=NAMES)  # each row sums to 1
    m = Moments.from_frame(shares).scales({"all": NAMES, "a": ["a"]})
    with np.errstate(invalid="ignore"), pytest.raises(ValueError, match=r"^all: every value is the same"):
        _ = m.cor


@pytest.mark.parametrize(("scales", "message"), [
    pytest.param({"s": ["a", "z"]}, r"^scales\['s'\]: there is no 'z'", id="unknown item"),
    pytest.param({"s": ["a", "a"]}, r"^scales\['s'\]: a is named more than once", id="item twice"),
    pytest.param({"s": []}, r"^scales: 's' has no items", id="no items"),
    pytest.param({"s": "a"}, r"^scales\['s'\]: give a list of names", id="a bare text"),
    pytest.param({}, r"^scales: give a dict", id="no scales"),
    pytest.param(["a", "b"], r"^scales: give a dict", id="a list"),
])
def test_wrong_scales_are_errors_that_name_scale_and_item(scales, message):
    with pytest.raises(ValueError, match=message):
        Moments.from_correlations(R).scales(scales)


# --- alpha ----------------------------------------------------------------------------------------------------------

def oracle(name):
    return pd.read_csv(ORACLES / name, comment="#")


def test_alpha_is_pingouins_on_the_rows(items):
    pingouin = pytest.importorskip("pingouin")
    m = Moments.from_frame(items, [*items][:-1])
    for names in (["t1", "t2", "t3"], ["l1", "l2"], ["t1", "l1", "t3"]):
        assert m.alpha(names) == pytest.approx(pingouin.cronbach_alpha(items[names])[0], rel=1e-12)


@pytest.mark.parametrize("row", [pytest.param(row, id=row.items) for row in oracle("alpha.csv").itertuples()])
def test_alpha_is_the_raw_one_of_psych(row):
    names = row.items.split()
    m = Moments.from_frame(oracle("alpha-rows.csv")) if row.source == "attitude" else pt.load(row.source)
    assert m.alpha(names) == pytest.approx(row.raw, rel=1e-9)
    standardised = Moments.from_correlations(m.select(names).cor)  # a table without standard deviations
    assert standardised.alpha(names) == pytest.approx(row.standardized, rel=1e-9)


@pytest.mark.parametrize(("names", "message"), [
    pytest.param(["a"], r"^names: alpha needs at least two items, not 1", id="one item"),
    pytest.param(["a", "z"], r"^names: there is no 'z'", id="unknown item"),
    pytest.param("ab", r"^names: give a list of names", id="a bare text"),
])
def test_alpha_of_wrong_items_is_an_error(names, message):
    with pytest.raises(ValueError, match=message):
        Moments.from_correlations(R).alpha(names)


def test_alpha_of_items_that_cancel_out_is_an_error_that_asks_for_the_coding():
    opposite = pd.DataFrame([[1.0, -1.0], [-1.0, 1.0]], ["a", "b"], ["a", "b"])
    with pytest.raises(ValueError, match=r"^names: the sum of a, b does not vary; is an item coded backwards\?"):
        Moments.from_correlations(opposite).alpha(["a", "b"])
