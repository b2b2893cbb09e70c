"""Banks of module 10: designs for a question about incidents, and memos with a flaw."""

from pebbletrail.exercises.authoring import Case, Criterion, Option, Specimen, Text

DESIGNS = (
    Case(
        "{firm} wants to know whether a refund, instead of an explanation, keeps complainers. In about a third of the "
        "cases either answer could be defended: these are the *open* cases. **Which design answers the question?**",
        [Option("In the open cases a lot decides between refund and explanation. A year later everybody drawn is "
                "counted, gone or there, by what the lot said.", right=True),
         Option("A year later all refunded and all explained complainers of last year are compared, with product, region "
                "and length of the outage held still by a model.",
                hint="Somebody chose who got the refund, and how good the case was is in none of the three columns. What "
                     "is not recorded cannot be held still."),
         Option("In the open cases a lot decides between refund and explanation. A year later the satisfied of one group "
                "are compared with the satisfied of the other.",
                hint="Satisfaction comes after the lot, and is made by the answer too. Whoever compares only the "
                     "satisfied has undone the lot."),
         Option("From March on everybody in an open case gets a refund. Those who leave in the following year are "
                "compared with those who left in the year before.",
                hint="Before and after: prices, rivals and outages changed as well between the two years. Nothing tells "
                     "their part from the refund's.")],
        worked="The lot makes the two groups alike in everything, recorded or not, before the answer. Counting everybody "
               "by what the lot said keeps them alike. Leaving is counted, and not asked."),
    Case(
        "{firm} has twelve teams with 300 agents. It wants to know whether a call back within a day calms complainers. "
        "An agent who has learnt to call back does it with every customer, so agents cannot treat one complaint so and "
        "the next otherwise. **Which design answers the question?**",
        [Option("A lot decides which six teams learn to call back. Each team's share of second complaints is counted, "
                "and six teams are compared with six.", right=True),
         Option("A lot decides for each complaint whether its agent shall call back. The 4,000 with a call back are "
                "compared with the 4,000 without.",
                hint="The story says that agents cannot do it by turns: who has learnt it calls the others back as well. "
                     "The two groups would get nearly the same."),
         Option("A lot decides which six teams learn to call back. The 4,000 complaints of these are compared with the "
                "4,000 of the others, each as a witness of its own.",
                hint="The lot fell on teams. Complaints of one team share leader, product and habits: twelve witnesses, "
                     "and not 8,000 (week 5)."),
         Option("Six teams that want to call back learn it. Their second complaints are compared with those of the six "
                "others, before and after.",
                hint="Teams that volunteer differ from those that do not, and may have been on their way already. A lot "
                     "costs no more.")],
        worked="The smallest thing that can be treated in one way is the team. So the lot falls on teams, and teams are "
               "what is counted."),
    Case(
        "{firm} wants to answer complaints more kindly and to know whether this keeps customers. In the same month "
        "complaints move from the post to a form on the web. **Which design answers the question?**",
        [Option("All use the new form. A lot decides for each complaint on the kind or the usual answer; a year later "
                "the billing records say who is gone.", right=True),
         Option("All use the new form and get the kind answer. The number of complaints a month is compared with that of "
                "the months before.",
                hint="A form makes complaining easier, so the count changes with the form. And the question was who "
                     "stays, not who writes."),
         Option("A lot decides for each complaint on the kind or the usual answer. The form's last page asks how content "
                "people are; those who reply are compared.",
                hint="Who replies is chosen by what the answer did to them, and content is not the same as still there."),
         Option("The form goes to one half of the customers, drawn by lot, and the kind answer with it; the post and the "
                "usual answer stay with the other half.",
                hint="Two things change at the same step. Whatever is found may be the form's doing, or the kind "
                     "answer's.")],
        worked="One thing is varied, by lot; the other is the same for all. And what is counted stands in records that "
               "nobody's mood or form can change."),
    Case(
        "At {firm} easy complaints are answered first, and hard ones lie for weeks. The firm wants to know whether a "
        "quicker answer makes second complaints rarer. **Which design answers the question?**",
        [Option("A lot decides which new complaints go to the head of the queue. Second complaints are compared by the "
                "lot, however long the answer took.", right=True),
         Option("Complaints answered within two days are compared with those answered later, inside each product, as "
                "some products are harder.",
                hint="Inside one product the easy ones are still answered first. So the quick ones are the easy ones."),
         Option("A lot decides which new complaints go to the head of the queue. Those really answered within two days "
                "are compared with all others.",
                hint="Who was really answered within two days is again the easy cases, from both halves. The lot was "
                     "drawn and then not used."),
         Option("The firm answers everything within two days from May on. If second complaints do not fall beyond "
                "chance, speed does not matter.",
                hint="Other things change in May too, and a small fall may hide in chance. No sign of an effect is not a "
                     "sign of no effect.")],
        worked="Only the place in the queue is drawn; everything that makes a case hard is then alike in both halves. "
               "Compare by the draw, or the easy cases creep back in. And draw few, or the others wait longer by it."),
    Case(
        "After an outage {firm} thinks of sending 10 euros unasked, before anybody complains. Neighbours hang on the "
        "same street cabinet, lose the line together, and talk. **Which design says whether it pays?**",
        [Option("A lot decides which street cabinets get the 10 euros. A year later the margin of all their households, "
                "minus the money, is compared.", right=True),
         Option("A lot decides which households get the 10 euros. A year later the margin of those who got it is "
                "compared with that of the others, minus the money sent.",
                hint="Neighbours talk: who got nothing hears of it and may be angrier than with no money at all. The "
                     "comparison group is no longer left alone."),
         Option("A lot decides which street cabinets get the 10 euros. A year later those who have used the money are "
                "compared with all households that got none.",
                hint="Who uses a voucher is awake, and still a customer. The lot chose cabinets; the users chose "
                     "themselves."),
         Option("All who complain after the outage get the 10 euros, and are compared a year later with those who were "
                "hit as well and did not complain.",
                hint="Who complains differs from who keeps silent, in anger and in loyalty. And the question was about "
                     "money before any complaint.")],
        worked="Draw by the unit inside which people talk, count that unit, and count everybody in it, also those who "
               "never opened the letter."),
)

