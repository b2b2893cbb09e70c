"""Module 11-loops-locks-storms: a loop that tips, a lock that hides, two coders; for readers of one of three pages."""

from functools import cache

import numpy as np

import pebbletrail as pt
from pebbletrail.exercises.authoring import (
    Arrows,
    Choice,
    Draw,
    Follow,
    Number,
    Prediction,
    Redraw,
    Route,
    beside,
    deal,
)

arrows, banks, made = (beside(__file__, name) for name in ("arrows", "banks", "tables"))
NAME, VERSION, TITLE, PAGES = "11-loops-locks-storms", 1, "Loops, locks and storms", (5, 11, 13)
REAL = {"q7": "computed: singh-2000-correlations, five of its 17 rows"}

FIRMS = ("Blue Telecom", "Altona Telecom", "Garonne Fibre", "Northwind Lines", "Meridian Box", "Vesta Mobile", "Lark & Line")
WORN = "burnout_customers"


@cache
def scales():
    return pt.load("singh-2000-correlations")


def draw(rng, practice):
    world = pt.Circle(demand=round(rng.uniform(0.54, 0.577), 3), drain=round(rng.uniform(0.14, 0.165), 3),
                      rest=round(rng.uniform(0.56, 0.64), 2))
    rounds, calls = int(rng.integers(11, 17)), round(rng.uniform(0.4, 0.52), 2)
    months = int(rng.choice([12, 18, 24]))
    coder_a, coder_b = made.codes(rng)
    outcome = str(rng.choice(["quality", "productivity"]))
    others = [name for name in scales()["construct"] if name not in ("quality", "productivity", WORN)]
    names = [WORN, *sorted(str(name) for name in rng.choice(others, 3, replace=False))]
    rows = scales().set_index("construct").loc[[outcome, *names], ["n", outcome, *names]].reset_index()
    words = {
        "firm": str(rng.choice(FIRMS)), "demand": world.demand, "lasts": 10 * rounds, "calls": calls,
        "fee": int(rng.choice([140, 160, 180, 200, 220])), "months": months, "month": months + int(rng.integers(13, 19)),
        "kind": str(rng.choice(["lock", "pledge"])), "outcome": outcome,
        "others": ", ".join(f"`{one}`" for one in names[1:]), "q5": deal(rng, arrows.ARROWS, practice),
        "q6": deal(rng, banks.MEMOS, practice)}
    return Draw({"outage": made.days(world, rounds, calls), "weeks": made.weeks(world), "asked": made.loyalty(rng),
                 "contracts": made.contracts(rng, months), "coder_a": coder_a, "coder_b": coder_b, "scales": rows}, words)


def kappa(first, second, same=None):
    same = np.mean(first == second) if same is None else same
    chance = sum(np.mean(first == code) * np.mean(second == code) for code in made.CODES)
    return float((same - chance) / (1 - chance))


def staying(months, left, at):
    """Kaplan and Meier's share and Greenwood's error, in percent: of those still watched, who stayed, month by month."""
    share, spread = 1.0, 0.0
    for month in range(at + 1):
        watched, gone = np.sum(months >= month), np.sum((months == month) & (left == 1))
        share *= 1 - gone / watched if watched else 1.0
        spread += gone / (watched * (watched - gone)) if watched > gone else 0.0
    return 100 * float(share), 100 * float(share * spread ** 0.5)


def misread(months, left, at):
    """The same share, in percent, by three naive readings of who was watched for how long."""
    return {"seen to stay": 100 * np.mean(left == 0), "leavers over all": 100 * (1 - np.mean((left == 1) & (months <= at))),
            "watched so long": 100 * np.mean(months >= at)}


def questions(tables, words):
    there = {kind: share for kind, (share, _) in _letters(tables["contracts"], words["month"], staying).items()}
    more = 10 * (there["pledge"] - there["lock"])
    return [*_loop(tables["outage"], tables["weeks"]), *_lock(tables["asked"], tables["contracts"], words, there, more),
            _repair(tables["coder_a"], tables["coder_b"]),
            Arrows("q5", minutes=7, points=2, bank=arrows.ARROWS, dealt=words["q5"], fill=words, hints=[
                "Take each sentence of the story that says what decides what: that is an arrow. No sentence, no arrow.",
                "What stands left of -> is the earlier. An arrow may stand beside a longer road only if the story says "
                "that both are there."]),
            Choice("q6", minutes=6, points=2, bank=banks.MEMOS, dealt=words["q6"], fill=words, hints=[
                "Go to the line that the recommendation rests on. What would have to be known for it to follow?",
                "The worst flaw is the one that, mended, would change what the board does."]),
            _earlier(tables["scales"], words),
            banks.board(words, there[words["kind"]], more)]


