"""A firm in stages: how raters place it on each dimension, where it is weakest, where they differ. Nothing is averaged."""

from dataclasses import dataclass

import pandas as pd

from pebbletrail.instruments.raters import Agreement
from pebbletrail.instruments.scoring import FEW as CONFIDENTIAL
from pebbletrail.instruments.scoring import counted
from pebbletrail.measures.given import two
from pebbletrail.shown import Shown

FEW = 5  # raters below which a median says little
ENOUGH = 3  # ratings of a dimension from which it can be one on which raters differ most
LISTED = 4  # groups that the sentence tells


@dataclass(frozen=True, repr=False)
class StageProfile(Shown):
    """Where raters place one or several groups (firms, sides) on each dimension.

    Attributes
    ----------
    table : DataFrame
        One row a group and dimension: the group's column (``firm`` or ``by``; not there for a single group), ``dimension,
        title, raters`` (with a rating), ``cannot_say, stage_1 … stage_5`` (raters at each stage), ``median_low,
        median_high`` (lower and upper median), ``median`` (in words), ``lowest, highest`` (stages given), ``dissent``,
        ``weakest`` (the lowest median of the group), ``differ_most`` (the largest dissent of the group, if above 0, among
        dimensions with three ratings at least). Of groups in ``hidden`` no stage is told: these cells are empty.
    agreement : Agreement
        Krippendorff's alpha of each group, weighted kappa of two raters, shares of pairs of ratings that agree.
    values : DataFrame
        The ratings, one row a rater, one column a dimension.
    groups : dict
        The rows of ``values`` of each group, by its name.
    stages : tuple
        The names of the stages.
    by, form, name : str or None
    hidden : tuple
        Groups of fewer than 10 raters whose stages are not told, as the sheet promises; none with ``small=True``.
    made_up : str
        What is to be said of ratings that nobody gave; empty for real ones.
    """

    table: pd.DataFrame
    agreement: Agreement
    values: pd.DataFrame
    groups: dict
    stages: tuple
    by: str | None
    form: str
    name: str
    hidden: tuple = ()
    made_up: str = ""

    def of(self, group=None):
        """The rows of one group; the only one, where there is one."""
        return self.table if self.by is None else self.table[self.table[self.by] == self.named(group)]

    def named(self, group=None):
        """The name of a group, checked."""
        names = list(self.groups)
        if group is None and len(names) == 1:
            return names[0]
        if group not in names:
            raise ValueError(f"group: {group!r} is not one of {', '.join(map(repr, names))}; say which {self.by or 'one'}.")
        return group

    @property
    def text(self):
        """For each group its weakest dimensions and where raters differ most; agreement; what is not done here."""
        told = [self.made_up] if self.made_up else []
        told += [self._one(name) for name in list(self.groups)[:LISTED]]
        if more := len(self.groups) - LISTED:
            told += [f"And {counted(more, self.by)} more: see the table."] if more > 0 else []
        told.append(self.agreement.text)
        told.append("The stages are an order and no more: no mean and no total is formed, and none should be. What "
                    "raters say they saw is not what is; a firm that rates itself is no witness.")
        if min(map(len, self.groups.values())) < CONFIDENTIAL:
            told.append(f"With fewer than {CONFIDENTIAL} raters this table may tell who said what: do not pass it on.")
        return " ".join(told)

    def _one(self, name):
        rows, raters = self.of(name), len(self.groups[name])
        start = f"{name}: " if self.by else ""
        if not (rows["raters"] > 0).any():
            return f"{start}{counted(raters, 'rater')}, and none could say anything."
        if name in self.hidden:
            return (f"{start}{counted(raters, 'rater')}: with fewer than {CONFIDENTIAL} nothing is told of them by "
                    "themselves, as the sheet promises.")
        weak, split = rows[rows["weakest"]], rows[rows["differ_most"]]
        told = [f"{start}{counted(raters, 'rater')}, {len(rows)} dimensions. Weakest: {self._listed(weak)}."]
        if not split.empty:
            where = "; ".join(f"{row.title} (stages {row.lowest} to {row.highest}; {counted(row.raters, 'rater')})"
                              for row in split.itertuples())
            told.append(f"Raters differ most on: {where}; dissent {two(split['dissent'].iloc[0])}, where 0 is all at one "
                        "stage and 1 is half of them at each end.")
            if len(set(rows.loc[rows["raters"] >= ENOUGH, "raters"])) > 1:
                told.append("Dissents from different numbers of raters do not quite compare: an odd number cannot reach 1.")
        elif (rows["dissent"] > 0).any():
            told.append(f"With fewer than {ENOUGH} ratings no dimension is called the one on which raters differ most.")
        elif (rows["raters"] > 1).any():
            told.append("Raters do not differ on any dimension.")
        if len(silent := rows[rows["raters"] == 0]):
            told.append(f"Nobody could say: {', '.join(silent['title'])}.")
        if raters < FEW:
            told.append(f"With {counted(raters, 'rater')} a median says little.")
        return " ".join(told)

    @staticmethod
    def _listed(rows):
        words, (first, last) = rows["median"].iloc[0], (rows["raters"].min(), rows["raters"].max())
        by = f"{first:,}" if first == last else f"{first:,} to {last:,}"
        raters = "1 rater" if (first, last) == (1, 1) else f"{by} raters"
        return f"{', '.join(rows['title'])} (median stage {words}; {raters})"

    def figure(self, group=None, alt=None):
        """The profile of a group: a row for each dimension, a column for each stage, a dot for each rater."""
        from pebbletrail.figures import described
        from pebbletrail.instruments.stages_picture import profile_picture

        name, rows = self.named(group), self.of(group)
        if name in self.hidden:
            raise ValueError(f"group: {name!r} has fewer than {CONFIDENTIAL} raters, and the sheet promises that nothing is "
                             "told of so few by themselves. Score with small=True to see them, and pass nothing on.")
        parts = "; ".join(f"{row.title}: {row.median}" + (", the weakest" if row.weakest else "") if row.raters else
                          f"{row.title}: nobody could say" for row in rows.itertuples())
        return described(profile_picture(self, name), alt,
                         f"Grid of {len(rows)} dimensions in rows and {len(self.stages)} stages in columns, a dot for each "
                         f"rater, the median coloured{f' ({name})' if self.by else ''}. Median stages: {parts}.")
