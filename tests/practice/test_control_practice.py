"""Control and quality: its estimates against others' arithmetic, its rules, its notebook on firms that differ."""

import ibis
import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from control_firms import calls, numbers, of_kind, prepared, run, study_of

import pebbletrail as pt
from pebbletrail.practice import control_fit, control_rules
from pebbletrail.practice.definition import practice
from pebbletrail.practice.judged import side

NAME = "control-and-quality"
COLUMNS = ["quality", "control", "difficulty", "waiting"]
WORDS = practice(NAME).words


def by_statsmodels(frame, formula):
    fit = smf.ols(formula, frame).fit(cov_type="cluster", cov_kwds={"groups": pd.factorize(frame["team"])[0]}, use_t=True)
    low, high = fit.conf_int().loc["control"]
    return fit.params["control"], low, high


def everything_is_told_twice(found):
    for one in found:
        for language in ("en", "fr"):
            assert "{" not in one.text(WORDS, language)
            assert "nan" not in one.text(WORDS, language)


@pytest.fixture(scope="module")
def better():
    """A firm in which more control goes with better judgements; a third of the calls without one."""
    frame = calls(1, 0.03)
    frame.loc[frame.index % 3 == 0, "quality"] = np.nan
    return frame


def test_the_notebook_says_what_statsmodels_says(better):
    found, error = run(NAME, prepared(NAME, better))
    assert error is None
    [main] = of_kind(found, "main")
    theirs = by_statsmodels(better.dropna(subset=["quality"]), "quality ~ control + difficulty + waiting")
    assert [numbers(main)[name] for name in ("estimate", "low", "high")] == pytest.approx(theirs, rel=1e-8)
    assert (main.id, numbers(main)["n"], numbers(main)["clusters"]) == ("main.more", 1000, 30)
    everything_is_told_twice(found)
    assert len(of_kind(found, "robustness")) == 6
    assert len(of_kind(found, "rival")) == 3
    assert of_kind(found, "design")[0].status == "association"
    assert numbers(of_kind(found, "specification")[0])["formula"] == "quality ~ control + difficulty + waiting"


def test_the_notebook_runs_on_the_least_that_it_needs():
    """Four columns, few teams, and less control going with better judgements."""
    frame = calls(4, -0.03, n=400, teams=8, minimal=True)
    found, error = run(NAME, prepared(NAME, frame))
    assert error is None
    [main] = of_kind(found, "main")
    assert main.id == "main.less"
    assert [numbers(main)[name] for name in ("estimate", "low", "high")] == pytest.approx(
        by_statsmodels(frame, "quality ~ control"), rel=1e-8)
    everything_is_told_twice(found)
    assert {one.id: one.status for one in of_kind(found, "assumption")}["teams-enough"] == "fail"
    assert {one.status for one in of_kind(found, "rival")} <= {"cannot tell", "speaks against it", "speaks for it"}
    assert {"left.adjusters", "left.agents", "left.months"} <= {one.id for one in of_kind(found, "left out")}


def test_the_made_up_firm_holds_its_truth():
    """Its files are prepared as anybody's; its slips are set aside, and the truth lies in the interval."""
    from pebbletrail.practice.examples import prepared_example
    from pebbletrail.practice.examples.control_and_quality import TRUTH

    ready = prepared_example(NAME)
    reasons = ready.set_aside.groupby("table").size()
    assert reasons["calls"] >= 3, "a value beyond the scale, a word for a number, a team left empty"
    found, error = run(NAME)
    assert error is None
    [main] = of_kind(found, "main")
    assert numbers(main)["low"] < TRUTH < numbers(main)["high"] < 0
    everything_is_told_twice(found)
    assert {one.id for one in of_kind(found, "finding")} >= {"after.handling_time", "after.restarts", "after.autonomy"}
    told = {one.id: one.status for one in of_kind(found, "rival")}
    assert told["rival.calls.moved"] == "speaks for it", "hard calls are controlled more in this world"


def test_an_engine_says_the_same(better, tmp_path):
    better.to_parquet(tmp_path / "calls.parquet")
    table = ibis.duckdb.connect().read_parquet(tmp_path / "calls.parquet")
    studies = study_of(NAME, better), study_of(NAME, better, table=table)
    for columns in (COLUMNS, COLUMNS[:2]):
        fits = [pt.regress(control_fit.moments(one.data, columns), control_fit.formula(columns[2:]), errors="cluster")
                for one in studies]
        pd.testing.assert_frame_equal(fits[0].table, fits[1].table, rtol=1e-8)
        alone = [control_fit.without_one(one.data, control_fit.moments(one.data, columns), columns) for one in studies]
        assert alone[0] == pytest.approx(alone[1], rel=1e-8)
        rivals = [control_rules.good_teams(one.data, columns) for one in studies]
        assert rivals[0].id == rivals[1].id
    assert control_fit.adjusters(studies[0]) == control_fit.adjusters(studies[1]) == ("difficulty", "waiting")
    rows, engine = (control_rules.answers(one) for one in studies)
    assert rows.status == engine.status
    assert numbers(rows) == pytest.approx(numbers(engine))
    assert control_rules.reverse(studies[1]).status == "cannot tell"


