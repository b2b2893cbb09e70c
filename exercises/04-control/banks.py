"""Words of 04-control: designs to choose from, memos with a flaw, specimens. The first case is the practice's alone."""

from pebbletrail.exercises.authoring import Case, Criterion, Option, Specimen

GUESSES = ("Control goes more closely with what comes after it: this week's customers' score.",
           "Equally closely: the two correlations differ by less than 0.05.",
           "Control goes more closely with what came before it: last week's score by the supervisor.")
AFTERWARDS = ("If control did the damage and nothing else happened, the closer link should be with what comes after it (as "
              "long as the later score is at least as exact, and nobody's liking is in the earlier one). Now look at the "
              "numbers.")

DESIGNS = (
    Case(
        "At {firm} supervisors listen to about six calls an agent and week. The works council asks what that does to the "
        "calls as customers live them. {teams} teams can take part, each with a supervisor of its own. Which design "
        "answers best?",
        [Option("Draw half of the teams by lot; they are not listened to for half a year. Customers, who know nothing of "
                "it, score the calls of all teams.", right=True),
         Option("Compare agents who were listened to much last year with those who were listened to little, and hold "
                "tenure, shift and the year before still.",
                hint="Holding still ends where the table ends. Supervisors also react to what nobody wrote down."),
         Option("Stop listening in the teams with the poorest scores first, where it is needed most, and see whether they "
                "have improved after half a year.",
                hint="Whoever is poorest today was partly unlucky, and comes up by himself (page 4, quiz, question 4)."),
         Option("Draw half of the teams by lot; they are not listened to for half a year. The supervisors score "
                "recorded calls of their own agents, before and after.",
                hint="The lot is good. But the one who scores knows whose control was taken away, and has a stake in it.")],
        "The lot cuts every arrow into control, known and unknown; customers who know nothing of it score both halves "
        "alike. Take away one of the two, and another explanation comes back."),
    Case(
        "{firm} wants to know what it brings to take the script away. The agents of a team sit at one table and help each "
        "other; one supervisor divides her hours among them. Which design answers best?",
        [Option("Whole teams by lot: half of the teams work without a script for five months, and customers who do not "
                "know of it score the calls of both halves.", right=True),
         Option("Agents by lot: in every team half of the agents work without a script for five months, and customers who "
                "do not know of it score all of them.",
                hint="At one table the halves touch: they help each other, and the supervisor has more time for the rest. "
                     "Draw what does not touch."),
         Option("Volunteers: the teams that would like to work without a script do so for five months, and customers who "
                "do not know of it score them and the others.",
                hint="Teams that volunteer differ from those that do not, before anything is changed."),
         Option("All teams drop the script on one Monday, and the customers' scores of the five months after it are "
                "compared with those of the five months before.",
                hint="Nobody is left to say what these five months would have brought anyhow: season, prices, a new "
                "product.")],
        "Draw by lot what does not touch. Agents of one team share a table and a supervisor, so the team is the unit: of "
        "the draw, and later of the standard error."),
    Case(
        "The board of {firm} has decided: within the year every team loses its handling target, four teams a month. Only "
        "the order is still open. What should the centre do, to learn from it what the target did?",
        [Option("Draw the order by lot, and compare the teams of each month with those whose turn has not come yet.",
                right=True),
         Option("Begin with the teams that have the poorest scores, and compare each with its own months before.",
                hint="The poorest come up by themselves, and then there is nobody to compare them with."),
         Option("Begin with the teams whose leaders ask for it, and compare them with the teams whose leaders wait.",
                hint="Leaders who ask may lead better, or worse. That difference was there before."),
         Option("Draw the order by lot, and compare each team with its own months before.",
                hint="The lot is good. But who shows what these months would have brought anyhow?")],
        "Everybody's turn comes; the lot only decides when. Until then those who wait show what would have been."),
    Case(
        "At {firm} teams that decide more also hear more often how they are doing. It can do two things: let agents grant "
        "refunds up to 30 euros, and hold a weekly talk about calls. What does **each of them** bring?",
        [Option("Draw four groups of teams by lot: refunds, talks, both, neither. Customers who do not know of it score "
                "the calls of all four for half a year.", right=True),
         Option("Draw two groups of teams by lot: both at once, or neither. Customers who do not know of it score the "
                "calls of both groups for half a year.",
                hint="This tells what the bundle brings. Which part of it did the work, it cannot say."),
         Option("Ask all agents how far they decide and how often they hear how they do, and regress the customers' score "
                "on both answers, each beside the other.",
                hint="Holding the one still beside the other is arithmetic on jobs as they are. Nobody was given "
                "anything."),
         Option("Let all teams grant refunds from spring on, add the talks in autumn, and compare the customers' scores "
                "before, between and after.",
                hint="Spring and autumn differ in more than refunds and talks, and nobody is left to compare with.")],
        "What comes in a bundle must be drawn apart. With four groups each is there with and without the other."),
    Case(
        "At {firm} control and the customers' score do not go together at all: r = 0.02 over 1,900 agents. “So our control "
        "is harmless,” says head office. How could one find out?",
        [Option("Take control away from teams drawn by lot for half a year, and let customers who do not know of it score "
                "both kinds of teams.", right=True),
         Option("Take all 4,000 agents of the group instead of 1,900, so that even a correlation as small as 0.02 can be "
                "told apart from nothing.",
                hint="That makes the same number more precise. A harm and a help that cancel still cancel."),
         Option("Take control away from teams drawn by lot for half a year, and let their supervisors, who know of it, "
                "score both kinds of teams.",
                hint="The lot is good. But whoever scores knows whose control is gone."),
         Option("Take out the agents of the first half year, whose scores are low for other reasons, and compute the "
                "correlation among the others.",
                hint="It is still a correlation: strict supervisors may also be the better coaches, among the experienced "
                "too.")],
        "If strict supervisors are also good coaches, a harm hides behind a zero. Only moving control by itself brings it "
         "out."),
    Case(
        "For two weeks teams of {firm} drawn by lot worked without control; customers who knew nothing of it scored them "
        "like the others. “No effect,” says the report. But habits change slowly. What next?",
        [Option("Draw teams by lot once more, leave the two kinds as they are for half a year, and follow the customers' "
                "scores of both, week by week.", right=True),
         Option("Draw teams by lot once more, four times as many as before, and compare the customers' scores of both "
                "kinds for two weeks again.",
                hint="More teams show the first two weeks more sharply. What comes in the tenth, they do not show."),
         Option("Keep the teams of the draw for half a year, but let supervisors take control up again wherever scores "
                "begin to fall.",
                hint="Then managers react once more: who is controlled follows from the score, and the lot is undone."),
         Option("Let all teams work without control for half a year, since nothing happened, and compare it with the half "
                "year before.",
                hint="Then nobody is left who shows what this half year would have been with control.")],
        "The lot has to last as long as the effect needs, and both kinds of teams must be there until the end."),
)

