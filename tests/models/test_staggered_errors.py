"""``pt.staggered``: its errors.

Expected values come from the formula written out with dense matrices (a row of data a row of a matrix, cells gone through
one by one), from diff-diff (``tests/oracles/staggered.csv``), and from a bootstrap of the clusters.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from pebbletrail.models.staggered import staggered
from pebbletrail.models.staggered.cells import cells_of
from pebbletrail.models.staggered.imputation import averages, impute
from pebbletrail.models.staggered.panel import read_panel

ORACLES = Path(__file__).resolve().parents[1] / "oracles"
ROWS = pd.read_csv(ORACLES / "staggered-rows.csv", comment="#")
FITS = pd.read_csv(ORACLES / "staggered.csv", comment="#").set_index("term")
NAMES = {"outcome": "quality", "unit": "agent", "time": "week", "start": "removed_from"}


def dense(rows, by, of, cells, leave_out):
    """``(estimate, error)`` by the definition, for the mean effect over the treated rows ``of`` (a mask).

    v₁ = 1/m in those rows; v₀ = −Z₀ (Z₀'Z₀)⁺ Z₁'v₁. The error is √Σ_g (Σ v ε)²; ε of a treated row of cluster g in cell c is
    its effect minus Σ_h V_h T_h / Σ_h V_h², where V_h and T_h are the sums of v and of v times the effect over cluster h's
    rows in c, over all clusters h or, leaving g out, over all others.
    """
    y, cluster = rows["quality"].to_numpy(), rows[by].to_numpy()
    Z = np.column_stack([rows[name].to_numpy()[:, None] == np.unique(rows[name]) for name in ("agent", "week")]) * 1.0
    treated = (rows["week"] >= rows["removed_from"]).to_numpy()
    Z0, inverse = Z[~treated], np.linalg.pinv(Z[~treated].T @ Z[~treated])
    residual = y - Z @ (inverse @ (Z0.T @ y[~treated]))
    v = np.where(of, 1 / of.sum(), 0.0)
    v[~treated] = -Z0 @ inverse @ (Z[treated].T @ v[treated])
    estimate = v @ y
    epsilon = residual.copy()
    for cell in np.unique(cells[of]):
        inside = of & (cells == cell)
        V = {g: v[inside & (cluster == g)].sum() for g in np.unique(cluster[inside])}
        T = {g: (v * residual)[inside & (cluster == g)].sum() for g in V}
        for g in V:
            others = [h for h in V if h != g or not leave_out]
            mean = sum(V[h] * T[h] for h in others) / sum(V[h] ** 2 for h in others)
            epsilon[inside & (cluster == g)] -= mean
    return estimate, np.sqrt(sum((v * epsilon)[cluster == g].sum() ** 2 for g in np.unique(cluster)))


def cohort_by_week(rows):
    return rows.groupby(["removed_from", "week"], dropna=False).ngroup().to_numpy()


@pytest.mark.parametrize("by", ["agent", "team"])
@pytest.mark.parametrize("leave_out", [True, False])
@pytest.mark.parametrize("since", [None, 0, 4])
def test_errors_are_those_of_the_formula_in_dense_matrices(by, leave_out, since):
    passed = ROWS["week"] - ROWS["removed_from"]
    of = ((passed >= 0) if since is None else passed == since).to_numpy()
    expected = dense(ROWS, by, of, cohort_by_week(ROWS), leave_out)
    imputed = impute(read_panel(ROWS, "quality", "agent", "week", "removed_from", by, None))
    chosen = np.arange(len(imputed.effect)) if since is None else np.flatnonzero(imputed.treated.since == since)
    found = [value.item() for value in averages(imputed, [chosen], leave_out)]
    np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_leaving_nothing_out_gives_diff_diffs_plain_errors():
    imputed = impute(read_panel(ROWS, "quality", "agent", "week", "removed_from", None, None))
    groups = [np.arange(len(imputed.effect)), *(np.flatnonzero(imputed.treated.since == step) for step in range(7))]
    np.testing.assert_allclose(averages(imputed, groups, leave_out=False)[1], FITS["se"], rtol=1e-9)


def test_intervals_are_t_with_one_degree_of_freedom_less_than_clusters():
    fit = staggered(ROWS, **NAMES, by="team")
    assert (fit.table["df"] == 7).all()
    half = stats.t.ppf(0.975, 7) * fit.table["se"]
    np.testing.assert_allclose(fit.table["ci_high"], fit.table["estimate"] + half)
    np.testing.assert_allclose(fit.table["p_value"], 2 * stats.t.sf(abs(fit.table["estimate"] / fit.table["se"]), 7))


def test_clusters_that_are_left_out_whole_make_no_interval_shorter():
    """Teams treated from the first week on have no counterfactual: their rows change nothing, nor do they add freedom."""
    rows = ROWS
    always = pd.concat([rows.assign(agent=rows["agent"] + 1000 * (k + 1), team=f"always {k}", removed_from=1.0)
                        for k in range(3)])
    alone = staggered(rows, **NAMES, by="team")
    beside = staggered(pd.concat([rows.assign(team=rows["team"].astype(str)), always]), **NAMES, by="team")
    assert beside.left_out["alone"] == len(always)
    assert beside.clusters == alone.clusters
    pd.testing.assert_frame_equal(beside.overall, alone.overall)


def test_clusters_without_a_shock_of_their_own_matter_little_and_with_one_much():
    rng = np.random.default_rng(5)
    rows = pd.DataFrame([(agent, week) for agent in range(160) for week in range(1, 9)], columns=["agent", "week"])
    rows["team"], rows["removed_from"] = rows["agent"] // 8, np.array([4, 6, np.nan])[(rows["agent"] // 8) % 3]
    alone = rng.normal(size=len(rows))
    shock = rng.normal(size=(20, 9))[rows["team"], rows["week"]]

    def ratio(quality):
        return (staggered(rows.assign(quality=quality), **NAMES, by="team").se
                / staggered(rows.assign(quality=quality), **NAMES).se)

    assert 0.7 < ratio(alone) < 1.4
    assert ratio(alone + shock) > 1.8


def test_the_error_is_near_that_of_a_bootstrap_of_clusters():
    """60 agents; effects differ between cohorts and weeks only, so the formula is nearly exact, and the leave-out slightly
    larger. 200 resamples leave 5 % of Monte Carlo error."""
    rng = np.random.default_rng(11)
    rows = pd.DataFrame([(agent, week) for agent in range(60) for week in range(1, 9)], columns=["agent", "week"])
    rows["removed_from"] = np.array([4, 6, np.nan])[rows["agent"] % 3]
    since = (rows["week"] - rows["removed_from"] + 1).clip(lower=0).fillna(0)
    walk = rng.normal(size=(60, 8)).cumsum(axis=1)[rows["agent"], rows["week"] - 1]  # rows of an agent go together
    rows["quality"] = walk + 0.5 * since + rng.normal(size=len(rows))
    by_agent = dict(list(rows.groupby("agent")))

    def mean(drawn):
        again = pd.concat([by_agent[agent].assign(agent=number) for number, agent in enumerate(drawn)])
        return impute(read_panel(again, "quality", "agent", "week", "removed_from", None, None)).effect.mean()

    spread = np.std([mean(rng.integers(0, 60, 60)) for _ in range(200)])
    assert 0.85 < staggered(rows, **NAMES).se / spread < 1.2


# --- cells ----------------------------------------------------------------------------------------------------------

def test_cells_are_cohort_by_week_where_each_holds_two_clusters():
    start = np.array([3, 3, 3, 3, 5, 5])
    since = np.array([0, 0, 1, 1, 0, 0])
    cells = cells_of(start, since, np.array([1, 2, 1, 2, 3, 4]))
    assert [len(set(cells[pair])) for pair in ([0, 1], [2, 3], [4, 5])] == [1, 1, 1]
    assert len(set(cells)) == 3


def test_cells_of_one_cluster_are_joined_with_their_neighbours():
    """Team by team: cohorts 3, 4 and 5 have a team each, seen for 3, 2 and 1 weeks since the start."""
    start, since = np.array([3, 3, 3, 4, 4, 5]), np.array([0, 1, 2, 0, 1, 0])
    cells = cells_of(start, since, start)
    assert len({cells[i] for i in (0, 3, 5)}) == 1
    assert len({cells[i] for i in (1, 2, 4)}) == 1  # week +2 has one team and joins week +1
    assert len(set(cells)) == 2


def test_a_thin_cohort_alone_makes_all_be_joined_by_week():
    start, since = np.array([3, 3, 3, 3, 5, 5]), np.array([0, 0, 1, 1, 0, 1])
    cells = cells_of(start, since, np.array([1, 2, 1, 2, 9, 9]))
    assert len({cells[i] for i in (0, 1, 4)}) == 1
    assert len({cells[i] for i in (2, 3, 5)}) == 1
    assert len(set(cells)) == 2


def test_team_by_team_the_error_is_not_taken_away_by_its_own_mean():
    """Each team starts in a week of its own. A cell of a single cluster would leave its error out altogether."""
    rng = np.random.default_rng(8)
    rows = pd.DataFrame([(agent, week) for agent in range(72) for week in range(1, 16)], columns=["agent", "week"])
    rows["team"] = rows["agent"] // 6
    rows["removed_from"] = np.where(rows["team"] < 8, rows["team"] + 5.0, np.nan)
    found = []
    for _ in range(60):
        rows["quality"] = rng.normal(size=(12, 16))[rows["team"], rows["week"]] + rng.normal(size=len(rows))
        fit = staggered(rows, **NAMES, by="team", leads=0)
        found.append((fit.estimate, fit.se))
    found = np.array(found)
    assert found[:, 1].mean() > 0.9 * found[:, 0].std()
    last = fit.table.iloc[-1]
    assert last["clusters"] == 1
    assert np.isnan(last["se"])
    assert np.isnan(last["ci_low"])
    assert last["estimate"] == last["estimate"]


def test_a_single_treated_cluster_has_no_error():
    rows = ROWS[ROWS["removed_from"].isna() | (ROWS["team"] == 1)]
    fit = staggered(rows, **NAMES, by="team")
    assert np.isfinite(fit.estimate)
    assert fit.table["se"].isna().all()
    assert np.isnan(fit.se)
    assert fit.two_way.table["se"].isna().all()
    assert "all that is treated is one team" in fit.text
    assert "nan" not in fit.text
    assert "nan" not in fit.figure().alt


def test_an_exact_fit_has_an_error_of_zero_and_no_statistic():
    exact = ROWS.assign(quality=ROWS["agent"] + 0.3 * ROWS["week"] + 2.0 * (ROWS["week"] >= ROWS["removed_from"]))
    fit = staggered(exact, **NAMES)
    assert fit.estimate == pytest.approx(2.0)
    assert fit.se == 0
    assert fit.table["statistic"].isna().all()
    assert "the fit is exact" in fit.text
    assert "nan" not in fit.text
