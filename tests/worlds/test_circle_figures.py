"""The figures of the circle: what is drawn is what the world does, and they describe themselves."""

import numpy as np
import pytest

import pebbletrail as pt
from pebbletrail.figures import png
from pebbletrail.worlds.circle import plane
from pebbletrail.worlds.circle.curve import Curve
from pebbletrail.worlds.circle.fork import pieces

WORLDS = {"two states": {}, "calm": {"demand": 0.4}, "vicious": {"demand": 0.8}, "kink": {"breaks": 0.2, "demand": 0.57},
          "nothing tips": {"returns": 0.6, "drain": 0.02, "demand": 0.8}}


@pytest.mark.parametrize("changed", WORLDS.values(), ids=list(WORLDS))
@pytest.mark.parametrize("name", ["portrait", "fork"])
def test_a_figure_is_drawn_and_describes_itself(name, changed):
    world = pt.Circle(**changed)
    figure = getattr(world, name)()
    assert len(png(figure)) > 5_000
    assert len(figure.alt.split()) > 20
    assert "nan" not in figure.alt
    other = "A picture that somebody else describes."
    assert getattr(world, name)(alt=other).alt == other


def points(figure):
    """The round marks with a thick edge, and their fill."""
    marks = [line for line in figure.axes[0].lines if line.get_marker() == "o" and line.get_markersize() == 11]
    return [(line.get_xdata()[0], line.get_ydata()[0], line.get_markerfacecolor() != "white") for line in marks]


@pytest.mark.parametrize("changed", WORLDS.values(), ids=list(WORLDS))
def test_stable_states_are_filled_and_the_tipping_point_is_hollow(changed):
    world = pt.Circle(**changed)
    found = world.fixed_points().table
    drawn = points(world.portrait())
    assert np.allclose([row[:2] for row in drawn], 100 * found[["worn", "upset_share"]])
    assert [row[2] for row in drawn] == found["stable"].tolist()


def test_the_ground_shows_where_each_start_ends():
    """Second way: single paths, iterated; also either side of where the way divides."""
    world = pt.Circle()
    stable = world.fixed_points().table.query("stable")[["upset", "worn", "vacant"]].to_numpy()
    starts = [(0.0, 0.0), (0.5, 0.05), (0.6, 0.05), (0.1, 0.6), (0.1, 0.75), (0.35, 0.37), (0.45, 0.47), (0.8, 0.9)]
    states = np.stack([plane.state(world, *start) for start in starts], axis=1)
    goes = plane.ends(world, states, stable)
    assert set(goes) == {0, 1}
    for state, goal in zip(states.T, goes, strict=True):
        last = world.path(3_000, tuple(state)).iloc[-1][["upset", "worn", "vacant"]].to_numpy(float)
        assert np.abs(stable - last).max(axis=1).argmin() == goal


def test_the_fork_runs_through_the_states_at_each_demand():
    world = pt.Circle()
    curve = Curve(world)
    parts = list(pieces(curve))
    assert len(parts) == 3
    for demand in (0.3, 0.52, 0.57, 0.7):
        shares = [np.interp(demand, *(side[::way] for side in part))
                  for part, way in zip(parts, (1, -1, 1), strict=True) if min(part[0]) <= demand <= max(part[0])]
        found = pt.Circle(demand=demand).fixed_points().table["upset_share"]
        assert shares == pytest.approx(list(found), abs=0.01)
    # it falls where the way divides and rises elsewhere
    assert [np.sign(np.diff(part[0])).mean() for part in parts] == pytest.approx([1, -1, 1], abs=0.01)
