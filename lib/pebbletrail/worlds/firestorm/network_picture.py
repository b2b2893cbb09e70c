"""Customers and who knows whom, drawn: some hundred of them, always at the same places."""

from functools import lru_cache

import numpy as np

from pebbletrail.figures import INK, MUTED, PALETTE

MOST = 300  # customers in one picture: more cannot be told apart
HIT = PALETTE[1]


@lru_cache(maxsize=16)
def neighbourhood(network, centres):
    """The customers nearest to some, at most ``MOST``: their numbers (nearest first), their places and the ties among them.

    ``centres``: a tuple of customers. The same ones always stand at the same places, so that two storms can be compared.

    Returns
    -------
    nodes : int array (n,)
    places : float array (n, 2)
    ties : int array (ties, 2)
        By place in ``nodes``.
    """
    import networkx as nx

    nodes = np.array(_nearest(network, centres))
    place = np.full(len(network.start) - 1, -1)
    place[nodes] = np.arange(len(nodes))
    source = np.repeat(np.arange(len(nodes)), network.degree[nodes])
    target = place[np.concatenate([network.friend[network.start[one]:network.start[one + 1]] for one in nodes])]
    ties = np.column_stack([source, target])[(target >= 0) & (source < target)]
    graph = nx.Graph(ties.tolist())
    graph.add_nodes_from(range(len(nodes)))
    laid = nx.spring_layout(graph, seed=1, iterations=80, k=1.6 / np.sqrt(len(nodes)))
    return nodes, np.array([laid[at] for at in range(len(nodes))]), ties


def _nearest(network, centres):
    """Breadth first: the customers, those they know, those these know …"""
    found = list(centres)[:MOST]
    seen = set(found)
    for one in found:
        for other in network.friend[network.start[one]:network.start[one + 1]].tolist():
            if other not in seen and len(found) < MOST:
                seen.add(other)
                found.append(other)
    return found


def draw_ties(ax, places, ties, colour=MUTED, width=0.4, alpha=0.35):
    """Ties as thin lines."""
    from matplotlib.collections import LineCollection

    ax.add_collection(LineCollection(places[ties], colors=colour, linewidths=width, alpha=alpha, zorder=1))


def draw_customers(ax, places, sizes, colours, mark="o", **look):
    """Customers as marks."""
    ax.scatter(*places.T, s=sizes, c=colours, marker=mark, **{"edgecolors": INK, "linewidths": 0.4, "zorder": 2, **look})


def bare(ax):
    """No axes: places mean nothing but nearness."""
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    ax.margins(0.03)


def sizes(degree):
    """The area of a mark by degree."""
    return 10 + 3.2 * np.asarray(degree, float)
