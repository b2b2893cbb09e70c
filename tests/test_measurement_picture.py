"""The picture of a model with its measurement: each construct stands above its own indicators, and all can be read."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import FancyArrowPatch, Rectangle

import pebbletrail as pt
from pebbletrail.measurement_picture import BAR, factor_diagram, measured_diagram

NAMES = ["Image", "Expectation", "Quality", "Value", "Satisfaction", "Complaints", "Trust", "Loyalty"]


def chain(constructs, items, long=False):
    """Rows, and a PLS model in which every construct points at all that follow."""
    rng, names = np.random.default_rng(constructs), NAMES[:constructs]
    score, columns, lines = rng.normal(size=120), {}, []
    for name in names:
        score = 0.6 * score + 0.8 * rng.normal(size=120)
        of = [f"{name.lower()}_{'question_number_' if long else ''}{i}" for i in range(1, items + 1)]
        columns |= {one: score + rng.normal(size=120) for one in of}
        lines.append(f"{name} {'<~' if name == 'Value' else '=~'} {' + '.join(of)}")
    lines += [f"{name} ~ {' + '.join(names[:at])}" for at, name in enumerate(names) if at]
    return pd.DataFrame(columns), "\n".join(lines)


def texts(fig):
    fig.canvas.draw()
    return [(text, text.get_window_extent()) for text in fig.axes[0].texts if text.get_text()]


def overlap(one, other):
    return min(one.x1, other.x1) - max(one.x0, other.x0) > 1 and min(one.y1, other.y1) - max(one.y0, other.y0) > 1


@pytest.mark.parametrize("long", [False, True], ids=["short names", "long names"])
@pytest.mark.parametrize("constructs", range(2, 9))
def test_two_to_eight_constructs_with_their_indicators_can_be_read(constructs, long):
    fig = pt.pls(*chain(constructs, 7 if constructs == 8 else 3, long)).figure()
    found, page = texts(fig), fig.bbox
    crossing = [(one[0].get_text(), other[0].get_text()) for one, other in combinations(found, 2)
                if overlap(one[1], other[1])]
    assert crossing == []
    for text, place in found:
        assert page.x0 <= place.x0
        assert place.x1 <= page.x1
        assert page.y0 <= place.y0
        assert place.y1 <= page.y1
        assert text.get_fontsize() >= 6


def listed(fig, x):
    """``{indicator: loading}`` as written below the box whose middle is at x, from top to bottom."""
    below = [(-text.get_position()[1], text.get_position()[0], text.get_text()) for text in fig.axes[0].texts]
    words = [word for down, at, word in sorted(below) if down > 0.4 and abs(at - x) < 0.6 and word]
    return dict(zip(words[::2], words[1::2], strict=True))


def test_each_construct_stands_above_its_own_indicators_and_loadings():
    data, model = chain(3, 3)
    fit = pt.pls(data, model)
    fig = fit.figure()
    for name, part in fit.loadings.groupby("construct"):
        expected = {item: f"{value:.2f}" for item, value in zip(part["indicator"], part["estimate"], strict=True)}
        assert listed(fig, fig.places[name][0]) == expected


def test_bars_are_as_long_as_the_loadings():
    blocks = {"A": [("a1", 0.8), ("a2", -0.4)], "B": []}
    table = pd.DataFrame({"outcome": ["B"], "predictor": ["A"], "estimate": [0.5]})
    fig = measured_diagram(table, {"B": ("A",)}, {"B": 0.25}, blocks)
    bars = [patch.get_width() for patch in fig.axes[0].patches
            if isinstance(patch, Rectangle) and patch.get_facecolor()[:3] == pytest.approx(
                tuple(int(BAR[i : i + 2], 16) / 255 for i in (1, 3, 5)))]
    assert len(bars) == 2
    assert bars[0] / bars[1] == pytest.approx(2)
    assert "−0.40" in [text.get_text() for text in fig.axes[0].texts]


@pytest.mark.parametrize(("mode", "down"), [("A", True), ("B", False)])
def test_the_arrow_runs_to_the_indicators_of_mode_a_and_from_those_of_mode_b(mode, down):
    table = pd.DataFrame({"outcome": ["B"], "predictor": ["A"], "estimate": [0.5]})
    fig = measured_diagram(table, {"B": ("A",)}, {"B": 0.25}, {"A": [("a1", 0.8), ("a2", 0.7)]}, {"A": mode})
    [arrow] = [text for text in fig.axes[0].texts if hasattr(text, "arrow_patch") and text.arrow_patch is not None]
    assert bool(arrow.xy[1] < arrow.xyann[1]) == down


def test_a_figure_without_indicators_is_the_path_diagram_alone():
    fit = pt.pls(*chain(3, 3))
    assert listed(fit.figure(indicators=False), 0.0) == {}
    assert fit.figure(indicators=False).get_size_inches()[1] < fit.figure().get_size_inches()[1]


def test_factors_without_arrows_are_joined_by_lines_with_their_correlations():
    correlations = pd.DataFrame([[1, 0.5, -0.2], [0.5, 1, 0.31], [-0.2, 0.31, 1]], list("ABC"), list("ABC"))
    fig = factor_diagram(correlations, {name: [(f"{name}1", 0.7)] for name in "ABC"})
    words = [text.get_text() for text in fig.axes[0].texts]
    assert {"0.50", "−0.20", "0.31"} <= set(words)
    lines = [patch for patch in fig.axes[0].patches if isinstance(patch, FancyArrowPatch)]
    assert len(lines) == 3
    assert all(type(line.get_arrowstyle()).__name__ == "Curve" for line in lines)
    assert not any("R²" in word for word in words)
