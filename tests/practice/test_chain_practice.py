"""The relational chain: the notebook on its made-up firm, on other ones and on the ECSI rows, held against statsmodels."""

import subprocess
import sys

import ibis
import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from control_firms import numbers, of_kind, prepared, run, study_of

import pebbletrail as pt
from pebbletrail.own_data.prepare import prepare
from pebbletrail.practice import chain_fit, chain_rules
from pebbletrail.practice.definition import LANGUAGES, practice
from pebbletrail.practice.examples import prepared_example
from pebbletrail.practice.examples.relational_chain import TOTAL, constructs

NAME = "relational-chain"
ECSI = {"image": "IMAG1+IMAG2+IMAG3+IMAG4+IMAG5", "expectation": "CUEX1+CUEX2+CUEX3",
        "quality": "PERQ1+PERQ2+PERQ3+PERQ4+PERQ5+PERQ6+PERQ7", "value": "PERV1+PERV2",
        "satisfaction": "CUSA1+CUSA2+CUSA3", "loyalty": "CUSL1+CUSL2+CUSL3"}


def slope(frame, outcome, predictors):
    return sm.OLS(frame[outcome], sm.add_constant(frame[list(predictors)])).fit().params


def total(frame, names, source="quality", target="loyalty"):
    """The total effect by adding up products along all ways, each path by statsmodels."""
    arrows = chain_fit.arrows(names)
    paths = {outcome: slope(frame, outcome, predictors) for outcome, predictors in arrows.items()}
    reach = {source: 1.0}
    for name in names:
        if name != source and name in paths:
            reach[name] = sum(paths[name][one] * reach.get(one, 0.0) for one in arrows[name])
    return reach[target]


def test_arrows_lead_past_what_was_not_asked():
    assert chain_fit.arrows(("quality", "loyalty")) == {"loyalty": ("quality",)}
    assert chain_fit.arrows(("image", "quality", "satisfaction", "loyalty")) == {
        "quality": ("image",), "satisfaction": ("image", "quality"), "loyalty": ("image", "satisfaction")}
    assert chain_fit.arrows(tuple(chain_fit.ARROWS))["loyalty"] == ("image", "satisfaction", "trust", "commitment")
    assert chain_fit.ancestors(tuple(chain_fit.ARROWS)) == ("image", "expectation")


def test_the_made_up_firm():
    found, error = run(NAME)
    assert error is None
    frame = prepared_example(NAME).frame
    names = ("image", "expectation", "quality", "satisfaction", "trust", "loyalty")
    rows = frame.dropna(subset=list(names))
    [main] = of_kind(found, "main")
    assert numbers(main)["estimate"] == pytest.approx(total(rows, names), rel=1e-9)
    assert numbers(main)["n"] == len(rows)
    assert main.id == "main.more"
    told = [numbers(one) for one in of_kind(found, "finding") if one.id == "way"]
    assert [one["way"] for one in told] == ["satisfaction", "satisfaction → trust"]
    ways = [one["estimate"] for one in told]
    assert sum(ways) == pytest.approx(numbers(main)["estimate"], rel=1e-9)
    for one in found:
        assert all("{" not in one.text(practice(NAME).words, language) for language in LANGUAGES)


def test_the_truth_lies_in_the_interval_where_constructs_are_measured_without_error():
    frame = constructs(np.random.default_rng(8), 4000)
    study = study_of(NAME, frame)
    found = chain_fit.effect(chain_fit.fit(study, chain_fit.summed(study)))
    assert found["low"] < TOTAL < found["high"]


def test_the_least_that_is_asked_and_the_other_sign():
    rng = np.random.default_rng(1)
    quality = rng.normal(4, 1, 300)
    found, error = run(NAME, prepared(NAME, pd.DataFrame({"quality": quality,
                                                          "loyalty": 7 - 0.5 * quality + rng.normal(0, 1, 300)})))
    assert error is None
    assert [one.id for one in of_kind(found, "main")] == ["main.less"]
    assert {"left.construct", "left.beside", "left.without-one"} <= {one.id for one in of_kind(found, "left out")}
    assert {one.id: one.status for one in of_kind(found, "rival")}["rival.image.unseen"] == "cannot tell"


