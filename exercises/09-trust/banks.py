"""Stories of module 09-trust: arrows to draw (question 5), memos with a flaw (question 6), specimens (question 8)."""

from pebbletrail.exercises.authoring import ArrowCase, Case, Option, Specimen

FIRMS = ("Halyard Telecom", "Orla Mobile", "Pont Telecom", "Lantern Net", "Tern Telecom", "Marais Mobile", "Kestrel Net",
         "Fil Telecom")

ARROWS = [
    ArrowCase("A rule for one firm, made up. How far a customer *likes* the firm moves her trust in the *agent* and her "
              "trust in the *company*, and nothing else. Trust in the agent moves trust in the company. Whether she is "
              "*staying* is decided by her trust in the company alone. Nothing else moves anything.",
              nodes=("liking", "agent", "company", "staying"),
              arrows=[("liking", "agent"), ("liking", "company"), ("agent", "company"), ("company", "staying")],
              traps={("agent", "staying"): "Staying is decided by trust in the company alone. What the agent does to it "
                                           "runs through the company, and that way is drawn by two arrows.",
                     ("liking", "staying"): "Liking moves the two trusts and nothing else. It reaches staying by way of "
                                            "them.",
                     ("company", "agent"): "In this story trust in the agent moves trust in the "
                                           "company, not the other way."},
              worked="Ask of each thing: what moves it? The agent: liking. The company: liking and the agent. Staying: the "
                     "company alone. Four arrows."),
    ArrowCase("At {firm} a *lot* decides which customers keep their agent and which get a new one. A new agent lowers "
              "trust in the *person*. Trust in the person moves trust in the *brand*. Whether a customer is *staying* "
              "hangs on her trust in the brand and on the *price* that others offer; and on nothing else. That price hangs "
              "on nothing in the story.",
              nodes=("lot", "person", "brand", "price", "staying"),
              arrows=[("lot", "person"), ("person", "brand"), ("brand", "staying"), ("price", "staying")],
              traps={("lot", "staying"): "The lot changes the agent, and that lowers trust in the person. It reaches "
                                         "staying only through what comes in between.",
                     ("person", "staying"): "Staying hangs on the brand and on the price, and on nothing else. The person "
                                            "acts by way of the brand.",
                     ("lot", "brand"): "A new agent lowers trust in the person; the brand follows from there.",
                     ("price", "brand"): "The price moves staying. Of the brand the story says what moves it: the person."},
              worked="What moves the person? The lot. The brand? The person. Staying? The brand and the price. Nothing "
                     "moves the lot and the price. Four arrows."),
    ArrowCase("Customers of {firm}, in a story that we made up. How old a *box* is decides how often it fails, and so how "
              "many *contacts* there are in the first month, before anybody can leave. What is heard in these contacts "
              "moves *trust*; the failures themselves do not. Whoever trusts signs again, so trust decides for how many "
              "*years* people stay. Nobody comes to trust by waiting.",
              nodes=("box", "contacts", "trust", "years"),
              arrows=[("box", "contacts"), ("contacts", "trust"), ("trust", "years")],
              traps={("years", "trust"): "That is how it looks in a table of those who are still there. In the story "
                                         "nobody comes to trust by waiting: who trusts, stays.",
                     ("contacts", "years"): "Contacts move trust, and trust decides the years. No arrow skips trust.",
                     ("box", "trust"): "The failures themselves do not move trust. What is heard in the contacts does."},
              worked="The box moves the contacts, the contacts move trust, trust decides the years. Three arrows, and none "
                     "of them begins at the years."),
    ArrowCase("An employee of {firm} fills in one sheet: does the *management* trust me, how good is my *service*, do my "
              "*customers* trust me. In this made-up firm none of the three answers moves another. His *mood* of the day "
              "is in all three. The *weather* moves his mood, and touches the answers in no other way.",
              nodes=("weather", "mood", "management", "service", "customers"),
              arrows=[("weather", "mood"), ("mood", "management"), ("mood", "service"), ("mood", "customers")],
              traps={("management", "service"): "That is the chain which the answers will show. In the story none of the "
                                                "three moves another.",
                     ("service", "customers"): "The two answers will go together, since one mood is in both. In the story "
                                               "neither moves the other.",
                     ("management", "customers"): "The two answers will go together, since one mood is in both. In the "
                                                  "story neither moves the other.",
                     ("weather", "customers"): "The weather touches the answers only through the mood."},
              worked="The weather moves the mood; the mood is in all three answers. Four arrows, and none between the "
                     "answers: yet every pair of answers will go together."),
    ArrowCase("In the trade of {firm} the *management* of each firm decides two things: how far its staff feel trusted "
              "(*felt*), and its *prices*. Felt trust moves the *service*. Good service and fair prices move the trust of "
              "the *customers*. There is nothing else; nothing works backwards.",
              nodes=("management", "felt", "service", "prices", "customers"),
              arrows=[("management", "felt"), ("management", "prices"), ("felt", "service"), ("service", "customers"),
                      ("prices", "customers")],
              traps={("management", "customers"): "The management reaches customers by two roads, and both are drawn by "
                                                  "what lies on them. There is no third.",
                     ("felt", "customers"): "Felt trust moves the service, and the service moves the customers.",
                     ("management", "service"): "The management moves what staff feel; that moves the service."},
              worked="What moves the customers? Service and prices. The service? Felt trust. Felt trust and prices? The "
                     "management. Five arrows; the prices are a second road that a mediation through felt trust would "
                     "overlook."),
    ArrowCase("Agents of {firm} try a tool that proposes answers. How *accurate* it seems to an agent moves her *trust* in "
              "it. Who trusts it relies on it (*reliance*); who finds it accurate relies on it only because she trusts it. "
              "By lot half of the agents get a *training*, which moves how far they rely on the tool and not what they "
              "think of it.",
              nodes=("accuracy", "trust", "training", "reliance"),
              arrows=[("accuracy", "trust"), ("trust", "reliance"), ("training", "reliance")],
              traps={("accuracy", "reliance"): "Who finds it accurate relies on it only because she trusts it: accuracy "
                                               "acts by way of trust.",
                     ("training", "trust"): "The training moves how far they rely, and not what they think of the tool.",
                     ("reliance", "trust"): "In the story trust leads to reliance. Nothing runs back."},
              worked="Trust is moved by accuracy, reliance by trust and by the training. Three arrows."),
]

