"""The within and the between part of moments by group."""

import numpy as np

from pebbletrail.moments.sums import centred_sums

ROUNDING = 1e-13  # of the values' size: what varies by less does not vary, as far as the digits can tell


def within_fields(whole):
    """What changes in ``Moments`` when each group's own mean is taken out, as a dict."""
    checked_groups(whole, "within")
    if whole._part == "within":
        return {}
    n, mean, products = whole._whole()
    # a variable whose variation inside groups is but rounding (x less its own deviations, say) has none
    still = np.einsum("gii->i", whole._products) <= n * ROUNDING**2 * (mean**2 + np.diag(products) / n)
    own = np.where(still[:, None] | still, 0.0, whole._products)
    return {"_means": np.zeros_like(whole._means), "_products": own, "_part": "within", "_taken": len(whole.labels)}


def between_fields(whole):
    """What changes in ``Moments`` when each group becomes one observation, its mean, as a dict."""
    checked_groups(whole, "between")
    if whole._part == "within":
        raise ValueError("between: these are deviations from the groups' means, so nothing is left between the groups.")
    groups = len(whole.labels)
    if groups < 2:
        raise ValueError("between: there is one group only; at least 2 are needed.")
    sizes, means, products = centred_sums(whole._means, np.zeros(groups, dtype=int), 1)
    return {"labels": (None,), "_sizes": sizes, "_means": means, "_products": products, "_part": "between"}


def checked_groups(moments, wanted):
    """Refuse moments that are not kept by group, naming what was ``wanted`` of them."""
    if moments._sizes is None:
        raise ValueError(f"{wanted}: the sample size is unknown, so there are no groups; a printed table of correlations "
                         "has none. Make the moments of rows, with by=.")
    if moments.labels == (None,):
        raise ValueError(f"{wanted}: these moments are not kept by group; make them with by=, the column of the groups.")


def told(moments):
    """In words: where moments come from, what was done to them, and what happened to missing values."""
    kinds = set(moments.source.split(" and "))
    if not kinds <= {"rows", "rows of a table"}:
        return moments.source
    whence = {1: " of a table", 2: ", some of them of a table"}[len(kinds)] if "rows of a table" in kinds else ""
    rows = f"{moments.read:,} rows{whence}"
    if moments._group:
        rows = f"{moments.read:,} rows of the group {moments._group}{whence if len(kinds) == 1 else ''}"
    if moments.lost:
        rows += f", {moments.lost:,} of them left out for missing values (listwise)"
    if moments._part == "between":
        return f"means of {moments.n:,} groups, {rows}"
    if moments._part == "within":
        one = moments.labels == (None,) or moments._taken == 1
        groups = "mean of the group" if one else f"means of {moments._taken:,} groups"
        return f"deviations from the {groups}, {rows}"
    if moments._pairs is not None:
        least, most = moments._pairs.min(), moments._pairs.max()
        counted = f"{least:,}" if least == most else f"{least:,} to {most:,}"
        return f"{rows}, pairwise: each covariance from {counted} rows; errors use the smallest"
    return rows
