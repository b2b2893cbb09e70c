"""The computed tables are what tools/make_tables.py makes from the open rows, and agree with a second way."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import pebbletrail as pt

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

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
    """``(coefficients, errors)`` by statsmodels, with dummies for weeks and people's means taken out of all.

    statsmodels counts the columns it sees; the 249 means that were taken out are added to them here, as areg does.
    """
    import statsmodels.api as sm

    weeks = pd.get_dummies(lottery["week"], drop_first=True, dtype=float)
    both = pd.concat([lottery["performance"], switches, weeks], axis="columns")
    within = both - both.groupby(lottery["person"]).transform("mean")
    fit = sm.OLS(within["performance"], within.drop(columns="performance")).fit(
        cov_type="cluster", cov_kwds={"groups": lottery["person"]})
    n, k = within.shape[0], within.shape[1] - 1
    scale = np.sqrt((n - k) / (n - k - lottery["person"].nunique()))
    return fit.params[switches.columns], fit.bse[switches.columns] * scale


def test_two_sums_a_person_give_the_regression_on_the_rows(lottery):
    coefficients, errors = dummies_fitted(lottery, lottery[["home"]])
    sums = pt.load("ctrip-person-sums")
    beta = sums["xy"].sum() / sums["xx"].sum()
    raw = np.sqrt(np.sum((sums["xy"] - beta * sums["xx"]) ** 2)) / sums["xx"].sum()
    n, people, k = sums["weeks"].sum(), len(sums), 1 + 84 + 249
    assert beta == pytest.approx(coefficients["home"], abs=1e-8)
    assert raw * np.sqrt(people / (people - 1) * (n - 1) / (n - k)) == pytest.approx(errors["home"], abs=1e-8)
    assert n == len(lottery)


def test_sums_of_the_drift_are_those_of_the_weeks_before(lottery):
    """Second way: the kit's own regression, on the rows before the start."""
    before = lottery[lottery["week"] < 0]
    before = before.assign(drift=(before["group"] == "home") * before["week"] / 4)
    fit = pt.regress(before, "performance ~ C(week) + drift", errors="cluster", by="person", within=True).table.iloc[-1]
    sums = pt.load("ctrip-person-sums")
    slope = sums["drift_xy"].sum() / sums["drift_xx"].sum()
    raw = np.sqrt(np.sum((sums["drift_xy"] - slope * sums["drift_xx"]) ** 2)) / sums["drift_xx"].sum()
    n, people = sums["weeks_before"].sum(), len(sums)
    terms = before["week"].nunique() + 1  # dummies of all weeks but one, the drift, and one mean
    assert slope == pytest.approx(fit["estimate"], abs=1e-8)
    assert raw * np.sqrt(people / (people - 1) * (n - 1) / (n - terms)) == pytest.approx(fit["se"], abs=1e-8)


def test_the_sum_over_the_experiment_is_the_numerator_of_the_estimate():
    sums = pt.load("ctrip-person-sums")
    assert sums.loc[sums["group"] == "home", "during"].sum() == pytest.approx(sums["xy"].sum(), abs=1e-6)


def test_event_study_is_the_regression_on_the_rows(lottery):
    study = pt.load("ctrip-event-study").set_index("block")
    block = np.clip(np.floor(lottery["week"] / 4), -12, 8).astype(int)
    others = study.index.drop(-1)  # block -1 is the one that all are held against
    switches = pd.DataFrame({f"block {one}": (block == one) * (lottery["group"] == "home") * 1.0 for one in others})
    coefficients, errors = dummies_fitted(lottery, switches)
    assert study.loc[others, "difference"].to_numpy() == pytest.approx(coefficients.to_numpy(), abs=1e-6)
    assert study.loc[others, "se"].to_numpy() == pytest.approx(errors.to_numpy(), abs=1e-6)
    assert tuple(study.loc[-1, ["difference", "se"]]) == (0, 0)


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
    """The people of the table of sums are numbered anew, and not in the order of the rows."""
    sums, rows = pt.load("ctrip-person-sums"), pt.load("ctrip-performance")
    assert set(sums["person"]) == set(range(1, 250))
    assert not set(sums["person"]) & set(rows["person"])
    in_order = rows[rows["group"] != "did not volunteer"].groupby("person")["group"].first()
    assert (in_order.to_numpy() == sums["group"].to_numpy()).mean() < 0.65
