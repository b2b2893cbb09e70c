"""A year of the call centre, week by week: what follows from what.

Control is set from the supervisor's habit, last week's score, the calls' difficulty and chance. It works through exposure,
which follows it slowly. Quality comes from coaching, skill, good and bad spells, difficulty and exposure; burnout from
exposure and poor quality; quitting from burnout and poor quality. All in standard deviations (SD); ``measures``
makes points, seconds and percent of them.
"""

import numpy as np

from pebbletrail.worlds.call_centre import measures
from pebbletrail.worlds.call_centre.noise import BEFORE

# What only makes the picture round. Assumed.
HABIT = 0.5  # of the variance of control: the supervisor's own; the rest is chance from week to week
APART = 0.5  # how far monitoring, script and handling target go their own ways, in SD each
QUEUE = 0.5  # of the variance of difficulty: the team's kind of calls
LASTING = 0.6  # of what else there is in burnout: the person's
NINE_MONTHS = 39  # weeks
LONGEST = 1040  # weeks of tenure at the start


def simulate(world, size, noise, rollout=None, quits=None):
    """The year as a dict of arrays by column name, each (weeks, seats).

    Parameters
    ----------
    world : CallCentre
    size : Size
    noise : dict of arrays
        From ``noise(size, seed)``; not changed.
    rollout : Rollout, optional
    quits : bool array (weeks, seats), optional
        Who quits when, taken as given; by default it follows from burnout and quality.
    """
    centre = _Centre(world, size, noise)
    first = np.full(size.agents, np.inf)
    rows = []
    for week in range(1 - BEFORE, size.weeks + 1):
        if rollout is not None and week == rollout.start:
            first = _first_weeks(rollout, size, noise, rows, world)
        free = week >= first if rollout is not None and week >= rollout.start else None
        row = centre.work(week, free, rollout)
        if week >= 1:
            if quits is not None:
                row["quit"] = quits[week - 1]
            rows.append(row)
            centre.leave(week, row["quit"])
    happened = {name: np.stack([row[name] for row in rows]) for name in rows[0]}
    happened |= {"difficulty": centre.difficulty[BEFORE:], "coaching": centre.coaching}
    places = {"site": size.site, "team": size.team, "seat": np.arange(size.agents),
              "week": np.arange(1, size.weeks + 1)[:, None]}
    if rollout is not None:
        places |= {"removal_week": np.where(np.isinf(first), np.nan, first), "removed": places["week"] >= first}
    year = places | measures.measured(happened, world, noise)
    return {name: np.broadcast_to(values, (size.weeks, size.agents)) for name, values in year.items()}


