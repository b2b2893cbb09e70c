"""Meta-regression: do effects differ with what studies differ in?"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from pebbletrail.models.pooling.effect_words import places, span, told, told_p, told_share
from pebbletrail.models.pooling.heterogeneity import Line, Mean, between, interval, share
from pebbletrail.models.pooling.moderators import design, independent
from pebbletrail.models.pooling.pooled import NORMAL, ROUNDING
from pebbletrail.models.pooling.sentences import SURPRISING, shorter
from pebbletrail.models.pooling.studies import checked_options, checked_studies, one_order
from pebbletrail.models.regression import coefficient_table
from pebbletrail.shown import Shown
from pebbletrail.words import said

ENOUGH = 10  # studies a moderator
TO_KNOW = 30  # studies below which the share that moderators explain is hardly known


@dataclass(frozen=True, repr=False, eq=False)
class MetaRegression(Shown):
    """A meta-regression.

    Attributes
    ----------
    table : DataFrame
        ``term, estimate, se, statistic, df, p_value, ci_low, ci_high``; df is NaN for ``test="z"``. ``C(market)[B2C]`` is
        the difference of that level from the first one, ``reference["market"]``.
    tau2, tau2_ci : float, (low, high)
        Variance of the true effects that the moderators leave (95 %, Q-profile).
    i2 : float
        Percent of the variation left that is between studies.
    r2 : float
        Share of ``tau2_without`` that the moderators take away, from 0 to 1; NaN where that is 0.
    tau2_without : float
        τ² without moderators.
    qe, qe_df, qe_p : float, int, float
        Test of whether anything but chance is left.
    qm, qm_df, qm_p : float, tuple, float
        Test of all moderators together: F with (m, k − p) degrees of freedom under Knapp-Hartung, chi-squared with (m, None)
        under ``z``.
    k : int
        Number of studies.
    covariance : DataFrame
        Of the coefficients.
    reference : dict
        The first level of each moderator in words.
    levels : dict
        For each term that is a dummy, its moderator and its level.
    studies : DataFrame
        ``study, estimate, se, fitted`` and the columns of the moderators as they were used.
    method, test : str
    """

    table: pd.DataFrame
    tau2: float
    i2: float
    r2: float
    tau2_without: float
    qe: float
    qe_df: int
    qe_p: float
    qm: float
    qm_df: tuple
    qm_p: float
    k: int
    reference: dict
    levels: dict
    method: str
    test: str
    names: tuple
    X: np.ndarray
    V: np.ndarray
    around: Line
    plain: np.ndarray  # standard errors of the coefficients from the variances alone

    @cached_property
    def tau2_ci(self):
        return interval(self.around)

    @cached_property
    def covariance(self):
        return pd.DataFrame(self.V, self.table["term"].to_list(), self.table["term"].to_list())

    @cached_property
    def studies(self):
        terms, b = self.table["term"][1:], self.table["estimate"].to_numpy()
        return pd.DataFrame({"study": list(self.names), "estimate": self.around.y, "se": np.sqrt(self.around.v),
                             "fitted": self.X @ b, **dict(zip(terms, self.X[:, 1:].T, strict=True))})

    @property
    def text(self):
        """The first moderator, what the moderators explain and leave, and how far to trust it."""
        row, decimals = self.table.iloc[1], places(self.table["se"].iloc[1])
        term, size = row["term"], told(abs(row["estimate"]), decimals)
        way = "higher" if row["estimate"] > 0 else "lower"
        differs = f"is {way}" if float(size.replace(",", "")) else "differs"
        others = self.table["term"][2:].to_list()
        if term in self.levels:
            name, level = self.levels[term]
            others = [other for other in others if self.levels.get(other, ("",))[0] != name]
            than = "from" if differs == "differs" else "than"
            found = (f"where {name} is {level}, the effect {differs} by {size} on average {than} where it is "
                     f"{self.reference[name]}")
        else:
            found = f"where {term} is higher by 1, the effect {differs} by {size} on average"
        held = "" if not others else f", with {others[0] if len(others) == 1 else f'{len(others)} others'} held constant"
        sure = "no interval, since the fit is exact"
        if row["se"] > 0:
            sure = (f"95 % interval of the difference {span(row[['ci_low', 'ci_high']], decimals)}, "
                    f"{told_p(row['p_value'])}")
        return f"Across {self.k} studies, {found}{held} ({sure}).{self._short(row)}{self._explained()}{self._cautions()}"

    def _short(self, row):
        """The caution where Knapp-Hartung's interval of the first moderator is the shorter one."""
        half = NORMAL * self.plain[1]
        return shorter((row["ci_low"], row["ci_high"]), (row["estimate"] - half, row["estimate"] + half), self.tau2,
                       "Beside the moderators the studies", "this difference") if self.test == "knapp-hartung" else ""

    def _explained(self):
        m, free = self.qm_df
        found = ""
        if m > 1 and np.isfinite(self.qm):
            test = f"F = {told(self.qm, 1)} on {m} and {free}" if free else f"chi-squared = {told(self.qm, 1)} on {m}"
            verdict = "differ from 0" if self.qm_p < SURPRISING else "do not differ from 0 beyond chance"
            found = f" Tested together, the {m} coefficients {verdict} ({test} degrees of freedom, {told_p(self.qm_p)})."
        if self.method == "fixed":
            rest = "more than chance explains" if self.qe_p < SURPRISING else "no more than chance explains"
            return (f"{found} What the moderators leave is {rest} (Q = {told(self.qe, 1)} on {self.qe_df} degrees of "
                    f"freedom, {told_p(self.qe_p)}); this model supposes that it is chance.")
        part = "Without the moderators the variance between studies is estimated at 0, so there is no share to explain"
        if not np.isnan(self.r2):
            part = (f"The moderators take the estimate of the variance between studies from {said(self.tau2_without)} to "
                    f"{said(self.tau2)} (R² {told_share(100 * self.r2)} %)")
            part += "; with so few studies this share is hardly known" if self.k < TO_KNOW else ""
        return f"{found} {part}. Of what varies beside them, {told_share(self.i2)} % lies between studies."

    def _cautions(self):
        asked, found = len(self.table) - 1, ""
        if self.k < ENOUGH * asked:
            found = (f" With {self.k} studies for {asked} coefficient{'s' if asked > 1 else ''} results change easily when "
                     f"one study is left out; {ENOUGH} for each are a usual minimum.")
        return f"{found} Nobody assigned studies to their moderators: other differences between them may be the reason."


