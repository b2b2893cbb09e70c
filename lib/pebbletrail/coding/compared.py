"""Two codings of the same comments: how far they agree, where they differ, and what made those comments hard."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pebbletrail.coding.codebook import codebook, codes, verbatims, workshop
from pebbletrail.coding.codings import NOBODY, checked
from pebbletrail.figures import PALETTE, described, new_figure
from pebbletrail.measures.given import two
from pebbletrail.measures.proportion import wilson
from pebbletrail.shown import Shown

FEWEST = 10  # comments coded by both, below which no measure of agreement is worth computing
KINDS = {"plain": "one subject, said straight", "mixed": "two subjects in one comment", "irony": "means its opposite",
         "thin": "hardly says anything"}
TAKEN = ("id", "text", "same", "kind", "meant", "second_reading")  # columns of the tables, which no coder can be called


@dataclass(frozen=True, repr=False)
class Codings(Shown):
    """Two coders' codes side by side.

    Attributes
    ----------
    codes : DataFrame
        One row a comment, by id: the first coder's code and the second's, as columns of their names.
    names : (str, str)
    nobody : tuple of str
        "simulated" or "made up" for each coder known to be no person.
    kappa : Kappa or None
        Cohen's kappa (``pt.kappa``); None where both used a single code.
    alpha : Krippendorff or None
        Krippendorff's alpha on the nominal level (``pt.krippendorff``).
    """

    codes: pd.DataFrame
    names: tuple
    nobody: tuple
    kappa: object
    alpha: object

    @property
    def both(self):
        """The comments that both coded."""
        return self.codes.dropna()

    @property
    def same(self):
        """Series of bool by id: whether both gave the same code, for the comments that both coded."""
        return self.both[self.names[0]] == self.both[self.names[1]]

    @property
    def table(self):
        """One row a comment that both coded: ``id, text``, the two codes by name, ``same``, ``kind`` (what made it hard)."""
        made = verbatims().set_index("id").loc[self.both.index, ["text"]].join(self.both.replace(codebook().names))
        made["same"] = self.same
        made["kind"] = [workshop()["meant"][id]["kind"] for id in made.index]
        return made.reset_index()

    @property
    def differences(self):
        """The comments coded differently, with how they were meant by who wrote them (``meant``, ``second_reading``)."""
        made = self.table[~self.table["same"]].drop(columns="same").reset_index(drop=True)
        meant, names = [workshop()["meant"][id] for id in made["id"]], codebook().names
        return made.assign(meant=[names[one["code"]] for one in meant],
                           second_reading=[names.get(one.get("rival"), "") for one in meant])

    @property
    def kinds(self):
        """One row a kind of comment: ``kind, meaning, comments, same, differ, share``."""
        table = self.table
        rows = []
        for kind, meaning in KINDS.items():
            same = table.loc[table["kind"] == kind, "same"]
            rows.append({"kind": kind, "meaning": meaning, "comments": len(same), "same": int(same.sum()),
                         "differ": int((~same).sum()), "share": same.mean() if len(same) else np.nan})
        return pd.DataFrame(rows)

    @property
    def counts(self):
        """Comments by the first coder's code (rows) and the second's (columns), codes in the codebook's order."""
        made = pd.crosstab(self.both[self.names[0]], self.both[self.names[1]])
        return made.reindex(index=codes(), columns=codes(), fill_value=0)

    @property
    def summary(self):
        """``statistic, estimate, ci_low, ci_high, n``: share agreed (Wilson's interval), kappa, alpha."""
        low, high = wilson(int(self.same.sum()), len(self.same))
        rows = [("share agreed", self.same.mean(), low, high)]
        for name, found in (("Cohen's kappa", self.kappa), ("Krippendorff's alpha", self.alpha)):
            rows.append((name, found.estimate, *found.ci) if found is not None else (name, np.nan, np.nan, np.nan))
        made = pd.DataFrame(rows, columns=["statistic", "estimate", "ci_low", "ci_high"])
        return made.assign(n=len(self.same))

    @property
    def text(self):
        """How far they agree, in words, and what that does not say."""
        agreed, n = int(self.same.sum()), len(self.same)
        told = (f"{self.names[0]} and {self.names[1]} gave the same code to {agreed} of {n} comments "
                f"({100 * agreed / n:.0f} %). ")
        if self.kappa is None:
            told += "Both used one code only, so kappa and alpha are undefined. "
        else:
            told += f"Kappa {two(self.kappa.estimate)}, alpha {two(self.alpha.estimate)}. "
            if np.isnan(self.kappa.ci[0]):
                why = "they agree throughout" if agreed == n else "one of them used a single code"
                told += f"Kappa's interval is left empty, since {why} and its error cannot be worked out. "
        if self.nobody:
            kinds = " and one ".join(dict.fromkeys(kind.upper() for kind in self.nobody))
            told += (f"One of them is {kinds}: this shows how measures of agreement behave, and nothing on how two people "
                     "would agree.")
        else:
            told += ("If two people coded, this says how far they read alike, and nothing on whether what they read "
                     "matters.")
        return told

    def figure(self, alt=None):
        """The counts as a square: on the diagonal they agree."""
        counts, names = self.counts.to_numpy(), list(codebook().names.values())
        fig, ax = new_figure(6.6, 4.6)
        ax.set(xlim=(-0.5, len(names) - 0.5), ylim=(len(names) - 0.5, -0.5))
        for row in range(len(names)):
            for column in range(len(names)):
                number = counts[row, column]
                colour = PALETTE[0] if row == column else PALETTE[1]
                if row == column or number:
                    share = min(1.0, 0.15 + number / counts.max())
                    ax.add_patch(_square(column, row, colour, share if number else 0.06))
                if number:
                    ax.text(column, row, str(number), ha="center", va="center", fontsize=12)
        ax.set_xticks(range(len(names)), names, rotation=35, ha="right")
        ax.set_yticks(range(len(names)), names)
        ax.set(xlabel=self.names[1], ylabel=self.names[0])
        ax.set_title("blue: the same code; orange: another", fontsize=11)
        on, off = int(self.same.sum()), int((~self.same).sum())
        return described(fig, alt, f"Square of counts, {self.names[0]} against {self.names[1]}: {on} comments on the "
                                   f"diagonal, where both gave the same code, and {off} beside it.")


