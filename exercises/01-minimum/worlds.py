"""The tables of module 01: some agents of a real laboratory, from published counts, and two made-up games."""

import numpy as np
import pandas as pd

from pebbletrail.catalogue import load

# laboratories in which the boss decided and points were paid out: how many of the agents a student gets, from and to
LABORATORIES = {"Zurich": (46, 57), "Massachusetts": (26, 32), "Jena 2": (23, 28), "Trento": (21, 26), "Jena 1": (20, 25)}


def laboratory(rng, name):
    """Some agents of one laboratory, one row each, from the published counts."""
    counts = load("hidden-costs-differences")
    counts = counts[counts["laboratory"] == name]
    everybody = np.repeat(counts["difference"].to_numpy(), counts["agents"].to_numpy())
    some = rng.choice(everybody, int(rng.integers(*LABORATORIES[name])), replace=False)
    return pd.DataFrame({"agent": np.arange(1, len(some) + 1), "difference": some}), len(everybody)


def played(rng, n, minimum, shy, held):
    """A made-up game: a share ``shy`` gives less than the minimum when free; the others hold back about ``held``."""
    small = rng.choice([0, 0, 0, 2, 3, 5, 6], n)
    large = rng.choice([16, 18, 20, 20, 22, 25, 25, 28, 30, 30, 32, 35, 40, 40, 45, 50], n)
    free = np.where(rng.random(n) < shy, small, large)
    part = np.where(rng.random(n) < 0.3, 0, np.clip(rng.normal(held, 0.25, n), 0, 1))
    above = np.clip(free - minimum, 0, None)
    controlled = minimum + np.round(above * (1 - part)).astype(int)
    controlled = controlled + np.where(rng.random(n) < 0.08, rng.integers(2, 7, n), 0)
    return pd.DataFrame({"agent": np.arange(1, n + 1), "free": free, "controlled": controlled})


def told_apart(difference):
    """Whether whoever miscounts the agents who gave less by one lands on no other count that is a mistake of its own."""
    less, more, n = (difference > 0).sum(), (difference < 0).sum(), len(difference)
    return less != more and not {less - 1, less, less + 1} & {more, n - less, n - more}


def countable(rng, *arguments, **named):
    """A made-up game like ``played``, played again until its counts can be told apart."""
    game = played(rng, *arguments, **named)
    while not told_apart(game["free"] - game["controlled"]):
        game = played(rng, *arguments, **named)
    return game


def uneven(rng, n, minimum):
    """A made-up game in which most give little and a few give very much when free: a row is not an agent."""
    low, few = int(n * rng.uniform(0.5, 0.6)), int(rng.integers(4, 8))
    small = rng.choice([0, 0, 0, 0, 2, 5], low)
    middle = rng.choice([16, 18, 20, 20, 20, 25, 25, 25, 30, 30], n - low - few)
    large = rng.choice([40, 45, 50, 55, 60, 65, 70, 75, 80, 90], few, replace=False)
    kept = middle - rng.choice([0, 0, 0, 0, 2, 5], len(middle)).clip(0, np.clip(middle - minimum, 0, None))
    controlled = np.concatenate([np.full(low, minimum), kept, rng.choice([20, 25, 30], few)])
    free = np.concatenate([small, middle, large])
    return pd.DataFrame({"agent": np.arange(1, n + 1), "free": free, "controlled": controlled})


def counted(game):
    """The same as a table of counts: how many agents gave how many points in each condition."""
    long = game.melt(id_vars="agent", var_name="condition", value_name="points")
    return long.groupby(["condition", "points"], as_index=False).agg(agents=("agent", "size"))
