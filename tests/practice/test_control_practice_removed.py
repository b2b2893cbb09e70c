"""Removing control: its panel, its estimates against others' arithmetic, its rules, its notebook on firms that differ."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from control_firms import numbers, of_kind, prepared, run, study_of, weeks

import pebbletrail as pt
from pebbletrail.fetch import find
from pebbletrail.ledger_table import ledger
from pebbletrail.own_data.big import prepare_big
from pebbletrail.own_data.given import NotUsable
from pebbletrail.own_data.prepare import prepare
from pebbletrail.practice import removing_fit, removing_panel, removing_rules
from pebbletrail.practice.definition import practice
from pebbletrail.practice.study import Study

NAME = "removing-control"
WORDS = practice(NAME).words


def panel_of(frame):
    return removing_panel.panel(study_of(NAME, frame))


def imputed_by_hand(rows):
    """The mean effect: unit and period dummies fitted to the rows with control, by statsmodels."""
    there = rows.dropna(subset=["outcome"])
    fit = smf.ols("outcome ~ C(unit) + C(period)", there[there["removed"] == 0]).fit()
    treated = there[there["removed"] == 1]
    return float((treated["outcome"] - fit.predict(treated)).mean())


def everything_is_told_twice(found):
    for one in found:
        for language in ("en", "fr"):
            assert "{" not in one.text(WORDS, language)
            assert "nan" not in one.text(WORDS, language)


@pytest.mark.parametrize(("effect", "leave", "id"), [(0.6, 0.2, "main.more"), (-0.6, 0.0, "main.less")])
def test_the_notebook_says_what_dummies_say(effect, leave, id):
    frame = weeks(2, effect, leave=leave)
    found, error = run(NAME, prepared(NAME, frame))
    assert error is None
    [main] = of_kind(found, "main")
    assert main.id == id
    assert numbers(main)["estimate"] == pytest.approx(imputed_by_hand(panel_of(frame)), abs=1e-8)
    assert numbers(main)["low"] < effect < numbers(main)["high"]
    everything_is_told_twice(found)
    assert len(of_kind(found, "rival")) == 3
    assert len(of_kind(found, "assumption")) == 4
    assert of_kind(found, "design")[0].status == "before-after"


def test_the_made_up_firm_holds_its_truth():
    from pebbletrail.practice.examples import prepared_example
    from pebbletrail.practice.examples.removing_control import truth

    assert len(prepared_example(NAME).set_aside) >= 2
    found, error = run(NAME)
    assert error is None
    [main] = of_kind(found, "main")
    assert numbers(main)["low"] < truth() < numbers(main)["high"]
    everything_is_told_twice(found)


def test_the_panel_of_page_two_gives_page_two(open_data):
    """The file as its authors published it, by mapping alone: one start, those who never went, a week of announcement.

    Who did not volunteer has neither yes nor no in the column of the treated, and is set aside aloud.
    """
    path, _ = find(pt.passport("ctrip-performance"))
    mapping = {"unit": "personid", "period": "year_week", "outcome": "perform1", "treated": "expgroup",
               "start": "=201050", "announced": "=201049"}
    ready = prepare(practice(NAME), {"panel": str(path)}, mapping, most_set_aside=0.4)
    assert (ready.set_aside["column"] == "treated").all()
    found = removing_fit.two_way(removing_panel.panel(Study(practice(NAME), ready, made_up=False)))
    assert round(found["estimate"], 3) == float(ledger()["bloom15-perf"].published)
    assert round(found["se"], 3) == float(ledger()["bloom15-perf.se"].published)
    assert f"{found['n']:,}" == ledger()["bloom15-perf.n"].published
    assert f"{found['clusters']}" == ledger()["bloom15-perf.employees"].published


def test_periods_are_numbered_in_their_order():
    """201053 is followed by 201101; the announced period is left out, and what comes after keeps its distance."""
    labels = [201051, 201052, 201053, 201101, 201102]
    frame = pd.DataFrame([{"unit": unit, "period": label, "outcome": 1.0 * place, "start": start, "announced": 201053.0}
                          for unit, start in (("a", 201101.0), ("b", np.nan)) for place, label in enumerate(labels)])
    rows = panel_of(frame)
    assert rows.loc[rows["unit"] == "a", "period"].tolist() == [0, 1, 3, 4]
    assert rows.loc[rows["unit"] == "b", "period"].tolist() == [0, 1, 2, 3, 4]
    assert rows.loc[rows["removed"] == 1, "period"].tolist() == [3, 4]


def test_units_whose_start_is_only_planned_keep_control_till_then(tmp_path):
    """They are compared with, not treated; rows in hand and an engine take their dates up alike."""
    begun = {"u1": "2024-01-17", "u2": "2024-01-17", "u3": "2199-01-07", "u4": ""}
    frame = pd.DataFrame([(unit, str(day.date()), 5.0 + day.day, start) for unit, start in begun.items()
                          for day in pd.date_range("2024-01-01", periods=5, freq="7D")],
                         columns=["unit", "date", "outcome", "start_date"])
    frame.to_csv(tmp_path / "units.csv", index=False)
    sources = {practice(NAME).tables[0].name: str(tmp_path / "units.csv")}
    engine, _ = prepare_big(practice(NAME), sources, {}, folder=tmp_path)
    for ready in (prepare(practice(NAME), sources, {}), engine):
        assert len(ready.set_aside) == 0
        rows = removing_panel.panel(Study(practice(NAME), ready, made_up=False))
        assert len(rows) == 20
        assert rows[rows["removed"] == 1].groupby("unit").size().to_dict() == {"u1": 3, "u2": 3}
        assert rows.groupby("unit")["start"].first().dropna().to_dict() == {"u1": 2, "u2": 2}
    number = weeks(2, 0.5)
    later = panel_of(number.assign(start=number["start"].fillna(99.0)))
    pd.testing.assert_frame_equal(later, panel_of(number))


def test_days_become_weeks_and_are_averaged():
    """Two days of one week are one row; a start in the middle of a week is that week's."""
    days = ["2024-01-10", "2024-01-12", "2024-01-15", "2024-01-29"]  # a Wednesday, its Friday, two Mondays
    frame = pd.DataFrame([{"unit": unit, "date": pd.Timestamp(day), "outcome": value, "start_date": start}
                          for unit, start in (("a", pd.Timestamp("2024-01-17")), ("b", pd.NaT))
                          for day, value in zip(days, (1.0, 3.0, 5.0, 7.0), strict=True)])
    rows = panel_of(frame)
    one = rows[rows["unit"] == "a"]
    assert one["period"].tolist() == [0, 1, 3]
    assert one["outcome"].tolist() == [2.0, 5.0, 7.0]
    assert one["removed"].tolist() == [0.0, 1.0, 1.0]


