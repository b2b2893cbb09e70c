"""One round for very many agents: what becomes of upset callers, worn agents and vacant seats.

All is counted per seat. Agents and callers are in one of a few states and meet at random, so with more and more agents the
drawn world (``chance``) comes as near to these equations as one likes: a density-dependent Markov chain and its limit
(Kurtz 1970). Nothing is left out and nothing is closed by an assumption.
"""

import numpy as np
import pandas as pd

STEP = 1e-30  # of the complex step: a derivative without the rounding of a difference
STATE = ("upset", "worn", "vacant")
COLUMNS = ("round", *STATE, "new", "waiting", "calls", "solved", "lost")


def chance_of_solving(world, worn, upset):
    """The probability that a call ends well: by a fresh or worn agent (0, 1), for a calm or upset caller (0, 1)."""
    tone = 1 - world.rub * worn * (1 - upset)  # a worn agent's tone upsets a calm caller, even where the problem is solved
    return world.resolve * (1 - world.worn_loss * worn) * (1 - world.upset_loss * upset) * tone


def strain(world):
    """The probability that a fresh agent is worn after a call with an upset caller."""
    return world.drain * (1 - world.autonomy * world.relief)


def flows(world, upset, worn, vacant, extra=0.0, queue=None):
    """What happens in a round, per seat, and the next state.

    Parameters
    ----------
    upset, worn, vacant : float or arrays of one shape
        Upset callers waiting, seats whose agent is worn, vacant seats; all per seat, before the round.
    extra : float
        New calls beyond ``world.demand``.
    queue : bool, optional
        Take the side of the kink: True where more callers wait than agents can answer. By default the lesser of the two.

    Returns
    -------
    dict
        next_upset, next_worn, next_vacant, and new, waiting, calls, solved, lost.
    """
    new = world.demand + extra
    waiting, seated = new + upset, 1 - vacant
    able = seated * (1 - world.breaks)
    if isinstance(waiting + able, float):  # one state: numpy would take ten times as long
        lesser, some = min(waiting, able), seated or 1.0
    else:
        lesser, some = np.minimum(waiting, able), np.where(seated == 0, 1.0, seated)
    # ``some``: with nobody there, nobody answers: 0 / 1
    calls = lesser if queue is None else able if queue else waiting
    mood = upset / waiting
    busy, tired = calls / some, worn / some
    fresh_hand = (1 - mood) * chance_of_solving(world, 0, 0) + mood * chance_of_solving(world, 0, 1)
    calm_by_worn = chance_of_solving(world, 1, 0)
    worn_hand = (1 - mood) * calm_by_worn + mood * chance_of_solving(world, 1, 1)
    solved = calls * ((1 - tired) * fresh_hand + tired * worn_hand)
    drained = (seated - worn) * busy * mood * strain(world)
    recovery = (world.breaks * world.rest + (1 - world.breaks - busy) * world.lull
                + busy * (1 - mood) * calm_by_worn * world.thanks)
    still = worn + drained - worn * recovery
    quits = world.quit * still
    return {"next_upset": world.returns * (waiting - solved), "next_worn": still - quits,
            "next_vacant": vacant + quits - world.hire * vacant, "new": new, "waiting": waiting, "calls": calls,
            "solved": solved, "lost": (1 - world.returns) * (waiting - solved)}


def next_state(world, state, queue=None):
    """The next state; ``state``: array (3,) or (3, …) of upset, worn, vacant."""
    after = flows(world, *state, queue=queue)
    return np.stack([after["next_upset"], after["next_worn"], after["next_vacant"]])


def jacobian(world, state, queue):
    """The derivative (3, 3) of the next state by the state, on one side of the kink; exact but for rounding."""
    moved = np.asarray(state, complex)[:, None] + 1j * STEP * np.eye(3)
    return next_state(world, moved, queue).imag / STEP


def path(world, start, rounds, shock=None):
    """The rounds from a start on, as a table; see ``Circle.path``."""
    extra = extra_calls(shock, rounds).tolist()
    rows = np.empty((rounds, len(COLUMNS)))
    state = tuple(map(float, start))
    for at in range(rounds):
        after = flows(world, *state, extra=extra[at])
        rows[at] = (at + 1, *state, *(after[name] for name in COLUMNS[4:]))
        state = after["next_upset"], after["next_worn"], after["next_vacant"]
    return pd.DataFrame(rows, columns=COLUMNS).astype({"round": int})


def extra_calls(shock, rounds):
    """The calls per seat that a shock adds in each round (rounds,)."""
    extra = np.zeros(rounds)
    if shock is not None:
        first, lasts, more = shock
        extra[first - 1:first - 1 + lasts] = more
    return extra
