"""Explorer of page 6: what a contrast between high and low units makes of modest correlations."""

from dataclasses import dataclass

import numpy as np

from pebbletrail.explorers.explorer import Explorer, Scene, choice, slider
from pebbletrail.figures import INK, MUTED, PALETTE, new_figure
from pebbletrail.measures.median_split import both_halves, halves
from pebbletrail.measures.split import NAMES, Split
from pebbletrail.measures.split_picture import WIDE, densities

Z = np.linspace(-WIDE, WIDE, 181)
TEXT, SOURCE = 5, 3.4  # the ratio that the text tells, and the one that is told of its source
LOWEST, HIGHEST = 0.1, 20  # ratios between which the bars are drawn; an arrow head says that a bar is cut
SEEN = 5e-4  # of what shows as 1.00 or as no gap


@dataclass(frozen=True)
class Contrast:
    """The two groups, and the heights of their hills at ``Z``."""

    split: Split
    high: np.ndarray
    low: np.ndarray


def contrast(r_staff=0.3, r_customers=0.3, between=0.3, cv=0.2, part=0.5, groups="both"):
    """Units high against units low, on both engagements or on that of the employees alone.

    Parameters
    ----------
    r_staff, r_customers, between : float
        Correlations of the two engagements with the outcome, and with each other. Alone, only the first counts.
    cv : float
        Standard deviation of the outcome over its mean.
    part : float
        Share of each that counts as high, and as low.
    groups : {"both", "staff"}
    """
    split = halves(r_staff, cv, part) if groups == "staff" else both_halves(r_staff, r_customers, between, cv, part)
    return Contrast(split, *densities(split, Z))


def two(number):
    """Two decimals, one from 10 on; with a true minus sign and no minus before zero."""
    return f"{number:z.{2 if abs(number) < 9.995 else 1}f}".replace("-", "−")


def times(ratio):
    """A ratio in words; none where there is none, and no digits beyond 100 or below a hundredth."""
    if ratio != ratio:
        return "none"
    return "over 100" if ratio >= 99.95 else "under 0.01" if ratio < 0.005 else two(ratio)


def percent(share):
    """One decimal, and neither all nor nothing where it is not."""
    return "over 99.9 %" if share > 0.9995 else "under 0.1 %" if share < 0.0005 else f"{100 * share:.1f} %"


