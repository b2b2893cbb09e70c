"""A made-up bank that asked customers of three lengths of relationship, and saw who left; drawn from a world.

In this world the person at the counter is learnt contact by contact, so trust in the person spreads out with time, and it
moves intention beside trust in the brand.
"""

import pandas as pd

from pebbletrail.worlds.relationship import Relationship

SEED = 7
WORLD = Relationship()
ASKED = {6: "découverte", 24: "développement", 60: "fidélité"}  # months since the beginning, and what the bank calls it
WORDS = ("Pas du tout d'accord", "Pas d'accord", "Plutôt pas d'accord", "Ni d'accord ni pas d'accord", "Plutôt d'accord",
         "D'accord", "Tout à fait d'accord")
MAPPING = {"customer": "N° client", "months": "Mois depuis l'ouverture", "unit": "Agence", "stage": "Étape",
           "person": "Conseiller 1+Conseiller 2+Conseiller 3", "brand": "Enseigne 1+Enseigne 2+Enseigne 3",
           "trade": "Banques 1+Banques 2+Banques 3", "intention": "Intention de rester", "left": "Parti dans l'année"}


def write(folder):
    """Write the firm's file: ``({table: file}, mapping)``."""
    asked = [WORLD.survey(customers=400, month=months, seed=SEED + months) for months in ASKED]
    rows = pd.concat([one.assign(months=months) for one, months in zip(asked, ASKED, strict=True)], ignore_index=True)
    table = pd.DataFrame({"N° client": [f"K{number:05}" for number in range(len(rows))],
                          "Agence": [f"Agence {number % 24:02}" for number in range(len(rows))],
                          "Mois depuis l'ouverture": rows["months"].astype(str), "Étape": rows["months"].map(ASKED)})
    for ours, theirs in (("person", "Conseiller"), ("brand", "Enseigne"), ("trade", "Banques")):
        for item in (1, 2, 3):
            table[f"{theirs} {item}"] = [WORDS[int(answer) - 1] for answer in rows[f"{ours}{item}"]]
    table["Intention de rester"] = rows["intention"].astype(int).astype(str)
    table["Parti dans l'année"] = rows["left"].map({True: "oui", False: "non"})
    path = folder / "enquête confiance.csv"
    _with_slips(table).to_csv(path, sep=";", index=False, encoding="cp1252")
    return {"customers": str(path)}, dict(MAPPING)


def _with_slips(table):
    """As files are: somebody cannot say, a number of months that cannot be, a row typed twice."""
    table = table.astype(object)
    table.loc[11, "Conseiller 2"] = "Ne sait pas"
    table.loc[40, "Mois depuis l'ouverture"] = "-3"
    table.loc[41, "Intention de rester"] = "peut-être"
    return pd.concat([table, table.iloc[[99]]], ignore_index=True)