_MEMO = "A memo, made up, in the manner of a chatbot:\n\n"
_ASK = "\n\nWhich is the **worst** flaw?"

MEMOS = (
    Case(
        _MEMO + "> **Halve call listening: the data are clear**\n>\n> - Over 312 agents, calls listened to and the "
        "customers' score correlate at r = −0.44 (p < .001).\n> - Each extra call listened to costs 0.2 points of the "
        "score.\n> - The result is robust: it holds at all three sites, for new and for experienced agents.\n> - "
        "**Recommendation:** halve listening. Expect +0.6 points within a quarter." + _ASK,
        [Option("Nobody asked who is listened to: it may be those who score poorly.", right=True),
         Option("Three sites are too few to say that a result is robust: it would take at least ten.",
                hint="It could come out at a hundred sites, if managers react everywhere."),
         Option("312 agents are too few: chance alone could make −0.44.",
                hint="With 312 agents chance hardly ever makes −0.44; that is what the p value says."),
         Option("r = −0.44 explains only 19 percent, and that is too little to act upon.",
                hint="A link of this size would be worth having, if it were an effect. Is it one?")],
        "“Costs” and “expect” turn a correlation into an effect. If supervisors listen to those who score poorly, the same "
        "picture comes out although listening does nothing."),
    Case(
        _MEMO + "> **Trust pays: evidence from our own teams**\n>\n> - Supervisors scored 240 agents on quality, and on "
        "how much freedom they leave each of them.\n> - The two correlate at r = 0.61 (p < .001), far above what studies "
        "usually find.\n> - Tenure and shift were held still; the link remains.\n> - **Recommendation:** leave everybody "
        "the freedom that the best have now." + _ASK,
        [Option("Tenure and shift were held still, and that takes away part of the effect of freedom.",
                hint="Freedom hardly changes anybody's tenure or shift. Who filled in the two columns?"),
         Option("One person filled in both columns: whom a supervisor likes, stands high in both.", right=True),
         Option("A correlation of 0.61 is still below 0.7, and so it is not strong enough to act upon.",
                hint="There is no such limit. And what would 0.8 say, if one person wrote both columns?"),
         Option("240 agents are too few to find a correlation that is larger than in other studies.",
                hint="Chance does not make 0.61 out of 240. That it is larger than elsewhere has another reason.")],
        "Liking raises the score and loosens the reins; so does one good impression. It also explains why the link is "
        "larger than elsewhere. (Whom one trusts, one also leaves free: the arrow may run from quality to freedom.)"),
    Case(
        _MEMO + "> **Autonomy: an expensive illusion**\n>\n> - Alone, autonomy correlates with performance at 0.23.\n> - "
        "Beside nine other features of the job, such as feedback and complexity, it adds 0.1 points of R².\n> - All "
        "sources are published, with many thousands of people.\n> - **Conclusion:** whether agents decide for themselves "
        "does not matter. Cancel the programme." + _ASK,
        [Option("R² is given in points, and not as a share of the R² that all ten features have together.",
                hint="Of which total it is a share would change the wording, not what it means."),
         Option("The correlations come from all kinds of jobs, and of these only some are in call centres.",
                hint="True, and a limit. But the conclusion would not follow in call centres either."),
         Option("Nine features are too few: with fifteen or twenty the weight would be more reliable.",
                hint="The more of the bundle is held still, the less is left to autonomy. That is the trouble, not the "
                "cure."),
         Option("Who decides more may find harder cases and more feedback: held still, these are lost.", right=True)],
        "If autonomy works through the nine others, holding them still takes out what it does. “Adds last” is no measure "
        "of what it would bring to give it to somebody."),
    Case(
        _MEMO + "> **Pilot without a script: a clear success**\n>\n> - Of 12 teams, 6 were drawn by lot to work without a "
        "script; customers scored 2,400 calls.\n> - Without a script: +0.18 points, standard error 0.05 from 2,400 calls, "
        "p < .001.\n> - Customers knew nothing of the pilot.\n> - **Recommendation:** take the script away everywhere; a "
        "smaller effect than 0.08 is excluded." + _ASK,
        [Option("Tenure and shift of the agents were not held still, so that the two halves cannot be compared.",
                hint="A lot does on average what holding still does, also for what nobody wrote down."),
         Option("Customers should have been told of the pilot, so that they could judge what they were scoring.",
                hint="That they did not know is what makes their scores worth something."),
         Option("12 teams were drawn, so 12 pieces are independent: the error from 2,400 calls is too small.", right=True),
         Option("6 of 12 teams is too large a part: with 2 of 12, more teams would be left to compare with.",
                hint="Halves are the best split for a given number of teams.")],
        "Calls of one team share an agent, a table and a supervisor. What was drawn is the unit: with 12 teams the error "
        "is larger, and what is “excluded” may well not be."),
    Case(
        _MEMO + "> **Control does no harm here**\n>\n> - Over 640 agents, control and the customers' score correlate at r "
        "= 0.03 (95 % interval −0.05 to 0.11).\n> - Harm of any practical size is thereby excluded.\n> - Supervisors who "
        "control more are, by the way, the best trained ones.\n> - **Conclusion:** the debate is closed." + _ASK,
        [Option("The interval contains zero, and so neither harm nor help can be said to be excluded.",
                hint="An interval that is narrow around zero would exclude much, if nothing else stood behind it."),
         Option("The strict are the best trained: their better coaching may hide a harm that control does.", right=True),
         Option("640 agents are too few for an interval: it takes at least a thousand to exclude a harm.",
                hint="The interval is narrow enough. The question is what the 0.03 is made of."),
         Option("A correlation is in no unit: harm should have been given in points of the score.",
                hint="That would be better to read. It would be as close to zero, and say as little.")],
        "The third line gives it away. If those who control more also coach better, a harm and a help may cancel to 0.03. "
        "A narrow interval is about chance, and knows nothing of that."),
    Case(
        _MEMO + "> **Less control, better calls: it works!**\n>\n> - In the spring quarter we freed the 60 agents with the "
        "poorest scores of the winter from control.\n> - Their score rose by 0.4 points; that of all others fell by "
        "0.1.\n> - The difference of 0.5 is highly significant (p < .001).\n> - **Recommendation:** free everybody, and "
        "expect half a point." + _ASK,
        [Option("Customers' scores were used, though supervisors know the calls far better than customers do.",
                hint="Customers have no stake in it. That is the strength of this memo."),
         Option("60 agents are too few: a difference of 0.5 points could well be chance, whatever p says.",
                hint="That is what p is for: chance alone would hardly do it. Something else may."),
         Option("The others fell by 0.1: freeing the 60 must have harmed them.",
                hint="Nothing says that the one caused the other. Both may have the same reason."),
         Option("The poorest had bad luck too, and come up by themselves; no lot left any out.", right=True)],
        "Who is poorest in one quarter is partly unlucky, and luck does not last; the best come down a little for the same "
        "reason. Half of the 60 should have been left out by lot."),
)

