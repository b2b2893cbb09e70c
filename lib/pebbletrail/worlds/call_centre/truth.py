"""What a roll-out truly did: the same year drawn again without it, with the same people and the same luck."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pebbletrail.shown import Shown
from pebbletrail.words import said
from pebbletrail.worlds.call_centre.columns import as_frame
from pebbletrail.worlds.call_centre.measures import CUSTOMER
from pebbletrail.worlds.call_centre.noise import noise
from pebbletrail.worlds.call_centre.rollout import check_rollout
from pebbletrail.worlds.call_centre.simulate import simulate

POINT = CUSTOMER[1]  # points of the customers' scale in one SD of quality


@dataclass(frozen=True, repr=False)
class Truth(Shown):
    """The true effects of a roll-out on quality as it is, in points of the customers' scale (0 to 10).

    Attributes
    ----------
    estimate : float
        The average effect on the treated: over the agent-weeks without control, what the same agent's quality in the same
        week would have been with control is taken away. The same people quit in the same weeks in both years.
    table : DataFrame
        term, estimate (points), estimate_sd (SD of quality), n. Its rows: ``agents``, the estimate above; ``seats``, over
        the seat-weeks without control, where quitting is left to run in either year, so that better or worse people may
        sit there; ``per SD of control``, what one SD *more* control does in the end, on average over teams.
    by_week : DataFrame
        weeks_since (0 is the first week without control), estimate, estimate_sd, n: the effect as it grows.
    by_wave : DataFrame
        removal_week, estimate, estimate_sd, n.
    rows : DataFrame
        One row for each row of the year, in its order: seat, agent, week, removal_week, removed, weeks_since, effect
        (points; 0 where control stands).
    text : str
    """

    table: pd.DataFrame
    by_week: pd.DataFrame
    by_wave: pd.DataFrame
    rows: pd.DataFrame
    estimate: float

    @property
    def text(self):
        first, last = self.by_week.iloc[0], self.by_week.iloc[-1]
        agents, seats = self.table["estimate"].iloc[:2]
        where = f"over {self.table['n'].iloc[0]:,} agent-weeks without control"
        if agents == 0:
            told = f"The truth of this world: {where}, quality as it is was what it would have been with control."
        else:
            told = (f"The truth of this world: {where}, quality as it is was {said(agents, sign=True)} points "
                    f"({said(agents / POINT, sign=True)} SD) away from what the same agents' would have been with control: "
                    f"{said(first['estimate'], sign=True)} in the first week, {said(last['estimate'], sign=True)} after "
                    f"{last['weeks_since']:.0f} weeks.")
        if seats == agents:
            return told
        return f"{told} With the quitting that each way of working brings, it was {said(seats, sign=True)} points a seat."


def true_effects(world, size, rollout, seed):
    """See ``CallCentre.truth``.

    Raises
    ------
    ValueError
        No roll-out, or one that does not fit the sizes.
    """
    check_rollout(rollout, size)
    chance = noise(size, seed)
    real = simulate(world, size, chance, rollout)
    same_people = simulate(world, size, chance, quits=real["quit"])
    # without selection nothing that control does moves anybody to quit, so that the quits are the same
    own_people = simulate(world, size, chance) if world.selection else same_people
    gain = real["true_quality"] - same_people["true_quality"]
    gain_of_seats = real["true_quality"] - own_people["true_quality"]
    # before a seat's turn the two years are one, up to the last bit
    rows = as_frame({name: real[name] for name in ("seat", "agent", "week", "removal_week", "removed")}, latent=False)
    rows = rows.assign(weeks_since=rows["week"] - rows["removal_week"],
                       effect=np.where(rows["removed"], gain.ravel(), 0.0))
    treated = rows[rows["removed"]]
    pull = world.effect + world.effect_spread * chance["response"][size.team].mean()
    table = pd.DataFrame({
        "term": ["agents", "seats", "per SD of control"],
        "estimate": [treated["effect"].mean(), gain_of_seats[real["removed"]].mean(), POINT * pull],
        "n": [len(treated), len(treated), len(rows)]})
    table.insert(2, "estimate_sd", table["estimate"] / POINT)
    return Truth(table, _means(treated[treated["weeks_since"] >= 0], "weeks_since"), _means(treated, "removal_week"), rows,
                 float(table["estimate"].iloc[0]))


def _means(treated, by):
    means = treated.groupby(by)["effect"].agg(["mean", "size"]).reset_index()
    means.columns = [by, "estimate", "n"]
    means[by] = means[by].astype(int)
    means.insert(2, "estimate_sd", means["estimate"] / POINT)
    return means
