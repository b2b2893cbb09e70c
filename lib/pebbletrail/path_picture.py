"""The picture of a path model: boxes on one line, arrows that never strike through a number."""

from functools import lru_cache
from graphlib import TopologicalSorter

from pebbletrail.figures import INK, MUTED, PALETTE, new_figure

GAP, WIDTH, HEIGHT = 0.46, 1.1, 0.68  # inches: between boxes at least, and a box
NAME, NUMBER = 10.5, 9.5  # points
LEGEND = "Arcs above run onward, below back. Grey: under 0.10. Broken: negative. Bar: share explained; tick: at the start."


def signed(value):
    """Two decimals, with a true minus."""
    return f"{round(value, 2) + 0.0:.2f}".replace("-", "−")  # adding 0.0 takes the sign off a rounded −0.0


def plain(value):
    """A coefficient in its own units: two decimals where they say enough, else two significant digits or whole numbers."""
    size = abs(value)
    if size == 0 or 0.0995 <= size < 99.995:
        return signed(value)
    if 99.995 <= size < 99_999.5:
        return f"{value:,.0f}".replace("-", "−")
    if 9.95e-4 <= size < 0.0995:
        return f"{value:.2g}".replace("-", "−")
    digits, power = f"{value:.1e}".split("e")
    return f"{digits}e{int(power)}".replace("-", "−")


def path_diagram(table, regressions, r2, standardized):
    """The figure of a fitted model: ``table`` holds ``outcome, predictor, estimate``, and ``ci_low, ci_high`` if known.

    A product A:B gets its own box; an arrow whose interval holds 0 is grey (without intervals: one under 0.10). Arrows are
    drawn as wide as they are strong only where coefficients are standardised: others are in different units.
    """
    before = {outcome: list(given) for outcome, given in regressions.items()}
    before |= {term: term.split(":") for given in regressions.values() for term in given if ":" in term}
    names = [name for name in TopologicalSorter(before).static_order() if name in {*table["predictor"], *table["outcome"]}]
    paths = {(row.predictor, row.outcome): row.estimate for row in table.itertuples()}
    weak = None
    if "ci_low" in table:
        weak = {(row.predictor, row.outcome) for row in table.itertuples() if row.ci_low <= 0 <= row.ci_high}
    return picture(names, paths, r2, names[-1], weak=weak, even=not standardized, told="")


def picture(names, paths, r2, outcome, first=None, weak=None, even=False, told="no arrow in", heads=True,
            shown=None):
    """Boxes on one line, in order; neighbours joined by straight arrows, jumps by arcs (above: onward, below: back).

    Parameters
    ----------
    names : sequence of str
        The boxes, from left to right.
    paths : dict of (predictor, outcome) to float
    r2 : mapping from outcome to share explained; empty hides every number
    outcome : str
        The box drawn with a heavy outline.
    first : mapping, optional
        Shares explained before, marked by a tick.
    weak : collection of (predictor, outcome), optional
        The arrows drawn in grey; default: those under 0.10.
    even : bool
        Whether all arrows are equally wide.
    told : str
        What stands in a box that no arrow points at.
    heads : bool
        Whether lines are arrows; without heads they are correlations.
    shown : bool, optional
        Whether numbers stand at the lines; default: where there are shares.

    Returns
    -------
    Figure
        One unit of its axes is one inch; ``.places`` has the middle of each box.
    """
    first, weak = {} if first is None else first, {p for p in paths if abs(paths[p]) < 0.1} if weak is None else weak
    at, shown = {name: number for number, name in enumerate(names)}, len(r2) > 0 if shown is None else shown
    jumps = {(a, b): at[b] - at[a] for a, b in paths}
    labels = {arrow: "" if not shown else plain(value) if even else signed(value) for arrow, value in paths.items()}
    between = [_inches(label, NUMBER) + 0.1 for arrow, label in labels.items() if abs(jumps[arrow]) == 1]
    pitch = WIDTH + max([GAP, *between])
    above, below = (HEIGHT / 2 + _apex(max((side * jump for jump in jumps.values()), default=0)) for side in (1, -1))
    right = pitch * (len(at) - 1) + WIDTH / 2
    fig, ax = new_figure(right + WIDTH / 2 + 0.2, above + below + 0.4)
    fig.set_layout_engine("none")  # the axes fill the figure, so that one unit is one inch
    ax.set(position=(0, 0, 1, 1), xlim=(-WIDTH / 2 - 0.1, right + 0.1), ylim=(-below - 0.2, above + 0.2))
    ax.axis("off")
    for name in names:
        _box(ax, name, pitch * at[name], r2, name == outcome, any(name in arrow for arrow in paths), first, told, shown)
    ports = _ports(at, jumps, pitch)
    for (a, b), value in paths.items():
        width = 1.2 if not shown else 1.8 if even else 0.8 + 3.6 * min(abs(value), 1)
        colour = MUTED if not shown or (a, b) in weak else PALETTE[0] if value > 0 else PALETTE[1]
        _arrow(ax, ports[a, (a, b)], ports[b, (a, b)], jumps[a, b], labels[a, b], colour, width, broken=shown and value < 0,
               style="-|>" if heads else "-")
    fig.places = {name: (pitch * at[name], 0.0) for name in names}
    return fig


