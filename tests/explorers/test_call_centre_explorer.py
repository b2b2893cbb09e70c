"""The explorer of the call centre: what it shows is what the world draws, and what it says is true of it."""

import numpy as np
import pytest

import pebbletrail as pt
from pebbletrail.explorers.call_centre import CUSTOMERS, SEEN, SIZE, SUPERVISOR, Cloud, look

NOTHING = {"effect": 0.0, "reaction": 0.0, "supervision": 0.0, "rater_bias": 0.0, "judge": CUSTOMERS}


@pytest.mark.parametrize(("judge", "column", "middle", "sd"), [
    (CUSTOMERS, "quality_customer", 7.0, 0.5), (SUPERVISOR, "quality_firm", 75.0, 5.0)])
def test_the_cloud_is_the_table_of_means(judge, column, middle, sd):
    """Second way: the rows that ``draw`` gives, averaged by pandas."""
    year = pt.CallCentre(effect=-0.1, reaction=0.4).draw(seed=1, **SIZE)
    means = year.groupby("seat")[["control", column]].mean()
    shown = look(**{**NOTHING, "effect": -0.1, "reaction": 0.4, "judge": judge})
    assert np.allclose(shown.control, means["control"])
    assert np.allclose(shown.score, (means[column] - middle) / sd)
    assert shown.r == pytest.approx(means.corr().iloc[0, 1])
    assert shown.slope == pytest.approx(pt.regress(means, f"{column} ~ control").table["estimate"].iloc[1] / sd)


@pytest.mark.parametrize(("changed", "least", "most", "words"), [
    ({}, -0.12, 0.12, "Nothing is done, and nothing is seen."),
    ({"reaction": 0.6}, -1, -0.3, "All of it comes from elsewhere: managers control more after a poor score."),
    ({"effect": -0.2, "supervision": 0.6}, -0.12, 0.12, "The harm is there, and it cannot be seen: supervisors who"),
    ({"effect": 0.2, "reaction": 0.6}, -1, -0.12, "What is seen has the wrong sign, because managers"),
    ({"rater_bias": 0.6, "judge": SUPERVISOR}, -1, -0.2, "All of it comes from elsewhere: supervisors score those"),
    ({"rater_bias": 0.6}, -0.12, 0.12, "Nothing is done, and nothing is seen."),
    ({"effect": -0.2}, -1, -0.12, "what is seen is about what is true"),
])
def test_the_lessons_of_the_page(changed, least, most, words):
    panel = pt.explore("call-centre")
    for name, value in changed.items():
        panel.controls[name].value = value
    assert least <= look(**{**NOTHING, **changed}).r <= most
    assert words in panel.picture.sentence


def test_the_harm_seen_without_anything_else_is_the_true_one():
    shown = look(**{**NOTHING, "effect": -0.3})
    assert shown.slope == pytest.approx(-0.3, abs=0.12)  # 300 seats: a standard error of about 0.06


@pytest.mark.parametrize("effect", [-0.3, -0.05, 0.0, 0.05, 0.3])
@pytest.mark.parametrize("reaction", [0.0, 0.1, 0.9])
@pytest.mark.parametrize("supervision", [-0.9, -0.1, 0.0, 0.1, 0.9])
@pytest.mark.parametrize("judge", [CUSTOMERS, SUPERVISOR])
def test_no_cause_is_blamed_that_pushes_the_other_way(effect, reaction, supervision, judge):
    """A swept grid: what hides a harm raises the line, what fakes one lowers it."""
    chosen = {"effect": effect, "reaction": reaction, "supervision": supervision, "rater_bias": 0.0, "judge": judge}
    shown = look(**chosen)
    words = Cloud().sentence(shown)
    downward = ["after a poor score" in words, "coach worse" in words]
    if "cannot be seen" in words:
        assert effect != 0
        assert not (effect < 0 and any(downward)), words
        assert not (effect > 0 and "coach better" in words), words
    if "wrong sign" in words:
        assert np.sign(effect) == -np.sign(shown.slope)
        assert not (shown.slope > 0 and any(downward)), words
        assert not (shown.slope < 0 and "coach better" in words), words
    if "All of it" in words:
        first = words.split("; against it, ")[0]
        assert effect == 0
        assert not (shown.slope < 0 and "coach better" in first), words
        assert not (shown.slope > 0 and ("after a poor score" in first or "coach worse" in first)), words


def test_where_nothing_ties_them_the_correlation_is_small_for_any_luck():
    """Over seeds: the bound below which nothing is said to be seen is two standard deviations of chance."""
    drawn = []
    for seed in range(1, 31):
        year = pt.CallCentre(effect=0.0, reaction=0.0).simulate(seed, **SIZE)
        drawn.append(np.corrcoef(year["control"].mean(axis=0), year["quality_customer"].mean(axis=0))[0, 1])
    assert 0.03 < np.std(drawn) < SEEN / 1.8
