"""The anchored paragraphs of module 02."""

from pebbletrail.exercises.authoring import Specimen, fixed


def specimens(firm, n, high, low, link, bet):
    """Three texts: the halves' growth in percent, r with its interval, in how many of 100 pairs the engaged branch wins."""
    times, r, low_r, high_r = f"{high / low:.1f}", *(fixed(value, 2) for value in link)
    full = (f"In the more engaged half of our {n} branches sales are {high:.1f} percent above last year's, in the other "
            f"half {low:.1f}. That is {times} times the growth, and sales that are {high - low:.1f} points of 100 apart: "
            f"the factor is large because the lower rate is close to zero. The link itself is modest: r is {r}, with an "
            f"interval from {low_r} to {high_r}. Compare every branch with every other: the more engaged of the two grew "
            f"faster in {bet:.0f} of 100 cases, where a coin gives 50. Which comes first we do not know: a branch that does "
            "well may make contented staff. A programme in branches drawn by lot would tell us.")
    middle = (f"The factor of {times} is correct, but it compares two growth rates, {high:.1f} and {low:.1f} percent, of "
              "which the lower one is near zero, so that it looks larger than it is. In sales the two halves differ by "
              f"{high - low:.1f} points only. Engagement therefore raises growth at {firm}, although by less than the slide "
              "seems to say. I would show the two rates in place of the factor. The board can then decide for itself "
              "whether the programme is worth its price.")
    none = (f"Our data prove what the experts say: engagement multiplies growth by {times}. This is a scientific result "
            f"with {n} branches and it is statistically significant. If all branches of {firm} become engaged, growth will "
            f"be {times} times as high as today. No other measure brings as much. We recommend to start at once, and to "
            "tell the market, for our competitors have read the same studies and will not wait for us until next year.")
    return [
        Specimen(3, full, "The rates behind the factor, r with its interval and as a bet, no direction, and what would "
                 "show it."),
        Specimen(1, middle, "The factor is taken apart well. The strength of the link is missing, and “raises” is a "
                 "direction that nobody measured."),
        Specimen(0, none, "The slide once more, louder.")]