def meta_regress(effects, variances, moderators, method="REML", test="knapp-hartung", labels=None):
    """Regress effects of studies on what the studies differ in.

    Parameters
    ----------
    effects, variances : sequence of float (k,)
        As in ``pt.pool``.
    moderators : DataFrame or Series (k rows)
        Numbers are used as they are; texts, categories and truth values become dummies against their first level (the first
        in sorted order, or in the order of the categories). Where effects or variances are Series, their index must be that
        of the moderators.
    method, test
        As in ``pt.pool``; ``knapp-hartung`` has k − p degrees of freedom.
    labels : sequence of str, optional

    Returns
    -------
    MetaRegression

    Raises
    ------
    ValueError
        As ``pt.pool``; a moderator that is missing for a study, constant, infinite, a combination of others, or called as a
        column of the result; no more studies than coefficients.

    Notes
    -----
    Assumes independent studies with known sampling variances, and normal true effects around a line. A moderator that is an
    average of a study's people (mean age, say) speaks of studies, not of people.

    R² is 1 − τ² / τ²(without moderators), not below 0 (Raudenbush 2009); with few studies it is hardly known. Agrees with
    metafor's ``rma(mods = …)``: coefficients, τ², R², I², QE and QM, each method, with and without ``test="knha"``.
    """
    from scipy.special import chdtrc, fdtrc

    checked_options(method, test)
    names, y, v = checked_studies(effects, variances, labels)
    one_order(effects=effects, variances=variances, moderators=moderators, labels=labels)
    X, terms, reference, levels = design(moderators, names)
    k, p = X.shape
    if k - p < 1:
        raise ValueError(f"moderators: {k} studies are too few for {p} coefficients ({', '.join(terms)}); at least {p + 1} "
                         f"are needed, better {ENOUGH} for each moderator.")
    Q, R = independent(X, terms)
    line = Line(y, v, Q)  # in orthogonal columns, so that a moderator such as a year costs no digits
    tau2 = between(line, method)
    inner, V = line.fit(tau2)
    back, left = np.linalg.inv(R), line.q(tau2)
    plain = np.sqrt(np.diag(back @ V @ back.T))
    if test == "knapp-hartung":
        V = V * (left / line.free if left > ROUNDING * float(y @ (y / (v + tau2))) else 0.0)
    # in these columns too, for moderators of unlike units would cost digits; the first is the intercept's
    wald = float(inner[1:] @ np.linalg.solve(V[1:, 1:], inner[1:])) if V.any() else np.nan
    b, V = back @ inner, back @ V @ back.T
    table = coefficient_table(terms, b, V, line.free if test == "knapp-hartung" else np.inf)
    table["df"] = table["df"].replace(np.inf, np.nan)
    m = p - 1
    qm, qm_df, qm_p = wald, (m, None), chdtrc(m, wald)
    if test == "knapp-hartung":
        qm, qm_df, qm_p = wald / m, (m, line.free), fdtrc(m, line.free, wald / m)
    alone, qe = between(Mean(y, v), method), line.q()
    i2 = share(line, tau2) if method != "fixed" else 100 * max(0.0, 1 - line.free / qe) if qe > 0 else 0.0
    r2 = max(0.0, 1 - tau2 / alone) if alone > 0 else np.nan
    return MetaRegression(table, tau2, float(i2), r2, alone, qe, line.free, float(chdtrc(line.free, qe)), qm, qm_df,
                          float(qm_p), k, reference, levels, method, test, names, X, V, line, plain)
