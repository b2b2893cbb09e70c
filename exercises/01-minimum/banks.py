"""The banks of module 01: how to read an interval, arrows to draw, memos with a flaw. Case 0 is the practice variant's."""

from pebbletrail.exercises.authoring import ArrowCase, Case, Option

READINGS = (
    Case("Solène looks at your interval and asks what it tells her. Which sentence is right?", [
        Option("Were such games played again and again, intervals made this way would cover the true mean difference in "
               "about 95 of 100 of them.", right=True),
        Option("Of every 100 agents who play the game in this laboratory, about 95 show a difference that lies between the "
               "two ends of this interval.", hint="That "
               "speaks of single agents, and they differ by the standard deviation. The interval is made from the standard "
               "error: it is about the mean."),
        Option("Control changes what these agents give with a probability of 95 percent, and leaves it as it is with one of "
               "5 percent.", hint="The 95 percent belong to the way in which intervals are made, not to a statement about "
               "control. An interval may contain zero as well."),
        Option("If the agents of {firm} played the same game, their mean difference would lie in this interval in 95 of 100 "
               "cases.", hint="The agents of {firm} are other people in another place. The interval speaks of people like "
               "those who came to this laboratory.")],
        worked="The interval is about the mean difference, not about single agents, and about people like these, not about "
        "those of a firm. The 95 belongs to the method: in about 95 of 100 games it gives an interval that covers the "
        "truth."),
    Case("Suppose four times as many agents had come, who differ from one another as yours do. What would you expect?", [
        Option("The standard deviation stays about the same, and the standard error of the mean falls to about half of what "
               "it was.", right=True),
        Option("The standard deviation and the standard error both fall to about half of what they were, and the interval "
               "with them.", hint="Agents do not become more alike because more of them come. What does the standard "
               "deviation describe?"),
        Option("The standard error stays about the same, and the standard deviation of the differences falls to about a "
               "half.", hint="It is the other way round: which of the two is divided by the root of the number of agents?"),
        Option("The standard deviation stays about the same, and the standard error of the mean falls to about a quarter of "
               "what it was.", hint="Look "
               "at the formula again: by what is the standard deviation divided, the number of agents or its square root?")],
        worked="The standard deviation describes how agents differ: more agents do not change that. The standard error is "
        "the standard deviation divided by the root of the number of agents, and the root of four is two."),
    Case("In another laboratory the mean difference is 3.2 points, with an interval from −1.4 to 7.8. A colleague writes: "
         "“Control has no effect here.” What should he write?", [
             Option("The direction is open: the data fit a small gain from control as well as a loss of more than seven "
                    "points.", right=True),
             Option("What he wrote: an interval with zero in it shows that the true difference is zero, or very nearly "
                    "zero.", hint="Zero lies in the interval, but 7 lies in it too. “Not shown” is not “shown that not”."),
             Option("Control costs 3.2 points: the middle of an interval is what is true, its ends are there for form's "
                    "sake.", hint="The "
                    "middle is the best single guess, no more. The ends say how far the truth may lie from it."),
             Option("Nothing yet: he should leave out the agents with a difference of 0 and compute the interval once "
                    "more.", hint="An agent who gives the same in both cases is a finding, not a gap. Leaving agents out "
                    "would change the question.")],
         worked="An interval that contains zero does not show that the difference is zero. From −1.4 to 7.8 points, the "
         "data fit a small gain and a large loss. With so few agents the direction is open."),
    Case("A report of such a game with 36 agents prints two numbers for the difference: 12 points and 2 points. The first "
         "is the standard deviation, the second the standard error of the mean. What do they say?", [
             Option("12 points is roughly how far agents lie from their mean; 2 points is how far it would move with "
                    "others.", right=True),
             Option("12 points is how far the mean would move with other agents; 2 points is how far agents lie from it, "
                    "roughly.", hint="The two are exchanged: which of them becomes smaller when more agents come?"),
             Option("Both say how far agents lie from their mean; the second is on the scale of a single point given and "
                    "so is smaller.", hint="Both are in points. The standard error is not about agents one by one: it is "
                    "about their mean."),
             Option("12 points is the largest difference that was seen; 2 points is the smallest that one would call more "
                    "than chance.", hint="Neither is a largest or smallest value. Look again at how each is computed "
                    "(page 1, section 1.5.1).")],
         worked="12 divided by the root of 36 is 2. The standard deviation is about agents: roughly how far one lies from "
         "the mean. The standard error is about the mean: how far it would move if 36 others had come."),
    Case("Each agent here answered for both cases, free and controlled. Suppose the same gifts had come from two groups of "
         "different people instead. What would be otherwise?", [
             Option("The mean difference would still be the same number, but its standard error would most likely be "
                    "larger.",
                    right=True),
             Option("The mean difference would be another number, because pairs change the two means as well as the error.",
                    hint="Compute both from three pairs of numbers: the mean of differences is the difference of the "
                    "means."),
             Option("The mean difference would be the same, and its standard error smaller, since there would be twice the "
                    "people.", hint="More people, but their own generosity no longer cancels. In whom is it the same in "
                    "both answers?"),
             Option("Nothing would be otherwise, as long as both groups were as large and equally generous on average.",
                    hint="The mean would not change. But what happens to the differences between generous and careful "
                    "people, if they no longer cancel?")],
         worked="The mean of the differences is the difference of the means. But a generous agent gives much in both cases: "
         "within one person that cancels, between two groups it is noise. So pairs have the smaller error."),
)

