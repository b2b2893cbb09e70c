"""Page 8: what its cells compute, against independent routes; and what it says of other seeds."""

import ast
import contextlib
import io
import itertools
import re

import numpy as np
import pandas as pd
import pytest
from scipy import integrate, optimize, stats
from statsmodels.stats.proportion import proportions_ztest
from statsmodels.stats.weightstats import DescrStatsW

import pebbletrail as pt
from pebbletrail.ledger_table import ledger
from pebbletrail.page_source import all_pages, source

# the cells of the page that compute, in order
CELLS = ("t-hand", "t-library", "implied-sd", "pairs", "rank", "odds-hand", "odds-interval", "patients", "added",
         "episodes", "many", "link", "link-alike", "link-kinds", "load", "partial-hand", "partial-library", "race",
         "minus", "said-means", "pairs-hand", "mann-whitney", "deal", "deal-library", "four-hand", "four-library",
         "twenty-six", "four-rows", "leave-out", "merged-gap", "cross", "rater", "odds-library", "adjusted", "same-unit",
         "williams", "power", "noise", "noise-kinds", "sizes", "yes-no", "middle", "middle-rounding")


@pytest.fixture(scope="module")
def cells():
    return {cell["id"]: source(cell) for cell in all_pages()[8].cells}


@pytest.fixture(scope="module")
def page(cells):
    """The names that the cells leave; ``shown[id]`` is what a cell ends with, ``told[id]`` what it prints, ``tested[id]``
    its library's test."""
    names = {"pt": pt, "pd": pd, "np": np}
    shown, told, tested = {}, {}, {}
    for id in CELLS:
        tree = ast.parse(cells[id].replace("n=400_000", "n=200_000"))  # as good here, and quicker
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(compile(tree, id, "exec"), names)
            if last is not None:
                shown[id] = eval(compile(ast.Expression(last.value), id, "eval"), names)
        told[id] = printed.getvalue()
        tested[id] = names.get("test")
    return {**names, "shown": shown, "told": told, "tested": tested}


def numbers(text):
    """Every number in a printed text, in order."""
    return [float(number) for number in re.findall(r"-?\d*\.?\d+", text)]


def implied_sd(apart, p):
    """The standard deviation at which scipy's t test from summaries, two groups of 341, gives this p."""
    def off(sd):
        return stats.ttest_ind_from_stats(apart, sd, 341, 0, sd, 341).pvalue - p

    return optimize.brentq(off, 0.5, 6)


def test_the_implied_standard_deviation_gives_the_printed_p_back(page):
    """scipy's t test from summaries: two groups of 341, half a point apart."""
    found = stats.ttest_ind_from_stats(4.9, 0.5 / page["d"], 341, 4.4, 0.5 / page["d"], 341)
    assert found.pvalue == pytest.approx(0.006, rel=1e-9)
    assert found.statistic == pytest.approx(page["t"])


def test_implied_standard_deviations_and_their_rounding(page):
    assert page["shown"]["implied-sd"].tolist() == [round(implied_sd(apart, 0.006), 1) for apart in (0.4, 0.5, 0.6)]
    assert page["shown"]["implied-sd"].tolist() == [1.9, 2.4, 2.8]


def test_implied_ranks_and_what_their_check_can_tell(page):
    """Evenly spread ranks of eight have the variance (8² − 1) / 12."""
    expected = [round(implied_sd(apart, 0.002), 1) for apart in (0.4, 0.5, 0.6)]
    assert numbers(page["told"]["rank"]) == [*expected, round((63 / 12) ** 0.5, 1)] == [1.7, 2.1, 2.5, 2.3]


def test_the_interval_of_d_is_the_textbook_one(page):
    d = page["d"]
    error = (682 / 341**2 + d**2 / (2 * 682)) ** 0.5
    reach = stats.t.ppf(0.975, 680) * error
    assert [page["low"], page["high"]] == pytest.approx([d - reach, d + reach], abs=1e-3)


def test_milder_in_56_of_100_pairs(page):
    """Counted over a fine grid of one patient's score instead of the formula."""
    share = integrate.quad(lambda x: stats.norm.pdf(x) * stats.norm.cdf(x + page["d"]), -8, 8)[0]
    assert numbers(page["told"]["pairs"])[0] == round(100 * share) == 56


