"""From a moved control to a new picture, kernel side: each explorer against ``interact`` with the like seaborn call."""

import contextlib
import io
import itertools

from tests.benchmarks.measure import Line, once

import pebbletrail as pt

MOVES = 40
AIM_SECONDS = 0.05


def moves(control):
    """Values to and fro over a slider, or all the options of buttons, none twice in a row."""
    options = [value for _, value in getattr(control, "options", ())] or (
        [True, False] if isinstance(control.value, bool) else None)
    if options is None:
        steps = int((control.max - control.min) / control.step + 1e-9)
        options = [control.min + control.step * (i * 7 % (steps + 1)) for i in range(min(MOVES, steps + 1))]
        options = [type(control.value)(value) for value in options]
    return itertools.islice(itertools.cycle(options), MOVES)


def set_to(control, value):
    with contextlib.redirect_stdout(io.StringIO()):  # outside a notebook, interact clears the terminal at each move
        control.value = value


def median_of_moves(control):
    times = sorted(once(lambda value=value: set_to(control, value)) for value in moves(control) if control.value != value)
    return times[len(times) // 2]


def peer(explorer, name, draw):
    """``interactive`` (what ``interact`` shows) over the same computation, drawn anew by seaborn and made a PNG."""
    from ipywidgets import interactive

    def drawn(**values):
        import matplotlib.pyplot as plt

        fig, ax = plt.subplots(figsize=(7.5, 4.3), dpi=110)
        draw(explorer.compute(**{**explorer.values, **values}), ax)
        fig.savefig(io.BytesIO(), format="png")
        plt.close(fig)

    control = explorer.controls[name]
    kept = ("value", "min", "max", "step") if hasattr(control, "min") else ("value",)
    widget = interactive(drawn, **{name: type(control)(**{key: getattr(control, key) for key in kept})})
    with contextlib.redirect_stdout(io.StringIO()):
        widget.update()
    return widget.children[0]


def cloud(result, ax):
    import seaborn as sns

    sns.regplot(x=result.control, y=result.score, ax=ax)


def curve(result, ax):
    import seaborn as sns

    sns.lineplot(x=range(len(result.means)), y=result.means, ax=ax)
    ax.axhline(result.free)


def groups(result, ax):
    import seaborn as sns

    sns.lineplot(data=result.table, x="month", y="score", hue="group", ax=ax)


def bars(result, ax):
    import seaborn as sns

    sns.barplot(x=list(result.weights.values), y=list(result.weights.index), ax=ax)


def lines():
    import matplotlib as mpl

    mpl.use("Agg")
    for name, moved, draw in (("minimum", "held_back", curve), ("call-centre", "reaction", cloud)):
        explorer = pt.explore(name)
        own = median_of_moves(explorer.controls[moved])
        yield Line(f"{name}: interact with seaborn / explorer, median of {MOVES} moves",
                   median_of_moves(peer(explorer, moved, draw)) / own, own, aim="4",
                   note=f"aim for ours: {1000 * AIM_SECONDS:.0f} ms")


