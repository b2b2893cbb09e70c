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
            product = next((name for name in (names[j], *others) if ":" in name), None)
            advice = f"centre the factors of {product} first, or leave it out" if product else "leave one of them out"
            raise ValueError(f"{argument}: {names[j]} is a combination of {', '.join(others)} (collinear), so their weights "
                             f"cannot be told apart; {advice}.")
        L[j, j] = np.sqrt(own)
    half = np.linalg.inv(L) / size
    return half.T @ half


def solved(A, c):
    """Weights of many systems at once: ``A (…, k, k)`` and ``c (…, k)`` give ``(…, k)``, NaN where a system is singular.

    Elimination runs through all systems side by side: with thousands of small ones that is several times faster than one
    LAPACK call for each, and its pivots are the shares that say whether a predictor is a combination of those before it.
    """
    k = A.shape[-1]
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        size = np.sqrt(np.ascontiguousarray(np.einsum("...ii->i...", A)))
        # the systems last, so that every inner loop is long
        R = np.ascontiguousarray(np.moveaxis(A, (-2, -1), (0, 1))) / (size[:, None] * size[None])
        r = np.ascontiguousarray(np.moveaxis(c, -1, 0)) / size
        good = np.ones(size.shape[1:], dtype=bool)
        for j in range(k):
            good &= R[j, j] >= COLLINEAR  # false for NaN, too
            for i in range(j + 1, k):
                factor = R[i, j] / R[j, j]
                R[i, j + 1 :] -= factor * R[j, j + 1 :]
                r[i] -= factor * r[j]
        for j in reversed(range(k)):
            r[j] = (r[j] - (R[j, j + 1 :] * r[j + 1 :]).sum(axis=0)) / R[j, j]
        b = np.where(good, r / size, np.nan)
    return np.moveaxis(b, 0, -1)
