"""Kaplan-Meier curves, medians and the log-rank test.

Expected values come from a product written out in R (``tests/oracles/survival.R``), from what R's survival package prints of
the remission times of Freireich and others (1963), from few rows by hand, and from draws whose truth is known.
"""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import pebbletrail as pt

ORACLES = Path(__file__).resolve().parents[1] / "oracles"
ROWS, CURVES, TESTS = (pd.read_csv(ORACLES / f"survival-{name}.csv", comment="#") for name in ("rows", "curves", "tests"))
DESIGNS = TESTS["design"].tolist()


def rows(design):
    return ROWS[ROWS["design"] == design]


# --- R ----------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("design", DESIGNS)
def test_a_product_written_out_gives_the_same_curves(design):
    table = pt.survival(rows(design), "months", "left", by="plan").table
    expected = CURVES[CURVES["design"] == design]
    starts = table[(table["time"] == 0) & (table["left"] == 0)]
    assert starts[["staying", "ci_low", "ci_high"]].eq(1).all(axis=None)
    whole = rows(design).groupby("plan").size()
    assert starts["at_risk"].tolist() == ([] if design == "tied" else whole.tolist())  # there some leave at time 0
    found = table.drop(starts.index)
    assert found["group"].tolist() == expected["plan"].tolist()
    for name in ("time", "at_risk", "left"):
        assert found[name].tolist() == expected[name].tolist()
    for name in ("staying", "se", "ci_low", "ci_high"):
        assert_allclose(found[name], expected[name], rtol=1e-9)


@pytest.mark.parametrize("design", DESIGNS)
def test_the_log_rank_test_is_that_of_the_hypergeometric_sums(design):
    found = pt.survival(rows(design), "months", "left", by="plan").test
    expected = TESTS[TESTS["design"] == design]
    for name in ("statistic", "df", "p_value"):
        assert_allclose(found[name], expected[name], rtol=1e-8)


WEEKS = {"6-MP": ([6, 6, 6, 7, 10, 13, 16, 22, 23], [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]),
         "placebo": ([1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23], [])}
PRINTED = {  # time, at risk, relapsed, still in remission, standard error: as survfit prints them
    "6-MP": [(6, 21, 3, ".857", ".0764"), (7, 17, 1, ".807", ".0869"), (10, 15, 1, ".753", ".0963"),
             (13, 12, 1, ".690", ".1068"), (16, 11, 1, ".627", ".1141"), (22, 7, 1, ".538", ".1282"),
             (23, 6, 1, ".448", ".1346")],
    "placebo": [(1, 21, 2, ".9048", ".0641"), (2, 19, 2, ".8095", ".0857"), (3, 17, 1, ".7619", ".0929"),
                (4, 16, 2, ".6667", ".1029"), (5, 14, 2, ".5714", ".1080"), (8, 12, 4, ".3810", ".1060"),
                (11, 8, 2, ".2857", ".0986"), (12, 6, 2, ".1905", ".0857"), (15, 4, 1, ".1429", ".0764"),
                (17, 3, 1, ".0952", ".0641"), (22, 2, 1, ".0476", ".0465"), (23, 1, 1, ".0000", None)]}


def remission():
    return pd.DataFrame([(group, week, relapsed) for group, both in WEEKS.items()
                         for relapsed, weeks in zip((1, 0), both, strict=True) for week in weeks],
                        columns=["group", "weeks", "relapsed"])


def same_as_printed(value, text):
    if text is None:
        return np.isnan(value)
    return abs(value - float(text)) <= 0.5 * 10.0 ** -len(text.split(".")[1]) + 1e-9


def test_the_remission_times_of_freireich_give_what_r_prints():
    """survdiff prints chi² 16.8 on 1 degree of freedom, p = 4e-05; the medians are where the printed column passes .5."""
    found = pt.survival(remission(), "weeks", "relapsed", by="group")
    for group, lines in PRINTED.items():
        curve = found.table[(found.table["group"] == group) & (found.table["left"] > 0)]
        assert curve[["time", "at_risk", "left"]].astype(int).to_numpy().tolist() == [list(line[:3]) for line in lines]
        for (_, row), line in zip(curve.iterrows(), lines, strict=True):
            assert same_as_printed(row["staying"], line[3])
            assert same_as_printed(row["se"], line[4])
    assert found.medians["median"].tolist() == [23, 8]
    assert found.test["statistic"].iloc[0] == pytest.approx(16.8, abs=0.05)
    assert found.test["p_value"].iloc[0] == pytest.approx(4e-5, abs=0.5e-5)


