"""Tables of module 11: drawn from the circle's and the relationship's worlds, or by a rule that stands here."""

import numpy as np
import pandas as pd

import pebbletrail as pt

CODES = ("waiting", "again", "not believed", "charge", "data", "helped")
OFTEN = (0.26, 0.2, 0.16, 0.16, 0.08, 0.14)
EACH = 400  # customers under each letter
CALM = 0.02  # vacant seats, as they are in the calm state


def days(world, rounds, calls):
    """Ten days of a call centre, hour by hour, without and with an outage on the second morning."""
    paths = [world.path(rounds=480, shock=shock)["upset"].iloc[::6] for shock in (None, (49, rounds, calls))]
    day, hour = np.divmod(np.arange(80), 8)
    return pd.DataFrame({"day": day + 1, "hour": hour + 1, "usual": paths[0].round(4).to_numpy(),
                         "outage": paths[1].round(4).to_numpy()})


def weeks(world):
    """Five days later, from every share of worn agents in the first morning; nobody is upset yet."""
    monday = np.arange(0, 98, 2)
    state = np.stack([np.zeros(len(monday)), monday / 100, np.full(len(monday), CALM)])
    for _ in range(240):
        state = world.step(state)
    return pd.DataFrame({"monday": monday, "friday": state[0].round(3)})


def loyalty(rng):
    """Satisfaction counts for less where leaving costs more."""
    n = int(rng.integers(250, 340))
    satisfaction, fee = rng.integers(1, 11, n), 20 * rng.integers(0, 13, n)
    slope = rng.uniform(3.6, 5.6) - rng.uniform(0.007, 0.014) * fee
    loyalty = 22 + slope * satisfaction + rng.uniform(0.03, 0.08) * fee + rng.normal(0, 9, n)
    return pd.DataFrame({"satisfaction": satisfaction, "fee": fee, "loyalty": np.clip(loyalty, 0, 100).round(1)})


def contracts(rng, months):
    """The world of relationships under a lock and under a pledge; customers have been watched for different times."""
    made = []
    for kind, reading in (("lock", -1), ("pledge", 1)):
        world = pt.Relationship(contract=months, exit_cost=2, exit_on_leaving=0, reading=reading)
        lives = world.lives(customers=EACH, months=60, seed=int(rng.integers(2**31))).spells
        until, watched = lives["months"].to_numpy(), rng.integers(months - 4, 61, EACH)
        left = lives["left"].to_numpy() & (until <= watched)
        made.append(pd.DataFrame({"letter": kind, "months": np.minimum(until, watched), "left": left.astype(int)}))
    return pd.concat(made).iloc[rng.permutation(2 * EACH)]


def codes(rng):
    """Two coders of the same comments; the second leaves a few out, so that its sheet is shorter."""
    n = int(rng.integers(80, 101))
    meant = rng.choice(6, n, p=OFTEN)
    sheets = [np.where(rng.random(n) < sure, meant, rng.choice(6, n, p=OFTEN)) for sure in rng.uniform(0.78, 0.95, 2)]
    comment = np.array([f"c{number:03d}" for number in range(1, n + 1)])
    made = [pd.DataFrame({"comment": comment, "code": np.array(CODES)[sheet]}) for sheet in sheets]
    skipped = rng.choice(np.arange(n // 3, n - 12), int(rng.integers(4, 8)), replace=False)
    return made[0], made[1].drop(index=skipped)
