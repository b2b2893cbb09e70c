"""The computed tables of page 2: what the home-working experiment needs where its rows are not at hand.

Two sums a person carry the estimate and its clustered error. No weekly score of a person is kept, and people get numbers in
a shuffled order, so that nobody is matched by eye. That hides nobody from somebody who has the public rows: the sums can be
made again from them, and then tell which line is whose.
"""

import numpy as np
import pandas as pd

import pebbletrail as pt

SHUFFLE = 2015  # the seed of the order in which people are numbered
BLOCK = 4  # weeks
DIGITS = 4  # of a person's sums: enough for the printed digits of all that is made from them
TRANSITION, LAST = -1, 36  # the week before the start, left out as the authors do; the last week of the experiment


def scored(rows, volunteers=True):
    """The person-weeks with a score, without the week of transition."""
    kept = rows[rows["performance"].notna() & (rows["week"] != TRANSITION)]
    return kept[kept["group"] != "did not volunteer"] if volunteers else kept


def weekly_means(rows):
    """People, mean and spread of the score by week and group, and who still has a score then or later."""
    kept = rows[rows["performance"].notna()]
    made = kept.groupby(["week", "label", "group"], as_index=False)["performance"].agg(
        people="size", mean_score="mean", sd_score="std")
    last = kept.groupby(["person", "group"], as_index=False)["week"].max()
    still = [int(((last["group"] == group) & (last["week"] >= week)).sum())
             for week, group in zip(made["week"], made["group"], strict=True)]
    return made.assign(still_there=still).sort_values(["group", "week"]).round(6)


def left_over(kept, columns):
    """What neither people nor weeks explain of some columns: exact, by least squares, as the rows are not balanced."""
    weeks = pd.get_dummies(kept["week"], drop_first=True, dtype=float)
    both = pd.concat([kept[columns].astype(float), weeks], axis="columns")
    within = (both - both.groupby(kept["person"]).transform("mean")).to_numpy()
    wanted, dummies = within[:, : len(columns)], within[:, len(columns):]
    return wanted - dummies @ np.linalg.lstsq(dummies, wanted, rcond=None)[0]


def two_sums(kept, switch):
    """For each person the sums of switch × score and of switch², both freed of person and week effects."""
    freed = kept.assign(switch=switch.astype(float))
    d, y = left_over(freed, ["switch", "performance"]).T
    sums = pd.DataFrame({"person": kept["person"], "xy": d * y, "xx": d**2})
    return sums.groupby("person").sum()


def person_sums(rows):
    """One row a person: group, weeks with a score, the sums of the effect, and those of a drift before the start."""
    kept = scored(rows)
    home = kept["group"] == "home"
    effect = two_sums(kept, home & (kept["week"] >= 0))
    before = kept[kept["week"] < 0]
    drift = two_sums(before, (before["group"] == "home") * before["week"] / BLOCK)
    about = kept.groupby("person").agg(group=("group", "first"), weeks=("week", "size"))
    early = before.groupby("person").size().rename("weeks_before")
    made = about.join(effect).join(early).join(drift.rename(columns={"xy": "drift_xy", "xx": "drift_xx"}))
    made = made.sample(frac=1, random_state=SHUFFLE).reset_index(drop=True)
    made.insert(0, "person", np.arange(1, len(made) + 1))
    return made.round(DIGITS)


def blocks(weeks):
    """Four weeks each, counted from the start: −12 to −1 before, 0 to 8 in the experiment.

    The first and the last have five; block −1 has three, as the week of transition is left out.
    """
    return np.clip(weeks // BLOCK, -12, LAST // BLOCK - 1)


def event_study(rows):
    """Home minus office in blocks of four weeks, each against the mean of the blocks before the start, clustered by person.

    One regression gives the differences to block −1 with their full covariance; held against the mean of the twelve blocks
    before, no single low or high block decides. ``chi2_before`` asks whether the differences before the start are all one.
    """
    kept = scored(rows)
    block = blocks(kept["week"])
    order = sorted(block.unique())
    others = [one for one in order if one != -1]
    at_home = kept["group"] == "home"
    switches = pd.DataFrame({f"home_{number}": ((block == one) & at_home).astype(int) for number, one in enumerate(others)})
    fit = pt.regress(pd.concat([kept, switches], axis="columns"), f"performance ~ C(week) + {' + '.join(switches)}",
                     errors="cluster", by="person", within=True, count_absorbed=True)
    b = fit.table.set_index("term")["estimate"][switches.columns].to_numpy()
    V = fit.covariance.loc[switches.columns, switches.columns].to_numpy()
    found = np.insert(np.eye(len(others)), others.index(0), 0, axis=0)  # block −1 is nil, all others are themselves
    early = np.array(order) < 0
    against = found - found[early].mean(axis=0)
    before = [others.index(one) for one in others if one < 0]
    chi2 = b[before] @ np.linalg.solve(V[np.ix_(before, before)], b[before])
    weeks = kept.groupby(block)["week"]
    return pd.DataFrame({
        "block": order, "first_week": weeks.min().to_numpy(), "last_week": weeks.max().to_numpy(), "difference": against @ b,
        "se": np.sqrt(np.einsum("ij,jk,ik->i", against, V, against)), "chi2_before": chi2, "df_before": len(before),
    }).round(6)


def leavers(rows):
    """By group and by who stayed to the end: people, their own mean scores, and how much they hold of the estimate.

    The mean scores are over people, of each one's own mean before the start and since; every score less the mean of its
    week, as those who leave have scores in the early weeks only, and early and late weeks differ for everybody.
    """
    kept = scored(rows)
    kept = kept.assign(
        own=kept["performance"] - kept.groupby("week")["performance"].transform("mean"),
        span=np.where(kept["week"] < 0, "before", "during"),
        working_home=((kept["group"] == "home") & (kept["week"] >= 0)).astype(int),
        stayed=np.where(kept.groupby("person")["week"].transform("max") >= LAST, "to the last week", "left earlier"))
    own = kept.pivot_table(index=["person", "group", "stayed"], columns="span", values="own", aggfunc="mean").reset_index()
    own = own.merge(two_sums(kept, kept["working_home"]), on="person")
    made = own.groupby(["group", "stayed"], as_index=False).agg(
        people=("person", "size"), before=("before", "mean"), sd_before=("before", "std"), during=("during", "mean"),
        xy=("xy", "sum"), xx=("xx", "sum"))
    fits = {stayed: pt.regress(some, "performance ~ C(week) + working_home", errors="cluster", by="person", within=True,
                               count_absorbed=True).table.iloc[-1] for stayed, some in kept.groupby("stayed")}
    for column, name in {"alone": "estimate", "alone_se": "se"}.items():
        made[column] = [fits[stayed][name] for stayed in made["stayed"]]
    return made.round(6)


def make(rows):
    """Every table of page 2 by file name."""
    return {
        "ctrip-weekly-means.csv": weekly_means(rows),
        "ctrip-person-sums.csv": person_sums(rows),
        "ctrip-event-study.csv": event_study(rows),
        "ctrip-leavers.csv": leavers(rows),
    }
