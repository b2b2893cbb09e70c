"""The figures show what is in the tables, describe themselves, and keep customers at their places."""

import math
from dataclasses import replace

import networkx as nx
import numpy as np
import pytest

import pebbletrail as pt
from pebbletrail.figures import png
from pebbletrail.worlds.firestorm.network_picture import MOST, neighbourhood
from pebbletrail.worlds.firestorm.networks import network

SMALL = pt.Firestorm(customers=150, first=2, tell=0.06)


@pytest.mark.parametrize("found", [
    pytest.param(lambda: SMALL.storm(1), id="storm"),
    pytest.param(lambda: replace(SMALL, tell=0, answer_after=math.inf).storm(), id="nobody hears"),
    pytest.param(lambda: replace(SMALL, heat=0).storm(), id="nobody tells"),
    pytest.param(lambda: replace(SMALL, first=150).storm(), id="all hit"),
    pytest.param(SMALL.people, id="people"),
    pytest.param(lambda: replace(SMALL, friends=2).people(), id="people without acquaintances"),
    pytest.param(SMALL.expected, id="expected"),
    pytest.param(lambda: SMALL.expected(1), id="one hour"),
    pytest.param(lambda: SMALL.storms(draws=8, repeats=2), id="storms"),
    pytest.param(lambda: SMALL.storms(draws=4, inputs=False), id="luck alone"),
    pytest.param(lambda: SMALL.answers(hours=[1], draws=2), id="one answer"),
    pytest.param(lambda: SMALL.answers(public=(True, False), draws=4), id="answers")])
@pytest.mark.filterwarnings("error")
def test_a_figure_is_drawn_and_describes_itself(found):
    result = found()
    figure = result.figure()
    assert len(png(figure)) > 5_000
    assert len(figure.alt.split()) > 20
    assert "nan" not in figure.alt
    assert result.text in figure.alt
    assert result.figure(alt="A picture that somebody else describes.").alt == "A picture that somebody else describes."
    assert "<table" in result._repr_html_()
    assert result.text in repr(result)


@pytest.mark.parametrize("shape", ["random", "hubs", "small world", "communities"])
def test_the_customers_drawn_are_the_nearest_and_their_ties_are_all_there(shape):
    """Second way: networkx's distances and its induced subgraph."""
    found = network(pt.Firestorm(network=shape, customers=900, first=2), 3)
    nodes, places, ties = neighbourhood(found, (5, 77))
    graph = nx.from_scipy_sparse_array(found.matrix())
    away = nx.multi_source_dijkstra_path_length(graph, {5, 77})
    assert len(nodes) == len(set(nodes.tolist())) == MOST
    furthest = max(away[one] for one in nodes.tolist())
    assert {one for one, steps in away.items() if steps < furthest} <= set(nodes.tolist())
    inside = {frozenset(edge) for edge in graph.subgraph(nodes.tolist()).edges()}
    assert {frozenset(nodes[tie].tolist()) for tie in ties} == inside
    assert places.shape == (MOST, 2)
    assert np.isfinite(places).all()


def test_the_same_customers_stand_at_the_same_places_under_another_answer():
    first, second = SMALL.storm(1), replace(SMALL, answer_after=2).storm(1)
    places = [storm.figure().axes[0].collections for storm in (first, second)]
    hit = [next(marks.get_offsets() for marks in found if marks.get_label() == "hit by the incident") for found in places]
    assert np.asarray(hit[0]) == pytest.approx(np.asarray(hit[1]))
    assert first.network is second.network


def test_a_storm_is_drawn_as_its_tables_say():
    storm = SMALL.storm(1)
    left, right = storm.figure().axes[:2]
    marks = {one.get_label(): one for one in left.collections}
    heard = storm.people["heard_at"]
    assert len(marks["hit by the incident"].get_offsets()) == (heard == 0).sum()
    assert len(marks["never heard"].get_offsets()) == heard.isna().sum()
    coloured = [one for one in left.collections if one.get_array() is not None]
    assert sorted(coloured[0].get_array().tolist()) == sorted(heard[heard > 0].tolist())
    ways = left.collections[1].get_segments()
    assert len(ways) == storm.people["told_by"].notna().sum()
    lines = {line.get_label(): line for line in right.lines}
    assert lines["know of it"].get_ydata() == pytest.approx(storm.hours["heard"].to_numpy() / 1.5)
    assert lines["are angry enough to tell"].get_ydata() == pytest.approx(storm.hours["telling"].to_numpy() / 1.5)
    assert lines["the answer, in public"].get_xdata() == [24, 24]
    never = replace(SMALL, answer_after=math.inf).storm(1).figure().axes[1]
    assert [line.get_label() for line in never.lines] == ["know of it", "are angry enough to tell"]


def test_the_other_figures_show_their_tables():
    path = SMALL.expected()
    (axis,) = path.figure().axes
    assert axis.lines[0].get_ydata() == pytest.approx(path.table["heard"].to_numpy() / 1.5)
    people = SMALL.people()
    right = people.figure().axes[1]
    assert list(right.lines[0].get_xdata()) == people.table["degree"].tolist()
    assert list(right.lines[0].get_ydata()) == people.table["customers"].tolist()
    storms = SMALL.storms(draws=16, repeats=2)
    left, right = storms.figure().axes
    assert sum(bar.get_height() for bar in left.containers[0]) == 16
    names = [label.get_text() for label in right.get_yticklabels()]
    assert names[::-1] == storms.drivers["input"].head(8).tolist()
    answers = SMALL.answers(draws=6)
    (axis,) = answers.figure().axes
    assert [label.get_text() for label in axis.get_yticklabels()] == [
        "in public after 72 hours", "in public after 24 hours", "in public after 6 hours", "in public after 1 hour"]
    assert list(axis.lines[0].get_xdata()) == pytest.approx(answers.table["saved"][:0:-1].tolist())
