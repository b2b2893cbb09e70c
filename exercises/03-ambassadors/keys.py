"""Formulas behind the keys of module 03: p values and intervals from r and n."""

import numpy as np
from scipy import stats

REACH = stats.norm.ppf(0.975)


def p_from(r, n):
    """Two-sided p of a correlation: the beta distribution of r where there is nothing to find."""
    return 2 * stats.beta(n / 2 - 1, n / 2 - 1, loc=-1, scale=2).sf(abs(r))


def p_formula(n):
    """The same for an even n as a sum that a Follow can hold: 1 − |r| (1 + ½ (1 − r²) + 3⁄8 (1 − r²)² + …)."""
    terms, weight = [], 1.0
    for power in range((n - 2) // 2):
        terms.append(f"{weight!r} * (1 - q3 ** 2) ** {power}")
        weight *= (2 * power + 1) / (2 * power + 2)
    return f"1 - abs(q3) * ({' + '.join(terms)})"


def fisher(r, n, side=-1, errors=None, reach=REACH):
    return np.tanh(np.arctanh(r) + side * reach * (1 / np.sqrt(n - 3) if errors is None else errors))


def fisher_formula(n):
    """The lower end of Fisher's interval for a Follow. It has no value above 0.98: 1 and −1 are their own ends."""
    growth = f"(1 + q3) / (1 - q3) * exp({-2 * REACH / np.sqrt(n - 3):.17g})"
    return f"({growth} - 1) / ({growth} + 1) + 0 * log(0.98 - abs(q3))"
