"""From raters' ticks to a profile: medians that are stages, dissent, groups; what would give few raters away is left out."""

import numpy as np
import pandas as pd

from pebbletrail.instruments.answers import checked
from pebbletrail.instruments.raters import agreement
from pebbletrail.instruments.scoring import made_up
from pebbletrail.instruments.stages import CONFIDENTIAL, ENOUGH, StageProfile

TELLING = ("cannot_say", "stage_1", "stage_2", "stage_3", "stage_4", "stage_5", "median_low", "median_high", "lowest",
           "highest", "dissent")  # columns from which it can be told what few raters ticked
OWN = ("dimension", "title", "raters", *TELLING, "median", "weakest", "differ_most", "statistic", "estimate", "ci_low",
       "ci_high", "units", "ratings", "same", "near", "note")  # columns that a group's column must not be called


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


def profile(instrument, answers, form=None, by=None, small=False, replicates=1000, seed=0):
    """The ``StageProfile`` of these ratings; ``Instrument.score`` says what is asked of them.

    Parameters
    ----------
    by : str, optional
        Column whose values are compared. Default: the column that the form says raters share (``firm``), where it is there
        and filled in; otherwise all rows are one group. Other columns tell a firm's sides apart: the sheet promises that
        nothing is told of fewer than 10 raters of a side, and so no stage of theirs is.
    small : bool
        Tell it all the same: for whoever holds the sheets, and never to be passed on.
    replicates, seed
        Of the bootstrap of alpha, where there are 15 dimensions or more.

    Raises
    ------
    ValueError
        As ``Instrument.score``; two rows of one rater, a ``by`` that tells single raters apart.

    Notes
    -----
    Checked against cases worked by hand, alpha from its definition in fractions, statsmodels' kappa, and the value that the
    documentation of R's agrmt prints for Leik's measure.
    """
    form, values, others = checked(instrument, answers, form)
    rater = instrument.definition.form(form).keys[0]
    shared = instrument.definition.form(form).clustered_in
    if not isinstance(small, bool | np.bool_):
        raise ValueError(f"small: True or False is needed, not {small!r}.")
    by = _grouping(answers, others, shared, rater, by)
    keys = pd.Series("all raters", values.index) if by is None else answers[by].map(_stripped)
    _refuse_twice(answers, rater, answers[shared].map(_stripped) if shared in others else keys)
    values = values.reset_index(drop=True)
    groups = {name: np.flatnonzero(keys.to_numpy() == name) for name in pd.unique(keys)}
    dimensions = {scale.items[0].id: scale.titles[instrument.language] for scale in instrument.definition.scales_of(form)}
    stages = tuple(instrument.kind.words(instrument.language).values())
    hidden = () if small or by in (None, shared) else tuple(
        name for name, rows in groups.items() if len(rows) < CONFIDENTIAL)
    parts = []
    for name, rows in groups.items():
        part = pd.DataFrame([_row(dimension, title, values[dimension].to_numpy()[rows], stages)
                             for dimension, title in dimensions.items()])
        middle = list(zip(part["median_low"], part["median_high"], strict=True))
        low = min((pair for pair in middle if not np.isnan(pair[0])), default=None)
        enough = part["raters"] >= ENOUGH
        most = part.loc[enough, "dissent"].max()
        part = part.assign(weakest=[pair == low for pair in middle],
                           differ_most=enough & np.isclose(part["dissent"], most) & (most > 0))
        if name in hidden:
            part = part.assign(**dict.fromkeys(TELLING, np.nan), weakest=False, differ_most=False,
                               median=f"fewer than {CONFIDENTIAL} raters")
        parts.append(part if by is None else part.assign(**{by: name})[[by, *part.columns]])
    found = agreement({name: values.iloc[rows] for name, rows in groups.items()}, by, (1, len(stages)),
                      replicates, seed)
    places = ("median_low", "median_high", "lowest", "highest")  # a stage has no decimals
    whole = dict.fromkeys([one for one in TELLING if one != "dissent"] if hidden else places, "Int64")
    return StageProfile(pd.concat(parts, ignore_index=True).astype(whole), found, values, groups, stages, by, form,
                        instrument.name, hidden, made_up(answers, instrument, form))


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


def _stripped(name):
    """A name without the spaces around it, and None for nothing but spaces."""
    return (name.strip() or None) if isinstance(name, str) else name


def _refuse_twice(answers, rater, groups):
    """That nobody rates a firm twice; a row without a code is somebody of their own."""
    if rater not in answers:
        return
    codes = pd.DataFrame({"group": groups.to_numpy(), "rater": answers[rater].map(_stripped).to_numpy()})
    codes = codes.dropna(subset=["rater"])
    if len(twice := codes["rater"][codes.duplicated()].unique()):
        raise ValueError(f"answers: {', '.join(map(repr, twice[:5]))} has more than one row of the same firm in the column "
                         f"{rater!r}; each rater counts once. Leave a row out, or give people codes of their own.")


def _grouping(answers, others, shared, rater, by):
    """The column that tells groups apart, checked; None for a single group."""
    if by is None and shared in others and answers[shared].map(_stripped).notna().any():
        by = shared
    if by is None:
        return None
    if by not in others:
        there = ", ".join(map(repr, others)) or "none"
        raise ValueError(f"by: there is no column {by!r} beside the ratings; there are {there}.")
    if by == rater:
        raise ValueError(f"by: {by!r} tells single raters apart, and what one of them ticked is shown to nobody. Take a "
                         "column that several share, such as 'side'.")
    if by in OWN:
        raise ValueError(f"by: {by!r} is the name of a column of the result; give the column another name.")
    if without := int(answers[by].map(_stripped).isna().sum()):
        raise ValueError(f"by: {without} of {len(answers)} rows have no {by}; fill it in, or leave these rows out.")
    if by != shared and shared in others and len(several := answers[shared].map(_stripped).dropna().unique()) > 1:
        raise ValueError(f"by: the table holds {len(several)} different values of {shared}; choose the rows of one of them "
                         f"first, so that {by} is compared within it.")
    return by
