"""Causal diagrams: boxes and arrows that say what a page takes to act on what."""

from pebbletrail.figures import INK, MUTED, new_figure


def diagram(boxes, arrows, unseen=(), width=7.5, height=3.2):
    """Draw a causal diagram; show it with ``pt.show(fig, alt=…)``.

    Parameters
    ----------
    boxes : dict of str to (x, y, text)
        Where each box stands, from 0 to 1 (left to right, bottom to top), and what it says.
    arrows : list of (from, to) or (from, to, label)
        Names of boxes; a label such as ``"+"`` stands beside the middle of its arrow.
    unseen : collection of str
        Boxes that nobody measured; they are dashed.
    width, height : float
        Inches.

    Returns
    -------
    matplotlib Figure

    Raises
    ------
    ValueError
        An arrow or an unseen name without a box, or a box outside 0 to 1; the message names it.
    """
    arrows, unseen = list(arrows), [unseen] if isinstance(unseen, str) else list(unseen)
    _check(boxes, arrows, unseen)
    fig, ax = new_figure(width, height)
    ax.set(xlim=(-0.02, 1.02), ylim=(-0.05, 1.05))
    ax.axis("off")
    fig.set_layout_engine("none")  # the axes stay where they are, so that arrows end at the boxes
    ax.set_position((0, 0, 1, 1))
    drawn = {name: ax.text(x, y, text, ha="center", va="center", fontsize=11, color=MUTED if name in unseen else INK,
                           bbox={"boxstyle": "round,pad=0.4", "facecolor": "white", "linewidth": 1.1,
                                 "edgecolor": MUTED if name in unseen else INK,
                                 "linestyle": "--" if name in unseen else "-"})
             for name, (x, y, text) in boxes.items()}
    for start, end, *label in arrows:
        _arrow(ax, drawn[start], drawn[end], label[0] if label else "")
    return fig


def _arrow(ax, start, end, label):
    (x0, y0), (x1, y1) = start.get_position(), end.get_position()
    # drawn after the boxes: an arrow is cut at their outlines, which are known once they are drawn
    ax.annotate("", (x1, y1), (x0, y0), zorder=4,
                arrowprops={"arrowstyle": "-|>", "color": MUTED, "linewidth": 1.4, "shrinkA": 0, "shrinkB": 2,
                            "patchA": start.get_bbox_patch(), "patchB": end.get_bbox_patch()})
    if label:
        ax.text((x0 + x1) / 2, (y0 + y1) / 2, label, ha="center", va="center", fontsize=13, color=INK, zorder=5,
                bbox={"boxstyle": "round,pad=0.12", "facecolor": "white", "edgecolor": "none"})


def _check(boxes, arrows, unseen):
    named = [name for arrow in arrows for name in arrow[:2]]
    for argument, names in (("arrows", named), ("unseen", unseen)):
        if lost := [name for name in names if name not in boxes]:
            raise ValueError(f"{argument}: there is no box {lost[0]!r}; there are {', '.join(boxes)}.")
    for name, (x, y, _) in boxes.items():
        if not (0 <= x <= 1 and 0 <= y <= 1):
            raise ValueError(f"boxes: {name} stands at ({x}, {y}); both must lie between 0 and 1.")
