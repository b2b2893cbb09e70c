"""Stories of module 08-chain: designs that could settle a direction (question 5), memos with a flaw (question 6)."""

from pebbletrail.exercises.authoring import Case, Option, Specimen

DESIGNS = [
    Case("Solène, who runs the centre, thinks: *who trusts us stays*. Her colleague thinks: *who has stayed for years "
         "talks herself into trusting us*. One questionnaire fits both, and would do so if a lasting liking made both "
         "answers (9.5.12, 9.5.15). There is money for one more thing at {firm}. Which design says best whether giving "
         "people a reason to trust makes them stay?",
         options=[
             Option("By lot, give half of the callers an agent of their own who rings back; count "
                    "who is there in a year.", right=True),
             Option("Ask the {people} again in three months, and see whether trust now goes with the wish to stay then.",
                    hint="What came first is then known, which is better than one questionnaire. But a liking that lasts "
                         "makes early trust and late staying both (9.5.15). Which design moves something?"),
             Option("Ask 5,000 customers in place of {people}, with the same questions, so that the intervals become "
                    "narrow.",
                    hint="More people make the same correlation surer. It has no direction, however sure it is."),
             Option("Fit both orders to the answers of the {people}, and keep the one whose roundabout effect is the "
                    "larger.",
                    hint="Both orders reproduce the same correlations (9.5.12). A larger product is no sign of the true "
                         "order.")],
         worked="Only the first design moves something, and by lot, so that nothing else differs between the two halves "
                "but by chance. It also counts behaviour and does not ask for it. It answers for the agent who rings back; "
                "how much of that is trust, a question on trust would add."),
    Case("Customers of {firm} who praise the help praise everything else as well. Solène, who runs the centre, fears a "
         "halo: who likes the firm gives high marks everywhere. She wants to know whether good help goes with staying, "
         "without one mood making both numbers. Which design?",
         options=[
             Option("Let others score the help in recorded calls, blind; take staying from the contract file a year on.",
                    right=True),
             Option("Put the questions on help on the first page and those on staying on the last, and mix their order.",
                    hint="Who likes the firm likes it on the first page and on the last. Order does not take the liking "
                         "out."),
             Option("Ask ten questions on help in place of three, so that alpha rises above 0.9 and the scale is clean.",
                    hint="A halo is in every question, so more questions keep it, and alpha rises "
                         "with it. It is not noise."),
             Option("Take the customers' marks for help today, and their own word on staying a month later by telephone.",
                    hint="Both numbers still come from one person, and what she thinks of the firm lasts longer than a "
                         "month.")],
         worked="A mood can make two numbers agree only if it is in both. Marks given by others and a contract file are "
                "two sources, and the customer's mood on the day of a questionnaire is in neither."),
    Case("{firm} asked its customers for their trust in March of last year, and its contract file says who left and when. "
         "Nothing can be drawn by lot. (What lasts, such as a liking or a habit, may make an earlier answer and a later "
         "deed: 9.5.15.) Which table says most about whether trust comes *before* staying?",
         options=[
             Option("Trust in March beside who stayed in the year after, at equal years of contract "
                    "and purchases before.", right=True),
             Option("Trust in March beside how long people had been customers in March, from all who answered then.",
                    hint="What people had done before March may have made their trust in March. That is the other "
                         "direction."),
             Option("Trust in March beside the wish to stay as said in March, since nobody is lost on the way to it.",
                    hint="Two answers of one moment: nothing says which came first, and a wish is no contract."),
             Option("Trust in March beside trust in December, among those who were still customers and answered both times.",
                    hint="Those who left are missing, and they are what the question is about.")],
         worked="What comes later cannot have made what came earlier; and what people had already done is held still, "
                "since it may have made their trust and their staying both. It is no lot: something that lasts and is not "
                "in the table may still do so."),
    Case("A model says: good help makes people stay *through* satisfaction. {firm} can draw by lot which callers get "
         "better help. Solène will ask for satisfaction after the call and count who stays. (A lot speaks only of what "
         "it moves: 9.5.15.) What more is needed to learn that satisfaction is the road?",
         options=[
             Option("A second lot that moves satisfaction and leaves the help as it was; staying counted there too.",
                    right=True),
             Option("Nothing more: with the help drawn by lot, the product of the two arrows is an effect by itself.",
                    hint="The lot frees the first arrow. The second still compares people who are satisfied for reasons of "
                         "their own, and these reasons may make them stay."),
             Option("A larger sample, so that the straight arrow from help to staying can be told from zero or not.",
                    hint="Size makes numbers surer. What else differs between the satisfied and the others, it does not "
                         "tell."),
             Option("Six questions on satisfaction in place of three, so that its noise weakens the second arrow less.",
                    hint="Less noise is good, and it is not what stands against the second arrow: nobody moved "
                         "satisfaction.")],
         worked="A lot on the help tells what help does to satisfaction and what it does to staying. Whether satisfaction "
                "does anything to staying remains a comparison of people who differ by themselves, until something moves "
                "satisfaction alone."),
    Case("Two sites of {firm} asked the same questions. In standard deviations, help → satisfaction is 0.55 in Lille and "
         "0.35 in Lyon. In Lyon nearly all callers are helped equally well; in Lille help differs much from caller to "
         "caller. The question is: where does *one point* more of help go with more satisfaction? What should be compared?",
         options=[
             Option("The raw slopes, points of satisfaction for a point of help, each "
                    "site's with its interval.", right=True),
             Option("The standardised paths, once as many customers have answered in Lyon as did in Lille.",
                    hint="More people do not change what a standard deviation is worth: it is small in Lyon, because help "
                         "differs little."),
             Option("The shares explained, R², since they say how much of satisfaction goes with the help.",
                    hint="R² is the square of the standardised path here. It falls where help hardly differs, as the path "
                         "does."),
             Option("The correlations corrected for noise, since noise is what makes the path in Lyon smaller.",
                    hint="The story names another reason: help differs less in Lyon. A correction for noise does not mend "
                         "that.")],
         worked="A standardised path is the raw slope times the spread of the cause over the spread of the outcome. Where "
                "help hardly differs it is small, even if a point of help is worth as much. Points are the same points at "
                "both sites."),
    Case("In the next survey {firm} has room for a single question on trust. Solène, who runs the centre, wants to know "
         "first how much noise the answers to it hold: what stands in an answer beside the trust it asks for. Which small "
         "study tells her?",
         options=[
             Option("Ask some customers this and three like questions on trust; see how far they go together.", right=True),
             Option("Ask the question of four times as many customers as planned, and look at its standard error.",
                    hint="That is the error of the mean. It shrinks with the number of people, whatever the noise in each "
                         "answer."),
             Option("See how closely the question goes with the wish to stay: the lower it is, the more noise.",
                    hint="It may be low because trust matters little for staying. Noise and a weak relation look the same "
                         "there."),
             Option("Ask it twice in the same words on the same page, and see how far the two answers agree.",
                    hint="People remember what they ticked a moment ago, so the two agree for that reason too.")],
         worked="What several questions on one thing have in common is the thing; what each has of its own is noise, of "
                "this question among others. Alpha and the correlations of the questions say how much."),
]

