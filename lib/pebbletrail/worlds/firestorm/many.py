"""Many storms: each with a luck of its own, several run side by side."""

from dataclasses import fields

import numpy as np

from pebbletrail.progress import Progress
from pebbletrail.worlds.firestorm.crowd import crowd, joined, lucks
from pebbletrail.worlds.firestorm.outcomes import sizes
from pebbletrail.worlds.firestorm.spread import Heard, spread

SIDE_BY_SIDE = 20_000  # customers: more of them at once are no faster
MOST = 40_000_000  # customers times storms


def run(jobs, seed):
    """The sizes (a dict, see ``outcomes.sizes``) of each job, in order; a job is (world, number of the storm).

    The number says which luck and which network: jobs of one number differ by their world alone.
    """
    jobs, found = list(jobs), []
    customers = jobs[0][0].customers
    if customers * len(jobs) > MOST:
        raise ValueError(f"draws: with {customers:,} customers at most {MOST // customers:,} storms, not {len(jobs):,}.")
    size = max(1, SIDE_BY_SIDE // customers)
    last, luck = None, None
    with Progress(len(jobs), "storms") as progress:
        for first in range(0, len(jobs), size):
            batch, people = [], []
            for world, storm in jobs[first:first + size]:
                if storm != last:
                    last, luck = storm, lucks(world, seed, storm)
                batch.append(crowd(world, *luck))
                people.append(luck[1])
            heard = _apart(spread(joined(batch)), len(batch))
            found += [sizes(world, own, one)
                      for (world, _), own, one in zip(jobs[first:first + size], people, heard, strict=True)]
            progress.add(len(batch))
    return found


def _apart(heard, number):
    """What was run side by side, one by one; ``by`` counts from the first customer of all, and is left so."""
    parts = {part.name: np.split(getattr(heard, part.name), number) for part in fields(Heard)}
    return [Heard(**{name: arrays[at] for name, arrays in parts.items()}) for at in range(number)]
