"""Page 7: its intervals, p values and simulations, run here, against scipy on rows made to order, and over other seeds."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import pebbletrail as pt
from page_cells import run_cells
from pebbletrail.agreement import Printed
from pebbletrail.explorers.ranking import compute
from pebbletrail.ledger_table import ledger

# the cells of the page that compute, in order
CELLS = ("table", "winners", "p-function", "search", "search-gas", "search-library", "intervals", "by-hand", "by-library",
         "gas-interval", "seen", "equals", "equals-gaps", "equals-run", "equals-table", "shares", "shares-mean",
         "shares-grown", "paired", "paired-library", "market", "market-left", "market-returns", "paying", "paying-run",
         "missing-fifths", "rules", "rules-count", "luck", "halves", "steiger", "four", "coverage", "p-all", "exact")
LINES = {line.id: line for line in ledger().values() if line.study == "keiningham-2008" and line.counts}


@pytest.fixture(scope="module")
def page():
    def keep(id, names):
        if id in ("equals-table", "paying-run"):
            names[id] = names["rows"]  # a name that later boxes use again

    return run_cells(7, CELLS, after=keep)


def rows_with(r, n, seed=3):
    """Two columns of n numbers whose correlation is exactly r."""
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(2, n))
    x = (x - x.mean()) / np.linalg.norm(x - x.mean())
    y = y - y.mean() - x * (x @ (y - y.mean()))
    return x, r * x + np.sqrt(1 - r**2) * y / np.linalg.norm(y)


@pytest.mark.parametrize(("r", "n"), [(0.40, 12), (-0.29, 12), (0.84, 4), (-0.45, 4), (0.86, 5)])
def test_p_and_interval_are_scipys_on_rows_with_that_correlation(page, r, n):
    test = stats.pearsonr(*rows_with(r, n))
    assert test.statistic == pytest.approx(r)
    assert page["p_value"](r, n) == pytest.approx(test.pvalue, abs=1e-10)
    low, high = test.confidence_interval()
    shown = page["table"][(page["table"]["r"] == r) & (page["table"]["n"] == n)]
    if n != 5:
        assert shown["low"].to_numpy() == pytest.approx(np.full(len(shown), low), abs=1e-9)
        assert shown["high"].to_numpy() == pytest.approx(np.full(len(shown), high), abs=1e-9)
        assert len(shown) >= 1


def test_no_interval_leaves_out_0_and_22_of_55_are_known(page):
    table = page["table"]
    known = table["low"].notna()
    assert (known.sum(), (~known).sum()) == (22, 33)
    assert (table["p_value"].notna() == known).all()
    assert ((table["low"] < 0) & (table["high"] > 0))[known].all()


def miss_and_room(r, printed, n):
    """How far p lies from print, and half a unit plus what rounding r may add: from the distribution of r itself."""
    beta = stats.beta(n / 2 - 1, n / 2 - 1, loc=-1, scale=2)
    p = 2 * beta.sf(abs(r))
    around = 2 * beta.sf(np.linspace(abs(r) - 0.005, abs(r) + 0.005, 11))
    return abs(p - printed), 0.005 + np.abs(around - p).max()


@pytest.mark.parametrize(("industry", "right"), [("banking", 12), ("gasoline", 4)])
def test_one_n_alone_gives_all_eleven_p_values(page, industry, right):
    some = page["table"][page["table"]["industry"] == industry]
    fits = [n for n in range(3, 60) if all(
        miss <= room for miss, room in (miss_and_room(r, p, n) for r, p in zip(some["r"], some["p_value"], strict=True)))]
    assert fits == [right]
    assert page["n_bank" if right == 12 else "n_gas"] == right


def test_with_four_pairs_p_is_one_less_r(page):
    r = np.linspace(-0.99, 0.99, 23)
    assert page["p_value"](r, 4) == pytest.approx(1 - abs(r), abs=1e-12)


def test_twenty_two_lines_and_their_tolerances_are_what_rounding_r_makes_them(page):
    assert set(page["ours"].index) == set(LINES)
    assert len(LINES) == 22
    exact = 0
    for id, line in LINES.items():
        row = page["printed"].iloc[list(page["ours"].index).index(id)]
        assert Printed.read(line.published).number == row["p_value"]
        miss, room = miss_and_room(row["r"], row["p_value"], 12 if row["industry"] == "banking" else 4)
        assert room - 1e-9 <= line.allowed < room + 1.01e-4  # written with four decimals, rounded up
        assert miss <= line.allowed + 1e-12
        exact += miss <= 0.005 + 1e-12
    assert exact == 18


def test_an_interval_is_the_same_whether_or_not_something_was_held_still(page):
    """13 rows with one thing held still have the 10 degrees of freedom of 12 plain pairs: pingouin's p and interval."""
    import pingouin as pg

    x, y = rows_with(0.40, 12)
    basis = np.linalg.svd(np.ones((1, 13)))[2][1:]  # 12 directions at right angles to the mean of 13 rows
    held = basis[0]
    basis = basis[1:]  # 11 left: as many as 12 rows less their mean have
    own = np.linalg.svd(np.ones((1, 12)))[2][1:]
    x, y = own @ x @ basis, own @ y @ basis
    frame = pd.DataFrame({"x": x + 0.3 * held, "y": y - 0.7 * held, "held": held})
    found = pg.partial_corr(frame, "x", "y", "held").iloc[0]
    assert found["r"] == pytest.approx(0.40)
    assert found["p_val"] == pytest.approx(page["p_value"](0.40, 12))
    shown = page["table"].query("industry == 'banking' and r == 0.40").iloc[0]
    assert tuple(found["CI95"]) == pytest.approx((shown["low"], shown["high"]), abs=0.005)


