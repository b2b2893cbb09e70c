"""Whether several coefficients are all 0: one test of them together."""

import numpy as np


def joint(b, V, df, clustered=False):
    """The Wald test that all of ``b`` are 0, as F.

    With few clusters the usual F says "not 0" far too often: scores of G clusters give no more than G − 1 independent
    pieces of V. There W is taken as Hotelling's T², which is F after (df − q + 1) / (df q), as survey programs do by
    default. With one coefficient that changes nothing.

    Parameters
    ----------
    b : array (q,)
    V : array (q, q)
        Their covariance.
    df : float
        Degrees of freedom of what ``V`` was estimated with: with clusters, one less than there are.
    clustered : bool
        Whether ``V`` is clustered.

    Returns
    -------
    (float, (int, float), float)
        F, its degrees of freedom, p; F and p are NaN where ``V`` does not allow it: fewer degrees of freedom than
        coefficients, or coefficients that cannot be told apart.

    Source of the form for clusters: the adjusted Wald test of Stata's ``svy: test``; on when it serves, Korn & Graubard
    (1990), The American Statistician 44, 270–276.
    """
    from scipy.special import fdtrc

    q = len(b)
    free = df - q + 1 if clustered else df
    if df < q or not np.isfinite(V).all() or np.linalg.matrix_rank(V) < q:
        return np.nan, (q, free), np.nan
    statistic = b @ np.linalg.solve(V, b) / q * (free / df)
    return statistic, (q, free), fdtrc(q, free, statistic)
