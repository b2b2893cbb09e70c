"""Tables of module 10, drawn by rules that stand here, and the arithmetic behind its keys."""

from functools import cache

import numpy as np
import pandas as pd

import pebbletrail as pt

EXPLAINED, CORRECTED = "Closed with explanation", "Closed with non-monetary relief"
Z = 1.959963984540054


@cache
def counts():
    """The real table: lines with a yes or a no on the dispute, up to 2016."""
    table = pt.load("cfpb-dispute-counts").query("answered > 0 and year < 2017")
    return table[["product", "response", "year", "channel", "answered", "disputed"]].reset_index(drop=True)


def complaints(rng, n):
    """Where the firm was plainly wrong a refund is likelier and a second letter rarer; long outages make it commoner."""
    plain = rng.random(n) < rng.uniform(0.32, 0.48)
    refund = rng.random(n) < np.where(plain, rng.uniform(0.55, 0.75), rng.uniform(0.12, 0.22))
    hours = np.clip(np.rint(np.exp(rng.normal(np.log(75), 0.75, n))), 4, 300).astype(int)
    start, per_hour = rng.uniform(-0.95, -0.5), rng.uniform(0.008, 0.012)
    log_odds = start + per_hour * hours - rng.uniform(0.55, 1.0) * refund - rng.uniform(0.7, 1.2) * plain
    again = rng.random(n) < 1 / (1 + np.exp(-log_odds))
    return pd.DataFrame({"answer": np.where(refund, "refund", "explanation"), "plain": plain.astype(int), "hours": hours,
                         "again": again.astype(int)})


def answers(rng):
    """Customers hit by the same incident were handled alike, and say nearly the same of it."""
    incidents = int(rng.integers(17, 27))
    sizes = rng.integers(4, 12, incidents)
    of = np.repeat(np.arange(incidents), sizes)
    handled, rest = rng.normal(0, 1, incidents), rng.normal(0, 0.6, incidents)
    link = rng.uniform(0.6, 1.0)
    treated = 4.3 + handled[of] + rng.normal(0, 0.3, len(of))
    stay = 4.2 + link * handled[of] + rest[of] + rng.normal(0, 0.3, len(of))
    treated, stay = (np.clip(one, 1, 7).round(1) for one in (treated, stay))
    return pd.DataFrame({"incident": of + 1, "treated": treated, "stay": stay})


def newton(columns, y):
    """The coefficients of a logistic model with an intercept, by Newton's steps."""
    X = np.column_stack([np.ones(len(y)), *columns]).astype(float)
    b = np.zeros(X.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-X @ b))
        b = b + np.linalg.solve((X * (p * (1 - p))[:, None]).T @ X, X.T @ (y - p))
    return X, b


def share(log_odds):
    return 1 / (1 + np.exp(-log_odds))


def marginal(refund, others, y):
    """In points: what a refund for everybody changes against an explanation for everybody; and other readings of the "
      "fit."""
    X, b = newton([refund, *others], y)
    rest = X @ b - b[1] * refund
    p, middle = share(X @ b), float(np.delete(X.mean(axis=0), 1) @ np.delete(b, 1))
    error = np.linalg.inv((X * (p * (1 - p))[:, None]).T @ X)[1, 1] ** 0.5
    return {"ame": 100 * float(np.mean(share(rest + b[1]) - share(rest))), "log odds": b[1], "ratio": float(np.exp(b[1])),
            "line": 100 * float(np.linalg.lstsq(X, y, rcond=None)[0][1]), "z": float(b[1] / error),
            "slope": 100 * b[1] * float(np.mean(p * (1 - p))), "middle": 100 * float(share(middle + b[1]) - share(middle))}


def fisher(r, n, side):
    return float(np.tanh(np.arctanh(r) + side * Z / np.sqrt(n - 3)))
