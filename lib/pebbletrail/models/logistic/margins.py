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
    found = [margin for column in _in_order(rows) for margin in _of(rows, b, *column)]
    if term is not None:
        wanted = [one for one in found if term in (one.term, one.term.split("[")[0] if one.term.startswith("C(") else "")]
        if not wanted:
            names = list(dict.fromkeys(one.term for one in found))
            raise ValueError(f"term: there is no {term!r}; there are {', '.join(names)}.{meant(term, names)}")
        found = wanted
    gradients = np.array([one.gradient for one in found])
    made = coefficient_table([one.term for one in found], np.array([one.estimate for one in found]),
                             gradients @ V @ gradients.T, np.full(len(found), df))
    return made.assign(change=[one.change for one in found], probability_from=[one.before for one in found],
                       probability_to=[one.after for one in found])[COLUMNS]


def _in_order(rows):
    """The columns of the formula, ``(name, whether a category)``, each once, in the order of the coefficients."""
    return list(dict.fromkeys((name, level is not None) for factors in rows.columns.products.values()
                              for name, level in factors))


def _of(rows, b, column, category):
    if category:
        texts = rows.columns.texts[column]
        return [_step(rows, b, (column, True), 0, place, f"C({column})[{text}]", f"from {texts[0]} to {text}")
                for place, text in enumerate(texts) if place]
    if set(np.unique(rows.held[column, False])) == {0.0, 1.0}:
        return [_step(rows, b, (column, False), 0.0, 1.0, column, "from 0 to 1")]
    p = _probability(rows.X, b)
    slopes = rows.columns.matrix(rows.held, without=column)
    slope, weight = slopes @ b, p * (1 - p)
    gradient = ((weight * (1 - 2 * p) * slope)[:, None] * rows.X + weight[:, None] * slopes).mean(axis=0)
    return [Margin(column, SLOPE, float((weight * slope).mean()), gradient)]


def _step(rows, b, key, low, high, term, change):
    """Every row moved from one value to the other, all else as it is."""
    X = [rows.columns.matrix(rows.held | {key: np.full(len(rows.y), value)}) for value in (low, high)]
    p = [_probability(one, b) for one in X]
    gradient = [((q * (1 - q))[:, None] * one).mean(axis=0) for q, one in zip(p, X, strict=True)]
    before, after = (float(one.mean()) for one in p)
    return Margin(term, change, float((p[1] - p[0]).mean()), gradient[1] - gradient[0], before, after)


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
    half = stdtrit(df, 0.975) * np.sqrt(np.einsum("ij,jk,ik->i", X, V, X))
    return pd.DataFrame({"probability": expit(eta), "ci_low": expit(eta - half), "ci_high": expit(eta + half)}, frame.index)
