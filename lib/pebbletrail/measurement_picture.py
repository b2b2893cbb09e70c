"""The picture of a model with its measurement: the path diagram, and below each construct what it is measured by."""

from pebbletrail.figures import INK, MUTED
from pebbletrail.path_picture import HEIGHT, WIDTH, _inches, path_diagram, picture, signed

ROW, TOP, NUMBERS = 0.19, 0.3, 0.34  # inches: a line of the list, the arrow above it, the column of its numbers
POINTS, LEAST = 8.5, 6.0  # the usual size of a name, and the smallest
BAR = "#cfe3f1"


def measured_diagram(table, regressions, r2, blocks, modes=None):
    """A path diagram with a list of indicators below each construct.

    Parameters
    ----------
    table, regressions, r2
        As for ``path_diagram``, standardised.
    blocks : dict of str to list of (str, float)
        Construct to its indicators with their loadings; a construct without any has no list.
    modes : dict of str to {"A", "B"}, optional
        ``B``: the arrow points from the indicators to the construct they form. Default: A.
    """
    return _with_lists(path_diagram(table, regressions, r2, standardized=True), blocks, modes or {})


def factor_diagram(correlations, blocks):
    """Constructs without arrows among them: lines carry their correlations (a square DataFrame)."""
    names = list(correlations)
    pairs = {(a, b): float(correlations.loc[a, b]) for number, a in enumerate(names) for b in names[number + 1 :]}
    fig = picture(names, pairs, {}, None, weak=set(), told="", heads=False, shown=True)
    return _with_lists(fig, blocks, {})


def _with_lists(fig, blocks, modes):
    longest = max((len(items) for items in blocks.values()), default=0)
    if not longest:
        return fig
    ax, (width, height) = fig.axes[0], fig.get_size_inches()
    low, high = ax.get_ylim()
    more = TOP + ROW * longest
    fig.set_size_inches(width, height + more)
    ax.set_ylim(low - more, high)  # the axes still fill the figure, so that a unit stays an inch
    for name, items in blocks.items():
        if len(items):
            _listed(ax, *fig.places[name], low, items, modes.get(name, "A"))
    return fig


def _listed(ax, x, y, low, items, mode):
    from matplotlib.patches import Rectangle

    bottom, top = y - HEIGHT / 2, min(low + 0.2, y - HEIGHT / 2) - TOP
    start, end = ((x, bottom), (x, top + 0.02)) if mode == "A" else ((x, top + 0.02), (x, bottom))
    style = {"arrowstyle": "-|>", "color": MUTED, "linewidth": 1.0, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", end, start, arrowprops=style)
    left, length = x - WIDTH / 2 + 0.02, WIDTH - 0.04
    for number, (item, loading) in enumerate(items):
        middle = top - ROW * (number + 0.5)
        long = (length - NUMBERS) * min(abs(loading), 1)
        ax.add_patch(Rectangle((left, middle - ROW / 2 + 0.015), long, ROW - 0.03, color=BAR))
        text, size = _shortened(str(item), length - NUMBERS - 0.06)
        ax.text(left + 0.04, middle, text, ha="left", va="center_baseline", fontsize=size, color=INK)
        ax.text(left + length, middle, signed(loading), ha="right", va="center_baseline", fontsize=8, color=INK)


def _shortened(name, room):
    """``(text, size)``: smaller where it is long, and cut where even the smallest is too wide."""
    size = min(POINTS, POINTS * room / max(_inches(name, POINTS), 1e-9))
    if size >= LEAST:
        return name, size
    while len(name) > 2 and _inches(name + "…", LEAST) > room:
        name = name[:-1]
    return name + "…", LEAST
