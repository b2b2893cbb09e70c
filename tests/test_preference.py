"""Page 8: what its cells compute, against independent routes; and what it says of other seeds."""

import ast
import itertools
import re

import numpy as np
import pandas as pd
import pytest
from scipy import integrate, optimize, stats
from statsmodels.stats.proportion import proportions_ztest
from statsmodels.stats.weightstats import DescrStatsW

import pebbletrail as pt
from pebbletrail.page_source import all_pages, source

# the cells of the page that compute, in order
CELLS = ("t-hand", "t-library", "pairs", "rank", "odds-hand", "odds-library", "odds-interval", "patients", "episodes",
         "many", "link", "load", "partial-hand", "partial-library", "race", "said-means", "pairs-hand", "mann-whitney",
         "deal", "deal-library", "four-hand", "twenty-six", "leave-out", "rater", "noise", "sizes", "yes-no", "middle",
         "middle-rounding")


@pytest.fixture(scope="module")
def cells():
    return {cell["id"]: source(cell) for cell in all_pages()[8].cells}


@pytest.fixture(scope="module")
def page(cells):
    """The names that the cells leave; ``shown[id]`` is what a cell ends with, ``tests[id]`` its library's test."""
    names = {"pt": pt, "pd": pd, "np": np}
    shown, tested = {}, {}
    for id in CELLS:
        tree = ast.parse(cells[id].replace("n=400_000", "n=200_000"))  # as good here, and quicker
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, id, "exec"), names)
        if last is not None:
            shown[id] = eval(compile(ast.Expression(last.value), id, "eval"), names)
        tested[id] = names.get("test")
    return {**names, "shown": shown, "tested": tested}


def test_the_implied_standard_deviation_gives_the_printed_p_back(page):
    """scipy's t test from summaries: two groups of 341, half a point apart."""
    found = stats.ttest_ind_from_stats(4.9, 0.5 / page["d"], 341, 4.4, 0.5 / page["d"], 341)
    assert found.pvalue == pytest.approx(0.006, rel=1e-9)
    assert found.statistic == pytest.approx(page["t"])


def test_implied_ranks_give_their_printed_p_back(page):
    found = stats.ttest_ind_from_stats(4.6, 0.5 / page["d_rank"], 341, 4.1, 0.5 / page["d_rank"], 341)
    assert found.pvalue == pytest.approx(0.002, rel=1e-9)
    assert round(0.5 / page["d_rank"], 1) == 2.1 < (63 / 12) ** 0.5  # a uniform rank of eight: (8² − 1) / 12


def test_the_interval_of_d_is_the_textbook_one(page):
    d = page["d"]
    error = (682 / 341**2 + d**2 / (2 * 682)) ** 0.5
    reach = stats.t.ppf(0.975, 680) * error
    assert [page["low"], page["high"]] == pytest.approx([d - reach, d + reach], abs=1e-3)


def test_milder_in_56_of_100_pairs(page):
    """Counted over a fine grid of one patient's score instead of the formula."""
    share = integrate.quad(lambda x: stats.norm.pdf(x) * stats.norm.cdf(x + page["d"]), -8, 8)[0]
    assert round(100 * share) == 56


def test_shares_from_the_odds_ratio_are_those_whose_mean_is_printed(page):
    """Solved for exactly; the page puts them evenly around the printed share on the scale of log odds."""
    def other(share):
        odds = 1.41 * share / (1 - share)
        return odds / (1 + odds)

    share = optimize.brentq(lambda one: (one + other(one)) / 2 - 0.504, 0.01, 0.99)
    assert [page["without"], page["with_end"]] == pytest.approx([share, other(share)], abs=1e-4)
    assert page["with_end"] / (1 - page["with_end"]) * (1 - page["without"]) / page["without"] == pytest.approx(1.41)


def test_plain_table_p_is_near_the_two_sample_test(page):
    """Another test of the same table: the z test of two shares."""
    p = proportions_ztest(page["came"], [341, 341])[1]
    assert p == pytest.approx(0.025, abs=1e-3)


