"""Stories of module 06: designs, memos with a flaw, specimens of a paragraph. The first case is for practice."""

from pebbletrail.exercises.authoring import Case, Criterion, Option, Specimen

PLAN = "\n\n**Which plan answers the question best?**"

DESIGNS = (
    Case(
        "{firm} asks which of two rules the memory of a call follows: the best minute and the last, or the plain average "
        "of all minutes. It may change how *solved* calls run." + PLAN,
        [Option("By lot, put the tedious minutes of the same call first or last. Ask two weeks later how it is "
                "remembered.", right=True),
         Option("By lot, add two pleasant minutes at the end of half of the calls. Ask two weeks later how they are "
                "remembered.",
                hint="Pleasant minutes at the end raise the average as well. Both rules foresee a better memory, so the "
                     "answer tells nothing."),
         Option("Have 400 calls scored minute by minute. Correlate the peak-end score with the memory two weeks later.",
                hint="Calls with a high average have a high peak-end score too. Such a correlation comes up under either "
                     "rule (8.5.4)."),
         Option("Ask 400 customers two weeks later which minute they remember. Count how often it is the best or the last.",
                hint="Which minute somebody can name is one thing, what the judgement is made of is another; and the "
                     "average is not in it.")],
        "The same minutes in another order leave the average as it is and move only the end. So the two rules foresee "
        "different things."),
    Case(
        "{firm} has written a new last sentence for solved calls. Does it *keep customers*? An agent can close one call "
        "with it and the next one without." + PLAN,
        [Option("Draw lots for each solved call. A year later, count in the firm's records who has renewed.", right=True),
         Option("Draw lots for each solved call. At its end, ask whether the customer will stay.",
                hint="The lot is right. But this counts what customers say, and the question is what they do."),
         Option("Let agents use it where it fits. A year later, count in the firm's records who has renewed.",
                hint="Agents will use it with friendly customers, who stay anyhow. Who or what decides which call gets it?"),
         Option("Use it in every call from March on. Compare this year's renewals in the records with last year's.",
                hint="Much else changes from one year to the next: prices, offers, the weather. Who shows what would have "
                     "happened?")],
        "The lot makes the two kinds of call alike in all else, and the records hold what customers do."),
    Case(
        "A course of two days teaches agents to end calls well. What an agent has learnt shows in *all* of that agent's "
        "calls. {firm} has 60 agents with 200 calls each." + PLAN,
        [Option("Draw 30 of the 60 agents for the course. Compare the means of agents, 30 with 30.", right=True),
         Option("Draw 30 of the 60 agents for the course. Compare the calls, 6,000 with 6,000.",
                hint="The lot fell on agents, and the calls of one agent are alike. The honest count is 60, not 12,000."),
         Option("Let 30 of the 60 agents come forward. Compare the means of agents, 30 with 30.",
                hint="Who comes forward is keen, and keen agents end calls well without a course."),
         Option("Draw 6,000 of the 12,000 calls for what the course teaches. Compare 6,000 with 6,000.",
                hint="What is learnt cannot be left out in the next call: the story says that it shows in all of them.")],
        "The lot must fall on what cannot be split, the agent; and what was drawn is what counts (page 2)."),
    Case(
        "{firm} asks whether satisfaction *tells who will leave*. Nobody wants to change anything; it is about telling, "
        "not about causing."
        + PLAN,
        [Option("In March ask a sample of all customers how satisfied they are. In December look up in the records who has "
                "left.", right=True),
         Option("In March ask a sample of all customers how satisfied they are, and if they mean to leave by December.",
                hint="Both answers come from one sheet and one mood, and meaning to leave is not leaving."),
         Option("In December ask a sample of those who are customers still, and how many years they have been so.",
                hint="Those who have left are not asked. A table of survivors cannot tell who goes."),
         Option("In December ask those who have left how satisfied they had been in March, and why they went.",
                hint="Nobody who stayed is in it, and those who left remember March in the light of leaving.")],
        "Satisfaction is asked first, of all; what they do is looked up later, and nobody is missing."),
    Case(
        "Six laboratories disagree about a minimum: the range for a new one runs from −6 to 9 points. {firm} asks what "
        "taking the minimum away would do in *its own* teams." + PLAN,
        [Option("Draw lots among its own teams, free half of them for a year, and say beforehand what will count.",
                right=True),
         Option("Add published laboratories to the pool, one after another, until the interval of the mean leaves out 0.",
                hint="The mean may become sharp; the range for one new place stays wide. And whoever stops at will finds "
                     "what he likes."),
         Option("Pick out the laboratory that is most like the firm's own teams, and do as its result suggests.",
                hint="Some thirty people, picked after the results were known. The pool shows how far such results "
                     "scatter."),
         Option("Free the teams whose leaders ask for it, and compare them with the teams whose leaders do not.",
                hint="Leaders who ask lead otherwise in other things too. Who decides which team is freed?")],
        "No pool tells what one new place will find when places differ so much. A trial there does."),
    Case(
        "You want to *pool* printed correlations of satisfaction with buying again. Some articles print several, of the "
        "same people. Some do not print how many people they asked." + PLAN,
        [Option("Write the search rule first; average what one sample gives; weigh by n; list the rest apart.", right=True),
         Option("Write the search rule first; take each correlation for a study; weigh by n; drop the rest.",
                hint="Several answers of the same people are no separate studies; and what is left out should be said."),
         Option("Write the search rule first; take the largest of each article; weigh by n; list the rest apart.",
                hint="Whoever takes the largest of several finds more than is there."),
         Option("Write the search rule first; average what one sample gives; weigh by n; fill in a usual n where it lacks.",
                hint="An n that is filled in is made up, and the interval rests on it. It may be tried aloud, as page 8 "
                     "does, not entered.")],
        "One sample, one value; real sizes; a rule written before; and what cannot be weighed is shown, not hidden."),
)

