"""A made-up firm's satisfaction survey in French words, drawn from a chain whose truth is stated: its paths."""

import numpy as np
import pandas as pd

SEED, N, SHOPS = 4, 800, 20
TRUTH = {"expectation": {"image": 0.5}, "quality": {"expectation": 0.5},
         "satisfaction": {"image": 0.2, "quality": 0.5}, "trust": {"satisfaction": 0.6},
         "loyalty": {"image": 0.2, "satisfaction": 0.3, "trust": 0.4}}
TOTAL = 0.5 * (0.3 + 0.6 * 0.4)  # of quality on loyalty: by satisfaction, and by satisfaction and trust
WORDS = ("Pas du tout d'accord", "Pas d'accord", "Plutôt pas d'accord", "Ni d'accord ni pas d'accord", "Plutôt d'accord",
         "D'accord", "Tout à fait d'accord")
OWN = {"image": "Image", "expectation": "Attentes", "quality": "Qualité", "satisfaction": "Satisfaction",
       "trust": "Confiance", "loyalty": "Fidélité"}
ITEMS = 3
MAPPING = {"unit": "Magasin", **{name: "+".join(f"{own} {item}" for item in range(1, ITEMS + 1))
                                 for name, own in OWN.items()}}


def constructs(rng, n=N):
    """Constructs of ``n`` customers, each with variance near 1, from the paths of ``TRUTH``."""
    made = {"image": rng.normal(size=n)}
    for name, causes in TRUTH.items():
        made[name] = sum(weight * made[cause] for cause, weight in causes.items()) + rng.normal(0, 0.75, n)
    return pd.DataFrame(made)


def write(folder):
    """Write the firm's file: ``({table: file}, mapping)``."""
    rng = np.random.default_rng(SEED)
    people = constructs(rng)
    table = pd.DataFrame({"Magasin": [f"M{number % SHOPS:02}" for number in range(N)]})
    for name, own in OWN.items():
        for item in range(1, ITEMS + 1):
            answer = np.clip(np.round(4.5 + people[name] + rng.normal(0, 0.5, N)), 1, 7).astype(int)
            table[f"{own} {item}"] = [WORDS[one - 1] for one in answer]
    table.loc[3, "Qualité 1"], table.loc[9, "Image 2"] = "Ne sait pas", ""
    table.loc[20, "Fidélité 1"] = "je pars"
    path = folder / "enquête satisfaction.csv"
    table.to_csv(path, sep=";", index=False, encoding="cp1252")
    return {"survey": str(path)}, dict(MAPPING)
