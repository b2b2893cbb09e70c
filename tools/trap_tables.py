"""The computed tables of page 11: moments of the switching-cost and the privacy answers, and what each cost follows from."""

import pandas as pd

COSTS = [f"switch_{i}" for i in range(1, 5)]
FOLLOWS = {"switch_1": "qual_6", "switch_2": "qual_7", "switch_3": "qual_5", "switch_4": "qual_6"}
DIGITS = 8


def _moments(rows):
    """Sample size, means, standard deviations and correlations of the columns."""
    beside = pd.DataFrame({"n": len(rows), "mean": rows.mean(), "sd": rows.std()}).round(DIGITS)
    return pd.concat([beside, rows.corr().round(DIGITS)], axis="columns").rename_axis("variable").reset_index()


def switching_cost_moments(rows):
    """Standardised loyalty, satisfaction, switching costs and three quality answers, with the two products.

    A missing answer is the mean of its question, as the authors of the model take it. Products are of standardised
    variables, and are not standardised again.
    """
    full = rows.fillna(rows.mean())
    scales = pd.DataFrame({
        "loyalty": full[["cusl_1", "cusl_2", "cusl_3"]].mean(axis="columns"),
        "satisfaction": full["cusa"],
        "costs": full[COSTS].mean(axis="columns"),
        "quality": full[["qual_5", "qual_6", "qual_7"]].mean(axis="columns"),
    })
    z = (scales - scales.mean()) / scales.std()
    return _moments(z.assign(**{"satisfaction:costs": z["satisfaction"] * z["costs"],
                             "satisfaction:quality": z["satisfaction"] * z["quality"]}))


def switching_cost_steps(rows):
    """How many customers gave each pair of answers: a statement on switching costs, and the quality question beside it."""
    made = []
    for cost, quality in FOLLOWS.items():
        pairs = rows.groupby([quality, cost]).size().reset_index()
        pairs.columns = ["answer", "cost", "customers"]
        made.append(pairs.assign(statement=cost, question=quality))
    table = pd.concat(made, ignore_index=True)[["statement", "question", "answer", "cost", "customers"]]
    return table.astype({"answer": int, "cost": int})


def make(reputation, privacy):
    """Every table of page 11 by file name."""
    return {
        "switching-cost-moments.csv": switching_cost_moments(reputation),
        "switching-cost-steps.csv": switching_cost_steps(reputation),
        "privacy-correlations.csv": _moments(privacy),
    }
