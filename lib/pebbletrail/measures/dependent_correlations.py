"""Whether two correlations measured on the same respondents differ: Williams' t, Steiger's z, Zou's interval."""

import numbers
from dataclasses import dataclass
from math import atanh, isfinite, nan, sqrt

import numpy as np
import pandas as pd

from pebbletrail.measures.correlation_theory import together, williams, zou
from pebbletrail.measures.given import free, moments_given, two
from pebbletrail.moments.checks import checked_size
from pebbletrail.shown import Shown

FEWEST = 5  # respondents, so that n − 4 is above 0
SINGULAR = 1e-10
WILLIAMS, STEIGER = "Williams' t", "Steiger's z"


@dataclass(frozen=True, repr=False)
class ComparedCorrelations(Shown):
    """Two correlations of the same respondents, and their difference.

    Attributes
    ----------
    first, second, difference : float
        The two correlations; ``first − second``.
    ci : (low, high)
        Zou's 95 % interval of the difference.
    test : str
        Williams' t where the two share a variable, else Steiger's z.
    statistic, df, p_value : float
        Of that test, two-sided; ``df`` is None for z.
    table : DataFrame
        ``test, estimate, statistic, df, p_value, ci_low, ci_high``: one row a test. Where the correlations share a variable
        Steiger's z stands second, for comparison.
    n : int
    names : tuple of str
        What is called first and second, in words.
    """

    first: float
    second: float
    difference: float
    ci: tuple
    test: str
    statistic: float
    df: int | None
    p_value: float
    table: pd.DataFrame
    n: int
    names: tuple

    @property
    def text(self):
        """The difference, its interval and its test, and what follows."""
        df = "" if self.df is None else f"({self.df})"
        p = "p < 0.001" if self.p_value < 0.001 else f"p = {self.p_value:.3f}"
        low, high = map(two, self.ci)
        start = (f"The correlation of {self.names[0]} is {two(self.first)}, that of {self.names[1]} {two(self.second)}, in "
                 f"the same {self.n:,} observations; the difference is {two(self.difference)}, 95 % interval {low} to "
                 f"{high} ({self.test}{df} = {two(self.statistic)}, {p}).")
        if self.p_value >= 0.05:
            return f"{start} That is too little to say which is higher; it does not show that they are equal."
        if self.first * self.second < 0:
            return f"{start} They differ, and in sign: the test does not say which link is the stronger."
        closer = self.names[int(abs(self.second) > abs(self.first))]
        return (f"{start} If they were equal, so large a difference would come up by chance in fewer than 1 of 20 samples; "
                f"the link of {closer} is the closer one.")


def steiger(r12, r13, r23, n):
    """Whether two correlations that share a variable differ, from three correlations and n.

    Parameters
    ----------
    r12, r13 : float
        The two to be compared: variable 1 with variable 2, and with variable 3.
    r23 : float
        The correlation of the other two variables, without which the question has no answer.
    n : int
        Respondents, the same for all three correlations; at least 5.

    Returns
    -------
    ComparedCorrelations
        Williams' t with n − 3 degrees of freedom, which Steiger (1980) advises, with Steiger's z beside it.

    Raises
    ------
    ValueError
        A correlation that is no number between −1 and 1, an n below 5, three correlations that no data can have together.

    Notes
    -----
    It assumes normal variables and independent respondents. Printed correlations carry their rounding into the test. The
    interval is Zou's (2007): from the two Fisher intervals, and how the two correlations vary together. It and the test are
    made differently, so that near p = .05 one may leave out 0 and the other not.

    Checked against psych's ``r.test`` and the coverage of the interval; the interval also against its own derivation for a
    shared variable, written out in the test.
    """
    return _compared(r12, r13, {"r12": r12, "r13": r13, "r23": r23}, n, ("variables 1 and 2", "variables 1 and 3"))


def steiger_four(r12, r34, *, r13, r14, r23, r24, n):
    """Whether two correlations of the same respondents that share no variable differ, r12 and r34.

    Parameters
    ----------
    r12, r34 : float
        The two to be compared.
    r13, r14, r23, r24 : float
        The four others among variables 1 to 4.
    n : int
        Respondents, the same for all six correlations; at least 5.

    Returns
    -------
    ComparedCorrelations
        Steiger's (1980) z, with the two correlations averaged in its variance, and Zou's (2007) interval.

    Raises
    ------
    ValueError
        As for ``steiger``.

    Notes
    -----
    Assumptions and caveats are those of ``steiger``. Checked against psych's ``r.test`` and the coverage of the interval.
    """
    given = {"r12": r12, "r34": r34, "r13": r13, "r14": r14, "r23": r23, "r24": r24}
    return _compared(r12, r34, given, n, ("variables 1 and 2", "variables 3 and 4"))


