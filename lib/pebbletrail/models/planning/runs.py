"""Simulated studies of some sizes of a design: drawn in batches, by whatever workers, and what they say of a size."""

from dataclasses import dataclass

import numpy as np

from pebbletrail.models.replicates import FEWEST, _computed
from pebbletrail.progress import Progress

CELLS, BATCH = 2**19, 4096  # numbers in memory at once for a batch, and studies in it at most
STEPS = 60  # on the way from no effect to the largest, where there is one
Z = 1.959963984540054


@dataclass(frozen=True)
class Job:
    """What a worker is given: the design. A task is ``(seed, (size, draws))``."""

    design: object

    def batch(self, seed, what):
        return self.design.draw(np.random.default_rng(seed), *what)


def simulate(design, sizes, draws, root, workers=1):
    """``({size: studies}, interrupted)``: ``draws`` studies of each size, fewer where Ctrl-C came.

    A batch's seed rests on ``root`` (a SeedSequence), the size and the batch's number alone, so that a size's studies are
    the same whatever other sizes are simulated, and whoever does it.

    Raises
    ------
    KeyboardInterrupt
        Only where no size had 50 studies when Ctrl-C came.
    """
    tasks = [(_seed(root, size, number), (size, count))
             for size in sizes for number, count in enumerate(_batches(design, size, draws))]
    done, interrupted = {}, False
    with Progress(len(sizes) * draws, "simulated studies") as progress:
        try:
            for number, studies in _computed(Job(design), tasks, workers):
                done[number] = studies
                progress.add(len(studies))
        except KeyboardInterrupt:
            interrupted = True
    found = {}
    for number in sorted(done):
        found.setdefault(tasks[number][1][0], []).append(done[number])
    found = {size: np.concatenate(parts) for size, parts in found.items()}
    if interrupted:
        found = {size: studies for size, studies in found.items() if len(studies) >= min(FEWEST, draws)}
        if not found:
            raise KeyboardInterrupt
    return found, interrupted


def _batches(design, size, draws):
    most = max(1, min(BATCH, CELLS // design.cells(size)))
    return [min(most, draws - start) for start in range(0, draws, most)]


def _seed(root, size, number):
    return np.random.SeedSequence(root.entropy, spawn_key=(*root.spawn_key, size, number))


def wilson(share, draws):
    """The 95 % interval for a probability from the ``share`` of ``draws`` (Wilson 1927)."""
    middle = (share + Z**2 / (2 * draws)) / (1 + Z**2 / draws)
    half = Z * np.sqrt(share * (1 - share) / draws + Z**2 / (4 * draws**2)) / (1 + Z**2 / draws)
    # rounding must not leave the share itself out: at 0 and 1 it is an end of the interval
    return min(max(float(middle - half), 0.0), float(share)), max(min(float(middle + half), 1.0), float(share))


def row_of(design, size, studies, effect, target):
    """What the studies of a size say: a row of the plan's table, as a dict."""
    draws = len(studies)
    row = {"size": size, **design.beside(size)}
    if effect is not None:
        share = share_found(design, studies, effect)
        low, high = wilson(share, draws)
        row |= {"power": share, "power_low": low, "power_high": high}
    row["half_width"] = float(design.half_widths(studies, effect).mean())
    smallest, low, high = detectable(design, studies, target, -1 if effect is not None and effect < 0 else 1)
    return row | {"detectable": smallest, "detectable_low": low, "detectable_high": high,
                  "false_alarms": share_found(design, studies, 0.0), "draws": draws}


def detectable(design, studies, target, sign=1):
    """``(smallest effect, low, high)``: the least that is found in the share ``target`` of the studies, without its sign.

    ``low`` to ``high`` are the effects whose own Monte Carlo interval holds the target. NaN where no effect that is possible
    is found so often.
    """
    error = Z * np.sqrt(target * (1 - target) / len(studies))
    steps = _steps(design, studies, sign, target + error)
    return tuple(_least(design, studies, sign, steps, share) for share in (target, target - error, target + error))


def share_found(design, studies, effect):
    """The share of the studies that find the effect."""
    return np.count_nonzero(design.found(studies, effect)) / len(studies)


def _steps(design, studies, sign, share):
    """``[(effect, share of the studies that find it)]`` from small effects to large ones, until enough do.

    Where effects have a limit, steps are small up to it: with standardised paths near 1 a stronger effect may be found less
    often, since m then hardly differs from x.
    """
    if np.isfinite(design.largest):
        effects = design.largest * (np.arange(1, STEPS + 1) / STEPS) ** 2
        return [(effect, share_found(design, studies, sign * effect)) for effect in effects]
    effect, steps = float(np.mean(design.half_widths(studies, None))), []
    while not steps or steps[-1][1] < min(share, 1):
        steps.append((effect, share_found(design, studies, sign * effect)))
        effect *= 2
    return steps


def _least(design, studies, sign, steps, share):
    """The first effect with so large a share, by bisection: the studies are the same for every effect."""
    at = next((number for number, (_, found) in enumerate(steps) if found >= share), None)
    if at is None:
        return np.nan
    low, high = steps[at - 1][0] if at else 0.0, steps[at][0]
    while high - low > 1e-6 * high:
        middle = (low + high) / 2
        low, high = (low, middle) if share_found(design, studies, sign * middle) >= share else (middle, high)
    return high
