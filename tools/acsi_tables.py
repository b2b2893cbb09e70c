"""The computed tables of page 7: what shares of firms with satisfied customers returned, by one rule, by many, and by luck.

Scores and prices are other people's; only means and counts over firms are kept. A year's portfolio is picked from scores
of the year before and held from the start of the year to the start of the next. Prices, no dividends.

Two things that nobody could have done. Scores of some sectors are published early in the year after (the report on the
shops of 2014 is dated February 2015), and here they are used from its first day; ``checks`` takes scores two years old
instead. And a firm counts in a year only if it has both prices: one that left during the year, up or down, is not there.
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
SYMBOLS_THAT_LOOK_WRONG = {  # symbol: (first year, last year) of returns that look like another firm's, or like no loss
    "BW": (FIRST, LAST),  # scores of Best Western, not a listed firm; prices of somebody else
    "FMNB": (FIRST, LAST),  # scores of the insurer Farmers; prices of a bank of that name
    "AAL": (FIRST, 2013),  # American Airlines; prices that look like those of the airline it merged with
    "TMUS": (FIRST, 2013),  # T-Mobile; prices that look like those of the firm it merged with
    "KDP": (2018, 2018),  # from 97 to 25 in a year: most likely a special dividend, not a loss
}
BRANDS_THAT_LOOK_WRONG = {"HLT": "Holiday Inn"}  # a rival's brand
FIFTHS = ("lowest", "between", "highest")


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


def candidates(brands, returned, year, unit, share):
    """Who can be picked in ``year``: a frame of ticker and value, the value up to which it is bottom, from which top."""
    known = returned[year].dropna().index
    here = brands[(brands["year"] == year - 1) & brands["ticker"].isin(known)]
    if unit == "company":
        here = here.groupby("ticker", as_index=False)["value"].mean()
    return here, *here["value"].quantile([share, 1 - share])


def picked(brands, returned, year, unit, share):
    """Weights in ``year``: a frame of firms by top, bottom, all; each column adds up to 1.

    Values that tie with the one at the limit are in, so that a portfolio may be larger than its share.
    """
    here, low, high = candidates(brands, returned, year, unit, share)
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
    rule = ranked(scores, "score"), returned, "company", SHARES["fifth"]
    weights = held_one(*rule)
    made = yearly(weights, returned)
    sizes = pd.DataFrame({year: (one > 0).sum() for year, one in weights.items()}).T
    limits = [candidates(*rule[:2], year, *rule[2:])[:0:-1] for year in made.index]
    beside = pd.DataFrame(limits, index=made.index, columns=["top_from", "bottom_to"])
    counts = sizes.set_axis(["companies_top", "companies_bottom", "companies"], axis="columns")
    return pd.concat([100 * made, counts, beside], axis="columns").round(6).rename_axis("year").reset_index()


def told(held_then, returned):
    """Mean yearly returns of one rule, and top less bottom with its paired t over the years."""
    from scipy import stats

    made = 100 * yearly(held_then, returned)
    test = stats.ttest_rel(made["top"], made["bottom"])
    low, high = test.confidence_interval(0.95)
    return {"years": len(made), **made.mean().to_dict(), "estimate": (made["top"] - made["bottom"]).mean(),
            "statistic": test.statistic, "p_value": test.pvalue, "ci_low": low, "ci_high": high}


def rules(weights, returned):
    """One row a rule."""
    rows = [{"ranked_by": by, "unit": unit, "share": share, "hold": hold, **told(held_then, returned)}
            for (by, unit, share, hold), held_then in weights.items()]
    return pd.DataFrame(rows).round(6)


def checks(scores, returned):
    """The first rule again: with scores two years old, and without what looks wrong in the files."""
    sound = returned.copy()
    for ticker, (first, last) in SYMBOLS_THAT_LOOK_WRONG.items():
        sound.loc[ticker, first:last] = np.nan
    own = scores["brand"] != scores["ticker"].map(BRANDS_THAT_LOOK_WRONG)
    runs = {"scores of the year before": (scores, returned),
            "scores two years old": (scores.assign(year=scores["year"] + 1), returned),
            "without what looks wrong": (scores[own], sound)}
    made = []
    for run, (some, back) in runs.items():
        made.append({"run": run, **told(held_one(ranked(some, "score"), back, "company", SHARES["fifth"]), back)})
    return pd.DataFrame(made).round(6)


def missing(scores, prices, returned):
    """Who has a score and no return in the year after it: firms and years, by fifths of all that were scored in the year."""
    firms = scores[scores["year"].between(FIRST - 1, LAST - 1)].groupby(["ticker", "year"], as_index=False)["score"].mean()
    within = firms.groupby("year")["score"]
    low, high = within.transform("quantile", 0.2), within.transform("quantile", 0.8)
    at = np.where(firms["score"] <= low + TIE, 0, np.where(firms["score"] >= high - TIE, 2, 1))
    known = {(ticker, year) for year in returned for ticker in returned.index[returned[year].notna()]}
    there = np.array([one in known for one in zip(firms["ticker"], firms["year"] + 1, strict=True)])
    never = ~firms["ticker"].isin(prices["ticker"])
    made = pd.DataFrame({"firm_years": 1, "without_return": ~there, "never_a_price": never}).groupby(at).sum().astype(int)
    return made.set_axis(pd.Index(FIFTHS, name="fifth")).reset_index()


def index_years(path):
    """Yearly price returns (percent) of a fund on the S&P 500, from the file sp_500_stock_df.csv of the same repository.

    Its line ``SPY`` holds the price at the start of each year. The file is nobody's to pass on and lies at another commit
    than scores and prices, so this table is made by hand: ``index_years(path).to_csv(...)``.
    """
    price = pd.read_csv(path, index_col=0).loc["SPY"].rename(int)
    back = 100 * (price.shift(-1) / price - 1)
    return back.dropna().round(6).rename("returned").rename_axis("year").reset_index()


def luck(weights, returned):
    """All rules again on returns dealt anew among a year's firms: the extreme t, how many p < .05, how many above 0."""
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
    found = 2 * stats.t.sf(np.abs(t), n - 1) < 0.05
    made = pd.DataFrame({"largest_t": t.max(axis=1), "smallest_t": t.min(axis=1), "rules_below_05": found.sum(axis=1),
                         "rules_below_05_above_0": (found & (t > 0)).sum(axis=1), "rules_above_0": (t > 0).sum(axis=1)})
    return made.round(6).rename_axis("shuffle").reset_index()


def make(scores, prices):
    """Every table of the page by file name."""
    returned = returns(prices)
    weights = all_rules(scores, returned)
    return {"acsi-portfolios.csv": portfolios(scores, returned), "acsi-rules.csv": rules(weights, returned),
            "acsi-luck.csv": luck(weights, returned), "acsi-checks.csv": checks(scores, returned),
            "acsi-missing.csv": missing(scores, prices, returned)}
