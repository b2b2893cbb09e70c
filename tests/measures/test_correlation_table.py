"""Correlations with intervals.

Expected values come from psych's ``corr.test`` and R's ``cor.test`` (``tests/oracles/measures.R``), pingouin, and
formulas written out here.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pebbletrail as pt
from pebbletrail.measures.correlation_table import correlations
from pebbletrail.measures.correlation_theory import fisher_interval, holm

ORACLES = Path(__file__).resolve().parents[1] / "oracles"
ROWS = pd.read_csv(ORACLES / "measures-rows.csv", comment="#")
PAIRS = pd.read_csv(ORACLES / "measures-pairs.csv", comment="#")
NAMES = ["ozone", "sun", "wind", "temperature"]


def expected(method):
    return PAIRS[PAIRS["method"] == method].reset_index(drop=True)


def pairs(table, first="first", second="second"):
    return list(zip(table[first], table[second], strict=True))


# --- psych, cor.test, pingouin --------------------------------------------------------------------------------------

@pytest.mark.parametrize("method", ["pearson", "spearman"])
def test_estimates_tests_and_holms_adjustment_are_those_of_psych(method):
    found, oracle = correlations(ROWS, method=method, adjust="holm").table, expected(method)
    assert pairs(found) == pairs(oracle)
    assert list(found["n"]) == list(oracle["n"])
    assert list(found["df"]) == list(oracle["n"] - 2)
    for ours, theirs in (("estimate", "r"), ("statistic", "t"), ("p_value", "p"), ("p_holm", "p_holm")):
        np.testing.assert_allclose(found[ours], oracle[theirs], rtol=1e-8)


@pytest.mark.parametrize("method", ["pearson", "spearman"])
def test_estimates_and_p_values_are_those_of_cor_test(method):
    found, oracle = correlations(ROWS, method=method).table, expected(method)
    np.testing.assert_allclose(found["estimate"], oracle["r_by_cor_test"], rtol=1e-10)
    np.testing.assert_allclose(found["p_value"], oracle["p_by_cor_test"], rtol=1e-8)


def test_pearsons_interval_is_that_of_psych_and_cor_test():
    found, oracle = correlations(ROWS).table, expected("pearson")
    for low, high in (("low", "high"), ("low_by_cor_test", "high_by_cor_test")):
        np.testing.assert_allclose(found[["ci_low", "ci_high"]], oracle[[low, high]], rtol=1e-9)


def test_spearmans_interval_is_wider_than_fishers_by_bonett_and_wright():
    found = correlations(ROWS, method="spearman").table
    r, n = found["estimate"], found["n"]
    half = 1.959963984540054 * np.sqrt((1 + r**2 / 2) / (n - 3))
    np.testing.assert_allclose(found["ci_low"], np.tanh(np.arctanh(r) - half), rtol=1e-12)
    np.testing.assert_allclose(found["ci_high"], np.tanh(np.arctanh(r) + half), rtol=1e-12)
    fisher = expected("spearman")
    assert (found["ci_high"] - found["ci_low"] > fisher["high"] - fisher["low"]).sum() >= 5  # r near 0 adds next to nothing


@pytest.mark.parametrize("method", ["pearson", "spearman"])
def test_pingouin_gives_the_same_pairwise(method):
    pingouin = pytest.importorskip("pingouin")
    theirs = pingouin.pairwise_corr(ROWS, method=method, padjust="holm")
    found = correlations(ROWS, method=method, adjust="holm").table
    assert pairs(found) == pairs(theirs, "X", "Y")
    np.testing.assert_allclose(found["estimate"], theirs["r"], rtol=1e-10)
    np.testing.assert_allclose(found["n"], theirs["n"])
    adjusted = next(name for name in theirs if "corr" in name)
    np.testing.assert_allclose(found["p_holm"], theirs[adjusted], rtol=1e-8)


@settings(deadline=None, max_examples=50, derandomize=True)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_holms_p_values_keep_the_order_and_lie_between_the_raw_ones_and_bonferronis(p):
    p = np.array(p)
    adjusted, count = holm(p), len(p)
    assert (adjusted >= p).all()
    assert (adjusted <= np.minimum(count * p, 1) + 1e-15).all()
    assert adjusted.min() == min(count * p.min(), 1)
    assert adjusted.max() >= p.max()
    order = np.argsort(p)
    assert (np.diff(adjusted[order]) >= 0).all()


# --- rows, moments, gaps --------------------------------------------------------------------------------------------

def test_listwise_takes_the_rows_where_all_are_there():
    found = correlations(ROWS, missing="listwise")
    complete = ROWS.dropna()
    assert set(found.table["n"]) == {len(complete)} == {111}
    assert found.table["estimate"].iloc[-1] == pytest.approx(complete["wind"].corr(complete["temperature"]), rel=1e-12)
    assert "42 of them left out" in found.rule


def test_pairwise_says_how_many_rows_each_pair_has():
    assert "pairwise: each pair from 111 to 153 rows" in correlations(ROWS).text
    assert correlations(ROWS[["wind", "temperature"]]).rule == "153 rows"


def test_moments_of_the_complete_rows_give_what_listwise_gives():
    found = correlations(pt.Moments.from_frame(ROWS)).table
    pd.testing.assert_frame_equal(found, correlations(ROWS, missing="listwise").table, rtol=1e-10)


def test_rows_of_a_warehouse_give_what_listwise_gives():
    ibis = pytest.importorskip("ibis")
    found = correlations(ibis.memtable(ROWS), NAMES).table
    pd.testing.assert_frame_equal(found, correlations(ROWS, missing="listwise").table, rtol=1e-8)


def test_pairwise_moments_count_the_smallest_pair_for_all():
    found = correlations(pt.Moments.from_frame(ROWS, missing="pairwise")).table
    assert set(found["n"]) == {111}


def test_a_table_without_n_has_estimates_alone():
    found = correlations(pt.Moments.from_correlations(ROWS.corr(), n=None), ["sun", "wind"])
    assert found.table["estimate"].item() == pytest.approx(ROWS.corr().loc["sun", "wind"])
    assert found.table[["n", "statistic", "df", "p_value", "ci_low", "ci_high"]].isna().all(axis=None)
    assert found.text.startswith("Correlation of sun and wind: -0.06. A correlation says")
    assert found.matrix.loc["wind", "sun"] == "-0.06"


def test_a_printed_table_has_the_intervals_of_its_n():
    found = correlations(pt.Moments.from_correlations(ROWS.corr(), n=120)).table
    low, high = fisher_interval(found["estimate"], 119)
    np.testing.assert_allclose(found["ci_low"], low)
    np.testing.assert_allclose(np.arctanh(high) - np.arctanh(low), 2 * 1.959963984540054 / np.sqrt(117))


def test_within_groups_the_means_taken_out_are_counted():
    """The partial correlation given dummies of the groups: pingouin's, with its interval."""
    pingouin = pytest.importorskip("pingouin")
    data = ROWS.dropna().assign(month=lambda d: np.arange(len(d)) % 4)
    dummies = pd.get_dummies(data["month"], drop_first=True, prefix="m").astype(float)
    theirs = pingouin.partial_corr(data.join(dummies), "ozone", "sun", list(dummies)).iloc[0]
    found = correlations(pt.Moments.from_frame(data, NAMES, by="month").within(), ["ozone", "sun"]).table.iloc[0]
    assert found["estimate"] == pytest.approx(theirs["r"], rel=1e-9)
    assert found["p_value"] == pytest.approx(theirs[next(name for name in theirs.index if name.startswith("p"))], rel=1e-6)
    interval = theirs[next(name for name in theirs.index if name.startswith("CI95"))]
    np.testing.assert_allclose([found["ci_low"], found["ci_high"]], interval, atol=5.1e-3)


