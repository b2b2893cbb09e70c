"""What the tabs of the hidden-costs game show: plain functions of the controls' values.

Each returns ``(figure, alt, sentence)``. The others' gifts are real ones, counted from rows that researchers published.
"""

from functools import cache

from pebbletrail.catalogue import load
from pebbletrail.figures import MUTED, PALETTE, new_figure

POINTS, MINIMUM, WORTH = 120, 10, 2  # what an agent has, what a boss can enforce, what a point is worth to the boss
PREDICTED = "Zurich"  # the first laboratory that played it: its agents are the ones to predict
UNDECIDED, TRUST, CONTROL = "not decided yet", "leave them free", f"enforce {MINIMUM} points"
FREE, CONTROLLED = "free", "controlled"
NAMED = {FREE: "left free", CONTROLLED: f"minimum of {MINIMUM} enforced"}
LOOK = {FREE: {"color": PALETTE[0]}, CONTROLLED: {"color": PALETTE[1], "hatch": "///", "edgecolor": "white"}}
PAIR = [{"color": "#bbbbbb"}, {"color": PALETTE[2]}]
STEP = {FREE: -0.2, CONTROLLED: 0.2}
BINS = [(0, 0), (1, 9), (10, 10), (11, 20), (21, 30), (31, 40), (41, 120)]  # nothing, the minimum, an equal split: 40


@cache
def _summary():
    return load("hidden-costs-summary").set_index("laboratory")


@cache
def _choices():
    return load("hidden-costs-choices").set_index(["laboratory", "condition", "points"])["agents"]


def laboratories():
    """Where the boss decides and points are paid out, in the order of the studies."""
    return _summary().query("treatment == 'C10' and incentives == 'real'").index.to_list()


def gifts(laboratory, condition):
    """How many agents of a laboratory gave how much: a Series of counts by points."""
    if laboratory not in laboratories():
        raise ValueError(f"laboratory: {laboratory!r} is not one of {', '.join(laboratories())}.")
    return _choices()[laboratory, condition]


def mean_gift(laboratory, condition):
    counts = gifts(laboratory, condition)
    return float((counts.index * counts).sum() / counts.sum())


def draw_agent(free, controlled):
    """What the reader's own two gifts leave to either side."""
    given = _own(free, controlled)
    ends = {NAMED[condition]: (POINTS - gift, WORTH * gift) for condition, gift in given.items()}
    fig, ax = _bar_pairs(ends, ("you keep ", "boss gets "), (7, 2.6), 300)
    ax.set(xlabel="points")
    words = " ".join(f"{NAMED[one].capitalize()}, you give {gift}: you keep {POINTS - gift}, the boss gets {WORTH * gift}."
                     for one, gift in given.items())
    return fig, f"Bars of what you and the boss end with. {words}", f"{words} {_reaction(free, controlled)}"


def _reaction(free, controlled):
    if controlled <= free:
        return f"Being controlled makes you give {free - controlled} less." if controlled < free else "Nothing changes."
    return (f"Under control you give {controlled - free} more" +
            (f"; the minimum alone forces {MINIMUM - free} of them." if free < MINIMUM else "."))


def draw_prediction(less, mean_free, mean_controlled, shown):
    """The reader's prediction for the first laboratory and, once ``shown``, what its agents did."""
    free, controlled = mean_gift(PREDICTED, FREE), mean_gift(PREDICTED, CONTROLLED)
    gave_less, agents = _summary().loc[PREDICTED, ["gave_less", "agents"]]
    share = 100 * gave_less / agents
    rows = {"of 100 agents, how many\ngive less when controlled": (less, share),
            "mean gift when free\n(points)": (mean_free, free),
            "mean gift when controlled\n(points)": (mean_controlled, controlled)}
    fig, ax = _bar_pairs(rows, ("you: ", f"{PREDICTED}: ") if shown else ("you: ",), (7, 3.4), 145)
    ax.set(xlabel="points, or agents of 100")
    said = (f"You say: {less:g} of 100 give less when controlled; the mean gift is {mean_free:g} points when free and "
            f"{mean_controlled:g} when controlled.")
    if not shown:
        todo = "Move the sliders, and press the button when you stand by it."
        return fig, f"Bars of your own prediction. {said}", f"{said} {todo}"
    found = (f"{PREDICTED}: {share:.1f} of 100 give less ({gave_less} of {agents}); the mean gift is {free:.1f} when free "
             f"and {controlled:.1f} when controlled. You expected that control {_change(mean_free - mean_controlled)}; "
             f"there it {_change(free - controlled)}.")
    return fig, f"Bars of your prediction beside what was measured. {said} {found}", f"{said} {found}"


def _change(difference):
    way = "lowers" if difference > 0 else "raises"
    return f"{way} the gift by {abs(difference):.1f} points" if difference else "leaves the gift where it is"


