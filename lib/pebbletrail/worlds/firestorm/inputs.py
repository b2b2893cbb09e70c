"""What nobody knows: the assumed sizes, drawn from the ranges that the table of parameters states."""

from dataclasses import fields, replace

import numpy as np
import pandas as pd

from pebbletrail.worlds.firestorm.truth import UNSURE


def drawn(world, seed, number):
    """So many worlds like this one, each with sizes of its own, and the sizes as a DataFrame, one row a world.

    Each size is its value times a factor between 1 / unsure and unsure, on a logarithmic scale alike likely everywhere, and
    kept within the parameter's limits. The sizes are drawn independently. The first worlds stay the same in a larger number.
    """
    luck = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(2,)))
    powers = luck.uniform(-1, 1, (number, len(UNSURE)))
    values = {}
    for at, one in enumerate(field for field in fields(world) if field.name in UNSURE):
        size = getattr(world, one.name) * one.metadata["unsure"] ** powers[:, at]
        values[one.name] = np.clip(size, one.metadata["low"], one.metadata["high"])
    table = pd.DataFrame(values)
    return [replace(world, **row) for row in table.to_dict("records")], table
