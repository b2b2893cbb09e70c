"""The explorer of a ranking: its correlations on rows made one by one, its truth, and words that hold at every setting."""

import re
from itertools import product

import numpy as np
import pytest

import pebbletrail as pt
from pebbletrail.explorers.ranking import LOTS, MEASURES, STUDIES, Measures, _draws, _two, compute, loadings

GRID = list(product((4, 12, 90, 200), (0.0, 0.3, 0.5), (0.3, 0.7, 0.9), (0.0, 0.1, 0.25)))  # firms, true, among, better


def rows(study, firms, true, among, better):
    """Growth and the eleven measures of one study, firm by firm."""
    g, c, own = (draws[study, :firms] for draws in _draws())
    truth = np.array([true + better, *[true] * (MEASURES - 1)])
    share = loadings(truth, among)
    rest = share * c[:, None] + np.sqrt(1 - share**2) * own
    return np.column_stack([g, truth * g[:, None] + np.sqrt(1 - truth**2) * rest])


@pytest.mark.parametrize("setting", [(4, 0.3, 0.7, 0.0), (12, 0.5, 0.3, 0.25), (77, 0.0, 0.9, 0.1)])
def test_each_study_is_the_correlation_of_its_rows(setting):
    found = compute(*setting).found
    assert found.shape == (STUDIES, MEASURES)
    for study in (0, 1, STUDIES - 1):
        expected = np.corrcoef(rows(study, *setting), rowvar=False)[0, 1:]
        assert found[study] == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize(("true", "among", "better"), [(0.3, 0.7, 0.0), (0.5, 0.3, 0.25), (0.5, 0.9, 0.25), (0.0, 0.5, 0.1)])
def test_the_truth_is_what_the_controls_say(true, among, better):
    """From the loadings: every measure has variance 1, its link with growth, and the same link with every other."""
    truth = np.array([true + better, *[true] * (MEASURES - 1)])
    shared = np.sqrt(1 - truth**2) * loadings(truth, among)
    implied = np.outer(truth, truth) + np.outer(shared, shared)
    assert implied[np.triu_indices(MEASURES, 1)] == pytest.approx(np.full(55, among), abs=1e-12)
    assert (np.diag(implied) <= 1 + 1e-12).all()
    many = np.vstack([rows(study, 200, true, among, better) for study in range(200)])
    R = np.corrcoef(many, rowvar=False)
    assert R[0, 1:] == pytest.approx(truth, abs=0.02)  # four standard errors of 40,000 firms
    assert R[1:, 1:][np.triu_indices(MEASURES, 1)] == pytest.approx(np.full(55, among), abs=0.02)


def test_bars_hold_nine_of_ten_studies():
    result = compute(20, 0.3, 0.7, 0.1)
    low, high = result.middle
    inside = ((result.found >= low) & (result.found <= high)).sum(axis=0)
    assert inside.tolist() == [450] * MEASURES
    scene = Measures()
    scene.update(result)
    assert [bar.get_xdata()[0] for bar in scene.bars] == pytest.approx(low)


@pytest.mark.parametrize("setting", [(12, 0.3, 0.7, 0.0), (4, 0.0, 0.5, 0.25), (200, 0.5, 0.9, 0.25)])
def test_strokes_are_the_truth_and_dots_one_study(setting):
    _, true, _, better = setting
    result, scene = compute(*setting), Measures()
    scene.update(compute(30, 0.1, 0.4, 0.05))  # from somewhere else
    scene.update(result)
    assert list(scene.truth.get_xdata()) == pytest.approx([true + better, *[true] * 10])
    expected = np.corrcoef(rows(0, *setting), rowvar=False)[0, 1:]
    assert list(scene.one.get_xdata()) == pytest.approx(expected)
    assert list(scene.winner.get_xdata()) == pytest.approx([expected.max()])
    assert [list(bar.get_ydata()) for bar in scene.bars] == [[row, row] for row in range(11)]


def test_the_legend_names_both_colours_of_bars():
    scene = Measures()
    legend = scene.fig.axes[0].get_legend()
    named = {text.get_text(): line.get_color() for text, line in zip(legend.get_texts(), legend.get_lines(), strict=True)}
    assert named["9 of 10 studies: A"] == scene.bars[0].get_color()
    assert {bar.get_color() for bar in scene.bars[1:]} == {named["the others"]}
    assert named["the others"] != named["9 of 10 studies: A"]


