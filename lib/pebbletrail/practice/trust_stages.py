"""Trust across stages that the firm names: how much there is at each level, and what it counts for, stage by stage."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats as distributions

from pebbletrail.models.joint import joint
from pebbletrail.models.regression import Regression
from pebbletrail.moments.accept import is_table
from pebbletrail.moments.fetching import fetched
from pebbletrail.practice.judged import Judged
from pebbletrail.practice.trust_fit import fit, levels, terms

LEAST, MOST = 30, 8  # customers of a stage that is told apart; stages beyond which a reader sees none


@dataclass(frozen=True)
class Stages:
    """What there is of each stage, and one regression in which every level of trust has a slope of its own in each.

    Attributes
    ----------
    table : DataFrame
        ``stage, n, months``, a level's mean and standard deviation (``person, person sd``, …), one row a stage: those of the
        youngest relationships first.
    model : Regression
        Of intention; the stage's dummies are numbered as the rows of the table, from 1 on.
    small : int
        How many stages are too small to be told apart; their customers are in no number here.
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

    def alike(self, level="person"):
        """Whether a level's slope may be one and the same in all stages: a joint test of the differences, as a rule."""
        of = [f"C(stage)[{place + 1}]:{level}" for place in self.table.index[1:]]
        found = self.model.table.set_index("term").loc[of]
        _, _, p = joint(found["estimate"].to_numpy(), self.model.covariance.loc[of, of].to_numpy(), found["df"].iloc[0])
        return Judged("pass" if p >= 0.05 else "doubtful", "alike.stages", {"p": float(p), "stages": len(self.table)})


def told(study):
    """The ``Stages``; None where none are named, fewer than two or more than ``MOST`` are large enough, or the rows do not
    allow a slope for each."""
    if not study.has("stage"):
        return None
    rows = _complete(study)
    every = _summary(rows, levels(study))
    table = every[every["n"] >= LEAST].sort_values(["months", "stage"], ignore_index=True)
    if not 2 <= len(table) <= MOST:
        return None
    of = [name for name in terms(study) if name != "months" or table["months sd"].max() > 1e-9]
    try:
        model = fit(study, [*of, "C(stage)", *(f"C(stage):{level}" for level in levels(study))], _numbered(rows, table))
    except ValueError:  # a level that does not vary in a stage
        return None
    return Stages(table, model, len(every) - len(table)) if np.isfinite(model.covariance.to_numpy()).all() else None


def _complete(study):
    """The rows that the regression has: all that lack none of its columns."""
    data, needed = study.data, ["intention", *terms(study), "stage"]
    if is_table(data):
        return data.filter([data[name].notnull() for name in needed])  # noqa: PD004 (Ibis, not pandas)
    return data.dropna(subset=needed)


def _summary(rows, names):
    """A row a stage: how many there are, and means and standard deviations."""
    names = ["months", *names]
    if is_table(rows):
        numbers = {f"{name}{end}": getattr(rows[name].cast("float64"), of)()
                   for name in names for end, of in (("", "mean"), (" sd", "std"))}
        return fetched(rows.group_by("stage").aggregate(n=rows.count(), **numbers)).to_pandas()
    by = rows.groupby("stage")
    numbers = {f"{name}{end}": by[name].agg(of) for name in names for end, of in (("", "mean"), (" sd", "std"))}
    return pd.DataFrame({"n": by.size(), **numbers}).reset_index()


def _numbered(rows, table):
    """Rows of the stages that are told apart, named by numbers: a name may hold signs that mean something in a formula."""
    numbers = [(name, str(place + 1)) for place, name in enumerate(table["stage"])]
    if is_table(rows):
        rows = rows.filter(rows["stage"].isin(table["stage"].tolist()))
        return rows.mutate(stage=rows["stage"].cases(*numbers, else_=None))
    rows = rows[rows["stage"].isin(table["stage"])]
    return rows.assign(stage=rows["stage"].map(dict(numbers)).astype(str))