class _Centre:
    """The people at work, and what of the past still counts."""

    def __init__(self, world, size, noise):
        self.world, self.noise, self.seats = world, noise, np.arange(size.agents)
        team = size.team
        self.habit = np.sqrt(HABIT) * noise["habit"][team]
        self.coaching = (np.sqrt(world.team) * (world.supervision * noise["habit"] + np.sqrt(1 - world.supervision**2)
                                                * noise["coaching"]))[team]
        self.pull = world.effect + world.effect_spread * noise["response"][team]
        queue = np.sqrt(QUEUE) * noise["queue"][team]
        self.difficulty = queue + np.sqrt(1 - QUEUE) * noise["calls"]
        self.follows = 1.0 if world.learning == 0 else 1 - np.exp(-1 / world.learning)
        self.hazard = 1 - (1 - world.quits) ** (1 / NINE_MONTHS)
        self.tenure = _tenure_at_start(noise["tenure"], self.hazard)
        # the row of noise from which the person in the seat has what lasts; one row is one possible newcomer
        self.hired, self.agent = np.zeros(size.agents, int), self.seats + 1
        self.form, self.score = noise["form"][0], np.zeros(size.agents)
        lasting = self.coaching + np.sqrt(world.skill) * noise["skill"][0] + world.difficulty_on_quality * queue
        self.exposure = (self.habit - world.reaction * lasting - world.rater_bias * noise["liking"][0]
                         + world.difficulty_on_control * queue)  # about where it settles

    def work(self, week, free, rollout):
        """One week of everybody, as a dict of arrays (seats,). ``free``: whose control has been removed."""
        world, t = self.world, week + BEFORE - 1
        chance = {name: self.noise[name][t] for name in
                  ("form", "order", "monitoring", "script", "firm", "burnout", "quit")}
        skill, liking, worn = (self.noise[name][self.hired, self.seats] for name in ("skill", "liking", "worn"))
        spell = world.spells * self.form + np.sqrt(1 - world.spells**2) * chance["form"]
        self.form = np.where(self.hired == t, chance["form"], spell)

        ordered = (self.habit + np.sqrt(1 - HABIT) * chance["order"] - world.reaction * self.score
                   - world.rater_bias * liking + world.difficulty_on_control * self.difficulty[t])
        one, other = APART * chance["monitoring"], APART * np.sqrt(0.75) * chance["script"]
        # the three go apart without moving their mean, which is what was ordered
        tools = np.array([ordered + one, ordered - one / 2 + other, ordered - one / 2 - other])
        heard, script, target = measures.instruments(tools if free is None else np.where(free, rollout.level, tools))
        control = measures.control_index(heard, script, target)
        self.exposure = self.exposure + self.follows * (control - self.exposure)

        quality = (self.coaching + np.sqrt(world.skill) * skill + np.sqrt(world.rest) * self.form
                   + world.difficulty_on_quality * self.difficulty[t] + self.pull * self.exposure
                   + world.scripts * self.difficulty[t] * measures.deviation(script, measures.SCRIPT))
        self.score = quality + world.rater_bias * liking + np.sqrt(1 / world.reliability_firm - 1) * chance["firm"]
        burnout = (world.effect_on_burnout * self.exposure + world.quality_on_burnout * quality
                   + np.sqrt(1 - world.quality_on_burnout**2)
                   * (np.sqrt(LASTING) * worn + np.sqrt(1 - LASTING) * chance["burnout"]))
        return {"agent": self.agent, "tenure": self.tenure, "hired": self.hired, "monitoring": heard, "script": script,
                "handling_target": target, "control": control, "exposure": self.exposure, "quality": quality,
                "score": self.score, "burnout": burnout,
                "quit": chance["quit"] < self.hazard * _risk(burnout - quality, world)}

    def leave(self, week, quits):
        """A new person next week for each seat whose agent quits; there is no score of theirs yet to react to."""
        self.hired = np.where(quits, week + BEFORE, self.hired)
        self.agent = self.agent + np.where(quits, len(self.seats), 0)
        self.tenure = np.where(quits, 0, self.tenure + 1)
        self.score = np.where(quits, 0.0, self.score)


def _risk(strain, world):
    """How many times the usual risk of quitting; 1 on average. ``strain``: burnout less quality, both in SD."""
    standard = strain / np.sqrt(2 * (1 - world.quality_on_burnout))
    return np.exp(world.selection * standard - world.selection**2 / 2)


def _tenure_at_start(uniform, hazard):
    """Weeks that people have been there, if they have always left at this rate."""
    if hazard == 0:
        return np.floor(uniform * LONGEST).astype(int)
    return np.minimum(np.floor(np.log1p(-uniform) / np.log1p(-hazard)), LONGEST).astype(int)


def _first_weeks(rollout, size, noise, rows, world):
    """The first week without control of each seat: by lot, or by the customers' mean score so far."""
    unit = {"agents": np.arange(size.agents), "teams": size.team, "sites": size.site}[rollout.by]
    lot = noise[{"agents": "seat_lot", "teams": "team_lot", "sites": "site_lot"}[rollout.by]]
    score = measures.customer(np.stack([row["quality"] for row in rows]), world, noise).mean(axis=0)
    return rollout.first_weeks(lot, np.bincount(unit, score) / np.bincount(unit))[unit]
