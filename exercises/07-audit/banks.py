"""Stories, memos and specimens of module 07. The first case of each bank is for the public practice variant alone."""

from pebbletrail.exercises.authoring import ArrowCase, Case, Criterion, Option, Specimen

ARROWS = (
    ArrowCase(
        "The adviser's programme trains agents. Head office decides which branches get the *training*: those in rich "
        "districts (*district*), and it looks at nothing else. In rich districts customers are more satisfied "
        "(*satisfaction*) anyway, training or no training. Training makes agents calmer (*calm*); nothing else does. Calm "
        "agents satisfy customers, and this is the only way in which training reaches a customer.",
        ("district", "training", "calm", "satisfaction"),
        [("district", "training"), ("district", "satisfaction"), ("training", "calm"), ("calm", "satisfaction")],
        {("training", "satisfaction"): "The story says that training reaches customers in one way only, by calmer agents. A "
                                       "direct arrow would be a second way.",
         ("satisfaction", "training"): "Head office looked at the district and at nothing else. Satisfaction decided "
                                       "nothing.",
         ("district", "calm"): "Nothing but training makes agents calmer, says the story."},
        "district → training (head office decides so), district → satisfaction (anyway), training → calm → satisfaction. So "
        "trained branches are ahead for two reasons, and the adviser counts both as one."),
    ArrowCase(
        "A list of firms is drawn up today. A firm is on it (*listed*) if it is still on the exchange, and it is thrown off "
        "when its *returns* were poor; nothing else is looked at. Returns come from *luck*, and from how satisfied its "
        "customers are (*satisfaction*). Satisfaction is what customers say in a survey; luck at the exchange has no part "
        "in it, and nobody at the exchange reads the survey.",
        ("luck", "satisfaction", "returns", "listed"),
        [("luck", "returns"), ("satisfaction", "returns"), ("returns", "listed")],
        {("satisfaction", "listed"): "Nobody at the exchange reads the survey: satisfaction gets a firm listed by way "
                                     "of its returns, and in no other way.",
         ("listed", "returns"): "Being on today's list comes after the returns. It cannot have made them.",
         ("luck", "satisfaction"): "The story says that luck has no part in what customers answer.",
         ("luck", "listed"): "Luck works on returns; the exchange looks at returns and nothing else."},
        "luck → returns, satisfaction → returns, returns → listed. Whoever studies the list studies firms that had luck or "
        "satisfied customers: the unlucky and unloved are missing, and part of a true link is hidden."),
    ArrowCase(
        "One evening's questionnaire asks two things: are you satisfied (*satisfied*), will you stay (*intends*)? The "
        "*mood* of the evening colours both answers; it has to do with the day, and not with the call. How the last *call* "
        "went decides, besides the mood, how satisfied people say they are. The intention that they tick is the evening's "
        "mood and nothing else. A year later some cancel (*cancels*): those whose call had gone badly. What they ticked "
        "that evening plays no part in it, nor does the mood.",
        ("call", "mood", "satisfied", "intends", "cancels"),
        [("call", "satisfied"), ("call", "cancels"), ("mood", "satisfied"), ("mood", "intends")],
        {("satisfied", "intends"): "The intention is the evening's mood and nothing else. The two answers go together "
                                   "because mood colours both.",
         ("call", "mood"): "The mood has to do with the day, and not with the call, says the story.",
         ("intends", "cancels"): "What they ticked plays no part in what they did, says the story.",
         ("satisfied", "cancels"): "What they ticked plays no part in it. Answer and cancelling have a common source: "
                                   "the call."},
        "call → satisfied, call → cancels, mood → satisfied, mood → intends. Satisfaction and intention correlate "
        "through the mood alone, and the intention says nothing of who cancels."),
    ArrowCase(
        "Last year's *growth* decides the *bonus* of all agents, and nothing else does. The bonus, and it alone, makes "
        "*morale*. Growth also pays for more seats, and so it alone decides how long the *queues* are. Customers notice the "
        "queue and nothing else: it makes their *satisfaction*. Agents never learn what customers answer, and this "
        "year's answers cannot touch last year's growth.",
        ("growth", "bonus", "morale", "queues", "satisfaction"),
        [("growth", "bonus"), ("bonus", "morale"), ("growth", "queues"), ("queues", "satisfaction")],
        {("morale", "satisfaction"): "That is the adviser's arrow. In this story customers notice the queue and nothing "
                                     "else.",
         ("satisfaction", "growth"): "Growth is last year's, satisfaction is this year's.",
         ("growth", "satisfaction"): "Growth reaches customers by way of the queues, and customers notice nothing else.",
         ("growth", "morale"): "Growth reaches agents by way of the bonus, which alone makes morale."},
        "growth → bonus → morale, growth → queues → satisfaction. Morale and satisfaction go together although neither "
        "acts on the other: both come from last year's growth."),
    ArrowCase(
        "Accounts above 100,000 euros a year (*size*) get a person of their own (*manager*); no other rule is used. "
        "Such a person makes customers more satisfied (*satisfaction*), and in this firm nothing else does. Large "
        "accounts renew (*renewal*), because moving them would cost too much; small ones come and go. Satisfaction has "
        "no part in it, nor has the manager.",
        ("size", "manager", "satisfaction", "renewal"),
        [("size", "manager"), ("manager", "satisfaction"), ("size", "renewal")],
        {("satisfaction", "renewal"): "That is what the table of the two looks like. The story says that satisfaction "
                                      "has no part in renewing: size is behind both.",
         ("manager", "renewal"): "The manager has no part in it, says the story. Large accounts renew and have managers.",
         ("size", "satisfaction"): "Nothing but the manager makes customers more satisfied here; size works through the "
                                   "manager."},
        "size → manager → satisfaction, and size → renewal. Satisfied customers renew more often, and satisfying a "
        "small one would keep nobody."),
    ArrowCase(
        "After each call customers get a survey. How long they had to *wait* decides how angry they are (*anger*), and "
        "nothing else does. Angry customers fill the survey in (*answers*) more often than calm ones. A voucher "
        "(*voucher*), drawn by lot among all customers and announced with the survey, makes people fill it in as well. "
        "Nobody is less angry for a voucher, and the wait by itself makes nobody answer: only the anger does.",
        ("wait", "anger", "voucher", "answers"),
        [("wait", "anger"), ("anger", "answers"), ("voucher", "answers")],
        {("wait", "answers"): "The wait by itself makes nobody answer: it works through the anger.",
         ("voucher", "anger"): "Nobody is less angry for a voucher, says the story.",
         ("anger", "voucher"): "The voucher is drawn by lot. Nothing decides who gets it.",
         ("wait", "voucher"): "The voucher is drawn by lot. Nothing decides who gets it."},
        "wait → anger → answers, voucher → answers. Who answers is angrier than who does not, so that the mean of the "
        "answers is not the mean of the customers. With the voucher fewer are missing."),
)

