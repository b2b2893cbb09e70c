"""Designs, drafts and specimens of module 12. The first case of each bank is for the public practice variant alone."""

from pebbletrail.exercises.authoring import Case, Criterion, Option, Specimen

DESIGNS = (
    Case(
        "The board wants a real test before winter: does a call back on the next day keep customers? Another of {firm}'s "
        "centres has 24 teams in three halls. Agents of a team swap calls and tips all day long. The call back is switched "
        "on in the system, team by team. Which design?",
        (Option("A lot over teams, within each hall, 12 with and 12 without; teams are what is counted.", right=True),
         Option("A lot over agents, half of each team; agents are counted, since there are more of them.",
                hint="Agents of a team swap calls and tips: the half without would get a part of the treatment, and the "
                     "difference would shrink."),
         Option("The 12 teams that ask for it first; the other 12 in the same halls are the comparison.",
                hint="Who asks first differs from who does not, before anything has been done. Nobody drew lots."),
         Option("All 24 teams from Monday on; this quarter against the last one, so that no call is lost.",
                hint="Nobody is left to show what winter would have done by itself.")),
        "What spreads within teams must be drawn by team, and then teams are what is counted: 24, not thousands of calls. "
        "Drawing within halls takes out what differs between halls."),
    Case(
        "A lot over 30 shops is drawn, 15 with the new desk and 15 without. The plan says twelve weeks. The director: "
        "\"Let us look each Friday, and stop as soon as the difference is significant. Then nobody waits in vain.\" "
        "What do you propose?",
        (Option("Twelve weeks and one look at the end, fixed now; an earlier stop for harm only, by a limit set "
                "now.", right=True),
         Option("Look each Friday as he says: each look has 5 percent false alarms, so the pilot has 5 percent too.",
                hint="Each look has its own chance of a false alarm, and they add up: with twelve looks 10 to 20 of 100 "
                     "pilots without any effect would stop with a success, by how far a shop's luck lasts."),
         Option("Look each Friday, but stop only when two Fridays in a row are significant: that takes chance out.",
                hint="It helps, and leaves about twice the false alarms that are promised: two Fridays in a row share "
                     "nearly all their data."),
         Option("Set no length at all: go on until it is significant, or until the year is over, to miss nothing.",
                hint="The longer one may look, the surer chance comes by once. A rule that ends with a success finds one.")),
        "A stopping rule belongs into the plan, before the first week. Simulated, twelve weekly looks at a difference "
        "that is not there find one in 10 to 20 of 100 pilots, by how far a shop's luck lasts. One look keeps the 5."),
    Case(
        "A programme costs 1 euro a customer and year, and pays if it keeps 1 customer more in 1,000. {firm}'s business "
        "line has 9,000 customers; 80 of 1,000 leave in a year. The head of service wants a lot: half of the 9,000 get "
        "it, for a year. (To see 1 in 1,000 in four of five tries would take more than a million customers in each "
        "group.) What do you tell the board?",
        (Option("Such a lot cannot see what would pay: join with many others, or decide without it and say so.", right=True),
         Option("Run it: if the difference is not significant, the programme does not pay and can be dropped.",
                hint="With 4,500 a group an effect that pays well would nearly always be missed. Not found is not “not "
                     "there”."),
         Option("Run it for two years instead of one: with twice the time a lot becomes exactly twice as sharp.",
                hint="Errors fall with the root of what is counted; twice as sharp takes four times as much. Here it "
                     "would take hundreds of times as much."),
         Option("Count contacts, not customers: with 200,000 contacts in a year the lot is large enough after all.",
                hint="Customers are drawn, and customers leave. Contacts of one customer are not so many witnesses.")),
        "Before a pilot one asks what it could find. If the smallest effect that pays is far below that, a pilot costs "
        "time and ends with “not significant”, which somebody will read as “does not work”."),
    Case(
        "The board has decided: all 40 branches get the new desk within the year. The fitters can do ten in a quarter. "
        "The head of service would like to know all the same what the desk does. Which order?",
        (Option("Draw by lot which ten come in which quarter; those still waiting are the comparison.", right=True),
         Option("Begin with the ten best-prepared branches; compare them with the thirty that still wait.",
                hint="The best prepared are ahead already. Those that wait are then no picture of what they would have "
                     "done."),
         Option("Begin with the ten that need it most; compare their next quarter with their last one.",
                hint="Whoever is chosen at a low point rises by itself: the next quarter would look good without any desk."),
         Option("Fit them as the fitters' route suggests; compare the year's end with other firms of the trade.",
                hint="Other firms differ in a hundred things, and all forty branches have changed. Somebody at home "
                     "must wait.")),
        "Where all get it in the end and it takes time, a lot over the order costs nothing. Each quarter has its own "
        "comparison: the branches whose turn has not come."),
    Case(
        "By lot, half of all complaints get an apology and a voucher of 15 euros, the others the usual letter. The "
        "board wants to know whether the voucher *pays*. What should be counted?",
        (Option("Margin after twelve months minus the vouchers, over all complaints drawn, answered or not.", right=True),
         Option("The score in the survey after the answer, of those who filled it in: it is there at once.",
                hint="A score is no euro, and who fills it in is chosen by how the voucher pleased. The lot is then "
                     "broken."),
         Option("The vouchers that were redeemed: they show in money how much customers liked the gesture.",
                hint="That is a cost. Redeeming says nothing on who would have bought anyway."),
         Option("The intention to stay, asked of those who took the voucher: staying is what it is all about.",
                hint="Only takers are asked, and what people say is not what they do (week 6). Nobody without is asked "
                     "at all.")),
        "Count what was promised, in its own unit, for everybody who was drawn. Whoever leaves people out after the lot "
        "compares groups that no lot has made."),
    Case(
        "A change to the hold message costs {firm} 400 euros a month and can be switched off on any day; at worst it "
        "does nothing. At the likely values it brings 900 euros a month, at cautious ones 300. A pilot by lot would "
        "cost 30,000 euros. What do you recommend?",
        (Option("Roll it out, write down now what would make us switch it off, and look at that in half a "
                "year.", right=True),
         Option("A pilot by lot first: nothing should ever be rolled out without one, whatever the pilot costs.",
                hint="The pilot costs as much as six years of the change. It would cost more than being wrong."),
         Option("Do nothing until somebody has published a study of it, in a firm of our own size and trade.",
                hint="Waiting has a price as well, and this change can be undone on any day. What is there to fear from "
                     "trying?"),
         Option("Roll it out and never look again: at 400 euros a month no look is worth anybody's trouble.",
                hint="Without a look nobody will notice the cautious case. A look in half a year is cheap when it was "
                     "planned.")),
        "What a test is worth hangs on what it costs to be wrong. Cheap and easy to undo: do it, with a line drawn in "
        "advance. Dear and hard to undo: test it first."),
)

