"""Module 04-control: what watching goes with, and what it does."""

import numpy as np
from scipy.special import stdtrit

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

banks, worlds = beside(__file__, "banks"), beside(__file__, "worlds")

NAME, VERSION = "04-control", 1
TITLE = "Does watching do what it goes with?"
PAGES = (3, 4)
REAL = {"q4": "published: job-design-correlations (Humphrey, Nahrgang & Morgeson 2007), a personal choice of features"}

FIRMS = [("Altona Telecom", "Brenner Mobile"), ("Rhône Line", "Isère Phone"), ("Vistula Net", "Warta Call"),
         ("Tagus Fibre", "Douro Direct"), ("Meuse Box", "Sambre Talk"), ("Ticino Link", "Adda Voice")]


def draw(rng, practice):
    """Two made-up call centres, a choice of features of the printed table, and calls graded in pairs."""
    firm, other = FIRMS[rng.integers(len(FIRMS))]
    agents = worlds.agents(rng)
    features, outcome = worlds.features(rng)
    words = {"firm": firm, "other": other, "outcome": outcome, "n": len(agents), "teams": int(agents["team"].nunique()),
             "cut": float(rng.choice([0.8, 0.9, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6])), "worth": 20 * int(rng.integers(15, 46)),
             "q5": deal(rng, banks.DESIGNS, practice), "q6": deal(rng, banks.MEMOS, practice)}
    return Draw({"agents": agents, "raters": worlds.raters(rng), "features": features, "calls": worlds.calls(rng)}, words)


def questions(tables, words):
    """The questions, with keys from the stored tables."""
    agents = {name: column.to_numpy() for name, column in tables["agents"].items()}
    head_office = worlds.clustered(agents["customers"], [agents["control"]], agents["team"])
    still = worlds.clustered(agents["customers"], [agents["control"], agents["last_score"]], agents["team"])
    return [*_before(agents), _figure(tables["raters"]), *_estimate(agents, words, head_office, still),
            _repair(tables["features"], words["outcome"]),
            Choice("q5", 7, 2, bank=banks.DESIGNS, dealt=words["q5"], fill=words, hints=banks.DESIGN_HINTS),
            Choice("q6", 6, 2, bank=banks.MEMOS, dealt=words["q6"], fill=words, hints=banks.MEMO_HINTS),
            _pairs(tables["calls"]), _board(words, head_office, still)]


def _before(agents):
    before = np.corrcoef(agents["last_score"], agents["control"])[0, 1]
    after = np.corrcoef(agents["control"], agents["customers"])[0, 1]
    if after > -0.2 or before > after - 0.08:
        raise Redraw("the picture of head office does not fall, or chance hides the reaction")
    return (
        Prediction("q1", minutes=4, points=1, options=banks.GUESSES, afterwards=banks.AFTERWARDS),
        Number(
            "q1b", minutes=4, points=1, right=before, decimals=3, unit="correlation",
            routes=[Route("wrong column", after, "This is control with the customers' score, which comes after it. Asked "
                          "is the score before it, last_score."),
                    Route("covariance", np.cov(agents["last_score"], agents["control"])[0, 1], "This is a covariance: "
                          ".corr, not .cov."),
                    Route("sign", -before, "The size is right. Whoever scored well: controlled more, or less?")],
            hints=["Which column holds what the supervisor knew when this week's control was set?",
                   "Correlate the columns last_score and control; the order of the two does not matter."],
            worked=f"Last week's score with this week's control: {fixed(before, 3)}. This week's control with the "
                   f"customers' score: {fixed(after, 3)}. Control follows the score before it more closely than the score "
                   "after it follows control. That is what it looks like when managers react; liking could make it too, and "
                   "4.2 shows how."))


def _figure(raters):
    cuts = np.quantile(raters["control"], [0.2, 0.8])
    least, most = raters[raters["control"] <= cuts[0]].mean(), raters[raters["control"] > cuts[1]].mean()
    fall, customers = least["supervisor"] - most["supervisor"], least["customers"] - most["customers"]
    if fall < 2 or abs(customers) > 0.16:
        raise Redraw("the two panels do not differ")
    return Number(
        "q2", minutes=7, points=2, right=fall, decimals=1, unit="points of 100", tolerance=0.3,
        routes=[Route("wrong panel", customers, "This is the customers' panel, on a scale of 10. Read the other one."),
                Route("per point of 10", fall / 10, "Read the scale of the right panel once more: it goes to 100.")],
        hints=["The right panel alone. Read the height of its first and of its last dot, and take the one from the other.",
               "Two neighbouring fine lines are one point apart. Read each dot to a quarter of a point."],
        worked=f"Supervisor's score: {least['supervisor']:.1f} in the least controlled fifth, {most['supervisor']:.1f} in "
               f"the most controlled, so {fall:.1f} points of 100 lower. Customers' score: {least['customers']:.2f} and "
               f"{most['customers']:.2f} points of 10, next to no difference. One person sets the control and gives the "
               "score of the right panel: liking spares the one and raises the other, and no call has changed. "
               "Ask who filled in each column before you read a link between them.")


