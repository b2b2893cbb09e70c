"""Page 6: its own cells, run here, against formulas, scipy and pingouin; and its words against its numbers."""

import contextlib
import io
import re
from math import asin, atanh, pi, sqrt, tanh

import numpy as np
import pandas as pd
import pingouin as pg
import pytest
from scipy import integrate, stats

import pebbletrail as pt
from pebbletrail.ledger_table import ledger, references
from pebbletrail.page_source import all_pages, source

# the cells of the page that compute, in order
CELLS = ("setup", "passport-sources", "sources", "factors", "level-or-speed", "ladder-rows", "clouds", "teams",
         "z-values", "products", "r-by-hand", "pairs", "units", "cut", "gap", "halves", "relabel", "relabelled",
         "what-it-takes", "hills-growth", "shares", "share-ratios", "both", "both-matrix", "both-simulated",
         "both-takes", "anchors", "anchors-table", "fitzgerald", "fisher", "touch", "fitz-halves", "three-roads",
         "three-roads-table", "rho", "orthant-formula", "orthant-integral", "orthant-table", "parts", "lognormal",
         "combine", "combine-model", "noise", "sensitivity", "sensitivity-halves")
LINE = ledger()


@pytest.fixture(scope="module")
def page():
    cells = {cell["id"]: source(cell) for cell in all_pages()[6].cells}
    names, printed = {"pt": pt, "pd": pd}, io.StringIO()
    with contextlib.redirect_stdout(printed):
        for id in CELLS:
            exec(cells[id].replace("pt.theme()", ""), names)
    return names | {"printed": printed.getvalue()}


@pytest.fixture(scope="module")
def prose():
    return {cell["id"]: source(cell) for cell in all_pages()[6].cells if cell["cell_type"] == "markdown"}


# --- the trail ------------------------------------------------------------------------------------------------------

def test_the_table_of_sources_holds_what_the_ledger_quotes(page):
    """Typed twice: once in the table, once in the ledger."""
    kinds = {"hs-units": "tested", "hs-26": "gross margin", "hs-85": "sales growth", "hs-units-press": "units in the study",
             "hs-units-press.companies": "firms in the study", "hs-one": "one side", "hs-3.4": "financial results of units",
             "hs4": "earnings for a square foot"}
    sources = page["sources"].set_index("quantity")
    for id, words in kinds.items():
        row = sources[sources.index.str.contains(words)].iloc[0]
        assert row["value"] == float(LINE[id].published.replace(",", ""))
        assert row["seen"] == LINE[id].seen
    both = sources[sources.index.str.contains("both sides engaged")]["value"].tolist()
    assert both == [float(LINE[id].published) for id in ("hs-both", "hs-2013")]


def test_factors_are_one_and_the_percentage(page):
    assert page["more"]["times"].tolist() == pytest.approx([1.26, 1.85, 1.7, 3.4, 3.4])


def test_the_ladder_holds_what_was_printed_and_how_it_was_seen(page):
    ladder = page["ladder"].set_index("times")
    for id, factor in {"hs-85": 1.85, "hs-one": 1.7, "hs-26": 1.26, "soaw-profit": 1.22}.items():
        assert 1 + float(LINE[id].published) / 100 == pytest.approx(factor)
        assert ladder.loc[factor, "seen"] == {"primary": "first hand", "secondary": "second hand"}[LINE[id].seen]
    for id in ("hs-3.4", "hay-4.5"):
        assert ladder.loc[float(LINE[id].published), "seen"] == "second hand"
        assert LINE[id].seen == "secondary"
    assert ladder.index.is_monotonic_decreasing
    speeds = ladder["of what"].str.contains("growth")
    assert (ladder["kind"].eq("speed") == speeds).all()
    assert (ladder["kind"].eq("not said") == ladder["of what"].str.contains("performance|financial results")).all()


def test_what_is_said_of_sears_and_of_shares_is_what_was_printed(prose):
    assert "5 points of attitude go with 0.5 percent of revenue *growth*" in prose["cite-ladder-read"]
    assert "0.5 percent of revenue growth" in LINE["sears-chain"].published
    assert "returned 3.5 percent a year more" in prose["cite-ladder-read"]
    assert LINE["edmans-alpha"].published == "3.5"


