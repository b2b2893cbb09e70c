"""From an estimate to euro: what the firm enters, and what follows from it for benefit, cost and chance."""

import math
import numbers
import re
from dataclasses import dataclass, fields

import numpy as np

from pebbletrail.at_once import AtOnce
from pebbletrail.models.complaints.inputs import mean, quantile

DRAWS, SEED, GRID = 20_000, 11, 21
EVERYTHING = (1.0, 1.0, 1.0)
MEANING = {
    "worth": "euro that one unit more of the outcome is worth, for one case",
    "volume": "cases a year",
    "change": "how far what the firm can change would be moved, in its own unit",
    "cost": "euro a year that the change costs",
    "causal": "share of the estimate taken as causal",
}
LIMITS = {"volume": (0.0, math.inf), "cost": (0.0, math.inf), "causal": (0.0, 1.0)}
_NUMBER = re.compile(r"[-+]?\d+([.,]\d+)?([eE][-+]?\d+)?")
_THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2},\d{3}")


@dataclass(frozen=True)
class Money:
    """What the firm says about money: each a number, ``(low, high)`` or ``(low, likely, high)``; kept as the last.

    A range is a PERT distribution. ``causal`` is None where nobody has stated a share.
    """

    worth: tuple
    volume: tuple
    cost: tuple
    change: tuple = EVERYTHING
    causal: tuple | None = None

    def __post_init__(self):
        for one in fields(self):
            value = getattr(self, one.name)
            if value is not None or one.name != "causal":
                object.__setattr__(self, one.name, _range(one.name, value))

    @classmethod
    def read(cls, texts):
        """From what was typed: ``{"worth": "12", "volume": "40000..60000", "cost": "8000"}``.

        Raises
        ------
        ValueError
            An option that is none, lacks, is no number or range, or leaves its limits; the message names it.
        """
        for name in texts:
            if name not in MEANING:
                raise ValueError(f"--{name}: there is no such option; there are {', '.join(f'--{one}' for one in MEANING)}.")
        read, told = {}, AtOnce()
        if missing := [name for name in ("worth", "volume", "cost") if name not in texts]:
            needed = "; ".join(f"--{name}: {MEANING[name]}" for name in missing)
            told.problems.append(f"A figure in euro needs these too. {needed}.")
        for name, text in texts.items():
            with told.later():
                read[name] = _typed(name, text)
        told.now()
        return cls(**read)

    def likely(self, name):
        """The mean of an entered range."""
        return float(mean("pert", getattr(self, name)))

    @property
    def worthwhile(self):
        """The difference in the outcome that just pays for the cost, at the means; None where nothing has a worth."""
        gain = self.likely("worth") * self.likely("volume")
        return self.likely("cost") / gain if gain else None

    def suits(self, about):
        """Whether the change can be made at all, for a practice.

        Raises
        ------
        ValueError
            What could be changed is a yes or no, and the change goes beyond from one to the other.
        """
        column = about.columns.get(about.exposure)
        if column is not None and column.kind == "yes-no" and not -1 <= self.change[0] <= self.change[2] <= 1:
            raise ValueError(f"--change: {about.exposure} is yes or no, so it changes by 1 (no to yes) or by -1 at most, "
                             f"not by {self.change[0]:g} to {self.change[2]:g}. Leave it out, or write --change=1.")

    def falls_short(self, main):
        """Whether the main estimate's interval leaves out every effect that would pay, at the kindest of all values."""
        if self.worth[0] <= 0 <= self.worth[2]:
            return False
        ends = [main["low"], main["high"]]
        if not np.isfinite(ends).all() or not self.volume[2]:
            return False
        gains = [end * change * worth * self.volume[2] for end in ends for change in self.change for worth in self.worth]
        return max(gains) < self.cost[0]


@dataclass(frozen=True)
class Reckoned:
    """Benefit in euro a year: median and 90 % range, and the chance that it exceeds the cost.

    ``share`` is the causal share it rests on; ``grid`` has ``(share, low, median, high, chance)`` for shares from 0 to 1.
    """

    low: float
    median: float
    high: float
    chance: float
    share: tuple
    stated: bool
    grid: tuple


