"""What a drawn year is: the same for the same seed, complete, within its limits, and what its columns say of each other."""

from dataclasses import FrozenInstanceError, fields

import numpy as np
import pandas as pd
import pytest

from pebbletrail.worlds import CallCentre, Rollout
from pebbletrail.worlds.call_centre.noise import OF_SEATS, OF_TEAMS, OF_WEEKS, Size, noise

SMALL = {"weeks": 30, "agents": 200}


@pytest.fixture(scope="module")
def year():
    return CallCentre().draw(seed=1, latent=True)


def test_the_same_seed_gives_the_same_year_and_another_seed_another():
    world = CallCentre()
    pd.testing.assert_frame_equal(world.draw(3, **SMALL), world.draw(3, **SMALL))
    assert (world.draw(3, **SMALL)["quality_customer"] != world.draw(4, **SMALL)["quality_customer"]).mean() > 0.99


def test_numpys_global_generator_is_not_touched():
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    CallCentre().draw(3, **SMALL)
    assert (np.random.get_state()[1] == before).all()  # noqa: NPY002


def test_a_longer_year_begins_with_the_shorter_one():
    long, short = CallCentre().draw(5, weeks=30, agents=80), CallCentre().draw(5, weeks=12, agents=80)
    pd.testing.assert_frame_equal(long[long["week"] <= 12], short)


def test_no_two_kinds_of_chance_share_their_numbers():
    drawn = noise(Size(weeks=3, agents=50), seed=1)
    assert set(drawn) == {*OF_TEAMS, *OF_SEATS, *OF_WEEKS}
    firsts = [values.ravel()[0] for values in drawn.values()]
    assert len(set(firsts)) == len(firsts)


@pytest.mark.parametrize("change", [{"reaction": 0.0}, {"effect": -0.3}, {"reliability": 0.9}, {"selection": 1.0},
                                    {"scripts": -0.2}, {"quits": 0.0}])
def test_luck_does_not_depend_on_the_parameters(change):
    """Difficulty depends on nothing but chance, skill at the start on nothing but chance either."""
    one, other = (world.draw(2, latent=True, **SMALL) for world in (CallCentre(), CallCentre(**change)))
    assert (one["difficulty"] == other["difficulty"]).all()
    assert (one["true_skill"][:200] == other["true_skill"][:200]).all()


def test_before_a_roll_out_the_year_is_the_one_without_it():
    world, rollout = CallCentre(effect=-0.2), Rollout.staggered(start=9, waves=3, every=5)
    real, without = world.draw(2, rollout=rollout, **SMALL), world.draw(2, **SMALL)
    shared = list(without.columns)
    before = real["week"] < 9
    pd.testing.assert_frame_equal(real.loc[before, shared], without[before])
    assert (real.loc[~before, "control"] != without.loc[~before, "control"]).any()
    # nobody's work depends on another's: who keeps control has the same year either way
    never = real["removal_week"].isna()
    pd.testing.assert_frame_equal(real.loc[never, shared], without[never])


def test_one_row_for_each_seat_and_week(year):
    assert len(year) == 52 * 2000
    assert not year.duplicated(["seat", "week"]).any()
    assert not year.duplicated(["agent", "week"]).any()
    assert year["team"].nunique() == 100
    assert year["site"].nunique() == 10
    assert (year.groupby("team")["seat"].nunique() == 20).all()
    assert len(year[["seat", "team", "site"]].drop_duplicates()) == 2000


@pytest.mark.parametrize(("column", "low", "high", "whole"), [
    ("monitoring", 0, 20, True), ("script", 0, 100, True), ("handling_target", 180, 660, True), ("autonomy", 1, 7, False),
    ("difficulty", 0, 1, False), ("calls", 1, 675, True), ("handling_time", 120, np.inf, False),
    ("quality_customer", 0, 10, False), ("quality_firm", 0, 100, False), ("burnout", 0, 6, False), ("tenure", 0, 1092, True),
    ("control", -3.9, 5.23, False)])
def test_columns_keep_to_their_limits(year, column, low, high, whole):
    hard = CallCentre(effect=-0.5, effect_spread=0.2, reaction=1, reliability=0.1, rater_bias=1, drift=1, learning=0)
    for values in (year[column], hard.draw(1, **SMALL)[column]):
        assert values.notna().all()
        assert values.min() >= low
        assert values.max() <= high
        assert pd.api.types.is_integer_dtype(values) == whole