@pytest.mark.parametrize(("given", "said"), [
    ((300, 0.3, 0.7, 0.0), "firms: 300 is not a whole number from 4 to 200"),
    ((3, 0.3, 0.7, 0.0), "firms: 3 is not"), ((0, 0.3, 0.7, 0.0), "firms: 0 is not"),
    ((12.5, 0.3, 0.7, 0.0), "firms: 12.5 is not"), ((float("nan"), 0.3, 0.7, 0.0), "firms: nan is not"),
    ((12, float("nan"), 0.7, 0.0), "true: nan is not a correlation"), ((12, 1.0, 0.7, 0.0), "true: 1 is not"),
    ((12, 0.8, 0.9, 0.2), r"true \+ better: 1 is not"), ((12, 0.3, 1.0, 0.0), "among: 1 is not"),
    ((12, 0.3, float("inf"), 0.0), "among: inf is not")])
def test_nonsense_is_refused_by_name(given, said):
    with pytest.raises(ValueError, match=said):
        compute(*given)


def test_nothing_is_written_with_a_minus_before_a_nought():
    assert [_two(one) for one in (-0.004, -0.006, 0.0, 0.304)] == ["0.00", "-0.01", "0.00", "0.30"]


def test_the_spread_of_one_measure_is_fishers():
    found = compute(50, 0.3, 0.7, 0.0).found[:, 4]
    assert np.arctanh(found).std(ddof=1) == pytest.approx(1 / np.sqrt(47), rel=0.13)  # four standard errors of 500 studies


def test_measures_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match=r"among: measures that correlate 0.8 and 0.5 with growth cannot all"):
        compute(12, 0.5, 0.95, 0.3)
    with pytest.raises(ValueError, match=r"cannot all correlate 0.2 with each other"):
        compute(12, 0.5, 0.2, 0.0)


def test_every_setting_that_can_be_reached_is_possible():
    for true, among, better in product(np.arange(0, 0.51, 0.05), np.arange(0.3, 0.91, 0.05), np.arange(0, 0.26, 0.05)):
        truth = np.array([true + better, *[true] * (MEASURES - 1)])
        assert np.abs(loadings(truth.round(2), round(among, 2))).max() <= 1


@pytest.mark.parametrize("setting", GRID)
def test_the_words_are_true_at_every_setting(setting):
    firms, true, among, better = setting
    result, scene = compute(*setting), Measures()
    said = scene.sentence(result)
    first = sum(row.argmax() == 0 for row in result.found)
    gaps = [row.max() - row.min() for row in result.found]
    assert f"Studies of {firms} firms" in said
    assert "-0.00" not in said + scene.alt(result)
    assert f"{among:.2f} with each other" in said
    assert re.search(rf"comes first in {first} of {STUDIES} studies", said)
    told = float(re.search(r"at least (\d\.\d\d) apart", said)[1])
    assert np.mean(np.array(gaps) >= told - 0.005) >= 0.5
    assert ("that is luck alone" in said) == (better == 0)
    if better:
        assert f"{true + better:.2f}; the others {true:.2f}" in said
        assert f"another one in {STUDIES - first}" in said
        assert said.endswith(f"where the truth is {better:.2f}.")
    scene.update(result)
    assert f"in {first} of {STUDIES} studies" in scene.note.get_text()
    winner = "ABCDEFGHIJK"[int(result.found[0].argmax())]
    assert f"measure {winner} comes first" in scene.alt(result)
    assert scene.winner.get_ydata()[0] == "ABCDEFGHIJK".index(winner)


def test_what_page_seven_says_of_it():
    """The answers folded under the explorer."""
    start = compute(12, 0.3, 0.7, 0.0)
    assert start.found[0].argmax() == 1
    assert start.found[0].round(2)[:2].tolist() == [-0.18, 0.24]
    assert start.found[0].argmin() == 0
    assert [round(float(np.median(compute(n, 0.3, 0.7, 0.0).gaps)), 2) for n in (12, 4)] == [0.49, 0.92]
    assert compute(12, 0.3, 0.7, 0.1).best_on_top == 97
    assert compute(200, 0.3, 0.7, 0.1).best_on_top == 429
    assert max(compute(n, 0.3, 0.7, 0.1).best_on_top for n in range(150, 201)) < 450
    assert compute(90, 0.3, 0.9, 0.1).best_on_top == 456
    assert LOTS == 45


def test_it_opens_at_twelve_equals():
    assert "12 firms" in pt.explore("ranking").picture.sentence
