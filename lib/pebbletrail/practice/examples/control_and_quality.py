"""A made-up call centre in France: calls from the telephone system, customers' answers in Excel, agents' answers.

The truth is stated: 24 teams, and every point of control takes ``-TRUTH`` from quality. Hard calls are controlled more and
judged worse, so that leaving out their difficulty makes control look worse than it is.
"""

import numpy as np
import pandas as pd

from pebbletrail.worlds.call_centre import CallCentre

SEED = 11
WORLD = CallCentre(effect=-0.3, reaction=0.0, learning=0.0, difficulty_on_control=0.4, drift=0.0)
SIZE = {"weeks": 20, "agents": 192, "team_size": 8}
PER_SD = 15.0    # percent of control for a standard deviation of the world's
STRETCH = 1.3    # points of the questionnaire for a point of the world's scale, which moves by half a point for an SD
TRUTH = WORLD.effect * 0.5 * STRETCH / PER_SD
ANSWERED = 0.55  # share of customers who answer, whatever the call was like
FIRST_DAY = pd.Timestamp("2024-01-08")
MAPPING = {
    "calls.call": "N° appel", "survey.call": "N° appel", "team": "Équipe", "calls.agent": "Code agent",
    "agents.agent": "Code agent", "time": "Date et heure", "control": "Part prescrite (%)", "tenure": "Ancienneté (mois)",
    "difficulty": "Difficulté du motif", "waiting": "Attente (s)", "handling_time": "Durée (s)",
    "restarts": "Recommencements", "segment": "Clientèle", "answered": "Date de réponse",
    "quality": "Note accueil+Note solution", "autonomy": "Autonomie ressentie",
}


def write(folder):
    """Write the firm's files: ``({table: file}, mapping)``."""
    year, rng = WORLD.draw(SEED, **SIZE), np.random.default_rng(SEED)
    calls = _calls(year, rng)
    survey = _survey(calls["N° appel"], calls["Date et heure"], year["quality_customer"], rng)
    agents = year.groupby("agent")["autonomy"].mean().round().clip(1, 7).astype(int)
    agents = pd.DataFrame({"Code agent": [f"AG-{agent:03}" for agent in agents.index], "Autonomie ressentie": agents})
    files = {"calls": folder / "appels.csv", "survey": folder / "enquête clients.xlsx", "agents": folder / "agents.csv"}
    _french_csv(_with_slips(calls), files["calls"])
    survey.to_excel(files["survey"], sheet_name="Réponses", index=False)
    _french_csv(agents.sample(frac=0.8, random_state=SEED), files["agents"])
    return {name: str(path) for name, path in files.items()}, dict(MAPPING)


def _calls(year, rng):
    """A call for each agent and week."""
    n = len(year)
    control = (50 + PER_SD * year["control"]).clip(0, 100).round(1)
    hours = pd.to_timedelta(rng.integers(0, 5, n) * 24 * 60 + rng.integers(9 * 60, 18 * 60, n), unit="min")
    return pd.DataFrame({
        "N° appel": [f"A{100_000 + number}" for number in range(n)],
        "Équipe": year["team"].map("Équipe {:02}".format),
        "Code agent": year["agent"].map("AG-{:03}".format),
        "Date et heure": FIRST_DAY + pd.to_timedelta(7 * (year["week"] - 1), unit="D") + hours,
        "Part prescrite (%)": control,
        "Ancienneté (mois)": (year["tenure"] / 4.35).round(1),
        "Difficulté du motif": (100 * year["difficulty"]).round().astype(int),
        "Attente (s)": rng.gamma(2.0, 40.0, n).round().astype(int),
        "Durée (s)": year["handling_time"].round().astype(int),
        "Recommencements": rng.poisson(0.4 * np.exp(0.01 * (control - 50))),
        "Clientèle": rng.choice(["particuliers", "professionnels"], n, p=[0.8, 0.2]),
    })


def _survey(call, when, quality, rng):
    """Two ratings from those who answered, within some days; a few answers belong to no call of these."""
    true = 4.6 + STRETCH * (quality - 7)
    ratings = {name: (true + rng.normal(0, 0.4, len(true))).round().clip(1, 7).astype(int)
               for name in ("Note accueil", "Note solution")}
    delay = pd.to_timedelta(rng.integers(2, 120, len(true)), unit="h")
    made = pd.DataFrame({"N° appel": call, "Date de réponse": (when + delay).dt.floor("min"), **ratings})
    made = made[rng.random(len(made)) < ANSWERED].reset_index(drop=True)
    made.loc[[5, 50], "N° appel"] = ["A999998", "A999999"]
    made.loc[[7, 70], "Date de réponse"] -= pd.Timedelta(days=30)  # before the call: these answer an earlier one
    return made


def _with_slips(calls):
    """As files are: a value beyond its scale, words for a number, a row typed twice, a team left empty."""
    text = calls.assign(**{"Date et heure": calls["Date et heure"].dt.strftime("%d/%m/%Y %H:%M")})
    for name in ("Part prescrite (%)", "Ancienneté (mois)"):
        text[name] = text[name].map("{:.1f}".format).str.replace(".", ",")
    text = text.astype(str)
    text.loc[40, "Part prescrite (%)"], text.loc[41, "Part prescrite (%)"] = "650", "élevée"
    text.loc[42, "Équipe"] = ""
    return pd.concat([text.iloc[:200], text.iloc[[199]], text.iloc[200:]], ignore_index=True)


def _french_csv(table, path):
    table.to_csv(path, sep=";", index=False, encoding="cp1252")