@lru_cache(maxsize=1000)
def _inches(text, points, weight="normal"):
    """How wide a text is written."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath

    return TextPath((0, 0), text, size=points, prop=FontProperties(weight=weight)).get_extents().width / 72 if text else 0.0


def _fitted(name, weight):
    """``(text, size)`` of a name in its box; a product, or a name with underscores, stands in lines where it is wide."""
    room = WIDTH - 0.14

    def wide(text):
        return _inches(text, NAME - 1.5, weight) > room

    def cut(word):
        places = [number for number, sign in enumerate(word, start=1) if sign == "_" and 1 < number < len(word)]
        at = min(places, key=lambda place: abs(place - len(word) / 2), default=0)
        return f"{word[:at]}\n{word[at:]}" if at and wide(word) else word

    text = name.replace(":", " × ")
    text = "\n× ".join(map(cut, name.split(":"))) if wide(text) else text
    return text, NAME * min(1, room / max(_inches(line, NAME, weight) for line in text.split("\n")))


def _apex(jump):
    return 0.36 + 0.33 * (jump - 2) if jump > 1 else 0.0  # the longer the higher, so that no two labels meet


def _ports(at, jumps, pitch):
    """Where each arrow leaves and lands. On a box's edge, arcs are sorted so that those of one box never cross."""
    found, arcs = {}, {}
    for (a, b), jump in jumps.items():
        for name, way in ((a, 1 if jump > 0 else -1), (b, -1 if jump > 0 else 1)):
            if abs(jump) == 1:
                found[name, (a, b)] = (pitch * at[name] + way * WIDTH / 2, 0.0)
            else:
                arcs.setdefault((name, way, 1 if jump > 0 else -1), []).append((abs(jump), (a, b)))
    for (name, way, side), sharing in arcs.items():
        for number, (_, arrow) in enumerate(sorted(sharing)):  # the longest arc lands nearest the middle
            inward = WIDTH * (0.43 - 0.36 * (number + 0.5) / len(sharing))
            found[name, arrow] = (pitch * at[name] + way * inward, side * HEIGHT / 2)
    return found


def _box(ax, name, x, r2, last, used, first, told, shown):
    from matplotlib.patches import FancyBboxPatch, Rectangle

    ax.add_patch(FancyBboxPatch((x - WIDTH / 2 + 0.05, -HEIGHT / 2 + 0.05), WIDTH - 0.1, HEIGHT - 0.1,
                                boxstyle="round,pad=0.05", facecolor="white", edgecolor=INK if used else MUTED,
                                linestyle="-" if used else ":", linewidth=2.2 if last else 1.1))
    weight = "bold" if last else "normal"
    words, size = _fitted(name, weight)
    height = 0.16 if told or not shown or name in r2 else 0  # in the middle where nothing stands below
    if height and "\n" in words:
        size = min(size, 8)
    ax.text(x, height, words, ha="center", va="center", fontsize=size, linespacing=1.0, color=INK if used else MUTED,
            weight=weight)
    told = f"R² {r2[name]:.2f}" if name in r2 else "" if not shown else told if used else "left out"
    ax.text(x, -0.06, told, ha="center", va="center", fontsize=9, color=INK if name in r2 else MUTED)
    if name in r2:
        left, length = x - WIDTH / 2 + 0.12, WIDTH - 0.24
        for share, colour in ((1, "#dddddd"), (min(max(r2[name], 0), 1), PALETTE[0])):
            ax.add_patch(Rectangle((left, -0.26), length * share, 0.08, color=colour))
        if name in first:
            ax.vlines(left + length * first[name], -0.29, -0.15, color=INK, linewidth=1.6)


def _arrow(ax, start, end, jump, label, colour, width, broken, style):
    from matplotlib.patches import FancyArrowPatch
    from matplotlib.path import Path

    rise, lean = _apex(abs(jump)) * (1 if jump > 0 else -1), 0.12 * (end[0] - start[0])
    route = Path([start, (start[0] + lean, start[1] + rise / 0.75), (end[0] - lean, end[1] + rise / 0.75), end],
                 [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4])  # such a curve reaches 3/4 of its handles' height
    ax.add_patch(FancyArrowPatch(path=route, arrowstyle=style, mutation_scale=12, color=colour, zorder=2, linewidth=width,
                                 linestyle="--" if broken else "-"))
    if label:  # a white label lies on top of every arrow, so that a crossing never strikes a number through
        ax.text((start[0] + end[0]) / 2, start[1] + (rise or 0.13), label, ha="center", va="center", fontsize=NUMBER,
                color=INK, zorder=4, bbox={"boxstyle": f"round,pad={0.25 if rise else 0.02}", "fc": "white", "ec": "none"})
