"""The customers of a storm as plain arrays: who they are, what the firm does, and their luck, which depends on neither.

Each kind of luck has a stream of its own, for each storm: the same seed gives the same people on the same network, and the
same luck, under another answer or other sizes, so that two storms differ by nothing but what was changed.
"""

from dataclasses import dataclass, fields

import numpy as np

from pebbletrail.worlds.firestorm.networks import network

# The order is part of what a seed means: new streams go to the end.
STREAMS = ("hit", "trust", "known", "noticed", "leaves", "tells")
NETWORKS = 40  # different networks among the storms of one seed, used in turn: drawing one takes longer than a storm
LATE = 10**9  # hours: never


@dataclass(frozen=True)
class Crowd:
    """Customers, side by side; arrays of one number a customer unless said otherwise. Several crowds may be joined.

    Attributes
    ----------
    start, friend : int
        The network, as in ``Network``.
    luck : float (2 × ties,)
        Exponential with mean 1, for each direction of each tie: how much telling it takes until the story is passed on.
    hit : bool
    heat, tell, cooling, warm : float
        Emotion at first of those hit; telling rate; log2 of what is left of emotion after an hour; who is cooler is silent.
    catch : float
        What of the emotion in a story one catches.
    out, notice, follows : int, int, bool
        The hour after which the answer is out; hours from then, or from having heard, until it has reached one; whether it
        reaches one only while warm.
    kept, louder : float
        What the answer leaves of emotion; how many times as much one tells then, at the same emotion.
    """

    start: np.ndarray
    friend: np.ndarray
    luck: np.ndarray
    hit: np.ndarray
    heat: np.ndarray
    tell: np.ndarray
    cooling: np.ndarray
    warm: np.ndarray
    catch: np.ndarray
    out: np.ndarray
    notice: np.ndarray
    follows: np.ndarray
    kept: np.ndarray
    louder: np.ndarray


@dataclass(frozen=True)
class Luck:
    """The luck of a storm, one number a customer: ``trust`` standard normal, the others uniform from 0 to 1.

    ``tells``: (2 × ties,), exponential with mean 1.
    """

    hit: np.ndarray
    trust: np.ndarray
    known: np.ndarray
    noticed: np.ndarray
    leaves: np.ndarray
    tells: np.ndarray


def lucks(world, seed, storm=0):
    """The network and the luck of one storm; ``world`` says how large it is, and nothing else."""
    found = network(world, (seed, 0, storm % NETWORKS))
    streams = {name: np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(1, storm, at)))
               for at, name in enumerate(STREAMS)}
    size = world.customers
    return found, Luck(
        trust=streams["trust"].standard_normal(size), tells=streams["tells"].standard_exponential(len(found.friend)),
        **{name: streams[name].random(size) for name in ("hit", "known", "noticed", "leaves")})


def trust(world, luck):
    """What each customer trusts the firm before the incident: normal, kept within 0 and 1."""
    return np.clip(world.trust + world.trust_spread * luck.trust, 0, 1)


def crowd(world, found, luck):
    """The customers of a world on a network, with their luck."""
    hit = np.zeros(world.customers, bool)
    hit[np.argpartition(luck.hit, world.first - 1)[:world.first]] = True
    notice = _hours_until(world.noticed, luck.noticed)
    if not world.public:  # nobody can write to whom one does not know of
        notice = np.where(hit | (luck.known < world.known), notice, LATE)
    alike = {"heat": world.heat, "tell": world.tell, "cooling": -1 / world.half_life, "warm": world.warm,
             "out": min(world.answer_after, LATE), "follows": world.public, "louder": world.louder}
    return Crowd(found.start, found.friend, luck.tells, hit, notice=notice,
                 catch=world.retold * (1 - world.shield * trust(world, luck)),
                 kept=np.where(hit, world.kept(True), world.kept(False)),
                 **{name: np.full(world.customers, value) for name, value in alike.items()})


def _hours_until(chance, uniform):
    """The number of hours until something happens that has this chance in each: geometric, from 1 on."""
    if chance in (0, 1):
        return np.full(len(uniform), LATE if chance == 0 else 1)
    waits = np.ceil(np.log1p(-uniform) / np.log1p(-chance))  # 1 − uniform is above 0
    return np.clip(waits, 1, LATE).astype(np.int64)


def joined(crowds):
    """Several crowds as one, in which nobody knows anybody of another crowd."""
    if len(crowds) == 1:
        return crowds[0]
    sizes = np.cumsum([0] + [len(one.hit) for one in crowds])
    ties = np.cumsum([0] + [len(one.friend) for one in crowds])
    parts = {part.name: [getattr(one, part.name) for one in crowds] for part in fields(Crowd)}
    parts["start"] = [one[:-1] + first for one, first in zip(parts["start"], ties[:-1], strict=True)] + [ties[-1:]]
    parts["friend"] = [one + first for one, first in zip(parts["friend"], sizes[:-1], strict=True)]
    return Crowd(**{name: np.concatenate(arrays) for name, arrays in parts.items()})