def shares_of(ratio, mean=0.504):
    """The two shares with this odds ratio and exactly this mean; the page puts them evenly around it in log odds."""
    def other(share):
        odds = ratio * share / (1 - share)
        return odds / (1 + odds)

    share = optimize.brentq(lambda one: (one + other(one)) / 2 - mean, 0.01, 0.99)
    return share, other(share)


def test_shares_from_the_odds_ratio_are_those_whose_mean_is_printed(page):
    assert [page["without"], page["with_end"]] == pytest.approx(shares_of(1.41), abs=1e-4)
    assert numbers(page["told"]["odds-hand"]) == [54.7, 46.1, 8.6]


def test_plain_table_is_near_the_two_sample_test(page):
    """Another test of the same table, the z test of two shares; and the textbook standard error of a log odds ratio."""
    ratio, p, plain, printed = numbers(page["told"]["odds-library"])
    assert ratio == 1.41
    assert p == pytest.approx(proportions_ztest([341 * share for share in shares_of(1.41)], [341, 341])[1], abs=1e-3)
    assert plain == pytest.approx(sum(1 / (341 * share * (1 - share)) for share in shares_of(1.41)) ** 0.5, abs=6e-4)
    assert 2 * stats.norm.sf(np.log(1.41) / printed) == pytest.approx(0.038, abs=5e-4)


def test_interval_of_the_odds_ratio_has_the_printed_p(page):
    """On the log scale its half width is the estimate times 1.96 / z, z from the printed p; then shares for both ends."""
    z = optimize.brentq(lambda one: 2 * (1 - stats.norm.cdf(one)) - 0.038, 0.1, 5)
    ratios = [1.41 ** (1 - 1.96 / z), 1.41 ** (1 + 1.96 / z)]
    apart = [100 * (high - low) for low, high in map(shares_of, ratios)]
    expected = [*np.round(apart, 1), *np.round(ratios, 2)]
    assert numbers(page["told"]["odds-interval"]) == pytest.approx(expected) == [0.5, 16.5, 1.02, 1.95]


def in_both_groups(sd, what):
    """The mean of ``what(share)`` in both groups, patients spread by ``sd`` in log odds: integrated, no grid of patients."""
    def mean(middle, side, what):
        def density(x):
            return stats.norm.pdf(x) * what(1 / (1 + np.exp(-(middle + sd * x + side))))

        return integrate.quad(density, -9, 9)[0]

    sides = (-np.log(1.41) / 2, np.log(1.41) / 2)
    middle = optimize.brentq(lambda middle: sum(mean(middle, side, float) for side in sides) / 2 - 0.504, -2, 2)
    return [mean(middle, side, what) for side in sides]


def test_an_adjusted_ratio_is_fewer_points(page):
    for sd, points in page["shown"]["adjusted"].items():
        low, high = in_both_groups(sd, float)
        assert points == round(100 * (high - low), 1)
    assert page["shown"]["adjusted"].tolist() == [8.6, 8.1, 7.1, 6.1]


def test_what_the_printed_error_hints_at():
    """Whatever the rounding of 1.41 and .038, the error lies between those of 0.5 and 1 (by Fisher information)."""
    def error(sd):
        return sum(1 / (341 * kept) for kept in in_both_groups(sd, lambda share: share * (1 - share))) ** 0.5

    printed = [np.log(ratio) / stats.norm.isf(p / 2) for ratio in (1.405, 1.415) for p in (0.0375, 0.0385)]
    assert error(0.5) < min(printed) < max(printed) < error(1)


def test_effects_in_a_common_unit(page):
    """Log odds over the standard deviation of the logistic curve; an effect on a mark, over the root of its reliability."""
    memory, true_memory, back = page["shown"]["same-unit"]
    assert back == round(np.log(1.41) / stats.logistic.std(), 2) == 0.19
    assert memory == round(0.5 / implied_sd(0.5, 0.006), 2) == 0.21
    assert true_memory == round(0.5 / implied_sd(0.5, 0.006) / np.sqrt(0.7), 2) == 0.25


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


def test_the_table_of_alike_minutes_is_the_closed_form(page):
    table = page["shown"]["link-alike"]
    for alike in (0.0, 0.25, 0.5, 0.75, 0.9):
        link = closed_form_link(alike)
        assert table[alike].tolist() == pytest.approx([link, 0.6 * link], abs=0.011)


