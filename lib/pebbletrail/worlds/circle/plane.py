"""The circle in a plane: share of seats worn, and share of the waiting callers who are upset.

The third number, vacant seats, moves over weeks where the other two move within hours. In the plane it stands where it would
settle for that many worn agents, so that the lines cross exactly in the states that stay.
"""

import numpy as np

from pebbletrail.worlds.circle.round import next_state

CELLS = 80  # of the grid on which the lines are looked for, each way
TOP = 0.98  # the greatest share of callers upset that is shown
ARRIVED = 0.01  # nearer than this, in both shares, a start has arrived
LONGEST = 50_000  # rounds, about four years


def gap(world):
    """Vacant seats for each worn agent, once settled."""
    return world.quit / (1 - world.quit) / world.hire


def shares(world, upset, worn):
    """(share of seats worn, share of callers upset) of upset callers and worn agents per seat."""
    return worn, upset / (world.demand + upset)


def state(world, worn, share):
    """(upset, worn, vacant) per seat, of a place in the plane; arrays as they come."""
    worn, share = np.broadcast_arrays(np.asarray(worn, float), np.asarray(share, float))
    return np.stack([world.demand * share / (1 - share), worn, gap(world) * worn])


def grid(world, across, up):
    """Shares worn (across,), shares upset (up,), their states (3, up, across)."""
    worn = np.linspace(0, 1 / (1 + gap(world)), across)
    share = np.linspace(0, TOP, up)
    return worn, share, state(world, worn[None, :], share[:, None])


def balance_lines(world):
    """Where agents are in balance (as many wear out as recover), and where callers are (as many get upset as leave happy).

    Returns
    -------
    two lists of arrays (n, 2)
        Share worn and share upset along each piece of a line.
    """
    from contourpy import contour_generator

    worn, share, places = grid(world, CELLS, CELLS)
    moves = next_state(world, places) - places
    # callers are measured against how many there are, so that the line is as clear at the bottom as at the top
    callers, agents = moves[0] / (world.demand + places[0]), moves[1]
    return tuple(contour_generator(worn, share, field).lines(0.0) for field in (agents, callers))


def ends(world, states, stable, near=ARRIVED, longest=LONGEST):
    """To which of the stable states (n, 3) each start (3, m) goes: its number (m,), −1 where that cannot be told."""
    goals = np.stack([shares(world, goal[0], goal[1]) for goal in stable])
    found, going, now = np.full(states.shape[1], -1), np.arange(states.shape[1]), states.copy()
    for at in range(longest):
        if at % 20 == 0:
            here = np.stack(shares(world, now[0], now[1]), axis=1)
            close = np.abs(here[:, None, :] - goals).max(axis=2) < near
            arrived = close.any(axis=1)
            found[going[arrived]] = close[arrived].argmax(axis=1)
            going, now = going[~arrived], now[:, ~arrived]
            if len(going) == 0:
                break
        now = next_state(world, now)
    return found
