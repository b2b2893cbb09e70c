"""Module 10-incidents: who wrote again after which answer, what that is worth, and what a table of answers cannot say."""

import numpy as np

from pebbletrail.exercises.authoring import Choice, Draw, Follow, Number, Prediction, Redraw, Route, beside, deal

banks, made = beside(__file__, "banks"), beside(__file__, "tables")
NAME, VERSION, TITLE, PAGES = "10-incidents", 1, "A just answer, and what it brings", (12,)
REAL = {"q4": "computed: cfpb-dispute-counts, 120 of its 180 lines with a mark up to 2016"}

FIRMS = ("Blue Telecom", "Altona Telecom", "Garonne Fibre", "Northwind Lines", "Meridian Box", "Vesta Mobile", "Lark & Line")


def draw(rng, practice):
    complaints = made.complaints(rng, int(rng.integers(560, 700)))
    lines = np.sort(rng.choice(len(made.counts()), 120, replace=False))
    odds = {answer: one["again"].sum() / (1 - one["again"]).sum() for answer, one in complaints.groupby("answer")}
    words = {
        "firm": str(rng.choice(FIRMS)), "n": len(complaints), "ratio": f"{odds['explanation'] / odds['refund']:.2f}",
        "gone_again": int(rng.integers(30, 41)), "gone_quiet": int(rng.integers(9, 16)),
        "worth": int(rng.integers(620, 980)), "cost": int(rng.integers(9, 17)), "each": int(rng.integers(38, 170)),
        "f": round(float(rng.uniform(5, 26)), 2), "q5": deal(rng, banks.DESIGNS, practice),
        "q6": deal(rng, banks.MEMOS, practice)}
    return Draw({"complaints": complaints, "cells": made.counts().iloc[lines], "asked": made.answers(rng)}, words)


