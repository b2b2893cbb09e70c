"""Module 12-board: a pilot and its price, defended before a board."""

import math

from scipy import stats

from pebbletrail.exercises.authoring import Choice, Draw, Follow, Number, Prediction, Redraw, Route, Text, beside, deal

banks, made = beside(__file__, "banks"), beside(__file__, "tables")

NAME, VERSION = "12-board", 1
TITLE = "Defend a report before a board"
PAGES = (2, 12)
REAL = {"q7": "computed: the home-working experiment at Ctrip, two sums a person (ctrip-person-sums); 170 to 215 of the 249 "
              "people, drawn for you"}

FIRMS = ("Belmar Telecom", "Norvik Mobile", "Castellane Net", "Hollow Bay Broadband", "Altmark Telecom", "Ponente Mobile",
         "Sundal Net", "Arrow Street Telecom")
Z, Z80 = stats.norm.ppf(0.975), stats.norm.ppf(0.8)


def draw(rng, practice):
    scores, treated = made.year_of_teams(rng)
    pilot = made.pilot_of(scores, treated)
    words = {"firm": FIRMS[0] if practice else FIRMS[int(rng.integers(1, len(FIRMS)))],
             "customers": 1000 * int(rng.integers(180, 420)), "margin": int(rng.integers(60, 141)),
             "fewer": round(rng.uniform(2, 5), 1), "share": 5 * int(rng.integers(6, 15)),
             "worth": round(rng.uniform(0.1, 0.18), 2),
             "q5": deal(rng, banks.DESIGNS, practice), "q6": deal(rng, banks.DRAFTS, practice)}
    found = made.Found.of(pilot)
    aside = rng.uniform(-0.8, 1.5)  # errors from the effect that just pays; never near 0, where wrong ways meet
    aside = min(math.copysign(max(abs(aside), 0.15), aside), (found.effect - 0.03) / found.se)
    most = words["worth"] / (1.3 * words["share"] / 100)  # by lot less would pay than the rise that the board would act on
    aside = max(aside, (found.effect - most) / found.se)
    words["rise"] = round(float(found.pilot), 2)
    words["cost"] = 1000 * max(5, round(made.value_of(words) * (found.effect - aside * found.se) / 1000))
    words |= {f"{name}_said": f"{words[name]:,}" for name in ("customers", "cost")}
    tables = {"pilot": pilot, "spring": made.spring_of(rng, scores), "callback": made.callback_chart(rng),
              "people": made.some_people(rng)}
    return Draw(tables=tables, words=words)


def effect_and_interval(found):
    yield Prediction(
        "q1", minutes=3, points=1,
        options=("More than all of it: the other teams fell.", "Nearly all of it: nine tenths or more.",
                 "Between half and nine tenths of it.", "Less than half of it."),
        afterwards=f"The pilot's teams changed by {found.pilot:.3f} points, the others by {found.usual:.3f}. What is left "
                   f"is {found.effect:.3f}, or {100 * found.effect / found.pilot:.0f} percent of what the slide shows.")
    yield Number(
        "q1b", minutes=6, points=1, right=float(found.effect), decimals=3, unit="points of score",
        routes=(Route("no comparison", found.pilot, "This is what the pilot's teams rose by, as on the slide. Take off what "
                      "the other teams rose by in the same weeks."),
                Route("after only", found.after[found.treated].mean() - found.after[~found.treated].mean(),
                      "This compares the two groups after the start only. They did not start level: take each group's "
                      "change."),
                Route("the others' change", found.usual, "This is the change of the teams that work as usual."),
                Route("groups reversed", -found.effect, "The groups are the wrong way round: pilot minus usual.")),
        hints=("Four means: two groups, before and after. Then two changes, then one difference (week 5).",
               "Weeks below 0 are before the start. A group's change is after minus before; then pilot minus usual."),
        worked=f"The pilot's teams changed by {found.pilot:.4f} points, the others by {found.usual:.4f}: the first minus "
               f"the second is {found.effect:.4f} points.")


