"""The interval of a share: one place for whoever counts."""

import numpy as np

LEVEL = 0.95


def wilson(successes, n):
    """Wilson's 95 % interval of a share; NaN of nothing."""
    from scipy.stats import binomtest

    if not n:
        return np.nan, np.nan
    found = binomtest(int(successes), int(n)).proportion_ci(LEVEL, method="wilson")
    return float(found.low), float(found.high)
