"""Errors and intervals of a path model's coefficients and effects."""

import numpy as np
import pandas as pd

from pebbletrail.models.cluster import counted
from pebbletrail.models.equations import cluster_covariance, normal_covariance
from pebbletrail.models.intervals import bca, percentile, two_sided
from pebbletrail.models.replicates import Drawn, checked_replicates, seeds

NUMBERS = ["estimate", "se", "statistic", "df", "p_value", "ci_low", "ci_high"]


def covariance(model, moments, errors, intervals):
    """``(covariance (arrows, arrows) or None where n is unknown, the kind of errors in words)``."""
    if moments.n is None:
        if intervals != "delta" or errors != "classical":
            raise ValueError(f"intervals: {intervals!r} with {errors} errors needs a sample size; this table has none, and "
                             "gives point estimates only.")
        return None, "none"
    if model.standardized and model.products:
        raise ValueError("intervals: standardised coefficients of a model with an interaction have bootstrap intervals "
                         "only; use intervals='bootstrap', or standardized=False.")
    S = moments.cov.to_numpy()
    gradients = model.equations.gradients(S, model.standardized)
    if errors == "cluster":
        rows, groups = counted(moments)
        if moments.labels == (None,) or groups < 2:
            raise ValueError("errors: 'cluster' needs at least two groups; name their column with by=…, or give Moments "
                             "kept by group.")
        # groups are the clusters, so means that were taken out of each do not count again (as in regress)
        V = cluster_covariance(gradients, moments, rows, groups, model.equations.free(rows))
        alone = model.equations.alone(moments)
        V[alone, :] = V[:, alone] = np.nan
        return V, "cluster-robust (CR1)"
    free = model.equations.free(moments.n, max(moments.absorbed, 1))
    told = "of a correlation structure" if model.standardized else "classical"
    return normal_covariance(gradients, S, moments.n, free), told


def of_covariance(model, b, V, moments, errors):
    """The ``NUMBERS``: of coefficients and single arrows by t tests, of products along routes by normal tests (delta)."""
    from scipy.special import stdtr, stdtrit

    estimates = np.concatenate([b, model.quantities(b)])
    if V is None:
        return _numbers(estimates)
    D = np.vstack([np.eye(len(b)), model.derivatives(b)])
    unknown = np.isnan(np.diag(V))  # and with a coefficient's error, that of all it has a part in
    se = np.sqrt(np.maximum(np.einsum("ij,jk,ik->i", D, np.where(np.isnan(V), 0.0, V), D), 0))
    se = np.where((D[:, unknown] != 0).any(axis=1), np.nan, se)
    free = _free(model, moments, errors)
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = np.where(se > 0, estimates / se, np.nan)
    p, half = 2 * stdtr(free, -np.abs(statistic)), se * stdtrit(free, 0.975)
    return _numbers(estimates, se, statistic, np.where(np.isinf(free), np.nan, free), p, estimates - half, estimates + half)


def monte_carlo(model, b, V, replicates, seed):
    """``Drawn`` effects of coefficients drawn from their joint normal distribution (MacKinnon, Lockwood & Williams 2004)."""
    rng = np.random.default_rng(seeds(seed, 1)[0])
    if np.isnan(V).any():
        raise ValueError("intervals: a coefficient that rests on a single group has no error, so 'monte-carlo' cannot draw "
                         "it; intervals='delta' shows which one.")
    values, axes = np.linalg.eigh(V)
    root = axes * np.sqrt(np.maximum(values, 0))
    draws = b + rng.standard_normal((checked_replicates(replicates), len(b))) @ root.T
    return Drawn(np.column_stack([draws, model.quantities(draws)]))


def with_draws(numbers, drawn):
    """The numbers, with errors, intervals and p values of what combines several coefficients taken from draws."""
    given = _of_draws(numbers["estimate"].to_numpy(), drawn, percentile(drawn.draws), two_sided(drawn.draws))
    return numbers.where(numbers["df"].notna(), given)


def of_replicates(model, b, job, drawn, intervals):
    """The ``NUMBERS`` of everything, from bootstrap replicates."""
    estimates = np.concatenate([b, model.quantities(b)])
    if intervals == "bootstrap-bca":
        return _of_draws(estimates, drawn, *bca(drawn.draws, estimates, job.influences(), null=0))
    return _of_draws(estimates, drawn, percentile(drawn.draws), two_sided(drawn.draws))


def _of_draws(estimates, drawn, limits, p_values):
    nothing = np.full(len(estimates), np.nan)
    return _numbers(estimates, np.nanstd(drawn.draws, axis=0, ddof=1), nothing, nothing, p_values, *limits)


def _free(model, moments, errors):
    """Degrees of freedom: the equation's own for what is linear in its coefficients, infinite for products along routes.

    With clusters, the groups less one take the place of the equation's own.
    """
    own = model.equations.free(moments.n, max(moments.absorbed, 1))
    if errors == "cluster":
        own = np.full_like(own, counted(moments)[1] - 1)
    of = dict(zip((outcome for _, outcome in model.equations.arrows), own, strict=True))
    effects = [*model.effects, *(one.effect for one in model.moderated)]
    direct = [all(len(steps) == 1 for steps in effect.routes) for effect in effects]
    return np.array([*own, *(of[one.target] if alone else np.inf for one, alone in zip(effects, direct, strict=True))])


def _numbers(estimates, *others):
    columns = [estimates, *others] + [np.full(len(estimates), np.nan)] * (len(NUMBERS) - 1 - len(others))
    return pd.DataFrame(dict(zip(NUMBERS, columns, strict=True)))