def test_what_is_second_hand_is_marked_in_the_table_of_steps(prose):
    steps = [row for row in prose["sources-read"].splitlines() if row.startswith("| ") and row[2].isdigit()]
    assert len(steps) == 10
    own = [row[2] for row in steps if row.endswith("| first hand |")]
    second = [row[2] for row in steps if row.endswith("| **second hand** |")]
    assert (own, second) == (["1", "7", "8"], ["2", "3", "4", "5", "6", "9"])


def test_the_verdict_rests_on_the_trail_and_marks_what_is_second_hand():
    verdict, = [one for one in all_pages()[6].verdicts() if one["claim"] == "growth-times-five"]
    assert verdict["verdict"] == "contradicted"
    for word in ("as a report of its source", "as far as that was reached", "untested", "the book was not read"):
        assert word in verdict["because"]
    assert verdict["supports"] == ["hs-both"]
    assert set(verdict["opposes"]) == {"hs-units", "hs-units-press", "hs-units-press.companies", "hs-3.4"}
    assert [id for id in verdict["supports"] + verdict["opposes"] if LINE[id].seen == "primary"] == ["hs-units"]


def test_the_talk_and_the_interview_are_not_credited_to_the_book():
    for id in ("hs-units-press", "hs-units-press.companies", "hs-both", "hs-one", "hs-85", "hs-26", "hs4"):
        assert LINE[id].study in ("hc-magazine-2008", "gallup-business-journal-104194")
    assert LINE["hs-units-press"].how == "quoted"


def test_a_sceptic_is_told_where_each_source_of_the_page_is(prose):
    """Every study that the page cites is named in its list of sources, by its title."""
    page = all_pages()[6]
    cited = {id for cell in page.cells if cell["cell_type"] == "code"
             for id in re.findall(r'"([a-z0-9][\w.-]+)"', source(cell)) if id in LINE}
    assert len(cited) > 40
    listed = "\n".join(prose.values()).split("### 6.8.3")[1].split("### 6.8.4")[0]
    told = " ".join(re.findall(r"[a-z-]+", listed.lower()))
    for study in {LINE[id].study for id in cited}:
        title = re.findall(r"[a-z-]+", references()[study]["title"].lower())
        assert " ".join(title[:3]) in told, study
    assert "November 2026" in listed


# --- correlation ----------------------------------------------------------------------------------------------------

def test_the_correlation_by_hand_is_numpys(page):
    assert page["r_hand"] == pytest.approx(np.corrcoef(page["teams"].T)[0, 1], abs=1e-12)
    assert page["r_hand"] == pytest.approx(8 / sqrt(12 * 16), abs=1e-12)  # sums of squares and products, counted by hand


def test_the_bet_on_pairs_over_all_pairs_is_won_as_often_as_kendalls_tau_says(page):
    """Kendall's tau is the share won less the share lost, over all pairs; the page bets on 499 of them."""
    three = page["three"]
    tau = stats.kendalltau(three["engagement"], three["outcome"]).statistic
    assert page["won"].mean() == pytest.approx((1 + tau) / 2, abs=3 * 0.5 / sqrt(499))
    assert (1 + tau) / 2 == pytest.approx(0.5 + asin(0.3) / pi, abs=0.05)


def test_the_clouds_have_the_correlations_they_are_said_to_have(page):
    for r, cloud in page["clouds"].groupby("r"):
        low, high = pg.corr(cloud["engagement"], cloud["outcome"])["CI95"].iloc[0]
        assert low - 0.01 <= r <= high + 0.01


# --- halves ---------------------------------------------------------------------------------------------------------

def test_the_two_thousand_units_are_within_chance_of_theory(page):
    assert page["units"][["engagement", "outcome"]].corr().iloc[0, 1] == pytest.approx(0.303, abs=5e-4)
    assert page["gap"] == pytest.approx(2 * sqrt(2 / pi) * 0.3, abs=3 * 2 / sqrt(2000))
    assert page["shares"]["more engaged"] + page["shares"]["less engaged"] == pytest.approx(1)


