"""The made-up trial of 05-experiment, and the arithmetic of its keys."""

import numpy as np
import pandas as pd

START, END = -7, 8  # the weeks of the trial: it begins in week 0


def trial(rng):
    """People with levels of their own and spells; half are sent home by lot; the weak leave, mostly from the office."""
    half, weeks = int(rng.integers(31, 37)), np.arange(START, END + 1)
    n, running = 2 * half, weeks >= 0
    home = np.isin(np.arange(n), rng.permutation(n)[:half])
    level, spell = rng.normal(0, 0.55, n), np.empty((len(weeks), n))
    spell[0] = rng.normal(0, 0.35, n)
    for week in range(1, len(weeks)):
        spell[week] = 0.75 * spell[week - 1] + rng.normal(0, 0.35 * (1 - 0.75**2) ** 0.5, n)
    season = rng.normal(0, 0.08, len(weeks)) - rng.uniform(0.15, 0.4) * running
    score = level + spell + season[:, None] + rng.uniform(0.22, 0.48) * np.outer(running, home)
    score = score + rng.normal(0, 0.3, score.shape)
    leaves = rng.random(score.shape) < np.outer(running, np.where(home, 0.013, 0.05)) * np.exp(-1.6 * (level + spell))
    gone = np.vstack([np.zeros(n, bool), np.maximum.accumulate(leaves)[:-1]])
    person, week = np.nonzero(~gone.T)
    return pd.DataFrame({"person": person + 1, "group": np.where(home[person], "home", "office"), "week": weeks[week],
                         "score": score[week, person].round(2)})


def without(columns, label):
    """Columns (n, k) minus the means of each label's rows."""
    counts = np.bincount(label)
    return columns - np.array([np.bincount(label, column) / counts for column in columns.T]).T[label]


def effect_of(switch, score, person, week):
    """The slope beside person and week effects; CR1 errors by person in two habits; the usual error; three poorer slopes."""
    plain, weeks = np.column_stack([switch, score]), np.eye(week.max() + 1)[week][:, 1:]
    own, weeks = without(plain, person), without(weeks, person)
    x, y = (own - weeks @ np.linalg.solve(weeks.T @ weeks, weeks.T @ own)).T  # people first, then weeks beside them
    slope, n, people, times = x @ y / (x @ x), len(score), person.max() + 1, week.max() + 1
    left = y - slope * x
    raw = np.sqrt((np.bincount(person, x * left) ** 2).sum()) / (x @ x)
    errors = [raw * np.sqrt(people / (people - 1) * (n - 1) / (n - k)) for k in (times + people, times + 1)]
    poorer = [a @ b / (a @ a) for a, b in (own.T, without(plain, week).T)]
    line = without(week[:, None].astype(float), person)[:, 0]  # week as a number, beside the people
    bent = own - np.outer(line, line @ own / (line @ line))
    straight = bent[:, 0] @ bent[:, 1] / (bent[:, 0] @ bent[:, 0])
    return slope, *errors, np.sqrt(left @ left / (n - times - people) / (x @ x)), *poorer, straight


def once(trial):
    """Home's change minus office's with each person counting once: right; zeros for missing weeks; stayers only."""
    results = []
    wide = np.full((trial["person"].max(), END - START + 1), np.nan)
    wide[trial["person"] - 1, trial["week"] - START] = trial["score"]
    home = np.isin(np.arange(1, len(wide) + 1), trial.loc[trial["group"] == "home", "person"])
    for table in (wide, np.nan_to_num(wide), np.where(np.isnan(wide[:, [-1]]), np.nan, wide)):
        with np.errstate(invalid="ignore"):
            seen = ~np.isnan(table)
            sums, counts = np.where(seen, table, 0), seen
            before, since = (sums[:, part].sum(axis=1) / counts[:, part].sum(axis=1) for part in (slice(0, -START),
                                                                                             slice(-START, None)))
        gain = since - before
        results.append(np.nanmean(gain[home]) - np.nanmean(gain[~home]))
    return results


def weekly(trial):
    """Home's change minus office's, from means of weekly means: a week with few people counts as much as any other."""
    means = trial.groupby(["group", trial["week"] >= 0, "week"], sort=True)["score"].mean().groupby(level=[0, 1]).mean()
    return (means["home", True] - means["home", False]) - (means["office", True] - means["office", False])
