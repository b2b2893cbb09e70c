"""Figures: no figure without words, nothing global touched, and pictures that hold what they should."""

import itertools

import matplotlib as mpl
import pytest

import pebbletrail as pt
from pebbletrail.diagrams import diagram
from pebbletrail.figures import PALETTE, checked_alt, image_tag, new_figure

BOXES = {"a": (0, 0.5, "cause"), "b": (1, 0.5, "effect"), "u": (0.5, 0, "unseen")}


@pytest.mark.parametrize("alt", ["", "a figure", None, 3, "too few words here"])
def test_a_figure_without_words_is_refused(alt):
    with pytest.raises(ValueError, match="does not describe a figure"):
        checked_alt(alt)


def test_the_description_is_escaped():
    fig, _ = new_figure()
    tag = image_tag(fig, 'Points "below" 5 < x lie to the left of the line')
    assert 'alt="Points &quot;below&quot; 5 &lt; x lie to the left of the line"' in tag


def test_show_publishes_words_and_picture_and_closes_the_figure(capsys):
    import matplotlib.pyplot as plt

    fig, _ = plt.subplots()
    pt.show(fig, alt="An empty pair of axes, for a test of showing.")
    assert plt.get_fignums() == []


def test_a_result_describes_its_figure_in_its_own_words_unless_it_is_given_others(capsys):
    pooled = pt.pool([0.1, 0.4, 0.3], [0.01, 0.02, 0.03])
    fig = pooled.figure()
    assert pooled.text in fig.alt
    pt.show(fig)
    assert pooled.text in capsys.readouterr().out
    words = "Three studies and their mean, which lies to the right of zero."
    assert pooled.figure(alt=words).alt == words
    with pytest.raises(ValueError, match="alt"):
        pooled.figure(alt="too short")


def test_a_figure_of_a_result_shows_itself_with_its_words_at_the_end_of_a_cell(capsys):
    from IPython.core.interactiveshell import InteractiveShell

    fig = pt.pool([0.1, 0.4, 0.3], [0.01, 0.02, 0.03]).figure()
    assert InteractiveShell.instance().display_formatter.format(fig) == ({}, {})  # it has shown itself
    assert "Forest plot of 3 studies" in capsys.readouterr().out


def test_new_figure_touches_nothing_global():
    before = dict(mpl.rcParams)
    _fig, ax = new_figure()
    ax.plot([0, 1])
    assert dict(mpl.rcParams) == before
    assert ax.lines[0].get_color() == PALETTE[0]


def test_forest_holds_every_study_the_mean_and_the_new_study():
    pooled = pt.pool([1.0, 2.0, 4.0], [0.5, 0.4, 0.6], labels=["one", "two", "three"])
    ax = pooled.figure().axes[0]
    assert [text.get_text() for text in ax.get_yticklabels()] == ["one", "two", "three", "mean", "a new study"]
    beside = [text.get_text() for text in ax.texts]
    assert beside[0].startswith("1.00 [")
    assert f"{pooled.estimate:.2f} [{pooled.ci[0]:.2f}, {pooled.ci[1]:.2f}]" in beside


@pytest.mark.parametrize("k", [3, 60])
def test_forest_rows_do_not_overlap(k):
    fig = pt.pool(range(k), [1.0] * k).figure()
    fig.canvas.draw()
    boxes = sorted((text.get_window_extent() for text in fig.axes[0].get_yticklabels()), key=lambda box: box.y0)
    assert all(low.y1 <= high.y0 for low, high in itertools.pairwise(boxes))


def test_diagram_cuts_arrows_at_the_boxes_and_dashes_what_is_unseen():
    fig = diagram(BOXES, [("a", "b", "+"), ("u", "b")], unseen=["u"])
    texts = {text.get_text(): text for text in fig.axes[0].texts if text.get_text()}
    assert set(texts) == {"cause", "effect", "unseen", "+"}
    assert texts["unseen"].get_bbox_patch().get_linestyle() == "--"
    assert texts["cause"].get_bbox_patch().get_linestyle() == "-"


@pytest.mark.parametrize(("boxes", "arrows", "unseen", "told"), [
    (BOXES, [("a", "z")], (), "arrows: there is no box 'z'; there are a, b, u"),
    (BOXES, [], ["z"], "unseen: there is no box 'z'"),
    ({"a": (2, 0, "x")}, [], (), r"a stands at \(2, 0\)")])
def test_diagrams_that_cannot_be(boxes, arrows, unseen, told):
    with pytest.raises(ValueError, match=told):
        diagram(boxes, arrows, unseen)


def test_where_nobody_looks_nothing_is_drawn_and_a_description_is_still_asked_for(monkeypatch):
    monkeypatch.setenv("PEBBLETRAIL_UNSEEN", "1")
    fig, _ = new_figure()
    monkeypatch.setattr(fig, "savefig", lambda *given, **more: pytest.fail("it was drawn"))
    pt.show(fig, alt="Nothing but two axes, which nobody sees here.")
    with pytest.raises(ValueError, match="alt"):
        pt.show(new_figure()[0])