DESIGN_HINTS = ("Ask three things of each design: who decides whose work changes, who judges the calls, and with whom the "
                "changed ones are compared.",
                "Three of the four leave another reason for a difference. Name it for each; the fourth is right.")
MEMO_HINTS = ("Strike out all numbers. What does the memo take for granted about how they came about?",
              "After the worst flaw the recommendation no longer follows, however exact the numbers are.")

RUBRIC = (
    Criterion("says with numbers of its own what the picture shows, and gives the reason of 4.1 and 4.3 why it is no "
              "proof", 1),
    Criterion("says how far that goes: what was held still and what was not, and how sure the slope is. Neither “control "
              "harms” nor “control is harmless” is claimed", 1),
    Criterion("recommends something that can be done: whose control changes and who decides that, who judges, until "
              "when", 1))

_BEST = (
    "At {firm}, agents who are controlled one standard deviation more (a typical distance from the average) score {plain} "
    "points of ten lower with customers (standard error {error}, counted by team). That need not be an effect of control: "
    "supervisors control those more who scored poorly the week before. Among agents with the same last score they "
    "score {size} points {way} (error {held_error}): not to be told from nothing. But this holds still only what "
    "is in our table, and the error leaves room for a small harm or a small help. So let us neither cut control because of "
    "the picture nor keep it because of the picture. Draw half of our {teams} teams by lot, take control away there for "
    "half a year, let customers who do not know of it score the calls, and decide in September.")
