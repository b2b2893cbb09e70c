"""Panels without any roll-out: what holding constant finds of an effect that is known, and where it cannot."""

import numpy as np
import pytest
from many_years import clear

from pebbletrail.worlds import CallCentre


def slope_of_control(year, lag=None, by="team", weeks_out=True):
    """Coefficient of control on the customers' score, in SD; effects of weeks and of ``by`` (team, seat) taken out.

    ``lag`` names the column whose value of the week before is held constant; weeks in which the agent was not yet there a
    week before are left out. Least squares on demeaned columns (alternating projections), after Frisch, Waugh and Lovell.
    """
    kept = year["agent"][1:] == year["agent"][:-1]
    columns = [(year["quality_customer"][1:] - 7) / 0.5, year["control"][1:]]
    columns += [] if lag is None else [year[lag][:-1]]
    week = np.broadcast_to(np.arange(kept.shape[0])[:, None], kept.shape)[kept]
    unit = year[by][1:][kept]
    rest = []
    for values in columns:
        values = values[kept].astype(float)
        for _ in range(12):
            for group in (unit, week):
                values = values - (np.bincount(group, values) / np.maximum(np.bincount(group), 1))[group]
        rest.append(values)
    return np.linalg.lstsq(np.stack(rest[1:], axis=1), rest[0], rcond=None)[0][0]


def slopes(world, size, years=12, **how):
    return np.array([slope_of_control(world.simulate(seed, **size), **how) for seed in range(1, years + 1)])


PANEL = {"weeks": 40, "agents": 400}


@pytest.mark.parametrize("effect", [-0.2, 0.0, 0.2])
def test_a_panel_finds_the_effect_when_it_holds_constant_what_managers_react_to(effect):
    """Immediate effect; last week's score from the firm and the team held constant: what is left of control is chance."""
    found = slopes(CallCentre(effect=effect, learning=0), PANEL, lag="quality_firm")
    assert abs(clear(found - effect)) < 3
    assert found.std() < 0.05


def test_a_panel_with_the_wrong_lag_does_not():
    """Last week's score from the customers is not what managers react to."""
    found = slopes(CallCentre(effect=0, learning=0), PANEL, lag="quality_customer")
    assert clear(found) < -10


def test_without_the_team_held_constant_good_supervision_hides_the_harm():
    world = CallCentre(effect=-0.2, learning=0, supervision=0.9, team=0.3, reaction=0.2)
    assert abs(clear(slopes(world, PANEL, lag="quality_firm") + 0.2)) < 3
    assert slopes(world, PANEL, lag="quality_firm", by="site").mean() > -0.1


def test_agents_effects_without_the_lag_mistake_bad_spells_for_the_effect_of_control():
    """Control is raised in a bad spell, and the spell lasts: control looks harmful although it does nothing."""
    assert clear(slopes(CallCentre(effect=0, learning=0, quits=0), PANEL, by="seat")) < -10
    longer = slopes(CallCentre(effect=0, learning=0, quits=0), {"weeks": 104, "agents": 200}, by="seat")
    assert longer.mean() < -0.05  # more weeks do not help


def test_agents_effects_are_biased_in_short_panels_because_control_reacts_to_what_is_to_be_explained():
    """No spells. A bad week lowers the outcome now and raises control later, and the agent's mean takes both along.

    Strict exogeneity fails; the bias is positive and shrinks with the number of weeks, as Nickell's does.
    """
    world = CallCentre(effect=0, learning=0, spells=0, reaction=0.8, quits=0)
    short = slopes(world, {"weeks": 6, "agents": 400}, by="seat")
    long = slopes(world, {"weeks": 60, "agents": 400}, by="seat")
    assert clear(short) > 5
    assert 0 < long.mean() < short.mean() / 4


def test_where_effects_take_time_a_panel_of_weeks_finds_only_their_beginning():
    """The first week of 1 − e^(−1/learning): a ninth of the effect at eight weeks, and less than a third is found."""
    found = slopes(CallCentre(effect=-0.3, learning=8), PANEL, lag="quality_firm")
    assert abs(clear(found)) > 3
    assert -0.1 < found.mean() < -0.3 * (1 - np.exp(-1 / 8)) + 0.02