def test_interval_of_the_odds_ratio_has_the_printed_p():
    """On the log scale its half width is the estimate times 1.96 / z, z from the printed p."""
    z = optimize.brentq(lambda one: 2 * (1 - stats.norm.cdf(one)) - 0.038, 0.1, 5)
    low, high = 1.41 ** (1 - 1.96 / z), 1.41 ** (1 + 1.96 / z)
    assert [round(low, 2), round(high, 2)] == [1.02, 1.95]


def test_longer_patient_has_more_pain_and_a_lower_average(page):
    plain, longer = page["shown"]["patients"].iloc[0], page["shown"]["patients"].iloc[1]
    assert longer["sum"] == sum([3, 4, 6, 8, 7, 5, 5, 4, 2, 2, 1]) > plain["sum"] == 42
    assert longer["average"] < plain["average"]
    assert longer["peak"] == plain["peak"] == 8
    assert (plain["end"], longer["end"]) == (4, 1)


def closed_form_link(alike, minutes=10):
    """r of average and (best + last) / 2. Both covariances with the average are its own variance, by symmetry."""
    def moment(power):  # of the largest of ten normals
        density = lambda x: x**power * minutes * stats.norm.pdf(x) * stats.norm.cdf(x) ** (minutes - 1)  # noqa: E731
        return integrate.quad(density, -10, 10)[0]

    of_both = (moment(2) - moment(1) ** 2 + 1 + 2 / minutes) / 4
    return ((alike + (1 - alike) / minutes) / (alike + (1 - alike) * of_both)) ** 0.5


@pytest.mark.parametrize("alike", [0.0, 0.5, 0.9])
def test_the_two_predictors_go_together_as_the_closed_form_says(page, alike):
    rows = page["episodes"]("average", n=200_000, alike=alike, seed=4).corr()
    expected = closed_form_link(alike)
    assert rows.loc["average", "peak_end"] == pytest.approx(expected, abs=0.004)
    assert rows.loc["memory", "peak_end"] == pytest.approx(0.6 * expected, abs=0.008)
    assert rows.loc["memory", "average"] == pytest.approx(0.6, abs=0.008)


def test_either_rule_leaves_the_same_traces(page):
    assert page["shown"]["many"].to_numpy() == pytest.approx(np.array([[0.6, 0.53], [0.53, 0.6]]), abs=0.011)


def test_partial_correlations_are_those_of_the_three_correlations(page):
    link = page["rows"].corr()
    m_a, m_p, a_p = link.loc["memory", "average"], link.loc["memory", "peak_end"], link.loc["average", "peak_end"]
    by_formula = (m_p - m_a * a_p) / ((1 - m_a**2) * (1 - a_p**2)) ** 0.5
    assert page["rest"].corr(page["rest_of_peak"]) == pytest.approx(by_formula)
    assert page["tests"][0]["r"].iloc[0] == pytest.approx(by_formula, abs=1e-3)
    assert page["race"].table["p_value"].iloc[2] == pytest.approx(page["tests"][0]["p_val"].iloc[0], rel=1e-3)


def test_what_the_page_says_of_other_seeds(page):
    """Least squares by numpy: the average shows itself in all of 400 studies, the other in about 6 of 100."""
    shown = []
    for seed in range(400):
        rows = page["episodes"]("average", seed=seed)
        X = np.column_stack([np.ones(300), rows[["average", "peak_end"]]])
        beta, (rest,), *_ = np.linalg.lstsq(X, rows["memory"].to_numpy(), rcond=None)
        t = beta / np.sqrt(rest / 297 * np.diag(np.linalg.inv(X.T @ X)))
        shown.append(np.abs(t[1:]) > stats.t.ppf(0.975, 297))
    average, peak_end = np.mean(shown, axis=0)
    assert average == 1
    assert round(100 * peak_end) in (6, 7)


def test_mann_whitney_by_counting_all_arrangements(page):
    """U of all 27,405 ways to choose the four; and the bell curve with tie and continuity corrections, written out."""
    values = page["studies"]["r"].to_numpy()
    ranks = stats.rankdata(values)
    sums = np.array([ranks[list(four)].sum() for four in itertools.combinations(range(30), 4)])
    seen = ranks[(page["studies"]["outcome"] == "behaviour").to_numpy()].sum()
    exact = 2 * (sums <= seen).mean()
    assert page["tested"]["mann-whitney"].pvalue == pytest.approx(exact, rel=0.01)
    assert round(exact, 4) == 0.0020
    ties = np.unique(values, return_counts=True)[1]
    spread = (26 * 4 / 12 * (31 - (ties**3 - ties).sum() / (30 * 29))) ** 0.5
    assert 2 * stats.norm.sf((98 - 52 - 0.5) / spread) == pytest.approx(0.0055, abs=5e-5)
    assert page["higher"].sum() == 98