def compare_correlations(data, first, second):
    """Whether two correlations of the same rows differ, from data or moments.

    Parameters
    ----------
    data : DataFrame, Moments or Ibis table
        Rows that lack one of the variables are left out.
    first, second : (str, str)
        Two variables each, such as ``("burnout", "quality")`` and ``("burnout", "productivity")``. They may share one.

    Returns
    -------
    ComparedCorrelations
        As ``steiger`` where they share a variable, as ``steiger_four`` where they do not.

    Raises
    ------
    ValueError
        Pairs that are not two names each, or are the same; unknown variables, ones that do not vary; moments without n.
    """
    for argument, pair in (("first", first), ("second", second)):
        if isinstance(pair, str) or not isinstance(pair, tuple | list) or len(pair) != 2 or pair[0] == pair[1]:
            raise ValueError(f"{argument}: two names are needed, such as ('burnout', 'quality'), not {pair!r}.")
    first, second = tuple(first), tuple(second)
    if set(first) == set(second):
        raise ValueError(f"second: {second!r} is the same pair as first; there is nothing to compare.")
    if shared := set(first) & set(second):
        (one,) = shared
        names = [one, *(name for name in (*first, *second) if name != one)]
    else:
        names = [*first, *second]
    m = moments_given(data, names, "first, second", 3)
    if m.n is None:
        raise ValueError("data: these moments do not say how many observations they come from; give n= when they are made.")
    if (n := free(m) + 1) < FEWEST:
        raise ValueError(f"data: {n} observations; at least {FEWEST} are needed.")
    R, called = m.cor.to_numpy(), tuple(" and ".join(map(str, pair)) for pair in (first, second))
    if np.linalg.eigvalsh(R)[0] < SINGULAR:
        raise ValueError(f"first, second: one of {', '.join(map(str, names))} follows exactly from the others, so there is "
                         "nothing to test.")
    if shared:
        given = {"r12": R[0, 1], "r13": R[0, 2], "r23": R[1, 2]}
        return _compared(R[0, 1], R[0, 2], given, n, called)
    given = {"r12": R[0, 1], "r34": R[2, 3], "r13": R[0, 2], "r14": R[0, 3], "r23": R[1, 2], "r24": R[1, 3]}
    return _compared(R[0, 1], R[2, 3], given, n, called)


def _compared(first, second, given, n, names):
    from scipy.special import ndtr, stdtr

    R, n = _checked(given, n)
    shared = len(R) == 3
    if_equal, other = R.copy(), (0, 2) if shared else (2, 3)
    for i, j in ((0, 1), other):  # Steiger's z has both at their average, as if they were equal
        if_equal[i, j] = if_equal[j, i] = (first + second) / 2
    # where variable 1 is shared it stands twice: variable 3 of four is variable 1 again
    again = np.ix_([0, 1, 0, 2], [0, 1, 0, 2])
    four, averaged = (R[again], if_equal[again]) if shared else (R, if_equal)
    difference = float(first - second)
    ci = tuple(map(float, zou(first, second, together(four), n)))
    z = (atanh(first) - atanh(second)) * sqrt((n - 3) / (2 - 2 * together(averaged)))
    rows = [(STEIGER, z, nan, float(2 * ndtr(-abs(z))))]
    if shared:
        t = williams(first, second, R[1, 2], n)
        rows.insert(0, (WILLIAMS, t, n - 3, float(2 * stdtr(n - 3, -abs(t)))))
    table = pd.DataFrame(rows, columns=["test", "statistic", "df", "p_value"])
    table.insert(1, "estimate", difference)
    table["ci_low"], table["ci_high"] = ci
    test, statistic, df, p_value = rows[0]
    return ComparedCorrelations(float(first), float(second), difference, ci, test, float(statistic), df if shared else None,
                                p_value, table, n, names)


def _checked(given, n):
    """The correlation matrix of three or four variables, and n."""
    for name, r in given.items():
        if not isinstance(r, numbers.Real) or isinstance(r, bool) or not isfinite(r) or not -1 < r < 1:
            raise ValueError(f"{name}: a correlation between -1 and 1 is needed, neither included, not {r!r}.")
    if n is None or (size := checked_size(n)) < FEWEST:
        raise ValueError(f"n: at least {FEWEST} respondents are needed, not {n!r}.")
    R = np.eye(3 if len(given) == 3 else 4)
    for name, r in given.items():
        i, j = int(name[1]) - 1, int(name[2]) - 1
        R[i, j] = R[j, i] = r
    smallest = np.linalg.eigvalsh(R)[0]
    if smallest < SINGULAR:
        told = ", ".join(f"{name} = {r:.6g}" for name, r in given.items())
        raise ValueError(f"{', '.join(given)}: no data can have {told} together (their matrix is not positive definite, "
                         f"smallest eigenvalue {smallest:.2g}), unless one variable follows exactly from the others. Look "
                         "for a misprint, correlations from different respondents, or rounding to few decimals.")
    return R, size
