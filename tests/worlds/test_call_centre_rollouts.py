"""What a roll-out is, and what ``truth`` says it did, by hand."""

import numpy as np
import pandas as pd
import pytest
from many_years import clear

from pebbletrail.worlds import CallCentre, Rollout

MIDDLE = {"weeks": 52, "agents": 400}


@pytest.mark.parametrize(("by", "units"), [("agents", "seat"), ("teams", "team"), ("sites", "site")])
def test_the_share_of_units_is_treated_as_a_whole_and_from_the_first_week_on(by, units):
    rollout = Rollout.randomised(by=by, share=0.5, start=6)
    year = CallCentre().draw(1, weeks=10, agents=400, sites=4, rollout=rollout)
    first = year.groupby(units)["removal_week"].agg(lambda weeks: weeks.iloc[0])
    assert (year["removal_week"].fillna(0) == year[units].map(first).fillna(0)).all()
    assert first.notna().sum() == round(0.5 * len(first))
    assert set(first.dropna()) == {6}
    assert (year["removed"] == (year["week"] >= year["removal_week"])).all()


def test_waves_follow_each_other_and_split_the_treated_evenly():
    rollout = Rollout.staggered(share=0.8, start=4, waves=4, every=3)
    year = CallCentre().draw(1, weeks=14, agents=400, rollout=rollout)
    waves = year.drop_duplicates("team")["removal_week"].value_counts()
    assert waves.to_dict() == {4: 4, 7: 4, 10: 4, 13: 4}


def test_removed_control_is_low_and_no_longer_reacts():
    year = CallCentre(reaction=0.8).draw(1, rollout=Rollout.randomised(level=-2), **MIDDLE)
    removed = year[year["removed"]]
    assert set(zip(removed["monitoring"], removed["script"], removed["handling_target"], strict=True)) == {(2, 20, 510)}
    np.testing.assert_allclose(removed["control"], -2)


def test_by_need_the_units_with_the_poorest_scores_come_first():
    rollout = Rollout.staggered(order="need", start=10, waves=2, every=4, share=0.5)
    year = CallCentre().draw(2, rollout=rollout, **MIDDLE)
    before = year[year["week"] < 10].groupby("team")["quality_customer"].mean().sort_values()
    first = year.drop_duplicates("team").set_index("team")["removal_week"]
    assert (first[before.index[:5]] == 10).all()
    assert (first[before.index[5:10]] == 14).all()
    assert first[before.index[10:]].isna().all()


def test_lots_depend_on_the_seed_and_on_nothing_else():
    def treated(seed, world):
        drawn = world.draw(seed, weeks=15, agents=100, rollout=Rollout.randomised())
        return drawn.loc[drawn["week"] == 1, "removal_week"].notna().tolist()
    assert treated(1, CallCentre()) == treated(1, CallCentre(effect=-0.4, reaction=0.1, skill=0.5))
    assert treated(1, CallCentre()) != treated(2, CallCentre())


@pytest.mark.parametrize(("given", "message"), [
    ({"by": "people"}, "by: one of agents, teams, sites"), ({"order": "random"}, "order: one of lot"),
    ({"share": 0}, "share: a number above 0"), ({"share": 1.2}, "share: a number from 0 to 1"), ({"start": 1}, "start"),
    ({"waves": 0}, "waves"), ({"every": 1.5}, "every: a whole number from 1 on"), ({"level": 0.5}, "level: .* -3 to 0")])
def test_a_roll_out_that_makes_no_sense_is_refused(given, message):
    with pytest.raises(ValueError, match=message):
        Rollout(**given)


def test_the_truth_needs_a_roll_out():
    with pytest.raises(ValueError, match="rollout: a Rollout is needed"):
        CallCentre().truth(None, seed=1)


def test_without_an_effect_the_truth_is_exactly_nothing():
    truth = CallCentre(effect=0).truth(Rollout.staggered(), seed=1, **MIDDLE)
    assert (truth.rows["effect"] == 0).all()
    assert (truth.table["estimate"] == 0).all()
    assert "was what it would have been" in truth.text