def chart_reading(chart):
    first, last = chart.iloc[0], chart.iloc[-1]

    def crossing(line):
        return 100 * -first[line] / (last[line] - first[line])

    right = crossing("net")
    return Number(
        "q2", minutes=5, points=2, right=float(right), decimals=0, unit="percent", tolerance=2,
        routes=(Route("lower edge", crossing("low"), "This is where the lower edge of the band meets the line of 0. Read "
                      "the line in its middle."),
                Route("upper edge", crossing("high"), "This is where the upper edge of the band meets the line of 0. Read "
                      "the line in its middle."),
                Route("the rest", 100 - right, "This is the share that may be something else. The axis shows the share that "
                      "is the project's doing: read it off there.")),
        hints=("Find the dashed line of 0. Where does the middle line cross it?",
               "From that crossing go straight down to the axis, and read the percent."),
        worked=f"The middle line starts at {first['net']:.1f} and ends at {last['net']:.1f} thousand euros; it crosses 0 at "
               f"{right:.0f} percent. Below, the project loses money, although the same customers stay and the same "
               "customers leave.")


def certainty(found):
    reach = stats.t.ppf(0.975, found.df)
    low, high = found.effect - reach * found.se, found.effect + reach * found.se
    return Number(
        "q3", minutes=10, points=1, right=float(low), decimals=3, unit="points of score",
        routes=(Route("weeks for teams", found.effect - stats.t.ppf(0.975, 40 * found.n - 4) * found.naive, "This takes "
                      "each week of a team for a witness of its own. The pilot was given to teams: first one change for "
                      "each team, then compare teams."),
                Route("z instead of t", found.effect - Z * found.se, "This takes 1.96 errors. With twenty teams t* has 18 "
                      "degrees of freedom, and is larger.", 0.5),
                Route("one side only", found.effect - stats.t.ppf(0.95, found.df) * found.se, "This leaves out 5 percent on "
                      "one side. An interval of 95 percent leaves out 2.5 on each."),
                Route("population spread", found.effect - reach * found.se * math.sqrt((found.n - 1) / found.n), "The "
                      "standard deviations were divided by n. Of a sample it is n − 1.", 0.5),
                Route("one group's error", found.effect - reach * found.se / math.sqrt(2), "Both groups are uncertain: the "
                      "error of a difference adds up the squared errors of the two."),
                Route("upper end", high, "This is the upper end. The lower one is asked for."),
                Route("groups reversed", -high, "The groups are the wrong way round: pilot minus usual."),
                Route("after only", found.low_after, "This compares the two groups after the start only. They did not start "
                      "level: take each team's change."),
                Route("pilot only", found.pilot - stats.t.ppf(0.975, found.n - 1) * found.error_of(0), "This is about the "
                      "pilot's teams alone. The effect is what they changed by more than the others."),
                *([Route("Welch", found.welch, "This lets the two groups spread differently, which is fine too; here "
                         "`ttest_ind` as it stands is asked for.", 1)] if abs(found.welch - low) > 0.001 else [])),
        hints=("One number for each team first: its mean after minus its mean before. Then a t test of ten against ten.",
               "Error: the root of the sum of the two groups' variance / 10. t* for 18 degrees of freedom."),
        worked=f"The changes of teams have a standard deviation of {found.sd:.5f} within the groups; the error of the "
               f"difference is {found.se:.5f}, t* is {reach:.4f}. {found.effect:.4f} − {reach:.4f} · {found.se:.5f} = "
               f"{low:.3f}; the upper end is {high:.3f}.")