MEMOS = [
    Case("An assistant that writes fluently summed up a survey for {firm}. Which is its **worst** flaw?\n\n"
         "> **How agents create loyalty**\n>\n"
         "> - {people} customers, one questionnaire: trust in the agent, trust in the company, loyalty.\n"
         "> - The agent acts through the company by 0.38 (95 % interval 0.29 to 0.47).\n"
         "> - That is 54 percent of the agent's total effect of 0.71.\n"
         "> - **Conclusion:** agents matter because they make people trust the company, not the other way round.",
         options=[
             Option("Turned round, the company acts through the agent just as surely, and both drawings fit.", right=True),
             Option("54 percent is too little: a road counts as a mediator from 80 percent of the total on.",
                    hint="There is no such border. And a larger part would not say which trust comes first either."),
             Option("The roundabout effect should be given with a p value, since an interval proves nothing.",
                    hint="An interval says more than a p value. What do both know nothing of?"),
             Option("Trust in agent and company go together, so they may not stand in one and the same model.",
                    hint="They may; their weights are then less sure (10.5.1). What does the last line claim beyond the "
                         "numbers?")],
         worked="Three correlations allow both drawings, and a third in which liking stands behind all (10.5.1). Nothing "
                "in one questionnaire supports “not the other way round”."),
    Case("A consultant's memo to {firm}. Which is its **worst** flaw?\n\n> **Trust your staff: the proof**\n>\n> - 60 "
         "firms; the management of each says how far it trusts its staff. 4,800 customers were asked for their trust.\n> - "
         "Where staff are trusted by a point more, customers trust by 0.28 points more.\n> - The standard error is 0.011, "
         "from a regression over 4,800 rows.\n> - With 4,800 observations chance is out of the question.",
         options=[
             Option("What it begins with has 60 values: the error must count firms, and is far larger.", right=True),
             Option("4,800 customers are not enough for 60 firms: each firm needs several hundred of them.",
                    hint="Eighty a firm is a lot. More customers of the same 60 firms would hardly make the slope surer."),
             Option("The slope is in points and should be standardised before it is compared with zero.",
                    hint="Zero is zero in every unit. Look at the error: what was it counted over?"),
             Option("The management's own word should have been averaged over customers before the regression.",
                    hint="It is one number a firm already, copied into 80 rows. That is what the error overlooks.")],
         worked="Customers of one firm share their firm's management and much else. Copying one number into 80 rows makes "
                "no 80 witnesses. A cluster-robust error, or 60 firm means, counts what there is (10.5.10)."),
    Case("A chatbot wrote for the marketing of {firm}. Which is its **worst** flaw?\n\n"
         "> **Trust takes ten years**\n>\n"
         "> - Customers of under one year: trust 4.3 of 7. Customers of ten years and more: 5.6.\n"
         "> - The difference of 1.3 points is certain (p < .001).\n"
         "> - Years therefore build trust, by about 0.13 points each.\n"
         "> - Nothing else can: offers to new customers are wasted.",
         options=[
             Option("Those who trusted little have left: the old customers are those who remained.", right=True),
             Option("The two groups are of unequal size, and so their means may not be compared.",
                    hint="Means of unequal groups may be compared; the error takes care of the sizes. Who is in the second "
                         "group?"),
             Option("1.3 points of 7 may be certain, but a difference of less than 2 points matters to nobody.",
                    hint="It would be a large difference. The question is what made it."),
             Option("The years should be on a logarithmic scale, since trust grows fast at first.",
                    hint="Perhaps it does. But is it growth at all that the two groups show?")],
         worked="Nobody was followed. In the group of ten years those who left in years one to nine are missing, and they "
                "trusted least (10.5.9). Some of the 1.3 may be learning; nobody knows how much from this table."),
    Case("A report to the board of {firm}. Which is its **worst** flaw?\n\n"
         "> **What a good contact is worth**\n>\n"
         "> - Four studies of good past experience and trust print 0.09, 0.14, 1.09 and 1.78.\n"
         "> - All four are positive, and more than twice their standard errors.\n"
         "> - The average effect is 0.78.\n"
         "> - A good contact raises trust by 0.78 points.",
         options=[
             Option("Linear, probit and logistic weights share no unit: their mean says nothing.", right=True),
             Option("The four should be weighted by the size of the studies before they are averaged.",
                    hint="Weights do not give numbers a common unit. What are 1.09 and 1.78 measured in (10.5.5)?"),
             Option("The median, 0.62, should stand there, as two of the four are outliers.",
                    hint="The median of numbers without a common unit means as little as their mean."),
             Option("Four studies are too few to say anything, not even that the effect is positive.",
                    hint="The sign can be said, and surely (10.5.5). What cannot be said?")],
         worked="0.09 and 0.14 are points on two different scales, 1.09 is in units of a probit, 1.78 of a logistic model. "
                "Signs and z values can be put together, sizes cannot (10.5.5)."),
    Case("A study for {firm}, as its authors sum it up. Which is its **worst** flaw?\n\n"
         "> **Trust is passed on**\n>\n"
         "> - 480 employees of 60 firms answered: my management trusts me; my service is good; my customers trust me.\n"
         "> - The roundabout effect, management → service → customers, is 0.27 (95 % interval 0.22 to 0.32).\n"
         "> - The middle questions had an alpha of 0.88.\n"
         "> - So a management that trusts its staff wins the trust of the customers.",
         options=[
             Option("One person said all three: a mood in all answers makes such a chain by itself.", right=True),
             Option("480 employees work in 60 firms, so that the interval is somewhat too narrow.",
                    hint="True, and worth mending. But even with a right interval it would be about one person's answers "
                         "to all three."),
             Option("An alpha of 0.88 is too low; the roundabout effect should be corrected for noise first.",
                    hint="0.88 is good, and noise would make the number smaller, not make it out of nothing."),
             Option("A roundabout effect of 0.27 is small, and a board should not act below 0.50.",
                    hint="Size is for the board to judge. Would the same number come out if nothing led to anything?")],
         worked="In a world where nothing leads to anything one rater still finds a chain (10.5.10). A second source is "
                "the cure: customers' trust must come from customers."),
    Case("An analyst wrote to the training department of {firm}. Which is its **worst** flaw?\n\n"
         "> **Agents do not count**\n>\n"
         "> - {people} customers. Trust in the agent and in the company correlate 0.82.\n"
         "> - Together in one regression of loyalty: company 0.61 (p < .001), agent 0.11 (95 % interval −0.03 to 0.25).\n"
         "> - The agent is not significant.\n"
         "> - Trust in agents does nothing for loyalty; their training can be cut.",
         options=[
             Option("Beside its near twin the agent's weight is unsure: up to 0.25 fits as well.", right=True),
             Option("Predictors that correlate 0.82 may not stand together; the company must be taken out.",
                    hint="Then the agent would be credited with what the two share, and look large. What does the interval "
                         "say?"),
             Option("What is not significant must be set to zero, and the company's weight computed anew.",
                    hint="That would take “not told from zero” for “zero” a second time."),
             Option("The two weights add up to 0.72 and not to 1, so that something was left out.",
                    hint="Weights need not add up to 1. Look at the interval of the agent.")],
         worked="Only a third of either trust is its own (1 − 0.82² = 0.33), so the weights are unsure and easily moved by "
                "noise (10.5.1). From −0.03 to 0.25 is no “nothing”."),
    Case("A plan for {firm}. Which is its **worst** flaw?\n\n> **What our programme will bring**\n>\n> - Of two colleagues "
         "in one firm, the one who feels trusted by a point more has customers who trust by 0.25 more.\n> - The programme "
         "makes *all* our staff feel trusted by a point more.\n> - Our customers' trust will therefore rise by 0.25.\n> - "
         "Forecast for the board: plus 0.25.",
         options=[
             Option("0.25 compares colleagues inside a firm; a whole firm that moves is another slope.", right=True),
             Option("0.25 has no standard error beside it, and so it might also be 0.24 or 0.26.",
                    hint="An error would be good to have. But error or not: whom does the 0.25 compare?"),
             Option("A point of felt trust must first be turned into standard deviations of customers.",
                    hint="Points for a point is a unit that a board can use. Whom does the 0.25 compare?"),
             Option("Colleagues who feel trusted have fewer customers, so the number should be halved.",
                    hint="Nothing in the memo says so. Whom does the 0.25 compare?")],
         worked="Within a firm and between firms are two questions with two answers; in the world of page 10 they are 0.22 "
                "and 0.53 (10.5.10). A programme for all staff moves the firm. And neither slope is a promise, as nothing "
                "was moved yet."),
]