def test_randomisation_by_going_through_all_ways(page):
    values = page["studies"]["r"].to_numpy()
    fours = np.array([values[list(four)].sum() for four in itertools.combinations(range(30), 4)])
    gaps = (values.sum() - fours) / 26 - fours / 4
    assert (gaps >= page["gap"] - 1e-12).sum() == 26
    assert (gaps <= -page["gap"] + 1e-12).sum() == 0
    assert page["tested"]["deal-library"].pvalue == pytest.approx(26 / 27_405)
    weights = np.repeat([-1 / 4, 1 / 26], [4, 26])
    assert page["gaps"] == pytest.approx(page["dealt"] @ weights)
    assert abs((page["gaps"] >= page["gap"]).mean() - 26 / 27_405) < 4 * (26 / 27_405 / 20_000) ** 0.5


@pytest.mark.parametrize(("outcome", "expected"), [("behaviour", [0.14, 0.02, 0.25]), ("intention", [0.59, 0.51, 0.67])])
def test_intervals_of_a_few_correlations_are_statsmodels(page, outcome, expected):
    z = np.arctanh(page["r"][outcome].to_numpy())
    found = np.tanh([z.mean(), *DescrStatsW(z).tconfint_mean()])
    assert found.round(2).tolist() == expected
    mine = page["shown"]["four-hand" if outcome == "behaviour" else "twenty-six"]
    assert mine.tolist() == expected


def test_what_the_page_reads_off_the_thirty_rows(page):
    studies, r = page["studies"], page["r"]
    assert (r["intention"] < 0.24).sum() == 3
    assert (r["behaviour"] < 0.24).all()
    cross = pd.crosstab([studies["exchange"], studies["market"]], studies["outcome"])
    assert cross.loc[("goods", "b2c")].to_dict() == {"behaviour": 3, "intention": 2}
    assert cross.loc[("services", "b2c")].to_dict() == {"behaviour": 0, "intention": 12}
    consumers = studies[(studies["exchange"] == "goods") & (studies["market"] == "b2c")].groupby("outcome")["r"]
    assert consumers.max()["behaviour"] < consumers.min()["intention"]
    left = [page["r"]["behaviour"].drop(row).pipe(np.arctanh).mean() for row in r["behaviour"].index]
    assert (np.tanh(min(left)).round(2), np.tanh(max(left)).round(2)) == (0.10, 0.16)
    assert r["intention"].duplicated().sum() == 2
    assert not r["behaviour"].duplicated().any()


def test_table_is_the_file_it_names():
    """Sums and counts of the file as it was published, added up there."""
    rows = pt.load("satisfaction-retention")
    assert rows["r"].sum() == pytest.approx(15.129)
    assert (rows["r"] * rows["study"]).sum() == pytest.approx(244.6657)
    assert rows["outcome"].value_counts().to_dict() == {"intention": 26, "behaviour": 4}
    assert set(rows["market"]) == {"b2c", "b2b", "mixed"}
    assert (rows["year"].min(), rows["year"].max()) == (2000, 2019)


def test_a_style_in_both_answers_makes_a_correlation_of_its_share(page):
    assert np.corrcoef(page["satisfied"], page["intends"])[0, 1] == pytest.approx(page["share"], abs=0.01)
    assert np.var(page["satisfied"]) == pytest.approx(1, abs=0.02)


def test_studies_needed_over_other_seeds(page, cells):
    exec(cells["power"].split("sizes =")[0], page)
    share = {n: np.mean([page["told_apart"](n, seed) for seed in range(1000, 1120)]) for n in (50, 200, 400)}
    assert share[50] == pytest.approx(0.28, abs=0.13)
    assert share[200] == pytest.approx(0.74, abs=0.13)
    assert share[400] > 0.88


