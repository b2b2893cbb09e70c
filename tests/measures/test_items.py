"""Item analysis.

Expected values come from psych's ``alpha`` (``tests/oracles/measures.R``), pingouin, pandas on the rows, or
are read off a small table by eye.
"""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import pebbletrail as pt
from pebbletrail.measures.items import feldt, item_analysis
from pebbletrail.measures.omega import omega

ORACLES = Path(__file__).resolve().parents[1] / "oracles"
ITEMS = pd.read_csv(ORACLES / "measures-items.csv", comment="#")
SCALES = pd.read_csv(ORACLES / "measures-scales.csv", comment="#")
ATTITUDE = pd.read_csv(ORACLES / "alpha-rows.csv", comment="#")
EACH = [pytest.param(row, id=row.scale) for row in SCALES.itertuples()]


def data_of(row):
    if row.source != "attitude":
        return pt.load(row.source)
    return ATTITUDE if row.scale == "attitude" else ATTITUDE.assign(privileges=100 - ATTITUDE["privileges"])


def expected_items(row):
    return ITEMS[ITEMS["scale"] == row.scale].set_index("item")


# --- psych and pingouin ---------------------------------------------------------------------------------------------

@pytest.mark.parametrize("row", EACH)
def test_each_item_is_as_psych_finds_it(row):
    expected = expected_items(row)
    found = item_analysis(data_of(row), list(expected.index)).table.set_index("item")
    np.testing.assert_allclose(found["item_rest"], expected["r_drop"], rtol=1e-9)
    np.testing.assert_allclose(found["alpha_without"], expected["alpha_drop"], rtol=1e-9)  # NaN for two items
    if len(expected) > 2 and row.scale != "CUSL":  # psych keeps a unique variance of .005 there
        np.testing.assert_allclose(found["loading"], expected["minres"], atol=2e-5)


@pytest.mark.parametrize("row", EACH)
def test_the_scale_is_as_psych_finds_it(row):
    found = item_analysis(data_of(row), list(expected_items(row).index))
    assert found.alpha == pytest.approx(row.raw, rel=1e-9)
    assert found.standardized == pytest.approx(row.standardized, rel=1e-9)
    assert found.between_items == pytest.approx(row.average_r, rel=1e-9)
    assert found.ci == pytest.approx((row.ci_low, row.ci_high), rel=1e-9)
    assert found.n == row.n


def test_alpha_and_its_interval_are_pingouins():
    pingouin = pytest.importorskip("pingouin")
    alpha, ci = pingouin.cronbach_alpha(ATTITUDE)
    found = item_analysis(ATTITUDE)
    assert found.alpha == pytest.approx(alpha, rel=1e-12)
    np.testing.assert_allclose(found.ci, ci, atol=5.1e-4)  # printed with three decimals


def test_omega_is_that_of_the_items_as_they_stand():
    assert item_analysis(ATTITUDE).omega == pytest.approx(omega(ATTITUDE).raw, rel=1e-12)


# --- rows -----------------------------------------------------------------------------------------------------------

SMALL = pd.DataFrame({"a": [1, 2, 3, 4, 5, 5], "b": [1.0, 3, 3, 4, 4, np.nan], "c": [1, 1, 4, 3, 5, 2],
                      "who": list("uvwxyz")})


def test_rows_show_missing_answers_and_the_ends_of_the_scale():
    found = item_analysis(SMALL)
    table = found.table.set_index("item")
    assert list(table.index) == ["a", "b", "c"]
    assert (table["n"] == 5).all()
    assert list(table["missing"]) == [0, 1, 0]
    np.testing.assert_allclose(table["at_lowest"], [1 / 5, 1 / 5, 2 / 5])
    np.testing.assert_allclose(table["at_highest"], [1 / 5, 0, 1 / 5])
    assert found.ends == (1, 5)
    assert "1 of them left out for missing values" in found.text


