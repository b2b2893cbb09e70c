"""Words of 05-experiment: stories with arrows, memos with a flaw, specimens. The first case is the practice's alone."""

from pebbletrail.exercises.authoring import ArrowCase, Case, Criterion, Option, Specimen, Text

GUESSES = ("smaller, by more than 0.02.", "the same, within 0.02.", "larger, by more than 0.02.")
AFTERWARDS = ("It depends on who is left in the office's mean. Compute the four means now, and hold your guess against q3, "
              "where each person is compared with his or her own past.")

ARROWS = (
    ArrowCase(
        "At {firm} a draw decides who works at home; nobody and nothing else has a say in it. Whoever works at home has "
        "**quiet** around the desk. Quiet raises the score. Home does nothing else to the score. Skill raises the score as "
        "well; it has nothing to do with quiet.",
        ("draw", "home", "quiet", "skill", "score"),
        (("draw", "home"), ("home", "quiet"), ("quiet", "score"), ("skill", "score")),
        {("skill", "home"): "Skill has no say in who goes home: the draw alone decides.",
         ("home", "score"): "Home acts on the score through quiet, and in no other way: the road has two arrows.",
         ("draw", "score"): "The draw reaches the score only through home and quiet. An arrow of its own would be another "
         "road."},
        "draw -> home -> quiet -> score, and skill -> score. No arrow runs into home but the draw's: that is what a draw "
              "is for."),
    ArrowCase(
        "At {firm} no lot is drawn: the team leaders look at skill, and at nothing else, and let the skilled work at home. "
        "Skill raises the score. In this firm home changes nothing in the score. The season raises and lowers everybody's "
        "score; who works at home stays the same the year round.",
        ("skill", "home", "season", "score"),
        (("skill", "home"), ("skill", "score"), ("season", "score")),
        {("home", "score"): "So it looks in the table: home and score go together. The story says why: both come from "
         "skill.",
         ("season", "home"): "Who works at home stays the same the year round. The season has no say in it."},
        "skill -> home, skill -> score, season -> score. Home and score go together although no arrow joins them: skill "
        "stands behind both."),
    ArrowCase(
        "At {firm} a draw decides who works at home. Whether somebody is still there at the end (**staying**) is decided "
        "by two things: people at home stay more often, and skilled people stay more often. Skill raises the score. In "
        "this firm home changes nothing in the score.",
        ("draw", "home", "skill", "staying", "score"),
        (("draw", "home"), ("home", "staying"), ("skill", "staying"), ("skill", "score")),
        {("home", "score"): "In this firm home changes nothing in the score. It changes who is still there.",
         ("staying", "score"): "Staying makes nobody better. It decides whose score is still in the table.",
         ("skill", "home"): "The draw alone decides who works at home."},
        "draw -> home -> staying, skill -> staying, skill -> score. Compare only those who stayed, and home and skill go "
        "together among them: that is how leaving bends an experiment."),
    ArrowCase(
        "At {firm} everybody may choose a place of work. To half of the people, drawn by lot, a **letter** recommends "
        "home; it says nothing else. The letter moves some to go home, and so does a long **journey** to work. Home raises "
        "the score. The journey does nothing else.",
        ("letter", "journey", "home", "score"),
        (("letter", "home"), ("journey", "home"), ("home", "score")),
        {("letter", "score"): "The letter does nothing but recommend. It reaches the score only through home.",
         ("journey", "score"): "The journey moves people home, and does nothing else.",
         ("letter", "journey"): "A letter makes no journey longer. It was drawn by lot."},
        "letter -> home, journey -> home, home -> score. Only the letter was drawn by lot; whoever compares home with "
        "office compares people with other journeys too."),
    ArrowCase(
        "At {firm} a draw decides who works at home. At home nobody walks by behind the chair (**unwatched**), and there "
        "is **quiet**. Quiet raises the score. Being unwatched changes nothing in the score. Nothing else differs between "
        "home and office.",
        ("draw", "home", "unwatched", "quiet", "score"),
        (("draw", "home"), ("home", "unwatched"), ("home", "quiet"), ("quiet", "score")),
        {("unwatched", "score"): "In this firm being unwatched changes nothing in the score. It only comes along with "
         "home.",
         ("home", "score"): "Home raises the score through quiet, and in no other way.",
         ("draw", "unwatched"): "The draw decides about home. That nobody walks by follows from being at home."},
        "draw -> home, home -> unwatched, home -> quiet, quiet -> score. The experiment shows that home raises the score. "
        "Which of the two roads it takes, no draw about home can say."),
    ArrowCase(
        "At {firm} whoever had a good score last quarter (**last-score**) may work at home this quarter; nothing else "
        "decides. Skill raised last quarter's score, and raises this quarter's (**score**). Home changes nothing in the "
        "score, nor does last quarter's score by itself.",
        ("skill", "last-score", "home", "score"),
        (("skill", "last-score"), ("last-score", "home"), ("skill", "score")),
        {("home", "score"): "Home changes nothing here. It goes with the score because skill stands behind both.",
         ("skill", "home"): "Nobody sees skill. It reaches home only by way of last quarter's score.",
         ("last-score", "score"): "Last quarter's score does nothing by itself: the same skill made both."},
        "skill -> last-score -> home, and skill -> score. This is page 4 turned round: there the poor were controlled, "
        "here the good go home."),
)

