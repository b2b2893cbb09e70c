"""Module 03-ambassadors: what a ranking of measures is worth, and whom a list has lost."""

import numpy as np
from scipy import stats

from pebbletrail.exercises.authoring import (
    Arrows,
    Choice,
    Draw,
    Follow,
    Number,
    Prediction,
    Redraw,
    Route,
    Text,
    beside,
    deal,
    fixed,
)

NAME, VERSION = "03-ambassadors", 1
TITLE = "First of eleven"
PAGES = (7,)
REAL = {"q2": "published: keiningham-2008-correlations, 35 of its 55 rows",
        "q7": "computed: acsi-portfolios and sp500-years, 20 of 25 years"}

banks, worlds, keys, week1 = (beside(__file__, name) for name in ("banks", "worlds", "keys", "week1"))
fisher, REACH = keys.fisher, keys.REACH
MEASURES = worlds.MEASURES
TRADES = ["hotel chains", "gym chains", "garden centres", "opticians", "car-hire firms", "bakery chains", "cinema chains",
          "language schools"]
FIRMS = ["Nordlys", "Brightwell", "Corvane", "Halden & Roy", "Tessera", "Maribor Retail"]
PEOPLE = ["Solène", "Tomas", "Amina", "Ruth", "Pavel"]


def draw(rng, practice):
    n = int(rng.choice(worlds.SIZES))
    printed, industry = worlds.some_printed(rng, 7)
    return Draw(
        tables={"trade": worlds.eleven_equals(rng, n), "printed": printed, "market": worlds.exchange(rng),
                "years": worlds.some(rng, worlds.portfolios(), 20)},
        words={"n": n, "trade": str(rng.choice(TRADES)), "firm": str(rng.choice(FIRMS)), "person": str(rng.choice(PEOPLE)),
               "industry": industry, "cost": f"{int(rng.integers(18, 90))},000",
               "q5": deal(rng, banks.ARROWS, practice), "q6": deal(rng, banks.MEMOS, practice)})


def questions(tables, words):
    return [*predicted(tables["trade"], words), read(tables["printed"], words["industry"]), *winner(tables["trade"]),
            repair(tables["market"]), *chosen(words), week1.earlier(tables["years"]), board(tables["trade"], words)]


def correlations(trade):
    values = trade[["growth", *MEASURES]].to_numpy(float)
    return np.corrcoef(values, rowvar=False)[0, 1:], values


def predicted(trade, words):
    r, values = correlations(trade)
    ranks = np.corrcoef(stats.rankdata(values, axis=0), rowvar=False)[0, 1:]
    shared, firm = np.cov(values, rowvar=False)[0, 1:], np.corrcoef(np.arange(len(trade)), values[:, 0])[0, 1]
    named = np.ptp([*r, firm])
    left_in = [Route("firm left in", named,
                     "One of these is the correlation of the firms' numbers with growth, and a number is only a name. "
                     "Drop the column “firm” first.")] if named > np.ptp(r) + 0.002 else []
    return [
        Prediction("q1", minutes=3, points=1,
                   options=["Less than 0.15.", "From 0.15 to 0.30.", "From 0.30 to 0.45.", "0.45 or more."],
                   afterwards=f"With {words['n']} firms, eleven equals lie {worlds.USUAL[words['n']]} apart: so in the "
                              "middle half of 20,000 such made-up studies. Now look at your own."),
        Number("q1b", minutes=5, points=1, right=float(np.ptp(r)), decimals=3, unit="correlation",
               routes=[*left_in,
                       Route("growth with itself", 1 - r.min(),
                             "This takes the 1 of growth with itself for a measure. Drop the row “growth” before you look "
                             "for the largest."),
                       Route("largest only", r.max(), "This is the largest correlation. Take the smallest off it."),
                       Route("by ranks", np.ptp(ranks),
                         "These are correlations of ranks (Spearman). The question is about the plain ones, which .corr() "
                         "gives when nothing else is said."),
                       Route("covariances", np.ptp(shared),
                         "These are covariances, which have a unit. Use .corr(), not .cov().")],
               hints=["trade.drop(columns=\"firm\").corr() makes the whole table; its column \"growth\" is what you need.",
                      "Keep the eleven measures, drop growth itself, then .max() minus .min()."],
               worked=f"The largest of the eleven correlations with growth is {r.max():.3f}, the smallest {r.min():.3f}. "
                      f"They lie {np.ptp(r):.3f} apart, although all eleven are truly 0.30.")]


