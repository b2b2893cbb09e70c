"""Stages that the firm names: slopes and their joint test held against statsmodels, in rows and in an engine."""

import ibis
import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from control_firms import numbers, of_kind, prepared, run, study_of
from scipy import stats as distributions

from pebbletrail.practice import trust_pictures, trust_stages
from pebbletrail.practice.definition import LANGUAGES, practice

NAME = "trust-across-stages"
STAGES = ("C(stage)[1]: + <b>essai</b>", "engagement", "déclin")  # signs that mean something in a formula, or in HTML
SLOPES = (0.1, 0.5, -0.2)


def customers(seed, slopes=SLOPES, n=900, units=0, each_month=True):
    """Customers whose truth is known: in each stage the person counts for as much as its place in ``slopes`` says."""
    rng = np.random.default_rng(seed)
    stage = rng.integers(0, 3, n)
    unit = rng.integers(0, units or 1, n)
    months = 5.0 + 24 * stage + (rng.integers(0, 24, n) if each_month else 0)
    brand = 4 + rng.normal(0, 1, n)
    person = 0.5 * brand + 2 + 0.3 * stage + rng.normal(0, 1, n)
    intention = (2 + np.array(slopes)[stage] * person + 0.3 * brand + 0.01 * months + rng.normal(0, 0.8, n)
                 + rng.normal(0, 0.4, units or 1)[unit])
    frame = pd.DataFrame({"person": person, "brand": brand, "months": months, "intention": intention,
                          "stage": np.array(STAGES)[stage]})
    return frame.assign(unit=[f"S{one:02}" for one in unit]) if units else frame


def theirs(frame, months=" + months", **errors):
    """By statsmodels: each stage's slope of the person as a coefficient of its own."""
    rows = frame.assign(place=frame["stage"].map({name: str(place) for place, name in enumerate(STAGES)}))
    formula = f"intention ~ C(place) + C(place):person + C(place):brand{months}"
    fit = smf.ols(formula, rows).fit(use_t=True, **errors)
    return fit, [f"C(place)[{place}]:person" for place in range(3)]


@pytest.mark.parametrize(("units", "each_month"), [(0, True), (0, False), (20, True)])
def test_slopes_and_their_joint_test_are_statsmodels(units, each_month):
    """HC3 without shops, clusters with them; where months say no more than the stage, they are not in the regression."""
    frame = customers(1, units=units, each_month=each_month)
    found = trust_stages.told(study_of(NAME, frame.sample(frac=1, random_state=1)))
    errors = {"cov_type": "HC3"}
    if units:
        errors = {"cov_type": "cluster", "cov_kwds": {"groups": pd.factorize(frame["unit"])[0]}}
    fit, names = theirs(frame, " + months" if each_month else "", **errors)
    assert found.table["stage"].tolist() == list(STAGES)
    slopes = found.slopes("person")
    assert slopes["estimate"].tolist() == pytest.approx(fit.params[names].tolist(), rel=1e-8)
    assert slopes["se"].tolist() == pytest.approx(fit.bse[names].tolist(), rel=1e-7)
    assert slopes["p"].tolist() == pytest.approx(fit.pvalues[names].tolist(), rel=1e-6, abs=1e-12)
    ends = fit.conf_int().loc[names].to_numpy()
    np.testing.assert_allclose(slopes[["low", "high"]], ends, rtol=1e-7)
    test = fit.wald_test(f"{names[0]} = {names[1]}, {names[1]} = {names[2]}", use_f=True, scalar=True)
    p = distributions.f.sf(test.statistic * (units - 2) / (units - 1), 2, units - 2) if units else test.pvalue
    judged = found.alike()
    assert (judged.status, judged.id) == ("doubtful", "alike.stages")
    assert judged.values == {"p": pytest.approx(float(p), rel=1e-6, abs=1e-15), "stages": 3}
    by = frame.groupby("stage")["person"].agg(["size", "mean"]).loc[list(STAGES)]
    assert slopes["n"].tolist() == by["size"].tolist()
    assert slopes["mean"].tolist() == pytest.approx(by["mean"].tolist())


