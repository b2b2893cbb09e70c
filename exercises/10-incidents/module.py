"""Module 10-incidents: who wrote again after which answer, what that is worth, and what a table of answers cannot say."""

from functools import cache

import numpy as np
import pandas as pd

import pebbletrail as pt
from pebbletrail.exercises.authoring import Choice, Draw, Follow, Number, Prediction, Redraw, Route, beside, deal

banks = beside(__file__, "banks")
NAME, VERSION, TITLE, PAGES = "10-incidents", 1, "A just answer, and what it brings", (12,)
REAL = {"q4": "computed: cfpb-dispute-counts, 120 of its 180 lines with a mark up to 2016"}

FIRMS = ("Blue Telecom", "Altona Telecom", "Garonne Fibre", "Northwind Lines", "Meridian Box", "Vesta Mobile", "Lark & Line")
EXPLAINED, CORRECTED = "Closed with explanation", "Closed with non-monetary relief"
Z = 1.959963984540054


@cache
def counts():
    """The real table: lines with a yes or a no on the dispute, up to 2016."""
    table = pt.load("cfpb-dispute-counts").query("answered > 0 and year < 2017")
    return table[["product", "response", "year", "channel", "answered", "disputed"]].reset_index(drop=True)


def draw(rng, practice):
    complaints = made_complaints(rng, int(rng.integers(560, 700)))
    lines = np.sort(rng.choice(len(counts()), 120, replace=False))
    odds = {answer: one["again"].sum() / (1 - one["again"]).sum() for answer, one in complaints.groupby("answer")}
    words = {
        "firm": str(rng.choice(FIRMS)), "n": len(complaints), "ratio": f"{odds['explanation'] / odds['refund']:.2f}",
        "gone_again": int(rng.integers(30, 41)), "gone_quiet": int(rng.integers(9, 16)),
        "worth": int(rng.integers(620, 980)), "cost": int(rng.integers(9, 19)), "each": int(rng.integers(38, 170)),
        "f": round(float(rng.uniform(5, 26)), 2), "q5": deal(rng, banks.DESIGNS, practice),
        "q6": deal(rng, banks.MEMOS, practice)}
    return Draw({"complaints": complaints, "cells": counts().iloc[lines], "asked": made_answers(rng)}, words)


def made_complaints(rng, n):
    """Where the firm was plainly wrong a refund is likelier and a second letter rarer; long outages make it commoner."""
    plain = rng.random(n) < rng.uniform(0.32, 0.48)
    refund = rng.random(n) < np.where(plain, rng.uniform(0.55, 0.75), rng.uniform(0.12, 0.22))
    hours = np.clip(np.rint(np.exp(rng.normal(np.log(75), 0.75, n))), 4, 300).astype(int)
    start, per_hour = rng.uniform(-0.95, -0.5), rng.uniform(0.008, 0.012)
    log_odds = start + per_hour * hours - rng.uniform(0.45, 0.95) * refund - rng.uniform(0.6, 1.1) * plain
    again = rng.random(n) < 1 / (1 + np.exp(-log_odds))
    return pd.DataFrame({"answer": np.where(refund, "refund", "explanation"), "plain": plain.astype(int), "hours": hours,
                         "again": again.astype(int)})


def made_answers(rng):
    """Customers hit by the same incident were handled alike: their answers hang together."""
    incidents = int(rng.integers(17, 27))
    sizes = rng.integers(4, 12, incidents)
    of = np.repeat(np.arange(incidents), sizes)
    handled, rest = rng.normal(0, 1, incidents), rng.normal(0, 0.8, incidents)
    link = rng.uniform(0.4, 0.9)
    treated = 4.3 + handled[of] + rng.normal(0, 0.9, len(of))
    stay = 4.2 + link * handled[of] + rest[of] + rng.normal(0, 1.0, len(of))
    treated, stay = (np.clip(one, 1, 7).round(1) for one in (treated, stay))
    return pd.DataFrame({"incident": of + 1, "treated": treated, "stay": stay})


def newton(columns, y):
    """The coefficients of a logistic model with an intercept, by Newton's steps."""
    X = np.column_stack([np.ones(len(y)), *columns]).astype(float)
    b = np.zeros(X.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-X @ b))
        b = b + np.linalg.solve((X * (p * (1 - p))[:, None]).T @ X, X.T @ (y - p))
    return X, b


def share(log_odds):
    return 1 / (1 + np.exp(-log_odds))


def marginal(refund, others, y):
    """In points: what a refund for everybody changes against an explanation for everybody; and other readings of the "
      "fit."""
    X, b = newton([refund, *others], y)
    rest = X @ b - b[1] * refund
    p, middle = share(X @ b), float(np.delete(X.mean(axis=0), 1) @ np.delete(b, 1))
    return {"ame": 100 * float(np.mean(share(rest + b[1]) - share(rest))), "log odds": b[1], "ratio": float(np.exp(b[1])),
            "slope": 100 * b[1] * float(np.mean(p * (1 - p))), "middle": 100 * float(share(middle + b[1]) - share(middle))}


def fisher(r, n, side):
    return float(np.tanh(np.arctanh(r) + side * Z / np.sqrt(n - 3)))


