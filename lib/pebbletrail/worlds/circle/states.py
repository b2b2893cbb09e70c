"""The states in which the circle stays: which there are, what they are called, and whether a disturbance dies out."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pebbletrail.shown import Shown
from pebbletrail.words import said
from pebbletrail.worlds.circle.curve import Curve
from pebbletrail.worlds.circle.round import STATE, flows, jacobian

BORDER = 1e-9  # calls a seat: nearer than this to where all agents are busy, both sides of the kink are looked at
PER_DAY = 48  # rounds of ten minutes


@dataclass(frozen=True, repr=False)
class FixedPoints(Shown):
    """All states that one round leaves as they are, for very many agents.

    Attributes
    ----------
    table : DataFrame
        kind (``calm``; ``tipping``: the way divides there; ``vicious``; ``between``: stable, between two tipping points;
        ``only``: this world has but one state, whatever the demand); upset, worn, vacant, waiting, calls (per seat and
        round); upset_share (of the callers waiting); queue (callers wait in vain); stable; eigenvalue (the largest
        modulus); halving (rounds until half of a small disturbance is left, vacancies included; infinite where it
        grows); halving_within_day (the same as long as vacancies stand still).
    text : str

    Notes
    -----
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
        states = [f"{_named(row)} ({said(row['upset'])} upset callers a seat, {said(100 * row['worn'])} % of seats worn, "
                  f"{said(100 * row['vacant'])} % vacant)" for _, row in stable.iterrows()]
        if len(states) < 2:
            return f"{told} there is one stable state: {states[0] if states else 'none'}."
        edge = self.table[~self.table["stable"]].iloc[0]
        return (f"{told} there are {len(states)} stable states: {'; '.join(states)}. Between them the way divides near "
                f"{said(edge['upset'])} upset callers a seat with {said(100 * edge['worn'])} % of seats worn.")


def _named(row):
    return {"calm": "calm", "vicious": "vicious", "only": "one for every demand"}.get(row["kind"], "one in between")


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
