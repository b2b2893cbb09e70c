"""The inputs of the decision model: what each means, its range by default, and how a value is drawn from a range."""

import math
import numbers
from dataclasses import dataclass

import numpy as np

from pebbletrail.moments.checks import meant

SHAPES = ("pert", "triangular")
PEAK = 4.0  # how much more a PERT range trusts its likely value than its ends


@dataclass(frozen=True)
class Input:
    """An input: its range by default (low, likely, high; all of them assumed), its limits, unit and meaning."""

    default: tuple
    limits: tuple
    unit: str
    meaning: str


SHARE, EUROS = (0.0, 1.0), (0.0, math.inf)
INPUTS = {
    "problems": Input((8_000, 10_000, 12_000), (0.0, math.inf), "customers", "customers with a problem in a year"),
    "complain": Input((0.25, 0.35, 0.45), SHARE, "share", "of them, those who complain today"),
    "speak_up": Input((0.0, 0.05, 0.15), SHARE, "share", "of those silent today, who complain when handling is better"),
    "satisfied_now": Input((0.40, 0.45, 0.50), SHARE, "share", "of complainers, satisfied with the handling today"),
    "satisfied_better": Input((0.50, 0.60, 0.70), SHARE, "share", "of complainers, satisfied with better handling"),
    "leave_no_problem": Input((0.06, 0.08, 0.10), SHARE, "share", "leave within a year, of customers without a problem"),
    "leave_silent": Input((0.12, 0.18, 0.24), SHARE, "share", "leave within a year, of those who had one and kept silent"),
    "leave_satisfied": Input((0.08, 0.12, 0.16), SHARE, "share", "leave within a year, of complainers who were satisfied"),
    "leave_unsatisfied": Input((0.22, 0.30, 0.38), SHARE, "share", "leave within a year, of complainers who were not"),
    "causal_share": Input((0.0, 0.5, 1.0), SHARE, "share", "of the difference in leaving, what handling itself makes; the "
                          "rest is who complains, and who is easily satisfied"),
    "margin": Input((150, 250, 350), EUROS, "euros a year", "margin of a customer"),
    "discount": Input((0.05, 0.08, 0.11), SHARE, "a year", "discount rate"),
    "cost": Input((4, 8, 12), EUROS, "euros", "what better handling of one complaint costs more than today's"),
    "ordinary_cost": Input((6, 10, 14), EUROS, "euros", "what a complaint costs today; those that come on top cost it too"),
    "fixed_cost": Input((0, 0, 0), EUROS, "euros a year", "what better handling costs however many complain"),
    "told": Input((0, 0, 0), EUROS, "people", "whom an unsatisfied complainer tells more than a satisfied or silent one"),
    "lost_by_word": Input((0, 0, 0), SHARE, "share", "of those told, customers lost by it"),
}


def read_ranges(given):
    """``{name: (low, likely, high)}`` of all inputs, those not given at their default.

    Raises
    ------
    ValueError
        An input that there is not; a range that is none, or leaves its limits.
    """
    for name in given:
        if name not in INPUTS:
            raise ValueError(f"{name}: there is no such input; there are {', '.join(INPUTS)}.{meant(name, INPUTS)}")
    return {name: _range(name, given[name]) if name in given else tuple(map(float, one.default))
            for name, one in INPUTS.items()}


def _range(name, value):
    known = isinstance(value, numbers.Real) and not isinstance(value, bool)
    if not known and not (isinstance(value, tuple | list | np.ndarray) and len(value) == 3 and all(
            isinstance(one, numbers.Real) and not isinstance(one, bool) for one in value)):
        raise ValueError(f"{name}: a number that is known, or a range (low, likely, high) is needed, not {value!r}.")
    low, likely, high = (float(value),) * 3 if known else map(float, value)
    least, most = INPUTS[name].limits
    if not (math.isfinite(low + likely + high) and least <= low and high <= most):
        limits = f"from {least:g} to {most:g}" if math.isfinite(most) else f"{least:g} or more"
        raise ValueError(f"{name}: every number must be {limits}, not {value!r}. It is: {INPUTS[name].meaning}.")
    if not low <= likely <= high:
        raise ValueError(f"{name}: a range rises: (low, likely, high), not {value!r}.")
    return low, likely, high


def quantile(shape, span, u):
    """The values of a range at given shares of its distribution, ``u`` from 0 to 1."""
    low, likely, high = span
    if high == low:
        return np.full(np.shape(u), likely)
    place = (likely - low) / (high - low)
    if shape == "pert":
        from scipy.special import betaincinv

        return low + (high - low) * betaincinv(1 + PEAK * place, 1 + PEAK * (1 - place), u)
    below = u < place
    with np.errstate(invalid="ignore"):
        return low + (high - low) * np.where(below, np.sqrt(u * place), 1 - np.sqrt((1 - u) * (1 - place)))


def share_below(span, values):
    """The share of a PERT range's distribution that lies below some values: the inverse of ``quantile``."""
    from scipy.special import betainc

    low, likely, high = span
    place = (likely - low) / (high - low)
    return betainc(1 + PEAK * place, 1 + PEAK * (1 - place), (np.asarray(values) - low) / (high - low))


def mean(shape, span):
    """The mean of a range's distribution."""
    low, likely, high = span
    peak = PEAK if shape == "pert" else 1.0
    return (low + peak * likely + high) / (2 + peak)


def drawn(ranges, shape, draws, seed, progress):
    """``{name: array (draws,)}``; each input has luck of its own, whatever the ranges of the others."""
    luck = {name: np.random.SeedSequence(seed, spawn_key=(place,)) for place, name in enumerate(INPUTS)}
    found = {}
    for name, span in ranges.items():
        found[name] = quantile(shape, span, np.random.default_rng(luck[name]).random(draws))
        progress.add()
    return found
