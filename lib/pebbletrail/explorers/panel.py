"""The base of what a reader moves: controls, a picture that follows them, and a static twin.

What is shown is a plain function of the controls' values, so it can be tested without a browser. In JupyterLab the controls
are live; in a static page (a report, a repository's viewer) the same output shows the twin: the picture for the starting
values, with its description. ``explorer.py`` builds on it where one figure can be moved instead of drawn again.
"""

from html import escape

from pebbletrail.explorers.picture import picture
from pebbletrail.explorers.turns import in_turn
from pebbletrail.figures import checked_alt, image_tag, png, png_tag


class WithTwin:
    """What shows ``self.widget`` live, and ``self.static()`` (HTML) with ``self.title`` wherever widgets do not live."""

    def _repr_mimebundle_(self, **kwargs):
        live = self.widget._repr_mimebundle_(**kwargs)
        live = live[0] if isinstance(live, tuple) else live
        return {**live, "text/html": self.static(), "text/plain": self.title}


def folded(summary, drawn):
    """An answer that stays closed in a static page until the reader opens it; ``drawn`` is what a draw function returns."""
    fig, alt, sentence = drawn
    return (f"<details><summary>{escape(summary)}</summary><p>{escape(sentence)}</p>{image_tag(fig, alt)}</details>")


class Panel(WithTwin):
    """Controls with a picture that is drawn anew for each of their values.

    Parameters
    ----------
    controls : dict of str to ipywidgets widget
        Each must have a ``value``; the name is the argument of ``draw``.
    draw : callable
        ``draw(**values)`` returns ``(figure, alt, sentence)``.
    title : str
        What the panel is for, shown above the static twin.
    layout : callable, optional
        ``layout(controls)`` returns the widget that holds the controls; default: one below the other.
    below : widget, optional
        Controls that stand below the picture, so that a reader who uses them sees it.
    """

    def __init__(self, controls, draw, title, layout=None, below=None):
        from ipywidgets import VBox

        self.controls, self.draw, self.title = controls, draw, title
        self.picture = picture()
        held = layout(controls) if layout else VBox(list(controls.values()))
        self.widget = VBox([held, self.picture, *([below] if below else [])])
        self.refresh()
        for control in controls.values():
            control.observe(self.refresh, names="value")

    @property
    def values(self):
        return {name: control.value for name, control in self.controls.items()}

    def view(self, **values):
        """``(png, alt, sentence)`` for these values; ValueError, in words, where they are impossible together."""
        fig, alt, sentence = self.draw(**values)
        return png(fig), checked_alt(alt), sentence

    @in_turn
    def refresh(self, change=None):
        """Show the present values. An impossible choice is told in words and keeps the last picture."""
        try:
            self.picture.show(*self.view(**self.values))
        except ValueError as error:
            self.picture.say(f"Not possible: {error}")

    @in_turn
    def static(self, **values):
        """The panel as plain HTML: title, sentence, picture; for the present values, or with some of them changed."""
        image, alt, sentence = self.view(**{**self.values, **values})
        return (f"<p><b>{escape(self.title)}</b> (open the notebook to move it)</p><p>{escape(sentence)}</p>"
                f"{png_tag(image, alt)}")
