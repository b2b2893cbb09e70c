"""The computed tables are what tools/make_tables.py makes from the open rows, and agree with a second way."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import pebbletrail as pt
from pebbletrail.passports import all_passports

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

import ctrip_tables  # noqa: E402
import make_tables  # noqa: E402


def test_tables_are_made_from_the_rows(open_data):
    made = make_tables.make_all()
    assert len(made) >= 8
    for name, table in made.items():
        committed = pd.read_csv(ROOT / "datasets" / "tables" / name)
        pd.testing.assert_frame_equal(table.reset_index(drop=True), committed, check_dtype=False, rtol=0, atol=1e-8)


def test_counts_and_summary_tell_the_same():
    """Independent of the rows: means and spreads of the counts are those of the summary."""
    summary = pt.load("hidden-costs-summary").set_index("laboratory")
    choices, differences = pt.load("hidden-costs-choices"), pt.load("hidden-costs-differences")
    for laboratory, row in summary.iterrows():
        for condition in ("free", "controlled"):
            one = choices[(choices["laboratory"] == laboratory) & (choices["condition"] == condition)]
            points = np.repeat(one["points"].to_numpy(), one["agents"])
            assert len(points) == row["agents"]
            assert points.mean() == pytest.approx(row[f"mean_{condition}"], abs=1e-6)
            assert points.std(ddof=1) == pytest.approx(row[f"sd_{condition}"], abs=1e-6)
        one = differences[differences["laboratory"] == laboratory]
        shown = np.repeat(one["difference"].to_numpy(), one["agents"])
        assert shown.std(ddof=1) == pytest.approx(row["sd_difference"], abs=1e-6)
        assert (shown > 0).sum() == row["gave_less"]
        assert (shown == 0).sum() == row["gave_the_same"]


def test_ecsi_moments_are_those_of_the_rows(open_data):
    m, rows = pt.load("ecsi-mobile-correlations"), pt.load("ecsi-mobile")
    assert m.n == len(rows)
    assert np.abs(m.cov - rows.cov()).to_numpy().max() < 1e-6
    assert np.abs(m.mean - rows.mean()).max() < 1e-8


@pytest.fixture(scope="module")
def lottery(open_data):
    """The person-weeks of the home-working experiment that the printed estimate rests on."""
    rows = pt.load("ctrip-performance")
    rows = rows[(rows["week"] != -1) & (rows["group"] != "did not volunteer")].dropna()
    return rows.assign(home=((rows["group"] == "home") & (rows["week"] >= 0)).astype(float))


def dummies_fitted(lottery, switches):
    """``(fit, scale)`` by statsmodels, with dummies for weeks and people's means taken out of all.

    statsmodels counts the columns it sees; with its errors times ``scale`` people's means are counted as well, as areg does.
    """
    import statsmodels.api as sm

    weeks = pd.get_dummies(lottery["week"], drop_first=True, dtype=float)
    both = pd.concat([lottery["performance"], switches, weeks], axis="columns")
    within = both - both.groupby(lottery["person"]).transform("mean")
    fit = sm.OLS(within["performance"], within.drop(columns="performance")).fit(
        cov_type="cluster", cov_kwds={"groups": lottery["person"]})
    n, k = within.shape[0], within.shape[1] - 1
    return fit, np.sqrt((n - k) / (n - k - lottery["person"].nunique()))


def of_sums(xy, xx):
    """The slope of two sums a person, and its clustered error before any factor."""
    slope = xy.sum() / xx.sum()
    return slope, np.sqrt(np.sum((xy - slope * xx) ** 2)) / xx.sum()


def factor(n, people, terms):
    return np.sqrt(people / (people - 1) * (n - 1) / (n - terms))


def test_two_sums_a_person_give_the_regression_on_the_rows(lottery):
    """Before they are rounded, to the last digit."""
    fit, scale = dummies_fitted(lottery, lottery[["home"]])
    sums = ctrip_tables.two_sums(lottery, lottery["home"])
    beta, raw = of_sums(sums["xy"], sums["xx"])
    assert beta == pytest.approx(fit.params["home"], abs=1e-10)
    assert raw * factor(len(lottery), len(sums), 1 + 84 + 249) == pytest.approx(fit.bse["home"] * scale, abs=1e-10)


def test_sums_of_the_drift_are_those_of_the_weeks_before(lottery):
    """Second way: the kit's own regression, on the rows before the start."""
    before = lottery[lottery["week"] < 0]
    before = before.assign(drift=(before["group"] == "home") * before["week"] / 4)
    fit = pt.regress(before, "performance ~ C(week) + drift", errors="cluster", by="person", within=True).table.iloc[-1]
    sums = ctrip_tables.two_sums(before, before["drift"])
    slope, raw = of_sums(sums["xy"], sums["xx"])
    terms = before["week"].nunique() + 1  # dummies of all weeks but one, the drift, and one mean
    assert slope == pytest.approx(fit["estimate"], abs=1e-10)
    assert raw * factor(len(before), len(sums), terms) == pytest.approx(fit["se"], abs=1e-10)


