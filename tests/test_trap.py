"""Page 11: its own arithmetic, run here, against other routes, and with other seeds (its prose: test_trap_prose.py)."""

import re

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from scipy import stats

import pebbletrail as pt
from page_cells import run_cells
from pebbletrail.ledger_table import ledger
from reputation_model import MODERATED, SIMPLE, reputation_rows
from trap_page import computed, prose


@pytest.fixture(scope="module")
def page():
    return computed()


def standardised(rows):
    """Loyalty, satisfaction, costs and quality of the customers, with numpy's own means and spreads."""
    made = pd.DataFrame({"loyalty": rows.filter(like="cusl_").mean(axis=1), "satisfaction": rows["cusa"],
                         "costs": rows.filter(like="switch_").mean(axis=1),
                         "quality": rows[["qual_5", "qual_6", "qual_7"]].mean(axis=1)})
    return (made - made.mean()) / made.std()


# --- interaction and floodlight -----------------------------------------------------------------------------------------

def test_interaction_and_floodlight_are_those_of_statsmodels_on_the_rows(page, open_data):
    fit = smf.ols("loyalty ~ satisfaction * costs", standardised(reputation_rows())).fit()
    assert page["b"].to_dict() == pytest.approx(fit.params.rename({"Intercept": "Intercept"}).to_dict(), abs=1e-6)
    for row in page["by_hand"].itertuples():
        test = fit.t_test([0, 1, 0, row.costs])
        assert row.slope == pytest.approx(test.effect.item(), abs=1e-6)
        assert row.low == pytest.approx(test.conf_int()[0, 0], abs=5e-4)  # 1.967 for 1.96697


def test_the_fold_of_the_table_is_as_wide_as_the_customers(open_data):
    z = standardised(reputation_rows())["costs"]
    assert (round(z.min(), 1), round(z.max(), 1)) == (-2.4, 1.2)
    assert "The lowest lies at −2.4, the highest at 1.2: we looked in the rows" in prose("floodlight-hand-read")


def test_the_quality_answers_interact_more_than_the_columns_made_of_them(page, open_data):
    rows = standardised(reputation_rows())
    fit = smf.ols("loyalty ~ satisfaction * quality", rows).fit()
    low, high = fit.conf_int().loc["satisfaction:quality"]
    assert f"{fit.params['satisfaction:quality']:.3f}".replace("-", "−") in prose("which-read")
    assert f"{low:.3f} to {high:.3f}".replace("-", "−") in prose("which-read")
    assert high < 0
    assert round(np.corrcoef(rows["costs"], rows["quality"])[0, 1], 3) == float(page["said"]["look-near"])


# --- the end of a contract ------------------------------------------------------------------------------------------------

def product_limit(spells, until):
    """Kaplan-Meier by a loop over months."""
    staying = 1.0
    for month in range(1, until + 1):
        there = (spells["months"] >= month).sum()
        gone = (spells["left"] & (spells["months"] == month)).sum()
        staying *= 1 - gone / there
    return staying


def test_the_curves_are_those_of_a_loop(page):
    told = page["stayed"].at([12, 24, 36, 48]).set_index(["group", "time"])["staying"]
    for kind, one in page["drawn"].items():
        for month in (12, 24, 36, 48):
            assert told[kind, month] == pytest.approx(product_limit(one.spells, month), abs=1e-12)


@pytest.mark.parametrize("seed", [2, 3, 4])
def test_the_lesson_of_the_contract_holds_with_other_seeds(page, seed):
    left, trust = {}, {}
    for kind, world in page["worlds"].items():
        lives = world.lives(customers=5000, months=48, seed=seed)
        there = lives.spells[(lives.spells["months"] > 24) | ~lives.spells["left"]]
        left[kind] = (there["left"] & (there["months"] <= 36)).mean()
        trust[kind] = lives.panel.query("month == 24")["trust"].mean()
        if kind != "free":
            assert product_limit(lives.spells, 24) == 1
    assert left["pledge"] < left["contract"] < left["trap"]
    assert left["free"] < left["contract"]
    assert trust["trap"] < trust["contract"] < trust["free"] < trust["pledge"]


# --- privacy --------------------------------------------------------------------------------------------------------------

def test_roads_of_privacy_are_products_of_regressions_on_the_rows(page, open_data):
    rows = pt.load("privacy-answers")
    z = pd.DataFrame({name: rows[items].mean(axis=1) for name, items in page["blocks"].items()})
    z = (z - z.mean()) / z.std()
    trust = smf.ols("trust ~ concern", z).fit().params
    risk = smf.ols("risk ~ concern + trust", z).fit().params
    last = smf.ols("intention ~ concern + trust + risk", z).fit().params
    effects = page["from_concern"].set_index("via")["estimate"]
    assert effects["trust"] == pytest.approx(trust["concern"] * last["trust"], abs=1e-6)
    assert effects["risk"] == pytest.approx(risk["concern"] * last["risk"], abs=1e-6)
    total = page["from_concern"].query("kind == 'total'")["estimate"].item()
    assert total == pytest.approx(np.corrcoef(z["concern"], z["intention"])[0, 1], abs=1e-6)
    turned = smf.ols("trust ~ concern + intention", z).fit()
    assert page["turned"].table.set_index(["outcome", "predictor"])["estimate"]["trust", "concern"] == pytest.approx(
        turned.params["concern"], abs=1e-6)


