"""Structural equation models of covariances (CB-SEM): constructs behind indicators, and arrows among them."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from pebbletrail.models.sem import words as sem_words
from pebbletrail.models.sem.adapter import found_by_semopy
from pebbletrail.models.sem.fit import fit_indices, implied
from pebbletrail.models.sem.model import read_sem
from pebbletrail.models.sem.solution import Solution, reliabilities
from pebbletrail.models.solve import inverse
from pebbletrail.models.system import refuse_constant
from pebbletrail.moments.accept import moments_of
from pebbletrail.moments.from_print import NO_SPREADS
from pebbletrail.shown import Shown

UNTOLD = 1e-9  # of the information: a direction with less than this share of it is not determined by the data


@dataclass(frozen=True, repr=False)
class SEM(Shown):
    """A fitted structural equation model.

    Attributes
    ----------
    table : DataFrame
        ``outcome, predictor, estimate, se, statistic, p_value, ci_low, ci_high, standardized``: one row an arrow. The
        statistic is normal; ``standardized`` is the path in standard deviations of both constructs.
    loadings : DataFrame
        ``construct, indicator``, then the same numbers. The first of a block is fixed at 1, without an error.
    variances : DataFrame
        ``term, kind``, then the same numbers; kind is ``construct`` (no arrow ends there), ``disturbance`` (what arrows
        leave unexplained; standardised: as a share) or ``error`` (of an indicator).
    covariances : DataFrame
        ``first, second, kind``, then the same numbers; standardised they are correlations. kind: ``constructs``,
        ``disturbances`` or ``errors``.
    effects : DataFrame
        ``source, target, via, kind``, then the same numbers: ``direct``, each ``indirect`` route, ``total``; delta errors.
    fit : Series
        ``chi2, df, p_value, cfi, tli, rmsea, rmsea_low, rmsea_high, srmr, aic, bic`` and what they were made from.
    r2, construct_cor, residuals : Series, DataFrame, DataFrame
        Share of each outcome that is explained, the constructs' correlations, observed less reproduced correlations.
    reliability : DataFrame
        ``construct, indicators, omega, ave``.
    n : int or None
    standardized, converged, proper : bool
        ``proper``: no negative variance, loading beyond 1 or impossible covariances (Heywood case).
    notes : tuple of str
        What a reader must know before believing the estimates; part of ``text``.
    rule : str
    """

    table: pd.DataFrame
    loadings: pd.DataFrame
    variances: pd.DataFrame
    covariances: pd.DataFrame
    effects: pd.DataFrame
    fit: pd.Series
    r2: pd.Series
    construct_cor: pd.DataFrame
    residuals: pd.DataFrame
    reliability: pd.DataFrame
    n: int | None
    standardized: bool
    converged: bool
    proper: bool
    notes: tuple
    rule: str
    regressions: dict = field(default_factory=dict, repr=False)

    @property
    def text(self):
        """The strongest path, how well the model reproduces the correlations, and what stands against believing it."""
        size = "A table without a sample size" if self.n is None else f"{self.n:,} observations"
        if not self.converged:
            return f"{size}: {self.notes[0]} Data: {self.rule}."
        causes = ("Good fit does not show that the arrows are causes: other arrows can fit as well." if len(self.table) else
                  "Good fit does not show that no other model fits as well.")
        first, others = self.notes[: not self.proper], self.notes[not self.proper :]  # what is impossible is said at once
        told = [*first, f"{sem_words.headline(self)[:1].upper()}{sem_words.headline(self)[1:]}."] if first else [
            f"{sem_words.headline(self)}."]
        return " ".join([f"{size}: {told[0]}", *told[1:], *others, sem_words.fit_told(self), causes,
                         f"Data: {self.rule}."])

    def figure(self, alt=None, indicators=True):
        """The path diagram, with standardised paths; ``alt`` describes it for readers who cannot see it.

        Grey: the interval holds 0. Broken: negative. Bars are explained shares. With ``indicators``, the standardised
        loadings stand below their constructs. Without arrows among constructs, lines carry their correlations.
        """
        from pebbletrail.figures import described
        from pebbletrail.measurement_picture import factor_diagram, measured_diagram

        if not self.converged or self.table["standardized"].isna().any() or self.construct_cor.isna().any(axis=None):
            raise ValueError("figure: there are no standardised estimates to draw; see .notes for the reason.")
        blocks = {} if not indicators else {
            name: list(zip(part["indicator"], part["standardized"], strict=True))
            for name, part in self.loadings.groupby("construct", sort=False)}
        if self.regressions:
            drawn = self.table.assign(estimate=self.table["standardized"])
            fig = measured_diagram(drawn, self.regressions, self.r2, blocks)
        else:
            fig = factor_diagram(self.construct_cor, blocks)
        kind = "Path diagram" if self.regressions else "Diagram of the constructs"
        return described(fig, alt, f"{kind} with standardised coefficients. {self.text}")


def sem(data, MODEL, standardized=False):
    """Fit a structural equation model by maximum likelihood, through semopy.

    Parameters
    ----------
    data : DataFrame, Moments or Ibis table
        The indicators. Rows that lack one are left out, and counted in ``rule``.
    MODEL : str
        ``Quality =~ q1 + q2 + q3`` gives a construct indicators, of which it is the cause, ``Satisfaction ~ Quality`` is an
        arrow, ``q1 ~~ q2`` lets two errors (or two constructs' disturbances) go together. A name in an arrow that is
        no construct is an observed variable, measured without error, as is the construct of a single indicator. A model of
        ``=~`` lines alone is a confirmatory factor analysis.
    standardized : bool
        Estimates, errors and intervals of the standardised solution. From a table of correlations alone they are
        standardised in any case: errors in units that the table does not have would be wrong.

    Returns
    -------
    SEM
        A search that did not settle (``converged`` False) and an improper solution (``proper`` False) come back with a
        sentence in ``notes``, not as errors.

    Raises
    ------
    ValueError
        A model that cannot be read, has formative blocks or interactions, or more unknowns than the data have variances and
        covariances, or unknowns that the data do not determine (named); unknown, constant or collinear indicators; no more
        observations than indicators.
    ImportError
        Without semopy: ``pip install 'pebbletrail[models]'``.

    Notes
    -----
    It assumes independent observations from one population, normal enough for errors and χ² to hold, and effects that
    are linear. Scale: the first indicator of a block has the loading 1. Constructs without arrows to them go together
    freely, observed ones included (lavaan keeps those apart from constructs), and so do the disturbances of outcomes from
    which no arrow leaves, as in lavaan. Covariances, χ² and errors (from the expected information) have the divisor n, as
    lavaan's default has; programs with n − 1 (Wishart) give a χ² smaller by 1 / n. Errors of standardised values
    and of effects are delta errors, right for a table of correlations too.

    The search is semopy's (2.3.11), on the correlations, from starting values of our own and with a stricter stopping rule:
    semopy's own stops before the optimum and says that it succeeded. Called plainly for the covariances, it ends beyond the
    least χ² by 0.0001 for the factors of Holzinger and Swineford (loadings off by 0.003 standard errors), by 0.0002 for
    Bollen's democracies (0.002), and by 0.32 for the ECSI data of Monecke and Leisch (2012), whose constructs are nearly
    collinear: there Image → Satisfaction is off by 2.6 standard errors. Its other solver, L-BFGS-B, leaves the χ² of the
    democracies at 362 in the place of 72.

    Checked against lavaan: χ² is at most lavaan's (+ 1e-8), estimates differ by less than 0.0001 of their standard errors,
    errors by less than 2e-5 of their size (ECSI: 7e-4), which is as far as lavaan's own stopping rule goes; a factor of
    three indicators against its closed form; models of observed variables against pt.paths.
    """
    if not isinstance(standardized, bool):
        raise ValueError(f"standardized: True or False, not {standardized!r}.")
    model = read_sem(MODEL)
    _refuse_too_many_unknowns(model)
    moments = moments_of(data, list(model.items))
    # group means taken out leave n − groups free, as one mean leaves n − 1
    n = None if moments.n is None else moments.n - max(moments.absorbed, 1) + 1
    if n is not None and n <= len(model.items):
        raise ValueError(f"data: {n} observations are too few for {len(model.items)} indicators; at least "
                         f"{len(model.items) + 1} are needed, and for errors to hold many more.")
    refuse_constant(moments, "MODEL")
    R = moments.cor.to_numpy()
    inverse(R, list(model.items), "MODEL")
    found = found_by_semopy(model, R)
    told = bool(standardized or moments.source == NO_SPREADS)
    return _result(model, moments, R, n, found, told)


def _result(model, moments, R, n, found, standardized):
    sd = moments.sd.to_numpy() * (1 if n is None else np.sqrt((n - 1) / n))
    V = _covariance(model, found, n)
    matrices = model.matrices(found.values)
    with np.errstate(all="ignore"):  # a negative variance has no root: what hangs on it is NaN, and the notes say why
        S, C = implied(matrices)
        spread = np.sqrt(np.diag(C))
        r2 = {name: 1 - matrices[2][at, at] / C[at, at] for at, name in enumerate(model.constructs)
              if name in model.regressions}
        tables = Solution(model, found.values, V, sd, standardized).tables()
        cor = pd.DataFrame(C / np.outer(spread, spread), model.constructs, model.constructs)
        reliability = reliabilities(model, found.values)
    fit = fit_indices(R, S if found.settled else None, len(model.unknowns), n, sd)
    return SEM(**tables, fit=fit, r2=pd.Series(r2, name="r2", dtype=float), construct_cor=cor,
               residuals=pd.DataFrame(R - S, model.items, model.items), reliability=reliability, n=moments.n,
               standardized=standardized, converged=found.settled,
               proper=found.settled and not sem_words.found_wrong(model, matrices),
               notes=sem_words.notes(model, matrices, found.settled, n, moments), rule=moments.rule,
               regressions=model.regressions)


def _covariance(model, found, n):
    """The unknowns' covariance; None without n or a settled search.

    Raises
    ------
    ValueError
        The information is singular: some unknowns are not determined by the data.
    """
    if not found.settled:
        return None
    size = np.sqrt(np.diag(found.information))
    scaled = found.information / np.outer(size, size)
    roots, axes = np.linalg.eigh(scaled)
    if roots[0] < UNTOLD:
        part = np.abs(axes[:, 0])
        names = [model.name_of(model.unknowns[at]) for at in np.argsort(-part)[:4] if part[at] > 0.1]
        raise ValueError(f"MODEL: the data do not determine {', '.join(names)} (not identified). Usual causes: a construct "
                         "with two indicators that goes with no other, covariances or shared indicators too many; take an "
                         "unknown out or add an indicator.")
    return None if n is None else np.linalg.inv(scaled) / np.outer(size, size) / n


def _refuse_too_many_unknowns(model):
    k, p = len(model.unknowns), len(model.items)
    if k > (given := p * (p + 1) // 2):
        raise ValueError(f"MODEL: it has {k} unknowns, and {p} indicators give only {given} variances and covariances, so "
                         "they cannot be determined; add indicators or take arrows or constructs out.")
