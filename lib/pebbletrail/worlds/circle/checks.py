"""What a user may ask of the circle: starts, rounds and shocks that make sense."""

import numpy as np

from pebbletrail.worlds.parameters import checked

MOST_ROUNDS = 1_000_000


def check_start(state):
    """Upset callers, worn agents and vacant seats as an array (3, …), or a ValueError that says what is allowed."""
    told = "start: three numbers are needed, per seat: upset callers (from 0), worn agents, vacant seats (together 0 to 1)"
    try:
        values = np.array(state, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{told}, not {state!r}.") from None
    if values.ndim == 0 or values.shape[0] != 3:
        raise ValueError(f"{told}, not {state!r}.")
    if not (np.isfinite(values).all() and (values >= 0).all() and (values[1] + values[2] <= 1 + 1e-12).all()):
        raise ValueError(f"{told}, not {state!r}.")
    return values


def one_start(state):
    """One start, not an array of them."""
    values = check_start(state)
    if values.ndim != 1:
        raise ValueError(f"start: one state of three numbers is needed, not an array of shape {values.shape}.")
    return values


def check_rounds(rounds):
    return checked("rounds", rounds, 1, MOST_ROUNDS, whole=True)


def check_shock(shock, rounds):
    """(first round, rounds, calls per seat and round) or None."""
    if shock is None:
        return None
    told = "shock: (first round, how many rounds, more calls a seat and round) is needed, as in (49, 12, 0.4)"
    if not isinstance(shock, (tuple, list)) or len(shock) != 3:
        raise ValueError(f"{told}, not {shock!r}.")
    first = checked("shock, first round", shock[0], 1, rounds, whole=True)
    lasts = checked("shock, how many rounds", shock[1], 1, MOST_ROUNDS, whole=True)
    return first, lasts, checked("shock, more calls a seat and round", shock[2], 0, 100)