def test_intervals_of_medians_are_those_of_statsmodels():
    """Inverted tests on the same scale; where the band never comes down to one half, the end is not known."""
    from statsmodels.duration.survfunc import SurvfuncRight

    for data, time, event, by in [(remission(), "weeks", "relapsed", "group"), *(
            (rows(design), "months", "left", "plan") for design in ("two", "tied", "three"))]:
        for _, row in pt.survival(data, time, event, by=by).medians.iterrows():
            part = data[data[by] == row["group"]]
            with np.errstate(divide="ignore", invalid="ignore"):
                low, high = SurvfuncRight(part[time], part[event]).quantile_ci(0.5)
            assert row["ci_low"] == low
            # theirs stays at the last leaver's time where nobody is left; and it is the first time outside the band
            assert row["ci_high"] == high or np.isinf([row["ci_high"], high]).all()


# --- by hand ----------------------------------------------------------------------------------------------------------

def few():
    """2 leaves; 3: one leaves, one is last seen; 5 last seen; 8 leaves, nobody is left."""
    return pd.DataFrame({"t": [8, 2, 3, 3, 5], "gone": [True, True, True, False, False]})


def test_five_customers_by_hand():
    found = pt.survival(few(), "t", "gone")
    shares = [Fraction(1), Fraction(4, 5), Fraction(4, 5) * Fraction(3, 4), Fraction(0)]
    assert found.table["time"].tolist() == [0, 2, 3, 8]
    assert found.table["at_risk"].tolist() == [5, 5, 4, 1]
    assert_allclose(found.table["staying"], [float(share) for share in shares])
    assert found.table["se"][2] == pytest.approx(float(shares[2]) * np.sqrt(1 / 20 + 1 / 12))
    assert found.table.iloc[3][["se", "ci_low", "ci_high"]].isna().all()
    at = found.at([0, 1.9, 2, 4, 8, 100])
    assert_allclose(at["staying"], [1, 1, 0.8, 0.6, 0, 0])  # all have left: it stays at 0
    assert at["at_risk"].tolist() == [5, 5, 5, 2, 1, 0]
    assert found.medians.iloc[0][["n", "left", "median"]].tolist() == [5, 3, 8]
    assert (found.n, found.left, found.test) == (5, 3, None)


def test_a_curve_that_stops_at_one_half_has_its_median_there():
    found = pt.survival(pd.DataFrame({"t": [1, 2, 3, 4], "gone": [1, 1, 0, 0]}), "t", "gone")
    assert_allclose(found.table["staying"], [1, 0.75, 0.5])
    assert found.medians["median"].iloc[0] == 2


def test_after_the_last_one_seen_nothing_is_known():
    found = pt.survival(few().query("t < 8"), "t", "gone").at([5, 5.1])
    assert_allclose(found["staying"], [0.5, np.nan])


def test_who_leaves_at_once_leaves_at_time_0():
    found = pt.survival(pd.DataFrame({"t": [0, 0, 3, 4], "gone": [1, 0, 1, 0]}), "t", "gone")
    assert found.table["time"].tolist() == [0, 3]
    assert found.table["staying"].tolist() == [0.75, 0.375]
    assert found.at(0)["staying"].tolist() == [0.75]


def test_nobody_leaves():
    data = pd.DataFrame({"t": [1, 5, 7, 9], "gone": [0, 0, 0, 0], "g": list("aabb")})
    found = pt.survival(data, "t", "gone", by="g")
    assert found.table["staying"].tolist() == [1, 1]
    assert found.medians[["median", "ci_low", "ci_high"]].isna().all(axis=None)
    assert found.test["statistic"].isna().all()
    assert "a, 100 % are still there at t 5, the last one seen: no median is known" in found.text
    assert "The log-rank test has no value: nobody left." in found.text
    found.figure()


def test_groups_that_were_never_watched_together_have_no_test():
    data = pd.DataFrame({"t": [1, 2, 5, 6], "gone": [0, 0, 1, 1], "g": list("aabb")})
    assert pt.survival(data, "t", "gone", by="g").test["p_value"].isna().all()


# --- a known truth ----------------------------------------------------------------------------------------------------

def test_the_band_covers_the_true_curve_and_shares_of_those_watched_do_not():
    """Leaving at a constant rate of 5 % a month, watched for 2 to 30 months: staying is exp(−0.05 t)."""
    rng = np.random.default_rng(3)
    covered, plain = 0, []
    for _ in range(100):
        length, watched = rng.exponential(20, 120), rng.uniform(2, 30, 120)
        data = pd.DataFrame({"t": np.minimum(length, watched), "gone": length <= watched})
        row = pt.survival(data, "t", "gone").at(12).iloc[0]
        covered += row["ci_low"] < np.exp(-0.6) < row["ci_high"]
        plain.append(1 - (data["gone"] & (data["t"] <= 12)).mean())
    assert abs(covered / 100 - 0.95) < 3.5 * np.sqrt(0.95 * 0.05 / 100)
    assert np.mean(plain) > np.exp(-0.6) + 0.05  # who counts those last seen as staying for good sees too many stay


