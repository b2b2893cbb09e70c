"""How much of a spread comes from luck, and how much from inputs that nobody knows."""

import numpy as np
import pandas as pd

RESAMPLES = 2_000


def shares(values, seed=0):
    """Split the variance of a number into a part between inputs and a part within.

    Parameters
    ----------
    values : array (inputs, repeats)
        A row for each draw of the inputs, with so many lucks of its own; at least two of each.
    seed : int
        Of the resampling behind the intervals.

    Returns
    -------
    DataFrame
        source ("unknown inputs", "luck"), variance, share; ci_low, ci_high of the share.

    Notes
    -----
    One-way analysis of variance with random effects: within the rows is luck; between their means is what inputs do, after
    their share of luck (within / repeats) is taken off; below 0 it is put at 0. The interval is the 95 % one of rows drawn
    again with replacement: it needs a few dozen inputs to be of use. Without any spread the shares are missing.
    """
    values = np.asarray(values, float)
    inputs = len(values)
    between, within = _parts(values.mean(axis=1), values.var(axis=1, ddof=1), values.shape[1])
    again = np.random.default_rng(seed).integers(inputs, size=(RESAMPLES, inputs))
    parts = _parts(values.mean(axis=1)[again], values.var(axis=1, ddof=1)[again], values.shape[1])
    with np.errstate(invalid="ignore"):
        of_inputs, resampled = between / (between + within), parts[0] / sum(parts)
    there = resampled[np.isfinite(resampled)]
    low, high = np.quantile(there, [0.025, 0.975]) if len(there) and np.isfinite(of_inputs) else (np.nan, np.nan)
    return pd.DataFrame({"source": ["unknown inputs", "luck"], "variance": [float(between), float(within)],
                         "share": [of_inputs, 1 - of_inputs], "ci_low": [low, 1 - high], "ci_high": [high, 1 - low]})


def _parts(means, variances, repeats):
    within = variances.mean(axis=-1)
    return np.maximum(means.var(axis=-1, ddof=1) - within / repeats, 0), within
