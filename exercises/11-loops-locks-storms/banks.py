"""Banks of module 11: memos with a flaw, and the paragraph for the board."""

from pebbletrail.exercises.authoring import Case, Criterion, Option, Specimen, Text

ASKED = "\n\n**Which is the worst flaw?**"

MEMOS = (
    Case(
        "What to know: a study of 78 storms on social networks found that people thought less of 58 percent of the "
        "brands at first (*published*, page 13). Now a memo, written by an assistant program:\n\n> **What storms cost: "
        "the evidence**\n>\n> - A study of 78 storms is the largest that we could find.\n"
        "> - **58 percent of the brands fell** in the weeks after. So a storm harms 58 brands of 100.\n"
        "> - Our brand had two storms last year; the harm is more likely than not.\n"
        "> - A watch room of six people pays if it prevents one of them." + ASKED,
        [Option("Without brands that had no storm nobody knows how many would have fallen anyway.", right=True),
         Option("With 78 storms no percentage can be given; at least a few hundred would be needed for one.",
                hint="It can be given, with an interval of some 47 to 68 if each storm hit another brand. That is wide, "
                     "and not the worst."),
         Option("58 percent is hardly more than half, so a board can take it as showing that storms do nothing.",
                hint="Half of what? The trouble is what the 58 is to be held against."),
         Option("A brand's name cannot be measured in weeks; only sales over a whole year would be fair to use.",
                hint="A name can be followed week by week. The question is what it does without a storm.")],
        worked="A name goes up and down by itself. If it falls in any few weeks for half of all brands, the storm's part "
               "of the 58 is small. The comparison is missing."),
    Case(
        "What to know: a survey of American households asks how many had a problem with something they bought "
        "(*published*, page 13). Up to 2017 it called them by telephone; in 2020 it asked an internet panel. Now a memo, "
        "written by an assistant program:\n\n> **Customers have more problems than ever**\n>\n"
        "> - 2017: 56 percent had a problem (1,000 asked). 2020: 66 percent (1,026 asked).\n"
        "> - The step is **4.6 standard errors**. Chance is ruled out.\n"
        "> - In three years products and service have become markedly worse.\n"
        "> - We should advertise that ours have not." + ASKED,
        [Option("The way of asking and the sample changed at the same step, and the test cannot tell them from the "
                "years.",
                right=True),
         Option("With some 1,000 asked each time the margin is 3 points, so a step of ten may well be chance alone.",
                hint="The step is 4.6 standard errors: chance it is not. What else changed between the two years?"),
         Option("1,000 and 1,026 are not equal, so the two percentages may not be compared without weights for size.",
                hint="Shares are made for unequal groups, and these are nearly equal."),
         Option("Percentages must be multiplied by the number of households in the country before they are compared.",
                hint="That changes the unit and not the reason. What changed besides the year?")],
        worked="Where only the way of asking was changed, within one panel, answers moved by 5.5 points on average, up "
               "or down. Here way, sample and years move together, and no statistics can part them."),
    Case(
        "What to know: an *elasticity* says how many percent one thing changes when another changes by one percent. Over "
        "many ordinary products sales follow how much is said at .236 and how favourable it is at .417 (*published*, "
        "page 13). Now a memo, written by an assistant program:\n\n"
        "> **A storm is worth having**\n>\n"
        "> - A storm doubles what is said: 2 to the power of .236, **+17.8 % sales**.\n"
        "> - Its tone is a fifth lower: 0.8 to the power of .417, −8.9 %.\n"
        "> - Together: **+7.3 %**. The arithmetic was checked twice.\n"
        "> - We advise against answering the film with the red light." + ASKED,
        [Option("A mean over ordinary weeks is used for a storm, for which it was not measured.", right=True),
         Option("Elasticities may not be multiplied with each other; the two percentages have to be added up.",
                hint="1.178 times 0.911 is 1.073: the arithmetic is right. Whose number is it?"),
         Option("It takes both numbers with three digits, although they are printed without any interval.",
                hint="True, and a lesser flaw. With an interval the answer would still be about something else."),
         Option("It leaves out that people forget: both percentages would soon be gone.",
                hint="Perhaps they would. But are they right in the first week?")],
        worked="The numbers are averages over ordinary talk about ordinary products. That sales rise when a dead box is "
               "filmed is what comes out if one asks them about something that they do not hold."),
    Case(
        "What to know: with a contract of 24 months nobody can leave before. Now a memo, written by an assistant "
        "program:\n\n> **The 24-month contract: a success after one year**\n>\n"
        "> - Before: 19 of 100 new customers were gone after twelve months.\n"
        "> - With the contract: **0 of 100**. The difference is significant at any level.\n"
        "> - 8,000 customers have signed. At 300 euros a year this secures 456,000 euros.\n"
        "> - We recommend 36 months for the next campaign." + ASKED,
        [Option("In month twelve nobody can leave; what the contract does shows only from month 24 on.", right=True),
         Option("One year is too short for a trend; two such campaigns have to be averaged before one concludes.",
                hint="Ten campaigns would show 0 of 100 in month twelve. Why?"),
         Option("The 19 of 100 is an old number; prices have changed, so it must be corrected for inflation.",
                hint="People are counted here, not prices. Look at what can happen in the first year at all."),
         Option("It counts customers and not margin; those who pay little should weigh less than the others.",
                hint="A fair wish, and not what makes 0 of 100 an empty number.")],
        worked="Under a lock the share that stays is 100 whatever people feel. Draw the curve from the month in which "
               "they may go, and count also who did not sign."),
    Case(
        "What to know: a storm is a matter of luck as well; in a made-up world eight storms of one incident reached from "
        "5 to 65 percent of the customers (*simulated*, page 13). Now a memo, written by an assistant program:\n\n"
        "> **Answer within the hour**\n>\n"
        "> - Last year we had five storms. Three were answered within an hour: 2 % heard of them.\n"
        "> - Two were answered after a day: 31 % heard. **Speed makes the difference: 29 points.**\n"
        "> - The three were wrong prices on a page; the two were outages, which took a day to understand.\n"
        "> - A night shift for communication is recommended." + ASKED,
        [Option("What went wrong decided both how soon it could be answered and how far it went.", right=True),
         Option("Five storms must be weighted by how many customers heard of each before the mean.",
                hint="Weights would move the two means a little. Why were the three answered sooner?"),
         Option("31 minus 2 is not 29 points; shares of different wholes must be divided.",
                hint="Both are shares of the customers, and 29 points it is. Look at the third line."),
         Option("An answer after a day can do nothing, so the two storms had no answer.",
                hint="It may do less. But the memo's own third line names another reason.")],
        worked="Wrong prices are quickly explained and soon forgotten; outages are neither. And with five storms luck "
               "alone can make such a gap. A lot over when to answer, storm by storm, would tell."),
    Case(
        "What to know: *kappa* is 1 if two coders always agree and 0 if they agree as chance would have it. Now a memo, "
        "written by an assistant program:\n\n"
        "> **What our customers write, read by machine**\n>\n"
        "> - Two programs of one maker coded 3,000 comments, each by itself.\n"
        "> - Kappa is **0.93** (0.92 to 0.94): nearly perfect.\n"
        "> - The codes are therefore right; no person needs to read comments any more.\n"
        "> - *Not believed* is rare (1 %), so disbelief is no matter at our firm." + ASKED,
        [Option("Agreement is not being right: two programs of one maker can miss the same thing each time.", right=True),
         Option("Kappa must be computed from three coders at least; with only two of them it comes out too high.",
                hint="Kappa is made for two. The trouble is what a high one proves."),
         Option("The interval is too narrow, since 3,000 comments were written by fewer than 3,000 people.",
                hint="Perhaps, and a little. With a wider interval the conclusion would be as wrong."),
         Option("One percent is less than the error of kappa, so that nothing can be said of rare codes.",
                hint="The two numbers are of different kinds. What if both programs overlook that code?")],
        worked="Two thermometers of one maker agree, and may both be wrong. Whether *not believed* is rare, somebody who "
               "reads a sample can tell, or the records: do customers so coded leave sooner?"),
    Case(
        "What to know: in a made-up call centre who is not helped calls again, upset; upset callers wear agents out; worn "
        "agents help fewer. With the same calls such a centre may stay calm, or, once it is bad, stay bad (*simulated*, "
        "page 5). Now a memo, written by an assistant program:\n\n"
        "> **The outage is over: look at the staff**\n>\n"
        "> - On 3 March the network failed for two hours. Since then: no fault, and as many new calls as ever.\n"
        "> - Upset callers a seat: 0.2 in February, **about 2.1 on each day since 4 March**.\n"
        "> - What has been over for eleven days cannot be the cause of what happens today.\n"
        "> - So the agents have become worse. Train them anew, and replace those who fail." + ASKED,
        [Option("In a loop a push that is over can leave behind a bad state, which then feeds itself.", right=True),
         Option("Upset callers must be counted per call and not per seat, since the number of seats may change.",
                hint="Ten times as many is no matter of a few seats. Go to the line with *cannot*."),
         Option("Training and new agents cost money, and the memo says nothing of how much, or of what they bring.",
                hint="It should. But first: is it the agents at all?"),
         Option("February has 28 days, March only eleven so far: the means cannot be compared.",
                hint="Means are made for that, and 2.1 on each day against 0.2 is no accident of the calendar.")],
        worked="The outage upset callers, they wore agents out, and worn agents help fewer, which upsets the next. The "
               "cause has gone, and its effect keeps itself going. Worn agents are part of the loop, and not where it "
               "began: in such a world others put in their place would be worn as well."),
    Case(
        "What to know: a loop may have a *tipping point*. In a made-up call centre a small push out of the bad state dies "
        "away, and one past the border brings the calm state back (*simulated*, page 5). Now a memo, written by an "
        "assistant program:\n\n> **More staff does not help: we tested it**\n>\n"
        "> - For two days in May three agents from the other site helped our 60.\n"
        "> - Upset callers a seat: 2.1 before, 1.9 in those two days, **2.1 a week later**.\n"
        "> - The gain was small and did not last. So staff is not what is lacking.\n"
        "> - We advise against the 15 agents for two weeks that the centre asks for." + ASKED,
        [Option("That a small push dies away says nothing of one that is large enough to pass the border.", right=True),
         Option("Two days are too few for a mean, so the 1.9 may be chance and the three may have done nothing.",
                hint="Then the memo would know still less. But take its numbers as exact: does its advice follow?"),
         Option("Agents from another site know the products less well; three of the centre's own had to be tested.",
                hint="Perhaps they solve a little less. Would three of one's own have been a large push?"),
         Option("With 63 seats and not 60 a number per seat means something else, so 2.1 and 1.9 do not compare.",
                hint="A twentieth more seats makes 2.0 of 2.1. Look at what is concluded from the test.")],
        worked="Short of the border the centre slides back, past it it mends by itself. Three of 60 for two days and 15 "
               "for two weeks may lie on different sides. The small test was no test of the large push."),
)