def test_an_engine_says_the_same(tmp_path):
    frame = constructs(np.random.default_rng(2), 600).assign(unit=[f"U{number % 15}" for number in range(600)])
    frame.to_parquet(tmp_path / "rows.parquet")
    engine = study_of(NAME, frame, table=ibis.duckdb.connect().read_parquet(tmp_path / "rows.parquet"))
    rows = study_of(NAME, frame)
    one, other = (chain_fit.fit(study, chain_fit.summed(study)) for study in (rows, engine))
    pd.testing.assert_frame_equal(one.table, other.table, rtol=1e-8)
    pd.testing.assert_frame_equal(one.effects, other.effects, rtol=1e-8)


def test_one_regression_gives_the_total_effect_of_a_chain_without_other_ways():
    """Where nothing but quality leads on, the path model and one regression are the same number."""
    frame = constructs(np.random.default_rng(3), 500)[["expectation", "quality", "loyalty"]]
    study = study_of(NAME, frame)
    m = chain_fit.summed(study)
    assert chain_fit.in_one(study, m)["estimate"] == pytest.approx(
        slope(frame, "loyalty", ["quality", "expectation"])["quality"])
    assert chain_fit.bare(study, m)["estimate"] == pytest.approx(slope(frame, "loyalty", ["quality"])["quality"])


def test_a_mood_is_found_where_there_is_one():
    rng = np.random.default_rng(4)
    mood = rng.normal(size=400)
    names = ("image", "quality", "satisfaction", "loyalty")
    same = pd.DataFrame({name: mood + rng.normal(0, 0.5, 400) for name in names})
    apart = pd.DataFrame({name: rng.normal(size=400) for name in same})
    for frame, status in ((same, "speaks for it"), (apart, "speaks against it")):
        judged = chain_rules.common_mood(chain_fit.summed(study_of(NAME, frame)))
        largest = np.linalg.svd((frame - frame.mean()) / frame.std(), compute_uv=False)[0] ** 2 / (399 * 4)
        assert judged.status == status
        assert judged.values["share"] == pytest.approx(100 * largest)


@pytest.fixture(scope="module")
def ecsi(open_data, tmp_path_factory):
    """The ECSI rows as a firm's CSV."""
    path = tmp_path_factory.mktemp("ecsi") / "mobile.csv"
    pt.load("ecsi-mobile").to_csv(path, index=False)
    return path


def test_the_ecsi_rows_by_the_command_alone(ecsi, tmp_path):
    """250 customers, no column of ours: mapped by headings and scales, the same paths as an OLS of the mean scores."""
    words = ["--data", str(ecsi), "--map", *(f"{name}={own}" for name, own in ECSI.items()),
             "--scale", *(f"{name}=1..10" for name in ECSI), "--out", "ecsi.html"]
    command = [sys.executable, "-m", "pebbletrail", "replicate", NAME, *words]
    run_ = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run_.returncode == 0, run_.stderr
    rows = pt.load("ecsi-mobile")
    scores = pd.DataFrame({name: rows[own.split("+")].mean(axis=1) for name, own in ECSI.items()})
    assert f"{total(scores, tuple(ECSI)):.3g} points of loyalty" in run_.stdout
    assert "250 customers" in run_.stdout


def test_the_ecsi_paths_are_those_of_mean_scores_and_near_page_nines(ecsi):
    """Page 9 weighs the items (PLS) and lets complaints lead to loyalty; means of items come near, and are not the same."""
    ready = prepare(practice(NAME), {"survey": str(ecsi)}, ECSI, scales=dict.fromkeys(ECSI, (1, 10)))
    study = study_of(NAME, ready.frame)
    m = chain_fit.summed(study)
    rows = pt.load("ecsi-mobile")
    scores = pd.DataFrame({name: rows[own.split("+")].mean(axis=1) for name, own in ECSI.items()})
    z = (scores - scores.mean()) / scores.std()
    by_hand = slope(z, "satisfaction", ["image", "expectation", "quality", "value"])["quality"]
    ours = chain_fit.standardised(study, m, "quality", "satisfaction")
    assert ours == pytest.approx(by_hand, rel=1e-9)
    assert abs(ours - 0.5125) < 0.1, "the printed PLS path, ledger id ecsi-quality-satisfaction"
    assert chain_fit.alphas(study)["quality"] == pytest.approx(
        pt.item_analysis(rows[ECSI["quality"].split("+")]).alpha, rel=1e-9)
