"""Incidents and staying: its notebook on firms that differ, against statsmodels and against arithmetic by hand."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from control_firms import numbers, of_kind, prepared, run
from incident_firms import incidents, yes_or_no
from scipy import stats

from pebbletrail.practice.definition import practice

NAME = "incidents-and-staying"
WORDS = practice(NAME).words
ENDS = ("estimate", "low", "high")


def everything_is_told_twice(found):
    for one in found:
        for language in ("en", "fr"):
            assert "{" not in one.text(WORDS, language)
            assert "nan" not in one.text(WORDS, language)


def ids(found, kind):
    return {one.id for one in of_kind(found, kind)}


def margin(frame, formula, name):
    """The average marginal effect with clustered errors, by statsmodels; t with units less one."""
    fit = smf.logit(formula, frame).fit(disp=0, cov_type="cluster", cov_kwds={"groups": pd.factorize(frame["unit"])[0]})
    table = fit.get_margeff(dummy=False).summary_frame().loc[name]
    half = stats.t.ppf(0.975, frame["unit"].nunique() - 1) * table["Std. Err."]
    return table["dy/dx"], table["dy/dx"] - half, table["dy/dx"] + half


@pytest.fixture(scope="module")
def keeps():
    """A firm whose just answers go with staying; a third of its customers did not judge."""
    frame = incidents(1, 0.6)
    frame.loc[frame.index % 3 == 0, "justice"] = np.nan
    return frame


@pytest.fixture(scope="module")
def told(keeps):
    found, error = run(NAME, prepared(NAME, keeps))
    assert error is None
    return found


def test_the_notebook_says_what_statsmodels_says(keeps, told):
    [main] = of_kind(told, "main")
    theirs = margin(keeps.dropna(subset=["justice"]), "stayed ~ justice + severity + C(kind)", "justice")
    assert [numbers(main)[name] for name in ENDS] == pytest.approx(theirs, rel=1e-5)
    assert [numbers(main)[f"{name}_points"] for name in ENDS] == pytest.approx([100 * one for one in theirs], rel=1e-5)
    assert (main.id, numbers(main)["n"], numbers(main)["clusters"]) == ("main.scale.more", 1000, 30)
    assert numbers(of_kind(told, "specification")[0])["formula"] == "stayed ~ justice + severity + C(kind)"
    assert of_kind(told, "design")[0].status == "association"


def test_everything_that_was_given_is_told(told):
    everything_is_told_twice(told)
    assert ids(told, "finding") == {"odds.scale", "deviation", "after.compensated", "after.response_days",
                                    "curve.scale.clear", "hazard.less"}
    assert len(of_kind(told, "robustness")) == 5
    assert len(of_kind(told, "rival")) == 3
    assert len(of_kind(told, "beside")) == 2
    assert {one.id: one.status for one in of_kind(told, "assumption")} == {
        "units-enough": "doubtful", "events": "pass", "straight": "pass", "steady": "pass", "silent.judged": "pass",
        "order.unknown": "doubtful"}


def test_a_yes_or_no_without_units_is_a_difference_of_two_shares():
    """And here the just answer goes with less staying."""
    frame = yes_or_no(2, (0.8, 0.65))
    found, error = run(NAME, prepared(NAME, frame))
    assert error is None
    [main] = of_kind(found, "main")
    no, yes = (frame.loc[frame["just"] == value, "stayed"] for value in (0, 1))
    half = stats.norm.ppf(0.975) * np.sqrt(sum(one.mean() * (1 - one.mean()) / len(one) for one in (no, yes)))
    gap = yes.mean() - no.mean()
    assert main.id == "main.yes.less"
    assert [numbers(main)[name] for name in ENDS] == pytest.approx([gap, gap - half, gap + half], rel=1e-6)
    [odds] = [numbers(one) for one in of_kind(found, "finding") if one.id == "odds.yes"]
    assert odds["estimate"] == pytest.approx(yes.mean() / (1 - yes.mean()) * (1 - no.mean()) / no.mean())
    everything_is_told_twice(found)
    assert {"left.adjusters", "left.survival", "left.inside", "left.without-one"} <= ids(found, "left out")
    assert {one.status for one in of_kind(found, "rival")} == {"cannot tell"}


def test_justice_that_does_nothing_is_left_open():
    found, error = run(NAME, prepared(NAME, incidents(3, 0.0, n=500, units=8, minimal=True)))
    assert error is None
    assert ids(found, "main") == {"main.scale.open"}
    everything_is_told_twice(found)


def test_the_made_up_bank_holds_its_truth():
    """Its files are prepared as anybody's; its slips are set aside, and the truth lies in the interval."""
    from pebbletrail.practice.examples import prepared_example
    from pebbletrail.practice.examples.incidents_and_staying import ODDS, truth

    ready = prepared_example(NAME)
    assert set(ready.set_aside["reason"]) == {"duplicate-row", "out-of-range", "not-a-number", "missing"}
    found, error = run(NAME)
    assert error is None
    [main] = of_kind(found, "main")
    assert 0 < numbers(main)["low"] < truth() < numbers(main)["high"]
    [odds] = [numbers(one) for one in of_kind(found, "finding") if one.id == "odds.scale"]
    assert odds["low"] < ODDS < odds["high"]
    everything_is_told_twice(found)
    assert ids(found, "finding") >= {"part.distributive", "part.procedural", "part.interactional",
                                     "curve.scale.clear", "hazard.less"}
    assert "rival.cases.moved" in ids(found, "rival"), "grave incidents are answered less justly in this world"