def _loop(outage, weeks):
    last, second = outage.iloc[-1], outage[outage["day"] == 2]
    usual, with_it = float(last["usual"]), float(last["outage"])
    jumps = np.diff(weeks["friday"])
    at = int(jumps.argmax())
    tips = float(weeks["monday"].iloc[at] + 1)
    low, high = float(weeks["friday"].iloc[0]), float(weeks["friday"].iloc[-1])
    if with_it < 5 * usual or jumps[at] < 1.5:
        raise Redraw("the centre mends, or does not tip")
    return [
        Prediction("q1", minutes=3, points=1, options=(
                       "As many as without the outage, give or take a tenth.", "More, but less than twice as many.",
                       "Far more: five times as many, or more still."),
                   afterwards="Who is not helped calls again, upset; upset callers wear agents out; worn agents help "
                              "fewer. Such a loop can keep a bad state going long after its cause is gone, or let it die "
                              "out. Now look at the table."),
        Number("q1b", minutes=5, points=1, right=with_it / usual, decimals=2, unit="times", routes=[
                   Route("a difference", with_it - usual, "That is how many more. Asked is how many times as many."),
                   Route("the worst hour", second["outage"].max() / second.loc[second["outage"].idxmax(), "usual"],
                         "That is the worst hour of the second day. Asked is the last hour of the tenth day."),
                   Route("upside down", usual / with_it, "Upside down: with the outage over without it."),
                   Route("a mean over all days", outage["outage"].mean() / outage["usual"].mean(), "That is a mean over "
                         "all ten days. Take the last row alone.")],
               hints=["The last row of the table: outage.iloc[-1].", "Its value under outage, divided by its value under "
                                                                     "usual."],
               worked=f"Last row: {with_it:.4f} upset callers a seat with the outage, {usual:.4f} without; "
                      f"{with_it / usual:.2f} times as many, nine days after it."),
        Number("q2", minutes=5, points=2, right=tips, decimals=0, unit="percent of the agents", tolerance=2, routes=[
                   Route("a height", high / 2, "That is a height: how many upset callers wait on Friday. Go down from the "
                         "jump, and read the bottom axis.")],
               hints=["Follow the dots from the left. At one place the next dot is far higher.", "From that place go "
                      "straight down to the axis of Monday."],
               worked=f"Up to {weeks['monday'].iloc[at]} percent worn on Monday the week ends low, with about {low:.1f} "
                      f"upset callers a seat; from {weeks['monday'].iloc[at + 1]} on it ends high, with about {high:.1f}. "
                      f"The border lies at about {tips:.0f}."),
    ]


def _lock(asked, contracts, words, there, more):
    s, c, y = (asked[name].to_numpy(float) for name in ("satisfaction", "fee", "loyalty"))
    fee, kind, month = words["fee"], words["kind"], words["month"]
    one = np.ones(len(y))
    b = np.linalg.lstsq(np.column_stack([one, s, c, s * c]), y, rcond=None)[0]
    alone = np.linalg.lstsq(np.column_stack([one, s, c]), y, rcond=None)[0]
    dear, slope = c >= fee, b[1] + b[3] * fee
    other = "pledge" if kind == "lock" else "lock"
    formula = f"10 * ({there['pledge']} - q3b)" if kind == "lock" else f"10 * (q3b - {there['lock']})"
    errors = [error for _, error in _letters(contracts, month, staying).values()]
    naive = _letters(contracts, month, misread)
    if more / 10 < max(4, 2.2 * np.hypot(*errors)) or b[3] > -0.003:
        raise Redraw("the letters differ no more than chance would make them, or satisfaction counts alike for all")
    return [
        Number("q3", minutes=11, points=2, right=float(slope), decimals=3, unit="points of loyalty for one of "
                                                                                "satisfaction", routes=[
                   Route("fee 0", b[1], f"That is the weight of satisfaction: the slope where leaving costs nothing. "
                         f"Asked is the slope at {fee} euros."),
                   Route("no product", alone[1], "That model has no product, so one slope for all. Write satisfaction * "
                                                 "fee."),
                   Route("the product alone", b[3] * fee, "That is by how much the slope has fallen. Add the weight of "
                                                          "satisfaction."),
                   Route("only the dear ones", np.polyfit(s[dear], y[dear], 1)[0], "You fitted those with high fees "
                         "alone. Use everybody, and the product.")],
               hints=["loyalty ~ satisfaction * fee gives three weights: satisfaction, fee and their product.",
                      "The slope at a fee is the weight of satisfaction plus the product's weight times that fee."],
               worked=f"{b[1]:.3f} where leaving is free; each euro takes {-b[3]:.5f} away; at {fee} euros {b[1]:.3f} − "
                      f"{-b[3] * fee:.3f} = {slope:.3f}."),
        Number("q3b", minutes=9, points=1, right=there[kind], decimals=2, unit="percent", routes=[
                   Route("seen to stay", naive[kind]["seen to stay"], "That counts everybody who was not seen to leave, "
                         "also those who were last seen long before. Use the curve."),
                   Route("leavers over all", naive[kind]["leavers over all"], "You divided by everybody, as if those who "
                         "were not watched so long had stayed. The curve counts them only while they are watched."),
                   Route("watched so long", naive[kind]["watched so long"], "You counted all who were not watched until "
                         "then as gone. They are unknown, and not gone."),
                   Route("the other letter", there[other], f"That is the {other} letter. Asked is the {kind} letter.")],
               hints=["pt.survival(contracts, time=\"months\", event=\"left\", by=\"letter\") draws both curves.",
                      f".at([{month}]) reads them off; staying is a share, asked are percent."],
               worked=f"Of those still watched, the share that did not leave, multiplied on from month to month: "
                      f"{there[kind]:.2f} percent in month {month}."),
        Number("q3c", minutes=4, points=1, right=more, decimals=1, unit="customers of 1,000",
               follows=Follow(formula, ("q3b",)), routes=[
                   Route("of a hundred", more / 10, "That is of 100 customers. Asked is of 1,000."),
                   Route("a ratio", 1000 * (there["pledge"] / there["lock"] - 1), "That is in parts of those under the "
                         "lock. Take the difference of the two shares."),
                   *(Route(f"both letters so: {way}", 10 * (naive["pledge"][way] - naive["lock"][way]), "Right from your "
                           "own two shares; mend q3b first.", earns=1) for way in naive["lock"])],
               hints=["Both shares in the same month, pledge minus lock.", "One point of a hundred is ten customers of "
                                                                          "1,000."],
               worked=f"{there['pledge']:.2f} minus {there['lock']:.2f} percent is {more / 10:.2f} points, or {more:.1f} "
                      "of 1,000."),
    ]


