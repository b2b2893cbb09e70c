"""The levers of the circle: each moved the way that helps, and what is said of it true also where it cannot be moved."""

from dataclasses import replace

import pandas as pd
import pytest
from tests.worlds.test_circle_tipping import settled

import pebbletrail as pt
from pebbletrail.worlds.circle.levers import HELPFUL


def test_every_lever_is_moved_the_way_that_helps_and_helps_at_the_defaults():
    table = pt.Circle().levers().table.set_index("lever")
    by_hand = {"resolve": 0.865, "worn_loss": 0.45, "upset_loss": 0.18, "drain": 0.135, "autonomy": 0.1, "rest": 0.66,
               "lull": 0.33, "breaks": 0.11, "thanks": 0.11, "rub": 0.045, "quit": 0.00009, "hire": 0.0011, "staffing": 1.1}
    assert table["changed_to"].to_dict() == pytest.approx(by_hand)
    assert set(HELPFUL) == set(by_hand) - {"staffing"}
    assert (table["calm_change"] > 0).all()
    assert (table["moved"] == "yes").all()


@pytest.mark.parametrize("lever", ["worn_loss", "upset_loss", "thanks", "resolve", "drain", "rest", "autonomy", "breaks"])
def test_a_moved_lever_keeps_calm_what_would_have_slid(lever):
    """Second way: the hand-made round, at a demand between the old edge and the one with the lever moved."""
    world = pt.Circle(quit=0)
    row = world.levers().table.set_index("lever").loc[lever]
    demand = (row["calm_ends"] + world.tipping().calm_ends) / 2
    after = [settled(replace(one, demand=demand))[0] for one in (world, replace(world, **{lever: row["changed_to"]}))]
    assert after[1] < 0.4 < 0.6 < after[0]


@pytest.mark.parametrize(("changed", "moved"), [
    ({"breaks": 0}, {"breaks": "no"}), ({"autonomy": 1}, {"autonomy": "no"}), ({"autonomy": 0.95}, {"autonomy": "in part"}),
    ({"quit": 0, "resolve": 0.99}, {"quit": "no", "resolve": "no"}), ({"breaks": 0.58}, {"breaks": "in part"})])
def test_what_is_at_its_limit_is_not_said_to_be_moved(changed, moved):
    world = pt.Circle(**changed)
    found = world.levers()
    table = found.table.set_index("lever")
    assert table.loc[table["moved"] != "yes", "moved"].to_dict() == moved
    for name, how in moved.items():
        assert (table.loc[name, "changed_to"] == getattr(world, name)) == (how == "no")
        assert pd.isna(table.loc[name, "calm_change"]) == (how == "no")
        words = "Not moved, being at the limit or at 0: " if how == "no" else "Moved less than that, as far as the limit: "
        assert name in found.text.split(words)[1].split(".")[0]


def test_more_breaks_past_the_best_share_are_said_to_make_matters_worse():
    world = pt.Circle(breaks=0.25)
    found = world.levers()
    now, then = world.tipping().calm_ends, replace(world, breaks=0.275).tipping().calm_ends
    assert then < now
    told = f"Makes matters worse here, as the calm state ends earlier: breaks ({100 * (then / now - 1):.3g} %)."
    assert told in found.text
    helps = found.table[found.table["calm_change"] > 0]["lever"].tolist()
    assert f"{helps[1]} moves the end of the calm state most" in found.text
    assert "breaks least" not in found.text


def test_the_text_names_the_lever_that_moves_most_and_the_one_that_moves_least():
    world = pt.Circle()
    gains = {name: 100 * (world.lever(name, [row["changed_to"]])["calm_ends"].iloc[0] / world.tipping().calm_ends - 1)
             for name, row in world.levers().table.set_index("lever").iterrows() if name != "staffing"}
    most, least = max(gains, key=gains.get), min(gains, key=gains.get)
    assert (f"{most} moves the end of the calm state most (+{gains[most]:.3g} % calls) and {least} least "
            f"(+{gains[least]:.3g} %)") in world.levers().text


def test_a_lever_that_ends_all_tipping_is_told():
    found = pt.Circle(drain=0.001, upset_loss=0.08).levers(0.3)
    table = found.table.set_index("lever")
    gone = table[(table["moved"] == "yes") & table["calm_ends"].isna()]
    assert "upset_loss" in gone.index
    assert f"Nothing tips any more with a change of {', '.join(gone.index)}." in found.text


@pytest.mark.parametrize(("values", "words"), [
    ([], "values: at least one number for breaks is needed"), (["many"], "breaks: a number from 0 to 0.6"),
    ([[0.1]], "breaks: a number"), ([0.1, float("nan")], "breaks: a number")])
def test_values_that_are_none_are_told(values, words):
    with pytest.raises(ValueError, match=words):
        pt.Circle().lever("breaks", values)