@pytest.mark.parametrize(("n", "among", "seen"), [(12, 0.7, 0.69), (4, 0.7, 1.29), (4, 0.9, 1.29)])
def test_gaps_of_equals_are_those_of_the_explorer(page, n, among, seen):
    """Two sources of luck, two ways to build the measures; within four standard errors."""
    mine = page["gaps"](page["studies"](n, among))
    other = compute(n, 0.3, among, 0.0).gaps
    p = (np.sum(mine >= seen) + np.sum(other >= seen)) / (len(mine) + len(other))
    error = np.sqrt(p * (1 - p) * (1 / len(mine) + 1 / len(other)))
    assert np.mean(mine >= seen) - np.mean(other >= seen) == pytest.approx(0, abs=4 * error)
    assert stats.ks_2samp(mine, other).pvalue > 1e-4


def wide_gaps(n, among, seen, true=0.3, banks=None, share=0.0, count=6000):
    """Share of studies whose largest and smallest correlation lie ``seen`` apart: measures built from two common causes."""
    rng = np.random.default_rng(12)

    def firms(many):
        growth, common, own = rng.normal(size=(count, many, 1)), rng.normal(size=(count, many, 1)), rng.normal(
            size=(count, many, 11))
        rest = np.sqrt(among - true**2)
        return np.concatenate([growth, true * growth + rest * common + np.sqrt(1 - among) * own], axis=2)

    x = firms(n)
    if banks:
        x = np.sqrt(share) * np.repeat(firms(banks), n // banks, axis=1) + np.sqrt(1 - share) * x
    x = x - x.mean(axis=1, keepdims=True)
    spread = np.sqrt((x**2).sum(axis=1))
    r = np.einsum("sn,snj->sj", x[..., 0], x[..., 1:]) / (spread[:, :1] * spread[:, 1:])
    return np.mean(np.ptp(r, axis=1) >= seen)


def near(told, share, count):
    """Within four standard errors of a told share of 1,000 studies against one of ``count``; and 0.05 points of rounding."""
    return told == pytest.approx(share, abs=4 * np.sqrt(max(share, 0.001) * (1 / 1000 + 1 / count)) + 0.0005)


@pytest.mark.parametrize(("industry", "n", "seen"), [("banking", 12, 0.69), ("gasoline", 4, 1.29),
                                                     ("home furnishings", 3, 1.94), ("home, 4 firms", 4, 1.94)])
@pytest.mark.parametrize("among", [0.5, 0.7, 0.8, 0.9])
def test_the_yardstick_table_from_another_source_of_luck(page, industry, n, seen, among):
    assert near(page["equals-table"][among][industry] / 100, wide_gaps(n, among, seen - 1e-9), 6000)


@pytest.mark.parametrize(("told", "chosen"), [(0.152, {"true": 0.0}), (0.081, {"true": 0.6}),
                                              (0.329, {"banks": 3, "share": 0.5}), (0.580, {"banks": 3, "share": 0.8})])
def test_what_the_page_says_of_its_choices(told, chosen):
    assert near(told, wide_gaps(12, 0.7, 0.69, **chosen), 6000)


def test_four_firms_spread_evenly(page):
    assert stats.kstest(page["chance"], stats.uniform(-1, 2).cdf).pvalue > 0.001


@pytest.mark.parametrize("true", [0.0, 0.5, 0.8, 0.95])
def test_fishers_interval_holds_the_truth_in_96_or_97_of_100_studies_of_four(true):
    rng = np.random.default_rng(4)
    x = rng.normal(size=(40_000, 4))
    y = true * x + np.sqrt(1 - true**2) * rng.normal(size=x.shape)
    x, y = (one - one.mean(axis=1, keepdims=True) for one in (x, y))
    r = (x * y).sum(axis=1) / np.sqrt((x**2).sum(axis=1) * (y**2).sum(axis=1))
    assert 0.957 < np.mean(abs(np.arctanh(r) - np.arctanh(true)) < stats.norm.ppf(0.975)) < 0.971


def test_paired_years_are_scipys(page):
    shares = page["shares"]
    test = stats.ttest_rel(shares["top"], shares["bottom"])
    found = page["by_hand"]
    assert found["t"] == pytest.approx(test.statistic)
    assert (found["low"], found["high"]) == pytest.approx(tuple(test.confidence_interval()))


def market(seed, firms=1000, pays=0.0, fails=0.2, bought=0.0, premium=1.3):
    """The page's market year by year: ``(index, list, left, true gap, gap on the list)``, in percent a year."""
    rng = np.random.default_rng(seed)
    liked = rng.normal(size=firms)
    steps = np.exp(rng.normal(0.03, 0.35, size=(25, firms)) + pays * liked)
    price, there, index, gaps = np.ones(firms), np.ones(firms, bool), [], []
    low, high = np.quantile(liked, [0.2, 0.8])
    for step in steps:
        taken = there & (rng.random(firms) < bought) if bought else np.zeros(firms, bool)
        step[taken] *= premium
        index.append(step[there].mean())
        gaps.append(step[there & (liked >= high)].mean() - step[there & (liked <= low)].mean())
        price = price * step
        there = there & (price >= fails) & ~taken
    kept, own = steps[:, there], liked[there]
    low, high = np.quantile(own, [0.2, 0.8])
    listed = kept[:, own >= high].mean() - kept[:, own <= low].mean()
    return np.array([100 * (np.mean(index) - 1), 100 * (kept.mean() - 1), there.mean(), 100 * np.mean(gaps), 100 * listed])


def test_survivors_beat_an_honest_index_whatever_the_seed():
    """Twenty markets against one forty times as large: means within four standard errors; each list is in front."""
    small, large = np.array([market(seed) for seed in range(20)]), market(99, firms=40_000)
    error = np.hypot(small.std(axis=0, ddof=1) / np.sqrt(20), small.std(axis=0, ddof=1) / np.sqrt(40))
    assert (np.abs(small.mean(axis=0) - large) < 4 * error).all()
    assert (small[:, 1] > small[:, 0]).all()
    assert large[1] - large[0] > 2


def test_when_firms_leave_because_they_are_bought_it_turns_round():
    some = np.array([market(seed, fails=0.0, bought=0.02) for seed in range(20)])
    assert (some[:, 1] < some[:, 0]).all()


def test_a_list_of_survivors_hides_part_of_what_satisfaction_does(page):
    """The page's twenty markets of each kind by a loop over the years, from the same seeds."""
    rows = pd.DataFrame(page["paying-run"]).groupby("pays").mean()
    for pays, (truth, listed) in {0.0: (0.1, 0.2), 0.01: (3.2, 2.3), 0.02: (6.2, 4.5)}.items():
        mine = np.mean([market(seed, pays=pays)[3:] for seed in range(20)], axis=0)
        assert rows.loc[pays].to_numpy() == pytest.approx(mine, abs=1e-9)
        assert mine.round(1).tolist() == [truth, listed]
        if pays:
            assert 1 / 4 < 1 - mine[1] / mine[0] < 1 / 3, "more than a quarter"


def test_the_pages_market_is_that_of_a_loop(page):
    steps, price, there, index = page["steps"].to_numpy(), np.ones(1000), np.ones(1000, bool), []
    for step in steps:
        index.append(step[there].mean())
        price = price * step
        there &= price >= 0.2
    assert page["left"].to_numpy().tolist() == there.tolist()
    assert page["made"]["honest index"].to_numpy() == pytest.approx(index)
    assert page["made"]["list of those left"].to_numpy() == pytest.approx(steps[:, there].mean(axis=1))
    kept = steps[:, there].mean(axis=1)
    told = [100 * (np.mean(index) - 1), 100 * (kept.mean() - 1), np.prod(index), np.prod(kept)]
    assert np.round(told, 1).tolist() == [9.1, 11.2, 8.8, 14.1]


def test_one_year_in_six_is_as_good_or_as_bad_as_the_page_says():
    luck = stats.lognorm(0.35, scale=np.exp(0.03))
    assert (luck.sf(1.46), luck.cdf(0.73)) == pytest.approx((1 / 6, 1 / 6), abs=0.01)


LESS = {("top", "S&P 500"): (3.6, -0.72, 7.98, 0.098), ("bottom", "S&P 500"): (3.1, -2.19, 8.41, 0.237),
        ("all", "S&P 500"): (2.7, -1.38, 6.68, 0.187), ("top", "all"): (1.0, -1.73, 3.70, 0.463)}


@pytest.mark.parametrize("pair", LESS)
def test_beside_the_index_and_the_list(page, pair):
    test = stats.ttest_rel(page["shares"][pair[0]], page["shares"][pair[1]])
    low, high = test.confidence_interval()
    less = (page["shares"][pair[0]] - page["shares"][pair[1]]).mean()
    assert (round(less, 1), round(low, 2), round(high, 2), round(test.pvalue, 3)) == LESS[pair]


def test_worth_after_the_window_and_after_all_years(page):
    for years, told in {(2000, 2014): [5.21, 5.20, 4.62, 1.39], (1996, 2020): [15.41, 13.81, 12.22, 6.11]}.items():
        for side, worth in zip(page["four"], told, strict=True):
            assert round(np.prod([1 + x / 100 for x in page["shares"].loc[slice(*years), side]]), 2) == worth
    worth = (1 + page["shares"][page["four"]] / 100).cumprod()
    ahead = worth["S&P 500"] > worth[["top", "bottom", "all"]].max(axis=1)
    behind = worth["S&P 500"] < worth[["top", "bottom", "all"]].min(axis=1)
    assert worth.index[ahead].tolist() == list(range(1996, 2001))
    assert worth.index[behind].tolist() == list(range(2002, 2021))


def test_half_of_the_better_half_is_that_of_two_normal_variables(page):
    for name, r in page["average"].items():
        both = stats.multivariate_normal(cov=[[1, r], [r, 1]]).cdf([0, 0])  # both below the median; both above is as likely
        assert page["halves"][name] == pytest.approx(200 * both, abs=1e-4)


def test_places_and_winners_are_those_of_the_table(page):
    assert page["promoter"].to_dict() == {"banking": 1, "gasoline": 11, "home furnishings": 5, "security systems": 3,
                                          "transportation": 2}
    assert page["first"]["metric"].nunique() == 5
    assert page["seen"]["gap"].round(2).tolist() == [0.69, 1.29, 1.94, 1.97, 0.73]


def test_what_the_page_says_of_the_rules(page):
    rules, luck = page["rules"], page["luck"]
    assert ((rules["estimate"] > 0).sum(), (rules["p_value"] < 0.05).sum()) == (31, 0)
    assert ((rules["top"] > rules["all"]).sum(), (rules["bottom"] > rules["all"]).sum()) == (36, 14)
    assert (rules["top"] - rules["all"]).max() < 4
    assert ((luck["rules_below_05"] > 0).sum(), (luck["largest_t"] >= rules["statistic"].max()).sum()) == (489, 567)
    assert ((luck["rules_below_05_above_0"] > 0).sum(), (luck["rules_above_0"] >= 31).sum()) == (267, 94)
    assert set(rules.loc[rules["estimate"] < 0, "ranked_by"]) == {"score"}
    assert len(rules[rules["ranked_by"] != "score"]) == 24


def test_what_the_page_says_of_who_is_missing(page):
    missing = page["missing"]
    assert missing["percent without"].round(0).tolist() == [27, 22, 21, 23]
    assert missing.loc["together", ["firm_years", "without_return", "never_a_price"]].tolist() == [3365, 762, 361]


def test_what_the_page_says_of_its_checks():
    checks = pt.load("acsi-checks").set_index("run")[["estimate", "p_value"]].round(2)
    assert checks.to_numpy().tolist() == [[0.52, 0.84], [0.62, 0.81], [0.76, 0.76]]


def test_the_22_lines_are_20_pairs_and_gasolines_are_one_identity(page):
    printed = page["printed"]
    assert len(printed) == 22
    assert len(printed[["industry", "r"]].drop_duplicates()) == 20
    gas = printed[printed["industry"] == "gasoline"]
    assert gas["p_value"].to_numpy() == pytest.approx(1 - gas["r"].abs().to_numpy(), abs=1e-9)