def test_labels_by_hand_are_those_of_the_library(page):
    for mean, sd in ((100, 20), (10, 10), (2, 5.57)):
        assert page["as_unit"](mean, sd)["times"] == pytest.approx(pt.halves(0.3, cv=sd / mean).ratio, rel=1e-3)
    assert [round(label["times"], 2) for label in page["labels"].values()] == [1.1, 1.63, 5.0]


def test_what_a_ratio_takes_turned_round(page):
    for r in (0.1, 0.2, 0.3, 0.4):
        for times in (3.4, 5):
            assert pt.both_halves(r, r, 0.3, cv=page["takes"].loc[r, times]).ratio == pytest.approx(times)


def test_three_roads_agree(page):
    for table, near in ((["formula", "integration", "pt.both_halves"], 1e-4), (["formula", "simulation"], 2e-3)):
        assert np.ptp([page["roads"][road] for road in table], axis=0).max() < near
    assert page["area"] / 0.5 == pytest.approx(0.3 * sqrt(2 / pi), abs=1e-8)
    assert page["corner"] == pytest.approx(1 / 4 + asin(0.3) / (2 * pi), abs=1e-8)
    x, y = page["x"], page["r"] * page["x"] + sqrt(1 - page["r"] ** 2) * page["e"]
    assert y[x > 0].mean() - y[x < 0].mean() == pytest.approx(pt.halves(0.3).gap, abs=1e-3)


# --- Glassdoor and ACSI ---------------------------------------------------------------------------------------------

def test_the_anchors_are_the_correlations_of_the_ledger(page):
    ids = ("otto-r", "krekel-profit", "harter-profit", "whitman-rho", "harter-composite")
    assert list(page["anchors"].values()) == [float(LINE[id].published) for id in ids]
    for name, id in zip(page["anchors"], ids, strict=True):
        assert ("second hand" in name) == (LINE[id].seen == "secondary")
        assert ("corrected" in name) == ("corrected" in LINE[id].quantity)
        assert ("adjusted" in name) == ("adjusted" in LINE[id].quantity)


def test_r_and_its_interval_are_pingouins(page):
    for row in page["stars"].itertuples():
        low, high = pg.compute_esci(stat=sqrt(row.r_squared), nx=row.n, ny=row.n, eftype="r", decimals=6)
        assert row.r == pytest.approx(sqrt(row.r_squared))
        assert [row.low, row.high] == pytest.approx([low, high], abs=1e-4)


def test_the_r2_of_the_table_are_those_of_the_ledger(page):
    stars = page["stars"].set_index(["year", "companies"])["r_squared"]
    for id, at in {"fitz-r2-2018": (2018, "all"), "fitz-r2-high": (2018, "high-touch"), "fitz-r2-low": (2018, "low-touch"),
                   "fitz-r2-2017": (2017, "all")}.items():
        assert stars[at] == float(LINE[id].published)
    whole, parts = stars.xs("all", level="companies"), stars.drop("all", level="companies").groupby("year").min()
    assert (whole < parts).all()  # the page says that the whole lies below both of its parts


def test_the_interval_with_the_number_that_adds_up_is_the_one_the_page_tells(prose):
    for n, told in ((219, "−.03 to .23"), (119, "−.08 to .28")):
        z = atanh(sqrt(0.011))
        low, high = (tanh(z + sign * 1.96 / sqrt(n - 3)) for sign in (-1, 1))
        assert f"{low:.2f} to {high:.2f}".replace("-0.", "−.").replace(" 0.", " .") == told
        assert told in prose["headline-2017-read"]


# --- corrections, and 70, 70, 240 -----------------------------------------------------------------------------------

def test_the_corrected_correlations_are_those_of_the_ledger(page):
    ids = {"harter-cs": "customer satisfaction and loyalty", "harter-turnover": "staff turnover",
           "harter-safety": "accidents", "harter-prod": "productivity", "harter-profit": "profitability",
           "harter-composite": "all results together"}
    assert {name: float(LINE[id].published) for id, name in ids.items()} == page["harter"].to_dict()