def test_means_deviations_and_item_rest_correlations_are_pandas_on_the_complete_rows():
    table = item_analysis(SMALL, ["a", "b", "c"]).table.set_index("item")
    complete = SMALL[["a", "b", "c"]].dropna()
    pd.testing.assert_series_equal(table["mean"], complete.mean(), check_names=False)
    pd.testing.assert_series_equal(table["sd"], complete.std(), check_names=False)
    for item in complete:
        rest = complete.drop(columns=item).sum(axis=1)
        assert table.loc[item, "item_rest"] == pytest.approx(complete[item].corr(rest), rel=1e-12)


def test_stated_ends_replace_those_that_occur():
    found = item_analysis(SMALL, ["a", "b"], ends=(1, 7))
    assert found.ends == (1, 7)
    assert (found.table["at_highest"] == 0).all()


@pytest.mark.parametrize(("ends", "message"), [
    pytest.param((2, 5), r"^ends: answers run from 1 to 5, which is not within \(2, 5\)", id="an answer below"),
    pytest.param((1, 4), r"^ends: answers run from 1 to 5, which is not within \(1, 4\)", id="an answer above"),
    pytest.param((5, 1), r"^ends: answers run from 1 to 5", id="turned round"),
    pytest.param(7, r"^ends: the lowest and the highest possible answer are needed, such as \(1, 7\), not 7", id="a number"),
    pytest.param(("low", "high"), r"^ends: the lowest and the highest possible answer", id="words"),
])
def test_wrong_ends_are_an_error(ends, message):
    with pytest.raises(ValueError, match=message):
        item_analysis(SMALL, ["a", "b", "c"], ends=ends)


def test_moments_have_no_ends_and_say_so():
    moments = pt.Moments.from_frame(SMALL, ["a", "b", "c"])
    found, of_rows = item_analysis(moments), item_analysis(SMALL)
    assert not {"missing", "at_lowest", "at_highest"} & set(found.table)
    assert found.ends is None
    assert "Only rows show missing answers" in found.text
    shared = [name for name in found.table if name != "flag"]
    pd.testing.assert_frame_equal(found.table[shared], of_rows.table[shared], rtol=1e-9)
    with pytest.raises(ValueError, match=r"^ends: floor and ceiling are seen only in rows"):
        item_analysis(moments, ends=(1, 5))


def test_a_table_of_correlations_without_n_gives_no_interval():
    R = ATTITUDE.corr()
    found = item_analysis(pt.Moments.from_correlations(R))
    assert found.ci is None
    assert "n" not in found.table
    assert found.alpha == pytest.approx(found.standardized, rel=1e-12)
    assert "interval" not in found.text


def test_the_part_within_groups_counts_what_is_left_after_the_groups_means():
    data = ATTITUDE.assign(team=np.arange(30) % 6)
    within = pt.Moments.from_frame(data, list(ATTITUDE), by="team").within()
    found = item_analysis(within)
    assert found.ci == pytest.approx(feldt(found.alpha, 24, 7), rel=1e-12)
    assert found.ci != pytest.approx(feldt(found.alpha, 29, 7), rel=1e-3)


# --- flags ----------------------------------------------------------------------------------------------------------

def answers(n=200, seed=5):
    rng = np.random.default_rng(seed)
    trait = rng.normal(size=n)
    return pd.DataFrame({f"q{k}": np.clip(np.rint(4 + 1.2 * trait + rng.normal(size=n)), 1, 7) for k in range(1, 6)})


def flags(data, **more):
    return item_analysis(data, **more).table.set_index("item")["flag"].to_dict()


def test_good_items_have_no_flag():
    assert set(flags(answers()).values()) == {""}
    assert "Look at" not in item_analysis(answers()).text


def test_an_item_turned_round_is_flagged_and_named():
    data = answers().assign(q2=lambda d: 8 - d["q2"])
    assert flags(data) == {"q1": "", "q2": "possibly coded backwards", "q3": "", "q4": "", "q5": ""}
    assert "Look at: q2 (possibly coded backwards)." in item_analysis(data).text


def test_of_items_turned_round_by_half_one_half_is_flagged():
    """Each item goes against the sum of the five others, so that only the loadings tell the two halves apart."""
    data = answers().assign(q6=lambda d: d["q1"] + np.arange(200) % 2)
    data[["q2", "q4", "q5"]] = 8 - data[["q2", "q4", "q5"]]
    assert (item_analysis(data).table["item_rest"] < -0.1).all()
    assert {name for name, flag in flags(data).items() if flag == "possibly coded backwards"} in ({"q2", "q4", "q5"},
                                                                                                 {"q1", "q3", "q6"})


