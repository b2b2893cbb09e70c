"""Average marginal effects: what a predictor does to the probability, on average over the rows of the fit."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pebbletrail.models.regression import coefficient_table
from pebbletrail.moments.checks import meant

COLUMNS = ["term", "change", "estimate", "se", "statistic", "df", "p_value", "ci_low", "ci_high", "probability_from",
           "probability_to"]
SLOPE = "one more, by the slope"


@dataclass(frozen=True)
class Margin:
    """One effect: its name, what changes, the mean effect, its gradient by coefficient, the mean probabilities compared."""

    term: str
    change: str
    estimate: float
    gradient: np.ndarray
    before: float = np.nan
    after: float = np.nan


def margins(rows, b, V, df, term=None):
    """The table of average marginal effects.

    Parameters
    ----------
    rows : Rows
    b, V : array (k,), array (k, k)
        Coefficients and their covariance.
    df : float
        Of the t distribution, infinite for the normal one.
    term : str, optional
        A column as the formula writes it (``"late"``, ``"C(response)"``) or one row's name.
    """
    if not rows.columns.products:
        raise ValueError("margins: the formula has no predictor.")
    both = set(rows.columns.numeric) & set(rows.columns.levels)
    if both:
        raise ValueError(f"margins: {sorted(both)[0]} stands in the formula both as a number and as a category, so neither "
                         "can change alone; keep one of the two.")
    steps = [step for column in _in_order(rows) for step in _steps(rows, *column)]
    if term is not None:
        names = [name for name, *_ in steps]
        steps = [(name, column, place) for name, column, place in steps
                 if term in (name, f"C({column})" if place is not None else "")]
        if not steps:
            raise ValueError(f"term: there is no {term!r}; there are {', '.join(names)}.{meant(term, names)}")
    changed = list(dict.fromkeys((column, place is not None) for _, column, place in steps))
    found = [margin for column, category in changed for margin in _of(
        rows, b, column, [place for _, name, place in steps if name == column] if category else None)]
    gradients = np.array([one.gradient for one in found])
    made = coefficient_table([one.term for one in found], np.array([one.estimate for one in found]),
                             gradients @ V @ gradients.T, np.full(len(found), df))
    return made.assign(change=[one.change for one in found], probability_from=[one.before for one in found],
                       probability_to=[one.after for one in found])[COLUMNS]


def _in_order(rows):
    """The columns of the formula, ``(name, whether a category)``, each once, in the order of the coefficients."""
    return list(dict.fromkeys((name, level is not None) for factors in rows.columns.products.values()
                              for name, level in factors))


def _steps(rows, column, category):
    """The effects of a column: ``(term, column, place of the level)``, place None for a number."""
    if not category:
        return [(column, column, None)]
    return [(f"C({column})[{text}]", column, place) for place, text in enumerate(rows.columns.texts[column]) if place]


def is_binary(values):
    return set(np.unique(values)) == {0.0, 1.0}


def _of(rows, b, column, places):
    """The effects of a column; ``places``: of the levels wanted, None for a number."""
    if places is not None:
        texts = rows.columns.texts[column]
        return _moved(rows, b, (column, True), 0, {
            place: (f"C({column})[{texts[place]}]", f"from {texts[0]} to {texts[place]}") for place in places})
    if is_binary(rows.held[column, False]):
        return _moved(rows, b, (column, False), 0.0, {1.0: (column, "from 0 to 1")})
    p = _probability(rows.X, b)
    slopes = rows.columns.matrix(rows.held, without=column)
    slope, weight = slopes @ b, p * (1 - p)
    alike = 1.0 if rows.counts is None else rows.counts
    gradient = rows.X.T @ (alike * weight * (1 - 2 * p) * slope) + slopes.T @ (alike * weight)
    return [Margin(column, SLOPE, rows.mean(weight * slope), gradient / rows.n)]


def _moved(rows, b, key, low, ends):
    """Every row moved from one value to each of others (``{value: (term, change)}``), all else as it is.

    Only the columns that hold what changes are made anew: of forty levels each has but its own.
    """
    def at(value, only=None):
        return rows.columns.matrix(rows.held | {key: np.full(len(rows.y), value)}, only=only)

    still = at(low)
    eta = still @ b
    before, gradient_before, _ = _mean(rows, still, eta)
    made, start = [], int(rows.columns.intercept)
    for value, (term, change) in ends.items():
        names = [name for name, factors in rows.columns.products.items()
                 if (key[0], value if key[1] else None) in factors]
        own = [start + place for place, name in enumerate(rows.columns.products) if name in names]
        new = at(value, names)
        after, gradient, weight = _mean(rows, still, eta + (new - still[:, own]) @ b[own])
        gradient[own] = new.T @ weight / rows.n
        made.append(Margin(term, change, after - before, gradient - gradient_before, before, after))
    return made


def _mean(rows, X, eta):
    """``(mean probability, its gradient by coefficient, each row's weight in that)``."""
    from scipy.special import expit

    p = expit(eta)
    weight = p * (1 - p) * (1.0 if rows.counts is None else rows.counts)
    return rows.mean(p), X.T @ weight / rows.n, weight


def _probability(X, b):
    from scipy.special import expit

    return expit(X @ b)


def predicted(rows, b, V, df, frame):
    """Probabilities for the rows of a frame, with intervals made on the scale of the log odds."""
    from scipy.special import expit, stdtrit

    if not isinstance(frame, pd.DataFrame):
        raise ValueError(f"frame: a DataFrame with the predictors' columns is needed, not {type(frame).__name__}.")
    held = rows.columns.held(frame)
    X = rows.columns.matrix(held) if held else np.ones((len(frame), 1))
    eta = X @ b
    half = stdtrit(df, 0.975) * np.sqrt(((X @ V) * X).sum(axis=1))
    return pd.DataFrame({"probability": expit(eta), "ci_low": expit(eta - half), "ci_high": expit(eta + half)}, frame.index)