ASK = "\n\n**Which is the worst flaw of this memo?**"

MEMOS = (
    Case(
        "> **What {firm} may expect**\n>\n> - Six laboratories pooled: control lowers the gift by 1.35 points (−2.02 to "
        "4.72).\n> - So in our own teams it will do something between −2.02 and 4.72.\n> - At worst that is 5 points of "
        "120.\n> - **Recommendation:** no trial is needed; the risk is small." + ASK,
        [Option("It takes the interval of the mean for the range of one new place.", right=True),
         Option("It prints points of 120, and not the percent that a board can read.",
                hint="A matter of units. Of what is the interval that the memo prints?"),
         Option("It pools Zurich with the others, although Zurich stands out.",
                hint="Leaving Zurich out moves the mean. The memo's step from mean to one place stays wrong."),
         Option("It takes an interval of 95 percent, where 99 would be prudent.",
                hint="A wider interval of the mean would still be one of the mean. Of what should it be?")],
        "For a new laboratory the range is −6.47 to 9.17 (section 1.5.6), more than twice as wide."),
    Case(
        "> **The new ending works alike everywhere**\n>\n> - Four trials of 40 customers each were pooled: I² = 0 "
        "percent.\n> - I² is the share of real differences; so there are none.\n> - What holds on average holds in each "
        "of our 90 branches.\n> - **Recommendation:** roll it out without looking at branches." + ASK,
        [Option("It takes an I² of 0 from small trials for a proof of sameness.", right=True),
         Option("It looks at I², where τ² would have shown that branches do differ.",
                hint="With I² at 0, τ² is 0 as well. How well are the two known from four small trials?"),
         Option("It pools four trials, and with fewer than ten no mean may be taken.",
                hint="A mean may be taken of four; it is only less sure. What may not be read from four?"),
         Option("It leaves out the test by Q, which would have settled the question.",
                hint="Q says the same as I² here: with four small trials it hardly ever finds a difference.")],
        "From a handful of studies I² is hardly known: for the six laboratories its interval runs from 22 to 94 (1.5.6). "
        "For four small ones 0 fits large differences too."),
    Case(
        "> **Peaks and ends**\n>\n> - A meta-analysis of 174 effects: the peak-end score goes with what is remembered, r "
        "= .58.\n> - Above .5 a correlation counts as large.\n> - So customers keep peaks and ends *instead of* the "
        "average.\n> - **Recommendation:** save on the minutes in between." + ASK,
        [Option("It gives no figure for how closely the plain average goes with memory.", right=True),
         Option("It prints r, though .58 squared leaves two thirds unexplained.",
                hint="That is so of most things. Which figure does the word “instead” call for?"),
         Option("It does not say how many of the 174 effects are of customers.",
                hint="Worth asking. But even among customers alone, “instead of the average” needs another figure."),
         Option("It calls .58 large, which holds for laboratories and not for firms.",
                hint="What counts as large is a matter of taste. Which figure does the word “instead” call for?")],
        "The same meta-analysis finds that the plain average does comparably well (section 8.3). The memo needs both, "
        "side by side."),
    Case(
        "> **They will stay**\n>\n> - We asked 2,000 customers of {firm}: how satisfied are you, and will you stay?\n> - "
        "The two answers correlate .66 (.63 to .68).\n> - So satisfaction decides who is with us next year.\n> - "
        "**Recommendation:** plan next year's revenue by satisfaction." + ASK,
        [Option("It takes what customers say they will do for what they do.", right=True),
         Option("It asks 2,000 customers, and large samples make all significant.",
                hint="The size of r does not grow with the sample. What do the two answers have in common?"),
         Option("It takes r and not its square, which is less than one half.",
                hint="The square is of the same two answers. What do these have in common?"),
         Option("It gives an interval that is too narrow for so high an r.",
                hint="With 2,000 answers the interval is right. Right for what?")],
        "Both answers stand on one sheet. In the 30 studies of page 8, satisfaction goes with intention at .56 on average "
        "and with behaviour at .14 (section 8.5.6)."),
    Case(
        "> **A milder end pays**\n>\n> - In a trial with 682 patients the odds ratio of coming back was 1.41.\n> - So 41 "
        "percent more came back.\n> - Of our 1,000 customers who would leave this year, 410 would be kept.\n> - "
        "**Recommendation:** change the ending of all calls." + ASK,
        [Option("It reads a ratio of odds as if it were a ratio of shares.", right=True),
         Option("It leaves out the standard deviation of patients' coming back.",
                hint="Coming back is a yes or a no; its spread follows from the share. What is 1.41 a ratio of?"),
         Option("It follows patients for years, where one year is usual.",
                hint="A long look is a strength. What is 1.41 a ratio of?"),
         Option("It takes the ratio itself, where its logarithm is tested.",
                hint="The logarithm helps with intervals. The memo's mistake comes before that: what is 1.41 a ratio of?")],
        "Around one half, an odds ratio of 1.41 is about 55 against 46 percent, nine points at most (section 8.5.2)."),
    Case(
        "> **Twenty effects, one answer**\n>\n> - We pooled 20 effects: mean 0.30 (0.26 to 0.34).\n> - 14 of them come "
        "from one team, which put 14 questions to the same 500 customers.\n> - So narrow an interval leaves no room for "
        "doubt.\n> - **Recommendation:** take 0.30 as settled." + ASK,
        [Option("It counts fourteen answers of the same people as fourteen studies.", right=True),
         Option("It keeps the other six, though one team's fourteen fit together best.",
                hint="Dropping the six would leave one sample asked fourteen times. How many studies are there, really?"),
         Option("It gives the interval of the mean and not that of each effect.",
                hint="Each effect's interval would be as narrow for the wrong reason. How many studies are there, really?"),
         Option("It rounds the mean to two decimals, where three would be known.",
                hint="More decimals make nothing surer. How many studies are there, really?")],
        "One sample, one value: average the fourteen first (pt.pool refuses two effects of one name for this reason). "
        "Seven studies are left, and a wider interval."),
    Case(
        "> **The new ending works**\n>\n> - Seven trials pooled: 0.20 points (−0.02 to 0.42).\n> - Leaving out Cork it is "
        "0.28 (0.09 to 0.47).\n> - Cork, whose result was below 0, is plainly an outlier and was dropped.\n> - "
        "**Recommendation:** roll out; the interval leaves out 0." + ASK,
        [Option("It drops a trial that spoils the result, having seen it.", right=True),
         Option("It pools seven trials, where ten are needed for an interval.",
                hint="Seven will do for an interval. How was it decided which seven, or six?"),
         Option("It leaves out one trial only, where two should be left out.",
                hint="To be fair one leaves out each in turn, to see, and drops none. Why was Cork chosen?"),
         Option("It prints points of 10 and no percent that a board can read.",
                hint="A matter of units. How was it decided which trials count?")],
        "Leaving out each trial in turn shows how much hangs on one. Dropping the one that spoils the result makes any "
        "result one likes."),
)

