"""The smallest design that reaches the target, and how well so many simulated studies know it."""

from dataclasses import dataclass

import numpy as np

from pebbletrail.models.planning.runs import Z, share_found, simulate, wilson

PILOT = 500  # studies of a size on the way to where the search is worth its draws
GRID = 7  # sizes about the answer
NEAR = 1.3  # how near the pilots come
BELOW, ABOVE = 1.7, 1.5  # how far the grid reaches
BENT = 60  # sizes below which the probit of power is not quite a line in the root of the size
ROUNDS, SINGULAR = 50, 1e14


@dataclass(frozen=True)
class Smallest:
    """The smallest size that reaches the target, its power, and the sizes from ``low`` to ``high`` that it may well be.

    ``low`` to ``high`` is a 95 % interval for what is left to chance in the simulation, not for the assumptions.
    """

    size: int
    low: int
    high: int
    power: float


class TooSmall(ValueError):
    """No size up to the design's largest finds the effect often enough."""


def search(design, effect, target, draws, roots, workers):
    """``(Smallest or None, {size: studies}, interrupted)``; the studies of the sizes about the answer are kept.

    ``roots`` are two SeedSequences, one for the pilots. None where so few draws leave the answer open.

    Raises
    ------
    TooSmall
        Where the effect is so small that no size up to the design's largest reaches the target.
    """
    pilots, main = roots
    wanted, done = _about(design, _near(design, effect, target, pilots)), {}
    for _ in range(5):
        more, interrupted = simulate(design, [size for size in wanted if size not in done], draws, main, workers)
        done |= more
        smallest = _smallest(design, done, effect, target)
        if interrupted or smallest is not None:
            return smallest, done, interrupted
        least, most = min(done), max(done)
        too_high = wilson(share_found(design, done[least], effect), len(done[least]))[1] >= target
        too_low = wilson(share_found(design, done[most], effect), len(done[most]))[0] <= target
        wanted = (_about(design, least / BELOW) if too_high else []) + (_about(design, most * ABOVE) if too_low else [])
        if not set(wanted) - set(done):
            break
    return None, done, False


def _near(design, effect, target, root):
    """A size near the smallest: doubled until enough is found, then halved towards it."""
    def enough(size):
        found, interrupted = simulate(design, [size], PILOT, root)
        if interrupted:
            raise KeyboardInterrupt
        return share_found(design, found[size], effect) >= target

    low = high = design.fewest
    while not enough(high):
        if high >= design.most:
            raise TooSmall(f"effect: {effect:g} is so small beside the spread that over {design.most:,} {design.counted} "
                           f"are needed to find it in {100 * target:g} of 100 studies; a plan ends there.")
        low, high = high, min(2 * high, design.most)
    while high > NEAR * low and high - low > design.step:
        middle = _even(design, np.sqrt(low * high))
        if middle in (low, high):
            break
        low, high = (low, middle) if enough(middle) else (middle, high)
    return np.sqrt(low * high)


def _about(design, near):
    """The grid: every size that has more people in the analysis than the one before where these are few, otherwise some
    whose roots are about equally far apart."""
    low, high = max(near / BELOW, design.fewest), min(max(near * ABOVE, design.fewest + GRID * design.step), design.most)
    steps = _steps(design, _even(design, low), _even(design, high))
    if len(steps) <= (1.5 if design.smooth else 4) * GRID:
        return steps.tolist()
    roots = np.linspace(np.sqrt(steps[0]), np.sqrt(steps[-1]), GRID)
    return sorted({int(steps[np.abs(steps - root**2).argmin()]) for root in roots})


def _steps(design, low, high):
    """The sizes from ``low`` to ``high`` at which the analysis has more than one size before, ``(k,)``.

    The first of them is where the step begins that ``low`` is on.
    """
    before = range(low, design.fewest - 1, -design.step)
    here = design.counts(low)
    while len(before) > 1 and design.counts(before[1]) == here:
        before = before[1:]
    sizes = np.arange(before[0], high + 1, design.step)
    return sizes[np.concatenate([[True], np.diff(design.counts(sizes)) > 0])]


def _even(design, size):
    """The nearest size that keeps the shares of the arms."""
    step = design.step
    return int(min(max(step * round(float(size) / step), design.fewest), design.most))


def _smallest(design, done, effect, target):
    """``Smallest``, or None where the sizes that were simulated do not settle it."""
    sizes = np.array(sorted(done))
    draws = np.array([len(done[size]) for size in sizes])
    shares = np.array([share_found(design, done[size], effect) for size in sizes])
    return _seen(design, sizes, shares, draws, target) or _on_a_curve(design, sizes, shares, draws, target)


def _seen(design, sizes, shares, draws, target):
    """Where all steps from the last that is too small to the first that is large enough were simulated: by looking."""
    ends = np.array([wilson(*one) for one in zip(shares, draws, strict=True)])
    reached = [np.flatnonzero(line >= target) for line in (shares, ends[:, 1], ends[:, 0])]
    if any(len(some) == 0 for some in reached):
        return None
    at, low, high = (int(some[0]) for some in reached)
    steps = _steps(design, int(sizes[0]), int(sizes[-1]))
    gaps = np.diff(np.searchsorted(steps, sizes[max(low - 1, 0) : high + 1], "right")) > 1
    if (low == 0 and sizes[0] > design.fewest) or gaps.any():
        return None
    return Smallest(int(sizes[at]), int(sizes[low]), int(sizes[high]), float(shares[at]))


def _on_a_curve(design, sizes, shares, draws, target):
    """Where a curve through the shares reaches the target."""
    from scipy.special import ndtr, ndtri

    counted = design.counts(sizes)
    fitted = probit_curve(_terms(counted, counted[0]), shares * draws, draws)
    if fitted is None:
        return None
    within = np.arange(sizes[0], sizes[-1] + 1, design.step)
    terms = _terms(design.counts(within), counted[0])  # of every size: steps stay steps, and the first of one is found
    score, error = terms @ fitted[0], np.sqrt(np.einsum("ij,jk,ik->i", terms, fitted[1], terms))
    reached = [np.flatnonzero(line >= ndtri(target)) for line in (score, score + Z * error, score - Z * error)]
    if any(len(some) == 0 for some in reached) or reached[1][0] == 0:
        return None
    at, low, high = (int(some[0]) for some in reached)
    return Smallest(int(within[at]), int(within[low]), int(within[high]), float(ndtr(score[at])))


def _terms(counted, first):
    """Power's probit is nearly a line in the root of what the analysis has; where that is little the long tails of t bend
    it."""
    root = np.sqrt(counted)
    return np.column_stack([np.ones(len(root)), root] + ([1 / root] if first < BENT else []))


def probit_curve(X, found, draws):
    """``(coefficients, covariance)`` of the probit of a probability in the columns of ``X``, by maximum likelihood.

    None where the counts do not settle them, such as all found at every size but one.
    """
    from scipy.special import ndtr, ndtri

    score = ndtri((found + 0.5) / (draws + 1))
    for _ in range(ROUNDS):  # Fisher scoring
        p = np.clip(ndtr(score), 1e-9, 1 - 1e-9)
        slope = np.exp(-score**2 / 2) / np.sqrt(2 * np.pi)
        weight = draws * slope / (p * (1 - p))
        information = X.T @ ((weight * slope)[:, None] * X)
        if np.linalg.cond(information) > SINGULAR:
            return None
        covariance = np.linalg.inv(information)
        b = covariance @ (X.T @ (weight * (slope * score + found / draws - p)))
        moved, score = np.abs(X @ b - score).max(), X @ b
        if moved < 1e-10:
            return b, covariance
    return None