ASKED = "\n\n**Which is the worst flaw?**"

MEMOS = (
    Case(
        "A memo, written by an assistant program for the head of service:\n\n"
        "> **Refunds and second complaints: key insight**\n>\n"
        "> - 600 complainers got an explanation; 240 of them wrote again.\n"
        "> - 300 complainers got a refund; 60 of them wrote again.\n"
        "> - Customers with an explanation are therefore **2.7 times as likely** to write again.\n"
        "> - Whether the refund itself does it, this table leaves open." + ASKED,
        [Option("2.7 is a ratio of odds. Forty in a hundred against twenty is twice as likely, 20 points more.", right=True),
         Option("The groups are of unequal size, 600 and 300, so their shares may not be held against each other.",
                hint="Shares are made for groups of unequal size. The smaller group only makes the interval wider."),
         Option("It says nothing of what the refund does; a memo about refunds must say how much it brings.",
                hint="The last line leaves it open, and rightly: the table cannot say it. That is no flaw."),
         Option("With 60 cases in the smallest group no comparison is possible, and 2.7 may be chance alone.",
                hint="60 of 300 against 240 of 600 is far beyond chance. Work out the two shares.")],
        worked="240 of 600 is 40 percent, 60 of 300 is 20 percent: twice as likely, 20 points. The odds are 240 to 360 "
               "and 60 to 240, and their ratio is 2.67. The commoner a thing is, the further the odds ratio runs ahead."),
    Case(
        "A memo, written by an assistant program for the head of service:\n\n"
        "> **Explanations drive customers away**\n>\n"
        "> - Our records hold all complainers of last year who have left: 640.\n"
        "> - **448 of them (70 %) had got an explanation**, 128 (20 %) a refund, 64 (10 %) no answer.\n"
        "> - An explanation is therefore 3.5 times as dangerous as a refund.\n"
        "> - Recommendation: explain less, refund more." + ASKED,
        [Option("How many got each answer is missing: what most people get, most leavers have got as well.", right=True),
         Option("Shares that add up to 100 must not be compared, since each can rise only if another one falls.",
                hint="Parts of one whole they are, and may be compared. But is it the whole that the conclusion needs?"),
         Option("64 people without an answer are too few for a share, and should have been left out of the reckoning.",
                hint="64 of 640 is 10 percent, give or take two or three. Leaving them out changes nothing in 448 "
                     "against 128."),
         Option("Customers leave because of prices, too; each of the 640 ought to have been asked why she left.",
                hint="Some did, in all three groups. Before reasons: how often do people leave after either answer? Do "
                     "these lines say it?")],
        worked="If seven of ten complainers get an explanation and two a refund, leavers will look just like that "
               "although both answers do as well as each other. Divide by those who got the answer, and not by those "
               "who left. Even then nobody drew lots."),
    Case(
        "A memo, written by an assistant program for the head of service:\n\n"
        "> **The business case for better answers**\n>\n"
        "> - 3,500 customers complain in a year; 22 % of them leave within the next.\n"
        "> - A customer is worth 860 euros. **At risk: 662,000 euros a year.**\n"
        "> - Better answers cost 8 euros each, 28,000 in all.\n"
        "> - Every euro spent brings back nearly 24. Approve now." + ASKED,
        [Option("It counts everybody who leaves as saved; only those whom better answers keep bring money.", right=True),
         Option("It leaves out that a euro next year is worth less than one now; with a discount rate the case would "
                "turn.",
                hint="A discount rate takes about a fifth off in 12.5.6. It does not turn 24 into less than 1. What does?"),
         Option("It takes one mean, 860 euros, for all customers, while those who complain may be worth more or less.",
                hint="They may, perhaps by a third. The other flaw may be a factor of 25 or more."),
         Option("It reckons with complaints of one year only; a return can be worked out over several years alone.",
                hint="The worth of a customer already looks years ahead. One year's complaints are a fair thing to "
                     "reckon with.")],
        worked="At risk is 3,500 × 0.22 × 860. If better answers keep one of every hundred complainers, they save 35 × "
               "860 = 30,100 euros, for 28,000 spent: a toss-up, and not 24 to 1."),
    Case(
        "A memo, written by an assistant program for the head of service:\n\n"
        "> **Refunds work: the proof**\n>\n"
        "> - 48,000 complaints; answers with a refund are disputed 14 points less.\n"
        "> - We held product, channel, year, region and length of contract still: **still 14 points.**\n"
        "> - p < .001. The interval runs from 13.2 to 14.8.\n"
        "> - Hence a refund makes a dispute 14 points less likely. More refunds, fewer disputes." + ASKED,
        [Option("Who got a refund was chosen by how good the case was; this is in no column, and rows do not help.",
                right=True),
         Option("With five things held still at once the model is too large, and the 14 points cannot be trusted.",
                hint="With 48,000 rows five columns are nothing. The trouble is a column that is not there."),
         Option("For a yes or a no only odds ratios may be given; points out of a logistic model are not allowed.",
                hint="An average marginal effect is in points, and it is what a board should read."),
         Option("Disputes are rare, so the interval is too narrow; with the right formula it would hold zero.",
                hint="The interval is what 48,000 rows give. Narrow it is, round a number that answers another question.")],
        worked="Firms pay where they were plainly wrong, and whoever has her money back has nothing left to dispute. "
               "Such a hidden cause can make the 14 points by itself. Five columns that do not hold it, and any number "
               "of rows, leave it where it was."),
    Case(
        "A memo, written by an assistant program for the head of service:\n\n"
        "> **Paying more does not pay**\n>\n"
        "> - Credits after outages last year, 10 euros for each day without a line, as our rules say.\n"
        "> - 10 euros: 5,200 customers. 30 euros: 2,100. 60 euros: 900.\n"
        "> - Gone a year later: **6, 10 and 17 %**. Each step is far beyond chance.\n"
        "> - Large credits annoy. Pay 10 euros to everybody, and lose fewer customers." + ASKED,
        [Option("Who got more had been without a line for longer; the days, and not the euros, may drive people away.",
                right=True),
         Option("The three groups differ in size, 5,200 and 2,100 and 900, so their percentages cannot be compared.",
                hint="That is what percentages are for. With 900 people, 17 percent is known to within two or three "
                     "points."),
         Option("It leaves out the saving: with 10 euros for everybody the credits would cost 87,000 euros less a year.",
                hint="That would be one point more for the memo, if it read its numbers rightly. Does it?"),
         Option("Three groups make three comparisons, so each needs a stricter test before one speaks of any step.",
                hint="The steps are 4 and 7 points with thousands of customers: no stricter test touches them. What else "
                     "rises from group to group?")],
        worked="One day without a line, three, six: the credit is a measure of the damage. That more people leave after "
               "six days is what one would expect with any credit. Compare amounts among outages of one length, and "
               "better still, by lot."),
    Case(
        "A memo, written by an assistant program for the head of service:\n\n"
        "> **A failure well mended is a gift**\n>\n"
        "> - In our yearly survey of customers, those with an incident that was made good give **8.4 of 10**.\n"
        "> - Those who had no incident give 7.9. Both groups are large; p < .01.\n"
        "> - So an incident, well handled, leaves a customer better than before.\n"
        "> - We need not fear failures. Savings on the network are defensible." + ASKED,
        [Option("Those who left and those who got nothing are missing; only the mended who stayed were asked.", right=True),
         Option("A difference of half a point on a scale of ten is too small to be of use, whatever its p value says.",
                hint="It might be of use. The question is whose answers stand behind the 8.4, and whose do not."),
         Option("Satisfaction may not be averaged, since a scale from 0 to 10 has an order and no distances.",
                hint="One may quarrel about that. It would not mend who was asked."),
         Option("It should have compared the same customers before and after the survey, and not two groups in it.",
                hint="Before and after the *survey* would say nothing. Before and after the incident would be better, "
                     "and still leave out who has left.")],
        worked="What a failure costs is carried by those who got nothing, and by those who are no longer in the list. To "
               "judge failures, count everybody who had one, also those who are gone."),
)


