"""The index of openness: weights that are seen and can be moved, and how far the order of brands hangs on them."""

from itertools import combinations

import numpy as np
import pandas as pd

from pebbletrail.instruments.openness_parts import INDEX

WEIGHTINGS = 10_000  # drawn at random, every set of weights as likely as any other


def checked_weights(weights):
    """``{part: weight}`` that sum to 1; a ValueError in words where that cannot be."""
    if weights is None:
        return dict.fromkeys(INDEX, 1 / len(INDEX))
    if not isinstance(weights, dict):
        raise ValueError(f"weights: a dict such as {{'answered': 2, 'tone': 1}} is needed, not {type(weights).__name__}.")
    if strange := [name for name in weights if name not in INDEX]:
        raise ValueError(f"weights: {strange[0]!r} is no part of the index; these are: {', '.join(INDEX)}.")
    for name, weight in weights.items():
        number = isinstance(weight, int | float | np.number) and not isinstance(weight, bool | np.bool_)
        if not number or not np.isfinite(weight) or weight < 0:
            raise ValueError(f"weights: {name} has {weight!r}; a number from 0 on is needed.")
    total = float(sum(weights.values()))
    if not total > 0:
        raise ValueError("weights: at least one of them has to be above 0.")
    return {name: float(weights.get(name, 0)) / total for name in INDEX}


def index_of(parts, weights):
    """The index, 0 to 100, of parts (…, parts): NaN where a part that has a weight is missing."""
    used = [at for at, name in enumerate(INDEX) if weights[name] > 0]
    return 100 * (np.asarray(parts)[..., used] @ np.array([weights[INDEX[at]] for at in used]))


def index_table(estimates, draws, sizes, weights):
    """One row a brand, highest first: ``brand, messages, estimate, ci_low, ci_high, note``.

    ``estimates`` has one row a brand and one column a part; ``draws`` holds the resampled parts of each brand.
    """
    rows = []
    for brand in estimates.index:
        value = float(index_of(estimates.loc[brand].to_numpy(), weights))
        missing = [name for name in INDEX if weights[name] > 0 and np.isnan(estimates.loc[brand, name])]
        note = f"no index: {' and '.join(missing)} cannot be told of this brand; give it weight 0" if missing else ""
        low, high = percentiles(index_of(draws[brand], weights)) if not missing else (np.nan, np.nan)
        rows.append({"brand": brand, "messages": sizes[brand], "estimate": value, "ci_low": low, "ci_high": high,
                     "note": note})
    table = pd.DataFrame(rows)
    return table.sort_values("estimate", ascending=False, kind="stable", na_position="last", ignore_index=True)


def pairs_table(table, estimates, draws, weights, seed):
    """One row a pair of brands that have an index: the difference with its interval, and how sure the order is.

    Interval and ``of_resamples`` are NaN where the replicates of one of the two do not differ: too few messages, or too much
    alike, to say.
    """
    brands = list(table["brand"][table["estimate"].notna()])
    rng = np.random.default_rng(seed)
    columns = ("first", "second", "difference", "ci_low", "ci_high", "of_resamples", "of_weightings")
    rows = []
    for first, second in combinations(brands, 2):
        both = [index_of(draws[brand], weights) for brand in (first, second)]
        apart = both[0] - both[1]
        apart = apart[~np.isnan(apart)] if all(map(varies, both)) else np.array([])
        low, high = percentiles(apart)
        rows.append({"first": first, "second": second,
                     "difference": float(index_of(estimates.loc[first], weights) - index_of(estimates.loc[second], weights)),
                     "ci_low": low, "ci_high": high, "of_resamples": above(apart),
                     "of_weightings": weightings_above(estimates.loc[first], estimates.loc[second], rng)})
    return pd.DataFrame(rows, columns=columns)


def percentiles(draws):
    """The middle 95 % of replicates; NaN where they are all alike, since that shows no uncertainty and does not say none."""
    if not varies(draws):
        return np.nan, np.nan
    return tuple(float(end) for end in np.quantile(draws[~np.isnan(draws)], (0.025, 0.975)))


def varies(draws):
    """Whether replicates differ at all; those of one message, or of messages that went alike, do not."""
    draws = draws[~np.isnan(draws)]
    return bool(len(draws)) and np.ptp(draws) >= 1e-9


def above(differences):
    """The share of differences above 0, those of exactly 0 counted half."""
    differences = np.where(np.abs(differences) < 1e-9, 0, differences)
    return float((differences > 0).mean() + 0.5 * (differences == 0).mean()) if len(differences) else np.nan


def weightings_above(first, second, rng):
    """Of random weightings, the share in which the first brand stands above the second.

    Weights are drawn evenly from all sets of weights that sum to 1 (a Dirichlet distribution with all parameters 1), over
    the parts that are known of both brands. A brand that is better in every part is above in all of them.
    """
    difference = (first - second).dropna().to_numpy()
    return above(rng.dirichlet(np.ones(len(difference)), WEIGHTINGS) @ difference)
