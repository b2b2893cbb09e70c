"""How a story runs through a crowd, hour by hour: who hears it when, from whom, and how hot.

A tie has one number of luck, exponential with mean 1: how much telling it takes until the story is passed on. Each hour
takes tell × emotion off it. That is the same as a chance of 1 − exp(−tell × emotion) at each tie in each hour, and the same
luck serves whatever else is changed.
"""

from dataclasses import dataclass

import numpy as np

from pebbletrail.worlds.firestorm.crowd import LATE

EXACT = 1 - 1e-9  # an emotion that should be exactly ``warm`` counts as warm, whatever the last digit
TIDY = 4  # hours after which ties that are done with are taken out


@dataclass(frozen=True)
class Heard:
    """What became of a story; one number a customer, −1: never.

    ``hour``: in which it was heard (0: hit by the incident); ``by``: from whom (of several in the same hour the hottest, of
    these the lowest number; −1 also for those hit); ``peak``: emotion then, the strongest of all; ``answered``: hour in
    which the answer reached one; ``hours``: how many hours one told.
    """

    hour: np.ndarray
    by: np.ndarray
    peak: np.ndarray
    answered: np.ndarray
    hours: np.ndarray


def spread(crowd, until=LATE):
    """Run the story to its end (it ends by itself, as everybody hears it once and cools down), or until an hour."""
    customers = len(crowd.hit)
    when, by, answered = (np.full(customers, -1) for _ in range(3))
    peak, hours, louder, due = np.zeros(customers), np.zeros(customers, int), np.ones(customers), np.full(customers, LATE)
    warm, keep = crowd.warm * EXACT, np.exp2(crowd.cooling)
    most = crowd.tell * np.maximum(crowd.louder, 1) / (1 - keep) / EXACT  # all that a furious customer can ever tell
    new, hour = np.flatnonzero(crowd.hit), 0
    when[new], peak[new] = 0, crowd.heat[new]
    heat = peak.copy()
    luck, source, target = (np.zeros(0, kind) for kind in (float, int, int))
    while True:
        if len(new):
            due[new] = np.maximum(crowd.out[new], hour) + crowd.notice[new]
            more, whose = _ties(crowd.start, new)
            whose = new[whose]
            useful = (when[crowd.friend[more]] < 0) & (crowd.luck[more] <= most[whose] * peak[whose])
            more, whose = more[useful], whose[useful]
            luck = np.concatenate([luck, crowd.luck[more]])
            source, target = np.concatenate([source, whose]), np.concatenate([target, crowd.friend[more]])
        hour += 1
        reached = np.flatnonzero(due == hour)
        if len(reached):
            reached = reached[~crowd.follows[reached] | (heat[reached] >= warm[reached])]
            answered[reached] = hour
            heat[reached] *= crowd.kept[reached]
            louder[reached] = crowd.louder[reached]
        tells = heat >= warm
        if hour > until or not tells.any():
            break
        hours += tells
        power = crowd.tell * louder * heat * tells
        luck -= power[source]
        passed = np.flatnonzero(luck <= 0)
        if len(passed):
            passed = passed[when[target[passed]] < 0]
        new = passed
        if len(passed):
            who = target[passed]
            caught = np.minimum(heat[source[passed]] * crowd.catch[who], 1.0)
            order = np.lexsort((-source[passed], caught))  # the last one stays
            who, passed, caught = who[order], passed[order], caught[order]
            when[who], by[who], peak[who] = hour, source[passed], caught
            new = np.unique(who)
        heat *= keep
        heat[new] = peak[new]
        if hour % TIDY == 0:
            left = (luck > 0) & (when[target] < 0) & tells[source]
            luck, source, target = luck[left], source[left], target[left]
    later = ~crowd.follows & (due < LATE) & (answered < 0)
    answered[later] = due[later]  # who has cooled down is written to all the same
    return Heard(when, by, peak, answered, hours)


def _ties(start, customers):
    """The ties of some customers: where they stand, and whose they are (a place in ``customers``)."""
    first, many = start[customers], start[customers + 1] - start[customers]
    who = np.repeat(np.arange(len(customers)), many)
    return np.arange(len(who)) - np.repeat(np.cumsum(many) - many, many) + first[who], who
