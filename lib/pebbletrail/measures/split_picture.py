"""The outcomes of a high and a low group as two hills."""

from math import log, sqrt

import numpy as np

from pebbletrail.figures import INK, MUTED, PALETTE, new_figure
from pebbletrail.measures.normal_orthants import both_above
from pebbletrail.words import said

WIDE = 3.6  # standard deviations to either side that are drawn


def densities(split, z):
    """Heights of the high and of the low group's hill at outcomes ``z`` standard deviations from the mean of all.

    For a log-normal outcome ``z`` is its logarithm, in standard deviations of the logarithm.
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


def two_hills(split):
    """``(figure, what it shows)``: hills over the outcome, their means dashed, zero dotted where it is near."""
    fig, ax = new_figure(7.5, 3.2)
    z = np.linspace(-WIDE, WIDE, 301)
    x, tall, unit = z, 1.0, "outcome, in standard deviations from the mean of all units"
    if split.shape == "log-normal":
        s = sqrt(log(1 + split.cv**2))
        x = np.exp(s * z - s**2 / 2)  # the mean of all is 1
        tall, unit = 1 / (s * x), "outcome (the mean of all units is 1)"
    means = split.means if split.shape == "log-normal" else (split.high, split.low)
    told = [said(mean).replace("-", "−") for mean in means]
    for height, mean, word, colour in zip(densities(split, z), means, told, PALETTE[:2], strict=True):
        name = "high" if colour == PALETTE[0] else "low"
        ax.plot(x, height * tall, color=colour, label=f"{name} group: mean {word}")
        ax.fill_between(x, height * tall, color=colour, alpha=0.15, linewidth=0)
        ax.plot([mean, mean], [0, np.interp(mean, x, height * tall)], color=colour, linewidth=1.6, linestyle="--")
    ax.set_ylim(0, 1.1 * ax.get_ylim()[1])
    zero = 0.0 if split.shape == "log-normal" else None if split.cv is None else -1 / split.cv
    if zero is not None and zero >= -WIDE:
        ax.axvline(zero, color=INK, linewidth=1.2, linestyle=":")
        ax.text(zero, ax.get_ylim()[1], " outcome 0", color=INK, fontsize=9.5, va="top")
    right = x[-1] if split.shape == "normal" else max(3.0, 2 * max(means))
    ax.set(xlabel=unit, yticks=[], xlim=(min(x[0], 0) if split.shape == "log-normal" else -WIDE, right))
    ax.spines["left"].set_visible(False)
    ax.spines["bottom"].set_color(MUTED)
    ax.legend(loc="upper right")
    return fig, (f"Two hills of outcomes: the high group with its mean at {told[0]}, the low group at {told[1]}. "
                 f"{said(100 * split.share_high)} percent of the high group lie above the median of all units.")
