"""Least squares from sums of squares and products: one system, or thousands at once.

Everything is scaled by the diagonal first, so that a predictor in cents and one in millions are treated alike, and so that
a pivot of the Cholesky factor is one minus the squared multiple correlation with the predictors before it.
"""

import numpy as np

COLLINEAR = 1e-10  # a predictor of which less than this share is its own is a combination of the others


def inverse(A, names, argument="formula"):
    """The inverse of a matrix of sums of squares and products.

    Parameters
    ----------
    A : array (k, k)
        Symmetric.
    names : sequence of str
        What the rows stand for; used to say which one is at fault.

    Raises
    ------
    ValueError
        A predictor that does not vary, or one that is a combination of others; both are named.
    """
    size = np.sqrt(np.diag(A))
    if (flat := ~(size > 0)).any():
        raise ValueError(f"{argument}: {names[int(np.argmax(flat))]} does not vary, so it explains nothing; leave it out.")
    R = A / np.outer(size, size)
    L = np.zeros_like(R)
    for j in range(len(R)):  # Cholesky, stopping at the first predictor that those before it give away
        L[j, :j] = np.linalg.solve(L[:j, :j], R[:j, j]) if j else []
        own = 1 - L[j, :j] @ L[j, :j]
        if own < COLLINEAR:
            share = np.linalg.solve(R[:j, :j], R[:j, j])
            others = [names[i] for i in np.flatnonzero(np.abs(share) > 1e-6)]
            raise ValueError(f"{argument}: {names[j]} is a combination of {', '.join(others)} (collinear), so their weights "
                             "cannot be told apart; leave one of them out.")
        L[j, j] = np.sqrt(own)
    half = np.linalg.inv(L) / size
    return half.T @ half


def solved(A, c):
    """Weights of many systems at once: ``A (…, k, k)`` and ``c (…, k)`` give ``(…, k)``, NaN where a system is singular."""
    size = np.sqrt(np.einsum("...ii->...i", A))
    with np.errstate(divide="ignore", invalid="ignore"):
        R, r = A / (size[..., :, None] * size[..., None, :]), c / size
        good = np.isfinite(R).all(axis=(-2, -1)) & np.isfinite(r).all(axis=-1)
        k = A.shape[-1]
        R = np.where(good[..., None, None], R, np.eye(k))
        good &= _own_shares(R) >= COLLINEAR
        R = np.where(good[..., None, None], R, np.eye(k))
        b = np.linalg.solve(R, r[..., None])[..., 0] / size
    return np.where(good[..., None], b, np.nan)


def _own_shares(R):
    """The smallest share of its own that any row of a correlation matrix has, given the rows before it."""
    try:
        L = np.linalg.cholesky(R)
    except np.linalg.LinAlgError:  # at least one matrix is singular to the last digit: look at the eigenvalues of each
        return np.linalg.eigvalsh(R)[..., 0]
    return np.square(np.einsum("...ii->...i", L)).min(axis=-1)
