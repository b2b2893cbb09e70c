"""The picture of a profile in stages: dimensions in rows, stages in columns, a dot for each rater."""

from textwrap import fill

import numpy as np

from pebbletrail.figures import INK, MUTED, PALETTE, new_figure

WIDE = 30  # characters of a dimension's name before it goes on below
ACROSS = 7  # dots side by side in a cell
GAP = 0.105  # between dots, in columns
ROW = 0.55  # inches


def profile_picture(found, group):
    """The figure of one group of a ``StageProfile``."""
    rows = found.of(group).reset_index(drop=True)
    ratings = found.values.iloc[found.groups[group]]
    deepest = max(rows[[f"stage_{n}" for n in range(1, len(found.stages) + 1)]].to_numpy().max() - 1, 0) // ACROSS + 1
    fig, ax = new_figure(8.6, 1.3 + max(ROW, 0.17 * deepest + 0.2) * len(rows))
    for at, row in rows.iterrows():
        ax.axhline(at + 0.5, color=MUTED, linewidth=0.4, zorder=0)
        if not row["raters"]:
            ax.text(3, at, "nobody could say", color=MUTED, ha="center", va="center", fontsize=9.5)
            continue
        low, high = row["median_low"], row["median_high"]
        ax.barh(at, high - low + 0.9, left=low - 0.45, height=0.86, color=PALETTE[1] if row["weakest"] else PALETTE[5],
                alpha=0.35, zorder=1)
        x, y = places(ratings[row["dimension"]].dropna().to_numpy(), deepest)
        ax.plot(x, at + y, "o", color=INK, markersize=5, zorder=2)
        told = ["weakest"] if row["weakest"] else []
        told += ["differ most"] if row["differ_most"] else []
        ax.text(len(found.stages) + 0.58, at, ",\n".join(told), color=PALETTE[1] if row["weakest"] else INK, va="center",
                fontsize=9.5)
    for edge in range(1, len(found.stages)):
        ax.axvline(edge + 0.5, color=MUTED, linewidth=0.4, zorder=0)
    ax.set(xlim=(0.5, len(found.stages) + 0.5), ylim=(len(rows) - 0.5, -0.5))
    ax.set_xticks(range(1, len(found.stages) + 1), [f"{n} {fill(stage, 12)}" for n, stage in enumerate(found.stages, 1)])
    ax.xaxis.tick_top()
    if found.by is not None:  # the group's name is plain text, also where it holds signs of mathematics
        ax.set_title(fill(str(group), 70), loc="left", parse_math=False)
    ax.set_yticks(range(len(rows)), [fill(title, WIDE) for title in rows["title"]])
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.set_xlabel("a dot: a rater; coloured: the median stage, or from the lower to the upper one", fontsize=9.5)
    return fig


def places(stages, deepest):
    """Where the dots of one row go: raters of one stage side by side, in lines of seven; x and y about the row's middle."""
    x, y = np.empty(len(stages)), np.empty(len(stages))
    for stage in np.unique(stages):
        here = np.flatnonzero(stages == stage)
        line = np.arange(len(here)) // ACROSS
        wide = np.bincount(line)[line]
        x[here] = stage + GAP * (np.arange(len(here)) % ACROSS - (wide - 1) / 2)
        y[here] = (line - line.max() / 2) * 0.7 / max(deepest, 4)
    return x, y