@pytest.mark.parametrize("units", [0, 10, 20])
def test_where_the_person_counts_for_the_same_everywhere_the_joint_test_errs_as_often_as_it_says(units):
    studies = (study_of(NAME, customers(seed, (0.3, 0.3, 0.3), n=240, units=units)) for seed in range(300))
    p = np.array([trust_stages.told(study).alike().values["p"] for study in studies])
    assert 0.02 < np.mean(p < 0.05) < 0.09  # of 300 at 5 %, so few or so many once in some hundred times


@pytest.mark.parametrize("units", [0, 15])
def test_an_engine_says_the_same(tmp_path, units):
    """Without shops an engine has classical errors, so there the estimates alone are those of the rows."""
    frame = customers(3, units=units)
    frame.loc[:19, "stage"] = None
    frame.loc[20:40, "person"] = np.nan
    frame.loc[50:60, "stage"] = "réveil"
    frame.to_parquet(tmp_path / "rows.parquet")
    table = ibis.duckdb.connect().read_parquet(tmp_path / "rows.parquet")
    rows, engine = (trust_stages.told(study_of(NAME, frame, **more)) for more in ({}, {"table": table}))
    pd.testing.assert_frame_equal(rows.table, engine.table[rows.table.columns], check_dtype=False)
    assert (rows.small, engine.small) == (1, 1)
    assert rows.table["n"].sum() == (frame["stage"].isin(STAGES) & frame["person"].notna()).sum()
    for level in ("person", "brand"):
        one, other = rows.slopes(level), engine.slopes(level)
        columns = ["estimate"] if not units else ["estimate", "se", "low", "high", "p"]
        np.testing.assert_allclose(one[columns], other[columns], rtol=1e-6, atol=1e-12)
    if units:
        assert rows.alike().values["p"] == pytest.approx(engine.alike().values["p"], rel=1e-6)


@pytest.mark.parametrize("in_engine", [False, True])
def test_customers_without_a_shop_are_in_no_number_where_errors_are_by_shop(tmp_path, in_engine):
    """The regression has none of them, so neither has a count, a mean, or which stages are large enough."""
    frame = customers(11, units=20)
    few = frame.index[frame["stage"] == "déclin"][29:]
    frame.loc[few, "unit"] = None
    frame.loc[frame.index[frame["stage"] == "engagement"][:40], "unit"] = None
    frame.to_parquet(tmp_path / "rows.parquet")
    table = ibis.duckdb.connect().read_parquet(tmp_path / "rows.parquet") if in_engine else None
    found = trust_stages.told(study_of(NAME, frame, **({"table": table} if in_engine else {})))
    kept = frame.dropna(subset=["unit"])
    assert found.table["stage"].tolist() == list(STAGES[:2])
    assert found.table["n"].tolist() == [(kept["stage"] == name).sum() for name in STAGES[:2]]
    assert found.table["n"].sum() == found.model.n
    assert found.table["person"].tolist() == pytest.approx(kept.groupby("stage")["person"].mean()[list(STAGES[:2])].tolist())
    assert found.small == 1


@pytest.mark.parametrize(("shops", "kept"), [(1, 2), (3, 2), (9, 2), (10, 3)])
def test_a_stage_of_few_shops_has_no_errors_by_shop_and_is_left_out_aloud(shops, kept):
    """One shop alone gives an error near 0, three give one far too small: who says so must not tell them."""
    frame = customers(12, units=20, n=1200)
    last = frame["stage"] == "déclin"
    frame.loc[last, "unit"] = [f"S{place % shops:02}" for place in range(last.sum())]
    found = trust_stages.told(study_of(NAME, frame))
    assert (found.table["stage"].tolist(), found.small) == (list(STAGES[:kept]), 3 - kept)
    assert (found.slopes("person")["se"] > 0.01).all()


