"""``pt.staggered``: point estimates, what can be imputed, and what the result says.

Expected values come from diff-diff and pyfixest (``tests/oracles/staggered.csv``), from least squares with dummies on the
untreated rows (statsmodels), and from differences of means.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from staggered_panels import fitted, noisy, world

ORACLES = Path(__file__).resolve().parents[1] / "oracles"
ROWS = pd.read_csv(ORACLES / "staggered-rows.csv", comment="#")
FITS = pd.read_csv(ORACLES / "staggered.csv", comment="#").set_index("term")
ENOUGH = 1e-9


# --- the estimates --------------------------------------------------------------------------------------------------

def test_points_and_errors_are_those_of_diff_diff():
    fit = fitted(ROWS, leads=0)
    assert fit.estimate == pytest.approx(FITS.loc["overall", "estimate"], rel=ENOUGH)
    assert fit.se == pytest.approx(FITS.loc["overall", "se_leave_out"], rel=ENOUGH)
    weeks = FITS.drop(index="overall")
    assert fit.table["since"].tolist() == weeks.index.astype(int).tolist()
    np.testing.assert_allclose(fit.table["estimate"], weeks["estimate"], rtol=ENOUGH)
    np.testing.assert_allclose(fit.table["se"], weeks["se_leave_out"], rtol=ENOUGH)


def test_points_are_those_of_pyfixest():
    fit = fitted(ROWS, leads=0)
    np.testing.assert_allclose([fit.estimate, *fit.table["estimate"]], FITS["did2s"], rtol=2e-5)  # it iterates to about 1e-6


@pytest.mark.parametrize("seed", range(3))
def test_points_are_those_of_dummies_on_the_untreated_rows(seed):
    import statsmodels.formula.api as smf

    rows = noisy(seed)
    treated = rows["week"] >= rows["removed_from"]
    model = smf.ols("quality ~ C(agent) + C(week)", rows[~treated]).fit()
    seen = rows[treated & rows["agent"].isin(rows.loc[~treated, "agent"]) & rows["week"].isin(rows.loc[~treated, "week"])]
    effect = seen["quality"] - model.predict(seen)
    by_week = effect.groupby(seen["week"] - seen["removed_from"]).agg(["mean", "size"])
    fit = fitted(rows)
    assert fit.estimate == pytest.approx(effect.mean(), rel=ENOUGH)
    np.testing.assert_allclose(fit.table["estimate"], by_week["mean"], rtol=ENOUGH)
    assert fit.table["rows"].tolist() == by_week["size"].tolist()
    assert fit.overall["units"].item() == seen["agent"].nunique()
    assert fit.untreated == (~treated).sum()


def test_one_cohort_beside_a_never_treated_group_is_the_difference_in_differences():
    rng = np.random.default_rng(1)
    rows = world([4, np.nan], lambda step: 0.7, weeks=6, copies=10).assign(
        quality=lambda d: d["quality"] + rng.normal(size=len(d)))
    means = rows.groupby([rows["removed_from"].notna(), rows["week"] >= 4])["quality"].mean()
    expected = means[True, True] - means[True, False] - means[False, True] + means[False, False]
    fit = fitted(rows)
    assert fit.estimate == pytest.approx(expected, rel=ENOUGH)
    assert fit.two_way.table["estimate"].item() == pytest.approx(expected, rel=ENOUGH)
    assert fit.two_way.negative == 0


def test_far_from_zero_and_by_the_row_nothing_changes():
    rows = noisy()
    near = fitted(rows)
    for away in (1e9, 1e9 * rows["agent"]):
        far = fitted(rows.assign(quality=rows["quality"] + away).iloc[::-1])
        np.testing.assert_allclose(near.table[["estimate", "se"]], far.table[["estimate", "se"]], rtol=3e-5)
        assert near.leads.statistic == pytest.approx(far.leads.statistic, rel=3e-5)
        assert near.two_way.table["se"].item() == pytest.approx(far.two_way.table["se"].item(), rel=3e-5)


def test_the_callers_rows_stay_as_they_are():
    rows = noisy()
    before = rows.copy(deep=True)
    fitted(rows, by="team")
    pd.testing.assert_frame_equal(rows, before)


# --- what can and cannot be imputed ---------------------------------------------------------------------------------

def test_rows_without_a_counterfactual_are_left_out_counted_and_said():
    rows = world([3, 5], lambda step: 1.0 + step, weeks=6)
    always = rows[rows["removed_from"] == 3].assign(agent="new", removed_from=1, quality=9.0).query("copy == 0")
    rows = pd.concat([rows, always])
    rows.loc[(rows["agent"] == "5-0") & (rows["week"] == 1), "quality"] = np.nan
    fit = fitted(rows, leads=0)
    # weeks 5 and 6 have no untreated row: of the early cohort 4, of the late one 4; the new one's six weeks come before that
    assert fit.left_out == {"alone": 6, "no_other": 8, "apart": 0, "missing": 1, "beyond": 0}
    assert fit.table["estimate"].tolist() == pytest.approx([1.0, 2.0])
    for part in ("6 of units never seen untreated", "8 in a week without an untreated row", "1 row without quality"):
        assert part in fit.text


def test_parts_that_no_untreated_row_links_are_not_compared():
    """The second group is seen from week 5 on only, when the first is all treated: nothing says how their weeks compare."""
    early = world([3, np.nan], lambda step: 1.0, weeks=4)
    late = world([7, np.nan], lambda step: 2.0, weeks=8).query("week > 4").assign(agent=lambda d: "b" + d["agent"])
    stray = early.query("agent == '3.0-0' and week == 4").assign(week=8, quality=50.0)
    fit = fitted(pd.concat([early, late, stray]), leads=0)
    assert fit.left_out["apart"] == 1
    assert fit.estimate == pytest.approx(1.5)  # four rows of 1, four of 2
    assert "no chain of untreated rows" in fit.text


def test_a_start_after_the_last_row_is_not_yet_and_infinite_is_never():
    rows = noisy()
    plain = fitted(rows)
    never = rows["removed_from"].isna()
    assert fitted(rows.assign(removed_from=rows["removed_from"].fillna(np.inf))).text == plain.text
    late = fitted(rows.assign(removed_from=rows["removed_from"].where(~never, 99.0)), leads=2)
    assert late.table["estimate"].tolist() == pytest.approx(plain.table["estimate"].tolist())


def test_a_horizon_leaves_later_rows_out_everywhere():
    rows = noisy()
    near = rows[~(rows["week"] - rows["removed_from"] > 1)]
    with_horizon, cut = fitted(rows, horizon=1), fitted(near)
    pd.testing.assert_frame_equal(with_horizon.table, cut.table)
    pd.testing.assert_frame_equal(with_horizon.two_way.table, cut.two_way.table)
    assert with_horizon.left_out["beyond"] == len(rows) - len(near)
    assert with_horizon.table["since"].tolist() == [0, 1]


# --- what is said and shown -----------------------------------------------------------------------------------------

def test_the_text_says_the_numbers_of_the_tables():
    fit = fitted(ROWS, by="team")
    from pebbletrail.words import said

    low, high = fit.ci
    two_way = fit.two_way.table["estimate"].item()
    for part in (f"quality is {said(fit.estimate, sign=True)} on average", f"{said(low)} to {said(high)}",
                 f"regression of all rows says {said(two_way, sign=True)}", f"{fit.overall['rows'].item()} treated rows",
                 f"{said(100 * fit.two_way.negative)} of 100 treated rows", "8 clusters (team), t with 7 degrees",
                 "With so few, 6 of them treated, the interval is rough"):
        assert part in fit.text
    assert repr(fit).startswith("From removed_from on")


def test_the_figure_shows_every_estimate_and_describes_itself():
    fit = fitted(ROWS)
    fig = fit.figure()
    (ax,) = fig.axes
    before, after = (container.lines[0].get_xydata() for container in ax.containers)
    np.testing.assert_allclose(before, fit.leads.table[["since", "estimate"]])
    np.testing.assert_allclose(after, fit.table[["since", "estimate"]])
    ends = ax.containers[1].lines[2][0].get_segments()
    np.testing.assert_allclose([end[:, 1] for end in ends], fit.table[["ci_low", "ci_high"]])
    assert "two-way regression" in fig.alt
    assert fit.figure(alt="A picture of what the roll-out did.").alt == "A picture of what the roll-out did."


def test_a_year_of_two_thousand_agents():
    rng = np.random.default_rng(0)
    agent, week = np.repeat(np.arange(2000), 52), np.tile(np.arange(1, 53), 2000)
    rows = pd.DataFrame({"agent": agent, "week": week, "quality": rng.normal(size=104_000),
                         "removed_from": np.array([20.0, 30, 40, np.nan])[agent % 4]})
    fit = fitted(rows)
    assert fit.overall["rows"].item() == 500 * (33 + 23 + 13)
