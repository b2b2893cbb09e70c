"""Banks of module 11: loops unrolled in time, memos with a flaw, and the paragraph for the board."""

from pebbletrail.exercises.authoring import ArrowCase, Case, Criterion, Option, Specimen, Text

LATER = "Time runs one way: what is later cannot act on what is earlier. It acts on the next turn, which is another box."

ARROWS = (
    ArrowCase(
        "At nine a fault on the network upsets callers; it is mended at ten and touches nobody after that. How upset the "
        "morning's callers were decides how worn the agents are at noon. How worn the agents are at noon decides how "
        "upset the callers of the evening are. The evening's callers are not those of the morning.",
        ("upset-evening", "fault", "worn-noon", "upset-morning"),
        (("fault", "upset-morning"), ("upset-morning", "worn-noon"), ("worn-noon", "upset-evening")),
        {("upset-evening", "worn-noon"): LATER, ("upset-evening", "upset-morning"): LATER,
         ("fault", "upset-evening"): "The fault was mended at ten. It reaches the evening only by way of the others.",
         ("upset-morning", "upset-evening"): "Other callers. The morning reaches them only by way of the agents."},
        worked="fault -> upset-morning -> worn-noon -> upset-evening: a thread. The circle closes only on the next day, "
               "whose morning is another box."),
    ArrowCase(
        "A fault on the network lasts all day. It upsets the callers of the morning and other callers in the evening. "
        "Upset callers of the morning wear out the agents by noon. At noon all agents go home, and rested colleagues "
        "from the other site take over; nobody who was worn answers in the evening.",
        ("upset-evening", "fault", "worn-noon", "upset-morning"),
        (("fault", "upset-morning"), ("fault", "upset-evening"), ("upset-morning", "worn-noon")),
        {("worn-noon", "upset-evening"): "Who was worn at noon has gone home. The circle is cut here.",
         ("upset-morning", "upset-evening"): "Other callers. They go together because one fault upsets both, and not "
                                             "because the one upsets the other.",
         ("fault", "worn-noon"): "The fault reaches the agents only by way of the callers.",
         ("upset-evening", "upset-morning"): LATER},
        worked="fault -> upset-morning, fault -> upset-evening, upset-morning -> worn-noon. Morning and evening go "
               "together, and no circle runs: the fault stands behind both."),
    ArrowCase(
        "How strict the letter of this winter is decides how captive its customers feel in spring. How captive they feel "
        "decides what they tell others in summer. What is told in summer decides how many sign in autumn. The firm looks "
        "at the sign-ups of autumn, and at nothing else, when it writes the letter of the next winter.",
        ("letter-next", "captive-spring", "signups-autumn", "letter-winter", "talk-summer"),
        (("letter-winter", "captive-spring"), ("captive-spring", "talk-summer"), ("talk-summer", "signups-autumn"),
         ("signups-autumn", "letter-next")),
        {("signups-autumn", "letter-winter"): LATER, ("letter-next", "letter-winter"): LATER,
         ("letter-winter", "letter-next"): "The firm looks at the sign-ups and at nothing else, so not at its old "
                                           "letter.",
         ("letter-winter", "talk-summer"): "The letter reaches the talk only by way of feeling captive.",
         ("letter-winter", "signups-autumn"): "The letter reaches the sign-ups only by way of what is felt and told."},
        worked="One thread of four arrows, from this winter's letter to the next one. Drawn without time it would be a "
               "circle."),
    ArrowCase(
        "How angry people are on the first day decides how much they post that day. Overnight nobody stays angry by "
        "herself: how angry people are on the second day is decided by the posts of the first day, which they read, and "
        "by the firm's answer. The answer comes out at midnight, whatever is posted. Anger on the second day decides the "
        "posts of the second day.",
        ("posts-two", "anger-one", "answer", "anger-two", "posts-one"),
        (("anger-one", "posts-one"), ("posts-one", "anger-two"), ("answer", "anger-two"), ("anger-two", "posts-two")),
        {("posts-one", "answer"): "The answer comes out at midnight, whatever is posted. Nothing in the story decides "
                                  "it.",
         ("anger-one", "anger-two"): "Nobody stays angry by herself overnight. Only what is read carries it on.",
         ("answer", "posts-two"): "The answer reaches the posts only by way of anger.",
         ("posts-one", "posts-two"): "Posts of the first day reach those of the second only by way of anger.",
         ("posts-two", "anger-two"): "The story says which comes first on the second day. What is posted then acts on "
                                     "day three."},
        worked="anger-one -> posts-one -> anger-two -> posts-two, and answer -> anger-two. Anger makes posts and posts "
               "make anger: with the days drawn apart it is a thread."),
    ArrowCase(
        "How angry people are on the first day decides how much they post that day. How much is posted decides whether "
        "the firm answers that night. Overnight nobody stays angry by herself: anger on the second day is decided by the "
        "posts of the first day and by whether there was an answer.",
        ("anger-two", "anger-one", "answer", "posts-one"),
        (("anger-one", "posts-one"), ("posts-one", "answer"), ("posts-one", "anger-two"), ("answer", "anger-two")),
        {("anger-one", "anger-two"): "Nobody stays angry by herself overnight. Only posts and answer carry it on.",
         ("anger-one", "answer"): "The firm looks at the posts. Anger reaches it only by way of them.",
         ("answer", "posts-one"): LATER, ("anger-two", "answer"): LATER},
        worked="Posts act on anger by two roads, directly and by way of the answer. Whoever compares storms with and "
               "without an answer compares loud ones with quiet ones."),
    ArrowCase(
        "Each spring a hospital asks its customers and its staff how satisfied they are. How satisfied customers are in "
        "one year acts on how satisfied they are in the next, and the same holds of staff. How satisfied customers are "
        "in one year also acts on how satisfied staff are in the next. Staff's satisfaction is passed on to no customer, "
        "and within one year neither acts on the other.",
        ("staff-two", "customers-one", "customers-two", "staff-one"),
        (("customers-one", "customers-two"), ("staff-one", "staff-two"), ("customers-one", "staff-two")),
        {("staff-one", "customers-two"): "Passed on to no customer: this half of the circle is not in the story.",
         ("customers-one", "staff-one"): "Within one year neither acts on the other. What acts, acts a year later.",
         ("customers-two", "staff-two"): "Within one year neither acts on the other. What acts, acts a year later.",
         ("staff-two", "customers-two"): "Within one year neither acts on the other, and staff never on customers."},
        worked="Each carries on to itself, and customers to staff a year later. That is one half of a circle, and so no "
               "circle."),
)

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
                hint="It can be given, with an interval of some 47 to 68. That is wide, and not the worst."),
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
        [Option("A mean over ordinary weeks is used for a storm, on which nobody has measured it.", right=True),
         Option("Elasticities may not be multiplied with each other; the two percentages have to be added up.",
                hint="1.178 times 0.911 is 1.073: the arithmetic is right. Whose number is it?"),
         Option("It takes both numbers with three digits, although they are printed without any interval.",
                hint="True, and a lesser flaw. With an interval the answer would still be about something else."),
         Option("It leaves out that people soon forget: after some weeks both percentages would be gone.",
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
         Option("31 less 2 is not 29 points; as shares of different wholes they must be divided.",
                hint="Both are shares of the customers, and 29 points it is. Look at the third line."),
         Option("An answer after a day cannot do anything, so the two storms had no answer at all.",
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
         Option("Kappa must be computed from at least three coders; with two of them it comes out too high.",
                hint="Kappa is made for two. The trouble is what a high one proves."),
         Option("The interval is too narrow, since 3,000 comments were written by fewer than 3,000 people.",
                hint="Perhaps, and a little. With a wider interval the conclusion would be as wrong."),
         Option("One percent is less than the error of kappa, so that nothing can be said of rare codes.",
                hint="The two numbers are of different kinds. What if both programs overlook that code?")],
        worked="Two thermometers of one maker agree, and may both be wrong. Whether *not believed* is rare, somebody who "
               "reads a sample can tell, or the records: do customers so coded leave sooner?"),
)


