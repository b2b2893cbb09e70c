"""The figures of the firestorm world."""

import numpy as np

from pebbletrail.figures import INK, MUTED, PALETTE, STYLE, described, new_figure
from pebbletrail.words import said
from pebbletrail.worlds.firestorm import network_picture as net

KNOW, TELL = PALETTE[0], PALETTE[1]  # wherever who knows and who tells are drawn
ANSWER = PALETTE[2]


def _panels(width, height, number, **layout):
    import matplotlib as mpl

    fig, first = new_figure(width, height)
    first.remove()
    with mpl.rc_context(STYLE):
        return fig, fig.subplots(1, number, **layout)


def of_people(found, alt):
    """See ``People.figure``."""
    degree = found.customers["degree"].to_numpy()
    usual = int(np.bincount(degree).argmax())
    nodes, places, ties = net.neighbourhood(found.network, (int((degree == usual).argmax()),))
    fig, (left, right) = _panels(9.5, 4.4, 2, width_ratios=[1.25, 1])
    net.draw_ties(left, places, ties)
    net.draw_customers(left, places, net.sizes(degree[nodes]), PALETTE[5])
    net.bare(left)
    left.set_title(f"{found.world.network}: {_some(nodes, degree, 'one customer')}", fontsize=11)
    table = found.table
    right.vlines(table["degree"], 0.7, table["customers"], color=PALETTE[0], linewidth=1)
    right.plot(table["degree"], table["customers"], "o", color=PALETTE[0], markersize=4)
    right.set(xlabel="others known", ylabel="customers (each step: ten times as many)", yscale="log",
              ylim=(0.7, 1.4 * table["customers"].max()), xlim=(-1, max(20, degree.max() * 1.05)))
    right.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    right.xaxis.get_major_locator().set_params(integer=True)
    right.set_title("how many others customers know", fontsize=11)
    return described(fig, alt, f"Left, {_some(nodes, degree, 'one customer')} as marks, joined where they know each other; "
                     f"larger marks know more. Right, how many customers know how many others. {found.text}")


def _some(nodes, degree, centre):
    return f"all {len(nodes)} customers" if len(nodes) == len(degree) else f"the {len(nodes)} nearest to {centre}"


def of_storm(found, alt):
    """See ``Storm.figure``."""
    people = found.people
    hit = np.flatnonzero(people["heard_at"] == 0)
    degree = people["degree"].to_numpy()
    nodes, places, ties = net.neighbourhood(found.network, tuple(hit.tolist()))
    heard = people["heard_at"].to_numpy()[nodes]
    fig, (left, right) = _panels(10.5, 4.8, 2, width_ratios=[1.2, 1])
    net.draw_ties(left, places, ties)
    _told(left, people, nodes, places)
    length = max(int(found.table["length"].iloc[0]), 1)
    size = net.sizes(degree[nodes])
    never, first, later = np.isnan(heard), heard == 0, heard > 0
    if never.any():
        net.draw_customers(left, places[never], size[never], "white", edgecolors=MUTED, label="never heard")
    if later.any():
        marks = left.scatter(*places[later].T, s=size[later], c=heard[later], cmap="viridis", vmin=0, vmax=length,
                             edgecolors=INK, linewidths=0.4, zorder=3)
        bar = fig.colorbar(marks, ax=left, location="bottom", shrink=0.6, pad=0.02, aspect=30)
        bar.set_label("hour in which it was heard", fontsize=10)
    net.draw_customers(left, places[first], 70, net.HIT, mark="s", zorder=4, label="hit by the incident")
    net.bare(left)
    left.legend(title=f"{found.world.network}: {_some(nodes, degree, 'those hit')}", loc="lower left", fontsize=9, ncols=2,
                bbox_to_anchor=(-0.02, 1.0), frameon=False, alignment="left")
    hours, size = found.hours, found.world.customers
    _curves(right, hours["hour"], 100 * hours["heard"] / size, 100 * hours["telling"] / size, found.world)
    return described(fig, alt, f"Left, {_some(nodes, degree, 'those hit')} as marks by the hour in which they heard; "
                     f"{int(never.sum())} of these never did. Right, the share of customers who know and who tell, over "
                     f"{len(hours) - 1} hours. {found.text}")


def _told(ax, people, nodes, places):
    """The ties along which the story went, among the customers drawn."""
    place = {int(node): at for at, node in enumerate(nodes)}
    by = people["told_by"].to_numpy()[nodes] - 1
    ways = [(place[int(one)], at) for at, one in enumerate(by) if one == one and int(one) in place]
    if ways:
        net.draw_ties(ax, places, np.array(ways), INK, 0.9, 0.8)


