"""The explorer of the circle: what it shows is what the world does, and what it says is true at every setting."""

import re
from itertools import product

import numpy as np
import pytest
from tests.worlds.circle_by_hand import hand_round

import pebbletrail as pt
from pebbletrail.explorers.circle import Circles, spend

START = {"demand": 0.55, "breaks": 10, "autonomy": 0.0, "resolve": 85, "drain": 15, "morning": 30}
WORDS = {"calm": "it settles in the calm state", "strained": "it settles in the strained state",
         "vicious": "it runs on to the vicious state", "vicious queue": "it runs on to the vicious state",
         None: "not decided"}
GRID = list(product([0.3, 0.52, 0.55, 0.58, 0.8], [0, 10, 40], [0.0, 1.0], [70, 85, 95], [2, 15, 40], [0, 60, 95]))


def world_of(values):
    return pt.Circle(demand=values["demand"], breaks=values["breaks"] / 100, autonomy=values["autonomy"],
                     resolve=values["resolve"] / 100, drain=values["drain"] / 100)


def settings(every):
    return [dict(zip(START, values, strict=True)) for values in GRID[::every]]


def name_of(row):
    """What goes on in a state, from its numbers alone."""
    answered = row["calls"] > row["waiting"] * (1 - 1e-9)
    if answered:
        return "calm" if row["upset"] / row["waiting"] < 0.4 else "strained"
    assert row["upset"] / row["waiting"] >= 0.4  # on the explorer's grid few give up
    return "vicious queue" if row["worn"] / (1 - row["vacant"]) < 1 / 3 else "vicious"


@pytest.mark.parametrize("changed", [{}, {"morning": 75}, {"demand": 0.7, "morning": 0}, {"breaks": 30, "autonomy": 1.0}])
def test_the_day_is_the_worlds_own(changed):
    """Second way: the round told by hand."""
    values = {**START, **changed}
    day, world = spend(**values), world_of(values)
    vacant = world.fixed_points().table["vacant"].iloc[0]
    for at, morning in enumerate((values["morning"] / 100, 0.0)):
        state = (0.0, morning * (1 - vacant), vacant)
        for worn, upset in zip(day.worn[:, at], day.upset[:, at], strict=True):
            assert worn == pytest.approx(state[1], abs=1e-12)
            assert upset == pytest.approx(state[0] / (state[0] + values["demand"]), abs=1e-12)
            state = hand_round(world, *state)


def test_where_a_day_is_said_to_go_is_where_it_goes():
    """Settings with two stable states, iterated for 60 days by the round that other tests hold against the story."""
    from pebbletrail.worlds.circle.round import next_state

    kept = []
    for values in settings(4):
        day = spend(**values)
        if len(day.stable) > 1:
            kept.append((values, day))
    assert len(kept) > 20
    undecided = 0
    for values, day in kept[::2]:
        world = world_of(values)
        vacant = day.states["vacant"].iloc[0]
        state = np.array([[0.0, 0.0], [values["morning"] / 100 * (1 - vacant), 0.0], [vacant, vacant]])
        for _ in range(60 * 48):
            state = next_state(world, state)
        far = np.abs(day.stable[["upset"]].to_numpy() / (day.stable[["upset"]].to_numpy() + values["demand"])
                     - state[0] / (state[0] + values["demand"]))
        truth = [day.stable["kind"].iloc[at] for at in far.argmin(axis=0)]
        for said, true in zip(day.ends, truth, strict=True):
            undecided += said is None
            assert said in (None, true), values
    assert undecided <= len(kept) / 50


def test_the_sentence_is_true_at_every_setting():
    scene, seen = Circles(), set()
    for values in settings(5):
        day = spend(**values)
        words, alt = scene.sentence(day), scene.alt(day)
        stable = day.states[day.states["stable"]]
        assert len(stable) >= 1
        numbers = {1: "is one stable state", 2: "are two stable states"}[len(stable)]
        assert f"At {values['demand']:g} new calls a seat and round there {numbers}: " in words
        names = {row["kind"]: name_of(row) for _, row in stable.iterrows()}
        assert len(set(names.values())) == len(stable)  # no two states of one name
        for name, told in (("calm", "a calm one ("), ("strained", "a strained one, everybody answered but many upset ("),
                           ("vicious", "a vicious one ("), ("vicious queue", "a vicious one with few agents worn (")):
            assert (told in words) == (name in names.values()), values
        assert ("the queue feeds itself" in words) == ("vicious queue" in names.values())
        for _, row in stable.iterrows():
            numbers = f"{percent(row['worn'])} of seats with a worn agent, {percent(row['upset_share'])} of callers upset"
            assert numbers in words
        assert [name and names[name] for name in day.ends] == list(day.goes)
        assert WORDS[day.goes[0]] in words
        seen |= set(names.values())
        if values["morning"] == 0:
            assert "From a fresh morning: after eight hours" in words
        else:
            assert f"on which {values['morning']} % arrive worn" in words
            assert ("would go the same way" in words) == (day.ends[0] == day.ends[1])
            if day.ends[0] != day.ends[1]:
                assert f"From a fresh morning {WORDS[day.goes[1]]}" in words or "not decided" in words
        told = re.search(r"after eight hours (under 1|\d+) % are worn and (\d+|under 1) % of callers upset", words)
        for text, share in zip(told.groups(), (day.worn[-1, 0], day.upset[-1, 0]), strict=True):
            assert (0 < share < 0.005) if text == "under 1" else abs(100 * share - int(text)) <= 0.5 + 1e-9
        assert "nan" not in words + alt
        assert all(f"{name} at " in alt for name in names.values())
    assert seen == {"calm", "strained", "vicious", "vicious queue"}


