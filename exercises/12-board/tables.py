"""The tables of module 12: a pilot in the call-centre world, spring before it, a chart, real people; what the pilot says."""

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from scipy import stats

import pebbletrail as pt

TEAMS, SEATS, SPRING, BEFORE, AFTER = 20, 8, 20, 10, 10
ROLLOUT = pt.Rollout(by="teams", share=0.5, start=SPRING + BEFORE + 1, order="need", level=-2.0)


def year_of_teams(rng):
    """A made-up year: mean customers' score by team and week (20, 40), and the ten poorest teams, freed of control."""
    world = pt.CallCentre(effect=-rng.uniform(0.09, 0.2), learning=2, drift=rng.uniform(0.3, 1.0))
    year = world.simulate(int(rng.integers(2**31)), weeks=SPRING + BEFORE + AFTER, agents=TEAMS * SEATS, team_size=SEATS,
                          rollout=ROLLOUT)
    of = [year["team"][0] == team for team in range(TEAMS)]
    scores = np.array([year["quality_customer"][:, seats].mean(axis=1) for seats in of]).round(2)
    return scores, np.array([bool(year["removed"][-1][seats].all()) for seats in of])


def pilot_of(scores, treated):
    """Ten weeks before the start and ten after it; week −1 is the last one before."""
    weeks = np.r_[-BEFORE:0, 1:AFTER + 1]
    group = np.where(treated, "pilot", "usual")
    return pd.DataFrame({"team": np.repeat(np.arange(1, TEAMS + 1), len(weeks)), "group": np.repeat(group, len(weeks)),
                         "week": np.tile(weeks, TEAMS), "score": scores[:, SPRING:].ravel()})


def spring_of(rng, scores):
    """The twenty weeks before that; where nobody was asked, the firm's system writes 0."""
    spring = pd.DataFrame({"team": np.repeat(np.arange(1, TEAMS + 1), SPRING),
                           "week": np.tile(np.arange(1, SPRING + 1), TEAMS), "score": scores[:, :SPRING].ravel()})
    spring.loc[rng.choice(len(spring), int(rng.integers(10, 19)), replace=False), "score"] = 0.0
    return spring


def callback_chart(rng):
    """Made up: what an earlier project brings in thousand euros, by how much of a difference was its doing."""
    cost, wide = rng.uniform(30, 90), rng.uniform(0.18, 0.25)
    from_share = rng.uniform(30, 44) + rng.choice([0, 26])  # never near one half, where either side reads the same
    share = np.arange(0, 101, 10)
    gain = cost * share / from_share
    chart = {"share": share, "low": gain * (1 - wide) - cost, "net": gain - cost, "high": gain * (1 + wide) - cost}
    return pd.DataFrame(chart).round(1)


@cache
def everybody():
    return pt.load("ctrip-person-sums")[["person", "group", "xy", "xx"]]


def some_people(rng):
    """170 to 215 of the 249 people of the real experiment."""
    size = int(rng.integers(170, 216))
    return everybody().iloc[np.sort(rng.choice(len(everybody()), size, replace=False))]


def value_of(words):
    """Euros a year for a point of score, if the stated share of what goes with it is the pilot's doing."""
    return words["share"] / 100 * words["fewer"] / 100 * words["customers"] * words["margin"]


def spread(table, ddof=1):
    """By teams of spring: the standard deviation of their changes, and that of their levels in the first half."""
    late = table["week"].to_numpy() > table["week"].max() / 2
    score, team = table["score"].to_numpy(), table["team"].to_numpy()
    half = np.array([[score[(team == one) & (late == two)].mean() for two in (False, True)] for one in np.unique(team)])
    return (half[:, 1] - half[:, 0]).std(ddof=ddof), half[:, 0].std(ddof=1)


@dataclass(frozen=True)
class Found:
    """What the pilot's table says, by closed formulas; ``before`` and ``after`` have a row a team, a column a week."""

    before: np.ndarray
    after: np.ndarray
    treated: np.ndarray

    @classmethod
    def of(cls, pilot):
        weeks = pilot["week"].nunique()
        scores = pilot["score"].to_numpy().reshape(-1, weeks)
        early = pilot["week"].to_numpy()[:weeks] < 0
        return cls(scores[:, early], scores[:, ~early], pilot["group"].to_numpy()[::weeks] == "pilot")

    @property
    def changes(self):
        change = self.after.mean(axis=1) - self.before.mean(axis=1)
        return change[self.treated], change[~self.treated]

    @property
    def pilot(self):
        return self.changes[0].mean()

    @property
    def usual(self):
        return self.changes[1].mean()

    @property
    def effect(self):
        return self.pilot - self.usual

    @property
    def n(self):
        return int(self.treated.sum())

    @property
    def df(self):
        return len(self.treated) - 2

    @property
    def sd(self):
        return math.sqrt(sum(part.var(ddof=1) for part in self.changes) / 2)

    @property
    def se(self):
        return self.sd * math.sqrt(2 / self.n)

    def error_of(self, group):
        """The standard error of one group's mean change; 0 is the pilot."""
        return self.changes[group].std(ddof=1) / math.sqrt(self.n)

    @property
    def welch(self):
        """The lower end for somebody who lets the two groups spread differently; the error is the same for ten and ten."""
        first, second = (self.error_of(group)**2 for group in (0, 1))
        df = (first + second)**2 / ((first**2 + second**2) / (self.n - 1))
        return self.effect - stats.t.ppf(0.975, df) * self.se

    @property
    def low_after(self):
        """The lower end for somebody who compares the two groups after the start only."""
        level = self.after.mean(axis=1)
        pilot, usual = level[self.treated], level[~self.treated]
        reach = stats.t.ppf(0.975, self.df) * math.sqrt((pilot.var(ddof=1) + usual.var(ddof=1)) / self.n)
        return pilot.mean() - usual.mean() - reach

    @property
    def naive(self):
        """The standard error of somebody who takes each team's week for a team of its own."""
        parts = [half[side] for half in (self.before, self.after) for side in (self.treated, ~self.treated)]
        return math.sqrt(sum(part.var(ddof=1) / part.size for part in parts))
