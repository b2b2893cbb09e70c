"""``Moments + Moments``: what may be added, and the fields of the sum."""

import numpy as np

from pebbletrail.moments.from_print import NO_MEANS, NO_SPREADS
from pebbletrail.moments.sums import merged_sums


def joined(one, other):
    """The fields of the moments of both sets of observations together, as a dict."""
    for side in (one, other):
        if side._part:
            raise ValueError(f"A {side._part} part cannot be added, since its groups' means have been taken apart: "
                             f"add the whole moments first, then use .{side._part}().")
        if side._pairs is not None:
            raise ValueError("Pairwise moments cannot be added: their covariances come from unlike rows. "
                             "Make both sides with missing='listwise', or join the rows first.")
    if set(one.names) != set(other.names):
        odd = sorted(set(one.names) ^ set(other.names), key=str)
        raise ValueError(f"Both sides must hold the same variables; only one side holds {', '.join(map(str, odd))}.")
    if one._sizes is None or other._sizes is None:
        raise ValueError("Moments without a sample size cannot be added: nothing says how much each side weighs.")
    if {one.source, other.source} & {NO_MEANS, NO_SPREADS}:
        raise ValueError("A table of correlations without its standard deviations and means cannot be added: their "
                         "differences between the two sides would be lost. Give sd and mean to from_correlations.")
    if (one.labels == (None,)) != (other.labels == (None,)):
        raise ValueError("One side is kept by group and the other is not; make both with the same `by`.")
    other = other.select(one.names)
    place = {label: number for number, label in enumerate(dict.fromkeys([*one.labels, *other.labels]))}
    at = np.array([place[label] for label in (*one.labels, *other.labels)])
    sizes, means, products = merged_sums(
        np.concatenate([one._sizes, other._sizes]), np.concatenate([one._means, other._means]),
        np.concatenate([one._products, other._products]), at, len(place))
    source = " and ".join(dict.fromkeys([*one.source.split(" and "), *other.source.split(" and ")]))
    return {"labels": tuple(place), "source": source, "read": one.read + other.read, "lost": one.lost + other.lost,
            "_sizes": sizes, "_means": means, "_products": products}
