"""Explorer of page 3: what a weight says of a feature of the job, and what becomes of it beside other features."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from pebbletrail.explorers.explorer import Explorer, Scene, choice, tick
from pebbletrail.figures import INK, MUTED, PALETTE, new_figure

FEATURES = {  # the ten features that have been met with both outcomes, in our words
    "autonomy": "autonomy",
    "skill_variety": "skill variety",
    "task_variety": "task variety",
    "task_significance": "task significance",
    "task_identity": "task identity",
    "job_feedback": "feedback from the job",
    "job_complexity": "complexity",
    "interdependence": "interdependence",
    "feedback_from_others": "feedback from others",
    "social_support": "social support",
}
OUTCOMES = {"performance, rated by others": "performance", "satisfaction with the job": "satisfaction"}
FOCUS = "autonomy"


@cache
def _table():
    """The corrected correlations of the features, and of each with the outcomes, as a square table."""
    from pebbletrail.catalogue import load

    long = load("job-design-correlations")
    both = pd.concat([long, long.rename(columns={"one": "other", "other": "one"})])
    square = both.pivot_table("corrected", "one", "other")
    return square.loc[list(FEATURES), [*FEATURES, *OUTCOMES.values()]].fillna(1.0)  # the diagonal: no pair is missing here


def two(number):
    """Two decimals, with a true minus sign and no minus before zero."""
    return f"{number:z.2f}".replace("-", "−")


@dataclass(frozen=True)
class Weights:
    """The weights of the ticked features, beside their correlations with the outcome.

    Attributes
    ----------
    outcome : str
        ``"performance"`` or ``"satisfaction"``.
    weights, correlations : dict of str to float
        By feature, in the order of ``FEATURES``; in standard deviations of the outcome for one of the feature.
    r2 : float
        Share of the outcome's variance that the ticked features explain together, 0 to 1.
    without : float
        The same without autonomy; equal to ``r2`` where autonomy is not ticked.
    """

    outcome: str
    weights: dict
    correlations: dict
    r2: float
    without: float


def weigh(outcome, **ticked):
    """Regress the outcome on the ticked features, from the table of corrected correlations alone.

    Checked against psych's setCor, and the textbook formula for two features. Of no features: no weights, and R² 0.

    Raises
    ------
    ValueError
        For an outcome or a feature that the table does not hold.
    """
    if outcome not in OUTCOMES.values():
        raise ValueError(f"outcome: {outcome!r} is not one of {', '.join(OUTCOMES.values())}.")
    if unknown := set(ticked) - set(FEATURES):
        raise ValueError(f"features: there is no {min(unknown)!r}; there are {', '.join(FEATURES)}.")
    names = [name for name in FEATURES if ticked.get(name)]
    table = _table()
    r = table.loc[names, outcome].to_numpy()
    weights = np.linalg.solve(table.loc[names, names].to_numpy(), r)
    others = [name for name in names if name != FOCUS]
    rest = table.loc[others, outcome].to_numpy()
    without = float(np.linalg.solve(table.loc[others, others].to_numpy(), rest) @ rest)  # of no features: 0
    return Weights(outcome, dict(zip(names, weights.tolist(), strict=True)), dict(zip(names, r.tolist(), strict=True)),
                   float(weights @ r), without)


class Bars(Scene):
    """One row a feature: a bar for its weight, a diamond for its correlation."""

    def __init__(self):
        self.fig, ax = new_figure(8, 4)
        rows = np.arange(len(FEATURES))
        colours = [PALETTE[1] if name == FOCUS else PALETTE[0] for name in FEATURES]
        self.bars = ax.barh(rows, np.zeros(len(rows)), color=colours, height=0.62, linewidth=0)
        (self.marks,) = ax.plot([], [], "D", markerfacecolor="white", markeredgecolor=INK, markersize=7, linestyle="none",
                                label="its correlation: the weight it would have alone")
        self.notes = [ax.text(0.9, row, "", ha="right", va="center", fontsize=10) for row in rows]
        ax.text(0.9, -0.75, "weight", ha="right", va="bottom", fontsize=10, color=MUTED)
        ax.axvline(0, color=MUTED, linewidth=1)
        ax.set(xlim=(-0.65, 0.92), ylim=(len(rows) - 0.4, -0.6), xticks=np.arange(-0.6, 0.61, 0.2), yticks=rows,
               yticklabels=list(FEATURES.values()),
               xlabel="weight: standard deviations of the outcome for one standard\n"
                      "deviation more of the feature, the other ticked ones held still")
        ax.legend(loc="lower left", bbox_to_anchor=(0, 1.0), frameon=False)
        self.moving = [*self.bars, self.marks, *self.notes]

    def update(self, result):
        for name, bar, note in zip(FEATURES, self.bars, self.notes, strict=True):
            weight = result.weights.get(name)
            bar.set_width(weight or 0.0)
            note.set_text("" if weight is None else two(weight))
        shown = list(FEATURES)
        self.marks.set_data(list(result.correlations.values()), [shown.index(name) for name in result.correlations])

    def alt(self, result):
        if not result.weights:
            return f"Ten features of a job and no bar: nothing is ticked that could go with {result.outcome}."
        told = ", ".join(f"{FEATURES[name]} {two(weight)}" for name, weight in result.weights.items())
        return (f"Bars of the weights of the ticked features for {result.outcome}, in standard deviations: {told}. "
                "Diamonds mark their correlations.")

    def sentence(self, result):
        if not result.weights:
            return f"Nothing is ticked, so 0 % of the differences in {result.outcome} are explained. Tick a feature."
        differences = f"of the differences in {result.outcome}, corrected for noise"
        others = [FEATURES[name] for name in result.weights if name != FOCUS]
        if FOCUS not in result.weights:
            who = f"{others[0]} explains" if len(others) == 1 else f"the {len(others)} ticked features together explain"
            return (f"Without autonomy, {who} {100 * result.r2:.1f} % {differences} (R²). Tick autonomy: how much does it "
                    "add?")
        alone, weight = result.correlations[FOCUS], two(result.weights[FOCUS])
        start = f"Autonomy alone: {two(alone)}; it explains {100 * alone**2:.1f} % {differences}."
        if not others:
            return f"{start} Tick another feature and watch the bar."
        beside = others[0] if len(others) == 1 else f"{len(others)} other features"
        turned = f" (negative: {result.outcome} is lower where autonomy is higher)" if weight.startswith("−") else ""
        return (f"{start} Beside {beside} its weight is {weight}{turned}. Together they explain {100 * result.r2:.1f} % "
                f"(R²); autonomy, entered last, adds {_points(result.r2 - result.without, alone**2)}.")


def _points(added, alone):
    """What entering last adds to R², in words; a suppressor beside it can make that more than its own share."""
    added, alone = (f"{100 * share:.1f}" for share in (added, alone))
    if added == "0.0":
        return "less than 0.1 points"
    return f"{added} points" + (", more than it explains alone" if float(added) > float(alone) else "")


def _layout(controls):
    """The outcome on top, the ticks in columns below."""
    from ipywidgets import GridBox, VBox

    ticks = [control for name, control in controls.items() if name != "outcome"]
    grid = GridBox(ticks, layout={"grid_template_columns": "repeat(auto-fill, minmax(13em, 1fr))", "max_width": "60em"})
    return VBox([controls["outcome"], grid])


def job_features():
    """Tick features of a job and see what each weighs beside the others, and what they explain together."""
    controls = {"outcome": choice("what is explained", OUTCOMES)}
    controls |= {name: tick(label, value=name == FOCUS) for name, label in FEATURES.items()}
    return Explorer(controls, weigh, Bars(), "What does a feature of the job weigh, beside others?", layout=_layout)
