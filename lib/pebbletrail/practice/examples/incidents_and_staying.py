"""A made-up bank with 60 branches in France: incidents, customers' judgements in Excel, and who was still there later.

The truth is stated: a point of justice, as the customer judges it, multiplies the odds of staying a year by ``ODDS``;
``truth()`` says what that is in probability. Customers come from a world of relationships: whom they trust, and for how
long they have been there. Grave incidents are answered less justly, and drive customers away by themselves.
"""

from functools import cache

import numpy as np
import pandas as pd

from pebbletrail.worlds.relationship import Relationship

SEED, WORLD = 11, Relationship()
SIZE, BRANCHES = {"customers": 2600, "months": 48}, 60
ODDS, TRUST, GRAVE = 1.6, 0.7, -0.02  # odds of staying: for a point of justice; log odds for trust and a point of gravity
ANSWERED, RECENT = 0.62, 0.12         # who answers, whatever the answer was like; incidents of less than a year ago
FIRST_DAY, TODAY = pd.Timestamp("2023-01-02"), pd.Timestamp("2025-06-30")
WORDS = ["Pas du tout d'accord", "Pas d'accord", "Plutôt pas d'accord", "Ni d'accord ni pas d'accord", "Plutôt d'accord",
         "D'accord", "Tout à fait d'accord"]
KINDS = {"distributive": "Résultat", "procedural": "Décision", "interactional": "Accueil"}
MAPPING = {
    "incident": "N° réclamation", "unit": "Agence", "time": "Reçue le", "severity": "Gravité", "tenure": "Ancienneté (mois)",
    "kind": "Motif", "channel": "Canal", "compensated": "Geste commercial", "response_days": "Délai (jours)",
    "answered": "Répondu le", "seen": "Vu le", "stayed": "Client à un an", "months": "Mois suivis", "left": "Parti",
    **{name: f"{own} 1+{own} 2" for name, own in KINDS.items()},
}


def truth():
    """What a point of justice does to the probability of staying a year, on average over the incidents."""
    chance = _incidents()["chance"]
    return float((np.log(ODDS) * chance * (1 - chance)).mean())


def write(folder):
    """Write the firm's files: ``({table: file}, mapping)``."""
    made, rng = _incidents(), np.random.default_rng(SEED + 1)
    files = {"incidents": folder / "réclamations.csv", "answers": folder / "enquête justice.xlsx",
             "staying": folder / "clients à un an.csv"}
    _french_csv(_with_slips(_tickets(made)), files["incidents"])
    _answers(made, rng).to_excel(files["answers"], sheet_name="Réponses", index=False)
    _french_csv(_later(made), files["staying"])
    return {name: str(path) for name, path in files.items()}, dict(MAPPING)


@cache
def _incidents():
    """One incident for each customer, in a month of hers that she did not leave in; and whether she stays, and how long."""
    panel, rng = WORLD.lives(**SIZE, seed=SEED).panel, np.random.default_rng(SEED)
    made = panel[~panel["left"]].groupby("customer").sample(1, random_state=SEED).reset_index(drop=True)
    n = len(made)
    made["branch"] = rng.integers(0, BRANCHES, n)
    made["grave"] = rng.beta(2, 2, n) * 100
    made["compensated"] = rng.random(n) < 0.35
    made["days"] = rng.gamma(2.0, 6.0, n).round()
    felt = 4.3 + rng.normal(0, 0.5, BRANCHES)[made["branch"]] - 0.02 * (made["grave"] - 50) + rng.normal(0, 0.8, n)
    moved = {"distributive": 1.2 * (made["compensated"] - 0.35), "procedural": -0.05 * (made["days"] - 12),
             "interactional": 0.0}
    for name, more in moved.items():
        for item in (1, 2):
            made[f"{name}{item}"] = (felt + more + rng.normal(0, 0.7, n)).round().clip(1, 7)
    made["justice"] = made[[f"{name}{item}" for name in KINDS for item in (1, 2)]].mean(axis=1)
    odds = 1.0 + np.log(ODDS) * (made["justice"] - 4.3) + TRUST * made["trust"] + GRAVE * (made["grave"] - 50)
    made["chance"] = 1 / (1 + np.exp(-odds))
    made["stayed"] = rng.random(n) < made["chance"]
    made["months"] = np.where(made["stayed"], 12.0, np.ceil(12 * rng.random(n)**1.4))
    days = (TODAY - FIRST_DAY).days
    recent = rng.random(n) < RECENT
    made["ago"] = np.where(recent, rng.integers(100, 360, n), rng.integers(370, days, n))  # days from the incident to today
    return made.assign(recent=recent)