def draw_among(free, controlled, laboratory, shown):
    """The reader's two gifts among those of one laboratory; the others appear once ``shown``."""
    given = _own(free, controlled)
    fig, ax = _counts_by_bin(laboratory, NAMED if shown else (), 1)
    for condition, gift in given.items():
        at = next(number for number, (_, high) in enumerate(BINS) if gift <= high)
        top = _in_bins(gifts(laboratory, condition))[at] if shown else 0
        label, lift = ("you\n▼", 15) if shown else ({FREE: "you, free\n▼", CONTROLLED: "you, controlled\n\n▼"}[condition], 2)
        ax.annotate(label, (at + STEP[condition], top), (0, lift), textcoords="offset points", ha="center", fontsize=9)
    if not shown:
        ax.set(ylim=(0, 10), yticks=[])
        ax.text(3, 7, "The others stay hidden until you\nstand by a prediction (second tab).", ha="center", color=MUTED)
        return (fig, "An axis of gifts with your own two gifts marked; the others are still hidden.",
                "Predict first: the others appear once you stand by your prediction in the second tab.")
    said = " ".join(_place(condition, gift, gifts(laboratory, condition)) for condition, gift in given.items())
    told = f"{laboratory}, {gifts(laboratory, FREE).sum()} agents. {said}"
    return fig, f"Bars of how many agents gave how much, free and controlled; your gifts are marked. {told}", told


def _place(condition, gift, counts):
    less, same = (int(counts[picked].sum()) for picked in (counts.index < gift, counts.index == gift))
    return (f"{NAMED[condition].capitalize()}, you give {gift}: {less} gave less than you, {same} as much, "
            f"{int(counts.sum()) - less - same} more.")


def draw_boss(decision, laboratory):
    """What the boss earns from the agents of a laboratory; nothing of it is shown before a decision."""
    if decision not in (UNDECIDED, TRUST, CONTROL):
        raise ValueError(f"decision: {decision!r} is not one of {UNDECIDED}, {TRUST}, {CONTROL}.")
    if decision == UNDECIDED:
        return _boss_rules()
    fig, _ = _counts_by_bin(laboratory, NAMED, WORTH)
    trust, control = (WORTH * mean_gift(laboratory, condition) for condition in NAMED)
    earned, instead, other = (trust, control, CONTROL) if decision == TRUST else (control, trust, TRUST)
    told = (f"You {decision}. The {gifts(laboratory, FREE).sum()} agents of {laboratory} earn you {earned:.1f} points each, "
            f"on average. To {other} would have earned you {instead:.1f}: your decision "
            f"{'brought' if earned >= instead else 'cost'} you {abs(earned - instead):.1f} points an agent.")
    return fig, f"Bars of what the boss earns from the agents in {laboratory}, free and controlled. {told}", told


def _boss_rules():
    fig, ax = new_figure(7, 1.9)
    for row, (condition, least) in enumerate({FREE: 0, CONTROLLED: WORTH * MINIMUM}.items()):
        ax.barh(row, WORTH * POINTS - least, left=least, height=0.5, **LOOK[condition])
    ax.set(yticks=[0, 1], yticklabels=NAMED.values(), xlabel="points that one agent may earn you", ylim=(1.6, -0.6))
    told = (f"Left free, an agent may earn you anything from 0 to {WORTH * POINTS} points; with the minimum, from "
            f"{WORTH * MINIMUM} to {WORTH * POINTS}. Decide, and the agents answer.")
    return fig, f"Two bars of what a boss may earn from one agent. {told}", told


def _bar_pairs(rows, words, size, reach):
    """As many horizontal bars a row as there are ``words``, each with its word and value at its end."""
    fig, ax = new_figure(*size)
    for row, values in enumerate(rows.values()):
        for value, word, look, step in zip(values, words, PAIR, STEP.values(), strict=False):
            ax.barh(row + step, value, height=0.36, **look)
            ax.text(value + reach / 100, row + step, f"{word}{value:.3g}", va="center")
    ax.set(yticks=range(len(rows)), yticklabels=rows, xlim=(0, reach), ylim=(len(rows) - 0.4, -0.6))
    return fig, ax


def _counts_by_bin(laboratory, conditions, worth):
    """Agents by gift (``worth`` 1) or by what the boss earns (``worth`` 2), free and controlled side by side."""
    fig, ax = new_figure(7.5, 3.6)
    for condition in conditions:
        counts = _in_bins(gifts(laboratory, condition))
        at = [place + STEP[condition] for place in range(len(BINS))]
        bars = ax.bar(at, counts, 0.38, label=NAMED[condition], **LOOK[condition])
        ax.bar_label(bars, [count or "" for count in counts], fontsize=9, padding=2)
    ax.set(xlabel="points given" if worth == 1 else "points the boss earns", ylabel="agents", xlim=(-0.6, len(BINS) - 0.4),
           xticks=range(len(BINS)), xticklabels=[f"{worth * low} to {worth * high}" if low < high else f"{worth * low}"
                                                 for low, high in BINS])
    if conditions:
        ax.set_ylim(0, 1.35 * max(bars.datavalues.max() for bars in ax.containers))
        ax.legend(title=laboratory, loc="upper right")
    return fig, ax


def _in_bins(counts):
    return [int(counts[(counts.index >= low) & (counts.index <= high)].sum()) for low, high in BINS]


def _own(free, controlled):
    for name, gift, least in (("free", free, 0), ("controlled", controlled, MINIMUM)):
        if not least <= gift <= POINTS:
            raise ValueError(f"{name}: {gift!r} is not possible; allowed: {least} to {POINTS} points.")
    return {FREE: free, CONTROLLED: controlled}