def euros(found, words):
    value, cost, share = made.value_of(words), words["cost"], words["share"] / 100
    net, needed = value * found.effect - cost, cost / value
    z = (found.effect - needed) / found.se

    def above(effect, needed, se=found.se):
        return 100 * stats.norm.cdf((effect - needed) / se)

    chance, slide, turned = above(found.effect, needed), above(found.pilot, needed), above(-found.effect, needed)
    yield Number(
        "q3b", minutes=8, points=1, right=float(net / 1000), decimals=1, unit="thousand euros in the first year",
        follows=Follow(f"({value!r} * q1b - {cost}) / 1000", uses=("q1b",)),
        routes=(Route("all of it causal", (value / share * found.effect - cost) / 1000, "This takes the whole difference "
                      "for the pilot's doing. Only the stated share of it is assumed to be."),
                Route("no cost", value * found.effect / 1000, "This is what comes in. Take off what the roll-out costs."),
                Route("euros", net, "These are euros. Give thousand euros, so divide by 1,000.", 0.5),
                Route("percent for share", (100 * value * found.effect - cost) / 1000, "A percent stands for a share: "
                      f"{words['share']} percent is {share:.2f}, {words['fewer']} of 100 is {words['fewer'] / 100:.3f}."),
                Route("slide's rise", (value * found.pilot - cost) / 1000, "This takes the slide's rise. Take off what the "
                      "others rose by: q1b."),
                Route("lower end", (value * (found.effect - stats.t.ppf(0.975, found.df) * found.se) - cost) / 1000,
                      "This is the value at the lower end of the interval. Here it is the effect itself, your q1b.")),
        hints=("Customers kept = share · effect · fewer leavers a point / 100 · customers. Then euros, then the cost.",
               "share / 100 · q1b · fewer / 100 · customers · margin − cost, divided by 1,000."),
        worked=f"{share:.2f} · {found.effect:.4f} · {words['fewer'] / 100:.3f} · {words['customers']:,} = "
               f"{value * found.effect / words['margin']:.2f} customers kept; times {words['margin']} euros = "
               f"{value * found.effect:,.0f} euros; minus the cost of {cost:,} it is {net:,.0f} euros.")
    yield Number(
        "q3c", minutes=10, points=2, right=float(chance), decimals=1, unit="percent", tolerance=0.5,
        routes=(Route("above zero", above(found.effect, 0), "This is the chance that the effect is "
                      "above 0. A benefit above 0 may still be below the cost: the effect must exceed the one at which both "
                      "are equal."),
                Route("all of it causal", above(found.effect, needed * share), "This takes the "
                      "whole difference for the pilot's doing. With the stated share a larger effect is needed."),
                Route("chance of a loss", 100 - chance, "This is the chance of a loss. Take it from 100."),
                Route("spread of teams", above(found.effect, needed, found.sd), "This takes the spread of teams. What is "
                      "uncertain is the difference of two means of ten: take its standard error."),
                Route("slide's rise", slide, "This takes the slide's rise. Take off what the others rose by: q1b.", 0.5),
                Route("groups reversed", turned, "This takes the effect with the groups the wrong way round: pilot minus "
                      "usual.", 0.5 if turned > 1 else 0),  # a zero may be a guess
                Route("errors added up", above(found.effect, needed, found.error_of(0) + found.error_of(1)), "The two "
                      "errors were added up. Chance seldom pulls both groups apart at once: add the squares and take "
                      "the root, `np.hypot`.")),
        hints=("First the effect at which benefit and cost are equal: cost / (share · fewer / 100 · customers · margin).",
               "How many standard errors does your effect lie above that? `stats.norm.cdf` of it, times 100."),
        worked=f"Benefit and cost are equal at an effect of {cost:,} / {value:,.0f} = {needed:.5f} points. Yours minus "
               f"that: {found.effect:.4f} − {needed:.5f} = {found.effect - needed:.5f}, or {z:.3f} standard errors of "
               f"{found.se:.5f}. Of a bell curve {chance:.1f} percent lie below {z:.3f}; as much of yours lies above the "
               "effect that just pays.")


