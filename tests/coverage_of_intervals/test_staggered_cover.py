"""Intervals of ``pt.staggered`` hold the truth in 93 to 98 of 100 samples, or fall short where clusters are few.

Its errors are conservative, so more than 95 is as expected as 95. The designs were written down before their coverage was
looked at. Effects grow with the weeks since the start; 600 samples leave a Monte Carlo error of 0.9 percentage points.
"""

import numpy as np
import pandas as pd
import pytest
from designs import Design

from pebbletrail.models.staggered import staggered

pytestmark = pytest.mark.slow
SAMPLES, ENOUGH, CONSERVATIVE = 600, 0.93, 0.98
WAVES = (4, 6, 8, np.nan)


def roll_out(teams, size, weeks, starts, rng_of_panel, own=0.0):
    """``(sample, truth)`` of a panel of agents in teams; the team starts as a whole, the effect is 0.3 + 0.2 a week.

    Agents differ in level, rows of an agent and of a team and week go together; a tenth of the rows is missing, the same in
    each sample, since the effect is that on the treated rows that there are. ``own``: how much teams' effects differ.
    """
    drawn = np.random.default_rng(rng_of_panel)
    rows = pd.DataFrame([(agent, week) for agent in range(teams * size) for week in range(1, weeks + 1)],
                        columns=["agent", "week"])
    rows["team"] = rows["agent"] // size
    rows["removed_from"] = np.asarray(starts, dtype=float)[rows["team"] % len(starts)]
    rows = rows[drawn.random(len(rows)) > 0.1].reset_index(drop=True)
    since, factor = rows["week"] - rows["removed_from"], 1 + own * drawn.normal(size=teams)[rows["team"]]
    effect = np.where(since >= 0, (0.3 + 0.2 * since) * factor, 0.0)
    agent, team, week = rows["agent"], rows["team"], rows["week"]

    def sample(rng):
        mood = rng.normal(size=(teams * size, weeks + 1)).cumsum(axis=1)[agent, week] * 0.3
        shared = rng.normal(size=(teams, weeks + 1))[team, week] * 0.4
        return rows.assign(quality=rng.normal(size=teams * size)[agent] + np.cos(week) + mood + shared + effect
                           + rng.normal(size=len(rows)))

    truth = {"overall": effect[since >= 0].mean(), "first": effect[since == 0].mean(), "fourth": effect[since == 3].mean()}
    return sample, truth


def design(sentence, seed, **given):
    return Design(sentence, *roll_out(**given, rng_of_panel=seed), seed)


DESIGNS = {
    "48 teams": design("48 teams of 3, three waves of 12 and 12 never.", 41, teams=48, size=3, weeks=10, starts=WAVES),
    "24 teams": design("24 teams of 4, three waves of 6 and 6 never.", 42, teams=24, size=4, weeks=10, starts=WAVES),
    "own effects": design("As the first; teams' effects have a standard deviation of half their mean.", 43, teams=48, size=3,
                          weeks=10, starts=WAVES, own=0.5),
    "team by team": design("20 teams of 4: twelve start in a week each, eight never.", 44, teams=20, size=4, weeks=20,
                           starts=(*range(5, 17), *[np.nan] * 8)),
}


def fit(data, seed):
    found = staggered(data, "quality", "agent", "week", "removed_from", by="team", leads=0)
    return pd.concat([found.overall, found.table[found.table["since"].isin([0, 3])]])


@pytest.mark.parametrize("name", ["48 teams", "24 teams", "own effects"])
def test_conservative_intervals_cover(name):
    found = DESIGNS[name].coverage(fit, SAMPLES)
    print(found.to_dict())
    assert found.between(ENOUGH, CONSERVATIVE).all(), found.to_dict()


def test_with_twenty_teams_team_by_team_the_average_falls_short_by_a_few_percent():
    """Known: leaving the own cluster out mends the residuals of treated rows only. Those of untreated rows, fitted to eight
    teams in the last weeks, are too small. ``.text`` says with so few clusters that the interval is rough."""
    found = DESIGNS["team by team"].coverage(fit, SAMPLES)
    print(found.to_dict())
    assert 0.90 < found["overall"] < 0.95
    assert found[["first", "fourth"]].between(ENOUGH, CONSERVATIVE).all(), found.to_dict()


def test_the_two_way_interval_does_not_hold_the_average_effect():
    def two_way(data, seed):
        return staggered(data, "quality", "agent", "week", "removed_from", by="team", leads=0).two_way.table

    whole = DESIGNS["48 teams"]
    of_average = Design(whole.sentence, whole.sample, {"overall": whole.truth["overall"]}, whole.seed)
    found = of_average.coverage(two_way, 200)
    print(found.to_dict())
    assert found["overall"] < 0.8