def test_the_callers_rows_are_left_as_they_are():
    before = ROWS.copy()
    correlations(ROWS, method="spearman")
    pd.testing.assert_frame_equal(ROWS, before)


def test_a_large_mean_beside_a_small_spread_loses_no_digits():
    far = ROWS[["wind", "temperature"]] + 1e9
    assert correlations(far).table["estimate"].item() == pytest.approx(expected("pearson")["r"].iloc[-1], rel=1e-6)


# --- the ends of what is possible -----------------------------------------------------------------------------------

def test_a_variable_that_stands_there_twice_has_no_interval_and_is_named():
    data = ROWS.assign(celsius=(ROWS["temperature"] - 32) / 1.8)
    found = correlations(data, ["temperature", "celsius", "wind"])
    row = found.table.iloc[0]
    assert row["estimate"] == 1
    assert row[["ci_low", "ci_high"]].isna().all()
    assert row["p_value"] == 0
    assert "temperature and celsius: the values of one follow exactly" in found.text
    assert "2 of 2 intervals leave out 0" in found.text


def test_ranks_that_match_exactly_have_no_interval_either():
    data = pd.DataFrame({"a": [1, 2, 3, 4, 5, 6], "b": [1, 4, 9, 16, 25, 360], "c": [-1, -2, -3, -4, -5, -6]})
    found = correlations(data, method="spearman")
    assert list(found.table["estimate"]) == [1, -1, -1]
    assert found.table["ci_low"].isna().all()
    assert "the ranks of one follow exactly" in found.text