def board(words, share, more):
    """The paragraph for the board, with this student's numbers in the specimens."""
    month, months, firm = words["month"], words["months"], words["firm"]
    count, side = f"{abs(more):.0f}", "more" if more > 0 else "fewer"
    return Text("q8", minutes=14, points=3, words=(60, 150), rubric=(
        Criterion("says how many of 1,000 (or of 100) are there under each letter, or how many more under the pledge, in "
                  "which month, and that before the end of the contract nobody could leave", 1),
        Criterion("says what the records cannot tell: shops, and no lot, decided who got which letter, and what that may "
                  "hide", 1),
        Criterion("says what to do next, and what to count: a lot over letters, leaving after the end, also those who do "
                  "not sign", 1)),
        specimens=(
        Specimen(3, f"As long as the contract runs nobody can leave, so both letters look perfect until month {months}. "
                 f"In month {month}, when customers have been free to go for a while, the pledge has {count} {side} of "
                 f"1,000 than the lock. I would not yet say that the pledge does this. Our shops chose the letter, and "
                 f"shops that like to promise may serve better, too. We also do not know how many customers read either "
                 f"letter and did not sign. For the next half-year a lot should decide the letter in every shop. Then we "
                 f"count who signs, and who is there a year after they may go, and what they say of us.",
                 "The month and the number, the reason for doubt, a lot and what to count."),
        Specimen(2, f"Under the {words['kind']} letter {share:.0f} of 100 customers are still there in month {month}; "
                 f"before month {months} all were there, as nobody could leave. With the pledge {count} {side} of 1,000 "
                 f"stay than with the lock. Since the shops decided which letter a customer got, and no lot, the "
                 f"customers of the two letters may have been different from the start. All the same I find the pledge "
                 f"the more decent letter of the two, and decency is what {firm} stands for, as everybody knows.",
                 "Numbers and limit are there. What to do next and what to count are missing; the end is taste."),
        Specimen(0, f"The records show that contracts work: up to month {months} not one single customer has left, with "
                 "either letter. This is the best retention that we have ever had, and it proves that customers are "
                 "satisfied with us. The difference between the two letters later on is caused by the wording, which is "
                 "easy to change. We should therefore extend all contracts by a year and use the pledge everywhere from "
                 "tomorrow on, since it costs us next to nothing and since every competitor will follow.",
                 "Takes a lock for love, shops' choice for a cause, and has no number.")))
