"""The decision as pictures: money with its ranges, the net value's draws, the inputs that move it."""

import numpy as np

from pebbletrail.figures import INK, MUTED, PALETTE, STYLE, described, new_figure
from pebbletrail.models.complaints.words import amount
from pebbletrail.words import said

BARS = (("retained value", PALETTE[2]), ("total cost", PALETTE[4]), ("net", PALETTE[0]))
MOST, BINS = 14, 50  # rows of a tornado; bins of a histogram


def scale(largest):
    """``(divisor, unit)`` for an axis of euros whose largest number is this."""
    for divisor, unit in ((1e6, "million euros"), (1e3, "thousand euros")):
        if largest >= 2 * divisor:
            return divisor, unit
    return 1.0, "euros"


def money(found, alt):
    """Bars of mean values with 80 % (thick) and 95 % (thin) ranges; value at risk on an axis of its own."""
    import matplotlib as mpl

    line = found.table.set_index("quantity")
    bars = [(name, colour) for name, colour in BARS]
    if line.loc["word of mouth", ["low_95", "high_95"]].any():
        bars.insert(1, ("word of mouth", PALETTE[5]))
    fig, spare = new_figure(8.4, 4.2)
    spare.remove()
    with mpl.rc_context(STYLE):
        left, right = fig.subplots(1, 2, width_ratios=(1, len(bars)))
    for ax, shown in ((left, [("value at risk", MUTED)]), (right, bars)):
        ends = line.loc[[name for name, _ in shown], ["low_95", "high_95", "mean"]].abs().to_numpy()
        divisor, unit = scale(ends.max())
        for place, (name, colour) in enumerate(shown):
            values = {end: line.loc[name, end] / divisor for end in ("mean", "low_95", "low_80", "high_80", "high_95")}
            ax.bar(place, values["mean"], color=colour, width=0.62)
            ax.vlines(place, values["low_95"], values["high_95"], color=INK, linewidth=1.2)
            ax.vlines(place, values["low_80"], values["high_80"], color=INK, linewidth=4)
        ax.axhline(0, color=INK, linewidth=1)
        ax.set_xticks(range(len(shown)), [name.replace("value at risk", "at risk, at most").replace(" of ", "\nof ")
                                          for name, _ in shown])
        ax.set_ylabel(unit)
        ax.set_xlim(-0.6, len(shown) - 0.4)
    needed = (line.loc["total cost", "mean"] - line.loc["word of mouth", "mean"]) / divisor
    (mark,) = right.plot([-0.42, 0.42], [needed, needed], color=PALETTE[1], linestyle="--", linewidth=2.2)
    thick, thin = (right.plot([], [], color=INK, linewidth=width)[0] for width in (4, 1.2))
    fig.legend([mark, thick, thin], ["what must be kept for it to pay", "80 of 100 draws", "95 of 100 draws"],
               loc="outside upper left", ncols=3, fontsize=10, frameon=False)
    names = ("value at risk", *(name for name, _ in bars))
    words = "; ".join(f"{name} {amount(row['mean'])} euros (95 % range {amount(row['low_95'])} to {amount(row['high_95'])})"
                      for name, row in line.loc[list(names)].iterrows())
    return described(fig, alt, f"Bars with ranges: {words}. A dashed line shows how much has to be kept for it to pay.")


def net(found, alt):
    """The draws of the net value, those that pay apart from those that do not."""
    draws = found.draws["net"].to_numpy()
    divisor, unit = scale(np.abs(np.percentile(draws, [1, 99])).max())
    fig, ax = new_figure(7.2, 3.8)
    width = (np.ptp(draws) or 1.0) / divisor / BINS  # bins begin at 0, so that none holds both kinds
    edges = width * np.arange(np.floor(draws.min() / divisor / width), np.ceil(draws.max() / divisor / width) + 2)
    for part, colour, hatch, name in ((draws <= 0, PALETTE[1], "//", "does not pay"), (draws > 0, PALETTE[2], None, "pays")):
        ax.hist(draws[part] / divisor, bins=edges, color=colour, edgecolor="white", linewidth=0.4, hatch=hatch,
                label=f"{name}: {100 * part.mean():.0f} of 100 draws")
    ax.axvline(0, color=INK, linewidth=1.2)
    mean = draws.mean()
    ax.axvline(mean / divisor, color=INK, linewidth=1.6, linestyle="--", label=f"mean: {amount(mean)} euros")
    ax.set(xlabel=f"net value ({unit})", ylabel="draws")
    fig.legend(*ax.get_legend_handles_labels(), loc="outside upper left", ncols=3, fontsize=10, frameon=False)
    row = found.table.set_index("quantity").loc["net"]
    return described(fig, alt, f"Histogram of the net value over {len(draws):,} draws: {said(100 * found.pays)} of 100 pay, "
                               f"mean {amount(mean)} euros, 95 % range {amount(row['low_95'])} to {amount(row['high_95'])}.")


def tornado(found, alt):
    """How far each input moves the net value over its range, all others at their likely value."""
    table = found.tornado.head(MOST)
    if table.empty:
        raise ValueError("figure: every input is taken as known, so nothing moves; give ranges.")
    likely = found.table.set_index("quantity").loc["net", "likely"]
    divisor, unit = scale(table[["net_at_low", "net_at_high"]].abs().to_numpy().max())
    fig, ax = new_figure(8.0, 1.3 + 0.36 * len(table))
    for place, (_, row) in zip(range(len(table), 0, -1), table.iterrows(), strict=True):
        for end, colour, hatch in (("low", PALETTE[4], "//"), ("high", PALETTE[0], None)):
            at = row[f"net_at_{end}"]
            ax.barh(place, (at - likely) / divisor, left=likely / divisor, height=0.62, color=colour, hatch=hatch,
                    edgecolor="white", linewidth=0.5, label=f"at the {end} end" if place == len(table) else None)
            right = at > likely if row["net_at_low"] != row["net_at_high"] else end == "high"
            ax.annotate(said(row[end]), (at / divisor, place), xytext=(4 if right else -4, 0), textcoords="offset points",
                        va="center", ha="left" if right else "right", fontsize=9, color=INK,
                        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6})
    ax.axvline(0, color=INK, linewidth=1.2)
    ax.axvline(likely / divisor, color=MUTED, linewidth=1)
    ax.set_yticks(range(len(table), 0, -1), table["input"])
    ax.tick_params(axis="y", length=0)
    ax.margins(x=0.12)
    ax.set_xlabel(f"net value ({unit}); black line: 0, grey line: all inputs at their likely value")
    fig.legend(*ax.get_legend_handles_labels(), loc="outside upper left", ncols=2, fontsize=10, frameon=False)
    told = "; ".join(f"{row['input']} from {amount(row['net_at_low'])} to {amount(row['net_at_high'])}"
                     for _, row in table.head(3).iterrows())
    return described(fig, alt, f"Bars, the widest first, of the net value in euros as each input moves over its range: "
                               f"{told}.")