@pytest.mark.parametrize(("change", "says"), [
    (lambda frame: frame.drop(columns="period"), "neither period nor date"),
    (lambda frame: frame.drop(columns="start"), "--map start="),
    (lambda frame: frame.assign(start=5.0), "--map treated="),
    (lambda frame: frame.assign(start=np.nan), "nobody was treated"),
    (lambda frame: frame.assign(start=0.0), "every row"),
    (lambda frame: frame.assign(start=frame["start"].where(frame["period"] < 10, 3.0)), "two different starts"),
])
def test_what_cannot_be_compared_is_refused_with_what_to_do(change, says):
    with pytest.raises(NotUsable, match=says):
        panel_of(change(weeks(2, 0.5)))


def test_clusters_coarser_than_units_make_errors_of_their_own():
    frame = weeks(3, 0.4, units=60)
    team = frame["unit"].str[1:].astype(int) // 3
    frame = frame.assign(cluster=team.astype(str), start=frame["start"].groupby(team).transform("first"))
    rows = panel_of(frame)
    fit = removing_fit.imputed(rows)
    assert (fit.by, fit.clusters) == ("cluster", 20)
    assert removing_fit.two_way(rows)["estimate"] == pytest.approx(
        smf.ols("outcome ~ removed + C(unit) + C(period)", rows).fit().params["removed"], abs=1e-8)
    assert removing_fit.cr2(rows) is None


def test_lots_make_it_randomised():
    rows = panel_of(weeks(4, 0.5).assign(drawn=1.0))
    assert removing_rules.design(rows).status == "randomised"
    assert removing_rules.design(rows.assign(drawn=[0.0] + [1.0] * (len(rows) - 1))).status == "before-after"