def read(table, industry):
    r = table.loc[table["industry"] == industry, "r"].to_numpy()
    ordered, gap = np.sort(r), np.ptp(r)
    others = {name: np.ptp(part) for name, part in table.groupby("industry")["r"] if name != industry}
    rows = {name: f"the row of {name}" if sum(abs(other - one) <= 0.1 for one in others.values()) == 1 else "another row"
            for name, other in others.items()}
    routes = [Route("first mark only", ordered[-1],
                    "This is where the mark furthest right stands. How far is it from there to the one furthest left?"),
              Route("without the sign", ordered[-1] - abs(ordered[0]),
                    "This takes the left end without its sign. From the left mark to 0, and on from 0 to the right one: "
                    "both pieces count."),
              *(Route(f"the row of {name}", other, f"This is {rows[name]}. Find the row of {industry}.")
                for name, other in others.items() if abs(other - gap) > 0.11)]
    return Number(
        "q2", minutes=6, points=2, right=float(gap), decimals=2, tolerance=0.05, unit="correlation", routes=routes,
        hints=[f"Find the row of {industry} at the left. Read its mark furthest left and its mark furthest right.",
               "The thin lines stand 0.1 apart. Mind the sign of the left mark: from −0.3 to 0.5 it is 0.8."],
        worked=f"In the row of {industry} the mark furthest left stands at {ordered[0]:.2f}, the one furthest right at "
               f"{ordered[-1]:.2f}: {gap:.2f} apart.")


def winner(trade):
    r, values = correlations(trade)
    n, first = len(trade), int(r.argmax())
    best, second = r[first], np.sort(r)[-2]
    t = best * np.sqrt((n - 2) / (1 - best**2))
    p, low, on_scale = keys.p_from(best, n), fisher(best, n), np.arctanh(best) - REACH / np.sqrt(n - 3)
    rho = np.corrcoef(stats.rankdata(values, axis=0), rowvar=False)[0, 1 + first]
    return [
        Number("q3", minutes=4, points=1, right=float(best), decimals=3, unit="correlation",
               routes=[Route("squared", best**2, "This is r squared, the share of the differences. Give r itself."),
                       Route("growth with itself", 1.0,
                             "This is growth with itself, which is always 1. Drop the row “growth” first, as in q1b."),
                       Route("second measure", second, "This measure comes second. Which one comes first?"),
                       Route("by ranks", rho, "This is a correlation of ranks (Spearman). Use the plain one.")],
               hints=["You have the eleven correlations from q1b. The largest of them is asked for.",
                      ".idxmax() gives the name of the measure, .max() its correlation."],
               worked=f"{list(MEASURES)[first]} comes first, with r = {best:.3f}."),
        Number("q3b", minutes=6, points=1, right=float(p), decimals=4, unit="probability",
               follows=Follow(keys.p_formula(n), uses=("q3",)),
               routes=[Route("one-tailed", p / 2, "This is one tail. A test in both directions counts twice that."),
                       Route("the wrong side", 2 * stats.t.cdf(t, n - 2),
                             "No p value is above 1. .cdf is the share below t; the share above it is .sf."),
                       Route("root forgotten", 2 * stats.t.sf(t**2 / best, n - 2),
                             "The t lacks its root: r times the square root of (n − 2) / (1 − r²). In Python, ** 0.5 or "
                             "np.sqrt."),
                       Route("z instead of t", 2 * stats.norm.sf(t),
                         "This takes the normal distribution. With so few firms t needs its own, with n − 2 degrees of "
                         "freedom."),
                       Route("degrees of freedom", 2 * stats.t.sf(t, n - 1),
                         "The t is right, the degrees of freedom are not: a correlation has n − 2."),
                       Route("n for n − 2", 2 * stats.t.sf(best * np.sqrt(n / (1 - best**2)), n),
                         "Both the t and its degrees of freedom take n − 2, not n."),
                       Route("Fisher's z", 2 * stats.norm.sf(np.arctanh(best) * np.sqrt(n - 3)),
                         "This is the p of Fisher's z, an approximation. The t of a correlation gives it exactly; section "
                         "7.4.1 has the formula."),
                       Route("by ranks", 2 * stats.t.sf(abs(rho) * np.sqrt((n - 2) / (1 - rho**2)), n - 2),
                         "This is the p of the correlation of ranks (Spearman). Take the plain r of q3.")],
               hints=["First t = r · √((n − 2) / (1 − r²)), with n the number of firms.",
                      "Then 2 * stats.t.sf(abs(t), n - 2), as in section 7.4.1."],
               worked=f"With r = {best:.3f} and n = {n}, t = {t:.3f} on {n - 2} degrees of freedom, and p = {p:.4f}."),
        Number("q3c", minutes=6, points=2, right=float(low), decimals=4, unit="correlation",
               follows=Follow(keys.fisher_formula(n), uses=("q3",)),
               routes=[Route("two decimals", round(low, 2),
                             "Right as far as it goes: pingouin rounds to 2 decimals. compute_esci(..., decimals=4) gives "
                             "more.", earns=0.5),
                       Route("upper end", fisher(best, n, 1),
                             "This is the upper end of the interval. The lower one is asked for."),
                       *[Route("not turned back", on_scale,
                               "This is the end on Fisher's scale. Turn it back into a correlation with np.tanh.")
                         for _ in [0] if abs(on_scale - low) > 0.00011],
                       Route("not stretched", best - REACH / np.sqrt(n - 3),
                         "This goes straight from r. Stretch r with np.arctanh first, and turn the end back."),
                       Route("plain errors", best - REACH * np.sqrt((1 - best**2) / (n - 2)),
                         "This takes the standard error of r itself, as if the scale had no end. Use Fisher's."),
                       Route("n for n − 3", fisher(best, n, errors=1 / np.sqrt(n)),
                         "The standard error on Fisher's scale is 1/√(n − 3)."),
                       Route("n − 2 for n − 3", fisher(best, n, errors=1 / np.sqrt(n - 2)),
                             "On Fisher's scale the standard error is 1/√(n − 3). The n − 2 belongs to the t of q3b."),
                       Route("t for the normal", fisher(best, n, reach=stats.t.ppf(0.975, n - 2)),
                             "This takes t*. On Fisher's scale the normal distribution serves: stats.norm.ppf(0.975)."),
                       Route("one-tailed", fisher(best, n, reach=stats.norm.ppf(0.95)),
                         "This leaves out 5 percent below. A 95 % interval leaves out 2.5 on either side: "
                         "stats.norm.ppf(0.975).")],
               hints=["Three steps, as in section 7.5.1: np.arctanh, 1.96 standard errors down, np.tanh.",
                      "The standard error is 1/√(n − 3); stats.norm.ppf(0.975) is the 1.96."],
               worked=f"z = {np.arctanh(best):.3f}, its standard error 1/√{n - 3} = {1 / np.sqrt(n - 3):.3f}. The lower "
                      f"end is {on_scale:.3f} on that scale, and {low:.4f} turned back. "
                      f"The upper end is {fisher(best, n, 1):.3f}.")]


