"""The mean path of a storm, without chance: so many customers that their luck evens out.

A tie's end that has not heard yet stands for all: the story comes along the tie from an acquaintance who has heard it from
one of *her* other acquaintances. If nobody's acquaintances know each other this is exact for any distribution of degrees
(edge-based equations, after Miller, Slim and Volz, with an hour as step), save for the grid of tempers and for stories that
are heard from several in the same hour.
"""

from dataclasses import dataclass

import numpy as np

from pebbletrail.worlds.firestorm.degrees import degrees
from pebbletrail.worlds.firestorm.tempers import shared, tempers

NOTHING = 1e-7  # tellers, as a share of all: the storm has ended
OPEN, HIT, CLOSED, DONE = range(4)  # the answer may reach one (who only heard, who was hit), cannot, has


@dataclass(frozen=True)
class Path:
    """Hour by hour from 0 on, shares of all customers: ``heard``, ``new``, ``telling``, and mean ``emotion``.

    ``source``: (hours, tells) the same as ``new``, by the temper of the teller.
    """

    heard: np.ndarray
    new: np.ndarray
    telling: np.ndarray
    emotion: np.ndarray
    source: np.ndarray


def path(world, hours):
    """The mean path over so many hours."""
    grid, shares = tempers(world), degrees(world)
    k, hit, step, tells = np.arange(len(shares)), world.first / world.customers, grid.step, grid.tells
    keep, able = 2 ** (-1 / world.half_life), 1.0 if world.public else world.known
    others = np.append((k * shares / (k @ shares))[1:], 0.0)  # how many others somebody knows at the end of a tie
    counts = np.array([others, shares])
    catch, heat = grid.catch.sum(axis=0)[:tells], grid.heat[:tells]
    lost = 1 - np.array([world.kept(False), world.kept(True)])
    passes = -np.expm1(-world.tell * np.outer([1, 1, 1, world.louder], heat))
    # First of ties whose end has not told yet, then of customers: shares by whether the answer reaches them, and temper.
    # All cool down together: it is the grid that is moved under them.
    kept = np.zeros((2, 4, tells + step * hours))
    state = kept[:, :, step * hours:]
    state[:, HIT] = hit * shared(world.heat, grid.heat)[:tells]
    ties, before = 1.0, counts.sum(axis=1)
    rows, mixes = np.zeros((hours + 1, 4)), np.zeros((hours + 1, tells))
    total, waits = hit * world.heat, np.array([0.0, hit * world.heat])  # emotion, of all and of those whom an answer awaits
    heard = hit
    rows[0] = hit, hit, 0, total
    for hour in range(1, hours + 1):
        if hour > world.answer_after:
            reached = world.noticed * state[:, :CLOSED]
            state[:, :CLOSED] -= reached
            state[:, DONE] += reached[:, OPEN] @ grid.answered[0] + reached[:, HIT] @ grid.answered[1]
            gone = reached[1] @ heat if world.public else world.noticed * waits
            total, waits = total - lost @ gone, (1 - world.noticed) * waits
        telling = state[1].sum()
        if telling < NOTHING:
            break
        told = state[0] * passes
        state[0] -= told
        mix = told.sum(axis=0)
        flow = mix.sum()
        mixes[hour] = mix = mix / flow if flow > 0 else mix
        ties -= flow
        now = counts @ ties**k
        fresh, before = (1 - hit) * (before - now), now
        state = kept[:, :, step * (hours - hour):][:, :, :tells]
        born = np.outer(fresh, catch @ mix)
        state[:, OPEN] += able * born
        if able < 1:
            state[:, CLOSED] += (1 - able) * born
        felt = fresh[1] * (grid.mean @ mix)
        total, waits = keep * total + felt, keep * waits
        waits[OPEN] += able * felt
        heard += fresh[1]
        rows[hour] = heard, fresh[1], telling, total
    else:
        hour = hours + 1
    rows[hour:, 0], rows[hour:, 3] = heard, total * keep ** np.arange(1, hours + 2 - hour)
    return Path(*rows.T, rows[:, 1:2] * mixes)