class Hills(Scene):
    """Left the outcomes of the two groups; right, three ways to put the same gap as a ratio."""

    def __init__(self):
        self.fig, spare = new_figure(9, 3.7)
        spare.remove()
        left, right = self.fig.subplots(1, 2, width_ratios=[1.15, 1])
        for ax in (left, right):
            ax.spines[["top", "right", "left"]].set_visible(False)
        self.hills = [left.plot(Z, np.zeros(len(Z)), color=colour)[0] for colour in PALETTE[:2]]
        self.fills = [left.fill(Z, np.zeros(len(Z)), color=colour, alpha=0.15, linewidth=0)[0] for colour in PALETTE[:2]]
        self.means = [left.plot([0, 0], [0, 0], color=colour, linewidth=1.6, linestyle="--")[0] for colour in PALETTE[:2]]
        self.zero, = left.plot([0, 0], [0, 0.68], color=INK, linewidth=1.4, linestyle=":")
        self.where = left.text(-WIDE, 0.83, "", fontsize=9.5, va="bottom")
        self.names = [left.text(x, 0.7, "", color=colour, fontsize=9.5, ha=side, va="bottom")
                      for x, side, colour in ((WIDE, "right", PALETTE[0]), (-WIDE, "left", PALETTE[1]))]
        left.set(xlim=(-WIDE, WIDE), ylim=(0, 0.9), yticks=[], xlabel="outcome, in SD from the mean of all")
        self.bars = [right.plot([1, 1], [row, row], color=PALETTE[2], linewidth=15, solid_capstyle="butt")[0]
                     for row in range(3)]
        self.cuts = [right.plot([HIGHEST], [row], ">", color=PALETTE[2], ms=13, visible=False)[0] for row in range(3)]
        self.notes = [right.text(95, row, "", ha="right", va="center", fontsize=10) for row in range(3)]
        right.axvline(1, color=MUTED, linewidth=1)
        for value, word, style in ((TEXT, f"the text: {TEXT}", "-"), (SOURCE, f"told of its source: {SOURCE}", "--")):
            right.plot([value, value], [-0.45, 2.5], color=INK, linewidth=1.2, linestyle=style)
            above = value == TEXT  # the other one stands below, clear of the line at 1
            right.text(value if above else 1.1, -0.5 if above else 2.55, word, fontsize=9.5,
                       ha="center" if above else "left", va="bottom" if above else "top")
        right.set(xscale="log", xlim=(LOWEST / 2, 100), ylim=(3.0, -0.95), yticks=range(3),
                  yticklabels=["mean\noutcome", "share above\nthe median", "odds ratio\nof that"],
                  xlabel="high group over low group (times)")
        right.set_xticks([0.2, 0.5, 1, 2, 5, 10, 20], ["0.2", "0.5", "1", "2", "5", "10", "20"])
        right.minorticks_off()
        right.tick_params(axis="y", length=0)
        self.moving = [*self.hills, *self.fills, *self.means, self.zero, self.where, *self.names, *self.bars,
                       *self.cuts, *self.notes]

    def update(self, result):
        split = result.split
        for line, fill, mean, name, height, centre, word in zip(
                self.hills, self.fills, self.means, self.names, (result.high, result.low), (split.high, split.low),
                ("high", "low"), strict=True):
            line.set_ydata(height)
            fill.set_xy(np.column_stack([[*Z, WIDE, -WIDE], [*height, 0, 0]]))
            mean.set_data([centre, centre], [0, np.interp(centre, Z, height)])
            name.set_text(f"{word} group\nmean {two(centre)} SD")
        zero = -1 / split.cv
        near = zero >= -WIDE
        self.zero.set_xdata([zero, zero])
        self.zero.set_visible(near)
        self.where.set_text(f"dotted: outcome 0, {two(-zero)} SD below the mean" if near else
                            f"outcome 0 lies {two(-zero)} SD below the mean, out of sight")
        for bar, cut, note, ratio in zip(self.bars, self.cuts, self.notes, self.ratios(split), strict=True):
            end = 1 if ratio != ratio else min(max(ratio, LOWEST), HIGHEST)
            bar.set_xdata([1, end])
            cut.set_data([end * 1.06 if end > 1 else end / 1.06], bar.get_ydata()[:1])
            cut.set_marker(">" if end > 1 else "<")
            cut.set_visible(not LOWEST <= ratio <= HIGHEST and ratio == ratio)
            note.set_text(times(ratio))

    def ratios(self, split):
        return split.ratio, split.share_ratio, split.odds_ratio

    def alt(self, result):
        split = result.split
        mean, share, odds = map(times, self.ratios(split))
        return (f"Two hills of outcomes, the high group around {two(split.high)} SD and the low group around "
                f"{two(split.low)} SD. Bars for the ratio of high to low: mean outcome {mean}, share above the median "
                f"{share}, odds ratio {odds}; strokes at {TEXT}, the text, and at {SOURCE}, told of its source.")

    def sentence(self, result):
        split = result.split
        what = NAMES[split.part]
        of, ends = ("both", f"bottom {what} of both") if len(split.correlations) == 3 else (
            "employees' engagement", f"bottom {what}")
        who = f"Units in the top {what} of {of} ({100 * split.size:.0f} % of all)"
        beat = (f"{percent(split.share_high)} of them are above the median of all, against "
                f"{percent(split.share_low)}.")
        return " ".join(filter(None, (f"{who} have {self._means(split)} those in the {ends}; {beat}", _needed(split),
                                      _negative(split))))

    def _means(self, split):
        if split.ratio != split.ratio:
            side, other = ("more", "low") if split.gap > 0 else ("less", "high")
            return f"{side} on average (no ratio: the mean of the {other} group is not above zero) than"
        if abs(split.ratio - 1) < SEEN:
            return "the same mean outcome as"
        return f"on average {times(split.ratio)} times the outcome of"


def _needed(split):
    """Which σ/μ would make the ratio of the text."""
    if split.gap < SEEN:
        return f"No spread makes that {TEXT} times."
    return f"The ratio of the means is {TEXT} where σ/μ is {two(split.spread_for(TEXT))}."


def _negative(split):
    share = 100 * split.below_zero
    return f"With the spread set here, {share:.0f} % of all units have an outcome below zero." if share >= 1 else ""


def compare_groups():
    """Move the correlations, the spread and the cut, and see which ratio comes out."""
    cuts = {"halves": 0.5, "quarters": 0.25, "tenths": 0.1}
    controls = {
        "groups": choice("who is compared", {"high on both with low on both": "both", "by employees alone": "staff"}),
        "r_staff": slider("employees' engagement with the outcome", "r", -0.2, 0.5, 0.3, 0.05),
        "r_customers": slider("customers' engagement with it", "r", -0.2, 0.5, 0.3, 0.05),
        "between": slider("the two engagements with each other", "r", 0.0, 0.6, 0.3, 0.05),
        "cv": slider("spread of the outcome", "SD for a mean of 1", 0.1, 2.0, 0.2, 0.05),
        "part": choice("where the cut is", cuts),
    }
    return Explorer(controls, contrast, Hills(), "High against low: which ratio comes out?")