MEMOS = (
    Case(
        "*A chatbot was asked to sum up the adviser's report for the board:*\n\n> **Key insights**\n>\n> - Shops that "
        "stayed in the programme for three years raised their score by **9 points**.\n> - 41 of the 90 shops that "
        "began are in the analysis, across all regions.\n> - The rise is seen in small and large shops alike.\n>\n> "
        "**Bottom line:** the programme delivers. We recommend rolling it out now.\n\nWhat is the worst flaw?",
        (Option("The 49 shops that left are missing, and who saw no rise had most reason to leave.", right=True),
         Option("41 shops are too few to compute a mean rise from, whatever the rise turns out to be.",
                hint="A mean of 41 can be quite well known; an interval would say. More shops of the same kind would have "
                     "the same flaw: look at who they are."),
         Option("A rise in points says nothing, it ought to be given as percent of the first score.",
                hint="Points are the safer of the two: percent depends on where zero is. The flaw lies in who was counted."),
         Option("Small and large shops were put together, though each shop should count by its size.",
                hint="The memo says that the rise is seen in both, so weights would change little. Ask who is not in "
                     "the table.")),
        "Those that are left after three years are 41 of 90. A shop in which nothing rose had every reason to leave, so "
        "the mean of those that stayed is what a programme without any effect could show as well."),
    Case(
        "*From the adviser's mail:*\n\n> We surveyed 62 branches. Engagement and customer loyalty correlate at **r = .35**, "
        "clearly different from zero. So engagement explains **35 percent** of loyalty: more than a third of what keeps "
        "your customers is in your own hands.\n\nWhich of these is wrong with the mail as it stands?",
        (Option("The share of variance is the square of r: 12 percent, and it does not say what makes what.", right=True),
         Option("62 branches are too few for a correlation of .35 to be told from zero at all.",
                hint="Its interval runs from about .11 to .55: it leaves out zero. Look at what was made of the .35."),
         Option("A correlation from a survey cannot be larger than .30, so .35 must be a slip of the pen.",
                hint="There is no such limit; page 8 has correlations of .8. Look at what was made of the .35."),
         Option("The mail should say 65 percent: what is left of 100 is the part that engagement explains.",
                hint="100 minus r is nothing at all. What is the name of the share that one column explains of another?")),
        "r = .35 is a square root: its square, .12, is the share of the variance. And even 12 percent “explained” is "
        "arithmetic, not a cause: the memo makes it one with “in your own hands”."),
    Case(
        "*A chatbot's answer, forwarded by the head of sales:*\n\n> **Does the smile training work? Yes!**\n>\n> - "
        "**17 of the 20** shops that took it grew last year. That is a success rate of **85 %**.\n> - The shops are "
        "in nine different towns.\n> - With odds like these, waiting is the real risk.\n\nWhat is missing most?",
        (Option("How many of the shops that did not take it grew in the same year.", right=True),
         Option("In which of the nine towns each of the twenty shops that took it lies.",
                hint="Nine towns are no harm. 85 percent of something grew: against whom is that held?"),
         Option("By how many percent the best of the seventeen shops has grown in that year.",
                hint="The best of seventeen tells you about the best of seventeen. What would have happened anyway?"),
         Option("Whether the three shops that did not grow could be left out as special cases.",
                hint="Leaving out the failures makes it worse. Ask what share grows without any training.")),
        "If 85 of 100 shops without the training grew as well, the training has shown nothing. A share needs the share "
        "of those who are otherwise alike: the base rate."),
    Case(
        "*From a slide on a new welcome call:*\n\n> Of our 200,000 customers, 8 percent used to leave in a year. With the "
        "welcome call, given to all, it is 6 percent. A fall of **25 percent**! In our customer base that means **50,000 "
        "customers** who would have gone and now stay.\n\nWhat is wrong with the slide's arithmetic?",
        (Option("Two points of 200,000 are 4,000 customers; the 25 percent are of those who used to leave.", right=True),
         Option("From 8 to 6 percent is a fall of 2 percent, so that the 25 percent have been made up.",
                hint="2 of 8 is a quarter: as percent of the leavers 25 is right; the fall in points is 2. What was "
                     "the 25 percent then taken of?"),
         Option("6 percent of 200,000 are 12,000, and so 12,000 customers stay who would have gone.",
                hint="12,000 is how many still leave. How many fewer than before is that?"),
         Option("From 8 to 6 percent is a fall of 33 percent, since 2 is a third of the new share of 6.",
                hint="A fall is counted from where it began: 2 of 8. The slip comes after that, in what the 25 percent "
                     "are taken of.")),
        "8 − 6 = 2 percentage points, of 200,000 that is 4,000 customers. The 25 percent are of the 16,000 who used to "
        "leave, and a quarter of 16,000 is 4,000 too. (That all of it is the welcome call's doing is another question: "
        "all got it.)"),
    Case(
        "*A chatbot was asked how sure a figure is:*\n\n> **Very well established.** The 240 percent are confirmed by "
        "several independent sources:\n>\n> - a trade paper's report of a talk by the authors,\n> - a "
        "practitioner's page on the authors' book,\n> - a keynote that shows the trade paper's figure.\n>\n> Three "
        "sources, one number: you can quote it with confidence.\n\nWhat is the worst flaw?",
        (Option("All three repeat the same authors: one source at second hand, and nobody re-counted.", right=True),
         Option("Three sources are too few; five that repeat the figure would make it well established.",
                hint="Ten echoes are one voice. Where did each of the three have the number from?"),
         Option("A keynote is not printed anywhere, and what is not printed does not count as a source.",
                hint="It may count, with its date and its speaker. The question is whether it adds anything to the others."),
         Option("The three must be wrong, for 240 percent more of anything cannot happen in a firm.",
                hint="It can; that a number is large does not make it false. Ask how many looks stand behind it.")),
        "Trade paper, practitioner's page and keynote have it from the same two authors. Count the looks at the data, "
        "not the pages that repeat one: here it is one look, and it was not read first hand."),
    Case(
        "*From the adviser's white paper:*\n\n> A meta-analysis of 174 effects finds that people remember an episode by its "
        "peak and its end (**r = .58**). Hence: teach your agents to end every call on a high note, and your customers will "
        "**stay longer**. Rarely has a recommendation rested on so much data.\n\nWhat is the worst flaw?",
        (Option("What was measured is how people judge an episode later, not whether anybody stays.", right=True),
         Option("A correlation of .58 is not large enough to be told from zero, even with 174 effects.",
                hint="It is large as such things go, and far from zero. How far is it from “customers stay longer”?"),
         Option("174 effects are too many to be averaged: one well-chosen study would have been enough.",
                hint="Many studies are better than one. Ask instead what they measured, and on whom."),
         Option("The white paper should have squared it: .34 is the share of customers who stay longer.",
                hint=".34 would be a share of variance, of memory, and no share of customers. What has nobody measured "
                     "here?")),
        "Directness: from “how people judge an episode” to “customers of a telephone firm stay” is a long way, and a "
        "correlation shows nobody who was taught to end a call otherwise. The figure is true of what it measured."),
    Case(
        "*A chatbot's summary of the complaint statistics:*\n\n> **Great news!**\n>\n> - Only **3 percent** of our "
        "customers complained last year, so **97 percent are satisfied**.\n> - The trade's average is 5 percent: we "
        "are clearly better.\n> - Since the complaint form moved three clicks deeper in March, complaints fell by "
        "another third.\n\nWhat is the worst flaw?",
        (Option("Not complaining is taken for being satisfied, while complaining was made harder.", right=True),
         Option("3 percent is too small a share for anybody to compute an average of the trade from.",
                hint="Shares can be small and well known. What does the silence of the other 97 percent mean?"),
         Option("A fall by a third is 1 percentage point, so that the form has hardly made a difference.",
                hint="One point of three is a great deal. But what fell: trouble, or the telling of it?"),
         Option("Complaints ought to be counted for each agent, and not for the customers as a whole.",
                hint="That would be another table with the same flaw: who is content, and who has only kept silent?")),
        "The 97 percent said nothing. Some are content, some resigned, some gone; and three clicks make complaining "
        "harder, not trouble rarer. A count of complaints is also a count of how easy it is to complain."),
)

