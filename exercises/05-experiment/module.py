"""Module 05-experiment: what a lot can tell, and what it cannot."""

import numpy as np
from scipy.special import ndtri, stdtrit

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
    fixed,
)

banks, worlds = beside(__file__, "banks"), beside(__file__, "worlds")

NAME, VERSION = "05-experiment", 1
TITLE = "What a lot can tell, and what it cannot"
PAGES = (2,)
REAL = {"q2": "computed: ctrip-event-study (Bloom, Liang, Roberts & Ying 2015; rows by way of Park, Tafti & Shmueli, from "
              "the authors' archive), a personal choice of blocks",
        "q7": "computed: hidden-costs-differences (Falk & Kosfeld 2006 and others; counted from the pooled file of Burdin, "
              "Halliday & Landini's package), a personal choice of laboratories"}

FIRMS = ("Altona Telecom", "Rhône Line", "Vistula Net", "Tagus Fibre", "Meuse Box", "Ticino Link")
PAID = ("Zurich", "Jena 1", "Jena 2", "Jena 3", "Trento", "Massachusetts")  # points paid out, and the boss decides
START, END = worlds.START, worlds.END


def draw(rng, practice):
    """A made-up trial of working at home; blocks of the real one; laboratories of the hidden-costs game."""
    trial = worlds.trial(rng)
    people = trial.groupby("group")["person"].nunique()
    gone = people - trial[trial["week"] == END].groupby("group")["person"].size()
    blocks = pt.load("ctrip-event-study")[["block", "first_week", "last_week", "difference", "se"]]
    kept = [rng.choice(np.arange(low, high), size, replace=False) for low, high, size in ((0, 12, 8), (12, 21, 7))]
    blocks = blocks.iloc[np.sort(np.concatenate(kept))].reset_index(drop=True)
    gifts = pt.load("hidden-costs-differences")
    some = rng.choice(PAID, size=int(rng.integers(3, 5)), replace=False)
    words = {"firm": str(rng.choice(FIRMS)), "n": int(people.sum()), "half": int(people["home"]),
             "gone_home": int(gone["home"]), "gone_office": int(gone["office"]),
             "first_week": int(blocks["first_week"].iloc[int(rng.integers(8, 15))]),
             "end": str(rng.choice(["lower", "upper"])), "level": int(rng.choice([90, 95, 99])),
             "q5": deal(rng, banks.ARROWS, practice), "q6": deal(rng, banks.MEMOS, practice)}
    gifts = gifts[gifts["laboratory"].isin(some)].reset_index(drop=True)
    return Draw({"trial": trial, "blocks": blocks.round(3), "gifts": gifts}, words)


def questions(tables, words):
    """The questions, with keys from the stored tables."""
    trial = tables["trial"]
    home, running = (trial["group"] == "home").to_numpy(), (trial["week"] >= 0).to_numpy()
    score, person = trial["score"].to_numpy(), trial["person"].to_numpy() - 1
    four = {(group, time): score[(home == group) & (running == time)].mean() for group in (0, 1) for time in (0, 1)}
    rise, fall = four[1, 1] - four[1, 0], four[0, 1] - four[0, 0]
    week = trial["week"].to_numpy() - START
    found, late = (worlds.effect_of((home & since).astype(float), score, person, week) for since in (running, week > -START))
    if found[0] - (rise - fall) < 0.03 or found[1] < 1.2 * found[3]:
        raise Redraw("leaving does not bend the four means, or the weeks of a person hardly go together")
    if words["gone_home"] < 2:
        raise Redraw("fewer than two left from home, and the text speaks of several")
    stays = np.isin(person, person[(trial["week"] == END).to_numpy()])
    if score[~running & ~home & ~stays].mean() > score[~running & ~home & stays].mean() - 0.1:
        raise Redraw("those who leave the office were not weak")
    once = worlds.once(trial)
    return [Prediction("q1", 4, 1, options=banks.GUESSES, afterwards=banks.AFTERWARDS),
            _four_means(four, rise, fall, once[0], worlds.weekly(trial)), _figure(tables["blocks"], words),
            *_estimate(words["n"], found, late[0], rise - fall, rise), _repair(once, found[0], rise - fall),
            Arrows("q5", 7, 2, bank=banks.ARROWS, dealt=words["q5"], fill=words, hints=banks.ARROW_HINTS),
            Choice("q6", 6, 2, bank=banks.MEMOS, dealt=words["q6"], fill=words, hints=banks.MEMO_HINTS),
            _gifts(tables["gifts"], words["level"]), _board(words, found, rise)]