DRAFTS = (
    Case(
        "*A chatbot has written four sentences for Thursday from the notes on the complaints project. Which one may "
        "**not** be said?*\n\n> 1. Customers with a problem who leave are worth 1.2 million euros a year to us.\n> 2. "
        "In the pilot, drawn by lot, 58 percent were satisfied with the answer, against 45 percent without.\n> 3. "
        "Rolling the pilot out will therefore save 1.2 million euros a year.\n> 4. How many of them stay because of the "
        "answer, the pilot could not tell.",
        (Option("Sentence 1: leavers have stopped paying, so they are worth nothing to us.",
                hint="They would have paid: what is lost with them can be put in euros, with assumptions. What may not be "
                     "done is to call all of it savings."),
         Option("Sentence 2: 58 is so near to 45 that nothing was found.",
                hint="58 against 45 percent, with who was drawn how, is as plain as it gets. It claims no more than that."),
         Option("Sentence 3: of what is at risk better answers keep only a part.", right=True),
         Option("Sentence 4: who is satisfied stays, so 13 in 100 more did stay.",
                hint="Satisfied is not stayed; staying was not counted.")),
        "At risk is everybody who leaves after a problem. Kept is at most the part whom a better answer moves (page 12: "
        "4 in a hundred there). Sentence 3 takes the one for the other."),
    Case(
        "*A chatbot has written four sentences for the board of {firm} from the pilot's numbers. Which one may **not** "
        "be said?*\n\n> 1. The ten teams with the poorest scores got the pilot.\n> 2. Their scores rose by {rise} "
        "points in ten weeks.\n> 3. Since the poorest rose most, the pilot is proven to be what helped them.\n> 4. Part "
        "of a rise after a poor spell would have come without any pilot.",
        (Option("Sentence 1: the poorest teams have most to gain, so the choice was fair.",
                hint="It does not say that the choice was unfair; it says how it was made. Everything else hangs on that."),
         Option("Sentence 2: ten weeks are too short for a score to rise.",
                hint="It says what was seen, and no more."),
         Option("Sentence 3: who is chosen at a low point rises anyway.", right=True),
         Option("Sentence 4: luck evens out in ten weeks, so none of it came by itself.",
                hint="When luck evens out, a poor spell is followed by a better one: that is the rise by itself. The "
                     "sentence claims no size.")),
        "Ten teams were chosen because their scores were poor. Part of a poor score is bad luck, and luck does not "
        "last: regression to the mean. Without a lot, sentence 3 takes this for the pilot's doing."),
    Case(
        "*From a draft for {firm}'s board. Which sentence may **not** be said?*\n\n> 1. The pilot has shown that the "
        "change does nothing.\n> 2. The score rose by 0.09 points more than elsewhere.\n> 3. The 95 percent interval "
        "runs from −0.03 to 0.21 and holds 0.\n> 4. A rise of 0.15, which would pay, lies in the interval as well.",
        (Option("Sentence 2: an interval that holds 0 means that there was no rise.",
                hint="There was one of 0.09: that was seen. How sure it is, the interval says."),
         Option("Sentence 3: the interval of a rise cannot begin below 0.",
                hint="It can: the data can live with a small fall, too. That is what the pilot leaves open."),
         Option("Sentence 1: a pilot that cannot tell has shown nothing either way.", right=True),
         Option("Sentence 4: 0.15 is not what was found, so it is ruled out.",
                hint="The interval is made of values with which the data can live. 0.15 is one of them.")),
        "An interval from −0.03 to 0.21 is as much at ease with 0.15 as with 0. The pilot could not tell, and that is the "
        "sentence: “too few teams to know”."),
    Case(
        "*A chatbot's summary of a pilot with weekly reports. Which sentence may **not** be said?*\n\n> 1. We stopped "
        "on the seventh Friday, when p was .04.\n> 2. If there were no effect, such a success would come about in only "
        "4 of 100 pilots.\n> 3. We had meant to run twelve weeks, and looked at the result each Friday.\n> 4. On the "
        "other Fridays p had been above .05.",
        (Option("Sentence 3: weekly looks make a pilot more exact, not less.",
                hint="The sentence says how often was looked, and one needs that in order to read the p value. More exact "
                     "a pilot gets by more teams or weeks."),
         Option("Sentence 1: .04 is below .05, so the effect was there.",
                hint="The sentence only reports what was done, and that is true. Ask which of the four makes more of it."),
         Option("Sentence 2: with seven looks a success by luck is far more common.", right=True),
         Option("Sentence 4: Fridays above .05 were too early to count.",
                hint="Each was a look, and would have ended the pilot. Without them nobody can see how many looks there "
                     "were.")),
        "4 of 100 holds for one look, planned beforehand. Whoever may stop at the first of up to twelve looks finds a "
        "success in 10 to 20 of 100 pilots in which there is nothing to find, by how far a team's luck lasts."),
    Case(
        "*Four sentences on a pilot that counted 14 things. Which one may **not** be said?*\n\n> 1. We counted 14 "
        "indicators, listed in the annex.\n> 2. One of them, 'would recommend', rose with p = .04; the others did "
        "not.\n> 3. The pilot's aim was fewer repeat calls; those did not change clearly.\n> 4. Our main result is "
        "therefore that customers recommend us more.",
        (Option("Sentence 1: 14 counts show more than one, so the result is surer.",
                hint="More counts give luck more tries. That there were 14 is what allows others to read the .04."),
         Option("Sentence 2: p = .04 means that 4 of 100 customers recommend us more.",
                hint="p is no share of customers."),
         Option("Sentence 3: not clearly changed means that the aim was reached.",
                hint="Fewer calls were the aim, and nobody can tell whether they are fewer. What came of the aim is the "
                     "first thing to say."),
         Option("Sentence 4: one of 14 below .05 is what luck brings half the time.", right=True)),
        "Of 14 indicators with nothing to find, some one falls below .05 in about half of all pilots (1 − .95¹⁴ = .51, "
        "if they were strangers to each other). The main result is the aim that was set, whatever came of it."),
    Case(
        "*From a draft on the new welcome call. Which sentence may **not** be said?*\n\n> 1. The pilot, by lot, gave a "
        "difference with p = .08.\n> 2. So the welcome call works with a probability of 92 percent.\n> 3. With no "
        "effect, a difference at least as large would turn up in 8 of 100 such pilots.\n> 4. Whether it pays depends on "
        "the cost, which p does not know.",
        (Option("Sentence 1: .08 is above .05, so there was no difference.",
                hint="There was one; p says how easily luck makes such a one. It may be reported like any other."),
         Option("Sentence 2: p is reckoned as if nothing worked.", right=True),
         Option("Sentence 3: 8 of 100 is the chance that there is no effect.",
                hint="p is reckoned as if there were no effect; so it cannot be that chance. The sentence says it right."),
         Option("Sentence 4: what is likely to work also pays.",
                hint="It may work and cost more than it brings. A board decides on benefit and cost.")),
        "p is computed as if there were no effect; it cannot be the chance that there is one. A chance needs something "
        "more: what one took for likely before, or, as in 12.3, an assumption that says so."),
    Case(
        "*A chatbot has summed up a pilot. Which sentence may **not** be said?*\n\n> 1. In the pilot's shops the "
        "supplier's own coach stood beside the staff each day.\n> 2. By lot, sales per customer were 6 percent higher "
        "there than in the other shops.\n> 3. For the roll-out the coach is left out, to save money.\n> 4. From the "
        "roll-out we may expect the 6 percent in all shops.",
        (Option("Sentence 1: a coach is the same for all shops, so he changes nothing.",
                hint="He stood in the pilot's shops only, and is a part of what was tested there."),
         Option("Sentence 2: 6 percent more must be the coach alone.",
                hint="The lot tells what coach and method did together."),
         Option("Sentence 3: what costs less pays all the more.",
                hint="It says what the roll-out leaves out, which a board must know. It does not say that it pays."),
         Option("Sentence 4: what is rolled out is not what was tested.", right=True)),
        "The lot tells what coach and method did together. Without the coach it is another treatment, and nobody has "
        "tested that one."),
)

