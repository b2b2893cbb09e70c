"""The explorer of the circle: what it shows is what the world does, and what it says is true at every setting."""

import re
from itertools import product

import numpy as np
import pytest
from tests.worlds.circle_by_hand import hand_round

import pebbletrail as pt
from pebbletrail.explorers.circle import NAMES, Circles, spend

START = {"demand": 0.55, "breaks": 10, "autonomy": 0.0, "resolve": 85, "drain": 15, "morning": 30}
WORDS = {"calm": "it settles in the calm state", "vicious": "it runs on to the vicious state", "only": "it settles there",
         None: "not decided"}
GRID = list(product([0.3, 0.52, 0.55, 0.58, 0.8], [0, 10, 40], [0.0, 1.0], [70, 85, 95], [2, 15, 40], [0, 60, 95]))


def world_of(values):
    return pt.Circle(demand=values["demand"], breaks=values["breaks"] / 100, autonomy=values["autonomy"],
                     resolve=values["resolve"] / 100, drain=values["drain"] / 100)


def settings(every):
    return [dict(zip(START, values, strict=True)) for values in GRID[::every]]


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
    scene = Circles()
    for values in settings(2):
        day = spend(**values)
        words, alt = scene.sentence(day), scene.alt(day)
        stable = day.states[day.states["stable"]]
        assert len(stable) >= 1
        numbers = {1: "is one stable state", 2: "are two stable states"}[len(stable)]
        assert f"At {values['demand']:g} new calls a seat and round there {numbers}: " in words
        for kind in ("calm", "vicious"):
            assert (f"a {kind} one (" in words) == (kind in set(stable["kind"]))
        assert WORDS[day.ends[0]] in words
        if values["morning"] == 0:
            assert "From a fresh morning: after eight hours" in words
        else:
            assert f"on which {values['morning']} % arrive worn" in words
            assert ("would go the same way" in words) == (day.ends[0] == day.ends[1])
            if day.ends[0] != day.ends[1]:
                assert f"From a fresh morning {WORDS[day.ends[1]]}" in words or "not decided" in words
        told = re.search(r"after eight hours (under 1|\d+) % are worn and (\d+|under 1) % of callers upset", words)
        for text, share in zip(told.groups(), (day.worn[-1, 0], day.upset[-1, 0]), strict=True):
            assert (0 < share < 0.005) if text == "under 1" else abs(100 * share - int(text)) <= 0.5 + 1e-9
        assert "nan" not in words + alt
        assert all(NAMES[kind] in alt for kind in stable["kind"])


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