def test_the_more_alike_the_minutes_the_more_it_takes(page):
    """Williams' t at the expected correlations: smaller where minutes are more alike."""
    def t(alike, n=200):
        link = closed_form_link(alike)
        return pt.steiger(0.6, 0.6 * link, link, n).table["statistic"].iloc[0]

    assert t(0.25) > t(0.5) > t(0.75) > t(0.9)


@pytest.mark.parametrize("seed", range(5))
def test_with_noisy_clicks_the_average_comes_out_ahead(page, seed):
    found = {noise: page["episodes"]("peak_end", n=100_000, noise=noise, seed=seed).corr()["memory"] for noise in (0.0, 1.0)}
    assert found[0.0]["peak_end"] - found[0.0]["average"] > 0.05
    assert found[1.0]["average"] - found[1.0]["peak_end"] > 0.01


def test_with_equal_sizes_pooling_is_the_interval_by_hand(page):
    table = page["shown"]["sizes"]
    for outcome, hand in (("behaviour", "four-hand"), ("intention", "twenty-six")):
        for size in (100, 300, 1000):
            row, z = table.loc[(outcome, size)], np.arctanh(page["r"][outcome].to_numpy())
            assert row[["mean", "from", "to"]].tolist() == page["shown"][hand].tolist()
            chance = 1 / (size - 3)  # equal for all, so that REML is the spread of the z less this, in closed form
            between = max(0, z.var(ddof=1) - chance)
            reach = stats.t.ppf(0.975, len(z) - 1) * (between + z.var(ddof=1) / len(z)) ** 0.5
            assert row["I² (%)"] == pytest.approx(100 * between / (between + chance), abs=0.006)
            assert row[["new study from", "new study to"]].tolist() == pytest.approx(
                np.tanh([z.mean() - reach, z.mean() + reach]), abs=0.006)


@pytest.mark.parametrize("share", [0.5, 0.9, 0.99])
def test_a_cut_lowers_a_correlation_as_integration_says(page, share):
    """E[x · stays] integrated over x, with the share that stays given x; no use of the formula."""
    c, r = stats.norm.ppf(1 - share), 0.56
    product = integrate.quad(lambda x: x * stats.norm.pdf(x) * stats.norm.sf((c - r * x) / (1 - r**2) ** 0.5), -9, 9)[0]
    found = product / (share * (1 - share)) ** 0.5
    assert page["shown"]["yes-no"].loc["formula", share] == pytest.approx(found, abs=0.005)
    assert page["shown"]["yes-no"].loc["simulated", share] == pytest.approx(found, abs=0.02)


def test_the_middle_of_the_interval_and_its_rounding(page):
    """The middle on Fisher's scale in closed form; the rounding by drawing ends that would be printed the same."""
    ratio = [(1 + end) / (1 - end) for end in (0.487, 0.661)]
    between = (ratio[0] * ratio[1]) ** 0.5
    assert page["middle"] == pytest.approx((between - 1) / (between + 1), abs=1e-12)
    assert pt.compare("ala22-r", page["middle"]).status == "agrees"
    rng = np.random.default_rng(0)
    ends = np.array([0.487, 0.661]) + rng.uniform(-0.0005, 0.0005, size=(100_000, 2))
    drawn = np.tanh(np.arctanh(ends).mean(axis=1))
    assert [min(page["off"]), max(page["off"])] == pytest.approx([drawn.min(), drawn.max()], abs=2e-5)


def test_the_worked_way_of_the_exercise_gives_its_numbers(page, cells, capsys):
    code = re.search(r"```python\n(.*?)```", cells["exercise-answer"], flags=re.S).group(1)
    exec(code, page)
    told = capsys.readouterr().out
    means = [float(number) for number in told.splitlines()[0].split()]
    assert [round(mean, 2) for mean in means] == [0.66, 0.51]
    assert "94 of 128" in told
    assert round(float(told.splitlines()[2]), 2) == 0.07
    items = pd.crosstab(page["said"]["market"], page["said"]["items"])
    assert items.loc["b2b"].to_dict() == {"multiple": 1, "single": 7}
    assert items.loc["b2c"].to_dict() == {"multiple": 13, "single": 3}
