"""Tables of module 09-trust: drawn from the relationship world, and part of a list of published correlations."""

import numpy as np
import pandas as pd
from scipy import stats

import pebbletrail as pt

LEVELS = ("trade", "brand", "person")
PEAK, START, FORGET = 2.0, -0.3, 0.02  # what an outstanding call counts; what is expected of a person; forgotten in a month


def calls(rng):
    """Good calls with one agent, and one evening that is a disaster; in SD of trades."""
    good = np.clip(rng.normal(rng.uniform(0.7, 1.2), 0.4, int(rng.integers(5, 9))), 0.4, 1.9)
    heard = np.append(good, rng.uniform(-3.6, -2.3)).round(2)
    return pd.DataFrame({"call": np.arange(1, len(heard) + 1), "experience": heard})


def asked(rng):
    """What customers of the relationship world answer: nine questions on trust, the context, and how far they would stay."""
    differ, noise, spread = rng.uniform([0.6, 0.5, 0.7], [1, 0.9, 1.1])
    people, month, seed = (int(number) for number in rng.integers([280, 10, 0], [371, 25, 2**31]))
    told = pt.Relationship(context_matters=differ, item_noise=noise, spread=spread).survey(people, month=month, seed=seed)
    items = [f"{level}{item}" for level in LEVELS for item in (1, 2, 3)]
    return pd.DataFrame({"relational": (told["context"] == "relational").astype(int), **told[[*items, "intention"]]})


def firms(rng):
    """Firms, their employees and their customers, one table each. Employees are numbered from 1 on in every firm."""
    low, high = (0.35, 0.4, 0.3, 0.1), (0.65, 0.8, 0.55, 0.3)
    values = rng.uniform(low, high)
    world = pt.Relationship(**dict(zip(("trickle", "service_between", "service_within", "direct"), values, strict=True)))
    count, staff, each = int(rng.integers(34, 43)), int(rng.integers(4, 6)), 4
    drawn = world.firms(firms=count, employees=staff, customers=each, seed=int(rng.integers(2**31)))
    drawn["employee"] = (drawn["employee"] - 1) % staff + 1
    employees = drawn.drop_duplicates(["firm", "employee"])
    return {"firms": drawn.drop_duplicates("firm")[["firm", "firm_trust"]].round(2),
            "staff": employees[["firm", "employee", "felt_trust"]].round(2),
            "customers": drawn[["firm", "employee", "customer_trust"]].rename(columns={"customer_trust": "trust"}).round(2)}


def studies(rng):
    """18 of the 26 studies of satisfaction and said intention, and the four of behaviour."""
    table = pt.load("satisfaction-retention")
    said = table.index[table["outcome"] == "intention"].to_numpy()
    kept = np.sort(np.append(rng.choice(said, 18, replace=False), table.index[table["outcome"] == "behaviour"]))
    return table.loc[kept, ["study", "year", "exchange", "market", "outcome", "r"]].reset_index(drop=True)


def belief(heard, peak=PEAK, p0=1.0, says=1.0, start=START, keep=1.0):
    """What is expected after the calls: the mean of the first belief and the calls, weighted by precision."""
    weight = np.where(np.abs(heard) > 2, peak, 1.0) * says * keep ** np.arange(len(heard) - 1, -1, -1)
    return float((p0 * start + weight @ heard) / (p0 + weight.sum()))


def scores(asked):
    """The mean of three questions on each level."""
    return {level: asked[[f"{level}{item}" for item in (1, 2, 3)]].to_numpy().mean(axis=1) for level in LEVELS}


def fit(y, *columns):
    """Least squares with an intercept: the weights of the columns, in their order, without the intercept."""
    return np.linalg.lstsq(np.column_stack([np.ones(len(y)), *columns]), y, rcond=None)[0][1:]


def weights(asked):
    """The weights that question 3 is about: with products for every level, and as others might fit them."""
    of, relational, stay = scores(asked), asked["relational"].to_numpy(float), asked["intention"].to_numpy(float)
    trade, brand, person = (of[level] for level in LEVELS)
    products = [level * relational for level in (trade, brand, person)]
    full = fit(stay, trade, brand, person, relational, *products)
    X = np.column_stack([np.ones(len(stay)), trade, brand, person, relational, *products])
    left, free = stay - X @ np.linalg.lstsq(X, stay, rcond=None)[0], len(stay) - X.shape[1]
    se = np.sqrt(left @ left / free * np.linalg.inv(X.T @ X)[-1, -1])
    reach = stats.t.ppf(0.975, free) * se
    one = fit(stay, trade, brand, person, relational, person * relational)
    alone = fit(stay, person, relational, person * relational)
    there = relational == 1
    found = {"person": full[2], "product": full[6], "brand": full[5], "one": one[4], "alone": alone[2], "se": se,
             "low": full[6] - reach, "high": full[6] + reach, "bare": fit(stay, trade, brand, person, *products)[5],
             "simple": fit(stay[there], person[there])[0], "mean": fit(stay, trade, brand, person)[2]}
    return {name: float(value) for name, value in found.items()}


def joins(staff, customers):
    """Customers' trust on felt trust: by employee of a firm, and as others might join the two tables."""
    felt = dict(zip(zip(staff["firm"], staff["employee"], strict=True), staff["felt_trust"], strict=True))
    own = np.array([felt[one] for one in zip(customers["firm"], customers["employee"], strict=True)])
    means, y = staff.groupby("firm")["felt_trust"].mean(), customers["trust"].to_numpy()

    def joined(key):
        """Every customer beside every employee with the same key."""
        of = {name: group["felt_trust"].to_numpy() for name, group in staff.groupby(key)}
        x = np.concatenate([of[one] for one in customers[key]])
        return fit(np.repeat(y, [len(of[one]) for one in customers[key]]), x)[0]

    found = {"right": fit(y, own)[0], "broken": joined("employee"), "by firm": joined("firm"), "turned": fit(own, y)[0],
             "firm's mean": fit(y, customers["firm"].map(means).to_numpy())[0]}
    return {name: float(value) for name, value in found.items()}


def slope_errors(x, y, groups):
    """Of the slope of y on x: ``(slope, error of independent rows, CR1 error of groups, the same without its factor)``."""
    x, n = x - x.mean(), len(x)
    slope = float(x @ y / (x @ x))
    left = y - y.mean() - slope * x
    _, place = np.unique(groups, return_inverse=True)
    bread, g = x @ x, place.max() + 1
    meat = float((np.bincount(place, weights=x * left) ** 2).sum())
    plain = float(np.sqrt(left @ left / (n - 2) / bread))
    bare = float(np.sqrt(meat) / bread)
    return slope, plain, bare * float(np.sqrt(g / (g - 1) * (n - 1) / (n - 2))), bare
