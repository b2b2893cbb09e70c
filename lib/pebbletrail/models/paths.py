"""Path models of observed variables: direct, indirect and total effects with intervals."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from pebbletrail.models.path_errors import covariance, monte_carlo, of_covariance, of_replicates, with_draws
from pebbletrail.models.path_model import path_model, read_paths
from pebbletrail.models.replicates import SumsJob, collect, units_of
from pebbletrail.moments import Moments
from pebbletrail.moments.accept import moments_of
from pebbletrail.moments.from_print import NO_SPREADS
from pebbletrail.shown import Shown
from pebbletrail.words import said

INTERVALS = ("delta", "monte-carlo", "bootstrap", "bootstrap-bca")
ERRORS = ("classical", "cluster")


@dataclass(frozen=True, repr=False)
class Paths(Shown):
    """A fitted path model.

    Attributes
    ----------
    table : DataFrame
        ``outcome, predictor, estimate, se, statistic, df, p_value, ci_low, ci_high``: one row an arrow.
    effects : DataFrame
        ``source, target, via, kind``, then the same numbers; kind is ``direct``, ``indirect`` (one row a route, ``via``
        names its stations) or ``total``. With interactions: at the moderators' means, which are taken as given.
    moderation : DataFrame
        ``source, target, via, moderator, kind, at, value``, then the same numbers; kind is ``conditional`` (the effect at a
        value of the moderator: its mean and one standard deviation to either side, or 0 and 1) or ``index`` (what one more
        of the moderator adds to an indirect effect: the index of moderated mediation). Empty without interactions.
    r2 : Series
        Share of variance explained, one value an outcome.
    n, clusters : int or None
    standardized : bool
    intervals, errors, rule : str
    replicates, failed : int
        Draws behind Monte Carlo or bootstrap intervals, and those that could not be computed.
    interrupted : bool
    """

    table: pd.DataFrame
    effects: pd.DataFrame
    moderation: pd.DataFrame
    r2: pd.Series
    n: int | None
    clusters: int | None
    standardized: bool
    intervals: str
    errors: str
    rule: str
    replicates: int = 0
    failed: int = 0
    interrupted: bool = False
    regressions: dict = field(default_factory=dict, repr=False)

    @property
    def text(self):
        """The first indirect effect (or else the first path) with its interval, and what stands behind it."""
        size = "A table without a sample size" if self.n is None else f"{self.n:,} observations"
        groups = f" in {self.clusters:,} groups" if self.clusters else ""
        unit = " standard deviations" if self.standardized else ""
        indirect = self.effects.query("kind == 'indirect'")
        if len(indirect):
            row = indirect.iloc[0]
            told = f"the effect of {row['source']} on {row['target']} through {row['via']} is {said(row['estimate'])}{unit}"
            told += " at the means of the moderators" if len(self.moderation) else ""
        else:
            row = self.table.iloc[0]
            told = f"the path {row['predictor']} → {row['outcome']} is {said(row['estimate'])}{unit}"
        if self.n is None:
            return f"{size}: {told}. No intervals, since the sample size is unknown. Data: {self.rule}."
        drawn = f", {self.replicates:,} draws" if self.replicates else ""
        how = "t distribution" if np.isfinite(row["df"]) else self.intervals + drawn
        how += ", stopped early" if self.interrupted else ""
        how += f", {self.failed:,} could not be computed" if self.failed else ""
        return (f"{size}{groups}: {told} (95 % interval {said(row['ci_low'])} to {said(row['ci_high'])}; {how}; errors: "
                f"{self.errors}). Data: {self.rule}.")

    def figure(self, alt=None):
        """The path diagram; ``alt`` describes it for readers who cannot see it.

        Arrows carry the coefficients of ``table``: broken where negative, grey where the interval holds 0, and where
        coefficients are standardised as wide as they are strong. Bars are explained shares.
        """
        from pebbletrail.figures import described
        from pebbletrail.path_picture import path_diagram

        fig = path_diagram(self.table, self.regressions, self.r2, self.standardized)
        return described(fig, alt, f"Path diagram. {self.text}")


def paths(data, MODEL, standardized=False, intervals="delta", replicates=5000, seed=None, by=None, errors="classical",
          workers=1):
    """Fit a path model of observed variables, each outcome by least squares.

    Parameters
    ----------
    data : DataFrame, Moments or Ibis table
        Of a frame's rows, those that lack a variable of the model are left out and counted in ``rule``.
    MODEL : str
        ``"M ~ X; Y ~ M + X"``, one line an outcome; ``X:W`` is an interaction (from Moments, its product, of the values as
        they are, must be a column).
    standardized : bool
        Coefficients in standard deviations. A product then stands for the product of the two standardised variables. From a
        table of correlations alone, coefficients are standardised in any case.
    intervals : {"delta", "monte-carlo", "bootstrap", "bootstrap-bca"}
        For the effects. ``delta``: from first derivatives, symmetric. ``monte-carlo``: coefficients drawn from their joint
        normal distribution. ``bootstrap``: rows, or groups, resampled; percentiles, or corrected (BCa). The last two give
        the coefficients' intervals too; with the first two, a single arrow, or its slope at a moderator's value, has a t
        interval.
    replicates : int
        Draws for Monte Carlo and bootstrap.
    seed : int, SeedSequence or Generator, optional
    by : str, optional
        Column of a frame or table that names the groups, for ``errors="cluster"`` or to resample groups.
    errors : {"classical", "cluster"}
        ``classical`` takes observations as independent; errors of standardised coefficients assume normal variables.
        ``cluster`` (CR1, t with groups − 1 degrees of freedom) assumes only that groups are independent.
    workers : int or concurrent.futures.Executor
        For the bootstrap.

    Returns
    -------
    Paths

    Raises
    ------
    ValueError
        A model that cannot be read or runs in a circle, unknown, constant or collinear variables (named), too few
        observations, intervals that the data cannot give, an interaction in moments without means or spreads.

    Notes
    -----
    Least squares outcome by outcome: relations among variables that no arrow joins are left as they are, so disturbances of
    outcomes side by side (parallel mediators) may go together, and errors of total effects allow for it.

    Errors of standardised coefficients are those of a correlation structure: the standard deviations were estimated too.
    With an interaction these depend on more than means and covariances, so that only the bootstrap gives them. A delta
    interval of an indirect effect is too symmetric in small samples; prefer ``monte-carlo`` or ``bootstrap``.

    Checked against lavaan (coefficients, errors, standardised solution, effects, moderated mediation), pingouin and
    statsmodels (mediation), R's boot, and by the coverage of the intervals.
    """
    if intervals not in INTERVALS:
        raise ValueError(f"intervals: {intervals!r} is not one of {', '.join(INTERVALS)}.")
    if errors not in ERRORS:
        raise ValueError(f"errors: {errors!r} is not one of {', '.join(ERRORS)}; pt.regress has others, for one outcome.")
    if by is not None and errors == "classical" and not intervals.startswith("bootstrap"):
        raise ValueError(f"by: {by!r} would not be used; add errors='cluster', or resample groups with "
                         "intervals='bootstrap'.")
    resampled = intervals.startswith("bootstrap")
    if resampled and errors == "cluster" and by is None and not isinstance(data, Moments):
        raise ValueError("errors: 'cluster' with a bootstrap resamples whole groups; name their column with by=….")
    if not isinstance(standardized, bool):
        raise ValueError(f"standardized: True or False, not {standardized!r}.")
    variables, products, regressions = read_paths(MODEL)
    _refuse_other_products(data, products)
    if resampled:
        units, moments = units_of(data, [*variables, *products], by)
    else:
        moments = moments_of(data, [*variables, *products], by=by)
    model = path_model(moments, variables, products, regressions, bool(standardized or moments.source == NO_SPREADS))
    model.equations.check(moments)
    b = model.coefficients(moments.mean.to_numpy(), moments.cov.to_numpy())
    if resampled:
        job = SumsJob(units, model.evaluate)
        drawn = collect(job, replicates, seed, workers)
        numbers, told = of_replicates(model, b, job, drawn, intervals), "bootstrap"
    else:
        drawn = None
        V, told = covariance(model, moments, errors, intervals)
        numbers = of_covariance(model, b, V, moments, errors)
        if intervals == "monte-carlo":
            drawn = monte_carlo(model, b, V, replicates, seed)
            numbers = with_draws(numbers, drawn)
    used = by is not None or errors == "cluster" or (resampled and isinstance(data, Moments))
    return Paths(*_tables(model, numbers), _explained(model, moments), moments.n, len(moments.labels) if used else None,
                 model.standardized, intervals, told, moments.rule, *(drawn.counts if drawn else ()),
                 regressions=regressions)


def _refuse_other_products(data, products):
    """A column that has a product's name must be that product: the effects are computed as if it were."""
    for product in products if hasattr(data, "columns") else ():
        a, b = product.split(":")
        for name in (f"{a}:{b}", f"{b}:{a}"):
            if name not in data.columns or not {a, b} <= set(data.columns):
                continue
            if not isinstance(data, pd.DataFrame) or not np.allclose(data[name], data[a] * data[b], equal_nan=True):
                raise ValueError(f"data: the column {name!r} is not known to be the product of {a} and {b} (it may be "
                                 "centred); rename it, and the product is made of the rows.")


