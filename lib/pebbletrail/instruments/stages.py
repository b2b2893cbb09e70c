"""A firm in stages: how raters place it on each dimension, where it is weakest, where they differ. Nothing is averaged."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pebbletrail.instruments.answers import checked
from pebbletrail.instruments.raters import Agreement, agreement
from pebbletrail.instruments.scoring import FEW as CONFIDENTIAL
from pebbletrail.instruments.scoring import counted, made_up
from pebbletrail.measures.given import two
from pebbletrail.shown import Shown

FEW = 5  # raters below which a median says little
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
        ``weakest`` (the lowest median of the group), ``differ_most`` (the largest dissent of the group, if above 0).
    agreement : Agreement
        Krippendorff's alpha of each group, weighted kappa of two raters, shares of pairs of ratings that agree.
    values : DataFrame
        The ratings, one row a rater, one column a dimension.
    groups : dict
        The rows of ``values`` of each group, by its name.
    stages : tuple
        The names of the stages.
    by, form, name : str or None
    repeated : tuple
        Codes of raters that occur more than once in a group.
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
    repeated: tuple = ()
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
        if self.repeated:
            told.append(f"More than one row has the same rater: {', '.join(map(str, self.repeated[:LISTED]))}; find out why "
                        "before you count them twice.")
        if min(map(len, self.groups.values())) < CONFIDENTIAL:
            told.append(f"With fewer than {CONFIDENTIAL} raters this table may tell who said what: do not pass it on.")
        return " ".join(told)

    def _one(self, name):
        rows, raters = self.of(name), len(self.groups[name])
        start = f"{name}: " if self.by else ""
        if not (rows["raters"] > 0).any():
            return f"{start}{counted(raters, 'rater')}, and none could say anything."
        weak, split = rows[rows["weakest"]], rows[rows["differ_most"]]
        told = [f"{start}{counted(raters, 'rater')}, {len(rows)} dimensions. Weakest: {self._listed(weak)}."]
        if not split.empty:
            where = "; ".join(f"{row.title} (stages {row.lowest} to {row.highest})" for row in split.itertuples())
            told.append(f"Raters differ most on: {where}; dissent {two(split['dissent'].iloc[0])}, where 0 is all at one "
                        "stage and 1 is half of them at each end.")
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
        by = f"{first}" if first == last else f"{first} to {last}"
        raters = "1 rater" if (first, last) == (1, 1) else f"{by} raters"
        return f"{', '.join(rows['title'])} (median stage {words}; {raters})"

    def figure(self, group=None, alt=None):
        """The profile of a group: a row for each dimension, a column for each stage, a dot for each rater."""
        from pebbletrail.figures import described
        from pebbletrail.instruments.stages_picture import profile_picture

        name, rows = self.named(group), self.of(group)
        parts = "; ".join(f"{row.title}: {row.median}" + (", the weakest" if row.weakest else "") if row.raters else
                          f"{row.title}: nobody could say" for row in rows.itertuples())
        return described(profile_picture(self, name), alt,
                         f"Grid of {len(rows)} dimensions in rows and {len(self.stages)} stages in columns, a dot for each "
                         f"rater, the median coloured{f' ({name})' if self.by else ''}. Median stages: {parts}.")


def medians(ratings):
    """``(lower, upper)`` median of ratings: the middle one of an odd number, the two middle ones of an even number.

    Both are ratings that were given, so that an order is all they need; ``(NaN, NaN)`` of none.
    """
    given = np.sort(np.asarray(ratings, dtype=float)[~np.isnan(np.asarray(ratings, dtype=float))])
    return (given[(len(given) - 1) // 2], given[len(given) // 2]) if len(given) else (np.nan, np.nan)


def dissent(counts):
    """How far raters are spread over ordered stages, from 0 (all at one) to 1 (half of them at each end); NaN of none.

    Leik (1966, Pacific Sociological Review 9, 85-90): twice the sum of the cumulative shares' distances to 0 or 1,
    whichever is nearer, divided by the number of stages less one. It uses the order alone, no distances between stages.
    """
    counts = np.asarray(counts, dtype=float)
    if not counts.sum():
        return np.nan
    below = np.cumsum(counts) / counts.sum()
    return float(2 * np.minimum(below, 1 - below).sum() / (len(counts) - 1))


def profile(instrument, answers, form=None, by=None, replicates=1000, seed=0):
    """The ``StageProfile`` of these ratings; ``Instrument.score`` says what is asked of them.

    Parameters
    ----------
    by : str, optional
        Column whose values are compared. Default: the column that the form says raters share (``firm``), where it is there
        and filled in; otherwise all rows are one group.
    replicates, seed
        Of the bootstrap of alpha.

    Notes
    -----
    Checked against cases worked by hand, alpha from its definition in fractions, statsmodels' kappa, and the value that the
    documentation of R's agrmt prints for Leik's measure.
    """
    form, values, others = checked(instrument, answers, form)
    rater = instrument.definition.form(form).keys[0]
    shared = instrument.definition.form(form).clustered_in
    by = _grouping(answers, others, shared, by)
    keys = pd.Series("all raters", values.index) if by is None else answers[by]
    values = values.reset_index(drop=True)
    groups = {name: np.flatnonzero(keys.to_numpy() == name) for name in pd.unique(keys)}
    dimensions = {scale.items[0].id: scale.titles[instrument.language] for scale in instrument.definition.scales_of(form)}
    stages = tuple(instrument.kind.words(instrument.language).values())
    parts = []
    for name, rows in groups.items():
        part = pd.DataFrame([_row(dimension, title, values[dimension].to_numpy()[rows], stages)
                             for dimension, title in dimensions.items()])
        middle = list(zip(part["median_low"], part["median_high"], strict=True))
        low = min((pair for pair in middle if not np.isnan(pair[0])), default=None)
        most = part["dissent"].max()
        part = part.assign(weakest=[pair == low for pair in middle],
                           differ_most=np.isclose(part["dissent"], most) & (most > 0))
        parts.append(part if by is None else part.assign(**{by: name})[[by, *part.columns]])
    found = agreement({name: values.iloc[rows] for name, rows in groups.items()}, by, (1, len(stages)),
                      replicates, seed)
    whole = dict.fromkeys(("median_low", "median_high", "lowest", "highest"), "Int64")  # a stage has no decimals
    return StageProfile(pd.concat(parts, ignore_index=True).astype(whole), found, values, groups, stages, by, form,
                        instrument.name, _repeated(answers, rater, keys), made_up(answers))


def _row(dimension, title, ratings, stages):
    given = ratings[~np.isnan(ratings)]
    counts = [int((given == stage).sum()) for stage in range(1, len(stages) + 1)]
    low, high = medians(given)
    named = [f"{stage:.0f} {stages[int(stage) - 1]}" for stage in (low, high) if not np.isnan(stage)]
    return {"dimension": dimension, "title": title, "raters": len(given), "cannot_say": len(ratings) - len(given),
            **{f"stage_{number}": count for number, count in enumerate(counts, 1)}, "median_low": low,
            "median_high": high, "median": " to ".join(dict.fromkeys(named)) or "none",
            "lowest": given.min() if len(given) else np.nan, "highest": given.max() if len(given) else np.nan,
            "dissent": dissent(counts)}


def _repeated(answers, rater, groups):
    """Codes of raters that occur more than once in a group; a row without a code is somebody of their own."""
    if rater not in answers:
        return ()
    codes = pd.DataFrame({"group": groups.to_numpy(), "rater": answers[rater].to_numpy()}).dropna(subset=["rater"])
    return tuple(codes["rater"][codes.duplicated()].unique())


def _grouping(answers, others, shared, by):
    """The column that tells groups apart, checked; None for a single group."""
    if by is None and shared in others and answers[shared].notna().any():
        by = shared
    if by is None:
        return None
    if by not in others:
        there = ", ".join(map(repr, others)) or "none"
        raise ValueError(f"by: there is no column {by!r} beside the ratings; there are {there}.")
    if without := int(answers[by].isna().sum()):
        raise ValueError(f"by: {without} of {len(answers)} rows have no {by}; fill it in, or leave these rows out.")
    if by != shared and shared in others and len(several := answers[shared].dropna().unique()) > 1:
        raise ValueError(f"by: the table holds {len(several)} different values of {shared}; choose the rows of one of them "
                         f"first, so that {by} is compared within it.")
    return by