RUBRIC = (
    Criterion("The claim stands there as it was said, with speaker, place and date, and what kind of statement it is; its "
              "source was followed, and the paragraph says how far: read first hand, told at second hand, or not found.", 1),
    Criterion("At least one figure, with unit: of what, how many of what, against whom. Or it says which of these is "
              "missing and where you looked.", 1),
    Criterion("How direct the evidence is (whose, where, measured how), a verdict in one word, and what would change your "
              "mind.", 1),
)

SPECIMENS = (
    Specimen(
        3,
        "“Agents who choose their own shifts leave half as often.” So said the director of a bank's call centres in a "
        "trade paper of March 2024, as a finding. The paper names no study; the bank's report of 2023, which I read, "
        "has one table: of 212 agents at two sites with free choice 9 percent left within the year, of 640 at six "
        "others 17 percent. So 8 points less, and “half” is fair. But the two sites had asked for the choice and pay "
        "more: nobody drew lots, and eight sites are eight. I found no other data (two registers of studies, the bank's "
        "pages). The people and the measure are the ones of the claim, the comparison is not. Verdict: untested as a "
        "cause. I would change my mind if sites were given the choice by lot and the gap stayed.",
        "Claim, speaker, date and kind; source read and named; shares with their denominators and both groups; "
        "directness, a verdict, and a test that could fail. The case is made up."),
    Specimen(
        2,
        "A director of a bank said in 2024 in a trade paper that agents who choose their shifts leave half as often. It "
        "is a finding, taken from the bank's own report, which I have read. There 9 percent of 212 agents left, against "
        "17 percent of 640 others, a difference of 8 percentage points. This fits “half as often” quite well. The "
        "report is recent and the numbers are large enough to be taken seriously, and other firms in the trade tell "
        "similar stories. On the whole the claim is convincing, and a firm that loses many agents should certainly "
        "think about free shifts.",
        "The first two criteria are met. Nothing on who was compared with whom and why, no verdict in one word, and nothing "
        "that would change the writer's mind."),
    Specimen(
        0,
        "It is well known that agents who can choose their shifts are happier and stay longer. Many studies have shown "
        "this, and it is also common sense: people who are free do better work, and customers feel it. According to "
        "experts the number of those who leave can be cut by up to 50 percent, which is a huge saving, since hiring and "
        "training a new agent costs a lot of money. Some may object that it is hard to organise, but modern software "
        "solves that. So the claim is clearly true, and companies that do not act now will fall behind.",
        "No speaker, no source, “up to” without a denominator, no comparison, and no doubt. It sounds like the sentence "
        "that it ought to examine."),
)
