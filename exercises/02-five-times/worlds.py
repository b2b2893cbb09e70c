"""The made-up tables of module 02: branches in halves, branches without a survey, and the game of week 1."""

import numpy as np
import pandas as pd


def branches(rng, n):
    """Engagement, customers' score and sales (last year = 100). The halves' growth differs by a factor that is drawn."""
    engaged, luck, other = rng.normal(size=(3, n))
    r = rng.uniform(0.28, 0.4)
    outcome = r * engaged + (1 - r * r) ** 0.5 * luck
    above = engaged > np.median(engaged)
    low, factor = rng.uniform(0.6, 1.3), rng.uniform(3.2, 6.5)
    spread = low * (factor - 1) / (outcome[above].mean() - outcome[~above].mean())
    sales = 100 + low + spread * (outcome - outcome[~above].mean())
    customers = 70 + rng.uniform(-4, 4) + rng.uniform(5, 8) * (0.35 * engaged + 0.94 * other)
    return pd.DataFrame({"branch": np.arange(1, n + 1), "engagement": np.clip(4.2 + 0.8 * engaged, 1, 7).round(2),
                         "customers": customers.round(1), "sales": sales.round(2)})


def network(rng):
    """Another year: the halves differ little, but branches taken over lately were not surveyed, and shrink."""
    n, new = int(rng.integers(61, 99)), int(rng.integers(9, 16))
    engaged, luck = rng.normal(size=(2, n))
    above = engaged > np.median(engaged)
    rest = luck - np.where(above, luck[above].mean(), luck[~above].mean())
    low, factor, told = rng.uniform(2.4, 3.6), rng.uniform(1.15, 2.1), rng.uniform(4.5, 7.5)
    growth = np.where(above, low * factor, low) + rng.uniform(2, 3) * rest
    below = (~above).sum()
    late = (low * factor / told * (below + new) - low * below) / new + rng.normal(0, 1.5, new)
    table = pd.DataFrame({"engagement": np.append(np.clip(4.3 + 0.7 * engaged, 1, 7).round(2), np.full(new, np.nan)),
                          "growth": np.append(growth, late).round(1)})
    table = table.iloc[rng.permutation(len(table))].reset_index(drop=True)
    return table.assign(branch=np.arange(1, len(table) + 1))[["branch", "engagement", "growth"]]


def game(rng):
    """Week 1's game, as counts of differences."""
    values = np.array([-12, -10, -8, -5, -2, 0, 3, 5, 8, 10, 12, 15, 20, 25, 30])
    kept = np.sort(rng.choice(values, int(rng.integers(7, 10)), replace=False))
    return pd.DataFrame({"difference": kept, "agents": rng.integers(1, 13, len(kept))})