def test_observed_correlations_corrected_are_the_corrected_one(page):
    for a in page["reliability"]:
        for b in page["reliability"]:
            assert page["observed"].loc[a, b] / sqrt(a * b) == pytest.approx(0.38)
    assert page["observed"].to_numpy().min() == pytest.approx(0.19)


def test_the_made_up_noise_has_the_reliabilities_it_is_said_to_have(page):
    reliability = page["true"].var(axis=0) / (page["true"] + page["noise"]).var(axis=0)
    assert reliability == pytest.approx([0.6, 0.7], abs=0.005)
    assert page["seen"] == pytest.approx(0.38 * sqrt(0.42), abs=3 / sqrt(200_000))


def test_units_with_one_side_only_lie_in_the_middle(page):
    """What the page's model of sums rests on, by the formula for X1 above and X2 below, and by simulation."""
    staff, customers, y = page["staff"], page["customers"], np.random.default_rng(8).multivariate_normal(
        [0, 0, 0], page["R"], 1_000_000).T[2]
    middle = y[(staff > 0) & (customers < 0)].mean()
    assert middle == pytest.approx(0, abs=0.01)
    low, half = y[(staff < 0) & (customers < 0)].mean(), 0.7 / 1.7  # so that the middle is 1.7 times the low group
    high = y[(staff > 0) & (customers > 0)].mean()
    assert (1 - half * high / low) / (1 - half) == pytest.approx(2.4, abs=0.02)
    assert (1 + page["g"]) / (1 - page["g"]) == pytest.approx(2.4)


# --- words ----------------------------------------------------------------------------------------------------------

def dotted(number, digits=2):
    """As the page writes correlations: no nought before the point, a true minus sign."""
    return f"{number:.{digits}f}".replace("0.", ".", 1).replace("-", "−")


def share(r):
    return 0.5 + asin(r) / pi


def spread(r, times):
    """The σ/μ at which halves make a ratio: (1 + k) / (1 − k) for k = r · σ/μ · √(2/π)."""
    return (times - 1) / (times + 1) / (r * sqrt(2 / pi))


def ends(r2, n):
    """Fisher's interval of a correlation, from its square."""
    z, reach = atanh(sqrt(r2)), stats.norm.ppf(0.975) / sqrt(n - 3)
    return [tanh(z + sign * reach) for sign in (-1, 1)]


def apart(first, n_first, second, n_second):
    """Two correlations, from their squares: how many errors apart, and the p value of that."""
    z = (atanh(sqrt(first)) - atanh(sqrt(second))) / sqrt(1 / (n_first - 3) + 1 / (n_second - 3))
    return z, 2 * stats.norm.sf(z)


def part_of_all(h):
    """Mean outcome and share above the median where engagement lies above h, for r = .3, by integration."""
    p, r = stats.norm.sf(h), 0.3
    mean = integrate.quad(lambda x: r * x * stats.norm.pdf(x), h, 12)[0] / p
    above = integrate.quad(lambda x: stats.norm.pdf(x) * stats.norm.cdf(r * x / sqrt(1 - r**2)), h, 12)[0] / p
    return (1 + mean) / (1 - mean), (above / (1 - above)) ** 2  # the low group mirrors the high one


def both_log_normal(cv):
    """Ratio of means, by the chance that two engagements shifted by s · r are both above the median."""
    s = sqrt(np.log(1 + cv**2))
    high, low = (stats.multivariate_normal([0, 0], [[1, 0.3], [0.3, 1]]).cdf([sign * 0.3 * s] * 2) for sign in (1, -1))
    return high / low


SIZE = 1 / 4 + asin(0.3) / (2 * pi)
BOTH_MEAN, BOTH_SHARE = 0.6 / (2 * sqrt(2 * pi)) / SIZE, (1 / 8 + 3 * asin(0.3) / (4 * pi)) / SIZE
BOTH_ODDS = BOTH_SHARE / (1 - BOTH_SHARE)
OVERLAP = integrate.quad(lambda y: 2 * stats.norm.pdf(y) * stats.norm.cdf(-0.3 * abs(y) / sqrt(0.91)), -12, 12)[0]
TENTH, QUARTER = stats.norm.isf(0.1), stats.norm.isf(0.25)
BEST = stats.norm.pdf(stats.norm.isf(0.01)) / 0.01 * 0.2  # of a perfect link, the top 1 percent, with a spread of 0.2
K = sqrt(2 / pi)


