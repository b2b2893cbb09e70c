"""Module 01-minimum: what a minimum brings, what it costs, and how sure one laboratory can be."""

import numpy as np
from scipy.special import stdtrit

from pebbletrail.exercises.authoring import (
    Arrows,
    Choice,
    Criterion,
    Draw,
    Follow,
    Number,
    Prediction,
    Redraw,
    Route,
    Specimen,
    Text,
    beside,
    deal,
    fixed,
)

banks, worlds = beside(__file__, "banks"), beside(__file__, "worlds")
NAME, VERSION = "01-minimum", 1
TITLE = "What does a minimum do?"
PAGES = (0, 1)
REAL = {"q3": "computed: hidden-costs-differences, a personal subset of one laboratory's agents"}

FIRMS = ("Altona Telecom", "Corvane Fibre", "Belmare Mobile", "Tessaline", "Orvelle Cable", "Hadrin Net")
TOWNS = ("Brest", "Lille", "Nancy", "Tours", "Dijon", "Metz", "Rouen", "Angers")


def draw(rng, practice):
    minimum = int(rng.choice([10, 12, 14, 15]))
    laboratory = "Zurich" if practice else str(rng.choice(list(worlds.LABORATORIES)))
    lab, whole = worlds.laboratory(rng, laboratory)
    size, shy, held = int(rng.integers(31, 48)), rng.uniform(0.24, 0.42), rng.uniform(0.35, 0.7)
    centre = worlds.countable(rng, size, minimum, shy=shy, held=held)
    other = worlds.uneven(rng, int(rng.integers(58, 97)), minimum)
    town, second = (str(name) for name in rng.choice(TOWNS, 2, replace=False))
    words = {"firm": str(rng.choice(FIRMS)), "town": town, "second": second, "minimum": minimum, "agents": len(centre),
             "laboratory": laboratory, "drawn": len(lab), "whole": whole, "q3c": deal(rng, banks.READINGS, practice),
             "q5": deal(rng, banks.ARROWS, practice), "q6": deal(rng, banks.MEMOS, practice)}
    return Draw(tables={"centre": centre, "lab": lab, "counts": worlds.counted(other)}, words=words)


def questions(tables, words):
    centre, minimum, n = tables["centre"], words["minimum"], len(tables["centre"])
    free, controlled = centre["free"].to_numpy(), centre["controlled"].to_numpy()
    lift = np.maximum(minimum - free, 0)
    difference = free - controlled
    less, more = int((difference > 0).sum()), int((difference < 0).sum())
    lab = _by_hand(tables["lab"]["difference"].to_numpy(float))
    if abs(lab["mean"]) < 0.15:
        raise Redraw("the laboratory's mean is nearly zero: there is no more or less to tell")
    counts = _mended(tables["counts"])
    if counts["right"] > -0.3 or counts["rows"] < 1:
        raise Redraw("the broken cell does not mislead")
    if not worlds.told_apart(difference) or lift.sum() == 0:
        raise Redraw("whoever miscounts by one would land on another mistake, or nobody is lifted")
    return [
        Prediction("q1", minutes=3, points=1, options=[
            f"By the minimum itself, {minimum} points, or nearly.", f"By less than {minimum} points, but more than half of "
            "it.",
            f"By less than half of {minimum} points.", "Not at all: generous agents and careful ones cancel."],
            afterwards="Now compute it, and hold it beside your guess. Whom does a minimum reach?"),
        Number("q1b", minutes=5, points=1, right=float(lift.mean()), decimals=2, unit="points", routes=[
            Route("what agents really gave", (controlled - free).mean(), "You took the gifts that were really given under "
                  "control. The question is about agents who do nothing but obey: use obeyed."),
            Route("the level, not the rise", np.maximum(free, minimum).mean(), "This is the mean gift with the minimum. By "
                  "how much does it rise? Take the mean of the free gifts from it."),
            Route("only those who are lifted", lift[lift > 0].mean(), "You averaged over the agents whom the minimum lifts. "
                  "The others count too: for them the rise is 0.")],
            hints=["The rise is a difference of two means: of obeyed, and of the column free.",
                   "Two means, centre[\"free\"].mean() and obeyed.mean(); then the second minus the first."],
            worked=f"The mean of the free gifts is {free.mean():.2f} points. Lifted to {minimum} where they are smaller, "
            f"the mean is {np.maximum(free, minimum).mean():.2f}. The rise is {lift.mean():.2f} points: only "
            f"{int((lift > 0).sum())} of {n} agents are reached at all."),
        _figure(less, more, n),
        *_laboratory_questions(lab, words),
        _repair(counts),
        Arrows("q5", minutes=8, points=2, bank=banks.ARROWS, dealt=words["q5"], fill=words, hints=[
            "Go through the story sentence by sentence. Who or what decides this? Draw an arrow from there.",
            "Cross out what a lottery, a coin or the calendar rules out: what comes later cannot cause what came before."]),
        Choice("q6", minutes=6, points=2, bank=banks.MEMOS, dealt=words["q6"], fill=words, hints=[
            "Take the last line of the memo and ask: does it follow from the lines above?",
            "Which of the four would still be wrong if everything else in the memo were done well?"]),
        _paragraph(lab, words)]


