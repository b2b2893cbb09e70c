"""Explorer of page 5: a day of agents and callers, from the morning on, and where the circle takes it.

Simulated throughout, for very many agents: it shows what a mechanism would do, and is evidence for nothing.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pebbletrail.explorers.explorer import Explorer, Scene, slider
from pebbletrail.figures import INK, MUTED, PALETTE, new_figure
from pebbletrail.words import said
from pebbletrail.worlds.circle import plane
from pebbletrail.worlds.circle.round import flows
from pebbletrail.worlds.circle.states import fixed_points, named
from pebbletrail.worlds.circle.world import PER_DAY, Circle

AGENTS, CALLERS = PALETTE[0], PALETTE[1]
KINDS = ("calm", "between", "vicious", "only")  # of stable states, by the branch they lie on
COLOURS = {"calm": PALETTE[2], "vicious": PALETTE[1], "vicious queue": PALETTE[1]}  # other states are black
STATES = {"calm": "a calm one ({})", "strained": "a strained one, everybody answered but many upset ({})",
          "overloaded": "an overloaded one, in which callers wait in vain and most give up ({})",
          "vicious": "a vicious one ({})",
          "vicious queue": "a vicious one with few agents worn ({}: the queue feeds itself, as callers who wait in vain "
                           "call again and are harder to help)"}
PATIENCE = 12 * PER_DAY  # rounds after which a day is called undecided
CLEAR = 0.05  # nearer than this to a stable state, in both shares, and the way is clear


@dataclass(frozen=True)
class Day:
    """A day from this morning and from a fresh one, in shares of agents worn and of callers upset."""

    demand: float
    morning: float  # share of the agents who arrive worn
    states: pd.DataFrame  # as in ``FixedPoints.table``
    agents_line: list
    callers_line: list
    worn: np.ndarray  # (PER_DAY + 1, 2): this morning, a fresh one
    upset: np.ndarray
    ends: tuple  # kind of the state each of the two goes to, or None
    goes: tuple  # what that state is called, or None

    @property
    def stable(self):
        return self.states[self.states["stable"]]


def spend(demand, breaks, autonomy, resolve, drain, morning):
    """The day, round by round, and where it would go if the lines never closed."""
    world = Circle(demand=round(demand, 6), breaks=breaks / 100, autonomy=round(autonomy, 6), resolve=resolve / 100,
                   drain=drain / 100)
    states = fixed_points(world).table
    vacant = states["vacant"].iloc[0]  # as many seats as in the calmest state
    mornings = (morning / 100, 0.0) if morning else (0.0,)
    days, goals = [], []
    for share in mornings:
        day = [(0.0, share * float(1 - vacant), float(vacant))]
        for _ in range(PER_DAY):
            day.append(_next(world, day[-1]))
        days.append(day)
        goals.append(_goal(world, day[-1], states))
    both = [0, -1]  # a fresh morning is both
    days = np.array(days)[both]
    goals = [goals[at] for at in both]
    worn, upset = (part.T for part in plane.shares(world, days[:, :, 0], days[:, :, 1]))
    return Day(demand, morning / 100, states, *plane.balance_lines(world), worn, upset,
               *(tuple(goal and goal[name] for goal in goals) for name in ("kind", "called")))


def _next(world, state):
    """The next round of one state, as plain numbers: ten times as fast as arrays."""
    after = flows(world, *state)
    return after["next_upset"], after["next_worn"], after["next_vacant"]


def _goal(world, state, states):
    """The stable state that is reached, or None; where there is one there is no question."""
    stable = [{"kind": row["kind"], "called": named(row), "at": (row["worn"], row["upset_share"])}
              for row in states[states["stable"]].to_dict("records")]
    if len(stable) == 1:
        return stable[0]
    for at in range(PATIENCE):
        if at % 20 == 0:
            here = plane.shares(world, *state[:2])
            for one in stable:
                if max(abs(here[0] - one["at"][0]), abs(here[1] - one["at"][1])) < CLEAR:
                    return one
        state = _next(world, state)
    return None


class Circles(Scene):
    """Left: where the circle goes. Right: the hours of the day.

    The two lines stand for vacant seats as they settle over months, so that they cross in the states that stay. The day
    begins with the vacant seats of the calmest state, whatever the morning: nobody has quit overnight.
    """

    def __init__(self):
        self.fig, spare = new_figure(9.6, 4.4)
        spare.remove()
        left, right = self.fig.subplots(1, 2, width_ratios=[1.15, 1])
        (self.agents,) = left.plot([], [], color=AGENTS, linewidth=1.3, label="as many agents wear out as recover")
        (self.callers,) = left.plot([], [], color=CALLERS, linewidth=1.3, linestyle="--",
                                    label="as many callers get upset as leave in peace")
        (self.day,) = left.plot([], [], ".-", color=INK, linewidth=1, markersize=4, label="this day, from the square on")
        (self.start,) = left.plot([], [], "s", color=INK, markersize=8, clip_on=False)
        self.dots = {kind: left.plot([], [], "o", color=INK, markersize=10, zorder=5)[0]
                     for kind in KINDS}
        (self.edge,) = left.plot([], [], "o", color="white", markeredgecolor=INK, markeredgewidth=2, markersize=10, zorder=5)
        self.words = {kind: left.text(0, 0, "", zorder=6, fontweight="bold", color=INK,
                                      bbox={"boxstyle": "round,pad=0.1", "fc": "white", "ec": "none", "alpha": 0.8})
                      for kind in (*KINDS, "tipping")}
        left.set(xlim=(0, 100), ylim=(0, 100), xlabel="agents worn (% of seats)\n",
                 ylabel="callers upset (% of those waiting)")
        left.annotate("The two lines: vacant seats as they settle over months.", (0, 0), xytext=(0, -52), fontsize=9,
                      xycoords="axes fraction", textcoords="offset points", color=MUTED, va="bottom")
        (self.upset_hours,) = right.plot([], [], color=CALLERS, label="callers upset (% of those waiting)")
        (self.worn_hours,) = right.plot([], [], color=AGENTS, linestyle="--", label="agents worn (% of seats)")
        (self.fresh_hours,) = right.plot([], [], color=MUTED, linewidth=1.2, linestyle=":",
                                         label="callers upset, had all arrived fresh")
        right.set(xlim=(0, 8), ylim=(0, 100), xlabel="hours since the lines opened", ylabel="%")
        for ax in (left, right):
            ax.spines[["top", "right"]].set_visible(False)
            ax.legend(loc="lower left", bbox_to_anchor=(-0.02, 1.0), fontsize=9, borderaxespad=0.2)
        self.moving = [self.agents, self.callers, self.day, self.start, *self.dots.values(), self.edge, *self.words.values(),
                       self.upset_hours, self.worn_hours, self.fresh_hours]

    def update(self, result):
        for line, pieces in ((self.agents, result.agents_line), (self.callers, result.callers_line)):
            gap = np.full((1, 2), np.nan)
            line.set_data(*(100 * np.concatenate([part for piece in pieces for part in (piece, gap)] or [gap]).T))
        self.day.set_data(100 * result.worn[:, 0], 100 * result.upset[:, 0])
        self.start.set_data(100 * result.worn[:1, 0], 100 * result.upset[:1, 0])
        self._points(result.states)
        hours = 8 * np.arange(PER_DAY + 1) / PER_DAY
        self.upset_hours.set_data(hours, 100 * result.upset[:, 0])
        self.worn_hours.set_data(hours, 100 * result.worn[:, 0])
        self.fresh_hours.set_data(hours, 100 * result.upset[:, 1])

    def _points(self, states):
        for artist in (*self.dots.values(), self.edge):
            artist.set_data([], [])
        for text in self.words.values():
            text.set_text("")
        for kind, rows in states.groupby("kind"):
            at = 100 * rows[["worn", "upset_share"]].to_numpy()
            (self.edge if kind == "tipping" else self.dots[kind]).set_data(*at.T)
            below = -6 if kind != "tipping" else 2  # calm and tipping may be close: their words go apart
            # no room on the right; and a day that turns does so on the right of the point where the way divides
            far = at[0, 0] > 70 or (kind == "tipping" and at[0, 0] > 32)
            self.words[kind].set(position=(at[0, 0] + (-3 if far else 3), max(at[0, 1] + below, 1)),
                                 horizontalalignment="right" if far else "left")
            called = named(rows.iloc[0])
            self.words[kind].set_text("the way divides" if kind == "tipping" else called)
            if kind != "tipping":
                for artist in (self.dots[kind], self.words[kind]):
                    artist.set_color(COLOURS.get(called, INK))

    def alt(self, result):
        points = "; ".join(f"{'a point where the way divides' if row['kind'] == 'tipping' else named(row)} at "
                           f"{_percent(row['worn'])} of agents worn and {_percent(row['upset_share'])} of callers upset"
                           for _, row in result.states.iterrows())
        return (f"Left, a map of agents worn and callers upset, with {points}, and the path of the day. Right, the hours of "
                f"the day: callers upset go from 0 to {_percent(result.upset[-1, 0])}, agents worn from "
                f"{_percent(result.worn[0, 0])} to {_percent(result.worn[-1, 0])}.")

    def sentence(self, result):
        told = [STATES[named(row)].format(f"{_percent(row['worn'])} of seats with a worn agent, "
                                          f"{_percent(row['upset_share'])} of callers upset")
                for _, row in result.stable.iterrows()]
        here, fresh = result.goes
        count = {1: "is one stable state", 2: "are two stable states"}.get(len(told), f"are {len(told)} stable states")
        states = f"At {said(result.demand)} new calls a seat and round there {count}: {' and '.join(told)}."
        day = (f"after eight hours {_percent(result.worn[-1, 0])} are worn and {_percent(result.upset[-1, 0])} of callers "
               f"upset; {_goes(here)}.")
        if result.morning == 0:
            return f"{states} From a fresh morning: {day}"
        other = "a fresh morning would go the same way" if fresh == here else f"from a fresh morning {_goes(fresh)}"
        return (f"{states} From a morning on which {_percent(result.morning)} arrive worn: {day} "
                f"{other[0].upper()}{other[1:]}.")


def _percent(share):
    return "under 1 %" if 0 < share < 0.005 else f"{100 * share:.0f} %"


def _goes(called):
    if called is None:
        return "which way it goes is not decided even after twelve days"
    return "it runs on to the vicious state" if "vicious" in called else f"it settles in the {called} state"


def circle():
    """Move the load, the breaks, the agents' freedom and the morning, and see where the day goes."""
    controls = {
        "demand": slider("new calls", "a seat and ten minutes", 0.3, 0.8, 0.55, 0.01),
        "breaks": slider("breaks", "% of rounds", 0, 40, 10, 1),
        "autonomy": slider("autonomy", "0: script, 1: free hand", 0, 1, 0.0, 0.1),
        "resolve": slider("solved at the first contact, when fresh", "%", 70, 95, 85, 1),
        "drain": slider("an upset caller wears out a fresh agent", "%", 2, 40, 15, 1),
        "morning": slider("agents who arrive worn", "%", 0, 95, 30, 5),
    }
    return Explorer(controls, spend, Circles(), "Does the day settle, or run away?")