def ratio(mean):
    return (1 + mean) / (1 - mean)


@pytest.mark.parametrize(("id", "words", "numbers"), [
    ("try-it-move", "66 of 100 are 1.96 to 1", [f"{100 * BOTH_SHARE:.0f}", f"{BOTH_ODDS:.2f}"]),
    ("after-explorer", "The bars say 1.17, 1.96 and 3.85", [
        f"{ratio(0.2 * BOTH_MEAN):.2f}", f"{BOTH_SHARE / (1 - BOTH_SHARE):.2f}", f"{BOTH_ODDS**2:.2f}"]),
    ("factors-read", "+400 percent", [f"{100 * (5 - 1)}"]),
    ("factors-read", "450 percent more would be 5.5 times, while 4.5 times is 350 percent more", [
        f"{1 + 450 / 100:.1f}", f"{100 * (4.5 - 1):.0f}"]),
    ("level-or-speed-read", "sales that are 4 percent higher", [f"{100 * (1.05 / 1.01 - 1):.0f}"]),
    ("r-by-library-read", "from −.21 to .91", [dotted(end) for end in ends(1 / 3, 8)]),
    ("gap-read", "0.479 for r = .3", [f"{2 * K * 0.3:.3f}"]),
    ("halves-read", "share 81 percent", [f"{100 * OVERLAP:.0f}"]),
    ("relabelled-read", "**Sales 1.1 times. Profit, with a spread as large as its mean, 1.63 times. Growth 5 times.**", [
        f"{ratio(0.3 * K * 0.2):.1f}", f"{ratio(0.3 * K):.2f}", f"{ratio(0.3 * K * 5.57 / 2):.0f} times"]),
    ("relabelled-read", "(0.7979 is half of 1.596", [f"{K:.4f}", f"{2 * K:.3f}"]),
    ("what-it-takes-read", "a spread 2.79 times as large as the mean", [f"{spread(0.3, 5):.2f}"]),
    ("what-it-takes-read", "36 percent of all units", [f"{100 * stats.norm.cdf(-1 / spread(0.3, 5)):.0f}"]),
    ("perfect-read", "1.38 times", [f"{ratio(0.2 * K):.2f}"]),
    ("perfect-read", "the top 1 percent against the bottom 1 percent make 3.3", [f"{ratio(BEST):.1f}"]),
    ("hills-growth-read", "at −0.24 it bursts", [f"{0.3 * K:.2f}"]),
    ("shares-read", "59.7 and 40.3", [f"{100 * share(0.3):.1f}", f"{100 * share(-0.3):.1f}"]),
    ("both-read", "30 percent of the units are high on both, as many low on both; 40 percent are left out", [
        f"{100 * SIZE:.0f}", f"{100 - 200 * SIZE:.0f}"]),
    ("both-read", "0.80 standard deviations instead of 0.48", [f"{2 * BOTH_MEAN:.2f}", f"{0.6 * K:.2f}"]),
    ("both-simulated-read", "the library says 0.802 and 66.2", [f"{2 * BOTH_MEAN:.3f}", f"{100 * BOTH_SHARE:.1f}"]),
    ("both-takes-read", "1.36 times its mean gives the 3.4", [f"{2.4 / 4.4 / BOTH_MEAN:.2f}"]),
    ("both-takes-read", "one with 1.66 times gives 5", [f"{4 / 6 / BOTH_MEAN:.2f}"]),
    ("both-takes-read", "1.96 lie above the median for each one below", [f"{BOTH_ODDS:.2f}"]),
    ("both-takes-read", "3.85 times those of the low one", [f"{BOTH_ODDS**2:.2f}"]),
    ("anchors-read", "53 percent lie above", [f"{100 * share(0.101):.0f}"]),
    ("anchors-read", "corrected .38 it is 62 percent", [f"{100 * share(0.38):.0f}"]),
    ("anchors-read", "2.2 to 8.3 times the mean", [f"{spread(r, 5):.1f}" for r in (0.38, 0.101)]),
    ("fisher-read", "In 2018 r = .21, with an interval from .11 to .31", [
        dotted(r) for r in (sqrt(0.0438), *ends(0.0438, 345))]),
    ("fisher-read", "In 2017, from the same two sources, .09, from −.01 to .20", [
        dotted(r) for r in (sqrt(0.00853), *ends(0.00853, 336))]),
    ("fisher-read", "r is .31 and .18, where it is not .23 and .10", [
        dotted(sqrt(r2)) for r2 in (0.096, 0.034, 0.051, 0.011)]),
    ("touch-read", "0.62 and 0.80 errors apart", [
        f"{apart(*row)[0]:.2f}" for row in ((0.034, 117, 0.011, 119), (0.096, 125, 0.051, 220))]),
    ("touch-read", "p = .54 in 2017, .42 in 2018", [
        dotted(apart(*row)[1]) for row in ((0.034, 117, 0.011, 119), (0.096, 125, 0.051, 220))]),
    ("fitz-halves-read", "57 have customers above the median (interval 53.4 to 60.0)", [
        f"{100 * share(sqrt(0.0438)):.0f}", *(f"{100 * share(end):.1f}" for end in ends(0.0438, 345))]),
    ("fitz-halves-read", "in 2017 it is 53 (49.5 to 56.3)", [
        f"{100 * share(sqrt(0.00853)):.0f}", *(f"{100 * share(end):.1f}" for end in ends(0.00853, 336))]),
    ("rho-read", "the gap is 0.96 standard deviations", [f"{1.2 / (2 * sqrt(2 * pi)) / 0.25:.2f}"]),
    ("rho-read", "0.68 for 35 percent", [f"{1.2 / (2 * sqrt(2 * pi)) / (1 / 4 + asin(0.6) / (2 * pi)):.2f}",
                                         f"{100 * (1 / 4 + asin(0.6) / (2 * pi)):.0f}"]),
    ("parts-read", "1.63 for halves, 2.23 for quarters and 3.22 for tenths", [
        f"{part_of_all(h)[0]:.2f}" for h in (0, QUARTER, TENTH)]),
    ("parts-read", "the odds ratio is 2.2, 3.6 and 5.9", [f"{part_of_all(h)[1]:.1f}" for h in (0, QUARTER, TENTH)]),
    ("parts-read", "has 16 percent of its units below zero", [f"{100 * stats.norm.cdf(-1):.0f}"]),
    ("lognormal-read", "1.95 where the spread equals the mean, 2.78 at twice the mean", [
        f"{both_log_normal(cv):.2f}" for cv in (1, 2)]),
    ("combine-read", "Adding gives 2.4 times, multiplying 2.89", [f"{1 + 0.7 + 0.7:.1f}", f"{1.7 * 1.7:.2f}"]),
    ("combine-model-read", "2.4 again", [f"{pt.both_halves(0.3, 0.3, 0.3, cv=(1 - 1 / 1.7) / BOTH_MEAN).ratio:.1f}"]),
    ("sensitivity-lead", "Between .19 and .38", [dotted(0.38 * 0.5), dotted(0.38)]),
    ("sensitivity-read", "56 or 62 units of 100", [f"{100 * share(r):.0f}" for r in (0.19, 0.38)]),
    ("sensitivity-read", ".25 ± .05 becomes about .38 ± .08 when divided by .65", [
        dotted(0.25 / 0.65), dotted(0.05 / 0.65)]),
    ("check", "An odds ratio of 5.9 between tenths goes with r = .3", [f"{part_of_all(TENTH)[1]:.1f}"]),
    ("check", "2 percent above", [f"{100 * (1.025 / 1.005 - 1):.0f}"]),
    ("check", "0.2 gives 1.1, 2.8 gives 5", [f"{ratio(0.06 * K):.1f}", f"{spread(0.3, 5):.1f}"]),
    ("check", "r = .21 with an interval from .11 to .31", [
        dotted(r) for r in (sqrt(0.0438), *ends(0.0438, 345))]),
])
def test_a_number_of_the_prose_is_the_one_worked_out_here(prose, id, words, numbers):
    """Worked out from formulas and scipy, not from the page and not from the library (but for one line)."""
    assert words in prose[id]
    for number in numbers:
        assert number in words, (number, words)