def in_another_way(kind, noise=0.0, n=100_000):
    """``(r of average and peak-end, r of a peak-end memory with each as clicked)``: call by call from another generator.

    Minutes come first, the part of the whole call last; slopes as a line through the ten minutes; a wow is put into 3 of 10
    calls in turn, minute by minute.
    """
    rng = np.random.RandomState(12)
    mood = [rng.standard_normal(n) * 0.5**0.5 for _ in range(10)]
    slope = rng.standard_normal(n) * (kind == "trend") * 2 / 9
    turn = np.arange(n)
    for minute in range(10):
        mood[minute] += slope * (minute - 4.5)
        mood[minute] += 4.0 * (kind == "wow") * ((turn % 10 < 3) & (turn // 10 % 10 == minute))
    whole = rng.standard_normal(n) * 0.5**0.5
    mood = [one + whole for one in mood]
    clicks = [one + noise * rng.standard_normal(n) for one in mood]

    def average(minutes):
        return sum(minutes) / 10

    def peak_end(minutes):
        return np.maximum.reduce(minutes) / 2 + minutes[-1] / 2

    def r(one, other):
        return np.corrcoef(one, other)[0, 1]

    return r(average(mood), peak_end(mood)), [0.6 * r(peak_end(mood), seen(clicks)) for seen in (average, peak_end)]


def test_what_is_added_to_a_call(page):
    """One minute of four points in three of ten calls, any minute; or a straight line through 0 (spread at the end: 1)."""
    n, rng = 100_000, np.random.default_rng(9)
    wow = page["added"]("wow", n, rng)
    assert set(np.unique(wow)) == {0, 4}
    assert (wow > 0).sum(axis=1).max() == 1
    for share, expected in (((wow > 0).any(axis=1).mean(), 0.3), *((one, 0.03) for one in (wow > 0).mean(axis=0))):
        assert abs(share - expected) < 4.5 * (expected * (1 - expected) / n) ** 0.5
    trend = page["added"]("trend", n, rng)
    assert np.ptp(np.diff(trend, axis=1), axis=1).max() < 1e-12
    assert trend.sum(axis=1) == pytest.approx(0, abs=1e-12)
    assert trend[:, -1].std() == pytest.approx(1, abs=4 / (2 * n) ** 0.5)
    assert page["added"]("plain", n, rng) == 0


@pytest.mark.parametrize("kind", ["plain", "trend", "wow"])
def test_kinds_of_calls_drawn_in_another_way(page, kind):
    """Three standard errors of either run, (1 − r²) / √n at most 0.003 each, and the rounding to two decimals."""
    link, noisy = in_another_way(kind, noise=1.0)
    assert page["shown"]["link-kinds"][kind].tolist() == pytest.approx([link, 0.6 * link], abs=0.017)
    assert page["shown"]["noise-kinds"][kind].tolist() == pytest.approx(noisy, abs=0.017)


def test_noise_by_the_closed_form(page):
    """The noisy average keeps its covariance with the memory; its variance 0.55 grows by a tenth of the noise's."""
    table, link = page["shown"]["noise"], closed_form_link(0.5)
    for noise in (0.0, 0.5, 1.0, 2.0):
        assert table.loc["average", noise] == pytest.approx(0.6 * link * (0.55 / (0.55 + noise**2 / 10)) ** 0.5, abs=0.012)
        assert table.loc["peak_end", noise] == pytest.approx(in_another_way("plain", noise)[1][1], abs=0.017)


def test_with_outstanding_minutes_the_reversal_does_not_happen(page):
    for kind in ("trend", "wow"):
        assert page["shown"]["noise-kinds"].loc["peak_end", kind] - page["shown"]["noise-kinds"].loc["average", kind] > 0.05
    level = page["episodes"]("peak_end", n=100_000, noise=2.0, kind="wow", seed=3).corr()["memory"]
    assert [level["average"], level["peak_end"]] == pytest.approx([0.35, 0.35], abs=0.012)


def test_a_minus_for_an_end_without_a_part(page):
    """(10 · average − end) / 9 is the mean of the first nine: so the weights are known, and the peak's is 0."""
    sd = (0.5 + 0.5 / 9) ** 0.5
    expected = [0, 0.6 / sd * 10 / 9, 0, -0.6 / sd / 9]
    assert page["shown"]["minus"]["estimate"].tolist() == pytest.approx(expected, abs=0.02)
    assert page["shown"]["minus"]["estimate"].iloc[3] == -0.09
    assert page["first_nine"] == pytest.approx((10 * page["calls"]["average"] - page["calls"]["end"]) / 9)
    assert numbers(page["told"]["minus"]) == [round(0.6 * 0.5 / sd, 2)] == [0.4]


def test_the_seed_of_the_page_is_an_ordinary_one(page):
    """Its plain correlation is within one standard error of the expected one, and far from the published .581."""
    r = page["rows"]["memory"].corr(page["rows"]["peak_end"])
    expected = 0.6 * closed_form_link(0.5)
    assert abs(r - expected) < (1 - expected**2) / 300**0.5
    assert abs(r - 0.581) > 0.03
    assert numbers(page["told"]["partial-hand"]) == [round(r, 2), -0.03]


def test_partial_correlations_are_those_of_the_three_correlations(page):
    link = page["rows"].corr()
    m_a, m_p, a_p = link.loc["memory", "average"], link.loc["memory", "peak_end"], link.loc["average", "peak_end"]
    by_formula = (m_p - m_a * a_p) / ((1 - m_a**2) * (1 - a_p**2)) ** 0.5
    assert page["rest"].corr(page["rest_of_peak"]) == pytest.approx(by_formula)
    assert page["tests"][0]["r"].iloc[0] == pytest.approx(by_formula, abs=1e-3)
    assert page["race"].table["p_value"].iloc[2] == pytest.approx(page["tests"][0]["p_val"].iloc[0], rel=1e-3)


def test_what_the_page_says_of_other_seeds(page):
    """Least squares by numpy: the average shows itself in each of 1,000 studies, the other in 5 of 100, as theory says."""
    shown = []
    for seed in range(1_000):
        rows = page["episodes"]("average", seed=seed).to_numpy()
        X = np.column_stack([np.ones(300), rows[:, :2]])
        beta, (rest,), *_ = np.linalg.lstsq(X, rows[:, 2], rcond=None)
        t = beta / np.sqrt(rest / 297 * np.diag(np.linalg.inv(X.T @ X)))
        shown.append(np.abs(t[1:]) > stats.t.ppf(0.975, 297))
    average, peak_end = np.mean(shown, axis=0)
    assert average == 1
    assert abs(peak_end - 0.05) < 4 * (0.05 * 0.95 / 1_000) ** 0.5


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
    means = page["shown"]["cross"]["mean"]
    assert means["goods", "b2c", "behaviour"] == round((0.07 + 0.15 + 0.09) / 3, 3)
    assert means["goods", "b2c", "intention"] == round((0.53 + 0.44) / 2, 3)
    assert page["shown"]["cross"]["size"].sum() == 30
    four = page["shown"]["four-rows"].drop(columns="r")
    assert four.loc[19].tolist() == four.loc[20].tolist()
    assert not four.loc[[2, 5, 19]].duplicated().any()
    assert r["intention"].duplicated().sum() == 2
    assert not r["behaviour"].duplicated().any()


def test_leaving_out_by_statsmodels(page):
    """Each interval of the table; and that none but the whole four keeps 0 out."""
    z = dict(zip((2, 5, 19, 20), np.arctanh([0.235, 0.07, 0.15, 0.09]), strict=True))
    kept = {f"without {out}": [value for row, value in z.items() if row != out] for out in z}
    kept["19 and 20 as one"] = [z[2], z[5], (z[19] + z[20]) / 2]
    table = page["shown"]["leave-out"]
    assert list(table.index) == list(kept)
    for name, values in kept.items():
        found = DescrStatsW(values)
        expected = [*np.tanh([np.mean(values), *found.tconfint_mean()]), found.ttest_mean()[1]]
        assert table.loc[name].tolist() == pytest.approx(expected, abs=6e-4)
    assert (table["from"] < 0).all()
    assert (table["p"].min(), table["p"].max()) == (0.051, 0.130)
    assert (table["mean"].min().round(2), table["mean"].max().round(2)) == (0.10, 0.16)
    assert numbers(page["told"]["four-library"]) == [0.02, 0.25, 0.036]


def deals_with(three, intention):
    """How many of all ways to pick three have a gap as large, and the exact two-sided p by ranks: both by going through."""
    values = np.array([*three, *intention])
    ranks = stats.rankdata(values)
    picks = [list(pick) for pick in itertools.combinations(range(len(values)), 3)]
    sums, places = (np.array([what[pick].sum() for pick in picks]) for what in (values, ranks))
    return (sums <= sums[0] + 1e-12).sum(), len(picks), 2 * (places <= places[0]).mean()


def test_the_gap_with_two_rows_as_one_or_one_left_out(page):
    intention, four = page["r"]["intention"].to_numpy(), page["r"]["behaviour"].to_numpy()
    one = np.tanh((np.arctanh(0.15) + np.arctanh(0.09)) / 2)
    as_large, ways, by_ranks = deals_with([0.235, 0.07, one], intention)
    assert (as_large, ways) == (14, 3654)
    assert numbers(page["told"]["merged-gap"]) == [14, 3654, round(14 / 3654, 4), round(by_ranks, 4)]
    assert round(by_ranks, 4) == 0.0088
    assert max(deals_with(np.delete(four, out), intention)[0] for out in range(4)) == 17
    assert round(17 / 3654, 4) == 0.0047


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


# share of studies that tell the rules apart with 50, 100, 200 and 400 episodes: pt.steiger, one study at a time, 2,000 each
LARGE_RUNS = {"plain": [0.2225, 0.4035, 0.6745, 0.929], "trend": [0.453, 0.758, 0.96, 1.0],
              "wow": [0.408, 0.7215, 0.952, 0.9985]}


@pytest.mark.parametrize("kind", ["plain", "trend", "wow"])
def test_studies_needed_against_a_large_run(page, kind):
    """Four standard errors of the difference of the two shares (an expected success more keeps it above 0 near 1)."""
    for n, large in zip((50, 100, 200, 400), LARGE_RUNS[kind], strict=True):
        spread = (large * (1 - large) + 1 / 1_000) * (1 / 1_000 + 1 / 2_000)
        assert abs(page["power"][kind][page["sizes"].index(n)] - large) < 4 * spread**0.5
    assert page["shown"]["power"][kind].tolist() == pytest.approx(page["power"][kind], abs=0.0051)


@pytest.mark.parametrize(("a", "b", "c", "n"), [(0.6, 0.53, 0.89, 50), (0.5, 0.2, 0.1, 8), (0.3, 0.4, -0.5, 20)])
def test_the_formula_is_that_of_the_library(page, a, b, c, n):
    assert page["williams"](a, b, c, n) == pytest.approx(pt.steiger(a, b, c, n).table["statistic"].iloc[0])


@pytest.mark.parametrize("kind", ["plain", "wow"])
def test_a_thousand_studies_at_once_are_those_one_by_one(page, kind):
    """The same studies: pandas' correlations and pt.steiger."""
    assert page["told_apart"](50).shape == (1_000,)
    many = page["episodes"]("average", 100 * 30, kind=kind)
    expected = []
    for start in range(0, 3_000, 100):
        link = many.iloc[start:start + 100].corr()
        ours, theirs = link.loc["memory", ["average", "peak_end"]]
        p = pt.steiger(ours, theirs, link.loc["average", "peak_end"], 100).table["p_value"].iloc[0]
        expected.append(ours > theirs and p < 0.05)
    assert page["told_apart"](100, kind, studies=30).tolist() == expected


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


def test_the_typed_ends_are_those_of_the_ledger(cells):
    """The page types the two ends of the interval; the ledger holds them as printed."""
    ends = numbers(ledger()["ala22-r.interval"].published)
    assert ends == numbers(re.search(r"arctanh\(\[(.*?)\]\)", cells["middle"]).group(1))
    assert ends == numbers(re.search(r"plain middle \{\((.*?)\) / 2", cells["middle-rounding"]).group(1))


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
    firms = page["said"][page["said"]["market"] == "b2b"]
    batch = firms[(firms["region"] == "North America") & (firms["items"] == "single") & (firms["points"] == 7)]
    assert (len(batch), batch["year"].min(), batch["year"].max()) == (6, 2017, 2019)
