"""Who has no answer: the share with one, by each group, and the largest difference with its interval."""

import numpy as np

from pebbletrail.own_data.given import Problem

FEW = 10  # groups with fewer rows are not compared


def non_response(rows, answered, names, owns, few=FEW, unit=None):
    """A problem, not one that stops, for each group column by which some answered and others did not.

    Parameters
    ----------
    rows : DataFrame
        Every row that might have an answer.
    answered : array of bool
    names : iterable of str
        Group columns.
    owns : dict
        Their own headings.
    few : int
        Groups in which fewer answered, or fewer did not, are not told of.

    unit : str, optional
        The column of these that is the study's unit. Its groups may go by the name of who leads them, so none is named.

    Returns
    -------
    list of Problem
        ``values`` has the share with an answer, the two groups furthest apart, and the interval of their difference in
        percentage points (Newcombe's, with Bonferroni's allowance for all pairs of groups, since the largest of many
        differences is looked for).
    """
    answered = np.asarray(answered, dtype=bool)
    if answered.all() or not answered.any():
        return []
    found = [_by(rows, answered, name, owns.get(name, name), few, unit) for name in names if name in rows]
    return [one for one in found if one is not None]


def _by(rows, answered, name, own, few, unit):
    table = rows[[name]].assign(answered=answered).groupby(name)["answered"].agg(["sum", "size"])
    table = table[(table["sum"] >= few) & (table["size"] - table["sum"] >= few)]  # a share must not tell of a few people
    if len(table) < 2:
        return None
    share = table["sum"] / table["size"]
    most, least, pairs = share.idxmax(), share.idxmin(), len(table) * (len(table) - 1) // 2
    low, high = newcombe(*table.loc[most], *table.loc[least], 0.05 / pairs)
    values = {"share": _percent(answered.mean()), "of": len(answered), "most_group": str(most), "least_group": str(least),
              "most": _percent(share[most]), "least": _percent(share[least]), "pairs": pairs,
              "gap": _points(share[most] - share[least]), "low": _points(low), "high": _points(high), "groups": len(table)}
    code = "non-response.unit" if name == unit else "non-response"
    return Problem(code, "", name, own, count=int((~answered).sum()), found=values["least"], values=values)


def newcombe(a, n, b, m, alpha):
    """The interval of a/n − b/m at the level 1 − alpha, from Wilson's interval of each share."""
    one, two = wilson(a, n, alpha), wilson(b, m, alpha)
    gap, p, q = a / n - b / m, a / n, b / m
    low = gap - float(np.hypot(p - one[0], two[1] - q))
    high = gap + float(np.hypot(one[1] - p, q - two[0]))
    return low, high


def wilson(a, n, alpha):
    """Wilson's interval of a share."""
    from scipy.stats import norm

    z = float(norm.isf(alpha / 2))
    middle = (a + z * z / 2) / (n + z * z)
    half = z / (n + z * z) * float(np.sqrt(a * (n - a) / n + z * z / 4))
    return middle - half, middle + half


def _points(share):
    return round(100 * float(share), 1)


def _percent(share):
    return f"{100 * float(share):.0f}\u00a0%"
