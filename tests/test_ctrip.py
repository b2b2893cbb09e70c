"""The home-working experiment: how its rows are read, and that page 2's regressions are those of statsmodels."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
import statsmodels.formula.api as smf
from scipy import stats

import pebbletrail as pt
from pebbletrail.readers import read_ctrip

ARTICLE = pt.load("bloom-2015-tables").set_index(["table", "column", "coefficient_on"])


@pytest.fixture(scope="module")
def rows(open_data):
    return pt.load("ctrip-performance")


def test_weeks_run_on_over_the_turn_of_the_year(tmp_path):
    """Made-up rows: the labels jump from 201053 to 201101, the weeks do not."""
    path = tmp_path / "some.csv"
    path.write_text("personid,year_week,expgroup,perform1,age\n7,201049.0,0.0,,20\n7,201050.0,0.0,0.5,20\n"
                    "8,201053.0,1.0,-1,30\n8,201101.0,1.0,2,30\n9,201101.0,2.0,1,40\n", encoding="utf-8")
    read = read_ctrip(path)
    assert list(read) == ["person", "group", "week", "label", "performance"], "nothing else about people is kept"
    assert list(read["week"]) == [-1, 0, 1, 2, 2]
    assert list(read["group"]) == ["office", "office", "home", "home", "did not volunteer"]
    assert list(read["label"]) == [201049, 201050, 201053, 201101, 201101]
    assert read["performance"].isna().tolist() == [True, False, False, False, False]


def test_the_file_holds_the_people_and_weeks_of_the_article(rows):
    people = rows.groupby("group")["person"].nunique()
    assert people.to_dict() == {"home": 131, "office": 118, "did not volunteer": 190}
    assert (rows["week"].min(), rows["week"].max(), rows["week"].nunique()) == (-49, 36, 86)
    assert set(rows.loc[rows["week"] == 0, "label"]) == {201050}
    assert not rows.duplicated(["person", "week"]).any()


def test_alternating_by_hand_is_least_squares(rows):
    """The page's 40 turns against an exact solution with dummies for the weeks."""
    kept = rows.query("week != -1 and group != 'did not volunteer'").dropna()
    home = ((kept["group"] == "home") & (kept["week"] >= 0)).astype(float)
    both = pd.DataFrame({"y": kept["performance"], "d": home})
    for _ in range(40):
        for by in ("person", "week"):
            both = both - both.groupby(kept[by]).transform("mean")
    weeks = pd.get_dummies(kept["week"], drop_first=True, dtype=float)
    all_in = pd.concat([kept["performance"], home.rename("home"), weeks], axis="columns")
    within = (all_in - all_in.groupby(kept["person"]).transform("mean")).to_numpy()
    exact = np.linalg.lstsq(within[:, 1:], within[:, 0], rcond=None)[0][0]
    assert (both["y"] * both["d"]).sum() / (both["d"] ** 2).sum() == pytest.approx(exact, abs=1e-7)
    assert round(exact, 3) == ARTICLE.loc[("II", 1, "experiment x treatment"), "estimate"]


def test_column_two_is_that_of_statsmodels(rows):
    kept = rows.query("week >= 0 and group != 'did not volunteer'").dropna()
    kept = kept.assign(at_home=(kept["group"] == "home").astype(int))
    theirs = smf.ols("performance ~ at_home + C(week)", kept).fit(
        cov_type="cluster", cov_kwds={"groups": kept["person"]})
    ours = pt.regress(kept, "performance ~ at_home + C(week)", errors="cluster", by="person")
    found = ours.table.set_index("term").loc["at_home"]
    assert found["estimate"] == pytest.approx(theirs.params["at_home"], abs=1e-9)
    assert found["se"] == pytest.approx(theirs.bse["at_home"], abs=1e-9)
    assert ours.n == 7464 != ARTICLE.loc[("II", 2, "treatment"), "observations"]