def test_a_path_of_their_own_is_seen():
    """Those to be treated rise before they are: it speaks for that rival, and the assumption fails."""
    frame = weeks(5, 0.0)
    frame["outcome"] += 0.4 * (frame["start"] - frame["period"]).rsub(0).clip(-4, 0).add(4).fillna(0)
    fit = removing_fit.imputed(panel_of(frame))
    assert removing_rules.drift(fit).status == "speaks for it"
    assert removing_rules.parallel(fit).status == "fail"
    calm = removing_fit.imputed(panel_of(weeks(9, 1.5)))
    assert removing_rules.drift(calm).status == "speaks against it"
    assert removing_rules.parallel(calm).status == "pass"


@pytest.mark.parametrize(("times", "status", "rival"),
                         [(2.2, "pass", "speaks against it"), (1.4, "doubtful", "cannot tell")])
def test_a_test_before_the_start_counts_only_where_it_could_have_seen_half_the_effect(times, status, rival):
    """The farthest end of the leads' intervals is the same whatever the effect; the effect is a multiple of it."""
    none = removing_fit.imputed(panel_of(weeks(9, 0.0)))
    leads = none.leads.table
    farthest = max(max(-row.ci_low, row.ci_high) for row in leads.itertuples())
    fit = removing_fit.imputed(panel_of(weeks(9, times * farthest - none.estimate)))
    assert fit.estimate == pytest.approx(times * farthest)
    judged = removing_rules.parallel(fit)
    assert (judged.status, judged.values["reach"]) == (status, pytest.approx(farthest))
    assert removing_rules.drift(fit).status == rival


def test_leavers_who_make_the_effect_are_seen():
    """The removal does nothing to those who stay; those who will leave shine after it."""
    frame = weeks(6, 0.0, units=80, leave=0.5)
    last = frame.groupby("unit")["period"].transform("max")
    frame["outcome"] += 1.5 * ((last < 24) & (frame["period"] >= frame["start"]))
    rows = panel_of(frame)
    assert removing_rules.leavers(rows, removing_fit.imputed(rows)).status == "speaks for it"
    plain = panel_of(weeks(6, 0.8, units=80))
    assert removing_rules.leavers(plain, removing_fit.imputed(plain)).id == "rival.leavers.none"


def test_one_start_cannot_tell_an_event_from_the_removal():
    assert removing_rules.event(panel_of(weeks(7, 1.0, waves=(10,)))).status == "cannot tell"
    several = removing_rules.event(panel_of(weeks(7, 1.0)))  # what comes with every removal is in each of the waves
    assert (several.status, several.id) == ("cannot tell", "rival.event.each")
    frame = weeks(7, 1.0)
    frame["workload"] = 100 - 30.0 * (frame["period"] >= frame["start"]) + np.random.default_rng(7).normal(0, 5, len(frame))
    assert removing_rules.event(panel_of(frame)).id == "rival.event.workload"


@pytest.mark.parametrize(("units", "persons", "id"), [
    (40, False, "rival.event.each"), (40, True, "rival.event.open"), (100, True, "rival.event.each")])
def test_waves_of_few_persons_are_not_told_apart(units, persons, id):
    """Of 40 units, 6, 12 and 5 start at a time. Teams may be told so; persons, who lie in teams, may not."""
    frame = weeks(7, 1.0, units=units)
    if persons:
        frame["cluster"] = "team " + frame["unit"].str[-1]
    rows = panel_of(frame)
    least = rows.groupby("start")["unit"].nunique().min()
    assert (least >= 10) == (units == 100)
    assert removing_rules.event(rows).id == id


def test_leaving_parts_out_finds_the_one_that_matters():
    frame = weeks(8, 0.5, units=16, never=0.4)
    odd = frame["unit"].eq(frame.loc[frame["start"].notna(), "unit"].iloc[0])
    frame["outcome"] += 4.0 * (odd & (frame["period"] >= frame["start"]))
    rows = panel_of(frame)
    found = removing_fit.without_parts(rows)
    assert found["parts"] == rows["unit"].nunique()
    assert found["estimate"] == pytest.approx(imputed_by_hand(panel_of(frame[~odd])), abs=1e-8)
    assert found["least"] == found["estimate"]
