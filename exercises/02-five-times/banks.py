"""The banks of module 02: what r says, designs to choose from, memos with a flaw. Case 0 is the practice variant's."""

from pebbletrail.exercises.authoring import Case, Option

READINGS = (
    Case("A consultant has a table of firms like yours and writes: “Relief explains 37 percent of whether customers "
         "accept.” He squared an r of .61. Which sentence may stand in a report?", [
             Option("Among these few firms, those that grant more relief tend to have a larger share of accepted answers; "
                    "how closely is only roughly known.", right=True),
             Option("If a firm grants relief in every case, 37 percent more of its customers will accept the answer that "
                    "they are given.", hint="R² is no slope: it says nothing about how much one thing moves when the other "
                    "does. And nobody changed anything here."),
             Option("In 37 percent of the firms relief leads customers to accept the answer that they are given; in the "
                    "others it has been without any effect.", hint="R² "
                    "is a share of the differences between firms (of the variance), not a share of the firms."),
             Option("Of all customers who were granted relief, 37 percent accepted the answer for that reason and 63 "
                    "percent for some other.", hint="R² is a share of the differences between firms, not a share of "
                    "customers, and it knows no reasons.")],
         worked="R² is the share of the variance in one column that goes with the other: a share neither of firms nor of "
         "customers, and no slope. It has no direction. And with so few firms r has a wide interval."),
    Case("“Employees' ratings explain 4 percent of customers' satisfaction (345 firms). So there is no link.” What do you "
         "reply?", [
        Option("The root of .04 is .2, and with 345 firms its interval runs from about .10 to .30: a weak link, but it is "
               "there.", right=True),
        Option("Right: 4 percent lies below the usual limit of 5 percent, so that with 345 firms one has to speak of no "
               "link at all.", hint="The 5 percent of a p value have nothing to do with a share of variance. Take the root, "
               "and make the interval."),
        Option("The link is .04, on a scale from −1 to 1. With 345 firms its interval reaches beyond zero, so that the sign "
               "is open.", hint=".04 is the square. Which number has the scale from −1 to 1?"),
        Option("There is a link, and a close one: with as many as 345 firms, every share of variance above zero is a close "
               "link.", hint="Many firms make a number sure, not large. How closely do the two go together?")],
         worked="r is the root of R²: .2. Fisher's interval with 345 firms runs from .096 to .299. Small and not zero. And "
         "96 percent of the differences lie elsewhere."),
    Case("In the 400 branches of a bank, engagement and growth have r = .3, and both columns are bell-shaped. Which "
         "sentence is true and fit for a board?", [
             Option("Of two branches picked at random, the one with the more engaged staff is also the one that grows "
                    "faster in about 60 of 100 cases.", right=True),
             Option("Of two branches picked at random, the one with the more engaged staff is also the one that grows "
                    "faster in about 30 of 100 cases.", hint="30 of 100 would be fewer than a coin wins. Section 6.5.2 "
                    "turns an r into such a bet."),
             Option("In about 30 of 100 branches it is the engagement of the staff that makes the branch grow; in the other "
                    "70 it is not.", hint="r is no share of branches, and it does not say what makes what."),
             Option("A branch whose staff become more engaged by one step on the scale will grow by 30 percent more than it "
                    "would have done without that step.", hint="r "
                    "is no slope: it has no unit. And nobody's engagement was changed here.")],
         worked="½ + asin(.3)/π is .597: in about 60 of 100 pairs the more engaged branch grows faster. A coin wins 50."),
    Case("Two studies of engagement and sales. A: 12 shops, r = .60, interval from .04 to .87. B: 1,200 shops, r = .20, "
         "interval from .15 to .25. What do they say?", [
             Option("B knows a small link well. A cannot tell a link that is next to nothing from one that is very "
                    "close.", right=True),
             Option("A has found a link that is three times as close as B's, and this is what a firm should reckon "
                    "with.", hint="Look at A's interval. What else could the link be, and would you bet on .60?"),
             Option("B has found nothing, since an r of .20 is too small to be told from a link of zero by any "
                    "study.", hint="B's interval does not come near zero. Small is not the same as unsure."),
             Option("A and B contradict each other: one of the two must have made a mistake in computing its "
                    "interval.", hint="Do the two intervals share any values? A's holds all of B's.")],
         worked="B's interval is narrow and lies inside A's. So they agree as far as A can tell at all: twelve shops leave "
         "nearly everything open."),
    Case("Your firms show that where more relief is granted, more answers are accepted. Somebody asks which comes first. "
         "What can you say?", [
             Option("From one table nothing: relief may please, or easy complaints, or the product, may bring "
                    "both.", right=True),
             Option("Relief comes first, since a firm grants it before the customer can accept: what is earlier must be the "
                    "cause.", hint="It is earlier in each case. But firms with easier complaints may grant more and be "
                    "disputed less, whatever relief does."),
             Option("Relief comes first if the interval of r lies above zero, and the accepted answers do if it lies below "
                    "zero.", hint="The interval says how sure the link is. It knows no direction either."),
             Option("Neither: two percentages of the same complaints cannot have anything to do with each other but by "
                    "arithmetic.", hint="Relief and acceptance are counted apart. They may well hang together; the table "
                    "does not say why.")],
         worked="A correlation has no direction (section 6.3.4). Products differ between these firms, and so do the "
         "complaints."),
)

