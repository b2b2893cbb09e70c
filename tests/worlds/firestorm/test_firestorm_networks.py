"""The networks: networkx's own graphs, one mean degree in all shapes, and their degrees in closed form."""

from dataclasses import replace

import networkx as nx
import numpy as np
import pytest
from scipy import stats

import pebbletrail as pt
from pebbletrail.worlds.firestorm.degrees import _attached, degrees, excess
from pebbletrail.worlds.firestorm.networks import GENERATORS, circles, from_graph, network
from pebbletrail.worlds.firestorm.truth import NETWORKS


@pytest.mark.parametrize("shape", NETWORKS)
def test_ties_are_mutual_and_nobody_knows_herself(shape):
    world = pt.Firestorm(network=shape, customers=300)
    found = network(world, 3)
    source = np.repeat(np.arange(300), found.degree)
    ties = set(zip(source.tolist(), found.friend.tolist(), strict=True))
    assert len(ties) == len(found.friend)
    assert ties == {(b, a) for a, b in ties}
    assert all(a != b for a, b in ties)
    assert (found.matrix().toarray() == found.matrix().toarray().T).all()
    assert found.degree.tolist() == found.matrix().sum(axis=1).tolist()


def test_a_graph_of_networkx_comes_through_unchanged():
    graph = nx.karate_club_graph()
    found = from_graph(nx.Graph(graph.edges()), 34)
    for one in graph:
        assert found.friend[found.start[one]:found.start[one + 1]].tolist() == sorted(graph[one])
    lonely = from_graph(nx.empty_graph(4), 4)
    assert lonely.degree.tolist() == [0, 0, 0, 0]
    with pytest.raises(ValueError, match="read-only"):
        found.friend[0] = 7


@pytest.mark.parametrize(("shape", "expects"), [
    ("random", lambda: nx.gnm_random_graph(200, 600, seed=5)), ("hubs", lambda: nx.barabasi_albert_graph(200, 3, seed=5)),
    ("small world", lambda: nx.watts_strogatz_graph(200, 6, 0.1, seed=5))])
def test_each_shape_is_the_generator_that_it_is_said_to_be(shape, expects):
    own = (0.1,) if shape == "small world" else ()
    graph = GENERATORS[shape](nx, 200, 6, own, 5)
    assert set(map(frozenset, graph.edges())) == set(map(frozenset, expects().edges()))


def test_circles_keep_to_themselves():
    world = pt.Firestorm(network="communities", customers=400, circle=40, outside=0.1)
    found, sizes = network(world, 0), circles(400, 8, 40, 0.1)[0]
    assert sizes.tolist() == [40] * 10
    circle = np.repeat(np.arange(10), 40)
    outside = (np.repeat(circle, found.degree) != circle[found.friend]).mean()
    assert outside == pytest.approx(0.1, abs=0.02)
    assert circles(403, 8, 40, 0.1)[0].tolist() == [41, 41, 41] + [40] * 7


@pytest.mark.parametrize("friends", [2, 8, 20])
@pytest.mark.parametrize("shape", NETWORKS)
def test_all_shapes_have_the_same_mean_degree(shape, friends):
    world = pt.Firestorm(network=shape, friends=friends, customers=1_000)
    drawn = np.mean([network(world, (1, at)).degree.mean() for at in range(6)])
    assert drawn == pytest.approx(friends, rel=0.02)
    assert np.arange(len(degrees(world))) @ degrees(world) == pytest.approx(friends, rel=0.02)


@pytest.mark.parametrize("friends", [4, 8])
@pytest.mark.parametrize("shape", NETWORKS)
def test_degrees_agree_with_drawn_networks(shape, friends):
    """Cumulative shares and excess degree of fifteen networks; for hubs the recursion leaves out chance among the first."""
    world = pt.Firestorm(network=shape, friends=friends, customers=1_000)
    drawn = np.concatenate([network(world, (2, at)).degree for at in range(15)])
    shares = degrees(world)
    assert shares.sum() == pytest.approx(1)
    counted = np.bincount(drawn, minlength=len(shares))[:len(shares)] / len(drawn)
    assert np.abs(np.cumsum(shares) - np.cumsum(counted)).max() < 0.016  # the number of ties itself is chance in circles
    near = 0.05 if shape == "hubs" else 0.02
    assert excess(shares) == pytest.approx((drawn * (drawn - 1)).mean() / drawn.mean(), rel=near)


def test_closed_forms():
    """A random network's excess degree is its mean degree, less what finite size takes; a ring's is one less than it."""
    assert excess(degrees(pt.Firestorm(customers=2_000))) == pytest.approx(8 * 1_998 / 1_999)
    ring = pt.Firestorm(network="small world", shortcuts=0)
    assert degrees(ring).tolist() == [0.0] * 8 + [1.0]
    assert excess(degrees(ring)) == 7
    assert degrees(pt.Firestorm(customers=2_000)) == pytest.approx(stats.binom(1_999, 8 / 1_999).pmf(
        np.arange(len(degrees(pt.Firestorm(customers=2_000))))), abs=1e-9)


def test_hubs_follow_the_power_law_in_the_middle():
    """Barabasi and Albert: 2 m (m + 1) / (k (k + 1) (k + 2)) in an endless network."""
    shares = degrees(pt.Firestorm(network="hubs", customers=5_000))
    k = np.arange(5, 30)
    assert shares[k] == pytest.approx(2 * 4 * 5 / (k * (k + 1) * (k + 2)), rel=0.03)


def test_the_first_customers_of_a_growing_network_by_hand():
    """Two begin. The third joins either: 2, 1, 1. The fourth joins the middle one in half of the cases: 2.5 ends on average.

    With two new ties each: a star of three, and the fourth knows two of them, the centre in five of six cases.
    """
    assert _attached(3, 1)[:3] == pytest.approx([0, 2 / 3, 1 / 3], abs=1e-6)
    assert 4 * _attached(4, 1)[1] == pytest.approx(2.5, abs=0.05)
    pairs = {"both points": 2 * (1 / 4) * (1 / 3), "centre": 1 - 2 * (1 / 4) * (1 / 3)}  # drawn one after the other
    assert 4 * _attached(4, 2)[3] == pytest.approx(pairs["centre"], abs=0.05)


def test_a_network_is_drawn_once_and_is_the_same_under_other_incidents():
    world = pt.Firestorm()
    assert network(world, 1) is network(replace(world, heat=0.1, answer_after=3, tell=0.5, trust=0.1), 1)
    assert network(world, 1) is network(replace(world, shortcuts=0.5), 1)  # a random network has none
    assert network(world, 1) is not network(world, 2)
    small = replace(world, network="small world")
    assert network(small, 1) is not network(replace(small, shortcuts=0.5), 1)


def test_shapes_differ_in_what_they_are_named_after():
    people = {shape: pt.Firestorm(network=shape).people() for shape in NETWORKS}
    assert people["small world"].clustering > 0.3
    assert 0.1 < people["communities"].clustering < 0.25
    assert people["random"].clustering < 0.02
    assert people["hubs"].customers["degree"].max() > 4 * people["random"].customers["degree"].max()
    for one in people.values():
        graph = nx.from_scipy_sparse_array(one.network.matrix())
        assert one.clustering == pytest.approx(nx.transitivity(graph))
        assert one.together == len(max(nx.connected_components(graph), key=len)) / 2_000
        assert one.table["customers"].sum() == 2_000
        assert one.table["share"].sum() == pytest.approx(1)
        assert (one.table["degree"] * one.table["customers"]).sum() == one.customers["degree"].sum()
