"""Trust across stages: the notebook on its made-up bank and on other firms, held against statsmodels and by hand."""

import ibis
import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from control_firms import numbers, of_kind, prepared, run, study_of
from scipy import stats

from pebbletrail.practice import trust_fit, trust_rules
from pebbletrail.practice.definition import LANGUAGES, practice
from pebbletrail.practice.examples import prepared_example

NAME = "trust-across-stages"


def customers(seed, slope, n=900, units=30, later=0.0):
    """Customers whose truth is known: ``slope`` of intention on trust in the person, more of it by ``later`` a year."""
    rng = np.random.default_rng(seed)
    unit = rng.integers(0, units, n)
    months = rng.integers(1, 60, n).astype(float)
    brand = 4 + rng.normal(0, 1, n)
    person = 0.5 * brand + 2 + rng.normal(0, 1, n) + rng.normal(0, 0.3, units)[unit]
    noise = rng.normal(0, 0.8, n) + rng.normal(0, 0.3, units)[unit]
    intention = 2 + (slope + later * months / 12) * person + 0.3 * brand + noise
    return pd.DataFrame({"person": person, "brand": brand, "months": months, "intention": intention,
                         "unit": [f"S{one:02}" for one in unit]})


@pytest.fixture(scope="module")
def example():
    found, error = run(NAME)
    assert error is None
    return found


def both_languages(found):
    words = practice(NAME).words
    for one in found:
        texts = [one.text(words, language) for language in LANGUAGES]
        assert all(text and "{" not in text for text in texts)


def test_the_made_up_bank(example):
    """Its slips are set aside; the estimate is that of statsmodels on the rows that are left."""
    ready = prepared_example(NAME)
    assert set(ready.set_aside["reason"]) == {"out-of-range", "not-a-number", "duplicate-row"}
    [main] = of_kind(example, "main")
    rows = ready.frame.dropna(subset=["person", "brand", "trade", "months", "intention"])
    fit = smf.ols("intention ~ person + brand + trade + months", rows).fit(
        cov_type="cluster", cov_kwds={"groups": pd.factorize(rows["unit"])[0]}, use_t=True)
    told = numbers(main)
    assert told["n"] == len(rows)
    assert [told["estimate"], told["se"]] == pytest.approx([fit.params["person"], fit.bse["person"]], rel=1e-9)
    assert main.id == "main.more"
    assert {one.id for one in of_kind(example, "rival")} & {"rival.gone.less", "rival.gone.same", "rival.gone.open"}
    both_languages(example)


def test_a_firm_where_it_goes_the_other_way_with_the_least_that_is_asked():
    frame = customers(3, -0.6).drop(columns="unit")
    found, error = run(NAME, prepared(NAME, frame))
    assert error is None
    [main] = of_kind(found, "main")
    assert main.id == "main.less"
    fit = smf.ols("intention ~ person + brand + months", frame).fit(cov_type="HC3", use_t=True)
    assert [numbers(main)["estimate"], numbers(main)["se"]] == pytest.approx([fit.params["person"], fit.bse["person"]],
                                                                             rel=1e-9)
    assert {"left.trade", "left.without-one"} <= {one.id for one in of_kind(found, "left out")}
    assert "rival.gone.unseen" in {one.id for one in of_kind(found, "rival")}
    both_languages(found)


def test_the_interaction_is_told_for_a_year():
    frame = customers(5, 0.2, n=4000, later=0.1)
    found = trust_fit.later(study_of(NAME, frame))
    fit = smf.ols("intention ~ person + brand + months + person:months", frame).fit()
    assert found["estimate"] == pytest.approx(12 * fit.params["person:months"], rel=1e-8)
    assert found["low"] < 0.1 < found["high"]


def test_an_engine_says_the_same(tmp_path):
    frame = customers(7, 0.4)
    frame.to_parquet(tmp_path / "rows.parquet")
    table = ibis.duckdb.connect().read_parquet(tmp_path / "rows.parquet")
    rows, engine = study_of(NAME, frame), study_of(NAME, frame, table=table)
    for of in (["person"], trust_fit.terms(rows), [*trust_fit.terms(rows), "person:months"]):
        pd.testing.assert_frame_equal(trust_fit.fit(rows, of).table, trust_fit.fit(engine, of).table, rtol=1e-8)
    for rule in (trust_rules.apart, trust_rules.straight, trust_rules.good_feeling, trust_rules.long_time):
        one, other = rule(rows), rule(engine)
        assert (one.status, one.id) == (other.status, other.id)
        assert one.values == pytest.approx(other.values, rel=1e-6)