def _estimate(agents, words, head_office, still):
    (plain, error, usual), (held, held_error, _), n = head_office, still, words["n"]
    if abs(held[1]) > min(0.35 * abs(plain[1]), 1.96 * held_error[1]) or error[1] < 1.03 * usual[1]:
        raise Redraw("chance hides what holding still and counting teams do")
    if abs(held[1]) < abs(plain[1]) / 50:
        raise Redraw("nothing could follow from head office's slope")
    single = worlds.clustered(agents["customers"], [agents["control"]], agents["agent"])[1][1]
    teams, place = np.unique(agents["team"], return_inverse=True)
    control, customers = (np.bincount(place, agents[name]) / np.bincount(place) for name in ("control", "customers"))
    by_team, _, by_team_error = worlds.clustered(customers, [control], teams)
    cut, worth = words["cut"], words["worth"]
    promise, promised = (-cut * slope * worth * n for slope in (held[1], plain[1]))
    rounded, grand = (-cut * round(slope, 4) * worth * n for slope in (held[1], plain[1]))
    return (
        Number(
            "q3", minutes=8, points=1, right=error[1], decimals=4, unit="points of 10 for one SD of control",
            routes=[Route("clusters ignored", usual[1], f"This takes the {n} agents for independent pieces. A supervisor "
                          "controls the whole team alike: let the teams be the clusters."),
                    Route("wrong clusters", single, "Here each agent is a cluster. Who sets control for several at once?"),
                    Route("the slope itself", plain[1], "This is the slope. Asked is how sure it is: the column se."),
                    *[Route("means of teams", value[1], "This is a line through the means of teams. Head office's line "
                            "goes through the agents; by= makes only its error count teams.")
                      for value in (by_team_error, by_team)],
                    Route("the other regression", held_error[1], "This error belongs to the regression with last_score in "
                          "it. Asked first is the plain slope of head office."),
                    Route("half the interval", error[1] * stdtrit(words["teams"] - 1, 0.975), "This is half the width of "
                          "the interval. The standard error is that, before it is multiplied by t*.")],
            hints=["Write \"cluster\" for the errors, and in by= the column of those who are controlled alike.",
                   "In the result's table: the row of control, the column se."],
            worked=f"Head office's slope is {fixed(plain[1], 3)} points for one SD of control. With the {words['teams']} "
                   f"teams as clusters its standard error is {error[1]:.4f}; with {n} agents taken for independent it would "
                   f"be {usual[1]:.4f}, too small. It says how well the slope is known, not why it is there."),
        Number(
            "q3b", minutes=8, points=2, right=held[1], decimals=4, unit="points of 10 for one SD of control",
            routes=[Route("nothing held still", plain[1], "This is head office's slope, with nothing held still. Put "
                          "last_score beside control, after the ~."),
                    Route("wrong row", held[2], "This is the row of last_score. Asked is the row of control."),
                    Route("wrong column", held_error[1], "This is the standard error. Asked is the estimate.")],
            hints=["Agents with the same last score, of whom some are controlled more: what must stand beside control?",
                   "The part after the ~ has two names, joined by +. Then take the row of control."],
            worked=f"With last week's score held still, one SD more control goes with {fixed(held[1], 4)} points (standard "
                   f"error {held_error[1]:.3f}), instead of {fixed(plain[1], 3)}. In this made-up firm control does "
                   "nothing: we set it so. It comes out because the table holds all that managers react to. In a firm "
                   "it seldom does."),
        Number(
            "q3c", minutes=4, points=1, right=promise, decimals=0, unit="euros a year",
            follows=Follow(f"-{cut} * q3b * {worth} * {n}", uses=("q3b",)),
            routes=[Route("head office's slope", promised, "This is what head office's slope promises. Take the slope of "
                          "q3b, with last week's score held still."),
                    Route("sign", -promise, "The size is right. Control goes down, so its change is negative."),
                    Route("one agent", promise / n, "This is for one agent. How many are there?"),
                    Route("one SD", promise / cut, f"This is for one SD of control. The plan takes away {cut}."),
                    *([Route("rounded slope", rounded, "Right but for the rounding: take the slope itself, not its four "
                             "printed decimals.", earns=0.5)] if abs(rounded - promise) > 2 else []),
                    *([Route("head office's slope, rounded", grand, "This is what head office's slope promises. Take the "
                             "slope of q3b, with last week's score held still.")] if abs(grand - promised) > 2 else [])],
            hints=["Four numbers multiplied: the change of control, the slope of q3b, the worth of a point, the agents.",
                   "Control goes down: its change has a minus. Take the slope itself, not its rounded print."],
            worked=f"−{cut} × ({fixed(held[1], 5)}) × {worth} × {n} = {fixed(promise, 0)} euros a year. By head office's "
                   f"slope it would have been {fixed(promised, 0)}: that much would have been promised to the board for "
                   "nothing. Your euros are chance as well: in this world the true number is 0."))