def board(words, share, more):
    """The paragraph for the board, with this student's numbers in the specimens."""
    month, months, firm = words["month"], words["months"], words["firm"]
    count, side = f"{abs(more):.0f}", "more" if more > 0 else "fewer"
    return Text("q8", minutes=14, points=3, words=(60, 150), rubric=(
        Criterion("says how many of 1,000 (or of 100) are there under each letter, or how many more under the pledge, in "
                  "which month, whether chance alone would easily make the gap, and that before the end of the contract "
                  "nobody could leave", 1),
        Criterion("says what the records cannot tell: shops, and no lot, decided who got which letter, and what that may "
                  "hide", 1),
        Criterion("says what to do next, and what to count: a lot over letters, leaving after the end, also those who do "
                  "not sign", 1)),
        specimens=(
        Specimen(3, f"As long as the contract runs nobody can leave, so both letters look perfect until month {months}. "
                 f"In month {month}, when customers have been free to go for a while, the pledge has {count} {side} of "
                 f"1,000 than the lock: more than chance alone would easily make. I would not yet say that the pledge "
                 f"does this. Our shops chose the letter, and shops that like to promise may serve better, too. We also "
                 f"do not know how many customers read either letter and did not sign. For the next half-year a lot "
                 f"should decide the letter in every shop. Then we count who signs, and who is there a year after they "
                 "may go, and what they say of us.",
                 "The month, the number and chance, the reason for doubt, a lot and what to count."),
        Specimen(2, f"Under the {words['kind']} letter {share:.0f} of 100 customers are still there in month {month}; "
                 f"before month {months} all were there, as nobody could leave. With the pledge {count} {side} of 1,000 "
                 f"stay than with the lock, and chance alone would not easily make that. Since the shops decided which "
                 f"letter a customer got, and no lot, the customers of the two letters may have been different from the "
                 f"start. All the same I find the pledge the more decent letter of the two, and decency is what {firm} "
                 "stands for, as everybody knows.",
                 "Numbers and limit are there. What to do next and what to count are missing; the end is taste."),
        Specimen(0, f"The records show that contracts work: up to month {months} not one single customer has left, with "
                 "either letter. This is the best retention that we have ever had, and it proves that customers are "
                 "satisfied with us. The difference between the two letters later on is caused by the wording, which is "
                 "easy to change. We should therefore extend all contracts by a year and use the pledge everywhere from "
                 "tomorrow on, since it costs us next to nothing and since every competitor will follow.",
                 "Takes a lock for love, shops' choice for a cause, and has no number.")))
