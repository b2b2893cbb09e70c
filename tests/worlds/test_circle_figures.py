"""The figures of the circle: what is drawn is what the world does, and they describe themselves."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.quiver import Quiver
from tests.worlds.circle_by_hand import hand_round
from tests.worlds.test_circle_states import ORACLES
from tests.worlds.test_circle_tipping import TURNS
from tests.worlds.test_circle_words import STAIRS, STEP, THREE

import pebbletrail as pt
from pebbletrail.figures import png
from pebbletrail.worlds.circle import plane
from pebbletrail.worlds.circle.curve import Curve
from pebbletrail.worlds.circle.fork import pieces

WORLDS = {"two states": {}, "calm": {"demand": 0.4}, "vicious": {"demand": 0.8}, "kink": {"breaks": 0.2, "demand": 0.57},
          "nothing tips": {"returns": 0.6, "drain": 0.02, "demand": 0.8},
          "strained": {"demand": 0.3, "resolve": 0.7, "drain": 0.4, "breaks": 0},
          "stairs": {**STAIRS, "demand": 0.0267}, "three": {**THREE, "demand": 0.057}}


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


# What the map says


def place(world, x, y):
    """The state at a place of the map, worked out again: so many vacant seats that as many quit as are hired."""
    worn, share = x / 100, y / 100
    vacant = worn * world.quit / (1 - world.quit) / world.hire
    return share / (1 - share) * world.demand, worn, vacant


def where(world, state):
    """Percent of seats worn and of callers upset."""
    return np.array([100 * state[1], 100 * state[0] / (state[0] + world.demand)])


@pytest.mark.parametrize("changed", [{}, {"demand": 0.8}, {"demand": 0.4, "breaks": 0.3}])
def test_the_arrows_of_the_map_point_where_the_hand_made_round_goes(changed):
    world = pt.Circle(**changed)
    (arrows,) = [one for one in world.portrait().axes[0].collections if isinstance(one, Quiver)]
    told = np.stack([arrows.U, arrows.V], axis=1)
    for x, y, way in zip(arrows.X, arrows.Y, told, strict=True):
        state = place(world, x, y)
        gone = where(world, hand_round(world, *state)) - [x, y]
        assert way @ gone == pytest.approx(np.linalg.norm(way) * np.linalg.norm(gone), rel=1e-6)
    assert len(told) > 100


def usual_colour(figure, pixels, x, y):
    """The most frequent colour in a small square of the drawn picture."""
    across, up = figure.axes[0].transData.transform((x, y)).astype(int)
    square = pixels[pixels.shape[0] - up - 14:pixels.shape[0] - up + 14, across - 14:across + 14].reshape(-1, 3)
    colours, counts = np.unique(square, axis=0, return_counts=True)
    return colours[counts.argmax()] / 255


def test_the_ground_is_green_where_a_day_ends_calm_and_orange_where_not():
    world = pt.Circle()
    figure = world.portrait()
    boxes = {patch.get_label(): to_rgb(patch.get_facecolor()) for patch in figure.axes[0].patches}
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())[..., :3]
    for x, y in ((6, 45), (45, 8), (70, 20), (12, 92), (30, 30), (60, 50)):
        red, green, blue = colour = usual_colour(figure, pixels, x, y)
        calm = world.path(4_000, place(world, x, y))["upset"].iloc[-1] < 0.4
        assert (green > red) == calm
        assert (red > blue + 0.05) == (not calm)
        assert colour == pytest.approx(boxes["ends calm" if calm else "ends vicious"], abs=0.01)


@pytest.mark.parametrize("changed", [{}, {"demand": 0.52}, {"demand": 0.57, "breaks": 0.2}, {**STAIRS, "demand": 0.0267},
                                     {**THREE, "demand": 0.057}])
def test_the_two_days_go_where_they_are_said_to(changed):
    world = pt.Circle(**changed)
    lowest = world.fixed_points().table["upset"].iloc[0]
    days = {line.get_label(): line for line in world.portrait().axes[0].lines if line.get_label().startswith("a day")}
    assert set(days) <= {"a day that recovers", "a day that slides"}
    assert len(days) == 2 or "quit" in changed
    for words, line in days.items():
        state, data = place(world, line.get_xdata()[0], line.get_ydata()[0]), line.get_xydata()
        assert sum(state[1:]) <= 1 + 1e-9
        end = world.path(20_000, state)["upset"].iloc[-1]
        assert (end == pytest.approx(lowest, rel=0.01)) == (words == "a day that recovers")
        green = to_rgb(line.get_color())[1] > to_rgb(line.get_color())[0]
        assert green == (words == "a day that recovers")
        for at, point in enumerate(data):
            if at % 12 == 0:
                assert point == pytest.approx(where(world, state), abs=1e-9)
            state = hand_round(world, *state)


def test_the_map_says_how_many_seats_are_vacant_in_it():
    figure = pt.Circle().portrait()
    notes = [text.get_text() for text in figure.axes[0].texts if text.get_text().startswith("Vacant seats")]
    assert len(notes) == 1
    assert notes[0] in figure.alt


@pytest.mark.parametrize(("share", "calm"), [(0.54, True), (0.56, False)])
def test_the_border_of_the_map_with_nobody_upset_is_where_the_docstring_says(share, calm):
    world = pt.Circle()
    assert "55 % of seats worn here" in world.portrait.__doc__
    assert (world.path(6_000, place(world, 100 * share, 0))["upset"].iloc[-1] < 0.4) == calm


@pytest.mark.parametrize(("share", "calm"), [(0.70, True), (0.72, False)])
def test_with_the_vacant_seats_of_the_calm_state_the_border_is_farther(share, calm):
    world = pt.Circle()
    assert "71 % where" in world.portrait.__doc__
    vacant = world.fixed_points().calm[2]
    assert (world.path(6_000, (0, share, vacant))["upset"].iloc[-1] < 0.4) == calm


# What the fork says


def arrows_and_words(world):
    texts = world.fork().axes[0].texts
    arrows = [(np.array(one.xyann), np.array(one.xy)) for one in texts if getattr(one, "arrow_patch", None) is not None]
    words = {one.get_text(): np.array(one.xy) for one in texts if hasattr(one, "xyann") and one.get_text()}
    return arrows, words


def test_the_words_of_the_fork_stand_at_the_ends_found_in_r():
    highest, lowest = TURNS.query("case == 'usual'")["demand"]
    world = pt.Circle()
    _, words = arrows_and_words(world)
    for text, demand in ((f"beyond {highest:.3g}\nthe calm state is gone", highest),
                         (f"below {lowest:.3g}\nthe vicious state is gone", lowest)):
        x, y = words[text]
        assert x == pytest.approx(demand, rel=1e-8)
        state = place_with(demand, y)
        row = world.tipping().table.set_index("demand").iloc[0 if demand == highest else 1]
        assert state == pytest.approx(row["upset"], rel=1e-9)


def place_with(demand, y):
    """Upset callers a seat at this demand, with so many percent upset."""
    return demand * (y / 100) / (1 - y / 100)


@pytest.mark.parametrize("changed", [{"quit": 0}, {"quit": 0, "breaks": 0.2}, STAIRS, THREE, STEP],
                         ids=["fold", "kink", "stairs", "three", "step"])
def test_each_arrow_of_the_fork_leads_where_a_state_slides_that_is_gone(changed):
    """Second way: from the end itself, with a thousandth more demand or less, round after round."""
    world = pt.Circle(**changed)
    arrows, _ = arrows_and_words(world)
    turns = world.tipping().table
    assert len(arrows) == len(turns)
    for (start, goal), row in zip(arrows, turns.itertuples(), strict=True):
        assert start[0] == goal[0] == pytest.approx(row.demand)
        up = "above" in row.what
        assert (goal[1] > start[1]) == up
        state, demand = (row.upset, row.worn, row.vacant), row.demand * (1.001 if up else 0.999)
        if demand > 0.01:  # the least demand that a world may have
            end = pt.Circle(**changed | {"demand": demand}).path(40_000, state)["upset"].iloc[-1]
            assert 100 * end / (end + demand) == pytest.approx(goal[1], abs=1.5)


def test_solid_lines_of_the_fork_are_the_states_that_stay_and_dashed_ones_those_where_the_way_divides():
    states = pd.read_csv(ORACLES / "circle-states.csv", comment="#").query("case == 'usual'")
    lines = [line for line in pt.Circle().fork().axes[0].lines if len(line.get_xdata()) > 100]
    assert len(lines) == 3
    for row in states.itertuples():
        share = 100 * row.upset / (row.upset + 0.55)
        near = [line for line in lines
                if np.hypot(100 * (line.get_xdata() - 0.55), line.get_ydata() - share).min() < 1]
        assert {line.get_linestyle() for line in near} == {"-" if row.largest < 1 else "--"}


@pytest.mark.parametrize("changed", [STAIRS, THREE], ids=["stairs", "three"])
def test_four_turns_are_not_described_as_an_s(changed):
    world = pt.Circle(**changed)
    alt = world.fork().alt
    assert "like an S" not in alt
    assert "turns 4 times" in alt
    assert (alt.count("an arrow up"), alt.count("an arrow down")) == (2, 2)
    for demand in world.tipping().table["demand"]:
        assert f"{demand:.3g}, an arrow" in alt
