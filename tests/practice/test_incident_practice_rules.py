"""Incidents and staying: rows, months, rules and rivals, each in a case where it is known what they must say."""

import ibis
import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from control_firms import study_of
from incident_firms import incidents, yes_or_no
from scipy import stats

from pebbletrail.models.logistic.trend import trend
from pebbletrail.own_data.given import NotUsable
from pebbletrail.practice import incident_fit, incident_rules, incident_survival
from pebbletrail.practice.incident_fit import OTHER, Cases
from pebbletrail.practice.judged import within_and_between

NAME = "incidents-and-staying"


def cases_of(frame):
    return incident_fit.cases(study_of(NAME, frame))


# --- which rows and columns ---------------------------------------------------------------------------------------------

def test_justice_is_the_mean_of_its_kinds_where_only_these_were_given():
    frame = incidents(1, 0.5, n=300)
    parts = frame.drop(columns="justice").assign(distributive=frame["justice"] - 0.5, procedural=frame["justice"] + 0.5)
    assert cases_of(parts).rows["justice"].to_numpy() == pytest.approx(frame["justice"].to_numpy())
    assert cases_of(parts.assign(just=1.0)).exposure == "justice", "a scale comes before a yes or no"


def test_without_justice_or_with_one_kind_of_it_there_is_nothing_to_estimate():
    frame = yes_or_no(1, (0.5, 0.7))
    with pytest.raises(NotUsable, match="--map justice="):
        cases_of(frame.drop(columns="just"))
    with pytest.raises(NotUsable, match="just: it is the same in all 800 rows"):
        cases_of(frame.assign(just=1.0))


def test_small_levels_are_one_and_levels_where_all_stay_are_left_out():
    frame = incidents(2, 0.5, n=2000)
    frame["kind"] = np.where(frame.index < 30, "rare", np.where(frame.index < 60, "odd", frame["kind"]))
    frame["time"] = pd.Timestamp("2024-03-01")
    frame.loc[1990:, "time"], frame.loc[1990:, "stayed"] = pd.Timestamp("2025-03-01"), 1.0
    cases = cases_of(frame)
    assert (cases.rows["kind"] == OTHER).sum() == 60
    assert cases.still == 10
    assert "C(year)" not in cases.formula, "one year is left"


def test_what_cannot_be_adjusted_for_is_not():
    frame = incidents(2, 0.5)
    gaps = frame.assign(severity=frame["severity"].where(frame.index % 2 == 0), tenure=7.0, channel=frame["kind"])
    assert cases_of(gaps).adjusted_for == ("C(kind)",), "half empty; the same everywhere; a copy"


def test_an_answer_is_held_still_beside_one_side_of_justice_only():
    frame = yes_or_no(3, (0.5, 0.7)).assign(answer=lambda some: np.where(some.index % 3, "refund", "explanation"))
    assert cases_of(frame).formula == "stayed ~ just + C(answer)"
    scale = frame.assign(justice=4.0 + frame["just"] + frame.index % 2)
    assert cases_of(scale).formula == "stayed ~ justice"


def test_an_engine_gives_the_same_rows(tmp_path):
    frame = incidents(4, 0.5, n=600)
    frame.to_parquet(tmp_path / "rows.parquet")
    table = ibis.duckdb.connect().read_parquet(tmp_path / "rows.parquet")
    held = incident_fit.cases(study_of(NAME, frame, table=table))
    fits = [incident_fit.effect(incident_fit.fitted(one), "justice") for one in (cases_of(frame), held)]
    assert fits[0] == pytest.approx(fits[1], rel=1e-8)


def test_leaving_out_units_is_fitting_without_them():
    cases = cases_of(incidents(5, 0.5, n=600, units=5))
    found = incident_fit.without_one(cases)
    every = []
    for unit in cases.rows["unit"].unique():
        left = cases.rows[cases.rows["unit"] != unit]
        fit = smf.logit(cases.formula, left).fit(disp=0)
        every.append(100 * fit.get_margeff().summary_frame().loc["justice", "dy/dx"])
    assert (found["least"], found["most"]) == pytest.approx((min(every), max(every)), rel=1e-4)


# --- months -------------------------------------------------------------------------------------------------------------

def written_out(made):
    """Each month a row of its own."""
    alike = made["alike"].to_numpy()
    rows = made.loc[made.index.repeat(alike)]
    more = np.concatenate([np.arange(number) for number in alike])
    return rows.assign(month=rows["first"] + more, alike=1).reset_index(drop=True)