GOOD = ("In six laboratories ({agents} people in this table) people gave {mean:.1f} points of 120 less on average when "
        "they were controlled; the interval of that mean is {ci}. For {firm} this is not the figure to look at. "
        "Laboratories differ (about {i2:.0f} percent of the variation lies between them, poorly known from six), and a new"
        " place like them would find something from {low} (they would give more) to {high} (they would give less), if the "
        "model holds: control could cost us a good deal or bring us a good deal. And these are people in laboratories who "
        "played one round; four of the six come from one team. We advise to settle it here: draw lots among our teams, "
        "free half of them from the script for half a year, and say beforehand what will be counted.")
GOOD_WHY = "All three lines: mean and range, and which of them speaks of the firm; the limits; a trial of one's own."
FAIR = ("In six laboratories people gave {mean:.1f} points less on average when controlled (interval {ci}), and a new "
        "laboratory would find something from {low} to {high}. For us the second range counts, since we are one place and "
        "not an average of places. Six laboratories are few, and four of them come from one team; nobody in them answered "
        "a telephone. Still, the mean lies above 0, so that harm is the likelier of the two. We therefore advise that "
        "{firm} takes the script away in all teams at once, and looks at the complaints a year later.")
FAIR_WHY = "The first two lines are met. The third is lost: a rule for all teams, with nobody left to compare them with."
POOR = ("Scientific studies prove that control destroys motivation. Agents who are trusted give more, and those who are "
        "controlled give only what they must. A meta-analysis of six studies confirms this with a significant effect of "
        "{mean:.1f} points. {firm} should therefore abolish scripts and minimum times in all teams at once. Leading "
        "companies have done so for years, and their customers thank them for it. Every month that we wait costs money, "
        "and our best people will go to firms that trust them.")
POOR_WHY = "No range, no interval that holds 0, nothing on who was measured, and a rule for all from a mean of six."

RUBRIC = (
    Criterion("gives the mean over the laboratories and the range for a new one, and says which of the two speaks of the "
              "firm", 1),
    Criterion("says how far laboratories are from a call centre, or that six of them (four from one team) are few", 1),
    Criterion("recommends what follows from that: a trial of one's own, and not a rule for all", 1))


def specimens(told):
    return [Specimen(3, GOOD.format(**told), GOOD_WHY), Specimen(2, FAIR.format(**told), FAIR_WHY),
            Specimen(0, POOR.format(**told), POOR_WHY)]