def repair(market):
    score, start = market["score"].to_numpy(), market["price_start"].to_numpy()
    end, last = market["price_end"].to_numpy(), market["last_price"].to_numpy()
    listed = ~np.isnan(end)

    def gap(returned, among=None, middle=np.nanmean):
        among = np.ones(len(score), bool) if among is None else among
        high, low = np.quantile(score[among], [0.8, 0.2])
        return middle(returned[among & (score >= high)]) - middle(returned[among & (score <= low)])

    returned = 100 * (last / start - 1)
    high, low = np.quantile(score, [0.8, 0.2])
    gone = (~listed & (score <= low)).sum(), (~listed & (score >= high)).sum()
    right, left_as_it_is = gap(returned), gap(100 * (end / start - 1))
    if right < 10:
        raise Redraw("satisfaction hardly pays on this exchange")
    return Number(
        "q4", minutes=12, points=3, right=float(right), decimals=2, unit="percentage points",
        routes=[
            Route("unmended", left_as_it_is,
                  "This is what the cell as it stands prints. Look at the column it takes for the end: how many firms "
                  "have nothing there, and what does .mean() do with them?"),
            Route("worth nothing", gap(100 * (np.where(listed, end, 0) / start - 1)),
                  "This counts every firm that left as a total loss. They were not worth nothing: the table has the last "
                  "price of each."),
            Route("no change", gap(np.where(listed, returned, 0.0)),
                  "This gives the firms that left a return of 0. The table has the last price of each."),
            Route("fifths of those left", gap(returned, listed),
                  "The fifths are cut among the firms still listed. Cut them among all firms, as they were at the start."),
            Route("medians", gap(returned, middle=np.nanmedian), "These are medians. The mean is what a fund earns.")],
        hints=["Look at market.tail() and at market[\"price_end\"].isna().sum(), which counts the empty "
               "cells. Who is missing from the means?",
               "Only the line that makes `returned` is wrong. Which column has a price for every firm?"],
        worked=f"{(~listed).sum()} of {len(market)} firms have no price_end, and .mean() passes over them. With "
               f"last_price in its place the gap is {right:.2f} points; the cell printed {left_as_it_is:.2f}. {gone[0]} "
               f"of those that left stood in the bottom fifth, {gone[1]} in the top.")


def chosen(words):
    return [
        Arrows("q5", minutes=8, points=2, bank=banks.ARROWS, dealt=words["q5"],
               hints=["Take the sentences one by one. Each that says “makes”, “decides” or “brings” is an arrow; each "
                      "that says “nothing” forbids one.",
                      "Two things that go together need no arrow between them: one cause of both will do."]),
        Choice("q6", minutes=7, points=2, bank=banks.MEMOS, dealt=words["q6"], fill=words,
               hints=["Ask of each option: if that were mended, would the conclusion stand?",
                      "Page 7 asks three things of a number: against what, who is missing, how many were tried?"])]


def board(trade, words):
    r, _ = correlations(trade)
    n, best, name = len(trade), r.max(), list(MEASURES.values())[int(r.argmax())]
    ends = f"{fixed(fisher(best, n), 2)} to {fixed(fisher(best, n, 1), 2)}"
    return Text("q8", minutes=15, points=3, words=(60, 150), rubric=banks.RUBRIC,
                specimens=banks.specimens({**words, "name": name, "r": best, "ends": ends, "gap": np.ptp(r)}))
