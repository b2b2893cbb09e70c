"""The chain builder: draw and remove arrows between constructs, and see the paths and the explained shares follow."""

from dataclasses import dataclass
from functools import cached_property
from graphlib import TopologicalSorter
from html import escape

from pebbletrail.explorers.panel import Panel, folded
from pebbletrail.explorers.turns import in_turn
from pebbletrail.models.model_text import Model, find_circle, read_model
from pebbletrail.models.pls import pls
from pebbletrail.moments import Moments
from pebbletrail.path_picture import LEGEND, picture, signed

WAITING = "choose first"  # numbers stay hidden until the reader has made a guess


@dataclass(frozen=True)
class Chain:
    """A model whose arrows may be changed; ``names`` is the order in which its boxes stand."""

    moments: Moments
    model: Model
    names: tuple
    outcome: str
    scheme: str

    @cached_property
    def start(self):
        return self.fit(self.model.arrows)

    def fit(self, arrows):
        """``pt.pls`` for these arrows; a construct that no arrow touches is left out."""
        into = {name: [a for a, b in arrows if b == name] for name in self.names}
        if not arrows:
            raise ValueError("no arrow is left; draw at least one.")
        if circle := find_circle(into):
            raise ValueError(f"the arrows run in a circle, {' → '.join(circle)}; take one of them away.")
        lines = [f"{name} {'=~' if self.model.modes[name] == 'A' else '<~'} {' + '.join(items)}"
                 for name, items in self.model.blocks.items() if any(name in arrow for arrow in arrows)]
        lines += [f"{name} ~ {' + '.join(given)}" for name, given in into.items() if given]
        return pls(self.moments, "\n".join(lines), scheme=self.scheme)


def read_chain(data, model, outcome=None, scheme="centroid"):
    """A ``Chain`` from a DataFrame or Moments and a model text; the boxes stand in the order in which arrows run."""
    read = read_model(model)
    names = tuple(TopologicalSorter(read.regressions).static_order())
    if not isinstance(data, Moments):  # once, not at every redraw
        data = Moments.from_frame(data, [item for name in names for item in read.blocks.get(name, (name,))])
    chain = Chain(data, read, names, outcome or next(reversed(names), None), scheme)
    if chain.outcome not in chain.start.r2:
        raise ValueError(f"outcome: no arrow points at {outcome!r}; there are {', '.join(chain.start.r2.index)}.")
    return chain


def draw_chain(chain, arrows, guess=None):
    """``(figure, alt, sentence)`` for these arrows, a sequence of ``(predictor, outcome)``.

    ``guess`` is the reader's; ``WAITING`` hides every number. What cannot be fitted is a ValueError in words.
    """
    fit = chain.fit(arrows)
    paths = {(row.predictor, row.outcome): row.estimate for row in fit.table.itertuples()}
    alt = f"Path diagram of {len(chain.names)} boxes and {len(paths)} arrows"
    if guess == WAITING:
        return (picture(chain.names, paths, {}, chain.outcome), f"{alt}; its numbers are hidden until you guess.",
                f"Guess first: which construct has the strongest arrow into {chain.outcome}? The numbers come afterwards.")
    (source, target), top = max(paths.items(), key=lambda item: abs(item[1]))
    into, inside = _into_words(chain, fit), f"Strongest arrow of all: {source} → {target} ({signed(top)})."
    changed = {"Taken away": [arrow for arrow in chain.model.arrows if arrow not in paths],
               "Drawn anew": [arrow for arrow in paths if arrow not in chain.model.arrows]}
    told = [f"{what}: {', '.join(map(' → '.join, which))}." for what, which in changed.items() if which]
    sentence = " ".join([into, *(told or _guess_words(chain, paths, guess)), inside])  # a guess is about the start
    return picture(chain.names, paths, fit.r2, chain.outcome, first=chain.start.r2), f"{alt}. {inside} {into}", sentence


def _into_words(chain, fit):
    rows = fit.table[fit.table["outcome"] == chain.outcome].sort_values("estimate", key=abs, ascending=False)
    if rows.empty:
        return f"No arrow points at {chain.outcome} now, so nothing explains it."
    listed = ", ".join(f"{row.predictor} {signed(row.estimate)}" for row in rows.itertuples())
    now, then = (100 * one.r2[chain.outcome] for one in (fit, chain.start))
    return f"Into {chain.outcome}: {listed}; share explained {now:.0f} % (at the start: {then:.0f} %)."


