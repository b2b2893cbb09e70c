"""Emotion on a grid of tempers, for the mean path: what a teller has left after an hour, and what a listener catches.

Tempers fall by a fixed share from one to the next, so that cooling for an hour is a move by ``step`` tempers, exactly. What
falls between two tempers is shared out between them so that its mean is kept. Telling ends up to an hour too early by that,
on average.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import ndtri

FINE = 1 / 12  # octaves between two tempers, at most
DEEP = 2.5  # octaves below ``warm`` that are told apart, for resentment
CLASSES = 5  # of trust, equally many customers each


@dataclass(frozen=True)
class Tempers:
    """The grid of a world.

    Attributes
    ----------
    heat : float (tempers,)
        From 1 downwards.
    tells : int
        How many of them are warm: the first ones.
    step : int
        By how many tempers emotion cools in an hour.
    trust : float (CLASSES,)
    catch : float (CLASSES, tempers, tells)
        What listeners of a class of trust catch from a teller of a temper: shares of all listeners; each class sums to
        1 / CLASSES, less what is cooler than the coolest temper.
    mean : float (tells,)
        What is caught from a teller of a temper, on average.
    answered : float (2, tells, tells)
        To which tempers the answer moves each, of those who only heard and of those hit; what is silent then is left out.
    """

    heat: np.ndarray
    tells: int
    step: int
    trust: np.ndarray
    catch: np.ndarray
    answered: np.ndarray
    mean: np.ndarray


def shared(emotion, heat):
    """Each emotion as shares of the two tempers that it lies between; cooler than the last, as a share of it, the rest 0."""
    emotion = np.asarray(emotion, float)[..., None]
    above, below = np.append(1e18, heat[:-1]), np.append(heat[1:], 0.0)  # nothing is hotter than the first
    return np.clip(np.minimum((emotion - below) / (heat - below), (above - emotion) / (above - heat)), 0.0, 1.0)


def tempers(world):
    """The grid of a world, kept."""
    return _tempers(world.half_life, world.warm, world.retold, world.shield, world.trust, world.trust_spread,
                    world.kept(False), world.kept(True))


@lru_cache(maxsize=32)
def _tempers(half_life, warm, retold, shield, mean, spread, *kept):
    step = int(np.ceil(1 / half_life / FINE))
    apart = 1 / half_life / step
    tells = int(np.floor(-np.log2(warm) / apart + 1e-9)) + 1
    heat = 2 ** (-apart * np.arange(tells + int(np.ceil(DEEP / apart))))
    middle = np.clip(mean + spread * ndtri((np.arange(1000) + 0.5) / 1000), 0, 1)
    trust = middle.reshape(CLASSES, -1).mean(axis=1)
    caught = np.minimum(heat[:tells] * retold * (1 - shield * trust[:, None]), 1.0)
    catch = shared(caught, heat).transpose(0, 2, 1) / CLASSES
    answered = shared(np.outer(kept, heat[:tells]), heat)[..., :tells]
    return Tempers(heat, tells, step, trust, np.ascontiguousarray(catch), answered, caught.mean(axis=0))
