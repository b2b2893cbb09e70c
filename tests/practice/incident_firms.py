"""Firms with incidents, for the tests of the practice on staying."""

import numpy as np
import pandas as pd


def incidents(seed, slope, n=1500, units=30, confounded=0.0, minimal=False):
    """Made-up incidents: ``slope`` is the log odds of staying for a point of justice; grave ones are answered less justly
    if ``confounded``. Customers leave within a year, at any month of it alike."""
    rng = np.random.default_rng(seed)
    unit = rng.integers(0, units, n)
    severity = rng.uniform(0, 100, n)
    days = rng.gamma(2, 5, n)
    justice = np.clip(4 - confounded * (severity - 50) - 0.08 * (days - 10) + rng.normal(0, 1, n), 1, 7)
    chance = 1 / (1 + np.exp(-(1 + slope * (justice - 4) - 0.02 * (severity - 50) + rng.normal(0, 0.2, units)[unit])))
    stayed = (rng.random(n) < chance).astype(float)
    months = np.where(stayed == 1, 12.0, rng.integers(1, 13, n))
    frame = pd.DataFrame({"incident": [f"i{number}" for number in range(n)], "justice": justice, "stayed": stayed})
    return frame if minimal else frame.assign(
        unit=[f"U<b>{one}" for one in unit], severity=severity, response_days=days, months=months, left=1 - stayed,
        kind=rng.choice(["bill", "line", "order"], n), compensated=(rng.random(n) < 0.4).astype(float))


def yes_or_no(seed, shares, n=800):
    """The least that is needed: a just answer, yes or no, and the shares who stay after no and after yes."""
    rng = np.random.default_rng(seed)
    just = (rng.random(n) < 0.5).astype(float)
    stayed = (rng.random(n) < np.where(just == 1, shares[1], shares[0])).astype(float)
    return pd.DataFrame({"incident": [f"i{number}" for number in range(n)], "just": just, "stayed": stayed})
