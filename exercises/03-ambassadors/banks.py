"""Stories of module 03: causal diagrams, memos with a flaw, and specimens of a paragraph. The first case is for practice."""

from pebbletrail.exercises.authoring import ArrowCase, Case, Criterion, Option, Specimen

ARROWS = (
    ArrowCase(
        "A made-up chain of bakeries. Head office drew lots: half of the shops got low *prices*. Low prices made "
        "customers more satisfied (*satisfaction*), and the same low prices made them buy more (*sales*). Satisfied "
        "customers recommend their shop more (*recommending*). But the town is small and everybody knows every shop: "
        "recommending brings nobody. And being satisfied makes nobody buy more bread.",
        ("prices", "satisfaction", "recommending", "sales"),
        [("prices", "satisfaction"), ("prices", "sales"), ("satisfaction", "recommending")],
        {("recommending", "sales"): "Everybody knows every shop, so recommending brings nobody. The two go together "
                                    "because low prices move both.",
         ("satisfaction", "sales"): "The story says that being satisfied makes nobody buy more. What moves both?",
         ("prices", "recommending"): "Low prices make customers recommend only by making them satisfied: two arrows, not "
                                     "three."},
        "Prices move satisfaction and sales, and satisfaction moves recommending. Recommending and sales go together, and "
        "neither moves the other."),
    ArrowCase(
        "A made-up chain of gyms. A *subsidy*, given by lot, made some gyms grow last year (*past-growth*). A gym that "
        "grew last year is talked about: its members recommend it more (*recommending*). It also goes on growing this "
        "year (*growth*), since its new rooms fill up. The chain counted who came because of talk: nobody. The subsidy "
        "was spent last year and does nothing more.",
        ("subsidy", "past-growth", "recommending", "growth"),
        [("subsidy", "past-growth"), ("past-growth", "recommending"), ("past-growth", "growth")],
        {("recommending", "growth"): "Nobody came because of talk. Recommending and growth go together because last "
                                     "year's growth moves both.",
         ("growth", "recommending"): "This year's growth comes after the talk. What came before both?",
         ("subsidy", "growth"): "The subsidy does nothing more by itself. It reaches this year only by way of last year's "
                                "growth."},
        "The subsidy moves last year's growth, and that moves both recommending and this year's growth."),
    ArrowCase(
        "Made-up opticians. By lot, half of the shops got an hour of *training*. It makes the *advice* better and changes "
        "nothing else. Better advice makes customers satisfied (*satisfaction*); nothing else about it reaches them. "
        "Satisfied customers recommend the shop (*recommending*). Recommending brings newcomers (*newcomers*), who come "
        "for no other reason.",
        ("training", "advice", "satisfaction", "recommending", "newcomers"),
        [("training", "advice"), ("advice", "satisfaction"), ("satisfaction", "recommending"),
         ("recommending", "newcomers")],
        {("training", "satisfaction"): "Training changes the advice and nothing else. It reaches satisfaction by way of "
                                       "the advice.",
         ("satisfaction", "newcomers"): "Newcomers come because somebody recommends, for no other reason. One arrow too "
                                        "many.",
         ("training", "newcomers"): "Training brings newcomers only at the end of the chain. Draw the steps, not the sum."},
        "A chain of four arrows, from training to newcomers. Each step passes on what the one before brings."),
    ArrowCase(
        "A made-up exchange. A firm is still *listed* today if its customers like it (*liking*) or if it has a rich owner "
        "(*owner*): either keeps it there. Whether customers like a firm has nothing to do with its owner. Newspapers "
        "(*press*) write about the firms that are listed, and look at nothing else. What they write changes nothing.",
        ("liking", "owner", "listed", "press"),
        [("liking", "listed"), ("owner", "listed"), ("listed", "press")],
        {("liking", "owner"): "The two have nothing to do with each other. On the list they go together, the wrong way: "
                              "that is the work of the list, not of either.",
         ("owner", "liking"): "The two have nothing to do with each other. On the list they go together, the wrong way: "
                              "that is the work of the list, not of either.",
         ("liking", "press"): "Newspapers look only at what is listed. Liking reaches the press by way of the list."},
        "Liking and owner both decide who is listed, and the list decides what the press writes. Among listed firms, "
        "liking and a rich owner go together the wrong way although neither moves the other."),
    ArrowCase(
        "A made-up garden centre drew lots for who gets a loyalty *card*. The card makes people come more often "
        "(*visits*) and does nothing else. Who comes more often spends more over the year (*spending*). People who live "
        "near (*nearness*) come more often, too, and are more satisfied (*satisfaction*), since they are spared a drive. "
        "Satisfaction moves nothing here, and who lives near does not spend more than visits explain.",
        ("card", "visits", "spending", "nearness", "satisfaction"),
        [("card", "visits"), ("visits", "spending"), ("nearness", "visits"), ("nearness", "satisfaction")],
        {("satisfaction", "visits"): "Satisfaction moves nothing here. Satisfied people come more often because both come "
                                     "from living near.",
         ("satisfaction", "spending"): "Satisfaction moves nothing here. Follow spending back: what makes it?",
         ("card", "spending"): "The card does nothing but make people come. Spending is the next step."},
        "Card and nearness both move visits, visits move spending, and nearness moves satisfaction, which moves nothing."),
    ArrowCase(
        "A made-up chain of language schools. A new *road* leads past some schools. It brings more pupils (*sales*). It "
        "also shortens the head's way to work and so lifts his spirits (*spirits*); he does not know the sales. A head in "
        "good spirits hands the questionnaire to friendly pupils, which lifts the *score*. Nobody reads the score, and it "
        "changes nothing.",
        ("road", "spirits", "score", "sales"),
        [("road", "sales"), ("road", "spirits"), ("spirits", "score")],
        {("score", "sales"): "Nobody reads the score. It goes with sales because the road moves both.",
         ("sales", "spirits"): "The head does not know the sales. What lifts his spirits is the road.",
         ("road", "score"): "The road lifts the score by way of the head's spirits: two arrows, not three."},
        "The road moves sales, and by way of the head's spirits the score. Score and sales go together, and neither moves "
        "the other."),
)

