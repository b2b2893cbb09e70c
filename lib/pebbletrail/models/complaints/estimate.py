"""``pt.complaint_return``: what better handling of complaints would bring, from ranges that the reader sets."""

import numpy as np
import pandas as pd

from pebbletrail.models.complaints.inputs import INPUTS, SHAPES, drawn, read_ranges
from pebbletrail.models.complaints.learning import Expects, tornado
from pebbletrail.models.complaints.money import OUTCOMES, break_evens, gained_per_cost, least_cost, outcomes
from pebbletrail.models.complaints.result import ComplaintReturn
from pebbletrail.progress import Progress
from pebbletrail.worlds.parameters import checked

UNITS = {"customers kept": "customers", "return": "euros per euro"}
NEAR_NOTHING = 0.01  # of the mean cost: where draws come nearer to 0, the mean of net per euro of cost never settles
RANGES = {"low_95": 2.5, "low_80": 10, "high_80": 90, "high_95": 97.5}


def complaint_return(*, years=5, shape="pert", draws=10_000, seed=0, **inputs):
    """What better handling of one year's complaints would keep, cost and leave, with everything that is not known.

    Parameters
    ----------
    years : int
        How many years ahead a customer who stays is counted, from 1 to 50.
    shape : {"pert", "triangular"}
        How values are drawn from a range: ``pert`` keeps nearer to the likely value.
    draws : int
        From 100 to 1,000,000.
    seed : int
        The same seed gives each input the same luck, whatever the ranges of the others.
    **inputs : number, or (low, likely, high)
        A number is known; a range is not. Shares are from 0 to 1.

        ``problems`` customers with a problem a year · ``complain`` the share of them who complain · ``speak_up`` the share
        of the silent who complain once handling is better · ``satisfied_now``, ``satisfied_better`` the share of complainers
        who are satisfied with the handling · ``leave_no_problem``, ``leave_silent``, ``leave_satisfied``,
        ``leave_unsatisfied`` the share that leaves within a year · ``causal_share`` how much of these differences handling
        makes · ``margin`` euros a customer and year · ``discount`` a year · ``cost`` euros that better handling of a
        complaint costs more · ``ordinary_cost`` euros that a complaint costs today; those on top cost it too ·
        ``fixed_cost`` euros a year · ``told`` people whom an unsatisfied complainer tells more than others ·
        ``lost_by_word`` the share of them lost by it (both 0 by default).

    Returns
    -------
    ComplaintReturn

    Raises
    ------
    ValueError
        An unknown input, a value beyond its limits, a range that does not rise.

    Notes
    -----
    All ranges by default are *assumed*: they describe no firm, and were chosen near the break-even. None is evidence.

    That satisfied complainers stay more often is a correlation: whoever is easily satisfied may have stayed anyway.
    ``causal_share`` says how much of the difference would follow if the same customers were handled better. It applies to
    word of mouth too. By default it ranges from none to all, and should do so until a firm has tried it at random.

    ``value at risk`` takes *all* of the difference between customers with and without a problem for the problem's doing: it
    is the most that can be at stake, as long as nobody with a problem leaves less than customers without one. Costs are
    counted now, margins at the end of each year; only one year's problems are followed; who stays leaves later like a
    customer without a problem. Inputs are drawn independently.

    Checked against customers drawn one by one, against sums by hand, and against nested simulation.
    """
    years = checked("years", years, 1, 50, whole=True)
    draws = checked("draws", draws, 100, 1_000_000, whole=True)
    seed = checked("seed", seed, 0, 2**63, whole=True)
    if shape not in SHAPES:
        raise ValueError(f"shape: {shape!r} is not one of {', '.join(SHAPES)}.")
    ranges = read_ranges(inputs)
    with Progress(2 * len(ranges), "inputs drawn and ranked") as progress:
        x = drawn(ranges, shape, draws, seed, progress)
        found = {name: np.broadcast_to(values, draws) for name, values in outcomes(x, years).items()}
        moved = tornado(ranges, shape, years, x, found["net"], progress)
    found["return"] = gained_per_cost(found)
    likely = {name: span[1] for name, span in ranges.items()}
    at_likely = outcomes(likely, years)
    at_likely["return"] = float(gained_per_cost(at_likely))
    rows = [{"quantity": name, "unit": UNITS.get(name, "euros"), "likely": float(at_likely[name]),
             "mean": float(found[name].mean()), "median": float(np.median(found[name])),
             **{end: float(np.percentile(found[name], at)) for end, at in RANGES.items()}} for name in (*OUTCOMES, "return")]
    if least_cost(ranges) < NEAR_NOTHING * found["total cost"].mean():
        rows[-1]["mean"] = np.nan
    even = pd.DataFrame(break_evens(likely, years), columns=["quantity", "needed", "likely", "unit", "within_reach"])
    told = pd.DataFrame([{"input": name, "low": span[0], "likely": span[1], "high": span[2], "unit": INPUTS[name].unit,
                          "meaning": INPUTS[name].meaning, "source": "given" if name in inputs else "assumed"}
                         for name, span in ranges.items()])
    everything = pd.DataFrame({**x, **found})
    return ComplaintReturn(pd.DataFrame(rows), told, even, moved, everything,
                           float(Expects(ranges, shape, years).of_net()), years, shape)