def questions(tables, words):
    complaints, cells, asked = tables["complaints"], tables["cells"], tables["asked"]
    refund = (complaints["answer"] == "refund").to_numpy(float)
    again, plain, hours = (complaints[name].to_numpy(float) for name in ("again", "plain", "hours"))
    with_it, without = again[refund == 1], again[refund == 0]
    p0, p1 = without.mean(), with_it.mean()
    _, (a0, b0) = made.newton([hours[refund == 0]], without)
    _, (a1, b1) = made.newton([hours[refund == 1]], with_it)
    half, other = -a0 / b0, -a1 / b1
    held, crude = made.marginal(refund, [plain, hours], again), 100 * (p1 - p0)
    ame = held["ame"]
    gap, worth, cost = (words["gone_again"] - words["gone_quiet"]) / 100, words["worth"], words["cost"]
    needed = cost / (-ame / 100 * gap * worth)
    if not (45 <= half <= 150 and half + 40 <= other and b1 > 0):
        raise Redraw("the curves do not cross one half where the figure shows it")
    if not (-26 < ame < -4 and abs(crude - ame) > 3 and 0.15 < needed < 0.98):
        raise Redraw("holding the case still does not change what a refund goes with, or the price is out of reach")
    if abs(held["z"]) < 2:
        raise Redraw("the model's difference may well be chance")
    each, t = words["each"], words["f"] ** 0.5
    return [
        *_first(p0, p1, without, with_it, words),
        Number("q2", minutes=5, points=2, right=float(half), decimals=0, unit="hours", tolerance=5, routes=[
                   Route("the other curve", other, "That is where the curve of the refunds crosses 50 percent. Asked is "
                         "the one of the explanations."),
                   Route("a quarter", (np.log(1 / 3) - a0) / b0, "There it is a quarter. Look for the line of 50 "
                                                                 "percent.")],
               hints=["Go along the line of 50 percent until you meet the curve of the explanations.",
                      "From that place go straight down and read the hours."],
               worked=f"The curve of the explanations crosses 50 percent at about {half:.0f} hours; that of the refunds "
                      f"at about {other:.0f}, if it gets that far in the figure."),
        Number("q3", minutes=12, points=2, right=ame, decimals=2, unit="percentage points", routes=[
                   Route("nothing held still", crude, "That is the plain difference of the two shares. Hold plain and "
                         "hours still: both belong in the formula."),
                   Route("log odds", held["log odds"], "That is the coefficient, in log odds. margins() turns it into a "
                         "change of the share; then times 100."),
                   Route("log odds, a hundred times", 100 * held["log odds"], "That is the coefficient, in log odds, "
                         "times 100. margins() turns it into a change of the share; times 100 comes after that."),
                   Route("odds ratio", held["ratio"], "That is the odds ratio. Asked are points: margins()."),
                   Route("plain's line", made.marginal(plain, [refund, hours], again)["ame"], "That is the line of plain: "
                         "what being plainly in the wrong goes with. Take the line of the answer."),
                   Route("a straight line", held["line"], "That is the slope of a straight line through yes and no "
                         "(pt.regress). Asked is the logistic model (pt.logistic). Half the points.", earns=0.5),
                   Route("hours alone", made.marginal(refund, [hours], again)["ame"], "hours is held still, plain is not. "
                         "Who was plainly wronged gets a refund more often and writes less."),
                   Route("plain alone", made.marginal(refund, [plain], again)["ame"], "plain is held still, hours is not. "
                         "Both belong in the formula."),
                   Route("a slope", held["slope"], "That treats the answer as if it could change by a little. There are "
                         "only two: everybody explained, everybody refunded, and the gap. Half the points.", earns=0.5),
                   Route("at the middle case", held["middle"], "That is one made-up average complaint. Asked is the "
                         "average over all complaints. Half the points.", earns=0.5)],
               hints=["One model with three things on the right: the answer, plain and hours. Then the average marginal "
                      "effect.",
                      "pt.logistic(...).margins(\"C(answer)\") gives it as a share; times 100 makes points. The sign "
                      "says whether refunds go with more or fewer second letters."],
               worked=f"Without anything held still the difference is {crude:.2f} points. In the model with plain and "
                      f"hours it is {ame:.2f}: a part of the plain difference belonged to the cases and not to the "
                      "answers."),
        Number("q3b", minutes=8, points=1, right=float(needed), decimals=3, unit="a share, 1 is the whole gap",
               follows=Follow(f"{cost} / (-q3 / 100 * {gap} * {worth})", ("q3",)), routes=[
                   Route("with the plain difference", cost / (-crude / 100 * gap * worth), "You took the plain "
                         "difference of the shares. Take the points of q3, with plain and hours held still."),
                   Route("all who leave", cost / (-ame / 100 * words["gone_again"] / 100 * worth), "Those who do not "
                         "write again leave as well, only more rarely. What can be won is the gap between the two."),
                   Route("upside down", 1 / needed, "Upside down: what it costs over what it could bring at most.")],
               hints=["Per 100 refunds: how many fewer write again (q3)? If the whole gap in leaving were the second "
                      "letter's doing, how many more would stay, and what are they worth?",
                      "The share that just pays is what 100 refunds cost more, over what they would bring if the share "
                      "were 1."],
               worked=f"100 refunds: {-ame:.2f} fewer second letters; times a gap of {gap:.2f}, {-ame * gap:.3f} more "
                      f"customers stay at most, worth {-ame * gap * worth:.0f} euros. They cost {100 * cost} euros more. "
                      f"{100 * cost} / {-ame * gap * worth:.0f} = {needed:.3f}."),
        Number("q3c", minutes=5, points=1, right=t * (2 / each) ** 0.5, decimals=3, unit="standard deviations", routes=[
                   Route("F itself", t**2 * (2 / each) ** 0.5, "With two groups F is the square of t. Take the root "
                                                               "first."),
                   Route("all people", t * (1 / each) ** 0.5, "n in the formula is the number in each group, and not in "
                                                              "both."),
                   Route("t itself", t, "That is t. It grows with the number of people; d does not: times √(2/n)."),
                   Route("a correlation", (t**2 / (t**2 + 2 * each - 2)) ** 0.5, "That is the effect as a correlation. "
                                                                                 "Asked is d.")],
               hints=["t is the root of F (12.5.5).", "d = t · √(2/n), with n the people in each group."],
               worked=f"t = √{words['f']} = {t:.3f}; d = {t:.3f} · √(2/{each}) = {t * (2 / each) ** 0.5:.3f}."),
        _repair(cells),
        Choice("q5", minutes=7, points=2, bank=banks.DESIGNS, dealt=words["q5"], fill=words, hints=[
                   "Ask of each design: what else differs between the two groups that are compared?",
                   "A lot helps only if it is drawn over the right thing, and if everybody drawn is counted by what it "
                   "said."]),
        Choice("q6", minutes=6, points=2, bank=banks.MEMOS, dealt=words["q6"], fill=words, hints=[
                   "Ask of the boldest sentence: does it follow from the lines above it?",
                   "The worst flaw is the one that, mended, would change what the board does."]),
        _earlier(asked),
        banks.board(words, -ame, needed),
    ]


