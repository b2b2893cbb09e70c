"""Module 09-trust: what a call teaches, whom one trusts when, and what counts as a witness."""

import numpy as np
from scipy import stats

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
    Text,
    beside,
    deal,
    fixed,
)

NAME, VERSION = "09-trust", 1
TITLE = "Whom Nadia trusts"
PAGES = (10,)
REAL = {"q7": "published: satisfaction-retention, 22 of its 30 studies"}

banks, made = beside(__file__, "banks"), beside(__file__, "tables")


def draw(rng, practice):
    tables = {"calls": made.calls(rng), "asked": made.asked(rng), **made.firms(rng), "studies": made.studies(rng)}
    words = {"firm": str(rng.choice(banks.FIRMS)), "people": len(tables["asked"]), "good": len(tables["calls"]) - 1,
             "low": str(rng.choice(["1.5", "2", "2.5"])), "high": str(rng.choice(["5.5", "6", "6.5"])),
             "panel": ("a transaction", "a relationship")[int(rng.integers(2))],
             "firms": len(tables["firms"]), "customers": len(tables["customers"]),
             "q5": deal(rng, banks.ARROWS, practice), "q6": deal(rng, banks.MEMOS, practice)}
    return Draw(tables=tables, words=words)


def questions(tables, words):
    weights = made.weights(tables["asked"])
    return [*_learning(tables["calls"]), _figure(tables["asked"], words), *_moderation(weights),
            _witnesses(tables["firms"], tables["customers"]), _repair(tables["staff"], tables["customers"]),
            *_judgement(words), _earlier(tables["studies"]), _board(weights, words)]


def _learning(calls):
    """Question 1: good calls and one disaster."""
    heard = calls["experience"].to_numpy()
    right, before = made.belief(heard), made.belief(heard[:-1])
    built, lost = before - made.START, before - right
    total = 1 + len(heard) + 1  # the first belief, the calls, the outstanding one twice
    return (
        Prediction("q1", minutes=3, points=1, options=(
            "Less than half of what the good calls had built.", "Between half and three quarters of it.",
            "More than three quarters of it, or all of it."),
            afterwards="The next number shows it. Bad does not weigh more than good in this world: a wow as far off would "
                       "lift the belief as much. What makes a disaster heavy is that it is far from what she expected by "
                       "then, and that an outstanding experience, good or bad, is set to count twice."),
        Number("q1b", minutes=6, points=1, right=right, decimals=3, unit="SD of trades", routes=[
            Route("mean of the calls", float(heard.mean()), "This is the mean of the calls. What she expected before the "
                                                            "first one counts as well, and the disaster counts twice."),
            Route("disaster once", made.belief(heard, peak=1.0), "Here every call counts once. An experience beyond 2 "
                                                                 "counts twice in this world; world.learn sees to it."),
            Route("forgetting", made.belief(heard, keep=1 - made.FORGET), "Here a month goes by between the calls, and "
                                                                          "part is forgotten. The calls come in one week: "
                                                                          "months_apart=0."),
            Route("before the disaster", before, "This is what she expects before the last call. Take the last line of the "
                                                 "table."),
            Route("of the brand", made.belief(heard, p0=1 / 0.64, says=0.25, start=-0.1), "This is her belief about the "
                                                                                          "brand. Asked is the person: "
                                                                                          "level=\"person\", which is what "
                                                                                          "learn takes by itself.")],
            hints=["world.learn(...) gives one line a call; the column mean is what she expects after it.",
                   "The answer is the mean in the last line, with months_apart=0."],
            worked=f"The first belief, −0.3, weighs as much as one call; the disaster as two. So {total} shares: (−0.3 + "
                   f"{heard[:-1].sum():.2f} + 2 · ({fixed(heard[-1], 2)})) / {total} = {fixed(right, 3)}. Before the "
                   f"last call it was {fixed(before, 3)}. From −0.3 the good calls had brought her up by {built:.3f}; the "
                   f"disaster took {lost:.3f}, {100 * lost / built:.0f} percent of that."))


def _figure(asked, words):
    """Question 2: the rise of a line."""
    person, stay = made.scores(asked)["person"], asked["intention"].to_numpy()
    slopes = [float(made.fit(stay[asked["relational"] == side], person[asked["relational"] == side])[0]) for side in (0, 1)]
    reach, side = float(words["high"]) - float(words["low"]), int(words["panel"] == "a relationship")
    steep, other = slopes[side], slopes[1 - side]
    if slopes[1] - slopes[0] < 0.12:
        raise Redraw("the two lines are hardly of different steepness")
    routes = [
        Route("other panel", other * reach, f"This is the rise in the other panel. Asked is the panel “{words['panel']}”."),
        Route("for one point", steep, f"This is the rise for one point of trust. Asked is the rise over all {reach:g} "
                                      "points."),
        *([Route("difference of the panels", (steep - other) * reach, "You compare the two panels. Asked is the rise "
                                                                      "within one of them, from the lower to the higher "
                                                                      "trust.")] if side else [])]
    return Number("q2", minutes=6, points=2, right=steep * reach, decimals=1, tolerance=0.2, unit="points of the wish to "
                                                                                                  "stay",
                  routes=routes, hints=[
        "Go up from the lower trust to the line, and from there to the scale on the left. The same at the higher trust.",
        f"Subtract the lower reading from the higher one. The panel is “{words['panel']}”."],
        worked=f"The line rises by {steep:.3f} for one point. From {words['low']} to {words['high']} are {reach:g} "
               f"points, so it rises by {steep * reach:.1f}.")