def test_the_codebook_has_the_columns_of_a_year_in_order(year):
    with_rollout = CallCentre().draw(1, rollout=Rollout.randomised(), latent=True, **SMALL)
    assert list(CallCentre().columns["column"]) == list(with_rollout.columns)
    assert set(with_rollout.columns) - set(year.columns) == {"removal_week", "removed"}
    assert not [name for name in CallCentre().draw(1, **SMALL).columns if name.startswith("true_")]


def test_control_follows_from_its_three_columns_as_the_codebook_says(year):
    by_hand = ((year["monitoring"] - 6) / 2 + (year["script"] - 50) / 15 + (420 - year["handling_target"]) / 45) / 3
    np.testing.assert_allclose(year["control"], by_hand, atol=1e-12)


def test_the_three_tools_of_control_go_together_alike():
    """By hand: variance of control + .25 each, covariance the same − .125, one r for every pair: .70 for a variance of 1."""
    year = CallCentre(reaction=0).draw(1)
    common = year["control"].var()
    r = year.assign(handling_target=-year["handling_target"])[["monitoring", "script", "handling_target"]].corr().to_numpy()
    np.testing.assert_allclose(r[np.triu_indices(3, 1)], (common - 0.125) / (common + 0.25), atol=0.01)


def test_calls_fill_the_week(year):
    """Thirty hours, three quarters of them in calls; the last call is not begun when it would not fit."""
    left = 30 * 3600 * 0.75 - year["calls"] * year["handling_time"]
    assert (left >= 0).all()
    assert (left < year["handling_time"]).all()


def test_who_quits_is_gone_and_the_seat_gets_someone_new(year):
    ordered = year.sort_values(["seat", "week"])
    following = ordered.groupby("seat").shift(-1)
    inside = following["agent"].notna()
    ordered, following = ordered[inside], following[inside]
    assert ((ordered["agent"] != following["agent"]) == ordered["quit"]).all()
    assert (following["tenure"] == np.where(ordered["quit"], 0, ordered["tenure"] + 1)).all()
    assert ((following["true_skill"] != ordered["true_skill"]) == ordered["quit"]).all()
    assert (year.groupby("agent")["quit"].sum() <= 1).all()


def test_standard_deviations_are_one_where_they_are_said_to_be():
    """Quality as long as control does nothing; control as long as managers do not react. Twenty years, without drift."""
    worlds = [CallCentre(reaction=0, drift=0).draw(seed, latent=True, agents=1000, weeks=20) for seed in range(20)]
    assert np.mean([year["true_quality"].std() for year in worlds]) / 0.5 == pytest.approx(1, abs=0.02)
    assert np.mean([year["control"].std() for year in worlds]) == pytest.approx(1, abs=0.02)


def test_skill_and_coaching_have_their_shares_of_the_variance():
    """From the latent columns, over twenty years: 30 % between agents, 10 % between supervisors."""
    starts = [CallCentre().draw(seed, latent=True, agents=1000, weeks=1) for seed in range(20)]
    assert np.mean([start["true_skill"].var() for start in starts]) == pytest.approx(0.30, abs=0.01)
    assert np.mean([start["true_coaching"].var() for start in starts]) == pytest.approx(0.10, abs=0.015)


def test_spells_last_with_the_person_and_end_with_the_person():
    """What is left of quality without skill, coaching and difficulty: its variance, and its correlation over weeks."""
    year = CallCentre(spells=0.8, drift=0).simulate(1)
    spell = ((year["true_quality"] - 7) / 0.5 - year["true_skill"] - year["true_coaching"]
             + 0.2 * (year["difficulty"] - 0.30) / 0.08)
    same = year["agent"][1:] == year["agent"][:-1]
    assert spell.var() == pytest.approx(1 - 0.30 - 0.10 - 0.2**2, abs=0.03)
    assert np.corrcoef(spell[:-1][same], spell[1:][same])[0, 1] == pytest.approx(0.8, abs=0.01)
    assert abs(np.corrcoef(spell[:-1][~same], spell[1:][~same])[0, 1]) < 0.1