@pytest.mark.parametrize("learning", [0.0, 3.0, 8.0])
def test_the_effect_follows_the_control_that_was_taken_away_as_learning_says(learning):
    """By hand, from two draws: each week the exposure closes 1 − e^(−1/learning) of its gap to control.

    Half a point is an SD of quality. Without reaction nothing else can differ.
    """
    world, rollout = CallCentre(effect=-0.3, learning=learning, reaction=0), Rollout.randomised(by="teams", start=10)
    truth = world.truth(rollout, 1, **MIDDLE)
    year, without = (world.simulate(1, rollout=one, **MIDDLE) for one in (rollout, None))
    taken, closed = year["control"] - without["control"], 1.0 if learning == 0 else 1 - np.exp(-1 / learning)
    exposure = np.zeros_like(taken)
    for week in range(9, 52):
        exposure[week] = exposure[week - 1] + closed * (taken[week] - exposure[week - 1])
    np.testing.assert_allclose(truth.rows["effect"], (-0.3 * 0.5 * exposure).ravel(), atol=1e-12)
    assert list(truth.by_week["weeks_since"]) == list(range(43))
    came = truth.by_week["estimate"] / truth.by_week["estimate"].iloc[-10:].mean()
    assert came[0] == pytest.approx(closed, abs=0.05)
    if learning == 8:
        assert came[7] == pytest.approx(0.63, abs=0.05)


def test_the_parts_of_the_truth_agree_with_its_rows():
    world, rollout = CallCentre(effect=-0.3, effect_spread=0.1), Rollout.staggered()
    truth, year = world.truth(rollout, 3, **MIDDLE), world.draw(3, rollout=rollout, **MIDDLE)
    pd.testing.assert_frame_equal(truth.rows[["seat", "agent", "week", "removal_week", "removed"]],
                                  year[["seat", "agent", "week", "removal_week", "removed"]])
    treated = truth.rows[year["removed"]]
    assert (truth.rows.loc[~year["removed"], "effect"] == 0).all()
    assert truth.estimate == pytest.approx(treated["effect"].mean())
    assert truth.table["estimate"].iloc[0] == truth.estimate
    for table in (truth.by_week, truth.by_wave):
        assert np.average(table["estimate"], weights=table["n"]) == pytest.approx(truth.estimate)
        assert table["n"].sum() == len(treated)
        np.testing.assert_allclose(table["estimate_sd"], table["estimate"] / 0.5)


def test_waves_can_have_effects_of_their_own():
    """By need, the first waves lose more control, because it had been raised more; and teams can answer differently."""
    early, late = [], []
    for seed in range(1, 9):
        waves = CallCentre(effect=-0.3, learning=0).truth(Rollout.staggered(order="need"), seed, agents=1000).by_wave
        early.append(waves["estimate"].iloc[0])
        late.append(waves["estimate"].iloc[-1])
    assert clear(np.array(early) - np.array(late)) > 3
    alike, unlike = (CallCentre(effect=-0.3, effect_spread=spread, reaction=0, learning=0).truth(
        Rollout.staggered(by="sites", waves=9, every=2), 1).by_wave["estimate"].std() for spread in (0, 0.2))
    assert unlike > 1.5 * alike


def test_quitting_is_held_for_agents_and_left_to_run_for_seats():
    """Where control wears people out, other people stay without it: that is part of what happens to seats, not to agents."""
    world = CallCentre(effect=0, effect_on_burnout=0.5, selection=1.0, quits=0.8)
    for seed in (1, 2, 3):
        estimates = world.truth(Rollout.randomised(), seed, **MIDDLE).table.set_index("term")["estimate"]
        assert estimates["agents"] == 0
        assert estimates["seats"] != 0
    world = CallCentre(effect=-0.3, selection=0)
    estimates = world.truth(Rollout.randomised(), 1, **MIDDLE).table.set_index("term")["estimate"]
    assert estimates["agents"] == estimates["seats"]
