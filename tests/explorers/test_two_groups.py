"""The made-up firm of page 2: what bends the comparison does so by the amount that arithmetic says."""

import re
from itertools import product

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

import pebbletrail as pt
from pebbletrail.explorers import two_groups as firm


def estimated(**values):
    return firm.compute(noise=0.0, **values).estimate


@pytest.mark.parametrize("own", [False, True], ids=["four means", "each with himself"])
@pytest.mark.parametrize("effect", [-0.5, 0.0, 0.35])
@pytest.mark.parametrize("shock", [0.0, 0.4])
def test_without_drift_and_luck_it_finds_the_truth(own, effect, shock):
    assert estimated(effect=effect, shock=shock, own=own) == pytest.approx(effect, abs=1e-9)


@pytest.mark.parametrize("own", [False, True])
def test_a_drift_adds_itself_times_the_months_between(own):
    """Closed form: mean of months 0 to 8 is 4, of −12 to −1 is −6.5."""
    assert estimated(effect=0.2, drift=0.03, own=own) == pytest.approx(0.2 + 0.03 * (4 + 6.5), abs=1e-9)


def test_who_leaves_bends_four_means_and_not_each_with_himself():
    assert estimated(effect=0.2, leaving=40) < 0.1, "the weakest gone, the office group looks better"
    assert estimated(effect=0.2, leaving=40, own=True) == pytest.approx(0.2, abs=1e-4)


@pytest.mark.parametrize("values", [{}, {"drift": 0.02, "leaving": 35}, {"leaving": 60, "people": 30, "noise": 1.2}])
@pytest.mark.parametrize("own", [False, True])
def test_both_ways_are_those_of_a_regression(values, own, monkeypatch):
    """statsmodels on the rows: group, time and their product; or a dummy for each person and each month."""
    seen = {}
    real = firm._who_is_there
    monkeypatch.setattr(firm, "_who_is_there", lambda *given: seen.setdefault("there", real(*given)))
    result = firm.compute(own=own, **values)
    there = seen["there"][0]
    group, person, month = np.nonzero(there)
    given = {"effect": 0.2, "drift": 0.0, "noise": 0.8, "people": 100, **values}
    levels, luck = (draw[:, : given["people"]] for draw in firm._draws())
    months = firm.MONTHS[month]
    home = (group == 0) & (months >= 0)
    y = (0.6 * levels[group, person] + given["noise"] * luck[group, person, month] + given["effect"] * home
         + given["drift"] * (months + 0.5) * (group == 0))
    rows = pd.DataFrame({"y": y, "home": home * 1.0, "treated": 1.0 - group, "during": (months >= 0) * 1.0,
                         "person": group * 1000 + person, "month": months})
    formula = "y ~ home + C(person) + C(month)" if own else "y ~ home + treated + during"
    assert result.estimate == pytest.approx(smf.ols(formula, rows).fit().params["home"], abs=1e-5)


def test_parts_add_up_and_lines_are_means():
    result = firm.compute(effect=0.3, drift=0.02, leaving=30, shock=0.2)
    assert result.estimate == pytest.approx(sum(result.parts.values()))
    assert result.bias == pytest.approx(result.parts["drift"] + result.parts["leaving"] + result.parts["chance"])
    assert result.home[firm.DURING] - result.without[firm.DURING] == pytest.approx(np.full(9, 0.3))
    assert result.home[~firm.DURING] == pytest.approx(result.without[~firm.DURING])
    assert result.left == 30


def test_luck_stays_where_it_is_while_the_truth_moves():
    chance = {firm.compute(effect=effect, shock=shock).parts["chance"] for effect in (0, 0.2, 0.8) for shock in (0, 0.4)}
    assert len(chance) == 1


def test_more_people_less_chance():
    spread = [np.std(firm.compute(people=people, noise=1.2).home[:12]) for people in (20, 200)]
    assert spread[1] < spread[0] / 2


@pytest.mark.parametrize(("values", "name"), [({"people": 1}, "people"), ({"people": 201}, "people"),
                                              ({"leaving": 90}, "leaving"), ({"leaving": -5}, "leaving")])
def test_what_is_impossible_is_told(values, name):
    with pytest.raises(ValueError, match=f"{name}: "):
        firm.compute(**values)