_MEMO = "A memo, made up, in the manner of a chatbot:\n\n"
_ASK = "\n\nWhich is the **worst** flaw?"

MEMOS = (
    Case(
        _MEMO + "> **Working from home: no benefit**\n>\n> - 84 agents drawn by lot moved home in March, 84 stayed in the "
        "office.\n> - The home group's score was 0.03 before and is 0.01 since: no change.\n> - With people as clusters "
        "the interval of this change runs from −0.06 to 0.02.\n> - **Recommendation:** end the trial." + _ASK,
        [Option("It follows the home group alone. What would have happened anyhow?", right=True),
         Option("84 agents in each group are too few for a trial, so that no interval can be trusted.",
                hint="The interval is narrow enough. The question is what the 0.01 should be compared with."),
         Option("It should have taken weeks instead of people as clusters, since the score is weekly.",
                hint="The draw was about people, and a person's weeks go together. People it is."),
         Option("A score in standard deviations has no unit: its changes say nothing.",
                hint="A standard deviation is a unit that can be compared. Compared with whom is the question.")],
        "If the office group fell in the same months, standing still is a gain. The trial has a group for this very "
        "purpose, and the memo leaves it out."),
    Case(
        _MEMO + "> **Home work: the office catches up**\n>\n> - 140 agents were drawn by lot; nine months later we "
        "compared all who were still there.\n> - Office 0.21, home 0.10: the office is ahead by 0.11.\n> - 44 percent of "
        "the office group and 15 percent of the home group had left by then.\n> - **Conclusion:** home work harms in the "
        "long run." + _ASK,
        [Option("Nine months are too short to say anything about the long run of home work.",
                hint="Longer would be better. But would two years help, if the weak go on leaving the office?"),
         Option("Those left in the office are not those drawn: the weak may be gone.", right=True),
         Option("The draw was about people, but the comparison is between two means of scores.",
                hint="Means of drawn groups are what one compares. Are these still the drawn groups?"),
         Option("The memo does not say how many of the 140 agents drawn by lot are women.",
                hint="A draw makes groups alike in that too, on average. Something happened after it.")],
        "The draw made the groups alike on the first day. Who leaves is not drawn: where the weak leave one group, its "
        "mean rises and nobody has improved. Compare with people's own past, and say who left."),
    Case(
        _MEMO + "> **Home work: exact to the second decimal**\n>\n> - 90 agents drawn by lot, 60 weeks: 5,400 scores.\n> - "
        "Effect 0.20 SD; from 5,400 observations the standard error is 0.024.\n> - An effect below 0.15 can therefore be "
        "ruled out.\n> - **Recommendation:** plan the budget with 0.15 as the worst case." + _ASK,
        [Option("60 weeks are so many that the effect must have changed; no single number can hold.",
                hint="An average over weeks may hide a change. The memo's claim fails for a plainer reason."),
         Option("An effect of 0.20 is too small to be found with 90 agents at all.",
                hint="Whether it is, a standard error says. Is this one right?"),
         Option("The scores should have been added up by week first: 60 are left.",
                hint="Then the weeks would be the pieces. What was drawn?"),
         Option("A person's weeks go together, and people were drawn: 90 pieces, not 5,400.", right=True)],
        "Whoever counts weeks gets an interval that may be less than half as wide as it should be. The worst case is worse "
         "than 0.15."),
    Case(
        _MEMO + "> **Parallel trends: confirmed**\n>\n> - Our home group was not drawn by lot: 60 agents asked to go.\n> - "
        "Before the move, their trend does not differ significantly from that of the others (p = 0.31).\n> - Parallel "
        "trends are thereby shown; the gain of 0.18 is due to home.\n> - **Recommendation:** let everybody go home." + _ASK,
        [Option("A p of 0.31 does not show that trends are parallel: a drift may have been missed.", right=True),
         Option("A p of 0.31 is significant for trends, so the two groups did differ before.",
                hint="0.31 is not significant by any rule. But what does “not significant” show?"),
         Option("The trend before is of no interest: only scores since the move are explained.",
                hint="It is the place where a drift could be seen. It just was not looked at closely enough."),
         Option("Parallel trends need a group as large as the other: 60 volunteers are too few.",
                hint="Groups of any size may run in parallel. How sure is one that these did?")],
        "“Not significant” is not “none”. The memo does not say which drift its data allow. And those who asked to go had "
        "a reason, which may pull on from the day of the move."),
    Case(
        _MEMO + "> **Free choice doubles the benefit**\n>\n> - In the trial, drawn by lot, home brought 0.12.\n> - Then "
        "everybody could choose. Among those who now work at home the lead is 0.24.\n> - So autonomy, the choice itself, "
        "brings another 0.12.\n> - **Recommendation:** more autonomy in all things." + _ASK,
        [Option("0.12 and 0.24 are close: the second may be the first once more.",
                hint="It may. But the memo would be wrong with exact numbers too."),
         Option("The lot should have been drawn once more after the choice, among those who chose home.",
                hint="That would measure home among choosers. What does the memo take the second 0.12 for?"),
         Option("After the choice nobody is drawn any more: those go home who do well there.", right=True),
         Option("Choice came after the trial, so that all of the 0.24 is due to practice in working at home.",
                hint="Practice may have its part. Neither it nor choice can be told from who chose.")],
        "From the choice on people sort themselves: whoever works better at home goes home. That raises the lead without "
        "making anybody better, and says nothing of what choice does."),
    Case(
        _MEMO + "> **Proven: control harms work**\n>\n> - By lot, half of our agents worked at home for nine months.\n> - "
        "No supervisor could walk by; calls were routed, logged, scripted and paid as before.\n> - Their score rose by "
        "0.21 beside the office (0.08 to 0.34).\n> - **Recommendation:** abolish scripts, logs and pay by volume." + _ASK,
        [Option("The interval from 0.08 to 0.34 is so wide that no effect of working at home can be claimed.",
                hint="It leaves out zero. That something changed the score is not the weak point."),
         Option("Nine months are too long for a draw: after a few weeks the two groups have grown apart.",
                hint="A draw lasts. That people leave is another matter, and the memo's claim fails before that."),
         Option("Half of the agents are too many: those in the office may lose heart.",
                hint="They may have. But even a perfect 0.21 would not support the recommendation."),
         Option("The place changed, and quiet came along; scripts, logs and pay stayed as they were.", right=True)],
        "A draw shows what was drawn: the place, with all that comes with it. Scripts, logs and pay were the same in both "
        "groups, so the trial says nothing about them."),
)

