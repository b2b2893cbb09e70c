"""Weights that a reader moves: the index and the order of the brands follow."""

from pebbletrail.explorers.panel import Panel
from pebbletrail.instruments.definition import common
from pebbletrail.instruments.openness_picture import ranking_picture
from pebbletrail.instruments.openness_weights import INDEX
from pebbletrail.measures.kappa import percent

MOST = 10  # of a weight's slider


def panel(found):
    """The ``Panel`` of an ``Openness``: a slider from 0 to 10 for each part of the index."""
    from pebbletrail.explorers.controls import slider

    titles = common()["parts"]["en"]
    largest = max(found.weights.values())
    controls = {part: slider(titles[part].format(within=f"{found.within:g}"), "weight", 0, MOST,
                             round(MOST / 2 * found.weights[part] / largest), 1) for part in INDEX}

    def draw(**weights):
        made = found.weigh(weights)
        return ranking_picture(made), alternative(made), sentence(made)

    return Panel(controls, draw, "Move the weights of the index")


def alternative(found):
    """The picture in words."""
    told = "; ".join(f"{row.brand} {row.estimate:.0f}" if row.estimate == row.estimate else f"{row.brand} has no index"
                     for row in found.index.itertuples())
    return f"Bars of the index of openness of each brand with its interval, highest first: {told}."


def sentence(found):
    """The order under these weights, and how often random weightings agree with it."""
    known = found.index[found.index["estimate"].notna()]
    if len(known) < 2:
        return "Fewer than two brands have an index with these weights."
    first, second = known["brand"].iloc[:2]
    pair = found.pairs.set_index(["first", "second"]).loc[(first, second)]
    weights = ", ".join(f"{name} {percent(weight)}" for name, weight in found.weights.items() if weight)
    return (f"With these weights ({weights}) {first} stands highest, {second} next. Of all weightings, drawn at random, "
            f"{percent(pair['of_weightings'])} put {first} above {second}.")
