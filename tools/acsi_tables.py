"""The computed tables of page 7: what shares of firms with satisfied customers returned, by one rule, by many, and by luck.

Scores and prices are other people's; only means over firms are kept. A year's portfolio is picked from scores of the year
before, so that they are known, and held from the start of the year to the start of the next. Prices, no dividends.
"""

from itertools import product

import numpy as np
import pandas as pd

FIRST, LAST = 1996, 2020  # years in which portfolios are held
RANKED = ("score", "within its sector", "change")  # what brands are ranked by
SIDES = ("top", "bottom", "all")
UNITS = ("company", "brand")  # one share each, or a share for each brand of a company
SHARES = {"tenth": 0.1, "fifth": 0.2, "third": 1 / 3}
SHUFFLES, SEED = 1000, 2016
TIE = 1e-9  # points: means that differ by less are equal, and rounding in the machine


def returns(prices):
    """A table of firms by year: the price at the start of the next year over that of this one, less 1."""
    wide = prices.pivot_table("price", "ticker", "year")
    return (wide.shift(-1, axis="columns") / wide - 1).loc[:, FIRST:LAST]


def ranked(scores, by):
    """The brands' scores of a year as they are ranked, in a column ``value``."""
    if by == "score":
        return scores.assign(value=scores["score"])
    if by == "change":
        before = scores.assign(year=scores["year"] + 1).rename(columns={"score": "before"})
        both = scores.merge(before, on=["brand", "sector", "ticker", "year"])
        return both.assign(value=both["score"] - both["before"])
    beside = scores.groupby(["sector", "year"])["score"].transform
    return scores.assign(value=scores["score"] - beside("mean"))[beside("size") > 1]


def picked(brands, returned, year, unit, share):
    """Weights in ``year``: a frame of firms by top, bottom, all; each column adds up to 1.

    Values that tie with the one at the limit are in, so that a portfolio may be larger than its share.
    """
    known = returned[year].dropna().index
    here = brands[(brands["year"] == year - 1) & brands["ticker"].isin(known)]
    if unit == "company":
        here = here.groupby("ticker", as_index=False)["value"].mean()
    low, high = here["value"].quantile([share, 1 - share])
    piles = (here["value"] >= high - TIE, here["value"] <= low + TIE, here["value"].notna())
    at = returned.index.get_indexer(here["ticker"])
    counts = {side: np.bincount(at[pile], minlength=len(returned)) for side, pile in zip(SIDES, piles, strict=True)}
    return pd.DataFrame({side: count / count.sum() for side, count in counts.items()}, index=returned.index)


def held_one(brands, returned, unit, share):
    """``{year: weights}``: a frame of firms by top, bottom, all."""
    first = FIRST + int(brands["year"].min() > FIRST - 1)
    return {year: picked(brands, returned, year, unit, share) for year in range(first, LAST + 1)}


def held_two(picks, returned):
    """The same where each year's firms are kept for two: half of them of this year, half of a year ago and still there."""
    made = {}
    for year in list(picks)[1:]:
        old = picks[year - 1].mul(returned[year].notna(), axis="index")
        made[year] = (picks[year] + old / old.sum()) / 2
    return made


def all_rules(scores, returned):
    """``{(ranked, unit, share, hold): {year: weights}}`` for every rule."""
    brands, made = {by: ranked(scores, by) for by in RANKED}, {}
    for by, unit, share in product(RANKED, UNITS, SHARES):
        one = held_one(brands[by], returned, unit, SHARES[share])
        made |= {(by, unit, share, 1): one, (by, unit, share, 2): held_two(one, returned)}
    return made


def yearly(weights, returned):
    """Returns of top, bottom and all, a row a year."""
    made = {year: held_then.mul(returned[year].fillna(0.0), axis="index").sum() for year, held_then in weights.items()}
    return pd.DataFrame(made).T.rename_axis("year")


def portfolios(scores, returned):
    """The first rule year by year: companies by score, fifths, one year."""
    brands = ranked(scores, "score")
    weights = held_one(brands, returned, "company", SHARES["fifth"])
    made = yearly(weights, returned)
    sizes = pd.DataFrame({year: (one > 0).sum() for year, one in weights.items()}).T
    limits = []
    for year in made.index:
        here = brands[(brands["year"] == year - 1) & brands["ticker"].isin(returned[year].dropna().index)]
        limits.append(here.groupby("ticker")["value"].mean().quantile([0.8, 0.2]).tolist())
    beside = pd.DataFrame(limits, index=made.index, columns=["top_from", "bottom_to"])
    counts = sizes.set_axis(["companies_top", "companies_bottom", "companies"], axis="columns")
    return pd.concat([100 * made, counts, beside], axis="columns").round(6).rename_axis("year").reset_index()


def rules(weights, returned):
    """One row a rule: mean yearly returns, and top less bottom with its paired t over the years."""
    from scipy import stats

    rows = []
    for (by, unit, share, hold), held_then in weights.items():
        made = 100 * yearly(held_then, returned)
        test = stats.ttest_rel(made["top"], made["bottom"])
        low, high = test.confidence_interval(0.95)
        rows.append({"ranked_by": by, "unit": unit, "share": share, "hold": hold, "years": len(made),
                     **made.mean().to_dict(), "estimate": (made["top"] - made["bottom"]).mean(),
                     "statistic": test.statistic, "p_value": test.pvalue, "ci_low": low, "ci_high": high})
    return pd.DataFrame(rows).round(6)


def luck(weights, returned):
    """All rules again on returns dealt anew among the firms of each year: the largest and smallest t, how many p < .05."""
    from scipy import stats

    rng, names = np.random.default_rng(SEED), list(weights)
    years = range(FIRST, LAST + 1)
    sides = np.full((SHUFFLES, len(names), len(years)), np.nan)
    for at, year in enumerate(years):
        there = returned[year].notna()
        gap = {k: weights[rule][year] for k, rule in enumerate(names) if year in weights[rule]}
        used = there & pd.concat([one["all"] for one in gap.values()], axis="columns").gt(0).any(axis="columns")
        dealt = rng.permuted(np.tile(returned.loc[used, year], (SHUFFLES, 1)), axis=1)
        for k, one in gap.items():
            sides[:, k, at] = dealt @ (one["top"] - one["bottom"])[used].to_numpy()
    n = np.isfinite(sides).sum(axis=2)
    t = np.nanmean(sides, axis=2) / (np.nanstd(sides, axis=2, ddof=1) / np.sqrt(n))
    found = (2 * stats.t.sf(np.abs(t), n - 1) < 0.05).sum(axis=1)
    made = pd.DataFrame({"largest_t": t.max(axis=1), "smallest_t": t.min(axis=1), "rules_below_05": found})
    return made.round(6).rename_axis("shuffle").reset_index()


def make(scores, prices):
    """Every table of the page by file name."""
    returned = returns(prices)
    weights = all_rules(scores, returned)
    return {"acsi-portfolios.csv": portfolios(scores, returned), "acsi-rules.csv": rules(weights, returned),
            "acsi-luck.csv": luck(weights, returned)}
