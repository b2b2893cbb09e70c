"""Curves of staying as steps, with their bands, and how many are still watched."""

from textwrap import shorten

import numpy as np

from pebbletrail.figures import INK, MUTED, PALETTE, described, new_figure
from pebbletrail.words import said

MOST = 6  # curves that can be told apart
DASHES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 1)))
BANDS = 3  # curves whose bands can be told apart
LONG = 16  # letters of a group's name beside its counts
COUNTS = 6  # times at which those still watched are counted


def figure(found, alt):
    """See ``Survival.figure``."""
    groups = list(found.medians["group"])
    if len(groups) > MOST:
        raise ValueError(f"figure: {len(groups)} curves cannot be told apart (at most {MOST}); show .medians instead.")
    last = max(watched[-1] for watched in found._watched.values())
    fig, ax = new_figure(7.2, 4.0 + 0.2 * len(groups))
    ends = []
    for place, group in enumerate(groups):
        curve, watched = found.table[found.table["group"] == group], found._watched[group]
        colour = PALETTE[place]
        times = np.append(curve["time"], watched[-1])
        shares = {name: 100 * np.append(curve[name], curve[name].iloc[-1]) for name in ("staying", "ci_low", "ci_high")}
        if len(groups) <= BANDS:
            ax.fill_between(times, shares["ci_low"], shares["ci_high"], step="post", color=colour, alpha=0.14, linewidth=0)
        ax.step(times, shares["staying"], where="post", color=colour, linestyle=DASHES[place], linewidth=2, label=group)
        gone = curve.set_index("time")["left"]
        seen, counts = np.unique(watched, return_counts=True)
        open_ended = seen[counts > gone.reindex(seen).fillna(0).to_numpy()]
        heights = found.at(open_ended)
        ax.plot(open_ended, 100 * heights.loc[heights["group"] == group, "staying"], "|", color=colour, markersize=8)
        ends.append((group, shares["staying"][-1]))
    ax.axhline(50, color=MUTED, linewidth=0.8, linestyle=":", zorder=0)
    ax.set(ylim=(0, 103), ylabel="still there (%)", xlim=(0, last * 1.02 or 1))
    _counts(ax, found, groups, last)
    if found.by is not None:
        fig.legend(*ax.get_legend_handles_labels(), loc="outside upper left", ncols=min(len(groups), 3), fontsize=10,
                   frameon=False, title=found.by, title_fontsize=10, alignment="left")
    told = "; ".join(f"{group}: down to {said(share)} %" for group, share in ends)
    return described(fig, alt, f"Share still there by {found.time}, as falling steps. At the end {told}. {found.text}")


def _counts(ax, found, groups, last):
    """Below the axis, how many of each group are still watched at some of its times."""
    ticks = [tick for tick in ax.get_xticks() if 0 <= tick <= last]
    ticks = ticks[:: max(1, -(-len(ticks) // COUNTS))]
    ax.set_xticks(ticks)
    ax.set_xlabel(found.time, labelpad=4)
    table = found.at(ticks)
    below = {"xycoords": ("data", "axes fraction"), "textcoords": "offset points", "fontsize": 9, "annotation_clip": False}
    ax.annotate("still watched", (0, 0), xytext=(-22, -46), ha="right", color=INK, **below)
    for place, group in enumerate(groups):
        down, colour = -46 - 13 * (place + (found.by is not None)), PALETTE[place]
        if found.by is not None:
            name = shorten(group, LONG, placeholder=" …")
            ax.annotate(name, (0, 0), xytext=(-22, down), ha="right", color=colour, **below)
        for tick, count in table[table["group"] == group][["time", "at_risk"]].itertuples(index=False):
            ax.annotate(f"{count:,}", (tick, 0), xytext=(0, down), ha="center", color=colour, **below)
