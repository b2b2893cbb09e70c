"""From tellers to the tellers they make: whether a story grows from round to round.

All of it as long as nearly everybody has yet to hear the story, and as if acquaintances did not know each other.
"""

import numpy as np

from pebbletrail.worlds.firestorm.degrees import degrees, excess
from pebbletrail.worlds.firestorm.tempers import shared, tempers


def tellings(world, answered=False):
    """Tellings along one tie to somebody who has not heard: (tells, tells), a row a teller's temper at first, a column the
    temper in the hour of telling; a row sums to the probability that the tie ever passes the story on.

    ``answered``: as if the answer had been out before anybody heard, for tellers who were not hit themselves.
    """
    grid = tempers(world)
    alone, _ = _along(grid, world.tell, 0.0)
    if not answered:
        return alone
    before, reached = _along(grid, world.tell, world.noticed)
    after, _ = _along(grid, world.tell * world.louder, 0.0)
    able = 1.0 if world.public else world.known
    return (1 - able) * alone + able * (before + reached @ grid.answered[0] @ after)


def _along(grid, rate, noticed):
    """Tellings, and the answer's arrivals at ties that have not told, by temper at first and temper then."""
    rows, ages = np.arange(grid.tells)[:, None], np.arange(-(-grid.tells // grid.step))
    temper = rows + grid.step * ages
    warm = temper < grid.tells
    told = rate * np.where(warm, grid.heat[np.where(warm, temper, 0)], 0.0)
    waits = np.exp(told - told.cumsum(axis=1)) * (1 - noticed) ** ages  # neither has told nor been reached, at an age
    where = (np.broadcast_to(rows, temper.shape)[warm], temper[warm])
    passed, reached = np.zeros((2, grid.tells, grid.tells))
    passed[where] = (waits * (1 - noticed) * -np.expm1(-told))[warm]
    reached[where] = (waits * noticed)[warm]
    return passed, reached


def makes(world, answered=False):
    """How many new tellers, by temper (columns), a teller of a temper (rows) makes for each further acquaintance."""
    grid = tempers(world)
    return tellings(world, answered) @ grid.catch.sum(axis=0)[:grid.tells].T


def rounds(world, number, answered=False):
    """How many further tellers a teller makes, round after round: an array of so many numbers.

    The first round's teller is as hot as those hit, but has heard it from somebody; those of the next rounds are as hot as
    the round before made them. Degree-weighted: whom a story has reached is a hub more often, and has ``excess`` further
    acquaintances.
    """
    grid, step = tempers(world), excess(degrees(world)) * makes(world, answered)
    now, found = shared(world.heat, grid.heat)[:grid.tells], np.zeros(number)
    for at in range(number):
        many = now.sum()
        if many <= 0:
            break
        now = now / many @ step
        found[at] = now.sum()
    return found


def first_round(world):
    """How many tellers one of those hit makes, without an answer; they are hit by chance, hubs no more than others."""
    shares = degrees(world)
    return float(np.arange(len(shares)) @ shares / excess(shares) * rounds(world, 1)[0])


def settled_number(world, answered=False):
    """How many further tellers a teller makes when the mix of tempers has settled, after many rounds in an endless crowd.

    The largest eigenvalue of the next-generation operator: above 1, and only then, a story runs on without end there.
    """
    return float(excess(degrees(world)) * np.abs(np.linalg.eigvals(makes(world, answered))).max())


def course(spread, settled):
    """What becomes of a story: "dies out", "flares up" (and dies down by itself), or "grows"."""
    if spread == 0:  # nobody is angry enough to tell
        return "dies out"
    return "grows" if settled > 1 else "flares up" if spread > 1 else "dies out"