@pytest.mark.parametrize(("id", "words", "value"), [
    ("gap-read", "0.45 standard deviations apart", lambda p: f"{p['gap']:.2f}"),
    ("pairs-read", "Some 62 of 100", lambda p: f"{100 * p['won'].mean():.0f}"),
    ("shares-read", "59.6 percent", lambda p: f"{100 * p['shares']['more engaged']:.1f}"),
    ("share-ratios-read", "2.18 times", lambda p: f"{(p['p'] / (1 - p['p'])) / (p['q'] / (1 - p['q'])):.2f}"),
    ("both-simulated-read", "A gap of 0.803", lambda p: f"{p['high'].mean() - p['low'].mean():.3f}"),
    ("both-simulated-read", "298,572 units", lambda p: f"{len(p['high']):,}"),
    ("noise-read", "show .246", lambda p: f"{p['seen']:.3f}"[1:]),
    ("noise-read", "gives .379", lambda p: f"{p['seen'] / 0.42**0.5:.3f}"[1:]),
])
def test_a_number_of_the_prose_is_the_one_drawn_on_the_page(page, prose, id, words, value):
    assert words in prose[id]
    assert value(page) in words


def test_the_words_of_the_two_hills_say_what_the_text_says():
    cells = {cell["id"]: source(cell) for cell in all_pages()[6].cells}
    assert f"share {100 * OVERLAP:.0f} percent of their area" in cells["halves-figure"]
    assert f"{0.3 * K:.2f}" in cells["halves-figure"]
    assert f"at {1 / spread(0.3, 5):.2f} standard" in cells["hills-growth-figure"]


