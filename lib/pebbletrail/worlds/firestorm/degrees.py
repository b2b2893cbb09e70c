"""How many others customers know: the distribution of degrees in each shape of network, in closed form or nearly so."""

from functools import lru_cache

import numpy as np
from scipy.special import gammaln

from pebbletrail.worlds.firestorm.networks import circles


def degrees(world):
    """The share of customers with 0, 1, 2, … acquaintances; an array that sums to 1."""
    return _degrees(world.network, world.customers, world.friends, world.shortcuts, world.circle, world.outside)


@lru_cache(maxsize=64)
def _degrees(kind, customers, friends, shortcuts, circle, outside):
    if kind == "random":
        shares = _binomial(customers - 1, friends / (customers - 1))
    elif kind == "hubs":
        shares = _attached(customers, friends // 2)
    elif kind == "small world":  # of each tie one end stays; the other may go anywhere
        half = friends // 2
        kept = np.append(np.zeros(half), _binomial(half, 1 - shortcuts))
        shares = np.convolve(kept, _binomial(customers * half, shortcuts / customers))
    else:
        sizes, within, between = circles(customers, friends, circle, outside)
        size = round(customers / len(sizes))
        shares = np.convolve(_binomial(size - 1, within), _binomial(customers - size, between))
    shares = shares[:1 + np.flatnonzero(shares > 1e-9).max()]
    return shares / shares.sum()


def _binomial(number, chance):
    """The probabilities of 0, 1, 2, …; as far as they matter."""
    if chance in (0, 1):
        return np.eye(1, number + 1, number * int(chance))[0]
    most = min(number, int(number * chance + 12 * np.sqrt(number * chance) + 20))
    k = np.arange(most + 1)
    return np.exp(gammaln(number + 1) - gammaln(k + 1) - gammaln(number - k + 1) + k * np.log(chance)
                  + (number - k) * np.log1p(-chance))


def _attached(customers, new):
    """Growth by preference (Barabasi and Albert), as networkx grows it: from a star, each newcomer tied to ``new`` others.

    The expected number of customers by degree, one newcomer after the other. The ``new`` others are different ones, drawn
    until there are so many: as if each were drawn at a rate of its degree, for as long as it takes (``time``). So the first
    customers, among whom there is little choice, become smaller hubs than by degree alone.
    """
    most = min(customers, int(6 * new * np.sqrt(customers)) + 10)
    k = np.arange(most + 1.0)
    count = np.zeros(most + 1)
    count[1] += new  # the star: its points,
    count[new] += 1  # and its centre
    for _ in range(new + 1, customers):
        time, missing = 0.0, float(new)
        while missing > 1e-6:  # Newton's steps, which never go too far
            silent = np.exp(-time * k)
            time += missing / (count @ (k * silent))
            missing = new + count @ np.expm1(-time * k)
        moved = count * -np.expm1(-time * k)
        count -= moved
        count[1:] += moved[:-1]
        count[new] += 1
    return count / count.sum()


def excess(shares):
    """(⟨k²⟩ − ⟨k⟩) / ⟨k⟩: how many further acquaintances somebody has whom a story has reached."""
    k = np.arange(len(shares))
    return float((k * (k - 1)) @ shares / (k @ shares))
