"""Rows that stand for several alike: everything is as if they were written out; and time beside them."""

import numpy as np
import pandas as pd
import pytest

import pebbletrail as pt
from pebbletrail.models.logistic import trend as trending
from pebbletrail.models.logistic.fit import FIRST_STEPS, peak
from pebbletrail.models.logistic.some import margin_of_some
from pebbletrail.models.logistic.trend import trend

FORMULA = "y ~ x + z + C(g)"


@pytest.fixture
def counted():
    rng = np.random.default_rng(4)
    n = 300
    frame = pd.DataFrame({"x": rng.normal(3, 1, n), "z": (rng.random(n) < 0.4).astype(float),
                          "g": rng.choice(list("abc"), n), "unit": rng.choice(list("pqrstuvw"), n),
                          "times": rng.integers(1, 6, n), "first": rng.integers(1, 9, n)})
    chance = 1 / (1 + np.exp(-(frame["x"] - 3 + frame["z"] - 0.5)))
    return frame.assign(y=(rng.random(n) < chance).astype(int))


def written_out(frame):
    rows = frame.loc[frame.index.repeat(frame["times"])]
    place = rows.groupby(level=0).cumcount()
    return rows.assign(time=rows["first"] + place).reset_index(drop=True)


ERRORS = [{}, {"errors": "HC0"}, {"errors": "cluster", "by": "unit"}]


@pytest.mark.parametrize("errors", ERRORS)
def test_counts_are_rows_written_out(counted, errors):
    ours = pt.logistic(counted, FORMULA, counts="times", **errors)
    theirs = pt.logistic(written_out(counted), FORMULA, **errors)
    assert (ours.n, ours.events, ours.clusters, ours.rule) == (theirs.n, theirs.events, theirs.clusters, theirs.rule)
    assert ours.loglik == pytest.approx(theirs.loglik, rel=1e-12)
    pd.testing.assert_frame_equal(ours.table, theirs.table, rtol=1e-8)
    pd.testing.assert_frame_equal(ours.covariance, theirs.covariance, rtol=1e-8)
    pd.testing.assert_frame_equal(ours.margins(), theirs.margins(), rtol=1e-8)
    assert ours.text == theirs.text


def test_rows_lost_are_counted_as_written_out(counted):
    counted.loc[:9, "x"] = np.nan
    ours = pt.logistic(counted, FORMULA, counts="times")
    assert ours.rule == pt.logistic(written_out(counted), FORMULA).rule
    assert ours.n == counted["times"].iloc[10:].sum()


@pytest.mark.parametrize("odd", [0, -1, 1.5, np.nan])
def test_counts_are_whole_numbers_from_one_on(counted, odd):
    frame = counted.astype({"times": float})
    frame.loc[5, "times"] = odd
    with pytest.raises(ValueError, match="counts: 'times' holds"):
        pt.logistic(frame, FORMULA, counts="times")
    with pytest.raises(ValueError, match="counts: there is no column 'many'"):
        pt.logistic(frame, FORMULA, counts="many")


def test_separation_speaks_of_rows_written_out(counted):
    counted.loc[counted["g"] == "c", "y"] = 1
    with pytest.raises(ValueError, match=f"all {counted.loc[counted['g'] == 'c', 'times'].sum():,} rows at this level"):
        pt.logistic(counted, FORMULA, counts="times")


@pytest.mark.parametrize("errors", [ERRORS[0], ERRORS[2]])
@pytest.mark.parametrize("sure", [True, False])
def test_a_trend_is_the_product_with_time(counted, errors, sure, monkeypatch):
    """By sums over points of time, and where these are not sure of a maximum, by points written out."""
    if not sure:
        monkeypatch.setattr(trending, "CERTAIN", 0.0)
    fit = pt.logistic(counted, FORMULA, counts="times", **errors)
    ours = trend(fit, "x", counted["first"].to_numpy())
    theirs = pt.logistic(written_out(counted), FORMULA + " + time + x:time", **errors).table.set_index("term").loc["x:time"]
    names = ["estimate", "se", "statistic", "df", "p_value", "ci_low", "ci_high"]
    assert ours[names].to_numpy(float) == pytest.approx(theirs[names].to_numpy(float), rel=1e-8)


def test_a_trend_refuses_what_has_none(counted):
    fit = pt.logistic(counted, FORMULA, counts="times")
    once = pt.logistic(counted.assign(times=1), FORMULA, counts="times")
    with pytest.raises(ValueError, match="time does not vary"):
        trend(once, "x", np.ones(300))
    copied = pt.logistic(counted.assign(times=1), "y ~ x + first", counts="times")
    with pytest.raises(ValueError, match="combination"):
        trend(copied, "x", counted["first"].to_numpy())
    with pytest.raises(ValueError, match="term: 'g'"):
        trend(fit, "g", counted["first"].to_numpy())
    with pytest.raises(ValueError, match="first: 3 values"):
        trend(fit, "x", np.ones(3))
    robust = pt.logistic(counted, FORMULA, counts="times", errors="HC0")
    with pytest.raises(ValueError, match="classical or clustered"):
        trend(robust, "x", counted["first"].to_numpy())


def test_a_trend_that_separates_is_refused():
    """Until month 4 only those above leave, from then on only those below."""
    rng = np.random.default_rng(2)
    frame = pd.DataFrame({"x": rng.normal(0, 1, 200), "first": rng.integers(1, 9, 200), "times": 1})
    frame["y"] = (frame["x"] * (frame["first"] - 4.5) > 0).astype(int)
    fit = pt.logistic(frame, "y ~ x", counts="times")
    with pytest.raises(ValueError, match="separation"):
        trend(fit, "x", frame["first"].to_numpy())


def test_some_rows_have_the_margin_of_their_own_fit(counted):
    fit = pt.logistic(counted, FORMULA, errors="cluster", by="unit")
    keep = (counted["unit"] != "q").to_numpy()
    for term in ("x", "z"):
        own = pt.logistic(counted[keep], FORMULA).margins(term)["estimate"].iloc[0]
        assert margin_of_some(fit, term, keep) == pytest.approx(own, rel=1e-10)
    assert margin_of_some(fit, "x", (counted["g"] != "c").to_numpy()) is None, "its columns would be others"
    assert margin_of_some(fit, "x", (counted["y"] == 1).to_numpy()) is None
    split = ((counted["x"] > 3) == (counted["y"] == 1)).to_numpy()
    assert margin_of_some(fit, "x", split) is None, "separated"


def test_a_start_leads_to_the_same_maximum(counted):
    rows = pt.logistic(counted, FORMULA)._rows
    names = list(rows.columns.names)
    cold, far = (peak(rows.X, rows.y, names, True, start=start) for start in (None, np.array([1.0, -1, 1, -1, 1])))
    assert far.coefficients == pytest.approx(cold.coefficients, rel=1e-9)
    near = peak(rows.X, rows.y, names, True, FIRST_STEPS, start=cold.coefficients)
    assert near.certain
