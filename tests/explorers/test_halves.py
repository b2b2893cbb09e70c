"""The explorer of page 6: the groups, the three ratios, and a sentence that is true wherever the controls stand."""

import itertools
import re
from math import asin, pi, sqrt

import numpy as np
import pytest
from scipy import integrate, stats

import pebbletrail as pt
from pebbletrail.explorers.explore import explore
from pebbletrail.explorers.halves import HIGHEST, LOWEST, Hills, Z, contrast, percent, times, two
from pebbletrail.figures import PALETTE

RS, BETWEEN, CVS, PARTS = (-0.2, 0.0, 0.1, 0.3, 0.5), (0.0, 0.3, 0.6), (0.1, 0.2, 0.5, 1.4, 2.0), (0.5, 0.25, 0.1)
SETTINGS = [dict(zip(("r_staff", "r_customers", "between", "cv", "part", "groups"), values, strict=True))
            for values in itertools.product(RS, RS, BETWEEN, CVS, PARTS, ("both", "staff"))]


@pytest.fixture(scope="module")
def explorer():
    return explore("halves")


@pytest.fixture(scope="module")
def told():
    """Every setting with its result and its sentence."""
    scene = Hills()
    return [(given, result, scene.sentence(result), scene.alt(result)) for given in SETTINGS
            for result in [contrast(**given)]]


def test_the_groups_are_the_librarys(explorer):
    assert explorer.compute(**explorer.start).split == pt.both_halves(0.3, 0.3, 0.3, cv=0.2)
    assert contrast(r_staff=0.2, cv=0.7, part=0.25, groups="staff").split == pt.halves(0.2, cv=0.7, part=0.25)


def test_hills_have_area_one_and_the_means_of_the_groups():
    for given in SETTINGS[::37]:
        result = contrast(**given)
        for height, mean in ((result.high, result.split.high), (result.low, result.split.low)):
            assert integrate.trapezoid(height, Z) == pytest.approx(1, abs=0.02)  # the tails lie outside the picture
            assert integrate.trapezoid(Z * height, Z) == pytest.approx(mean, abs=0.07)


def test_no_hill_is_cut_off_and_every_setting_is_possible():
    top = Hills().fig.axes[0].get_ylim()[1]
    for given in SETTINGS:
        result = contrast(**given)
        assert max(result.high.max(), result.low.max()) < 0.68 < top  # the words stand above


def test_the_sentence_says_who_is_ahead_and_by_what(told):
    kinds = set()
    for given, result, sentence, _ in told:
        split = result.split
        if "no ratio" in sentence:
            kinds.add("none")
            assert np.isnan(split.ratio)
            assert min(split.means) <= 0
            assert ("more on average" in sentence) == (split.gap > 0)
            other = "low" if split.means[1] <= 0 else "high"
            assert f"(no ratio: the mean of the {other} group is not above zero)" in sentence
        elif "the same mean outcome" in sentence:
            kinds.add("same")
            assert abs(split.gap) * given["cv"] < 1e-3
        else:
            kinds.add("times")
            shown = re.search(r"on average (over|under)? ?([\d.]+) times", sentence)
            number = float(shown[2])
            if shown[1]:
                kinds.add(shown[1])
                assert split.ratio > 99.9 if shown[1] == "over" else 0 < split.ratio < 0.01
            else:
                assert number == pytest.approx(split.ratio, abs=0.0501 if number >= 10 else 0.00501)
        shares = re.search(r"(\w+ )?([\d.]+) % of them are above the median of all, against (\w+ )?([\d.]+) %\.", sentence)
        if not shares[3]:  # where it is not 'over 99.9 %' and 'under 0.1 %'
            assert float(shares[2]) == pytest.approx(100 * split.share_high, abs=0.0501)
            assert float(shares[4]) == pytest.approx(100 * split.share_low, abs=0.0501)
    assert kinds == {"none", "same", "times", "over"}


def test_what_five_times_would_need_is_true_wherever_it_is_told(told):
    for given, result, sentence, _ in told:
        needed = re.search(r"is 5 where σ/μ is ([\d.]+)\.$|is 5 where σ/μ is ([\d.]+)\. ", sentence)
        if "No spread makes that 5 times" in sentence:
            assert result.split.gap < 1e-3
            assert not needed
        else:
            shown = float(needed[1] or needed[2])
            off = 0.06 if shown >= 10 else 0.006
            ends = [contrast(**{**given, "cv": shown + step}).split.ratio for step in (-off, off)]
            assert ends[0] < 5
            assert not ends[1] < 5  # above, or burst


