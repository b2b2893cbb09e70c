"""Page 6: its own cells, run here, against formulas, scipy and pingouin; and its words against its numbers."""

import contextlib
import io
from math import asin, atanh, pi, sqrt, tanh

import numpy as np
import pandas as pd
import pingouin as pg
import pytest
from scipy import stats

import pebbletrail as pt
from pebbletrail.ledger_table import ledger
from pebbletrail.page_source import all_pages, source

# the cells of the page that compute, in order
CELLS = ("setup", "sources", "factors", "level-or-speed", "ladder-rows", "clouds", "teams", "z-values", "products",
         "r-by-hand", "pairs", "units", "cut", "gap", "halves", "relabel", "relabelled", "what-it-takes", "hills-growth",
         "shares", "share-ratios", "both", "both-simulated", "both-takes", "anchors", "anchors-table", "fitzgerald",
         "fisher", "fitz-halves", "three-roads", "three-roads-table", "rho", "orthant-formula", "orthant-integral",
         "orthant-table", "parts", "lognormal", "combine", "combine-model", "noise", "sensitivity", "sensitivity-halves")
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
             "hs-units-press.companies": "firms in the study", "hs-one": "one side", "hs-3.4": "financial results of units"}
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
    percent = {"hs-85": 1.85, "hs-one": 1.7, "hs-26": 1.26, "soaw-profit": 1.22, "edmans-alpha": 1.035}
    for id, factor in percent.items():
        assert 1 + float(LINE[id].published) / 100 == pytest.approx(factor)
        assert (ladder.loc[factor, "seen"] == "own words") == (LINE[id].seen == "primary")
    for id in ("hs-3.4", "hay-4.5"):
        assert ladder.loc[float(LINE[id].published), "seen"] == "second hand"
        assert LINE[id].seen == "secondary"
    assert "0.5 percent of revenue growth" in LINE["sears-chain"].published
    assert ladder.index.is_monotonic_decreasing


def test_what_is_second_hand_is_marked_in_the_table_of_steps(prose):
    steps = [row for row in prose["sources-read"].splitlines() if row.startswith("| ") and row[2].isdigit()]
    assert len(steps) == 9
    own = [row[2] for row in steps if "authors' own words" in row]
    second = [row[2] for row in steps if "**second hand**" in row]
    assert (own, second) == (["1", "7"], ["2", "3", "4", "5", "6", "8"])


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
    assert (1 + page["g"]) / (1 - page["g"]) == pytest.approx(2 * page["one_side"] - 1)  # as when adding


# --- words ----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("id", "words", "value"), [
    ("gap-read", "0.45 standard deviations apart", lambda p: f"{p['gap']:.2f}"),
    ("pairs-read", "Some 62 of 100", lambda p: f"{100 * p['won'].mean():.0f}"),
    ("shares-read", "59.6 percent", lambda p: f"{100 * p['shares']['more engaged']:.1f}"),
    ("share-ratios-read", "2.18 times", lambda p: f"{(p['p'] / (1 - p['p'])) / (p['q'] / (1 - p['q'])):.2f}"),
    ("both-simulated-read", "A gap of 0.803", lambda p: f"{p['high'].mean() - p['low'].mean():.3f}"),
    ("both-simulated-read", "298,572 units", lambda p: f"{len(p['high']):,}"),
    ("both-takes-read", "1.36 times its mean", lambda p: f"{p['takes'].loc[0.3, 3.4]:.2f}"),
    ("what-it-takes-read", "36 percent of all units", lambda p: f"{100 * p['growth'].below_zero:.0f}"),
    ("perfect-read", "1.38 times", lambda p: f"{pt.halves(0.9999999, cv=0.2).ratio:.2f}"),
    ("noise-read", "show .246", lambda p: f"{p['seen']:.3f}"[1:]),
    ("lognormal-read", "2.78 at twice the mean", lambda p: f"{p['ratios']['log-normal'][3]:.2f}"),
    ("rho-read", "the gap is 0.96", lambda p: f"{p['by_rho']['gap'][0]:.2f}"),
    ("anchors-read", "53 percent lie above", lambda p: f"{100 * pt.halves(0.101).share_high:.0f}"),
    ("fitz-halves-read", "57 of 100 firms", lambda p: f"{100 * pt.halves(p['r_2018']).share_high:.0f}"),
])
def test_a_number_of_the_prose_is_the_one_computed(page, prose, id, words, value):
    assert words in prose[id]
    assert value(page) in words


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