ASK = "\n\n**Which is the worst flaw of this memo?**"

MEMOS = (
    Case(
        "> **Love pays: the numbers**\n>\n> - From 2000 to 2014, 1 put into the *most* loved fifth of a list of large "
        "firms grew to 5.2.\n> - In the S&P 500, 1 grew to 1.4.\n> - So love brought 3.8 for every 1 put in.\n> - "
        "**Recommendation:** make satisfaction our first target." + ASK,
        [Option("It never says what the least loved fifth of the same list made.", right=True),
         Option("It looks at fifteen years, which is too short a time for shares.",
                hint="More years would help. The comparison would still be with the wrong thing."),
         Option("It tells the worth of 1 and not the return in percent a year.",
                hint="The two say the same thing in two units. Changing one for the other mends nothing."),
         Option("It leaves out the dividends that were paid on both sides.",
                hint="True, but they are missing on both sides, and cannot make so much. What else is in that list?")],
        "In these years the least loved fifth grew to 5.2 as well (section 7.5.4). The list beats the index, loved or not."),
    Case(
        "> **Which question should {firm} ask?**\n>\n> - We held eleven measures against the growth of 12 firms.\n> - "
        "“Would recommend, top box” came first: r = 0.62, p = 0.03.\n> - At 0.03 the result is significant; no other "
        "measure was.\n> - **Recommendation:** drop the other ten and steer by this one." + ASK,
        [Option("It reads the p of the first of eleven as if one had been tried.", right=True),
         Option("It calls 0.62 close, though squared it explains only 38 percent.",
                hint="38 percent would be a great deal, if it were real. How did this measure come to be the one reported?"),
         Option("It prints a p value for r and leaves out the t that p comes from.",
                hint="Anybody can work the t out from r and n. What is wrong is how the measure was found."),
         Option("It counts a top box, which throws away most of the answers.",
                hint="A matter of taste, and no reason for a wrong conclusion. How was the winner found?")],
        "Among eleven equals one always comes first, and its p is the smallest of eleven. With 12 firms, eleven equals "
        "lie about 0.5 apart by luck (section 7.5.3)."),
    Case(
        "> **Twenty years of asking customers**\n>\n> - We took the 40 firms of the trade that are on the exchange today "
        "and ask their customers.\n> - Their shares gained 11 percent a year, each firm counted alike.\n> - An index of "
        "all firms listed at the start of each year, counted alike too, gained 9.\n> - **Conclusion:** asking is worth "
        "two points a year." + ASK,
        [Option("It leaves out the firms that asked, failed and are gone.", right=True),
         Option("It counts small and large firms alike, on the list and in the index.",
                hint="It does so on both sides, so that this makes no gap between them. Who is on one list only?"),
         Option("It takes 40 firms, too few for an average of shares.",
                hint="More firms picked in the same way would give the same gap. How were they picked?"),
         Option("It tells returns in percent and not in money for a firm.",
                hint="The unit is no flaw. Ask when each of the two lists was drawn up.")],
        "The list was drawn up at the end and the index at each beginning. Firms that failed on the way lower the index "
        "and are missing from the list (section 7.5.5)."),
    Case(
        "> **{firm}: satisfaction does not pay**\n>\n> - The most loved fifth of a list beat the least loved by 0.5 "
        "points a year.\n> - The 95 % interval runs from −4.8 to 5.8; p = .84.\n> - So it is shown that satisfaction has "
        "no effect on returns.\n> - **Recommendation:** stop asking customers." + ASK,
        [Option("It takes “not told apart” for “no difference”.", right=True),
         Option("It does not say that no effect has a chance of 84 percent.",
                hint="A p value is not the chance that there is no effect. What lies inside the interval?"),
         Option("It compares two fifths and leaves the three others out.",
                hint="That is how fifths are compared. What lies inside the interval?"),
         Option("It counts a year as one case and not each firm in a year.",
                hint="Years are the honest count: firms share a year. What lies inside the interval?")],
        "Three points a year would be worth having and lie inside the interval. The table does not tell; it does not show "
        "that there is nothing (7.5.4)."),
    Case(
        "> **Our fund's rule**\n>\n> - We buy the top tenth by *change* in satisfaction, within sectors, and keep it for "
        "two years.\n> - It beat the bottom tenth by 4.6 points a year (p = .04).\n> - We arrived at this rule after "
        "careful work with many others.\n> - **Offer:** invest with the rule that works." + ASK,
        [Option("It gives the best of many rules and says nothing about the rest.", right=True),
         Option("It takes the top tenth, so that too few shares are in the fund.",
                hint="A tenth is one rule like another. What happened to the others?"),
         Option("It keeps shares for two years, so that scores have grown old.",
                hint="That is part of a rule and can be tested. How many rules were tested before?"),
         Option("It looks at the change, although the level of a score counts.",
                hint="Which of the two counts is what one would like to know. How was this rule found?")],
        "With 36 rules and nothing to find, about half of all shuffled worlds have at least one rule with p below .05, "
        "whichever way it points (section 7.5.6)."),
    Case(
        "> **Filling stations: a clear case**\n>\n> - Satisfaction (top two boxes) went with growth at r = 0.84 in "
        "gasoline.\n> - Above 0.8 a correlation counts as very strong.\n> - p = .16, on two degrees of freedom, is owed "
        "to the small sample only; with more pairs it would be significant.\n> - **Recommendation:** link the bonus to "
        "it." + ASK,
        [Option("It trusts an r from so few pairs that luck gives it easily.", right=True),
         Option("It does not halve the p, although the direction was expected.",
                hint="Halved it would be .08, and no better founded. How many pairs of numbers stand behind 0.84?"),
         Option("It prints r and not its square, which is 71 percent explained.",
                hint="The square says no more than r does. How many pairs of numbers stand behind it?"),
         Option("It takes the top two boxes and not all answers of customers.",
                hint="Other ways of counting gave 0.42 and 0.49, and stand on the same few pairs. How few?")],
        "With two degrees of freedom and nothing to find, every r from −1 to 1 is equally likely (section 7.5.2). The "
        "interval of 0.84 runs from about −0.63 to 1.00."),
    Case(
        "> **Recommending beats satisfaction**\n>\n> - In our 12 branches the recommending score goes with growth at r = "
        "0.40.\n> - The satisfaction index has r = 0.17.\n> - So recommending says more than twice as much.\n> - "
        "**Recommendation:** {firm} replaces the index by the score." + ASK,
        [Option("It takes for a difference what 12 branches can hardly show.", right=True),
         Option("It compares r with r; squared, it is five times as much.",
                hint="Squaring makes the gap look larger, and no surer. How sure is each of the two?"),
         Option("It leaves out nine other measures that were asked as well.",
                hint="With more of them the ranking only gets looser. How sure are these two?"),
         Option("It should compare by ranks, since growth has long tails.",
                hint="Ranks would not help 12 branches. How wide is the interval of each r?")],
        "With 12 pairs, 0.40 has an interval from −0.23 to 0.79. Whether two such measures differ needs a third number, "
        "how they go together, and the memo does not give it (7.5.8)."),
)

