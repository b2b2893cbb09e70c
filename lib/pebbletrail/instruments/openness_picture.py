"""The picture of openness: a row for each part, a mark with its interval for each brand."""

from textwrap import fill, shorten

import numpy as np

from pebbletrail.figures import INK, MUTED, PALETTE, new_figure
from pebbletrail.instruments.openness_parts import INDEX, PARTS
from pebbletrail.measures.kappa import percent

MARKS = "osD^vP*X<>dh"
ACROSS = 70  # characters of the names of brands in one line
LONGEST = 40  # characters of one of them
STEP = 0.17  # between the brands of a row
SHARES = tuple(part for part in PARTS if part != "median_hours")


def profile_picture(found):
    """The figure of an ``Openness``."""
    brands = list(found.index["brand"])
    rows = found.table.set_index(["brand", "part"])
    across = min(STEP, 0.8 / len(brands))
    fig, ax = new_figure(8.4, 1.7 + max(0.45, 0.22 * len(brands)) * (len(SHARES) + 1))
    places = {part: at for at, part in enumerate(SHARES)}
    bottom, keys = len(SHARES) + 0.3, []
    for number, brand in enumerate(brands):
        line = found.index[found.index["brand"] == brand].iloc[0]
        dots = [(places[part], rows.loc[(brand, part)]) for part in SHARES]
        dots.append((bottom, line[["estimate", "ci_low", "ci_high"]] / 100))
        look = {"color": PALETTE[number % len(PALETTE)], "zorder": 2}
        shift = across * (number - (len(brands) - 1) / 2)
        keys.append(ax.plot([], [], MARKS[number % len(MARKS)], markersize=7, **look)[0])
        for place, row in dots:
            if np.isnan(row["estimate"]):
                continue
            if np.isfinite(row["ci_low"]):
                ax.plot([row["ci_low"], row["ci_high"]], [place + shift] * 2, linewidth=1.6, alpha=0.6, **look)
            ax.plot(row["estimate"], place + shift, MARKS[number % len(MARKS)], markersize=7, **look)
    ax.axhline(len(SHARES) - 0.35, color=MUTED, linewidth=0.8)
    titles = [rows.loc[(brands[0], part), "title"] for part in SHARES]
    told = [f"{fill(title, 36)}\n" + (f"weight {percent(found.weights[part])}" if part in INDEX else "not in the index")
            for part, title in zip(SHARES, titles, strict=True)]
    ax.set_yticks([*range(len(SHARES)), bottom], [*told, "index"])
    ax.set(xlim=(-0.02, 1.02), ylim=(bottom + 0.5, -0.6))
    ax.set_xticks(np.linspace(0, 1, 6), [f"{value:.0%}".replace("%", " %") for value in np.linspace(0, 1, 6)])
    ax.set_xlabel("share of messages (lowest row: index of 100), with 95 % intervals", color=INK)
    ax.grid(axis="x", color=MUTED, alpha=0.25)
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.tick_params(axis="y", length=0, labelsize=9.5)
    named = [_named(line, rows) for _, line in found.index.iterrows()]
    columns = min(3, max(1, ACROSS // max(map(len, named))))
    ax.legend(keys, named, loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=columns, frameon=False, fontsize=9.5)
    return fig


def _named(line, rows):
    """A brand with its number of messages and its median time, which no share shows."""
    hours = rows.loc[(line["brand"], "median_hours"), "estimate"]
    median = "not reached" if np.isnan(hours) else f"{hours:.3g} h"
    return f"{shorten(line['brand'], LONGEST, placeholder='…')} ({line['messages']:,}; median {median})"


def alternative(found):
    """The figure in words."""
    rows = found.table.set_index(["brand", "part"])
    parts = []
    for line in found.index.itertuples():
        shares = ", ".join(f"{part} {percent(rows.loc[(line.brand, part), 'estimate'])}" for part in SHARES
                           if not np.isnan(rows.loc[(line.brand, part), "estimate"]))
        index = "no index" if np.isnan(line.estimate) else f"index {line.estimate:.0f} of 100"
        parts.append(f"{line.brand}: {index}; {shares}")
    return f"A row for each part of openness, with a mark and its interval for each brand. {'. '.join(parts)}."


def ranking_picture(found):
    """The index of each brand with its interval, highest on top: what moves as weights are moved."""
    index = found.index
    fig, ax = new_figure(7.0, 1.2 + 0.5 * len(index))
    order = list(found.draws)
    for at, row in enumerate(index.itertuples()):
        colour = PALETTE[order.index(row.brand) % len(PALETTE)]
        if np.isnan(row.estimate):
            ax.text(2, at, "no index", color=MUTED, va="center")
            continue
        ax.barh(at, row.estimate, color=colour, alpha=0.35, height=0.7)
        if np.isfinite(row.ci_low):
            ax.plot([row.ci_low, row.ci_high], [at, at], color=colour)
        ax.text(102, at, f"{row.estimate:.0f}", va="center")
    ax.set(xlim=(0, 110), ylim=(len(index) - 0.5, -0.5), xlabel="index of openness, 0 to 100, with 95 % intervals",
           xticks=range(0, 101, 20))
    ax.set_yticks(range(len(index)), [shorten(brand, LONGEST, placeholder="…") for brand in index["brand"]])
    ax.tick_params(axis="y", length=0)
    ax.spines[["top", "right", "left"]].set_visible(False)
    return fig
