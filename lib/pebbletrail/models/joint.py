"""Whether several coefficients are all 0: one test of them together."""

import numpy as np


def joint(b, V, df):
    """The Wald test that all of ``b`` are 0, as F.

    Parameters
    ----------
    b : array (q,)
    V : array (q, q)
        Their covariance.
    df : float
        Degrees of freedom of what ``V`` was estimated with.

    Returns
    -------
    (float, (int, float), float)
        F, its degrees of freedom, p; F and p are NaN where ``V`` does not allow it: fewer degrees of freedom than
        coefficients, or coefficients that cannot be told apart.
    """
    from scipy.special import fdtrc

    if df < len(b) or not np.isfinite(V).all() or np.linalg.matrix_rank(V) < len(b):
        return np.nan, (len(b), df), np.nan
    statistic = b @ np.linalg.solve(V, b) / len(b)
    return statistic, (len(b), df), fdtrc(len(b), df, statistic)