def _tickets(made):
    rng, n = np.random.default_rng(SEED + 2), len(made)
    return pd.DataFrame({
        "N° réclamation": [f"R{20_000 + number}" for number in range(n)],
        "Agence": made["branch"].map("Agence {:02}".format),
        "Reçue le": _day(_reported(made)),
        "Gravité": made["grave"].map("{:.1f}".format).str.replace(".", ","),
        "Ancienneté (mois)": made["month"],
        "Motif": rng.choice(["frais", "carte", "crédit", "virement"], n, p=[0.4, 0.3, 0.2, 0.1]),
        "Canal": rng.choice(["téléphone", "site", "agence", "courrier"], n, p=[0.45, 0.35, 0.15, 0.05]),
        "Geste commercial": np.where(made["compensated"], "oui", "non"),
        "Délai (jours)": made["days"].astype(int),
    }).astype(str)


def _answers(made, rng):
    """Six answers in words from those who answer; a few belong to no incident of these, or come before it."""
    words = {f"{own} {item}": made[f"{name}{item}"].map(lambda point: WORDS[int(point) - 1])
             for name, own in KINDS.items() for item in (1, 2)}
    when = _reported(made) + pd.to_timedelta(made["days"] + rng.integers(2, 20, len(made)), unit="D")
    codes = [f"R{20_000 + number}" for number in range(len(made))]
    table = pd.DataFrame({"N° réclamation": codes, "Répondu le": when, **words})
    table = table[rng.random(len(table)) < ANSWERED].reset_index(drop=True)
    table.loc[[5, 50], "N° réclamation"] = ["R99998", "R99999"]
    table.loc[[7, 70], "Répondu le"] -= pd.Timedelta(days=200)
    return table


def _later(made):
    """Who was there a year after; of the recent incidents only how it has been so far."""
    so_far = np.floor(made["ago"] / 30.44)
    months = np.where(made["recent"], np.minimum(made["months"], so_far), made["months"])
    left = np.where(made["recent"], made["months"] <= so_far, True) & ~made["stayed"]
    stayed = np.where(made["recent"], "", np.where(made["stayed"], "oui", "non"))
    seen = (_reported(made) + pd.Timedelta(days=366)).clip(upper=TODAY)
    return pd.DataFrame({"N° réclamation": [f"R{20_000 + number}" for number in range(len(made))], "Vu le": _day(seen),
                         "Client à un an": stayed, "Mois suivis": months.astype(int), "Parti": np.where(left, "oui", "non")})


def _reported(made):
    return TODAY - pd.to_timedelta(made["ago"], unit="D")


def _day(when):
    return when.dt.strftime("%d/%m/%Y")


def _with_slips(table):
    """As files are: a value beyond its scale, words for a number, a row typed twice, a branch left empty."""
    table.loc[40, "Gravité"], table.loc[41, "Gravité"] = "450", "élevée"
    table.loc[42, "Agence"] = ""
    return pd.concat([table.iloc[:200], table.iloc[[199]], table.iloc[200:]], ignore_index=True)


def _french_csv(table, path):
    table.to_csv(path, sep=";", index=False, encoding="cp1252")