GOOD = ("In our {n} {trade}, {name}, first of eleven measures, goes with growth at r = {r:.2f}, with a 95 percent interval"
        " from {ends} (meant for one measure chosen beforehand, so it flatters the first of eleven). But the eleven lie "
        "{gap:.2f} apart, and eleven measures that are truly alike lie about as far apart by luck when so few firms are "
        "counted; so which one is best cannot be read from this table. Nor does it say that recommending or satisfaction "
        "makes firms grow: a firm that grew before may be liked for it. We advise against paying {cost} euros a year for "
        "this question as a target. Let us keep one plain question, ask it of the same customers before and after a change"
        " in shops drawn by lot, and count what they buy.")
GOOD_WHY = ("All three lines: r with interval and n; the first of eleven, told apart by luck; a step that follows, and no "
            "cause claimed.")
FAIR = ("Among our {n} {trade}, {name} came first, with r = {r:.2f} and an interval from {ends}. It was the best of "
        "eleven, and the best of eleven always looks good in so small a table, so we should not take the order of the "
        "measures for a fact. Still, a better score on {name} will make us grow, since growth follows it in these firms. "
        "We therefore advise that the board buys the question for one year at {cost} euros, and looks again afterwards.")
FAIR_WHY = "The numbers and the warning about the ranking are there; the last step claims a cause that no correlation shows."
POOR = ("Our analysis shows clearly that {name} is the best predictor of growth. With r = {r:.2f} it beats ten other "
        "measures, which makes it the one number that matters. Leading firms have known for a long time that ambassadors "
        "sell for nothing. We recommend that {firm} adopts the question at {cost} euros a year, links the bonus of every "
        "manager to it, and reports it to the board each month. Those who do not ask will be left behind.")
POOR_WHY = "No interval, no number of firms, a winner of eleven taken for the best, and a cause taken for granted."

RUBRIC = (Criterion("gives r of the first measure with its interval and the number of firms", 1),
          Criterion("says that it is the first of eleven, and that equals lie as far apart by luck: no ranking", 1),
          Criterion("recommends what follows from that (not “drop it, it does not work”), and claims no cause", 1))


def specimens(told):
    return [Specimen(3, GOOD.format(**told), GOOD_WHY), Specimen(2, FAIR.format(**told), FAIR_WHY),
            Specimen(0, POOR.format(**told), POOR_WHY)]
