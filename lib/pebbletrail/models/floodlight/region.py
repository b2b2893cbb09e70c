"""Where the interval of a slope excludes 0, in closed form.

The slope along z is b₁ + b₃ z, its variance V₁₁ + 2 z V₁₃ + z² V₃₃. The interval excludes 0 where the slope's square is
above c² times the variance: where a quadratic in z is positive.
"""

import numpy as np
import pandas as pd

from pebbletrail.words import said

PARTS, NOTHING = 50, 1e-9  # parts of the moderator's range that its digits tell apart; what rounding leaves of 0


def regions(b, V, c):
    """Where the interval excludes 0.

    Parameters
    ----------
    b : array (2,)
        Slope where the moderator is 0, and what one more of the moderator adds.
    V : array (2, 2)
        Their covariance.
    c : float
        Half the interval's width, in standard errors.

    Returns
    -------
    list of (low, high, sign)
        One, two or none, rising; ends may be infinite; sign is 1 or −1, that of the slope there.
    """
    A, B, C = b[1] ** 2 - c**2 * V[1, 1], b[0] * b[1] - c**2 * V[0, 1], b[0] ** 2 - c**2 * V[0, 0]
    inside = B**2 - A * C
    if inside <= 0:
        return []  # A is below 0 then: where b₃ differs from 0 for sure, the slope is 0 somewhere, and there is an edge
    q = -(B + np.copysign(np.sqrt(inside), B))  # the two roots without the difference of like numbers
    if A == 0:
        edge = C / q
        return [(edge, np.inf, _sign(b, edge + 1))] if B > 0 else [(-np.inf, edge, _sign(b, edge - 1))]
    low, high = sorted((q / A, C / q if q else 0.0))
    if A < 0:
        return [(low, high, _sign(b, (low + high) / 2))]
    return [(-np.inf, low, int(-np.sign(b[1]))), (high, np.inf, int(np.sign(b[1])))]


def _sign(b, z):
    return int(np.sign(b[0] + b[1] * z))


def region_table(found, values, observed):
    """One row a region: ``low, high, sign, inside, share``.

    ``values`` are the moderator's in the rows, or None; ``observed`` their ends, or None.
    """
    rows = []
    for low, high, sign in found:
        inside = np.nan if observed is None else bool(low < observed[1] and high > observed[0])
        share = np.nan if values is None else float(np.mean((values > low) & (values < high)))
        rows.append((low, high, "positive" if sign > 0 else "negative", inside, share))
    return pd.DataFrame(rows, columns=["low", "high", "sign", "inside", "share"]).astype({"low": float, "high": float,
                                                                                          "share": float})


def precisely(value, low, high):
    """A value of the moderator in words, with digits enough to tell it from others of its range: 2,015 and not 2,020.

    Three significant digits, or as many as a fiftieth of the range needs; far from the range, of the way to it.
    """
    scale = max(high - low, low - value, value - high)
    if abs(value) < NOTHING * scale:
        return "0"
    if not (np.isfinite(value) and scale > 0):
        return said(value)
    digits = int(np.floor(np.log10(abs(value)))) + 1 + int(np.ceil(-np.log10(scale / PARTS)))
    return said(value) if digits <= 3 else f"{float(f'{value:.{min(digits, 15)}g}'):,.15g}"


def in_words(low, high, number):
    """A region's ends: ``below 3``, ``above 3``, ``between 1 and 3``."""
    if np.isinf(low):
        return f"below {number(high)}"
    return f"above {number(low)}" if np.isinf(high) else f"between {number(low)} and {number(high)}"
