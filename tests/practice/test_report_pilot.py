"""The pilot: its spread against an analysis of variance, its size against the formula, its command against itself."""

import math
import re
import shlex
from dataclasses import replace

import ibis
import numpy as np
import pytest
from tests.practice.report_made import ABOUT, prepared, rows

from pebbletrail.models.planning.command import run
from pebbletrail.report.money import Money
from pebbletrail.report.pilot import pilot, spread_of

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


def test_yes_and_no_are_numbers():
    frame = rows().assign(quality=np.arange(2400) % 3 == 0)
    assert spread_of(ABOUT, prepared(frame)).sd == pytest.approx(math.sqrt(1 / 3 * 2 / 3), rel=1e-3)
    assert spread_of(ABOUT, prepared(frame.convert_dtypes())).sd == pytest.approx(math.sqrt(1 / 3 * 2 / 3), rel=1e-3)
