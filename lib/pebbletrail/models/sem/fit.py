"""How well a structural equation model reproduces the covariances, in lavaan's definitions."""

import numpy as np
import pandas as pd

MEASURES = ["chi2", "df", "p_value", "cfi", "tli", "rmsea", "rmsea_low", "rmsea_high", "srmr", "aic", "bic", "loglik",
            "unknowns", "discrepancy", "chi2_baseline", "df_baseline"]
GUIDES = {"cfi": 0.95, "rmsea": 0.06, "srmr": 0.08}  # Hu and Bentler (1999)


def implied(matrices):
    """Covariances ``(of the indicators, of the constructs)`` that ``(Λ, B, Ψ, Θ)`` imply."""
    L, B, P, T = matrices
    total = np.linalg.inv(np.eye(len(B)) - B)
    C = total @ P @ total.T
    return L @ C @ L.T + T, C


def fit_indices(R, reproduced, unknowns, n, sd):
    """Measures of fit.

    Parameters
    ----------
    R, reproduced : array (p, p)
        Observed correlations, and the model's in the same units; None where the search for them did not settle.
    unknowns : int
        Estimated parameters.
    n : int or None
    sd : array (p,)
        Standard deviations with the divisor n: the likelihood is that of the data in their own units.

    Returns
    -------
    Series
        Of ``MEASURES``. The baseline is the model in which nothing goes with anything. Without n: only ``df``, ``srmr``,
        ``unknowns`` and ``discrepancy`` (χ² is n times that). The RMSEA's interval is one of 90 %.

    Notes
    -----
    semopy gives χ² and, without single indicators, CFI as here (with one, a CFI of 1 whatever the data), but no SRMR, a
    RMSEA with n − 1 in the place of n, and AIC and BIC of the discrepancy in the place of the likelihood. Checked against
    lavaan.
    """
    p = len(R)
    found = dict.fromkeys(MEASURES, np.nan)
    found["df"], found["df_baseline"] = p * (p + 1) // 2 - unknowns, p * (p - 1) // 2
    found["unknowns"] = unknowns
    if reproduced is None:
        return pd.Series(found, name="fit", dtype=float)
    lower = np.tril_indices(p)
    found["srmr"] = np.sqrt(np.mean((R - reproduced)[lower] ** 2))
    fit = np.linalg.slogdet(reproduced)[1] + np.trace(np.linalg.solve(reproduced, R))
    found["discrepancy"] = max(fit - np.linalg.slogdet(R)[1] - p, 0.0)
    if n is not None:
        found |= _of_sample(found, R, fit, n, sd)
    return pd.Series(found, name="fit", dtype=float)


def _of_sample(found, R, fit, n, sd):
    from scipy.special import chdtrc

    chi2, df, k = n * found["discrepancy"], found["df"], found["unknowns"]
    base, df_base = -n * np.linalg.slogdet(R)[1], found["df_baseline"]
    beyond, beyond_base = max(chi2 - df, 0.0), max(base - df_base, chi2 - df, 0.0)
    loglik = -n / 2 * (len(R) * np.log(2 * np.pi) + 2 * np.log(sd).sum() + fit)
    low, high = _noncentral(chi2, df) if df > 0 else (0.0, 0.0)
    usable = df > 0 and df_base > 0 and base > df_base
    return {
        "chi2": chi2, "p_value": chdtrc(df, chi2) if df > 0 else np.nan,
        "cfi": 1 - beyond / beyond_base if beyond_base > 0 else 1.0,
        "tli": (base / df_base - chi2 / df) / (base / df_base - 1) if usable else 1.0 if df == 0 else np.nan,
        "rmsea": np.sqrt(beyond / (n * df)) if df > 0 else 0.0,
        "rmsea_low": np.sqrt(low / (n * max(df, 1))), "rmsea_high": np.sqrt(high / (n * max(df, 1))),
        "loglik": loglik, "aic": 2 * (k - loglik), "bic": k * np.log(n) - 2 * loglik, "chi2_baseline": base,
    }


def _noncentral(chi2, df, level=0.90):
    """Limits of the noncentrality that χ² leaves: where it stands at the upper and at the lower end of its distribution."""
    from scipy.optimize import brentq
    from scipy.special import chndtr

    limits, most = [], 4 * chi2 + 10 * df + 100
    for end in ((1 + level) / 2, (1 - level) / 2):
        inside = chndtr(chi2, df, 0.0) > end
        limits.append(brentq(lambda more, end=end: chndtr(chi2, df, more) - end, 0.0, most) if inside else 0.0)
    return limits
