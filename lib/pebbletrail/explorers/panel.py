"""The base of every explorer: controls, a picture that follows them, and a static twin.

The drawing is a plain function of the controls' values, so it can be tested without a browser. In JupyterLab the controls
are live; in a static page (a report, a repository's viewer) the same output shows the twin: the picture for the starting
values, with its description.
"""

from html import escape

from pebbletrail.figures import image_tag


class WithTwin:
    """What shows ``self.widget`` live, and ``self.static`` (HTML) with ``self.title`` wherever widgets do not live."""

    def _repr_mimebundle_(self, **kwargs):
        live = self.widget._repr_mimebundle_(**kwargs)
        live = live[0] if isinstance(live, tuple) else live
        return {**live, "text/html": self.static, "text/plain": self.title}


def folded(summary, drawn):
    """An answer that stays closed in a static page until the reader opens it; ``drawn`` is what a draw function returns."""
    fig, alt, sentence = drawn
    return (f"<details><summary>{escape(summary)}</summary><p>{escape(sentence)}</p>{image_tag(fig, alt)}</details>")


class Panel(WithTwin):
    """Controls with a picture.

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
        from ipywidgets import HTML, VBox

        self.controls, self.draw, self.title = controls, draw, title
        self.picture, self.sentence = HTML(), HTML()
        held = layout(controls) if layout else VBox(list(controls.values()))
        self.widget = VBox([held, self.sentence, self.picture, *([below] if below else [])])
        self.refresh()
        for control in controls.values():
            control.observe(self.refresh, names="value")

    @property
    def values(self):
        return {name: control.value for name, control in self.controls.items()}

    def refresh(self, change=None):
        """Draw again for the present values. An impossible choice is told in words and keeps the last picture."""
        try:
            fig, alt, sentence = self.draw(**self.values)
        except ValueError as error:
            self.sentence.value = f"<p><b>Not possible:</b> {escape(str(error))}</p>"
            return
        self.picture.value = image_tag(fig, alt)
        self.sentence.value = f"<p>{escape(sentence)}</p>"

    @property
    def static(self):
        """The panel as plain HTML: title, picture, sentence."""
        return (f"<p><b>{escape(self.title)}</b> (open the notebook to move it)</p>"
                f"{self.sentence.value}{self.picture.value}")
