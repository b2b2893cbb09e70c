"""Page 7: its intervals, p values and simulations, run here, against scipy on rows made to order, and over other seeds."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import pebbletrail as pt
from pebbletrail.agreement import Printed
from pebbletrail.explorers.ranking import compute
from pebbletrail.ledger_table import ledger
from pebbletrail.page_source import all_pages, source

# the cells of the page that compute, in order
CELLS = ("table", "winners", "p-function", "search", "search-gas", "search-library", "intervals", "by-hand", "by-library",
         "gas-interval", "four", "seen", "equals", "equals-run", "shares", "shares-mean", "paired", "paired-library",
         "against-all", "market", "market-returns", "rules", "rules-count", "luck", "halves", "steiger", "coverage", "p-all",
         "exact")
LINES = {line.id: line for line in ledger().values() if line.study == "keiningham-2008" and line.counts}


@pytest.fixture(scope="module")
def page():
    cells = {cell["id"]: source(cell) for cell in all_pages()[7].cells}
    names = {"pt": pt, "pd": pd, "np": np}
    for id in CELLS:
        exec(cells[id], names)
    return names


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


@pytest.mark.parametrize(("n", "among", "seen"), [(12, 0.7, 0.69), (4, 0.7, 1.29), (4, 0.9, 1.29)])
def test_gaps_of_equals_are_those_of_the_explorer(page, n, among, seen):
    """Two sources of luck, two ways to build the measures; within four standard errors."""
    mine = np.array([page["gap"](n, among) for _ in range(1500)])
    other = compute(n, 0.3, among, 0.0).gaps
    p = (np.sum(mine >= seen) + np.sum(other >= seen)) / (len(mine) + len(other))
    error = np.sqrt(p * (1 - p) * (1 / len(mine) + 1 / len(other)))
    assert np.mean(mine >= seen) - np.mean(other >= seen) == pytest.approx(0, abs=4 * error)
    assert stats.ks_2samp(mine, other).pvalue > 1e-4


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
    worth = {side: np.prod([1 + x / 100 for x in shares.loc[2000:2014, side]]) for side in ("top", "bottom", "all")}
    assert [round(worth[side], 2) for side in worth] == [5.21, 5.20, 4.62]


def test_survivors_beat_an_honest_index_whatever_the_seed():
    """The page's market, firm by firm, on other seeds."""
    for seed in range(2, 8):
        steps = np.exp(np.random.default_rng(seed).normal(0.03, 0.35, size=(25, 1000)))
        price, there, index = np.ones(1000), np.ones(1000, bool), []
        for step in steps:
            index.append(step[there].mean())
            price = price * step
            there &= price >= 0.2
        survivors = steps[:, there].mean(axis=1)
        assert 1.2 < 100 * (survivors.mean() - np.mean(index)) < 3.2
        assert 700 < there.sum() < 900


def test_the_pages_market_is_that_of_a_loop(page):
    steps, price, there, index = page["steps"].to_numpy(), np.ones(1000), np.ones(1000, bool), []
    for step in steps:
        index.append(step[there].mean())
        price = price * step
        there &= price >= 0.2
    assert page["left"].to_numpy().tolist() == there.tolist()
    assert page["made"]["honest index"].to_numpy() == pytest.approx(index)
    assert page["made"]["all that are left"].to_numpy() == pytest.approx(steps[:, there].mean(axis=1))
    assert len(page["lists"]["top fifth"]) == len(page["lists"]["bottom fifth"]) == pytest.approx(there.sum() / 5, abs=1)


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
