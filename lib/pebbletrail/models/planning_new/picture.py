"""The curves of a plan: what grows with the size of a study."""

from pebbletrail.figures import MUTED, PALETTE, STYLE, new_figure
from pebbletrail.words import said

FAR = 25  # times as large: sizes that a plain axis would crowd


def curves(plan):
    """Two panels over one axis of sizes: power (or what can be detected), and the half-width of the interval."""
    import matplotlib as mpl

    fig, _ = new_figure(7.0, 5.6)
    fig.clear()
    with mpl.rc_context(STYLE):
        upper, lower = fig.subplots(2, 1, sharex=True, height_ratios=(3, 2))
    curve, asked, target = plan.curve, plan.table if plan.asked_sizes else None, f"{100 * plan.target:g} of 100"
    if plan.effect is None:
        _line(upper, curve, "detectable", asked)
        upper.set(ylabel="effect", ylim=(0, None))
        title = f"smallest effect that is found in {target} studies"
    else:
        _line(upper, curve, "power", asked)
        upper.set(ylabel="studies of 100 that find it", ylim=(0, 1.04), yticks=[0, 0.2, 0.4, 0.6, 0.8, 1])
        upper.yaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f}")
        title = f"effect {said(plan.effect)}"
        if plan.smallest is not None:
            title += f": found in {target} studies from {plan.smallest.size:,} {plan.made.counted} on"
            _mark(upper, lower, plan)
    upper.set_title(title, fontsize=11, loc="left")
    lower.plot(curve["size"], curve["half_width"], color=PALETTE[1], marker="o", markersize=4)
    lower.set(xlabel=plan.made.counted, ylabel="half-width", ylim=(0, 1.1 * curve["half_width"].max()))
    lower.set_title("how far the 95 % interval reaches to either side, on average", fontsize=11, loc="left")
    _axis_of_sizes(lower, curve["size"])
    return fig


def _line(ax, table, name, asked):
    """The curve with its Monte Carlo interval; sizes that were asked for are larger points."""
    low, high = table[f"{name}_low"], table[f"{name}_high"]
    ax.fill_between(table["size"], low, high, color=PALETTE[0], alpha=0.2, linewidth=0)
    ax.errorbar(table["size"], table[name], [table[name] - low, high - table[name]], color=PALETTE[0], marker="o",
                markersize=4, elinewidth=1.2)
    if asked is not None:
        ax.scatter(asked["size"], asked[name], s=60, color=PALETTE[0], zorder=4)


def _mark(upper, lower, plan):
    """The smallest design as a line through both panels, with a band of the sizes that are left open."""
    least = plan.smallest
    for ax in (upper, lower):
        ax.axvspan(least.low, least.high, color=PALETTE[2], alpha=0.15, linewidth=0, zorder=0)
        ax.axvline(least.size, color=PALETTE[2], linewidth=1.2, zorder=0)
    upper.axhline(plan.target, color=MUTED, linewidth=1, linestyle="--", zorder=0)
    upper.scatter([least.size], [least.power], s=70, facecolor="white", edgecolor=PALETTE[2], linewidth=2, zorder=5)


def _axis_of_sizes(ax, sizes):
    """Sizes as plain numbers; on a logarithmic axis where they lie far apart."""
    from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter

    if sizes.max() > FAR * sizes.min():
        ax.set_xscale("log")
        ax.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        ax.xaxis.set_minor_formatter(NullFormatter())
    elif len(sizes) > 1:
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    else:
        ax.set_xticks(sizes)
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
