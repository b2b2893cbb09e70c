"""Tables of module 03: rows of two published or computed tables by lot, and two made-up worlds."""

from functools import cache

import numpy as np
import pandas as pd

import pebbletrail as pt

MEASURES = {"recommend_net": "the net score of recommending", "recommend_mean": "the mean answer on recommending",
            "recommend_top": "the top box of recommending", "recommend_top2": "the top two boxes of recommending",
            "satisfied_index": "the satisfaction index", "satisfied_mean": "the mean satisfaction",
            "satisfied_top": "the top box of satisfaction", "satisfied_top2": "the top two boxes of satisfaction",
            "return_mean": "the mean answer on buying again", "return_top": "the top box of buying again",
            "return_top2": "the top two boxes of buying again"}
# how far apart eleven such equals lie in the middle half of 20,000 studies of that size
USUAL = {10: "0.43 to 0.68", 12: "0.39 to 0.60", 14: "0.36 to 0.55", 16: "0.34 to 0.51", 18: "0.32 to 0.48"}
SIZES, TRUE, AMONG = (10, 12, 14, 16, 18), 0.30, 0.70


@cache
def printed():
    """The table of 55 correlations, with what each measure asks."""
    table = pt.load("keiningham-2008-correlations")[["industry", "metric", "r"]]
    asks = table["metric"].str.split(",").str[0].str.split(" ").str[0]
    return table.assign(asks=asks.replace({"Net": "recommend", "satisfaction": "satisfied", "repurchase": "return"}))


@cache
def portfolios():
    """Returns of the fifths, the list and the index, year by year."""
    shares, index = pt.load("acsi-portfolios"), pt.load("sp500-years").set_index("year")["returned"]
    return shares[["year", "top", "bottom", "all"]].assign(sp500=shares["year"].map(index)).round(2)


def some(rng, table, size):
    """So many rows by lot, in their old order."""
    return table.iloc[np.sort(rng.choice(len(table), size, replace=False))]


def some_printed(rng, size):
    """So many measures of each industry, and an industry whose row has marks well to the left of 0."""
    table = pd.concat([some(rng, part, size) for _, part in printed().groupby("industry", sort=False)])
    lowest = table.groupby("industry", sort=False)["r"].min()
    return table, str(rng.choice(lowest.index[lowest < -0.11]))


def eleven_equals(rng, n):
    """Growth and eleven measures of n firms, all of which truly go with growth alike; one is plainly the first."""
    links = np.full((12, 12), AMONG)
    links[0, :] = links[:, 0] = TRUE
    np.fill_diagonal(links, 1.0)
    root = np.linalg.cholesky(links).T
    while True:
        drawn = rng.normal(size=(n, 12)) @ root
        values = np.round(drawn * [4, *[9] * 11] + [3, *[62] * 11], 1)
        r = np.sort(np.corrcoef(values, rowvar=False)[0, 1:])
        low = np.tanh(np.arctanh(r[-1]) - 1.96 / np.sqrt(n - 3))
        usual = np.ptp(r) < 1.3 * float(USUAL[n].split()[-1])  # the specimen says that luck makes such gaps
        if usual and r[-1] - r[-2] > 0.006 and 0.32 < r[-1] < 0.88 and abs(low) > 0.02:
            made = pd.DataFrame(values, columns=["growth", *MEASURES])
            made.insert(0, "firm", range(1, n + 1))
            return made


def exchange(rng):
    """Five years of an exchange on which satisfaction pays, and whose list of survivors hides part of that."""
    while True:
        made = five_years(rng)
        high, low = (made["score"] >= made["score"].quantile(0.8)), (made["score"] <= made["score"].quantile(0.2))
        gaps = [100 * (price[high] / made["price_start"][high]).mean() - 100 * (price[low] / made["price_start"][low]).mean()
                for price in (made["last_price"], made["price_end"])]
        if gaps[0] - gaps[1] > 4:
            return made


def five_years(rng):
    """Satisfaction pays; firms that fall too low fail, and a few that do well are bought."""
    n = int(rng.integers(110, 141))
    score = rng.normal(75, 5, n).clip(58, 92).round(1)
    steps = rng.normal(0.03 + rng.uniform(0.04, 0.07) * (score[:, None] - 75) / 5, 0.30, (n, 5))
    worth = np.exp(steps.cumsum(axis=1))
    bought = (rng.random(n) < 0.04) & (worth[:, 2] > 1)
    failed = (worth < 0.6).any(axis=1) & ~bought
    at_failing = worth[np.arange(n), (worth < 0.6).argmax(axis=1)]
    last = np.where(failed, at_failing, np.where(bought, 1.2 * worth[:, 2], worth[:, 4]))
    start = rng.uniform(12, 90, n).round(2)
    last_price = (start * last).round(2)
    end = np.where(failed | bought, np.nan, last_price)
    return pd.DataFrame({"firm": range(1, n + 1), "score": score, "price_start": start, "price_end": end,
                         "last_price": last_price})