DESIGNS = (
    Case("{firm} has 60 branches and money for an engagement programme in 30 of them. Solène wants to know in two years "
         "whether it raises growth. Which design tells her most?", [
             Option("Draw the 30 branches by lot, leave the rest as they are, and compare the growth of both groups after "
                    "two years.", right=True),
             Option("Take the 30 whose managers volunteer, since they will do it well, and compare their growth with that "
                    "of the others.", hint="Managers who volunteer differ in other ways too. How would you tell their "
                    "keenness from the programme?"),
             Option("Take the 30 with the least engaged staff, who need it most, and compare their growth with that of the "
                    "others.", hint="The two groups differ from the start, and very low values tend to rise by themselves."),
             Option("Take 30 in the region that does best, and compare their growth with what the same branches had in the "
                    "years before.", hint="Whatever else changes in that region and in these years would be counted as the "
                    "programme.")],
         worked="Only the lot makes the two groups alike in what nobody thought of. Volunteers, the needy and the "
         "successful all differ from the rest before the programme begins."),
    Case("A supplier's slide says: “Units that are high on both make 3 times the profit.” You may ask for one thing. Which "
         "tells you most about the slide?", [
             Option("The table behind the slide: for every unit the firm to which it belongs, its two scores, and the "
                    "profit it made.", right=True),
             Option("The same figure for the best and the worst hundredth of the units, so that the difference can be seen "
                    "more clearly.", hint="The rarer the groups, the larger any ratio (section 6.2). It would impress more "
                    "and tell less."),
             Option("The names of three client firms who are content with the programme and would speak about it with your "
                    "board.", hint="Content clients were not drawn by lot. Of what the ×3 is made, they do not know."),
             Option("The same figure for another four thousand units of the firms that took part, so that chance can be "
                    "ruled out.", hint="More units of the same firms: chance between units is not the problem. Three times "
                    "what, against whom?")],
         worked="From the table you can compute what stands behind the ratio: r, the groups' means and spreads (section "
         "6.5.4 needs nothing else), and the number of firms, that is of independent looks."),
    Case("At {firm}, branches with engaged staff have better results. Does engagement bring results, or do results bring "
         "engagement? Nothing can be drawn by lot. Which design helps most?", [
             Option("Measure both in every branch now and a year on, and see which of the two runs ahead of changes in the "
                    "other.", right=True),
             Option("Measure both in every branch on one day, but in twice as many branches, so that the correlation is "
                    "known well.", hint="A surer correlation at one time still has no direction."),
             Option("Compare the top tenth with the bottom tenth on engagement, where the gap in results can be seen most "
                    "clearly.", hint="Extremes make the gap larger. They do not say which came first."),
             Option("Ask each branch manager which of the two came first in the branch, and go with the answer of the "
                    "majority.", hint="Managers explain what they see, and the results are known to them. Measure before "
                    "and after.")],
         worked="Two times, both measures: section 6.3.4 has studies of this kind, and they found either order. It is "
         "weaker than a lot, for a third thing may move both."),
    Case("At {firm} each branch manager rates how engaged the staff are, and each also rates how well the branch has done. "
         "The two ratings have r = .7. How would you measure to learn how closely the two things go together?", [
             Option("Ask the staff in an anonymous survey how engaged they are, and take the results of the branch from the "
                    "accounts.", right=True),
             Option("Have the same manager rate both again after three months, and take the mean of the two rounds for "
                    "every branch.", hint="The same pair of eyes sees both things still. A good mood in general is in both "
                    "ratings, twice."),
             Option("Let the manager rate both on a longer scale, from 0 to 100, so that finer differences between branches "
                    "show.", hint="A longer scale does not separate the two ratings: one person still gives both."),
             Option("Leave out the branches in which the two ratings lie far apart, since one of the two must be mistaken "
                    "there.", hint="Leaving out what does not fit makes r larger by force.")],
         worked="Whoever gives both ratings brings one mood, one grudge and one idea of the branch into both. Two separate "
         "sources do not share these."),
    Case("Ten firms, 200 units each. Is engagement linked with growth *from firm to firm*? There is money for 2,000 "
         "surveyed units again. How should they be chosen?", [
             Option("20 units in each of 100 firms, so that a hundred firms are seen instead of ten.", right=True),
             Option("The same 2,000 units of the ten firms once more, so that each unit's own figure becomes less "
                    "noisy.", hint="Between firms there would still be ten looks. Less noise in the units does not add a "
                    "firm."),
             Option("1,000 units in each of the two firms in which the link came out most clearly the first time "
                    "round.", hint="Two firms, picked because of the result: fewer looks than before, and the luckiest "
                    "ones."),
             Option("400 units in each of the five firms that grew fastest, since there growth can be measured "
                    "best.", hint="Picking by the outcome leaves out the firms that did not grow. And five are fewer than "
                    "ten.")],
         worked="What the units of one firm share moves them together. For a question about firms the number of firms "
         "counts (page 6, check yourself, 4)."),
)

