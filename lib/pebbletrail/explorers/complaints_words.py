"""The words of the complaints explorer: true at every setting of its controls."""

from math import ceil

from pebbletrail.models.complaints.words import amount


def euros(value):
    """Three digits, with a minus that reads as one."""
    return amount(round(value)).replace("-", "−")


def percent(share):
    """Rounded up to a tenth: a whole share that is set is then below this, or pays."""
    return f"{ceil(1000 * share - 1e-9) / 10:g}"


def _customers(number):
    if 0 < number < 0.5:
        return "less than 1 customer"
    rounded = f"{number:,.0f}"
    return "1 customer" if rounded == "1" else f"{rounded} customers"


def alt(result):
    """What the picture shows."""
    low, high = result.spans["net"]
    drawn = f", 80 of 100 draws from {euros(low)} to {euros(high)}" if result.open else ""
    turn = "never rises above 0" if result.needed is None else f"reaches 0 at {percent(result.needed)} %"
    return (f"Three panels. At risk, at most: {euros(result.at_risk)} euros. Bars: what is kept {euros(result.kept)} euros, "
            f"what it costs {euros(result.cost)}, what is left {euros(result.net)}{drawn}. A straight line of what is left "
            f"by the share of the difference in leaving that handling makes: {euros(-result.cost)} at 0 %, "
            f"{euros(result.whole - result.cost)} at 100 %; it {turn}.")


def sentence(result):
    """What is kept, what it costs, what is left, and what that hangs on."""
    ahead = "1 year" if result.years == 1 else f"{result.years} years"
    does = "keeps" if result.customers >= 0 else "loses"
    moved = f"{does} {_customers(abs(result.customers))}, worth {euros(abs(result.kept))} euros over {ahead},"
    left = f"leaves {euros(result.net)} euros" if result.net >= 0 else f"loses {euros(-result.net)} euros"
    low, high = result.spans["net"]
    drawn = "with nothing left open"
    if result.open:
        drawn = (f"of 1,000 draws about what is set 800 lie between {euros(low)} and {euros(high)}, and "
                 f"{1000 * result.pays:,.0f} are above 0")
    return (f"Of {result.problems:,} customers with a problem {result.complaints:,.0f} complain; handling them better "
            f"{moved} and costs {euros(result.cost)} euros: it {left} ({drawn}). {_turn(result)} All of these numbers are "
            "assumed. How leaving differs between satisfied and unsatisfied complainers is a correlation, and no table of "
            "leavers says how much of it handling makes.")


def _turn(result):
    if result.needed is None and result.cost == 0:
        if result.whole < 0:
            return ("As set it costs nothing, and loses customers as soon as handling makes any of the differences in "
                    "leaving.")
        return "As set it costs nothing and keeps nobody, whatever share of the differences in leaving handling makes."
    if result.needed is None:
        return "Even if handling made the whole of the differences in leaving, it would not pay."
    if result.cost == 0:
        return "As set it costs nothing: it pays as soon as handling makes any of the differences in leaving."
    return (f"It pays if handling itself makes at least {percent(result.needed)} % of the differences in leaving; "
            f"{100 * result.causal:.0f} % is set.")