def test_the_first_bar_of_the_explorer_stands_at_five_about_where_the_page_says(prose):
    assert "(it says 4.91; 5 itself is at 1.66)" in prose["after-explorer"]
    at_five, bar = 4 / 6 / BOTH_MEAN, (1 + 1.65 * BOTH_MEAN) / (1 - 1.65 * BOTH_MEAN)
    assert [f"{at_five:.2f}", f"{bar:.2f}"] == ["1.66", "4.91"]


def test_no_link_reaches_the_told_factor_at_a_small_spread(prose):
    """The closest links that three correlations allow: the outcome follows from the two engagements alone."""
    assert "(the ratio of such groups stays below 1.7)" in prose["both-takes-read"]
    ratios = []
    for between in (-0.99, -0.9, -0.5, 0, 0.3, 0.6, 0.9):
        r = sqrt((1 + between) / 2) * (1 - 1e-6)
        ratios.append(ratio(0.2 * 2 * r / (2 * sqrt(2 * pi)) / (1 / 4 + asin(between) / (2 * pi))))
        assert pt.both_halves(r, r, between, cv=0.2).ratio == pytest.approx(ratios[-1], rel=1e-9)
    assert 1.6 < max(ratios) < 1.7


def test_log_normal_spreads_found_by_trying():
    for times, told in ((3.4, 3), (5, 7)):
        below, above = (pt.both_halves(0.3, 0.3, 0.3, told * step, shape="log-normal").ratio for step in (0.97, 1.03))
        assert below < times < above


def test_the_exercise_comes_out_as_its_answer_says():
    for ratio, kind, told in ((2.2, "share_ratio", 0.56), (2.2, "odds_ratio", 0.30)):
        p = ratio / (1 + ratio) if kind == "share_ratio" else sqrt(ratio) / (1 + sqrt(ratio))
        r = np.sin(np.pi * (p - 0.5))
        assert getattr(pt.halves(r), kind) == pytest.approx(ratio)
        assert round(r, 2) == told


def test_nothing_remembered_or_unseen_is_printed(prose):
    """DOIs that were not seen stay away, and so does any factor of five with a source."""
    text = "\n".join(prose.values())
    for doi in ("10.1348/096317904X22926", "10.1177/1745691610374589"):
        assert doi not in text
    assert "not found" in prose["sources-read"]
    assert "not read" in prose["evidence"].lower()
