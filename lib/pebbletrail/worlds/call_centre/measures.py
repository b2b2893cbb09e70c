"""How standard deviations become what a firm's books show: calls, percent, seconds and points."""

import numpy as np

from pebbletrail.worlds.call_centre.noise import BEFORE

# Where a scale has its middle, and what one standard deviation is on it. Assumed: round numbers that people recognise.
CALLS_HEARD = (6.0, 2.0)  # calls listened to, per week
SCRIPT = (50.0, 15.0)  # percent of the call that is prescribed
TARGET = (420.0, -45.0)  # handling target in seconds; more control is a shorter target
DIFFICULT = (0.30, 0.08)  # share of difficult calls
CUSTOMER = (7.0, 0.5)  # points of 10
FIRM = (75.0, 5.0)  # points of 100
BURNOUT = (2.5, 1.0)  # points of 6
AUTONOMY = (4.0, -0.5)  # points of 7, and for an SD of exposure to control; everything else has an SD of 1 point
LASTING = 0.6  # of the variance of that rest: the person's
HANDLING = (0.6, 25.0, 40.0)  # seconds for a second of target, for an SD of difficulty, and SD of chance
WORK_WEEK = 81_000  # seconds in calls: 30 hours on the telephone, three quarters of them in calls


def scaled(deviation, scale, low=-np.inf, high=np.inf):
    """Standard deviations on a scale, kept within its limits."""
    return np.clip(scale[0] + scale[1] * deviation, low, high)


def deviation(value, scale):
    """How far a value is from the middle of its scale, in SD."""
    return (value - scale[0]) / scale[1]


def instruments(deviations):
    """Three deviations (3, n) as calls listened to, percent of script and handling target, in the firm's round numbers."""
    heard, script, target = deviations
    return (np.rint(scaled(heard, CALLS_HEARD, 0, 20)), np.rint(scaled(script, SCRIPT, 0, 100)),
            5 * np.rint(scaled(target, TARGET, 180, 660) / 5))


def control_index(heard, script, target):
    """The index of control from its three columns: the mean of their deviations from the usual, in SD."""
    return (deviation(heard, CALLS_HEARD) + deviation(script, SCRIPT) + deviation(target, TARGET)) / 3


def trend(world, weeks):
    """What has changed for everybody since the first week, in SD (weeks, 1)."""
    return world.drift * np.arange(weeks)[:, None] / 52


def customer(quality, world, noise):
    """The customers' scores of the first weeks (weeks, seats), in points, from quality as it is, without the trend."""
    weeks = len(quality)
    chance = noise["customer"][BEFORE:BEFORE + weeks]
    return scaled(quality + trend(world, weeks) + np.sqrt(1 / world.reliability - 1) * chance, CUSTOMER, 0, 10)


def measured(happened, world, noise):
    """What has happened, in SD, as columns with units.

    Parameters
    ----------
    happened : dict of arrays (weeks, seats)
        From ``simulate``: agent, tenure, hired, monitoring, script, handling_target, control, difficulty, exposure,
        quality, score, burnout, quit; coaching (seats,).

    Returns
    -------
    dict of arrays, by column name.
    """
    weeks, seats = happened["quality"].shape
    chance = {name: noise[name][BEFORE:] for name in ("autonomy", "handling")}
    person = {name: noise[name][happened["hired"], np.arange(seats)] for name in ("content", "skill", "liking")}
    changed = trend(world, weeks)
    kept = ("agent", "tenure", "monitoring", "script", "handling_target", "control", "quit")
    target, difficulty = happened["handling_target"], happened["difficulty"]
    taken = np.maximum(TARGET[0] + HANDLING[0] * (target - TARGET[0]) + HANDLING[1] * difficulty
                       + HANDLING[2] * chance["handling"], 120)
    rest = np.sqrt(LASTING) * person["content"] + np.sqrt(1 - LASTING) * chance["autonomy"]
    return {name: happened[name] for name in kept} | {
        "autonomy": np.clip(scaled(happened["exposure"], AUTONOMY) + rest, 1, 7),
        "difficulty": scaled(difficulty, DIFFICULT, 0, 1),
        "calls": WORK_WEEK // taken,
        "handling_time": taken,
        "quality_customer": customer(happened["quality"], world, noise),
        "quality_firm": scaled(happened["score"] + changed, FIRM, 0, 100),
        "burnout": scaled(happened["burnout"], BURNOUT, 0, 6),
        "true_quality": scaled(happened["quality"] + changed, CUSTOMER),
        "true_exposure": happened["exposure"],
        "true_skill": np.sqrt(world.skill) * person["skill"],
        "true_coaching": happened["coaching"],
        "true_liking": person["liking"],
    }