ASKED = "\n\nWhich is its worst flaw?"

MEMOS = (
    Case("> **What engagement would bring us** (drafted by an assistant)\n>\n> - In a published study, units with both "
         "sides engaged performed 3.4 times as well as units with neither.\n> - {firm} grows by 2 percent a year.\n> - With "
         "both sides engaged, growth would reach 3.4 × 2 = 6.8 percent.\n> - The programme pays for itself in the first "
         "year." + ASKED, [
             Option("How well units perform is a level, how fast a firm grows a speed. A ratio of levels is no ratio of "
                    "speeds.", right=True),
             Option("3.4 times is the same as 340 percent more, so that growth would come to 8.8 percent and not to 6.8 "
                    "percent.", hint="3.4 times is 240 percent more. But a better sum would not save the step from "
                    "performance to growth."),
             Option("The study should be repeated by another institute before any number may be multiplied with its "
                    "result.", hint="A second study would be welcome. The sum would be wrong with it too: 3.4 times of "
                    "what?"),
             Option("A growth of 2 percent is too small to be multiplied. The sum should have been made for the sales of a "
                    "decade.", hint="One may multiply any number. The question is whether this factor belongs to growth at "
                    "all.")],
         worked="Level and speed (section 6.3.2): performance 3.4 times as high says nothing about growing 3.4 times as "
         "fast. And both ends of the contrast are extreme corners."),
    Case("> **Five times the growth: why we should buy**\n>\n> - Last year engaged branches grew by 2.0 percent, the others "
         "by 0.4 percent.\n> - That is five times the growth.\n> - In a few years an engaged branch will sell five times as "
         "much as the others.\n> - {firm} should make engagement its first aim." + ASKED, [
             Option("After a year engaged branches sell 1.6 percent more than the others. Five is a ratio of two small "
                    "rates.", right=True),
             Option("2.0 minus 0.4 is 1.6 points, so that growth is 1.6 times as high. The factor of five has been "
                    "miscomputed.", hint="2.0 "
                    "divided by 0.4 is five: the factor is right. What does it do to sales?"),
             Option("Growth must be measured in the currency and not in percent. In percent no two branches can be compared "
                    "with each other.", hint="Percentages "
                    "allow branches of different size to be compared. Look at what is made of them."),
             Option("Branches cannot be called engaged or not. Only single employees are engaged, so the groups do not "
                    "exist.", hint="One can average over a branch; page 6 does. Look at the third line of the memo.")],
         worked="At 2.0 against 0.4 percent a year it takes about a hundred years until the one sells five times as much as "
         "the other. A ratio of growth rates is large as soon as the lower one is near zero."),
    Case("> **Large enough to trust**\n>\n> - A talk reported on 2,000 units in 10 firms; engaged units did better.\n> - "
         "For 2,000 units the margin of error is about 2 percentage points.\n> - So the link between engagement and results "
         "holds for firms in general, within 2 points.\n> - {firm} may rely on it." + ASKED, [
             Option("2,000 units, but 10 firms: for what holds from firm to firm there are ten looks, and a far larger "
                    "error.", right=True),
             Option("A margin of error of 2 points needs at least 10,000 units. With only 2,000 units it comes to about 7 "
                    "points.", hint="About "
                    "2 points is right for a share among 2,000 independent units. Are these independent?"),
             Option("Units are smaller than firms. What is found in small units can only be weaker than what holds for "
                    "whole firms.", hint="It may be weaker or stronger. That is not what makes the margin of error wrong."),
             Option("The talk was reported by the press. A figure that was read at second hand must not be used for any "
                    "purpose.", hint="Second hand is a reason for care, and page 6 says so each time. The sum would be "
                    "wrong with a first-hand figure too.")],
         worked="What the units of one firm share (its boss, its market, its survey) moves them all together. The margin of "
         "2 points holds for 2,000 units drawn independently."),
    Case("> **Engagement does not pay**\n>\n> - In our 400 branches engagement and sales have R² = .05.\n> - Engagement "
         "therefore helps only 5 percent of the branches, 20 of 400.\n> - In 380 branches the programme is money lost.\n> - "
         "It should be ended."
         + ASKED, [
             Option("R² is no share of branches. Its root is .22: a weak link, which may be at work in all of the branches.",
                    right=True),
             Option("R² = .05 with 400 branches is mere chance. The memo should say that no branch at all has been "
                    "helped.", hint="Make the interval: the root of .05 is .22, and 400 branches are many."),
             Option("5 percent of 400 is not 20 but 80 branches, so that the programme does pay in one branch out of "
                    "five.", hint="5 percent of 400 is 20. The mistake is what the 5 percent are a share of."),
             Option("The memo should have used the 20 best branches alone, in which its effect is plain to "
                    "see.", hint="Picking "
                    "the best branches by their result would prove anything. What is R² a share of?")],
         worked="R² = .05 says: 5 percent of the differences between branches go with engagement. r is .22, with an "
         "interval from .13 to .31 for 400 branches. Which branches the programme helps it does not say, nor whether it "
         "does."),
    Case("> **The strongest lever we have** (drafted by an assistant)\n>\n> - Branches in the top tenth of engagement beat "
         "the median of growth far more often than those in the bottom tenth.\n> - Their odds are six times as high.\n> - "
         "No other figure in this report comes near a factor of six.\n> - Engagement is thus the strongest lever of "
         "{firm}." + ASKED, [
             Option("Odds between extreme tenths turn a modest link into a large factor. Without r nothing can be compared "
                    "with it.", right=True),
             Option("Tenths are too fine. With quarters the odds would have been even larger, and the case of the memo "
                    "would be stronger.", hint="It is the other way round: the rarer the groups, the larger every ratio."),
             Option("Odds are a matter of betting. In a report on firms only the difference of two means may be "
                    "shown.", hint="Odds are a fair measure if one says so. Which r makes odds of six between tenths?"),
             Option("The median of growth splits the branches into halves, so that no group can beat it more than half of "
                    "the time.", hint="All branches together beat it half of the time. A part of them may beat it more "
                    "often.")],
         worked="Odds of six between tenths go with r = .3 (section 6.8, question 6): a modest link, in the largest clothes "
         "one can find. Other levers were reported in smaller clothes."),
)