def _moderation(w):
    """Question 3: by how much the person weighs more in a relationship."""
    if w["product"] < max(0.08, 2.2 * w["se"]):
        raise Redraw("the person hardly weighs more in a relationship")
    there, unit = w["person"] + w["product"], "points of the wish to stay for a point of trust"
    return (
        Number("q3", minutes=10, points=2, right=w["product"], decimals=3, unit=unit, routes=[
            Route("weight in a transaction", w["person"], "This is the weight of person where relational is 0. Asked is by "
                                                          "how much it changes: the line person:relational."),
            Route("only one product", w["one"], "Only the person's weight may change with the context here. Give the trade "
                                                "and the brand their products as well, or the person's takes over what is "
                                                "theirs."),
            Route("trade and brand left out", w["alone"], "Trade and brand are missing, so the person is credited with "
                                                          "what she shares with them. Put all three levels in."),
            Route("context itself left out", w["bare"], "The products are there, the context itself "
                                                        "is not: add relational."),
            Route("of the brand", w["brand"], "This is brand:relational. Asked is person:relational."),
            Route("reversed", -w["product"], "The size is right. relational is 1 in a relationship, so the product says "
                                             "how much more the person weighs there.")],
            hints=["A product in a formula is written with a colon: person:relational. It wants one for each level.",
                   "intention ~ trade + brand + person + relational, and then the three products with relational (10.5.4). "
                   "The answer is one line of .table."],
            worked=f"With three levels, the context and three products, person has {w['person']:.4f} in a transaction, and "
                   f"person:relational is {w['product']:.3f}: by so much more does the person weigh in a relationship."),
        Number("q3b", minutes=3, points=1, right=there, decimals=3, unit=unit,
               follows=Follow(f"q3 + {w['person']:.12g}", uses=("q3",)), routes=[
            Route("weight in a transaction", w["person"], "This is the weight where relational is 0. In a relationship the "
                                                          "product comes on top."),
            Route("both contexts together", w["mean"], "This is one weight for both contexts together. Asked is that in a "
                  "relationship."),
            Route("without trade and brand", w["simple"], "Trade and brand are missing, so the person is credited with "
                                                          "what she shares with them.")],
            hints=["Where relational is 1, two lines of the table add up.",
                   "The weight of person and that of person:relational. (A regression among the relational customers "
                   "alone, with all three levels, gives the same.)"],
            worked=f"{w['person']:.4f} + {w['product']:.4f} = {there:.3f}."))


def _witnesses(firms, customers):
    """Question 3c: an error that counts firms."""
    trusts = dict(zip(firms["firm"], firms["firm_trust"], strict=True))
    x, y = customers["firm"].map(trusts).to_numpy(float), customers["trust"].to_numpy()
    slope, plain, right, bare = made.slope_errors(x, y, customers["firm"].to_numpy())
    handful = made.slope_errors(x, y, customers["employee"].to_numpy())[2]
    means = customers.groupby("firm")["trust"].mean()
    by_firm = made.slope_errors(means.index.map(trusts).to_numpy(float), means.to_numpy(), means.index.to_numpy())[1]
    if right < 1.3 * plain:
        raise Redraw("the firms hardly matter for the error")
    return Number("q3c", minutes=7, points=1, right=right, decimals=4, unit="SD of trust for an SD", routes=[
        Route("clusters ignored", plain, "This error takes every customer for a witness of her own. What the firm says is "
                                         "one number for all its customers: count firms, with errors=\"cluster\" and "
                                         "by=\"firm\"."),
        Route("employees as groups", handful, "The groups here are the numbers 1, 2, 3 …, which every firm uses again, so "
                                              "there are only a handful. What the slope begins with is one number a firm: "
                                              "the groups are firms."),
        Route("firm means", by_firm, "This is the error of a line through the firms' means. It counts the right witnesses, "
                                     "but asked is the cluster error of all rows.", earns=0.5),
        Route("the slope", slope, "This is the slope. Asked is its standard error, the column se."),
        Route("without the factor for few groups", bare, "This error lacks the small factor for the number of groups and "
                                                         "rows. pt.regress has it by itself.")],
        hints=["pt.regress takes errors=\"cluster\" and by=..., the column that names the groups (2.5.3).",
               "The groups are the firms. The answer stands in the column se, in the line firm_trust."],
        worked=f"Taken as independent rows the error is {plain:.4f}. Customers of one firm share what their firm is like, "
               f"so the {len(firms)} firms are the witnesses: with clusters it is {right:.4f}, {right / plain:.1f} times "
               "as large.")