def test_intervals_of_means_are_by_shop_where_there_are_shops():
    frame = customers(13, units=20)
    frame["person"] += np.random.default_rng(1).normal(0, 1, 20)[frame["unit"].str[1:].astype(int)]
    rows = frame.assign(place=frame["stage"].map({name: str(place) for place, name in enumerate(STAGES)}))
    errors = {"cov_type": "cluster", "cov_kwds": {"groups": pd.factorize(frame["unit"])[0]}}
    theirs = smf.ols("person ~ C(place) - 1", rows).fit(use_t=True, **errors).conf_int()
    found = trust_stages.told(study_of(NAME, frame)).table
    np.testing.assert_allclose(found["person"] - found["person half"], theirs[0], rtol=1e-6)
    np.testing.assert_allclose(found["person"] + found["person half"], theirs[1], rtol=1e-6)
    alone = trust_stages.told(study_of(NAME, frame.drop(columns="unit"))).table
    by = frame.groupby("stage")["person"].apply(lambda one: distributions.t.interval(
        0.95, len(one) - 1, one.mean(), distributions.sem(one)))
    np.testing.assert_allclose(alone["person"] + alone["person half"], [by[name][1] for name in STAGES])


def test_stages_that_cannot_be_told_apart():
    frame = customers(5)
    assert trust_stages.told(study_of(NAME, frame.drop(columns="stage"))) is None
    assert trust_stages.told(study_of(NAME, frame.assign(stage="one"))) is None
    assert trust_stages.told(study_of(NAME, frame.assign(stage=np.arange(900) // 29))) is None  # all too small
    assert trust_stages.told(study_of(NAME, frame.assign(stage=np.arange(900) % 9))) is None    # too many to be seen
    assert trust_stages.told(study_of(NAME, frame.assign(stage=np.arange(900) % 8))) is not None
    blind = frame.assign(person=frame["person"].where(frame["stage"] != "déclin", 4.0))
    assert trust_stages.told(study_of(NAME, blind)) is None


def test_the_notebook_tells_each_stage_and_leaves_a_small_one_out_aloud():
    frame = customers(7)
    frame.loc[frame.index[frame["stage"] == "déclin"][25:], "stage"] = "engagement"
    found, error = run(NAME, prepared(NAME, frame))
    assert error is None
    told = [numbers(one) for one in of_kind(found, "finding") if one.id == "stage.person"]
    assert [one["stage"] for one in told] == list(STAGES[:2])
    assert "alike.stages" in {one.id for one in of_kind(found, "assumption")}
    [small] = [one for one in of_kind(found, "left out") if one.id == "left.stages.small"]
    assert numbers(small) == {"least": 30, "units": 10, "small": 1}
    words = practice(NAME).words
    for one in found:
        assert all("{" not in one.text(words, language) for language in LANGUAGES)
    without, error = run(NAME, prepared(NAME, frame.drop(columns="stage")))
    assert error is None
    assert "left.stages" in {one.id for one in of_kind(without, "left out")}
    assert not [one for one in without if one.id.startswith(("stage.", "alike."))]


def test_the_notebook_runs_where_a_whole_stage_has_no_shop():
    frame = customers(7, units=20)
    frame.loc[frame["stage"] == "déclin", "unit"] = None
    found, error = run(NAME, prepared(NAME, frame))
    assert error is None
    assert [numbers(one)["stage"] for one in of_kind(found, "finding") if one.id == "stage.person"] == list(STAGES[:2])


def test_pictures_hold_what_was_found():
    study = study_of(NAME, customers(9))
    stages = trust_stages.told(study)
    fig = trust_pictures.slopes_by_stage(study, stages)
    middle, _, bars = fig.axes[0].containers[0]
    slopes = stages.slopes("person")
    np.testing.assert_allclose(middle.get_ydata().astype(float), slopes["estimate"])
    np.testing.assert_allclose([part[:, 1] for part in bars[0].get_segments()], slopes[["low", "high"]].to_numpy(float))
    fig = trust_pictures.by_stage(study, stages)
    np.testing.assert_allclose(fig.axes[0].containers[1][0].get_ydata().astype(float), stages.table["brand"])
    assert "engagement, déclin" in fig.alt


def test_dollars_in_the_name_of_a_stage_are_no_formula(tmp_path):
    study = study_of(NAME, customers(9).replace({"stage": {"déclin": "$\\frac{a}$ à 5 $ en 2 $"}}))
    fig = trust_pictures.slopes_by_stage(study, trust_stages.told(study))
    fig.savefig(tmp_path / "dollars.svg")
    assert not any(label.get_parse_math() for label in fig.axes[0].get_xticklabels())
