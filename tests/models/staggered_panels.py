"""Made-up roll-outs that the tests of ``pt.staggered`` share."""

import numpy as np
import pandas as pd

from pebbletrail.models.staggered import staggered

NAMES = {"outcome": "quality", "unit": "agent", "time": "week", "start": "removed_from"}


def fitted(rows, **more):
    return staggered(rows, **NAMES, **more)


def world(starts, effect, weeks, copies=2):
    """A panel without noise: each start in ``starts`` has ``copies`` agents, all on one line but for their own level."""
    rows = pd.DataFrame([(start, copy, week) for start in starts for copy in range(copies) for week in range(1, weeks + 1)],
                        columns=["removed_from", "copy", "week"])
    rows["agent"] = rows["removed_from"].map(str) + "-" + rows["copy"].map(str)
    since = rows["week"] - rows["removed_from"]
    rows["effect"] = [effect(step) if step >= 0 else 0.0 for step in since]
    rows["quality"] = 3 + rows["copy"] + 0.5 * rows["week"] + rows["effect"]
    return rows


def noisy(seed=0, agents=30, weeks=9, starts=(3, 5, 8, np.nan)):
    """An unbalanced panel with noise: agents join late, leave early, miss weeks."""
    rng = np.random.default_rng(seed)
    grid = [(agent, week) for agent in range(agents) for week in range(1, weeks + 1)]
    rows = pd.DataFrame(grid, columns=["agent", "week"])
    rows["removed_from"] = np.array(starts, dtype=float)[rows["agent"] % len(starts)]
    rows["team"] = rows["agent"] % (2 * len(starts))
    rows["quality"] = (rng.normal(size=agents)[rows["agent"]] + np.sin(rows["week"]) + rng.normal(size=len(rows))
                       + np.clip(rows["week"] - rows["removed_from"] + 1, 0, None).fillna(0) * 0.4)
    first, last = rng.integers(1, 4, agents)[rows["agent"]], rng.integers(6, weeks + 1, agents)[rows["agent"]]
    kept = (rows["week"] >= first) & (rows["week"] <= last) & (rng.random(len(rows)) > 0.1)
    return rows[kept].sample(frac=1, random_state=seed)  # in any order