def test_rounded_sums_still_give_what_the_page_prints(lottery):
    """Four decimals a person: 249 roundings of half a unit move a slope of these sums by far less than its last digit."""
    sums = pt.load("ctrip-person-sums")
    assert sums["weeks"].sum() == len(lottery)
    assert sums["weeks_before"].sum() == (lottery["week"] < 0).sum()
    before = lottery[lottery["week"] < 0]
    drift = (before["group"] == "home") * before["week"] / 4
    for prefix, kept, switch in (("", lottery, lottery["home"]), ("drift_", before, drift)):
        exact = ctrip_tables.two_sums(kept, switch)
        xy, xx = sums[f"{prefix}xy"], sums[f"{prefix}xx"]
        assert (xy * 1e4 - (xy * 1e4).round()).abs().max() < 1e-6, "four decimals and no more"
        reach = len(sums) * 0.5e-4 * (1 + abs(exact["xy"].sum() / exact["xx"].sum())) / exact["xx"].sum()
        assert reach < 2e-5
        for rounded, true in zip(of_sums(xy, xx), of_sums(exact["xy"], exact["xx"]), strict=True):
            assert rounded == pytest.approx(true, abs=reach)
    beta, raw = of_sums(sums["xy"], sums["xx"])
    assert (round(beta, 4), round(raw, 4)) == (0.2324, 0.0621)
    assert round(raw * factor(len(lottery), len(sums), 1 + 84 + 249), 4) == 0.0628


def test_no_score_of_a_person_travels():
    """Only products: a sum of freed scores over the experiment would be nearly somebody's score."""
    columns = ["person", "group", "weeks", "xy", "xx", "weeks_before", "drift_xy", "drift_xx"]
    assert list(pt.load("ctrip-person-sums")) == columns


def test_event_study_is_the_regression_on_the_rows(lottery):
    """statsmodels, with one contrast for each block: it less the mean of the twelve before, of which one is nil."""
    study = pt.load("ctrip-event-study").set_index("block")
    block = np.clip(np.floor(lottery["week"] / 4), -12, 8).astype(int)
    at_home = lottery["group"] == "home"
    others = study.index.drop(-1)  # the block that the regression leaves out
    fit, scale = dummies_fitted(lottery, pd.DataFrame({f"b{one}": (block == one) * at_home * 1.0 for one in others}))
    place = {one: list(fit.params.index).index(f"b{one}") for one in others}
    early = [place[one] for one in others if one < 0]
    for one in study.index:
        contrast = np.zeros(len(fit.params))
        contrast[early] = -1 / 12
        if one != -1:
            contrast[place[one]] += 1
        found = fit.t_test(contrast)
        assert study.loc[one, "difference"] == pytest.approx(found.effect.item(), abs=1e-6)
        assert study.loc[one, "se"] == pytest.approx(found.sd.item() * scale, abs=1e-6)
    joint = fit.wald_test(np.eye(len(fit.params))[early], use_f=False, scalar=True)
    assert set(study["df_before"]) == {11}
    assert study["chi2_before"].to_numpy() == pytest.approx(np.full(len(study), joint.statistic / scale**2), abs=1e-5)
    assert study.loc[study.index < 0, "difference"].sum() == pytest.approx(0, abs=1e-5)


def test_blocks_since_the_start_against_all_weeks_before(lottery):
    """Another regression: no switch before the start. Blocks are not all as long, so it is near and not the same."""
    block = np.clip(np.floor(lottery["week"] / 4), -12, 8).astype(int)
    switches = pd.DataFrame({f"b{one}": ((block == one) & (lottery["group"] == "home")) * 1.0 for one in range(9)})
    fit, scale = dummies_fitted(lottery, switches)
    study = pt.load("ctrip-event-study").query("block >= 0")
    assert study["difference"].to_numpy() == pytest.approx(fit.params[list(switches)].to_numpy(), abs=0.002)
    assert study["se"].to_numpy() == pytest.approx(fit.bse[list(switches)].to_numpy() * scale, abs=0.001)


def test_leavers_are_counted_less_the_mean_of_each_week(lottery):
    """Second way: one person at a time."""
    left = pt.load("ctrip-leavers").set_index(["group", "stayed"])
    week_means = lottery.groupby("week")["performance"].mean()
    told = []
    for _, one in lottery.groupby("person"):
        own = one["performance"].to_numpy() - week_means[one["week"]].to_numpy()
        stayed = "to the last week" if one["week"].max() == 36 else "left earlier"
        early = one["week"].to_numpy() < 0
        told.append((one["group"].iloc[0], stayed, own[early].mean(), own[~early].mean()))
    people = pd.DataFrame(told, columns=["group", "stayed", "before", "during"]).groupby(["group", "stayed"])
    for key, some in people:
        assert left.loc[key, "people"] == len(some)
        assert left.loc[key, "before"] == pytest.approx(some["before"].mean(), abs=1e-6)
        assert left.loc[key, "sd_before"] == pytest.approx(some["before"].std(), abs=1e-6)
        assert left.loc[key, "during"] == pytest.approx(some["during"].mean(), abs=1e-6)