def percent(share):
    return "under 1 %" if 0 < share < 0.005 else f"{100 * share:.0f} %"


def test_calm_and_vicious_are_never_said_of_what_is_not():
    """Over the whole grid, whatever the branch: the words against the share of callers upset and of agents worn."""
    scene = Circles()
    for values in settings(1):
        if values["morning"]:
            continue  # the states are the same for each morning
        for words, worn, upset in re.findall(r"(a [^()]*?one[^()]*) \((\d+|under 1) % of seats with a worn agent, (\d+) %",
                                             scene.sentence(spend(**values))):
            worn = 0 if worn.startswith("under") else int(worn)
            if "calm" in words:
                assert int(upset) <= 40
            if "vicious" in words:
                assert int(upset) >= 40
                assert ("few agents worn" in words) or worn >= 30  # a third of those there
            if "strained" in words:
                assert int(upset) >= 40


@pytest.mark.parametrize(("changed", "words"), [
    ({"demand": 0.3, "resolve": 70, "drain": 40, "breaks": 0}, "one stable state: a strained one, everybody answered"),
    ({"demand": 0.4, "breaks": 40, "drain": 2, "resolve": 70}, "one stable state: a vicious one with few agents worn (3 %")])
def test_two_settings_whose_branch_says_little(changed, words):
    assert words in Circles().sentence(spend(**{**START, **changed}))


def test_the_picture_shows_this_morning_where_it_says_so_and_the_fresh_one_where_it_says_so():
    """Second way: both mornings by the round told by hand."""
    scene = Circles()
    for changed in ({"morning": 75}, {"morning": 95, "demand": 0.5}, {"morning": 50, "breaks": 30}):
        values = {**START, **changed}
        world = world_of(values)
        vacant = world.fixed_points().table["vacant"].iloc[0]
        paths = []
        for morning in (values["morning"] / 100, 0.0):
            states = [(0.0, morning * (1 - vacant), vacant)]
            for _ in range(48):
                states.append(hand_round(world, *states[-1]))
            upset, worn, _ = np.array(states).T
            paths.append((100 * worn, 100 * upset / (upset + values["demand"])))
        day = spend(**values)
        scene.update(day)
        hours = np.linspace(0, 8, 49)
        (worn, upset), (_, fresh) = paths
        for artist, x, y in ((scene.day, worn, upset), (scene.start, worn[:1], upset[:1]), (scene.upset_hours, hours, upset),
                             (scene.worn_hours, hours, worn), (scene.fresh_hours, hours, fresh)):
            assert artist.get_xdata() == pytest.approx(x, abs=1e-9)
            assert artist.get_ydata() == pytest.approx(y, abs=1e-9)
        assert np.abs(upset - fresh).max() > 5
        assert f"agents worn from {worn[0]:.0f} % to {worn[-1]:.0f} %" in scene.alt(day)


def test_each_state_in_the_picture_has_its_name_beside_it():
    scene = Circles()
    for values in settings(5):
        day = spend(**values)
        scene.update(day)
        told = {text.get_text(): text.get_position() for text in scene.words.values() if text.get_text()}
        for _, row in day.states.iterrows():
            name = "the way divides" if row["kind"] == "tipping" else name_of(row)
            x, y = told.pop(name)
            assert abs(x - 100 * row["worn"]) <= 3.001
            assert abs(y - 100 * row["upset_share"]) <= 6.001
        assert not told


def test_the_lines_cross_in_the_states_that_stay():
    """On the line of the agents nobody's number changes; and so on that of the callers; both meet in each state."""
    for changed in ({}, {"demand": 0.5, "breaks": 20}, {"demand": 0.7}):
        values = {**START, **changed}
        day, world = spend(**values), world_of(values)
        gap = world.quit / (1 - world.quit) / world.hire
        for pieces, moved in ((day.agents_line, 1), (day.callers_line, 0)):
            points = np.concatenate(pieces)
            for worn, share in points[:: max(1, len(points) // 25)]:
                if share > 0.95:  # the number of callers has no limit up there
                    continue
                state = (values["demand"] * share / (1 - share), worn, gap * worn)
                change = hand_round(world, *state)[moved] - state[moved]
                assert abs(change) < (0.004 if moved else 0.02 * (values["demand"] + state[0]))
            for row in day.states.itertuples():
                assert np.hypot(*(points - [row.worn, row.upset_share]).T).min() < 0.02


def test_the_tasks_of_the_page():
    panel = pt.explore("circle")
    assert "it settles in the calm state" in panel.picture.sentence
    panel.controls["morning"].value = 75
    assert "it runs on to the vicious state" in panel.picture.sentence
    assert "From a fresh morning it settles in the calm state" in panel.picture.sentence
    panel.controls["autonomy"].value = 1.0
    assert "it settles in the calm state" in panel.picture.sentence.split("arrive worn")[1].split(".")[0]
    panel.reset()
    panel.controls["demand"].value = 0.6
    assert "is one stable state: a vicious one" in panel.picture.sentence