_MIDDLING = (
    "The picture of head office is real: one standard deviation more control goes with a score that is {plain} points "
    "lower. But our supervisors listen most to those who had a poor week. When last week's score is held still, it goes "
    "with one that is {size} points {way} (error {held_error}): not to be told from nothing. So the picture shows whom we "
    "control. With this we have shown that control does no harm to our calls. To convince the works council as well, draw "
    "half of the {teams} teams by lot, leave them without control until September, and let customers who do not know of it "
    "score their calls.")
_POOR = (
    "The data clearly show that control destroys quality. The correlation is strongly negative and highly significant, "
    "which means that agents who are controlled more serve customers worse. Modern leadership is built on trust, and the "
    "most successful firms have understood this long ago. We should abolish listening, scripts and handling targets at "
    "once. Our customers will notice the difference within weeks, our agents will be grateful, and the numbers leave no "
    "doubt about it.")


def specimens(**numbers):
    """Three anchored paragraphs, with this variant's numbers."""
    return (Specimen(3, _BEST.format(**numbers), "Numbers, reason, limit, and a test that can be carried out. No claim "
                                                 "goes beyond the table."),
            Specimen(2, _MIDDLING.format(**numbers), "Number, reason and test are there. “Shown that control does no harm” "
                                                     "goes too far: the error leaves room for one, and so does what is not "
                                                     "in the table."),
            Specimen(0, _POOR, "Takes the correlation for an effect, and “significant” for a reason. No number, no limit, "
                     "no test."))
