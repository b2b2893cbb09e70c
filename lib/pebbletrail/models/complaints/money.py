"""What better handling keeps and costs: closed forms, for one set of inputs or for many at once.

One year's problems are followed. Who still stays after the problem pays the margin at the end of each year to come, and
leaves later like a customer without a problem. Of N customers a share c complains; better handling raises the satisfied
among them from s₀ to s₁, and brings a share m of the silent to complain. Satisfied complainers leave with probability lₛ,
others with lᵤ, silent ones with l_q; of each such difference handling makes the share κ. Then it keeps

    N κ [c (s₁ − s₀)(lᵤ − lₛ) + m (1 − c)(l_q − lᵤ + s₁ (lᵤ − lₛ))]

customers. The second part may be negative: a complaint that ends badly may cost more than silence.
"""

import numpy as np

OUTCOMES = ("value at risk", "customers kept", "retained value", "word of mouth", "total cost", "net")


def worth(margin, leaving, discount, years):
    """What a customer who stays is worth: the margin at the end of each year, as long as she stays, discounted."""
    step = (1 - leaving) / (1 + discount)
    return margin / (1 + discount) * sum(step**year for year in range(years))


def leaving_now(x):
    """The share that leaves within the year, of customers with a problem, today."""
    handled = x["satisfied_now"] * x["leave_satisfied"] + (1 - x["satisfied_now"]) * x["leave_unsatisfied"]
    return (1 - x["complain"]) * x["leave_silent"] + x["complain"] * handled


def outcomes(x, years, value=None):
    """``{outcome: number or array}`` of ``OUTCOMES``, and ``complaints``.

    Parameters
    ----------
    x : mapping
        Each input's value, or an array of values.
    years : int
    value : float or array, optional
        What a customer who stays is worth; by default it follows from the inputs.
    """
    value = worth(x["margin"], x["leave_no_problem"], x["discount"], years) if value is None else value
    N, c, more = x["problems"], x["complain"], x["speak_up"] * (1 - x["complain"])
    apart = x["leave_unsatisfied"] - x["leave_satisfied"]
    better = c * (x["satisfied_better"] - x["satisfied_now"]) * apart
    spoken = more * (x["leave_silent"] - x["leave_unsatisfied"] + x["satisfied_better"] * apart)
    kept = N * x["causal_share"] * (better + spoken)
    unhappy = c * (1 - x["satisfied_now"]) - (c + more) * (1 - x["satisfied_better"])  # fewer unsatisfied complainers
    word = N * x["causal_share"] * unhappy * x["told"] * x["lost_by_word"]
    cost = N * (c + more) * x["cost"] + N * more * x["ordinary_cost"] + x["fixed_cost"]
    return {"value at risk": N * (leaving_now(x) - x["leave_no_problem"]) * value, "customers kept": kept,
            "retained value": kept * value, "word of mouth": word * value, "total cost": cost,
            "net": (kept + word) * value - cost, "complaints": N * (c + more)}


def least_cost(ranges):
    """The lowest total cost that ranges allow. It rises with all of its inputs, save perhaps with who complains today."""
    low = {name: span[0] for name, span in ranges.items()}
    return min(outcomes({**low, "complain": end}, 1)["total cost"] for end in ranges["complain"])


def gained_per_cost(found):
    """Net per euro of cost; NaN where it costs nothing."""
    cost, net = np.asarray(found["total cost"], dtype=float), np.asarray(found["net"], dtype=float)
    return np.divide(net, cost, out=np.full(np.shape(net), np.nan), where=cost > 0)


def break_evens(x, years):
    """What it would take to pay, one thing at a time: a list of (quantity, needed, as it is, unit, within reach).

    Each from a straight line: net is linear in every one of these. NaN where no value would do.
    """
    found, value = outcomes(x, years), float(worth(x["margin"], x["leave_no_problem"], x["discount"], years))
    brought = found["retained value"] + found["word of mouth"]
    whole = outcomes({**x, "causal_share": 1.0}, years)
    at_all = whole["retained value"] + whole["word of mouth"]
    none, every = (outcomes({**x, "satisfied_better": share}, years)["net"] for share in (0.0, 1.0))
    thousand = found["complaints"] / 1000
    kept = _over(found["total cost"] - found["word of mouth"], value * thousand)
    cost = _over(brought - (found["total cost"] - found["complaints"] * x["cost"]), found["complaints"])
    causal = _over(found["total cost"], at_all) if at_all > 0 else np.nan
    satisfied = _over(-none, every - none) if every > none else np.nan
    one_euro = outcomes({**x, "margin": 1.0}, years)  # what is brought is a multiple of the margin, also where that is 0
    a_euro = one_euro["retained value"] + one_euro["word of mouth"]
    margin = _over(found["total cost"], a_euro) if a_euro > 0 else np.nan
    at_present = _over(found["customers kept"], thousand)
    return [("customers kept of 1,000 complaints", kept, at_present, "customers", kept <= 1000),
            ("causal_share", causal, x["causal_share"], "share", 0 <= causal <= 1),
            ("satisfied_better", satisfied, x["satisfied_better"], "share", 0 <= satisfied <= 1),
            ("cost", cost, x["cost"], "euros", cost >= 0),
            ("margin", margin, x["margin"], "euros a year", margin >= 0)]


def _over(one, other):
    return float(one / other) + 0.0 if other else np.nan  # and never -0