def test_the_latent_model_is_that_of_the_register(page):
    """Computed for the evidence register by another program, from the rows."""
    found = page["latent"].table.set_index(["outcome", "predictor"])["standardized"].round(3).to_dict()
    assert found == {("intention", "trust"): 0.551, ("intention", "concern"): -0.040, ("intention", "risk"): -0.149,
                     ("risk", "trust"): -0.240, ("risk", "concern"): 0.354, ("trust", "concern"): -0.135}


# --- ceiling, slogan ------------------------------------------------------------------------------------------------------

def test_a_ceiling_makes_an_interaction_with_every_seed_and_its_absence_none():
    felt, asked = [], []
    for seed in range(30):
        rng = np.random.default_rng(seed)
        x, e = rng.normal(size=(2, 4000))
        z = 0.6 * x + 0.8 * rng.normal(size=4000)
        y = 4.9 + 0.9 * x + 0.4 * z + e
        for found, outcome in ((felt, y), (asked, np.clip(np.rint(y), 1, 7))):
            X = np.column_stack([np.ones(4000), x, z, x * z])
            found.append(np.linalg.lstsq(X, outcome / outcome.std())[0][3])
    assert max(asked) < -0.03
    assert abs(np.mean(felt)) < 3 * np.std(felt) / np.sqrt(30)


def test_a_promise_sorts_firms_between_its_two_prices(page):
    """Gain of promising, worked out from the text: 30 euros less 1 or 6 dead days paid."""
    table = page["promise"]
    for price, (_, row) in zip(page["pays"], table.iterrows(), strict=True):
        assert row["good"] == 30 - price
        assert row["bad"] == 30 - 6 * price
        assert (row["good"] > 0 and row["bad"] < 0) == (5 < price < 30)
    assert page["said"]["slogan-hand"].split()[1:4:2] == ["5.0", "30.0"]


# --- the printed model ----------------------------------------------------------------------------------------------------

def test_the_page_writes_the_model_as_its_authors_do(page):
    def arrows(text):
        """Every pair (left, right, operator), so that order and layout do not matter."""
        lines = [re.split(r"\s*(=~|<~|~)\s*", line) for line in text.strip().splitlines()]
        return {(left, op, one.strip()) for left, op, right in lines for one in right.split("+")}

    assert arrows(page["MODERATED"]) == arrows(MODERATED)
    assert arrows(page["SIMPLE"]) == arrows(SIMPLE)


def test_tolerances_of_the_interval_are_its_monte_carlo_error(open_data):
    """The error of a quantile of a normal curve with the path's own error; second, six runs of 1,000 resamples."""
    rows, low, high, errors = reputation_rows(), [], [], []
    for seed in range(6):
        fit = pt.pls(rows, MODERATED, scheme="path", intervals="percentile", replicates=1000, seed=seed)
        row = fit.table.query("predictor == 'CUSA:SC'").iloc[0]
        low.append(row["ci_low"])
        high.append(row["ci_high"])
        errors.append(row["se"])
    quantile = np.sqrt(0.025 * 0.975 / 1000) / (stats.norm.pdf(1.96) / np.mean(errors))
    for id, ends in (("hair-int.low", low), ("hair-int.high", high)):
        stated = (float(ledger()[id].tolerance.split(":")[0]) - 0.0005) / 3 / np.sqrt(1.2)
        assert stated == pytest.approx(quantile, rel=0.2)
        assert 0.2 < np.std(ends, ddof=1) / stated < 2.1  # the range of six runs in 99.9 %: roots of chi² / 5


def test_the_ceiling_takes_the_interaction_of_the_rows_away(open_data):
    """By Tobin's model fitted another way: expectation and maximisation, with the mean and variance of a cut-off normal."""
    rows = standardised(reputation_rows())
    raw = reputation_rows().filter(like="cusl_").mean(axis=1).to_numpy()
    X = np.column_stack([np.ones(344), rows["satisfaction"], rows["costs"], rows["satisfaction"] * rows["costs"]])
    top, y, sd = raw == 7, raw.copy(), 1.0
    for _ in range(3000):
        b = np.linalg.lstsq(X, y)[0]
        at = X[top] @ b
        cut = (7 - at) / sd
        hazard = stats.norm.pdf(cut) / stats.norm.sf(cut)
        y[top] = at + sd * hazard
        sd = np.sqrt((np.sum((y - X @ b) ** 2) + np.sum(sd**2 * (1 + cut * hazard - hazard**2))) / 344)
    names = run_cells(11, ("setup", "ceiling-model", "ceiling-tobit"))
    assert names["tobit"].x[:4] == pytest.approx(b, abs=2e-3)
    assert names["tobit"].x[3] / raw.std(ddof=1) == pytest.approx(-0.0056, abs=5e-4)
    assert top.mean() == pytest.approx(0.154, abs=5e-4)