def specimens(firm, people, w):
    """Anchored examples for question 8, with this variant's own numbers."""
    transaction, relationship, product = w["person"], w["person"] + w["product"], w["product"]
    return (
        Specimen(3, f"Among the {people} customers that {firm} asked, the wish to stay goes with trust in the person by "
                    f"{relationship:.2f} points for a point where people have a relationship with us, and by "
                    f"{transaction:.2f} where they only buy; with the same trust in the trade and in the brand. The "
                    f"difference of {product:.2f} lies between {w['low']:.2f} and {w['high']:.2f} (95 %). So if "
                    "Karim leaves, it is the first group that we should watch. But they were asked once, nobody's agent "
                    "had left, and one mood may be in all the answers: the survey cannot say who will go. We should ask "
                    "Karim's customers for their trust before January and again in March, ask those of an agent who stays "
                    "for comparison, and count who is still there in a year.", "numbers, limit and a test, in "
                                                                                         "plain words"),
        Specimen(2, f"In the survey of {people} customers, trust in the person has a weight of {relationship:.2f} for the "
                    f"wish to stay in relationships and {transaction:.2f} in transactions, a difference of {product:.2f} "
                    f"points for a point (95 % interval {w['low']:.2f} to {w['high']:.2f}). This suggests that Karim's "
                    "leaving matters more for customers who have a relationship with us. It must be said, however, that "
                    "all of this comes from one questionnaire, in which a general liking of the firm may be in every "
                    "answer, and that what people intend is not what they do. So the board should be careful before it "
                    "draws conclusions.",
                 "numbers and limit are there; nothing is asked for that would tell"),
        Specimen(0, f"Trust is the key to customer loyalty at {firm}. Our survey proves that customers trust people and "
                    "not brands, so losing Karim will mean losing his customers. The effect is statistically significant "
                    "and therefore certain. We recommend paying agents a retention bonus, building emotional bonds at "
                    "every touchpoint and making trust a strategic priority of the whole company in the coming years, "
                    "because trusting customers stay, buy more and recommend us to their "
                    "friends and families.", "no number; proof and certainty claimed; "
                                                                                "nothing to test"),
    )