def _letters(contracts, month, read):
    return {kind: read(one["months"].to_numpy(), one["left"].to_numpy(), month) for kind, one in contracts.groupby("letter")}


def _repair(coder_a, coder_b):
    code = dict(zip(coder_b["comment"], coder_b["code"], strict=True))
    both = [(a, code[comment]) for comment, a in zip(coder_a["comment"], coder_a["code"], strict=True) if comment in code]
    first, second = (np.array(codes) for codes in zip(*both, strict=True))
    rows = len(coder_b)
    beside_it, as_stood = coder_a["code"].to_numpy()[:rows], coder_b["code"].to_numpy()
    same, right, missed = np.mean(first == second), kappa(first, second), len(coder_a) - rows
    lost = np.array([code.get(comment, "") for comment in coder_a["comment"]])
    if right - kappa(beside_it, as_stood) < 0.1:
        raise Redraw("the broken cell is too near the mended one")
    return Number("q4", minutes=12, points=3, right=right, decimals=3, unit="kappa", routes=[
        Route("as it stood", kappa(beside_it, as_stood), "That is the number of the broken cell. Are the two codes in "
              "one of its rows codes of the same comment?"),
        Route("share agreed", same, "That is the share of comments with the same code. Kappa takes off what chance would "
                                    "give."),
        Route("all codes alike", (same - 1 / 6) / (5 / 6), "You took 1/6 for chance. The coders use some codes more "
                                                           "often than others."),
        Route("left out is not agreed", kappa(coder_a["code"].to_numpy(), as_stood, np.mean(coder_a["code"] == lost)),
              "You kept the comments that coder B left out, as disagreements. Nobody knows how B would have coded them: use "
              "those that both coded.")],
        hints=["Print some rows of side together with the comments' names, near the top and near the bottom.",
               "Bring the sheets together by the name of the comment: coder_a.merge(coder_b, on=\"comment\"). The "
               "two columns of codes become code_x and code_y."],
        worked=f"B left {missed} comments out, so that from the first of them on each row of side held two different "
               f"comments. Joined by name, {len(first)} comments were coded by both; {100 * same:.1f} percent alike, "
               f"kappa {right:.3f}.")


def _earlier(rows, words):
    table = rows.set_index("construct")
    names = list(table.index[1:])
    r, c = table.loc[names, names].to_numpy(float), table.loc[names, words["outcome"]].to_numpy(float)
    b = np.linalg.solve(r, c)
    biggest = 1 + int(np.abs(b[1:]).argmax())
    return Number("q7", minutes=9, points=2, right=float(b[0]), decimals=3, unit="standard deviations", routes=[
        Route("alone", c[0], "That is the correlation, with nothing held still. Put the three others beside it."),
        Route("another one", b[biggest], f"That is the weight of {names[biggest]}."),
        Route("explained", float(b @ c), "That is R². Asked is one weight."),
        Route("two at a time", np.linalg.solve(r[:2, :2], c[:2])[0], f"Only {names[1]} was held still. Hold all three.")],
        hints=["R: the correlations among the four; c: theirs with the outcome. The weights solve R b = c (3.5.3).",
               "np.linalg.solve(R, c), or pt.Moments.from_correlations and pt.regress; the first weight is the one asked "
               "for."],
        worked=f"Alone {c[0]:.3f}; beside {', '.join(names[1:])} it is {b[0]:.3f}. All four together explain "
               f"{100 * b @ c:.1f} percent.")