def questions(tables, words):
    complaints, cells, asked = tables["complaints"], tables["cells"], tables["asked"]
    refund = (complaints["answer"] == "refund").to_numpy(float)
    again, plain, hours = (complaints[name].to_numpy(float) for name in ("again", "plain", "hours"))
    with_it, without = again[refund == 1], again[refund == 0]
    p0, p1 = without.mean(), with_it.mean()
    _, (a0, b0) = newton([hours[refund == 0]], without)
    _, (a1, b1) = newton([hours[refund == 1]], with_it)
    half, other = -a0 / b0, -a1 / b1
    held, crude = marginal(refund, [plain, hours], again), 100 * (p1 - p0)
    ame = held["ame"]
    gap, worth, cost = (words["gone_again"] - words["gone_quiet"]) / 100, words["worth"], words["cost"]
    needed = cost / (-ame / 100 * gap * worth)
    if not (45 <= half <= 150 and half + 40 <= other and b1 > 0):
        raise Redraw("the curves do not cross one half where the figure shows it")
    if not (-26 < ame < -4 and abs(crude - ame) > 3 and 0.15 < needed < 0.98):
        raise Redraw("holding the case still does not change what a refund goes with, or the price is out of reach")
    each, t = words["each"], words["f"] ** 0.5
    return [
        *_first(p0, p1, without, with_it, words),
        Number("q2", minutes=5, points=2, right=float(half), decimals=0, unit="hours", tolerance=8, routes=[
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
                   Route("odds ratio", held["ratio"], "That is the odds ratio. Asked are points: margins()."),
                   Route("hours alone", marginal(refund, [hours], again)["ame"], "hours is held still, plain is not. Who "
                         "was plainly wronged gets a refund more often and writes less."),
                   Route("plain alone", marginal(refund, [plain], again)["ame"], "plain is held still, hours is not. "
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
                   Route("upside down", 1 / times, "Upside down: the share after an explanation over the share after a "
                                                   "refund."),
                   Route("a difference", p0 - p1, "That is the difference of the two shares. Asked is how many times."),
                   Route("the wrong whole", among / (1 - among), "You compared who, among those who wrote again, had got "
                         "which answer. Take each answer's own share of second letters.")],
               hints=["The share of second letters after an explanation, and after a refund.",
                      "complaints.groupby(\"answer\")[\"again\"].mean() gives both; divide the first by the second."],
               worked=f"{100 * p0:.1f} percent after an explanation, {100 * p1:.1f} after a refund: {times:.3f} times as "
                      f"likely. The odds ratio is {ratio:.2f}."),
    ]


def _repair(cells):
    def gap(of, second=CORRECTED):
        return of[EXPLAINED] - of[second]

    yes, n = (cells.groupby("response")[name].sum().to_dict() for name in ("disputed", "answered"))
    points = {name: 100 * yes[name] / n[name] for name in n}
    means = {name: 100 * np.mean(one["disputed"] / one["answered"]) for name, one in cells.groupby("response")}
    money = "Closed with monetary relief"
    if money not in points or abs(gap(points) - gap(means)) < 1:
        raise Redraw("the broken cell is too near the mended one")
    return Number("q4", minutes=12, points=3, right=float(gap(points)), decimals=2, unit="percentage points", routes=[
        Route("as it stood", gap(means), "That is the number of the broken cell. A line with one complaint counts in it "
              "as much as a line with five hundred."),
        Route("answers with money", gap(points, money), "That is explanation against relief in money. Asked is relief "
                                                        "without money."),
        Route("of all disputes", 100 * (yes[EXPLAINED] - yes[CORRECTED]) / sum(yes.values()), "You divided by all "
              "disputes. Divide each answer's disputes by the answers of that kind."),
        Route("a ratio", points[EXPLAINED] / points[CORRECTED], "That is how many times. Asked is the difference in "
                                                                "points.")],
        hints=["How many complaints stand behind each line of the table? Does the broken cell know it?",
               "Add up first, divide after: for each kind of answer the sum of disputed over the sum of answered."],
        worked=f"Mean of the lines' shares: {means[EXPLAINED]:.2f} and {means[CORRECTED]:.2f} percent. Added up first: "
               f"{yes[EXPLAINED]} of {n[EXPLAINED]} and {yes[CORRECTED]} of {n[CORRECTED]}, {points[EXPLAINED]:.2f} and "
               f"{points[CORRECTED]:.2f} percent, {gap(points):.2f} points apart.")


def _earlier(asked):
    of = asked["incident"].to_numpy()
    _, place = np.unique(of, return_inverse=True)
    size = np.bincount(place)
    treated, stay = (np.bincount(place, asked[name].to_numpy()) / size for name in ("treated", "stay"))
    r, rows = np.corrcoef(treated, stay)[0, 1], np.corrcoef(asked["treated"], asked["stay"])[0, 1]
    k, n = len(size), len(asked)
    return Number("q7", minutes=8, points=2, right=fisher(r, k, -1), decimals=3, unit="a correlation", routes=[
        Route("customers as witnesses", fisher(rows, n, -1), "You counted customers. Those hit by the same incident were "
              "handled alike: average them first, then count incidents."),
        Route("too many witnesses", fisher(r, n, -1), "The means are right. But n is now the number of incidents."),
        Route("the correlation itself", r, "That is the correlation of the means. Asked is the lower end of its "
                                           "interval."),
        Route("the upper end", fisher(r, k, 1), "That is the upper end."),
        Route("the root of n", float(np.tanh(np.arctanh(r) - Z / np.sqrt(k))), "Under the root stands n − 3.")],
        hints=["groupby(\"incident\") and mean() make one line an incident. Correlate these lines.",
               "np.arctanh(r), less 1.96/√(n − 3), and back with np.tanh (7.5.1); n is the number of incidents."],
        worked=f"{k} incidents; their means correlate at {r:.3f}. On Fisher's scale {np.arctanh(r):.3f}, less "
               f"{Z:.2f}/√{k - 3} = {Z / np.sqrt(k - 3):.3f}, and back: {fisher(r, k, -1):.3f}. With {n} customers one "
               f"would have believed in {fisher(rows, n, -1):.3f}.")