def test_negative_outcomes_are_told_where_there_are_any_to_speak_of(told):
    for given, _, sentence, _ in told:
        assert ("With the spread set here," in sentence) == (given["cv"] > 0.43)  # 1 % of a bell lies 2.33 SD below
        if found := re.search(r"(\d+) % of all units have an outcome below zero", sentence):
            assert int(found[1]) == pytest.approx(100 * stats.norm.cdf(-1 / given["cv"]), abs=0.501)


def test_words_name_the_groups(told):
    for given, _, sentence, alt in told:
        assert ("of both" in sentence) == (given["groups"] == "both")
        assert {0.5: "top half", 0.25: "top quarter", 0.1: "top tenth"}[given["part"]] in sentence
        assert len(alt.split()) > 20
        assert "nan" not in sentence + alt


def group_size(given):
    """Share of all units in each group, by scipy."""
    if given["groups"] == "staff":
        return given["part"]
    h, between = stats.norm.ppf(given["part"]), given["between"]
    return stats.multivariate_normal.cdf([h, h], cov=[[1, between], [between, 1]])


def test_the_sentence_says_how_many_units_are_compared(told):
    sizes = {}
    for given, _, sentence, _ in told:
        key = given["groups"], given["part"], given["between"]
        sizes[key] = sizes.get(key) or group_size(given)
        assert int(re.search(r"\((\d+) % of all\)", sentence)[1]) == pytest.approx(100 * sizes[key], abs=0.501)
    assert min(sizes.values()) < 0.02 < 0.49 < max(sizes.values())


@pytest.mark.parametrize("given", [SETTINGS[0], *SETTINGS[1::601]])
def test_each_hill_is_that_of_its_group(given):
    """Heights by Bayes: how likely the group is, given the outcome, by scipy."""
    h, size, scene, result = stats.norm.ppf(given["part"]), group_size(given), Hills(), contrast(**given)
    scene.update(result)
    rs = [given["r_staff"]] if given["groups"] == "staff" else [given["r_staff"], given["r_customers"]]
    R = [[1 - rs[0] ** 2, given["between"] - rs[0] * rs[-1]], [given["between"] - rs[0] * rs[-1], 1 - rs[-1] ** 2]]
    for sign, name, colour, line, mean, word in zip((1, -1), ("high", "low"), PALETTE[:2], scene.hills, scene.means,
                                                    scene.names, strict=True):
        ends = np.column_stack([h + sign * r * Z for r in rs])
        given_y = stats.norm.cdf(ends[:, 0] / sqrt(R[0][0])) if len(rs) == 1 else stats.multivariate_normal.cdf(ends, cov=R)
        height = stats.norm.pdf(Z) * given_y / size
        assert line.get_ydata() == pytest.approx(height, abs=1e-5)
        assert line.get_color() == word.get_color() == colour
        assert mean.get_xdata()[0] == pytest.approx(integrate.trapezoid(Z * height, Z), abs=0.06)
        shown = word.get_text().replace("−", "-")
        assert shown.startswith(f"{name} group\nmean ")
        assert float(shown.split()[-2]) == pytest.approx(mean.get_xdata()[0], abs=0.00501)


@pytest.mark.parametrize(("cv", "visible"), [(0.2, False), (0.27, False), (0.3, True), (1.0, True), (2.0, True)])
def test_zero_is_dotted_where_it_is_in_sight_and_named_where_it_is_not(cv, visible):
    scene = Hills()
    scene.update(contrast(cv=cv))
    told = scene.where.get_text()
    assert scene.zero.get_visible() == visible == (1 / cv <= 3.6)
    assert scene.zero.get_xdata()[0] == pytest.approx(-1 / cv)
    assert float(re.search(r"outcome 0[a-z, ]* ([\d.]+) SD below the mean", told)[1]) == pytest.approx(1 / cv, abs=0.006)
    assert told.startswith("dotted") == visible


