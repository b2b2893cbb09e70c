"""Partial least squares path models, from rows or from moments.

Each construct is a weighted sum of its indicators. The weights are found by going back and forth: a construct's neighbours
in the model give it an inner proxy, and its indicators' covariances with that proxy give new weights. Everything needed is
the correlation matrix of the indicators, so a printed matrix serves as well as rows.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pebbletrail.models.model_text import read_model
from pebbletrail.models.routes import effects
from pebbletrail.models.shown import Shown
from pebbletrail.moments.accept import moments_of

SCHEMES = ("centroid", "factorial", "path")


@dataclass(frozen=True, repr=False)
class PLS(Shown):
    """A fitted PLS path model.

    Attributes
    ----------
    table : DataFrame
        ``outcome, predictor, estimate``: the standardised paths.
    r2 : Series
        Share of variance explained, one value an outcome.
    weights, loadings : DataFrame
        ``construct, indicator, estimate``; weights are for standardised indicators and give the construct variance 1.
    construct_cor : DataFrame
        Correlations of the constructs' scores.
    effects : DataFrame
        ``source, target, via, kind, estimate``: direct, each indirect route, total.
    n : int or None
    scheme : str
    iterations : int
    """

    table: pd.DataFrame
    r2: pd.Series
    weights: pd.DataFrame
    loadings: pd.DataFrame
    construct_cor: pd.DataFrame
    effects: pd.DataFrame
    n: int | None
    scheme: str
    iterations: int

    @property
    def text(self):
        """The strongest path and the explained shares, in one sentence."""
        top = self.table.loc[self.table["estimate"].abs().idxmax()]
        shares = ", ".join(f"{name} {share:.0%}" for name, share in self.r2.items())
        size = "A table without a sample size" if self.n is None else f"{self.n} observations"
        return (f"{size}: the strongest path is {top['predictor']} → {top['outcome']} "
                f"({top['estimate']:.2f} standard deviations for one); explained: {shares}.")


def pls(data, MODEL, scheme="centroid", tolerance=1e-9, iterations=1000):
    """Fit a PLS path model.

    Parameters
    ----------
    data : DataFrame, Moments or Ibis table
        The indicators. Of rows, those that lack an indicator are left out.
    MODEL : str
        ``Quality =~ q1 + q2`` (Mode A), ``Brand <~ b1 + b2`` (Mode B), ``Satisfaction ~ Quality + Value``. A name in a
        regression that has no block is an observed variable: a block of one.
    scheme : {"centroid", "factorial", "path"}
        How neighbours are weighted in the inner proxy: by the sign of the correlation, by the correlation, or by
        regression for predecessors and correlation for followers.
    tolerance : float
        Largest change of a weight at which the weights count as found.
    iterations : int
        How many rounds before giving up.

    Returns
    -------
    PLS

    Raises
    ------
    ValueError
        A model that cannot be read or estimated, indicators that are missing, constant or collinear, or no convergence.

    Notes
    -----
    Signs: each construct is turned so that the sum of its loadings is positive.
    Checked against the twelve paths that Monecke & Leisch (2012) print and against the weights and paths that SmartPLS 2
    gives for the same data under all three schemes (distributed with semPLS).
    """
    if scheme not in SCHEMES:
        raise ValueError(f"scheme: {scheme!r} is not one of {', '.join(SCHEMES)}.")
    if iterations < 1 or not tolerance > 0:
        raise ValueError(f"iterations: at least 1, and tolerance above 0; not {iterations} and {tolerance}.")
    blocks, modes, regressions = _specified(read_model(MODEL))
    wanted = [indicator for block in blocks.values() for indicator in block]
    moments = moments_of(data, wanted)
    R = moments.cor.to_numpy()
    names, columns = list(blocks), _columns(blocks)
    _refuse_collinear(R, blocks, columns, modes)
    arrows = _arrow_matrix(names, regressions)
    W, rounds = _weights(names, R, columns, [modes[name] for name in names], arrows, scheme, tolerance, iterations)
    for row, at in enumerate(columns):
        W[row] *= np.sign((R[at] @ W[row]).sum()) or 1.0
    C = W @ R @ W.T
    np.fill_diagonal(C, 1.0)
    paths, r2 = _regressions(C, names, regressions)
    table = pd.DataFrame([(outcome, predictor, b) for (predictor, outcome), b in paths.items()],
                         columns=["outcome", "predictor", "estimate"])
    return PLS(table, r2, _by_indicator(names, blocks, columns, W), _by_indicator(names, blocks, columns, W @ R),
               pd.DataFrame(C, names, names), effects(paths), moments.n, scheme, rounds)


def _specified(model):
    """Blocks, modes and regressions, with a block of one for each observed variable."""
    if not model.regressions:
        raise ValueError("MODEL: it has no regression; add a line such as `Satisfaction ~ Quality`.")
    inner = list(dict.fromkeys(name for arrow in model.arrows for name in arrow))
    if products := [name for name in inner if ":" in name]:
        raise ValueError(f"MODEL: {products[0]} is an interaction; it needs the product of rows, which pls does not form.")
    if alone := [name for name in model.blocks if name not in inner]:
        raise ValueError(f"MODEL: no arrow touches {', '.join(alone)}; PLS weights come from neighbours in the model.")
    blocks = {name: model.blocks.get(name, (name,)) for name in inner}
    used = [indicator for block in blocks.values() for indicator in block]
    if twice := sorted({item for item in used if used.count(item) > 1}):
        raise ValueError(f"MODEL: {', '.join(twice)} serves two constructs; each indicator belongs to one.")
    return blocks, {name: model.modes.get(name, "A") for name in inner}, model.regressions


def _columns(blocks):
    ends = np.cumsum([len(block) for block in blocks.values()])
    return [np.arange(end - len(block), end) for end, block in zip(ends, blocks.values(), strict=True)]


def _arrow_matrix(names, regressions):
    """``arrows[i, j]`` is True when construct j points at construct i."""
    arrows = np.zeros((len(names), len(names)), dtype=bool)
    for outcome, predictors in regressions.items():
        for predictor in predictors:
            arrows[names.index(outcome), names.index(predictor)] = True
    return arrows


def _refuse_collinear(R, blocks, columns, modes):
    for (name, block), at in zip(blocks.items(), columns, strict=True):
        if modes[name] == "B" and np.linalg.matrix_rank(R[np.ix_(at, at)], tol=1e-8) < len(at):
            raise ValueError(f"MODEL: the indicators of {name} ({', '.join(block)}) are collinear, so Mode B has no "
                             "single set of weights; take one away or use =~.")


def _weights(names, R, columns, modes, arrows, scheme, tolerance, iterations):
    W = np.zeros((len(columns), len(R)))
    for row, at in enumerate(columns):
        W[row, at] = 1.0
    W = _standardised(W, R)
    for rounds in range(1, iterations + 1):
        proxies = _inner(W @ R @ W.T, arrows, scheme) @ W @ R  # covariances of every indicator with every inner proxy
        new = np.zeros_like(W)
        for row, (at, mode) in enumerate(zip(columns, modes, strict=True)):
            if len(at) == 1:
                new[row, at] = 1.0  # nothing to weight
            else:
                new[row, at] = proxies[row, at] if mode == "A" else np.linalg.solve(R[np.ix_(at, at)], proxies[row, at])
                if not np.abs(new[row, at]).max() > 1e-12:
                    raise ValueError(f"MODEL: the indicators of {names[row]} do not correlate with its neighbours.")
        new = _standardised(new, R)
        # a construct's sign is free: judge the change of its weights, not of their direction
        change = min(np.abs(new - W).max(), np.abs(new - W * np.sign((new * W).sum(1, keepdims=True))).max())
        W = new
        if change < tolerance:
            return W, rounds
    raise ValueError(f"The weights had not settled after {iterations} rounds (last change {change:.2g}). "
                     "Look for constructs that hardly correlate with their neighbours, or allow more iterations.")


def _standardised(W, R):
    variance = np.einsum("ij,jk,ik->i", W, R, W)
    if (variance <= 1e-14).any():
        raise ValueError("A construct's score does not vary: its indicators cancel out. Are some coded backwards?")
    return W / np.sqrt(variance)[:, None]


def _inner(C, arrows, scheme):
    joined = arrows | arrows.T
    if scheme == "centroid":
        return np.where(joined, np.sign(C), 0.0)
    inner = np.where(joined, C, 0.0)
    if scheme == "path":
        for outcome in np.flatnonzero(arrows.any(axis=1)):
            before = np.flatnonzero(arrows[outcome])
            inner[outcome, before] = np.linalg.pinv(C[np.ix_(before, before)], hermitian=True) @ C[before, outcome]
    return inner


def _regressions(C, names, regressions):
    paths, r2 = {}, {}
    for outcome, predictors in regressions.items():
        at, to = [names.index(name) for name in predictors], names.index(outcome)
        block = C[np.ix_(at, at)]
        if np.linalg.matrix_rank(block, tol=1e-8) < len(at):
            raise ValueError(f"MODEL: the predictors of {outcome} ({', '.join(predictors)}) are collinear.")
        b = np.linalg.solve(block, C[at, to])
        paths.update({(name, outcome): float(value) for name, value in zip(predictors, b, strict=True)})
        r2[outcome] = float(b @ C[at, to])
    return paths, pd.Series(r2, name="r2")


def _by_indicator(names, blocks, columns, values):
    rows = [(name, indicator, values[row, column]) for row, (name, at) in enumerate(zip(names, columns, strict=True))
            for indicator, column in zip(blocks[name], at, strict=True)]
    return pd.DataFrame(rows, columns=["construct", "indicator", "estimate"])
