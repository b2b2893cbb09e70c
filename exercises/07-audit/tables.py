"""The tables of module 07: years of the real portfolios that suit the brochure, and made-up branches."""

from functools import cache

import numpy as np
import pandas as pd

import pebbletrail as pt


@cache
def returns():
    """The 25 years: most and least satisfied fifth, the whole list, the market: a fund on the S&P 500."""
    shares = pt.load("acsi-portfolios").set_index("year")[["top", "bottom", "all"]]
    shares["market"] = pt.load("sp500-years").set_index("year")["returned"]
    return shares.rename(columns={"top": "most", "bottom": "least", "all": "whole_list"}).round(2)


def some_years(rng):
    """Years in which the brochure's sentences are true: the most satisfied beat the market on average, and more or less
    often than the least satisfied did."""
    every = returns()
    while True:
        size = int(rng.integers(15, 20))
        years = every.iloc[np.sort(rng.choice(len(every), size, replace=False))]
        ahead = years[["most", "least", "whole_list"]].sub(years["market"], axis=0)
        wins = (ahead > 0).sum()
        if (ahead["most"].mean() > 1.5 and years["market"].mean() > 4 and abs(wins["most"] - wins["least"]) > 0
                and ahead["whole_list"].mean() > 0.4 and 2 * wins["least"] != size):
            return years.reset_index()


def some_branches(rng):
    """Made up: branches on the adviser's programme; the poorer a branch stood, the likelier it left within the year."""
    size = int(rng.integers(64, 90))
    before = rng.normal(rng.uniform(64, 74), 7, size)
    after = before + rng.normal(rng.uniform(0.3, 2.6), 4, size)
    left = rng.random(size) < 1 / (1 + np.exp(1.1 + (before - before.mean()) / 5))
    table = pd.DataFrame({"branch": np.arange(1, size + 1), "before": before.round(1), "after": after.round(1)})
    table.loc[left, "after"] = np.nan
    return table
