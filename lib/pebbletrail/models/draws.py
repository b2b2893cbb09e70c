"""Bootstrap draws of sums: which units a replicate holds becomes weights, and weights times unit sums its moments.

A unit is a row, or a group whose sums are kept. A replicate of n units is a multinomial draw; its moments are one product
of the weights with the units' sizes, sums and products, so that thousands of replicates cost a few matrix products, and
rows stream through in blocks of bounded size whatever their number.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

WEIGHTS = 2**16  # numbers in one block of weights, or of unit sums: half a MB stays near the processor
KEPT = 2**22  # numbers of unit sums that may be kept instead of made again
SINGLE = 2**18  # products of matrices this small are not shared out among threads
STILL = 1e-12  # a variance this small beside the squared distance from the centre is rounding: the column is constant there
BATCH, DRAWS = 2048, 2**25  # most replicates, and most draws, between two looks at the keyboard


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows as units, measured from their means."""

    names: tuple
    centre: np.ndarray
    values: np.ndarray  # (n, p), centred

    @classmethod
    def of(cls, names, values):
        """From the values (n, p) of complete rows; they are copied."""
        centre = values[0] + (values - values[0]).mean(axis=0)
        return cls(tuple(names), centre, values - centre)

    def __len__(self):
        return len(self.values)

    @cached_property
    def block(self):
        """How many units stream through at once: all of them, where their sums fit into a little memory."""
        wide = width(len(self.names))
        return len(self) if len(self) * wide <= KEPT else max(256, WEIGHTS // wide)

    @cached_property
    def _all(self):
        return self._products(self.values)

    def sums(self, start, stop):
        """``(units, 1 + p + p(p+1)/2)``: size, sums, products of each unit."""
        return self._all if len(self) <= self.block else self._products(self.values[start:stop])

    def _products(self, X):
        i, j = np.triu_indices(X.shape[1])
        U = np.empty((len(X), width(X.shape[1])))
        U[:, 0], U[:, 1 : 1 + X.shape[1]] = 1, X
        np.multiply(X[:, i], X[:, j], out=U[:, 1 + X.shape[1] :])
        return U


@dataclass(frozen=True, eq=False)
class Clusters:
    """Groups of a ``Moments`` as units, measured from the grand means."""

    names: tuple
    centre: np.ndarray
    table: np.ndarray  # (G, 1 + p + p(p+1)/2)

    @classmethod
    def of(cls, moments):
        _, centre, _ = moments._whole()
        sizes, away = moments._sizes.astype(float), moments._means - centre
        i, j = np.triu_indices(len(centre))
        products = moments._products[:, i, j] + sizes[:, None] * away[:, i] * away[:, j]
        return cls(moments.names, centre, np.column_stack([sizes, sizes[:, None] * away, products]))

    def __len__(self):
        return len(self.table)

    @property
    def block(self):
        return len(self) if self.table.size <= KEPT else max(256, WEIGHTS // self.table.shape[1])

    def sums(self, start, stop):
        return self.table[start:stop]


def width(p):
    """Numbers kept of a unit with ``p`` variables."""
    return 1 + p + p * (p + 1) // 2


def layout(units, replicates, most=None):
    """Sizes of the batches, at ``most`` so many: fixed by the data, never by how many workers there are."""
    size = max(1, min(most or BATCH, DRAWS // len(units), 8 * WEIGHTS // width(len(units.names))))
    return [min(size, replicates - start) for start in range(0, replicates, size)]


def draw(units, seed, replicates):
    """The sums of some replicates, ``(replicates, 1 + p + p(p+1)/2)``; ``seed`` is a SeedSequence."""
    rng = np.random.default_rng(seed)
    count, block = len(units), units.block
    starts = np.arange(0, count, block)
    lengths = np.minimum(block, count - starts)
    # how many of a replicate's units fall into each block; within a block each unit is as likely as any other
    drawn = rng.multinomial(count, lengths / count, size=replicates) if len(starts) > 1 else np.full((replicates, 1), count)
    total = np.zeros((replicates, width(len(units.names))))
    for number, (start, length) in enumerate(zip(starts, lengths, strict=True)):
        sums, some = units.sums(start, start + length), min(replicates, max(1, WEIGHTS // length))
        weights = np.empty((some, length))  # used again and again: fresh memory costs more than what is done with it
        for first in range(0, replicates, some):
            take = drawn[first : first + some, number]
            weights[: len(take)] = counted_draws(rng, take, length)
            _add_product(total[first : first + some], weights[: len(take)], sums)
    return total


def _add_product(total, weights, sums):
    """``total += weights @ sums``, in pieces so small that the linear algebra library keeps each to one thread.

    On busy cores, threads that wait for each other at every product cost ten times what they gain; and one thread adds up
    in one order, so that a result never depends on who else is at work.
    """
    step = max(16, SINGLE // (weights.shape[0] * sums.shape[1]))
    for start in range(0, len(sums), step):
        total += weights[:, start : start + step] @ sums[start : start + step]


def counted_draws(rng, take, length):
    """How often each of ``length`` units is drawn, ``(replicates, length)``, when replicate r draws ``take[r]`` of them."""
    offsets = np.arange(len(take)) * length
    if (take == take[0]).all():
        picked = rng.integers(0, length, size=(len(take), take[0]))
        picked += offsets[:, None]
    else:
        picked = rng.integers(0, length, size=int(take.sum()))
        picked += np.repeat(offsets, take)
    return np.bincount(picked.ravel(), minlength=len(take) * length).reshape(len(take), length)


def moments_of_sums(sums, p):
    """``(sizes (B,), means (B, p) from the centre, products (B, p, p) about the mean)`` of sums about the centre."""
    sizes, first = sums[:, 0], sums[:, 1 : 1 + p]
    means = first / sizes[:, None]
    i, j = np.triu_indices(p)
    products = np.empty((len(sums), p, p))
    products[:, i, j] = sums[:, 1 + p :] - first[:, i] * means[:, j]
    products[:, j, i] = products[:, i, j]
    still = products[:, i[i == j], i[i == j]] <= STILL * sums[:, 1 + p :][:, i == j]
    if still.any():
        products[still[:, :, None] | still[:, None, :]] = 0
    return sizes, means, products


def influences(units, evaluate):
    """The empirical influence of each unit on each statistic: what one unit more would move.

    The statistic's slope in each sum is found by central differences; a unit's influence is the slope along its sums.

    Yields
    ------
    array (units, statistics)
        Block by block, so that a million units need no more memory than the first few.
    """
    p, count = len(units.names), len(units)
    starts = range(0, count, units.block)
    total = sum(units.sums(start, start + units.block).sum(axis=0) for start in starts)
    i, j = np.triu_indices(p)
    sd = np.sqrt(np.maximum(moments_of_sums(total[None], p)[2][0].diagonal() / total[0], 0))
    scale = total[0] * np.concatenate([[1.0], sd, sd[i] * sd[j]])
    step = np.where(scale > 0, scale, 1.0) * np.finfo(float).eps ** (1 / 3)
    moved = total + np.vstack([np.diag(step), -np.diag(step)])
    up, down = np.split(evaluate(*moments_of_sums(moved, p)), 2)
    slope = (up - down) / (2 * step[:, None])
    for start in starts:
        yield (units.sums(start, start + units.block) - total / count) @ slope
