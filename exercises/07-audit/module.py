"""Module 07-audit: a brochure taken back to the rows behind it, then a claim of the student's own."""

import math

from scipy import stats

from pebbletrail.exercises.authoring import Arrows, Choice, Draw, Follow, Number, Prediction, Route, Text, beside, deal

banks, made = beside(__file__, "banks"), beside(__file__, "tables")

NAME, VERSION = "07-audit", 1
TITLE = "Audit a claim of your own choice"
PAGES = (6, 7)
REAL = dict.fromkeys(
    ("q1b", "q2", "q3", "q3b", "q3c"),
    "computed: yearly returns of US firms by their customers' satisfaction (acsi-portfolios) and of the S&P 500 "
    "(sp500-years); 15 to 19 of the 25 years, drawn until the brochure's sentence holds")

FIRMS = ("Halden & Roy", "Maison Tessier", "Quill & Harrow", "Aldgate Insight", "Cormoran Conseil", "Thornbury Advice",
         "Bastide & Low", "Wren & Partners")


def some_footnote(rng):
    """A share of variance in percent and a number of branches, such that the interval of r stays well above zero."""
    while True:
        r2, sample = round(100 * rng.uniform(0.35, 0.64) ** 2, 1), int(rng.integers(40, 100))
        if footnote({"r2": r2, "sample": sample}).right > 0.2:
            return r2, sample


def draw(rng, practice):
    years, branches = made.some_years(rng), made.some_branches(rng)
    r2, sample = some_footnote(rng)
    words = {
        "firm": FIRMS[0] if practice else FIRMS[int(rng.integers(1, len(FIRMS)))],
        "years": len(years), "branches": len(branches), "sample": sample, "r2": r2,
        "wins": int((years["most"] > years["market"]).sum()),
        "lead": round(100 * (years["most"].mean() / years["market"].mean() - 1)),
        "jump": float(round(branches["after"].mean() - branches["before"].mean(), 1)),
        "q5": deal(rng, banks.ARROWS, practice), "q6": deal(rng, banks.MEMOS, practice),
    }
    return Draw(tables={"years": years, "branches": branches}, words=words)


def mean_interval(d):
    """Mean, standard error and t* of some differences."""
    n = len(d)
    return d.mean(), d.std(ddof=1) / math.sqrt(n), stats.t.ppf(0.975, n - 1)