def _figure(less, more, n):
    rest = n - less
    near = "Nearly: count the dots to the right of zero again, column by column. It is one {} than you have."
    return Number("q2", minutes=6, points=2, right=100 * less / n, decimals=1, unit="percent of the agents", routes=[
        Route("those who gave more", 100 * more / n, "These dots lie left of zero: agents who gave more under control. "
              "Read the label below the axis again."),
        Route("zero counted in", 100 * (rest - more + less) / n, "You counted the dots at zero as well. They gave the "
              "same."),
        Route("all who did not give less", 100 * rest / n, "This is everybody who did not give less. The question is about "
              "those who did."),
        Route("the dots alone", less, "This is the number of dots. Of how many agents is that a percentage?"),
        Route("only those who changed", 100 * less / (less + more), "You divided by those who changed. The question says: "
              "of all agents."),
        Route("one dot missed", 100 * (less - 1) / n, near.format("more")),
        Route("one dot too many", 100 * (less + 1) / n, near.format("fewer"))],
        hints=["Less under control means: the difference, free minus controlled, is above zero.",
               f"Count the dots to the right of the line at zero, divide by {n}, and multiply by 100."],
        worked=f"{less} dots lie to the right of zero: so many agents gave less under control. {less} of {n} is "
        f"{100 * less / n:.1f} percent. {more} agents gave more, {rest - more} the same.")


def _by_hand(values):
    """Mean, standard deviation, standard error and interval from sums alone."""
    n, total = len(values), values.sum()
    squares = ((values - total / n) ** 2).sum()
    sd, t = (squares / (n - 1)) ** 0.5, float(stdtrit(n - 1, 0.975))
    return {"n": n, "mean": total / n, "sd": sd, "se": sd / n**0.5, "t": t, "low": total / n - t * sd / n**0.5,
            "high": total / n + t * sd / n**0.5, "population": (squares / n) ** 0.5,
            "one": total / n - float(stdtrit(n - 1, 0.95)) * sd / n**0.5}


def _laboratory_questions(lab, words):
    n, mean, sd, se, t = (lab[name] for name in ("n", "mean", "sd", "se", "t"))
    return [
        Number("q3", minutes=8, points=2, right=float(se), decimals=3, unit="points", routes=[
            Route("the standard deviation", sd, "This is the standard deviation: how far agents differ from one another. "
                  "The standard error is about their mean; divide by the root of the number of agents."),
            Route("divided by n", sd / n, "You divided by the number of agents. It takes its square root: n ** 0.5."),
            Route("population, not sample", lab["population"] / n**0.5, "Close. This standard deviation was divided by n, "
                  "not by n − 1. pandas' .std() gives the one for a sample; numpy's np.std does not unless "
                  "told.", earns=0.5),
            Route("the variance", sd**2 / n**0.5, "You used the variance, the square of the standard deviation. Take "
                  ".std()."),
            Route("n − 1 under the root", sd / (n - 1) ** 0.5, "Under the root stands n. The n − 1 is already in the "
                  "standard deviation.")],
            hints=["Two steps, as in section 1.5.1 of page 1: first how far agents differ, .std(); then how far their mean "
                   "would move.", "The standard error is the standard deviation divided by n ** 0.5."],
            worked=f"The {n} differences have a standard deviation of {sd:.2f} points. The root of {n} is {n**0.5:.3f}; "
            f"{sd:.3f} divided by it is {se:.3f} points."),
        Number("q3b", minutes=10, points=2, right=float(lab["low"]), decimals=2, unit="points",
               follows=Follow(f"{mean:.12g} - {t:.12g} * q3", uses=("q3",)), routes=[
            Route("z instead of t", mean - 1.959964 * se, "You used 1.96. That is for very many agents; with these few take "
                  "t_star.", earns=0.5),
            Route("the upper end", lab["high"], "This is the upper end. From the mean go down, not up."),
            Route("one standard error", mean - se, "You went down by one standard error. A 95 % interval goes t_star of "
                  "them."),
            Route("single agents", mean - t * sd, "You went down by standard deviations: that describes single agents. The "
                  "interval of the mean uses the standard error."),
            Route("one-tailed", lab["one"], "With 0.95 all five percent lie on one side. An interval with two ends leaves "
                  "2.5 percent on each: 0.975.")],
            hints=["From the mean go t_star standard errors down.", "mean minus t_star times standard error, in this "
                   "order."],
            worked=f"The mean difference is {fixed(mean, 3)} points, the standard error {se:.3f}. With {n - 1} degrees of "
            f"freedom t* is {t:.3f}. The lower end is {fixed(mean, 3)} − {t:.3f} · {se:.3f} = {fixed(lab['low'], 2)} "
            f"points, the upper one {fixed(lab['high'], 2)}."),
        Choice("q3c", minutes=5, points=2, bank=banks.READINGS, dealt=words["q3c"], fill=words, hints=[
            "Is each sentence about single agents, or about their mean?", "Page 1, section 1.5.1, says what the standard "
            "deviation, the standard error and the interval are."])]


