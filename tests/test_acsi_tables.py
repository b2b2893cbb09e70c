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


def by_hand(files, ranked, unit, share, hold):
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
        here = [(t, v) for t, v in values[year - 1] if (t, year) in prices and (t, year + 1) in prices]
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


def test_what_page_seven_says_of_who_is_missing(files):
    _, prices = files
    last = {}
    for ticker, year in prices:
        last[ticker] = max(year, last.get(ticker, 0))
    assert len(last) == 201
    assert sum((ticker, 1995) in prices for ticker in last) == 107
    assert sum(year < 2021 for year in last.values()) == 2
