"""Errors and intervals of a path model's coefficients and effects."""

import numpy as np
import pandas as pd

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
    gradients, free = model.equations.gradients(S, model.standardized), model.equations.free(moments.n - moments.absorbed)
    if errors == "cluster":
        if moments.labels == (None,) or len(moments.labels) < 2:
            raise ValueError("errors: 'cluster' needs at least two groups; name their column with by=…, or give Moments kept "
                             "by group.")
        return cluster_covariance(gradients, moments, free), "cluster-robust (CR1)"
    return normal_covariance(gradients, S, moments.n, free), "of a correlation structure" if model.standardized else "classical"


def of_covariance(model, b, V, moments):
    """The ``NUMBERS`` of coefficients (t tests), effects and moderated effects (normal tests, delta method)."""
    from scipy.special import stdtr, stdtrit

    estimates = np.concatenate([b, model.quantities(b)])
    if V is None:
        return _numbers(estimates)
    D = np.vstack([np.eye(len(b)), model.derivatives(b)])
    se = np.sqrt(np.maximum(np.einsum("ij,jk,ik->i", D, V, D), 0))
    free = _free(model, moments, D)
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = np.where(se > 0, estimates / se, np.nan)
    p, half = 2 * stdtr(free, -np.abs(statistic)), se * stdtrit(free, 0.975)
    return _numbers(estimates, se, statistic, np.where(np.isinf(free), np.nan, free), p, estimates - half, estimates + half)


def monte_carlo(model, b, V, replicates, seed):
    """``Drawn`` effects of coefficients drawn from their joint normal distribution (MacKinnon, Lockwood & Williams 2004)."""
    rng = np.random.default_rng(seeds(seed, 1)[0])
    values, axes = np.linalg.eigh(V)
    root = axes * np.sqrt(np.maximum(values, 0))
    draws = b + rng.standard_normal((checked_replicates(replicates), len(b))) @ root.T
    return Drawn(np.column_stack([draws, model.quantities(draws)]))


def with_draws(numbers, drawn):
    """The numbers, with errors, intervals and p values of what combines several coefficients taken from draws."""
    given = _of_draws(numbers["estimate"].to_numpy(), drawn, percentile(drawn.draws))
    return numbers.where(numbers["df"].notna(), given)


def of_replicates(model, b, job, drawn, intervals):
    """The ``NUMBERS`` of everything, from bootstrap replicates."""
    estimates = np.concatenate([b, model.quantities(b)])
    limits = bca(drawn.draws, estimates, job.influences()) if intervals == "bootstrap-bca" else percentile(drawn.draws)
    return _of_draws(estimates, drawn, limits)


def _of_draws(estimates, drawn, limits):
    nothing = np.full(len(estimates), np.nan)
    return _numbers(estimates, np.nanstd(drawn.draws, axis=0, ddof=1), nothing, nothing, two_sided(drawn.draws), *limits)


def _free(model, moments, D):
    """Degrees of freedom: those of its equation for what is one coefficient, infinite for what combines several."""
    own = model.equations.free(moments.n - moments.absorbed)
    single = (np.count_nonzero(D, axis=1) == 1) & (np.abs(D).sum(axis=1) == 1)
    return np.where(single, own[np.argmax(np.abs(D), axis=1)], np.inf)


def _numbers(estimates, *others):
    columns = [estimates, *others] + [np.full(len(estimates), np.nan)] * (len(NUMBERS) - 1 - len(others))
    return pd.DataFrame(dict(zip(NUMBERS, columns, strict=True)))