def test_two_items_that_go_against_each_other_are_both_flagged():
    assert set(flags(answers()[["q1", "q2"]].assign(q2=lambda d: 8 - d["q2"] / 2)).values()) == {"possibly coded backwards"}


def test_items_that_all_go_together_little_all_add_little():
    """Correlations of .05 throughout: alpha falls without any of them, yet none is close to the rest."""
    R = pd.DataFrame(0.05, list("abcdef"), list("abcdef")).mask(np.eye(6, dtype=bool), 1.0)
    table = item_analysis(pt.Moments.from_correlations(R, n=100)).table
    assert set(table["flag"]) == {"adds little"}


def test_an_item_without_a_link_adds_little():
    data = answers().assign(q3=np.random.default_rng(8).integers(1, 8, 200))
    assert flags(data)["q3"] == "adds little"


def test_an_item_without_which_alpha_is_higher_adds_little_though_it_correlates():
    """Item-rest correlation above .30, among items that go together far more closely."""
    R = pd.DataFrame(0.8, list("abcd"), list("abcd"))
    R.loc["d", list("abc")] = R.loc[list("abc"), "d"] = 0.4
    np.fill_diagonal(values := R.to_numpy(copy=True), 1.0)
    found = item_analysis(pt.Moments.from_correlations(pd.DataFrame(values, R.index, R.columns), n=100))
    table = found.table.set_index("item")
    assert table.loc["d", "item_rest"] > 0.3
    assert table.loc["d", "alpha_without"] > found.alpha + 0.01
    assert list(table["flag"]) == ["", "", "", "adds little"]


def test_floor_and_ceiling_need_more_than_half_of_the_answers():
    half = pd.DataFrame({"a": [1, 1, 1, 4, 5, 5], "b": [1, 1, 2, 4, 5, 5], "c": [1, 3, 5, 5, 5, 5], "d": [1, 1, 1, 1, 2, 5],
                         "e": [1, 2, 4, 5, 5, 5]})
    found = {name: [flag for flag in flag.split(", ") if flag.startswith("at ")] for name, flag in flags(half).items()}
    assert found == {"a": [], "b": [], "c": ["at ceiling"], "d": ["at floor"], "e": []}


# --- the ends of what is possible -----------------------------------------------------------------------------------

def test_two_items_have_no_omega_and_no_alpha_without():
    found = item_analysis(answers()[["q1", "q2"]])
    r = answers()["q1"].corr(answers()["q2"])
    assert np.isnan(found.omega)
    assert found.table[["alpha_without", "loading"]].isna().all(axis=None)
    assert found.table["item_rest"].to_list() == pytest.approx([r, r], rel=1e-12)
    assert "omega" not in found.text


def test_perfect_items_have_an_alpha_of_one():
    data = answers()[["q1"]].assign(q2=lambda d: d["q1"], q3=lambda d: d["q1"])
    found = item_analysis(data)
    assert found.alpha == pytest.approx(1.0, abs=1e-12)
    assert found.ci == pytest.approx((1.0, 1.0), abs=1e-9)
    assert found.table["item_rest"].to_list() == pytest.approx([1.0] * 3)
    assert "hardly any of the differences between scores is noise" in found.text


def test_items_without_a_common_factor_have_no_loadings_and_no_omega():
    found = item_analysis(pt.Moments.from_correlations(pd.DataFrame(np.eye(3), list("abc"), list("abc")), n=50))
    assert np.isnan(found.omega)
    assert found.table["loading"].isna().all()
    assert found.alpha == pytest.approx(0.0, abs=1e-12)
    assert "no reliability at all" in found.text


def test_an_item_whose_rest_does_not_vary_has_no_correlation_with_it():
    """b and c cancel out, so nothing is left for a to go together with."""
    data = pd.DataFrame({"a": [1.0, 2, 3, 4, 9], "b": [1.0, 5, 2, 4, 3], "c": [5.0, 1, 4, 2, 3]})
    table = item_analysis(data).table.set_index("item")
    assert np.isnan(table.loc["a", "item_rest"])
    assert np.isfinite(table.loc[["b", "c"], "item_rest"]).all()


