"""A second coder who is simulated: draws codes by a stated table of errors, and understands nothing."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from pebbletrail.coding.codebook import codebook, codes, workshop
from pebbletrail.coding.codings import by_nobody, checked
from pebbletrail.shown import Shown


@dataclass(frozen=True, repr=False)
class SimulatedCoder(Shown):
    """Codes that were drawn by chance.

    Attributes
    ----------
    coding : Series
        From id to code.
    seed : int
        The luck.
    rival : float
        Chance of taking the second reading of a comment that has one.
    slips : float
        What the chances of a slip are multiplied by; 0 is a coder who never slips.
    """

    coding: pd.Series
    seed: int
    rival: float
    slips: float

    @property
    def table(self):
        """Chances of each code (columns, by name) by how a comment was meant (``meant``), no second reading being taken."""
        names = codebook().names
        return error_table(self.slips).rename(index=names, columns=names).rename_axis("meant").reset_index()

    @property
    def expected(self):
        """The share of comments that this coder would code as they were meant, in the mean of all luck."""
        table = chances(self.rival, self.slips)
        return float(np.mean([table.loc[id, one["code"]] for id, one in workshop()["meant"].items()]))

    @property
    def text(self):
        """What it is, with its error model in words."""
        comments = len(workshop()["meant"])
        return (f"A SIMULATED coder (seed {self.seed}). It does not read. Each comment has the code that its writer meant, "
                f"and {len(rivals())} of {comments} a second reading, which it takes with chance {self.rival:g}. Otherwise "
                f"it draws from the row of the table below. In the mean it codes {100 * self.expected:.0f} % as they were "
                "meant. All chances are assumed by us.")


def rivals():
    """The ids of the comments that have a second reading."""
    return [id for id, one in workshop()["meant"].items() if "rival" in one]


def error_table(slips=1.0):
    """DataFrame of chances: rows as meant, columns as coded; what is off the diagonal times ``slips``."""
    made = pd.DataFrame({meant: workshop()["simulated"][meant] for meant in codes()}).T
    made = made.reindex(index=codes(), columns=codes()).fillna(0.0) * slips
    off = made.to_numpy(copy=True)
    np.fill_diagonal(off, 0.0)
    np.fill_diagonal(off, 1 - off.sum(axis=1))
    return pd.DataFrame(off, made.index, made.columns)


@cache
def chances(rival, slips):
    """DataFrame: the chance of each code (columns) for each comment (rows)."""
    table = error_table(slips)
    rows = {}
    for id, one in workshop()["meant"].items():
        row = table.loc[one["code"]]
        if "rival" in one:
            row = (1 - rival) * row + rival * (table.columns == one["rival"])
        rows[id] = row
    return pd.DataFrame(rows).T


def simulated_coder(seed=1, rival=None, slips=1.0):
    """A second coder for the thirty comments, **simulated**.

    Parameters
    ----------
    seed : int
        The luck: the same seed gives the same codes.
    rival : float, optional
        Chance from 0 to 1 of taking a comment's second reading, where it has one (irony taken at its word, the other half
        of a mixed comment). Default 0.4.
    slips : float
        0 to 4: what the chances of a slip are multiplied by.

    Returns
    -------
    SimulatedCoder
        ``.coding``, ``.table`` (the error table), ``.expected``, ``.text``.

    Raises
    ------
    ValueError
        A number outside its range.

    Notes
    -----
    Comments are drawn independently of each other. Agreement with such a coder shows how the measures of agreement behave;
    it says nothing on how two people would agree, and nothing on whether either is right.
    """
    rival = workshop()["simulated"]["rival"] if rival is None else rival
    for name, value, high in (("rival", rival, 1), ("slips", slips, 4)):
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= high:
            raise ValueError(f"{name}: {value!r} is not a number from 0 to {high}.")
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise ValueError(f"seed: {seed!r} is not a whole number from 0 on.")
    draws = np.random.default_rng(seed).random(len(workshop()["meant"]))
    ladder = chances(rival, slips).cumsum(axis=1)
    # the last step of the ladder may miss 1 by a rounding error
    picked = [min(int(np.searchsorted(row, draw, side="right")), len(codes()) - 1)
              for row, draw in zip(ladder.to_numpy(), draws, strict=True)]
    coding = checked(dict(zip(ladder.index, np.array(codes(), dtype=object)[picked], strict=True)))
    return SimulatedCoder(by_nobody(coding, "simulated"), int(seed), float(rival), float(slips))
