"""The figure of where the circle goes from every state: two lines, the states that stay, what leads to each."""

import numpy as np

from pebbletrail.figures import INK, MUTED, PALETTE, described, new_figure
from pebbletrail.words import said
from pebbletrail.worlds.circle import plane
from pebbletrail.worlds.circle.round import next_state, path
from pebbletrail.worlds.circle.states import STATE, fixed_points, named

AGENTS, CALLERS = PALETTE[0], PALETTE[4]
GROUND = ("#E3F1EC", "#FBE6D6", "#EEEEEE")  # drains to the first stable state, to the next …
POINT = {"calm": PALETTE[2], "vicious": PALETTE[1], "vicious queue": PALETTE[1]}  # other states are black
DAY = 48  # rounds
VACANT = "Vacant seats: as many everywhere as settle, over months, with so many agents worn."
OFF = 0.12  # how far from where the way divides the two days begin


def portrait(world, alt=None):
    """See ``Circle.portrait``."""
    found = fixed_points(world).table
    fig, ax = new_figure(7.5, 5.2)
    _ground(ax, world, found)
    _arrows(ax, world)
    agents, callers = plane.balance_lines(world)
    for pieces, colour, style, words in ((agents, AGENTS, "-", "as many agents wear out as recover"),
                                         (callers, CALLERS, "--", "as many callers get upset as leave in peace")):
        for at, piece in enumerate(pieces):
            ax.plot(*(100 * piece.T), color=colour, linestyle=style, label=words if at == 0 else None)
    for start, colour, words in _days(world, found):
        day = path(world, start, DAY)
        worn, share = plane.shares(world, day["upset"], day["worn"])
        ax.plot(100 * worn, 100 * share, color=colour, linewidth=1.2, marker=".", markersize=5, label=words, zorder=3)
        ax.plot(100 * worn[:1], 100 * share[:1], "s", color=colour, markersize=6, zorder=3)
    for _, row in found.iterrows():
        x, y = (100 * value for value in plane.shares(world, row["upset"], row["worn"]))
        colour = POINT.get(named(row), INK)
        ax.plot([x], [y], "o", markersize=11, zorder=5, color=colour if row["stable"] else "white", markeredgecolor=colour,
                markeredgewidth=2)
        left = x > 80 / (1 + plane.gap(world))  # close to the right edge the words go to the left of the point, and apart
        up = left and row["kind"] == "vicious"
        ax.annotate(named(row), (x, y), xytext=(-9 if left else 9, 5 if up else -13), textcoords="offset points",
                    ha="right" if left else "left", color=colour, zorder=6, fontweight="bold",
                    bbox={"boxstyle": "round,pad=0.15", "fc": "white", "ec": "none", "alpha": 0.8})
    ax.set(xlim=(0, 100 / (1 + plane.gap(world))), ylim=(0, 100 * plane.TOP), xlabel="agents worn (% of seats)\n",
           ylabel="callers upset (% of those waiting)")
    ax.set_title(f"{said(world.demand)} new calls a seat and round")
    ax.annotate(VACANT, (0, 0), xytext=(0, -52), xycoords="axes fraction", textcoords="offset points", fontsize=9,
                color=MUTED, va="bottom")
    fig.legend(*ax.get_legend_handles_labels(), loc="outside lower center", ncols=3, fontsize=10)
    return described(fig, alt, _alt(found))


def _ground(ax, world, found):
    """Light shades: the states from which each stable state is reached."""
    stable = found[found["stable"]]
    if len(stable) < 2:
        return
    worn, share, places = plane.grid(world, 61, 61)
    goes = plane.ends(world, places.reshape(3, -1), stable[list(STATE)].to_numpy()).reshape(61, 61)
    levels = np.arange(-0.5, len(stable) + 0.5)
    ax.contourf(100 * worn, 100 * share, goes, levels=levels, colors=GROUND[:len(stable)], zorder=0)
    for (_, row), colour in zip(stable.iterrows(), GROUND, strict=False):
        ax.fill([], [], color=colour, label=f"ends {named(row)}")


def _arrows(ax, world):
    """Which way the next rounds go, all of one length."""
    _, _, places = plane.grid(world, 17, 17)
    places = places[:, 1:-1, 1:-1].reshape(3, -1)
    after = next_state(world, places)
    here, there = (np.stack(plane.shares(world, one[0], one[1])) for one in (places, after))
    way = there - here
    length = np.hypot(*way)
    way = way / np.where(length < 1e-9, np.inf, length)
    ax.quiver(*(100 * here), *way, color=MUTED, alpha=0.55, angles="xy", scale=38, width=0.0028, pivot="mid", zorder=1)


def _days(world, found):
    """Two days from either side of where the way divides, each only if it goes where it is said to; else a fresh day."""
    edge = found[found["kind"] == "tipping"]
    if edge.empty:
        return [((0.0, 0.0, 0.0), INK, "a day from a fresh morning")]
    worn, share = plane.shares(world, edge["upset"].iloc[0], edge["worn"].iloc[0])
    most = 1 / (1 + plane.gap(world))  # worn, and then all other seats are vacant
    starts = [plane.state(world, min(way * worn, most), min(way * share, plane.TOP)) for way in (1 - OFF, 1 + OFF)]
    goes = plane.ends(world, np.stack(starts, axis=1), found.loc[found["stable"], list(STATE)].to_numpy())
    days = ((PALETTE[2], "a day that recovers", goes[0] == 0), (PALETTE[1], "a day that slides", goes[1] > 0))
    return [(start, colour, words) for start, (colour, words, so) in zip(starts, days, strict=True) if so]


def _alt(found):
    states = "; ".join(f"{named(row)} at {100 * row['worn']:.0f} % of seats worn and "
                       f"{100 * row['upset_share']:.0f} % of callers upset" for _, row in found.iterrows())
    return ("Map of the circle: agents worn along the bottom, callers upset up the side, arrows for where the next rounds "
            f"go, and two lines, along which agents or callers are in balance. They cross in: {states}. {VACANT}")
