"""What a year of the call centre shows, beside what studies found: which of it was aimed at, and which was not."""

import pandas as pd

NINE_MONTHS = 39  # weeks


def against_evidence(year):
    """A year with ``latent=True`` beside the evidence; see ``CallCentre.against_evidence``."""
    of_agents = year.groupby("agent")[["autonomy", "quality_firm"]].mean()
    start = year[(year["week"] <= NINE_MONTHS) & (year["agent"] <= year["seat"].max() + 1)]
    rows = [
        ("share of the first week's agents who quit in nine months", "bloom15-quit", "35 % of the control group",
         start.groupby("agent")["quit"].any().mean(), "yes", "the parameter quits; 39 weeks"),
        ("r of monitoring and burnout, agent-weeks", "skl22-stress", "r .11",
         year["monitoring"].corr(year["burnout"]), "yes", "by the size of reaction, with no effect on burnout at all"),
        ("r of burnout and quality as it is, agent-weeks", "Singh 2000, computed", "r −.362, both rated by the agents",
         year["burnout"].corr(year["true_quality"]), "yes", "the parameter quality_on_burnout"),
        ("r of autonomy and the firm's score, means of agents", "hnm07-auto-perf", "r .18, corrected .23",
         of_agents["autonomy"].corr(of_agents["quality_firm"]), "yes",
         "by how far felt autonomy follows control; about half of it in agent-weeks"),
        ("r of monitoring and the customers' score, agent-weeks", "skl22-perf", "r −.01",
         year["monitoring"].corr(year["quality_customer"]), "no",
         "managers' reaction makes it negative here; this is what the world is for"),
    ]
    return pd.DataFrame(rows, columns=["quantity", "evidence", "found", "here", "aimed_at", "how"])
