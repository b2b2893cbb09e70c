"""Errors that allow for groups whose observations go together, from group moments alone.

CR1 scales the sandwich by (G / (G − 1)) · ((N − 1) / (N − K)). CR2 (Bell & McCaffrey 2002) weighs each group's residuals by
the inverse square root of what the fit leaves of them, and takes Satterthwaite degrees of freedom (Pustejovsky & Tipton
2018), both for a working model of independent observations.

CR2 is usually written with one row and column an observation. With X_g L = U (L L' = (X'X)⁻¹), the identity
U' (I − UU')⁻½ = (I − U'U)⁻½ U' turns every such matrix into one of k × k, which sums of products by group give.
"""

import numpy as np

EXHAUSTED = 1e-10  # a direction in which a group's residuals are zero by construction
ALONE = 1.01  # a coefficient that rests on fewer groups than this has no error: one group's residuals say nothing of it


def cr1(system, rows, groups, counted):
    """``(covariance (k, k), groups that each coefficient rests on (k,))``.

    ``rows`` and ``groups`` are N and G of the factor, ``counted`` is K. NaN for a coefficient that rests on single groups.
    """
    L, S, scores = _shares(system)
    factor = groups / (groups - 1) * (rows - 1) / (rows - counted)
    wide = system.back @ L
    resting = _resting(S, wide)
    return _told(factor * wide @ (scores.T @ scores) @ wide.T, resting), resting


def cr2(system):
    """``(covariance (k, k), degrees of freedom (k,), groups that each coefficient rests on (k,))``."""
    L, S, scores = _shares(system)
    share, Q = np.linalg.eigh((S + S.transpose(0, 2, 1)) / 2)
    left = 1 - share
    left = np.where(left > EXHAUSTED, left, np.inf)  # the pseudo-inverse: what is exhausted carries no residual
    scores = np.einsum("gij,gj->gi", Q, np.einsum("gji,gj->gi", Q, scores) / np.sqrt(left))
    wide = system.back @ L
    resting = _resting(S, wide)
    df = np.where(resting < ALONE, np.nan, _satterthwaite(Q, share, left, wide))
    return _told(wide @ (scores.T @ scores) @ wide.T, resting), df, resting


def resting_on(system):
    """How many groups each coefficient rests on, ``(k,)``: one over the sum of the groups' squared shares in it.

    The number of groups where all are alike; near 1 for a treatment that one group received.
    """
    L, S, _ = _shares(system)
    return _resting(S, system.back @ L)


def counted(moments):
    """``(rows, groups)`` that count in CR1: within groups, a group of one observation holds nothing and does not."""
    single = int(np.sum(moments._sizes == 1)) if moments.absorbed else 0
    return moments.n - single, len(moments.labels) - single


def _shares(system):
    """L (k, k) with L L' = (X'X)⁻¹, and in its directions each group's share of the information, S (G, k, k), the shares
    adding up to the identity, and each group's scores (G, k)."""
    X, y = system.by_group()
    L = np.linalg.cholesky(system.bread)
    scores = (y - X @ system.weights) @ L
    if not system.rss > 0:
        scores = np.zeros_like(scores)  # an exact fit leaves rounding, not residuals
    return L, _times(_times(X, L).transpose(0, 2, 1), L), scores


def _times(X, B):
    """X_g B for every group, as one product: a small one for each group is slow where its threads wait for each other."""
    return (X.reshape(-1, X.shape[2]) @ B).reshape(*X.shape[:2], B.shape[1])


def _resting(S, wide):
    return np.sum(wide**2, axis=1) / np.sum(np.square(_times(S, wide.T)), axis=(0, 1))


def _told(V, resting):
    alone = resting < ALONE
    V[alone, :] = V[:, alone] = np.nan
    return V


def _satterthwaite(Q, share, left, wide):
    """Degrees of freedom of each coefficient's variance, were the observations independent.

    The variance estimate is Σ (p_g' e)²; with independent errors the p_g' e have covariances
    p_g' p_h = (a_g if g = h) − v_g' v_h, and the estimate is spread like a χ² with (Σ p_g'p_g)² / ΣΣ (p_g'p_h)² degrees.
    """
    df = np.empty(len(wide))
    turned = _times(Q.transpose(0, 2, 1), wide.T)  # (G, k, k): the directions, last, in each group's own axes
    for row in range(len(wide)):
        own_axes = turned[:, :, row]
        a = np.sum(own_axes**2 * share / left, axis=1)
        v = np.einsum("gij,gj->gi", Q, own_axes * share / np.sqrt(left))
        own = np.sum(v**2, axis=1)
        total = np.sum(a**2) - 2 * np.sum(a * own) + np.sum(np.square(np.einsum("gi,gj->ij", v, v)))
        df[row] = np.sum(a - own) ** 2 / total if total > 0 else np.nan  # 0 / 0 where it rests on single groups
    return df
