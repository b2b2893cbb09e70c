"""The customers before a storm: who knows how many, and how far they trust."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from pebbletrail.shown import Shown
from pebbletrail.words import said
from pebbletrail.worlds.firestorm.crowd import lucks, trust
from pebbletrail.worlds.firestorm.networks import Network
from pebbletrail.worlds.parameters import checked


@dataclass(frozen=True, repr=False)
class People(Shown):
    """The customers of ``Firestorm.storm`` with the same seed, and who knows whom.

    Attributes
    ----------
    table : DataFrame
        degree (how many others are known), customers, share.
    customers : DataFrame
        customer (from 1), degree, trust.
    clustering : float
        The share of pairs of a customer's acquaintances who know each other (transitivity): 0 in a tree, 1 in a clique.
    together : float
        The share of customers in the largest part that hangs together: a story cannot leave the part it began in.
    text : str
    """

    customers: pd.DataFrame
    network: Network
    world: object

    @property
    def table(self):
        counts = self.customers["degree"].value_counts().sort_index()
        return pd.DataFrame({"degree": counts.index, "customers": counts.to_numpy(),
                             "share": counts.to_numpy() / len(self.customers)})

    @cached_property
    def clustering(self):
        ties = self.network.matrix()
        triangles = ties.multiply(ties @ ties).sum()
        pairs = (self.network.degree * (self.network.degree - 1)).sum()
        return float(triangles / pairs) if pairs else 0.0

    @cached_property
    def together(self):
        from scipy.sparse.csgraph import connected_components

        _, part = connected_components(self.network.matrix(), directed=False)
        return float(np.bincount(part).max() / len(part))

    @property
    def text(self):
        degree = self.customers["degree"]
        return (f"{len(degree):,} customers ({self.world.network}) know {said(degree.mean())} others on average, the best "
                f"connected one {degree.max()}. Two acquaintances of one customer know each other in "
                f"{said(100 * self.clustering)} % of cases; {said(100 * self.together)} % of customers hang together.")

    def figure(self, alt=None):
        """Some of the network, and how many others customers know."""
        from pebbletrail.worlds.firestorm.pictures import of_people

        return of_people(self, alt)


def people(world, seed):
    """See ``Firestorm.people``."""
    network, luck = lucks(world, checked("seed", seed, 0, np.inf, whole=True))
    rows = pd.DataFrame({"customer": np.arange(1, world.customers + 1), "degree": network.degree,
                         "trust": trust(world, luck)})
    return People(rows, network, world)
