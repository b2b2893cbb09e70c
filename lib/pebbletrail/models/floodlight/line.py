"""A slope along a moderator as a line with a band, pointwise or for all values at once."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pebbletrail.models.floodlight.region import regions


def _pointwise(df):
    from scipy.special import stdtrit

    return float(stdtrit(df, 0.975))


def _simultaneous(df):
    from scipy.special import fdtri

    return float(np.sqrt(2 * fdtri(2, df, 0.95)))


def _p_of_t(statistic, df):
    from scipy.special import stdtr

    return 2 * stdtr(df, -np.abs(statistic))


def _p_of_f(statistic, df):
    from scipy.special import fdtrc

    return fdtrc(2, df, statistic**2 / 2)


BANDS = {"pointwise": (_pointwise, _p_of_t), "simultaneous": (_simultaneous, _p_of_f)}


@dataclass(frozen=True, eq=False)
class Line:
    """The slope along a moderator.

    Attributes
    ----------
    b, V : array (2,), array (2, 2)
        The slope where the moderator is at ``origin``, and what one more of the moderator adds; their covariance.
    df, origin : float
    band : str
        A name in ``BANDS``.
    """

    b: np.ndarray
    V: np.ndarray
    df: float
    origin: float
    band: str

    def at(self, moderator, values):
        """The slope at some values of the moderator, as a table."""
        critical, p = BANDS[self.band]
        z = np.asarray(values, dtype=float)
        away = z - self.origin
        estimate = self.b[0] + self.b[1] * away
        se = np.sqrt(self.V[0, 0] + 2 * away * self.V[0, 1] + away**2 * self.V[1, 1])
        half = critical(self.df) * se
        return pd.DataFrame({moderator: z, "estimate": estimate, "se": se, "statistic": estimate / se, "df": self.df,
                             "p_value": p(estimate / se, self.df), "ci_low": estimate - half, "ci_high": estimate + half})

    @property
    def regions(self):
        """``(low, high, sign)`` where the interval excludes 0."""
        found = regions(self.b, self.V, BANDS[self.band][0](self.df))
        return [(float(low + self.origin), float(high + self.origin), sign) for low, high, sign in found]
