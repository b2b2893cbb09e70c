"""The figure of the states that stay, by demand: where the calm one ends, and how much longer the way back is."""

from itertools import pairwise

import numpy as np

from pebbletrail.figures import INK, MUTED, PALETTE, described, new_figure
from pebbletrail.words import said
from pebbletrail.worlds.circle.curve import Curve
from pebbletrail.worlds.circle.states import fixed_points
from pebbletrail.worlds.circle.tipping import tipping

POINTS = 600
CALM, VICIOUS = PALETTE[2], PALETTE[1]


def fork(world, alt=None):
    """See ``Circle.fork``."""
    curve, ends = Curve(world), tipping(world)
    turns = curve.turns
    right = 1.5 * max([world.demand, *(turn.demand for turn in turns)])
    fig, ax = new_figure(7.5, 4.6)
    for at, (demand, share) in enumerate(pieces(curve)):
        last = at == len(turns)
        colour = INK if not turns or at % 2 else CALM if at == 0 else VICIOUS if last else INK
        ax.plot(demand, 100 * share, color=colour, linestyle="--" if at % 2 else "-", linewidth=1.6 if at % 2 else 2.6)
    if turns:
        _words(ax, curve)
    ax.axvline(world.demand, color=MUTED, linewidth=1, linestyle=":", zorder=0)
    ax.text(world.demand, 101, "now", color=MUTED, ha="center", va="bottom", fontsize=10)
    for _, row in fixed_points(world).table.iterrows():
        ax.plot([world.demand], [100 * row["upset_share"]], "o", markersize=7, color=INK if row["stable"] else "white",
                markeredgecolor=INK, zorder=4)
    ax.set(xlim=(0, right), ylim=(0, 100), xlabel="new calls a seat and round", ylabel="callers upset (% of those waiting)")
    return described(fig, alt, _alt(world, ends))


def pieces(curve):
    """(demand, share) along each piece of the curve between its turns: stable, dividing, stable …"""
    edges = [curve.lowest, *(turn.share for turn in curve.turns), curve.highest]
    for low, high in pairwise(edges):
        inner = curve.corners[(curve.corners > low) & (curve.corners < high)]
        share = np.union1d(np.linspace(low, high, POINTS), inner)
        yield curve.demand(share), share


def _words(ax, curve):
    """The way in, the way back, and what is gone where."""
    first, last = curve.turns[0], curve.turns[-1]
    for turn, colour, words, low in ((first, CALM, "the calm state is gone", False),
                                     (last, VICIOUS, "the vicious state is gone", True)):
        others = [share for share in curve.shares_at(turn.demand) if abs(share - turn.share) > 1e-4]
        goal = (min if low else max)(others, default=turn.share)
        ax.annotate("", (turn.demand, 100 * goal), (turn.demand, 100 * turn.share),
                    arrowprops={"arrowstyle": "-|>", "color": colour, "linewidth": 1.6, "shrinkA": 4, "shrinkB": 4})
        ax.plot([turn.demand], [100 * turn.share], "D" if turn.how == "kink" else "o", color="white", markeredgecolor=colour,
                markersize=9, markeredgewidth=2, zorder=5)
        where = f"{'below' if low else 'beyond'} {said(turn.demand)}\n{words}"
        ax.annotate(where, (turn.demand, 100 * turn.share), xytext=(-12, 4) if low else (14, -4), textcoords="offset points",
                    ha="right" if low else "left", va="bottom" if low else "top", color=colour, fontweight="bold")
    ax.text(0.02, 0.03, "solid: stays if disturbed a little\ndashed: here the way divides", transform=ax.transAxes,
            fontsize=10, color=MUTED, va="bottom")


def _alt(world, ends):
    if ends.calm_ends is None:
        return (f"Curve of the share of callers upset by new calls a seat and round. It only rises; a dotted line marks the "
                f"present {said(world.demand)} calls.")
    return (f"Curve of the share of callers upset by new calls a seat and round, bent like an S. The calm branch ends at "
            f"{said(ends.calm_ends)} calls, from where an arrow leads up to the vicious branch; that one ends, on the way "
            f"back, at {said(ends.vicious_ends)}, from where an arrow leads down. A dotted line marks the present "
            f"{said(world.demand)}.")
