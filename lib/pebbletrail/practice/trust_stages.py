"""Trust across stages that the firm names: how much there is at each level, and what it counts for, stage by stage."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats as distributions

from pebbletrail.models.joint import joint
from pebbletrail.models.regress import regress
from pebbletrail.models.regression import Regression
from pebbletrail.moments.accept import is_table
from pebbletrail.moments.fetching import fetched
from pebbletrail.practice.control_fit import moments
from pebbletrail.practice.judged import Judged
from pebbletrail.practice.trust_fit import UNITS, by_unit, fit, levels, terms

LEAST, MOST = 30, 8  # customers of a stage that is told apart; stages beyond which a reader sees none


@dataclass(frozen=True)
class Stages:
    """What there is of each stage, and one regression in which every level of trust has a slope of its own in each.

    Attributes
    ----------
    table : DataFrame
        ``stage, n, months``, a level's mean, its standard deviation and half the 95 % interval of the mean (``person,
        person sd, person half``, …), one row a stage: those of the youngest relationships first.
    model : Regression
        Of intention; the stage's dummies are numbered as the rows of the table, from 1 on.
    small : int
        How many stages have too few customers to be told apart, or too few units where errors are by unit; their
        customers are in no number here.
    """

    table: pd.DataFrame
    model: Regression
    small: int

    def slopes(self, level):
        """One row a stage: ``stage, n, mean, estimate, se, df, low, high, p`` (95 % intervals, t distribution)."""
        terms, covariance = self.model.table.set_index("term"), self.model.covariance
        df, found = terms.loc[level, "df"], []
        for place, row in self.table.iterrows():
            of = [level] if place == 0 else [level, f"C(stage)[{place + 1}]:{level}"]
            estimate, se = terms.loc[of, "estimate"].sum(), np.sqrt(covariance.loc[of, of].to_numpy().sum())
            half = distributions.t.ppf(0.975, df) * se
            found.append({"stage": row["stage"], "n": row["n"], "mean": row[level], "estimate": estimate, "se": se, "df": df,
                          "low": estimate - half, "high": estimate + half,
                          "p": 2 * distributions.t.sf(abs(estimate) / se, df)})
        return pd.DataFrame(found)

    def p_alike(self, level="person"):
        """p of the joint test that a level's slope is one and the same in all stages; NaN where there is none."""
        of = [f"C(stage)[{place + 1}]:{level}" for place in self.table.index[1:]]
        found = self.model.table.set_index("term").loc[of]
        V = self.model.covariance.loc[of, of].to_numpy()
        return float(joint(found["estimate"].to_numpy(), V, found["df"].iloc[0], clustered=bool(self.model.clusters))[2])

    def alike(self):
        """Whether the person's slope may be one and the same in all stages, as a rule."""
        p = self.p_alike()
        return Judged("pass" if p >= 0.05 else "doubtful", "alike.stages", {"p": p, "stages": len(self.table)})


def told(study):
    """The ``Stages``; None where none are named, fewer than two or more than ``MOST`` are large enough, or the rows do not
    allow a slope for each."""
    if not study.has("stage"):
        return None
    by, names = by_unit(study), levels(study)
    rows = _complete(study, by)
    every = _summary(rows, names, by)
    large = (every["n"] >= LEAST) & (every["units"] >= UNITS if by else True)
    table = every[large].sort_values(["months", "stage"], ignore_index=True)
    if not 2 <= len(table) <= MOST:
        return None
    of = [name for name in terms(study) if name != "months" or table["months sd"].max() > 1e-9]
    rows = _numbered(rows, table)
    try:
        model = fit(study, [*of, "C(stage)", *(f"C(stage):{level}" for level in names)], rows)
    except ValueError:  # a level that does not vary in a stage
        return None
    halves = {f"{name} half": _half(rows, table, name, by) for name in names}
    found = Stages(table.assign(**halves), model, len(every) - len(table))
    return found if all(_has_errors(found, name) for name in names) else None


def _has_errors(found, level):
    """Whether each slope of a level has an error, and their differences a test."""
    return bool((found.slopes(level)["se"] > 0).all()) and found.p_alike(level) >= 0


def _complete(study, by):
    """The rows that the regression has: all that lack none of its columns."""
    data = study.data
    needed = ["intention", *terms(study), "stage", *([by] if by else [])]
    if is_table(data):
        return data.filter([data[name].notnull() for name in needed])  # noqa: PD004 (Ibis, not pandas)
    return data.dropna(subset=needed)


def _summary(rows, names, by):
    """A row a stage: how many there are, of how many units, and means and standard deviations."""
    names = ["months", *names]
    if is_table(rows):
        numbers = {f"{name}{end}": getattr(rows[name].cast("float64"), of)()
                   for name in names for end, of in (("", "mean"), (" sd", "std"))}
        numbers |= {"units": rows[by].nunique()} if by else {}
        return fetched(rows.group_by("stage").aggregate(n=rows.count(), **numbers)).to_pandas()
    groups = rows.groupby("stage")
    numbers = {f"{name}{end}": groups[name].agg(of) for name in names for end, of in (("", "mean"), (" sd", "std"))}
    numbers |= {"units": groups[by].nunique()} if by else {}
    return pd.DataFrame({"n": groups.size(), **numbers}).reset_index()


def _half(rows, table, level, by):
    """Half the 95 % interval of a level's mean in each stage: by unit, or by each stage's own standard deviation."""
    if not by:
        return distributions.t.ppf(0.975, table["n"] - 1) * table[f"{level} sd"] / np.sqrt(table["n"])
    model = regress(moments(rows, [level, "C(stage)"], by), f"{level} ~ C(stage)", "cluster")
    first = model.table["term"].iloc[0]
    terms_of = [[first], *([first, f"C(stage)[{place + 1}]"] for place in table.index[1:])]
    se = [np.sqrt(model.covariance.loc[of, of].to_numpy().sum()) for of in terms_of]
    return distributions.t.ppf(0.975, model.table["df"].iloc[0]) * np.array(se)


def _numbered(rows, table):
    """Rows of the stages that are told apart, named by numbers: a name may hold signs that mean something in a formula."""
    numbers = [(name, str(place + 1)) for place, name in enumerate(table["stage"])]
    if is_table(rows):
        rows = rows.filter(rows["stage"].isin(table["stage"].tolist()))
        return rows.mutate(stage=rows["stage"].cases(*numbers, else_=None))
    rows = rows[rows["stage"].isin(table["stage"])]
    return rows.assign(stage=rows["stage"].map(dict(numbers)).astype(str))
