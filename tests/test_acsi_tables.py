"""The tables of page 7 from the files of scores and prices by another route: line by line, without pandas."""

import csv
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

import pebbletrail as pt
from pebbletrail.fetch import fetch
from pebbletrail.passports import passport
from pebbletrail.readers import read_years

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))

import acsi_tables

TRIED = [("score", "company", "fifth", 1), ("score", "brand", "tenth", 2), ("within its sector", "company", "third", 1),
         ("change", "brand", "third", 2), ("change", "company", "tenth", 1), ("within its sector", "brand", "fifth", 2)]


def number(text):
    text = text.strip().strip("\xa0")
    return float(text) if text and text != "NM" else None


def lines(name):
    with open(fetch(passport(name)), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def files(open_data):
    """``(brands, prices)``: (brand, sector, ticker, year) to score, and (ticker, year) to price."""
    brands, prices = {}, {}
    for row in lines("acsi-scores"):
        for year in range(1995, 2021):
            if (score := number(row[str(year)])) is not None:
                brands[row["company_name"], row["sector"], row["ticker"], year] = score
    for row in lines("acsi-prices"):
        for year in range(1995, 2022):
            if (price := number(row[str(year)])) is not None:
                prices[row[""], year] = price
    return brands, prices


def by_hand(files, ranked, unit, share, hold, without=lambda ticker, year: False):
    """Yearly returns of top, bottom and all: dictionaries and loops."""
    brands, prices = files
    sectors, values, picks = defaultdict(list), defaultdict(list), {}
    for (_, sector, _, year), score in brands.items():
        sectors[sector, year].append(score)
    for (brand, sector, ticker, year), score in brands.items():
        if ranked == "change":
            if (brand, sector, ticker, year - 1) in brands:
                values[year].append((ticker, score - brands[brand, sector, ticker, year - 1]))
        elif ranked == "score":
            values[year].append((ticker, score))
        elif len(beside := sectors[sector, year]) > 1:
            values[year].append((ticker, score - sum(beside) / len(beside)))

    def back(ticker, year):
        return prices[ticker, year + 1] / prices[ticker, year] - 1

    for year in range(1996, 2021):
        here = [(t, v) for t, v in values[year - 1] if (t, year) in prices and (t, year + 1) in prices
                and not without(t, year)]
        if unit == "company":
            here = [(t, np.mean([v for u, v in here if u == t])) for t in {t for t, _ in here}]
        if not here:
            continue
        low, high = np.quantile([v for _, v in here], [share, 1 - share])
        top, bottom = [t for t, v in here if v >= high - 1e-7], [t for t, v in here if v <= low + 1e-7]
        picks[year] = [top, bottom, [t for t, _ in here]]
    made = {}
    for year in picks:
        now = [np.mean([back(t, year) for t in pile]) for pile in picks[year]]
        if hold == 1:
            made[year] = now
        elif year - 1 in picks:
            old = [np.mean([back(t, year) for t in pile if (t, year) in prices and (t, year + 1) in prices])
                   for pile in picks[year - 1]]
            made[year] = [(a + b) / 2 for a, b in zip(now, old, strict=True)]
    return {year: 100 * np.array(three) for year, three in made.items()}


def test_portfolios_are_those_of_a_loop_over_the_files(files):
    made = by_hand(files, "score", "company", 0.2, 1)
    table = pt.load("acsi-portfolios").set_index("year")
    assert list(table.index) == sorted(made)
    for year, three in made.items():
        assert table.loc[year, ["top", "bottom", "all"]].to_numpy(float) == pytest.approx(three, abs=1e-5)


def firm_scores(files):
    """(ticker, year) to the mean score of the firm's brands."""
    found = defaultdict(list)
    for (_, _, ticker, year), score in files[0].items():
        found[ticker, year].append(score)
    return {key: sum(some) / len(some) for key, some in found.items()}


def test_sizes_and_limits_of_the_portfolios_are_counted(files):
    scores, prices = firm_scores(files), files[1]
    table = pt.load("acsi-portfolios").set_index("year")
    for year in range(1996, 2021):
        here = sorted(score for (t, y), score in scores.items()
                      if y == year - 1 and (t, year) in prices and (t, year + 1) in prices)
        at = [0.2 * (len(here) - 1), 0.8 * (len(here) - 1)]  # between which of the sorted scores a limit lies
        low, high = (here[int(one)] + (one - int(one)) * (here[int(one) + 1] - here[int(one)]) for one in at)
        row = table.loc[year]
        assert (row["bottom_to"], row["top_from"]) == pytest.approx((low, high), abs=1e-5)
        assert row["companies_top"] == sum(score >= high - 1e-7 for score in here)
        assert row["companies_bottom"] == sum(score <= low + 1e-7 for score in here)
        assert row["companies"] == len(here)


def test_missing_returns_are_counted_one_by_one(files):
    scores, prices = firm_scores(files), files[1]
    ever = {ticker for ticker, _ in prices}
    counted = {"lowest": [0, 0, 0], "between": [0, 0, 0], "highest": [0, 0, 0]}
    for year in range(1995, 2020):
        here = {t: score for (t, y), score in scores.items() if y == year}
        low, high = np.quantile(list(here.values()), [0.2, 0.8])
        for t, score in here.items():
            row = counted["lowest" if score <= low + 1e-7 else "highest" if score >= high - 1e-7 else "between"]
            row[0] += 1
            row[1] += not ((t, year + 1) in prices and (t, year + 2) in prices)
            row[2] += t not in ever
    table = pt.load("acsi-missing").set_index("fifth")
    assert {name: list(row) for name, row in table.T.items()} == counted
    assert table["firm_years"].sum() - table["without_return"].sum() == pt.load("acsi-portfolios")["companies"].sum()


def test_the_checks_are_those_of_a_loop(files):
    brands, prices = files
    older = {(b, s, t, y + 1): score for (b, s, t, y), score in brands.items()}
    own = {key: score for key, score in brands.items() if key[:3:2] != ("Holiday Inn", "HLT")}

    def wrong(t, year):
        return t in ("BW", "FMNB") or (t in ("AAL", "TMUS") and year < 2014) or (t, year) == ("KDP", 2018)

    runs = [by_hand(files, "score", "company", 0.2, 1), by_hand((older, prices), "score", "company", 0.2, 1),
            by_hand((own, prices), "score", "company", 0.2, 1, wrong)]
    assert 0 < len(brands) - len(own) < 30
    for row, made in zip(pt.load("acsi-checks").itertuples(), runs, strict=True):
        made = np.array(list(made.values()))
        test = stats.ttest_1samp(made[:, 0] - made[:, 1], 0)
        assert row.years == len(made)
        assert (row.top, row.bottom, row.all) == pytest.approx(made.mean(axis=0), abs=1e-5)
        assert (row.estimate, row.statistic, row.p_value) == pytest.approx(
            ((made[:, 0] - made[:, 1]).mean(), test.statistic, test.pvalue), abs=1e-5)
        assert (row.ci_low, row.ci_high) == pytest.approx(tuple(test.confidence_interval()), abs=1e-5)


def test_years_of_the_index(tmp_path):
    path = tmp_path / "index.csv"
    path.write_text(",1995,1996,1997\nSPY,40.0,50.0,45.0\n", encoding="utf-8")
    assert acsi_tables.index_years(path).to_dict("list") == {"year": [1995, 1996], "returned": [25.0, -10.0]}
    grown = (1 + pt.load("sp500-years").set_index("year")["returned"] / 100).cumprod()
    assert grown.index.tolist() == list(range(1995, 2021))
    # prices at the start of 1995, 2000, 2005, 2010, 2015 and 2021, as the file has them
    for year, price in {1999: 148.25, 2004: 121.559998, 2009: 112.370003, 2014: 206.380005, 2020: 375.309998}.items():
        assert grown[year] == pytest.approx(price / 45.703125, rel=1e-7)


@pytest.mark.parametrize("rule", TRIED)
def test_rules_are_those_of_a_loop_over_the_files(files, rule):
    ranked, unit, share, hold = rule
    made = np.array(list(by_hand(files, ranked, unit, acsi_tables.SHARES[share], hold).values()))
    rules = pt.load("acsi-rules").set_index(["ranked_by", "unit", "share", "hold"])
    row = rules.loc[rule]
    assert row["years"] == len(made)
    assert row[["top", "bottom", "all"]].to_numpy(float) == pytest.approx(made.mean(axis=0), abs=1e-5)
    test = stats.ttest_1samp(made[:, 0] - made[:, 1], 0)
    assert row[["statistic", "p_value"]].to_numpy(float) == pytest.approx([test.statistic, test.pvalue], abs=1e-5)
    assert tuple(row[["ci_low", "ci_high"]]) == pytest.approx(tuple(test.confidence_interval()), abs=1e-5)


@pytest.fixture(scope="module")
def held(open_data):
    """``(weights, returned)`` of the tool: weights of every rule, and what firms returned."""
    returned = acsi_tables.returns(pt.load("acsi-prices"))
    return acsi_tables.all_rules(pt.load("acsi-scores"), returned), returned


def test_there_are_thirty_six_rules_and_weights_are_shares(held):
    weights, returned = held
    assert len(weights) == len(pt.load("acsi-rules")) == 3 * 2 * 3 * 2
    for picks in weights.values():
        for year, three in picks.items():
            assert three.sum().to_numpy() == pytest.approx([1, 1, 1])
            assert returned.loc[three["all"] > 0, year].notna().all()


class Undealt:
    """A source of luck that deals every firm its own return, and keeps what it was given."""

    def __init__(self):
        self.given = []

    def permuted(self, rows, axis):
        self.given.append(rows)
        return rows


def test_returns_left_with_their_firms_give_the_rules_themselves(held, monkeypatch):
    """The fast route over all rules at once is the slow one, but for the dealing, which is numpy's."""
    weights, returned = held
    undealt = Undealt()
    monkeypatch.setattr(acsi_tables, "SHUFFLES", 2)
    monkeypatch.setattr(np.random, "default_rng", lambda seed: undealt)
    found = acsi_tables.luck(weights, returned)
    t = pt.load("acsi-rules")["statistic"]
    assert found["largest_t"].to_numpy() == pytest.approx([t.max()] * 2, abs=1e-5)
    assert found["smallest_t"].to_numpy() == pytest.approx([t.min()] * 2, abs=1e-5)
    assert found["rules_below_05"].tolist() == [0, 0]
    assert len(undealt.given) == 25
    assert all(np.isfinite(rows).all() for rows in undealt.given)


class Watched:
    """Real luck, a few shuffles of it, which keeps what was dealt and what came of it."""

    def __init__(self):
        self.real, self.pairs = np.random.Generator(np.random.PCG64(acsi_tables.SEED)), []

    def permuted(self, rows, axis):
        dealt = self.real.permuted(rows, axis=axis)
        self.pairs.append((rows, dealt))
        return dealt


def test_returns_are_dealt_among_the_firms_that_some_rule_can_hold(held, files, monkeypatch):
    weights, returned = held
    watched = Watched()
    monkeypatch.setattr(acsi_tables, "SHUFFLES", 40)
    monkeypatch.setattr(np.random, "default_rng", lambda seed: watched)
    found = acsi_tables.luck(weights, returned)
    scores, prices = firm_scores(files), files[1]

    def back(ticker, year):
        both = (ticker, year) in prices and (ticker, year + 1) in prices
        return prices[ticker, year + 1] / prices[ticker, year] - 1 if both else None

    for year, (given, dealt) in zip(range(1996, 2021), watched.pairs, strict=True):
        fresh = {t for t, y in scores if y == year - 1 and back(t, year) is not None}
        kept = {t for t, y in scores if y == year - 2 and year > 1996 and back(t, year - 1) is not None
                and back(t, year) is not None}
        assert given[0].tolist() == pytest.approx([back(t, year) for t in sorted(fresh | kept)])
        assert (np.sort(dealt, axis=1) == np.sort(given, axis=1)).all(), "each shuffle deals the same returns"
        assert len({tuple(row) for row in dealt}) == 40, "and each in an order of its own"
    assert found["largest_t"].nunique() > 30


def test_columns_of_the_shuffles_hang_together():
    luck = pt.load("acsi-luck")
    assert (luck["rules_below_05_above_0"] <= luck[["rules_below_05", "rules_above_0"]].min(axis=1)).all()
    assert ((luck["largest_t"] > 0) == (luck["rules_above_0"] > 0)).all()
    assert ((luck["smallest_t"] > 0) == (luck["rules_above_0"] == 36)).all()
    critical = stats.t.ppf(0.975, [24, 22])  # 25 years, or 23 with a change held for two
    surely, perhaps = luck["largest_t"] > critical.max(), luck["largest_t"] > critical.min()
    assert surely.sum() <= (luck["rules_below_05_above_0"] > 0).sum() <= perhaps.sum()
    # by symmetry as many shuffles favour the bottom
    down = (luck["rules_below_05"] > luck["rules_below_05_above_0"]).sum()
    assert down == pytest.approx((luck["rules_below_05_above_0"] > 0).sum(), abs=4 * np.sqrt(2 * 1000 * 0.27 * 0.73))
    assert luck["rules_above_0"].mean() == pytest.approx(18, abs=4 * luck["rules_above_0"].std() / np.sqrt(1000))


def test_by_luck_one_rule_in_twenty_is_below_05():
    luck = pt.load("acsi-luck")
    share = luck["rules_below_05"].mean() / 36
    assert share == pytest.approx(0.05, abs=4 * luck["rules_below_05"].std() / 36 / len(luck) ** 0.5)
    assert (luck["smallest_t"] <= luck["largest_t"]).all()


def test_a_wide_table_of_years_becomes_long(tmp_path):
    path = tmp_path / "wide.csv"
    path.write_text("x,who,1999,2000\n0,b,1.5,NM\n1,a,,2\n", encoding="utf-8")
    long = read_years(path, "score", {"who": "name"}, missing=["NM"])
    assert long.to_dict("list") == {"name": ["a", "b"], "year": [2000, 1999], "score": [2.0, 1.5]}
    with pytest.raises(ValueError, match="NM"):
        read_years(path, "score", {"who": "name"})
    with pytest.raises(ValueError, match=r"wide.csv: no column 'whom'. It has 'x', 'who', '1999', '2000'."):
        read_years(path, "score", {"whom": "name"}, missing=["NM"])


def test_what_page_seven_says_of_who_is_missing(files):
    _, prices = files
    last = {}
    for ticker, year in prices:
        last[ticker] = max(year, last.get(ticker, 0))
    assert len(last) == 201
    assert sum((ticker, 1995) in prices for ticker in last) == 107
    assert sum(year < 2021 for year in last.values()) == 2
    scored = {ticker for _, _, ticker, _ in files[0]}
    assert (len(scored), len(scored - set(last))) == (235, 34)
    assert "FB" in scored - set(last)
    assert len({ticker for _, _, ticker, year in files[0] if year == 1995}) == 95
    assert pt.load("acsi-portfolios").set_index("year").loc[1996, "companies"] == 56
    first = {ticker: min(year for t, year in prices if t == ticker) for ticker in ("GM", "UAL", "DAL", "AAL")}
    assert first == {"GM": 2010, "UAL": 2006, "DAL": 2007, "AAL": 2005}
    assert all(min(year for _, _, t, year in files[0] if t == ticker) == 1995 for ticker in first)


def test_what_page_seven_says_of_firms_that_look_wrong(files):
    prices = files[1]
    fell = {(t, y): 100 * (prices[t, y + 1] / prices[t, y] - 1) for t, y in (("BW", 2018), ("KDP", 2018))}
    assert [round(one) for one in fell.values()] == [-93, -74]


def test_what_page_seven_says_of_ranks(files):
    """Ranks by counting, correlations by hand: in the same year and in the year after, plain and within sectors."""
    brands, prices = files
    for later, told in ((0, (3057, 0.031, 0.031)), (1, (3079, 0.009, 0.022))):
        rows = [(s, y + later, score, prices[t, y + later + 1] / prices[t, y + later] - 1)
                for (_, s, t, y), score in brands.items()
                if (t, y + later) in prices and (t, y + later + 1) in prices]
        together = defaultdict(list)
        for sector, year, score, back in rows:
            together[sector, year].append((score, back))
        mean = {key: np.mean(some, axis=0) for key, some in together.items()}
        plain = np.array([row[2:] for row in rows])
        own = plain - [mean[row[:2]] for row in rows]
        rho = [np.corrcoef(stats.rankdata(some[:, 0].round(9)), stats.rankdata(some[:, 1].round(12)))[0, 1]
               for some in (plain, own)]
        assert (len(rows), *np.round(rho, 3)) == told
