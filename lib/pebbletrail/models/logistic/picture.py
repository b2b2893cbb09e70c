"""The coefficients of a logistic model as a picture: odds ratios on a log axis, or changes in probability."""

from textwrap import fill, shorten

import numpy as np

from pebbletrail.figures import INK, MUTED, PALETTE, described, new_figure
from pebbletrail.models.logistic.rows import level_of
from pebbletrail.moments.terms import factors_of
from pebbletrail.words import said

MOST, LONG, UNIT = 30, 46, 50  # rows of a readable picture; letters of a name, and of a line below the axis
WIDEST = 1000  # odds ratios beyond 1/1000 and 1000 are cut, with an arrow
TICKS = (1, 2, 5)


def of_odds(fit, alt):
    """See ``Logistic.figure``."""
    table = fit.table.query("term != 'Intercept'").rename(columns={
        "odds_ratio": "value", "odds_low": "low", "odds_high": "high"})
    fig, ax = _rows(fit, table, 1.0, 1 / WIDEST, WIDEST, lambda one: _numbers(one, False))
    ax.set_xscale("log")
    low, high = ax.get_xlim()
    ticks = [tick * 10.0**power for power in range(-4, 5) for tick in TICKS if low <= tick * 10.0**power <= high]
    ticks = ticks if len(ticks) <= 9 else [tick for tick in ticks if np.isclose(np.log10(tick) % 1, 0)]
    ax.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    ax.minorticks_off()
    ax.set_xlabel(fill(f"odds ratio of {fit.event}, log axis (dashed: 1, no difference)", UNIT))
    return described(fig, alt, f"Odds ratios of {fit.event} with 95 % intervals: {_told(table, False)}.")


def of_margins(fit, alt):
    """See ``Logistic.figure``."""
    table = fit.margins().rename(columns={"estimate": "value", "ci_low": "low", "ci_high": "high"})
    table[["value", "low", "high"]] *= 100
    fig, ax = _rows(fit, table, 0.0, -100.0, 100.0, lambda one: _numbers(one, True))
    ax.set_xlabel(fill(f"change in the probability of {fit.event}, percentage points (dashed: none)", UNIT))
    return described(fig, alt, f"Average changes in the probability of {fit.event} in percentage points, with 95 % "
                               f"intervals: {_told(table, True)}.")


def _rows(fit, table, nothing, lowest, highest, numbers):
    """One row a coefficient: its name, a dot with its interval, the numbers at the right; a heading above each category."""
    if table.empty:
        raise ValueError("figure: the formula has no predictor to show.")
    if len(table) > MOST:
        raise ValueError(f"figure: {len(table)} rows are too many to read (at most {MOST}); show .table instead.")
    names, places = _labels(fit, list(table["term"]))
    fig, ax = new_figure(8.4, 1.2 + 0.34 * len(names))
    places = len(names) - np.array(places)
    ax.axvline(nothing, color=MUTED, linestyle="--", linewidth=1, zorder=0)
    low, high = (table[name].fillna(table["value"]).clip(lowest, highest) for name in ("low", "high"))
    ax.hlines(places, low, high, color=PALETTE[0], linewidth=2)
    ax.plot(table["value"].clip(lowest, highest), places, "o", color=PALETTE[0], markersize=7)
    for beyond, mark, cut in ((lowest, "<", table["low"] < lowest), (highest, ">", table["high"] > highest)):
        ax.plot(np.full(cut.sum(), beyond), places[cut], mark, color=PALETTE[0], markersize=8)
    ax.set_yticks(len(names) - np.arange(len(names)), names)
    ax.set_ylim(0.4, len(names) + 0.6)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    for place, (_, one) in zip(places, table.iterrows(), strict=True):
        ax.annotate(numbers(one), (1, place), xycoords=("axes fraction", "data"), xytext=(8, 0), textcoords="offset points",
                    va="center", fontsize=10, color=INK)
    return fig, ax


def _labels(fit, terms):
    """``(labels of all rows, place of each term among them)``: levels stand under their category and its reference."""
    labels, places, heading = [], [], None
    for term in terms:
        level = level_of(term) if len(factors_of(term)) == 1 else None
        column = level[0] if level else None
        if column is not None and column != heading:
            labels.append(_short(f"{column}, against {fit._rows.columns.texts[column][0]}:"))
        heading = column
        places.append(len(labels))
        labels.append(_short(level[1] if level else " × ".join(
            f"{one[0]} {one[1]}" if (one := level_of(factor)) else factor for factor in factors_of(term))))
    return labels, places


def _short(words):
    return shorten(words, LONG, placeholder=" …").replace("$", r"\$")


def _numbers(one, plus):
    value, low, high = (said(one[name], plus) for name in ("value", "low", "high"))
    return f"{value} [{low}, {high}]" if one["low"] == one["low"] else f"{value} (no interval)"


def _told(table, plus):
    shown = [f"{one['term']} {_numbers(one, plus)}" for _, one in table.head(6).iterrows()]
    return "; ".join(shown) + ("; …" if len(table) > 6 else "")