ARROW_HINTS = ("Go through the story sentence by sentence. Each “decides”, “raises”, “moves” is an arrow; each “nothing” "
               "is none.",
               "Who decides, points at what is decided. Two things that go together need no arrow: something may stand "
               "behind both.")
MEMO_HINTS = ("Ask who is compared with whom, and whether these are still the ones that were drawn.",
              "The worst flaw is the one after which the recommendation no longer follows, however exact the numbers are.")

RUBRIC = (
    Criterion("gives the effect with its interval, and says compared with whom: the office group, and each person's own "
              "past", 1),
    Criterion("says what the trial does not show: what stayed as it was for both groups, and who left", 1),
    Criterion("answers the board's question with something that can be done, and claims no more than was drawn", 1))

_BEST = (
    "At {firm}, {half} people drawn by lot worked at home. Compared with their own past and with the office group in the "
    "same weeks, their score is {slope} standard deviations higher, and anything from {low} to {high} fits our data. (One "
    "is a typical distance of an agent of the firm from its average. Looked at alone, the home group changed by {rise}: "
    "the office shows what would have happened anyhow.) Two cautions. {gone_office} people left the office group and "
    "{gone_home} the home group; we do not know why. And only the place changed: that nobody walks by came together with "
    "home and quiet, and the trial cannot part them; scripts, log and pay stayed. Let those go home who would like to. To "
    "learn about the script, let us draw teams that work without it from January on.")
_MIDDLING = (
    "Our trial was drawn by lot, so its result can be trusted: compared with the office group and with their own past, "
    "people at home score {slope} standard deviations higher (interval {low} to {high}). Only the place of work changed, "
    "while scripts, the log and pay stayed the same for both groups, and {gone_office} people left the office group while "
    "it ran. All the same it shows that people who are left alone do better work. I therefore recommend to give up the "
    "script and the log of calls in the whole centre at the end of the year.")
_POOR = (
    "The results speak for themselves. Since they have been working at home our agents are happier and more productive, "
    "and the score proves it. Everybody in the office could see how motivated they are. Control belongs to the last "
    "century, and firms that do not understand this will lose their best people. We should send all agents home at once "
    "and stop scripting, logging and grading calls. The trial has shown clearly that trust works, and that there is "
    "nothing left to discuss.")


def board(**numbers):
    """The board's question, with three anchored paragraphs in this variant's numbers."""
    return Text("q8", minutes=15, points=3, words=(60, 150), rubric=RUBRIC, specimens=(
        Specimen(3, _BEST.format(**numbers), "Effect, interval and comparison; who left, and what stayed the same; a step "
                                             "that the trial supports, and a new draw for what it does not."),
        Specimen(2, _MIDDLING.format(**numbers), "Effect, interval, comparison and limits are there. The recommendation "
                                                 "gives up what the trial never changed."),
        Specimen(0, _POOR, "No number, no comparison, no limit; scripts, log and grading were not part of the trial.")))