def _curves(ax, hours, know, tell, world):
    """Who knows and who tells, hour by hour, in percent; with the hour of the answer."""
    ax.plot(hours, know, color=KNOW, label="know of it")
    ax.plot(hours, tell, color=TELL, linestyle="--", label="are angry enough to tell")
    top = max(1.0, 1.15 * float(know.max()))
    if world.answer_after <= hours.max():
        where = "public" if world.public else "private"
        ax.axvline(world.answer_after, color=ANSWER, linewidth=1.5, linestyle=":", label=f"the answer, in {where}")
    ax.set(xlabel="hours since the incident", ylabel="customers (%)", ylim=(0, top), xlim=(0, max(1, hours.max())))
    ax.legend(loc="lower left", bbox_to_anchor=(-0.02, 1.0), fontsize=9, frameon=False)


def of_expected(found, alt):
    """See ``Expected.figure``."""
    fig, ax = new_figure(7.0, 4.2)
    table, size = found.table, found.world.customers
    _curves(ax, table["hour"], 100 * table["heard"] / size, 100 * table["telling"] / size, found.world)
    return described(fig, alt, f"The share of customers who know and who tell, over {len(table) - 1} hours. {found.text}")


def of_storms(found, alt):
    """See ``Storms.figure``."""
    drivers = found.drivers.head(8)[::-1]
    fig, panels = _panels(10 if len(drivers) else 6.5, 4.2, 2 if len(drivers) else 1, squeeze=True)
    left = panels[0] if len(drivers) else panels
    cost, row = found.table["cost"], found.summary.set_index("quantity").loc["cost"]
    left.hist(cost, bins=min(40, max(8, int(len(cost) ** 0.5) * 2)), color=PALETTE[5], edgecolor="white", linewidth=0.4)
    left.axvspan(row["low80"], row["high80"], color=PALETTE[0], alpha=0.12, zorder=0, label="80 % of storms")
    left.axvline(row["median"], color=INK, linewidth=1.6, label=f"median {said(row['median'])}")
    left.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    left.locator_params(axis="x", nbins=5)
    left.set(xlabel="cost of a storm (euros)", ylabel="storms")
    left.legend(fontsize=9, frameon=False)
    told = "All sizes are as set."
    if len(drivers):
        right = panels[1]
        right.barh(drivers["input"], drivers["correlation"], color=[PALETTE[1] if one > 0 else PALETTE[0]
                                                                    for one in drivers["correlation"]])
        right.axvline(0, color=INK, linewidth=1)
        right.set(xlabel="rank correlation with the cost", xlim=(-1, 1), xticks=[-1, -0.5, 0, 0.5, 1])
        right.set_title("unknown sizes that go with the cost", fontsize=11)
        first = drivers.iloc[-1]
        told = (f"Right, the unknown sizes that go with the cost most: {first['input']} leads, with a rank correlation of "
                f"{said(first['correlation'])}.")
    return described(fig, alt, f"Left, how many storms cost how much. {told} {found.text}")


def of_answers(found, alt):
    """See ``Answers.figure``."""
    from pebbletrail.worlds.firestorm.answers import named

    table = found.table.iloc[1:][::-1].reset_index(drop=True)
    fig, ax = new_figure(8.5, 1.6 + 0.42 * len(table))
    at = np.arange(len(table))
    ax.hlines(at, table["low80"], table["high80"], color=PALETTE[5], linewidth=6, label="80 % of storms", zorder=1)
    ax.hlines(at, table["ci_low"], table["ci_high"], color=INK, linewidth=2, label="95 % interval of the mean", zorder=2)
    ax.plot(table["saved"], at, "o", color=INK, markersize=7, label="mean", zorder=3)
    ax.axvline(0, color=MUTED, linewidth=1, zorder=0)
    ax.set_yticks(at, [named(row).removeprefix("answering ") for _, row in table.iterrows()])
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    ax.locator_params(axis="x", nbins=6)
    ax.set(xlabel="euros saved against no answer (the cost of answering is taken off)", ylim=(-0.6, len(table) - 0.4))
    ax.legend(loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=3, fontsize=9, frameon=False)
    return described(fig, alt, f"What each of {len(table)} answers saves in euros against none, with the interval of the "
                     f"mean and the range of storms. {found.text}")