ARROWS = (
    ArrowCase("At {firm} a lottery decides which agents must follow the script; nothing else does. Following it makes "
              "agents feel distrusted, and whoever feels distrusted gives customers less help. The script reaches the help "
              "in no other way. Experience teaches how to help: long service makes agents give more help. It makes them "
              "feel neither more nor less distrusted, and nobody stays longer for being helpful. How long they had served "
              "was settled before the lottery.",
              ("help", "service", "distrust", "script"),
              [("script", "distrust"), ("distrust", "help"), ("service", "help")],
              {("script", "help"): "The story says that the script reaches the help in no other way than through distrust. "
               "So no arrow goes straight from the one to the other.",
               ("service", "script"): "Who must follow the script was drawn in a lottery: no arrow leads into it.",
               ("service", "distrust"): "Long service makes agents feel neither more nor less distrusted: no arrow there.",
               ("help", "service"): "The story says that nobody stays longer for being helpful."},
              worked="script -> distrust -> help is the one road from the script. service -> help stands beside it. The "
              "lottery has cut every arrow that could lead into script."),
    ArrowCase("Customers with the old box complain more often than those with the new one; who has which box was settled "
              "years ago. At the end of a month the team leader of {firm} decides whom to listen in on: the agents whose "
              "customers complained most in that month, and nobody else. She looks at nothing but the complaints. The "
              "complaints meant here are those of that month. Agents who were listened in on get an hour of coaching the "
              "month after; nobody else gets any.",
              ("coaching", "box", "complaints", "listening"),
              [("box", "complaints"), ("complaints", "listening"), ("listening", "coaching")],
              {("listening", "complaints"): "The complaints are those of the month before the listening. What comes later "
               "cannot have caused them.",
               ("box", "listening"): "The team leader looks at nothing but the complaints. The box matters only through "
                "them.",
               ("coaching", "complaints"): "The coaching came the month after. What comes later cannot have caused them.",
               ("complaints", "coaching"): "Coaching goes to whoever was listened in on. Complaints reach it only that "
                "way."},
              worked="One chain: box -> complaints -> listening -> coaching. Agents who are listened in on will show many "
              "complaints, and the listening is not the reason."),
    ArrowCase("When staff is short at {firm}, two things happen: team leaders take calls themselves, so that less is "
              "listened in on, and customers wait longer. How long they have waited decides how they rate the call. The "
              "listening makes no difference to the rating: it was tried by lot, and nothing changed. Nobody plans staff or "
              "listening by the ratings.",
              ("listening", "waiting", "rating", "staffing"),
              [("staffing", "listening"), ("staffing", "waiting"), ("waiting", "rating")],
              {("listening", "rating"): "It was tried by lot, and nothing changed: no arrow. They go together because staff "
               "moves both.",
               ("rating", "listening"): "Nobody plans the listening by the ratings: no arrow back.",
               ("staffing", "rating"): "The story has one road from staff to the rating, and it leads through the waiting."},
              worked="staffing -> listening and staffing -> waiting -> rating. Listening and rating go together, and "
              "neither causes the other: staff is their common cause."),
    ArrowCase("A coin decided in which centres of {firm} a minimum of calls an hour is enforced. Where it is, slow agents "
              "pick up their pace, and many agents take shortcuts: they leave out the last question. A higher pace brings "
              "more solved calls, shortcuts bring fewer. There is no third way in which the minimum matters, and neither "
              "does the pace change the shortcuts nor do the shortcuts change the pace.",
              ("solved", "pace", "shortcuts", "minimum"),
              [("minimum", "pace"), ("minimum", "shortcuts"), ("pace", "solved"), ("shortcuts", "solved")],
              {("minimum", "solved"): "There is no third way: the minimum reaches the solved calls through pace and "
               "shortcuts alone.",
               ("pace", "shortcuts"): "The story says that pace does not change the shortcuts.",
               ("shortcuts", "pace"): "The story says that shortcuts do not change the pace."},
              worked="Two roads from the minimum to the solved calls, one through pace and one through shortcuts: four "
              "arrows, the benefit and the hidden cost of page 1 in other clothes."),
    ArrowCase("In winter more boxes fail. That brings each agent of {firm} more calls, and it brings more complaints. How "
              "many calls an agent takes makes no difference to the complaints. Complaints come by letter and bring no "
              "calls. A bonus is worked out from the calls that an agent has taken, and from nothing else. It is paid when "
              "the month is over, and changes nothing any more in that month's calls or complaints.",
              ("bonus", "season", "calls", "complaints"),
              [("season", "calls"), ("season", "complaints"), ("calls", "bonus")],
              {("bonus", "calls"): "The bonus is paid when the calls have been taken: what comes later cannot cause them.",
               ("calls", "complaints"): "How many calls an agent takes makes no difference to the complaints: the season "
               "moves both.",
               ("complaints", "calls"): "Complaints come by letter and bring no calls.",
               ("bonus", "complaints"): "The bonus changes nothing any more in that month's complaints.",
               ("season", "bonus"): "The bonus is worked out from the calls and from nothing else. The season reaches it "
               "through them."},
              worked="season -> calls -> bonus, and season -> complaints. Bonus and complaints rise together in winter, and "
              "neither causes the other."),
)