def test_what_cannot_be_adjusted_for_is_not():
    frame = calls(2, 0.03)
    gaps = frame.assign(tenure=np.where(frame.index % 2, 5.0 + frame.index % 7, np.nan), waiting=2 * frame["difficulty"])
    assert control_fit.adjusters(study_of(NAME, gaps)) == ("difficulty",), "half empty; a copy"
    assert control_fit.adjusters(study_of(NAME, frame.assign(difficulty=3.0))) == ("waiting",), "it stands still"


def test_leaving_out_each_team_is_fitting_without_it(better):
    m = control_fit.moments(better, COLUMNS)
    slopes = control_fit.without_each(m)
    for team in slopes.index[:5]:
        left = better[better["team"] != team].dropna(subset=["quality"])
        theirs = smf.ols("quality ~ control + difficulty + waiting", left).fit().params["control"]
        assert slopes[team] == pytest.approx(theirs, rel=1e-8)


@pytest.mark.parametrize(("confounded", "slope", "status"),
                         [(0.4, 0.0, "speaks for it"), (0.0, 0.03, "speaks against it"), (0.0, 0.0, "cannot tell")])
def test_hard_calls(confounded, slope, status):
    m = control_fit.moments(calls(5, slope, confounded=confounded), COLUMNS)
    assert control_rules.hard_calls(m, COLUMNS[2:]).status == status


def test_good_teams_that_are_controlled_less():
    """Control does nothing, but teams that are better for other reasons get less of it."""
    frame = calls(6, 0.0, teams=40)
    standing = {team: place for place, team in enumerate(sorted(frame["team"].unique()))}
    place = frame["team"].map(standing) - 20
    apart = frame.assign(control=frame["control"] - place, quality=frame["quality"] + 0.05 * place)
    assert control_rules.good_teams(apart, COLUMNS).status == "speaks for it"
    assert control_rules.good_teams(calls(6, 0.05, teams=40), COLUMNS).status == "speaks against it"
    still = frame.assign(control=50.0 + place)
    assert control_rules.good_teams(still, COLUMNS[:2]).id == "rival.teams.unseen"


def test_slopes_within_and_between_teams_are_adjusted_for_the_same():
    """Hard calls make teams controlled more and, on balance, judged alike: held equal, teams say what calls inside say."""
    frame = calls(8, 0.05, teams=40)
    hard = frame["team"].map({team: place for place, team in enumerate(sorted(frame["team"].unique()))}) - 20
    frame = frame.assign(difficulty=frame["difficulty"] + 5 * hard, control=frame["control"] + hard)
    own = smf.ols("quality ~ control + difficulty + waiting + C(team)", frame).fit().params["control"]
    means = frame.groupby("team")[COLUMNS].mean()
    apart = smf.ols("quality ~ control + difficulty + waiting", means).fit().params["control"]
    found = control_rules.good_teams(frame, COLUMNS)
    assert (found.values["within"], found.values["between"]) == pytest.approx((own, apart), rel=1e-8)
    assert found.status == "speaks against it"
    assert control_rules.good_teams(frame, COLUMNS[:2]).status == "speaks for it", "with nothing held equal"


def test_few_teams_are_compared_with_nothing_held_equal():
    """Thirteen means allow no regression on three columns; the slope within teams then holds nothing equal either."""
    frame = calls(9, 0.05, teams=13)
    means = frame.groupby("team")[COLUMNS].mean()
    found = control_rules.good_teams(frame, COLUMNS).values
    assert found["between"] == pytest.approx(smf.ols("quality ~ control", means).fit().params["control"], rel=1e-8)
    assert found["within"] == pytest.approx(smf.ols("quality ~ control + C(team)", frame).fit().params["control"], rel=1e-8)


def test_managers_who_react():
    """Each call's control is set by the one before it."""
    frame = calls(7, 0.0, n=3000).sort_values("time", kind="stable")
    calm = study_of(NAME, frame)
    last = frame.groupby("agent")["quality"].shift().fillna(4)
    react = study_of(NAME, frame.assign(control=frame["control"] - 6 * (last - 4)))
    assert control_rules.reverse(calm).status == "speaks against it"
    assert control_rules.reverse(react).status == "speaks for it"


@pytest.mark.parametrize(("row", "end"), [((0.1, 0.3), "more"), ((-0.3, -0.1), "less"), ((-0.1, 0.1), "open")])
def test_sentences_go_by_the_interval(row, end):
    assert side("main", dict(zip(("ci_low", "ci_high"), row, strict=True))) == f"main.{end}"
