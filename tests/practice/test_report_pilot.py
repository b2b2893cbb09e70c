"""The pilot: its spread against an analysis of variance, its size against the formula, its command against itself."""

import math
import re
import shlex
from dataclasses import replace

import ibis
import numpy as np
import pandas as pd
import pytest
from tests.practice.report_made import ABOUT, prepared, rows

from pebbletrail.models.planning.command import run
from pebbletrail.practice.definition import practice
from pebbletrail.report.money import Money
from pebbletrail.report.pilot import halves_of, pilot, spread_of

MONEY = Money(4, 50_000, 400_000, 10)  # pays from 2 points on


def test_the_spread_is_that_of_an_analysis_of_variance():
    frame = rows(12, 30).drop(index=range(17))  # teams of 13 and 30
    found = spread_of(ABOUT, prepared(frame))
    teams = [part["quality"].to_numpy() for _, part in frame.groupby("team")]
    n, k = len(frame), len(teams)
    within = sum(((team - team.mean())**2).sum() for team in teams) / (n - k)
    between = sum(len(team) * (team.mean() - frame["quality"].mean())**2 for team in teams) / (k - 1)
    usual = (n - sum(len(team)**2 for team in teams) / n) / (k - 1)
    assert found.icc == pytest.approx((between - within) / (between + (usual - 1) * within))
    assert found.sd == pytest.approx(frame["quality"].std())
    assert (found.units, found.size, found.estimated) == (12, 29, True)


def test_an_engine_gives_the_same_spread():
    held = replace(prepared(), frame=None, table=ibis.memtable(rows()), engine="duckdb")
    here, there = spread_of(ABOUT, prepared()), spread_of(ABOUT, held)
    assert (there.units, there.size) == (here.units, here.size)
    assert (there.sd, there.icc) == pytest.approx((here.sd, here.icc), rel=1e-9)


def test_the_size_is_that_of_the_formula():
    """Two arms of k / 2 groups: 4 (icc + (1 - icc) / m) sd^2 / k, and 2.8 standard errors for 80 of 100."""
    found = pilot(ABOUT, prepared(), MONEY)
    assert (found.effect, found.entered) == (2.0, True)
    assert found.deviations == pytest.approx(2 / rows()["quality"].std())
    mean = found.spread.sd**2 * (found.spread.icc + (1 - found.spread.icc) / found.spread.size)
    assert found.size == pytest.approx(4 * mean * 2.8**2 / 2**2, rel=0.12)
    assert found.bound == pytest.approx(3 * math.sqrt(2) * math.sqrt(4 * mean / found.size), rel=0.05)


def test_the_command_plans_the_same_pilot(capsys):
    found = pilot(ABOUT, prepared(), MONEY)
    assert run(shlex.split(found.command)[2:]) == 0
    told = capsys.readouterr().out
    assert re.search(r"in 80 of 100 such studies has (\d+) groups", told)[1] == str(found.size)


def test_without_money_a_small_effect_is_looked_for():
    found = pilot(ABOUT, prepared())
    assert not found.entered
    assert found.deviations == pytest.approx(0.2, abs=2e-3)
    free = pilot(ABOUT, prepared(), Money(4, 50_000, 0))  # what costs nothing pays from nothing on
    assert (free.effect, free.entered) == (found.effect, False)


def test_before_and_after_go_together_as_far_as_units_differ():
    about = replace(ABOUT, plan="difference-in-differences")
    found = pilot(about, prepared(), MONEY)
    variance = 2 * (1 - found.spread.icc) * found.spread.sd**2
    assert found.size == pytest.approx(4 * variance * 2.8**2 / 2**2, rel=0.12)


def test_people_one_by_one():
    found = pilot(replace(ABOUT, plan="two groups"), prepared(), MONEY)
    assert found.size == pytest.approx(4 * found.spread.sd**2 * 2.8**2 / 2**2, rel=0.12)
    assert "--cluster-size 1 " in found.command


def test_an_effect_too_small_has_no_size():
    found = pilot(ABOUT, prepared(), Money(4, 50_000, 1e-3))
    assert (found.size, found.bound) == (None, None)


@pytest.mark.parametrize("frame", [rows().drop(columns="quality"), rows().assign(quality=3.0), rows().iloc[:0]])
def test_an_outcome_that_is_not_known_or_stands_still_has_no_pilot(frame):
    assert pilot(ABOUT, prepared(frame), MONEY) is None


def test_a_share_that_cannot_be_told_is_assumed():
    alone = spread_of(ABOUT, prepared(rows(40, 1)))
    assert (alone.estimated, alone.icc, alone.units) == (False, 0.05, 40)


def test_without_units_lots_are_drawn_for_each_row():
    """No share between units is assumed then, and none is in the command: both say the same."""
    held = prepared(rows().drop(columns="team"))
    assert not spread_of(ABOUT, held).grouped
    found = pilot(ABOUT, held)
    assert found.design == "two groups"
    assert "--icc 0 --cluster-size 1" in found.command
    assert found.size == pytest.approx(4 * ((1.959964 + 0.841621) * 10.4 / 2.07) ** 2, rel=0.03)  # both groups; normal


def panel(units=60, periods=24, between=0.6, within=0.8):
    rng = np.random.default_rng(4)
    unit = np.repeat([f"U{number:02}" for number in range(units)], periods)
    outcome = np.repeat(rng.normal(0, between, units), periods) + rng.normal(0, within, units * periods)
    return pd.DataFrame({"unit": unit, "period": np.tile(np.arange(periods), units), "outcome": outcome})


def test_a_pilot_over_many_periods_rests_on_means_of_periods(tmp_path):
    """Means of 12 periods: variance b² + w²/12, of which b² lasts. The size: that of a difference of differences."""
    about = practice("removing-control")
    frame = panel()
    held = prepared(frame.sample(frac=1, random_state=1))
    halves = spread_of(about, held).halves
    wide = frame.assign(late=frame["period"] >= 12).pivot_table(index="unit", columns="late", values="outcome")
    assert halves.periods == 12
    assert halves.sd == pytest.approx(math.sqrt((wide[False].var() + wide[True].var()) / 2))
    assert halves.correlation == pytest.approx(np.corrcoef(wide[False], wide[True])[0, 1])
    assert halves.sd == pytest.approx(math.sqrt(0.6**2 + 0.8**2 / 12), rel=0.15)
    found = pilot(about, held)
    change = 2 * halves.sd**2 * (1 - halves.correlation)
    assert found.size == pytest.approx(4 * (1.959964 + 0.841621)**2 * change / found.effect**2, abs=6)
    frame.to_parquet(tmp_path / "panel.parquet")
    table = ibis.duckdb.connect().read_parquet(tmp_path / "panel.parquet")
    assert halves_of(about, table).correlation == pytest.approx(halves.correlation)
    assert halves_of(about, frame[frame["period"] < 3]) is None
    assert halves_of(about, frame[frame["unit"] < "U09"]) is None


def test_yes_and_no_are_numbers():
    frame = rows().assign(quality=np.arange(2400) % 3 == 0)
    assert spread_of(ABOUT, prepared(frame)).sd == pytest.approx(math.sqrt(1 / 3 * 2 / 3), rel=1e-3)
    assert spread_of(ABOUT, prepared(frame.convert_dtypes())).sd == pytest.approx(math.sqrt(1 / 3 * 2 / 3), rel=1e-3)