ASKED = "\n\nWhich is its worst flaw?"

MEMOS = (
    Case("> **A minimum that motivates**\n>\n> - We enforced a minimum of 10 points. 46 percent of the agents gave more "
         "than when they were free.\n> - Nearly all of these would have given nothing when free, and gave exactly 10 "
         "now.\n> - So control motivates almost half of our people.\n> - We recommend to enforce a minimum in all "
         "centres." + ASKED, [
             Option("Whoever would give nothing had to give 10. That they gave more shows obedience and not "
                    "motivation.", right=True),
             Option("46 percent is less than half. The rule failed with the majority, and no rule may rest on a minority of "
                    "agents.", hint="Whether 46 is above or below 50 settles nothing. Look at how these 46 percent came to "
                    "give more."),
             Option("A percentage is no measure of a gift. Only the mean gift and its standard deviation may stand in such "
                    "a memo.", hint="A share of agents is a fair thing to report; page 1 does it too. Ask what the share "
                    "counts."),
             Option("Each agent answered for both cases. The same people cannot be compared with themselves, only with "
                    "others.", hint="Comparing people with themselves is the strength of this design: what is their own "
                    "cancels.")],
         worked="Compliance is not motivation. A minimum of 10 lifts everybody who would have given less, whatever they "
         "feel."),
    Case("> **Listening in: no cost found**\n>\n> - 24 agents worked a week with and a week without being listened in on; a "
         "coin settled which came first.\n> - Without it they solved 3.1 calls more a day (95 % interval from −1.2 to 7.4; "
         "p = .15).\n> - The effect of listening in on solved calls is therefore zero.\n> - {firm} can extend it at no cost."
         + ASKED, [
             Option("The interval reaches from a small gain to a loss of 7 calls a day. It does not show that there is no "
                    "loss.", right=True),
             Option("With 24 agents measured twice there are 48 people, and the interval should have been computed from "
                    "48.", hint="There are 24 people. Treating their pairs as two groups would throw away what pairs are "
                    "good for."),
             Option("A p value of .15 and a mean of 3.1 contradict each other: one of the two must have been "
                    "miscomputed.", hint="They "
                    "do not: with few agents even a large mean can carry a p value of .15 (page 1, section 1.5.2, has one "
                    "of .11)."),
             Option("The order of the two weeks was left to a coin. The agents should have chosen it themselves, so that "
                    "nobody is upset.", hint="The "
                    "coin is a virtue: it keeps the order from going together with anything else.")],
         worked="Not found is not the same as not there. The interval leaves a loss of 7 solved calls a day open, and the "
         "memo turns that into zero."),
    Case("> **What science says about scripts** (written with an assistant)\n>\n> - Research proves that control "
         "backfires.\n> - In the Zurich laboratory 57 percent of the agents gave less when a minimum was enforced.\n> - The "
         "mean loss was 5.5 points, and its interval lies above zero.\n> - Abolishing the script will therefore raise "
         "quality at {firm}."
         + ASKED, [
             Option("One laboratory was picked; others found less or the reverse, and none had a call or a customer in "
                    "it.", right=True),
             Option("57 percent lies so close to one half that the loss in the Zurich laboratory can only have been "
                    "chance.", hint="The interval for the mean loss lies above zero, so chance alone is an unlikely reason. "
                    "The step from Zurich to {firm} is the problem."),
             Option("The mean should be given with the standard deviation of the gifts, which says how sure the loss in "
                    "Zurich is.", hint="How sure a mean is, the standard error and the interval say, and the interval is "
                    "there."),
             Option("The agents in Zurich were asked about both cases, so that the loss of 5.5 points counts every agent "
                    "twice.", hint="One difference for each agent: nobody counts twice. Pairs are no flaw.")],
         worked="Zurich is the laboratory in which control cost most of the six with a boss and paid points; in two of them "
         "the mean gift was higher under control. And a point in a game is no quality of a call."),
    Case("> **Script dropped, quality up**\n>\n> - On 1 March we dropped the script for all agents of {firm}.\n> - By June "
         "the customers' score had risen by 7 points (95 % interval from 4 to 10).\n> - The same 85 agents were measured "
         "before and after, so that each is compared with himself.\n> - The script had been costing us 7 points." + ASKED, [
             Option("There is no centre that kept the script. Whatever else changed between March and June is in the 7 "
                    "points as well.",
                    right=True),
             Option("Measuring the same agents twice is no comparison. The 85 should have been set beside 85 others in "
                    "June.", hint="The "
                    "same agents twice is a good start. Other people in June, also without the script, would not tell what "
                    "the script did."),
             Option("An interval from 4 to 10 is so wide that even the direction of the change remains open in these "
                    "data.", hint="It lies above zero throughout: the direction of the change is not what is open."),
             Option("The 7 points are a mean. It has to be shown first that each of the 85 agents has risen by 7 "
                    "points.", hint="A mean need not hold for each agent. Ask what else may have lifted it between March "
                    "and June.")],
         worked="Before and after in the same agents takes care of who they are, not of what else happened: a new box, the "
         "summer, a price. Centres that keep the script, drawn by lot, would show that."),
    Case("> **The minimum game at {firm}: nothing found**\n>\n> - 40 agents gave 22 points on average when free; the same "
         "40 gave 18 with a minimum enforced.\n> - Whoever gave much when free also gave much under the minimum.\n> - We "
         "entered the 80 gifts as two groups of 40. The interval of the difference runs from −2 to 10.\n> - More cannot be "
         "said." +
         ASKED, [
             Option("The same 40 answered twice. With each agent's own difference the interval would be narrower and say "
                    "more.", right=True),
             Option("80 gifts of 40 agents make the sample look twice as large. The true interval is wider still than the "
                    "one shown.", hint="That is a good suspicion in other places. Here what is each agent's own would "
                    "cancel in a difference; in two groups it stays as noise."),
             Option("22 and 18 are means of the same agents. From two such means no difference may be computed at "
                    "all.", hint="It may, and it is the mean of the differences. The question is how sure it is."),
             Option("An interval with zero in it must not be shown to anybody. Only p values settle whether something was "
                    "found.", hint="The interval says more than a p value would. It was only computed clumsily.")],
         worked="Whoever gives much in one case gives much in the other. In two groups that is noise; in each agent's "
         "difference it cancels, and the interval becomes narrower."),
)