MEMOS = [
    Case("An assistant that writes fluently sent this to the board of {firm}. (Its interval comes from a formula, the "
         "*delta method*; a *bootstrap* draws the customers anew, 9.5.9.) Which is its **worst** flaw?\n\n"
         "> **Satisfaction is the engine of loyalty**\n>\n"
         "> - {people} customers were asked, in one wave.\n"
         "> - Help → satisfaction: 0.52. Satisfaction → staying: 0.48. Both p < .001.\n"
         "> - The roundabout effect is 0.25, with a 95 % interval from 0.18 to 0.33.\n"
         "> - **Next step:** raise satisfaction. Each standard deviation gained *will bring* 0.48 of staying.",
         options=[
             Option("Nobody's satisfaction was raised: one wave does not say what raising it will bring.", right=True),
             Option("The interval of the product comes from the delta method, and should come from a bootstrap.",
                    hint="With hundreds of people the two ends would hardly move. A detail, beside what the last line "
                         "promises."),
             Option("The roundabout effect is wrong: along a route 0.52 and 0.48 add up, which makes 1.00.",
                    hint="Along a route the paths are multiplied (9.5.4), and 0.52 · 0.48 is 0.25."),
             Option("The paths are in standard deviations, in which no roundabout effect may be computed.",
                    hint="It may: the product is then in standard deviations too. A board may want points, but nothing is "
                         "wrong.")],
         worked="The first three lines are in order. The last turns “go together” into “will bring”: nothing was moved, "
                "liking the firm may make both answers high, and who stays may talk herself into being satisfied."),
    Case("A consultant's memo to {firm}. (χ² is 0 when a model reproduces the correlations exactly, and grows with what it "
         "misses: 9.5.13.) Which is its **worst** flaw?\n\n> **The chain is confirmed**\n>\n> - We asked "
         "{people} customers for help, satisfaction, trust and staying, and drew every arrow from earlier to later "
         "stations.\n> - The fit is perfect: χ² = 0.00, no misfit at all.\n> - An order that begins with staying was "
         "therefore not tried.\n> - The chain help → satisfaction → trust → staying is confirmed.",
         options=[
             Option("With every arrow drawn the model forbids nothing: it would fit whatever was said.", right=True),
             Option("A χ² of 0.00 is too good to be true, and shows that the sample was far too small.",
                    hint="With every arrow drawn χ² is 0 in any sample, small or large. Why?"),
             Option("The model should have been fitted to standardised answers, as χ² hangs on the units.",
                    hint="It does not: points or standard deviations, the same χ²."),
             Option("Four stations make too short a chain; the claim of the course has six of them.",
                    hint="A shorter chain can be tested as well. What would this model have had to forbid?")],
         worked="Six arrows among four stations reproduce all six correlations exactly. So does every other order with all "
                "its arrows. A fit that cannot fail confirms nothing."),
    Case("A chatbot summed up a survey of {firm}. Which is its **worst** flaw?\n\n"
         "> **Key finding: full mediation**\n>\n"
         "> - Through satisfaction, help acts on staying by 0.20 (95 % interval 0.12 to 0.29): significant.\n"
         "> - The straight effect is 0.11 (−0.04 to 0.26): not significant.\n"
         "> - Satisfaction therefore carries *all* of it.\n"
         "> - Other roads from help to staying need no budget.",
         options=[
             Option("Not told from zero is read as zero: up to 0.26 goes with these answers as well.", right=True),
             Option("The intervals are too wide; with 90 % in place of 95 % the case would have been clear.",
                    hint="Narrower intervals by decree make nobody surer. And which way would the case be clear?"),
             Option("A roundabout effect must be compared with the total effect, and never with zero.",
                    hint="It may be compared with both. What does the memo make of the second line?"),
             Option("A product of two paths has another unit than one path, so the two cannot be compared.",
                    hint="They have one unit: standard deviations of staying for one of help. That is why they add up to "
                         "the total.")],
         worked="The straight effect is 0.11 at best guess, a third of the total of 0.31, and anything from a little below "
                "zero to 0.26. “All” is not what these answers say, whatever the stars say."),
    Case("A supplier of questionnaires wrote to {firm}. Which is its **worst** flaw?\n\n"
         "> **A measure you can bank on**\n>\n"
         "> - Our scale asks: *I trust {firm}. I can trust {firm}. {firm} can be trusted. I have trust in {firm}.*\n"
         "> - With {people} of your customers its alpha is 0.97.\n"
         "> - Few scales in the trade reach 0.95.\n"
         "> - So it measures what keeps your customers, with hardly any error.",
         options=[
             Option("Alpha says that four like sentences get like answers, not what they measure.", right=True),
             Option("Alpha must be 1.00 before a board may rely on a scale: 3 percent of noise is too much.",
                    hint="Few scales of the trade come near 0.97. The number is high enough. What does it not say?"),
             Option("Alpha cannot be had for fewer than five questions, so that the 0.97 must be a slip.",
                    hint="Two questions are enough (9.5.1 has one of two). Four nearly equal sentences easily reach 0.97."),
             Option("Alpha was computed with {people} customers, and with more of them it would fall.",
                    hint="More people make alpha surer. They do not push it down.")],
         worked="One sentence in four dresses is answered alike, so alpha is high. Whether it is trust, a general liking "
                "or the habit of high marks, and whether it keeps anybody, alpha does not know."),
    Case("An analyst's note to {firm}. Which is its **worst** flaw?\n\n"
         "> **Help matters twice as much as we thought**\n>\n"
         "> - First model, with help *and* a fair price before satisfaction: help's way to staying is 0.12.\n"
         "> - The two go together at 0.60, so the fair price was taken out.\n"
         "> - New model, help alone: help's way to staying is 0.24 (95 % interval 0.17 to 0.31).\n"
         "> - The clearer model is the better one: put the money into help.",
         options=[
             Option("Without the price in the model, help is credited with what goes with a fair price.", right=True),
             Option("The interval of the first model is missing, so that the 0.12 might be 0.24 as well.",
                    hint="It would be good to have. But the two models answer two questions, and not by chance: what has "
                         "changed?"),
             Option("Predictors that go together at 0.60 may never be used in one and the same model.",
                    hint="They may: the errors become larger, that is all. Taking one out has another price."),
             Option("The effect of help should be given in points, since a board does not think in deviations.",
                    hint="A wish about the wording. What is wrong with the step from 0.12 to 0.24?")],
         worked="The 0.24 compares callers who differ in help and in how fair they find the price. The 0.12 compares "
                "callers with the same view of the price. Taking a rival out makes a path larger, not truer (9.2, second "
                "question)."),
    Case("A chatbot was asked for the right order of the chain at {firm}. (χ² grows with what an order misses; p says how "
         "often chance alone would make as much, if the order were true: 9.5.13.) Which is its **worst** flaw?\n\n"
         "> **The order of the chain, settled by data**\n>\n"
         "> - Four stations can stand in 24 orders. All were fitted to the answers of {people} customers.\n"
         "> - Value → help → satisfaction → staying misses least (χ² 6.8, three degrees of freedom, p = .08).\n"
         "> - Since p is above .05 the order is not refused.\n"
         "> - This is how your customers make up their minds.",
         options=[
             Option("Its mirror fits exactly as well, and the best of 24 was picked after looking.", right=True),
             Option("A p of .08 is above .05: the order is not significant, and so it is refused.",
                    hint="For a test of fit it is the other way round: a small p refuses the model (9.5.13)."),
             Option("24 orders need 24 times as many customers as one order does.",
                    hint="Each order is fitted to the same table. Trying many has a price, but not this one."),
             Option("A chain of four stations has six arrows, and three of them were forgotten.",
                    hint="A strict chain has three arrows; what it leaves out is what it forbids.")],
         worked="Staying → satisfaction → help → value has the same χ² of 6.8, to the last digit. And who looks at 24 and "
                "keeps the best has a test that no longer means what it says. “Not refused” is not “how customers make up "
                "their minds”."),
]


