"""The explorer of page 8: what a rule of memory keeps, against the rule written out; and its sentence at every setting."""

import itertools
import re

import numpy as np
import pytest

from pebbletrail.explorers.explore import explore
from pebbletrail.explorers.memory import CALLS, TenMinutes, remember

WEIGHTS = [parts for parts in itertools.product((0, 1, 3), repeat=4) if any(parts)]
EVERY = list(itertools.product(CALLS, WEIGHTS, (0, 5, 50), (0, 0.5, 3, 5), (1, 5, 10)))
SETTINGS = EVERY[::5]  # 5 shares no factor with the 36 settings of the last three, so all of these pairs come up


def by_hand(minutes, weights, fading):
    """The remembered score in plain Python: no arrays, the fading as a product of steps."""
    shares = [1.0]
    for _ in range(9):
        shares.insert(0, shares[0] * (1 - fading / 100))
    average = sum(share * minute for share, minute in zip(shares, minutes, strict=True)) / sum(shares)
    parts = (max(minutes), minutes[-1], average, min(minutes))
    return sum(weight * part for weight, part in zip(weights, parts, strict=True)) / sum(weights)


def told(call, weights, fading, wow, minute):
    """``(result, sentence, (as it is, with the wow, a point more) by hand)``."""
    result = remember(call, *weights, fading, wow, minute)
    now = list(CALLS[call])
    lifted = [min(10, mood + wow) if number == minute else mood for number, mood in enumerate(now, start=1)]
    versions = (now, lifted, [mood + 1 for mood in now])
    return result, SCENE.sentence(result), tuple(by_hand(minutes, weights, fading) for minutes in versions)


def compared(call, weights, fading, now):
    """A memory keeps the average only by its rule: whatever the call. Otherwise the two are the same by coincidence."""
    if now != 4.5:
        return f"is {abs(now - 4.5):.2f} {'kinder' if now > 4.5 else 'harsher'} than"
    return "keeps" if weights[2] and sum(weights) == weights[2] and not fading else "comes to the same as"


SCENE = TenMinutes()


def test_every_call_has_the_same_average_and_room_for_a_point():
    for minutes in CALLS.values():
        assert len(minutes) == 10
        assert sum(minutes) / 10 == pytest.approx(4.5)
        assert 0 <= min(minutes) <= max(minutes) <= 9
    assert sorted(CALLS["ends well"]) == sorted(CALLS["same minutes, ends badly"])


def test_scores_are_those_of_the_rule_written_out():
    for setting in SETTINGS:
        result, _, expected = told(*setting)
        assert result.scores == pytest.approx(expected), setting


def test_the_sentence_is_true_at_every_setting():
    for setting in SETTINGS:
        _, sentence, scores = told(*setting)
        (call, *_), (wow, minute) = setting, setting[3:]
        average, now = map(float, re.match(r"Plain average ([\d.]+), remembered ([\d.]+):", sentence).groups())
        better = float(re.search(r"Every minute a point better makes it ([\d.]+)\.", sentence).group(1))
        assert (average, now, better) == pytest.approx((4.5, scores[0], scores[2]), abs=0.00501), setting
        word = re.search(r"memory (is [\d.]+ \w+ than|keeps|comes to the same as) the average", sentence).group(1)
        assert word == compared(call, setting[1], setting[2], now), setting
        assert ("No wow is added" in sentence) == (wow == 0), setting
        assert ("where the scale ends" in sentence) == (CALLS[call][minute - 1] + wow > 10), setting
        lifted = now
        if wow:
            lifted = float(re.search(r"A wow of .*? makes it (\d+\.\d\d)", sentence).group(1))
            assert lifted == pytest.approx(scores[1], abs=0.00501), setting
            assert (": nothing that this memory keeps" in sentence) == (abs(scores[1] - scores[0]) < 1e-9), setting
        winner = "the same" if lifted == better else "the wow is worth more" if lifted > better else "the point in every"
        assert winner in sentence.split(" For this memory ")[1], setting


@pytest.mark.parametrize(("call", "weights", "fading", "words"), [
    ("same minutes, ends badly", (1, 1, 0, 0), 0, "here memory comes to the same as the average"),  # (7 + 2) / 2
    ("ends well", (0, 1, 0, 1), 0, "here memory comes to the same as the average"),
    ("flat", (0, 0, 1, 0), 50, "here memory comes to the same as the average"),
    ("ends well", (0, 0, 3, 0), 0, "memory keeps the average"),
    ("ends well", (0, 0, 1, 0), 50, "memory is 1.75 kinder than the average")])
def test_a_coincidence_is_not_told_as_a_rule(call, weights, fading, words):
    assert words in told(call, weights, fading, 3, 4)[1]


@pytest.mark.parametrize(("minute", "through"), [
    (4, "nothing that this memory keeps"), (10, r"through the best minute \(\+3\.00\) and the last minute \(\+3\.00\)")])
def test_what_the_wow_changes_is_named(minute, through):
    assert re.search(through, told("ends well", (1, 1, 0, 0), 0, 3, minute)[1])


