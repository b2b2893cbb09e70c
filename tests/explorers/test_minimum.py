"""The explorer of a minimum: its arithmetic, agent by agent, and the words that say it."""

import numpy as np
import pytest

import pebbletrail as pt
from pebbletrail.explorers.control_game_pictures import laboratories
from pebbletrail.explorers.minimum import HIGHEST, assume


def agents(laboratory):
    """The free gifts one by one, from the counts."""
    counts = pt.load("hidden-costs-choices").query("laboratory == @laboratory and condition == 'free'")
    return np.repeat(counts["points"].to_numpy(float), counts["agents"])


@pytest.mark.parametrize("laboratory", laboratories())
@pytest.mark.parametrize(("least", "held"), [(0, 0), (10, 0), (10, 35), (25, 100), (HIGHEST, 60)])
def test_mean_gift_is_that_of_the_agents_one_by_one(laboratory, least, held):
    given = [least if x < least else x - held / 100 * (x - least) for x in agents(laboratory)]
    assert assume(laboratory, least, held).now == pytest.approx(np.mean(given), abs=1e-9)


@pytest.mark.parametrize("laboratory", laboratories())
def test_the_share_held_back_that_the_summary_implies_gives_the_measured_gift(laboratory):
    """Second way: the mean hidden cost of the summary, over what lies above the minimum."""
    row = pt.load("hidden-costs-summary").set_index("laboratory").loc[laboratory]
    above = np.maximum(agents(laboratory) - 10, 0).mean()
    held = 100 * row["mean_hidden_cost"] / above
    assert assume(laboratory, 10, held).now == pytest.approx(row["mean_controlled"], abs=1e-5)


def test_a_minimum_pays_from_where_the_curve_first_reaches_the_free_gift():
    found = assume("Zurich", 10, 50)
    assert found.means[found.pays_from] >= found.free > found.means[found.pays_from - 1]
    assert assume("Zurich", 10, 0).pays_from == 0
    assert (np.diff(found.means) > 0).all(), "a higher minimum never gives less, for the same reaction"


def test_the_words_say_what_the_numbers_are():
    panel = pt.explore("minimum")
    panel.controls["held_back"].value = 50
    found = assume("Zurich", 10, 50)
    assert f"gives {found.now:.1f}, {found.free - found.now:.1f} less than when free" in panel.picture.sentence
    assert f"pays from {found.pays_from} points on" in panel.picture.sentence
    panel.controls["held_back"].value = 0
    assert "With nothing held back, every minimum pays or costs nothing." in panel.picture.sentence
    panel.controls["minimum"].value = 40
    assert "more than when free" in panel.picture.sentence