def specimens(firm, raw):
    """Anchored examples for question 8, with this variant's own numbers."""
    low, high = raw["way"] - 1.96 * raw["se"], raw["way"] + 1.96 * raw["se"]
    share = 100 * raw["way"] / raw["total"]
    return (
        Specimen(3, "In the answers of 250 customers of mobile telephones, who are not ours, one point more of image goes, "
                    f"among people who see the same quality, with {raw['way']:.2f} points more of loyalty by way of "
                    f"satisfaction (95 % interval {low:.2f} to {high:.2f}), about {share:.0f} percent of what image goes "
                    "with there. But they answered one questionnaire on one day: whoever likes the provider may give high "
                    "marks to everything, and the loyal may talk themselves into satisfaction. And loyalty is what they "
                    f"say, not what they do. Before {firm} spends on its image, let a lot decide in which towns the "
                    "campaign runs this spring, and count in a year, in our own contract file, where customers have stayed.",
                 "all three, in words that a board can use"),
        Specimen(2, "A survey of 250 mobile customers, who are not ours, shows that the image of a firm goes with loyalty "
                    f"through satisfaction, by {raw['way']:.2f} points for a point; since the lower end of the interval is "
                    f"{low:.2f}, chance alone hardly makes this. However, they were asked only once, so we do not know "
                    "what came first, and it is also possible that a general liking of the firm makes all the answers "
                    "high. The result should therefore be read with care, and the board should not take it as a promise "
                    "that a better image will make people stay.",
                 "the number and the limit are there; nothing is asked for that would settle it"),
        Specimen(0, f"Our analysis proves that satisfaction is the key driver of loyalty at {firm}. The effect is highly "
                    "significant and robust, and the model explains customer behaviour very well. We recommend investing "
                    "in our image at all contact points, since each improvement will translate directly into satisfied "
                    "customers, who will become loyal and stay with us for years. Competitors that ignore this chain will "
                    "lose. The board should act now and roll out the programme in all regions.",
                 "no number; cause and certainty are claimed; other people's customers are taken for ours"))