def _repair(staff, customers):
    """Question 4: a join that meets every employee with the same number."""
    slopes = made.joins(staff, customers)
    right, broken = slopes["right"], slopes["broken"]
    return Number("q4", minutes=9, points=3, right=right, decimals=3, unit="SD of trust for an SD", routes=[
        Route("as it stood", broken, "This is the number of the colleague's cell. Count the rows of both: there are more "
                                     "than customers. Which employees have number 1?"),
        Route("joined by firm alone", slopes["by firm"], "Now every customer stands beside every employee of the firm. She "
                                                      "has one of them: firm and employee together say which."),
        Route("firm's mean felt trust", slopes["firm's mean"], "Here every employee of a firm gets the firm's mean. Asked "
                                                               "is her own."),
        Route("turned round", slopes["turned"], "This is felt trust on customers' trust. Asked is the slope of "
                                                          "the customers' trust on felt trust.")],
        hints=["Compare len(both) with len(customers). A join must not make customers.",
               "Employee 1 is somebody else in every firm. What, together with the number, says who it is?"],
        worked="Every firm has an employee 1, so a join by employee alone puts each customer beside the employees of all "
               f"{staff['firm'].nunique()} firms who bear that number. Joined by firm and employee there are "
               f"{len(customers)} rows again, and the slope is {right:.3f}; the cell as it stood said {fixed(broken, 3)}.")


def _judgement(words):
    return (
        Arrows("q5", minutes=7, points=2, bank=banks.ARROWS, dealt=words["q5"], fill=words, hints=[
            "Take one thing after the other and ask: what does the story say that moves it?",
            "What acts through something else gets no arrow of its own past it."]),
        Choice("q6", minutes=6, points=2, bank=banks.MEMOS, dealt=words["q6"], fill=words, hints=[
            "Hold each line beside the last one. Which step does the evidence not carry?",
            "Three of the four are details, or not true. One takes the ground from under the last line."]))


def _earlier(studies):
    """Question 7, from week 6: the interval of a mean of correlations."""
    r = studies.loc[studies["outcome"] == "intention", "r"].to_numpy()
    k, z, every = len(r), np.arctanh(r), np.arctanh(studies["r"].to_numpy())

    def end(values, reach, divisor=1):
        return float(values.mean() + reach * values.std(ddof=divisor) / np.sqrt(len(values)))

    t = float(stats.t.ppf(0.975, k - 1))
    right = float(np.tanh(end(z, -t)))
    return Number("q7", minutes=8, points=2, right=right, decimals=3, unit="correlation", routes=[
        Route("upper end", float(np.tanh(end(z, t))), "This is the upper end. Asked is the lower one."),
        Route("without Fisher's scale", end(r, -t), "This is the interval on the scale of correlations. Stretch them by "
                                                    "arctanh, compute the ends there, and turn them back by tanh."),
        Route("not turned back", end(z, -t), "This end is still on Fisher's scale. Turn it back by np.tanh."),
        Route("1.96 in place of t", float(np.tanh(end(z, -1.959964))), f"With {k} studies the reach is not 1.96 errors but "
                                                                       f"the t value with {k - 1} degrees of freedom, "
                                                                       "which is larger."),
        Route("behaviour counted in", float(np.tanh(end(every, -stats.t.ppf(0.975, len(every) - 1)))), "All studies are in "
                                                                                                       "here. Keep those "
                                                                                                       "whose outcome is "
                                                                                                       "intention."),
        Route("spread, not error", float(np.tanh(z.mean() - t * z.std(ddof=1))), "This reaches down by the spread of the "
                                                                                 "studies. The error of a mean is the "
                                                                                 "spread divided by the root of their "
                                                                                 "number.")],
        hints=["Keep the rows with outcome intention, take np.arctanh of r, and look for the interval of the mean.",
               "stats.ttest_1samp(z, 0).confidence_interval().low is the lower end on Fisher's scale; np.tanh turns it back "
               "(8.5.7)."],
        worked=f"On Fisher's scale the mean of the {k} is {z.mean():.4f} and the error of the mean "
               f"{z.std(ddof=1) / np.sqrt(k):.4f}. With t = {t:.3f} the lower end is {end(z, -t):.4f}, which tanh turns "
               f"back into {right:.3f}.")


def _board(w, words):
    told = banks.specimens(words["firm"], words["people"], w)
    return Text("q8", minutes=15, points=3, words=(60, 150), specimens=told, rubric=(
        Criterion("gives what trust in the person weighs in a relationship and in a transaction, with the unit, of whom, "
                  "and how sure the difference is", 1),
        Criterion("says what one survey cannot tell: who will go, what a mood does to all answers, or that a wish is no "
                  "deed", 1),
        Criterion("asks for a test: trust before and after the agent leaves, others for comparison, and who is there in a "
                  "year", 1)))