def test_the_strokes_stand_where_their_words_say(explorer):
    right = explorer.scene.fig.axes[1]
    words = {text.get_text(): text.get_window_extent() for text in right.texts if ":" in text.get_text()}
    for word, value in (("the text: 5", 5), ("told of its source: 3.4", 3.4)):
        across, (at_one, stroke) = words[word], right.transData.transform([(1, 0), (value, 0)])[:, 0]
        assert at_one < across.x0 < stroke < across.x1  # beside its stroke, and clear of the line at 1
    strokes = {line.get_xdata()[0]: line.get_linestyle() for line in right.lines if len(set(line.get_xdata())) == 1
               and line.get_linewidth() == 1.2}
    assert strokes == {5: "-", 3.4: "--"}
    assert "strokes at 5, the text, and at 3.4, told of its source" in explorer.scene.alt(contrast())
    assert [label.get_text() for label in right.get_yticklabels()][2] == "odds ratio\nof that"


def test_a_bar_that_is_cut_has_an_arrow_head():
    scene, seen = Hills(), set()
    below = {"r_staff": -0.2, "r_customers": -0.2, "between": 0.0, "cv": 0.2, "part": 0.1}
    for given in (*SETTINGS[::13], below):
        result = contrast(**given)
        scene.update(result)
        split = result.split
        for cut, ratio in zip(scene.cuts, (split.ratio, split.share_ratio, split.odds_ratio), strict=True):
            assert cut.get_visible() == (ratio > 20 or ratio < 0.1)
            assert not cut.get_visible() or cut.get_marker() == (">" if ratio > 1 else "<")
            seen.add(cut.get_marker() if cut.get_visible() else "")
    assert seen == {">", "<", ""}


def test_bars_and_numbers_follow_and_stop_at_the_ends(explorer):
    explorer.reset()
    scene = explorer.scene
    assert [note.get_text() for note in scene.notes] == ["1.17", "1.96", "3.85"]
    size = 1 / 4 + asin(0.3) / (2 * pi)
    mean, share = 0.2 * 0.6 / (2 * sqrt(2 * pi)) / size, (1 / 8 + 3 * asin(0.3) / (4 * pi)) / size
    expected = [(1 + mean) / (1 - mean), share / (1 - share), (share / (1 - share)) ** 2]
    assert [bar.get_xdata()[1] for bar in scene.bars] == pytest.approx(expected, rel=1e-9)
    explorer.controls["cv"].value = 2.0
    explorer.controls["part"].value = 0.1
    assert scene.notes[0].get_text() == "none"
    assert scene.bars[0].get_xdata()[1] == 1
    assert max(bar.get_xdata()[1] for bar in scene.bars) <= HIGHEST
    explorer.controls["r_staff"].value = explorer.controls["r_customers"].value = -0.2
    explorer.controls["between"].value = 0.0
    assert min(bar.get_xdata()[1] for bar in scene.bars) == LOWEST
    explorer.reset()


def test_the_hills_stay_and_zero_moves_when_only_the_spread_does(explorer):
    """The lesson of task 2."""
    explorer.reset()
    before = [line.get_ydata().copy() for line in explorer.scene.hills]
    assert not explorer.scene.zero.get_visible()
    assert "out of sight" in explorer.scene.where.get_text()
    explorer.controls["cv"].value = 1.65
    assert all((line.get_ydata() == old).all() for line, old in zip(explorer.scene.hills, before, strict=True))
    assert explorer.scene.zero.get_visible()
    assert explorer.scene.zero.get_xdata()[0] == pytest.approx(-1 / 1.65)
    assert explorer.scene.notes[0].get_text() == "4.91"
    explorer.reset()


@pytest.mark.parametrize(("number", "text"), [(1.174, "1.17"), (9.996, "10.0"), (-0.395, "−0.40"), (-0.001, "0.00"),
                                              (25.04, "25.0")])
def test_numbers(number, text):
    assert two(number) == text


@pytest.mark.parametrize(("ratio", "text"), [(99.96, "over 100"), (0.004, "under 0.01"), (np.nan, "none"), (0.005, "0.01")])
def test_ratios(ratio, text):
    assert times(ratio) == text


@pytest.mark.parametrize(("share", "text"), [(0.662, "66.2 %"), (0.99951, "over 99.9 %"), (0.0004, "under 0.1 %"),
                                             (0.5, "50.0 %")])
def test_percentages(share, text):
    assert percent(share) == text


def test_what_cannot_be_is_told():
    with pytest.raises(ValueError, match=r"no data can have r_first = 0\.9"):
        contrast(r_staff=0.9, r_customers=0.9, between=-0.5)
    with pytest.raises(ValueError, match="part: a share of at least 1e-08"):
        contrast(part=0.7)