def audit(years):
    """The questions on the real table."""
    most, least, whole, market = (years[name].to_numpy() for name in ("most", "least", "whole_list", "market"))
    n = len(years)
    lead, others, alone = (most - market).mean(), (least - market).mean(), (whole - market).mean()
    percent = 100 * (most.mean() / market.mean() - 1)
    wins, losses = (most > market).sum(), (least > market).sum()
    gap, se, reach = mean_interval(most - least)
    apart = math.sqrt((most.var(ddof=1) + least.var(ddof=1)) / n)
    low = gap - reach * se
    yield Prediction(
        "q1", minutes=3, points=1,
        options=("The least satisfied fell behind the market.",
                 "They beat it too, by less than half as many points as the most satisfied.",
                 "They beat it too, by about as many points: from half as many to one and a half times.",
                 "They beat it by far more points than the most satisfied did."),
        afterwards=f"In your years the most satisfied beat the market by {lead:.2f} points a year, and the least "
                         f"satisfied by {others:.2f}. One end alone says nothing about the other.")
    yield Number(
        "q1b", minutes=4, points=1, right=float(others), decimals=2, unit="percentage points a year",
        routes=(Route("groups reversed", lead, "This is the lead of the most satisfied fifth, the one in the brochure. "
                      "You are asked for the other end: the column `least`."),
                Route("return alone", least.mean(), "This is what the least satisfied fifth returned. Take off what the "
                      "market returned in the same years."),
                Route("percent more", 100 * (least.mean() / market.mean() - 1), "This is percent more, one mean over the "
                      "other. You are asked for points: one mean minus the other.")),
        hints=("Two columns of `years`, one taken off the other year by year, and then the mean of that.",
               "The columns are `least` and `market`; `.mean()` of their difference."),
        worked=f"The least satisfied fifth returned {least.mean():.4f} percent a year on average, the market "
               f"{market.mean():.4f}: {least.mean():.4f} − {market.mean():.4f} = {others:.3f} points a year.")
    yield Number(
        "q2", minutes=6, points=2, right=float(100 * losses / n), decimals=1, unit="percent of the years", tolerance=0.3,
        routes=(Route("the brochure's bars", 100 * wins / n, "This counts the upper panel, the most satisfied. Count the "
                      "lower one."),
                Route("count, not percent", losses, "This is the number of years. The question asks for percent of all "
                      "years in the figure."),
                Route("bars below 0", 100 * (n - losses) / n, "These are the years in which they fell behind. Count "
                      "the bars that rise above the line.")),
        hints=("Only the lower panel. A bar above the line is a year in which the least satisfied beat the market.",
               "Count the bars above the line, divide by the number of all bars, times 100."),
        worked=f"In the lower panel {losses} of {n} bars rise above the line: {100 * losses / n:.1f} percent. The "
               f"brochure's count is {wins} of {n}. How often anybody of this list beats this market is the "
               "base rate; without it a count of wins says nothing.")
    yield Number(
        "q3", minutes=6, points=1, right=float(lead), decimals=2, unit="percentage points a year",
        routes=(*(Route("percent more", value, "This is the brochure's own number, in percent more: 12 after 8 is 50 "
                        "percent more, and 4 points. Give the points.") for value in (percent, round(percent))),
                Route("least satisfied", others, "This is the lead of the least satisfied, your answer to q1b. Here the "
                      "column is `most`."),
                Route("against the list", (most - whole).mean(), "This takes off the whole list. The brochure compares "
                      "with the market.")),
        hints=("Points are a difference: nothing is divided.", "The mean of `most` minus the mean of `market`."),
        worked=f"{most.mean():.4f} − {market.mean():.4f} = {lead:.3f} points a year. The brochure divides instead, "
               f"{most.mean():.4f} / {market.mean():.4f}, and says {percent:.0f} percent more. Both are the same table.")
    yield Number(
        "q3b", minutes=6, points=1, right=float(100 * alone / lead), decimals=1, unit="percent of the lead",
        follows=Follow(f"100 * {float(alone)!r} / q3", uses=("q3",)),
        routes=(Route("what the score adds", 100 * (1 - alone / lead), "This is the rest, what choosing by satisfaction "
                      "adds to the list. You are asked for the part that the list brings without any choosing.", 0.5),
                Route("as a share", alone / lead, "That is a share. Give percent: times 100."),
                Route("least satisfied", 100 * others / lead, "This holds the least satisfied against the most "
                      "satisfied. The list without a look at the scores is the column `whole_list`."),
                Route("points", alone, "These are points: the lead of the whole list. How many percent of the brochure's "
                      "lead is that?"),
                Route("ratio of returns", 100 * whole.mean() / most.mean(), "This divides what the two returned. Divide "
                      "what they are ahead of the market by.")),
        hints=("How many points a year did `whole_list` beat the market by?",
               "Those points, divided by your answer to q3, times 100."),
        worked=f"The whole list beat the market by {alone:.4f} points a year, the most satisfied fifth by {lead:.4f}: "
               f"100 · {alone:.4f} / {lead:.4f} = {100 * alone / lead:.1f} percent. Round only at the very end. So "
               "much of the lead comes with buying from this list at all, whatever customers say. (Above 100: choosing by "
               "satisfaction took something away.)")
    yield Number(
        "q3c", minutes=10, points=2, right=float(low), decimals=2, unit="percentage points a year",
        routes=(Route("two groups, not pairs", gap - stats.t.ppf(0.975, 2 * n - 2) * apart, "This takes the two fifths for "
                      "separate groups. They lived through the same years: subtract year by year first, as on page 7.", 0.5),
                Route("z instead of t", gap - stats.norm.ppf(0.975) * se, "This takes 1.96 errors. With so few years t* is "
                      "larger: look it up for the number of years minus 1.", 0.5),
                Route("one side only", gap - stats.t.ppf(0.95, n - 1) * se, "This leaves out 5 percent on one side. An "
                      "interval of 95 percent leaves out 2.5 on each: `stats.t.ppf(0.975, …)`."),
                Route("population spread", gap - reach * se * math.sqrt((n - 1) / n), "The standard deviation was divided "
                      "by n. Of a sample it is divided by n − 1: pandas' `.std()` does that, numpy's does not.", 0.5),
                Route("upper end", gap + reach * se, "This is the upper end. The lower one is asked for: minus, not plus."),
                Route("groups reversed", -gap - reach * se, "The two ends are the wrong way round: `most` minus `least`."),
                Route("mean itself", gap, "This is the mean difference. The lower end of its interval is asked for."),
                Route("spread of years", gap - reach * se * math.sqrt(n), "This uses the standard deviation of the years. "
                      "A mean of n years moves less: divide by the root of n."),
                Route("against the market", lead - mean_interval(most - market)[2] * mean_interval(most - market)[1],
                      "This is about the most satisfied and the market. Here the other end is the column `least`.")),
        hints=("Page 7, section 7.5.4: one difference a year, its mean, its standard error, t* for the years minus 1.",
               "low = mean − t* · sd / √n, with the differences `most` minus `least`."),
        worked=f"The {n} differences have the mean {gap:.4f} and the standard error {se:.4f}; t* with {n - 1} degrees of "
               f"freedom is {reach:.4f}. {gap:.4f} − {reach:.4f} · {se:.4f} = {low:.2f}; the upper end is "
               f"{gap + reach * se:.2f}.")