RUBRIC = (
    Criterion("The difference with its unit and interval; what it is worth in euros, with costs, under a share that is "
              "named as assumed; and the chance that benefit exceeds cost.", 1),
    Criterion("Three rival explanations of this very difference: how the teams were chosen, what else happened to them, "
              "who counted, chance. Not a list from a book.", 1),
    Criterion("One recommendation: do nothing, test by lot, or roll out. With the next step (how many teams, how long, "
              "when to stop), and no sentence that claims more than was seen.", 1),
)

SPECIMENS = (
    Specimen(
        3,
        "In the nine shops with the new desk repeat visits rose by 4.1 per 100 customers more than in the nine others; "
        "the 95 percent interval runs from 0.3 to 7.9. If 80 percent of that is the desk's doing, which we assume and "
        "did not measure, it brings 61,000 euros in the first year and costs 48,000: 13,000 net, with a chance of 69 "
        "percent that it pays. The rest may be three things: managers asked for the desk, and eager managers do more; "
        "four of the nine streets were closed to cars in spring; and the shops counted visits themselves. We do not "
        "recommend a roll-out yet. Test it: 72 further shops, half by lot, one quarter, one look at its end, an "
        "earlier stop only if sales fall by a tenth. If it brings fewer than 2.6 visits more, from which on it pays, we "
        "drop it.",
        "Numbers with unit, interval and assumption; rivals that belong to this pilot; one recommendation with size, "
        "length and a rule for stopping. The case is made up."),
    Specimen(
        2,
        "Repeat visits rose by 4.1 per 100 customers more in the nine shops with the new desk than in the nine others, "
        "with an interval from 0.3 to 7.9. If 80 percent of that is the desk's doing, which is assumed, it brings "
        "61,000 euros and costs 48,000 in the first year, and pays with a chance of 69 percent. Other explanations are "
        "always possible, such as chance, confounding or selection. Since the interval leaves out 0, we recommend a "
        "test by lot with 72 shops over one quarter, and one look at its end, before anything is rolled out.",
        "The numbers and the recommendation stand. The rivals are a list from a book: nothing says how these very shops "
        "were chosen or what else happened to them."),
    Specimen(
        0,
        "The pilot was a great success. Repeat visits rose significantly, which proves that the new desk works and that "
        "customers love it. Shop managers are enthusiastic, and the competition is not asleep. Rolled out to all 120 "
        "shops the desk will bring more than 900,000 euros a year. Of course there is always some uncertainty in such "
        "numbers, but doing nothing would be the greatest risk of all. We recommend that the board decide on the "
        "roll-out today, so that the first desks stand in all shops before Christmas.",
        "No size, no interval, “proves”, a value without cost or assumption, no rival, and pressure in place of a plan."),
)
