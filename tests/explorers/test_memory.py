"""The explorer of page 8: what a rule of memory keeps, against the rule written out; and its sentence at every setting."""

import itertools
import re

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
        word = re.search(r"memory (is [\d.]+ \w+ than|keeps) the average", sentence).group(1)
        expected = "keeps" if now == 4.5 else f"is {abs(now - 4.5):.2f} {'kinder' if now > 4.5 else 'harsher'} than"
        assert word == expected, setting
        assert ("No wow is added" in sentence) == (wow == 0), setting
        assert ("where the scale ends" in sentence) == (CALLS[call][minute - 1] + wow > 10), setting
        lifted = now
        if wow:
            lifted = float(re.search(r"A wow of .*? makes it (\d+\.\d\d)", sentence).group(1))
            assert lifted == pytest.approx(scores[1], abs=0.00501), setting
            assert (": nothing that this memory keeps" in sentence) == (abs(scores[1] - scores[0]) < 1e-9), setting
        winner = "the same" if lifted == better else "the wow is worth more" if lifted > better else "the point in every"
        assert winner in sentence.split(" For this memory ")[1], setting


@pytest.mark.parametrize(("minute", "through"), [
    (4, "nothing that this memory keeps"), (10, r"through the best minute \(\+3\.00\) and the last minute \(\+3\.00\)")])
def test_what_the_wow_changes_is_named(minute, through):
    assert re.search(through, told("ends well", (1, 1, 0, 0), 0, 3, minute)[1])


def test_the_answers_of_the_page():
    """The four tasks of section 8.2."""
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


@pytest.mark.parametrize(("values", "message"), [
    ({"best": 0, "last": 0}, "a memory without any weight keeps nothing"), ({"best": -1}, "and none below"),
    ({"call": "loud"}, "there is no call 'loud'; there are ends well"), ({"minute": 11}, "minute: 11 is not one of 1 to 10"),
    ({"fading": 100}, "fading: 100 percent is not within 0 to below 100")])
def test_what_is_impossible_is_said(values, message):
    with pytest.raises(ValueError, match=message):
        remember(**values)


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
