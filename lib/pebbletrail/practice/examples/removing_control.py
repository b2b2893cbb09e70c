"""A made-up call centre that took control away from its teams in five waves, drawn from a world; ten teams kept it.

The truth is stated: ``truth()`` says what the removal did. Waves came in no order of quality, but nobody drew lots.
"""

import numpy as np
import pandas as pd

from pebbletrail.worlds.call_centre import CallCentre, Rollout

SEED = 5
WORLD = CallCentre(effect=-0.3, reaction=0.3)
ROLLOUT = Rollout.staggered(share=0.75, start=9, waves=5, every=3)
SIZE = {"weeks": 32, "agents": 320, "team_size": 8}
FIRST_DAY = pd.Timestamp("2024-01-08")
MAPPING = {"unit": "Équipe", "date": "Semaine du", "outcome": "Note moyenne", "start_date": "Sans contrôle depuis",
           "workload": "Appels reçus"}


def truth():
    """What the removal did to quality, on average over those without control, in points of 10."""
    return WORLD.truth(ROLLOUT, SEED, **SIZE).estimate


def write(folder):
    """Write the firm's file: ``({table: file}, mapping)``."""
    year, rng = WORLD.draw(SEED, rollout=ROLLOUT, **SIZE), np.random.default_rng(SEED)
    weeks = year.groupby(["team", "week"], as_index=False).agg(
        note=("quality_customer", "mean"), start=("removal_week", "first"))
    table = pd.DataFrame({
        "Équipe": weeks["team"].map("Équipe {:02}".format),
        "Semaine du": _monday(weeks["week"]),
        "Note moyenne": weeks["note"].map("{:.3f}".format).str.replace(".", ","),
        "Appels reçus": rng.normal(1500, 120, len(weeks)).round().astype(int),
        "Sans contrôle depuis": _monday(weeks["start"]),
    }).astype(object)
    path = folder / "suivi des équipes.csv"
    _with_slips(table).to_csv(path, sep=";", index=False, encoding="cp1252", na_rep="")
    return {"panel": str(path)}, dict(MAPPING)


def _monday(week):
    return (FIRST_DAY + pd.to_timedelta(7 * (week - 1), unit="D")).dt.strftime("%d/%m/%Y")


def _with_slips(table):
    """As files are: words for a number, a row typed twice, a team left empty."""
    table.loc[45, "Note moyenne"] = "en attente"
    table.loc[46, "Équipe"] = ""
    return pd.concat([table.iloc[:100], table.iloc[[99]], table.iloc[100:]], ignore_index=True)