def board(words, fewer, needed):
    """The paragraph for the board, with this student's numbers in the specimens."""
    fewer, percent, firm, cost = f"{fewer:.0f}", f"{100 * needed:.0f}", words["firm"], words["cost"]
    return Text("q8", minutes=14, points=3, words=(60, 150), rubric=(
        Criterion("says in points (or so many of a hundred) how refunds and second letters go together, and what was "
                  "held still; no odds", 1),
        Criterion("says what the table cannot tell: nobody drew lots over who got a refund, and what that may hide", 1),
        Criterion("says what it takes for a refund to pay, and what the firm should do next to find out", 1)), specimens=(
        Specimen(3, f"Of two complaints about equally long outages, in which we were equally plainly in the wrong, the "
                 f"one with a refund brings a second letter less often: {fewer} fewer of a hundred. That is not yet what "
                 f"a refund does. Our own people chose who got one, and how well a customer made her case is in no "
                 f"column. A refund costs {cost} euros more than an explanation. It pays if at least {percent} percent "
                 f"of the gap in leaving between those who write again and those who do not is really the second "
                 f"letter's doing; we do not know that. So I ask for half a year in which a lot decides the open cases. "
                 "A year later we count who is gone.", "A number in words, what it is not, the price, a next step."),
        Specimen(2, f"With a refund {fewer} fewer of a hundred complainers write again, if cases of the same length and "
                 f"the same fault are compared. Refunds were not given by chance but by our own people's judgement, so "
                 f"better cases may have got them, and part of the difference may come from that. I think that we should "
                 f"nevertheless be generous, because a customer who is treated justly will remember it, and because word "
                 "of mouth is worth a lot in our trade today.",
                 "Number and limit are there. What it costs, when it pays and how to find out are missing; the end is a "
                 "belief."),
        Specimen(0, f"Our analysis of {words['n']} complaints proves that refunds work. The odds of a second letter are "
                 f"{words['ratio']} times as high without a refund, which means that customers are {words['ratio']} "
                 f"times as likely to come back to us in anger. The result is highly significant. {firm} should give "
                 f"refunds in all cases from next month on, since every customer who does not complain is a customer who "
                 "stays, and every customer who stays brings a profit for many years.",
                 "Odds are read as likelihood, a choice by our own people as proof, a silent customer as a kept one.")))