def test_four_rows_are_just_enough():
    data = pd.DataFrame({"a": [1.0, 2, 3, 4], "b": [1.0, 3, 2, 5]})
    assert np.isfinite(correlations(data).table["ci_low"].item())
    assert correlations(data).table["ci_high"].item() < 1


GAPS = pd.DataFrame({"a": [1.0, 2, 3, 4, np.nan, np.nan], "b": [np.nan, 3, 2, 5, 1, 2], "c": [7.0, 7, 7, 7, 8, 9]})


@pytest.mark.parametrize(("data", "given_options", "message"), [
    pytest.param(ROWS, {"columns": ["wind"]}, r"^columns: at least 2 are needed, not 1 \(wind\)", id="one column"),
    pytest.param(ROWS, {"columns": []}, r"^columns: at least 2 are needed, not 0 \(none\)", id="no column"),
    pytest.param(ROWS, {"columns": ["wind", "winds"]}, r"there is no 'winds'.*Did you mean 'wind'", id="a misspelt one"),
    pytest.param(ROWS, {"columns": "wind"}, r"^columns: give a list of names", id="a text"),
    pytest.param(ROWS, {"method": "Pearson"}, r"^method: 'Pearson' is not one of pearson, spearman", id="method"),
    pytest.param(ROWS, {"adjust": "fdr"}, r"^adjust: 'fdr' is not one of None, holm", id="adjust"),
    pytest.param(ROWS, {"missing": "drop"}, r"^missing: 'drop' is not one of pairwise, listwise", id="missing"),
    pytest.param(ROWS.assign(wind="calm"), {"columns": ["wind", "sun"]}, r"^columns: 'wind' holds", id="words"),
    pytest.param(ROWS.assign(wind=np.inf), {}, r"'wind' holds an infinite value", id="infinite"),
    pytest.param(ROWS.assign(wind=3.0), {}, r"^columns: wind does not vary in the rows where ozone and wind", id="constant"),
    pytest.param(GAPS, {"columns": ["a", "b"]}, r"^columns: a and b stand together in 3 rows; at least 4", id="few rows"),
    pytest.param(GAPS, {"columns": ["a", "c"]}, r"^columns: c does not vary in the rows where a and c are there",
                 id="constant where both are there"),
    pytest.param(pt.Moments.from_frame(ROWS), {"method": "spearman"}, r"^method: 'spearman' needs rows",
                 id="ranks of moments"),
    pytest.param(np.eye(3), {}, r"^data: |^method: |a DataFrame, a Moments or an Ibis table", id="an array"),
])
def test_wrong_data_and_options_are_an_error(data, given_options, message):
    with pytest.raises(ValueError, match=message):
        correlations(data, **given_options)


