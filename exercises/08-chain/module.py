"""Module 08-chain: a chain on answers of one's own, and on part of a published survey's table."""

import numpy as np

from pebbletrail.exercises.authoring import (
    Choice,
    Criterion,
    Draw,
    Follow,
    Number,
    Prediction,
    Redraw,
    Route,
    Text,
    beside,
    deal,
)

NAME, VERSION = "08-chain", 1
TITLE = "From help to staying: what a chain can carry"
PAGES = (9,)
REAL = {"q3": "computed: ecsi-mobile-correlations, a personal choice of its questions",
        "q7": "computed: ecsi-mobile-correlations, the same choice"}

banks, made = beside(__file__, "banks"), beside(__file__, "tables")
FIRMS = ("Halyard Telecom", "Orla Mobile", "Pont Telecom", "Lantern Net", "Tern Telecom", "Marais Mobile", "Kestrel Net",
         "Fil Telecom")
N = 250  # customers behind the ECSI table


def draw(rng, practice):
    survey = made.survey(rng, int(rng.integers(190, 311)))
    s = made.scores(survey)
    words = {"firm": str(rng.choice(FIRMS)), "people": len(survey), "slope": f"{made.slope(s['help'], s['sat']):.2f}",
             "q5": deal(rng, banks.DESIGNS, practice), "q6": deal(rng, banks.MEMOS, practice)}
    return Draw(tables={"survey": survey, "ecsi": made.ecsi(rng)}, words=words)


def questions(tables, words):
    s = made.scores(tables["survey"])
    ecsi = tables["ecsi"]
    return [*_arrow(s, words), _figure(s, words), *_chain(ecsi), _repair(s), *_judgement(words), _noise(ecsi),
            _board(ecsi, words)]


def _arrow(s, words):
    """Question 1: an arrow turned round."""
    slope, turned = made.slope(s["help"], s["sat"]), made.slope(s["sat"], s["help"])
    r, unit = float(np.corrcoef(s["help"], s["sat"])[0, 1]), "points of help for a point of satisfaction"
    not_turned = ("This is the slope of satisfaction on help, the arrow as it was. Divide the covariance by the variance of "
                  "the other scale, of satisfaction.")
    over = ("This is one over the old slope. A slope turned round divides the same covariance by the other variance; fit "
            "the line anew.")
    return (
        Prediction("q1", minutes=3, points=1, options=(
            f"About {1 / float(words['slope']):.2f}, which is 1 / {words['slope']}: a slope turned round is turned over.",
            f"About {words['slope']} again, within 0.05: a relation is the same from both sides.",
            "Neither of the two: it lies further than 0.05 from both."),
            afterwards="The next number shows it. When you have it, multiply the two slopes, and hold the product against "
                       "the square of the correlation. Whatever comes out: the turned arrow gets a number as readily as "
                       "the first one did, and nothing protests. One table has no direction (9.2)."),
        Number("q1b", minutes=5, points=1, right=turned, decimals=3, unit=unit, routes=[
            Route("arrow not turned", slope, not_turned), Route("turned over", 1 / slope, over),
            Route("not turned, rounded", float(words["slope"]), not_turned),
            Route("turned over, rounded", 1 / float(words["slope"]), over),
            Route("correlation", r, "This is the correlation, which has no direction. Asked is a slope, in points.")],
            hints=["A slope is a covariance divided by the variance of what stands before the arrow (9.3.3). What stands "
                   "there now?", "np.polyfit(x, y, 1)[0] is the slope of y on x. Here x is satisfaction."],
            worked=f"The covariance of help and satisfaction is {np.cov(s['help'], s['sat'])[0, 1]:.3f}, the variance of "
                   f"satisfaction {np.var(s['sat'], ddof=1):.3f}. Divided: {turned:.3f} points of help for a point of "
                   "satisfaction."))


def _figure(s, words):
    """Question 2: a total, read from a path diagram."""
    R = np.corrcoef([s["help"], s["fair"], s["sat"], s["stay"]])
    first, last = made.weights(R, 2, [0, 1]), made.weights(R, 3, [0, 1, 2])
    way, total = first[1] * last[2], last[1] + first[1] * last[2]
    if min(last[1], way) < 0.03:
        raise Redraw("one of the two ways from fair to stay is next to nothing")
    return Number("q2", minutes=8, points=2, right=float(total), decimals=2, tolerance=0.0135,
                  unit="standard deviations", routes=[
        Route("roundabout only", way, "This is the way through satisfaction alone. In total there is a straight arrow as "
                                      "well: add it."),
        Route("straight only", last[1], "This is the straight arrow alone. Part of what a fair price goes with runs through "
              "satisfaction: multiply along that way, and add."),
        Route("all added", first[1] + last[1] + last[2], "You added three numbers. Along one way paths are multiplied; "
                                                         "only the ways are added to each other."),
        Route("of help", last[0] + first[0] * last[2], "This is the total of help. Asked is that of fair."),
        Route("slope of question 1", float(words["slope"]), "This is the slope of question 1, another pair of scales.")],
        hints=["Which ways lead from fair to stay? There are two.",
               "One way has one arrow, the other has two. Multiply along the second (9.5.4), then add the two ways."],
        worked=f"Straight {last[1]:.2f}; through satisfaction {first[1]:.2f} · {last[2]:.2f} = {way:.2f}. Together "
               f"{total:.2f}.")


