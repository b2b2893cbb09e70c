"""Direct, indirect and total effects: the routes that arrows make through a model."""

import math
from itertools import pairwise

import pandas as pd

COLUMNS = ["source", "target", "via", "kind", "estimate"]


def effects(paths):
    """Every effect that a set of arrows makes.

    Parameters
    ----------
    paths : dict of (predictor, outcome) to float
        The arrows with their coefficients; they must not run in a circle.

    Returns
    -------
    DataFrame
        ``source, target, via, kind, estimate``; kind is ``direct``, ``indirect`` (one row a route, ``via`` names the
        stations) or ``total`` (the sum over all routes). A route's effect is the product along it.
    """
    after = {}
    for (predictor, outcome), _ in paths.items():
        after.setdefault(predictor, []).append(outcome)
    names = list(dict.fromkeys(name for arrow in paths for name in arrow))
    rows = []
    for source in names:
        routes = list(_routes([source], after))
        for target in dict.fromkeys(route[-1] for route in routes):
            found = [(route, math.prod(paths[step] for step in pairwise(route)))
                     for route in routes if route[-1] == target]
            for route, estimate in sorted(found, key=lambda pair: len(pair[0])):
                kind = "direct" if len(route) == 2 else "indirect"
                rows.append((source, target, " → ".join(route[1:-1]), kind, estimate))
            rows.append((source, target, "", "total", sum(estimate for _, estimate in found)))
    return pd.DataFrame(rows, columns=COLUMNS)


def _routes(route, after):
    for following in after.get(route[-1], []):
        longer = [*route, following]
        yield longer
        yield from _routes(longer, after)