# --- how it is shown ------------------------------------------------------------------------------------------------

def test_the_sentence_names_the_strongest_pair_and_what_chance_would_give():
    text = correlations(ROWS, adjust="holm").text
    assert "6 correlations of 4 variables. The strongest: ozone and temperature, 0.70 (95 % interval 0.59 to 0.78)." in text
    assert "5 of 6 intervals leave out 0" in text
    assert "about 0.3 would by chance" in text
    assert "Adjusted for looking at 6 pairs (Holm), 5 differ from 0" in text
    assert text.count("which acts on which") == 1


def test_the_sentence_of_one_pair_says_whether_the_sign_is_known():
    assert "The interval holds 0: the sign is not known." in correlations(ROWS[["sun", "wind"]]).text
    assert "The interval leaves out 0." in correlations(ROWS[["sun", "temperature"]]).text


def test_the_matrix_holds_each_pair_once_with_its_interval():
    matrix = correlations(ROWS).matrix
    assert list(matrix.index) == NAMES[1:]
    assert list(matrix.columns) == NAMES[:-1]
    assert matrix.loc["temperature", "ozone"] == "0.70 [0.59, 0.78]"
    assert matrix.loc["sun", "wind"] == ""
    assert (matrix != "").to_numpy().sum() == 6


def test_nothing_is_shown_as_minus_nought():
    assert correlations(ROWS, ["sun", "wind"], method="spearman").matrix.iloc[0, 0].startswith("0.00 ")


def wide(count, n=60):
    rng = np.random.default_rng(4)
    common = rng.normal(size=(n, 1))
    return pd.DataFrame(common * rng.uniform(-1, 1, count) + rng.normal(size=(n, count)),
                        columns=[f"a variable with a name {k}" for k in range(count)])


@pytest.mark.parametrize(("count", "numbers", "intervals"), [(2, 1, True), (8, 28, True), (12, 66, False), (20, 0, False)])
def test_the_map_shows_what_there_is_room_for(count, numbers, intervals):
    found = correlations(wide(count))
    fig = found.figure()
    ax = fig.axes[0]
    assert len(ax.texts) == numbers
    assert all(("[" in text.get_text()) == intervals for text in ax.texts)
    assert [label.get_text().replace("\n", " ") for label in ax.get_yticklabels()] == list(found.names[1:])
    drawn = ax.collections[0].get_array().reshape(count - 1, count - 1)
    strongest = found.table.loc[found.table["estimate"].abs().idxmax()]
    at = (found.names.index(strongest["second"]) - 1, found.names.index(strongest["first"]))
    assert drawn[at] == pytest.approx(strongest["estimate"])
    assert f"{strongest['first']} and {strongest['second']}" in fig.alt


@pytest.mark.parametrize("count", [2, 8, 12])
def test_the_words_of_the_map_stay_inside_their_cells_and_the_picture(count):
    fig = correlations(wide(count)).figure()
    fig.draw_without_rendering()
    ax = fig.axes[0]
    cell = ax.get_window_extent().width / (count - 1), ax.get_window_extent().height / (count - 1)
    for text in ax.texts:
        box = text.get_window_extent()
        assert box.width <= cell[0]
        assert box.height <= cell[1]
    for label in (*ax.get_xticklabels(), *ax.get_yticklabels()):
        box = label.get_window_extent()
        assert box.x0 >= fig.bbox.x0 - 1
        assert box.y0 >= fig.bbox.y0 - 1


def test_columns_that_are_called_by_numbers_are_named_as_they_are():
    rng = np.random.default_rng(2)
    found = correlations(pd.DataFrame(rng.normal(size=(30, 3)), columns=[1, 2, 3]))
    assert ".0 and" not in found.text.split("(95 %")[0]