def test_those_who_stayed_and_left_by_themselves_are_those_of_statsmodels(lottery):
    left = pt.load("ctrip-leavers")
    stayed = lottery.groupby("person")["week"].transform("max") == 36
    for name, some in {"to the last week": lottery[stayed], "left earlier": lottery[~stayed]}.items():
        fit, scale = dummies_fitted(some, some[["home"]])
        rows = left[left["stayed"] == name]
        assert rows["alone"].to_numpy() == pytest.approx([fit.params["home"]] * 2, abs=1e-6)
        assert rows["alone_se"].to_numpy() == pytest.approx([fit.bse["home"] * scale] * 2, abs=1e-6)
    sums = pt.load("ctrip-person-sums")
    for column in ("xy", "xx"):
        assert left.groupby("group")[column].sum().to_numpy() == pytest.approx(
            sums.groupby("group")[column].sum().to_numpy(), abs=len(sums) * 0.5e-4)


def test_weekly_means_count_every_score_and_leavers_everybody(lottery):
    weekly = pt.load("ctrip-weekly-means")
    kept = weekly[(weekly["week"] != -1) & (weekly["group"] != "did not volunteer")]
    assert kept["people"].sum() == len(lottery)
    assert (kept["people"] * kept["mean_score"]).sum() == pytest.approx(lottery["performance"].sum(), abs=0.02)
    gone = pt.load("ctrip-leavers").set_index(["group", "stayed"])["people"]
    last = weekly[weekly["week"] == 36].set_index("group")["still_there"]
    for group, everybody in {"home": 131, "office": 118}.items():
        assert gone[group].sum() == everybody
        assert gone[group, "to the last week"] == last[group]
        own = weekly[weekly["group"] == group].sort_values("week")["still_there"]
        assert (np.diff(own) <= 0).all()
        assert own.iloc[0] == everybody


def test_no_label_of_a_person_travels(open_data):
    """Numbered anew, not in the order of the rows: nobody is matched by eye. The passport says that this hides nobody."""
    sums, rows = pt.load("ctrip-person-sums"), pt.load("ctrip-performance")
    assert set(sums["person"]) == set(range(1, 250))
    assert not set(sums["person"]) & set(rows["person"])
    assert "find each person again" in all_passports()["ctrip-person-sums"].caution
    in_order = rows[rows["group"] != "did not volunteer"].groupby("person")["group"].first()
    assert (in_order.to_numpy() == sums["group"].to_numpy()).mean() < 0.65


def test_every_switching_cost_follows_from_one_quality_answer(open_data):
    """By pairs of rows, not by groups: no two customers with one quality answer differ in the cost."""
    rows = pt.load("corporate-reputation")
    steps = pt.load("switching-cost-steps")
    for (cost, quality), told in steps.groupby(["statement", "question"]):
        both = rows[[quality, cost]].dropna()
        assert len(both) == told["customers"].sum() == 344
        by_answer = dict(zip(told["answer"], told["cost"], strict=True))
        assert len(by_answer) == len(told) == 7
        assert both[cost].tolist() == [by_answer[int(one)] for one in both[quality]]


def test_moments_of_the_switching_costs_give_the_regression_of_the_rows(open_data):
    """Least squares on the rows, standardised with numpy."""
    rows = pt.load("corporate-reputation")
    rows = rows.fillna(rows.mean())
    z = {name: (x - x.mean()) / x.std(ddof=1) for name, x in {
        "y": rows.filter(like="cusl_").mean(axis=1), "x": rows["cusa"], "c": rows.filter(like="switch_").mean(axis=1),
        "q": rows[["qual_5", "qual_6", "qual_7"]].mean(axis=1)}.items()}
    for third, column in (("c", "costs"), ("q", "quality")):
        X = np.column_stack([np.ones(344), z["x"], z[third], z["x"] * z[third]])
        expected = np.linalg.lstsq(X, z["y"])[0]
        fit = pt.regress(pt.load("switching-cost-moments"), f"loyalty ~ satisfaction * {column}")
        assert fit.table["estimate"].to_numpy() == pytest.approx(expected, abs=1e-7)


def test_privacy_moments_are_those_of_the_register(open_data):
    """Means, spreads and correlations of the rows, by numpy; and a few that the evidence lists to four decimals."""
    m, rows = pt.load("privacy-correlations"), pt.load("privacy-answers")
    assert m.n == len(rows) == 1090
    assert np.abs(np.corrcoef(rows.to_numpy(float).T) - m.cor.to_numpy()).max() < 1e-7
    listed = {("privcon1", "privcon2"): 0.6461, ("trust1", "trust2"): 0.8219, ("trust1", "intent1"): 0.533}
    for pair, value in listed.items():
        assert m.cor.loc[pair] == pytest.approx(value, abs=5e-5)
