"""Explorer of page 4: what makes control and quality go together in a call centre whose truth is known.

Simulated throughout: it shows what a mechanism would do, and is evidence for nothing.
"""

from dataclasses import dataclass

import numpy as np

from pebbletrail.explorers.explorer import Explorer, Scene, choice, slider
from pebbletrail.figures import MUTED, PALETTE, new_figure
from pebbletrail.path_picture import signed
from pebbletrail.worlds.call_centre.measures import CUSTOMER, FIRM, deviation
from pebbletrail.worlds.call_centre.world import CallCentre

# Half a year; small enough to follow the hand. Control is set by supervisors, so many small teams keep chance small: without
# any cause the correlation has a standard deviation of .05 over seeds (.10 with teams of twenty).
SIZE = {"weeks": 26, "agents": 300, "sites": 3, "team_size": 3}
CUSTOMERS, SUPERVISOR = "customers", "the supervisor"
SCORES = {CUSTOMERS: ("quality_customer", CUSTOMER), SUPERVISOR: ("quality_firm", FIRM)}
SEEN = 0.12  # a correlation nearer to 0 may be chance
REACH = 5.0  # SD shown to either side


@dataclass(frozen=True)
class HalfYear:
    """Mean control and mean score of 300 seats, in SD, with the slope that is seen and the one that is true."""

    control: np.ndarray
    score: np.ndarray
    effect: float
    causes: tuple  # (direction, words): what else than an effect ties control to the score here

    @property
    def r(self):
        return float(np.corrcoef(self.control, self.score)[0, 1])

    @property
    def slope(self):
        return float(np.polyfit(self.control, self.score, 1)[0])


def look(effect, reaction, supervision, rater_bias, judge):
    """Half a year of the call centre, as a table of means would show it."""
    effect, reaction, supervision, rater_bias = (round(one, 6) for one in (effect, reaction, supervision, rater_bias))
    world = CallCentre(effect=effect, reaction=reaction, supervision=supervision, rater_bias=rater_bias)
    year = world.simulate(1, **SIZE)
    column, scale = SCORES[judge]
    causes = [(way, told) for there, way, told in (
        (reaction > 0, -1, "managers control more after a poor score"),
        (supervision > 0, 1, "supervisors who control more also coach better"),
        (supervision < 0, -1, "supervisors who control more coach worse"),
        (rater_bias > 0 and judge == SUPERVISOR, -1, "supervisors score those higher whom they like, and control them less"),
    ) if there]
    return HalfYear(year["control"].mean(axis=0), deviation(year[column], scale).mean(axis=0), effect, tuple(causes))


class Cloud(Scene):
    """One dot an agent's seat, the line that is seen and the line that is true."""

    def __init__(self):
        self.fig, ax = new_figure(7.5, 3.6)
        (self.dots,) = ax.plot([], [], "o", markersize=4, color=PALETTE[5], alpha=0.7, markeredgewidth=0)
        (self.true,) = ax.plot([], [], color=PALETTE[1], linestyle="--", label="what control truly does")
        (self.seen,) = ax.plot([], [], color=PALETTE[0], label="what is seen")
        self.note = ax.text(0.98, 0.03, "", transform=ax.transAxes, ha="right", va="bottom", fontsize=12)
        ax.axhline(0, color=MUTED, linewidth=0.7, zorder=0)
        ax.axvline(0, color=MUTED, linewidth=0.7, zorder=0)
        ax.set(xlim=(-REACH, REACH), ylim=(-5, 5), xlabel="control of the agent, mean of half a year (SD; 0 is usual)",
               ylabel="quality as scored (SD; 0 is usual)")
        ax.legend(loc="upper right", ncols=2)
        self.moving = [self.dots, self.true, self.seen, self.note]

    def update(self, result):
        ends, middle = np.array([-REACH, REACH]), result.control.mean()
        self.dots.set_data(result.control, result.score)
        for line, slope in ((self.true, result.effect), (self.seen, result.slope)):
            line.set_data(ends, result.score.mean() + slope * (ends - middle))
        self.note.set_text(f"r = {signed(result.r)}")

    def alt(self, result):
        way = "falls" if result.slope < 0 else "rises"
        return (f"Cloud of 300 dots, quality as scored against control. The line that is seen {way} by "
                f"{abs(result.slope):.2f} SD for each SD of control; the dashed line of what control truly does has slope "
                f"{signed(result.effect)}.")

    def sentence(self, result):
        return (f"True in this world: one SD more control changes quality by {signed(result.effect)} SD. Seen: r = "
                f"{signed(result.r)}; one SD more control goes with {abs(result.slope):.2f} SD "
                f"{'less' if result.slope < 0 else 'more'} quality. {_meaning(result)}")


def _meaning(result):
    """What the picture shows of the truth. A cause is named only where it pushes the way that is to be explained."""
    seen, true, slope = abs(result.r) >= SEEN, np.sign(result.effect), np.sign(result.slope)
    if not seen and not true:
        return _joined("Nothing is done, and nothing is seen{}.", ", although ", result.causes)
    if not seen:
        there = f"The {'harm' if true < 0 else 'benefit'} is there, and it cannot be seen{{}}."
        chance = ((0, "it is too small to be told from chance"),)
        return _joined(there, ": ", _way(result, -true) or chance)
    if not result.causes:
        return ("Here, where control is set without regard to quality, what is seen is about what is true." if true else
                "What is seen is chance.")
    if not true:
        elsewhere = _joined("All of it comes from elsewhere{}", ": ", _way(result, slope))
        return elsewhere + _joined("{}.", "; against it, ", _way(result, -slope))
    if true != slope:
        return _joined("What is seen has the wrong sign{}.", ", because ", _way(result, slope))
    return _joined("Right in sign; the size is mixed up with something else{}.", ": ", result.causes)


def _way(result, direction):
    return tuple(cause for cause in result.causes if cause[0] == direction)


def _joined(sentence, link, causes):
    """The sentence with the causes in its gap; without causes the gap closes."""
    return sentence.format(link + " and ".join(told for _, told in causes) if causes else "")


def call_centre():
    """Set the truth of a call centre, and see what a table of means would show."""
    controls = {
        "effect": slider("true effect of control on quality", "SD for an SD", -0.3, 0.3, 0.0, 0.05),
        "reaction": slider("managers control more after a poor score", "SD for an SD", 0, 0.9, 0.0, 0.1),
        "supervision": slider("those who control more also coach better", "correlation", -0.9, 0.9, 0.0, 0.1),
        "rater_bias": slider("liking colours scores and control", "SD for an SD", 0, 1, 0.0, 0.1),
        "judge": choice("quality is scored by", [CUSTOMERS, SUPERVISOR]),
    }
    return Explorer(controls, look, Cloud(), "What makes control and quality go together?")
