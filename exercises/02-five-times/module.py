"""Module 02-five-times: one modest link, told as a ratio, a picture, a share; and how sure it is."""

import numpy as np
from scipy.stats import rankdata

from pebbletrail.catalogue import load
from pebbletrail.exercises.authoring import (
    Choice,
    Criterion,
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

banks, board, worlds = (beside(__file__, name) for name in ("banks", "board", "worlds"))
NAME, VERSION, PAGES = "02-five-times", 1, (6,)
TITLE = "Five times what?"
REAL = {"q3": "computed: cfpb-company-counts, a personal subset of 17 financial firms"}

FIRMS = ("Corvane Fibre", "Altona Telecom", "Banque Hélier", "Tessaline", "Orvelle Cable", "Maison Duroc", "Hadrin Net")
Z = 1.96


def draw(rng, practice):
    branches = worlds.branches(rng, int(rng.integers(84, 141)))
    firms = load("cfpb-company-counts").query("company != 'all others'")[["company", "answered", "relief", "disputed"]]
    some = np.sort(rng.choice(len(firms), int(rng.integers(12, 16)), replace=False))
    words = {"firm": str(rng.choice(FIRMS)), "branches": len(branches), "firms": len(some),
             "q3c": deal(rng, banks.READINGS, practice), "q5": deal(rng, banks.DESIGNS, practice),
             "q6": deal(rng, banks.MEMOS, practice)}
    tables = {"branches": branches, "firms": firms.iloc[some], "network": worlds.network(rng), "game": worlds.game(rng)}
    return Draw(tables=tables, words=words)


def questions(tables, words):
    return [
        Prediction("q1", minutes=4, points=1, options=[
            "Nearly the same as for sales: these are the same branches and the same link.", "Between 1.1 and 2 times.",
            "Between 2 and 3 times.", "3 times or more."],
            afterwards="Now compute it, and hold it beside your guess. Where is the zero of sales, and where that of "
            "growth?"),
        *_halves(tables["branches"]), *_firms(tables["firms"], words), _repair(tables["network"]),
        Choice("q5", minutes=6, points=2, bank=banks.DESIGNS, dealt=words["q5"], fill=words, hints=[
            "For each design ask: what else would differ between the things that are compared?",
            "Drawing lots beats choosing, two points in time beat one, and the number that counts is that of independent "
            "looks."]),
        Choice("q6", minutes=6, points=2, bank=banks.MEMOS, dealt=words["q6"], fill=words, hints=[
            "Ask of each number in the memo: of what, how many of what, against whom?",
            "Which of the four would still be wrong if everything else in the memo were done well?"]),
        _earlier(tables["game"]), _paragraph(tables["branches"], words)]


def _split(engagement, outcome):
    """Means of the upper and the lower half, cut at the median of engagement."""
    order = engagement > np.median(engagement)
    return outcome[order].mean(), outcome[~order].mean()


def _halves(branches):
    engagement, sales, customers = (branches[name].to_numpy() for name in ("engagement", "sales", "customers"))
    high, low = _split(engagement, sales - 100)
    top, foot = (round(float(value), 2) for value in _split(engagement, customers))
    start = int(foot) - 1
    if low < 0.3 or top - foot < 1.2 or sales.min() < 60:
        raise Redraw("the halves differ too little, the lower one does not grow, or sales are not like sales")
    skipped = [Route("the first mark above the foot", (top - start - 1) / (foot - start - 1), "You took away the first mark "
                     "above the foot. The axis begins at the very foot, one lower.")] if foot > start + 1.2 else []
    return [
        Number("q1b", minutes=5, points=1, right=float(high / low), decimals=2, unit="times", routes=[
            Route("sales, not growth", (100 + high) / (100 + low), "This is the ratio of sales. Growth is what came on top "
                  "of last year's 100: take 100 away first."),
            Route("a difference", high - low, "This is the difference in points. How many times as high is the one as the "
                  "other?"),
            Route("the wrong way up", low / high, "You divided the less engaged half by the more engaged one."),
            Route("percent more", 100 * (high / low - 1), "This is percent more. Asked is: how many times as high.")],
            hints=["Make a column growth = sales − 100, then the mean of each half, as in the cell above.",
                   "The mean growth of the more engaged half, divided by that of the less engaged half."],
            worked=f"The more engaged half sells {100 + high:.2f}, the other {100 + low:.2f} (last year: 100). They grew by "
            f"{high:.2f} and {low:.2f} percent: {high / low:.2f} times, where sales make {(100 + high) / (100 + low):.2f} "
            "times. Same branches, same link: only the zero has moved."),
        Number("q2", minutes=6, points=2, right=(top - start) / (foot - start), decimals=2, unit="times", tolerance=0.03,
               routes=[
            Route("the scores, not the bars", top / foot, "This is how many times as high the score is: the honest ratio. "
                  "Asked is how tall the bars are drawn, from the foot of the picture."),
            Route("a difference", top - foot, "This is the difference of the two scores. Asked is a ratio of two drawn "
                  "heights."),
            Route("the wrong way up", (foot - start) / (top - start), "You divided the shorter bar by the taller one."),
            Route("the foot read wrongly", (top - start + 1) / (foot - start + 1), "Read the number at the very foot of the "
                  "axis again; it is one higher than you took."),
            Route("percent more", 100 * (top - foot) / (foot - start), "This is percent more. Asked is: how many times as "
                  "tall."), *skipped],
            hints=["At which number does the axis begin? A bar is drawn from there, not from 0.",
                   "Height of a bar as drawn: its label minus the number at the foot. Then divide one height by the other."],
            worked=f"The axis begins at {start}. The bars are drawn {top:.2f} − {start} = {top - start:.2f} and {foot:.2f} "
            f"− {start} = {foot - start:.2f} tall: {(top - start) / (foot - start):.2f} times. The scores themselves are "
            f"{top / foot:.2f} times as high.")]


def _correlation(x, y):
    x, y = x - x.mean(), y - y.mean()
    return float((x * y).sum() / ((x * x).sum() * (y * y).sum()) ** 0.5)


def _brought_back(r, way):
    """r moved by ``way`` on Fisher's scale, without arctanh: (1 + r)/(1 − r) is exp(2z)."""
    w = (1 + r) / (1 - r) * np.exp(2 * way)
    return float((w - 1) / (w + 1))


def _width(r, reach):
    return _brought_back(r, reach) - _brought_back(r, -reach)


def _ends(factor):
    """The same as a formula in q3."""
    w = f"(1 + q3) / (1 - q3) * {factor:.12g}"
    return f"({w} - 1) / ({w} + 1)"


def _firms(firms, words):
    answered, relief, disputed = (firms[name].to_numpy(float) for name in ("answered", "relief", "disputed"))
    share, kept, n = 100 * relief / answered, 100 * (answered - disputed) / answered, len(firms)
    r = _correlation(share, kept)
    counts = _correlation(relief, answered - disputed)
    ranks = _correlation(rankdata(share), rankdata(kept))
    low, high = (_brought_back(r, side * Z / (n - 3) ** 0.5) for side in (-1, 1))
    shift = float(np.exp(-2 * Z / (n - 3) ** 0.5))
    return [
        Number("q3", minutes=10, points=2, right=r, decimals=3, unit="a correlation, −1 to 1", routes=[
            Route("disputed, not accepted", -r, "The size is right. Accepted means: not disputed. Which column did you "
                  "take?"),
            Route("counts, not percentages", counts, "You took the counts. A large firm has more of everything; make both "
                  "columns percent of what was answered."),
            Route("R² instead of r", r * r, "This is R², the share of variance. Asked is r."),
            Route("covariance", float(np.cov(share, kept)[0, 1]), "This is the covariance: it has units. Divide by both "
                  "standard deviations, or use .corr."),
            Route("ranks", ranks, "This is the correlation of ranks (Spearman's). Asked is the plain one.", earns=0.5)],
            hints=["First the column of accepted answers, in percent of those answered; then the correlation of the two "
                   "percentages.",
                   "Accepted are the answered minus the disputed. One column's .corr of the other gives r, or section 6.5.1 "
                   "by hand."],
            worked=f"Over {n} firms, relief is granted in {share.mean():.1f} percent of the complaints on average, and "
            f"{kept.mean():.1f} percent are accepted. The two go together with r = {r:.3f}."),
        Number("q3b", minutes=8, points=1, right=high - low, decimals=3, unit="on the scale of r", follows=Follow(
            f"{_ends(1 / shift)} - {_ends(shift)}", uses=("q3",)), routes=[
            Route("not stretched", 2 * Z / (n - 3) ** 0.5, "Was r stretched before you went up and down, and were both ends "
                  "brought back? First np.arctanh, at the end np.tanh."),
            Route("one error, not 1.96", _width(r, 1 / (n - 3) ** 0.5), "You went one error down and up. An interval of 95 "
                  "% goes 1.96 errors."),
            Route("brought back only", np.tanh(r + Z / (n - 3) ** 0.5) - np.tanh(r - Z / (n - 3) ** 0.5), "The ends were "
                  "brought back with np.tanh, but r was never stretched: first np.arctanh."),
            Route("half of it", (high - low) / 2, "This is half the width. From the lower end to the upper one, please."),
            Route("the lower end", low, "This is the lower end itself. The width is the upper end minus the lower one."),
            Route("the upper end", high, "This is the upper end itself. The width is the upper end minus the lower one."),
            Route("n, not n − 3", _width(r, Z / n**0.5), "Under the root stands n − 3."),
            Route("one-tailed", _width(r, 1.645 / (n - 3) ** 0.5), "1.645 leaves five percent on either side. An interval "
                  "of 95 % takes 1.96.")],
            hints=["Three steps, as in section 6.5.8: stretch r, go 1.96 errors down and up, bring both ends back.",
                   "On the stretched scale the error is 1 divided by the root of n − 3."],
            worked=f"Stretched, r = {r:.3f} becomes {np.arctanh(r):.3f}. The error there is 1/√{n - 3} = "
            f"{(n - 3) ** -0.5:.3f}; 1.96 of them down and up, and brought back, give {low:.3f} and {high:.3f}. The "
            f"interval is {high - low:.3f} wide."),
        Choice("q3c", minutes=4, points=1, bank=banks.READINGS, dealt=words["q3c"], fill=words, hints=[
            "R² is a share of what? And what can one table at one time not tell?",
            "Turn every number in the story into r, and ask for its interval and its direction."])]


def _repair(network):
    engagement, growth = network["engagement"].to_numpy(), network["growth"].to_numpy()
    known = ~np.isnan(engagement)
    high, low = _split(engagement[known], growth[known])
    late = growth[~known]
    above = engagement > np.median(engagement[known])
    told = growth[above].mean() / growth[~above].mean()
    zero_high, zero_low = _split(np.nan_to_num(engagement), growth)
    mean_high, mean_low = _split(np.where(known, engagement, engagement[known].mean()), growth)
    upper = engagement[known] > engagement[known].mean()
    by_mean = growth[known][upper].mean() / growth[known][~upper].mean()
    if not 3.2 < told < 9 or not 1.05 < high / low < 2.6 or min(zero_low, mean_low) <= 0:
        raise Redraw("the broken cell does not mislead")
    return Number("q4", minutes=12, points=3, right=float(high / low), decimals=2, unit="times", routes=[
        Route("the broken cell", told, "This is the number of the broken cell. In which half do the branches without a "
              "survey stand now? They belong to neither, whatever is put in for the blanks."),
        Route("blanks as zero", zero_high / zero_low, "You filled the blanks with 0. Nobody knows how engaged these "
              "branches are; they belong to neither half."),
        Route("blanks as the mean", mean_high / mean_low, "You filled the blanks with the mean. They may be anything; leave "
              "them out of both halves."),
        *([Route("cut at the mean", by_mean, "You cut at the mean of engagement. The halves are cut at the median.")]
          if abs(by_mean - high / low) > 0.012 else []),
        Route("a difference", high - low, "This is the difference in points. Asked is: how many times."),
        Route("the wrong way up", low / high, "You divided the less engaged half by the more engaged one.")],
        hints=["A comparison with a blank is never True. So where do the blanks end up?",
               "Keep the rows in which engagement is filled, then cut those at their own median."],
        worked=f"{len(late)} branches were not surveyed; their growth is {fixed(late.mean(), 2)} percent on average. A "
        f"blank is not above the median, so the cell counted them as less engaged. Without them the halves grew by "
        f"{high:.2f} and {low:.2f} percent: {high / low:.2f} times, not {told:.2f}.")


def _earlier(game):
    values, agents = game["difference"].to_numpy(float), game["agents"].to_numpy(float)
    n = int(agents.sum())
    mean = (values @ agents) / n
    squares = agents @ (values - mean) ** 2
    se = (squares / (n - 1) / n) ** 0.5
    k, plain = len(values), values.std(ddof=1)
    return Number("q7", minutes=8, points=2, right=float(se), decimals=3, unit="points", routes=[
        Route("the standard deviation", (squares / (n - 1)) ** 0.5, "This is the standard deviation. Divide by the root of "
              "the number of agents."),
        Route("rows, not agents", plain / k**0.5, "You took each row once. A row stands for several agents: .repeat writes "
              "each difference as often as it occurred."),
        Route("the root of the rows", (squares / (n - 1) / k) ** 0.5, "The standard deviation is right. Under the root "
              "stands the number of agents, not of rows."),
        Route("population, not sample", (squares / n / n) ** 0.5, "Close. This standard deviation was divided by n, not by "
              "n − 1. pandas' .std() gives the one for a sample.", earns=0.5),
        Route("divided by n", (squares / (n - 1)) ** 0.5 / n, "Divide by the root of the number of agents, not by the "
              "number.")],
        hints=["First one number for each agent: .repeat writes a difference as often as agents have it (1.5.1).",
               "Then the standard deviation, divided by the root of how many there are."],
        worked=f"{n} agents, mean difference {fixed(mean, 2)} points, standard deviation {(squares / (n - 1)) ** 0.5:.3f}. "
        f"Divided by the root of {n}, {n**0.5:.3f}, that is a standard error of {se:.3f} points.")


def _paragraph(branches, words):
    engagement, sales = branches["engagement"].to_numpy(), branches["sales"].to_numpy()
    high, low = _split(engagement, sales - 100)
    r, n = _correlation(engagement, sales), len(branches)
    low_r, high_r = (_brought_back(r, side * Z / (n - 3) ** 0.5) for side in (-1, 1))
    if low_r <= 0.02:
        raise Redraw("the interval of r holds zero, or nearly")
    pairs = np.sign(np.subtract.outer(engagement, engagement) * np.subtract.outer(sales, sales))
    bet = 100 * (pairs > 0).sum() / (pairs != 0).sum()
    return Text("q8", minutes=15, points=3, words=(60, 150), rubric=[
        Criterion("says what the factor is made of: the two growth rates, or how little sales differ, and that the lower "
                  "rate is near zero", 1),
        Criterion("gives the strength of the link in a form that no zero can bend (r with its interval, or cases of "
                  "100)", 1),
        Criterion("claims no direction, and says what would show one", 1)],
        specimens=board.specimens(words["firm"], n, high, low, (r, low_r, high_r), bet))
