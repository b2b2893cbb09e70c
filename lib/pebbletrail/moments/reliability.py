"""How far items agree (alpha) and how far the members of a group do (intraclass correlation)."""

import numpy as np
import pandas as pd

from pebbletrail.moments.parts import checked_groups
from pebbletrail.moments.sums import merged_sums


def alpha(self, names):
    """Cronbach's alpha of some items, the raw one (from covariances).

    It assumes that the items measure one thing with equal weight and are coded in one direction. From a table of
    correlations without standard deviations it is the standardised alpha.

    Checked against psych's ``alpha`` (raw and standardised) and pingouin's ``cronbach_alpha``.
    """
    if len(names) < 2:
        raise ValueError(f"names: alpha needs at least two items, not {len(names)}.")
    if self.n == 1:
        raise ValueError("One observation has no alpha.")
    block = self.select(names).cov.to_numpy()
    total = block.sum()
    if not total > 0:
        raise ValueError(f"names: the sum of {', '.join(names)} does not vary; is an item coded backwards?")
    return float(len(names) / (len(names) - 1) * (1 - np.trace(block) / total))


def icc(self, names=None, confidence=0.95):
    """Intraclass correlations, ICC(1): the share of a variable's variance that lies between the groups.

    Parameters
    ----------
    names : str or list of str, optional
        Variables; default: all of them.
    confidence : float
        Coverage of the interval.

    Returns
    -------
    DataFrame
        One row a variable: ``term, estimate, ci_low, ci_high``; the F test that there is nothing between the groups, as
        ``statistic, df, df_within, p_value``; ``reliability`` of the mean of a group of size ``size``; ``groups``; ``size``,
        the mean group size n0 = (N − Σn²/N) / (G − 1), which is the group size when all are equal.

    Notes
    -----
    One-way analysis of variance: (MSB − MSW) / (MSB + (n0 − 1) MSW), and (MSB − MSW) / MSB for the reliability of a group
    mean. An estimate may be below 0; it is not cut off. It assumes groups drawn at random and normal residuals of one
    variance. The interval is Wald's (1940, Annals of Mathematical Statistics 11): exact for any sizes, and the usual F
    interval where they are equal; its lower end stops at −1 / (largest size − 1), below which the model has no meaning. The
    estimate counts every row alike and the interval every group by the inverse of its variance, so that with very unequal
    sizes the estimate may lie outside, mostly below: the interval is then stretched to it, and covers a little more than it
    says. A variable that never varies inside a group has an estimate of 1.

    Checked against psych's ``ICC``, pingouin and lme4's REML (equal sizes), statsmodels' analysis of variance (unequal
    sizes), and the coverage of the interval by simulation (very unequal sizes).

    Raises
    ------
    ValueError
        Moments not kept by group, fewer than two groups, no group with two members, a variable that does not vary at all.
    """
    from scipy.special import fdtrc, fdtri

    checked_groups(self, "icc")
    if self._part:
        raise ValueError(f"icc: this is the {self._part} part alone; take the intraclass correlation of the whole moments.")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence: a number between 0 and 1 is needed, not {confidence!r}.")
    chosen = self if names is None else self.select([names] if isinstance(names, str) else names)
    sizes, total, groups = chosen._sizes, chosen.n, len(chosen.labels)
    if groups < 2 or total <= groups:
        raise ValueError(f"icc: {total} observations in {groups} groups; at least 2 groups are needed, and 2 members in one "
                         "of them.")
    size = (total - (sizes**2).sum() / total) / (groups - 1)
    apart = merged_sums(sizes, chosen._means, np.zeros_like(chosen._products), np.zeros(groups, dtype=int), 1)
    between = np.diag(apart[2][0]) / (groups - 1)
    within = np.einsum("gii->i", chosen._products) / (total - groups)
    rounding = (4 * np.finfo(float).eps * apart[1][0]) ** 2
    if (still := (between <= rounding) & (within <= rounding)).any():
        names = ", ".join(str(name) for name, one in zip(chosen.names, still, strict=True) if one)
        raise ValueError(f"icc: {names} does not vary at all.")
    df, df_within, tail = groups - 1, total - groups, (1 + confidence) / 2
    with np.errstate(divide="ignore"):
        statistic = between / within
    estimate = _share(statistic, size)
    apart_means = chosen._means - apart[1][0]
    low, high = (_wald_end(apart_means, sizes, within, quantile)
                 for quantile in (fdtri(df, df_within, tail), fdtri(df, df_within, 1 - tail)))
    low, high = np.minimum(low, estimate), np.maximum(high, estimate)
    return pd.DataFrame({
        "term": list(chosen.names), "estimate": estimate, "ci_low": low, "ci_high": high, "statistic": statistic, "df": df,
        "df_within": df_within, "p_value": fdtrc(df, df_within, statistic), "reliability": _share(statistic, 1),
        "groups": groups, "size": size})


def _share(ratio, size):
    """(F − 1) / (F + size − 1), and 1 where F is infinite; with size 1 the reliability of a group mean."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(np.isinf(ratio), 1.0, (ratio - 1) / (ratio + size - 1))


def _wald_end(means, sizes, within, quantile):
    """The intraclass correlation at which the variance ratio of weighted group means is a quantile of its F distribution.

    With a group mean weighted by the inverse of its variance under that correlation, the ratio is F distributed exactly;
    it falls as the correlation grows, so halving finds the one.
    """
    variables = means.shape[1]
    low, high = np.full(variables, -1 / (sizes.max() - 1)), np.ones(variables)
    n = sizes[:, None].astype(float)
    for _ in range(60):
        middle = (low + high) / 2
        with np.errstate(divide="ignore", invalid="ignore"):  # at the very ends, where halving stops anyway
            weights = n * (1 - middle) / (1 + (n - 1) * middle)
            centre = (weights * means).sum(axis=0) / weights.sum(axis=0)
            above = (weights * (means - centre) ** 2).sum(axis=0) / (len(n) - 1) > quantile * within
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return (low + high) / 2
