"""The event study as a picture."""

from pebbletrail.figures import INK, MUTED, PALETTE, described, new_figure
from pebbletrail.words import said

MANY = 30  # points above which intervals become a band
NAMES = ("before the start", "effect, by imputation", "its average", "two-way regression")


def event_study(fit, alt=None):
    """Effects by time since the start with 95 % intervals, leads before it, and the two-way coefficient as a dashed line."""
    fig, ax = new_figure(7.4, 4.2)
    ax.axhline(0, color=INK, linewidth=1, zorder=1)
    begun = -0.5 if fit.leads is None else fit.leads.table["since"].max() / 2
    ax.axvline(begun, color=MUTED, linewidth=1, linestyle=":", zorder=1)
    if fit.leads is not None:
        _points(ax, fit.leads.table, MUTED, NAMES[0], "s")
    _points(ax, fit.table, PALETTE[0], NAMES[1], "o")
    coefficient = fit.two_way.table["estimate"].iloc[0]
    ends = fit.table["since"].iloc[0] - 0.5, fit.table["since"].iloc[-1] + 0.5
    ax.hlines(fit.estimate, *ends, color=PALETTE[0], linewidth=1.2, zorder=2, label=NAMES[2])
    ax.hlines(coefficient, *ends, color=PALETTE[1], linestyle="--", linewidth=1.8, zorder=2, label=NAMES[3])
    ax.set(xlabel=f"{fit.time} since the start ({fit.start})", ylabel=f"difference in {fit.outcome}")
    ax.xaxis.get_major_locator().set_params(integer=True, min_n_ticks=1)
    ax.margins(y=0.12)
    ax.annotate("start", (begun, 1), xycoords=("data", "axes fraction"), xytext=(4, -2), textcoords="offset points",
                va="top", color=MUTED, fontsize=10)
    keys = dict(zip(*reversed(ax.get_legend_handles_labels()), strict=True))
    named = [name for name in NAMES if name in keys]
    fig.legend([keys[name] for name in named], named, loc="outside upper left", ncols=4, fontsize=10, frameon=False)
    return described(fig, alt, _words(fit, coefficient))


def _points(ax, table, color, label, marker):
    x, y, half = table["since"], table["estimate"], table["ci_high"] - table["estimate"]
    if len(table) > MANY:
        ax.fill_between(x, y - half, y + half, color=color, alpha=0.2, linewidth=0)
        ax.plot(x, y, color=color, marker=marker, markersize=3, linewidth=1.2, label=label, zorder=3)
    else:
        # points without an interval stay points
        ax.errorbar(x, y, half.fillna(0), color=color, marker=marker, markersize=5, linestyle="none", elinewidth=1.4,
                    label=label, zorder=3)


def _words(fit, coefficient):
    first, last = fit.table.iloc[0], fit.table.iloc[-1]
    low, high = fit.ci
    span = f", 95 % interval {said(low)} to {said(high)}" if fit.se > 0 else ""
    path = (f"{said(first['estimate'])} at the start, {said(last['estimate'])} at {fit.time} +{last['since']}"
            if len(fit.table) > 1 else f"{said(first['estimate'])}")
    before = "" if fit.leads is None else (
        f" {len(fit.leads.table)} points before the start lie between {said(fit.leads.table['estimate'].min())} and "
        f"{said(fit.leads.table['estimate'].max())}.")
    return (f"Difference in {fit.outcome} by {fit.time} since the start: {path}; on average {said(fit.estimate)}{span}. A "
            f"dashed line marks what the two-way regression says, {said(coefficient)}.{before}")
