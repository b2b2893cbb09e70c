"""From a moved control to a new picture, kernel side: each explorer against ``interact`` with the like seaborn call."""

import contextlib
import io
import itertools

import pandas as pd
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
        draw(explorer.compute(**{**explorer.start, **values}), ax)
        fig.savefig(io.BytesIO(), format="png", bbox_inches="tight")  # as notebooks do
        plt.close(fig)

    control = explorer.controls[name]
    kept = ("value", "min", "max", "step") if hasattr(control, "min") else ("value",)
    with contextlib.redirect_stdout(io.StringIO()):
        widget = interactive(drawn, **{name: type(control)(**{key: getattr(control, key) for key in kept})})
        widget.update()
    return widget.children[0]


def cloud(result, ax):
    import seaborn as sns

    sns.regplot(x=result.control, y=result.score, ax=ax)


def curve(result, ax):
    import seaborn as sns

    sns.lineplot(x=range(len(result.means)), y=result.means, ax=ax, label="with a minimum, as you assume")
    ax.axhline(result.free, linestyle="--", label="left free (measured)")
    sns.scatterplot(x=[10], y=[result.observed], marker="D", ax=ax, label="with a minimum of 10 (measured)")
    sns.scatterplot(x=[result.minimum], y=[result.now], ax=ax)
    ax.text(result.minimum, result.now + 2.5, f"{result.now:.1f}")
    ax.set(xlabel="minimum enforced (points)", ylabel="mean gift (points of 120)")


def groups(result, ax):
    import seaborn as sns

    rows = pd.DataFrame({"home": result.home, "office": result.office, "without": result.without}).melt(
        var_name="group", value_name="score", ignore_index=False)
    sns.lineplot(data=rows, x=rows.index, y="score", hue="group", ax=ax)


def bars(result, ax):
    import seaborn as sns

    names = list(result.weights)
    sns.barplot(x=list(result.weights.values()), y=names, ax=ax)
    sns.scatterplot(x=[result.correlations[name] for name in names], y=names, marker="|", ax=ax, label="correlation alone")
    ax.set(xlabel="standard deviations, for one standard deviation more of the feature")


def day(result, ax):
    import seaborn as sns

    hours = pd.DataFrame({"upset": result.upset[:, 0], "worn": result.worn[:, 0], "fresh morning": result.upset[:, 1]})
    sns.lineplot(data=hours, ax=ax)


def hills(result, ax):
    import seaborn as sns

    sns.lineplot(data=pd.DataFrame({"high": result.high, "low": result.low}), ax=ax)
    ax.set(xlabel="outcome, in SD from the mean of all")


def studies(result, ax):
    import seaborn as sns

    sns.boxplot(data=pd.DataFrame(result.found), orient="h", whis=(5, 95), ax=ax)
    ax.set(xlabel="correlation with growth, as a study finds it")


def minutes(result, ax):
    import seaborn as sns

    sns.lineplot(data=pd.DataFrame({"mood": result.moments, "with the wow": result.lifted}), ax=ax)


def beliefs(result, ax):
    import seaborn as sns

    sns.lineplot(data=pd.DataFrame(result.mean, columns=["trade", "brand", "person"]), ax=ax)
    second = ax.figure.add_axes([1.1, 0.1, 0.8, 0.8])
    sns.barplot(x=range(1, 11), y=result.gain, ax=second)


def beam(result, ax):
    import seaborn as sns

    from pebbletrail.explorers.exit_costs import Z

    sns.lineplot(x=Z, y=result.slopes, ax=ax)
    second = ax.figure.add_axes([1.1, 0.1, 0.8, 0.8])
    for word, slope in zip(("low", "average", "high"), result.at, strict=True):
        sns.lineplot(x=[-2, 2], y=[-2 * slope, 2 * slope], label=word, ax=second)


def ledger(result, ax):
    import seaborn as sns

    sns.barplot(x=["kept", "cost", "net"], y=[result.kept, result.cost, result.net], ax=ax)
    second = ax.figure.add_axes([1.1, 0.1, 0.8, 0.8])
    sns.lineplot(data=pd.DataFrame({"low": result.low, "high": result.high}), ax=second)


def storms(result, ax):
    import seaborn as sns

    sns.lineplot(data=pd.DataFrame(result.know.T), ax=ax, legend=False)
    second = ax.figure.add_axes([1.1, 0.1, 0.8, 0.8])
    sns.lineplot(data=pd.DataFrame(result.rounds.T), ax=second)


PEERS = (("minimum", "held_back", curve), ("two-groups", "drift", groups), ("job-features", "job_complexity", bars),
         ("call-centre", "reaction", cloud), ("circle", "morning", day), ("halves", "cv", hills),
         ("ranking", "better", studies), ("memory", "best", minutes), ("trust", "cost", beliefs),
         ("exit-costs", "slope", beam),
         ("complaints", "cost", ledger), ("firestorm", "retold", storms))


def lines():
    import matplotlib as mpl

    mpl.use("Agg")
    for name, moved, draw in PEERS:
        explorer = pt.explore(name)
        own = median_of_moves(explorer.controls[moved])
        yield Line(f"{name}: interact with seaborn / explorer, median of {MOVES} moves",
                   median_of_moves(peer(explorer, moved, draw)) / own, own, aim="4",
                   note=f"aim for ours: {1000 * AIM_SECONDS:.0f} ms")