def test_as_many_quit_in_nine_months_as_at_ctrip():
    """The printed 35 % of the control group, within the Monte Carlo error of five years of 2,000 agents."""
    shares = [CallCentre().against_evidence(seed)["here"].iloc[0] for seed in range(1, 6)]
    assert np.mean(shares) == pytest.approx(0.35, abs=3 * np.sqrt(0.35 * 0.65 / 10_000) + 0.005)


@pytest.mark.parametrize(("row", "found", "within"), [("monitoring and burnout", 0.11, 0.02),
                                                      ("burnout and quality as it is", -0.362, 0.02),
                                                      ("autonomy and the firm's score", 0.18, 0.05)])
def test_the_defaults_come_near_what_was_aimed_at(row, found, within):
    tables = [CallCentre().against_evidence(seed) for seed in range(1, 4)]
    near = [table.loc[table["quantity"].str.contains(row), "here"].item() for table in tables]
    assert np.mean(near) == pytest.approx(found, abs=within)
    assert tables[0].loc[tables[0]["quantity"].str.contains(row), "aimed_at"].item() == "yes"


def test_what_is_not_aimed_at_is_said_to_be_missed():
    table = CallCentre().against_evidence(1).set_index("evidence")
    assert table.loc["skl22-perf", "aimed_at"] == "no"
    assert table.loc["skl22-perf", "here"] < -0.1


def test_every_parameter_has_unit_limits_meaning_and_source():
    table = CallCentre(effect=-0.25).table
    assert list(table["parameter"]) == [one.name for one in fields(CallCentre)]
    assert table[["unit", "meaning", "source"]].map(len).gt(0).all().all()
    assert ((table["low"] <= table["default"]) & (table["default"] <= table["high"])).all()
    assert table.set_index("parameter").loc["effect", "value"] == -0.25
    assert table["source"].str.contains("assumed|bloom15-quit").all()


@pytest.mark.parametrize("name", [one.name for one in fields(CallCentre)])
def test_a_parameter_outside_its_limits_is_refused_by_name(name):
    limits = {one.name: one.metadata for one in fields(CallCentre)}[name]
    for value in (limits["low"] - 0.01, limits["high"] + 0.01, np.nan, np.inf, "0.1", None, True):
        with pytest.raises(ValueError, match=rf"^{name}: a number from .* is needed, not"):
            CallCentre(**{name: value})


@pytest.mark.parametrize(("given", "message"), [
    ({"seed": -1}, "seed: a whole number from 0 on"), ({"seed": None}, "seed: .*not None"),
    ({"seed": 1.5}, "seed"), ({"seed": 1, "weeks": 0}, "weeks: a whole number from 1 to 1040"),
    ({"seed": 1, "agents": 1}, "agents"), ({"seed": 1, "team_size": 0}, "team_size"),
    ({"seed": 1, "agents": 40, "sites": 3}, "sites: 40 agents in teams of 20 make 2 teams"),
    ({"seed": 1, "agents": 40, "rollout": Rollout.staggered()}, "rollout: a share of 0.9 of 2 teams is 2, too few for 8"),
    ({"seed": 1, "weeks": 20, "rollout": Rollout.staggered()}, "rollout: its last wave begins in week 36, but only 20"),
    ({"seed": 1, "rollout": "randomised"}, "rollout: a Rollout is needed")])
def test_what_cannot_be_drawn_is_refused(given, message):
    with pytest.raises(ValueError, match=message):
        CallCentre().draw(**given)


def test_quality_must_have_room_to_vary():
    with pytest.raises(ValueError, match=r"skill: 0\.8 with team 0\.2"):
        CallCentre(skill=0.8, team=0.2)


def test_a_world_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        CallCentre().effect = 1


@pytest.mark.parametrize("agents", [2, 19, 101, 333])
def test_odd_sizes_are_drawn(agents):
    drawn = CallCentre().draw(1, weeks=3, agents=agents)
    assert len(drawn) == 3 * agents
    sizes = drawn.groupby("team")["seat"].nunique()
    assert sizes.max() - sizes.min() <= 1


def test_a_course_secret_can_be_a_seed():
    assert len(CallCentre().draw(2**255 - 19, weeks=2, agents=20)) == 40
