"""Question 7 of module 03: the paired difference of week 1, on the years of a list of shares."""

import numpy as np
from scipy import stats

from pebbletrail.exercises.authoring import Number, Route


def earlier(years):
    top, bottom, every, index, n = (*(years[side].to_numpy() for side in ("top", "bottom", "all", "sp500")), len(years))
    d = top - bottom

    def low(values, reach=None, ddof=1):
        reach = stats.t.ppf(0.975, n - 1) if reach is None else reach
        return values.mean() - reach * values.std(ddof=ddof) / np.sqrt(n)

    apart = np.sqrt((top.var(ddof=1) + bottom.var(ddof=1)) / n)
    return Number(
        "q7", minutes=10, points=2, right=float(low(d)), decimals=2, unit="percentage points a year",
        routes=[
            Route("upper end", 2 * d.mean() - low(d), "This is the upper end. The lower one is asked for."),
            Route("bottom minus top", low(-d), "This is bottom minus top. Top minus bottom is asked for."),
            Route("top minus the list", low(top - every),
                  "This is top minus the whole list, which holds the top as well. Take the column “bottom”."),
            Route("two groups", d.mean() - stats.t.ppf(0.975, 2 * n - 2) * apart,
                  "This takes the two columns for two groups of years. Each year is a pair: take the differences first."),
            Route("z instead of t", low(d, stats.norm.ppf(0.975)),
                  "This takes 1.96. With so few years the t distribution asks for more: stats.t.ppf(0.975, n - 1)."),
            Route("population", low(d, ddof=0),
                  "This divides by n in the standard deviation. .std() of pandas divides by n − 1; np.std does not."),
            Route("one-tailed", low(d, stats.t.ppf(0.95, n - 1)), "This is the lower end of a 90 % interval. Use 0.975."),
            Route("not divided by √n", low(d, stats.t.ppf(0.975, n - 1) * np.sqrt(n)),
                  "This uses the standard deviation of the years. The standard error of their mean is that over √n."),
            Route("against the index", low(top - index),
                  "This is top minus index. The index holds other firms: take the bottom fifth of the same list.")],
        hints=["Section 1.5.1: first one difference a year, then their mean and standard error.",
               "The mean minus stats.t.ppf(0.975, n - 1) standard errors; pg.ttest(..., paired=True) shows the same."],
        worked=f"The {n} differences have a mean of {d.mean():.2f} and a standard deviation of {d.std(ddof=1):.2f} "
               f"points, so a standard error of {d.std(ddof=1) / np.sqrt(n):.2f}. With t* = "
               f"{stats.t.ppf(0.975, n - 1):.3f} the interval runs from {low(d):.2f} to {2 * d.mean() - low(d):.2f}.")
