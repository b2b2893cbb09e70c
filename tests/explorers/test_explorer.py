"""The base of the explorers: one figure whose parts move, words that follow, a twin, a way back."""

import io
import threading
import time
from dataclasses import dataclass

import numpy as np
import pytest

from pebbletrail.explorers.controls import choice, slider, tick, told
from pebbletrail.explorers.explore import EXPLORERS, explore
from pebbletrail.explorers.explorer import Explorer, Scene, Stage
from pebbletrail.figures import new_figure

ALL = list(EXPLORERS)


@dataclass(frozen=True)
class Line:
    slope: float


class Ruler(Scene):
    def __init__(self):
        self.fig, self.ax = new_figure(4, 3)
        (self.line,) = self.ax.plot([], [])
        self.note = self.ax.text(0.1, 0.9, "")
        self.ax.set(xlim=(0, 1), ylim=(0, 1))
        self.moving = [self.line, self.note]
        self.updates = 0

    def update(self, result):
        self.updates += 1
        self.line.set_data([0, 1], [0, result.slope])
        self.note.set_text(f"slope {result.slope:g}")

    def alt(self, result):
        return f"A line from the origin with a slope of {result.slope:g}."

    def sentence(self, result):
        return f"The slope is {result.slope:g}."


def steep(slope, double):
    if slope < 0:
        raise ValueError(f"slope: {slope:g} is below 0.")
    return Line(2 * slope if double else slope)


@pytest.fixture
def ruler():
    controls = {"slope": slider("slope", "units a step", -1, 1, 0.5, 0.1), "double": tick("twice as steep")}
    return Explorer(controls, steep, Ruler(), "A ruler")


def pixels(png):
    from PIL import Image

    return np.asarray(Image.open(io.BytesIO(png)))


def test_moving_a_control_moves_the_picture_and_the_words(ruler):
    before = ruler.picture.png
    ruler.controls["slope"].value = 0.8
    assert ruler.picture.png != before
    assert ruler.picture.sentence == "The slope is 0.8."
    assert ruler.picture.alt == "A line from the origin with a slope of 0.8."
    assert ruler.scene.line.get_ydata()[1] == 0.8


