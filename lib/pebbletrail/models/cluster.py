"""Errors that allow for groups whose observations go together, from group moments alone.

CR1 scales the sandwich by (G / (G − 1)) · ((N − 1) / (N − K)). CR2 (Bell & McCaffrey 2002) weighs each group's residuals by
the inverse square root of what the fit leaves of them, and takes Satterthwaite degrees of freedom (Pustejovsky & Tipton
2018), both for a working model of independent observations.

CR2 is usually written with one row and column an observation. With X_g L = U (L L' = (X'X)⁻¹), the identity
U' (I − UU')⁻½ = (I − U'U)⁻½ U' turns every such matrix into one of k × k, which sums of products by group give.
"""

import numpy as np

EXHAUSTED = 1e-10  # a direction in which a group's residuals are zero by construction


def cr1(system, rows, counted):
    """Covariance (k, k) of the coefficients; ``counted`` is K, the number of coefficients that count as estimated."""
    X, y = system.by_group()
    scores = y - X @ system.weights
    groups = len(scores)
    factor = groups / (groups - 1) * (rows - 1) / (rows - counted)
    return factor * system.covariance(scores.T @ scores)


def cr2(system):
    """``(covariance (k, k), degrees of freedom (k,))`` of the coefficients."""
    X, y = system.by_group()
    L = np.linalg.cholesky(system.bread)
    S = L.T @ X @ L  # (G, k, k): each group's share of the information, the shares adding up to the identity
    share, Q = np.linalg.eigh((S + S.transpose(0, 2, 1)) / 2)
    left = 1 - share
    left = np.where(left > EXHAUSTED, left, np.inf)  # the pseudo-inverse: what is exhausted carries no residual
    share = np.clip(share, 0, 1)
    half = (Q / np.sqrt(left)[:, None, :]) @ Q.transpose(0, 2, 1)
    scores = np.einsum("gij,gj->gi", half, (y - X @ system.weights) @ L)
    wide = system.back @ L
    covariance = wide @ (scores.T @ scores) @ wide.T
    return covariance, _satterthwaite(Q, share, left, wide)


def _satterthwaite(Q, share, left, wide):
    """Degrees of freedom of each coefficient's variance, were the observations independent.

    The variance estimate is Σ (p_g' e)²; with independent errors the p_g' e have covariances
    p_g' p_h = (a_g if g = h) − v_g' v_h, and the estimate is spread like a χ² with (Σ p_g'p_g)² / ΣΣ (p_g'p_h)² degrees.
    """
    df = np.empty(len(wide))
    for row, direction in enumerate(wide):
        turned = direction @ Q  # (G, k): the direction in each group's own axes
        a = np.sum(turned**2 * share / left, axis=1)
        v = (Q @ (turned * share / np.sqrt(left))[..., None])[..., 0]
        own = np.sum(v**2, axis=1)
        total = np.sum(a**2) - 2 * np.sum(a * own) + np.sum(np.square(v.T @ v))
        df[row] = np.sum(a - own) ** 2 / total if total > 0 else np.nan
    return df
