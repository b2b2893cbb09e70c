"""Intraclass correlations: against psych, lme4 and R's analysis of variance (``icc.R``), pingouin and statsmodels."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pebbletrail.moments import Moments

ORACLES = Path(__file__).resolve().parents[1] / "oracles"
ROWS = pd.read_csv(ORACLES / "icc-rows.csv", comment="#")
ORACLE = pd.read_csv(ORACLES / "icc.csv", comment="#")
FOUND = [pytest.param(row, id=row.source) for row in ORACLE.itertuples()]
BALANCED = [pytest.param(row, id=row.source) for row in ORACLE.dropna().itertuples()]


def of(source):
    rows = ROWS[ROWS["source"] == source]
    return Moments.from_frame(rows, ["value"], by="group").icc().iloc[0], rows


@pytest.mark.parametrize("row", FOUND)
def test_estimate_and_test_are_those_of_rs_analysis_of_variance(row):
    made, _ = of(row.source)
    assert made["estimate"] == pytest.approx(row.hand, rel=1e-10)
    assert made["statistic"] == pytest.approx(row.F, rel=1e-10)
    assert (made["df"], made["df_within"], made["groups"]) == (row.df1, row.df2, row.groups)
    assert made["p_value"] == pytest.approx(row.p, rel=1e-8)
    assert made["size"] == pytest.approx(row.n0, rel=1e-12)


@pytest.mark.parametrize("row", BALANCED)
def test_estimate_interval_and_reliability_are_those_of_psych(row):
    made, _ = of(row.source)
    assert made["estimate"] == pytest.approx(row.psych, rel=1e-10)
    assert made["ci_low"] == pytest.approx(row.low, rel=1e-9)
    assert made["ci_high"] == pytest.approx(row.high, rel=1e-9)
    assert made["reliability"] == pytest.approx(row.mean_of_group, rel=1e-10)


@pytest.mark.parametrize("row", BALANCED)
def test_estimate_is_lme4s_share_of_variance(row):
    assert of(row.source)[0]["estimate"] == pytest.approx(row.reml, rel=1e-6)


@pytest.mark.parametrize("source", ["judges", "sleepstudy"])
def test_estimate_and_interval_are_those_of_pingouin(source):
    pingouin = pytest.importorskip("pingouin")
    made, rows = of(source)
    rows = rows.assign(member=rows.groupby("group").cumcount())
    table = pingouin.intraclass_corr(rows, targets="group", raters="member", ratings="value")
    single = table.iloc[0]  # one-way, single rater
    assert made["estimate"] == pytest.approx(single["ICC"], rel=1e-10)
    assert made["statistic"] == pytest.approx(single["F"], rel=1e-10)
    interval = single[next(name for name in table if name.startswith("CI95"))]
    np.testing.assert_allclose([made["ci_low"], made["ci_high"]], interval, atol=0.006)  # printed with two decimals


def test_unequal_groups_are_those_of_statsmodels():
    smf = pytest.importorskip("statsmodels.formula.api")
    from statsmodels.stats.anova import anova_lm

    made, rows = of("ChickWeight")
    table = anova_lm(smf.ols("value ~ C(group)", rows).fit())
    between, within = table["mean_sq"]
    sizes = rows["group"].value_counts()
    n0 = (len(rows) - (sizes**2).sum() / len(rows)) / (len(sizes) - 1)
    assert made["estimate"] == pytest.approx((between - within) / (between + (n0 - 1) * within), rel=1e-10)
    assert made["p_value"] == pytest.approx(table["PR(>F)"].iloc[0], rel=1e-9)
    assert made["reliability"] == pytest.approx(1 - within / between, rel=1e-10)


def test_one_row_a_variable_in_the_order_asked_for():
    rows = ROWS[ROWS["source"] == "sleepstudy"]
    rows = rows.assign(noise=np.random.default_rng(1).normal(size=len(rows)))
    m = Moments.from_frame(rows, ["value", "noise"], by="group")
    assert m.icc()["term"].tolist() == ["value", "noise"]
    assert m.icc(["noise"])["term"].tolist() == ["noise"]
    assert m.icc().columns.tolist() == ["term", "estimate", "ci_low", "ci_high", "statistic", "df", "df_within", "p_value",
                                        "reliability", "groups", "size"]


def test_a_shift_and_a_unit_change_nothing():
    rows = ROWS[ROWS["source"] == "judges"]
    expected, _ = of("judges")
    made = Moments.from_frame(rows.assign(value=rows["value"] / 8 + 2.0**30), ["value"], by="group").icc().iloc[0]
    assert made["estimate"] == pytest.approx(expected["estimate"], rel=1e-6)


@pytest.mark.parametrize("true", [0.0, 0.3, 0.9])
@pytest.mark.parametrize("sizes", [
    pytest.param([2, 5, 9, 14] * 5, id="unequal"), pytest.param([4] * 19 + [200], id="one huge group"),
    pytest.param([6] * 20, id="equal"), pytest.param([1] * 15 + [2, 3, 10, 40, 44], id="many of one row"),
])
def test_the_interval_covers_at_its_rate(sizes, true):
    """By simulation: 95 % of 2,000 intervals. The F interval with n0 for the size covers 79 % with one huge group."""
    rng = np.random.default_rng(12)
    group = np.repeat(np.arange(20), sizes)
    values = rng.normal(size=(20, 2000))[group] * np.sqrt(true) + rng.normal(size=(len(group), 2000)) * np.sqrt(1 - true)
    covered = []
    for start in range(0, 2000, 100):
        data = pd.DataFrame(values[:, start:start + 100])
        made = Moments.from_frame(data.assign(g=group), list(range(100)), by="g").icc()
        covered.append((made["ci_low"] < true) & (true < made["ci_high"]))
    assert 0.93 < np.mean(covered) < 0.97  # one standard error of the share is .005


def test_the_lower_end_stops_where_the_model_ends():
    made = moments([1.0, 3, 5, 1, 3, 5, 2, 6], "aaabbbcc").icc().iloc[0]
    assert made["ci_low"] == pytest.approx(-1 / 2)
    assert made["ci_low"] < made["estimate"] < made["ci_high"]


def test_an_estimate_below_that_end_is_not_cut_off_and_the_interval_reaches_down_to_it():
    made = moments([1.0, 3, 5, 1, 3, 5, 2, 4.5], "aaabbbcc").icc().iloc[0]
    assert made["ci_low"] == made["estimate"] < -1 / 2
    assert made["estimate"] < made["ci_high"]


@pytest.mark.parametrize("true", [0.0, 0.9])
def test_the_estimate_lies_in_its_interval_however_unequal_the_sizes(true):
    rng, group = np.random.default_rng(12), np.repeat(np.arange(6), [1, 2, 3, 10, 40, 44])
    values = rng.normal(size=(6, 200))[group] * np.sqrt(true) + rng.normal(size=(100, 200)) * np.sqrt(1 - true)
    made = Moments.from_frame(pd.DataFrame(values).assign(g=group), list(range(200)), by="g").icc()
    assert (made["ci_low"] <= made["estimate"]).all()
    assert (made["estimate"] <= made["ci_high"]).all()
    assert (made["ci_low"] == made["estimate"]).sum() > 10  # the interval that weighs groups otherwise ends above it


def moments(values, groups, **more):
    return Moments.from_frame(pd.DataFrame({"x": values, "g": list(groups), **more}), by="g")


# --- at the edge ----------------------------------------------------------------------------------------------------

def test_a_variable_that_never_varies_inside_a_group_has_an_icc_of_1():
    made = moments([0.1, 0.1, 0.1, 0.7, 0.7], "aaabb").icc().iloc[0]
    assert made[["estimate", "ci_low", "ci_high", "reliability"]].tolist() == [1, 1, 1, 1]
    assert made["p_value"] == 0


def test_a_negative_estimate_is_not_cut_off():
    assert moments([1.0, 3, 1, 3, 1, 3], "aabbcc").icc()["estimate"].iloc[0] == pytest.approx(-1)


@pytest.mark.parametrize(("values", "groups", "given", "message"), [
    pytest.param([0.1] * 4, "aabb", {}, r"^icc: x does not vary at all", id="constant"),
    pytest.param([0.1, 0.2, 0.4], "abc", {}, r"^icc: 3 observations in 3 groups", id="one member each"),
    pytest.param([0.1, 0.2, 0.4], "aaa", {}, r"^icc: 3 observations in 1 groups", id="one group"),
    pytest.param([0.1, 0.2, 0.4], "aab", {"names": ["y"]}, r"^names: there is no 'y'", id="unknown name"),
    pytest.param([0.1, 0.2, 0.4], "aab", {"confidence": 95}, r"^confidence: .* not 95", id="in percent"),
])
def test_what_has_no_intraclass_correlation_is_an_error_that_says_why(values, groups, given, message):
    with pytest.raises(ValueError, match=message):
        moments(values, groups).icc(**given)


def test_one_part_alone_or_one_group_alone_is_an_error():
    m = moments([0.1, 0.2, 0.4], "aab")
    with pytest.raises(ValueError, match=r"^icc: this is the within part"):
        m.within().icc()
    for ungrouped in (m.between(), m.groups["a"]):
        with pytest.raises(ValueError, match=r"^icc: .* not kept by group"):
            ungrouped.icc()