def test_leaving_out_each_shop_is_fitting_again():
    frame = customers(9, 0.4, n=300, units=12)
    found = trust_fit.without_one(study_of(NAME, frame))
    slopes = {unit: smf.ols("intention ~ person + brand + months", frame[frame["unit"] != unit]).fit().params["person"]
              for unit in frame["unit"].unique()}
    whole = smf.ols("intention ~ person + brand + months", frame).fit().params["person"]
    assert [found["least"], found["most"]] == pytest.approx([min(slopes.values()), max(slopes.values())])
    assert found["estimate"] == pytest.approx(max(slopes.values(), key=lambda slope: abs(slope - whole)))


@pytest.mark.parametrize(("shift", "id"), [(-1.0, "less"), (0.0, "same"), (1.0, "same")])
def test_who_left_had_trusted_less_or_not(shift, id):
    frame = customers(11, 0.3, n=2000)
    frame["left"] = (np.arange(len(frame)) % 4 == 0).astype(float)
    frame["person"] += shift * frame["left"]
    judged = trust_rules.survivors(study_of(NAME, frame))
    assert judged.id == f"rival.gone.{id}"
    gone, stayed = frame.loc[frame["left"] == 1, "person"], frame.loc[frame["left"] == 0, "person"]
    error = np.sqrt(gone.var() / len(gone) + stayed.var() / len(stayed))  # Welch, by hand
    df = error**4 / ((gone.var() / len(gone)) ** 2 / (len(gone) - 1) + (stayed.var() / len(stayed)) ** 2 / (len(stayed) - 1))
    difference = gone.mean() - stayed.mean()
    half = stats.t.ppf(0.975, df) * error
    assert [judged.values["low"], judged.values["high"]] == pytest.approx([difference - half, difference + half])


def test_a_feeling_about_everything_is_found_where_there_is_one_and_not_elsewhere():
    rng = np.random.default_rng(2)
    feeling = rng.normal(0, 1, 2000)
    halo = pd.DataFrame({"person": feeling + rng.normal(0, 0.5, 2000), "brand": feeling + rng.normal(0, 0.5, 2000),
                         "months": rng.integers(1, 50, 2000).astype(float), "intention": feeling + rng.normal(0, 1, 2000)})
    assert trust_rules.good_feeling(study_of(NAME, halo)).status == "speaks for it"
    own = halo.assign(brand=rng.normal(0, 1, 2000), intention=halo["person"] + rng.normal(0, 1, 2000))
    assert trust_rules.good_feeling(study_of(NAME, own)).status == "speaks against it"
    nothing = halo.assign(intention=rng.normal(0, 1, 2000))
    assert trust_rules.good_feeling(study_of(NAME, nothing)).status == "cannot tell"


def test_a_ceiling_is_seen():
    frame = customers(1, 0.3)
    frame["intention"] = 7.0
    frame.loc[:99, "intention"] = 5.0  # 800 of 900 at the top
    judged = trust_rules.ceiling(study_of(NAME, frame))
    assert (judged.status, judged.values["share"]) == ("fail", pytest.approx(100 * 800 / 900))


def test_trust_that_grows_fast_and_then_no_more_is_no_straight_line_in_time():
    """By statsmodels' HC3; in an engine, with classical errors, the verdict is the same."""
    frame = customers(9, 0.3)
    early = frame.assign(person=frame["person"] + np.sqrt(frame["months"]))
    judged = trust_rules.straight_in_time(study_of(NAME, early))
    theirs = smf.ols("person ~ months + I(months**2)", early).fit(cov_type="HC3", use_t=True).pvalues.iloc[2]
    assert (judged.status, judged.values["p"]) == ("doubtful", pytest.approx(theirs, rel=1e-6))
    table = ibis.memtable(early)
    classical = smf.ols("person ~ months + I(months**2)", early).fit().pvalues.iloc[2]
    assert trust_rules.straight_in_time(study_of(NAME, early, table=table)).values["p"] == pytest.approx(classical, rel=1e-6)
    assert trust_rules.straight_in_time(study_of(NAME, frame)).status == "pass"
    assert trust_rules.straight_in_time(study_of(NAME, frame.assign(months=frame["months"] % 2))) is None