def test_each_month_begun_with_a_customer_is_counted():
    rows = pd.DataFrame({"months": [2.0, 3.0, 2.4, 2.4, 0.0, 0.0], "left": [1, 0, 1, 0, 1, 0], "justice": range(6)})
    made = incident_survival.person_months(rows)
    assert made["alike"].min() >= 1
    made = written_out(made)
    assert not made.duplicated(["justice", "month"]).any()
    counted = made.groupby("justice").agg(months=("month", "max"), gone=("gone", "sum"))
    assert made.groupby("justice").size().to_dict() == counted["months"].to_dict()
    assert (made.loc[made["gone"] == 1, "month"].sort_values() == [1, 2, 3]).all(), "gone in the last month"
    assert counted["months"].to_dict() == {0: 2, 1: 3, 2: 3, 3: 2, 4: 1}, "who was not seen for a month is in no row"
    assert counted["gone"].to_dict() == {0: 1, 1: 0, 2: 1, 3: 0, 4: 1}


def test_the_hazard_is_that_of_statsmodels_on_rows_written_one_by_one():
    frame = incidents(6, 0.6, n=500)
    study = study_of(NAME, frame)
    cases = incident_fit.cases(study)
    made = incident_survival.person_months(incident_survival.watched(study, cases))
    written = [{**row, "month": month, "gone": float(row["left"] == 1 and month == row["months"])}
               for row in frame.to_dict("records") for month in range(1, int(row["months"]) + 1)]
    assert made["alike"].sum() == len(written) > 1.5 * len(made)
    bands = written_out(made).groupby("month")["band"].agg(set)
    assert bands.map(len).max() == 1
    bands = bands.map(min)
    theirs = pd.DataFrame(written).assign(band=lambda table: table["month"].map(bands))
    fit = smf.logit("gone ~ justice + severity + C(kind) + C(band)", theirs).fit(disp=0)
    found = incident_survival.hazard(cases, incident_survival.hazards(cases, made))
    assert found["estimate"] == pytest.approx(np.exp(fit.params["justice"]), rel=1e-5)
    assert incident_survival.side(found) == "hazard.less"
    assert made.groupby("band")["gone"].sum().min() >= incident_survival.EVENTS


@pytest.mark.parametrize("by", ["unit", None])
def test_hazard_and_steady_are_those_of_months_written_out(by):
    """The fast way against statsmodels, of one row a customer and month; the slope changes with time in this firm."""
    frame = incidents(6, 0.6, n=700, units=12)
    rng = np.random.default_rng(6)
    early = frame["justice"] < 4 + rng.normal(0, 1, len(frame))
    frame["months"] = np.where(frame["left"] == 1, np.where(early, rng.integers(1, 8, 700), rng.integers(4, 27, 700)), 30.0)
    frame = frame if by else frame.drop(columns="unit")
    study = study_of(NAME, frame)
    cases = incident_fit.cases(study)
    made = incident_survival.person_months(incident_survival.watched(study, cases))
    rows = written_out(made)
    assert made["band"].nunique() > 3
    errors = {"cov_type": "cluster", "cov_kwds": {"groups": pd.factorize(rows["unit"])[0]}} if by else {}
    tight = {"disp": 0, "method": "newton", "maxiter": 50, "tol": 1e-13}
    plain = smf.logit("gone ~ justice + severity + C(kind) + C(band)", rows).fit(**tight, **errors)
    found = incident_survival.hazards(cases, made)
    ours = found.table.set_index("term").loc["justice"]
    assert (found.n, found.events) == (len(rows), rows["gone"].sum())
    assert found.loglik == pytest.approx(plain.llf, rel=1e-10)
    assert ours["estimate"] == pytest.approx(plain.params["justice"], rel=1e-8)
    assert ours["se"] == pytest.approx(plain.bse["justice"], rel=1e-8)
    theirs = plain.get_margeff().summary_frame().loc["justice"]
    margin = found.margins("justice").iloc[0]
    assert [margin["estimate"], margin["se"]] == pytest.approx([theirs["dy/dx"], theirs["Std. Err."]], rel=1e-7)
    more = smf.logit("gone ~ justice * month + severity + C(kind) + C(band)", rows).fit(**tight, **errors)
    row = trend(found, "justice", made["first"].to_numpy())
    assert row["estimate"] == pytest.approx(more.params["justice:month"], rel=1e-8)
    assert row["se"] == pytest.approx(more.bse["justice:month"], rel=1e-8)
    value = abs(more.tvalues["justice:month"])
    p = 2 * (stats.t.sf(value, rows["unit"].nunique() - 1) if by else stats.norm.sf(value))
    judged = incident_survival.steady(cases, made, found)
    assert judged.values["p"] == pytest.approx(p, rel=1e-6)
    assert judged.status == "doubtful"


