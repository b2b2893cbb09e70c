"""Meta-regression: do effects differ with what studies differ in?"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from pebbletrail.models.pooling.effect_words import places, span, told, told_p
from pebbletrail.models.pooling.heterogeneity import Line, Mean, between, interval, share
from pebbletrail.models.pooling.studies import checked_options, checked_studies
from pebbletrail.models.regression import coefficient_table
from pebbletrail.models.shown import Shown
from pebbletrail.moments.levels import coded, level_texts

ENOUGH = 10  # studies a moderator
COLLINEAR = 1e-9


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
        Share of the variance between studies that the moderators explain, from 0 to 1; NaN where there is none to explain.
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
    studies : DataFrame
        ``study, estimate, se, fitted`` and the columns of the moderators as they were used.
    method, test : str
    """

    table: pd.DataFrame
    tau2: float
    i2: float
    r2: float
    qe: float
    qe_df: int
    qe_p: float
    qm: float
    qm_df: tuple
    qm_p: float
    k: int
    reference: dict
    method: str
    test: str
    names: tuple
    X: np.ndarray
    V: np.ndarray
    around: Line

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
        term, size = row["term"], told(row["estimate"], decimals)
        size = f"+{size}" if row["estimate"] > 0 else size
        if term.startswith("C("):
            name, level = term[2:-1].split(")[", 1)
            others = [other for other in self.table["term"][2:] if not other.startswith(f"C({name})[")]
            found = f"the effect is {size} where {name} is {level}, against {self.reference[name]}"
        else:
            others = self.table["term"][2:].to_list()
            found = f"one more of {term} goes with {size} of the effect"
        held = "" if not others else f", with {others[0] if len(others) == 1 else f'{len(others)} others'} held constant"
        sure = "no interval, since the fit is exact"
        if row["se"] > 0:
            sure = f"95 % interval {span(row[['ci_low', 'ci_high']], decimals)}, {told_p(row['p_value'])}"
        return f"Across {self.k} studies, {found}{held} ({sure}). {self._explained()}{self._cautions()}"

    def _explained(self):
        if self.method == "fixed":
            rest = "more than chance explains" if self.qe_p < 0.05 else "no more than chance explains"
            return (f"What the moderators leave is {rest} (Q = {told(self.qe, 1)} on {self.qe_df} degrees of freedom, "
                    f"{told_p(self.qe_p)}); this model supposes that it is chance.")
        part = "There is no variance between studies to explain" if np.isnan(self.r2) else \
            f"The moderators explain {100 * self.r2:.0f} % of the variance between studies"
        return f"{part}; of what varies beside them, {self.i2:.0f} % lies between studies."

    def _cautions(self):
        asked, found = len(self.table) - 1, ""
        if self.k < ENOUGH * asked:
            found = (f" With {self.k} studies for {asked} coefficient{'s' if asked > 1 else ''} such a result is easily "
                     f"chance: {ENOUGH} studies for each are a usual minimum.")
        return f"{found} Nobody assigned studies to their moderators: other differences between them may be the reason."