def _persons(n):
    return "one agent" if n == 1 else f"{n} agents"


def _mended(table):
    """The right difference of the table of counts, and the ways to miss it."""
    rows, means, totals, lengths = {}, {}, {}, {}
    for condition, part in table.groupby("condition"):
        points, agents = part["points"].to_numpy(float), part["agents"].to_numpy(float)
        rows[condition], totals[condition], lengths[condition] = points.mean(), (points @ agents), len(points)
        means[condition] = totals[condition] / agents.sum()
    n = int(table.loc[table["condition"] == "free", "agents"].sum())
    return {"rows": rows["free"] - rows["controlled"], "right": means["free"] - means["controlled"], "n": n, "means": means,
            "smallest": _persons(table["agents"].min()), "largest": _persons(table["agents"].max()),
            "plain": rows["free"] * lengths["free"] / n - rows["controlled"] * lengths["controlled"] / n,
            "totals": totals, "sum": totals["free"] - totals["controlled"],
            "by rows": totals["free"] / lengths["free"] - totals["controlled"] / lengths["controlled"]}


def _repair(counts):
    means, totals, n = counts["means"], counts["totals"], counts["n"]
    return Number("q4", minutes=12, points=3, right=float(counts["right"]), decimals=2, unit="points", routes=[
        Route("the broken cell", counts["rows"], "This is what the broken cell says. It averages the rows. How many agents "
              "stand behind the first row, how many behind the last?"),
        Route("controlled minus free", -counts["right"], "The size is right. It is free minus controlled, not controlled "
              "minus free."),
        Route("totals, not means", counts["sum"], "This is the difference of the two totals. Divide each by the number of "
              "agents."),
        Route("points not multiplied", counts["plain"], "You divided by the number of agents, and that is right. But the "
              "points of a row were given by several agents: they count that many times."),
        Route("divided by rows", counts["by rows"], "You added up the points well, and then divided by the number of rows. "
              "Divide by the number of agents."),
        Route("divided by both conditions", counts["right"] / 2, "The same agents stand in both conditions. Divide each "
              "total by the agents of its own condition.")],
        hints=["A row stands for several agents, so its points count that many times. Page 1, section 1.4, does it.",
               "Make a column of points times agents, add up that column and agents within each condition, and divide."],
        worked=f"When free, the agents gave {totals['free']:.0f} points in all; under control {totals['controlled']:.0f}. "
        f"Divided by {n} agents these are {means['free']:.2f} and {means['controlled']:.2f} points: a difference of "
        f"{fixed(counts['right'], 2)}. The broken cell gave a row with {counts['smallest']} the weight of a row with "
        f"{counts['largest']}.")


def _paragraph(lab, words):
    n, mean, low, high = lab["n"], lab["mean"], lab["low"], lab["high"]
    gave = (f"about {abs(mean):.1f} points {'less' if mean > 0 else 'more'} when their boss enforced a minimum of 10 of 120 "
            "points")
    sure = "the size of that is not sure" if low * high > 0 else "not even the direction is sure"
    ends = f"from {fixed(low, 1)} to {fixed(high, 1)} points, where a number above zero says that control costs"
    full = (f"In a laboratory game, {n} agents gave on average {gave}. With so few people {sure}: the data fit an average "
            f"anywhere {ends}. These were people in a laboratory at a university, who played one round with points; nobody "
            f"rang, and no customer waited. So it says nothing yet about the agents of {words['firm']}. Before we decide on "
            "the script, let us find out how many of our agents would leave the step out when nobody makes them, and try it "
            "in a few centres that are drawn by lot.")
    middle = (f"The {n} agents of the experiment gave on average {gave}. Allowing for chance, the average may lie anywhere "
              f"{ends}. This was in a laboratory, and its agents are not ours, so that the result does not carry over just "
              "like that. On the whole I would say that control is a question of trust, and that trust cannot be enforced. "
              "The board should therefore think about the script with care, and hear what the team leaders have to say on "
              "it.")
    none = (f"Research has proved that control {'destroys goodwill' if mean > 0 else 'works'}. The effect is "
            f"{abs(mean):.2f} points and 95 percent certain. Our agents at {words['firm']} are people like all others, so "
            f"that the same will happen here. I recommend to {'drop' if mean > 0 else 'keep'} the script at once in all "
            "centres. Every week that we wait costs us money, and other firms are ahead of us already. Quality will "
            "follow, as the numbers clearly show.")
    return Text("q8", minutes=15, points=3, words=(60, 150), rubric=[
        Criterion("says in plain words what your laboratory's agents did, with the interval, and what that leaves open", 1),
        Criterion("says how far the laboratory is from a call centre, and claims nothing about causes there", 1),
        Criterion("says what to find out, or how to try it, before a decision", 1)],
        specimens=[
            Specimen(3, full, "Result with its interval in plain words, distance from the firm, and two things to find "
                     "out."),
            Specimen(2, middle, "Result and distance are there. “With care” and a proverb are no next step."),
            Specimen(0, none, "An interval read as certainty, a laboratory taken for the firm, and a decision instead of a "
                     "question.")])