def test_the_painted_parts_are_what_a_full_redraw_would_give(ruler):
    """Second way: the same figure drawn as a whole by matplotlib, with nothing kept from before."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    for value in (0.1, 0.9, 0.3):
        ruler.controls["slope"].value = value
    for artist in ruler.scene.moving:
        artist.set_animated(False)
    canvas = FigureCanvasAgg(ruler.scene.fig)
    canvas.draw()
    whole = np.asarray(canvas.buffer_rgba())[..., :3]
    assert np.abs(pixels(ruler.picture.png).astype(int) - whole.astype(int)).mean() < 0.2  # grey values of 255


def test_no_trace_of_an_earlier_value_stays(ruler):
    first = ruler.picture.png
    ruler.controls["slope"].value = 1.0
    ruler.controls["slope"].value = 0.5
    assert (pixels(ruler.picture.png) == pixels(first)).all()


def test_an_impossible_value_is_told_and_keeps_the_picture(ruler):
    before = ruler.picture.png
    ruler.controls["slope"].value = -0.5
    assert ruler.picture.sentence == "Not possible: slope: -0.5 is below 0."
    assert ruler.picture.png == before


def test_start_again_sets_everything_back_with_one_redraw(ruler):
    first = ruler.picture.sentence
    ruler.controls["slope"].value, ruler.controls["double"].value = 0.9, True
    seen = ruler.scene.updates
    ruler.button.click()
    assert ruler.values == {"slope": 0.5, "double": False}
    assert ruler.picture.sentence == first
    assert ruler.scene.updates == seen + 1
    ruler.controls["slope"].value = 0.2  # and the controls are live again
    assert ruler.picture.sentence == "The slope is 0.2."


def test_twin_shows_other_values_and_leaves_the_live_picture(ruler):
    twin = ruler.static(slope=0.9)
    assert "The slope is 0.9." in twin
    assert "twice as steep: no" in twin
    assert "slope (units a step): 0.9" in twin
    assert ruler.picture.sentence == "The slope is 0.5."
    assert ruler.scene.line.get_ydata()[1] == 0.5


def test_controls_say_their_unit_and_are_whole_where_the_steps_are():
    assert slider("minimum", "points", 0, 60, 10, 1).description == "minimum (points)"
    assert isinstance(slider("minimum", "points", 0, 60, 10, 1).value, int)
    fine = slider("effect", "SD", -1, 1, 0, 0.05)
    assert fine.readout_format == ".2f"
    assert told(fine) == "effect (SD): 0"
    assert told(choice("of", {"one": 1, "two": 2}, 2)) == "of: two"
    with pytest.raises(ValueError, match="minimum: the starting value 99 is not within 0 to 60"):
        slider("minimum", "points", 0, 60, 99, 1)


def test_an_unknown_explorer_is_answered_with_the_list():
    with pytest.raises(ValueError, match="there is no explorer 'maximum'; there are minimum, two-groups"):
        explore("maximum")


def ends(control):
    """The values to try: all options, the other state of a tick, both ends of a slider."""
    if options := getattr(control, "options", None):
        return [value for _, value in options]
    return [not control.value] if isinstance(control.value, bool) else [control.min, control.max]


@pytest.mark.parametrize("name", ALL)
class TestEveryExplorer:
    def test_it_opens_with_words_and_a_twin(self, name):
        opened = explore(name)
        assert len(opened.picture.sentence.split()) >= 8
        twin = opened.static()
        assert opened.picture.alt.split()[0] in twin
        assert "data:image/png;base64," in twin
        assert opened._repr_mimebundle_()["text/html"] == twin

    def test_every_control_changes_the_picture_and_start_again_undoes_it(self, name):
        opened = explore(name)
        first = opened.picture.png
        for control in opened.controls.values():
            assert control.description, "a control without a label"
            changes = self.pictures(opened, control) > 1
            if not changes:  # some matter only beside others: try again with all the others elsewhere
                for other in set(opened.controls.values()) - {control}:
                    other.value = ends(other)[-1]
                changes = self.pictures(opened, control) > 1
            assert changes, control.description
            opened.reset()
            assert opened.picture.png == first

    def pictures(self, opened, control):
        """How many different pictures the ends of a control give."""
        seen, start = {opened.picture.png}, control.value
        for value in ends(control):
            control.value = value
            assert "Not possible" not in opened.picture.sentence, (control.description, value)
            seen.add(opened.picture.png)
        control.value = start
        return len(seen)

    def test_nothing_that_moves_leaves_the_figure(self, name):
        """Texts stay inside the picture at the ends of every control."""
        opened = explore(name)
        width, height = opened.stage.canvas.get_width_height()
        for control in opened.controls.values():
            for value in ends(control):
                control.value = value
                for artist in opened.scene.moving:
                    if hasattr(artist, "get_text") and artist.get_text() and artist.get_visible():
                        box = artist.get_window_extent(opened.stage.canvas.get_renderer())
                        assert box.x0 >= 0, (control.description, value, artist.get_text())
                        assert box.y0 >= 0, (control.description, value, artist.get_text())
                        assert box.x1 <= width, (control.description, value, artist.get_text())
                        assert box.y1 <= height, (control.description, value, artist.get_text())
            opened.reset()


def test_stage_paints_in_the_order_of_the_layers():
    scene = Ruler()
    scene.line.set_zorder(9)
    assert Stage(scene).moving[-1] is scene.line


def test_two_threads_never_paint_on_the_same_picture(ruler, monkeypatch):
    """A slider may be heard in one thread and the button in another; painted twice, letters and bars come out bold."""
    alone, shown = ruler.picture.png, []
    draw = ruler.scene.note.draw

    def slow(renderer):
        time.sleep(0.02)  # long enough for the other thread to begin
        draw(renderer)

    monkeypatch.setattr(ruler.scene.note, "draw", slow)
    ruler.picture.observe(lambda change: shown.append(ruler.picture.png), names="turn")
    works = (ruler.refresh, ruler.reset, ruler.static, ruler.refresh)
    threads = [threading.Thread(target=work, daemon=True) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert [png == alone for png in shown] == [True] * 3
