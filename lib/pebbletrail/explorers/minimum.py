"""Explorer of page 1: where a minimum pays, when part of what agents would give above it is held back.

The free gifts are real ones. What agents do under a minimum other than 10 is the reader's assumption: only 10 was played.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from pebbletrail.explorers.control_game_pictures import CONTROLLED, FREE, MINIMUM, gifts, laboratories, mean_gift
from pebbletrail.explorers.explorer import Explorer, Scene, choice, slider
from pebbletrail.figures import INK, MUTED, PALETTE, new_figure

HIGHEST = 60  # points: the axis of minimums


@dataclass(frozen=True)
class Assumed:
    """The mean gift for each whole minimum from 0 to ``HIGHEST`` points, if the reader's assumption holds."""

    laboratory: str
    minimum: int
    held_back: float  # percent of what would be given above the minimum
    means: np.ndarray  # points, one for each minimum
    free: float
    observed: float  # points, measured at MINIMUM

    @property
    def now(self):
        return self.means[self.minimum]

    @property
    def pays_from(self):
        """The least minimum with which the boss gets at least as much as without, or None."""
        enough = np.flatnonzero(self.means >= self.free - 1e-9)
        return int(enough[0]) if len(enough) else None


@cache
def _measured(laboratory):
    """Free gifts and the share of agents who give each; mean gift free and controlled."""
    counts = gifts(laboratory, FREE)
    return (counts.index.to_numpy(float), counts.to_numpy() / counts.sum(), mean_gift(laboratory, FREE),
            mean_gift(laboratory, CONTROLLED))


def assume(laboratory, minimum, held_back):
    """Gifts below the minimum are lifted to it; of what lies above, ``held_back`` percent are withdrawn."""
    points, shares, free, controlled = _measured(laboratory)
    levels = np.arange(HIGHEST + 1)[:, None]
    means = (levels + (1 - held_back / 100) * np.maximum(points - levels, 0)) @ shares
    return Assumed(laboratory, minimum, held_back, means, free, controlled)


class Curve(Scene):
    """The mean gift against the minimum, with what was measured at 10 points."""

    def __init__(self):
        self.fig, ax = new_figure(7.5, 3.4)
        (self.curve,) = ax.plot([], [], color=PALETTE[1], label="with a minimum, as you assume")
        (self.free,) = ax.plot([], [], color=PALETTE[0], linestyle="--", label="left free (measured)")
        (self.measured,) = ax.plot([], [], "D", color=INK, markersize=8, linestyle="none",
                                   label=f"with a minimum of {MINIMUM} (measured)")
        (self.here,) = ax.plot([], [], "o", color=PALETTE[1], markersize=11)
        self.note = ax.text(0, 0, "", ha="center", va="bottom", color=PALETTE[1])
        ax.plot([MINIMUM] * 2, [0, 50], color=MUTED, linewidth=0.8, linestyle=":", zorder=0)  # stops below the legend
        ax.set(xlabel="minimum enforced (points)", ylabel="mean gift (points of 120)", xlim=(0, HIGHEST), ylim=(0, 70))
        ax.legend(loc="upper left")
        self.moving = [self.curve, self.free, self.measured, self.here, self.note]

    def update(self, result):
        self.curve.set_data(np.arange(HIGHEST + 1), result.means)
        self.free.set_data([0, HIGHEST], [result.free] * 2)
        self.measured.set_data([MINIMUM], [result.observed])
        self.here.set_data([result.minimum], [result.now])
        self.note.set_position((min(max(result.minimum, 2), HIGHEST - 3), result.now + 2.5))
        self.note.set_text(f"{result.now:.1f}")

    def alt(self, result):
        return (f"Curve of the mean gift against the minimum, {result.laboratory}. It rises from {result.means[0]:.1f} "
                f"points at 0 to {result.means[-1]:.1f} at {HIGHEST}; a dashed line marks the free gift, {result.free:.1f}; "
                f"a diamond at {MINIMUM} marks the measured {result.observed:.1f}.")

    def sentence(self, result):
        change = result.now - result.free
        effect = ("as much as when free" if abs(change) < 0.05 else
                  f"{abs(change):.1f} {'more' if change > 0 else 'less'} than when free")
        pays = ("No minimum up to 60 pays." if result.pays_from is None else
                f"With this reaction a minimum pays from {result.pays_from} points on." if result.pays_from else
                "With nothing held back, every minimum pays or costs nothing.")
        miss = result.means[MINIMUM] - result.observed
        fit = "as measured" if abs(miss) < 0.25 else f"{abs(miss):.1f} {'more' if miss > 0 else 'less'} than was measured"
        return (f"{result.laboratory}, left free: {result.free:.1f} points on average. A minimum of {result.minimum} with "
                f"{result.held_back:g} % held back above it gives {result.now:.1f}, {effect}. {pays} At {MINIMUM} "
                f"points your assumption gives {result.means[MINIMUM]:.1f}, {fit}.")


def minimum():
    """Move the minimum and what it costs in goodwill, and see where it pays."""
    controls = {
        "laboratory": choice("free gifts of", laboratories()),
        "minimum": slider("minimum", "points", 1, HIGHEST, MINIMUM, 1),
        "held_back": slider("held back of what lies above", "%", 0, 100, 20, 1),
    }
    return Explorer(controls, assume, Curve(), "Where does a minimum pay?")
