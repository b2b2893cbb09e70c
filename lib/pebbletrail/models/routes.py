"""Direct, indirect and total effects: the routes that arrows make through a model."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

COLUMNS = ["source", "target", "via", "kind", "estimate"]


@dataclass(frozen=True)
class Effect:
    """An effect of one variable on another; ``routes`` holds, for each route, the numbers of its arrows."""

    source: str
    target: str
    stations: tuple
    kind: str  # direct | indirect | total
    routes: tuple

    @property
    def via(self):
        return " → ".join(self.stations)


def traced(arrows):
    """Every ``Effect`` that arrows make; an indirect one for each route, a total one over all routes.

    Parameters
    ----------
    arrows : sequence of (predictor, outcome)
        They must not run in a circle.
    """
    after, number = {}, {arrow: at for at, arrow in enumerate(arrows)}
    for predictor, outcome in arrows:
        after.setdefault(predictor, []).append(outcome)
    found = []
    for source in dict.fromkeys(name for arrow in arrows for name in arrow):
        every = list(_routes([source], after))
        routes = sorted(every, key=len)  # a stable sort: the order of the text within a length
        for target in dict.fromkeys(route[-1] for route in every):
            there = [(route, tuple(number[step] for step in pairwise(route)))
                     for route in routes if route[-1] == target]
            for route, steps in there:
                kind = "direct" if len(route) == 2 else "indirect"
                found.append(Effect(source, target, tuple(route[1:-1]), kind, (steps,)))
            found.append(Effect(source, target, (), "total", tuple(steps for _, steps in there)))
    return found


def along(effects, slopes):
    """The effects that slopes make: ``slopes (…, arrows)`` gives ``(…, effects)``. A route's is the product along it."""
    values = [sum(np.prod(slopes[..., list(steps)], axis=-1) for steps in effect.routes) for effect in effects]
    return np.stack(values, axis=-1) if values else np.zeros((*slopes.shape[:-1], 0))


def slopes_of(effects, slopes):
    """How each effect answers to each slope: the matrix (effects, arrows) of derivatives at ``slopes (arrows,)``."""
    found = np.zeros((len(effects), len(slopes)))
    for row, effect in enumerate(effects):
        for steps in effect.routes:
            for step in steps:
                found[row, step] += np.prod([slopes[other] for other in steps if other != step])
    return found


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
    every = traced(list(paths))
    values = along(every, np.array(list(paths.values()), dtype=float))
    return pd.DataFrame([(one.source, one.target, one.via, one.kind, float(value))
                         for one, value in zip(every, values, strict=True)], columns=COLUMNS)


def _routes(route, after):
    for following in after.get(route[-1], []):
        longer = [*route, following]
        yield longer
        yield from _routes(longer, after)
