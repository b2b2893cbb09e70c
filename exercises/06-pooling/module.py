"""Module 06-pooling: many small studies, one new shop; and what customers say, keep and do."""

import numpy as np
from scipy import stats

from pebbletrail.exercises.authoring import (
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

NAME, VERSION = "06-pooling", 1
TITLE = "Six laboratories and one shop"
PAGES = (1, 8)
REAL = dict.fromkeys(("q3", "q3b", "q3c"), "computed: hidden-costs-differences, four fifths of the agents of six labs")

banks, worlds, keys = (beside(__file__, name) for name in ("banks", "worlds", "keys"))
FIRMS = ("Lumen Telecom", "Altona Energy", "Ponte Insurance", "Hartwell Bank", "Vela Travel", "Norrland Post")
PEOPLE = ("Solène", "Marek", "Yasmin", "Oskar", "Bea")


def draw(rng, practice):
    trials = worlds.trials(rng)
    while not keys.tells(*keys.studies(trials)):
        trials = worlds.trials(rng)
    return Draw(
        tables={"customers": worlds.customers(rng), "minutes": worlds.two_calls(rng), "pairs": worlds.some_pairs(rng),
                "trials": trials, "months": worlds.months(rng)},
        words={"firm": str(rng.choice(FIRMS)), "person": str(rng.choice(PEOPLE)), "bosses": int(rng.integers(21, 80)) * 10,
               "cents": int(rng.integers(11, 40)),
               "q5": deal(rng, banks.DESIGNS, practice), "q6": deal(rng, banks.MEMOS, practice)})


def questions(tables, words):
    return [*predicted(tables["customers"]), read(tables["minutes"]), *laboratories(tables["pairs"], words),
            repair(tables["trials"]), *chosen(words), earlier(tables["months"]), board(tables["pairs"], words)]


def predicted(table):
    values = table[["satisfied", "intends", "renewed"]].to_numpy(float)
    r = np.corrcoef(values, rowvar=False)
    ranks = np.corrcoef(stats.rankdata(values, axis=0), rowvar=False)
    shared = np.cov(values, rowvar=False)
    gap = np.subtract(*(values[values[:, 2] == one, 0].mean() for one in (1, 0)))
    return [
        Prediction("q1", minutes=3, points=1,
                   options=["As closely as with intention, give or take 0.05.",
                            "Less closely, but more than two thirds as closely.",
                            "Between one third and two thirds as closely.",
                            "Less than a third as closely."],
                   afterwards="Two things part them. Satisfaction and intention stand on one sheet and share the mood of "
                              "whoever ticked it. And renewing is a yes or a no, which cannot correlate as highly. Now "
                              "look how far apart they are in your table."),
        Number("q1b", minutes=4, points=1, right=float(r[0, 2]), decimals=3, unit="correlation",
               routes=[
                   Route("with intention", r[0, 1], "This is satisfaction with the intention. Take the column “renewed”."),
                   Route("intention with renewing", r[1, 2],
                         "This is the intention with renewing. Satisfaction is asked for."),
                   Route("by ranks", ranks[0, 2], "This is a correlation of ranks (Spearman). Use the plain one."),
                   Route("squared", r[0, 2] ** 2, "This is r squared, the share of the differences. Give r itself."),
                   Route("covariance", shared[0, 2], "This is a covariance, which has a unit. Use .corr(), not .cov()."),
                   Route("difference of means", gap,
                         "This is how far apart in satisfaction those who renewed and those who left are. The correlation "
                         "of the two columns is asked for.")],
               hints=["One column with another: customers[\"satisfied\"].corr(...).",
                      "The other column is “renewed”, 1 for yes and 0 for no; a correlation takes such columns as well."],
               worked=f"Satisfaction correlates {r[0, 1]:.3f} with the intention and {r[0, 2]:.3f} with renewing: "
                      f"{r[0, 2] / r[0, 1]:.2f} times as closely.")]


def read(table):
    calls = [part["mood"].to_numpy() for _, part in table.groupby("call")]
    a, b = ((mood.max() + mood[-1]) / 2 for mood in calls)
    means, best, last = (np.array([how(mood) for mood in calls]) for how in (np.mean, np.max, lambda mood: mood[-1]))
    worst = np.array([(mood.min() + mood[-1]) / 2 for mood in calls])
    return Number(
        "q2", minutes=6, points=2, right=float(a - b), decimals=2, tolerance=0.12, unit="points of 10",
        routes=[
            Route("averages", means[0] - means[1],
                  "This is the difference of the averages. The rule keeps the best minute and the last one, in equal "
                  "parts."),
            Route("best minutes", best[0] - best[1],
                  "This is the difference of the best minutes alone. The last minute counts for half."),
            Route("last minutes", last[0] - last[1],
                  "This is the difference of the last minutes alone. The best minute counts for half."),
            Route("worst minutes", worst[0] - worst[1],
                  "This takes the worst minute. It is the peak of a painful episode; in these calls the best minute is."),
            Route("not halved", 2 * (a - b), "This adds best and last. The rule takes the mean of the two: halve it."),
            Route("B minus A", b - a, "This is B minus A. A minus B is asked for.")],
        hints=["For each call read two marks: the highest, wherever it stands, and the one of minute 10.",
               "Their mean is what the rule keeps of the call. Then A minus B, with its sign."],
        worked=f"Call A: best {best[0]}, last {last[0]}, so {a:.2f}. Call B: best {best[1]}, last {last[1]}, so {b:.2f}. "
               f"A minus B is {a - b:.2f}, while the averages are {means[0]:.2f} and {means[1]:.2f}.")


def laboratories(pairs, words):
    y, sd, n = keys.summary(pairs)
    v = sd**2 / n
    fit, common = keys.reml(y, v), keys.pooled(y, v, 0.0)
    if fit.i2 < 20 or fit.mean < 0.3 or fit.end() > 0:
        raise Redraw("the laboratories hardly differ, or their mean is next to nothing, or known to have a sign")
    euros = 2 * words["bosses"] * words["cents"] / 100
    low, high = fit.new(), fit.new(1)
    slips = {"not divided by n": sd**2, "errors for variances": sd / np.sqrt(n), "not squared": sd / n}
    return [
        Number("q3", minutes=10, points=2, right=float(fit.mean), decimals=3, unit="points",
               routes=[
                   Route("one common effect", common.mean,
                         "This supposes one true effect for all (method=\"fixed\"). Laboratories may differ: leave the "
                         "method at REML."),
                   Route("plain mean", y.mean(), "This counts every laboratory alike. Weigh them: pt.pool does it."),
                   Route("by agents", y @ n / n.sum(),
                         "This is the mean over all agents, as if they had come to one laboratory. Pool the laboratories' "
                         "means with pt.pool."),
                   Route("not divided by n", keys.reml(y, sd**2).mean,
                         "This gives pt.pool the variance of agents. The variance of a mean is that, divided by the "
                         "number of agents."),
                   Route("errors for variances", keys.reml(y, sd / np.sqrt(n)).mean,
                         "This gives pt.pool the standard errors. It takes variances: standard errors squared."),
                   Route("not squared", keys.reml(y, sd / n).mean,
                         "This divides the standard deviation by the number of agents. Square it first: the variance of a "
                         "mean is labs[\"std\"] ** 2 / labs[\"size\"]."),
                   Route("population", keys.reml(y, v * (n - 1) / n).mean,
                         "This divides by n in the standard deviation. .std() of pandas divides by n − 1; leave it so."),
                   Route("counts ignored", keys.reml(*keys.unweighted(pairs)).mean,
                         "This counts each row once. A row stands for several agents: take the table `labs`."),
                   Route("another estimator", keys.dersimonian_laird(y, v).mean,
                         "This is DerSimonian and Laird's estimate. Near, but REML is asked for, which pt.pool takes when "
                         "nothing is said.", earns=0.5)],
               hints=["Two columns are needed, one row a laboratory: the mean, and the variance of that mean.",
                      "The variance is labs[\"std\"] ** 2 / labs[\"size\"]; then pt.pool(means, variances).estimate."],
               worked=f"The six means are {', '.join(f'{one:.2f}' for one in y)}. Weighed with τ² = {fit.tau2:.2f} between "
                      f"laboratories, their mean is {fit.mean:.3f} points; the interval of that mean runs from "
                      f"{fit.end():.2f} to {fit.end(1):.2f}."),
        Number("q3b", minutes=6, points=1, right=float(low), decimals=2, unit="points",
               routes=[
                   *(Route(f"from wrong variances, {how}", keys.reml(y, wrong).new(),
                           "This is the range of a pool with wrong variances. Mend q3, then take .prediction again.",
                           earns=1.0) for how, wrong in slips.items()),
                   Route("interval of the mean", fit.end(),
                         "This is the lower end for the mean of many laboratories. For one new laboratory take "
                         ".prediction."),
                   Route("upper end", high, "This is the upper end. The lower one is asked for."),
                   Route("z instead of t", fit.new(reach=keys.NORMAL),
                         "This takes 1.96. With six laboratories t on k − 1 degrees of freedom is wider."),
                   Route("one degree less", fit.new(df=fit.k - 2),
                         "This takes k − 2 degrees of freedom, another usual way. The page takes k − 1.", earns=0.5),
                   Route("without the mean's error", fit.mean - stats.t.ppf(0.975, fit.k - 1) * np.sqrt(fit.tau2),
                         "This leaves out that the mean itself is not known exactly: √(se² + τ²)."),
                   Route("one common effect", common.new(),
                         "This supposes one true effect for all. Leave the method at REML.")],
               hints=["pt.pool(...) has .ci and .prediction. Only one of them speaks of a new laboratory.",
                      "Each is a pair, low and high: .prediction[0] is the first of the two."],
               worked=f"The mean is {fit.mean:.3f}, its error {fit.error:.3f}, τ² = {fit.tau2:.2f}. With t* = "
                      f"{stats.t.ppf(0.975, fit.k - 1):.3f} on {fit.k - 1} degrees of freedom a new laboratory's true "
                      f"effect lies between {low:.2f} and {high:.2f}."),
        Number("q3c", minutes=4, points=1, right=float(fit.mean * euros), decimals=1, unit="euros",
               follows=Follow(f"2 * q3 * {words['bosses']} * {words['cents']} / 100", uses=("q3",)),
               routes=[
                   Route("not doubled", fit.mean * euros / 2, "Each point given is worth two to the boss. Double it."),
                   Route("a new laboratory's end", low * euros,
                         "This takes the end of the range for a new laboratory. The mean is asked for here."),
                   Route("cents for euros", 100 * fit.mean * euros, "This is in cents. Give euros.", earns=0.5)],
               hints=["Points an agent holds back, times two, times the number of pairs, times the price of a point.",
                      "The price is in cents; the answer in euros."],
               worked=f"{fit.mean:.3f} points × 2 × {words['bosses']} pairs × {words['cents']} cents = "
                      f"{fit.mean * euros:.1f} euros.")]


def repair(trials):
    y, v = keys.studies(trials)
    fit, wrong = keys.reml(y, v), keys.reml(y, np.sqrt(v))
    return Number(
        "q4", minutes=10, points=3, right=float(fit.i2), decimals=1, unit="percent",
        routes=[
            Route("unmended", wrong.i2, "This is what the cell as it stands prints. What does pt.pool take as its second "
                                        "argument, and what is given to it? If you took .tau2: that is a variance; I² is "
                                        ".i2, in percent."),
            Route("divided by agents", keys.reml(y, v / trials["agents"].to_numpy()).i2,
                  "The column se is a standard error already: the number of agents is in it. Square it, and no more."),
            Route("by Q", keys.dersimonian_laird(y, v).i2,
                  "This is I² by Q (DerSimonian and Laird). Near, but pt.pool's own, by REML, is asked for.", earns=0.5)],
        hints=["pt.pool(effects, variances): look at the name of the second argument.",
               "A variance is a standard error squared. Then .i2."],
        worked=f"Given the squares of se, pt.pool finds τ² = {fit.tau2:.3f} and I² = {fit.i2:.1f} percent. With the "
               "standard errors themselves, which are larger than their squares, it took nearly all differences for "
               f"chance: {wrong.i2:.1f} percent.")


def chosen(words):
    return [
        Choice("q5", minutes=8, points=2, bank=banks.DESIGNS, dealt=words["q5"], fill=words,
               hints=["Write down the question in one line. Which plan would give another answer if the claim were false?",
                      "Who decides which call, customer or agent gets what: a person, or the lot?"]),
        Choice("q6", minutes=7, points=2, bank=banks.MEMOS, dealt=words["q6"], fill=words,
               hints=["Ask of each option: if that were mended, would the conclusion stand?",
                      "A mean of many, and one new case: which of the two does the memo speak of?"])]


def earlier(months):
    new, after, memory = months["ending"].to_numpy() == "new", months["month"].to_numpy() > 6, months["memory"].to_numpy()
    both = (False, True)
    four = {(group, time): memory[(new == group) & (after == time)].mean() for group in both for time in both}
    changes = {group: four[group, True] - four[group, False] for group in both}
    right = changes[True] - changes[False]
    middle = memory[new & after].mean() - memory[~(new & after)].mean()
    return Number(
        "q7", minutes=9, points=2, right=float(right), decimals=3, unit="points of 10",
        routes=[
            Route("after only", four[True, True] - four[False, True],
                  "This compares the two groups after the change. They may have differed before: take each group's change "
                  "first."),
            Route("changed sites only", changes[True],
                  "This is the change of the sites with the new ending. What would have happened anyhow? The other sites "
                  "tell."),
            Route("other sites only", changes[False],
                  "This is the change of the sites that went on as before. Take it off the change of the others."),
            Route("reversed", -right, "This takes the changed sites off the others. The other way round is asked for."),
            Route("one against the rest", middle,
                  "This holds the new ending against everything else at once. Keep four means: two groups, before and "
                  "after."),
            Route("before only", four[True, False] - four[False, False],
                  "This is how the two groups differed before. Take it off how they differ after.")],
        hints=["Four means first: by ending, and by whether the month is above 6.",
               "For each group, after minus before. Then the change of “new” minus the change of “as before” (2.5.1)."],
        worked=f"Sites with the new ending went from {four[True, False]:.3f} to {four[True, True]:.3f}, a change of "
               f"{changes[True]:.3f}; the others from {four[False, False]:.3f} to {four[False, True]:.3f}, a change of "
               f"{changes[False]:.3f}. The difference is {right:.3f}.")


def board(pairs, words):
    y, sd, n = keys.summary(pairs)
    fit = keys.reml(y, sd**2 / n)
    low, high, mean_low, mean_high = (fixed(end, 1) for end in (fit.new(), fit.new(1), fit.end(), fit.end(1)))
    told = {**words, "mean": fit.mean, "ci": f"{mean_low} to {mean_high}", "low": low, "high": high, "i2": fit.i2,
            "agents": int(n.sum())}
    return Text("q8", minutes=14, points=3, words=(60, 150), rubric=banks.RUBRIC, specimens=banks.specimens(told))
