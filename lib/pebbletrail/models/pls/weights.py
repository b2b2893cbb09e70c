"""The weights of a PLS path model, for one matrix of correlations or for thousands side by side.

Each construct is a weighted sum of its indicators. The weights are found by going back and forth: a construct's neighbours
in the model give it an inner proxy, and its indicators' covariances with that proxy give new weights.
"""

from dataclasses import dataclass

import numpy as np

from pebbletrail.models.solve import solved

SILENT = 1e-12  # covariances of a block with its proxy that are nothing but rounding
FLAT = 1e-14  # the variance of a score that cancels out


@dataclass(frozen=True, eq=False)
class Weights:
    """What the search found for each of B matrices.

    Attributes
    ----------
    W : array (B, constructs, indicators)
        Weights that give each score a variance of 1; NaN where there are none.
    rounds : array (B,)
    change : array (B,)
        Last change of a weight; the weights have settled where it lies below the tolerance.
    silent, flat : arrays (B, constructs)
        Blocks that do not correlate with their neighbours; blocks whose indicators cancel out.
    """

    W: np.ndarray
    rounds: np.ndarray
    change: np.ndarray
    silent: np.ndarray
    flat: np.ndarray


def search(R, structure, scheme, tolerance, iterations):
    """Weights for each of the correlation matrices ``R (B, p, p)``; those that have settled are not touched again."""
    count, k = len(R), len(structure.names)
    start = structure.inside / np.sqrt(np.where(structure.inside, 1.0, 0.0).sum(axis=1, keepdims=True))
    W, flat = _standardised(np.broadcast_to(start, (count, *start.shape)), R)
    silent, rounds, change = np.zeros((count, k), dtype=bool), np.zeros(count, dtype=int), np.full(count, np.nan)
    active = np.flatnonzero(np.isfinite(W).all(axis=(1, 2)))
    for number in range(1, iterations + 1):
        if not len(active):
            break
        some = R if len(active) == count else R[active]
        old = W[active]
        new, quiet = _outer(_proxies(old, some, structure, scheme), some, structure)
        new, cancelled = _standardised(new, some)
        # a construct's sign is free: judge the change of its weights, not of their direction
        turned = old * np.sign(np.einsum("bkp,bkp->bk", new, old))[:, :, None]
        moved = np.minimum(np.abs(new - old).max(axis=(1, 2)), np.abs(new - turned).max(axis=(1, 2)))
        W[active], silent[active], flat[active] = new, quiet, cancelled
        rounds[active], change[active] = number, moved
        active = active[moved >= tolerance]  # what became NaN leaves too
    W[~(change < tolerance)] = np.nan
    return Weights(W, rounds, change, silent, flat)


def _proxies(W, R, structure, scheme):
    """Covariances of every indicator with every construct's inner proxy, ``(B, constructs, indicators)``."""
    crossed = W @ R
    return _inner(crossed @ W.swapaxes(1, 2), structure, scheme) @ crossed


def _inner(C, structure, scheme):
    pointing = structure.pointing
    joined = pointing | pointing.T
    if scheme == "centroid":
        return np.where(joined, np.sign(C), 0.0)
    inner = np.where(joined, C, 0.0)
    if scheme == "path":
        for outcome in np.flatnonzero(pointing.any(axis=1)):
            before = np.flatnonzero(pointing[outcome])
            block, aim = C[:, before[:, None], before], C[:, before, outcome]
            slopes = solved(block, aim)
            for row in np.flatnonzero(np.isnan(slopes).any(axis=1)):  # collinear: said later, with the names
                slopes[row] = np.linalg.pinv(block[row], hermitian=True) @ aim[row]
            inner[:, outcome, before] = slopes
    return inner


def _outer(proxies, R, structure):
    """New weights of each block, not yet standardised, and which blocks their neighbours leave silent."""
    new = np.where(structure.inside, proxies, 0.0)
    for row, (name, at) in enumerate(zip(structure.names, structure.columns, strict=True)):
        if len(at) == 1:
            new[:, row, at] = 1.0  # nothing to weight
        elif structure.modes[name] == "B":
            new[:, row, at] = solved(R[:, at[:, None], at], proxies[:, row, at])
    return new, np.abs(new).max(axis=2) <= SILENT


def _standardised(W, R):
    """The weights that give every score a variance of 1, and which scores do not vary."""
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.einsum("bkp,bkp->bk", W @ R, W)
        flat = variance <= FLAT
        found = W / np.sqrt(np.where(flat, np.nan, variance))[:, :, None]
    return np.where(np.isnan(found).any(axis=(1, 2))[:, None, None], np.nan, found), flat


def refuse_unsettled(found, structure, iterations):
    """Say why the weights of the one matrix in ``found`` were not found."""
    if found.silent[0].any():
        name = structure.names[int(np.argmax(found.silent[0]))]
        raise ValueError(f"MODEL: the indicators of {name} do not correlate with its neighbours.")
    if found.flat[0].any():
        raise ValueError("A construct's score does not vary: its indicators cancel out. Are some coded backwards?")
    if np.isnan(found.W).any():
        raise ValueError(f"The weights had not settled after {iterations} rounds (last change {found.change[0]:.2g}). "
                         "Look for constructs that hardly correlate with their neighbours, or allow more iterations.")