def _guess_words(chain, paths, guess):
    sizes = {a: abs(value) for (a, b), value in paths.items() if b == chain.outcome}
    if guess is None or not sizes:
        return []
    if guess not in sizes:
        return [f"Your guess was {guess}: no arrow runs from it to {chain.outcome} here; draw one and see."]
    best = max(sizes, key=sizes.get)
    return [f"Your guess, {guess}, is the strongest." if guess == best else f"Your guess was {guess}; it is {best}."]


class ArrowGrid:
    """One check box an arrow: from the row's construct to the column's. ``value`` holds the arrows that are ticked."""

    def __init__(self, chain):
        from ipywidgets import HTML, Button, Checkbox, GridBox, Layout, VBox

        look = {"indent": False, "layout": Layout(width="2em", margin="0 0 0 .5em")}
        self.boxes = {(a, b): Checkbox((a, b) in chain.model.arrows, tooltip=f"{a} → {b}", **look)
                      for b in chain.names for a in chain.names if a != b}
        cells = [HTML("<b>from ↓ &nbsp; to →</b>"), *map(HTML, chain.names)]
        for a in chain.names:
            cells += [HTML(a), *(self.boxes[a, b] if a != b else HTML("&nbsp;") for b in chain.names)]
        self.button = Button(description="start again", tooltip="back to the model at the start")
        columns = f"repeat({len(chain.names) + 1}, max-content)"
        grid = GridBox(cells, layout=Layout(grid_template_columns=columns, grid_gap="0 .5em", align_items="center"))
        self.widget = VBox([grid, self.button])
        self.button.on_click(lambda button: self.restore(chain.model.arrows))

    @property
    def value(self):
        return tuple(arrow for arrow, box in self.boxes.items() if box.value)

    def observe(self, follow, names="value"):
        self.follow = follow
        for box in self.boxes.values():
            box.observe(follow, names=names)

    @in_turn
    def restore(self, arrows):
        """Tick exactly these arrows, with one redraw instead of one for each box."""
        for arrow, box in self.boxes.items():
            box.unobserve(self.follow, "value")
            box.value = arrow in arrows
        self.observe(self.follow)
        self.follow()


class ChainPanel(Panel):
    """The panel of one chain. In a static page the numbers are folded away, as the guess hides them in the live one."""

    def __init__(self, chain):
        from ipywidgets import HTML, ToggleButtons, VBox

        self.chain = chain
        guess = ToggleButtons(options=[WAITING, *(name for name in chain.names if name != chain.outcome)],
                              style={"button_width": "auto"})
        asked = HTML(f"I guess that the strongest arrow into <b>{escape(chain.outcome)}</b> comes from")
        grid = ArrowGrid(chain)
        super().__init__({"guess": guess, "arrows": grid},
                         lambda guess, arrows: draw_chain(chain, arrows, guess), f"What leads to {chain.outcome}?",
                         layout=lambda held: VBox([asked, held["guess"]]),
                         below=VBox([HTML(f"<small>{escape(LEGEND)}</small>"), grid.widget]))

    def static(self, **values):
        answer = draw_chain(self.chain, self.chain.model.arrows)
        return (f"{super().static(**values)}<p><small>{escape(LEGEND)}</small></p>"
                + folded("Open it once you have written down your guess", answer))


def chain_builder(moments, model, outcome=None, scheme="centroid"):
    """Draw and remove the arrows of a path model, and see its paths and explained shares follow.

    Parameters
    ----------
    moments, model, scheme
        As for ``pt.pls``: the indicators, and the model to start from.
    outcome : str, optional
        The construct to be explained; default: the last one in the order of the arrows.

    Returns
    -------
    ChainPanel
        Live in JupyterLab: numbers appear once the reader has guessed. In a static page they are folded away.

    Raises
    ------
    ValueError
        What ``pt.pls`` refuses, or an outcome without arrows. A circle ticked later is refused in words, in the panel.
    """
    return ChainPanel(read_chain(moments, model, outcome, scheme))
