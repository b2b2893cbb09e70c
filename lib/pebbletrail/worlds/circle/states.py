"""The states in which the circle stays: which there are, what they are called, and whether a disturbance dies out."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pebbletrail.shown import Shown
from pebbletrail.words import said
from pebbletrail.worlds.circle.curve import Curve
from pebbletrail.worlds.circle.round import STATE, flows, jacobian
from pebbletrail.worlds.circle.world import PER_DAY

BORDER = 1e-9  # calls a seat: nearer than this to where all agents are busy, both sides of the kink are looked at
UPSET = 0.4  # a state is called calm only below this share of callers upset
FEW = 1 / 3  # fewer of the agents worn than this, and a vicious state is called one of the queue


@dataclass(frozen=True, repr=False)
class FixedPoints(Shown):
    """All states that one round leaves as they are, for very many agents.

    Attributes
    ----------
    table : DataFrame
        kind: the branch of the curve on which the state lies (``calm``: the lower one, before the first tipping point;
        ``vicious``: the upper one, beyond the last; ``tipping``: the way divides there; ``between``: stable, between two
        tipping points; ``only``: nothing tips in this world, so that it has one branch); upset, worn, vacant, waiting,
        calls (per seat and round); upset_share (of the callers waiting); queue (callers wait in vain); stable; eigenvalue
        (the largest modulus); halving and halving_within_day (rounds, see below; infinite where a disturbance grows).
    text : str
        Names each state by what goes on in it, and not by its branch; see ``named``.

    Notes
    -----
    ``halving_within_day`` answers: some more callers are upset this morning; in how many rounds is half of that gone? Vacant
    seats are taken to stand still, as in a day they nearly do: 11 rounds in the calm state at the defaults, under two hours.
    ``halving`` lets vacant seats move too, and tells how fast what lasts longest fades. At the defaults that is vacancies:
    with some more seats vacant it takes 747 rounds, 16 working days, until half of that is gone, as seats fill slowly.

    A state is stable if all eigenvalues of the derivative of a round are below 1 in modulus. A round has a kink where
    callers begin to wait in vain; on it (within 1e-9 calls a seat) this must hold for the derivatives on both sides. The
    states themselves come from ``Curve``, which misses none. Checked against tests/oracles/circle.R (eigenvalues of
    differences), MINPACK from many starts, and iteration from 45 starts in each of ten worlds, which ended nowhere else. In
    3,000 worlds at random every state where the curve rises with demand was stable, and no other.
    """

    world: object
    table: pd.DataFrame

    def state(self, kind):
        """Upset, worn, vacant of the state of this kind: a start for ``path`` and ``draw``; None where there is none."""
        rows = self.table[self.table["kind"] == kind]
        return None if rows.empty else tuple(map(float, rows.iloc[0][list(STATE)]))

    @property
    def calm(self):
        return self.state("calm")

    @property
    def vicious(self):
        return self.state("vicious")

    @property
    def tipping(self):
        return self.state("tipping")

    @property
    def text(self):
        told = f"At {said(self.world.demand)} calls a seat and round"
        stable = self.table[self.table["stable"]]
        states = [f"{named(row)} ({said(row['upset'])} upset callers a seat, {said(100 * row['worn'])} % of seats worn, "
                  f"{said(100 * row['vacant'])} % vacant)" for _, row in stable.iterrows()]
        if not states:
            return f"{told} the circle is just tipping: no state is stable."
        if len(states) == 1:
            return f"{told} there is one stable state: {states[0]}. {_lasting(stable.iloc[0])}"
        edges = [f"{said(row['upset'])} upset callers a seat with {said(100 * row['worn'])} % of seats worn"
                 for _, row in self.table[~self.table["stable"]].iterrows()]
        return (f"{told} there are {len(states)} stable states: {'; '.join(states)}. Between them the way divides near "
                f"{', and near '.join(edges)}. {_lasting(stable.iloc[0])}")


def named(row):
    """What a state is called in words, by what goes on in it.

    ``calm``: everybody is answered, and fewer than ``UPSET`` (40 %) of the callers are upset; ``strained``: everybody is
    answered, and more are upset; ``overloaded``: callers wait in vain, and fewer than 40 % are upset, as most give up;
    ``vicious``: callers wait in vain, and more are upset; ``vicious queue``: the same with fewer than a third of the agents
    there worn, so that it is first of all the callers who call again that fill the lines.
    """
    if row["kind"] == "tipping":
        return "here the way divides"
    if row["upset_share"] < UPSET:
        return "overloaded" if row["queue"] else "calm"
    if not row["queue"]:
        return "strained"
    return "vicious queue" if row["worn"] < FEW * (1 - row["vacant"]) else "vicious"


def _lasting(row):
    """How long a small disturbance of a state lasts."""
    day, slow = row["halving_within_day"], row["halving"]
    return (f"Push the {named(row)} state a little: half of the push is gone after {said(day)} rounds ({said(day / 6)} "
            f"hours) as long as the vacant seats stand still; with vacant seats that move too, half of what lasts longest "
            f"is gone after {said(slow)} rounds ({said(slow / PER_DAY)} working days).")


def fixed_points(world):
    """See ``Circle.fixed_points``."""
    curve = Curve(world)
    rows = [_row(world, curve, share) for share in curve.shares_at(world.demand)]
    return FixedPoints(world, pd.DataFrame(rows))


def _row(world, curve, share):
    state = curve.state(share)
    happens = flows(world, *state)
    able = (1 - state[2]) * (1 - world.breaks)
    over = happens["waiting"] - able
    sides = (False, True) if abs(over) < BORDER else (bool(over > 0),)
    sizes = [_sizes(jacobian(world, state, side)) for side in sides]
    largest, within = (max(size) for size in zip(*sizes, strict=True))
    return {"kind": _kind(curve, share), **dict(zip(STATE, map(float, state), strict=True)),
            "waiting": float(happens["waiting"]), "calls": float(happens["calls"]), "upset_share": float(share),
            "queue": sides[-1], "stable": bool(largest < 1), "eigenvalue": largest, "halving": _halving(largest),
            "halving_within_day": _halving(within)}


def _sizes(derivative):
    """The largest modulus of the eigenvalues, and the same with vacancies held still."""
    return tuple(float(np.abs(np.linalg.eigvals(part)).max()) for part in (derivative, derivative[:2, :2]))


def _halving(largest):
    return float("inf") if largest >= 1 else 0.0 if largest == 0 else float(np.log(0.5) / np.log(largest))


def _kind(curve, share):
    """By the place on the curve: where it rises with demand a state may last, where it falls the way divides."""
    turns = [turn.share for turn in curve.turns]
    if not turns:
        return "only"
    passed = sum(turn < share for turn in turns)
    if passed % 2 or share in turns:
        return "tipping"
    return {0: "calm", len(turns): "vicious"}.get(passed, "between")
