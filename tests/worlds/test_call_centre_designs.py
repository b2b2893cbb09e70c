"""Which design finds the truth of the call centre, and which does not, held against ``truth`` over many years."""

import numpy as np
import pytest
from many_years import clear

from pebbletrail.worlds import CallCentre, Rollout

SMALL = {"weeks": 12, "agents": 80}
MIDDLE = {"weeks": 52, "agents": 400}


def doubly_demeaned(panel):
    """A (weeks, seats) array without its weeks' and its seats' means."""
    return panel - panel.mean(axis=0) - panel.mean(axis=1, keepdims=True) + panel.mean()


def two_way(outcome, treated):
    """The two-way fixed-effects regression of a balanced panel: by demeaning, after Frisch, Waugh and Lovell."""
    rest = doubly_demeaned(treated.astype(float))
    return (rest * outcome).sum() / (rest**2).sum()


def imputed(outcome, treated, unit):
    """Imputation: effects of units and weeks from the untreated rows alone, then the mean gap of the treated rows.

    On the means of units (all weeks, equal sizes), by one least-squares fit with dummies.
    """
    units, weeks = unit.max() + 1, len(outcome)
    means = np.stack([outcome[:, unit == one].mean(axis=1) for one in range(units)], axis=1)
    off = ~np.stack([treated[:, unit == one].any(axis=1) for one in range(units)], axis=1)
    design = np.concatenate([np.repeat(np.eye(weeks), units, axis=0), np.tile(np.eye(units), (weeks, 1))], axis=1)
    chosen = off.ravel()
    fitted = design @ np.linalg.lstsq(design[chosen], means.ravel()[chosen], rcond=None)[0]
    return (means.ravel() - fitted)[~chosen].mean()


def over_years(years, estimates):
    """Estimate and truth for each of many years, as two arrays."""
    pairs = np.array([estimates(seed) for seed in range(1, years + 1)])
    return pairs[:, 0], pairs[:, 1]


def gap(year, outcome="quality_customer", start=14):
    after = year["week"][:, 0] >= start
    rows, treated = year[outcome][after], year["removed"][after]
    return rows[treated].mean() - rows[~treated].mean()


@pytest.mark.parametrize(("by", "years"), [("agents", 200), ("teams", 60)])
def test_a_randomised_roll_out_finds_the_truth_by_a_difference_of_means(by, years):
    world, rollout = CallCentre(effect=-0.3, selection=0, learning=2), Rollout.randomised(by=by, start=4)
    estimates, truths = over_years(years, lambda seed: (
        gap(world.simulate(seed, rollout=rollout, **SMALL), start=4), world.truth(rollout, seed, **SMALL).estimate))
    assert abs(clear(estimates - truths)) < 3
    assert truths.mean() > 0.15


def test_where_people_quit_for_it_a_difference_of_means_finds_what_happens_to_seats_not_to_agents():
    world, rollout = CallCentre(effect=0, effect_on_burnout=0.5, selection=1.2, quits=0.9), Rollout.randomised(start=3)
    size = {"weeks": 40, "agents": 500}
    estimates, seats = over_years(25, lambda seed: (
        gap(world.simulate(seed, rollout=rollout, **size), "true_quality", 3),
        world.truth(rollout, seed, **size).table["estimate"].iloc[1]))
    assert abs(clear(estimates - seats)) < 3
    assert abs(clear(seats)) > 3


def test_two_way_fixed_effects_agree_where_the_effect_is_constant_and_at_once():
    world, rollout = CallCentre(effect=-0.3, learning=0), Rollout.staggered()

    def one(seed):
        year = world.simulate(seed, rollout=rollout, **MIDDLE)
        return two_way(year["quality_customer"], year["removed"]), world.truth(rollout, seed, **MIDDLE).estimate
    estimates, truths = over_years(15, one)
    assert abs(clear(estimates - truths)) < 3
    assert estimates.mean() == pytest.approx(truths.mean(), rel=0.06)


def test_two_way_fixed_effects_fail_where_effects_grow_and_imputation_does_not():
    """The default world: two-way regression finds less than four fifths of a truth that imputation finds."""
    world, rollout = CallCentre(effect=-0.3), Rollout.staggered()

    def one(seed):
        year = world.simulate(seed, rollout=rollout, **MIDDLE)
        outcome, treated, unit = year["quality_customer"], year["removed"], year["team"][0]
        return [two_way(outcome, treated), imputed(outcome, treated, unit), world.truth(rollout, seed, **MIDDLE).estimate]
    regression, imputation, truths = np.array([one(seed) for seed in range(1, 16)]).T
    assert regression.mean() < 0.8 * truths.mean()
    assert clear(regression - truths) < -5
    assert abs(clear(imputation - truths)) < 3


def test_by_need_a_difference_of_means_is_wrong_and_a_difference_in_differences_of_teams_nearly_right():
    world, rollout = CallCentre(effect=-0.3), Rollout(by="teams", order="need", start=14)

    def one(seed):
        year = world.simulate(seed, rollout=rollout, weeks=52, agents=1000)
        treated, quality = year["removed"][-1], year["quality_customer"]
        change = quality[13:].mean(axis=0) - quality[:13].mean(axis=0)
        return [gap(year), change[treated].mean() - change[~treated].mean(),
                world.truth(rollout, seed, weeks=52, agents=1000).estimate]
    means, changes, truths = np.array([one(seed) for seed in range(1, 16)]).T
    assert (means - truths).mean() < -0.15
    assert 0 < (changes - truths).mean() < 0.08  # what is left is regression to the mean: poor luck before does not last
