"""Scores: the mean of each scale's items for each respondent, and what they do not say."""

from dataclasses import dataclass
from html import escape

import numpy as np
import pandas as pd

from pebbletrail.instruments.answers import checked
from pebbletrail.instruments.definition import common
from pebbletrail.measures.given import two
from pebbletrail.shown import _number

FEW = 10  # respondents below which a table may tell who said what
LISTED = 5


@dataclass(frozen=True, repr=False)
class Scores:
    """The scores of one form.

    Attributes
    ----------
    table : DataFrame
        One row a respondent, with the caller's index: the other columns as they were, then for each scale its score (1 to
        7, NaN where too few items were answered) and ``<scale>_answered``, how many were.
    summary : DataFrame
        One row a scale: ``scale, title, items, n`` (respondents with a score), ``missing, mean, sd``.
    values : DataFrame
        The answers from which they were made, one column an item, reversed items turned.
    form, name : str
    others, repeated : tuple
        Columns that were kept as they are; identifiers that occur more than once.
    keys : (str, str or None)
        The column that tells respondents apart, and the one of what they share (agent, team); they may not be there.
    ends : (int, int)
        The lowest and the highest possible score.
    made_up : str
        What is to be said of answers that nobody gave; empty for real ones.
    """

    table: pd.DataFrame
    summary: pd.DataFrame
    values: pd.DataFrame
    form: str
    name: str
    others: tuple
    repeated: tuple
    keys: tuple
    ends: tuple
    made_up: str = ""

    @property
    def text(self):
        """How many scores there are and their means; what is missing, repeated or too small; what they are not for."""
        rows, low, high = len(self.table), *self.ends
        means = "; ".join(f"{row.scale} {two(row.mean)} (SD {two(row.sd)}, n {row.n})" if row.n > 1 else
                          f"{row.scale} {two(row.mean)}" if row.n else f"{row.scale}: no score"
                          for row in self.summary.itertuples(index=False))
        told = [self.made_up] if self.made_up else []
        told += [f"{counted(rows, 'respondent')}, {self.form} form of {self.name}. Mean scores from {low} to {high}: "
                 f"{means}.",
                 "A score is the mean of the answered items, reversed ones turned round; it needs at least two thirds of "
                 "the scale's items."]
        if (gaps := self.summary[self.summary["missing"] > 0]).empty:
            told.append("Nobody lacks a score.")
        else:
            without = ", ".join(f"{row.scale} {row.missing}" for row in gaps.itertuples())
            told.append(f"Without a score, of {rows:,}: {without}. Those who leave out items may "
                        "differ from the others.")
        if nothing := int(self.values.isna().all(axis=1).sum()):
            told.append(f"{counted(nothing, 'respondent')} answered nothing.")
        if self.repeated:
            named = ", ".join(map(str, self.repeated[:LISTED])) + (" and others" if len(self.repeated) > LISTED else "")
            told.append(f"More than one row has the same identifier: {named}; find out why before you count them twice.")
        told += self._small()
        told.append("No value is good or bad in itself, and no score judges a single person.")
        return " ".join(told)

    def _small(self):
        """What may tell who said what: few respondents, few agents or teams behind them, groups with few of them.

        Rows are no people: the thirty calls of one agent are about one person.
        """
        own, shared = (key if key in self.table else None for key in self.keys)
        people = self.table[own].nunique() + int(self.table[own].isna().sum()) if own else len(self.table)
        if people < FEW:
            yield f"With fewer than {FEW} respondents a table like this may tell who said what: do not pass it on."
        if not shared:
            return
        groups = self.table[shared].nunique()
        if 0 < groups < FEW:
            yield (f"The answers belong to {counted(groups, shared)}: with fewer than {FEW} they may tell what was said of "
                   "which; do not pass them on.")
        sizes = self.table.groupby(shared)[own or shared].agg("nunique" if own else "size")
        if small := int((sizes < FEW).sum()):
            yield (f"Of {counted(groups, shared)}, {small} {'has' if small == 1 else 'have'} fewer than {FEW} respondents: "
                   "report no results of these by themselves.")

    def figure(self, alt=None):
        """How the scores of each scale are spread over the range, with their mean."""
        from pebbletrail.figures import described
        from pebbletrail.instruments.pictures import spread

        low, high = self.ends
        means = "; ".join(f"{row.title}: {two(row.mean)}, {counted(row.n, 'score')}" if row.n else f"{row.title}: no score"
                          for row in self.summary.itertuples())
        return described(spread(self), alt, f"Bars of how often each score from {low} to {high} occurs, a row for each "
                                            f"scale with its mean as a stroke. Means: {means}.")

    def __repr__(self):
        return f"{self.text}\n\n{self.summary.to_string(index=False, float_format=_number)}"

    def _repr_html_(self):
        """The summary: rows of single people are in ``.table``, and are not shown unasked."""
        return f"<p>{escape(self.text)}</p>{self.summary.to_html(index=False, float_format=_number, border=0)}"


def score(instrument, answers, form=None):
    """The ``Scores`` of these answers; ``Instrument.score`` says what is asked of them."""
    form, values, others = checked(instrument, answers, form)
    scales = instrument.definition.scales_of(form)
    made = {}
    for scale in scales:
        made[scale.name], made[f"{scale.name}_answered"] = instrument.kind.score(values[[item.id for item in scale.items]])
    if taken := [one for one in others if one in made]:
        raise ValueError(f"answers: the column {', '.join(map(repr, taken))} has a name that the scores need; rename it.")
    table = pd.concat([answers[others].copy(), pd.DataFrame(made, index=answers.index)], axis=1)
    summary = pd.DataFrame([_summed(scale, made[scale.name], instrument.language) for scale in scales])
    return Scores(table, summary, values, form, instrument.name, tuple(others), _repeated(instrument, form, answers),
                  _keys(instrument, form), (instrument.kind.low, instrument.kind.high), made_up(answers, instrument, form))


def _summed(scale, scores, language):
    there = scores[~np.isnan(scores)]
    return {"scale": scale.name, "title": scale.titles[language], "items": len(scale.items), "n": len(there),
            "missing": len(scores) - len(there), "mean": there.mean() if len(there) else np.nan,
            "sd": there.std(ddof=1) if len(there) > 1 else np.nan}


def _keys(instrument, form):
    asked = instrument.definition.form(form)
    return asked.keys[0], asked.clustered_in


def _repeated(instrument, form, answers):
    for key in _keys(instrument, form):
        if key in answers and not answers[key].map(pd.api.types.is_hashable).all():
            raise ValueError(f"answers: the column {key!r} holds lists or the like; an identifier is a text or a number.")
    key = _keys(instrument, form)[0]
    if key not in answers:
        return ()
    ids = answers[key].dropna()
    return tuple(ids[ids.duplicated()].unique())


def made_up(answers, instrument, form):
    """What a made-up table says of itself; empty for any other.

    A table that was joined or saved has lost what it said; then identifiers that begin with "made-up" tell it.
    """
    if said := str(answers.attrs.get("made_up", "")):
        return said
    keys = [key for key in instrument.definition.form(form).keys if key in answers]
    told = any(isinstance(one, str) and one.strip().startswith("made-up") for key in keys for one in answers[key])
    return common()["example"][instrument.language] if told else ""


def counted(number, thing):
    """A number with its noun."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
