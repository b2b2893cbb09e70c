"""A table of correlations that says how sure each one is."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from pebbletrail.measures.correlation_theory import fisher_interval, holm
from pebbletrail.measures.given import free, moments_given, named, two
from pebbletrail.moments.checks import numbers_of
from pebbletrail.shown import Shown

METHODS = ("pearson", "spearman")
ADJUST = (None, "holm")
MISSING = ("pairwise", "listwise")
FEWEST = 4  # rows below which a correlation has no interval
PERFECT = 1 - 1e-12  # nearer to 1 than this is 1 and rounding


@dataclass(frozen=True, repr=False)
class Correlations(Shown):
    """Correlations of all pairs of some variables.

    Attributes
    ----------
    table : DataFrame
        One row a pair: ``first, second, n, estimate, statistic, df, p_value, ci_low, ci_high`` (95 %), and with
        ``adjust="holm"`` the adjusted ``p_holm``. Unknown n: estimates alone, the rest NaN.
    names : tuple
        The variables, in order.
    method, rule : str
        ``pearson`` or ``spearman``; where the numbers come from, in words.
    """

    table: pd.DataFrame
    names: tuple
    method: str
    rule: str

    @property
    def matrix(self):
        """DataFrame of texts, ``0.52 [0.43, 0.60]``, one below the diagonal for each pair: to be read or printed."""
        made = pd.DataFrame("", index=list(self.names), columns=list(self.names))
        for row in self.table.itertuples():
            known = f" [{two(row.ci_low)}, {two(row.ci_high)}]" if np.isfinite(row.ci_low) else ""
            made.loc[row.second, row.first] = f"{two(row.estimate)}{known}"
        return made.iloc[1:, :-1]

    @property
    def text(self):
        """The strongest pair, how many are told from 0, and what that does not say."""
        table = self.table
        top = table.astype(object).iloc[int(table["estimate"].abs().argmax())]  # a row of numbers would turn names into them
        kind = {"pearson": "", "spearman": " of ranks (Spearman)"}[self.method]
        known = f" (95 % interval {two(top['ci_low'])} to {two(top['ci_high'])})" if np.isfinite(top["ci_low"]) else ""
        one = len(table) == 1
        told = [f"Correlation{kind} of {top['first']} and {top['second']}: {two(top['estimate'])}{known}." if one else
                f"{len(table)} correlations{kind} of {len(self.names)} variables. The strongest: {top['first']} and "
                f"{top['second']}, {two(top['estimate'])}{known}."]
        if (counted := table["ci_low"].notna()).any():
            apart = int(((table["ci_low"] > 0) | (table["ci_high"] < 0)).sum())
            alone = "The interval leaves out 0." if apart else "The interval holds 0: the sign is not known."
            told.append(alone if one else f"{apart} of {int(counted.sum())} intervals leave out 0; if no variable had "
                        f"anything to do with another, about {0.05 * counted.sum():.1f} would by chance.")
        if "p_holm" in table:
            told.append(f"Adjusted for looking at {len(table)} pairs (Holm), {int((table['p_holm'] < 0.05).sum())} differ "
                        "from 0 at the 5 % level.")
        if (same := table["estimate"].abs() == 1).any():
            pairs = ", ".join(f"{row['first']} and {row['second']}" for _, row in table[same].iterrows())
            what = "ranks" if self.method == "spearman" else "values"
            told.append(f"{pairs}: the {what} of one follow exactly from the other's, so there is no interval; are they the "
                        "same thing twice?")
        told.append("A correlation says how closely two things go together, not which acts on which.")
        return f"{' '.join(told)} Data: {self.rule}."

    def figure(self, alt=None):
        """A map of the lower triangle: colour for size and sign, numbers in the cells up to 16 variables."""
        from pebbletrail.figures import described
        from pebbletrail.measures.pictures import correlation_map

        at = {name: number for number, name in enumerate(self.names)}
        pairs = {(at[row.second], at[row.first]): (row.estimate, row.ci_low, row.ci_high) for row in self.table.itertuples()}
        strong = self.table.reindex(self.table["estimate"].abs().sort_values(ascending=False, kind="stable").index)[:3]
        named_pairs = "; ".join(f"{row.first} and {row.second} {two(row.estimate)}" for row in strong.itertuples())
        return described(correlation_map(list(self.names), pairs), alt,
                         f"Map of the correlations of {len(self.names)} variables; the strongest are {named_pairs}.")


def correlations(data, columns=None, method="pearson", adjust=None, missing="pairwise"):
    """Correlations of all pairs of some variables, with 95 % intervals.

    Parameters
    ----------
    data : DataFrame, Moments or Ibis table
    columns : list of str, optional
        At least two; default: all numeric columns.
    method : {"pearson", "spearman"}
        ``spearman`` correlates ranks; it needs rows.
    adjust : {None, "holm"}
        ``holm`` adds p values adjusted for the number of pairs. The intervals stay those of each pair by itself.
    missing : {"pairwise", "listwise"}
        For rows: each pair from the rows where both are there (``n`` says how many), or all pairs from the rows where all
        are. A table's rows, and Moments, are as they were counted.

    Returns
    -------
    Correlations
        ``.table`` (long), ``.matrix`` (texts), ``.text``, ``.figure()``.

    Raises
    ------
    ValueError
        Unknown or non-numeric columns, fewer than two, one that does not vary, a pair with fewer than four rows, an unknown
        option, ranks asked of moments.

    Notes
    -----
    Intervals go through Fisher's z, with error 1 / √(n − 3) for Pearson (two normal variables) and √((1 + r²/2) / (n − 3))
    for ranks (Bonett & Wright 2000). p values are those of t = r √(n − 2) / √(1 − r²). Independent rows are assumed. Moments
    within groups lose a row for every group but one, whose mean is taken out; pairwise Moments use the smallest count for
    all. Where one variable follows exactly from the other (r = 1 or −1) there is no interval.

    Checked against R's ``cor.test``, psych's ``corr.test`` (p values and Holm's too), pingouin's ``pairwise_corr``, and the
    coverage of the intervals.
    """
    for argument, given, allowed in (("method", method, METHODS), ("adjust", adjust, ADJUST), ("missing", missing, MISSING)):
        if given not in allowed:
            raise ValueError(f"{argument}: {given!r} is not one of {', '.join(map(str, allowed))}.")
    if isinstance(data, pd.DataFrame):
        names, R, counts, rule = _of_rows(data, columns, method, missing)
    elif method != "pearson":
        raise ValueError(f"method: {method!r} needs rows, so a DataFrame; moments hold no ranks.")
    else:
        moments = moments_given(data, columns, "columns", 2)
        names, R, rule = moments.names, moments.cor.to_numpy(), moments.rule
        counts = np.full(R.shape, np.nan if moments.n is None else free(moments) + 1)
    i, j = np.triu_indices(len(names), 1)
    r = np.where(np.abs(R[i, j]) > PERFECT, np.sign(R[i, j]), R[i, j])
    table = _tested(r, counts[i, j], method)
    table.insert(0, "second", [names[at] for at in j])
    table.insert(0, "first", [names[at] for at in i])
    if adjust == "holm":
        table["p_holm"] = holm(table["p_value"].to_numpy())
    return Correlations(table, tuple(names), method, rule)


def _tested(r, n, method):
    """Test and interval of each correlation."""
    from scipy.special import stdtr

    low, high = fisher_interval(r, n - 1, 1 + r**2 / 2 if method == "spearman" else 1.0)
    df = n - 2
    with np.errstate(divide="ignore"):  # of a perfect correlation
        statistic = r * np.sqrt(df / (1 - r**2))
    known = not np.isnan(n).any()
    return pd.DataFrame({"n": n.astype(int) if known else n, "estimate": r, "statistic": statistic,
                         "df": df.astype(int) if known else df, "p_value": 2 * stdtr(df, -np.abs(statistic)),
                         "ci_low": low, "ci_high": high})


def _of_rows(data, columns, method, missing):
    names = named(data, columns, "columns")
    rows = pd.DataFrame({name: numbers_of(data, name) for name in names})
    if len(names) < 2:
        raise ValueError(f"columns: at least 2 are needed, not {len(names)} ({', '.join(map(str, names)) or 'none'}).")
    complete = rows.dropna()
    lost = len(rows) - len(complete)
    rule = f"{len(rows):,} rows"
    if missing == "listwise":
        rows, rule = complete, rule + (f", {lost:,} of them left out for missing values (listwise)" if lost else "")
    there = rows.notna().to_numpy().astype(float)
    counts = there.T @ there
    if lost and missing == "pairwise":
        pairs = counts[np.triu_indices(len(names), 1)].astype(int)
        rule += f", pairwise: each pair from {_span(pairs)} rows"
    R = rows.corr(method=method).to_numpy()
    for one, other in combinations(range(len(names)), 2):
        if counts[one, other] < FEWEST:
            raise ValueError(f"columns: {names[one]} and {names[other]} stand together in {counts[one, other]:.0f} rows; at "
                             f"least {FEWEST} are needed for a correlation with an interval.")
        if np.isnan(R[one, other]):
            both = rows.iloc[:, [one, other]].dropna()
            flat = " and ".join(str(name) for name in both if both[name].min() == both[name].max())
            raise ValueError(f"columns: {flat} does not vary in the rows where {names[one]} and {names[other]} are there, "
                             "so there is no correlation; leave it out.")
    return names, R, counts, rule


def _span(counts):
    return f"{counts.min():,}" if counts.min() == counts.max() else f"{counts.min():,} to {counts.max():,}"
