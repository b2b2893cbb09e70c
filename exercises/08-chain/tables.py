"""Tables of module 08-chain: a made-up survey, and part of a published survey's table of correlations."""

import numpy as np
import pandas as pd

import pebbletrail as pt

REACH = {"help": (1.3, 1.7), "sat": (1.8, 2.2)}  # how far answers spread, lowest and highest; of the others (1.4, 2.1)
SURVEY = {"help": 3, "fair": 2, "sat": 3, "trust": 3, "stay": 3}  # questions a scale
# of each ECSI construct: how its questions are called, and how few and how many of them a student gets
CODES = {"Quality": ("PERQ", 2, 3), "Image": ("IMAG", 3, 4), "Satisfaction": ("CUSA", 2, 3), "Loyalty": ("CUSL", 2, 3)}


def survey(rng, people):
    """Made-up answers from 1 to 10. Help and a fair price make satisfaction, and it trust; all but help make staying."""
    a, b, c, d, e, f = rng.uniform([0.35, 0.25, 0.50, 0.25, 0.30, 0.30], [0.55, 0.45, 0.75, 0.45, 0.50, 0.55])
    noise = rng.standard_normal((5, people))
    helped = noise[0]
    fair = 0.4 * helped + 0.92 * noise[1]
    sat = a * helped + b * fair + 0.7 * noise[2]
    trust = c * sat + 0.75 * noise[3]
    stay = d * sat + e * fair + f * trust + 0.7 * noise[4]
    made = {}
    for scale, level in {"help": helped, "fair": fair, "sat": sat, "trust": trust, "stay": stay}.items():
        (low, high), level = REACH.get(scale, (1.4, 2.1)), (level - level.mean()) / level.std()
        middle, reach = rng.uniform([5.4, low], [6.6, high])
        for item in range(1, SURVEY[scale] + 1):
            said = middle + reach * (level + rng.uniform(0.55, 0.95) * rng.standard_normal(people))
            said = 11 - said if (scale, item) == ("trust", 2) else said  # asked the other way round
            made[f"{scale}{item}"] = np.clip(np.rint(said), 1, 10).astype(int)
    return pd.DataFrame(made)


def ecsi(rng):
    """Part of the table of the 24 ECSI questions, to four decimals: another choice of questions for each student."""
    moments = pt.load("ecsi-mobile-correlations")
    items = []
    for code, few, many in CODES.values():
        block = [name for name in moments.names if name.startswith(code)]
        size = rng.integers(few, many + 1)
        items += [block[at] for at in sorted(rng.choice(len(block), size, replace=False))]
    told = pd.DataFrame({"item": items, "mean": moments.mean[items].round(3).to_numpy(),
                         "sd": np.sqrt(np.diag(moments.cov.loc[items, items])).round(4)})
    return pd.concat([told, moments.cor.loc[items, items].round(4).reset_index(drop=True)], axis=1)


def scores(survey):
    """The scales as means of their questions; ``trust`` with its second question turned, and as others might make it."""
    one, two, three = (survey[f"trust{at}"].to_numpy() for at in (1, 2, 3))
    made = {scale: survey[[f"{scale}{at}" for at in range(1, items + 1)]].to_numpy().mean(axis=1)
            for scale, items in SURVEY.items()}
    return made | {"trust": (one + 11 - two + three) / 3, "as it stood": (one + two + three) / 3,
                   "left out": (one + three) / 2, "others turned": (22 - one + two - three) / 3}


def covariances(ecsi):
    """Covariances of the four ECSI scales, and alpha of each."""
    items = list(ecsi["item"])
    S = ecsi[items].to_numpy() * np.outer(ecsi["sd"], ecsi["sd"])
    blocks = [[at for at, name in enumerate(items) if name.startswith(code)] for code, *_ in CODES.values()]
    W = np.zeros((len(blocks), len(items)))
    for row, block in enumerate(blocks):
        W[row, block] = 1 / len(block)
    return W @ S @ W.T, [alpha(S[np.ix_(block, block)]) for block in blocks]


def alpha(S):
    k = len(S)
    return float(k / (k - 1) * (1 - np.trace(S) / S.sum()))


def standard(S):
    return S / np.sqrt(np.outer(np.diag(S), np.diag(S)))


def slope(x, y):
    S = np.cov(x, y)
    return float(S[0, 1] / S[0, 0])


def weights(S, y, xs):
    """Least squares from a table of covariances: the weights of the predictors at ``xs`` for the outcome at ``y``."""
    return np.linalg.solve(S[np.ix_(xs, xs)], S[xs, y])


def errors(S, n, y, xs):
    left = (n - 1) * (S[y, y] - weights(S, y, xs) @ S[xs, y]) / (n - len(xs) - 1)
    return np.sqrt(left * np.diag(np.linalg.inv(S[np.ix_(xs, xs)])) / (n - 1))


def chain(S, n):
    """Image (1) to loyalty (3), straight and by way of satisfaction (2), quality (0) held still; delta errors."""
    (a, _), (straight, b, _) = weights(S, 2, [1, 0]), weights(S, 3, [1, 2, 0])
    se_a, (se_straight, se_b, _) = errors(S, n, 2, [1, 0])[0], errors(S, n, 3, [1, 2, 0])
    explained = weights(S, 3, [1, 2, 0]) @ S[[1, 2, 0], 3] / S[3, 3]
    found = {"a": a, "b": b, "straight": straight, "way": a * b, "total": straight + a * b, "se_a": se_a, "se_b": se_b,
             "se_straight": se_straight, "se": np.hypot(a * se_b, b * se_a), "explained": explained}
    return {name: float(value) for name, value in found.items()}


def standard_error(S, n, step=1e-5):
    """Of the standardised roundabout effect: the delta method, with standard deviations that are estimated as well."""
    S = standard(S)
    paths = (lambda T: weights(standard(T), 2, [1, 0])[0]), (lambda T: weights(standard(T), 3, [1, 2, 0])[1])
    (a, b), bread = (path(S) for path in paths), 0
    for path, other, free in zip(paths, (b, a), (n - 3, n - 4), strict=True):
        G = np.zeros_like(S)
        for i, j in zip(*np.triu_indices(len(S)), strict=True):
            E = np.zeros_like(S)
            E[i, j] = E[j, i] = step
            G[i, j] = G[j, i] = (path(S + E) - path(S - E)) / (2 * step) / (1 if i == j else 2)
        bread = bread + other * G @ S / np.sqrt(free)
    return float(np.sqrt(2 * np.trace(bread @ bread)))


def other_ways(S):
    """Roundabout effects that are not the one asked for: image's without quality in the model, and quality's."""
    alone = weights(S, 2, [1])[0] * weights(S, 3, [1, 2])[1]
    return {"alone": float(alone), "of quality": float(weights(S, 2, [1, 0])[1] * weights(S, 3, [1, 2, 0])[1])}
