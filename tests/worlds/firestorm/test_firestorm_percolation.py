"""With emotion switched off a storm is percolation: who hears is who hangs together when each tie is kept by chance."""

import math
from dataclasses import replace

import networkx as nx
import numpy as np
import pytest
from scipy.optimize import brentq

import pebbletrail as pt
from pebbletrail.worlds.firestorm.crowd import crowd, lucks
from pebbletrail.worlds.firestorm.networks import network
from pebbletrail.worlds.firestorm.spread import spread
from pebbletrail.worlds.firestorm.truth import NETWORKS

# All are furious for one hour, whoever they heard it from, and calm after that: each tie passes it on once, or never.
OFF = pt.Firestorm(heat=1, half_life=0.1, warm=0.1, retold=1, shield=0, answer_after=math.inf, tell=-math.log(1 - 0.2),
                   customers=600, first=5)


def kept(tell):
    """The probability that a tie passes the story on."""
    return 1 - math.exp(-tell)


@pytest.mark.parametrize("shape", NETWORKS)
@pytest.mark.parametrize("storm", [0, 1])
def test_who_hears_is_who_can_be_reached_over_the_ties_that_are_kept(shape, storm):
    """The same luck: networkx's descendants on the ties whose luck is small enough, each in its own direction."""
    world = replace(OFF, network=shape)
    ties, luck = lucks(world, 4, storm)
    found = spread(crowd(world, ties, luck))
    source = np.repeat(np.arange(world.customers), ties.degree)
    whole = nx.DiGraph()
    whole.add_nodes_from(range(world.customers))
    whole.add_edges_from((int(a), int(b)) for a, b, needs in zip(source, ties.friend, luck.tells, strict=True)
                         if needs <= world.tell)
    hit = np.flatnonzero(found.hour == 0)
    away = nx.multi_source_dijkstra_path_length(whole, set(hit.tolist()))
    assert {int(one): int(found.hour[one]) for one in np.flatnonzero(found.hour >= 0)} == away
    assert len(away) > 20
    assert (found.peak[found.hour >= 0] == 1).all()


@pytest.mark.parametrize("shape", NETWORKS)
def test_final_size_is_that_of_bond_percolation(shape):
    """Another luck: connected components of a thinned, undirected graph; standardised difference of the means."""
    world = replace(OFF, network=shape, customers=400, tell=-math.log(1 - 0.17))
    chance = np.random.default_rng(6)
    ours, theirs = [], []
    for storm in range(30):
        ties, luck = lucks(world, 8, storm)
        ours.append((spread(crowd(world, ties, luck)).hour >= 0).sum())
        graph = nx.Graph((a, b) for a, b in edges(ties) if chance.random() < kept(world.tell))
        graph.add_nodes_from(range(world.customers))
        hit = chance.choice(world.customers, world.first, replace=False).tolist()
        theirs.append(len(set().union(*(nx.node_connected_component(graph, one) for one in hit))))
    ours, theirs = np.array(ours, float), np.array(theirs, float)
    apart = (ours.mean() - theirs.mean()) / math.sqrt((ours.var(ddof=1) + theirs.var(ddof=1)) / 30)
    assert abs(apart) < 3.3
    assert ours.std() > 10


def edges(ties):
    source = np.repeat(np.arange(len(ties.start) - 1), ties.degree)
    return [(int(a), int(b)) for a, b in zip(source, ties.friend, strict=True) if a < b]


def giant(spread_number):
    """The share S = 1 − exp(−c p S) of a random network that hangs together when a share p of its ties is kept."""
    if spread_number <= 1:
        return 0.0
    return brentq(lambda share: 1 - math.exp(-spread_number * share) - share, 1e-9, 1)


@pytest.mark.parametrize("number", [0.7, 1.6, 2.5])
def test_threshold_and_size_are_those_of_the_closed_form(number):
    """One of 10,000 is hit: the story takes off with probability S and then reaches the share S; below 1 it never does."""
    world = replace(OFF, customers=10_000, first=1, tell=-math.log(1 - number / 8))
    reach = []
    for storm in range(40):
        ties, luck = lucks(world, 2, 40 * storm)  # always the same network
        reach.append((spread(crowd(world, ties, luck)).hour >= 0).mean())
    took_off = np.array(reach) > 0.05
    share = giant(number)
    if number < 1:
        assert not took_off.any()
        assert np.mean(reach) * 10_000 == pytest.approx(1 / (1 - number), rel=0.75)  # a dying family tree: 3.3 heads
    else:
        assert np.mean(np.array(reach)[took_off]) == pytest.approx(share, abs=0.01)
        assert abs(took_off.mean() - share) < 3.3 * math.sqrt(share * (1 - share) / 40)


@pytest.mark.parametrize("number", [0.8, 1.2, 2.0])
@pytest.mark.parametrize("hit", [0.001, 0.05])
def test_the_mean_path_ends_at_the_closed_form(number, hit):
    """Who is left out of it all: 1 − S = (1 − hit) exp(−c p S), on a random network; and c p is the spread number."""
    world = replace(OFF, customers=20_000, first=round(20_000 * hit), tell=-math.log(1 - number / 8))
    found = world.expected(hours=200)
    share = brentq(lambda s: 1 - s - (1 - hit) * math.exp(-number * s), hit / 2, 1)
    assert found.reach == pytest.approx(share, abs=5e-4)
    assert found.spread_number == pytest.approx(number, rel=1e-3)
    assert found.settled_number == pytest.approx(number, rel=1e-3)
    assert found.course == ("grows" if number > 1 else "dies out")


@pytest.mark.parametrize("shape", NETWORKS)
def test_the_spread_number_weighs_by_degree(shape):
    """(⟨k²⟩ − ⟨k⟩) / ⟨k⟩ of drawn networks, times the probability that a tie is kept."""
    world = replace(OFF, network=shape, customers=2_000)
    degree = np.array([network(world, (1, at)).degree for at in range(10)])
    excess = (degree * (degree - 1)).mean() / degree.mean()
    assert world.expected(hours=1).spread_number == pytest.approx(kept(world.tell) * excess, rel=0.04)
    assert world.expected(hours=1).first_round == pytest.approx(kept(world.tell) * degree.mean(), rel=0.01)
