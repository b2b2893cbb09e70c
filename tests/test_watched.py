"""Page 4: its own regressions, run here, against statsmodels on the same rows; and its lessons over other seeds."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

import pebbletrail as pt
from page_cells import run_cells

# the cells of the page that compute, in order
CELLS = ("world", "draw", "means", "by-hand", "by-library", "shift", "adjusted", "hidden", "hidden-weeks", "lot",
         "lot-means", "lot-truth", "lot-fit", "waves", "wave-hand", "two-way", "staggered", "staggered-kept", "panel-kinds",
         "panel-function", "designs-seen", "designs")


@pytest.fixture(scope="module")
def page():
    return run_cells(4, CELLS)


def clustered(rows, formula, by, corrections=True):
    """statsmodels, with CR1 errors and t with G − 1 degrees of freedom."""
    fit = smf.ols(formula, rows).fit(cov_type="cluster", use_t=True,
                                     cov_kwds={"groups": rows[by].to_numpy(), "use_correction": corrections})
    return fit


def within(rows, columns, by):
    """Columns without their groups' means, by subtraction; dummies for the weeks are freed of them too."""
    weeks = pd.get_dummies(rows["week"], prefix="w", drop_first=True, dtype=float)
    wide = pd.concat([rows[columns], weeks], axis=1)
    return wide - wide.groupby(rows[by]).transform("mean"), list(weeks)


def held(rows):
    """A page's rows with last week's score; those without one are left out."""
    rows = rows.assign(last_score=rows.groupby("agent")["quality_firm"].shift())
    return rows.dropna(subset=["last_score"])


def test_the_slope_by_hand_and_by_library_is_statsmodels(page):
    fit = clustered(page["agents"], "quality_customer ~ control", "team")
    row = page["fit"].table.set_index("term").loc["control"]
    assert page["slope"] == pytest.approx(fit.params["control"], abs=1e-12)
    assert row["estimate"] == pytest.approx(fit.params["control"], abs=1e-12)
    assert row["se"] == pytest.approx(fit.bse["control"], rel=1e-9)
    assert [row["ci_low"], row["ci_high"]] == pytest.approx(fit.conf_int().loc["control"].tolist(), rel=1e-6)
    assert page["r"] == pytest.approx(np.corrcoef(page["agents"]["control"], page["agents"]["quality_customer"])[0, 1])


@pytest.mark.parametrize("effect", [0.0, -0.2])
def test_with_last_weeks_score_held_still_it_is_statsmodels(page, effect):
    world = pt.CallCentre(effect=effect, reaction=0.6)
    fit = clustered(held(world.draw(seed=1)), "quality_customer ~ control + last_score", "team")
    row = page["held_still"](world).set_index("term").loc["control"]
    assert row["estimate"] == pytest.approx(fit.params["control"], abs=5e-4)  # the page rounds to three decimals
    assert row["se"] == pytest.approx(fit.bse["control"], abs=5e-4)


def test_the_lot_is_a_difference_of_means_with_statsmodels_error(page):
    after = page["after"]
    fit = clustered(after.assign(removed=after["removed"].astype(int)), "quality_customer ~ removed", "seat")
    row = page["lot_fit"].table.set_index("term").loc["free"]
    assert row["estimate"] == pytest.approx(page["means"].diff().iloc[-1], abs=1e-12)
    assert row["estimate"] == pytest.approx(fit.params["removed"], abs=1e-10)
    assert row["se"] == pytest.approx(fit.bse["removed"], rel=1e-9)


@pytest.mark.parametrize(("made", "rows", "predictor"), [("two_way", "steps", "free"), ("inside_fit", "hidden", "quarter")])
def test_two_way_regressions_are_those_of_freed_columns(page, made, rows, predictor):
    """Slopes by least squares on columns freed of teams and week dummies; the clustered error from their scores."""
    data = page[rows].dropna(subset=[predictor]).reset_index(drop=True)
    free, weeks = within(data, ["quality_customer", predictor], "team")
    X = free[[predictor, *weeks]].to_numpy()
    X = X[:, np.abs(X).max(axis=0) > 1e-12]
    beta, *_ = np.linalg.lstsq(X, free["quality_customer"].to_numpy(), rcond=None)
    residual = free["quality_customer"].to_numpy() - X @ beta
    scores = pd.DataFrame(X * residual[:, None]).groupby(data["team"].to_numpy()).sum().to_numpy()
    bread, (n, k), G = np.linalg.pinv(X.T @ X), X.shape, scores.shape[0]
    factor = G / (G - 1) * (n - 1) / (n - k - 1)
    se = np.sqrt(factor * (bread @ scores.T @ scores @ bread)[0, 0])
    row = page[made].table.iloc[0]
    assert row["estimate"] == pytest.approx(beta[0], abs=1e-9)
    assert row["se"] == pytest.approx(se, rel=1e-6)


def test_the_panels_are_those_of_freed_columns(page):
    world = pt.CallCentre(effect=-0.2, learning=0)
    rows = world.draw(seed=1)
    last = rows.groupby("agent")[["control", "quality_customer", "quality_firm"]].shift()
    rows = rows.assign(last_control=last["control"], last_customer=last["quality_customer"], last_score=last["quality_firm"])
    rows = rows.dropna()
    held_too = [["control"], ["last_control"], ["control", "last_customer"], ["control", "last_score"]]
    for found, predictors in zip(page["panel"](world), held_too, strict=True):
        free, weeks = within(rows, ["quality_customer", *predictors], "agent")
        beta, *_ = np.linalg.lstsq(free[[*predictors, *weeks]], free["quality_customer"], rcond=None)
        assert found == pytest.approx(beta[0], abs=1e-8)


def test_head_offices_forecast_is_its_slope_times_what_the_lot_moved(page):
    after, line = page["after"], page["found"].loc["head office's correlation"]
    moved = after.loc[after["removed"], "control"].mean() - after.loc[~after["removed"], "control"].mean()
    plain = page["harmful"].draw(seed=1).groupby(["team", "agent"], as_index=False)[["control", "quality_customer"]].mean()
    fit = clustered(plain, "quality_customer ~ control", "team")
    low, high = sorted(moved * fit.conf_int().loc["control"])
    assert line.tolist()[:3] == pytest.approx([moved * fit.params["control"], low, high], rel=1e-6)


def test_what_the_page_says_of_other_seeds(page):
    """Two-way: between half and four fifths of the truth, never holding it; the calm firm's r within a tenth of 0."""
    shares, holds, calm = [], [], []
    for seed in range(1, 13):
        year = pt.CallCentre(effect=0.0, reaction=0.0).draw(seed=seed)
        calm.append(year.groupby("agent")[["control", "quality_customer"]].mean().corr().iloc[0, 1])
        steps = page["harmful"].draw(seed=seed, rollout=page["waves"])
        true = page["harmful"].truth(page["waves"], seed=seed).estimate
        steps["free"] = steps["removed"].astype(int)
        row = pt.regress(steps, "quality_customer ~ free + C(week)", "cluster", by="team", within=True).table.iloc[0]
        shares.append(row["estimate"] / true)
        holds.append(row["ci_low"] <= true <= row["ci_high"])
    assert 0.5 <= min(shares) <= max(shares) <= 0.805
    assert not any(holds)
    assert -0.095 < min(calm) <= max(calm) < 0.055