def _four_means(four, rise, fall, once, weekly):
    names = {(1, 0): "home before", (1, 1): "home since", (0, 0): "office before", (0, 1): "office since"}
    told = ", ".join(f"{name} {fixed(four[place], 3)}" for place, name in names.items())
    return Number(
        "q1b", minutes=5, points=1, right=rise - fall, decimals=3, unit="SD of the score",
        routes=[Route("home alone", rise, "This is the change of the home group alone. What would have happened anyhow? "
                      "Take the office group's change off."),
                Route("since the start only", four[1, 1] - four[0, 1], "This is home minus office since the start. Take "
                      "off what the two differed by before."),
                *([Route("weeks counted alike", weekly, "This takes a mean of weekly means: each week must count as often "
                         "as it has people.")] if abs(weekly - (rise - fall)) > 0.0011 else []),
                Route("people counted once", once, "Here each person counts once. Asked are means over all rows."),
                Route("groups reversed", fall - rise, "The size is right. Asked is home minus office.")],
        hints=["Two changes first, since minus before: one for each group. Then the difference of the two.",
               "trial[\"week\"] >= 0 is True since the start; groupby it together with group, and take the mean of score."],
        worked=f"Four means: {told}. The home group changed by {fixed(rise, 3)}, the office group by {fixed(fall, 3)}; home "
               f"minus office is {fixed(rise - fall, 3)}. These are means over whoever was there, each week of each person "
               "counting once.")


def _figure(blocks, words):
    row = blocks[blocks["first_week"] == words["first_week"]].iloc[0]
    low, high = row["difference"] - 1.96 * row["se"], row["difference"] + 1.96 * row["se"]
    right, other = (low, high) if words["end"] == "lower" else (high, low)
    return Number(
        "q2", minutes=6, points=2, right=right, decimals=2, unit="SD of the score", tolerance=0.02,
        routes=[Route("the dot", row["difference"], "This is the dot, the difference itself. Asked is the bar's "
                      f"{words['end']} end."),
                Route("the other end", other, "This is the other end of the bar."),
                *([Route("wrong side of zero", -right, "Is this end above the dark line at 0, or below it?")]
                  if abs(right) > 0.03 else [])],
        hints=["Find the block on the axis below, go up to the end of its bar, and from there to the left axis.",
               "Neighbouring fine lines are 0.05 apart. Below the dark line at 0 the number has a minus."],
        worked=f"Weeks {words['first_week']} to {row['last_week']:.0f}: difference {fixed(row['difference'], 3)}, standard "
               f"error {row['se']:.3f}, so the bar runs from {fixed(low, 3)} to {fixed(high, 3)}. "
               + ("It leaves out 0. " if low > 0 else "It holds 0: by itself this block tells no effect from none. ")
               + "Bars are not to be read one by one; the estimate of the page is an average over all of them.")


def _estimate(n, found, late, four, rise):
    slope, error, uncounted, usual, no_weeks, no_people, straight = found
    t = stdtrit(n - 1, 0.975)
    low = slope - t * error
    return (
        Number(
            "q3", minutes=9, points=2, right=slope, decimals=3, unit="SD of the score",
            routes=[Route("four means", four, "This is the difference of the four means. Asked is the comparison of each "
                          "person with his or her own past: within=True with by=\"person\"."),
                    Route("no weeks", no_weeks, "Here the weeks are missing: what happened to everybody counts as an "
                          "effect of home. Put C(week) beside the switch."),
                    Route("switch from week 1", late, "Week 0 is the first week of the trial: the switch is 1 from "
                          "there on."),
                    Route("week as a number", straight, "Here week is one number, a straight line for all. Each week needs "
                          "an effect of its own: C(week)."),
                    Route("no people", no_people, "Here people's own levels are missing: within=True takes them out."),
                    Route("home alone", rise, "This is the change of the home group alone: no office group, no weeks.")],
            hints=["The switch is 1 for the home group from week 0 on, and 0 everywhere else. Is it, in your table?",
                   "Page 2, section 2.5.4 has the line: score on the switch and C(week), within=True, by=\"person\"."],
            worked=f"Each person beside his or her own past, and beside the others in the same week: {fixed(slope, 3)}. The "
                   f"four means gave {fixed(four, 3)}. Those who left the office were mostly weak; without them the office "
                   "looks better than it was. Compared with their own past they cannot do that."),
        Number(
            "q3b", minutes=5, points=1, right=error, decimals=4, unit="SD of the score",
            routes=[Route("weeks counted", usual, "This takes every week for an independent piece. Good weeks of one "
                          "person follow each other: let people be the clusters."),
                    Route("other habit", uncounted, "Close: this is another habit, in which people's means do not count. "
                          "Asked is that of page 2, count_absorbed=True.", earns=0.5),
                    Route("the estimate", slope, "This is the estimate. Asked is the column se.")],
            hints=["errors=\"cluster\" with by=\"person\"; and count_absorbed=True, as on page 2.",
                   "In the table: the row of the switch, the column se."],
            worked=f"With {n} people as clusters the standard error is {error:.4f}; with every week for itself it would be "
                   f"{usual:.4f}. The draw was about people, and weeks of one person go together."),
        Number(
            "q3c", minutes=3, points=1, right=low, decimals=3, unit="SD of the score",
            follows=Follow(f"q3 - {t:.10f} * q3b", uses=("q3", "q3b")),
            routes=[Route("upper end", slope + t * error, "This is the upper end."),
                    Route("weeks counted", slope - t * usual, "This interval takes every week for an independent piece."),
                    Route("1.96", slope - 1.959964 * error, f"This uses 1.96, or t* of the rows. There are {n} clusters, so "
                          f"t* has {n - 1} degrees of freedom."),
                    Route("one standard error", slope - error, "This is one standard error below. The interval reaches "
                          "t*.")],
            hints=["From the estimate go t* standard errors down; t* has people minus one degrees of freedom.",
                   "The column ci_low of the same table has it."],
            worked=f"{fixed(slope, 3)} − {t:.3f} × {error:.4f} = {fixed(low, 3)}; the upper end is "
                   f"{fixed(slope + t * error, 3)}. "
                   + ("Zero is left out." if low > 0 else "Zero lies inside: with this many people an effect of nil fits "
                      "too.")))


