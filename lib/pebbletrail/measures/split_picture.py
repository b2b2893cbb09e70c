"""The outcomes of a high and a low group as two hills."""

from math import log, log1p, sqrt

import numpy as np

from pebbletrail.figures import INK, MUTED, PALETTE, new_figure
from pebbletrail.measures.normal_orthants import both_above
from pebbletrail.measures.split import percent
from pebbletrail.words import said

WIDE = 3.6  # standard deviations to either side that are drawn at least
BEYOND = 2.6  # and so many to either side of the two means


def densities(split, z):
    """Heights of the high and of the low group's hill at outcomes ``z`` standard deviations from the mean of all.

    For a log-normal outcome ``z`` is its logarithm, in standard deviations of the logarithm from the mean of that.
    """
    from scipy.special import ndtr, ndtri

    h = -ndtri(split.part)
    normal = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    first, *more = split.correlations
    over = sqrt(1 - first**2)
    if not more:
        return tuple(normal * ndtr((sign * first * z - h) / over) / split.size for sign in (1, -1))
    second, between = more
    beyond = sqrt(1 - second**2)
    partial = (between - first * second) / over / beyond
    return tuple(normal * both_above((h - sign * first * z) / over, (h - sign * second * z) / beyond, partial) / split.size
                 for sign in (1, -1))


def places(split):
    """``(mean of the high group, mean of the low one, outcome zero or None)`` on the axis of ``densities``."""
    if split.shape == "normal":
        return split.high, split.low, None if split.cv is None else -1 / split.cv
    s = sqrt(log1p(split.cv**2))
    return *(log(mean) / s + s / 2 for mean in split.means), None  # a logarithm has no place for zero


def two_hills(split):
    """``(figure, what it shows)``: hills over the outcome, their means dashed, zero dotted where it is near.

    A log-normal outcome stands on an axis where equal steps multiply: there its hills are bells, however skewed it is.
    """
    fig, ax = new_figure(7.5, 3.3)
    *means, zero = places(split)
    left, right = min(-WIDE, min(means) - BEYOND), max(WIDE, max(means) + BEYOND)
    z = np.linspace(left, right, 401)
    told = [said(mean).replace("-", "−") for mean in (split.means if split.shape == "log-normal" else means)]
    for height, mean, word, name, colour in zip(densities(split, z), means, told, ("high", "low"), PALETTE[:2], strict=True):
        ax.plot(z, height, color=colour, label=f"{name} group: mean {word}")
        ax.fill_between(z, height, color=colour, alpha=0.15, linewidth=0)
        ax.plot([mean, mean], [0, np.interp(mean, z, height)], color=colour, linewidth=1.6, linestyle="--")
    ax.set_ylim(0, 1.18 * ax.get_ylim()[1])
    if zero is not None and zero >= left:
        ax.axvline(zero, color=INK, linewidth=1.2, linestyle=":")
        ax.text(zero, ax.get_ylim()[1], " outcome 0", color=INK, fontsize=9.5, va="top")
    ax.set(xlim=(left, right), yticks=[], xlabel="outcome, in standard deviations from the mean of all units")
    if split.shape == "log-normal":
        _outcomes(ax, split.cv)
    ax.spines["left"].set_visible(False)
    ax.spines["bottom"].set_color(MUTED)
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, frameon=False)  # above: no hill reaches there
    return fig, (f"Two hills of outcomes: the high group with its mean at {told[0]}, the low group at {told[1]}. "
                 f"{percent(split.share_high)} percent of the high group lie above the median of all units.")


def _outcomes(ax, cv):
    """Names the places on the axis by the outcomes themselves."""
    s = sqrt(log1p(cv**2))
    ticks = np.arange(np.ceil(ax.get_xlim()[0]), ax.get_xlim()[1])
    digits = 2 if cv > 0.3 else 3
    ax.set_xticks(ticks, [f"{np.exp(s * tick - s**2 / 2):.{digits}g}" for tick in ticks])
    ax.set_xlabel("outcome (the mean of all units is 1; equal steps multiply)")
