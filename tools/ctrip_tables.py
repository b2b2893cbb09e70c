"""The computed tables of page 2: what the home-working experiment needs where its rows are not at hand.

Two sums a person carry the estimate and its clustered error; no score of a person is kept, and people get numbers in a
shuffled order, so that nobody can be found again in the rows by place.
"""

import numpy as np
import pandas as pd

SHUFFLE = 2015  # the seed of the order in which people are numbered
BLOCK = 4  # weeks
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


def left_over(kept, column):
    """What neither people nor weeks explain of a column: exact, by least squares, as the rows are not balanced."""
    weeks = pd.get_dummies(kept["week"], drop_first=True, dtype=float)
    both = pd.concat([kept[[column]].astype(float), weeks], axis="columns")
    within = (both - both.groupby(kept["person"]).transform("mean")).to_numpy()
    outcome, dummies = within[:, 0], within[:, 1:]
    return outcome - dummies @ np.linalg.lstsq(dummies, outcome, rcond=None)[0]


def two_sums(kept, switch):
    """For each person the sums of switch × score and of switch², both freed of person and week effects."""
    freed = kept.assign(switch=switch.astype(float))
    d, y = left_over(freed, "switch"), left_over(freed, "performance")
    sums = pd.DataFrame({"person": kept["person"], "xy": d * y, "xx": d**2})
    return sums.groupby("person").sum()


def person_sums(rows):
    """One row a person: group, weeks with a score, the sums of the effect, and those of a drift before the start."""
    kept = scored(rows)
    home = kept["group"] == "home"
    effect = two_sums(kept, home & (kept["week"] >= 0))
    before = kept[kept["week"] < 0]
    drift = two_sums(before, (before["group"] == "home") * before["week"] / BLOCK)
    score = kept.assign(score=left_over(kept, "performance"))
    during = score[score["week"] >= 0].groupby("person")["score"].sum().rename("during")
    about = kept.groupby("person").agg(group=("group", "first"), weeks=("week", "size"))
    early = before.groupby("person").size().rename("weeks_before")
    made = about.join(effect).join(during).join(early).join(drift.rename(columns={"xy": "drift_xy", "xx": "drift_xx"}))
    made = made.sample(frac=1, random_state=SHUFFLE).reset_index(drop=True)
    made.insert(0, "person", np.arange(1, len(made) + 1))
    return made.round(10)


def blocks(weeks):
    """Four weeks each, counted from the start: −12 to −1 before, 0 to 8 in the experiment.

    The first and the last have five; block −1 has three, as the week of transition is left out.
    """
    return np.clip(weeks // BLOCK, -12, LAST // BLOCK - 1)


def event_study(rows):
    """Treated minus control in blocks of four weeks, against the last block before the start, with clustered errors."""
    import pebbletrail as pt

    kept = scored(rows)
    block = blocks(kept["week"])
    names = {one: f"home_{one - block.min():02d}" for one in sorted(block.unique()) if one != -1}
    made = kept.assign(**{name: ((block == one) & (kept["group"] == "home")).astype(float) for one, name in names.items()})
    fit = pt.regress(made, f"performance ~ C(week) + {' + '.join(names.values())}", errors="cluster", by="person",
                     within=True, count_absorbed=True).table.set_index("term")
    told = []
    for one in sorted(block.unique()):
        weeks, found = kept["week"][block == one], fit.loc[names[one]] if one != -1 else {"estimate": 0.0, "se": 0.0}
        told.append({"block": one, "first_week": int(weeks.min()), "last_week": int(weeks.max()),
                     "difference": found["estimate"], "se": found["se"]})
    return pd.DataFrame(told).round(6)


def leavers(rows):
    """People, and the means of their own mean scores before the start and since, by group and by who stayed to the end."""
    kept = scored(rows)
    spans = kept.assign(span=np.where(kept["week"] < 0, "before", "during"))
    own = spans.pivot_table(index=["person", "group"], columns="span", values="performance", aggfunc="mean").reset_index()
    last = kept.groupby("person")["week"].max()
    own["stayed"] = own["person"].map(last) >= LAST
    made = own.groupby(["group", "stayed"], as_index=False).agg(
        people=("person", "size"), before=("before", "mean"), sd_before=("before", "std"), during=("during", "mean"))
    return made.assign(stayed=made["stayed"].map({True: "to the last week", False: "left earlier"})).round(6)


def make(rows):
    """Every table of page 2 by file name."""
    return {
        "ctrip-weekly-means.csv": weekly_means(rows),
        "ctrip-person-sums.csv": person_sums(rows),
        "ctrip-event-study.csv": event_study(rows),
        "ctrip-leavers.csv": leavers(rows),
    }