def test_units_left_out_in_a_shared_design_are_the_plain_fits():
    """Also where a unit is the only one with some kind, so that the columns without it are others."""
    frame = incidents(5, 0.5, n=900, units=6)
    frame.loc[(frame["unit"] == frame["unit"].iloc[0]) & (frame.index % 2 == 0), "kind"] = "their own"
    frame.loc[3, "unit"] = None
    cases = cases_of(frame)
    assert cases.rows.groupby("kind")["unit"].nunique().min() == 1
    every = {unit: incident_fit.effect(incident_fit.fitted(cases, rows=cases.rows[cases.rows["unit"] != unit]), "justice")
             for unit in cases.rows["unit"].dropna().unique()}
    whole = incident_fit.effect(incident_fit.fitted(cases), "justice")["estimate"]
    worst = max(every.values(), key=lambda one: abs(one["estimate"] - whole))
    found = incident_fit.without_one(cases)
    assert {name: found[name] for name in worst} == pytest.approx(worst, rel=1e-9)
    points = [one["estimate_points"] for one in every.values()]
    assert (found["least"], found["most"], found["units"]) == pytest.approx((min(points), max(points), 6), rel=1e-9)


def test_the_curves_are_a_product_and_count_who_was_not_seen_to_the_end():
    frame = incidents(7, 0.6, n=400)
    recent = frame.index < 60  # it is not known yet whether these stay the year
    frame.loc[recent, ["stayed", "left", "months"]] = [np.nan, 0.0, 5.0]
    study = study_of(NAME, frame)
    cases = incident_fit.cases(study)
    rows = incident_survival.watched(study, cases)
    assert (len(cases.rows), len(rows)) == (340, 400)
    told = incident_survival.told(incident_survival.curves(rows))
    upper = rows[rows["justice"] > rows["justice"].median()]
    there = 1.0
    for month in range(1, 13):
        gone = ((upper["months"] == month) & (upper["left"] == 1)).sum()
        there *= 1 - gone / (upper["months"] >= month).sum()
    assert (told["month"], told["upper_share"]) == (12.0, pytest.approx(100 * there))
    assert told["p"] < 0.05


def test_months_without_departures_have_no_curves():
    frame = incidents(8, 0.5, n=300).assign(left=0.0)
    study = study_of(NAME, frame)
    assert incident_survival.watched(study, incident_fit.cases(study)) is None


# --- assumptions and rivals ---------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("units", "status"), [(8, "fail"), (30, "doubtful"), (60, "pass")])
def test_enough_units(units, status):
    assert incident_rules.units_enough(cases_of(incidents(1, 0.5, units=units))).status == status


def test_a_bend_is_seen():
    straight, bent = incidents(9, 0.6), incidents(9, 0.6)
    odds = 2.5 - 0.8 * (bent["justice"] - 4)**2
    bent["stayed"] = (np.random.default_rng(1).random(len(bent)) < 1 / (1 + np.exp(-odds))).astype(float)
    assert incident_rules.bend(cases_of(straight)).status == "pass"
    assert incident_rules.bend(cases_of(bent)).status == "doubtful"
    assert incident_rules.bend(cases_of(yes_or_no(1, (0.5, 0.7)))) is None


def test_who_is_silent():
    frame = incidents(10, 0.6)
    angry = frame.assign(justice=frame["justice"].where((frame["stayed"] == 1) | (frame.index % 4 == 0)))
    assert incident_rules.silent(angry, "justice").status == "fail", "those who left judged less often"
    assert incident_rules.silent(frame, "justice").id == "silent.unknown"
    late = frame.assign(stayed=frame["stayed"].where(frame["justice"] > 3))
    assert (found := incident_rules.silent(late, "justice")).id == "silent.outcome"
    assert found.status == "fail"


def test_a_judgement_after_the_departure_is_seen():
    day = pd.Timestamp("2025-01-01")
    frame = incidents(1, 0.5, n=100).assign(answered=day, seen=day + pd.Timedelta(days=300))
    assert incident_rules.order(frame, "justice").status == "pass"
    late = frame.assign(answered=frame["seen"] + pd.Timedelta(days=1))
    assert incident_rules.order(late, "justice").status == "fail"