def _chain(ecsi):
    """Question 3: a roundabout effect in points, its share, and how sure it is."""
    S = made.covariances(ecsi)[0]
    raw, std = made.chain(S, N), made.chain(made.standard(S), N)
    other, std_se = made.other_ways(S), made.standard_error(S, N)
    low, share = raw["way"] - 1.959964 * raw["se"], 100 * raw["way"] / raw["total"]
    if low < 0.02 or raw["straight"] < 0.01:
        raise Redraw("the roundabout or the straight effect is not clearly above zero")
    unit = "points of loyalty for a point of image"
    return (
        Number("q3", minutes=12, points=2, right=raw["way"], decimals=3, unit=unit, routes=[
            Route("standardised", std["way"], "This is in standard deviations. Asked is in points: leave "
                  "standardized alone."),
            Route("total", raw["total"], "This is the total effect. Asked is the part that goes through satisfaction."),
            Route("straight", raw["straight"], "This is the straight arrow from image to loyalty. Asked is the other way."),
            Route("without quality", other["alone"], "Quality is missing from the model here, so image is credited with "
                                                     "what the two share. Keep quality in both lines."),
            Route("of quality", other["of quality"], "This begins with quality. Asked is the way that begins with image.")],
            hints=["The table .effects of the fit has one line for each way: look for source Image, target Loyalty, via "
                   "Satisfaction.", "The way is Image → Satisfaction times Satisfaction → Loyalty, both from the model, in "
                                    "points."],
            worked=f"Image → Satisfaction is {raw['a']:.4f}, Satisfaction → Loyalty {raw['b']:.4f}, both with the rest of "
                   f"the model held still. The product is {raw['way']:.3f} points of loyalty for a point of image."),
        Number("q3b", minutes=4, points=1, right=share, decimals=1, unit="percent of the total effect",
               follows=Follow(f"100 * q3 / {raw['total']!r}", uses=("q3",)), routes=[
            Route("the straight part", 100 - share, "This is the share of the straight arrow. Asked is that of the other "
                                                    "way."),
            Route("of the straight one", 100 * raw["way"] / raw["straight"], "You divided by the straight effect. The "
                                                                             "total is the straight effect and the "
                                                                             "roundabout one together."),
            Route("explained share", 100 * raw["explained"], "This is R², a part of the differences between people. Asked "
                                                             "is a part of an effect.")],
            hints=["The total stands in the same table, with kind total.",
                   "Divide q3 by the total effect of image on loyalty, times 100."],
            worked=f"The total is {raw['straight']:.4f} + {raw['way']:.4f} = {raw['total']:.4f} points. {raw['way']:.4f} "
                   f"of it is {share:.1f} percent."),
        Number("q3c", minutes=6, points=1, right=low, decimals=3, unit=unit, routes=[
            Route("upper end", raw["way"] + 1.959964 * raw["se"], "This is the upper end. Asked is the lower one."),
            Route("90 percent", raw["way"] - 1.644854 * raw["se"], "This is the lower end of a 90 % interval, with 1.645. "
                                                                   "A 95 % interval reaches 1.96 errors down."),
            Route("one error only", raw["way"] - 1.959964 * raw["a"] * raw["se_b"], "Only the second path counts as unsure "
                  "here. Both are estimated, so both errors go into that of the product: √(a²·se(b)² + b²·se(a)²)."),
            Route("standardised", std["way"] - 1.959964 * std_se, "This looks like standard deviations. The interval is "
                  "asked in points, as q3 is."),
            Route("straight arrow", raw["straight"] - 1.959964 * raw["se_straight"], "This is the lower end for the "
                                                                                     "straight arrow. Asked is that of the "
                                                                                     "product, q3.")],
            hints=["The line of q3 in .effects also has ci_low and ci_high.",
                   "Leave intervals as it is (delta): the estimate minus 1.96 times its standard error."],
            worked=f"With a = {raw['a']:.4f} (error {raw['se_a']:.4f}) and b = {raw['b']:.4f} (error {raw['se_b']:.4f}), "
                   f"the error of the product is √(a²·se(b)² + b²·se(a)²) = {raw['se']:.4f}. {raw['way']:.4f} − 1.96 · "
                   f"{raw['se']:.4f} = {low:.3f}. So chance alone hardly makes this among 250 customers. Of wrong arrows "
                   "the interval knows nothing."))


