"""Tables of module 06: pairs of a computed table by lot, and four made-up worlds."""

from functools import cache

import numpy as np
import pandas as pd

import pebbletrail as pt

BOSS_DECIDES = ("Zurich", "Jena 1", "Trento", "Jena 2", "Jena 3", "Massachusetts")
SITES = ["Aarhus", "Bergen", "Cork", "Dresden", "Eindhoven", "Faro", "Genoa", "Hull", "Izola", "Jyväskylä", "Kaunas", "Linz",
         "Malmö", "Nantes"]


@cache
def everybody():
    """One difference an agent, in the six laboratories where the boss decides and points are paid out."""
    table = pt.load("hidden-costs-differences")
    return {name: table.loc[table["laboratory"] == name, "difference"].repeat(
        table.loc[table["laboratory"] == name, "agents"]).to_numpy() for name in BOSS_DECIDES}


def some_pairs(rng):
    """Four fifths of each laboratory's agents by lot, counted by difference."""
    parts = []
    for name, differences in everybody().items():
        kept = rng.choice(differences, round(0.8 * len(differences)), replace=False)
        values, agents = np.unique(kept, return_counts=True)
        parts.append(pd.DataFrame({"laboratory": name, "difference": values, "agents": agents}))
    return pd.concat(parts, ignore_index=True)


def customers(rng):
    """Satisfaction and intention on one sheet; renewal from the firm's records, mostly a yes."""
    n = int(rng.integers(260, 400))
    share, link, stays = rng.uniform(0.2, 0.35), rng.uniform(0.5, 0.65), rng.uniform(0.82, 0.92)
    content, style, meant, luck = rng.normal(size=(4, n))
    own = (1 - share) ** 0.5
    satisfied = own * content + share**0.5 * style
    intends = own * (link * content + (1 - link**2) ** 0.5 * meant) + share**0.5 * style
    leaning = link * content + (1 - link**2) ** 0.5 * luck
    renewed = leaning > np.quantile(leaning, 1 - stays)
    marks = [(middle + 1.7 * one).round().clip(1, 10).astype(int) for middle, one in ((6.4, satisfied), (6.2, intends))]
    return pd.DataFrame({"customer": range(1, n + 1), "satisfied": marks[0], "intends": marks[1],
                         "renewed": renewed.astype(int)})


def two_calls(rng):
    """Two calls of ten minutes. The average speaks for one, peak and end for the other."""
    while True:
        moods = rng.integers(6, 21, size=(2, 10)) / 2
        moods[:, 1:9] = np.clip(moods[:, 1:9], 3.5, 9)
        average, best, last, worst = moods.mean(axis=1), moods.max(axis=1), moods[:, -1], moods.min(axis=1)
        kept = (best + last) / 2
        gap, wrong = kept[0] - kept[1], [average[0] - average[1], best[0] - best[1], last[0] - last[1],
                                         (worst + last)[0] / 2 - (worst + last)[1] / 2]
        told = best[0] != best[1] and gap * wrong[0] < 0 and all(abs(one - gap) > 0.3 for one in wrong)
        if told and abs(wrong[0]) > 0.25 and abs(gap) > 0.7:
            minutes = np.tile(np.arange(1, 11), 2)
            return pd.DataFrame({"call": np.repeat(["A", "B"], 10), "minute": minutes, "mood": moods.ravel()})


def trials(rng):
    """Trials of a new ending of calls at several sites, whose true effects differ."""
    k = int(rng.integers(9, 13))
    agents = rng.integers(24, 130, k)
    se = (rng.uniform(0.85, 1.15, k) * 1.5 / np.sqrt(agents)).round(3)
    effect = rng.uniform(0.15, 0.45) + rng.uniform(0.2, 0.32) * rng.normal(size=k) + se * rng.normal(size=k)
    return pd.DataFrame({"trial": sorted(rng.choice(SITES, k, replace=False)), "agents": agents, "effect": effect.round(3),
                         "se": se})


def months(rng):
    """Twelve months of what customers remember at several sites; some sites change the ending from month 7 on, by lot."""
    k, month = int(rng.integers(11, 15)), np.arange(1, 13)
    changed = np.isin(np.arange(k), rng.choice(k, int(rng.integers(4, 7)), replace=False))
    season = rng.normal(0, 0.15, 12) + rng.uniform(-0.5, 0.5) * (month > 6)
    level = rng.normal(6.2, 0.5, k)[:, None] + season + rng.uniform(0.1, 0.5) * (changed[:, None] & (month > 6))
    score = (level + rng.normal(0, 0.25, (k, 12))).round(2)
    names = np.array(sorted(rng.choice(SITES, k, replace=False)))
    return pd.DataFrame({"site": np.repeat(names, 12), "ending": np.repeat(np.where(changed, "new", "as before"), 12),
                         "month": np.tile(month, k), "memory": score.ravel()})