def _repair(once, slope, four):
    right, zeros, stayers = once
    return Number(
        "q4", minutes=12, points=3, right=right, decimals=3, unit="SD of the score",
        routes=[Route("not mended", zeros, "This is what the cell prints as it stands. Look at the table of somebody who "
                      "left: what stands in the weeks after?"),
                Route("stayers only", stayers, "This leaves out everybody who left. They have weeks at home or in the "
                      "office, and those count: only the weeks after are missing."),
                Route("the regression", slope, "This is the regression of q3, where people with many weeks count more. "
                      "Here each person counts once."),
                Route("four means", four, "These are the four means of q1b. Here each person has a change of his or her "
                      "own.")],
        hints=["table.loc[\"office\"].tail(10) shows ten people, a column a week. Which numbers were never measured?",
               "A week without a score is missing (NaN), and .mean(axis=1) leaves it out by itself. What puts a 0 there?"],
        worked="fill_value=0 writes a score of 0 into every week after somebody left. Without it the weeks stay missing: "
               f"{fixed(right, 3)}. As it stood, the cell said {fixed(zeros, 3)}. A zero is a score like any other, and "
               f"here about an average one. (Without all who left it would be {fixed(stayers, 3)}.)")


def _gifts(gifts, level):
    d = np.repeat(gifts["difference"].to_numpy(float), gifts["agents"].to_numpy())
    n, rows = len(d), gifts["difference"].to_numpy(float)
    reach, error = stdtrit(n - 1, 0.5 + level / 200), d.std(ddof=1) / n**0.5
    low = d.mean() - reach * error
    routes = [Route("rows instead of agents", rows.mean() - stdtrit(len(rows) - 1, 0.5 + level / 200) * rows.std(ddof=1)
                    / len(rows) ** 0.5, "This counts each row once. A row stands for several agents: repeat it as often."),
              Route("one-tailed", d.mean() - stdtrit(n - 1, level / 100) * error, "All that is left out lies below here. "
                    "An interval leaves out half of it on each side."),
              Route("population", d.mean() - reach * d.std(ddof=0) / n**0.5, "This divides by n inside the standard "
                    "deviation; for a sample it is n − 1."),
              Route("upper end", d.mean() + reach * error, "This is the upper end."),
              Route("z instead of t*", d.mean() - ndtri(0.5 + level / 200) * error, "This takes the bell curve for the t "
                    "distribution: stats.t.ppf, with n − 1 degrees of freedom."),
              Route("the mean", d.mean(), "This is the mean difference. Asked is the lower end of its interval."),
              Route("the other way round", -d.mean() - reach * error, "A positive difference says: gave more when free. "
                    "You seem to have turned it round.")]
    if level != 95:
        routes.append(Route("95 percent", d.mean() - stdtrit(n - 1, 0.975) * error, "This is the 95 % interval; asked are "
                            f"{level} %."))
    return Number(
        "q7", minutes=8, points=2, right=low, decimals=3, unit="points of 120", routes=routes,
        hints=["Page 1, section 1.5.1: .repeat writes each difference down as often as it occurred.",
               f"t* for {level} %: stats.t.ppf with {0.5 + level / 200:g} and n − 1, where n counts agents."],
        worked=f"{n} agents: mean {fixed(d.mean(), 3)}, standard error {error:.3f}, t* {reach:.3f}. The {level} % interval "
               f"runs from {fixed(low, 3)} to {fixed(d.mean() + reach * error, 3)} points. "
               + ("It leaves out 0." if low > 0 else "It holds 0: in these laboratories together the sign is not settled."))


def _board(words, found, rise):
    slope, reach = found[0], stdtrit(words["n"] - 1, 0.975) * found[1]
    return banks.board(slope=fixed(slope, 2), low=fixed(slope - reach, 2), high=fixed(slope + reach, 2), rise=fixed(rise, 2),
                       **{name: words[name] for name in ("firm", "half", "gone_office", "gone_home")})