def test_the_answers_of_the_page():
    """The five tasks of section 8.2."""
    assert remember(minute=4).scores[:2] == (7, 7)
    assert remember(minute=10).scores[1] == 10
    assert remember("same minutes, ends badly").scores[0] == 4.5
    assert all(remember(call, 0, 0, 1, 0, 0, 5, minute).scores[1] <= 5 for call in CALLS for minute in range(1, 11))
    for call in ("flat", "slow decline", "same minutes, ends badly", "one wow"):
        result = remember(call, 0, 1, 0, 0, 0, 5, 10)
        assert result.scores[1] - result.scores[0] == pytest.approx(5)
    flat = remember("flat", 1, 1, 0, 0, 0, 5, 10)
    assert flat.scores[1] - flat.scores[0] == pytest.approx(5)
    had = remember("one wow", 1, 0, 0, 0, 0, 5, 5)
    assert had.scores[1] - had.scores[0] == pytest.approx(1)
    assert remember("ends well", 0, 1, 0, 1).scores == pytest.approx((4.5, 4.5, 5.5))
    badly = [remember("same minutes, ends badly", 0, 1, 0, 1, minute=minute).scores for minute in range(1, 11)]
    assert badly[9] == pytest.approx((2, 4, 3))
    assert all(scores == pytest.approx((2, 2, 3)) for scores in badly[:9])


def test_where_a_wow_brings_all_of_its_five_points():
    """Every call, weights of 0, 1 or 3 and minute: only the three ways that the page names."""
    for call, weights, minute in itertools.product(CALLS, WEIGHTS, range(1, 11)):
        now, lifted, _ = remember(call, *weights, 0, 5, minute).scores
        best, last, average, worst = weights
        on_last = minute == 10 and not (best or average or worst) and CALLS[call][-1] <= 5
        flat = call == "flat" and not (average or worst) and (minute == 10 or not last)
        assert (lifted - now > 5 - 1e-9) == (on_last or flat), (call, weights, minute)


@pytest.mark.parametrize(("values", "message"), [
    ({"best": 0, "last": 0}, "a memory without any weight keeps nothing"), ({"best": -1}, "best: -1 is not a weight"),
    ({"last": -0.5, "best": 3}, "last: -0.5 is not a weight; give a number from 0 up"),
    ({"average": float("nan")}, "average: nan is not a weight"), ({"worst": float("inf")}, "worst: inf is not a weight"),
    ({"worst": "2"}, "worst: '2' is not a weight"), ({"best": True}, "best: True is not a weight"),
    ({"call": "loud"}, "there is no call 'loud'; there are ends well"), ({"call": ["x"]}, r"call: there is no call \['x'\]"),
    ({"minute": 11}, "minute: 11 is not one of the whole numbers 1 to 10"), ({"minute": 0}, "minute: 0 is not one of"),
    ({"minute": 4.0}, "minute: 4.0 is not one of"), ({"minute": True}, "minute: True is not one of"),
    ({"fading": 100}, "fading: 100 is not a percentage from 0 to below 100"), ({"fading": -5}, "fading: -5 is not"),
    ({"fading": float("nan")}, "fading: nan is not"), ({"fading": "5"}, "fading: '5' is not"),
    ({"wow": -20}, "wow: -20 is not a number of points from 0 to 10"), ({"wow": float("nan")}, "wow: nan is not"),
    ({"wow": 10.5}, "wow: 10.5 is not"), ({"wow": None}, "wow: None is not")])
def test_what_is_impossible_is_said(values, message):
    with pytest.raises(ValueError, match=message):
        remember(**values)


def test_only_proportions_of_the_weights_count_however_large():
    assert remember(best=1e308, last=1e308).scores == remember(best=1, last=1).scores
    assert remember(minute=np.int64(4), wow=np.float64(3), best=np.int32(1)).scores == remember().scores


@pytest.mark.parametrize(("setting", "words"), [
    (("one wow", (1, 0, 0, 0), 0, 3, 5), "A wow of +1 in minute 5, where the scale ends, makes it 10.00"),
    (("ends well", (0, 0, 1, 0), 0, 0.5, 4), "A wow of +0.5 in minute 4 makes it 4.55, through the average (+0.05)."),
    (("ends well", (1, 1, 1, 0), 0, 3, 10), "the last minute (+3.00) and the average (+0.30)."),
    (("ends well", (0, 0, 1, 0), 50, 0.5, 1), "makes it 6.25: hardly anything that this memory keeps has changed.")])
def test_the_wow_and_its_parts_are_told_as_they_are(setting, words):
    assert words in told(*setting)[1]


def test_the_words_for_the_picture_name_both_ends():
    scene = TenMinutes()
    for call, minutes in CALLS.items():
        told_so = scene.alt(remember(call))
        assert f"({call}), from {minutes[0]:g} to {minutes[-1]:g}, plain average 4.50" in told_so


def test_without_any_weight_the_panel_says_so_and_keeps_its_picture():
    opened = explore("memory")
    opened.controls["best"].value = 0
    before = opened.picture.png
    opened.controls["last"].value = 0
    assert opened.picture.sentence.startswith("Not possible: a memory without any weight")
    assert opened.picture.png == before


def test_bars_and_lines_show_the_result():
    result = remember("slow decline", 0, 1, 0, 1, 0, 2, 10)
    scene = TenMinutes()
    scene.update(result)
    assert [bar.get_ydata()[1] for bar in scene.bars] == pytest.approx(result.scores)
    assert scene.kept.get_ydata()[0] == pytest.approx(2.25)
    assert scene.average.get_ydata()[0] == pytest.approx(4.5)
    assert list(scene.mood.get_ydata()) == list(CALLS["slow decline"])
    assert [float(value) for value in scene.wow.get_ydata()] == [2.25, 4.25]
    assert [note.get_text() for note in scene.notes] == ["2.25", "3.50", "3.25"]
    assert "remembered 2.25 as it is, 3.50 with the wow, 3.25 with every minute" in scene.alt(result)
