"""Tables and arithmetic of 04-control: two made-up call centres, printed correlations, calls in pairs."""

import numpy as np
import pandas as pd

import pebbletrail as pt


def agents(rng):
    """Two weeks of a centre whose managers react and where control does nothing: last week's score, and this week."""
    teams, size = int(rng.integers(28, 35)), int(rng.integers(9, 12))
    world = pt.CallCentre(effect=0, reaction=rng.uniform(0.6, 0.9), team=rng.uniform(0.42, 0.48), reliability=0.8,
                          quits=0, drift=0)
    year = world.simulate(int(rng.integers(2**31)), weeks=2, agents=teams * size, team_size=size)
    control = year["control"][1] - year["control"][1].mean()
    return pd.DataFrame({"agent": np.arange(1, teams * size + 1), "team": year["team"][1] + 1,
                         "last_score": year["quality_firm"][0].round(1), "control": (control / control.std(ddof=1)).round(2),
                         "customers": year["quality_customer"][1].round(2)})


def raters(rng):
    """A quarter of a centre where control does nothing and nobody reacts, and supervisors like some agents better."""
    world = pt.CallCentre(effect=0, reaction=0, rater_bias=rng.uniform(0.55, 0.85), team=0.03, quits=0, drift=0)
    year = world.simulate(int(rng.integers(2**31)), weeks=13, agents=300, team_size=4)
    means = {name: year[name].mean(axis=0) for name in ("control", "quality_customer", "quality_firm")}
    return pd.DataFrame({"agent": np.arange(1, 301), "control": means["control"].round(2),
                         "customers": means["quality_customer"].round(2), "supervisor": means["quality_firm"].round(1)})


def features(rng):
    """Autonomy, four or five other features and one outcome: the printed table's rows among them, in its order."""
    table = pt.load("job-design-correlations")[["one", "other", "observed", "corrected", "n"]]
    outcome = ("performance", "satisfaction")[rng.integers(2)]
    others = table.loc[(table["other"] == outcome) & ~table["one"].isin(["autonomy", "physical_ease"]), "one"].to_numpy()
    for _ in range(20):  # until the bug of q4 shows
        chosen = ["autonomy", *rng.choice(others, size=int(rng.integers(4, 6)), replace=False), outcome]
        kept = table[table["one"].isin(chosen) & table["other"].isin(chosen)].reset_index(drop=True)
        right, mixed = (weigh(kept, outcome, "corrected", wrong)[2]["autonomy"] for wrong in (False, True))
        if abs(right - mixed) > 0.02:
            break
    return kept, outcome


def calls(rng):
    """Two calls an agent, graded from 0 to 100: one that the agent knew was heard, and one not."""
    n = int(rng.integers(24, 41))
    level = rng.normal(68, 6, n)
    heard = level + rng.uniform(1.5, 4.5) + rng.normal(0, 4, n)
    return pd.DataFrame({"agent": np.arange(1, n + 1), "heard": heard.clip(0, 100).round(1),
                         "not_heard": (level + rng.normal(0, 4, n)).clip(0, 100).round(1)})


def clustered(y, columns, groups):
    """Coefficients, their CR1 errors with whole groups as clusters, and the usual errors, by the formulas."""
    X = np.column_stack([np.ones(len(y)), *columns])
    bread = np.linalg.inv(X.T @ X)
    b = bread @ X.T @ y
    left = y - X @ b
    (n, k), names = X.shape, np.unique(groups)
    pulls = np.array([left[groups == name] @ X[groups == name] for name in names])
    factor = len(names) / (len(names) - 1) * (n - 1) / (n - k)
    return b, np.sqrt(factor * np.diag(bread @ pulls.T @ pulls @ bread)), np.sqrt(left @ left / (n - k) * np.diag(bread))


def weigh(rows, outcome, column, in_file_order=False):
    """Weights that solve R b = c; ``in_file_order``: with the numbers of c beside the wrong names."""
    r = {(one, other): value for one, other, value in rows[["one", "other", column]].itertuples(index=False)}
    in_file = [one for one, other in r if other == outcome]
    names = sorted(in_file)
    R = np.array([[1.0 if a == b else r.get((a, b), r.get((b, a))) for b in names] for a in names])
    c = np.array([r[name, outcome] for name in (in_file if in_file_order else names)])
    return R, c, dict(zip(names, np.linalg.solve(R, c), strict=True))