def test_the_log_rank_test_finds_5_of_100_where_groups_are_alike():
    rng = np.random.default_rng(5)
    found = 0
    for _ in range(100):
        length, watched = rng.exponential(20, 80), rng.uniform(2, 40, 80)
        data = pd.DataFrame({"t": np.minimum(length, watched), "gone": length <= watched, "g": np.resize([1, 2], 80)})
        found += pt.survival(data, "t", "gone", by="g").test["p_value"].iloc[0] < 0.05
    assert abs(found / 100 - 0.05) < 3.5 * np.sqrt(0.05 * 0.95 / 100)


# --- what is given ----------------------------------------------------------------------------------------------------

def test_rows_that_lack_a_value_are_left_out_aloud_and_the_data_stay_as_they_were():
    data = rows("two").astype({"left": "boolean"}).reset_index(drop=True)
    data.loc[3, "months"], data.loc[5, "left"], data.loc[9, "plan"] = np.nan, pd.NA, None
    before = data.copy(deep=True)
    found = pt.survival(data, "months", "left", by="plan")
    pd.testing.assert_frame_equal(data, before)
    complete = pt.survival(data.dropna(), "months", "left", by="plan")
    pd.testing.assert_frame_equal(found.table, complete.table)
    assert found.text.endswith("Data: 150 rows, 3 of them left out for missing values (listwise).")
    without = pt.survival(data, "months", "left")  # a missing group does no harm where groups do not count
    assert without.n == 148


@pytest.mark.parametrize("kind", [bool, int, float, "Int64", "boolean"])
def test_the_event_may_come_in_several_kinds(kind):
    data = rows("tied").assign(left=lambda d: d["left"].astype(kind))
    usual = pt.survival(rows("tied"), "months", "left")
    pd.testing.assert_frame_equal(pt.survival(data, "months", "left").table, usual.table)


@pytest.mark.parametrize(("change", "how", "told"), [
    ({}, {"time": "month"}, "time: there is no column 'month'; .* Did you mean 'months'"),
    ({}, {"event": "gone"}, "event: there is no column 'gone'"),
    ({}, {"by": "shop"}, "by: there is no column 'shop'"),
    ({}, {"by": "left"}, "time, event and by are different columns, not 'months', 'left', 'left'"),
    ({}, {"event": "months"}, "time, event and by are different columns"),
    ({"left": 2}, {}, "event: 'left' holds 2; 1 says that the customer left then"),
    ({"left": "yes"}, {}, r"'left' holds (str|object), not numbers"),
    ({"months": -1.0}, {}, "time: 'months' holds -1; a time is 0 or more"),
    ({"months": np.inf}, {}, "'months' holds an infinite value"),
    ({"months": np.nan}, {}, "none of 150 rows is complete"),
    ({"plan": "free"}, {"by": "plan"}, r"has one level \(free\)"),
])
def test_what_cannot_be_is_told(change, how, told):
    with pytest.raises(ValueError, match=told):
        pt.survival(rows("two").assign(**change), **({"time": "months", "event": "left"} | how))


def test_what_are_no_rows_and_no_times_is_refused():
    with pytest.raises(ValueError, match="data: a DataFrame of rows is needed, not dict"):
        pt.survival({}, "months", "left")
    found = pt.survival(rows("two"), "months", "left")
    for times in ([-1], [np.nan], [[1, 2]]):
        with pytest.raises(ValueError, match="times: finite numbers from 0 on"):
            found.at(times)


# --- what is said and drawn -------------------------------------------------------------------------------------------

def test_the_sentence_has_the_medians_the_test_and_what_it_rests_on():
    found = pt.survival(remission(), "weeks", "relapsed", by="group")
    assert found.text == (
        "42 rows, 30 of which left (column relapsed); the others were still there when last seen, and count as long as they "
        "were watched. By group: 6-MP, half had left by weeks 23 (95 % interval 13 to an unknown end); placebo, half had "
        "left by weeks 8 (95 % interval 4 to 11). Log-rank test: chi² 16.8 with 1 degree of freedom, p < 0.001: chance "
        "alone would hardly make curves so far apart. Right only if those not watched on would have gone on like those who "
        "were. Data: 42 rows.")
    one = pt.survival(rows("tied"), "months", "left")
    assert f". Half had left by months {one.medians['median'].iloc[0]:.3g} (95 % interval" in one.text
    assert "Log-rank" not in one.text


