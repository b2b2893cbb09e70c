"""The figure of the states that stay, by demand: where the calm one ends, and how much longer the way back is."""

from itertools import pairwise

import numpy as np

from pebbletrail.figures import INK, MUTED, PALETTE, described, new_figure
from pebbletrail.words import said
from pebbletrail.worlds.circle.curve import Curve
from pebbletrail.worlds.circle.states import fixed_points
from pebbletrail.worlds.circle.tipping import branch, tipping

POINTS = 600
CALM, VICIOUS = PALETTE[2], PALETTE[1]
SOLID, DASHED = "solid: stays if disturbed a little", "dashed: here the way divides"


def fork(world, alt=None):
    """See ``Circle.fork``."""
    curve = Curve(world)
    turns = curve.turns
    right = 1.5 * max([world.demand, *(turn.demand for turn in turns)])
    fig, ax = new_figure(7.5, 4.6)
    for at, (demand, share) in enumerate(pieces(curve)):
        last = at == len(turns)
        colour = INK if not turns or at % 2 else CALM if at == 0 else VICIOUS if last else INK
        ax.plot(demand, 100 * share, color=colour, linestyle="--" if at % 2 else "-", linewidth=1.6 if at % 2 else 2.6)
    for turn in turns:
        _jump(ax, curve, turn, right)
    if len(turns) == 2:
        ax.text(0.02, 0.03, f"{SOLID}\n{DASHED}", transform=ax.transAxes, fontsize=10, color=MUTED, va="bottom")
    ax.axvline(world.demand, color=MUTED, linewidth=1, linestyle=":", zorder=0)
    ax.text(world.demand, 101, "now", color=MUTED, ha="center", va="bottom", fontsize=10)
    for _, row in fixed_points(world).table.iterrows():
        ax.plot([world.demand], [100 * row["upset_share"]], "o", markersize=7, color=INK if row["stable"] else "white",
                markeredgecolor=INK, zorder=4)
    words = "" if len(turns) <= 2 else f"\n({SOLID}; {DASHED})"  # with many turns there is no room inside
    ax.set(xlim=(0, right), ylim=(0, 100), xlabel=f"new calls a seat and round{words}",
           ylabel="callers upset (% of those waiting)")
    return described(fig, alt, _alt(world))


def pieces(curve):
    """(demand, share) along each piece of the curve between its turns: stable, dividing, stable …"""
    edges = [curve.lowest, *(turn.share for turn in curve.turns), curve.highest]
    for low, high in pairwise(edges):
        inner = curve.corners[(curve.corners > low) & (curve.corners < high)]
        share = np.union1d(np.linspace(low, high, POINTS), inner)
        yield curve.demand(share), share


def _jump(ax, curve, turn, right):
    """From where a state is gone to the next one that stays; words at the first end and at the last."""
    up, first, last = turn.kind == "highest", turn is curve.turns[0], turn is curve.turns[-1]
    colour = CALM if first else VICIOUS if last else INK
    others = [share for share in curve.shares_at(turn.demand) if abs(share - turn.share) > 1e-4]
    beyond = [share for share in others if (share > turn.share) == up]
    goal = (min if up else max)(beyond, default=turn.share)
    ax.annotate("", (turn.demand, 100 * goal), (turn.demand, 100 * turn.share),
                arrowprops={"arrowstyle": "-|>", "color": colour, "linewidth": 1.6, "shrinkA": 4, "shrinkB": 4})
    ax.plot([turn.demand], [100 * turn.share], "D" if turn.how == "kink" else "o", color="white", markeredgecolor=colour,
            markersize=9, markeredgewidth=2, zorder=5)
    where = f"{'beyond' if up else 'below'} {said(turn.demand)}\nthe {branch(turn, curve)} state is gone"
    to_right = up or turn.demand < 0.3 * right  # no room on the left
    white = {"boxstyle": "round,pad=0.1", "fc": "white", "ec": "none", "alpha": 0.8}
    ax.annotate(where, (turn.demand, 100 * turn.share), xytext=(14 if to_right else -12, -4 if up else 4),
                textcoords="offset points", ha="left" if to_right else "right", va="top" if up else "bottom", color=colour,
                fontweight="bold", bbox=white if len(curve.turns) > 2 else None)  # where other lines may cross the words


def _alt(world):
    tips = tipping(world)
    start, now = "Curve of the share of callers upset by new calls a seat and round", "A dotted line marks the present"
    if tips.calm_ends is None:
        return f"{start}. It only rises. {now} {said(world.demand)} calls."
    if len(tips.table) == 2:
        calm, vicious = (what.split()[0] for what in tips.table["what"])
        return (f"{start}, bent like an S. The {calm} branch ends at {said(tips.calm_ends)} calls, from where an arrow "
                f"leads up to the {vicious} branch; that one ends, on the way back, at {said(tips.vicious_ends)}, from "
                f"where an arrow leads down. {now} {said(world.demand)}.")
    ends = "; ".join(f"{row['what']} {said(row['demand'])}, an arrow {'up' if 'above' in row['what'] else 'down'}"
                     for _, row in tips.table.iterrows())
    return (f"{start}, which turns {len(tips.table)} times. With arrows to the next state that stays: {ends}. {now} "
            f"{said(world.demand)}.")
