"""``pt.staggered``: the two-way regression shown beside it, and the leads.

Expected values come from ``pt.regress``, and from residual treatments worked out by hand in fractions.
"""

import numpy as np
import pandas as pd
import pytest
from staggered_panels import fitted, noisy, world

import pebbletrail as pt

# --- the two-way regression beside it -------------------------------------------------------------------------------

def test_with_one_constant_effect_both_say_it():
    """Both are linear in the outcome, so their value without noise is their expectation with it."""
    fit = fitted(world([3, 5, np.nan], lambda step: -1.25, weeks=7))
    assert fit.estimate == pytest.approx(-1.25, abs=1e-12)
    assert fit.two_way.table["estimate"].item() == pytest.approx(-1.25, abs=1e-12)


def test_a_growing_effect_turns_the_two_way_sign():
    """Two cohorts, three weeks, nobody never treated; the effect is 1 at first and 4 a week later.

    Residual treatment of the early cohort in weeks 1 to 3: −1/6, 1/3, −1/6; of the late one 1/6, −1/3, 1/6. Squares sum to
    1/3, so the coefficient is 1 · effect(early, 2) − 1/2 · effect(early, 3) + 1/2 · effect(late, 3) = 1 − 2 + 1/2 = −1/2.
    """
    fit = fitted(world([2, 3], {0: 1.0, 1: 4.0}.get, weeks=3), leads=0)
    assert fit.two_way.table["estimate"].item() == pytest.approx(-0.5, abs=1e-12)
    assert fit.two_way.weights["weight"].tolist() == pytest.approx([1.5, -0.5])
    assert fit.two_way.weights["negative"].tolist() == [0, 2]
    assert fit.two_way.negative == pytest.approx(2 / 6)
    assert fit.two_way.negative_sum == pytest.approx(-0.5)
    assert fit.two_way.table["se"].item() == 0
    # in week 3 nobody is untreated: only the early cohort's first week can be imputed
    assert fit.table["estimate"].tolist() == pytest.approx([1.0])
    assert fit.left_out["no_other"] == 4
    assert "4 in a week without an untreated row" in fit.text


def test_beside_a_never_treated_group_the_two_way_regression_still_misses_what_comes_late():
    """The effect is −1 at first and 4 a week later: (−1 − 1 + 4) / 3 = 2/3 on average.

    Residual treatments are 1/3 (early, week 2), 0 (early, week 3) and 1/3 (late, week 3): the coefficient is −1.
    """
    fit = fitted(world([2, 3, np.nan], {0: -1.0, 1: 4.0}.get, weeks=3), leads=0)
    assert fit.estimate == pytest.approx(2 / 3, abs=1e-12)
    assert fit.table["estimate"].tolist() == pytest.approx([-1.0, 4.0])
    assert fit.two_way.table["estimate"].item() == pytest.approx(-1.0, abs=1e-12)
    assert fit.two_way.weights["weight"].tolist() == pytest.approx([1.0, 0.0], abs=1e-12)
    assert fit.two_way.negative == 0


@pytest.mark.parametrize("seed", range(2))
def test_the_two_way_coefficient_is_that_of_regress(seed):
    rows = noisy(seed)
    rows = pd.concat([rows, rows.iloc[[0]].assign(agent="seen once")])
    rows = rows.assign(treated=(rows["week"] >= rows["removed_from"]).astype(float))
    expected = pt.regress(rows, "quality ~ treated + C(week)", errors="cluster", by="agent", within=True).table.iloc[0]
    found = fitted(rows).two_way.table.iloc[0]
    names = ["estimate", "se", "statistic", "df", "p_value", "ci_low", "ci_high"]
    np.testing.assert_allclose(found[names].astype(float), expected[names].astype(float), rtol=1e-8)


def test_the_two_way_weights_make_the_coefficient():
    rows = world([2, 4, 6, np.nan], lambda step: 1.0 + step**2, weeks=8)
    fit = fitted(rows)
    weights = fit.two_way.weights
    assert weights["weight"].sum() == pytest.approx(1)
    assert weights["weight"] @ (1.0 + weights["since"] ** 2) == pytest.approx(fit.two_way.table["estimate"].item())
    assert fit.estimate == pytest.approx(rows.loc[rows["week"] >= rows["removed_from"], "effect"].mean())
    assert weights["rows"].tolist() == fit.table["rows"].tolist()


# --- before the start -----------------------------------------------------------------------------------------------

@pytest.mark.parametrize("leads", [1, 3])
def test_leads_are_those_of_regress(leads):
    rows = noisy(2)
    before = rows[~(rows["week"] >= rows["removed_from"])].copy()
    names = [f"lead{number}" for number in range(1, leads + 1)]
    for number, name in enumerate(names, 1):
        before[name] = (before["week"] - before["removed_from"] == -number).astype(float)
    whole = pt.regress(before, f"quality ~ {' + '.join(names)} + C(week)", errors="cluster", by="agent", within=True)
    found = fitted(rows, leads=leads).leads
    expected = whole.table.iloc[:leads]
    assert found.table["since"].tolist() == list(range(-leads, 0))
    for name in ("estimate", "se", "p_value", "ci_high"):
        np.testing.assert_allclose(found.table[name][::-1], expected[name], rtol=1e-8)
    V, b = whole.covariance.loc[names, names].to_numpy(), expected["estimate"].to_numpy()
    free = whole.clusters - leads  # Hotelling's T² of G - 1 degrees of freedom, as F: tests/models/test_joint.py
    assert found.statistic == pytest.approx(b @ np.linalg.inv(V) @ b * free / (leads * (whole.clusters - 1)), rel=1e-8)
    assert found.df == (leads, free)


def test_a_trend_before_the_start_is_seen_and_said():
    rows = noisy(3, agents=80, weeks=12, starts=(7, 9, np.nan))
    drift = (rows["week"] - rows["removed_from"]).clip(-3, 0).fillna(-3) + 3
    calm, moving = fitted(rows), fitted(rows.assign(quality=rows["quality"] + drift))
    assert calm.leads.p_value > 0.05
    assert "No sign" in calm.text
    assert moving.leads.p_value < 0.001
    assert "is doubtful" in moving.text


def test_only_leads_that_can_be_told_apart_are_given():
    """With one cohort of three earlier weeks, the first of them must be the reference."""
    rows = noisy(agents=20, starts=(4, np.nan))
    assert fitted(rows).leads.table["since"].tolist() == [-2, -1]
    with pytest.raises(ValueError, match=r"leads: 3 cannot be told .* 2 can"):
        fitted(rows, leads=3)
    assert fitted(rows, leads=0).leads is None
    assert "Nothing was looked at" in fitted(rows, leads=0).text


def test_a_lead_of_one_cluster_has_no_error():
    rows = noisy(agents=20, starts=(5, np.nan))
    rows = rows[~((rows["week"] == 4) & (rows["removed_from"] == 5) & (rows["agent"] != 2))]
    table = fitted(rows, leads=2).leads.table.set_index("since")
    assert table.loc[-1, "clusters"] == 1
    assert np.isnan(table.loc[-1, "se"])
    assert table.loc[-2, "se"] > 0
    assert np.isnan(fitted(rows, leads=2).leads.p_value)