def _first(p0, p1, without, with_it, words):
    times, ratio = p0 / p1, p0 / (1 - p0) / (p1 / (1 - p1))
    among = without.sum() / (without.sum() + with_it.sum())
    shown = float(words["ratio"])
    return [
        Prediction("q1", minutes=3, points=1, options=(
                       f"Also about {shown:.1f} times as likely.", f"Less than that: nearer to 1 than {shown:.1f}.",
                       f"More than that: {shown * 1.3:.1f} times or more."),
                   afterwards="A ratio of odds always lies further from 1 than the ratio of shares, and the commoner a "
                              "thing is, the further. Now count it."),
        Number("q1b", minutes=5, points=1, right=float(times), decimals=3, unit="times", routes=[
                   Route("odds ratio", ratio, "That is the ratio of the odds again, with more decimals. Divide the two "
                                              "shares."),
                   Route("the slide's number", shown, "That is the number on the slide, a ratio of odds. Divide the two "
                                                      "shares."),
                   Route("upside down", 1 / times, "Upside down: the share after an explanation over the share after a "
                                                   "refund."),
                   Route("a difference", p0 - p1, "That is the difference of the two shares. Asked is how many times."),
                   Route("the wrong whole", among / (1 - among), "You compared who, among those who wrote again, had got "
                         "which answer. Take each answer's own share of second letters.")],
               hints=["The share of second letters after an explanation, and after a refund.",
                      "Group by the answer; the mean of again is the share. Divide the first by the second."],
               worked=f"{100 * p0:.1f} percent after an explanation, {100 * p1:.1f} after a refund: {times:.3f} times as "
                      f"likely. The odds ratio is {ratio:.2f}."),
    ]


def _repair(cells):
    said, mended = made.EXPLAINED, made.CORRECTED

    def gap(of, second=mended):
        return of[said] - of[second]

    yes, n = (cells.groupby("response")[name].sum().to_dict() for name in ("disputed", "answered"))
    points = {name: 100 * yes[name] / n[name] for name in n}
    means = {name: 100 * np.mean(one["disputed"] / one["answered"]) for name, one in cells.groupby("response")}
    money = "Closed with monetary relief"
    most = cells.loc[cells["response"].isin([said, mended]), "answered"].max()
    if money not in points or gap(means) >= 6 or gap(points) - gap(means) < 4:
        raise Redraw("the broken cell is too near the mended one")
    return Number("q4", minutes=12, points=3, right=float(gap(points)), decimals=2, unit="percentage points", routes=[
        Route("as it stood", gap(means), "That is the number of the broken cell. A line with one complaint counts in it "
              f"as much as a line with {most}."),
        Route("answers with money", gap(points, money), "That is explanation against relief in money. Asked is relief "
                                                        "without money."),
        Route("of all disputes", 100 * (yes[said] - yes[mended]) / sum(yes.values()), "You divided by all "
              "disputes. Divide each answer's disputes by the answers of that kind."),
        Route("a ratio", points[said] / points[mended], "That is how many times. Asked is the difference in "
                                                                "points.")],
        hints=["How many complaints stand behind each line of the table? Does the broken cell know it?",
               "Add up first, divide after: for each kind of answer the sum of disputed over the sum of answered."],
        worked=f"Mean of the lines' shares: {means[said]:.2f} and {means[mended]:.2f} percent. Added up first: "
               f"{yes[said]} of {n[said]} and {yes[mended]} of {n[mended]}, {points[said]:.2f} and "
               f"{points[mended]:.2f} percent, {gap(points):.2f} points apart.")


def _earlier(asked):
    of = asked["incident"].to_numpy()
    _, place = np.unique(of, return_inverse=True)
    size = np.bincount(place)
    treated, stay = (np.bincount(place, asked[name].to_numpy()) / size for name in ("treated", "stay"))
    r, rows = np.corrcoef(treated, stay)[0, 1], np.corrcoef(asked["treated"], asked["stay"])[0, 1]
    k, n = len(size), len(asked)
    low, believed = made.fisher(r, k, -1), made.fisher(r, n, -1)
    if believed - low < 0.05:
        raise Redraw("counting incidents hardly widens the interval")
    return Number("q7", minutes=8, points=2, right=low, decimals=3, unit="a correlation", routes=[
        Route("customers as witnesses", made.fisher(rows, n, -1), "You counted customers. Those hit by the same incident "
              "were handled alike: average them first, then count incidents."),
        Route("too many witnesses", believed, "The means are right. But n is now the number of incidents."),
        Route("the correlation itself", r, "That is the correlation of the means. Asked is the lower end of its "
                                           "interval."),
        Route("the upper end", made.fisher(r, k, 1), "That is the upper end."),
        Route("not turned back", np.arctanh(r) - made.Z / np.sqrt(k - 3), "That is still on Fisher's scale. np.tanh turns "
              "it back."),
        Route("the root of n", float(np.tanh(np.arctanh(r) - made.Z / np.sqrt(k))), "Under the root stands n − 3.")],
        hints=["groupby(\"incident\") and mean() make one line an incident. Correlate these lines.",
               "np.arctanh(r), minus 1.96/√(n − 3), and back with np.tanh (7.5.1); n is the number of incidents."],
        worked=f"{k} incidents; their means correlate at {r:.3f}. On Fisher's scale {np.arctanh(r):.3f}, minus "
               f"{made.Z:.2f}/√{k - 3} = {made.Z / np.sqrt(k - 3):.3f}, and back: {low:.3f}. The same {r:.3f} from {n} "
               f"independent customers would have reached down only to {believed:.3f}.")