def _repair(s):
    """Question 4: a scale with one question that is asked the other way round."""
    def of_trust(name):
        return float(made.weights(np.cov([s[name], s["sat"], s["stay"]]), 2, [0, 1])[0])

    right, broken = of_trust("trust"), of_trust("as it stood")
    if right < 0.12 or abs(right - broken) < 0.005:
        raise Redraw("the question that is asked the other way round makes no difference")
    unit = "points of staying for a point of trust"
    return Number("q4", minutes=10, points=3, right=right, decimals=3, unit=unit, routes=[
        Route("as it stood", broken, "This is the number of the colleague's cell. Read the codebook: what does a 10 on "
                                     "trust2 say, and what a 10 on trust1? (If you turned it in survey and ran the cell "
                                     "twice, it stands as before.)"),
        Route("question left out", of_trust("left out"), "You found the question. Leaving it out throws away a third of "
                                                         "the scale; turn it round, and keep all three.", earns=0.5),
        Route("the other two turned", of_trust("others turned"), "Now all three point the same way, but a high score means "
                                                                 "little trust. Turn the one question, not the other two."),
        Route("satisfaction forgotten", made.slope(s["trust"], s["stay"]), "The scale is mended, but satisfaction is no "
                                                                           "longer held still: keep "
                                                                           "sat in the regression.")],
        hints=["The alpha of the three questions as they stand is below zero, where a scale's should be near 1. Why? Look "
               "at their correlations.",
               "One of the three is asked the other way round. On a scale from 1 to 10, 11 minus the answer turns it."],
        worked="trust2 is asked the other way round: 10 means no trust. 11 − trust2 turns it. With the mean of the three, "
               f"staying rises by {right:.3f} points for a point of trust, satisfaction held still; the cell as it stood "
               f"said {broken:.3f}.")


def _judgement(words):
    return (
        Choice("q5", minutes=6, points=2, bank=banks.DESIGNS, dealt=words["q5"], fill=words, hints=[
            "What exactly is asked: a size, a direction, a road, the noise?",
            "For each design: what could come out that would prove the one who asks wrong?"]),
        Choice("q6", minutes=6, points=2, bank=banks.MEMOS, dealt=words["q6"], fill=words, hints=[
            "Hold each line beside the last one. Which step does the evidence not carry?",
            "Three of the four are details, or not true. One takes the ground from under the last line."]))


def _noise(ecsi):
    """Question 7, from week 2: a correlation corrected for noise."""
    S, alphas = made.covariances(ecsi)
    both, seen = float(np.sqrt(alphas[0] * alphas[1])), float(made.standard(S)[0, 1])
    if seen / both > 1.1:
        raise Redraw("corrected far above 1")
    return Number("q7", minutes=8, points=2, right=seen / both, decimals=3, unit="correlation, corrected for noise", routes=[
        Route("not corrected", seen, "This is the correlation as it is seen, with the noise. Divide it by the root of the "
              "product of the two alphas."),
        Route("no root", seen / both**2, "You divided by the product of the two alphas. It is the root of the product."),
        Route("multiplied", seen * both, "Noise makes a correlation smaller, so the correction must "
                                         "make it larger: divide."),
        Route("only image", seen / np.sqrt(alphas[1]), "Only image is corrected. Both scales are noisy, so both alphas go "
                                                       "in."),
        Route("only quality", seen / np.sqrt(alphas[0]), "Only quality is corrected. Both scales are noisy, so both alphas "
                                                         "go in."),
        Route("wrong scale", made.standard(S)[1, 2] / np.sqrt(alphas[1] * alphas[2]), "These are image and satisfaction. "
                                                                                      "Asked are image and quality.")],
        hints=["Three numbers are needed: the correlation of the two scales, and the alpha of each.",
               "The correlation is in moments.scales(blocks).cor, and moments.alpha(blocks[...]) gives an alpha. Divide by "
               "the root of the product of the two alphas."],
        worked=f"The scales correlate {seen:.3f}; alpha is {alphas[1]:.3f} for image and {alphas[0]:.3f} for quality. "
               f"{seen:.3f} / √({alphas[1]:.3f} · {alphas[0]:.3f}) = {seen / both:.3f}. The nearer to 1 (or above it, "
               "which chance can do), the less these questions hold two things, and the harder it is to say what one of "
               "them does while the other is held still.")


def _board(ecsi, words):
    raw = made.chain(made.covariances(ecsi)[0], N)
    return Text("q8", minutes=15, points=3, words=(60, 150), specimens=banks.specimens(words["firm"], raw), rubric=(
        Criterion("gives the roundabout effect with its unit and how sure it is, and says that these are not our own "
                  "customers", 1),
        Criterion("says what one questionnaire cannot tell: which came first, or whether one liking "
                  "makes all answers high", 1),
        Criterion("asks for something that would tell more: best, something moved by lot; or people asked again and their "
                  "staying counted", 1)))
