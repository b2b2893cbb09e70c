"""``Moments + Moments``: what may be added, and the fields of the sum."""

import numpy as np

from pebbletrail.moments.from_print import NO_MEANS, NO_SPREADS
from pebbletrail.moments.levels import refuse_unlike_kinds
from pebbletrail.moments.range import checked_range
from pebbletrail.moments.sums import merged_sums
from pebbletrail.moments.terms import dummies_in


def joined(one, other):
    """The fields of the moments of both sets of observations together, as a dict."""
    for side in (one, other):
        if side._part:
            raise ValueError(f"A {side._part} part cannot be added, since its groups' means have been taken apart: "
                             f"add the whole moments first, then use .{side._part}().")
        if side._pairs is not None:
            raise ValueError("Pairwise moments cannot be added: their covariances come from unlike rows. "
                             "Make both sides with missing='listwise', or join the rows first.")
    if one._sizes is None or other._sizes is None:
        raise ValueError("Moments without a sample size cannot be added: nothing says how much each side weighs.")
    if {one.source, other.source} & {NO_MEANS, NO_SPREADS}:
        raise ValueError("A table of correlations without its standard deviations and means cannot be added: their "
                         "differences between the two sides would be lost. Give sd and mean to from_correlations.")
    if (one.labels == (None,)) != (other.labels == (None,)):
        raise ValueError("One side is kept by group and the other is not; make both with the same `by`.")
    refuse_unlike_kinds(one.labels, other.labels)
    names, levels = _variables(one, other)
    place = {label: number for number, label in enumerate(dict.fromkeys([*one.labels, *other.labels]))}
    at = np.array([place[label] for label in (*one.labels, *other.labels)])
    sizes = np.concatenate([one._sizes, other._sizes])
    means, products = (np.concatenate(pair) for pair in zip(_filled(one, names), _filled(other, names), strict=True))
    with np.errstate(over="ignore", invalid="ignore"):  # refused by name when it is done
        sizes, means, products = merged_sums(sizes, means, products, at, len(place))
    checked_range(names, sizes, means, products)
    source = " and ".join(dict.fromkeys([*one.source.split(" and "), *other.source.split(" and ")]))
    return {"names": names, "labels": tuple(place), "source": source, "read": one.read + other.read,
            "lost": one.lost + other.lost, "_sizes": sizes, "_means": means, "_products": products, "_levels": levels,
            "_group": one._group if one._group == other._group else ""}


def _variables(one, other):
    """``(names, levels)`` of the sum. Names that one side lacks must be dummies of levels that it has not: they are 0 there.

    That is so where both sides leave out the same level. Where they do not, each side's dummies are measured from another
    level, and a fit of the sum would take the two for one.
    """
    names = tuple(dict.fromkeys([*one.names, *other.names]))
    known = {column: tuple(dict.fromkeys([*one._levels.get(column, ()), *other._levels.get(column, ())]))
             for column in [*one._levels, *other._levels]}
    dummies = dummies_in(names, known)
    levels = {column: known[column] for made in dummies.values() for column, _ in made}
    for column in levels:
        left, right = one._levels.get(column, ()), other._levels.get(column, ())
        if left[:1] != right[:1]:
            raise ValueError(f"C({column}): {_unlike(column, left, right)}")
    odd = set()
    for side in (one, other):
        there = set(side.names)
        zero = {name for name, made in dummies.items() if any(level not in side._levels[column] for column, level in made)}
        odd |= {name for name in names if name not in there and name not in zero}
    if odd:
        raise ValueError(f"Both sides must hold the same variables; only one side holds {', '.join(sorted(map(str, odd)))}.")
    return names, levels


def _unlike(column, left, right):
    if not (left and right):
        return "only one side tells the levels that its dummies stand for; make both sides of rows, or join the rows first."
    both = next((level for level in left if level in right), None)
    advice = "" if both is None else (f"make both of rows in which {column!r} is a Categorical whose first category both "
                                      f"have, such as {both}, or ")
    return (f"one side has the levels {_told(left)}, the other {_told(right)}, and the dummies leave out the first, which "
            f"is not the same; {advice}join the rows first.")


def _told(levels):
    return ", ".join(levels[:6]) + (", …" if len(levels) > 6 else "")


def _filled(side, names):
    """Means and products of ``names``, in that order; 0 where a name is not there."""
    if names == side.names:
        return side._means, side._products
    place = {name: number for number, name in enumerate(names)}
    at = np.array([place[name] for name in side.names])
    means = np.zeros((len(side.labels), len(names)))
    products = np.zeros((len(side.labels), len(names), len(names)))
    means[:, at] = side._means
    products[:, at[:, None], at] = side._products
    return means, products