def meta_regress(effects, variances, moderators, method="REML", test="knapp-hartung", labels=None):
    """Regress effects of studies on what the studies differ in.

    Parameters
    ----------
    effects, variances : sequence of float (k,)
        As in ``pt.pool``.
    moderators : DataFrame or Series (k rows)
        Numbers are used as they are; texts, categories and truth values become dummies against their first level (the first
        in sorted order, or in the order of the categories). Where effects are a Series, its index must be that of the
        moderators.
    method, test
        As in ``pt.pool``; ``knapp-hartung`` has k − p degrees of freedom.
    labels : sequence of str, optional

    Returns
    -------
    MetaRegression

    Raises
    ------
    ValueError
        As ``pt.pool``; a moderator that is missing for a study, constant, infinite, or a combination of others; no more
        studies than coefficients.

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
    X, terms, reference = _design(moderators, effects, names)
    k, p = X.shape
    if k - p < 1:
        raise ValueError(f"moderators: {k} studies are too few for {p} coefficients ({', '.join(terms)}); at least {p + 1} "
                         f"are needed, better {ENOUGH} for each moderator.")
    Q, R = _independent(X, terms)
    line = Line(y, v, Q)  # in orthogonal columns, so that a moderator such as a year costs no digits
    tau2 = between(line, method)
    inner, V = line.fit(tau2)
    if test == "knapp-hartung":
        V = V * (line.q(tau2) / line.free)
    back = np.linalg.inv(R)
    b, V = back @ inner, back @ V @ back.T
    table = coefficient_table(terms, b, V, line.free if test == "knapp-hartung" else np.inf)
    table["df"] = table["df"].replace(np.inf, np.nan)
    m = p - 1
    with np.errstate(divide="ignore", invalid="ignore"):
        wald = float(b[1:] @ np.linalg.pinv(V[1:, 1:], hermitian=True) @ b[1:]) if V.any() else np.nan
    qm, qm_df, qm_p = wald, (m, None), chdtrc(m, wald)
    if test == "knapp-hartung":
        qm, qm_df, qm_p = wald / m, (m, line.free), fdtrc(m, line.free, wald / m)
    alone, qe = between(Mean(y, v), method), line.q()
    i2 = share(line, tau2) if method != "fixed" else 100 * max(0.0, 1 - line.free / qe) if qe > 0 else 0.0
    r2 = max(0.0, 1 - tau2 / alone) if alone > 0 else np.nan
    return MetaRegression(table, tau2, float(i2), r2, qe, line.free, float(chdtrc(line.free, qe)), qm, qm_df, float(qm_p), k,
                          reference, method, test, names, X, V, line)


def _design(moderators, effects, names):
    """``(X, terms, reference)``: the intercept and the moderators as columns."""
    if isinstance(moderators, pd.Series):
        moderators = moderators.to_frame("moderator" if moderators.name is None else moderators.name)
    if not isinstance(moderators, pd.DataFrame):
        raise ValueError(f"moderators: a DataFrame is needed, one column a moderator, not {type(moderators).__name__}.")
    if moderators.shape[0] != len(names) or not moderators.shape[1]:
        raise ValueError(f"moderators: one row a study and at least one column are needed, not {moderators.shape[0]} rows "
                         f"and {moderators.shape[1]} columns for {len(names)} studies.")
    if isinstance(effects, pd.Series) and not effects.index.equals(moderators.index):
        raise ValueError("moderators: their index is not that of effects, in the same order; sort both alike, for example "
                         "moderators.loc[effects.index].")
    if moderators.columns.duplicated().any():
        raise ValueError(f"moderators: {moderators.columns[moderators.columns.duplicated()][0]!r} stands more than once.")
    columns, terms, reference = [np.ones(len(names))], ["intercept"], {}
    for name in moderators:
        column = moderators[name]
        if (missing := column.isna().to_numpy()).any():
            raise ValueError(f"moderators: {name!r} is missing for {names[int(np.argmax(missing))]}. Fill it in, or leave "
                             "the study out of effects, variances and moderators alike.")
        if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
            values = column.to_numpy(dtype=float)
            if not np.isfinite(values).all():
                raise ValueError(f"moderators: {name!r} is {values[~np.isfinite(values)][0]} for "
                                 f"{names[int(np.argmax(~np.isfinite(values)))]}; a finite number is needed.")
            if np.ptp(values) == 0:
                raise ValueError(f"moderators: {name!r} is {values[0]:g} for every study, so it explains no difference; "
                                 "leave it out.")
            columns.append(values)
            terms.append(str(name))
            continue
        codes, levels = coded(column, name, "moderators")
        texts = level_texts(name, levels) if len(levels) > 1 else None
        if texts is None:
            raise ValueError(f"moderators: {name!r} is {levels[0]!r} for every study, so it explains no difference; leave "
                             "it out.")
        reference[str(name)] = texts[0]
        columns += [(codes == code).astype(float) for code in range(1, len(levels))]
        terms += [f"C({name})[{text}]" for text in texts[1:]]
    return np.column_stack(columns), terms, reference


def _independent(X, terms):
    """``(Q, R)`` of X, or an error that names the column which the ones before it make up."""
    scale = np.abs(X).max(axis=0)
    Q, R = np.linalg.qr(X / scale)
    left = np.abs(np.diag(R)) / np.linalg.norm(X / scale, axis=0)
    # what is left of a year once its mean is taken off is small beside the year, but not beside rounding
    if (left < COLLINEAR).any():
        raise ValueError(f"moderators: {terms[int(np.argmax(left < COLLINEAR))]} is a combination of the others; leave one "
                         "of them out.")
    return Q, R * scale
