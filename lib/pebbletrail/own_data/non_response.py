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
    counts = {name: rows[[name]].assign(answered=answered).groupby(name)["answered"].agg(["sum", "size"])
              for name in names if name in rows}
    return compared(counts, int(answered.sum()), len(answered), owns, few, unit)


def compared(counts, answered, of, owns, few=FEW, unit=None):
    """The same from counts: ``{name: table by group of those who answered (sum) and all (size)}``."""
    if answered in (0, of):
        return []
    found = [_by(table, answered, of, name, owns.get(name, name), few, unit) for name, table in counts.items()]
    return [one for one in found if one is not None]


def _by(table, answered, of, name, own, few, unit):
    table = table[(table["sum"] >= few) & (table["size"] - table["sum"] >= few)]  # a share must not tell of a few people
    if len(table) < 2:
        return None
    share = table["sum"] / table["size"]
    most, pairs = share.idxmax(), len(table) * (len(table) - 1) // 2
    least = share.drop(most).idxmin()  # where all are alike, still another group
    low, high = newcombe(*table.loc[most], *table.loc[least], 0.05 / pairs)
    values = {"share": _percent(answered / of), "of": of, "most_group": str(most), "least_group": str(least),
              "most": _percent(share[most]), "least": _percent(share[least]), "pairs": pairs,
              "gap": _points(share[most] - share[least]), "low": _points(low), "high": _points(high), "groups": len(table)}
    code = "non-response.unit" if name == unit else "non-response"
    return Problem(code, "", name, own, count=of - answered, found=values["least"], values=values)


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
    return round(100 * float(share), 1) + 0.0  # not -0.0, which would be told as −0


def _percent(share):
    return f"{100 * float(share):.0f}\u00a0%"