@pytest.mark.parametrize(("confounded", "slope", "status"),
                         [(0.04, 0.2, "speaks for it"), (0.0, 0.7, "speaks against it"), (0.0, 0.0, "cannot tell")])
def test_hard_cases(confounded, slope, status):
    assert incident_rules.hard_cases(cases_of(incidents(5, slope, confounded=confounded))).status == status


def test_good_units():
    frame = incidents(6, 0.0, units=40, n=2000)
    standing = frame["unit"].map({unit: place for place, unit in enumerate(sorted(frame["unit"].unique()))}) - 20
    rng = np.random.default_rng(3)
    apart = frame.assign(justice=frame["justice"] + 0.05 * standing,
                         stayed=(rng.random(len(frame)) < 0.6 + 0.015 * standing).astype(float))
    assert incident_rules.good_units(cases_of(apart)).status == "speaks for it"
    assert incident_rules.good_units(cases_of(incidents(6, 0.8, units=40, n=2000))).status == "speaks against it"
    assert incident_rules.good_units(cases_of(frame.drop(columns="unit"))).id == "rival.units.unseen"


@pytest.mark.parametrize("units", [40, 12])
def test_slopes_within_and_between_units_are_adjusted_for_the_same(units):
    """With 40 units for severity and kinds; with 12, too few for that, for nothing."""
    frame = incidents(9, 0.6, units=units, n=2000)
    cases = cases_of(frame)
    assert cases.adjusted_for == ("severity", "C(kind)")
    beside = " + severity + C(kind)" if units == 40 else ""
    own = smf.ols(f"stayed ~ justice + C(unit){beside}", frame).fit().params["justice"]
    rows = frame.join(pd.get_dummies(frame["kind"], dtype=float))
    means = rows.groupby("unit")[["stayed", "justice", "severity", "line", "order"]].mean()
    beside = " + severity + line + order" if units == 40 else ""
    apart = smf.ols(f"stayed ~ justice{beside}", means).fit().params["justice"]
    found = incident_rules.good_units(cases).values
    assert (found["within"], found["between"]) == pytest.approx((100 * own, 100 * apart), rel=1e-8)


def test_a_slope_within_units_does_not_speak_against_the_rival_where_units_say_the_opposite():
    judged = within_and_between("rival.units", (0.08, 0.01, 0.06, 0.10), (-0.02, 0.08), 20, times=100)
    assert (judged.status, judged.values["within"], judged.values["between"]) == ("cannot tell", 8, -2)
    assert judged.values["p"] == pytest.approx(2 * stats.t.sf(0.10 / 0.0065**0.5, 20))
    assert within_and_between("rival.units", (0.08, 0.01, 0.06, 0.10), (0.05, np.nan), 20).id == "rival.units.unseen"


def test_mood():
    """Days move justice, and by that staying, in these firms; what was paid does nothing."""
    frame = incidents(7, 0.9, n=6000)
    found = incident_rules.mood(cases_of(frame))
    assert (found.id, found.status) == ("rival.mood.response_days", "speaks against it")
    assert incident_rules.mood(cases_of(frame.drop(columns="response_days"))).id == "rival.mood.open.compensated"
    assert incident_rules.mood(cases_of(frame[["incident", "justice", "stayed"]])).id == "rival.mood.unseen"
    assert incident_rules.mood(cases_of(yes_or_no(1, (0.5, 0.7)))).id == "rival.mood.records"


def test_a_mood_that_makes_both():
    """Customers stay by their mood alone; it colours what they say, as does what they were paid."""
    frame, rng = incidents(8, 0.0, n=6000), np.random.default_rng(8)
    mood = rng.normal(0, 1, len(frame))
    stayed = (rng.random(len(frame)) < 1 / (1 + np.exp(-mood))).astype(float)
    made = frame.assign(justice=4 + mood + 2 * frame["compensated"], stayed=stayed).drop(columns="response_days")
    found = incident_rules.mood(cases_of(made))
    assert (found.id, found.status) == ("rival.mood.less.compensated", "speaks for it")


def test_cases_know_their_errors():
    rows = incidents(1, 0.5, n=50)
    assert Cases(rows, "justice", ("severity",), "unit").errors == {"errors": "cluster", "by": "unit"}
    assert Cases(rows, "justice", (), None).errors == {"errors": "classical"}