def _tables(model, numbers):
    """``(table, effects, moderation)``: the numbers of coefficients, effects and moderated effects beside their names."""
    k, e = len(model.equations.arrows), len(model.effects)
    values = {name: column.to_numpy() for name, column in numbers.items()}
    table = _beside(("outcome", "predictor"), [(outcome, predictor) for predictor, outcome in model.equations.arrows],
                    values, slice(0, k))
    effects = _beside(("source", "target", "via", "kind"),
                      [(one.source, one.target, one.via, one.kind) for one in model.effects], values, slice(k, k + e))
    moderated = [(one.effect.source, one.effect.target, one.effect.via, one.moderator, one.kind, one.at,
                  one.value if one.kind == "conditional" else np.nan) for one in model.moderated]
    return table, effects, _beside(("source", "target", "via", "moderator", "kind", "at", "value"), moderated, values,
                                   slice(k + e, None))


def _beside(names, rows, values, part):
    """A table of names with its numbers, made at one go: joining two costs more than all that is computed here."""
    columns = map(list, zip(*rows, strict=True)) if rows else (np.empty(0, dtype=object) for _ in names)
    return pd.DataFrame(dict(zip(names, columns, strict=True)) | {name: found[part] for name, found in values.items()})


def _explained(model, moments):
    return pd.Series(model.equations.explained(moments.cov.to_numpy()), index=list(model.equations.regressions), name="r2")
