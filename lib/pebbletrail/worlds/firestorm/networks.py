"""Who knows whom: four shapes of network with the same mean number of acquaintances, from networkx."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np


@dataclass(frozen=True, eq=False)
class Network:
    """A network as lists of acquaintances: those of customer i are ``friend[start[i]:start[i + 1]]``, rising.

    ``start``: int (customers + 1,); ``friend``: int (2 × ties,).
    """

    start: np.ndarray
    friend: np.ndarray

    @property
    def degree(self):
        """How many others each customer knows."""
        return np.diff(self.start)

    def matrix(self):
        """The network as a sparse matrix: 1 where two know each other."""
        from scipy.sparse import csr_array

        size = len(self.start) - 1
        return csr_array((np.ones(len(self.friend)), self.friend, self.start), shape=(size, size))


def network(world, seed):
    """The network of a world; drawn once for a seed (an int, or a sequence of ints) and kept."""
    own = {"small world": ("shortcuts",), "communities": ("circle", "outside")}.get(world.network, ())
    shape = tuple(getattr(world, name) for name in own)
    return _drawn(world.network, world.customers, world.friends, shape, tuple(np.atleast_1d(seed).tolist()))


@lru_cache(maxsize=48)
def _drawn(kind, customers, friends, shape, seed):
    number = int(np.random.SeedSequence(seed[0], spawn_key=seed[1:]).generate_state(1)[0])
    return from_graph(GENERATORS[kind](_networkx(), customers, friends, shape, number), customers)


def from_graph(graph, customers):
    """A networkx graph on 0, 1, … as a ``Network``."""
    ends = np.array(graph.edges(), dtype=np.int64).reshape(-1, 2)
    source, target = np.concatenate([ends, ends[:, ::-1]]).T
    order = np.argsort(source * customers + target)
    start = np.concatenate([[0], np.cumsum(np.bincount(source, minlength=customers))])
    found = Network(start, target[order])
    for kept in (found.start, found.friend):
        kept.setflags(write=False)  # it is shared by all storms on it
    return found


def _networkx():
    try:
        import networkx
    except ImportError:
        raise ImportError("A firestorm needs networkx, which comes with the extra pebbletrail[models].") from None
    return networkx


def _random(nx, customers, friends, shape, seed):
    return nx.gnm_random_graph(customers, customers * friends // 2, seed=seed)


def _hubs(nx, customers, friends, shape, seed):
    return nx.barabasi_albert_graph(customers, friends // 2, seed=seed)


def _small_world(nx, customers, friends, shape, seed):
    return nx.watts_strogatz_graph(customers, friends, *shape, seed=seed)


def _communities(nx, customers, friends, shape, seed):
    sizes, within, between = circles(customers, friends, *shape)
    return nx.random_partition_graph(sizes.tolist(), within, between, seed=seed)


def circles(customers, friends, circle, outside):
    """Sizes of the circles, as equal as can be; and the probability of a tie within a circle, and between two."""
    number = max(1, round(customers / circle))
    sizes = np.full(number, customers // number)
    sizes[:customers % number] += 1
    size = customers / number
    within, between = friends * (1 - outside) / (size - 1), friends * outside / max(customers - size, 1)
    return sizes, within, between


GENERATORS = {"random": _random, "hubs": _hubs, "small world": _small_world, "communities": _communities}