def test_scene_tells_estimate_truth_and_what_bends_it():
    opened = pt.explore("two-groups")
    settings = {name: control.value for name, control in opened.controls.items()}
    _, alt, sentence = opened.view(**{**settings, "drift": 0.02, "leaving": 40})
    sentence, alt = sentence.replace("−", "-"), alt.replace("−", "-")
    result = firm.compute(drift=0.02, leaving=40)
    assert f"{result.estimate:.2f} standard deviations. Truth: 0.20" in sentence
    assert f"{result.parts['drift']:+.2f} from the drift" in sentence
    assert f"{result.parts['leaving']:+.2f} from who left" in sentence
    assert "40 of 100 left" in sentence
    assert f"estimate {result.estimate:.2f}" in alt
    _, _, straight = opened.view(**{**settings, "noise": 0.0})
    assert "right to two decimals" in straight


SETTINGS = {"effect": (-0.5, 0.0, 0.2, 0.45, 0.8), "drift": (-0.05, -0.015, 0.0, 0.005, 0.03), "leaving": (0, 25, 60),
            "people": (20, 90, 200), "noise": (0.0, 0.4, 1.2), "own": (False, True)}
GRID = [dict(zip(SETTINGS, values, strict=True)) for values in product(*SETTINGS.values())]


def test_whoever_adds_up_what_the_sentence_says_finds_no_gap():
    """Read back from the words, in hundredths: shown estimate less shown truth is what is told, and its parts add up."""
    told_of, cancelled, scene = 0, 0, firm.TwoGroups()
    for values in GRID:
        sentence = scene.sentence(firm.compute(**values)).replace("−", "-")
        first, rest = sentence.split(" standard deviations. Truth: ")
        estimate, truth = (round(100 * float(text)) for text in (first.split(": ")[1], rest.split(". ")[0]))
        off = round(100 * float(re.search(r"off by ([+-]\d\.\d\d)", sentence)[1])) if "off by" in sentence else 0
        parts = [round(100 * float(part)) for part in re.findall(r"([+-]\d\.\d\d) from", sentence)]
        assert off == estimate - truth, sentence
        assert 0 not in parts, sentence
        assert sum(parts) == off, sentence
        assert ("these cancel" in sentence) == (bool(parts) and off == 0), sentence
        told_of, cancelled = told_of + bool(parts), cancelled + ("these cancel" in sentence)
    assert told_of > 800
    assert cancelled >= 3


def test_a_told_part_is_its_own_value_to_a_hundredth():
    """Only the last takes what rounding leaves over, and that is never more than a hundredth or two."""
    for values in GRID:
        result = firm.compute(**values)
        told = firm.told_parts(result)[1]
        for name, word in {"drift": "the drift", "leaving": "who left", "chance": "chance"}.items():
            assert told.get(word, 0) == pytest.approx(result.parts[name], abs=0.02)


def test_nothing_leaves_the_picture():
    """Farthest out with few people, much luck and every pull to one side."""
    scene = firm.TwoGroups()
    low, high = scene.fig.axes[0].get_ylim()
    room = 0.06 + 0.35  # the gap above or below a bar, and two lines of letters
    for effect, own in product((-0.5, 0.8), (False, True)):
        side = np.sign(effect)
        for people, leaving in product(range(20, 201, 10), (0, 60)):
            result = firm.compute(effect, 0.05 * side, 0.4 * side, leaving, people, 1.2, own)
            lines = np.concatenate([result.home, result.office, result.without])
            assert low < lines.min()
            assert lines.max() < high
            assert low + room < result.estimate < high - room


def test_another_hundred_people_would_be_off_by_a_twentieth():
    """Closed form for the page's sentence: two groups of 100, 12 months before and 9 since, noise 0.8 a month."""
    spread = np.sqrt(2 * 0.8**2 / 100 * (1 / 12 + 1 / 9))
    assert spread == pytest.approx(0.05, abs=0.0005)
    assert abs(firm.compute().parts["chance"]) < spread / 10, "at the start luck is small, as we picked it"


def test_picture_follows_what_is_computed():
    scene = firm.TwoGroups()
    result = firm.compute(effect=-0.4, drift=0.03, leaving=20)
    scene.update(result)
    assert list(scene.home.get_ydata()) == pytest.approx(list(result.home))
    assert list(scene.office.get_ydata()) == pytest.approx(list(result.office))
    assert list(scene.without.get_ydata()) == pytest.approx(list(result.without[firm.DURING]))
    assert scene.bars[0].get_ydata()[1] == pytest.approx(-0.4)
    assert scene.bars[1].get_ydata()[1] == pytest.approx(result.estimate)
    assert scene.labels[1].get_text() == f"estimate\n{result.estimate:.2f}".replace("-", "−")