def repaired(branches):
    """The adviser's notebook, mended."""
    both = branches.dropna()
    change = (both["after"] - both["before"]).to_numpy()
    unmended = branches["after"].mean() - branches["before"].mean()
    return Number(
        "q4", minutes=10, points=3, right=float(change.mean()), decimals=3, unit="points",
        routes=(Route("unmended", unmended, "This is the number of the cell as it stood. It takes the mean of `before` over "
                      "all branches and that of `after` over those that are left: two different sets of branches."),
                Route("missing as zero", (branches["after"].fillna(0) - branches["before"]).mean(), "The missing values "
                      "became 0, as if those branches had scored nothing. Nobody knows what they scored: leave them out."),
                Route("leavers unchanged", change.sum() / len(branches), "This counts those that left as if nothing had "
                      "changed for them. Nobody knows that. Leave them out, and say so.", 0.5)),
        hints=("Print `branches.count()`. How many values has each column?",
               "`.mean()` leaves out what is missing, in silence. Take the change of each branch first, then the mean."),
        worked=f"Of {len(branches)} branches {len(both)} have both scores. Their change, branch by branch, has the mean "
               f"{change.mean():.3f}. The cell said {unmended:.3f}: those that left stood lower before "
               f"({branches.loc[branches['after'].isna(), 'before'].mean():.1f} against {both['before'].mean():.1f}), and "
               "count in the first mean only. The mended number still speaks of those that stayed.")


def footnote(words):
    """The interval of a printed share of variance."""
    share, n = words["r2"] / 100, words["sample"]
    r = math.sqrt(share)
    z, se = math.atanh(r), 1 / math.sqrt(n - 3)
    low, high = math.tanh(z - 1.959964 * se), math.tanh(z + 1.959964 * se)
    return Number(
        "q7", minutes=8, points=2, right=low, decimals=3, unit="a correlation",
        routes=(Route("R² as r", math.tanh(math.atanh(share) - 1.959964 * se), "This takes the share of variance for the "
                      "correlation. R² is the square of r: take its root first (week 2)."),
                Route("not turned back", z - 1.959964 * se, "The end is still on the stretched scale. Turn it back with "
                      "`np.tanh`.", 0.5),
                Route("no stretching", r - 1.959964 * se, "This goes 1.96 errors down from r itself. Stretch r with "
                      "`np.arctanh` first, and turn the end back with `np.tanh`."),
                Route("n instead of n − 3", math.tanh(z - 1.959964 / math.sqrt(n)), "The error on the stretched scale is "
                      "1/√(n − 3), not 1/√n.", 0.5),
                Route("one side only", math.tanh(z - 1.644854 * se), "This leaves out 5 percent on one side. An interval of "
                      "95 percent takes 1.96 errors, not 1.64."),
                Route("upper end", high, "This is the upper end. The lower one is asked for.")),
        hints=("Week 2: from R² to r. Week 3: from r and n to an interval.",
               "r is the root of the share; z = arctanh(r); error 1/√(n − 3); 1.96 errors down; tanh turns back."),
        worked=f"{words['r2']} percent are a share of {share:.3f}, and its root is r = {r:.4f}. Stretched it is {z:.4f}, "
               f"with the error 1/√{n - 3} = {se:.4f}. {z:.4f} − 1.96 · {se:.4f} = {z - 1.959964 * se:.4f}, and turned back "
               f"{low:.3f}. The interval runs from {low:.3f} to {high:.3f}.")


def questions(tables, words):
    return [
        *audit(tables["years"]),
        repaired(tables["branches"]),
        Arrows("q5", minutes=8, points=2, bank=banks.ARROWS, dealt=words["q5"], fill=words, hints=(
            "Go through the story sentence by sentence. Each “decides”, “makes” or “raises” is one arrow.",
            "An arrow that the story rules out in so many words must not be there, even if the brochure would like it.")),
        Choice("q6", minutes=5, points=2, bank=banks.MEMOS, dealt=words["q6"], fill=words, hints=(
            "Of what, how many of what, against whom? Ask it of each number in the memo.",
            "Three of the four would be fair in some other memo. Hold each against the words of this one.")),
        footnote(words),
        Text("q8", minutes=20, points=3, words=(60, 150), rubric=banks.RUBRIC, specimens=banks.SPECIMENS),
    ]