def reckoned(money, main, design):
    """What the main estimate is worth: estimate x change x worth x volume x causal share.

    Parameters
    ----------
    money : Money or None
    main : dict
        ``estimate`` with ``se`` (and ``df``), or with the ends ``low, high`` of its 95 % interval.
    design : {"association", "before-after", "randomised"}
        An association gives no figure unless a share of it is stated to be causal; the others count whole.

    Returns
    -------
    Reckoned or None

    Notes
    -----
    The estimate is drawn from its t (or normal) distribution, every entered range from its own, 20,000 times, each spread
    evenly over its distribution (Latin hypercube). Checked against the normal distribution where all inputs are numbers.
    """
    if money is None or (design == "association" and money.causal is None):
        return None
    gain = _estimates(main)
    for place, name in enumerate(("change", "worth", "volume"), start=1):
        gain = gain * quantile("pert", getattr(money, name), _spread(place))
    cost, share = quantile("pert", money.cost, _spread(4)), money.causal or EVERYTHING
    grid = tuple((float(one), *_told(gain * one, cost)) for one in np.linspace(0, 1, GRID))
    return Reckoned(*_told(gain * quantile("pert", share, _spread(5)), cost), share, money.causal is not None, grid)


def _told(benefit, cost):
    low, median, high = (float(value) for value in np.quantile(benefit, (0.05, 0.5, 0.95)))
    return low, median, high, float((benefit > cost).mean())


def _estimates(main):
    from scipy.special import ndtri, stdtrit

    se, df = main.get("se"), main.get("df")
    if not _finite(se):
        se, df = (main["high"] - main["low"]) / (2 * ndtri(0.975)), None
    luck = _spread(0)
    return main["estimate"] + se * (stdtrit(df, luck) if _finite(df) else ndtri(luck))


def _spread(place):
    """Shares of a distribution from 0 to 1, one in each of ``DRAWS`` equal parts, in an order of their own."""
    rng = np.random.default_rng(np.random.SeedSequence(SEED, spawn_key=(place,)))
    return (rng.permutation(DRAWS) + rng.random(DRAWS)) / DRAWS


def _finite(value):
    return isinstance(value, numbers.Real) and math.isfinite(value)


def _range(name, value):
    """``(low, likely, high)``, checked."""
    given = (value,) if isinstance(value, numbers.Real) else value
    if not isinstance(given, tuple | list) or not 1 <= len(given) <= 3 or not all(_finite(one) for one in given):
        raise ValueError(f"--{name}: {_as_typed(value)} is not a number, LOW..HIGH or LOW..LIKELY..HIGH ({MEANING[name]}).")
    low, high = float(given[0]), float(given[-1])
    likely = float(given[1]) if len(given) == 3 else (low + high) / 2
    if not low <= likely <= high:
        raise ValueError(f"--{name}: a range rises, from LOW to HIGH; {_as_typed(value)} does not ({MEANING[name]}).")
    least, most = LIMITS.get(name, (-math.inf, math.inf))
    if low < least or high > most:
        limits = f"from {least:g} to {most:g}" if math.isfinite(most) else f"{least:g} or more"
        raise ValueError(f"--{name}: it must be {limits}, not {_as_typed(value)} ({MEANING[name]}).")
    return low, likely, high


def _as_typed(value):
    given = value if isinstance(value, tuple | list) else (value,)
    return "..".join(f"{one:g}" if isinstance(one, numbers.Real) else str(one) for one in given)


def _typed(name, text):
    """The numbers of ``12``, ``8..12`` or ``8..10..12``; a decimal comma is a comma before other than three digits."""
    parts = [re.sub(r"[\s\u00a0\u202f]", "", part) for part in str(text).replace("€", "").split("..")]
    for part in parts:
        if _THOUSANDS.fullmatch(part):
            raise ValueError(f"--{name}: {part!r} may be {part.replace(',', '')} or {part.replace(',', '.')}; write one "
                             "of them, without a comma.")
        if not _NUMBER.fullmatch(part):
            raise ValueError(f"--{name}: {text!r} is not a number such as 12.5, or a range such as 8..12 or 8..9..12 "
                             f"({MEANING[name]}).")
    return tuple(float(part.replace(",", ".")) for part in parts) if len(parts) <= 3 else _range(name, tuple(parts))
