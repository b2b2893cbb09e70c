"""The columns of a year: their order, units and meaning."""

import pandas as pd

COLUMNS = {
    "site": ("number", "from 0", "the site the agent works at"),
    "team": ("number", "from 0, over all sites", "the team, with one supervisor"),
    "seat": ("number", "from 0, over all teams", "the place in the team; never empty"),
    "agent": ("number", "from 1", "the person; someone new takes the seat of one who quits"),
    "week": ("weeks", "from 1", "week of the year"),
    "tenure": ("weeks", "from 0", "completed weeks in the firm"),
    "monitoring": ("calls a week", "whole, 0 to 20", "calls the supervisor listens to"),
    "script": ("percent", "whole, 0 to 100", "share of the call whose words are prescribed"),
    "handling_target": ("seconds", "multiples of 5, 180 to 660", "prescribed handling time of a call"),
    "control": ("SD", "−3.9 to 5.2", "mean of (monitoring − 6)/2, (script − 50)/15 and (420 − handling_target)/45: 0 is "
                "usual, 1 is a standard deviation as long as managers do not react"),
    "autonomy": ("points", "1 to 7", "felt autonomy, asked each week"),
    "difficulty": ("share", "0 to 1", "share of the week's calls that are difficult"),
    "calls": ("calls a week", "whole", "calls answered"),
    "handling_time": ("seconds", "from 120", "mean time of a call"),
    "quality_customer": ("points", "0 to 10", "mean of the few customers asked that week"),
    "quality_firm": ("points", "0 to 100", "score given by the supervisor, who also sets control"),
    "burnout": ("points", "0 to 6", "exhaustion, asked each week"),
    "quit": ("yes/no", "", "this is the agent's last week"),
    "removal_week": ("weeks", "from 2; empty: never", "first week without control (only with a roll-out)"),
    "removed": ("yes/no", "", "control has been removed (only with a roll-out)"),
    "true_quality": ("points", "no limits", "quality as it is, on the customers' scale (only with latent=True)"),
    "true_exposure": ("SD", "no limits", "control as it has worked so far (only with latent=True)"),
    "true_skill": ("SD", "no limits", "what the agent's skill adds to quality (only with latent=True)"),
    "true_coaching": ("SD", "no limits", "what the supervisor's coaching adds to quality (only with latent=True)"),
    "true_liking": ("SD", "no limits", "how far the supervisor likes the agent (only with latent=True)"),
}
WHOLE = ("monitoring", "script", "handling_target", "calls")


def columns():
    """One row a column: column, unit, range, meaning."""
    return pd.DataFrame([(name, *told) for name, told in COLUMNS.items()], columns=["column", "unit", "range", "meaning"])


def as_frame(year, latent):
    """The arrays of a year, each (weeks, seats), as a table with one row a seat and week, seats inside weeks."""
    names = [name for name in COLUMNS if name in year and (latent or not name.startswith("true_"))]
    values = {name: year[name].ravel() for name in names}
    return pd.DataFrame({name: column.astype(int) if name in WHOLE else column for name, column in values.items()})