def next_pilot(spring, words):
    asked = spring[spring["score"] > 0]
    (sd, level), (wrong, _), (whole, _) = made.spread(asked), made.spread(spring), made.spread(asked, ddof=0)
    worth = words["worth"]

    def teams(sd, z=Z + Z80):
        return 2 * (z * sd / worth) ** 2

    return Number(
        "q4", minutes=12, points=3, right=float(teams(sd)), decimals=2, unit="teams in each group",
        routes=(Route("unmended", teams(wrong), "This is the number of the cell as it stood. In some weeks nobody was "
                      "asked, and the table says 0: the cell takes that for a score."),
                Route("rounded up", math.ceil(teams(sd)), "So many teams you would ask for. Here give the number before "
                      "rounding up, with two decimals.", 0.5),
                Route("one side only", teams(sd, stats.norm.ppf(0.95) + Z80), "The test is two-sided: 1.96, not 1.64."),
                Route("no power", teams(sd, Z), "Without the second part of z the pilot would find the effect in half of "
                      "all tries. The board wants four of five."),
                Route("one group's error", teams(sd) / 2, "The 2 stands for two groups, each of which is uncertain."),
                Route("both groups", 2 * teams(sd), "These are the teams of both groups together. How many in each?", 0.5),
                Route("levels, not changes", teams(level), "This is how far teams differ in level. The pilot compares "
                      "changes: after minus before, team by team."),
                Route("population spread", teams(whole), "The standard deviation was divided by n; pandas' `.std()` "
                      "divides by n − 1.", 0.5)),
        hints=("`spring[\"score\"].describe()`: what is the smallest score, and what does the text say of it?",
               "Keep the rows with a score above 0, then do what the cell did. Round up only when you ask for teams."),
        worked=f"{(spring['score'] == 0).sum()} of {len(spring)} rows hold a 0 for a week in which nobody was asked. With "
               f"them the changes of teams have a standard deviation of {wrong:.3f}, without them {sd:.6f}. Then "
               f"2 · ({Z + Z80:.5f} · {sd:.6f} / {worth})² = {teams(sd):.2f} teams in each group, where the cell asked for "
               f"{teams(wrong):.0f}.")


def at_home(people):
    xy, xx, n = people["xy"].to_numpy(), people["xx"].to_numpy(), len(people)
    beta = xy.sum() / xx.sum()
    pull = xy - beta * xx
    se, reach = math.sqrt((pull**2).sum()) / xx.sum(), stats.t.ppf(0.975, n - 1)
    ratio = (xy / xx).mean()
    return Number(
        "q7", minutes=10, points=2, right=float(beta - reach * se), decimals=3, unit="standard deviations of the score",
        routes=(Route("effect itself", beta, "This is the effect. The lower end of its interval is asked for.", 0.5),
                Route("upper end", beta + reach * se, "This is the upper end. The lower one is asked for."),
                Route("one error", beta - se, "This goes down by one standard error. The interval goes down by t* of "
                      "them.", 0.5),
                Route("mean of ratios", ratio, "This is a mean of each person's own ratio, in which somebody with two weeks "
                      "counts as much as somebody with eighty. Divide sum by sum."),
                Route("spread of pulls", beta - reach * pull.std(ddof=1) / xx.sum(), "The pulls add up: take the root of "
                      "the sum of their squares, not of their mean.")),
        hints=("Effect: the sum of `xy` over the sum of `xx`. A person's pull: `xy` − effect · `xx`.",
               "Error: the root of the sum of the squared pulls, over the sum of `xx`. Then effect − t* · error."),
        worked=f"{xy.sum():.2f} / {xx.sum():.2f} = {beta:.5f}. The squared pulls of {n} people add up to "
               f"{(pull**2).sum():.2f}; the root of that over {xx.sum():.2f} is {se:.5f}. t* with {n - 1} degrees of "
               f"freedom is {reach:.4f}: {beta:.5f} − {reach:.4f} · {se:.5f} = {beta - reach * se:.3f}.")


def questions(tables, words):
    found = made.Found.of(tables["pilot"])
    if found.pilot < 0.06 or found.effect < 0.05 or abs(found.usual) < 0.015:
        raise Redraw("the slide has nothing to boast of, or the other teams stood still")
    return [
        *effect_and_interval(found),
        chart_reading(tables["callback"]),
        certainty(found), *euros(found, words),
        next_pilot(tables["spring"], words),
        Choice("q5", minutes=5, points=2, bank=banks.DESIGNS, dealt=words["q5"], fill=words, hints=(
            "What would have happened anyway, and who shows it? What was drawn, and is that what is counted?",
            "What does each way of doing it cost, what can it find, and what would the board do with the answer?")),
        Choice("q6", minutes=5, points=2, bank=banks.DRAFTS, dealt=words["q6"], fill=words, hints=(
            "Hold each sentence against what was done: who was chosen how, what was measured, what was assumed.",
            "One goes further than any of the numbers can carry it.")),
        at_home(tables["people"]),
        Text("q8", minutes=16, points=3, words=(60, 150), rubric=banks.RUBRIC, specimens=banks.SPECIMENS),
    ]