@pytest.mark.parametrize("design", DESIGNS)
def test_the_sentence_says_of_each_test_what_it_found(design):
    p = TESTS.set_index("design").loc[design, "p_value"]
    text = pt.survival(rows(design), "months", "left", by="plan").text
    assert ("chance alone would hardly" in text) == (p < 0.05)
    assert ("cannot be told apart, which does not mean that they are alike" in text) == (p >= 0.05)


def test_many_groups_are_counted_in_the_sentence_and_refused_in_the_picture():
    data = rows("three").assign(g=lambda d: np.arange(len(d)) % 7)
    found = pt.survival(data, "months", "left", by="g")
    assert "; and 3 more (see .medians). Log-rank test: chi²" in found.text
    assert "with 6 degrees of freedom" in found.text
    with pytest.raises(ValueError, match="7 curves cannot be told apart"):
        found.figure()


@pytest.mark.parametrize("by", ["plan", None])
@pytest.mark.parametrize("design", DESIGNS)
def test_the_figure_shows_steps_strokes_and_counts(design, by):
    data = rows(design)
    found = pt.survival(data, "months", "left", by=by)
    fig = found.figure()
    ax = fig.axes[0]
    groups = found.medians["group"].tolist()
    steps = {line.get_label(): line for line in ax.lines if line.get_drawstyle() == "steps-post"}
    assert list(steps) == groups
    strokes = [line for line in ax.lines if line.get_marker() == "|"]
    for group, stroke in zip(groups, strokes, strict=True):
        curve = found.table[found.table["group"] == group]
        x, y = steps[group].get_data()
        assert_allclose(y[:-1], 100 * curve["staying"])
        assert_allclose(x[:-1], curve["time"])
        part = data if by is None else data[data["plan"] == group]
        assert x[-1] == part["months"].max()
        assert sorted(set(stroke.get_xdata())) == sorted(set(part.loc[part["left"] == 0, "months"]))
    assert len({str(line.get_linestyle()) for line in steps.values()}) == len(groups)
    counts = [text.get_text() for text in ax.texts if text.get_text().replace(",", "").isdigit()]
    ticks = ax.get_xticks()
    assert [int(count) for count in counts] == found.at(ticks)["at_risk"].tolist()
    assert len(ax.collections) == (len(groups) if len(groups) <= 3 else 0)
    assert found.text in fig.alt


def test_a_result_shows_its_sentence_and_its_table():
    found = pt.survival(rows("two"), "months", "left")
    assert repr(found).startswith(found.text)
    assert "staying" in found._repr_html_()
    assert found.figure(alt="A staircase that falls from the left to the right.").alt.startswith("A staircase")


def test_a_group_that_nobody_watches_any_more_is_left_out_of_the_test_and_named():
    """As R's survdiff does: it is the test of the others. By hand, a against b."""
    data = pd.DataFrame({"t": [1, 1, 2, 5, 6, 7, 3, 4, 8, 9], "gone": [0, 0, 0, 1, 1, 0, 1, 0, 1, 1],
                         "g": list("cccaaabbbb")})
    found = pt.survival(data, "t", "gone", by="g")
    assert found.unwatched == ("c",)
    # at 3, 5, 6: 3 of 7, 3 of 5, 2 of 4 at risk are of a; at 8 and 9 nobody is
    expected, spread = 3 / 7 + 3 / 5 + 2 / 4, 12 / 49 + 6 / 25 + 1 / 4
    assert_allclose(found.test[["statistic", "df"]].to_numpy()[0], [(2 - expected) ** 2 / spread, 1])
    assert "It leaves out c: nobody there was watched any more when the first of all left." in found.text
    assert pt.survival(data.query("g != 'c'"), "t", "gone", by="g").unwatched == ()


@pytest.mark.parametrize(("times", "gone", "why"), [
    ([1, 2, 5, 6], [0, 0, 1, 1], "when the first of all left, nobody outside b was watched any more"),
    ([3, 3, 3, 3], [1, 1, 1, 1], "all who were still watched left at the same time")])
def test_the_sentence_says_why_there_is_no_test(times, gone, why):
    found = pt.survival(pd.DataFrame({"t": times, "gone": gone, "g": list("aabb")}), "t", "gone", by="g")
    assert f"The log-rank test has no value: {why}." in found.text
    assert found.test[["statistic", "p_value"]].isna().all(axis=None)


def test_curves_at_many_times_are_those_at_each():
    data = rows("two")
    found, times = pt.survival(data, "months", "left", by="plan"), np.linspace(0, 1.1 * data["months"].max(), 40)
    together = found.at(times).sort_values(["time", "group"], ignore_index=True)
    alone = pd.concat([found.at(time) for time in times], ignore_index=True)
    pd.testing.assert_frame_equal(together, alone.sort_values(["time", "group"], ignore_index=True))