def _repair(rows, outcome):
    R, c, b = worlds.weigh(rows, outcome, "corrected")
    (*_, mixed), (*_, observed) = worlds.weigh(rows, outcome, "corrected", True), worlds.weigh(rows, outcome, "observed")
    inverse = np.linalg.inv(np.block([[R, c[:, None]], [c[None, :], np.ones((1, 1))]]))
    place = list(b).index("autonomy")
    partial = -inverse[place, -1] / np.sqrt(inverse[place, place] * inverse[-1, -1])
    if abs(mixed["autonomy"] - b["autonomy"]) < 0.01:
        raise Redraw("the bug would hardly show")
    told = ", ".join(f"{name.replace('_', ' ')} {fixed(weight, 3)}" for name, weight in b.items())
    return Number(
        "q4", minutes=12, points=3, right=b["autonomy"], decimals=3, unit="SD of the outcome for one SD of autonomy",
        routes=[Route("not mended", mixed["autonomy"], "This is what the cell prints as it stands. Put c beside R.index: "
                      "does each correlation stand beside its own feature?"),
                Route("observed", observed["autonomy"], "These are the observed correlations. Asked are the corrected "
                      "ones, as on page 3."),
                Route("alone", c[place], "This is autonomy's correlation, with nothing beside it. Asked is its weight."),
                Route("partial correlation", partial, "This is the partial correlation. Asked is the weight: R b = c.")],
        hints=["R has names at its left, c the row numbers of features. Whose is the first number of c, and whose the first "
               "row of R?",
               "R is sorted by name, c stands in the order of the file. Give c its names with .set_index(\"one\"), then "
               "put it into the order of R with .loc[R.index]."],
        worked=f"With every correlation beside its own feature the weights for {outcome} are: {told}. Autonomy alone: "
               f"{c[place]:.2f}; beside the others {fixed(b['autonomy'], 3)}. As it stood, the cell said "
               f"{fixed(mixed['autonomy'], 3)}, with no warning. The weight compares jobs that are alike in the others. "
               "Nobody was given autonomy.")


def _pairs(calls):
    heard, not_heard = calls["heard"].to_numpy(), calls["not_heard"].to_numpy()
    d, n = heard - not_heard, len(calls)
    mean, se = d.mean(), d.std(ddof=1) / n**0.5
    groups = np.sqrt((heard.var(ddof=1) + not_heard.var(ddof=1)) / n)
    low, high = mean - (t := stdtrit(n - 1, 0.975)) * se, mean + t * se
    return Number(
        "q7", minutes=8, points=2, right=low, decimals=2, unit="points of 100",
        routes=[Route("two groups", mean - stdtrit(2 * n - 2, 0.975) * groups, "This takes the calls for those of two sets "
                      "of people. They are pairs: each agent has both. Take the differences first."),
                Route("1.96 instead of t*", mean - 1.959964 * se, "This uses 1.96. With few agents, t* from the t "
                      "distribution with n − 1 degrees of freedom is larger."),
                Route("population", mean - t * d.std(ddof=0) / n**0.5, "This divides by n inside the standard deviation. "
                      "For a sample it is n − 1: .std() of pandas does so, np.std does not."),
                Route("upper end", high, "This is the upper end of the interval."),
                Route("the other way round", -high, "This is not_heard minus heard; asked is the other way round."),
                Route("standard deviation", mean - t * d.std(ddof=1), "This goes t* standard deviations down; the standard "
                      "error is the standard deviation divided by the root of n."),
                Route("the mean", mean, "This is the mean difference. Asked is the lower end of its interval."),
                Route("one-tailed", mean - stdtrit(n - 1, 0.95) * se, "5 percent on one side. Asked are 2.5 on each.")],
        hints=["Week 1: one difference for each agent, then the mean, its standard error and t* (page 1, section 1.5.1).",
               "stats.t.ppf(0.975, n − 1) gives t*; from the mean go t* standard errors down."],
        worked=f"{n} differences: mean {fixed(mean, 2)}, standard deviation {d.std(ddof=1):.2f}, standard error {se:.3f}, "
               f"t* {t:.3f}. The 95 % interval runs from {fixed(low, 2)} to {fixed(high, 2)}. As if from two groups the "
               f"standard error would be {groups:.2f}: what an agent is good for is in both calls, and cancels.")


def _board(words, head_office, still):
    (plain, error, _), (held, held_error, _) = head_office, still
    return Text("q8", minutes=14, points=3, words=(60, 150), rubric=banks.RUBRIC, specimens=banks.specimens(
        firm=words["firm"], teams=words["teams"], plain=fixed(-plain[1], 2), error=fixed(error[1], 2),
        size=fixed(abs(held[1]), 2), way="lower" if held[1] < 0 else "higher", held_error=fixed(held_error[1], 2)))
