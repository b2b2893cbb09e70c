"""The floodlight: a slope with its band along a moderator, and where the rows lie."""

import numpy as np

from pebbletrail.figures import INK, MUTED, PALETTE, STYLE, described, new_figure
from pebbletrail.words import said

SIGNS = {"positive": PALETTE[2], "negative": PALETTE[1]}
WIDE = 2.5  # standard deviations to each side, where the moderator's range is unknown


def figure(light, alt):
    """See ``Floodlight.figure``."""
    low, high = _span(light)
    z = np.linspace(low, high, 200)
    line = light.at(z)
    fig, ax = new_figure(7.2, 4.6 if light._values is not None else 3.9)
    below = None
    if light._values is not None:
        ax.remove()
        ax, below = _two(fig)
    ax.axhline(0, color=INK, linewidth=1, zorder=1)
    ax.fill_between(z, line["ci_low"], line["ci_high"], color=MUTED, alpha=0.22, linewidth=0, zorder=1,
                    label=f"95 % interval, {light.band}")
    ax.plot(z, line["estimate"], color=INK, linewidth=2, zorder=3, label=f"slope of {light.predictor}")
    seen = []
    for _, row in light.regions.iterrows():
        part = (z > row["low"]) & (z < row["high"])
        if part.any():
            ax.fill_between(z, line["ci_low"], line["ci_high"], where=part, color=SIGNS[row["sign"]], alpha=0.35,
                            linewidth=0, zorder=2, label=f"excludes 0, {row['sign']}" if row["sign"] not in seen else None,
                            hatch="//" if row["sign"] == "positive" else "\\\\", edgecolor="white")
            seen.append(row["sign"])
    shown = [edge for edge in light.edges if low < edge < high]
    for edge in shown:
        left = edge < shown[-1] or edge > low + 0.9 * (high - low)  # the number stands where there is room
        ax.axvline(edge, color=MUTED, linewidth=1.1, linestyle="--", zorder=1)
        ax.annotate(light.placed(edge), (edge, 1), xycoords=("data", "axes fraction"), xytext=(-4 if left else 4, -2),
                    textcoords="offset points", va="top", ha="right" if left else "left", fontsize=10, color=INK)
    ax.set_xlim(low, high)
    ax.set_ylabel(f"{light.outcome} for one more\nof {light.predictor}")
    if below is None:
        ax.set_xlabel(f"{light.moderator} (mean ± {WIDE:g} SD; its range is not known)")
    else:
        _rows(below, light)
        ax.tick_params(labelbottom=False)
    fig.legend(*ax.get_legend_handles_labels(), loc="outside upper left", ncols=2, fontsize=10, frameon=False)
    ends = line.iloc[[0, -1]]
    words = (f"The slope of {light.predictor} on {light.outcome} along {light.moderator}, a straight line with a band, from "
             f"{said(ends['estimate'].iloc[0])} at {light.placed(low)} to {said(ends['estimate'].iloc[1])} at "
             f"{light.placed(high)}. "
             f"{light.where}")
    return described(fig, alt, words)


def _span(light):
    if light.observed is not None:
        return light.observed
    middle = light.table.set_index("at")[light.moderator]
    mean, sd = middle["mean"], middle["mean + 1 SD"] - middle["mean"]
    return mean - WIDE * sd, mean + WIDE * sd


def _two(fig):
    import matplotlib as mpl

    with mpl.rc_context(STYLE):
        return fig.subplots(2, 1, sharex=True, height_ratios=(4, 1))


def _rows(ax, light):
    """How many rows lie where: a bar for each value where there are few, a histogram otherwise."""
    values = light._values
    there, counts = np.unique(values, return_counts=True)
    if len(there) <= 25:
        width = 0.6 * np.diff(there).min() if len(there) > 1 else 1.0
        ax.bar(there, counts, width=width, color=PALETTE[5])
    else:
        ax.hist(values, bins=25, color=PALETTE[5], edgecolor="white", linewidth=0.4)
    ax.set(xlabel=light.moderator, ylabel="rows")
