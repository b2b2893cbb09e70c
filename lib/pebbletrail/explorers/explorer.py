"""An explorer: parameters, a pure computation, and one figure whose parts are moved instead of drawn again.

Drawing axes, ticks and letters takes most of the time of a figure. An explorer does it once, keeps the pixels, and paints
only what moves on top, so that the picture follows the hand.
"""

import io
from html import escape

from pebbletrail.explorers.controls import choice, slider, tick, told
from pebbletrail.explorers.panel import Panel
from pebbletrail.explorers.turns import in_turn
from pebbletrail.figures import checked_alt

__all__ = ["Explorer", "Scene", "choice", "slider", "tick"]


class Scene:
    """What an explorer shows. A subclass draws everything once, in ``__init__``, with fixed axis limits.

    Attributes
    ----------
    fig : matplotlib Figure
        From ``new_figure()``.
    moving : list of Artist
        What changes: lines, bars, dots, texts. All else is painted once.
    """

    fig = None
    moving = ()

    def update(self, result):
        """Give the moving parts their new data."""
        raise NotImplementedError

    def alt(self, result):
        """What the picture shows, for a reader who cannot see it."""
        raise NotImplementedError

    def sentence(self, result):
        """What is seen, with its numbers and units, and what it means."""
        raise NotImplementedError


class Stage:
    """The pixels of a scene: the still part kept, the moving part painted on it."""

    def __init__(self, scene):
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        self.moving = sorted(scene.moving, key=lambda artist: artist.get_zorder())
        for artist in self.moving:
            artist.set_animated(True)  # left out of the still part
            artist.set_in_layout(False)  # nothing that moves may push the axes about
        self.canvas = FigureCanvasAgg(scene.fig)
        self.canvas.draw()
        self.still = self.canvas.copy_from_bbox(scene.fig.bbox)

    def png(self):
        """The picture as it stands now, as PNG bytes."""
        from PIL import Image

        self.canvas.restore_region(self.still)
        for artist in self.moving:
            artist.draw(self.canvas.get_renderer())
        buffer = io.BytesIO()
        picture = Image.frombuffer("RGBA", self.canvas.get_width_height(), self.canvas.buffer_rgba(), "raw", "RGBA", 0, 1)
        picture.convert("RGB").save(buffer, "PNG", compress_level=1)  # a browser on the same machine: speed before size
        return buffer.getvalue()


class Explorer(Panel):
    """Controls, a computation, and a scene that follows them; with a button that sets everything back.

    Parameters
    ----------
    controls : dict of str to widget
        From ``slider``, ``choice`` and ``tick``; the names are the arguments of ``compute``.
    compute : callable
        ``compute(**values)`` returns the result that the scene shows. It draws nothing and keeps nothing; what is impossible
        is a ValueError in words.
    scene : Scene
    title : str
    layout : callable, optional
        As for ``Panel``.
    """

    def __init__(self, controls, compute, scene, title, layout=None):
        from ipywidgets import Button, VBox

        self.compute, self.scene, self.stage = compute, scene, Stage(scene)
        self.start = {name: control.value for name, control in controls.items()}
        self.button = Button(description="start again", tooltip="set every control back to where it stood")
        self.button.on_click(lambda button: self.reset())
        column = layout or (lambda held: VBox(list(held.values())))
        super().__init__(controls, None, title, layout=lambda held: VBox([column(held), self.button]))

    def view(self, **values):
        result = self.compute(**values)
        self.scene.update(result)
        return self.stage.png(), checked_alt(self.scene.alt(result)), self.scene.sentence(result)

    @in_turn
    def reset(self):
        """Set every control back, with one redraw instead of one for each."""
        for name, control in self.controls.items():
            control.unobserve(self.refresh, names="value")
            control.value = self.start[name]
            control.observe(self.refresh, names="value")
        self.refresh()

    @in_turn
    def static(self, **values):
        """The explorer as plain HTML: title, settings, sentence, picture; with some values changed if wanted."""
        shown = super().static(**values)
        if values:
            self.scene.update(self.compute(**self.values))  # the live picture is left as it was
        set_to = "; ".join(told(control) for name, control in self.controls.items() if name not in values)
        changed = "; ".join(f"{self.controls[name].description}: {value}" for name, value in values.items())
        return f"{shown}<p><small>Set to: {escape('; '.join(filter(None, (changed, set_to))))}.</small></p>"
