"""How good the measurement behind a PLS model is: reliability, variance extracted, collinearity, what each arrow adds."""

import numpy as np
import pandas as pd

from pebbletrail.models.solve import COLLINEAR, inverse


def reliability(fit, moments, structure):
    """One row a construct: ``construct, mode, items, alpha, rho_a, composite, ave``.

    NaN where there is nothing to say: of a single item, and of a block formed by its indicators (Mode B), which need not
    agree; alpha also where the items cancel out.
    """
    rows = []
    for number, (name, block) in enumerate(structure.blocks.items()):
        if ":" in name:
            continue
        values = [np.nan] * 4
        at = structure.columns[number]
        if len(at) > 1 and structure.modes[name] == "A":
            R, w, loading = moments.cor.to_numpy()[np.ix_(at, at)], fit.W[0, number, at], fit.crossed[0, number, at]
            values = [_alpha(moments, list(block)), rho_a(R, w), composite(loading), float((loading**2).mean())]
        rows.append((name, structure.modes[name], len(at), *values))
    return pd.DataFrame(rows, columns=["construct", "mode", "items", "alpha", "rho_a", "composite", "ave"])


def _alpha(moments, block):
    try:
        return moments.alpha(block)
    except ValueError:
        return np.nan


def rho_a(R, w):
    """Dijkstra & Henseler's (2015) consistent reliability of a Mode A score with weights ``w`` of variance 1.

    It is what makes the correlations that the squared weights imply come nearest to those between different items.
    """
    outer = np.outer(w, w)
    off = ~np.eye(len(w), dtype=bool)
    return float((w @ w) ** 2 * (outer * R)[off].sum() / (outer * outer)[off].sum())


def composite(loading):
    """Composite reliability (Jöreskog's rho_c) from standardised loadings."""
    shared = loading.sum() ** 2
    return float(shared / (shared + (1 - loading**2).sum()))


def vif(C, structure):
    """Variance inflation of each predictor: ``outcome, predictor, vif``; 1 where it goes with no other."""
    rows = []
    for outcome, predictors in structure.regressions.items():
        at = [structure.names.index(name) for name in predictors]
        rows += [(outcome, name, value) for name, value in zip(predictors, _inflation(C[np.ix_(at, at)], predictors),
                                                                strict=True)]
    return pd.DataFrame(rows, columns=["outcome", "predictor", "vif"])


def indicator_vif(R, structure):
    """Variance inflation of each indicator within its block: ``construct, indicator, vif``, for blocks of two or more."""
    rows = []
    for (name, block), at in zip(structure.blocks.items(), structure.columns, strict=True):
        if len(at) > 1:
            values = [_alone(R[np.ix_(at, at)], number) for number in range(len(at))]
            rows += [(name, indicator, value) for indicator, value in zip(block, values, strict=True)]
    return pd.DataFrame(rows, columns=["construct", "indicator", "vif"])


def _alone(R, number):
    """Variance inflation of one item, infinite where the others give it away, which they may in Mode A."""
    others = np.arange(len(R)) != number
    shared = R[number, others] @ np.linalg.pinv(R[np.ix_(others, others)], rcond=1e-10, hermitian=True) @ R[others, number]
    return 1 / (1 - shared) if shared < 1 - COLLINEAR else np.inf


def _inflation(R, names):
    return np.diag(inverse(R, names, "MODEL")) * np.diag(R)


def f_squared(model, structure, moments, r2):
    """What each arrow adds: ``outcome, predictor, f2`` = (R² − R² without the arrow) / (1 − R²).

    The whole model is fitted again without the arrow, weights included, as the authors of seminr do. An outcome that no
    other arrow reaches has an R² of 0 without it. Since the weights are found anew, an arrow that adds nothing may have an
    f² a little below 0. NaN for an arrow whose construct also takes part in a product there (a product without its factor is
    no model), where the model without the arrow cannot be fitted, and where nothing stays unexplained either way.
    """
    rows = []
    for predictor, outcome in structure.arrows:
        others = structure.regressions[outcome]
        if any(":" in name and predictor in name.split(":") for name in others):
            rows.append((outcome, predictor, np.nan))
            continue
        left, share = model.without((predictor, outcome)), 0.0
        if len(others) > 1:
            try:
                fit = left.whole(moments).fit
                share = fit.r2[0, list(left.numbers.structure.regressions).index(outcome)]
            except ValueError:  # such as a construct that its other neighbours leave silent
                share = np.nan
        rows.append((outcome, predictor, _over(r2[outcome] - share, 1 - r2[outcome])))
    return pd.DataFrame(rows, columns=["outcome", "predictor", "f2"])


def _over(gain, rest):
    if rest > COLLINEAR:
        return gain / rest
    return np.inf if gain > COLLINEAR else np.nan