def _square(x, y, colour, share):
    from matplotlib.patches import Rectangle

    return Rectangle((x - 0.47, y - 0.47), 0.94, 0.94, facecolor=colour, alpha=0.75 * share, linewidth=0)


def compare_codings(first, second, names=("you", "second coder"), seed=0):
    """How far two codings of the thirty comments agree.

    Parameters
    ----------
    first, second : Series, dict, the panel, or the simulated coder
        From id to code. *Can't say* is a code; a comment that one of them left out is left out here.
    names : (str, str)
        What the coders are called in tables and pictures; not the name of a column (``TAKEN``).
    seed : int
        Luck of the bootstrap behind alpha's interval.

    Returns
    -------
    Codings
        ``.summary`` (share agreed, kappa, alpha, each with its interval), ``.table``, ``.differences``, ``.kinds``,
        ``.counts``, ``.kappa``, ``.alpha``, ``.text``, ``.figure()``.

    Raises
    ------
    ValueError
        Fewer than 10 comments coded by both, unknown codes or ids, names that are not two different texts or
        that the tables need themselves; another comparison instead of a coding.

    Notes
    -----
    Kappa takes chance from how often each coder uses each code, alpha from how often both together do; with thirty comments
    the two are close and their intervals wide. Checked against hand-worked tables and psych (through ``pt.kappa``).
    """
    names = _checked_names(names)
    if any(isinstance(given, Codings) for given in (first, second)):
        raise ValueError("first, second: one of them is already a comparison of two codings; give the panel (workshop), or "
                         "a panel that has loaded a file of codes.")
    one, other = checked(first, "first"), checked(second, "second")
    pair = pd.DataFrame({names[0]: one, names[1]: other})
    both = pair.dropna()
    if len(both) < FEWEST:
        raise ValueError(f"first, second: both coded {len(both)} of the same comments; at least {FEWEST} are needed. Code "
                         "some more, and run the cell again.")
    kappa = alpha = None
    if len(set(both.to_numpy().ravel())) > 1:
        from pebbletrail.measures.kappa import kappa as cohen
        from pebbletrail.measures.krippendorff_alpha import krippendorff

        kappa = cohen(both[names[0]], both[names[1]], categories=codes())
        alpha = krippendorff(both, seed=seed)
    nobody = tuple(given.attrs[NOBODY] for given in (one, other) if NOBODY in given.attrs)
    return Codings(pair, names, nobody, kappa, alpha)


def _checked_names(names):
    names = (names,) if isinstance(names, str) else tuple(names)
    if len(names) != 2 or not all(isinstance(one, str) and one.strip() for one in names) or names[0] == names[1]:
        raise ValueError(f"names: two different texts are needed, one for each coder, not {names!r}.")
    if taken := [one for one in names if one in TAKEN]:
        raise ValueError(f"names: {taken[0]!r} is the name of a column of the tables; call the coder something else, such "
                         f"as 'coder {taken[0]}'.")
    return names