def test_an_omega_that_stops_at_a_limit_is_not_to_be_relied_on():
    found = item_analysis(pt.load("ecsi-mobile-correlations"), ["CUSL1", "CUSL2", "CUSL3"])
    assert found.improper == ("CUSL3",)
    assert "not to be relied on: the loading of CUSL3 stops at its limit" in found.text


@pytest.mark.parametrize(("data", "items", "message"), [
    pytest.param(SMALL, ["a"], r"^items: at least 2 are needed, not 1 \(a\)", id="one item"),
    pytest.param(SMALL.assign(a=3), ["a", "b"], r"^items: a does not vary", id="no variation"),
    pytest.param(SMALL, ["a", "who"], r"^items: 'who' holds", id="words"),
    pytest.param(SMALL.assign(d=-SMALL["a"]), ["a", "d"], r"the sum of a, d does not vary; is an item coded backwards",
                 id="items that cancel out"),
    pytest.param(SMALL.assign(a=np.inf), ["a", "b"], r"'a' holds an infinite value", id="infinite"),
    pytest.param([1, 2], None, r"^data: a DataFrame, a Moments or an Ibis table", id="a list"),
])
def test_wrong_items_are_an_error(data, items, message):
    with pytest.raises(ValueError, match=message):
        item_analysis(data, items)


# --- how it is shown ------------------------------------------------------------------------------------------------

def test_the_sentence_says_what_an_alpha_of_less_than_a_half_is_good_for():
    """Expectation in the mobile index: alpha .43; .5 √.4326 = .33."""
    text = item_analysis(pt.load("ecsi-mobile-correlations"), ["CUEX1", "CUEX2", "CUEX3"]).text
    assert "is 0.43, 95 % interval 0.30 to 0.54; omega is 0.46" in text
    assert "about 43 % of the differences between scores are real" in text
    assert "would show as 0.33" in text
    assert "Custom asks for 0.70" in text


def test_items_with_the_same_flag_are_named_together():
    data = answers()
    data[["q2", "q4"]] = 8 - data[["q2", "q4"]]
    assert "q2, q4 (possibly coded backwards)" in item_analysis(data).text


def test_what_is_printed_is_the_sentence_and_the_table():
    shown = repr(item_analysis(answers()))
    assert shown.startswith("Cronbach's alpha of the 5 items")
    assert "alpha_without" in shown


def test_the_picture_names_every_item_and_its_flag():
    data = answers().assign(q2=lambda d: 8 - d["q2"])
    fig = item_analysis(data).figure()
    words = [text.get_text() for text in fig.axes[0].texts]
    assert [word for word in words if "possibly coded backwards" in word] == [words[1]]
    assert [label.get_text() for label in fig.axes[0].get_yticklabels()] == [f"q{k}" for k in range(1, 6)]
    colours = [bar.get_facecolor() for bar in fig.axes[0].patches]
    assert colours[1] not in (colours[0], colours[2])
    assert "q2 -0" in fig.alt
    assert item_analysis(data).figure(alt="Five bars, one of which points the other way.").alt.startswith("Five bars")


@pytest.mark.parametrize("count", [2, 7, 20])
def test_no_word_of_the_picture_leaves_it(count):
    rng = np.random.default_rng(2)
    trait = rng.normal(size=80)
    data = pd.DataFrame({f"item {k} with a rather long name, as they come": trait * (1 if k % 5 else -1)
                         + rng.normal(size=80) for k in range(1, count + 1)})
    fig = item_analysis(data).figure()
    fig.draw_without_rendering()
    frame, ax = fig.bbox, fig.axes[0]
    boxes = [word.get_window_extent() for word in (*ax.texts, *ax.get_yticklabels(), ax.xaxis.label)]
    for box in boxes:
        assert box.x0 >= frame.x0 - 1
        assert box.x1 <= frame.x1 + 1
    heights = sorted((box.y0, box.y1) for box in boxes[:count])
    assert all(upper[0] >= lower[1] for lower, upper in pairwise(heights))