@pytest.mark.parametrize("count_absorbed", [True, False])
def test_third_group_is_that_of_statsmodels(rows, count_absorbed):
    """With people's means taken out by hand; the factor is put right for what statsmodels cannot see."""
    kept = rows.query("week != -1").dropna()
    for place in ("home", "office"):
        kept[place] = ((kept["group"] == place) & (kept["week"] >= 0)).astype(float)
    weeks = pd.get_dummies(kept["week"], drop_first=True, dtype=float).add_prefix("week ")
    both = pd.concat([kept[["performance", "home", "office"]], weeks], axis="columns")
    within = both - both.groupby(kept["person"]).transform("mean")
    theirs = sm.OLS(within["performance"], within.drop(columns="performance")).fit(
        cov_type="cluster", cov_kwds={"groups": kept["person"]})
    n, k, people = len(kept), within.shape[1] - 1, kept["person"].nunique()
    # one person has a single week: it holds nothing within, and counts where the means do, and else not
    single = int((kept.groupby("person").size() == 1).sum())
    our_n, our_people = (n, people) if count_absorbed else (n - single, people - single)
    extra = people if count_absorbed else 1
    ours = our_people / (our_people - 1) * (our_n - 1) / (our_n - k - extra)
    scale = np.sqrt(ours / (people / (people - 1) * (n - 1) / (n - k)))
    found = pt.regress(kept, "performance ~ C(week) + home + office", errors="cluster", by="person", within=True,
                       count_absorbed=count_absorbed).table.set_index("term")
    for place in ("home", "office"):
        assert found.loc[place, "estimate"] == pytest.approx(theirs.params[place], abs=1e-8)
        assert found.loc[place, "se"] == pytest.approx(theirs.bse[place] * scale, rel=1e-6)
    printed = ARTICLE.loc[("IV", 3)]
    fits = [round(found.loc[place, "se"], 3) == printed.loc[word, "se"]
            for place, word in {"home": "experiment x treatment", "office": "experiment x control"}.items()]
    assert fits == [count_absorbed] * 2, "only with every mean counted do both errors come out as printed"


def one_left_out(kept, places, within):
    """Errors of the columns ``places`` when one person at a time is left out, from the whole less each one's products."""
    weeks = pd.get_dummies(kept["week"], drop_first=True, dtype=float)
    both = pd.concat([kept[["performance", *places]].astype(float), weeks], axis="columns")
    A = (both - (both.groupby(kept["person"]).transform("mean") if within else both.mean())).to_numpy()
    if not within:
        A = np.column_stack([A, np.ones(len(A))])
    X, y = A[:, 1:], A[:, 0]
    XX, Xy, people = X.T @ X, X.T @ y, kept.groupby("person").indices.values()
    again = np.array([np.linalg.lstsq(XX - X[one].T @ X[one], Xy - X[one].T @ y[one], rcond=None)[0][: len(places)]
                      for one in people])
    return np.sqrt((len(again) - 1) / len(again) * ((again - again.mean(axis=0)) ** 2).sum(axis=0))


def test_leaving_out_one_person_at_a_time_fits_two_printed_errors_and_misses_a_third(rows):
    """What the page and the ledger say of the habit that would print 0.086."""
    kept = rows.query("week != -1").dropna()
    for place in ("home", "office"):
        kept[place] = ((kept["group"] == place) & (kept["week"] >= 0)).astype(float)
    lottery = kept[kept["group"] != "did not volunteer"]
    column_1 = one_left_out(lottery, ["home"], within=True)
    column_2 = one_left_out(lottery[lottery["week"] >= 0], ["home"], within=False)
    third = one_left_out(kept, ["home", "office"], within=True)
    assert column_1.round(3) == ARTICLE.loc[("II", 1, "experiment x treatment"), "se"]
    assert column_2.round(3) == ARTICLE.loc[("II", 2, "treatment"), "se"]
    printed = ARTICLE.loc[("IV", 3), "se"][["experiment x treatment", "experiment x control"]]
    assert list(third.round(3) == printed.to_numpy()) == [False, True]


def test_stars_of_the_printed_rows_fit_but_for_the_misprint():
    """With both figures known to half a unit of their third decimal."""
    low = (ARTICLE["estimate"].abs() - 0.0005) / (ARTICLE["se"] + 0.0005)
    high = (ARTICLE["estimate"].abs() + 0.0005) / (ARTICLE["se"] - 0.0005)
    stars = ARTICLE["stars"].fillna("").str.len()
    least, most = (sum((t >= cut).astype(int) for cut in (1.645, 1.96, 2.576)) for t in (low, high))
    odd = ARTICLE[(stars < least) | (stars > most)]
    assert list(odd.index) == [("II", 5, "experiment x treatment")]
    assert len(ARTICLE) == 39
    # Table V, column 6: by the normal levels rounding explains it, by a t distribution for its 73 people it does not
    row = ("V", 6, "experiment x WFH")
    assert stars[row] == 3
    assert 2.576 < high[row] < stats.t.ppf(0.995, ARTICLE.loc[row, "employees"] - 1)
